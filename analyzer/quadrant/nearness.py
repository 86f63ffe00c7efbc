"""Which countries are near: territories of one state, and blocs whose members see one another as nearshore.

Territories: ISO 3166-1 (codes of its own for places that belong to another state), read November 2026. Blocs: member
lists of the European Economic Area with Switzerland and the United Kingdom, the candidates of the European Union,
USMCA, CAFTA-DR, Mercosur, the Andean Community, the Gulf Cooperation Council, ASEAN, the Common Travel area of
Australia and New Zealand, the East African Community and ECOWAS. Nearness only adds a word; it never moves a task.
"""

from __future__ import annotations

_TERRITORIES = {
    "AU": "CC CX HM NF",
    "CN": "HK MO",
    "DK": "FO GL",
    "FI": "AX",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
    "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
    "NL": "AW BQ CW SX",
    "NO": "BV SJ",
    "NZ": "CK NU TK",
    "US": "AS GU MP PR UM VI",
}
SOVEREIGN = {code: state for state, codes in _TERRITORIES.items() for code in codes.split()}

_BLOCS = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
    "AL BA BG GR HR HU ME MD MK RO RS SI TR UA XK",
    "CZ DE HU LT LV PL RO SK UA MD",
    "CA MX US",
    "CR DO GT HN MX NI PA SV US",
    "AR BO BR CL PY UY",
    "BO CO EC PE",
    "AE BH KW OM QA SA",
    "BN ID KH LA MM MY PH SG TH VN",
    "AU NZ",
    "BI CD KE RW SO SS TZ UG",
    "BJ CI CV GH GM GN GW LR NG SL SN TG",
    "DZ ES FR MA PT TN",
)


def near(home: str) -> frozenset[str]:
    """Countries that share a bloc with a home country."""
    return frozenset(code for bloc in _BLOCS if home in bloc for code in bloc.split()) - {home}

"""The location axis: where a task is performed. The cases of docs/quadrants.md, in the order they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analyzer.evidence import Evidence
from analyzer.model import KEY
from analyzer.quadrant.deciding import Case
from analyzer.quadrant.nearness import SOVEREIGN, near
from analyzer.terms import Confidence, Field, Location, PlaceReading, Sourcing

ON, OFF, MIXED, UNKNOWN = Location.ONSHORE, Location.OFFSHORE, Location.MIXED, Location.UNKNOWN
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
HALF = 0.5
POSTED = r"(?i)\bposted\b|entsandt|détaché|desplazad|destacad"
P = PlaceReading


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """What a row's cells say of where it is performed, as Boolean expressions over ``settled`` frames."""

    evidence: Evidence
    territories: Mapping[str, str]

    def settle(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with places after the company's territory rules.

        Adds ``state`` String, home · ``places`` List(String), the delivery countries · ``provider_state`` String ·
        ``abroad_share`` Float64 in 0..1, null where not stated · ``countries``, ``at_home``, ``split``, ``abroad``
        Boolean: whether countries are named, and all work, a part or none of it is done at home.
        """
        inventory, rules = self.evidence.inventory, dict(self.territories)
        delivery = inventory.value(Field.DELIVERY_COUNTRY)
        settled = frame.with_columns(
            pl.col("home").replace(rules).alias("state"),
            delivery.list.eval(pl.element().replace(rules)).list.unique(maintain_order=True).alias("places"),
            inventory.value(Field.PROVIDER_COUNTRY).replace(rules).alias("provider_state"),
        )
        split = (
            settled.lazy()
            .select(
                KEY,
                "state",
                delivery.alias("place"),
                inventory.companion("delivery_shares", pl.List(pl.Float64())).alias("share"),
            )
            .filter(pl.col("place").list.len() == pl.col("share").list.len())
            .explode("place", "share")
            .with_columns(pl.col("place").replace(rules))
            .group_by(KEY)
            .agg(
                pl.when(pl.col("share").is_not_null().all() & (pl.col("share").sum() > 0))
                .then(pl.col("share").filter(pl.col("place") != pl.col("state")).sum() / pl.col("share").sum())
                .alias("abroad_share")
            )
            .collect()
        )
        named = self.reads(P.COUNTRY, P.COUNTRIES) & (pl.col("places").list.len() > 0)
        here = pl.col("places").list.contains(pl.col("state"))
        alone = pl.col("places").list.len() == 1
        return settled.join(split, on=KEY, how="left", maintain_order="left").with_columns(
            named.alias("countries"),
            ((named & here & alone) | self.reads(P.HOME_WORD)).alias("at_home"),
            (named & here & ~alone).alias("split"),
            ((named & ~here) | self.word_abroad).alias("abroad"),
        )

    @property
    def reading(self) -> pl.Expr:
        """What the place cell was read as."""
        inventory = self.evidence.inventory
        named = pl.when(inventory.value(Field.DELIVERY_COUNTRY).is_not_null()).then(pl.lit(P.COUNTRY.value))
        return pl.coalesce(inventory.companion("delivery_reading", pl.String()), named, pl.lit("blank"))

    def reads(self, *readings: PlaceReading) -> pl.Expr:
        """Whether the place cell was read as one of these."""
        return self.reading.is_in([reading.value for reading in readings])

    def flag(self, *values: str) -> pl.Expr:
        """Whether the offshore flag has one of these values."""
        return self.evidence.inventory.value(Field.OFFSHORE_FLAG).is_in(values)

    @property
    def countries(self) -> pl.Expr:
        """Whether the place is one or more countries."""
        return pl.col("countries")

    @property
    def at_home(self) -> pl.Expr:
        """Whether all work is done at home."""
        return pl.col("at_home")

    @property
    def split(self) -> pl.Expr:
        """Whether work is done at home and abroad."""
        return pl.col("split")

    @property
    def word_abroad(self) -> pl.Expr:
        """Whether the place is surely abroad, its country unknown."""
        surely = self.evidence.inventory.companion("delivery_abroad", pl.Boolean())
        return self.reads(P.ABROAD_WORD) | (surely & self.reads(P.REGION, P.DOUBTFUL, P.UNREADABLE))

    @property
    def abroad(self) -> pl.Expr:
        """Whether all work is done abroad."""
        return pl.col("abroad")

    @property
    def assumed(self) -> pl.Expr:
        """Whether the place stands in a column with an ambiguous header."""
        return self.evidence.assumed(Field.DELIVERY_COUNTRY)

    @property
    def place(self) -> pl.Expr:
        """The one country, null where there are several."""
        return pl.when(pl.col("places").list.len() == 1).then(pl.col("places").list.first())

    @property
    def territory(self) -> pl.Expr:
        """Whether place and home are different codes of one state and no rule of the company says which way."""
        same = self.place.replace(SOVEREIGN) == pl.col("state").replace(SOVEREIGN)
        return same & (self.place != pl.col("state")) & ~self.place.is_in(list(self.territories))

    @property
    def nearshore(self) -> pl.Expr:
        """Whether the place is near home, or the flag says so."""
        homes = self.evidence.frame.get_column("home").replace(dict(self.territories)).unique()
        close = [(pl.col("state") == home) & self.place.is_in(sorted(near(home))) for home in homes]
        return self.flag("nearshore") | pl.any_horizontal(pl.lit(False), *close)


def cases(site: Site) -> list[Case]:
    """The cases in the order they are asked; the last holds everywhere. They rest on the sourcing axis beside them."""
    return [*_conflicts(site), *_split(site), *_home(site), *_abroad(site), *_flagged(site), *_unknown(site)]


def phrases(site: Site) -> dict[str, pl.Expr]:
    """The phrases of the sentences."""
    evidence = site.evidence
    inventory = evidence.inventory
    share = (pl.col("abroad_share") * 100).round(1).cast(pl.String).str.strip_suffix(".0")
    word = evidence.quoted(Field.DELIVERY_COUNTRY)
    listed = pl.col("places").list.join("; ") + evidence.at(Field.DELIVERY_COUNTRY)
    return {
        "home": pl.col("home"),
        "place": pl.when(site.countries).then(listed).otherwise(word),
        "word": word,
        "column": evidence.header(Field.DELIVERY_COUNTRY),
        "at_place": evidence.at(Field.DELIVERY_COUNTRY),
        "place_said": evidence.said(Field.DELIVERY_COUNTRY),
        "offshore_flag": evidence.said(Field.OFFSHORE_FLAG),
        "flag_column": evidence.header(Field.OFFSHORE_FLAG),
        "at_flag": evidence.at(Field.OFFSHORE_FLAG),
        "in_person": evidence.said(Field.IN_PERSON),
        "share": share,
        "provider_country": inventory.value(Field.PROVIDER_COUNTRY) + evidence.at(Field.PROVIDER_COUNTRY),
        "provider_registered": inventory.value(Field.PROVIDER_COUNTRY),
        "provider_word": evidence.quoted(Field.PROVIDER_COUNTRY),
        "provider_type": evidence.said(Field.PROVIDER_TYPE),
    }


def _conflicts(site: Site) -> list[Case]:
    """Case 17: the explicit place wins; an ambiguous column decides nothing against a flag."""
    onshore = site.flag("onshore")
    against_home = site.at_home & site.flag("offshore", "nearshore", "partly")
    against_abroad = onshore & (site.abroad | site.split)
    plain = "Conflict: {offshore_flag} but performed in {place}"

    def conflict(when: pl.Expr, value: Location, why: str = plain, counted: str = "") -> Case:
        return Case(
            17,
            when,
            value,
            LOW,
            why,
            counted=counted,
            conflict=True,
            finding="conflict-place",
            cell=Field.OFFSHORE_FLAG,
        )

    at_least_half = pl.col("abroad_share") >= HALF
    return [
        conflict(
            (against_home | against_abroad) & site.assumed,
            UNKNOWN,
            "Conflict: {offshore_flag} but {place_said}, which may not be where the work is done",
        ),
        conflict(against_home, ON),
        conflict(onshore & site.abroad, OFF),
        conflict(against_abroad & (at_least_half | pl.col("abroad_share").is_null()), MIXED, counted=OFF),
        conflict(against_abroad, MIXED, counted=ON),
    ]


def _split(site: Site) -> list[Case]:
    shares = "{place_said} -> offshore share {share} %"
    rounded = pl.col("abroad_share").round(9)
    return [
        Case(15, site.split & (rounded >= 1), OFF, HIGH, shares, capped=True),
        Case(15, site.split & (rounded <= 0), ON, HIGH, shares, capped=True),
        Case(15, site.split & (rounded >= HALF), MIXED, HIGH, shares, counted=OFF, capped=True),
        Case(15, site.split & rounded.is_not_null(), MIXED, HIGH, shares, counted=ON, capped=True),
        Case(
            16,
            site.split,
            MIXED,
            MEDIUM,
            "{place}: shares not stated; offshore partly",
            counted=OFF,
            finding="shares-missing",
            cell=Field.DELIVERY_COUNTRY,
        ),
        Case(
            16,
            site.abroad & site.flag("partly"),
            MIXED,
            MEDIUM,
            "{offshore_flag}; performed in {place}: share not stated",
            counted=OFF,
            finding="shares-missing",
            cell=Field.OFFSHORE_FLAG,
        ),
    ]


def _home(site: Site) -> list[Case]:
    posted = site.evidence.raw(Field.PROVIDER_TYPE).str.contains(POSTED)
    foreign_provider = _outsourced() & (pl.col("provider_state") != pl.col("state"))
    return [
        Case(22, site.at_home & posted, ON, HIGH, "Performed at home site in {place}: {provider_type}", capped=True),
        Case(
            13,
            site.at_home & foreign_provider,
            ON,
            HIGH,
            "Performed in {place}; provider is registered in {provider_country}",
            capped=True,
        ),
        Case(1, site.at_home & site.countries, ON, HIGH, "Performed in {place} = home {home}", capped=True),
        Case(1, site.at_home, ON, HIGH, "{word} read as home {home}", capped=True),
    ]


def _abroad(site: Site) -> list[Case]:
    countries = site.abroad & site.countries
    in_person = site.evidence.inventory.value(Field.IN_PERSON).eq_missing(pl.lit("required"))
    registered_home = _outsourced() & (pl.col("provider_state") == pl.col("state"))
    employee = site.evidence.inventory.value(Field.PROVIDER_TYPE).eq_missing(pl.lit("employee"))
    return [
        Case(
            20,
            countries & site.territory,
            OFF,
            LOW,
            "Performed in {place}, a separate ISO code from home {home}; see the territory rules",
            finding="territory",
            cell=Field.DELIVERY_COUNTRY,
        ),
        Case(
            23,
            countries & in_person,
            OFF,
            HIGH,
            "{in_person}: an in-person service cannot be performed in {place} for local clients",
            capped=True,
        ),
        Case(11, countries & employee, OFF, HIGH, "Employee; works in {place} ≠ home {home}", capped=True),
        Case(
            12,
            countries & registered_home,
            OFF,
            HIGH,
            "Performed in {place} ≠ home {home}; provider's {provider_registered} registration not used",
            capped=True,
        ),
        Case(
            19,
            countries & site.nearshore,
            OFF,
            HIGH,
            "Performed in {place}, outside home {home} (nearshore)",
            capped=True,
        ),
        Case(0, countries, OFF, HIGH, "Performed in {place} ≠ home {home}", capped=True),
        Case(
            18,
            site.word_abroad & ~site.reads(P.ABROAD_WORD),
            OFF,
            MEDIUM,
            "{word} cannot include home {home} -> offshore, country unknown",
            finding="country-unknown",
            cell=Field.DELIVERY_COUNTRY,
        ),
        Case(
            0,
            site.word_abroad,
            OFF,
            HIGH,
            "{word} is outside home {home}, country unknown",
            finding="country-unknown",
            cell=Field.DELIVERY_COUNTRY,
            capped=True,
        ),
    ]


def _flagged(site: Site) -> list[Case]:
    """No place that decides: the sheet's own flag does, surely where nothing stands against it."""
    blank = site.reads(P.BLANK)

    def flagged(number: int, flag: str, value: Location, counted: str = "") -> list[Case]:
        both = MEDIUM if value == MIXED else HIGH
        return [
            Case(number, blank & site.flag(flag), value, both, "{offshore_flag}", counted=counted),
            Case(number, site.flag(flag), value, MEDIUM, "{offshore_flag}; {word} names no country", counted=counted),
        ]

    return [
        *flagged(1, "onshore", ON),
        *flagged(0, "offshore", OFF),
        *flagged(19, "nearshore", OFF),
        *flagged(16, "partly", MIXED, counted=OFF),
    ]


def _unknown(site: Site) -> list[Case]:
    evidence, inventory = site.evidence, site.evidence.inventory
    performed_by_provider = _outsourced() | (pl.col("sourcing_case") == 6)  # noqa: PLR2004 - case 6: a group company
    blank = site.reads(P.BLANK) & performed_by_provider
    registered, state = pl.col("provider_state"), pl.col("state")
    abroad = inventory.companion("provider_country_abroad", pl.Boolean())

    def assumed(when: pl.Expr, value: Location, why: str) -> Case:
        missing = "Performance country missing; assumed from provider country"
        return Case(
            14,
            blank & when,
            value,
            LOW,
            f"{missing} {why}, please confirm",
            finding="place-from-provider",
            cell=Field.PROVIDER_COUNTRY,
        )

    return [
        Case(
            18,
            ~site.reads(P.BLANK),
            UNKNOWN,
            LOW,
            "{word} names no country",
            finding="place-not-a-country",
            cell=Field.DELIVERY_COUNTRY,
        ),
        assumed(registered == state, ON, "{provider_country} = home"),
        assumed(registered != state, OFF, "{provider_country} ≠ home {home}"),
        assumed(abroad, OFF, "{provider_word}, outside home {home}"),
        Case(
            0,
            evidence.present(Field.DELIVERY_COUNTRY),
            UNKNOWN,
            LOW,
            "{column}{at_place} is blank",
            finding="place-blank",
            cell=Field.DELIVERY_COUNTRY,
        ),
        Case(
            0,
            evidence.present(Field.OFFSHORE_FLAG),
            UNKNOWN,
            LOW,
            "{flag_column}{at_flag} is blank or not understood",
            finding="place-blank",
            cell=Field.OFFSHORE_FLAG,
        ),
        Case(0, pl.lit(True), UNKNOWN, LOW, "Nothing says where the task is performed"),
    ]


def _outsourced() -> pl.Expr:
    return pl.col("sourcing_counted") == Sourcing.OUTSOURCED

"""Numbers, money and dates as a person says them: £46.6 m, 46 %, +2 pt, 30 Nov, with a true minus sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analyzer.period import Period
from analyzer.report.words import Words

MINUS = "\N{MINUS SIGN}"
GAP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹", "PLN": "zł", "CHF": "CHF", "KRW": "₩"}
_MARKS: dict[str, tuple[str, str]] = {  # decimal mark and thousands mark, CLDR
    "en": (".", ","),
    "de": (",", "."),
    "de_AT": (",", GAP),
    "de_CH": (".", "\N{RIGHT SINGLE QUOTATION MARK}"),
    "de_LI": (".", "\N{RIGHT SINGLE QUOTATION MARK}"),
    "en_ZA": (",", GAP),
    "es": (",", "."),
    "es_MX": (".", ","),
    "fr": (",", NARROW),
    "fr_CH": (",", NARROW),
    "it": (",", "."),
    "nl": (",", "."),
    "pl": (",", GAP),
    "pt": (",", "."),
    "sv": (",", GAP),
    "da": (",", "."),
    "cs": (",", GAP),
}
_SCALES = ((1e9, "unit.billion"), (1e6, "unit.million"), (1e3, "unit.thousand"))
_WHOLE_FROM = 100  # from here a scaled amount needs no decimal: £123 m
_PLAIN_BELOW = 1000
_FTE_WHOLE_FROM = 10_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """How one page writes numbers. ``locale`` is like ``en_GB``; an unknown one as its language, else English."""

    locale: str
    words: Words

    @property
    def marks(self) -> tuple[str, str]:
        """Decimal and thousands mark."""
        return _MARKS.get(self.locale) or _MARKS.get(self.locale.partition("_")[0]) or _MARKS["en"]

    def say(self, key: str, n: float | None = None, /, **values: str) -> str:
        """A sentence of the catalogue; ``n`` chooses one | other and fills ``{n}``."""
        return self.words(key, n, self.count(n or 0), **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """``1,234.5``; a value that rounds to zero has no sign."""
        decimal, group = self.marks
        text = f"{abs(value):,.{decimals}f}"
        sign = MINUS if value < 0 and any(figure in text for figure in "123456789") else ""
        return sign + text.translate({ord(","): group, ord("."): decimal})

    def short(self, value: float, decimals: int = 1) -> str:
        """At most ``decimals`` places, none where they are zeros: ``412.5``, ``38``."""
        text = self.number(value, decimals)
        mark = self.marks[0]
        return text.rstrip("0").rstrip(mark) if mark in text else text

    def count(self, value: float) -> str:
        """A whole number: ``1,234``."""
        return self.number(value)

    def fte(self, value: float) -> str:
        """People: one place where it says something; ``<0.1`` where it is not nothing."""
        if 0 < abs(value) < 0.05:  # noqa: PLR2004 - what one decimal place rounds away
            return "<" + self.number(0.1, 1)
        return self.short(value, 0 if abs(value) >= _FTE_WHOLE_FROM else 1)

    def money(self, value: float, currency: str) -> str:
        """``£46.6 m``, ``£760 k``, ``£845``: three figures at most."""
        for scale, unit in _SCALES:
            size = abs(value) / scale
            if round(size * _PLAIN_BELOW) >= _PLAIN_BELOW:  # so that 999,960 is a million and not 1,000 k
                figures = self.short(size, 0 if round(size, 1) >= _WHOLE_FROM else 1)
                return self._signed_money(value, f"{figures}{GAP}{self.words(unit)}", currency)
        return self._signed_money(value, self.count(abs(value)), currency)

    def exact_money(self, value: float, currency: str) -> str:
        """``£2,400,000``, with pence where there are any."""
        whole = float(value).is_integer()
        return self._signed_money(value, self.number(abs(value), 0 if whole else 2), currency)

    def _signed_money(self, value: float, figures: str, currency: str) -> str:
        symbol = SYMBOLS.get(currency, currency)
        gap = "" if len(symbol) <= 1 else GAP
        before = self.locale.startswith("en") or self.locale == "de_CH"
        text = f"{symbol}{gap}{figures}" if before else f"{figures}{GAP}{symbol}".rstrip(GAP)
        nothing = not any(figure in figures for figure in "123456789")
        return text if value >= 0 or nothing else MINUS + text

    def share(self, part: float, whole: float) -> str:
        """``46 %`` of a whole; never 0 % for something nor 100 % for less than all; a dash of nothing."""
        return self.ratio(part / whole) if whole else DASH

    def ratio(self, value: float | None) -> str:
        """A share in 0..1 as per cent, as ``share``."""
        if value is None:
            return DASH
        if 0 < value < 0.005:  # noqa: PLR2004 - what rounds to 0 %
            return f"<1{GAP}%"
        if 0.995 <= value < 1:  # noqa: PLR2004 - what rounds to 100 %
            return f">99{GAP}%"
        return f"{self.number(value * 100)}{GAP}%"

    def signed(self, value: float, decimals: int = 0) -> str:
        """``+2``, minus five with a true minus sign, ``±0``."""
        text = self.short(abs(value), decimals)
        if not any(figure in text for figure in "123456789"):
            return "±0"
        return ("+" if value > 0 else MINUS) + text

    def points(self, value: float) -> str:
        """A change of a share in per-cent points: ``+2 pt``."""
        return f"{self.signed(value * 100)}{GAP}{self.words('unit.points')}"

    def signed_money(self, value: float, currency: str) -> str:
        """``+£12 k``; a loss with a true minus sign; ``±£0``."""
        text = self.money(abs(value), currency)
        if not any(figure in text for figure in "123456789"):
            return "±" + text
        return ("+" if value > 0 else MINUS) + text

    def day(self, value: date | None, near: date | None = None) -> str:
        """``30 Nov``, with the year where it is not that of ``near``; a dash of nothing."""
        if value is None:
            return DASH
        short = self.words("calendar.day", day=str(value.day), month=self.words.month_short(value.month))
        return short if near is not None and near.year == value.year else f"{short}{GAP}{value.year}"

    def long_day(self, value: date) -> str:
        """``30 November 2026``."""
        return self.words(
            "calendar.day_year", day=str(value.day), month=self.words.month(value.month), year=str(value.year)
        )

    def month(self, period: Period) -> str:
        """``October 2026``."""
        return f"{self.words.month(period.month)} {period.year}"

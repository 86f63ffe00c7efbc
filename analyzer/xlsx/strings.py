"""Shared strings: a package's own, and texts added behind them."""

from __future__ import annotations

import re
from functools import cached_property

import polars as pl

from analyzer.xlsx.markup import Patch, first_element, outline, patched, prefix, with_attributes
from analyzer.xlsx.package import MAIN, STRICT_MAIN
from analyzer.xlsx.text import item_text

_RECENT = 64 * 1024  # bytes at the end of the part in which an earlier run's texts are looked for
_FEW = 4  # a column is shared where a text stands in it this often on average


def blank_strings(*, strict: bool) -> bytes:
    """The shared strings of a package that has none."""
    name = STRICT_MAIN if strict else MAIN
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{name}"></sst>'.encode()


class SharedStrings:
    """A shared strings part with additions; the texts that are there keep their places."""

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._root = first_element(data, where)
        name = prefix(self._root.name).encode()
        self._count = len(re.findall(rb"<%ssi[\s/>]" % re.escape(name), data))
        self._end = self._root.close
        if (b"!" in data and b"<!" in data) or b"extLst" in data:
            self._look_closely(where)
        self._places: dict[str, int] = {}
        self._added: list[pl.Series] = []
        self._uses = 0

    def _look_closely(self, where: str) -> None:
        """A comment or an extension may hold what looks like a text; an extension comes behind all of them."""
        elements = outline(self._data, where)[1:]
        self._count = sum(1 for element in elements if element.local == "si")
        self._end = min([self._end, *(element.start for element in elements if element.local == "extLst")])

    @staticmethod
    def worth(values: pl.Series) -> bool:
        """Whether a column's texts repeat enough to be shared."""
        return values.n_unique() * _FEW <= values.len() - values.null_count()

    def places(self, values: pl.Series) -> pl.Series:
        """UInt32 Series: where each text of a String Series stands, null for null."""
        unique = values.drop_nulls().unique(maintain_order=True)
        texts = unique.to_list()
        self._recall(unique, texts)
        new = [text for text in texts if text not in self._places]
        start = self._count + sum(added.len() for added in self._added)
        self._places |= dict(zip(new, range(start, start + len(new)), strict=True))
        self._added.append(pl.Series(new, dtype=pl.String))
        self._uses += values.len() - values.null_count()
        known = [self._places[text] for text in texts]
        return values.replace_strict(unique, pl.Series(known, dtype=pl.UInt32), default=None, return_dtype=pl.UInt32)

    def _recall(self, unique: pl.Series, texts: list[str]) -> None:
        """Texts that an earlier run put at the end keep their places, so that running again adds nothing."""
        if not self._recent:
            return
        for text, item in zip(texts, _items(unique, prefix(self._root.name)), strict=True):
            place = self._recent.get(item.encode())
            if place is not None:
                self._places.setdefault(text, place)

    @cached_property
    def _recent(self) -> dict[bytes, int]:
        """Whole items at the end of the part and where they stand."""
        name = re.escape(prefix(self._root.name).encode())
        recent = self._data[max(self._root.content, self._end - _RECENT) : self._end]
        items = re.findall(rb"(?s)<%ssi>.*?</%ssi>|<%ssi(?:\s[^>]*)?/>|<%ssi\s.*?</%ssi>" % ((name,) * 5), recent)
        if b"<!" in recent or len(items) != len(re.findall(rb"<%ssi[\s/>]" % name, recent)):
            return {}  # comments among them: nothing is taken for sure
        return dict(zip(items, range(self._count - len(items), self._count), strict=True))

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return self._uses > 0

    def render(self) -> bytes:
        """The part with all additions."""
        data, root, name = self._data, self._root, prefix(self._root.name)
        items = "".join(_items(pl.concat(self._added), name)).encode()
        total = {"uniqueCount": str(self._count + sum(texts.len() for texts in self._added)), "count": self._total()}
        changes = {key: value for key, value in total.items() if key in root.attributes}
        if root.closed:
            opened = re.sub(rb"\s*/>$", b">", with_attributes(data, root, changes).data)
            return patched(data, [Patch(root.start, root.end, opened + items + f"</{root.name}>".encode())])
        return patched(data, [with_attributes(data, root, changes), Patch(self._end, self._end, items)])

    def _total(self) -> str:
        written = self._root.attributes.get("count", "0")
        return str((int(written) if written.isdecimal() else 0) + self._uses)


def _items(texts: pl.Series, name: str) -> list[str]:
    line = pl.concat_str(pl.lit(f"<{name}si>"), item_text(pl.col("text"), name), pl.lit(f"</{name}si>"))
    return texts.to_frame("text").select(line).to_series().to_list()

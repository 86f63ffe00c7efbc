"""Geometry of the charts, in shares of the width (``"42.0%"``) or in units of a small viewBox; templates draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GAP = 0.6  # per cent of the width between segments
LEAST = 1.2  # per cent of the width: something is never drawn as nothing
SPARK = (88.0, 22.0)
PAD = 3.0
BRIDGE = (360.0, 190.0)
_BREAK_BELOW = 0.35  # where all changes together are below this share of the larger end, the axis is cut
_CUT_ROOM = 0.45  # share of the height that the cut columns keep above the break


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar."""

    code: str
    x: str
    width: str


def percent(value: float) -> str:
    """A share of the width in an SVG attribute."""
    return f"{value:.2f}%"


def stack(parts: Mapping[str, float]) -> tuple[Segment, ...]:
    """Parts side by side over the whole width, in order, each something that is not nothing at least a sliver wide."""
    shown = {code: size for code, size in parts.items() if size > 0}
    total = sum(shown.values())
    if not total:
        return ()
    room = 100 - GAP * (len(shown) - 1)
    wide = {code: max(room * size / total, LEAST) for code, size in shown.items()}
    scale = room / sum(wide.values())
    segments, x = [], 0.0
    for code, size in wide.items():
        segments.append(Segment(code, percent(x), percent(size * scale)))
        x += size * scale + GAP
    return tuple(segments)


def spark(values: Sequence[float]) -> tuple[str, str, str]:
    """Points of a line and its last point (x, y), in a box of ``SPARK``; a flat line lies in the middle."""
    width, height = SPARK[0] - 2 * PAD, SPARK[1] - 2 * PAD
    low, high = min(values), max(values)
    step = width / (len(values) - 1)
    points = [
        (PAD + step * index, PAD + height * (0.5 if high == low else 1 - (value - low) / (high - low)))
        for index, value in enumerate(values)
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points), f"{points[-1][0]:.1f}", f"{points[-1][1]:.1f}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a waterfall in a box of ``BRIDGE``."""

    kind: str  # total, up, down
    label: str
    value: str
    x: str
    y: str
    width: str
    height: str
    middle: str
    value_y: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Opening, steps and closing; ``cut`` where the columns are drawn with a break."""

    columns: tuple[Column, ...]
    base: str
    label_y: str
    cut_y: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a bridge: ``kind`` total for the ends; ``size`` signed."""

    kind: str
    label: str
    value: str
    size: float


def waterfall(steps: Sequence[Step]) -> Waterfall:
    """Columns of a bridge; the first and the last step are its ends."""
    width, height = BRIDGE
    top, bottom = 22.0, height - 26.0
    levels = _levels(steps)
    high = max(max(pair) for pair in levels) or 1.0
    low = min([min(pair) for step, pair in zip(steps, levels, strict=True) if step.kind != "total"], default=0.0)
    low = min(low, steps[0].size, steps[-1].size)
    cut = low > 0 and high - low < _BREAK_BELOW * high
    floor = max(0.0, low - (high - low or high * 0.1) * _CUT_ROOM / (1 - _CUT_ROOM)) if cut else 0.0
    slot = width / len(steps)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (max(value, floor) - floor) / (high - floor)

    columns = []
    for index, (step, (start, end)) in enumerate(zip(steps, levels, strict=True)):
        upper, lower = y(max(start, end)), y(min(start, end))
        columns.append(
            Column(
                kind=step.kind if step.kind == "total" else "up" if step.size >= 0 else "down",
                label=step.label,
                value=step.value,
                x=f"{slot * index + slot * 0.16:.1f}",
                y=f"{upper:.1f}",
                width=f"{slot * 0.68:.1f}",
                height=f"{max(lower - upper, 1.5):.1f}",
                middle=f"{slot * (index + 0.5):.1f}",
                value_y=f"{upper - 6:.1f}",
                cut=cut and step.kind == "total",
            )
        )
    return Waterfall(tuple(columns), f"{bottom:.1f}", f"{height - 8:.1f}", f"{bottom - 12:.1f}", cut)


def _levels(steps: Sequence[Step]) -> list[tuple[float, float]]:
    levels, at = [], 0.0
    for step in steps:
        if step.kind == "total":
            levels.append((0.0, step.size))
            at = step.size
        else:
            levels.append((at, at + step.size))
            at += step.size
    return levels


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from ``low`` to ``high`` over the width, with room at both ends."""

    low: float
    high: float
    margin: float = 2.0  # per cent at each end

    def at(self, value: float) -> str:
        """Where a value lies."""
        return percent(self.place(value))

    def place(self, value: float) -> float:
        """Where a value lies, in per cent."""
        span = self.high - self.low
        part = (min(max(value, self.low), self.high) - self.low) / span if span else 0.5
        return self.margin + part * (100 - 2 * self.margin)

    def length(self, start: float, end: float) -> str:
        """How wide the stretch between two values is."""
        return percent(abs(self.place(end) - self.place(start)))

"""Charts and tables of slides as plain data: what they show, in no colours and for no file format.

Writers (``reports.svg_charts``, ``reports.slides_pptx``) draw what stands here and add no number of their own. A tone
names a colour of the palette: a field of ``theme.Palette`` such as ``ink``, or ``series-0``, ``diverging-6``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SERIES = 7
"""Colours of series that a palette has."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Distances of grid lines that people count in, times a power of ten."""


def series(position: int) -> str:
    """Tone of a scenario by its position."""
    return f"series-{position % SERIES}"


class Seen(NamedTuple):
    """An observed figure; an uncertain one (estimated, provisional) is drawn hollow."""

    year: int
    value: float
    uncertain: bool = False


class Spot(NamedTuple):
    """A pathway in a year; ends are NaN where no range is stated."""

    year: int
    low: float
    value: float
    high: float

    @property
    def ranged(self) -> bool:
        """Whether a range is stated that is more than a point."""
        return self.low == self.low and self.high == self.high and self.low < self.high


@dataclass(frozen=True)
class Path:
    """The pathway of a scenario: how it is called and drawn, its points by year, and its end in words."""

    name: str
    sign: str
    tone: str
    dash: str
    marker: str
    spots: tuple[Spot, ...]
    end: str

    @property
    def last(self) -> Spot:
        """Where it ends."""
        return self.spots[-1]


@dataclass(frozen=True)
class Axis:
    """Values of an axis: where it begins and ends, and its grid lines."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int


@dataclass(frozen=True)
class Lines:
    """What was observed, and a pathway with its range for each scenario.

    Attributes:
        label: what the values are, with their unit.
        seen: observed figures in stretches: a break in the series parts them.
        seen_label: how they are called.
        paths: of the scenarios, in their order.
        axis: of the values.
        first, start, last: years: of the first figure, in which the pathways begin, of the last.
        decimals, suffix: of values in words.
        target: a value to reach, and how it is said; None without one.
        table_label: how the table of its years is called.
    """

    label: str
    seen: tuple[tuple[Seen, ...], ...]
    seen_label: str
    paths: tuple[Path, ...]
    axis: Axis
    first: int
    start: int
    last: int
    decimals: int
    suffix: str
    target: tuple[float, str] | None = None


class Bar(NamedTuple):
    """One bar: its name, length, words at its end, tone, mark, and where it stood before (NaN: nowhere)."""

    label: str
    value: float
    text: str
    tone: str
    sign: str = ""
    before: float = math.nan


@dataclass(frozen=True)
class Bars:
    """Bars that lie, from zero to the right.

    ``things`` says what the bars are, ``name`` is that of the values, ``before`` that of the line across each bar
    (empty without one), ``limit`` a line across all of them with its words. ``factor`` is what the values are
    multiplied with to be written (100 for per cent).
    """

    label: str
    things: str
    name: str
    bars: tuple[Bar, ...]
    high: float
    before: str = ""
    limit: tuple[float, str] | None = None
    decimals: int = 0
    suffix: str = ""
    factor: float = 1.0


class Place(NamedTuple):
    """A scenario on the axes, each from -1 to 1."""

    name: str
    sign: str
    tone: str
    marker: str
    x: float
    y: float


class Pole(NamedTuple):
    """An axis: its name, and what lies at its ends."""

    name: str
    low: str
    high: str


@dataclass(frozen=True)
class Cross:
    """Where the scenarios lie on one or two axes; the first runs to the right."""

    across: Pole
    upward: Pole | None
    places: tuple[Place, ...]


class Step(NamedTuple):
    """A step on the way back from a goal; years are decimal, and the end of 2030 is 2031.0.

    ``word`` says how it stands, ``note`` the same with the years to spare.
    """

    name: str
    word: str
    note: str
    start: float
    due: float
    earliest: float
    tone: str
    mark: str
    goal: bool


@dataclass(frozen=True)
class Steps:
    """Steps by the year in which they are due, the goal first."""

    steps: tuple[Step, ...]
    first: int
    last: int
    now: float
    today: str
    label: str
    work: str


Chart = Lines | Bars | Cross | Steps


class Head(NamedTuple):
    """Head of a column: words, tone of a scenario's column, share of the width, and whether numbers stand in it."""

    text: str
    tone: str = ""
    width: float = 1.0
    number: bool = False


class Cell(NamedTuple):
    """A cell: words, a smaller second line, colour behind it, tone and weight of its words."""

    text: str
    detail: str = ""
    fill: str = ""
    tone: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row is its head.

    ``heat`` marks a table of judgements, whose cells are coloured; ``rest`` says what it leaves out.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(default=())
    heat: bool = False
    rest: str = ""


def judged(value: float) -> str:
    """Tone of a judgement from -2 to 2; the middle is neutral, and what was not judged is missing."""
    if value != value:
        return "missing"
    steps = round(min(abs(value), 2.0) * 1.5 - 1e-9)
    return f"diverging-{3 + (steps if value > 0 else -steps)}"


def axis(values: Sequence[float], about: int = 4) -> Axis:
    """An axis of round numbers over these values, from zero where that costs little.

    Args:
        values: all that is drawn; NaN is passed over. Without any the axis runs from 0 to 1.
        about: how many distances between grid lines are wanted.
    """
    known = [value for value in values if value == value and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if 0 <= low < 0.45 * high:
        low = 0.0
    if high - low < 1e-9:
        pad = max(abs(high) * 0.1, 0.5)
        low, high = low - pad, high + pad
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in STEPS if power * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = next((d for d in range(7) if abs(round(step, d) - step) < step * 1e-6), 6)
    ticks = tuple(round(place * step, 10) for place in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, decimals)


def years_named(first: int, start: int, last: int, about: int = 6) -> list[int]:
    """Years that an axis names: the last, where the pathways begin, the first, and round ones between them."""
    step = next(step for step in (1, 2, 5, 10, 20, 25, 50, 100, 1000) if (last - first) / step <= about)
    apart = max(1.0, (last - first) / (about + 2))
    kept = [last]
    for year in (start, *range(step * math.ceil(first / step), last, step), first):
        if first <= year <= last and all(abs(year - other) >= apart for other in kept):
            kept.append(year)
    return sorted(kept)


def apart(places: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of labels, moved as little as needed so that none covers another and all lie between two ends.

    The order is kept; what does not fit at all is spread evenly.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    total = sum(heights)
    if not order:
        return []
    if total >= high - low:
        squeeze, at, found = (high - low) / total, low, list(places)
        for i in order:
            found[i] = at + heights[i] * squeeze / 2
            at += heights[i] * squeeze
        return found
    # Labels that touch move as one block, whose middle is the mean of where its members would stand.
    blocks: list[tuple[list[int], float]] = []
    for i in order:
        members, middle = [i], places[i]
        while True:
            tall = sum(heights[j] for j in members)
            middle = min(max(middle, low + tall / 2), high - tall / 2)
            if not blocks:
                break
            before, centre = blocks[-1]
            if centre + sum(heights[j] for j in before) / 2 <= middle - tall / 2 + 1e-9:
                break
            blocks.pop()
            members = [*before, *members]
            middle = _middle(members, places, heights)
        blocks.append((members, middle))
    found = list(places)
    for members, middle in blocks:
        at = middle - sum(heights[j] for j in members) / 2
        for i in members:
            found[i] = at + heights[i] / 2
            at += heights[i]
    return found


def _middle(members: Sequence[int], places: Sequence[float], heights: Sequence[float]) -> float:
    """Where a block should have its middle, so that its members stand as near to their places as they can."""
    total = sum(heights[j] for j in members)
    at, wanted = -total / 2, []
    for i in members:
        wanted.append(places[i] - (at + heights[i] / 2))
        at += heights[i]
    return sum(wanted) / len(wanted)

"""What a committee's document says, before it takes a form: sections of sentences, tables and pictures.

The writers (PDF, DOCX) set what stands here and add no number of their own. A tone names a colour of the palette:
``good``, ``watch``, ``bad``, ``muted``, ``ink``.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Align = Literal["left", "right", "center"]


class Head(NamedTuple):
    """Head of a column: words, share of the width, alignment of what stands below."""

    text: str
    width: float = 1.0
    align: Align = "left"


class Cell(NamedTuple):
    """A cell: words, and before them shape and letter of a status, which say the same without colour."""

    text: str
    sign: str = ""
    tone: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; the first cell of each row is its head. ``rest`` says what it leaves out."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rest: str = ""
    small: bool = False


class Line(NamedTuple):
    """A line of a curve: its name, values by period (None: not known), tone, dash."""

    name: str
    values: tuple[float | None, ...]
    tone: str
    dash: str = ""


@dataclass(frozen=True)
class Curve:
    """Sums over periods, and the band in which control is still at work.

    ``forecast`` is (low, central, high) at the end, from ``covered`` on; ``words`` name band and forecast.
    """

    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    covered: int
    closed: int
    forecast: tuple[float, float, float] | None
    lag: str
    ahead: str
    unit: str


class Spot(NamedTuple):
    """A risk in the matrix: code with its sign of movement, likelihood and impact."""

    label: str
    likelihood: int
    impact: int


@dataclass(frozen=True)
class Matrix:
    """Risks five by five; scores from ``group`` and ``committee`` on concern these."""

    spots: tuple[Spot, ...]
    across: str
    upward: str
    group: float
    committee: float


@dataclass(frozen=True)
class Picture:
    """A picture with its name and what it says to who does not see it."""

    chart: Curve | Matrix
    title: str
    words: str


@dataclass(frozen=True)
class Text:
    """A paragraph: ``lead``, ``body``, ``small`` or ``warning``."""

    text: str
    style: Literal["lead", "body", "small", "warning"] = "body"


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[str, ...]


Block = Grid | Picture | Text | Items


@dataclass(frozen=True)
class Section:
    """A part with its heading; ``level`` 2 or 3. An annex begins on a new page where ``breaks`` is set."""

    key: str
    heading: str
    blocks: tuple[Block, ...]
    level: int = 2
    breaks: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole document.

    Attributes:
        lang: its language.
        kicker: what it is, in a line; ``title`` the sentence it begins with.
        facts: name and value of what identifies it.
        label: what stands on each page of a demonstration, '' otherwise; ``watermark`` the same across the page.
        stamp: foot of each page.
        at: when it was frozen, ISO; files bear this time and no other.
        stem: beginning of file names.
    """

    lang: str
    name: str
    kicker: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    stamp: str
    at: str
    stem: str
    label: str = ""
    watermark: str = ""
    notes: tuple[str, ...] = field(default=())

"""Small clean SVG: shapes, words that are measured before they are set, and colours by the name of their tone.

One unit is one pixel of a slide of 1920 × 1080. Nothing here knows what a chart is.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from dashboard import theme
from dashboard.figures.maps import ink_on
from dashboard.theme import FONT, Palette

Paint = Callable[[str], str]
"""Tone -> colour, such as ``series-0`` -> ``#0b5cad`` or ``var(--series-0)``."""

ROOMY = 1.17
"""Letters are taken to be so much wider than Helvetica's: fonts of screens differ."""

BOLD = 1.13

DASHES = {
    "solid": "",
    "dash": "14 9",
    "dot": "3 9",
    "dashdot": "14 8 3 8",
    "longdash": "26 10",
    "longdashdot": "26 8 3 8",
    "5px 2px": "8 5",
}
"""Lines of scenarios (``futures.DASHES``) as strokes of a slide."""

_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;[\\]ftI\N{NO-BREAK SPACE}·",
    333: "-()`r“”„‘’",
    355: '"',
    400: "°",
    469: "^",
    500: "Jckvxyzs",
    549: "≥≤",
    556: "#$0123456789?L_abdeghnopqu–",
    584: "+<=>~−×",
    600: "■●○□◆▲▼▶◐",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→",
    1015: "@",
}
WIDTHS = {char: width / 1000 for width, chars in _WIDTHS.items() for char in chars}


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is, by the letters of Helvetica; accents do not widen a letter."""
    plain = unicodedata.normalize("NFD", text)
    total = sum(WIDTHS.get(char, 0.6) for char in plain if not unicodedata.combining(char))
    return total * size * ROOMY * (BOLD if bold else 1.0)


def wrapped(text: str, size: float, room: float, most: int = 99, bold: bool = False) -> list[str]:
    """A text in lines that fit in a width; of more lines than wanted the last one ends in an ellipsis.

    A single word that is wider than the room keeps its line.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        kept = lines[:most]
        last = kept[-1]
        while last and width_of(last + "…", size, bold) > room:
            last = last[:-1]
        kept[-1] = last.rstrip(" ,;:") + "…"
        return kept
    return lines


def clipped(text: str, size: float, room: float, bold: bool = False) -> str:
    """A text on one line, cut with an ellipsis where it does not fit."""
    return wrapped(text, size, room, 1, bold)[0] if width_of(text, size, bold) > room else text


# --- colours --------------------------------------------------------------------------------------------------------


def tones(palette: Palette) -> dict[str, str]:
    """Every tone of a palette, with the ink that can be read on each step of the diverging scale."""
    found = {
        name: getattr(palette, name)
        for name in ("ink", "muted", "faint", "surface", "raised", "line", "accent", "good", "watch", "bad")
    }
    found |= {name: getattr(palette, name) for name in ("neutral", "peers", "rest", "missing")}
    found |= {f"series-{place}": colour for place, colour in enumerate(palette.series)}
    for place, colour in enumerate(palette.diverging):
        found[f"diverging-{place}"] = colour
        found[f"diverging-{place}-ink"] = ink_on(colour)
    found["missing-ink"] = palette.ink
    return found


@lru_cache(maxsize=2)
def _light() -> dict[str, str]:
    return tones(theme.LIGHT)


def light(tone: str) -> str:
    """Colours on paper, for files."""
    return _light()[tone]


def variable(tone: str) -> str:
    """Colours by their CSS variable, for pages in both schemes."""
    return f"var(--{tone})"


def css() -> str:
    """The variables of series and scales in both schemes; those of ``theme.css`` stand beside them."""

    def block(palette: Palette) -> str:
        own = {name: colour for name, colour in tones(palette).items() if "-" in name}
        return "".join(f"--{name}:{colour};" for name, colour in own.items())

    return f":root{{{block(theme.LIGHT)}}}[data-bs-theme=dark]{{{block(theme.DARK)}}}"


# --- drawing --------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")


def escape(text: str) -> str:
    """Text as SVG and other XML want it."""
    return xml_escape(clean(text))


def n(value: float) -> str:
    """A coordinate, short."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


class Drawing:
    """Collects the parts of a picture.

    Args:
        width, height: in units.
        paint: colours of tones.
        size: of its words.
        font: of its words; '' where the page says it.
    """

    def __init__(self, width: float, height: float, paint: Paint, size: float = 28.0, font: str = FONT) -> None:
        self.width, self.height, self.size, self.font = width, height, size, font
        self.paint = paint
        self.parts: list[str] = []

    def add(self, part: str) -> None:
        """Add markup as it is."""
        self.parts.append(part)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, tone: str, wide: float = 2.0, dash: str = "", cap: str = ""
    ) -> None:
        """A straight line."""
        more = (f' stroke-dasharray="{dash}"' if dash else "") + (f' stroke-linecap="{cap}"' if cap else "")
        self.add(
            f'<line x1="{n(x0)}" y1="{n(y0)}" x2="{n(x1)}" y2="{n(y1)}" stroke="{self.paint(tone)}" '
            f'stroke-width="{n(wide)}"{more}/>'
        )

    def rect(
        self, x: float, y: float, wide: float, tall: float, tone: str, opacity: float = 1.0, round_: float = 0.0
    ) -> None:
        """A filled box."""
        more = (f' fill-opacity="{opacity:g}"' if opacity < 1 else "") + (f' rx="{n(round_)}"' if round_ else "")
        self.add(
            f'<rect x="{n(x)}" y="{n(y)}" width="{n(max(wide, 0))}" height="{n(max(tall, 0))}" '
            f'fill="{self.paint(tone)}"{more}/>'
        )

    def curve(self, points: Sequence[tuple[float, float]], tone: str, wide: float = 5.0, dash: str = "") -> None:
        """A line through points."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<polyline points="{_points(points)}" fill="none" stroke="{self.paint(tone)}" stroke-width="{n(wide)}" '
            f'stroke-linejoin="round"{more}/>'
        )

    def area(self, points: Sequence[tuple[float, float]], tone: str, opacity: float) -> None:
        """A filled shape."""
        self.add(f'<polygon points="{_points(points)}" fill="{self.paint(tone)}" fill-opacity="{opacity:g}"/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        tone: str = "ink",
        anchor: str = "start",
        bold: bool = False,
        size: float = 0.0,
        halo: bool = False,
        klass: str = "",
    ) -> None:
        """Words on one line, ``y`` being their base line; a halo keeps them readable over lines."""
        more = f' class="{klass}"' if klass else ""
        more += f' text-anchor="{anchor}"' if anchor != "start" else ""
        more += ' font-weight="650"' if bold else ""
        more += f' font-size="{n(size)}"' if size and size != self.size else ""
        if halo:
            surface = self.paint("surface")
            more += f' paint-order="stroke" stroke="{surface}" stroke-width="7" stroke-linejoin="round"'
        self.add(f'<text x="{n(x)}" y="{n(y)}" fill="{self.paint(tone)}"{more}>{escape(words)}</text>')

    def marker(self, shape: str, x: float, y: float, radius: float, tone: str) -> None:
        """A mark in the shape of a scenario, with a thin edge in the colour of the page."""
        edge = f'fill="{self.paint(tone)}" stroke="{self.paint("surface")}" stroke-width="3"'
        if shape == "circle":
            self.add(f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" {edge}/>')
        else:
            corners = [(x + radius * across, y + radius * down) for across, down in SHAPES.get(shape, SHAPES["square"])]
            self.add(f'<polygon points="{_points(corners)}" stroke-linejoin="round" {edge}/>')

    def svg(self, title: str, desc: str, ident: str, klass: str = "", more: str = "") -> str:
        """The whole picture, with a name and a description for who does not see it."""
        named = f"{ident}-t {ident}-d" if desc else f"{ident}-t"
        font = f" font-family={quoteattr(self.font)}" if self.font else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(self.width)} {n(self.height)}" '
            f'width="{n(self.width)}" height="{n(self.height)}" role="img" aria-labelledby="{named}"'
            + (f' class="{klass}"' if klass else "")
            + f'{font} font-size="{n(self.size)}"{more}>'
            + f'<title id="{ident}-t">{escape(title)}</title>'
            + (f'<desc id="{ident}-d">{escape(desc)}</desc>' if desc else "")
            + "".join(self.parts)
            + "</svg>"
        )


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{n(x)},{n(y)}" for x, y in points)


SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "triangle-up": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "cross": (
        *((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4), (0.4, 1.1), (-0.4, 1.1)),
        *((-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
    ),
    "star": (
        *((0, -1.25), (0.3, -0.42), (1.19, -0.39), (0.49, 0.16), (0.73, 1.01), (0, 0.52), (-0.73, 1.01)),
        *((-0.49, 0.16), (-1.19, -0.39), (-0.3, -0.42)),
    ),
    "hexagon": ((-0.55, -0.95), (0.55, -0.95), (1.1, 0), (0.55, 0.95), (-0.55, 0.95), (-1.1, 0)),
}
"""Corners of marks (``futures.MARKERS``), a circle of radius 1 being as large."""

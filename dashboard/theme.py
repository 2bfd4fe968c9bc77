"""Colours, in one place for figures, tiles and style sheets, in a light and a dark scheme.

Series colours start from Okabe and Ito's palette (safe for colour-vision deficiency), darkened or lightened until
each has a contrast of 3:1 on its surface; sequential scales follow cividis, diverging ones have a neutral middle.
"""

from contextvars import ContextVar
from dataclasses import dataclass, fields

SCHEMES = ("light", "dark")
_scheme: ContextVar[str] = ContextVar("scheme", default="light")


@dataclass(frozen=True)
class Palette:
    """Colours of one scheme. ``ink`` is text, ``muted`` lesser text, ``faint`` grid lines, ``rest`` what recedes."""

    ink: str
    muted: str
    faint: str
    surface: str
    raised: str
    line: str
    accent: str
    accent_soft: str
    good: str
    watch: str
    bad: str
    neutral: str
    peers: str
    rest: str
    missing: str
    series: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]
    theme_innovation: str
    theme_sustainability: str
    theme_internationalisation: str
    theme_finance: str
    theme_specialisation: str
    theme_skills: str

    def theme(self, code: str) -> str:
        """Colour of one of the six themes."""
        return str(getattr(self, f"theme_{code}", self.neutral))


LIGHT = Palette(
    ink="#16202b",
    muted="#5a6673",
    faint="#e4e8ec",
    surface="#ffffff",
    raised="#f5f7f9",
    line="#d3d9df",
    accent="#0b5cad",
    accent_soft="#dbe9f7",
    good="#00775a",
    watch="#a85f00",
    bad="#b5361c",
    neutral="#6b7680",
    peers="#7d8893",
    rest="#c9d0d7",
    missing="#e9ecef",
    series=("#0b5cad", "#b55a00", "#00775a", "#a3478a", "#2f86b5", "#8a7500", "#b5361c"),
    sequential=("#f0e9bf", "#d3c28a", "#a89f77", "#7c7b78", "#575d6d", "#31446b", "#00224e"),
    diverging=("#8c3d10", "#c9743a", "#e9b990", "#ecebe8", "#9dbfdc", "#4f8bc0", "#0b4a8f"),
    theme_innovation="#0b5cad",
    theme_sustainability="#00775a",
    theme_internationalisation="#2a7fa8",
    theme_finance="#8a7000",
    theme_specialisation="#b5520a",
    theme_skills="#a3478a",
)

DARK = Palette(
    ink="#eef2f6",
    muted="#a3afbb",
    faint="#2b3540",
    surface="#151c23",
    raised="#1d262f",
    line="#36424e",
    accent="#6db3f2",
    accent_soft="#1b3a58",
    good="#3fc79a",
    watch="#f0a63c",
    bad="#f2806a",
    neutral="#93a0ac",
    peers="#8b98a5",
    rest="#46525e",
    missing="#27313b",
    series=("#6db3f2", "#f0a63c", "#3fc79a", "#e08cc4", "#8fd0ee", "#d9c84a", "#f2806a"),
    sequential=("#1b3a63", "#3d5277", "#636d80", "#8b8a86", "#b3a774", "#dcc95a", "#fde945"),
    diverging=("#f0a063", "#c9743a", "#7a5236", "#3c434a", "#3f6a94", "#5a9bd6", "#9acbf7"),
    theme_innovation="#6db3f2",
    theme_sustainability="#3fc79a",
    theme_internationalisation="#7fc8ea",
    theme_finance="#d9c84a",
    theme_specialisation="#f0a063",
    theme_skills="#e08cc4",
)

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'


def scheme() -> str:
    """The colour scheme of this request: ``light`` or ``dark``."""
    return _scheme.get()


def set_scheme(name: str | None) -> None:
    """Draw in this scheme from here on in this context; anything unknown means light."""
    _scheme.set(name if name in SCHEMES else "light")


def palette() -> Palette:
    """The colours of this request."""
    return DARK if scheme() == "dark" else LIGHT


def css() -> str:
    """Both palettes as CSS custom properties, so that style sheet and figures never disagree."""

    def block(colours: Palette) -> str:
        return "".join(
            f"--{field.name.replace('_', '-')}:{value};"
            for field in fields(colours)
            if isinstance(value := getattr(colours, field.name), str)
        )

    return f":root{{color-scheme:light;{block(LIGHT)}}}[data-bs-theme=dark]{{color-scheme:dark;{block(DARK)}}}"


def layout(**parts: object) -> dict[str, object]:
    """A figure's layout in the house style, with these parts on top: a plain dict, a hundredth of the stock template.

    Axes given as ``xaxis``/``yaxis`` are merged into the house axes.
    """
    colours = palette()
    axis = {
        "gridcolor": colours.faint,
        "linecolor": colours.line,
        "zerolinecolor": colours.line,
        "tickfont": {"color": colours.muted, "size": 12},
        "title": {"text": ""},
        "fixedrange": True,
        "automargin": True,
        "ticks": "",
    }
    base: dict[str, object] = {
        "font": {"family": FONT, "size": 13, "color": colours.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8, "pad": 2},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colours.raised,
            "bordercolor": colours.line,
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "align": "left",
        },
        "transition": {"duration": 0},
        "colorway": list(colours.series),
    }
    for name in [key for key in parts if key.startswith(("xaxis", "yaxis"))]:
        parts[name] = {**axis, **parts[name]}  # type: ignore[dict-item]
    base.update(parts)
    return base

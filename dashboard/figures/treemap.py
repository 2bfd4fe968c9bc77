"""A region's industries as areas: size is the figure itself, colour how specialised the region is in each."""

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.i18n import separators

FULL = 0.5
"""Symmetric location quotient from which an industry has its full colour: three times the reference's share."""

TICKS = (-0.5, -1 / 3, 0.0, 1 / 3, 0.5)
TICK_WORDS = ("≤ ⅓", "½", "1", "2", "≥ 3")
"""Marks of the scale: symmetric quotients, and the quotients that they stand for."""


REST = "rest"
"""Ids of areas that stand for lesser industries together begin with this."""


def shade(symmetric: float, scale: Sequence[str], full: float = FULL) -> str:
    """Colour of a value between -full and full on a scale of ``#rrggbb`` whose middle stands for zero."""
    place = (min(max(symmetric, -full), full) + full) / (2 * full) * (len(scale) - 1)
    low = min(int(place), len(scale) - 2)
    part = place - low
    mixed = [round(a + (b - a) * part) for a, b in zip(_channels(scale[low]), _channels(scale[low + 1]), strict=True)]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def ink_on(fill: str) -> str:
    """The text colour of the scheme that stands out best from a fill."""
    colours = theme.palette()
    return max((colours.ink, colours.surface), key=lambda ink: _contrast(ink, fill))


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    # Relative luminance after WCAG 2.
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _lines(label: str) -> list[str]:
    """A name in short lines: areas that are narrow on a phone would else go without one."""
    return textwrap.wrap(label, 16, break_long_words=False) or [""]


def structure(frame: pd.DataFrame) -> dict[str, Any]:
    """Industries as areas, coloured by a symmetric location quotient with a neutral middle at one.

    Args:
        frame: a row per industry: [industry ('' for lesser ones together), label, value (positive), lq_symmetric
            (-1 to 1, NaN for unknown), uncertain (hatched), figures (what stands under the name), hover].
    """
    colours = theme.palette()
    drawn = frame[frame["value"] > 0]
    fills = [
        colours.missing if value != value else shade(float(value), colours.diverging)
        for value in drawn["lq_symmetric"].astype(float)
    ]
    areas = {
        "type": "treemap",
        "labels": ["<br>".join(escape(line) for line in _lines(label)) for label in drawn["label"]],
        "ids": [code or f"{REST}-{place}" for place, code in enumerate(drawn["industry"])],
        "parents": [""] * len(drawn),
        "values": drawn["value"].tolist(),
        "text": [escape(text) for text in drawn["figures"]],
        "texttemplate": "<b>%{label}</b><br>%{text}",
        "customdata": [[code, hover] for code, hover in zip(drawn["industry"], drawn["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "textfont": {"size": 13, "color": [ink_on(fill) for fill in fills]},
        "textposition": "top left",
        "marker": {
            "colors": fills,
            "line": {"width": 2, "color": colours.surface},
            "pattern": {
                "shape": ["/" if uncertain else "" for uncertain in drawn["uncertain"]],
                "fillmode": "overlay",
                "fgcolor": colours.surface,
                "fgopacity": 0.45,
                "size": 7,
                "solidity": 0.25,
            },
        },
        "tiling": {"packing": "squarify", "pad": 0},
        "pathbar": {"visible": False},
        "root": {"color": "rgba(0,0,0,0)"},
        "domain": {"x": [0, 1], "y": [0.13, 1]},
        "sort": True,
    }
    hidden = {"visible": False, "range": [0, 1]}
    return {
        "data": [areas, _scale(colours)] if len(drawn) else [],
        "layout": theme.layout(
            separators=separators(),
            # Names that would have to be smaller than this are left out; the table has them.
            uniformtext={"minsize": 11, "mode": "hide"},
            margin={"l": 0, "r": 0, "t": 0, "b": 4, "pad": 0},
            xaxis=dict(hidden),
            yaxis=dict(hidden),
        ),
    }


def _scale(colours: theme.Palette) -> dict[str, Any]:
    """The key of the colours, below the areas: an empty trace, since areas take colours but give no scale."""
    steps = len(colours.diverging) - 1
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "hoverinfo": "skip",
        "marker": {
            "color": [0],
            "cmin": -FULL,
            "cmax": FULL,
            "colorscale": [[place / steps, colour] for place, colour in enumerate(colours.diverging)],
            "showscale": True,
            "colorbar": {
                "orientation": "h",
                "x": 0.5,
                "xanchor": "center",
                "y": 0,
                "yanchor": "bottom",
                "len": 0.72,
                "thickness": 10,
                "outlinewidth": 0,
                "tickvals": list(TICKS),
                "ticktext": list(TICK_WORDS),
                "tickfont": {"size": 12, "color": colours.muted},
            },
        },
    }

"""The driver radar: what shapes the subject, by field (sector) and by when it bites (ring)."""

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures import labels
from dashboard.figures.ranges import escape

INNER, RIM, OUTSIDE = 0.34, 1.0, 1.13
"""Radius of the base year, of the horizon, and of drivers without a year or beyond the horizon."""

MARGIN = 0.1
"""Share of a sector on both sides that stays free of marks: spokes, and the names of the rings on one of them."""

SMALLEST, LARGEST = 22.0, 42.0
"""Diameters in pixels of the least and the greatest impact; a number of two digits fits into the smallest."""

SYMBOLS: Mapping[str, str] = {
    "driver": "circle",
    "trend": "square",
    "weak_signal": "diamond",
    "wild_card": "star",
}
SIGNS: Mapping[str, str] = {"driver": "●", "trend": "■", "weak_signal": "◇", "wild_card": "★"}
"""Marks of the kinds of drivers, and the same marks as letters."""

NARROW, HIGH = 1.5, 1.3
"""Half of the drawing's width and height, in radii. A wide drawing shows more on both sides, where names find room."""

DRAWING = (1150.0, 610.0)
"""Width and height of the drawing in pixels, about."""

WIDE = HIGH * DRAWING[0] / DRAWING[1]


def colour(kind: str) -> str:
    """Colour of a kind of driver, in this request's scheme."""
    series = theme.palette().series
    return series[list(SYMBOLS).index(kind) % len(series)] if kind in SYMBOLS else theme.palette().neutral


def diameter(impact: float) -> float:
    """Diameter in pixels of an impact from 1 to 10; areas grow with it."""
    share = min(max((impact - 1) / 9, 0.0), 1.0)
    return math.sqrt(SMALLEST**2 + share * (LARGEST**2 - SMALLEST**2))


def radius(year: float | None, base: int, horizon: int) -> float:
    """Distance from the middle: the base year lies at ``INNER``, the horizon at ``RIM``, what is unknown outside."""
    if year is None or pd.isna(year) or year > horizon:
        return OUTSIDE
    share = (max(year, base) - base) / max(horizon - base, 1)
    return INNER + share * (RIM - INNER)


def places(frame: pd.DataFrame, sectors: Sequence[str], base: int, horizon: int) -> list[tuple[float, float]]:
    """Where each driver stands: (x, y) with the horizon at distance 1.

    Drivers of a sector are spread evenly over it in an order that their codes alone decide (a hash), so that a driver
    keeps its direction when its year or impact changes.
    """
    width, room = 2 * math.pi / len(sectors), 1 - 2 * MARGIN
    order = {
        steep: sorted(frame.loc[frame["steep"] == steep, "driver"], key=lambda code: (zlib.crc32(code.encode()), code))
        for steep in sectors
    }
    found = []
    for code, steep, year in zip(frame["driver"], frame["steep"], frame["year"], strict=True):
        mine = order[steep]
        turn = (sectors.index(steep) + MARGIN + room * (mine.index(code) + 0.5) / len(mine)) * width
        far = radius(year, base, horizon)
        found.append((far * math.sin(turn), far * math.cos(turn)))
    return found


def sectors(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    rings: Sequence[tuple[float, str]],
    base: int,
    horizon: int,
) -> dict[str, Any]:
    """Drivers as marks around the base year.

    Args:
        frame: [driver, number, label, kind, steep, year (NA: unknown), impact, hover], most important first.
        names: name of each sector by code, clockwise from the top.
        rings: last year and name of each ring, from the inside.
        base: year in the middle.
        horizon: year at the rim.
    """
    colours = theme.palette()
    layout: dict[str, Any] = {
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4, "pad": 0},
        "xaxis": {"visible": False, "range": [-NARROW, NARROW]},
        "yaxis": {"visible": False, "range": [-HIGH, HIGH], "scaleanchor": "x"},
    }
    if frame.empty:
        return {"data": [], "layout": theme.layout(**layout)}
    at = places(frame, list(names), base, horizon)
    taken = [
        (0.0 + shift, radius(year, base, horizon)) for year, _name in rings for shift in (-0.18, -0.06, 0.06, 0.18)
    ]
    data = [_ring_names(rings, base, horizon), _marks(frame, at), _names(frame, at, taken)]
    return {
        "data": data,
        "layout": theme.layout(
            **layout,
            shapes=[*_rings(rings, base, horizon), *_spokes(len(names))],
            annotations=_sector_names(names, colours),
        ),
    }


def _rings(rings: Sequence[tuple[float, str]], base: int, horizon: int) -> list[dict[str, Any]]:
    colours = theme.palette()
    radii = [radius(year, base, horizon) for year, _name in rings]
    return [
        {
            "type": "circle",
            "x0": -far,
            "x1": far,
            "y0": -far,
            "y1": far,
            "line": {"color": colours.peers if far == max(radii) else colours.line, "width": 1.2},
            "fillcolor": colours.raised if place == 0 else "rgba(0,0,0,0)",
            "layer": "below",
        }
        for place, far in enumerate(radii)
    ]


def _spokes(count: int) -> list[dict[str, Any]]:
    line = {"color": theme.palette().line, "width": 1}
    turns = [2 * math.pi * place / count for place in range(count)]
    far = OUTSIDE + 0.08
    return [
        {
            "type": "line",
            "x0": 0,
            "y0": 0,
            "x1": far * math.sin(turn),
            "y1": far * math.cos(turn),
            "line": line,
            "layer": "below",
        }
        for turn in turns
    ]


def _sector_names(names: Mapping[str, str], colours: theme.Palette) -> list[dict[str, Any]]:
    width = 2 * math.pi / len(names)
    notes = []
    for place, name in enumerate(names.values()):
        turn = (place + 0.5) * width
        x, y = 1.24 * math.sin(turn), 1.24 * math.cos(turn)
        beside = abs(x) > 0.5
        if beside:
            # Into the corner of its sector, since a phone has no room beside the circle.
            x, y = math.copysign(NARROW - 0.02, x), math.copysign(1.0, y)
        notes.append(
            {
                "x": x,
                "y": max(-1.25, min(1.25, y)),
                "text": f"<b>{escape(name)}</b>",
                "showarrow": False,
                "xanchor": ("right" if x > 0 else "left") if beside else "center",
                "yanchor": "middle",
                "font": {"size": 14, "color": colours.ink},
            }
        )
    return notes


def _ring_names(rings: Sequence[tuple[float, str]], base: int, horizon: int) -> dict[str, Any]:
    """Names stand on the spoke that goes straight up, below all marks."""
    colours = theme.palette()
    return {
        "type": "scatter",
        "mode": "text",
        "x": [0] * len(rings),
        "y": [radius(year, base, horizon) for year, _name in rings],
        "text": [escape(name) for _year, name in rings],
        "textfont": {"size": 12, "color": colours.muted, "shadow": labels.halo(colours.surface)},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _marks(frame: pd.DataFrame, at: Sequence[tuple[float, float]]) -> dict[str, Any]:
    colours = theme.palette()
    hollow = [kind == "weak_signal" for kind in frame["kind"]]
    fills = [colour(kind) for kind in frame["kind"]]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [round(x, 4) for x, _y in at],
        "y": [round(y, 4) for _x, y in at],
        "text": [f"<b>{number}</b>" for number in frame["number"]],
        "textposition": "middle center",
        "textfont": {
            "size": 12,
            "color": [colours.ink if open_ else colours.surface for open_ in hollow],
        },
        "customdata": [[code, hover] for code, hover in zip(frame["driver"], frame["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": [round(diameter(impact), 1) for impact in frame["impact"]],
            "symbol": [SYMBOLS.get(kind, "circle") for kind in frame["kind"]],
            "color": [colours.surface if open_ else fill for open_, fill in zip(hollow, fills, strict=True)],
            "line": {"width": 2, "color": fills},
            "opacity": 1,
        },
    }


def _names(
    frame: pd.DataFrame, at: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """Names where they fit; the numbers in the marks lead to the list where they do not. ``taken`` is to stay free."""
    shares = [((x + WIDE) / (2 * WIDE), (y + HIGH) / (2 * HIGH)) for x, y in [*at, *taken]]
    diameters = [diameter(impact) for impact in frame["impact"]]
    sides = labels.sides(
        shares,
        [*frame["label"], *([""] * len(taken))],
        [*diameters, *([16.0] * len(taken))],
        DRAWING,
        phone=DRAWING[0],
    )[: len(at)]
    shown = [bool(side) for side in sides]
    mine = frame.loc[shown]
    kept = [place for place, keep in zip(at, shown, strict=True) if keep]
    return {
        "type": "scatter",
        "mode": "markers+text",
        # The marks are drawn already; unseen ones of their size keep names at a distance.
        "marker": {"size": [size for size, keep in zip(diameters, shown, strict=True) if keep], "opacity": 0},
        "x": [round(x, 4) for x, _y in kept],
        "y": [round(y, 4) for _x, y in kept],
        "text": [escape(name) for name in mine["label"]],
        "textposition": [side for side in sides if side],
        "textfont": {"size": 13, "color": theme.palette().ink, "shadow": labels.halo(theme.palette().surface)},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }

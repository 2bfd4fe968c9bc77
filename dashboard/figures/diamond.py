"""The smart-specialisation diamond: how near an industry is to what a region does, against how complex it is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard import theme
from dashboard.figures import labels
from dashboard.figures.ranges import escape
from dashboard.figures.scatter import extent, sizes
from dashboard.i18n import separators

LESSER = 11
"""Size of names that a narrow screen leaves out, in pixels; style sheets know them by it."""

FEW = 16
"""Up to this many industries each carries its name; beyond, only moves and the one that was picked."""

MANY = 150
"""From this many industries on, those that carry no name are small and faint, so that the named ones stand out."""

FAINTEST = 7.0
"""Diameter in pixels of the smallest of many."""

CORNERS: Mapping[str, tuple[float, float, str, str]] = {
    "high_road": (1, 1, "right", "top"),
    "slow_road": (1, 0, "right", "bottom"),
    "casino": (0, 1, "left", "top"),
    "dead_end": (0, 0, "left", "bottom"),
}
"""Where the name of each quadrant stands: shares of width and height, and its anchors."""


def quadrants(
    frame: pd.DataFrame,
    split: tuple[float, float] | None,
    names: Mapping[str, str],
    x_title: str,
    y_title: str,
) -> dict[str, Any]:
    """Industries by relatedness density (x) and complexity (y): filled where present, hollow where possible.

    Args:
        frame: [industry, label, density, pci, present, size (NaN: unknown), move (named before others), picked, hover
            (of many points without relatedness and complexity)], most important first; rows without density or
            complexity are left out.
        split: density and complexity at which the quadrants part; None draws no quadrants.
        names: what each quadrant is called, by code.
        x_title, y_title: what the axes show.
    """
    colours = theme.palette()
    drawn = frame[np.isfinite(frame["density"].astype(float)) & np.isfinite(frame["pci"].astype(float))]
    layout: dict[str, Any] = {
        "separators": separators(),
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8, "pad": 2},
    }
    if drawn.empty:
        return {"data": [], "layout": theme.layout(**layout)}
    across = _span(drawn["density"], split[0] if split else None)
    upward = _span(drawn["pci"], split[1] if split else None)
    data = [_dots(drawn, present, (x_title, y_title)) for present in (False, True)]
    data += _names(drawn, across, upward)
    axis = {"zeroline": False, "nticks": 6}
    title = {"font": {"size": 12, "color": colours.muted}, "standoff": 8}
    return {
        "data": data,
        "layout": theme.layout(
            **layout,
            shapes=_lines(split) if split else [],
            annotations=_corners(names) if split else [],
            xaxis=axis | {"title": title | {"text": escape(x_title) + " →"}, "range": across},
            yaxis=axis | {"title": title | {"text": escape(y_title) + " →"}, "range": upward},
        ),
    }


def _span(values: pd.Series, split: float | None) -> list[float]:
    """Axis range with room for the names of quadrants and points."""
    whole = values if split is None else pd.concat([values, pd.Series([split])])
    low, high = extent(whole) or [0.0, 1.0]
    room = (high - low) * 0.09
    return [low - room, high + room]


def _lines(split: tuple[float, float]) -> list[dict[str, Any]]:
    line = {"color": theme.palette().peers, "width": 1, "dash": "dot"}
    x, y = split
    return [
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"},
        {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": y, "y1": y, "line": line, "layer": "below"},
    ]


def _corners(names: Mapping[str, str]) -> list[dict[str, Any]]:
    colours = theme.palette()
    return [
        {
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "xanchor": across,
            "yanchor": upward,
            "text": f"<b>{escape(names[code])}</b>" if code == "high_road" else escape(names[code]),
            "showarrow": False,
            "font": {"size": 13, "color": colours.accent if code == "high_road" else colours.muted},
        }
        for code, (x, y, across, upward) in CORNERS.items()
        if code in names
    ]


def _dots(drawn: pd.DataFrame, present: bool, titles: tuple[str, str]) -> dict[str, Any]:
    colours = theme.palette()
    mine = drawn[drawn["present"] == present]
    largest = _largest(drawn)
    strong = [bool(move or picked) for move, picked in zip(mine["move"], mine["picked"], strict=True)]
    many = len(drawn) > MANY
    faint = 0.4 if present else 0.55
    rims = [
        colours.ink if picked else colours.accent if present or move else colours.peers
        for move, picked in zip(mine["move"], mine["picked"], strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": mine["density"].round(4).tolist(),
        "y": mine["pci"].round(4).tolist(),
        "customdata": [[code, hover] for code, hover in zip(mine["industry"], mine["hover"], strict=True)],
        "hovertemplate": ("%{customdata[1]}" + (_coordinates(titles) if many else "")) + "<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": _diameters(mine, largest, many, strong),
            "color": colours.accent if present else colours.surface,
            "opacity": [1 if bold else faint for bold in strong] if many else 0.85 if present else 1,
            "line": {
                "width": [3 if bold else 0 if present else 1 if many else 1.6 for bold in strong],
                "color": rims,
            },
        },
    }


def _coordinates(titles: tuple[str, str]) -> str:
    """What the label of one of many points reads off the axes: sent with each point it would be most of the figure."""
    x, y = (escape(title) for title in titles)
    return f"<br>{x}: %{{x:.2f}}<br>{y}: %{{y:+.2f}}"


def _largest(drawn: pd.DataFrame) -> float | None:
    return float(drawn["size"].max()) if drawn["size"].notna().any() else None


def _diameters(mine: pd.DataFrame, largest: float | None, many: bool, strong: Sequence[bool]) -> list[float]:
    least, part = (FAINTEST, 0.45) if many else (9.0, 0.8)
    found = [max(least, size * part) for size in sizes(mine["size"], largest)]
    return [max(size, 12.0) if bold else size for size, bold in zip(found, strong, strict=True)]


def _names(drawn: pd.DataFrame, across: list[float], upward: list[float]) -> list[dict[str, Any]]:
    """Names of moves and of the picked industry, and lesser ones apart, so that a phone can do without those."""
    colours = theme.palette()
    # The important ones choose their place first.
    first = drawn.assign(first=drawn["move"] | drawn["picked"]).sort_values("first", ascending=False, kind="stable")
    places = [
        ((x - across[0]) / (across[1] - across[0]), (y - upward[0]) / (upward[1] - upward[0]))
        for x, y in zip(first["density"], first["pci"], strict=True)
    ]
    shown = (first["first"] | (len(first) <= FEW)).tolist()
    texts = [str(label) if named else "" for label, named in zip(first["label"], shown, strict=True)]
    if len(first) > MANY:
        # Whether one of many faint points lies under a name does not matter.
        first = first[shown]
        places, texts = places[: len(first)], texts[: len(first)]
    diameters = _diameters(first, _largest(drawn), len(drawn) > MANY, first["first"].tolist())
    chosen = labels.sides(places, texts, diameters, must=first["first"].tolist())
    traces = []
    for important in (False, True):
        wanted = [bool(side) and flag == important for side, flag in zip(chosen, first["first"], strict=True)]
        mine = first.loc[wanted]
        traces.append(
            {
                "type": "scatter",
                # The points are drawn already; unseen ones of their size keep names at a distance.
                "mode": "markers+text",
                "marker": {
                    "size": [size for size, keep in zip(diameters, wanted, strict=True) if keep],
                    "opacity": 0,
                },
                "x": mine["density"].tolist(),
                "y": mine["pci"].tolist(),
                "text": [f"<b>{escape(name)}</b>" if important else escape(name) for name in mine["label"]],
                "textposition": [side for side, keep in zip(chosen, wanted, strict=True) if keep],
                "textfont": {"size": 13 if important else LESSER, "color": colours.ink if important else colours.muted},
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    return traces

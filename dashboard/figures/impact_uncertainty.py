"""Drivers by impact and uncertainty: medians of a panel with their range, and the corner where scenarios begin."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from dashboard import theme
from dashboard.figures import labels
from dashboard.figures.radar import SYMBOLS, colour
from dashboard.figures.ranges import escape

SPAN, UPRIGHT = (0.4, 10.6), (-0.3, 11.3)
"""Both axes, from 1 to 10 with room for marks, and above and below for the names of the corners."""

SIZE = 20.0
"""Diameter of a mark in pixels."""

CORNERS: Mapping[str, tuple[float, float, str, str]] = {
    "critical": (1, 1, "right", "top"),
    "plan": (0, 1, "left", "top"),
    "watch": (1, 0, "right", "bottom"),
    "background": (0, 0, "left", "bottom"),
}
"""Where the name of each corner stands: shares of width and height, and its anchors."""

DRAWING = (1000.0, 470.0)
"""Width and height of the drawing in pixels, about."""


def plane(frame: pd.DataFrame, cut: float, corners: Mapping[str, str], x_title: str, y_title: str) -> dict[str, Any]:
    """Drivers by uncertainty (x) and impact (y), both from 1 to 10.

    Args:
        frame: [driver, number, label, kind, uncertainty, uncertainty_low, uncertainty_high, impact, impact_low,
            impact_high (NaN: no range), critical, few (too few ratings to be ranked: faint), hover], most important
            first.
        cut: from where on both count as high.
        corners: what each corner is called, by code.
        x_title, y_title: what the axes show.
    """
    colours = theme.palette()
    axis = {"tickvals": list(range(1, 11)), "zeroline": False}
    title = {"font": {"size": 12, "color": colours.muted}, "standoff": 8}
    layout = theme.layout(
        margin={"l": 8, "r": 12, "t": 10, "b": 8, "pad": 2},
        shapes=_zones(cut) if len(frame) else [],
        annotations=_corner_names(corners) if len(frame) else [],
        xaxis=axis | {"title": title | {"text": escape(x_title) + " →"}, "range": list(SPAN)},
        yaxis=axis | {"title": title | {"text": escape(y_title) + " →"}, "range": list(UPRIGHT)},
    )
    return {"data": [_ranges(frame), _marks(frame), *_names(frame)] if len(frame) else [], "layout": layout}


def _zones(cut: float) -> list[dict[str, Any]]:
    colours = theme.palette()
    line = {"color": colours.peers, "width": 1, "dash": "dot"}
    (left, right), (low, high) = SPAN, UPRIGHT
    return [
        {
            "type": "rect",
            "x0": cut,
            "x1": right,
            "y0": cut,
            "y1": high,
            "fillcolor": colours.accent_soft,
            "opacity": 0.55,
            "line": {"width": 0},
            "layer": "below",
        },
        {"type": "line", "x0": cut, "x1": cut, "y0": low, "y1": high, "line": line, "layer": "below"},
        {"type": "line", "x0": left, "x1": right, "y0": cut, "y1": cut, "line": line, "layer": "below"},
    ]


def _corner_names(corners: Mapping[str, str]) -> list[dict[str, Any]]:
    colours = theme.palette()
    return [
        {
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "xanchor": across,
            "yanchor": upward,
            "xshift": 6 if across == "left" else -6,
            "yshift": 4 if upward == "bottom" else -4,
            "text": f"<b>{escape(corners[code])}</b>" if code == "critical" else escape(corners[code]),
            "showarrow": False,
            "font": {"size": 13, "color": colours.accent if code == "critical" else colours.muted},
        }
        for code, (x, y, across, upward) in CORNERS.items()
        if code in corners
    ]


def _whisker(frame: pd.DataFrame, name: str) -> dict[str, Any]:
    """Length of a range on both sides of the median; none where there is no range."""
    middle = frame[name].astype(float)
    above = (frame[f"{name}_high"].astype(float) - middle).clip(lower=0).fillna(0)
    below = (middle - frame[f"{name}_low"].astype(float)).clip(lower=0).fillna(0)
    return {
        "type": "data",
        "symmetric": False,
        "array": above.round(3).tolist(),
        "arrayminus": below.round(3).tolist(),
        "color": theme.palette().peers,
        "thickness": 1,
        "width": 4,
    }


def _ranges(frame: pd.DataFrame) -> dict[str, Any]:
    """Whiskers lie below all marks and names."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": frame["uncertainty"].tolist(),
        "y": frame["impact"].tolist(),
        "error_x": _whisker(frame, "uncertainty"),
        "error_y": _whisker(frame, "impact"),
        "marker": {"size": 1, "opacity": 0},
        "hoverinfo": "skip",
    }


def _marks(frame: pd.DataFrame) -> dict[str, Any]:
    colours = theme.palette()
    fills = [colour(kind) for kind in frame["kind"]]
    hollow = [bool(few) or kind == "weak_signal" for few, kind in zip(frame["few"], frame["kind"], strict=True)]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": frame["uncertainty"].tolist(),
        "y": frame["impact"].tolist(),
        "text": [str(number) for number in frame["number"]],
        "textposition": "middle center",
        "textfont": {"size": 11, "color": [colours.ink if open_ else colours.surface for open_ in hollow]},
        "customdata": [[code, hover] for code, hover in zip(frame["driver"], frame["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": [SIZE + 8 if kind == "wild_card" else SIZE for kind in frame["kind"]],
            "symbol": [SYMBOLS.get(kind, "circle") for kind in frame["kind"]],
            "color": [colours.surface if open_ else fill for open_, fill in zip(hollow, fills, strict=True)],
            "line": {"width": [1.2 if few else 2 for few in frame["few"]], "color": fills},
            "opacity": 1,
        },
    }


def _along(frame: pd.DataFrame) -> list[tuple[float, float]]:
    """Points along the ranges, a quarter of a rating apart."""
    found = []
    for row in frame.to_dict("records"):
        for name, across in (("uncertainty", True), ("impact", False)):
            low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
            if not (np.isfinite(low) and np.isfinite(high)):
                continue
            for value in np.arange(low, high + 0.01, 0.25):
                found.append(
                    (float(value), float(row["impact"])) if across else (float(row["uncertainty"]), float(value))
                )
    return found


def _names(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Names of critical drivers in bold, of the others where they fit; both apart, so that a phone can do without."""
    colours = theme.palette()
    (left, right), (low, high) = SPAN, UPRIGHT
    shares = [
        ((x - left) / (right - left), (y - low) / (high - low))
        for x, y in zip(frame["uncertainty"], frame["impact"], strict=True)
    ]
    # Ranges may be touched by a name, but not run through it.
    along = [((x - left) / (right - left), (y - low) / (high - low)) for x, y in _along(frame)]
    sides = labels.sides(
        [*shares, *along],
        [*frame["label"], *([""] * len(along))],
        [*([SIZE] * len(frame)), *([4.0] * len(along))],
        DRAWING,
        phone=DRAWING[0],
    )[: len(frame)]
    traces = []
    for critical in (False, True):
        wanted = [bool(side) and bool(flag) == critical for side, flag in zip(sides, frame["critical"], strict=True)]
        mine = frame.loc[wanted]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                # The marks are drawn already; unseen ones of their size keep names at a distance.
                "marker": {"size": SIZE, "opacity": 0},
                "x": mine["uncertainty"].tolist(),
                "y": mine["impact"].tolist(),
                "text": [f"<b>{escape(name)}</b>" if critical else escape(name) for name in mine["label"]],
                "textposition": [side for side, keep in zip(sides, wanted, strict=True) if keep],
                "textfont": {
                    "size": 13,
                    "color": colours.ink if critical else colours.muted,
                    "shadow": labels.halo(colours.surface),
                },
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    return traces

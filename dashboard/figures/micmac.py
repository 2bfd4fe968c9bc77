"""Who drives and who is driven (MICMAC): influence against dependence, direct and along longer paths."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures import labels
from dashboard.figures.ranges import escape
from dashboard.figures.scatter import extent
from dashboard.i18n import separators

SIZE = 13.0

CORNERS: Mapping[str, tuple[float, float, str, str]] = {
    "driver": (0, 1, "left", "top"),
    "relay": (1, 1, "right", "top"),
    "dependent": (1, 0, "right", "bottom"),
    "autonomous": (0, 0, "left", "bottom"),
}
"""Where the name of each quadrant stands: shares of width and height, and its anchors."""

DRAWING = (900.0, 480.0)


def plane(frame: pd.DataFrame, cut: float, corners: Mapping[str, str], x_title: str, y_title: str) -> dict[str, Any]:
    """Variables by dependence (x) and influence (y), shares of the total in per cent.

    A hollow mark is where a variable stands by what was judged directly, an arrow leads to the filled one: where it
    stands once influence through others counts.

    Args:
        frame: [variable, label, dependence, influence, dependence_indirect, influence_indirect, hover].
        cut: the mean share, where the quadrants part.
        corners: what each quadrant is called, by code.
        x_title, y_title: what the axes show.
    """
    colours = theme.palette()
    if frame.empty:
        return {"data": [], "layout": theme.layout()}
    across = _span(frame, "dependence", cut)
    upward = _span(frame, "influence", cut)
    axis = {"zeroline": False, "nticks": 6, "ticksuffix": "%", "showticksuffix": "last"}
    title = {"font": {"size": 12, "color": colours.muted}, "standoff": 8}
    line = {"color": colours.peers, "width": 1, "dash": "dot"}
    return {
        "data": [_direct(frame), _indirect(frame, across, upward)],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 10, "b": 8, "pad": 2},
            shapes=[
                {
                    "type": "line",
                    "x0": cut,
                    "x1": cut,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": line,
                    "layer": "below",
                },
                {
                    "type": "line",
                    "x0": 0,
                    "x1": 1,
                    "xref": "paper",
                    "y0": cut,
                    "y1": cut,
                    "line": line,
                    "layer": "below",
                },
            ],
            annotations=[*_arrows(frame, across, upward), *_corner_names(corners)],
            xaxis=axis | {"title": title | {"text": escape(x_title) + " →"}, "range": across},
            yaxis=axis | {"title": title | {"text": escape(y_title) + " →"}, "range": upward},
        ),
    }


def _span(frame: pd.DataFrame, name: str, cut: float) -> list[float]:
    """Axis range that holds both positions of all, with room for names and quadrants."""
    whole = pd.concat([frame[name], frame[f"{name}_indirect"], pd.Series([cut])]).astype(float)
    low, high = extent(whole) or [0.0, 1.0]
    room = (high - low) * 0.1
    return [low - room, high + room]


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
            "text": f"<b>{escape(corners[code])}</b>" if code == "driver" else escape(corners[code]),
            "showarrow": False,
            "font": {"size": 13, "color": colours.accent if code == "driver" else colours.muted},
        }
        for code, (x, y, across, upward) in CORNERS.items()
        if code in corners
    ]


def _arrows(frame: pd.DataFrame, across: list[float], upward: list[float]) -> list[dict[str, Any]]:
    """From direct to indirect; none where both are all but the same place."""
    notes = []
    for row in frame.to_dict("records"):
        x0, y0, x1, y1 = (
            float(row[name]) for name in ("dependence", "influence", "dependence_indirect", "influence_indirect")
        )
        if abs(x1 - x0) / (across[1] - across[0]) + abs(y1 - y0) / (upward[1] - upward[0]) < 0.03:
            continue
        notes.append(
            {
                "x": x1,
                "y": y1,
                "ax": x0,
                "ay": y0,
                "xref": "x",
                "yref": "y",
                "axref": "x",
                "ayref": "y",
                "text": "",
                "showarrow": True,
                "arrowhead": 2,
                "arrowsize": 1,
                "arrowwidth": 1.4,
                "arrowcolor": theme.palette().peers,
                "standoff": SIZE / 2,
                "startstandoff": SIZE / 2,
            }
        )
    return notes


def _direct(frame: pd.DataFrame) -> dict[str, Any]:
    colours = theme.palette()
    return {
        "type": "scatter",
        "mode": "markers",
        "x": frame["dependence"].tolist(),
        "y": frame["influence"].tolist(),
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {"size": SIZE - 2, "color": colours.surface, "line": {"width": 1.8, "color": colours.peers}},
    }


def _indirect(frame: pd.DataFrame, across: list[float], upward: list[float]) -> dict[str, Any]:
    colours = theme.palette()
    shares = [
        ((x - across[0]) / (across[1] - across[0]), (y - upward[0]) / (upward[1] - upward[0]))
        for x, y in zip(frame["dependence_indirect"], frame["influence_indirect"], strict=True)
    ]
    # Arrows and hollow marks are not to be written over.
    ways = [
        (
            (x + share * (row["dependence"] - x) - across[0]) / (across[1] - across[0]),
            (y + share * (row["influence"] - y) - upward[0]) / (upward[1] - upward[0]),
        )
        for row, x, y in zip(
            frame.to_dict("records"), frame["dependence_indirect"], frame["influence_indirect"], strict=True
        )
        for share in (0.15, 0.3, 0.5, 0.75, 1.0)
    ]
    sides = labels.sides(
        [*shares, *ways],
        [*frame["label"], *([""] * len(ways))],
        [*([SIZE] * len(frame)), *([8.0] * len(ways))],
        DRAWING,
        must=[True] * len(frame),
    )[: len(frame)]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": frame["dependence_indirect"].tolist(),
        "y": frame["influence_indirect"].tolist(),
        "text": [escape(name) for name in frame["label"]],
        "textposition": [side or "top center" for side in sides],
        "textfont": {"size": 13, "color": colours.ink},
        "customdata": [[code, hover] for code, hover in zip(frame["variable"], frame["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "cliponaxis": False,
        "marker": {"size": SIZE, "color": colours.accent, "line": {"width": 1, "color": colours.surface}},
    }

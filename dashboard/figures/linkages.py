"""Which industry buys from which: a heat map with a logarithmic scale."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import clipped
from dashboard.figures.ranges import escape
from dashboard.i18n import number, separators

CELL = 17
HEAD = 74
FOOT = 46
LEAST = 0.01
"""Shares (in per cent) below this are drawn in the palest colour: a logarithm has no zero."""


def height(rows: int) -> int:
    """Height of a heat map of this many rows, in pixels."""
    return HEAD + FOOT + CELL * max(rows, 8)


def inputs(cells: pd.DataFrame, order: Sequence[str], names: Mapping[str, str], strong: str = "") -> dict[str, Any]:
    """Share of each buyer's inputs that comes from each supplier.

    Args:
        cells: [source, target, share (per cent), hover]; missing or zero cells stay empty.
        order: industries, from top to bottom and from left to right.
        names: of the industries, beside their rows.
        strong: the industry whose row and column are framed; '' for none.
    """
    colours = theme.palette()
    known = cells[cells["share"] > 0]
    place = {code: number_ for number_, code in enumerate(order)}
    tones: list[list[float | None]] = [[None] * len(order) for _code in order]
    hover = [[""] * len(order) for _code in order]
    for cell in known.to_dict("records"):
        if cell["source"] in place and cell["target"] in place:
            row, column = place[cell["source"]], place[cell["target"]]
            tones[row][column] = math.log10(max(float(cell["share"]), LEAST))
            hover[row][column] = cell["hover"]
    top = max((value for line in tones for value in line if value is not None), default=0.0)
    low = math.log10(LEAST)
    ticks = [exponent for exponent in range(int(low), 3) if exponent <= top + 1e-9]
    scale = [[step / (len(colours.sequential) - 1), tone] for step, tone in enumerate(colours.sequential)]
    trace = {
        "type": "heatmap",
        "x": list(order),
        "y": list(order),
        "z": tones,
        "zmin": low,
        "zmax": max(top, low + 1),
        "colorscale": scale,
        "xgap": 1,
        "ygap": 1,
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "colorbar": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 0,
            "yanchor": "top",
            "ypad": 12,
            "thickness": 10,
            "len": 0.5,
            "outlinewidth": 0,
            "tickvals": ticks,
            "ticktext": [_tick(exponent, exponent == low) for exponent in ticks],
            "tickfont": {"size": 11, "color": colours.muted},
        },
    }
    axis = {"type": "category", "showgrid": False, "tickmode": "array", "tickvals": list(order)}
    small = {"size": 10, "color": colours.muted}
    return {
        "data": [trace] if len(known) else [],
        "layout": theme.layout(
            separators=separators(),
            height=height(len(order)),
            margin={"l": 4, "r": 8, "t": HEAD, "b": FOOT, "pad": 2},
            shapes=_frames(place, strong, len(order)),
            xaxis={**axis, "side": "top", "tickangle": -90, "tickfont": small, "ticktext": [escape(c) for c in order]},
            yaxis={
                **axis,
                "autorange": "reversed",
                "tickfont": small,
                "ticktext": [escape(clipped(names.get(code, code), 24)) for code in order],
            },
        ),
    }


def _tick(exponent: int, lowest: bool) -> str:
    return ("≤ " if lowest else "") + number(10.0**exponent, max(0, -exponent)) + "%"


def _frames(place: Mapping[str, int], strong: str, count: int) -> list[dict[str, Any]]:
    if strong not in place:
        return []
    at, line = place[strong], {"color": theme.palette().accent, "width": 2}
    return [
        {"type": "rect", "x0": at - 0.5, "x1": at + 0.5, "y0": -0.5, "y1": count - 0.5, "line": line},
        {"type": "rect", "y0": at - 0.5, "y1": at + 0.5, "x0": -0.5, "x1": count - 0.5, "line": line},
    ]

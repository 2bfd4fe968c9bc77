"""Shift-share: how much of a change came with the tide, how much from the mix of industries, how much from here."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.i18n import separators

ROW = 44
"""Height of a row with its label, in pixels."""

PARTS = ("national", "mix", "regional")


def height(rows: int) -> int:
    """Height of a figure with this many rows, in pixels."""
    return 84 + ROW * max(rows, 1)


def bars(frame: pd.DataFrame, names: Mapping[str, str], axis: str) -> dict[str, Any]:
    """A stacked bar per industry that reaches left and right of zero, with a mark at the change it adds up to.

    Args:
        frame: rows from top to bottom: [industry, label, change, national, mix, regional, change_text, whole (the row
            of all industries), hover].
        names: what ``national``, ``mix`` and ``regional`` are called, and ``change``.
        axis: what the horizontal axis shows.
    """
    colours = theme.palette()
    fills = {"national": colours.peers, "mix": colours.series[1], "regional": colours.accent}
    rows = list(range(len(frame)))
    customdata = [[code, hover] for code, hover in zip(frame["industry"], frame["hover"], strict=True)]
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": names[part],
            "y": rows,
            "x": frame[part].tolist(),
            "width": 0.4,
            "marker": {"color": fills[part], "line": {"width": 0}},
            "customdata": customdata,
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
        for part in PARTS
    ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": names["change"],
            "y": rows,
            "x": frame["change"].tolist(),
            "marker": {
                "symbol": "diamond",
                "size": 11,
                "color": colours.ink,
                "line": {"width": 1.5, "color": colours.surface},
            },
            "customdata": customdata,
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
    )
    notes = []
    for row, label, text, whole in zip(rows, frame["label"], frame["change_text"], frame["whole"], strict=True):
        name, change = (f"<b>{escape(words)}</b>" if whole else escape(words) for words in (label, text))
        notes += [_note(0, row, name, "left"), _note(1, row, change, "right")]
    return {
        "data": data if len(frame) else [],
        "layout": theme.layout(
            separators=separators(),
            barmode="relative",
            margin={"l": 12, "r": 12, "t": 40, "b": 8, "pad": 0},
            annotations=notes,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "traceorder": "normal",
                "itemclick": False,
                "itemdoubleclick": False,
                "font": {"size": 12, "color": colours.ink},
            },
            xaxis={
                "zeroline": True,
                "zerolinecolor": colours.peers,
                "nticks": 7,
                "title": {"text": escape(axis), "font": {"size": 12, "color": colours.muted}, "standoff": 6},
            },
            yaxis={"visible": False, "range": [max(len(frame), 1) - 0.55, -0.85]},
        ),
    }


def _note(x: float, y: float, text: str, anchor: str) -> dict[str, Any]:
    return {
        "x": x,
        "xref": "paper",
        "y": y,
        "yref": "y",
        "yshift": 8,
        "text": text,
        "showarrow": False,
        "xanchor": anchor,
        "yanchor": "bottom",
        "align": anchor,
        "font": {"size": 13, "color": theme.palette().ink},
    }

"""Where judges differ: a row for each disputed cell, a dot for each group at what it says."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import legend, row_name
from dashboard.figures.ranges import escape
from dashboard.i18n import separators, signed

ROW = 46
"""Height of a row with its name, in pixels."""

APART = 0.13
"""How far dots of one judgement stand apart, in points of the scale."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 96 + ROW * max(rows, 1)


def dots(frame: pd.DataFrame, groups: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the groups say.

    Args:
        frame: in the order of the rows: [key, label, group, value, hover].
        groups: in their order: [code, name, colour, marker].
    """
    if frame.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    rows = list(dict.fromkeys(frame["key"]))
    place = {key: number for number, key in enumerate(rows)}
    order = {group["code"]: number for number, group in enumerate(groups)}
    drawn = frame.assign(order=frame["group"].map(order)).sort_values(["key", "order"], kind="stable")
    same = drawn.groupby(["key", "value"])
    drawn["x"] = drawn["value"] + (same.cumcount() - (same["value"].transform("size") - 1) / 2) * APART
    ends = drawn.groupby("key")["value"].agg(["min", "max"])
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for key in rows for x in (ends["min"][key], ends["max"][key], None)],
            "y": [y for key in rows for y in (place[key], place[key], None)],
            "line": {"color": colours.rest, "width": 6},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    for group in groups:
        mine = drawn[drawn["group"] == group["code"]]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(group["name"]),
                "x": mine["x"].tolist(),
                "y": [place[key] for key in mine["key"]],
                "marker": {
                    "size": 12,
                    "symbol": group["marker"],
                    "color": group["colour"],
                    "line": {"width": 1, "color": colours.surface},
                },
                "cliponaxis": False,
                "customdata": mine["hover"].tolist(),
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    return {
        "data": data,
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend(),
            margin={"l": 8, "r": 8, "t": 56, "b": 8, "pad": 0},
            annotations=[row_name(place[key], str(labels[key]), shift=8) for key in rows],
            xaxis={
                "range": [-2.45, 2.45],
                "tickmode": "array",
                "tickvals": [-2, -1, 0, 1, 2],
                "ticktext": [signed(value) for value in (-2, -1, 0, 1, 2)],
                "zeroline": True,
                "zerolinecolor": colours.neutral,
            },
            yaxis={"visible": False, "range": [len(rows) - 0.5, -0.9]},
        ),
    }

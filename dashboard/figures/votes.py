"""Where judges differ: a row for each disputed cell, a dot for each group at what it says."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import clipped, legend, row_name
from dashboard.figures.ranges import escape
from dashboard.i18n import separators, signed

ROW = 46
"""Height of a row with its name, in pixels."""

LONGEST = 54
"""Letters of a row's name; the table has it in full."""

APART = 0.13
"""How far dots of one judgement stand apart, in points of the scale."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 96 + ROW * max(rows, 1)


def _name(row: int, label: str) -> dict[str, Any]:
    """The name of a row above its track: a scenario and a measure take more letters than others."""
    return row_name(row, label, shift=9) | {"text": escape(clipped(label, LONGEST))}


def dots(frame: pd.DataFrame, groups: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the groups say.

    Args:
        frame: in the order of the rows: [key, label, group, value, hover].
        groups: in their order: [code, name, colour, marker].
    """
    if frame.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    records = frame.to_dict("records")
    rows = list(dict.fromkeys(row["key"] for row in records))
    place = {key: number for number, key in enumerate(rows)}
    order = {group["code"]: number for number, group in enumerate(groups)}
    alike: dict[tuple[Any, float], list[dict[str, Any]]] = {}
    for row in sorted(records, key=lambda row: order[row["group"]]):
        alike.setdefault((row["key"], row["value"]), []).append(row)
    for (_key, value), same in alike.items():
        for number, row in enumerate(same):
            row["x"] = value + (number - (len(same) - 1) / 2) * APART
    ends = {key: sorted(row["value"] for row in records if row["key"] == key) for key in rows}
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for key in rows for x in (ends[key][0], ends[key][-1], None)],
            "y": [y for key in rows for y in (place[key], place[key], None)],
            "line": {"color": colours.rest, "width": 6},
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    for group in groups:
        mine = [row for row in records if row["group"] == group["code"]]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(group["name"]),
                "x": [row["x"] for row in mine],
                "y": [place[row["key"]] for row in mine],
                "marker": {
                    "size": 12,
                    "symbol": group["marker"],
                    "color": group["colour"],
                    "line": {"width": 1, "color": colours.surface},
                },
                "cliponaxis": False,
                "customdata": [row["hover"] for row in mine],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    labels = {row["key"]: str(row["label"]) for row in records}
    return {
        "data": data,
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend(),
            margin={"l": 8, "r": 8, "t": 56, "b": 8, "pad": 0},
            annotations=[_name(place[key], labels[key]) for key in rows],
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

"""How much one would regret each measure: the best of each future minus the measure's own, and the largest of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import legend, row_name, title
from dashboard.figures.ranges import escape
from dashboard.i18n import separators

ROW = 52
"""Height of a row with its name, in pixels."""

STEP = 0.16
"""Height by which marks of equal regret stand apart, as a share of a row."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 96 + ROW * max(rows, 1)


def dots(frame: pd.DataFrame, scenarios: Sequence[Mapping[str, str]], x_title: str) -> dict[str, Any]:
    """A row for each measure, a mark for each scenario, a line from none to the largest regret.

    Args:
        frame: in the order of the rows: [key, label, scenario, regret (NaN: not known), text (of the largest; else ''),
            hover].
        scenarios: in their order: [code, name, colour, marker].
        x_title: what the axis measures.
    """
    records = frame.to_dict("records")
    known = [row for row in records if row["regret"] == row["regret"]]
    if not known:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    rows = list(dict.fromkeys(row["key"] for row in records))
    place = {key: number for number, key in enumerate(rows)}
    labels = {row["key"]: str(row["label"]) for row in records}
    largest = {key: max((row["regret"] for row in known if row["key"] == key), default=0.0) for key in rows}
    ends = [[0.0, largest[key], None] for key in rows]
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [x for end in ends for x in end],
        "y": [y for key in rows for y in (place[key], place[key], None)],
        "line": {"color": colours.peers, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    # Equal regrets of one measure would cover one another: they stand apart, about the line.
    alike: dict[tuple[Any, float], list[dict[str, Any]]] = {}
    for row in known:
        alike.setdefault((row["key"], round(row["regret"], 9)), []).append(row)
    for same in alike.values():
        for number, row in enumerate(same):
            row["y"] = place[row["key"]] + (number - (len(same) - 1) / 2) * STEP
    data: list[dict[str, Any]] = [line]
    for scenario in scenarios:
        mine = [row for row in known if row["scenario"] == scenario["code"]]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(scenario["name"]),
                "x": [row["regret"] for row in mine],
                "y": [row["y"] for row in mine],
                "marker": {
                    "size": 10,
                    "symbol": scenario["marker"],
                    "color": scenario["colour"],
                    "line": {"width": 1, "color": colours.surface},
                },
                "cliponaxis": False,
                "customdata": [[row["key"], row["hover"]] for row in mine],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
            }
        )
    notes = [row_name(place[key], labels[key], shift=14) for key in rows]
    for key, words in ((row["key"], row["text"]) for row in records if row["text"]):
        notes.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "right",
                "y": place[key],
                "yshift": 14,
                "yanchor": "bottom",
                "text": f"<b>{escape(words)}</b>",
                "showarrow": False,
                "font": {"size": 12, "color": colours.ink},
            }
        )
    top = max(*largest.values(), 1.0)
    return {
        "data": data,
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend(),
            margin={"l": 8, "r": 8, "t": 52, "b": 8, "pad": 0},
            annotations=notes,
            xaxis={"title": title(x_title), "range": [-0.06 * top, 1.06 * top], "zeroline": True, "nticks": 6},
            yaxis={"visible": False, "range": [len(rows) - 0.5, -0.8]},
        ),
    }

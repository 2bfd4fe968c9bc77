"""How much one would regret each measure: the best of each future minus the measure's own, and the largest of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import legend, row_name, title
from dashboard.figures.ranges import escape
from dashboard.i18n import separators

ROW = 46
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
    known = frame.dropna(subset="regret")
    if known.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    rows = list(dict.fromkeys(frame["key"]))
    place = {key: number for number, key in enumerate(rows)}
    labels = dict(zip(frame["key"], frame["label"], strict=True))
    largest = known.groupby("key")["regret"].max()
    ends = [[0.0, float(largest.get(key, 0.0)), None] for key in rows]
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
    known = known.assign(beside=known.groupby(["key", "regret"]).cumcount())
    counts = known.groupby(["key", "regret"])["beside"].transform("max")
    known = known.assign(y=[place[key] for key in known["key"]] + (known["beside"] - counts / 2) * STEP)
    data: list[dict[str, Any]] = [line]
    for scenario in scenarios:
        mine = known[known["scenario"] == scenario["code"]]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(scenario["name"]),
                "x": mine["regret"].tolist(),
                "y": mine["y"].tolist(),
                "marker": {
                    "size": 10,
                    "symbol": scenario["marker"],
                    "color": scenario["colour"],
                    "line": {"width": 1, "color": colours.surface},
                },
                "cliponaxis": False,
                "customdata": [[key, words] for key, words in zip(mine["key"], mine["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
            }
        )
    notes = [row_name(place[key], str(labels[key])) for key in rows]
    told = frame[frame["text"] != ""]
    for key, words in zip(told["key"], told["text"], strict=True):
        notes.append(
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "right",
                "y": place[key],
                "yshift": 5,
                "yanchor": "bottom",
                "text": f"<b>{escape(words)}</b>",
                "showarrow": False,
                "font": {"size": 12, "color": colours.ink},
            }
        )
    top = max(float(largest.max()), 1.0)
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

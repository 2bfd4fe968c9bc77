"""Work over periods: activities as bars, deliverables as marks at their day."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import theme

ROW = 42


def height(count: int) -> int:
    """Pixels that so many rows need."""
    return 60 + ROW * max(count, 1)


def work(
    activities: Sequence[Mapping[str, Any]],
    marks: Sequence[Mapping[str, Any]],
    names: Mapping[int, str],
    now: float,
    words: str,
) -> dict[str, Any]:
    """Activities from their first to their last period, with deliverables on the rows of their work packages.

    Args:
        activities: [label, start, end, status (planned, running, done or cancelled)], top to bottom.
        marks: [label (of the row), at (period, with the part of it that had passed), state (done, late or due), name].
        names: of the periods.
        now: where today is, in periods.
        words: what the line of today is called.
    """
    colours = theme.palette()
    if not activities:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    tones = {
        "done": colours.good,
        "running": colours.accent,
        "planned": colours.rest,
        "cancelled": colours.missing,
    }
    rows = list(dict.fromkeys(str(one["label"]) for one in activities))
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": [str(one["label"]) for one in activities],
            "x": [one["end"] - one["start"] + 1 for one in activities],
            "base": [one["start"] - 1 for one in activities],
            "marker": {"color": [tones.get(str(one["status"]), colours.rest) for one in activities], "opacity": 0.55},
            "width": 0.4,
            "customdata": [[names.get(one["start"], ""), names.get(one["end"], "")] for one in activities],
            "hovertemplate": "%{y}: %{customdata[0]}–%{customdata[1]}<extra></extra>",
        }
    ]
    shapes = {"done": ("circle", colours.good), "late": ("square", colours.bad), "due": ("circle-open", colours.muted)}
    for state, (symbol, colour) in shapes.items():
        mine = [one for one in marks if one["state"] == state and str(one["label"]) in rows]
        if mine:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "y": [str(one["label"]) for one in mine],
                    "x": [one["at"] for one in mine],
                    "marker": {"symbol": symbol, "color": colour, "size": 10, "line": {"width": 1, "color": colour}},
                    "customdata": [str(one["name"]) for one in mine],
                    "hovertemplate": "%{customdata}<extra></extra>",
                }
            )
    count = max(names, default=1)
    layout = theme.layout(
        xaxis={
            "range": [0, count],
            "tickvals": [n - 0.5 for n in names],
            "ticktext": [names[n] for n in names],
            "side": "top",
            "tickangle": 0,
            "showgrid": False,
        },
        yaxis={"autorange": "reversed", "showgrid": False, "showticklabels": False, "showline": False},
        barmode="overlay",
        height=height(len(rows)),
        shapes=[
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": n,
                "x1": n,
                "y0": 0,
                "y1": 1,
                "line": {"color": colours.faint, "width": 1},
                "layer": "below",
            }
            for n in names
        ]
        + [
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": now,
                "x1": now,
                "y0": 0,
                "y1": 1,
                "line": {"color": colours.ink, "width": 1, "dash": "dot"},
            }
        ],
        annotations=[
            # Above their bars, names leave these the whole width, on a phone too.
            *(
                {
                    "x": 0,
                    "xref": "paper",
                    "xanchor": "left",
                    "y": row,
                    "yanchor": "bottom",
                    "yshift": 7,
                    "text": row,
                    "showarrow": False,
                    "font": {"size": 12, "color": colours.ink},
                }
                for row in rows
            ),
            {
                "x": now,
                "y": 0,
                "yref": "paper",
                "yanchor": "top",
                "text": words,
                "showarrow": False,
                "font": {"size": 11, "color": colours.muted},
            },
        ],
        margin={"l": 8, "r": 8, "t": 26, "b": 22},
    )
    return {"data": data, "layout": layout}

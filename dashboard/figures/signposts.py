"""Signposts on the line of time: when each was met, or would be at the present pace, and by when it is due."""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.i18n import _, separators

ROW = 56
"""Height of a row with its name, in pixels."""

SYMBOLS = {
    "signpost_met": ("circle", "accent"),
    "signpost_approaching": ("triangle-right", "accent"),
    "signpost_away": ("square", "muted"),
    "signpost_not_met": ("x", "muted"),
    "signpost_open": ("circle-open", "muted"),
    "signpost_no_data": ("circle-open", "neutral"),
}
"""Mark and colour of a state; marks without a year stand at today. What is met is neither good nor bad: it tells."""

NAME = 42
"""Letters of a name that have room on a phone."""

YEARS_BACK, YEARS_AHEAD = 3, 16
"""How far the line reaches before and after today, at most; what lies beyond stands at its end."""


def height(rows: int) -> int:
    """Height of a figure with this many rows, in pixels."""
    return 64 + ROW * max(rows, 1)


def timeline(rows: pd.DataFrame, now: int) -> dict[str, Any]:
    """One row a signpost, first on top.

    Args:
        rows: [label, said (words at the right), state, year (met, or met at the present pace; NaN: none), due (NaN:
            none), hover].
        now: this year.
    """
    if rows.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    at, due = rows["year"].astype(float), rows["due"].astype(float)
    latest = max([now + 2, *(value for value in (*at, *due) if value == value)])
    first, last = now - YEARS_BACK, int(min(latest, now + YEARS_AHEAD))
    place = list(range(len(rows)))
    shown = [now if value != value else min(max(value, first), last) for value in at]
    spans_x: list[float | None] = []
    spans_y: list[float | None] = []
    for row, (one, end) in enumerate(zip(at, due, strict=True)):
        if one == one and end == end:
            spans_x += [min(max(one, first), last), min(max(end, first), last), None]
            spans_y += [row, row, None]
    symbols = [SYMBOLS.get(state, SYMBOLS["signpost_no_data"]) for state in rows["state"]]
    tones = [getattr(colours, tone) for _symbol, tone in symbols]
    notes = [
        note
        for row, (label, said, tone) in enumerate(zip(rows["label"], rows["said"], tones, strict=True))
        for note in _names(row, str(label), str(said), tone)
    ]
    today = {
        "x": now,
        "y": 1,
        "yref": "paper",
        "text": _("today"),
        "showarrow": False,
        "yanchor": "bottom",
        "font": {"size": 12, "color": colours.muted},
    }
    known = [row for row in place if due.iloc[row] == due.iloc[row]]
    hover = {"customdata": rows["hover"].tolist(), "hovertemplate": "%{customdata}<extra></extra>"}
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [first, last, None] * len(rows),
                "y": [y for row in place for y in (row, row, None)],
                "line": {"color": colours.faint, "width": 2},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": spans_x,
                "y": spans_y,
                "line": {"color": colours.neutral, "width": 2},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": [min(max(due.iloc[row], first), last) for row in known],
                "y": known,
                "marker": {"symbol": "line-ns", "size": 16, "line": {"color": colours.ink, "width": 2.5}, "opacity": 1},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": shown,
                "y": place,
                "marker": {
                    "symbol": [symbol for symbol, _tone in symbols],
                    "size": 13,
                    "color": tones,
                    "line": {"color": tones, "width": 1.75},
                    "opacity": 1,
                },
                "cliponaxis": False,
                **hover,
            },
        ],
        "layout": theme.layout(
            margin={"l": 10, "r": 10, "t": 20, "b": 40, "pad": 0},
            separators=separators(),
            xaxis={
                "range": [first - 0.4, last + 0.4],
                "showgrid": False,
                "zeroline": False,
                "tickformat": "d",
                "dtick": 2 if last - first <= 12 else 4,
                "tick0": now,
                "title": {"text": _("│ due year"), "font": {"size": 12, "color": colours.muted}},
            },
            yaxis={"range": [len(rows) - 0.5, -0.75], "visible": False},
            shapes=[
                {
                    "type": "line",
                    "x0": now,
                    "x1": now,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": colours.muted, "width": 1, "dash": "dot"},
                    "layer": "below",
                }
            ],
            annotations=[*notes, today],
        ),
    }


def _names(row: int, label: str, said: str, tone: str) -> list[dict[str, Any]]:
    """Name above a row's line, where it stands below it: beside one another they have no room on a phone."""
    short = label if len(label) <= NAME else label[: NAME - 1].rstrip() + "…"
    shared = {"y": row, "yref": "y", "xref": "paper", "showarrow": False}
    colours = theme.palette()
    above = {"x": 0, "xanchor": "left", "yanchor": "bottom", "yshift": 6, "font": {"size": 13, "color": colours.ink}}
    below = {"x": 1, "xanchor": "right", "yanchor": "top", "yshift": -6, "font": {"size": 12, "color": tone}}
    return [{**shared, **above, "text": escape(short)}, {**shared, **below, "text": escape(said) or " "}]

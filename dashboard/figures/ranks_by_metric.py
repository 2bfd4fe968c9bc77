"""Places of measures by each metric of robustness: a number and a tone in each cell, the chosen metric framed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.maps import ink_on
from dashboard.figures.positions import clipped
from dashboard.figures.ranges import escape
from dashboard.figures.treemap import shade
from dashboard.i18n import DASH, number

ROW = 50
"""Height of a row with its name, in pixels."""

HEAD = 92
"""Height of the slanted names of metrics, in pixels."""

TOP, BOTTOM = 0.42, 0.97
"""Where the cells of a row begin and end, as shares of its height."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return HEAD + ROW * max(rows, 1) + 4


def fill(place: float, count: int) -> str:
    """Colour of a place among ``count``: the first stands out most."""
    colours = theme.palette()
    if place != place:
        return colours.missing
    steps = (colours.raised, colours.accent_soft, colours.accent)
    return shade(1 - 2 * (place - 1) / max(count - 1, 1), steps, 1.0)


def places(
    ranks: pd.DataFrame, rows: Sequence[Mapping[str, str]], columns: Mapping[str, str], chosen: str
) -> dict[str, Any]:
    """The table of places as a picture.

    Args:
        ranks: measures x metrics, 1 is best, ties share the better place, NaN without a place.
        rows: in order: [code, label, note (at the right end: from which to which place)].
        columns: name of each metric by code, in order.
        chosen: the metric whose column is framed.
    """
    if ranks.empty:
        return {"data": [], "layout": theme.layout(height=height(len(rows)))}
    colours = theme.palette()
    count = len(ranks)
    shapes, notes, centres = [], [], []
    for place, row in enumerate(rows):
        line = {"xref": "paper", "y": place + TOP, "yanchor": "bottom", "yshift": 1, "showarrow": False}
        name, note = escape(clipped(row["label"], 42)), escape(row["note"])
        notes.append(line | {"x": 0, "xanchor": "left", "text": name, "font": {"color": colours.ink, "size": 13}})
        right = {"x": 1, "xanchor": "right", "text": note, "bgcolor": colours.surface, "borderpad": 0}
        notes.append(line | right | {"font": {"color": colours.muted, "size": 12}})
        for column, metric in enumerate(columns):
            value = float(ranks.loc[row["code"], metric])
            tone = fill(value, count)
            edges = {"x0": column + 0.02, "x1": column + 0.98, "y0": place + TOP, "y1": place + BOTTOM}
            look = {"fillcolor": tone, "line": {"width": 1, "color": colours.line}, "layer": "below"}
            shapes.append({"type": "rect", **edges, **look})
            written = number(value) if value == value else DASH
            ink = ink_on(tone) if value == value else colours.muted
            notes.append(
                {
                    "x": column + 0.5,
                    "y": place + (TOP + BOTTOM) / 2,
                    "text": f"<b>{written}</b>" if value == 1 else written,
                    "showarrow": False,
                    "font": {"size": 13, "color": ink},
                }
            )
            centres.append((column, place, f"<b>{name}</b><br>{escape(columns[metric])}: {written}", row["code"]))
    for column, (metric, name) in enumerate(columns.items()):
        notes.append(
            {
                "x": column + 0.5,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "xanchor": "left",
                "xshift": -8,
                "textangle": -42,
                "text": f"<b>{escape(name)}</b>" if metric == chosen else escape(name),
                "showarrow": False,
                "font": {"size": 12, "color": colours.ink if metric == chosen else colours.muted},
            }
        )
    if chosen in columns:
        at = list(columns).index(chosen)
        frame = {"type": "rect", "x0": at, "x1": at + 1, "y0": 0.02, "y1": len(rows)}
        shapes.append(frame | {"line": {"width": 2, "color": colours.accent}, "layer": "above"})
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": [column + 0.5 for column, _row, _words, _code in centres],
        "y": [row + (TOP + BOTTOM) / 2 for _column, row, _words, _code in centres],
        "marker": {"size": 24, "opacity": 0},
        "customdata": [[code, words] for _column, _row, words, code in centres],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    return {
        "data": [points],
        "layout": theme.layout(
            shapes=shapes,
            annotations=notes,
            margin={"l": 2, "r": 44, "t": HEAD, "b": 2, "pad": 0},
            xaxis={"visible": False, "range": [0, len(columns)]},
            yaxis={"visible": False, "range": [len(rows), 0]},
        ),
    }

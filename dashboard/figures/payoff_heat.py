"""Pay-offs of measures in scenarios: each cell has tone, sign and number, and under it how far the judges differ.

A row carries its name and its mark above its cells, so that the figure reads the same on a phone and on a wall.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.maps import ink_on
from dashboard.figures.positions import clipped
from dashboard.figures.ranges import escape
from dashboard.figures.treemap import shade

ROW = 58
"""Height of a row with its name, in pixels."""

LINE = 15
"""Height of a line of a scenario's name, in pixels."""

FULL = 2.0
"""Pay-off that has the full colour."""

TOP, BOTTOM = 0.36, 0.96
"""Where the cells of a row begin and end, as shares of its height."""

NAME = 13
"""Letters of a scenario's name in a line."""

GAP = 0.012
"""Between two cells, as a share of a cell."""

SIGNS = ("▼", "●", "▲")
"""Below zero, at zero, above: the same as the tone, for those who do not see it."""


def head(columns: Sequence[str]) -> int:
    """Height of the names of the scenarios, in pixels."""
    return 10 + LINE * max((len(header(name)) for name in columns), default=1)


def height(rows: int, columns: Sequence[str]) -> int:
    """Height of a figure of rows under these names, in pixels."""
    return head(columns) + ROW * max(rows, 1) + 4


def sign(value: float) -> str:
    """Shape of a pay-off."""
    return SIGNS[1] if abs(value) < 1e-9 else SIGNS[2] if value > 0 else SIGNS[0]


def fill(value: float) -> str:
    """Colour of a pay-off; of a missing one the colour of what is missing."""
    colours = theme.palette()
    return colours.missing if value != value else shade(float(value), colours.diverging, FULL)


def heat(cells: pd.DataFrame, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> dict[str, Any]:
    """The table as a picture.

    Args:
        cells: [row, column (numbers from 0), value (NaN: missing), text, detail (a second, smaller line), key, hover];
            a click gives ``key``.
        rows: from top to bottom: [label, mark (shape and word), tone (``good``, ``bad``, ``watch`` or ``neutral``)].
        columns: names of the scenarios, with their signs.
    """
    if not len(cells):
        return {"data": [], "layout": theme.layout(height=height(len(rows), columns))}
    colours = theme.palette()
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for cell in cells.to_dict("records"):
        top, left, value = int(cell["row"]), int(cell["column"]), float(cell["value"])
        tone = fill(value)
        shapes.append(
            {
                "type": "rect",
                "x0": left + GAP,
                "x1": left + 1 - GAP,
                "y0": top + TOP,
                "y1": top + BOTTOM,
                "fillcolor": tone,
                # Near the middle of the scale a cell is hardly darker than the page: its edge shows where it ends.
                "line": {"width": 1, "color": colours.line},
                "layer": "below",
            }
        )
        ink = colours.muted if value != value else ink_on(tone)
        words = f"<b>{escape(cell['text'])}</b>" + (
            f"<br><span style='font-size:11px'>{escape(cell['detail'])}</span>" if cell["detail"] else ""
        )
        notes.append(
            {
                "x": left + 0.5,
                "y": top + (TOP + BOTTOM) / 2,
                "text": words,
                "showarrow": False,
                "font": {"size": 13, "color": ink},
            }
        )
    tones = {"good": colours.good, "bad": colours.bad, "watch": colours.watch, "neutral": colours.muted}
    for place, row in enumerate(rows):
        line = {"xref": "paper", "y": place + TOP, "yanchor": "bottom", "yshift": 1, "showarrow": False}
        name, mark = escape(clipped(str(row["label"]), 42)), escape(str(row["mark"]))
        font = {"color": colours.ink, "size": 13}
        notes.append(line | {"x": 0, "xanchor": "left", "text": name, "font": font})
        notes.append(
            line
            | {"x": 1, "xanchor": "right", "text": f"<b>{mark}</b>", "font": {"color": tones[row["tone"]], "size": 12}}
            | {"bgcolor": colours.surface, "borderpad": 0}  # a long name on a narrow screen ends under it
        )
    for place, scenario in enumerate(columns):
        notes.append(
            {
                "x": place + 0.5,
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "text": "<br>".join(escape(part) for part in header(scenario)),
                "showarrow": False,
                "font": {"size": 12, "color": colours.ink},
            }
        )
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": (cells["column"] + 0.5).tolist(),
        "y": (cells["row"] + (TOP + BOTTOM) / 2).tolist(),
        "marker": {"size": 34, "opacity": 0},
        "customdata": [[key, words] for key, words in zip(cells["key"], cells["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    return {
        "data": [points],
        "layout": theme.layout(
            shapes=shapes,
            annotations=notes,
            margin={"l": 2, "r": 2, "t": head(columns), "b": 2, "pad": 0},
            xaxis={"visible": False, "range": [0, len(columns)]},
            yaxis={"visible": False, "range": [len(rows), 0]},
        ),
    }


def header(name: str) -> list[str]:
    """A scenario's name in at most three short lines."""
    lines = wrap(name, NAME, break_long_words=True) or [""]
    return lines if len(lines) <= 3 else [*lines[:2], clipped(" ".join(lines[2:]), NAME)]

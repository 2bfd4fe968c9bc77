"""Participation in chains as mirrored bars: what comes in on the left, what goes out on the right."""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import row_name
from dashboard.figures.ranges import escape
from dashboard.i18n import number, separators

ROW = 44
"""Height of a row with its label, in pixels."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 52 + ROW * max(rows, 1)


def mirror(frame: pd.DataFrame, left: str, right: str, decimals: int = 1, suffix: str = "%") -> dict[str, Any]:
    """Two shares of each row, back to back.

    Args:
        frame: in the order of the rows: [key, label, left, right, strong (drawn in the accent colours), hover].
        left, right: what the two sides measure.
        decimals, suffix: of the numbers at the ends of the bars.
    """
    colours = theme.palette()
    rows = list(range(len(frame)))
    reach = float(frame[["left", "right"]].max().max()) if len(frame) else 1.0
    reach = reach * 1.3 if reach > 0 else 1.0
    data = []
    for column, sign, strong, weak in (
        ("left", -1, colours.series[1], colours.peers),
        ("right", 1, colours.accent, colours.peers),
    ):
        values = frame[column].astype(float)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": [None if value != value else sign * value for value in values],
                "y": rows,
                "width": 0.36,
                "marker": {"color": [strong if mine else weak for mine in frame["strong"]]},
                "text": ["" if value != value else number(value, decimals) + suffix for value in values],
                "textposition": "outside",
                "textfont": {"size": 12, "color": colours.ink},
                "cliponaxis": False,
                "customdata": [[key, text] for key, text in zip(frame["key"], frame["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
            }
        )
    heads = [
        {
            "x": x,
            "xref": "paper",
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "xanchor": anchor,
            "text": text,
            "showarrow": False,
            "font": {"size": 12, "color": colours.muted},
        }
        for x, anchor, text in ((0, "left", "◀ " + escape(left)), (1, "right", escape(right) + " ▶"))
    ]
    labels = [
        row_name(row, str(label), bool(strong), shift=8)
        for row, (label, strong) in enumerate(zip(frame["label"], frame["strong"], strict=True))
    ]
    return {
        "data": data if rows else [],
        "layout": theme.layout(
            separators=separators(),
            barmode="overlay",
            annotations=heads + labels,
            margin={"l": 12, "r": 12, "t": 28, "b": 4, "pad": 0},
            xaxis={"visible": False, "range": [-reach, reach]},
            yaxis={"visible": False, "range": [max(len(rows), 1) - 0.6, -0.9]},
            shapes=[
                {
                    "type": "line",
                    "x0": 0,
                    "x1": 0,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": colours.ink, "width": 1},
                }
            ],
        ),
    }

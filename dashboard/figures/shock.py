"""The trace of a shock: bars by industry or country, and round after round."""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import row_name, title
from dashboard.i18n import number, separators, signed

ROW = 42
"""Height of a row with its label, in pixels."""


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 24 + ROW * max(rows, 1)


def bars(frame: pd.DataFrame, decimals: int = 1, suffix: str = "", plus: bool = True) -> dict[str, Any]:
    """One number of each row, as a bar from zero.

    Args:
        frame: in the order of the rows: [key, label, value, strong (the hit or chosen one), hover].
        decimals, suffix: of the numbers at the ends of the bars.
        plus: whether the numbers are changes, which show their sign.
    """
    colours = theme.palette()
    values = frame["value"].astype(float)
    low, high = (min(0.0, float(values.min())), max(0.0, float(values.max()))) if len(frame) else (0.0, 1.0)
    room = (high - low) * 0.22 or 1.0
    write = signed if plus else number
    falls, rises = colours.series[1], colours.accent
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": values.tolist(),
            "y": list(range(len(frame))),
            "width": 0.36,
            "marker": {
                "color": [falls if value < 0 else rises for value in values],
                "opacity": [1.0 if strong else 0.75 for strong in frame["strong"]],
            },
            "text": [write(value, decimals) + suffix for value in values],
            "textposition": "outside",
            "textfont": {"size": 12, "color": colours.ink},
            "cliponaxis": False,
            "customdata": [[key, text] for key, text in zip(frame["key"], frame["hover"], strict=True)],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
    ]
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1}
    return {
        "data": data if len(frame) else [],
        "layout": theme.layout(
            separators=separators(),
            annotations=[
                row_name(row, str(label), bool(strong), shift=8)
                for row, (label, strong) in enumerate(zip(frame["label"], frame["strong"], strict=True))
            ],
            margin={"l": 12, "r": 12, "t": 4, "b": 4, "pad": 0},
            shapes=[zero | {"line": {"color": colours.ink, "width": 1}}],
            xaxis={"visible": False, "range": [low - (room if low < 0 else 0), high + (room if high > 0 else 0)]},
            yaxis={"visible": False, "range": [max(len(frame), 1) - 0.6, -0.9]},
        ),
    }


def rounds(frame: pd.DataFrame, y_title: str, x_title: str) -> dict[str, Any]:
    """Output changed in each round, as bars, and the sum so far, as a stepped line.

    Args:
        frame: from round 0 on: [label (of the round), value, total, hover].
        y_title, x_title: what the axes measure.
    """
    colours = theme.palette()
    data = [
        {
            "type": "bar",
            "x": frame["label"].tolist(),
            "y": frame["value"].tolist(),
            "marker": {"color": colours.peers},
            "customdata": frame["hover"].tolist(),
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": frame["label"].tolist(),
            "y": frame["total"].tolist(),
            "line": {"color": colours.accent, "width": 2.5, "shape": "hvh"},
            "marker": {"size": 6, "color": colours.accent},
            "hoverinfo": "skip",
        },
    ]
    return {
        "data": data if len(frame) else [],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 14, "b": 8, "pad": 2},
            bargap=0.45,
            xaxis={"title": title(x_title), "type": "category", "zeroline": False, "showgrid": False},
            yaxis={
                "title": title(y_title),
                "zeroline": True,
                "nticks": 6,
                "exponentformat": "none",
                "separatethousands": True,
            },
        ),
    }

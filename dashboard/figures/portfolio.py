"""What a budget buys: the best set of measures at each budget, and what two ways to choose pay in each future."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import clipped, legend, row_name, title
from dashboard.figures.ranges import escape
from dashboard.i18n import separators

ROW = 40
"""Height of a row with its name, in pixels."""

CURVE = 150
"""Height of the curve above the rows, in pixels."""


def height(rows: int) -> int:
    """Height of the figure of budgets, in pixels."""
    return CURVE + 84 + ROW * max(rows, 1)


def budgets(curve: pd.DataFrame, rows: Sequence[Mapping[str, str]], y_title: str, x_title: str) -> dict[str, Any]:
    """What a portfolio pays by budget, on average and from the worst to the best future, and which measures it holds.

    Args:
        curve: by rising budget: [budget, mean, least, most, measures (tuple of codes), chosen (bool), hover]; what
            holds at a budget holds until the next.
        rows: the measures: [code, label], in order.
        y_title, x_title: what the axes measure.
    """
    if curve.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    money = curve["budget"].astype(float).tolist()
    now = curve[curve["chosen"]].iloc[:1]
    last = money[-1] if len(money) > 1 else money[0] + 1
    edge = {"type": "scatter", "mode": "lines", "x": money, "hoverinfo": "skip"}
    none = {"width": 0, "shape": "hv"}
    data: list[dict[str, Any]] = [
        edge | {"y": curve["least"].tolist(), "line": none},
        edge | {"y": curve["most"].tolist(), "line": none, "fill": "tonexty", "fillcolor": colours.accent_soft},
        {
            "type": "scatter",
            "mode": "lines",
            "x": money,
            "y": curve["mean"].tolist(),
            "line": {"color": colours.accent, "width": 2.5, "shape": "hv"},
            "customdata": curve["hover"].tolist(),
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": now["budget"].tolist(),
            "y": now["mean"].tolist(),
            "marker": {"size": 12, "color": colours.surface, "line": {"width": 3, "color": colours.accent}},
            "cliponaxis": False,
            "customdata": now["hover"].tolist(),
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    ]
    shapes = [
        {
            "type": "line",
            "x0": float(at),
            "x1": float(at),
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": colours.accent, "width": 1, "dash": "dot"},
        }
        for at in now["budget"]
    ]
    notes = []
    chosen = set(now["measures"].iloc[0]) if len(now) else set()
    for place, row in enumerate(rows):
        notes.append(row_name(place, row["label"], row["code"] in chosen, shift=8) | {"yref": "y2"})
        held = [row["code"] in measures for measures in curve["measures"]]
        for start, end in _stretches(held):
            x1 = money[end] if end < len(money) else last
            shapes.append(
                {
                    "type": "rect",
                    "yref": "y2",
                    "x0": money[start],
                    # The last budget has no next one: a sliver shows that the measure joins there.
                    "x1": x1 if x1 > money[start] else money[start] + (last - money[0]) * 0.006,
                    "y0": place - 0.16,
                    "y1": place + 0.16,
                    "fillcolor": colours.accent if row["code"] in chosen else colours.peers,
                    "line": {"width": 0},
                }
            )
    total = CURVE + ROW * max(len(rows), 1)
    share = ROW * max(len(rows), 1) / total
    return {
        "data": [*data, _hidden_anchor()],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 16, "t": 12, "b": 8, "pad": 2},
            shapes=shapes,
            annotations=notes,
            xaxis={
                "title": title(x_title),
                "range": [0, last * 1.02],
                "zeroline": False,
                "nticks": 6,
                "anchor": "y2",
                "separatethousands": True,
                "exponentformat": "none",
            },
            yaxis={
                "title": title(y_title),
                "domain": [share + 0.06, 1],
                "zeroline": True,
                "zerolinecolor": colours.neutral,
                "nticks": 4,
            },
            yaxis2={"visible": False, "domain": [0, share], "range": [max(len(rows), 1) - 0.5, -0.9]},
        ),
    }


def _hidden_anchor() -> dict[str, Any]:
    # An axis without a trace is not drawn, and the rows are shapes.
    return {"type": "scatter", "x": [0], "y": [0], "yaxis": "y2", "mode": "markers", "marker": {"opacity": 0},
            "hoverinfo": "skip"}  # fmt: skip


def _stretches(held: Sequence[bool]) -> list[tuple[int, int]]:
    """Where runs of true values begin and end (the place after the last)."""
    out, start = [], None
    for place, yes in enumerate([*held, False]):
        if yes and start is None:
            start = place
        elif not yes and start is not None:
            out.append((start, place))
            start = None
    return out


def futures_height(rows: int) -> int:
    """Height of the figure of futures, in pixels."""
    return 100 + 54 * max(rows, 1)


def futures(frame: pd.DataFrame, names: tuple[str, str, str], x_title: str) -> dict[str, Any]:
    """Pay-off of two portfolios in each future, beside the best that the budget could have bought there.

    Args:
        frame: in the order of the rows: [label, best, first, second, hover].
        names: of the best and of the two portfolios.
        x_title: what the axis measures.
    """
    if frame.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    rows = list(range(len(frame)))
    lows = frame[["first", "second"]].min(axis=1)
    lines = {
        "type": "scatter",
        "mode": "lines",
        "x": [x for low, high in zip(lows, frame["best"], strict=True) for x in (low, high, None)],
        "y": [y for row in rows for y in (row, row, None)],
        "line": {"color": colours.peers, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    # The two portfolios stand apart, for where they pay the same one would cover the other.
    looks = (
        ("best", "line-ns", colours.ink, 18, 3, 0.0),
        ("first", "circle", colours.accent, 12, 1, -0.11),
        ("second", "diamond", colours.series[1], 12, 1, 0.11),
    )
    marks = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": escape(name),
            "x": frame[column].tolist(),
            "y": [row + aside for row in rows],
            "marker": {
                "size": size,
                "symbol": symbol,
                "color": colour,
                "line": {"width": width, "color": colour if symbol == "line-ns" else colours.surface},
            },
            "cliponaxis": False,
            "customdata": frame["hover"].tolist(),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
        for name, (column, symbol, colour, size, width, aside) in zip(names, looks, strict=True)
    ]
    values = pd.concat([frame["best"], frame["first"], frame["second"]]).astype(float)
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = (high - low) * 0.05 or 1.0
    return {
        "data": [lines, *marks],
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend(),
            margin={"l": 8, "r": 12, "t": 56, "b": 8, "pad": 0},
            annotations=[
                row_name(row, clipped(str(label), 40), shift=12)
                for row, label in zip(rows, frame["label"], strict=True)
            ],
            xaxis={
                "title": title(x_title),
                "range": [low - room, high + room],
                "zeroline": True,
                "zerolinecolor": colours.neutral,
                "nticks": 7,
            },
            yaxis={"visible": False, "range": [len(rows) - 0.5, -0.9]},
        ),
    }

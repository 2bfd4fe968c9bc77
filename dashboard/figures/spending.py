"""Money over periods, with the lag of control in sight; and bars that compare like with like."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.i18n import number, separators

HEIGHT = 400
ROW = 30


def curve(
    table: pd.DataFrame,
    names: Mapping[int, str],
    words: Mapping[str, str],
    covered: int,
    closed: int,
    forecast: tuple[float, float, float] | None,
    *,
    from_zero: bool = True,
) -> dict[str, Any]:
    """Cumulative plan, declared and certified money; the band in which control is still at work is grey.

    Args:
        table: [period, plan, declared, certified], in millions, NaN where not known.
        names: of the periods.
        words: ``plan``, ``declared``, ``certified``, ``lag``, ``forecast``.
        covered, closed: last period with complete control, and last closed one.
        forecast: low, central and high at the end if the pace continues, in millions; None for none.
        from_zero: whether the lines are sums that begin with nothing.

    Returns:
        A figure; empty axes without a plan.
    """
    colours = theme.palette()
    if table.empty or not table["plan"].any():
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False}, height=HEIGHT)}
    periods = table["period"].tolist()
    styles: dict[str, dict[str, Any]] = {
        "plan": {"color": colours.muted, "dash": "dash", "width": 2},
        "declared": {"color": colours.series[1], "width": 2},
        "certified": {"color": colours.accent, "width": 3},
    }
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for name, line in styles.items():
        known = table[table[name].notna()]
        if known.empty:
            continue
        x, y = known["period"].tolist(), known[name].tolist()
        if from_zero:
            x, y = [0, *x], [0.0, *y]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": x,
                "y": y,
                "line": line,
                "marker": {"size": [0] * from_zero + [7] * len(known), "color": line["color"]},
                "customdata": [[words[name], number(value, 2)] for value in y],
                "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra></extra>",
            }
        )
        notes.append(_label(x[-1], y[-1], f"{words[name]} {number(y[-1], 2)}", line["color"], name))
    shapes = []
    if covered < closed:
        shapes.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": covered,
                "x1": closed,
                "y0": 0,
                "y1": 1,
                "fillcolor": colours.faint,
                "line": {"width": 0},
                "layer": "below",
            }
        )
        notes.append(
            {
                "x": (covered + closed) / 2,
                "y": 1,
                "yref": "paper",
                "text": words["lag"],
                "showarrow": False,
                "yanchor": "top",
                "font": {"size": 11, "color": colours.muted},
            }
        )
    if forecast is not None:
        low, central, high = forecast
        start = float(table.loc[table["period"] == covered, "certified"].iloc[0])
        traces.append(_fan(covered, periods[-1], start, low, high, colours.accent_soft))
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [covered, periods[-1]],
                "y": [start, central],
                "line": {"color": colours.accent, "width": 1.5, "dash": "dot"},
                "hoverinfo": "skip",
            }
        )
        notes.append(_label(periods[-1], central, words["forecast"], colours.accent, "forecast"))
    layout = theme.layout(
        xaxis={
            "tickvals": [0, *periods],
            "ticktext": ["", *(names[p] for p in periods)],
            "range": [-0.05, periods[-1] + 0.05],
            "tickangle": 0,
            "showgrid": False,
        },
        yaxis={"rangemode": "tozero"},
        shapes=shapes,
        annotations=notes,
        separators=separators(),
        height=HEIGHT,
        margin={"l": 8, "r": 118, "t": 20, "b": 28},
    )
    return {"data": traces, "layout": layout}


def _fan(x0: float, x1: float, start: float, low: float, high: float, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x0, x1, x1, x0],
        "y": [start, high, low, start],
        "fill": "toself",
        "fillcolor": colour,
        "opacity": 0.5,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


SHIFTS = {"plan": 10, "declared": -8, "certified": -16, "forecast": -14}
"""Pixels by which labels at the ends of lines keep out of one another's way."""


def _label(x: float, y: float, words: str, colour: str, name: str) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": words,
        "xanchor": "left",
        "xshift": 10,
        "yshift": SHIFTS[name],
        "showarrow": False,
        "font": {"size": 12, "color": colour},
    }


def bars(rows: Sequence[Mapping[str, Any]], words: tuple[str, str]) -> dict[str, Any]:
    """Share of the plan that was certified (full) and declared (outlined), each with its number.

    Args:
        rows: [name, certified (% of the plan of the same periods, NaN unknown), declared (%), status], top to bottom.
        words: what the two are called.
    """
    colours = theme.palette()
    if not rows:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    tones = {"on_track": colours.good, "watch": colours.watch, "off_track": colours.bad}
    names = [str(row["name"]) for row in rows]
    certified = [row["certified"] for row in rows]
    declared = [row["declared"] for row in rows]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": certified,
            "marker": {"color": [tones.get(str(row["status"]), colours.neutral) for row in rows]},
            "text": [number(value, 1) + "%" if value == value else "" for value in certified],
            "textposition": "inside",
            "insidetextanchor": "start",
            "textfont": {"color": colours.surface},
            "width": 0.62,
            "hovertemplate": "%{y}: %{x:.1f}%<extra>" + words[0] + "</extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "y": names,
            "x": declared,
            "marker": {"symbol": "line-ns", "size": 15, "line": {"width": 2.5, "color": colours.ink}},
            "hovertemplate": "%{y}: %{x:.1f}%<extra>" + words[1] + "</extra>",
        },
    ]
    layout = theme.layout(
        xaxis={"range": [0, 118], "ticksuffix": "%", "tickvals": [0, 50, 100], "tickangle": 0},
        yaxis={"autorange": "reversed", "showgrid": False},
        separators=separators(),
        height=height(len(rows)),
        shapes=[
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": 100,
                "x1": 100,
                "y0": 0,
                "y1": 1,
                "line": {"color": colours.muted, "width": 1},
            }
        ],
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
    )
    return {"data": traces, "layout": layout}


def height(count: int) -> int:
    """Pixels that so many bars need."""
    return 48 + ROW * max(count, 1)

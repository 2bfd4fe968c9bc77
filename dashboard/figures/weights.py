"""How the figures speak for scenarios: weights beside the prior, distances from pathways, weights over time, and how
often weights of a kind are right.

Rows carry their own label above their track, so that the figures read the same on a phone and on a wall. Scenarios
differ by colour, sign and mark as everywhere (``fans.Look``).
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures import trends
from dashboard.figures.fans import Look, rgba
from dashboard.figures.ranges import escape
from dashboard.i18n import _, number, percent, separators

ROW = 60
"""Height of a row with its label, in pixels."""

BAND = 1.0
"""Departures of up to this many expected errors are nothing out of the ordinary."""

REACH = 4.5
"""Departures beyond this are drawn at the edge, with their number."""


def height(rows: int) -> int:
    """Height of a figure with this many rows, in pixels."""
    return 44 + ROW * max(rows, 1)


def _empty() -> dict[str, Any]:
    return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}


def _label(row: int, left: str, right: str, colour: str) -> list[dict[str, Any]]:
    """Name on the left and words on the right, above a row's track."""
    shared = {"y": row, "yref": "y", "xref": "paper", "yshift": 10, "yanchor": "bottom", "showarrow": False}
    sides = ((0, "left", left, colour), (1, "right", right, theme.palette().ink))
    return [
        {**shared, "x": x, "xanchor": side, "align": side, "text": text or " ", "font": {"size": 13, "color": tone}}
        for x, side, text, tone in sides
    ]


def bars(rows: pd.DataFrame, looks: Sequence[Look], words: Mapping[str, str], prior: str) -> dict[str, Any]:
    """A bar for the weight of each scenario, and a mark where it began.

    Args:
        rows: [scenario, prior, weight (shares; NaN: not told)].
        looks: scenarios from top to bottom.
        words: what is said of each, at the right of its name.
        prior: what the mark of the beginning is called.

    Returns:
        A figure of ``height(len(looks))``.
    """
    if rows.empty:
        return _empty()
    colours = theme.palette()
    by_code = rows.set_index("scenario")
    present = [one for one in looks if one.code in by_code.index]
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for row, one in enumerate(present):
        weight, first = float(by_code.loc[one.code, "weight"]), float(by_code.loc[one.code, "prior"])
        hover = f"<b>{one.sign} {escape(one.name)}</b><br>{prior}: {percent(first)}"
        notes += _label(row, f"{one.sign} <b>{escape(one.name)}</b>", escape(words.get(one.code, "")), one.colour)
        track = {"type": "scatter", "mode": "lines", "x": [0, 1], "y": [row, row], "hoverinfo": "skip"}
        traces.append({**track, "line": {"color": colours.faint, "width": 14}})
        if weight == weight:
            hover += f"<br>{_('weight')}: {percent(weight)}"
            traces.append({**track, "x": [0, weight], "line": {"color": one.colour, "width": 14}})
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [first],
                "y": [row],
                "marker": {
                    "symbol": "line-ns",
                    "size": 22,
                    "color": colours.ink,
                    "line": {"color": colours.ink, "width": 2.5},
                    "opacity": 1,
                },
                "customdata": [hover],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    first = float(by_code.loc[present[0].code, "prior"]) if present else 0.0
    notes.append(
        {
            "x": first,
            "y": len(present) - 0.62,
            "text": prior,
            "showarrow": False,
            "xanchor": "center",
            "yanchor": "top",
            "font": {"size": 12, "color": colours.muted},
        }
    )
    return {
        "data": traces,
        "layout": theme.layout(
            margin={"l": 4, "r": 4, "t": 6, "b": 26, "pad": 0},
            separators=separators(),
            xaxis={"range": [-0.005, 1.005], "visible": False},
            yaxis={"range": [len(present) - 0.5, -0.75], "visible": False},
            annotations=notes,
        ),
    }


def distances(rows: pd.DataFrame, looks: Sequence[Look], words: Mapping[str, str], limit: float) -> dict[str, Any]:
    """How far the figures lie from each pathway, on average.

    Args:
        rows: [scenario, mean_abs_z].
        looks: scenarios from top to bottom.
        words: what is said of each, at the right of its name.
        limit: distance beyond which a pathway does not fit.
    """
    if rows.empty or rows["mean_abs_z"].isna().all():
        return _empty()
    colours = theme.palette()
    by_code = rows.set_index("scenario")["mean_abs_z"].astype(float)
    present = [one for one in looks if one.code in by_code.index]
    reach = max(limit * 1.3, float(by_code.max()) * 1.08)
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for row, one in enumerate(present):
        far = float(by_code[one.code])
        notes += _label(row, f"{one.sign} <b>{escape(one.name)}</b>", escape(words.get(one.code, "")), one.colour)
        line = {"type": "scatter", "mode": "lines", "y": [row, row], "hoverinfo": "skip"}
        traces.append({**line, "x": [0, reach], "line": {"color": colours.faint, "width": 2}})
        traces.append({**line, "x": [0, far], "line": {"color": one.colour, "width": 4}})
        edge = {"symbol": "line-ns", "size": 14, "line": {"color": colours.muted, "width": 2}, "opacity": 1}
        traces.append({**line, "mode": "markers", "x": [limit], "y": [row], "marker": edge})
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [far],
                "y": [row],
                "marker": {"symbol": one.marker, "size": 13, "color": one.colour, "opacity": 1},
                "customdata": [f"<b>{one.sign} {escape(one.name)}</b><br>{number(far, 2)}"],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    mark = {"yref": "paper", "showarrow": False, "yanchor": "top", "font": {"size": 12, "color": colours.muted}}
    notes += [
        {**mark, "x": 0, "y": 0, "xanchor": "left", "text": _("on the pathway")},
        {
            **mark,
            "x": limit,
            "y": 0,
            "xanchor": "center",
            "text": _("{limit}: beyond, it does not fit").format(limit=number(limit)),
        },
    ]
    return {
        "data": traces,
        "layout": theme.layout(
            margin={"l": 6, "r": 6, "t": 6, "b": 26, "pad": 0},
            separators=separators(),
            xaxis={"range": [-reach * 0.01, reach], "visible": False},
            yaxis={"range": [len(present) - 0.5, -0.75], "visible": False},
            annotations=notes,
        ),
    }


def strip(inputs: pd.DataFrame, looks: Sequence[Look], labels: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Where the figures of each indicator lie beside every pathway, in expected errors: a trail over the years, its
    mark at the newest.

    Args:
        inputs: [scenario, indicator, period, observed, path, z, uncertain].
        looks: scenarios in their order.
        labels: name of each indicator and what is said of its newest figure, from top to bottom.

    Returns:
        A figure of ``strip_height(indicators, scenarios)``.
    """
    shown = [code for code in labels if code in set(inputs["indicator"])]
    if not shown:
        return _empty()
    colours = theme.palette()
    step = 1 / (len(looks) + 1.6)
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    trails: dict[tuple[str, str], list[tuple[int, float, bool]]] = {}
    names = ("indicator", "scenario", "period", "z", "uncertain")
    for code, scenario, *point in zip(*(inputs[name].tolist() for name in names), strict=True):
        trails.setdefault((code, scenario), []).append((int(point[0]), float(point[1]), bool(point[2])))
    # Scenarios are named once, in the first row.
    right = sum(points[-1][1] for (code, _scenario), points in trails.items() if code == shown[0]) < 0
    for row, code in enumerate(shown):
        name, said = labels[code]
        top = row - 0.5
        notes += [
            {**note, "y": top + 0.02, "yshift": 0, "yanchor": "top"}
            for note in _label(row, f"<b>{escape(name)}</b>", escape(said), colours.ink)
        ]
        for place, one in enumerate(looks):
            mine = sorted(trails.get((code, one.code), []))
            if mine:
                traces.append(_trail(mine, one, top + step * (place + 1.6)))
                if not row:
                    notes.append(_name(one, top + step * (place + 1.6), right))
    edges = [
        {"type": "rect", "x0": -limit, "x1": limit, "y0": 0, "y1": 1, "yref": "paper", "line": {"width": 0}}
        | {"fillcolor": rgba(colours.neutral, 0.08), "layer": "below"}
        for limit in (2 * BAND, BAND)
    ]
    zero = {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    rules = [
        {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": row - 0.5, "y1": row - 0.5, "layer": "below"}
        | {"line": {"color": colours.faint, "width": 1}}
        for row in range(1, len(shown))
    ]
    ticks = [-4, -2, 0, 2, 4]
    return {
        "data": traces,
        "layout": theme.layout(
            margin={"l": 6, "r": 6, "t": 6, "b": 44, "pad": 0},
            separators=separators(),
            xaxis={
                "range": [-REACH - 0.3, REACH + 0.3],
                "showgrid": False,
                "zeroline": False,
                "tickvals": ticks,
                "ticktext": [_("on the pathway") if not at else number(at) for at in ticks],
                "title": {"text": _("← below the pathway · above it →"), "font": {"size": 12, "color": colours.muted}},
            },
            yaxis={"range": [len(shown) - 0.5, -0.5], "visible": False},
            shapes=[*edges, *rules, {**zero, "line": {"color": colours.muted, "width": 1.5}}],
            annotations=notes,
        ),
    }


def strip_height(indicators: int, scenarios: int) -> int:
    """Height of a strip, in pixels."""
    return 56 + max(indicators, 1) * (34 + 22 * max(scenarios, 1))


def _trail(mine: Sequence[tuple[int, float, bool]], one: Look, at: float) -> dict[str, Any]:
    """``mine`` is year, z and whether the figure is uncertain, oldest first."""
    z = [min(max(far, -REACH), REACH) for _year, far, _open in mine]
    open_ = [empty for _year, _far, empty in mine]
    last = len(z) - 1
    words = [
        f"<b>{one.sign} {escape(one.name)}</b><br>{year}: {_('{z} expected errors').format(z=number(far, 1))}"
        for year, far, _open in mine
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": z,
        "y": [at] * len(z),
        "line": {"color": rgba(one.colour, 0.45), "width": 2},
        "marker": {
            "symbol": one.marker,
            "size": [12 if i == last else 5 for i in range(len(z))],
            "color": [theme.palette().surface if empty else one.colour for empty in open_],
            "line": {"color": one.colour, "width": 1.75},
            "opacity": 1,
        },
        "customdata": words,
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }


def _name(one: Look, at: float, right: bool) -> dict[str, Any]:
    """A scenario's name at the edge of its row, on the side where fewer marks lie."""
    return {
        "x": 1 if right else 0,
        "xref": "paper",
        "y": at,
        "text": f"{one.sign} {escape(one.name)}",
        "showarrow": False,
        "xanchor": "right" if right else "left",
        "yanchor": "middle",
        "font": {"size": 12, "color": one.colour},
    }


def over_time(frame: pd.DataFrame, looks: Sequence[Look], dates: bool, height: int = 340) -> dict[str, Any]:
    """Weights of scenarios over evaluations or years, with names at the ends of the lines.

    Args:
        frame: [at (a day as text, or a year), scenario, weight (NaN: not told), text (of the hover label)].
        looks: scenarios in their order.
        dates: whether ``at`` is a day.
        height: of the figure, in pixels.
    """
    told = frame[frame["weight"].notna()]
    if told.empty:
        return _empty()
    traces: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    margin = {"l": 8, "r": 124, "t": 12, "b": 28}
    ends = sorted(set(frame["at"]))
    for one in looks:
        mine = frame[frame["scenario"] == one.code].sort_values("at")
        known = mine[mine["weight"].notna()]
        if known.empty:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": one.name,
                "x": mine["at"].tolist(),
                "y": [None if value != value else value for value in mine["weight"].astype(float)],
                "line": {"color": one.colour, "width": 2.5, "dash": one.dash, "shape": "hv" if dates else "linear"},
                "marker": {"symbol": one.marker, "size": 9, "color": one.colour, "opacity": 1},
                "customdata": [f"<b>{one.sign} {escape(one.name)}</b><br>{escape(text)}" for text in mine["text"]],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
        lines = wrap(one.name, trends.LABEL_WIDTH)
        labels.append(
            {
                "x": 1,
                "xref": "paper",
                "y": float(known["weight"].iloc[-1]),
                "text": "<br>".join([f"{one.sign} {escape(lines[0])}", *map(escape, lines[1:])]),
                "font": {"color": one.colour, "size": 12},
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "middle",
                "xshift": 4,
                "yshift": 0.0,
                "align": "left",
            }
        )
    trends.keep_apart(labels, -0.03, 1.03, height - margin["t"] - margin["b"])
    axis: dict[str, Any] = {"showgrid": False}
    if dates:
        axis |= {"type": "date", "nticks": 5}
    else:
        axis |= {"tickformat": "d", "dtick": 1, "range": [min(ends) - 0.3, max(ends) + 0.2]}
    return {
        "data": traces,
        "layout": theme.layout(
            margin=margin,
            separators=separators(),
            xaxis=axis,
            yaxis={
                "range": [-0.03, 1.03],
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": [percent(v) for v in (0, 0.25, 0.5, 0.75, 1)],
            },
            annotations=labels,
        ),
    }


def reliability(frame: pd.DataFrame) -> dict[str, Any]:
    """How often weights of a size were right, beside how often they should have been.

    Args:
        frame: [weight, right, right_low, right_high (shares), cases, text (of the hover label)], a row a bin.
    """
    if frame.empty:
        return _empty()
    colours = theme.palette()
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axis = {"range": [-0.02, 1.04], "tickvals": ticks, "ticktext": [percent(value) for value in ticks]}
    right = frame["right"].astype(float)
    most = max(float(frame["cases"].max()), 1.0)
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [0, 1],
                "y": [0, 1],
                "line": {"color": colours.muted, "width": 1.5, "dash": "dot"},
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": frame["weight"].tolist(),
                "y": right.tolist(),
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": (frame["right_high"] - right).tolist(),
                    "arrayminus": (right - frame["right_low"]).tolist(),
                    "color": colours.accent,
                    "thickness": 2,
                    "width": 0,
                },
                "marker": {
                    "size": [8 + 14 * (float(cases) / most) ** 0.5 for cases in frame["cases"]],
                    "color": colours.accent,
                    "opacity": 1,
                    "line": {"color": colours.surface, "width": 1},
                },
                "customdata": [escape(text) for text in frame["text"]],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        ],
        "layout": theme.layout(
            margin={"l": 8, "r": 12, "t": 26, "b": 44},
            separators=separators(),
            xaxis={**axis, "showgrid": False, "title": {"text": _("weight given to the leader"), "font": {"size": 12}}},
            yaxis=axis,
            annotations=[
                {
                    "x": 0.62,
                    "y": 0.5,
                    "text": _("as often right as they say"),
                    "showarrow": False,
                    "xanchor": "left",
                    "yanchor": "top",
                    "xshift": 8,
                    "font": {"size": 12, "color": colours.muted},
                },
                {
                    "x": 0,
                    "y": 1,
                    "xref": "paper",
                    "yref": "paper",
                    "text": _("how often it was right"),
                    "showarrow": False,
                    "xanchor": "left",
                    "yanchor": "bottom",
                    "font": {"size": 12, "color": colours.muted},
                },
            ],
        ),
    }

"""The road back from a goal: steps on a timeline with what waits for what, and the pace that each value needs."""

import math
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import clipped, legend
from dashboard.figures.ranges import escape
from dashboard.figures.trends import stretches
from dashboard.i18n import _, number, separators, year

ROW = 92
"""Height of a step, in pixels."""

SYMBOLS: Mapping[str, str] = {
    "reached": "circle",
    "in_time": "circle",
    "tight": "triangle-up",
    "late": "square",
    "overdue": "x",
}
"""Mark at the end of a step by how it stands; the words beside it say the same."""

LONGEST = 44
"""Letters of a line of a step's name, of which there are two; the table has it in full."""


def name_lines(name: str) -> list[str]:
    """A step's name in at most two lines."""
    first, *rest = wrap(name, LONGEST) or [""]
    return [first, clipped(" ".join(rest), LONGEST)] if rest else [first]


def height(rows: int) -> int:
    """Height of the timeline, in pixels."""
    return 76 + ROW * max(rows, 1)


def tones() -> dict[str, str]:
    """Colour of each standing in this request's scheme."""
    colours = theme.palette()
    return {
        "reached": colours.good,
        "in_time": colours.good,
        "tight": colours.watch,
        "late": colours.bad,
        "overdue": colours.bad,
    }


def timeline(frame: pd.DataFrame, links: Sequence[tuple[str, str]], now: float) -> dict[str, Any]:
    """Steps from the goal (above) back to today (below).

    Args:
        frame: in the order of the rows: [code, label, note (what it is worth and how it stands), goal, start, due,
            earliest (decimal years), status, hover].
        links: (before, after): the second waits for the first.
        now: this day as a decimal year.
    """
    if frame.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours, tone = theme.palette(), tones()
    place = {code: row for row, code in enumerate(frame["code"])}
    by_code = frame.set_index("code")
    first = math.floor(min(now, float(frame["start"].min())))
    last = math.ceil(float(max(frame["due"].max(), frame["earliest"].max())) - 1e-9)
    # Years are named in their middle, for a step due in a year is due at its end.
    grid = [_upright(float(at), colours.faint, 1) for at in range(first, last + 1)]
    shapes = [*grid, _upright(now, colours.ink, 1.5, "dot")]
    data: list[dict[str, Any]] = []
    data.append(_links(by_code, place, links))
    for name, low, high, colour, width in (
        ("work", "start", "due", colours.peers, 10),
        ("slack", "earliest", "due", colours.good, 3),
        ("late", "due", "earliest", colours.bad, 3),
    ):
        rows = frame[frame[low] < frame[high] - 1e-9]
        rows = rows if name == "work" else rows[rows["status"] != "reached"]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [x for a, b in zip(rows[low], rows[high], strict=True) for x in (float(a), float(b), None)],
                "y": [y for code in rows["code"] for y in _twice(place[code] + (0.0 if name == "work" else 0.13))],
                "line": {"color": colour, "width": width, "dash": "solid" if name == "work" else "dot"},
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": frame["due"].tolist(),
            "y": [place[code] for code in frame["code"]],
            "marker": {
                "size": [22 if goal else 15 for goal in frame["goal"]],
                "symbol": [SYMBOLS[status] for status in frame["status"]],
                "color": [tone[status] for status in frame["status"]],
                "line": {"width": 2, "color": colours.surface},
                "opacity": 1,
            },
            "cliponaxis": False,
            "customdata": frame["hover"].tolist(),
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    )
    notes = [
        {
            "x": now,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": 2,
            "xanchor": "left" if now - first < (last - first) / 2 else "right",
            "text": escape(_("today")),
            "showarrow": False,
            "font": {"size": 12, "color": colours.ink},
        }
    ]
    for row in frame.to_dict("records"):
        words = "<br>".join(escape(part) for part in name_lines(str(row["label"])))
        name = f"<b>{words}</b>" if row["goal"] else words
        line = {"xref": "paper", "y": place[row["code"]], "yanchor": "bottom", "yshift": 9, "showarrow": False}
        line |= {"bgcolor": colours.surface, "borderpad": 0}  # words are not crossed out by lines of the grid
        look = {"text": name, "align": "left", "font": {"size": 13, "color": colours.ink}}
        notes.append(line | {"x": 0, "xanchor": "left"} | look)
        under = {"yanchor": "top", "yshift": -15, "x": 0, "xanchor": "left"}
        notes.append(line | under | {"text": escape(row["note"]), "font": {"size": 11, "color": tone[row["status"]]}})
    many = max(1, math.ceil((last - first) / 8))
    named = [at for at in range(first, last) if (last - 1 - at) % many == 0]
    return {
        "data": data,
        "layout": theme.layout(
            separators=separators(),
            shapes=shapes,
            annotations=notes,
            margin={"l": 8, "r": 18, "t": 24, "b": 28, "pad": 2},
            xaxis={
                "range": [first, last + 0.12],
                "tickmode": "array",
                "tickvals": [at + 0.5 for at in named],
                "ticktext": [year(at) for at in named],
                "tickangle": 0,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis={"visible": False, "range": [len(frame) - 0.45, -0.55]},
        ),
    }


def _twice(at: float) -> tuple[float, float, None]:
    return at, at, None


def _upright(at: float, colour: str, width: float, dash: str = "solid") -> dict[str, Any]:
    line = {"color": colour, "width": width, "dash": dash}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "below"}


def _links(by_code: pd.DataFrame, place: Mapping[str, int], links: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Elbows from the end of a step to the beginning of the one that waits for it."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for before, after in links:
        x0, x1 = float(by_code.loc[before, "due"]), float(by_code.loc[after, "start"])
        xs += [x0, x0, x1, None]
        ys += [place[before], place[after], place[after], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": theme.palette().rest, "width": 2, "shape": "linear"},
        "hoverinfo": "skip",
    }


def path(
    history: pd.DataFrame, needed: pd.DataFrame, fastest: pd.DataFrame, decimals: int, suffix: str
) -> dict[str, Any]:
    """What was observed, the values that the steps ask for, and where the best pace ever seen would lead.

    Args:
        history: [period, value, flags] of the series, one row a year.
        needed: from the last figure to the goal: [year, value, label (of the step; '' for the last figure)].
        fastest: one row a step: [from_year, from_value, to_year, to_value]; without rows it is left out.
        decimals, suffix: of the numbers.
    """
    if history.empty or needed.empty:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    colours = theme.palette()
    xs, ys = stretches(history.sort_values("period"))
    unit = suffix.replace(" ", "\N{NO-BREAK SPACE}")
    hover = "%{x:d}: %{y:,." + str(decimals) + "f}" + unit
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("observed"),
            "x": xs,
            "y": ys,
            "line": {"color": colours.ink, "width": 2.5},
            "hovertemplate": hover + "<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": _("the best pace ever seen"),
            "x": [x for r in fastest.to_dict("records") for x in (r["from_year"], r["to_year"], None)],
            "y": [y for r in fastest.to_dict("records") for y in (r["from_value"], r["to_value"], None)],
            "line": {"color": colours.series[1], "width": 2, "dash": "dot"},
            "hovertemplate": hover + "<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": _("needed"),
            "x": needed["year"].tolist(),
            "y": needed["value"].tolist(),
            "line": {"color": colours.accent, "width": 2.5, "dash": "dash"},
            "marker": {
                "size": [0, *[11] * (len(needed) - 1)],
                "symbol": "diamond",
                "color": colours.surface,
                "line": {"width": 2.5, "color": colours.accent},
            },
            "cliponaxis": False,
            "customdata": needed["label"].map(escape).tolist(),
            "hovertemplate": "%{customdata}<br>" + hover + "<extra></extra>",
        },
    ]
    notes = [
        {
            "x": row["year"],
            "y": row["value"],
            "yanchor": "bottom",
            "yshift": 8,
            "xanchor": "right" if row is last else "center",
            "text": f"<b>{number(row['value'], decimals)}{unit}</b>",
            "showarrow": False,
            "font": {"size": 12, "color": colours.accent},
        }
        for rows in [needed.iloc[1:].to_dict("records")]
        for last in [rows[-1] if rows else None]
        for row in rows
    ]
    values = [float(v) for v in [*history["value"].dropna(), *needed["value"]]]
    room = (max(values) - min(values)) * 0.12 or 1.0
    return {
        "data": data if not fastest.empty else [data[0], data[2]],
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend(),
            annotations=notes,
            margin={"l": 8, "r": 12, "t": 40, "b": 26, "pad": 2},
            xaxis={"tickformat": "d", "showgrid": False, "zeroline": False, "nticks": 7, "tickangle": 0},
            yaxis={
                "range": [max(0.0, min(values) - room) if min(values) >= 0 else min(values) - room, max(values) + room],
                "nticks": 6,
                "zeroline": False,
                "showticksuffix": "last",
                "ticksuffix": unit if len(suffix) <= 2 else "",
            },
        ),
    }

"""Two numbers of every region: moving through time, starting level and growth, and how far regions lie apart."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.i18n import _, number, separators, year

MOVE = 600
"""Milliseconds in which bubbles glide to the next year."""

LABEL_WIDTH, LABEL_HEIGHT = 0.15, 0.05
"""Room that a name takes, as a share of the drawing area; names that would cover something named are left out."""


TURN = 0.75
"""Share of the width from which names stand left of their bubble."""


def sizes(values: pd.Series, largest: float | None = None) -> list[float]:
    """Diameters in pixels so that areas are in proportion; a missing size gets the smallest bubble."""
    known = values.astype(float)
    top = largest if largest and largest > 0 else float(known.max()) if known.notna().any() else 0.0
    if not top > 0:
        return [12.0] * len(values)
    return [7.0 if np.isnan(v) or v <= 0 else float(7 + 33 * np.sqrt(min(v / top, 1.0))) for v in known]


def extent(values: pd.Series, log: bool = False) -> list[float] | None:
    """Axis range that holds these values with a margin; None without values."""
    known = values[np.isfinite(values.astype(float))].astype(float)
    if log:
        known = np.log10(known[known > 0])
    if not len(known):
        return None
    low, high = float(known.min()), float(known.max())
    room = (high - low) * 0.07 or abs(high) * 0.1 or 1.0
    return [low - room, high + room]


def _apart(
    xs: Sequence[float], ys: Sequence[float], spans: tuple[list[float] | None, list[float] | None]
) -> list[bool]:
    """Which names fit, in order of importance: none may cover another name or another bubble that could be named."""
    across, upward = spans
    if across is None or upward is None:
        return [False] * len(xs)
    (left, right), (bottom, top) = across, upward
    places = [((x - left) / (right - left), (y - bottom) / (top - bottom)) for x, y in zip(xs, ys, strict=True)]
    taken: list[tuple[float, float]] = []
    fits = []
    for place, (x, y) in enumerate(places):
        start = x - LABEL_WIDTH if _turned(x) else x
        others = [there for other, there in enumerate(places) if other != place]
        free = all(not (start - 0.01 < a < start + LABEL_WIDTH and y - 0.01 < b < y + LABEL_HEIGHT) for a, b in others)
        free = free and all(abs(start - a) > LABEL_WIDTH or abs(y - b) > LABEL_HEIGHT for a, b in taken)
        fits.append(place == 0 or free)
        if fits[-1]:
            taken.append((start, y))
    return fits


def _turned(place: float) -> bool:
    """Whether a name stands left of its bubble, since it would leave the drawing on the right."""
    return place > TURN


def log_ticks(span: list[float] | None) -> dict[str, Any]:
    """Ticks of a logarithmic axis at 1, 2 and 5 times the powers of ten, written out in the reader's language."""
    if span is None:
        return {}
    steps = [m * 10.0**e for e in range(int(np.floor(span[0])), int(np.ceil(span[1])) + 1) for m in (1, 2, 5)]
    inside = [step for step in steps if span[0] <= np.log10(step) <= span[1]]
    return {"tickvals": inside, "ticktext": [number(step, 0 if step >= 1 else 2) for step in inside]}


def _axis(title: str, span: list[float] | None, log: bool, suffix: str = "") -> dict[str, Any]:
    colours = theme.palette()
    axis: dict[str, Any] = {
        "title": {"text": escape(title), "font": {"size": 12, "color": colours.muted}, "standoff": 8},
        "zeroline": False,
        "nticks": 7,
        "ticksuffix": suffix,
        "showticksuffix": "last",
    }
    if span is not None:
        axis["range"] = span
    return axis | ({"type": "log", **log_ticks(span)} if log else {})


def pairs(
    frame: pd.DataFrame,
    trail: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    x_range: list[float] | None,
    y_range: list[float] | None,
    caption: str,
    x_log: bool = False,
    y_log: bool = False,
    largest: float | None = None,
) -> dict[str, Any]:
    """Every region as a bubble in one year, with the way that the chosen region has come.

    Args:
        frame: [region, label, x, y, size (NaN: unknown), role ("own", "peer" or "rest"), uncertain (hollow), hover].
        trail: the chosen region in the years up to this one: [period, x, y], oldest first; a row with NaN is a gap.
        x_title, y_title: indicator and unit.
        x_range, y_range: the same for all years, so that nothing but the bubbles moves (logarithms on a log axis).
        caption: the year, written large behind the bubbles.
        x_log, y_log: logarithmic axes.
        largest: size that gets the largest bubble, the same for all years.
    """
    colours = theme.palette()
    named = frame[frame["role"] != "rest"].sort_values("role", key=lambda roles: roles != "own", kind="stable")
    places = [np.log10(named[c].astype(float)) if log else named[c] for c, log in (("x", x_log), ("y", y_log))]
    fits = _apart(places[0].tolist(), places[1].tolist(), (x_range, y_range))
    shown = frozenset(code for code, fit in zip(named["region"], fits, strict=True) if fit)
    middle = np.inf if x_range is None else x_range[0] + TURN * (x_range[1] - x_range[0])
    middle = 10**middle if x_log else middle
    # Everything that changes with the year is a trace: a gliding figure leaves its annotations as they were.
    data = [_caption(caption, x_range, y_range, x_log, y_log)]
    # Peers lie above the rest and the chosen region above all.
    for role, fill, opacity in (("rest", colours.rest, 0.65), ("peer", colours.peers, 0.85)):
        data.append(_bubbles(frame[frame["role"] == role], fill, opacity, largest, shown, middle))
    data.append(_trail(trail))
    data.append(_bubbles(frame[frame["role"] == "own"], colours.accent, 0.95, largest, shown, middle))
    return {
        "data": data if len(frame) else [],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 10, "b": 8, "pad": 2},
            transition={"duration": MOVE, "easing": "cubic-in-out", "ordering": "traces first"},
            xaxis=_axis(x_title, x_range, x_log),
            yaxis=_axis(y_title, y_range, y_log),
        ),
    }


def _caption(
    text: str, x_range: list[float] | None, y_range: list[float] | None, x_log: bool, y_log: bool
) -> dict[str, Any]:
    """The year, large and faint, in the lower right corner."""
    right, bottom = (x_range or [0.0, 1.0])[1], (y_range or [0.0, 1.0])[0]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [10**right if x_log else right],
        "y": [10**bottom if y_log else bottom],
        "text": [f"<b>{escape(text)}</b>"],
        "textposition": "top left",
        "textfont": {"size": 44, "color": theme.palette().faint},
        "hoverinfo": "skip",
    }


def _bubbles(
    mine: pd.DataFrame, fill: str, opacity: float, largest: float | None, named: Collection[str], middle: float
) -> dict[str, Any]:
    """Bubbles of one role; those in ``named`` carry their name, on the left of the bubble beyond ``middle``."""
    colours = theme.palette()
    own = bool((mine["role"] == "own").any())
    return {
        "type": "scatter",
        "mode": "markers+text",
        "text": [
            "" if code not in named else f"<b>{escape(label)}</b>" if own else escape(label)
            for code, label in zip(mine["region"], mine["label"], strict=True)
        ],
        "textposition": ["top left" if x > middle else "top right" for x in mine["x"]],
        "textfont": {"size": 13 if own else 11, "color": colours.accent if own else colours.muted},
        "cliponaxis": False,
        "x": mine["x"].tolist(),
        "y": mine["y"].tolist(),
        "ids": mine["region"].tolist(),
        "customdata": [[code, text] for code, text in zip(mine["region"], mine["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "marker": {
            "size": sizes(mine["size"], largest),
            "color": [colours.surface if u else fill for u in mine["uncertain"]],
            "opacity": opacity,
            "line": {
                "width": [2.0 if u else 1.0 for u in mine["uncertain"]],
                "color": [fill if u else colours.surface for u in mine["uncertain"]],
            },
        },
    }


def _trail(trail: pd.DataFrame) -> dict[str, Any]:
    colours = theme.palette()
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [None if np.isnan(v) else v for v in trail["x"].astype(float)],
        "y": [None if np.isnan(v) else v for v in trail["y"].astype(float)],
        "connectgaps": False,
        "customdata": [year(period) for period in trail["period"]],
        "hovertemplate": "%{customdata}<extra></extra>",
        "line": {"color": colours.accent, "width": 1.5},
        "marker": {"size": 5, "color": colours.accent},
        "opacity": 0.7,
    }


def _label(
    record: dict[Any, Any], x: float, y: float, x_range: list[float] | None, colours: theme.Palette
) -> dict[str, Any]:
    own = record["role"] == "own"
    left = x_range is not None and _turned((x - x_range[0]) / (x_range[1] - x_range[0]))
    name = escape(record["label"])
    return {
        "x": x,
        "y": y,
        "text": f"<b>{name}</b>" if own else name,
        "showarrow": False,
        "xanchor": "right" if left else "left",
        "yanchor": "bottom",
        "xshift": -8 if left else 8,
        "yshift": 4,
        "font": {"size": 13 if own else 11, "color": colours.accent if own else colours.muted},
    }


def growth(points: pd.DataFrame, grid: pd.DataFrame, x_title: str, y_title: str) -> dict[str, Any]:
    """Starting level and growth since, with the fitted line and its confidence band.

    Args:
        points: [region, label, initial, growth (percent a year), role, uncertain, hover].
        grid: [initial, fit, low, high]; empty when no line can be fitted.
        x_title, y_title: what the axes show.
    """
    colours = theme.palette()
    data: list[dict[str, Any]] = []
    if len(grid):
        data.append(_band(grid["initial"], grid["low"], grid["high"], colours.faint))
        data.append(_curve(grid["initial"], grid["fit"], colours.neutral))
    for role, fill in (("rest", colours.rest), ("peer", colours.peers), ("own", colours.accent)):
        mine = points[points["role"] == role]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": mine["initial"].tolist(),
                "y": mine["growth"].tolist(),
                "customdata": [[code, text] for code, text in zip(mine["region"], mine["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
                "marker": {
                    "size": 13 if role == "own" else 9,
                    "color": [colours.surface if u else fill for u in mine["uncertain"]],
                    "line": {
                        "width": [2.0 if u else 1.0 for u in mine["uncertain"]],
                        "color": [fill if u else colours.surface for u in mine["uncertain"]],
                    },
                },
            }
        )
    span = extent(points["initial"], log=True)
    labels = [
        _label(record, float(np.log10(record["initial"])), record["growth"], span, colours)
        for record in points[points["role"] == "own"].to_dict("records")
    ]
    return {
        "data": data if len(points) else [],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 10, "b": 8, "pad": 2},
            annotations=labels,
            xaxis=_axis(x_title, span, True),
            yaxis=_axis(y_title, None, False) | {"zeroline": True},
        ),
    }


def dispersion(frame: pd.DataFrame, weighted: bool) -> dict[str, Any]:
    """How far regions lie apart, year by year: the coefficient of variation with its 90% band.

    Args:
        frame: [period, cv, low, high] and, when ``weighted``, [cv_weighted, low_weighted, high_weighted]; percent.
        weighted: whether the second line, in which a region counts by its people, is there.
    """
    colours = theme.palette()
    lines = [("cv", "low", "high", colours.accent, colours.accent_soft, _("each region counts once"))]
    if weighted:
        lines.append(
            ("cv_weighted", "low_weighted", "high_weighted", colours.neutral, colours.faint, _("weighted by people"))
        )
    data: list[dict[str, Any]] = []
    notes = []
    for middle, low, high, colour, soft, name in lines if len(frame) else []:
        data.append(_band(frame["period"], frame[low], frame[high], soft))
        data.append(
            _curve(frame["period"], frame[middle], colour)
            | {
                "hoverinfo": None,
                "customdata": [
                    f"{year(period)}: {number(value, 1)}% ({number(a, 1)}–{number(b, 1)}%)"
                    for period, value, a, b in zip(frame["period"], frame[middle], frame[low], frame[high], strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
        for at, anchor in ((0, "left"), (-1, "right")):
            notes.append(
                {
                    "x": int(frame["period"].iloc[at]),
                    "y": float(frame[middle].iloc[at]),
                    "text": f"<b>{number(frame[middle].iloc[at], 1)}%</b>",
                    "showarrow": False,
                    "xanchor": anchor,
                    "yanchor": "bottom",
                    "yshift": 4,
                    "font": {"size": 13, "color": colour},
                }
            )
        halfway = len(frame) // 2
        if not weighted:
            continue
        notes.append(
            {
                "x": int(frame["period"].iloc[halfway]),
                "y": float(frame[high].iloc[halfway]),
                "text": name,
                "showarrow": False,
                "yanchor": "bottom",
                "yshift": 4,
                "font": {"size": 12, "color": colour},
            }
        )
    return {
        "data": data,
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 16, "t": 10, "b": 8, "pad": 2},
            annotations=notes,
            xaxis={"showgrid": False, "nticks": 8, "tickformat": "d"},
            yaxis={"rangemode": "tozero", "ticksuffix": "%", "showticksuffix": "last", "nticks": 6},
        ),
    }


def _band(xs: pd.Series, low: pd.Series, high: pd.Series, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*xs.tolist(), *xs.tolist()[::-1]],
        "y": [*low.tolist(), *high.tolist()[::-1]],
        "fill": "toself",
        "fillcolor": colour,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _curve(xs: pd.Series, ys: pd.Series, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs.tolist(),
        "y": ys.tolist(),
        "line": {"color": colour, "width": 2.5},
        "hoverinfo": "skip",
    }

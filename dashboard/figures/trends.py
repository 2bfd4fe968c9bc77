"""Lines over time: one region beside its peers, its country and the EU; and the small line of a tile.

Breaks and missing years are gaps. Estimated, provisional and unreliable values are hollow.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from textwrap import wrap
from typing import Any
from urllib.parse import quote

import pandas as pd

from analysis.model import is_uncertain
from dashboard import theme
from dashboard.i18n import _, number, separators, year

ROLES = ("rest", "peer", "former", "country", "eu", "median", "own")
"""What a line may be, from back to front."""

LABEL_GAP = 17
"""Least distance between two labels at the ends of lines, in pixels."""

LABEL_WIDTH = 14
"""Characters after which a label wraps, so that phones keep room for the lines."""

MARGIN = {"l": 8, "r": 106, "t": 26, "b": 28}


def lines(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    decimals: int,
    suffix: str,
    height: int = 420,
) -> dict[str, Any]:
    """Lines with direct labels.

    Args:
        frame: [region, period, value (NaN for missing), flags, role (one of ``ROLES``)]; one series a region and role.
        names: label of each region; for the role ``median`` the name of the code that stands for it.
        decimals: of the values.
        suffix: what follows a number, such as ``%``.
        height: of the figure in pixels; labels are kept apart by it.

    Returns:
        A figure. An empty frame gives empty axes.
    """
    present = frame[frame["value"].notna()]
    if present.empty or (present["role"] == "rest").all():
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    low, high = _span(present)
    traces: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for role in ROLES:
        group = frame[frame["role"] == role]
        if role == "rest" and not group.empty:
            traces.append(_together(group))
            continue
        for region, series in group.groupby("region", sort=False):
            name = names.get(str(region), str(region))
            drawn = series.sort_values("period")
            traces += _line(drawn, role, name, decimals, suffix)
            if role != "peer" and drawn["value"].notna().any():
                labels.append(_label(drawn, role, name))
    keep_apart(labels, low, high, height - MARGIN["t"] - MARGIN["b"])
    shown = present[present["role"] != "rest"]
    first, last = int(shown["period"].min()), int(shown["period"].max())
    shapes, notes = _breaks(frame[frame["role"] == "own"])
    colours = theme.palette()
    return {
        "data": traces,
        "layout": theme.layout(
            margin=MARGIN,
            separators=separators(),
            xaxis={
                "range": [first - 0.4, last + 0.25],
                "showgrid": False,
                "tickformat": "d",
                "tickangle": 0,
                "dtick": year_step(first, last),
            },
            yaxis={
                "range": [low, high],
                "nticks": 6,
                "tickformat": ",",
                "showticksuffix": "last",
                # Longer units stand in the card's subtitle; beside a number they would read as part of it.
                "ticksuffix": suffix.replace(" ", "\N{NO-BREAK SPACE}") if len(suffix) <= 2 else "",
                "zeroline": low < 0 < high or low == 0,
                "zerolinecolor": colours.neutral,
            },
            annotations=[*labels, *notes],
            shapes=shapes,
        ),
    }


def _span(present: pd.DataFrame) -> tuple[float, float]:
    """Range of the axis: from zero when that costs little, so that small differences are not blown up."""
    shown = present[present["role"] != "rest"]
    low, high = float(shown["value"].min()), float(shown["value"].max())
    if 0 <= low < 0.45 * high:
        low = 0.0
    room = max((high - low) * 0.06, abs(high) * 0.001) if high - low > 1e-9 else max(abs(high) * 0.1, 1e-3)
    return (low if low == 0 else low - room), high + room


def year_step(first: int, last: int) -> int:
    return next(step for step in (1, 2, 3, 5, 10, 20, 50, 1000) if (last - first) / step <= 5 or step == 1000)


def stretches(series: pd.DataFrame) -> tuple[list[int | None], list[float | None]]:
    """Years and values with a gap wherever a year is missing or the publisher says that the series breaks.

    ``series`` is [period, value, flags] of one region, oldest year first.
    """
    return gapped(zip(series["period"].tolist(), series["value"].tolist(), series["flags"].tolist(), strict=True))


def gapped(rows: Iterable[tuple[int, float, str]]) -> tuple[list[int | None], list[float | None]]:
    """The same of rows of year, value and flags."""
    years: list[int | None] = []
    values: list[float | None] = []
    before: int | None = None
    for period, value, flags in rows:
        missing = value != value  # NaN
        if years and before is not None and (missing or period != before + 1 or "b" in flags):
            years.append(None)
            values.append(None)
        if not missing:
            years.append(int(period))
            values.append(float(value))
        before = None if missing else int(period)
    return years, values


def _style(role: str) -> dict[str, Any]:
    colours = theme.palette()
    return {
        "peer": {"color": colours.peers, "width": 1},
        "former": {"color": colours.neutral, "width": 1.5, "dash": "dash"},
        "country": {"color": colours.muted, "width": 2, "dash": "dot"},
        "eu": {"color": colours.ink, "width": 1.5, "dash": "dot"},
        "median": {"color": colours.peers, "width": 2.5},
        "own": {"color": colours.accent, "width": 3.5},
    }[role]


def _together(group: pd.DataFrame) -> dict[str, Any]:
    """All remaining regions as one pale trace: context, not to be read one by one."""
    years: list[int | None] = []
    values: list[float | None] = []
    for _region, series in group.sort_values("period").groupby("region", sort=False):
        one_years, one_values = stretches(series)
        years += [*one_years, None]
        values += [*one_values, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": years,
        "y": values,
        "line": {"color": theme.palette().rest, "width": 0.75},
        "opacity": 0.55,
        "hoverinfo": "skip",
    }


def _line(series: pd.DataFrame, role: str, name: str, decimals: int, suffix: str) -> list[dict[str, Any]]:
    colours, style = theme.palette(), _style(role)
    years, values = stretches(series)
    words = {
        int(period): _words(name, int(period), value, flags, decimals, suffix)
        for period, value, flags in zip(series["period"], series["value"], series["flags"], strict=True)
    }
    uncertain = {int(p) for p, flags in zip(series["period"], series["flags"], strict=True) if is_uncertain(flags)}
    size = {"own": 7, "median": 0, "peer": 4}.get(role, 5)
    single = alone(years)
    marked = [at is not None and (role == "own" or at in uncertain or i in single) for i, at in enumerate(years)]
    line = {
        "type": "scatter",
        "mode": "lines+markers" if any(marked) and size else "lines",
        "name": name,
        "x": years,
        "y": values,
        "line": style,
        "opacity": 0.8 if role == "peer" else 1,
        "customdata": ["" if at is None else words[at] for at in years],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if any(marked) and size:
        line["marker"] = {
            "size": [size if shown else 0 for shown in marked],
            "color": [colours.surface if at in uncertain else style["color"] for at in years],
            "line": {"color": style["color"], "width": [1.75 if shown else 0 for shown in marked]},
            "opacity": 1,
        }
    return [line]


def alone(years: Sequence[int | None]) -> set[int]:
    """Positions of values with a gap on both sides, which a line alone would not show."""
    padded = [None, *years, None]
    return {i for i, at in enumerate(years) if at is not None and padded[i] is None and padded[i + 2] is None}


def _words(name: str, period: int, value: float, flags: str, decimals: int, suffix: str) -> str:
    text = f"<b>{name}</b><br>{year(period)}: {number(value, decimals)}{suffix}"
    return text + (f" ({flags})" if flags else "")


def _label(series: pd.DataFrame, role: str, name: str) -> dict[str, Any]:
    colours = theme.palette()
    last = series[series["value"].notna()].iloc[-1]
    text = "<br>".join(wrap(name, LABEL_WIDTH))
    return {
        "x": int(last["period"]),
        "y": float(last["value"]),
        "text": f"<b>{text}</b>" if role == "own" else text,
        "font": {"color": colours.accent if role == "own" else colours.muted, "size": 13 if role == "own" else 12},
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": 8,
        "yshift": 0.0,
        "align": "left",
    }


def keep_apart(labels: list[dict[str, Any]], low: float, high: float, pixels: float) -> None:
    """Move labels up or down by pixels until none covers another; the order of the lines is kept."""
    scale = pixels / (high - low)
    ordered = sorted(labels, key=lambda label: label["y"])
    places = [(label["y"] - low) * scale for label in ordered]
    heights = [LABEL_GAP * (label["text"].count("<br>") + 1) for label in ordered]
    for _round in range(30):
        for i, j in pairwise(range(len(ordered))):
            lack = (heights[i] + heights[j]) / 2 - (places[j] - places[i])
            if lack > 0:
                places[i] -= lack / 2
                places[j] += lack / 2
        for i, tall in enumerate(heights):
            places[i] = min(max(places[i], tall / 2), pixels - tall / 2)
    # Nudging stops near the answer; one sweep up and one down make it exact.
    for i, j in pairwise(range(len(ordered))):
        places[j] = max(places[j], places[i] + (heights[i] + heights[j]) / 2)
    if places:
        places[-1] = min(places[-1], pixels - heights[-1] / 2)
    for j, i in pairwise(reversed(range(len(ordered)))):
        places[i] = min(places[i], places[j] - (heights[i] + heights[j]) / 2)
    for label, place in zip(ordered, places, strict=True):
        label["yshift"] = round(place - (label["y"] - low) * scale, 1)


def _breaks(own: pd.DataFrame) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A thin upright line where the series of the region breaks, with the word."""
    colours = theme.palette()
    series = own[own["value"].notna()].sort_values("period")
    breaks = [int(p) for p, flags in zip(series["period"], series["flags"], strict=True) if "b" in flags]
    breaks = [period for period in breaks if period > int(series["period"].min())]
    line = {"color": colours.neutral, "width": 1, "dash": "dot"}
    shapes = [
        {
            "type": "line",
            "x0": at - 0.5,
            "x1": at - 0.5,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": line,
            "layer": "below",
        }
        for at in breaks
    ]
    notes = [
        {
            "x": at - 0.5,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "text": _("break {year}").format(year=at),
            "showarrow": False,
            "font": {"color": colours.muted, "size": 11},
        }
        for at in breaks
    ]
    return shapes, notes


def sparkline(series: pd.DataFrame, width: int = 120, height: int = 36) -> str:
    """The small line of a tile or table row, as an address that holds an SVG picture.

    Args:
        series: [period, value, flags] of one region.
        width: in pixels.
        height: in pixels.

    Returns:
        A ``data:`` address; an empty string when there are fewer than two values.
    """
    rows = sorted(zip(series["period"].tolist(), series["value"].tolist(), series["flags"].tolist(), strict=True))
    known = [row for row in rows if row[1] == row[1]]
    if len(known) < 2:
        return ""
    colours = theme.palette()
    low, high = min(row[1] for row in known), max(row[1] for row in known)
    first, last = int(known[0][0]), int(known[-1][0])
    pad = 4.0

    def place(period: int, value: float) -> str:
        x = pad + (period - first) / (last - first) * (width - 2 * pad)
        y = height / 2 if high == low else height - pad - (value - low) / (high - low) * (height - 2 * pad)
        return f"{x:.1f},{y:.1f}"

    years, values = gapped(rows)
    pieces: list[list[str]] = [[]]
    for at, value in zip(years, values, strict=True):
        if at is None or value is None:
            pieces.append([])
        else:
            pieces[-1].append(place(at, value))
    paths = "".join(
        f'<polyline points="{" ".join(piece)}" fill="none" stroke="{colours.accent}" stroke-width="2" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        for piece in pieces
        if len(piece) > 1
    )
    dots = "".join(_dot(piece[0], 1.6, colours.accent, colours.accent) for piece in pieces if len(piece) == 1)
    end, value, flags = known[-1]
    fill = colours.surface if is_uncertain(flags) else colours.accent
    dots += _dot(place(int(end), float(value)), 3, fill, colours.accent)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return "data:image/svg+xml," + quote(svg + paths + dots + "</svg>")


def _dot(at: str, radius: float, fill: str, stroke: str) -> str:
    x, y = at.split(",")
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'

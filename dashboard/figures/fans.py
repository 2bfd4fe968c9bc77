"""What could happen: what was observed, and each scenario's median and range from there on.

Scenarios differ by colour, dash and mark, and each carries its name at the end of its line; the range of the last year
stands there as a bar, since fans that overlap cannot be told apart. Estimated and provisional values are hollow.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Protocol

from analysis.model import is_uncertain
from dashboard import theme
from dashboard.figures import trends
from dashboard.figures.ranges import escape
from dashboard.i18n import _, number, separators, year

MARGIN = {"l": 8, "r": 112, "t": 24, "b": 26}
FILL = 0.13
"""Opacity of a fan: four of them over one another still let the lines through."""

REACH = 0.6
"""How much of what is drawn a target may add to the axis; a farther one is named at the edge."""

BAR = 0.028
"""Distance of the bars of the last year from one another, as a share of the years drawn."""


class Look(Protocol):
    """A scenario as it is drawn."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def dash(self) -> str: ...
    @property
    def marker(self) -> str: ...
    @property
    def sign(self) -> str: ...


Seen = tuple[int, float, str]
"""Year, value and flags of an observed figure."""

Ends = tuple[float, float, float]


class Point(Protocol):
    """A pathway in a year; ends are NaN where no range is stated."""

    @property
    def year(self) -> int: ...
    @property
    def low(self) -> float: ...
    @property
    def value(self) -> float: ...
    @property
    def high(self) -> float: ...


def fan(
    seen: Sequence[Seen],
    paths: Mapping[str, Sequence[Point]],
    looks: Sequence[Look],
    decimals: int,
    suffix: str,
    last: int,
    target: tuple[float, int | None] | None = None,
    height: int = 300,
) -> dict[str, Any]:
    """One indicator in one region: observations, and a fan for each scenario.

    Args:
        seen: year, value and flags of what was observed, oldest first.
        paths: by scenario, every year of its pathway, oldest first.
        looks: scenarios in their order.
        decimals: of the values.
        suffix: what follows a number.
        last: year whose ranges stand as bars at the end; later years are not drawn.
        target: value and year that law sets.
        height: of the figure in pixels; names are kept apart by it.

    Returns:
        A figure. Without pathways it has empty axes.
    """
    drawn = {one.code: [point for point in paths.get(one.code, ()) if point.year <= last] for one in looks}
    present = [one for one in looks if drawn[one.code]]
    if not present:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    start = min(drawn[one.code][0].year for one in present)
    first = min(start, seen[0][0]) if seen else start
    step = max((last - first) * BAR, 0.15)
    low, high = _span([value for _at, value, _flags in seen], [p for points in drawn.values() for p in points])
    low, high, near = _with_target(low, high, target)
    fans = [trace for one in present if (trace := _fan(one, drawn[one.code]))]
    lines = [_path(one, drawn[one.code], decimals, suffix) for one in present]
    bars = [
        trace
        for place, one in enumerate(present)
        for trace in _bar(one, drawn[one.code], last, last + step * (place + 1), decimals, suffix)
    ]
    labels = [_label(one, drawn[one.code], last + step * (len(present) + 0.6)) for one in present]
    trends.keep_apart(labels, low, high, height - MARGIN["t"] - MARGIN["b"])
    colours = theme.palette()
    shapes, notes = _now(start), []
    if target is not None:
        shape, note = _aim(target, near, low, high, first, last, decimals, suffix)
        shapes, notes = [*shapes, *shape], [note]
    return {
        "data": [*fans, *lines, *bars, *_observed(seen, decimals, suffix)],
        "layout": theme.layout(
            margin=MARGIN,
            separators=separators(),
            xaxis={
                "range": [first - 0.4, last + step * (len(present) + 0.7)],
                "showgrid": False,
                "zeroline": False,
                "tickformat": "d",
                "tickangle": 0,
                "tickvals": _ticks(first, start, last),
            },
            yaxis={
                "range": [low, high],
                "nticks": 5,
                "tickformat": ",",
                "showticksuffix": "last",
                # Longer units stand above the figure; beside a number they would read as part of it.
                "ticksuffix": suffix.strip() if len(suffix.strip()) <= 2 else "",
                "zeroline": low < 0 < high or low == 0,
                "zerolinecolor": colours.neutral,
            },
            annotations=[*labels, *notes],
            shapes=shapes,
        ),
    }


def _ticks(first: int, start: int, last: int) -> list[int]:
    """The years that matter: the first, where the scenarios begin, one on the way, and the last, far enough apart."""
    middle = 5 * round((start + last) / 10)
    apart = (last - first) / 4
    kept = [last, start] if last - start >= apart else [last]
    for at in (middle, first):
        if first <= at <= last and all(abs(at - other) >= apart for other in kept):
            kept.append(at)
    return sorted(kept)


def _span(seen: Sequence[float], points: Sequence[Point]) -> tuple[float, float]:
    """Range of the axis: from zero when that costs little."""
    stated = [end for point in points for end in (point.low, point.value, point.high) if end == end]
    low, high = min([*seen, *stated]), max([*seen, *stated])
    if 0 <= low < 0.45 * high:
        low = 0.0
    room = max((high - low) * 0.06, abs(high) * 0.001) if high - low > 1e-9 else max(abs(high) * 0.1, 1e-3)
    return (low if low == 0 else low - room), high + room


def _with_target(low: float, high: float, target: tuple[float, int | None] | None) -> tuple[float, float, bool]:
    """The axis stretched to a target if it is near enough, and whether it is."""
    if target is None:
        return low, high, False
    value, reach, room = target[0], REACH * (high - low), 0.05 * (high - low)
    if not low - reach <= value <= high + reach:
        return low, high, False
    return (value - room if value < low else low), (value + room if value > high else high), True


def rgba(colour: str, opacity: float) -> str:
    """A colour of the palette, let through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _fan(one: Look, path: Sequence[Point]) -> dict[str, Any] | None:
    ranged = [point for point in path if point.low == point.low and point.high == point.high]
    if len(ranged) < 2:
        return None
    years = [point.year for point in ranged]
    return {
        "type": "scatter",
        "mode": "none",
        "x": [*years, *reversed(years)],
        "y": [*(point.low for point in ranged), *(point.high for point in reversed(ranged))],
        "fill": "toself",
        "fillcolor": rgba(one.colour, FILL),
        "hoverinfo": "skip",
        "name": one.name,
    }


def _words(one: Look, point: Point, decimals: int, suffix: str) -> str:
    low, value, high = point.low, point.value, point.high
    text = f"<b>{one.sign} {escape(one.name)}</b><br>{year(point.year)}: {number(value, decimals)}{suffix}"
    if low == low and high == high and low != high:
        text += f" ({number(low, decimals)}–{number(high, decimals)}{suffix})"
    return text


def _path(one: Look, path: Sequence[Point], decimals: int, suffix: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": one.name,
        "x": [point.year for point in path],
        "y": [point.value for point in path],
        "line": {"color": one.colour, "width": 2.5, "dash": one.dash},
        "customdata": [_words(one, point, decimals, suffix) for point in path],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _bar(one: Look, path: Sequence[Point], last: int, at: float, decimals: int, suffix: str) -> list[dict[str, Any]]:
    """Range and median of the last year, beside the lines."""
    end = path[-1]
    if end.year != last:
        return []
    dot = {
        "type": "scatter",
        "mode": "markers",
        "name": one.name,
        "x": [at],
        "y": [end.value],
        "marker": {"symbol": one.marker, "size": 9, "color": one.colour, "opacity": 1},
        "customdata": [_words(one, end, decimals, suffix)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if end.low != end.low or end.high != end.high:
        return [dot]
    bar = {
        "type": "scatter",
        "mode": "lines",
        "x": [at, at],
        "y": [end.low, end.high],
        "line": {"color": rgba(one.colour, 0.55), "width": 5},
        "hoverinfo": "skip",
    }
    return [bar, dot]


def _label(one: Look, path: Sequence[Point], at: float) -> dict[str, Any]:
    lines = wrap(one.name, trends.LABEL_WIDTH)
    return {
        "x": at,
        "y": path[-1].value,
        "text": "<br>".join([f"{one.sign} {escape(lines[0])}", *map(escape, lines[1:])]),
        "font": {"color": one.colour, "size": 12},
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "xshift": 2,
        "yshift": 0.0,
        "align": "left",
    }


def _observed(seen: Sequence[Seen], decimals: int, suffix: str) -> list[dict[str, Any]]:
    if not seen:
        return []
    colours = theme.palette()
    years, values = trends.gapped(seen)
    flags = {at: letters for at, _value, letters in seen}
    hollow = [at is not None and is_uncertain(flags[at]) for at in years]
    single = trends.alone(years)
    marked = [at is not None and (hollow[i] or i in single or i == len(years) - 1) for i, at in enumerate(years)]
    words = [
        ""
        if at is None
        else f"<b>{_('Observed')}</b><br>{at}: {number(value, decimals)}{suffix}"
        + (f" ({flags[at]})" if flags[at] else "")
        for at, value in zip(years, values, strict=True)
    ]
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": _("Observed"),
            "x": years,
            "y": values,
            "line": {"color": colours.ink, "width": 3},
            "marker": {
                "size": [7 if shown else 0 for shown in marked],
                "color": [colours.surface if empty else colours.ink for empty in hollow],
                "line": {"color": colours.ink, "width": [1.75 if shown else 0 for shown in marked]},
                "opacity": 1,
            },
            "customdata": words,
            "hovertemplate": "%{customdata}<extra></extra>",
        }
    ]


def _now(start: int) -> list[dict[str, Any]]:
    """A thin line where the scenarios begin."""
    line = {"color": theme.palette().line, "width": 1}
    return [
        {"type": "line", "x0": start, "x1": start, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}
    ]


def _aim(
    target: tuple[float, int | None],
    near: bool,
    low: float,
    high: float,
    first: int,
    last: int,
    decimals: int,
    suffix: str,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The target as a line, or as words at the edge that it lies beyond."""
    value, by = target
    colours = theme.palette()
    said = f"{number(value, 0 if value == round(value) else decimals)}{suffix}"
    words = (
        _("target {year}: {value}").format(year=year(by), value=said) if by else _("target: {value}").format(value=said)
    )
    note = {
        "x": first,
        "showarrow": False,
        "xanchor": "left",
        "font": {"color": colours.ink, "size": 12},
        "align": "left",
    }
    if not near:
        above = value > high
        place: dict[str, Any] = {"y": 1 if above else 0, "yref": "paper", "yanchor": "bottom" if above else "top"}
        return [], note | place | {"text": f"{'↑' if above else '↓'} {words}", "yshift": 2 if above else -20}
    upper = value > low + 0.85 * (high - low)
    place = {"y": value, "yanchor": "top" if upper else "bottom", "text": words}
    line = {"color": colours.ink, "width": 1.25, "dash": "dot"}
    return [
        {"type": "line", "x0": first, "x1": last, "y0": value, "y1": value, "line": line, "layer": "below"}
    ], note | place

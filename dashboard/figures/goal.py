"""The way to a goal: what was expected by each period and what was reached."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import theme
from dashboard.i18n import number, separators

HEIGHT = 190
TICKS = 7
"""Names of periods that there is room for."""


def way(
    periods: Sequence[int],
    expected: Mapping[int, float],
    actual: Mapping[int, float],
    names: Mapping[int, str],
    words: tuple[str, str],
    decimals: int = 0,
    unit: str = "",
) -> dict[str, Any]:
    """Expected values as a dashed line, reported ones as marks with their numbers.

    Args:
        periods: all periods, in order.
        expected: by period; periods without one are left out.
        actual: by period; periods without a report are gaps.
        names: of the periods.
        words: what the dashed line and the marks are called.
        decimals, unit: of the values.

    Returns:
        A figure; empty axes when there is nothing to draw.
    """
    colours = theme.palette()
    shown = list(periods)[:: max(1, -(-len(periods) // TICKS))]
    axis = {
        "tickvals": shown,
        "ticktext": [names[p] for p in shown],
        "tickangle": 0,
        "range": [min(periods, default=0) - 0.3, max(periods, default=1) + 0.3],
    }
    if not expected and not actual:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False}, height=HEIGHT)}
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if expected:
        at = sorted(expected)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": at,
                "y": [expected[p] for p in at],
                "line": {"color": colours.muted, "width": 1.5, "dash": "dash"},
                "hoverinfo": "skip",
            }
        )
        higher = not actual or expected[at[-1]] >= actual[max(actual)]
        notes.append(_label(at[-1], expected[at[-1]], words[0], colours.muted, 8 if higher else -8))
    if actual:
        at = sorted(actual)
        told = [f"{number(actual[p], decimals)} {unit}".strip() for p in at]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "x": at,
                "y": [actual[p] for p in at],
                "text": [number(actual[p], decimals) for p in at],
                "textposition": "top center",
                "textfont": {"color": colours.ink, "size": 12},
                "customdata": told,
                "hovertemplate": "%{customdata}<extra></extra>",
                "line": {"color": colours.accent, "width": 2},
                "marker": {"color": colours.accent, "size": 8},
                "cliponaxis": False,
            }
        )
        higher = not expected or actual[at[-1]] > expected[max(expected)]
        notes.append(_label(at[-1], actual[at[-1]], words[1], colours.accent, 8 if higher else -8))
    layout = theme.layout(
        xaxis={**axis, "showgrid": False},
        yaxis={"rangemode": "tozero", "nticks": 4},
        annotations=notes,
        height=HEIGHT,
        separators=separators(),
        margin={"l": 8, "r": 74, "t": 22, "b": 24},
    )
    return {"data": traces, "layout": layout}


def _label(x: float, y: float, words: str, colour: str, shift: int) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": words,
        "xanchor": "left",
        "xshift": 8,
        "yshift": shift,
        "showarrow": False,
        "font": {"size": 12, "color": colour},
    }

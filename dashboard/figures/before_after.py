"""A region before and after a start, beside the mixture of peers that ran like it and the mean of all of them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures import trends

HEIGHT = 400


def lines(
    frame: pd.DataFrame, names: Mapping[str, str], decimals: int, suffix: str, start: float, word: str
) -> dict[str, Any]:
    """Lines over the years with the start marked.

    Args:
        frame: [region, period, value, flags, role]; as for ``trends.lines``: ``own``, ``median`` (the mixture), ``eu``
            (the mean), ``rest`` (the peers).
        names: of the lines.
        decimals, suffix: of the values.
        start: when the pilot began, in years (2024.5 is the middle of 2024).
        word: what the mark is called.

    Returns:
        A figure; empty axes without figures.
    """
    figure = trends.lines(frame, names, decimals, suffix, HEIGHT)
    if not figure["data"]:
        return figure
    colours, layout = theme.palette(), figure["layout"]
    mark = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": start,
        "x1": start,
        "y0": 0,
        "y1": 1,
        "line": {"color": colours.ink, "width": 1, "dash": "dot"},
    }
    note = {
        "x": start,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "text": word,
        "showarrow": False,
        "font": {"size": 11, "color": colours.muted},
    }
    last = float(frame["period"].max())
    axis = dict(layout.get("xaxis", {}))
    if start > last and "range" in axis:
        axis["range"] = [axis["range"][0], start + 0.3]
    changed = {"shapes": [*layout.get("shapes", []), mark], "annotations": [*layout.get("annotations", []), note]}
    return {**figure, "layout": {**layout, **changed, "xaxis": axis}}

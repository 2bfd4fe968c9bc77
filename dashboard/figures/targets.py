"""Distance to targets: value, target, and where the present pace leads, each indicator on a scale of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import theme
from dashboard.i18n import _, number, separators, year

ROW = 96
"""Height of one indicator, in pixels."""


def bullets(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bar an indicator, with the target as a mark and the value expected in the target year as a hollow one.

    Args:
        rows: [short, decimals, unit_suffix, value, period, target_value, target_year, first_value, first (None or NaN
            without a pace), projected (None or NaN without a pace)] of each indicator, top to bottom.

    Returns:
        A figure of ``height(len(rows))`` pixels; without rows, empty axes.
    """
    if not rows:
        return {"data": [], "layout": theme.layout(xaxis={"visible": False}, yaxis={"visible": False})}
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    for position, row in enumerate(rows):
        mark = "" if position == 0 else str(position + 1)
        top = 1 - position / len(rows)
        data += _bars(row, mark)
        notes += _labels(row, mark)
        axes[f"xaxis{mark}"] = {"range": [0, _end(row)], "anchor": f"y{mark}", "visible": False}
        axes[f"yaxis{mark}"] = {
            "domain": [max(0.0, top - 0.62 / len(rows)), top - 0.30 / len(rows)],
            "anchor": f"x{mark}",
            "range": [-0.5, 0.5],
            "visible": False,
        }
    layout = theme.layout(
        margin={"l": 4, "r": 12, "t": 4, "b": 4}, separators=separators(), barmode="overlay", annotations=notes, **axes
    )
    return {"data": data, "layout": layout}


def height(count: int) -> int:
    """Height of a figure with so many indicators, in pixels."""
    return ROW * max(count, 1) + 8


def _there(value: Any) -> bool:
    return value is not None and value == value


def _end(row: Mapping[str, Any]) -> float:
    known = [row["value"], row["target_value"], row.get("projected"), row.get("first_value")]
    return float(max(float(value) for value in known if _there(value)) * 1.12) or 1.0


def _written(row: Mapping[str, Any], value: float) -> str:
    return number(value, int(row["decimals"])) + str(row["unit_suffix"]).replace(" ", "\N{NO-BREAK SPACE}")


def _aim(row: Mapping[str, Any]) -> str:
    """A target as the law writes it: 3%, not 3.00%."""
    value = float(row["target_value"])
    return _written(dict(row) | {"decimals": 0} if value.is_integer() else row, value)


def _bars(row: Mapping[str, Any], mark: str) -> list[dict[str, Any]]:
    colours = theme.palette()
    axes = {"xaxis": f"x{mark}", "yaxis": f"y{mark}", "hovertemplate": "%{customdata}<extra></extra>"}
    track = {
        "type": "bar",
        "orientation": "h",
        "x": [_end(row)],
        "y": [0],
        "width": 1,
        "marker": {"color": colours.raised},
        "hoverinfo": "skip",
        "xaxis": axes["xaxis"],
        "yaxis": axes["yaxis"],
    }
    value = {
        "type": "bar",
        "orientation": "h",
        "x": [row["value"]],
        "y": [0],
        "width": 0.55,
        "marker": {"color": colours.accent},
        "customdata": [f"{row['short']}<br>{year(row['period'])}: {_written(row, row['value'])}"],
        **axes,
    }
    points = [
        (row["target_value"], "line-ns", colours.ink, _("Target {year}").format(year=year(row["target_year"])), 3)
    ]
    if _there(row.get("first_value")):
        points.append((row["first_value"], "line-ns", colours.surface, year(row["first"]), 2))
    if _there(row.get("projected")):
        words = _("{year} at this pace").format(year=year(row["target_year"]))
        points.append((row["projected"], "diamond", colours.watch, words, 2))
    spots = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [at],
            "y": [0],
            "marker": {
                "symbol": symbol,
                "size": 26 if symbol == "line-ns" and wide == 3 else 13,
                "color": colours.surface if symbol == "diamond" else colour,
                "line": {"width": wide, "color": colour},
            },
            "cliponaxis": False,
            "customdata": [f"{words}: {_written(row, at)}"],
            **axes,
        }
        for at, symbol, colour, words, wide in points
    ]
    return [track, value, *spots]


def _labels(row: Mapping[str, Any], mark: str) -> list[dict[str, Any]]:
    colours = theme.palette()
    place = {"xref": f"x{mark}", "yref": f"y{mark} domain", "showarrow": False}
    words = f"<b>{row['short']}</b>  {_written(row, row['value'])} ({year(row['period'])})"
    name = {"x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left", "yshift": 3, "text": words, "align": "left"}
    aim = _("Target {value} ({year})").format(value=_aim(row), year=year(row["target_year"]))
    target = {
        "x": row["target_value"],
        "y": 0,
        "yanchor": "top",
        "xanchor": _side(row, row["target_value"]),
        "yshift": -4,
        "text": aim,
        "font": {"size": 12, "color": colours.ink},
    }
    labels = [place | name, place | target]
    if _there(row.get("projected")):
        pace = _("{year} at this pace: {value}").format(
            year=year(row["target_year"]), value=_written(row, row["projected"])
        )
        labels.append(
            place
            | {
                "x": row["projected"],
                "y": 0,
                "yanchor": "top",
                "xanchor": "left" if row["projected"] < 0.25 * _end(row) else _side(row, row["projected"]),
                "yshift": -20,
                "text": pace,
                "font": {"size": 12, "color": colours.watch},
            }
        )
    return labels


def _side(row: Mapping[str, Any], value: float) -> str:
    """Labels near the right edge end at their mark instead of running out of the picture."""
    return "right" if value > 0.6 * _end(row) else "center"

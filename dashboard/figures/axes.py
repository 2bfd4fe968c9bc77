"""Where the scenarios of a set lie: a cross of two axes, or a line of one, with each scenario in its place."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Protocol

from dashboard import theme
from dashboard.figures.fans import rgba
from dashboard.figures.ranges import escape

REACH = 1.6
TOP = 1.5
"""How far the picture goes to the sides and up, the places lying between -1 and 1: names need room beyond them."""

NAME_WIDTH = 12
POLE_WIDTH = 18


class Placed(Protocol):
    """A scenario as it is drawn, with its place on each axis from -1 to 1."""

    @property
    def name(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def marker(self) -> str: ...
    @property
    def place(self) -> Mapping[str, float]: ...


def cross(axes: Sequence[Mapping[str, Any]], looks: Sequence[Placed]) -> dict[str, Any] | None:
    """The schematic of a set.

    Args:
        axes: [{code, name, low, high}]; the first runs to the right, the second upwards, others are not drawn.
        looks: scenarios in their order.

    Returns:
        A figure, or None when there is no axis or no scenario lies on it.
    """
    placed = [one for one in looks if axes and all(axis["code"] in one.place for axis in axes[:2])]
    if not placed:
        return None
    across = str(axes[0]["code"])
    upward = str(axes[1]["code"]) if len(axes) > 1 else ""
    xs = [float(one.place[across]) for one in placed]
    ys = [float(one.place[upward]) if upward else 0.0 for one in placed]
    colours = theme.palette()
    reach = 1.2 * TOP if upward else 1.0
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": xs,
            "y": ys,
            "marker": {
                "symbol": [one.marker for one in placed],
                "size": 20,
                "color": [one.colour for one in placed],
                "opacity": 1,
                "line": {"color": colours.surface, "width": 2},
            },
            "text": [escape(one.name) for one in placed],
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    return {
        "data": data,
        "layout": theme.layout(
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            xaxis={"visible": False, "range": [-REACH, REACH]},
            yaxis={"visible": False, "range": [-reach, reach]},
            shapes=[*_corners(placed, xs, ys, bool(upward)), *_arrows(bool(upward))],
            annotations=[*_poles(axes), *(_name(*given) for given in zip(placed, xs, ys, strict=True))],
        ),
    }


def _arrows(two: bool) -> list[dict[str, Any]]:
    line = {"color": theme.palette().neutral, "width": 1.5}
    ends = [(-REACH * 0.98, 0.0, REACH * 0.98, 0.0), *([(0.0, -TOP, 0.0, TOP)] if two else [])]
    return [{"type": "line", "x0": a, "y0": b, "x1": c, "y1": d, "line": line, "layer": "below"} for a, b, c, d in ends]


def _corners(placed: Sequence[Placed], xs: Sequence[float], ys: Sequence[float], two: bool) -> list[dict[str, Any]]:
    """A quarter of the cross in the colour of the scenario that has it for itself."""
    quarters: dict[tuple[bool, bool], list[Placed]] = {}
    for one, x, y in zip(placed, xs, ys, strict=True):
        if x and y:
            quarters.setdefault((x > 0, y > 0), []).append(one)
    return [
        {
            "type": "rect",
            "x0": 0.03 if right else -REACH * 0.98,
            "x1": REACH * 0.98 if right else -0.03,
            "y0": 0.04 if up else -TOP,
            "y1": TOP if up else -0.04,
            "fillcolor": rgba(members[0].colour, 0.1),
            "line": {"width": 0},
            "layer": "below",
        }
        for (right, up), members in quarters.items()
        if two and len(members) == 1
    ]


def _text(x: float, y: float, text: str, **parts: Any) -> dict[str, Any]:
    font = {"color": theme.palette().muted, "size": 12}
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": font} | parts


def _poles(axes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What each axis is called and what lies at its ends; right of and above the middle is the high end."""
    name, low, high = (_lines(str(axes[0][part]), POLE_WIDTH) for part in ("name", "low", "high"))
    notes = [
        _text(-REACH, 0, f"◂ {low}", xanchor="left", yanchor="top", align="left", yshift=-3),
        _text(REACH, 0, f"{high} ▸", xanchor="right", yanchor="top", align="right", yshift=-3),
        _text(REACH, 0, f"<i>{name}</i>", xanchor="right", yanchor="bottom", align="right", yshift=3),
    ]
    if len(axes) > 1:
        name, low, high = (_lines(str(axes[1][part]), 2 * POLE_WIDTH) for part in ("name", "low", "high"))
        notes += [
            _text(0, -TOP, f"▾ {low}", yanchor="top"),
            _text(0, TOP, f"<i>{name}</i><br>▴ {high}", yanchor="bottom"),
        ]
    return notes


def _name(one: Placed, x: float, y: float) -> dict[str, Any]:
    """The name above its mark."""
    font = {"color": one.colour, "size": 14}
    return _text(x, y, f"<b>{_lines(one.name, NAME_WIDTH)}</b>", yanchor="bottom", yshift=12, font=font)


def _lines(text: str, width: int) -> str:
    return "<br>".join(escape(line) for line in wrap(text, width)) or " "

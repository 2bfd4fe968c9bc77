"""Where names of points go, so that none covers another point or name."""

from collections.abc import Sequence

ACROSS = 0.0095
"""Width of a letter as a share of a drawing of usual width."""

UP = 0.045
"""Height of a line of text as a share of a drawing of usual height."""

SIDES = ("top right", "bottom right", "top left", "bottom left", "top center", "bottom center")
"""Places of a name about its point, best first, as plotly calls them."""

Box = tuple[float, float, float, float]


def _box(x: float, y: float, text: str, side: str, gap: float) -> Box:
    """Left, bottom, right and top of a name."""
    wide = ACROSS * len(text)
    vertical, horizontal = side.split()
    left = {"right": x + gap / 2, "left": x - wide - gap / 2, "center": x - wide / 2}[horizontal]
    bottom = y + gap if vertical == "top" else y - UP - gap
    return (left, bottom, left + wide, bottom + UP)


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    upward = min(one[3], other[3]) - max(one[1], other[1])
    return across * upward if across > 0 and upward > 0 else 0.0


def _outside(box: Box) -> float:
    return max(0.0, -box[0], box[2] - 1) + max(0.0, -box[1], box[3] - 1)


def sides(points: Sequence[tuple[float, float]], names: Sequence[str], gap: float = 0.012) -> list[str]:
    """A side for each name, in order of importance; '' where a name would cover something and is better left out.

    Args:
        points: places of all points as shares of width and height.
        names: name of each point; '' for those that carry none.
        gap: distance between point and name, as a share of the height.
    """
    dots: list[Box] = [(x - 0.008, y - 0.014, x + 0.008, y + 0.014) for x, y in points]
    taken: list[Box] = []
    found = []
    for place, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        if not name:
            found.append("")
            continue
        others = [dot for other, dot in enumerate(dots) if other != place]
        boxes = [(_box(x, y, name, side, gap), side) for side in SIDES]
        costs = [
            (_outside(box) * 10 + sum(_overlap(box, there) for there in (*others, *taken)) * 1000, rank)
            for rank, (box, _side) in enumerate(boxes)
        ]
        cost, best = min(costs)
        if cost > 0.35 and taken:
            found.append("")
            continue
        taken.append(boxes[best][0])
        found.append(boxes[best][1])
    return found

"""Where names of points go, so that none covers another point or name."""

from collections.abc import Sequence

LETTER = 7.4
"""Width of a letter in pixels."""

LINE = 16.0
"""Height of a line of text in pixels."""

PHONE = 280.0
"""Width of a drawing on a phone in pixels."""

SIDES = (
    "middle right",
    "top right",
    "bottom right",
    "middle left",
    "top left",
    "bottom left",
    "top center",
    "bottom center",
)
"""Places of a name about its point, best first, as plotly calls them."""

Box = tuple[float, float, float, float]


def halo(colour: str) -> str:
    """A shadow around letters, in the colour of the ground, that keeps them readable where lines cross them."""
    return ", ".join(f"{x}px {y}px 2px {colour}" for x in (-1, 1) for y in (-1, 1))


def _box(x: float, y: float, radius: float, text: str, side: str) -> Box:
    """Left, bottom, right and top of a name, in pixels."""
    wide = LETTER * len(text)
    vertical, horizontal = side.split()
    reach = radius + 3
    left = {"right": x + reach, "left": x - wide - reach, "center": x - wide / 2}[horizontal]
    bottom = {"top": y + reach, "middle": y - LINE / 2, "bottom": y - LINE - reach}[vertical]
    return (left, bottom, left + wide, bottom + LINE)


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    upward = min(one[3], other[3]) - max(one[1], other[1])
    return across * upward if across > 0 and upward > 0 else 0.0


def _cut(box: Box, at: float, there: float, phone: float) -> float:
    """Pixels of a name that a phone would cut off; the point stands at ``at`` here, at ``there`` on it."""
    left, right = box[0] - at + there, box[2] - at + there
    return max(0.0, -left, right - phone)


def sides(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    diameters: Sequence[float],
    size: tuple[float, float] = (520.0, 380.0),
    must: Sequence[bool] = (),
    phone: float = PHONE,
) -> list[str]:
    """A side for each name, in order of importance; '' where a name would cover something and is better left out.

    Args:
        points: places of all points as shares of width and height, 0 to 1.
        names: name of each point; '' for those that carry none.
        diameters: of the points, in pixels.
        size: width and height of the drawing in pixels, about.
        must: names that are shown in any case.
        phone: width of the drawing on a phone; the full width where a phone shows no names.
    """
    wide, high = size
    centres = [(x * wide, y * high) for x, y in points]
    radii = [diameter / 2 for diameter in diameters]
    dots: list[Box] = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(centres, radii, strict=True)]
    taken: list[Box] = []
    found = []
    for place, ((x, y), name) in enumerate(zip(centres, names, strict=True)):
        if not name:
            found.append("")
            continue
        others = [dot for other, dot in enumerate(dots) if other != place]
        boxes = [_box(x, y, radii[place], name, side) for side in SIDES]
        costs = [
            (
                4 * LINE * (max(0.0, -box[0], box[2] - wide) + max(0.0, -box[1], box[3] - high))
                + 4 * LINE * _cut(box, x, x / wide * phone, phone)
                + sum(_overlap(box, there) for there in others)
                + 3 * sum(_overlap(box, there) for there in taken),
                rank,
            )
            for rank, box in enumerate(boxes)
        ]
        cost, best = min(costs)
        # A little of a point may be touched, a name is to stay readable.
        if cost > LINE * LETTER and not (place < len(must) and must[place]):
            found.append("")
            continue
        taken.append(boxes[best])
        found.append(SIDES[best])
    return found

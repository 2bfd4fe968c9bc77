"""Names of points: none covers another, none leaves the drawing, and what must be named is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.figures import labels

SIZE = (520.0, 380.0)
PLACES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12)


def boxes(points: list[tuple[float, float]], names: list[str], found: list[str]) -> list[labels.Box]:
    return [
        labels._box(x * SIZE[0], y * SIZE[1], 5, name, side)
        for (x, y), name, side in zip(points, names, found, strict=True)
        if side
    ]


@settings(max_examples=40)
@given(PLACES)
def test_names_do_not_lie_on_one_another(points: list[tuple[float, float]]) -> None:
    names = [f"name {place}" for place in range(len(points))]
    found = labels.sides(points, names, [10.0] * len(points), SIZE)
    drawn = boxes(points, names, found)
    for place, one in enumerate(drawn):
        for other in drawn[place + 1 :]:
            assert labels._overlap(one, other) <= labels.LINE * labels.LETTER / 3


def test_a_lonely_point_has_its_name_beside_it_and_inside() -> None:
    assert labels.sides([(0.5, 0.5)], ["name"], [10.0]) == ["middle right"]
    assert labels.sides([(0.99, 0.5)], ["a long name"], [10.0]) == ["middle left"]


def test_a_name_that_fits_a_desk_but_no_phone_goes_where_both_have_room() -> None:
    name = "a name of middle length"
    assert labels.sides([(0.6, 0.5)], [name], [10.0]) == ["top center"]
    assert labels.sides([(0.3, 0.5)], [name], [10.0]) == ["middle right"]


def test_what_must_be_named_is_named_and_the_rest_gives_way() -> None:
    points = [(0.5, 0.5)] * 12
    names = ["the same place"] * 12
    few = labels.sides(points, names, [10.0] * 12)
    assert "" in few
    assert all(labels.sides(points, names, [10.0] * 12, must=[True] * 12))
    assert labels.sides(points, [""] * 12, [10.0] * 12) == [""] * 12

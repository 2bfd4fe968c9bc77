"""The morphological box: counts, surviving configurations, dead values, and what to lift in an empty one."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import morphology
from analysis.morphology import Box, BoxError, Parameter

FUEL = Parameter("Fuel", ("Wood", "Gas"))
OWNER = Parameter("Owner", ("Town", "Firm"))
SIZE = Parameter("Size", ("Small", "Large"))
THREE = (FUEL, OWNER, SIZE)


def mark(a: str, b: str, value: object) -> dict:
    names = {value: p.name for p in THREE for value in p.values}
    return {((names[a], a), (names[b], b)): value}


def drawn(counts: list[int], seed: int, share: float) -> Box:
    random = np.random.default_rng(seed)
    parameters = [Parameter(f"P{i}", tuple(f"v{v}" for v in range(count))) for i, count in enumerate(counts)]
    values = [(p.name, v) for p in parameters for v in p.values]
    marks: dict = {}
    for a, b in combinations(values, 2):
        if a[0] != b[0]:
            marks[a, b] = "X" if random.random() < share else int(random.integers(-2, 3))
    return Box.from_marks(parameters, marks)


def broken(box: Box, state: tuple[int, ...]) -> int:
    taken = [int(box.offsets[p]) + v for p, v in enumerate(state)]
    return sum(bool(box.vetoes[a, b]) for a, b in combinations(taken, 2))


def everything(box: Box) -> list[tuple[int, ...]]:
    return list(product(*(range(count) for count in box.counts)))


def test_counts():
    box = Box.from_marks(THREE, {})
    assert (box.space, box.pairs) == (8, 12)
    assert Box.from_marks([Parameter("A", ("a",)), Parameter("B", ("b", "c", "d"))], {}).pairs == 3
    many = Box.from_marks([Parameter(f"P{i}", ("a", "b", "c", "d")) for i in range(40)], {})
    assert many.space == 4**40  # beyond 64 bits
    cut = morphology.solutions(many, most=100)
    assert cut.status == "stopped"
    assert len(cut.states) == 100
    assert morphology.solutions(many, time_limit=0).status == "stopped"


def test_surviving_configurations_and_their_scores():
    box = Box.from_marks(THREE, mark("Wood", "Firm", "X") | mark("Wood", "Town", "2") | mark("Large", "Town", -1))
    found = morphology.solutions(box)
    assert found.status == "complete"
    assert found.states.tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]]
    assert found.mean.tolist() == pytest.approx([2 / 3, 1 / 3, 0, -1 / 3, 0, 0])
    assert found.least.tolist() == [0, -1, 0, -1, 0, 0]
    assert morphology.dead_values(box) == ()
    assert morphology.solutions(box, fixed={0: 0}).states.tolist() == [[0, 0, 0], [0, 0, 1]]
    assert morphology.conflict(box) == ()
    assert morphology.fewest_to_lift(box).vetoes == ()


def test_a_dead_value():
    # Wood goes with no owner; without Wood all is well.
    box = Box.from_marks(THREE, mark("Wood", "Firm", "x") | mark("Town", "Wood", "X"))
    assert morphology.dead_values(box) == (("Fuel", "Wood"),)
    assert len(morphology.solutions(box).states) == 4


def test_an_empty_box_says_what_stands_in_the_way():
    # Every fuel is impossible with every owner; the veto on Large has nothing to do with it.
    owners = {}
    for fuel, owner in product(FUEL.values, OWNER.values):
        owners |= mark(fuel, owner, "X")
    box = Box.from_marks(THREE, owners | mark("Wood", "Large", "X"))
    assert len(morphology.solutions(box).states) == 0
    assert len(morphology.dead_values(box)) == 6
    assert set(morphology.conflict(box)) == {
        (("Fuel", fuel), ("Owner", owner)) for fuel, owner in product(FUEL.values, OWNER.values)
    }
    lift = morphology.fewest_to_lift(box)
    assert len(lift.vetoes) == 1
    assert lift.status == "complete"
    assert broken(box, lift.state) == 1
    assert morphology.fewest_to_lift(box, time_limit=0).status == "stopped"


def test_one_parameter_has_no_pairs():
    found = morphology.solutions(Box.from_marks([FUEL], {}))
    assert found.states.tolist() == [[0], [1]]
    assert np.isnan(found.mean).all()
    assert np.isnan(found.least).all()


@settings(max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 10**6), st.sampled_from([0.1, 0.4, 0.7]))
def test_all_agree_with_trying_every_configuration(counts, seed, share):
    box = drawn(counts, seed, share)
    good = [state for state in everything(box) if not broken(box, state)]
    assert [tuple(state) for state in morphology.solutions(box).states.tolist()] == good
    alive = {(box.parameters[p].name, box.parameters[p].values[v]) for state in good for p, v in enumerate(state)}
    all_values = [(p.name, v) for p in box.parameters for v in p.values]
    assert morphology.dead_values(box) == tuple(value for value in all_values if value not in alive)
    lift = morphology.fewest_to_lift(box)
    assert len(lift.vetoes) == broken(box, lift.state) == min(broken(box, state) for state in everything(box))
    core = morphology.conflict(box)
    assert bool(core) == (not good)
    if core:
        alone = Box.from_marks(box.parameters, dict.fromkeys(core, "X"))
        assert not len(morphology.solutions(alone).states)
        for spared in core:
            less = Box.from_marks(box.parameters, {pair: "X" for pair in core if pair != spared})
            assert len(morphology.solutions(less).states)


@pytest.mark.parametrize(
    ("parameters", "marks", "words"),
    [
        ((), {}, "no parameter"),
        ((FUEL, FUEL), {}, "name of its own"),
        ((Parameter("A", ()),), {}, "no value"),
        ((Parameter("A", ("x", "x")),), {}, "name of its own"),
        (THREE, {(("Fuel", "Wood"), ("Fuel", "Gas")): 1}, "of one parameter"),
        (THREE, {(("Fuel", "Wood"), ("Fuel", "Peat")): 1}, "“Fuel: Peat” is not in the box"),
        (THREE, mark("Wood", "Town", 3), "marked 3; a whole number from -2 to 2, or X"),
        (THREE, mark("Wood", "Town", 0.5), "marked 0.5"),
        (THREE, mark("Wood", "Town", "nan"), "marked 'nan'"),
        (THREE, mark("Wood", "Town", True), "marked True"),
        (THREE, mark("Wood", "Town", "X") | mark("Town", "Wood", 1), "marked twice and unlike"),
    ],
)
def test_errors_name_the_place_and_the_remedy(parameters, marks, words):
    with pytest.raises(BoxError, match=words):
        Box.from_marks(parameters, marks)


def test_empty_marks_are_no_marks_and_twice_alike_is_once():
    box = Box.from_marks(THREE, mark("Wood", "Town", "") | mark("Wood", "Firm", 1) | mark("Firm", "Wood", "1"))
    assert box.marks.sum() == 2
    assert not box.vetoes.any()
    with pytest.raises(BoxError, match="does not exist"):
        morphology.solutions(box, fixed={0: 7})

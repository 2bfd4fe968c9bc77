"""Direct and indirect influence: the published exercise, cases by hand, matrices that never settle."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import influence
from analysis.influence import InfluenceError
from config import ROOT

# The worked exercise whose sums are published (see the reference values for its origin).
EXERCISE = np.array([[0, 1, 3, 1, 3], [3, 0, 3, 2, 1], [2, 3, 0, 1, 3], [3, 1, 3, 0, 3], [3, 3, 3, 2, 0]])


@pytest.fixture(scope="module")
def known() -> dict:
    path = ROOT.parent / "shared" / "figures" / "reference" / "micmac_direct_5x5.json"
    if not Path(path).is_file():
        assert not os.environ.get("CI"), f"{path} is missing"
        pytest.skip("published reference values are not here")
    return json.loads(path.read_text(encoding="utf-8"))


def test_published_exercise(known):
    matrix = np.array(known["M"])
    found = influence.direct(matrix)
    total = matrix.sum()
    assert (found.influence * total).round(9).tolist() == known["published"]["influence"]
    assert (found.dependence * total).round(9).tolist() == known["published"]["dependence"]
    assert list(found.quadrant) == known["derived"]["quadrant"]
    far = influence.indirect(matrix)
    sums = known["derived"]["indirect"][str(far.power)]
    assert far.settled
    assert far.influence.tolist() == pytest.approx(np.array(sums["influence"]) / sum(sums["influence"]), abs=1e-15)
    assert far.dependence.tolist() == pytest.approx(np.array(sums["dependence"]) / sum(sums["dependence"]), abs=1e-15)
    assert np.allclose(far.influence, known["derived"]["limit_share_influence"], atol=0.002)


def test_paths_separate_what_sums_tie():
    near, far = influence.direct(EXERCISE), influence.indirect(EXERCISE)
    assert near.influence_rank == (5, 3, 3, 2, 1)
    assert far.influence_rank == (5, 4, 3, 2, 1)
    # Ranks at 2 and 3 are the same: (79, 82, 86, 93, 98) and (727, 779, 791, 871, 927); and of dependence
    # (96, 83, 105, 59, 95) and (921, 755, 999, 557, 863).
    assert (far.power, far.settled, far.reason) == (3, True, "")
    changed = influence.moves(near, far, ["a", "b", "c", "d", "e"])
    assert changed["variable"].tolist() == ["b"]
    assert changed["influence_rank_after"].tolist() == [4]


def test_mean_cut_and_ties_on_it():
    ring = np.array([[0, 2, 0], [0, 0, 2], [2, 0, 0]])
    found = influence.direct(ring)
    assert found.quadrant == ("relay",) * 3
    assert found.on_cut == (True,) * 3
    assert influence.direct(EXERCISE).on_cut == (False,) * 5
    # A drives, B is driven.
    assert influence.direct(np.array([[0, 3], [0, 0]])).quadrant == ("driver", "dependent")


def test_no_loops_means_no_longer_paths():
    chain = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    found = influence.indirect(chain)
    assert (found.power, found.settled, found.reason) == (2, False, "no loops")
    assert found.influence.tolist() == [1, 0, 0]
    assert found.dependence.tolist() == [0, 0, 1]
    nothing = influence.indirect(np.zeros((3, 3)))
    assert (nothing.power, nothing.settled, nothing.reason) == (1, False, "no loops")
    assert nothing.influence.tolist() == [0, 0, 0]


def test_matrices_that_never_settle_stop_at_the_given_length():
    # Two groups that influence only one another: even and odd lengths take turns.
    turns = np.array([[0, 0, 3, 0], [0, 0, 1, 0], [1, 2, 0, 0], [1, 0, 0, 0]])
    found = influence.indirect(turns)
    assert (found.power, found.settled, found.reason) == (influence.MOST_POWERS, False, "not repeated")
    assert influence.indirect(turns, most=5).power == 5


def test_long_paths_do_not_overflow():
    many = np.full((60, 60), 3) - 3 * np.eye(60, dtype=int)
    many[0, 1] = 2
    found = influence.indirect(many, most=8)
    assert found.influence.sum() == pytest.approx(1)
    assert found.influence_rank[0] == 60


def test_potential_influences_are_two_runs():
    cells = [["0", "P"], ["1", "0"]]
    assert influence.read_influences(["a", "b"], cells).tolist() == [[0, 0], [1, 0]]
    assert influence.read_influences(["a", "b"], cells, potential=3).tolist() == [[0, 3], [1, 0]]


def test_fractions_of_a_panel_are_exact():
    thirds = np.array([[0, 1 / 3, 2 / 3], [1 / 3, 0, 2 / 3], [1, 0, 0]])
    assert influence.direct(thirds).influence_rank == (1, 1, 1)
    assert influence.direct(thirds).on_cut == (True, True, True)


@settings(max_examples=30)
@given(st.integers(1, 7), st.integers(0, 10**6))
def test_turning_the_matrix_turns_influence_and_dependence(size, seed):
    matrix = np.random.default_rng(seed).integers(0, 4, (size, size))
    np.fill_diagonal(matrix, 0)
    there, back = influence.indirect(matrix), influence.indirect(matrix.T)
    assert there.influence.tolist() == back.dependence.tolist()
    assert there.dependence_rank == back.influence_rank
    assert (there.power, there.settled) == (back.power, back.settled)
    power = np.linalg.matrix_power(matrix.astype(object), there.power)
    if power.any():
        assert there.influence == pytest.approx((power.sum(axis=1) / power.sum()).astype(float))


@pytest.mark.parametrize(
    ("names", "cells", "words"),
    [
        ([], [], "no variable"),
        (["a", "a"], [[0, 0], [0, 0]], "name of its own"),
        (["a", "b"], [[0, 0]], "1 rows; 2"),
        (["a", "b"], [[0, 0], [0]], "“b” has 1 cells; 2"),
        (["a", "b"], [[0, "x"], [0, 0]], "“a → b” is 'x'"),
        (["a", "b"], [[0, None], [0, 0]], "“a → b” is None"),
        (["a", "b"], [[0, -1], [0, 0]], "“a → b” is -1"),
        (["a", "b"], [[0, 1], [0, 2]], "“b → b” is 2; 0 would be right"),
    ],
)
def test_errors_name_the_cell_and_the_remedy(names, cells, words):
    with pytest.raises(InfluenceError, match=words):
        influence.read_influences(names, cells)


def test_shapes_and_lengths_are_checked():
    with pytest.raises(InfluenceError, match="as many rows as columns"):
        influence.direct(np.zeros((2, 3)))
    with pytest.raises(InfluenceError, match="2 or more"):
        influence.indirect(EXERCISE, most=1)

"""Cross-impact balances: the published example, cases by hand, every scenario tried one by one, traps of ties."""

import csv
import json
import math
import os
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cross_impact as ci
from analysis.cross_impact import CrossImpactMatrix, Descriptor, MatrixError
from config import ROOT


@pytest.fixture(scope="module")
def reference() -> Path:
    """Published reference values; a test that needs them is skipped where they are not, but never in CI."""
    path = ROOT.parent / "shared" / "figures" / "reference"
    if not path.is_dir():
        assert not os.environ.get("CI"), f"{path} is missing"
        pytest.skip("published reference values are not here")
    return path


def descriptors(*counts: int) -> tuple[Descriptor, ...]:
    return tuple(Descriptor(f"D{i}", tuple(f"v{v}" for v in range(count))) for i, count in enumerate(counts))


def matrix_of(counts: tuple[int, ...], cells: object) -> CrossImpactMatrix:
    return CrossImpactMatrix.from_cells(descriptors(*counts), np.asarray(cells, dtype=float).tolist())


def drawn(counts: tuple[int, ...], seed: int, density: float = 1.0, diagonal: bool = False) -> CrossImpactMatrix:
    random = np.random.default_rng(seed)
    owner = np.repeat(np.arange(len(counts)), counts)
    link = random.random((len(counts), len(counts))) < density
    if not diagonal:
        np.fill_diagonal(link, False)
    size = len(owner)
    return matrix_of(counts, random.integers(-3, 4, (size, size)) * link[np.ix_(owner, owner)])


def by_hand(matrix: CrossImpactMatrix, tolerance: float = 0.0) -> list[tuple[int, ...]]:
    """Every scenario, with nothing but sums and maxima."""
    found = []
    for state in product(*(range(count) for count in matrix.counts)):
        active = [matrix.offsets[j] + v for j, v in enumerate(state)]
        balance = [sum(matrix.values[a, t] for a in active) for t in range(len(matrix.values))]
        worst = max(
            max(balance[matrix.offsets[j] : matrix.offsets[j + 1]]) - balance[active[j]] for j in range(len(state))
        )
        if worst <= tolerance + 1e-9:
            found.append(state)
    return found


# Two descriptors: A = a0 supports b0, b1 supports a1; the rest is quiet.
SMALL = [[0, 0, 2, -2], [0, 0, 0, 0], [0, 0, 0, 0], [-1, 1, 0, 0]]


@pytest.fixture(scope="module")
def somewhereland(reference: Path) -> tuple[CrossImpactMatrix, dict]:
    known = json.loads((reference / "somewhereland.json").read_text(encoding="utf-8"))
    with (reference / "somewhereland_matrix.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    named = [Descriptor(d["name"], tuple(d["variants"])) for d in known["descriptors"]]
    return CrossImpactMatrix.from_cells(named, [row[2:] for row in rows]), known


def test_somewhereland_balance_and_scenarios(somewhereland):
    matrix, known = somewhereland
    assert matrix.space == known["n_configurations"]
    published = known["published_balance"]
    assert ci.impact_balances(matrix, np.array(published["state"]) - 1)[0].tolist() == published["balance_by_variant"]
    found = ci.consistent_scenarios(matrix)
    expected = {tuple(row["state"]): row["derived"] for row in known["consistent_scenarios"]}
    assert found.status == "complete"
    assert [tuple(state) for state in (found.states + 1).tolist()] == sorted(expected)
    for state, total, lead in zip(found.states + 1, found.scores.total, found.scores.consistency, strict=True):
        assert total == expected[tuple(state)]["total_impact_score"]
        assert lead == expected[tuple(state)]["consistency_value"]
    assert [len(ci.consistent_scenarios(matrix, t).states) for t in range(4)] == [10, 15, 32, 59]
    everything = ci.consistent_scenarios(matrix, 100).scores.inconsistency
    values, counts = np.unique(everything, return_counts=True)
    assert {str(int(v)): int(n) for v, n in zip(values, counts, strict=True)} == known[
        "derived_inconsistency_histogram"
    ]


def test_somewhereland_basins(somewhereland):
    matrix, known = somewhereland
    basins = ci.basins(matrix)
    weights = {tuple((a.states[0] + 1).tolist()): a.weight for a in basins.attractors}
    assert weights == {tuple(c["state"]): c["derived"]["basin_exact"] for c in known["consistent_scenarios"]}
    assert basins.exact
    assert {a.period for a in basins.attractors} == {1}
    sampled = ci.basins(matrix, exact_up_to=100, samples=20_000)
    assert not sampled.exact
    inside = sum(a.low <= weights[tuple((a.states[0] + 1).tolist())] / 486 <= a.high for a in sampled.attractors)
    assert inside >= 8  # 95 % ranges of ten shares


def test_a_quick_look_at_where_everything_drifts_to(somewhereland):
    matrix, _ = somewhereland
    exact = {tuple(a.states[0].tolist()): a.share for a in ci.basins(matrix).attractors}
    quick = ci.pulls(matrix, starts=4000)
    assert quick.unsettled == 0
    assert quick.share.sum() == pytest.approx(1)
    assert list(quick.share) == sorted(quick.share, reverse=True)
    for state, share in zip(quick.states.tolist(), quick.share, strict=True):
        assert share == pytest.approx(exact[tuple(state)], abs=0.035)
    # Two states that turn into one another never settle, from a half of all starts.
    turning = matrix_of((2, 2), [[0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0]])
    assert ci.pulls(turning).unsettled == 1
    assert len(ci.pulls(turning, "incremental").states) == 0


def test_balances_and_scores_by_hand():
    matrix = matrix_of((2, 2), SMALL)
    assert ci.impact_balances(matrix, [0, 0]).tolist() == [[0, 0, 2, -2]]
    scores = ci.score(matrix, [[0, 0], [0, 1], [1, 0], [1, 1]])
    # (0, 1): a0 falls 2 behind a1, b1 falls 4 behind b0.
    assert scores.inconsistency.tolist() == [0, 4, 0, 0]
    assert scores.consistency.tolist() == [0, -4, 0, 0]
    assert scores.total.tolist() == [2, -3, 0, 1]
    assert ci.consistent_scenarios(matrix).states.tolist() == [[0, 0], [1, 0], [1, 1]]
    assert ci.consistent_scenarios(matrix, fixed={0: 1}).states.tolist() == [[1, 0], [1, 1]]
    assert ci.consistent_scenarios(matrix, fixed={0: 0, 1: 1}).states.tolist() == []


def test_why_names_balances_and_their_sources():
    matrix = matrix_of((2, 2), SMALL)
    table = ci.why(matrix, [0, 1])
    assert table.to_numpy().tolist() == [
        ["D0", "v0", True, -1.0, -2.0],
        ["D0", "v1", False, 1.0, 2.0],
        ["D1", "v0", False, 2.0, 4.0],
        ["D1", "v1", True, -2.0, -4.0],
    ]
    sources = ci.contributions(matrix, [0, 1], 0)
    assert sources.index.tolist() == ["D0: v0", "D1: v1"]
    assert sources.sum().tolist() == [-1.0, 1.0]


def test_diagonal_sections_count():
    # v0 of the only descriptor drives itself out, v1 as well: nothing is consistent, and succession swings.
    matrix = matrix_of((2,), [[-1, 1], [1, -1]])
    assert len(ci.consistent_scenarios(matrix).states) == 0
    path = ci.succession(matrix, [0])
    assert path.period == 2
    assert path.attractor.tolist() == [[0], [1]]
    [cycle] = ci.basins(matrix).attractors
    assert (cycle.period, cycle.weight) == (2, 2)


def test_ties_keep_the_current_variant():
    nothing = matrix_of((2, 3), np.zeros((5, 5)))
    assert len(ci.consistent_scenarios(nothing).states) == 6
    for rule in ("global", "incremental"):
        basins = ci.basins(nothing, rule)
        assert [(a.period, a.weight) for a in basins.attractors] == [(1, 1)] * 6
    # Of two better variants that tie the first is taken.
    matrix = matrix_of((3,), [[-1, 2, 2], [0, 0, 0], [0, 0, 0]])
    assert ci.succession(matrix, [0]).states.tolist() == [[0], [1]]


def test_global_swings_where_incremental_rests():
    # Each of two descriptors wants to be unlike the other... and like it: all at once they chase one another.
    matrix = matrix_of((2, 2), [[0, 0, 1, -1], [0, 0, -1, 1], [1, -1, 0, 0], [-1, 1, 0, 0]])
    swing = ci.succession(matrix, [0, 1])
    assert swing.period == 2
    assert swing.states.tolist() == [[0, 1], [1, 0]]
    rest = ci.succession(matrix, [0, 1], "incremental")
    assert rest.period == 1
    assert rest.states.tolist() == [[0, 1], [1, 1]]
    basins = ci.basins(matrix)
    assert sorted((a.period, a.weight) for a in basins.attractors) == [(1, 1), (1, 1), (2, 2)]
    sampled = ci.basins(matrix, exact_up_to=1, samples=4000)
    assert [a.states.tolist() for a in sampled.attractors if a.period == 2] == [[[0, 1], [1, 0]]]


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
    st.integers(0, 10**6),
    st.sampled_from([0.3, 0.7, 1.0]),
    st.booleans(),
    st.sampled_from([0, 1, 2.5]),
)
def test_search_finds_what_trying_all_finds(counts, seed, density, diagonal, tolerance):
    matrix = drawn(tuple(counts), seed, density, diagonal)
    found = ci.consistent_scenarios(matrix, tolerance)
    everything = by_hand(matrix, tolerance)
    assert [tuple(state) for state in found.states.tolist()] == everything
    assert (found.scores.inconsistency <= tolerance).all()
    last = len(counts) - 1
    fixed = ci.consistent_scenarios(matrix, tolerance, {last: 0})
    assert [tuple(state) for state in fixed.states.tolist()] == [s for s in everything if s[last] == 0]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=5), st.integers(0, 10**6), st.booleans())
def test_basins_are_where_successions_end(counts, seed, diagonal):
    matrix = drawn(tuple(counts), seed, 0.8, diagonal)
    for rule in ("global", "incremental"):
        basins = ci.basins(matrix, rule)
        assert sum(a.weight for a in basins.attractors) == matrix.space == basins.starts
        ends: dict = {}
        for state in product(*(range(count) for count in counts)):
            ring = frozenset(map(tuple, ci.succession(matrix, state, rule).attractor.tolist()))
            ends[ring] = ends.get(ring, 0) + 1
        assert {frozenset(map(tuple, a.states.tolist())): a.weight for a in basins.attractors} == ends
    resting = {tuple(a.states[0].tolist()) for a in ci.basins(matrix).attractors if a.period == 1}
    assert resting == set(by_hand(matrix))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 3), min_size=2, max_size=4), st.integers(0, 10**6))
def test_standardised_sections_decide_the_same(counts, seed):
    matrix = drawn(tuple(counts), seed)
    level = ci.standardise(matrix)
    for j in range(len(counts)):
        part = level.values[:, level.offsets[j] : level.offsets[j + 1]]
        assert np.abs(part.sum(axis=1)).max() < 1e-9
    assert ci.consistent_scenarios(level, 1).states.tolist() == ci.consistent_scenarios(matrix, 1).states.tolist()
    weights = [[(a.states.tolist(), a.weight) for a in ci.basins(m).attractors] for m in (matrix, level)]
    assert weights[0] == weights[1]


def test_fractional_judgements_tie():
    # 0.1 + 0.2 and 0.3 are not the same number to a machine, and thirds are no better.
    matrix = matrix_of((1, 1, 2), [[0, 0, 0.1, 0.3], [0, 0, 0.2, 0.0], [0, 0, 0, 0], [0, 0, 0, 0]])
    assert len(ci.consistent_scenarios(matrix).states) == 2
    third = matrix_of((1, 1, 1, 2), [[0, 0, 0, 1 / 3, 1.0]] + [[0, 0, 0, 1 / 3, 0]] * 2 + [[0] * 5] * 2)
    assert len(ci.consistent_scenarios(third).states) == 2
    assert all(a.weight == 1 for a in ci.basins(third).attractors)
    # No common denominator: equal within 1e-9.
    odd = matrix_of((1, 1, 2), [[0, 0, math.pi, math.pi + 1e-10], [0] * 4, [0] * 4, [0] * 4])
    assert not odd.scaled[2]
    assert len(ci.consistent_scenarios(odd).states) == 2
    assert ci.score(odd, [0, 0, 0]).inconsistency.tolist() == [0.0]
    assert [a.weight for a in ci.basins(odd).attractors] == [1, 1]
    apart = matrix_of((1, 1, 2), [[0, 0, math.pi, math.pi + 1e-6], [0] * 4, [0] * 4, [0] * 4])
    assert ci.consistent_scenarios(apart).states.tolist() == [[0, 0, 1]]


def test_tolerance_in_fractions():
    matrix = matrix_of((1, 2), [[0, 0.5, 1.0], [0] * 3, [0] * 3])
    assert len(ci.consistent_scenarios(matrix, 0.4).states) == 1
    assert len(ci.consistent_scenarios(matrix, 0.5).states) == 2


def test_limits_say_that_they_stopped():
    quiet = matrix_of((3,) * 12, np.zeros((36, 36)))
    cut = ci.consistent_scenarios(quiet, most=1000)
    assert cut.status == "stopped"
    assert len(cut.states) == 1000
    late = ci.consistent_scenarios(quiet, time_limit=0)
    assert late.status == "stopped"
    assert len(late.states) == 0
    whole = matrix_of((2, 2), np.zeros((4, 4)))
    assert ci.consistent_scenarios(whole, most=4).status == "complete"


def test_huge_spaces_are_counted_without_overflow():
    matrix = matrix_of((4,) * 40, np.zeros((160, 160)))
    assert matrix.space == 4**40
    basins = ci.basins(matrix, samples=50, most=3)
    assert not basins.exact
    assert basins.count == 50
    assert len(basins.attractors) == 3


def test_weights_outgrow_small_integers():
    # A descriptor without a choice pulls every other one to its first variant: one basin, beyond 16 bits.
    cells = np.zeros((34, 34))
    cells[0, 1::3] = 1
    [all_of_them] = ci.basins(matrix_of((1, *(3,) * 11), cells)).attractors
    assert all_of_them.weight == 3**11
    # Shares of samples whose weights add up beyond 32 bits are of Python's integers.
    assert ci.wilson(3 * 10**9, 6 * 10**9) == pytest.approx((0.5, 0.5), abs=1e-4)


def test_single_variants_have_no_rival():
    scores = ci.score(matrix_of((1, 1), np.zeros((2, 2))), [0, 0])
    assert scores.inconsistency.tolist() == [0]
    assert scores.consistency.tolist() == [math.inf]


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_one_cell_changes_are_those_of_solving_again(seed):
    matrix = drawn((2, 3, 2), seed, 0.7)
    now = [tuple(state) for state in ci.consistent_scenarios(matrix).states.tolist()]
    table = ci.one_cell_changes(matrix)
    for row in table.itertuples(index=False):
        values = matrix.values.copy()
        values[row.source, row.target] += row.change
        after = {tuple(s) for s in ci.consistent_scenarios(matrix.with_values(values)).states.tolist()}
        assert {now[x] for x in row.lost} == set(now) - after
        assert set(row.gained) == after - set(now)


def test_perturbed_shares_by_hand():
    # b0 leads by 2 in the one judged row: both cells must move one step each towards the other to tie, and a tie
    # is consistent still. b1 becomes consistent only then: 1 of 9 draws.
    matrix = matrix_of((1, 2), [[0, 1, -1], [0] * 3, [0] * 3])
    found = ci.perturbed(matrix, draws=2000)
    assert found.states.tolist() == [[0, 0]]
    assert found.share.tolist() == [1.0]
    [(state, share)] = found.newcomers
    assert state == (0, 1)
    assert ci.wilson(round(share * 2000), 2000)[0] <= 1 / 9 <= ci.wilson(round(share * 2000), 2000)[1]
    assert ci.perturbed(matrix, draws=50).newcomers == ci.perturbed(matrix, draws=50).newcomers
    assert ci.perturbed(matrix, draws=50, time_limit=0).status == "stopped"


def test_somewhereland_under_perturbation(somewhereland):
    matrix, _ = somewhereland
    found = ci.perturbed(matrix, draws=200)
    best = int(found.share.argmax())
    # Society in crisis, the only scenario that is consistent with a lead.
    assert (found.states[best] + 1).tolist() == [1, 3, 1, 2, 3, 3]
    assert 0.4 < found.share[best] < 0.65


def test_wilson_interval():
    low, high = ci.wilson(5, 10)
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert ci.wilson(0, 10)[0] == 0
    assert ci.wilson(10, 10)[1] == 1
    assert ci.wilson(0, 0) == (0, 1)
    assert max(np.diff(ci.wilson(50_000, 100_000))) / 2 <= 0.0031


def test_group_judgement():
    one = np.array(SMALL, dtype=float)
    three = np.stack([one, one + 1, one + 5])
    assert np.array_equal(ci.combine(descriptors(2, 2), three).matrix.values, one + 1)
    assert np.allclose(ci.combine(descriptors(2, 2), three, "mean").matrix.values, one + 2)
    assert (ci.combine(descriptors(2, 2), three).spread == 2.5).all()
    # A judge who left a section out counts in the others; a section without any judge holds no influence.
    three[0, :2, 2:] = np.nan
    group = ci.combine(descriptors(2, 2), three)
    assert group.count[0, 2] == 2
    assert group.matrix.values[0, 2] == one[0, 2] + 3
    three[:, :2, 2:] = np.nan
    group = ci.combine(descriptors(2, 2), three)
    assert (group.matrix.values[:2, 2:] == 0).all()
    assert np.isnan(group.spread[:2, 2:]).all()
    three[1, 0, 2] = 1
    with pytest.raises(MatrixError, match=r"D0 → D1.*v0 → v1.*nobody"):
        ci.combine(descriptors(2, 2), three)


def test_panel_of_one_mind_changes_nothing():
    panel = np.stack([np.array(SMALL, dtype=float)] * 5)
    found = ci.panel_survival(descriptors(2, 2), panel, draws=20)
    assert found.share.tolist() == [1.0, 1.0, 1.0]
    assert found.newcomers == ()
    split = np.stack([np.array(SMALL, dtype=float), -np.array(SMALL, dtype=float), np.array(SMALL, dtype=float)])
    found = ci.panel_survival(descriptors(2, 2), split, draws=300)
    assert 0 < found.share[0] < 1
    assert found.newcomers


def test_errors_name_the_section_and_the_remedy():
    two = descriptors(2, 3)
    with pytest.raises(MatrixError, match=r"D0 → D1.*2 rows and 2 columns; 2 rows .* and 3 columns .* right"):
        CrossImpactMatrix.from_sections(two, {("D0", "D1"): [[1, 2], [3, 4]]})
    with pytest.raises(MatrixError, match=r"2 or 3 columns"):
        CrossImpactMatrix.from_sections(two, {("D0", "D1"): [[1, 2, 3], [3, 4]]})
    with pytest.raises(MatrixError, match=r"D1 → D0.*v2 → v1.*'x'.*number"):
        CrossImpactMatrix.from_sections(two, {("D1", "D0"): [[0, 0], [0, 0], [0, "x"]]})
    with pytest.raises(MatrixError, match="no descriptor"):
        CrossImpactMatrix.from_sections(two, {("D1", "D9"): [[0]]})
    cells: list[list[object]] = [[0] * 5 for _ in range(5)]
    for bad in ("", None, "nan", math.inf, True, 1e300):
        cells[0][4] = bad
        with pytest.raises(MatrixError, match=r"D0 → D1.*v0 → v2"):
            CrossImpactMatrix.from_cells(two, cells)
    cells[0][4] = "-2"
    assert CrossImpactMatrix.from_cells(two, cells).values[0, 4] == -2
    with pytest.raises(MatrixError, match="4 rows; 5"):
        CrossImpactMatrix.from_cells(two, cells[:4])
    with pytest.raises(MatrixError, match="4 cells; 5"):
        CrossImpactMatrix.from_cells(two, [*cells[:4], [0] * 4])
    with pytest.raises(MatrixError, match="D1 → D0"):
        CrossImpactMatrix.from_cells(two, cells).with_values(np.where(np.arange(25).reshape(5, 5) == 10, np.nan, 0))


@pytest.mark.parametrize(
    ("given_descriptors", "words"),
    [
        ((), "no descriptor"),
        ((Descriptor("A", ("x",)), Descriptor("A", ("x",))), "twice"),
        ((Descriptor("A", ("x", "x")),), "two variants"),
        ((Descriptor("A", ()),), "no variant"),
        ((Descriptor(" ", ("x",)),), "no name"),
        ((Descriptor("A", ("x", "")),), "no name"),
    ],
)
def test_names_are_there_and_differ(given_descriptors, words):
    with pytest.raises(MatrixError, match=words):
        ci.check_descriptors(given_descriptors)


def test_questions_that_make_no_sense_are_refused():
    matrix = matrix_of((2, 2), SMALL)
    for call in (
        lambda: ci.consistent_scenarios(matrix, -1),
        lambda: ci.consistent_scenarios(matrix, math.nan),
        lambda: ci.consistent_scenarios(matrix, fixed={0: 2}),
        lambda: ci.consistent_scenarios(matrix, fixed={2: 0}),
        lambda: ci.score(matrix, [0, 2]),
        lambda: ci.score(matrix, [0, 0, 0]),
        lambda: ci.why(matrix, [[0, 0], [1, 1]]),
        lambda: ci.basins(matrix, "sideways"),
        lambda: ci.basins(matrix, exact_up_to=1, samples=0),
        lambda: ci.combine(matrix.descriptors, np.zeros((2, 3, 4))),
        lambda: ci.combine(matrix.descriptors, np.zeros((2, 4, 4)), "mode"),
    ):
        with pytest.raises(MatrixError):
            call()


def test_hundreds_of_millions_of_scenarios_while_one_waits():
    matrix = drawn((3,) * 17 + (3,), 5, 0.3)
    begin = time.perf_counter()
    found = ci.consistent_scenarios(matrix)
    # Some milliseconds; the limit only says that nothing is enumerated.
    assert time.perf_counter() - begin < 2
    assert found.status == "complete"
    assert found.nodes < matrix.space / 1000

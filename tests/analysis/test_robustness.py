"""Robustness of measures: published values, cases worked out by hand, and what must hold for any pay-offs."""

import json
import os
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import robustness as rb
from analysis.robustness import Mark, OptionClass, PortfolioStatus

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/figures/reference/mcphail_metrics.json"
PUBLISHED = {"starr_domain": "starr"}


def frame(rows: Any, names: str = "") -> pd.DataFrame:
    values = np.array(rows, dtype=float)
    index = list(names) or [f"m{i}" for i in range(len(values))]
    return pd.DataFrame(values, index=index, columns=[f"s{i}" for i in range(values.shape[1])])


PAPER = frame([[0.99, 1.0, 0.5], [0.69, 0.6, 0.6]], "AB")
scores_of = st.integers(-8, 8).map(lambda v: v / 4)


@st.composite
def payoffs(draw: st.DrawFn, measures: int = 5, scenarios: int = 5) -> pd.DataFrame:
    m, n = draw(st.integers(1, measures)), draw(st.integers(1, scenarios))
    return frame(draw(st.lists(st.lists(scores_of, min_size=n, max_size=n), min_size=m, max_size=m)))


@pytest.fixture(scope="session")
def published() -> list[dict[str, Any]]:
    if REFERENCE.exists():
        return json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    message = f"reference values are missing: {REFERENCE}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def test_all_published_values(published: list[dict[str, Any]]) -> None:
    assert len(published) == 23
    for case in published:
        result = rb.metrics(
            frame(case["f"]),
            maximise=case["maximise"],
            weight_on_worst=case.get("weight_on_worst", 0.5),
            regret_percentile=case.get("percentile", 0.9),
            threshold=case.get("threshold", 0.0),
            accept_equal=case.get("accept_equal", True),
        )
        column = result[PUBLISHED.get(case["metric"], case["metric"])]
        np.testing.assert_allclose(column, case["R"], rtol=0, atol=1e-12, err_msg=str(case))


def test_by_hand_without_files() -> None:
    # McPhail et al. (2018): the two alternatives of their examples.
    row = rb.metrics(PAPER, weight_on_worst=0.75, threshold=0.6).loc["A"]
    expected = {"maximin": 0.5, "maximax": 1.0, "laplace": 0.83, "hurwicz": 0.625, "minimax_regret": -0.1}
    expected |= {"starr": 2 / 3, "undesirable_deviations": -0.245, "percentile_skewness": 0.96}
    assert row[list(expected)].to_dict() == pytest.approx(expected)
    assert rb.regret(PAPER).to_numpy() == pytest.approx(np.array([[0, 0, 0.1], [0.3, 0.4, 0]]))


@pytest.mark.parametrize("method", ["nearest", "linear"])
def test_percentiles_are_numpys(method: Any) -> None:
    shares = (0.0, 0.1, 0.25, 0.33, 0.5, 0.75, 0.9, 1.0)
    for count in range(1, 60):
        rows = np.sort(np.random.default_rng(count).normal(size=(3, count)), axis=1)
        expected = np.quantile(rows, shares, axis=1, method=method)
        np.testing.assert_allclose(rb._percentiles(rows, shares, method), expected)


def test_hurwicz_weighs_the_worst() -> None:
    table = frame([[0, 10], [4, 5]], "AB")
    assert rb.metrics(table, weight_on_worst=1.0)["hurwicz"].tolist() == [0, 4]
    assert rb.metrics(table, weight_on_worst=0.0)["hurwicz"].tolist() == [10, 5]
    assert rb.metrics(table, weight_on_worst=0.8)["hurwicz"].tolist() == pytest.approx([2.0, 4.2])
    with pytest.raises(ValueError, match="between 0 and 1"):
        rb.metrics(table, weight_on_worst=1.1)


def test_percentile_method_matters() -> None:
    table = frame([[0.69, 0.6, 0.61, 1.0]])
    assert rb.metrics(table)["percentile_kurtosis"].item() == pytest.approx(5.0)
    assert rb.metrics(table, percentile_method="linear")["percentile_kurtosis"].item() == pytest.approx(1.9)


def test_shape_of_equal_outcomes_is_not_told() -> None:
    row = rb.metrics(frame([[2, 2, 2]])).iloc[0]
    assert np.isnan(row["percentile_skewness"])
    assert np.isnan(row["percentile_kurtosis"])
    assert row["mean_variance"] == 3
    assert np.isnan(rb.metrics(frame([[2]]))["mean_variance"].item())


def test_mean_variance_turns_round_below_minus_one() -> None:
    # Same mean of -2: the steadier measure should win, and does not.
    steady, shaky = rb.metrics(frame([[-2, -2], [-4, 0]]))["mean_variance"]
    assert shaky > steady


def test_one_measure_has_no_regret() -> None:
    assert (rb.regret(frame([[3, -2, 0]])) == 0).to_numpy().all()
    result = rb.metrics(frame([[3, -2, 0]]))
    assert result["minimax_regret"].item() == 0
    assert not np.signbit(result["minimax_regret"].item())


def test_missing_cell_is_no_zero() -> None:
    table = frame([[1, np.nan], [-1, -2]], "AB")
    result = rb.metrics(table)
    assert result.loc["A"].isna().all()
    assert result.loc["B", "minimax_regret"] == -2
    assert np.isnan(rb.regret(table).loc["A", "s1"])
    facts = rb.choice(result)
    assert facts.not_ranked == ("A",)
    assert facts.regret_is_least
    empty = rb.regret(frame([[np.nan, 1], [np.nan, 2]]))
    assert empty["s0"].isna().all()
    assert empty["s1"].tolist() == [1, 0]


def test_weights_of_scenarios() -> None:
    table = frame([[2, -2]])
    result = rb.metrics(table, weights={"s0": 3, "s1": 1})
    assert result["laplace"].item() == 1
    assert result["starr"].item() == 0.75
    untold = [m for m in rb.LEVEL_METRICS if m not in rb.WEIGHTED_METRICS]
    pd.testing.assert_frame_equal(result[untold], rb.metrics(table)[untold])
    for bad in ({"s0": 1.0}, {"s0": -1.0, "s1": 2.0}, {"s0": 0.0, "s1": 0.0}, {"s0": np.nan, "s1": 1.0}):
        with pytest.raises(ValueError, match="Weights"):
            rb.metrics(table, weights=bad)


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        rb.metrics(frame([[np.inf, 1]]))
    with pytest.raises(ValueError, match="names of their own"):
        rb.regret(frame([[1], [2]], "AA"))


@pytest.mark.parametrize(
    ("share", "expected"),
    [(1, "no_regrets"), (0.75, "opt_out"), (0.5, "opt_in"), (0.25, "opt_in"), (0, "abandon"), (np.nan, "unknown")],
)
def test_option_class(share: float, expected: str) -> None:
    assert rb.option_class(share) is OptionClass(expected)


def test_option_class_survives_rounding_of_weights() -> None:
    weights = {f"s{i}": 0.1 for i in range(10)}
    share = rb.metrics(frame([np.ones(10)]), weights=weights)["starr"].item()
    assert rb.option_class(share) is OptionClass.NO_REGRETS
    with pytest.raises(ValueError, match="share"):
        rb.option_class(1.2)


def test_marks() -> None:
    table = frame([[0, 2], [-0.5, 1], [-1, 2], [np.nan, 1], [np.nan, -2], [np.nan, np.nan], [-1, -1]], "ABCDEFG")
    result = rb.marks(table)
    assert result["mark"].tolist() == [
        *(Mark.ROBUST, Mark.NEITHER, Mark.FRAGILE, Mark.UNKNOWN, Mark.FRAGILE, Mark.UNKNOWN, Mark.FRAGILE)
    ]
    assert result.loc["G", "worst_in"] == ("s0", "s1")
    assert result.loc["F", "worst_in"] == ()
    assert result["missing"].tolist() == [0, 0, 0, 1, 1, 2, 0]


def test_ties_are_listed() -> None:
    # Fractions that are equal on paper and not in binary.
    facts = rb.choice(rb.metrics(frame([[0.1 + 0.2, 1], [0.3, 1], [0, 0]], "ABC")))
    assert facts.best["maximin"] == ("A", "B")
    assert facts.best["laplace"] == ("A", "B")
    assert facts.best["minimax_regret"] == ("A", "B")
    assert facts.always_first == ("A", "B") or facts.depends
    assert rb.rank_table(rb.metrics(frame([[1], [1], [0]], "ABC")))["maximin"].tolist() == [1, 1, 3]


def test_ranking_that_depends_on_the_metric() -> None:
    # A is safe, B is bold: the cautious and the hopeful part ways.
    facts = rb.choice(rb.metrics(frame([[1, 1, 1], [-2, 5, 5]], "AB")))
    assert facts.depends
    assert facts.always_first == ()
    assert facts.best["maximin"] == ("A",)
    assert facts.best["maximax"] == ("B",)
    assert facts.places.loc["A"].tolist() == [1, 2]
    better = rb.choice(rb.metrics(frame([[3, 3], [1, 0]], "AB")))
    assert better.always_first == ("A",)
    assert not better.depends
    # Both meet the threshold everywhere: eight of nine metrics put A first, one ties the two.
    assert better.agreement == pytest.approx(8 / 9)


def test_kendall_w_by_hand() -> None:
    # Three judges, ranks 1 2 3 / 1 2 3 / 1 3 2: sums 3 7 8, S = 14, W = 12*14 / (9*24).
    judges = pd.DataFrame({"x": [3, 2, 1], "y": [3, 2, 1], "z": [3, 1, 2]}, index=list("ABC"))
    assert rb.kendall_w(judges) == pytest.approx(14 * 12 / (9 * 24))
    # With a tie: ranks 1 2 3 / 1.5 1.5 3: sums 2.5 3.5 6, S = 6.5, W = 12*6.5 / (4*24 - 2*6).
    tied = pd.DataFrame({"x": [3, 2, 1], "y": [2, 2, 1]})
    assert rb.kendall_w(tied) == pytest.approx(78 / 84)
    assert np.isnan(rb.kendall_w(pd.DataFrame({"x": [1, 1], "y": [2, 2]})))
    assert np.isnan(rb.kendall_w(tied[["x"]]))


def votes(rows: list[tuple[Any, ...]], *more: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["measure", "scenario", "value", *more])


def test_payoff_table_with_criteria() -> None:
    table = votes(
        [("A", "x", 2, "gain"), ("A", "x", 4, "gain"), ("A", "x", 1, "cost"), ("A", "y", 1, "gain")], "criterion"
    )
    result = rb.payoff_table(table, criteria={"gain": 3, "cost": 1}, minimise=["cost"])
    assert result.loc["A", "x"] == pytest.approx(0.75 * 3 - 0.25 * 1)
    assert np.isnan(result.loc["A", "y"])
    free = rb.payoff_table(table, criteria={"gain": 1, "cost": 0}, minimise=["cost"])
    assert free.loc["A", "y"] == 1
    wide = rb.payoff_table(table, measures=["A", "B"], scenarios=["y", "x", "z"], minimise=["cost"])
    assert wide.loc["B"].isna().all()
    assert list(wide.columns) == ["y", "x", "z"]
    with pytest.raises(ValueError, match="Unknown criteria"):
        rb.payoff_table(table, criteria={"gain": 1})
    with pytest.raises(ValueError, match="no criterion"):
        rb.payoff_table(table.drop(columns="criterion"), minimise=["cost"])


def test_payoff_table_of_a_group() -> None:
    table = votes([("A", "x", 2, "firms"), ("A", "x", -2, "people"), ("A", "x", 1, "people")], "group")
    assert rb.payoff_table(table).loc["A", "x"] == 1
    assert rb.payoff_table(table, group="people").loc["A", "x"] == -0.5
    assert rb.payoff_table(table, group="people", statistic="mean").loc["A", "x"] == -0.5
    assert rb.payoff_table(table, group="nobody", measures=["A"], scenarios=["x"]).isna().to_numpy().all()


def test_disagreement_of_five_groups() -> None:
    # 4 scenarios x 8 measures x 5 groups: every vote is counted.
    rows = [(m, s, (m + s + g) % 5 - 2, g) for m in range(8) for s in range(4) for g in range(5)]
    result = rb.disagreement(votes(rows, "group"))
    assert result["votes"].sum() == 160
    assert result["printable"].all()
    assert (result["median"] == 0).all()
    assert (result["group_range"] == 4).all()
    assert (result["spread"] == 2).all()
    few = rb.disagreement(votes([("A", "x", 1, "g"), ("A", "x", np.nan, "h")], "group"))
    assert few["votes"].tolist() == [1]
    assert np.isnan(few["group_range"].item())
    assert not few["printable"].item()


def brute(table: pd.DataFrame, costs: dict[Any, int], budget: float, combine: str) -> float:
    f = table.to_numpy()
    sets = [c for k in range(len(f) + 1) for c in combinations(range(len(f)), k)]
    paid = []
    for chosen in sets:
        if sum(costs[table.index[i]] for i in chosen) > budget:
            continue
        part = f[list(chosen)]
        empty = np.zeros(f.shape[1])
        paid.append(part.sum(axis=0) if combine == "sum" else np.vstack((empty, part)).max(axis=0))
    every = np.array(paid)
    return float((every.max(axis=0) - every).max(axis=1).min())


def test_portfolio_by_hand() -> None:
    # Each specialist is best in one scenario and costs as much as the all-rounder; the budget buys one.
    table = frame([[4, 0], [0, 4], [3, 3]], "ABC")
    result = rb.portfolio(table, {"A": 1, "B": 1, "C": 1}, 1)
    assert result.measures == ("C",)
    assert result.worst_regret == result.bound == 1
    assert result.gap == 0
    assert result.status is PortfolioStatus.OPTIMAL
    assert result.regret == {"s0": 1, "s1": 1}
    both = rb.portfolio(table, {"A": 1, "B": 1, "C": 1}, 2, combine="best")
    assert both.measures == ("A", "B")
    assert both.worst_regret == 0
    apart = rb.portfolio(table, {"A": 1, "B": 1, "C": 1}, 2, combine="best", exclusive=[("A", "B")])
    # C alone is regretted as little and costs less, but the budget buys A with it, which pays more on average.
    assert apart.measures == ("A", "C")
    assert apart.worst_regret == 1


@pytest.mark.parametrize(("stopped_at", "bound"), [(2, 0.25), (0, 0.0)])
def test_portfolio_says_when_it_was_stopped(monkeypatch: pytest.MonkeyPatch, stopped_at: int, bound: float) -> None:
    # The third programme is the regret's own, after one for each scenario; an unproven best leaves only 0 below.
    import scipy.optimize

    solve = scipy.optimize.milp
    asked: list[int] = []

    def stopped(*arguments: Any, **options: Any) -> Any:
        found = solve(*arguments, **options)
        if len(asked) == stopped_at:
            found.status = 1
            found.mip_dual_bound = 0.25 if stopped_at == 2 else found.mip_dual_bound
        asked.append(1)
        return found

    monkeypatch.setattr(scipy.optimize, "milp", stopped)
    result = rb.portfolio(frame([[4, 0], [0, 4], [3, 3]], "ABC"), {"A": 1, "B": 1, "C": 1}, 1)
    assert result.status is PortfolioStatus.STOPPED
    assert result.worst_regret == 1
    assert (result.bound, result.gap) == (bound, 1 - bound)


def test_deviations_from_the_ordinary_median() -> None:
    assert rb.metrics(frame([[0, 1]]))["undesirable_deviations"].item() == -0.5
    assert rb.metrics(frame([[0, 1, 2, 4]]))["undesirable_deviations"].item() == -1.0


def test_portfolio_leaves_out_what_adds_nothing() -> None:
    result = rb.portfolio(frame([[2, 2], [0, 0], [-1, -1]], "ABC"), {"A": 1, "B": 1, "C": 0}, 5)
    assert result.measures == ("A",)
    assert result.cost == 1
    assert rb.portfolio(frame([[1]], "A"), {"A": 2}, 1).measures == ()


def test_portfolio_refuses() -> None:
    with pytest.raises(ValueError, match="every pay-off"):
        rb.portfolio(frame([[np.nan]], "A"), {"A": 1}, 1)
    with pytest.raises(ValueError, match="name every measure"):
        rb.portfolio(frame([[1]], "A"), {}, 1)
    with pytest.raises(ValueError, match="not negative"):
        rb.portfolio(frame([[1]], "A"), {"A": -1}, 1)
    with pytest.raises(ValueError, match="itself"):
        rb.portfolio(frame([[1]], "A"), {"A": 1}, 1, exclusive=[("A", "A")])


@settings(max_examples=25)
@given(payoffs(5, 4), st.data(), st.sampled_from(["sum", "best"]))
def test_portfolio_equals_trying_all(table: pd.DataFrame, data: st.DataObject, combine: Any) -> None:
    costs = {name: data.draw(st.integers(0, 4)) for name in table.index}
    budget = data.draw(st.integers(0, 8))
    result = rb.portfolio(table, costs, budget, combine=combine)
    assert result.status is PortfolioStatus.OPTIMAL
    assert result.worst_regret == pytest.approx(brute(table, costs, budget, combine), abs=1e-6)
    assert result.cost <= budget


def test_a_measure_brings_what_it_needs() -> None:
    table = frame([[4, 4], [-1, -1], [2, 2]], "ABC")
    costs = {"A": 2, "B": 1, "C": 2}
    free = rb.portfolio(table, costs, 3)
    assert free.measures == ("A",)
    bound = rb.portfolio(table, costs, 3, needs={"A": ["B"]})
    assert bound.measures == ("A", "B")
    assert bound.payoff == {"s0": 3, "s1": 3}
    # What it needs cannot be paid for: the next best is taken.
    assert rb.portfolio(table, costs, 2, needs={"A": ["B"]}).measures == ("C",)
    with pytest.raises(ValueError, match="known measures only"):
        rb.portfolio(table, costs, 2, needs={"A": ["Z"]})


def test_the_highest_expected_payoff_may_be_regretted() -> None:
    # A pays most on average (2.5 against 2), B is never far from the best: regrets 1 and 4 at most.
    table = frame([[6, -1], [2, 2], [0, 3]], "ABC")
    costs = dict.fromkeys("ABC", 1.0)
    even = {"s0": 1.0, "s1": 1.0}
    mean = rb.portfolio(table, costs, 1, expected=even)
    assert mean.measures == ("A",)
    assert (mean.bound, mean.gap, mean.worst_regret) == (2.5, 0, 4)
    assert rb.portfolio(table, costs, 1, expected={"s0": 0.0, "s1": 2.0}).measures == ("C",)
    for found in (mean, rb.portfolios(table, costs, [1], expected=even)[0]):
        assert found.payoff == {"s0": 6, "s1": -1}
        assert found.status is PortfolioStatus.OPTIMAL


def test_equals_go_to_the_other_yardstick_then_to_the_cheapest_then_to_the_first() -> None:
    alike = frame([[1, 1], [1, 1], [1, 1]], "ABC")
    # Nothing, A and B are regretted by 2 at most; B pays most on average.
    apart = frame([[2, 0, 0], [0, 2, 1]], "AB")
    for one in (rb.portfolio, lambda *given, **chosen: rb.portfolios(given[0], given[1], [given[2]], **chosen)[0]):
        assert one(alike, {"A": 2, "B": 1, "C": 1.5}, 2, combine="best").measures == ("B",)
        assert one(apart, {"A": 1, "B": 1}, 1).measures == ("B",)
        # The same mean of 1: the second is regretted less.
        table, even_weights = frame([[3, -2, 2], [2, 2, -1]], "AB"), dict.fromkeys(["s0", "s1", "s2"], 1.0)
        even = one(table, {"A": 1, "B": 1}, 1, expected=even_weights)
        assert even.measures == ("B",)
    assert rb.portfolios(alike, dict.fromkeys("ABC", 1), [1], combine="best")[0].measures == ("A",)


def test_all_budgets_at_once_and_beyond_what_can_be_enumerated(monkeypatch: pytest.MonkeyPatch) -> None:
    table = frame([[4, 0], [0, 4], [3, 3]], "ABC")
    costs = {"A": 1, "B": 1, "C": 1}
    found = rb.portfolios(table, costs, [0, 1, 3])
    assert [one.measures for one in found] == [(), ("C",), ("A", "B", "C")]
    assert [one.worst_regret for one in found] == [0, 1, 0]
    monkeypatch.setattr(rb, "ENUMERABLE", 2)
    assert [one.measures for one in rb.portfolios(table, costs, [0, 1, 3])] == [one.measures for one in found]


def test_budgets_at_which_something_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {"A": 2.0, "B": 1.0, "C": 2.0}
    assert rb.budget_steps(costs) == [0, 1, 2, 3, 4, 5]
    assert rb.budget_steps(costs, needs={"B": ["A"]}, exclusive=[("A", "C")]) == [0, 2, 3]
    assert rb.budget_steps(costs, at_most=2) == [0, 2.5, 5]
    monkeypatch.setattr(rb, "ENUMERABLE", 2)
    assert rb.budget_steps(costs, at_most=5) == [0, 1, 2, 3, 4, 5]


@settings(max_examples=25)
@given(payoffs(5, 4), st.data(), st.sampled_from(["sum", "best"]), st.booleans())
def test_trying_all_portfolios_equals_the_programmes(
    table: pd.DataFrame, data: st.DataObject, combine: Any, by_mean: bool
) -> None:
    names = list(table.index)
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names))
    chosen: dict[str, Any] = {
        "combine": combine,
        "exclusive": [(a, b) for a, b in data.draw(st.lists(pair, max_size=2)) if a != b],
        "needs": {a: [b] for a, b in data.draw(st.lists(pair, max_size=2))},
        "expected": {s: data.draw(st.integers(1, 4)) for s in table.columns} if by_mean else None,
    }
    costs = {name: data.draw(st.integers(0, 4)) for name in names}
    budgets = sorted(data.draw(st.sets(st.integers(0, 9), min_size=1, max_size=2)))
    for budget, found in zip(budgets, rb.portfolios(table, costs, budgets, **chosen), strict=True):
        solved = rb.portfolio(table, costs, budget, **chosen)
        assert found.bound == pytest.approx(solved.bound, abs=1e-6)
        assert found.cost == pytest.approx(solved.cost)
        assert found.cost <= budget
        taken = set(found.measures)
        assert not any({a, b} <= taken for a, b in chosen["exclusive"])
        assert all(set(before) <= taken for name, before in chosen["needs"].items() if name in taken)


@settings(max_examples=40)
@given(payoffs())
def test_what_holds_for_any_payoffs(table: pd.DataFrame) -> None:
    result = rb.metrics(table, weight_on_worst=0.3)
    loss = rb.regret(table)
    assert (loss.to_numpy() >= 0).all()
    assert (loss.min() == 0).all()
    assert (result["maximin"] <= result["hurwicz"] + 1e-12).all()
    assert (result["hurwicz"] <= result["maximax"] + 1e-12).all()
    assert (result["undesirable_deviations"] <= 0).all()
    assert result["starr"].between(0, 1).all()
    pd.testing.assert_frame_equal(result, rb.metrics(-table, maximise=False, weight_on_worst=0.3))
    even = dict.fromkeys(table.columns, 1.0)
    pd.testing.assert_frame_equal(result, rb.metrics(table, weight_on_worst=0.3, weights=even))
    w = rb.kendall_w(result[list(rb.LEVEL_METRICS)])
    assert np.isnan(w) or -1e-9 <= w <= 1 + 1e-9
    facts = rb.choice(result)
    assert facts.depends == (not facts.always_first)


@settings(max_examples=40)
@given(payoffs(), st.randoms(use_true_random=False))
def test_order_does_not_matter(table: pd.DataFrame, random: Any) -> None:
    rows, columns = list(table.index), list(table.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = rb.metrics(table.loc[rows, columns]).loc[table.index]
    pd.testing.assert_frame_equal(shuffled, rb.metrics(table))

"""Backcasting: paces, milestones, what history showed, and preconditions, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import backcast as bc
from analysis.backcast import CycleError, Seen


def history(values: dict[int, float], breaks: tuple[int, ...] = ()) -> pd.DataFrame:
    flags = ["b" if year in breaks else "" for year in values]
    return pd.DataFrame({"period": list(values), "value": list(values.values()), "flags": flags})


def test_pace_by_hand() -> None:
    assert bc.pace(10, 16, 3) == 2
    assert bc.pace(100, 121, 2, "cagr") == pytest.approx(0.1)
    assert bc.pace(-100, -121, 2, "cagr") == pytest.approx(0.1)
    with pytest.raises(ValueError, match="positive number"):
        bc.pace(1, 2, 0)


@pytest.mark.parametrize(("start", "end"), [(0, 5), (5, 0), (-1, 1), (1, -1), (0, 0)])
def test_no_compound_pace_through_zero(start: float, end: float) -> None:
    assert np.isnan(bc.pace(start, end, 4, "cagr"))
    assert bc.pace(start, end, 4) == (end - start) / 4
    inner = bc.milestones((2020, start), (2024, end), [2022], "cagr")
    assert np.isnan(inner["value"].iloc[1])


def test_milestones_run_backwards() -> None:
    table = bc.milestones((2025, 10), (2035, 30), [2027, 2030])
    assert table["year"].tolist() == [2035, 2030, 2027, 2025]
    assert table["value"].tolist() == [30, 20, 14, 10]
    compound = bc.milestones((2025, 100), (2027, 121), [2026], "cagr")
    assert compound["value"].tolist() == pytest.approx([121, 110, 100])
    for years in ([2025], [2036], [2030, 2030]):
        with pytest.raises(ValueError, match="Milestones lie"):
            bc.milestones((2025, 10), (2035, 30), years)
    with pytest.raises(ValueError, match="after the start"):
        bc.milestones((2025, 10), (2025, 30), [])


def test_required_pace_of_each_step() -> None:
    table = bc.required_pace(pd.DataFrame({"year": [2030, 2025, 2035], "value": [4.0, 2.0, 3.0]}))
    assert table["from_year"].tolist() == [2030, 2025]
    assert table["linear"].tolist() == pytest.approx([-0.2, 0.4])
    assert table["cagr"].tolist() == pytest.approx([0.75**0.2 - 1, 2**0.2 - 1])
    gap = bc.required_pace(pd.DataFrame({"year": [2025, 2030], "value": [2.0, np.nan]}))
    assert gap[["linear", "cagr"]].isna().all(axis=None)
    for years in ([2025], [2025, 2025]):
        with pytest.raises(ValueError, match="at least two"):
            bc.required_pace(pd.DataFrame({"year": years, "value": 1.0}))


def test_seen_paces_pass_over_gaps_and_breaks() -> None:
    series = history({2010: 1, 2011: 2, 2012: 5, 2014: 6, 2015: 7})
    assert bc.seen_paces(series, 2).to_numpy().tolist() == [[2010, 2012, 2.0], [2012, 2014, 0.5]]
    # The jump into 2012 is a change of definition; a window may start in the year of the break.
    broken = bc.seen_paces(history({2010: 1, 2011: 2, 2012: 5, 2014: 6}, (2012,)), 2)
    assert broken["from_year"].tolist() == [2012]
    # A break in a year without a value still parts the series.
    assert len(bc.seen_paces(history({2010: 1, 2011: np.nan, 2012: 5}, (2011,)), 2)) == 0
    assert len(bc.seen_paces(history({2010: -1, 2011: 1}), 1, "cagr")) == 0
    assert len(bc.seen_paces(series, 20)) == 0
    with pytest.raises(ValueError, match="one value a year"):
        bc.seen_paces(pd.concat([series, series], ignore_index=True), 1)
    with pytest.raises(ValueError, match="at least one year"):
        bc.seen_paces(series, 0)


def feasible(values: list[float], past: dict[int, float], years: int = 2) -> pd.Series:
    points = pd.DataFrame({"year": [2025, 2025 + years], "value": values})
    return bc.feasibility(bc.required_pace(points), history(past)).iloc[0]


def test_feasibility_beside_history() -> None:
    past = {2010: 0.0, 2011: 1.0, 2012: 4.0, 2013: 5.0}
    row = feasible([10, 14], past)
    assert (row["required"], row["best"], row["best_from"], row["ratio"]) == (2, 2, 2010, 1)
    assert (row["windows"], row["share"], row["seen"]) == (2, 1.0, Seen.SEEN)
    fast = feasible([10, 18], past)
    assert (fast["ratio"], fast["share"], fast["seen"]) == (2, 0.0, Seen.NEVER_SEEN)
    # Down is required, and the series only ever rose: the best is the slowest rise, and no ratio is made of it.
    down = feasible([10, 8], past)
    assert down["best"] == 2
    assert np.isnan(down["ratio"])
    assert down["seen"] is Seen.NEVER_SEEN
    assert feasible([10, 10], past)["seen"] is Seen.NOT_NEEDED
    assert feasible([10, 12], {2010: 1.0})["seen"] is Seen.NOT_AVAILABLE
    assert feasible([10, np.nan], past)["seen"] is Seen.NOT_AVAILABLE


def items(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["milestone", "due", "duration"])


def test_schedule_by_hand() -> None:
    given_items = items(("open", 2032, 1), ("law", 2027, 1), ("build", 2030, 3), ("train", 2031, 1))
    needs = {"open": ["build", "train"], "build": ["law"], "train": ["law"]}
    table = bc.schedule(given_items, needs, 2025).set_index("milestone")
    assert table.index[0] == "law"
    assert table.index[-1] == "open"
    assert table["earliest"].to_dict() == {"law": 2026, "build": 2029, "train": 2027, "open": 2030}
    assert table["slack"].to_dict() == {"law": 1, "build": 1, "train": 4, "open": 2}
    assert table["latest"].to_dict() == {"law": 2027, "build": 2030, "train": 2031, "open": 2032}
    assert not table["late"].any()
    later = bc.schedule(given_items, needs, 2028).set_index("milestone")
    assert later["past"].to_dict() == {"law": True, "build": False, "train": False, "open": False}
    assert later["slack"].to_dict() == {"law": -2, "build": -2, "train": 1, "open": -1}
    assert later.loc["law", "late"]


def test_later_due_date_binds_what_comes_before() -> None:
    table = bc.schedule(items(("a", 2040, 1), ("b", 2030, 2)), {"b": ["a"]}, 2025).set_index("milestone")
    assert table.loc["a", "slack"] == 14
    assert table.loc["a", "latest"] == 2028
    assert table.loc["a", "total_slack"] == 2


def test_cycle_is_named() -> None:
    three = items(("a", 2030, 1), ("b", 2030, 1), ("c", 2030, 1), ("free", 2030, 1))
    with pytest.raises(CycleError) as caught:
        bc.schedule(three, {"a": ["b"], "b": ["c"], "c": ["a"]}, 2025)
    assert caught.value.cycle[0] == caught.value.cycle[-1]
    assert set(caught.value.cycle) == {"a", "b", "c"}
    assert " → ".join(caught.value.cycle) in str(caught.value)
    with pytest.raises(CycleError, match="free → free"):
        bc.schedule(three, {"free": ["free"]}, 2025)


def test_schedule_refuses() -> None:
    with pytest.raises(ValueError, match="Unknown milestones: \\['x'\\]"):
        bc.schedule(items(("a", 2030, 1)), {"a": ["x"]}, 2025)
    with pytest.raises(ValueError, match="stands once"):
        bc.schedule(items(("a", 2030, 1), ("a", 2031, 1)), {}, 2025)
    for due, duration in ((np.nan, 1), (2030, -1)):
        with pytest.raises(ValueError, match="due date"):
            bc.schedule(items(("a", due, duration)), {}, 2025)


@settings(max_examples=40)
@given(st.floats(0.5, 1e4), st.floats(0.5, 1e4), st.integers(3, 30), st.sampled_from(["linear", "cagr"]))
def test_even_milestones_need_one_pace(low: float, high: float, years: int, kind: bc.Pace) -> None:
    table = bc.milestones((2025, low), (2025 + years, high), [2026, 2027], kind)
    paces = bc.required_pace(table)[kind].to_numpy()
    np.testing.assert_allclose(paces, bc.pace(low, high, years, kind), rtol=1e-6, atol=1e-9 * max(low, high))


@settings(max_examples=40)
@given(st.integers(1, 8), st.data())
def test_preconditions_come_first(count: int, data: st.DataObject) -> None:
    names = [f"n{i}" for i in range(count)]
    needs = {names[i]: [n for n in names[:i] if data.draw(st.booleans())] for i in range(count)}
    table = bc.schedule(items(*((n, 2030.0, data.draw(st.integers(0, 3))) for n in names)), needs, 2025)
    row = table.set_index("milestone")
    place = {name: i for i, name in enumerate(table["milestone"])}
    for name, before in needs.items():
        for b in before:
            assert place[b] < place[name]
            assert row.loc[b, "earliest"] + row.loc[name, "duration"] <= row.loc[name, "earliest"]
    assert (table["total_slack"] <= table["slack"]).all()

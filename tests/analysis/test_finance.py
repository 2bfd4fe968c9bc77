"""Like-for-like spending and report discipline: the vectors of the rules, exact to the cent."""

from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.finance import (
    covered,
    curve,
    discipline,
    disorder,
    forecast,
    like_for_like_by,
    report_grid,
    shifts,
    spending,
    underspend_status,
)
from analysis.pilots import Status, Thresholds

LIMITS = Thresholds()
PLAN = pd.DataFrame(
    {"period": range(1, 7), "amount_cents": [40_000_000, 80_000_000] + [100_000_000] * 3 + [80_000_000]}
)
SPENT = pd.DataFrame(
    {
        "period": [1, 2, 3, 4],
        "declared_cents": [37_000_000, 74_000_000, 91_000_000, 82_000_000],
        "certified_cents": [36_200_000, 72_300_000, 89_500_000, 0],
    }
)


def test_certified_is_compared_with_the_plan_of_its_own_periods() -> None:
    now = spending(PLAN, SPENT, 3, 4, 6, LIMITS)
    assert now.like_for_like == Fraction(9, 10)
    assert now.declared_share == Fraction(284, 320)
    assert now.underspend == Fraction(1, 10)
    assert now.status == Status.OFF_TRACK, "exactly 10 % at half-time is off track, whatever binary numbers make of it"
    assert Fraction(now.certified, now.plan_reported) not in (now.like_for_like, now.declared_share)


def test_limits_are_wider_before_half_time() -> None:
    tenth = Fraction(1, 10)
    assert underspend_status(tenth, False, LIMITS) == Status.WATCH
    assert underspend_status(tenth - Fraction(1, 10**9), True, LIMITS) == Status.WATCH
    assert underspend_status(Fraction(1, 20), True, LIMITS) == Status.WATCH
    assert underspend_status(Fraction(0), True, LIMITS) == Status.ON_TRACK
    assert spending(PLAN, SPENT, 0, 4, 6, LIMITS).status == Status.NOT_DUE


def test_the_curve_ends_where_knowledge_ends() -> None:
    table = curve(PLAN, SPENT, 3, 4, 6)
    assert table["plan_cents"].tolist()[-1] == 500_000_000
    assert table["declared_cents"].isna().tolist() == [False] * 4 + [True] * 2
    assert table["certified_cents"].isna().tolist() == [False] * 3 + [True] * 3
    assert table["certified_cents"].tolist()[2] == 198_000_000


def test_the_forecast_is_a_range_of_paces_that_were_seen() -> None:
    found = forecast(PLAN, SPENT, 3)
    assert found is not None
    paces = [36.2 / 40, 72.3 / 80, 89.5 / 100]
    assert found.central == 198_000_000 + int(280_000_000 * Fraction(9, 10))
    assert found.low == pytest.approx(198_000_000 + 280_000_000 * min(paces), abs=1)
    assert found.high == pytest.approx(198_000_000 + 280_000_000 * max(paces), abs=1)
    assert forecast(PLAN, SPENT, 1) is None


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=2, max_size=8))
def test_a_forecast_holds_its_middle(rows: list[tuple[int, int]]) -> None:
    plan = pd.DataFrame([(n, p) for n, (p, _c) in enumerate(rows, 1)], columns=["period", "amount_cents"])
    spent = pd.DataFrame([(n, c) for n, (_p, c) in enumerate(rows, 1)], columns=["period", "certified_cents"])
    found = forecast(plan, spent, len(rows) - 1)
    assert found is None or found.low <= found.central <= found.high


def test_parts_add_up_to_the_whole() -> None:
    plan = pd.concat([PLAN.assign(partner="a"), PLAN.assign(partner="b")])
    spent = pd.concat([SPENT.assign(partner="a"), SPENT.assign(partner="b", certified_cents=0)])
    table = like_for_like_by("partner", plan, spent, 3, 4, True, LIMITS).set_index("partner")
    assert table["budget_cents"].sum() == plan["amount_cents"].sum()
    assert table.loc["a", "like_for_like"] == pytest.approx(0.9)
    assert table.loc["b", "status"] == "off_track"


def test_a_shift_of_more_than_a_fifth_is_formal() -> None:
    before = pd.DataFrame({"partner": ["a", "b", "c"], "amount_cents": [1000, 1000, 500]})
    after = pd.DataFrame({"partner": ["a", "b", "c"], "amount_cents": [800, 1201, 500]})
    assert shifts(before, after, LIMITS).set_index("partner")["formal"].to_dict() == {"a": False, "b": True}


PERIODS = pd.DataFrame(
    {
        "number": [1, 2, 3],
        "end": [date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30)],
        "report_due": [date(2025, 9, 30), date(2026, 3, 31), date(2026, 9, 30)],
    }
)


def _report(partner: str, period: int, sent: date | None, control: date | None = None) -> dict[str, Any]:
    return {"partner": partner, "period": period, "submitted_on": sent, "control_end": control}


def test_reports_are_expected_while_a_partner_is_one() -> None:
    partners = pd.DataFrame({"code": ["a", "b", "c"], "joined": [1, 2, 1], "left": [None, None, 1]})
    reports = pd.DataFrame(
        [
            _report("a", 1, date(2025, 9, 30), date(2025, 12, 1)),
            _report("c", 1, date(2025, 10, 2), date(2025, 12, 2)),
            _report("a", 2, date(2026, 3, 1), date(2026, 4, 20)),
            _report("b", 2, date(2026, 5, 1)),
        ]
    )
    grid = report_grid(partners, PERIODS, reports, date(2026, 4, 15))
    states = {(row["partner"], row["period"]): row["state"] for row in grid.to_dict("records")}
    assert states == {
        **{("a", 1): "on_time", ("a", 2): "on_time", ("a", 3): "not_due", ("b", 1): "not_expected"},
        **{("b", 2): "missing", ("b", 3): "not_due", ("c", 1): "late", ("c", 2): "not_expected"},
        ("c", 3): "not_expected",
    }
    first = discipline(grid).iloc[0]
    assert (first["expected"], first["received"], first["on_time"]) == (2, 2, 1)
    assert covered(grid) == 1, "period 2 waits for the report of b"
    assert pd.isna(discipline(grid).iloc[2]["received_share"]), "nothing expected is no share of zero"


def test_money_out_of_order_is_found() -> None:
    rows = pd.DataFrame({"declared_cents": [10, 10, -5], "certified_cents": [11, 9, -5], "verified_cents": [0, 10, 0]})
    assert disorder(rows).index.tolist() == [0, 1]

"""What a committee must see: late deliverables, risks that moved, overdue actions, the clock, the order of concerns."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.pilots import Status, Thresholds
from analysis.steering import (
    Attention,
    Concern,
    attention,
    concerns,
    decision_clock,
    deliverables,
    effects,
    overdue,
    risk_board,
)

TODAY = date(2026, 10, 8)
LIMITS = Thresholds()


def test_a_deliverable_is_late_only_when_it_is_due_and_not_there() -> None:
    table = pd.DataFrame(
        {
            "code": list("abcd"),
            "due_period": [4, 4, 4, 5],
            "due_on": [date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 30), date(2026, 12, 1)],
            "planned": [1, 2, 1, 1],
            "delivered": [1, 1, 0, 0],
            "delivered_on": [date(2026, 6, 11), None, None, None],
        }
    )
    found = deliverables(table, 4, TODAY)
    assert found["is_delivered"].tolist() == [True, False, False, False]
    assert found["is_late"].tolist() == [False, True, True, False]
    assert found["days_late"].tolist() == [10, 129, 100, 0]


def _risks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": ["r1", "r2", "r3", "r4"],
            "mitigation_due": [date(2026, 12, 1), None, date(2026, 9, 1), None],
            "mitigation": ["plan", "", "plan", "plan"],
            "opened_on": [date(2025, 1, 1)] * 4,
            "closed_on": [None, None, None, date(2026, 1, 1)],
            "owner_role": ["lead"] * 4,
        }
    )


SCORES = pd.DataFrame(
    {
        "risk": ["r1", "r1", "r2", "r3", "r3", "r4"],
        "period": [3, 4, 4, 3, 4, 3],
        "likelihood": [5, 4, 3, 2, 2, 5],
        "impact": [4, 4, 5, 4, 5, 5],
    }
)


def test_risks_move_and_unmanaged_ones_are_named() -> None:
    board = risk_board(_risks(), SCORES, 4, TODAY, LIMITS).set_index("code")
    assert board.index.tolist() == ["r1", "r2", "r3"], "highest first, closed ones gone"
    assert board["movement"].tolist() == ["down", "new", "up"]
    assert board["level"].tolist() == ["committee", "committee", "group"]
    assert board["no_mitigation"].tolist() == [False, True, False]
    assert board["mitigation_overdue"].tolist() == [False, False, True]


def test_the_clock_counts_what_was_decided_and_done_by_today() -> None:
    decisions = pd.DataFrame(
        {
            "code": ["d1", "d2", "d3"],
            "decided_on": [date(2026, 1, 10), date(2026, 4, 10), date(2027, 1, 1)],
            "effect": ["better", "", "worse"],
        }
    )
    days = [12, 38, 74]
    rows = [("d1", date(2026, 3, 1), date(2026, 1, 10) + timedelta(days=n), False) for n in days]
    rows += [("d2", date(2026, 9, 8), None, False), ("d2", date(2026, 9, 8), None, True), ("d2", None, None, False)]
    actions = pd.DataFrame(rows, columns=["decision", "due", "done_on", "cancelled"]).assign(
        code=range(6), owner_role="x"
    )
    clock = decision_clock(decisions, actions, TODAY)
    assert (clock.decisions, clock.completed, clock.median_days, clock.overdue) == (2, 3, 38.0, 1)
    assert clock.effects == {"better": 1}
    assert overdue(actions, TODAY)["days_late"].tolist() == [30]


def test_an_effect_is_looked_for_two_periods_later() -> None:
    decisions = pd.DataFrame(
        {"code": ["d1", "d2"], "subjects": [[{"kind": "indicator", "code": "i"}], [{"kind": "indicator", "code": "i"}]]}
    )
    judged = pd.DataFrame({"indicator": ["i"] * 4, "period": [1, 2, 3, 4], "share": [0.8, 0.9, 0.95, np.nan]})
    found = effects(decisions, judged, {"d1": 1, "d2": 2})
    assert found["effect"].tolist() == ["better", "unknown"]


def test_the_worst_comes_first_and_seven_are_enough() -> None:
    many = [Attention(Concern.PILOT_SILENT, (f"p{n}",)) for n in range(9)]
    shown, more = attention([*many, Attention(Concern.PILOT_OFF_TRACK, ("x",))])
    assert (shown[0].concern, len(shown), more) == (Concern.PILOT_OFF_TRACK, 7, 3)


def test_concerns_of_a_period() -> None:
    grid = pd.DataFrame(
        {
            "pilot": ["a", "b", "c", "a"],
            "period": [4, 4, 4, 3],
            "status": ["off_track", "no_report", "watch", "off_track"],
            "share": [0.5, np.nan, 0.8, 0.5],
            "agreement": ["rosier", "not_comparable", "rosier", "agree"],
        }
    )
    board = risk_board(_risks(), SCORES, 4, TODAY, LIMITS)
    none = pd.DataFrame(columns=["code", "due", "owner_role", "due_on"])
    found = concerns(grid, 4, board, none, none, Status.OFF_TRACK, 0.1, LIMITS, {"a": "A"})
    kinds = [one.concern for one in found]
    assert sorted(kinds) == sorted(
        [Concern.PILOT_OFF_TRACK, Concern.PILOT_SILENT, Concern.RISK_UNMANAGED, Concern.SPENDING, Concern.LIGHT_ROSIER]
    )
    assert found[0].owner == "A"

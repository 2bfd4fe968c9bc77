"""Good news by rule: one of a kind, strongest first, nothing later than today."""

from datetime import date

import pandas as pd

from analysis.good_news import Good, news

TODAY = date(2026, 10, 8)
GRID = pd.DataFrame(
    [
        ("a", 3, "watch", 0.8),
        ("b", 3, "on_track", 1.0),
        ("a", 4, "on_track", 0.95),
        ("b", 4, "on_track", 1.2),
    ],
    columns=["pilot", "period", "status", "share"],
)
ENDS = {3: date(2025, 12, 31), 4: date(2026, 6, 30)}
ADOPTIONS = pd.DataFrame({"code": ["x", "y"], "confirmed_on": [date(2026, 6, 1), date(2027, 1, 1)]})
DECISIONS = pd.DataFrame({"code": ["d1"], "decided_on": [date(2025, 4, 8)], "effect": ["better"]})
BOARD = pd.DataFrame({"code": ["r1", "r2"], "movement": ["down", "down"], "former": [12, 9], "score": [4, 6]})


def test_three_of_a_kind_each_strongest_first() -> None:
    found = news(GRID, 4, ENDS, ADOPTIONS, DECISIONS, BOARD, TODAY)
    assert [(one.kind, one.code) for one in found] == [
        (Good.TAKEN_UP, "x"),
        (Good.BACK_ON_TRACK, "a"),
        (Good.DECISION_WORKED, "d1"),
    ]
    assert found[0].day == date(2026, 6, 1)
    rest = news(GRID, 4, ENDS, ADOPTIONS.head(0), DECISIONS.head(0), BOARD, TODAY)
    assert [(one.kind, one.code, one.size) for one in rest] == [
        (Good.BACK_ON_TRACK, "a", 1.0),
        (Good.RISK_FELL, "r1", 8.0),
        (Good.AHEAD, "b", 1.2),
    ]


def test_nothing_good_is_nothing() -> None:
    assert news(GRID.head(0), 4, ENDS, ADOPTIONS.head(0), DECISIONS.head(0), BOARD.head(0), TODAY) == ()

"""What goes well in a programme, by rule: few things, each with a day, strongest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from analysis.pilots import Status, given

MOST = 3


class Good(StrEnum):
    """Kinds of good news, strongest first."""

    TAKEN_UP = "taken_up"
    TARGET_REACHED = "target_reached"
    BACK_ON_TRACK = "back_on_track"
    DECISION_WORKED = "decision_worked"
    RISK_FELL = "risk_fell"
    AHEAD = "ahead"


@dataclass(frozen=True)
class News:
    """One piece of good news: its kind, what it is about, its day if known, and its size (a share, a count)."""

    kind: Good
    code: str
    day: date | None = None
    size: float | None = None


GOOD = (str(Status.ON_TRACK), str(Status.DONE))


def news(
    grid: pd.DataFrame,
    period: int,
    ends: Mapping[int, date],
    adoptions: pd.DataFrame,
    decisions: pd.DataFrame,
    board: pd.DataFrame,
    today: date,
    most: int = MOST,
) -> tuple[News, ...]:
    """At most ``most`` pieces of news, one of a kind, in the order of ``Good``; within a kind the newest or largest.

    Args:
        grid: from ``analysis.pilots.pilot_grid``.
        period: last closed period.
        ends: last day of each period.
        adoptions: [code, confirmed_on].
        decisions: [code, decided_on, effect].
        board: from ``analysis.steering.risk_board``.
        today: the day from which one looks; nothing later counts.
    """
    found: list[News] = []
    confirmed = [row for row in adoptions.to_dict("records") if given(row["confirmed_on"])]
    confirmed = [row for row in confirmed if row["confirmed_on"] <= today]
    if confirmed:
        newest = max(confirmed, key=lambda row: (row["confirmed_on"], row["code"]))
        found.append(News(Good.TAKEN_UP, newest["code"], newest["confirmed_on"], float(len(confirmed))))
    now = grid[grid["period"] == period].set_index("pilot")
    before = grid[grid["period"] == period - 1].set_index("pilot")["status"]
    day = ends.get(period)
    done = now[now["status"] == str(Status.DONE)]
    if len(done):
        found.append(News(Good.TARGET_REACHED, str(done.index[0]), day, float(len(done))))
    bad = before[before.isin([str(Status.WATCH), str(Status.OFF_TRACK)])].index
    back = now[now["status"].isin(GOOD) & now.index.isin(bad)]
    if len(back):
        found.append(News(Good.BACK_ON_TRACK, str(back.index[0]), day, float(len(back))))
    worked = [row for row in decisions.to_dict("records") if row["effect"] == "better" and given(row["decided_on"])]
    if worked:
        newest = max(worked, key=lambda row: (row["decided_on"], row["code"]))
        found.append(News(Good.DECISION_WORKED, newest["code"], newest["decided_on"]))
    fell = board[board["movement"] == "down"] if len(board) else board
    if len(fell):
        points = (fell["former"] - fell["score"]).astype(float)
        place = points.idxmax()
        found.append(News(Good.RISK_FELL, str(fell.loc[place, "code"]), day, float(points[place])))
    ahead = now[now["status"].isin(GOOD) & (now["share"] >= 1)]
    if len(ahead):
        best = ahead["share"].idxmax()
        found.append(News(Good.AHEAD, str(best), day, float(ahead.loc[best, "share"])))
    return tuple(found[:most])

"""What a committee must see and whether its decisions work: deliverables, risks, actions, attention list, the clock
from decision to effect.

Frames hold dates as ``datetime.date`` or missing; ``today`` is always an argument, so that the same records give the
same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from analysis.pilots import Status, Thresholds, given, rows_of


class Movement(StrEnum):
    """How a risk's score moved since the period before."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NEW = "new"


class Level(StrEnum):
    """Who a risk concerns, by its score."""

    COMMITTEE = "committee"
    GROUP = "group"
    WATCHED = "watched"


def deliverables(table: pd.DataFrame, closed: int, today: date) -> pd.DataFrame:
    """Deliverables with whether they are due, delivered, and how late.

    A deliverable is due when its period has closed; delivered when its planned quantity is there by today. One that
    was delivered after its day keeps its days late but is not late any more.

    Args:
        table: rows with due_period, due_on, planned, delivered, delivered_on.
        closed: last closed period.
        today: the day from which one looks.

    Returns:
        The rows with ``is_due``, ``is_delivered``, ``is_late`` (due and not delivered) and ``days_late``.
    """
    due = table["due_period"] <= closed
    came = table["delivered_on"].tolist()
    there = [_done(day, today) for day in came]
    done = (table["delivered"] >= table["planned"]) & np.array(there, dtype=bool)
    ends = [day if here else today for day, here in zip(came, done.tolist(), strict=True)]
    late = [max((end - day).days, 0) for end, day in zip(ends, table["due_on"].tolist(), strict=True)]
    is_late = due & ~done
    days = pd.Series(late, index=table.index, dtype="int64").where(done | is_late, 0)
    return table.assign(is_due=due, is_delivered=done, is_late=is_late, days_late=days)


def risk_board(risks: pd.DataFrame, scores: pd.DataFrame, period: int, today: date, limits: Thresholds) -> pd.DataFrame:
    """Risks that are open, with the newest score up to a period, its movement and what is missing.

    Args:
        risks: [code, mitigation_due, opened_on, closed_on, mitigation, ...].
        scores: [risk, period, likelihood, impact].
        period: the period looked at; movement is against the newest score before it.
        today: the day from which one looks.
        limits: thresholds in force.

    Returns:
        The open risks with likelihood, impact, score (1-25), former (score before, missing when new), movement, level,
        no_mitigation (active without a dated mitigation, which breaks the rules), mitigation_overdue; highest first.
    """
    open_now = [
        opened <= today and not (given(closed) and closed <= today)
        for opened, closed in zip(risks["opened_on"], risks["closed_on"], strict=True)
    ]
    table = risks[np.array(open_now, dtype=bool)].copy()
    known = scores[scores["period"] <= period].sort_values("period")
    newest = known.groupby("risk").tail(1).set_index("risk")
    earlier = known[known["period"] < period].groupby("risk").tail(1).set_index("risk")
    likelihood, impact = table["code"].map(newest["likelihood"]), table["code"].map(newest["impact"])
    former = table["code"].map(earlier["likelihood"] * earlier["impact"])
    score = likelihood * impact
    movement = [_movement(now, before) for now, before in zip(score, former, strict=True)]
    dated = np.array([given(day) for day in table["mitigation_due"]], dtype=bool)
    said = table["mitigation"].fillna("").str.strip() != ""
    past = [given(day) and day < today for day in table["mitigation_due"]]
    table = table.assign(
        likelihood=likelihood.astype("Int64"),
        impact=impact.astype("Int64"),
        score=score.astype("Int64"),
        former=former.astype("Int64"),
        movement=movement,
        level=[str(_level(one, limits)) for one in score],
        no_mitigation=~(dated & said),
        mitigation_overdue=past,
    )
    return table.sort_values(["score", "code"], ascending=[False, True], kind="stable", ignore_index=True)


def _movement(now: float, before: float) -> str:
    if not given(now) or not given(before):
        return str(Movement.NEW)
    return str(Movement.UP if now > before else Movement.DOWN if now < before else Movement.SAME)


def _level(score: float, limits: Thresholds) -> Level:
    if not given(score) or score < limits.risk_group:
        return Level.WATCHED
    return Level.COMMITTEE if score >= limits.risk_committee else Level.GROUP


def overdue(actions: pd.DataFrame, today: date) -> pd.DataFrame:
    """Actions whose day has passed and that are neither done nor cancelled, with ``days_late``, longest first."""
    late = [
        given(due) and due < today and not cancelled and not _done(done, today)
        for due, cancelled, done in rows_of(actions, "due", "cancelled", "done_on")
    ]
    table = actions[np.array(late, dtype=bool)]
    days = [(today - day).days for day in table["due"]]
    return table.assign(days_late=pd.array(days, dtype="Int64")).sort_values(
        "days_late", ascending=False, kind="stable", ignore_index=True
    )


def _done(day: Any, today: date) -> bool:
    return bool(given(day) and day <= today)


@dataclass(frozen=True)
class Clock:
    """From decision to effect: how many decisions, completed actions, median days from decision to completed action
    (None without one), overdue actions, and by effect how many decisions later showed it."""

    decisions: int
    completed: int
    median_days: float | None
    overdue: int
    effects: Mapping[str, int]


def decision_clock(decisions: pd.DataFrame, actions: pd.DataFrame, today: date) -> Clock:
    """The clock of all decisions up to today.

    Args:
        decisions: [code, decided_on, effect].
        actions: [decision, due, done_on, cancelled].
        today: the day from which one looks.
    """
    made = {code: day for code, day in rows_of(decisions, "code", "decided_on") if _done(day, today)}
    days = [
        (done - made[decision]).days
        for decision, done in rows_of(actions, "decision", "done_on")
        if decision in made and _done(done, today)
    ]
    effects = decisions.loc[decisions["code"].isin(made) & (decisions["effect"] != ""), "effect"].value_counts()
    return Clock(
        decisions=len(made),
        completed=len(days),
        median_days=float(np.median(days)) if days else None,
        overdue=len(overdue(actions, today)),
        effects={str(name): int(count) for name, count in effects.items()},
    )


LATER = 2
"""How many periods after a decision its effect is looked for."""


def effects(decisions: pd.DataFrame, judged: pd.DataFrame, periods: Mapping[str, int]) -> pd.DataFrame:
    """Whether the indicators that a decision is about stood better two periods later.

    Args:
        decisions: [code, subjects (list of {kind, code})].
        judged: from ``analysis.pilots.judgements``.
        periods: the period in which each decision was taken.

    Returns:
        [decision, indicator, before (share), after (share), effect: better, same, worse or unknown], one row per
        decision and indicator among its subjects.
    """
    shares = judged.set_index(["indicator", "period"])["share"]
    rows = []
    for row in decisions.to_dict("records"):
        period = periods.get(row["code"])
        for subject in row["subjects"]:
            if subject["kind"] != "indicator" or period is None:
                continue
            before = shares.get((subject["code"], period), np.nan)
            after = shares.get((subject["code"], period + LATER), np.nan)
            rows.append((row["code"], subject["code"], before, after, _effect(before, after)))
    return pd.DataFrame(rows, columns=["decision", "indicator", "before", "after", "effect"])


def _effect(before: float, after: float) -> str:
    if not (given(before) and given(after)):
        return "unknown"
    return "better" if after > before else "worse" if after < before else "same"


class Concern(StrEnum):
    """Kinds of things that need the committee, most severe first."""

    PILOT_OFF_TRACK = "pilot_off_track"
    RISK_UNMANAGED = "risk_unmanaged"
    SPENDING = "spending"
    PILOT_SILENT = "pilot_silent"
    ACTIONS_OVERDUE = "actions_overdue"
    DELIVERABLES_LATE = "deliverables_late"
    LIGHT_ROSIER = "light_rosier"
    EFFECT_DUE = "effect_due"


@dataclass(frozen=True)
class Attention:
    """One thing that needs the committee.

    Attributes:
        concern: what kind of thing.
        codes: what it is about: a pilot, a risk, several actions.
        owner: role or partner that answers for it, '' when several do.
        since: the day from which it needs attention, None when it is a whole period.
        size: how much of it: a share, a score, a count, by the kind.
    """

    concern: Concern
    codes: tuple[str, ...]
    owner: str = ""
    since: date | None = None
    size: float | None = None
    owners: tuple[str, ...] = field(default=())


MOST = 7
"""A committee takes in no more."""


def attention(found: Sequence[Attention], most: int = MOST) -> tuple[tuple[Attention, ...], int]:
    """What needs the committee, most severe first, and how many more there are.

    Actions and deliverables stand together as one thing each, since their lists are a click away; everything else is
    named alone.
    """
    order = list(Concern)
    ranked = sorted(found, key=lambda one: (order.index(one.concern), -(one.size or 0), one.codes))
    return tuple(ranked[:most]), max(len(ranked) - most, 0)


def concerns(
    grid: pd.DataFrame,
    period: int,
    board: pd.DataFrame,
    late_actions: pd.DataFrame,
    late_deliverables: pd.DataFrame,
    spending_status: Status,
    underspend: float | None,
    limits: Thresholds,
    owners: Mapping[str, str],
) -> list[Attention]:
    """Everything that needs the committee after a period.

    Args:
        grid: from ``analysis.pilots.pilot_grid``.
        period: last closed period.
        board: from ``risk_board``.
        late_actions: from ``overdue``.
        late_deliverables: those of ``deliverables`` that are late.
        spending_status, underspend: from ``analysis.finance.spending``.
        limits: thresholds in force.
        owners: who answers for each pilot, by its code.
    """
    now = grid[grid["period"] == period]
    found = [
        Attention(Concern.PILOT_OFF_TRACK, (code,), owners.get(code, ""), None, 1 - share if given(share) else None)
        for code, share in now.loc[now["status"] == Status.OFF_TRACK, ["pilot", "share"]].itertuples(index=False)
    ]
    found += [
        Attention(Concern.PILOT_SILENT, (code,), owners.get(code, ""))
        for code in now.loc[now["status"] == Status.NO_REPORT, "pilot"]
    ]
    found += [
        Attention(Concern.RISK_UNMANAGED, (row["code"],), row["owner_role"], row["opened_on"], float(row["score"]))
        for row in board[board["no_mitigation"] & (board["level"] == Level.COMMITTEE)].to_dict("records")
    ]
    if spending_status in (Status.OFF_TRACK, Status.WATCH):
        found.append(Attention(Concern.SPENDING, (), "", None, underspend))
    if len(late_actions):
        found.append(
            Attention(
                Concern.ACTIONS_OVERDUE,
                tuple(late_actions["code"]),
                "",
                min(late_actions["due"]),
                float(len(late_actions)),
                tuple(late_actions["owner_role"]),
            )
        )
    if len(late_deliverables):
        found.append(
            Attention(
                Concern.DELIVERABLES_LATE,
                tuple(late_deliverables["code"]),
                "",
                min(late_deliverables["due_on"]),
                float(len(late_deliverables)),
            )
        )
    rosier = now[(now["agreement"] == "rosier") & (now["status"] != Status.OFF_TRACK)]
    found += [Attention(Concern.LIGHT_ROSIER, (code,), owners.get(code, "")) for code in rosier["pilot"]]
    return found

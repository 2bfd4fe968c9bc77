"""Whether spending is on course: like for like, with the lag of control shown, never hidden.

Certified money lags behind declared money, and declared behind spent. So certified spending is compared with the plan
of the same periods, those whose control is complete for every partner that had to report (``covered``), and what was
declared is told apart. All amounts are whole cents (int), so that 1.98 of 2.20 is exactly 90 %.

Sources: manuals of Interreg programmes (six-month periods, control after the report); Interreg Baltic Sea Region,
de-commitment of projects past half-time that underspend by 10 % or more; Interreg Europe, budget shifts up to 20 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from analysis.pilots import Status, Thresholds, exact, given, rows_of

CENTS = Decimal("0.01")


def amount(cents: int | None) -> Decimal | None:
    """The amount of so many cents."""
    return None if cents is None else (Decimal(int(cents)) * CENTS).quantize(CENTS)


class ReportState(StrEnum):
    """What became of a partner's report on a period."""

    NOT_EXPECTED = "not_expected"
    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"
    WAITING = "waiting"
    MISSING = "missing"


def report_grid(
    partners: pd.DataFrame, periods: pd.DataFrame, reports: pd.DataFrame, today: date, closed: int | None = None
) -> pd.DataFrame:
    """Partners by period: whether a report was expected, and when it came.

    A report is expected from the period in which a partner joins to the one in which it leaves. One that has not come
    is ``waiting`` until its day and ``missing`` after; before the period has ended nothing is due.

    Args:
        partners: [code, joined, left (missing: stays)].
        periods: [number, end, report_due].
        reports: [partner, period, submitted_on, control_end].
        today: the day from which one looks.
        closed: last period that counts as ended; by default those whose end lies before today.

    Returns:
        [partner, period, state, expected, submitted_on, due, days_late, controlled (control has ended by today)].
    """
    came = {
        (partner, int(period)): (sent if given(sent) else None, end if given(end) else None)
        for partner, period, sent, end in rows_of(reports, "partner", "period", "submitted_on", "control_end")
    }
    rows = []
    spans = [
        (
            number := int(row["number"]),
            number <= closed if closed is not None else row["end"] < today,
            row["report_due"] if given(row["report_due"]) else None,
        )
        for row in periods.to_dict("records")
    ]
    for partner in partners[["code", "joined", "left"]].to_dict("records"):
        for number, ended, due in spans:
            expects = partner["joined"] <= number and not (given(partner["left"]) and number > partner["left"])
            sent, end = came.get((partner["code"], number), (None, None))
            sent = sent if sent is not None and sent <= today else None
            state, late = _report_state(expects, ended, sent, due, today)
            controlled = end is not None and end <= today
            rows.append((partner["code"], number, str(state), expects and ended, sent, due, late, controlled))
    columns = ["partner", "period", "state", "expected", "submitted_on", "due", "days_late", "controlled"]
    return pd.DataFrame(rows, columns=columns).astype({"days_late": "Int64"})


def _report_state(
    expects: bool, ended: bool, sent: date | None, due: date | None, today: date
) -> tuple[ReportState, int | None]:
    if not expects:
        return ReportState.NOT_EXPECTED, None
    if not ended:
        return ReportState.NOT_DUE, None
    if sent is not None:
        late = max((sent - due).days, 0) if due is not None else 0
        return (ReportState.LATE, late) if late else (ReportState.ON_TIME, 0)
    if due is not None and today <= due:
        return ReportState.WAITING, None
    return ReportState.MISSING, (today - due).days if due is not None else None


def discipline(grid: pd.DataFrame) -> pd.DataFrame:
    """Reports by period: expected, received, on time, and the shares of the expected.

    Returns:
        [period, expected, received, on_time, received_share, on_time_share], shares missing where none was expected.
    """
    rows = []
    for period, cells in grid.groupby("period"):
        wanted = cells[cells["expected"]]
        expected, states = len(wanted), wanted["state"]
        received, on_time = int(states.isin(["on_time", "late"]).sum()), int((states == "on_time").sum())
        share = (received / expected, on_time / expected) if expected else (np.nan, np.nan)
        rows.append((period, expected, received, on_time, *share))
    names = ["period", "expected", "received", "on_time", "received_share", "on_time_share"]
    return pd.DataFrame(rows, columns=names)


def covered(grid: pd.DataFrame) -> int:
    """The last period up to which control is complete for all partners that had to report; 0 for none."""
    last = 0
    for period, cells in sorted(grid[grid["expected"]].groupby("period")):
        if not cells["controlled"].all():
            break
        last = int(period)
    return last


@dataclass(frozen=True)
class Spending:
    """Where spending stands; amounts in cents, summed from the first period on.

    Attributes:
        covered: last period whose control is complete (0: none yet).
        reported: last period that has closed.
        periods: how many the programme has.
        plan_covered, certified: plan and certified spending of the covered periods.
        plan_reported, declared: plan and declared spending to the last closed period.
        certified_beyond: certified for periods that are not covered yet, left out of the comparison.
        like_for_like: certified / plan of the covered periods, exactly; None when nothing is covered or planned.
        declared_share: declared / plan to the last closed period.
        underspend: 1 - like_for_like.
        after_half: whether the covered periods reach half of the programme's.
        status: of the spending, by the thresholds; not_due when nothing is covered yet.
    """

    covered: int
    reported: int
    periods: int
    plan_covered: int
    certified: int
    plan_reported: int
    declared: int
    certified_beyond: int
    like_for_like: Fraction | None
    declared_share: Fraction | None
    underspend: Fraction | None
    after_half: bool
    status: Status


def spending(
    plan: pd.DataFrame, spent: pd.DataFrame, covered_to: int, reported_to: int, periods: int, limits: Thresholds
) -> Spending:
    """Certified spending beside the plan of the same periods, declared spending beside its own.

    Args:
        plan: [period, amount_cents].
        spent: [period, declared_cents, certified_cents].
        covered_to: from ``covered``.
        reported_to: last closed period.
        periods: number of periods of the programme.
        limits: thresholds in force.
    """
    plan_covered = _upto(plan, "amount_cents", covered_to)
    certified = _upto(spent, "certified_cents", covered_to)
    plan_reported, declared = _upto(plan, "amount_cents", reported_to), _upto(spent, "declared_cents", reported_to)
    beyond = int(spent.loc[spent["period"] > covered_to, "certified_cents"].fillna(0).sum())
    like = Fraction(certified, plan_covered) if plan_covered else None
    under = None if like is None else 1 - like
    after = 2 * covered_to >= periods > 0
    return Spending(
        covered=covered_to,
        reported=reported_to,
        periods=periods,
        plan_covered=plan_covered,
        certified=certified,
        plan_reported=plan_reported,
        declared=declared,
        certified_beyond=beyond,
        like_for_like=like,
        declared_share=Fraction(declared, plan_reported) if plan_reported else None,
        underspend=under,
        after_half=after,
        status=Status.NOT_DUE if under is None else underspend_status(under, after, limits),
    )


def _upto(frame: pd.DataFrame, column: str, period: int) -> int:
    return int(frame.loc[frame["period"] <= period, column].fillna(0).sum())


def underspend_status(share: Fraction, after_half: bool, limits: Thresholds) -> Status:
    """On track, watch or off track by how much less than planned was certified; stricter from half-time on."""
    off, watch = (
        (limits.underspend_off, limits.underspend_watch)
        if after_half
        else (limits.underspend_off_early, limits.underspend_watch_early)
    )
    if share >= exact(off):
        return Status.OFF_TRACK
    return Status.WATCH if share >= exact(watch) else Status.ON_TRACK


def curve(plan: pd.DataFrame, spent: pd.DataFrame, covered_to: int, reported_to: int, periods: int) -> pd.DataFrame:
    """Cumulative plan, declared and certified by period, each only as far as it is known.

    Returns:
        [period, plan_cents, declared_cents (missing after the last closed period), certified_cents (missing after the
        last covered one)], one row a period.
    """
    numbers = np.arange(1, periods + 1)

    def summed(frame: pd.DataFrame, column: str, to: int) -> pd.Series:
        by_period = frame.groupby("period")[column].sum().reindex(numbers, fill_value=0).cumsum()
        return pd.Series(by_period.to_numpy(), index=numbers).astype("Int64").where(numbers <= to)

    return pd.DataFrame(
        {
            "period": numbers,
            "plan_cents": summed(plan, "amount_cents", periods).to_numpy(),
            "declared_cents": summed(spent, "declared_cents", reported_to).array,
            "certified_cents": summed(spent, "certified_cents", covered_to).array,
        }
    ).astype({"plan_cents": "Int64"})


def like_for_like_by(
    by: str | Sequence[str],
    plan: pd.DataFrame,
    spent: pd.DataFrame,
    covered_to: int,
    reported_to: int,
    after_half: bool,
    limits: Thresholds,
) -> pd.DataFrame:
    """The comparison of ``spending`` for each partner, work package, category or fund.

    Args:
        by: column or columns that both frames have.
        plan, spent, covered_to, reported_to, limits: as for ``spending``.
        after_half: whether the stricter limits hold.

    Returns:
        [*by, budget_cents (all periods), plan_covered_cents, certified_cents, like_for_like, plan_reported_cents,
        declared_cents, declared_share, status], by descending budget.
    """
    keys = [by] if isinstance(by, str) else list(by)

    def total(frame: pd.DataFrame, column: str, to: int | None) -> pd.Series:
        chosen = frame if to is None else frame[frame["period"] <= to]
        return chosen.groupby(keys, observed=True)[column].sum()

    parts = {
        "budget_cents": total(plan, "amount_cents", None),
        "plan_covered_cents": total(plan, "amount_cents", covered_to),
        "certified_cents": total(spent, "certified_cents", covered_to),
        "plan_reported_cents": total(plan, "amount_cents", reported_to),
        "declared_cents": total(spent, "declared_cents", reported_to),
    }
    if isinstance(by, str):  # categories are texts from here on, also those that only one of the frames knows
        parts = {name: sums.set_axis(sums.index.astype(object)) for name, sums in parts.items()}
    table = pd.DataFrame(parts).fillna(0).astype("int64").rename_axis(keys).reset_index()
    states, likes, shares = [], [], []
    for row in table.to_dict("records"):
        like = Fraction(row["certified_cents"], row["plan_covered_cents"]) if row["plan_covered_cents"] else None
        likes.append(np.nan if like is None else float(like))
        states.append(str(Status.NOT_DUE if like is None else underspend_status(1 - like, after_half, limits)))
        shares.append(row["declared_cents"] / row["plan_reported_cents"] if row["plan_reported_cents"] else np.nan)
    table = table.assign(like_for_like=likes, declared_share=shares, status=states)
    return table.sort_values("budget_cents", ascending=False, kind="stable", ignore_index=True)


def shifts(before: pd.DataFrame, after: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Budgets of partners before and after a change, and whether it needs a formal one.

    Args:
        before, after: [partner, amount_cents].

    Returns:
        [partner, before_cents, after_cents, share (of the former budget), formal], partners whose budget changed.
    """
    both = (
        pd.DataFrame(
            {
                "before_cents": before.groupby("partner")["amount_cents"].sum(),
                "after_cents": after.groupby("partner")["amount_cents"].sum(),
            }
        )
        .fillna(0)
        .astype("int64")
    )
    moved = both[both["before_cents"] != both["after_cents"]].rename_axis("partner").reset_index()
    share, formal = [], []
    for row in moved.to_dict("records"):
        part = (
            Fraction(abs(row["after_cents"] - row["before_cents"]), row["before_cents"]) if row["before_cents"] else 1
        )
        share.append(float(part))
        formal.append(part > exact(limits.shift))
    return moved.assign(share=share, formal=formal)


@dataclass(frozen=True)
class Forecast:
    """What is spent in the end if the pace continues; amounts in cents.

    ``central`` goes on at the pace of all covered periods together, ``low`` and ``high`` at the slowest and fastest
    pace that a single covered period showed. ``periods`` rests on so many.
    """

    central: int
    low: int
    high: int
    budget: int
    periods: int


def forecast(plan: pd.DataFrame, spent: pd.DataFrame, covered_to: int) -> Forecast | None:
    """Certified spending at the end if the pace continues, as a range; None while fewer than two periods are covered.

    The pace is certified / plan, of single covered periods and of all of them; the rest of the plan is spent at it.
    It is no prediction, and says so.
    """
    by_period = pd.DataFrame(
        {
            "plan": plan.groupby("period")["amount_cents"].sum(),
            "certified": spent.groupby("period")["certified_cents"].sum(),
        }
    ).fillna(0)
    known = by_period[(by_period.index <= covered_to) & (by_period["plan"] > 0)].astype("int64")
    if len(known) < 2:
        return None
    paces = [Fraction(int(c), int(p)) for c, p in zip(known["certified"], known["plan"], strict=True)]
    together = Fraction(int(known["certified"].sum()), int(known["plan"].sum()))
    done = int(by_period.loc[by_period.index <= covered_to, "certified"].sum())
    rest = int(by_period.loc[by_period.index > covered_to, "plan"].sum())

    def at(pace: Fraction) -> int:
        return done + int(rest * pace)

    return Forecast(at(together), at(min(paces)), at(max(paces)), int(by_period["plan"].sum()), len(paces))


def disorder(spent: pd.DataFrame) -> pd.DataFrame:
    """Lines that break declared >= certified >= verified, for what is not negative: the offending rows."""
    positive = spent["declared_cents"] >= 0
    too_much = spent["certified_cents"].fillna(0) > spent["declared_cents"]
    verified: Any = spent["verified_cents"].fillna(0) > spent["certified_cents"].fillna(0)
    return spent[positive & (too_much | verified)]

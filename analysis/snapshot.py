"""Everything that is computed of a programme after a period, in plain values that JSON knows: what a pack freezes.

The same rules as the pages use (``pilots``, ``finance``, ``steering``), so a pack and a page never disagree. Amounts
are whole cents; shares that a light rests on are told by the two amounts they are made of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import finance, pilots, steering
from analysis.pilots import Status, Thresholds

ENDED = ("closing", "closed", "frozen")
"""States of a period that is over."""

Frames = Mapping[str, pd.DataFrame]


def last_closed(periods: pd.DataFrame, today: date) -> int:
    """The last period that is over; 0 for none.

    Args:
        periods: [number, end, state].
        today: the day from which one looks.
    """
    over = [
        int(number)
        for number, end, state in zip(periods["number"], periods["end"], periods["state"], strict=True)
        if state in ENDED or (state == "open" and end < today)
    ]
    return max(over, default=0)


def figures(
    parts: Frames,
    plan: pd.DataFrame,
    spent: pd.DataFrame,
    settings: Sequence[Mapping[str, Any]],
    origin: str,
    today: date,
    period: int,
) -> dict[str, Any]:
    """All statuses and figures of a programme after a period.

    Args:
        parts: the kinds of things of a programme (``store.programmes.PARTS``), by name.
        plan, spent: money by partner, work package, category, fund and period, in cents.
        settings: thresholds as they were in force.
        origin: of the programme.
        today: the day from which one looks.
        period: the period looked at, one that has closed.

    Returns:
        By subject: ``limits``, ``money``, ``curve``, ``by_partner``, ``by_category``, ``by_fund``, ``forecast``,
        ``grid``, ``counts``, ``judged``, ``reports``, ``discipline``, ``deliverables``, ``risks``, ``overdue``,
        ``clock``, ``attention``, ``more``, ``due``. Tables are ``{columns, rows}``.
    """
    limits = pilots.thresholds(settings, today)
    periods = [int(number) for number in parts["periods"]["number"]]
    reports = finance.report_grid(parts["partners"], parts["periods"], parts["partner_reports"], today, period)
    covered = min(finance.covered(reports), period)
    money = finance.spending(plan, spent, covered, period, len(periods), limits)
    judged, grid = _pilots(parts, periods, period, limits)
    board = steering.risk_board(parts["risks"], parts["risk_scores"], period, today, limits)
    late_actions = steering.overdue(parts["actions"], today)
    works = steering.deliverables(parts["deliverables"], period, today)
    late = works[works["is_late"]]
    found = _attention(parts, grid, period, board, late_actions, late, money, limits) if origin != "published" else []
    items, more = steering.attention(found)
    ahead = finance.forecast(plan, spent, covered)

    def compared(by: str) -> dict[str, Any]:
        return table(finance.like_for_like_by(by, plan, spent, covered, period, money.after_half, limits))

    now = grid[grid["period"] == period]
    board_columns = ["code", "likelihood", "impact", "score", "former", "movement", "level", "no_mitigation"]
    return {
        "limits": {one.name: plain(getattr(limits, one.name)) for one in fields(Thresholds)},
        "money": {name: plain(value) for name, value in asdict(money).items() if not isinstance(value, Fraction)},
        "curve": table(finance.curve(plan, spent, covered, period, max(periods, default=0))),
        "by_partner": compared("partner"),
        "by_category": compared("category"),
        "by_fund": compared("fund"),
        "forecast": None if ahead is None else {name: plain(value) for name, value in asdict(ahead).items()},
        "grid": table(grid),
        "counts": pilots.distribution(now["status"].tolist()),
        "judged": table(judged[judged["period"] == period]),
        "reports": table(reports),
        "discipline": table(finance.discipline(reports)),
        "deliverables": table(works[["code", "is_due", "is_delivered", "is_late", "days_late"]]),
        "risks": table(board[[*board_columns, "mitigation_overdue"]]),
        "overdue": table(late_actions[["code", "days_late"]]),
        "clock": {
            name: plain(value)
            for name, value in asdict(steering.decision_clock(parts["decisions"], parts["actions"], today)).items()
        },
        "attention": [{name: plain(value) for name, value in asdict(one).items()} for one in items],
        "more": more,
        "due": _due(parts["decisions"], period, today),
    }


def _pilots(
    parts: Frames, periods: Sequence[int], period: int, limits: Thresholds
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every result indicator after every period up to this one, and pilots by period."""
    indicators = parts["result_indicators"]
    judged = pilots.judgements(
        indicators, parts["result_values"], [number for number in periods if number <= period], limits
    )
    kinds = indicators.set_index("code")["owner_kind"]
    mine = judged[judged["indicator"].map(kinds) == "pilot"]
    grid = pilots.pilot_grid(parts["pilots"], mine, parts["pilot_reports"], periods, period)
    if parts["pilot_reports"].empty:  # where no report is on record at all, nobody knows whether one is missing
        grid["status"] = grid["status"].replace(str(Status.NO_REPORT), str(Status.NOT_COMPUTABLE))
    return judged, grid


def _attention(
    parts: Frames,
    grid: pd.DataFrame,
    period: int,
    board: pd.DataFrame,
    late_actions: pd.DataFrame,
    late: pd.DataFrame,
    money: finance.Spending,
    limits: Thresholds,
) -> list[steering.Attention]:
    partners = parts["partners"]
    names = dict(zip(partners["code"], partners["abbreviation"], strict=True))
    owners = {
        code: names.get((who or [""])[0], "")
        for code, who in zip(parts["pilots"]["code"], parts["pilots"]["partners"], strict=True)
    }
    under = None if money.underspend is None else float(money.underspend)
    found = steering.concerns(grid, period, board, late_actions, late, money.status, under, limits, owners)
    ends = {int(row["number"]): row for row in parts["periods"].to_dict("records")}
    statuses = {
        (pilot, int(number)): status
        for pilot, number, status in zip(grid["pilot"], grid["period"], grid["status"], strict=True)
    }
    return [_answered_for(partners, ends, one, statuses, late, money.covered, period) for one in found]


def _answered_for(
    partners: pd.DataFrame,
    ends: Mapping[int, Mapping[str, Any]],
    one: steering.Attention,
    statuses: Mapping[tuple[str, int], str],
    late: pd.DataFrame,
    covered: int,
    period: int,
) -> steering.Attention:
    """The same with owner and day where the rules alone do not tell them."""
    if one.concern is steering.Concern.SPENDING:
        lead = partners.loc[partners["role"] == "lead", "abbreviation"].tolist()
        since = ends[covered]["end"] if covered in ends else None
        return replace(one, owner=str(lead[0]) if lead else "", since=since)
    if one.concern is steering.Concern.DELIVERABLES_LATE:
        names = dict(zip(partners["code"], partners["abbreviation"], strict=True))
        who = late.loc[late["code"].isin(one.codes), "lead"]
        return replace(one, owners=tuple(names.get(code, "") for code in who))
    if one.since is None and one.codes and period in ends:
        first = _since(statuses, one.codes[0], period)
        due = ends[first]["report_due"] if one.concern is steering.Concern.PILOT_SILENT else None
        return replace(one, since=due if pilots.given(due) else ends[first]["end"])
    return one


def _since(statuses: Mapping[tuple[str, int], str], pilot: str, period: int) -> int:
    """The first of the periods, without a gap up to this one, in which a pilot had the status that it has now."""
    first = period
    while (pilot, first - 1) in statuses and statuses[pilot, first - 1] == statuses.get((pilot, period)):
        first -= 1
    return first


def _due(decisions: pd.DataFrame, period: int, today: date) -> dict[str, list[str]]:
    """Decisions that are still to be taken, and those whose effect is to be looked at by now."""
    open_, look = [], []
    for row in decisions.to_dict("records"):
        if row["state"] in ("proposed", "deferred"):
            open_.append(row["code"])
            continue
        is_made = row["state"] == "adopted" and _has_come(row["decided_on"], today)
        if is_made and not row["effect"] and _has_come(row["effect_period"], period):
            look.append(row["code"])
    return {"open": open_, "effect": look}


def _has_come(value: Any, now: Any) -> bool:
    return bool(pilots.given(value) and value <= now)


def table(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame in values that JSON knows: ``{columns, rows}``."""
    columns = [plain_column(frame[name].tolist()) for name in frame]
    return {"columns": [str(name) for name in frame], "rows": [list(row) for row in zip(*columns, strict=True)]}


PLAIN = {str, int, bool, type(None)}
"""Types that JSON knows as they are."""


def plain_column(values: Sequence[Any]) -> list[Any]:
    """The values of a column as JSON knows them; most columns hold one type and are told at once."""
    kinds = set(map(type, values))
    if kinds <= PLAIN:
        return list(values)
    if kinds <= PLAIN | {float}:
        return [None if value != value else value for value in values]
    return [plain(value) for value in values]


def frame(told: Mapping[str, Any]) -> pd.DataFrame:
    """The frame of such a table; missing values are None."""
    return pd.DataFrame([tuple(row) for row in told["rows"]], columns=list(told["columns"]), dtype=object)


def plain(value: Any) -> Any:
    """A value as JSON knows it; missing ones are None, days and exact numbers text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    return value.item() if hasattr(value, "item") else value

"""The synthetic programme DEMO-6: ``python -m etl.starter_demo`` writes its file and tables to ``data/starter``.

Everything in it is made up by this script, from a fixed seed, and says so on every screen. Its printed totals are those
of the rules' examples and come out exactly: amounts are whole cents, shared out by the largest remainder. Whoever
changes the script runs it again and commits what it writes; a test compares the two.
"""

import csv
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from etl.starter_demo_texts import (
    ACTIVITIES,
    BODIES,
    CHANNELS,
    COMMENTS,
    DECISIONS,
    DELIVERABLES,
    EVENTS,
    INDICATORS,
    MEASURES,
    NOTICE,
    ORGANISATIONS,
    PILOTS,
    PROBLEMS,
    REASONS,
    REVIEWS,
    RISKS,
    ROLES,
    STRATEGIES,
    WORK_PACKAGES,
    WORKING_GROUPS,
    Text,
)

SEED = 20260101
FOLDER = Path(__file__).resolve().parents[1] / "data" / "starter" / "programmes"
THEMES = ("innovation", "sustainability", "internationalisation", "finance", "specialisation", "skills")
START, TODAY = date(2024, 7, 1), date(2026, 10, 8)
PERIODS, CLOSED, COVERED = 6, 4, 3
PLAN = (40_000_000, 80_000_000, 100_000_000, 100_000_000, 100_000_000, 80_000_000)
"""Cents planned in each period: cumulated 0.40, 1.20, 2.20, 3.20, 4.20 and 5.00 million."""
DECLARED = (37_000_000, 74_000_000, 91_000_000, 82_000_000)
"""Cents declared in each closed period: 2.84 million in all."""
CERTIFIED = (36_200_000, 72_300_000, 89_500_000)
"""Cents certified in each covered period: 1.98 million in all."""
CATEGORIES = {"staff": 48, "office": 7, "travel": 8, "external": 26, "equipment": 8, "infrastructure": 3}
FUNDS = {"RS": "IPA", "BA": "IPA", "ME": "IPA", "MD": "NDICI"}
OTHER_FUND = "ERDF"
PLACES = (
    ("HU", "HU22"), ("AT", "AT12"), ("BG", "BG41"), ("HR", "HR03"), ("EL", "EL52"), ("IT", "ITI3"),
    ("RO", "RO21"), ("SI", "SI04"), ("SK", "SK02"), ("RS", "RS12"), ("BA", None), ("MD", None),
    ("HU", "HU33"), ("AT", "AT22"), ("BG", "BG34"), ("HR", "HR05"), ("EL", "EL30"), ("IT", "ITH5"),
    ("RO", "RO11"), ("SI", "SI03"), ("SK", "SK03"), ("RS", "RS22"), ("IT", "ITH3"), ("RO", "RO42"),
)  # fmt: skip
"""Country and region of each partner: 24 partners of 12 countries."""
CORRECTED = ("p07", "external", 4, 4_120_000)
"""Partner, category, period and cents of the declared sum that the story of a correction is about."""
SILENT, TARDY = ("p11", "p20"), {"p05": 3, "p16": 5, "p22": 6}
"""Partners without a report on the last closed period, and those whose report came so many days late."""
ON_TRACK, WATCH, OFF, QUIET = range(4)
COURSE = (ON_TRACK, ON_TRACK, WATCH, ON_TRACK, ON_TRACK, OFF, ON_TRACK, WATCH, QUIET, ON_TRACK, ON_TRACK, WATCH)
"""How each of the twelve pilots stands after the last closed period."""
PATHS = {
    ON_TRACK: (0.95, 1.02, 0.97, 1.0),
    WATCH: (1.0, 0.93, 0.86, 0.85),
    OFF: (0.92, 0.80, 0.72, 0.55),
    QUIET: (0.96, 0.91, 0.94, None),
}
"""Share of what was expected that the leading indicator of such a pilot reached, period by period."""
COMPLETED_DAYS = (12, 18, 21, 24, 27, 29, 30, 33, 35, 38, 38, 41, 44, 47, 52, 55, 60, 66, 74)
"""Days from decision to completed action; their median is 38."""


def share(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of a total in proportion to weights, by the largest remainder: they add up exactly."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda i: parts[i] - exact[i])
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def euro(cents: int) -> str:
    """Cents as an amount."""
    return f"{cents // 100}.{cents % 100:02d}"


def period_days() -> list[tuple[date, date]]:
    """First and last day of each six-month period."""
    days = []
    for number in range(PERIODS):
        first = date(START.year + number // 2, 7, 1) if number % 2 == 0 else date(START.year + 1 + number // 2, 1, 1)
        last = date(first.year, 12, 31) if first.month == 7 else date(first.year, 6, 30)
        days.append((first, last))
    return days


def report_due(last: date) -> date:
    """The day by which partners report: three months after the period."""
    return date(last.year + (last.month == 12), 3 if last.month == 12 else 9, 31 if last.month == 12 else 30)


def periods() -> list[dict[str, Any]]:
    """The six periods; three are frozen or closed, the fourth closes, two are planned."""
    states = ("frozen", "frozen", "closed", "closing", "open", "planned")
    return [
        {
            "number": n + 1,
            "start": first,
            "end": last,
            "report_due": report_due(last),
            "control_due": report_due(last) + timedelta(days=60),
            "state": states[n],
        }
        for n, (first, last) in enumerate(period_days())
    ]


def partners(budgets: Mapping[str, int]) -> list[dict[str, Any]]:
    """24 invented organisations of 12 countries."""
    rows = []
    for n, (country, region) in enumerate(PLACES):
        kind, name = ORGANISATIONS[n % len(ORGANISATIONS)]
        code = f"p{n + 1:02d}"
        rows.append(
            {
                "code": code,
                "abbreviation": f"DEMO-{country}-{n + 1:02d}",
                "role": "lead" if n == 0 else "partner",
                "kind": kind,
                "scope": "region" if region else "national",
                "country": country,
                "region": region,
                "joined": 1,
                "left": None,
                "budget": euro(budgets[code]),
                "name": {lang: f"{words} {n + 1} ({country})" for lang, words in name.items()},
                "source_url": "",
            }
        )
    return rows


Cell = tuple[str, str, str]


def cells(draw: random.Random) -> dict[Cell, float]:
    """Partner, work package and category that have money, with their weight."""
    found: dict[Cell, float] = {}
    for n in range(len(PLACES)):
        partner, size = f"p{n + 1:02d}", draw.uniform(0.6, 1.4) * (2.2 if n == 0 else 1)
        packages = sorted({1, 2, 3 + n % 4, 3 + (n * 5 + 1) % 4})
        for package in packages:
            for category, weight in CATEGORIES.items():
                if category == "infrastructure" and package < 5:
                    continue
                found[partner, f"wp{package}", category] = size * weight * draw.uniform(0.7, 1.3)
    return found


def budget(weights: Mapping[Cell, float]) -> list[dict[str, Any]]:
    """Budget lines whose sums are the plan."""
    rows = []
    for n, total in enumerate(PLAN):
        for cell, cents in zip(weights, share(total, list(weights.values())), strict=True):
            rows.append(_money(cell, n + 1, {"amount": cents}))
    return rows


def _money(cell: Cell, period: int, amounts: Mapping[str, int | None]) -> dict[str, Any]:
    partner, package, category = cell
    country = PLACES[int(partner[1:]) - 1][0]
    told = {name: "" if cents is None else euro(cents) for name, cents in amounts.items()}
    return {
        "partner": partner,
        "work_package": package,
        "category": category,
        "fund": FUNDS.get(country, OTHER_FUND),
        "period": period,
        **told,
    }


def expenditure(weights: Mapping[Cell, float], draw: random.Random) -> list[dict[str, Any]]:
    """Expenditure lines whose sums are what was declared and certified; those who are silent declare nothing."""
    rows: list[dict[str, Any]] = []
    for n, total in enumerate(DECLARED):
        period = n + 1
        mine = {cell: weight * draw.uniform(0.75, 1.25) for cell, weight in weights.items()}
        if period == CLOSED:
            mine = {cell: weight for cell, weight in mine.items() if cell[0] not in SILENT}
        declared = _declared(mine, period, total)
        certified = _certified(declared, CERTIFIED[n], draw) if period <= COVERED else dict.fromkeys(declared)
        first, last = period_days()[n]
        lines: dict[str, int] = {}
        for cell, cents in declared.items():
            if not cents:
                continue
            lines[cell[0]] = lines.get(cell[0], 0) + 1
            kept = certified[cell]
            rows.append(
                _money(
                    cell,
                    period,
                    {
                        "declared": cents,
                        "certified": kept,
                        "verified": kept if period < COVERED else None,
                        "deducted": None if kept is None else cents - kept,
                        "parked": None,
                    },
                )
                | {
                    "line": lines[cell[0]],
                    "currency": "EUR",
                    "rate": "",
                    "paid_on": first + timedelta(days=draw.randrange((last - first).days)),
                    "error_kind": "" if kept is None or kept == cents else draw.choice(("eligibility", "documents")),
                }
            )
    return rows


def _declared(weights: Mapping[Cell, float], period: int, total: int) -> dict[Cell, int]:
    partner, category, when, fixed = CORRECTED
    apart = [cell for cell in weights if period == when and cell[0] == partner and cell[2] == category]
    others = [cell for cell in weights if cell not in apart]
    rest = total - (fixed if apart else 0)
    found = dict(zip(others, share(rest, [weights[cell] for cell in others]), strict=True))
    if apart:
        found |= dict(zip(apart, share(fixed, [weights[cell] for cell in apart]), strict=True))
    return {cell: found[cell] for cell in weights}


def _certified(declared: Mapping[Cell, int], total: int, draw: random.Random) -> dict[Cell, int]:
    """What control leaves of each line: the cuts fall on a few of them."""
    cut = sum(declared.values()) - total
    hit = draw.sample([cell for cell, cents in declared.items() if cents], 40)
    parts = dict(zip(hit, share(cut, [declared[cell] for cell in hit]), strict=True))
    return {cell: cents - parts.get(cell, 0) for cell, cents in declared.items()}


def partner_reports(draw: random.Random) -> list[dict[str, Any]]:
    """Reports of all partners on the closed periods: two missing and three late on the last one."""
    rows = []
    for n, (_first, last) in enumerate(period_days()[:CLOSED]):
        due = report_due(last)
        for number in range(len(PLACES)):
            partner, period = f"p{number + 1:02d}", n + 1
            if period == CLOSED and partner in SILENT:
                continue
            late = TARDY.get(partner, 0) if period == CLOSED else draw.choice((0,) * 9 + (4,))
            sent = due + timedelta(days=late) if late else due - timedelta(days=draw.randrange(2, 40))
            controlled = sent + timedelta(days=draw.randrange(35, 75)) if period <= COVERED else None
            rows.append(
                {
                    "partner": partner,
                    "period": period,
                    "status": "certified" if controlled else "in_control" if late == 0 else "submitted",
                    "submitted_on": sent,
                    "resubmitted_on": None,
                    "control_end": controlled,
                    "problems": "",
                    "deviations": "",
                }
            )
    return rows


def work_packages() -> list[dict[str, Any]]:
    """Six work packages."""
    return [
        {"code": f"wp{n}", "lead": f"p{lead:02d}", "status": "partly", "title": title, "objective": objective}
        for n, (lead, title, objective) in enumerate(WORK_PACKAGES, 1)
    ]


def activities() -> list[dict[str, Any]]:
    """Activities of the work packages; what ended by the last closed period is done."""
    return [
        {
            "code": code,
            "work_package": code.split(".")[0].replace("a", "wp"),
            "theme": theme,
            "start_period": start,
            "end_period": end,
            "partners": [f"p{n:02d}" for n in who],
            "status": "done" if end < CLOSED else "planned" if start > CLOSED else "running",
            "title": title,
            "progress": COMMENTS["activity"],
        }
        for code, theme, start, end, who, title in ACTIVITIES
    ]


LATE = (28, 30, 33, 36, 40)
"""Which of the deliverables due by the last closed period are late."""


def deliverables(draw: random.Random) -> list[dict[str, Any]]:
    """42 deliverables due by the last closed period, of which 37 are delivered, and 18 to come."""
    rows = []
    due_counts = (6, 10, 12, 14, 10, 8)
    number = 0
    days = period_days()
    for n, count in enumerate(due_counts):
        for _one in range(count):
            kind = DELIVERABLES[number % len(DELIVERABLES)]
            theme = THEMES[number % 6]
            due = days[n][1] - timedelta(days=draw.randrange(1, 70))
            late = number in LATE
            done = n < CLOSED and not late
            sent = due - timedelta(days=draw.randrange(0, 25)) if draw.random() < 0.8 else due + timedelta(days=9)
            rows.append(
                {
                    "code": f"d{number + 1:02d}",
                    "work_package": f"wp{kind.package}",
                    "activity": f"a{kind.package}.1",
                    "theme": theme,
                    "lead": f"p{number % 24 + 1:02d}",
                    "due_period": n + 1,
                    "due_on": due,
                    "planned": kind.quantity,
                    "delivered": kind.quantity if done else 0,
                    "delivered_on": min(sent, TODAY) if done else None,
                    "new_date": TODAY + timedelta(days=20 + 7 * LATE.index(number)) if late else None,
                    "quality": "not_reviewed" if not done else draw.choice(("accepted",) * 5 + ("returned",)),
                    "score": draw.choice((3, 4, 4, 5)) if done else None,
                    "url": "",
                    "title": _about(kind.title, theme),
                    "consequence": kind.consequence if late else _nothing(),
                    "comment": _nothing(),
                    "source_url": "",
                }
            )
            if rows[-1]["quality"] == "returned":
                rows[-1]["comment"] = REVIEWS[number % len(REVIEWS)]
            number += 1
    return rows


def _nothing() -> Text:
    return {"en": "", "hu": ""}


def _about(title: Text, theme: str) -> Text:
    return {lang: f"{words} – {WORKING_GROUPS[theme]['short'][lang]}" for lang, words in title.items()}


def pilots() -> list[dict[str, Any]]:
    """Two pilots for each theme."""
    rows = []
    for n, pilot in enumerate(PILOTS):
        rows.append(
            {
                "code": f"pilot{n + 1:02d}",
                "theme": THEMES[n // 2],
                "partners": [f"p{number:02d}" for number in pilot.partners],
                "regions": [region for number in pilot.partners if (region := PLACES[number - 1][1])],
                "start_period": 1,
                "end_period": PERIODS,
                "budget": euro(pilot.budget * 100),
                "moves": [
                    {"indicator": pilot.moves, "region": PLACES[pilot.partners[0] - 1][1], "direction": pilot.wanted}
                ],
                "signposts": [{"set": "see2035", "signpost": one} for one in pilot.signposts],
                "verdict": "",
                "title": pilot.title,
                "problem": pilot.problem,
                "hypothesis": pilot.hypothesis,
                "method": pilot.method,
                "source_url": "",
            }
        )
    return rows


def pilot_reports() -> list[dict[str, Any]]:
    """What pilots say of themselves; two see themselves rosier than the figures do."""
    rows = []
    lights = {ON_TRACK: "on_track", WATCH: "watch", OFF: "off_track", QUIET: "on_track"}
    for n, course in enumerate(COURSE):
        for period, (_first, last) in enumerate(period_days()[:CLOSED], 1):
            if course == QUIET and period == CLOSED:
                continue
            light = lights[course] if period == CLOSED else "on_track"
            rosy = n in (2, 5) and period == CLOSED
            rows.append(
                {
                    "pilot": f"pilot{n + 1:02d}",
                    "period": period,
                    "light": "on_track" if rosy and course == WATCH else "watch" if rosy else light,
                    "submitted_on": report_due(last) - timedelta(days=10 + n),
                    "confirmed_by": ROLES["group_lead"]["en"],
                    "evidence_url": "",
                    "narrative": COMMENTS["pilot"][min(course, 2)],
                    "reply": COMMENTS["reply"] if course == OFF and period == CLOSED else _nothing(),
                }
            )
    return rows


def result_indicators() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Three indicators a pilot, and programme-wide ones, with their values."""
    rows: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for n, course in enumerate(COURSE):
        for k, kind in enumerate(INDICATORS["pilot"]):
            code = f"pilot{n + 1:02d}_{kind.code}"
            goal = kind.goal if n != 2 or k else {3: 14, 4: 20, 5: 30}
            target = kind.target if n != 2 or k else 40
            rows.append(_indicator(code, "pilot", f"pilot{n + 1:02d}", THEMES[n // 2], kind, goal, target))
            path = PATHS[course] if k == 0 else PATHS[QUIET if course == QUIET else ON_TRACK]
            values += _values(code, kind, goal, target, path)
    for kind in INDICATORS["programme"]:
        rows.append(_indicator(kind.code, "programme", "demo6", None, kind, kind.goal, kind.target))
        values += _values(kind.code, kind, kind.goal, kind.target, kind.path)
    return rows, values


def _indicator(
    code: str, owner_kind: str, owner: str, theme: str | None, kind: Any, goal: Mapping[int, float], target: float
) -> dict[str, Any]:
    return {
        "code": code,
        "owner_kind": owner_kind,
        "owner": owner,
        "theme": theme,
        "kind": kind.kind,
        "unit": kind.unit,
        "decimals": kind.decimals,
        "direction": kind.direction,
        "profile": "linear",
        "cumulative": kind.cumulative,
        "common_code": kind.common,
        "baseline": kind.baseline,
        "baseline_period": 0,
        "milestones": dict(goal),
        "target": target if kind.direction in ("up", "down") else None,
        "target_period": PERIODS if kind.direction in ("up", "down") else None,
        "low": kind.low,
        "high": kind.high,
        "tolerance": kind.tolerance,
        "name": kind.name,
        "definition": kind.definition,
    }


def _values(
    code: str, kind: Any, goal: Mapping[int, float], target: float, path: Sequence[float | None]
) -> Iterator[dict[str, Any]]:
    """Values that reach the shares of a path, rounded as they are counted; never falling where they add up."""
    start = kind.baseline or 0.0
    points = [(0, start), *sorted(goal.items()), (PERIODS, target)]
    last = start
    for period, part in enumerate(path[:CLOSED], 1):
        if part is None:
            continue
        if kind.direction == "range":
            value = part
        else:
            (t0, y0), (t1, y1) = next((a, b) for a, b in pairwise(points) if a[0] <= period <= b[0])
            wanted = y0 + (y1 - y0) * (period - t0) / (t1 - t0)
            value = round(start + (wanted - start) * part, kind.decimals)
            if kind.cumulative:
                value = max(value, last)
        last = value
        yield {
            "indicator": code,
            "period": period,
            "value": value,
            "status": "A",
            "reported_on": report_due(period_days()[period - 1][1]) - timedelta(days=12),
            "source": "DEMO-6",
            "comment": "",
        }


def risks(draw: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """14 open risks and 4 closed ones, with their scores by period: three of 15 and more, one of them unmanaged."""
    rows: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for n, risk in enumerate(RISKS):
        code, closed = f"r{n + 1:02d}", n >= 14
        opened = START + timedelta(days=40 + 35 * (n % 9))
        dated = n != 1
        rows.append(
            {
                "code": code,
                "category": risk.category,
                "theme": THEMES[n % 6],
                "work_package": f"wp{n % 6 + 1}",
                "pilot": f"pilot{risk.pilot:02d}" if risk.pilot else None,
                "response": risk.response,
                "mitigation_due": TODAY + timedelta(days=21 + 9 * n) if dated and not closed else None,
                "owner_role": ROLES[risk.owner]["en"],
                "opened_on": opened,
                "reviewed_on": TODAY - timedelta(days=20 + n),
                "closed_on": date(2026, 3, 2) + timedelta(days=n) if closed else None,
                "indicators": [f"pilot{risk.pilot:02d}_firms"] if risk.pilot else [],
                "cause": risk.cause,
                "event": risk.event,
                "effect": risk.effect,
                "mitigation": risk.mitigation if dated else _nothing(),
                "closing_reason": REASONS["closed"] if closed else _nothing(),
            }
        )
        first = 1 + next(k for k, (_a, last) in enumerate(period_days()) if opened <= last)
        until = 3 if closed else CLOSED
        for period in range(first, until + 1):
            step = 0 if period == until else draw.choice((-1, 0, 0, 1))
            likelihood, impact = risk.score
            scores.append(
                {
                    "risk": code,
                    "period": period,
                    "likelihood": min(max(likelihood + step, 1), 5),
                    "impact": impact if period >= until - 1 else max(impact - (n % 2), 1),
                }
            )
    return rows, scores


def meetings() -> list[dict[str, Any]]:
    """Committee meetings after each closed period, and those of the technical committee before them."""
    rows = []
    for n, (_first, last) in enumerate(period_days()[:CLOSED], 1):
        day = TODAY if n == CLOSED else report_due(last) + timedelta(days=8)
        rows.append(_meeting(f"tsc{n}", "tsc", day - timedelta(days=21), n))
        rows.append(_meeting(f"sc{n}", "sc", day, n))
    return rows


def _meeting(code: str, body: str, day: date, period: int) -> dict[str, Any]:
    title = {lang: f"{words} {period}" for lang, words in BODIES[body].items()}
    return {
        "code": code,
        "body": body,
        "held_on": day,
        "period": period,
        "title": title,
        "place": BODIES["place"],
        "source_url": "",
    }


def decisions(draw: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """26 decisions with 29 actions: 19 done (median 38 days), 4 overdue, 6 under way."""
    held = {row["code"]: row for row in meetings()}
    rows: list[dict[str, Any]] = []
    actions: list[dict[str, Any]] = []
    order = ("sc1",) * 7 + ("sc2",) * 8 + ("sc3",) * 8 + ("tsc4",) * 3
    for n, (meeting, text) in enumerate(zip(order, DECISIONS, strict=True)):
        day, period = held[meeting]["held_on"], held[meeting]["period"]
        pilot = n % 12 + 1
        rows.append(
            {
                "code": f"dec{n + 1:02d}",
                "meeting": meeting,
                "body": held[meeting]["body"],
                "decided_on": day,
                "theme": THEMES[(pilot - 1) // 2],
                "state": "deferred" if n == 12 else "adopted",
                "subjects": [
                    {"kind": "pilot", "code": f"pilot{pilot:02d}"},
                    {"kind": "indicator", "code": f"pilot{pilot:02d}_firms"},
                    *({"kind": "risk", "code": f"r{k:02d}"} for k, risk in enumerate(RISKS, 1) if risk.pilot == pilot),
                ],
                "evidence": [],
                "pack": "",
                "effect_period": period + 2 if period + 2 <= PERIODS else None,
                "effect": draw.choice(("better", "better", "same", "worse")) if period <= 2 else "",
                "question": text.question,
                "options": text.options,
                "because": text.because,
                "decision": text.decision,
                "dissent": _nothing(),
                "effect_text": _nothing(),
            }
        )
    for n, days in enumerate(COMPLETED_DAYS):
        decision = rows[n]
        actions.append(_action(len(actions), decision, days + 14, decision["decided_on"] + timedelta(days=days)))
    for n in range(4):
        actions.append(_action(len(actions), rows[19 + n], (TODAY - rows[19 + n]["decided_on"]).days - 9 - 6 * n, None))
    for n in range(6):
        ahead = (TODAY - rows[20 + n]["decided_on"]).days + 15 + 8 * n
        actions.append(_action(len(actions), rows[20 + n], ahead, None))
    return rows, actions


def _action(number: int, decision: Mapping[str, Any], days: int, done: date | None) -> dict[str, Any]:
    text = DECISIONS[int(decision["code"][3:]) - 1]
    owner = list(ROLES)[number % len(ROLES)]
    return {
        "code": f"act{number + 1:02d}",
        "decision": decision["code"],
        "risk": None,
        "owner_role": ROLES[owner]["en"],
        "due": decision["decided_on"] + timedelta(days=days),
        "done_on": done,
        "cancelled": False,
        "text": text.action,
    }


def events(draw: random.Random) -> list[dict[str, Any]]:
    """Events with counts by target group; nine of them are study visits."""
    rows = []
    for n, (kind, title) in enumerate(EVENTS):
        start = START + timedelta(days=60 + 27 * n)
        past = start <= TODAY
        country, region = PLACES[(n * 7) % 24]
        groups = ("regional authority", "sme", "cluster organisation", "higher education", "sectoral agency")
        rows.append(
            {
                "code": f"ev{n + 1:02d}",
                "kind": kind,
                "start": start,
                "end": start + timedelta(days=1 if kind in ("study_visit", "conference") else 0),
                "online": kind == "webinar",
                "country": "" if kind == "webinar" else country,
                "region": None if kind == "webinar" else region,
                "theme": THEMES[n % 6],
                "organiser": f"p{(n * 7) % 24 + 1:02d}",
                "counts": {group: draw.randrange(2, 30) for group in groups} if past else {},
                "score": round(draw.uniform(3.6, 4.8), 1) if past else None,
                "url": "",
                "title": title,
                "place": _nothing(),
                "note": _nothing(),
                "source_url": "",
            }
        )
    return rows


def communications(draw: random.Random) -> list[dict[str, Any]]:
    """What was published, and how far it came."""
    rows = []
    for n in range(36):
        channel = list(CHANNELS)[n % len(CHANNELS)]
        reach = draw.randrange(300, 9000)
        rows.append(
            {
                "code": f"com{n + 1:02d}",
                "channel": channel,
                "published_on": START + timedelta(days=30 + 22 * n),
                "language": ("en", "hu", "it", "ro", "de", "hr")[n % 6],
                "theme": THEMES[n % 6],
                "reach": reach,
                "clicks": reach // draw.randrange(8, 30),
                "downloads": reach // draw.randrange(20, 90) if channel in ("publication", "website") else None,
                "citations": draw.randrange(0, 5) if channel in ("publication", "press") else None,
                "uptake": draw.randrange(0, 2) if channel == "publication" else None,
                "url": "",
                "title": {lang: f"{words} {n // 5 + 1}" for lang, words in CHANNELS[channel].items()},
                "source_url": "",
            }
        )
    return rows


def adoptions() -> list[dict[str, Any]]:
    """Five adaptations, two of them confirmed uptake, and three at the first stage."""
    rows = []
    for n in range(8):
        stage = "understand" if n >= 5 else "adapt" if n >= 2 else "reuse"
        country, _region = PLACES[(n * 5 + 3) % 24]
        rows.append(
            {
                "code": f"ad{n + 1}",
                "pilot": f"pilot{n + 1:02d}",
                "theme": THEMES[n // 2],
                "country": country,
                "stage": stage,
                "since": date(2025, 9, 1) + timedelta(days=40 * n),
                "confirmed_on": date(2026, 6, 15) + timedelta(days=n) if n < 2 else None,
                "common_code": "RCR 104" if n == 0 else "RCR 79" if n == 1 else "",
                "what": PILOTS[n].title,
                "adopter": ORGANISATIONS[(n + 2) % len(ORGANISATIONS)][1],
                "evidence": COMMENTS["evidence"],
            }
        )
    return rows


def strategy() -> dict[str, list[dict[str, Any]]]:
    """Two strategies, eight measures, and what is thought to lead to what."""
    strategies = [
        {
            "code": f"str{n}",
            "kind": kind,
            "area": "SEE",
            "first_year": 2024,
            "last_year": 2030,
            "budget": None,
            "url": "",
            "confirmed_on": date(2026, 3, 1),
            "title": title,
            "aim": aim,
        }
        for n, (kind, title, aim) in enumerate(STRATEGIES, 1)
    ]
    measures, links = [], []
    for n, measure in enumerate(MEASURES, 1):
        measures.append(
            {
                "code": f"m{n}",
                "strategy": f"str{measure.strategy}",
                "theme": THEMES[measure.theme],
                "instrument": measure.instrument,
                "level": measure.level,
                "budget": euro(measure.budget * 100),
                "start_period": 1,
                "end_period": PERIODS,
                "title": measure.title,
                "target": measure.target,
            }
        )
        problem, words = PROBLEMS[measure.theme]
        links.append(_link("problem", problem, "measure", f"m{n}", measure.because) | {"problem": words})
        for tried in measure.pilots:
            links.append(_link("measure", f"m{n}", "pilot", f"pilot{tried:02d}", REASONS["tests"]))
    for n, pilot in enumerate(PILOTS, 1):
        code = f"pilot{n:02d}"
        links.append(_link("pilot", code, "deliverable", GUIDELINES[(n - 1) // 2], REASONS["written"]))
        links.append(_link("deliverable", GUIDELINES[(n - 1) // 2], "result", f"{code}_firms", REASONS["used"]))
        links.append(_link("pilot", code, "result", f"{code}_firms", REASONS["counts"]))
        links.append(_link("result", f"{code}_firms", "indicator", pilot.moves, REASONS["moves"]))
    for moves in sorted({pilot.moves for pilot in PILOTS}):
        links.append(_link("indicator", moves, "aim", "str1", REASONS["aim"]))
    return {"strategies": strategies, "measures": measures, "chain_links": links}


GUIDELINES = ("d37", "d02", "d09", "d16", "d23", "d30")
"""By theme, the deliverable that writes down how its two pilots work."""


def _link(from_kind: str, from_code: str, to_kind: str, to_code: str, because: Text) -> dict[str, Any]:
    return {
        "from_kind": from_kind,
        "from_code": from_code,
        "to_kind": to_kind,
        "to_code": to_code,
        "because": because,
    }


def evaluations(draw: random.Random) -> list[dict[str, Any]]:
    """Three evaluators judge each pilot by five criteria."""
    rows = []
    for n, course in enumerate(COURSE):
        level = {ON_TRACK: 3, WATCH: 3, OFF: 2, QUIET: 2}[course]
        for criterion in ("relevance", "effectiveness", "efficiency", "coherence", "eu_added_value"):
            base = min(max(level + draw.choice((-1, 0, 0, 1)), 1), 4)
            for evaluator in ("Evaluator A", "Evaluator B", "Evaluator C"):
                step = min(max(base + draw.choice((-1, 0, 0, 0, 0, 1)), 1), 4)
                missing = draw.random() < 0.06
                rows.append(
                    {
                        "subject_kind": "pilot",
                        "subject": f"pilot{n + 1:02d}",
                        "criterion": criterion,
                        "evaluator": evaluator,
                        "step": None if missing else step,
                        "grade": "" if missing else draw.choice(("A", "B", "B", "C")),
                        "comment": _nothing(),
                    }
                )
    return rows


def programme() -> dict[str, Any]:
    """The programme itself."""
    return {
        "code": "demo6",
        "position": 1,
        "origin": "demonstration",
        "acronym": "DEMO-6",
        "reference": "DEMO-6",
        "fund": "Interreg (demonstration)",
        "start": START,
        "end": period_days()[-1][1],
        "currency": "EUR",
        "budget": euro(sum(PLAN)),
        "cofinancing": 0.8,
        "area": sorted({country for country, _region in PLACES}),
        "languages": ["en", "hu"],
        "today": TODAY,
        "settings": [{"from": START, "values": {"on_track": 0.9, "watch": 0.7}}],
        "title": NOTICE["title"],
        "description": NOTICE["description"],
        "notice": NOTICE["notice"],
        "source": "PoliSEE, synthetic demonstration data",
        "source_url": "",
    }


def working_groups() -> list[dict[str, Any]]:
    """A working group for each theme."""
    return [
        {
            "code": f"wg{n}",
            "theme": theme,
            "lead": f"p{n + 1:02d}",
            "name": WORKING_GROUPS[theme]["name"],
            "task": WORKING_GROUPS[theme]["task"],
            "source_url": "",
        }
        for n, theme in enumerate(THEMES, 1)
    ]


Content = dict[str, Any]


def made() -> tuple[Content, dict[str, list[dict[str, Any]]]]:
    """The whole programme: what stands in its file, and the tables beside it (budget and expenditure)."""
    draw = random.Random(SEED)  # noqa: S311 - nothing here is secret
    weights = cells(draw)
    planned = budget(weights)
    spent = expenditure(weights, draw)
    budgets: dict[str, int] = {}
    for row in planned:
        whole, part = row["amount"].split(".")
        budgets[row["partner"]] = budgets.get(row["partner"], 0) + int(whole) * 100 + int(part)
    indicators, values = result_indicators()
    open_risks, scores = risks(draw)
    decided, todo = decisions(draw)
    content = {
        "programme": programme(),
        "partners": partners(budgets),
        "working_groups": working_groups(),
        "periods": periods(),
        "work_packages": work_packages(),
        "activities": activities(),
        "deliverables": deliverables(draw),
        "pilots": pilots(),
        "pilot_reports": pilot_reports(),
        "result_indicators": indicators,
        "result_values": values,
        "partner_reports": partner_reports(draw),
        "budget": {"table": "demo6_budget.csv"},
        "expenditure": {"table": "demo6_expenditure.csv"},
        "risks": open_risks,
        "risk_scores": scores,
        "meetings": meetings(),
        "decisions": decided,
        "actions": todo,
        "events": events(draw),
        "communications": communications(draw),
        "adoptions": adoptions(),
        **strategy(),
        "evaluations": evaluations(draw),
    }
    return content, {"demo6_budget.csv": planned, "demo6_expenditure.csv": spent}


HEAD = """# DEMO-6: a synthetic programme. Every organisation, figure and event in it is made up, to show what pages do.
# Written by `python -m etl.starter_demo` (seed {seed}); change the script, not this file.
"""


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the file and its tables; gives what was written."""
    content, tables = made()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "demo6.yaml"
    text = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=118, default_flow_style=None)
    target.write_text(HEAD.format(seed=SEED) + text, encoding="utf-8")
    written = [target]
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
        written.append(folder / name)
    return written


class _Plain(yaml.SafeDumper):
    """Writes a text that stands in several places in each of them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never an alias."""
        return True


if __name__ == "__main__":
    for path in write():
        sys.stdout.write(f"{path}\n")

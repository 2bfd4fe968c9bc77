"""Whether pilots deliver: expected by now, status of an indicator, roll-up, reported against computed, evaluation.

A status compares what was reached with what was to be reached by now, in the direction of the indicator:
``(actual - baseline) / (expected - baseline)``. Arithmetic is exact (fractions of the decimals as written), so that a
value on a threshold is on it. The rule is the intermediate-target rule of the Commission's OPSYS (logframe indicators)
with a straight line or steps between the milestones; the thresholds (90 % and 70 %) are settings.

Literature: European Commission, OPSYS: how indicator values become lights; OECD (2021) Applying Evaluation Criteria
Thoughtfully; Better Regulation Toolbox, tool 47; K. Krippendorff (2011) Computing Krippendorff's alpha-reliability.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd

Direction = Literal["up", "down", "keep", "range"]
Profile = Literal["linear", "step"]


class Status(StrEnum):
    """Where an indicator or pilot stands at the end of a period."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    OFF_TRACK = "off_track"
    NOT_DUE = "not_due"
    NO_REPORT = "no_report"
    NOT_COMPUTABLE = "not_computable"
    DONE = "done"


WORST_FIRST = (
    Status.OFF_TRACK,
    Status.WATCH,
    Status.NO_REPORT,
    Status.NOT_COMPUTABLE,
    Status.ON_TRACK,
    Status.DONE,
    Status.NOT_DUE,
)
"""Order in which one status of several speaks for a pilot: the worst does, and what is not due says nothing."""


class Agreement(StrEnum):
    """A partner's own light beside the computed one. ``rosier`` is a watermelon: green outside, red within."""

    AGREE = "agree"
    ROSIER = "rosier"
    GLOOMIER = "gloomier"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Thresholds:
    """Limits in force on a day. Shares of what was expected: ``on_track`` and above is on track, below ``watch`` is off
    track. Underspending (share of the plan) from ``underspend_off`` on is off track, from ``underspend_watch`` on to be
    watched, and ``..._early`` before half-time. ``shift`` is the share of a partner's budget that may move without a
    formal change. Risk scores from ``risk_committee`` on go to the steering committee, from ``risk_group`` on to the
    working group. ``small_cell`` and fewer persons are not shown.

    Sources of the defaults: 10 % after half-time from the de-commitment rule of Interreg Baltic Sea Region, 20 % shift
    from Interreg Europe; the others are our own and may be set by a programme, with the day from which they hold.
    """

    on_track: Decimal = Decimal("0.90")
    watch: Decimal = Decimal("0.70")
    underspend_watch: Decimal = Decimal("0.05")
    underspend_off: Decimal = Decimal("0.10")
    underspend_watch_early: Decimal = Decimal("0.10")
    underspend_off_early: Decimal = Decimal("0.20")
    shift: Decimal = Decimal("0.20")
    risk_committee: Decimal = Decimal(15)
    risk_group: Decimal = Decimal(10)
    small_cell: Decimal = Decimal(4)
    since: date | None = field(default=None)

    def as_text(self) -> dict[str, str]:
        """The limits as plain texts, to be kept beside what was judged by them."""
        return {one.name: str(getattr(self, one.name)) for one in fields(self)}


def thresholds(settings: Sequence[Mapping[str, Any]], day: date) -> Thresholds:
    """The limits in force on a day.

    Args:
        settings: ``{from: ISO date, values: {name: number}}`` each; later ones replace what they name.
        day: the day asked about.

    Raises:
        ValueError: a name that is no limit, a value that is no number, or limits in the wrong order.
    """
    known = {one.name for one in fields(Thresholds)} - {"since"}
    found = Thresholds()
    for step in sorted(settings, key=lambda one: str(one["from"])):
        since = date.fromisoformat(str(step["from"]))
        if since > day:
            break
        unknown = sorted(set(step["values"]) - known)
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: there is no such limit; there are {', '.join(sorted(known))}")
        changes = {name: Decimal(str(value)) for name, value in step["values"].items()}
        found = replace(found, since=since, **changes)
    if not found.watch <= found.on_track:
        raise ValueError("the limit watch must not lie above on_track")
    return found


def exact(value: float | Decimal | int) -> Fraction:
    """A number as it is written: 0.1 is one tenth."""
    return Fraction(value) if isinstance(value, int) else Fraction(Decimal(str(value)))


NEVER_MISSING = frozenset({str, int, bool, date})
"""Kinds of values that are never missing."""


def given(value: Any) -> bool:
    """Whether there is a value: not None, not NaN, not NA."""
    if value is None:
        return False
    return type(value) in NEVER_MISSING or not pd.isna(value)  # pandas asks more questions, and is asked for every cell


def rows_of(table: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """Row by row what stands in some columns: of long or wide tables in a third of the time that records take."""
    return zip(*(table[name].tolist() for name in names), strict=True)


@dataclass(frozen=True)
class Goal:
    """What is promised of an indicator.

    Attributes:
        direction: ``up`` and ``down`` mean more or less is wanted; ``keep`` and ``range`` that it stays within
            ``low`` .. ``high``.
        baseline: value at the end of ``baseline_period``; None counts as 0 for an output and is missing otherwise.
        milestones: value wanted at the end of a period, by its number.
        target, target_period: value wanted in the end, and when.
        profile: a straight line between these points, or steps at them.
        tolerance: how far outside ``low`` .. ``high`` is still only to be watched, in the unit of the indicator.
        kind: ``output`` and others; ``qualitative`` values are steps from 1 to 5.
    """

    direction: Direction
    baseline: float | None = None
    baseline_period: int = 0
    milestones: Mapping[int, float] = field(default_factory=dict)
    target: float | None = None
    target_period: int | None = None
    profile: Profile = "linear"
    low: float | None = None
    high: float | None = None
    tolerance: float = 0.0
    kind: str = "output"

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Goal":
        """The goal in a row of result indicators (column names as the attributes; milestones may have text keys)."""

        def number(name: str) -> float | None:
            return float(row[name]) if given(row[name]) else None

        return cls(
            direction=row["direction"],
            baseline=number("baseline"),
            baseline_period=int(row["baseline_period"]),
            milestones={int(period): float(value) for period, value in row["milestones"].items()},
            target=number("target"),
            target_period=int(row["target_period"]) if given(row["target_period"]) else None,
            profile=row["profile"],
            low=number("low"),
            high=number("high"),
            tolerance=float(row["tolerance"] or 0),
            kind=row["kind"],
        )

    def start(self) -> Fraction | None:
        """The baseline, exactly; 0 for an output without one."""
        if self.baseline is not None:
            return exact(self.baseline)
        return Fraction(0) if self.kind == "output" else None

    def points(self) -> list[tuple[int, Fraction]]:
        """Baseline, milestones and target in order of their periods."""
        start = self.start()
        found = {} if start is None else {self.baseline_period: start}
        found |= {period: exact(value) for period, value in self.milestones.items()}
        if self.target is not None and self.target_period is not None:
            found[self.target_period] = exact(self.target)
        return sorted(found.items())

    def disorder(self) -> list[int]:
        """Periods whose milestone lies behind an earlier one, against the direction; none is right."""
        if self.direction not in ("up", "down"):
            return []
        sign = 1 if self.direction == "up" else -1
        points = self.points()
        return [b[0] for a, b in itertools.pairwise(points) if sign * (b[1] - a[1]) < 0]


def expected(goal: Goal, period: int) -> Fraction | None:
    """What was to be reached by the end of a period: None where nothing is promised (no target, or keep and range).

    Before the baseline's period it is the baseline, after the last point the last one.
    """
    if goal.direction in ("keep", "range"):
        return None
    points = goal.points()
    if not points or goal.start() is None or len(points) < 2:
        return None
    if period <= points[0][0]:
        return points[0][1]
    for (t0, y0), (t1, y1) in itertools.pairwise(points):
        if t0 <= period < t1:
            return y0 if goal.profile == "step" else y0 + (y1 - y0) * Fraction(period - t0, t1 - t0)
    return points[-1][1]


@dataclass(frozen=True)
class Judgement:
    """A status with everything it was made from; shares are of the way from the baseline.

    Attributes:
        status: the computed status.
        actual: the value, or None when none was reported.
        expected: what was to be reached by now.
        share: of what was expected by now; below 0 when it went the wrong way.
        of_target: share of the final target.
        of_next: share of the next milestone (the second opinion after OPSYS), and ``next_period`` when that is due.
        outside: how far outside ``low`` .. ``high`` (keep and range).
        why: what decided: ``share``, ``band``, ``steps``, ``reached``, ``before_start``, ``no_value`` or ``no_goal``.
    """

    status: Status
    why: str
    actual: float | None
    expected: float | None = None
    share: float | None = None
    of_target: float | None = None
    of_next: float | None = None
    next_period: int | None = None
    outside: float | None = None


def judge(goal: Goal, period: int, actual: float | None, limits: Thresholds) -> Judgement:
    """The status of an indicator at the end of a period.

    Args:
        goal: what was promised.
        period: number of the period.
        actual: what was reached by its end, None when no report is there.
        limits: thresholds in force.
    """
    value = float(actual) if given(actual) else None  # type: ignore[arg-type]
    if goal.direction in ("keep", "range"):
        return _in_band(goal, value)
    if goal.kind == "qualitative":
        return _by_steps(value, limits)
    due, start = expected(goal, period), goal.start()
    if due is None or start is None:
        return Judgement(Status.NOT_COMPUTABLE, "no_goal", value)
    if value is None:
        if due == start:
            return Judgement(Status.NOT_DUE, "before_start", None, float(due))
        return Judgement(Status.NO_REPORT, "no_value", None, float(due))
    way = exact(value) - start
    shares = {
        "expected": float(due),
        "share": _part(way, due - start),
        "of_target": _part(way, exact(goal.target) - start) if goal.target is not None else None,
        **_next(goal, period, way, start),
    }
    if goal.target is not None and _reached(goal, value):
        return Judgement(Status.DONE, "reached", value, **shares)
    if due == start:
        return Judgement(Status.NOT_DUE, "before_start", value, **shares)
    return Judgement(_status_of(way / (due - start), limits), "share", value, **shares)


def _part(way: Fraction, whole: Fraction) -> float | None:
    return float(way / whole) if whole else None


def _next(goal: Goal, period: int, way: Fraction, start: Fraction) -> dict[str, Any]:
    """Share of the next point that is still to come (or due now)."""
    for due, value in goal.points():
        if due >= period and due > goal.baseline_period and value != start:
            return {"of_next": float(way / (value - start)), "next_period": due}
    return {}


def _reached(goal: Goal, value: float) -> bool:
    target = exact(goal.target)  # type: ignore[arg-type]
    return exact(value) >= target if goal.direction == "up" else exact(value) <= target


def _status_of(share: Fraction, limits: Thresholds) -> Status:
    if share >= exact(limits.on_track):
        return Status.ON_TRACK
    return Status.WATCH if share >= exact(limits.watch) else Status.OFF_TRACK


def _in_band(goal: Goal, value: float | None) -> Judgement:
    if goal.low is None and goal.high is None:
        return Judgement(Status.NOT_COMPUTABLE, "no_goal", value)
    if value is None:
        return Judgement(Status.NO_REPORT, "no_value", None)
    below = exact(goal.low) - exact(value) if goal.low is not None else Fraction(0)
    above = exact(value) - exact(goal.high) if goal.high is not None else Fraction(0)
    outside = max(below, above, Fraction(0))
    status = Status.ON_TRACK if outside == 0 else Status.WATCH if outside <= exact(goal.tolerance) else Status.OFF_TRACK
    return Judgement(status, "band", value, outside=float(outside))


STEPS_ON_TRACK, STEPS_WATCH = 4, 3
"""Of five written steps, four and five are on track, three is to be watched."""


def _by_steps(value: float | None, limits: Thresholds) -> Judgement:
    if value is None:
        return Judgement(Status.NO_REPORT, "no_value", None)
    status = Status.ON_TRACK if value >= STEPS_ON_TRACK else Status.WATCH if value >= STEPS_WATCH else Status.OFF_TRACK
    return Judgement(status, "steps", value)


def worst(statuses: Sequence[str]) -> Status:
    """The status that speaks for all of them; not computable where there is none. See ``WORST_FIRST``."""
    return next((status for status in WORST_FIRST if status in set(statuses)), Status.NOT_COMPUTABLE)


def distribution(statuses: Sequence[str]) -> dict[str, int]:
    """How many have each status, all statuses named: the roll-up is never an average of colours."""
    return {str(status): sum(1 for one in statuses if one == status) for status in Status}


LADDER = {Status.OFF_TRACK: 0, Status.WATCH: 1, Status.ON_TRACK: 2, Status.DONE: 2}


def agreement(reported: str, computed: str) -> Agreement:
    """A reported light beside the computed status (the watermelon check)."""
    ladder = {str(status): step for status, step in LADDER.items()}
    if reported not in ladder or computed not in ladder:
        return Agreement.NOT_COMPARABLE
    apart = ladder[reported] - ladder[computed]
    return Agreement.AGREE if apart == 0 else Agreement.ROSIER if apart > 0 else Agreement.GLOOMIER


JUDGED = [
    *("indicator", "owner", "period", "status", "why", "actual", "expected", "share", "of_target", "of_next"),
    *("next_period", "outside"),
]


def judgements(
    indicators: pd.DataFrame, values: pd.DataFrame, periods: Sequence[int], limits: Thresholds
) -> pd.DataFrame:
    """The status of every indicator at the end of every period that has closed.

    Args:
        indicators: rows with ``code``, ``owner`` and what ``Goal.from_row`` reads.
        values: [indicator, period, value].
        periods: numbers of the periods that have ended.
        limits: thresholds in force.

    Returns:
        One row per indicator and period, in the order of both: ``JUDGED``.
    """
    goals = [Goal.from_row(row) for row in indicators.to_dict("records")]
    numbers = np.array(list(periods), dtype=np.int64)
    actual = _wide(values, indicators["code"].tolist(), numbers)
    found = _Judged.empty(len(goals), len(numbers))
    for place, goal in enumerate(goals):
        found.expect(place, goal, numbers)
    found.compare(goals, actual, numbers, limits)
    count, width = actual.shape
    frame = pd.DataFrame(
        {
            "indicator": np.repeat(indicators["code"].to_numpy(object), width),
            "owner": np.repeat(indicators["owner"].to_numpy(object), width),
            "period": np.tile(numbers, count),
            "status": found.status.ravel(),
            "why": found.why.ravel(),
            "actual": actual.ravel(),
            "expected": found.expected.ravel(),
            "share": found.share.ravel(),
            "of_target": found.of_target.ravel(),
            "of_next": found.of_next.ravel(),
            "next_period": pd.array(found.next_period.ravel(), dtype="Int64"),
            "outside": found.outside.ravel(),
        },
        columns=JUDGED,
    )
    return frame.assign(next_period=frame["next_period"].where(frame["next_period"] > 0))


def _wide(values: pd.DataFrame, codes: Sequence[str], periods: np.ndarray) -> np.ndarray:
    """Values as indicators x periods, NaN where none was reported."""
    rows = {code: place for place, code in enumerate(codes)}
    columns = {int(period): place for place, period in enumerate(periods)}
    row = values["indicator"].map(rows)
    column = values["period"].map(columns)
    kept = (row.notna() & column.notna()).to_numpy()
    table = np.full((len(codes), len(periods)), np.nan)
    place = row[kept].to_numpy(dtype=np.int64), column[kept].to_numpy(dtype=np.int64)
    table[place] = values["value"].to_numpy(dtype=float)[kept]
    return table


NEAR = 1e-9
"""A share nearer to a threshold than this is judged once more, exactly."""


@dataclass
class _Judged:
    """Judgements of indicators x periods, as matrices; ``judge`` says the same of one cell."""

    expected: np.ndarray
    share: np.ndarray
    of_target: np.ndarray
    of_next: np.ndarray
    next_period: np.ndarray
    outside: np.ndarray
    status: np.ndarray
    why: np.ndarray

    @classmethod
    def empty(cls, count: int, width: int) -> "_Judged":
        """Nothing computed yet."""
        expected, share, target, following, outside = (np.full((count, width), np.nan) for _ in range(5))
        status, why = (np.full((count, width), "", dtype=object) for _ in range(2))
        return cls(expected, share, target, following, np.zeros((count, width), dtype=np.int64), outside, status, why)

    def expect(self, place: int, goal: Goal, periods: np.ndarray) -> None:
        """What one indicator was to reach, and which point comes next."""
        if goal.direction in ("keep", "range") or goal.kind == "qualitative" or goal.start() is None:
            return
        points = goal.points()
        if len(points) < 2:
            return
        at, wanted = np.array([p for p, _ in points]), np.array([float(v) for _, v in points])
        if goal.profile == "step":
            self.expected[place] = wanted[np.clip(np.searchsorted(at, periods, side="right") - 1, 0, None)]
        else:
            self.expected[place] = np.interp(periods, at, wanted)
        for due, value in reversed(points):
            if due > goal.baseline_period and value != goal.start():
                still = periods <= due
                self.next_period[place, still], self.of_next[place, still] = due, float(value)

    def compare(self, goals: Sequence[Goal], actual: np.ndarray, periods: np.ndarray, limits: Thresholds) -> None:
        """Statuses of all cells."""
        start = np.array([float(s) if (s := goal.start()) is not None else np.nan for goal in goals])[:, None]
        target = np.array([np.nan if goal.target is None else goal.target for goal in goals])[:, None]
        sign = np.array([1.0 if goal.direction == "up" else -1.0 for goal in goals])[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            way = actual - start
            self.share = np.where(self.expected == start, np.nan, way / (self.expected - start))
            self.of_target = np.where(target == start, np.nan, way / (target - start))
            self.of_next = way / (self.of_next - start)
            reached = sign * actual >= sign * target
            rows = np.where(self.share >= float(limits.watch), str(Status.WATCH), str(Status.OFF_TRACK)).astype(object)
            rows[self.share >= float(limits.on_track)] = str(Status.ON_TRACK)
        why = np.full(actual.shape, "share", dtype=object)
        silent, due = np.isnan(actual), self.expected != start
        for mask, status, reason in (
            (~due, Status.NOT_DUE, "before_start"),
            (reached, Status.DONE, "reached"),
            (silent & due, Status.NO_REPORT, "no_value"),
            (silent & ~due, Status.NOT_DUE, "before_start"),
            (np.isnan(self.expected), Status.NOT_COMPUTABLE, "no_goal"),
        ):
            rows[mask], why[mask] = str(status), reason
        self.status, self.why = rows, why
        close = np.abs(self.share - float(limits.on_track)) < NEAR
        close |= np.abs(self.share - float(limits.watch)) < NEAR
        alone = [goal.direction in ("keep", "range") or goal.kind == "qualitative" for goal in goals]
        close |= np.array(alone, dtype=bool)[:, None]
        for place, column in np.argwhere(close):
            found = judge(goals[place], int(periods[column]), actual[place, column], limits)
            self.status[place, column], self.why[place, column] = str(found.status), found.why
            if found.outside is not None:
                self.outside[place, column] = found.outside
        blank = np.isnan(self.expected)
        for matrix in (self.of_target, self.of_next):
            matrix[blank] = np.nan
        self.next_period[blank | silent] = 0


def speaking(judged: pd.DataFrame) -> pd.DataFrame:
    """The indicator that speaks for each owner in each period: of the worst ones that furthest behind.

    Args:
        judged: from ``judgements``.

    Returns:
        [owner, period, status, indicator, share], one row per owner and period that has any.
    """
    order = {str(status): place for place, status in enumerate(WORST_FIRST)}
    ranked = judged.assign(severity=judged["status"].map(order)).sort_values(
        ["severity", "share"], na_position="last", kind="stable"
    )
    return ranked.drop_duplicates(["owner", "period"])[["owner", "period", "status", "indicator", "share"]]


def pilot_grid(
    pilots: pd.DataFrame, judged: pd.DataFrame, reports: pd.DataFrame, periods: Sequence[int], closed: int
) -> pd.DataFrame:
    """Pilots by period with the status that speaks for each, its reason and the partner's own light.

    A pilot in a period it ran in that has closed has no report when none was submitted; what its indicators say then
    does not count. A period to come, or one outside the pilot's time, is not due.

    Args:
        pilots: [code, start_period, end_period].
        judged: from ``judgements`` or already ``speaking``, for closed periods.
        reports: [pilot, period, light, submitted_on].
        periods: all periods of the programme.
        closed: number of the last period that has closed.

    Returns:
        [pilot, period, status, indicator (that decides, '' for none), share, reported, agreement, computed (status of
        the indicators, whether reported or not)].
    """
    speaks = speaking(judged)
    numbers = np.array(list(periods), dtype=np.int64)
    grid = pd.DataFrame(
        {
            "pilot": np.repeat(pilots["code"].to_numpy(object), len(numbers)),
            "period": np.tile(numbers, len(pilots)),
            "start": np.repeat(pilots["start_period"].to_numpy(np.int64), len(numbers)),
            "end": np.repeat(pilots["end_period"].to_numpy(np.int64), len(numbers)),
        }
    )
    grid = grid.merge(
        speaks.rename(columns={"owner": "pilot", "status": "computed"}), on=["pilot", "period"], how="left"
    )
    sent = pd.DataFrame(
        {
            "pilot": reports["pilot"].to_numpy(object),
            "period": reports["period"].to_numpy(np.int64),
            "reported": reports["light"].to_numpy(object),
            "sent": reports["submitted_on"].notna().to_numpy(bool),
        }
    )
    grid = grid.merge(sent, on=["pilot", "period"], how="left")
    due = (grid["period"] <= closed) & (grid["period"] >= grid["start"])
    silent = due & (grid["period"] <= grid["end"]) & ~grid["sent"].eq(True)
    computed = grid["computed"].fillna(str(Status.NOT_COMPUTABLE)).where(due, str(Status.NOT_DUE))
    status = computed.mask(silent, str(Status.NO_REPORT))
    told = due & ~silent
    reported = grid["reported"].fillna("")
    pairs = list(zip(reported.tolist(), status.tolist(), strict=True))
    found = {pair: str(agreement(*pair)) for pair in dict.fromkeys(pairs)}
    agreements = [found[pair] for pair in pairs]
    return pd.DataFrame(
        {
            "pilot": grid["pilot"],
            "period": grid["period"],
            "status": status,
            "indicator": grid["indicator"].where(told, "").fillna(""),
            "share": grid["share"].where(told).astype("float64"),
            "reported": reported,
            "agreement": agreements,
            "computed": computed,
        }
    )


def falls(indicators: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Cumulative values that fall without a comment that says why: [indicator, period, value, before]."""
    cumulative = set(indicators.loc[indicators["cumulative"].astype(bool), "code"])
    ordered = values[values["indicator"].isin(cumulative)].dropna(subset="value").sort_values(["indicator", "period"])
    before = ordered.groupby("indicator")["value"].shift()
    silent = ordered["comment"].fillna("").str.strip() == ""
    fell = (ordered["value"] < before) & silent
    return ordered.assign(before=before).loc[fell, ["indicator", "period", "value", "before"]].reset_index(drop=True)


# ---------------------------------------------------------------------------------------------------------------------
# Evaluation by several evaluators


def evaluation_matrix(evaluations: pd.DataFrame) -> pd.DataFrame:
    """Subjects by criterion: median step, its spread, how many judged, and the grade that most of the evidence reaches.

    Args:
        evaluations: [subject, criterion, evaluator, step (1-4 or missing), grade ('', A, B or C)].

    Returns:
        [subject, criterion, median, low, high, evaluators, grade (the lowest given, since a chain holds as much as its
        weakest part; '' for none)].
    """
    there = evaluations[evaluations["step"].notna()]
    groups = there.groupby(["subject", "criterion"], sort=False)
    table = groups["step"].agg(median="median", low="min", high="max", evaluators="count").reset_index()
    grades = groups["grade"].agg(lambda given_: max((one for one in given_ if one), default=""))
    return table.assign(grade=grades.to_numpy())


def krippendorff_alpha(ratings: np.ndarray, level: Literal["nominal", "ordinal", "interval"] = "ordinal") -> float:
    """Krippendorff's alpha, agreement of several raters: 1 full, 0 as by chance, NaN when nothing can be compared.

    Args:
        ratings: raters x units, NaN where a rater did not judge a unit.
        level: scale of the ratings.

    Source: K. Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    """
    table = np.asarray(ratings, dtype=float)
    values = np.unique(table[~np.isnan(table)])
    counts = np.array([[np.sum(column == value) for value in values] for column in table.T], dtype=float)
    counts = counts.reshape(-1, len(values))
    judged = counts.sum(axis=1) if len(values) else np.zeros(0)
    counts, judged = counts[judged > 1], judged[judged > 1]
    if not len(judged):
        return float("nan")
    pairs = (counts[:, :, None] * counts[:, None, :] - np.einsum("uc,cd->ucd", counts, np.eye(len(values)))) / (
        judged - 1
    )[:, None, None]
    coincidences = pairs.sum(axis=0)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    apart = _apart(values, totals, level)
    observed = (coincidences * apart).sum()
    by_chance = (np.outer(totals, totals) * apart).sum() / (n - 1)
    return 1.0 - float(observed / by_chance) if by_chance else float("nan")


def _apart(values: np.ndarray, totals: np.ndarray, level: str) -> np.ndarray:
    """Squared differences between values, (v, v)."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        return (values[:, None] - values[None, :]) ** 2
    # Ranks: half of both ends and all that lies between.
    place = np.cumsum(totals) - totals / 2
    return (place[:, None] - place[None, :]) ** 2

"""Where a region stands, where it is going and how far its targets are.

Every function takes an observation frame (see ``analysis.model``) of any number of indicators and regions, and
``specs`` by indicator code. Every result row carries the years and flags of its inputs; ``uncertain`` is true when any
of them is estimated, provisional, forecast, imputed or of low reliability.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import (
    DIRECTION,
    LEVEL,
    STATUS,
    TARGET,
    Arrival,
    DirectionThresholds,
    IndicatorSpec,
    Level,
    LevelThresholds,
    Movement,
    Reason,
    Status,
    StatusThresholds,
    TargetProgress,
    TargetThresholds,
    is_uncertain,
    join_flags,
)

Specs = Mapping[str, IndicatorSpec]

# Rounding of published figures must not push a result over a limit that it meets on paper.
EPSILON = 1e-9


def _present(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["indicator", "region", "period", "value", "flags"]
    present = frame.loc[frame["value"].notna(), columns]
    return present.sort_values(["indicator", "region", "period"], ignore_index=True)


def _mark(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(uncertain=frame["flags"].map(is_uncertain).astype(bool))


def _table(rows: list[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame whose year columns stay whole numbers although they may be missing."""
    table = pd.DataFrame(rows, columns=list(columns))
    years = [c for c in columns if c in YEARS]
    return table.astype(dict.fromkeys(years, "Int64"))


YEARS = frozenset({"period", "first", "last", "years", "reason_year", "jump", "target_year", "arrival_year"})


def latest(frame: pd.DataFrame) -> pd.DataFrame:
    """Newest non-missing value per indicator and region: [indicator, region, period, value, flags, uncertain]."""
    newest = _present(frame).drop_duplicates(["indicator", "region"], keep="last")
    return _mark(newest.reset_index(drop=True))


def latest_common_year(frame: pd.DataFrame, share: float = 0.95) -> pd.DataFrame:
    """Newest year in which at least ``share`` of the regions that ever report have a value, per indicator.

    Returns [indicator, period, regions, of, share, met]. Where no year reaches the share, the best covered year (the
    newest of equals) is given and ``met`` is false.
    """
    present = _present(frame)
    ever = present.groupby("indicator")["region"].nunique()
    counts = present.groupby(["indicator", "period"])["region"].nunique().rename("regions").reset_index()
    counts["of"] = counts["indicator"].map(ever).astype(int)
    counts["share"] = counts["regions"] / counts["of"]
    counts["met"] = counts["share"] >= share - EPSILON
    # Of years that do not reach the share the fullest counts, of those that do the newest.
    counts["order"] = counts["share"].where(~counts["met"], 2.0)
    best = counts.sort_values(["indicator", "order", "period"]).drop_duplicates("indicator", keep="last")
    return best.drop(columns="order").reset_index(drop=True)


def values_in(frame: pd.DataFrame, years: Mapping[str, int]) -> pd.DataFrame:
    """Non-missing values of each indicator in its year: [indicator, region, period, value, flags, uncertain]."""
    present = _present(frame)
    wanted = present["indicator"].map(years)
    return _mark(present[present["period"] == wanted].reset_index(drop=True))


def level_against_region(
    frame: pd.DataFrame, specs: Specs, reference: str, thresholds: LevelThresholds = LEVEL
) -> pd.DataFrame:
    """Every region beside one reference region (the EU, a country) in the newest year that both have.

    Returns one row per indicator and region of the frame other than the reference: [indicator, region, reference,
    period, value, flags, reference_value, reference_flags, difference (unit), ratio (value / reference, NaN unless the
    reference is positive), level (analysis.model.Level), uncertain, reason].
    """
    present = _present(frame)
    theirs = present.loc[present["region"] == reference, ["indicator", "period", "value", "flags"]]
    theirs = theirs.rename(columns={"value": "reference_value", "flags": "reference_flags"})
    both = present[present["region"] != reference].merge(theirs, on=["indicator", "period"])
    both = both.drop_duplicates(["indicator", "region"], keep="last")
    pairs = frame.loc[frame["region"] != reference, ["indicator", "region"]].drop_duplicates()
    result = pairs.merge(both, on=["indicator", "region"], how="left")
    result.insert(2, "reference", reference)
    has_value = result.merge(latest(frame)[["indicator", "region", "value"]], on=["indicator", "region"], how="left")
    result["reason"] = np.where(
        result["value"].notna(),
        Reason.NONE,
        np.where(has_value["value_y"].notna(), Reason.NO_REFERENCE, Reason.NO_VALUE),
    )
    return _with_level(result, specs, thresholds).sort_values(["indicator", "region"], ignore_index=True)


def level_against_peers(
    frame: pd.DataFrame,
    specs: Specs,
    region: str,
    peers: Sequence[str],
    share: float = 0.5,
    thresholds: LevelThresholds = LEVEL,
) -> pd.DataFrame:
    """One region beside the median of its peers, in the newest year in which it and ``share`` of the peers report.

    Returns one row per indicator: [indicator, region, reference ("peers"), period, value, flags, reference_value (the
    median), reference_flags, difference, ratio, level, uncertain, reason, peers (with a value), below (peers with a
    lower value), above (peers with a higher value), low, high (10th and 90th percentile of the peers)].
    """
    others = {p for p in peers if p != region}
    wanted = frame[frame["region"].isin({region, *others})]
    near = dict(iter(_present(wanted).groupby("indicator", sort=False)))
    rows = []
    for code in dict.fromkeys(frame["indicator"]):
        row: dict[str, Any] = {"indicator": code, "region": region, "reference": "peers"}
        rows.append(row | _beside_peers(near.get(code), region, share))
    columns = ["indicator", "region", "reference", "period", "value", "flags", "reference_value", "reference_flags"]
    return _with_level(_table(rows, [*columns, "reason", "peers", "below", "above", "low", "high"]), specs, thresholds)


def _beside_peers(group: pd.DataFrame | None, region: str, share: float) -> dict[str, Any]:
    """Value and peers' spread of one indicator; ``group`` holds the region's and the peers' non-missing values."""
    nothing = {"reason": Reason.NO_VALUE, "peers": 0, "below": 0, "above": 0}
    if group is None:
        return nothing
    years, values = group["period"].to_numpy(int), group["value"].to_numpy(float)
    regions, flags = group["region"].to_numpy(object), group["flags"].to_numpy(object)
    mine = regions == region
    if not mine.any():
        return nothing
    least = max(1, math.ceil(share * len(set(regions[~mine])) - EPSILON))
    reported, counts = np.unique(years[~mine], return_counts=True)
    common = np.intersect1d(years[mine], reported[counts >= least])
    if not len(common):
        return nothing | {"reason": Reason.NO_REFERENCE}
    year = common.max()
    own = mine & (years == year)
    theirs = ~mine & (years == year)
    value, others = float(values[own][0]), values[theirs]
    low, middle, high = np.quantile(others, (0.1, 0.5, 0.9))
    return {
        "period": int(year),
        "value": value,
        "flags": flags[own][0],
        "reference_value": middle,
        "reference_flags": join_flags(flags[theirs]),
        "reason": Reason.NONE,
        "peers": len(others),
        "below": int((others < value).sum()),
        "above": int((others > value).sum()),
        "low": low,
        "high": high,
    }


def _with_level(result: pd.DataFrame, specs: Specs, thresholds: LevelThresholds) -> pd.DataFrame:
    """The rows with difference, ratio, level and marker, all from value and reference_value."""
    spec = [specs[code] for code in result["indicator"]]
    value, reference = result["value"].to_numpy(float), result["reference_value"].to_numpy(float)
    difference = value - reference
    # Two values that print alike are near whatever their share of the reference.
    print_step = np.array([0.5 * 10.0**-s.decimals for s in spec])
    near = np.abs(difference) <= np.maximum(thresholds.near * np.abs(reference), print_step) * (1 + EPSILON)
    way = np.array([s.direction for s in spec])
    words = np.where(
        way == 0,
        np.where(difference > 0, Level.HIGHER, Level.LOWER),
        np.where(difference * way > 0, Level.BETTER, Level.WORSE),
    )
    level = np.where(np.isnan(difference), Level.UNKNOWN, np.where(near, Level.NEAR, words))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(reference > 0, value / reference, np.nan)
    # As objects: a column without any flag is numeric, and text cannot fill it.
    flags, reference_flags = (result[name].astype(object).fillna("") for name in ("flags", "reference_flags"))
    return result.assign(
        period=result["period"].astype("Int64"),
        flags=flags,
        reference_flags=reference_flags,
        difference=difference,
        ratio=ratio,
        level=[Level(word) for word in level],
        reason=[Reason(word) for word in result["reason"]],
        uncertain=[is_uncertain(a + b) for a, b in zip(flags, reference_flags, strict=True)],
    )


@dataclass(frozen=True)
class _Series:
    """One indicator of one region, oldest year first, missing years included for their break marks."""

    indicator: str
    region: str
    years: np.ndarray
    values: np.ndarray
    flags: np.ndarray


def _series(frame: pd.DataFrame) -> Iterator[_Series]:
    ordered = frame.sort_values(["indicator", "region", "period"])
    indicator, region = ordered["indicator"].to_numpy(object), ordered["region"].to_numpy(object)
    years, values = ordered["period"].to_numpy(int), ordered["value"].to_numpy(float)
    flags = ordered["flags"].fillna("").to_numpy(object)
    new = (indicator[1:] != indicator[:-1]) | (region[1:] != region[:-1])
    edges = [0, *(np.flatnonzero(new) + 1).tolist(), len(ordered)] if len(ordered) else [0]
    for a, b in itertools.pairwise(edges):
        yield _Series(indicator[a], region[a], years[a:b], values[a:b], flags[a:b])


@dataclass(frozen=True)
class _Stretch:
    """The two ends that a change is measured between (positions in the series), or why there are none."""

    start: int | None
    end: int | None
    reason: Reason = Reason.NONE
    reason_year: int | None = None
    shortened: bool = False


def _stretch(series: _Series, thresholds: DirectionThresholds) -> _Stretch:
    there = np.flatnonzero(~np.isnan(series.values))
    if len(there) == 0:
        return _Stretch(None, None, Reason.NO_VALUE)
    end = int(there[-1])
    newest = int(series.years[end])
    aim = newest - thresholds.years
    away = np.abs(series.years[there] - aim)
    near = there[away <= thresholds.tolerance]
    breaks = [int(y) for y, f in zip(series.years, series.flags, strict=True) if "b" in f and y <= newest]
    if len(near) == 0:
        return _Stretch(None, end, Reason.GAP)
    # Of equally near years the earlier one, so that the stretch is not shorter than asked for.
    start = int(near[np.argmin(np.abs(series.years[near] - aim))])
    inside = [y for y in breaks if y > series.years[start]]
    if not inside:
        return _Stretch(start, end)
    start = int(there[series.years[there] >= inside[-1]][0])
    if newest - series.years[start] < thresholds.shortest:
        return _Stretch(None, end, Reason.BREAK, inside[-1])
    return _Stretch(start, end, shortened=True)


def _pace(start: float, end: float, years: float, relative: bool) -> float:
    """Change a year: compound growth in percent, or the unit itself."""
    return ((end / start) ** (1 / years) - 1) * 100 if relative else (end - start) / years


def _significant(spec: IndicatorSpec, relative: bool, values: np.ndarray, thresholds: DirectionThresholds) -> float:
    """Pace from which a change is significant, in the unit of the pace."""
    if relative:
        return thresholds.significant
    if spec.change == "relative":
        # Growth that cannot be compounded is judged against the size that the values have on average.
        return thresholds.significant / 100 * float(np.mean(np.abs(values)))
    scale = 100.0 if spec.lower is None or spec.upper is None else spec.upper - spec.lower
    return thresholds.points / 100 * scale


def _movement(desired: float, pace: float, limit: float, away: float, way: int) -> Movement:
    if pace == 0:
        return Movement.NO_CHANGE
    if way == 0:
        return Movement.RISING if pace > 0 else Movement.FALLING
    slack = EPSILON * limit
    if desired >= limit - slack:
        return Movement.SIGNIFICANT_PROGRESS
    if desired >= 0:
        return Movement.MODERATE_PROGRESS
    return Movement.MODERATE_AWAY if desired >= away - slack else Movement.SIGNIFICANT_AWAY


def _jump(series: _Series, start: int, end: int) -> int | None:
    """Newest year of the stretch whose value is at least twice or at most half the one before, without a mark."""
    there = [i for i in range(start, end + 1) if not np.isnan(series.values[i])]
    for before, now in reversed(list(itertools.pairwise(there))):
        a, b = series.values[before], series.values[now]
        if a > 0 and b > 0 and (b >= 2 * a or a >= 2 * b) and "b" not in series.flags[now]:
            return int(series.years[now])
    return None


def direction(frame: pd.DataFrame, specs: Specs, thresholds: DirectionThresholds = DIRECTION) -> pd.DataFrame:
    """Change over the last five years, after Eurostat's method for indicators without a target.

    Returns one row per indicator and region: [indicator, region, first, last (years), first_value, last_value, years,
    change (unit), pace (percent a year, or unit a year), measure ("relative" | "points"), desired (pace in the desired
    direction; NaN for neutral indicators), significant (pace from which it counts), movement (analysis.model.Movement),
    reason (analysis.model.Reason), reason_year, flags (of both ends), uncertain, shortened (a break cut the stretch),
    jump (year of an unflagged doubling or halving inside the stretch, else <NA>)].

    The start is the value five years before the newest one, else the nearest of four and six years before. A flag
    ``b`` cuts the series: the stretch since the last break is used when it is at least three years long.
    """
    rows = []
    for series in _series(frame):
        spec, stretch = specs[series.indicator], _stretch(series, thresholds)
        row: dict[str, Any] = {
            "indicator": series.indicator,
            "region": series.region,
            "movement": Movement.NOT_COMPUTABLE,
            "reason": stretch.reason,
            "reason_year": stretch.reason_year,
            "flags": "",
            "shortened": stretch.shortened,
        }
        if stretch.end is not None:
            row |= {"last": int(series.years[stretch.end]), "last_value": series.values[stretch.end]}
            row["flags"] = join_flags([series.flags[stretch.end]])
        if stretch.start is not None and stretch.end is not None:
            start, end = stretch.start, stretch.end
            first_value, last_value = float(series.values[start]), float(series.values[end])
            years = int(series.years[end] - series.years[start])
            relative = spec.change == "relative" and first_value > 0 and last_value > 0
            pace = _pace(first_value, last_value, years, relative)
            inner = series.values[start : end + 1]
            limit = _significant(spec, relative, inner[~np.isnan(inner)], thresholds)
            row |= {
                "first": int(series.years[start]),
                "first_value": first_value,
                "years": years,
                "change": last_value - first_value,
                "pace": pace,
                "measure": "relative" if relative else "points",
                "desired": pace * spec.direction if spec.direction else math.nan,
                "significant": limit,
                "movement": _movement(
                    pace * spec.direction, pace, limit, limit * thresholds.away / thresholds.significant, spec.direction
                ),
                "flags": join_flags([series.flags[start], series.flags[end]]),
                "jump": _jump(series, start, end),
            }
        rows.append(row | {"uncertain": is_uncertain(row["flags"])})
    return _table(rows, DIRECTION_COLUMNS)


DIRECTION_COLUMNS = [
    "indicator",
    "region",
    "first",
    "last",
    "first_value",
    "last_value",
    "years",
    "change",
    "pace",
    "measure",
    "desired",
    "significant",
    "movement",
    "reason",
    "reason_year",
    "flags",
    "uncertain",
    "shortened",
    "jump",
]


def distance_to_target(
    frame: pd.DataFrame,
    specs: Specs,
    thresholds: TargetThresholds = TARGET,
    direction_thresholds: DirectionThresholds = DIRECTION,
) -> pd.DataFrame:
    """How far each region is from the indicator's target, at what pace, and when it arrives.

    Only indicators with a target appear. Returns [indicator, region, period, value, flags, target, target_year, gap
    (target - value, unit), first, first_value, measure, pace (observed), required (pace from the start year to the
    target year), required_now (pace needed from the newest value on), ratio (observed / required in percent), progress
    (analysis.model.TargetProgress), arrival (analysis.model.Arrival), arrival_year (<NA> unless a year is meant),
    on_time (arrival not after the target year), uncertain, reason, reason_year].
    """
    rows = []
    for series in _series(frame):
        spec = specs[series.indicator]
        if spec.target_value is not None and spec.target_year is not None:
            stretch = _stretch(series, direction_thresholds)
            row = _target_row(series, stretch, spec, spec.target_value, spec.target_year, thresholds)
            rows.append(row | {"uncertain": is_uncertain(row["flags"])})
    return _table(rows, TARGET_COLUMNS)


def _target_row(
    series: _Series, stretch: _Stretch, spec: IndicatorSpec, target: float, due: int, thresholds: TargetThresholds
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "indicator": series.indicator,
        "region": series.region,
        "target": target,
        "target_year": due,
        "flags": "",
        "progress": TargetProgress.NOT_COMPUTABLE,
        "arrival": Arrival.NOT_COMPUTABLE,
        "reason": stretch.reason,
        "reason_year": stretch.reason_year,
    }
    if stretch.end is None:
        return row
    value, year = float(series.values[stretch.end]), int(series.years[stretch.end])
    row |= {"period": year, "value": value, "gap": target - value, "flags": join_flags([series.flags[stretch.end]])}
    way = spec.direction
    reached = way != 0 and way * (target - value) <= EPSILON * max(1.0, abs(target))
    if way == 0:
        row["reason"] = Reason.NO_DIRECTION
    if reached:
        row |= {"progress": TargetProgress.REACHED, "arrival": Arrival.REACHED, "reason": Reason.NONE, "on_time": True}
        row["reason_year"] = None
    if way == 0 or stretch.start is None:
        return row
    first_value, first = float(series.values[stretch.start]), int(series.years[stretch.start])
    relative = spec.change == "relative" and min(first_value, value, target) > 0
    pace = _pace(first_value, value, year - first, relative)
    row |= {
        "first": first,
        "first_value": first_value,
        "measure": "relative" if relative else "points",
        "pace": pace,
        "flags": join_flags([series.flags[stretch.start], series.flags[stretch.end]]),
    }
    if due > year:
        row["required_now"] = _pace(value, target, due - year, relative)
    if due > first:
        required = _pace(first_value, target, due - first, relative)
        row["required"] = required
        if required != 0:
            row["ratio"] = way * pace / abs(required) * 100
    if reached:
        return row
    if way * pace < 0:
        row["progress"] = TargetProgress.AWAY
    elif "ratio" in row:
        row["progress"] = _target_progress(row["ratio"], thresholds)
    else:
        row["reason"] = Reason.TARGET_PAST
    return row | _arrival(value, year, target, due, pace, way, relative, thresholds.horizon)


def _target_progress(ratio: float, thresholds: TargetThresholds) -> TargetProgress:
    if ratio >= thresholds.significant - EPSILON:
        return TargetProgress.SIGNIFICANT
    return TargetProgress.MODERATE if ratio >= thresholds.moderate - EPSILON else TargetProgress.INSUFFICIENT


def _arrival(
    value: float, year: int, target: float, due: int, pace: float, way: int, relative: bool, horizon: int
) -> dict[str, Any]:
    if way * pace <= 0:
        return {"arrival": Arrival.NEVER, "on_time": False}
    wait = math.log(target / value) / math.log1p(pace / 100) if relative else (target - value) / pace
    if wait > horizon - year:
        return {"arrival": Arrival.FAR, "on_time": False}
    arrival = year + math.ceil(wait - EPSILON)
    return {"arrival": Arrival.YEAR, "arrival_year": arrival, "on_time": arrival <= due}


TARGET_COLUMNS = [
    "indicator",
    "region",
    "period",
    "value",
    "flags",
    "target",
    "target_year",
    "gap",
    "first",
    "first_value",
    "measure",
    "pace",
    "required",
    "required_now",
    "ratio",
    "progress",
    "arrival",
    "arrival_year",
    "on_time",
    "uncertain",
    "reason",
    "reason_year",
]


@dataclass(frozen=True)
class StatusResult:
    """Status of a programme indicator: achieved share of the expected change, and the light that follows from it."""

    ratio: float | None
    status: Status
    baseline: float
    expected: float | None
    actual: float | None


def expected_value(milestones: Mapping[float, float], time: float, step: bool = False) -> float:
    """What a programme indicator should be at ``time``, on the line (or steps) through {time: planned value}."""
    times = sorted(milestones)
    if step:
        passed = [t for t in times if t <= time]
        return float(milestones[passed[-1] if passed else times[0]])
    return float(np.interp(time, times, [milestones[t] for t in times]))


def status_ratio(
    actual: float | None,
    expected: float | None,
    baseline: float | None = None,
    target: float | None = None,
    thresholds: StatusThresholds = STATUS,
) -> StatusResult:
    """(actual - baseline) / (expected - baseline) and its status; works for falling indicators too."""
    start = 0.0 if baseline is None else baseline
    if actual is None:
        return StatusResult(None, Status.NO_REPORT, start, expected, actual)
    if expected is None:
        return StatusResult(None, Status.NOT_COMPUTABLE, start, expected, actual)
    ratio = None if expected == start else (actual - start) / (expected - start)
    if target is not None and target != start and (actual - target) * (target - start) >= 0:
        return StatusResult(ratio, Status.DONE, start, expected, actual)
    if ratio is None:
        return StatusResult(None, Status.NOT_DUE, start, expected, actual)
    # 0.9 of a plan often comes out as 0.8999... in binary numbers.
    if ratio >= thresholds.on_track - EPSILON:
        return StatusResult(ratio, Status.ON_TRACK, start, expected, actual)
    status = Status.WATCH if ratio >= thresholds.watch - EPSILON else Status.OFF_TRACK
    return StatusResult(ratio, status, start, expected, actual)


def index_to_base(frame: pd.DataFrame, base: int) -> pd.DataFrame:
    """The frame with ``value`` as index (base year = 100) and the new column ``base_value``.

    Series without a positive value in the base year, and years across a break from it, become missing.
    """
    result = frame.sort_values(["indicator", "region", "period"], ignore_index=True)
    bases = result.loc[result["period"] == base, ["indicator", "region", "value"]]
    bases = bases.rename(columns={"value": "base_value"})
    result = result.merge(bases, on=["indicator", "region"], how="left")
    # The number of breaks up to a year tells which unbroken piece of the series it belongs to.
    piece = result["flags"].fillna("").str.contains("b").groupby([result["indicator"], result["region"]]).cumsum()
    base_piece = piece.where(result["period"] == base)
    base_piece = base_piece.groupby([result["indicator"], result["region"]]).transform("max")
    comparable = (piece == base_piece) & (result["base_value"] > 0)
    index = result["value"] / result["base_value"] * 100
    return result.assign(value=index.where(comparable))


@dataclass(frozen=True)
class Coverage:
    """What is there of what could be: the coverage line of a page."""

    available: int
    total: int
    newest: int | None
    oldest: int | None
    uncertain: int


def coverage(frame: pd.DataFrame, indicators: Iterable[str], region: str | None = None) -> Coverage:
    """Of ``indicators``, how many have a value (for the region, or anywhere), from which years, how many uncertain."""
    wanted = list(dict.fromkeys(indicators))
    mine = frame[frame["indicator"].isin(wanted)]
    if region is not None:
        mine = mine[mine["region"] == region]
    newest = latest(mine).sort_values("period").drop_duplicates("indicator", keep="last")
    if newest.empty:
        return Coverage(0, len(wanted), None, None, 0)
    years = newest["period"]
    return Coverage(len(newest), len(wanted), int(years.max()), int(years.min()), int(newest["uncertain"].sum()))

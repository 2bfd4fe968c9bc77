"""Where each scenario says that a figure will be: pathways between stated years, tied to what was observed.

A pathway frame has the five keys of the IAMC format (``model, scenario, region, variable, unit``), ``year`` (int) and
``value`` (float, NaN for missing), and optionally ``low`` and ``high``, the ends of the stated range. A missing value
is never zero, and nothing is said of years before the first or after the last stated one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd

from analysis.model import IndicatorSpec

KEY = ["model", "scenario", "region", "variable", "unit"]
LINES = ["value", "low", "high"]
COLUMNS = [*KEY, "year", *LINES]

EPSILON = 1e-9

Method = Literal["linear", "log"]


class Issue(StrEnum):
    """Why a pathway was left out or treated otherwise than asked for."""

    NOT_POSITIVE = "not_positive"
    NO_OBSERVATION = "no_observation"
    OUTSIDE = "outside_stated_years"


class Meeting(StrEnum):
    """Whether a pathway meets a target within its stated years. ``not_within`` says nothing of the years after."""

    FROM_START = "from_start"
    YEAR = "year"
    NOT_WITHIN = "not_within"


@dataclass(frozen=True)
class Note:
    """One diagnostic: what (a code of the module's ``Issue``), where (the keys), and a figure or year if it helps."""

    issue: StrEnum
    where: tuple[str, ...]
    detail: str = ""


def check(paths: pd.DataFrame) -> pd.DataFrame:
    """The frame with all columns, by key and year, without rows that have no value.

    Raises ValueError, with the place of the first fault, when a column is missing, a key and year occurs twice, a
    value is infinite, or a range does not hold its value.
    """
    absent = [c for c in [*KEY, "year", "value"] if c not in paths.columns]
    if absent:
        raise ValueError(f"pathways lack the columns {', '.join(absent)}")
    # Plain arrays: this is asked for every region of every set, and frames of a few rows are slow to work on.
    size = len(paths)
    keys = {c: paths[c].to_numpy(object) for c in KEY}
    years = paths["year"].to_numpy(float, na_value=np.nan)
    lines = np.full((len(LINES), size), np.nan)
    for place, c in enumerate(LINES):
        if c in paths.columns:
            lines[place] = paths[c].to_numpy(float, na_value=np.nan)
    codes = {c: pd.factorize(values, sort=True)[0] for c, values in keys.items()}
    if any((code < 0).any() for code in codes.values()) or np.isnan(years).any():
        raise ValueError("a pathway has an empty key or year")
    if (years != np.floor(years)).any():
        raise ValueError("years of pathways are whole numbers")
    value, low, high = lines
    order = np.lexsort([years, *(codes[c] for c in reversed(KEY))])
    same = np.ones(max(size - 1, 0), dtype=bool)
    for code in (*codes.values(), years):
        same &= code[order][1:] == code[order][:-1]
    twice = np.zeros(size, dtype=bool)
    twice[order[1:][same]] = True
    for fault, wrong in (
        ("stated twice", twice),
        ("infinite", np.isinf(lines).any(axis=0)),
        ("low above high", low > high),
        ("value outside its range", (value < low) | (value > high)),
    ):
        if wrong.any():
            first = int(np.argmax(wrong))
            where = ", ".join(str(keys[c][first]) for c in KEY)
            raise ValueError(f"{int(wrong.sum())} pathway rows: {fault}; the first is {where}, {int(years[first])}")
    kept = order[~np.isnan(value[order])]
    columns = {c: pd.array(values[kept], dtype=paths[c].dtype) for c, values in keys.items()}
    return pd.DataFrame(
        columns | {"year": years[kept].astype(int)} | {c: lines[place][kept] for place, c in enumerate(LINES)}
    )


def method_of(spec: IndicatorSpec) -> Method:
    """Indicators that grow in percent run log-linearly between stated years, those in points linearly."""
    return "log" if spec.change == "relative" else "linear"


def _method(methods: Method | Mapping[str, Method], variable: str) -> Method:
    method = methods if isinstance(methods, str) else methods.get(variable, "linear")
    if method not in ("linear", "log"):
        raise ValueError(f"interpolation is linear or log, not {method!r}")
    return method


def _groups(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], np.ndarray, np.ndarray]]:
    """Key, stated years (n) and lines (n x 3) of every pathway of a checked frame."""
    if frame.empty:
        return
    years, lines = frame["year"].to_numpy(int), frame[LINES].to_numpy(float)
    keys = [frame[c].to_numpy(object) for c in KEY]
    new = np.zeros(len(frame), dtype=bool)
    new[0] = True
    for values in keys:
        new[1:] |= values[1:] != values[:-1]
    start = new.nonzero()[0]
    for a, b in zip(start, [*start[1:], len(frame)], strict=True):
        yield tuple(values[a] for values in keys), years[a:b], lines[a:b]


def _between(years: np.ndarray, lines: np.ndarray, wanted: np.ndarray, log: bool) -> np.ndarray:
    """Lines (n x c) at wanted years, which lie within the stated ones; NaN beside a stated year without a figure."""
    right = np.clip(np.searchsorted(years, wanted, side="left"), 0, len(years) - 1)
    stated = years[right] == wanted
    left = np.where(stated, right, right - 1)
    share = np.where(stated, 0.0, (wanted - years[left]) / np.where(stated, 1, years[right] - years[left]))[:, None]
    shown = np.log(lines) if log else lines
    mixed = np.where(stated[:, None], shown[right], (1 - share) * shown[left] + share * shown[right])
    # Stated figures come back as stated, not as the exponent of their logarithm.
    return np.where(stated[:, None], lines[right], np.exp(mixed) if log else mixed)


def _positive(lines: np.ndarray) -> bool:
    return bool((lines[~np.isnan(lines)] > 0).all())


def lines_at(checked: pd.DataFrame, years: np.ndarray, log: bool) -> dict[tuple[str, ...], np.ndarray]:
    """Value, low and high (years x 3) of every pathway of a checked frame, by key; NaN outside its stated years."""
    result = {}
    for key, stated, lines in _groups(checked):
        inside = (years >= stated[0]) & (years <= stated[-1])
        found = np.full((len(years), len(LINES)), np.nan)
        found[inside] = _between(stated, lines, years[inside], log)
        result[key] = found
    return result


def interpolate(
    paths: pd.DataFrame, years: Iterable[int], methods: Method | Mapping[str, Method] = "linear"
) -> pd.DataFrame:
    """Every pathway at ``years``, as far as they lie within its stated ones; there is no extrapolation.

    ``methods`` is one method or a mapping by variable (linear where a variable is absent). ``log`` runs straight in
    logarithms, that is at constant growth; where a pathway or its range is not positive throughout it is linear. The
    range is interpolated alike and missing wherever one of the two stated years beside it has none. Returns the
    columns of a pathway frame with ``method`` (the one used) and ``stated`` (false for years in between).
    """
    wanted = np.unique(np.fromiter(years, dtype=int))
    checked = check(paths)
    found: list[tuple[tuple[str, ...], np.ndarray, np.ndarray, str, np.ndarray]] = []
    for key, stated, lines in _groups(checked):
        inside = wanted[(wanted >= stated[0]) & (wanted <= stated[-1])]
        if not len(inside):
            continue
        log = _method(methods, key[3]) == "log" and _positive(lines)
        between = _between(stated, lines, inside, log)
        found.append((key, inside, between, "log" if log else "linear", np.isin(inside, stated)))
    columns = [*COLUMNS, "method", "stated"]
    if not found:
        return pd.DataFrame(columns=columns)
    sizes = [len(inside) for _key, inside, *_rest in found]
    named = {c: np.repeat([key[place] for key, *_rest in found], sizes) for place, c in enumerate(KEY)}
    stacked = np.concatenate([between for _key, _inside, between, *_rest in found])
    frame = pd.DataFrame(
        {c: pd.array(values, dtype=checked[c].dtype) for c, values in named.items()}
        | {"year": np.concatenate([inside for _key, inside, *_rest in found])}
        | {c: stacked[:, place] for place, c in enumerate(LINES)}
        | {"method": np.repeat([one[3] for one in found], sizes), "stated": np.concatenate([one[4] for one in found])}
    )
    return frame[columns]


@dataclass(frozen=True)
class Rebased:
    """Pathways that pass through the observed value of the base year, and why others could not be moved."""

    paths: pd.DataFrame
    notes: tuple[Note, ...]


def rebase(
    paths: pd.DataFrame,
    history: pd.DataFrame,
    base: int,
    how: Literal["ratio", "difference"],
    methods: Method | Mapping[str, Method] = "linear",
    unit: str | None = None,
) -> Rebased:
    """Pathways moved so that they pass through what was observed in the base year.

    ``history`` is an observation frame whose indicators are the variables of the pathways. ``ratio`` multiplies a
    pathway and its range by observed / pathway in the base year, which keeps growth rates; the result is in the unit
    of the observations (``unit`` renames it). ``difference`` adds observed - pathway, which keeps changes in points
    and asks for one unit. The pathway's base value is interpolated by its method where it is not stated. Returns the
    pathway frame with ``base, how, observed`` (of the base year) and ``shift`` (factor or summand), without pathways
    that cannot be moved: each of those has a note.
    """
    if how not in ("ratio", "difference"):
        raise ValueError(f"rebasing is by ratio or difference, not {how!r}")
    now = history[(history["period"] == base) & history["value"].notna()]
    observed = {
        (str(r), str(v)): float(x) for r, v, x in zip(now["region"], now["indicator"], now["value"], strict=True)
    }
    found: list[tuple[tuple[str, ...], np.ndarray, np.ndarray, float, float]] = []
    notes = []
    for key, stated, lines in _groups(check(paths)):
        value = observed.get((str(key[2]), str(key[3])))
        if value is None:
            notes.append(Note(Issue.NO_OBSERVATION, key, str(base)))
            continue
        if not stated[0] <= base <= stated[-1]:
            notes.append(Note(Issue.OUTSIDE, key, f"{stated[0]}-{stated[-1]}"))
            continue
        log = _method(methods, key[3]) == "log" and _positive(lines)
        start = float(_between(stated, lines[:, :1], np.array([base]), log)[0, 0])
        if how == "ratio" and min(start, value) <= 0:
            notes.append(Note(Issue.NOT_POSITIVE, key, f"{start:g}, {value:g}"))
            continue
        shift = value / start if how == "ratio" else value - start
        found.append((key, stated, lines * shift if how == "ratio" else lines + shift, value, shift))
    columns = [*COLUMNS, "base", "how", "observed", "shift"]
    if not found:
        return Rebased(pd.DataFrame(columns=columns), tuple(notes))
    sizes = [len(stated) for _key, stated, *_rest in found]
    named = {c: np.repeat([key[place] for key, *_rest in found], sizes) for place, c in enumerate(KEY)}
    stacked = np.concatenate([lines for _key, _stated, lines, *_rest in found])
    frame = pd.DataFrame(
        {c: pd.array(values, dtype=paths[c].dtype) for c, values in named.items()}
        | {"year": np.concatenate([stated for _key, stated, *_rest in found])}
        | {c: stacked[:, place] for place, c in enumerate(LINES)}
    ).assign(
        base=base,
        how=how,
        observed=np.repeat([one[3] for one in found], sizes),
        shift=np.repeat([one[4] for one in found], sizes),
    )
    return Rebased((frame if unit is None else frame.assign(unit=unit))[columns], tuple(notes))


def aligned(paths: pd.DataFrame, history: pd.DataFrame, specs: Mapping[str, IndicatorSpec], base: int) -> Rebased:
    """Pathways of indicators as observations are held against them: one of each scenario, through the base value.

    ``paths`` is a pathway frame whose variables are codes of ``specs``, with ``transform`` (``level``: in the unit of
    the indicator; ``growth``: only relative change carries over). Several models become their median, with the 10th
    and 90th percentile as range. Then each is moved so that it passes through what was observed in the base year, by
    ratio where it is relative change that counts, else by difference. Without an observation of the base year a
    ``level`` stays as stated (``how`` is '' and ``shift`` missing) and a ``growth`` is left out. What is left out has
    a note; pathways of other variables are passed over.

    Returns the columns of ``rebase``; ``unit`` is ''.
    """
    mine = paths[paths["variable"].isin(list(specs))]
    notes: list[Note] = []
    parts: list[pd.DataFrame] = []
    for (variable, transform), group in mine.groupby(["variable", "transform"], sort=True):
        spec = specs[str(variable)]
        one = _one_model(group.assign(unit=""))
        ratio = transform == "growth" or spec.change == "relative"
        moved = rebase(one, history, base, "ratio" if ratio else "difference", method_of(spec))
        if transform == "level":
            fixed = {note.where for note in moved.notes}
            keys = pd.Series(one[KEY].itertuples(index=False, name=None), index=one.index)
            parts.append(one[keys.isin(fixed)].assign(base=base, how="", observed=np.nan, shift=np.nan))
        else:
            notes += moved.notes
        parts.append(moved.paths)
    columns = [*COLUMNS, "base", "how", "observed", "shift"]
    kept = [part for part in parts if len(part)]
    frame = pd.concat(kept, ignore_index=True)[columns] if kept else pd.DataFrame(columns=columns)
    return Rebased(frame, tuple(notes))


def _one_model(paths: pd.DataFrame) -> pd.DataFrame:
    """The pathways themselves where one model made them, else the fan of all models; a lone year of it has no range."""
    if len(paths["model"].unique()) == 1:
        return check(paths)
    wide = fan(paths)
    alone = wide["members"] == 1
    return wide.assign(low=wide["low"].mask(alone), high=wide["high"].mask(alone))[COLUMNS]


def fan(paths: pd.DataFrame, low: float = 0.1, high: float = 0.9) -> pd.DataFrame:
    """Median and range of several models' pathways, by scenario, region, variable, unit and stated year.

    Quantiles are interpolated linearly between the ordered values (type 7 of Hyndman and Fan 1996), so the lower
    quartile of 1 and 2 is 1.25. Returns a pathway frame whose model is ``all``, with ``members`` (models of the year).
    With one model the range has no width and says nothing: look at ``members``.
    """
    if not 0 <= low <= 0.5 <= high <= 1:
        raise ValueError("the range of a fan lies on either side of the median, within 0 and 1")
    by = [*KEY[1:], "year"]
    grouped = check(paths).groupby(by)["value"]
    frame = grouped.quantile(0.5).rename("value").to_frame()
    frame = frame.assign(low=grouped.quantile(low), high=grouped.quantile(high), members=grouped.size())
    # Rounding of equal members must not put the median outside its range.
    frame["low"], frame["high"] = frame[["low", "value"]].min(axis=1), frame[["high", "value"]].max(axis=1)
    return frame.reset_index().assign(model="all")[[*COLUMNS, "members"]]


def _pair(paths: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    frame = check(paths)
    left, right = frame[frame["scenario"] == a], frame[frame["scenario"] == b]
    on = ["model", "region", "variable", "unit", "year"]
    return left.drop(columns="scenario").merge(right.drop(columns="scenario"), on=on, suffixes=("", "_other"))


def compare(paths: pd.DataFrame, scenario: str, other: str) -> pd.DataFrame:
    """One scenario beside another in the years that both state (interpolate first for more).

    Returns [model, region, variable, unit, year, value, value_other, difference (value - other, unit), ratio (value /
    other; NaN unless the other is positive)].
    """
    both = _pair(paths, scenario, other)
    ratio = (both["value"] / both["value_other"]).where(both["value_other"] > 0)
    both = both.assign(difference=both["value"] - both["value_other"], ratio=ratio)
    return both[["model", "region", "variable", "unit", "year", "value", "value_other", "difference", "ratio"]]


def fan_overlap(paths: pd.DataFrame, scenario: str, other: str) -> pd.DataFrame:
    """How far the ranges of two scenarios share the same values: length in common / length covered (Jaccard), 0 to 1.

    Returns [model, region, variable, unit, year, overlap]; years in which either has no range are absent. Two ranges
    without width overlap fully when they are equal and otherwise not at all.
    """
    both = _pair(paths, scenario, other).dropna(subset=["low", "high", "low_other", "high_other"])
    common = np.minimum(both["high"], both["high_other"]) - np.maximum(both["low"], both["low_other"])
    # Ranges that lie apart cover no values between them, so the lengths are added, not spanned.
    covered = (both["high"] - both["low"]) + (both["high_other"] - both["low_other"]) - common.clip(lower=0)
    share = (common.clip(lower=0) / covered.where(covered > 0)).where(covered > 0, (common == 0).astype(float))
    return both.assign(overlap=share)[["model", "region", "variable", "unit", "year", "overlap"]]


def distances(paths: pd.DataFrame, scales: Mapping[str, float] | None = None) -> pd.DataFrame:
    """How far scenarios lie apart: root mean square difference over what both state, in units of ``scales``.

    ``scales`` by variable make figures of different units comparable; by default the scale of a variable in a region
    is the standard deviation of its values over all scenarios and years. Every variable, region and year weighs the
    same. Returns a square, symmetric frame of scenarios; NaN where two have nothing in common.
    """
    frame = check(paths)
    cells = ["model", "region", "variable", "unit"]
    if scales is None:
        scale = frame.groupby(cells)["value"].transform(lambda v: v.std(ddof=0))
    else:
        scale = frame["variable"].map(scales).astype(float)
    # Where nothing varies the difference is zero in any unit.
    frame = frame.assign(value=frame["value"] / scale.where(scale > 0, 1.0).where(scale.notna()))
    wide = frame.pivot_table(index="scenario", columns=[*cells, "year"], values="value", aggfunc="first")
    v = wide.to_numpy(float)
    square = (v[:, None, :] - v[None, :, :]) ** 2
    count = (~np.isnan(square)).sum(axis=2)
    apart = np.sqrt(np.divide(np.nansum(square, axis=2), count, out=np.full(count.shape, np.nan), where=count > 0))
    return pd.DataFrame(apart, index=wide.index, columns=wide.index.rename("other"))


def _crossing(years: np.ndarray, values: np.ndarray, target: float, way: int, log: bool) -> float:
    """Time at which a line through stated years first meets the target, NaN if it does not."""
    met = way * (values - target) >= -EPSILON * max(1.0, abs(target))
    if not met.any():
        return float("nan")
    first = int(np.argmax(met))
    if first == 0:
        return float(years[0])
    a, b = values[first - 1], values[first]
    share = np.log(target / a) / np.log(b / a) if log else (target - a) / (b - a)
    return float(years[first - 1] + min(max(share, 0.0), 1.0) * (years[first] - years[first - 1]))


def target_years(
    paths: pd.DataFrame,
    target: float,
    direction: int,
    methods: Method | Mapping[str, Method] = "linear",
) -> pd.DataFrame:
    """The year in which each pathway first meets a target (``direction`` +1: at least, -1: at most).

    Returns [model, scenario, region, variable, unit, meeting (Meeting), year (first whole year, <NA> if none),
    earliest and latest (the same for the favourable and the unfavourable end of the range, <NA> without a range or
    when that end does not meet it), kept (still met in the last stated year), last (that year)].
    """
    if direction not in (1, -1):
        raise ValueError("a target is met from above (1) or from below (-1)")
    rows = []
    for key, years, lines in _groups(check(paths)):
        log = _method(methods, key[3]) == "log" and _positive(lines) and target > 0
        ends = (0, 2, 1) if direction > 0 else (0, 1, 2)
        times = []
        for line in ends:
            there = ~np.isnan(lines[:, line])
            found = _crossing(years[there], lines[there, line], target, direction, log) if there.any() else np.nan
            times.append(pd.NA if np.isnan(found) else int(np.ceil(found - EPSILON)))
        year, earliest, latest = times
        meeting = Meeting.NOT_WITHIN if year is pd.NA else Meeting.FROM_START if year == years[0] else Meeting.YEAR
        kept = bool(direction * (lines[-1, 0] - target) >= -EPSILON * max(1.0, abs(target)))
        rows.append([*key, meeting, year, earliest, latest, kept, int(years[-1])])
    columns: Sequence[str] = [*KEY, "meeting", "year", "earliest", "latest", "kept", "last"]
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype(dict.fromkeys(("year", "earliest", "latest", "last"), "Int64"))

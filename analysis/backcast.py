"""From a desired end state back to today: milestones, the pace they require, the pace ever seen, slack and order.

Paces are a year: linear in the unit of the indicator, ``cagr`` as a share (0.02 is 2 % a year). A compound rate from,
to or through zero does not exist and is missing, never 0.

Literature: Robinson (1990) Futures 22(8), 820-842 (backcasting); Kelley and Walker (1959) (critical path).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from graphlib import CycleError as _GraphCycle
from graphlib import TopologicalSorter
from typing import Any, Literal

import numpy as np
import pandas as pd

Pace = Literal["linear", "cagr"]


class Seen(StrEnum):
    """Whether the history of the series ever showed the required pace over as many years."""

    NOT_NEEDED = "not_needed"
    SEEN = "seen"
    NEVER_SEEN = "never_seen"
    NOT_AVAILABLE = "not_available"


class CycleError(ValueError):
    """Preconditions that wait for one another; ``cycle`` names them in order, the first again at the end."""

    def __init__(self, cycle: Sequence[str]) -> None:
        self.cycle = tuple(cycle)
        super().__init__("Preconditions form a cycle: " + " → ".join(map(str, cycle)))


def pace(start: float, end: float, years: float, kind: Pace = "linear") -> float:
    """Yearly change from ``start`` to ``end``; NaN for a compound rate unless both have one sign and are not zero.

    A compound rate between negative values is that of their size. ValueError unless ``years`` > 0.
    """
    if not years > 0:
        raise ValueError("A pace needs a positive number of years.")
    if kind == "linear":
        return (end - start) / years
    return (end / start) ** (1 / years) - 1 if start * end > 0 else float("nan")


def milestones(
    start: tuple[int, float], target: tuple[int, float], years: Sequence[int], kind: Pace = "linear"
) -> pd.DataFrame:
    """Values at ``years`` on an even path to the target, latest first: [year, value].

    ``start`` and ``target``: (year, value). Both ends are included. Even means the same pace a year, linear or
    compound; where no compound rate exists the values between are missing. ValueError for years not strictly between
    the ends, repeated years, or a target that is not after the start.
    """
    (first, low), (last, high) = start, target
    if last <= first:
        raise ValueError("The target year must come after the start.")
    if len(set(years)) != len(years) or any(not first < year < last for year in years):
        raise ValueError("Milestones lie between the start and the target year, each in a year of its own.")
    rate = pace(low, high, last - first, kind)
    inner = np.array(sorted(years, reverse=True), dtype=int)
    passed = inner - first
    between = low + rate * passed if kind == "linear" else low * (1 + rate) ** passed
    return pd.DataFrame({"year": [last, *inner.tolist(), first], "value": [high, *between.tolist(), low]})


def required_pace(points: pd.DataFrame) -> pd.DataFrame:
    """Pace needed between successive milestones, from the target back to the start.

    ``points``: [year, value] in any order; the earliest is the start. Returns [from_year, to_year, years, from_value,
    to_value, change, linear, cagr], latest step first; steps at a missing value are missing. ValueError for repeated
    years or fewer than two points.
    """
    ordered = points.sort_values("year", ignore_index=True)
    if len(ordered) < 2 or not ordered["year"].is_unique:
        raise ValueError("A road map needs at least two milestones, each in a year of its own.")
    year, value = ordered["year"].to_numpy(), ordered["value"].to_numpy(float)
    table = pd.DataFrame(
        {
            "from_year": year[:-1],
            "to_year": year[1:],
            "years": np.diff(year),
            "from_value": value[:-1],
            "to_value": value[1:],
            "change": np.diff(value),
        }
    )
    steps = list(zip(value[:-1], value[1:], np.diff(year), strict=True))
    table["linear"] = [pace(a, b, y) for a, b, y in steps]
    table["cagr"] = [pace(a, b, y, "cagr") for a, b, y in steps]
    return table.iloc[::-1].reset_index(drop=True)


def seen_paces(series: pd.DataFrame, window: int, kind: Pace = "linear") -> pd.DataFrame:
    """Paces over every window of ``window`` years in the history: [from_year, to_year, pace], earliest first.

    ``series``: [period, value] and optionally ``flags``, one row a year. A window needs values at both ends; one with
    a break in series ("b") after its first year is left out, for the jump is none of the region's doing. Windows
    without a compound rate are left out. ValueError for repeated periods or a window below one year.
    """
    if window < 1:
        raise ValueError("A window has at least one year.")
    if not series["period"].is_unique:
        raise ValueError("A history has one value a year.")
    known = series.dropna(subset="value")
    values = dict(zip(known["period"].tolist(), known["value"].astype(float).tolist(), strict=True))
    flagged = series["flags"].fillna("").str.contains("b") if "flags" in series else pd.Series(False, series.index)
    breaks = series.loc[flagged, "period"].tolist()
    rows = [
        (year, year + window, pace(values[year], values[year + window], window, kind))
        for year in sorted(values)
        if year + window in values and not any(year < b <= year + window for b in breaks)
    ]
    return pd.DataFrame(rows, columns=["from_year", "to_year", "pace"]).dropna(ignore_index=True)


def feasibility(steps: pd.DataFrame, series: pd.DataFrame, kind: Pace = "linear") -> pd.DataFrame:
    """Required paces beside those the history showed over as many years.

    ``steps`` as from ``required_pace``, ``series`` as for ``seen_paces``. Adds [required, windows, best (the pace
    furthest in the required direction), best_from, ratio (required / best; missing where the best does not go that
    way), share (of windows at the required pace or faster), seen (``Seen``)]. Past paces limit nothing; they tell how
    unusual a step would be. Windows overlap, so the share is no probability.
    """
    rows: list[dict[str, Any]] = []
    for step in steps.to_dict("records"):
        need = float(step[kind])
        history = seen_paces(series, int(step["years"]), kind)
        nan = float("nan")
        row: dict[str, Any] = {
            "required": need,
            "windows": len(history),
            "best": nan,
            "best_from": None,
            "ratio": nan,
            "share": nan,
        }
        if np.isnan(need):
            rows.append(row | {"seen": Seen.NOT_AVAILABLE})
            continue
        if need == 0:
            rows.append(row | {"seen": Seen.NOT_NEEDED})
            continue
        if len(history) == 0:
            rows.append(row | {"seen": Seen.NOT_AVAILABLE})
            continue
        way = np.sign(need)
        directed = way * history["pace"].to_numpy(float)
        at = int(directed.argmax())
        enough = directed >= abs(need) * (1 - 1e-9)
        rows.append(
            row
            | {
                "best": float(way * directed[at]),
                "best_from": int(history["from_year"].iloc[at]),
                "ratio": abs(need) / directed[at] if directed[at] > 0 else nan,
                "share": float(enough.mean()),
                "seen": Seen.SEEN if enough.any() else Seen.NEVER_SEEN,
            }
        )
    columns = ["required", "windows", "best", "best_from", "ratio", "share", "seen"]
    return steps.reset_index(drop=True).join(pd.DataFrame(rows, columns=columns))


def schedule(items: pd.DataFrame, needs: Mapping[str, Sequence[str]], now: float) -> pd.DataFrame:
    """Earliest and latest dates of milestones with preconditions, in an order in which they can be done.

    ``items``: [milestone, due, duration] in years (decimal years allowed), each milestone once; ``needs``: milestone
    -> those that must be reached before its work starts. Returns [milestone, due, duration, earliest (finish), slack
    (due - earliest), latest (finish that delays no later due date), total_slack (latest - earliest; the smallest mark
    the critical path), past (due before ``now``), late (slack < 0)]. CycleError names the cycle; ValueError for
    unknown or repeated milestones, missing dates and negative durations.
    """
    names = items["milestone"].tolist()
    due = dict(zip(names, items["due"].astype(float), strict=True))
    duration = dict(zip(names, items["duration"].astype(float), strict=True))
    if len(due) != len(names):
        raise ValueError("Each milestone stands once.")
    if not all(np.isfinite(v) for v in (*due.values(), *duration.values())) or any(v < 0 for v in duration.values()):
        raise ValueError("Milestones need a due date and a duration that is not negative.")
    before = {name: tuple(dict.fromkeys(needs.get(name, ()))) for name in names}
    unknown = (set(needs) | {b for many in needs.values() for b in many}) - set(names)
    if unknown:
        raise ValueError(f"Unknown milestones: {sorted(map(str, unknown))}.")
    try:
        order = list(TopologicalSorter(before).static_order())
    except _GraphCycle as error:
        raise CycleError(error.args[1]) from None
    earliest: dict[str, float] = {}
    for name in order:
        earliest[name] = max((earliest[b] for b in before[name]), default=float(now)) + duration[name]
    latest = dict(due)
    for name in reversed(order):
        for b in before[name]:
            latest[b] = min(latest[b], latest[name] - duration[name])
    rows = [
        (n, due[n], duration[n], earliest[n], due[n] - earliest[n], latest[n], latest[n] - earliest[n], due[n] < now)
        for n in order
    ]
    columns = ["milestone", "due", "duration", "earliest", "slack", "latest", "total_slack", "past"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(late=table["slack"] < -1e-9)

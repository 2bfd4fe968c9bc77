"""One region beside its peers across many indicators, on one scale and with the uncertainty of both sides."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import IndicatorSpec, Verdict, is_uncertain
from analysis.progress import level_against_peers
from analysis.ranks import Z90, value_ranges

DRAWS = 1000
SEED = 20260101

COLUMNS = [
    "indicator",
    "period",
    "value",
    "low",
    "high",
    "flags",
    "uncertain",
    "median",
    "median_low",
    "median_high",
    "peers_min",
    "peers_low",
    "peers_high",
    "peers_max",
    "peers",
    "clear",
    "verdict",
    "position",
    "position_low",
    "position_high",
    "position_median",
    "position_min",
    "position_max",
    "gap",
]


def median_range(ranges: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """90 % range of the median of these values ([value, low, high]), by seeded draws; (NaN, NaN) without values."""
    value, low, high = (ranges[c].to_numpy(float) for c in ("value", "low", "high"))
    if len(value) == 0:
        return float("nan"), float("nan")
    noise = np.random.default_rng(seed).standard_normal((draws, len(value)))
    drawn = np.median(value + noise * np.where(noise < 0, value - low, high - value) / Z90, axis=1)
    first, last = np.quantile(drawn, (0.05, 0.95))
    middle = float(np.median(value))
    return min(float(first), middle), max(float(last), middle)


def position(value: float | np.ndarray, low: float, high: float, direction: int) -> Any:
    """Where a value lies between the peers' 10th (0) and 90th (100) percentile, counted in the desired direction.

    For a falling indicator the scale is turned, so that 100 is always the better end; NaN when all peers are alike.
    """
    width = high - low
    if not width > 0:
        return np.asarray(value, dtype=float) * np.nan
    moved = np.asarray(value, dtype=float) - low
    return 100 * (width - moved if direction < 0 else moved) / width


def gaps(
    frame: pd.DataFrame,
    specs: Mapping[str, IndicatorSpec],
    region: str,
    peers: Sequence[str],
    share: float = 0.5,
    ranges_of: Callable[[IndicatorSpec, int], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Every indicator of the frame: the region beside the median and spread of its peers, largest clear gap first.

    ``frame`` holds the series of the region, its peers and, for the noise of short series, of other regions. The year
    is the newest in which the region and ``share`` of the peers have a value. ``ranges_of`` hands out value ranges of
    all regions that were computed before; without it they are computed here. ``verdict`` compares the region's 90 %
    range with that of the peers' median; ``clear`` counts the peers whose own range does not overlap the region's.

    Returns the columns of ``COLUMNS``; position_* are on the scale of ``position``, gap is position minus
    position_median. Rows: clear gaps behind, then ahead, then no clear difference, each with the largest gap first.
    Indicators without a value of the region or of at least two peers in the same year are absent.
    """
    rows = []
    levels = level_against_peers(frame, specs, region, peers, share)
    wanted = levels[levels["period"].notna() & (levels["peers"] >= 2)]
    series = dict(iter(frame.groupby("indicator", sort=False)))
    for level in wanted.to_dict("records"):
        spec = specs[level["indicator"]]
        period = int(level["period"])
        ranges = ranges_of(spec, period) if ranges_of else value_ranges(series[spec.code], spec, period)
        rows.append(_row(level, ranges[ranges["region"].isin([region, *peers])], spec, region))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"period": "Int64"})
    rank = {Verdict.BEHIND: 0, Verdict.LOWER: 0, Verdict.HIGHER: 1, Verdict.AHEAD: 1, Verdict.UNCLEAR: 2}
    order = table.assign(order=table["verdict"].map(rank), size=table["gap"].abs())
    order = order.sort_values(["order", "size", "indicator"], ascending=[True, False, True], ignore_index=True)
    return order.drop(columns=["order", "size"])


def _row(level: Mapping[Any, Any], ranges: pd.DataFrame, spec: IndicatorSpec, region: str) -> dict[str, Any]:
    own = (ranges["region"] == region).to_numpy()
    values, lows, highs = (ranges[c].to_numpy(float) for c in ("value", "low", "high"))
    value, low, high = (float(column[own][0]) for column in (values, lows, highs))
    p10, middle, p90 = (float(level[c]) for c in ("low", "reference_value", "high"))
    drawn_low, drawn_high = median_range(ranges[~own])
    # The same median worked out twice may differ by a rounding; its range holds the one that is shown.
    median_low, median_high = min(drawn_low, middle), max(drawn_high, middle)
    row: dict[str, Any] = {
        "indicator": spec.code,
        "period": level["period"],
        "value": value,
        "low": low,
        "high": high,
        "flags": level["flags"],
        "uncertain": is_uncertain(level["flags"]),
        "median": middle,
        "median_low": median_low,
        "median_high": median_high,
        "peers_min": float(values[~own].min()),
        "peers_low": p10,
        "peers_high": p90,
        "peers_max": float(values[~own].max()),
        "peers": int((~own).sum()),
        "clear": int(((low > highs[~own]) | (high < lows[~own])).sum()),
        "verdict": _verdict(low, high, median_low, median_high, spec.direction),
    }
    ends = {"": value, "_low": low, "_high": high, "_median": middle}
    ends |= {"_min": row["peers_min"], "_max": row["peers_max"]}
    row |= {f"position{name}": float(position(end, p10, p90, spec.direction)) for name, end in ends.items()}
    return row | {"gap": row["position"] - row["position_median"]}


def _verdict(low: float, high: float, median_low: float, median_high: float, direction: int) -> Verdict:
    above, below = low > median_high, high < median_low
    if not (above or below):
        return Verdict.UNCLEAR
    if direction == 0:
        return Verdict.HIGHER if above else Verdict.LOWER
    return Verdict.AHEAD if above == (direction > 0) else Verdict.BEHIND

"""Ranks and differences with their uncertainty; there is no rank without a range (product rule on ranks).

Publishers seldom give the error of a regional figure. Where they do (columns ``low`` and ``high``) it is used;
otherwise a range is assumed from how unevenly the region's own series moves from year to year. The assumption is
printed wherever a range is shown (``basis``).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.model import IndicatorSpec, Verdict, is_uncertain

DRAWS = 2000
SEED = 20260101

Z90 = 1.6448536269514722
"""Half-width of the central 90 % of a normal distribution, in standard deviations."""

MAD_TO_SD = 1.4826022185056018
"""Median absolute deviation of a normal distribution to its standard deviation."""

FLAG_FACTORS: Mapping[str, float] = {"u": 2.0, "e": 1.5, "p": 1.5, "i": 1.5, "f": 1.5, "s": 1.5}
"""How much wider the assumed noise is for flagged values; of several flags the widest counts. Our own choice."""

WEIGHT_SPREAD = 0.25
"""Weights of combined indicators vary by this share either way."""

RESIDUALS = 5
"""Fewer usable residuals than this say nothing about a region's own noise."""


def _noise(frame: pd.DataFrame, log: bool) -> pd.Series:
    """Standard deviation of the year-to-year noise by region, in the unit (or in logarithms).

    The residual of each value from the straight line between its neighbours in time is scaled to the variance of one
    value; its median absolute deviation is robust against true jumps. No line is drawn across a break.
    """
    ordered = frame.dropna(subset="value").sort_values(["region", "period"])
    regions = ordered["region"].to_numpy(object)
    years, values = ordered["period"].to_numpy(float), ordered["value"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(values) if log else values
    breaks = ordered["flags"].fillna("").str.contains("b").to_numpy(bool)
    if len(values) < 3:
        return pd.Series(dtype=float)
    same = (regions[2:] == regions[:-2]) & ~breaks[1:-1] & ~breaks[2:]
    share = (years[1:-1] - years[:-2]) / np.where(same, years[2:] - years[:-2], 1.0)
    residual = values[1:-1] - (1 - share) * values[:-2] - share * values[2:]
    residual = residual / np.sqrt(1 + share**2 + (1 - share) ** 2)
    good = same & np.isfinite(residual)
    grouped = pd.Series(np.abs(residual[good])).groupby(regions[1:-1][good])
    own = (grouped.median() * MAD_TO_SD)[grouped.size() >= RESIDUALS]
    typical = float(own.median()) if len(own) else np.nan
    # A series that repeats a rounded figure is not free of error: half of the typical region's noise is the least.
    return own.clip(lower=typical / 2).reindex(pd.unique(regions)).fillna(typical)


def value_ranges(
    frame: pd.DataFrame, spec: IndicatorSpec, year: int, regions: Sequence[str] | None = None
) -> pd.DataFrame:
    """Values of one indicator in one year with their 90 % ranges.

    ``frame`` holds the whole series (its year-to-year noise gives the range) and optionally published ``low``/``high``
    columns, which win. Returns [indicator, region, period, value, low, high, flags, uncertain, basis ("published" |
    "assumed" | "rounding")], best value first for directed indicators, highest first for neutral ones; regions
    without a value in the year are absent.
    """
    mine = frame[frame["indicator"] == spec.code]
    now = mine[(mine["period"] == year) & mine["value"].notna()]
    if regions is not None:
        now = now[now["region"].isin(list(regions))]
    value = now["value"].to_numpy(float)
    flags = now["flags"].fillna("")
    log = spec.change == "relative" and bool((mine["value"].dropna() > 0).all())
    factor = np.array([max((FLAG_FACTORS.get(f, 1.0) for f in text), default=1.0) for text in flags])
    half = now["region"].map(_noise(mine, log)).to_numpy(float) * factor * Z90
    basis = np.where(np.isnan(half), "rounding", "assumed").astype(object)
    half = np.nan_to_num(half)
    low, high = (value * np.exp(-half), value * np.exp(half)) if log else (value - half, value + half)
    # A figure is never better known than the last digit that is printed.
    low, high = (
        np.minimum(low, value - 0.5 * 10.0**-spec.decimals),
        np.maximum(high, value + 0.5 * 10.0**-spec.decimals),
    )
    low = low if spec.lower is None else np.maximum(low, np.minimum(spec.lower, value))
    high = high if spec.upper is None else np.minimum(high, np.maximum(spec.upper, value))
    if {"low", "high"} <= set(now.columns):
        given_low, given_high = now["low"].to_numpy(float), now["high"].to_numpy(float)
        published = ~np.isnan(given_low) & ~np.isnan(given_high)
        low, high = np.where(published, given_low, low), np.where(published, given_high, high)
        basis[published] = "published"
    result = pd.DataFrame(
        {
            "indicator": spec.code,
            "region": now["region"].to_numpy(object),
            "period": year,
            "value": value,
            "low": low,
            "high": high,
            "flags": flags.to_numpy(object),
            "uncertain": [is_uncertain(text) for text in flags],
            "basis": basis,
        }
    )
    key = result["value"] * (-1 if spec.direction >= 0 else 1)
    return result.assign(key=key).sort_values(["key", "region"], ignore_index=True).drop(columns="key")


def _draw(value: np.ndarray, low: np.ndarray, high: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Values drawn with the given 90 % ranges: a normal distribution with a width of its own on either side."""
    return value + noise * np.where(noise < 0, value - low, high - value) / Z90


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Rank of each column in each row, 1 for the highest; (draws, regions) in and out."""
    order = np.argsort(-scores, axis=1)
    ranks = np.empty(scores.shape, dtype=np.int16)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1, dtype=np.int16)[None, :], axis=1)
    return ranks


def _summary(point: np.ndarray, scores: np.ndarray) -> dict[str, np.ndarray]:
    """Rank of the point scores and its 90 % range over drawn scores (draws, regions)."""
    count = len(point)
    rank = 1 + (point[None, :] > point[:, None]).sum(axis=1)
    last = len(scores) - 1
    cut = int(0.05 * last)
    # Two order statistics are all that is needed; sorting every draw takes three times as long.
    drawn = np.partition(_ranks(scores).T.copy(), (cut, last - cut), axis=1)
    low, high = np.minimum(drawn[:, cut], rank), np.maximum(drawn[:, last - cut], rank)
    return {"rank": rank, "rank_low": low, "rank_high": high, "regions": np.full(count, count)} | {
        "printable": (high - low) <= count / 3
    }


def rank_ranges(ranges: pd.DataFrame, direction: int, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Rank of each region with its 90 % range over seeded draws from the value ranges; 1 is best (highest if neutral).

    ``ranges``: [region, value, low, high]; equal values share the better rank. Returns [region, value, rank, rank_low,
    rank_high, regions, printable], in rank order; ``printable`` is false where the range is wider than one third of
    all regions: show the range only, no rank. At least 1,000 draws.
    """
    if draws < 1000:
        raise ValueError("A rank range needs at least 1,000 draws.")
    # Sorted by region, so that the same regions get the same draws in whatever order they come.
    known = ranges.dropna(subset="value").sort_values("region", ignore_index=True)
    value, low, high = (known[c].to_numpy(float) for c in ("value", "low", "high"))
    way = -1.0 if direction < 0 else 1.0
    if len(known) == 0:
        columns = ["region", "value", "rank", "rank_low", "rank_high", "regions", "printable"]
        return pd.DataFrame(columns=columns)
    noise = np.random.default_rng(seed).standard_normal((draws, len(known)))
    scores = way * _draw(value, low, high, noise)
    # Exactly equal values without a range would otherwise be ordered by name; a hair of noise takes turns.
    scores += noise * (1e-12 * max(float(np.abs(value).max()), 1e-300))
    result = known[["region", "value"]].assign(**_summary(way * value, scores))
    return result.sort_values(["rank", "region"], ignore_index=True)


def combined_rank_ranges(
    ranges: pd.DataFrame,
    directions: Mapping[str, int],
    weights: Mapping[str, float] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Rank ranges over several indicators: values, weights (+-25 %) and imputations of missing values are all drawn.

    ``ranges``: [indicator, region, value, low, high] (value NaN or row absent: missing); ``directions``: +1 or -1 by
    indicator, neutral ones are refused. The score is the weighted mean of standard scores; a missing value is drawn
    from the values of the other regions. Returns [region, score, rank, rank_low, rank_high, regions, printable,
    imputed_share], in rank order.
    """
    if draws < 1000:
        raise ValueError("A rank range needs at least 1,000 draws.")
    codes = sorted(ranges["indicator"].unique())
    if any(directions.get(code, 0) == 0 for code in codes):
        raise ValueError("Only indicators with a desired direction can be combined.")
    regions = pd.Index(sorted(ranges["region"].unique()), name="region")
    random = np.random.default_rng(seed)
    base = np.array([(weights or {}).get(code, 1.0) for code in codes], dtype=float)
    drawn_weights = base * random.uniform(1 - WEIGHT_SPREAD, 1 + WEIGHT_SPREAD, (draws, len(codes)))
    point, point_weight = np.zeros(len(regions)), np.zeros(len(regions))
    scores, missing_weight = np.zeros((draws, len(regions))), np.zeros(len(regions))
    for i, code in enumerate(codes):
        mine = ranges[ranges["indicator"] == code].set_index("region").reindex(regions)
        value, low, high = (mine[c].to_numpy(float) for c in ("value", "low", "high"))
        there = ~np.isnan(value)
        if not there.any():
            missing_weight += base[i]
            continue
        centre, spread = float(value[there].mean()), float(value[there].std()) or 1.0
        noise = random.standard_normal((draws, len(regions)))
        drawn = _draw(value, low, high, noise)
        drawn[:, ~there] = random.choice(value[there], size=(draws, int((~there).sum())))
        scores += drawn_weights[:, [i]] * directions[code] * (drawn - centre) / spread
        point[there] += base[i] * directions[code] * (value[there] - centre) / spread
        point_weight += base[i] * there
        missing_weight += base[i] * ~there
    scores /= drawn_weights.sum(axis=1, keepdims=True)
    # A region is placed by what is known of it; what is missing counts as average.
    score = point / base.sum()
    result = pd.DataFrame({"region": regions.to_numpy(object), "score": score} | _summary(score, scores))
    result["imputed_share"] = missing_weight / base.sum()
    return result.sort_values(["rank", "region"], ignore_index=True)


def clear_differences(
    ranges: pd.DataFrame, region: str, others: Sequence[str] | None = None, direction: int = 1
) -> pd.DataFrame:
    """Whether ``region`` clearly differs from each other region: only when their 90 % ranges do not overlap.

    Ranges that touch overlap. Returns [other, value, low, high, flags, difference (region - other, unit), verdict
    (analysis.model.Verdict)], the largest gap behind first; empty when the region has no value.
    """
    known = ranges.dropna(subset="value").drop_duplicates("region").set_index("region")
    chosen = [c for c in (others if others is not None else known.index) if c != region and c in known.index]
    table = known.loc[chosen] if region in known.index else known.iloc[:0]
    value, low, high = (table[c].to_numpy(float) for c in ("value", "low", "high"))
    # Without a value of its own the region is compared with nobody, and the empty arrays stay empty.
    mine = known.loc[[region]] if region in known.index else known.iloc[:0]
    difference = mine["value"].to_numpy(float) - value
    above, below = mine["low"].to_numpy(float) > high, mine["high"].to_numpy(float) < low
    words = (
        (Verdict.HIGHER, Verdict.LOWER)
        if direction == 0
        else (Verdict.AHEAD, Verdict.BEHIND)[:: 1 if direction > 0 else -1]
    )
    verdict = [words[0] if a else words[1] if b else Verdict.UNCLEAR for a, b in zip(above, below, strict=True)]
    result = pd.DataFrame(
        {
            "other": table.index.to_numpy(object),
            "value": value,
            "low": low,
            "high": high,
            "flags": table["flags"].to_numpy(object) if "flags" in table else "",
            "difference": difference,
            "verdict": verdict,
        }
    )
    key = result["difference"] * (-1 if direction < 0 else 1)
    return result.assign(key=key).sort_values(["key", "other"], ignore_index=True).drop(columns="key")

"""Do gaps between regions close? Sigma and beta convergence with their confidence bands."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.model import Trend, join_flags

SEED = 20260101


@dataclass(frozen=True)
class SigmaResult:
    """Dispersion across a balanced panel of regions, year by year.

    ``frame`` is [period, mean, cv, low, high] and, with weights, [weighted_mean, cv_weighted, low_weighted,
    high_weighted]; cv is the coefficient of variation in percent, low and high its 90 % bootstrap band. ``change`` is
    the last minus the first cv in percentage points, with its own 90 % band.
    """

    frame: pd.DataFrame
    first: int | None
    last: int | None
    regions: tuple[str, ...]
    dropped: tuple[str, ...]
    change: float
    change_low: float
    change_high: float
    trend: Trend
    flags: str = ""


def sigma(
    frame: pd.DataFrame,
    *,
    weights: pd.DataFrame | None = None,
    first: int | None = None,
    last: int | None = None,
    draws: int = 1000,
    seed: int = SEED,
) -> SigmaResult:
    """Sigma convergence of one indicator: ``frame`` [region, period, value], ``weights`` the same shape (population).

    Only regions with a value (and a weight) in every year between ``first`` and ``last`` count; the others are listed
    as dropped. Without given years the frame's first and last are taken.
    """
    named = frame.dropna(subset="value")
    start = int(named["period"].min()) if first is None and len(named) else first
    stop = int(named["period"].max()) if last is None and len(named) else last
    wide = _panel(named, start, stop)
    sizes = None if weights is None else _panel(weights.dropna(subset="value"), start, stop)
    full = wide.index[wide.notna().all(axis=1)]
    if sizes is not None:
        full = full.intersection(sizes.index[sizes.notna().all(axis=1)]).sort_values()
    dropped = tuple(str(r) for r in wide.index.difference(full))
    if len(full) < LEAST_REGIONS or wide.shape[1] < 2:
        nan = math.nan
        empty = pd.DataFrame(columns=["period", "mean", "cv", "low", "high"])
        return SigmaResult(empty, start, stop, tuple(full), dropped, nan, nan, nan, Trend.NOT_COMPUTABLE)
    values = wide.loc[full].to_numpy(float)
    equal = np.ones_like(values)
    counts = np.random.default_rng(seed).multinomial(len(full), np.full(len(full), 1 / len(full)), size=draws)
    cv, mean, drawn = *_dispersion(values, equal, np.ones((1, len(full)))), _dispersion(values, equal, counts)[0]
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    table = pd.DataFrame({"period": wide.columns.astype(int), "mean": mean[0], "cv": cv[0], "low": low, "high": high})
    if sizes is not None:
        size = sizes.loc[full].to_numpy(float)
        weighted, weighted_mean = _dispersion(values, size, np.ones((1, len(full))))
        band = np.quantile(_dispersion(values, size, counts)[0], (0.05, 0.95), axis=0)
        table = table.assign(
            weighted_mean=weighted_mean[0], cv_weighted=weighted[0], low_weighted=band[0], high_weighted=band[1]
        )
    changes = drawn[:, -1] - drawn[:, 0]
    change_low, change_high = (float(q) for q in np.quantile(changes, (0.05, 0.95)))
    trend = Trend.NARROWED if change_high < 0 else Trend.WIDENED if change_low > 0 else Trend.UNCLEAR
    used = named[named["region"].isin(full) & named["period"].isin(wide.columns)]
    return SigmaResult(
        frame=table,
        first=int(table["period"].iloc[0]),
        last=int(table["period"].iloc[-1]),
        regions=tuple(str(r) for r in full),
        dropped=dropped,
        change=float(cv[0, -1] - cv[0, 0]),
        change_low=change_low,
        change_high=change_high,
        trend=trend,
        flags=join_flags(used["flags"].fillna("")) if "flags" in used else "",
    )


LEAST_REGIONS = 5
"""With fewer regions neither dispersion nor a regression line says anything about the area."""


def _panel(frame: pd.DataFrame, first: int | None, last: int | None) -> pd.DataFrame:
    """Region by year, every year between the two that any region reports, regions in order of their codes."""
    years = frame["period"]
    inside = frame[
        (years >= (first if first is not None else years)) & (years <= (last if last is not None else years))
    ]
    return inside.pivot_table(index="region", columns="period", values="value", aggfunc="first").sort_index()


def _dispersion(values: np.ndarray, sizes: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficient of variation in percent and mean, (draws, years); ``counts`` (draws, regions) repeats regions."""
    total = counts @ sizes
    mean = counts @ (sizes * values) / total
    # The variance around a common centre keeps precision where values are large and close together.
    centre = values.mean(axis=0)
    square = counts @ (sizes * (values - centre) ** 2) / total - (mean - centre) ** 2
    return np.sqrt(np.maximum(square, 0.0)) / np.abs(mean) * 100, mean


@dataclass(frozen=True)
class BetaResult:
    """Growth explained by the initial level (Barro and Sala-i-Martin 1992), unconditional.

    ``slope`` (per log unit of initial level, growth as yearly log change) with its 95 % confidence limits from HC3
    standard errors; ``speed`` of convergence a year and ``half_life`` in years (NaN unless the slope is negative and
    the speed defined). ``points`` is [region, initial, growth (percent a year), flags], ``grid`` is [initial, fit, low,
    high] (percent a year; 95 % confidence band of the line).
    """

    points: pd.DataFrame
    grid: pd.DataFrame
    first: int
    last: int
    n: int
    slope: float
    intercept: float
    slope_low: float
    slope_high: float
    p_value: float
    r_squared: float
    speed: float
    half_life: float
    dropped: tuple[str, ...]
    trend: Trend


@dataclass(frozen=True)
class _Line:
    coefficients: np.ndarray
    covariance: np.ndarray
    freedom: int
    r_squared: float


def _robust_line(x: np.ndarray, y: np.ndarray) -> _Line:
    """Least squares with the HC3 covariance of MacKinnon and White (1985).

    Written out because statsmodels, which gives the same numbers (a test compares them), takes seconds to import and
    the first visitor of a page would wait for it.
    """
    design = np.column_stack([np.ones_like(x), x])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ y
    residual = y - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    weighted = design * (residual / np.maximum(1 - leverage, 1e-12))[:, None]
    covariance = inverse @ (weighted.T @ weighted) @ inverse
    total = float(np.square(y - y.mean()).sum())
    r_squared = 1 - float(np.square(residual).sum()) / total if total > 0 else math.nan
    return _Line(coefficients, covariance, len(x) - 2, r_squared)


def beta(frame: pd.DataFrame, first: int, last: int, grid_points: int = 40) -> BetaResult:
    """Beta convergence of one indicator between two years: ``frame`` [region, period, value, flags].

    Regions without a positive value in both years, or with a break in between, are dropped and listed. Fewer than five
    regions: not computable.
    """
    if last <= first:
        raise ValueError("The last year must come after the first.")
    frame = frame.reset_index(drop=True)
    ends = frame[frame["period"].isin([first, last]) & (frame["value"] > 0)]
    wide = ends.pivot_table(index="region", columns="period", values="value", aggfunc="first")
    wide = wide.reindex(columns=[first, last]).dropna().sort_index()
    flags = frame["flags"].fillna("") if "flags" in frame else pd.Series("", index=frame.index)
    inside = frame[flags.str.contains("b") & frame["period"].between(first + 1, last)]
    wide = wide.drop(index=wide.index.intersection(pd.Index(inside["region"].unique())))
    dropped = tuple(sorted(str(r) for r in set(frame["region"]) - set(wide.index)))
    years = last - first
    initial = wide[first].to_numpy(float)
    growth = np.log(wide[last].to_numpy(float) / initial) / years
    marks = flags[ends.index].groupby(ends["region"]).agg(join_flags)
    points = pd.DataFrame(
        {
            "region": wide.index.to_numpy(object),
            "initial": initial,
            "growth": growth * 100,
            "flags": [marks[r] for r in wide.index],
        }
    )
    if len(wide) < LEAST_REGIONS or np.ptp(initial) == 0:
        nan = math.nan
        grid = pd.DataFrame(columns=["initial", "fit", "low", "high"])
        numbers = (nan, nan, nan, nan, nan, nan, nan, nan)
        return BetaResult(points, grid, first, last, len(wide), *numbers, dropped, Trend.NOT_COMPUTABLE)
    logs = np.log(initial)
    fit = _robust_line(logs, growth)
    slope, slope_error = float(fit.coefficients[1]), math.sqrt(fit.covariance[1, 1])
    from scipy import special  # a quarter of a second that a start need not wait for

    width = float(special.stdtrit(fit.freedom, 0.975))
    slope_low, slope_high = slope - width * slope_error, slope + width * slope_error
    steps = np.linspace(logs.min(), logs.max(), grid_points)
    design = np.column_stack([np.ones_like(steps), steps])
    line = design @ fit.coefficients
    margin = width * np.sqrt(np.einsum("ij,jk,ik->i", design, fit.covariance, design))
    p_value = 2 * float(special.stdtr(fit.freedom, -abs(slope / slope_error))) if slope_error > 0 else math.nan
    # Over T years the average growth follows -(1 - exp(-speed T)) / T times the initial log level.
    rest = 1 + slope * years
    speed = -math.log(rest) / years if slope < 0 and rest > 0 else math.nan
    trend = Trend.NARROWED if slope_high < 0 else Trend.WIDENED if slope_low > 0 else Trend.UNCLEAR
    return BetaResult(
        points=points,
        grid=pd.DataFrame(
            {
                "initial": np.exp(steps),
                "fit": line * 100,
                "low": (line - margin) * 100,
                "high": (line + margin) * 100,
            }
        ),
        first=first,
        last=last,
        n=len(wide),
        slope=slope,
        intercept=float(fit.coefficients[0]),
        slope_low=slope_low,
        slope_high=slope_high,
        p_value=p_value,
        r_squared=fit.r_squared,
        speed=speed,
        half_life=math.log(2) / speed if speed > 0 else math.nan,
        dropped=dropped,
        trend=trend,
    )

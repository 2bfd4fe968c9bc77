"""Whether a region moved more than regions like it since a pilot began, and whether that can be told at all.

One region is treated, a few are not, and figures come once a year: neither standard errors nor long series are to be
had. What is honest then is to ask how often a region where nothing happened shows as large a difference (placebos), to
say from which size on a difference could be told, and to say so when nothing can be told. Two measures:

* difference-in-differences: the change of the region's mean from before to after, less that of its peers,
* synthetic control: a weighted mean of peers that ran like the region before, and the gap to it afterwards.

Neither proves that the pilot was the cause: a region's figure has many, and a pilot is small.

Literature: A. Abadie, A. Diamond & J. Hainmueller (2010), Journal of the American Statistical Association 105(490),
493-505 (synthetic control, placebos, ratio of errors); A. Abadie (2021), Journal of Economic Literature 59(2), 391-425
(when it may be used; backdating); J. Angrist & J.-S. Pischke (2009), Mostly Harmless Econometrics, ch. 5
(difference-in-differences); T. Conley & C. Taber (2011), Review of Economics and Statistics 93(1), 113-125 (one treated
unit: inference from the changes of the others). Weights rest on all outcomes before the start and on nothing else:
with these, further predictors would count for nothing (A. Kaul, S. Klößner, G. Pfeifer & M. Schieler (2022), Journal of
Business & Economic Statistics 40(3), 1362-1376).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.optimize import nnls

LEVEL = 0.10
"""Share of placebos that may do as well before a difference counts as more than chance."""

MIN_BEFORE, MIN_BEFORE_SYNTHETIC = 3, 5
"""Years before the start that a comparison of means, and a synthetic control, need at least."""

MIN_DONORS = 4
"""Regions to compare with that there must be at least."""

RIDGE = 1e-6
"""How little large weights are held back, relative to the figures: enough that there is one answer, when many mixtures
fit alike (there may be more peers than years)."""

POOR_FIT = 0.5
"""A synthetic control fits poorly when its error before the start exceeds this share of the region's own spread."""


class Reason(StrEnum):
    """Why nothing, or not everything, can be told."""

    NO_SERIES = "no_series"
    SHORT_BEFORE = "short_before"
    FEW_DONORS = "few_donors"
    NOTHING_AFTER = "nothing_after"


@dataclass(frozen=True)
class Panel:
    """Figures of one region and of regions to compare with, the same years of all.

    Attributes:
        region: code of the region.
        years: in order.
        own: its figures (T).
        donors: codes of the others.
        others: their figures (T x J).
        start: first year that lies wholly after the start: from here on it is after.
    """

    region: str
    years: tuple[int, ...]
    own: np.ndarray
    donors: tuple[str, ...]
    others: np.ndarray
    start: int

    @property
    def before(self) -> np.ndarray:
        """Which years lie before the start (T, boolean)."""
        return np.array([year < self.start for year in self.years], dtype=bool)


def panel(figures: pd.DataFrame, region: str, donors: Sequence[str], start: int, longest: int = 15) -> Panel | Reason:
    """Years and regions that can be compared.

    Taken are the years in which the region has a figure, at most ``longest`` before the start, and of the other regions
    those that lack none of them.

    Args:
        figures: [region, year, value] of one indicator.
        region: code of the region.
        donors: codes of regions to compare with; the region itself is passed over.
        start: first year that lies wholly after the start of the pilot.
        longest: years before the start at most.

    Returns:
        The panel, or the reason why there is none: no figure of the region, too few years or too few regions.
    """
    wide = figures.dropna(subset="value").pivot_table(index="year", columns="region", values="value", aggfunc="first")
    if region not in wide:
        return Reason.NO_SERIES
    wide = wide[wide[region].notna()].sort_index()
    early = [year for year in wide.index if year < start]
    wide = wide[wide.index >= (early[-longest:] or [start])[0]]
    if int((wide.index < start).sum()) < MIN_BEFORE:
        return Reason.SHORT_BEFORE
    known = [code for code in dict.fromkeys(donors) if code != region and code in wide and wide[code].notna().all()]
    if len(known) < MIN_DONORS:
        return Reason.FEW_DONORS
    years = tuple(int(year) for year in wide.index)
    return Panel(region, years, wide[region].to_numpy(float), tuple(known), wide[known].to_numpy(float), start)


@dataclass(frozen=True)
class Placebos:
    """How a statistic of the region stands among the same statistic of regions where nothing happened.

    Attributes:
        own: of the region.
        others: of each other region (J), in the order of the panel.
        p: share of all, the region included, that are at least as large in size; never below 1 / (J + 1).
        limit: size that the statistic must exceed to be told from chance (p at most ``LEVEL``); None where there are
            too few regions for that to happen at all.
    """

    own: float
    others: np.ndarray
    p: float
    limit: float | None


def placebos(own: float, others: np.ndarray) -> Placebos:
    """The permutation test of one statistic: its rank in size among those of all regions."""
    sizes = np.abs(np.asarray(others, dtype=float))
    # What differs in the last bits only is as large: a rank must not hang on rounding.
    least = abs(own) - 1e-9 * max(abs(own), float(sizes.max(initial=0.0)), 1e-300)
    p = (1 + int((sizes >= least).sum())) / (len(sizes) + 1)
    allowed = int(LEVEL * (len(sizes) + 1) + 1e-9)
    # With as many allowed as, say, two of twenty, at most one of the others may be as large as the region's.
    limit = float(np.sort(sizes)[::-1][allowed - 1]) if allowed >= 1 else None
    return Placebos(float(own), np.asarray(others, dtype=float), p, limit)


@dataclass(frozen=True)
class Difference:
    """Difference-in-differences of one region against the mean of its peers.

    Attributes:
        estimate: (after - before of the region) - (after - before of the peers), in the unit of the figures.
        change, peers_change: the two changes.
        test: against the peers, each beside the mean of the others.
        low, high: range of differences that the placebos do not speak against (level 1 - ``LEVEL``); None with too few
            regions.
        trend: by how much more the region already rose a year than its peers before the start.
        trend_test: the same question put to ``trend``; when it is small, means were drifting apart before.
    """

    estimate: float
    change: float
    peers_change: float
    test: Placebos
    low: float | None
    high: float | None
    trend: float
    trend_test: Placebos


def difference(found: Panel) -> Difference | Reason:
    """Difference-in-differences, with the changes of the peers as what happens by chance (Conley & Taber 2011).

    Adding a constant to any region, or the same to all regions in a year, changes nothing.
    """
    before = found.before
    if before.all():
        return Reason.NOTHING_AFTER
    changes = found.others[~before].mean(axis=0) - found.others[before].mean(axis=0)
    change = float(found.own[~before].mean() - found.own[before].mean())
    estimate = change - float(changes.mean())
    test = placebos(estimate, _beside_others(changes))
    years = np.array(found.years, dtype=float)[before]
    slopes = _slope(years, found.others[before])
    trend = float(_slope(years, found.own[before][:, None])[0] - slopes.mean())
    low, high = (None, None) if test.limit is None else (estimate - test.limit, estimate + test.limit)
    return Difference(
        estimate, change, float(changes.mean()), test, low, high, trend, placebos(trend, _beside_others(slopes))
    )


def _beside_others(values: np.ndarray) -> np.ndarray:
    """Each value less the mean of the others."""
    return values - (values.sum() - values) / (len(values) - 1)


def _slope(years: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Slope a year of each column, by least squares."""
    centred = years - years.mean()
    spread = float((centred**2).sum())
    return (centred @ (values - values.mean(axis=0))) / spread if spread else np.zeros(values.shape[1])


def weights(own: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The mixture of others that comes nearest to a series: not negative, summing to one.

    Args:
        own: series (T).
        others: series of the others (T x J), J at least 1.

    Returns:
        Weights (J) that minimise the squared distance; of mixtures that fit alike the most even one.
    """
    own, others = np.asarray(own, dtype=float), np.asarray(others, dtype=float)
    # Weights sum to one, so any constant may be taken off all series of a year, and the unit does not matter.
    middle = others.mean(axis=1)
    target, series = own - middle, others - middle[:, None]
    scale = float(np.sqrt(np.mean(series**2)))
    if scale == 0:
        return np.full(others.shape[1], 1 / others.shape[1])
    target, series = target / scale, series / scale
    count = series.shape[1]
    hold = np.sqrt(RIDGE) * np.eye(count)
    strict = 1e3 * np.sqrt(series.shape[0])
    rows = np.vstack([series, hold, np.full((1, count), strict)])
    rough, _error = nnls(rows, np.concatenate([target, np.zeros(count), [strict]]))
    return _polished(rough, target, series)


def _polished(rough: np.ndarray, target: np.ndarray, series: np.ndarray) -> np.ndarray:
    """Weights that sum to one exactly: solved anew on the series that bear any, the sum as a condition."""
    held = rough > 1e-7
    found = np.where(held, rough, 0.0) / rough[held].sum()
    part = series[:, held]
    count = int(held.sum())
    system = np.zeros((count + 1, count + 1))
    system[:count, :count] = part.T @ part + RIDGE * np.eye(count)
    system[:count, count] = system[count, :count] = 1.0
    exact = np.linalg.solve(system, np.concatenate([part.T @ target, [1.0]]))[:count]
    if (exact >= 0).all():
        found[held] = exact / exact.sum()
    return found


@dataclass(frozen=True)
class Synthetic:
    """A synthetic control of one region.

    Attributes:
        weights: of each other region (J).
        series: of the mixture (T).
        gap: region less mixture (T).
        before_error, after_error: root mean squared gap before and after the start (RMSPE); None without years after.
        effect: mean gap after the start; None without years.
        ratio: after_error / before_error; None without years.
        test: the ratio among those of the other regions, each with a mixture of the rest; None without years.
        limit: mean gap from which on one could be told from chance; None with too few regions.
        poor: whether the mixture ran unlike the region before, so that its gap afterwards says little.
        gaps: of the other regions (T x J), for the figure.
    """

    weights: np.ndarray
    series: np.ndarray
    gap: np.ndarray
    before_error: float
    after_error: float | None
    effect: float | None
    ratio: float | None
    test: Placebos | None
    limit: float | None
    poor: bool
    gaps: np.ndarray


def synthetic(found: Panel) -> Synthetic | Reason:
    """A synthetic control with placebos in space: every other region is treated as if the pilot had been there.

    The ratio of errors after and before takes care that a mixture which never fitted does not look like an effect. Of
    J + 1 regions the p-value is at least 1 / (J + 1).
    """
    before = found.before
    if int(before.sum()) < MIN_BEFORE_SYNTHETIC:
        return Reason.SHORT_BEFORE
    chosen = weights(found.own[before], found.others[before])
    series = found.others @ chosen
    gap = found.own - series
    gaps = np.empty_like(found.others)
    for place in range(found.others.shape[1]):
        rest = np.delete(found.others, place, axis=1)
        gaps[:, place] = found.others[:, place] - rest @ weights(found.others[before, place], rest[before])
    error = float(_rmse(gap[before][:, None])[0])
    own = found.own[before]
    spread = float(own.std())
    poor = error > POOR_FIT * spread
    if before.all():
        return Synthetic(chosen, series, gap, error, None, None, None, None, None, poor, gaps)
    # An error of nothing would make any ratio endless; the figures' own last digits are the least it can be.
    least = 1e-9 * max(float(np.abs(own).max()), 1e-300)
    after = float(_rmse(gap[~before][:, None])[0])
    ratios = _rmse(gaps[~before]) / np.maximum(_rmse(gaps[before]), least)
    ratio = after / max(error, least)
    test = placebos(ratio, ratios)
    limit = None if test.limit is None else test.limit * max(error, least)
    return Synthetic(chosen, series, gap, error, after, float(gap[~before].mean()), ratio, test, limit, poor, gaps)


def _rmse(gaps: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.mean(gaps**2, axis=0)))


def backdated(found: Panel, years: int = 2) -> Panel | None:
    """The panel as if the pilot had begun so many years earlier, without what came after: what is then found is chance
    (Abadie 2021, section 7). None where too few years would be left before."""
    early = [year for year in found.years if year < found.start]
    if len(early) - years < MIN_BEFORE_SYNTHETIC:
        return None
    kept = found.before
    return Panel(
        found.region,
        tuple(early),
        found.own[kept],
        found.donors,
        found.others[kept],
        early[-years],
    )


@dataclass(frozen=True)
class Impact:
    """Everything that can be told of one region and indicator.

    Attributes:
        panel: what was compared.
        difference: difference-in-differences, or why there is none.
        synthetic: synthetic control, or why there is none.
        rehearsal: difference-in-differences with the start two years earlier, where nothing can have happened: what the
            method finds by chance, and from which size on it could tell a difference; None with too few years.
    """

    panel: Panel
    difference: Difference | Reason
    synthetic: Synthetic | Reason
    rehearsal: Difference | None


def impact(figures: pd.DataFrame, region: str, donors: Sequence[str], start: int) -> Impact | Reason:
    """Both measures, the rehearsal, or the reason why nothing can be told. Arguments as for ``panel``."""
    found = panel(figures, region, donors, start)
    if isinstance(found, Reason):
        return found
    earlier = backdated(found)
    tried = None if earlier is None else difference(earlier)
    return Impact(found, difference(found), synthetic(found), None if isinstance(tried, Reason) else tried)


def first_full_year(month: int, year: int) -> int:
    """The first calendar year that lies wholly after a start: the next one, unless it began in January."""
    return year if month == 1 else year + 1

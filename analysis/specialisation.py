"""What a region is specialised in, how its structure differs, what its growth is made of, and its cluster stars.

``x`` is a frame of regions (rows) x industries (columns) with amounts of one kind and one year (persons, euro,
patents): not negative; NaN is unknown, which is not zero. Unknown cells are left out of sums, and a region is compared
with the reference on the industries that are known of it. The reference area is all rows of ``x`` together unless
``reference`` gives amounts by industry of another one.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis import bipartite

# Equal structures give quotients like 0.999...: a tie with the threshold counts as reached.
TIE = 1e-12

# Fewer regions than this give no "best ten percent".
STAR_REGIONS = 10


@dataclass(frozen=True, eq=False)
class Amounts:
    """A checked matrix of amounts with what every measure needs of it.

    Attributes:
        values: (R x C) float64; NaN where unknown.
        regions, industries: labels of rows and columns.
        region_total: (R) sum of what is known of each region.
        industry_sum: (C) sum of what is known of each industry.
        industry_total: (C) amounts of the reference area by industry; the same, unless one was given.
        reach: (R) amounts of the reference area in the industries that are known of the region.
        contains: whether the reference area contains the regions; None when it was given from outside.
        unknown: number of unknown cells.
    """

    values: np.ndarray
    regions: pd.Index
    industries: pd.Index
    region_total: np.ndarray
    industry_sum: np.ndarray
    industry_total: np.ndarray
    reach: np.ndarray
    contains: bool | None
    unknown: int


def amounts(x: pd.DataFrame, reference: pd.Series | None = None) -> Amounts:
    """Check ``x`` and sum it up.

    Raises:
        ValueError: a label is twice there, or a value is negative, infinite or not a number (the message names it), or
            the reference lacks an industry.
    """
    for kind, labels in (("region", x.index), ("industry", x.columns)):
        if labels.has_duplicates:
            raise ValueError(f"The {kind} {labels[labels.duplicated()][0]} is there more than once.")
    try:
        values = x.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("Amounts by region and industry must be numbers.") from error
    if values.size and not (low := np.fmin.reduce(values, axis=None)) >= 0 and not np.isnan(low):
        row, column = np.unravel_index(np.nanargmin(values), values.shape)
        raise ValueError(f"Region {x.index[row]}, industry {x.columns[column]}: {low} is negative.")
    region_total, industry_sum = values.sum(axis=1), values.sum(axis=0)
    unknown = 0
    if not np.isfinite(region_total).all():
        if np.isinf(values).any():
            row, column = np.argwhere(np.isinf(values))[0]
            raise ValueError(f"Region {x.index[row]}, industry {x.columns[column]} is infinite.")
        known = ~np.isnan(values)
        unknown = int(values.size - known.sum())
        region_total, industry_sum = np.nansum(values, axis=1), np.nansum(values, axis=0)
    industry_total = industry_sum if reference is None else _reference(reference, x.columns)
    reach = known @ industry_total if unknown else np.full(len(values), industry_total.sum())
    contains = True if reference is None else None
    return Amounts(values, x.index, x.columns, region_total, industry_sum, industry_total, reach, contains, unknown)


def _reference(reference: pd.Series, industries: pd.Index) -> np.ndarray:
    lacking = industries.difference(reference.index)
    if len(lacking):
        raise ValueError(f"The reference area has no figure for {', '.join(map(str, lacking[:5]))}.")
    values = reference.reindex(industries).to_numpy(float)
    bad = ~(values >= 0) | np.isinf(values)
    if bad.any():
        raise ValueError(f"The reference area has {values[bad][0]} for {industries[bad][0]}.")
    return values


def _frame(values: np.ndarray, a: Amounts) -> pd.DataFrame:
    return pd.DataFrame(values, index=a.regions, columns=a.industries, copy=False)


def quotients_and_presence(
    a: Amounts, threshold: float, minimum: float, kind: type[np.floating]
) -> tuple[np.ndarray, np.ndarray]:
    """Location quotients and presence (1, 0, NaN) as arrays (R x C) of one pass over the amounts.

    Raises:
        ValueError: the threshold is not positive or the minimum is negative.
    """
    if not threshold > 0:
        raise ValueError("The threshold of the location quotient must be positive.")
    if not minimum >= 0:
        raise ValueError("The minimum amount must not be negative.")
    lq, present = np.empty(a.values.shape, dtype=kind), np.empty(a.values.shape, dtype=kind)
    active = (a.region_total > 0) & (a.reach > 0)
    wide = a.industry_total > 0
    # Multiplied out instead of divided by small totals: what the reference's structure would give the region.
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(active, a.region_total / a.reach, np.nan)
    right = np.where(wide, a.industry_total, np.nan)
    limit = threshold * (1 - TIE)

    def compare(rows: slice) -> None:
        cells = a.values[rows]
        expected = left[rows, None] * right
        # The state of warnings belongs to the thread.
        with np.errstate(invalid="ignore"):
            np.divide(cells, expected, out=lq[rows], casting="same_kind")
            expected *= limit
            np.greater_equal(cells, expected, out=present[rows])
        if minimum > 0:
            present[rows] *= cells >= minimum

    bipartite.by_rows(compare, a.values.shape)
    if a.unknown or not active.all() or not wide.all():
        present[np.isnan(lq)] = np.nan
    return lq, present


def location_quotients(x: pd.DataFrame, reference: pd.Series | None = None) -> pd.DataFrame:
    """Location quotient, in trade revealed comparative advantage (Balassa 1965): share here over the reference's share.

    Returns:
        (R x C), 0 to infinity, 1 as in the reference; 0 where an active region has nothing of an active industry, NaN
        where the amount is unknown or region or industry have nothing at all.
    """
    a = amounts(x, reference)
    return _frame(quotients_and_presence(a, 1.0, 0.0, np.float64)[0], a)


def symmetric(lq: pd.DataFrame) -> pd.DataFrame:
    """(LQ - 1) / (LQ + 1), -1 to 1 with 0 as in the reference: for colour scales with a middle (Laursen 2015)."""
    return (lq - 1) / (lq + 1)


def presence(
    x: pd.DataFrame, threshold: float = 1.0, minimum: float = 0.0, reference: pd.Series | None = None
) -> pd.DataFrame:
    """Where an industry is present: location quotient of at least ``threshold`` and amount of at least ``minimum``.

    Compared by cross-multiplication with a relative tolerance of 1e-12, so that ties at the threshold count as
    reached. Returns (R x C) 1.0 present, 0.0 absent, NaN unknown (see ``location_quotients``).
    """
    a = amounts(x, reference)
    return _frame(quotients_and_presence(a, threshold, minimum, np.float64)[1], a)


def structure(x: pd.DataFrame, log_base: float = 2.0, reference: pd.Series | None = None) -> pd.DataFrame:
    """How concentrated each region's structure is and how far it is from that of the reference area.

    Returns one row per region, all NaN for a region without activity:

    - total: sum of what is known; unknown: number of unknown industries; industries: number of active ones.
    - diversity: number of industries with a location quotient of at least 1.
    - krugman: sum of absolute differences of shares, 0 (as the reference) to 2 (Krugman 1991).
    - specialisation: half of it, 0 to 1: the share of activity that would have to change industry (Hoover).
    - herfindahl: sum of squared shares, 1 / known industries to 1.
    - entropy: Shannon's, to ``log_base``: 0 for a single industry, at most the log of the number of known industries.
    - evenness: entropy over this maximum, 0 to 1.
    - theil: relative entropy of the shares against the reference's, to ``log_base``; 0 as the reference (Theil 1967).
    - hachman: 1 / sum of location quotient x share, 0 to 1 (as the reference).
    """
    if not log_base > 1:
        raise ValueError("The base of the logarithm must be above 1.")
    a = amounts(x, reference)
    known = ~np.isnan(a.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.where(a.region_total > 0, a.region_total, np.nan)
        share = np.where(known, a.values, 0) / total[:, None]
        theirs = np.where(known, a.industry_total[None, :], 0) / np.where(a.reach > 0, a.reach, np.nan)[:, None]
        logs = np.where(share > 0, np.log(np.where(share > 0, share, 1)), 0)
        # An industry that the reference area does not have makes the distance to it infinite, which is no figure.
        ratio = np.where(share > 0, share / theirs, 0)
        outside = np.isinf(ratio).any(axis=1)
        gap = share * np.where(ratio > 0, np.log(np.where(ratio > 0, ratio, 1)), 0)
        known_count = known.sum(axis=1)
        entropy = -(share * logs).sum(axis=1) / math.log(log_base)
        krugman = np.abs(share - theirs).sum(axis=1)
        here = (a.values * a.reach[:, None] >= total[:, None] * a.industry_total * (1 - TIE)) & (a.values > 0)
        result = {
            "total": total,
            "unknown": (~known).sum(axis=1),
            "industries": (share > 0).sum(axis=1),
            "diversity": np.where(np.isnan(total), np.nan, here.sum(axis=1)),
            "krugman": krugman,
            "specialisation": krugman / 2,
            "herfindahl": (share**2).sum(axis=1),
            # -0.0 of a single industry is 0.
            "entropy": entropy + 0.0,
            "evenness": np.where(known_count > 1, entropy / (np.log(known_count) / math.log(log_base)), np.nan) + 0.0,
            "theil": np.where(outside, np.nan, gap.sum(axis=1) / math.log(log_base)),
            "hachman": 1 / (ratio * share).sum(axis=1),
        }
    frame = pd.DataFrame(result, index=a.regions)
    idle = np.isnan(total)
    frame.loc[idle, frame.columns.difference(["unknown", "industries"])] = np.nan
    return frame


SHIFT_COLUMNS = ("region", "industry", "start", "end", "change", "national", "mix", "regional", "flag")


def shift_share(
    start: pd.DataFrame,
    end: pd.DataFrame,
    reference: tuple[pd.Series, pd.Series] | None = None,
    homothetic: bool = False,
) -> pd.DataFrame:
    """What the change of each industry of each region is made of (Dunn 1960).

    ``start`` and ``end`` are amounts of two years; what only one of them has is left out. ``reference`` gives the two
    years of a reference area that is not the sum of the regions; the area ought to contain them.

    Returns one row per region and industry: [region, industry, start, end, change, national (what growth of the whole
    reference area would have given), mix (what its industry's growth adds to that), regional (what is left to the
    region), flag]. The three sum to the change. ``homothetic`` splits regional further (Esteban-Marquillas 1972):
    competitive (at the size that the industry would have with the reference's structure) and allocation (being
    specialised where one is better).

    Flags: ``new`` (nothing at the start: the whole change is regional), ``unknown`` (start or end), ``undefined`` (the
    reference area had nothing at the start); the latter two without terms.
    """
    regions, industries = start.index.intersection(end.index), start.columns.intersection(end.columns)
    a, b = amounts(start.loc[regions, industries]), amounts(end.loc[regions, industries])
    known = ~np.isnan(a.values) & ~np.isnan(b.values)
    first, last = np.where(known, a.values, np.nan), np.where(known, b.values, np.nan)
    if reference is None:
        # Growth is that of the cells known in both years; else a new gap in the data would look like decline.
        total_first, total_last = np.nansum(first, axis=0), np.nansum(last, axis=0)
    else:
        total_first, total_last = (_reference(year, industries) for year in reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = total_last.sum() / total_first.sum() - 1 if total_first.sum() > 0 else np.nan
        by_industry = np.where(total_first > 0, total_last / total_first - 1, np.nan)[None, :]
        change = last - first
        new = known & (first == 0)
        national = np.where(new, 0.0, first * whole)
        mix = np.where(new, 0.0, first * (by_industry - whole))
        regional = np.where(new, change, change - first * by_industry)
        undefined = known & np.isnan(regional)
        parts = {"national": national, "mix": mix, "regional": regional}
        for part in parts.values():
            part[undefined | ~known] = np.nan
        if homothetic:
            size = np.nansum(first, axis=1)[:, None] * (total_first / total_first.sum())[None, :]
            competitive = np.where(first > 0, size * (change / first - by_industry), np.nan)
            parts |= {"competitive": competitive, "allocation": regional - competitive}
    flag = np.select([~known, undefined, new & (last > 0)], ["unknown", "undefined", "new"], "")
    cells = {"start": first, "end": last, "change": change, **parts, "flag": flag}
    return _long(regions, industries, cells)


def _long(regions: pd.Index, industries: pd.Index, cells: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row per region and industry of arrays (R x C)."""
    labels = {
        "region": np.repeat(regions.to_numpy(object), len(industries)),
        "industry": np.tile(industries.to_numpy(object), len(regions)),
    }
    return pd.DataFrame(labels | {name: values.ravel() for name, values in cells.items()})


def shift_share_yearly(panel: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """``shift_share`` between each year of ``panel`` and the next one that it has, with the column ``period``."""
    years = sorted(panel)
    if len(years) < 2:
        raise ValueError("Shift-share needs at least two years.")
    steps = [shift_share(panel[a], panel[b]).assign(period=b) for a, b in itertools.pairwise(years)]
    return pd.concat(steps, ignore_index=True)


def shift_share_dynamic(panel: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Shift-share as the sum of its yearly terms (Barff and Knight 1988): growth and mix keep up with the times.

    ``panel``: amounts by year. Returns the columns of ``shift_share`` with start and end of the first and last year. A
    cell that is unknown or undefined in one of the years has no terms.
    """
    yearly = shift_share_yearly(panel)
    years = sorted(panel)
    sums = yearly.groupby(["region", "industry"], sort=False)[["change", "national", "mix", "regional"]]
    total = sums.sum(min_count=len(years) - 1)
    marks = yearly[yearly["flag"] != ""].sort_values("flag", key=lambda flag: flag.map(_FLAG_ORDER))
    flag = marks.drop_duplicates(["region", "industry"]).set_index(["region", "industry"])["flag"]
    total["flag"] = flag.reindex(total.index).fillna("")
    for name, year in (("start", years[0]), ("end", years[-1])):
        wide = panel[year]
        rows = wide.index.get_indexer(total.index.get_level_values("region"))
        columns = wide.columns.get_indexer(total.index.get_level_values("industry"))
        total[name] = wide.to_numpy(float)[rows, columns]
    gone = total["change"].isna() & (total["flag"] == "")
    total.loc[gone, "flag"] = "unknown"
    return total.reset_index()[list(SHIFT_COLUMNS)]


_FLAG_ORDER = {"unknown": 0, "undefined": 1, "new": 2}


def growth_contributions(start: pd.DataFrame, end: pd.DataFrame) -> pd.DataFrame:
    """What each industry contributes to the growth of its region, in percentage points.

    Returns [region, industry, start, end, change, contribution (change over the region's total at the start, percent),
    growth (of the region, percent: the sum of the contributions)]; cells known in both years only.
    """
    regions, industries = start.index.intersection(end.index), start.columns.intersection(end.columns)
    a, b = (amounts(x.loc[regions, industries]).values for x in (start, end))
    change = b - a
    first = np.where(np.isnan(change), np.nan, a)
    whole = np.nansum(first, axis=1)
    contribution = 100 * change / np.where(whole > 0, whole, np.nan)[:, None]
    some = ~np.isnan(contribution).all(axis=1)
    growth = np.where(some, np.nansum(contribution, axis=1), np.nan)
    cells = {"start": a, "end": b, "change": change, "contribution": contribution}
    return _long(regions, industries, cells | {"growth": np.repeat(growth[:, None], len(industries), axis=1)})


@dataclass(frozen=True)
class StarRules:
    """From where on a cluster earns a star; shares are of all regions with the industry's figures.

    The defaults are the European Cluster Observatory's first rule. Its later one takes the best 20 % by size,
    specialisation, productivity and growth: ``PANORAMA``.
    """

    size: float | None = 0.10
    specialisation: float | None = None
    lq: float | None = 2.0
    focus: float | None = 0.10
    productivity: float | None = None
    growth: float | None = None
    regions: int = STAR_REGIONS

    def __post_init__(self) -> None:
        for name in ("size", "specialisation", "focus", "productivity", "growth"):
            share = getattr(self, name)
            if share is not None and not 0 < share <= 1:
                raise ValueError(f"The best share by {name} must lie above 0 and up to 1.")


OBSERVATORY = StarRules()
PANORAMA = StarRules(size=0.2, specialisation=0.2, lq=None, focus=None, productivity=0.2, growth=0.2)


@dataclass(frozen=True, eq=False)
class Stars:
    """Stars and the thresholds they were given by.

    Attributes:
        cells: one row per region and industry [region, industry, value, share, lq, (productivity, growth), one column
            of 1.0 (star), 0.0 (none) or NaN (cannot be said) per criterion: size_star, specialisation_star,
            focus_star, (productivity_star, growth_star); stars: how many, NaN when one cannot be said].
        thresholds: one row per industry [industry, regions, and per criterion the lowest value that earns a star].
        of: how many stars there are to earn.
    """

    cells: pd.DataFrame
    thresholds: pd.DataFrame
    of: int
    rules: StarRules = field(default=OBSERVATORY)


def _best(values: np.ndarray, share: float, least: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether each value is among the best share of its column (1, 0, NaN), and the lowest value that is (C)."""
    count = (~np.isnan(values)).sum(axis=0)
    places = np.maximum(1, np.floor(share * count + TIE)).astype(int)
    # Largest first, unknown ones last.
    ordered = -np.sort(-values, axis=0)
    limit = np.where(
        count >= max(least, 1), ordered[np.minimum(places, len(values)) - 1, np.arange(len(count))], np.nan
    )
    star = np.where(np.isnan(values) | np.isnan(limit), np.nan, values >= limit - TIE * np.abs(limit))
    return star, limit


def stars(
    x: pd.DataFrame,
    rules: StarRules = OBSERVATORY,
    productivity: pd.DataFrame | None = None,
    growth: pd.DataFrame | None = None,
    reference: pd.Series | None = None,
) -> Stars:
    """Strength of each cluster (region x industry) in stars, after the European Cluster Observatory.

    Size: amount among the best share of all regions in the industry. Specialisation: location quotient of at least
    ``rules.lq``, or among the best share. Focus: share of the region's total among the best share. Productivity and
    growth: given frames, among the best share. Ties at the threshold count in; nothing earns no star. Fewer than
    ``rules.regions`` regions in an industry: no ranking is made and the stars that need one are missing.

    Raises:
        ValueError: a rule needs productivity or growth and the frame is not given.
    """
    a = amounts(x, reference)
    lq, _ = quotients_and_presence(a, 1.0, 0.0, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = a.values / np.where(a.region_total > 0, a.region_total, np.nan)[:, None]
    cells = {"value": a.values, "share": share, "lq": lq}
    given: dict[str, pd.DataFrame | None] = {"productivity": productivity, "growth": growth}
    criteria: dict[str, tuple[np.ndarray, float]] = {}
    for name, values in (("size", a.values), ("specialisation", lq), ("focus", share)):
        if (best := getattr(rules, name)) is not None:
            criteria[name] = (values, best)
    for name, frame in given.items():
        if frame is not None:
            cells[name] = frame.reindex(index=x.index, columns=x.columns).to_numpy(float)
        if (best := getattr(rules, name)) is not None:
            if frame is None:
                raise ValueError(f"Stars for {name} need its figures.")
            criteria[name] = (cells[name], best)
    limits: dict[str, np.ndarray] = {}
    earned: dict[str, np.ndarray] = {}
    for name, (values, best) in criteria.items():
        earned[name], limits[name] = _best(values, best, rules.regions)
    if rules.lq is not None and rules.specialisation is None:
        earned["specialisation"] = np.where(np.isnan(lq), np.nan, lq >= rules.lq * (1 - TIE))
        limits["specialisation"] = np.full(len(x.columns), rules.lq)
    order = [n for n in ("size", "specialisation", "focus", "productivity", "growth") if n in earned]
    for name in order:
        earned[name] = np.where(a.values == 0, np.where(np.isnan(earned[name]), np.nan, 0.0), earned[name])
    total = np.sum([earned[name] for name in order], axis=0) if order else np.full(a.values.shape, np.nan)
    cells |= {f"{name}_star": earned[name] for name in order} | {"stars": total}
    thresholds = pd.DataFrame(
        {"industry": x.columns.to_numpy(object), "regions": (~np.isnan(a.values)).sum(axis=0)}
        | {name: limits[name] for name in order}
    )
    return Stars(_long(x.index, x.columns, cells), thresholds, len(order), rules)

"""Which scenario the observations follow: tracking weights, kept apart from the judged signposts.

A scenario says where figures will be (``analysis.pathways``). The observations since its base year are more or less
likely under it: they scatter about the pathway like an accumulating error whose step is the indicator's own from one
year to the next, and the pathway itself is only stated within a range. Likelihood times prior gives the weight. It is
called a tracking weight, not a probability: one of the scenarios is taken to be right, which nobody knows. When none
of them fits, the result says so (``off_map``).

Everything is pure: the same pathways, observations and settings give the same result, so an evaluation can be made
again as of any date from the vintages that were known then.
"""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.model import OBSERVATION, IndicatorSpec, is_uncertain
from analysis.pathways import EPSILON, Note, check, lines_at
from analysis.ranks import FLAG_FACTORS, Z90

SEED = 20260101


@dataclass(frozen=True)
class Settings:
    """What a tracking weight assumes. All limits but the first three are our own choice.

    ``off_map``: mean absolute z of the best scenario above which none fits. ``stale``: age of the newest observation
    in units of its cadence. ``persistence``: share of an error that is carried into the next year; 1 is a random walk
    (the error grows with the root of the horizon), less is a first-order autoregression. ``band``: whether a stated
    range widens that error (``add``) or takes its place (``instead``). ``band_correlation``: correlation, from one
    year to the next, of where within its range a pathway lies; at 1 it stays on one side. ``years``: fewer years
    observed since the base are too few. ``separation``: when no two scenarios lie further apart (Mahalanobis distance
    over the observed years, see ``_apart``), the figures cannot tell them apart yet. ``steps``: fewer yearly
    steps say nothing about a region's own error. ``tails``: ``normal`` takes the step as known, ``t`` allows for its
    being estimated from few years. With ten yearly steps (``back_test``, 40,000
    worlds with one true step) leaders above 0.9 weighed 0.965 by the normal and were right in 89.5 % of the worlds; by
    the t they weighed 0.954 and were right in 93.8 %.
    """

    off_map: float = 2.0
    stale: float = 2.0
    persistence: float = 1.0
    band: Literal["add", "instead"] = "add"
    band_correlation: float = 1.0
    years: int = 3
    separation: float = 1.0
    steps: int = 5
    tails: Literal["normal", "t"] = "t"

    def __post_init__(self) -> None:
        if not (0 <= self.persistence <= 1 and 0 <= self.band_correlation <= 1):
            raise ValueError("persistence and correlation lie between 0 and 1")


SETTINGS = Settings()


class State(StrEnum):
    """Whether the weights may be shown."""

    TOLD = "told"
    TOO_EARLY = "too_early"
    NO_DATA = "no_data"


class Issue(StrEnum):
    """What was left out or treated otherwise, and why it is too early."""

    NO_PATHWAY = "no_pathway"
    NOT_IN_ALL = "not_in_all_scenarios"
    NO_STEP = "no_own_variability"
    TYPICAL_STEP = "variability_of_other_regions"
    BREAK = "break"
    FORECAST = "forecast"
    NOT_ALIGNED = "not_through_base_value"
    NO_SPEC = "unknown_indicator"
    FEW_YEARS = "few_years"
    ALIKE = "scenarios_not_apart"


WEIGHTS = ["scenario", "prior", "log_likelihood", "posterior", "weight", "mean_abs_z", "observations"]
INPUTS = [
    "scenario",
    "indicator",
    "region",
    "period",
    "horizon",
    "observed",
    "path",
    "low",
    "high",
    "measure",
    "residual",
    "one_step",
    "steps",
    "basis",
    "band",
    "noise",
    "sigma",
    "z",
    "evidence",
    "flags",
    "uncertain",
]


@dataclass(frozen=True)
class Evaluation:
    """One dated answer with everything it was made from.

    ``weights``: [scenario, prior, log_likelihood, posterior, weight, mean_abs_z, observations], in the order of the
    prior; ``weight`` is missing unless ``state`` is told. ``inputs``: one row per scenario and observation with
    residual (observed - path, in logarithms where ``measure`` is ``log``), one_step (yearly error), steps (years it
    rests on), basis (``own`` | ``typical`` | ``band``), band (standard deviation of the range), noise (extra standard
    deviation of a marked value), sigma (of all), z, evidence (weight of the series in the likelihood) and flags.
    ``best`` is the scenario with the least mean absolute z, ``leader`` the one with the highest weight (None when not
    told or when two share it). ``stale`` lists the indicators and regions whose newest value is too old.
    """

    base: int
    as_of: date | None
    state: State
    leader: str | None
    best: str | None
    off_map: bool
    stale: tuple[tuple[str, str], ...]
    separation: float
    weights: pd.DataFrame
    inputs: pd.DataFrame
    notes: tuple[Note, ...]
    settings: Settings
    reversal: bool = field(default=False)

    def rows(self) -> list[dict[str, Any]]:
        """One plain row per scenario to be kept: as_of, scenario, weight and everything behind it as ``detail``."""
        shared = {
            "base": self.base,
            "state": str(self.state),
            "leader": self.leader,
            "best": self.best,
            "off_map": self.off_map,
            "stale": [list(s) for s in self.stale],
            "reversal": self.reversal,
            "separation": _plain(self.separation),
            "settings": asdict(self.settings),
            "notes": [{"issue": str(n.issue), "where": list(n.where), "detail": n.detail} for n in self.notes],
        }
        result = []
        for row in self.weights.to_dict("records"):
            mine = self.inputs[self.inputs["scenario"] == row["scenario"]]
            inputs = [{str(k): _plain(v) for k, v in r.items()} for r in mine.to_dict("records")]
            scores = {str(k): _plain(v) for k, v in row.items() if k not in ("scenario", "weight")}
            detail = shared | {"scores": scores, "inputs": inputs}
            result.append(
                {"as_of": self.as_of, "scenario": row["scenario"], "weight": _plain(row["weight"]), "detail": detail}
            )
        return result


def _plain(value: Any) -> Any:
    """A number or text that JSON can hold; what is not finite is missing."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


# ---------------------------------------------------------------------------------------------------------------------
# Likelihood


def covariance(
    horizons: np.ndarray,
    one_step: np.ndarray | float,
    band: np.ndarray | float = 0.0,
    noise: np.ndarray | float = 0.0,
    settings: Settings = SETTINGS,
) -> np.ndarray:
    """Covariance of the departures from a pathway at ``horizons`` (years since the base, k): (..., k, k).

    ``one_step`` (...) is the standard deviation of one year's error, ``band`` (..., k) that of the stated range,
    ``noise`` (..., k) that of the measurement. With persistence p the errors of the horizons g <= h have the
    covariance one_step^2 p^(h - g) (1 + p^2 + ... + p^(2 (g - 1))), which for p = 1 is one_step^2 g, a random walk.
    """
    h = np.asarray(horizons, dtype=float)
    apart = np.abs(h[:, None] - h[None, :])
    least = np.minimum(h[:, None], h[None, :])
    p = settings.persistence
    grown = least if p == 1 else (1 - p ** (2 * least)) / (1 - p**2)
    walk = grown * p**apart
    s = np.broadcast_to(np.asarray(band, dtype=float), (*np.shape(band)[:-1], len(h)))
    step = np.asarray(one_step, dtype=float)[..., None, None] ** 2 * walk
    range_part = s[..., :, None] * s[..., None, :] * settings.band_correlation**apart
    if settings.band == "instead":
        # Where a range is stated its width holds and only the correlation over the years is the indicator's own.
        root = np.sqrt(np.diag(walk))
        stated = s > 0
        own = np.asarray(one_step, dtype=float)[..., None] * root
        wide = np.where(stated, s, own)
        total = wide[..., :, None] * wide[..., None, :] * (walk / (root[:, None] * root[None, :]))
    else:
        total = step + range_part
    measured = np.broadcast_to(np.asarray(noise, dtype=float), (*np.shape(noise)[:-1], len(h))) ** 2
    return total + measured[..., :, None] * np.eye(len(h))


def log_likelihood(residuals: np.ndarray, cov: np.ndarray, degrees: np.ndarray | float | None = None) -> np.ndarray:
    """Log density of residuals (..., k) with mean 0 and covariance (..., k, k): (...).

    Multivariate normal, or with ``degrees`` of freedom multivariate t whose scale matrix is ``cov``: what is left of
    the normal when its variance was estimated from that many independent steps.
    """
    k = residuals.shape[-1]
    root = np.linalg.cholesky(cov)
    white = np.linalg.solve(root, residuals[..., None])[..., 0]
    square = (white**2).sum(axis=-1)
    log_det = 2 * np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1)
    if degrees is None:
        return -0.5 * (square + log_det + k * math.log(2 * math.pi))
    v = np.asarray(degrees, dtype=float)
    gamma = np.vectorize(math.lgamma)
    lead = gamma((v + k) / 2) - gamma(v / 2) - 0.5 * k * np.log(v * math.pi)
    return lead - 0.5 * log_det - (v + k) / 2 * np.log1p(square / v)


def posterior(log_likelihoods: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Weights (..., s) proportional to prior x likelihood, summed in logarithms so that nothing underflows."""
    with np.errstate(divide="ignore"):
        score = log_likelihoods + np.log(prior)
    top = score.max(axis=-1, keepdims=True)
    weight = np.exp(score - top)
    return weight / weight.sum(axis=-1, keepdims=True)


def priors(scenarios: Sequence[str], stated: Mapping[str, float] | None) -> np.ndarray:
    """Prior weights that sum to 1, equal unless stated. Raises ValueError for negative, absent or all-zero ones."""
    if stated is None:
        return np.full(len(scenarios), 1 / max(len(scenarios), 1))
    absent = [s for s in scenarios if s not in stated]
    if absent:
        raise ValueError(f"no prior weight for {', '.join(absent)}")
    values = np.array([float(stated[s]) for s in scenarios])
    if not (np.isfinite(values).all() and (values >= 0).all() and values.sum() > 0):
        raise ValueError("prior weights are at least zero and sum to more than zero")
    return values / values.sum()


# ---------------------------------------------------------------------------------------------------------------------
# Variability of the past


def one_steps(history: pd.DataFrame, spec: IndicatorSpec, log: bool, settings: Settings = SETTINGS) -> pd.DataFrame:
    """Standard deviation of one year's change about its mean, by region: [region, one_step, steps, basis].

    ``history`` holds one indicator up to the base year. A change over several years is scaled to one by the root of
    its length; none is taken across a break. Regions with fewer than ``settings.steps`` changes take the median of
    the others (``typical``); where there are no others the step is missing. A series that repeats a rounded figure is
    not free of error: the step is at least the standard deviation of rounding.
    """
    rows = []
    ordered = history.sort_values(["region", "period"])
    names, flags = ordered["region"].to_numpy(object), ordered["flags"].fillna("").to_numpy(object)
    years, values = ordered["period"].to_numpy(float), ordered["value"].to_numpy(float)
    edges = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist(), len(names)] if len(names) else []
    for a, b in itertools.pairwise(edges):
        if not np.isnan(values[a:b]).all():
            rows.append((str(names[a]), *own_step(years[a:b], values[a:b], flags[a:b], spec, log, settings)))
    frame = pd.DataFrame(rows, columns=["region", "one_step", "steps"]).astype({"one_step": float, "steps": int})
    own = frame["one_step"].notna()
    typical = frame["one_step"].median()
    basis = np.where(own, "own", "typical" if np.isfinite(typical) else "")
    return frame.assign(one_step=frame["one_step"].fillna(typical), basis=basis)


def own_step(
    years: np.ndarray,
    values: np.ndarray,
    flags: np.ndarray,
    spec: IndicatorSpec,
    log: bool,
    settings: Settings = SETTINGS,
) -> tuple[float, int]:
    """Yearly error of one region's series in the order of its years, NaN where it is too short; and its steps.

    Arguments and meaning as in ``one_steps``: arrays of periods, values and flags, values in the unit.
    """
    # Counted before missing years go, as a break may be marked on one of them.
    piece = np.cumsum([("b" in f) for f in flags])
    there = ~np.isnan(values) & (values > 0 if log else True)
    piece, years, values = piece[there], years[there], np.log(values[there]) if log else values[there]
    if len(values) < 2:
        return math.nan, 0
    gap, change = np.diff(years), np.diff(values)
    good = piece[1:] == piece[:-1]
    gap, change = gap[good], change[good]
    n = len(change)
    if n < max(settings.steps, 2):
        return math.nan, n
    drift = change.sum() / gap.sum()
    step = math.sqrt((((change - drift * gap) ** 2) / gap).sum() / (n - 1))
    rounding = 10.0**-spec.decimals / math.sqrt(12)
    return max(step, rounding / float(np.exp(np.median(values))) if log else rounding), n


# ---------------------------------------------------------------------------------------------------------------------
# One evaluation


@dataclass(frozen=True)
class _Block:
    """One indicator of one region: what is common to the scenarios, and what differs (s x k)."""

    indicator: str
    region: str
    years: np.ndarray
    observed: np.ndarray
    flags: np.ndarray
    log: bool
    path: np.ndarray
    low: np.ndarray
    high: np.ndarray
    residual: np.ndarray
    one_step: float
    steps: int
    basis: str
    band: np.ndarray
    noise: np.ndarray
    cov: np.ndarray
    evidence: float


def evaluate(
    paths: pd.DataFrame,
    frame: pd.DataFrame,
    specs: Mapping[str, IndicatorSpec],
    base: int,
    prior: Mapping[str, float] | None = None,
    groups: Mapping[str, str] | None = None,
    cadence: Mapping[str, float] | None = None,
    as_of: date | None = None,
    settings: Settings = SETTINGS,
) -> Evaluation:
    """Tracking weights of the scenarios from the observations after the base year.

    ``paths`` is a pathway frame whose variables are indicator codes, rebased so that they pass through the observed
    base value (``analysis.pathways.rebase``; what does not is noted), with one model per scenario and one unit per
    variable. ``frame`` is an observation frame; values up to ``base`` give the indicator's own variability and are
    not scored, later ones are scored and never enter the variability. Only what every scenario has a pathway for is
    scored, so that no scenario gains by saying little. Growth indicators are compared in logarithms.

    Series count as independent. ``groups`` names, by indicator, those that move together: a group's series share the
    weight of one (each 1 / number of its series). ``cadence`` in years by indicator (default: its median spacing) and
    ``as_of`` decide what is stale; without ``as_of`` nothing is.

    Raises ValueError for faulty pathways or priors.
    """
    stated = check(paths)
    many = stated.groupby(["scenario", "region", "variable"])[["model", "unit"]].nunique().max(axis=1)
    if (many > 1).any():
        raise ValueError(f"several models or units for {', '.join(map(str, many.idxmax()))}: choose one or make a fan")
    notes: list[Note] = []
    scenarios = list(prior) if prior is not None else list(pd.unique(paths["scenario"]))
    unknown = sorted(set(pd.unique(stated["scenario"])) - set(scenarios))
    if unknown:
        raise ValueError(f"no prior weight for {', '.join(unknown)}")
    without = [s for s in scenarios if s not in set(stated["scenario"])]
    notes += [Note(Issue.NO_PATHWAY, (s,)) for s in without]
    scenarios = [s for s in scenarios if s not in without]
    weight = priors(scenarios, prior)
    blocks = _blocks(stated, frame, specs, base, scenarios, settings, notes)
    blocks = _share_evidence(blocks, groups or {})

    # Nothing observed means a likelihood of one for all: the posterior is the prior.
    score = np.zeros(len(scenarios))
    apart = np.zeros((len(scenarios), len(scenarios)))
    for b in blocks:
        degrees = b.steps - 1 if settings.tails == "t" and b.basis == "own" else None
        score += b.evidence * log_likelihood(b.residual, b.cov, degrees)
        apart += b.evidence * _apart(b.residual, b.cov)
    after = posterior(score, weight) if scenarios else weight
    separation = math.sqrt(float(apart.max())) if scenarios else 0.0

    inputs = _inputs(blocks, scenarios, base)
    years = inputs["period"].nunique()
    state = State.TOLD
    if inputs.empty:
        state = State.NO_DATA
    else:
        if years < settings.years:
            notes.append(Note(Issue.FEW_YEARS, (), str(years)))
            state = State.TOO_EARLY
        if len(scenarios) > 1 and separation < settings.separation:
            notes.append(Note(Issue.ALIKE, (), f"{separation:.3g}"))
            state = State.TOO_EARLY
    absolute = inputs["z"].abs().groupby(inputs["scenario"]).mean().reindex(scenarios)
    count = inputs.groupby("scenario").size().reindex(scenarios, fill_value=0)
    best = None if inputs.empty else str(absolute.idxmin())
    # That nothing fits can be said although the scenarios cannot be told apart, but not from a year or two.
    off_map = best is not None and years >= settings.years and float(absolute.min()) > settings.off_map
    told = state is State.TOLD
    weights = pd.DataFrame(
        {
            "scenario": scenarios,
            "prior": weight,
            "log_likelihood": score,
            "posterior": after,
            "weight": after if told else np.nan,
            "mean_abs_z": absolute.to_numpy(float),
            "observations": count.to_numpy(int),
        }
    )[WEIGHTS]
    leader = None
    if told:
        first = np.flatnonzero(after >= after.max() - EPSILON)
        leader = scenarios[first[0]] if len(first) == 1 else None
    used = {(b.indicator, b.region) for b in blocks}
    stale = () if as_of is None else stale_series(frame, used, as_of, cadence, settings)
    return Evaluation(
        base, as_of, state, leader, best, bool(off_map), stale, separation, weights, inputs, tuple(notes), settings
    )


def _apart(residual: np.ndarray, cov: np.ndarray) -> np.ndarray:
    """How far apart every two scenarios lie, squared (s x s): eight times the Bhattacharyya distance of two normals.

    For equal covariances that is the squared Mahalanobis distance of the pathways; otherwise scenarios also differ by
    the width of their ranges (Bhattacharyya 1943).
    """
    difference = residual[:, None, :] - residual[None, :, :]
    middle = (cov[:, None] + cov[None, :]) / 2
    solved = np.linalg.solve(middle, difference[..., None])[..., 0]
    size = np.linalg.slogdet(cov)[1]
    wider = np.linalg.slogdet(middle)[1] - (size[:, None] + size[None, :]) / 2
    return (difference * solved).sum(axis=-1) + 4 * wider


def _blocks(
    stated: pd.DataFrame,
    frame: pd.DataFrame,
    specs: Mapping[str, IndicatorSpec],
    base: int,
    scenarios: Sequence[str],
    settings: Settings,
    notes: list[Note],
) -> list[_Block]:
    blocks = []
    seen = frame[frame["indicator"].isin(stated["variable"].unique())].sort_values("period")
    by_indicator = dict(iter(seen.groupby("indicator")))
    for (variable, region), mine in stated.groupby(["variable", "region"], sort=True):
        code, place = str(variable), str(region)
        if code not in specs:
            notes.append(Note(Issue.NO_SPEC, (code,)))
            continue
        series = by_indicator.get(code)
        if series is None:
            continue
        said = set(mine["scenario"])
        if said != set(scenarios):
            notes.append(Note(Issue.NOT_IN_ALL, (code, place), ", ".join(sorted(set(scenarios) - said))))
            continue
        block = _block(code, place, mine, series, specs[code], base, scenarios, settings, notes)
        if block is not None:
            blocks.append(block)
    return blocks


def _block(
    code: str,
    place: str,
    mine: pd.DataFrame,
    series: pd.DataFrame,
    spec: IndicatorSpec,
    base: int,
    scenarios: Sequence[str],
    settings: Settings,
    notes: list[Note],
) -> _Block | None:
    own = series[series["region"] == place]
    periods, figures = own["period"].to_numpy(int), own["value"].to_numpy(float)
    marks = own["flags"].fillna("").to_numpy(object)
    later = periods > base
    broken = later & np.array(["b" in f for f in marks], dtype=bool)
    if broken.any():
        # From a break on the values are not comparable with the base that the pathways pass through.
        notes.append(Note(Issue.BREAK, (code, place), str(periods[broken][0])))
        later &= periods < periods[broken][0]
    foreseen = later & np.array(["f" in f for f in marks], dtype=bool)
    if foreseen.any():
        # A publisher's forecast is another pathway, not an observation.
        notes.append(Note(Issue.FORECAST, (code, place), str(int(foreseen.sum()))))
    later &= ~np.isnan(figures) & ~foreseen
    if not later.any():
        return None
    stated = mine[["value", "low", "high"]].to_numpy(float)
    log = spec.change == "relative" and all(bool((v[~np.isnan(v)] > 0).all()) for v in (stated, figures))
    years = periods[later]
    by_scenario = {key[1]: v for key, v in lines_at(mine, np.array([base, *years]), log).items()}
    stack = np.stack([by_scenario[s] for s in scenarios])
    start, stack = stack[:, 0, 0], stack[:, 1:]
    good = ~np.isnan(stack[:, :, 0]).any(axis=0)
    if not good.all():
        notes.append(Note(Issue.NOT_IN_ALL, (code, place), ", ".join(str(y) for y in years[~good])))
    if not good.any():
        return None
    path, low, high = np.moveaxis(stack[:, good], 2, 0)
    observed, flags = figures[later][good], marks[later][good]

    before = periods <= base
    step, count = own_step(periods[before], figures[before], marks[before], spec, log, settings)
    basis = "own"
    if not math.isfinite(step):
        # The others are only asked where the region cannot say by itself: that is most of the work.
        others = one_steps(series[series["period"] <= base], spec, log, settings)
        step = float(others["one_step"].median()) if len(others) else math.nan
        basis = "typical" if math.isfinite(step) else ""

    def scale(values: np.ndarray) -> np.ndarray:
        return np.log(values) if log else values

    # Ranges hold 90 %; a range of another width on either side counts with its mean width.
    band = np.nan_to_num((scale(high) - scale(low)) / (2 * Z90))
    if not math.isfinite(step):
        if not (settings.band == "instead" and (band > 0).all()):
            notes.append(Note(Issue.NO_STEP, (code, place), str(count)))
            return None
        step, basis = 0.0, "band"
    elif basis == "typical":
        notes.append(Note(Issue.TYPICAL_STEP, (code, place), str(count)))
    # A marked value is as much less certain as a rank takes it to be.
    factor = np.array([max((FLAG_FACTORS.get(f, 1.0) for f in text), default=1.0) for text in flags])
    noise = step * np.sqrt(factor**2 - 1)
    at_base = figures[(periods == base) & ~np.isnan(figures)]
    if len(at_base):
        off = np.abs(scale(start) - scale(at_base))
        for scenario, by in zip(scenarios, off, strict=True):
            if by > max(step, EPSILON):
                notes.append(Note(Issue.NOT_ALIGNED, (code, place, scenario), f"{by:.3g}"))
    horizons = years[good] - base
    return _Block(
        code,
        place,
        years[good],
        observed,
        flags,
        log,
        path,
        low,
        high,
        scale(observed)[None, :] - scale(path),
        step,
        count,
        basis,
        band,
        noise,
        covariance(horizons, np.full(len(scenarios), step), band, noise, settings),
        1.0,
    )


def _share_evidence(blocks: list[_Block], groups: Mapping[str, str]) -> list[_Block]:
    names = [groups.get(b.indicator) for b in blocks]
    return [
        _Block(**(vars(b) | {"evidence": 1.0 if n is None else 1 / names.count(n)}))
        for b, n in zip(blocks, names, strict=True)
    ]


def _inputs(blocks: Sequence[_Block], scenarios: Sequence[str], base: int) -> pd.DataFrame:
    if not blocks:
        return pd.DataFrame(columns=INPUTS).astype({"z": float})
    columns: dict[str, list[Any]] = {name: [] for name in INPUTS}
    for b in blocks:
        k = len(b.years)
        sigma = np.sqrt(np.diagonal(b.cov, axis1=-2, axis2=-1))
        for i, scenario in enumerate(scenarios):
            row = {
                "scenario": [scenario] * k,
                "indicator": [b.indicator] * k,
                "region": [b.region] * k,
                "period": b.years,
                "horizon": b.years - base,
                "observed": b.observed,
                "path": b.path[i],
                "low": b.low[i],
                "high": b.high[i],
                "measure": ["log" if b.log else "unit"] * k,
                "residual": b.residual[i],
                "one_step": [b.one_step] * k,
                "steps": [b.steps] * k,
                "basis": [b.basis] * k,
                "band": b.band[i],
                "noise": b.noise,
                "sigma": sigma[i],
                "z": b.residual[i] / sigma[i],
                "evidence": [b.evidence] * k,
                "flags": b.flags,
                "uncertain": [is_uncertain(f) for f in b.flags],
            }
            for name, values in row.items():
                columns[name].extend(values)
    return pd.DataFrame(columns)


def stale_series(
    frame: pd.DataFrame,
    used: Collection[tuple[str, str]],
    as_of: date,
    cadence: Mapping[str, float] | None = None,
    settings: Settings = SETTINGS,
) -> tuple[tuple[str, str], ...]:
    """Series (indicator, region) among ``used`` whose newest observation is too old on a day.

    ``cadence`` in years by indicator; a series without one has the median spacing of its observations.
    """
    today = as_of.year + (as_of.timetuple().tm_yday - 1) / 365.25
    old = []
    ours = frame["value"].notna() & frame["region"].isin({region for _indicator, region in used})
    for (indicator, region), group in frame[ours].groupby(["indicator", "region"]):
        if (indicator, region) not in used:
            continue
        years = np.sort(group["period"].to_numpy(float))
        usual = (cadence or {}).get(str(indicator), float(np.median(np.diff(years))) if len(years) > 1 else 1.0)
        # A value of a year is that of the year's end.
        if today - (years[-1] + 1) > settings.stale * usual:
            old.append((str(indicator), str(region)))
    return tuple(old)


def course(made: Evaluation) -> pd.DataFrame:
    """What the weights would have been had the figures of later years not been known: one after each year.

    The errors rest on the years up to the base and are the same each time, so the first years of the likelihood are
    enough. These are today's figures, not those that were known then (``replay``). Returns [last (year), scenario,
    prior, posterior, weight (missing unless told), state, leader ('' for none)]; the last year's weights are those of
    the evaluation.
    """
    columns = ["last", "scenario", "prior", "posterior", "weight", "state", "leader"]
    weights, inputs = made.weights, made.inputs
    scenarios, prior = weights["scenario"].tolist(), weights["prior"].to_numpy(float)
    blocks = [group for _key, group in inputs.groupby(["indicator", "region"], sort=True)]
    rows: list[dict[str, Any]] = []
    for last in sorted(inputs["period"].unique()):
        score, apart, years = np.zeros(len(scenarios)), np.zeros((len(scenarios),) * 2), set()
        for block in blocks:
            part = block[block["period"] <= last]
            if part.empty:
                continue
            shape = (len(scenarios), -1)
            residual, band, noise = (part[c].to_numpy(float).reshape(shape) for c in ("residual", "band", "noise"))
            first = part.iloc[0]
            step = np.full(len(scenarios), float(first["one_step"]))
            horizons = part["horizon"].to_numpy(int).reshape(shape)[0]
            cov = covariance(horizons, step, band, noise, made.settings)
            own = made.settings.tails == "t" and first["basis"] == "own"
            degrees = int(first["steps"]) - 1 if own else None
            score += float(first["evidence"]) * log_likelihood(residual, cov, degrees)
            apart += float(first["evidence"]) * _apart(residual, cov)
            years |= set(part["period"])
        after = posterior(score, prior)
        alike = len(scenarios) > 1 and math.sqrt(float(apart.max())) < made.settings.separation
        told = len(years) >= made.settings.years and not alike
        top = np.flatnonzero(after >= after.max() - EPSILON)
        shared = {
            "last": int(last),
            "state": str(State.TOLD if told else State.TOO_EARLY),
            "leader": scenarios[top[0]] if told and len(top) == 1 else "",
        }
        rows += [
            {**shared, "scenario": s, "prior": p, "posterior": w, "weight": w if told else math.nan}
            for s, p, w in zip(scenarios, prior, after, strict=True)
        ]
    return pd.DataFrame(rows, columns=columns)


def separations(
    paths: np.ndarray, one_step: np.ndarray, band: np.ndarray | float = 0.0, settings: Settings = SETTINGS
) -> np.ndarray:
    """How far the two scenarios that lie furthest apart are, had all figures come in up to each year: (k or fewer).

    Arguments as in ``back_test``. From ``settings.separation`` on figures can tell scenarios apart: the years end with
    the first that is enough. The separation of an evaluation is the same measure of the years that were observed.
    """
    s, v, k = paths.shape
    wide = np.broadcast_to(np.asarray(band, dtype=float), (s, v, k))
    found: list[float] = []
    for last in range(1, k + 1):
        apart = np.zeros((s, s))
        for i in range(v):
            cov = covariance(np.arange(1, last + 1), np.full(s, float(one_step[i])), wide[:, i, :last], 0.0, settings)
            apart += _apart(paths[:, i, :last], cov)
        found.append(math.sqrt(max(float(apart.max()), 0.0)))
        if found[-1] >= settings.separation:
            break
    return np.array(found)


# ---------------------------------------------------------------------------------------------------------------------
# Replay


def as_known(vintages: pd.DataFrame, day: date) -> pd.DataFrame:
    """The observations as they stood on a day: the newest vintage of each value that was known by then.

    ``vintages`` is an observation frame with ``known`` (dates). A newer vintage without a value withdraws it.
    """
    mine = vintages[pd.to_datetime(vintages["known"]) <= pd.Timestamp(day)]
    newest = mine.sort_values("known", kind="stable").drop_duplicates(["indicator", "region", "period"], keep="last")
    return newest.dropna(subset="value").sort_values(["indicator", "region", "period"], ignore_index=True)[OBSERVATION]


def is_reversal(leaders: Sequence[str | None]) -> bool:
    """Whether the leader changed in each of the last two releases; releases without a leader are passed over."""
    told = [x for x in leaders if x is not None]
    return len(told) >= 3 and told[-1] != told[-2] != told[-3]


def replay(
    paths: pd.DataFrame,
    vintages: pd.DataFrame,
    specs: Mapping[str, IndicatorSpec],
    base: int,
    days: Sequence[date],
    **options: Any,
) -> list[Evaluation]:
    """``evaluate`` as of each day (ascending) with what was known then; later ones are marked as reversals.

    Takes the remaining arguments of ``evaluate``. The day of an evaluation is all that decides what it sees, so any
    of them can be made again alone (but for ``reversal``, which looks back on the ones before).
    """
    if list(days) != sorted(days):
        raise ValueError("days of a replay ascend")
    result: list[Evaluation] = []
    for day in days:
        made = evaluate(paths, as_known(vintages, day), specs, base, as_of=day, **options)
        leaders = [*(e.leader for e in result), made.leader]
        result.append(Evaluation(**(vars(made) | {"reversal": made.leader is not None and is_reversal(leaders)})))
    return result


# ---------------------------------------------------------------------------------------------------------------------
# Calibration


@dataclass(frozen=True)
class BackTest:
    """How honest the weights are on made histories whose true scenario is known.

    ``reliability`` and ``leader``: [low, high (limits of the bin), cases, weight (mean), right (share that was the
    true scenario), right_low, right_high (Wilson 95 %)], over all weights and over the highest of each world; weights
    of one world depend on one another, so the limits of ``leader`` are the ones to test by. ``brier`` is the mean
    squared error of the weights summed over scenarios, ``brier_prior`` that of the prior; ``off_map`` the share of
    worlds in which the true scenario was there and yet all seemed to miss.
    """

    worlds: int
    reliability: pd.DataFrame
    leader: pd.DataFrame
    brier: float
    brier_prior: float
    off_map: float
    seed: int


def wilson(hits: np.ndarray, cases: np.ndarray, z: float = 1.959963984540054) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a share after Wilson (1927), 95 % by default; NaN without cases."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / cases
        middle = (share + z**2 / (2 * cases)) / (1 + z**2 / cases)
        half = z * np.sqrt(share * (1 - share) / cases + z**2 / (4 * cases**2)) / (1 + z**2 / cases)
    return middle - half, middle + half


def reliability(weight: np.ndarray, right: np.ndarray, bins: int = 10) -> pd.DataFrame:
    """Weights (n) beside how often they were right (n, bool), in equal bins of the weight; empty bins are absent."""
    number = np.minimum((weight * bins).astype(int), bins - 1)
    cases = np.bincount(number, minlength=bins)
    hits = np.bincount(number, weights=right.astype(float), minlength=bins)
    low, high = wilson(hits, cases)
    with np.errstate(invalid="ignore"):
        mean, share = np.bincount(number, weights=weight, minlength=bins) / cases, hits / cases
    edges = np.arange(bins + 1) / bins
    frame = pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "cases": cases,
            "weight": mean,
            "right": share,
            "right_low": low,
            "right_high": high,
        }
    )
    return frame[frame["cases"] > 0].reset_index(drop=True)


def back_test(
    paths: np.ndarray,
    one_step: np.ndarray | float,
    band: np.ndarray | float = 0.0,
    prior: np.ndarray | None = None,
    history: int | None = None,
    worlds: int = 2000,
    seed: int = SEED,
    bins: int = 10,
    spread: float = 0.0,
    settings: Settings = SETTINGS,
) -> BackTest:
    """Weights on made observations whose true scenario is drawn from the prior.

    ``paths`` (s, v, k): scenarios, independent indicators, the k years after the base, in the space in which they are
    compared (logarithms for growth). ``one_step`` (v) is the true yearly error, ``band`` (s, v, k) the standard
    deviation of the stated ranges. With ``history`` the error is estimated from that many made yearly steps, as
    ``evaluate`` has to; without it is known. ``spread`` is the standard deviation, in logarithms, of the true error
    between worlds: an error that is the same everywhere is known better than one estimate of it tells, so the t is
    exact only where errors differ widely. Draws depend on ``seed`` alone.
    """
    s, v, k = paths.shape
    rng = np.random.default_rng(seed)
    first = np.full(s, 1 / s) if prior is None else np.asarray(prior, dtype=float) / np.sum(prior)
    step = np.broadcast_to(np.asarray(one_step, dtype=float), (v,)) * np.exp(spread * rng.standard_normal((worlds, v)))
    wide = np.broadcast_to(np.asarray(band, dtype=float), (s, v, k))
    horizons = np.arange(1, k + 1)
    truth = rng.choice(s, size=worlds, p=first)
    root = np.linalg.cholesky(covariance(horizons, step, wide[truth], 0.0, settings))
    noise = rng.standard_normal((worlds, v, k))
    observed = paths[truth] + np.einsum("wvij,wvj->wvi", root, noise)
    estimated = step
    if history is not None:
        if history < 2:
            raise ValueError("an error needs at least two yearly steps")
        estimated = np.std(rng.standard_normal((worlds, v, history)) * step[..., None], axis=2, ddof=1)
    degrees = history - 1 if history is not None and settings.tails == "t" else None
    score = np.empty((worlds, s))
    absolute = np.empty((worlds, s))
    for i in range(s):
        cov = covariance(horizons, estimated, wide[i], 0.0, settings)
        residual = observed - paths[i]
        score[:, i] = log_likelihood(residual, cov, degrees).sum(axis=1)
        z = residual / np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
        absolute[:, i] = np.abs(z).mean(axis=(1, 2))
    weight = posterior(score, first)
    right = truth[:, None] == np.arange(s)
    top = weight.argmax(axis=1)
    return BackTest(
        worlds,
        reliability(weight.ravel(), right.ravel(), bins),
        reliability(weight.max(axis=1), top == truth, bins),
        float(((weight - right) ** 2).sum(axis=1).mean()),
        float(((first - right) ** 2).sum(axis=1).mean()),
        float((absolute.min(axis=1) > settings.off_map).mean()),
        seed,
    )

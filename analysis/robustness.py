"""How measures (strategies) fare over scenarios: pay-offs, regret, robustness metrics, disagreement, portfolios.

A pay-off table is a frame of measures (rows) x scenarios (columns); higher is better unless ``maximise=False``, which
negates it first. A missing cell stays missing: it makes what rests on it missing and is never a zero.

Literature: McPhail et al. (2018) Earth's Future 6(2), 169-191 (metrics); Savage (1951) (regret); Kendall and Smith
(1939) (agreement of rankings); UN Global Pulse (classes of options).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd

TOLERANCE = 1e-9
"""Values nearer than this are equal: medians and means of votes are fractions."""

PRINTABLE_VOTES = 5
"""With fewer votes in a cell its spread could give a voter away."""

LEVEL_METRICS = (
    "maximin",
    "maximax",
    "laplace",
    "hurwicz",
    "minimax_regret",
    "percentile_regret",
    "starr",
    "mean_variance",
    "undesirable_deviations",
)
SHAPE_METRICS = ("percentile_skewness", "percentile_kurtosis")
"""These tell how outcomes are spread, not how good they are; rankings leave them out unless asked."""
METRICS = (*LEVEL_METRICS, *SHAPE_METRICS)

WEIGHTED_METRICS = ("laplace", "starr")
"""What scenario weights change. All others are defined without likelihoods, and a scenario of weight 0 counts there."""

PercentileMethod = Literal["nearest", "linear"]


class OptionClass(StrEnum):
    """What to do with a measure, from the share of scenarios in which it meets the threshold."""

    NO_REGRETS = "no_regrets"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    ABANDON = "abandon"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """Robust: never below 0. Fragile: -1 or less in some scenario. Unknown: missing cells could change the mark."""

    ROBUST = "robust"
    FRAGILE = "fragile"
    NEITHER = "neither"
    UNKNOWN = "unknown"


def _shares(weights: Mapping[str, float], names: Sequence[str], what: str) -> np.ndarray:
    """Weights in the order of ``names``, scaled to sum 1."""
    if set(weights) != set(names):
        raise ValueError(f"Weights must name every {what} once: {sorted(map(str, set(weights) ^ set(names)))}.")
    given = np.array([weights[name] for name in names], dtype=float)
    if not np.isfinite(given).all() or (given < 0).any() or given.sum() <= 0:
        raise ValueError(f"Weights of each {what} must be finite, not negative, and not all zero.")
    return given / given.sum()


def payoff_table(
    votes: pd.DataFrame,
    *,
    measures: Sequence[str] | None = None,
    scenarios: Sequence[str] | None = None,
    criteria: Mapping[str, float] | None = None,
    minimise: Collection[str] = (),
    group: str | None = None,
    statistic: Literal["median", "mean"] = "median",
) -> pd.DataFrame:
    """Measures x scenarios, in the common unit of the criteria; higher is better.

    ``votes``: [measure, scenario, value] and optionally ``group`` and ``criterion``. ``criteria`` gives the weight of
    each criterion (scaled to sum 1; equal if None), ``minimise`` those where less is better: they are negated.
    ``group`` takes the votes of one group only. A cell without votes in any criterion of positive weight is missing.
    ValueError for unknown criteria, infinite values, or several criteria whose names are not all weighted.
    """
    value = votes["value"].to_numpy(float)
    if np.isinf(value).any():
        raise ValueError("Pay-offs must be finite or missing.")
    table = votes.assign(value=value)
    rows = list(measures if measures is not None else pd.unique(table["measure"]))
    columns = list(scenarios if scenarios is not None else pd.unique(table["scenario"]))
    if "criterion" not in table:
        if criteria or minimise:
            raise ValueError("Votes name no criterion.")
        table = table.assign(criterion="")
    names = sorted(table["criterion"].unique()) if criteria is None else list(criteria)
    unknown = (set(table["criterion"]) | set(minimise)) - set(names)
    if unknown:
        raise ValueError(f"Unknown criteria: {sorted(map(str, unknown))}.")
    if group is not None:
        table = table[table["group"] == group]
    weights = _shares(criteria or dict.fromkeys(names, 1.0), names, "criterion") if names else np.zeros(0)
    total = np.zeros((len(rows), len(columns))) if names else np.full((len(rows), len(columns)), np.nan)
    for name, weight in zip(names, weights, strict=True):
        if weight == 0:
            continue
        mine = table[table["criterion"] == name]
        cells = mine.pivot_table(index="measure", columns="scenario", values="value", aggfunc=statistic)
        part = cells.reindex(index=rows, columns=columns).to_numpy(float)
        total += weight * (-part if name in minimise else part)
    return pd.DataFrame(total, index=pd.Index(rows, name="measure"), columns=pd.Index(columns, name="scenario"))


def _values(payoff: pd.DataFrame, maximise: bool) -> np.ndarray:
    """Pay-offs (measures, scenarios), higher is better."""
    if not payoff.index.is_unique or not payoff.columns.is_unique:
        raise ValueError("Measures and scenarios must have names of their own.")
    f = payoff.to_numpy(float)
    if np.isinf(f).any():
        raise ValueError("Pay-offs must be finite or missing.")
    return f if maximise else -f


def _regret(f: np.ndarray) -> np.ndarray:
    # fmax passes over missing cells without a warning where a whole scenario is missing.
    return np.fmax.reduce(f, axis=0, initial=-np.inf) - f if f.size else f.copy()


def regret(payoff: pd.DataFrame, *, maximise: bool = True) -> pd.DataFrame:
    """Best known pay-off in the scenario minus the measure's own (Savage), in the unit of the pay-offs; >= 0.

    A missing cell has no regret; where another measure's cell is missing, the best may be higher, and the regret
    shown is the least it can be.
    """
    return pd.DataFrame(_regret(_values(payoff, maximise)), index=payoff.index, columns=payoff.columns)


def metrics(
    payoff: pd.DataFrame,
    *,
    maximise: bool = True,
    threshold: float = 0.0,
    accept_equal: bool = True,
    weight_on_worst: float = 0.5,
    regret_percentile: float = 0.9,
    percentile_method: PercentileMethod = "nearest",
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """All of ``METRICS`` for each measure: frame measures x metrics, **higher is better in every column**.

    - ``maximin``, ``maximax``: worst and best pay-off. ``laplace``: mean (weighted by ``weights`` if given).
    - ``hurwicz``: ``weight_on_worst`` x worst + (1 - ``weight_on_worst``) x best. Many textbooks weight the best.
    - ``minimax_regret``, ``percentile_regret``: largest regret and its percentile, negated, so 0 is best.
    - ``starr``: share (weight) of scenarios that meet ``threshold``, stated in the unit of the table as given.
    - ``mean_variance``: (mean + 1) / (sd + 1), sd with n - 1. Below a mean of -1 more spread scores higher, so
      scales must be shifted to be positive before it is trusted.
    - ``undesirable_deviations``: mean deviation from the own median over the worse half of scenarios (rounded up).
    - ``percentile_skewness``: (p50 - (p90 + p10) / 2) / ((p90 - p10) / 2); missing where p90 = p10.
    - ``percentile_kurtosis``: (p90 - p10) / (p75 - p25); missing where p75 = p25.

    ``percentile_method``: "nearest" takes the order statistic at round((n - 1) p), as McPhail et al. do, "linear"
    interpolates. Undesirable deviations take the ordinary median: the nearest order statistic of an even number is now
    the lower, now the upper of the two in the middle. A measure with a missing cell has no metric. ValueError for
    weights or shares out of range.
    """
    if not 0 <= weight_on_worst <= 1 or not 0 <= regret_percentile <= 1:
        raise ValueError("The weight on the worst case and the percentile lie between 0 and 1.")
    f = _values(payoff, maximise)
    share = None if weights is None else _shares(weights, list(payoff.columns), "scenario")
    result = np.full((len(METRICS), len(f)), np.nan)
    whole = ~np.isnan(f).any(axis=1)
    if f.shape[1] and whole.any():
        result[:, whole] = _metrics(
            f[whole],
            _regret(f)[whole],
            threshold if maximise else -threshold,
            accept_equal,
            weight_on_worst,
            regret_percentile,
            percentile_method,
            share,
        )
    return pd.DataFrame(result.T, index=payoff.index, columns=pd.Index(METRICS, name="metric"))


def _percentiles(ordered: np.ndarray, shares: Sequence[float], method: PercentileMethod) -> np.ndarray:
    """(shares, rows): percentiles of rows that are sorted already, which ``numpy.quantile`` would sort again."""
    if method == "nearest":
        return ordered[:, np.rint(np.array(shares) * (ordered.shape[1] - 1)).astype(int)].T
    return np.quantile(ordered, shares, axis=1, method=method)


def _metrics(
    f: np.ndarray,
    loss: np.ndarray,
    threshold: float,
    accept_equal: bool,
    weight_on_worst: float,
    regret_percentile: float,
    method: PercentileMethod,
    share: np.ndarray | None,
) -> np.ndarray:
    """(metrics, measures) of complete pay-offs (measures, scenarios), higher is better; ``loss`` is their regret."""
    count = f.shape[1]
    ordered = np.sort(f, axis=1)
    worst, best = ordered[:, 0], ordered[:, -1]
    weight = np.full(count, 1 / count) if share is None else share
    met = f >= threshold - TOLERANCE if accept_equal else f > threshold + TOLERANCE
    p10, p25, p50, p75, p90 = _percentiles(ordered, (0.1, 0.25, 0.5, 0.75, 0.9), method)
    middle = (ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2
    plain = f.mean(axis=1)
    deviation = f.std(axis=1, ddof=1) if count > 1 else np.full(len(f), np.nan)
    outer, inner = p90 - p10, p75 - p25
    with np.errstate(divide="ignore", invalid="ignore"):
        skewness = np.where(outer > TOLERANCE, (p50 - (p90 + p10) / 2) / (outer / 2), np.nan)
        kurtosis = np.where(inner > TOLERANCE, outer / inner, np.nan)
    return np.array(
        [
            worst,
            best,
            f @ weight,
            weight_on_worst * worst + (1 - weight_on_worst) * best,
            # Adding 0 turns the -0.0 of no regret into 0.0.
            -loss.max(axis=1) + 0.0,
            -_percentiles(np.sort(loss, axis=1), (regret_percentile,), method)[0] + 0.0,
            np.minimum(met @ weight, 1.0),
            (plain + 1) / (deviation + 1),
            (ordered[:, : (count + 1) // 2] - middle[:, None]).mean(axis=1),
            skewness,
            kurtosis,
        ]
    )


def option_class(share: float) -> OptionClass:
    """Class from the share (or weight) of scenarios that meet the threshold; exactly half is opt-in (our choice)."""
    if np.isnan(share):
        return OptionClass.UNKNOWN
    if not -TOLERANCE <= share <= 1 + TOLERANCE:
        raise ValueError("A share lies between 0 and 1.")
    if share >= 1 - TOLERANCE:
        return OptionClass.NO_REGRETS
    if share > 0.5 + TOLERANCE:
        return OptionClass.OPT_OUT
    return OptionClass.OPT_IN if share > TOLERANCE else OptionClass.ABANDON


def marks(payoff: pd.DataFrame, *, robust: float = 0.0, fragile: float = -1.0) -> pd.DataFrame:
    """Robust or fragile, on the scale -2..+2: frame by measure [worst, worst_in (scenarios, ties listed), missing,
    mark].

    One known cell at ``fragile`` or below settles the mark whatever is missing; anything else needs all cells.
    """
    f = _values(payoff, True)
    gaps = np.isnan(f).sum(axis=1)
    worst = np.where(gaps < f.shape[1], np.fmin.reduce(f, axis=1, initial=np.inf), np.nan)
    names = payoff.columns.to_numpy(object)
    chosen = []
    for low, gap in zip(worst, gaps, strict=True):
        if low <= fragile + TOLERANCE:
            chosen.append(Mark.FRAGILE)
        elif gap or np.isnan(low):
            chosen.append(Mark.UNKNOWN)
        else:
            chosen.append(Mark.ROBUST if low >= robust - TOLERANCE else Mark.NEITHER)
    where = [tuple(names[row <= low + TOLERANCE]) for row, low in zip(f, worst, strict=True)]
    return pd.DataFrame({"worst": worst, "worst_in": where, "missing": gaps, "mark": chosen}, index=payoff.index)


def _places(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(best shared place, mean place) of one metric's scores, 1 for the highest; missing stay missing."""
    first, mean = np.full(len(scores), np.nan), np.full(len(scores), np.nan)
    known = np.flatnonzero(~np.isnan(scores))
    if len(known) == 0:
        return first, mean
    order = known[np.argsort(-scores[known], kind="stable")]
    step = np.concatenate(([True], -np.diff(scores[order]) > TOLERANCE))
    starts = np.flatnonzero(step)
    sizes = np.diff(np.append(starts, len(order)))
    first[order] = np.repeat(starts + 1, sizes)
    mean[order] = np.repeat(starts + (sizes + 1) / 2, sizes)
    return first, mean


def rank_table(scores: pd.DataFrame, chosen: Sequence[str] = LEVEL_METRICS) -> pd.DataFrame:
    """Place of each measure by each metric of ``metrics``, 1 is best; ties share the better place; missing is NaN."""
    values = scores[list(chosen)].to_numpy(float)
    places = np.array([_places(column)[0] for column in values.T]).T.reshape(values.shape)
    return pd.DataFrame(places, index=scores.index, columns=list(chosen))


def kendall_w(scores: pd.DataFrame) -> float:
    """Kendall's coefficient of concordance of the columns (judges) over the rows (items), corrected for ties; 0..1.

    Higher scores rank first. Rows with a missing score and columns without any are left out; missing with fewer than
    two of either, or when every judge ties all items. Kendall and Smith (1939).
    """
    kept = scores.to_numpy(float)
    kept = kept[:, ~np.isnan(kept).all(axis=0)]
    kept = kept[~np.isnan(kept).any(axis=1)]
    items, judges = kept.shape
    if items < 2 or judges < 2:
        return float("nan")
    places = np.array([_places(column)[1] for column in kept.T])
    sums = places.sum(axis=0)
    ties = sum(float((n**3 - n).sum()) for n in (np.unique(row, return_counts=True)[1] for row in places))
    below = judges**2 * (items**3 - items) - judges * ties
    spread = float(((sums - sums.mean()) ** 2).sum())
    return 12 * spread / below if below > 0 else float("nan")


@dataclass(frozen=True)
class Choice:
    """What can be said about the ranking: facts for a sentence.

    ``best``: first measures by metric, ties listed. ``always_first``: first (or tied first) by every metric that
    ranks. ``depends``: no measure is. ``leaders``: number of metrics that put the measure first, most first.
    ``agreement``: Kendall's W of the metrics over the measures without gaps. ``places``: [best_place, worst_place]
    over the metrics. ``not_ranked``: measures with missing cells; while there are any, regrets of the others are the
    least they can be (``regret_is_least``). ``not_told``: metrics that rank no measure.
    """

    best: dict[str, tuple[str, ...]]
    always_first: tuple[str, ...]
    depends: bool
    leaders: dict[str, int]
    agreement: float
    places: pd.DataFrame
    not_ranked: tuple[str, ...]
    regret_is_least: bool
    not_told: tuple[str, ...]


def choice(scores: pd.DataFrame, chosen: Sequence[str] = LEVEL_METRICS) -> Choice:
    """Where the ranking depends on the metric; ``scores`` as from ``metrics``."""
    places = rank_table(scores, chosen)
    names, firsts = places.index.tolist(), places.to_numpy() == 1
    # A measure with a gap lacks maximin; a complete one may still lack a ratio that is not defined for it.
    gaps = np.isnan(scores["maximin"].to_numpy(float))
    # Where any measure has a place, one is first.
    best = {m: tuple(names[i] for i in np.flatnonzero(first)) for m, first in zip(chosen, firsts.T, strict=True)}
    best = {m: first for m, first in best.items() if first}
    wins = dict(zip(map(str, names), firsts.sum(axis=1).tolist(), strict=True))
    always = tuple(name for name in names if best and wins[str(name)] == len(best))
    return Choice(
        best=best,
        always_first=always,
        depends=bool(best) and not always,
        leaders={n: w for n, w in sorted(wins.items(), key=lambda item: (-item[1], item[0])) if w},
        agreement=kendall_w(scores[list(chosen)]),
        places=pd.DataFrame({"best_place": places.min(axis=1), "worst_place": places.max(axis=1)}),
        not_ranked=tuple(names[i] for i in np.flatnonzero(gaps)),
        regret_is_least=bool(gaps.any()),
        not_told=tuple(m for m in chosen if m not in best),
    )


def disagreement(votes: pd.DataFrame) -> pd.DataFrame:
    """How far votes and groups differ, in the unit of the votes, most disputed cells first.

    ``votes``: [measure, scenario, value, group] of one criterion. Returns [measure, scenario, votes, median, spread
    (interquartile range, linear), groups, group_low, group_high (lowest and highest median of a group), group_range
    (missing with fewer than two groups), printable (at least 5 votes in the cell)]. Missing values are no votes.
    """
    known = votes.dropna(subset="value")
    cells = known.groupby(["measure", "scenario"])["value"]
    table = pd.DataFrame({"votes": cells.size(), "median": cells.median()})
    table["spread"] = cells.quantile(0.75) - cells.quantile(0.25)
    medians = known.groupby(["measure", "scenario", "group"])["value"].median().groupby(["measure", "scenario"])
    table["groups"], table["group_low"], table["group_high"] = medians.size(), medians.min(), medians.max()
    table["group_range"] = (table["group_high"] - table["group_low"]).where(table["groups"] >= 2)
    table["printable"] = table["votes"] >= PRINTABLE_VOTES
    return table.reset_index().sort_values(
        ["group_range", "spread", "measure", "scenario"], ascending=[False, False, True, True], ignore_index=True
    )


class PortfolioStatus(StrEnum):
    """Optimal: proven. Stopped: the time ran out, ``gap`` says how far the proof is. Failed: nothing was found."""

    OPTIMAL = "optimal"
    STOPPED = "stopped"
    FAILED = "failed"


Combine = Literal["sum", "best"]

ENUMERABLE = 14
"""Up to so many measures every portfolio is looked at, which answers for all budgets at once; beyond, each budget is a
programme of its own."""


@dataclass(frozen=True)
class Portfolio:
    """Measures with the smallest largest regret under a budget.

    ``worst_regret`` in the unit of the pay-offs, against the best affordable portfolio of each scenario; ``bound``:
    no affordable portfolio is below it; ``gap`` = worst_regret - bound (0 when optimal). ``regret`` and ``payoff``: by
    scenario. Proofs hold to the solver's tolerance of 1e-6.
    """

    measures: tuple[str, ...]
    cost: float
    regret: dict[str, float]
    payoff: dict[str, float]
    worst_regret: float
    bound: float
    gap: float
    status: PortfolioStatus


class _Choosing:
    """What may be chosen together, checked: pay-offs, costs, pairs (first needs second) and exclusive pairs."""

    def __init__(
        self,
        payoff: pd.DataFrame,
        costs: Mapping[str, float],
        budgets: Sequence[float],
        combine: Combine,
        exclusive: Collection[tuple[str, str]],
        needs: Mapping[str, Collection[str]] | None,
    ) -> None:
        self.f = _values(payoff, True)
        self.names, self.scenarios = list(payoff.index), list(payoff.columns)
        self.combine = combine
        if np.isnan(self.f).any() or self.f.shape[1] == 0:
            raise ValueError("A portfolio needs every pay-off and at least one scenario.")
        before = {name: tuple(many) for name, many in (needs or {}).items()}
        known = set(self.names)
        if set(costs) != known or not {n for pair in exclusive for n in pair} <= known:
            raise ValueError("Costs must name every measure once, and exclusive pairs only known measures.")
        if not set(before) | {n for many in before.values() for n in many} <= known:
            raise ValueError("Needs may name known measures only.")
        if any(a == b for a, b in exclusive):
            raise ValueError("A measure cannot exclude itself.")
        self.price = np.array([costs[n] for n in self.names], dtype=float)
        money = np.array([*self.price, *budgets], dtype=float)
        if not np.isfinite(money).all() or (money < 0).any():
            raise ValueError("Costs and budget must be finite and not negative.")
        place = {name: i for i, name in enumerate(self.names)}
        self.apart = [(place[a], place[b]) for a, b in exclusive]
        self.needs = [(place[a], place[b]) for a, many in before.items() for b in many if a != b]

    def allowed(self) -> np.ndarray:
        """All portfolios that hold what they need and nothing that excludes: a mask a row."""
        m = len(self.names)
        # The first measure is the highest bit, so that of equals the portfolio with earlier measures stands last.
        taken = (np.arange(2**m)[:, None] >> np.arange(m)[::-1]) & 1 > 0
        kept = np.ones(len(taken), dtype=bool)
        for a, b in self.apart:
            kept &= ~(taken[:, a] & taken[:, b])
        for a, b in self.needs:
            kept &= ~taken[:, a] | taken[:, b]
        return taken[kept]

    def paid(self, taken: np.ndarray) -> np.ndarray:
        """Pay-off by scenario of the measures taken (a mask, or one mask a row); nothing taken pays 0."""
        if self.combine == "sum":
            return taken @ self.f
        # None counts where all that are taken would do harm: they are held, not used.
        return np.stack([np.where(taken, column, 0.0).max(axis=-1, initial=0.0) for column in self.f.T], axis=-1)


def portfolio(
    payoff: pd.DataFrame,
    costs: Mapping[str, float],
    budget: float,
    *,
    combine: Combine = "sum",
    exclusive: Collection[tuple[str, str]] = (),
    needs: Mapping[str, Collection[str]] | None = None,
    expected: Mapping[str, float] | None = None,
    seconds: float = 10.0,
) -> Portfolio:
    """Affordable measures by minimax regret, solved as mixed-integer programmes (HiGHS through scipy).

    ``combine``: "sum" adds the pay-offs of the chosen measures; "best" counts only the best of them in each scenario
    (options that are held). Choosing nothing costs and pays 0. ``exclusive``: pairs of which at most one is taken.
    ``needs``: measure -> those that must be taken with it. ``expected``: weights of scenarios; with them the portfolio
    has the highest expected pay-off instead, and ``bound`` and ``gap`` are those of the pay-off, not of the regret.
    The regret is measured against the best affordable portfolio in each scenario. Of equally good portfolios the one
    that does better by the other yardstick is returned, with the expected pay-off by equal weights unless given, and of
    those a cheapest one, when time allows. ``seconds`` is shared by all programmes. ValueError for missing pay-offs,
    costs that are missing or negative, a negative budget, unknown measures.
    """
    from time import monotonic

    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    found = _Choosing(payoff, costs, [budget], combine, exclusive, needs)
    f, price, scenarios = found.f, found.price, found.scenarios
    m, n = f.shape
    by_mean = expected is not None
    share = np.full(n, 1 / n) if expected is None else _shares(expected, scenarios, "scenario")
    # Columns: measures taken (m), for "best" which measure counts in which scenario (n x m), the largest regret (1).
    counts = n * m if combine == "best" else 0
    width = m + counts + 1
    gain = np.zeros((n, width))
    rows: list[np.ndarray] = []
    upper: list[float] = []

    def limit(coefficients: Mapping[int, float], top: float) -> None:
        row = np.zeros(width)
        for column, coefficient in coefficients.items():
            row[column] = coefficient
        rows.append(row)
        upper.append(top)

    limit(dict(enumerate(price)), budget)
    for a, b in found.apart:
        limit({a: 1.0, b: 1.0}, 1.0)
    for a, b in found.needs:
        limit({a: 1.0, b: -1.0}, 0.0)
    for s in range(n):
        if combine == "sum":
            gain[s, :m] = f[:, s]
            continue
        start = m + s * m
        gain[s, start : start + m] = f[:, s]
        # At most one counts: none at all is the pay-off 0 of doing nothing.
        limit({start + i: 1.0 for i in range(m)}, 1.0)
        for i in range(m):
            limit({start + i: 1.0, i: -1.0}, 0.0)
    binary = np.concatenate((np.ones(width - 1), [0.0]))
    bounds = Bounds(np.zeros(width), np.concatenate((np.ones(width - 1), [np.inf])))
    end = monotonic() + seconds
    settled = True

    def solve(goal: np.ndarray, more: np.ndarray | None = None, tops: np.ndarray | None = None) -> tuple:
        left = np.array(rows) if more is None else np.vstack((rows, more))
        right = np.array(upper) if tops is None else np.concatenate((upper, tops))
        found = milp(
            goal,
            integrality=binary,
            bounds=bounds,
            constraints=LinearConstraint(csr_array(left), -np.inf, right),
            options={"time_limit": max(end - monotonic(), 0.01), "mip_rel_gap": 0.0},
        )
        return found.x, found.mip_dual_bound, found.status == 0

    # Pay-offs are worked out from the measures taken, so that rounding of the solver is not reported.
    paid = found.paid
    best, known = np.zeros(n), np.zeros(n)
    for s in range(n):
        x, low, proven = solve(-gain[s])
        settled &= proven
        known[s] = paid(x[:m] > 0.5)[s] if x is not None else 0.0
        best[s] = known[s] if proven or low is None or not np.isfinite(low) else max(known[s], -low)
    loss = np.zeros(width)
    loss[-1] = 1.0
    more = -gain.copy()
    more[:, -1] = -1.0
    goals = [-(share @ gain), loss] if by_mean else [loss, -(share @ gain)]
    x, low, proven = solve(goals[0], more, -best)
    exact = proven and (settled or by_mean)
    if x is None:
        nan = float("nan")
        none = dict.fromkeys(scenarios, nan)
        return Portfolio((), nan, none, none, nan, nan, nan, PortfolioStatus.FAILED)
    taken = x[:m] > 0.5

    def reached(taken: np.ndarray) -> list[float]:
        """What each goal comes to."""
        both = [float((best - paid(taken)).max()), -float(share @ paid(taken))]
        return both[::-1] if by_mean else both

    score = reached(taken)[0]
    tops, money = -best, np.append(price, np.zeros(width - m))
    for done, goal in enumerate([goals[1], money] if exact else [], 1):
        more, tops = np.vstack((more, goals[done - 1])), np.append(tops, reached(taken)[done - 1] + TOLERANCE)
        better, _, found_better = solve(goal, more, tops)
        if not found_better or reached(better[:m] > 0.5)[0] > score + TOLERANCE:
            break
        taken = better[:m] > 0.5
    own = best - paid(taken)
    worst = max(float(own.max()), 0.0)
    if not by_mean:
        # Where a scenario's best is only bounded from above, the regret is the most it can be and only 0 is sure below.
        least = max(float(low), 0.0) if settled and low is not None and np.isfinite(low) else 0.0
        bound = worst if exact else min(least, worst)
        gap = worst - bound
    else:
        mean = -score
        bound = mean if exact or low is None or not np.isfinite(low) else max(mean, -float(low))
        gap = bound - mean
    return Portfolio(
        measures=tuple(name for name, take in zip(found.names, taken, strict=True) if take),
        cost=float(price[taken].sum()),
        regret={name: float(max(value, 0.0)) for name, value in zip(scenarios, own, strict=True)},
        payoff={name: float(value) for name, value in zip(scenarios, paid(taken), strict=True)},
        worst_regret=worst,
        bound=bound,
        gap=gap,
        status=PortfolioStatus.OPTIMAL if exact else PortfolioStatus.STOPPED,
    )


def portfolios(
    payoff: pd.DataFrame,
    costs: Mapping[str, float],
    budgets: Sequence[float],
    *,
    combine: Combine = "sum",
    exclusive: Collection[tuple[str, str]] = (),
    needs: Mapping[str, Collection[str]] | None = None,
    expected: Mapping[str, float] | None = None,
    seconds: float = 10.0,
) -> list[Portfolio]:
    """``portfolio`` for each of ``budgets``, in their order.

    With up to ``ENUMERABLE`` measures every portfolio that may be is looked at once, which is exact and serves all
    budgets; of those that are equal by everything the one with earlier measures is returned. With more measures each
    budget is solved on its own, ``seconds`` shared evenly.
    """
    if len(payoff) > ENUMERABLE:
        each = seconds / max(len(budgets), 1)
        return [
            portfolio(
                payoff,
                costs,
                budget,
                combine=combine,
                exclusive=exclusive,
                needs=needs,
                expected=expected,
                seconds=each,
            )
            for budget in budgets
        ]
    found = _Choosing(payoff, costs, budgets, combine, exclusive, needs)
    n = len(found.scenarios)
    share = np.full(n, 1 / n) if expected is None else _shares(expected, found.scenarios, "scenario")
    taken = found.allowed()
    price, paid = taken @ found.price, found.paid(taken)
    mean = paid @ share
    return [_best(found, taken, price, paid, mean, float(budget), expected is not None) for budget in budgets]


def budget_steps(
    costs: Mapping[str, float],
    *,
    exclusive: Collection[tuple[str, str]] = (),
    needs: Mapping[str, Collection[str]] | None = None,
    at_most: int = 400,
) -> list[float]:
    """Budgets at which more can be paid for than before, rising from 0: what some allowed portfolio costs.

    Between two of them nothing changes. Of more than ``at_most``, or of more than ``ENUMERABLE`` measures, that many
    even steps up to the cost of all are given instead.
    """
    total = sum(costs.values())
    even = [total * step / at_most for step in range(at_most + 1)]
    if len(costs) > ENUMERABLE:
        return even
    none = pd.DataFrame(0.0, list(costs), ["any"])
    found = _Choosing(none, costs, [], "sum", exclusive, needs)
    steps = np.unique(np.round(found.allowed() @ found.price, 9)).tolist()
    return steps if len(steps) <= at_most else even


def _best(
    found: _Choosing,
    taken: np.ndarray,
    price: np.ndarray,
    paid: np.ndarray,
    mean: np.ndarray,
    budget: float,
    by_mean: bool,
) -> Portfolio:
    """The best of these portfolios (masks a row, with their costs, pay-offs by scenario and means) that is paid for."""
    within = np.flatnonzero(price <= budget + TOLERANCE)
    loss = paid[within].max(axis=0) - paid[within]
    worst, gain = loss.max(axis=1), -mean[within]
    first, second = (gain, worst) if by_mean else (worst, gain)
    # Values nearer than the tolerance are equal; of equals the last stands for earlier measures.
    kept = np.flatnonzero(first <= first.min() + TOLERANCE)
    for values in (second, price[within]):
        kept = kept[values[kept] <= values[kept].min() + TOLERANCE]
    at = kept[-1]
    row = within[at]
    regret = loss[at]
    score = float(mean[row]) if by_mean else float(worst[at])
    return Portfolio(
        measures=tuple(name for name, take in zip(found.names, taken[row], strict=True) if take),
        cost=float(price[row]),
        regret={name: float(value) for name, value in zip(found.scenarios, regret, strict=True)},
        payoff={name: float(value) for name, value in zip(found.scenarios, paid[row], strict=True)},
        worst_regret=float(worst[at]),
        bound=score,
        gap=0.0,
        status=PortfolioStatus.OPTIMAL,
    )

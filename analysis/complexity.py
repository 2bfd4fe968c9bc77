"""How complex industries and regions are, and what a region could become.

``m`` is a frame of regions (rows) x industries (columns): 1 present, 0 absent, NaN unknown. ``portfolio`` makes all
measures in one pass from amounts; the other functions make one each. Scores that cannot be told are missing, and the
diagnostics say why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis import bipartite
from analysis.relatedness import (
    Network,
    density,
    distance,
    edges,
    holders,
    incidence,
    network_layout,
    proximity,
    related,
    relative_density,
    square,
)
from analysis.specialisation import amounts, quotients_and_presence

__all__ = [
    "CONVENTIONS",
    "Complexity",
    "Conventions",
    "Core",
    "Diagnostics",
    "Diamond",
    "Fitness",
    "Network",
    "Portfolio",
    "Reason",
    "Reflections",
    "State",
    "clean",
    "complexity",
    "complexity_from",
    "density",
    "diamond",
    "distance",
    "edges",
    "fitness",
    "gain",
    "holders",
    "network_layout",
    "outlook",
    "portfolio",
    "proximity",
    "reflections",
    "related",
    "relative_density",
]


class Reason(StrEnum):
    """Why a region or industry has no score."""

    NO_ACTIVITY = "no_activity"
    SIZE = "size"
    REFERENCE = "reference"
    DIVERSITY = "diversity"
    UBIQUITY = "ubiquity"
    COMPONENT = "component"


class State(StrEnum):
    """Whether complexity could be told."""

    OK = "ok"
    TOO_SMALL = "too_small"
    DISCONNECTED = "disconnected"
    NOT_IDENTIFIED = "not_identified"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Conventions:
    """What is left to choice in the literature, by name; ``as_text`` is what stands under a chart.

    Attributes:
        threshold: location quotient from which an industry is present.
        minimum: amount that it must have as well.
        basis: of the proximity, see ``relatedness.proximity``.
        diagonal: whether an industry is near to itself.
        pci_scale: ``eci`` (mean and deviation of the ECI, so that the ECI of a region is the mean PCI of what it
            holds), ``own`` (mean 0 and population standard deviation 1 of its own).
        loss_term: whether the gain is less what the candidate itself contributes to the outlook (Hausmann et al. 2014;
            left out in the package for Stata).
        disconnected: what to do with a network of separate parts: ``refuse`` (no scores), ``largest`` (scores for the
            largest part).
        minimum_region, minimum_industry: total below which a region or an industry stays out of the core.
        minimum_diversity, minimum_ubiquity: of the core, applied again and again until all that stay have them.
        regions: regions that proximity and PCI rest on (the reference set); None: all.
        eci_for: ``core`` or ``all``: whether regions outside the core get the mean PCI of what they hold.
        precision: of products; ``auto`` is ``single`` for large tables.
    """

    threshold: float = 1.0
    minimum: float = 0.0
    basis: Literal["minimum", "cosine", "jaccard", "association"] = "minimum"
    diagonal: bool = False
    pci_scale: Literal["eci", "own"] = "eci"
    loss_term: bool = True
    disconnected: Literal["refuse", "largest"] = "refuse"
    minimum_region: float = 0.0
    minimum_industry: float = 0.0
    minimum_diversity: int = 1
    minimum_ubiquity: int = 1
    regions: tuple[str, ...] | None = None
    eci_for: Literal["core", "all"] = "core"
    precision: Literal["auto", "single", "double"] = "auto"

    def __post_init__(self) -> None:
        choices = {
            "basis": bipartite.BASES,
            "pci_scale": ("eci", "own"),
            "disconnected": ("refuse", "largest"),
            "eci_for": ("core", "all"),
            "precision": ("auto", "single", "double"),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, not {getattr(self, name)}.")
        if min(self.minimum_diversity, self.minimum_ubiquity) < 1:
            raise ValueError("Diversity and ubiquity of the core are at least 1.")

    def as_text(self) -> dict[str, str]:
        """Each choice by name, as text."""
        chosen = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if self.regions is not None:
            chosen["regions"] = len(self.regions)
        return {name: "all" if value is None else str(value) for name, value in chosen.items()}


CONVENTIONS = Conventions()

DROPPED = ("kind", "unit", "reason", "value", "limit", "round")


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """What one has to know of a score.

    Attributes:
        state: whether there are scores, and why not.
        regions, industries: number in the core.
        components: separate parts of its network; 0 when it is empty.
        sigma_2, sigma_3: second and third singular value of the scaled presence (the first is 1): the closer the second
            to 1, the more nearly the network falls apart; the closer the third to the second, the less the score is
            told from another one.
        correlation: of ECI and diversity in the core, made positive; close to 0 the sign is hardly told.
        orientation: what gave the sign: ``diversity`` or ``given`` figures.
        products: products of presence and vector that it took; 0 where the shorter side's own matrix was made.
        precision: ``single`` or ``double``.
        unknown: cells that are unknown and count as absent in proximity and complexity.
        dropped: [kind (``region``, ``industry``), unit, reason (``Reason``), value, limit, round]: what is not in the
            core and why; ``round`` 1 fell at once, later ones after others had.
    """

    state: State = State.OK
    regions: int = 0
    industries: int = 0
    components: int = 0
    sigma_2: float = np.nan
    sigma_3: float = np.nan
    correlation: float = np.nan
    orientation: str = "diversity"
    products: int = 0
    precision: str = "double"
    unknown: int = 0
    dropped: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DROPPED)))

    def as_dict(self) -> dict[str, Any]:
        """For storing as JSON: numbers and texts, missing ones as None, and ``dropped`` as a list of records."""
        result: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, pd.DataFrame):
                value = [{k: _plain(v) for k, v in row.items()} for row in value.to_dict("records")]
            result[name] = _plain(value)
        return result


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not np.isfinite(value) else value


@dataclass(frozen=True, eq=False)
class Core:
    """Regions and industries that scores rest on, and what was ``dropped`` (see ``Diagnostics``)."""

    regions: pd.Index
    industries: pd.Index
    dropped: pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Core:
    """The same as masks (R) and (C), with why and when each of the others fell."""

    rows: np.ndarray
    columns: np.ndarray
    dropped: pd.DataFrame


def _core(
    m: np.ndarray,
    regions: pd.Index,
    industries: pd.Index,
    region_total: np.ndarray | None,
    industry_total: np.ndarray | None,
    conventions: Conventions,
) -> _Core:
    """The core after size, reference set, and diversity and ubiquity in rounds."""
    diversity, ubiquity = m.sum(axis=1), m.sum(axis=0)
    why: list[dict[str, np.ndarray]] = []

    def start(
        kind: str, labels: pd.Index, total: np.ndarray | None, limit: float, chosen: np.ndarray | None
    ) -> np.ndarray:
        stays = np.ones(len(labels), dtype=bool)
        steps: list[tuple[Reason, np.ndarray, np.ndarray, float]] = []
        if total is not None:
            steps.append((Reason.NO_ACTIVITY, ~(total > 0), total, 0.0))
            steps.append((Reason.SIZE, total < limit, total, limit))
        if chosen is not None:
            steps.append((Reason.REFERENCE, ~chosen, np.full(len(labels), np.nan), np.nan))
        for reason, out, values, bound in steps:
            fell = stays & out
            why.append(_fallen(kind, labels, fell, reason, values, bound, np.ones(len(labels), dtype=int)))
            stays &= ~fell
        return stays

    chosen = None
    if conventions.regions is not None:
        if lacking := [r for r in conventions.regions if r not in regions]:
            raise ValueError(f"The reference set has {lacking[0]}, which is not among the regions.")
        chosen = regions.isin(conventions.regions)
    rows = start("region", regions, region_total, conventions.minimum_region, chosen)
    columns = start("industry", industries, industry_total, conventions.minimum_industry, None)
    least = conventions.minimum_diversity, conventions.minimum_ubiquity
    row_round, column_round = bipartite.core(m, rows, columns, *least)
    for kind, labels, turn, held, limit, reason in (
        ("region", regions, row_round, diversity, least[0], Reason.DIVERSITY),
        ("industry", industries, column_round, ubiquity, least[1], Reason.UBIQUITY),
    ):
        why.append(_fallen(kind, labels, turn > 0, reason, held, limit, turn))
    return _Core(row_round == 0, column_round == 0, _joined(why))


def _fallen(
    kind: str, labels: pd.Index, fell: np.ndarray, reason: Reason, values: np.ndarray, limit: float, turn: np.ndarray
) -> dict[str, np.ndarray]:
    count = int(fell.sum())
    return {
        "kind": np.full(count, kind, dtype=object),
        "unit": labels.to_numpy(object)[fell],
        "reason": np.full(count, reason, dtype=object),
        "value": np.asarray(values, dtype=float)[fell],
        "limit": np.full(count, float(limit)),
        "round": np.asarray(turn, dtype=int)[fell],
    }


def _joined(parts: Sequence[dict[str, np.ndarray]]) -> pd.DataFrame:
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in DROPPED})


def clean(m: pd.DataFrame, x: pd.DataFrame | None = None, conventions: Conventions = CONVENTIONS) -> Core:
    """Which regions and industries are large, diverse and common enough to rest scores on, and why others are not.

    ``x`` are the amounts that ``m`` was made from: with them totals are compared with ``minimum_region`` and
    ``minimum_industry``. Without cleaning, the smallest territories lead the ranking (see the diagnostics' tests).
    """
    values, _ = incidence(m)
    totals: tuple[np.ndarray | None, np.ndarray | None] = (None, None)
    if x is not None:
        if not (x.index.equals(m.index) and x.columns.equals(m.columns)):
            raise ValueError("Amounts and presence must have the same regions and industries in the same order.")
        a = amounts(x)
        totals = a.region_total, a.industry_sum
    elif conventions.minimum_region > 0 or conventions.minimum_industry > 0:
        raise ValueError("A minimum size needs the amounts.")
    core = _core(values, m.index, m.columns, *totals, conventions)
    return Core(m.index[core.rows], m.columns[core.columns], core.dropped)


@dataclass(frozen=True, eq=False)
class Complexity:
    """Complexity of regions (``eci``, R) and industries (``pci``, C), in the order of the input; NaN outside the core.

    Diversity and ubiquity are counted over everything.
    """

    eci: pd.Series
    pci: pd.Series
    diversity: pd.Series
    ubiquity: pd.Series
    diagnostics: Diagnostics


def complexity(
    m: pd.DataFrame,
    conventions: Conventions = CONVENTIONS,
    core: Core | None = None,
    orientation: pd.Series | None = None,
) -> Complexity:
    """Economic and product complexity index (Hidalgo and Hausmann 2009) by the second singular pair of the presence.

    ECI: eigenvector of the second largest eigenvalue of D^-1 M U^-1 M', standardised with the population standard
    deviation of the regions of the core; PCI the eigenvector of the same sign of the other side, scaled by
    ``pci_scale``. Sign: ECI correlates with diversity.

    Args:
        m: presence.
        conventions: ``pci_scale``, ``disconnected``, ``eci_for`` and the rules of the core.
        core: regions and industries to rest on, from ``clean``; by default made here, without regard to size.
        orientation: figures by region that the ECI must correlate with, in place of diversity.

    Returns:
        Scores, missing when the network falls apart (and ``disconnected`` is ``refuse``), when the second and third
        singular value are equal (not identified), or when the sign cannot be told (undetermined).
    """
    values, known = incidence(m)
    if core is None:
        masks = _core(values, m.index, m.columns, None, None, conventions)
    else:
        masks = _Core(m.index.isin(core.regions), m.columns.isin(core.industries), core.dropped)
    toward = None if orientation is None else orientation.reindex(m.index).to_numpy(float)
    unknown = 0 if known is None else int(known.size - known.sum())
    eci, pci, diagnostics = _scores(values, masks, m.index, m.columns, conventions, toward)
    return Complexity(
        pd.Series(eci, index=m.index, name="eci"),
        pd.Series(pci, index=m.columns, name="pci"),
        pd.Series(values.sum(axis=1, dtype=float), index=m.index, name="diversity"),
        pd.Series(values.sum(axis=0, dtype=float), index=m.columns, name="ubiquity"),
        replace(diagnostics, unknown=unknown),
    )


def _scores(
    m: np.ndarray,
    core: _Core,
    regions: pd.Index,
    industries: pd.Index,
    conventions: Conventions,
    toward: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, Diagnostics]:
    """ECI (R), PCI (C) and diagnostics."""
    eci, pci = np.full(len(regions), np.nan), np.full(len(industries), np.nan)
    rows, columns = core.rows, core.columns
    small = m if rows.all() and columns.all() else np.ascontiguousarray(m[np.ix_(rows, columns)])
    found = Diagnostics(
        regions=len(small),
        industries=small.shape[1],
        orientation="diversity" if toward is None else "given",
        precision="single" if m.dtype == np.float32 else "double",
        dropped=core.dropped,
    )
    if small.size == 0:
        return eci, pci, replace(found, state=State.TOO_SMALL)
    count, row_part, column_part = bipartite.components(small)
    found = replace(found, components=count)
    if count > 1:
        if conventions.disconnected == "refuse":
            return eci, pci, replace(found, state=State.DISCONNECTED, sigma_2=1.0)
        sizes = np.bincount(np.append(row_part, column_part))
        largest = int(np.argmax(sizes))
        inner = _Core(rows.copy(), columns.copy(), core.dropped)
        inner.rows[rows], inner.columns[columns] = row_part == largest, column_part == largest
        parts = [
            _fallen(kind, labels, old & ~new, Reason.COMPONENT, np.full(len(labels), np.nan), np.nan, old.astype(int))
            for kind, labels, old, new in (
                ("region", regions, rows, inner.rows),
                ("industry", industries, columns, inner.columns),
            )
        ]
        dropped = pd.concat([core.dropped, _joined(parts)], ignore_index=True)
        eci, pci, found = _scores(m, replace(inner, dropped=dropped), regions, industries, conventions, toward)
        return eci, pci, replace(found, components=count)
    if min(small.shape) < 2:
        return eci, pci, replace(found, state=State.TOO_SMALL)
    diversity, ubiquity = small.sum(axis=1, dtype=float), small.sum(axis=0, dtype=float)
    pair = bipartite.spectrum(small, diversity, ubiquity)
    found = replace(found, sigma_2=pair.sigma_2, sigma_3=pair.sigma_3, products=pair.products)
    single = m.dtype == np.float32
    # What rounding leaves between two equal values.
    tie = 1e-5 if single else 1e-8
    if pair.sigma_2 - pair.sigma_3 < tie or pair.sigma_2**2 < tie**1.5 or np.std(pair.rows) == 0:
        return eci, pci, replace(found, state=State.NOT_IDENTIFIED)
    sign, correlation = _sign(pair.rows, diversity if toward is None else toward[rows], 1e-5 if single else 1e-9)
    found = replace(found, correlation=abs(correlation))
    if sign == 0:
        return eci, pci, replace(found, state=State.UNDETERMINED)
    centre, spread = sign * pair.rows.mean(), pair.rows.std()
    eci[rows] = (sign * pair.rows - centre) / spread
    pci[columns] = (sign * pair.columns - centre) / spread
    if conventions.eci_for == "all":
        eci[~rows] = _mean_of_held(m[~rows], pci)
    if conventions.pci_scale == "own":
        pci = (pci - np.nanmean(pci)) / np.nanstd(pci)
    return eci, pci, found


def _sign(rows: np.ndarray, toward: np.ndarray, tie: float) -> tuple[int, float]:
    there = ~np.isnan(toward)
    a, b = rows[there], toward[there]
    if len(a) < 2 or np.std(b) <= 1e-12 * np.abs(b).max() or np.std(a) == 0:
        return 0, np.nan
    correlation = float(np.corrcoef(a, b)[0, 1])
    return (0, correlation) if abs(correlation) < tie else (1 if correlation > 0 else -1, correlation)


def _mean_of_held(m: np.ndarray, pci: np.ndarray) -> np.ndarray:
    """Mean PCI of what each row holds, of those that have one; NaN for none."""
    there = ~np.isnan(pci)
    held = m @ there.astype(m.dtype)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(held > 0, m @ np.where(there, pci, 0.0) / held, np.nan)


def complexity_from(m: pd.DataFrame, pci: pd.Series) -> pd.Series:
    """ECI of regions from a PCI of elsewhere (a reference set, the world): the mean over what each holds.

    Comparable with the ECI that belongs to this PCI on its ``eci`` scale. NaN where a region holds nothing of it.
    """
    values, _ = incidence(m)
    return pd.Series(_mean_of_held(values, pci.reindex(m.columns).to_numpy(float)), index=m.index, name="eci")


@dataclass(frozen=True, eq=False)
class Reflections:
    """Averages of averages: ``regions`` (R x steps + 1) and ``industries`` (C x steps + 1), column = step."""

    regions: pd.DataFrame
    industries: pd.DataFrame


def reflections(m: pd.DataFrame, steps: int = 18) -> Reflections:
    """Method of reflections (Hidalgo and Hausmann 2009): step 0 diversity and ubiquity, then means of the other side.

    Even steps of regions speak of diversity, odd ones of the ubiquity of what they hold. Differences shrink with each
    step, while ranks tend to those of the eigenvector: a fixed number of steps is not a converged score. NaN for what
    has nothing.
    """
    values, _ = incidence(m)
    values = values.astype(float)
    diversity, ubiquity = values.sum(axis=1), values.sum(axis=0)
    # An empty row or column is nobody's neighbour: with its own number as it is, it makes no other one missing.
    held = values / np.maximum(diversity, 1)[:, None]
    by = values / np.maximum(ubiquity, 1)[None, :]
    a, b = [diversity], [ubiquity]
    for _ in range(steps):
        a, b = [*a, held @ b[-1]], [*b, a[-1] @ by]
    regions, industries = np.column_stack(a), np.column_stack(b)
    regions[diversity == 0], industries[ubiquity == 0] = np.nan, np.nan
    return Reflections(pd.DataFrame(regions, index=m.index), pd.DataFrame(industries, index=m.columns))


@dataclass(frozen=True, eq=False)
class Fitness:
    """Fitness of regions (R) and complexity of industries (C), mean 1 each, or logs; NaN for what has nothing.

    ``converged``: the order of regions and industries stayed the same for ``stable`` iterations. ``vanishing``: regions
    whose fitness tends to nothing (below 1e-9), which happens in the corner of a nested network without a floor.
    """

    fitness: pd.Series
    complexity: pd.Series
    iterations: int
    converged: bool
    vanishing: int
    floor: float


def fitness(
    m: pd.DataFrame,
    floor: float = 0.0,
    iterations: int | None = None,
    stable: int = 20,
    limit: int = 1000,
    logs: bool = False,
) -> Fitness:
    """Fitness and complexity (Tacchella et al. 2012): F' = M Q, Q' = 1 / (M' (1 / F)) with the old F, means of 1.

    Scores of the corner of a nested network tend to nothing and never converge (Pugliese et al. 2016): iterations stop
    when the order has stayed the same for ``stable`` of them, at ``limit`` in any case. ``floor`` is added to F before
    its mean is made 1, which bounds it from below (the idea of Servedio et al. 2018). ``iterations`` makes exactly so
    many. Both start at 1.
    """
    values, _ = incidence(m)
    rows, columns = values.sum(axis=1) > 0, values.sum(axis=0) > 0
    small = values[np.ix_(rows, columns)].astype(float)
    f, q = np.ones(len(small)), np.ones(small.shape[1])
    done, same, order = 0, 0, None
    converged = False
    while small.size and done < (limit if iterations is None else iterations):
        with np.errstate(divide="ignore", over="ignore"):
            new_f = small @ q + floor
            new_q = 1 / np.maximum(small.T @ (1 / np.maximum(f, 1e-300)), 1e-300)
        f, q = new_f / new_f.mean(), new_q / new_q.mean()
        done += 1
        now = tuple(np.argsort(_digits(part), kind="stable").tobytes() for part in (f, q))
        same = same + 1 if now == order else 0
        order = now
        converged = same >= stable
        if converged and iterations is None:
            break
    with np.errstate(divide="ignore"):
        out_f, out_q = (np.log(f), np.log(q)) if logs else (f, q)
    full_f, full_q = np.full(len(rows), np.nan), np.full(len(columns), np.nan)
    full_f[rows], full_q[columns] = out_f, out_q
    return Fitness(
        pd.Series(full_f, index=m.index, name="fitness"),
        pd.Series(full_q, index=m.columns, name="complexity"),
        done,
        converged,
        int((f < 1e-9).sum()),
        floor,
    )


def _digits(values: np.ndarray) -> np.ndarray:
    """Values to twelve digits, so that ties do not change their order with every rounding."""
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.round(mantissa, 12), exponent)


def outlook(m: pd.DataFrame, dense: pd.DataFrame, pci: pd.Series, standardise: bool = False) -> pd.Series:
    """Complexity outlook index (Hausmann et al. 2014): sum of density x PCI over what a region does not have.

    ``standardise``: as z-score with the population standard deviation. Returns (R); NaN where no density is known.
    Industries without PCI or density are left out.
    """
    score = pci.reindex(m.columns).to_numpy(float)
    terms = dense.where(m == 0).to_numpy(float) * score[None, :]
    some = dense.notna().to_numpy().any(axis=1) & (~np.isnan(score)).any()
    result = pd.Series(np.where(some, np.nansum(terms, axis=1), np.nan), index=m.index, name="outlook")
    return (result - result.mean()) / result.std(ddof=0) if standardise else result


def gain(
    m: pd.DataFrame, near: pd.DataFrame, pci: pd.Series, dense: pd.DataFrame | None = None, loss_term: bool = True
) -> pd.DataFrame:
    """Complexity outlook gain (Hausmann et al. 2014): what a new industry adds to the outlook of the region.

    Sum over the industries c' that the region lacks of phi(c, c') / total proximity of c' x PCI of c' — the total of
    the target, since it is its density that rises — less density x PCI of the industry itself when ``loss_term`` (it
    is then no longer an option). Returns (R x C) for what the region does not have, else NaN.
    """
    values, known = incidence(m)
    pairs = square(near, m.columns).astype(values.dtype, copy=False)
    dense = density(m, near) if dense is None else dense
    looks = dense.to_numpy(dtype=values.dtype)
    _, gains = bipartite.outlook_and_gain(
        values, pairs, looks, pci.reindex(m.columns).to_numpy(float), known, loss_term
    )
    return pd.DataFrame(gains, index=m.index, columns=m.columns, copy=False)


QUADRANTS = ("high_road", "slow_road", "casino", "dead_end")


@dataclass(frozen=True, eq=False)
class Diamond:
    """Options of regions by relatedness and complexity.

    Attributes:
        options: [region, industry, density, complexity, quadrant]: what the regions do not have; ``high_road`` (near
            and complex), ``slow_road`` (near, simple), ``casino`` (far, complex), ``dead_end`` (far, simple); None when
            density or complexity is missing. On the line counts as near or complex.
        lines: [region, density, complexity] where the quadrants meet.
        split: ``region`` or ``pooled``; ``centre``: ``mean`` or ``median``.
    """

    options: pd.DataFrame
    lines: pd.DataFrame
    split: str
    centre: str


def diamond(
    m: pd.DataFrame,
    dense: pd.DataFrame,
    score: pd.Series | pd.DataFrame,
    split: Literal["region", "pooled"] = "region",
    centre: Literal["mean", "median"] = "mean",
    regions: Sequence[str] | None = None,
) -> Diamond:
    """Smart-specialisation diamond (Balland, Boschma, Crespo and Rigby 2019) of the industries that regions lack.

    Args:
        m: presence.
        dense: density (R x C), or relative density.
        score: complexity by industry, or gain by region and industry (R x C).
        split: quadrants meet at the centre of the region's own options or of those of all regions together.
        centre: ``mean`` or ``median``.
        regions: rows to give; the pooled centre is that of all in any case.
    """
    if split not in ("region", "pooled") or centre not in ("mean", "median"):
        raise ValueError("The quadrants meet at the mean or median of the region's or of the pooled options.")
    x = dense.reindex(index=m.index, columns=m.columns).to_numpy(float)
    if isinstance(score, pd.DataFrame):
        y = score.reindex(index=m.index, columns=m.columns).to_numpy(float)
    else:
        y = np.broadcast_to(score.reindex(m.columns).to_numpy(float), m.shape)
    option = m.to_numpy(float) == 0
    there = option & ~np.isnan(x) & ~np.isnan(y)
    x_line, y_line = (_lines(values, there, split, centre) for values in (x, y))
    rows = np.arange(len(m)) if regions is None else m.index.get_indexer(pd.Index(regions))
    if (rows < 0).any():
        raise KeyError(f"There is no region {pd.Index(regions)[rows < 0][0]}.")
    row, column = np.nonzero(option[rows])
    row = rows[row]
    a, b = x[row, column], y[row, column]
    slack = [1e-9 * np.maximum(np.abs(line), 1e-12) for line in (x_line[row], y_line[row])]
    close, rich = a >= x_line[row] - slack[0], b >= y_line[row] - slack[1]
    names = np.array([*QUADRANTS, None], dtype=object)
    place = np.where(there[row, column], np.where(close, np.where(rich, 0, 1), np.where(rich, 2, 3)), 4)
    labels, industries = m.index.to_numpy(object), m.columns.to_numpy(object)
    options = pd.DataFrame(
        {"region": labels[row], "industry": industries[column], "density": a, "complexity": b}
    ).assign(quadrant=pd.Series(names[place], dtype=object))
    lines = pd.DataFrame({"region": labels[rows], "density": x_line[rows], "complexity": y_line[rows]})
    return Diamond(options, lines, split, centre)


def _lines(values: np.ndarray, there: np.ndarray, split: str, centre: str) -> np.ndarray:
    if split == "pooled":
        pool = values[there]
        middle = np.nan if not len(pool) else float(np.mean(pool) if centre == "mean" else np.median(pool))
        return np.full(len(values), middle)
    rows = pd.DataFrame(np.where(there, values, np.nan))
    return (rows.mean(axis=1) if centre == "mean" else rows.median(axis=1)).to_numpy()


@dataclass(frozen=True, eq=False)
class Portfolio:
    """All measures of one table; frames (R x C) and series in the order of the input.

    Attributes:
        lq: location quotients; presence: 1, 0, NaN unknown.
        proximity: (C x C); NaN for industries outside the core.
        density: (R x C); gain: (R x C), NaN for what is held.
        eci, diversity, outlook: (R); pci, ubiquity: (C).
        conventions: that were chosen. reference_contains: whether the reference area contains the regions (None: given
            from outside).
    """

    lq: pd.DataFrame
    presence: pd.DataFrame
    proximity: pd.DataFrame
    density: pd.DataFrame
    gain: pd.DataFrame
    eci: pd.Series
    pci: pd.Series
    diversity: pd.Series
    ubiquity: pd.Series
    outlook: pd.Series
    conventions: Conventions
    diagnostics: Diagnostics
    reference_contains: bool | None


def portfolio(x: pd.DataFrame, conventions: Conventions = CONVENTIONS, reference: pd.Series | None = None) -> Portfolio:
    """Everything from amounts (R x C) in one pass: quotients, presence, proximity, density, ECI, PCI, outlook, gain.

    Proximity and PCI rest on the core (``Conventions``: size, reference set, diversity, ubiquity); density, outlook
    and gain are made for all regions. Location quotients are against all regions or ``reference``. Same results as the
    functions one by one; large tables are worked on in single precision (six digits).
    """
    a = amounts(x, reference)
    auto = conventions.precision == "auto"
    kind = bipartite.precision(x.size) if auto else np.float32 if conventions.precision == "single" else np.float64
    lq, present = quotients_and_presence(a, conventions.threshold, conventions.minimum, kind)
    known = None
    m = present
    if np.isnan(present.sum()):
        known = (~np.isnan(present)).astype(kind)
        m = np.nan_to_num(present, nan=0.0)
    core = _core(m, a.regions, a.industries, a.region_total, a.industry_sum, conventions)
    eci, pci, diagnostics = _scores(m, core, a.regions, a.industries, conventions)
    basis = m if core.rows.all() else m[core.rows]
    near = bipartite.proximity(basis, conventions.basis, conventions.diagonal)
    outside = ~core.columns
    if outside.any():
        near[outside], near[:, outside] = 0, 0
    dense, _ = bipartite.density(m, near, known if a.unknown else None)
    idle = ~(a.region_total > 0)
    dense[idle] = np.nan
    looks, gains = bipartite.outlook_and_gain(m, near, dense, pci, known, conventions.loss_term)
    looks[idle] = np.nan
    if outside.any():
        near[outside], near[:, outside] = np.nan, np.nan
    regions, industries = a.regions, a.industries

    def cells(values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(values, index=regions, columns=industries, copy=False)

    return Portfolio(
        lq=cells(lq),
        presence=cells(present),
        proximity=pd.DataFrame(near, index=industries, columns=industries, copy=False),
        density=cells(dense),
        gain=cells(gains),
        eci=pd.Series(eci, index=regions, name="eci"),
        pci=pd.Series(pci, index=industries, name="pci"),
        diversity=pd.Series(m.sum(axis=1, dtype=float), index=regions, name="diversity"),
        ubiquity=pd.Series(m.sum(axis=0, dtype=float), index=industries, name="ubiquity"),
        outlook=pd.Series(looks, index=regions, name="outlook"),
        conventions=conventions,
        diagnostics=replace(diagnostics, unknown=a.unknown),
        reference_contains=a.contains,
    )

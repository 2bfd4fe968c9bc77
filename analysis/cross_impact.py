"""Cross-impact balances: which combinations of developments support one another.

Experts judge how the variant of one descriptor promotes (+3) or hinders (-3) the variants of another. Descriptors are
numbered 0 to D - 1, variants of all descriptors 0 to n - 1 in one row; rows of the matrix are sources, columns targets.
A state holds the number of the chosen variant within each descriptor, from 0.

Literature: W. Weimer-Jehle (2006), Cross-impact balances: a system-theoretical approach to cross-impact analysis,
Technological Forecasting and Social Change 73(4), 334-361; the same (2009), Properties of cross-impact balance
analysis, arXiv:0912.5352; E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
Journal of the American Statistical Association 22, 209-212.
"""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

SEED = 20260101

EPSILON = 1e-9
"""Balances of fractional judgements that are nearer than this are equal."""

LARGEST = 10_000.0
"""No judgement is larger either way; sums of larger ones might not be exact."""

BLOCK = 1 << 15
"""Partial scenarios that are worked on at once; small enough for the processor's cache."""

EXACT_STATES = 20_000_000
"""Basins of larger spaces are sampled."""

SAMPLES = 100_000
Z95 = 1.959963984540054

Rule = Literal["global", "incremental"]
Status = Literal["complete", "stopped"]


class MatrixError(ValueError):
    """A cross-impact matrix that cannot be computed with; the message names the place and what would be right."""


@dataclass(frozen=True)
class Descriptor:
    """A factor and the developments that it may take, in the order of the matrix."""

    name: str
    variants: tuple[str, ...]


def _number(cell: object, place: str) -> float:
    """A judgement as a number; text such as ``-2`` counts, an empty cell does not."""
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        value = math.nan
    if isinstance(cell, bool) or not abs(value) <= LARGEST:
        raise MatrixError(
            f"{place} holds {cell!r}; a number, usually from -3 to 3, would be right (0 for no influence)"
        )
    return value


def check_descriptors(descriptors: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    """The descriptors, when their names are there and differ; `MatrixError` otherwise."""
    result = tuple(descriptors)
    if not result:
        raise MatrixError("There is no descriptor; at least one with its variants would be right")
    seen: set[str] = set()
    for descriptor in result:
        if not descriptor.name.strip():
            raise MatrixError(f"Descriptor {len(seen) + 1} has no name; a name of its own would be right")
        if descriptor.name in seen:
            raise MatrixError(f"Descriptor “{descriptor.name}” stands there twice; a name of its own would be right")
        seen.add(descriptor.name)
        if not descriptor.variants:
            raise MatrixError(f"Descriptor “{descriptor.name}” has no variant; at least one would be right")
        for place, variant in enumerate(descriptor.variants):
            if not variant.strip():
                raise MatrixError(f"Variant {place + 1} of “{descriptor.name}” has no name; one would be right")
            if variant in descriptor.variants[:place]:
                raise MatrixError(f"“{descriptor.name}” has two variants “{variant}”; names that differ would be right")
    return result


@dataclass(frozen=True, eq=False)
class CrossImpactMatrix:
    """Descriptors with their judgements; make it with `from_cells` or `from_sections`, which check what they get.

    Attributes:
        descriptors: the D descriptors.
        values: judgements, (n, n) float; row = source variant, column = target variant. Diagonal sections may hold
            judgements: how a variant supports itself or its rivals.
    """

    descriptors: tuple[Descriptor, ...]
    values: np.ndarray

    @classmethod
    def from_cells(cls, descriptors: Iterable[Descriptor], cells: Sequence[Sequence[object]]) -> "CrossImpactMatrix":
        """From n rows of n cells (numbers, or numbers as text). `MatrixError` names the section of a wrong cell."""
        checked = check_descriptors(descriptors)
        names = [(d.name, v) for d in checked for v in d.variants]
        if len(cells) != len(names):
            raise MatrixError(f"The matrix has {len(cells)} rows; {len(names)}, one for each variant, would be right")
        values = np.zeros((len(names), len(names)))
        for row, (line, (source, variant)) in enumerate(zip(cells, names, strict=True)):
            if len(line) != len(names):
                raise MatrixError(
                    f"Row “{source}: {variant}” has {len(line)} cells; "
                    f"{len(names)}, one for each variant, would be right"
                )
            for column, (cell, (target, other)) in enumerate(zip(line, names, strict=True)):
                place = f"Section “{source} → {target}”, cell “{variant} → {other}”,"
                values[row, column] = _number(cell, place)
        return cls(checked, values)

    @classmethod
    def from_sections(
        cls, descriptors: Iterable[Descriptor], sections: Mapping[tuple[str, str], Sequence[Sequence[object]]]
    ) -> "CrossImpactMatrix":
        """From judgement sections by names (source, target); a section that is not given holds no influence."""
        checked = check_descriptors(descriptors)
        result = cls(checked, np.zeros((sum(len(d.variants) for d in checked),) * 2))
        known = {d.name: number for number, d in enumerate(checked)}
        for (source, target), rows in sections.items():
            for name in (source, target):
                if name not in known:
                    raise MatrixError(f"Section “{source} → {target}” names “{name}”, which is no descriptor")
            i, j = known[source], known[target]
            high, wide = len(checked[i].variants), len(checked[j].variants)
            widths = {len(row) for row in rows}
            if len(rows) != high or widths != {wide}:
                found = " or ".join(map(str, sorted(widths))) or "0"
                raise MatrixError(
                    f"Section “{source} → {target}” has {len(rows)} rows and {found} columns; {high} rows (variants of "
                    f"“{source}”) and {wide} columns (variants of “{target}”) would be right"
                )
            for a, row in enumerate(rows):
                for b, cell in enumerate(row):
                    place = (
                        f"Section “{source} → {target}”, cell “{checked[i].variants[a]} → {checked[j].variants[b]}”,"
                    )
                    result.values[result.offsets[i] + a, result.offsets[j] + b] = _number(cell, place)
        return result

    def with_values(self, values: np.ndarray) -> "CrossImpactMatrix":
        """The same descriptors with other judgements, (n, n)."""
        values = np.asarray(values, dtype=float)
        if values.shape != self.values.shape:
            raise MatrixError(f"Judgements of shape {values.shape}; {self.values.shape} would be right")
        wrong = ~(np.abs(values) <= LARGEST)
        if wrong.any():
            row, column = (int(place[0]) for place in np.nonzero(wrong))
            i, j = self.owner[row], self.owner[column]
            raise MatrixError(
                f"Section “{self.descriptors[i].name} → {self.descriptors[j].name}” holds {values[row, column]}; "
                "a number, usually from -3 to 3, would be right (0 for no influence)"
            )
        return CrossImpactMatrix(self.descriptors, values)

    @cached_property
    def counts(self) -> np.ndarray:
        """Variants of each descriptor, (D,)."""
        return np.array([len(d.variants) for d in self.descriptors])

    @cached_property
    def offsets(self) -> np.ndarray:
        """First variant of each descriptor, and n at the end, (D + 1,)."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def owner(self) -> np.ndarray:
        """Descriptor of each variant, (n,)."""
        return np.repeat(np.arange(len(self.descriptors)), self.counts)

    @property
    def space(self) -> int:
        """Number of all scenarios, as an integer without bound."""
        return math.prod(len(d.variants) for d in self.descriptors)

    @cached_property
    def scaled(self) -> tuple[np.ndarray, int, bool]:
        """Judgements as whole numbers (n, n) int64, what one point of judgement became, and whether that is exact.

        Means of up to some dozens of judges are fractions with a small common denominator; times it, every balance is
        exact and a tie is a tie. Anything else is taken on a grid, and `EPSILON` decides.
        """
        for factor in (*range(1, 61), 120, 180, 420, 840, 2520, 5040):
            whole = np.rint(self.values * factor)
            if np.abs(self.values * factor - whole).max(initial=0.0) <= EPSILON:
                return whole.astype(np.int64), factor, True
        return np.rint(self.values * 1e12).astype(np.int64), 10**12, False

    @property
    def slack(self) -> int:
        """How much two balances may differ and still be equal, in units of `scaled`."""
        return 0 if self.scaled[2] else round(EPSILON * self.scaled[1])

    def named(self, state: Sequence[int] | np.ndarray) -> tuple[str, ...]:
        """Names of the chosen variants."""
        return tuple(d.variants[int(v)] for d, v in zip(self.descriptors, state, strict=True))

    def check_states(self, states: np.ndarray | Sequence[int] | Sequence[Sequence[int]]) -> np.ndarray:
        """States as (S, D) integers; `MatrixError` when they do not belong to these descriptors."""
        result = np.atleast_2d(np.asarray(states, dtype=np.int64))
        if result.size == 0:
            return result.reshape(0, len(self.counts))
        if result.ndim != 2 or result.shape[1] != len(self.counts):
            raise MatrixError(f"A scenario of {result.shape[-1]} choices; {len(self.counts)} would be right")
        wrong = (result < 0) | (result >= self.counts)
        if wrong.any():
            j = int(np.nonzero(wrong)[1][0])
            raise MatrixError(
                f"“{self.descriptors[j].name}” has variants 0 to {self.counts[j] - 1}; one would be right"
            )
        return result


def _balances(values: np.ndarray, offsets: np.ndarray, states: np.ndarray) -> np.ndarray:
    result = np.zeros((len(states), len(values)), dtype=values.dtype)
    for j in range(states.shape[1]):
        result += values[offsets[j] + states[:, j]]
    return result


def impact_balances(matrix: CrossImpactMatrix, states: np.ndarray | Sequence[int]) -> np.ndarray:
    """What speaks for and against each variant in each scenario: sum of the rows of the chosen variants, (S, n)."""
    return _balances(matrix.values, matrix.offsets, matrix.check_states(states))


@dataclass(frozen=True, eq=False)
class Scores:
    """Measures of S scenarios, each (S,), in points of judgement.

    Attributes:
        inconsistency: largest shortfall of a chosen variant behind the best of its descriptor; 0 = consistent.
        consistency: smallest lead of a chosen variant over its best rival; negative when inconsistent, infinite when
            no descriptor has a choice.
        total: total impact score, sum of the balances of the chosen variants.
    """

    inconsistency: np.ndarray
    consistency: np.ndarray
    total: np.ndarray


def score(matrix: CrossImpactMatrix, states: np.ndarray | Sequence[int]) -> Scores:
    """Inconsistency, consistency value and total impact score of scenarios."""
    states = matrix.check_states(states)
    values, factor, _ = matrix.scaled
    balance = _balances(values, matrix.offsets, states)
    lead = np.full(len(states), np.inf)
    total = np.zeros(len(states), dtype=np.int64)
    rows = np.arange(len(states))
    for j, (start, end) in enumerate(zip(matrix.offsets[:-1], matrix.offsets[1:], strict=True)):
        mine = balance[:, start:end].copy()
        chosen = mine[rows, states[:, j]]
        total += chosen
        if end - start > 1:
            mine[rows, states[:, j]] = np.iinfo(np.int64).min
            lead = np.minimum(lead, chosen - mine.max(axis=1))
    lead = np.where(np.abs(lead) <= matrix.slack, 0.0, lead)
    return Scores(np.maximum(-lead, 0.0) / factor + 0.0, lead / factor, total / factor)


@dataclass(frozen=True, eq=False)
class ScenarioSet:
    """Consistent scenarios in the order of their states.

    Attributes:
        states: (S, D).
        scores: their measures.
        status: ``complete``, or ``stopped`` when a limit came first: there may be more scenarios then.
        nodes: partial scenarios that were looked at.
        seconds: time taken.
    """

    states: np.ndarray
    scores: Scores
    status: Status
    nodes: int
    seconds: float


def _order(values: np.ndarray, offsets: np.ndarray, fixed: Iterable[int]) -> list[int]:
    """Fixed descriptors, then always the one that is most strongly tied to those already there."""
    # Only differences between the rows of a section decide anything about a choice.
    reach = np.maximum.reduceat(values, offsets[:-1], axis=0) - np.minimum.reduceat(values, offsets[:-1], axis=0)
    tie = np.add.reduceat(reach, offsets[:-1], axis=1)
    tie = tie + tie.T
    np.fill_diagonal(tie, 0)
    total = tie.sum(axis=1)
    order = list(fixed)
    near = tie[order].sum(axis=0)
    rest = [j for j in range(len(total)) if j not in order]
    while rest:
        best = max(rest, key=lambda j: (near[j], total[j], -j))
        order.append(best)
        rest.remove(best)
        near = near + tie[best]
    return order


def _search(
    values: np.ndarray,
    offsets: np.ndarray,
    least: int,
    options: list[np.ndarray],
    fixed: Iterable[int],
    deadline: float,
    most: int,
) -> tuple[np.ndarray, Status, int]:
    """States whose margins are all at least ``least``, by branch and bound over blocks of partial states.

    A partial state is dropped when a margin (chosen minus rival) stays below the limit even if every descriptor to
    come gave it the most it can. The bound starts with that most and falls as descriptors are fixed: what a new
    variant takes away is never positive, and zero where there is no influence, which then costs nothing.
    """
    size = len(offsets) - 1
    counts = np.diff(offsets).tolist()
    order = _order(values, offsets, fixed)
    reach = int(np.abs(values).sum(axis=0).max(initial=0)) * 2 + abs(least)
    kind: type = np.int16 if reach < 2**14 else np.int32 if reach < 2**30 else np.int64
    matrix: np.ndarray = values.astype(kind)
    # Pairs (chosen v, rival (v + r + 1) mod k) of all descriptors in one row, r before v; what a source gives a pair.
    pair_of = np.concatenate([[0], np.cumsum([k * (k - 1) for k in counts])]).tolist()
    chosen_of = np.concatenate([offsets[j] + np.tile(np.arange(k), k - 1) for j, k in enumerate(counts)]).astype(int)
    rival_of = np.concatenate(
        [offsets[j] + (np.arange(k) + r + 1) % k for j, k in enumerate(counts) for r in range(k - 1)] or [[]]
    ).astype(int)
    gain = values[:, chosen_of] - values[:, rival_of]
    allowed = np.zeros(len(values), dtype=bool)
    for j in range(size):
        allowed[offsets[j] + options[j]] = True
    highest = np.maximum.reduceat(np.where(allowed[:, None], gain, np.iinfo(np.int64).min), offsets[:-1], axis=0)
    fall = (gain - np.repeat(highest, counts, axis=0)).astype(kind)
    # Pairs of the descriptors that are fixed before each level, as rows (descriptor's depth, r) over its k variants.
    widest = max(counts)
    before: list[tuple[int, int, int]] = []
    plans: list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = []
    for depth, i in enumerate(order):
        places = np.array([p for p, _, _ in before], dtype=int)
        depths = np.array([d for _, d, _ in before], dtype=int)
        width = np.array([k for _, _, k in before], dtype=int)
        column = np.minimum(places[:, None] + np.arange(widest), places[:, None] + width[:, None] - 1)
        plan = []
        for s in options[i].tolist():
            table = fall[offsets[i] + s][column]
            touched = np.flatnonzero(table.any(axis=1))
            plan.append((touched, depths[touched], table[touched]))
        plans.append(plan)
        before += [(pair_of[i] + r * counts[i], depth, counts[i]) for r in range(counts[i] - 1)]
    found: list[np.ndarray] = []
    total, nodes = 0, 0
    status: Status = "complete"
    # Where few are asked for, no more are carried along.
    block = min(BLOCK, max(most, 1024))
    # A block: level, chosen variants (level, rows), bounds of their margins, balances of what is still to be chosen.
    stack: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]] = [
        (0, np.zeros((0, 1), np.int16), np.zeros((0, 1), kind), np.zeros((len(values), 1), kind))
    ]
    while stack:
        if time.perf_counter() > deadline or total >= most:
            status = "stopped"
            break
        level, chosen, bound, balance = stack.pop()
        if chosen.shape[1] > block:
            stack.append((level, chosen[:, block:], bound[:, block:], balance[:, block:]))
            chosen, bound, balance = chosen[:, :block], bound[:, :block], balance[:, :block]
        i = order[level]
        count = counts[i]
        later = order[level + 1 :]
        rows = np.concatenate([np.arange(offsets[j], offsets[j + 1]) for j in later] or [np.zeros(0, int)]).astype(int)
        # What the descriptor's own pairs can still get, (r, v).
        to_come = highest[later, pair_of[i] : pair_of[i + 1]].sum(axis=0).reshape(count - 1, count)
        own = gain[:, pair_of[i] : pair_of[i + 1]].reshape(len(gain), count - 1, count)
        mine, ahead = balance[:count], balance[count:]
        picks = chosen.astype(np.intp)
        children = []
        for place, s in enumerate(options[i].tolist()):
            nodes += chosen.shape[1]
            # The new descriptor's own margins first: they are the cheapest, and many fail.
            rivals = (s + 1 + np.arange(count - 1)) % count
            constant = (own[offsets[i] + s, :, s] + to_come[:, s]).astype(kind)
            fresh = mine[s] - mine[rivals] + constant[:, None]
            alive = np.flatnonzero((fresh >= least).all(axis=0))
            if not len(alive):
                continue
            touched, depths, table = plans[level][place]
            lower = bound[:, alive]
            if len(alive) < 2048:
                lower[touched] += table[np.arange(len(touched))[:, None], picks[depths][:, alive]]
                keep = (lower[touched] >= least).all(axis=0)
            else:
                keep = np.ones(len(alive), dtype=bool)
                now = picks[:, alive]
                for row, d, entries in zip(touched.tolist(), depths.tolist(), table, strict=True):
                    lower[row] += np.take(entries, now[d], mode="clip")
                    keep &= lower[row] >= least
            if not keep.all():
                alive, lower = alive[keep], lower[:, keep]
            if not len(alive):
                continue
            children.append((
                np.concatenate([chosen[:, alive], np.full((1, len(alive)), s, chosen.dtype)]),
                np.concatenate([lower, fresh[:, alive]]),
                ahead[:, alive] + matrix[offsets[i] + s, rows][:, None],
            ))  # fmt: skip
        if not children:
            continue
        joined = [np.concatenate(part, axis=1) if len(part) > 1 else part[0] for part in zip(*children, strict=True)]
        if level + 1 == size:
            found.append(joined[0].T)
            total += len(found[-1])
        else:
            stack.append((level + 1, joined[0], joined[1], joined[2]))
    states = np.concatenate(found).astype(np.int64) if found else np.zeros((0, size), np.int64)
    back = np.empty(size, dtype=int)
    back[order] = np.arange(size)
    states = states[:, back]
    states = states[np.lexsort(states.T[::-1])] if len(states) else states
    if len(states) > most:
        states, status = states[:most], "stopped"
    return states, status, nodes


def consistent_scenarios(
    matrix: CrossImpactMatrix,
    tolerance: float = 0.0,
    fixed: Mapping[int, int] | None = None,
    time_limit: float = 30.0,
    most: int = 1_000_000,
) -> ScenarioSet:
    """All scenarios whose inconsistency is at most ``tolerance``, exactly.

    ``fixed`` holds chosen variants by descriptor; a fixed variant must be consistent like any other. The search
    stops after ``time_limit`` seconds or ``most`` scenarios and says so in ``status``: it never samples.
    """
    if not (math.isfinite(tolerance) and tolerance >= 0):
        raise MatrixError(f"A tolerance of {tolerance}; 0 or a positive number of points would be right")
    begin = time.perf_counter()
    fixed = dict(fixed or {})
    options = [np.arange(count) for count in matrix.counts]
    for j, variant in fixed.items():
        if not (0 <= j < len(options) and 0 <= variant < matrix.counts[j]):
            raise MatrixError(f"Fixed variant {variant} of descriptor {j} does not exist")
        options[j] = np.array([variant])
    values, factor, exact = matrix.scaled
    least = -math.floor(tolerance * factor + EPSILON * (1 if exact else factor))
    states, status, nodes = _search(values, matrix.offsets, least, options, fixed, begin + time_limit, most)
    return ScenarioSet(states, score(matrix, states), status, nodes, time.perf_counter() - begin)


def why(matrix: CrossImpactMatrix, state: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """Balances behind each choice: [descriptor, variant, chosen, balance, lead].

    ``lead`` is the balance minus that of the best other variant of the descriptor (NaN when there is none): of a
    chosen variant, negative means that another one is better supported.
    """
    states = matrix.check_states(state)
    if len(states) != 1:
        raise MatrixError(f"{len(states)} scenarios; one would be right")
    balance = impact_balances(matrix, states)[0]
    rows = []
    for j, descriptor in enumerate(matrix.descriptors):
        mine = balance[matrix.offsets[j] : matrix.offsets[j + 1]]
        for v, variant in enumerate(descriptor.variants):
            lead = float(mine[v] - np.delete(mine, v).max()) if len(mine) > 1 else math.nan
            rows.append((descriptor.name, variant, v == states[0, j], float(mine[v]), lead))
    return pd.DataFrame(rows, columns=["descriptor", "variant", "chosen", "balance", "lead"])


def contributions(matrix: CrossImpactMatrix, state: Sequence[int] | np.ndarray, descriptor: int) -> pd.DataFrame:
    """Who speaks for what: rows are the chosen variants of all descriptors, columns the variants of one descriptor.

    The columns sum to the impact balance.
    """
    states = matrix.check_states(state)
    start, end = matrix.offsets[descriptor], matrix.offsets[descriptor + 1]
    index = [f"{d.name}: {name}" for d, name in zip(matrix.descriptors, matrix.named(states[0]), strict=True)]
    block = matrix.values[matrix.offsets[:-1] + states[0], start:end]
    return pd.DataFrame(block, index=index, columns=list(matrix.descriptors[descriptor].variants))


# Succession


def _step(matrix: CrossImpactMatrix, states: np.ndarray, rule: Rule) -> np.ndarray:
    """One step of each state; a variant that ties with the best stays, otherwise the first of the best is taken."""
    values, _, _ = matrix.scaled
    balance = _balances(values, matrix.offsets, states)
    rows = np.arange(len(states))
    result = states.copy()
    worst = np.full(len(states), matrix.slack, dtype=np.int64)
    target = np.full(len(states), -1)
    choice = np.zeros(len(states), dtype=np.int64)
    for j, (start, end) in enumerate(zip(matrix.offsets[:-1], matrix.offsets[1:], strict=True)):
        mine = balance[:, start:end]
        best = mine.max(axis=1)
        short = best - mine[rows, states[:, j]]
        first = (mine >= (best - matrix.slack)[:, None]).argmax(axis=1)
        if rule == "global":
            result[:, j] = np.where(short > matrix.slack, first, states[:, j])
        else:
            more = short > worst
            worst, target, choice = (
                np.where(more, short, worst),
                np.where(more, j, target),
                np.where(more, first, choice),
            )
    if rule == "incremental":
        moving = target >= 0
        result[rows[moving], target[moving]] = choice[moving]
    return result


def _check_rule(rule: str) -> None:
    if rule not in ("global", "incremental"):
        raise MatrixError(f"Succession “{rule}”; “global” or “incremental” would be right")


@dataclass(frozen=True, eq=False)
class Path:
    """Succession from one state: ``states`` (steps, D) up to the attractor, whose members are the last ``period``."""

    states: np.ndarray
    period: int

    @property
    def attractor(self) -> np.ndarray:
        """Members of the fixed point (1, D) or cycle (period, D), in order of the steps."""
        return self.states[-self.period :]


def succession(matrix: CrossImpactMatrix, state: Sequence[int] | np.ndarray, rule: Rule = "global") -> Path:
    """Follow the balances until a state repeats.

    ``global``: every descriptor whose variant is not among the best changes at once. ``incremental``: only the one
    with the largest shortfall changes, the first of several. A variant that ties with the best stays; otherwise the
    first of the best variants is taken.
    """
    _check_rule(rule)
    now = matrix.check_states(state)
    seen: dict[bytes, int] = {}
    path: list[np.ndarray] = []
    while (key := now.tobytes()) not in seen:
        seen[key] = len(path)
        path.append(now[0])
        now = _step(matrix, now, rule)
    return Path(np.array(path), len(path) - seen[key])


@dataclass(frozen=True, eq=False)
class Attractor:
    """Where successions end: ``states`` (period, D), ``weight`` starts of all, their share and its 95 % range."""

    states: np.ndarray
    weight: int
    share: float
    low: float
    high: float

    @property
    def period(self) -> int:
        """1 for a fixed point, more for a cycle."""
        return len(self.states)


@dataclass(frozen=True, eq=False)
class Basins:
    """Attractors, heaviest first.

    Attributes:
        attractors: the heaviest, with their weights.
        count: how many there are (that were met, when sampled).
        starts: states that were followed; the whole space when exact.
        exact: whether every state was followed; otherwise shares carry a Wilson 95 % interval.
    """

    attractors: tuple[Attractor, ...]
    count: int
    starts: int
    exact: bool


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Wilson score interval of a share; (0, 1) when nothing was drawn."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == of else centre + half)


def _decode(codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """States of their numbers; the last descriptor counts fastest."""
    result = np.empty((len(codes), len(counts)), dtype=np.int64)
    rest = codes.astype(np.int64)
    for j in range(len(counts) - 1, -1, -1):
        rest, result[:, j] = np.divmod(rest, counts[j])
    return result


def _successors(matrix: CrossImpactMatrix, rule: Rule) -> np.ndarray:
    """Number of the next state of every state, (space,) int32."""
    counts, offsets, space = matrix.counts, matrix.offsets, matrix.space
    values, _, exact = matrix.scaled
    strides = np.array([math.prod(counts[j + 1 :].tolist()) for j in range(len(counts))], dtype=np.int64)
    result = np.empty(space, dtype=np.int32)
    most = int(counts.max())
    bits = most.bit_length() + 1
    reach = int(np.abs(values).sum(axis=0).max(initial=0)) + 1
    if rule != "global" or not exact or reach << bits >= 2**62:
        for start in range(0, space, BLOCK):
            states = _decode(np.arange(start, min(start + BLOCK, space)), counts)
            result[start : start + len(states)] = _step(matrix, states, rule) @ strides
        return result
    # One number per variant says balance and, below it, who wins a tie: the current variant, then the first one. The
    # fast descriptors at the end are laid out once; for every choice of the others a constant is added.
    kind: type = np.int32 if reach << bits < 2**30 else np.int64
    split = len(counts)
    while split > 0 and math.prod(counts[split - 1 :].tolist()) <= 8192:
        split -= 1
    low = _decode(np.arange(math.prod(counts[split:].tolist())), counts[split:])
    lowest = most + 1
    keys = np.zeros((len(low), len(values)), dtype=np.int64)
    for place in range(low.shape[1]):
        keys += values[offsets[split + place] + low[:, place]] << bits
    keys += np.concatenate([most - 1 - np.arange(count) for count in counts])
    for place in range(low.shape[1]):
        column = offsets[split + place] + low[:, place]
        keys[np.arange(len(low)), column] += lowest - (most - 1 - low[:, place])
    keys = np.ascontiguousarray(keys.T.astype(kind))
    current = [np.ascontiguousarray(low[:, place] * strides[split + place]).astype(np.int32)
               for place in range(low.shape[1])]  # fmt: skip
    mask = kind((1 << bits) - 1)
    best: np.ndarray = np.empty(len(low), kind)
    other: np.ndarray = np.empty(len(low), kind)
    free = [j for j in range(len(counts)) if counts[j] > 1]
    for number in range(space // len(low)):
        high = _decode(np.array([number]), counts[:split])[0]
        add = np.zeros(len(values), dtype=np.int64)
        for j in range(split):
            add += values[offsets[j] + high[j]] << bits
        for j in range(split):
            add[offsets[j] + high[j]] += lowest - (most - 1 - high[j])
        shift = [kind(x) for x in add.tolist()]
        out = result[number * len(low) : (number + 1) * len(low)]
        out[:] = 0
        for j in free:
            start = offsets[j]
            np.add(keys[start], shift[start], out=best)
            for u in range(start + 1, offsets[j + 1]):
                np.add(keys[u], shift[u], out=other)
                np.maximum(best, other, out=best)
            np.bitwise_and(best, mask, out=best)
            table = np.zeros(lowest + 1, dtype=np.int32)
            table[most - counts[j] : most] = (np.arange(counts[j])[::-1]) * strides[j]
            if j < split:
                table[lowest] = high[j] * strides[j]
                out += table[best]
            else:
                stays = best == lowest
                out += np.where(stays, current[j - split], table[best])
    return result


def _basins_exact(matrix: CrossImpactMatrix, rule: Rule, most: int) -> Basins:
    step = _successors(matrix, rule)
    ends = step
    while True:
        # States that some state leads to after many steps; when a step only moves them among themselves, all are
        # in cycles.
        weights = np.bincount(ends, minlength=len(step))
        members = np.flatnonzero(weights)
        onward = np.zeros(len(step), dtype=bool)
        onward[step[members]] = True
        if int(onward.sum()) == len(members) and onward[members].all():
            break
        ends = ends[ends]
    follow = np.searchsorted(members, step[members])
    label, jump = np.arange(len(members)), follow
    for _ in range(max(1, len(members).bit_length())):
        label = np.minimum(label, label[jump])
        jump = jump[jump]
    weight = np.zeros(len(members), dtype=np.int64)
    np.add.at(weight, label, weights[members])
    heads = np.flatnonzero(label == np.arange(len(members)))
    heads = heads[np.lexsort((heads, -weight[heads]))]
    attractors = []
    for head in heads[:most]:
        cycle = [int(head)]
        while (onto := int(follow[cycle[-1]])) != head:
            cycle.append(onto)
        share = int(weight[head]) / matrix.space
        states = _decode(members[cycle], matrix.counts)
        attractors.append(Attractor(states, int(weight[head]), share, share, share))
    return Basins(tuple(attractors), len(heads), matrix.space, True)


def _basins_sampled(matrix: CrossImpactMatrix, rule: Rule, most: int, samples: int, seed: int) -> Basins:
    random = np.random.default_rng(seed)
    states, weights = np.unique(random.integers(0, matrix.counts, size=(samples, len(matrix.counts))), axis=0,
                                return_counts=True)  # fmt: skip
    settled: dict[bytes, int] = {}
    for _ in range(64):
        after = _step(matrix, states, rule)
        still = (after == states).all(axis=1)
        for state, weight in zip(states[still], weights[still], strict=True):
            settled[state.tobytes()] = settled.get(state.tobytes(), 0) + int(weight)
        states, inverse = np.unique(after[~still], axis=0, return_inverse=True)
        weights = np.bincount(inverse.ravel(), weights[~still], minlength=len(states)).astype(np.int64)
        if not len(states):
            break
    size = len(matrix.counts)
    cycles: dict[bytes, np.ndarray] = {key: np.frombuffer(key, np.int64).reshape(1, size) for key in settled}
    home: dict[bytes, bytes] = {}
    for state, weight in zip(states, weights, strict=True):
        if (key := home.get(state.tobytes())) is None:
            path = succession(matrix, state, rule)
            # A cycle is known by its smallest member, whatever the start.
            ring = path.attractor
            first = int(np.lexsort(ring.T[::-1])[0])
            ring = np.roll(ring, -first, axis=0)
            key = ring[0].tobytes()
            cycles[key] = ring
            for member in path.states:
                home[member.tobytes()] = key
        settled[key] = settled.get(key, 0) + int(weight)
    keys = sorted(settled, key=lambda key: (-settled[key], tuple(cycles[key][0])))
    attractors = tuple(
        Attractor(cycles[key].copy(), settled[key], settled[key] / samples, *wilson(settled[key], samples))
        for key in keys[:most]
    )
    return Basins(attractors, len(keys), samples, False)


def basins(
    matrix: CrossImpactMatrix,
    rule: Rule = "global",
    exact_up_to: int = EXACT_STATES,
    samples: int = SAMPLES,
    seed: int = SEED,
    most: int = 1000,
) -> Basins:
    """Attractors of the succession and how many states lead to each.

    Every state is followed when the space is at most ``exact_up_to``; otherwise ``samples`` random states (of equal
    probability, from the seeded generator), and shares carry a Wilson 95 % interval. The ``most`` heaviest
    attractors are listed.
    """
    _check_rule(rule)
    if matrix.space <= min(exact_up_to, 2**31 - 1):
        return _basins_exact(matrix, rule, most)
    if samples < 1:
        raise MatrixError(f"{samples} samples; at least one would be right")
    return _basins_sampled(matrix, rule, most, samples, seed)


@dataclass(frozen=True, eq=False)
class Pulls:
    """A quick look at where successions end: fixed points only.

    Attributes:
        states: fixed points that were met, heaviest first, (F, D).
        share: of the starts, (F,).
        unsettled: share of the starts that reached none within the steps: they go round in cycles, or take longer.
    """

    states: np.ndarray
    share: np.ndarray
    unsettled: float


def pulls(
    matrix: CrossImpactMatrix, rule: Rule = "global", starts: int = 500, steps: int = 40, seed: int = SEED
) -> Pulls:
    """About which share of random starts each fixed point attracts, within milliseconds; `basins` is exact.

    States that meet go on together, so that few are left after some steps. The standard error of a share p is
    sqrt(p (1 - p) / starts), at most 2.2 points with 500 starts.
    """
    _check_rule(rule)
    random = np.random.default_rng(seed)
    states = random.integers(0, matrix.counts, size=(starts, len(matrix.counts)))
    if small := matrix.space < 2**62:
        strides = np.array([math.prod(matrix.counts[j + 1 :].tolist()) for j in range(len(matrix.counts))])
    weights = np.ones(starts, dtype=np.int64)
    fixed: list[np.ndarray] = []
    hits: list[np.ndarray] = []
    for _ in range(steps):
        _, first, inverse = np.unique(
            states @ strides if small else states, axis=0, return_index=True, return_inverse=True
        )
        states, weights = states[first], np.bincount(inverse.ravel(), weights).astype(np.int64)
        after = _step(matrix, states, rule)
        still = (after == states).all(axis=1)
        fixed.append(states[still])
        hits.append(weights[still])
        states, weights = after[~still], weights[~still]
        if not len(states):
            break
    met, inverse = np.unique(np.concatenate(fixed), axis=0, return_inverse=True)
    count = np.bincount(inverse.ravel(), np.concatenate(hits), minlength=len(met))
    order = np.argsort(-count, kind="stable")
    return Pulls(met[order], count[order] / starts, float(weights.sum()) / starts)


# Sensitivity


def one_cell_changes(matrix: CrossImpactMatrix, step: float = 1.0, time_limit: float = 30.0) -> pd.DataFrame:
    """What one judgement more or less would change: [source, target, change, lost, gained].

    ``source`` and ``target`` are numbers of variants; ``lost`` holds the places of scenarios, among those that are
    consistent now, that would no longer be; ``gained`` the states that would be. Sections without any judgement are
    left out. One change moves a margin by at most ``step``, so only scenarios with an inconsistency up to ``step``
    can ever join: they are found once and looked at again for every change. ``frame.attrs["status"]`` says whether
    that search was complete.
    """
    near = consistent_scenarios(matrix, abs(step), time_limit=time_limit)
    scenarios = near.states
    balance = impact_balances(matrix, scenarios)
    offsets, owner = matrix.offsets, matrix.owner
    rows = np.arange(len(scenarios))
    size = len(offsets) - 1
    short = np.zeros((len(scenarios), size))
    for j in range(size):
        mine = balance[:, offsets[j] : offsets[j + 1]]
        short[:, j] = mine.max(axis=1) - mine[rows, scenarios[:, j]]
    failing = short > EPSILON
    others = failing.sum(axis=1)
    now = others == 0
    place = np.cumsum(now) - 1
    found = []
    for source in range(len(owner)):
        i = owner[source]
        active = np.flatnonzero(scenarios[:, i] == source - offsets[i])
        for j in range(size):
            start, end = offsets[j], offsets[j + 1]
            if not matrix.values[offsets[i] : offsets[i + 1], start:end].any():
                continue
            chosen = scenarios[active, j]
            elsewhere = others[active] == failing[active, j]
            for target in range(start, end):
                for change in (-abs(step), abs(step)):
                    mine = balance[active, start:end].copy()
                    mine[:, target - start] += change
                    good = elsewhere & (mine.max(axis=1) - mine[np.arange(len(active)), chosen] <= EPSILON)
                    lost = tuple(int(x) for x in place[active[now[active] & ~good]])
                    gained = tuple(tuple(int(v) for v in scenarios[x]) for x in active[~now[active] & good])
                    found.append((source, target, change, lost, gained))
    frame = pd.DataFrame(found, columns=["source", "target", "change", "lost", "gained"])
    frame.attrs["status"] = near.status
    return frame


@dataclass(frozen=True, eq=False)
class Survival:
    """Scenarios that are consistent today under other judgements.

    Attributes:
        states: (S, D), the consistent scenarios of the matrix itself.
        share: share of draws in which each is consistent, (S,), with its Wilson 95 % interval ``low`` and ``high``.
        draws: how many draws were made; fewer than asked when the time ran out.
        newcomers: other states that were consistent in some draw, with their share, most frequent first.
        empty: share of draws without any consistent scenario.
        status: ``stopped`` when the time ran out or a search was cut short.
    """

    states: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    draws: int
    newcomers: tuple[tuple[tuple[int, ...], float], ...]
    empty: float
    status: Status


def _survival(
    matrix: CrossImpactMatrix, values: Iterable[np.ndarray], tolerance: float, time_limit: float, newcomers: int
) -> Survival:
    deadline = time.perf_counter() + time_limit
    base = consistent_scenarios(matrix, tolerance, time_limit=time_limit)
    status = base.status
    counted: dict[bytes, int] = {}
    draws = empty = 0
    for judgement in values:
        left = deadline - time.perf_counter()
        if left <= 0:
            status = "stopped"
            break
        found = consistent_scenarios(matrix.with_values(judgement), tolerance, time_limit=left)
        if found.status == "stopped":
            status = "stopped"
            break
        draws += 1
        empty += not len(found.states)
        for state in found.states:
            counted[state.tobytes()] = counted.get(state.tobytes(), 0) + 1
    hits = [counted.pop(state.tobytes(), 0) for state in base.states]
    ranges = np.array([wilson(hit, draws) for hit in hits]).reshape(-1, 2)
    new = sorted(((tuple(np.frombuffer(key, np.int64).tolist()), n / draws) for key, n in counted.items()),
                 key=lambda pair: (-pair[1], pair[0]))  # fmt: skip
    share = np.array(hits, dtype=float) / max(draws, 1)
    return Survival(base.states, share, ranges[:, 0], ranges[:, 1], draws, tuple(new[:newcomers]),
                    empty / max(draws, 1), status)  # fmt: skip


def perturbed(
    matrix: CrossImpactMatrix,
    draws: int = 1000,
    step: float = 1.0,
    tolerance: float = 0.0,
    seed: int = SEED,
    time_limit: float = 30.0,
    newcomers: int = 20,
) -> Survival:
    """How robust the consistent scenarios are: each judgement that is not zero moves by -step, 0 or +step, at random.

    The three are equally likely and independent; zero means that no influence is seen, and stays.
    """
    random = np.random.default_rng(seed)
    judged = matrix.values != 0
    noise = (matrix.values + step * judged * random.integers(-1, 2, matrix.values.shape) for _ in range(draws))
    return _survival(matrix, noise, tolerance, time_limit, newcomers)


# Judgements of a group


def standardise(matrix: CrossImpactMatrix) -> CrossImpactMatrix:
    """Each row of each section shifted to a sum of 0.

    What is added to all variants of a descriptor alike decides nothing: scenarios, margins and succession stay the
    same. The total impact score does not.
    """
    values = matrix.values.copy()
    for start, end in zip(matrix.offsets[:-1], matrix.offsets[1:], strict=True):
        values[:, start:end] -= values[:, start:end].mean(axis=1, keepdims=True)
    return matrix.with_values(values)


@dataclass(frozen=True, eq=False)
class Group:
    """Judgements of a group: the ``matrix``, interquartile range ``spread`` (n, n; NaN where nobody judged) and number
    of judges ``count`` (n, n) of each cell."""

    matrix: CrossImpactMatrix
    spread: np.ndarray
    count: np.ndarray


def combine(
    descriptors: Iterable[Descriptor], judgements: np.ndarray, how: Literal["median", "mean"] = "median"
) -> Group:
    """One matrix of the judgements of R people, (R, n, n) with NaN where one did not judge.

    A section that nobody judged holds no influence. A cell that nobody judged in a section that somebody did is an
    error: it is not silently zero. Quartiles are interpolated linearly.
    """
    checked = check_descriptors(descriptors)
    judgements = np.asarray(judgements, dtype=float)
    size = sum(len(d.variants) for d in checked)
    if judgements.ndim != 3 or judgements.shape[1:] != (size, size) or not len(judgements):
        raise MatrixError(f"Judgements of shape {judgements.shape}; (people, {size}, {size}) would be right")
    if how not in ("median", "mean"):
        raise MatrixError(f"Combined by “{how}”; “median” or “mean” would be right")
    if (np.abs(judgements) > LARGEST).any():
        raise MatrixError(f"A judgement beyond {LARGEST:.0f}; a number, usually from -3 to 3, would be right")
    empty = CrossImpactMatrix(checked, np.zeros((size, size)))
    count = (~np.isnan(judgements)).sum(axis=0)
    offsets, owner = empty.offsets, empty.owner
    for row, column in zip(*np.nonzero(count == 0), strict=True):
        i, j = owner[row], owner[column]
        if count[offsets[i] : offsets[i + 1], offsets[j] : offsets[j + 1]].any():
            source, target = checked[i], checked[j]
            raise MatrixError(
                f"Section “{source.name} → {target.name}”, cell “{source.variants[row - offsets[i]]} → "
                f"{target.variants[column - offsets[j]]}”, was judged by nobody; a judgement (0 for no influence) "
                "would be right"
            )
    values = np.zeros((size, size))
    spread = np.full((size, size), np.nan)
    judged = count > 0
    cells = judgements[:, judged]
    if cells.size:
        values[judged] = np.nanmedian(cells, axis=0) if how == "median" else np.nanmean(cells, axis=0)
        upper, lower = np.nanpercentile(cells, [75, 25], axis=0)
        spread[judged] = upper - lower
    return Group(empty.with_values(values), spread, count)


def panel_survival(
    descriptors: Iterable[Descriptor],
    judgements: np.ndarray,
    how: Literal["median", "mean"] = "median",
    draws: int = 1000,
    tolerance: float = 0.0,
    seed: int = SEED,
    time_limit: float = 30.0,
    newcomers: int = 20,
) -> Survival:
    """How robust the consistent scenarios of a group are to who sat in it.

    Each draw takes as many people as there are, with replacement, and combines their judgements; a cell that none of
    the drawn people judged keeps the value of the whole group.
    """
    judgements = np.asarray(judgements, dtype=float)
    whole = combine(descriptors, judgements, how).matrix
    random = np.random.default_rng(seed)

    def draw() -> np.ndarray:
        mine = judgements[random.integers(0, len(judgements), len(judgements))]
        judged = ~np.isnan(mine).all(axis=0)
        values = whole.values.copy()
        cells = mine[:, judged]
        values[judged] = np.nanmedian(cells, axis=0) if how == "median" else np.nanmean(cells, axis=0)
        return values

    return _survival(whole, (draw() for _ in range(draws)), tolerance, time_limit, newcomers)

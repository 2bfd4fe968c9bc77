"""The morphological box: which values of several parameters go together.

Pairs of values of different parameters are marked from -2 (hard to reconcile) to +2 (support one another), 0 without a
mark, or X for impossible. A configuration takes one value of each parameter; it survives when none of its pairs is
impossible. Values of all parameters are numbered 0 to n - 1 in one row.

Literature: F. Zwicky (1969), Discovery, Invention, Research through the Morphological Approach; T. Ritchey (2011),
Wicked Problems - Social Messes, Springer (cross-consistency assessment); U. von Reibnitz (1992), Szenario-Technik,
Gabler (marks from -2 to 2).
"""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

MARKS = range(-2, 3)
BLOCK = 1 << 15
"""Partial configurations that are worked on at once."""

Status = Literal["complete", "stopped"]


class BoxError(ValueError):
    """A box that cannot be computed with; the message names the place and what would be right."""


@dataclass(frozen=True)
class Parameter:
    """A question of the box and the values that may answer it."""

    name: str
    values: tuple[str, ...]


Value = tuple[str, str]
"""Names of a parameter and of one of its values."""


@dataclass(frozen=True, eq=False)
class Box:
    """Parameters and the marks of their pairs; make it with `from_marks`, which checks what it gets.

    Attributes:
        parameters: P parameters.
        marks: (n, n) int8, symmetric, 0 within a parameter and for impossible pairs.
        vetoes: (n, n) bool, symmetric: impossible pairs.
    """

    parameters: tuple[Parameter, ...]
    marks: np.ndarray
    vetoes: np.ndarray

    @classmethod
    def from_marks(cls, parameters: Iterable[Parameter], marks: Mapping[tuple[Value, Value], object]) -> "Box":
        """From marks by pairs of values ((parameter, value), (parameter, value)), in either order.

        A mark is a whole number from -2 to 2, as number or text, ``X`` for impossible, or empty for 0. Raises
        `BoxError` for names that repeat or are unknown, pairs within a parameter, other marks, and pairs marked twice
        unlike.
        """
        checked = tuple(parameters)
        place: dict[Value, int] = {}
        owner: list[int] = []
        if not checked:
            raise BoxError("There is no parameter; at least one with its values would be right")
        for number, parameter in enumerate(checked):
            if not parameter.name.strip() or any(p.name == parameter.name for p in checked[:number]):
                raise BoxError(f"Parameter {number + 1} is named “{parameter.name}”; a name of its own would be right")
            if not parameter.values:
                raise BoxError(f"Parameter “{parameter.name}” has no value; at least one would be right")
            for value in parameter.values:
                if not value.strip() or (parameter.name, value) in place:
                    raise BoxError(f"“{parameter.name}” has a value “{value}”; a name of its own would be right")
                place[parameter.name, value] = len(owner)
                owner.append(number)
        result = cls(checked, np.zeros((len(owner),) * 2, np.int8), np.zeros((len(owner),) * 2, bool))
        given: dict[tuple[int, int], int | None] = {}
        for (a, b), mark in marks.items():
            where = f"The pair “{a[0]}: {a[1]}” and “{b[0]}: {b[1]}”"
            for value_of in (a, b):
                if value_of not in place:
                    raise BoxError(f"{where}: “{value_of[0]}: {value_of[1]}” is not in the box")
            if owner[place[a]] == owner[place[b]]:
                raise BoxError(f"{where} is of one parameter; a pair of two parameters would be right")
            number_of = _mark(mark, where)
            pair = (min(place[a], place[b]), max(place[a], place[b]))
            if pair in given and given[pair] != number_of:
                raise BoxError(f"{where} is marked twice and unlike; one mark would be right")
            given[pair] = number_of
            for i, j in (pair, pair[::-1]):
                result.vetoes[i, j] = number_of is None
                result.marks[i, j] = number_of or 0
        return result

    @cached_property
    def counts(self) -> np.ndarray:
        """Values of each parameter, (P,)."""
        return np.array([len(p.values) for p in self.parameters])

    @cached_property
    def offsets(self) -> np.ndarray:
        """First value of each parameter, and n at the end, (P + 1,)."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @property
    def space(self) -> int:
        """Number of all configurations, as an integer without bound."""
        return math.prod(len(p.values) for p in self.parameters)

    @property
    def pairs(self) -> int:
        """Number of pairs to be marked."""
        return int(self.counts.sum() ** 2 - (self.counts**2).sum()) // 2

    def value(self, number: int) -> Value:
        """Names of a value by its number."""
        parameter = int(np.searchsorted(self.offsets, number, side="right")) - 1
        return self.parameters[parameter].name, self.parameters[parameter].values[number - int(self.offsets[parameter])]


def _mark(mark: object, where: str) -> int | None:
    """A mark as a number, None for impossible."""
    text = "" if mark is None else str(mark).strip().upper()
    if text == "X":
        return None
    try:
        number = float(text or 0)
    except ValueError:
        number = math.nan
    if isinstance(mark, bool) or number not in MARKS:
        raise BoxError(f"{where} is marked {mark!r}; a whole number from -2 to 2, or X, would be right")
    return int(number)


@dataclass(frozen=True, eq=False)
class Solutions:
    """Configurations that survive, in the order of their values.

    Attributes:
        states: (S, P), number of the value within each parameter, from 0.
        mean: mean mark of the pairs of each configuration, (S,); NaN with a single parameter.
        least: smallest mark of its pairs, (S,); NaN with a single parameter.
        status: ``complete``, or ``stopped`` when a limit came first: there may be more then.
        seconds: time taken.
    """

    states: np.ndarray
    mean: np.ndarray
    least: np.ndarray
    status: Status
    seconds: float


def _options(box: Box, fixed: Mapping[int, int] | None) -> list[list[int]]:
    options = [list(range(int(count))) for count in box.counts]
    for parameter, value in (fixed or {}).items():
        if not (0 <= parameter < len(options) and 0 <= value < box.counts[parameter]):
            raise BoxError(f"Fixed value {value} of parameter {parameter} does not exist")
        options[parameter] = [value]
    return options


def solutions(
    box: Box, fixed: Mapping[int, int] | None = None, time_limit: float = 30.0, most: int = 1_000_000
) -> Solutions:
    """All configurations without an impossible pair.

    Parameters with most vetoes come first; a partial configuration is dropped as soon as some parameter to come has
    no value left. ``fixed`` holds chosen values by parameter. Stops after ``time_limit`` seconds or ``most``
    configurations and says so.
    """
    begin = time.perf_counter()
    options = _options(box, fixed)
    size, offsets = len(options), box.offsets
    weight = np.add.reduceat(box.vetoes.sum(axis=1), offsets[:-1]) / box.counts
    order = sorted(range(size), key=lambda p: (len(options[p]) > 1, -weight[p], p))
    goes = ~box.vetoes
    found: list[np.ndarray] = []
    total = 0
    status: Status = "complete"
    start = np.zeros((len(goes), 1), dtype=bool)
    for p, mine in enumerate(options):
        start[offsets[p] + np.array(mine)] = True
    # Where few are asked for, no more are carried along.
    block = min(BLOCK, max(most, 1024))
    # A block: level, chosen values (level, rows), which values may still be taken (n, rows).
    stack: list[tuple[int, np.ndarray, np.ndarray]] = [(0, np.zeros((0, 1), np.int16), start)]
    while stack:
        if time.perf_counter() - begin > time_limit or total >= most:
            status = "stopped"
            break
        level, chosen, open_to = stack.pop()
        if chosen.shape[1] > block:
            stack.append((level, chosen[:, block:], open_to[:, block:]))
            chosen, open_to = chosen[:, :block], open_to[:, :block]
        p = order[level]
        states, opens = [], []
        for value in options[p]:
            rows = np.flatnonzero(open_to[offsets[p] + value])
            left = open_to[:, rows] & goes[offsets[p] + value][:, None]
            for later in order[level + 1 :]:
                keep = left[offsets[later] : offsets[later + 1]].any(axis=0)
                if not keep.all():
                    rows, left = rows[keep], left[:, keep]
            states.append(np.concatenate([chosen[:, rows], np.full((1, len(rows)), value, np.int16)]))
            opens.append(left)
        joined = np.concatenate(states, axis=1)
        if not joined.shape[1]:
            continue
        if level + 1 == size:
            found.append(joined.T)
            total += joined.shape[1]
        else:
            stack.append((level + 1, joined, np.concatenate(opens, axis=1)))
    result = np.concatenate(found).astype(np.int64) if found else np.zeros((0, size), np.int64)
    back = np.empty(size, dtype=int)
    back[order] = np.arange(size)
    result = result[:, back]
    result = result[np.lexsort(result.T[::-1])] if len(result) else result
    if len(result) > most:
        result, status = result[:most], "stopped"
    mean, least = scores(box, result)
    return Solutions(result, mean, least, status, time.perf_counter() - begin)


def scores(box: Box, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and smallest mark of the pairs of configurations (S, P); NaN with a single parameter."""
    states = np.asarray(states, dtype=np.int64).reshape(-1, len(box.parameters))
    pairs = [(a, b) for a in range(states.shape[1]) for b in range(a)]
    if not pairs:
        return np.full(len(states), np.nan), np.full(len(states), np.nan)
    total = np.zeros(len(states), dtype=np.int64)
    least = np.full(len(states), np.iinfo(np.int8).max, dtype=np.int8)
    for a, b in pairs:
        mark = box.marks[box.offsets[a] + states[:, a], box.offsets[b] + states[:, b]]
        total += mark
        least = np.minimum(least, mark)
    return total / len(pairs), least.astype(float)


def _masks(vetoes: np.ndarray) -> list[int]:
    """For each value the impossible partners, as bits."""
    return [sum(1 << int(j) for j in np.flatnonzero(row)) for row in vetoes]


def _first(options: list[list[int]], offsets: Sequence[int], masks: Sequence[int]) -> list[int] | None:
    """One configuration without an impossible pair, as numbers of values; None when there is none.

    The parameter with the fewest values left is always the next one.
    """
    domains = {p: [offsets[p] + v for v in mine] for p, mine in enumerate(options)}

    def extend(left: dict[int, list[int]], taken: list[int]) -> list[int] | None:
        if not left:
            return taken
        p = min(left, key=lambda q: (len(left[q]), q))
        for value in left[p]:
            onward = {q: [x for x in mine if not masks[value] >> x & 1] for q, mine in left.items() if q != p}
            if all(onward.values()) and (found := extend(onward, [*taken, value])) is not None:
                return found
        return None

    return extend(domains, [])


def dead_values(box: Box) -> tuple[Value, ...]:
    """Values that no surviving configuration takes, in the order of the box.

    Exact without listing the configurations: one is sought for each value, and clears all the values it takes. In a box
    without any solution every value is dead.
    """
    offsets = box.offsets.tolist()
    masks = _masks(box.vetoes)
    alive: set[int] = set()
    for p, count in enumerate(box.counts.tolist()):
        for value in range(count):
            if offsets[p] + value not in alive:
                alive.update(_first(_options(box, {p: value}), offsets, masks) or ())
    return tuple(box.value(x) for x in range(offsets[-1]) if x not in alive)


def conflict(box: Box) -> tuple[tuple[Value, Value], ...]:
    """Vetoes that alone leave no configuration, and of which none can be spared for that; () when there are solutions.

    Such a set is minimal, not unique: lifting one of its vetoes is necessary, but other conflicts may remain.
    """
    offsets = box.offsets.tolist()
    options = _options(box, None)
    if _first(options, offsets, _masks(box.vetoes)) is not None:
        return ()
    vetoes = box.vetoes.copy()
    for i, j in zip(*(x.tolist() for x in np.nonzero(np.triu(box.vetoes))), strict=True):
        vetoes[i, j] = vetoes[j, i] = False
        if _first(options, offsets, _masks(vetoes)) is not None:
            vetoes[i, j] = vetoes[j, i] = True
    return _pairs(box, vetoes)


def _pairs(box: Box, vetoes: np.ndarray) -> tuple[tuple[Value, Value], ...]:
    return tuple((box.value(int(i)), box.value(int(j))) for i, j in zip(*np.nonzero(np.triu(vetoes)), strict=True))


@dataclass(frozen=True)
class Lift:
    """The fewest vetoes to lift so that a configuration survives.

    Attributes:
        vetoes: pairs of values; () when there are solutions already.
        state: number of the value within each parameter of the configuration that then survives.
        status: ``stopped`` when the time ran out: fewer vetoes might do.
    """

    vetoes: tuple[tuple[Value, Value], ...]
    state: tuple[int, ...]
    status: Status


def fewest_to_lift(box: Box, time_limit: float = 10.0) -> Lift:
    """The configuration with the fewest impossible pairs, and these pairs; the first one of several."""
    deadline = time.perf_counter() + time_limit
    offsets = box.offsets.tolist()
    size = len(box.parameters)
    masks = _masks(box.vetoes)
    weight = np.add.reduceat(box.vetoes.sum(axis=1), box.offsets[:-1]) / box.counts
    order = sorted(range(size), key=lambda p: (-weight[p], p))
    best: list[int] = offsets[:-1]
    fewest = int(box.vetoes[np.ix_(best, best)].sum()) // 2
    status: Status = "complete"

    def extend(level: int, taken: list[int], cost: int, costs: list[int]) -> None:
        """``costs``: impossible pairs that each value would add to what is taken."""
        nonlocal best, fewest, status
        if time.perf_counter() > deadline:
            status = "stopped"
            return
        if level == size:
            best, fewest = taken, cost
            return
        bound = cost + sum(min(costs[offsets[q] : offsets[q + 1]]) for q in order[level:])
        if bound >= fewest:
            return
        p = order[level]
        for value in sorted(range(offsets[p], offsets[p + 1]), key=lambda x: (costs[x], x)):
            mask = masks[value]
            onward = [c + (mask >> x & 1) for x, c in enumerate(costs)]
            if cost + costs[value] < fewest:
                extend(level + 1, [*taken, value], cost + costs[value], onward)

    if fewest:
        extend(0, [], 0, [0] * offsets[-1])
    best = sorted(best)
    lifted = np.zeros_like(box.vetoes)
    lifted[np.ix_(best, best)] = box.vetoes[np.ix_(best, best)]
    return Lift(_pairs(box, lifted), tuple(x - offsets[p] for p, x in enumerate(best)), status)

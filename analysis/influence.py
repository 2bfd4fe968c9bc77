"""Direct and indirect influence among variables (MICMAC): who drives the system and who is driven.

M[i, j] says how strongly variable i influences j: 0 none, 1 weak, 2 medium, 3 strong, diagonal 0; ``P`` marks an
influence that is only potential. Influence is the row sum, dependence the column sum; the powers of M count the paths
of that length, weighted by their strength.

Literature: J. C. Duperrin and M. Godet (1973), Méthode de hiérarchisation des éléments d'un système, CEA-R-4541;
M. Godet (1994), From Anticipation to Action: A Handbook of Strategic Prospective, Unesco.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

MOST_POWERS = 8
"""Rankings that have not settled by this length of paths seldom do; it is then taken as it is."""

Quadrant = Literal["driver", "relay", "dependent", "autonomous"]


class InfluenceError(ValueError):
    """A matrix of influences that cannot be computed with; the message names the cell and what would be right."""


def read_influences(names: Sequence[str], cells: Sequence[Sequence[object]], potential: int = 0) -> np.ndarray:
    """Influences as numbers, (n, n), from numbers or text; ``P`` becomes ``potential``.

    A matrix with potential influences is computed twice: with 0 (what is) and with 3 (what may come). Raises
    `InfluenceError` for names that repeat, a matrix that is not square, cells without a number, negative influences
    and influences of a variable on itself.
    """
    for place, name in enumerate(names):
        if not name.strip() or name in names[:place]:
            raise InfluenceError(f"Variable {place + 1} is named “{name}”; a name of its own would be right")
    if not names:
        raise InfluenceError("There is no variable; at least one would be right")
    if len(cells) != len(names):
        raise InfluenceError(f"The matrix has {len(cells)} rows; {len(names)}, one for each variable, would be right")
    result = np.zeros((len(names), len(names)))
    for i, row in enumerate(cells):
        if len(row) != len(names):
            raise InfluenceError(
                f"Row “{names[i]}” has {len(row)} cells; {len(names)}, one for each variable, would be right"
            )
        for j, cell in enumerate(row):
            place_of = f"Influence “{names[i]} → {names[j]}”"
            if isinstance(cell, str) and cell.strip().upper() == "P":
                cell = potential
            try:
                value = math.nan if isinstance(cell, bool) else float(cell)  # type: ignore[arg-type]
            except (TypeError, ValueError):
                value = math.nan
            if not 0 <= value <= 1000:
                raise InfluenceError(f"{place_of} is {cell!r}; a number from 0 to 3, or P, would be right")
            if i == j and value:
                raise InfluenceError(f"{place_of} is {cell!r}; 0 would be right, a variable does not influence itself")
            result[i, j] = value
    return result


def _whole(matrix: np.ndarray) -> np.ndarray:
    """The matrix times a common denominator, of Python's integers: powers of them never overflow nor round."""
    fractions = [Fraction(float(cell)).limit_denominator(1000) for cell in matrix.ravel()]
    factor = math.lcm(*(f.denominator for f in fractions))
    return np.array([int(f * factor) for f in fractions], dtype=object).reshape(matrix.shape)


def _ranks(sums: Sequence[int]) -> tuple[int, ...]:
    """Rank of each sum, 1 for the largest; equal sums share the better rank."""
    ordered = sorted(sums, reverse=True)
    first = {value: place + 1 for place, value in reversed(list(enumerate(ordered)))}
    return tuple(first[value] for value in sums)


@dataclass(frozen=True, eq=False)
class Influences:
    """Influence and dependence of n variables along paths of one length.

    Attributes:
        power: k, the length of the paths; 1 = direct.
        settled: whether the rankings at k - 1 and k were the same. Where they never were, k is fixed.
        reason: why they did not settle: ``""``, ``"no loops"`` (all influence ends somewhere: no longer paths exist)
            or ``"not repeated"`` (the ranking still changed at the largest k allowed, as where variables take turns).
        influence, dependence: shares of the total, (n,) each summing to 1; 0 when there is no influence at all.
        influence_rank, dependence_rank: 1 for the largest, ties share the better rank.
        quadrant: of each variable. A value on the cut, the mean 1 / n, counts as high.
        on_cut: whether influence or dependence equals the mean exactly: the quadrant is a convention then.
    """

    power: int
    settled: bool
    reason: str
    influence: np.ndarray
    dependence: np.ndarray
    influence_rank: tuple[int, ...]
    dependence_rank: tuple[int, ...]
    quadrant: tuple[Quadrant, ...]
    on_cut: tuple[bool, ...]

    def table(self, names: Sequence[str]) -> pd.DataFrame:
        """[variable, influence, dependence, influence_rank, dependence_rank, quadrant, on_cut], in the given order."""
        return pd.DataFrame(
            {
                "variable": list(names),
                "influence": self.influence,
                "dependence": self.dependence,
                "influence_rank": self.influence_rank,
                "dependence_rank": self.dependence_rank,
                "quadrant": self.quadrant,
                "on_cut": self.on_cut,
            }
        )


def _described(power: np.ndarray, k: int, settled: bool, reason: str) -> Influences:
    n = len(power)
    rows, columns = [int(x) for x in power.sum(axis=1)], [int(x) for x in power.sum(axis=0)]
    total = sum(rows)
    quadrants: list[Quadrant] = []
    on_cut = []
    for a, b in zip(rows, columns, strict=True):
        # Against the mean without dividing, so that a value on the cut is on the cut.
        high, led = a * n >= total, b * n >= total
        quadrants.append("relay" if high and led else "driver" if high else "dependent" if led else "autonomous")
        on_cut.append(a * n == total or b * n == total)
    shares = [np.array([float(Fraction(x, total)) if total else 0.0 for x in sums]) for sums in (rows, columns)]
    return Influences(
        k, settled, reason, shares[0], shares[1], _ranks(rows), _ranks(columns), tuple(quadrants), tuple(on_cut)
    )


def _checked(matrix: np.ndarray) -> np.ndarray:
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise InfluenceError(f"Influences of shape {matrix.shape}; as many rows as columns would be right")
    read_influences([str(i + 1) for i in range(len(matrix))], matrix.tolist())
    return _whole(matrix)


def direct(matrix: np.ndarray) -> Influences:
    """Influence and dependence as judged, (n, n) in."""
    return _described(_checked(matrix), 1, True, "")


def indirect(matrix: np.ndarray, most: int = MOST_POWERS) -> Influences:
    """Influence and dependence along the paths of length k.

    k rises from 2 until the rankings of both repeat those of k - 1; ``most`` is the largest k. Where the rankings do
    not settle, ``settled`` is false and ``reason`` says why: the largest k, or the longest paths there are, are taken.
    """
    if most < 2:
        raise InfluenceError(f"Powers up to {most}; 2 or more would be right")
    base = _checked(matrix)
    power, before = base, None
    for k in range(1, most + 1):
        if k > 1:
            onward = power @ base
            if not onward.any():
                # Equal ranks of nothing would look settled.
                return _described(power, k - 1, False, "no loops")
            power = onward
        ranks = (_ranks(power.sum(axis=1).tolist()), _ranks(power.sum(axis=0).tolist()))
        if ranks == before:
            return _described(power, k, True, "")
        before = ranks
    return _described(power, most, False, "not repeated")


def moves(before: Influences, after: Influences, names: Sequence[str]) -> pd.DataFrame:
    """Variables whose rank or quadrant differs, as between direct and indirect: [variable, influence_rank_before,
    influence_rank_after, dependence_rank_before, dependence_rank_after, quadrant_before, quadrant_after]."""
    rows = [
        row
        for row in zip(
            names,
            before.influence_rank,
            after.influence_rank,
            before.dependence_rank,
            after.dependence_rank,
            before.quadrant,
            after.quadrant,
            strict=True,
        )
        if row[1] != row[2] or row[3] != row[4] or row[5] != row[6]
    ]
    kinds = ("influence_rank", "dependence_rank", "quadrant")
    columns = ["variable", *(f"{kind}_{when}" for kind in kinds for when in ("before", "after"))]
    return pd.DataFrame(rows, columns=columns)

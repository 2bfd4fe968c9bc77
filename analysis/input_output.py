"""Input-output analysis of one table: coefficients, inverses, multipliers, linkages, extraction, position.

Everything takes a ``System``: a table whose Leontief matrix is factorised or inverted once. Matrices come back as
arrays in the order of ``table.labels`` (row supplies column), measures as frames with one row per industry and the
columns ``country`` and ``industry``. An industry without output has no measures: they are missing, never zero.

Notation: Z flows, x output, w = 1/x (0 where x = 0), A = Z diag(w), L = (I - A)^-1, B = diag(w) Z, G = (I - B)^-1.

Literature: Miller & Blair (2009), Input-Output Analysis; Rasmussen (1956); Antràs, Chor, Fally & Hillberry (2012);
Fally (2012); Antràs & Chor (2018); Dietzenbacher, Romero & Bosma (2005).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import RLock
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.linalg import lapack

from analysis.tables import IOTable

# Goes up whenever the same table gives other figures than before.
METHOD = 1

# Share of output by which a row may miss its uses before it is named.
BALANCE = 0.01
# Amounts below this share of the largest output are the dust of rounding and scaling.
DUST = 1e-9
# Names in a message or a record; the number of all stands beside them.
NAMED = 20
# Rows from which on a few products with the inverse that is there beat another factorisation.
LARGE = 600

Scope = Literal["country", "table"]


class TableError(ValueError):
    """A table that no measure can be taken of; the message names the cell and the rule."""


@dataclass(frozen=True)
class Diagnostics:
    """What is odd in a table, and what was put right before measuring.

    Attributes:
        balance: largest distance between a row's supply and its uses, as a share of output.
        unbalanced: rows further apart than the tolerance, with that share, worst first.
        zero_output: industries without output; they have no measures.
        negative_value_added, negative_final, negative_flows: where they are negative (of flows the supplier).
        spectral_radius: of A; the rounds of a shock fade when it is below one.
        taxes: difference of the value added that is counted and the published one, as a share of output: taxes less
            subsidies on products when value added is the residual, else 0.
        corrected: rule -> industries that it changed.
    """

    balance: float
    unbalanced: tuple[tuple[str, float], ...]
    zero_output: tuple[str, ...]
    negative_value_added: tuple[str, ...]
    negative_final: tuple[str, ...]
    negative_flows: tuple[str, ...]
    spectral_radius: float
    taxes: float
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """The record as plain JSON values; of each list the number and the first names."""

        def named(names: Sequence[str]) -> dict[str, Any]:
            return {"count": len(names), "names": list(names[:NAMED])}

        return {
            "balance": self.balance,
            "unbalanced": named([f"{name}: {share:.2%}" for name, share in self.unbalanced]),
            "zero_output": named(self.zero_output),
            "negative_value_added": named(self.negative_value_added),
            "negative_final": named(self.negative_final),
            "negative_flows": named(self.negative_flows),
            "spectral_radius": self.spectral_radius,
            "taxes": self.taxes,
            "corrected": {rule: named(names) for rule, names in self.corrected.items()},
        }


@dataclass(frozen=True)
class Domestic:
    """A domestic table with what had to be assumed: rule -> industries that it changed."""

    table: IOTable
    corrected: dict[str, tuple[str, ...]]


def domestic(table: IOTable, exports: Literal["domestic", "proportional"] = "domestic") -> Domestic:
    """Domestic table from one with imports in its uses, by import proportionality.

    Every user of a product is assumed to buy the same share of it at home. ``exports="domestic"``: exports are all made
    at home, so the share is (x - e) / (x - e + m); where exports exceed output the rest are re-exports, and nothing of
    the product is left for use at home. ``exports="proportional"``: exports hold imports like all other uses,
    x / (x + m). A table of domestic uses comes back as it is.

    Raises:
        TableError: the imports of the products are not known.
    """
    if table.uses == "domestic":
        return Domestic(table, {})
    if table.imports is None:
        raise TableError(f"{table.name}: a table of total uses needs the imports of each product.")
    abroad = np.array([category == "exports" for _, category in table.final_columns], dtype=bool)
    output, imports = table.output.astype(float), table.imports.astype(float)
    sold = table.final[:, abroad].sum(axis=1)
    own = output - sold if exports == "domestic" else output
    supply = own + imports
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.abs(supply) > DUST * output.max(), own / supply, 0.0)
    kept = np.clip(share, 0.0, 1.0)
    final = table.final * kept[:, None]
    if exports == "domestic":
        final[:, abroad] = table.final[:, abroad]
        with np.errstate(divide="ignore", invalid="ignore"):
            made = np.where(sold > output, output / sold, 1.0)
        final[:, abroad] *= np.clip(made, 0.0, 1.0)[:, None]
    flows = table.flows * kept[:, None]
    imported = (table.flows - flows).sum(axis=0) if table.imported_inputs is None else table.imported_inputs
    names = _names(table)
    corrected = {
        "exports_exceed_output": _where(names, (share < 0) | (sold > output * (1 + DUST))),
        "negative_imports": _where(names, share > 1),
    }
    made_here = replace(
        table, flows=flows, final=final, uses="domestic", imports=None, imported_inputs=imported, notes=table.notes
    )
    return Domestic(made_here, {rule: found for rule, found in corrected.items() if found})


def _names(table: IOTable) -> np.ndarray:
    return np.array([f"{country} {industry}" for country, industry in table.labels], dtype=object)


def _where(names: np.ndarray, mask: np.ndarray) -> tuple[str, ...]:
    return tuple(names[mask])


class System:
    """An input-output table with its Leontief matrix, factorised or inverted once.

    Arguments:
        table: the table. One with imports in its uses is first made domestic (``imports="proportional"``) or taken as
            it stands (``"within"``: technical coefficients, whatever the origin of the inputs).
        inverse: L of the same table in C order (n x n), for instance memory-mapped; nothing is then read or checked
            before it is needed.
        value_added: ``given`` counts the published value added; ``residual`` counts output less all inputs from
            industries, so that the value added in a product sums to its price exactly (taxes on products count with
            it). Default: ``residual`` for inter-country tables; ``given`` for national ones, whose residual holds
            imports.

    Attributes:
        table: the (domestic) table that is measured.
        source: the table as given.
        conventions: the named arguments, for showing.
    """

    def __init__(
        self,
        table: IOTable,
        inverse: np.ndarray | None = None,
        *,
        imports: Literal["proportional", "within"] = "proportional",
        exports: Literal["domestic", "proportional"] = "domestic",
        value_added: Literal["given", "residual"] | None = None,
    ) -> None:
        n = len(table.countries) * len(table.industries)
        if inverse is not None and inverse.shape != (n, n):
            raise ValueError(f"The inverse has the shape {inverse.shape}, not {(n, n)}.")
        self.source = table
        made = domestic(table, exports) if imports == "proportional" else Domestic(table, {})
        self.table, self._corrected = made.table, made.corrected
        self.size = n
        self._inverse = inverse
        self._factor: tuple[np.ndarray, np.ndarray] | None = None
        self._memory: dict[str, Any] = {}
        # The inverse is made in the place of the factors, which nobody must be using then.
        self._lock = RLock()
        self.accounts = value_added or ("residual" if table.kind == "inter_country" else "given")
        self.conventions: dict[str, str] = {"value_added": self.accounts}
        if table.uses == "total":
            self.conventions |= {"imports": imports}
            if imports == "proportional":
                self.conventions |= {"exports": exports}

    # The table in the form that formulas need.

    @cached_property
    def flows(self) -> np.ndarray:
        """Z (n x n), C order."""
        return np.ascontiguousarray(self.table.flows, dtype=float)

    @cached_property
    def output(self) -> np.ndarray:
        """x (n)."""
        return np.asarray(self.table.output, dtype=float)

    @cached_property
    def active(self) -> np.ndarray:
        """Industries with output (n, bool)."""
        return self.output != 0

    @cached_property
    def per_output(self) -> np.ndarray:
        """1/x (n), 0 where an industry has no output."""
        return np.divide(1.0, self.output, out=np.zeros(self.size), where=self.active)

    @cached_property
    def final(self) -> np.ndarray:
        """f (n): all final use, exports of a national table too."""
        return np.asarray(self.table.final, dtype=float).sum(axis=1)

    @cached_property
    def value_added(self) -> np.ndarray:
        """Value added that is counted (n): published or residual, see ``accounts``."""
        if self.accounts == "given":
            return np.asarray(self.table.value_added, dtype=float)
        return self.output - self.flows.sum(axis=0)

    @cached_property
    def shares(self) -> np.ndarray:
        """v (n): value added per unit of output, 0 where an industry has no output."""
        return self.value_added * self.per_output

    @cached_property
    def jobs(self) -> np.ndarray:
        """Persons per unit of output (n), NaN where unknown."""
        if self.table.jobs is None:
            return np.full(self.size, np.nan)
        return np.where(self.active, self.table.jobs * self.per_output, np.nan)

    @cached_property
    def country_of(self) -> np.ndarray:
        """Place of each row's country (n)."""
        return np.repeat(np.arange(len(self.table.countries)), len(self.table.industries))

    def final_of(self, category: str) -> np.ndarray:
        """Final use of one category, over all countries (n)."""
        chosen = [place for place, (_, name) in enumerate(self.table.final_columns) if name == category]
        return np.asarray(self.table.final[:, chosen], dtype=float).sum(axis=1)

    @cached_property
    def absorbed(self) -> np.ndarray:
        """Final use by country that uses it (n x G); exports of a national table are not in it."""
        result = np.zeros((self.size, len(self.table.countries)))
        for column, (country, category) in enumerate(self.table.final_columns):
            if category != "exports":
                if country not in self.table.countries:
                    raise TableError(f"{self.table.name}: final use of {country}, which is none of its countries.")
                result[:, self.table.countries.index(country)] += self.table.final[:, column]
        return result

    @cached_property
    def delivered(self) -> np.ndarray:
        """Deliveries to industries by their country (n x G)."""
        countries, industries = len(self.table.countries), len(self.table.industries)
        return self.flows.reshape(self.size, countries, industries).sum(axis=2)

    @cached_property
    def exported(self) -> np.ndarray:
        """Gross exports by destination (n x G), zero at home. Inter-country tables only."""
        if self.table.kind == "national":
            raise ValueError(f"{self.table.name} is a national table; its exports have no destination.")
        result = self.delivered + self.absorbed
        result[np.arange(self.size), self.country_of] = 0.0
        return result

    @cached_property
    def exports(self) -> np.ndarray:
        """Gross exports (n)."""
        return self.final_of("exports") if self.table.kind == "national" else self.exported.sum(axis=1)

    # The Leontief matrix.

    def _matrix(self) -> np.ndarray:
        matrix = np.multiply(self.flows, -self.per_output)
        matrix.flat[:: self.size + 1] += 1.0
        return matrix

    @property
    def factor(self) -> tuple[np.ndarray, np.ndarray]:
        """LU factors and pivots of (I - A)^T as LAPACK makes them. Raises TableError (see ``check``)."""
        with self._lock:
            if self._factor is None:
                self.check()
                # A matrix in C order is its transpose in Fortran order: LAPACK works in place, and nothing is copied.
                factors, pivots, info = lapack.dgetrf(self._matrix().T, overwrite_a=1)
                self._refuse_singular(info)
                self._factor = factors, pivots
            return self._factor

    @property
    def inverse(self) -> np.ndarray:
        """L = (I - A)^-1 (n x n), C order; computed once. Raises TableError (see ``check``)."""
        if self._inverse is None:
            with self._lock:
                if self._inverse is None:
                    factors, pivots = self.factor
                    self._factor = None
                    work, _ = lapack.dgetri_lwork(self.size)
                    inverse, info = lapack.dgetri(factors, pivots, lwork=int(work), overwrite_lu=1)
                    self._refuse_singular(info)
                    self._inverse = inverse.T
        return self._inverse

    def _refuse_singular(self, info: int) -> None:
        if info:
            raise TableError(f"{self.table.name}: I - A is singular; some industries feed only one another.")

    def solve(self, right: np.ndarray) -> np.ndarray:
        """L times a vector (n) or a matrix (n x k): output that final demand needs."""
        if self._inverse is not None:
            return _times(self._inverse, right)
        with self._lock:
            return lapack.dgetrs(*self.factor, right, trans=1)[0] if self._inverse is None else self._inverse @ right

    def solve_left(self, left: np.ndarray) -> np.ndarray:
        """A vector (n) or a matrix (k x n) times L: what one unit of final demand needs of something per output."""
        if self._inverse is not None:
            return left @ self._inverse
        with self._lock:
            return lapack.dgetrs(*self.factor, left.T)[0].T if self._inverse is None else left @ self._inverse

    def leontief_column(self, place: int) -> np.ndarray:
        """Output of each industry (n) for one unit of final demand for the one at ``place``."""
        if self._inverse is not None:
            return np.array(self._inverse[:, place])
        return self.solve(_unit(self.size, place))

    def leontief_columns(self, places: np.ndarray) -> np.ndarray:
        """The columns of L at ``places`` (n x k)."""
        if self._inverse is not None:
            return np.array(self._inverse[:, places])
        right = np.zeros((self.size, len(places)))
        right[places, np.arange(len(places))] = 1.0
        return self.solve(right)

    def leontief_row(self, place: int) -> np.ndarray:
        """Output of the industry at ``place`` for one unit of final demand for each (n)."""
        if self._inverse is not None:
            return np.array(self._inverse[place])
        return self.solve_left(_unit(self.size, place))

    def inputs_of(self, output: np.ndarray) -> np.ndarray:
        """A times a vector (n): what industries must deliver for this output."""
        return _times(self.flows, output * self.per_output)

    def by_origin(self, weights: np.ndarray) -> np.ndarray:
        """What one unit of final demand for each industry needs in each country (G x n), of ``weights`` per output."""
        countries, rows = len(self.table.countries), len(self.table.industries)
        if self._inverse is None:
            left = np.zeros((countries, self.size))
            left[self.country_of, np.arange(self.size)] = weights
            return self.solve_left(left)
        result = np.empty((countries, self.size))
        for place in range(countries):
            block = slice(place * rows, (place + 1) * rows)
            np.dot(weights[block], self._inverse[block], out=result[place])
        return result

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, made at the first call of this name."""
        if name not in self._memory:
            self._memory[name] = make()
        return self._memory[name]

    # Checks.

    @cached_property
    def names(self) -> np.ndarray:
        """``EL C19`` and so on (n), for messages."""
        return _names(self.table)

    def check(self) -> None:
        """Refuse what has no meaning.

        Raises:
            TableError: an amount that is not a number; negative output; flows of an industry without output. The
                message names the cell.
        """
        table, limit = self.table, DUST * float(np.abs(self.output).max(initial=0.0))
        for what, values in (("output", self.output), ("value added", table.value_added), ("final use", self.final)):
            self._refuse(~np.isfinite(values), f"{what} is not a number")
        self._refuse(self.output < 0, "output is negative")
        sums = self.flows.sum(axis=1)
        if not np.isfinite(sums).all():
            row = int(np.flatnonzero(~np.isfinite(sums))[0])
            column = int(np.flatnonzero(~np.isfinite(self.flows[row]))[0])
            raise TableError(f"{table.name}: the flow {self.names[row]} → {self.names[column]} is not a number.")
        for place in np.flatnonzero(~self.active):
            for line, arrow in ((self.flows[place], "{0} → {1}"), (self.flows[:, place], "{1} → {0}")):
                other = int(np.abs(line).argmax())
                if abs(line[other]) > limit:
                    cell = arrow.format(self.names[place], self.names[other])
                    raise TableError(
                        f"{table.name}: {self.names[place]} has no output, but the flow {cell} is {line[other]:g}."
                    )
            for what, value in (("final use", self.final[place]), ("value added", table.value_added[place])):
                if abs(value) > limit:
                    raise TableError(f"{table.name}: {self.names[place]} has no output, but {what} of {value:g}.")

    def _refuse(self, mask: np.ndarray, rule: str) -> None:
        if mask.any():
            found = self.names[mask]
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            raise TableError(f"{self.table.name}: {rule} in {', '.join(found[:3])}{more}.")

    def diagnostics(self, tolerance: float = BALANCE) -> Diagnostics:
        """What is odd in the table. ``tolerance``: share of output by which a row may miss its uses."""
        source = self.source
        supply = self.output if source.imports is None else self.output + source.imports
        uses = self.flows.sum(axis=1) + self.final
        if source is not self.table:
            uses = np.asarray(source.flows, dtype=float).sum(axis=1) + source.final.sum(axis=1)
        gap = np.abs(supply - uses) * self.per_output
        order = np.argsort(-gap, kind="stable")
        dust = DUST * float(self.output.max(initial=0.0))
        counted = self.value_added - self.table.value_added
        return Diagnostics(
            balance=float(gap.max(initial=0.0)),
            unbalanced=tuple((self.names[i], float(gap[i])) for i in order if gap[i] > tolerance),
            zero_output=_where(self.names, ~self.active),
            negative_value_added=_where(self.names, self.value_added < -dust),
            negative_final=_where(self.names, self.final < -dust),
            negative_flows=_where(self.names, self.flows.min(axis=1, initial=0.0) < -dust),
            spectral_radius=self.spectral_radius,
            taxes=float(counted.sum() / self.output.sum()) if self.accounts == "residual" else 0.0,
            corrected=self._corrected,
        )

    @cached_property
    def spectral_radius(self) -> float:
        """Largest eigenvalue of A in absolute value, to about five digits."""
        vector = self.active / max(1, int(self.active.sum()))
        radius = 0.0
        for _ in range(300):
            image = self.inputs_of(vector)
            size = float(np.abs(image).sum())
            if size == 0 or abs(size - radius) <= 1e-6 * size:
                return size
            radius = size
            # A share of the old vector keeps a table of perfect cycles from swinging.
            vector = image + 0.05 * vector
            vector /= np.abs(vector).sum()
        return radius

    def frame(self, **columns: np.ndarray) -> pd.DataFrame:
        """Arrays (n each) as a frame, with the columns ``country`` and ``industry`` before them."""
        table = self.table
        countries = np.repeat(np.array(table.countries, dtype=object), len(table.industries))
        industries = np.tile(np.array(table.industries, dtype=object), len(table.countries))
        return pd.DataFrame({"country": countries, "industry": industries, **columns})

    def known(self, values: np.ndarray) -> np.ndarray:
        """The values, missing where an industry has no output."""
        return np.where(self.active, values, np.nan)

    def of_own_country(self, by_origin: np.ndarray) -> np.ndarray:
        """Of a matrix by origin (G x n) each column's entry of its own country (n)."""
        return by_origin[self.country_of, np.arange(self.size)]


# Up to this share of the columns, picking them is quicker than reading the whole matrix.
FEW = 1 / 32


def _times(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A matrix times a vector (n) or a matrix (n x k). A shock at its start touches a few columns only."""
    if right.ndim == 1:
        places = np.flatnonzero(right)
        if len(places) <= FEW * len(right):
            return matrix[:, places] @ right[places]
    return matrix @ right


def _unit(size: int, place: int) -> np.ndarray:
    result = np.zeros(size)
    result[place] = 1.0
    return result


def coefficients(system: System, kind: Literal["technical", "allocation"] = "technical") -> np.ndarray:
    """Technical coefficients A = Z diag(x)^-1 (inputs per output), or allocation coefficients B = diag(x)^-1 Z."""
    if kind == "technical":
        return system.flows * system.per_output
    return system.flows * system.per_output[:, None]


def leontief(system: System) -> np.ndarray:
    """L = (I - A)^-1 (n x n): output of the row for one unit of final demand for the column."""
    return system.inverse


def ghosh(system: System) -> np.ndarray:
    """(I - B)^-1 (n x n): output of the column for one unit of primary inputs of the row.

    Similar to L, diag(x)^-1 L diag(x), so that no second inverse is needed. An industry without output stands alone.
    """
    result = system.inverse * system.output
    result *= system.per_output[:, None]
    idle = np.flatnonzero(~system.active)
    result[idle, idle] = 1.0
    return result


def multipliers(system: System, within: Scope = "country") -> pd.DataFrame:
    """Effects of one unit of final demand for each industry, households' spending not fed back (type I).

    ``within="country"`` counts what arises in the industry's own country, ``"table"`` in all countries of the table
    (for national tables the same).

    Returns:
        [country, industry, output_multiplier, value_added_multiplier, jobs_multiplier (persons per unit of the table),
        value_added_ratio, jobs_ratio (the effect over the industry's own share: the type I ratio)]. Jobs are missing
        when they are unknown of an industry that takes part.
    """
    return system.frame(**_multipliers(system, within))


def _multipliers(system: System, within: Scope) -> dict[str, np.ndarray]:
    published = system.table.value_added * system.per_output
    shares = {"output": np.ones(system.size), "value_added": published, "jobs": system.jobs}
    # The rows of idle industries are those of the identity, so that an unknown there must not spread.
    shares["jobs"] = np.where(system.active, shares["jobs"], 0.0)
    totals = {}
    for name, share in shares.items():
        if within == "country":
            totals[name] = system.known(system.of_own_country(system.by_origin(share)))
        else:
            totals[name] = system.known(system.solve_left(share))
    result = {f"{name}_multiplier": total for name, total in totals.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        for name in ("value_added", "jobs"):
            result[f"{name}_ratio"] = np.where(shares[name] != 0, totals[name] / shares[name], np.nan)
    return result


def linkages(
    system: System, forward: Literal["ghosh", "leontief"] = "ghosh", within: Scope = "country"
) -> pd.DataFrame:
    """Backward and forward linkages as Rasmussen's indices: 1 is the average industry.

    Backward: column sums of L. Forward: row sums of the Ghosh inverse (what the industry's output makes possible), or
    of L (``"leontief"``, what a rise of all final demands by one would need of it: Rasmussen's own, criticised since).
    ``within``: the average is that of the industries of the same country or of the whole table; idle industries are
    left out of it.

    Returns:
        [country, industry, backward_linkage, forward_linkage, backward_variation, forward_variation (coefficient of
        variation over all active industries: low when the pull is spread widely), key (both above 1)].
    """
    return system.frame(**_linkages(system, forward, within))


def _linkages(system: System, forward: str, within: Scope) -> dict[str, np.ndarray]:
    inverse, x, active = system.inverse, system.output, system.active
    weights = x if forward == "ghosh" else np.ones(system.size)
    scale = system.per_output if forward == "ghosh" else np.ones(system.size)
    columns, squares = np.zeros(system.size), np.zeros(system.size)
    rows, row_squares = np.empty(system.size), np.empty(system.size)
    step = max(1, 4_000_000 // max(1, system.size))
    ones = np.where(active, 1.0, 0.0)
    for start in range(0, system.size, step):
        block = slice(start, start + step)
        part = inverse[block]
        squared = np.square(part)
        columns += ones[block] @ part
        squares += ones[block] @ squared
        rows[block] = (part @ weights) * scale[block]
        row_squares[block] = (squared @ np.square(weights)) * np.square(scale[block])
    count = int(active.sum())
    backward, onward = system.known(columns), system.known(rows)
    result = {
        "backward_linkage": _against_mean(system, backward, within),
        "forward_linkage": _against_mean(system, onward, within),
        "backward_variation": _variation(backward, squares, count),
        "forward_variation": _variation(onward, row_squares, count),
    }
    above = (result["backward_linkage"] > 1) & (result["forward_linkage"] > 1)
    return result | {"key": above}


def _against_mean(system: System, values: np.ndarray, within: Scope) -> np.ndarray:
    groups = system.country_of if within == "country" else np.zeros(system.size, dtype=int)
    known = ~np.isnan(values)
    count = np.bincount(groups[known], minlength=groups.max(initial=0) + 1)
    total = np.bincount(groups[known], weights=values[known], minlength=len(count))
    mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return values / mean[groups]


def _variation(sums: np.ndarray, squares: np.ndarray, count: int) -> np.ndarray:
    if count < 2:
        return np.full(len(sums), np.nan)
    mean = sums / count
    return np.sqrt(np.maximum(squares - count * mean**2, 0.0) / (count - 1)) / mean


def extraction(system: System, final: Literal["removed", "kept"] = "removed") -> pd.DataFrame:
    """Output lost if an industry bought and sold nothing any more: hypothetical extraction of each in turn.

    Row and column of A are emptied; ``final="removed"`` takes the industry's final sales away too (Miller & Blair
    2009), ``"kept"`` leaves them. What remains follows from the inverse that is there (partitioned inverse): all others
    lose L_is x_s / L_ss, itself loses x_s, or x_s - f_s.

    Returns:
        [country, industry, loss (output lost in the whole table), loss_at_home (in the industry's own country, itself
        included), share (of all output of the table), share_at_home (of the country's output)].
    """
    diagonal = np.array(system.inverse.diagonal())
    scale = system.output / diagonal
    own_final = 0.0 if final == "removed" else system.final
    everywhere = system.known(system.solve_left(np.ones(system.size)) * scale - own_final)
    at_home = system.known(system.of_own_country(system.by_origin(np.ones(system.size))) * scale - own_final)
    totals = np.bincount(system.country_of, weights=system.output, minlength=len(system.table.countries))
    return system.frame(
        loss=everywhere,
        loss_at_home=at_home,
        share=everywhere / system.output.sum(),
        share_at_home=_over(at_home, totals[system.country_of]),
    )


def _over(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(values, by, out=np.full(np.shape(values), np.nan), where=by != 0)


def upstreamness(
    system: System,
    inventories: Literal["final", "net"] = "final",
    exports: Literal["open", "final"] = "open",
) -> pd.DataFrame:
    """Stages between an industry's output and final use: U = (I - B)^-1 1 (Antràs et al. 2012).

    National tables: ``exports="open"`` divides each row by x - exports + imports, as if exports were used abroad the
    way the product is used at home (with imports by proportionality, a domestic table gives the same as one of total
    uses); ``"final"`` counts exports as final use. ``inventories="net"`` divides by output less changes in inventories
    (net-inventory correction, Antràs & Chor 2018); ``"final"`` leaves them in final use.

    Returns:
        [country, industry, upstreamness, final_use_share (the share of the divisor that goes to final use), corrected
        (the divisor is not output), doubtful (final use would be negative: where the divisor is not output it is
        taken as zero, else the figure stands as computed and may be below 1; or nothing is used at home, and the figure
        is missing)].
    """
    divisor = np.array(system.output)
    if system.table.kind == "national" and exports == "open":
        divisor -= system.exports
        if system.table.imports is not None:
            divisor += system.table.imports
    if inventories == "net":
        divisor -= system.final_of("inventories")
    corrected = np.abs(divisor - system.output) > DUST * system.output.max(initial=0.0)
    used = system.flows.sum(axis=1)
    doubtful = system.active & (divisor < used * (1 - DUST))
    divisor = np.where(corrected, np.maximum(divisor, used), divisor)
    # Nothing of it is used at home, so nothing here says where it ends; for those who deliver to it, it ends there.
    unseen = corrected & (divisor <= DUST * system.output)
    divisor[unseen | ~system.active] = 1.0
    stages = _stages(system, divisor) if corrected.any() else system.solve(system.output) * system.per_output
    return system.frame(
        upstreamness=np.where(unseen, np.nan, system.known(stages)),
        final_use_share=np.where(unseen, np.nan, system.known(1.0 - used / divisor)),
        corrected=corrected,
        doubtful=doubtful | unseen,
    )


def _stages(system: System, divisor: np.ndarray) -> np.ndarray:
    """U of (diag(d) - Z) U = d."""
    if system.size > LARGE:
        # diag(x) - Z has the inverse diag(w) L: what d differs from x by is put right in a few rounds.
        rest = np.where(system.active, system.output, 1.0) - divisor
        stages = np.ones(system.size)
        for _ in range(60):
            better = np.where(system.active, system.solve(divisor + rest * stages) * system.per_output, 1.0)
            change = np.abs(better - stages).max()
            stages = better
            if change <= 1e-12 * np.abs(stages).max():
                return stages
    return np.linalg.solve(np.diag(divisor) - system.flows, divisor)


def downstreamness(system: System) -> pd.DataFrame:
    """Stages of production behind an industry's output: D = (I - A^T)^-1 1, column sums of L (Fally 2012).

    Imported inputs of a national table count as having no stages behind them.

    Returns:
        [country, industry, downstreamness, value_added_share (published value added over output), doubtful (value
        added is not positive, which makes D large)].
    """
    share = system.known(system.table.value_added * system.per_output)
    return system.frame(
        downstreamness=system.known(system.solve_left(np.ones(system.size))),
        value_added_share=share,
        doubtful=system.active & ~(system.value_added > 0),
    )


def propagation_lengths(system: System, targets: Sequence[int] | None = None) -> np.ndarray:
    """Average propagation lengths: steps that a rise of the column's final demand takes to reach the row.

    (L^2 - L) / (L - I) element by element (Dietzenbacher, Romero & Bosma 2005), for the columns ``targets`` (places;
    default all). Missing where nothing gets through.
    """
    places = np.arange(system.size) if targets is None else np.asarray(targets, dtype=int)
    columns = np.array(system.inverse[:, places])
    twice = system.inverse @ columns
    reach = columns.copy()
    reach[places, np.arange(len(places))] -= 1.0
    # What the inverse leaves on empty cells is rounding, not a path.
    there = reach > 1e-14
    return np.divide(twice - columns, reach, out=np.full(columns.shape, np.nan), where=there)

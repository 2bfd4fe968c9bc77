"""What a change of demand or a lost supplier does along the chain, and who supplies and buys from an industry.

Every result says what it assumes, as codes of ``ASSUMPTIONS``; the reader's words for them are not this module's.

Literature: Miller & Blair (2009), chapters 2, 12 and 14; Dietzenbacher & Lahr (2013) on partial extraction; Oosterhaven
(1988) against reading the supply side as a forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.input_output import System

# Rounds that are listed one by one; what comes after them is one row.
ROUNDS = 6

# Codes that a result may carry, in the order in which they are told.
ASSUMPTIONS = (
    "fixed_coefficients",  # inputs per output, value added per output and jobs per output stay as they are
    "fixed_prices",  # prices do not answer
    "free_capacity",  # producers can grow and shrink at once, nothing is in short supply
    "no_income_feedback",  # what households earn more or less does not change what they buy
    "one_year",  # the structure is that of the table's year
    "present_pattern",  # the change is spread over products and buyers as final demand is today
    "replaced_from_outside",  # buyers of the lost supplier go on, with inputs from outside the table
    "supply_driven",  # buyers shrink by the share of inputs that they lose, whatever it is: an upper bound, contested
    "fixed_allocation",  # each industry sells the same shares of its output to the same buyers
    "imports_proportional",  # every user of a product buys the same share of it at home
    "home_only",  # effects in other countries are not traced
    "taxes_in_value_added",  # value added holds taxes less subsidies on products that are used as inputs
    "jobs_of_other_year",  # jobs per output are those of another year
    "jobs_partly_unknown",  # jobs leave out industries whose jobs are unknown
)


@dataclass(frozen=True)
class DemandChange:
    """A change in final demand for the products that all four choices meet; None chooses all.

    Attributes:
        change: in the table's unit, or as a share of present demand when ``relative`` (-0.1: ten percent less).
        country, industry: where the product is made, and what it is.
        absorber: country whose final demand changes (``ROW`` with ``category="exports"`` in national tables).
        category: of final use, such as ``households``.
    """

    change: float
    country: str | None = None
    industry: str | None = None
    absorber: str | None = None
    category: str | None = None
    relative: bool = False


@dataclass(frozen=True)
class LostSupplier:
    """A supplier that delivers less.

    Attributes:
        country, industry: the supplier; without an industry all of the country's.
        share: of its deliveries that are lost, above 0 and up to 1.
        buyers: countries that lose the deliveries, None for all.
        final: its deliveries to final use are lost too, not to industries alone.
    """

    country: str
    industry: str | None = None
    share: float = 1.0
    buyers: tuple[str, ...] | None = None
    final: bool = True


@dataclass(frozen=True)
class Shock:
    """Effects of a change, in the table's unit and in persons.

    Attributes:
        by_industry: [country, industry, impulse, output, value_added, jobs, output_share (of present output)].
        by_country: [country, impulse, output, value_added, jobs, output_share, value_added_share].
        rounds: [round, rest, output, value_added, jobs, cumulative (share of the whole change of output up to here)]:
            round 0 is the impulse itself, 1 its suppliers, 2 theirs; the last row (``rest``) holds all further rounds.
        rounds_by_country: [round, rest, country, output, value_added, jobs].
        output, value_added, jobs: in total; jobs NaN when nothing is known of them.
        jobs_known: share of the change of output (absolute) in industries whose jobs are known.
        model: ``demand`` or ``supply``.
        assumptions: codes of ``ASSUMPTIONS``.
    """

    by_industry: pd.DataFrame
    by_country: pd.DataFrame
    rounds: pd.DataFrame
    rounds_by_country: pd.DataFrame
    output: float
    value_added: float
    jobs: float
    jobs_known: float
    model: Literal["demand", "supply"]
    assumptions: tuple[str, ...]


def shock(
    system: System,
    demand: DemandChange | Sequence[DemandChange] | None = None,
    lost_supplier: LostSupplier | None = None,
    model: Literal["demand", "supply"] = "demand",
    rounds: int = ROUNDS,
) -> Shock:
    """Trace a change through the table: dx = L df, round by round (I + A + A² + ...) df.

    A lost supplier is a hypothetical extraction of its deliveries, whole or in part: its row of A is scaled down for
    the buyers that lose it, and x' = (I - A')^-1 f' follows from L by Woodbury's formula. Its buyers go on
    with inputs from outside the table, so what shows is the loss of the supplier and of those who supply it. With
    ``model="supply"`` the buyers shrink instead, and theirs in turn (Ghosh): the supplier's whole output falls by the
    share, dx' = ds' G; a contested reading, for an upper bound only.

    ``demand`` and ``lost_supplier`` exclude one another.

    Raises:
        KeyError: the table has no such country, industry or category of final use.
        ValueError: neither or both changes; a share outside (0, 1]; an absolute change where there is no final demand;
            ``model="supply"`` with a change of demand or with chosen buyers.
    """
    if (demand is None) == (lost_supplier is None):
        raise ValueError("A shock is either a change of demand or a lost supplier.")
    codes = {"fixed_coefficients", "fixed_prices", "no_income_feedback", "one_year"}
    if demand is not None:
        if model == "supply":
            raise ValueError("A change of demand has no supply-side reading.")
        changes = [demand] if isinstance(demand, DemandChange) else list(demand)
        impulse = np.zeros(system.size)
        for change in changes:
            impulse += _demand(system, change)
        codes |= {"free_capacity", "present_pattern"}
    else:
        assert lost_supplier is not None  # noqa: S101 - said above, for the type checker
        places = _supplier(system, lost_supplier)
        if not 0 < lost_supplier.share <= 1:
            raise ValueError(f"The lost share must lie above 0 and up to 1, not at {lost_supplier.share}.")
        if model == "supply":
            if lost_supplier.buyers is not None or not lost_supplier.final:
                raise ValueError("On the supply side a supplier is lost to all its buyers.")
            impulse = _lost_supply(system, places, lost_supplier.share)
            codes |= {"supply_driven", "fixed_allocation"}
            codes -= {"fixed_coefficients"}
        else:
            impulse = _lost_deliveries(system, places, lost_supplier)
            codes |= {"free_capacity", "replaced_from_outside"}
    return _trace(system, impulse, model, rounds, codes)


def _supplier(system: System, lost: LostSupplier) -> np.ndarray:
    if lost.industry is not None:
        return np.array([system.table.place(lost.country, lost.industry)])
    rows = system.table.rows(lost.country)
    return np.arange(rows.start, rows.stop)


def _demand(system: System, change: DemandChange) -> np.ndarray:
    """Change of final demand by product (n)."""
    table = system.table
    rows = np.ones(system.size, dtype=bool)
    if change.country is not None:
        chosen = table.rows(change.country)
        rows[:] = False
        rows[chosen] = True
    if change.industry is not None:
        if change.industry not in table.industries:
            raise KeyError(f"{table.name} has no industry {change.industry}.")
        rows &= np.tile(np.array(table.industries) == change.industry, len(table.countries))
    columns = [
        place
        for place, (country, category) in enumerate(table.final_columns)
        if change.absorber in (None, country) and change.category in (None, category)
    ]
    if not columns:
        raise KeyError(f"{table.name} has no final use {change.category or ''} of {change.absorber or 'any country'}.")
    present = np.where(rows, table.final[:, columns].sum(axis=1), 0.0)
    if change.relative:
        return present * change.change
    # Negative cells (inventories drawn down) are no demand that could take a share of a rise.
    weights = np.maximum(present, 0.0)
    if weights.sum() > 0:
        return weights / weights.sum() * change.change
    places = np.flatnonzero(rows & system.active)
    if len(places) == 1:
        return np.where(np.arange(system.size) == places[0], change.change, 0.0)
    raise ValueError(f"{table.name}: nothing is demanded there today, so the change cannot be spread.")


def _lost_deliveries(system: System, places: np.ndarray, lost: LostSupplier) -> np.ndarray:
    """The change of final demand (n) that has the effects of the lost deliveries."""
    table, share = system.table, lost.share
    countries = set(table.countries) if lost.buyers is None else set(lost.buyers)
    if unknown := countries - set(table.countries):
        raise KeyError(f"{table.name} has no country {sorted(unknown)[0]}.")
    bought = np.isin(system.country_of, [table.countries.index(c) for c in countries])
    rows = np.where(bought, system.flows[places] * system.per_output, 0.0)
    reach = system.leontief_columns(places)
    # Nobody is named for the exports of a national table: they are lost when all buyers are.
    named = [c in countries or lost.buyers is None for c, _ in table.final_columns]
    kept = table.final[np.ix_(places, np.flatnonzero(named))].sum(axis=1) if lost.final else np.zeros(len(places))
    # With S the supplier's columns, R its rows of A for the buyers and s the share:
    # x' = L' f', f' = f - s E k, L' = L - s L S (I + s R L S)^-1 R L. In the end a combination of its columns of L.
    met = rows @ reach
    core = np.eye(len(places)) + share * met
    impulse = np.zeros(system.size)
    impulse[places] = -share * (kept + np.linalg.solve(core, rows @ system.output - share * (met @ kept)))
    return impulse


def _lost_supply(system: System, places: np.ndarray, share: float) -> np.ndarray:
    """The change of primary inputs (n) with which the industries' output falls by the share."""
    inner = system.leontief_columns(places)[places]
    fall = -share * np.where(system.active[places], 1.0, 0.0)
    impulse = np.zeros(system.size)
    impulse[places] = np.linalg.solve(inner.T, fall) * system.output[places]
    return impulse


def _trace(
    system: System, impulse: np.ndarray, model: Literal["demand", "supply"], rounds: int, codes: set[str]
) -> Shock:
    table = system.table
    if model == "demand":
        output = system.solve(impulse)
    else:
        # Ghosh: x diag(w) L diag(x) without a second inverse.
        output = system.solve_left(impulse * system.per_output) * system.output
    steps = [impulse]
    for _ in range(rounds):
        last = steps[-1]
        if model == "demand":
            steps.append(system.inputs_of(last))
        else:
            steps.append((last * system.per_output) @ system.flows)
    trace = np.array(steps)
    trace = np.vstack([trace, output - trace.sum(axis=0)])
    known = ~np.isnan(system.jobs)
    moved = np.abs(output)
    # Rows without effect need no jobs.
    jobs_known = float(moved[known].sum() / moved.sum()) if moved.any() else float(known.any())
    jobs = np.where(known, system.jobs, 0.0)
    groups = len(table.countries)

    def by_country(values: np.ndarray) -> np.ndarray:
        return values.reshape(*values.shape[:-1], groups, -1).sum(axis=-1)

    some = by_country(known[None, :].astype(float))[0] > 0
    effects = {
        "output": by_country(trace),
        "value_added": by_country(trace * system.shares),
        "jobs": np.where(some, by_country(trace * jobs), np.nan),
    }
    ever_jobs = bool(known.any())
    country = np.array(table.countries, dtype=object)
    totals = {name: values.sum(axis=0) for name, values in effects.items()}
    present = {"output": by_country(system.output[None])[0], "value_added": by_country(system.value_added[None])[0]}
    last_round = np.arange(len(trace))
    over_all = {
        "output": effects["output"].sum(axis=1),
        "value_added": effects["value_added"].sum(axis=1),
        "jobs": np.nansum(effects["jobs"], axis=1) if ever_jobs else np.full(len(trace), np.nan),
    }
    whole = float(output.sum())
    codes |= {"imports_proportional"} if system.conventions.get("imports") == "proportional" else set()
    codes |= {"home_only"} if table.kind == "national" else set()
    codes |= {"taxes_in_value_added"} if system.accounts == "residual" and table.taxes is not None else set()
    if ever_jobs:
        codes |= {"jobs_of_other_year"} if table.jobs_year not in (None, table.year) else set()
        codes |= {"jobs_partly_unknown"} if jobs_known < 1 - 1e-9 else set()
    return Shock(
        by_industry=system.frame(
            impulse=impulse,
            output=output,
            value_added=output * system.shares,
            jobs=output * system.jobs,
            output_share=system.known(output * system.per_output),
        ),
        by_country=pd.DataFrame(
            {
                "country": country,
                "impulse": by_country(impulse[None])[0],
                **totals,
                **{f"{name}_share": _over(totals[name], present[name]) for name in present},
            }
        ),
        rounds=pd.DataFrame(
            {
                "round": last_round,
                "rest": last_round == len(trace) - 1,
                **over_all,
                "cumulative": np.cumsum(over_all["output"]) / whole if whole else np.full(len(trace), np.nan),
            }
        ),
        rounds_by_country=pd.DataFrame(
            {
                "round": np.repeat(last_round, groups),
                "rest": np.repeat(last_round == len(trace) - 1, groups),
                "country": np.tile(country, len(trace)),
                **{name: values.ravel() for name, values in effects.items()},
            }
        ),
        output=whole,
        value_added=float((output * system.shares).sum()),
        jobs=float((output * jobs).sum()) if ever_jobs else float("nan"),
        jobs_known=jobs_known,
        model=model,
        assumptions=tuple(code for code in ASSUMPTIONS if code in codes),
    )


def _over(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(values, by, out=np.full(np.shape(values), np.nan), where=by != 0)


FLOW_COLUMNS = ["side", "kind", "country", "industry", "value", "share", "domestic", "count"]


def suppliers_and_buyers(system: System, country: str, industry: str, top: int = 8) -> pd.DataFrame:
    """Who supplies an industry and who buys from it: the largest ``top`` of each side, the rest added up.

    Returns:
        [side (``supplier`` or ``buyer``), kind, country, industry, value (table's unit), share (of the industry's
        output), domestic (bool; None where it is neither), count (cells behind the row)]. Each side sums to output.
        Kinds: ``industry``; ``other`` (industries beyond the top, one row at home and one abroad); ``final`` (final
        use, ``country`` says whose: the largest, then ``other_final``); ``exports`` (national tables); ``imports``,
        ``taxes``, ``value_added`` (suppliers); ``difference`` (what the table does not account for).

    Raises:
        KeyError: the table has no such industry.
    """
    table, place = system.table, system.table.place(country, industry)
    home = system.country_of[place]
    output = float(system.output[place])
    dust = 1e-9 * output
    rows: list[tuple[str, str, str | None, str | None, float, bool | None, int]] = []

    def ranked(side: str, values: np.ndarray) -> None:
        order = np.argsort(-values, kind="stable")
        first = [i for i in order[:top] if values[i] > dust]
        for i in first:
            code, name = table.labels[i]
            rows.append((side, "industry", code, name, float(values[i]), bool(system.country_of[i] == home), 1))
        rest = np.array(values)
        rest[first] = 0.0
        for inside in (True, False):
            beyond = rest[(system.country_of == home) == inside]
            if np.abs(beyond).sum() > dust:
                count = int((np.abs(beyond) > 0).sum())
                rows.append((side, "other", None, None, float(beyond.sum()), inside, count))

    ranked("supplier", system.flows[:, place])
    imported = 0.0 if table.imported_inputs is None else float(np.nan_to_num(table.imported_inputs[place]))
    taxes = 0.0 if table.taxes is None else float(np.nan_to_num(table.taxes[place]))
    added = float(table.value_added[place])
    for kind, value, inside in (("imports", imported, False), ("taxes", taxes, None), ("value_added", added, True)):
        if abs(value) > dust:
            rows.append(("supplier", kind, None, None, value, inside, 1))

    ranked("buyer", system.flows[place])
    sold: dict[tuple[str, str], float] = {}
    for column, (whose, category) in enumerate(table.final_columns):
        kind = "exports" if category == "exports" else "final"
        sold[kind, whose] = sold.get((kind, whose), 0.0) + float(table.final[place, column])
    mine = table.countries[home]
    abroad = sorted((key for key in sold if key != ("final", mine)), key=lambda key: -sold[key])
    shown = [("final", mine), *abroad[: max(top // 2, 1)]] if ("final", mine) in sold else abroad[: max(top // 2, 1)]
    for kind, whose in shown:
        if abs(sold[kind, whose]) > dust:
            rows.append(("buyer", kind, whose, None, sold[kind, whose], whose == mine, 1))
    others = [key for key in abroad if key not in shown]
    beyond = sum(sold[key] for key in others)
    if abs(beyond) > dust:
        rows.append(("buyer", "other_final", None, None, beyond, False, len(others)))

    for side in ("supplier", "buyer"):
        gap = output - sum(row[4] for row in rows if row[0] == side)
        if abs(gap) > 1e-6 * abs(output):
            rows.append((side, "difference", None, None, gap, None, 1))
    frame = pd.DataFrame(
        [(*row[:5], row[4] / output if output else float("nan"), *row[5:]) for row in rows], columns=FLOW_COLUMNS
    )
    return frame.astype({"domestic": object, "country": object, "industry": object})

"""What an input-output table must satisfy before it is stored, and what is odd in it but allowed.

A table is refused when output is negative, when rows or columns do not add up, when a block of it is missing or when it
lies on its side. Negative inventories, negative value added, industries without output and small differences of
rounding occur in what offices publish: they are kept and told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.tables import IOTable
from etl.sources.base import SourceError
from etl.sources.io_base import Found, stop

TOLERANCE = 0.001
"""Share of an industry's output by which its row or column may miss it without a word."""

REFUSED = 0.02
"""Share of an industry's output from which on a table is refused."""

FLOOR = 1e-6
"""Share of the whole table's output below which a difference is rounding, however small the industry."""

DUST = 1e-9
"""Cells so small that all cells of their size together stay below this share of output are traces of a publisher's
model (iterations that stop short of zero), and are taken as zero."""

NAMED = 5
LISTED = 20
"""Offenders named in a sentence, and listed in the record."""

MAY_BE_NEGATIVE = ("inventories", "valuables", "discrepancy")
"""Final use that is negative whenever stocks fall."""


@dataclass(frozen=True, eq=False)
class Checked:
    """A table that may be stored, with what was found: plain JSON values, and sentences for people."""

    table: IOTable
    checks: dict[str, Any]
    warnings: tuple[str, ...]


def check(found: Found, name: str) -> Checked:
    """Check a table as it was read.

    Args:
        found: what a reader gave; its arrays may be changed.
        name: the file, for messages.

    Returns:
        the table without empty cells and without dust.

    Raises:
        SourceError: ``negative-output``, ``missing-block``, ``missing-value``, ``zero-output``, ``swapped``,
            ``unbalanced``; the message names country, industry, difference and rule.
    """
    table, empty = _filled(found.table, name)
    names = [f"{country} {industry}" for country, industry in table.labels]
    negative = np.flatnonzero(table.output < 0)
    if len(negative):
        place = negative[0]
        remedy = (
            f"Output of {names[place]} is {table.output[place]:,.6g}; output cannot be negative"
            f"{_more(len(negative))}. Check the row of output, or whether columns have slipped."
        )
        raise stop("negative-output", remedy, name, None, "", f"{table.output[place]:g}")
    table, dust = _without_dust(table)
    _refuse_flows_without_output(table, names, name)
    rows, columns = _differences(table)
    scale = np.maximum(table.output, FLOOR * float(table.output.sum()) / REFUSED)
    for side, off in (("rows", rows), ("columns", columns)):
        if np.any(np.abs(off) > REFUSED * scale):
            raise _unbalanced(table, side, rows, columns, scale, names, empty, name)
    checks: dict[str, Any] = {
        "tolerance": TOLERANCE,
        "rows": _worst(rows, scale, names),
        "columns": _worst(columns, scale, names),
        "unbalanced": _offenders(rows, "row", scale, names) + _offenders(columns, "column", scale, names),
        "zero_output": [names[place] for place in np.flatnonzero(table.output == 0)],
        "negative_value_added": [names[place] for place in np.flatnonzero(table.value_added < 0)],
        "negative_final": _negative_final(table),
        "negative_flows": int((table.flows < 0).sum()),
        "empty_cells": empty.count,
        "dust": dust,
    }
    warnings = (*found.warnings, *_sentences(checks))
    checks["warnings"] = list(warnings)
    for key in ("unbalanced", "zero_output", "negative_value_added"):
        checks[f"{key}_count"], checks[key] = len(checks[key]), checks[key][:LISTED]
    return Checked(table, checks, warnings)


@dataclass(frozen=True)
class _Empty:
    """Cells without a figure: how many, the first one, and whether a whole row or column of an industry is empty."""

    count: int
    first: str
    whole: str


def _filled(table: IOTable, name: str) -> tuple[IOTable, _Empty]:
    """Empty cells as zero, which the balance must then prove right; an empty total is an error unless all is empty."""
    labels = [f"{country} {industry}" for country, industry in table.labels]
    hollow = np.isnan(table.flows)
    count, first, whole = int(hollow.sum()), "", ""
    if count:
        row, column = (int(place) for place in np.argwhere(hollow)[0])
        first = f"{labels[row]} → {labels[column]}"
        for axis, what in ((1, "row"), (0, "column")):
            full = np.flatnonzero(hollow.all(axis=axis) & (np.nan_to_num(table.output) != 0))
            if len(full) and not whole:
                whole = f"the {what} of {labels[full[0]]}"
        table.flows[hollow] = 0.0
    lost = np.isnan(table.final)
    count += int(lost.sum())
    if lost.any() and not first:
        row, column = (int(place) for place in np.argwhere(lost)[0])
        first = f"{labels[row]} → {' '.join(table.final_columns[column])}"
    final = np.where(lost, 0.0, table.final)
    used = np.array([np.abs(row).sum() for row in table.flows]) + np.abs(final).sum(axis=1)
    values: dict[str, np.ndarray] = {"final": final}
    for key, what in (("output", "output"), ("value_added", "value added")):
        array = getattr(table, key)
        gap = np.flatnonzero(np.isnan(array) & (used > 0))
        if len(gap):
            remedy = f"There is no {what} of {labels[gap[0]]}{_more(len(gap))}; the table needs it."
            raise stop("missing-value", remedy, name, None, what, labels[gap[0]])
        values[key] = np.nan_to_num(array)
    for key in ("imports", "imported_inputs", "taxes"):
        if getattr(table, key) is not None:
            values[key] = np.nan_to_num(getattr(table, key))
    for key, array in {**values, "flows": used}.items():
        if not np.isfinite(array).all():
            raise stop("not-a-number", f"There is a figure without an end in {key.replace('_', ' ')}.", name)
    return replace(table, **values), _Empty(count, first, whole)  # type: ignore[arg-type]


def _without_dust(table: IOTable) -> tuple[IOTable, int]:
    limit = DUST * float(np.abs(table.output).sum()) / max(table.flows.size + table.final.size, 1)
    count = 0
    arrays = {}
    for key in ("flows", "final", "output", "value_added", "imports", "imported_inputs", "taxes"):
        array = getattr(table, key)
        if array is None:
            continue
        found = 0
        # Row by row in larger pieces: the mask of a whole table would take as much memory as the table.
        for piece in np.array_split(array, max(1, len(array) // 256)):
            small = (piece != 0) & (np.abs(piece) < limit)
            if small.any():
                found += int(small.sum())
                piece[small] = 0.0
        arrays[key] = array
        count += found
    return replace(table, **arrays), count


def _refuse_flows_without_output(table: IOTable, names: Sequence[str], name: str) -> None:
    limit = FLOOR * float(table.output.sum())
    for place in np.flatnonzero(table.output == 0).tolist():
        for line, arrow in ((table.flows[place], "{0} → {1}"), (table.flows[:, place], "{1} → {0}")):
            other = int(np.abs(line).argmax())
            if abs(line[other]) > limit:
                cell = arrow.format(names[place], names[other])
                remedy = f"{names[place]} has no output, but the cell {cell} holds {line[other]:,.6g}."
                raise stop("zero-output", remedy, name, None, "", cell)


def _differences(table: IOTable) -> tuple[np.ndarray, np.ndarray]:
    """How far rows (uses less supply) and columns (inputs less output) are off, for each industry."""
    rows = table.flows.sum(axis=1) + table.final.sum(axis=1) - table.output
    if table.imports is not None:
        rows = rows - table.imports
    columns = table.flows.sum(axis=0) + table.value_added - table.output
    for extra in (table.imported_inputs if table.uses == "domestic" else None, table.taxes):
        if extra is not None:
            columns = columns + extra
    return rows, columns


def _unbalanced(
    table: IOTable,
    side: str,
    rows: np.ndarray,
    columns: np.ndarray,
    scale: np.ndarray,
    names: Sequence[str],
    empty: _Empty,
    name: str,
) -> SourceError:
    turned = replace(table, flows=np.ascontiguousarray(table.flows.T))
    if all(np.all(np.abs(off) <= REFUSED * scale) for off in _differences(turned)):
        remedy = (
            "The flows are swapped: with rows and columns of the inner block exchanged the table balances. "
            "Rows must supply columns; turn the block."
        )
        return stop("swapped", remedy, name)
    off = rows if side == "rows" else columns
    worst = np.argsort(-np.abs(off) / scale, kind="stable")
    bad = worst[np.abs(off[worst]) > REFUSED * scale[worst]]
    told = "; ".join(
        f"{names[place]} {off[place]:+,.6g} ({_share(off[place], table.output[place])})" for place in bad[:NAMED]
    )
    if empty.whole:
        remedy = f"A block is missing: {empty.whole} is empty, though the industry has output."
        return stop("missing-block", remedy, name, None, "", empty.whole)
    hint = ""
    if side == "columns" and table.imported_inputs is None and table.uses == "domestic" and table.kind == "national":
        hint = " The row of imported inputs (IMP) is missing."
    elif side == "columns" and table.taxes is None:
        hint = " The row of taxes less subsidies on products (D21X31) is missing."
    if empty.count:
        hint += f" {empty.count} cells are empty, the first is {empty.first}."
    rule = (
        "uses of a product must equal its output (and imports)"
        if side == "rows"
        else "inputs, taxes and value added of an industry must equal its output"
    )
    remedy = (
        f"{side.capitalize()} do not balance in {len(bad)} of {len(names)} industries: {told}. Rule: {rule}, within "
        f"{REFUSED:.0%}.{hint}"
    )
    reason = "missing-value" if empty.count else "missing-block" if hint else "unbalanced"
    return stop(reason, remedy, name, None, side, names[bad[0]])


def _share(difference: float, output: float) -> str:
    return f"{difference / output:+.1%}" if output else "no output"


def _more(count: int) -> str:
    return f" ({count} industries in all)" if count > 1 else ""


def _worst(off: np.ndarray, scale: np.ndarray, names: Sequence[str]) -> dict[str, Any]:
    place = int(np.argmax(np.abs(off) / scale))
    return {
        "industry": names[place],
        "difference": float(off[place]),
        "share": float(abs(off[place]) / scale[place]),
    }


def _offenders(off: np.ndarray, side: str, scale: np.ndarray, names: Sequence[str]) -> list[dict[str, Any]]:
    share = np.abs(off) / scale
    places = [place for place in np.argsort(-share, kind="stable") if share[place] > TOLERANCE]
    return [
        {"industry": names[place], "side": side, "difference": float(off[place]), "share": float(share[place])}
        for place in places
    ]


def _negative_final(table: IOTable) -> dict[str, Any]:
    """How many cells of each category are negative, and of those that should not be the largest."""
    counts: dict[str, int] = {}
    worst, where = 0.0, ""
    labels = table.labels
    for place, (country, category) in enumerate(table.final_columns):
        column = table.final[:, place]
        found = int((column < 0).sum())
        if not found:
            continue
        counts[category] = counts.get(category, 0) + found
        if category not in MAY_BE_NEGATIVE and column.min() < worst:
            worst = float(column.min())
            where = f"{' '.join(labels[int(column.argmin())])} → {country} {category}"
    return {"cells": counts, "largest": worst, "where": where}


def _sentences(checks: dict[str, Any]) -> list[str]:
    found = []
    if checks["unbalanced"]:
        first = checks["unbalanced"][0]
        found.append(
            f"{len(checks['unbalanced'])} rows or columns miss output by more than {TOLERANCE:.1%}, at most "
            f"{first['share']:.2%} (the {first['side']} of {first['industry']})."
        )
    if checks["zero_output"]:
        found.append(f"{_count(checks['zero_output'], 'industry', 'industries')} without output.")
    if checks["negative_value_added"]:
        found.append(f"Negative value added: {_count(checks['negative_value_added'], 'industry', 'industries')}.")
    if checks["negative_final"]["where"]:
        found.append(
            f"Negative final use other than inventories, the largest {checks['negative_final']['largest']:,.6g} "
            f"({checks['negative_final']['where']})."
        )
    if checks["negative_flows"]:
        found.append(f"{checks['negative_flows']} negative flows.")
    if checks["empty_cells"]:
        found.append(f"{checks['empty_cells']} empty cells taken as zero; the table balances with them.")
    if checks["dust"]:
        found.append(f"{checks['dust']} cells are traces below a billionth of output and were taken as zero.")
    return found


def _count(listed: Sequence[str], one: str, many: str) -> str:
    names = ", ".join(listed[:NAMED]) + (", …" if len(listed) > NAMED else "")
    return f"{len(listed)} {one if len(listed) == 1 else many} ({names})"

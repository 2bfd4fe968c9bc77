"""National symmetric tables with the labels of Eurostat, however they are laid out, put together as one table.

Rows supply columns. Rows and columns are codes of products or industries (``CPA_C10-12``, ``C10T12``, ``C10-C12``);
beside them stand uses (P3_S14, P51G, P6 and their sums), below them primary inputs (D21X31, B1G, P1, IMP and others).
Old and new codes of the national accounts are understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.tables import IOTable
from etl.sources.io_base import CATEGORIES, Matrix, a64, gather, industries_of, refuse_double, stop

CLASSIFICATION = "NACE_A64"

USES = (
    ("households", ("P3_S14",)),
    ("npish", ("P3_S15",)),
    ("government", ("P3_S13",)),
    ("investment", ("P51G", "P51")),
    ("inventories", ("P52", "P5M", "P52_P53")),
    ("valuables", ("P53",)),
    ("exports", ("P6",)),
)
"""Categories of final use, each with the columns that may hold it, best first."""

SPLIT_EXPORTS = (("P6_B0", "P6_D0"), ("P6_U2", "P6_U3"), ("P6_S21", "P6_S22"), ("P6_S21X", "P6_S22X"))
"""Exports where only their parts are given, by partner."""

SUMS = ("TOTAL", "CPA_TOTAL", "TU", "TFU", "TFINU", "P3", "P3_P5", "P5")
"""Columns that are sums of others."""

PRIMARY = {
    "P1": "output",
    "OUTPUT": "output",
    "B1G": "value_added",
    "D21X31": "taxes",
    "D21_M_D31": "taxes",
    "IMP": "imports",
    "P7": "imports",
    "EMP": "jobs",
}
PARTS_OF_VALUE_ADDED = (("D1",), ("D29X39", "D29_M_D39"), ("B2A3G", "B2G_B3G"))

MATCH = 0.01
"""Share of all output up to which sums of rows may differ from output for a reading of the table to be believed."""


@dataclass(frozen=True)
class About:
    """What a table is, as far as its cells do not say it.

    Attributes:
        country: our code.
        year: its year.
        unit: its unit.
        dataset: code of the catalogue.
        jobs_year: year of the row of jobs, if it is another.
        notes: what a reader of results should know.
    """

    country: str
    year: int
    unit: str
    dataset: str
    jobs_year: int | None = None
    notes: tuple[str, ...] = ()


def is_use(label: str) -> bool:
    """Whether a label is a final use or a sum of uses in the codes of the national accounts."""
    return label in SUMS or label.startswith(("P3", "P5", "P6"))


def industry_labels(labels: Sequence[str]) -> list[str | None]:
    """Our code of each label that is an industry, None for others; an industry given in parts is left out."""
    known = industries_of(CLASSIFICATION)
    codes = [code if code in known else None for code in map(a64, labels)]
    parents = {known[code] for code in codes if code}
    return [None if code in parents else code for code in codes]


def domestic_of(flows: Mapping[str, Matrix], name: str) -> tuple[Matrix, tuple[str, ...]]:
    """The matrix to read of those for domestic production, imports and both together.

    Args:
        flows: by ``DOM``, ``IMP``, ``TOTAL``.
        name: the file, for messages.

    Returns:
        the domestic one where it is given or can be had by subtraction, else the one of all; and notes.

    Raises:
        SourceError: ``missing-block`` when there are only imports.
    """
    if "DOM" in flows:
        return flows["DOM"], ()
    if "TOTAL" not in flows:
        raise stop("missing-block", "Only imports are given (IMP); a table needs DOM or TOTAL.", name)
    total, imports = flows["TOTAL"], flows.get("IMP")
    codes = industry_labels(total.rows)
    if imports is None or not all(
        row in imports.rows for row, code in zip(total.rows, codes, strict=True) if code is not None
    ):
        return total, ()
    values = total.values.copy()
    across = {label: place for place, label in enumerate(imports.columns)}
    down = {label: place for place, label in enumerate(imports.rows)}
    shared = [place for place, label in enumerate(total.columns) if label in across]
    used = np.zeros(len(total.columns))
    for place, (row, code) in enumerate(zip(total.rows, codes, strict=True)):
        if code is not None:
            bought = np.nan_to_num(imports.values[down[row], [across[total.columns[each]] for each in shared]])
            values[place, shared] -= bought
            used[shared] += bought
    keep = [place for place, label in enumerate(total.rows) if PRIMARY.get(label) != "imports"]
    rows = [*(total.rows[place] for place in keep), "IMP"]
    note = "Domestic flows are the publisher's total less its imports, cell by cell."
    return Matrix(rows, total.columns, np.vstack([values[keep], used]), total.facts, total.first), (note,)


def national(matrix: Matrix, about: About, name: str) -> tuple[IOTable, tuple[str, ...]]:
    """Put a national table together.

    Whether flows are domestic or hold imports is told by the sums of rows: they equal output in the first case, output
    and imports in the second.

    Returns:
        the table, and warnings.

    Raises:
        SourceError: ``missing-block``, ``unknown-industry``, ``swapped``, ``duplicate-row``, ``duplicate-column``.
    """
    refuse_double(matrix.rows, "row", name, matrix.first)
    refuse_double(matrix.columns, "column", name, matrix.first - 1)
    rows, columns = industry_labels(matrix.rows), industry_labels(matrix.columns)
    _refuse_swapped(matrix, name)
    given = {code for code in (*rows, *columns) if code}
    industries = [code for code in industries_of(CLASSIFICATION) if code in given]
    n = len(industries)
    for what, labels in (("row", rows), ("column", columns)):
        gaps = [code for code in industries if code not in labels]
        if gaps:
            remedy = (
                f"{len(gaps)} {what}s of products are missing, the first is {gaps[0]}; every product needs a row and a "
                "column."
            )
            raise stop("missing-block", remedy, name, None, "", gaps[0])
    if not n:
        raise stop("missing-block", "No row is a product or industry of the list NACE A64.", name)
    _refuse_unknown(matrix, rows, columns, name)
    places = {code: place for place, code in enumerate(industries)}
    row_of = np.array([places[code] if code else -1 for code in rows])
    column_of = np.array([places[code] if code else -1 for code in columns])
    flows = gather(matrix.values, row_of, column_of, (n, n))
    final_columns, final = _final(matrix, row_of, n, about.country, name)
    primary = _primary(matrix, column_of, n)
    if "value_added" not in primary:
        raise stop("missing-block", "The row of value added (B1G) is missing.", name)
    totals = np.nansum(flows, axis=1) + np.nansum(final, axis=1)
    output = primary.get("output", totals)
    imports = primary.get("imports")
    with_imports = imports is not None and _gap(totals, output + np.nan_to_num(imports)) < min(
        MATCH, _gap(totals, output)
    )
    table = IOTable(
        name=f"{about.country} {about.year}",
        kind="national",
        year=about.year,
        unit=about.unit,
        classification=CLASSIFICATION,
        countries=(about.country,),
        industries=tuple(industries),
        flows=flows,
        final=final,
        final_columns=final_columns,
        output=output,
        value_added=primary["value_added"],
        uses="total" if with_imports else "domestic",
        imports=imports if with_imports else None,
        imported_inputs=None if with_imports else imports,
        taxes=primary.get("taxes"),
        jobs=primary.get("jobs"),
        jobs_year=about.jobs_year if "jobs" in primary else None,
        notes=about.notes,
    )
    return table, ()


def _gap(left: np.ndarray, right: np.ndarray) -> float:
    scale = float(np.nansum(np.abs(right)))
    return float(np.nansum(np.abs(left - right))) / scale if scale else np.inf


def _final(
    matrix: Matrix, row_of: np.ndarray, n: int, country: str, name: str
) -> tuple[tuple[tuple[str, str], ...], np.ndarray]:
    """Final use by category. Sums are left out where their parts are given."""
    labels = {label: place for place, label in enumerate(matrix.columns)}
    chosen: dict[str, list[str]] = {}
    for category, candidates in USES:
        first = next((label for label in candidates if label in labels), None)
        if first is not None:
            chosen[category] = [first]
    if "inventories" in chosen and chosen["inventories"] != ["P52"]:
        # Inventories and valuables come as one column then.
        chosen.pop("valuables", None)
    if "exports" not in chosen:
        pair = next((pair for pair in SPLIT_EXPORTS if set(pair) <= set(labels)), None)
        if pair:
            chosen["exports"] = list(pair)
    if not {"households", "npish", "government"} & set(chosen) and "P3" in labels:
        chosen["other"] = ["P3"]
    if not {"investment", "inventories"} & set(chosen) and "P5" in labels:
        chosen["investment"] = ["P5"]
    if not set(chosen) - {"exports"}:
        raise stop("missing-block", "Final use is missing: there is no column such as P3_S14, P3 or P51G.", name, 1)
    if "exports" not in chosen:
        raise stop("missing-block", "Exports are missing: there is no column P6.", name, 1)
    order = [category for category in CATEGORIES if category in chosen]
    final = np.zeros((n, len(order)))
    for place, category in enumerate(order):
        for label in chosen[category]:
            final[:, place] += gather(
                matrix.values, row_of, np.where(np.arange(len(matrix.columns)) == labels[label], 0, -1), (n, 1)
            )[:, 0]
    return tuple(("ROW" if category == "exports" else country, category) for category in order), final


def _primary(matrix: Matrix, column_of: np.ndarray, n: int) -> dict[str, np.ndarray]:
    lines = {label: place for place, label in enumerate(matrix.rows)}

    def line(label: str) -> np.ndarray:
        return gather(matrix.values, np.where(np.arange(len(matrix.rows)) == lines[label], 0, -1), column_of, (1, n))[0]

    found: dict[str, np.ndarray] = {}
    for label, meaning in PRIMARY.items():
        if label in lines and meaning not in found:
            found[meaning] = line(label)
    if "value_added" not in found:
        parts = [next((label for label in labels if label in lines), "") for labels in PARTS_OF_VALUE_ADDED]
        if parts[0] and parts[2]:
            found["value_added"] = np.sum([np.nan_to_num(line(label)) for label in parts if label], axis=0)
    return found


def _refuse_swapped(matrix: Matrix, name: str) -> None:
    uses = [place for place, label in enumerate(matrix.rows) if label in ("P3_S14", "P3_S13", "P51G", "P6")]
    inputs = [label for label in matrix.columns if label in ("B1G", "D1", "D21X31", "D21_M_D31")]
    if inputs or uses:
        place = f"the column {inputs[0]}" if inputs else f"the row {matrix.rows[uses[0]]}"
        remedy = f"Rows and columns are swapped ({place} belongs to the other side). Turn the table."
        line = matrix.first - 1 if inputs else matrix.line(uses[0])
        raise stop("swapped", remedy, name, line, inputs[0] if inputs else "")


def _refuse_unknown(matrix: Matrix, rows: Sequence[str | None], columns: Sequence[str | None], name: str) -> None:
    """A product that is not in the list would silently be lost; other rows and columns may be many."""
    known = industries_of(CLASSIFICATION)
    for labels, codes, side in ((matrix.rows, rows, "row"), (matrix.columns, columns, "column")):
        for place, (label, code) in enumerate(zip(labels, codes, strict=True)):
            plain = a64(label)
            if code is None and plain not in known and label.startswith("CPA_") and plain != "TOTAL":
                remedy = f"The {side} {label} is no product of the list NACE A64."
                line = matrix.line(place) if side == "row" else matrix.first - 1
                raise stop("unknown-industry", remedy, name, line, label if side == "column" else "", label)

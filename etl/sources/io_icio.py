"""Inter-Country Input-Output tables of the OECD, as CSV: one matrix with rows and columns such as ``HUN_C29``.

Below the flows stand ``TLS`` (taxes less subsidies on products), ``VA`` and ``OUT``; beside them final use by country
(``HUN_HFCE``) and ``OUT``. The extended tables split Mexico and China by kind of firm (MX1, MX2, CN1, CN2) and give
their final use for the whole country.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.pipeline import Progress
from etl.sources.io_base import (
    Found,
    Place,
    country_of,
    edition_in,
    inter_country,
    need_year,
    read_matrix,
    refuse_double,
    split_label,
)

FINAL = {
    "HFCE": "households",
    "NPISH": "npish",
    "GGFC": "government",
    "GFCF": "investment",
    "INVNT": "inventories",
    "DPABR": "households",
    "DIRP": "households",
    "P33": "households",
    "CONS_ABR": "households",
    "NONRES": "other",
    "CONS_NONRES": "other",
    "DISC": "discrepancy",
    "FD": "other",
}
"""Final use; what residents buy abroad is bought by households."""

PRIMARY = {
    "VA": "value_added",
    "VALU": "value_added",
    "TLS": "taxes",
    "TAXSUB": "taxes",
    "OUT": "output",
    "OUTPUT": "output",
    "TOTAL": "output",
}
LISTS = ("ICIO45", "ICIO50")


def is_icio(header: Sequence[str]) -> bool:
    """Whether column labels are those of an ICIO table, even a table laid on its side."""
    ends = {label.partition("_")[2] for label in header if "_" in label}
    return "HFCE" in ends or {"VA", "TLS"} <= set(header)


def read_icio(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in an ICIO file.

    Raises:
        SourceError: what ``read_matrix`` and ``inter_country`` raise, ``missing-year``, ``unknown-country``.
    """
    # The text's matrix must not stay in a waiting generator while the table made of it is checked and written.
    yield _found(path, name, progress)


def _found(path: Path, name: str, progress: Progress | None) -> Found:
    year = need_year(name)
    matrix = read_matrix(path, name, progress)
    refuse_double(matrix.rows, "row", name, matrix.first)
    refuse_double(matrix.columns, "column", name)
    rows = [_meaning(label, name, matrix.line(place), "") for place, label in enumerate(matrix.rows)]
    columns = [_meaning(label, name, 1, label) for label in matrix.columns]
    table, warnings = inter_country(
        matrix, rows, columns, name, title=f"OECD ICIO {year}", year=year, unit="MIO_USD", candidates=LISTS
    )
    return Found(table, "ICIO", edition_in(name), warnings)


def _meaning(label: str, name: str, line: int, column: str) -> Place:
    if label in PRIMARY:
        return "", PRIMARY[label]
    if label in FINAL:
        return "ROW", FINAL[label]
    head, _, rest = label.partition("_")
    if rest in PRIMARY and country_of(head):
        return "", PRIMARY[rest]
    country, rest = split_label(label, name, line, column)
    return country, FINAL.get(rest, rest)

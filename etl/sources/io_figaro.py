"""FIGARO, the inter-country tables of Eurostat, as matrix CSV and as flat CSV, by products or by industries.

In the matrix the first column is ``rowLabels``, rows and columns are such as ``HU_C29`` or ``HU_CPA_C29``, final use is
``HU_P3_S14``, and rows of ``W2`` hold taxes on products (D21X31), purchases of residents abroad and of non-residents
(OP_RES, OP_NRES) and the parts of value added (D1, D29X39, B2A3G). The flat file has the same in one row a cell, with
the columns refArea, rowIi or rowPi, counterpartArea, colIi or colPi, obsValue. ``FIGW1`` is the rest of the world.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as pacsv

from etl.pipeline import Progress
from etl.sources.blocks import MISSING, open_bytes
from etl.sources.io_base import (
    TEXT_BYTES,
    Found,
    Matrix,
    Place,
    a64,
    edition_in,
    header_of,
    inter_country,
    need_year,
    read_matrix,
    refuse_double,
    split_label,
    stop,
)

FINAL = {
    "P3_S14": "households",
    "P3_S15": "npish",
    "P3_S13": "government",
    "P51G": "investment",
    "P5M": "inventories",
    "P52": "inventories",
    "P53": "valuables",
}
PRIMARY = {
    "D21X31": "taxes",
    "OP_RES": "taxes",
    "OP_NRES": "taxes",
    "D1": "value_added",
    "D29X39": "value_added",
    "B2A3G": "value_added",
    "B1G": "value_added",
}
DOMESTIC = "W2"
"""The counterpart area under which the rows below the flows stand."""

PAIRS = ((("rowIi", "colIi"), "FIGARO_IND"), (("rowPi", "colPi"), "FIGARO_PROD"))
AREAS = ("refArea", "counterpartArea", "obsValue")
WIDTH = 16
"""Bits of the number of a column; that of the row stands above them."""

NOTE = "Changes in inventories include acquisitions less disposals of valuables."


def is_figaro_matrix(header: Sequence[str]) -> bool:
    """Whether column labels are those of a FIGARO matrix."""
    return bool(header) and header[0].strip('"').lower() == "rowlabels"


def is_figaro_flat(header: Sequence[str]) -> bool:
    """Whether column labels are those of a flat FIGARO file of an input-output table."""
    return set(AREAS) <= set(header) and any(set(pair) <= set(header) for pair, _ in PAIRS)


def read_figaro_matrix(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in a FIGARO matrix file.

    Raises:
        SourceError: what ``read_matrix`` and ``inter_country`` raise, ``missing-year``, ``unknown-country``.
    """
    year = need_year(name)
    yield _found(_matrix(path, name, progress), name, year)


def read_figaro_flat(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in a flat FIGARO file.

    Raises:
        SourceError: as ``read_figaro_matrix``, and ``duplicate-row`` for a cell that stands there twice.
    """
    header, _, _ = header_of(path)
    year = need_year(name)
    pair = next(pair for pair, _ in PAIRS if set(pair) <= set(header))
    yield _found(_cells(path, name, header, pair, progress), name, year)


def _matrix(path: Path, name: str, progress: Progress | None) -> Matrix:
    matrix = read_matrix(path, name, progress)
    refuse_double(matrix.rows, "row", name, matrix.first)
    refuse_double(matrix.columns, "column", name)
    return matrix


def _found(matrix: Matrix, name: str, year: int) -> Found:
    rows = [_meaning(label, name, matrix.line(place), "") for place, label in enumerate(matrix.rows)]
    columns = [_meaning(label, name, 1, label) for label in matrix.columns]
    products = any("_CPA_" in label for label in matrix.rows)
    what = "products" if products else "industries"
    table, warnings = inter_country(
        matrix,
        rows,
        columns,
        name,
        title=f"FIGARO {year}, {what}",
        year=year,
        unit="MIO_EUR",
        candidates=("NACE_A64",),
        notes=(NOTE,),
    )
    return Found(table, "FIGARO_PROD" if products else "FIGARO_IND", edition_in(name), warnings)


def _meaning(label: str, name: str, line: int, column: str) -> Place:
    head, _, rest = label.partition("_")
    if (head == DOMESTIC and rest in PRIMARY) or label in PRIMARY:
        return "", PRIMARY.get(rest) or PRIMARY[label]
    country, rest = split_label(label, name, line, column)
    return country, FINAL.get(rest) or a64(rest)


def _cells(path: Path, name: str, header: list[str], pair: tuple[str, str], progress: Progress | None) -> Matrix:
    """The cells of a flat file as a matrix; a cell that is not there is NaN."""
    texts = ("refArea", pair[0], "counterpartArea", pair[1])
    types = {**dict.fromkeys(texts, pa.dictionary(pa.int32(), pa.string())), "obsValue": pa.float64()}
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    stream, raw = open_bytes(path)
    _, _, delimiter = header_of(path)
    with raw, stream:
        try:
            for batch in pacsv.open_csv(
                pa.PythonFile(stream, mode="r"),
                read_options=pacsv.ReadOptions(block_size=TEXT_BYTES),
                parse_options=pacsv.ParseOptions(delimiter=delimiter),
                convert_options=pacsv.ConvertOptions(
                    column_types=types, include_columns=[*texts, "obsValue"], null_values=MISSING
                ),
            ):
                across = _numbers(batch.column("refArea"), batch.column(pair[0]), rows)
                down = _numbers(batch.column("counterpartArea"), batch.column(pair[1]), columns)
                parts.append(((across << WIDTH) | down, batch.column("obsValue").to_numpy(zero_copy_only=False)))
                if progress is not None:
                    progress(raw.tell(), path.stat().st_size)
        except pa.ArrowInvalid as error:
            raise stop("not-a-number", f"A row of the file cannot be read: {error}", name) from error
    if not parts:
        raise stop("no-rows", "The file has a header and no rows.", name)
    return Matrix(list(rows), list(columns), _placed(parts, list(rows), list(columns), name))


def _placed(parts: list[tuple[np.ndarray, np.ndarray]], rows: list[str], columns: list[str], name: str) -> np.ndarray:
    """Cells in their places, NaN where there is none; each part is let go when it has been placed.

    Raises:
        SourceError: ``duplicate-row``.
    """
    values = np.full((len(rows), len(columns)), np.nan)
    filled = np.zeros(values.shape, dtype=bool)
    while parts:
        key, numbers = parts.pop()
        row, column = key >> WIDTH, key & ((1 << WIDTH) - 1)
        place = row.astype(np.int64) * len(columns) + column
        before = filled.ravel()[place]
        twice = int(np.flatnonzero(before)[0]) if before.any() else _second(place)
        if twice >= 0:
            label = f"{rows[row[twice]]}, {columns[column[twice]]}"
            remedy = f"The cell {label} stands there twice; leave one."
            raise stop("duplicate-row", remedy, name, None, columns[column[twice]], rows[row[twice]])
        filled.ravel()[place] = True
        values.ravel()[place] = numbers
    return values


def _second(places: np.ndarray) -> int:
    """Where a place comes a second time, -1 when all are different."""
    _, first = np.unique(places, return_index=True)
    return -1 if len(first) == len(places) else int(np.setdiff1d(np.arange(len(places)), first)[0])


def _numbers(areas: pa.DictionaryArray, codes: pa.DictionaryArray, known: dict[str, int]) -> np.ndarray:
    """Number of each area and code; new ones are added to ``known``."""
    width = len(codes.dictionary)
    pairs = np.asarray(areas.indices).astype(np.int64) * width + np.asarray(codes.indices)
    distinct, places = np.unique(pairs, return_inverse=True)
    first, second = areas.dictionary.to_pylist(), codes.dictionary.to_pylist()
    labels = [f"{first[pair // width]}_{second[pair % width]}" for pair in distinct]
    return np.array([known.setdefault(label, len(known)) for label in labels], dtype=np.int32)[places]

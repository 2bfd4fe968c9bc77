"""World input-output tables of WIOD, releases of 2013 and 2016, as XLSX or CSV.

The sheet has four rows of labels above the numbers (code, name, country, number such as c12) and the same four columns
beside them. The release of 2016 is also handed on with a single header (``IndustryCode``, ``IndustryDescription``,
``Country``, ``RNr``, then ``AUS1`` ... ``ROW61``). Below the flows stand taxes, adjustments, value added, transport
margins and output, told by their names, since the numbers of these rows differ between releases.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from etl.pipeline import Progress
from etl.sources.blocks import MISSING, open_bytes
from etl.sources.io_base import (
    Found,
    Matrix,
    Place,
    country_of,
    edition_in,
    header_of,
    inter_country,
    need_year,
    read_matrix,
    refuse_double,
    stop,
    year_in,
)

LONG = ("IndustryCode", "IndustryDescription", "Country", "RNr")
NUMBERED = re.compile(r"c(\d{1,2})")
LABEL = re.compile(r"([A-Za-z]{3})(\d{1,2})")
LABELS = 4
HEAD_ROWS = 12
"""Rows at the top of a sheet among which the labels are looked for."""

FINAL13 = {37: "households", 38: "npish", 39: "government", 41: "investment", 42: "inventories"}
FINAL16 = {57: "households", 58: "npish", 59: "government", 60: "investment", 61: "inventories"}
SCALE = 10
"""A table of 2016 as XLSX is up to ten times as large as the largest workbook of a ministry."""

INDUSTRIES = {"WIOD13": 35, "WIOD16": 56}

BELOW = (
    (re.compile(r"value added"), "value_added"),
    (re.compile(r"gross output|output at basic|^output$"), "output"),
    (re.compile(r"total intermediate|^total$"), ""),
    (re.compile(r"taxes less subsidies|cif/ ?fob|direct purchases|purchases on|transport margins"), "taxes"),
)
"""Rows below the flows by their names."""

NOTE = "Taxes include purchases across borders, adjustments of exports and international transport margins."


def is_wiod(header: Sequence[str]) -> bool:
    """Whether column labels are those of the release of 2016 with a single header."""
    return tuple(header[:LABELS]) == LONG


def is_wiod_sheet(rows: Iterable[Sequence[Any]]) -> bool:
    """Whether the first rows of a sheet or text are those of a world input-output table."""
    return _labels_row([list(row) for _, row in zip(range(HEAD_ROWS), rows, strict=False)]) is not None


def peek_rows(path: Path) -> list[list[Any]]:
    """The first rows of a sheet or of a text file with commas or semicolons; nothing if it is neither."""
    if path.suffix.lower() == ".xlsx":
        rows, close = _open_sheet(path)
        found = [row for _, row in zip(range(HEAD_ROWS), rows, strict=False)]
        close()
        return found
    stream, raw = open_bytes(path)
    with raw, stream:
        lines = [stream.readline().decode("utf-8-sig", errors="replace") for _ in range(HEAD_ROWS)]
    sign = max(",;\t", key="".join(lines).count)
    return list(csv.reader(lines, delimiter=sign))


def read_wiod_long(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in a file of the release of 2016 with a single header.

    Raises:
        SourceError: what ``read_matrix`` and ``inter_country`` raise, ``missing-year``, ``unknown-country``.
    """
    yield _long(path, name, progress)


def _long(path: Path, name: str, progress: Progress | None) -> Found:
    header, _, _ = header_of(path)
    labels = LABELS + (header[LABELS] == "Year")
    matrix = read_matrix(path, name, progress, labels)
    cells = [label.split("\t") for label in matrix.rows]
    year = need_year(name, cells[0][LABELS] if labels > LABELS else None)
    codes = {int(cell[3]): cell[0] for cell in cells if cell[3].isdigit() and int(cell[3]) <= INDUSTRIES["WIOD16"]}
    rows = [_row("WIOD16", row[0], row[1], row[2], codes, name, matrix.line(place)) for place, row in enumerate(cells)]
    columns: list[Place | None] = []
    for label in matrix.columns:
        match = LABEL.fullmatch(label)
        if match is None:
            columns.append(("", "output") if label in ("TOT", "GO") else None)
            continue
        columns.append(_column("WIOD16", match.group(1), int(match.group(2)), codes, name, label))
    return _found(matrix, rows, columns, "WIOD16", year, name)


def read_wiod_sheet(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in a sheet with four rows and four columns of labels, as XLSX or saved as text.

    Raises:
        SourceError: ``unknown-format``, ``not-a-number``, and what ``inter_country`` raises.
    """
    yield _sheet(path, name, progress)


def _sheet(path: Path, name: str, progress: Progress | None) -> Found:
    rows, close = _open_sheet(path) if path.suffix.lower() == ".xlsx" else _open_text(path)
    try:
        top = [row for _, row in zip(range(HEAD_ROWS), rows, strict=False)]
        last = _labels_row(top)
        if last is None:
            raise stop("unknown-format", "The sheet has no row of labels c1, c2, …; give the sheet as published.", name)
        release = "WIOD16" if set(FINAL16) & set(_numbers(top[last])[:-1]) else "WIOD13"
        said = " ".join(str(cell) for row in top[:last] for cell in row[:LABELS] if cell)
        year = need_year(name, year_in(said))
        body = [*top[last + 1 :]]
        matrix, labels = _body(body, rows, len(top[last]), last + 2, name, progress)
    finally:
        close()
    codes = {number: _code(release, top[last - 3][place], number) for place, number in _numbered(top[last])}
    columns: list[Place | None] = []
    for place in range(LABELS, len(top[last])):
        match = NUMBERED.fullmatch(str(top[last][place] or "").strip())
        country = str(top[last - 1][place] or "").strip()
        if match is None or country.upper() in ("TOT", "TOTAL", ""):
            total = country.upper().startswith("TOT") or "output" in str(top[last - 2][place] or "").lower()
            columns.append(("", "output") if total else None)
            continue
        columns.append(_column(release, country, int(match.group(1)), codes, name, f"{country} {match.group(0)}"))
    meaning = []
    for place, (code, text, country, number) in enumerate(labels):
        match = NUMBERED.fullmatch(number)
        own = codes.get(int(match.group(1)), "") if match else code
        meaning.append(_row(release, own if match else code, text, country, codes, name, matrix.line(place)))
    return _found(matrix, meaning, columns, release, year, name)


def _found(
    matrix: Matrix, rows: Sequence[Place | None], columns: Sequence[Place | None], release: str, year: int, name: str
) -> Found:
    refuse_double([" ".join(place) for place in rows if place and place[0]], "row", name, matrix.first)
    edition = 2013 if release == "WIOD13" else 2016
    table, warnings = inter_country(
        matrix,
        rows,
        columns,
        name,
        title=f"WIOD {edition}, {year}",
        year=year,
        unit="MIO_USD",
        candidates=(release,),
        notes=(NOTE,),
    )
    return Found(table, release, edition_in(f"{edition}_{year}"), warnings)


def _column(release: str, country: str, number: int, codes: dict[int, str], name: str, label: str) -> Place:
    found = country_of(country)
    if found is None:
        raise stop("unknown-country", f'"{country}" in the column {label} is no country.', name, 1, label, country)
    final = FINAL13 if release == "WIOD13" else FINAL16
    if number in final:
        return found, final[number]
    if number > INDUSTRIES[release] or number not in codes:
        raise stop("unknown-industry", f"The column {label} is neither an industry nor a final use.", name, 1, label)
    return found, codes[number]


def _row(release: str, code: str, text: str, country: str, codes: dict[int, str], name: str, line: int) -> Place | None:
    below = next((meaning for pattern, meaning in BELOW if pattern.search(text.lower())), None)
    if code in codes.values() and country.upper() not in ("TOT", "TOTAL"):
        found = country_of(country)
        if found is None:
            raise stop("unknown-country", f'"{country}" is no country.', name, line, "Country", country)
        return found, code
    if below is None:
        remedy = f'The row "{text or code}" is neither an industry nor a row below the flows that WIOD publishes.'
        raise stop("unknown-industry", remedy, name, line, "", code)
    return ("", below) if below else None


def _code(release: str, cell: Any, number: int) -> str:
    """Our code of an industry: the release of 2013 has numbers, that of 2016 codes of its own."""
    if number > INDUSTRIES[release]:
        return ""
    return str(number) if release == "WIOD13" else str(cell or "").strip()


def _labels_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """Which of the first rows holds c1, c2, …; three rows of labels stand above it."""
    for place, row in enumerate(rows):
        if place >= LABELS - 1 and len(_numbered(row)) >= LABELS and len(row) > LABELS:
            return place
    return None


def _numbered(row: Sequence[Any]) -> list[tuple[int, int]]:
    """(place, number) of the labels c1, c2, … in a row."""
    matches = ((place, NUMBERED.fullmatch(str(cell or "").strip())) for place, cell in enumerate(row))
    return [(place, int(match.group(1))) for place, match in matches if match]


def _numbers(row: Sequence[Any]) -> list[int]:
    return [number for _, number in _numbered(row)]


def _open_sheet(path: Path) -> tuple[Iterator[list[Any]], Any]:
    from openpyxl import load_workbook

    from etl.sources.archive import check_archive

    check_archive(path, SCALE)
    book = load_workbook(path, read_only=True, data_only=True)
    return (list(row) for row in book.worksheets[0].iter_rows(values_only=True)), book.close


def _open_text(path: Path) -> tuple[Iterator[list[Any]], Any]:
    stream, raw = open_bytes(path)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    head = text.readline()
    sign = max(",;\t", key=head.count)

    def rows() -> Iterator[list[Any]]:
        yield next(csv.reader([head], delimiter=sign), [])
        yield from csv.reader(text, delimiter=sign)

    def close() -> None:
        text.close()
        raw.close()

    return rows(), close


def _body(
    rows: list[list[Any]], rest: Iterator[list[Any]], width: int, first: int, name: str, progress: Progress | None
) -> tuple[Matrix, list[tuple[str, str, str, str]]]:
    """The numbers below the labels, and the four labels of each row."""
    labels: list[tuple[str, str, str, str]] = []
    numbers: list[np.ndarray] = []

    def take(row: list[Any], line: int) -> None:
        if not any(cell not in (None, "") for cell in row):
            return
        padded = [*row[:width], *[None] * (width - len(row))]
        code, text, country, number = (str(cell or "").strip() for cell in padded[:LABELS])
        labels.append((code, text, country, number))
        try:
            numbers.append(np.array([_value(cell) for cell in padded[LABELS:]]))
        except ValueError as error:
            remedy = f'There is no number in row {code or text} {country}: "{error}".'
            raise stop("not-a-number", remedy, name, line, "", str(error)) from error
        if progress is not None:
            progress(len(labels), width)

    line = first
    for row in rows:
        take(row, line)
        line += 1
    for row in rest:
        take(row, line)
        line += 1
    if not numbers:
        raise stop("no-rows", "The sheet has labels and no rows.", name)
    return Matrix([" ".join(label) for label in labels], [""] * (width - LABELS), np.array(numbers), {}, first), labels


def _value(cell: Any) -> float:
    if cell is None or (isinstance(cell, str) and cell.strip() in MISSING):
        return np.nan
    try:
        return float(cell)
    except (TypeError, ValueError):
        raise ValueError(str(cell)) from None

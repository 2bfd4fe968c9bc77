"""A ministry's own figures: the workbook (XLSX or CSV) that we hand out, filled in and handed back.

Every row that can be taken is delivered; every other one is a Problem that names sheet row, column, value and remedy.
"""

import csv
import io
import logging
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.sources.archive import check_size
from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import DICTIONARY, MISSING, confidentiality, shorten, sorted_letters
from etl.sources.sheets import LAST_SHEET_ROW, MAX_COLUMNS, Content, Odd, Plain, content, merged_rows, open_book
from etl.sources.workbook_form import (
    CHANGES,
    COLUMNS,
    DATA,
    DIRECTIONS,
    FLAGS,
    MAX_OWN,
    MAX_ROWS,
    NEEDED,
    OWN,
    OWN_COLUMNS,
    OWN_NEEDED,
    THEMES,
    unguarded,
    write_csv_template,
    write_template,
)

__all__ = ["is_workbook", "own_indicators", "read_workbook", "write_csv_template", "write_template"]

SHEETS = (".xlsx", ".xls", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
CHUNK_ROWS = 20_000
SHORT = 28
"""Characters of a name that fit on a tile."""

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_DATE = re.compile(r"(?:^|\D)([12]\d{3})(?:\D|$)")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Row:
    line: int
    cells: tuple[Content, ...]


@dataclass(frozen=True)
class _Table:
    """A sheet: rows with the columns asked for, in their order. ``places`` names a column as people see it."""

    columns: tuple[str, ...]
    places: dict[str, str]
    rows: list[_Row]
    merged: tuple[tuple[int, int], ...] = ()

    def cell(self, row: _Row, name: str) -> Content:
        return row.cells[self.columns.index(name)]


class _CellError(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, reason: str, remedy: str, value: object) -> None:
        super().__init__(remedy)
        self.column, self.reason, self.remedy, self.value = column, reason, remedy, shorten(str(value))


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook: any spreadsheet ending, or a text file whose header names our columns."""
    suffix = path.suffix.lower()
    if suffix in SHEETS:
        return True
    if suffix not in TEXTS or not path.is_file():
        return False
    with path.open("rb") as file:
        first = file.read(4096).removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].decode("latin-1").lower()
    words = {word.strip(' "\r') for word in re.split("[;,\t]", first)}
    return {"indicator", "region", "year"} <= words


def read_workbook(path: Path) -> Extract:
    """Read a filled workbook. Good rows are delivered; each bad one is a Problem with row, column, value and remedy.

    Of rows with the same indicator, region and year, equal ones count once, and contradicting ones not at all.

    Returns:
        Extract of source ``own``, dataset ``INDICATOR``, dims ``("indicator",)``. Problems of the sheet
        ``indicators`` are among its problems.

    Raises:
        SourceError: the file as a whole cannot be taken.
    """
    if path.suffix.lower() in TEXTS:
        table, to_number = _read_text(path)
        described: list[Problem] = []
    else:
        tables = _read_sheets(path)
        table, to_number = tables[0], _sheet_number
        described = _own_entries(tables[1])[1] if len(tables) > 1 else []
    good, problems = _checked(table, to_number)
    if not good and not problems:
        remedy = f"There is no figure yet: fill in the sheet {DATA}, one row for each indicator, region and year."
        raise SourceError(Problem("no-rows", remedy), path.name)
    size = path.stat().st_size
    extract = Extract("own", "INDICATOR", ("indicator",), iter(()), path.name, path, size_hint=size)
    extract.problems += described + problems
    extract.chunks = _chunks(extract, good)
    return extract


def own_indicators(path: Path) -> list[dict[str, Any]]:
    """Catalogue entries (role ``own``) of the indicators that the workbook's sheet ``indicators`` describes.

    Rows that cannot be taken are left out; ``read_workbook`` reports them.

    Raises:
        SourceError: the file as a whole cannot be taken.
    """
    if path.suffix.lower() in TEXTS:
        return []
    tables = _read_sheets(path)
    return _own_entries(tables[1])[0] if len(tables) > 1 else []


def _refusal(path: Path, reason: str, remedy: str, line: int | None = None, column: str = "") -> SourceError:
    return SourceError(Problem(reason, remedy, line, column), path.name)


def _read_sheets(path: Path) -> list[_Table]:
    """The sheet ``data`` and, when it is there, ``indicators``."""
    with open_book(path) as book:
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        if DATA not in sheets:
            raise _no_sheet(path, [sheet.title for sheet in book.worksheets])
        tables = [_sheet_table(path, sheets[DATA], COLUMNS, NEEDED, MAX_ROWS)]
        if OWN in sheets:
            tables.append(_sheet_table(path, sheets[OWN], OWN_COLUMNS, OWN_NEEDED, MAX_OWN, f"{OWN}: "))
        return tables


def _no_sheet(path: Path, titles: Sequence[str]) -> SourceError:
    near = get_close_matches(DATA, [title.lower() for title in titles], n=1, cutoff=0.5)
    meant = next(
        (title for title in titles if near and title.lower() == near[0]), titles[0] if len(titles) == 1 else ""
    )
    hint = f" Did you mean {meant}? Rename it to {DATA}." if meant else f" Rename the one with the figures to {DATA}."
    shown = shorten(", ".join(titles)) or "none"
    return _refusal(path, "missing-sheet", f"The workbook has no sheet {DATA}; its sheets are: {shown}.{hint}")


def _sheet_table(
    path: Path, sheet: Any, columns: Sequence[str], needed: Sequence[str], most: int, prefix: str = ""
) -> _Table:
    from openpyxl.utils import get_column_letter

    # Bounds are given, because the sheet's own word on its size need not be true.
    lines = sheet.iter_rows(min_row=1, max_row=LAST_SHEET_ROW, min_col=1, max_col=MAX_COLUMNS)
    header = [str(cell.value or "") for cell in next(lines, ())]
    where = _header_places(path, header, columns, needed, prefix)
    merged = merged_rows(sheet)
    if any(first == 1 for first, _ in merged):
        raise _refusal(
            path, "merged-cells", f"Cells of the header of the sheet {sheet.title} are merged; unmerge them.", 1
        )
    rows = []
    blank: Any = None
    for line, cells in enumerate(lines, start=2):
        # The reader gives one and the same row for all that are not in the file, and there may be a million of them.
        if cells is blank:
            continue
        row = tuple(content(cells[where[name]]) if name in where else None for name in columns)
        if any(cell is not None for cell in row):
            rows.append(_Row(line, row))
            if len(rows) > most:
                remedy = f"The sheet {sheet.title} has more than {most:,} rows; divide it into several workbooks."
                raise _refusal(path, "too-many-rows", remedy, line)
        else:
            blank = cells
    letters = {name: f"{prefix}{name} ({get_column_letter(place + 1)})" for name, place in where.items()}
    return _Table(tuple(columns), letters, rows, merged)


def _header_places(
    path: Path, header: Sequence[str], columns: Sequence[str], needed: Sequence[str], prefix: str = ""
) -> dict[str, int]:
    """Place of each of our columns in a header row.

    Raises:
        SourceError: ``missing-column`` with the nearest name there, or ``duplicate-column``.
    """
    found = [name.strip().lower() for name in header]
    for name in columns:
        if found.count(name) > 1:
            raise _refusal(path, "duplicate-column", f"The column {prefix}{name} stands twice; delete one.", 1, name)
    missing = [name for name in needed if name not in found]
    if missing:
        others = [name for name in found if name and name not in columns]
        near = get_close_matches(missing[0], others, n=1, cutoff=0.5)
        hint = f" Is it {shorten(near[0])}? Rename it." if near else f" The first row must be: {', '.join(columns)}."
        remedy = f"The column {prefix}{missing[0]} is missing.{hint}"
        raise _refusal(path, "missing-column", remedy, 1, missing[0])
    return {name: found.index(name) for name in columns if name in found}


def decode(content: bytes, file_name: str) -> tuple[str, str]:
    """Text of a CSV and the encoding it was read in: UTF-8, UTF-16 with a mark, else cp1250 or cp1252.

    Codes and numbers are the same in all of them; only notes could come out wrong, and those are not loaded.

    Raises:
        SourceError: ``not-utf8``, the bytes are text in none of these.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    tries = ["utf-16"] if marked else ["utf-8-sig", "cp1250", "cp1252"]
    for encoding in tries:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if encoding.startswith("cp"):
            logger.warning(
                "%s is not in UTF-8; it was read as %s. Save it as CSV UTF-8 to be sure.", file_name, encoding
            )
        return text, encoding
    remedy = "The file is not text in UTF-8, and in none of the Windows encodings either. Save it as CSV UTF-8."
    raise SourceError(Problem("not-utf8", remedy), file_name)


def _read_text(path: Path) -> tuple[_Table, "ReadNumber"]:
    """A CSV as a table, and how its numbers are read."""
    check_size(path)
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04"):
        raise _refusal(path, "unknown-format", "The file is a workbook with the ending of a text; name it .xlsx.")
    text, _ = decode(content, path.name)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[_Row] = []
    where: dict[str, int] = {}
    width, line = 0, 1
    try:
        header = next(lines, [])
        where, width = _header_places(path, header, COLUMNS, NEEDED), len(header)
        line = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append(_Row(line, _text_row(cells, where, width)))
            if len(rows) > MAX_ROWS:
                remedy = f"The file has more than {MAX_ROWS:,} rows; divide it into several."
                raise _refusal(path, "too-many-rows", remedy, line)
            line = lines.line_num + 1
    except csv.Error as error:
        remedy = f"From line {line} on, the quotation marks do not fit together; each one that opens must close."
        raise _refusal(path, "broken-quotes", remedy, line) from error
    table = _Table(COLUMNS, {name: name for name in where}, rows)
    return table, _text_number(delimiter, [table.cell(row, "value") for row in rows])


def _text_row(cells: Sequence[str], where: dict[str, int], width: int) -> tuple[Content, ...]:
    if any(cell.strip() for cell in cells[width:]):
        remedy = (
            f"The header has {width} columns, this row has {len(cells)}. A decimal comma needs quotation marks, or the"
            " semicolon between columns."
        )
        return (Odd("wrong-columns", remedy, shorten(" | ".join(cells))), *[None] * (len(COLUMNS) - 1))
    padded = [*cells, *[""] * (width - len(cells))]
    return tuple(_text_content(padded[where[name]]) if name in where else None for name in COLUMNS)


def _text_content(cell: str) -> Content:
    text = cell.strip()
    if text.startswith("="):
        return Odd("formula", "The cell holds a formula. Write its result instead.", shorten(text))
    return unguarded(text) or None


ReadNumber = Callable[[Plain], float | None]
"""Value of a cell, None when missing; raises ``_CellError``."""


def _sheet_number(cell: Plain) -> float | None:
    if isinstance(cell, str):
        if cell in MISSING:
            return None
        if _NUMBER.fullmatch(cell.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")):
            remedy = "The number is stored as text. Format the cell as a number and type it again."
            raise _CellError("value", "number-as-text", remedy, cell)
        raise _CellError("value", "not-a-number", "Type a number, or leave the cell empty when it is missing.", cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        raise _CellError("value", "not-a-number", "Type a number, or leave the cell empty when it is missing.", cell)
    return cell if isinstance(cell, float) else None


def _text_number(delimiter: str, column: Sequence[Content]) -> ReadNumber:
    """How numbers of a CSV are read: by which decimal mark the whole column uses, never guessed for a single cell."""
    texts = [cell for cell in column if isinstance(cell, str) and _NUMBER.fullmatch(cell)]
    commas, points = [text for text in texts if "," in text], [text for text in texts if "." in text]
    # 1,250 is a thousand in one country and one and a quarter in the next; the delimiter or another row must tell.
    if commas and not points:
        mark = "," if delimiter == ";" or not all(map(_THOUSANDS.fullmatch, commas)) else ""
    elif points and not commas:
        mark = "." if delimiter == "," or not all(map(_THOUSANDS.fullmatch, points)) else ""
    else:
        mark = "," if commas and delimiter == ";" else "."

    def read(cell: Plain) -> float | None:
        if cell is None or (isinstance(cell, str) and cell in MISSING):
            return None
        text = str(cell)
        if not _NUMBER.fullmatch(text):
            remedy = "Write a number without blanks and units, or leave the cell empty when it is missing."
            raise _CellError("value", "not-a-number", remedy, text)
        used = "," if "," in text else "." if "." in text else ""
        if used and used != mark:
            remedy = (
                f"The column uses the decimal mark {mark}, this figure another; write all alike."
                if mark
                else "It cannot be told whether this is a thousands or a decimal mark. Write decimals with as many"
                " digits as you like but three, or use the semicolon between columns with a decimal comma."
            )
            raise _CellError("value", "ambiguous-number", remedy, text)
        number = float(text.replace(",", "."))
        if not math.isfinite(number):
            raise _CellError("value", "not-a-number", "The number is too large.", text)
        return number

    return read


@dataclass(frozen=True)
class _Figure:
    line: int
    indicator: str
    region: str
    year: str
    value: float | None
    flags: str


def _checked(table: _Table, to_number: ReadNumber) -> tuple[list[_Figure], list[Problem]]:
    """Rows that can be taken, and a problem for each other one, in the order of the sheet."""
    figures: list[_Figure] = []
    problems: list[Problem] = []
    for row in table.rows:
        try:
            _refuse_merged(table, row)
            if all(table.cell(row, name) is None for name in NEEDED):
                continue
            figures.append(
                _Figure(
                    row.line,
                    _text(table, row, "indicator"),
                    _text(table, row, "region"),
                    _year(_plain(table, row, "year")),
                    to_number(_plain(table, row, "value")),
                    _flags(_plain(table, row, "flags")),
                )
            )
        except _CellError as error:
            problems.append(_problem(table, row, error))
    good, repeated = _without_repeats(figures)
    return good, sorted([*problems, *repeated], key=lambda problem: problem.line or 0)


def _problem(table: _Table, row: _Row, error: _CellError) -> Problem:
    return Problem(error.reason, error.remedy, row.line, table.places.get(error.column, error.column), error.value)


def _refuse_merged(table: _Table, row: _Row) -> None:
    if any(first <= row.line <= last for first, last in table.merged):
        remedy = "Cells of this row are merged. Unmerge them and give each row its own codes."
        raise _CellError("", "merged-cells", remedy, "")


def _plain(table: _Table, row: _Row, name: str) -> Plain:
    cell = table.cell(row, name)
    if isinstance(cell, Odd):
        column = "" if cell.reason == "wrong-columns" else name
        raise _CellError(column, f"date-in-{name}" if cell.reason == "date" else cell.reason, cell.remedy, cell.value)
    return cell


def _text(table: _Table, row: _Row, name: str) -> str:
    cell = _plain(table, row, name)
    if cell is None:
        raise _CellError(name, "empty-cell", f"Give the row its {name}.", "")
    return f"{cell:g}" if isinstance(cell, float) else cell


def _year(cell: Plain) -> str:
    if isinstance(cell, float) and cell.is_integer() and 1000 <= cell <= 9999:
        return str(int(cell))
    if isinstance(cell, str) and re.fullmatch(r"[12][0-9]{3}", cell):
        return cell
    if cell is None:
        raise _CellError("year", "empty-cell", "Give the row its year.", "")
    dated = _DATE.search(cell) if isinstance(cell, str) else None
    if dated:
        raise _CellError("year", "date-in-year", f"Type the year alone: {dated[1]}.", cell)
    raise _CellError("year", "not-a-year", "Type the year with four digits, such as 2024.", cell)


def _flags(cell: Plain) -> str:
    text = "" if cell is None else str(cell).lower()
    odd = sorted({letter for letter in text if letter not in FLAGS and not letter.isspace()})
    if odd:
        remedy = f"There is no flag {', '.join(odd)}; use letters of {' '.join(FLAGS)}, or leave the cell empty."
        if text.isdigit():
            remedy += " If it belongs to a decimal comma, put the number in quotation marks."
        raise _CellError("flags", "unknown-flag", remedy, cell)
    return sorted_letters(text)


def _without_repeats(figures: Sequence[_Figure]) -> tuple[list[_Figure], list[Problem]]:
    """Equal repeats count once; of contradicting ones none does, because nothing tells which is right."""
    groups: dict[tuple[str, str, str], list[_Figure]] = {}
    for figure in figures:
        groups.setdefault((figure.indicator, figure.region, figure.year), []).append(figure)
    good: list[_Figure] = []
    problems: list[Problem] = []
    for key, group in groups.items():
        first = group[0]
        if all((one.value, one.flags) == (first.value, first.flags) for one in group):
            good.append(first)
            remedy, refused = f"Row {first.line} says the same; delete this one.", group[1:]
        else:
            lines = ", ".join(str(one.line) for one in group[:5])
            remedy, refused = f"Rows {lines} give different figures; none was loaded. Keep the right one.", group
        problems += [Problem("duplicate-key", remedy, one.line, "", shorten(" ".join(key))) for one in refused]
    return good, problems


def _chunks(extract: Extract, figures: Sequence[_Figure]) -> Iterator[pa.Table]:
    def coded(values: list[str]) -> pa.Array:
        return pa.array(values, pa.string()).dictionary_encode().cast(DICTIONARY)

    for start in range(0, len(figures), CHUNK_ROWS):
        part = figures[start : start + CHUNK_ROWS]
        extract.consumed = extract.size_hint * (start + len(part)) // len(figures)
        yield pa.table(
            {
                "indicator": coded([one.indicator for one in part]),
                "line": pa.array([one.line for one in part], pa.int64()),
                "geo": coded([one.region for one in part]),
                "time": coded([one.year for one in part]),
                "value": pa.array([one.value for one in part], pa.float64()),
                "flags": coded([one.flags for one in part]),
                "conf": coded([confidentiality(one.flags) for one in part]),
            }
        )


def _own_entries(table: _Table) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Catalogue entries of the sheet ``indicators``, and a problem for each row that gives none."""
    entries: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for row in table.rows:
        try:
            _refuse_merged(table, row)
            entry = _own_entry(table, row)
            if entry["code"] in entries:
                raise _CellError("code", "duplicate-key", "This code is described above already.", entry["code"])
            entries[entry["code"]] = entry
        except _CellError as error:
            problems.append(_problem(table, row, error))
    return list(entries.values()), problems


def _own_entry(table: _Table, row: _Row) -> dict[str, Any]:
    def text(name: str, fallback: str = "", most: int = 2000) -> str:
        cell = _plain(table, row, name)
        if cell is None and name in OWN_NEEDED:
            raise _CellError(name, "empty-cell", f"Fill in {name}; it is needed.", "")
        written = fallback if cell is None else f"{cell:g}" if isinstance(cell, float) else cell
        if len(written) > most:
            raise _CellError(name, "too-long", f"Use at most {most} characters.", written)
        return written

    def choice(name: str, allowed: Sequence[str], fallback: str = "") -> str:
        written = text(name, fallback).lower()
        if written not in allowed:
            near = get_close_matches(written, allowed, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise _CellError(name, "not-in-list", f"Use one of: {', '.join(allowed)}.{hint}", written)
        return written

    code = text("code")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", code):
        remedy = "Use small letters, digits and _ only, beginning with a letter, at most 64."
        raise _CellError("code", "wrong-code", remedy, code)
    unit = text("unit")
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,31}", unit):
        raise _CellError("unit", "wrong-code", "Use capital letters, digits and _ only, such as PC or MIO_EUR.", unit)
    decimals = text("decimals", "1")
    if decimals not in tuple("0123456"):
        raise _CellError("decimals", "not-in-list", "Use a whole number from 0 to 6.", decimals)
    name = {"en": text("name_en", most=200)}
    name["hu"] = text("name_hu", name["en"], most=200)
    label = {"en": text("unit_label_en", most=80)}
    label["hu"] = text("unit_label_hu", label["en"], most=80)
    definition = {"en": text("definition_en")}
    definition["hu"] = text("definition_hu", definition["en"])
    suffix = text("unit_suffix", most=16)
    publisher, licence = text("publisher", most=200), text("licence", most=200)
    share = unit.startswith("PC") or suffix == "%"
    return {
        "code": code,
        "theme": choice("theme", THEMES),
        "role": "own",
        "position": 1000 + row.line,
        "name": name,
        "short": {lang: _shortened(full) for lang, full in name.items()},
        "definition": definition,
        "unit": unit,
        "unit_label": label,
        "unit_suffix": {"en": suffix, "hu": suffix},
        "direction": choice("direction", DIRECTIONS),
        "decimals": int(decimals),
        "change": choice("change", CHANGES, "points" if share else "relative"),
        "limits": [None, None],
        "dataset": "OWN",
        "filters": {},
        "aliases": [],
        "target": None,
        "note": {
            "en": f"Published by {publisher}." + (f" Licence: {licence}." if licence else ""),
            "hu": f"Közzétevő: {publisher}." + (f" Licenc: {licence}." if licence else ""),
        },
        "live": False,
    }


def _shortened(name: str) -> str:
    return name if len(name) <= SHORT else name[: SHORT - 1].rstrip() + "…"

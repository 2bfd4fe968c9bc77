"""What readers of input-output tables share: a labelled matrix read in blocks, codes, and the putting together.

Every published layout is a matrix with labels, or a list of its cells. Readers bring it into one of the two forms that
``inter_country`` and ``etl.sources.io_national`` take. They only parse; what a table must satisfy is checked in
``etl.tables``.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as pacsv

from analysis.tables import IOTable
from config import ROOT
from etl.countries import country_code
from etl.pipeline import Progress
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import MISSING, open_bytes, shorten, split_line

CLASSES = ROOT / "data" / "catalogue" / "industries"
REST = frozenset(("ROW", "FIGW1", "WRD", "W1"))
"""What publishers call the rest of the world; ours is ``ROW``."""

PARTS = {"MX1": "MX", "MX2": "MX", "CN1": "CN", "CN2": "CN", "CN3": "CN", "CN4": "CN"}
"""Parts into which the OECD splits Mexico and China by kind of firm; they are added up to the country."""

CATEGORIES = (
    "households",
    "npish",
    "government",
    "investment",
    "inventories",
    "valuables",
    "discrepancy",
    "other",
    "exports",
)
"""Final use in the order of a table's columns."""

TEXT_BYTES = 8 << 20
"""Text of a matrix that is held at once."""

NUMBER = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, eq=False)
class Found:
    """One table in a file, as published.

    Attributes:
        table: the table; its numbers are not checked yet. NaN where the file has an empty cell.
        dataset: code of the catalogue.
        vintage: the publisher's edition, when the file or its name says it.
        warnings: what a reader had to assume or to add up.
    """

    table: IOTable
    dataset: str
    vintage: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(eq=False)
class Matrix:
    """A matrix with labels, as it stands in a file.

    Attributes:
        rows: label of each row, length R.
        columns: label of each column, length C.
        values: R x C; NaN where a cell is empty.
        facts: what lines ``# key: value`` above the header say.
        first: number of the first row's line in the file.
    """

    rows: list[str]
    columns: list[str]
    values: np.ndarray
    facts: dict[str, str] = field(default_factory=dict)
    first: int = 2

    def line(self, row: int) -> int:
        """The line of the file in which a row stands."""
        return self.first + row


def stop(
    reason: str, remedy: str, name: str, line: int | None = None, column: str = "", value: str = ""
) -> SourceError:
    """The error that refuses a file: rule, place and remedy."""
    return SourceError(Problem(reason, remedy, line, column, shorten(value)), name)


def text_lines(head: bytes) -> list[str]:
    """Lines at the beginning of a text file; the last one may be cut."""
    return [line.rstrip("\r") for line in head.decode("utf-8-sig", errors="replace").split("\n")]


def header_of(path: Path) -> tuple[list[str], dict[str, str], str]:
    """Column labels of a text file however long, the facts in comment lines above them, and the delimiter."""
    stream, raw = open_bytes(path)
    with raw, stream:
        facts, line = _skip_facts(stream)
    delimiter = _delimiter(line)
    return [cell.strip() for cell in split_line(line, delimiter) or []], facts, delimiter


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _skip_facts(stream: IO[bytes]) -> tuple[dict[str, str], str]:
    facts: dict[str, str] = {}
    while True:
        line = stream.readline().decode("utf-8-sig", errors="replace").rstrip("\r\n")
        if not line.startswith("#"):
            return facts, line
        key, _, value = line.lstrip("# ").partition(":")
        facts[key.strip().lower()] = value.strip()


def read_matrix(path: Path, name: str, progress: Progress | None = None, labels: int = 1) -> Matrix:
    """Read a matrix of numbers with a header and label columns from text, block by block.

    Args:
        path: the file, plain, gzipped or alone in a ZIP.
        name: name shown to people.
        progress: called with bytes read and bytes in all.
        labels: columns of labels before the numbers; they are joined by a tab in ``rows``.

    Raises:
        SourceError: ``not-a-number`` or ``wrong-columns`` with line and column, ``no-rows``, ``truncated``.
    """
    columns, facts, delimiter = header_of(path)
    size = path.stat().st_size
    stream, raw = open_bytes(path)
    names = [f"c{place}" for place in range(len(columns))]
    types = {column: pa.string() if place < labels else pa.float64() for place, column in enumerate(names)}
    rows: list[str] = []
    blocks: list[np.ndarray] = []
    with raw, stream:
        _skip_facts(stream)
        try:
            reader = pacsv.open_csv(
                pa.PythonFile(stream, mode="r"),
                read_options=pacsv.ReadOptions(column_names=names, block_size=TEXT_BYTES),
                parse_options=pacsv.ParseOptions(delimiter=delimiter),
                convert_options=pacsv.ConvertOptions(
                    column_types=types, null_values=MISSING, strings_can_be_null=False
                ),
            )
            for batch in reader:
                texts = [batch.column(place).to_pylist() for place in range(labels)]
                rows.extend("\t".join(parts) for parts in zip(*texts, strict=True))
                block = np.empty((batch.num_rows, len(columns) - labels))
                for place in range(labels, len(columns)):
                    block[:, place - labels] = batch.column(place).to_numpy(zero_copy_only=False)
                blocks.append(block)
                if progress is not None:
                    progress(raw.tell(), size)
        except pa.ArrowInvalid as error:
            raise _bad_cell(path, name, columns, delimiter, labels) or stop(
                "unknown-format", f"The file cannot be read as a table: {error}", name
            ) from error
        except (EOFError, OSError) as error:
            raise stop("truncated", "The compressed file is cut short or damaged; download it again.", name) from error
    if not rows:
        raise stop("no-rows", "The file has a header and no rows.", name)
    return Matrix(rows, columns[labels:], _stacked(blocks), facts, len(facts) + 2)


def _stacked(blocks: list[np.ndarray]) -> np.ndarray:
    """Blocks as one matrix; each is let go as soon as it is copied, so that the whole is held once and a bit."""
    if len(blocks) == 1:
        return blocks[0]
    whole = np.empty((sum(len(block) for block in blocks), blocks[0].shape[1]))
    end = len(whole)
    while blocks:
        block = blocks.pop()
        whole[end - len(block) : end] = block
        end -= len(block)
    return whole


def _bad_cell(path: Path, name: str, columns: Sequence[str], delimiter: str, labels: int) -> SourceError | None:
    """Go through the file line by line for the first row or cell that cannot be taken."""
    stream, raw = open_bytes(path)
    with raw, stream:
        facts, _ = _skip_facts(stream)
        decoded = (line.decode("utf-8", errors="replace") for line in stream)
        for number, cells in enumerate(csv.reader(decoded, delimiter=delimiter), start=len(facts) + 2):
            if not cells:
                continue
            if len(cells) != len(columns):
                remedy = f"The header has {len(columns)} columns, this row has {len(cells)}; the file may be cut short."
                return stop("wrong-columns", remedy, name, number, "", cells[0])
            for place in range(labels, len(cells)):
                cell = cells[place].strip()
                if cell not in MISSING and not _is_number(cell):
                    where = f"row {cells[0]}, column {columns[place]}"
                    remedy = f"There is no number in {where}; write one with a decimal point and without separators."
                    return stop("not-a-number", remedy, name, number, columns[place], cell)
    return None


def _is_number(text: str) -> bool:
    try:
        return np.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def year_in(name: str, edition: bool = False) -> int | None:
    """The year in a file's name; with ``edition`` the year of the edition that stands before it.

    ``ICIO2023_2019.csv`` is the edition of 2023 and the year 2019, ``matrix_..._23ed_2021.csv`` the same,
    ``ICIO_2016-2020.csv`` has no single year and ``WIOT2014_Nov16_ROW.xlsx`` the year 2014.
    """
    short = re.search(r"(?<!\d)(\d\d)ed(?![a-z])", name)
    years = [int(text) for text in NUMBER.findall(name)]
    if edition:
        return 2000 + int(short.group(1)) if short else (years[0] if len(years) == 2 else None)
    if len(years) == 1 or (len(years) == 2 and re.match(r"(?i)icio", name)):
        return years[-1]
    return None


def edition_in(name: str) -> datetime | None:
    """The edition that a file's name tells, as the first day of its year."""
    year = year_in(name, edition=True)
    return None if year is None else datetime(year, 1, 1)  # noqa: DTZ001 - a date without a clock


def need_year(name: str, said: Any = None) -> int:
    """The year that a file says itself, or else its name.

    Raises:
        SourceError: ``missing-year``.
    """
    year = int(said) if said and str(said).isdigit() else year_in(name)
    if year is None:
        raise stop("missing-year", "Nothing says which year this is; put the year into the file's name.", name)
    return year


@cache
def industries_of(classification: str) -> dict[str, str]:
    """Codes of a list of industries in its order, each with its parent ('' for none)."""
    with (CLASSES / f"{classification}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["parent"] for row in csv.DictReader(lines)}


ALIASES = {
    "B05-B09": "B",
    "D35": "D",
    "F41-F43": "F",
    "I55_I56": "I",
    "I55-I56": "I",
    "L68": "L",
    "O84": "O",
    "P85": "P",
    "T97_T98": "T",
    "T97-T98": "T",
    "U99": "U",
}
"""Other codes of NACE for the same industry."""
SPAN = re.compile(r"([A-U])(\d\d)([-T_])[A-U]?(\d\d)")


@cache
def a64(code: str) -> str:
    """A code of NACE or CPA at the level A64 in our spelling: ``CPA_C10-12``, ``C10T12`` and ``C10-C12`` are one.

    Codes that are none of this list come back as they are, without ``CPA_``.
    """
    plain = code.strip().removeprefix("CPA_")
    span = SPAN.fullmatch(plain)
    if span:
        letter, first, sign, last = span.groups()
        plain = f"{letter}{first}{'_' if sign == '_' else '-'}{letter}{last}"
    return ALIASES.get(plain, plain)


def country_of(text: str) -> str | None:
    """Our code of a country of an inter-country table, ``ROW`` for the rest of the world; None when it is none."""
    code = text.strip().upper()
    if code in REST:
        return "ROW"
    return PARTS.get(code) or country_code(code) or None


Place = tuple[str, str]
"""Country and industry, or country and category of final use; for other rows '' and what they hold."""

PRIMARY = ("output", "value_added", "taxes", "imports", "imported_inputs", "jobs")
"""What rows below the flows may hold."""


def classification_of(codes: Sequence[str], candidates: Sequence[str], name: str) -> str:
    """The first of some lists of industries that has all codes.

    Raises:
        SourceError: ``unknown-industry``, naming the first code that the nearest list does not have.
    """
    missing = {each: [code for code in codes if code not in industries_of(each)] for each in candidates}
    nearest = min(candidates, key=lambda each: len(missing[each]))
    if missing[nearest]:
        first = missing[nearest][0]
        remedy = (
            f"{len(missing[nearest])} codes of industries are not in the list {nearest}, the first is {first}; "
            "load an edition of the table that uses it."
        )
        raise stop("unknown-industry", remedy, name, None, "", first)
    return nearest


def inter_country(
    matrix: Matrix,
    rows: Sequence[Place | None],
    columns: Sequence[Place | None],
    name: str,
    *,
    title: str,
    year: int,
    unit: str,
    candidates: Sequence[str],
    notes: tuple[str, ...] = (),
) -> tuple[IOTable, tuple[str, ...]]:
    """Put a matrix with understood labels together as an inter-country table.

    Args:
        matrix: the numbers.
        rows: for each row (country, industry), or ('', one of ``PRIMARY``), or None for a row that is not needed. Rows
            with the same meaning are added up.
        columns: for each column (country, industry), (country, category), ('', ``output``) or None.
        name: the file, for messages.
        title: name of the table.
        year: its year.
        unit: its unit.
        candidates: lists of industries it may be in.
        notes: what a reader of results should know.

    Returns:
        the table, and warnings.

    Raises:
        SourceError: ``missing-block``, ``unknown-industry``, ``swapped``, ``no-rows``.
    """
    _refuse_swapped(matrix, rows, columns, name)
    flows = [place for place in rows if place and place[0]]
    countries = list(dict.fromkeys(country for country, _ in flows))
    if "ROW" in countries:
        # The rest of the world stands last wherever a publisher puts it.
        countries = [country for country in countries if country != "ROW"] + ["ROW"]
    codes = {industry for _, industry in flows}
    if not codes:
        raise stop("missing-block", "No row is an industry of a country.", name)
    classification = classification_of(sorted(codes), candidates, name)
    industries = [code for code in industries_of(classification) if code in codes]
    places = {
        (country, industry): number
        for number, (country, industry) in enumerate((each, code) for each in countries for code in industries)
    }
    finals = sorted(
        {(country, category) for country, category in filter(None, columns) if category in CATEGORIES},
        key=lambda each: (
            countries.index(each[0]) if each[0] in countries else len(countries),
            CATEGORIES.index(each[1]),
        ),
    )
    _refuse_gaps(places, rows, columns, finals, countries, name)
    uses = {place: number for number, place in enumerate(finals)}
    n = len(places)
    row_of = np.array([places.get(place, -1) if place else -1 for place in rows])
    column_of = np.array([places.get(place, -1) if place else -1 for place in columns])
    final_of = np.array([uses.get(place, -1) if place else -1 for place in columns])
    primary = _primary(matrix, rows, column_of, n)
    table = IOTable(
        name=title,
        kind="inter_country",
        year=year,
        unit=unit,
        classification=classification,
        countries=tuple(countries),
        industries=tuple(industries),
        flows=gather(matrix.values, row_of, column_of, (n, n)),
        final=gather(matrix.values, row_of, final_of, (n, len(finals))),
        final_columns=tuple(finals),
        output=primary.get("output", _row_totals(matrix, row_of, column_of, final_of, columns, n)),
        value_added=_value_added(primary, name),
        taxes=primary.get("taxes"),
        notes=notes,
    )
    merged = sorted({country for country, code in flows if flows.count((country, code)) > 1}) if len(flows) > n else []
    warnings = (f"Parts of {', '.join(merged)} were added up to the country.",) if merged else ()
    return table, warnings


def _value_added(primary: dict[str, np.ndarray], name: str) -> np.ndarray:
    if "value_added" not in primary:
        raise stop("missing-block", "There is no row of value added.", name)
    return primary["value_added"]


def _primary(matrix: Matrix, rows: Sequence[Place | None], column_of: np.ndarray, n: int) -> dict[str, np.ndarray]:
    """Rows of value added, taxes and the like by industry; rows of the same meaning are added up."""
    found: dict[str, np.ndarray] = {}
    for row, place in enumerate(rows):
        if place and not place[0]:
            line = gather(matrix.values, np.where(np.arange(len(rows)) == row, 0, -1), column_of, (1, n))[0]
            found[place[1]] = found.get(place[1], 0.0) + line
    return found


def _row_totals(
    matrix: Matrix,
    row_of: np.ndarray,
    column_of: np.ndarray,
    final_of: np.ndarray,
    columns: Sequence[Place | None],
    n: int,
) -> np.ndarray:
    """Output by rows: the publisher's own column, or the sum of intermediate and final use."""
    own = np.array([0 if place == ("", "output") else -1 for place in columns])
    if (own >= 0).any():
        return gather(matrix.values, row_of, own, (n, 1))[:, 0]
    every = np.where((column_of >= 0) | (final_of >= 0), 0, -1)
    total = np.zeros(n)
    used = np.flatnonzero(every >= 0)
    for row in np.flatnonzero(row_of >= 0):
        total[row_of[row]] += np.nansum(matrix.values[row, used])
    return total


def gather(values: np.ndarray, row_of: np.ndarray, column_of: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Cells by their place in the table; cells that share a place are added up, places of -1 are left out.

    Args:
        values: R x C.
        row_of: place of each row, length R.
        column_of: place of each column, length C.
        shape: of the result; every place of it must be met, or it is 0.
    """
    rows, columns = np.flatnonzero(row_of >= 0), np.flatnonzero(column_of >= 0)
    simple_rows = len(set(row_of[rows])) == len(rows) == shape[0]
    simple_columns = len(set(column_of[columns])) == len(columns) == shape[1]
    if simple_rows and simple_columns:
        return values[np.ix_(rows[np.argsort(row_of[rows])], columns[np.argsort(column_of[columns])])]
    narrow = np.zeros((len(rows), shape[1]))
    for column in columns:
        narrow[:, column_of[column]] += values[rows, column]
    result = np.zeros(shape)
    for place, row in enumerate(rows):
        result[row_of[row]] += narrow[place]
    return result


def _refuse_swapped(matrix: Matrix, rows: Sequence[Place | None], columns: Sequence[Place | None], name: str) -> None:
    inputs = {"value_added", "taxes", "imported_inputs"}
    aside = [place for place, each in enumerate(columns) if each and not each[0] and each[1] in inputs]
    below = [place for place, each in enumerate(rows) if each and each[0] and each[1] in CATEGORIES]
    if aside or below:
        place = f"column {matrix.columns[aside[0]]}" if aside else f"row {matrix.rows[below[0]]}"
        what = "value added stands among the columns" if aside else "final use stands among the rows"
        remedy = f"Rows and columns are swapped: {what} ({place}). Turn the table so that rows supply columns."
        raise stop(
            "swapped", remedy, name, matrix.line(below[0]) if below else 1, matrix.columns[aside[0]] if aside else ""
        )


def _refuse_gaps(
    places: dict[Place, int],
    rows: Sequence[Place | None],
    columns: Sequence[Place | None],
    finals: Sequence[Place],
    countries: Sequence[str],
    name: str,
) -> None:
    for what, labels in (("row", rows), ("column", columns)):
        given = {place for place in labels if place}
        gaps = [place for place in places if place not in given]
        if gaps:
            country, code = gaps[0]
            remedy = (
                f"{len(gaps)} {what}s of industries are missing, the first is {code} in {country}; every country needs "
                "every industry once as a row and once as a column."
            )
            raise stop("missing-block", remedy, name, None, "", f"{country} {code}")
    foreign = next(
        (place for place in columns if place and place[0] and place not in places and place not in finals), None
    )
    if foreign is not None:
        remedy = f"The column {foreign[1]} of {foreign[0]} has no row of the same country and industry."
        raise stop("missing-block", remedy, name, 1, " ".join(foreign))
    without = [country for country in countries if not any(country == each for each, _ in finals)]
    if without:
        remedy = f"Final use of {', '.join(without[:5])} is missing; it belongs to the table."
        raise stop("missing-block", remedy, name, 1, "", without[0])


def refuse_double(labels: Sequence[str], what: str, name: str, first: int = 1) -> None:
    """Refuse a table in which a label stands twice.

    Raises:
        SourceError: ``duplicate-row`` or ``duplicate-column``.
    """
    seen: set[str] = set()
    for place, label in enumerate(labels):
        if label in seen:
            remedy = f"The {what} {label} stands there twice; leave one."
            line = first + place if what == "row" else first
            raise stop(f"duplicate-{what}", remedy, name, line, label if what == "column" else "", label)
        seen.add(label)


def split_label(label: str, name: str, line: int | None, column: str) -> tuple[str, str]:
    """Country (our code) and the rest of a label such as ``HUN_C29``.

    Raises:
        SourceError: ``unknown-country``.
    """
    head, _, rest = label.partition("_")
    country = country_of(head)
    if country is None or not rest:
        remedy = f'"{label}" does not begin with the code of a country; labels are written like HUN_C29 or HU_C29.'
        raise stop("unknown-country", remedy, name, line, column, label)
    return country, rest


Reader = Callable[[Path, str, Progress | None], Iterator[Found | SourceError]]
"""Reads the tables of a file one after the other; called with the file, its name for people, and a progress. A table
that cannot be put together comes as its error where others of the file may be good."""

"""Read scenario tables in the format of the Integrated Assessment Modeling Consortium (IAMC), wide or long.

A table has the columns Model, Scenario, Region, Variable and Unit, then either one column a year (wide) or the columns
Year and Value (long). ``|`` separates the levels of a variable. The format is described with the package pyam
(Gidden and Huppmann 2019, "pyam: a Python package for the analysis and visualization of models of the interaction of
climate, human, and environmental systems", Journal of Open Source Software 4(33), 1095).

An empty cell is missing, never zero: it gives no row. A row that cannot be taken is a problem with its line; the good
rows around it are given all the same.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml
from pydantic import Field, ValidationError, model_validator

from etl.entries import Code, Entry
from etl.sources.archive import check_archive, check_size
from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import (
    DICTIONARY,
    Block,
    map_dictionary,
    one_array,
    parse_block,
    read_blocks,
    read_head,
    shorten,
    split_line,
    to_numbers,
)
from etl.sources.eurostat_csv import is_sdmx_csv
from etl.sources.eurostat_tsv import is_eurostat_tsv
from etl.sources.starter import is_starter

KEYS = ("model", "scenario", "region", "variable", "unit")
SHEET = "data"
DELIMITERS = ",;\t"
SHEET_ROWS = 4096
"""Rows of a sheet held at once."""

FIRST_YEAR, LAST_YEAR = 1000, 2999
YEAR = re.compile(r"[XY]?([12]\d{3})(?:\.0+)?", re.IGNORECASE)
"""A year, also as programs write it that take a name for text (``X2030``) or a year for a number (``2030.0``)."""

SCHEMA = pa.schema(
    [*((name, DICTIONARY) for name in KEYS), ("year", pa.int32()), ("value", pa.float64()), ("line", pa.int64())]
)
"""Columns of every chunk: the five keys, year, value (never null) and the line of the file."""


@dataclass
class IamcExtract(Extract):
    """A scenario table; its ``chunks`` have the columns of ``SCHEMA`` instead of those of other extracts.

    Attributes:
        layout: ``wide`` or ``long``.
        empty: cells without a figure among the rows read so far.
    """

    layout: str = ""
    empty: int = 0


@dataclass(frozen=True)
class _Header:
    """Where things stand: the header's line and cells, the keys, years by place (wide), Year and Value (long)."""

    line: int
    cells: tuple[str, ...]
    delimiter: str
    keys: tuple[int, ...]
    years: dict[int, int]
    long: tuple[int, int] | None
    unknown: tuple[str, ...] = ()


def is_iamc(head: bytes) -> bool:
    """Whether the beginning of a text file is that of a scenario table.

    All of Model, Scenario, Region and Variable must stand in the first line that is neither blank nor a comment
    (``#``), together with a year or with Year and Value. A missing Unit is left for the reader to complain about. The
    headers of the other formats are refused first, whatever else stands in them.
    """
    found = _header_line(head)
    if found is None:
        return False
    text = found[1]
    if is_sdmx_csv(text) or is_eurostat_tsv(text) or is_starter(text):
        return False
    return any(_looks_right(split_line(text, delimiter) or []) for delimiter in DELIMITERS)


def is_iamc_workbook(path: Path) -> bool:
    """Whether a file is an XLSX whose sheet ``data`` has the header of a scenario table."""
    if not _is_xlsx(path):
        return False
    try:
        with _Sheet(path, path.name) as sheet:
            return _looks_right(sheet.header()[1])
    except SourceError:
        return False


def read_iamc(path: Path, name: str = "") -> IamcExtract:
    """A scenario table in CSV (plain, gzipped or alone in a ZIP) or in the sheet ``data`` of an XLSX.

    Columns that the format does not have are named in ``problems`` and not read. While chunks are consumed, problems
    are added with these reasons: ``missing-key``, ``missing-unit``, ``not-a-year``, ``not-a-number``,
    ``duplicate-key`` (the first row stays), ``wrong-columns``. To know a row that stands twice, 8 bytes are kept for
    each figure; nothing else grows with the file.

    Args:
        path: the file.
        name: the name shown to people; the file's own when empty.

    Raises:
        SourceError: ``unknown-format``, ``missing-column``, ``duplicate-column``, ``mixed-layout``, ``no-sheet``,
            ``empty-file``, and what ``read_blocks`` and ``check_archive`` raise; ``too-many-names`` while reading.
    """
    shown = name or path.name
    source = _open_sheet if _is_xlsx(path) else _open_text
    header, parts = source(path, shown)
    extract = IamcExtract(
        source="iamc",
        dataset="IAMC",
        dims=KEYS,
        chunks=iter(()),
        file_name=shown,
        path=path,
        size_hint=path.stat().st_size,
        layout="long" if header.long else "wide",
    )
    for column in header.unknown:
        remedy = "The format has no such column, so it is not read; delete it or name it as the format does."
        extract.problems.append(Problem("unknown-column", remedy, header.line, shorten(column)))
    extract.chunks = _chunks(extract, header, parts(extract))
    return extract


def names_of_scenarios(path: Path, name: str = "") -> set[str]:
    """The names of scenarios in a table, read without looking at anything else.

    Raises:
        SourceError: as ``read_iamc``.
    """
    shown = name or path.name
    found: set[str] = set()
    if _is_xlsx(path):
        with _Sheet(path, shown) as sheet:
            line, cells = sheet.header()
            place = _header(line, cells, "", shown).keys[KEYS.index("scenario")]
            found.update(cells[place] for _, cells in sheet.rows if place < len(cells))
    else:
        header, _ = _open_text(path, shown)
        names = [f"c{place}" for place in range(len(header.cells))]
        scenario = names[header.keys[KEYS.index("scenario")]]
        # Problems are for the reading that follows.
        aside = IamcExtract(source="iamc", dataset="IAMC", dims=KEYS, chunks=iter(()), file_name=shown, path=path)
        for whole in read_blocks(path, shown):
            block = _behind(whole, header.line)
            if block.lines:
                table, _ = parse_block(
                    block, names, {scenario: DICTIONARY}, header.delimiter, quoted=True, extract=aside
                )
                found.update(one_array(table.column(scenario)).dictionary.to_pylist())
    return {text.strip() for text in found} - {""}


Part = tuple[list[pa.DictionaryArray], dict[int, pa.Array], np.ndarray]
"""Keys, the other wanted columns by place (text or double), and the line of every row."""
Parts = Callable[[IamcExtract], Iterator[Part]]


def _header_line(head: bytes) -> tuple[int, str] | None:
    for number, line in enumerate(head.decode("utf-8-sig", errors="replace").split("\n"), start=1):
        if not _is_preamble(line):
            return number, line.rstrip("\r")
    return None


def _is_preamble(line: str) -> bool:
    # A spreadsheet saves a comment as one cell: in quotes when it has a comma, and with delimiters behind it.
    bare = line.strip().strip(DELIMITERS).strip()
    return not bare or bare.startswith(("#", '"#'))


def _looks_right(cells: Sequence[str]) -> bool:
    names = {cell.strip().lower() for cell in cells}
    return names.issuperset(KEYS[:4]) and (names >= {"year", "value"} or any(YEAR.fullmatch(name) for name in names))


def _header(line: int, cells: Sequence[str], delimiter: str, shown: str) -> _Header:
    names = [cell.strip().lower() for cell in cells]
    places: dict[str, int] = {}
    years: dict[int, int] = {}
    unknown = []
    for place, name in enumerate(names):
        found = YEAR.fullmatch(name)
        year = int(found[1]) if found else None
        if name in places or (year is not None and year in years.values()):
            remedy = f'The column "{shorten(cells[place])}" is there twice; keep one of them.'
            raise SourceError(Problem("duplicate-column", remedy, line, shorten(cells[place])), shown)
        if year is not None:
            years[place] = year
        elif name in (*KEYS, "year", "value"):
            places[name] = place
        elif name:
            unknown.append(cells[place].strip())
    for name in KEYS:
        if name not in places:
            remedy = f"A scenario table needs the column {name.title()}; add it to the header."
            raise SourceError(Problem("missing-column", remedy, line, name.title()), shown)
    long = (places["year"], places["value"]) if {"year", "value"} <= set(places) else None
    if years and (long or {"year", "value"} & set(places)):
        remedy = "The header has years and also Year or Value; give either one column a year or Year and Value."
        raise SourceError(Problem("mixed-layout", remedy, line), shown)
    if not years and not long:
        remedy = "There is no year in the header; give one column a year, or the columns Year and Value."
        raise SourceError(Problem("missing-column", remedy, line, "Year"), shown)
    keys = tuple(places[name] for name in KEYS)
    return _Header(line, tuple(cells), delimiter, keys, years, long, tuple(unknown))


def _open_text(path: Path, shown: str) -> tuple[_Header, Parts]:
    head = read_head(path)
    found = _header_line(head)
    if found is None:
        reason = "unknown-format" if head.strip() else "empty-file"
        raise SourceError(Problem(reason, "The file has no header of a scenario table."), shown)
    line, text = found
    delimiter = max(DELIMITERS, key=text.count)
    header = _header(line, split_line(text, delimiter) or [], delimiter, shown)
    return header, partial(_text_parts, path, header)


def _text_parts(path: Path, header: _Header, extract: IamcExtract) -> Iterator[Part]:
    names = [f"c{place}" for place in range(len(header.cells))]
    keys = {names[place]: DICTIONARY for place in header.keys}
    figures = list(header.years) if header.long is None else [header.long[1]]
    year = [] if header.long is None else [header.long[0]]
    for whole in read_blocks(path, extract.file_name):
        extract.consumed = whole.position
        block = _behind(whole, header.line)
        if not block.lines:
            continue
        known = len(extract.problems)
        for kind in (pa.float64(), pa.string()):
            types = keys | {names[place]: pa.string() for place in year} | {names[place]: kind for place in figures}
            try:
                table, lines = parse_block(block, names, types, header.delimiter, quoted=True, extract=extract)
            except pa.ArrowInvalid:
                # Text where a number belongs: once more as text, so that each such cell can be named.
                if kind == pa.string():
                    raise
                del extract.problems[known:]
                continue
            columns = {place: table.column(names[place]).combine_chunks() for place in (*year, *figures)}
            if kind == pa.string() or all(_finite(columns[place]) for place in figures):
                break
            del extract.problems[known:]
        yield [one_array(table.column(names[place])) for place in header.keys], columns, lines


def _behind(block: Block, line: int) -> Block:
    """The part of a block that stands behind a line of the file."""
    skipped = min(max(line + 1 - block.first, 0), block.lines)
    start = 0
    for _ in range(skipped):
        start = block.data.find(b"\n", start) + 1
    return replace(block, data=block.data[start:], first=block.first + skipped, lines=block.lines - skipped)


def _finite(values: pa.Array) -> bool:
    return pc.all(pc.is_finite(values), min_count=0).as_py() is not False


def _is_xlsx(path: Path) -> bool:
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


class _Sheet:
    """The sheet ``data`` of a workbook, row by row."""

    def __init__(self, path: Path, shown: str) -> None:
        import openpyxl

        check_size(path)
        check_archive(path)
        try:
            # Formulas as they stand: a result that no program has saved would look like a missing figure.
            self.book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
            raise SourceError(
                Problem("unknown-format", "The workbook is damaged; save it again as XLSX."), shown
            ) from (error)
        titles = {str(title).strip().lower(): title for title in self.book.sheetnames}
        if SHEET not in titles:
            self.book.close()
            remedy = f'The workbook has no sheet "{SHEET}"; give the sheet with the figures that name.'
            raise SourceError(Problem("no-sheet", remedy, value=shorten(", ".join(self.book.sheetnames))), shown)
        self.shown = shown
        sheet = self.book[titles[SHEET]]
        sheet.reset_dimensions()
        self.rows: Iterator[tuple[int, list[str]]] = (
            (number, [_cell_text(cell) for cell in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        )

    def __enter__(self) -> "_Sheet":
        return self

    def __exit__(self, *_: object) -> None:
        self.book.close()

    def header(self) -> tuple[int, list[str]]:
        """The first row that is neither empty nor a comment; the rows behind it are left to be read."""
        for number, cells in self.rows:
            if not _is_preamble("".join(cells)):
                return number, cells
        raise SourceError(Problem("empty-file", f'The sheet "{SHEET}" is empty.'), self.shown)


def _cell_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and (cell.month, cell.day, cell.hour) == (1, 1, 0):
        return str(cell.year)
    return cell if isinstance(cell, str) else repr(cell) if isinstance(cell, float) else str(cell)


def _open_sheet(path: Path, shown: str) -> tuple[_Header, Parts]:
    with _Sheet(path, shown) as sheet:
        line, cells = sheet.header()
    return (header := _header(line, cells, "", shown)), partial(_sheet_parts, path, header)


def _sheet_parts(path: Path, header: _Header, extract: IamcExtract) -> Iterator[Part]:
    wanted = [*header.years] if header.long is None else [*header.long]
    width = len(header.cells)
    with _Sheet(path, extract.file_name) as sheet:
        sheet.header()
        while batch := list(islice(sheet.rows, SHEET_ROWS)):
            rows = [(number, (cells + [""] * width)[:width]) for number, cells in batch if any(cells)]
            if rows:
                keys = [
                    pa.array([cells[place] for _, cells in rows], pa.string()).dictionary_encode()
                    for place in header.keys
                ]
                columns = {place: pa.array([cells[place] for _, cells in rows], pa.string()) for place in wanted}
                yield keys, columns, np.array([number for number, _ in rows], np.int64)
    extract.consumed = extract.size_hint


def _chunks(extract: IamcExtract, header: _Header, parts: Iterator[Part]) -> Iterator[pa.Table]:
    seen = _Seen(extract.file_name)
    for raw_keys, columns, lines in parts:
        keys = [map_dictionary(column, str.strip) for column in raw_keys]
        usable = _complete(keys, lines, header, extract)
        if header.long is None:
            years, values = _wide(columns, lines, usable, header, extract)
        else:
            years, values = _long(columns, lines, usable, header, header.long, extract)
        width = values.shape[1]
        row = np.repeat(np.arange(len(lines)), width)
        kept = ~np.isnan(values.ravel())
        row, year, value = row[kept], years.ravel()[kept], values.ravel()[kept]
        codes = [np.asarray(column.indices)[row] for column in keys]
        fresh = seen.fresh([column.dictionary.to_pylist() for column in keys], codes, year)
        if not fresh.all():
            _repeated(lines[row[~fresh]], year[~fresh], extract)
            row, year, value = row[fresh], year[fresh], value[fresh]
            codes = [code[fresh] for code in codes]
        arrays = [
            pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), column.dictionary)
            for code, column in zip(codes, keys, strict=True)
        ]
        yield pa.Table.from_arrays(
            [*arrays, pa.array(year, pa.int32()), pa.array(value, pa.float64()), pa.array(lines[row])], schema=SCHEMA
        )


def _complete(
    keys: Sequence[pa.DictionaryArray], lines: np.ndarray, header: _Header, extract: IamcExtract
) -> np.ndarray:
    """Mask of the rows whose five keys are all there; the others are reported."""
    usable = np.ones(len(lines), dtype=bool)
    for name, column, place in zip(KEYS, keys, header.keys, strict=True):
        texts = column.dictionary.to_pylist()
        if "" not in texts:
            continue
        empty = np.asarray(column.indices) == texts.index("")
        if name == "unit":
            reason, remedy = "missing-unit", 'Name the unit; a pure number has the unit "dimensionless" or "1".'
        else:
            reason, remedy = "missing-key", f"Every row needs a {name}; fill in the cell."
        for line in lines[empty & usable]:
            extract.problems.append(Problem(reason, remedy, int(line), header.cells[place].strip()))
        usable &= ~empty
    return usable


def _figures(column: pa.Array, lines: np.ndarray, usable: np.ndarray, name: str, extract: IamcExtract) -> np.ndarray:
    """Values of one column, NaN where there is none or where the row or the cell cannot be taken."""
    if pa.types.is_floating(column.type):
        values = np.where(usable, column.to_numpy(zero_copy_only=False), np.nan)
        extract.empty += int((np.isnan(values) & usable).sum())
        return values
    # Rows refused already are not looked at again: one row, one complaint.
    places = np.flatnonzero(usable)
    numbers, good = to_numbers(column.take(pa.array(places)), lines[places], name, extract)
    values = np.full(len(lines), np.nan)
    values[places] = numbers.to_numpy(zero_copy_only=False)
    extract.empty += int((np.isnan(values[places]) & good).sum())
    return values


def _wide(
    columns: dict[int, pa.Array], lines: np.ndarray, usable: np.ndarray, header: _Header, extract: IamcExtract
) -> tuple[np.ndarray, np.ndarray]:
    """Years and values, rows x years each."""
    values = np.empty((len(lines), len(header.years)))
    for number, place in enumerate(header.years):
        values[:, number] = _figures(columns[place], lines, usable, header.cells[place].strip(), extract)
    years = np.array(list(header.years.values()), dtype=np.int32)
    return np.broadcast_to(years, values.shape), values


def _long(
    columns: dict[int, pa.Array],
    lines: np.ndarray,
    usable: np.ndarray,
    header: _Header,
    places: tuple[int, int],
    extract: IamcExtract,
) -> tuple[np.ndarray, np.ndarray]:
    """Years and values, rows x 1 each."""
    year_place, value_place = places
    texts = columns[year_place].dictionary_encode()
    found = [YEAR.fullmatch(text.strip()) for text in texts.dictionary.to_pylist()]
    years = np.array([int(match[1]) if match else 0 for match in found], dtype=np.int32)[np.asarray(texts.indices)]
    for place in np.flatnonzero((years == 0) & usable):
        remedy = "Write the year with four digits, such as 2030."
        text = texts[int(place)].as_py()
        column = header.cells[year_place].strip()
        extract.problems.append(Problem("not-a-year", remedy, int(lines[place]), column, shorten(text)))
    usable = usable & (years > 0)
    values = _figures(columns[value_place], lines, usable, header.cells[value_place].strip(), extract)
    return years[:, None], values[:, None]


def _repeated(lines: np.ndarray, years: np.ndarray, extract: IamcExtract) -> None:
    """One problem for each line in which something stands a second time."""
    for line in np.unique(lines):
        listed = ", ".join(str(year) for year in years[lines == line])
        remedy = "Model, scenario, region, variable, unit and year stand in the file before; keep one of the two rows."
        extract.problems.append(Problem("duplicate-key", remedy, int(line), "", shorten(listed)))


BITS = {"model and scenario": 20, "region": 14, "variable and unit": 18, "year": 12}
"""How a figure's key is packed into 64 bits, exactly: no two keys share a number."""

GROUPS = ((0, 1), (2,), (3, 4))
"""Which of the five keys go together in a part of the number."""


class KeyNumbers:
    """Numbers for the five keys of lines, over all chunks of a file: equal keys, equal numbers, none shared.

    Only names are kept, not lines: a number is made of those of its names.
    """

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._known: tuple[dict[tuple[str, ...], int], ...] = ({}, {}, {})
        self._names: tuple[list[tuple[str, ...]], ...] = ([], [], [])

    def number(self, texts: Sequence[list[str]], codes: Sequence[np.ndarray]) -> np.ndarray:
        """The numbers of some rows (uint64), whose keys are given as dictionaries and places in them.

        Raises:
            SourceError: ``too-many-names``.
        """
        rows = len(codes[0])
        packed = np.zeros(rows, np.uint64)
        for (what, bits), members, known, names in zip(BITS.items(), GROUPS, self._known, self._names, strict=False):
            joint = np.zeros(rows, np.int64)
            for member in members:
                joint = joint * max(len(texts[member]), 1) + codes[member]
            # Few names make few combinations: a table of all is faster than sorting the rows.
            size = int(np.prod([max(len(texts[member]), 1) for member in members]))
            if size <= max(rows, 1024):
                first = np.full(size, -1, np.int64)
                first[joint[::-1]] = np.arange(rows)[::-1]
                combinations = np.flatnonzero(first >= 0)
                inverse = joint
            else:
                _, first, inverse = np.unique(joint, return_index=True, return_inverse=True)
                combinations = np.arange(len(first))
            numbers = np.zeros(len(first), np.uint64)
            for combination in combinations:
                text = tuple(texts[member][codes[member][first[combination]]] for member in members)
                place = known.setdefault(text, len(known))
                if place == len(names):
                    names.append(text)
                numbers[combination] = place
            if len(known) >= 1 << bits:
                remedy = f"The file has more than {(1 << bits) - 1:,} different names of {what}; divide it."
                raise SourceError(Problem("too-many-names", remedy), self._file_name)
            packed = (packed << np.uint64(bits)) | numbers[inverse]
        return packed

    @staticmethod
    def parts(numbers: np.ndarray) -> tuple[np.ndarray, ...]:
        """The numbers (int64) of model and scenario, of the region, and of variable and unit."""
        whole = numbers.astype(np.int64)
        low, middle = BITS["variable and unit"], BITS["region"]
        return whole >> (low + middle), (whole >> low) & ((1 << middle) - 1), whole & ((1 << low) - 1)

    def names(self) -> tuple[list[tuple[str, ...]], ...]:
        """Model and scenario, region, variable and unit, each in the order of their numbers."""
        return self._names


@dataclass
class _Seen:
    """The keys of all figures so far, as sorted 64-bit numbers."""

    file_name: str
    packed: np.ndarray = field(default_factory=lambda: np.array([], np.uint64))

    def __post_init__(self) -> None:
        self._numbers = KeyNumbers(self.file_name)

    def fresh(self, texts: Sequence[list[str]], codes: Sequence[np.ndarray], years: np.ndarray) -> np.ndarray:
        """Mask of the figures whose key was not there before, in this chunk or an earlier one."""
        packed = self._numbers.number(texts, codes)
        packed = (packed << np.uint64(BITS["year"])) | years.astype(np.uint64)
        unique, first = np.unique(packed, return_index=True)
        mask = np.zeros(len(years), dtype=bool)
        if len(self.packed):
            places = np.minimum(np.searchsorted(self.packed, unique), len(self.packed) - 1)
            new = self.packed[places] != unique
            unique, first = unique[new], first[new]
        mask[first] = True
        # Two sorted runs: a stable sort merges them in one pass.
        self.packed = np.concatenate([self.packed, unique])
        self.packed.sort(kind="stable")
        return mask


def check_sums(
    table: pa.Table, *, relative: float = 1e-3, absolute: float = 1e-9, intensive: Iterable[str] = ()
) -> pd.DataFrame:
    """Parents that are not the sum of their direct children.

    A parent is compared where it has a figure and its direct children (``Parent|Child``, one level down) all have its
    unit; where one has another unit nothing is said. A child without a figure adds nothing, so a parent with an
    incomplete breakdown is an offender. Two breakdowns of one parent side by side are one too.

    Args:
        table: rows with the columns of ``SCHEMA`` (``line`` may be missing).
        relative: tolerated difference as a share of the larger of the two.
        absolute: difference tolerated whatever the size, in the unit of the variable.
        intensive: variables that are no sums (prices, shares, rates) and are left out as parents.

    Returns:
        model, scenario, region, variable, unit, year, value, children_sum, difference (value less sum), children
        (names joined by ``; ``), sorted by the keys; empty when all agree.
    """
    frame = table.select([*KEYS, "year", "value"]).to_pandas()
    frame[list(KEYS)] = frame[list(KEYS)].astype(object)
    where = ["model", "scenario", "region", "year"]
    children = frame[frame["variable"].str.contains("|", regex=False)].copy()
    children["parent"] = np.array([name.rpartition("|")[0] for name in children["variable"]], dtype=object)
    children = children[~children["parent"].isin(list(intensive)) & children["parent"].isin(frame["variable"].unique())]
    pairs = frame.merge(
        children, left_on=[*where, "variable"], right_on=[*where, "parent"], suffixes=("", "_child")
    ).sort_values([*KEYS, "year", "variable_child"])
    columns = [*KEYS, "year", "value", "children_sum", "difference", "children"]
    if pairs.empty:
        return pd.DataFrame(columns=columns)
    pairs["agrees"] = pairs["unit"] == pairs["unit_child"]
    groups = pairs.groupby([*KEYS, "year"], sort=True)
    sums = groups.agg(value=("value", "first"), children_sum=("value_child", "sum"), agrees=("agrees", "all"))
    sums["children"] = groups["variable_child"].agg(lambda names: "; ".join(names.tolist()))
    sums = sums.reset_index()
    sums["difference"] = sums["value"] - sums["children_sum"]
    larger = np.maximum(sums["value"].abs(), sums["children_sum"].abs())
    wrong = sums["agrees"].astype(bool) & (sums["difference"].abs() > np.maximum(relative * larger, absolute))
    return sums.loc[wrong, columns].reset_index(drop=True)


class Variable(Entry):
    """How one variable of scenario tables belongs to one of our indicators.

    Attributes:
        variable, unit: as written in scenario tables; both must agree.
        indicator: our code.
        transform: ``level`` when value x factor is the indicator's figure; ``growth`` when only the relative change
            carries over, so the pathway is rebased to what was observed.
        factor: figure in our unit for one of theirs.
        per: variable by which it is divided first; empty for none.
        source: where the definition stands.
    """

    variable: Annotated[str, Field(min_length=1)]
    unit: Annotated[str, Field(min_length=1)]
    indicator: Code
    transform: Literal["level", "growth"]
    factor: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    per: str = ""
    source: Annotated[str, Field(min_length=1)]


class IamcMapping(Entry):
    """Names of regions and variables in scenario tables and what they are with us.

    Attributes:
        regions: our code and its other spellings; compared without regard to case.
        variables: the variables that belong to an indicator.
        intensive: variables that are never the sum of their children.
    """

    regions: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9_]*$")], tuple[str, ...]]
    variables: tuple[Variable, ...]
    intensive: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _unambiguous(self) -> "IamcMapping":
        names = [name.lower() for code, others in self.regions.items() for name in (code, *others)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"regions named twice: {', '.join(twice)}")
        keys = [(entry.variable, entry.unit, entry.indicator) for entry in self.variables]
        if len(set(keys)) < len(keys):
            raise ValueError("a variable is tied to the same indicator twice")
        return self

    def region(self, name: str) -> str | None:
        """Our code of a region; None when it is not known."""
        wanted = name.strip().lower()
        return next(
            (code for code, others in self.regions.items() if wanted in {code.lower(), *map(str.lower, others)}), None
        )

    def indicators(self, variable: str, unit: str) -> tuple[Variable, ...]:
        """The entries of a variable in a unit; none when it is not tied to an indicator."""
        return tuple(entry for entry in self.variables if (entry.variable, entry.unit) == (variable, unit))


def load_mapping(path: Path) -> IamcMapping:
    """The mapping file.

    Raises:
        SourceError: ``bad-mapping`` with all that is wrong in it.
    """
    try:
        return IamcMapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise SourceError(Problem("bad-mapping", f"The mapping is not as it should be: {error}"), path.name) from error

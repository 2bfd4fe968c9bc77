"""Long sheets of a workbook, read piece by piece: memory does not grow with them.

The XML of a sheet is scanned for cells as spreadsheets write them (``sheet_scan``), many times as fast as a reader that
makes an object of each; equal texts are read once. Where a sheet is written otherwise, the usual reader goes on from
that row, so that the result is the same. Call ``check_archive`` first: it refuses what could not be scanned safely
(declarations, other encodings).
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.sheet_scan import Scan, Unusual, scanned
from etl.sources.sheets import Odd, open_book

BLOCK = 1 << 21
"""Bytes of XML that are scanned at once; a few thousand rows."""

LARGEST = 1 << 22
"""Rows times columns of a piece."""

SPREAD = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

INLINE = re.compile(r'<t(?: xml:space="preserve")?>(.*)', re.DOTALL)
FORMULA = re.compile(r"<f\b[^>]*?(?:/>|>([^<]*)</f>)", re.DOTALL)
VALUE = re.compile(r"<v\b[^>]*>([^<]*)</v>")
TEXT = re.compile(r"<t\b[^>]*?(?:/>|>([^<]*)</t>)", re.DOTALL)
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
DANGEROUS = re.compile(
    r"\b(HYPERLINK|WEBSERVICE|IMPORT\w+|ENCODEURL|FILTERXML|CALL|EXEC|REGISTER\w*|DDE)\s*\(|^\s*=?\s*\w+\s*\|",
    re.IGNORECASE,
)
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Numbers of the formats of days and times that workbooks need not spell out."""

FIGURES = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass
class Piece:
    """Some rows of a sheet.

    Attributes:
        rows: their numbers in the sheet, from 1; rows without any cell are left out.
        columns: cells by letter of the column, one for each row, None where there is none.
        share: which part of the sheet is behind us.
    """

    rows: np.ndarray
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    share: float = 0.0


class BookStream:
    """A workbook whose sheets are read one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self.parts = _sheet_parts(archive)
                self._days, self._since_1904 = _day_styles(archive), _since_1904(archive)
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError, ValueError) as error:
            remedy = "The workbook is damaged. Open it in a spreadsheet and save it as XLSX again."
            raise SourceError(Problem("damaged", remedy), path.name) from error
        self._shared: list[str] | None = None

    @property
    def titles(self) -> list[str]:
        """Titles of the sheets in their order."""
        return list(self.parts)

    def pieces(self, title: str) -> Iterator[Piece]:
        """The rows of a sheet.

        Raises:
            SourceError: ``damaged``.
        """
        last = 0
        try:
            for piece in self._scanned(title):
                yield piece
                last = int(piece.rows[-1])
        except (Unusual, IndexError, ValueError):
            yield from self._usual(title, last)

    def _texts(self) -> list[str]:
        if self._shared is None:
            with zipfile.ZipFile(self.path) as archive:
                self._shared = _shared_texts(archive)
        return self._shared

    def _scanned(self, title: str) -> Iterator[Piece]:
        with zipfile.ZipFile(self.path) as archive, archive.open(self.parts[title]) as stream:
            size = archive.getinfo(self.parts[title]).file_size or 1
            rest, behind, begun = b"", 0, False
            while block := stream.read(BLOCK):
                behind += len(block)
                rest += block
                if not begun:
                    place = rest.find(b"<sheetData")
                    if place < 0:
                        if len(rest) > 8 * BLOCK:
                            raise Unusual
                        continue
                    begun, rest = True, rest[place:]
                end = rest.rfind(b"</row>") + len(b"</row>")
                if end < len(b"</row>"):
                    continue
                whole, rest = rest[:end], rest[end:]
                for piece in self._pieces(whole):
                    piece.share = behind / size
                    yield piece
            # Behind the last row stand settings; a cell that is still there was written in another way.
            if (not begun and b"sheetData" in rest) or re.search(rb"<(\w+:)?c[ >]", rest):
                raise Unusual

    def _pieces(self, xml: bytes) -> Iterator[Piece]:
        scan = scanned(xml)
        if scan is None:
            return
        cells = self._cells(scan)
        some = filled(cells)
        letters = scan.letters.filter(pa.array(some)).dictionary_encode()
        names, columns = letters.dictionary.to_pylist(), np.asarray(letters.indices)
        rows, places = np.unique(scan.rows[some], return_inverse=True)
        cells = cells[some]
        # A piece has all its rows in each of its columns: a sheet with a cell here and there needs shorter ones.
        most = max(LARGEST // max(len(names), 1), 1)
        for begin in range(0, len(rows), most):
            mine = slice(None) if len(rows) <= most else (begin <= places) & (places < begin + most)
            yield _spread(rows[begin : begin + most], names, columns[mine], places[mine] - begin, cells[mine])

    def _cells(self, scan: Scan) -> np.ndarray:
        """What each cell holds, None where that is nothing."""
        cells = np.full(len(scan.rows), None, dtype=object)
        kinds = [(kind, style in self._days) for style, kind in scan.heads]
        for one in dict.fromkeys(kinds):
            here = np.flatnonzero(scan.valued & np.array([kind == one for kind in kinds])[scan.head])
            if len(here):
                cells[here] = self._values(*one, scan.values(here))
        here = np.flatnonzero(scan.inline)
        if len(here):
            cells[here] = _each(scan.texts(here), _inline)
        for place in np.flatnonzero(scan.odd).tolist():
            kind, day = kinds[scan.head[place]]
            cells[place] = self._odd(kind, day, scan.inside(place))
        return cells

    def _values(self, kind: str, day: bool, texts: pa.Array) -> np.ndarray:
        """Cells of one kind from the texts of their values."""
        if kind in ("", "n") and not day:
            return pc.ascii_trim_whitespace(texts).cast(pa.float64()).to_numpy(zero_copy_only=False).astype(object)
        return _each(texts, lambda text: self._value(kind, day, text))

    def _value(self, kind: str, day: bool, value: str) -> Any:
        if kind == "s":
            return self._texts()[int(value)] or None
        if kind in ("", "n"):
            return self._moment(float(value)) if day else float(value)
        return self._other(kind, value)

    def _odd(self, kind: str, day: bool, more: str) -> Any:
        """A cell with more than its value: a formula, or a text in several runs."""
        formula = FORMULA.search(more)
        if formula is not None:
            cached = VALUE.search(more)
            return formula_cell(_plain(formula[1] or ""), _plain(cached[1]) if cached else "", kind)
        if kind == "inlineStr":
            if "<rPh" in more:
                raise Unusual
            return _plain("".join(one or "" for one in TEXT.findall(more))).strip() or None
        value = VALUE.search(more)
        return None if value is None else self._value(kind, day, value[1])

    def _other(self, kind: str, value: str) -> Any:
        if kind == "str":
            return _plain(value).strip() or None
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "e":
            return error_cell(_plain(value))
        if kind == "d":
            return dt.datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=None)
        raise Unusual

    def _moment(self, number: float) -> Any:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        try:
            found = from_excel(number, CALENDAR_MAC_1904 if self._since_1904 else CALENDAR_WINDOWS_1900)
        except (ValueError, OverflowError):
            return number
        return found if isinstance(found, dt.datetime) else number

    def _usual(self, title: str, last: int, most: int = 2000) -> Iterator[Piece]:
        """The rows behind ``last`` as the usual reader gives them."""
        from openpyxl.utils import get_column_letter

        with open_book(self.path) as book:
            sheet = book[title]
            # What a sheet says of its size need not be true, and the reader would leave out what lies beyond.
            sheet.reset_dimensions()
            rows: list[int] = []
            columns: dict[str, list[Any]] = {}
            blank: Any = None
            for number, cells in enumerate(sheet.iter_rows(min_row=last + 1), start=last + 1):
                # The reader gives one and the same row for all that are not in the file, and there may be a million.
                if cells is blank:
                    continue
                held = {get_column_letter(place): _usual_cell(cell) for place, cell in enumerate(cells, 1)}
                held = {letters: value for letters, value in held.items() if value is not None}
                if not held:
                    blank = cells
                    continue
                for letters, value in held.items():
                    columns.setdefault(letters, [None] * len(rows)).append(value)
                rows.append(number)
                for values in columns.values():
                    if len(values) < len(rows):
                        values.append(None)
                if len(rows) >= most:
                    yield _piece_of(rows, columns)
                    rows, columns = [], {}
            if rows:
                yield _piece_of(rows, columns)


def filled(cells: np.ndarray) -> np.ndarray:
    """Which cells hold something."""
    nothing: Any = None
    return np.not_equal(cells, nothing)


def _each(texts: pa.Array, read: Callable[[str], Any]) -> np.ndarray:
    """What is read from each text; equal ones are read once."""
    coded = texts.dictionary_encode()
    found = np.empty(len(coded.dictionary), dtype=object)
    found[:] = [read(text) for text in coded.dictionary.to_pylist()]
    return found[np.asarray(coded.indices)]


def _inline(text: str) -> str | None:
    """A text that stands in its cell, with the mark before it."""
    found = INLINE.fullmatch(text)
    if found is None:
        raise Unusual
    return _plain(found[1]).strip() or None


def _spread(rows: np.ndarray, names: list[str], columns: np.ndarray, places: np.ndarray, cells: np.ndarray) -> Piece:
    """A piece of cells that have each the number of their column's name and the place of their row."""
    held = {}
    order = np.argsort(columns, kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(columns[order])) + 1):
        column = np.full(len(rows), None, dtype=object)
        column[places[here]] = cells[here]
        held[names[columns[here[0]]]] = column
    return Piece(rows, held)


def _piece_of(rows: Sequence[int], columns: dict[str, list[Any]]) -> Piece:
    held = {}
    for letters, values in columns.items():
        cells = np.empty(len(rows), dtype=object)
        cells[:] = values
        held[letters] = cells
    return Piece(np.array(rows), held, 1.0)


def _usual_cell(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return formula_cell(str(getattr(value, "text", value)).removeprefix("="), "", "")
    if cell.data_type == "e":
        return error_cell(str(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime):
        return value
    return str(value).strip() or None


def formula_cell(formula: str, shown: str, kind: str) -> Odd:
    """A cell that holds a formula: what it shows tells what is wrong with it."""
    text = f"={formula}" if formula else "formula"
    if DANGEROUS.search(formula):
        remedy = (
            "The cell holds a formula that reaches outside the workbook. Delete it and type the figure or the text."
        )
        return Odd("formula-injection", remedy, shorten(text), text)
    if kind == "e" or shown.startswith("#") or "#REF!" in formula:
        value = shown if shown.startswith("#") else "#REF!"
        remedy = f"The formula gives the error {value}. Type the figure itself, or leave the cell empty."
        return Odd("error-value", remedy, shorten(f"{value} ({text})"), text)
    remedy = "The cell holds a formula. Copy it and paste it as a value (Paste Special, Values)."
    return Odd("formula", remedy, shorten(text), text)


def error_cell(value: str) -> Odd:
    """A cell that shows an error such as #DIV/0!."""
    return Odd("error-value", f"The cell shows the error {value}. Type the figure, or leave it empty.", value)


def _plain(text: str) -> str:
    """Text without the marks of XML."""
    if "_x" in text:
        text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
    if "&" not in text:
        return text
    return ENTITY.sub(_sign, text)


def _sign(found: "re.Match[str]") -> str:
    if found[0] in NAMED:
        return NAMED[found[0]]
    return chr(min(int(found[1]) if found[1] else int(found[2], 16), 0x10FFFF))


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title of each sheet and the part of the archive that holds it."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - without declarations, see check_archive
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): str(one.get("Target")) for one in relations}
    found = {}
    for sheet in book.iter(f"{SPREAD}sheet"):
        target = targets.get(sheet.get(RELATION), "")
        part = target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if part in archive.namelist() and "worksheets" in part:
            found[str(sheet.get("name")).strip()] = part
    return found


def _since_1904(archive: zipfile.ZipFile) -> bool:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    facts = book.find(f"{SPREAD}workbookPr")
    return facts is not None and facts.get("date1904") in ("1", "true")


def _day_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the styles in which a number is a day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    days = {str(one) for one in DAYS}
    for one in styles.iter(f"{SPREAD}numFmt"):
        code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", str(one.get("formatCode")))
        if re.search(r"[dmyhs]", code, re.IGNORECASE) and "general" not in code.lower():
            days.add(str(one.get("numFmtId")))
    cells = styles.find(f"{SPREAD}cellXfs")
    return frozenset(str(n) for n, one in enumerate(cells if cells is not None else ()) if one.get("numFmtId") in days)


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    found: list[str] = []
    with archive.open("xl/sharedStrings.xml") as stream:
        for _event, element in ElementTree.iterparse(stream):  # noqa: S314 - without declarations, see check_archive
            if element.tag == f"{SPREAD}si":
                found.append(_plain("".join(_runs(element))).strip())
                element.clear()
    return found


def _runs(element: Any) -> Iterator[str]:
    """Texts of a shared text, without those that say how it is pronounced."""
    for child in element:
        if child.tag == f"{SPREAD}t":
            yield child.text or ""
        elif child.tag == f"{SPREAD}r":
            yield from (run.text or "" for run in child.iter(f"{SPREAD}t"))

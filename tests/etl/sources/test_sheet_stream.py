"""Sheets that are scanned give what a reader of single cells gives; what cannot be scanned goes to that reader."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources import sheet_stream
from etl.sources.sheet_scan import Unusual, scanned
from etl.sources.sheet_stream import BookStream, Piece
from etl.sources.sheets import Odd

SPRING = dt.datetime.fromisoformat("2026-03-31")
Rows = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets") / "book.xlsx"


def _rows(pieces: Iterator[Piece]) -> Rows:
    found: Rows = {}
    for piece in pieces:
        for place, row in enumerate(piece.rows.tolist()):
            assert row not in found, "each row comes once"
            found[row] = {name: held[place] for name, held in piece.columns.items() if held[place] is not None}
    return found


def _expected(path: Path) -> Rows:
    """What openpyxl reads, in the terms of ours."""
    book = openpyxl.load_workbook(path)
    found: Rows = {}
    for cells in book.worksheets[0].iter_rows():
        for cell in cells:
            value = cell.value
            if isinstance(value, str):
                value = value.strip() or None
            elif isinstance(value, int | float) and not isinstance(value, bool):
                value = float(value)
            if value is not None:
                found.setdefault(cell.row, {})[cell.column_letter] = value
    book.close()
    return found


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" <>&\"'"), max_size=12)
CELLS = st.one_of(
    TEXTS.filter(lambda text: text == text.strip() and not text.startswith("=")),
    st.sampled_from(["wp01", "p001", "a & b", '<c r="A1"/>', "</c>", "őű"]),
    st.floats(-1e300, 1e300).map(lambda one: float(f"{one:.15g}")),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.integers(0, 70_000 * 86_400).map(lambda seconds: SPRING + dt.timedelta(seconds=seconds - 40_000 * 86_400)),
)
PLACES = st.tuples(st.integers(0, 40), st.sampled_from([0, 1, 2, 3, 25, 26, 700]))


@given(
    cells=st.dictionaries(PLACES, CELLS, max_size=40),
    writer=st.sampled_from(["shared", "inline", "openpyxl"]),
    block=st.sampled_from([64, 1024, 1 << 21]),
    largest=st.sampled_from([1, 20, 1 << 22]),
)
@settings(max_examples=60, deadline=None)
def test_a_sheet_gives_what_openpyxl_reads(
    cells: dict[tuple[int, int], Any], writer: str, block: int, largest: int, path: Path
) -> None:
    if writer == "openpyxl":
        book = openpyxl.Workbook()
        for (row, column), value in cells.items():
            book.active.cell(row + 1, column + 1).value = value
        book.save(path)
    else:
        options = {"constant_memory": writer == "inline", "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(path, options) as written:
            sheet, day = written.add_worksheet(), written.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
            for (row, column), value in sorted(cells.items()):
                sheet.write(row, column, value, *([day] if isinstance(value, dt.datetime) else []))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_stream, "BLOCK", block)
        patch.setattr(sheet_stream, "LARGEST", largest)
        patch.setattr(BookStream, "_usual", lambda *_all: pytest.fail("a plain sheet needs no other reader"))
        stream = BookStream(path)
        pieces = list(stream.pieces(stream.titles[0]))
    assert all(len(piece.rows) == 1 or len(piece.rows) * len(piece.columns) <= largest for piece in pieces)
    found, wanted = _rows(iter(pieces)), _expected(path)
    for held in (*found.values(), *wanted.values()):
        for name, value in held.items():
            # A day is a number of days in the file: its seconds are not exact.
            if isinstance(value, dt.datetime):
                held[name] = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    assert found == wanted
    assert {r: list(map(type, v.values())) for r, v in found.items()} == {
        r: [type(v[name]) for name in found[r]] for r, v in wanted.items()
    }


def _sheet(path: Path, rows: str) -> Rows:
    """What is read from a sheet with these rows as XML; shared texts are ``one``, ``two`` and blanks."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(("one", "two", "  ")):
            sheet.write(0, column, text)
        sheet.write(1, 0, 1, book.add_format({"num_format": "yyyy-mm-dd"}))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    head, _sheet_data, rest = parts[part].partition(b"<sheetData>")
    parts[part] = head + b"<sheetData>" + rows.encode() + rest[rest.index(b"</sheetData>") :]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return _rows(BookStream(path).pieces("Sheet1"))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B2"><v>1.5</v></c>', 1.5),
        ('<c r="B2" t="n"><v> 2 </v></c>', 2.0),
        ('<c r="B2" s="1"><v>46112</v></c>', SPRING),
        ('<c r="B2" t="s"><v>1</v></c>', "two"),
        ('<c r="B2" t="s"><v>2</v></c>', None),
        ('<c r="B2" t="b"><v>0</v></c>', False),
        ('<c r="B2" t="d"><v>2026-03-31T00:00:00Z</v></c>', SPRING),
        ('<c r="B2" t="str"><v>a &amp; b</v></c>', "a & b"),
        ('<c r="B2" t="inlineStr"><is><t>a &lt; b</t></is></c>', "a < b"),
        ('<c r="B2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>', "a"),
        ('<c r="B2" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>', "ab"),
        ('<c r="B2" t="inlineStr"><is><t/></is></c>', None),
        ('<c r="B2"/>', None),
        ('<c r="B2" s="1" />', None),
        ('<c r="B2"></c>', None),
        ('<c r="B2"><v></v></c>', None),
        ('<c r="B2"><v/></c>', None),
        ('<c r="B2"> <v xml:space="preserve">3</v>\n</c>', 3.0),
    ],
)
def test_each_way_to_write_a_cell(path: Path, cell: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BookStream, "_usual", lambda *_all: pytest.fail("this can be scanned"))
    around = '<row r="2"><c r="A2"><v>1</v></c>{}<c r="C2" t="s"><v>0</v></c></row><row r="9"/>'
    found = _sheet(path, around.format(cell))
    assert found == {2: {"A": 1.0, "C": "one"} | ({} if value is None else {"B": value})}
    assert type(found[2].get("B")) is type(value)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', "error-value"),
        ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error-value"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "formula"),
        ('<c r="B2"><f t="shared" si="0"/><v>2</v></c>', "formula"),
        ('<c r="B2" t="str"><f>HYPERLINK(&quot;http://x&quot;)</f><v>x</v></c>', "formula-injection"),
        ('<c r="B2"><f>cmd|x</f></c>', "formula-injection"),
    ],
)
def test_formulas_and_errors_are_told_from_values(path: Path, cell: str, reason: str) -> None:
    found = _sheet(path, f'<row r="2"><c r="A2"><v>1</v></c>{cell}</row>')[2]
    assert isinstance(found["B"], Odd)
    assert (found["A"], found["B"].reason) == (1.0, reason)


UNUSUAL = [
    "<c><v>1</v></c>",
    '<c  r="A2"><v>1</v></c>',
    "<c r='A2'><v>1</v></c>",
    '<c\nr="A2"><v>1</v></c>',
    '<c t="n" r="A2"><v>1</v></c>',
    '<c r="A2" cm="1"><v>1</v></c>',
    '<!-- <c r="B9"><v>5</v></c> --><c r="A2"><v>1</v></c>',
    '<?note <c r="B9"/> ?><c r="A2"><v>1</v></c>',
]


@pytest.mark.parametrize("cell", UNUSUAL)
def test_what_cannot_be_scanned_is_read_all_the_same(path: Path, cell: str) -> None:
    with pytest.raises(Unusual):
        scanned(f'<row r="2">{cell}</row>'.encode())
    assert _sheet(path, f'<row r="2">{cell}</row><row r="4"><c r="C4"><v>2</v></c></row>') == {
        2: {"A": 1.0},
        4: {"C": 2.0},
    }


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="2A"/>',
        '<c r="ABCD2"/>',
        '<c r="A12345678"/>',
        '<c r="A"/>',
        '<c r=""/>',
        '<c r="A2" t="x"/>',
        '<c r="A2"',
    ],
)
def test_places_and_kinds_that_there_are_not_are_not_scanned(cell: str) -> None:
    with pytest.raises((Unusual, ValueError)):
        scanned(f'<row r="2">{cell}</row>'.encode())


def test_a_sheet_with_a_cell_here_and_there_comes_in_short_pieces(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_stream, "LARGEST", 1000)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place in range(300):
            sheet.write(place, place, place)
    pieces = list(BookStream(path).pieces("Sheet1"))
    assert max(len(piece.rows) * len(piece.columns) for piece in pieces) <= 1000
    assert [list(held.values()) for held in _rows(iter(pieces)).values()] == [[float(one)] for one in range(300)]

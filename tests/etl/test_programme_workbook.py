"""The workbook of a programme goes out and comes back the same; what is wrong in it has its own line each."""

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from sqlalchemy import Engine, func, select, text

from etl import starter_demo
from etl.programme_export import CannotExport, export_programme, write_partner_report, write_template
from etl.programmes import is_programme_file, load_programme_file
from etl.sources.programme import CHOICES, KINDS, list_as_text
from etl.sources.programme_form import HEAD_FIELDS, UPDATE_FIELDS, columns
from etl.sources.programme_words import MESSAGES, SHEETS, message
from etl.sources.sheet_stream import BookStream
from etl.sources.sheets import Odd
from store.engine import make_engine, version
from store.programmes import expenditure, part
from store.schema_programme import Expenditure
from tests.etl.test_programmes import _money, _small, _write

Sheets = dict[str, list[list[Any]]]


def _export(engine: Engine, code: str, path: Path, lang: str = "en") -> Path:
    with engine.connect() as connection:
        export_programme(connection, code, path, lang)
    return path


def _quarantine(engine: Engine) -> list[tuple[str, str, int | None, str]]:
    query = text('SELECT reason, "column", line, value FROM quarantine ORDER BY id')
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.mark.parametrize("code", ["demo6", "clusterpolisee"])
def test_what_goes_out_comes_back_and_changes_nothing(
    code: str, tmp_path: Path, new_database: Callable[[str, str], str]
) -> None:
    engine = make_engine(new_database("sqlite", "catalogue"))
    load_programme_file(engine, starter_demo.FOLDER / f"{code}.yaml")
    with engine.connect() as connection:
        before = version(connection)
    for ending in ("xlsx", "yaml"):
        path = _export(engine, code, tmp_path / f"out.{ending}", "hu")
        assert is_programme_file(path)
        done = load_programme_file(engine, path)
        assert (done.state, done.counts["new"], done.counts["changed"], done.counts["rejected"]) == ("done", 0, 0, 0)
        assert load_programme_file(engine, path).state == "known"
    with engine.connect() as connection:
        assert version(connection) == before
    engine.dispose()


def test_a_workbook_loads_whole_on_an_empty_database_of_either_kind(engine: Engine, tmp_path: Path) -> None:
    content = _small(expenditure=[_money(1, paid_on="2025-03-01", rate=None), _money(2, certified=None)])
    load_programme_file(engine, _write(tmp_path, content))
    path = _export(engine, "small", tmp_path / "small.xlsx")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM programme"))
        # SQLite checks foreign keys for each connection; the server always.
        connection.execute(text("DELETE FROM expenditure"))
        for table in ("partner", "reporting_period", "work_package"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    done = load_programme_file(engine, path, force=True)
    assert (done.state, done.counts["new"], done.counts["rejected"]) == ("done", 8, 0)
    with engine.connect() as connection:
        rows = connection.execute(select(Expenditure.line, Expenditure.certified, Expenditure.paid_on)).all()
    assert sorted(rows) == [(1, Decimal("90.00"), date(2025, 3, 1)), (2, None, None)]
    assert load_programme_file(engine, path, force=True).counts["changed"] == 0


def _book(path: Path, sheets: Sheets, base: Path) -> Path:
    """A copy of a workbook whose sheets have more rows: ``(head, value)`` pairs; values beginning with ``=`` run."""
    book = openpyxl.load_workbook(base)
    for name, rows in sheets.items():
        sheet = book[name]
        heads = {cell.value: cell.column for cell in sheet[1]}
        for row in rows:
            line = sheet.max_row + 1
            for head, value in row:
                sheet.cell(line, heads[head]).value = value
    book.save(path)
    return path


def _line(**more: Any) -> list[list[Any]]:
    return [[head, value] for head, value in (_money(0) | more).items() if value is not None]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[str, str], str]) -> tuple[Engine, Path]:
    """A small programme, stored, and its workbook."""
    folder = tmp_path_factory.mktemp("base")
    engine = make_engine(new_database("sqlite", "catalogue"))
    indicator = {"code": "i", "owner_kind": "programme", "owner": "small", "kind": "output", "unit": "n"}
    indicator |= {"direction": "up", "cumulative": True, "name": {"en": "x"}}
    content = _small(
        result_indicators=[indicator],
        result_values=[{"indicator": "i", "period": 1, "value": 5}],
        expenditure=[_money(1)],
    )
    load_programme_file(engine, _write(folder, content))
    return engine, _export(engine, "small", folder / "base.xlsx")


BAD: list[tuple[str, Any, str, str]] = [
    ("expenditure", _line(line=2, partner="b", period=2, declared=10, certified=5), "not-a-member", "period"),
    ("expenditure", _line(line=2, declared=10, certified=10.01), "certified-above-declared", "certified"),
    ("expenditure", _line(line=2, declared=10, certified=1, category="catering"), "not-in-list", "category"),
    ("expenditure", _line(line=2, declared="=#REF!+1", certified=1), "error-value", "declared"),
    ("expenditure", _line(line=2, declared=10, certified="#DIV/0!"), "error-value", "certified"),
    ("expenditure", _line(line=2, declared="=1+1", certified=1), "formula", "declared"),
    (
        "expenditure",
        _line(line=2, declared=10, certified=1, error_kind='=HYPERLINK("http://x.example","y")'),
        "formula-injection",
        "error_kind",
    ),
    ("expenditure", _line(line=2, declared=10, certified=1, currency="RON"), "mixed-currencies", "currency"),
    ("expenditure", _line(line=2, declared=10, certified=1, paid_on="03/04/2026"), "ambiguous-date", "paid_on"),
    ("expenditure", _line(line=2, declared="1.234,50", certified=1), "ambiguous-number", "declared"),
    (
        "deliverables",
        [["code", "d"], ["work_package", "wp1"], ["due_period", 9], ["due_on", date(2026, 1, 1)], ["title_en", "x"]],
        "unknown-reference",
        "due_period",
    ),
    ("result_values", [["indicator", "i"], ["period", 2], ["value", 4]], "falling-output", "value"),
    ("partner_reports", [["partner", "b"], ["period", 2], ["status", "draft"]], "not-a-member", "period"),
    ("work_packages", [["code", "wp2"], ["title_en", "=cmd|' /C calc'!A0"]], "formula-injection", "title_en"),
]


@pytest.fixture(scope="module")
def bad(base: tuple[Engine, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Any, list[Any]]:
    """A workbook with all that is wrong: its path, what a check and a load said, and the quarantine."""
    engine, made = base
    sheets: Sheets = {}
    for number, (sheet, row, _reason, _column) in enumerate(BAD, 2):
        told = [[head, number if head == "line" else value] for head, value in row]
        sheets.setdefault(sheet, []).append(told)
    path = _book(tmp_path_factory.mktemp("bad") / "bad.xlsx", sheets, made)
    checked = load_programme_file(engine, path, check=True)
    assert _quarantine(engine) == [], "a check writes nothing"
    return path, checked, load_programme_file(engine, path), _quarantine(engine)


@pytest.mark.parametrize("number", range(len(BAD)), ids=[f"{one[2]}-{one[0]}" for one in BAD])
def test_each_bad_row_has_its_own_clear_line(bad: tuple[Path, Any, Any, list[Any]], number: int) -> None:
    path, checked, _done, quarantine = bad
    sheet, _row, reason, column = BAD[number]
    before = [one for one in BAD[:number] if one[0] == sheet]
    mine = [one for one in BAD if one[0] == sheet]
    line = openpyxl.load_workbook(path, read_only=True)[sheet].max_row - len(mine) + len(before) + 1
    wanted = (reason, f"{sheet}: {column}", line)
    assert wanted in [one[:3] for one in quarantine]
    assert wanted in [(one.reason, one.column, one.line) for one in checked.problems]
    assert all(one.remedy.endswith((".", "?")) for one in checked.problems)


def test_no_total_includes_a_row_that_was_refused(
    base: tuple[Engine, Path], bad: tuple[Path, Any, Any, list[Any]]
) -> None:
    _path, _checked, done, quarantine = bad
    assert (done.state, done.counts["new"], done.counts["changed"]) == ("done", 0, 0)
    assert done.counts["rejected"] == len(BAD) == len(quarantine)
    with base[0].connect() as connection:
        assert expenditure(connection, "small")["declared_cents"].tolist() == [10_000]
    money = [row for sheet, row, _reason, _column in BAD if sheet == "expenditure"]
    known = [value for row in money for head, value in row if head == "declared" and value == 10]
    left = {"rows": len(money), "cents": 1_000 * len(known), "unread": len(money) - len(known)}
    assert done.left_out == {"expenditure": left}
    assert "no total includes them" in done.message


def test_days_are_read_in_three_styles_where_they_can_mean_one_thing_only(
    base: tuple[Engine, Path], tmp_path: Path
) -> None:
    engine, made = base
    days = [date(2026, 4, 13), "2026-04-13", "13.04.2026", "04/13/2026", "2026.04.13."]
    rows = [_line(line=n, declared=1, certified=1, paid_on=day) for n, day in enumerate(days, 2)]
    done = load_programme_file(engine, _book(tmp_path / "days.xlsx", {"expenditure": rows}, made))
    assert done.counts["rejected"] == 0, _quarantine(engine)
    with engine.connect() as connection:
        found = set(connection.scalars(select(Expenditure.paid_on).where(Expenditure.line > 1)))
    assert found == {date(2026, 4, 13)}


def test_a_load_that_breaks_off_leaves_everything_as_it_was(
    base: tuple[Engine, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, made = base
    path = _book(tmp_path / "more.xlsx", {"expenditure": [_line(line=n) for n in range(2, 30)]}, made)

    def broken(*_all: Any) -> None:
        raise RuntimeError("the plug was pulled")

    with engine.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(Expenditure))
    monkeypatch.setattr("store.writes.refuse", broken)
    with pytest.raises(RuntimeError, match="plug"):
        load_programme_file(engine, path)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Expenditure)) == before


def test_a_long_table_is_compared_by_the_database(engine: Engine, tmp_path: Path) -> None:
    load_programme_file(engine, _write(tmp_path, _small(expenditure=[_money(n) for n in range(1, 601)])))
    changed = [_money(n, declared="101.00") if n % 3 == 0 else _money(n) for n in range(2, 603)]
    path = tmp_path / "out"
    path.mkdir()
    done = load_programme_file(engine, _write(path, _small(expenditure=changed)))
    assert (done.counts["new"], done.counts["changed"]) == (2, 201), "200 differ and one is gone"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Expenditure)) == 601
        assert expenditure(connection, "small")["declared_cents"].sum() == 601 * 10_000 + 200 * 100


def test_the_report_of_a_partner_changes_only_that_period(
    tmp_path: Path, new_database: Callable[[str, str], str]
) -> None:
    engine = make_engine(new_database("sqlite", "catalogue"))
    load_programme_file(engine, starter_demo.FOLDER / "demo6.yaml")
    path = tmp_path / "report.xlsx"
    with engine.connect() as connection:
        write_partner_report(connection, path, "demo6", "p07", 4, "hu")
        before = {
            kind: part(connection, kind, "demo6") for kind in ("partners", "pilots", "decisions", "partner_reports")
        }
        spent = expenditure(connection, "demo6")
        with pytest.raises(CannotExport, match="no partner"):
            write_partner_report(connection, path.with_name("x.xlsx"), "demo6", "p99", 4)
    assert load_programme_file(engine, path).counts["changed"] == 0, "as it is handed out it changes nothing"
    book = openpyxl.load_workbook(path)
    heads = {cell.value: cell.column for cell in book["expenditure"][1]}
    line = book["expenditure"].max_row + 1
    fresh = {"partner": "p07", "period": 4, "line": 900, "work_package": "wp1", "category": "staff", "fund": "ERDF"}
    for head, value in {**fresh, "declared": 12.34}.items():
        book["expenditure"].cell(line, heads[head]).value = value
        book["expenditure"].cell(line + 1, heads[head]).value = "p08" if head == "partner" else value
    book.save(path)
    done = load_programme_file(engine, path)
    assert (done.counts["new"], done.counts["changed"], done.counts["rejected"]) == (1, 0, 1)
    assert _quarantine(engine)[0][:2] == ("outside-update", "expenditure: partner")
    with engine.connect() as connection:
        for kind, frame in before.items():
            pd.testing.assert_frame_equal(part(connection, kind, "demo6"), frame)
        assert expenditure(connection, "demo6")["declared_cents"].sum() == spent["declared_cents"].sum() + 1_234
    engine.dispose()


@pytest.mark.parametrize("lang", ["en", "hu"])
def test_the_template_has_notes_lists_and_examples_that_are_not_read(
    base: tuple[Engine, Path], tmp_path: Path, lang: str
) -> None:
    engine, _made = base
    path = tmp_path / "template.xlsx"
    with engine.connect() as connection:
        write_template(connection, path, lang)
    book = openpyxl.load_workbook(path)
    assert set(KINDS) <= set(book.sheetnames)
    for kind in KINDS:
        sheet = book[kind]
        assert all(cell.comment is not None for cell in sheet[1]), kind
        assert sheet["A2"].value in ("example", "példa")
    lists = [one.formula1 for one in book["expenditure"].data_validations.dataValidation if one.type == "list"]
    assert len(lists) >= 4
    sheet = book["programme"]
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 1).value == "code":
            sheet.cell(row, 3).value = "empty"
    book.save(path)
    assert load_programme_file(engine, path).reason == "empty-cell", "the programme itself has to be filled in"


def test_words_for_sheets_and_columns_are_complete_in_both_languages() -> None:
    for lang in ("en", "hu"):
        assert {*KINDS, "programme", "update", "lists"} <= set(SHEETS[lang])
        for kind in KINDS:
            for column in columns(kind, [lang]):
                title, words = message(kind, column.field, lang)
                assert len(title) <= 32, (kind, column.field)
                assert 0 < len(words) <= 255, (kind, column.field)
        for name, fields in (("programme", HEAD_FIELDS), ("update", UPDATE_FIELDS)):
            assert all(message(name, one.field, lang)[1] for one in fields)
    assert all(len(said) == 4 for said in MESSAGES.values())
    assert {kind for kind, _column in CHOICES} <= set(KINDS)


def test_lists_in_a_cell_come_back_as_they_were() -> None:
    for name, value in (
        ("partners", ["p01", "p07"]),
        ("milestones", {"1": 10, "2": 2.5}),
        ("evidence", [{"kind": "pilot", "code": "p;1", "period": 4}]),
        ("subjects", [{"kind": "pilot", "code": "p1"}, {"kind": "risk", "code": "r2"}]),
        ("counts", {"a: b": 3}),
    ):
        from etl.sources.programme import as_list

        assert as_list(list_as_text(value, name), name) == value


def _cells(path: Path, sheet: str = "Sheet") -> list[dict[str, Any]]:
    found = []
    for piece in BookStream(path).pieces(sheet):
        for place, row in enumerate(piece.rows.tolist()):
            found.append({"row": row} | {k: v[place] for k, v in piece.columns.items() if v[place] is not None})
    return found


def test_the_stream_reads_what_the_usual_reader_reads(tmp_path: Path) -> None:
    path = tmp_path / "cells.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Sheet")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["text & <more>", 1.5, True])
        sheet.write_datetime(3, 1, pd.Timestamp("2026-03-31").to_pydatetime(), day)
        sheet.write_formula(4, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 1, '=HYPERLINK("http://x")', None, "x")
        sheet.write_rich_string(5, 0, "a", book.add_format({"bold": True}), "b")
    first, dated, wrong, rich = _cells(path)
    assert first == {"row": 1, "A": "text & <more>", "B": 1.5, "C": True}
    assert dated["B"].date() == date(2026, 3, 31)
    assert isinstance(wrong["A"], Odd)
    assert (wrong["A"].reason, wrong["B"].reason) == ("error-value", "formula-injection")
    assert rich["A"] == "ab"
    # Written with prefixes, as some programs do, the sheet is left to the usual reader: the same comes out.
    other = tmp_path / "prefixed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            part_ = old.read(name)
            if name.endswith("sheet1.xml"):
                part_ = part_.replace(b"<c ", b"<c  ")
            new.writestr(name, part_)
    again = _cells(other)
    assert [one["row"] for one in again] == [1, 4, 5, 6]
    assert again[0] == first
    assert again[1] == dated
    assert again[2]["B"].reason == "formula-injection"

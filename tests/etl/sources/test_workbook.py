"""What a ministry hands back is read whole or explained; every bad file here is really made."""

import datetime as dt
import math
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.entries import IndicatorEntry, described
from etl.sources import archive, workbook
from etl.sources.base import Extract, Problem, SourceError
from etl.sources.workbook import is_workbook, own_indicators, read_workbook, write_csv_template, write_template
from etl.sources.workbook_form import (
    COLUMNS,
    FLAGS,
    GUIDES,
    LIST_HEADS,
    MESSAGES,
    OWN_COLUMNS,
    THEMES,
    guarded,
    unguarded,
)

ROOT = Path(__file__).parents[3]
INDICATORS = pd.DataFrame({"code": ["gerd", "employment_rate"], "name": ["GERD", "=HYPERLINK(1)"]})
REGIONS = pd.DataFrame({"code": ["HU", "HU22"], "name": ["Hungary", "Nyugat-Dunántúl"]})
GOOD = ("gerd", "HU22", 2020, 1.5, "e", None)
DESCRIBED = {
    "code": "cluster_members",
    "name_en": "Members of accredited cluster organisations",
    "theme": "finance",
    "unit": "NR",
    "unit_label_en": "members",
    "direction": "up",
    "definition_en": "Enterprises that are members at the end of the year.",
    "publisher": "A ministry (example)",
}


def filled(book: openpyxl.Workbook, rows: Sequence[tuple[Any, ...]], own: Sequence[dict[str, Any]] = ()) -> None:
    for line, row in enumerate(rows, start=2):
        for column, cell in enumerate(row, start=1):
            book["data"].cell(line, column, cell)
    for line, entry in enumerate(own, start=2):
        for name, cell in entry.items():
            book["indicators"].cell(line, OWN_COLUMNS.index(name) + 1, cell)


def template(path: Path, *rows: tuple[Any, ...], own: Sequence[dict[str, Any]] = ()) -> Path:
    """The two sheets that are read, as a spreadsheet would save them."""
    book = openpyxl.Workbook()
    book.active.title = "data"
    book.active.append(COLUMNS)
    book.create_sheet("indicators").append(OWN_COLUMNS)
    filled(book, rows, own)
    book.save(path)
    return path


def edited(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def repacked(path: Path, change: Callable[[dict[str, bytes]], None], **options: Any) -> Path:
    """The same archive with its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def figures(extract: Extract) -> list[tuple[Any, ...]]:
    rows = [row for chunk in extract.chunks for row in chunk.to_pylist()]
    return [(row["indicator"], row["geo"], row["time"], row["value"], row["flags"]) for row in rows]


def refused(path: Path) -> Problem:
    with pytest.raises(SourceError) as caught:
        read_workbook(path)
    assert str(caught.value).startswith(path.name)
    assert "Traceback" not in str(caught.value)
    return caught.value.problem


def only_problem(path: Path, *, good: int = 1) -> Problem:
    extract = read_workbook(path)
    assert len(figures(extract)) == good
    (problem,) = extract.problems
    return problem


@pytest.mark.parametrize("lang", ["en", "hu"])
def test_the_template_carries_its_lists_and_words(lang: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template(path, INDICATORS, REGIONS, lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["data", "indicators", "lists", "guide"]
    assert [cell.value for cell in book["data"][1]] == list(COLUMNS)
    assert [cell.value for cell in book["indicators"][1]] == list(OWN_COLUMNS)
    assert book["data"].freeze_panes == book["indicators"].freeze_panes == "A2"
    assert [cell.value for cell in book["lists"]["C"]][1:3] == ["HU", "HU22"]
    assert [cell.value for cell in book["guide"]["A"]] == list(GUIDES[lang])
    rules = {str(rule.sqref).split(":")[0]: rule for rule in book["data"].data_validations.dataValidation}
    assert rules["A2"].type == rules["B2"].type == rules["E2"].type == "list"
    assert (rules["C2"].type, rules["C2"].formula1) == ("whole", "1990")
    assert rules["D2"].type == "decimal"
    assert rules["B2"].formula1 == "lists!$C$2:$C$3"
    for place, name in enumerate(COLUMNS):
        rule = rules[f"{'ABCDEF'[place]}2"]
        assert (rule.promptTitle, rule.prompt) == MESSAGES[lang][name]


def test_a_place_that_cannot_be_written_is_an_ordinary_error(tmp_path: Path) -> None:
    for write in (lambda path: write_template(path, INDICATORS, REGIONS), write_csv_template):
        with pytest.raises(OSError, match="No such file"):
            write(tmp_path / "nowhere" / "form")


def test_messages_keep_within_the_limits_of_the_format_and_are_complete() -> None:
    assert set(MESSAGES["en"]) == set(MESSAGES["hu"]) == {*COLUMNS, *OWN_COLUMNS, "wrong"}
    assert len(GUIDES["en"]) == len(GUIDES["hu"])
    assert len(LIST_HEADS["en"]) == len(LIST_HEADS["hu"])
    assert all(set(meaning) == {"en", "hu"} for meaning in FLAGS.values())
    for messages in MESSAGES.values():
        assert all(len(title) <= 32 and len(text) <= 255 for title, text in messages.values())


def test_the_themes_are_those_of_the_catalogue() -> None:
    entries = yaml.safe_load((ROOT / "data" / "catalogue" / "themes.yaml").read_text(encoding="utf-8"))
    assert list(THEMES) == [entry["code"] for entry in entries]


def test_nothing_written_can_become_a_formula(tmp_path: Path) -> None:
    rows = pd.DataFrame([{"indicator": "gerd", "region": "HU", "year": 2020, "value": 1.0, "note": "=1+1"}])
    path = tmp_path / "form.xlsx"
    write_template(path, INDICATORS, REGIONS, rows=rows)
    book = openpyxl.load_workbook(path)
    for cell in (book["data"]["F2"], book["lists"]["B3"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    for risky in ("=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"):
        assert guarded(risky).startswith("'")
    write_csv_template(tmp_path / "form.csv", rows=rows)
    assert "'=1+1" in (tmp_path / "form.csv").read_text(encoding="utf-8-sig")


@given(st.text())
def test_guarding_a_text_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["gerd", "employment_rate", "own_1"]),
                st.sampled_from(["HU", "HU22", "EU27_2020", "RSZZ"]),
                st.integers(1990, 2100),
            ),
            min_size=1,
            max_size=15,
            unique=True,
        )
    )
    value = st.one_of(st.just(math.nan), st.floats(-1e14, 1e14).map(lambda x: float(f"{x:.12g}")))
    flags = st.lists(st.sampled_from(list(FLAGS)), max_size=3, unique=True).map(lambda few: "".join(sorted(few)))
    note = st.one_of(st.just(""), st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=20))
    rows = [
        {"indicator": i, "region": r, "year": y, "value": draw(value), "flags": draw(flags), "note": draw(note)}
        for i, r, y in keys
    ]
    return pd.DataFrame(rows)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frame=frames(), form=st.sampled_from(["en.xlsx", "hu.xlsx", "en.csv", "hu.csv"]))
def test_what_is_written_into_the_template_is_read_back(frame: pd.DataFrame, form: str, tmp_path: Path) -> None:
    path = tmp_path / form
    if path.suffix == ".csv":
        write_csv_template(path, path.stem, frame)
    else:
        write_template(path, INDICATORS, REGIONS, path.stem, frame)
    extract = read_workbook(path)
    assert extract.problems == []
    expected = [
        (row.indicator, row.region, str(row.year), None if math.isnan(row.value) else row.value, row.flags)
        for row in frame.itertuples()
    ]
    assert figures(extract) == expected


def test_the_extract_says_what_it_is(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD, ("gerd", "HU", 2021, None, "cu", "our note"))
    extract = read_workbook(path)
    assert (extract.source, extract.dataset, extract.dims) == ("own", "INDICATOR", ("indicator",))
    (chunk,) = extract.chunks
    assert chunk.column_names == ["indicator", "line", "geo", "time", "value", "flags", "conf"]
    assert chunk.to_pylist() == [
        {"indicator": "gerd", "line": 2, "geo": "HU22", "time": "2020", "value": 1.5, "flags": "e", "conf": ""},
        {"indicator": "gerd", "line": 3, "geo": "HU", "time": "2021", "value": None, "flags": "cu", "conf": "C"},
    ]
    assert extract.consumed == extract.size_hint == path.stat().st_size


def test_a_form_filled_in_by_hand_is_read(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template(path, INDICATORS, REGIONS, "hu")
    assert refused(path).reason == "no-rows"
    edited(path, lambda book: filled(book, [GOOD, ("cluster_members", "HU", 2024, 41)], [DESCRIBED]))
    extract = read_workbook(path)
    assert extract.problems == []
    assert figures(extract) == [("gerd", "HU22", "2020", 1.5, "e"), ("cluster_members", "HU", "2024", 41.0, "")]
    assert [entry["code"] for entry in own_indicators(path)] == ["cluster_members"]


def test_an_empty_template_says_what_to_do(tmp_path: Path) -> None:
    assert refused(template(tmp_path / "a.xlsx")).reason == "no-rows"
    write_csv_template(tmp_path / "a.csv")
    assert refused(tmp_path / "a.csv").reason == "no-rows"


@pytest.mark.parametrize(
    ("row", "reason", "column", "words"),
    [
        (("gerd", "HU", 2020, "=1+1"), "formula", "value (D)", "value"),
        (("gerd", "=B3", 2020, 1), "formula", "region (B)", "value"),
        (("gerd", "HU", "2020-01-01", 1), "date-in-year", "year (C)", "alone: 2020"),
        (("gerd", "HU", "2020. 01. 01.", 1), "date-in-year", "year (C)", "alone: 2020"),
        (("gerd", "HU", dt.date(2020, 1, 1), 1), "date-in-year", "year (C)", "alone: 2020"),
        (("gerd", "HU", 20.5, 1), "not-a-year", "year (C)", "four digits"),
        (("gerd", "HU", "this year", 1), "not-a-year", "year (C)", "four digits"),
        (("gerd", "HU", None, 1), "empty-cell", "year (C)", "year"),
        (("gerd", None, 2020, 1), "empty-cell", "region (B)", "region"),
        ((None, "HU", 2020, 1), "empty-cell", "indicator (A)", "indicator"),
        (("gerd", "HU", 2020, "12,5"), "number-as-text", "value (D)", "number"),
        (("gerd", "HU", 2020, "1 234.5"), "number-as-text", "value (D)", "number"),
        (("gerd", "HU", 2020, "n/a"), "not-a-number", "value (D)", "empty"),
        (("gerd", "HU", 2020, dt.date(2026, 5, 12)), "date-in-value", "value (D)", "number"),
        (("gerd", "HU", 2020, dt.time(12, 5)), "date-in-value", "value (D)", "number"),
        (("gerd", "HU", 2020, True), "not-a-number", "value (D)", "TRUE"),
        (("gerd", "HU", 2020, "#N/A"), "error-value", "value (D)", "error"),
        (("gerd", "HU", 2020, 1, "e?"), "unknown-flag", "flags (E)", "?"),
    ],
)
def test_a_row_with_a_fault_is_named_and_the_others_are_delivered(
    row: tuple[Any, ...], reason: str, column: str, words: str, tmp_path: Path
) -> None:
    problem = only_problem(template(tmp_path / "a.xlsx", GOOD, row))
    assert (problem.reason, problem.line, problem.column) == (reason, 3, column)
    assert words in problem.remedy


def test_a_year_that_was_formatted_as_a_date_is_recognised(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD, ("gerd", "HU", 2020, 1))

    def format_as_date(book: openpyxl.Workbook) -> None:
        book["data"]["C3"].number_format = "yyyy-mm-dd"

    problem = only_problem(edited(path, format_as_date))
    assert (problem.reason, problem.value) == ("date-in-year", "1905-07-12")
    assert "alone: 2020" in problem.remedy


def test_years_as_text_and_missing_marks_are_understood(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", ("gerd", " HU ", "2020", ":", "E P"), ("gerd", "HU22", 2021.0, 0))
    extract = read_workbook(path)
    assert extract.problems == []
    assert figures(extract) == [("gerd", "HU", "2020", None, "ep"), ("gerd", "HU22", "2021", 0.0, "")]


def test_formulas_keep_no_cached_value(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, ["gerd", "HU", 2020, 7])
        sheet.write_row(2, 0, ["gerd", "HU", 2021])
        sheet.write_formula(2, 3, "=D2*2", None, 14)
        sheet.write_row(3, 0, ["gerd", "HU", 2022])
        sheet.write_array_formula(3, 3, 3, 3, "{=SUM(D2:D2)}", None, 7)
    extract = read_workbook(path)
    assert [(problem.line, problem.reason) for problem in extract.problems] == [(3, "formula"), (4, "formula")]
    assert figures(extract) == [("gerd", "HU", "2020", 7.0, "")]


def test_merged_rows_are_refused_and_a_merged_header_refuses_the_file(tmp_path: Path) -> None:
    rows = (GOOD, ("gerd", "HU", 2020, 1), ("gerd", None, 2021, 2), ("gerd", "HU", 2022, 3))
    path = edited(template(tmp_path / "a.xlsx", *rows), lambda book: book["data"].merge_cells("B3:B4"))
    extract = read_workbook(path)
    assert [row[2] for row in figures(extract)] == ["2020", "2022"]
    assert [(problem.reason, problem.line) for problem in extract.problems] == [
        ("merged-cells", 3),
        ("merged-cells", 4),
    ]
    path = edited(template(tmp_path / "b.xlsx", GOOD), lambda book: book["data"].merge_cells("E1:F1"))
    assert refused(path).reason == "merged-cells"


def test_equal_repeats_count_once_and_contradictions_not_at_all(tmp_path: Path) -> None:
    rows = (GOOD, ("gerd", "HU", 2020, 1), ("gerd", "HU", 2020, 2), GOOD)
    extract = read_workbook(template(tmp_path / "a.xlsx", *rows))
    assert figures(extract) == [("gerd", "HU22", "2020", 1.5, "e")]
    assert [(problem.reason, problem.line) for problem in extract.problems] == [
        ("duplicate-key", 3),
        ("duplicate-key", 4),
        ("duplicate-key", 5),
    ]
    assert "Rows 3, 4" in extract.problems[0].remedy
    assert "Row 2 says the same" in extract.problems[2].remedy
    assert extract.problems[0].value == "gerd HU 2020"


@pytest.mark.parametrize(
    ("title", "words"), [("Data", None), ("date", "Did you mean date?"), ("Sheet1", "Sheet1"), ("Munka1", "Munka1")]
)
def test_the_sheet_is_found_or_its_nearest_is_named(title: str, words: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.title = title
    book.active.append(COLUMNS)
    book.active.append(GOOD)
    book.save(path)
    if words is None:
        assert len(figures(read_workbook(path))) == 1
    else:
        problem = refused(path)
        assert problem.reason == "missing-sheet"
        assert words in problem.remedy


@pytest.mark.parametrize(
    ("header", "reason", "words"),
    [
        (["indicator", "regions", "year", "value"], "missing-column", "Is it regions?"),
        (["indicator", "region", "year"], "missing-column", "indicator, region, year, value"),
        (["Report of the ministry"], "missing-column", "indicator is missing"),
        ([], "missing-column", "indicator is missing"),
        (["indicator", "region", "year", "value", "Value "], "duplicate-column", "twice"),
    ],
)
def test_the_header_is_asked_for_by_name(header: list[str], reason: str, words: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "data"
    book.active.append(header)
    book.active.append(["gerd", "HU", 2020, 1])
    book.save(tmp_path / "a.xlsx")
    problem = refused(tmp_path / "a.xlsx")
    assert (problem.reason, problem.line) == (reason, 1)
    assert words in problem.remedy
    (tmp_path / "a.csv").write_text(",".join(header) + "\ngerd,HU,2020,1\n", encoding="utf-8")
    assert refused(tmp_path / "a.csv").reason == reason


def test_columns_may_stand_in_any_order_and_flags_may_be_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "data"
    book.active.append(["remark", "VALUE", "Year ", "region", "indicator"])
    book.active.append(["x", 3.5, 2020, "HU", "gerd"])
    book.save(tmp_path / "a.xlsx")
    extract = read_workbook(tmp_path / "a.xlsx")
    assert (figures(extract), extract.problems) == ([("gerd", "HU", "2020", 3.5, "")], [])


def test_a_large_file_is_not_opened(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(50 * 1024 * 1024)
        tracemalloc.start()
        problem = refused(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert problem.reason == "too-big"
        assert "50 MB" in problem.remedy
        assert peak < 1_000_000


def test_a_zip_bomb_is_refused_by_its_table_of_contents(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)

    def swell(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] += b" " * (60 * 1024 * 1024)

    repacked(path, swell, compresslevel=9)
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    assert refused(path).reason == "zip-bomb"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)

    def swell(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] += b" " * (60 * 1024 * 1024)

    repacked(path, swell, compresslevel=9)
    with zipfile.ZipFile(path) as book:
        size = book.getinfo("xl/worksheets/sheet1.xml").file_size
    # Both headers of the part claim a thousand bytes.
    content = path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 1000))
    path.write_bytes(content)
    tracemalloc.start()
    assert refused(path).reason == "damaged"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_many_parts_or_the_same_part_twice_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/workbook.xml", b"<workbook/>")
    assert refused(path).reason == "zip-bomb"
    monkeypatch.setattr(archive, "MAX_PARTS", 5)
    assert refused(template(tmp_path / "b.xlsx", GOOD)).reason == "zip-bomb"


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(part: str, tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)
    renamed = tmp_path / "b.xlsm"
    renamed.write_bytes(path.read_bytes())
    assert refused(renamed).reason == "macro"
    assert refused(repacked(path, lambda parts: parts.update({part: b"macro"}))).reason == "macro"


def test_links_to_other_workbooks_are_refused(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)
    link = {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    problem = refused(repacked(path, lambda parts: parts.update(link)))
    assert problem.reason == "external-link"
    assert "Break" in problem.remedy


def test_old_and_encrypted_files_are_told_apart_from_damaged_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(archive.OLE + b"\0" * 1000)
    assert refused(path).reason == "old-or-encrypted"
    assert refused(path.rename(tmp_path / "a.xls")).reason == "old-or-encrypted"
    good = template(tmp_path / "b.xlsx", GOOD).read_bytes()
    for broken in (b"not a workbook", good[: len(good) // 2], good[:100] + b"\xff" * 500 + good[600:]):
        path.write_bytes(broken)
        assert refused(path).reason == "damaged"
    path.write_bytes(b"")
    assert refused(path).reason == "empty-file"
    assert refused(tmp_path / "missing.xlsx").reason == "no-file"
    (tmp_path / "folder.xlsx").mkdir()
    assert refused(tmp_path / "folder.xlsx").reason == "no-file"
    (tmp_path / "a.ods").write_bytes(b"PK\x03\x04")
    assert refused(tmp_path / "a.ods").reason == "unknown-format"


def test_archives_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("word/document.xml", b"<document/>")
    assert refused(path).reason == "unknown-format"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as book:
        book.writestr("[Content_Types].xml", b"<Types/>")
    assert refused(path).reason == "unknown-format"
    locked = template(tmp_path / "b.xlsx", GOOD)
    content = bytearray(locked.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    assert refused(locked).reason == "encrypted"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b"]>"
)


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
def test_entity_bombs_are_refused_in_every_part_and_encoding(part: str, encoding: str, tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)

    def arm(parts: dict[str, bytes]) -> None:
        body = re.sub(rb"<\?xml[^>]*\?>", b"", parts[part]).decode()
        text = LAUGHS.decode() + body
        if encoding == "cp037":
            text = text.replace('<?xml version="1.0"?>', "")
            parts[part] = b'<?xml version="1.0" encoding="cp037"?>' + text.encode("cp037")
        else:
            parts[part] = text.encode(encoding)

    assert refused(repacked(path, arm)).reason == "entity"


def test_a_declaration_is_found_across_the_border_of_two_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "CHUNK", 64)
    path = template(tmp_path / "a.xlsx", GOOD)
    for shift in range(64):

        def arm(parts: dict[str, bytes], shift: int = shift) -> None:
            parts["docProps/core.xml"] = b" " * shift + b"<!DOCTYPE x><x/>" + b" " * 200

        assert refused(repacked(path, arm)).reason == "entity"


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    rows = [("gerd", "HU", 2000 + year, 1) for year in range(4)]
    assert len(figures(read_workbook(template(tmp_path / "a.xlsx", *rows[:3])))) == 3
    problem = refused(template(tmp_path / "b.xlsx", *rows))
    assert (problem.reason, problem.line) == ("too-many-rows", 5)
    text = "indicator,region,year,value\n" + "".join(f"gerd,HU,{2000 + year},1\n" for year in range(4))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert refused(tmp_path / "a.csv").reason == "too-many-rows"


def test_a_sheet_that_lies_about_its_size_costs_no_time(tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD)

    def lie(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', parts[name])
        far = b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", far)

    assert figures(read_workbook(repacked(path, lie))) == [("gerd", "HU22", "2020", 1.5, "e")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_workbook_with_flipped_bytes_gives_rows_or_a_sentence(data: st.DataObject, tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    if not whole.exists():
        template(whole, GOOD, own=[DESCRIBED])
    with zipfile.ZipFile(whole) as book:
        parts = {name: bytearray(book.read(name)) for name in book.namelist()}
    for _ in range(data.draw(st.integers(1, 4))):
        part = parts[data.draw(st.sampled_from([name for name in parts if name.endswith((".xml", ".rels"))]))]
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "flipped.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, bytes(content))
    try:
        found = figures(read_workbook(path)), own_indicators(path)
    except SourceError as error:
        found = (error.problem.remedy,)
    assert all(isinstance(item, (list, str)) for item in found)


# CSV


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("indicator;region;year;value\ngerd;HU;2020;12,5\n", 12.5),
        ("indicator;region;year;value\ngerd;HU;2020;1,250\n", 1.25),
        ("indicator;region;year;value\ngerd;HU;2020;12.5\n", 12.5),
        ("indicator,region,year,value\ngerd,HU,2020,1.250\n", 1.25),
        ('indicator,region,year,value\r\ngerd,HU,2020,"12,5"\r\n', 12.5),
        ("indicator\tregion\tyear\tvalue\ngerd\tHU\t2020\t12,5", 12.5),
        ("\ufeffindicator,region,year,value\ngerd,HU,2020,-1.5e3\n\n", -1500),
        ("indicator,region,year,value\ngerd,HU,2020,:\n", None),
        ("indicator,region,year,value\ngerd,HU,2020\n", None),
        ('"indicator","region","year","value","note"\n"gerd","HU","2020","3","one\ntwo, ""three"""\n', 3),
    ],
)
def test_delimiters_and_decimal_marks(text: str, value: float | None, tmp_path: Path) -> None:
    extract = read_workbook(text_file(tmp_path / "a.csv", text))
    assert extract.problems == []
    assert figures(extract) == [("gerd", "HU", "2020", value, "")]


@pytest.mark.parametrize(
    ("header", "values", "good"),
    [
        # Nothing tells whether this is a thousand or one and a bit: all are refused.
        ("indicator,region,year,value", ['"1,250"', '"2,500"'], []),
        ("indicator;region;year;value", ["1.250", "2.500"], []),
        # Another row tells.
        ("indicator,region,year,value", ['"1,250"', '"2,5"'], [1.25, 2.5]),
        ("indicator;region;year;value", ["1.250", "2.5"], [1.25, 2.5]),
        # Both marks in one column: the delimiter decides, the other is refused.
        ("indicator;region;year;value", ["1,5", "2.5"], [1.5]),
        ("indicator,region,year,value", ['"1,5"', "2.5"], [2.5]),
    ],
)
def test_a_mark_that_may_mean_two_things_is_not_guessed(
    header: str, values: list[str], good: list[float], tmp_path: Path
) -> None:
    mark = header[9]
    lines = [mark.join(["gerd", "HU", str(2020 + place), value]) for place, value in enumerate(values)]
    extract = read_workbook(text_file(tmp_path / "a.csv", "\n".join([header, *lines])))
    assert [row[3] for row in figures(extract)] == good
    assert {problem.reason for problem in extract.problems} <= {"ambiguous-number"}
    assert len(extract.problems) == len(values) - len(good)


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        ("gerd,HU,2021,12,5,e,x", "wrong-columns", ""),
        ("gerd,HU,2021,12,5,e,", "unknown-flag", "flags"),
        ("gerd,HU,2021,=1+1", "formula", "value"),
        ("gerd,HU,2021-01-01,1", "date-in-year", "year"),
        ("gerd,HU,2021,1 000", "not-a-number", "value"),
        ("gerd,HU,2021,1e999", "not-a-number", "value"),
        ("gerd,HU,2021,nan", "not-a-number", "value"),
        ("gerd,,2021,1", "empty-cell", "region"),
        ("gerd,HU,2021,1,x", "unknown-flag", "flags"),
    ],
)
def test_bad_rows_of_a_csv(row: str, reason: str, column: str, tmp_path: Path) -> None:
    header = "indicator,region,year,value,flags,note"
    text = f'{header}\ngerd,HU,2020,1.5,e,"a note of\ntwo lines"\n{row}\n'
    problem = only_problem(text_file(tmp_path / "a.csv", text))
    assert (problem.reason, problem.line, problem.column) == (reason, 4, column)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1252"])
def test_encodings_are_recognised_and_guesses_logged(
    encoding: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    note = "Österreich" if encoding == "cp1252" else "Győr, Škofja Loka" if encoding != "cp1250" else "Győr"
    text = f"indicator;region;year;value;flags;note\ngerd;HU;2020;1,5;e;{note}\n"
    extract = read_workbook(text_file(tmp_path / "a.csv", text, encoding))
    assert figures(extract) == [("gerd", "HU", "2020", 1.5, "e")]
    assert ("CSV UTF-8" in caplog.text) == encoding.startswith("cp")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"indicator,region,year,value\n\x81\x83\x98,\x00\x01", "not-utf8"),
        (b"\xff\xfei\x00n\x00d\x00", "missing-column"),
        (b"\xff\xfei\x00\x00", "not-utf8"),
        (b"PK\x03\x04 a workbook", "unknown-format"),
        (b'indicator,region,year,value\ngerd,HU,2020,"1\n', "broken-quotes"),
        (b'indicator,region,year,value\ngerd,HU,2020,"1"5\n', "broken-quotes"),
        (b"\n\n\n", "missing-column"),
    ],
)
def test_texts_that_are_no_csv_get_a_sentence(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refused(tmp_path / "a.csv").reason == reason


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_behind_a_header_give_rows_or_a_sentence(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"indicator,region,year,value\n" + tail)
    try:
        extract = read_workbook(path)
        said = figures(extract) or extract.problems
    except SourceError as error:
        said = [error.problem]
    assert said


def test_workbooks_are_told_from_other_files(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.XLSX", "a.xlsm", "a.xls", "a.ods"):
        assert is_workbook(tmp_path / name)
    write_csv_template(tmp_path / "a.csv", "hu")
    assert is_workbook(tmp_path / "a.csv")
    for header in ("indicator,region,period,value,flags,dataset", "freq,unit,geo\\TIME_PERIOD", "DATAFLOW,geo"):
        assert not is_workbook(text_file(tmp_path / "b.csv", header + "\n"))
    assert not is_workbook(tmp_path / "missing.csv")
    assert not is_workbook(tmp_path / "a.json")


# Own indicators


def test_own_indicators_become_entries_that_the_catalogue_takes(tmp_path: Path) -> None:
    full = DESCRIBED | {
        "code": "vet_share",
        "name_hu": "Szakképzésben részt vevők aránya",
        "unit": "PC_POP",
        "unit_label_hu": "a népesség %-a",
        "unit_suffix": "%",
        "direction": "Down",
        "decimals": 2,
        "licence": "CC BY 4.0",
    }
    path = template(tmp_path / "a.xlsx", ("cluster_members", "HU22", 2024, 41), own=[DESCRIBED, full])
    assert read_workbook(path).problems == []
    first, second = entries = own_indicators(path)
    problems: list[str] = []
    assert len(described("workbook", IndicatorEntry, entries, problems)) == 2
    assert problems == []
    assert (first["code"], first["role"], first["dataset"], first["live"]) == ("cluster_members", "own", "OWN", False)
    assert first["name"]["hu"] == first["name"]["en"] == DESCRIBED["name_en"]
    assert (first["decimals"], first["change"], first["direction"]) == (1, "relative", "up")
    assert first["note"]["en"] == "Published by A ministry (example)."
    assert (second["decimals"], second["change"], second["direction"]) == (2, "points", "down")
    assert second["name"]["hu"] == full["name_hu"]
    assert second["unit_label"] == {"en": "members", "hu": "a népesség %-a"}
    assert "CC BY 4.0" in second["note"]["hu"]
    datasets = yaml.safe_load((ROOT / "data" / "catalogue" / "datasets.yaml").read_text(encoding="utf-8"))
    assert "OWN" in {entry["code"] for entry in datasets}


@pytest.mark.parametrize(
    ("change", "reason", "column"),
    [
        ({"code": "Cluster Members"}, "wrong-code", "indicators: code (A)"),
        ({"code": "x" * 65}, "wrong-code", "indicators: code (A)"),
        ({"name_en": None}, "empty-cell", "indicators: name_en (B)"),
        ({"theme": "finances"}, "not-in-list", "indicators: theme (D)"),
        ({"unit": "per cent"}, "wrong-code", "indicators: unit (E)"),
        ({"direction": "higher"}, "not-in-list", "indicators: direction (I)"),
        ({"decimals": 1.5}, "not-in-list", "indicators: decimals (J)"),
        ({"change": "both"}, "not-in-list", "indicators: change (K)"),
        ({"publisher": None}, "empty-cell", "indicators: publisher (N)"),
        ({"definition_en": "=A1"}, "formula", "indicators: definition_en (L)"),
        ({"name_hu": "x" * 201}, "too-long", "indicators: name_hu (C)"),
        ({}, "duplicate-key", "indicators: code (A)"),
    ],
)
def test_a_description_with_a_fault_is_named(change: dict[str, Any], reason: str, column: str, tmp_path: Path) -> None:
    path = template(tmp_path / "a.xlsx", GOOD, own=[DESCRIBED, DESCRIBED | change])
    problem = only_problem(path)
    assert (problem.reason, problem.line, problem.column) == (reason, 3, column)
    assert [entry["code"] for entry in own_indicators(path)] == ["cluster_members"]


def test_a_csv_describes_no_indicators_and_the_sheet_may_be_missing(tmp_path: Path) -> None:
    write_csv_template(tmp_path / "a.csv")
    assert own_indicators(tmp_path / "a.csv") == []
    path = template(tmp_path / "a.xlsx", GOOD)

    def remove(book: openpyxl.Workbook) -> None:
        del book["indicators"]

    assert own_indicators(edited(path, remove)) == []
    assert len(figures(read_workbook(path))) == 1


def test_reading_prints_and_warns_nothing(tmp_path: Path, recwarn: pytest.WarningsRecorder, capfd: Any) -> None:
    read_workbook(template(tmp_path / "a.xlsx", GOOD))
    own = [warning for warning in recwarn if "etl" in str(warning.filename)]
    assert own == []
    assert capfd.readouterr() == ("", "")

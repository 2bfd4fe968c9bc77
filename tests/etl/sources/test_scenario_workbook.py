"""The workbook of a set: handed out, filled in, read; what facilitators and spreadsheets do to it."""

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings

from etl.scenarios import is_set_file
from etl.sources.base import Problem, SourceError
from etl.sources.scenario_form import (
    FORMS,
    GRID_FIRST,
    GRIDS,
    GUIDE,
    HEAD,
    HEAD_FIELDS,
    LEAVE_OUT,
    Catalogue,
    headers,
    write_form,
)
from etl.sources.scenario_set import SetContent, settle
from etl.sources.scenario_words import EXAMPLES, GRID, GUIDES, LANGUAGES, LIST_HEADS, MEANINGS, MESSAGES, SHEETS
from etl.sources.scenario_workbook import read_set_workbook
from etl.sources.scenario_yaml import read_document, read_set
from etl.sources.workbook import is_workbook
from tests.etl.sources.scenario_sets import written
from tests.etl.sources.test_scenario_set import KNOWN, sets

CATALOGUE = Catalogue(
    pd.DataFrame({"code": ["employment_rate", "population"], "name": ["Employment rate", "Population"]}),
    pd.DataFrame({"code": ["HU22", "RO11"], "name": ["Nyugat-Dunántúl", "Nord-Vest"]}),
    pd.DataFrame({"code": ["skills", "internationalisation"], "name": ["Skills", "Internationalisation"]}),
)

DAY = dt.datetime(2030, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones

Change = Callable[..., tuple[SetContent, list[Problem]]]


def complete(folder: Path) -> SetContent:
    content, problems = settle(read_set(written(folder)), KNOWN)
    assert problems == []
    return content


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the set that has everything."""
    folder = tmp_path_factory.mktemp("filled")
    write_form(folder / "valley.xlsx", CATALOGUE, "en", complete(folder))
    return folder / "valley.xlsx"


@pytest.fixture
def change(filled: Path, tmp_path: Path) -> Change:
    """Content and problems of the filled workbook after cells were changed: {(sheet, cell): value}."""
    path = Path(shutil.copy(filled, tmp_path / "valley.xlsx"))

    def change(cells: dict[tuple[str, str], Any] | None = None, edit: Any = None) -> tuple[SetContent, list[Problem]]:
        book = openpyxl.load_workbook(path)
        for (sheet, cell), value in (cells or {}).items():
            book[sheet][cell] = value
        if edit is not None:
            edit(book)
        changed = path.with_name("changed.xlsx")
        book.save(changed)
        return settle(read_set_workbook(changed), KNOWN)

    return change


def column(sheet: str, head: str, lang: str = "en") -> str:
    """Letter of a column."""
    form = next(form for form in FORMS if form.name == sheet)
    other = "hu" if lang == "en" else "en"
    heads = [LEAVE_OUT, *(head for _, head in headers(form, [lang, other]))]
    return openpyxl.utils.get_column_letter(heads.index(head) + 1)


# ---------------------------------------------------------------------------------------------------------------------
# The form


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_speaks_the_readers_language(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, CATALOGUE, lang)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == [GUIDE, HEAD, "axes"]
    assert book.active is not None
    assert book.active.title == GUIDE
    assert book[GUIDE]["A1"].value == GUIDES[lang][0]
    told = [cell.value for row in book[GUIDE].iter_rows() for cell in row if cell.value]
    assert all(SHEETS[lang][name] in told for name in book.sheetnames if name not in (GUIDE, "data"))
    scenarios = [cell.value for cell in book["scenarios"][1]]
    assert scenarios[:4] == [LEAVE_OUT, "code", f"name_{lang}", f"name_{'hu' if lang == 'en' else 'en'}"]
    # Whatever is chosen from a list is checked by the sheet, and every column says what belongs into it.
    for form in FORMS:
        sheet = book[form.name]
        rules = {str(rule.sqref).split(":")[0][:-1]: rule for rule in sheet.data_validations.dataValidation}
        for one in form.columns:
            head = f"{one.field}_{lang}" if one.holds == "texts" else one.field
            rule = rules[column(form.name, head, lang)]
            assert rule.prompt, (form.name, one.field)
            assert (rule.type == "list") == bool(one.chosen)
    assert {"employment_rate", "HU22", "skills", *MEANINGS["likelihoods"]} <= {
        cell.value for row in book["lists"].iter_rows() for cell in row
    }


def test_both_languages_say_the_same_things() -> None:
    english, hungarian = MESSAGES["en"], MESSAGES["hu"]
    assert set(english) == set(hungarian)
    for messages in MESSAGES.values():
        assert all(0 < len(title) <= 32 and 0 < len(text) <= 255 for title, text in messages.values())
    assert len(GUIDES["en"]) == len(GUIDES["hu"])
    for words in (SHEETS, GRID, LIST_HEADS, EXAMPLES):
        assert set(words["en"]) == set(words["hu"])
    assert set(EXAMPLES["en"]) >= {form.name for form in FORMS} - {"pathways"}
    names = {f"set.{one.field}" for one in HEAD_FIELDS}
    assert names <= set(english)


def test_an_empty_form_holds_no_set_and_the_example_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, CATALOGUE, "hu")
    draft = read_set_workbook(path)
    assert {kind: len(rows) for kind, rows in draft.rows.items() if rows} == {}
    assert draft.problems == []
    with pytest.raises(SourceError) as caught:
        settle(draft, KNOWN)
    assert caught.value.problem.column == "set: code"


def test_a_form_filled_in_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, CATALOGUE, "hu")
    book = openpyxl.load_workbook(path)
    head = book[HEAD]
    lines = {head.cell(row, 1).value: row for row in range(2, head.max_row + 1)}
    for field, value in (("code", "sajat"), ("base_year", 2024), ("horizon", 2035), ("regions", "HU22, RO11")):
        head.cell(lines[field], 3, value)
    head.cell(lines["title"], 4, "A mi jövőnk")
    rows: dict[str, list[dict[str, Any]]] = {
        "scenarios": [{"code": "egy", "name_hu": "Egy"}, {"code": "ketto", "name_hu": "Kettő", "name_en": "Two"}],
        "axes": [{"code": "piac", "name_hu": "Piac"}],
        "signposts": [{"code": "jel", "name_hu": "Jel", "observed": True, "review": DAY}],
        "pathways": [
            {"scenario": "egy", "region": "HU22", "indicator": "population", "year": 2030, "median": 5, "low": 4}
        ],
        "descriptors": [{"code": "a", "name_hu": "A"}, {"code": "b", "name_hu": "B"}],
        "variants": [
            {"descriptor": "a", "code": "1", "name_hu": "A1"},
            {"descriptor": "a", "code": "2", "name_hu": "A2"},
            {"descriptor": "b", "code": "1", "name_hu": "B1"},
        ],
        "workshops": [{"code": "w", "title_hu": "Műhely", "participants": "minisztérium: 3; klaszter: 2"}],
    }
    for name, listed in rows.items():
        for line, row in enumerate(listed, start=3):
            for field, value in row.items():
                book[name][f"{column(name, field, 'hu')}{line}"] = value
    # The columns for single scenarios stand behind the others, in the order of the sheet scenarios.
    behind = {name: len(headers(next(f for f in FORMS if f.name == name), ["hu", "en"])) + 2 for name in rows}
    book["axes"].cell(3, behind["axes"], -1)
    book["axes"].cell(3, behind["axes"] + 1, 0.5)
    book["signposts"].cell(3, behind["signposts"] + 1, "very_likely")
    book["descriptors"].cell(4, behind["descriptors"], "1")
    grid = book["cross_impact"]
    grid.cell(GRID_FIRST, 5, 2)
    grid.cell(GRID_FIRST + 2, 4, -1)
    book.save(path)
    content, problems = settle(read_set_workbook(path), KNOWN)
    assert problems == []
    assert (content.head.code, content.head.title, content.head.regions) == (
        "sajat",
        {"hu": "A mi jövőnk"},
        ("HU22", "RO11"),
    )
    assert [one.code for one in content.scenarios] == ["egy", "ketto"]
    assert [(one.scenario, one.value) for one in content.places] == [("egy", -1), ("ketto", 0.5)]
    assert [(one.signpost, one.scenario, one.likelihood) for one in content.likelihoods] == [("jel", "ketto", 0.95)]
    assert [(one.scenario, one.descriptor, one.variant) for one in content.states] == [("egy", "b", "1")]
    assert (content.signposts[0].observed, content.signposts[0].review) == (True, DAY.date())
    assert [(one.matrix, one.row, one.column, one.value) for one in content.cells] == [
        ("cib", "a.1", "b.1", 2),
        ("cib", "b.1", "a.2", -1),
    ]
    assert content.matrices[0].name["hu"] == "Kereszthatás-mátrix"
    assert content.workshops[0].participants == {"minisztérium": 3, "klaszter": 2}


def test_a_filled_workbook_is_read_as_the_same(tmp_path: Path, change: Change) -> None:
    content, problems = change()
    assert problems == []
    assert sorted_lists(content) == sorted_lists(complete(tmp_path))


def sorted_lists(content: SetContent) -> dict[str, Any]:
    """What a set says, whatever the order of rows that no one orders."""
    loose = ("places", "states", "cells", "points")
    said = {name: sorted(map(repr, value)) if name in loose else value for name, value in vars(content).items()}
    # Matrices stand together by their kind.
    for name in ("parts", "values"):
        said[name] = sorted(said[name], key=lambda one: one.matrix)
    return said


@given(sets())
@settings(max_examples=12)
def test_any_set_goes_out_as_a_workbook_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, given_set: dict[str, Any]
) -> None:
    content, _ = settle(read_document(given_set, "any"))
    path = tmp_path_factory.mktemp("any") / "any.xlsx"
    write_form(path, CATALOGUE, "hu", content)
    again, problems = settle(read_set_workbook(path))
    assert problems == []
    assert sorted_lists(again) == sorted_lists(content)


# ---------------------------------------------------------------------------------------------------------------------
# What people and spreadsheets do

SLIPS = [
    ("pathways", "year", "2030-ban", "not-a-year"),
    ("pathways", "year", DAY, "date-in-year"),
    ("pathways", "median", "72,5", "number-as-text"),
    ("pathways", "median", "=70+3", "formula"),
    ("pathways", "median", None, "empty-cell"),
    ("pathways", "low", 99, "range-order"),
    ("pathways", "high", 200, "outside-limits"),
    ("pathways", "region", "HU99", "unknown-region"),
    ("pathways", "indicator", "employment_rat", "unknown-indicator"),
    ("pathways", "scenario", "open_dor", "unknown-code"),
    ("signposts", "review", "30. 6. 2027", "not-a-date"),
    ("signposts", "threshold", "#REF!", "error-value"),
    ("signposts", "operator", "≥", "not-in-list"),
    ("signposts", "observed", "maybe", "not-in-list"),
    ("drivers", "impact", 11, "outside-limits"),
    ("drivers", "impact_low", DAY, "not-a-number"),
    ("drivers", "steep", "legal", "not-in-list"),
    ("drivers", "name_en", "=HYPERLINK(1)", "formula"),
    ("measures", "needs", "bus; train", "unknown-code"),
    ("measures", "cost", True, "not-a-number"),
    ("payoffs", "score", 3, "outside-limits"),
    ("payoffs", "group", "nobody", "unknown-code"),
    ("milestones", "year", None, "empty-cell"),
    ("workshops", "participants", "ministry: four", "not-a-number"),
    ("variants", "descriptor", "nowhere", "unknown-code"),
    ("assumptions", "text_hu", DAY, "not-a-text"),
]


def batches() -> list[list[tuple[str, str, object, str]]]:
    """The slips, as many in one workbook as have rows of their own: opening one costs the most."""
    found: list[list[tuple[str, str, object, str]]] = []
    for slip in SLIPS:
        fitting = (batch for batch in found if all(slip[0] != other[0] for other in batch))
        batch = next(fitting, None)
        if batch is None:
            found.append([slip])
        else:
            batch.append(slip)
    return found


@pytest.mark.parametrize("batch", batches(), ids=lambda batch: ",".join(slip[1] for slip in batch))
def test_each_slip_has_its_place_and_its_remedy(change: Change, batch: list[tuple[str, str, object, str]]) -> None:
    places = {(sheet, head): 3 if sheet == "pathways" else 2 for sheet, head, _, _ in batch}
    cells = {(sheet, f"{column(sheet, head)}{places[sheet, head]}"): value for sheet, head, value, _ in batch}
    content, problems = change(cells)
    for sheet, head, _, reason in batch:
        place = f"{sheet}: {head} ({column(sheet, head)})"
        mine = [one for one in problems if (one.reason, one.column) == (reason, place)]
        assert [one.line for one in mine] == [places[sheet, head]], (place, problems)
        assert mine[0].remedy.endswith((".", "?"))
    assert len(content.scenarios) == 2


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [("likely", "perhaps", "not-in-list"), ("likely", "=1/2", "formula"), ("place", 2, "outside-limits")],
)
def test_slips_in_the_columns_of_single_scenarios(change: Change, cell: str, value: object, reason: str) -> None:
    sheet = "signposts" if cell == "likely" else "axes"
    place = len(headers(next(f for f in FORMS if f.name == sheet), ["en", "hu"])) + 2
    letter = openpyxl.utils.get_column_letter(place)
    _, problems = change({(sheet, f"{letter}2"): value})
    assert [(one.reason, one.line, one.column) for one in problems] == [
        (reason, 2, f"{sheet}: in: open_door ({letter})")
    ]


def test_rows_that_are_marked_are_left_out(change: Change) -> None:
    content, problems = change({("drivers", "A3"): "x"})
    assert [one.code for one in content.drivers] == ["tariffs"]
    assert problems == []


def test_rows_that_stand_twice(change: Change) -> None:
    def again(book: Any) -> None:
        for cell in book["pathways"][3]:
            book["pathways"].cell(40, cell.column, cell.value)
        book["pathways"].cell(40, 6, 74)

    content, problems = change(edit=again)
    assert [(one.reason, one.line) for one in problems] == [("repeated-row", 3), ("repeated-row", 40)]
    assert "Rows 3, 40 contradict" in problems[0].remedy
    assert len(content.points) == 5


def test_a_grid_that_is_not_square_gives_no_half_of_itself(change: Change) -> None:
    def delete(book: Any) -> None:
        book["cross_impact"].cell(GRID_FIRST + 1, 1).value = None
        book["cross_impact"].cell(GRID_FIRST + 1, 2).value = None

    content, problems = change(edit=delete)
    crooked = next(one for one in problems if one.reason == "not-square")
    assert (crooked.column, crooked.line, crooked.value) == ("cross_impact", GRID_FIRST, "access")
    assert "1 rows and 2 columns" in crooked.remedy
    assert "access.narrow" in crooked.remedy
    # Judgements of people on themselves are whole; those on access would be a half.
    left = [(one.row, one.column) for one in content.cells if one.matrix == "cib" and not one.group]
    assert left == [("people.few", "people.few")]
    others = sorted(one.matrix for one in content.cells if one.matrix != "cib")
    assert others == ["box", "box", "micmac", "micmac"]


def test_a_variant_without_place_in_the_grid_is_told(change: Change) -> None:
    def add(book: Any) -> None:
        sheet = book["variants"]
        for head, value in (("matrix", "cib"), ("descriptor", "people"), ("code", "some"), ("name_en", "Some")):
            sheet[f"{column('variants', head)}7"] = value
        grid = book["cross_impact"]
        # Labels typed over: no formula follows the new row.
        for row in range(GRID_FIRST + 4, GRID_FIRST + 15):
            grid.cell(row, 1).value = None
            grid.cell(row, 2).value = None

    _, problems = change(edit=add)
    assert {one.value for one in problems if one.reason == "not-square"} == {"people"}


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("E5", "2", "number-as-text"),
        ("E5", "P", "not-a-number"),
        ("E5", "=1+1", "formula"),
        ("E5", 500, "outside-limits"),
    ],
)
def test_slips_in_a_grid(change: Change, cell: str, value: object, reason: str) -> None:
    content, problems = change({("cross_impact", cell): value})
    assert [(one.reason, one.column) for one in problems if one.reason == reason] == [
        (reason, f"cross_impact ({cell})")
    ]
    assert ("access.wide", "people.many", "") not in {(one.row, one.column, one.group) for one in content.cells}


def test_a_judgement_beside_the_grid_is_told(change: Change) -> None:
    _, problems = change({("influence", "AZ5"): 1})
    assert [(one.reason, one.column) for one in problems] == [("empty-cell", "influence (AZ5)")]


def test_a_reason_without_a_judgement_is_told(change: Change) -> None:
    _, problems = change({("reasons", f"{column('reasons', 'row')}2"): "access.nowhere"})
    assert [(one.reason, one.line) for one in problems] == [("unknown-code", 2)]


def test_merged_cells(change: Change) -> None:
    content, problems = change(edit=lambda book: book["drivers"].merge_cells("C2:C3"))
    assert {(one.reason, one.line) for one in problems if one.reason == "merged-cells"} == {
        ("merged-cells", 2),
        ("merged-cells", 3),
    }
    assert content.drivers == []
    with pytest.raises(SourceError) as caught:
        change(edit=lambda book: book["drivers"].merge_cells("A1:B1"))
    assert caught.value.problem.reason == "merged-cells"


def test_sheets_and_columns_that_are_missing_or_of_nobody(change: Change) -> None:
    def without(name: str) -> Callable[[Any], None]:
        return lambda book: book.remove(book[name])

    content, problems = change(edit=without("workshops"))
    assert content.workshops == []
    assert {one.reason for one in problems} == {"unknown-code"}
    for name in ("set", "scenarios"):
        with pytest.raises(SourceError) as caught:
            change(edit=without(name))
        assert caught.value.problem.reason == "missing-sheet"
    with pytest.raises(SourceError) as caught:
        change({("drivers", "B1"): "Code name"})
    assert (caught.value.problem.reason, caught.value.problem.column) == ("missing-column", "code")
    _, problems = change({("drivers", "AB1"): "remark"})
    assert [(one.reason, one.column) for one in problems] == [("unknown-column", "drivers (AB)")]
    with pytest.raises(SourceError) as caught:
        change({("drivers", "AB1"): "source"})
    assert caught.value.problem.reason == "duplicate-column"


def test_a_foreign_formula_in_a_head_is_refused(change: Change) -> None:
    place = openpyxl.utils.get_column_letter(len(headers(FORMS[0], ["en", "hu"])) + 2)
    content, problems = change({("axes", f"{place}1"): '="in: "&"open_door"'})
    assert problems[0].reason == "formula"
    assert all(one.scenario != "open_door" for one in content.places)


def test_labels_that_were_pasted_as_values_serve_as_well(change: Change, tmp_path: Path) -> None:
    def typed(book: Any) -> None:
        shown = openpyxl.load_workbook(tmp_path / "valley.xlsx", data_only=True)
        for name in [*GRIDS, "axes", "signposts", "descriptors"]:
            for row in shown[name].iter_rows():
                for cell in row:
                    if str(book[name].cell(cell.row, cell.column).value or "").startswith("="):
                        book[name].cell(cell.row, cell.column).value = cell.value or None

    content, problems = change(edit=typed)
    assert problems == []
    assert sorted_lists(content) == sorted_lists(complete(tmp_path))


# ---------------------------------------------------------------------------------------------------------------------
# Files that are something else


def test_it_is_told_from_other_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, CATALOGUE)
    assert is_set_file(path)
    assert is_workbook(path)  # by its ending: whoever asks must ask for a set first
    other = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.save(other)
    assert not is_set_file(other)
    for name, content in (("a.xlsx", b"no workbook"), ("b.yaml", b"- x\n"), ("c.csv", b"set:\n"), ("d.xlsx", b"")):
        (tmp_path / name).write_bytes(content)
        assert not is_set_file(tmp_path / name)
    assert is_set_file(written(tmp_path))
    assert not is_set_file(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("reason", ["damaged", "macro", "zip-bomb", "empty-file", "no-file", "unknown-format"])
def test_harmful_and_damaged_files_are_refused(tmp_path: Path, reason: str) -> None:
    path = tmp_path / ("valley.ods" if reason == "unknown-format" else "valley.xlsx")
    write_form(path, CATALOGUE)
    if reason == "damaged":
        path.write_bytes(path.read_bytes()[:9000])
    elif reason == "macro":
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
    elif reason == "zip-bomb":
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/huge.xml", b" " * (120 << 20))
    elif reason == "empty-file":
        path.write_bytes(b"")
    elif reason == "no-file":
        path = tmp_path / "nowhere.xlsx"
    with pytest.raises(SourceError) as caught:
        read_set_workbook(path)
    assert caught.value.problem.reason == reason


def test_a_copy_of_a_grid_holds_the_judgements_of_a_group(change: Change) -> None:
    def copy(book: Any) -> None:
        sheet = book.copy_worksheet(book["cross_impact"])
        sheet.title = "cross_impact (3)"
        sheet["D1"] = "ministries"

    content, problems = change(edit=copy)
    assert problems == []
    mine = {one.group: one.value for one in content.cells if (one.row, one.column) == ("access.wide", "people.many")}
    assert mine == {"": 3, "clusters": 2, "ministries": 3}


def test_the_workbook_outlives_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "valley.xlsx"
    write_form(path, CATALOGUE, "hu", complete(tmp_path))
    shutil.copy(path, tmp_path / "másolat ó.xlsx")
    assert read_set_workbook(tmp_path / "másolat ó.xlsx").head.values["code"] == "valley"

"""Exports of Jems and lists of keep.eu, made here in their layouts, are read by maps; what they lack stays."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from sqlalchemy import Engine, text

from etl.programmes import Layout, load_programme_file
from etl.sources.base import SourceError
from etl.sources.programme import Refused
from etl.sources.programme_maps import day, load_map, maps, number, plain_head
from store.programmes import expenditure, part, programmes
from tests.etl.test_programmes import _money, _small, _write


def _csv(path: Path, rows: Sequence[Sequence[str]], sign: str = ";") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=sign).writerows(rows)
    return path


def _book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number_, row in enumerate(rows):
                sheet.write_row(number_, 0, row)
    return path


def _reasons(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text('SELECT reason, "column" FROM quarantine ORDER BY id'))]


REPORT_HEADS = ["Project ID", "PARTNER  number", "Reporting period", "Partner report status", "First submission date"]
REPORT_HEADS += ["Staff costs", "Staff costs after control", "Equipment", "Something else"]


def _reports(folder: Path) -> Path:
    rows = [
        REPORT_HEADS,
        ["S", "1", "Period 2", "Submitted", "05.04.2026", "1.234,50", "1.000,00", "0,00", "x"],
        ["S", "2", "Period 2", "Certified", "06.04.2026", "10,00", "", "", "x"],
        ["OTHER", "1", "Period 1", "Draft", "", "99,00", "", "", "x"],
    ]
    return _csv(folder / "reports.csv", rows)


def test_partner_reports_of_jems_update_what_they_say_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    known = {"partner": "a", "period": 1, "status": "certified", "problems": "none"}
    load_programme_file(engine, _write(tmp_path, _small(partner_reports=[known], expenditure=[_money(1)])))
    layout = Layout("", "small", fill={"work_package": "wp1"})
    numbered = yaml.safe_load(
        "{name: mine, decimal: ',', dates: dmy, project: [Project ID], tables: {partner_reports: {needs: [partner], "
        "columns: {partner: {from: [Partner number], values: {'1': a, '2': b}}, period: {from: [Reporting period], as: "
        "period}, status: {from: [Partner report status], values: {submitted: submitted, certified: certified}}, "
        "submitted_on: {from: [First submission date], as: day}}}}}"
    )
    own = tmp_path / "mine.yaml"
    own.write_text(yaml.safe_dump(numbered), encoding="utf-8")
    done = load_programme_file(engine, _reports(tmp_path), layout=Layout(str(own), "small"))
    assert done.state == "done", done.message
    assert _reasons(engine) == [("not-a-member", "partner_reports: period")], "b left after period 1"
    with engine.connect() as connection:
        told = part(connection, "partner_reports", "small").set_index(["partner", "period"])
        assert told.loc[("a", 2), "status"] == "submitted"
        assert str(told.loc[("a", 2), "submitted_on"]) == "2026-04-05"
        assert told.loc[("a", 1), "problems"] == "none", "what the file does not name stays"
        assert expenditure(connection, "small")["declared_cents"].tolist() == [10_000]
    again = load_programme_file(engine, _reports(tmp_path), layout=Layout(str(own), "small"))
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    assert load_programme_file(engine, _reports(tmp_path), layout=layout, check=True).state == "done"


@pytest.mark.parametrize("fill", [{}, {"work_package": "wp1"}])
def test_costs_of_jems_need_a_work_package_or_are_told(engine: Engine, tmp_path: Path, fill: dict[str, str]) -> None:
    content = _small()
    for number_, partner in enumerate(content["partners"], 1):
        partner["code"] = f"p{number_:02d}"
    load_programme_file(engine, _write(tmp_path, content))
    done = load_programme_file(engine, _reports(tmp_path), layout=Layout("", "small", fill=fill))
    assert done.state == "done", done.message
    with engine.connect() as connection:
        spent = expenditure(connection, "small")
        if not fill:
            assert ("layout-lacks", "expenditure") in _reasons(engine)
            assert spent.empty
            return
        assert spent[["partner", "category", "declared_cents", "certified_cents"]].values.tolist() == [
            ["p01", "staff", 123_450, 100_000]
        ]
    assert done.left_out == {"expenditure": {"rows": 1, "cents": 1_000, "unread": 0}}, "p02 left before period 2"


def test_partners_of_jems_in_hungarian_and_english_heads(engine: Engine, tmp_path: Path) -> None:
    load_programme_file(engine, _write(tmp_path, _small()))
    heads = ["Project ID", "Partner száma", "Abbreviated name of the organisation", "Partner szerepe", "Ország"]
    heads += ["NUTS 3", "Partner total eligible budget", "Name of the organisation in english"]
    rows = [
        ["Partner data export"],
        heads,
        ["S", 3, "NEW", "Vezető partner", "Magyarország (HU)", "HU312 - Heves", 1234.5, "New office"],
        ["S", 4, "GR", "Project partner", "Greece", "EL303 - Attiki", "12.000,00", "Greek office"],
    ]
    done = load_programme_file(engine, _book(tmp_path / "partners.xlsx", {"Data": rows}), layout=Layout("", "small"))
    assert (done.counts["new"], done.counts["rejected"]) == (2, 0), _reasons(engine)
    with engine.connect() as connection:
        told = part(connection, "partners", "small").set_index("code")
        assert sorted(told.index) == ["a", "b", "p03", "p04"]
        assert told.loc["p03", ["role", "country", "region", "budget_cents"]].tolist() == [
            "lead",
            "HU",
            "HU31",
            123_450,
        ]
        assert told.loc["p04", ["country", "region", "budget_cents"]].tolist() == ["EL", "EL30", 1_200_000]


def test_an_operation_of_keep_becomes_a_programme_and_is_brought_up_to_date(engine: Engine, tmp_path: Path) -> None:
    operations = [
        [
            "Operation ID",
            "Operation acronym",
            "Operation name",
            "Start date",
            "End date",
            "Total cost",
            "Co-financing rate",
        ],
        ["SEE0001", "FIRST", "The first", "2024-01-01", "31.12.2026", "1,234,567.00", "80 %"],
        ["SEE0002", "SECOND", "The second", "2024-01-01", "2026-12-31", 5, 0.8],
    ]
    partners = [
        ["Operation ID", "Partner number", "Partner role", "Beneficiary name", "Country", "NUTS 2"],
        ["SEE0001", 1, "Lead partner", "Marche Region", "IT", "ITI3"],
        ["SEE0002", 1, "Lead partner", "Another", "SI", "SI03"],
    ]
    path = _book(tmp_path / "list.xlsx", {"Operations": operations, "Partners": partners})
    lost = load_programme_file(engine, path, layout=Layout("", "first"))
    assert (lost.state, lost.reason) == ("failed", "which-project")
    done = load_programme_file(engine, path, layout=Layout("", "first", "first"))
    assert done.state == "done", done.message
    assert done.counts["rejected"] == 0, _reasons(engine)
    with engine.connect() as connection:
        row = programmes(connection).set_index("code").loc["first"]
        assert (row["budget_cents"], row["cofinancing"], row["title"]) == (123_456_700, 0.8, "The first")
        assert str(row["end"]) == "2026-12-31"
        assert part(connection, "partners", "first")["original"].tolist() == ["Marche Region"]
    again = load_programme_file(engine, path, layout=Layout("", "first"))
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)


def test_every_map_of_ours_is_one_and_speaks_both_languages() -> None:
    assert set(maps()) == {"jems-project", "jems-partner", "jems-partner-report", "keep-operations"}
    for name in maps():
        found = load_map(name)
        assert found["name"] == name
        assert set(found["title"]) == {"en", "hu"}
        assert found["source"].startswith("https://")


def test_a_map_that_is_none_says_why(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("tables: {partners: {columns: {colour: {from: [Colour]}}}}", encoding="utf-8")
    with pytest.raises(SourceError, match="no column colour"):
        load_map(str(path))


def test_heads_and_cells_in_several_styles() -> None:
    assert plain_head(" Költség-kategória ") == plain_head("koltseg kategoria")
    assert [number(one, "auto") for one in ("1.234,50", "1,234.50", "12,5", "1 234 567", 7)] == [
        *(1234.5, 1234.5, 12.5, 1234567.0, 7.0)
    ]
    assert [number(one, ",") for one in ("1.234", "1,5", "€ 2.000,10")] == [1234.0, 1.5, 2000.1]
    with pytest.raises(Refused, match="thousand or a decimal"):
        number("1.234", "auto")
    assert day("03/04/2026", "dmy").isoformat() == "2026-04-03"
    assert day("03/04/2026", "mdy").isoformat() == "2026-03-04"
    with pytest.raises(Refused, match="two ways"):
        day("03/04/2026", "auto")

"""Downloads: every exhibit in every form, the same numbers as on the page, citable, safe to open."""

import csv
import io
import json
import math
import re
from typing import Any

import openpyxl
import pandas as pd
import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboard import citation, exports
from dashboard.components.table import missing
from dashboard.exhibits import REGISTRY, Column, Exhibit

LARGE = {"data-everything"}
"""Whole data sets: their spreadsheet takes seconds, and what writes them is tested on all others."""


@pytest.fixture(scope="module")
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture
def made(request_context: None) -> Exhibit:
    """A small exhibit with everything that can go wrong in a file."""
    table = pd.DataFrame(
        {
            "region": ["HU33", "RO11", "SI03"],
            "period": [2021.0, math.nan, 2023.0],
            "value": [1.25, math.nan, -3.0],
            "flags": ["b", "", "ep"],
            "words": ['=HYPERLINK("http://x")', "@cmd", "plain, with comma\nand line"],
        }
    )
    columns = (
        Column("region", "Region", "region"),
        Column("period", "Year", "year"),
        Column("value", "Value", "number", 1),
        Column("flags", "Flags", "flags"),
        Column("words", "Words"),
    )
    return Exhibit(
        key="made",
        answer="An answer with 50 % & an *umlaut* ö",
        subtitle="What it shows",
        table=table,
        columns=columns,
        indicators=("gdp_pps_per_head",),
        how="Read it so.",
        notes=("One\nnote",),
        query={"region": "HU33"},
        path="/region",
    )


def _parts(text: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    lines = text.removeprefix("\ufeff").split("\n")
    head = [line for line in lines if line.startswith("# ")]
    facts = dict(line[2:].split(": ", 1) for line in head if ": " in line)
    body = "\n".join(lines[len(head) :])
    return facts, list(csv.DictReader(io.StringIO(body)))


def test_csv_says_what_it_is(made: Exhibit) -> None:
    content = exports.as_csv(made)
    assert content.startswith(b"\xef\xbb\xbf")  # Excel needs the mark to read UTF-8
    facts, rows = _parts(content.decode("utf-8-sig"))
    assert facts["Title"] == made.answer
    assert facts["Filters"] == "region=HU33"
    assert "Eurostat" in facts["Source"]
    assert facts["Unit"]
    assert "b break" in facts["Flags"]
    assert facts["Address"] == "http://localhost/region?region=HU33&lang=en"
    assert facts["Note"] == "One note"
    assert [row["Year"] for row in rows] == ["2021", "", "2023"]
    assert [row["Value"] for row in rows] == ["1.25", "", "-3.0"]
    assert [row["Region (code)"] for row in rows] == ["HU33", "RO11", "SI03"]
    assert rows[0]["Region"] == "Southern Great Plain"


def test_no_cell_is_a_formula(made: Exhibit) -> None:
    _facts, rows = _parts(exports.as_csv(made).decode("utf-8-sig"))
    assert rows[0]["Words"].startswith("'=")
    assert rows[1]["Words"] == "'@cmd"
    book = openpyxl.load_workbook(io.BytesIO(exports.as_xlsx(made)))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_workbook_holds_numbers(made: Exhibit) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exports.as_xlsx(made)))
    assert book.sheetnames == ["Data", "About"]
    rows = list(book["Data"].iter_rows(values_only=True))
    position = {name: n for n, name in enumerate(rows[0])}
    assert [row[position["Value"]] for row in rows[1:]] == [1.25, None, -3]
    assert [row[position["Year"]] for row in rows[1:]] == [2021, None, 2023]
    about = dict(row[:2] for row in book["About"].iter_rows(values_only=True))
    assert about["Title"] == made.answer
    assert book["Data"].freeze_panes == "A2"


def test_json(made: Exhibit) -> None:
    read = json.loads(exports.as_json(made))
    assert read["title"] == made.answer
    assert read["rows"][1] == {"region": "RO11", "period": None, "value": None, "flags": "", "words": "@cmd"}
    assert read["filters"] == {"region": "HU33"}
    assert read["indicators"] == ["gdp_pps_per_head"]


def test_bibtex_and_ris(made: Exhibit) -> None:
    entry = citation.bibtex(made)
    assert re.match(r"@misc\{polisee-made-\d+,\n", entry)
    assert entry.count("{") == entry.count("}")
    assert r"50 \% \& an" in entry
    assert re.search(r"year = \{20\d\d\}", entry)
    lines = citation.ris(made).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2] == "ER  - "
    assert f"TI  - {made.answer}" in lines
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_citation_names_publisher_edition_version_and_address(made: Exhibit) -> None:
    words = citation.text(made)
    assert made.answer in words
    assert "Eurostat, European Commission, NAMA_10R_2GDP" in words
    assert "data version" in words
    assert citation.address(made) in words


def _keys() -> list[str]:
    # The registry fills when the application is made; at collection only the modules' text is at hand.
    from config import ROOT

    found: set[str] = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        found |= set(re.findall(r"@exhibit\(\s*\"([\w-]+)\"", path.read_text()))
    return sorted(found)


def test_every_exhibit_is_tested_here(app: Dash) -> None:
    assert set(_keys()) == set(REGISTRY)


def _same(written: Any, shown: Any) -> bool:
    if missing(shown):
        return written in ("", None)
    return float(written) == pytest.approx(float(shown), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("key", _keys())
def test_every_exhibit_downloads_with_the_numbers_of_its_table(app: Dash, client: FlaskClient, key: str) -> None:
    with app.server.test_request_context("/?lang=en"):
        shown = REGISTRY[key].build(REGISTRY[key].filters.parse())
    assert shown.key == key
    labels = [column.label for column in shown.columns]
    assert len(set(labels)) == len(labels), "two columns of one name would overwrite each other in a file"
    for form in exports.FORMS:
        if key in LARGE and form in ("xlsx", "json"):
            continue
        reply = client.get(f"/export/{key}.{form}?lang=en")
        assert reply.status_code == 200, form
        assert f"polisee-{key}-v" in reply.headers["Content-Disposition"]
        assert reply.headers["Content-Type"] == exports.FORMS[form][0]
        content = reply.get_data()
        assert content
        if form == "csv":
            facts, rows = _parts(content.decode("utf-8-sig"))
            assert facts["Title"] == " ".join(shown.answer.split())
            assert len(rows) == len(shown.table)
            for column in shown.columns:
                if column.kind in ("number", "signed", "year") and column.name in shown.table:
                    pairs = zip(rows, shown.table[column.name], strict=True)
                    assert all(_same(row[column.label], value) for row, value in pairs), column.label
        elif form == "json":
            read = json.loads(content, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
            assert len(read["rows"]) == len(shown.table)
        elif form == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
            # Where nothing can be shown there is no heading either.
            assert sum(1 for _row in sheet.iter_rows()) == len(shown.table) + bool(shown.columns)


def test_files_speak_the_language_asked_for(client: FlaskClient) -> None:
    facts, _rows = _parts(client.get("/export/region-trend.csv?lang=hu").get_data().decode("utf-8-sig"))
    assert "Adatverzió" in facts
    assert "lang=hu" in next(value for value in facts.values() if value.startswith("http"))


@pytest.mark.parametrize(
    "path", ["/export/region-trend.exe", "/export/nothing.csv", "/export/region-trend", "/export/../x.csv"]
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nonsense_filters_give_the_default_file(client: FlaskClient) -> None:
    usual = client.get("/export/region-targets.json?lang=en").get_json()
    odd = client.get("/export/region-targets.json?lang=en&region=%3Cscript%3E&own=" + "x," * 500).get_json()
    assert odd["rows"] == usual["rows"]

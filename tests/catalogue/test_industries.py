"""What the catalogue says of industries and series: complete, consistent, in both languages."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml

from config import ROOT

FOLDER = ROOT / "data" / "catalogue"
STARTER = ROOT / "data" / "starter"


def lines(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / "industries" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return {row["code"]: row for row in csv.DictReader(table)}


NACE = lines("NACE2")
SERIES = {entry["code"]: entry for entry in yaml.safe_load((FOLDER / "series.yaml").read_text(encoding="utf-8"))}
SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"
GAPS = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}
"""Numbers that NACE Rev. 2 leaves free."""


def test_nace_has_all_sections_and_divisions() -> None:
    assert [code for code in NACE if len(code) == 1] == list(SECTIONS)
    divisions = [code for code in NACE if len(code) == 3 and code[1:].isdigit()]
    assert sorted(int(code[1:]) for code in divisions) == sorted(set(range(1, 100)) - GAPS)
    assert all(NACE[code]["section"] == code[0] == NACE[code]["parent"] for code in divisions)


@pytest.mark.parametrize("name", sorted(path.stem for path in (FOLDER / "industries").glob("*.csv")))
def test_names_are_there_in_both_languages_and_fit_charts(name: str) -> None:
    for code, row in lines(name).items():
        for lang in ("en", "hu"):
            assert row[f"name_{lang}"].strip() == row[f"name_{lang}"] != "", code
            shown = row.get(f"short_{lang}") or row[f"name_{lang}"]
            assert len(shown) <= 40, (code, shown)


def test_groups_of_sections_hold_their_sections() -> None:
    inside = {
        group: [code for code, row in NACE.items() if row["parent"] == group and len(code) == 1]
        for group in ("B-E", "G-I", "M_N", "O-Q", "R-U")
    }
    assert inside == {
        "B-E": ["B", "C", "D", "E"],
        "G-I": ["G", "H", "I"],
        "M_N": ["M", "N"],
        "O-Q": ["O", "P", "Q"],
        "R-U": ["R", "S", "T", "U"],
    }


@pytest.mark.parametrize("code", ["employment_nace", "employment_national_accounts", "gva_nace"])
def test_members_by_section_cover_the_economy_once(code: str) -> None:
    def sections(industry: str) -> list[str]:
        if len(industry) == 1:
            return [industry]
        return [one for one, row in NACE.items() if row["parent"] == industry and len(one) == 1]

    covered = [section for industry in SERIES[code]["members"] for section in sections(industry)]
    assert sorted(covered) == list(SECTIONS)


@pytest.mark.parametrize("code", ["local_units", "local_units_employment"])
def test_members_by_division_are_the_market_economy(code: str) -> None:
    members = SERIES[code]["members"]
    missing = [
        division
        for division in NACE
        if len(division) == 3
        and division[1:].isdigit()
        and division[0] in "BCDEFGHIJKLMNPQR"
        and division not in members
    ]
    assert missing == []
    assert {member[0] for member in members} == set("BCDEFGHIJKLMNPQRS")
    assert {"S95", "S96"} <= set(members)
    assert "S94" not in members, "membership organisations are no enterprises"


def test_wiod_has_its_35_industries() -> None:
    assert list(lines("WIOD13")) == [str(number) for number in range(1, 36)]


def test_sections_of_revision_2_1_take_the_colour_of_what_they_were() -> None:
    table = lines("NACE21")
    assert list(table) == list("ABCDEFGHIJKLMNOPQRSTUV")
    assert {code: table[code]["section"] for code in "JKLV"} == {"J": "J", "K": "J", "L": "K", "V": "U"}


def test_texts_of_series_are_there_in_both_languages() -> None:
    for code, entry in SERIES.items():
        for field in ("name", "short", "definition", "unit_label", "note"):
            assert entry[field]["en"], (code, field)
            assert entry[field]["hu"], (code, field)
        assert max(len(text) for text in entry["short"].values()) <= 28, code


@pytest.mark.parametrize("name", ["industries", "positions"])
def test_starter_rows_are_unique_sorted_and_of_the_series(name: str) -> None:
    starter = pd.read_csv(STARTER / f"{name}.csv", keep_default_na=False, dtype={"flags": str})
    assert list(starter.columns) == ["indicator", "region", "period", "value", "flags", "dataset"]
    key = list(zip(starter["indicator"], starter["region"], starter["period"], strict=True))
    assert key == sorted(set(key))
    with (FOLDER / "regions.csv").open(encoding="utf-8", newline="") as table:
        assert set(starter["region"]) <= {row["code"] for row in csv.DictReader(table)}
    for code, rows in starter.groupby(starter["indicator"].str.partition(":")[0]):
        assert set(rows["dataset"]) == {SERIES[str(code)]["dataset"]}
        known = SERIES[str(code)]["members"]
        found = set(rows["indicator"].str.partition(":")[2])
        assert found == set(lines("WIOD13") if known == "all" else known)


def test_the_employed_of_a_region_add_up_to_the_publishers_total() -> None:
    """Where all ten groups are published their sum is the total, up to rounding and to persons without activity."""
    parts = pd.read_csv(STARTER / "industries.csv", keep_default_na=False, dtype={"flags": str})
    totals = pd.read_csv(STARTER / "observations.csv", keep_default_na=False, dtype={"flags": str})
    total = totals[totals["indicator"] == "employment_total"].set_index(["region", "period"])["value"].astype(float)
    grouped = parts.astype({"value": float}).groupby(["region", "period"])["value"].agg(["sum", "count"])
    whole = grouped[grouped["count"] == 10]
    assert len(whole) > 100
    ratio = whole["sum"] / total.loc[whole.index]
    assert ratio.max() < 1.005
    assert ratio.min() > 0.95


def test_the_notice_names_every_file_of_the_starter_data() -> None:
    notice = (STARTER / "NOTICE.md").read_text(encoding="utf-8")
    for path in sorted(Path(STARTER).glob("*.csv")):
        assert f"`{path.name}`" in notice

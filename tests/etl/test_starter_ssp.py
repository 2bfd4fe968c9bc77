"""The starter set of the SSPs: complete, in both languages, and its stories fit its figures."""

from typing import Any

import pandas as pd
import pytest
import yaml

from config import ROOT
from tests.etl.sources.test_iamc import figures

FOLDER = ROOT / "data" / "starter" / "scenarios"


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "ssp.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "ssp_pathways.csv", comment="#")


def test_the_published_figures_are_carried_over_unchanged(table: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(table, pd.read_csv(figures("starter", "ssp_pathways_iamc.csv")))


def texts(value: Any) -> list[dict[str, str]]:
    if isinstance(value, list):
        return [found for item in value for found in texts(item)]
    if not isinstance(value, dict):
        return []
    return [value] if "en" in value else [found for item in value.values() for found in texts(item)]


def test_every_text_is_in_both_languages_and_the_terms_are_stated(content: dict[str, Any]) -> None:
    found = texts(content)
    assert len(found) > 5 * (4 + 10)
    assert all(set(text) == {"en", "hu"} and all(text.values()) for text in found)
    head = content["set"]
    assert (head["origin"], head["licence"], head["base_year"], head["horizon"]) == (
        "published",
        "CC BY 4.0",
        2020,
        2050,
    )
    assert "O'Neill" in head["source"]
    assert "no forecasts" in head["caveat"]["en"]
    assert "nem előrejelzések" in head["caveat"]["hu"]
    assert "measures" not in content


def test_the_five_lie_in_the_corners_and_the_middle(content: dict[str, Any]) -> None:
    signs = {one["code"]: tuple(sorted(one["place"].items())) for one in content["scenarios"]}
    assert [signs[f"ssp{n}"] for n in range(1, 6)] == [
        (("adaptation", x), ("mitigation", y))
        for x, y in ((-0.75, -0.75), (0, 0), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75))
    ]
    subjects = [[one["code"] for one in scenario["assumptions"]] for scenario in content["scenarios"]]
    assert all(mine == subjects[0] and len(mine) == 5 for mine in subjects)


def test_what_the_stories_say_of_the_figures_is_so(content: dict[str, Any], table: pd.DataFrame) -> None:
    assert sorted(table["Region"].unique()) == content["set"]["regions"]
    change = table.assign(change=table["2050"] / table["2020"]).pivot_table(
        "change", ["Variable", "Region"], "Scenario"
    )
    people, product = change.loc["Population"], change.loc["GDP|PPP"]
    per_head = product / people
    # SSP5: Albania, Bosnia and Herzegovina, Moldova and Romania lose more people than in any other world.
    assert (people.loc[["AL", "BA", "MD", "RO"]].idxmin(axis=1) == "SSP5").all()
    # SSP3: the countries that lose most by emigration shrink less than elsewhere, and are poorer.
    assert (people.loc[["AL", "BA", "MD", "RO"]].idxmax(axis=1) == "SSP3").all()
    assert (per_head.idxmin(axis=1) == "SSP3").all()
    # SSP5: incomes grow faster than in any other of the five; SSP1 lies between SSP3 and SSP5.
    assert (per_head.idxmax(axis=1) == "SSP5").all()
    assert ((per_head["SSP3"] < per_head["SSP1"]) & (per_head["SSP1"] < per_head["SSP5"])).all()
    totals = table[table["Variable"] == "Population"].groupby("Scenario")["2050"].sum()
    assert totals.idxmin() == "SSP4"
    # The five hardly differ in GDP up to 2030.
    early = table[table["Variable"] == "GDP|PPP"].groupby("Scenario")["2030"].sum()
    assert early.max() / early.min() < 1.01

"""Scenario sets as frames: order, languages with their fallback, documented columns, pathways in our units."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from store import edits, scenarios
from store.engine import writing
from store.scenarios import PATHWAY, speak, spoken
from store.schema_scenarios import Tracking
from tests.store.made_set import MODEL, SET, line, link, make_set

COLUMNS: dict[str, list[str]] = {
    "scenarios": ["code", "position", "place", "state", "prior", "name", "summary", "story", "notes"],
    "assumptions": ["scenario", "code", "position", "driver", "source", "subject", "text"],
    "drivers": [
        *("code", "position", "kind", "steep", "theme", "impact", "impact_low", "impact_high"),
        *("uncertainty", "uncertainty_low", "uncertainty_high", "ratings", "year", "year_low", "year_high"),
        *("evidence", "source", "name", "description"),
    ],
    "signposts": [
        *("code", "position", "indicator", "region", "operator", "threshold", "window", "due", "review", "cluster"),
        *("observed", "observed_on", "source", "name", "why", "owner"),
    ],
    "strategies": ["code", "position", "name", "description"],
    "measures": [
        *("code", "position", "strategy", "theme", "cost", "currency", "needs", "excludes", "source"),
        *("name", "description", "instrument"),
    ],
    "matrices": ["code", "kind", "parts", "source", "name", "description"],
    "milestones": [
        *("code", "position", "goal", "indicator", "region", "year", "value", "duration", "measure", "needs"),
        *("source", "name", "owner"),
    ],
    "workshops": ["code", "held_on", "participants", "record", "title", "place", "summary"],
}
WITHOUT_TEXTS: dict[str, list[str]] = {
    "likelihoods": ["signpost", "scenario", "likelihood"],
    "pay_offs": ["measure", "scenario", "group_code", "score", "reason"],
    "links": ["variable", "unit", "indicator", "transform", "factor", "per", "source"],
}
READERS: dict[str, Callable[..., pd.DataFrame]] = {
    name: getattr(scenarios, name) for name in (*COLUMNS, *WITHOUT_TEXTS)
}


@pytest.fixture
def made(engine: Engine) -> Engine:
    """A database with a small scenario set."""
    make_set(engine)
    return engine


@pytest.mark.parametrize("part", READERS)
def test_every_part_has_its_columns_also_when_there_is_nothing(made: Engine, part: str) -> None:
    columns = (COLUMNS | WITHOUT_TEXTS)[part]
    with made.connect() as connection:
        frame, nothing = READERS[part](connection, SET), READERS[part](connection, "no_such")
    assert list(frame) == list(nothing) == columns
    assert nothing.empty
    assert len(frame) > 0 or part == "links"
    for name in columns:  # numbers and texts are of one type, filled or not
        if frame[name].dtype != object and nothing[name].dtype != object and part != "links":
            assert nothing[name].dtype == frame[name].dtype, name


def test_types_hold_whether_or_not_anything_is_known(made: Engine) -> None:
    with made.connect() as connection:
        for code in (SET, "no_such"):
            drivers = scenarios.drivers(connection, code)
            assert {str(drivers[n].dtype) for n in ("ratings", "year", "year_low", "year_high")} == {"Int64"}
            assert {drivers[n].dtype for n in ("impact_low", "impact_high")} == {np.dtype("float64")}
            signposts = scenarios.signposts(connection, code)
            assert (str(signposts["due"].dtype), signposts["threshold"].dtype) == ("Int64", np.dtype("float64"))
            assert scenarios.measures(connection, code)["cost"].dtype == np.dtype("float64")
            assert scenarios.cells(connection, code, "cib")["value"].dtype == np.dtype("float64")
            assert scenarios.milestones(connection, code)["value"].dtype == np.dtype("float64")
            assert scenarios.tracking(connection, code)["weight"].dtype == np.dtype("float64")
            assert str(scenarios.audit(connection, code)["undone_by"].dtype) == "Int64"


def test_a_set_in_each_language(made: Engine) -> None:
    with made.connect() as connection:
        english, hungarian = scenarios.sets(connection), scenarios.sets(connection, "hu")
    row, other = english.iloc[0], hungarian.iloc[0]
    assert (row["title"], other["title"]) == ("Made", "Kitalált")
    assert (row["question"], other["question"]) == ("What if?", "What if?")  # English where there is no Hungarian
    assert row["caveat"] == "Nem előrejelzés."  # whatever there is where there is no English
    assert row["description"] == ""
    assert row["regions"] == ["HU31"]
    assert row["axes"] == [{"code": "market", "name": "Market", "low": "closed", "high": "open"}]
    assert other["axes"][0]["name"] == "Piac"
    assert row["groups"] == [{"code": "smes", "name": "Kkv-k"}]
    assert "texts" not in english


def test_rows_stand_in_their_order_and_speak(made: Engine) -> None:
    with made.connect() as connection:
        assert scenarios.scenarios(connection, SET)["code"].tolist() == ["rise", "fall"]
        drivers = scenarios.drivers(connection, SET, "hu").set_index("code")
        parts = scenarios.matrices(connection, SET, "hu")["parts"].iloc[0]
        record = scenarios.workshops(connection, SET, "hu")["record"].iloc[0]
        signpost = scenarios.signposts(connection, SET).iloc[0]
        held = scenarios.workshops(connection, SET)["held_on"].iloc[0]
    assert drivers["name"].to_dict() == {"energy": "Energia", "people": "Menschen"}
    assert drivers.loc["energy", "evidence"] == [{"url": "", "source": "", "indicator": "", "text": "Nőttek az árak."}]
    assert drivers.loc["people", "description"] == ""
    assert pd.isna(drivers.loc["people", "year"])
    assert np.isnan(drivers.loc["people", "impact_low"])
    assert [part["code"] for part in parts] == ["market", "skills"]
    assert parts[0] == {
        "code": "market",
        "ordinal": True,
        "name": "Piac",
        "note": "",
        "values": [{"code": "open", "name": "Offen"}, {"code": "closed"}],
    }
    assert record["inputs"] == [{"text": "Ötlet"}]
    assert record["actions"] == [{"due": "2026-12-31", "text": "Ask", "owner": "Agency"}]
    assert (signpost["observed"], signpost["observed_on"]) == (True, date(2026, 1, 2))
    assert held == date(2026, 3, 12)


def test_judgements_agreed_come_before_those_of_groups(made: Engine) -> None:
    with made.connect() as connection:
        cells = scenarios.cells(connection, SET, "cib")
        assert scenarios.cells(connection, SET, "other").empty
        likely = scenarios.likelihoods(connection, SET)
        said = scenarios.pay_offs(connection, SET)
    assert cells["group_code"].tolist() == ["", "smes"]
    assert cells["value"].iloc[0] == 2.0
    assert np.isnan(cells["value"].iloc[1])
    assert cells["sign"].tolist() == ["", "X"]
    assert likely.to_dict("records") == [{"signpost": "price", "scenario": "rise", "likelihood": 0.7}]
    assert said[["measure", "scenario", "group_code", "score"]].to_numpy().tolist() == [
        ["vouchers", "rise", "smes", 1.5]
    ]


@pytest.fixture
def lined(made: Engine) -> Engine:
    """The set with lines: a level with its range, growth, and GDP per head as GDP by population."""
    with writing(made) as connection:
        line(connection, "rise", "R&D", {2020: (0.8, 1.0, 1.2), 2030: (1.0, 1.5, 2.0)}, unit="share")
        line(connection, "fall", "R&D", {2020: (None, 1.0, None)}, unit="share")
        line(connection, "rise", "R&D", {2020: (None, 9.0, None)}, unit="another unit")
        line(connection, "rise", "R&D", {2020: (None, 5.0, None)}, unit="share", region=None)
        line(connection, "rise", "GDP", {2020: (90.0, 100.0, 110.0), 2030: (None, 150.0, None)}, unit="bn")
        line(connection, "rise", "Population", {2020: (None, 10.0, None), 2030: (None, 12.0, None)}, unit="m")
        line(connection, "fall", "GDP", {2020: (90.0, 100.0, 110.0), 2030: (80.0, 90.0, 100.0)}, unit="bn")
        line(connection, "fall", "Population", {2020: (None, 0.0, None), 2030: (8.0, 9.0, 10.0)}, unit="m")
        line(connection, "rise", "GDP", {2020: (None, 70.0, None)}, unit="bn", region="RO11")
        link(connection, "R&D", "rd_expenditure_gdp", unit="share", factor=100.0)
        link(connection, "GDP", "gdp_per_head", unit="bn", transform="growth", per="Population", factor=1.0)
    return made


def test_a_level_is_scaled_with_its_range(lined: Engine) -> None:
    with lined.connect() as connection:
        frame = scenarios.pathways(connection, SET, ["rd_expenditure_gdp"])
    assert list(frame) == PATHWAY
    assert set(frame["variable"]) == {"rd_expenditure_gdp"}
    assert (set(frame["transform"]), set(frame["model"])) == ({"level"}, {MODEL})
    rows = frame.set_index(["scenario", "year"])[["low", "value", "high"]]
    assert rows.loc[("rise", 2030)].tolist() == [100.0, 150.0, 200.0]
    assert rows.loc[("fall", 2020), "value"] == 100.0
    assert rows.loc[("fall", 2020), ["low", "high"]].isna().all()
    assert len(frame) == 3  # neither the other unit nor the region that is none of ours


def test_one_variable_by_another_keeps_a_range_only_where_that_is_sure(lined: Engine) -> None:
    with lined.connect() as connection:
        frame = scenarios.pathways(connection, SET, ["gdp_per_head"])
    assert set(frame["transform"]) == {"growth"}
    rows = frame.set_index(["region", "scenario", "year"])[["low", "value", "high"]]
    assert rows.loc[("HU31", "rise", 2020)].tolist() == [9.0, 10.0, 11.0]
    assert rows.loc[("HU31", "rise", 2030), "value"] == 12.5
    assert rows.loc[("HU31", "rise", 2030), ["low", "high"]].isna().all()
    assert rows.loc[("HU31", "fall", 2030), "value"] == 10.0
    assert rows.loc[("HU31", "fall", 2030), ["low", "high"]].isna().all()  # what divides it has a range itself
    assert len(rows) == 3  # nothing is divided by nobody, nor by what is not stated


def test_pathways_by_indicator_and_region_are_sorted_and_typed(lined: Engine) -> None:
    with lined.connect() as connection:
        everything = scenarios.pathways(connection, SET)
        some = scenarios.pathways(connection, SET, regions=["RO11"])
        nothing = scenarios.pathways(connection, SET, ["no_such"])
        nowhere = scenarios.pathways(connection, "no_such")
        as_written = scenarios.iamc(connection, SET)
    keys = everything[["variable", "region", "scenario", "model", "year"]].to_numpy().tolist()
    assert keys == sorted(keys)
    assert some.empty
    for frame in (everything, some, nothing, nowhere):
        assert list(frame) == PATHWAY
        assert (frame["year"].dtype, frame["value"].dtype) == (np.int64, np.float64)
        assert (frame["low"].dtype, frame["high"].dtype) == (np.float64, np.float64)
    assert len(as_written) == 14
    assert set(as_written["region"]) == {"HU31", "RO11", "Atlantis"}
    assert set(as_written["scenario"]) == {"Rise", "Fall"}


def test_evaluations_oldest_first_and_the_newest_day(made: Engine) -> None:
    with writing(made) as connection:
        for day, weight in ((date(2026, 5, 1), 0.4), (date(2026, 4, 1), None)):
            row = {"set_code": SET, "region": "HU31", "scenario": "rise", "as_of": day, "weight": weight}
            moment = pd.Timestamp(2026, 5, 2).to_pydatetime()
            connection.execute(insert(Tracking), {**row, "run_at": moment, "edition": 1, "inputs": "", "detail": {}})
    with made.connect() as connection:
        frame = scenarios.tracking(connection, SET, "HU31")
        assert scenarios.tracking(connection, SET, "RO11").empty
        assert scenarios.newest_day(connection, SET, "HU31") == date(2026, 5, 1)
        assert scenarios.newest_day(connection, SET, "RO11") is None
    assert frame["as_of"].tolist() == [date(2026, 4, 1), date(2026, 5, 1)]
    assert frame["weight"].isna().tolist() == [True, False]


def test_the_audit_newest_first(made: Engine) -> None:
    with writing(made) as connection:
        first = edits.put(connection, "driver", SET, {"code": "energy"}, {"impact": 8}, "facilitator", "why")
        back = edits.undo(connection, first.entry, "facilitator")
    with made.connect() as connection:
        frame = scenarios.audit(connection, SET)
        assert scenarios.audit(connection, "other").empty
        assert len(scenarios.audit(connection, limit=1)) == 1
    assert frame["id"].tolist() == [back.entry, first.entry]
    assert frame["undone_by"].isna().tolist() == [True, False]
    assert frame["new"].iloc[1]["impact"] == 8.0
    assert frame["why"].tolist() == [f"undo {first.entry}", "why"]


TEXTS = st.dictionaries(st.text(max_size=4), st.dictionaries(st.sampled_from(["en", "hu", "de"]), st.text(max_size=5)))


@given(TEXTS, st.sampled_from(["en", "hu", "kl"]))
def test_a_text_is_never_empty_where_any_language_has_one(texts: dict[str, dict[str, str]], lang: str) -> None:
    found = spoken(texts, lang)
    assert set(found) == set(texts)
    for field, versions in texts.items():
        assert bool(found[field]) == any(versions.values())
        assert found[field] in {*versions.values(), ""}
        if versions.get(lang):
            assert found[field] == versions[lang]


def test_texts_deep_inside_are_spoken_too() -> None:
    nested = [{"code": "a", "values": [{"texts": {"name": {"hu": "b"}}, "n": 1}], "texts": {"name": {"en": "A"}}}, 3]
    assert speak(nested, "hu") == [{"code": "a", "values": [{"n": 1, "name": "b"}], "name": "A"}, 3]
    assert spoken(None, "en") == {}

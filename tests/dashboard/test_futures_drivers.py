"""Drivers part: rings and corners, what is critical, themes, evidence, edits in words, nonsense in the address."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly
from sqlalchemy import make_url

from dashboard.exhibits import REGISTRY
from dashboard.i18n import speaking
from store import edits
from store.engine import make_engine, writing
from tests.dashboard import made_judgements as made
from tests.dashboard.conftest import using


@pytest.fixture(scope="module")
def url(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the starter database with drivers of every kind."""
    path = tmp_path_factory.mktemp("drivers") / "polisee.sqlite"
    shutil.copy(Path(make_url(database).database or ""), path)
    found = f"sqlite:///{path}"
    made.insert_somewhere(found)
    with using(found):
        yield found


@pytest.fixture(autouse=True)
def page(url: str, app: Dash, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A request on that database, in a year that does not move."""
    from dashboard.components import futures_drivers
    from dashboard.i18n import set_language

    monkeypatch.setattr(futures_drivers, "middle_of", lambda found: found.base_year)
    with app.server.test_request_context("/"):
        set_language("en")
        yield


def shown(key: str, **query: str) -> Any:
    from dashboard.components.futures_drivers import DriverFilters

    return REGISTRY[key].build(DriverFilters.parse({"set": made.CODE, "part": "drivers", **query}))


def drawn(**query: str) -> str:
    from dashboard.components import futures_drivers
    from dashboard.futures import FuturesFilters

    asked = {"set": made.CODE, "part": "drivers", **query}
    own = futures_drivers.DriverChoices.parse(asked)
    sent: str = to_json_plotly(futures_drivers.content(FuturesFilters.parse(asked), own))
    return sent.replace("\\u002f", "/")


def test_rings_are_thirds_of_the_time_to_the_horizon() -> None:
    # From 2024 to 2035: 4, 8 and 11 years.
    found = shown("futures-radar")
    rings = dict(zip(found.table["code"], found.table["ring"], strict=True))
    assert rings == {"ageing": "act", "trade": "act", "chips": "prepare", "rumour": "prepare", "water": "monitor",
                     "border": "later"}  # fmt: skip
    assert found.answer == ("2 of 6 drivers bite by 2028: Trade barriers (2027), Fewer people of working age (2026).")


def test_critical_needs_both_and_enough_ratings() -> None:
    found = shown("futures-critical")
    assert set(found.table.loc[found.table["critical"], "code"]) == {"chips", "trade", "border"}
    assert found.answer.startswith("3 of 6 drivers are critical")
    rumour = found.table.set_index("code").loc["rumour"]
    assert rumour["few"]
    assert rumour["critical_words"] == "too few ratings"
    assert any("Only two have rated this" in note for note in found.notes)
    assert any(note.startswith("Wild cards") for note in found.notes)
    assert shown("futures-critical", cut="10").answer == "No driver is both of high impact and highly uncertain."


def test_a_theme_keeps_numbers_and_says_when_it_is_empty() -> None:
    assert shown("futures-radar", theme="skills").table["number"].tolist() == [1]
    assert "No driver of the set belongs to this theme." in drawn(theme="finance")


def test_evidence_leads_to_its_source_and_to_the_figures() -> None:
    page = drawn()
    assert "https://example.org/evidence" in page
    assert "/data?part=indicator&indicator=employment_rate" in page
    assert "drivers-table" in page


def test_edits_are_told_in_words_and_a_removed_driver_keeps_its_name(url: str) -> None:
    from dashboard import frames
    from dashboard.components import futures_drivers
    from dashboard.components.futures_edits import entries

    engine = make_engine(url)
    with writing(engine) as connection:
        edits.put(connection, "driver", made.CODE, {"code": "trade"}, {"impact": 8.5, "kind": "trend"}, "facilitator")
        done = edits.put(connection, "driver", made.CODE, {"code": "rumour"}, None, "facilitator")
    frames.at_least(done.version)
    told = [futures_drivers.edit_words(entry, {"trade": "Trade barriers"}) for entry in entries(made.CODE, "driver")]
    assert told[0] == "“Only two have rated this” removed"
    assert set(told[1].removeprefix("“Trade barriers”: ").split(", ")) == {
        "impact from 9 to 8.5", "kind from driver to trend"}  # fmt: skip
    assert "Undo: “Only two have rated this” removed" in drawn()
    with writing(engine) as connection:
        back = edits.undo(connection, done.entry, "facilitator")
    frames.at_least(back.version)
    assert "Undo: “Trade barriers”" in drawn()
    engine.dispose()


@settings(max_examples=12)
@given(
    st.dictionaries(
        st.sampled_from(["set", "theme", "cut"]), st.text(max_size=20) | st.sampled_from(["skills", "0", "3"])
    )
)
def test_no_address_breaks_the_part(query: dict[str, str]) -> None:
    assert "drivers-answer" in drawn(**query)


def test_exports_and_hungarian(app: Dash) -> None:
    client = app.server.test_client()
    for key in ("futures-radar", "futures-critical"):
        reply = client.get(f"/export/{key}.csv?set={made.CODE}&part=drivers&lang=hu")
        assert reply.status_code == 200
        assert "Hajtóerő" in reply.get_data(as_text=True)
    with speaking("hu"):
        page = drawn()
    for english in ("Impact", "of high impact", "too few ratings", "Ratings", "Undo", "Last changes", "Add driver"):
        assert english not in page

"""Outreach: numbers are those of the programme, small ones stay hidden, empty programmes get help, filters narrow."""

import re
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import frames, reach
from dashboard.i18n import number, set_language
from tests.dashboard.test_home import drawn, nodes, of_class, text_of

DEMO = {"programme": "demo6"}


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    """The page's module, within a request."""
    from dashboard.pages import outreach

    return outreach


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    """A reader."""
    return app.server.test_client(use_cookies=False)


def test_the_funnel_counts_what_the_programme_holds(page: Any) -> None:
    table = frames.programme_part("communications", "demo6")
    reached, used = int(table["reach"].sum()), int(table["clicks"].sum() + table["downloads"].sum())
    said = page.headline(page.ReachFilters.parse(DEMO), page.programmes.the_programme("demo6"))
    assert f"{number(reached)} contacts led to {number(used)} clicks and downloads" in said
    assert "8 adopters took something over, 2 confirmed." in said
    tree = drawn(page.layout(**DEMO))
    assert len(of_class(tree, "funnel-step")) == 4
    by_channel = page.funnel_exhibit(page.ReachFilters.parse(DEMO)).table
    assert by_channel["reached"].sum() == reached
    website = page.ReachFilters.parse(DEMO | {"channel": "website"})
    assert len(page.items_exhibit(website).table) == (table["channel"] == "website").sum()
    assert "RCR 79: 1 confirmed of 3 aimed at" in text_of(tree)
    assert "RCR 104: 1 confirmed" in text_of(tree)


def test_small_counts_are_nowhere_on_the_page_or_in_downloads(page: Any, client: FlaskClient) -> None:
    """A group of which fewer than five came to the only conference is hidden, and another one with it."""
    chosen = page.ReachFilters.parse(DEMO)
    table, kinds = reach.group_table(chosen)
    assert "conference" in kinds
    rows = table.set_index("group")
    assert rows.loc["cluster_organisation", "conference"] == "< 5"
    assert reach.HIDDEN in rows["conference"].tolist()
    for column in [*kinds, "total"]:
        for value in table[column]:
            assert value in (reach.HIDDEN, "< 5", "0") or int(re.sub(r"\D", "", value)) >= 5
    text = client.get("/export/outreach-groups.csv?programme=demo6&lang=en").get_data(as_text=True)
    assert "< 5" in text
    assert "fewer than 5 people are hidden" in text
    one = page.ReachFilters.parse(DEMO | {"group": "cluster_organisation"})
    people = dict(zip(*(page.events_exhibit(one).table[name] for name in ("code", "people")), strict=True))
    assert people["ev01"] == "< 5"


def test_countries_stand_in_tiles_and_table_alike(page: Any) -> None:
    chosen = page.ReachFilters.parse(DEMO)
    table = page.countries_exhibit(chosen).table
    events = frames.programme_part("events", "demo6")
    assert table["events"].sum() == len(events)
    tiles = [node for node in nodes(drawn(page._tiles(chosen))) if node["props"].get("data-filter") == "country"]
    assert {tile["props"]["data-value"] for tile in tiles} == set(table["country"]) - {""}
    for tile in tiles:
        row = table.set_index("country").loc[tile["props"]["data-value"]]
        assert f"{row['name']}: {row['events']} event" in text_of(tile)
    places = [
        tuple(node["props"]["style"].values()) for node in nodes(drawn(page._tiles(chosen))) if "style" in node["props"]
    ]
    assert len(places) == len(set(places))


def test_what_comes_next_and_the_calendar(page: Any, client: FlaskClient) -> None:
    tree = drawn(page.layout(**DEMO))
    assert len(of_class(tree, "coming-day")) == 3
    assert any("/programme/demo6.ics" in str(node["props"].get("href")) for node in nodes(tree))
    assert client.get("/programme/demo6.ics?lang=en").get_data(as_text=True).count("BEGIN:VEVENT") > 30
    shown = page.events_exhibit(page.ReachFilters.parse(DEMO | {"theme": "finance"}))
    assert set(shown.table["theme"]) == {"finance"}
    assert shown.query == {"theme": "finance"}


def test_a_programme_without_numbers_gets_help_not_zeros(page: Any) -> None:
    tree = drawn(page.layout(programme="clusterpolisee"))
    text = text_of(tree)
    assert "7 events in 6 countries and 4 publications are on record; how many people they reached is not." in text
    assert "Public pages tell what was published, not how many it reached." in text
    assert "No adopter is on record." in text
    assert "Nothing is planned after" in text
    assert not of_class(tree, "funnel-step")
    titles = page.events_exhibit(page.ReachFilters.parse({"programme": "clusterpolisee"})).table
    assert "day not known" in titles["when"].tolist()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["programme", "theme", "channel", "country", "group", "x"]),
        st.sampled_from(["demo6", "clusterpolisee", "finance", "press", "HU", "sme", "", "=1", "ß"]),
    )
)
def test_nothing_asked_for_breaks_the_page(page: Any, query: dict[str, str]) -> None:
    assert drawn(page.layout(**query))


def test_hungarian_speaks_hungarian(page: Any) -> None:
    set_language("hu")
    text = re.sub(r"https?://\S+", "", text_of(drawn(page.layout(**DEMO))))
    assert "kattintás és letöltés" in text
    assert not re.search(r"\b(event|adopter|contact|download|organiser|small)s?\b", text, re.IGNORECASE)

"""Home: says what the figures say, draws every region, links only to what exists, and nothing asked for breaks it."""

import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dash
import pandas as pd
import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from analysis.sentences import Number
from config import ROOT
from dashboard import choices, findings, frames
from dashboard.figures import maps
from dashboard.i18n import number, set_language

STARTER = ROOT / "data" / "starter" / "observations.csv"


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    """The page's module, within a request."""
    from dashboard.pages import home

    return home


def drawn(component: Any) -> Any:
    """A component as the browser gets it."""
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """All components of a drawn page, in order."""
    if isinstance(node, dict):
        if "props" in node:
            yield node
        for child in node.values():
            yield from nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def words(node: Any) -> Iterator[str]:
    """All words that a reader meets on a drawn page."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from words(child)
    elif isinstance(node, dict) and "props" in node:
        for key in ("children", "title", "aria-label", "placeholder", "label", "options"):
            yield from words(node["props"].get(key))
    elif isinstance(node, dict) and "label" in node:
        yield from words(node["label"])


def text_of(node: Any) -> str:
    """The words of a part of a page, joined."""
    return "".join(words(node)) if not isinstance(node, dict) else "".join(words(node["props"].get("children")))


def of_class(tree: Any, name: str) -> list[dict[str, Any]]:
    """Components with a class."""
    return [node for node in nodes(tree) if name in str(node["props"].get("className", "")).split()]


@pytest.fixture
def starter() -> pd.DataFrame:
    """The starter figures as they stand in the file, read without the store."""
    return pd.read_csv(STARTER)


def test_headline_counts_what_the_file_counts(page: Any, starter: pd.DataFrame) -> None:
    gdp = starter[starter["indicator"] == page.GDP]
    current = set(frames.current_regions()["code"])
    period = int(gdp["period"].max())
    values = gdp[(gdp["period"] == period) & gdp["region"].isin(current) & gdp["value"].notna()]["value"]
    said = page.headline()
    assert [int(n) for n in re.findall(r"\d+", said)[:3]] == [period, int((values < 100).sum()), len(values)]
    assert re.search(r"gaps between regions have (narrowed|widened|not clearly changed) since 2000\.", said)


def test_headline_without_figures_says_so(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "filled_indicators", frozenset)
    monkeypatch.setattr(frames, "remember", lambda _name, _arguments, compute: compute())
    assert "No GDP per head is loaded" in page.headline()
    shown = page.area_map(page.HomeFilters.parse())
    assert "polisee load --starter" in shown.empty
    words_of_page = text_of(drawn(page.layout()))
    assert words_of_page.count("Not loaded") == 6
    assert "No theme has figures yet" in words_of_page


def test_list_and_map_hold_the_same_values(page: Any) -> None:
    for option in choices.headline_indicators():
        shown = page.area_map(page.HomeFilters.parse({"indicator": option.value}))
        decimals = next(column.decimals for column in shown.columns if column.name == "value")
        listed = {
            row["region"]: number(row["value"], decimals) if not math.isnan(row["value"]) else "–"
            for row in shown.table.to_dict("records")
        }
        mapped = {
            code: text.split("<br>")[1].removesuffix("%")
            for bars in shown.figure["data"]
            if bars["type"] == "bar"
            for (code, _hover), text in zip(bars["customdata"], bars["text"], strict=True)
        }
        assert mapped == listed
        assert set(listed) == set(frames.current_regions()["code"])


def test_values_are_those_of_the_file(page: Any, starter: pd.DataFrame) -> None:
    shown = page.area_map(page.HomeFilters.parse({"indicator": "employment_rate", "year": "2020"}))
    told = starter[(starter["indicator"] == "employment_rate") & (starter["period"] == 2020)].set_index("region")[
        "value"
    ]
    for row in shown.table.to_dict("records"):
        expected = told.get(row["region"], math.nan)
        assert row["value"] == expected or (math.isnan(row["value"]) and math.isnan(expected))


def test_largest_value_stands_first_and_missing_ones_last(page: Any) -> None:
    values = page.area_map(page.HomeFilters.parse()).table["value"]
    known = values.dropna()
    assert known.is_monotonic_decreasing
    assert values.iloc[len(known) :].isna().all()


def test_year_without_figures_falls_back_and_says_so(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = page.area_map(page.HomeFilters.parse({"indicator": page.GDP, "year": "2024"}))
    assert set(shown.table["period"]) == {2023}
    assert any("2024" in note and "2023" in note for note in shown.notes)


def test_missing_regions_are_counted_and_the_footnote_on_kosovo_stands(page: Any) -> None:
    shown = page.area_map(page.HomeFilters.parse())
    missing = int(shown.table["value"].isna().sum())
    assert missing
    assert any(note.startswith(f"{missing} of 88 regions have no value") for note in shown.notes)
    assert any("UNSCR 1244/1999" in note for note in shown.notes)


def test_boundaries_are_drawn_when_loaded_and_regions_without_one_are_named(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = [[19.0, 46.0], [19.0, 47.0], [21.0, 47.0], [21.0, 46.0], [19.0, 46.0]]
    loaded = pd.DataFrame(
        {
            "region": ["HU33"],
            "nuts_version": ["2024"],
            "scale": ["20M"],
            "shape": [{"type": "MultiPolygon", "coordinates": [[ring]]}],
            "credit": ["© EuroGeographics for the administrative boundaries"],
        }
    )
    monkeypatch.setattr(page, "boundaries", lambda: maps.boundaries(loaded))
    shown = page.area_map(page.HomeFilters.parse({"region": "HU33"}))
    assert [trace["locations"] for trace in shown.figure["data"] if trace["type"] == "choropleth"] == [["HU33"]]
    assert "EuroGeographics" in shown.figure["layout"]["annotations"][-1]["text"]
    assert any(note.startswith("Not on the map") and "Budapest" in note for note in shown.notes)
    assert len(shown.table) == 88


def test_every_link_leads_somewhere(page: Any, app: Dash) -> None:
    paths = {entry["path"] for entry in dash.page_registry.values()}
    regions = set(frames.current_regions()["code"])
    indicators = set(frames.indicators()["code"])
    links = [
        node["props"]["href"] for node in nodes(drawn(page.layout())) if node["props"].get("href", "").startswith("/")
    ]
    assert links
    for link in links:
        parts = urlsplit(link)
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        if parts.path.startswith(("/export/", "/programme/")):
            continue
        assert parts.path in paths, link
        assert query.get("region", "HU33") in regions, link
        assert query.get("indicator", page.GDP) in indicators, link
    from dashboard.pages import compare
    from dashboard.trust import PARTS

    views = {parse_qs(urlsplit(link).query).get("view", ["gaps"])[0] for link in links if link.startswith("/compare")}
    assert views <= set(compare.VIEWS)
    parts_of_data = {parse_qs(urlsplit(link).query).get("part", [""])[0] for link in links if link.startswith("/data")}
    assert parts_of_data - {""} <= set(PARTS)


def test_finder_holds_every_region_once_with_its_country(page: Any) -> None:
    rows = of_class(drawn(page.layout()), "form-check")
    rows = [row for row in rows if "home-finder-country" in json.dumps(row)]
    links = [node["props"]["href"] for row in rows for node in nodes(row) if "href" in node["props"]]
    assert sorted(links) == sorted(f"/region?region={code}" for code in frames.current_regions()["code"])
    southern = next(row for row in rows if "HU33" in text_of(row))
    assert "Dél-Alföld" in text_of(southern)
    assert "Hungary" in text_of(southern)


def test_news_are_few_dated_and_every_number_is_a_figure(page: Any) -> None:
    good, attention = findings.area_news()
    (tree,) = of_class(drawn(page.layout()), "home-news")
    items = [node for part in of_class(tree, "attention-list") for node in nodes(part) if node["type"] == "Li"]
    assert 0 < len(good) <= 3
    assert 0 < len(attention) <= 5
    assert len(items) == len(good) + len(attention)
    for sentence, item in zip([*good, *attention], items, strict=True):
        said = text_of(item)
        subject = page._subject(sentence)
        assert str(subject["period"]) in said
        assert any(subject["region"] in node["props"].get("href", "") for node in nodes(item))
        for name in ("start", "end"):
            cell = sentence.values.get(name)
            if not isinstance(cell, Number):
                continue
            frame = frames.observations([cell.key.indicator], [cell.key.region])
            stored = frame.loc[frame["period"] == cell.key.period, "value"].item()
            assert cell.value == pytest.approx(stored)
            assert number(stored, cell.decimals) in said
    assert len(page.news(page.NoFilters()).table) == len(items)


def test_news_with_nothing_to_tell(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "area_news", lambda limit=5: ([], []))
    shown = page.news(page.NoFilters())
    assert shown.answer == "No region stands out as needing attention"
    said = text_of(drawn(page._news()))
    assert "No region has made clear progress lately." in said
    assert "No region has clearly moved away from what is wanted." in said


def test_six_themes_each_with_one_number_or_an_honest_gap(page: Any) -> None:
    cards = of_class(drawn(page.layout()), "home-theme")
    assert len(cards) == 6
    shown = {card["props"]["className"].split("home-theme-")[1]: text_of(card) for card in cards}
    empty = {code for code, said in shown.items() if "Not loaded" in said}
    assert empty == {"sustainability", "internationalisation"}
    assert all("polisee load --live" in shown[code] for code in empty)
    rows = page.themes(page.NoFilters()).table
    assert set(rows["theme_name"]) == {
        name for code, name in frames.themes()[["code", "name"]].to_numpy() if code not in empty
    }
    for row in rows.to_dict("records"):
        assert number(row["value"], row["decimals"]) in row["finding"]
        assert str(row["period"]) in row["finding"]


def test_median_of_a_theme_is_the_median_of_the_file(page: Any, starter: pd.DataFrame) -> None:
    series, regions = page.median_series("rd_expenditure_gdp")
    current = set(frames.current_regions()["code"])
    told = starter[(starter["indicator"] == "rd_expenditure_gdp") & starter["region"].isin(current)]
    wide = (
        told[told["period"].between(2018, 2023)].pivot_table(index="region", columns="period", values="value").dropna()
    )
    assert regions == len(wide)
    assert dict(zip(series["period"], series["value"], strict=True)) == pytest.approx(wide.median().to_dict())


def test_median_passes_on_what_at_least_half_of_the_regions_carry(page: Any) -> None:
    assert page._shared_flags(pd.Series(["b", "bu", "", ""])) == "b"
    assert page._shared_flags(pd.Series(["", "e", ""])) == ""


def test_one_heading_and_no_level_left_out(page: Any) -> None:
    levels = [int(node["type"][1]) for node in nodes(drawn(page.layout())) if re.fullmatch(r"H[1-6]", node["type"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels) if after <= 3)


def test_ids_are_unique(page: Any) -> None:
    ids = [
        json.dumps(node["props"]["id"], sort_keys=True) for node in nodes(drawn(page.layout())) if "id" in node["props"]
    ]
    assert len(ids) == len(set(ids))


SAME_IN_BOTH = re.compile(
    r"PoliSEE|polisee .*|EU27 = 100|Eurostat, European Commission|"
    r"CSV|JSON|SVG|PNG|Excel \(XLSX\)|BibTeX|RIS|Link|Eurostat|CC BY 4\.0|[A-Z]{2,}[A-Z0-9_]*|[a-z]"
)
"""Names, formats and codes that are the same in every language."""


def test_no_english_is_left_in_hungarian(page: Any) -> None:
    english = set(words(drawn(page.layout())))
    set_language("hu")
    hungarian = set(words(drawn(page.layout())))
    places = {part for _code, name in frames.region_names().items() for part in (name, f"{name} ({_code})")}
    regions = frames.current_regions()
    places |= (
        {page._other_names(row) for _n, row in regions.iterrows()}
        | set(regions["name_local"])
        | set(regions["name_latin"])
    )
    left = {
        text
        for text in english & hungarian
        if re.search("[A-Za-z]{2}", text) and text not in places and not SAME_IN_BOTH.fullmatch(text.strip())
    }
    assert not left


def test_numbers_follow_the_language(page: Any) -> None:
    set_language("hu")
    shown = page.area_map(page.HomeFilters.parse({"indicator": "unemployment_rate"}))
    texts = [text for text in shown.figure["data"][0]["text"] if "–" not in text]
    assert all(re.search(r"\d+,\d%$", text) for text in texts)


anything = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**12), 10**12),
    st.lists(st.text(max_size=8), max_size=5),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
sometimes_right = st.fixed_dictionaries(
    {},
    optional={
        "indicator": anything | st.sampled_from(["employment_rate", "rd_expenditure_gdp", "gdp_meur"]),
        "year": anything | st.sampled_from(["1999", "2000", "2013", "2024", "0"]),
        "region": anything | st.sampled_from(["HU33", "XK00", "EU27_2020", "<script>"]),
    },
)


@given(query=sometimes_right)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_asked_for_breaks_the_map(page: Any, query: dict[str, Any]) -> None:
    shown = page.area_map(page.HomeFilters.parse(query))
    assert len(shown.table) == 88
    json.dumps(shown.figure, allow_nan=False)
    drawn(page.update(**{"indicator": None, "year": None, "region": None} | query))


@pytest.mark.parametrize(
    "query", [{"x": "1"}, {"indicator": "nonsense", "year": "0", "lang": "xx"}, {"region": "HU33"}]
)
def test_page_takes_any_address(page: Any, query: dict[str, str]) -> None:
    assert of_class(drawn(page.layout(**query)), "map-card")


# --- the programme ---------------------------------------------------------------------------------------------------


def test_the_programme_says_how_it_stands_in_a_sentence(page: Any) -> None:
    tree = drawn(page.layout())
    (card,) = of_class(tree, "home-programme")
    text = text_of(card)
    assert (
        "After period 4 of 6: 7 of 12 pilots on track, certified spending 90.0% of the RP3 plan, 5 deliverables late; "
        "one pilot has not reported." in text
    )
    assert "61.9" not in text
    assert "no organisation, figure or event here is real" in text
    assert "No pack is adopted yet." in text
    ids = [node["props"].get("id") for node in nodes(tree)]
    assert ids.index("home-map") < ids.index("programme")


def test_what_needs_the_committee_has_owner_day_and_proposal(page: Any) -> None:
    (card,) = of_class(drawn(page.layout(programme="demo6")), "home-programme")
    first, second = of_class(card, "attention-list")
    rows = [node for node in nodes(first) if node["type"] == "Li"]
    assert 0 < len(rows) <= 7
    for row in rows:
        assert re.search(r" – .+ · since \d+ \w+ 20\d\d", text_of(row)), text_of(row)
        assert "Proposed: " in text_of(row)
    good = [node for node in nodes(second) if node["type"] == "Li"]
    assert 0 < len(good) <= 3
    assert len(of_class(card, "coming-day")) == 3


def test_the_programme_shown_is_the_one_looked_at_last(page: Any) -> None:
    (card,) = of_class(drawn(page.layout(programme="clusterpolisee")), "home-programme")
    text = text_of(card)
    assert "ClusterPoliSEE, from public pages: 26 partners, 3 pilots and 7 events." in text
    assert "Proposed" not in text
    assert not of_class(card, "demo-banner")


def test_the_adopted_pack_is_named(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboard import programmes
    from dashboard.components import home_programme

    decision = frames.programme_part("decisions", "demo6")["code"].iloc[0]
    packs = pd.DataFrame({"number": ["4.1", "4.0"], "adopted_by": [decision, None]})
    monkeypatch.setattr(frames, "packs", lambda _code: packs)
    told = drawn(home_programme._adopted(programmes.the_programme("demo6")))
    assert "The committee adopted pack 4.1, 8 Apr 2025" in text_of(told)

"""Futures: pathways pass through what was observed, stand-ins and origins are said, every number is the table's."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import delete, make_url, update

from analysis.pathways import Meeting
from dashboard import frames, futures
from dashboard.components import futures_story as story
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.i18n import catalogue, set_language, speaking
from dashboard.theme import set_scheme
from store.edits import raise_version
from store.engine import make_engine, writing
from store.schema_scenarios import Assumption, PathwayLink, Scenario, ScenarioSet
from tests.dashboard.conftest import using
from tests.dashboard.made_futures import BASE, GROWTH, HORIZON, RD, SCENARIOS, WORK, insert_made

KEYS = ("futures-axes", "futures-pathways", "futures-assumptions", "futures-differences", "futures-distances")
RD_CODE, WORK_CODE, GDP_CODE = "rd_expenditure_gdp", "employment_rate", "gdp_pps_per_head"


@pytest.fixture(scope="module")
def url(app: Dash, database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the starter data with made sets: complete, without pathways or axes, and with a base year long ago."""
    folder = tmp_path_factory.mktemp("futures") / "copy"
    shutil.copytree(Path(make_url(database).database or "").parent, folder)
    copied = f"sqlite:///{folder / 'polisee.sqlite'}"
    for place, code in enumerate(("made", "bare", "old")):
        insert_made(copied, code, "own" if code == "bare" else "illustrative", 9 + place)
    engine = make_engine(copied)
    with writing(engine) as connection:
        for model in (PathwayLink, Assumption):
            connection.execute(delete(model).where(model.set_code == "bare"))
        connection.execute(update(ScenarioSet).where(ScenarioSet.code == "bare").values(axes=[]))
        connection.execute(update(ScenarioSet).where(ScenarioSet.code == "old").values(base_year=1980))
    engine.dispose()
    return copied


@pytest.fixture(scope="module")
def loaded(app: Dash, url: str) -> Iterator[Dash]:
    with using(url):
        frames.forget_engine()
        yield app


@pytest.fixture
def page(loaded: Dash) -> Iterator[Any]:
    from dashboard.pages import futures as found

    with loaded.server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield found


def chosen(**query: str) -> futures.FuturesFilters:
    return futures.FuturesFilters.parse({"set": "made", "region": "HU31"} | query)


def built(key: str, **query: str) -> Exhibit:
    return REGISTRY[key].build(chosen(**query))


def drawn(component: Any) -> Any:
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key in ("children", "title", "aria-label", "label"):
            yield from texts(node.get("props", node).get(key))
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def said(page: Any, **query: str) -> str:
    asked = chosen(**query)
    return " ".join(texts(drawn(page.head(asked) + page.answer(asked))))


def the_set(code: str = "made") -> futures.FuturesSet:
    found = futures.the_set(code)
    assert found is not None
    return found


def observed(indicator: str, region: str, year: int) -> float:
    frame = frames.observations([indicator], [region], year, year)
    return float(frame["value"].iloc[0])


# --- the set and its choices -----------------------------------------------------------------------------------------


def test_scenarios_are_told_apart_without_colour_in_both_schemes(page: Any) -> None:
    for scheme in ("light", "dark"):
        set_scheme(scheme)
        looks = the_set().scenarios
        assert [one.code for one in looks] == list(SCENARIOS)
        for part in ("colour", "dash", "marker", "sign"):
            assert len({getattr(one, part) for one in looks}) == len(looks), (scheme, part)
    assert futures.the_set("nothing") is None


def test_colours_follow_the_scheme_although_the_set_is_remembered(page: Any) -> None:
    light = the_set().scenarios[0].colour
    set_scheme("dark")
    assert the_set().scenarios[0].colour != light


def test_regions_are_those_with_pathways_of_their_own_or_their_countrys(page: Any) -> None:
    codes = [option.value for option in futures.region_options("made")]
    assert codes[0] == "HU"
    assert "HU31" in codes
    assert all(code.startswith("HU") for code in codes)
    everywhere = {option.value for option in futures.region_options("bare")}
    assert {"RO11", "HU31"} <= everywhere  # a set without pathways forbids nothing


def test_the_controls_offer_what_the_set_has_and_keep_what_is_chosen(page: Any) -> None:
    regions, first, _other = page.choices(chosen(region="RO11", scenario="open_door"))[:3]
    assert {"label": "North-West Romania (nothing in this set)", "value": "RO11"} in regions
    assert [one["value"] for one in first] == ["auto", *SCENARIOS]
    stale = futures.CHOICES["scenario"](futures.FuturesFilters.parse({"set": "ssp", "scenario": "open_door"}))
    assert stale[-1] == ("open_door", "Not in this set", "")


# --- pathways --------------------------------------------------------------------------------------------------------


def test_a_ratio_keeps_growth_and_a_difference_keeps_points(page: Any) -> None:
    paths = futures.region_paths(the_set(), "HU31")
    rd, work = paths.of(RD_CODE), paths.of(WORK_CODE)
    assert rd is not None
    assert work is not None
    assert (rd.how, rd.base, rd.stands_in, rd.last) == ("ratio", BASE, False, HORIZON)
    assert work.how == "difference"
    now, working = observed(RD_CODE, "HU31", BASE), observed(WORK_CODE, "HU31", BASE)
    assert (rd.observed, work.observed) == (now, working)
    for code in SCENARIOS:
        assert paths.at(rd, BASE)[code][1] == pytest.approx(now)
        assert paths.at(rd)[code] == pytest.approx([end * now / 0.9 for end in RD[code][2]])
        assert paths.at(work)[code] == pytest.approx([end - 70 + working for end in WORK[code][2]])


def test_growth_of_the_country_stands_in_beside_the_countrys_figures(page: Any) -> None:
    paths = futures.region_paths(the_set(), "HU31")
    told = paths.of(GDP_CODE)
    assert told is not None
    assert (told.region, told.stands_in, told.how, told.method) == ("HU", True, "ratio", "log")
    start = observed(GDP_CODE, "HU", BASE)
    for code, factor in GROWTH.items():
        low, median, high = paths.at(told)[code]
        assert median == pytest.approx(start * factor ** ((HORIZON - BASE) / 15))
        assert low != low
        assert high != high
    assert all(value == observed(GDP_CODE, "HU", at) for at, value, _flags in paths.seen[GDP_CODE])
    notes = " ".join(built("futures-pathways").notes)
    assert "those of Hungary stand in for GDP per head (PPS)" in notes
    country = futures.region_paths(the_set(), "HU")
    assert [one.stands_in for one in country.told] == [False]


def test_lines_hold_every_year_from_the_base_year_to_the_horizon(page: Any) -> None:
    paths = futures.region_paths(the_set(), "HU31")
    for told in paths.told:
        for code in SCENARIOS:
            assert [point.year for point in paths.points[told.indicator, code]] == list(range(BASE, HORIZON + 1))
    stated = [point.year for point in paths.points[RD_CODE, "islands"] if point.stated]
    assert stated == [BASE, 2030, HORIZON]


def test_without_a_figure_of_the_base_year_nothing_is_pretended(page: Any) -> None:
    paths = futures.region_paths(the_set("old"), "HU31")
    rd, gdp = paths.of(RD_CODE), paths.of(GDP_CODE)
    assert rd is not None
    assert gdp is not None
    assert (rd.base, rd.how) == (None, "")
    assert paths.at(rd)["open_door"] == pytest.approx(RD["open_door"][2])
    assert (gdp.base, gdp.how) == (2020, "ratio")  # the first stated year with a figure
    notes = " ".join(built("futures-pathways", set="old").notes)
    assert "so they stand as stated: employment rate" in notes or "so they stand as stated: R&D" in notes
    assert "Tied to 2020, the nearest year with a figure: GDP per head (PPS)." in notes


def test_growth_without_any_figure_is_left_out_and_named(page: Any) -> None:
    raw = frames.pathways("made", [GDP_CODE])
    history = frames.observations([GDP_CODE], ["HU"]).iloc[0:0]
    stated, untied = futures._tied(raw, history, {GDP_CODE: frames.specs()[GDP_CODE]}, BASE)
    assert stated.empty
    assert untied == (GDP_CODE,)


# --- what is said ----------------------------------------------------------------------------------------------------


def test_the_heading_says_how_far_the_futures_reach(page: Any) -> None:
    now = observed(RD_CODE, "HU31", BASE)
    low, high = 0.5 * now / 0.9, 2.6 * now / 0.9
    expected = (
        f"4 futures: in Northern Hungary, R&D expenditure could lie between {low:.2f}% and {high:.2f}% by 2035; "
        f"it was {now:.2f}% in 2023"
    )
    assert story.headline(chosen()) == expected
    assert story.headline(chosen(set="bare")) == "4 futures up to 2035: Open door, Islands, Old paths, Slow green"


@pytest.mark.parametrize("part", list(futures.PARTS))
def test_it_is_no_forecast_and_illustrative_on_every_part(page: Any, part: str) -> None:
    words = said(page, part=part)
    assert "Not a forecast." in words
    assert "Illustrative" in words
    assert "The numbers are made up." in words


def test_panels_say_the_numbers_of_their_figure_and_their_table(page: Any) -> None:
    found, paths = the_set(), futures.region_paths(the_set(), "HU31")
    told = paths.of(RD_CODE)
    assert told is not None
    panel = drawn(story._panel(built("futures-pathways"), found, paths, told))
    lines = list(texts(panel))
    value = told.about.median(*paths.at(told)["open_door"])
    assert value in lines
    hover = [word for trace in _figure(panel)["data"] for word in trace.get("customdata", [])]
    assert any(word.startswith("<b>● Open door</b><br>2035: ") and f"{value.split(' ')[0]}" in word for word in hover)
    assert "Northern Hungary · % of GDP · Illustrative" in lines


def _figure(node: Any) -> Any:
    if isinstance(node, dict):
        props = node.get("props", {})
        if "figure" in props:
            return props["figure"]
        return _figure(props.get("children"))
    if isinstance(node, list):
        return next((found for child in node if (found := _figure(child)) is not None), None)
    return None


def test_targets_are_drawn_only_where_they_can_be_compared(page: Any) -> None:
    assert (futures.about(RD_CODE).target, futures.about(RD_CODE).target_year) == (3.0, 2030)
    assert futures.about(WORK_CODE).target is None  # the law counts another age group


def test_two_scenarios_beside_one_another(page: Any) -> None:
    now = observed(RD_CODE, "HU31", BASE)
    shown = built("futures-differences", scenario="open_door", other="old_paths")
    row = shown.table.set_index("indicator").loc[RD_CODE]
    assert row["difference"] == pytest.approx((2.0 - 0.7) * now / 0.9)
    assert row["ratio"] == pytest.approx(2.0 / 0.7)
    assert row["shared"] == 0
    assert (row["target"], row["meets"], row["meets_other"]) == ("3% (2030)", "not by 2035", "not by 2035")
    # Ranges of work: 71-75 and 70-74 share 3 of the 5 points that they cover.
    work = built("futures-differences", scenario="islands", other="slow_green").table.set_index("indicator")
    assert work.loc[WORK_CODE, "shared"] == pytest.approx(60)
    assert pd.isna(work.loc[GDP_CODE, "shared"])  # no ranges are stated
    assert "Open door and Old paths differ most in R&D expenditure" in shown.answer


def test_the_pair_falls_back_to_two_different_scenarios(page: Any) -> None:
    found = the_set()
    for query, expected in (
        ({}, ("open_door", "islands")),
        ({"scenario": "islands"}, ("islands", "old_paths")),
        ({"scenario": "slow_green"}, ("slow_green", "open_door")),
        ({"scenario": "islands", "other": "islands"}, ("islands", "old_paths")),
        ({"scenario": "ssp1", "other": "open_door"}, ("open_door", "islands")),
    ):
        both = story.pair(chosen(**query), found)
        assert both is not None
        assert (both[0].code, both[1].code) == expected, query


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ((Meeting.FROM_START, 2023, 2023, 2023, True, 2035), "from the start"),
        ((Meeting.FROM_START, 2023, 2023, 2023, False, 2035), "from the start, not kept"),
        ((Meeting.YEAR, 2031, 2029, 2034, True, 2035), "2031 (2029–2034)"),
        ((Meeting.YEAR, 2031, 2029, pd.NA, True, 2035), "2031 (2029–later)"),
        ((Meeting.NOT_WITHIN, pd.NA, 2033, pd.NA, False, 2035), "not by 2035 (2033–later)"),
        ((Meeting.NOT_WITHIN, pd.NA, pd.NA, pd.NA, False, 2035), "not by 2035"),
    ],
)
def test_when_a_target_is_met_in_words(page: Any, row: tuple[Any, ...], text: str) -> None:
    names = ("meeting", "year", "earliest", "latest", "kept", "last")
    assert story._meeting_text(dict(zip(names, row, strict=True))) == text


def test_distances_are_the_same_both_ways_and_name_their_ends(page: Any) -> None:
    apart = futures.distances(the_set(), "HU31")
    assert all(apart[a, b] == pytest.approx(apart[b, a]) for a, b in apart)
    far, near = max(apart, key=lambda pair: apart[pair]), min(apart, key=lambda pair: apart[pair])
    names = the_set().names()
    answer = built("futures-distances").answer
    assert sorted(names[code] for code in near) == sorted(answer.split("; ")[0][len("Most alike: ") :].split(" and "))
    assert sorted(names[code] for code in far) == sorted(
        answer.split("; ")[1][len("furthest apart: ") :].split(" and ")
    )


# --- nothing there ---------------------------------------------------------------------------------------------------


def test_a_set_without_axes_pathways_and_assumptions_says_so(page: Any) -> None:
    shown = built("futures-axes", set="bare")
    assert shown.figure is None
    assert shown.answer == "4 futures, told without axes"
    words = said(page, set="bare")
    assert "The set has stories but no pathways." in words
    assert "The set states no assumptions yet." in words
    assert "How Open door came about." in words


def test_a_region_that_the_set_says_nothing_of_is_led_to_one_that_it_does(page: Any) -> None:
    asked = chosen(region="RO11")
    content = drawn(page.answer(asked))
    assert "The set has no pathways of North-West Romania or its country." in " ".join(texts(content))
    assert '"data-value": "HU31"' in json.dumps(content)


def test_without_any_set_the_page_names_the_command(page: Any, url: str, tmp_path: Path) -> None:
    copied = tmp_path / "none.sqlite"
    shutil.copy(make_url(url).database or "", copied)
    engine = make_engine(f"sqlite:///{copied}")
    with writing(engine) as connection:
        connection.execute(delete(Scenario))
        connection.execute(delete(ScenarioSet))
        raise_version(connection)
    engine.dispose()
    with using(f"sqlite:///{copied}"):
        words = " ".join(texts(drawn(page.layout())))
        assert "No scenario set is loaded yet." in words
        assert "polisee load --starter" in words
        for key in KEYS:
            assert "polisee load --starter" in built(key).empty


# --- downloads, languages, addresses ---------------------------------------------------------------------------------


def test_downloads_and_citations_name_the_sets_source_licence_and_origin(page: Any, loaded: Dash) -> None:
    client = loaded.server.test_client()
    for key in KEYS:
        reply = client.get(f"/export/{key}.csv?set=made&region=HU31&lang=en")
        assert reply.status_code == 200, key
        facts = [line for line in reply.get_data(as_text=True).splitlines() if line.lstrip("\ufeff").startswith("#")]
        text = "\n".join(facts)
        assert "PoliSEE, made for tests, Made futures 2035 (Illustrative: made up" in text, key
        assert "CC BY 4.0 https://example.org/made" in text, key
        held = json.loads(client.get(f"/export/{key}.json?set=made&region=HU31&lang=en").get_data())
        assert held["sources"][0]["note"].startswith("Illustrative"), key
        for form in ("bib", "ris"):
            assert "Illustrative" in client.get(f"/export/{key}.{form}?set=made&lang=en").get_data(as_text=True)


def test_the_download_of_pathways_holds_every_year_and_what_was_observed(page: Any, loaded: Dash) -> None:
    text = loaded.server.test_client().get("/export/futures-pathways.csv?set=made&region=HU31&lang=en").get_data(True)
    rows = list(csv.DictReader(line for line in text.lstrip("\ufeff").splitlines() if not line.startswith("#")))
    mine = [row for row in rows if row["Series"] == "● Open door" and row["Indicator (code)"] == RD_CODE]
    assert sorted(int(row["Year"]) for row in mine) == list(range(BASE, HORIZON + 1))
    assert {row["Source of the line"] for row in mine} == {"made"}
    assert any(row["Series"] == "Observed" for row in rows)
    shown = built("futures-pathways")
    assert set(shown.table.head(shown.page_rows)["year"]) == {HORIZON}  # on the page: the year that is talked about


def test_the_picture_of_a_panel_says_what_it_is(page: Any) -> None:
    words = json.dumps(drawn(page.answer(chosen())))
    assert "PoliSEE, made for tests, Made futures 2035 (Illustrative: made up" in words


def test_hungarian_leaves_nothing_in_english(page: Any) -> None:
    english = set(catalogue("hu"))
    with speaking("hu"):
        for query in ({}, {"set": "bare"}, {"set": "old"}, {"region": "RO11"}, {"set": "ssp", "region": "HU31"}):
            asked = chosen(**query)
            found = [text for text in texts(drawn(page.head(asked) + page.answer(asked))) if len(text) > 12]
            assert not [text for text in found if text in english and catalogue("hu")[text][0] != text]
        assert story.headline(chosen()).startswith("4 jövőkép, Észak-Magyarország: K+F-ráfordítás")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["set", "region", "part", "scenario", "other", "matrix", "as_of", "lang", "nonsense"]),
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(["made", "bare", "old", "ssp", "see2035", "HU", "HU31", "RO11", "story", "open_door"]),
        ),
    )
)
def test_any_address_gets_an_answer_in_both_languages(page: Any, query: dict[str, str]) -> None:
    for language in ("en", "hu"):
        with speaking(language):
            assert drawn(page.layout(**query))


def test_the_callback_answers_every_control(page: Any) -> None:
    head, answer, *options = page.update(**{name: getattr(chosen(), name) for name in page.FuturesFilters.inputs("x")})
    assert head
    assert answer
    assert len(options) == len(futures.CHOICES)

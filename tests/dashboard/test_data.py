"""Data & method: every part and every indicator gives a page, its numbers are the tables', nothing breaks it."""

import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from babel.messages.extract import extract_from_file
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from analysis import cross_impact, ranks, robustness, signposts, tracking
from analysis.model import DIRECTION, LEVEL, TARGET
from dashboard import frames, statements, trust
from dashboard.components.data_methods import methods
from dashboard.exhibits import REGISTRY
from dashboard.i18n import _, catalogue, number, set_language
from dashboard.trust import ALL, DataFilters
from store.migrate import upgrade
from tests.dashboard.conftest import using
from tests.loaded import load_starter, polisee

ROOMS = [
    "trust.py",
    "statements.py",
    "citation.py",
    "figures/heat.py",
    "pages/data.py",
    *[
        f"components/data_{name}.py"
        for name in ("catalogue", "indicator", "methods", "future_methods", "parts", "quality")
    ],
]
LOADED = "rd_expenditure_gdp"
NOT_LOADED = "business_rd_gdp"


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    from dashboard.pages import data

    return data


def drawn(component: Any) -> Any:
    """A page as the browser receives it."""
    return json.loads(to_json_plotly(component))


def components(node: Any, into_folds: bool = True) -> Iterator[dict[str, Any]]:
    """All components of a drawn page, in order."""
    if isinstance(node, dict):
        if "type" in node and "props" in node:
            yield node
            if into_folds or node["type"] != "Details":
                yield from components(node["props"].get("children"), into_folds)
    elif isinstance(node, list):
        for child in node:
            yield from components(child, into_folds)


def texts(node: Any) -> Iterator[str]:
    """All words of a drawn page, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        if "props" in node:
            for key in ("children", "title", "aria-label", "label", "options"):
                yield from texts(node["props"].get(key))
        elif "label" in node:
            yield from texts(node["label"])
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def kinds(node: Any, into_folds: bool = True) -> list[str]:
    """Types of all components; those of a card's folds may be left out."""
    return [component["type"] for component in components(node, into_folds)]


def answer_of(key: str, **query: str) -> Any:
    found = REGISTRY[key]
    return found.build(found.filters.parse(query))


def numbers_in(sentence: str) -> list[int]:
    return [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", sentence)]


@pytest.mark.parametrize("lang", ["en", "hu"])
@pytest.mark.parametrize("part", list(trust.PARTS))
def test_every_part_begins_with_an_answer(page: Any, part: str, lang: str) -> None:
    set_language(lang)
    found = drawn(page.layout(part=part))
    types = kinds(found)
    assert types.count("H1") == 1
    assert types.index("H1") < types.index("H2")
    levels = [int(kind[1]) for kind in kinds(found, into_folds=False) if re.fullmatch(r"H[1-6]", kind)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    ids = [json.dumps(c["props"]["id"], sort_keys=True) for c in components(found) if "id" in c["props"]]
    assert len(ids) == len(set(ids))
    current = [c for c in components(found) if c["props"].get("aria-current") == "page"]
    assert [c["props"]["children"] for c in current] == [_(trust.PARTS[part])]


def test_only_an_indicator_s_own_page_draws_a_chart(page: Any) -> None:
    for part in trust.PARTS:
        assert ("Graph" in kinds(drawn(page.layout(part=part, indicator=LOADED)))) == (part == "indicator")
    assert "Graph" not in kinds(drawn(page.layout()))


def test_every_indicator_has_a_page(page: Any) -> None:
    frame = trust.catalogue()
    assert len(frame) > 50
    for row in frame.to_dict("records"):
        found = drawn(page.layout(indicator=row["code"]))
        words = " ".join(texts(found))
        assert row["definition"] in words
        assert row["name"] in words
        assert ("Graph" in kinds(found)) == row["loaded"]
        if not row["loaded"]:
            assert trust.command(row["dataset"], bool(row["live"])) in words


def test_an_unknown_indicator_is_named_beside_the_catalogue(page: Any) -> None:
    words = list(texts(drawn(page.layout(indicator="<script>alert(1)</script>"))))
    assert any("<script>" in text for text in words)
    assert any("indicators are loaded" in text for text in words)


def test_the_catalogue_s_answer_counts_its_table(page: Any) -> None:
    for theme in [ALL, *frames.themes()["code"]]:
        shown = answer_of("data-catalogue", theme=theme)
        loaded = shown.table[shown.table["figures"] > 0]
        old = loaded["last"] < trust.today().year - trust.STALE_YEARS
        assert numbers_in(shown.answer)[:3] == [len(loaded), len(shown.table), int(old.sum())]
        assert shown.table["state"].str.startswith("not loaded").sum() == len(shown.table) - len(loaded)


def test_age_is_counted_from_the_day_that_is_given(page: Any) -> None:
    row = trust.catalogue(ALL, date(2026, 6, 1)).set_index("code").loc[LOADED]
    assert row["last"] == 2024
    assert not row["old"]
    assert trust.catalogue(ALL, date(2027, 1, 1)).set_index("code").loc[LOADED, "old"]


def test_the_indicator_s_answer_counts_its_values(page: Any) -> None:
    values = frames.observations([LOADED])
    shown = answer_of("data-indicator", indicator=LOADED)
    there = values[values["value"].notna()]
    current = set(frames.current_regions()["code"])
    assert numbers_in(shown.answer.split(":")[1]) == [
        len(there),
        there["period"].min(),
        there["period"].max(),
        there.loc[there["region"].isin(current), "region"].nunique(),
        int((there["flags"] != "").sum()),
        int(values["value"].isna().sum()),
    ]


def test_heat_map_and_table_say_the_same(page: Any) -> None:
    for country in (ALL, "HU", "BA"):
        shown = answer_of("data-coverage", indicator=LOADED, country=country)
        found = trust.cells(LOADED, country)
        if country == "BA":
            assert shown.figure is None
            assert shown.empty
            continue
        assert shown.figure is not None
        trace = shown.figure["data"][0]
        assert trace["y"] == list(shown.table["region"])
        for region, tones, row in zip(trace["y"], trace["z"], shown.table.to_dict("records"), strict=True):
            years = [year for year, tone in zip(trace["x"], tones, strict=True) if tone not in (None, 0)]
            assert trust.years_in_words(years) == row["figures"], region
        assert numbers_in(shown.answer)[0] == int(found["value"].notna().sum())


def test_old_codes_are_shown_and_never_joined(page: Any) -> None:
    found = trust.cells(LOADED, "HU")
    assert set(found.loc[found["old"], "region"]) == {"HU10"}
    words = " ".join(trust.changes(["HU10"])["text"])
    assert "HU11" in words
    assert "55.8%" in words
    assert "No series is carried across" in words


def test_years_are_written_as_ranges() -> None:
    assert trust.years_in_words([2013, 2014, 2015, 2018, 2020, 2021]) == "2013–2015, 2018, 2020–2021"
    assert trust.years_in_words([]) == ""


@given(st.sets(st.integers(1950, 2100)))
def test_ranges_of_years_hold_the_same_years(years: set[int]) -> None:
    read: set[int] = set()
    for part in filter(None, trust.years_in_words(years).split(", ")):
        ends = [int(end) for end in part.split("–")]
        read |= set(range(ends[0], ends[-1] + 1))
    assert read == years


def test_quality_shares_come_from_the_marks(page: Any) -> None:
    table = answer_of("data-quality").table.set_index("indicator")
    values = frames.observations(["gva_volume_index"])
    there = values[values["value"].notna()]
    share = there["flags"].str.contains("e").mean() * 100
    assert share > 0
    assert table.loc["gva_volume_index", "estimated_share"] == pytest.approx(share)
    assert table.loc["employment_total", "warning"]


def test_a_country_without_figures_shows_zero_and_is_named(page: Any) -> None:
    shown = answer_of("data-countries")
    bare = [code for code in shown.table.columns[1:] if (shown.table[code] == 0).all()]
    assert bare
    for code in bare:
        assert frames.region_names()[code] in shown.answer
    shares = shown.table.drop(columns="indicator").to_numpy(float)
    assert ((shares >= 0) & (shares <= 100)).all()


def test_methods_speak_the_constants_of_the_measures(page: Any) -> None:
    words = " ".join(texts(drawn(page.layout(part="methods"))))
    for spoken in (
        f"{number(DIRECTION.points, 1)}% of the scale",
        f"within {DIRECTION.tolerance} year",
        f"from {number(TARGET.significant)}% of it",
        f"after {TARGET.horizon}",
        f"Within {LEVEL.near:.0%}",
        f"drawn {number(ranks.DRAWS)} times",
        f"fewer than {tracking.SETTINGS.years} years of figures",
        f"no likelier than {signposts.OFF_MAP:.0%} on average",
        f"exact up to {cross_impact.EXACT_STATES / 1e6:.0f} million starts",
        f"Up to {robustness.ENUMERABLE} measures",
    ):
        assert spoken in words, spoken


def test_statements_name_a_mailbox_only_when_there_is_one(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from config import settings as configured

    def words() -> str:
        configured.cache_clear()
        return " ".join(texts(drawn([page.layout(part=part) for part in ("accessibility", "privacy")])))

    try:
        monkeypatch.delenv("POLISEE_CONTACT", raising=False)
        without = words()
        monkeypatch.setenv("POLISEE_CONTACT", "contact@example.org")
        named = words()
    finally:
        monkeypatch.undo()
        configured.cache_clear()
    assert "@" not in without
    assert named.count("contact@example.org") == 2


def test_the_privacy_statement_names_what_the_browser_really_keeps(page: Any, repository: Path) -> None:
    said = " ".join(texts(drawn(page.layout(part="privacy"))))
    script = "".join(
        path.read_text() for path in (repository / "dashboard" / "assets").rglob("*.js") if "plotly" not in path.name
    )
    kept = set(re.findall(r"polisee_[a-z]+", script)) | {"polisee_lang"}
    assert kept
    assert all(name in said for name in kept)


def test_sources_count_as_loaded_by_their_figures(page: Any) -> None:
    table = answer_of("data-sources").table.set_index("code")
    assert table.loc["eurostat", "loaded"] == "yes"
    assert table.loc["gisco", "loaded"] == "no"


def test_boundaries_are_credited_only_when_they_are_loaded(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    headings = [section.heading for section in statements.licence()]
    assert "Maps" in headings
    credited = pd.DataFrame({"credit": ["© EuroGeographics"]})
    monkeypatch.setattr(frames, "geometries", lambda: credited)
    sections = {section.heading: section for section in statements.licence()}
    assert "© EuroGeographics" in sections["Boundaries on the maps"].paragraphs


def test_every_text_of_the_page_is_in_hungarian(repository: Path) -> None:
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    known = catalogue("hu")
    lacking = [
        message
        for room in ROOMS
        for _line, message, _comments, _context in extract_from_file(
            "python", str(repository / "dashboard" / room), keywords=keywords
        )
        if (message if isinstance(message, str) else message[0]) not in known
    ]
    assert lacking == []


def test_hungarian_keeps_every_placeholder() -> None:
    fields = re.compile(r"\{[a-z_]*\}")
    for message, forms in catalogue("hu").items():
        for form in forms:
            assert set(fields.findall(form)) <= set(fields.findall(message)) | {"{n}"}, message


@pytest.mark.parametrize("part", list(trust.PARTS))
def test_no_english_is_left_in_hungarian(page: Any, part: str) -> None:
    query = {"part": part, "indicator": LOADED}
    english = set(texts(drawn(page.answer(DataFilters.parse(query)))))
    set_language("hu")
    same = english & set(texts(drawn(page.answer(DataFilters.parse(query)))))
    names = set(frames.region_names().values()) | set(frames.regions()["name_latin"])
    # What is the same in both languages: codes, addresses, commands, formulas, names of forms, runs of years.
    neutral = re.compile(
        r"[^a-zA-Z]*$|Link$|[0-9a-f]{12}$|[A-Z0-9_.+]+$|https?://|polisee|CC BY|EUPL|BibTeX$|Excel|RIS$|JSON$|[a-z_]+$|"
        r".*= |Eurostat$|starter/|[a-z]{1,3}: \d{4}"
    )
    formulas = {sign for method in methods() for text in method.formulas for sign in re.split(r"[_^]\{[^}]*\}", text)}
    formulas |= {
        inner for method in methods() for text in method.formulas for inner in re.findall(r"\{([^}]*)\}", text)
    }
    left = [text for text in same - names - formulas if not neutral.match(text.strip())]
    assert left == []


def test_refusals_are_told_in_the_reader_s_language(page: Any) -> None:
    said = "The value 'n.a.' is not a number."
    assert trust.remedy_in_words("not-a-number", said) == said
    set_language("hu")
    assert trust.remedy_in_words("not-a-number", said).startswith("Az adatot")
    assert trust.reason_in_words("not-a-number") == "nem szám"
    assert trust.remedy_in_words("never-heard-of", said) == said


def test_every_reason_that_the_pipeline_gives_has_words(repository: Path) -> None:
    given_reasons = {
        reason
        for path in (repository / "etl").rglob("*.py")
        for reason in re.findall(r"Problem\(\s*\"([a-z]+(?:-[a-z]+)+)\"", path.read_text())
    }
    assert given_reasons
    assert sorted(given_reasons - set(trust.REASONS)) == []


def test_downloads_hold_every_figure(page: Any, app: Dash) -> None:
    reply = app.server.test_client().get(f"/export/data-values.csv?indicator={LOADED}")
    body = "\n".join(line for line in reply.get_data(as_text=True).lstrip("﻿").splitlines() if not line.startswith("# "))
    table = pd.read_csv(io.StringIO(body))
    values = frames.observations([LOADED])
    assert len(table) == len(values)
    assert table["Value"].sum() == pytest.approx(values["value"].sum())
    described = app.server.test_client().get(f"/export/data-indicator.json?indicator={LOADED}").get_json()
    assert described["indicators"] == [LOADED]
    assert {"what": "Code", "words": LOADED} in described["rows"]


def test_every_exhibit_of_the_page_can_be_downloaded(page: Any, app: Dash) -> None:
    client = app.server.test_client()
    for key in [key for key in REGISTRY if key.startswith("data-")]:
        for form in ("csv", "bib"):
            reply = client.get(f"/export/{key}.{form}?theme=innovation&lang=hu")
            assert reply.status_code == 200, key
            assert "Forrás: ;" not in reply.get_data(as_text=True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.one_of(st.sampled_from(list(trust.PARTS)), st.text(max_size=8)),
    indicator=st.one_of(st.sampled_from([LOADED, NOT_LOADED, "gva_volume_index"]), st.text(max_size=12)),
    country=st.one_of(st.sampled_from(["HU", "BA", ALL]), st.text(max_size=4), st.none()),
    theme=st.one_of(st.sampled_from(["skills", ALL]), st.text(max_size=8), st.lists(st.integers(), max_size=2)),
)
def test_no_choice_breaks_the_page(page: Any, part: Any, indicator: Any, country: Any, theme: Any) -> None:
    query = {"part": part, "indicator": indicator, "country": country, "theme": theme}
    assert page.layout(**query) is not None
    assert page.update(**query)


def test_an_address_with_only_an_indicator_leads_to_its_page(page: Any) -> None:
    assert DataFilters.parse({"indicator": LOADED}).part == "indicator"
    assert DataFilters.parse({"indicator": LOADED, "part": "quality"}).part == "quality"
    assert DataFilters.parse({"indicator": "nonsense"}).part == "catalogue"
    assert DataFilters.parse({"part": "nonsense"}).part == "catalogue"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Tables without a row."""
    from store.engine import make_engine

    url = f"sqlite:///{tmp_path_factory.mktemp('bare') / 'bare.sqlite'}"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def unfilled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The catalogue without a figure."""
    url = f"sqlite:///{tmp_path_factory.mktemp('unfilled') / 'unfilled.sqlite'}"
    assert polisee(url, "init", "--quiet").returncode == 0
    return url


@pytest.mark.parametrize("which", ["bare", "unfilled"])
def test_every_part_renders_on_an_empty_database(page: Any, which: str, request: pytest.FixtureRequest) -> None:
    from dashboard import cache

    with using(request.getfixturevalue(which)):
        cache._cache.clear()
        try:
            for part in trust.PARTS:
                found = drawn(page.layout(part=part))
                assert "Graph" not in kinds(found)
            for key in [key for key in REGISTRY if key.startswith("data-")]:
                assert answer_of(key).answer
        finally:
            cache._cache.clear()


def test_what_a_later_load_changes_is_a_revision(page: Any, tmp_path: Path) -> None:
    from dashboard import cache

    url = load_starter(tmp_path / "revised.sqlite")
    before = frames.observations([LOADED], ["HU33"], 2020, 2020)["value"].iloc[0]
    changed = tmp_path / "changed.csv"
    changed.write_text(f"indicator,region,period,value,flags,dataset\n{LOADED},HU33,2020,{before + 0.25},r,TGS00042\n")
    done = polisee(url, "load", str(changed), "--force", "--quiet")
    assert done.returncode == 0, done.stdout + done.stderr
    with using(url):
        cache._cache.clear()
        try:
            shown = answer_of("data-revisions", indicator=LOADED)
            row = shown.table.iloc[0]
            assert len(shown.table) == 1
            assert (row["code"], row["period"]) == ("HU33", 2020)
            assert row["before"] == pytest.approx(before)
            assert row["difference"] == pytest.approx(0.25)
            assert numbers_in(shown.answer)[0] == 1
        finally:
            cache._cache.clear()

"""Strategy: the map holds each pilot with mark, date and link; filters narrow it; the thread is walked both ways."""

import re
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import aims, frames, programmes
from dashboard.components import evaluation_parts, pilot_lines, quality_parts
from dashboard.i18n import set_language
from dashboard.programmes import ProgrammeFilters
from tests.dashboard.test_home import drawn, nodes, of_class, text_of

DEMO = {"programme": "demo6"}


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    """The page's module, within a request."""
    from dashboard.pages import strategy

    return strategy


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    """A reader."""
    return app.server.test_client(use_cookies=False)


def links(tree: Any) -> list[str]:
    return [node["props"]["href"] for node in nodes(tree) if node["props"].get("href")]


def test_the_map_holds_every_pilot_with_its_light_and_link(page: Any) -> None:
    tree = drawn(page.layout(**DEMO))
    text = text_of(tree)
    assert "8 measures tried in 12 pilots: 7 on track, 3 watch, 1 off track, 1 without report." in text
    assert "Contribution, not proof" in text
    boxes = of_class(tree, "chain-box-pilot")
    assert len(boxes) == 12
    for box in boxes:
        assert of_class(box, "mark")
        assert re.search(r"last report \d+ \w+ 20\d\d", text_of(box))
        assert any(address.startswith("/pilots?programme=demo6&pilot=") for address in links(box))
    for kind, start in (
        ("deliverable", "/workplan?programme=demo6#deliverable-"),
        ("result", "/pilots?programme=demo6&pilot="),
        ("aim", "/strategy?programme=demo6#strategy-"),
        ("measure", "/strategy?programme=demo6#measure-"),
    ):
        found = of_class(tree, f"chain-box-{kind}")
        assert found, kind
        assert all(links(box)[0].startswith(start) for box in found), kind
    regional = of_class(tree, "chain-box-indicator")
    assert sum(links(box)[0].startswith("/region?region=") for box in regional) == 11
    assert any(address.startswith("/futures?set=see2035") for box in regional for address in links(box))


def test_every_anchor_of_the_map_exists_on_its_page(page: Any) -> None:
    from dashboard.pages import pilots, workplan

    tree = drawn(page.layout(**DEMO))
    ids = {node["props"].get("id") for node in nodes(tree) if isinstance(node["props"].get("id"), str)}
    ids |= {
        n["props"].get("id") for n in nodes(drawn(workplan.layout(**DEMO))) if isinstance(n["props"].get("id"), str)
    }
    own = [a.partition("#")[2] for a in links(tree) if a.startswith(("/strategy?", "/workplan?")) and "#" in a]
    shown = set(workplan.deliverables_exhibit(workplan.WorkFilters.parse(DEMO)).table["anchor"])
    assert {one for one in own if not one.startswith("deliverable-")} <= ids
    assert {one for one in own if one.startswith("deliverable-")} <= shown
    sheet = drawn(pilots.layout(programme="demo6", pilot="pilot03"))
    assert any(node["props"].get("id") == "indicator-pilot03_firms" for node in nodes(sheet))


def test_filters_narrow_map_measures_and_exports(page: Any, client: FlaskClient) -> None:
    chosen = page.AimFilters.parse(DEMO | {"theme": "finance"})
    assert len(page.measures_exhibit(chosen).table) == 2
    assert set(page.map_exhibit(chosen).table["pilot"]) == {"Guarantee pool", "Fees for cluster services"}
    national = page.AimFilters.parse(DEMO | {"level": "national"})
    assert page.map_exhibit(national).table["measure"].tolist() == ["Guarantees"]
    region = page.AimFilters.parse(DEMO | {"region": "HU22"})
    assert set(page.map_exhibit(region).table["pilot"]) == {
        "Innovation vouchers in clusters",
        "Entrepreneurial discovery rooms",
    }
    nothing = page.AimFilters.parse(DEMO | {"theme": "finance", "region": "RO21"})
    assert "Choose another theme" in text_of(drawn(page.answer(nothing)))
    for form in ("csv", "xlsx"):
        reply = client.get(f"/export/strategy-map.{form}?programme=demo6&theme=finance&lang=en")
        assert reply.status_code == 200
        if form == "csv":
            text = reply.get_data(as_text=True)
            assert "Demonstration data" in text
            assert "theme=finance" in text
            assert "Guarantee pool" in text
            assert "Open laboratories" not in text


def test_without_a_chain_the_page_says_what_is_missing(page: Any) -> None:
    tree = drawn(page.layout(programme="clusterpolisee"))
    text = text_of(tree)
    assert "No theory of change is on record." in text
    assert "What it set out to do" in text
    assert not of_class(tree, "demo-banner")
    assert not of_class(tree, "chain-map")


def test_the_thread_leads_back_from_figures_and_signposts(request_context: None) -> None:
    of_figure = drawn(pilot_lines.of_indicator("HU22", "rd_expenditure_gdp"))
    assert links(of_figure) == ["/pilots?programme=demo6&pilot=pilot01"]
    assert "demonstration data" in text_of(of_figure)
    of_signpost = drawn(pilot_lines.of_signpost("see2035", "hu22_rd"))
    assert links(of_signpost) == ["/pilots?programme=demo6&pilot=pilot01"]
    assert pilot_lines.of_indicator("HU22", "employment_rate") is None
    assert links(drawn(pilot_lines.of_region("HU22"))) == ["/strategy?programme=demo6&region=HU22"]
    # Every figure and signpost that a pilot names leads back to it.
    known = aims.bearings()
    for row in frames.records(frames.programme_part("pilots", "demo6")):
        keys = [("signpost", one["set"], one["signpost"]) for one in row["signposts"]]
        keys += [("indicator", one["region"], one["indicator"]) for one in row["moves"] if one["region"]]
        for key in keys:
            assert row["code"] in {one.pilot for one in known[key]}


def test_decisions_lead_to_risks_and_risks_to_pilots(request_context: None, app: Dash) -> None:
    from dashboard.pages import decisions

    tree = drawn(decisions.layout(programme="demo6"))
    found = set(links(tree))
    assert "/pilots?programme=demo6&pilot=pilot06" in found
    assert any(one.startswith("/decisions?programme=demo6&risk=r01#risk-r01") for one in found)
    table = decisions.risk_exhibit(decisions.DecisionFilters.parse(DEMO)).table.set_index("code")
    assert table.loc["r01", "tried_href"] == "/pilots?programme=demo6&pilot=pilot06"
    assert re.search(r"&decision=(dec\d+)#decision-\1$", table.loc["r01", "decided_href"])


def test_the_theme_narrows_what_needs_the_committee(request_context: None) -> None:
    whole, _more = programmes.attention("demo6")
    assert 0 < len(whole) <= 7
    assert all(one.owner or one.owners for one in whole)
    assert all(one.since for one in whole)
    finance, _more = programmes.attention("demo6", "finance")
    assert len(finance) < len(whole)
    clocks = [programmes.clock("demo6", theme.value) for theme in programmes.theme_options() if theme.value != "all"]
    assert sum(clock.decisions for clock in clocks) == programmes.clock("demo6").decisions == 26
    assert sum(clock.overdue for clock in clocks) == 4


def test_evaluations_show_each_step_and_the_agreement(request_context: None) -> None:
    shown = evaluation_parts.matrix_exhibit(ProgrammeFilters.parse(DEMO))
    evaluations = frames.programme_part("evaluations", "demo6")
    given_ = evaluations[evaluations["step"].notna()]
    steps = shown.table[[f"step{n}" for n in range(1, 5)]].to_numpy().sum()
    assert steps == len(given_)
    assert (shown.table["evaluators"] == shown.table[[f"step{n}" for n in range(1, 5)]].sum(axis=1)).all()
    assert re.search(r"alpha −?\d\.\d\d", shown.notes[0])
    tree = drawn(evaluation_parts.section(ProgrammeFilters.parse(DEMO)))
    assert len(of_class(tree, "step")) > 90
    form = next(node for node in nodes(tree) if node["props"].get("id") == "evaluate")
    assert "for-editors" in form["props"]["className"]
    assert "No evaluation" in text_of(
        drawn(evaluation_parts.section(ProgrammeFilters.parse({"programme": "clusterpolisee"})))
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(float("nan"), "Too few"), (0.9, "relied upon"), (0.7, "tentative"), (0.1, "too much"), (-0.2, "too much")],
)
def test_alpha_is_told_in_words(request_context: None, value: float, words: str) -> None:
    assert words in evaluation_parts.how_to_read(value)


def test_quality_of_deliverables(request_context: None) -> None:
    shown = quality_parts.quality_exhibit(ProgrammeFilters.parse(DEMO))
    table = shown.table
    assert len(table) == 37
    returned = table[table["quality"] == "returned"]
    assert (returned["comment"] != "").all()
    assert table["quality"].tolist()[: len(returned)] == ["returned"] * len(returned)
    assert quality_parts.section(ProgrammeFilters.parse({"programme": "clusterpolisee"})) is None


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["programme", "theme", "region", "level", "period", "x"]), st.text(max_size=8)
    )
)
def test_nothing_asked_for_breaks_the_page(page: Any, query: dict[str, str]) -> None:
    assert drawn(page.layout(**query))


def test_hungarian_speaks_hungarian(page: Any) -> None:
    set_language("hu")
    text = re.sub(r"https?://\S+", "", text_of(drawn(page.layout(**DEMO))))
    assert "8 intézkedés, 12 kísérletben kipróbálva" in text
    assert "Hozzájárulás, nem bizonyíték" in text
    assert not re.search(r"\b(measure|pilot|contribution|signpost|strategy|because)s?\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("evaluator", "kind", "good"),
    [("Evaluator A", "pilot", True), ("Értékelő 2", "measure", True), ("a|b", "pilot", False), ("A", "risk", False)],
)
def test_who_evaluates_what_is_checked(evaluator: str, kind: str, good: bool) -> None:
    from dashboard import editable

    key = {"subject_kind": kind, "subject": "pilot01", "criterion": "relevance", "evaluator": evaluator}
    assert (editable.bad_key_part("evaluation", key) is None) == good


def test_without_figures_of_regions_the_map_says_so(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme may be loaded before any figure is."""
    real, remember = frames.observations, frames.remember
    monkeypatch.setattr(frames, "observations", lambda *given, **more: real(*given, **more).head(0))
    monkeypatch.setattr(
        frames, "remember", lambda name, key, make: make() if name.startswith("aims") else remember(name, key, make)
    )
    tree = drawn(page.layout(**DEMO))
    boxes = of_class(tree, "chain-box-indicator")
    assert sum("no figures yet" in text_of(box) for box in boxes) == 11

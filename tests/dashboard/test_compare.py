"""Compare: sentences hold the table's numbers, ranks have ranges, any question gets an answer in both languages."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard import findings, frames, theme
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.filters import control_id
from dashboard.i18n import catalogue, number, set_language

KEYS = (
    "compare-gaps",
    "compare-peers",
    "compare-indicator",
    "compare-scatter",
    "compare-ranks",
    "compare-map",
    "compare-sigma",
    "compare-beta",
)
REGIONS = ("HU33", "ITI3", "RO32", "RS11", "AL01", "XK00")


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    from dashboard.pages import compare

    return compare


def built(page: Any, key: str, **query: str) -> Exhibit:
    return REGISTRY[key].build(page.CompareFilters.parse(query))


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key in ("children", "title", "aria-label", "label"):
            yield from texts(node.get("props", node).get(key))
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def drawn(component: Any) -> Any:
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


@pytest.mark.parametrize("region", REGIONS)
def test_the_heading_counts_what_the_table_holds(page: Any, region: str) -> None:
    found = built(page, "compare-gaps", region=region)
    table = found.table
    counts = {kind: int((table["verdict"] == kind).sum()) for kind in ("behind", "ahead")}
    said = found.answer.removeprefix(frames.region_names()[region])
    if len(table):
        assert number(len(table)) in re.findall(r"\d+", said)
    for kind, count in counts.items():
        if count:
            assert number(count) in re.findall(r"\d+", said), (kind, said)
    if counts["behind"]:
        worst = table.iloc[0]
        assert f"{worst['clear']} of {worst['peers']} peers" in said


def test_story_p3(page: Any, app: Dash) -> None:
    found = built(page, "compare-indicator", region="ITI3", indicator="rd_expenditure_gdp")
    own, peers = found.table[found.table["region"] == "ITI3"], found.table[found.table["region"] != "ITI3"]
    clear = int((peers["verdict"] != "unclear").sum())
    assert found.answer == f"Marche is below most peers; {clear} of {len(peers)} peers differ clearly."
    assert (peers["value"] > own["value"].iloc[0]).sum() > len(peers) / 2
    median = number(peers["value"].median(), 2)
    assert f"peer median {median}%" in found.subtitle
    low, high = (number(peers["value"].quantile(q), 2) for q in (0.1, 0.9))
    assert f"{low}% – {high}%" in found.subtitle
    for row in peers.to_dict("records"):
        apart = row["low"] > own["high"].iloc[0] or row["high"] < own["low"].iloc[0]
        assert (row["verdict"] != "unclear") == apart
    client: FlaskClient = app.server.test_client()
    text = client.get("/export/compare-indicator.csv?region=ITI3&indicator=rd_expenditure_gdp").get_data(as_text=True)
    head = [line for line in text.lstrip("\ufeff").splitlines() if line.startswith("#")]
    for wanted in ("region=ITI3", "% of GDP", "2023", "low reliability", "/compare?"):
        assert any(wanted in line for line in head), wanted


def test_peers_are_explained_by_three_variables_each(page: Any) -> None:
    found = built(page, "compare-peers", region="ITI3")
    assert len(found.table) == 10
    assert found.table["distance"].is_monotonic_increasing
    for column in ("alike", "different"):
        assert all(text.count("; ") == 2 for text in found.table[column])
    assert len(built(page, "compare-peers", region="ITI3", n="4").table) == 4
    countries = frames.regions().set_index("code")["country"]
    abroad = built(page, "compare-peers", region="ITI3", abroad="1").table["region"]
    assert "IT" not in set(abroad.map(countries))
    listed = built(page, "compare-peers", region="ITI3", peers="own", own="HU33,AT12").table["region"]
    assert set(listed) == {"HU33", "AT12"}


def test_refused_structure_says_so_and_falls_back(page: Any) -> None:
    refused = [code for code in frames.current_regions()["code"] if findings.peers(code).refused]
    assert refused
    for code in refused:
        peers = findings.peers(code)
        line = " ".join(texts(drawn(page.answer(page.CompareFilters.parse({"region": code, "view": "peers"})))))
        assert peers.refused in line
        if peers.codes:
            assert peers.method == "gdp"
            assert "nearest in GDP per head" in line


@pytest.mark.parametrize("indicator", ["rd_expenditure_gdp", "unemployment_rate", "gdp_volume_index"])
def test_no_rank_without_a_range(page: Any, indicator: str) -> None:
    table = built(page, "compare-ranks", indicator=indicator).table
    assert table["rank_range"].str.fullmatch(r"\d+–\d+").all()
    named = table[table["rank"].notna()]
    assert ((named["rank_low"] <= named["rank"]) & (named["rank"] <= named["rank_high"])).all()
    wide = table["rank_high"] - table["rank_low"] > len(table) / 3
    assert table.loc[wide, "rank"].isna().all()


def test_the_rank_in_the_heading_is_that_of_the_table(page: Any) -> None:
    found = built(page, "compare-ranks", region="ITI3")
    mine = found.table[found.table["region"] == "ITI3"].iloc[0]
    for value in (mine["rank"], mine["rank_low"], mine["rank_high"], len(found.table), mine["value"] * 0 + 2023):
        assert number(value).replace(",", "") in found.answer


def test_a_year_without_figures_shows_the_nearest_and_says_so(page: Any) -> None:
    for key in ("compare-ranks", "compare-scatter"):
        found = built(page, key, year="2005")
        assert any("2005" in note and "2013" in note for note in (*found.notes, found.subtitle))


def test_convergence_claims_only_what_the_band_supports(page: Any) -> None:
    found = built(page, "compare-sigma")
    first, last = found.table.iloc[0], found.table.iloc[-1]
    assert f"from {number(first['cv'], 1)}% to {number(last['cv'], 1)}%" in found.answer
    beta = built(page, "compare-beta")
    assert f"({len(beta.table)} regions)" in beta.answer


def test_exports_keep_every_column(page: Any) -> None:
    for key in KEYS:
        labels = [column.label for column in built(page, key).columns]
        assert len(labels) == len(set(labels)), key


@pytest.mark.parametrize("key", KEYS)
def test_exhibits_name_sources_and_how_to_read(page: Any, key: str) -> None:
    found = built(page, key)
    known = set(frames.indicators()["code"])
    assert found.indicators
    assert set(found.indicators) <= known
    assert found.how
    assert found.answer.endswith(".")
    assert found.path == "/compare"


def test_two_indicators_that_are_the_same_or_never_meet(page: Any) -> None:
    assert built(page, "compare-scatter", x="employment_rate", y="employment_rate").table["x"].notna().all()
    apart = built(page, "compare-scatter", x="employment_share_ict", y="rd_expenditure_gdp", year="2024")
    assert apart.answer


junk = st.one_of(
    st.text(max_size=12), st.integers(), st.none(), st.lists(st.text(max_size=5), max_size=3), st.sampled_from(REGIONS)
)
FIELDS = ("view", "region", "peers", "indicator", "x", "y", "year", "n", "abroad", "own", "<script>")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(st.sampled_from(FIELDS), junk),
    view=st.sampled_from(["gaps", "peers", "indicator", "scatter", "ranking", "convergence"]),
    region=st.sampled_from(REGIONS),
    method=st.sampled_from(["structural", "gdp", "own"]),
)
def test_nothing_that_is_asked_for_breaks_it(
    page: Any, asked: dict[str, Any], view: str, region: str, method: str
) -> None:
    assert page.layout(**asked)
    assert page.update(**({"view": view, "region": region, "peers": method} | asked))


def _reply(app: Dash, output: str, changed: str, **query: str) -> Any:
    """What the server answers to a change of one control."""
    from dashboard.pages.compare import PAGE, CompareFilters

    chosen = CompareFilters.parse(query)
    ids = {name: control_id(PAGE, name) for name in CompareFilters.inputs(PAGE)}
    name, prop = output.split(".")
    question = {
        "output": output,
        "outputs": {"id": name, "property": prop},
        "inputs": [{"id": ids[field], "property": "value", "value": getattr(chosen, field)} for field in ids],
        "changedPropIds": [json.dumps(ids[changed], separators=(",", ":"), sort_keys=True) + ".value"],
    }
    return app.server.test_client().post("/_dash-update-component", json=question)


def test_a_step_through_the_years_leaves_the_figure_in_place(page: Any, app: Dash) -> None:
    asked = {"view": "scatter", "year": "2017"}
    stepped = _reply(app, "compare-answer.children", "year", **asked).get_json()
    assert not stepped.get("response")
    moved = stepped["sideUpdate"]
    assert "(2017)" in moved["compare-scatter-answer"]["children"]
    assert "2017" in json.dumps(moved["compare-scatter-graph"]["figure"])
    assert "2017" in moved["compare-scatter-subtitle"]["children"]
    assert "2017" in json.dumps(moved["compare-scatter-actions"]["children"])
    whole = _reply(app, "compare-answer.children", "region", **asked).get_json()
    assert "compare-scatter-card" in json.dumps(whole["response"])


def test_play_steps_through_the_years_that_have_figures(page: Any) -> None:
    layout = json.dumps(drawn(page.layout(view="scatter")))
    years = re.search(r'"data-values": "([0-9,]+)"', layout)
    assert years
    assert years.group(1).split(",")[0] == "2013"


def test_only_one_control_holds_the_view(page: Any) -> None:
    layout = json.dumps(drawn(page.layout()))
    assert layout.count('"id": {"type": "filter", "page": "compare", "name": "view"}') == 1


@pytest.mark.parametrize("view", ["gaps", "peers", "indicator", "scatter", "ranking", "convergence"])
@pytest.mark.parametrize("region", ["ITI3", "RS11"])
def test_no_english_is_left_in_hungarian(page: Any, view: str, region: str) -> None:
    names = set(frames.sources()["publisher"])
    english = {key for key, forms in catalogue("hu").items() if key not in forms and " " in key and key not in names}
    set_language("hu")
    try:
        layout = drawn(page.layout(view=view, region=region))
    finally:
        set_language("en")
    words = " ".join(texts(layout)) + json.dumps(layout, ensure_ascii=False)
    plain = [text for text in english if "{" not in text and len(text) > 9 and text in words]
    assert plain == []
    said = re.sub(r"https?://\S+", "", " ".join(texts(layout)))
    for name in names:
        said = said.replace(name, "")
    assert not re.search(r"\b(the|of|with|peers|region is|year)\b", said)


def test_figures_follow_the_scheme(page: Any) -> None:
    theme.set_scheme("dark")
    try:
        found = built(page, "compare-gaps")
    finally:
        theme.set_scheme("light")
    assert theme.DARK.accent in json.dumps(found.figure)
    assert theme.LIGHT.accent not in json.dumps(found.figure)

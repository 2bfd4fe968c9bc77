"""My region: every region gives a page, every number is the finding's, nothing that is asked for breaks it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard import findings, frames
from dashboard.i18n import catalogue, number, set_language

HERE = Path(__file__).parents[2]


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    from dashboard.pages import region

    return region


def texts(node: Any) -> Iterator[str]:
    """All words of a drawn page, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        if "props" in node:
            for key in ("children", "title", "aria-label", "alt", "label"):
                yield from texts(node["props"].get(key))
        elif "label" in node:
            yield from texts(node["label"])
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def drawn(component: Any) -> Any:
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def ids(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "props" in node and "id" in node["props"]:
            yield json.dumps(node["props"]["id"], sort_keys=True)
        for child in node.values():
            yield from ids(child)
    elif isinstance(node, list):
        for child in node:
            yield from ids(child)


def test_regions_of_all_countries_give_a_page(page: Any) -> None:
    names, regions = frames.region_names(), frames.current_regions()
    for code in regions.groupby("country")["code"].nth([0, 1, -1]):
        chosen = page.RegionFilters.parse({"region": code})
        shown = page._profile(chosen)
        assert names[code] in " ".join(texts(drawn(page._head(shown, chosen))))
        assert page._trend(chosen, shown).answer.startswith(names[code])
        assert shown.coverage.newest is not None or "no figures" in page._headline(shown)


def test_page_has_one_h1_and_no_id_twice(page: Any) -> None:
    whole = drawn(page.layout(region="ITI3"))
    assert json.dumps(whole).count('"type": "H1"') == 1
    seen = list(ids(whole))
    assert len(seen) == len(set(seen))


def test_tiles_show_the_findings_numbers(page: Any) -> None:
    shown = findings.profile("ITI3", findings.peers("ITI3"))
    head = " ".join(texts(drawn(page._head(shown, page.RegionFilters.parse({"region": "ITI3"})))))
    for _number, row in shown.tiles.iterrows():
        assert number(row["value"], row["decimals"]) in head
        assert str(row["period"]) in head


def test_exhibits_hold_the_findings_numbers(page: Any) -> None:
    chosen = page.RegionFilters.parse({"region": "ITI3", "indicator": "rd_expenditure_gdp"})
    shown = findings.profile("ITI3", findings.peers("ITI3"))
    row = shown.all.set_index("indicator").loc["rd_expenditure_gdp"]
    trend = page.trend(chosen)
    table = trend.table.set_index("period")
    assert table.loc[row["period"], "ITI3"] == row["value"]
    assert table.loc[row["peers_period"], findings.MEDIAN] == pytest.approx(row["peers_value"])
    assert number(row["value"], 2) in trend.answer
    own = next(trace for trace in trend.figure["data"] if trace.get("name") == "Marche")
    assert {y: v for y, v in zip(own["x"], own["y"], strict=True) if y} == table["ITI3"].dropna().to_dict()
    assert page.indicators(chosen).table.set_index("indicator").loc["rd_expenditure_gdp", "value"] == row["value"]
    aimed = page.distance(chosen)
    assert aimed.table.set_index("indicator").loc["rd_expenditure_gdp", "target_value"] == 3
    assert number(row["value"], 2) in aimed.answer


def test_each_number_of_the_news_leads_to_a_row_of_the_page(page: Any) -> None:
    whole = json.dumps(drawn(page.layout(region="ITI3")))
    wanted = set(re.findall(r'"href": "#(row-[a-z0-9_]+)"', whole))
    assert wanted
    assert wanted <= set(re.findall(r'"id": "(row-[a-z0-9_]+)"', whole))


def test_region_without_figures_says_what_is_missing(page: Any) -> None:
    words = " ".join(texts(drawn(page.layout(region="XK00"))))
    assert "hold no figures for this region" in words
    assert "missing is not zero" in words
    assert "better than the median" not in words


def test_missing_headline_values_are_named_not_zero(page: Any) -> None:
    words = " ".join(texts(drawn(page.layout(region="AL01"))))
    assert words.count("not published for this region") == 4


def test_former_region_is_named(page: Any) -> None:
    shown = page.trend(page.RegionFilters.parse({"region": "HU11", "indicator": "employment_total"}))
    assert any("HU10" in note for note in shown.notes)
    assert any("(former)" in str(trace.get("name")) for trace in shown.figure["data"])


def test_callbacks_answer_like_the_page(page: Any) -> None:
    values = {"region": "RO11", "indicator": "rd_expenditure_gdp", "peers": "gdp", "abroad": ["1"], "own": []}
    head, below = page.update_region(**{k: v for k, v in values.items() if k != "indicator"})
    assert any("North-West" in text for text in texts(drawn(head)))
    assert below
    assert "R&D" in " ".join(texts(drawn(page.update_trend(**values))))


ANYTHING = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.booleans(), st.lists(st.text(max_size=6), max_size=4)
)
KNOWN = {
    "region": ["HU33", "HU11", "XK00", "AL01", "EL62", "HR06"],
    "indicator": ["rd_expenditure_gdp", "employment_total", "unemployment_rate", "patents_epo"],
    "peers": ["structural", "gdp", "own"],
    "abroad": ["1", "0", ["1"]],
    "own": ["RO11,AT11", ["XK00", "BA01"], "HU33"],
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {}, optional={name: st.one_of(st.sampled_from(some), ANYTHING) for name, some in KNOWN.items()}
    )
)
def test_nothing_that_is_asked_for_breaks_the_page(page: Any, query: dict[str, Any]) -> None:
    assert drawn(page.layout(**query, anything="<script>"))
    chosen = page.RegionFilters.parse(query)
    for build in (page.trend, page.indicators, page.distance):
        assert build(chosen).answer


@pytest.mark.parametrize("region", ["HU11", "HU33", "XK00", "AL01"])
def test_hungarian_page_has_no_english_left(page: Any, region: str) -> None:
    set_language("hu")
    words = set(texts(drawn(page.layout(region=region, indicator="employment_total"))))
    english = {msgid for msgid, forms in catalogue("hu").items() if msgid not in forms and len(msgid) > 3}
    # The publisher's own name stands in the sources' catalogue as it is.
    assert not (words & english) - {"Eurostat, European Commission"}
    left = re.compile(r"\b(the|of|and|are|with|years?|value|peers|better|worse|target|compared)\b")
    assert not [text for text in words if left.search(text) and not text.startswith(("http", "@"))]


def test_every_message_of_the_room_is_translated() -> None:
    import ast

    rooms = ("pages/region.py", "findings.py", "choices.py", "figures/trends.py", "figures/targets.py")
    known = catalogue("hu")
    for room in rooms:
        for node in ast.walk(ast.parse((HERE / "dashboard" / room).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_", "ngettext"):
                message = node.args[0]
                if isinstance(message, ast.Constant):
                    assert message.value in known, message.value

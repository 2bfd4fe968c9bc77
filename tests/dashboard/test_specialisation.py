"""Specialisation: the moves and their evidence, who stands in for whom, parts that add up, any question answered."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard import exports, frames, specialisations
from dashboard.components import specialisation_parts as parts
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.i18n import catalogue, number, set_language, signed
from tests.dashboard import made_industries

KEYS = (
    "specialisation-diamond",
    "specialisation-moves",
    "specialisation-structure",
    "specialisation-industries",
    "specialisation-stars",
    "specialisation-shift",
    "specialisation-space",
)


@pytest.fixture
def page(request_context: None, app: Dash) -> Any:
    from dashboard.pages import specialisation

    return specialisation


@pytest.fixture
def made(page: Any, monkeypatch: pytest.MonkeyPatch) -> dict[int, pd.DataFrame]:
    return made_industries.install(monkeypatch)


def chosen(**query: str) -> parts.SpecialisationFilters:
    return parts.SpecialisationFilters.parse({"series": made_industries.SERIES} | query)


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


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node.get("props", {})
        yield from nodes(node.get("props", node).get("children"))
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def whole(page: Any, **query: str) -> list[Any]:
    """The page with the parts that it asks for once it stands."""
    return [drawn(page.layout(**query)), drawn(page.update_good_at(**query)), drawn(page.update_beside(**query))]


# --- what next ---


@pytest.mark.parametrize("region", ["HU33", "ITC4", "RO32"])
def test_the_heading_names_moves_with_the_numbers_of_the_table(made: Any, region: str) -> None:
    found = built("specialisation-moves", region=region)
    shown = specialisations.portfolio(region, made_industries.SERIES)
    heading = specialisations.headline(shown)
    said = specialisations.plain(heading)
    assert 1 <= len(found.table) <= specialisations.MOVES
    rows = {row["anchor"]: row for row in frames.records(found.table)}
    numbers = [part for part in heading if part.anchor]
    assert {part.anchor for part in numbers} == set(rows)
    for part in numbers:
        row = rows[part.anchor]
        assert part.text in (number(row["density"], 2), signed(row["pci"], 2))
    for row in rows.values():
        assert row["name"].lower() in said.lower()
        assert row["name"].lower() in found.answer.lower()


def test_moves_are_neither_present_nor_public_nor_far_and_simple(made: Any) -> None:
    for region in ("HU33", "ITC4", "RO32"):
        shown = specialisations.portfolio(region, made_industries.SERIES)
        named = specialisations.possible(shown)
        assert not set(named["industry"]) & made_industries.PUBLIC
        assert not named["present"].any()
        assert "dead_end" not in set(named["quadrant"])
        both = [(row["density"], row["pci"]) for row in frames.records(named)]
        best = both[0]
        # Nothing that could be named is both nearer and more complex than the first.
        assert not [pair for pair in both if pair[0] > best[0] and pair[1] > best[1]]
    assert specialisations.possible(shown, minimum=1e9).empty


def test_few_industries_make_no_ranking(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specialisations, "BROAD", 100)
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    said = specialisations.plain(specialisations.headline(shown))
    assert "first look" in said
    assert "promising" not in said
    named = specialisations.moves(shown)
    assert named["density"].is_monotonic_decreasing
    assert any("no order of moves" in note for note in built("specialisation-diamond").notes)


def test_complexity_that_cannot_be_told_is_not_told(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = frames.derived

    def without(name: str, subject: str, part: str = "") -> Any:
        result = whole(name, subject, part)
        if result is None or "pci" not in result.frame:
            return result
        return type(result)(result.frame.assign(pci=np.nan), result.facts)

    monkeypatch.setattr(frames, "derived", without)
    found = built("specialisation-moves")
    assert found.table["pci"].isna().all()
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    assert "complexity cannot be told" in specialisations.plain(specialisations.headline(shown))
    assert built("specialisation-diamond").figure is None
    assert built("specialisation-diamond").empty
    assert "not identified" in " ".join(built("specialisation-structure").notes)


def test_quadrants_part_where_the_lines_are_drawn(made: Any) -> None:
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    split = specialisations.split(shown)
    assert split is not None
    figure = built("specialisation-diamond").figure
    assert figure is not None
    xs = {shape["x0"] for shape in figure["layout"]["shapes"] if shape["x0"] == shape["x1"]}
    assert xs == {split[0]}
    turned = shown.rows.assign(quadrant=shown.rows["quadrant"].replace({"high_road": "dead_end"}))
    assert specialisations.split(replace(shown, rows=turned)) is None


def test_why_names_what_is_there_and_who_has_it(made: Any) -> None:
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    code = str(specialisations.moves(shown)["industry"].iloc[0])
    found = specialisations.why(shown, code)
    assert found is not None
    held = set(shown.rows.loc[shown.rows["present"] == True, "industry"])  # noqa: E712
    assert set(found.related["industry"]) <= held
    assert len(found.related)
    assert (found.related["lq"] >= 1).all()
    assert (found.holders["lq"] >= 1).all()
    assert "HU33" not in set(found.holders["region"])
    assert found.nearer[0] <= found.nearer[1]
    assert specialisations.why(shown, "nothing") is None


def test_an_industry_can_be_picked_by_address_and_keyboard(page: Any, made: Any) -> None:
    from dashboard.components.specialisation_next import why_panel

    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    code = str(shown.rows["industry"].iloc[-1])
    panel = drawn(why_panel(chosen(pick=code)))
    assert f"({code})" in " ".join(texts(panel))
    buttons = [node for node in nodes(panel) if node.get("data-action") == "pick"]
    assert all(button["data-filter"] == "pick" for button in buttons)
    assert "no such" not in chosen(pick="no such").pick
    tree = whole(page, series=made_industries.SERIES)
    picks = {node["data-value"] for node in nodes(tree) if node.get("data-action") == "pick"}
    assert set(shown.rows["industry"]) <= picks


# --- who stands in ---


def test_a_region_without_figures_is_told_so(made: Any) -> None:
    shown = specialisations.portfolio("RS11", made_industries.SERIES)
    assert shown.stand == "none"
    found = built("specialisation-industries", region="RS11")
    assert "polisee load --live lfst_r_lfe2en2" in found.empty
    assert found.figure is None


def test_an_older_region_stands_in_and_is_named_everywhere(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = frames.derived

    def renamed(name: str, subject: str, part: str = "") -> Any:
        if part in ("HU11", "HU12"):
            return None
        result = whole(name, subject, "HU11" if part == "HU10" else part)
        if part == "regions" and result is not None:
            kept = result.frame[result.frame["region"] != "HU12"].replace({"region": {"HU11": "HU10"}})
            return type(result)(kept, result.facts)
        return result

    figures = frames.industry_figures
    monkeypatch.setattr(frames, "derived", renamed)
    monkeypatch.setattr(
        frames,
        "industry_figures",
        lambda *a, **k: figures(made_industries.SERIES).replace({"region": {"HU11": "HU10"}}),
    )
    shown = specialisations.portfolio("HU11", made_industries.SERIES)
    assert (shown.stand, shown.source) == ("former", "HU10")
    assert "HU10" in shown.note
    assert "HU10" in shown.standing_in
    for key in KEYS:
        assert shown.standing_in in built(key, region="HU11").notes, key


def test_a_country_stands_in_where_one_region_is_missing(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = frames.derived

    def without(name: str, subject: str, part: str = "") -> Any:
        result = None if part == "HU33" else whole(name, subject, part)
        if part == "regions" and result is not None:
            return type(result)(result.frame[result.frame["region"] != "HU33"], result.facts)
        return result

    monkeypatch.setattr(frames, "derived", without)
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    assert (shown.stand, shown.source) == ("country", "HU")
    regions = [code for code in made[2020].index if code.startswith("HU") and code != "HU33"]
    expected = made[2020].loc[regions].sum().sort_values(ascending=False)
    assert shown.rows["value"].tolist() == pytest.approx(expected.tolist())
    assert shown.rows["share"].sum() == pytest.approx(1)
    assert built("specialisation-diamond").figure is None
    found = built("specialisation-shift")
    assert len(found.table) == len(expected) + 1
    assert found.table["check"].abs().max() < 1e-9
    assert shown.standing_in in built("specialisation-industries").notes


REAL = "employment_nace"


def test_the_starter_figures_are_a_first_look(page: Any) -> None:
    shown = specialisations.portfolio("HU33", REAL)
    assert (shown.stand, shown.period, len(shown.rows)) == ("own", 2015, 10)
    assert shown.coarse
    assert shown.rows["share"].sum() == pytest.approx(1)
    said = specialisations.plain(specialisations.headline(shown))
    assert said.startswith("Southern Great Plain: a first look with 10 broad industries, not a ranking.")
    public = shown.rows.set_index("industry")["public"]
    assert public["O-Q"]
    assert not public.drop("O-Q").any()
    assert "unknown" in set(built("specialisation-diamond", series=REAL).table["state"])  # real estate is suppressed
    assert "Real estate" in " ".join(built("specialisation-industries", series=REAL).notes)


def test_regions_that_were_split_show_the_older_one(page: Any) -> None:
    for region, older in (("HU11", "HU10"), ("HU12", "HU10"), ("HR05", "HR04")):
        shown = specialisations.portfolio(region, REAL)
        assert (shown.stand, shown.source) == ("former", older)
        assert older in shown.note
    assert specialisations.portfolio("RS11", REAL).stand == "none"


def test_hungarian_figures_have_hungarian_names(page: Any) -> None:
    set_language("hu")
    try:
        said = " ".join(texts(whole(page, region="HU11")))
    finally:
        set_language("en")
    assert not re.findall(r"\b(?:[Rr]eal|estate|industry|services|with|the)\b", said)


# --- beside the whole, over time ---


@pytest.mark.parametrize("beside", ["area", "country"])
def test_shift_share_adds_up_in_rows_total_and_sentence(made: Any, beside: str) -> None:
    found = built("specialisation-shift", beside=beside)
    table = found.table
    assert table["check"].abs().max() < 1e-9
    total, rest = table.iloc[0], table.iloc[1:]
    for column in ("change", "national", "mix", "regional", "start_value", "end_value"):
        assert total[column] == pytest.approx(rest[column].sum())
    x, y = made[2015], made[2020]
    inside = [code for code in x.index if beside == "area" or code.startswith("HU")]
    growth = y.loc[inside].to_numpy().sum() / x.loc[inside].to_numpy().sum() - 1
    assert total["national"] == pytest.approx(x.loc["HU33"].sum() * growth)
    words = [float(text.replace("−", "-").replace("+", "")) for text in re.findall(r"[+−]?\d+\.\d", found.answer)]
    assert words[0] == pytest.approx(sum(words[1:]), abs=1e-9)
    assert words == pytest.approx([total[c] for c in ("change", "national", "mix", "regional")], abs=0.1)


@settings(max_examples=40)
@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5), st.integers(0, 2))
def test_rounded_parts_add_up(given_parts: list[float], decimals: int) -> None:
    total = sum(given_parts)
    found = specialisations.rounded(total, given_parts, decimals)
    unit = 10.0**decimals
    assert round(sum(found) * unit) == round(total * unit)
    assert all(abs(a - b) <= 1 / unit + 1e-9 for a, b in zip(found, given_parts, strict=True))


def test_quotients_beside_the_country_are_its_own(made: Any) -> None:
    shown = specialisations.portfolio("HU33", made_industries.SERIES)
    rows = specialisations.structure(shown, "country").set_index("industry")
    x = made[2020]
    here = x.loc[[code for code in x.index if code.startswith("HU")]]
    expected = (x.loc["HU33"] / x.loc["HU33"].sum()) / (here.sum() / here.sum().sum())
    assert rows["lq"].to_dict() == pytest.approx(expected.to_dict())
    assert specialisations.structure(shown, "area") is shown.rows


def test_a_year_without_figures_gives_the_one_before_and_says_so(made: Any) -> None:
    shown = specialisations.portfolio("HU33", made_industries.SERIES, 2018)
    assert shown.period == 2015
    assert specialisations.spans(shown) == []
    assert built("specialisation-shift", year="2015").empty


# --- the whole page ---


def test_sentences_are_filled_in_parts() -> None:
    said = specialisations.said("{a}: {b}.", a="x", b=specialisations.Part("3", "row"))
    assert specialisations.plain(said) == "x: 3."
    assert [part.anchor for part in said] == ["", "", "row", ""]


@pytest.mark.parametrize("key", KEYS)
def test_exhibits_hold_what_they_promise(made: Any, key: str) -> None:
    found = built(key)
    assert found.answer
    assert found.how
    assert found.indicators == (made_industries.SERIES,)
    assert {column.name for column in found.columns} <= set(found.table.columns)
    json.dumps(drawn(found.figure), allow_nan=False)
    held = exports.as_csv(found).decode("utf-8-sig")
    assert "Nace C" in held or key == "specialisation-structure"
    json.loads(exports.as_json(found))


def test_every_text_is_hungarian(made: Any, page: Any) -> None:
    known = catalogue("hu")
    english = set(known) - {forms[0] for forms in known.values()}
    set_language("hu")
    try:
        for region in ("HU33", "RS11"):
            said = list(texts(whole(page, region=region, series=made_industries.SERIES)))
            assert not sorted(english & set(said))
            assert not [text for text in said if re.search(r"\b(the|and|with|industry|region)\b", text)]
    finally:
        set_language("en")


ANY = st.dictionaries(
    st.sampled_from(["region", "series", "year", "start", "beside", "minimum", "pick"]),
    st.sampled_from(["HU33", "RS11", "ITC4", "made", "2015", "2020", "country", "C10", "T97", "", "x", "-1", "5"]),
    max_size=7,
)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(query=ANY)
def test_any_question_gets_an_answer(made: Any, page: Any, query: dict[str, str]) -> None:
    json.dumps(whole(page, **query), allow_nan=False)


def test_callbacks_draw_what_the_layout_draws(made: Any, page: Any) -> None:
    query = {"region": "ITC4", "series": made_industries.SERIES}
    first = json.dumps(drawn(page.layout(**query)))
    for part in (page.update_head, page.update_next):
        assert json.dumps(drawn(part(**query))) in first
    cards = {str(node.get("id")) for part in whole(page, **query) for node in nodes(part)}
    assert {f"{key}-card" for key in KEYS} <= cards

"""Strategies: every vote counted, marks by the rules, words and downloads with the table's numbers, steps in order."""

import csv
import io
import json
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from pypdf import PdfReader
from sqlalchemy import delete, insert, make_url, update

from analysis import backcast as backcasting
from analysis import robustness
from analysis.robustness import Mark
from dashboard import frames, strategies
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.i18n import language, number, set_language, signed, speaking
from dashboard.strategies import PARTS, StrategyFilters
from store.engine import make_engine, writing
from store.schema_scenarios import Measure, Milestone, PayOff
from tests.dashboard.conftest import using
from tests.dashboard.made_futures import SCENARIOS, insert_made
from tests.dashboard.made_strategies import GROUPS, MEASURES, SCORES, insert_strategies

KEYS = (
    "strategies-payoff",
    "strategies-regret",
    "strategies-metrics",
    "strategies-metric",
    "strategies-portfolio",
    "strategies-budget",
    "strategies-disagreement",
    "strategies-votes",
    "strategies-backcast",
    "strategies-pace",
)
TODAY = date(2026, 7, 1)
MEDIANS = pd.DataFrame({m: [float(np.median(cell)) for cell in cells] for m, cells in SCORES.items()}, SCENARIOS).T


@pytest.fixture(scope="module")
def loaded(app: Dash, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """The application on the starter data, the made set with measures, one without and one where much is missing."""
    folder = tmp_path_factory.mktemp("strategies") / "copy"
    shutil.copytree(Path(make_url(database).database or "").parent, folder)
    url = f"sqlite:///{folder / 'polisee.sqlite'}"
    insert_strategies(url)
    insert_made(url, "bare", position=10)
    insert_strategies(url, "gaps")
    engine = make_engine(url)
    with writing(engine) as connection:
        for table in (PayOff, Measure, Milestone):
            connection.execute(delete(table).where(table.set_code == "bare"))  # type: ignore[attr-defined]
        gaps = PayOff.set_code == "gaps"
        connection.execute(delete(PayOff).where(gaps, PayOff.measure == "fair", PayOff.scenario == "old_paths"))
        connection.execute(delete(PayOff).where(gaps, PayOff.measure == "academy", PayOff.group_code == "firms"))
        connection.execute(
            update(Measure).where(Measure.set_code == "gaps", Measure.code == "office").values(cost=None)
        )
        mine = Milestone.set_code == "gaps"
        connection.execute(update(Milestone).where(mine, Milestone.code == "law").values(needs=["labs"]))
        connection.execute(update(Milestone).where(mine, Milestone.code == "goal").values(needs=["labs", "gone"]))
    engine.dispose()
    with using(url):
        frames.forget_engine()
        yield app


@pytest.fixture
def page(loaded: Dash) -> Iterator[Any]:
    from dashboard.pages import strategies as found
    from dashboard.theme import set_scheme

    with loaded.server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield found


def chosen(**query: str) -> StrategyFilters:
    return StrategyFilters.parse({"set": "made", **query})


def built(key: str, **query: str) -> Exhibit:
    return REGISTRY[key].build(chosen(**query))


def drawn(component: Any) -> Any:
    return json.loads(json.dumps(component, cls=PlotlyJSONEncoder))


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key in ("children", "title", "aria-label", "label", "options"):
            yield from texts(node.get("props", node).get(key))
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def said(page: Any, **query: str) -> str:
    asked = chosen(**query)
    return " ".join(texts(drawn(page.head(asked) + page.answer(asked))))


# --- votes and marks ------------------------------------------------------------------------------------------------


def test_all_votes_are_counted(page: Any) -> None:
    """Four scenarios, eight measures, five groups: 160 votes, a median and a spread in each cell."""
    board = strategies.board(chosen())
    assert board is not None
    assert (len(board.votes), board.expected, board.missing_votes()) == (160, 160, {})
    assert "160 of 160 judgements are in, from 5 groups" in said(page)
    pd.testing.assert_frame_equal(board.payoff, MEDIANS, check_names=False)
    for measure, cells in SCORES.items():
        for scenario, votes in zip(SCENARIOS, cells, strict=True):
            cell = board.cells[measure, scenario]
            assert (cell.low, cell.high) == tuple(np.quantile(votes, (0.25, 0.75)))
            assert cell.votes == 5


def test_marks_follow_the_rules(page: Any) -> None:
    shown = built("strategies-payoff")
    marks = dict(zip(shown.table["measure"], shown.table["mark"], strict=True))
    for measure, (name, *_rest) in MEASURES.items():
        worst = MEDIANS.loc[measure].min()
        assert marks[name] == ("robust" if worst >= 0 else "fragile" if worst <= -1 else "neither")
    robust = [name for name, mark in marks.items() if mark == "robust"]
    assert shown.answer.startswith(f"Robust: {robust[0]}")
    assert "Trade fairs abroad (in Islands)" in shown.answer
    assert "A new industrial park (in Old paths)" in shown.answer
    assert "5 of 8 measures hold up in all 4 futures; 3 are fragile" in said(page)


def test_the_figure_says_what_the_table_says(page: Any) -> None:
    shown = built("strategies-payoff")
    words = [note["text"] for note in shown.figure["layout"]["annotations"]]
    for row in frames.records(shown.table):
        assert row["measure"] in words
        for code in SCENARIOS:
            value = row[code]
            sign = "▲" if value > 0 else "▼" if value < 0 else "●"
            assert any(f"{sign} {strategies.score(value)}" in word for word in words)
            spread = row[f"{code}_spread"]
            assert any(spread in word for word in words)


def test_one_group_alone(page: Any) -> None:
    board = strategies.board(chosen(group="clusters"))
    assert board is not None
    place = list(GROUPS).index("clusters")
    for measure, cells in SCORES.items():
        assert board.payoff.loc[measure].tolist() == [float(votes[place]) for votes in cells]
    shown = built("strategies-payoff", group="clusters")
    assert "Cluster managers" in shown.subtitle
    assert not [column for column in shown.columns if column.name.endswith("_spread")]
    assert "32 of 32 judgements of Cluster managers are in" in said(page, group="clusters")


def test_regret_is_the_best_of_each_future_minus_the_own(page: Any) -> None:
    shown = built("strategies-regret")
    names = {name: code for code, (name, *_rest) in MEASURES.items()}
    for row in frames.records(shown.table):
        own = MEDIANS.max() - MEDIANS.loc[names[row["measure"]]]
        assert [row[code] for code in SCENARIOS] == own.tolist()
        assert row["largest"] == own.max()
    assert shown.table["largest"].is_monotonic_increasing
    assert number(shown.table["largest"].iloc[-1], 1) in shown.answer


def test_missing_judgements_are_told_and_never_zero(page: Any) -> None:
    board = strategies.board(chosen(set="gaps"))
    assert board is not None
    assert np.isnan(board.payoff.loc["fair", "old_paths"])
    # A fragile measure stays fragile whatever is missing.
    assert board.mark_of["fair"]["mark"] == Mark.FRAGILE
    assert board.missing_votes() == {"Ministries": 1, "Cluster managers": 1, "Firms": 5, "Universities": 1,
                                     "Development agencies": 1}  # fmt: skip
    line = said(page, set="gaps")
    assert "151 of 160 judgements are in" in line
    assert "Firms 5" in line
    assert "regrets are the least" in line
    ranking = built("strategies-metrics", set="gaps")
    assert any("Trade fairs abroad" in note for note in ranking.notes)
    row = ranking.table[ranking.table["measure"] == "Trade fairs abroad"].iloc[0]
    assert np.isnan(row["minimax_regret"])


# --- metrics --------------------------------------------------------------------------------------------------------


def test_places_are_those_of_the_arithmetic(page: Any) -> None:
    shown = built("strategies-metrics", worst="75", threshold="1")
    table = robustness.metrics(MEDIANS, threshold=1.0, weight_on_worst=0.75)
    table["mean_variance"] = robustness.metrics(MEDIANS + 2)["mean_variance"]
    ranks = robustness.rank_table(table)
    for row in frames.records(shown.table):
        code = next(code for code, (name, *_rest) in MEASURES.items() if name == row["measure"])
        assert [row[metric] for metric in ranks.columns] == ranks.loc[code].tolist()
    facts = robustness.choice(table)
    assert number(facts.agreement, 2) in shown.answer
    assert ("depends on the metric" in shown.answer) == facts.depends


@pytest.mark.parametrize("metric", robustness.METRICS)
def test_each_of_the_eleven_metrics_can_be_chosen(page: Any, metric: str) -> None:
    shown = built("strategies-metric", metric=metric)
    assert {column.name for column in shown.columns} >= set(robustness.METRICS)
    assert shown.how
    known = shown.table[metric].notna()
    expected = robustness.metrics(MEDIANS + 2 if metric == "mean_variance" else MEDIANS)[metric]
    expected = expected * (-1 if metric in strategies.REGRETS else 100 if metric == "starr" else 1)
    codes = [next(c for c, (n, *_r) in MEASURES.items() if n == name) for name in shown.table["measure"]]
    np.testing.assert_allclose(shown.table[metric], expected[codes])
    if known.any():
        first = shown.table.loc[shown.table["place"] == 1, "measure"]
        assert first.iloc[0] in shown.answer
    assert metric in {column.name for column in built("strategies-metrics", metric=metric).columns}


def test_classes_of_options(page: Any) -> None:
    line = said(page, part="metrics", threshold="1")
    share = (MEDIANS >= 1).mean(axis=1)
    assert f"No regrets · {(share == 1).sum()}" in line
    assert f"Opt out · {((share > 0.5) & (share < 1)).sum()}" in line
    assert f"Opt in · {((share > 0) & (share <= 0.5)).sum()}" in line
    assert f"Abandon · {(share == 0).sum()}" in line


def test_weights_are_used_only_when_told(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = strategies.board(chosen())
    assert found is not None
    assert strategies.weights(chosen(), found.found) == strategies.Weights(None)
    prior = strategies.weights(chosen(weights="prior"), found.found)
    assert prior.shares is None
    assert "no weights" in prior.note
    early = strategies.weights(chosen(weights="tracking"), found.found)
    assert early.shares is None
    assert "too early" in early.note
    assert strategies.tracked_region(chosen(), found.found) == "HU31"
    assert strategies.tracked_region(chosen(region="HU33"), found.found) == "HU33"
    shares = dict(zip(SCENARIOS, (0.7, 0.1, 0.1, 0.1), strict=True))
    kept = pd.DataFrame(
        [{"scenario": s, "weight": w, "as_of": date(2026, 7, 1)} for s, w in shares.items()]
        + [{"scenario": s, "weight": 0.25, "as_of": date(2026, 1, 1)} for s in shares]
    )
    monkeypatch.setattr(frames, "tracking", lambda _set, _region=None: kept)
    told = strategies.weights(chosen(weights="tracking"), found.found)
    assert told.shares == shares
    assert "no forecast" in told.note
    means = strategies.scores(chosen(weights="tracking"), found, told)["laplace"]
    np.testing.assert_allclose(means, MEDIANS @ np.array([0.7, 0.1, 0.1, 0.1]))


# --- portfolio ------------------------------------------------------------------------------------------------------


def limits() -> dict[str, Any]:
    return {
        "needs": {measure: needs for measure, (_en, _hu, _cost, needs, _ex) in MEASURES.items()},
        "exclusive": [(m, other) for m, (*_rest, excludes) in MEASURES.items() for other in excludes if m < other],
    }


@pytest.mark.parametrize(("budget", "combine"), [("2500", "sum"), ("5000", "sum"), ("8000", "best"), ("20000", "sum")])
def test_the_portfolio_is_the_best_under_its_budget(page: Any, budget: str, combine: str) -> None:
    asked = chosen(budget=budget, combine=combine, part="portfolio")
    board = strategies.board(asked)
    assert board is not None
    purse = strategies.purse(asked, board, strategies.Weights(None))
    assert purse is not None
    costs = {measure: float(cost or 0) for measure, (_en, _hu, cost, *_rest) in MEASURES.items()}
    solved = robustness.portfolio(MEDIANS, costs, float(budget), combine=combine, **limits())  # type: ignore[arg-type]
    assert purse.by_regret.worst_regret == pytest.approx(solved.worst_regret, abs=1e-6)
    assert purse.by_regret.cost <= float(budget)
    for row in frames.records(purse.curve):
        taken = set(row["measures"])
        assert row["cost"] <= row["budget"] + 1e-9
        assert "brand" not in taken or "office" in taken
        assert not {"park", "credit"} <= taken
    shown = built("strategies-portfolio", budget=budget, combine=combine)
    bought = set(shown.table.loc[shown.table["bought"] == "bought", "measure"])
    assert bought == {MEASURES[code][0] for code in purse.by_regret.measures}
    assert number(purse.by_regret.worst_regret, 1) in shown.answer
    mean = robustness.portfolio(
        MEDIANS,
        costs,
        float(budget),
        combine=combine,
        expected=dict.fromkeys(SCENARIOS, 1.0),
        **limits(),  # type: ignore[arg-type]
    )
    assert strategies.mean_of(purse.by_mean, strategies.Weights(None)) == pytest.approx(mean.bound, abs=1e-6)


def test_without_a_budget_half_of_everything(page: Any) -> None:
    total = sum(cost or 0 for _en, _hu, cost, *_rest in MEASURES.values())
    assert page.budget_hint(chosen(part="portfolio")) == f"half: {number(total / 2)}"
    assert number(total / 2) + " thousand EUR" in said(page, part="portfolio")


def test_what_cannot_be_chosen_says_why(page: Any) -> None:
    shown = built("strategies-portfolio", set="gaps")
    why = dict(zip(shown.table["measure"], shown.table["why"], strict=True))
    assert why["Joint office in Brussels"] == "its cost is not known"
    assert "needs Joint office in Brussels" in why["A joint export brand"]
    assert why["Trade fairs abroad"] == "judgements are missing"
    assert why["Skills academy run by the clusters"] == ""
    assert any("Not to choose from" in note for note in shown.notes)


def test_more_money_names_the_next_measure(page: Any) -> None:
    asked = chosen(budget="5000")
    board = strategies.board(asked)
    assert board is not None
    purse = strategies.purse(asked, board, strategies.Weights(None))
    assert purse is not None
    held = set(purse.by_regret.measures)
    later = purse.curve[purse.curve["budget"] > 5000]
    row = next(r for r in frames.records(later) if set(r["measures"]) - held)
    answer = built("strategies-budget", budget="5000").answer
    assert strategies.money(row["budget"], "EUR") in answer
    assert any(MEASURES[code][0] in answer for code in set(row["measures"]) - held)


# --- groups ---------------------------------------------------------------------------------------------------------


def test_the_most_disputed_cell_stands_first(page: Any) -> None:
    shown = built("strategies-disagreement")
    first = shown.table.iloc[0]
    assert (first["measure"], first["scenario"], first["group_range"]) == ("A new industrial park", "Open door", 4)
    assert "from −2 (Cluster managers) to +2" in shown.answer
    assert [first[f"group-{group}"] for group in GROUPS] == [float(v) for v in SCORES["park"][0]]
    assert shown.table["group_range"].is_monotonic_decreasing
    assert len(shown.table) == 32


def test_downloads_hold_every_vote_and_no_person(loaded: Dash, page: Any) -> None:
    reply = loaded.server.test_client().get("/export/strategies-votes.csv?set=made&lang=en")
    lines = reply.data.decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    assert len(rows) == 160
    assert set(rows[0]) == {"Measure", "Scenario", "Group", "Judgement, −2 to +2", "Reason"}
    assert {row["Group"] for row in rows} == {en for en, _hu in GROUPS.values()}
    assert any("Illustrative" in line for line in lines if line.startswith("#"))


def test_the_heat_table_is_coloured_in_the_workbook(loaded: Dash, page: Any) -> None:
    reply = loaded.server.test_client().get("/export/strategies-payoff.xlsx?set=made&lang=en")
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    sheet = book["Data"]
    ranges = {str(found.sqref) for found in sheet.conditional_formatting}
    assert {"B2:B9", "C2:C9", "D2:D9", "E2:E9"} <= ranges
    assert [sheet.cell(1, column).value for column in range(2, 6)] == [
        "Open door",
        "Islands",
        "Old paths",
        "Slow green",
    ]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert "Illustrative" in about["Source"]


def test_a_reason_in_both_languages_is_told_in_one(page: Any) -> None:
    assert strategies.in_language("One. | Egy.") == "One."
    with speaking("hu"):
        assert language() == "hu"
        assert strategies.in_language("One. | Egy.") == "Egy."
        assert strategies.in_language("a | b | c") == "a | b | c"
        assert strategies.in_language("plain") == "plain"


# --- backcast -------------------------------------------------------------------------------------------------------


def road(**query: str) -> strategies.Road:
    found = strategies.road(chosen(**query), TODAY)
    assert found is not None
    return found


def test_steps_stand_in_an_order_in_which_they_can_be_done(page: Any) -> None:
    found = road()
    assert found.region == "HU31"
    steps = found.steps.set_index("code")
    order = list(found.steps["code"])
    for code, needs in steps["needs"].items():
        assert all(order.index(before) < order.index(code) for before in needs)
    now = strategies.decimal_year(TODAY)
    assert now == pytest.approx(2026.496, abs=1e-3)
    # The law takes a year, the test beds one and a half more, their use two more, the goal three more.
    assert steps.loc["law", "earliest"] == pytest.approx(now + 1)
    assert steps.loc["built", "earliest"] == pytest.approx(now + 2.5)
    assert steps.loc["goal", "earliest"] == pytest.approx(now + 7.5)
    assert steps.loc["goal", "slack"] == pytest.approx(2036 - now - 7.5)
    assert steps.loc["built", "slack"] == pytest.approx(2029 - now - 2.5)
    assert strategies.finish(steps.loc["goal", "earliest"]) == "2033"
    assert strategies.finish(2031.0) == "2030"
    assert {code: str(s) for code, s in steps["status"].items()} == {
        "law": "tight",
        "firms": "in_time",
        "built": "tight",
        "labs": "in_time",
        "goal": "in_time",
    }


def test_the_needed_pace_stands_beside_the_history(page: Any) -> None:
    goal = road().goal
    assert goal is not None
    history = frames.observations(["rd_expenditure_gdp"], ["HU31"]).dropna(subset="value").sort_values("period")
    steps = backcasting.feasibility(
        backcasting.required_pace(pd.DataFrame({"year": [2031, 2035], "value": [1.5, 2.0]})), history, "cagr"
    )
    assert goal["kind"] == "cagr"
    assert goal["required"] == pytest.approx((2.0 / 1.5) ** (1 / 4) - 1)
    assert goal["best"] == pytest.approx(steps["best"].iloc[0])
    answer = built("strategies-pace").answer
    assert signed(100 * goal["required"], 1) + "% a year" in answer


def test_cycles_and_lost_preconditions_are_told(page: Any) -> None:
    found = road(set="gaps")
    assert "The law on dual training passed" in found.problem
    assert found.lost == ("gone",)
    notes = " ".join(built("strategies-backcast", set="gaps").notes)
    assert "wait for one another" in notes
    assert "gone" in notes


def test_a_step_whose_year_is_over_is_overdue(page: Any) -> None:
    found = strategies.road(chosen(), date(2028, 3, 1))
    assert found is not None
    status = dict(zip(found.steps["code"], found.steps["status"], strict=True))
    assert status["law"] == "overdue"


def test_a_region_without_milestones_leads_to_the_goals(page: Any) -> None:
    assert road(region="RO11").region == "HU31"
    assert strategies.road(chosen(set="bare"), TODAY) is None
    assert "no milestones yet" in said(page, set="bare", part="backcast")


def test_wild_cards_lie_beside_the_road(page: Any) -> None:
    assert "A strong earthquake" in said(page, part="backcast")


@pytest.mark.parametrize("lang", ["en", "hu"])
def test_the_canvas_is_a_tagged_sheet_with_every_step(loaded: Dash, page: Any, lang: str) -> None:
    client = loaded.server.test_client()
    reply = client.get(f"/canvas/made.pdf?lang={lang}")
    assert (reply.status_code, reply.content_type) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(reply.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for step in ("Test beds used by 200 firms", "R&D at 2% of GDP") if lang == "en" else ("Megnyílnak a tesztüzemek",):
        assert step in words
    assert ("Scenarios are not forecasts" if lang == "en" else "nem előrejelzések") in words
    assert round(float(reader.pages[0].mediabox.width)) == 1191  # A3 across
    svg = client.get(f"/canvas/made.svg?lang={lang}")
    assert svg.content_type == "image/svg+xml"
    assert svg.data.startswith(b"<svg")
    assert b"<script" not in svg.data


@pytest.mark.parametrize("path", ["made.docx", "bare.pdf", "none.pdf", "made", ".pdf", "<script>.svg"])
def test_there_is_no_other_canvas(loaded: Dash, page: Any, path: str) -> None:
    assert loaded.server.test_client().get(f"/canvas/{path}").status_code == 404


# --- page -----------------------------------------------------------------------------------------------------------


def test_a_set_without_measures_offers_those_that_have(page: Any) -> None:
    line = said(page, set="bare")
    assert "tells futures, but no measures" in line
    links = json.dumps(drawn(page.answer(chosen(set="bare"))))
    assert "/strategies?set=made" in links
    for key in KEYS[:-2]:
        assert built(key, set="bare").empty
    # Without a wish a set is shown that has something to show.
    assert StrategyFilters.parse({}).set in strategies.sets_with_measures()


@pytest.mark.parametrize("key", KEYS)
def test_every_exhibit_is_complete_and_labelled(page: Any, key: str) -> None:
    shown = built(key)
    assert not shown.empty
    assert shown.answer
    assert "Illustrative" in shown.subtitle
    assert "Illustrative" in shown.sources[0].note
    assert shown.how
    assert {column.name for column in shown.columns} <= set(shown.table.columns)
    labels = [column.label for column in shown.columns]
    assert len(labels) == len(set(labels))
    json.dumps(drawn(shown.figure))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("lang", ["en", "hu"])
def test_every_part_in_both_languages(page: Any, part: str, lang: str) -> None:
    with speaking(lang):
        for code in ("made", "gaps", "bare"):
            json.dumps(drawn(page.layout(set=code, part=part)))
        line = said(page, part=part)
    assert ("Nem előrejelzés" in line or "nem előrejelzés" in line) == (lang == "hu")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["set", "part", "group", "metric", "threshold", "worst", "weights", "budget", "region", "x"]),
        st.one_of(st.text(max_size=12), st.sampled_from(["made", "bare", "-5", "1e9", "HU31", "all", "starr"])),
    )
)
def test_nonsense_in_the_address_is_harmless(page: Any, query: dict[str, str]) -> None:
    asked = StrategyFilters.parse(query)
    page.layout(**query)
    assert page.head(asked)
    assert page.answer(asked)


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_takes_little_time(page: Any, part: str) -> None:
    asked = chosen(part=part)
    page.update(edition=0, **{name: getattr(asked, name) for name in StrategyFilters.__dataclass_fields__})
    taken = []
    for _try in range(5):
        start = time.process_time()
        page.update(edition=0, **{name: getattr(asked, name) for name in StrategyFilters.__dataclass_fields__})
        taken.append(time.process_time() - start)
    assert min(taken) < 0.15


def test_what_facilitators_enter(page: Any) -> None:
    children, options = page.enter("made", "payoffs", "auto", "clusters", 0)
    grid = drawn(children)
    words = " ".join(texts(grid))
    assert "Judgements of Cluster managers" in words
    assert [option["value"] for option in options] == list(GROUPS)
    keys = [json.loads(key) for key in _keys(grid)]
    assert len(keys) == 32
    assert {"measure": "park", "scenario": "old_paths", "group_code": "clusters"} in keys
    assert "Too dear once markets close." in json.dumps(grid)
    steps, _options = page.enter("made", "backcast", "auto", "", 0)
    assert json.loads(next(_keys(drawn(steps))))["code"] == "goal"
    costs, _options = page.enter("made", "portfolio", "auto", "", 0)
    assert len(list(_keys(drawn(costs)))) == 8
    assert page.enter("made", "metrics", "auto", "", 0)[0] == []
    first, _options = page.enter("bare", "backcast", "auto", "nobody", 0)
    assert "Add the goal" in " ".join(texts(drawn(first)))


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        props = node.get("props", {})
        if "data-key" in props:
            yield props["data-key"]
        yield from _keys(props.get("children"))
    elif isinstance(node, list):
        for child in node:
            yield from _keys(child)


def test_an_edit_is_seen_at_once(page: Any) -> None:
    """What was remembered of a board does not outlive the data version."""
    before = strategies.board(chosen())
    engine = frames.engine()
    from store.edits import put

    key = {"measure": "park", "scenario": "slow_green", "group_code": "firms"}
    with writing(engine) as connection:
        made = put(connection, "pay_off", "made", key, {"score": -2}, "facilitator")
    frames.at_least(made.version)
    after = strategies.board(chosen())
    assert before is not None
    assert after is not None
    assert (before.payoff.loc["park", "slow_green"], after.payoff.loc["park", "slow_green"]) == (0, -1)
    with writing(engine) as connection:
        back = put(connection, "pay_off", "made", key, {"score": 1}, "facilitator")
    frames.at_least(back.version)


def test_a_group_that_the_set_does_not_name_is_still_counted(page: Any) -> None:
    with writing(frames.engine()) as connection:
        connection.execute(
            insert(PayOff),
            {"set_code": "gaps", "measure": "fair", "scenario": "old_paths", "group_code": "guests", "score": 0,
             "reason": ""},
        )  # fmt: skip
        from store.edits import raise_version

        version = raise_version(connection)
    frames.at_least(version)
    board = strategies.board(chosen(set="gaps"))
    assert board is not None
    assert list(board.groups)[-1] == "guests"

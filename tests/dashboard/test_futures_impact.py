"""Cross-impact part: what a reader sees of a published matrix, what is tried, downloads, the quick answer, nonsense."""

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

from analysis.cross_impact import basins
from dashboard.exhibits import REGISTRY
from dashboard.i18n import speaking
from etl.sources import scenario_wizard
from store import edits
from store.engine import make_engine, writing
from tests.dashboard import made_judgements as made
from tests.dashboard.conftest import using
from tests.dashboard.made_futures import insert_made

KEYS = (
    "futures-matrix",
    "futures-consistent",
    "futures-judged",
    "futures-why",
    "futures-attractors",
    "futures-survival",
    "futures-tipping",
    "futures-disagreement",
    "futures-influences",
    "futures-micmac",
    "futures-box",
    "futures-configurations",
    "futures-marks",
)


@pytest.fixture(scope="module")
def url(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the starter database with the published matrix, one that two groups judged, and a small made set."""
    path = tmp_path_factory.mktemp("impact") / "polisee.sqlite"
    shutil.copy(Path(make_url(database).database or ""), path)
    found = f"sqlite:///{path}"
    made.insert_somewhere(found)
    made.insert_somewhere(found, "two", groups=True)
    insert_made(found)
    with using(found):
        yield found


@pytest.fixture(autouse=True)
def page(url: str, app: Dash) -> Iterator[None]:
    """A request on that database."""
    from dashboard.i18n import set_language

    with app.server.test_request_context("/"):
        set_language("en")
        yield


def filters(**query: str) -> Any:
    from dashboard.components.futures_impact_parts import ImpactFilters

    return ImpactFilters.parse({"set": made.CODE, "part": "impact", **query})


def shown(key: str, **query: str) -> Any:
    return REGISTRY[key].build(filters(**query))


def drawn(**query: str) -> str:
    """The part as the browser gets it."""
    from dashboard.components import futures_impact
    from dashboard.components.futures_impact_parts import ImpactChoices
    from dashboard.futures import FuturesFilters

    asked = {"set": made.CODE, "part": "impact", **query}
    return to_json_plotly(futures_impact.content(FuturesFilters.parse(asked), ImpactChoices.parse(asked)))


def test_the_published_example_on_the_page() -> None:
    found = shown("futures-consistent")
    assert found.subtitle.startswith("10 of 486 combinations support themselves.")
    assert len(found.table) == 10
    assert found.table["scenario"].tolist().count("■ Society in crisis") == 1
    assert "Not among them: ◆ Social protection" in found.answer
    crisis = found.table[found.table["scenario"] == "■ Society in crisis"].iloc[0]
    assert (crisis["total"], crisis["consistency"], crisis["government"]) == (21, 1, "Patriots party")
    judged = shown("futures-judged").table.set_index("scenario")
    assert judged.loc["◆ Social protection", "inconsistency"] == 3
    assert "Government: rather Prosperity party (by 3)" in judged.loc["◆ Social protection", "behind"]
    assert judged.loc["■ Society in crisis", "leads"] == "stays"


def test_why_names_the_balances_of_a_state_and_what_they_are_made_of() -> None:
    # The balance printed in the ScenarioWizard manual for the state 2 1 3 1 1 1.
    found = shown("futures-why", look="1-0-2-0-0-0")
    assert found.table["balance"].tolist() == [0, 3, -3, 2, 1, -3, -9, -1, 10, -7, 7, 4, -1, -3, 2, -1, -1]
    assert "in 1 descriptor another state is better supported" in found.answer
    assert found.table.loc[found.table["chosen"] == "yes", "lead"].min() == -14
    assert shown("futures-why", look="9-9-9-9-9-9").subtitle == shown("futures-why").subtitle
    assert "What this is made of" in drawn(look="1-0-2-0-0-0")


def test_attractors_are_those_of_the_method_under_both_rules() -> None:
    found = shown("futures-attractors")
    assert found.table["share"].tolist()[:2] == pytest.approx([178 / 4.86, 127 / 4.86])
    assert "drifts to one of 10 ends" in found.answer
    from dashboard import judgements

    matrix = judgements.matrix_of(judgements.sheet(made.CODE, "cib"))  # type: ignore[arg-type]
    other = shown("futures-attractors", rule="incremental").table["share"].tolist()
    assert other == pytest.approx([one.share * 100 for one in basins(matrix, "incremental").attractors])


@pytest.mark.parametrize(("accept", "count"), [("strict", 1), ("0", 10), ("1", 15), ("3", 59)])
def test_what_counts_as_consistent_is_the_readers_choice(accept: str, count: int) -> None:
    assert len(shown("futures-consistent", accept=accept).table) == count


def test_what_is_tried_changes_the_answer_and_says_so_everywhere() -> None:
    tried = "foreign.conflict.government.patriots.-3,values.family.economy.stagnant.0"
    found = shown("futures-consistent", tried=tried)
    assert found.table["number"].max() != 10
    assert "2 changes are tried and not saved." in found.notes
    assert found.query["tried"] == tried
    assert "not saved" in drawn(tried=tried)
    # What is stored, out of range or unknown is no change.
    for nothing in ("foreign.conflict.government.patriots.3", "a.b.c.d.2", "foreign.conflict.government.patriots.9"):
        assert shown("futures-consistent", tried=nothing).notes == shown("futures-consistent").notes


def test_groups_and_their_disagreement() -> None:
    found = shown("futures-disagreement", set="two")
    assert found.answer == ("The groups differ in 1 cell; in 1 of them one sees help where another sees hindrance.")
    assert found.table.iloc[0][["group_ministries", "group_clusters", "spread"]].tolist() == [-2, 2, 4]
    assert "Judgements of one group: Clusters." in shown("futures-consistent", set="two", group="clusters").notes
    assert "Whose judgements" in drawn(set="two")
    assert "Whose judgements" not in drawn()


def test_how_firm_the_result_is() -> None:
    survival = shown("futures-survival")
    top = survival.table.iloc[0]
    assert top["scenario"] == "■ Society in crisis"
    # The published case: about 55 in 100 draws.
    assert 40 < top["share"] < 70
    assert top["low"] < top["share"] < top["high"]
    tipping = shown("futures-tipping")
    assert "hangs on" in tipping.answer
    assert set(tipping.table["after"] - tipping.table["before"]) <= {-1, 1}


def test_influences_direct_and_indirect() -> None:
    now, later = shown("futures-micmac"), shown("futures-micmac", potential="3")
    assert now.table.set_index("variable").loc["policy", "influence"] == pytest.approx(100 * 5 / 17)
    assert later.table.set_index("variable").loc["policy", "influence"] == pytest.approx(100 * 8 / 20)
    assert now.answer.startswith("What drives the system: Policy.")
    assert any("counts as 3" in note for note in later.notes)
    assert len(now.figure["data"][1]["x"]) == 4


def test_the_box_marks_what_is_chosen_shut_out_and_dead() -> None:
    found = shown("futures-box", fixed="economy.dynamic")
    states = found.table.set_index(["parameter", "value"])["state"]
    assert states["Economy", "Dynamic"] == "chosen"
    assert states["Economy", "Shrinking"] == "never possible"
    assert states["Social cohesion", "Riots"] == "not with what is chosen"
    assert found.table["scenarios"].str.contains("●").any()
    page = drawn(view="morphology", fixed="economy.shrinking")
    assert "It would be enough to lift this veto:" in page
    # Another value of a parameter that is fixed may be taken instead.
    assert '\\"fixed\\": \\"economy.stagnant\\"' in page


def test_every_exhibit_downloads_in_every_form_and_says_what_it_is(app: Dash, url: str) -> None:
    client = app.server.test_client()
    for key in KEYS:
        for form in ("csv", "xlsx", "json"):
            reply = client.get(f"/export/{key}.{form}?set=made&part=impact")
            assert reply.status_code == 200, (key, form)
            if form == "csv" and key in ("futures-matrix", "futures-consistent"):
                assert "Illustrative" in reply.get_data(as_text=True)


def test_the_quick_answer_is_the_answer_of_the_page(app: Dash) -> None:
    client = app.server.test_client()
    reply = client.get(f"/futures/live.json?set={made.CODE}&edition=3")
    assert reply.headers["Cache-Control"] == "no-store"
    told = reply.get_json()
    assert told["answer"] == "10 of 486 combinations support themselves."
    assert [row["name"] for row in told["rows"] if row["equal"]] == [
        "■ Society in crisis", "● Prosperity in a divided society"]  # fmt: skip
    assert told["tried"] == ""
    tried = client.get(f"/futures/live.json?set={made.CODE}&tried=foreign.conflict.government.patriots.-3").get_json()
    assert tried["tried"]
    assert tried["answer"] != told["answer"]
    hungarian = client.get(f"/futures/live.json?set={made.CODE}&lang=hu").get_json()
    assert hungarian["answer"] == "486 kombinációból 10 tartja fenn önmagát."


def test_the_matrix_goes_out_for_scenario_wizard_and_comes_back(app: Dash) -> None:
    client = app.server.test_client()
    reply = client.get(f"/futures/{made.CODE}.scw")
    assert "published" in reply.headers["Content-Disposition"]
    project = scenario_wizard.parse(reply.data)
    assert project.matrix.values.tolist() == [list(map(float, row)) for row in made.ROWS]
    assert project.matrix.descriptors[4].variants == ("Social peace", "Tensions", "Riots")
    tried = client.get(f"/futures/{made.CODE}.scw?tried=foreign.conflict.government.patriots.-3")
    assert scenario_wizard.parse(tried.data).matrix.values[5, 0] == -3
    assert client.get("/futures/nothing.scw").status_code == 404


def test_sets_without_a_matrix_say_so(app: Dash, url: str) -> None:
    assert "This set has no matrix of influences among drivers." in drawn(set="made", view="influence")
    assert "This set has no morphological box." in drawn(set="made", view="morphology")


def test_an_edit_is_told_and_offered_to_be_undone(url: str) -> None:
    from dashboard import frames, judgements
    from dashboard.components import futures_grid
    from dashboard.components.futures_edits import entries, undoable

    engine = make_engine(url)
    key = {"matrix": "cib", "row": "economy.dynamic", "column": "cohesion.peace", "group_code": ""}
    with writing(engine) as connection:
        first = edits.put(connection, "judgement_cell", "two", key, {"value": -1.0}, "facilitator", "said so")
    frames.at_least(first.version)
    sheet = judgements.sheet("two", "cib")
    assert sheet is not None
    told = futures_grid.model(sheet)
    assert told["cells"]["economy.dynamic cohesion.peace"][0] == "-1"
    assert told["undo"] == {
        "entry": first.entry,
        "words": "Undo: Economy: Dynamic → Social cohesion: Social peace, from +3 to −1",
    }
    with writing(engine) as connection:
        back = edits.undo(connection, first.entry, "facilitator")
    frames.at_least(back.version)
    made_edits = entries("two", "judgement_cell")
    assert [(one.undone, one.undo) for one in made_edits] == [(False, True), (True, False)]
    assert undoable(made_edits) is None
    # An undo that was taken back stands for the edit itself.
    with writing(engine) as connection:
        again = edits.undo(connection, back.entry, "facilitator")
    frames.at_least(again.version)
    assert undoable(entries("two", "judgement_cell")).number == again.entry  # type: ignore[union-attr]
    engine.dispose()


JUNK = st.text(max_size=30) | st.sampled_from(
    ["cib", "0-0", "1-2-0-1-1-0", "a.b.c.d.1", "9", "x" * 300, "economy.dynamic"]
)


@settings(max_examples=12)
@given(
    st.dictionaries(
        st.sampled_from(["set", "view", "rule", "accept", "group", "potential", "look", "fixed", "tried"]), JUNK
    )
)
def test_no_address_breaks_the_part(query: dict[str, str]) -> None:
    assert "futures-impact-view" in drawn(**query)


def test_hungarian_speaks_hungarian() -> None:
    with speaking("hu"):
        page = drawn() + drawn(view="influence") + drawn(view="morphology")
    for english in ("combinations", "Why?", "descriptors", "Undo", "Search complete"):
        assert english not in page
    assert "tartja fenn önmagát" in page

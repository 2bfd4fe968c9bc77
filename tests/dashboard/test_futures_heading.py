"""Where are we heading: what is told by rule, every input, the past as it was told, signposts apart from figures."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import delete, make_url

from analysis import signposts
from dashboard import frames, futures, headings
from dashboard.components import futures_heading as heading
from dashboard.components import futures_heading_board as boards
from dashboard.components.futures_heading_parts import HeadingChoices, HeadingFilters, note_words, verdict_sentence
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.headings import Heading
from dashboard.i18n import catalogue, set_language, speaking
from dashboard.theme import set_scheme
from store import edits
from store.edits import put
from store.engine import make_engine, writing
from store.schema_scenarios import Signpost, SignpostLikelihood
from tests.dashboard.conftest import using
from tests.dashboard.made_futures import SCENARIOS, insert_made
from tests.dashboard.made_headings import CODE, EARLIER, OFF, RD, SILENT, TOLD, insert_told

KEYS = (
    "futures-tracking",
    "futures-tracking-inputs",
    "futures-tracking-history",
    "futures-tracking-course",
    "futures-tracking-test",
    "futures-tracking-regions",
    "futures-signposts",
    "futures-signpost-weights",
)
TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def url(app: Dash, database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the starter data with a set that can be told, and one without signposts."""
    folder = tmp_path_factory.mktemp("heading") / "copy"
    shutil.copytree(Path(make_url(database).database or "").parent, folder)
    copied = f"sqlite:///{folder / 'polisee.sqlite'}"
    insert_made(copied, "bare", "own", 30)
    insert_told(copied, folder)
    engine = make_engine(copied)
    with writing(engine) as connection:
        for model in (SignpostLikelihood, Signpost):
            connection.execute(delete(model).where(model.set_code == "bare"))
    engine.dispose()
    return copied


@pytest.fixture(scope="module")
def loaded(app: Dash, url: str) -> Iterator[Dash]:
    with using(url):
        yield app


@pytest.fixture
def page(loaded: Dash) -> Iterator[Any]:
    from dashboard.pages import futures as found

    with loaded.server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield found


def chosen(**query: str) -> HeadingFilters:
    return HeadingFilters.parse({"set": CODE, "region": TOLD, "part": "heading"} | query)


def the_set(code: str = CODE) -> futures.FuturesSet:
    found = futures.the_set(code)
    assert found is not None
    return found


def shown(key: str, **query: str) -> Exhibit:
    made = REGISTRY[key].build(chosen(**query))
    assert isinstance(made, Exhibit)
    return made


def drawn(content: Any) -> str:
    return json.dumps(content, cls=PlotlyJSONEncoder, ensure_ascii=False)


def answer(**query: str) -> str:
    found = chosen(**query)
    return heading.headline(found)


def test_what_is_told_follows_the_rules(page: Any) -> None:
    told = answer()
    assert told.startswith("Northern Hungary")
    assert "tracking weight" in told
    assert "probability" not in told.lower()
    assert answer(region=OFF) == "Off the map: the figures of Lower Austria fit none of the 4 futures"
    assert answer(region=SILENT).endswith("no figure of this set's indicators is loaded, so nothing can be told")
    assert "no pathways there" in answer(region="RO11")
    early = answer(set="bare")
    assert early == "Too early to tell where Northern Hungary is heading: there are figures of only 1 year since 2023"
    assert "hardly differ" in answer(set="ssp")
    assert "Hungary (for Northern Hungary)" in answer(set="ssp"), "a country that stands in says so"


@pytest.mark.parametrize(
    ("weight", "words"), [(0.95, "follows “Open door” so far"), (0.6, "leans to"), (0.4, "a little more to")]
)
def test_the_leader_is_named_as_clearly_as_it_leads(page: Any, weight: float, words: str) -> None:
    h = headings.heading(the_set(), TOLD, None, TODAY)
    weights = h.weights.assign(weight=[weight, *[(1 - weight) / 3] * 3])
    made = Heading(**{**vars(h), "weights": weights, "leader": "open_door", "off_map": False, "state": "told"})
    assert words in verdict_sentence(the_set(), made)
    assert f"(tracking weight {weight:.0%})" in verdict_sentence(the_set(), made)


def test_numbers_of_the_card_are_those_that_were_kept(page: Any) -> None:
    told = frames.told(CODE, TOLD)
    assert told is not None
    kept = {row["scenario"]: row["weight"] for row in told.rows}
    table = shown("futures-tracking").table.set_index("scenario")
    assert table["weight_percent"].to_dict() == pytest.approx({code: weight * 100 for code, weight in kept.items()})
    assert table["prior_percent"].tolist() == [25.0] * 4
    inputs = shown("futures-tracking-inputs").table
    assert len(inputs) == sum(len(row["detail"]["inputs"]) for row in told.rows)
    assert {"observed", "path", "low", "high", "z", "sigma", "one_step", "steps", "basis", "flags"} <= set(inputs)
    rows = inputs[(inputs["scenario"] == "open_door") & (inputs["indicator"] == RD)].sort_values("period")
    assert rows["z"].tolist() == pytest.approx((rows["residual"] / rows["sigma"]).tolist())


def test_what_was_told_before_can_be_seen_again(page: Any) -> None:
    days = headings.days(the_set(), TOLD)
    assert days[-1] == EARLIER
    assert len(days) == 2
    before = headings.heading(the_set(), TOLD, EARLIER, TODAY)
    now = headings.heading(the_set(), TOLD, None, TODAY)
    assert before.replayed
    assert not now.replayed
    assert before.weights["weight"].tolist() != pytest.approx(now.weights["weight"].tolist())
    content = drawn(heading.content(chosen(), HeadingChoices(EARLIER.isoformat())))
    assert "This is what was told on 1 Mar 2025" in content
    table = shown("futures-tracking", as_of=EARLIER.isoformat()).table
    assert table["weight"].tolist() == pytest.approx(before.weights["weight"].tolist())
    history = shown("futures-tracking-history").table
    assert history["as_of"].tolist() == [days[0], EARLIER], "newest first"
    assert history["weight_open_door"].tolist()[1] == pytest.approx(before.weight("open_door") * 100)
    assert headings.heading(the_set(), TOLD, date(2020, 1, 1), TODAY).verdict == headings.NONE


def test_the_course_ends_with_what_is_told(page: Any) -> None:
    course = headings.course(the_set(), TOLD)
    last = course[course["last"] == course["last"].max()].set_index("scenario")["weight"]
    now = headings.heading(the_set(), TOLD, None, TODAY)
    assert last.to_dict() == pytest.approx({code: now.weight(code) for code in SCENARIOS})
    assert shown("futures-tracking-course").figure is not None


def test_figures_get_old_without_any_load(page: Any) -> None:
    assert headings.heading(the_set(), TOLD, None, date(2024, 12, 1)).stale == ()
    old = headings.heading(the_set(), TOLD, None, date(2035, 1, 1))
    assert RD in old.stale
    assert "Old figures" in drawn(heading._behind(the_set(), old))


def test_what_is_missing_is_said_with_the_year_in_which_it_can_be_told(page: Any) -> None:
    found = the_set("bare")
    words = " ".join(heading.missing_words(found, headings.heading(found, TOLD, None, TODAY)))
    assert "1 so far, 3 are needed" in words
    assert "2026 at the earliest" in words
    told = headings.heading(the_set(), TOLD, None, TODAY)
    assert heading.missing_words(the_set(), told) == []


def test_every_diagnostic_has_words(page: Any) -> None:
    from analysis import pathways, tracking

    keys = ["made", "open_door", TOLD, RD, ""]
    where = {**{issue: [RD, TOLD, "open_door"] for issue in tracking.Issue}, tracking.Issue.NO_PATHWAY: ["open_door"]}
    where |= dict.fromkeys(pathways.Issue, keys)  # type: ignore[arg-type]
    untold = {tracking.Issue.FEW_YEARS, tracking.Issue.ALIKE, tracking.Issue.NO_SPEC}
    for issue, place in where.items():
        h = Heading(TOLD, TOLD, base=2019, notes=({"issue": str(issue), "where": place, "detail": "2"},))
        assert bool(note_words(the_set(), h)) == (issue not in untold), issue


def test_calibration_is_shown_with_what_it_assumes(page: Any) -> None:
    made = shown("futures-tracking-test")
    assert made.table["cases"].sum() == 2000
    assert "independent" in made.notes[0]
    cases = made.table["cases"]
    mean, right = ((made.table[name] * cases).sum() / cases.sum() for name in ("weight", "right"))
    assert f"{mean:.0%}" in made.answer
    assert f"{right:.0%}" in made.answer
    assert abs(mean - right) < 0.05


def test_every_region_of_the_set_is_listed(page: Any) -> None:
    table = shown("futures-tracking-regions").table.set_index("region")
    assert set(table.index) == {TOLD, OFF}
    assert table.loc[OFF, "mark"] == "off_map"
    assert table.loc[TOLD, "mark"] == "told"
    now = headings.heading(the_set(), TOLD, None, TODAY)
    assert table.loc[TOLD, "weight_percent"] == pytest.approx(now.weight(now.leader) * 100)


# --- signposts ------------------------------------------------------------------------------------------------------


def test_signposts_stand_where_the_figures_are(page: Any) -> None:
    rows = headings.board(the_set(), TOLD, TODAY).rows.set_index("code")
    assert rows.loc["law", "state"] == headings.OPEN
    assert rows.loc["rd_up", "state"] in (headings.APPROACHING, headings.AWAY)
    assert rows.loc["rd_up", "share"] == 1.0
    assert not rows["overdue"].any()
    late = headings.board(the_set(), TOLD, date(2028, 1, 1))
    assert late.overdue == len(late.rows)


def test_signpost_weights_rest_on_judgements_alone(page: Any, url: str) -> None:
    before = headings.board(the_set(), TOLD, TODAY).weights
    assert before is not None
    assert not before.told
    assert shown("futures-signpost-weights").answer == "No signpost is decided yet, so none speaks for a scenario"
    engine = make_engine(url)
    with writing(engine) as connection:
        key = {"code": "law"}
        made = put(connection, "signpost", CODE, key, {"observed": True, "observed_on": "2026-10-01"}, "facilitator")
    frames.at_least(made.version)
    board = headings.board(the_set(), TOLD, TODAY)
    assert board.weights is not None
    table = signposts.likelihood_table(frames.scenario_part("likelihoods", CODE))
    alone = signposts.signpost_weights(table, {"law": True})
    assert board.weights.weights["weight"].tolist() == pytest.approx(alone.weights["weight"].tolist())
    exhibit = shown("futures-signpost-weights")
    assert "points to “Open door”" in exhibit.answer
    tracked = headings.heading(the_set(), TOLD, None, TODAY)
    assert exhibit.table["tracking_percent"].tolist() == pytest.approx(
        [tracked.weight(code) * 100 for code in exhibit.table["scenario"]]
    )
    content = drawn(boards.part(chosen(), the_set()))
    assert "never mixed" in content
    assert "met, 1 Oct 2026" in content
    assert "Undo: Signpost law: whether it happened, day" in content
    with writing(engine) as connection:
        undone = edits.undo(connection, made.entry, "facilitator")
    engine.dispose()
    frames.at_least(undone.version)
    again = headings.board(the_set(), TOLD, TODAY).weights
    assert again is not None
    assert not again.told


def test_a_threshold_that_is_edited_moves_the_signpost_at_once(page: Any, url: str) -> None:
    engine = make_engine(url)
    with writing(engine) as connection:
        made = put(connection, "signpost", CODE, {"code": "rd_up"}, {"threshold": 0.1}, "facilitator")
    frames.at_least(made.version)
    rows = headings.board(the_set(), TOLD, TODAY).rows.set_index("code")
    assert rows.loc["rd_up", "state"] == headings.MET
    with writing(engine) as connection:
        frames.at_least(edits.undo(connection, made.entry, "facilitator").version)
    engine.dispose()


def test_controls_for_editing_are_for_editors(page: Any) -> None:
    content = drawn(boards.part(chosen(), the_set()))
    assert content.count('"signpost-edit for-editors no-print"') == 3
    assert content.count('"data-heading": "likelihood"') == 12
    assert '"data-heading": "undo"' in content


def test_likelihoods_are_told_in_words(page: Any) -> None:
    table = shown("futures-signposts").table.set_index("code")
    assert table.loc["rd_up", "judged_open_door"] == "very likely"
    assert table.loc["rd_up", "judged_old_paths"] == "very unlikely"
    assert table.loc["law", "judged_slow_green"] == "as likely as not"
    assert table.loc["rd_up", "asked"] == "at least 1.2%"


def test_signposts_of_a_region_are_found_from_there(page: Any) -> None:
    rows = headings.about_region(TOLD, TODAY)
    assert set(rows.loc[rows["set"] == CODE, "code"]) == {"rd_up", "work_down"}
    assert headings.about_region("XX", TODAY).empty


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "hu"])
@pytest.mark.parametrize(
    ("code", "region"), [(CODE, TOLD), (CODE, OFF), (CODE, SILENT), ("ssp", TOLD), ("see2035", "XX"), ("bare", "HU31")]
)
def test_the_part_is_drawn_for_every_state_in_both_languages(page: Any, code: str, region: str, lang: str) -> None:
    with speaking(lang):
        content = drawn(page.layout(part="heading", set=code, region=region))
        if lang == "hu":
            english = [text for text in _sentences() if json.dumps(text, ensure_ascii=False)[1:-1] in content]
            assert english == []
    assert "futures-heading-answer" in content


def _sentences() -> list[str]:
    """English texts of this part that are long enough to be found again, without placeholders."""
    hungarian = catalogue("hu")
    return [text for text in hungarian if "{" not in text and len(text) > 25 and hungarian[text][0] != text]


@pytest.mark.parametrize("key", KEYS)
def test_every_exhibit_goes_out_with_the_same_numbers(page: Any, loaded: Dash, key: str) -> None:
    client = loaded.server.test_client()
    reply = client.get(f"/export/{key}.csv?set={CODE}&region={TOLD}&part=heading")
    assert reply.status_code == 200
    text = reply.get_data(as_text=True)
    assert "llustrative" in text, "every export says so"
    assert text.startswith("\ufeff#")
    rows = [row for row in csv.reader(io.StringIO(text[1:])) if row and not row[0].startswith("#")]
    assert len(rows) - 1 == len(shown(key).table)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_address_gets_a_page(page: Any, code: str, region: str, day: str) -> None:
    made = page.layout(part="heading", set=code, region=region, as_of=day)
    assert "futures-heading-answer" in drawn(made)


def test_without_sets_every_exhibit_says_what_to_do(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futures, "the_set", lambda _code: None)
    for key in KEYS:
        made = REGISTRY[key].build(chosen())
        assert made.answer == "No scenario set is loaded yet."
    assert "polisee load --starter" in drawn(heading.content(chosen()))

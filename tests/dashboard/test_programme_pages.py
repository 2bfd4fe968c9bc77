"""Pilots, money, work plan, decisions: the printed totals, why each light shines, downloads, nothing mixed."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import make_url

from analysis.impact import Impact
from analysis.pilots import judgements
from benchmarks.made_programme import Scale, load
from dashboard import frames, impacts, programmes
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.i18n import catalogue, date, set_language
from dashboard.theme import set_scheme
from etl import derive_programmes
from etl.derive import run_jobs
from store.engine import make_engine
from store.programme_results import result
from tests.dashboard.conftest import using

PAGES = ("pilots", "money", "workplan", "decisions")
KEYS = (
    *("pilots-grid", "pilots-sheet", "pilots-impact", "money-curve", "money-by", "money-cells"),
    *("workplan-timeline", "workplan-deliverables", "workplan-reports", "decisions-risks", "decisions-log"),
)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def loaded(app: Dash, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dash]:
    """The application on the starter data and a small made programme that began years ago."""
    folder = tmp_path_factory.mktemp("programmes") / "copy"
    shutil.copytree(Path(make_url(database).database or "").parent, folder)
    url = f"sqlite:///{folder / 'polisee.sqlite'}"
    engine = make_engine(url)
    assert load(engine, Scale.small()).state == "done"
    engine.dispose()
    with using(url):
        yield app


@pytest.fixture
def page(loaded: Dash) -> Iterator[None]:
    with loaded.server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield


@pytest.fixture(scope="module")
def client(loaded: Dash) -> FlaskClient:
    return loaded.server.test_client()


def module(name: str) -> Any:
    import importlib

    return importlib.import_module(f"dashboard.pages.{name}")


def filters(name: str) -> Any:
    found = {
        "pilots": "PilotFilters",
        "money": "MoneyFilters",
        "workplan": "WorkFilters",
        "decisions": "DecisionFilters",
    }
    return getattr(module(name), found[name])


def shown(name: str, **query: str) -> str:
    """Everything on a page, as one text; tables that are folded included."""
    parts = module(name).answer(filters(name).parse(query))
    return json.dumps(parts, cls=PlotlyJSONEncoder, ensure_ascii=False)


def texts(part: Any) -> str:
    """The words of a component, in order."""
    if isinstance(part, str | int | float):
        return str(part)
    if isinstance(part, list | tuple):
        return " ".join(texts(one) for one in part)
    if isinstance(part, dict):
        return texts(part.get("props", {}).get("children"))
    return texts(getattr(part, "children", None) or "")


def words(name: str, **query: str) -> str:
    return re.sub(r"\s+", " ", texts(module(name).answer(filters(name).parse(query))))


def headline(name: str, **query: str) -> str:
    chosen = filters(name).parse(query)
    return str(module(name).headline(chosen, programmes.the_programme(chosen.programme)))


def built(key: str, **query: str) -> Exhibit:
    kind, build = REGISTRY[key]
    return build(kind.parse(query))


# --- the printed totals ----------------------------------------------------------------------------------------------


def test_headlines_to_the_digit(page: None) -> None:
    assert headline("pilots") == "After period 4 of 6, 12 pilots: 7 on track, 3 watch, 1 off track, 1 without report."
    assert headline("money") == (
        "Certified spending covers RP1–3: 90.0% of the plan for RP3 (10.0% under). Declared to RP4: 88.8% of plan."
    )
    assert headline("workplan") == (
        "37 of 42 due deliverables are delivered (88.1%), 5 are late. "
        "Reports on RP4: 22 of 24 came (91.7%), 19 on time (79.2%)."
    )
    told = headline("decisions")
    assert "14 open risks, 3 for the committee (1 of them without a dated mitigation)" in told
    assert "4 actions are overdue" in told
    assert "38 days in the median" in told
    assert "26 decisions, 4 actions overdue" in words("decisions")


def test_headlines_in_hungarian(page: None) -> None:
    set_language("hu")
    assert (
        headline("pilots") == "6 időszakból 4 után 12 kísérlet: 7 jó úton, 3 figyelendő, 1 letért, 1 jelentés nélkül."
    )
    assert all(share in headline("money") for share in ("90,0%", "10,0%", "88,8%"))
    assert all(share in headline("workplan") for share in ("88,1%", "91,7%", "79,2%"))
    assert "38 nap" in headline("decisions")


def test_the_pilot_of_the_example(page: None) -> None:
    # Baseline 0, milestone of RP4 20, target 40, actual 17: 85 % of expected, 42.5 % of the target, to be watched.
    table = built("pilots-sheet", programme="demo6", pilot="pilot03").table
    row = table[(table["period"] == 4) & (table["actual"] == 17)].iloc[0]
    assert (row["baseline"], row["expected"], row["target"]) == (0, 20, 40)
    assert (row["percent"], row["final"], row["status"]) == (85.0, 42.5, "watch")
    told = words("pilots", programme="demo6", pilot="pilot03")
    assert "85.0%" in told
    assert "42.5%" in told


def test_the_misleading_share_is_nowhere(page: None, client: FlaskClient) -> None:
    """Certified money of three periods beside the plan of four would read 61.9 %."""
    for lang, text in (("en", "61.9"), ("hu", "61,9")):
        set_language(lang)
        for name in PAGES:
            assert text not in shown(name, programme="demo6")
        for key in KEYS:
            for form in ("csv", "json") if lang == "en" else ("csv",):
                reply = client.get(f"/export/{key}.{form}?programme=demo6&pilot=pilot01&lang={lang}")
                assert reply.status_code == 200
                assert text not in reply.get_data(as_text=True)
                assert "0.61875" not in reply.get_data(as_text=True)


# --- lights ----------------------------------------------------------------------------------------------------------


def test_every_light_of_the_grid_says_why(page: None) -> None:
    parts = shown("pilots", programme="demo6")
    due = programmes.grid("demo6")
    assert parts.count('"className": "why why-cell"') == int((due["status"] != "not_due").sum()) == 48
    told = words("pilots", programme="demo6")
    for said in (
        "Decided by",
        "Reported",
        "Expected by now",
        "Share of what was expected",
        "In force since 1 Jul 2024",
    ):
        assert said in told
    assert "no report came for this period" in told


def test_a_sheet_says_why_and_both_lights(page: None) -> None:
    told = words("pilots", programme="demo6", pilot="pilot06")
    assert "They say :" in told
    assert "rosier than the computed light" in told
    assert "Reply to the computed light" in told
    assert "(actual − baseline) ÷ (expected by now − baseline)" in told


def test_the_light_of_spending_says_why(page: None) -> None:
    told = words("money", programme="demo6")
    for said in ("certified ÷ plan", "EUR 1,980,000", "EUR 2,200,000", "From half-time on", "1 Jul 2024"):
        assert said in told


def test_every_report_and_deliverable_says_why(page: None) -> None:
    told = shown("workplan", programme="demo6")
    states = programmes.report_grid("demo6")["state"]
    marks = int((states != "not_due").sum())
    # Each report twice, in the grid and in the table behind it, and the deliverables of the first page.
    table = built("workplan-deliverables", programme="demo6").table
    assert told.count('"className": "why why-cell"') == marks + min(marks, 40) + min(len(table), 25)
    said = words("workplan", programme="demo6")
    for rule in ("received after its day", "not received, and its day is over", "the planned quantity is not there"):
        assert rule in said
    assert f"Seen on {date(programmes.the_programme('demo6').today)}" in said


def test_a_report_that_nobody_expects_has_no_day(page: None) -> None:
    view = programmes.the_programme("demo6")
    lines = dict(module("workplan")._report_lines(view, {"state": "not_expected", "due": None}))
    assert lines == {"Rule": "the partner was not in the programme in this period"}


def test_each_light_of_the_comparison_says_why(page: None) -> None:
    shown_now = built("money-by", programme="demo6", by="partner")
    status = next(column for column in shown_now.columns if column.name == "status")
    assert status.why is not None
    for row in frames.records(shown_now.table):
        lines = dict(status.why(row))
        assert lines["Controlled to"] == "RP3"
        assert lines["Certified"] == f"EUR {programmes.money(row['certified_cents'])}"
        assert lines["Result"] == programmes.share(row["certified_cents"] / row["plan_covered_cents"])
    told = shown("money", programme="demo6", by="partner")
    assert told.count('"className": "why why-cell"') == len(shown_now.table)


# --- programmes are never mixed --------------------------------------------------------------------------------------


def test_demonstration_is_told_everywhere_and_only_there(page: None, client: FlaskClient) -> None:
    for name in PAGES:
        assert "Demonstration data" in words(name, programme="demo6")
        assert "Demonstration data" not in words(name, programme="clusterpolisee")
        assert "DEMO-" not in shown(name, programme="clusterpolisee")
    for key in KEYS:
        assert "demonstration data" in built(key, programme="demo6", pilot="pilot01").subtitle
        reply = client.get(f"/export/{key}.csv?programme=demo6&pilot=pilot01&lang=en").get_data(as_text=True)
        assert "no organisation, figure or event here is real" in reply


def test_sources_that_disagree_are_all_shown(page: None) -> None:
    told = words("workplan", programme="clusterpolisee")
    for said in ("April 2012", "1 May 2012", "23", "24 in 11 countries", "25 in 12 countries", "sources disagree"):
        assert said in told
    assert told.count("≠") == 15
    pilots = words("pilots", programme="clusterpolisee")
    assert "January 2014 for six months" in pilots
    assert "October 2013 to February 2014" in pilots
    assert "sources disagree" in pilots
    money = words("money", programme="clusterpolisee")
    assert "EUR 5,186,352" in money
    assert "inferred by us" in money
    assert "There is no curve to draw." in money


def test_nothing_is_made_up_for_the_real_programme(page: None) -> None:
    assert "not computable" in headline("pilots", programme="clusterpolisee")
    assert headline("money", programme="clusterpolisee") == "No plan of money is on record."
    assert headline("decisions", programme="clusterpolisee") == "Neither risks nor decisions are on record."
    assert "late" not in headline("workplan", programme="clusterpolisee")


# --- filters ---------------------------------------------------------------------------------------------------------


def test_filters_cut(page: None) -> None:
    late = built("workplan-deliverables", programme="demo6", shown="late").table
    assert len(late) == 5
    assert late["is_late"].all()
    package = built("workplan-deliverables", programme="demo6", work_package="wp3").table
    assert set(package["work_package"]) == {"wp3"}
    assert set(built("workplan-timeline", programme="demo6", work_package="wp3").table["work_package"]) == {"wp3"}
    led = built("workplan-deliverables", programme="demo6", partner="p05").table
    assert set(led["lead"]) == {"p05"}
    watched = built("pilots-grid", programme="demo6", standing="watch").table
    assert watched["pilot"].nunique() == 3
    assert headline("pilots", standing="watch").endswith("3 pilots: 3 watch.")
    assert headline("pilots", standing="rosier").endswith("2 pilots: 1 watch, 1 off track.")
    assert headline("pilots", theme="finance").endswith("2 pilots: 1 on track, 1 watch.")


def test_money_is_cut_and_its_parts_sum_up(page: None) -> None:
    whole = programmes.spending("demo6")
    for cut in ("work_package", "category", "fund"):
        table = built("money-by", programme="demo6", by=cut).table
        assert int(table["certified_cents"].sum()) == whole.certified
        assert int(table["declared_cents"].sum()) == whole.declared
        parts = [programmes.spending("demo6", **{cut: code}) for code in table[cut]]
        assert sum(one.plan_covered for one in parts) == whole.plan_covered
    assert "Staff: " in headline("money", category="staff")
    single = built("money-curve", programme="demo6", sums="period").table
    summed = built("money-curve", programme="demo6").table
    assert single["plan"].sum() == pytest.approx(summed["plan"].iloc[-1]) == pytest.approx(5.0)
    assert single["plan"].tolist() == pytest.approx([0.4, 0.8, 1.0, 1.0, 1.0, 0.8])
    assert summed["certified"].dropna().iloc[-1] == pytest.approx(1.98)


nonsense = st.text(max_size=12) | st.sampled_from(["demo6", "made", "wp1", "p01", "all", "-1", "99", "pilot01", "<b>"])


@pytest.mark.parametrize("name", PAGES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nonsense_in_the_address_still_gives_a_page(page: None, name: str, data: st.DataObject) -> None:
    known = list(filters(name).parse().__dataclass_fields__)
    query = data.draw(st.dictionaries(st.sampled_from(known), nonsense, max_size=4))
    layout = module(name).layout(**query, unknown="x")
    assert "page" in layout.className


def test_a_choice_without_anything_says_so(page: None) -> None:
    assert headline("pilots", standing="done") == "There is no pilot in this choice."
    assert "Choose another theme, partner or status." in words("pilots", standing="done")


# --- downloads -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_downloads_hold_the_numbers(loaded: Dash, client: FlaskClient, key: str) -> None:
    reply = client.get(f"/export/{key}.xlsx?programme=demo6&pilot=pilot01&lang=en")
    assert reply.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(reply.data), read_only=True)
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert any("DEMO-6" in cell or "demo6" in cell for cell in cells)
    assert len(cells) > 20


def test_the_cells_of_money_sum_to_the_totals(page: None, client: FlaskClient) -> None:
    table = built("money-cells", programme="demo6").table
    assert table["certified"].sum() == pytest.approx(1_980_000)
    assert table["declared"].sum() == pytest.approx(2_840_000)
    assert table["plan"].sum() == pytest.approx(5_000_000)


def test_the_calendar_holds_due_days(client: FlaskClient) -> None:
    reply = client.get("/programme/demo6.ics?lang=en")
    assert reply.status_code == 200
    events = Calendar.from_ical(reply.data).walk("VEVENT")
    assert len(events) > 10
    assert any("DEMO" in str(event.get("summary", "")) for event in events)


# --- Hungarian -------------------------------------------------------------------------------------------------------

SAME = {"", "CSV", "JSON", "SVG", "PNG", "BibTeX", "RIS", "Excel (XLSX)", "Link", "DEMO", "Partner"}
SAME |= {"PoliSEE, synthetic demonstration data"}


@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_in_hungarian(page: None, name: str) -> None:
    """What the English page says by itself, the Hungarian one says in another way."""

    def said() -> set[str]:
        found: set[str] = set()

        def walk(part: Any) -> None:
            if isinstance(part, str):
                found.add(part.strip())
            elif isinstance(part, list | tuple):
                for one in part:
                    walk(one)
            elif isinstance(part, dict):
                walk(part.get("props", {}).get("children"))
            else:
                walk(getattr(part, "children", None) or "")

        walk(module(name).layout(programme="demo6", pilot="pilot06" if name == "pilots" else "none"))
        return found

    english = said()
    set_language("hu")
    known = set(catalogue("hu"))
    left = {text for text in said() & english if text in known or re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", text)}
    assert left <= SAME


# --- what a load computes beforehand ---------------------------------------------------------------------------------


def test_what_was_computed_beforehand_is_what_the_rules_say(page: None) -> None:
    engine = frames.engine()
    with engine.connect() as connection:
        jobs = [job for job in derive_programmes.jobs(connection) if job.subject == "made"]
        assert result(connection, "made", "judged") is None  # it was loaded without the command that computes
    plain = programmes.judged("made"), programmes.spending("made"), programmes.grid("made")
    by = built("money-by", programme="made", by="work_package").table
    run_jobs(engine, jobs=[*jobs, *_others()])
    frames.forget_engine()
    held = frames.programme_judged("made", "judged", programmes.the_programme("made").limits.as_text())
    assert held is not None
    assert programmes.judged("made").astype(str).equals(plain[0].astype(str))
    assert programmes.spending("made") == plain[1]
    assert programmes.grid("made").astype(str).equals(plain[2].astype(str))
    again = built("money-by", programme="made", by="work_package").table
    assert again.sort_values("work_package")["certified_cents"].tolist() == (
        by.sort_values("work_package")["certified_cents"].tolist()
    )


def _others() -> list[Any]:
    with frames.engine().connect() as connection:
        from etl.derive import collect

        return [job for job in collect(connection) if job.subject != "made"]


def test_results_of_an_earlier_load_do_not_count(page: None) -> None:
    with frames.engine().connect() as connection:
        found = result(connection, "made", "judged")
        assert found is None or found.facts["stamp"] != "0"
    limits = programmes.the_programme("made").limits.as_text()
    assert frames.programme_judged("made", "judged", limits | {"watch": "0.5"}) is None


def test_many_periods_have_signs_and_a_key(page: None) -> None:
    """Eight periods still have words; the made programme has as many, so words it is, and each cell says why."""
    assert "why-cell" in shown("pilots", programme="made")
    from dashboard.components import status_grid
    from dashboard.components.status_grid import Group, Row

    names = [str(n) for n in range(1, 13)]
    drawn = status_grid.grid(
        "c", "p", names, [Group("", [Row(["x"], ["on_track"] * 12, {3: "note"}, {}, {0: "/there"})])]
    )
    text = json.dumps(drawn, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert text.count('"aria-label": "on track') == 12
    assert '"aria-label": "on track – note"' in text
    assert '"href": "/there"' in text
    assert "grid-key" in text


# --- impact ----------------------------------------------------------------------------------------------------------


def test_an_impact_that_cannot_be_told_yet_says_so(page: None) -> None:
    found = built("pilots-impact", programme="demo6", pilot="pilot07")
    assert found.answer == (
        "Too early to tell: figures end in 2024, and 2025 is the first full year after the start · "
    ).removesuffix(" · ")
    assert any("Rehearsal" in note for note in found.notes)
    assert any("Contribution, not proof" in note for note in found.notes)
    assert not built("pilots-impact", programme="demo6", pilot="pilot12").figure


def test_an_impact_that_can_be_told(page: None) -> None:
    found = built("pilots-impact", programme="made", pilot="pilot005")
    pilot = frames.records(frames.programme_part("pilots", "made"))[4]
    case = impacts.case("made", pilot)
    assert case is not None
    assert isinstance(case.result, Impact)
    assert case.start == 2017
    assert not set(case.left_out) & set(case.result.panel.donors)
    assert "regions show as large a difference" in found.answer
    assert found.table["year"].tolist() == list(case.result.panel.years)
    assert found.table["gap"].tolist() == pytest.approx((found.table["own"] - found.table["mixture"]).tolist())
    before = found.table["year"] < case.start
    assert found.table.loc[before, "mean"].mean() == pytest.approx(found.table.loc[before, "own"].mean())


def test_judgements_of_no_indicator(page: None) -> None:
    view = programmes.the_programme("demo6")
    empty = judgements(
        frames.programme_part("result_indicators", "demo6").head(0),
        frames.programme_part("result_values", "demo6"),
        [1, 2],
        view.limits,
    )
    assert empty.empty

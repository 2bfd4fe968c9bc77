"""Scenario sets in the store: as a whole or not at all, the same twice changes nothing, what people edited is kept."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select, text

from config import ROOT
from etl import scenarios
from etl.loading import Loader
from etl.pipeline import Outcome
from etl.scenario_export import CannotExport, export_set
from etl.scenarios import content_of, load_project, load_set_file
from store import edits
from store import scenarios as read
from store.engine import version, writing
from store.ledger import loads, quarantine
from store.scenario_writes import orphans
from store.schema_scenarios import PathwayPoint, PathwaySeries
from store.status import set_status
from tests.etl.sources.scenario_sets import COMPLETE, changed, written

LINES = """\
# Made for tests
Model,Scenario,Region,Variable,Unit,2025,2030
Mill,Open door,HUN,Population,million,9.5,9.25
Mill,Open door,HUN,GDP|PPP,billion USD_2011/yr,300,340
Mill,shut-in,HUN,Population,million,9.5,8.75
Mill,shut-in,Atlantis,Population,million,1,2
"""
"""A scenario table: names of scenarios by name and by code, a region of ours and one of nobody's."""


@pytest.fixture
def load(engine: Engine, tmp_path: Path) -> Callable[..., Outcome]:
    """Loads a text as the file valley.yaml."""

    def load(content: str = COMPLETE, **options: Any) -> Outcome:
        return load_set_file(engine, written(tmp_path, content), **options)

    return load


def seen(engine: Engine) -> tuple[int, int]:
    """Data version and number of loads."""
    with engine.connect() as connection:
        return version(connection), len(loads(connection, 1000))


def edit(engine: Engine, name: str = "Door wide open") -> edits.Edit:
    """What a facilitator changes on the screen."""
    with writing(engine) as connection:
        texts = {"name": {"en": name}}
        return edits.put(connection, "scenario", "valley", {"code": "open_door"}, {"texts": texts}, "facilitator")


def titles(connection: Connection) -> list[str]:
    return read.scenarios(connection, "valley")["name"].tolist()


def test_everything_of_a_set_is_stored(engine: Engine, load: Callable[..., Outcome]) -> None:
    outcome = load()
    assert (outcome.state, outcome.counts["rejected"]) == ("done", 0)
    assert outcome.counts["new"] == outcome.counts["read"] > 40
    with engine.connect() as connection:
        (head,) = read.sets(connection, "hu").to_dict("records")
        assert (head["title"], head["question"]) == ("A völgy 2035-ben", "What will the valley live from?")
        assert head["axes"][0] == {"code": "markets", "name": "Piacok", "low": "Closed", "high": "Open"}
        assert [group["name"] for group in head["groups"]] == ["Minisztériumok", "Clusters"]
        first, second = read.scenarios(connection, "valley").to_dict("records")
        assert (first["place"], first["state"]) == ({"markets": 1, "skills": 0.5}, {"access": "wide", "people": "many"})
        assert (first["prior"], second["code"], first["position"]) == (2, "shut-in", 1)
        driver = read.drivers(connection, "valley").to_dict("records")[0]
        assert [driver[f"impact{end}"] for end in ("_low", "", "_high")] == [6, 8, 9.5]
        assert driver["evidence"][0]["text"] == "They went up in 2025."
        likely = read.likelihoods(connection, "valley").set_index(["signpost", "scenario"])["likelihood"]
        assert likely.to_dict() == {("jobs", "open_door"): 0.95, ("jobs", "shut-in"): 0.1, ("pact", "shut-in"): 0.5}
        judged = read.pay_offs(connection, "valley").set_index(["measure", "scenario", "group_code"])
        assert judged.loc[("school", "open_door", "ministries"), "reason"] == "people come"
        cells = read.cells(connection, "valley", "cib")
        assert cells[cells["group_code"] == ""]["value"].tolist() == [-3, 3, 1, 0.5]
        assert read.cells(connection, "valley", "box")["sign"].tolist() == ["X", ""]
        paths = read.pathways(connection, "valley", ["employment_rate"])
        point = paths[(paths["scenario"] == "open_door") & (paths["year"] == 2030)].iloc[0]
        assert (point["low"], point["value"], point["high"], point["transform"]) == (71.5, 73, 75, "level")
        assert read.workshops(connection, "valley")["record"][0]["actions"][0]["due"] == "2026-12-31"
        assert set(orphans(connection).values()) == {0}


def test_the_same_file_twice_changes_nothing(engine: Engine, load: Callable[..., Outcome], tmp_path: Path) -> None:
    first = load()
    after = seen(engine)
    again = load()
    assert (again.state, again.load_id) == ("known", first.load_id)
    assert seen(engine) == after
    # Other bytes that say the same are a load, and no new data version.
    same = load("# A comment\n" + COMPLETE)
    assert (same.state, same.counts["new"], same.counts["changed"]) == ("done", 0, 0)
    assert same.counts["unchanged"] == first.counts["new"]
    assert seen(engine) == (after[0], after[1] + 1)
    assert load(force=True).counts["changed"] == 0
    assert seen(engine)[0] == after[0]


def test_a_set_is_replaced_as_a_whole(engine: Engine, load: Callable[..., Outcome]) -> None:
    load()
    with engine.connect() as connection:
        lines = dict(connection.execute(select(PathwaySeries.region_name, PathwaySeries.id)).all())
    shorter = changed("  - {code: fair, cost: 0, name: {en: A fair}}\n", "").replace("[fair]", "[]")
    shorter = changed("2035: [60, 66, null]", "2035: [60, 67, null], 2040: 68", shorter)
    shorter = changed("hu: Nyitott ajtó", "hu: Tárt ajtó", shorter)
    shorter = shorter.replace(
        "    - {scenario: shut-in, region: RO11, indicator: population, points: {2035: 2000000}}\n", ""
    )
    outcome = load(shorter)
    assert outcome.counts["new"] == 1  # the year 2040
    # A measure, a line and its link are gone; texts of a scenario, the list of a measure and a point are other.
    assert outcome.counts["changed"] == 3 + 3
    with engine.connect() as connection:
        assert read.measures(connection, "valley")["code"].tolist() == ["school", "bus"]
        assert read.scenarios(connection, "valley", "hu")["name"][0] == "Tárt ajtó"
        paths = read.pathways(connection, "valley")
        assert paths["value"].tolist().count(67) == 1
        assert set(paths["variable"]) == {"employment_rate"}
        assert read.links(connection, "valley")["indicator"].tolist() == ["employment_rate"]
        kept = dict(connection.execute(select(PathwaySeries.region_name, PathwaySeries.id)).all())
        assert kept["HU22"] in lines.values()
        assert set(orphans(connection).values()) == {0}


def test_a_scenario_that_goes_takes_all_that_is_its_own(engine: Engine, load: Callable[..., Outcome]) -> None:
    load()
    end = COMPLETE.index("drivers:\n")
    start = COMPLETE.index("  - code: shut-in\n")
    outcome = load(COMPLETE[:start] + COMPLETE[end:])
    with engine.connect() as connection:
        assert titles(connection) == ["Open door"]
        assert connection.scalar(select(func.count()).select_from(PathwaySeries)) == 1
        assert connection.scalar(select(func.count()).select_from(PathwayPoint)) == 3
        assert set(orphans(connection).values()) == {0}
        told = quarantine(connection, outcome.load_id)
    assert set(told["reason"]) == {"unknown-code"}
    # Two lines of pathways, two likelihoods and a pay-off were of the scenario.
    assert len(told) == 2 + 2 + 1
    assert told["column"].str.contains("shut-in|scenario").all()


def test_good_rows_are_loaded_and_bad_ones_told_with_their_place(engine: Engine, load: Callable[..., Outcome]) -> None:
    bad = changed("2035: [70, 75.25, 79]", "2035: [80, 75.25, 79]")
    bad = changed("region: RO11, indicator", "region: RO99, indicator", bad)
    bad = changed("theme: skills", "theme: magic", bad)
    bad = changed("{ministries: -1}", "{ministries: -3}", bad)
    outcome = load(bad)
    assert (outcome.state, outcome.counts["rejected"]) == ("done", 4)
    with engine.connect() as connection:
        told = quarantine(connection, outcome.load_id).set_index("reason")
        assert len(read.pathways(connection, "valley")) == 4
        assert read.measures(connection, "valley")["theme"][0] is None
        assert len(read.pay_offs(connection, "valley")) == 3
    place = told.loc["range-order"]
    assert place["file_name"] == "valley.yaml"
    assert bad.splitlines()[int(place["line"]) - 1].strip().startswith("points: {2024: 70")
    assert place["column"] == "pathways.series[0].points.2035"
    assert "80, 75.25, 79" in place["remedy"]
    assert told.loc["unknown-region", "value"] == "RO99"
    assert told.loc["not-in-list", "column"] == "measures[0].theme"
    assert told.loc["outside-limits", "column"] == "measures[0].payoffs.shut-in.ministries"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("set: {code: valley}\n", "empty-cell"),
        ("set:\n  code: valley\n code: x\n", "not-yaml"),
        (COMPLETE[: COMPLETE.index("scenarios:")], "no-rows"),
        (changed("pathways:\n", "pathways:\n  files: [nowhere.csv]\n"), "no-file"),
    ],
)
def test_a_file_that_cannot_be_used_leaves_what_was_there(
    engine: Engine, load: Callable[..., Outcome], content: str, reason: str
) -> None:
    load()
    before, number = seen(engine)
    outcome = load(content)
    assert (outcome.state, outcome.reason) == ("failed", reason)
    assert outcome.message
    assert seen(engine) == (before, number + 1)
    with engine.connect() as connection:
        assert titles(connection) == ["Open door", "Shut in"]
        assert quarantine(connection, outcome.load_id)["reason"].tolist() == [reason]


def test_what_people_edited_is_kept_when_a_file_replaces_it(
    engine: Engine, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    load()
    edit(engine)
    # The file that is loaded already does not take their work back by itself.
    again = load()
    assert (again.state, "--force" in again.message) == ("known", True)
    with engine.connect() as connection:
        assert titles(connection)[0] == "Door wide open"
    outcome = load(force=True)
    assert outcome.counts["changed"] == 1
    with engine.connect() as connection:
        assert titles(connection)[0] == "Open door"
        assert read.sets(connection)["edited_at"].isna().all()
        entry = read.audit(connection, "valley").iloc[0]
        assert (entry["role"], entry["entity"]) == ("load", "scenario_set")
        assert entry["old"]["scenarios"][0]["name"] == {"en": "Door wide open"}
        # Nothing is left that could be undone: it is gone with the content.
        assert edits.newest(connection, "valley") is None
        number = int(entry["id"])
        assert f"entry {number} of the audit" in outcome.message
        # And the former content comes back from the audit.
        export_set(connection, "valley", tmp_path / "former.yaml", audit=number)
        with pytest.raises(CannotExport, match="keeps no former content"):
            export_set(connection, "valley", tmp_path / "x.yaml", audit=number + 7)
        assert "edited" not in outcome.message
    back = load_set_file(engine, tmp_path / "former.yaml")
    assert (back.counts["changed"], back.counts["rejected"]) == (1, 0)
    with engine.connect() as connection:
        assert titles(connection)[0] == "Door wide open"


def test_starter_data_leave_alone_what_others_did(engine: Engine, tmp_path: Path) -> None:
    path, newer = written(tmp_path), written(tmp_path, changed("prior: 2", "prior: 3"), "newer.yaml")
    loader = Loader(engine)
    assert loader.starter(path, "starter/valley.yaml").counts["new"] > 0
    # What earlier starter data brought, later ones replace.
    assert loader.starter(newer, "starter/valley.yaml").counts["changed"] == 1
    edit(engine)
    before = seen(engine)
    kept = loader.starter(path, "starter/valley.yaml")
    assert kept.state == "known" or kept.counts["passed_over"] > 0
    again = written(tmp_path, changed("prior: 2", "prior: 4"), "again.yaml")
    outcome = loader.starter(again, "starter/valley.yaml")
    assert (outcome.counts["changed"], outcome.counts["passed_over"] > 0) == (0, True)
    assert "People have changed" in outcome.message
    assert seen(engine)[0] == before[0]
    with engine.connect() as connection:
        assert titles(connection)[0] == "Door wide open"


def test_starter_data_leave_alone_a_set_of_elsewhere(engine: Engine, tmp_path: Path) -> None:
    load_set_file(engine, written(tmp_path))
    other = written(tmp_path, changed("prior: 2", "prior: 3"), "starter.yaml")
    outcome = Loader(engine).starter(other, "starter/valley.yaml")
    assert (outcome.state, outcome.counts["changed"]) == ("done", 0)
    assert "loaded from elsewhere" in outcome.message
    assert Loader(engine).starter(other, "starter/valley.yaml").state == "known"
    # A person who names that file means it.
    assert load_set_file(engine, other).counts["changed"] == 1


CHILD = """
import sys, time
from pathlib import Path
from etl import scenarios
from store.engine import make_engine

write = scenarios.write_content

def slow(*args, **options):
    done = write(*args, **options)
    print("written", flush=True)
    time.sleep(60)
    return done

scenarios.write_content = slow
scenarios.load_set_file(make_engine(sys.argv[1]), Path(sys.argv[2]))
"""


def test_killed_in_the_middle(engine: Engine, url: str, load: Callable[..., Outcome], tmp_path: Path) -> None:
    load()
    before = seen(engine)
    other = written(tmp_path, changed("Shut in", "Walled in"), "other.yaml")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(other)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
    assert seen(engine) == before
    with engine.connect() as connection:
        assert titles(connection) == ["Open door", "Shut in"]
        assert set(orphans(connection).values()) == {0}
    assert load_set_file(engine, other).counts["changed"] == 1


# ---------------------------------------------------------------------------------------------------------------------
# Scenario tables and matrices


def with_table(folder: Path, lines: str = LINES) -> Path:
    (folder / "mill.csv").write_text(lines, encoding="utf-8")
    return written(folder, changed("pathways:\n", "pathways:\n  files: [mill.csv]\n"))


def test_a_scenario_table_beside_the_set_comes_with_it(engine: Engine, tmp_path: Path) -> None:
    path = with_table(tmp_path)
    assert load_set_file(engine, path).counts["rejected"] == 0
    with engine.connect() as connection:
        found = read.pathways(connection, "valley", ["population"], ["HU"])
        assert found.set_index(["scenario", "year"])["value"].to_dict() == {
            ("open_door", 2025): 9_500_000,
            ("open_door", 2030): 9_250_000,
            ("shut-in", 2025): 9_500_000,
            ("shut-in", 2030): 8_750_000,
        }
        assert "HU" in read.sets(connection)["regions"][0]
        lines = read.iamc(connection, "valley")
        assert set(lines[lines["model"] == "Mill"]["region"]) == {"HUN", "Atlantis"}
    after = seen(engine)
    assert load_set_file(engine, path).state == "known"
    assert load_set_file(engine, path, force=True).counts["changed"] == 0
    assert seen(engine)[0] == after[0]
    # Another table is another load, though the set's own file is the same.
    with_table(tmp_path, LINES.replace("8.75", "8.5").replace("Mill,shut-in,Atlantis,Population,million,1,2\n", ""))
    again = load_set_file(engine, path)
    assert again.counts["changed"] > 0
    with engine.connect() as connection:
        lines = read.iamc(connection, "valley")
        assert "Atlantis" not in set(lines["region"])
        assert 8.5 in set(lines["value"])
    # Without it in the set the lines go.
    load_set_file(engine, written(tmp_path))
    with engine.connect() as connection:
        assert set(read.iamc(connection, "valley")["model"]) == {"valley"}
        assert set(orphans(connection).values()) == {0}


def test_a_folder_loads_the_table_with_its_set_and_not_by_itself(engine: Engine, tmp_path: Path) -> None:
    with_table(tmp_path)
    outcomes = list(Loader(engine).paths([tmp_path]))
    assert [(one.file_name, one.state) for one in outcomes] == [("valley.yaml", "done")]


def test_a_table_of_points_beside_the_set(engine: Engine, tmp_path: Path) -> None:
    rows = (
        "scenario,region,indicator,year,low,median,high,source\nopen_door,HU22,employment_rate,2040,70,80,85,A rule\n"
    )
    (tmp_path / "points.csv").write_text(rows + "open_door,HU22,employment_rate,2045,70,8o,85,\n", encoding="utf-8")
    outcome = load_set_file(engine, written(tmp_path, changed("pathways:\n", "pathways:\n  table: points.csv\n")))
    assert outcome.counts["rejected"] == 1
    with engine.connect() as connection:
        told = quarantine(connection, outcome.load_id).iloc[0]
        paths = read.pathways(connection, "valley", ["employment_rate"]).set_index(["scenario", "year"])
    assert paths.loc[("open_door", 2040), "high"] == 85
    assert (told["line"], told["column"], told["reason"]) == (3, "points.csv: median", "not-a-number")


def test_tables_go_into_a_set_that_is_there_and_stay(
    engine: Engine, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    load()
    table = tmp_path / "mill.csv"
    table.write_text(LINES, encoding="utf-8")
    (first,) = Loader(engine, into="valley").paths([table])
    assert (first.counts["new"], first.counts["rejected"]) == (8, 0)
    after = seen(engine)[0]
    (again,) = Loader(engine).paths([table])
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    assert seen(engine)[0] == after
    # They stay when the set's own file comes again with other words.
    assert load(changed("Made up.", "All made up.")).counts["changed"] == 1
    with engine.connect() as connection:
        assert len(read.iamc(connection, "valley")) == 8 + 6
        assert read.sets(connection)["caveat"].tolist() == ["All made up."]


def test_a_project_without_a_set_says_what_to_do(engine: Engine, load: Callable[..., Outcome], tmp_path: Path) -> None:
    load(changed("people.few: 0.5", "people.few: 1"))
    project = tmp_path / "valley.scw"
    with engine.connect() as connection:
        export_set(connection, "valley", project)
    (lost,) = Loader(engine).paths([project])
    assert (lost.state, lost.reason) == ("failed", "needs-set")
    assert "--set CODE" in lost.message
    (unknown,) = Loader(engine, into="hills").paths([project])
    assert (unknown.reason, "valley" in unknown.message) == ("unknown-set", True)
    project.write_text("&A\n-b\n#\n", encoding="utf-8")
    (broken,) = Loader(engine, into="valley").paths([project])
    assert (broken.state, broken.reason) == ("failed", "block-missing")


def test_a_matrix_of_scenario_wizard_comes_back_as_it_went(
    engine: Engine, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    load(changed("people.few: 0.5", "people.few: 1"))
    project = tmp_path / "valley.scw"
    with engine.connect() as connection:
        said = export_set(connection, "valley", project)
        before = content_of(connection, "valley")
    assert "2 descriptors" in said
    (outcome,) = Loader(engine, into="valley").paths([project])
    assert (outcome.counts["changed"], outcome.counts["new"], outcome.counts["rejected"]) == (0, 0, 0)
    # Changed there: a judgement, and a variant by another name that a scenario and a group had used.
    content = project.read_text(encoding="utf-8").replace("-Narrow", "-Closed").replace("0,0,3,-3", "0,0,2,-3")
    project.write_text(content, encoding="utf-8")
    outcome = load_project(engine, project, "valley")
    with engine.connect() as connection:
        after = content_of(connection, "valley")
        told = quarantine(connection, outcome.load_id)
    assert [one.code for one in after.values if one.part == "access"] == ["wide", "closed"]
    assert {one.code for one in after.parts} == {one.code for one in before.parts}
    cells = {(one.row, one.column, one.group): one for one in after.cells if one.matrix == "cib"}
    assert cells["access.wide", "people.many", ""].value == 2
    assert cells["access.wide", "people.many", ""].reason == "they come"
    assert cells["access.wide", "people.many", "clusters"].value == 2
    assert told["value"].tolist() == ["access.narrow"]
    # The set's own file brings its own matrix back, though its bytes are known.
    assert load(changed("people.few: 0.5", "people.few: 1")).counts["changed"] > 0
    assert [one for one in after.states if one.scenario == "shut-in" and one.descriptor == "access"] == []


def test_fractions_do_not_go_into_a_scenario_wizard_project(
    engine: Engine, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    load()
    with engine.connect() as connection, pytest.raises(CannotExport, match="fractions"):
        export_set(connection, "valley", tmp_path / "valley.scw")
    assert not (tmp_path / "valley.scw").exists()


# ---------------------------------------------------------------------------------------------------------------------
# Out and in again


@pytest.mark.parametrize("ending", [".yaml", ".xlsx"])
def test_a_set_comes_back_as_it_went(engine: Engine, tmp_path: Path, ending: str) -> None:
    load_set_file(engine, with_table(tmp_path))
    out = tmp_path / "out" / f"copy{ending}"
    out.parent.mkdir()
    with engine.connect() as connection:
        export_set(connection, "valley", out, "hu")
        before, lines = content_of(connection, "valley"), read.iamc(connection, "valley")
    number = seen(engine)[0]
    (outcome,) = Loader(engine).paths([out])
    assert (outcome.state, outcome.counts["rejected"]) == ("done", 0)
    assert (outcome.counts["new"], outcome.counts["changed"]) == (0, 0)
    assert seen(engine)[0] == number
    with engine.connect() as connection:
        assert content_of(connection, "valley") == before
        assert read.iamc(connection, "valley").equals(lines)
        # The words at the end: as YAML what went in comes out.
        export_set(connection, "valley", tmp_path / "a.yaml")
    load_set_file(engine, out, force=True)
    with engine.connect() as connection:
        export_set(connection, "valley", tmp_path / "b.yaml")
    plain = (tmp_path / "a.yaml").read_text(encoding="utf-8").replace("a_pathways", "b_pathways")
    assert (tmp_path / "b.yaml").read_text(encoding="utf-8") == plain


def test_a_set_becomes_a_scenario_table_that_says_what_it_is(
    engine: Engine, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    load()
    out = tmp_path / "valley.csv"
    with engine.connect() as connection:
        export_set(connection, "valley", out)
        before = read.pathways(connection, "valley")
    content = out.read_text(encoding="utf-8")
    assert "# Illustrative" in content
    assert "employment_rate|5th percentile" in content
    (outcome,) = Loader(engine, into="valley").paths([out])
    assert (outcome.state, outcome.counts["changed"]) == ("done", 0)
    with engine.connect() as connection:
        assert read.pathways(connection, "valley").equals(before)


def test_what_cannot_be_exported_is_a_sentence(engine: Engine, load: Callable[..., Outcome], tmp_path: Path) -> None:
    load()
    with engine.connect() as connection:
        for code, name, words in (("hills", "x.yaml", "no scenario set"), ("valley", "x.docx", "ending")):
            with pytest.raises(CannotExport, match=words):
                export_set(connection, code, tmp_path / name)


def test_status_and_check_know_sets(engine: Engine, load: Callable[..., Outcome]) -> None:
    load()
    edit(engine)
    with engine.connect() as connection:
        (found,) = set_status(connection)
    assert (found.code, found.scenarios, found.pathways, found.figures) == ("valley", 2, 3, 6)
    assert (found.origin, found.file_name, found.edited_at is not None) == ("illustrative", "valley.yaml", True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE pathway_series SET region = 'XX' WHERE region = 'RO11'"))
        connection.execute(text("UPDATE pathway_link SET indicator = 'nothing' WHERE indicator = 'population'"))
        connection.execute(text("INSERT INTO pathway_point (series_id, year, value) VALUES (99999, 2030, 1)"))
        assert orphans(connection) == {"points": 1, "links": 1, "regions": 1}


def test_every_reason_of_the_readers_has_words() -> None:
    from dashboard.trust import REASONS

    given: set[str] = set()
    for name in ("sources/scenario_set", "sources/scenario_yaml", "sources/scenario_workbook", "sources/sheets"):
        source = (ROOT / "etl" / f"{name}.py").read_text(encoding="utf-8")
        given |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source))
    for name in ("scenarios", "scenario_matrix", "scenario_files", "scenario_tables", "sources/scenario_wizard"):
        source = (ROOT / "etl" / f"{name}.py").read_text(encoding="utf-8")
        given |= set(re.findall(r'(?:Problem|wrong)\(\s*"([a-z]+(?:-[a-z]+)+)"', source))
    given -= {"utf-8", "utf-8-sig", "year-month-day"}
    assert len(given) > 25
    assert sorted(given - set(REASONS)) == []


def test_the_starter_sets_are_whole(engine: Engine, tmp_path: Path) -> None:
    """Every set that comes with PoliSEE loads without a refusal, says its kind and speaks both languages."""
    folder = shutil.copytree(ROOT / "data" / "starter" / "scenarios", tmp_path / "sets")
    paths = sorted(folder.glob("*.yaml"))
    assert {path.stem for path in paths} == {"see2035", "ssp"}
    for path in paths:
        outcome = scenarios.load_set_file(engine, path)
        assert (outcome.state, outcome.counts["rejected"]) == ("done", 0), outcome.message
    with engine.connect() as connection:
        rows = read.sets(connection, "hu").set_index("code")
        assert rows["origin"].to_dict() == {"see2035": "illustrative", "ssp": "published"}
        assert set(orphans(connection).values()) == {0}

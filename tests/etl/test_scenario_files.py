"""Scenario tables that people load: which set they go into, what the ledger says, and nothing half done."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from config import ROOT, settings
from etl import scenario_files
from etl.cli import app
from etl.scenario_files import is_scenario_table, load_scenario_table
from store.engine import version, writing
from store.ledger import loads, quarantine
from store.scenarios import iamc, sets
from store.schema_scenarios import PathwaySeries, ScenarioSet
from tests.etl.sources.test_iamc import LONG, WIDE, sheet, write
from tests.etl.test_scenario_tables import make_set

TWO = "m,Low road,HU,A,t,1,2\nm,High road,RO,A,t,3,4\n"


def facts(engine: Engine, code: str) -> tuple[object, ...]:
    with engine.connect() as connection:
        frame = sets(connection).set_index("code")
    row = frame.loc[code]
    return row["origin"], row["base_year"], row["horizon"], row["regions"], row["title"]


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(PathwaySeries.id)).all())


def test_a_table_without_a_set_makes_one_and_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE + TWO, "Two roads.csv")
    outcome = load_scenario_table(engine, path)
    assert (outcome.state, outcome.dataset) == ("done", "IAMC")
    assert outcome.counts == {"read": 4, "passed_over": 0, "new": 4, "changed": 0, "unchanged": 0, "rejected": 0}
    assert "Made the scenario set two_roads" in outcome.message
    assert "A (t)" in outcome.message
    assert facts(engine, "two_roads") == ("own", 2020, 2030, ["HU", "RO"], "Two roads")
    with engine.connect() as connection:
        number = version(connection)
        first = loads(connection, 1).iloc[0]
        assert (first["rows_new"], first["dataset"], first["data_version"]) == (4, "IAMC", number)
    again = load_scenario_table(engine, path)
    assert again.counts["unchanged"] == 4
    with engine.connect() as connection:
        assert version(connection) == number
        assert sets(connection)["edited_at"].isna().all()
    # Another edition, with a scenario and a year more, goes where the first one went.
    more = write(tmp_path, LONG + "m,Third road,HU,A,t,2040,5\nm,Low road,HU,A,t,2020,1\n", "Two roads.csv")
    outcome = load_scenario_table(engine, more)
    assert "Into scenario set two_roads" in outcome.message
    assert facts(engine, "two_roads")[1:3] == (2020, 2040)
    assert count(engine) == 3


def test_a_table_goes_into_the_set_that_has_its_scenarios(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as connection:
        make_set(connection, "first")
        make_set(connection, "second")
    load_scenario_table(engine, write(tmp_path, WIDE + TWO), set_code="second")
    outcome = load_scenario_table(
        engine, write(tmp_path, WIDE + "other,HIGH ROAD|P5,RO,A,t,1,\n".replace("|P5", ""), "x.csv")
    )
    assert "Into scenario set second" in outcome.message
    assert facts(engine, "second")[3] == ["HU", "RO"]
    with engine.connect() as connection:
        assert iamc(connection, "second")["model"].tolist() == ["m"] * 4 + ["other"]
        assert sets(connection).set_index("code")["edited_at"].notna().tolist() == [False, True]
    workbook = sheet(
        tmp_path, [["Model", "Scenario", "Region", "Variable", "Unit", 2020], ["m", "Low road", "HU", "A", "t", 7]]
    )
    assert is_scenario_table(workbook)
    changed = load_scenario_table(engine, workbook)
    assert (changed.counts["changed"], "second" in changed.message) == (1, True)
    named = load_scenario_table(engine, workbook, set_code="fourth-set")
    assert named.counts["new"] == 1
    assert facts(engine, "fourth-set")[0] == "own"
    refused = load_scenario_table(engine, workbook, set_code="No Code")
    assert (refused.state, refused.reason) == ("failed", "bad-code")


def test_sums_that_differ_are_told_and_loaded(engine: Engine, tmp_path: Path) -> None:
    text = "m,s,HU,E,t,3,\nm,s,HU,E|Coal,t,1,\nm,s,HU,E|Gas,t,1,\nm,s,HU,Price,t,9,\nm,s,HU,Price|Coal,t,1,\n"
    outcome = load_scenario_table(engine, write(tmp_path, WIDE + text))
    assert (outcome.counts["new"], outcome.counts["rejected"]) == (5, 0)
    assert "not the sum of their parts, loaded all the same: 1, first E, HU, s, 2020" in outcome.message
    with engine.connect() as connection:
        row = quarantine(connection, outcome.load_id).iloc[0]
    assert (row["reason"], row["column"], row["value"]) == ("sum-differs", "E", "3")
    assert "E|Coal; E|Gas" in row["remedy"]


def test_refused_rows_go_to_quarantine(engine: Engine, tmp_path: Path) -> None:
    outcome = load_scenario_table(
        engine, write(tmp_path, WIDE + TWO + "m,Low road,HU,B,,1,2\nm,Low road,HU,A|p5,t,9,\n")
    )
    assert (outcome.counts["new"], outcome.counts["rejected"]) == (4, 2)
    with engine.connect() as connection:
        told = quarantine(connection, outcome.load_id)
    assert told[["line", "reason"]].values.tolist() == [[4, "missing-unit"], [5, "value-outside-range"]]


@pytest.mark.parametrize("text", ["Model,Scenario,Region,Variable,2020\n", WIDE, WIDE + "m,s,HU,A,t,x,\n"])
def test_a_file_without_figures_leaves_no_set_behind(engine: Engine, tmp_path: Path, text: str) -> None:
    outcome = load_scenario_table(engine, write(tmp_path, text))
    assert outcome.state == "failed"
    assert outcome.message
    with engine.connect() as connection:
        assert connection.execute(select(ScenarioSet.code)).all() == []
        assert loads(connection, 1).iloc[0]["state"] == "failed"


@pytest.fixture
def command(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("POLISEE_DATABASE_URL", url)
    settings.cache_clear()
    yield CliRunner()
    settings.cache_clear()


def test_the_command_loads_tables(command: CliRunner, engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE + TWO, "roads.csv")
    done = command.invoke(app, ["load", str(path)])
    assert (done.exit_code, done.stdout.splitlines()[0][:18]) == (0, "roads.csv: 4 new. ")
    assert command.invoke(app, ["load", str(path), "--set", "other"]).exit_code == 0
    write(tmp_path, WIDE + "m,Low road,HU,A,t,1,\n", "roads.csv")
    assert "1 unchanged" in command.invoke(app, ["load", str(path), "--set", "other"]).stdout
    replaced = command.invoke(app, ["load", str(path), "--set", "other", "--replace"])
    assert "Figures removed since they are no longer stated: 3." in replaced.stdout
    with engine.connect() as connection:
        assert len(iamc(connection, "roads")) == 4
        assert len(iamc(connection, "other")) == 1


CHILD = """
import sys, time
from pathlib import Path
from etl import scenario_files
from etl.sources.iamc import read_iamc
from store.engine import make_engine

def slow(path, name=""):
    extract = read_iamc(path, name)
    whole = list(extract.chunks)

    def chunks():
        yield from whole
        yield from (part.slice(0, 0) for part in whole)
        # The next block is read ahead while the last one is written.
        time.sleep(3)
        print("half way", flush=True)
        time.sleep(60)

    extract.chunks = chunks()
    return extract

scenario_files.read_iamc = slow
scenario_files.load_scenario_table(make_engine(sys.argv[1]), Path(sys.argv[2]), set_code="roads", replace=True)
"""


def test_killed_in_the_middle(engine: Engine, url: str, tmp_path: Path) -> None:
    load_scenario_table(engine, write(tmp_path, WIDE + TWO, "roads.csv"))
    with engine.connect() as connection:
        before, number = iamc(connection, "roads"), version(connection)
    path = write(tmp_path, WIDE + TWO.replace("1,2", "8,9") + "m,New road,HU,A,t,1,1\n", "next.csv")
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "half way\n"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
    with engine.connect() as connection:
        assert iamc(connection, "roads").equals(before)
        assert version(connection) == number
    outcome = load_scenario_table(engine, path, set_code="roads")
    assert (outcome.counts["new"], outcome.counts["changed"]) == (2, 2)


def test_what_is_no_table(tmp_path: Path) -> None:
    assert not is_scenario_table(tmp_path / "missing.csv")
    assert not is_scenario_table(write(tmp_path, "indicator,region,period,value\n"))
    assert not is_scenario_table(write(tmp_path, b"PK\x03\x04 not a zip", "broken.xlsx"))
    assert scenario_files.MAPPING.is_file()

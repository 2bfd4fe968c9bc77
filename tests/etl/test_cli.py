"""The command line: what it says, its exit codes, its JSON, and that a start stays light."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import typer
from click.testing import Result
from sqlalchemy import create_engine, make_url, text
from typer.testing import CliRunner

from config import ROOT, settings
from etl import cli
from etl.cli import HELP, app
from etl.pipeline import load_extract
from store.engine import make_engine
from tests.etl.extracts import extract
from tests.etl.sources.scenario_sets import changed, written

Run = Callable[..., Result]


@pytest.fixture
def polisee(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command on a database with tables and catalogue."""
    monkeypatch.setenv("POLISEE_DATABASE_URL", url)
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    settings.cache_clear()


def tidy(folder: Path, *rows: str, name: str = "figures.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(["indicator,region,period,value,flags", *rows, ""]), encoding="utf-8")
    return path


GOOD = ("employment_rate,HU11,2014,67.5,", "employment_rate,HU11,2015,,u", "employment_rate,HU12,2014,0,e")


def test_init_prepares_an_empty_database_and_then_rests(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, polisee: Run
) -> None:
    monkeypatch.setenv("POLISEE_DATABASE_URL", empty_url)
    settings.cache_clear()
    refused = polisee("status")
    assert refused.exit_code == 6
    assert "polisee init" in refused.stderr
    first = json.loads(polisee("init", "--json").stdout)
    assert first["migrated"]
    assert first["new"] > 1000
    again = polisee("init", "--quiet")
    assert (again.exit_code, again.output) == (0, "")


def test_the_starter_data_load_once(polisee: Run, url: str) -> None:
    first = json.loads(polisee("load", "--starter", "--json").stdout)
    assert first[0]["counts"]["new"] > 20_000
    assert [one["file_name"] for one in first[:3]] == [
        f"starter/{name}.csv" for name in ("observations", "industries", "positions")
    ]
    assert {one["counts"]["rejected"] for one in first} == {0}
    again = polisee("load", "--starter", "--quiet")
    assert (again.exit_code, again.output) == (0, "")
    assert polisee("derive").stdout == "All results are up to date.\n"
    assert polisee("check").exit_code == 0
    status = json.loads(polisee("status", "--json").stdout)
    shown = {row["dataset"]: row for row in status["datasets"]}
    assert shown["TGS00007"]["last"] >= 2024
    assert 0.5 < shown["TGS00007"]["share"] <= 1
    assert "TGS00007" in polisee("status").stdout
    # What `make run` does on its second start must not load the heavy libraries at all.
    for arguments in (["init"], ["load", "--starter"], ["derive"], ["status", "--json"]):
        code = (
            "import sys\nfrom etl.cli import app\n"
            f"app({arguments!r}, standalone_mode=False)\n"
            "heavy = {'pandas', 'pyarrow', 'alembic', 'yaml', 'httpx', 'openpyxl'} & set(sys.modules)\n"
            "assert not heavy, heavy\n"
        )
        done = run(url, "-c", code)
        assert done.returncode == 0, done.stderr


BY_INDUSTRY = [f"employment_nace:{code},HU2{n},2014,{n}," for n in (1, 2) for code in ("A", "F")]


def test_results_are_computed_by_the_load_and_by_derive(
    polisee: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert polisee("derive").stdout == "All results are up to date.\n"
    loaded = polisee("load", tidy(tmp_path, *BY_INDUSTRY))
    assert loaded.exit_code == 0
    assert "Results: 1 computed" in loaded.stdout
    assert polisee("derive", "--quiet").output == ""
    done = json.loads(polisee("derive", "--force", "--json").stdout)
    assert [(one["name"], one["subject"], one["state"]) for one in done] == [
        ("industries", "employment_nace:2014", "computed")
    ]

    def fail(*_given: object, **_named: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("etl.derive_industries.parts", fail)
    failed = polisee("derive", "--force")
    assert failed.exit_code == 3
    assert failed.stderr == (
        "industries employment_nace:2014: not computed, the older result stays. ValueError: no such thing\n"
    )
    loaded = polisee("load", tidy(tmp_path, "employment_nace:J,HU21,2014,5,", name="more.csv"))
    assert (loaded.exit_code, "1 new" in loaded.stdout) == (3, True)


@pytest.mark.parametrize(("code", "served"), [(0, True), (3, True), (4, False), (6, False)])
def test_start_serves_unless_there_is_nothing_to_serve(
    monkeypatch: pytest.MonkeyPatch, code: int, served: bool
) -> None:
    def load(**_named: object) -> None:
        if code:
            raise typer.Exit(code)

    called: list[str] = []
    monkeypatch.setattr(cli, "init", lambda **_named: called.append("init"))
    monkeypatch.setattr(cli, "load", load)
    monkeypatch.setattr(cli, "serve", lambda: called.append("serve"))
    CliRunner().invoke(app, ["start"])
    assert called == ["init", *(["serve"] if served else [])]


def test_figures_by_industry_are_exported_by_series_and_industry(polisee: Run, tmp_path: Path) -> None:
    polisee("load", tidy(tmp_path, *GOOD, *BY_INDUSTRY))
    lines = polisee("export", "-i", "employment_nace", "-r", "HU22", "--bare", "--lang", "hu").stdout.splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["employment_nace:A", "employment_nace:F"]
    assert "Mezőgazdaság" in lines[1]
    assert len(polisee("export", "-i", "employment_nace:A", "--bare").stdout.splitlines()) == 3
    assert len(polisee("export", "--bare").stdout.splitlines()) == 1 + len(GOOD) + len(BY_INDUSTRY)


def test_a_file_and_a_folder(polisee: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    tidy(folder, *GOOD, name="a.csv")
    tidy(folder, "employment_rate,AT11,2014,70,", name="b.csv")
    (folder / "README.md").write_text("notes", encoding="utf-8")
    result = polisee("load", folder, "--json")
    assert result.exit_code == 0
    assert [one["counts"]["new"] for one in json.loads(result.stdout)] == [3, 1]
    assert "nothing to do" in polisee("load", folder / "b.csv").stdout


def test_rejected_rows_are_shown_exported_and_told_by_the_exit_code(polisee: Run, tmp_path: Path) -> None:
    path = tidy(tmp_path, *GOOD, "employment_rate,GR30,2014,50,", "=cmd(),HU11,2014,1,")
    result = polisee("load", path)
    assert result.exit_code == 3
    assert "2 rejected" in result.stdout
    rows = json.loads(polisee("quarantine", "--json").stdout)
    assert [(row["line"], row["reason"]) for row in rows] == [(6, "unknown-indicator"), (5, "unknown-region")]
    assert "EL30" in rows[1]["remedy"]
    assert "unknown-region" in polisee("quarantine").stdout
    out = tmp_path / "rejected.csv"
    assert polisee("quarantine", "--export", out).exit_code == 0
    written = out.read_text(encoding="utf-8")
    assert "'=cmd()" in written
    assert ",=cmd()" not in written, "a spreadsheet would run it"


@pytest.mark.parametrize("content", ["hello\nworld\n", "", "indicator,region\nemployment_rate,HU11\n"])
def test_an_unusable_file_is_code_4_and_the_others_load(polisee: Run, tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(content, encoding="utf-8")
    result = polisee("load", bad, tidy(tmp_path, *GOOD))
    assert result.exit_code == 4
    assert "bad.csv: not loaded." in result.stderr
    assert "3 new" in result.stdout


def test_a_file_that_is_not_there(polisee: Run, tmp_path: Path) -> None:
    result = polisee("load", tmp_path / "nowhere.csv")
    assert result.exit_code == 4
    assert "nowhere.csv: not loaded." in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("load",),
        ("export", "--format", "pdf"),
        ("export", "--format", "xlsx"),
        ("export", "-i", "nonsense"),
        ("frobnicate",),
    ],
)
def test_wrong_use_is_code_2(polisee: Run, arguments: tuple[str, ...]) -> None:
    assert polisee(*arguments).exit_code == 2


def test_offline_is_code_5_and_leaves_what_was_there(
    polisee: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polisee("load", tidy(tmp_path, *GOOD))
    before = polisee("export").stdout
    monkeypatch.setenv("POLISEE_EUROSTAT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("POLISEE_HTTP_RETRIES", "0")
    monkeypatch.setenv("POLISEE_RAW_DIR", str(tmp_path / "raw"))
    settings.cache_clear()
    result = polisee("load", "--live", "TGS00007")
    assert result.exit_code == 5
    assert "Traceback" not in result.output
    assert polisee("export").stdout == before


def test_a_dataset_the_catalogue_does_not_ask_for(polisee: Run) -> None:
    result = polisee("load", "--live", "NOT_OURS")
    assert result.exit_code == 4
    assert "data/catalogue" in result.stderr


@pytest.mark.parametrize(
    "address", ["nonsense", "postgresql+psycopg://nobody@127.0.0.1:9/none", "sqlite:////proc/no/x"]
)
def test_no_database_is_code_6(address: str, monkeypatch: pytest.MonkeyPatch, polisee: Run) -> None:
    monkeypatch.setenv("POLISEE_DATABASE_URL", address)
    settings.cache_clear()
    result = polisee("status")
    assert result.exit_code == 6
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_newer_database_is_code_6(polisee: Run, url: str) -> None:
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for command in ("init", "status"):
        result = polisee(command)
        assert result.exit_code == 6
        assert "newer PoliSEE" in result.stderr


def test_export_cites_and_never_writes_zero_for_missing(polisee: Run, tmp_path: Path) -> None:
    polisee("load", tidy(tmp_path, *GOOD))
    lines = polisee("export", "-r", "HU11", "-r", "HU12", "--lang", "hu").stdout.splitlines()
    cited = [line for line in lines if line.startswith("# ")]
    assert any("TGS00007" in line and "Forrás" in line for line in cited)
    rows = [line.split(",") for line in lines[len(cited) + 1 :]]
    assert [row[:5] for row in rows] == [
        ["employment_rate", "HU11", "2014", "67.5", ""],
        ["employment_rate", "HU11", "2015", "", "u"],
        ["employment_rate", "HU12", "2014", "0.0", "e"],
    ]
    document = json.loads(polisee("export", "--json", "--first", "2015").stdout)
    assert [row["value"] for row in document["data"]] == [None]
    assert document["citation"]
    book = tmp_path / "figures.xlsx"
    assert polisee("export", book).exit_code == 0
    sheet = openpyxl.load_workbook(book)
    assert sheet["data"]["D2"].value == 67.5
    assert sheet["data"]["D3"].value is None
    assert "TGS00007" in str([cell.value for cell in sheet["citation"]["A"]])


def test_a_bare_export_loads_again(polisee: Run, tmp_path: Path) -> None:
    polisee("load", tidy(tmp_path, *GOOD))
    out = tmp_path / "again.csv"
    polisee("export", out, "--bare")
    result = json.loads(polisee("load", out, "--json").stdout)
    assert result[0]["counts"]["unchanged"] == 3
    assert result[0]["counts"]["rejected"] == 0


def test_check_finds_what_no_longer_fits(polisee: Run, url: str, tmp_path: Path) -> None:
    assert polisee("check").exit_code == 0
    engine = make_engine(url)
    load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, 67.5)]))
    with engine.begin() as connection:
        connection.execute(text("UPDATE observation SET value = 675"))
    engine.dispose()
    result = polisee("check")
    assert result.exit_code == 3
    assert "employment_rate, HU11, 2014: 675" in result.stdout


@pytest.mark.parametrize("name", ["form.xlsx", "form.csv"])
def test_the_template_is_written_for_this_catalogue(polisee: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert polisee("template", out, "--lang", "hu").exit_code == 0
    assert out.stat().st_size > 0
    assert polisee("template", tmp_path / "form.doc").exit_code == 2


def test_every_exit_code_is_in_the_help() -> None:
    for code in range(7):
        assert f"{code} " in HELP


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"POLISEE_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_set_of_scenarios_comes_and_goes(polisee: Run, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    assert polisee("template", "--kind", "scenarios", form, "--lang", "hu").exit_code == 0
    assert openpyxl.load_workbook(form, read_only=True).sheetnames[1] == "set"
    empty = polisee("load", form)
    assert (empty.exit_code, "set: code" in empty.stderr) == (4, True)
    loaded = polisee("load", written(tmp_path, changed("theme: skills", "theme: magic")))
    assert (loaded.exit_code, "1 rejected" in loaded.stdout) == (3, True)
    told = json.loads(polisee("quarantine", "--json").stdout)
    assert (told[0]["column"], told[0]["file_name"]) == ("measures[0].theme", "valley.yaml")
    (found,) = json.loads(polisee("status", "--json").stdout)["scenario_sets"]
    assert (found["code"], found["scenarios"], found["edited_at"]) == ("valley", 2, None)
    assert "The valley in 2035" in polisee("status").stdout
    assert polisee("check").stdout == "No problems found.\n"
    for name in ("out.yaml", "out.xlsx", "out.csv"):
        assert polisee("export-set", "valley", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 500
    (again,) = json.loads(polisee("load", tmp_path / "out.xlsx", "--json").stdout)
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["rejected"]) == (0, 0, 0)
    refused = polisee("export-set", "hills", tmp_path / "hills.yaml")
    assert (refused.exit_code, "no scenario set hills" in refused.stderr) == (2, True)
    project = tmp_path / "empty.scw"
    project.write_text("&A\n-b\n", encoding="utf-8")
    assert "--set CODE" in polisee("load", project).stderr
    assert polisee("load", project, "--set", "valley").exit_code == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "dreams", "x.xlsx"), "figures, scenarios, programme"),
        (("--kind", "scenarios", "x.csv"), "ending in .xlsx"),
        (("--kind", "scenarios", "x.xlsx", "--lang", "xx"), "en or hu"),
    ],
)
def test_templates_that_are_not_there(polisee: Run, arguments: tuple[str, ...], words: str) -> None:
    refused = polisee("template", *arguments)
    assert (refused.exit_code, words in refused.stderr) == (2, True)


def test_an_unforeseen_error_is_one_line(tmp_path: Path) -> None:
    code = "from etl.cli import main\ndef fail():\n    raise ZeroDivisionError('x')\nmain(fail)"
    done = run(f"sqlite:///{tmp_path}/x.sqlite", "-c", code)
    assert done.returncode == 1
    assert "Unexpected error: ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_but_the_result_when_piped(url: str, tmp_path: Path) -> None:
    done = run(url, "-m", "etl.cli", "load", str(tidy(tmp_path, *GOOD)))
    assert done.stderr == ""
    assert done.stdout == "figures.csv: 3 new.\n"


def test_the_page_on_loading_names_every_exit_code_and_reason() -> None:
    page = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
    for code in range(7):
        assert f"\n| {code} |" in page
    source = (ROOT / "etl" / "checks.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'(?:problem\(row, |Problem\()"([a-z-]+)"', source))
    assert len(reasons) == 8
    for reason in reasons:
        assert f"`{reason}`" in page

"""The catalogue's files into the store: all right or nothing, again and again, and never a figure without meaning."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from etl.catalogue import FOLDER, CatalogueError, add_own_indicators, fingerprint, load_catalogue, read_catalogue
from etl.pipeline import load_extract, recall
from store.catalogue import indicators
from store.engine import version, writing
from store.industries import figures, series
from store.ledger import loads
from store.regions import regions
from store.schema import Indicator
from tests.etl.extracts import extract


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def rewrite(folder: Path, name: str, change: Any) -> None:
    path = folder / name
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(change(entries), allow_unicode=True), encoding="utf-8")


def entry(entries: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(one for one in entries if one["code"] == code)


def test_unchanged_files_are_no_load(engine: Engine) -> None:
    with engine.connect() as connection:
        before = len(loads(connection))
    assert load_catalogue(engine).load_id is None
    with engine.connect() as connection:
        assert len(loads(connection)) == before == 1


def test_a_changed_text_changes_one_row_and_the_data_version(engine: Engine, folder: Path) -> None:
    def change(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        entry(entries, "employment_rate")["name"]["hu"] = "Foglalkoztatottság"
        return entries

    rewrite(folder, "indicators.yaml", change)
    with engine.connect() as connection:
        number = version(connection)
    outcome = load_catalogue(engine, folder)
    assert (outcome.new, outcome.changed, outcome.removed) == (0, 1, 0)
    with engine.connect() as connection:
        assert version(connection) == number + 1
        hungarian, english = indicators(connection, "hu"), indicators(connection, "en")
    assert hungarian.set_index("code").loc["employment_rate", "name"] == "Foglalkoztatottság"
    assert english.set_index("code").loc["employment_rate", "name"] != "Foglalkoztatottság"


def test_a_new_indicator_needs_an_entry_and_no_code(engine: Engine, folder: Path, tmp_path: Path) -> None:
    made = extract(tmp_path, [("THS", "HU11", 2014, 5.0)], dims=["unit"], dataset="TGS00007", source="eurostat")
    load_extract(engine, made)
    assert recall(engine, made.path) is not None

    def change(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        new = {**entry(entries, "employment_rate"), "code": "employed", "filters": {"unit": "THS"}, "aliases": []}
        return [*entries, {**new, "limits": [0, None], "target": None}]

    rewrite(folder, "indicators.yaml", change)
    load_catalogue(engine, folder)
    assert recall(engine, made.path) is None, "the same file means more now"
    again = extract(tmp_path, [("THS", "HU11", 2014, 5.0)], dims=["unit"], dataset="TGS00007", source="eurostat")
    assert load_extract(engine, again).counts["new"] == 1


def test_an_indicator_with_figures_cannot_be_removed(engine: Engine, folder: Path, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, 67.5)]))
    rewrite(folder, "indicators.yaml", lambda all_: [one for one in all_ if one["code"] != "employment_rate"])
    with pytest.raises(CatalogueError, match="employment_rate is gone, but 1 figures"):
        load_catalogue(engine, folder)
    with engine.connect() as connection:
        assert connection.scalar(select(Indicator.id).where(Indicator.code == "employment_rate")) is not None


def test_an_indicator_without_figures_can(engine: Engine, folder: Path) -> None:
    rewrite(folder, "indicators.yaml", lambda all_: [one for one in all_ if one["code"] != "employment_rate"])
    assert load_catalogue(engine, folder).removed > 1, "its row and its texts"
    with engine.connect() as connection:
        assert "employment_rate" not in set(indicators(connection)["code"])


def test_a_region_with_figures_cannot_be_removed_but_one_without_can(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    load_extract(engine, extract(tmp_path, [("employment_rate", "AT11", 2014, 67.5)]))
    path = folder / "regions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("AT12,")), encoding="utf-8")
    load_catalogue(engine, folder)
    with engine.connect() as connection:
        assert not {"AT12"} & set(regions(connection)["code"])
    path.write_text("".join(line for line in lines if not line.startswith("AT11,")), encoding="utf-8")
    with pytest.raises(CatalogueError, match="region AT11 is gone"):
        load_catalogue(engine, folder)


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        ("indicators.yaml", lambda all_: [*all_, all_[0]], "stands 2 times"),
        ("indicators.yaml", lambda all_: [{**all_[0], "theme": "weather"}, *all_[1:]], "no theme weather"),
        ("indicators.yaml", lambda all_: [{**all_[0], "dataset": "NOWHERE"}, *all_[1:]], "no dataset NOWHERE"),
        ("indicators.yaml", lambda all_: [{**all_[0], "directoin": "up"}, *all_[1:]], "directoin"),
        ("indicators.yaml", lambda all_: [{**all_[0], "limits": [5, 1]}, *all_[1:]], "limits must be"),
        ("indicators.yaml", lambda all_: [{**all_[0], "short": {"en": "x" * 29}}, *all_[1:]], "28 characters"),
        ("indicators.yaml", lambda all_: [{**all_[0], "name": {"hu": "Név"}}, *all_[1:]], "at least the text en"),
        ("datasets.yaml", lambda all_: [{**all_[0], "source": "rumour"}, *all_[1:]], "no source rumour"),
        ("themes.yaml", lambda _all: {"code": "x"}, "must be a list"),
        ("series.yaml", lambda all_: [*all_, all_[0]], "stands 2 times"),
        ("series.yaml", lambda all_: [{**all_[0], "classification": "NACE7"}, *all_[1:]], "no classification NACE7"),
        ("series.yaml", lambda all_: [{**all_[0], "members": ["A", "X"]}, *all_[1:]], "NACE2.csv has no X"),
        (
            "series.yaml",
            lambda all_: [{**all_[0], "members": ["A", "F", "A"]}, *all_[1:]],
            "members has A more than once",
        ),
        ("series.yaml", lambda all_: [{**all_[0], "members": ["B-E", "C10"]}, *all_[1:]], "C10 lies within B-E"),
        ("series.yaml", lambda all_: [{**all_[0], "members": ["A"]}, *all_[1:]], "at least two industries"),
        ("series.yaml", lambda all_: [{**all_[0], "total": "A"}, *all_[1:]], "must not be one of the members"),
        (
            "series.yaml",
            lambda all_: [{**all_[0], "total": "TOTAL"}, *all_[1:]],
            "same rows of LFST_R_LFE2EN2 as employ",
        ),
        ("series.yaml", lambda all_: [{**all_[0], "kind": "position", "total": "C"}, *all_[1:]], "does not add up"),
        ("series.yaml", lambda all_: [{**all_[0], "dataset": "NOWHERE"}, *all_[1:]], "no dataset NOWHERE"),
        ("series.yaml", lambda all_: [{**all_[0], "code": "gdp_meur"}, *all_[1:]], "choose another"),
        ("series.yaml", lambda all_: [{**all_[0], "code": "twin"}, *all_], "same rows of LFST_R_LFE2EN2 as"),
        ("series.yaml", lambda all_: [{**all_[0], "limits": [5, 1]}, *all_[1:]], "limits must be"),
    ],
)
def test_wrong_entries_are_named(folder: Path, file: str, change: Any, sentence: str) -> None:
    rewrite(folder, file, change)
    with pytest.raises(CatalogueError, match=sentence):
        read_catalogue(folder)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A,,1,A,Again,Megint,,", "A: the code stands 2 times"),
        ("Z1,Z,2,C,Some,Valami,,", "no industry Z to be its parent"),
        ("Z1,TOTAL,0,C,Some,Valami,,", "must have a lower level than 0"),
        ("Z1,TOTAL,x,C,Some,Valami,,", "NACE2.csv, Z1: level"),
        ("Z1,TOTAL,2,C,,Valami,,", "NACE2.csv, Z1: name_en"),
        ("Z1,TOTAL,2,C,Some,Valami," + "x" * 29 + ",", "short_en"),
        ("a b,TOTAL,2,C,Some,Valami,,", "NACE2.csv, a b: code"),
    ],
)
def test_wrong_industries_are_named(folder: Path, line: str, sentence: str) -> None:
    with (folder / "industries" / "NACE2.csv").open("a", encoding="utf-8") as table:
        table.write(line + "\n")
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    assert any(sentence in problem for problem in caught.value.problems), caught.value.problems


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "series.yaml").unlink()
    with pytest.raises(CatalogueError, match=r"series\.yaml: there is no such file"):
        fingerprint(folder)


def test_a_classification_is_a_file_and_a_series_an_entry(engine: Engine, folder: Path, tmp_path: Path) -> None:
    """A new version of NACE comes as data: its figures go to a series of their own."""

    def change(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        new = {**entry(entries, "employment_nace"), "code": "employment_nace21", "classification": "NACE21"}
        return [*entries, {**new, "dimension": "nace_r21", "members": "all", "aliases": []}]

    rewrite(folder, "series.yaml", change)
    outcome = load_catalogue(engine, folder)
    assert outcome.changed == outcome.removed == 0
    made = {"dims": ["age", "sex", "unit", "nace_r21"], "dataset": "LFST_R_LFE2EN2", "source": "eurostat"}
    rows = [("Y_GE15", "T", "THS_PER", "K", "HU21", 2025, 12.0)]
    assert load_extract(engine, extract(tmp_path, rows, **made)).counts["new"] == 1
    with engine.connect() as connection:
        found = figures(connection, "employment_nace21")
        assert figures(connection, "employment_nace").empty
    assert found["industry"].tolist() == ["K"]


def test_a_series_with_figures_cannot_be_removed(engine: Engine, folder: Path, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [("employment_nace:J", "HU11", 2014, 67.5)]))
    rewrite(folder, "series.yaml", lambda all_: [one for one in all_ if one["code"] == "employment_nace"])
    assert load_catalogue(engine, folder).removed > 300, "its rows and its texts"
    with engine.connect() as connection:
        assert list(series(connection)["code"]) == ["employment_nace"]
    rewrite(folder, "series.yaml", lambda _all: [])
    with pytest.raises(CatalogueError, match=r"series\.yaml: the indicator employment_nace:J is gone, but 1 figures"):
        load_catalogue(engine, folder)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    rewrite(folder, "themes.yaml", lambda all_: [{**all_[0], "position": 9}, *all_[1:]])
    (folder / "region_changes.csv").write_text(
        "from_code,to_code,from_version,to_version,kind,population_share,source\nXX1,HU11,2013,2016,split,0.5,test\n",
        encoding="utf-8",
    )
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    assert any("themes.yaml" in problem for problem in caught.value.problems)
    assert any("no region XX1" in problem for problem in caught.value.problems)


def own(**changes: Any) -> dict[str, Any]:
    known = yaml.safe_load((FOLDER / "indicators.yaml").read_text(encoding="utf-8"))[0]
    own_dataset = next(one["code"] for one in yaml.safe_load((FOLDER / "datasets.yaml").read_text(encoding="utf-8")))
    return {
        **known,
        "code": "cluster_members",
        "role": "own",
        "dataset": own_dataset,
        "filters": {},
        "aliases": [],
        "live": False,
        "name": {"en": "Members of clusters"},
        **changes,
    }


def test_own_indicators_come_with_their_figures_and_survive_the_catalogue(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    rows = [("cluster_members", "HU11", 2024, 120.0)]
    outcome = load_extract(engine, extract(tmp_path, rows), own=[own()])
    assert outcome.counts["new"] == 1
    rewrite(folder, "themes.yaml", lambda all_: [{**all_[0], "symbol": "●"}, *all_[1:]])
    load_catalogue(engine, folder)
    with engine.connect() as connection:
        row = indicators(connection, "hu").set_index("code").loc["cluster_members"]
    assert row["name"] == "Members of clusters", "no Hungarian name: the English one"


def test_an_own_indicator_cannot_take_a_code_of_the_catalogue(engine: Engine, tmp_path: Path) -> None:
    outcome = load_extract(engine, extract(tmp_path, []), own=[own(code="employment_rate")])
    assert outcome.state == "failed"
    assert "choose another" in outcome.message
    with writing(engine) as connection, pytest.raises(CatalogueError):
        add_own_indicators(connection, [own(code="employment_rate")])

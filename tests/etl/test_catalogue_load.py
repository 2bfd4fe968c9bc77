"""The catalogue's files into the store: all right or nothing, again and again, and never a figure without meaning."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, select

from etl.catalogue import FOLDER, CatalogueError, add_own_indicators, load_catalogue, read_catalogue
from etl.pipeline import load_extract, recall
from store.catalogue import indicators
from store.engine import version, writing
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
    ],
)
def test_wrong_entries_are_named(folder: Path, file: str, change: Any, sentence: str) -> None:
    rewrite(folder, file, change)
    with pytest.raises(CatalogueError, match=sentence):
        read_catalogue(folder)


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

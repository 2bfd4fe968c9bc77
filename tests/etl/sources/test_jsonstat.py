"""JSON-stat 2.0: every form of values, statuses and axes that the format allows."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from formats import Row, jsonstat, long, read_all, zipped

from etl.sources import jsonstat as module
from etl.sources.base import MEASURES, SourceError
from etl.sources.jsonstat import read_jsonstat, updated


def cube(**changes: Any) -> dict[str, Any]:
    """Two regions and two years of one unit, sparse, as the service sends it."""
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "GERD",
        "updated": "2026-08-28T23:00:00+0200",
        "id": ["freq", "unit", "geo", "time"],
        "size": [1, 1, 2, 2],
        "value": {"0": 1.5, "3": 0},
        "status": {"0": "ub", "2": "c"},
        "dimension": {
            "freq": {"category": {"index": {"A": 0}}},
            "unit": {"category": {"label": {"PC": "Per cent"}}},
            "geo": {"category": {"index": {"HU31": 1, "HU11": 0}}},
            "time": {"category": {"index": ["2019", "2020"]}},
        },
        "extension": {"id": "TGS00042"},
        **changes,
    }


def read(tmp_path: Path, document: Any, name: str = "reply.json") -> Any:
    path = tmp_path / name
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return read_jsonstat(path)


def cells(extract: Any) -> list[tuple]:
    return [row[1:] for row in long(extract)]


def test_sparse_values_and_statuses(tmp_path: Path) -> None:
    extract = read(tmp_path, cube())
    assert (extract.dataset, extract.dims, extract.title) == ("TGS00042", ("freq", "unit"), "GERD")
    assert extract.vintage == datetime.fromisoformat("2026-08-28T21:00")
    table = read_all(extract)
    assert table.column_names == ["freq", "unit", *MEASURES]
    assert table["line"].to_pylist() == [1, 3, 4]
    assert extract.consumed == extract.size_hint
    assert cells(read(tmp_path, cube())) == [
        ("HU11", "2019", 1.5, "bu", ""),
        ("HU31", "2019", None, "c", "C"),
        ("HU31", "2020", 0.0, "", ""),
    ]


@pytest.mark.parametrize("status", [{"0": "p", "1": "p"}, ["p", "p", None, None], "p"])
@pytest.mark.parametrize("value", [{"0": 1, "1": None}, [1, None]])
def test_lists_dicts_and_one_status_for_all(tmp_path: Path, value: Any, status: Any) -> None:
    document = cube(value=value, status=status)
    assert cells(read(tmp_path, document)) == [("HU11", "2019", 1.0, "p", ""), ("HU11", "2020", None, "p", "")]


def test_the_order_of_the_axes_is_the_cubes_own(tmp_path: Path) -> None:
    document = cube(id=["time", "geo", "unit", "freq"], size=[2, 2, 1, 1], value={"1": 7.0}, status={})
    extract = read(tmp_path, document)
    assert extract.dims == ("unit", "freq")
    assert cells(extract) == [("HU31", "2019", 7.0, "", "")]


def test_roles_name_time_and_geo(tmp_path: Path) -> None:
    document = cube(id=["freq", "unit", "region", "year"], role={"time": ["year"], "geo": ["region"]})
    document["dimension"]["region"] = document["dimension"].pop("geo")
    document["dimension"]["year"] = document["dimension"].pop("time")
    extract = read(tmp_path, document)
    assert extract.dims == ("freq", "unit")
    assert cells(extract)[0][:2] == ("HU11", "2019")
    del document["role"]
    with pytest.raises(SourceError) as caught:
        read(tmp_path, document)
    assert caught.value.problem.reason == "missing-column"


def test_a_value_that_is_no_number_is_reported(tmp_path: Path) -> None:
    extract = read(tmp_path, cube(value={"0": "many", "1": ":", "2": True, "3": 4}, status={}))
    assert cells(extract) == [("HU11", "2020", None, "", ""), ("HU31", "2020", 4.0, "", "")]
    assert [(p.reason, p.line, p.value) for p in extract.problems] == [
        ("not-a-number", 1, "many"),
        ("not-a-number", 3, "True"),
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (cube(value={}, status={}), "no-rows"),
        (cube(value={"4": 1.0}), "unknown-format"),
        (cube(size=[1, 1, 3, 2]), "unknown-format"),
        (cube(dimension={}), "unknown-format"),
        (json.dumps(cube()).encode()[:-40], "truncated"),
        (zipped(json.dumps(cube()).encode())[:-12], "truncated"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, document: Any, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, document)
    assert caught.value.problem.reason == reason
    assert "\n" not in str(caught.value)


def test_the_file_name_tells_the_dataset_when_the_cube_does_not(tmp_path: Path) -> None:
    assert read(tmp_path, cube(extension={}), "tgs00010.json").dataset == "TGS00010"


def test_chunks_join_to_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row(("A",), f"R{n:02}", str(year), f"{n}.5") for n in range(20) for year in range(2000, 2010)]
    path = tmp_path / "x.json"
    path.write_bytes(jsonstat("X", ("freq",), rows))
    whole = long(read_jsonstat(path))
    monkeypatch.setattr(module, "ROWS", 7)
    extract = read_jsonstat(path)
    assert long(extract) == whole
    assert len(whole) == 200


def test_times_become_utc() -> None:
    assert updated("2026-08-28T23:00:00+02:00") == updated("2026-08-28T21:00:00Z") == updated("2026-08-28T21:00:00")
    assert updated("yesterday") is None

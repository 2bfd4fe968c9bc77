"""Boundaries enter the store in one transaction, are replaced whole, and leave a ledger row."""

import gzip
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select

from config.settings import settings
from etl.geography import load_geography, load_gisco
from etl.sources import live
from etl.sources.base import SourceError
from store.engine import make_engine, version
from store.ledger import loads, quarantine
from store.migrate import upgrade
from store.regions import geometries
from store.schema import Geometry, LoadRun, Region

REAL = Path(__file__).parents[2].parent / "shared/figures/raw/geography/nuts_2024_20m_4326.geojson"
KNOWN = {"HU": 0, "HU2": 1, "HU22": 2, "HU21": 2}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.sqlite'}")
    upgrade(engine)
    with engine.begin() as connection:
        for code, level in KNOWN.items():
            parent = code[:-1] if len(code) > 2 else None
            row = {"code": code, "level": level, "kind": "nuts", "country": "HU", "parent": parent}
            connection.execute(insert(Region), row | {"nuts_versions": ["2024"]})
    yield engine
    engine.dispose()


def write(path: Path, **outlines: float) -> Path:
    """A file of squares: code = size in degrees."""
    features = [
        {
            "type": "Feature",
            "id": code,
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[16, 46], [16 + size, 46], [16 + size, 46 + size], [16, 46 + size], [16, 46]]],
            },
        }
        for code, size in outlines.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def stored(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        frame = geometries(connection)
    return dict(zip(frame["region"], frame["shape"], strict=True))


def test_known_regions_are_loaded_and_others_passed_over(engine: Engine, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=1, FR10=1)
    summary = load_geography(engine, path, progress=lambda done, total: steps.append((done, total)))
    assert (summary.rows_read, summary.rows_passed_over, summary.rows_new, summary.data_version) == (3, 1, 2, 1)
    assert steps == [(1, 2), (2, 2)]
    with engine.connect() as connection:
        frame = geometries(connection)
        run = loads(connection).iloc[0]
    assert list(frame["region"]) == ["HU", "HU22"]
    assert set(frame["nuts_version"]) == {"2024"}
    assert set(frame["scale"]) == {"20M"}
    assert set(frame["credit"]) == {"© EuroGeographics for the administrative boundaries, 2024"}
    assert frame["shape"][1]["coordinates"][0][0] == [[16, 46], [16, 47], [17, 47], [17, 46], [16, 46]]
    assert (run["state"], run["source"], run["dataset"]) == ("done", "gisco", "NUTS_RG_20M_2024")
    assert (run["file_name"], run["bytes"], len(run["sha256"])) == (path.name, path.stat().st_size, 64)
    assert run["rows_new"] == 2


def test_the_same_file_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=1)
    first = load_geography(engine, path)
    again = load_geography(engine, path)
    assert (again.rows_new, again.rows_changed, again.rows_unchanged) == (0, 0, 2)
    assert again.data_version == first.data_version == 1
    with engine.connect() as connection:
        assert set(connection.scalars(select(Geometry.load_id))) == {first.load_id}


def test_only_what_differs_is_replaced_and_versions_stand_beside_each_other(engine: Engine, tmp_path: Path) -> None:
    load_geography(engine, write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=1))
    changed = load_geography(engine, write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=2, HU21=1))
    assert (changed.rows_new, changed.rows_changed, changed.rows_unchanged) == (1, 1, 1)
    assert changed.data_version == 2
    assert max(x for x, _ in stored(engine)["HU22"]["coordinates"][0][0]) == 18
    load_geography(engine, write(tmp_path / "NUTS_RG_20M_2021_4326.geojson", HU=4))
    with engine.connect() as connection:
        frame = geometries(connection, ["HU"])
    assert list(frame["nuts_version"]) == ["2021", "2024"]


def test_an_unusable_file_leaves_everything_and_is_in_the_ledger(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4)
    load_geography(engine, path)
    before = stored(engine)
    path.write_bytes(path.read_bytes()[:-30])
    for broken in (path, tmp_path / "missing_2024.geojson"):
        with pytest.raises(SourceError):
            load_geography(engine, broken)
        assert stored(engine) == before
        with engine.connect() as connection:
            run = loads(connection).iloc[0]
            assert (run["state"], run["file_name"]) == ("failed", broken.name)
            assert broken.name in run["message"]
            assert len(quarantine(connection, int(run["id"]))) == 1
            assert version(connection) == 1


def test_features_that_cannot_be_drawn_are_in_the_quarantine(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=1, HU21=0)
    summary = load_geography(engine, path)
    assert (summary.rows_new, summary.rows_rejected) == (2, 1)
    with engine.connect() as connection:
        (row,) = quarantine(connection, summary.load_id).to_dict("records")
    assert (row["line"], row["column"], row["value"], row["reason"]) == (3, "geometry", "HU21", "invalid-geometry")


def test_a_load_that_breaks_in_the_middle_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    load_geography(engine, write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=4, HU22=1))
    before = stored(engine)

    def pull_the_plug(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_geography(engine, write(tmp_path / "NUTS_RG_20M_2024_4326.geojson", HU=5, HU22=2), pull_the_plug)
    assert stored(engine) == before
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(LoadRun)) == 1
        assert version(connection) == 1


def test_the_real_file_loads_for_the_catalogue_s_regions(engine: Engine) -> None:
    if not REAL.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{REAL} is missing")
        pytest.skip(f"{REAL} is missing")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, sql, *_: statements.append(sql))
    summary = load_geography(engine, REAL)
    assert (summary.rows_new, summary.rows_passed_over, summary.rows_rejected) == (4, 449, 0)
    assert set(stored(engine)) == set(KNOWN)
    # One look at what is there, not one a region of Europe.
    assert len(statements) < 30


class Gisco(BaseHTTPRequestHandler):
    """Answers as GISCO's distribution does: a file a level, gzipped when asked, and 304 for a known mark."""

    protocol_version = "HTTP/1.1"
    folder: Path
    asked: list[tuple[str, int]]

    def do_GET(self) -> None:
        file = self.folder / self.path.removeprefix("/distribution/v2/nuts/geojson/")
        if not self.path.startswith("/distribution/v2/nuts/geojson/NUTS_RG_") or not file.is_file():
            self._answer(404, b"<html><title>404 Not Found</title></html>", {"Content-Type": "text/html"})
        elif self.headers["If-None-Match"] == '"1"':
            self._answer(304, b"", {})
        else:
            packed = "gzip" in (self.headers["Accept-Encoding"] or "")
            headers = {"ETag": '"1"', "Content-Type": "application/geo+json"}
            content = file.read_bytes()
            self._answer(
                200,
                gzip.compress(content) if packed else content,
                headers | ({"Content-Encoding": "gzip"} if packed else {}),
            )

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.asked.append((self.path.rsplit("/", 1)[-1], status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the tests quiet."""


@pytest.fixture
def gisco(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Gisco]]:
    folder = tmp_path / "gisco"
    folder.mkdir()
    handler = type("Handler", (Gisco,), {"folder": folder, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setenv("POLISEE_GISCO_URL", f"http://127.0.0.1:{server.server_address[1]}/distribution/v2/")
    monkeypatch.setenv("POLISEE_RAW_DIR", str(tmp_path / "raw"))
    monkeypatch.setenv("POLISEE_HTTP_RETRIES", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(live, "pause", lambda _seconds: None)
    settings.cache_clear()
    yield handler
    server.shutdown()
    server.server_close()
    settings.cache_clear()


def test_boundaries_come_from_gisco_a_file_a_level(engine: Engine, gisco: type[Gisco], tmp_path: Path) -> None:
    levels = ({"HU": 4}, {"HU2": 3}, {"HU21": 1, "HU22": 2})
    names = [f"NUTS_RG_20M_2024_4326_LEVL_{level}.geojson" for level in range(3)]
    for name, outlines in zip(names, levels, strict=True):
        write(gisco.folder / name, **outlines)
    done = load_gisco(engine)
    assert [summary.rows_new for summary in done] == [1, 1, 2]
    assert set(stored(engine)) == set(KNOWN)
    assert gisco.asked == [(name, 200) for name in names]
    records = sorted((tmp_path / "raw" / "gisco").glob("*.geojson*.json"))
    assert len(records) == 3
    assert "EuroGeographics" in records[0].read_text(encoding="utf-8")
    again = load_gisco(engine)
    assert [(summary.rows_new, summary.rows_changed) for summary in again] == [(0, 0)] * 3
    assert gisco.asked[3:] == [(name, 304) for name in names]
    with engine.connect() as connection:
        assert version(connection) == 3
        assert set(loads(connection)["query"]) == {f"{name} from GISCO" for name in names}


def test_a_version_that_gisco_has_not_and_no_connection_get_a_sentence(
    engine: Engine, gisco: type[Gisco], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="NUTS_RG_20M_1999"):
        load_gisco(engine, "1999")
    monkeypatch.setenv("POLISEE_GISCO_URL", "http://127.0.0.1:9/distribution/v2")
    settings.cache_clear()
    with pytest.raises(live.OfflineError):
        load_gisco(engine)
    assert stored(engine) == {}

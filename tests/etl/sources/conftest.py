"""Figures and services that the tests of the sources share."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_eurostat import FakeEurostat
from formats import RAW

from config.settings import settings
from etl.sources import live


@pytest.fixture
def raw() -> Callable[[str], Path]:
    """A real file by name; missing files fail where continuous integration runs, else skip."""

    def find(name: str) -> Path:
        path = RAW / name
        if not path.is_file():
            if os.environ.get("CI"):
                pytest.fail(f"the real file {path} is missing")
            pytest.skip(f"THE REAL FILE {path} IS MISSING: this test did not run")
        return path

    return find


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEurostat]:
    """A local service that answers like Eurostat's, with the settings pointing at it and no real waiting."""
    with FakeEurostat() as server:
        monkeypatch.setenv("POLISEE_EUROSTAT_URL", server.url)
        monkeypatch.setenv("POLISEE_RAW_DIR", str(tmp_path / "raw"))
        monkeypatch.setenv("POLISEE_HTTP_TIMEOUT", "0.6")
        monkeypatch.setenv("POLISEE_HTTP_RETRIES", "2")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        settings.cache_clear()
        monkeypatch.setattr(live, "pause", server.pauses.append)
        yield server
    settings.cache_clear()

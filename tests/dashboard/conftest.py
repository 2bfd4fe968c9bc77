"""A real database with the starter figures, and the application on top of it, once a worker."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import dash
import pytest
from dash import Dash
from flask.testing import FlaskClient

from tests.loaded import load_starter


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """No test finds the language or the colours that another one chose."""
    from dashboard import i18n, theme

    lang, scheme = i18n.language(), theme.scheme()
    yield
    i18n.set_language(lang)
    theme.set_scheme(scheme)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a SQLite database that holds the starter data, made the settings' own."""
    url = load_starter(tmp_path_factory.mktemp("starter") / "polisee.sqlite")
    with using(url):
        yield url


@pytest.fixture(scope="session")
def app(database: str) -> Dash:
    """The application on the starter data."""
    from dashboard.app import create_app

    return create_app()


Another = Callable[..., FlaskClient]


@pytest.fixture
def another(app: Dash) -> Iterator[Another]:
    """Make the application again with other settings; what Dash keeps for the whole process is put back afterwards."""
    from config import Settings
    from config import settings as own
    from dashboard.app import create_app

    pages = {name: dict(page) for name, page in dash.page_registry.items()}
    paths, latest = dash._get_paths.CONFIG, dash._get_app.APP

    def make(**chosen: object) -> FlaskClient:
        return create_app(Settings(**(own().model_dump() | chosen))).server.test_client(use_cookies=False)

    yield make
    for name, page in pages.items():
        dash.page_registry[name].update(page)
    dash._get_paths.CONFIG, dash._get_app.APP = paths, latest


class using:
    """Point the settings of this process at a database for a while."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._before = os.environ.get("POLISEE_DATABASE_URL")

    def __enter__(self) -> None:
        os.environ["POLISEE_DATABASE_URL"] = self._url
        _forget()

    def __exit__(self, *_error: object) -> None:
        if self._before is None:
            os.environ.pop("POLISEE_DATABASE_URL", None)
        else:
            os.environ["POLISEE_DATABASE_URL"] = self._before
        _forget()


def _forget() -> None:
    from config import settings
    from dashboard import frames

    settings.cache_clear()
    frames.forget_engine()


@pytest.fixture
def request_context(app: Dash) -> Iterator[None]:
    """A request in English, in the light scheme."""
    from dashboard.i18n import set_language
    from dashboard.theme import set_scheme

    with app.server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    from config import ROOT

    return ROOT

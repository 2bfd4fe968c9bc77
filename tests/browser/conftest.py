"""A real server (gunicorn) on real figures, and a real Chromium that may not leave the host."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, sync_playwright

from config import ROOT
from tests.loaded import load_starter, polisee

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BOUNDARIES = ROOT.parent / "shared" / "figures" / "raw" / "geography" / "nuts_2024_20m_4326.geojson"


@contextmanager
def serving(url: str, application: str = "dashboard.wsgi:server", **settings: str) -> Iterator[str]:
    """Serve a database with gunicorn on a free port; gives the address."""
    environment = (
        os.environ
        | {"POLISEE_DATABASE_URL": url, "POLISEE_PORT": "0", "POLISEE_WORKERS": "1", "POLISEE_LOG_LEVEL": "WARNING"}
        | settings
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the server did not start: {line} {process.stderr.read() if process.stderr else ''}"
        address = found.group(0).rstrip("/")
        _wait_for(address + "/healthz")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _try in range(150):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the starter figures."""
    return load_starter(tmp_path_factory.mktemp("browser") / "polisee.sqlite")


@pytest.fixture(scope="session")
def address(database: str) -> Iterator[str]:
    """Address of a server on the starter figures."""
    with serving(database) as found:
        yield found


@pytest.fixture(scope="session")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on a database that has tables and no figure."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'polisee.sqlite'}"
    from store.engine import make_engine
    from store.migrate import upgrade

    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    with serving(url) as found:
        yield found


@pytest.fixture(scope="session")
def mapped_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that also has real boundaries."""
    if not BOUNDARIES.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{BOUNDARIES} is missing")
        pytest.skip(f"{BOUNDARIES} is missing: maps with boundaries are NOT tested")
    url = load_starter(tmp_path_factory.mktemp("mapped") / "polisee.sqlite")
    done = polisee(url, "load", str(BOUNDARIES), "--quiet")
    assert done.returncode == 0, done.stderr
    with serving(url) as found:
        yield found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as started:
        yield started


def _executable() -> str:
    found = os.environ.get("POLISEE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "Chromium is missing: `make test` installs it, or set POLISEE_CHROMIUM"
    return found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Headless Chromium."""
    started = playwright.chromium.launch(executable_path=_executable(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def profile(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Headless Chromium with a profile on disk, in which scripts stay compiled: a page takes half as long to draw."""
    folder = tmp_path_factory.mktemp("profile")
    started = playwright.chromium.launch_persistent_context(folder, executable_path=_executable(), args=FLAGS)
    yield started
    started.close()


class Watched:
    """Opens pages and remembers everything that a clean page must not do.

    The first page of a test opens in the profile, if one is given, which is as new when the test ends; further ones
    and those with options of their own open in contexts that share nothing.
    """

    def __init__(self, browser: Browser, profile: BrowserContext | None = None) -> None:
        self._browser = browser
        self._profile = profile
        self._contexts: list[BrowserContext] = []
        self._pages: list[Page] = []
        self.trouble: list[str] = []
        self.requests: list[str] = []

    def __call__(
        self, url: str, *, width: int = 1440, height: int = 900, scheme: str = "light", **options: object
    ) -> Page:
        """Open an address in a new context and wait until it is drawn."""
        page = self._new_page(width, height, scheme, options)
        host = urlsplit(url).netloc
        page.on("console", lambda m: self.trouble.append(f"console: {m.text[:200]}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self.trouble.append(f"error: {str(e)[:200]}"))

        def asked(request: object) -> None:
            target: str = request.url  # type: ignore[attr-defined]
            self.requests.append(target)
            if target.startswith("http") and urlsplit(target).netloc != host:
                self.trouble.append(f"left the host: {target[:200]}")

        page.on("request", asked)
        page.goto(url, wait_until="networkidle")
        page.wait_for_selector("#content h1", timeout=20_000)
        return page

    def _new_page(self, width: int, height: int, scheme: str, options: Mapping[str, Any]) -> Page:
        if self._profile is None or self._pages or options:
            context = self._browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=cast(Any, scheme), **options
            )
            self._contexts.append(context)
            return context.new_page()
        page = self._profile.new_page()
        self._pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=cast(Any, scheme))
        return page

    def close(self) -> None:
        """Close what was opened; nothing that it left behind meets the next test."""
        for context in self._contexts:
            context.close()
        if self._profile is None or not self._pages:
            return
        self._profile.set_offline(False)
        self._profile.clear_cookies()
        self._profile.clear_permissions()
        session = self._profile.new_cdp_session(self._profile.pages[0])
        for origin in {f"http://{urlsplit(url).netloc}" for url in self.requests if url[:4] == "http"}:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage"})
        session.detach()
        for page in self._profile.pages[1:]:
            page.close()


QUIET = """() => (window.dash_stores || []).every(store => {
  const now = store.getState().callbacks;
  return ['requested', 'prioritized', 'blocked', 'executing', 'watched', 'executed'].every(kind => !now[kind].length);
})"""


def settled(page: Page) -> None:
    """Wait until no callback is under way. (That the network is idle is true for ever once it has been.)"""
    page.wait_for_function(QUIET)


SIGHTED = "color-contrast"
"""The rule that takes most of the time: it asks for what lies behind every text."""

REPEATED = "tbody tr:nth-child(n+9)"
"""Rows of a table that are built as those above them."""


def violations(page: Page, colours: bool = True) -> list[object]:
    """What axe finds wrong with a page as it stands.

    Args:
        page: the page, drawn.
        colours: whether contrasts are measured too; they are the same at every width.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if not colours:
        options["rules"] = {SIGHTED: {"enabled": False}}
    found = Axe().run(page, context={"exclude": [[REPEATED]]}, options=options).response["violations"]
    return [(v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]


def overflow(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def fits(page: Page, *widths: int) -> None:
    """Nothing is wider than the window, at these widths; figures need a moment to follow."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("() => document.documentElement.scrollWidth - window.innerWidth <= 1", timeout=10_000)


LIGHT = "/data?part=licence"
"""A page that is quickly drawn."""


def control(page: Page, name: str) -> Locator:
    """The control of a filter on the page shown."""
    return page.locator(f"""[id*='"name":"{name}"']""")


TOKEN = "enough-letters-for-a-token-of-tests"
"""What lets a reader in as a facilitator."""


def sign_in(page: Page, address: str, then: str) -> None:
    """Become a facilitator and go on to an address."""
    page.goto(address + "/signin?lang=en")
    page.fill("input[name=token]", TOKEN)
    with page.expect_navigation():
        page.press("input[name=token]", "Enter")
    page.goto(address + then, wait_until="networkidle")
    page.wait_for_selector("html[data-role=facilitator] #content h1", timeout=20_000)


def follow_nav(page: Page, path: str) -> None:
    """Click a page of the top bar, in its group if it has one."""
    link = page.locator(f"nav a[data-nav='{path}']")
    if not link.is_visible():
        page.locator(f".nav-group:has(a[data-nav='{path}']) [data-action=nav-group]").click()
    link.click()


@pytest.fixture
def open_page(browser: Browser, profile: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Open pages; at the end nothing may have gone wrong on any of them."""
    watched = Watched(browser, profile)
    yield watched
    watched.close()
    assert not watched.trouble


@pytest.fixture
def lenient_page(browser: Browser, profile: BrowserContext) -> Iterator[Watched]:
    """Open pages and look at what went wrong oneself."""
    watched = Watched(browser, profile)
    yield watched
    watched.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a test may leave pictures."""
    return tmp_path_factory.mktemp("shots")

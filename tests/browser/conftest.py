"""A real server (gunicorn) on real figures, and a real Chromium that may not leave the host."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from config import ROOT
from tests.dashboard.made_chains import inter_country, store_table
from tests.dashboard.made_futures import insert_made
from tests.dashboard.made_headings import insert_told
from tests.dashboard.made_judgements import insert_somewhere
from tests.dashboard.made_strategies import insert_strategies
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
TOKEN = "enough-letters-for-a-token-of-tests"
"""What lets a reader in as a facilitator."""

MEASURED = "measured"
"""The made set with measures and pay-offs."""

LIGHT = "/data?part=licence"
"""A page that is quickly drawn."""

BOUNDARIES = ROOT.parent / "shared" / "figures" / "raw" / "geography" / "nuts_2024_20m_4326.geojson"


expect.set_options(timeout=20_000)  # machines that test are often busy


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
        process.send_signal(signal.SIGQUIT)  # at once: nobody is asking any more
        process.wait(timeout=60)


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
def workshop_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Starter figures and every made set, each under a code of its own. Tests take back what they change."""
    folder = tmp_path_factory.mktemp("workshop")
    url = load_starter(folder / "polisee.sqlite")
    insert_made(url)
    insert_somewhere(url)
    insert_strategies(url, MEASURED)
    insert_told(url, folder)
    store_table(url, folder / "tables", inter_country(), "ICIO")
    return url


@pytest.fixture(scope="session")
def workshop(workshop_database: str) -> Iterator[str]:
    """Address of a server on all that is made, where one can sign in."""
    with serving(workshop_database, POLISEE_ADMIN_TOKEN=TOKEN) as found:
        yield found


@pytest.fixture(scope="session")
def prefixed(workshop_database: str) -> Iterator[str]:
    """Address of the same under /polisee/."""
    with serving(workshop_database, POLISEE_ADMIN_TOKEN=TOKEN, POLISEE_URL_PREFIX="/polisee/") as found:
        yield found.removesuffix("/polisee") + "/polisee"


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


NOTHING = "<!doctype html><link rel='icon' href='data:,'>"
"""An empty page for which the browser asks no icon."""


@pytest.fixture(scope="module")
def tab(profile: BrowserContext) -> Iterator[Page]:
    """The tab in which the tests of a file open their first pages, one after the other.

    A tab of its own for each test costs half as much again: a new process, in which no script is ready.
    """
    page = profile.new_page()
    yield page
    page.close()


class Watched:
    """Opens pages and remembers everything that a clean page must not do.

    The first page of a test opens in the tab, which is as new when the test ends; further ones and those with options
    of their own open in contexts that share nothing.
    """

    def __init__(self, browser: Browser, tab: Page) -> None:
        self._browser = browser
        self._tab = tab
        self._contexts: list[BrowserContext] = []
        self._heard: list[tuple[Page, str, Callable[..., None]]] = []
        self.trouble: list[str] = []
        self.requests: list[str] = []

    def __call__(
        self,
        url: str,
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        motion: str = "no-preference",
        **options: object,
    ) -> Page:
        """Open an address where nothing is remembered and wait until it is drawn."""
        page = self._new_page(options)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=cast(Any, scheme), reduced_motion=cast(Any, motion), media="null")
        host = urlsplit(url).netloc

        def told(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.trouble.append(f"console: {message.text[:200]}")

        def asked(request: Request) -> None:
            self.requests.append(request.url)
            if request.url.startswith("http") and urlsplit(request.url).netloc != host:
                self.trouble.append(f"left the host: {request.url[:200]}")

        self._listen(page, "console", told)
        self._listen(page, "pageerror", lambda error: self.trouble.append(f"error: {str(error)[:200]}"))
        self._listen(page, "request", asked)
        visit(page, url)
        return page

    def _new_page(self, options: Mapping[str, Any]) -> Page:
        if not self._heard and not options:
            return self._tab
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        return context.new_page()

    def _listen(self, page: Page, event: Any, listener: Callable[..., None]) -> None:
        page.on(event, listener)
        self._heard.append((page, event, listener))

    def close(self) -> None:
        """Close what was opened; nothing that it left behind meets the next test."""
        for page, event, listener in self._heard:
            page.remove_listener(event, listener)
        for context in self._contexts:
            context.close()
        profile = self._tab.context
        for page in profile.pages[1:]:
            if page is not self._tab:
                page.close()
        profile.set_offline(False)
        self._tab.unroute_all(behavior="ignoreErrors")
        origins = {f"http://{urlsplit(url).netloc}" for url in self.requests if url[:4] == "http"}
        self._leave(origins)
        profile.clear_cookies()
        profile.clear_permissions()
        session = profile.new_cdp_session(self._tab)
        for origin in origins:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage"})
        session.detach()

    def _leave(self, origins: set[str]) -> None:
        """End the page shown, by an empty one of the same host: the process and what it compiled stay."""
        for origin in sorted(origins)[:1]:
            self._tab.route(f"{origin}/nothing", lambda route: route.fulfill(body=NOTHING, content_type="text/html"))
            self._tab.goto(f"{origin}/nothing")
            self._tab.unroute_all(behavior="ignoreErrors")
        self._tab.mouse.move(0, 0)


DRAWN = """() => document.querySelector('#content h1')
  && (window.dash_stores || []).every(store => {
    const now = store.getState().callbacks;
    return ['requested', 'prioritized', 'blocked', 'executing', 'watched', 'executed'].every(one => !now[one].length);
  })
  && [...document.querySelectorAll('.dash-graph')].every(graph => graph.querySelector('.main-svg'))
  && document.fonts.status === 'loaded'"""


def settled(page: Page) -> None:
    """Wait until no callback is under way and figures are drawn. (An idle network would say little: it is idle while a
    busy machine draws, and half a second must pass each time.)"""
    page.wait_for_function(DRAWN, timeout=60_000)


def visit(page: Page, url: str) -> None:
    """Go to an address in a page that is open, and wait until it is drawn."""
    page.goto(url, timeout=60_000)
    settled(page)


SIGHTED = "color-contrast"
"""The rule that takes most of the time: it asks for what lies behind every text."""

REPEATED = "tbody tr:nth-child(n+9)"
"""Rows of a table that are built as those above them."""

STILL = """() => document.getAnimations().every(
  one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""

# Contrasts are measured on three texts of each look: their colour, size and weight, and all that lies behind them.
AXE = """async ([context, options, sighted, repeated]) => {
  const seen = new Map(), behind = new WeakMap();
  const back = e => {
    if (!e) return '';
    if (!behind.has(e)) {
      const s = getComputedStyle(e);
      behind.set(e, [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, back(e.parentElement)].join());
    }
    return behind.get(e);
  };
  const look = e => {
    const s = getComputedStyle(e);
    return [s.color, s.fill, s.fontSize, s.fontWeight, s.textShadow, back(e)].join();
  };
  const says = e => [...e.childNodes].some(one => one.nodeType === 3 && one.data.trim());
  for (const e of document.body.querySelectorAll('*')) {
    const field = e.matches('input, select, textarea, button');
    if (!field && !says(e) || !e.checkVisibility({ visibilityProperty: true }) || e.closest(repeated)) continue;
    const key = field ? e : look(e), count = (seen.get(key) || 0) + 1;
    seen.set(key, count);
    if (count <= 3) e.setAttribute('data-sighted', '');
  }
  axe.configure({ rules: [{ id: sighted, selector: '[data-sighted]' }] });
  const { violations } = await axe.run(context, options);
  document.querySelectorAll('[data-sighted]').forEach(e => e.removeAttribute('data-sighted'));
  return violations.map(one => [one.id, one.impact, one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]);
}"""


def violations(page: Page, colours: bool = True, within: str = "") -> list[tuple[str, str, list[str]]]:
    """What axe finds wrong with a page as it stands.

    Args:
        page: the page, drawn.
        colours: whether contrasts are measured too; they are the same at every width.
        within: the part to look at, where all around it has been seen already.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if not colours:
        options["rules"] = {SIGHTED: {"enabled": False}}
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.wait_for_function(STILL)  # a colour on its way to another is neither
    context = {"exclude": [[REPEATED]]} | ({"include": [[within]]} if within else {})
    return [tuple(one) for one in page.evaluate(AXE, [context, options, SIGHTED, REPEATED])]


def overflow(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def fits(page: Page, *widths: int) -> None:
    """Nothing is wider than the window, at these widths; figures need a moment to follow."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("() => document.documentElement.scrollWidth - window.innerWidth <= 1", timeout=10_000)


def control(page: Page, name: str) -> Locator:
    """The control of a filter on the page shown."""
    return page.locator(f"""[id*='"name":"{name}"']""")


def sign_in(page: Page, address: str, then: str) -> None:
    """Become a facilitator and go on to an address."""
    page.goto(f"{address}/signin?lang=en&next={quote(then)}")
    page.fill("input[name=token]", TOKEN)
    with page.expect_navigation():
        page.press("input[name=token]", "Enter")
    page.wait_for_selector("html[data-role=facilitator] #content h1", timeout=60_000)
    settled(page)


def follow_nav(page: Page, path: str) -> None:
    """Click a page of the top bar, in its group if it has one."""
    link = page.locator(f"nav a[data-nav='{path}']")
    if not link.is_visible():
        page.locator(f".nav-group:has(a[data-nav='{path}']) [data-action=nav-group]").click()
    link.click()


@pytest.fixture
def open_page(browser: Browser, tab: Page) -> Iterator[Callable[..., Page]]:
    """Open pages; at the end nothing may have gone wrong on any of them."""
    watched = Watched(browser, tab)
    yield watched
    watched.close()
    assert not watched.trouble


@pytest.fixture
def lenient_page(browser: Browser, tab: Page) -> Iterator[Watched]:
    """Open pages and look at what went wrong oneself."""
    watched = Watched(browser, tab)
    yield watched
    watched.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a test may leave pictures."""
    return tmp_path_factory.mktemp("shots")

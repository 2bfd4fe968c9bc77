"""Behind a reverse proxy with a path prefix everything still works: pages, assets, exports, briefs, probes."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, follow_nav, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def prefixed(database: str) -> Iterator[str]:
    """Address of a server under /polisee/."""
    with serving(database, POLISEE_URL_PREFIX="/polisee/") as found:
        yield found.removesuffix("/polisee")


@pytest.mark.parametrize("path", ["/", "/compare?view=scatter", "/data?part=methods"])
def test_pages_and_all_that_they_name(browser: object, profile: object, prefixed: str, path: str) -> None:
    watched = Watched(browser, profile)  # type: ignore[arg-type]
    page = watched(prefixed + "/polisee" + path)
    asked = [urlsplit(url).path for url in watched.requests if url.startswith("http")]
    assert asked
    assert not [name for name in asked if not name.startswith("/polisee/")]
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    own = {link.split("#")[0] for link in links if link.startswith("/")}
    assert own
    assert not [link for link in own if not link.startswith("/polisee/")]
    kinds: dict[str, str] = {}
    for link in sorted(own):
        kinds.setdefault(urlsplit(link).path, link)  # one of each page, export and brief
    broken = [link for link in kinds.values() if page.request.get(prefixed + link).status != 200]
    assert not broken
    assert not watched.trouble
    watched.close()


def test_walking_and_the_address(open_page: Callable[..., Page], prefixed: str) -> None:
    page = open_page(prefixed + "/polisee/region?region=RO11")
    follow_nav(page, "/compare")
    page.wait_for_url("**/polisee/compare?region=RO11")
    expect(page.locator("nav a[data-nav='/compare']")).to_have_attribute("aria-current", "page")
    page.locator("""[id*='"name":"region","page":"compare"']""").select_option("SI03")
    page.wait_for_url("**/polisee/compare?region=SI03*")
    page.go_back()
    page.wait_for_url("**/polisee/region?region=RO11")
    page.fill("#site-search", "northern great")
    page.press("#site-search", "Enter")
    page.wait_for_url("**/polisee/region?**HU32*")


def test_briefs_exports_and_probes(lenient_page: Watched, prefixed: str) -> None:
    page = lenient_page(prefixed + "/polisee/data")
    for path in ("/brief", "/brief/HU33", "/brief/HU33.pdf", "/brief.css", "/export/region-trend.csv", "/healthz"):
        assert page.request.get(prefixed + "/polisee" + path).status == 200, path
    for path in ("/healthz", "/readyz"):
        assert page.request.get(prefixed + path).status == 200
    text = page.request.get(prefixed + "/polisee/export/region-trend.csv").text()
    assert f"{prefixed}/polisee/region?" in text
    brief = page.request.get(prefixed + "/polisee/brief").text()
    assert 'href="/brief' not in brief
    assert page.request.get(prefixed + "/polisee/no-such-page").status == 404
    assert page.request.get(prefixed + "/region").status == 404

"""Behind a reverse proxy with a path prefix everything still works: pages, assets, exports, briefs, probes."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, follow_nav

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/", "/compare?view=scatter", "/data?part=methods"])
def test_pages_and_all_that_they_name(lenient_page: Watched, prefixed: str, path: str) -> None:
    page = lenient_page(prefixed + path)
    asked = [urlsplit(url).path for url in lenient_page.requests if url.startswith("http")]
    assert asked
    assert not [name for name in asked if not name.startswith("/polisee/")]
    links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    own = {link.split("#")[0] for link in links if link.startswith("/")}
    assert own
    assert not [link for link in own if not link.startswith("/polisee/")]
    host = prefixed.removesuffix("/polisee")
    kinds: dict[str, str] = {}
    for link in sorted(own):
        kinds.setdefault(urlsplit(link).path, link)  # one of each page, export and brief
    broken = [link for link in kinds.values() if page.request.get(host + link).status != 200]
    assert not broken
    assert not lenient_page.trouble


def test_walking_and_the_address(open_page: Callable[..., Page], prefixed: str) -> None:
    page = open_page(prefixed + "/region?region=RO11")
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
    page = lenient_page(prefixed + "/data")
    for path in ("/brief", "/brief/HU33", "/brief/HU33.pdf", "/brief.css", "/export/region-trend.csv", "/healthz"):
        assert page.request.get(prefixed + path).status == 200, path
    host = prefixed.removesuffix("/polisee")
    for path in ("/healthz", "/readyz"):
        assert page.request.get(host + path).status == 200
    text = page.request.get(prefixed + "/export/region-trend.csv").text()
    assert f"{prefixed}/region?" in text
    brief = page.request.get(prefixed + "/brief").text()
    assert 'href="/brief' not in brief
    assert page.request.get(prefixed + "/no-such-page").status == 404
    assert page.request.get(host + "/region").status == 404

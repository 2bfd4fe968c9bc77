"""Strategy and outreach in a browser: accessible, walked by keys along the thread, whole on a phone."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import overflow, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
SLOW = 60_000


@pytest.mark.parametrize(
    ("path", "width", "lang"),
    [
        ("/strategy", 1440, "en"),
        ("/strategy", 390, "hu"),
        ("/outreach", 390, "en"),
        ("/outreach", 1440, "hu"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(open_page: Open, address: str, path: str, width: int, lang: str) -> None:
    scheme = "dark" if lang == "hu" else "light"
    query = "&" if "?" in path else "?"
    page = open_page(f"{address}{path}{query}lang={lang}", width=width, scheme=scheme)
    page.wait_for_selector(".figure-card", timeout=SLOW)
    assert violations(page) == []
    assert overflow(page) <= 1
    for box in page.locator(".chain-box").all()[:20]:
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1


def test_the_map_is_walked_by_keys_and_the_thread_leads_back(open_page: Open, address: str) -> None:
    page = open_page(address + "/strategy?theme=innovation&lang=en")
    page.wait_for_selector(".chain-box", timeout=SLOW)
    page.locator(".chain-box a").first.focus()
    walked = []
    for _step in range(6):
        walked.append(page.evaluate("document.activeElement.closest('.chain-box').className.split('chain-box-')[1]"))
        page.keyboard.press("Tab")
    assert walked == ["measure", "pilot", "deliverable", "result", "indicator", "indicator"]
    figure = page.locator(".chain-box-indicator a[href*='/region']").first
    figure.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/region?region=HU22**")
    back = page.locator(".pilot-lines a").first
    expect(back).to_have_text("Innovation vouchers in clusters", timeout=SLOW)
    back.press("Enter")
    page.wait_for_url("**/pilots?**pilot=pilot01**")
    post = page.locator(".threads a[href*='/futures']").first
    expect(post).to_be_visible(timeout=SLOW)
    post.press("Enter")
    page.wait_for_url("**/futures?**")
    expect(page.locator("#signpost-hu22_rd .pilot-lines a")).to_have_count(1, timeout=SLOW)


def test_the_theme_goes_along_and_a_tile_chooses_a_country(open_page: Open, address: str) -> None:
    page = open_page(address + "/outreach?theme=finance&lang=en")
    tile = page.locator(".country-tile[data-value=RS]")
    expect(tile).to_be_visible(timeout=SLOW)
    tile.press("Enter")
    page.wait_for_url("**country=RS**")
    expect(page.locator("#outreach-countries-answer")).to_contain_text("Events in 1 country", timeout=SLOW)
    link = page.locator("#outreach-events-card a.download[href*='.csv']")
    query = parse_qs(urlsplit(link.get_attribute("href") or "").query)
    assert (query["theme"], query["country"]) == (["finance"], ["RS"])
    page.locator(".nav-group:has(a[data-nav='/money']) [data-action=nav-group]").click()
    page.locator("nav a[data-nav='/money']").click()
    page.wait_for_url("**/money?**theme=finance**")
    expect(page.locator(".page-money .note").first).to_contain_text("does not apply here", timeout=SLOW)


def test_print_lays_the_map_out(open_page: Open, address: str) -> None:
    page = open_page(address + "/strategy?lang=en")
    page.wait_for_selector(".chain-box", timeout=SLOW)
    page.emulate_media(media="print")
    expect(page.locator(".chain-print button")).to_be_hidden()
    expect(page.locator(".filter-bar")).to_be_hidden()
    expect(page.locator(".chain-heads")).to_be_visible()
    page.set_viewport_size({"width": 1040, "height": 720})
    assert overflow(page) <= 1
    assert len(page.pdf(prefer_css_page_size=True)) > 20_000

"""State lives in the address: controls write it, links and history restore it, and what a card offers works."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LIGHT, control, follow_nav, settled, violations, visit
from tests.browser.held import Held

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def _region(page: Page) -> str:
    return control(page, "region").input_value()


def _mark(page: Page) -> None:
    """Leave a mark that a reload would wipe out."""
    page.evaluate("window.__still_here = true")


def _not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.__still_here === true"))


def test_a_control_writes_the_address_without_reload_and_keeps_the_focus(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?lang=en")
    _mark(page)
    before = page.locator("h1").inner_text()
    control(page, "region").focus()
    with page.expect_response(lambda reply: "region-head" in (reply.request.post_data or "")):
        control(page, "region").select_option("RO11")
    page.wait_for_url("**/region?region=RO11&lang=en")
    # Left alone, the framework takes half a minute to draw so large a part anew (see ``calm`` in app.js).
    expect(page.locator("h1")).not_to_have_text(before, timeout=15_000)
    assert _not_reloaded(page)
    assert "region" in page.evaluate("document.activeElement.id")
    control(page, "region").select_option("HU33")  # the default leaves the address again
    page.wait_for_url("**/region?lang=en")


def test_a_deep_link_sets_the_controls(open_page: Open, address: str) -> None:
    page = open_page(address + "/compare?view=scatter&region=SI03&x=gdp_pps_per_head_eu&own=RO11,BG41&abroad=1")
    assert _region(page) == "SI03"
    assert control(page, "x").first.input_value() == "gdp_pps_per_head_eu"
    found = page.url
    page.reload()
    settled(page)
    assert page.url == found
    for part in ("view=scatter", "region=SI03", "own=RO11,BG41", "abroad=1"):
        assert part in found


def test_back_and_forward_restore(open_page: Open, address: str) -> None:
    page = open_page(address + "/region")
    control(page, "region").select_option("RO11")
    page.wait_for_url("**/region?region=RO11")
    settled(page)
    follow_nav(page, "/compare")
    page.wait_for_url("**/compare?region=RO11")
    expect(control(page, "n")).to_be_attached()
    page.go_back()
    expect(page.locator("#region-head")).to_be_visible()
    expect(control(page, "region")).to_have_value("RO11")
    page.go_forward()
    expect(control(page, "n")).to_be_attached()
    expect(control(page, "region")).to_have_value("RO11")
    assert "region=RO11" in page.url


def _follow(page: Page, address: str) -> None:
    """Click a link of ours to this address, as a map, a table or a sentence would offer it."""
    page.evaluate(
        """href => { const a = document.createElement("a"); a.href = href; a.textContent = "there";
                     document.querySelector("#content").append(a); a.click(); a.remove(); }""",
        address,
    )


def test_a_link_to_what_was_shown_first_works_after_a_control_moved_on(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?region=SI03")
    _mark(page)
    control(page, "region").select_option("RO11")
    page.wait_for_url("**/region?region=RO11")
    _follow(page, address + "/region?region=SI03")
    expect(control(page, "region")).to_have_value("SI03")
    page.wait_for_url("**/region?region=SI03")
    assert _not_reloaded(page)
    page.go_back()
    expect(control(page, "region")).to_have_value("RO11")


def test_back_works_where_the_router_believes_it_is_there_already(open_page: Open, address: str) -> None:
    page = open_page(address + "/region")
    control(page, "region").select_option("RO11")
    page.wait_for_url("**/region?region=RO11")
    _follow(page, address + "/region?region=RO11")
    expect(control(page, "region")).to_have_value("RO11")
    settled(page)
    control(page, "region").select_option("SI03")
    page.wait_for_url("**/region?region=SI03")
    page.go_back()
    expect(control(page, "region")).to_have_value("RO11")
    page.wait_for_url("**/region?region=RO11")


def test_what_is_chosen_while_a_page_is_on_its_way_is_not_lost(open_page: Open, address: str) -> None:
    page = open_page(address + "/region")
    control(page, "region").select_option("RO11")
    page.wait_for_url("**/region?region=RO11")
    settled(page)
    held = Held(page)
    _follow(page, address + "/region?region=BG41")
    held.wait()
    control(page, "region").select_option("SI03")
    page.wait_for_timeout(300)
    assert page.url.endswith("/region?region=BG41")  # the address is already the next page's
    held.let_go()
    page.wait_for_url("**/region?region=SI03")
    expect(control(page, "region")).to_have_value("SI03")
    page.go_back()
    expect(control(page, "region")).to_have_value("RO11")
    page.wait_for_url("**/region?region=RO11")


def test_controls_do_not_write_the_address_of_another_page(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?region=RO11")
    settled(page)
    held = Held(page)
    follow_nav(page, "/compare")
    held.wait()
    control(page, "region").select_option("SI03")
    page.wait_for_timeout(300)
    assert page.url.endswith("/compare?region=RO11")
    held.let_go()
    expect(control(page, "n")).to_be_attached()
    expect(control(page, "region")).to_have_value("RO11")
    page.go_back()
    expect(page.locator("#region-head")).to_be_visible()
    expect(control(page, "region")).to_have_value("RO11")


def test_another_language_keeps_the_state(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?region=RO11&peers=gdp")
    page.click("a[data-lang=hu]")
    expect(page.locator("html")).to_have_attribute("lang", "hu")
    expect(control(page, "region")).to_have_value("RO11")
    for part in ("region=RO11", "peers=gdp", "lang=hu"):
        assert part in page.url
    visit(page, address + LIGHT)
    assert page.evaluate("document.documentElement.lang") == "hu"  # remembered


def test_colours_cycle_and_figures_follow(open_page: Open, address: str) -> None:
    page = open_page(address + "/region", scheme="light")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    ink = "document.querySelector('.js-plotly-plot').layout.font.color"
    light = page.evaluate(ink)
    button = page.locator("[data-action=theme]")
    seen = [button.get_attribute("aria-label")]
    for scheme in ("light", "dark", "light"):  # said aloud: light, dark, as the device says
        button.click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        settled(page)
        seen.append(button.get_attribute("aria-label"))
        assert (page.evaluate(ink) == light) is (scheme == "light")
    assert len(set(seen)) == 3
    assert seen[0] == seen[3]


def test_search_jumps_to_regions_and_indicators(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    _mark(page)
    field = page.locator("#site-search")
    field.fill(page.locator("#site-search-list option[data-href$='region=RO11']").get_attribute("value") or "")
    page.wait_for_url("**/region?region=RO11*")
    expect(control(page, "region")).to_have_value("RO11")
    expect(field).to_have_value("")
    option = page.locator("#site-search-list option[data-href*='indicator=']").first
    field.fill(option.get_attribute("value") or "")
    page.wait_for_url("**/data?indicator=*")
    assert _not_reloaded(page)


def test_search_finds_pages(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    _mark(page)
    field = page.locator("#site-search")
    field.press_sequentially("Compare")  # typed, it might still become the beginning of something else
    page.wait_for_timeout(300)
    assert "/compare" not in page.url
    field.press("Enter")
    page.wait_for_url("**/compare*")
    expect(field).to_have_value("")


def test_search_takes_part_of_a_name(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=hu")
    page.fill("#site-search", "ertek")
    page.press("#site-search", "Enter")
    page.wait_for_url("**/value-chain*")
    page.fill("#site-search", "del-dun")
    page.press("#site-search", "Enter")
    page.wait_for_url("**/region?region=HU23*")
    page.fill("#site-search", "qqqq")
    page.press("#site-search", "Enter")
    expect(page.locator("#notice")).not_to_be_empty()


def _open_fold(page: Page, card: str, kind: str) -> Locator:
    fold = page.locator(f"#{card}-card .fold-{kind}")
    fold.locator("summary").click()
    expect(fold.locator(".fold-body")).to_be_visible()
    return fold


def test_a_table_sorts_and_stays_sorted_when_figures_change(open_page: Open, address: str) -> None:
    page = open_page(address + "/compare?view=ranking&lang=en")
    page.wait_for_selector("#compare-ranks-card .figures-table")
    table = page.locator("#compare-ranks-card .figures-table").first
    column = table.locator("thead th").nth(4)  # the values, headed by the indicator
    place = column.evaluate("th => th.cellIndex")

    def values() -> list[float]:
        return table.evaluate(
            "(t, n) => [...t.tBodies[0].rows].map(r => r.cells[n].dataset.sort).filter(v => v !== '').map(Number)",
            place,
        )

    column.locator("button").click()
    expect(column).to_have_attribute("aria-sort", "ascending")
    assert len(values()) > 20
    assert values() == sorted(values())
    before = values()
    control(page, "indicator").first.select_option("gdp_pps_per_head_eu")
    page.wait_for_url("**indicator=gdp_pps_per_head_eu*")
    expect(column).to_contain_text("GDP")
    settled(page)
    assert values() != before
    if column.get_attribute("aria-sort"):
        assert values() == sorted(values())
    column.locator("button").click()
    if column.get_attribute("aria-sort") == "descending":
        assert values() == sorted(values(), reverse=True)
    expect(table.locator("th[aria-sort]")).to_have_count(1)


def test_a_fold_opens_the_numbers_as_text(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?lang=en")
    fold = _open_fold(page, "region-trend", "table")
    cells = [text for text in fold.locator("tbody td.num").all_inner_texts() if text.strip()]
    assert len(cells) > 10
    assert all(re.fullmatch(r"[\u2212+]?[\d,]+(\.\d+)?|\u2013", text.strip()) for text in cells)
    _open_fold(page, "region-trend", "info")
    expect(fold).not_to_have_attribute("open", "")  # another fold of the card takes its place


@pytest.mark.parametrize(("path", "lang"), [("/region", "en"), ("/compare?view=scatter", "hu")])
def test_axe_finds_nothing_behind_the_folds(open_page: Open, address: str, path: str, lang: str) -> None:
    page = open_page(address + path + ("&" if "?" in path else "?") + f"lang={lang}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert violations(page) == []


def test_downloads(open_page: Open, address: str, tmp_path: Path) -> None:
    page = open_page(address + "/region?region=RO11&lang=en")
    page.wait_for_selector("#region-trend-card .main-svg")
    fold = _open_fold(page, "region-trend", "download")
    saved: dict[str, bytes] = {}
    for label in ("CSV", "Excel (XLSX)", "JSON", "SVG", "PNG"):
        with page.expect_download() as waiting:
            fold.get_by_text(label, exact=True).click()
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        saved[label] = target.read_bytes()
    title = page.locator("#region-trend-answer").inner_text()
    text = saved["CSV"].decode("utf-8-sig")
    assert title in text
    assert "region=RO11" in text
    assert saved["Excel (XLSX)"].startswith(b"PK")
    assert json.loads(saved["JSON"])["title"] == title
    picture = re.sub(r"<[^>]+>", " ", saved["SVG"].decode())
    words = " ".join(picture.replace("\N{NO-BREAK SPACE}", " ").split())
    assert " ".join(title.split()[:6]) in words
    assert "Eurostat" in words
    assert saved["PNG"].startswith(b"\x89PNG")
    assert len(saved["PNG"]) > 10_000


def test_a_copied_link_says_everything(open_page: Open, address: str) -> None:
    page = open_page(address + "/region?region=RO11&lang=hu")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    control(page, "peers").select_option("gdp")
    page.wait_for_url("**peers=gdp*")
    settled(page)
    button = page.locator("#region-trend-card [data-action=copy-link]")
    words = button.inner_text()
    button.click()
    expect(page.locator("#notice")).not_to_be_empty()
    button.click()  # twice, as people do
    link = page.evaluate("navigator.clipboard.readText()")
    for part in ("/region?", "region=RO11", "peers=gdp", "lang=hu", "#region-trend-card"):
        assert part in link
    expect(button).to_have_text(words, timeout=30_000)
    expect(page.locator("#notice")).to_be_empty()
    page.goto("about:blank")
    page.goto(link)
    expect(control(page, "region")).to_have_value("RO11")
    expect(page.locator("#region-trend-card")).to_be_in_viewport()


def test_play_steps_through_the_years(open_page: Open, address: str) -> None:
    page = open_page(address + "/compare?view=scatter&lang=en")
    button = page.locator("[data-action=play]").first
    button.scroll_into_view_if_needed()
    year = control(page, button.get_attribute("data-filter") or "").first
    button.click()
    seen: list[str] = []
    for _step in range(400):
        value = year.input_value()
        if value not in seen:
            seen.append(value)
        if len(seen) == 4:
            break
        page.wait_for_timeout(150)
    assert len(seen) == 4
    years = [int(value) for value in seen if value.isdigit()]
    assert years == sorted(years)
    expect(page.locator("[data-action=play]").first).to_have_attribute("aria-pressed", "true")
    page.locator("[data-action=play]").first.click()
    expect(page.locator("[data-action=play]").first).to_have_attribute("aria-pressed", "false")
    settled(page)  # what was on its way when the button was pressed is still shown
    stopped = year.input_value()
    page.wait_for_timeout(1500)
    assert year.input_value() == stopped
    assert page.locator("[data-action=play]").first.get_attribute("aria-pressed") == "false"

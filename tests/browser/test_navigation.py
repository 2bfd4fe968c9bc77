"""The top bar with all its pages: groups that open, by mouse and keyboard, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LIGHT, follow_nav, overflow, settled, violations
from tests.browser.held import Held

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


def group(page: Page, name: str) -> Locator:
    return page.locator(f"[data-action=nav-group][aria-controls=nav-{name}]")


def menu(page: Page, name: str) -> Locator:
    return page.locator(f"#nav-{name}")


def test_a_group_opens_and_closes_by_mouse(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    heading = page.evaluate("document.querySelector('h1').getBoundingClientRect().top")
    group(page, "steering").hover()
    page.wait_for_timeout(200)
    expect(menu(page, "steering")).to_be_hidden()  # nothing happens on hover alone
    group(page, "steering").click()
    expect(menu(page, "steering")).to_be_visible()
    expect(group(page, "steering")).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().top") == heading  # nothing jumps
    group(page, "futures").click()
    expect(menu(page, "futures")).to_be_visible()
    expect(menu(page, "steering")).to_be_hidden()  # one at a time
    group(page, "futures").click()
    expect(menu(page, "futures")).to_be_hidden()
    group(page, "futures").click()
    page.mouse.click(700, 600)
    expect(menu(page, "futures")).to_be_hidden()
    group(page, "steering").click()
    menu(page, "steering").locator("a[data-nav='/outreach']").click()
    page.wait_for_url("**/outreach*")
    expect(menu(page, "steering")).to_be_hidden()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_group_opens_and_closes_by_keyboard(open_page: Open, address: str, key: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    button = group(page, "steering")
    button.focus()
    page.keyboard.press(key)
    expect(menu(page, "steering")).to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    expect(menu(page, "steering").locator("a").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu(page, "steering")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press(key)
    page.keyboard.press("Shift+Tab")  # who walks on leaves nothing open behind
    expect(menu(page, "steering")).to_be_hidden()
    button.focus()
    page.keyboard.press(key)
    count = menu(page, "steering").locator("a").count()
    for _step in range(count + 1):
        page.keyboard.press("Tab")
    expect(menu(page, "steering")).to_be_hidden()
    expect(group(page, "futures")).to_be_focused()


def test_the_current_page_and_its_group_are_marked(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    assert page.locator("[data-action=nav-group]").count() == 3  # a group of one page is a plain link
    expect(page.locator(".site-header nav [aria-current]")).to_have_count(1)
    for path, name in (("/compare", "progress"), ("/money", "steering"), ("/strategies", "futures")):
        follow_nav(page, path)
        page.wait_for_url(f"**{path}*")
        expect(group(page, name)).to_have_attribute("aria-current", "true")
        expect(page.locator(".site-header nav a[aria-current]")).to_have_attribute("data-nav", path)
        expect(page.locator(".site-header nav [aria-current]")).to_have_count(2)


def test_a_group_opened_while_a_page_is_on_its_way_stays_open(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    held = Held(page)
    follow_nav(page, "/compare")
    held.wait()
    group(page, "steering").click()
    held.let_go()
    expect(page.locator("#content h1")).to_contain_text("like us")
    settled(page)
    expect(menu(page, "steering")).to_be_visible()
    follow_nav(page, "/money")
    expect(page.locator("#content h1")).to_be_focused()  # who waits for the page is led to it


@pytest.mark.parametrize("lang", ["hu", "en"])
def test_all_fit_in_one_row(open_page: Open, address: str, lang: str) -> None:
    page = open_page(f"{address}{LIGHT}&lang={lang}")
    for width in (1440, 1024, 992):
        page.set_viewport_size({"width": width, "height": 900})
        middles = page.evaluate(
            """() => [...document.querySelectorAll('.nav-list > li, .site-search, .lang-links, .theme-button')].map(
                 e => { const b = e.getBoundingClientRect(); return Math.round((b.top + b.bottom) / 2); })"""
        )
        assert max(middles) - min(middles) <= 2, width
        for name in ("progress", "steering", "futures"):
            group(page, name).click()
            box = menu(page, name).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert overflow(page) <= 1
        group(page, "futures").click()


def test_the_menu_of_a_phone_has_all_groups_open(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=hu", width=960, height=800)
    page.locator("[data-action=menu]").click()
    links = page.locator("nav a[data-nav]")
    assert links.count() >= 13
    for width in (960, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for link in links.all():
            expect(link).to_be_visible()
        expect(page.locator("[data-action=nav-group]").first).to_be_hidden()
        expect(page.locator(".nav-group-name").first).to_be_visible()
        assert overflow(page) <= 1
    links.first.click()
    page.wait_for_url("**/?*")
    expect(page.locator("header nav")).to_be_hidden()


@pytest.mark.parametrize(
    ("lang", "scheme", "width"), [("en", "light", 1440), ("hu", "dark", 1024), ("hu", "light", 390)]
)
def test_axe_finds_nothing_in_an_open_group(open_page: Open, address: str, lang: str, scheme: str, width: int) -> None:
    page = open_page(f"{address}{LIGHT}&lang={lang}", scheme=scheme, width=width)
    if width < 992:
        page.locator("[data-action=menu]").click()
    else:
        group(page, "steering").click()
    assert violations(page) == []


def test_what_comes_is_outlined_until_the_first_answer(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    held = Held(page)
    page.reload(wait_until="domcontentloaded")
    held.wait()
    outline = "() => getComputedStyle(document.querySelector('#_pages_content'), '::before')"
    page.wait_for_function(f"() => ({outline})().opacity > 0.5 && parseInt(({outline})().height) > 300")
    held.let_go()
    expect(page.locator("#content h1")).to_be_visible()
    assert page.evaluate(f"({outline})().content") == "none"

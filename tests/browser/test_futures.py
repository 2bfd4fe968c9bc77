"""Futures in a browser: accessible and on a phone in both languages, keys suffice, choices write the address."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, control, overflow, violations
from tests.browser.test_traps import ENGLISH

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PANEL = ".futures-panel .js-plotly-plot .main-svg"


@pytest.mark.parametrize(
    ("query", "width", "lang", "scheme"),
    [
        ("set=see2035&region=HU31", 1440, "en", "light"),
        ("set=see2035&region=HU31", 390, "hu", "dark"),
        ("set=ssp&region=RO11", 1024, "hu", "light"),
        ("set=ssp&region=HR03", 320, "en", "dark"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, address: str, query: str, width: int, lang: str, scheme: str
) -> None:
    page = open_page(f"{address}/futures?{query}&lang={lang}", width=width, scheme=scheme)
    page.wait_for_selector(PANEL)
    expect(page.locator("h1")).to_have_count(1)
    for folded in page.locator("details.story-text, .futures-panel details, .futures-take").all():
        folded.evaluate("one => { one.open = true; }")
    assert violations(page) == []
    assert overflow(page) <= 1
    if lang == "hu" and "see2035" in query:
        page.set_viewport_size({"width": 1440, "height": 900})  # on a phone not all is said
        _is_hungarian(page)


def _is_hungarian(page: Page) -> None:
    """Nothing is left in English. Takes out what may be, so that no more can be asked of the page."""
    page.evaluate("document.querySelectorAll('pre, code, cite, .citation, [lang=en]').forEach(one => one.remove())")
    words = page.inner_text("body")
    assert not sorted(set(ENGLISH.findall(words)))
    assert not re.search(r"\d\.\d+\s?%", words)
    assert "Nem előrejelzés." in words
    assert "Szemléltető" in words


def test_a_story_is_read_a_table_opened_and_a_part_chosen_with_keys(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/futures?set=see2035&region=HU31&lang=en")
    page.wait_for_selector(PANEL)
    story = page.locator(".story-text").first
    story.locator("summary").press("Enter")
    expect(story.locator("p").first).to_be_visible()
    panel = page.locator(".futures-panel").first
    panel.locator("summary", has_text="Table").press("Enter")
    expect(panel.locator("table")).to_be_visible()
    expect(panel.locator("tbody th").last).to_have_text("2035")
    expect(control(page, "other")).to_be_visible()
    page.locator(".view-choice input[value=story]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**part=heading**")
    expect(control(page, "other")).to_be_hidden()
    expect(page.locator(".futures-caveat")).to_contain_text("Not a forecast.")


def test_choices_write_the_address_and_the_answers_follow(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/futures?set=see2035&region=HU31&lang=en")
    expect(page.locator("h1")).to_contain_text("4 futures: in Northern Hungary")
    control(page, "other").select_option(label="Empty Chairs")
    page.wait_for_url("**other=empty_chairs**")
    expect(page.locator("#futures-differences-answer")).to_contain_text("and Empty Chairs differ most")
    control(page, "set").select_option("ssp")
    page.wait_for_url("**set=ssp**")
    expect(page.locator("h1")).to_contain_text("5 futures: in Hungary")
    expect(page.locator(".futures-caveat")).to_contain_text("Published scenarios")
    control(page, "region").select_option("RO11")
    expect(page.locator("h1")).to_contain_text("5 futures: in Romania")
    expect(page.locator("#futures-pathways-card")).to_contain_text("those of Romania stand in")


def test_what_to_take_along_closes_again(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/futures?set=see2035&region=HU31&lang=hu")
    fold = page.locator(".futures-take")
    fold.locator("summary").press("Enter")
    expect(fold.get_by_role("link", name="PowerPoint")).to_have_attribute(
        "href", "/present/see2035.pptx?region=HU31&lang=hu"
    )
    page.keyboard.press("Escape")
    expect(fold.get_by_role("link", name="PowerPoint")).to_be_hidden()


def test_nonsense_in_the_address_is_no_error(lenient_page: Watched, address: str) -> None:
    page = lenient_page(f"{address}/futures?set=%3Cscript%3E&region=XX99&part=9&scenario=,,&other=%00&lang=en")
    expect(page.locator("h1")).to_contain_text("futures")
    assert not lenient_page.trouble

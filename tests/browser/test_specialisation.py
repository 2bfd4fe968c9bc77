"""Specialisation in a real browser: an industry is picked by click and by keyboard, numbers lead to their row."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_why_follows_what_is_picked_by_keyboard_and_by_click(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address + "/specialisation")
    why = page.locator("#why-title")
    expect(why).to_have_text("Why could construction come next?")
    page.locator("#specialisation-stars-card button.pick", has_text="Agriculture").focus()
    page.keyboard.press("Enter")
    expect(why).to_have_text("Why is agriculture present?")
    assert "pick=A" in page.url
    # A treemap would zoom into what is clicked; here the click picks, like all others.
    areas = page.locator("#specialisation-industries-graph .slice")
    count = areas.count()
    page.locator("#specialisation-industries-graph .slice", has_text="Construction").last.click()
    expect(why).to_have_text("Why could construction come next?")
    assert areas.count() == count
    page.go_back()
    page.go_forward()
    expect(page.locator("#why-title")).to_have_text("Why could construction come next?")


def test_a_number_of_the_heading_leads_to_its_row(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address + "/specialisation")
    link = page.locator("h1 a.number-link").first
    said = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    row = page.locator("tr:focus")
    expect(row).to_have_count(1)
    assert said in row.inner_text()


def test_a_region_without_figures_says_how_to_load_them(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address + "/specialisation?region=RS11")
    expect(page.locator("#specialisation-next")).to_contain_text("polisee load --live lfst_r_lfe2en2")
    assert page.locator("#content .js-plotly-plot").count() == 0

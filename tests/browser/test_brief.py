"""The briefs in a real browser: accessible, on a phone, and with scripts switched off."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import overflow, violations

pytestmark = pytest.mark.browser

PAGES = ("/brief", "/brief/HU33", "/brief/XK00")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "hu"])
def test_axe_finds_nothing_and_it_fits_a_phone(
    open_page: Callable[..., Page], address: str, path: str, lang: str
) -> None:
    page = open_page(f"{address}{path}?lang={lang}", scheme="dark" if lang == "hu" else "light")
    assert page.evaluate("document.documentElement.lang") == lang
    assert violations(page) == []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 1


def test_readable_without_scripts(open_page: Callable[..., Page], address: str) -> None:
    """From the list to a brief by keyboard, with nothing but HTML."""
    page = open_page(address + "/brief?lang=en", java_script_enabled=False)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.click("a:has-text('(HU33)')")
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("footer")).to_contain_text("CC BY 4.0")


@pytest.mark.parametrize("lang", ["en", "hu"])
def test_prints_on_two_sheets_at_most(open_page: Callable[..., Page], address: str, lang: str) -> None:
    page = open_page(f"{address}/brief/EL52?lang={lang}")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) <= 2
    assert "Ctrl+P" not in sheets[0].extract_text()

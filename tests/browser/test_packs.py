"""Freezing a period in a browser: pressed once, told by a progress bar, its files are there; readers see no button."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
LONG = 180_000
"""Milliseconds in which a pack is made on a busy machine."""


def test_a_period_is_frozen_with_a_progress_bar_and_its_files_are_there(open_page: Open, workshop: str) -> None:
    page = open_page(f"{workshop}/decisions?programme=demo6&lang=en")
    expect(page.locator("section.packs")).to_contain_text("No period is frozen yet.")
    expect(page.locator("#freeze-start")).to_be_hidden()
    sign_in(page, workshop, "/decisions?programme=demo6&lang=en")
    page.locator("#freeze-start").click()
    expect(page.locator("#freeze-state progress")).to_be_visible()
    expect(page.locator("#freeze-start")).to_be_disabled()
    expect(page.locator("#pack-4-0")).to_be_visible(timeout=LONG)
    expect(page.locator("#freeze-state")).to_have_text("Pack 4.0 is frozen.")
    for form in ("pdf", "docx", "pptx", "xlsx", "zip"):
        reply = page.request.get(f"{workshop}/pack/demo6/4.0/hu.{form}")
        assert reply.ok, form
        assert "immutable" in reply.headers["cache-control"]
    page.locator("#freeze-start").click()
    expect(page.locator("#freeze-state")).to_contain_text("Nothing has changed since pack 4.0", timeout=LONG)
    page.locator(".pack-adopt").first.click()
    expect(page.locator(".pack-adopted")).to_be_visible(timeout=60_000)

"""Freezing a period in a browser: pressed once, told by a progress bar, its files are there; readers see no button."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serving
from tests.browser.test_editing import TOKEN, sign_in

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
LONG = 90_000
"""Milliseconds in which a pack is made on a busy machine."""


@pytest.fixture(scope="module")
def packs_address(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with a token, on a copy of the starter figures that may be changed."""
    target = tmp_path_factory.mktemp("packs") / "polisee.sqlite"
    source, copy = sqlite3.connect(database.removeprefix("sqlite:///")), sqlite3.connect(target)
    source.backup(copy)
    source.close()
    copy.close()
    tables = Path(database.removeprefix("sqlite:///")).parent / "tables"
    with serving(f"sqlite:///{target}", POLISEE_ADMIN_TOKEN=TOKEN, POLISEE_TABLES_DIR=str(tables)) as found:
        yield found


def test_a_period_is_frozen_with_a_progress_bar_and_its_files_are_there(open_page: Open, packs_address: str) -> None:
    page = open_page(f"{packs_address}/decisions?programme=demo6&lang=en")
    expect(page.locator("section.packs")).to_contain_text("No period is frozen yet.")
    expect(page.locator("#freeze-start")).to_be_hidden()
    sign_in(page)
    page.locator("#freeze-start").click()
    expect(page.locator("#freeze-state progress")).to_be_visible()
    expect(page.locator("#freeze-start")).to_be_disabled()
    expect(page.locator("#pack-4-0")).to_be_visible(timeout=LONG)
    expect(page.locator("#freeze-state")).to_have_text("Pack 4.0 is frozen.")
    for form in ("pdf", "docx", "pptx", "xlsx", "zip"):
        reply = page.request.get(f"{packs_address}/pack/demo6/4.0/hu.{form}")
        assert reply.ok, form
        assert "immutable" in reply.headers["cache-control"]
    page.locator("#freeze-start").click()
    expect(page.locator("#freeze-state")).to_contain_text("Nothing has changed since pack 4.0", timeout=LONG)
    page.locator(".pack-adopt").first.click()
    expect(page.locator(".pack-adopted")).to_be_visible(timeout=30_000)

"""Uploading in a browser: a workbook with bad rows shows each of them, and the keyboard is led to what came of it."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from etl.programme_export import export_programme
from store.engine import make_engine
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser


def test_a_bad_workbook_shows_its_lines(
    workshop: str, workshop_database: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    path = tmp_path / "programme.xlsx"
    engine = make_engine(workshop_database)
    with engine.connect() as connection:
        export_programme(connection, "clusterpolisee", path)
    engine.dispose()
    book = openpyxl.load_workbook(path)
    sheet = book["work_packages"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    line = sheet.max_row + 1
    sheet.cell(line, heads["code"]).value = "wp99"
    sheet.cell(line, heads["title_en"]).value = '=HYPERLINK("http://x.example","click")'
    book.save(path)

    page = open_page(f"{workshop}/upload?lang=en")
    expect(page.get_by_text("Files are brought by facilitators.")).to_be_visible()
    expect(page.get_by_role("button", name="Check only")).to_be_hidden()
    sign_in(page, workshop, "/upload?lang=en")
    page.set_input_files("#upload-file", path)
    page.get_by_role("button", name="Check only").click()
    head = page.locator("#upload-result h2")
    expect(head).to_have_text("programme.xlsx was only checked: nothing was written.", timeout=60_000)
    expect(head).to_be_focused()
    row = page.locator(".upload-problems tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("work_packages")
    expect(row).to_contain_text(str(line))
    expect(row).to_contain_text("HYPERLINK")
    expect(page.get_by_role("link", name="These rows as CSV")).to_be_visible()

"""Uploading in a browser: a workbook with bad rows shows each of them, and the keyboard is led to what came of it."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from etl.programme_export import export_programme
from store.engine import make_engine
from tests.browser.conftest import serving
from tests.browser.test_editing import TOKEN, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def upload_address(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address of a server that has a token, and the database that it serves, which may be changed."""
    target = tmp_path_factory.mktemp("uploads") / "polisee.sqlite"
    source, copy = sqlite3.connect(database.removeprefix("sqlite:///")), sqlite3.connect(target)
    source.backup(copy)
    source.close()
    copy.close()
    tables = Path(database.removeprefix("sqlite:///")).parent / "tables"
    with serving(f"sqlite:///{target}", POLISEE_ADMIN_TOKEN=TOKEN, POLISEE_TABLES_DIR=str(tables)) as found:
        yield found, f"sqlite:///{target}"


def test_a_bad_workbook_shows_its_lines(
    upload_address: tuple[str, str], open_page: Callable[..., Page], tmp_path: Path
) -> None:
    address, url = upload_address
    path = tmp_path / "programme.xlsx"
    engine = make_engine(url)
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

    page = open_page(f"{address}/upload?lang=en")
    expect(page.get_by_text("Files are brought by facilitators.")).to_be_visible()
    expect(page.get_by_role("button", name="Check only")).to_be_hidden()
    sign_in(page)
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

"""Pilots, money, work plan and decisions in a browser: accessible, on a phone, by keys, and recorded in."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import make_url

from tests.browser.conftest import TOKEN, overflow, serving, settled, sign_in, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PAGES = ("/pilots", "/money", "/workplan", "/decisions")
SLOW = 20_000


@pytest.fixture(scope="module")
def own_database(database: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A copy of the starter data in which decisions may be recorded."""
    folder = tmp_path_factory.mktemp("programmes") / "copy"
    shutil.copytree(Path(make_url(database).database or "").parent, folder)
    return f"sqlite:///{folder / 'polisee.sqlite'}"


@pytest.fixture(scope="module")
def steering_address(own_database: str) -> Iterator[str]:
    """Address of a server where one can sign in."""
    with serving(own_database, POLISEE_ADMIN_TOKEN=TOKEN) as found:
        yield found


@pytest.mark.parametrize(
    ("query", "width", "scheme", "lang"),
    [
        ("/pilots?programme=demo6", 1440, "light", "en"),
        ("/decisions?programme=demo6", 1440, "light", "en"),
        *((f"{path}?programme=demo6", 390, "dark", "hu") for path in PAGES),
        ("/pilots?programme=demo6&pilot=pilot06", 390, "dark", "hu"),
        ("/workplan?programme=clusterpolisee", 390, "light", "en"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, address: str, query: str, width: int, scheme: str, lang: str
) -> None:
    page = open_page(f"{address}{query}&lang={lang}", width=width, scheme=scheme)
    settled(page)
    assert violations(page) == []
    assert overflow(page) <= 1
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator(".demo-banner").count() == (1 if "demo6" in query else 0)


def test_a_reason_in_a_table_stays_in_its_card(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/money?programme=demo6&lang=hu", width=1024)
    page.locator("#money-by-card .fold-table summary").first.click()
    assert overflow(page) <= 1
    light = page.locator("#money-by-card .why-cell").first
    light.locator("summary").click()
    expect(light.locator(".why-body")).to_be_visible()
    assert overflow(page) <= 1


def test_reasons_are_reached_by_keys(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/pilots?programme=demo6&lang=en")
    row = page.locator("tr", has_text="Market entry desk")
    light = row.locator(".why-cell > summary").last
    light.focus()
    assert light.evaluate("e => document.activeElement === e")
    page.keyboard.press("Enter")
    body = row.locator(".why-cell[open] .why-body")
    expect(body).to_be_visible()
    assert "Share of what was expected" in body.inner_text()
    assert "They say" in body.inner_text()
    assert violations(page) == []
    box = body.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    page.keyboard.press("Enter")
    expect(body).to_have_count(0)


def test_a_filter_answers_and_goes_along(open_page: Open, address: str) -> None:
    page = open_page(f"{address}/pilots?programme=demo6&lang=en")
    page.select_option("""[id*='"name":"theme"'][id*='"page":"pilots"']""", "finance")
    page.wait_for_function("document.querySelector('h1').textContent.includes('2 pilots')", timeout=SLOW)
    assert "theme=finance" in page.url
    page.locator("nav a[data-nav='/workplan']").first.evaluate("link => link.click()")
    page.wait_for_function("location.pathname.endsWith('/workplan')", timeout=SLOW)
    settled(page)
    assert "theme=finance" in page.url


def test_a_decision_is_recorded_and_taken_back(open_page: Open, steering_address: str, own_database: str) -> None:
    page = open_page(f"{steering_address}/decisions?programme=demo6&lang=en")
    expect(page.locator("#record")).to_be_hidden()
    sign_in(page, steering_address, "/decisions?programme=demo6&lang=en")
    settled(page)
    page.locator("#record > summary").click()
    for name, text in (
        ("question", "Shall the market entry desk go on?"),
        ("because", "It is at 55.0 % of what was expected."),
        ("decision", "It goes on until RP5 with two countries."),
        ("action", "Change the contract."),
        ("owner", "Lead partner"),
        ("due", "2026-11-30"),
    ):
        page.fill(f"#record-{name}", text)
    page.keyboard.press("Tab")  # what is typed is saved by itself
    thread = page.locator(".decision-thread").first
    expect(thread).to_contain_text("Shall the market entry desk go on?", timeout=SLOW)
    expect(thread).to_contain_text("Change the contract.", timeout=SLOW)
    expect(thread).to_contain_text("30 Nov 2026", timeout=SLOW)
    # The answer was drawn anew six times, and what is being written stands as it was.
    expect(page.locator("#record-question")).to_have_value("Shall the market entry desk go on?")
    expect(page.locator("#record-state")).to_have_text("Saved")
    with sqlite3.connect(own_database.removeprefix("sqlite:///")) as store:
        query = "SELECT entity, role, new FROM audit_entry WHERE scope = 'demo6' ORDER BY id"
        rows = store.execute(query).fetchall()
    assert [row[0] for row in rows] == ["decision"] * 3 + ["action"] * 3
    assert {row[1] for row in rows} == {"facilitator"}
    assert "Shall the market entry desk go on?" in json.dumps(json.loads(rows[0][2]), ensure_ascii=False)
    for _step in rows:
        settled(page)
        before = page.locator(".decision-thread").first.inner_text()
        page.locator("#record-undo").click()
        page.wait_for_function(
            "before => document.querySelector('.decision-thread').innerText !== before", arg=before, timeout=SLOW
        )
    expect(page.locator(".decision-thread").first).not_to_contain_text("Shall the market entry desk go on?")
    expect(page.locator("#record-question")).to_have_value("")
    page.locator("#record-because").fill("Nobody asked.")
    page.keyboard.press("Tab")
    expect(page.locator("#record-state")).to_have_text("Begin with the question.")
    page.fill("#record-question", "And now?")
    expect(page.locator(".decision-thread").first).to_contain_text(
        "And now?", timeout=SLOW
    )  # without leaving the field
    page.locator("#record-next").click()
    expect(page.locator("#record-question")).to_have_value("")
    expect(page.locator("#record-question")).to_be_focused()
    page.locator("#record-undo").click()
    expect(page.locator(".decision-thread").first).not_to_contain_text("And now?", timeout=SLOW)


def test_an_action_is_done(open_page: Open, steering_address: str) -> None:
    page = open_page(f"{steering_address}/decisions?programme=demo6&lang=en")
    sign_in(page, steering_address, "/decisions?programme=demo6&shown=open&lang=en")
    settled(page)
    said = page.locator("#content h1").inner_text()
    late = int(re.search(r"(\d+) actions are overdue", said).group(1))  # type: ignore[union-attr]
    item = page.locator(".decision-thread li li", has_text="OVERDUE").first
    item.locator(".action-done").click()
    page.wait_for_function(
        "n => document.querySelector('#content h1').textContent.includes(n + ' actions are overdue')",
        arg=str(late - 1),
        timeout=SLOW,
    )

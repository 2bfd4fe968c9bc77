"""Pilots, money, work plan and decisions in a browser: accessible, on a phone, by keys, and recorded in."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIGHT, overflow, settled, sign_in, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PAGES = ("/pilots", "/money", "/workplan", "/decisions")
SLOW = 60_000


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
    expect(page.locator("h1")).to_contain_text("2 pilots", timeout=SLOW)
    assert "theme=finance" in page.url
    page.locator("nav a[data-nav='/workplan']").first.evaluate("link => link.click()")
    page.wait_for_url("**/workplan?**", timeout=SLOW)
    settled(page)
    assert "theme=finance" in page.url


def _rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as store:
        return store.execute(query, values).fetchall()


def test_a_decision_is_recorded_and_taken_back(open_page: Open, workshop: str, workshop_database: str) -> None:
    page = open_page(f"{workshop}/decisions?programme=demo6&lang=en")
    expect(page.locator("#record")).to_be_hidden()
    sign_in(page, workshop, "/decisions?programme=demo6&lang=en")
    ((before,),) = _rows(workshop_database, "SELECT coalesce(max(id), 0) FROM audit_entry")
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
    query = "SELECT entity, role, new FROM audit_entry WHERE scope = 'demo6' AND id > ? ORDER BY id"
    rows = _rows(workshop_database, query, before)
    assert [row[0] for row in rows] == ["decision"] * 3 + ["action"] * 3
    assert {row[1] for row in rows} == {"facilitator"}
    assert "Shall the market entry desk go on?" in json.dumps(json.loads(rows[0][2]), ensure_ascii=False)
    for _step in rows:
        settled(page)
        told = page.locator(".decision-thread").first.inner_text()
        page.locator("#record-undo").click()
        page.wait_for_function(
            "told => document.querySelector('.decision-thread').innerText !== told", arg=told, timeout=SLOW
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


def test_an_action_is_done(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, "/decisions?programme=demo6&shown=open&lang=en")
    said = page.locator("#content h1").inner_text()
    late = int(re.search(r"(\d+) actions are overdue", said).group(1))  # type: ignore[union-attr]
    item = page.locator(".decision-thread li li", has_text="OVERDUE").first
    item.locator(".action-done").click()
    page.wait_for_function(
        "n => document.querySelector('#content h1').textContent.includes(n + ' actions are overdue')",
        arg=str(late - 1),
        timeout=SLOW,
    )

"""Strategies in a browser: accessible in every part, usable by keys, and what facilitators enter is seen and undone."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIGHT, MEASURED, control, overflow, sign_in, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
SLOW = 60_000
STRATEGIES = f"/strategies?set={MEASURED}"


@pytest.mark.parametrize(
    ("query", "width", "lang"),
    [
        ("part=payoffs", 1440, "en"),
        ("part=payoffs", 320, "hu"),
        ("part=metrics&metric=starr", 390, "hu"),
        ("part=portfolio", 390, "en"),
        ("part=groups", 390, "hu"),
        ("part=backcast", 1440, "hu"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, workshop: str, query: str, width: int, lang: str
) -> None:
    scheme = "dark" if lang == "hu" else "light"
    page = open_page(f"{workshop}{STRATEGIES}&{query}&lang={lang}", width=width, scheme=scheme)
    page.wait_for_selector(".js-plotly-plot .main-svg", timeout=SLOW)
    assert violations(page, colours=width > 1000 or "metrics" in query) == []
    assert overflow(page) <= 1
    expect(page.locator(".judge-table")).to_be_hidden() if "payoffs" in query else None


def test_parts_and_metrics_by_keys(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + STRATEGIES + "&lang=en")
    page.locator(".view-choice input[value=payoffs]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**part=metrics**")
    expect(page.locator("#strategies-metric-answer")).to_contain_text("Largest regret:", timeout=SLOW)
    metric = control(page, "metric")
    expect(metric).to_be_visible()
    metric.focus()
    metric.select_option("laplace")
    page.wait_for_url("**metric=laplace**")
    expect(page.locator("#strategies-metric-answer")).to_contain_text("Mean:", timeout=SLOW)
    expect(control(page, "budget")).to_be_hidden()
    fold = page.locator("#strategies-metric-card details.fold-table summary")
    fold.press("Enter")
    expect(page.locator("#strategies-metric-card table")).to_be_visible()
    card = page.locator("#strategies-metric-card")
    card.get_by_role("button", name="Worst case").press("Enter")
    worst = card.locator("thead th", has_text="Worst case")
    expect(worst).to_have_attribute("aria-sort", re.compile("cending"))


def test_a_budget_writes_the_address(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + STRATEGIES + "&part=portfolio&lang=en")
    heading = page.locator("#strategies-head h1")
    expect(heading).to_contain_text("6,200 thousand EUR")
    budget = control(page, "budget")
    expect(budget).to_have_attribute("placeholder", "half: 6,200")
    budget.fill("2500")
    budget.press("Enter")
    page.wait_for_url("**budget=2500**")
    expect(heading).to_contain_text("2,500 thousand EUR", timeout=SLOW)


def test_a_facilitator_judges_and_takes_it_back(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + STRATEGIES + "&lang=en")
    expect(page.locator("#strategies-editors")).to_be_hidden()
    sign_in(page, workshop, STRATEGIES + "&lang=en")
    editor = page.locator("#strategies-editors")
    expect(editor).to_be_visible()
    assert violations(page, colours=False) == []
    heading = page.locator("#strategies-head h1")
    expect(heading).to_contain_text("5 of 8 measures")
    # Two of five groups say that the office harms in Islands; a third makes it the median.
    page.locator("#strategies-judge").select_option("ministries")
    office = editor.locator("tr", has_text="Joint office in Brussels")
    cell = office.locator("td").nth(1)
    expect(cell.locator("select")).to_have_value("0")
    state = page.locator("#strategies-state")
    cell.locator("select").select_option("-1")
    expect(state).to_have_text("Saved", timeout=SLOW)
    expect(heading).to_contain_text("4 of 8 measures", timeout=SLOW)
    cell.locator("input").fill("Nobody is there yet.")
    cell.locator("input").press("Tab")
    expect(state).to_have_text("Saved", timeout=SLOW)
    editor.get_by_role("button", name="Undo the last change").press("Enter")
    expect(state).to_have_text("Taken back", timeout=SLOW)
    expect(cell.locator("input")).to_have_value("", timeout=SLOW)
    editor.get_by_role("button", name="Undo the last change").press("Enter")
    expect(cell.locator("select")).to_have_value("0", timeout=SLOW)
    expect(heading).to_contain_text("5 of 8 measures", timeout=SLOW)


def test_costs_and_ties_are_entered(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, STRATEGIES + "&part=portfolio&lang=en")
    editor, state = page.locator("#strategies-editors"), page.locator("#strategies-state")
    row = editor.locator("tr", has=page.locator("th", has_text="Trade fairs abroad"))
    row.locator("input[type=number]").fill("600")
    row.locator("input[type=number]").press("Tab")
    expect(state).to_have_text("Saved", timeout=SLOW)
    expect(page.locator("#strategies-head h1")).to_contain_text("6,300 thousand EUR", timeout=SLOW)
    row.locator("details summary").first.press("Enter")
    row.get_by_label("Joint office in Brussels").first.check()
    expect(row.locator("details summary").first).to_have_text("Joint office in Brussels", timeout=SLOW)
    assert violations(page, colours=False) == []
    editor.get_by_role("button", name="Undo the last change").click()
    expect(state).to_have_text("Taken back", timeout=SLOW)
    editor.get_by_role("button", name="Undo the last change").click()
    expect(page.locator("#strategies-head h1")).to_contain_text("6,200 thousand EUR", timeout=SLOW)


def test_a_step_is_added_and_removed(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, STRATEGIES + "&part=backcast&lang=en")
    editor, state = page.locator("#strategies-editors"), page.locator("#strategies-state")
    assert violations(page, colours=False) == []
    form = editor.locator(".new-step")
    form.get_by_role("button", name="Add").click()
    expect(state).to_contain_text("Say what is reached then")
    form.get_by_label("What is reached then").fill("A second test bed")
    form.get_by_label("Due by the end of").fill("2032")
    form.get_by_label("Who answers for it").fill("Agency")
    form.get_by_role("button", name="Add").click()
    expect(state).to_have_text("Saved", timeout=SLOW)
    remove = editor.get_by_role("button", name="Remove A second test bed")
    expect(remove).to_be_visible(timeout=SLOW)
    expect(page.locator("#strategies-head h1")).to_contain_text("6 steps", timeout=SLOW)
    remove.click()
    expect(remove).to_be_hidden(timeout=SLOW)
    expect(page.locator("#strategies-head h1")).to_contain_text("5 steps", timeout=SLOW)


def test_what_is_refused_is_said(lenient_page: Open, workshop: str) -> None:
    page = lenient_page(workshop + LIGHT)
    sign_in(page, workshop, STRATEGIES + "&part=backcast&lang=en")
    page.route("**/edit/**", lambda route: route.fulfill(status=400, body=json.dumps({"error": "Not like this."})))
    step = page.locator(".step-list > li").first
    step.get_by_label("Years of work").fill("4")
    step.get_by_label("Years of work").press("Tab")
    expect(page.locator("#strategies-state")).to_have_text("Not saved: Not like this.", timeout=SLOW)
    year = step.get_by_label("Due by the end of")
    year.fill("20350")
    year.press("Tab")
    expect(page.locator("#strategies-state")).to_have_attribute("data-state", "failed")

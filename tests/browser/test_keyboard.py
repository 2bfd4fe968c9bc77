"""Everything by keyboard: reachable, visible, never a trap; and at 400 % zoom and with reduced motion."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import overflow, settled

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
PATHS = ("/", "/region", "/compare?view=scatter", "/data")

WHERE = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  window.__walked = window.__walked || new Map();
  if (!window.__walked.has(e)) { window.__walked.set(e, window.__walked.size); }
  // A field may be drawn as focused by the box around it.
  let seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
  for (let up = e.parentElement, n = 0; up && !seen && n < 2; up = up.parentElement, n += 1) {
    const around = getComputedStyle(up);
    seen = around.boxShadow !== 'none' || (around.outlineStyle !== 'none' && parseFloat(around.outlineWidth) >= 2);
  }
  return { nr: window.__walked.get(e), tag: e.tagName, body: e === document.body, visible: seen,
           name: (e.className || '') + ' ' + (e.id || '') + ' ' + e.outerHTML.slice(0, 90) };
}"""

UNREACHED = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true })
               && !(e.type === 'radio') && !window.__walked.has(e))
  .map(e => e.outerHTML.slice(0, 120))"""


def _walk(page: Page, most: int = 700) -> list[dict[str, Any]]:
    """Press Tab from the top until the focus leaves the page."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0); window.__walked = new Map()")
    stops: list[dict[str, Any]] = []
    for _step in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop["body"] or (stops and stop["nr"] == 0):
            return stops
        assert stop["nr"] >= len(stops) - 1, f"the focus goes back to {stop['name']}"
        stops.append(stop)
    raise AssertionError(f"no end of the page after {most} steps: a trap near {stops[-1]['name']}")


@pytest.mark.parametrize("path", PATHS)
def test_tab_reaches_everything_visibly(open_page: Open, address: str, path: str) -> None:
    page = open_page(address + path)
    stops = _walk(page)
    assert "skip-link" in stops[0]["name"]
    assert not [stop["name"] for stop in stops if not stop["visible"]]
    assert page.evaluate(UNREACHED) == []


def test_the_skip_link_leads_to_the_content(open_page: Open, address: str) -> None:
    page = open_page(address + "/region")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")


def test_escape_closes_a_fold_and_gives_the_focus_back(open_page: Open, address: str) -> None:
    page = open_page(address + "/region")
    fold = page.locator("#region-trend-card .fold-table")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    page.keyboard.press("Tab")  # into the table
    page.keyboard.press("Escape")
    expect(fold).not_to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_sorting_by_keyboard_keeps_the_focus(open_page: Open, address: str) -> None:
    page = open_page(address + "/compare?view=ranking")
    head = page.locator("#compare-ranks-card thead th").first
    head.locator("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert page.evaluate("document.activeElement.className") == "sort"


@pytest.mark.parametrize("width", [960, 320])
def test_the_phone_menu(open_page: Open, address: str, width: int) -> None:
    page = open_page(address + "/data?part=methods", width=width, height=800)
    menu = page.locator("[data-action=menu]")
    nav = page.locator("header nav")
    expect(nav).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(nav).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.header-parts').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("nav a[data-nav='/region']").press("Enter")
    page.wait_for_url("**/region*")
    settled(page)
    expect(nav).to_be_hidden()
    assert overflow(page) <= 1


@pytest.mark.parametrize("path", ["/region", "/value-chain", "/data"])
def test_four_times_as_large(open_page: Open, address: str, path: str) -> None:
    """A screen of 1280 × 1024 at 400 % is 320 × 256."""
    page = open_page(address + path, width=320, height=256)
    assert overflow(page) <= 1
    page.evaluate("window.scrollTo(0, 600)")
    covered = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => {
             const s = getComputedStyle(e), b = e.getBoundingClientRect();
             return ['fixed', 'sticky'].includes(s.position) && b.top < 256 && b.bottom > 0 && b.width > 200
                    && !e.closest('table') && b.height > 85; }).map(e => e.className)"""
    )
    assert covered == []  # nothing that stays takes more than a third of the screen
    for control in page.locator(".filter-bar select:visible").all()[:2]:
        control.focus()
        expect(control).to_be_in_viewport()


def test_reduced_motion_is_respected(open_page: Open, address: str) -> None:
    page = open_page(address + "/compare?view=scatter", motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => {
             const s = getComputedStyle(e);
             return s.animationName !== 'none' || s.transitionDuration.split(',').some(d => parseFloat(d) > 0);
           }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert moving == []
    assert page.evaluate("document.getAnimations().length") == 0

"""What Dash and Plotly get wrong when left alone, page by page, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIGHT, Watched, fits, follow_nav, overflow, violations, visit

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/region",
    "/compare",
    "/specialisation",
    "/data",
    "/data?indicator=rd_expenditure_gdp",
    "/data?part=methods",
)
VIEWS = tuple(f"/compare?view={view}" for view in ("indicator", "scatter", "ranking", "convergence", "peers")) + tuple(
    f"/data?part={part}" for part in ("quality", "loads", "accessibility", "privacy", "licence")
)
ENGLISH = re.compile(
    r"\b(the|and|with|are|table|download|source|year|region|regions|peers|value|loading|search|trend|show)\b", re.I
)


def _with(path: str, lang: str) -> str:
    return path + ("&" if "?" in path else "?") + f"lang={lang}"


@pytest.mark.parametrize("path", PAGES + VIEWS)
def test_page_draws_clean_and_stays_on_the_host(open_page: Callable[..., Page], address: str, path: str) -> None:
    """Traps 2, 3 and 8: no outside request, console empty under the real policy, a title of its own, accessible; and
    then on a phone."""
    page = open_page(address + path)
    assert page.title() not in ("", "Dash")
    expect(page.locator("h1")).to_have_count(1)
    assert overflow(page) <= 1
    assert violations(page) == []
    fits(page, 390, 320)


@pytest.mark.parametrize("path", PAGES)
def test_hungarian_is_hungarian(open_page: Callable[..., Page], address: str, path: str) -> None:
    """Traps 7 and 8: a Hungarian reader sees no English word and a decimal comma; accessible in dark colours too."""
    page = open_page(address + _with(path, "hu"), scheme="dark")
    assert page.evaluate("document.documentElement.lang") == "hu"
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('pre, code, cite, .citation, [lang=en]').forEach(e => e.remove())")
    words = page.inner_text("body")
    assert not sorted(set(ENGLISH.findall(words)))
    assert not re.search(r"\d\.\d+\s?%", words)


def test_titles_change_on_navigation(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address + "/")
    before = page.title()
    follow_nav(page, "/data")  # quickly drawn: what comes late leaves the focus alone
    expect(page).not_to_have_title(before)
    page.wait_for_url("**/data*")
    expect(page.locator("h1")).to_be_focused()


def test_unknown_path_is_404_and_helps(lenient_page: Watched, address: str) -> None:
    """Trap 4, first half."""
    page = lenient_page(address + "/nowhere")
    assert page.request.get(address + "/nowhere").status == 404
    expect(page.locator("#content a[href]").first).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/region", "/compare", "/data"])
def test_nonsense_in_the_address_never_breaks_a_page(open_page: Callable[..., Page], address: str, path: str) -> None:
    """Trap 5."""
    junk = "?anything=x&region=XX99&year=0&indicator=<script>alert(1)</script>&peers=" + ",".join(["HU33"] * 300)
    page = open_page(address + path + junk + "&lang=kl&view=none&part=none&pathname_=1")
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator(".failed").count() == 0


@pytest.mark.parametrize("fixture", ["address", "mapped_address"])
def test_the_map_is_drawn_with_the_network_off_and_a_click_leads_to_the_region(
    open_page: Callable[..., Page], request: pytest.FixtureRequest, fixture: str
) -> None:
    """Trap 6: tile grid without boundaries, real boundaries with them; ``open_page`` sees outside requests."""
    page = open_page(request.getfixturevalue(fixture) + "/")
    shapes = {"address": ".barlayer .point path", "mapped_address": ".choroplethlayer path"}
    expect(page.locator(f".js-plotly-plot {shapes[fixture]}").nth(80)).to_be_attached()  # boundaries come after
    page.wait_for_selector("[data-click-go] .js-plotly-plot[data-wired]")
    page.locator("[data-click-go] .js-plotly-plot").first.scroll_into_view_if_needed()
    spot = page.evaluate(
        """() => {
          const plot = document.querySelector("[data-click-go] .js-plotly-plot");
          const places = [...plot.querySelectorAll(".choroplethlayer path, .barlayer .point path")];
          const sized = places.map(p => p.getBoundingClientRect()).filter(b => b.width > 6 && b.top > 130
                                                                   && b.bottom < innerHeight);
          sized.sort((a, b) => b.width * b.height - a.width * a.height);
          const box = sized[0];
          return {x: box.left + box.width / 2, y: box.top + box.height / 2};
        }"""
    )
    page.mouse.move(spot["x"], spot["y"])
    page.wait_for_function(  # a click means what is hovered
        "() => (document.querySelector('[data-click-go] .js-plotly-plot')._hoverdata || []).length > 0"
    )
    page.mouse.click(spot["x"], spot["y"])
    page.wait_for_url(re.compile(r"/region\?.*region=[A-Z]{2}"))


@pytest.mark.parametrize("path", ["/", "/region", "/compare", "/data"])
def test_empty_database_explains_itself(open_page: Callable[..., Page], empty_address: str, path: str) -> None:
    """Trap 9."""
    page = open_page(empty_address + path)
    expect(page.locator("#content")).to_contain_text("polisee load --starter")


def test_page_without_a_chart_does_not_load_plotly(lenient_page: Watched, address: str) -> None:
    page = lenient_page(address + "/data")
    assert not [url for url in lenient_page.requests if "plotly" in url]
    visit(page, address + "/")
    assert [url for url in lenient_page.requests if "plotly" in url]


def test_a_text_that_is_hard_to_read_is_found(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(address + LIGHT)
    assert violations(page) == []
    page.locator("#content h1").evaluate("one => { one.style.color = '#999'; one.style.background = '#bbb'; }")
    assert [name for name, _impact, _where in violations(page)] == ["color-contrast"]
    assert violations(page, colours=False) == []

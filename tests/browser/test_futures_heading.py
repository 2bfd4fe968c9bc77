"""Where are we heading, in a browser: accessible and on a phone, replay by day, signposts changed and taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import overflow, sign_in, violations
from tests.browser.test_traps import ENGLISH
from tests.dashboard.made_headings import CODE, EARLIER, TOLD

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
BOARD = "#futures-signposts-card .js-plotly-plot .main-svg"


@pytest.mark.parametrize(
    ("code", "width", "lang", "scheme"), [(CODE, 1440, "en", "light"), ("see2035", 320, "hu", "dark")]
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, workshop: str, code: str, width: int, lang: str, scheme: str
) -> None:
    query = f"part=heading&set={code}&region={TOLD}&lang={lang}"
    page = open_page(f"{workshop}/futures?{query}", width=width, scheme=scheme)
    page.wait_for_selector(BOARD)
    expect(page.locator("h1")).to_have_count(1)
    page.evaluate("document.querySelectorAll('#content details').forEach(one => { one.open = true; })")
    assert violations(page) == []
    assert overflow(page) <= 1
    if lang == "hu":
        page.evaluate("document.querySelectorAll('pre, code, cite, .citation, [lang=en]').forEach(one => one.remove())")
        assert not sorted(set(ENGLISH.findall(page.inner_text("#content"))))


def test_an_older_evaluation_is_shown_by_its_day(open_page: Open, workshop: str) -> None:
    page = open_page(f"{workshop}/futures?part=heading&set={CODE}&region={TOLD}&lang=en")
    page.wait_for_selector(BOARD)
    page.locator(".heading-bar select").select_option(EARLIER.isoformat())
    expect(page.locator(".heading-replayed")).to_contain_text("told on 1 Mar 2025")
    assert f"as_of={EARLIER.isoformat()}" in page.url
    page.reload()
    expect(page.locator(".heading-replayed")).to_contain_text("told on 1 Mar 2025")


def test_a_facilitator_changes_signposts_and_takes_it_back(open_page: Open, workshop: str) -> None:
    told = f"/futures?part=heading&set={CODE}&region={TOLD}&lang=en"
    page = open_page(workshop + told)
    page.wait_for_selector(BOARD)
    law = page.locator("#signpost-law")
    expect(law.locator(".signpost-edit")).to_be_hidden()
    sign_in(page, workshop, told)
    page.wait_for_selector(BOARD)
    law.locator(".signpost-edit summary").click()
    law.locator("[data-name=observed] select").select_option("yes")
    law.locator("button[data-heading=save]").click()
    expect(page.locator("#signpost-law.signpost-met")).to_be_visible()
    expect(page.locator("#futures-signpost-weights-answer")).to_contain_text("points to “Open door”")
    law.locator(".signpost-more summary").click()
    law.locator("[data-heading=likelihood] select").first.select_option("very_unlikely")
    expect(page.locator("#futures-signpost-weights-answer")).not_to_contain_text("Open door")
    undo = page.locator("button[data-heading=undo]")
    expect(undo).to_contain_text("how likely in “Open door”")
    undo.click()
    expect(page.locator("#futures-signpost-weights-answer")).to_contain_text("points to “Open door”")
    expect(undo).to_contain_text("whether it happened")
    undo.click()
    expect(page.locator("#signpost-law.signpost-open")).to_be_visible()

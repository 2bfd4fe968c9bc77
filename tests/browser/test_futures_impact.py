"""Workshop view in a browser: keys alone change a cell and the answer follows, what is tried is not saved, a
facilitator saves and takes back, drivers are dragged and typed, everything fits and is accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIGHT, overflow, settled, sign_in, violations, visit
from tests.dashboard.made_judgements import CODE

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
WORKSHOP = f"/futures?set={CODE}&part=impact&lang=en"


def ready(page: Page) -> Page:
    """Wait until the grid stands and the answers have come in."""
    expect(page.locator("#impact-grid td.current")).to_have_count(1)
    expect(page.locator("#impact-live-answer")).to_contain_text("combination")
    return page


def test_keys_alone_try_a_cell_and_take_it_back(open_page: Open, workshop: str) -> None:
    page = ready(open_page(workshop + WORKSHOP))
    answer, tried = page.locator("#impact-live-answer"), page.locator("#impact-tried")
    expect(answer).to_have_text("10 of 486 combinations support themselves.")
    page.locator("#impact-grid td.current").focus()
    # To the row "Conflict" in the column "Patriots party": cells within one descriptor are passed over.
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowDown", "Home", "ArrowUp"):
        page.keyboard.press(key)
    current = page.locator("#impact-grid td.current")
    expect(current).to_have_text("+3")
    page.keyboard.press("-")
    expect(current).to_have_text("−")
    page.keyboard.press("3")
    expect(current).to_have_text("−3")
    expect(page.locator("#impact-cell")).to_contain_text("strongly hinders")
    expect(answer).not_to_have_text("10 of 486 combinations support themselves.")
    expect(tried).to_have_text("1 change is tried and not saved.")
    page.wait_for_url("**tried=foreign.conflict.government.patriots.-3**")
    page.keyboard.press("Delete")
    expect(current).to_have_text("")
    page.keyboard.press("Control+z")
    expect(current).to_have_text("−3")
    page.keyboard.press("Control+z")
    expect(current).to_have_text("+3")
    expect(answer).to_have_text("10 of 486 combinations support themselves.")
    expect(tried).to_have_text("")
    assert page.evaluate("document.activeElement.dataset.cell") == "5-0"


def test_a_link_shows_what_was_tried_and_it_can_be_forgotten(open_page: Open, workshop: str) -> None:
    page = ready(open_page(workshop + WORKSHOP + "&tried=foreign.conflict.government.patriots.-3"))
    expect(page.locator("#impact-tried")).to_have_text("1 change is tried and not saved.")
    expect(page.locator("#impact-grid td.tried")).to_have_text("−3")
    page.locator("[data-grid=reset]").click()
    expect(page.locator("#impact-live-answer")).to_have_text("10 of 486 combinations support themselves.")
    expect(page.locator("#impact-grid td.tried")).to_have_count(0)


def test_the_answer_follows_each_key(open_page: Open, workshop: str) -> None:
    """How soon is measured by ``benchmarks.cell_edit``."""
    page = ready(open_page(workshop + WORKSHOP))
    rest = page.locator("#impact-live-rest")
    page.locator("#impact-grid td.current").focus()
    for key in "-3+3":
        before = rest.inner_text()
        page.keyboard.press(key)
        if key.isdigit():
            expect(rest).not_to_have_text(before, use_inner_text=True)


def test_why_is_one_click_away(open_page: Open, workshop: str) -> None:
    page = ready(open_page(workshop + WORKSHOP))
    page.locator("#impact-live .live-equal .pick").last.click()
    expect(page.locator("#futures-why-answer")).to_contain_text("Prosperity in a divided society")
    fold = page.locator("#impact-why .why-fold").first
    fold.locator("summary").click()
    expect(fold.locator("table")).to_contain_text("Balance")
    page.wait_for_url("**look=1-0-2-1-1-0**")


def test_a_facilitator_saves_cell_by_cell_and_takes_back(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, WORKSHOP)
    ready(page)
    saved = page.locator("#impact-saving .saving-words")
    page.locator("#impact-grid td.current").focus()
    page.keyboard.press("3")
    expect(saved).to_have_text("Saved")
    undo = page.locator("#impact-history .undo-button")
    expect(undo).to_have_text("Undo: Government: Patriots party → Foreign policy: Cooperation, from −2 to +3")
    expect(page.locator("#impact-tried")).to_have_text("")
    # Another reader sees it.
    other = ready(open_page(workshop + WORKSHOP))
    expect(other.locator("[data-cell='0-3']")).to_have_text("+3")
    expect(other.locator("#impact-history .undo-button")).to_be_hidden()
    # At once after another change, before the page has heard of it.
    page.keyboard.press("1")
    page.keyboard.press("Control+z")
    expect(page.locator("#impact-grid td.current")).to_have_text("+3")
    expect(undo).to_be_enabled()
    undo.click()
    expect(page.locator("[data-cell='0-3']")).to_have_text("−2")
    expect(undo).to_have_text("Nothing to undo")
    page.locator("#impact-history summary").click()
    expect(page.locator("#impact-history .audit-list li")).to_have_count(4)


def test_drivers_are_typed_dragged_and_taken_back(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, f"/futures?set={CODE}&part=drivers&lang=en")
    saved, undo = page.locator("#drivers-saving .saving-words"), page.locator("#drivers-history .undo-button")
    impact = page.locator("#drivers-table [data-code=trade] [data-column=impact]")
    impact.fill("8.5")
    page.keyboard.press("Tab")
    expect(saved).to_have_text("Saved")
    expect(undo).to_have_text("Undo: “Trade barriers”: impact from 9 to 8.5")
    settled(page)  # the plot is drawn anew with what was typed
    page.wait_for_selector("#drivers-plot .nsewdrag")
    place = page.evaluate(
        """() => {
          const plot = document.querySelector('#drivers-plot .js-plotly-plot'), axes = plot._fullLayout;
          plot.scrollIntoView({ block: 'center', behavior: 'instant' });
          const box = plot.querySelector('.nsewdrag').getBoundingClientRect();
          const at = (x, y) => [box.left + axes.xaxis.d2p(x), box.top + axes.yaxis.d2p(y)];
          return [...at(8, 8), ...at(4, 6)];
        }"""
    )
    page.mouse.move(place[0], place[1])
    page.mouse.down()
    page.mouse.move(place[0] - 40, place[1] + 20, steps=3)
    page.mouse.move(place[2], place[3], steps=4)
    page.mouse.up()
    # The median is dragged, and its range goes along.
    expect(undo).to_contain_text("“Chips made in the region”: impact from 8 to 6")
    expect(page.locator("#drivers-table [data-code=chips] [data-column=impact_low]")).to_have_value("5")
    undo.click()
    expect(undo).to_have_text("Undo: “Trade barriers”: impact from 9 to 8.5")
    undo.click()
    expect(undo).to_have_text("Nothing to undo")
    expect(impact).to_have_value("9")


def test_a_driver_is_added_removed_after_a_question_and_brought_back(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, f"/futures?set={CODE}&part=drivers&lang=en")
    undo, rows = page.locator("#drivers-history .undo-button"), page.locator("#drivers-table tr[data-code]")
    expect(rows).to_have_count(6)
    page.locator("#driver-new-name").fill("A new road")
    page.locator("[data-drivers=add]").click()
    expect(rows).to_have_count(7)
    expect(undo).to_have_text("Undo: “A new road” added")
    rows.last.locator("[data-drivers=remove]").click()
    expect(rows.last.locator("[data-drivers=no]")).to_be_focused()
    rows.last.locator("[data-drivers=yes]").click()
    expect(rows).to_have_count(6)
    undo.click()
    expect(rows).to_have_count(7)
    undo.click()
    expect(rows).to_have_count(6)


def test_a_phone_shows_one_section_at_a_time(open_page: Open, workshop: str) -> None:
    page = ready(open_page(workshop + WORKSHOP, width=390, height=800))
    expect(page.locator("#impact-grid tbody tr")).to_have_count(3)
    page.locator("[data-step='1']").click()
    expect(page.locator("#impact-sections select").nth(1)).to_have_value("2")
    page.locator("#impact-grid td.current").click()
    page.locator(".grid-key", has_text="+2").click()
    expect(page.locator("#impact-tried")).to_have_text("1 change is tried and not saved.")
    assert overflow(page) <= 1


def test_choosing_values_in_the_box(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + f"/futures?set={CODE}&part=impact&view=morphology&lang=en")
    page.get_by_role("button", name="Dynamic").click()
    expect(page.locator(".box-answer")).to_contain_text("4 configurations are left")
    expect(page.get_by_role("button", name="Dynamic")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Dynamic").click()
    expect(page.get_by_role("button", name="Dynamic")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("query", "width", "lang"),
    [
        ("part=impact", 1440, "en"),
        ("part=impact&view=influence", 390, "hu"),
        ("part=impact&view=morphology", 1024, "hu"),
        ("part=drivers", 390, "en"),
        ("part=drivers", 1440, "hu"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, workshop: str, query: str, width: int, lang: str
) -> None:
    page = open_page(f"{workshop}/futures?set={CODE}&{query}&lang={lang}", width=width)
    if query == "part=impact":
        ready(page)
    elif "view=influence" in query:
        page.wait_for_selector("#impact-grid td.current")
    assert violations(page) == []
    assert overflow(page) <= 1


def test_axe_finds_nothing_while_editing(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT)
    sign_in(page, workshop, WORKSHOP)
    ready(page)
    for part in ("impact", "drivers"):
        if part == "drivers":
            visit(page, f"{workshop}/futures?set={CODE}&part=drivers&lang=en")
            page.wait_for_selector("#drivers-table input")
        assert violations(page) == []

"""Value chain in a browser: every view is accessible and fits a phone, the panel writes the address, keys suffice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import control, overflow, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.mark.parametrize(
    ("query", "width", "lang"),
    [
        ("view=position", 1440, "en"),
        ("view=participation", 390, "hu"),
        ("view=chain&table=national:NAIO_10_CP1700:HU:2020", 390, "en"),
        ("view=linkages", 390, "en"),
        ("view=whatif&shock=supplier&partner=DE", 320, "hu"),
        ("country=RS", 1440, "hu"),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    open_page: Open, workshop: str, query: str, width: int, lang: str
) -> None:
    page = open_page(f"{workshop}/value-chain?{query}&lang={lang}", width=width)
    if "RS" not in query:
        page.wait_for_selector(".js-plotly-plot .main-svg")
    assert violations(page, colours=width > 1000) == []
    assert overflow(page) <= 1


def test_the_panel_writes_the_address_and_reset_clears_it(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + "/value-chain?view=whatif&country=HU&lang=en")
    heading = page.locator("#chain-shock-answer")
    expect(heading).to_contain_text("changes by −10%")
    size = control(page, "size")
    size.fill("-25")
    size.press("Enter")
    page.wait_for_url("**size=-25**")
    expect(heading).to_contain_text("changes by −25%")
    control(page, "shock").select_option("supplier")
    page.wait_for_url("**shock=supplier**")
    expect(heading).to_contain_text("If 25% of the deliveries of")
    page.locator("#chain-reset").press("Enter")
    expect(heading).to_contain_text("changes by −10%")
    page.wait_for_url(lambda url: "size" not in url and "shock" not in url)


def test_an_industry_is_chosen_by_key_in_the_table(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + "/value-chain?country=RO&industry=G&lang=en")
    expect(page.locator("#chain-positions-answer")).to_contain_text("Trade:")
    card = page.locator("#chain-positions-card")
    card.locator("details.fold-table summary").press("Enter")
    card.get_by_role("button", name="Motor vehicles, trailers and semi-trailers").press("Enter")
    page.wait_for_url("**industry=C29**")
    expect(page.locator("#chain-positions-answer")).to_contain_text("Motor vehicles:")
    expect(control(page, "industry")).to_have_value("C29")
    # Published positions have another classification: the controls offer its industries, the choice falls back.
    control(page, "table").select_option("positions")
    expect(page.locator("#chain-positions-answer")).not_to_contain_text("Motor vehicles:")
    values = control(page, "industry").locator("option").evaluate_all("all => all.map(one => one.value)")
    assert "C29" not in values
    assert "13" in values

"""Editing in a browser: sign in, change, take back, sign out; what readers see; where the connection is gone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIGHT, TOKEN, Watched, overflow, violations
from tests.dashboard.made_futures import CODE

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
EDIT = """([set, entity, key, values]) => window.polisee.edit(set, entity, key, values, "tried")
  .then(answer => ({answer}), error => ({error: error.message}))"""
UNDO = """([set, entity, entry]) => window.polisee.undo(set, entity, entry)
  .then(answer => ({answer}), error => ({error: error.message}))"""
HEAR = """() => { window.__heard = [];
  document.addEventListener("polisee:edited", event => window.__heard.push(event.detail)); }"""
EDITION = """() => {
  const state = window.dash_stores[0].getState();
  return state.paths.strs.edition.reduce((part, step) => part[step], state.layout).props.data; }"""
DRIVER = {"code": "ageing"}


def sign_in(page: Page) -> None:
    """By the link in the footer, and back to where one was."""
    before = page.url
    page.locator("a[data-signin]").click()
    page.fill("#token", TOKEN)
    page.press("#token", "Enter")
    page.wait_for_url(before)
    wait_for_role(page, "facilitator")


def wait_for_role(page: Page, role: str) -> None:
    page.wait_for_selector("#content h1")
    expect(page.locator("html")).to_have_attribute("data-role", role)


def wait_for_edition(page: Page, version: int) -> None:
    """The store that callbacks listen to holds this data version."""
    page.wait_for_function(f"() => ({EDITION})() === {version}")


def edit(page: Page, values: dict[str, Any] | None, key: dict[str, str] = DRIVER) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(EDIT, [CODE, "driver", key, values])
    return found


@pytest.mark.parametrize("server", ["workshop", "prefixed"])
def test_sign_in_change_take_back_sign_out(open_page: Open, request: pytest.FixtureRequest, server: str) -> None:
    address = request.getfixturevalue(server)
    page = open_page(address + LIGHT + "&lang=en")
    wait_for_role(page, "reader")
    expect(page.locator("button[data-signout]")).to_be_hidden()
    sign_in(page)
    assert page.url == address + LIGHT + "&lang=en"
    expect(page.locator("button[data-signout]")).to_be_visible()
    expect(page.locator("a[data-signin]")).to_be_hidden()
    page.evaluate(HEAR)
    done = edit(page, {"impact": 6.5})["answer"]
    assert (done["old"]["impact"], done["new"]["impact"]) == (7, 6.5)
    heard = {"set": CODE, "entity": "driver", "version": done["version"], "entry": done["entry"]}
    assert page.evaluate("window.__heard") == [heard]
    wait_for_edition(page, done["version"])
    told = page.request.get(f"{address}/edits/{CODE}.csv?lang=en").text()
    assert f"{done['entry']}," in told
    assert "tried" in told
    back = page.evaluate(UNDO, [CODE, "driver", None])["answer"]
    assert back["new"] == done["old"]
    wait_for_edition(page, back["version"])
    assert len(page.evaluate("window.__heard")) == 2
    page.locator("button[data-signout]").click()
    wait_for_role(page, "reader")
    expect(page.locator("#notice")).to_have_text("You are signed out.")
    assert page.request.get(address + "/role").json()["role"] == "reader"


def test_a_reader_is_refused_in_words(lenient_page: Watched, workshop: str) -> None:
    page = lenient_page(workshop + LIGHT + "&lang=hu")
    wait_for_role(page, "reader")
    words = "Ezt csak facilitátor módosíthatja. Előbb jelentkezzen be."
    assert edit(page, {"impact": 6}) == {"error": words}
    expect(page.locator("#notice")).to_have_text(words)
    assert "error" in page.evaluate(UNDO, [CODE, "driver", None])


def test_what_does_not_fit_is_said_and_changes_nothing(lenient_page: Watched, workshop: str) -> None:
    page = lenient_page(workshop + LIGHT + "&lang=en")
    sign_in(page)
    page.evaluate(HEAR)
    before = page.evaluate(EDITION)
    assert edit(page, {"impact": 77}) == {"error": "Impact must lie between 1 and 10."}
    expect(page.locator("#notice")).to_have_text("Impact must lie between 1 and 10.")
    assert edit(page, None, {"code": "nobody"})["error"].startswith("There is nothing to remove")
    assert page.evaluate("window.__heard") == []
    assert page.evaluate(EDITION) == before
    page.context.set_offline(True)
    assert edit(page, {"impact": 6}) == {"error": "The change could not be sent. Check the connection and try again."}
    page.context.set_offline(False)
    assert "answer" in edit(page, {"impact": 6})
    assert "answer" in page.evaluate(UNDO, [CODE, "", None])


def test_edits_are_sent_in_their_order(open_page: Open, workshop: str) -> None:
    page = open_page(workshop + LIGHT + "&lang=en")
    sign_in(page)
    entries = page.evaluate(
        """set => Promise.all([6.1, 6.2, 6.3, 6.4, 6.5].map(impact =>
             window.polisee.edit(set, "driver", {code: "ageing"}, {impact})
               .then(answer => [answer.entry, answer.new.impact])))""",
        CODE,
    )
    assert [impact for _entry, impact in entries] == [6.1, 6.2, 6.3, 6.4, 6.5]
    numbers = [entry for entry, _impact in entries]
    assert numbers == sorted(numbers)
    for _entry in entries:
        assert "answer" in page.evaluate(UNDO, [CODE, "driver", None])


def test_a_second_tab_may_sign_in_anew(lenient_page: Watched, workshop: str) -> None:
    page = lenient_page(workshop + LIGHT + "&lang=en")
    sign_in(page)
    other = page.context.new_page()
    signin = f"{workshop}/signin?lang=en&next={quote(LIGHT)}"
    other.goto(signin)
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**" + LIGHT)
    other.goto(signin)
    other.fill("#token", TOKEN)
    other.press("#token", "Enter")
    other.wait_for_url("**" + LIGHT)
    done = edit(page, {"impact": 6})  # the first tab learns its new token by itself
    assert "answer" in done
    assert "answer" in page.evaluate(UNDO, [CODE, "driver", done["answer"]["entry"]])
    other.goto(signin)
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**" + LIGHT)
    assert "Sign in first" in edit(page, {"impact": 6})["error"]
    wait_for_role(page, "reader")


def test_without_a_token_there_is_no_way_in(open_page: Open, address: str) -> None:
    page = open_page(address + LIGHT + "&lang=en")
    wait_for_role(page, "reader")
    assert page.locator("a[data-signin], button[data-signout]").count() == 0
    assert page.request.get(address + "/signin?lang=en").text().count("POLISEE_ADMIN_TOKEN") == 1


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1440), ("hu", "dark", 320)])
def test_axe_finds_nothing_on_the_sign_in_page(
    lenient_page: Watched, workshop: str, address: str, lang: str, scheme: str, width: int
) -> None:
    def check(page: Page) -> None:
        assert violations(page) == []
        assert overflow(page) <= 1
        assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
        assert page.evaluate("document.documentElement.lang") == lang

    signin = f"{workshop}/signin?lang={lang}&next={quote(LIGHT)}"
    page = lenient_page(signin, scheme=scheme, width=width)
    check(page)
    assert not lenient_page.trouble
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.focus("#token")
    page.keyboard.type("not the token")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("#token")).to_have_attribute("aria-invalid", "true")
    check(page)
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    wait_for_role(page, "facilitator")
    page.goto(signin)
    check(page)
    check(lenient_page(f"{address}/signin?lang={lang}", scheme=scheme, width=width))

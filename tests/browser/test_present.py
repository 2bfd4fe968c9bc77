"""Slides in a real browser: keys, language, notes, values, phone, paper; and the offline kit with the network cut."""

import io
import re
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import overflow, violations

pytestmark = pytest.mark.browser

SET = "see2035"


def _open(open_page: Callable[..., Page], address: str, query: str = "lang=en", at: int = 1, **options: object) -> Page:
    page = open_page(f"{address}/present/{SET}?region=HU31&{query}#{at}", **options)
    page.wait_for_selector(".slide.on")
    return page


def _at(page: Page) -> int:
    return int(str(page.evaluate("location.hash")).removeprefix("#"))


def _count(page: Page) -> int:
    return page.locator(".deck:not([hidden]) .slide").count()


@pytest.mark.parametrize("lang", ["en", "hu"])
def test_axe_finds_nothing_on_any_kind_of_slide(open_page: Callable[..., Page], address: str, lang: str) -> None:
    scheme = "dark" if lang == "hu" else "light"
    page = _open(open_page, address, f"lang={lang}", scheme=scheme)
    assert page.evaluate("document.documentElement.lang") == lang
    for number in (1, 2, 3, 4, 8, 10, 14, 16, 18):
        page.evaluate(f"location.hash = '#{number}'")
        expect(page.locator(".slide.on")).to_have_id(str(number))
        if number == 10:
            page.keyboard.press("v")
            page.keyboard.press("n")
        around = "" if number == 1 else ".slide.on"  # what is around a slide stays as it is
        colours = lang == "en" or number in (1, 8, 14)
        assert violations(page, colours=colours, within=around) == []
    page.click(".menu summary")
    assert violations(page, colours=False) == []


def test_keys_turn_pages_and_the_address_keeps_the_slide(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address)
    last = _count(page)
    for key, expected in (
        ("ArrowRight", 2),
        ("Space", 3),
        ("PageDown", 4),
        ("ArrowLeft", 3),
        ("PageUp", 2),
        ("End", last),
        ("ArrowRight", last),
        ("Home", 1),
        ("ArrowLeft", 1),
        ("ArrowDown", 2),
        ("Shift+Space", 1),
    ):
        page.keyboard.press(key)
        assert _at(page) == expected, key
        expect(page.locator(".slide:visible")).to_have_count(1)
        expect(page.locator(".at")).to_have_text(str(expected))
    page.keyboard.press("ArrowRight")
    title = page.locator(".slide.on h2").inner_text()
    expect(page.locator(".said")).to_have_text(f"Slide 2 of {last}: {title}")
    page.reload()
    expect(page.locator(".slide.on")).to_have_id("2")
    page.evaluate("location.hash = '#999'")
    expect(page.locator(".slide.on")).to_have_id(str(last))


def test_the_language_is_changed_on_the_same_slide(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address, at=5)
    page.click(".menu summary")
    page.click(".menu a[hreflang=hu]")
    page.wait_for_url("**lang=hu#5")
    page.wait_for_selector(".slide.on")
    assert page.evaluate("document.documentElement.lang") == "hu"
    expect(page.locator(".slide.on .foot strong")).to_have_text("Nem előrejelzés. Szemléltető.")
    page.click(".menu summary")
    page.select_option("select[name=region]", "RO11")
    page.click(".menu form button")
    page.wait_for_url("**region=RO11**")
    page.wait_for_selector(".slide.on")
    assert "lang=hu" in page.url
    assert _at(page) == 5


def test_every_slide_says_that_it_is_no_forecast_and_nothing_overflows(
    open_page: Callable[..., Page], address: str
) -> None:
    """On a wall nothing is smaller than 28 pixels, and no slide is larger than the wall."""
    page = _open(open_page, address, "lang=hu", width=1920, height=1080)
    for number in range(1, _count(page) + 1):
        page.evaluate(f"location.hash = '#{number}'")
        expect(page.locator(".slide.on")).to_have_id(str(number))
        expect(page.locator(".slide.on .foot strong")).to_be_in_viewport()
        measured = page.evaluate(
            """() => {
              const slide = document.querySelector('.slide.on');
              const scale = svg => { const box = svg.viewBox.baseVal, r = svg.getBoundingClientRect();
                return Math.min(r.width / box.width, r.height / box.height); };
              const sizes = [...slide.querySelectorAll('.sheet *')]
                .filter(e => e.offsetParent && !e.closest('svg') && !e.closest('.vh') && e.tagName !== 'KBD'
                  && [...e.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()))
                .map(e => parseFloat(getComputedStyle(e).fontSize));
              for (const text of slide.querySelectorAll('svg.wide text'))
                sizes.push(parseFloat(getComputedStyle(text).fontSize) * scale(text.ownerSVGElement));
              return {smallest: Math.min(...sizes), wide: document.documentElement.scrollWidth,
                high: document.documentElement.scrollHeight,
                body: slide.querySelector('.body').scrollHeight - slide.querySelector('.body').clientHeight};
            }"""
        )
        assert measured["smallest"] >= 27.5, number
        assert (measured["wide"], measured["high"]) == (1920, 1080), number
        assert measured["body"] <= 2, number


def test_notes_values_and_a_hidden_scenario(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address, at=10)
    expect(page.locator(".slide.on .notes")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.locator(".slide.on .notes")).to_be_visible()
    expect(page.locator(".slide.on .notes")).to_contain_text("Begin with the black line")
    page.keyboard.press("n")
    page.keyboard.press("v")
    told = page.locator(".slide.on output")
    expect(told).to_contain_text("2035: ● Open Workshop")
    expect(told).to_contain_text("▲ Empty Chairs")
    page.keyboard.press("4")
    expect(told).not_to_contain_text("Empty Chairs")
    expect(page.locator(".slide.on svg.wide .path-3").first).to_have_css("opacity", "0")
    page.focus(".slide.on input[type=range]")
    page.keyboard.press("ArrowLeft")  # belongs to the year, not to the pages
    expect(told).to_contain_text("2034: ")
    assert _at(page) == 10
    page.focus(".slide.on [data-path='3']")
    page.keyboard.press("Space")  # presses the button
    expect(told).to_contain_text("Empty Chairs")
    assert _at(page) == 10
    # Numbers of the table are those that are read.
    page.keyboard.press("n")
    table = page.locator(".slide.on .numbers td").last.inner_text()
    page.fill(".slide.on input[type=range]", "2035")
    expect(told).to_contain_text(table)


def test_escape_closes_the_menu_and_focus_comes_back(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address, at=3)
    page.focus(".menu summary")
    page.keyboard.press("Enter")
    expect(page.locator(".menu-body")).to_be_visible()
    page.click(".menu-body a[data-go='7']")
    assert _at(page) == 7
    expect(page.locator(".menu-body")).to_be_hidden()
    page.click(".menu summary")
    page.keyboard.press("Escape")
    expect(page.locator(".menu-body")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()
    page.click("a[data-step='1']")
    assert _at(page) == 8


def test_a_second_window_for_the_speaker_goes_along(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address, at=4)
    with page.context.expect_page() as opened:
        page.keyboard.press("p")
    speaker = opened.value
    speaker.wait_for_selector(".slide.on")
    expect(speaker.locator(".slide.on")).to_have_id("4")
    expect(speaker.locator(".slide.on .notes")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(speaker.locator(".slide.on")).to_have_id("5")
    speaker.keyboard.press("ArrowRight")
    expect(page.locator(".slide.on")).to_have_id("6")


@pytest.mark.parametrize("width", [320])
def test_fits_a_phone_and_turns_by_a_swipe(open_page: Callable[..., Page], address: str, width: int) -> None:
    page = _open(open_page, address, "lang=hu", width=width, height=800, has_touch=True)
    for number in range(1, _count(page) + 1):
        assert overflow(page) <= 1, number
        expect(page.locator(".bar-fixed")).to_be_in_viewport()
        page.evaluate(
            """() => { const send = (kind, x) => { const t = new Touch({identifier: 1, target: document.body,
                clientX: x, clientY: 300});
              document.body.dispatchEvent(new TouchEvent(kind, {bubbles: true, cancelable: true,
                touches: kind === 'touchend' ? [] : [t], changedTouches: [t]})); };
              send('touchstart', 300); send('touchend', 120); }"""
        )
    assert _at(page) == _count(page)


def test_prints_a_slide_a_sheet_with_its_notes(open_page: Callable[..., Page], address: str) -> None:
    page = _open(open_page, address, "lang=hu", at=6)
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert len(sheets) == _count(page)
    for number, sheet in enumerate(sheets, 1):
        assert round(float(sheet.mediabox.width)) == 842
        text = sheet.extract_text()
        assert "Nem előrejelzés." in text, number
        assert f"{number} / {len(sheets)}" in text


def test_readable_without_scripts(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(f"{address}/present/{SET}?lang=en", java_script_enabled=False)
    expect(page.locator(".slide:visible")).to_have_count(_count(page))
    expect(page.locator(".notes:visible")).to_have_count(_count(page))


def test_the_offline_kit_opens_from_a_memory_stick(browser: Browser, address: str, tmp_path: Path) -> None:
    """From a file, with the network switched off, in both languages, charts included."""
    with urllib.request.urlopen(f"{address}/present/{SET}/kit.zip?lang=en&region=HU31", timeout=120) as reply:
        data = reply.read()
    assert len(data) < 25 * 1024 * 1024
    with zipfile.ZipFile(io.BytesIO(data)) as kit:
        kit.extractall(tmp_path)
    (file,) = tmp_path.rglob("*-slides.html")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    asked, trouble = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    page.wait_for_selector(".slide.on")
    expect(page.locator(".slide:visible h2")).to_have_text("SEE clusters 2035")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    for _turn in range(9):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".slide.on svg.wide .path")).to_have_count(4)
    page.keyboard.press("v")
    page.keyboard.press("1")
    expect(page.locator(".slide.on output")).not_to_contain_text("Open Workshop")
    page.click(".deck:not([hidden]) .menu summary")
    page.click(".deck:not([hidden]) [data-speak=hu]")
    expect(page.locator(".slide:visible .foot strong")).to_have_text("Nem előrejelzés. Szemléltető.")
    assert page.evaluate("document.documentElement.lang") == "hu"
    page.keyboard.press("Escape")
    expect(page.locator(".slide:visible")).to_have_count(1)
    assert violations(page) == []
    assert re.fullmatch(r"10 · .*PoliSEE", page.title())
    assert [url for url in asked if not url.startswith("file:") and not url.startswith("data:")] == []
    assert not trouble
    context.close()

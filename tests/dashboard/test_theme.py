"""Colours: text can be read and graphics told apart from what they stand on, in both schemes."""

import re
from dataclasses import fields

import pytest

from config import ROOT
from dashboard import theme
from dashboard.theme import DARK, LIGHT, Palette

TEXT = ("ink", "muted", "accent", "good", "watch", "bad")
GROUNDS = ("surface", "raised")
SCHEMES = {"light": LIGHT, "dark": DARK}


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_against_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the best known near miss


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", TEXT)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read(scheme: str, name: str, ground: str) -> None:
    palette = SCHEMES[scheme]
    assert contrast(getattr(palette, name), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_on_colour_can_be_read(scheme: str) -> None:
    palette = SCHEMES[scheme]
    assert contrast(palette.surface, palette.accent) >= 4.5  # a filled button
    assert contrast(palette.surface, palette.ink) >= 4.5  # the notice
    assert contrast(palette.ink, palette.accent_soft) >= 4.5
    assert contrast(palette.ink, palette.missing) >= 4.5


def _graphics(palette: Palette) -> dict[str, str]:
    named = {f.name: getattr(palette, f.name) for f in fields(palette) if f.name.startswith("theme_")}
    return named | {"peers": palette.peers} | {f"series {n}": c for n, c in enumerate(palette.series)}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_graphics_stand_out(scheme: str, ground: str) -> None:
    palette = SCHEMES[scheme]
    ratios = {name: contrast(colour, getattr(palette, ground)) for name, colour in _graphics(palette).items()}
    assert not {name: ratio for name, ratio in ratios.items() if ratio < 3}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_sequential_scale_goes_one_way(scheme: str) -> None:
    """A reader without colour sees the order by lightness alone; so does a grey print."""
    lightness = [_luminance(colour) for colour in SCHEMES[scheme].sequential]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert max(lightness) / min(lightness) > 5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_diverging_scale_turns_in_the_middle(scheme: str) -> None:
    palette = SCHEMES[scheme]
    grounds = [contrast(colour, palette.surface) for colour in palette.diverging]
    assert len(grounds) % 2 == 1
    assert min(grounds) == grounds[len(grounds) // 2]


def test_style_sheets_name_no_colour_and_know_every_variable() -> None:
    sheets = {path.name: path.read_text() for path in (ROOT / "dashboard" / "assets").glob("*.css")}
    assert "theme.css" in sheets
    known = set(re.findall(r"(--[\w-]+):", theme.css() + sheets["theme.css"]))
    for name, sheet in sheets.items():
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", sheet), name
        used = {found for found in re.findall(r"var\((--[\w-]+)", sheet) if not found.startswith(("--bs-", "--Dash-"))}
        assert used <= known | set(re.findall(r"(--[\w-]+):", sheet)), name


def test_scheme_of_a_request() -> None:
    theme.set_scheme("dark")
    assert theme.palette() is DARK
    theme.set_scheme("purple")
    assert theme.palette() is LIGHT


def test_layout_merges_axes_into_the_house_style() -> None:
    made = theme.layout(xaxis={"type": "log"}, height=10)
    assert made["xaxis"]["type"] == "log"  # type: ignore[index]
    assert made["xaxis"]["fixedrange"] is True  # type: ignore[index]
    assert made["height"] == 10
    assert "yaxis" not in made

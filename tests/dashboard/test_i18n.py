"""Languages: numbers, plurals, order of names, and who decides which language is spoken."""

import math
import random
from datetime import date, datetime

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from dashboard import i18n
from dashboard.i18n import DASH, negotiate, ngettext, number, percent, signed, sort_key, speaking, year

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "decimals", "english", "hungarian"),
    [
        (1234567.891, 2, "1,234,567.89", f"1{NBSP}234{NBSP}567,89"),
        (1234, 0, "1,234", f"1{NBSP}234"),
        (12.3, 1, "12.3", "12,3"),
        (-12.34, 1, f"{MINUS}12.3", f"{MINUS}12,3"),
        (-0.04, 1, "0.0", "0,0"),
        (-0.0, 0, "0", "0"),
        (0.05, 2, "0.05", "0,05"),
        (1.5e30, 1, "1.5E30", "1,5E30"),
        (math.inf, 1, "∞", "∞"),
        (-math.inf, 0, f"{MINUS}∞", f"{MINUS}∞"),
        (None, 1, DASH, DASH),
        (math.nan, 1, DASH, DASH),
    ],
)
def test_numbers(value: float | None, decimals: int, english: str, hungarian: str) -> None:
    with speaking("en"):
        assert number(value, decimals) == english
    with speaking("hu"):
        assert number(value, decimals) == hungarian


@given(st.floats(-9e14, 9e14), st.integers(0, 4))
def test_a_written_number_reads_back_as_the_number(value: float, decimals: int) -> None:
    with speaking("hu"):
        text = number(value, decimals)
    assert "-" not in text
    assert "." not in text
    read = float(text.replace(NBSP, "").replace(",", ".").replace(MINUS, "-"))
    assert read == pytest.approx(value, abs=0.5 * 10**-decimals + 1e-9, rel=1e-9)
    assert not (read == 0 and MINUS in text)


def test_signs_shares_and_years() -> None:
    with speaking("en"):
        assert (signed(3.14, 1), signed(-3.14, 1), signed(0.04, 1), signed(0)) == ("+3.1", f"{MINUS}3.1", "0.0", "0")
        assert signed(None) == DASH
        assert percent(0.123, 1) == "12.3%"
        assert (year(2023.0), year(math.nan), year(None)) == ("2023", DASH, DASH)
    with speaking("hu"):
        assert percent(0.123, 1) == "12,3%"
        assert percent(None) == DASH
        assert i18n.separators() == f",{NBSP}"


def test_dates() -> None:
    with speaking("en"):
        assert i18n.date(date(2026, 3, 12)) == "12 Mar 2026"
        assert i18n.date(None) == DASH
    with speaking("hu"):
        assert i18n.date(datetime(2026, 3, 12, 8)) == "2026. márc. 12."  # noqa: DTZ001 - only the day is written


def test_plural_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking("en"):
        assert [ngettext("{n} region", "{n} regions", n).format(n=n) for n in (0, 1, 2)] == [
            "0 regions",
            "1 region",
            "2 regions",
        ]
    monkeypatch.setattr(i18n, "catalogue", lambda _code: {"{n} region": ("{n} régió", "{n} régió (több)")})
    with speaking("hu"):
        assert [ngettext("{n} region", "{n} regions", n).format(n=n) for n in (1, 2)] == ["1 régió", "2 régió (több)"]
        assert ngettext("{n} thing", "{n} things", 2) == "{n} things"  # not in the catalogue: the source language


def test_catalogues_are_complete_and_keep_the_placeholders() -> None:
    from string import Formatter

    from babel.messages.pofile import read_po

    def names(text: str) -> set[str]:
        return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}

    for path in sorted((ROOT / "dashboard" / "locales" / "hu").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="hu"):
                if not message.id:
                    continue
                assert not message.fuzzy, (path.name, message.id)
                forms = message.string if isinstance(message.string, tuple | list) else [message.string]
                sources = message.id if isinstance(message.id, tuple | list) else [message.id]
                assert all(forms), (path.name, message.id)
                wanted = set.union(*(names(source) for source in sources))
                for form in forms:
                    assert names(form) <= wanted, (path.name, message.id)
                assert wanted <= set.union(*(names(form) for form in forms)), (path.name, message.id)


HUNGARIAN_ORDER = [
    "1. körzet",
    "Adria",
    "Ádria",
    "Burgenland",
    "cukor",
    "csacsi",
    "Dél-Alföld",
    "Dél-Dunántúl",
    "Észak-Alföld",
    "Észak-Magyarország",
    "Istria",
    "Közép-Dunántúl",
    "lúz",
    "lyuk",
    "nudli",
    "Nyugat-Dunántúl",
    "orr",
    "óz",
    "öböl",
    "őr",
    "öv",
    "Sud-Est",
    "Szerémség",
    "tuz",
    "Tyúk",
    "út",
    "uz",
    "Ürgés",
    "Zugló",
    "Zsolna",
]


def test_hungarian_order_of_names() -> None:
    mixed = random.Random(5).sample(HUNGARIAN_ORDER, len(HUNGARIAN_ORDER))
    with speaking("hu"):
        assert sorted(mixed, key=sort_key) == HUNGARIAN_ORDER


def test_accents_come_second_in_every_language() -> None:
    for code in i18n.LANGUAGES:
        with speaking(code):
            assert sorted(["Ágoston", "Agáta", "Ágost", "Agost"], key=sort_key) == [
                "Agáta",
                "Agost",
                "Ágost",
                "Ágoston",
            ]
            assert sorted(["Šumadija", "Sofia", "Đakovo", "Dubrovnik"], key=sort_key) == [
                "Đakovo",
                "Dubrovnik",
                "Sofia",
                "Šumadija",
            ]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_text_has_a_place(names: list[str]) -> None:
    for code in i18n.LANGUAGES:
        with speaking(code):
            assert sorted(map(sort_key, names)) == sorted(map(sort_key, reversed(names)))  # all keys can be compared


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [
        ("hu", "en", "en", "hu"),
        ("kl", "hu", "en", "hu"),
        (None, "hu", "en", "hu"),
        (None, None, "hu-HU,hu;q=0.9,en;q=0.8", "hu"),
        (None, None, "en;q=0.5, hu;q=0.9", "hu"),
        (None, None, "de, fr;q=0.9, hu;q=0.1", "hu"),
        (None, None, "hu;q=0", "en"),
        (None, None, "hu;q=x", "en"),
        (None, None, "de", "en"),
        (None, None, "", "en"),
        ("<script>", "'", ";;,,q=", "en"),
    ],
)
def test_who_decides_the_language(asked: str | None, remembered: str | None, accepted: str, expected: str) -> None:
    assert negotiate(asked, remembered, accepted, "en") == expected


def test_the_installation_decides_where_nobody_else_does() -> None:
    assert negotiate(None, None, "de", "hu") == "hu"
    assert negotiate(None, None, "de", "kl") == "en"


@given(st.text(max_size=200))
def test_no_header_breaks_the_choice(accepted: str) -> None:
    assert negotiate(accepted, accepted, accepted, "en") in i18n.LANGUAGES


def test_countries_have_names_also_by_eurostats_own_codes() -> None:
    assert [i18n.territory(code) for code in ("EL", "GR", "UK", "US", "QQ")] == [
        "Greece",
        "Greece",
        "United Kingdom",
        "United States",
        "QQ",
    ]
    with i18n.speaking("hu"):
        assert i18n.territory("EL") == "Görögország"


@given(st.floats(-9e14, 9e14), st.integers(0, 4), st.sampled_from(["en", "hu"]))
def test_numbers_are_written_as_babel_writes_them(value: float, decimals: int, code: str) -> None:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    with speaking(code):
        ours = number(value, decimals).replace(MINUS, "-").lstrip("-")
    assert ours == format_decimal(value, format=pattern, locale=code).lstrip("-")

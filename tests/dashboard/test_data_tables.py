"""The listing of series by industry and of stored tables, in words."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components import data_tables
from dashboard.components.data_chain_methods import chain_methods, specialisation_methods
from dashboard.i18n import speaking


def row(kind: str, **facts: Any) -> SimpleNamespace:
    given = {"countries": ["HU"], "industries": ["A", "B"], "checks": {}}
    return SimpleNamespace(kind=kind, country="HU", **{**given, **facts})


@pytest.mark.parametrize(
    ("kind", "checks", "words"),
    [
        ("national", {"rows": {"share": 0.0123}, "columns": {"share": 0.0456}}, "differs by 4.560% at most"),
        ("national", {"rows": {"share": 1e-9}, "columns": {}}, "balances"),
        (
            "inter_country",
            {"rows": {"share": 0}, "zero_output_count": 1, "negative_value_added_count": 2},
            "balances; 1 industry without output; 2 industries with negative value added",
        ),
        ("trade", {"rejected": 1234}, "1,234 rows refused"),
    ],
)
def test_checks_in_words(app: Any, kind: str, checks: dict[str, Any], words: str) -> None:
    with app.server.test_request_context("/"), speaking("en"):
        assert data_tables._checks(row(kind, checks=checks)) == words


def test_areas_and_sizes(app: Any) -> None:
    with app.server.test_request_context("/"), speaking("en"):
        assert data_tables._area(row("national")) == "Hungary"
        assert data_tables._area(row("inter_country", countries=["HU", "HR"])) == "2 countries"
        assert data_tables._area(row("trade", countries=["HU"])) == "1 exporter"
        assert data_tables._size(row("national")) == "2 industries"
        assert data_tables._size(row("trade", checks={"products": 5000})) == "5,000 products"


def test_every_measure_has_words_and_a_source_in_both_languages(app: Any) -> None:
    with app.server.test_request_context("/"):
        told = {}
        for language in ("en", "hu"):
            with speaking(language):
                told[language] = [*specialisation_methods(), *chain_methods()]
    keys = [method.key for method in told["en"]]
    assert len(keys) == len(set(keys)) == 18
    for english, hungarian in zip(told["en"], told["hu"], strict=True):
        assert english.source.endswith(".")
        assert english.source != hungarian.source
        assert english.formulas == hungarian.formulas
        for a, b in zip(english.paragraphs, hungarian.paragraphs, strict=True):
            assert a != b
            assert "{" not in a + b
            # What the code decides is the same number in both.
            assert sorted(re.findall(r"\d+", a.replace(".", ","))) == sorted(re.findall(r"\d+", b.replace(".", ",")))

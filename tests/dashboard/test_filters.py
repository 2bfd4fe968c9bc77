"""Filters: whatever an address or a callback holds, a page sees allowed values only."""

import re
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import Filters, Option, control_id, number_in, one_of, some_of, switch, texts_like

REGIONS = ("HU33", "RO11", "SI03", "EL30", "BG41")


def _regions() -> list[Option]:
    return [Option(code, code) for code in REGIONS]


def _nothing() -> list[Option]:
    return []


@dataclass(frozen=True)
class Example(Filters):
    """One field of each kind."""

    region: str = one_of(_regions, default="HU33", label="Region")
    first: str = one_of(_regions, label="First")
    gone: str = one_of(_regions, default="XX99", label="A default that is not among the options")
    empty: str = one_of(_nothing, default="HU33", label="Before the first load")
    several: tuple[str, ...] = some_of(_regions, at_most=3, label="Several")
    year: int = number_in(2000, 2030, 2020, label="Year")
    on: bool = switch(default=True, label="On")
    off: bool = switch(label="Off")
    tried: tuple[str, ...] = texts_like(r"[a-z]+\.-?\d", at_most=2, label="Tried")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SENSE = st.sampled_from(
    [
        "a.1,b.-2,a.1",
        "a.1,b.-2,c.3",
        ["a.1", 7],
        "a.12",
        *REGIONS,
        "2020",
        "2031",
        "1",
        "0",
        "true",
        ",".join(REGIONS),
        "HU33,,HU33, RO11",
        ["1"],
        [],
    ]
)
NAMES = st.sampled_from([spec.name for spec in fields(Example)] + ["lang", "r", "__class__"])


def _allowed(chosen: Example) -> None:
    assert chosen.region in REGIONS
    assert chosen.first in REGIONS
    assert chosen.gone in REGIONS
    assert chosen.empty == "HU33"
    assert set(chosen.several) <= set(REGIONS)
    assert len(chosen.several) == len(set(chosen.several)) <= 3
    assert type(chosen.year) is int
    assert 2000 <= chosen.year <= 2030
    assert len(chosen.tried) <= 2
    assert all(re.fullmatch(r"[a-z]+\.-?\d", text) for text in chosen.tried)
    assert type(chosen.on) is bool
    assert type(chosen.off) is bool


@given(st.dictionaries(NAMES, JUNK | SENSE, max_size=9))
def test_parse_takes_anything_and_the_address_says_the_same(given_query: dict[str, Any]) -> None:
    chosen = Example.parse(given_query)
    _allowed(chosen)
    assert Example.parse(chosen.query()) == chosen
    assert all(isinstance(value, str) for value in chosen.query().values())
    read = dict(parse_qsl(urlsplit(chosen.href("/x")).query, keep_blank_values=True))
    assert Example.parse(read) == chosen


def test_defaults_are_left_out_of_the_address() -> None:
    assert Example.parse().query() == {}
    assert Example.parse(None).href("/region") == "/region"
    assert Example.parse({"region": "RO11", "year": 2020}).query() == {"region": "RO11"}
    assert Example.parse({"several": ["RO11", "HU33"], "on": []}).query() == {"several": "RO11,HU33", "on": "0"}
    assert Example.parse().href("/region", region="SI03", several=("BG41", "EL30")) == (
        "/region?region=SI03&several=BG41,EL30"
    )


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        ({"region": " RO11 "}, "region", "RO11"),
        ({"region": ["RO11", "SI03"]}, "region", "RO11"),
        ({"region": "ro11"}, "region", "HU33"),
        ({"first": ""}, "first", "HU33"),
        ({"several": "SI03,XX,SI03,RO11,HU33,BG41"}, "several", ("SI03", "RO11", "HU33")),
        ({"several": ",".join(["HU33"] * 10_000 + ["RO11"])}, "several", ("HU33",)),
        ({"year": "1999"}, "year", 2020),
        ({"year": 2025}, "year", 2025),
        ({"year": [2025]}, "year", 2025),
        ({"year": "9" * 5000}, "year", 2020),
        ({"year": True}, "year", 2020),
        ({"on": ["1"]}, "on", True),
        ({"on": []}, "on", False),
        ({"on": "0"}, "on", False),
        ({"on": None}, "on", True),
        ({"off": "1"}, "off", True),
        ({"off": 1}, "off", False),
    ],
)
def test_parse(query: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(Example.parse(query), field) == expected


def test_but_options_and_inputs() -> None:
    assert Example.parse().but(year=2001).year == 2001
    assert [option.value for option in Example.options("region")] == list(REGIONS)
    inputs = Example.inputs("page")
    assert set(inputs) == {spec.name for spec in fields(Example)}
    assert inputs["year"].component_id == control_id("page", "year")

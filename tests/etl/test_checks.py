"""Rows that cannot be right are refused with a reason and a remedy; others are never touched by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.checks import Seen, check_block, is_false_zero
from etl.harmonise import Meaning, Query, code_block
from tests.etl.extracts import table

MEANING = Meaning(
    indicators={"rate": 1, "amount": 3},
    regions={"HU11": 1, "EL30": 7},
    queries={"RATES": [Query(1, {"unit": "PC"})]},
    limits={1: (0.0, 100.0), 3: (-np.inf, np.inf)},
)


def judge(*rows: tuple[object, ...]) -> tuple[list[bool], list[tuple[str, int | None]]]:
    verdict = check_block(code_block(table(rows, ["indicator"]), ["indicator"], "INDICATOR", MEANING), MEANING)
    return verdict.good.tolist(), [(problem.reason, problem.line) for problem in verdict.problems]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("speed", "HU11", 2014, 1.0), "unknown-indicator"),
        (("rate", "HU99", 2014, 1.0), "unknown-region"),
        (("rate", "GR30", 2014, 1.0), "unknown-region"),
        (("rate", "HU11", "2014-Q1", 1.0), "not-a-year"),
        (("rate", "HU11", 2014, float("nan")), "not-finite"),
        (("rate", "HU11", 2014, float("inf")), "not-finite"),
        (("rate", "HU11", 2014, 100.1), "outside-limits"),
        (("rate", "HU11", 2014, -0.1), "outside-limits"),
        (("rate", "HU11", 2014, 5.0, "abcdefghi"), "unknown-flags"),
    ],
)
def test_a_wrong_row_is_refused_and_its_neighbours_are_not(row: tuple[object, ...], reason: str) -> None:
    good, problems = judge(("rate", "HU11", 2012, 50.0), row, ("rate", "HU11", 2013, 100.0))
    assert good == [True, False, True]
    assert problems == [(reason, 3)]


def test_a_row_has_one_reason_the_gravest() -> None:
    good, problems = judge(("rate", "XX", "never", 500.0))
    assert good == [False]
    assert problems == [("unknown-region", 2)]


def test_missing_is_within_any_limits() -> None:
    assert judge(("rate", "HU11", 2014, None)) == ([True], [])


def test_no_limits_are_no_limits() -> None:
    assert judge(("amount", "HU11", 2014, -1e12))[0] == [True]


def test_what_is_about_something_else_is_passed_over_even_when_wrong() -> None:
    rows = [("THS", "HU11", "2014-Q1", 1.0), ("PC", "DE11", 2014, 500.0), ("PC", "HU11", 2014, 5.0)]
    verdict = check_block(code_block(table(rows, ["unit"]), ["unit"], "RATES", MEANING), MEANING)
    assert verdict.good.tolist() == [False, False, True]
    assert (verdict.passed_over, verdict.problems) == (2, [])


@given(
    st.lists(st.tuples(st.sampled_from([1, 3]), st.sampled_from([1, 7]), st.sampled_from([1900, 1901, 2014, 2155]))),
    st.integers(1, 7),
)
def test_repeats_are_found_within_and_across_blocks(keys: list[tuple[int, int, int]], size: int) -> None:
    seen = Seen(MEANING)
    found: list[bool] = []
    for start in range(0, len(keys), size):
        part = np.array(keys[start : start + size], dtype=np.int64)
        found.extend(seen.repeated(part[:, 0], part[:, 1], part[:, 2]).tolist())
    assert found == [key in keys[:place] for place, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("former", "siblings", "false"),
    [
        ([65.0], [], True),
        ([65.0], [0.0, None], True),
        ([65.0], [54.0], False),
        ([0.0], [], False),
        ([None], [], False),
    ],
)
def test_false_zeros(former: list[float | None], siblings: list[float | None], false: bool) -> None:
    assert is_false_zero(former, siblings) is false

"""What codes mean: flags, confidentiality, years, regions, and which rows belong to an indicator."""

import numpy as np
import pytest
from sqlalchemy import Engine

from etl.harmonise import (
    OUTSIDE,
    WRONG,
    Meaning,
    Query,
    code_block,
    confidential_of,
    read_meaning,
    region_id,
    region_remedy,
    status_of,
    year_of,
)
from tests.etl.extracts import table


@pytest.mark.parametrize(
    ("flags", "confidential", "missing", "status"),
    [
        ("", "", False, "A"),
        ("b", "", False, "B"),
        ("bu", "", False, "B"),
        ("bdu", "", False, "B"),
        ("du", "", False, "D"),
        ("e", "", False, "E"),
        ("ep", "", False, "E"),
        ("p", "", False, "P"),
        ("u", "", False, "U"),
        ("f", "", False, "F"),
        ("", "", True, "O"),
        ("bu", "", True, "O"),
        ("", "C", True, "Q"),
        ("c", "C", True, "Q"),
        ("z", "", True, "M"),
    ],
)
def test_flags_map_to_one_sdmx_status(flags: str, confidential: str, missing: bool, status: str) -> None:
    assert status_of(flags, confidential, missing) == status


@pytest.mark.parametrize(
    ("code", "flags", "expected"),
    [("C", "", "C"), ("F", "", ""), ("", "c", "C"), ("", "bc", "C"), ("N", "", "N"), ("", "", "")],
)
def test_confidentiality(code: str, flags: str, expected: str) -> None:
    assert confidential_of(code, flags) == expected


@pytest.mark.parametrize("text", ["2014-Q1", "2014M03", "2014S1", "14", "20145", "", "2014 ", "1899", "2156", "٢٠١٤"])
def test_only_calendar_years_are_years(text: str) -> None:
    assert year_of(text) == WRONG


def test_a_year_is_a_year() -> None:
    assert year_of("2014") == 2014


SMALL = Meaning(
    indicators={"rate": 1, "share": 2},
    regions={"EL30": 10, "HU11": 11, "UKI3": 12},
    queries={
        "RATES": [Query(1, {"unit": "PC", "sex": "T"}), Query(1, {"unit": "PC"}), Query(2, {"unit": "SH", "sex": "T"})]
    },
    limits={},
)


def test_regions_outside_the_area_are_passed_over_but_slips_are_not() -> None:
    assert region_id("HU11", SMALL, own=False) == 11
    assert region_id("DE11", SMALL, own=False) == OUTSIDE
    assert region_id("GR30", SMALL, own=False) == WRONG, "ISO's code for Greece is a slip, not another area"
    assert region_id("DE11", SMALL, own=True) == WRONG, "in a file of one's own nobody means Germany"


def test_remedies_name_the_right_code() -> None:
    assert "EL30" in region_remedy("GR30", SMALL)
    assert "UK" in region_remedy("GBI3", SMALL)
    assert "HU11" in region_remedy("hu11", SMALL)


def coded(rows: list[tuple[object, ...]], *dims: str) -> list[int]:
    return code_block(table(rows, dims), dims, "RATES", SMALL).indicator.tolist()


def test_rows_belong_to_the_indicator_whose_filters_they_meet() -> None:
    rows = [
        ("A", "PC", "T", "HU11", 2014, 1.0),
        ("A", "PC", "F", "HU11", 2014, 1.0),
        ("A", "SH", "T", "HU11", 2014, 1.0),
        ("Q", "PC", "T", "HU11", 2014, 1.0),
        ("A", "THS", "T", "HU11", 2014, 1.0),
    ]
    assert coded(rows, "freq", "unit", "sex") == [1, OUTSIDE, 2, OUTSIDE, OUTSIDE]


def test_a_spelling_with_fewer_dimensions_serves_files_that_have_no_more() -> None:
    assert coded([("PC", "HU11", 2014, 1.0), ("SH", "HU11", 2014, 1.0)], "unit") == [1, OUTSIDE]


def test_missing_stays_missing_and_combined_flags_stay_whole() -> None:
    block = code_block(
        table(
            [("PC", "HU11", 2014, None, "bu"), ("PC", "HU11", 2015, 0.0, ""), ("PC", "HU11", 2016, None, "", "C")],
            ["unit"],
        ),
        ["unit"],
        "RATES",
        SMALL,
    )
    assert block.missing.tolist() == [True, False, True]
    assert np.isnan(block.value).tolist() == [True, False, True]
    assert block.flags.tolist() == ["bu", "", ""]
    assert block.status.tolist() == ["O", "A", "Q"]
    assert block.confidential.tolist() == ["", "", "C"]


def test_the_store_gives_the_meaning_of_codes(engine: Engine) -> None:
    with engine.connect() as connection:
        meaning = read_meaning(connection)
    codes = {number: code for code, number in meaning.regions.items()}

    def named(family: dict[int, list[int]], code: str) -> set[str]:
        return {codes[number] for number in family.get(meaning.regions[code], [])}

    assert named(meaning.predecessors, "HU11") == {"HU10"}
    assert named(meaning.successors, "HR04") == {"HR02", "HR05", "HR06"}
    assert named(meaning.predecessors, "ITH5") == set(), "a moved border replaces nothing"
    assert any(query.filters.get("sectperf") == "TOTAL" for query in meaning.queries["TGS00042"])

"""Tables: every value as the reader's language writes it, sortable by its raw value, missing never as zero."""

import json
import math
from typing import Any

import pandas as pd
import pytest

from dashboard.components.table import plain, shown, table
from dashboard.exhibits import Column
from dashboard.i18n import DASH, set_language

MINUS = "\N{MINUS SIGN}"

pytestmark = pytest.mark.usefixtures("request_context")

FRAME = pd.DataFrame(
    {
        "region": ["HU33", "XX99"],
        "value": [1234.5, math.nan],
        "change": [-0.5, 2.0],
        "period": [2023.0, math.nan],
        "flags": ["bu", ""],
        "mark": ["above", "nonsense"],
        "places": [1, 0],
    }
)
COLUMNS = (
    Column("region", "Region", "region"),
    Column("value", "Value", "number", "places"),
    Column("change", "Change", "signed", 1),
    Column("period", "Year", "year"),
    Column("flags", "Flags", "flags"),
    Column("mark", "Level", "mark"),
)


def _drawn(**options: Any) -> dict[str, Any]:
    return json.loads(json.dumps(table(FRAME, COLUMNS, "A caption", **options), default=lambda c: c.to_plotly_json()))


def _cells(drawn: dict[str, Any], row: int) -> list[dict[str, Any]]:
    parts = drawn["props"]["children"]["props"]["children"]
    body = parts[2]["props"]["children"]
    return [cell["props"] for cell in body[row]["props"]["children"]]


def _words(part: Any) -> str:
    if isinstance(part, dict):
        return _words(part["props"].get("children", ""))
    return "".join(_words(child) for child in part) if isinstance(part, list) else str(part)


def test_cells_in_words_with_raw_values_to_sort_by() -> None:
    cells = _cells(_drawn(), 0)
    assert [_words(cell["children"]) for cell in cells] == [
        "Southern Great Plain",
        "1,234.5",
        f"{MINUS}0.5",
        "2023",
        "bu",
        "▲better",
    ]
    assert [cell["data-sort"] for cell in cells[1:4]] == ["1234.5", "-0.5", "2023.0"]
    assert cells[0]["data-sort"] == "Southern Great Plain"
    assert cells[0]["scope"] == "row"
    assert cells[1]["className"] == "num"


def test_missing_is_a_dash_and_sorts_as_nothing() -> None:
    cells = _cells(_drawn(), 1)
    assert _words(cells[1]["children"]) == DASH
    assert _words(cells[3]["children"]) == DASH
    assert _words(cells[4]["children"]) == ""
    assert cells[1]["data-sort"] == ""
    assert _words(cells[0]["children"]) == "XX99"  # an unknown region keeps its code
    assert "not computable" in _words(cells[5]["children"])


def test_caption_heads_and_scroll_region_are_there_for_every_reader() -> None:
    drawn = _drawn()
    assert drawn["props"]["tabIndex"] == "0"
    assert drawn["props"]["aria-label"] == "A caption"
    caption, head, _body = drawn["props"]["children"]["props"]["children"]
    assert _words(caption) == "A caption"
    heads = head["props"]["children"]["props"]["children"]
    assert [_words(cell) for cell in heads] == [column.label for column in COLUMNS]
    assert all(cell["props"]["scope"] == "col" for cell in heads)
    assert all(cell["props"]["children"]["type"] == "Button" for cell in heads)
    plain_heads = _drawn(sortable=False)["props"]["children"]["props"]["children"][1]
    assert "Button" not in json.dumps(plain_heads)


def test_hungarian_cells() -> None:
    set_language("hu")
    cells = _cells(_drawn(), 0)
    assert _words(cells[0]["children"]) == "Dél-Alföld"
    assert _words(cells[1]["children"]) == "1\N{NO-BREAK SPACE}234,5"


@pytest.mark.parametrize("kind", ["text", "number", "signed", "year", "region", "indicator", "flags", "mark", "date"])
@pytest.mark.parametrize("value", [None, math.nan, pd.NaT, pd.NA, ""])
def test_nothing_is_never_shown_as_zero(kind: Any, value: object) -> None:
    column = Column("x", "X", kind)
    for words in (plain(value, column, {}), shown(value, column, {})):
        assert words in ("", DASH)


def test_industries_have_names_and_may_be_picked() -> None:
    frame = pd.DataFrame(
        {
            "industry": ["C26", "TOTAL"],
            "industry_name": ["Electronics", "All"],
            "industry_pick": ["pick", ""],
            "anchor": ["move-C26", ""],
        }
    )
    column = Column("industry", "Industry", "industry")
    drawn = json.loads(json.dumps(table(frame, (column,), "Moves"), default=lambda c: c.to_plotly_json()))
    button, plain_name = (_cells(drawn, row)[0] for row in (0, 1))
    assert button["children"]["type"] == "Button"
    assert button["children"]["props"]["data-filter"] == "pick"
    assert button["children"]["props"]["data-value"] == "C26"
    assert button["data-sort"] == "Electronics"
    assert plain_name["children"] == "All"
    rows = drawn["props"]["children"]["props"]["children"][2]["props"]["children"]
    assert [row["props"].get("id") for row in rows] == ["move-C26", None]

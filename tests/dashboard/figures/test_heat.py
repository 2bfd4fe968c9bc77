"""The coverage heat map: what a cell says, by tone and by letter, and what an empty one looks like."""

import pandas as pd

from dashboard import theme
from dashboard.figures import heat
from dashboard.trust import CELL_COLUMNS


def cells(*rows: tuple[str, str, bool, int | None, str, str, float | None]) -> pd.DataFrame:
    """Rows of (region, country, old, year, state, flags, value) as the page gives them."""
    frame = pd.DataFrame(
        [
            (region, f"Name {region}", c, c, old, year, state, flags, v)
            for region, c, old, year, state, flags, v in rows
        ],
        columns=CELL_COLUMNS,
    )
    return frame.astype({"period": "Int64", "value": "float64"})


SAMPLE = cells(
    ("AA11", "AA", False, 2019, "value", "", 1.5),
    ("AA11", "AA", False, 2020, "uncertain", "e", 1.6),
    ("AA11", "AA", False, 2022, "break", "b", 2.5),
    ("AA12", "AA", False, 2019, "missing", "c", None),
    ("AA10", "AA", True, 2019, "value", "", 1.0),
    ("BB11", "BB", False, None, "", "", None),
)


def test_each_state_has_a_tone_and_what_is_not_plain_has_a_letter() -> None:
    trace = heat.coverage(SAMPLE)["data"][0]
    assert trace["x"] == [2019, 2020, 2021, 2022]
    assert trace["y"] == ["AA11", "AA12", "AA10", "BB11"]
    tones = [[None if tone is None else heat.STATES[tone] for tone in row] for row in trace["z"]]
    assert tones == [
        ["value", "uncertain", None, "break"],
        ["missing", None, None, None],
        ["old", None, None, None],
        [None, None, None, None],
    ]
    assert trace["text"][0] == ["", "e", "", "b"]
    assert trace["text"][1][0] == ":c"


def test_the_scale_gives_every_state_its_own_fill() -> None:
    trace = heat.coverage(SAMPLE)["data"][0]
    for place, fill in enumerate(heat.colours().values()):
        share = (place - trace["zmin"]) / (trace["zmax"] - trace["zmin"])
        below = [colour for edge, colour in trace["colorscale"] if edge <= share][-1]
        assert below == fill


def test_old_codes_wear_a_dagger_and_countries_are_kept_apart() -> None:
    layout = heat.coverage(SAMPLE)["layout"]
    labels = layout["yaxis"]["ticktext"]
    assert [label for label in labels if "†" in label] == ["AA10† Name AA10"]
    assert [shape["y0"] for shape in layout["shapes"]] == [2.5]


def test_hover_says_region_year_and_value_in_words() -> None:
    hover = heat.coverage(SAMPLE, decimals=1)["data"][0]["customdata"]
    assert hover[0][1] == "Name AA11 (AA11), 2020: 1.6 (e)"
    assert hover[0][2] == "Name AA11 (AA11), 2021: no record"
    assert "published as missing" in hover[1][0]


def test_nothing_is_drawn_of_nothing() -> None:
    for frame in (cells(), cells(("AA11", "AA", False, None, "", "", None))):
        figure = heat.coverage(frame)
        assert figure["data"] == []
        assert figure["layout"]["height"] > 0


def test_every_row_has_its_height() -> None:
    many = cells(*[(f"AA{n}", "AA", False, 2020, "value", "", 1.0) for n in range(100)])
    assert heat.height(many) - heat.height(cells(*[("AA1", "AA", False, 2020, "value", "", 1.0)])) == 92 * heat.ROW


def test_both_schemes_keep_the_states_apart() -> None:
    try:
        for name in theme.SCHEMES:
            theme.set_scheme(name)
            assert len(set(heat.colours().values())) == len(heat.STATES)
    finally:
        theme.set_scheme("light")

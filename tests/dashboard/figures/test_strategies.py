"""Figures of strategies: sign, number and tone agree, words stand out from their ground, marks hide no other mark."""

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard import theme
from dashboard.figures import canvas, payoff_heat, portfolio, ranks_by_metric, regret, votes
from dashboard.figures.maps import contrast

ROWS = [{"label": "A <b>", "mark": "● robust", "tone": "good"}, {"label": "B", "mark": "■ fragile", "tone": "bad"}]


@pytest.fixture(params=theme.SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    theme.set_scheme(request.param)
    yield request.param
    theme.set_scheme("light")


def cells(*values: float) -> pd.DataFrame:
    """One row of cells in two rows of two."""
    return pd.DataFrame(
        {
            "row": [place // 2 for place in range(len(values))],
            "column": [place % 2 for place in range(len(values))],
            "value": values,
            "text": [f"{payoff_heat.sign(v)} {v:g}" if v == v else "?" for v in values],
            "detail": ["x", "", "", ""][: len(values)],
            "key": "a",
            "hover": "h",
        }
    )


def test_signs() -> None:
    assert [payoff_heat.sign(v) for v in (-0.5, 0.0, 1e-12, 2.0)] == ["▼", "●", "●", "▲"]


def test_every_number_stands_out_from_its_cell(scheme: str) -> None:
    for value in np.linspace(-2, 2, 17):
        figure = payoff_heat.heat(cells(value), ROWS[:1], ["S"])
        fill = figure["layout"]["shapes"][0]["fillcolor"]
        ink = figure["layout"]["annotations"][0]["font"]["color"]
        assert contrast(ink, fill) >= 4.5, (scheme, value)


def test_a_missing_cell_has_no_tone_of_a_pay_off(scheme: str) -> None:
    fills = [
        shape["fillcolor"] for shape in payoff_heat.heat(cells(np.nan, 0, -2, 2), ROWS, ["S", "T"])["layout"]["shapes"]
    ]
    assert fills[0] == theme.palette().missing
    assert len(set(fills)) == 4


def test_cells_lie_under_their_scenario_and_beside_their_measure() -> None:
    figure = payoff_heat.heat(cells(1, 0, -1, 2), ROWS, ["● A long name of a scenario that is longer still", "T"])
    shapes = figure["layout"]["shapes"]
    assert [(int(s["x0"]), int(s["y0"])) for s in shapes] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert "A &lt;b>" in words
    assert "<b>■ fragile</b>" in words
    assert payoff_heat.height(2, ["T"]) < payoff_heat.height(2, ["● A long name of a scenario that is longer still"])
    assert len(payoff_heat.header("a b " * 30)) == 3
    assert payoff_heat.heat(cells(), [], [])["data"] == []


def test_places_are_written_and_the_chosen_metric_is_framed(scheme: str) -> None:
    ranks = pd.DataFrame({"maximin": [1.0, 2.0, np.nan], "laplace": [2.0, 1.0, 3.0]}, index=list("abc"))
    rows = [{"code": code, "label": code.upper(), "note": "1–2"} for code in "abc"]
    figure = ranks_by_metric.places(ranks, rows, {"maximin": "Worst", "laplace": "Mean"}, "laplace")
    frame = figure["layout"]["shapes"][-1]
    assert (frame["x0"], frame["x1"]) == (1, 2)
    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert words.count("<b>1</b>") == 2
    assert "–" in words
    for shape, note in zip(
        figure["layout"]["shapes"][:2],
        [n for n in figure["layout"]["annotations"] if n["text"] in ("<b>1</b>", "2")],
        strict=False,
    ):
        assert contrast(note["font"]["color"], shape["fillcolor"]) >= 4.5
    tones = [ranks_by_metric.fill(place, 8) for place in range(1, 9)]
    assert len(set(tones)) == 8
    assert ranks_by_metric.places(pd.DataFrame(), [], {}, "")["data"] == []


SCENARIOS = [
    {"code": "s", "name": "S", "colour": "#111111", "marker": "circle"},
    {"code": "t", "name": "T", "colour": "#222222", "marker": "square"},
]


def test_equal_regrets_do_not_cover_one_another() -> None:
    frame = pd.DataFrame(
        [
            ("a", "A", "s", 0.0, "1.0", "h"),
            ("a", "A", "t", 0.0, "", "h"),
            ("b", "B", "s", 2.0, "2.0", "h"),
            ("b", "B", "t", np.nan, "", "h"),
        ],
        columns=["key", "label", "scenario", "regret", "text", "hover"],
    )
    figure = regret.dots(frame, SCENARIOS, "regret")
    line, first, second = figure["data"]
    assert line["x"] == [0.0, 0.0, None, 0.0, 2.0, None]
    assert first["x"] == [0.0, 2.0]
    assert second["x"] == [0.0]
    assert first["y"][0] != second["y"][0]
    assert first["y"][0] + second["y"][0] == 0
    assert regret.dots(frame.iloc[3:], SCENARIOS, "")["data"] == []


def test_groups_of_one_mind_stand_side_by_side() -> None:
    frame = pd.DataFrame(
        [("k", "K", "s", 1.0, "h"), ("k", "K", "t", 1.0, "h"), ("l", "L", "s", -2.0, "h")],
        columns=["key", "label", "group", "value", "hover"],
    )
    bar, first, second = votes.dots(frame, SCENARIOS)["data"]
    assert bar["x"] == [1.0, 1.0, None, -2.0, -2.0, None]
    assert first["x"][0] < 1.0 < second["x"][0]
    assert first["x"][1] == -2.0
    assert votes.dots(frame.iloc[:0], SCENARIOS)["data"] == []


def test_a_measure_is_held_from_budget_to_budget() -> None:
    curve = pd.DataFrame(
        {
            "budget": [0.0, 2.0, 5.0, 9.0],
            "mean": [0.0, 1.0, 1.0, 2.0],
            "least": [0.0, 0.0, 0.0, 1.0],
            "most": [0.0, 2.0, 2.0, 3.0],
            "measures": [(), ("a",), ("b",), ("a", "b")],
            "chosen": [False, True, False, False],
            "hover": "h",
        }
    )
    rows = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}, {"code": "c", "label": "C"}]
    figure = portfolio.budgets(curve, rows, "y", "x")
    held = [(s["x0"], s["x1"]) for s in figure["layout"]["shapes"] if s["type"] == "rect"]
    assert held[0] == (2.0, 5.0)
    assert held[1][0] == 9.0
    assert held[2] == (5.0, 9.0)
    words = [note["text"] for note in figure["layout"]["annotations"]]
    assert "<b>A</b>" in words
    assert "B" in words
    assert portfolio.budgets(curve.iloc[:0], rows, "", "")["data"] == []


def test_portfolios_that_pay_the_same_are_both_seen() -> None:
    frame = pd.DataFrame({"label": ["S"], "best": [3.0], "first": [2.0], "second": [2.0], "hover": ["h"]})
    line, _best, first, second = portfolio.futures(frame, ("best", "one", "two"), "x")["data"]
    assert line["x"][:2] == [2.0, 3.0]
    assert first["y"] != second["y"]
    assert portfolio.futures(frame.iloc[:0], ("", "", ""), "")["data"] == []


STEPS = pd.DataFrame(
    [
        ("goal", "The goal, named in more words than one line can hold on any screen", True, 2033.0, 2036.0, 2034.5,
         "in_time"),
        ("law", "Law", False, 2027.0, 2028.0, 2028.4, "late"),
    ],
    columns=["code", "label", "goal", "start", "due", "earliest", "status"],
).assign(note="note", hover="h")  # fmt: skip


def test_the_goal_stands_on_top_and_waits_for_the_law(scheme: str) -> None:
    figure = canvas.timeline(STEPS, [("law", "goal")], 2026.5)
    links, work, slack, late, marks = figure["data"]
    assert links["x"] == [2028.0, 2028.0, 2033.0, None]
    assert links["y"] == [1, 0, 0, None]
    assert work["x"] == [2033.0, 2036.0, None, 2027.0, 2028.0, None]
    assert slack["x"] == [2034.5, 2036.0, None]
    assert late["x"] == [2028.0, 2028.4, None]
    assert marks["marker"]["symbol"] == ["circle", "square"]
    assert figure["layout"]["xaxis"]["ticktext"][-1] == "2035"  # due by the end of it
    assert set(canvas.tones()) == set(canvas.SYMBOLS)
    assert canvas.timeline(STEPS.iloc[:0], [], 2026.5)["data"] == []
    json.dumps(figure, cls=PlotlyJSONEncoder)


def test_long_names_take_two_lines_at_most() -> None:
    assert canvas.name_lines("Law") == ["Law"]
    assert len(canvas.name_lines("word " * 40)) == 2
    assert all(len(part) <= canvas.LONGEST for part in canvas.name_lines("word " * 40))


def test_the_path_leads_from_the_last_figure_to_the_goal() -> None:
    history = pd.DataFrame({"period": [2020, 2021, 2023], "value": [1.0, 1.1, 1.2], "flags": ""})
    needed = pd.DataFrame({"year": [2023, 2030], "value": [1.2, 2.0], "label": ["", "Goal"]})
    fastest = pd.DataFrame([(2023, 1.2, 2030, 1.8)], columns=["from_year", "from_value", "to_year", "to_value"])
    observed, best, wanted = canvas.path(history, needed, fastest, 1, "%")["data"]
    assert None in observed["y"]  # a missing year is a gap
    assert best["y"] == [1.2, 1.8, None]
    assert wanted["x"] == [2023, 2030]
    assert len(canvas.path(history, needed, fastest.iloc[:0], 1, "%")["data"]) == 2
    assert canvas.path(history.iloc[:0], needed, fastest, 1, "%")["data"] == []

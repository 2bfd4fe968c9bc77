"""Slides say what the exhibits say, fit on a wall and tell something of every set; geometry keeps its promises."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from dash import Dash
from hypothesis import given
from hypothesis import strategies as st

from dashboard import frames, futures, slides
from dashboard.components import futures_heading, futures_story, strategies_backcast, strategies_payoffs
from dashboard.components.futures_heading_parts import HeadingFilters
from dashboard.exhibits import Exhibit
from dashboard.futures import FuturesFilters
from dashboard.i18n import LANGUAGES, speaking
from dashboard.slide_charts import Axis, Bars, Cell, Cross, Head, Lines, Steps, apart, axis, judged, years_named
from dashboard.slides import Deck, Slide, SlideFilters, deck, paged, story_start
from dashboard.strategies import StrategyFilters
from dashboard.theme import set_scheme

SET, REGION = "see2035", "HU31"


@pytest.fixture(params=list(LANGUAGES))
def lang(request: pytest.FixtureRequest, app: Dash) -> Iterator[str]:
    """A request in each language."""
    code: str = request.param
    with app.server.test_request_context("/"), speaking(code):
        set_scheme("light")
        yield code


def _deck(code: str = SET, lang: str = "en", **chosen: Any) -> Deck:
    found = deck(code, SlideFilters.parse({"region": REGION, **chosen}), lang)
    assert found is not None
    return found


def _slide(found: Deck, key: str) -> Slide:
    return next(slide for slide in found.slides if slide.key == key)


def _rows(shown: Exhibit) -> list[dict[str, Any]]:
    return frames.records(shown.table)


def _chart(found: Deck, key: str, kind: type) -> Any:
    chart = _slide(found, key).chart
    assert isinstance(chart, kind)
    return chart


# --- what the deck holds --------------------------------------------------------------------------------------------


def test_a_complete_set_is_told_in_twenty_slides(lang: str) -> None:
    found = _deck(lang=lang)
    keys = [slide.key for slide in found.slides]
    assert keys[:3] == ["title", "question", "axes"]
    assert keys[3:7] == [f"scenario-{code}" for code in futures.the_set(SET).codes]  # type: ignore[union-attr]
    assert keys[7:9] == ["assumptions-1", "assumptions-2"]
    assert sum(key.startswith("pathway-") for key in keys) == 4
    assert keys[-7:] == ["heading", "signposts", "strategies", "regret", "backcast", "next", "sources"]
    assert 12 <= len(keys) <= slides.MOST
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("code", [SET, "ssp"])
def test_every_slide_has_what_a_speaker_needs(lang: str, code: str) -> None:
    found = _deck(code, lang)
    assert 12 <= len(found.slides) <= slides.MOST
    for slide in found.slides:
        assert slide.title, slide.key
        assert slide.kicker, slide.key
        assert slide.notes, slide.key
        assert slide.sources, slide.key
        assert (slide.chart is None) == (slide.numbers is None), slide.key
        assert slide.lines or slide.chart or slide.table, slide.key


def test_made_up_sets_say_so_and_none_is_a_forecast(lang: str) -> None:
    made, published = _deck(lang=lang), _deck("ssp", lang)
    with speaking(lang):
        words = {"en": ("Not a forecast.", "Illustrative"), "hu": ("Nem előrejelzés.", "Szemléltető")}[lang]
    assert made.fixed == " ".join(words) + "."
    assert published.fixed == words[0]
    assert made.stem == f"polisee-{SET}-illustrative-{REGION}-{lang}-v{frames.data_version()}"
    assert "illustrative" not in published.stem


def test_hungarian_slides_are_hungarian(app: Dash) -> None:
    """No sentence of the English deck is left in the Hungarian one, but names and what a publisher wrote."""
    with app.server.test_request_context("/"):
        english, hungarian = _deck(lang="en"), _deck(lang="hu")

    def sentences(found: Deck) -> set[str]:
        texts = [
            text
            for slide in found.slides
            for text in (slide.title, slide.kicker, slide.under, *slide.lines, *slide.notes, *slide.whole)
        ]
        tables = [table for slide in found.slides for table in (slide.table, slide.numbers) if table is not None]
        texts += [head.text for table in tables for head in table.heads]
        texts += [cell.text for table in tables for row in table.rows for cell in row]
        return {text for text in texts if len(text) > 12 and any(c.isalpha() for c in text)}

    assert not sentences(english) & sentences(hungarian)


def test_the_same_deck_is_made_once(lang: str) -> None:
    assert _deck(lang=lang) is _deck(lang=lang)


@pytest.mark.parametrize("code", ["", "none", "../etc", "SEE2035"])
def test_an_unknown_set_has_no_slides(lang: str, code: str) -> None:
    assert deck(code, SlideFilters.parse(), lang) is None


def test_a_region_of_which_the_set_says_nothing_gives_way(lang: str) -> None:
    found = deck(SET, SlideFilters.parse({"region": "AL01"}), lang)
    assert found is not None
    assert found.region in futures.places_of(SET)


def test_chosen_indicators_have_the_slides(lang: str) -> None:
    found = _deck(lang=lang, show="unemployment_rate,employment_rate")
    keys = [slide.key for slide in found.slides if slide.key.startswith("pathway-")]
    assert keys == ["pathway-unemployment_rate", "pathway-employment_rate"]
    facts = _slide(found, "scenario-open_workshop").facts
    assert len(facts) == 2


# --- numbers are those of the exhibits ------------------------------------------------------------------------------


def test_pathways_are_those_of_the_page(lang: str) -> None:
    found = _deck(lang=lang)
    shown = _rows(futures_story.all_pathways(FuturesFilters.parse({"set": SET, "region": REGION})))
    drawn = [slide for slide in found.slides if slide.key.startswith("pathway-")]
    assert drawn
    for slide in drawn:
        code, chart = slide.key.removeprefix("pathway-"), slide.chart
        assert isinstance(chart, Lines)
        mine = [row for row in shown if row["indicator"] == code]
        for path in chart.paths:
            told = {row["year"]: row for row in mine if path.name in row["series"]}
            for spot in path.spots:
                row = told[spot.year]
                assert spot.value == row["value"]
                for end in ("low", "high"):
                    pair = getattr(spot, end), row[end]
                    assert pair[0] == pair[1] or (pd.isna(pair[0]) and pd.isna(pair[1]))
        observed = {row["year"]: row["value"] for row in mine if not any(p.name in row["series"] for p in chart.paths)}
        assert {one.year: one.value for part in chart.seen for one in part} == observed
        values = [spot.value for path in chart.paths for spot in path.spots]
        assert chart.axis.low <= min(values) <= max(values) <= chart.axis.high


def test_headline_numbers_are_ranges_of_the_last_year(lang: str) -> None:
    found, of_set = _deck(lang=lang), futures.the_set(SET)
    assert of_set is not None
    paths = futures.region_paths(of_set, REGION)
    for one in of_set.scenarios:
        slide = _slide(found, f"scenario-{one.code}")
        assert len(slide.facts) == slides.FACTS
        for fact in slide.facts:
            told = next(told for told in paths.told if told.about.short == fact.label)
            assert fact.value == told.about.range(*paths.at(told)[one.code])
        assert slide.whole
        assert slide.lines[0] in " ".join(slide.whole)


def test_tracking_weights_are_those_of_the_page(lang: str) -> None:
    chosen = HeadingFilters.parse({"set": SET, "region": REGION})
    shown = {row["name"]: row for row in _rows(futures_heading.weights(chosen))}
    chart = _chart(_deck(lang=lang), "heading", Bars)
    assert {bar.label: bar.value for bar in chart.bars} == {name: row["weight"] for name, row in shown.items()}
    assert {bar.label: bar.before for bar in chart.bars} == {name: row["prior"] for name, row in shown.items()}
    assert sum(bar.value for bar in chart.bars) == pytest.approx(1)


def test_judgements_and_regrets_are_those_of_the_page(lang: str) -> None:
    chosen = StrategyFilters.parse({"set": SET, "region": REGION})
    found, of_set = _deck(lang=lang), futures.the_set(SET)
    assert of_set is not None
    table = _slide(found, "strategies").table
    assert table is not None
    told = {row["measure"]: row for row in _rows(strategies_payoffs.payoffs(chosen))}
    assert [row[0].text for row in table.rows] == list(told)
    from dashboard import strategies

    for row in table.rows:
        values = [told[row[0].text][code] for code in of_set.codes]
        assert [cell.text.split(" ")[1] for cell in row[1:-1]] == [strategies.score(value) for value in values]
        assert [cell.fill for cell in row[1:-1]] == [judged(value) for value in values]
    regrets = {row["measure"]: row["largest"] for row in _rows(strategies_payoffs.regret(chosen))}
    assert {bar.label: bar.value for bar in _chart(found, "regret", Bars).bars} == regrets


def test_steps_are_those_of_the_page(lang: str) -> None:
    chosen = StrategyFilters.parse({"set": SET, "region": REGION})
    rows = _rows(strategies_backcast.backcast(chosen))
    chart = _chart(_deck(lang=lang), "backcast", Steps)
    assert [(one.name, one.due) for one in chart.steps] == [(row["name"], row["due"]) for row in rows]
    assert chart.first <= min(one.start for one in chart.steps)
    assert chart.last >= max(one.due for one in chart.steps)


def test_places_on_the_axes(lang: str) -> None:
    of_set = futures.the_set(SET)
    assert of_set is not None
    chart = _chart(_deck(lang=lang), "axes", Cross)
    assert [(one.name, one.x, one.y) for one in chart.places] == [
        (one.name, one.place["links"], one.place["skills"]) for one in of_set.scenarios
    ]


# --- texts and tables that fit --------------------------------------------------------------------------------------


def test_a_story_begins_with_whole_sentences() -> None:
    text = "It is 2035. The 3. train leaves! Nobody waves? And so on."
    assert story_start(text, 25) == "It is 2035."
    assert story_start(text, 40) == "It is 2035. The 3. train leaves!"
    assert story_start(text, 500) == text
    assert story_start("One endless sentence without an end", 5) == "One endless sentence without an end"
    assert story_start("") == ""


@given(st.lists(st.text(min_size=0, max_size=400), min_size=1, max_size=40), st.integers(1, 3))
def test_no_row_is_lost_between_pages(texts: list[str], most: int) -> None:
    heads = (Head("a"), Head("b", width=2.0))
    rows = [(Cell(str(place)), Cell(text)) for place, text in enumerate(texts)]
    pages, rest = paged(heads, rows, most)
    kept = [row for page in pages for row in page]
    assert kept == rows[: len(kept)]
    assert len(kept) + rest == len(rows)
    assert 1 <= len(pages) <= most
    assert all(pages)
    for page in pages:
        assert len(page) == 1 or sum(slides.row_height(heads, row) for row in page) <= slides.ROOM


# --- geometry -------------------------------------------------------------------------------------------------------

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


@given(st.lists(st.one_of(numbers, st.just(math.nan)), max_size=30))
def test_an_axis_holds_all_values_between_round_lines(values: list[float]) -> None:
    found: Axis = axis(values)
    known = [value for value in values if value == value]
    slack = 1e-6 * max(1.0, abs(found.low), abs(found.high))
    assert all(found.low - slack <= value <= found.high + slack for value in known)
    assert 2 <= len(found.ticks) <= 8
    assert found.ticks == tuple(sorted(found.ticks))
    assert (found.ticks[0], found.ticks[-1]) == (found.low, found.high)


def test_axes_of_known_values() -> None:
    assert axis([0.37, 1.42]).ticks == (0.0, 0.5, 1.0, 1.5)
    assert axis([98.0, 183.1]).ticks == (75.0, 100.0, 125.0, 150.0, 175.0, 200.0)
    assert axis([0.37, 1.42]).decimals == 1
    assert axis([]).low == 0
    assert axis([-3.0, 4.0]).ticks == (-4.0, -2.0, 0.0, 2.0, 4.0)


@given(st.integers(1900, 2050), st.integers(0, 60), st.integers(0, 90))
def test_years_are_named_apart_and_the_last_always(first: int, before: int, after: int) -> None:
    start = first + before
    last = start + after
    named = years_named(first, start, last)
    assert named[-1] == last
    assert named == sorted(set(named))
    assert all(first <= year <= last for year in named)
    assert len(named) <= 9


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(1, 90)), max_size=8))
def test_labels_never_cover_one_another(labels: list[tuple[float, float]]) -> None:
    places, heights = [place for place, _tall in labels], [tall for _place, tall in labels]
    found = apart(places, heights, 0.0, 640.0)
    order = sorted(range(len(places)), key=lambda i: places[i])
    fits = sum(heights) <= 640
    at = 0.0
    for i in order:
        tall = heights[i] if fits else heights[i] * 640 / sum(heights)
        assert found[i] - tall / 2 >= at - 1e-6
        at = found[i] + tall / 2
    assert at <= 640 + 1e-6


def test_labels_stay_where_they_have_room() -> None:
    assert apart([100.0, 300.0], [40.0, 40.0], 0.0, 600.0) == [100.0, 300.0]
    assert apart([100.0, 100.0], [40.0, 40.0], 0.0, 600.0) == [80.0, 120.0]
    assert apart([0.0], [40.0], 0.0, 600.0) == [20.0]


def test_tones_of_judgements_are_alike_on_both_sides() -> None:
    assert [judged(value) for value in (-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2)] == [
        f"diverging-{place}" for place in (0, 1, 2, 2, 3, 4, 4, 5, 6)
    ]
    assert judged(math.nan) == "missing"

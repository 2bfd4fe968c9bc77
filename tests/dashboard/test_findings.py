"""What findings say: the same numbers as the database, honest about what is missing."""

import pandas as pd
import pytest

from analysis.sentences import Name, no_data
from dashboard import choices, findings, frames
from dashboard.components.marks import MARKS
from dashboard.i18n import set_language

pytestmark = pytest.mark.usefixtures("request_context")


def newest(indicator: str, region: str) -> pd.Series:
    frame = frames.observations([indicator], [region])
    return frame[frame["value"].notna()].sort_values("period").iloc[-1]


def test_profile_holds_the_newest_published_values() -> None:
    shown = findings.profile("HU33", findings.peers("HU33"))
    assert len(shown.tiles) == 5
    for _number, row in shown.all[shown.all["value"].notna()].iterrows():
        published = newest(row["indicator"], "HU33")
        assert row["value"] == published["value"]
        assert row["period"] == published["period"]
        assert row["flags"] == published["flags"]


def test_median_of_peers_is_theirs_in_the_same_year() -> None:
    found = findings.peers("ITI3")
    shown = findings.profile("ITI3", found)
    row = shown.all.set_index("indicator").loc["rd_expenditure_gdp"]
    frame = frames.observations(["rd_expenditure_gdp"], found.codes)
    theirs = frame.loc[(frame["period"] == row["peers_period"]) & frame["value"].notna(), "value"]
    assert row["peers_value"] == pytest.approx(theirs.median())
    assert row["peers_count"] == len(theirs)


def test_every_mark_has_its_sign() -> None:
    for code in ("HU33", "HU11", "AL01", "XK00"):
        shown = findings.profile(code, findings.peers(code))
        for column in ("against_peers", "against_eu", "direction"):
            assert set(shown.all[column]) <= set(MARKS)
        assert set(shown.all["target"]) - {""} <= set(MARKS)


def test_incomparable_target_is_named_but_not_judged() -> None:
    row = findings.profile("HU33", findings.peers("HU33")).all.set_index("indicator").loc["employment_rate"]
    assert row["target_value"] == 78
    assert row["target"] == "no_target"


def test_ten_structural_peers_without_the_region_itself() -> None:
    found = findings.peers("HU33")
    assert found.method == "structural"
    assert len(set(found.codes)) == 10
    assert "HU33" not in found.codes
    assert not found.refused


def test_peers_from_other_countries_only() -> None:
    country = frames.regions().set_index("code")["country"]
    found = findings.peers("HU33", other_countries=True)
    assert "HU" not in {country[code] for code in found.codes}


def test_region_without_structure_falls_back_to_gdp_and_says_so() -> None:
    found = findings.peers("HU11")
    assert (found.asked, found.method) == ("structural", "gdp")
    assert found.refused
    assert "GDP" in found.note
    assert len(found.codes) == 10


def test_region_whose_figures_end_earlier_is_compared_in_its_own_last_year() -> None:
    found = findings.peers("AL01")
    assert found.method == "gdp"
    assert len(found.codes) == 10


def test_region_without_figures_has_no_peers_and_says_so() -> None:
    found = findings.peers("XK00")
    assert found.method == "none"
    assert found.codes == ()
    assert found.refused
    assert found.note
    shown = findings.profile("XK00", found)
    assert shown.coverage.newest is None
    assert findings.say(shown.headline)


def test_own_list_is_kept_in_order_and_checked() -> None:
    found = findings.peers("HU33", "own", own=("RO11", "nonsense", "HU33", "AT11", "RO11"))
    assert found.codes == ("RO11", "AT11")
    assert found.method == "own"
    empty = findings.peers("HU33", "own", own=())
    assert (empty.asked, empty.method) == ("own", "structural")
    assert empty.refused


@pytest.mark.parametrize("language", ["en", "hu"])
def test_pieces_joined_are_what_is_said(language: str) -> None:
    set_language(language)
    for sentences in findings.area_news():
        for sentence in sentences:
            assert "".join(piece.text for piece in findings.pieces(sentence)) == findings.say(sentence)


@pytest.mark.parametrize("language", ["en", "hu"])
def test_subject_is_left_out_when_the_reader_knows_it(language: str) -> None:
    set_language(language)
    shown = findings.profile("ITI3", findings.peers("ITI3"))
    assert shown.good
    for sentence in (*shown.good, *shown.attention):
        text = "".join(piece.text for piece in findings.pieces(sentence, "ITI3"))
        assert shown.name not in text
        assert text[:1] == text[:1].upper()


def test_numbers_of_sentences_are_those_of_the_database() -> None:
    good, attention = findings.area_news()
    checked = 0
    for sentence in (*good, *attention):
        for value in sentence.values.values():
            key = getattr(value, "key", None)
            if key is not None and key.indicator and key.period and value.kind == "plain":
                frame = frames.observations([key.indicator], [key.region], key.period, key.period)
                assert value.value == frame["value"].iloc[0]
                checked += 1
    assert checked >= 6


def test_news_is_not_made_of_rising_prices() -> None:
    units = frames.indicators().set_index("code")["unit"]
    for sentence in findings.profile("HU11", findings.peers("HU11")).good:
        code = next(value.code for key, value in sentence.values.items() if key == "indicator")
        assert units[code] not in findings.CURRENT_PRICES


def test_area_has_every_region_of_today_and_missing_is_not_zero() -> None:
    shown = findings.area("rd_expenditure_gdp")
    assert list(shown.values["region"]) == list(frames.current_regions()["code"])
    assert shown.values.set_index("region")["value"].isna()["XK00"]
    frame = frames.observations(["rd_expenditure_gdp"], ["HU33"], shown.period, shown.period)
    assert shown.values.set_index("region").loc["HU33", "value"] == frame["value"].iloc[0]
    assert shown.period in shown.years
    assert findings.area("no_such_indicator").period is None
    assert findings.area("rd_expenditure_gdp", 1900).values["value"].isna().all()


def test_former_codes_are_those_of_the_past_only() -> None:
    assert findings.former_codes("HU11") == ("HU10",)
    assert findings.former_codes("SI03") == ("SI01",)
    assert findings.former_codes("ITH3") == ()


def test_trend_takes_each_series_once() -> None:
    shown = findings.profile("HR02", findings.peers("HR02"))
    frame = findings.trend(shown, "rd_expenditure_gdp")
    assert not frame.duplicated(["region", "period"]).any()
    assert set(frame.loc[frame["role"] == "former", "region"]) == {"HR04"}
    assert set(frame.loc[frame["role"] == "peer", "region"]) <= set(shown.peers.codes)
    peers = frame[(frame["role"] == "peer") & frame["value"].notna()]
    median = frame[frame["role"] == "median"].set_index("period")["value"]
    assert median[2021] == pytest.approx(peers.loc[peers["period"] == 2021, "value"].median())


def test_projection_stays_within_the_limits_of_the_indicator() -> None:
    row = {"target_pace": -3.0, "target_year": 2030, "period": 2024, "value": 5.0, "target_measure": "points"}
    spec = frames.specs()["unemployment_rate"]
    assert findings._projected(row, spec) == 0
    assert findings._projected(row | {"target_pace": 0.5}, spec) == 8.0
    assert findings._projected(row | {"target_year": 2020}, spec) is None


def test_choices_are_grouped_and_sorted_by_the_readers_alphabet() -> None:
    options = choices.regions()
    assert len({option.value for option in options}) == len(options) == len(frames.current_regions())
    groups = list(dict.fromkeys(option.group for option in options))
    assert groups == sorted(groups)
    set_language("hu")
    assert "Ausztria" in {option.label for option in choices.countries()}
    assert [option.value for option in choices.years()] == sorted((o.value for o in choices.years()), reverse=True)
    assert {option.value for option in choices.headline_indicators()} <= choices.filled_indicators()


def test_no_data_is_said_in_words() -> None:
    text = findings.say(no_data(Name("Here", "XK00"), findings.measure("rd_expenditure_gdp")))
    assert text == "Here: no value is published for R&D expenditure."

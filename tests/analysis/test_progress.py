"""Level, direction, targets and status against hand-computed values, rules and real rows."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import progress
from analysis.model import (
    Arrival,
    IndicatorSpec,
    Level,
    Movement,
    Reason,
    Status,
    TargetProgress,
    is_uncertain,
    join_flags,
)
from tests.analysis.conftest import series

GROWTH = IndicatorSpec("x", direction=1, change="relative")
SHARE = IndicatorSpec("x", direction=1, change="points", lower=0, upper=100)
GERD = {"gerd": IndicatorSpec("gerd", direction=1, change="relative", decimals=2, lower=0)}


def one(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


def moved(cells, spec: IndicatorSpec = GROWTH) -> pd.Series:
    return one(progress.direction(series("x", "R", cells), {"x": spec}))


def test_spec_of_an_indicators_row_keeps_empty_limits_empty():
    row = {"code": "x", "direction": -1, "change": "points", "decimals": 2, "lower": 0, "upper": math.nan}
    spec = IndicatorSpec.from_row(row | {"target_value": 9.0, "target_year": 2030.0})
    assert spec == IndicatorSpec("x", -1, "points", 2, 0.0, None, 9.0, 2030)


def test_flags_are_joined_once_and_sorted():
    assert join_flags(["bu", "", "eb"]) == "beu"
    assert is_uncertain("be")
    assert not is_uncertain("bd")


class TestLatest:
    def test_missing_years_are_passed_over_and_never_zero(self):
        row = one(progress.latest(series("x", "R", [(2020, 5.0, "p"), (2021, None), (2022, None, "c")])))
        assert (row["period"], row["value"], row["flags"], row["uncertain"]) == (2020, 5.0, "p", True)

    def test_common_year_needs_the_share_of_regions_that_ever_report(self):
        # 20 regions report in 2020, 19 in 2021 (95 %), 18 in 2022 (90 %).
        cells = [series("x", f"R{i}", [(y, 1.0) for y in range(2020, 2023 - (i < 2) - (i < 1))]) for i in range(20)]
        row = one(progress.latest_common_year(pd.concat(cells)))
        assert (row["period"], row["regions"], row["of"], row["met"]) == (2021, 19, 20, True)

    def test_common_year_says_when_no_year_is_full_enough(self):
        frame = pd.concat([series("x", "A", [(2020, 1.0)]), series("x", "B", [(2021, 1.0)])])
        row = one(progress.latest_common_year(frame))
        assert (row["period"], row["share"], row["met"]) == (2021, 0.5, False)

    def test_values_of_a_year(self):
        frame = series("x", "A", [(2020, 1.0), (2021, 2.0)])
        assert progress.values_in(frame, {"x": 2020})["value"].tolist() == [1.0]


class TestLevel:
    def test_compares_the_same_year_only(self):
        frame = pd.concat([series("x", "R", [(2021, 90.0), (2022, 99.0)]), series("x", "EU", [(2021, 100.0, "e")])])
        row = one(progress.level_against_region(frame, {"x": GROWTH}, "EU"))
        assert (row["period"], row["value"], row["reference_value"]) == (2021, 90.0, 100.0)
        assert row["difference"] == -10.0
        assert row["ratio"] == pytest.approx(0.9)
        assert row["level"] == Level.WORSE
        assert row["uncertain"]

    def test_says_why_there_is_no_comparison(self):
        frame = pd.concat([series("x", "A", [(2022, 1.0)]), series("x", "B", [(2022, None)])])
        frame = pd.concat([frame, series("x", "EU", [(2021, 1.0)])])
        rows = progress.level_against_region(frame, {"x": GROWTH}, "EU")
        assert rows["level"].tolist() == [Level.UNKNOWN, Level.UNKNOWN]
        assert rows["reason"].tolist() == [Reason.NO_REFERENCE, Reason.NO_VALUE]

    @pytest.mark.parametrize(
        ("value", "direction", "expected"),
        [
            (106.0, 1, Level.BETTER),
            (106.0, -1, Level.WORSE),
            (106.0, 0, Level.HIGHER),
            (94.0, -1, Level.BETTER),
            (94.0, 0, Level.LOWER),
            (105.0, 1, Level.NEAR),  # exactly five percent
        ],
    )
    def test_class_follows_the_desired_direction(self, value, direction, expected):
        frame = pd.concat([series("x", "R", [(2021, value)]), series("x", "EU", [(2021, 100.0)])])
        spec = IndicatorSpec("x", direction=direction)
        assert one(progress.level_against_region(frame, {"x": spec}, "EU"))["level"] == expected

    def test_peers_median_band_and_counts(self):
        # Peers 1, 2, 3, 4, 10: median 3; the 10th and 90th percentiles interpolate to 1.4 and 7.6.
        peers = [series("x", f"P{i}", [(2021, v)]) for i, v in enumerate([1.0, 2.0, 3.0, 4.0, 10.0])]
        frame = pd.concat([series("x", "R", [(2021, 3.5)]), *peers])
        row = one(progress.level_against_peers(frame, {"x": GROWTH}, "R", [f"P{i}" for i in range(5)]))
        assert (row["reference_value"], row["below"], row["above"], row["peers"]) == (3.0, 3, 2, 5)
        assert (row["low"], row["high"]) == (pytest.approx(1.4), pytest.approx(7.6))
        assert row["level"] == Level.BETTER

    def test_peers_of_another_year_do_not_count(self):
        peers = [series("x", f"P{i}", [(2021, 1.0), *([(2022, 9.0)] if i == 0 else [])]) for i in range(4)]
        frame = pd.concat([series("x", "R", [(2021, 2.0), (2022, 2.0)]), *peers])
        row = one(progress.level_against_peers(frame, {"x": GROWTH}, "R", ["P0", "P1", "P2", "P3"]))
        assert (row["period"], row["peers"]) == (2021, 4)


class TestDirection:
    def test_compound_growth_by_hand(self):
        # 100 -> 110.408 in five years is 2 % a year: 1.02 ** 5 = 1.1040808032.
        row = moved([(2018, 100.0), (2023, 110.40808032)])
        assert row["pace"] == pytest.approx(2.0)
        assert (row["first"], row["last"], row["years"]) == (2018, 2023, 5)
        assert row["movement"] == Movement.SIGNIFICANT_PROGRESS

    @pytest.mark.parametrize(
        ("rate", "expected"),
        [
            (1.0, Movement.SIGNIFICANT_PROGRESS),  # Eurostat: at least 1 %
            (0.999, Movement.MODERATE_PROGRESS),
            (0.001, Movement.MODERATE_PROGRESS),
            (0.0, Movement.NO_CHANGE),
            (-0.001, Movement.MODERATE_AWAY),
            (-1.0, Movement.MODERATE_AWAY),  # not below -1 %
            (-1.001, Movement.SIGNIFICANT_AWAY),
        ],
    )
    def test_eurostat_limits(self, rate, expected):
        assert moved([(2018, 50.0), (2023, 50.0 * (1 + rate / 100) ** 5)])["movement"] == expected

    @pytest.mark.parametrize(("end", "expected"), [(62.5, "significant_progress"), (62.4, "moderate_progress")])
    def test_shares_move_in_points(self, end, expected):
        # 2.5 points in five years are exactly the half point a year that counts on a scale of 0 to 100.
        row = moved([(2018, 60.0), (2023, end)], SHARE)
        assert (row["measure"], row["movement"]) == ("points", expected)
        assert row["pace"] == pytest.approx((end - 60) / 5)

    def test_change_of_sign_falls_back_to_points(self):
        # From -2 to 3: one unit a year; 1 % of the mean size 2.5 is the limit.
        row = moved([(2018, -2.0), (2023, 3.0)])
        assert (row["measure"], row["pace"]) == ("points", 1.0)
        assert row["significant"] == pytest.approx(0.025)

    @pytest.mark.parametrize(
        ("years", "first"), [((2016, 2018, 2019), 2018), ((2017, 2019), 2017), ((2019, 2021), 2019)]
    )
    def test_start_is_five_years_back_or_the_nearest_neighbour(self, years, first):
        assert moved([(y, 1.0) for y in (*years, 2023)])["first"] == first

    def test_gap_is_not_bridged(self):
        row = moved([(2014, 1.0), (2022, 1.0), (2023, 2.0)])
        assert (row["movement"], row["reason"]) == (Movement.NOT_COMPUTABLE, Reason.GAP)
        assert row["last_value"] == 2.0

    def test_break_shortens_the_stretch(self):
        row = moved([(2018, 10.0), (2019, 10.0), (2020, 50.0, "b"), (2023, 50.0 * 1.03**3)])
        assert (row["first"], row["years"], row["shortened"]) == (2020, 3, True)
        assert row["pace"] == pytest.approx(3.0)
        assert row["flags"] == "b"

    def test_break_that_leaves_too_little_is_named(self):
        row = moved([(2018, 10.0), (2022, 50.0, "b"), (2023, 51.0)])
        assert (row["reason"], row["reason_year"]) == (Reason.BREAK, 2022)
        assert math.isnan(row["pace"])

    def test_break_mark_on_a_missing_value_counts(self):
        row = moved([(2018, 10.0), (2021, None, "b"), (2022, 50.0), (2023, 51.0)])
        assert (row["reason"], row["reason_year"]) == (Reason.BREAK, 2021)

    def test_break_in_the_start_year_itself_does_not_matter(self):
        row = moved([(2018, 10.0, "b"), (2023, 11.0)])
        assert row["first"] == 2018
        assert not row["shortened"]

    def test_estimate_at_the_start_marks_the_result(self):
        row = moved([(2018, 10.0, "e"), (2023, 11.0)])
        assert row["uncertain"]
        assert row["flags"] == "e"

    def test_unflagged_doubling_is_pointed_out(self):
        assert moved([(2018, 1.0), (2020, 1.0), (2021, 2.0), (2023, 2.0)])["jump"] == 2021
        assert pd.isna(moved([(2018, 1.0), (2020, 1.0), (2021, 1.9), (2023, 2.0)])["jump"])

    def test_neutral_indicators_only_rise_or_fall(self):
        spec = IndicatorSpec("x", direction=0)
        assert moved([(2018, 1.0), (2023, 2.0)], spec)["movement"] == Movement.RISING
        assert math.isnan(moved([(2018, 1.0), (2023, 2.0)], spec)["desired"])

    @given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(1e-3, 1e3), st.sampled_from(["relative", "points"]))
    def test_growth_has_no_unit_and_direction_flips_it(self, start, end, factor, change):
        up, down = IndicatorSpec("x", 1, change), IndicatorSpec("x", -1, change)
        row, scaled = moved([(2018, start), (2023, end)], up), moved([(2018, start * factor), (2023, end * factor)], up)
        if change == "relative":
            assert scaled["pace"] == pytest.approx(row["pace"], rel=1e-9, abs=1e-9)
        flipped = moved([(2018, start), (2023, end)], down)
        assert flipped["desired"] == -row["desired"]
        if row["movement"] in (Movement.SIGNIFICANT_PROGRESS, Movement.MODERATE_PROGRESS):
            assert flipped["movement"] in (Movement.SIGNIFICANT_AWAY, Movement.MODERATE_AWAY)


class TestTarget:
    def reach(self, cells, **spec) -> pd.Series:
        full = {"code": "x", "direction": 1, "target_value": 3.0, "target_year": 2030} | spec
        return one(progress.distance_to_target(series("x", "R", cells), {"x": IndicatorSpec(**full)}))

    def test_growth_by_hand(self):
        # 1 -> 1.61051 is 10 % a year; from 2018 to 3 in 2030 needs 3 ** (1/12) - 1 = 9.587 %: ratio 104.3 %.
        # From 1.61051 at 10 % a year: ln(3 / 1.61051) / ln(1.1) = 6.53 years, so in 2030.
        row = self.reach([(2018, 1.0), (2023, 1.61051)])
        assert row["pace"] == pytest.approx(10.0)
        assert row["required"] == pytest.approx(9.5873, abs=1e-4)
        assert row["ratio"] == pytest.approx(104.305, abs=1e-3)
        assert row["progress"] == TargetProgress.SIGNIFICANT
        assert (row["arrival"], row["arrival_year"], row["on_time"]) == (Arrival.YEAR, 2030, True)
        assert row["gap"] == pytest.approx(1.38949)

    def test_points_by_hand(self):
        # 40 -> 42 in five years is 0.4 a year; 45 by 2030 from 40 needs 5 / 12 = 0.41667: ratio 96 %.
        # 3 points left at 0.4 a year are 7.5 years: 2031, one year late.
        row = self.reach([(2018, 40.0), (2023, 42.0)], change="points", target_value=45.0)
        assert row["ratio"] == pytest.approx(96.0)
        assert (row["arrival_year"], row["on_time"]) == (2031, False)
        assert row["required_now"] == pytest.approx(3 / 7)

    @pytest.mark.parametrize(
        ("end", "expected"),
        [
            (40.0 + 5 / 12 * 5 * 0.95, TargetProgress.SIGNIFICANT),
            (40.0 + 5 / 12 * 5 * 0.94, TargetProgress.MODERATE),
            (40.0 + 5 / 12 * 5 * 0.60, TargetProgress.MODERATE),
            (40.0 + 5 / 12 * 5 * 0.59, TargetProgress.INSUFFICIENT),
            (40.0, TargetProgress.INSUFFICIENT),
            (39.0, TargetProgress.AWAY),
        ],
    )
    def test_eurostat_limits(self, end, expected):
        row = self.reach([(2018, 40.0), (2023, end)], change="points", target_value=45.0)
        assert row["progress"] == expected

    def test_falling_indicator(self):
        # NEET 15 -> 12: -0.6 a year; 9 by 2030 from 15 needs -0.5: ratio 120 %; 3 points at 0.6 are five years.
        row = self.reach([(2018, 15.0), (2023, 12.0)], direction=-1, change="points", target_value=9.0)
        assert row["ratio"] == pytest.approx(120.0)
        assert row["arrival_year"] == 2028

    def test_reached_even_when_the_pace_is_unknown(self):
        row = self.reach([(2023, 3.0)])
        assert (row["progress"], row["arrival"], row["on_time"]) == (TargetProgress.REACHED, Arrival.REACHED, True)

    def test_never_far_and_unknown(self):
        assert self.reach([(2018, 1.0), (2023, 0.9)])["arrival"] == Arrival.NEVER
        assert self.reach([(2018, 1.0), (2023, 1.0)])["arrival"] == Arrival.NEVER
        assert self.reach([(2018, 1.0), (2023, 1.0001)])["arrival"] == Arrival.FAR
        row = self.reach([(2022, 1.0, "b"), (2023, 1.1)])
        assert (row["arrival"], row["gap"]) == (Arrival.NOT_COMPUTABLE, pytest.approx(1.9))

    def test_lost_after_the_target_was_once_met_is_moving_away(self):
        row = self.reach([(2018, 3.5), (2023, 2.9)])
        assert row["progress"] == TargetProgress.AWAY
        assert row["ratio"] < 0

    def test_indicators_without_a_target_do_not_appear(self):
        assert progress.distance_to_target(series("x", "R", [(2023, 1.0)]), {"x": GROWTH}).empty

    @given(st.floats(1.0, 90.0), st.floats(0.05, 5.0), st.sampled_from(["relative", "points"]))
    def test_going_on_until_the_arrival_year_meets_the_target_and_a_year_less_does_not(self, start, step, change):
        end = start + step
        target = end + 3 * step
        spec = {"target_value": target, "target_year": 2040, "change": change}
        row = self.reach([(2018, start), (2023, end)], **spec)

        def value(year: int) -> float:
            years = year - 2023
            return end * (1 + row["pace"] / 100) ** years if change == "relative" else end + row["pace"] * years

        assert value(int(row["arrival_year"])) >= target * (1 - 1e-6)
        assert value(int(row["arrival_year"]) - 1) < target * (1 + 1e-6)


class TestStatus:
    def test_published_vector(self):
        # Inputs published for OPSYS: baseline 2 505, next target 15 000, final target 25 000, current 12 980.
        following = progress.status_ratio(12980, 15000, 2505)
        final = progress.status_ratio(12980, 25000, 2505)
        assert following.ratio == pytest.approx(0.838, abs=5e-4)
        assert final.ratio == pytest.approx(0.466, abs=5e-4)
        assert following.status is Status.WATCH

    def test_lights(self):
        # Pilot of the job descriptions: baseline 0, milestone 20, target 40, actual 17: 85 % of expected, watch.
        assert progress.status_ratio(17, 20, 0, 40).ratio == 0.85
        assert progress.status_ratio(17, 20, 0, 40).status is Status.WATCH
        assert progress.status_ratio(1.98, 2.20).status is Status.ON_TRACK  # 0.8999... in binary
        assert progress.status_ratio(13.9, 20).status is Status.OFF_TRACK
        assert progress.status_ratio(40, 20, 0, 40).status is Status.DONE
        assert progress.status_ratio(0, 0, 0, 40).status is Status.NOT_DUE
        assert progress.status_ratio(None, 20).status is Status.NO_REPORT
        assert progress.status_ratio(5, None).status is Status.NOT_COMPUTABLE

    def test_falling_indicators_turn_both_signs(self):
        result = progress.status_ratio(12.0, 10.0, 20.0, 5.0)
        assert result.ratio == pytest.approx(0.8)
        assert progress.status_ratio(5.0, 10.0, 20.0, 5.0).status is Status.DONE

    def test_expected_value_on_the_line_and_in_steps(self):
        plan = {0: 0.0, 4: 20.0, 6: 40.0}
        assert progress.expected_value(plan, 2) == 10.0
        assert progress.expected_value(plan, 5) == 30.0
        assert progress.expected_value(plan, 5, step=True) == 20.0


class TestIndexAndCoverage:
    def test_base_year_is_one_hundred_and_breaks_are_not_crossed(self):
        frame = series("x", "R", [(2018, 5.0), (2019, 10.0, "b"), (2020, 12.0), (2021, 30.0, "b")])
        values = progress.index_to_base(frame, 2019)["value"].tolist()
        assert math.isnan(values[0])
        assert values[1:3] == [100.0, 120.0]
        assert math.isnan(values[3])

    def test_without_a_base_value_there_is_no_index(self):
        assert progress.index_to_base(series("x", "R", [(2020, 1.0)]), 2019)["value"].isna().all()

    def test_coverage_line_counts(self):
        frame = pd.concat(
            [
                series("a", "R", [(2022, 1.0)]),
                series("b", "R", [(2023, 1.0, "p")]),
                series("c", "R", [(2023, None)]),
                series("d", "S", [(2024, 1.0)]),
            ]
        )
        found = progress.coverage(frame, ["a", "b", "c", "d"], "R")
        assert found == progress.Coverage(available=2, total=4, newest=2023, oldest=2022, uncertain=1)
        assert progress.coverage(frame, ["c"], "R") == progress.Coverage(0, 1, None, None, 0)


class TestRealSeries:
    def test_biennial_austria_uses_the_odd_year_six_years_back(self, gerd):
        # AT11 has odd years only: 0.85 (2017), 0.78 (2023); (0.78 / 0.85) ** (1 / 6) - 1 = -1.422 % a year.
        row = one(progress.direction(gerd[gerd["region"] == "AT11"], GERD))
        assert (row["first"], row["last"]) == (2017, 2023)
        assert row["pace"] == pytest.approx(-1.4222, abs=1e-4)
        assert row["movement"] == Movement.SIGNIFICANT_AWAY

    def test_old_and_new_croatian_codes_stay_apart(self, gerd):
        rows = progress.direction(gerd[gerd["region"].isin(["HR02", "HR04"])], GERD).set_index("region")
        assert rows.loc["HR04", "last"] == 2019
        assert rows.loc["HR02", "reason"] == Reason.GAP

    def test_unflagged_jump_of_bulgaria_is_seen_in_the_window_that_holds_it(self, gerd):
        # BG31: 0.20 (2014) -> 0.55 (2015) without a flag.
        mine = gerd[gerd["region"] == "BG31"]
        assert one(progress.direction(mine[mine["period"] <= 2018], GERD))["jump"] == 2015
        assert pd.isna(one(progress.direction(mine, GERD))["jump"])

    def test_flagged_break_of_the_labour_force_survey_cuts_the_stretch(self, unemployment):
        spec = {"unemployment": IndicatorSpec("unemployment", -1, "points", 1, 0, 100)}
        row = one(progress.direction(unemployment[unemployment["region"] == "ITI3"], spec))
        # 7.1 (2021, b) -> 5.1 (2024): two thirds of a point a year in the desired direction.
        assert (row["first"], row["last"], row["shortened"]) == (2021, 2024, True)
        assert row["desired"] == pytest.approx(2 / 3)

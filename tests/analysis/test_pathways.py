"""Pathways: interpolation, rebasing, fans, comparisons and target years by hand-computed cases and properties."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import pathways
from analysis.model import IndicatorSpec
from analysis.pathways import Issue, Meeting


def path(values: dict[int, float], scenario="s", low=None, high=None, variable="v", region="R", model="m", unit="u"):
    frame = pd.DataFrame({"year": list(values), "value": list(values.values())})
    frame = frame.assign(model=model, scenario=scenario, region=region, variable=variable, unit=unit)
    return frame.assign(low=np.nan if low is None else low, high=np.nan if high is None else high)


def seen(*rows: tuple[int, float], indicator="v", region="R") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period", "value"])
    return frame.assign(indicator=indicator, region=region, flags="")


def test_between_stated_years_linear_and_at_constant_growth():
    stated = path({2020: 100.0, 2022: 144.0})
    assert pathways.interpolate(stated, [2021])["value"].tolist() == [122.0]
    grown = pathways.interpolate(stated, [2020, 2021, 2022], "log")
    assert grown["value"].to_numpy() == pytest.approx([100, 120, 144])
    assert grown["value"].iloc[[0, 2]].tolist() == [100.0, 144.0]
    assert grown["stated"].tolist() == [True, False, True]
    assert grown["method"].unique().tolist() == ["log"]


def test_nothing_is_said_outside_the_stated_years():
    found = pathways.interpolate(path({2020: 1.0, 2030: 2.0}), range(2000, 2100))
    assert (found["year"].min(), found["year"].max()) == (2020, 2030)
    assert pathways.interpolate(path({2020: 1.0, 2030: 2.0}), [2019, 2031]).empty


def test_missing_is_not_zero_but_bridged():
    found = pathways.interpolate(path({2020: 1.0, 2021: math.nan, 2022: 3.0}), [2021])
    assert found["value"].tolist() == [2.0]
    # A missing value at the end is not stated, so the path ends before it.
    assert pathways.interpolate(path({2020: 1.0, 2021: math.nan}), [2021]).empty


def test_growth_of_a_path_that_is_not_positive_is_linear_and_says_so():
    found = pathways.interpolate(path({2020: -1.0, 2022: 3.0}), [2021], "log")
    assert found[["value", "method"]].to_numpy().tolist() == [[1.0, "linear"]]


def test_a_range_reaches_only_between_years_that_state_it():
    stated = path({2020: 1.0, 2022: 2.0, 2024: 3.0}, low=[1, 1, np.nan], high=[1, 3, np.nan])
    found = pathways.interpolate(stated, range(2020, 2025)).set_index("year")
    assert found.loc[[2020, 2021, 2022], "high"].tolist() == [1.0, 2.0, 3.0]
    assert found.loc[[2023, 2024], "high"].isna().all()


def test_method_follows_the_indicator_and_the_variable():
    assert pathways.method_of(IndicatorSpec("x", change="relative")) == "log"
    assert pathways.method_of(IndicatorSpec("x", change="points")) == "linear"
    both = pd.concat([path({2020: 1.0, 2022: 4.0}, variable=v) for v in "ab"])
    assert pathways.interpolate(both, [2021], {"a": "log"})["value"].tolist() == pytest.approx([2.0, 2.5])
    with pytest.raises(ValueError, match="linear or log"):
        pathways.interpolate(both, [2021], "spline")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.concat([path({2020: 1.0}), path({2020: 1.0})]), "stated twice; the first is m, s, R, v, u, 2020"),
        (path({2020: 1.0}, low=2.0, high=1.0), "low above high"),
        (path({2020: 5.0}, low=1.0, high=2.0), "outside its range"),
        (path({2020: math.inf}), "infinite"),
        (path({2020: 1.0}).drop(columns="unit"), "lack the columns unit"),
        (path({2020: 1.0}).assign(unit=None), "empty key"),
        (path({2020: 1.0}).assign(year=2020.5), "whole numbers"),
    ],
)
def test_faulty_paths_are_refused_with_their_place(frame, message):
    with pytest.raises(ValueError, match=message):
        pathways.check(frame)


def test_rebased_by_ratio_keeps_growth_by_difference_keeps_change():
    stated = path({2020: 10.0, 2030: 20.0}, low=[9, 16], high=[11, 24])
    ratio = pathways.rebase(stated, seen((2020, 5.0)), 2020, "ratio", unit="EUR").paths
    assert ratio["value"].tolist() == [5.0, 10.0]
    assert ratio["high"].tolist() == [5.5, 12.0]
    assert ratio[["base", "shift", "observed", "unit"]].iloc[0].tolist() == [2020, 0.5, 5.0, "EUR"]
    moved = pathways.rebase(stated, seen((2020, 5.0)), 2020, "difference").paths
    assert moved["value"].tolist() == [5.0, 15.0]
    assert moved["low"].tolist() == [4.0, 11.0]


def test_base_year_between_stated_ones_follows_the_method():
    stated = path({2020: 100.0, 2022: 144.0})
    assert pathways.rebase(stated, seen((2021, 60.0)), 2021, "ratio", "log").paths["shift"].iloc[0] == pytest.approx(
        0.5
    )


@pytest.mark.parametrize(
    ("values", "history", "issue"),
    [
        ({2020: 1.0, 2030: 2.0}, [(2019, 1.0)], Issue.NO_OBSERVATION),
        ({2020: 1.0, 2030: 2.0}, [(2020, math.nan)], Issue.NO_OBSERVATION),
        ({2021: 1.0, 2030: 2.0}, [(2020, 1.0)], Issue.OUTSIDE),
        ({2020: 0.0, 2030: 2.0}, [(2020, 1.0)], Issue.NOT_POSITIVE),
    ],
)
def test_what_cannot_be_moved_is_left_out_and_noted(values, history, issue):
    found = pathways.rebase(path(values), seen(*history), 2020, "ratio")
    assert found.paths.empty
    assert [n.issue for n in found.notes] == [issue]


def test_quartile_of_two_models_is_interpolated():
    models = pd.concat([path({2020: 1.0}, model="a"), path({2020: 2.0}, model="b")])
    found = pathways.fan(models, 0.25, 0.75)
    assert found[["value", "low", "high", "members"]].to_numpy().tolist() == [[1.5, 1.25, 1.75, 2]]


def test_difference_and_ratio_in_common_years_only():
    both = pd.concat([path({2020: 3.0, 2030: 6.0}, "a"), path({2020: 2.0, 2030: 0.0, 2040: 1.0}, "b")])
    found = pathways.compare(both, "a", "b")
    assert found["difference"].tolist() == [1.0, 6.0]
    assert found["ratio"].iloc[0] == 1.5
    assert math.isnan(found["ratio"].iloc[1])


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((0, 2), (1, 3), 1 / 3),
        ((0, 1), (2, 3), 0.0),
        ((0, 4), (1, 2), 0.25),
        ((1, 1), (1, 1), 1.0),
        ((1, 1), (2, 2), 0),
    ],
)
def test_overlap_of_ranges(one, other, overlap):
    both = pd.concat(
        [path({2020: np.mean(e)}, s, low=e[0], high=e[1]) for s, e in (("a", one), ("b", other))]  # type: ignore[dict-item]
    )
    assert pathways.fan_overlap(both, "a", "b")["overlap"].tolist() == pytest.approx([overlap])


def test_distance_by_hand():
    both = pd.concat([path({2020: 0.0, 2030: 0.0}, "a"), path({2020: 3.0, 2030: 4.0, 2040: 9.0}, "b")])
    found = pathways.distances(both, {"v": 1.0})
    assert found.loc["a", "b"] == pytest.approx(math.sqrt((9 + 16) / 2))
    apart = pathways.distances(pd.concat([path({2020: 0.0}, "a"), path({2030: 1.0}, "b")]), {"v": 1.0})
    assert math.isnan(apart.loc["a", "b"])
    # The default scale takes the unit away.
    assert pathways.distances(both).loc["a", "b"] == pytest.approx(
        pathways.distances(both.assign(value=both["value"] * 1000)).loc["a", "b"]
    )


def test_year_in_which_a_target_is_met():
    stated = path({2020: 0.0, 2030: 10.0, 2040: 4.0}, low=[0, 5, 2], high=[0, 20, 6])
    found = pathways.target_years(stated, 5.5, 1).iloc[0]
    assert (found["meeting"], found["year"], found["earliest"]) == (Meeting.YEAR, 2026, 2023)
    assert found["latest"] is pd.NA
    assert not found["kept"]
    falling = pathways.target_years(path({2020: 8.0, 2023: 1.0}), 4.0, -1, "log").iloc[0]
    assert falling["year"] == 2021  # 8 falls to 4 after 3 * ln 2 / ln 8 = 1 year exactly
    assert pathways.target_years(stated, 0.0, 1)["meeting"].tolist() == [Meeting.FROM_START]
    never = pathways.target_years(stated, 99.0, 1).iloc[0]
    assert never["meeting"] == Meeting.NOT_WITHIN
    assert (never["year"] is pd.NA, never["last"]) == (True, 2040)


VALUES = st.lists(st.floats(0.1, 1e6), min_size=2, max_size=6)


@settings(max_examples=40)
@given(VALUES, st.sampled_from(["linear", "log"]))
def test_interpolated_values_lie_between_their_neighbours(values, method):
    stated = path({2020 + 5 * i: v for i, v in enumerate(values)})
    found = pathways.interpolate(stated, range(2020, 2020 + 5 * len(values)), method)
    for year, value in zip(found["year"], found["value"], strict=True):
        i = min((year - 2020) // 5, len(values) - 2)
        low, high = sorted(values[i : i + 2])
        assert low * (1 - 1e-12) <= value <= high * (1 + 1e-12)


@settings(max_examples=40)
@given(VALUES, st.floats(0.1, 1e6), st.sampled_from(["ratio", "difference"]))
def test_rebased_paths_pass_through_the_observation(values, observed, how):
    stated = path({2020 + 5 * i: v for i, v in enumerate(values)})
    found = pathways.rebase(stated, seen((2020, observed)), 2020, how).paths
    assert found["value"].iloc[0] == pytest.approx(observed)


@settings(max_examples=40)
@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_distances_are_a_metric(rows):
    frame = pd.concat([path(dict(zip((2020, 2025, 2030), r, strict=True)), f"s{i}") for i, r in enumerate(rows)])
    d = pathways.distances(frame, {"v": 1.0}).to_numpy()
    assert np.allclose(d, d.T)
    assert np.allclose(np.diag(d), 0)
    assert d[0, 2] <= d[0, 1] + d[1, 2] + 1e-9


@pytest.fixture(scope="module")
def ssp(raw: Path) -> pd.DataFrame:
    """The published SSP pathways, long."""
    wide = pd.read_csv(raw.parent / "starter" / "ssp_pathways_iamc.csv").rename(columns=str.lower)
    return wide.melt(pathways.KEY, var_name="year", value_name="value").astype({"year": int})


def test_ssp_population_of_albania(ssp):
    mine = ssp[(ssp["region"] == "AL") & (ssp["variable"] == "Population") & (ssp["scenario"] == "SSP1")]
    found = pathways.interpolate(mine, [2020, 2022, 2025]).set_index("year")["value"]
    assert found[2020] == 2.87213
    assert found[2022] == pytest.approx(2.87213 + 0.4 * (2.792432 - 2.87213))
    apart = pathways.distances(ssp[(ssp["region"] == "AL")])
    assert (apart.to_numpy()[~np.eye(len(apart), dtype=bool)] > 0).all()


def test_pathways_are_aligned_as_observations_are_held_against_them():
    history = pd.DataFrame(
        {"indicator": ["g", "p"], "region": "R", "period": 2020, "value": [200.0, 3.0], "flags": ""},
    )
    specs = {"g": IndicatorSpec("g", change="relative"), "p": IndicatorSpec("p", change="points")}
    keys = {"scenario": "s", "region": "R", "unit": "u"}

    def stated(model, variable, transform, values):
        return pd.DataFrame({"year": [2020, 2030], "value": values}).assign(
            model=model, variable=variable, transform=transform, **keys
        )

    paths = pd.concat(
        [
            stated("a", "g", "growth", [10.0, 20.0]),
            stated("b", "g", "growth", [10.0, 30.0]),
            stated("a", "p", "level", [2.0, 5.0]),
            stated("a", "q", "level", [1.0, 1.0]),
            stated("a", "p", "level", [7.0, 8.0]).assign(region="S"),
            stated("a", "g", "growth", [7.0, 8.0]).assign(region="S"),
        ]
    )
    moved = pathways.aligned(paths, history, specs, 2020)
    frame = moved.paths.set_index(["region", "variable", "year"]).sort_index()
    assert frame.loc[("R", "g"), "value"].tolist() == pytest.approx([200.0, 500.0])
    assert frame.loc[("R", "g", 2030), ["low", "high"]].tolist() == pytest.approx([420.0, 580.0])
    assert frame.loc[("R", "p"), "value"].tolist() == [3.0, 6.0]
    assert frame.loc[("R", "p"), "how"].tolist() == ["difference", "difference"]
    # Without a base value a level stays, and of a growth nothing can be said.
    assert frame.loc[("S", "p"), "value"].tolist() == [7.0, 8.0]
    assert frame.loc[("S", "p"), "how"].tolist() == ["", ""]
    assert ("S", "g", 2020) not in frame.index
    assert [(n.issue, n.where[1:4]) for n in moved.notes] == [(pathways.Issue.NO_OBSERVATION, ("s", "S", "g"))]

"""Structural peers: hand-computed distances, properties, refusals."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import peers
from tests.analysis.conftest import series


def hand() -> pd.DataFrame:
    # Means 2 and 20, population deviations 1 and 10: A scores (-1, -1), B (1, 1), C (1, -1), D (-1, 1).
    return pd.DataFrame({"u": [1.0, 3.0, 3.0, 1.0], "v": [10.0, 30.0, 10.0, 30.0]}, index=["A", "B", "C", "D"])


def test_distances_by_hand():
    # Squared differences of A: B 4 and 4, C 4 and 0, D 0 and 4. Weights 3 : 1 make them 4, 3 and 1.
    result = peers.structural_peers(hand(), "A", weights={"u": 3.0, "v": 1.0})
    assert result.codes == ("D", "C", "B")
    assert result.frame["distance"].tolist() == pytest.approx([1.0, 3.0, 4.0])
    assert result.frame["rank"].tolist() == [1, 2, 3]
    row = result.contributions.set_index(["region", "variable"]).loc[("B", "u")]
    assert (row["value"], row["peer_value"], row["score"], row["peer_score"]) == (1.0, 3.0, -1.0, 1.0)
    assert (row["contribution"], row["share"]) == (pytest.approx(3.0), pytest.approx(0.75))


def test_distance_is_normalised_by_the_weight_that_both_have():
    # u (weight 5) is missing in nobody, v (weight 1) in B: the distance of A and B is that of u alone.
    values = hand()
    values.loc["B", "v"] = math.nan
    result = peers.structural_peers(values, "A", weights={"u": 5.0, "v": 1.0})
    row = result.frame.set_index("region").loc["B"]
    assert row["distance"] == pytest.approx(4.0)
    assert row["missing_share"] == pytest.approx(1 / 6)


def test_refuses_and_names_what_is_missing():
    values = hand()
    values.loc["A", "v"] = math.nan
    result = peers.structural_peers(values, "A", weights={"u": 3.0, "v": 1.0})
    assert (result.refused, result.missing) == ("too much missing", ("v",))
    assert result.frame.empty
    # Exactly one fifth of the weight is still enough.
    assert peers.structural_peers(values, "A", weights={"u": 4.0, "v": 1.0}).refused is None


def test_candidates_that_lack_too_much_are_dropped_and_listed():
    values = hand()
    values.loc["C", "v"] = math.nan
    result = peers.structural_peers(values, "A")
    assert result.dropped == ("C",)
    assert "C" not in result.codes


def test_unknown_region_and_nobody_left():
    assert peers.structural_peers(hand(), "Z").refused == "unknown region"
    home = dict.fromkeys("ABCD", "HU")
    assert peers.structural_peers(hand(), "A", countries=home, other_countries_only=True).refused == "no candidates"


def test_other_countries_only_leaves_distances_as_they_are():
    countries = {"A": "HU", "B": "AT", "C": "HU", "D": "AT"}
    everyone = peers.structural_peers(hand(), "A").frame.set_index("region")["distance"]
    abroad = peers.structural_peers(hand(), "A", countries=countries, other_countries_only=True)
    assert set(abroad.codes) == {"B", "D"}
    for code, distance in abroad.frame.set_index("region")["distance"].items():
        assert distance == everyone[code]


def test_own_list_is_kept_whole_and_unknown_names_are_dropped():
    result = peers.structural_peers(hand(), "A", own_list=["B", "C", "B", "X", "A"], n=1)
    assert set(result.codes) == {"B", "C"}
    assert result.dropped == ("X",)


def test_size_variables_may_be_compared_as_logarithms():
    # 1, 10 and 100 are equally far apart in logarithms only.
    values = pd.DataFrame({"size": [10.0, 1.0, 100.0]}, index=["A", "B", "C"])
    assert peers.structural_peers(values, "A").codes == ("B", "C")
    distance = peers.structural_peers(values, "A", log=["size"]).frame["distance"]
    assert distance[0] == pytest.approx(distance[1])


def test_most_alike_and_most_different():
    result = peers.structural_peers(hand(), "A", weights={"u": 3.0, "v": 1.0})
    assert result.most_alike("C", 1) == ("v",)
    assert result.most_different("C", 1) == ("u",)


def test_matrix_takes_the_newest_value_of_each_variable():
    frame = pd.concat([series("u", "A", [(2020, 1.0), (2021, 2.0)]), series("v", "A", [(2019, 5.0), (2020, None)])])
    matrix = peers.structural_matrix(frame, ["v", "u", "w"])
    assert list(matrix.columns) == ["v", "u", "w"]
    assert matrix.loc["A", ["v", "u"]].tolist() == [5.0, 2.0]
    assert matrix["w"].isna().all()


def test_gdp_peers_are_nearest_in_one_variable():
    values = pd.Series({"A": 50.0, "B": 58.0, "C": 47.0, "D": math.nan, "E": 90.0}, name="gdp")
    result = peers.gdp_peers(values, "A", n=2)
    assert result.codes == ("C", "B")
    assert result.frame["distance"].tolist() == [3.0, 8.0]
    assert result.dropped == ("D",)
    assert peers.gdp_peers(values, "D").missing == ("gdp",)
    assert peers.gdp_peers(values, "Z").refused == "unknown region"


numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=3, max_size=12), st.randoms(use_true_random=False))
def test_distance_is_symmetric_sums_up_and_knows_no_order(rows, random):
    codes = [f"R{i:02}" for i in range(len(rows))]
    values = pd.DataFrame(rows, index=codes, columns=["a", "b", "c"])
    weights = {"a": 1.0, "b": 2.0, "c": 0.5}
    here, there = codes[0], codes[-1]
    result = peers.structural_peers(values, here, n=99, weights=weights)
    back = peers.structural_peers(values, there, n=99, weights=weights).frame.set_index("region")
    distance = result.frame.set_index("region")["distance"]
    assert distance[there] == pytest.approx(back.loc[here, "distance"], rel=1e-9, abs=1e-12)
    sums = result.contributions.groupby("region")["contribution"].sum()
    assert np.allclose(sums[distance.index], distance)
    shuffled = codes.copy()
    random.shuffle(shuffled)
    again = peers.structural_peers(values.loc[shuffled], here, n=99, weights=weights).frame
    assert np.allclose(again.set_index("region").loc[distance.index, "distance"], distance, atol=1e-9)


@given(st.floats(0.01, 100), st.floats(-50, 50))
def test_distance_does_not_depend_on_the_unit(factor, shift):
    values = pd.DataFrame({"u": [1.0, 4.0, 2.0, 9.0], "v": [3.0, 1.0, 7.0, 5.0]}, index=list("ABCD"))
    other = values.assign(u=values["u"] * factor + shift)
    assert np.allclose(
        peers.structural_peers(values, "A").frame["distance"], peers.structural_peers(other, "A").frame["distance"]
    )

"""Proximity, density, reasons and the drawing of the industry space: a published case, cases by hand, identities."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.relatedness import (
    density,
    distance,
    edges,
    holders,
    network_layout,
    proximity,
    region_proximity,
    related,
    relative_density,
)
from analysis.specialisation import location_quotients, presence
from tests.analysis.made_regions import TOY, amounts_by, published, tables

FEW = settings(max_examples=30)
X = amounts_by(40, 60)
M = presence(X)


class TestProximity:
    @pytest.mark.parametrize(("diagonal", "dense"), [(True, "density_diag1"), (False, "density_diag0")])
    def test_a_published_network(self, diagonal, dense):
        derived = published("hh2009_toy_network.json")["derived"]
        near = proximity(TOY, diagonal=diagonal)
        expected = np.array(derived["proximity_diag1"]) - (0 if diagonal else np.eye(4))
        assert near.to_numpy() == pytest.approx(expected, abs=1e-9)
        assert density(TOY, near).to_numpy() == pytest.approx(np.array(derived[dense]), abs=1e-9)

    def test_by_hand(self):
        # P3 in C1, C3; P4 in C1, C3, C4: together in two, the wider in three.
        found = {
            basis: proximity(TOY, basis).loc["P3", "P4"] for basis in ("minimum", "cosine", "jaccard", "association")
        }
        assert found == pytest.approx(
            {"minimum": 2 / 3, "cosine": 2 / 6**0.5, "jaccard": 2 / 3, "association": 2 * 4 / 6}
        )

    def test_correlation_of_quotients(self):
        lq = location_quotients(X)
        near = proximity(lq, "correlation", diagonal=True)
        pair = lq.columns[:2]
        assert near.loc[pair[0], pair[1]] == pytest.approx((1 + lq[pair[0]].corr(lq[pair[1]])) / 2)
        assert (np.diag(near) == 1).all()
        with pytest.raises(ValueError, match="closeness"):
            proximity(M, "closeness")

    @given(tables(2, 8), st.sampled_from(["minimum", "cosine", "jaccard", "association"]))
    @FEW
    def test_symmetric_and_bounded(self, x, basis):
        m = (x > 20).astype(float)
        near = proximity(m, basis, diagonal=True)
        assert near.equals(near.T)
        held = m.sum() > 0
        assert near.loc[~held].isna().all(axis=None)
        inside = near.loc[held, held].to_numpy()
        assert (inside >= 0).all()
        if basis != "association":
            assert (inside <= 1 + 1e-12).all()
            assert np.diag(inside) == pytest.approx(1)

    def test_tiles_make_one_whole(self):
        wide = presence(amounts_by(30, 300))
        counts = (wide.T @ wide).to_numpy()
        ubiquity = np.diag(counts)
        expected = counts / np.maximum(ubiquity[:, None], ubiquity[None, :])
        assert proximity(wide, diagonal=True).to_numpy() == pytest.approx(expected)

    def test_regions_by_portfolio(self):
        near = region_proximity(TOY)
        # C1 holds four, C3 two of them.
        assert near.loc["C1", "C3"] == 0.5
        pd.testing.assert_series_equal(region_proximity(TOY, "C3"), near.loc["C3"])


class TestDensity:
    def test_by_hand(self):
        near = pd.DataFrame([[0, 0.5, 0.5], [0.5, 0, 0.1], [0.5, 0.1, 0]], index=list("xyz"), columns=list("xyz"))
        m = pd.DataFrame([[1.0, 0, 0], [0, 1, 1]], index=["a", "b"], columns=list("xyz"))
        found = density(m, near)
        assert found.to_numpy() == pytest.approx(np.array([[0, 5 / 6, 5 / 6], [1, 1 / 6, 1 / 6]]))
        pd.testing.assert_frame_equal(distance(m, near), 1 - found)

    def test_a_held_industry_does_not_count_for_itself(self):
        near = proximity(M)
        one = M.copy()
        one.iloc[:, :] = 0.0
        one.iloc[0, 0] = 1.0
        assert density(one, near).iloc[0, 0] == 0
        assert density(one, proximity(M, diagonal=True)).iloc[0, 0] > 0

    def test_an_isolated_industry_has_none(self):
        lone = TOY.assign(P5=[0.0, 0, 0, 0])
        lone.loc["C5"] = [0.0, 0, 0, 0, 1]
        found = density(lone, proximity(lone))
        assert found["P5"].isna().all()
        assert found.drop(columns="P5").notna().all(axis=None)

    def test_unknown_is_neither_held_nor_absent(self):
        near = pd.DataFrame([[0, 0.5, 0.5], [0.5, 0, 0.1], [0.5, 0.1, 0]], index=list("xyz"), columns=list("xyz"))
        m = pd.DataFrame([[0.0, 1, np.nan]], index=["a"], columns=list("xyz"))
        # All that is known of x's neighbours is held.
        assert density(m, near).loc["a", "x"] == 1

    @given(tables(2, 7))
    @FEW
    def test_all_and_nothing(self, x):
        m = (x > 20).astype(float)
        near = proximity(m)
        everything, nothing = m * 0 + 1, m * 0
        dense = density(everything, near)
        reached = near.sum() > 0
        assert dense.loc[:, reached].to_numpy() == pytest.approx(1)
        assert dense.loc[:, ~reached].isna().all(axis=None)
        assert (density(nothing, near).loc[:, reached] == 0).all(axis=None)

    def test_relative_density_is_a_score_among_options(self):
        dense = density(M, proximity(M))
        found = relative_density(M, dense)
        assert found.isna().equals(M == 1)
        assert found.mean(axis=1).to_numpy() == pytest.approx(0, abs=1e-9)
        assert found.std(axis=1, ddof=0).to_numpy() == pytest.approx(1)
        few = pd.DataFrame([[1.0, 1, 0], [1, 0, 0]], index=["a", "b"], columns=list("xyz"))
        flat = pd.DataFrame([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]], index=["a", "b"], columns=list("xyz"))
        assert relative_density(few, flat).isna().all(axis=None)

    def test_a_proximity_must_know_every_industry(self):
        with pytest.raises(ValueError, match="P4"):
            density(TOY, proximity(TOY).drop(index="P4", columns="P4"))

    def test_the_order_of_proximities_does_not_matter(self):
        near = proximity(M)
        pd.testing.assert_frame_equal(density(M, near.iloc[::-1, ::-1]), density(M, near))


class TestReasons:
    NEAR = pd.DataFrame(
        [[0, 0.4, 0.4, 0.2], [0.4, 0, 0.1, 0.0], [0.4, 0.1, 0, 0.3], [0.2, 0.0, 0.3, 0]],
        index=list("wxyz"),
        columns=list("wxyz"),
    )
    M = pd.DataFrame(
        [[0.0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]], index=list("abcd"), columns=list("wxyz")
    )

    def test_related_by_hand(self):
        found = related(self.M, self.NEAR, "a", ["w"])
        # x and y are as near; in alphabetical order.
        assert found["related"].tolist() == ["x", "y", "z"]
        assert found["share"].tolist() == pytest.approx([0.4, 0.4, 0.2])
        assert found["place"].tolist() == [1, 2, 3]
        # z has no proximity to x, and x does not explain itself.
        assert related(self.M, self.NEAR, "a", ["x"])[["related", "proximity"]].to_numpy().tolist() == [["y", 0.1]]

    def test_shares_of_all_related_sum_to_one_and_their_proximity_to_the_density(self):
        near = proximity(M)
        region = M.index[7]
        found = related(M, near, region, top=M.shape[1])
        sums = found.groupby("industry")[["share", "proximity"]].sum()
        assert sums["share"].to_numpy() == pytest.approx(1)
        dense = density(M, near).loc[region, sums.index]
        assert (sums["proximity"] / near.sum()[sums.index]).to_numpy() == pytest.approx(dense.to_numpy())
        assert found["industry"].drop_duplicates().tolist() == [c for c in M.columns if c in sums.index]

    def test_related_in_a_region_without_industries(self):
        assert related(self.M, self.NEAR, "d").empty
        with pytest.raises(KeyError):
            related(self.M, self.NEAR, "nowhere")
        with pytest.raises(KeyError):
            related(self.M, self.NEAR, "a", ["unheard"])

    def test_holders_by_hand(self):
        # a and b share two of three, a and c one of three.
        found = holders(self.M, "a", ["w", "x"])
        assert found[["industry", "place", "holder"]].to_numpy().tolist() == [
            ["w", 1, "b"],
            ["w", 2, "c"],
            ["x", 1, "c"],
        ]
        assert found["proximity"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
        assert holders(self.M, "a", ["w"], top=1)["holder"].tolist() == ["b"]

    def test_holders_with_similarities_made_before(self):
        pd.testing.assert_frame_equal(holders(M, "r003", similarity=region_proximity(M)), holders(M, "r003"))
        found = holders(M, "r003")
        assert "r003" not in set(found["holder"])
        assert all(M.loc[row.holder, row.industry] == 1 for row in found.itertuples())
        assert (found.groupby("industry").size() <= 5).all()

    def test_holders_of_an_idle_region_are_in_alphabetical_order(self):
        assert holders(self.M, "d", ["w"])["holder"].tolist() == ["b", "c"]
        with pytest.raises(KeyError):
            holders(self.M, "nowhere")


class TestNetwork:
    def test_the_tree_is_the_strongest(self):
        near = pd.DataFrame(
            [[0, 0.9, 0.8, 0.1], [0.9, 0, 0.7, 0.2], [0.8, 0.7, 0, 0.3], [0.1, 0.2, 0.3, 0]],
            index=list("wxyz"),
            columns=list("wxyz"),
        )
        found = edges(near, threshold=0.6)
        assert found[["source", "target", "proximity", "tree"]].to_numpy().tolist() == [
            ["w", "x", 0.9, True],
            ["w", "y", 0.8, True],
            ["x", "y", 0.7, False],
            ["y", "z", 0.3, True],
        ]
        assert edges(near, threshold=0.75)["tree"].all()

    @given(tables(3, 9), st.integers(1, 3))
    @FEW
    def test_each_pair_once_and_no_circle_in_the_tree(self, x, per_node):
        near = proximity((x > 25).astype(float))
        found = edges(near, threshold=0.4, per_node=per_node)
        assert (found["source"] < found["target"]).all()
        assert not found.duplicated(["source", "target"]).any()
        extra = found[~found["tree"]]
        assert (extra["proximity"] >= 0.4).all()
        assert len(found) <= max(per_node * len(near), found["tree"].sum())
        # As many as a spanning forest has: nodes less parts, where every link of the network joins one part.
        parent = {c: c for c in near.index}

        def root(node: str) -> str:
            while parent[node] != node:
                node = parent[node]
            return node

        for row in found[found["tree"]].itertuples():
            assert root(row.source) != root(row.target), "a circle"
            parent[root(row.source)] = root(row.target)
        linked = near.fillna(0).stack()  # noqa: PD013
        assert all(root(a) == root(b) for (a, b), value in linked.items() if value > 0)

    def test_only_the_strongest_beyond_the_tree(self):
        near = proximity(M)
        found = edges(near, threshold=0.2, per_node=2)
        assert len(found) == 2 * len(near)
        left = near.where(np.triu(np.ones(near.shape), 1) == 1).stack().dropna()  # noqa: PD013
        drawn = set(zip(found["source"], found["target"], strict=True))
        weakest = found.loc[~found["tree"], "proximity"].min()
        assert all(value <= weakest for pair, value in left.items() if pair not in drawn)

    def test_places_lie_in_the_square_and_do_not_depend_on_the_order(self):
        near = proximity(M)
        found = network_layout(near).nodes
        assert found["industry"].tolist() == near.index.tolist()
        assert found[["x", "y"]].min().min() >= 0
        assert found[["x", "y"]].max().max() <= 1
        assert found["x"].max() - found["x"].min() == pytest.approx(1)
        shuffled = near.sample(frac=1, random_state=3)
        shuffled = shuffled[shuffled.index]
        again = network_layout(shuffled).nodes.set_index("industry").loc[near.index]
        assert again.to_numpy() == pytest.approx(found.set_index("industry").to_numpy(), abs=1e-9)

    def test_linked_industries_lie_together_and_none_on_another(self):
        drawing = network_layout(proximity(M))
        at = drawing.nodes.set_index("industry")[["x", "y"]]
        ends = drawing.edges
        lengths = np.linalg.norm(at.loc[ends["source"]].to_numpy() - at.loc[ends["target"]].to_numpy(), axis=1)
        apart = np.linalg.norm(at.to_numpy()[:, None] - at.to_numpy()[None, :], axis=2)
        others = apart[np.triu_indices(len(at), 1)]
        assert np.median(lengths) < np.median(others) / 2
        assert others.min() > 1e-3

    def test_parts_and_lone_industries_have_a_place(self):
        near = pd.DataFrame(np.zeros((7, 7)), index=list("abcdefg"), columns=list("abcdefg"))
        for one, other, value in (("a", "b", 0.9), ("b", "c", 0.8), ("d", "e", 0.7)):
            near.loc[one, other] = near.loc[other, one] = value
        near.loc["g"] = near["g"] = np.nan
        nodes = network_layout(near).nodes.set_index("industry")
        assert nodes.notna().all(axis=None)
        assert not nodes.duplicated().any()
        assert nodes.loc[["f", "g"], "y"].tolist() == [0, 0]
        assert (nodes.loc[list("abcde"), "y"] > 0).all()

    @pytest.mark.parametrize("size", [0, 1, 2, 3])
    def test_tiny_networks(self, size):
        labels = list("xyz")[:size]
        near = pd.DataFrame(0.5 * (1 - np.eye(size)), index=labels, columns=labels)
        nodes = network_layout(near).nodes
        assert len(nodes) == size
        assert nodes[["x", "y"]].notna().all(axis=None)
        assert not nodes[["x", "y"]].duplicated().any()

    def test_a_thousand_industries_take_a_moment(self):
        near = proximity(presence(amounts_by(100, 1000)))
        start = time.perf_counter()
        network_layout(near)
        assert time.perf_counter() - start < 5

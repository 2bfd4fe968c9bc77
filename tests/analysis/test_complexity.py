"""Complexity, fitness, outlook, gain, diamond and the one pass: published cases, cases by hand, identities."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import bipartite
from analysis.complexity import (
    CONVENTIONS,
    Conventions,
    Reason,
    State,
    clean,
    complexity,
    complexity_from,
    density,
    diamond,
    fitness,
    gain,
    outlook,
    portfolio,
    proximity,
    reflections,
)
from analysis.specialisation import location_quotients, presence
from tests.analysis.made_regions import TOY, amounts_by, published, tables

FEW = settings(max_examples=30)
X = amounts_by(40, 60)
M = presence(X)


def oracle(m: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ECI, PCI on its scale, and singular values, by a complete singular value decomposition."""
    d, u = m.sum(axis=1).to_numpy(), m.sum(axis=0).to_numpy()
    left, sigma, _ = np.linalg.svd(m.to_numpy() / np.sqrt(d)[:, None] / np.sqrt(u))
    k = left[:, 1] / np.sqrt(d)
    q = (k @ m.to_numpy()) / u
    k = (m.to_numpy() @ q) / d
    sign = np.sign(np.corrcoef(k, d)[0, 1])
    return sign * (k - k.mean()) / k.std(), sign * (q - k.mean()) / k.std(), sigma


class TestComplexity:
    def test_a_published_network(self):
        derived = published("hh2009_toy_network.json")["derived"]
        found = complexity(TOY)
        assert found.eci.to_numpy() == pytest.approx(derived["ECI_z_population_sd"], abs=1e-9)
        assert found.pci.to_numpy() == pytest.approx(derived["PCI_on_ECI_scale"], abs=1e-9)
        own = complexity(TOY, Conventions(pci_scale="own"))
        assert own.pci.to_numpy() == pytest.approx(derived["PCI_z_own"], abs=1e-9)
        values = derived["eigenvalues_Mcc"]
        assert [found.diagnostics.sigma_2**2, found.diagnostics.sigma_3**2] == pytest.approx(values[1:3])

    def test_by_hand(self):
        # a holds x and y, b holds y: D^-1 M U^-1 M' = [[3/4, 1/4], [1/2, 1/2]] with the values 1 and 1/4 and the
        # second vector (1, -2): a leads by as much as two can differ.
        m = pd.DataFrame([[1.0, 1], [0, 1]], index=["a", "b"], columns=["x", "y"])
        found = complexity(m)
        assert found.eci.tolist() == pytest.approx([1, -1])
        # Means of what is held: y = 0 - x; (x + y) / 2 = 1 and y = -1.
        assert found.pci.tolist() == pytest.approx([3, -1])
        assert found.diagnostics.sigma_2 == pytest.approx(0.5)
        assert found.diagnostics.sigma_3 == pytest.approx(0)
        assert found.diversity.tolist() == [2, 1]
        assert found.ubiquity.tolist() == [1, 2]

    @pytest.mark.parametrize("shape", [(30, 50), (50, 30), (12, 12)])
    def test_a_complete_decomposition_agrees(self, shape):
        m = presence(amounts_by(*shape, seed=3))
        eci, pci, sigma = oracle(m)
        found = complexity(m)
        assert found.eci.to_numpy() == pytest.approx(eci, abs=1e-10)
        assert found.pci.to_numpy() == pytest.approx(pci, abs=1e-10)
        assert [found.diagnostics.sigma_2, found.diagnostics.sigma_3] == pytest.approx(sigma[1:3])

    @pytest.mark.parametrize("shape", [(60, 90), (90, 60)])
    def test_lanczos_steps_agree(self, monkeypatch, shape):
        m = presence(amounts_by(*shape, seed=4))
        complete = complexity(m)
        monkeypatch.setattr(bipartite, "DENSE_TO", 0)
        found = complexity(m)
        assert found.diagnostics.products > 0
        assert complete.diagnostics.products == 0
        assert found.eci.to_numpy() == pytest.approx(complete.eci.to_numpy(), abs=1e-8)
        assert found.pci.to_numpy() == pytest.approx(complete.pci.to_numpy(), abs=1e-8)
        assert found.diagnostics.sigma_3 == pytest.approx(complete.diagnostics.sigma_3, abs=1e-9)

    @given(tables(3, 9), st.randoms(use_true_random=False))
    @FEW
    def test_eci_is_the_mean_pci_of_what_is_held_in_any_order(self, x, random):
        m = (x > 30).astype(float)
        found = complexity(m)
        if found.diagnostics.state != State.OK:
            # Whatever is refused is missing, and nothing else.
            assert found.eci.isna().all()
            assert found.pci.isna().all()
            return
        assert found.eci.mean() == pytest.approx(0, abs=1e-9)
        assert found.eci.std(ddof=0) == pytest.approx(1)
        held = m.where(m == 1) * found.pci
        pd.testing.assert_series_equal(held.mean(axis=1), found.eci, check_names=False)
        pd.testing.assert_series_equal(complexity_from(m, found.pci), found.eci)
        assert found.eci.corr(found.diversity) > 0
        assume(found.diagnostics.correlation > 1e-6)
        assume(found.diagnostics.sigma_2 - found.diagnostics.sigma_3 > 1e-4)
        rows, columns = list(x.index), list(x.columns)
        random.shuffle(rows)
        random.shuffle(columns)
        again = complexity(m.loc[rows, columns])
        pd.testing.assert_series_equal(again.eci.sort_index(), found.eci, rtol=1e-6, atol=1e-6)
        pd.testing.assert_series_equal(again.pci.sort_index(), found.pci, rtol=1e-6, atol=1e-6)

    @pytest.mark.parametrize("factor", [1e-6, 3.0, 7e8])
    def test_the_unit_of_amounts_changes_nothing(self, factor):
        found, plain = portfolio(X * factor), portfolio(X)
        pd.testing.assert_series_equal(found.eci, plain.eci)
        pd.testing.assert_frame_equal(found.gain, plain.gain)

    def test_own_scale(self):
        found = complexity(M, Conventions(pci_scale="own")).pci
        assert found.mean() == pytest.approx(0, abs=1e-12)
        assert found.std(ddof=0) == pytest.approx(1)
        scaled = complexity(M).pci
        assert np.corrcoef(found, scaled)[0, 1] == pytest.approx(1)

    def test_empty_regions_and_industries_are_missing_alone(self):
        wide = M.reindex(index=[*M.index, "idle"], columns=["none", *M.columns]).fillna(0.0)
        found, without = complexity(wide), complexity(M)
        assert np.isnan(found.eci["idle"])
        assert np.isnan(found.pci["none"])
        pd.testing.assert_series_equal(found.eci.drop("idle"), without.eci)
        pd.testing.assert_series_equal(found.pci.drop("none"), without.pci)
        dropped = found.diagnostics.dropped
        assert dropped[["kind", "unit", "reason"]].to_numpy().tolist() == [
            ["region", "idle", Reason.DIVERSITY],
            ["industry", "none", Reason.UBIQUITY],
        ]

    def test_a_network_in_parts_is_refused_or_its_largest_part_taken(self):
        parts = pd.DataFrame(np.zeros((7, 6)), index=list("abcdefg"), columns=list("uvwxyz"))
        parts.iloc[:4, :4], parts.iloc[4:, 4:] = TOY.to_numpy(), [[1, 1], [0, 1], [1, 0]]
        found = complexity(parts)
        assert found.diagnostics.state == State.DISCONNECTED
        assert found.diagnostics.components == 2
        assert found.eci.isna().all()
        largest = complexity(parts, Conventions(disconnected="largest"))
        assert largest.diagnostics.state == State.OK
        assert largest.diagnostics.components == 2
        assert largest.eci.iloc[:4].to_numpy() == pytest.approx(complexity(TOY).eci.to_numpy())
        assert largest.eci.iloc[4:].isna().all()
        dropped = largest.diagnostics.dropped
        assert set(dropped["unit"]) == {"e", "f", "g", "y", "z"}
        assert set(dropped["reason"]) == {Reason.COMPONENT}

    def test_equal_singular_values_are_not_identified(self):
        ring = pd.DataFrame(np.eye(6) + np.roll(np.eye(6), 1, axis=1), index=list("abcdef"), columns=list("uvwxyz"))
        found = complexity(ring)
        assert found.diagnostics.state == State.NOT_IDENTIFIED
        assert found.diagnostics.sigma_2 == pytest.approx(found.diagnostics.sigma_3)
        assert found.eci.isna().all()

    def test_everybody_alike_is_not_identified(self):
        alike = pd.DataFrame(np.ones((4, 5)), index=list("abcd"), columns=list("vwxyz"))
        assert complexity(alike).diagnostics.state == State.NOT_IDENTIFIED

    def test_a_sign_that_diversity_cannot_tell_is_undetermined_until_other_figures_tell_it(self):
        # Everyone holds two: diversity says nothing of who is ahead.
        path = pd.DataFrame(
            [[1.0, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 1]],
            index=list("abcd"),
            columns=list("vwxyz"),
        )
        found = complexity(path)
        assert found.diagnostics.state == State.UNDETERMINED
        assert found.eci.isna().all()
        rich = pd.Series([4.0, 3, 2, 1], index=list("abcd"))
        told, other = complexity(path, orientation=rich), complexity(path, orientation=-rich)
        assert told.diagnostics.orientation == "given"
        assert told.eci.is_monotonic_decreasing
        pd.testing.assert_series_equal(told.eci, -other.eci)

    def test_too_small(self):
        assert complexity(TOY.iloc[:1]).diagnostics.state == State.TOO_SMALL
        assert complexity(TOY.iloc[:0]).diagnostics.state == State.TOO_SMALL
        assert complexity(TOY * 0).diagnostics.state == State.TOO_SMALL

    def test_unknown_cells_are_counted(self):
        m = M.copy()
        m.iloc[0, :3] = np.nan
        found = complexity(m)
        assert found.diagnostics.unknown == 3
        pd.testing.assert_series_equal(found.eci, complexity(m.fillna(0)).eci)

    @pytest.mark.parametrize("bad", [0.5, -1.0, 2.0, np.inf])
    def test_anything_but_presence_is_refused(self, bad):
        m = TOY.copy()
        m.loc["C2", "P3"] = bad
        with pytest.raises(ValueError, match="P3 in C2"):
            complexity(m)

    def test_the_record_can_be_stored(self):
        record = complexity(M.reindex([*M.index, "idle"]).fillna(0.0)).diagnostics.as_dict()
        assert json.loads(json.dumps(record, allow_nan=False))["dropped"][0]["unit"] == "idle"
        assert complexity(TOY * 0).diagnostics.as_dict()["sigma_2"] is None


class TestCore:
    def test_falls_in_rounds_until_it_holds(self):
        # d holds only w, which only d and c hold; without d also w is too rare, and without w c is too narrow.
        m = pd.DataFrame(
            [[1.0, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]],
            index=list("abecd"),
            columns=list("xyzw"),
        )
        found = clean(m, conventions=Conventions(minimum_diversity=2, minimum_ubiquity=2))
        assert found.regions.tolist() == ["a", "b", "e"]
        assert found.industries.tolist() == ["x", "y", "z"]
        fell = found.dropped.set_index("unit")["round"].to_dict()
        assert fell == {"d": 1, "w": 2, "c": 3}
        assert (m.loc[found.regions, found.industries].sum() >= 2).all()

    def test_size_names_value_and_limit(self):
        small = X.sum(axis=1).idxmin()
        limit = float(X.sum(axis=1).nsmallest(2).iloc[1])
        found = clean(M, X, Conventions(minimum_region=limit))
        row = found.dropped.iloc[0]
        assert row["unit"] == small
        assert row["reason"] == Reason.SIZE
        assert row["value"] == pytest.approx(X.loc[small].sum())
        assert row["limit"] == limit
        assert len(found.dropped) == 1

    def test_size_needs_amounts_that_fit(self):
        with pytest.raises(ValueError, match="amounts"):
            clean(M, conventions=Conventions(minimum_region=1))
        with pytest.raises(ValueError, match="same regions"):
            clean(M, X.iloc[::-1], Conventions(minimum_region=1))
        with pytest.raises(ValueError, match="Nowhere"):
            clean(M, X, Conventions(regions=("Nowhere",)))

    def test_scores_rest_on_the_core(self):
        rules = Conventions(minimum_region=float(X.sum(axis=1).quantile(0.3)))
        found = portfolio(X, rules)
        core = clean(M, X, rules)
        inside = M.loc[core.regions, core.industries]
        alone = complexity(inside)
        pd.testing.assert_series_equal(found.eci[core.regions], alone.eci)
        pd.testing.assert_series_equal(found.pci, alone.pci.reindex(M.columns))
        pd.testing.assert_frame_equal(found.proximity, proximity(inside).reindex(index=M.columns, columns=M.columns))
        assert found.eci.drop(core.regions).isna().all()
        assert found.density.notna().any(axis=1).all(), "density is for all regions"
        everyone = portfolio(X, replace(rules, eci_for="all"))
        pd.testing.assert_series_equal(everyone.eci[core.regions], alone.eci)
        pd.testing.assert_series_equal(everyone.eci, complexity_from(M, found.pci))

    def test_a_reference_set(self):
        chosen = tuple(M.index[:25])
        found = complexity(M, Conventions(regions=chosen, eci_for="all"))
        alone = complexity(M.loc[list(chosen)])
        pd.testing.assert_series_equal(found.pci, alone.pci)
        pd.testing.assert_series_equal(found.eci, complexity_from(M, alone.pci))
        assert (found.diagnostics.dropped["reason"] == Reason.REFERENCE).sum() == 15

    def test_conventions_are_checked_and_told(self):
        for wrong in ({"basis": "phi"}, {"pci_scale": "z"}, {"minimum_ubiquity": 0}, {"precision": "half"}):
            with pytest.raises(ValueError, match=r"not|least"):
                Conventions(**wrong)
        told = Conventions(regions=("a", "b"), threshold=1.5).as_text()
        assert told["regions"] == "2"
        assert told["threshold"] == "1.5"
        assert told["loss_term"] == "True"
        assert CONVENTIONS.as_text()["regions"] == "all"


class TestReflections:
    def test_a_published_network(self):
        case = published("hh2009_toy_network.json")["published_by_hand"]
        found = reflections(TOY, 2)
        for step, names in enumerate(
            [("diversity_kc0", "ubiquity_kp0"), ("kc1_avg_ubiquity", "kp1_avg_diversity"), ("kc2", "kp2")]
        ):
            for side, name in zip((found.regions, found.industries), names, strict=True):
                assert side[step].tolist() == pytest.approx(case[name], abs=5e-4)

    def test_differences_shrink_and_tend_to_the_eigenvector(self):
        found = reflections(M, 16).regions
        assert found[16].std() < found[8].std() / 10 < found[2].std() / 100
        eci = complexity(M).eci
        far, near = (abs(np.corrcoef(found[step], eci)[0, 1]) for step in (2, 16))
        assert near > 0.999
        assert near > far

    def test_what_is_empty_is_missing_alone(self):
        wide = TOY.reindex(index=[*TOY.index, "idle"], columns=[*TOY.columns, "none"]).fillna(0.0)
        found = reflections(wide, 4)
        assert found.regions.loc["idle"].isna().all()
        pd.testing.assert_frame_equal(found.regions.drop("idle"), reflections(TOY, 4).regions)


class TestFitness:
    def test_a_published_network(self):
        steps = published("hh2009_toy_network.json")["derived"]["fitness_iterations_1_to_4"]
        for count, (regions, industries) in enumerate(steps, 1):
            found = fitness(TOY, iterations=count)
            assert found.fitness.to_numpy() == pytest.approx(regions, abs=1e-9)
            assert found.complexity.to_numpy() == pytest.approx(industries, abs=1e-9)

    def test_a_first_step_by_hand(self):
        found = fitness(TOY, iterations=1)
        # Diversity over its mean 2; ubiquity 1, 2, 2, 3 turned round over the mean of that, 7/12.
        assert found.fitness.tolist() == pytest.approx([2, 0.5, 1, 0.5])
        assert found.complexity.tolist() == pytest.approx([12 / 7, 6 / 7, 6 / 7, 4 / 7])

    def test_stops_when_the_order_is_stable(self):
        found = fitness(M)
        assert found.converged
        assert found.iterations < 1000
        assert found.fitness.mean() == pytest.approx(1)
        longer = fitness(M, iterations=found.iterations + 200)
        assert longer.fitness.rank().corr(found.fitness.rank()) > 0.999

    def test_the_corner_vanishes_without_a_floor(self):
        steps = np.tril(np.ones((12, 12)))[:, ::-1].T
        corner = pd.DataFrame(steps, index=[f"r{i}" for i in range(12)], columns=[f"c{i}" for i in range(12)])
        bare, floored = fitness(corner, iterations=3000), fitness(corner, floor=0.01, iterations=3000)
        assert bare.fitness.min() < 1e-2
        again = fitness(corner, floor=0.01, iterations=3200)
        assert floored.fitness.to_numpy() == pytest.approx(again.fitness.to_numpy(), rel=1e-9)
        later = fitness(corner, iterations=3200)
        assert bare.fitness.min() > later.fitness.min() * 1.01, "without a floor it still falls"
        assert floored.vanishing == 0

    def test_logs_and_limit(self):
        plain, logs = fitness(M, iterations=30), fitness(M, iterations=30, logs=True)
        assert np.exp(logs.fitness).to_numpy() == pytest.approx(plain.fitness.to_numpy())
        stopped = fitness(M, limit=3)
        assert stopped.iterations == 3
        assert not stopped.converged

    def test_empty_is_missing(self):
        wide = TOY.reindex(index=[*TOY.index, "idle"]).fillna(0.0)
        found = fitness(wide, iterations=4)
        assert np.isnan(found.fitness["idle"])
        pd.testing.assert_series_equal(found.fitness.drop("idle"), fitness(TOY, iterations=4).fitness)
        assert fitness(TOY * 0).fitness.isna().all()


class TestOutlookAndGain:
    def test_a_published_network(self):
        derived = published("hh2009_toy_network.json")["derived"]
        near = proximity(TOY, diagonal=True)
        dense, pci = density(TOY, near), complexity(TOY).pci
        assert outlook(TOY, dense, pci).to_numpy() == pytest.approx(derived["COI_raw"], abs=1e-9)
        found = gain(TOY, near, pci, loss_term=False)
        expected = np.where(TOY == 0, derived["COG_stata_no_loss_term"], np.nan)
        assert found.to_numpy() == pytest.approx(expected, abs=1e-9, nan_ok=True)

    def test_gain_is_what_the_outlook_gains(self):
        near = proximity(M)
        dense, pci = density(M, near), complexity(M).pci
        whole = gain(M, near, pci)
        assert whole.isna().equals(M == 1)
        region = M.index[3]
        options = M.columns[M.loc[region] == 0]
        before = outlook(M, dense, pci)[region]
        # Taken up for real: the others get nearer, and the industry itself is no option any more.
        for industry in options[:5]:
            more = M.loc[[region]].copy()
            more[industry] = 1.0
            after = outlook(more, density(more, near), pci)[region]
            assert whole.loc[region, industry] == pytest.approx(after - before)

    def test_the_loss_term_is_density_times_complexity(self):
        near = proximity(M)
        pci = complexity(M).pci
        lost = gain(M, near, pci, loss_term=False) - gain(M, near, pci)
        expected = (density(M, near) * pci).where(M == 0)
        pd.testing.assert_frame_equal(lost, expected, check_exact=False)

    def test_industries_without_a_score_count_for_nothing(self):
        near, pci = proximity(M), complexity(M).pci.copy()
        pci.iloc[7] = np.nan
        found = gain(M, near, pci)
        assert found.iloc[:, 7].isna().all()
        as_zero = gain(M, near, pci.fillna(0.0))
        pd.testing.assert_frame_equal(found.drop(columns=M.columns[7]), as_zero.drop(columns=M.columns[7]))
        dense = density(M, near)
        assert outlook(M, dense, pci).to_numpy() == pytest.approx(outlook(M, dense, pci.fillna(0)).to_numpy())
        assert outlook(M, dense, pci * np.nan).isna().all()

    def test_standardised_outlook(self):
        found = outlook(M, density(M, proximity(M)), complexity(M).pci, standardise=True)
        assert found.mean() == pytest.approx(0, abs=1e-12)
        assert found.std(ddof=0) == pytest.approx(1)


class TestDiamond:
    DENSE = pd.DataFrame(
        [[0.9, 0.4, 0.4, 0.2, 0.2], [0.5, 0.5, 0.5, 0.5, 0.1]], index=["a", "b"], columns=list("vwxyz")
    )
    M = pd.DataFrame([[1.0, 0, 0, 0, 0], [0, 1, 1, 1, 0]], index=["a", "b"], columns=list("vwxyz"))
    SCORE = pd.Series([9.0, 2, -2, 2, -2], index=list("vwxyz"))

    def test_by_hand(self):
        found = diamond(self.M, self.DENSE, self.SCORE)
        mine = found.options[found.options["region"] == "a"].set_index("industry")
        assert mine["quadrant"].to_dict() == {"w": "high_road", "x": "slow_road", "y": "casino", "z": "dead_end"}
        lines = found.lines.set_index("region")
        assert lines.loc["a"].tolist() == pytest.approx([0.3, 0])
        assert lines.loc["b"].tolist() == pytest.approx([0.3, 3.5])
        assert mine.loc["w", ["density", "complexity"]].tolist() == [0.4, 2]

    def test_pooled_and_median_lines(self):
        found = diamond(self.M, self.DENSE, self.SCORE, split="pooled")
        assert found.lines["density"].tolist() == pytest.approx([(0.4 + 0.4 + 0.2 + 0.2 + 0.5 + 0.1) / 6] * 2)
        median = diamond(self.M, self.DENSE, self.SCORE, split="pooled", centre="median", regions=["b"])
        assert median.lines.to_numpy().tolist() == [["b", pytest.approx(0.3), 0.0]]
        assert set(median.options["region"]) == {"b"}
        with pytest.raises(ValueError, match="mean or median"):
            diamond(self.M, self.DENSE, self.SCORE, split="country")
        with pytest.raises(KeyError, match="q"):
            diamond(self.M, self.DENSE, self.SCORE, regions=["q"])

    def test_on_the_line_is_near_and_complex(self):
        flat = pd.Series(1 / 3, index=list("vwxyz"))
        found = diamond(self.M, self.DENSE * 0 + 0.1, flat).options
        assert set(found["quadrant"]) == {"high_road"}

    def test_held_and_unknown_are_no_options_and_missing_scores_have_no_quadrant(self):
        m = self.M.copy()
        m.loc["a", "w"] = np.nan
        found = diamond(m, self.DENSE, self.SCORE.drop("x")).options
        mine = found[found["region"] == "a"].set_index("industry")
        assert mine.index.tolist() == ["x", "y", "z"]
        assert mine.loc["x", "quadrant"] is None
        # The line is that of the options that have both figures, so that both lie on it.
        assert mine.loc[["y", "z"], "quadrant"].tolist() == ["high_road", "slow_road"]

    def test_gain_may_take_the_place_of_complexity(self):
        by_cell = pd.DataFrame([self.SCORE, self.SCORE], index=["a", "b"])
        pd.testing.assert_frame_equal(
            diamond(self.M, self.DENSE, by_cell).options, diamond(self.M, self.DENSE, self.SCORE).options
        )


class TestPortfolio:
    @pytest.mark.parametrize("unknown", [False, True])
    def test_is_the_functions_one_by_one(self, unknown):
        x = X.copy()
        if unknown:
            x.iloc[2, 5], x.iloc[9, 11] = np.nan, np.nan
        found = portfolio(x)
        m = presence(x)
        near = proximity(m)
        dense, scores = density(m, near), complexity(m)
        pd.testing.assert_frame_equal(found.lq, location_quotients(x))
        pd.testing.assert_frame_equal(found.presence, m)
        pd.testing.assert_frame_equal(found.proximity, near)
        pd.testing.assert_frame_equal(found.density, dense)
        pd.testing.assert_series_equal(found.eci, scores.eci)
        pd.testing.assert_series_equal(found.pci, scores.pci)
        pd.testing.assert_series_equal(found.diversity, scores.diversity)
        pd.testing.assert_series_equal(found.ubiquity, scores.ubiquity)
        pd.testing.assert_series_equal(found.outlook, outlook(m, dense, scores.pci))
        pd.testing.assert_frame_equal(found.gain, gain(m, near, scores.pci))
        assert found.diagnostics.unknown == (2 if unknown else 0)
        assert found.reference_contains is True

    def test_conventions_reach_every_measure(self):
        rules = Conventions(threshold=1.2, minimum=0.5, basis="cosine", diagonal=True, pci_scale="own", loss_term=False)
        found = portfolio(X, rules)
        m = presence(X, 1.2, 0.5)
        near = proximity(m, "cosine", diagonal=True)
        scores = complexity(m, rules)
        pd.testing.assert_frame_equal(found.presence, m)
        pd.testing.assert_frame_equal(found.proximity, near)
        pd.testing.assert_series_equal(found.pci, scores.pci)
        pd.testing.assert_frame_equal(found.gain, gain(m, near, scores.pci, loss_term=False))

    def test_single_precision_is_good_for_six_digits(self):
        double, single = portfolio(X), portfolio(X, Conventions(precision="single"))
        assert single.diagnostics.precision == "single"
        assert single.presence.equals(double.presence.astype(np.float32))
        for name in ("lq", "density", "proximity", "gain", "eci", "pci", "outlook"):
            a, b = (np.asarray(getattr(p, name), dtype=float) for p in (single, double))
            assert a == pytest.approx(b, rel=2e-5, abs=2e-5, nan_ok=True), name

    def test_large_tables_go_the_threaded_way(self, monkeypatch):
        plain = portfolio(X)
        monkeypatch.setattr(bipartite, "SINGLE_FROM", 100)
        monkeypatch.setattr(bipartite, "BLOCK", 300)
        monkeypatch.setattr(bipartite, "TILE", 16)
        for basis in ("minimum", "jaccard"):
            large = portfolio(X, Conventions(precision="double", basis=basis))
            if basis == "minimum":
                for name in ("lq", "presence", "proximity", "density", "gain"):
                    pd.testing.assert_frame_equal(getattr(large, name), getattr(plain, name))
                pd.testing.assert_series_equal(large.outlook, plain.outlook)
            assert np.array_equal(large.proximity, large.proximity.T)

    def test_empty_regions_and_industries_are_missing_alone(self):
        wide = X.reindex(index=["idle", *X.index], columns=[*X.columns, "none"]).fillna(0.0)
        found, without = portfolio(wide), portfolio(X)
        for name in ("lq", "presence", "density", "gain"):
            frame = getattr(found, name)
            assert frame.loc["idle"].isna().all()
            assert frame["none"].isna().all()
            pd.testing.assert_frame_equal(frame.loc[X.index, X.columns], getattr(without, name))
        assert np.isnan(found.outlook["idle"])
        pd.testing.assert_series_equal(found.eci[X.index], without.eci)
        assert found.diagnostics.dropped["reason"].tolist() == [Reason.NO_ACTIVITY] * 2

    def test_without_scores_all_else_is_there(self):
        x = pd.DataFrame(
            np.kron(np.eye(2), np.arange(1.0, 10).reshape(3, 3)), index=list("abcdef"), columns=list("uvwxyz")
        )
        found = portfolio(x)
        assert found.diagnostics.state == State.DISCONNECTED
        assert found.eci.isna().all()
        assert found.gain.isna().all(axis=None)
        assert found.outlook.isna().all()
        assert found.density.notna().any(axis=None)

    @given(tables(2, 7))
    @FEW
    def test_any_table_gives_an_answer_within_bounds(self, x):
        found = portfolio(x)
        for frame in (found.density, found.proximity):
            assert not ((frame < 0) | (frame > 1 + 1e-12)).any(axis=None)
        assert not np.isinf(found.gain.to_numpy()).any()
        assert found.gain.where(found.presence == 1).isna().all(axis=None)
        assert (found.diversity == (found.presence == 1).sum(axis=1)).all()

    @given(st.randoms(use_true_random=False))
    @settings(max_examples=5)
    def test_order_does_not_matter(self, random):
        rows, columns = list(X.index), list(X.columns)
        random.shuffle(rows)
        random.shuffle(columns)
        found, plain = portfolio(X.loc[rows, columns]), portfolio(X)
        for name in ("gain", "density", "lq"):
            pd.testing.assert_frame_equal(getattr(found, name).loc[X.index, X.columns], getattr(plain, name), rtol=1e-9)
        pd.testing.assert_series_equal(found.eci[X.index], plain.eci, rtol=1e-9)

    def test_a_reference_area_of_its_own(self):
        area = X.sum() * np.linspace(0.5, 2, X.shape[1])
        found = portfolio(X, reference=area)
        assert found.reference_contains is None
        pd.testing.assert_frame_equal(found.lq, location_quotients(X, reference=area))

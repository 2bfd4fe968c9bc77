"""Beside the packages of the field: where they agree with us, and where one of them is wrong or fragile.

Packages: ``ecomplexity`` (Growth Lab at Harvard), ``econcomplex``, ``economic-complexity`` (Datawheel). Each test
computes the package's own answer, so that a repaired package shows.
"""

import warnings
from collections.abc import Callable
from typing import Any

import econcomplex
import economic_complexity as datawheel
import numpy as np
import pandas as pd
import pytest
from ecomplexity import ecomplexity

from analysis import bipartite
from analysis.complexity import (
    Conventions,
    Reason,
    State,
    complexity,
    density,
    fitness,
    gain,
    outlook,
    portfolio,
    proximity,
)
from analysis.specialisation import location_quotients, presence, structure
from tests.analysis.made_regions import TOY, amounts_by

X = amounts_by(60, 120)
M = presence(X)


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Harvard:
    """``ecomplexity`` on a wide frame, answers wide again."""

    def __init__(self, x: pd.DataFrame, **options: Any) -> None:
        rows = x.rename_axis(index="region", columns="industry").reset_index()
        rows = rows.melt("region", value_name="value").assign(year=2020)
        names = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
        plain = {"check_logsupermodularity": False, "verbose": False}
        self.rows = ecomplexity(rows, names, **(plain | options))

    def cells(self, name: str) -> pd.DataFrame:
        return self.rows.pivot_table(index="region", columns="industry", values=name, dropna=False)

    def regions(self, name: str) -> pd.Series:
        return self.rows.groupby("region")[name].first()

    def industries(self, name: str) -> pd.Series:
        return self.rows.groupby("industry")[name].first()


@pytest.fixture(scope="module")
def harvard() -> Harvard:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Harvard(X)


def gap(a: pd.DataFrame | pd.Series, b: pd.DataFrame | pd.Series) -> float:
    """Largest difference."""
    return float(np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float)).max())


def raw_centre(m: pd.DataFrame) -> float:
    """Mean of the ECI's raw vector in its standard deviations, with the sign of the ECI."""
    values = m.to_numpy()
    pair = bipartite.spectrum(values, values.sum(axis=1), values.sum(axis=0))
    sign = np.sign(pair.rows @ complexity(m).eci.to_numpy())
    return float(sign * pair.rows.mean() / pair.rows.std())


class TestAgreement:
    def test_quotients_and_presence(self, harvard):
        assert gap(harvard.cells("rca"), location_quotients(X)) < 1e-12
        assert gap(econcomplex.rca(X), location_quotients(X)) < 1e-12
        assert gap(datawheel.rca(X), location_quotients(X)) < 1e-12
        assert gap(harvard.cells("mcp"), M) == 0

    def test_structure(self):
        ours = structure(X, log_base=2)
        assert gap(econcomplex.krugman_index(X), ours["krugman"]) < 1e-12
        assert gap(econcomplex.specialization_coefficient(X), ours["specialisation"]) < 1e-12
        assert gap(econcomplex.hachman_index(X), ours["hachman"]) < 1e-12
        assert gap(econcomplex.shannon_entropy(X, base=2.0), ours["entropy"]) < 1e-12
        assert gap(econcomplex.herfindahl(X, normalize=False), ours["herfindahl"]) < 1e-12

    def test_proximity_and_density(self, harvard):
        with_itself = proximity(M, diagonal=True)
        assert gap(harvard.cells("density"), density(M, with_itself)) < 1e-12
        assert gap(econcomplex.proximity(X)["product"], proximity(M)) < 1e-12
        assert gap(econcomplex.density(X) / 100, density(M, proximity(M))) < 1e-12
        assert (
            gap(datawheel.relatedness(location_quotients(X), proximities=proximity(M)), density(M, proximity(M)))
            < 1e-12
        )

    def test_outlook_and_gain_on_the_raw_vector(self, harvard):
        near = proximity(M, diagonal=True)
        # The package takes the vector before it is centred.
        raw = complexity(M).pci + raw_centre(M)
        assert gap(harvard.regions("coi"), outlook(M, density(M, near), raw, standardise=True)) < 1e-9
        assert gap(harvard.cells("cog"), gain(M, near, raw, loss_term=False).fillna(0)) < 1e-9

    def test_fitness_tends_to_the_same_scores(self):
        theirs, _ = econcomplex.fitness_complexity(X, iterations=20)
        ours = fitness(M, iterations=20).fitness
        # They put the new fitness into the complexities of the same step: other values, the same order in the end.
        assert gap(theirs, ours) > 1e-6
        late, _ = econcomplex.fitness_complexity(X, iterations=300, tol=0)
        assert gap(late, fitness(M, iterations=300).fitness) < 1e-6


class TestTenPoints:
    def test_1_eci_agrees_and_twenty_reflections_do_not_converge(self, harvard):
        ours = complexity(M).eci
        theirs, _ = econcomplex.eci_pci(X)
        assert gap(harvard.regions("eci"), ours) < 1e-10
        assert gap(theirs, ours) < 1e-10
        reflected, _ = datawheel.complexity(datawheel.rca(X))
        scaled = (reflected - reflected.mean()) / reflected.std(ddof=0)
        assert gap(scaled, ours) > 1e-6
        # Nor do more help: what is left of the differences drowns in rounding.
        more, _ = datawheel.complexity(datawheel.rca(X), iterations=60)
        assert gap((more - more.mean()) / more.std(ddof=0), ours) > 0.5

    def test_2_scales_of_the_pci_are_named(self, harvard):
        assert gap(harvard.industries("pci"), complexity(M, Conventions(pci_scale="eci")).pci) < 1e-10
        _, own = econcomplex.eci_pci(X)
        assert gap(own, complexity(M, Conventions(pci_scale="own")).pci) < 1e-10
        # Only on one of the scales is the ECI the mean PCI of what is held.
        held = M.where(M == 1)
        assert gap((held * complexity(M).pci).mean(axis=1), complexity(M).eci) < 1e-10
        assert gap((held * own).mean(axis=1), complexity(M).eci) > 0.1

    def test_3_one_sign_for_both(self):
        eci, pci = econcomplex.eci_pci(TOY, use_rca=False)
        # C2 makes P2 alone.
        assert eci["C2"] < -1.5
        assert pci["P2"] > 1.5
        reflected, _ = datawheel.complexity(TOY)
        assert reflected["C2"] > 1, "the sign of the reflections"
        ours = complexity(TOY)
        assert ours.eci["C2"] == pytest.approx(ours.pci["P2"])
        assert ours.eci["C2"] < -1.5
        assert ours.eci.corr(ours.diversity) > 0

    def test_4_gain_is_spread_over_the_total_of_the_target(self):
        near, pci = proximity(M), complexity(M).pci
        option = (M == 0).to_numpy()
        dense = density(M, near)
        # By definition: what the outlook gains when one industry is taken up and stays an option.
        region, industry = next(zip(*np.nonzero(option), strict=True))
        added = M.copy()
        added.iat[region, industry] = 1.0  # noqa: PD009
        kept = (M == 0).astype(float).iloc[region]
        rise = ((density(added, near) - dense).iloc[region] * kept * pci).sum()
        ours = gain(M, near, pci, loss_term=False)
        assert ours.iloc[region, industry] == pytest.approx(rise)
        theirs = econcomplex.cog(X, pci)
        assert theirs.iloc[region, industry] != pytest.approx(rise, rel=1e-3)
        worst = np.abs(theirs.to_numpy()[option] - ours.to_numpy()[option]).max()
        assert worst > 0.1 * np.abs(ours.to_numpy()[option]).max()
        other = datawheel.opportunity_gain(location_quotients(X), pci=pci, proximities=near).to_numpy()[option]
        assert np.abs(other - gain(M, near, pci).to_numpy()[option]).max() > 0.1

    def test_5_the_diagonal_is_a_named_choice(self, harvard):
        with_itself, without = (density(M, proximity(M, diagonal=choice)) for choice in (True, False))
        assert gap(harvard.cells("density"), with_itself) < 1e-12
        assert gap(econcomplex.density(X) / 100, without) < 1e-12
        assert gap(with_itself, without) > 0.02

    def test_6_empty_rows_and_columns_are_missing_alone(self):
        x = X.copy()
        x.iloc[3], x.iloc[:, 5] = 0.0, 0.0
        theirs, _ = datawheel.complexity(datawheel.rca(x))
        assert theirs.isna().all()
        ours = portfolio(x)
        assert ours.eci.isna().tolist() == [i == 3 for i in range(60)]
        assert ours.pci.isna().tolist() == [i == 5 for i in range(120)]
        assert ours.diagnostics.dropped["reason"].tolist() == [Reason.NO_ACTIVITY] * 2
        right, _ = econcomplex.eci_pci(x)
        assert gap(right.drop("r003"), ours.eci.drop("r003")) < 1e-10

    def test_6_constant_diversity(self):
        # A chain: everyone holds two, so that diversity gives no sign.
        chain = pd.DataFrame(np.eye(5, 6) + np.eye(5, 6, 1), index=list("abcde"), columns=list("uvwxyz"))
        theirs = Harvard(chain, presence_test="manual")
        assert theirs.regions("eci").isna().all()
        ours = complexity(chain)
        assert ours.diagnostics.state == State.UNDETERMINED
        told = complexity(chain, orientation=pd.Series([5.0, 4, 3, 2, 1], index=list("abcde")))
        assert told.diagnostics.state == State.OK
        assert told.eci.is_monotonic_decreasing

    def test_7_ties_at_one(self):
        alike = np.outer([0.1, 0.3, 0.7, 1.1, 2.3], [3.0, 5, 7, 11, 13])
        x = pd.DataFrame(alike, index=list("abcde"), columns=list("vwxyz"))
        assert (econcomplex.rca(x) < 1).any(axis=None)
        # Rounding alone makes a ranking of regions that are all the same.
        noise, _ = econcomplex.eci_pci(x)
        assert noise.std() > 0.5
        reflected, _ = datawheel.complexity(datawheel.rca(x))
        assert reflected.std() > 0.5
        assert (presence(x) == 1).all(axis=None)
        assert portfolio(x).diagnostics.state == State.NOT_IDENTIFIED
        assert portfolio(x).eci.isna().all()

    def test_8_a_network_in_parts(self):
        block = np.array([[1.0, 1, 0], [0, 1, 1], [1, 1, 1]])
        parts = pd.DataFrame(np.kron(np.eye(2), block), index=list("abcdef"), columns=list("uvwxyz"))
        labels, _ = econcomplex.eci_pci(parts, use_rca=False)
        assert sorted(set(labels.round(6))) == [-1, 1], "names of the parts, not scores"
        ours = complexity(parts)
        assert ours.diagnostics.state == State.DISCONNECTED
        assert ours.diagnostics.components == 2
        assert ours.eci.isna().all()

    def test_9_presence_by_two_tests_is_zero_or_one(self):
        people = pd.DataFrame({"year": 2020, "region": X.index, "people": X.sum(axis=1).to_numpy()})
        theirs = Harvard(X, presence_test="both", pop=people).cells("mcp")
        assert theirs.max().max() == 2
        with pytest.raises(ValueError, match="not 1, 0"):
            complexity(theirs)

    @pytest.mark.parametrize(
        "package",
        [lambda x: econcomplex.eci_pci(x)[0], lambda x: datawheel.complexity(datawheel.rca(x))[0]],
        ids=["econcomplex", "economic-complexity"],
    )
    def test_9_negative_amounts_are_refused(self, package: Callable[[pd.DataFrame], pd.Series]):
        x = X.copy()
        x.loc["r004", "c007"] = -1000.0
        assert package(x).notna().any(), "goes through without a word"
        with pytest.raises(ValueError, match=r"r004, industry c007: -1000\.0 is negative"):
            portfolio(x)

    def test_9_an_unknown_cell_stays_one_cell(self):
        x = X.copy()
        x.loc["r004", "c007"] = np.nan
        with pytest.raises(ValueError, match="trimming"):
            econcomplex.eci_pci(x)
        ours = portfolio(x)
        assert ours.eci.notna().all()
        assert ours.diagnostics.unknown == 1
        assert ours.lq.isna().sum().sum() == 1
        assert gap(ours.eci, portfolio(X).eci) < 0.5

    @pytest.mark.parametrize("held", [2, 10])
    def test_10_without_cleaning_noise_leads(self, held):
        scores = complexity(M)
        # A territory with hardly any activity, by chance in some of the most complex industries.
        best = scores.pci.nlargest(held).index
        speck = pd.DataFrame(0.0, index=["speck"], columns=X.columns)
        speck.loc["speck", best] = 1e-6 * X.sum()[best]
        x = pd.concat([X, speck])
        for theirs in (Harvard(x).regions("eci"), econcomplex.eci_pci(x)[0]):
            if held == 10:
                assert theirs.idxmax() == "speck"
            else:
                # It even turns the ranking of all others round.
                assert theirs.drop("speck").corr(scores.eci) < 0
        ours = portfolio(x, Conventions(minimum_region=float(X.sum(axis=1).min())))
        assert np.isnan(ours.eci["speck"])
        dropped = ours.diagnostics.dropped
        assert dropped["unit"].tolist() == ["speck"]
        assert dropped["reason"].tolist() == [Reason.SIZE]
        pd.testing.assert_series_equal(ours.eci.drop("speck"), scores.eci, check_names=False)
        assert ours.density.loc["speck"].notna().all()
        # Left in, it shows by how little diversity still tells the sign.
        assert portfolio(x).diagnostics.correlation < 0.5 * scores.diagnostics.correlation

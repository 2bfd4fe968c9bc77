"""Sigma and beta convergence: hand-computed panels and statsmodels as the reference."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis import convergence
from analysis.model import Trend
from tests.analysis.conftest import series


def panel(values: dict[str, dict[int, float]]) -> pd.DataFrame:
    return pd.concat([series("x", region, list(cells.items())) for region, cells in values.items()])


def closing(n: int = 12) -> pd.DataFrame:
    return panel({f"R{i:02}": {2010: 50.0 + 10 * i, 2020: 100.0 + 2 * i} for i in range(n)})


class TestSigma:
    def test_coefficient_of_variation_by_hand(self):
        # 1..5: mean 3, population deviation sqrt 2: 47.14 %. All 3: 0 %.
        frame = panel({f"R{i}": {2010: float(i), 2020: 3.0} for i in range(1, 6)})
        found = convergence.sigma(frame)
        assert found.frame["cv"].tolist() == pytest.approx([math.sqrt(2) / 3 * 100, 0.0])
        assert found.frame["mean"].tolist() == [3.0, 3.0]
        assert found.change == pytest.approx(-math.sqrt(2) / 3 * 100)
        assert found.trend == Trend.NARROWED

    def test_weighted_by_hand(self):
        # Values 1..5 with weights 1, 1, 1, 1, 6: mean 40 / 10 = 4; variance (9 + 4 + 1 + 0 + 6) / 10 = 2.
        frame = panel({f"R{i}": {2010: float(i), 2020: float(i)} for i in range(1, 6)})
        people = panel({f"R{i}": dict.fromkeys((2010, 2020), 6.0 if i == 5 else 1.0) for i in range(1, 6)})
        found = convergence.sigma(frame, weights=people)
        assert found.frame["weighted_mean"].tolist() == pytest.approx([4.0, 4.0])
        assert found.frame["cv_weighted"].tolist() == pytest.approx([math.sqrt(2) / 4 * 100] * 2)

    def test_only_regions_present_in_every_year_count(self):
        frame = pd.concat([closing(), series("x", "NEW", [(2020, 500.0)]), series("x", "GAP", [(2010, 1.0)])])
        found = convergence.sigma(frame)
        assert len(found.regions) == 12
        assert found.dropped == ("GAP", "NEW")
        assert found.frame["cv"].tolist() == pytest.approx(convergence.sigma(closing()).frame["cv"].tolist())

    def test_band_decides_the_trend(self):
        assert convergence.sigma(closing()).trend == Trend.NARROWED
        back = closing().assign(period=lambda f: 2030 - f["period"])
        assert convergence.sigma(back).trend == Trend.WIDENED
        # Every region keeps its distance in proportion but for a little noise: nothing is claimed.
        noise = np.random.default_rng(3).normal(0, 5, 12)
        still = panel({f"R{i:02}": {2010: 50.0 + 10 * i, 2020: 50.0 + 10 * i + noise[i]} for i in range(12)})
        found = convergence.sigma(still)
        assert found.change_low < 0 < found.change_high
        assert found.trend == Trend.UNCLEAR

    def test_unit_does_not_matter_and_seed_repeats(self):
        a, b = convergence.sigma(closing()), convergence.sigma(closing().assign(value=lambda f: f["value"] * 1000))
        np.testing.assert_allclose(a.frame[["cv", "low", "high"]], b.frame[["cv", "low", "high"]])
        pd.testing.assert_frame_equal(a.frame, convergence.sigma(closing()).frame)

    def test_too_few_regions(self):
        found = convergence.sigma(closing(4))
        assert found.trend == Trend.NOT_COMPUTABLE
        assert found.frame.empty

    def test_flags_travel(self):
        frame = closing()
        frame.loc[frame["period"] == 2020, "flags"] = "p"
        assert convergence.sigma(frame).flags == "p"


class TestBeta:
    def noisy(self, n: int = 40) -> pd.DataFrame:
        random = np.random.default_rng(5)
        initial = np.exp(random.normal(9.5, 0.4, n))
        growth = 0.2 - 0.018 * np.log(initial) + random.normal(0, 0.004, n)
        return panel({f"R{i:02}": {2005: initial[i], 2020: initial[i] * math.exp(15 * growth[i])} for i in range(n)})

    def test_agrees_with_statsmodels(self):
        sm = pytest.importorskip("statsmodels.api")
        found = convergence.beta(self.noisy(), 2005, 2020)
        wide = self.noisy().pivot_table(index="region", columns="period", values="value")
        growth = np.log(wide[2020] / wide[2005]) / 15
        logs = np.log(wide[2005])
        fit = sm.OLS(growth.to_numpy(), sm.add_constant(logs.to_numpy())).fit(cov_type="HC3", use_t=True)
        assert [found.intercept, found.slope] == pytest.approx(fit.params.tolist())
        assert [found.slope_low, found.slope_high] == pytest.approx(fit.conf_int()[1].tolist())
        assert found.p_value == pytest.approx(fit.pvalues[1])
        assert found.r_squared == pytest.approx(fit.rsquared)
        line = fit.get_prediction(sm.add_constant(np.log(found.grid["initial"].to_numpy()))).summary_frame()
        expected = line[["mean", "mean_ci_lower", "mean_ci_upper"]].to_numpy() * 100
        np.testing.assert_allclose(found.grid[["fit", "low", "high"]].to_numpy(), expected)

    def test_exact_line_gives_its_speed_and_half_life(self):
        # Barro and Sala-i-Martin: with a speed of 2 % a year the gap halves in ln 2 / 0.02 = 34.66 years, and over
        # ten years the average growth falls by (1 - exp(-0.2)) / 10 = 0.018127 for each log point of the start.
        slope = -(1 - math.exp(-0.2)) / 10
        starts = [8000.0, 12000.0, 15000.0, 20000.0, 26000.0, 40000.0]
        frame = panel(
            {f"R{i}": {2010: s, 2020: s * math.exp(10 * (0.2 + slope * math.log(s)))} for i, s in enumerate(starts)}
        )
        found = convergence.beta(frame, 2010, 2020)
        assert found.slope == pytest.approx(slope)
        assert found.speed == pytest.approx(0.02)
        assert found.half_life == pytest.approx(34.657359)
        assert found.trend == Trend.NARROWED
        assert found.points["growth"].iloc[0] == pytest.approx(100 * (0.2 + slope * math.log(8000.0)))

    def test_divergence_has_no_half_life(self):
        starts = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
        frame = panel({f"R{i}": {2010: s, 2020: s**1.2} for i, s in enumerate(starts)})
        found = convergence.beta(frame, 2010, 2020)
        assert found.trend == Trend.WIDENED
        assert math.isnan(found.half_life)

    def test_no_link_is_not_claimed(self):
        random = np.random.default_rng(8)
        frame = panel({f"R{i:02}": {2010: 10.0 + i, 2020: (10.0 + i) * random.uniform(0.9, 1.4)} for i in range(20)})
        assert convergence.beta(frame, 2010, 2020).trend == Trend.UNCLEAR

    def test_breaks_and_missing_ends_are_dropped_and_listed(self):
        frame = pd.concat(
            [
                closing(),
                series("x", "CUT", [(2010, 9.0), (2015, 9.0, "b"), (2020, 99.0)]),
                series("x", "END", [(2010, 9.0)]),
                series("x", "NIL", [(2010, 0.0), (2020, 5.0)]),
                series("x", "OLD", [(2010, 55.0, "b"), (2020, 101.0)]),
            ]
        )
        found = convergence.beta(frame, 2010, 2020)
        assert found.dropped == ("CUT", "END", "NIL")
        assert found.n == 13

    def test_refuses_what_cannot_be(self):
        assert convergence.beta(closing(4), 2010, 2020).trend == Trend.NOT_COMPUTABLE
        with pytest.raises(ValueError, match="after the first"):
            convergence.beta(closing(), 2020, 2010)

    def test_unit_does_not_matter(self):
        a = convergence.beta(self.noisy(), 2005, 2020)
        b = convergence.beta(self.noisy().assign(value=lambda f: f["value"] * 7), 2005, 2020)
        assert b.slope == pytest.approx(a.slope)
        assert b.speed == pytest.approx(a.speed)


def test_real_area_has_converged_since_2000(starter):
    gdp = starter[(starter["region"].str.len() == 4) & ~starter["region"].str.endswith("ZZ")]
    gdp = gdp[gdp["dataset"] == "NAMA_10R_2GDP"]
    # Of the dataset's units only purchasing power standards per head are published in hundreds.
    hundreds = (gdp["value"] % 100 == 0).groupby(gdp["indicator"]).mean()
    gdp = gdp[gdp["indicator"] == hundreds.idxmax()]
    found = convergence.sigma(gdp, first=2005, last=2023)
    assert found.trend == Trend.NARROWED
    assert len(found.regions) > 75
    assert convergence.beta(gdp, 2005, 2023).trend == Trend.NARROWED

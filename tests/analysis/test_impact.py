"""Impact of pilots: hand-computed and known examples, and what must hold whatever the figures."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import impact
from analysis.impact import Difference, Impact, Panel, Reason, Synthetic


def a_panel(own: list[float], others: list[list[float]], start: int, first: int = 2010) -> Panel:
    """Series of the region and of the others, one list each."""
    years = tuple(range(first, first + len(own)))
    donors = tuple(f"D{n}" for n in range(len(others)))
    return Panel("T", years, np.array(own, float), donors, np.array(others, float).T, start)


def test_two_by_two_by_hand() -> None:
    # Card & Krueger (1994, table 3), employees per restaurant: New Jersey 20.44 -> 21.03, Pennsylvania 23.33 -> 21.17:
    # the difference of the changes is 0.59 + 2.16 = 2.75 (they print 2.76, from unrounded means).
    found = impact.difference(a_panel([20.44, 21.03], [[23.33, 21.17], [23.33, 21.17]], 2011))
    assert isinstance(found, Difference)
    assert found.estimate == pytest.approx(2.75)
    assert found.change == pytest.approx(0.59)
    assert found.peers_change == pytest.approx(-2.16)


def test_placebos_by_hand() -> None:
    # Changes of five peers: 0, 1, 2, 3, 4; each beside the mean of the other four: -2.5, -1.25, 0, 1.25, 2.5.
    others = [[10.0, 10.0 + n] for n in range(5)]
    found = impact.difference(a_panel([10.0, 17.0], others, 2011))
    assert isinstance(found, Difference)
    assert found.estimate == pytest.approx(5.0)
    assert found.test.others == pytest.approx([-2.5, -1.25, 0, 1.25, 2.5])
    assert found.test.p == pytest.approx(1 / 6)
    # With six regions no share can be as small as a tenth: nothing could be told, and no range is given.
    assert (found.test.limit, found.low, found.high) == (None, None, None)


def test_a_limit_is_what_must_be_reached() -> None:
    sizes = np.arange(1.0, 20.0)  # 19 others: with the region 20, of which two may be as large
    under, at, over = (impact.placebos(own, sizes) for own in (17.9, 18.0, 18.1))
    assert at.limit == 18.0
    assert under.p == pytest.approx(3 / 20)
    assert at.p == pytest.approx(3 / 20)  # a tie counts against the region
    assert over.p == pytest.approx(2 / 20)
    assert impact.placebos(5.0, np.arange(1.0, 9.0)).limit is None


def test_weights_that_are_known_exactly() -> None:
    draw = np.random.default_rng(7)
    others = draw.normal(50, 8, (12, 6))
    true = np.array([0.5, 0.0, 0.3, 0.0, 0.2, 0.0])
    assert impact.weights(others @ true, others) == pytest.approx(true, abs=1e-5)


def test_a_region_outside_takes_the_nearest_corner() -> None:
    others = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]])
    assert impact.weights(np.full(3, 5.0), others) == pytest.approx([0.0, 1.0], abs=1e-6)


def test_a_known_effect_is_found() -> None:
    draw = np.random.default_rng(3)
    steps = draw.normal(0, 1, (16, 12)).cumsum(axis=0) + 50
    own = steps @ np.array([0.6, 0.4, *[0.0] * 10])
    own[12:] += 9.0
    found = impact.synthetic(a_panel(own.tolist(), steps.T.tolist(), 2022))
    assert isinstance(found, Synthetic)
    assert found.effect == pytest.approx(9.0, abs=0.01)
    assert found.before_error == pytest.approx(0.0, abs=0.01)
    assert found.test is not None
    assert found.test.p == pytest.approx(1 / 13)
    assert not found.poor
    assert found.weights[:2] == pytest.approx([0.6, 0.4], abs=0.01)


def test_nothing_after_is_a_result_with_a_rehearsal() -> None:
    draw = np.random.default_rng(5)
    frame = pd.DataFrame(
        [
            {"region": f"R{n}", "year": year, "value": 50 + n + draw.normal()}
            for n in range(12)
            for year in range(2012, 2024)
        ]
    )
    found = impact.impact(frame, "R0", [f"R{n}" for n in range(12)], 2025)
    assert isinstance(found, Impact)
    assert found.difference == Reason.NOTHING_AFTER
    assert isinstance(found.synthetic, Synthetic)
    assert found.synthetic.effect is None
    assert "R0" not in found.panel.donors
    assert found.rehearsal is not None
    assert found.rehearsal.test.limit is not None


def test_reasons() -> None:
    rows = [(f"R{n}", year, 1.0 * n + year) for n in range(6) for year in range(2018, 2024)]
    frame = pd.DataFrame(rows, columns=["region", "year", "value"])
    peers = [f"R{n}" for n in range(6)]
    assert impact.impact(frame, "XX", peers, 2022) == Reason.NO_SERIES
    assert impact.impact(frame, "R0", peers, 2020) == Reason.SHORT_BEFORE
    assert impact.impact(frame, "R0", peers[:4], 2022) == Reason.FEW_DONORS
    gaps = frame[~((frame["region"] == "R3") & (frame["year"] == 2020))]
    held = impact.panel(gaps, "R0", peers, 2022)
    assert isinstance(held, Panel)
    assert held.donors == ("R1", "R2", "R4", "R5")
    few = impact.impact(frame, "R0", peers, 2021)
    assert isinstance(few, Impact)
    assert few.synthetic == Reason.SHORT_BEFORE  # means can be compared, a mixture would rest on three years
    assert few.rehearsal is None


def test_the_first_full_year() -> None:
    assert impact.first_full_year(1, 2024) == 2024
    assert impact.first_full_year(7, 2024) == 2025


series = arrays(float, (9, 5), elements=st.floats(-100, 100, allow_nan=False, width=32))


@settings(max_examples=60)
@given(series, arrays(float, 9, elements=st.floats(-100, 100, allow_nan=False, width=32)))
def test_weights_lie_on_the_simplex_and_no_corner_is_nearer(others: np.ndarray, own: np.ndarray) -> None:
    found = impact.weights(own, others)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1.0, abs=1e-9)
    reached = np.sum((own - others @ found) ** 2)
    corners = np.sum((own[:, None] - others) ** 2, axis=0)
    scale = max(float(np.mean(others**2)), 1.0)
    assert reached <= corners.min() + 1e-3 * scale


@settings(max_examples=40)
@given(series, st.permutations(range(5)))
def test_the_order_of_peers_does_not_matter(others: np.ndarray, order: list[int]) -> None:
    own = others.mean(axis=1) + np.linspace(0, 1, 9)
    straight = impact.difference(a_panel(own.tolist(), others.T.tolist(), 2016))
    turned = impact.difference(a_panel(own.tolist(), others.T[order].tolist(), 2016))
    assert isinstance(straight, Difference)
    assert isinstance(turned, Difference)
    assert turned.estimate == pytest.approx(straight.estimate, abs=1e-9)
    assert turned.test.others == pytest.approx(straight.test.others[order], abs=1e-9)
    assert turned.test.p == pytest.approx(straight.test.p)
    mixed = impact.weights(own, others)
    assert impact.weights(own, others[:, order]) == pytest.approx(mixed[order], abs=1e-4)


@settings(max_examples=40)
@given(series, st.lists(st.floats(-1e3, 1e3), min_size=9, max_size=9), st.floats(-1e3, 1e3))
def test_levels_and_common_shocks_change_no_difference(others: np.ndarray, shocks: list[float], level: float) -> None:
    own = others[:, 0] * 0.5 + np.arange(9)
    plain = impact.difference(a_panel(own.tolist(), others.T.tolist(), 2015))
    common = np.array(shocks)
    moved = impact.difference(a_panel((own + common + level).tolist(), (others + common[:, None]).T.tolist(), 2015))
    assert isinstance(plain, Difference)
    assert isinstance(moved, Difference)
    assert moved.estimate == pytest.approx(plain.estimate, abs=1e-6)


@given(st.floats(0.1, 50), st.lists(st.floats(-40, 40), min_size=4, max_size=30))
def test_a_larger_effect_is_never_less_surprising(size: float, others: list[float]) -> None:
    shares = [impact.placebos(size * factor, np.array(others)).p for factor in (0.5, 1.0, 2.0)]
    assert all(later <= earlier for earlier, later in pairwise(shares))
    assert all(1 / (len(others) + 1) <= share <= 1 for share in shares)

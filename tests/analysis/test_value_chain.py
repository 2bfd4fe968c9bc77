"""Value added in trade, positions, smile curves and shocks: by hand, published, and what must hold for any table."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import shocks, value_chain
from analysis.input_output import TableError
from analysis.value_chain import DemandChange, LostSupplier, System
from tests.analysis.made_tables import ANY, INTER_COUNTRY, SEEDS, made, table, textbook, two_countries
from tests.analysis.test_input_output import reference

FEW = settings(max_examples=20)
AMOUNTS = ("exports", "domestic_content", "foreign_content", "dva", "ddc", "vax", "ref", "davax", "gvc", "fva", "fdc")
PUBLISHED = {
    "EXGR": "exports",
    "DC": "domestic_content",
    "DVA": "dva",
    "DDC": "ddc",
    "FC": "foreign_content",
    "VAX": "vax",
    "REF": "ref",
    "DAVAX": "davax",
    "DVX": "dvx",
    "FVA": "fva",
    "FDC": "fdc",
    "GVC": "gvc",
    "GVCB": "gvc_backward",
    "GVCF": "gvc_forward",
}


# By hand: A = [[.1, .1], [.3, .2]], L = [[.8, .1], [.3, .9]] / .69, v = (.6, .7), exports 20 + 20 and 30 + 30.


def test_value_added_in_trade_by_hand():
    row = value_chain.trade_in_value_added(System(two_countries())).set_index("country").loc["HU"]
    expected = {
        "exports": 40.0,
        "domestic_content": 0.6 * 0.8 / 0.69 * 40,
        "foreign_content": 0.7 * 0.3 / 0.69 * 40,
        "remainder": 0.0,
        "dva": 0.6 / 0.9 * 40,
        "ddc": (0.6 * 0.8 / 0.69 - 0.6 / 0.9) * 40,
        "vax": 0.6 * (0.8 * 20 + 0.1 * 100) / 0.69,
        "ref": 0.6 / 0.9 * 40 - 0.6 * 26 / 0.69,
        # 20 for final use, and of what the other makes for itself, 100 / .8, a tenth is inputs from here.
        "davax": 0.6 / 0.9 * (20 + 0.1 * 100 / 0.8),
        "gvc": 40 - 0.6 / 0.9 * 32.5,
        "fva": 0.7 * 0.3 / 0.8 / 0.9 * 40,
        "fdc": 0.7 * 0.3 / 0.69 * 40 - 0.7 * 0.3 / 0.8 / 0.9 * 40,
        "dvx": 0.6 * 0.1 / 0.69 * 60,
        "backward": 0.7 * 0.3 / 0.69,
        "forward": 0.6 * 0.1 / 0.69 * 60 / 40,
    }
    assert row[list(expected)].astype(float).to_dict() == pytest.approx(expected, abs=1e-9)
    assert row["position"] == pytest.approx(math.log(1 + expected["forward"]) - math.log(1 + expected["backward"]))


def test_bilateral_and_origins_by_hand():
    system = System(two_countries())
    absorbed = value_chain.bilateral(system).set_index(["country", "absorber"])
    assert absorbed.loc[("HU", "AT"), "value_added"] == pytest.approx(0.6 * 26 / 0.69)
    assert absorbed.loc[("HU", "AT"), "exports"] == 40
    assert absorbed.loc[("AT", "HU"), "value_added"] == pytest.approx(0.7 * (0.3 * 50 + 0.9 * 30) / 0.69)
    assert absorbed.loc[("HU", "HU"), "exports"] == 0
    came = value_chain.origins(system).set_index(["exporter", "origin"])["value"]
    assert came["HU", "AT"] == pytest.approx(0.7 * 0.3 / 0.69 * 40)
    assert came["AT", "HU"] == pytest.approx(0.6 * 0.1 / 0.69 * 60)


def test_participation_in_production_by_hand():
    row = value_chain.production_participation(System(two_countries())).iloc[0]
    # 20 of 100 leave as inputs and 20 as final products, and .1 of each round is bought at home.
    assert row["forward"] == pytest.approx(20 / 0.9 / 100)
    assert row["traditional"] == pytest.approx(20 / 0.9 / 100)
    assert row["domestic"] == pytest.approx(50 / 0.9 / 100)
    # The other makes 100 / .8 for itself, with a tenth of it from here.
    assert row["forward_simple"] == pytest.approx(12.5 / 0.9 / 100)
    assert row["backward"] == pytest.approx(1 - 0.6 / 0.9)


def test_published_value_added_in_trade():
    case = reference("leather_icio_3x3.json")
    system = System(leather(case))
    result = value_chain.trade_in_value_added(system).set_index("country")
    derived = case["derived"]
    for country, amounts in derived["trade_in_value_added_by_country"].items():
        for name, value in amounts.items():
            assert result.loc[country, PUBLISHED[name]] == pytest.approx(value, abs=1e-9), (country, name)
    assert result["dvx"].tolist() == pytest.approx(derived["FVA_forward_by_country_DVX"])
    stands = value_chain.positions(system)
    assert stands["upstreamness"].tolist() == pytest.approx(derived["upstreamness"])
    assert stands["downstreamness"].tolist() == pytest.approx(derived["downstreamness"])
    industries = value_chain.chain_frames(system).parts["industries"]
    published, near = case["published_tests"], case["published_tests"]["relative_tolerance"]
    for place, name in ((0, "sector0"), (8, "sector8")):
        assert industries["foreign_content"][place] == pytest.approx(published["gvc_i2e"][name], rel=near)
        assert industries["dvx"][place] == pytest.approx(published["gvc_e2r"][name], rel=near)


def leather(case: dict[str, Any]) -> Any:
    columns = [(country, "households") for country in case["countries"]]
    return table(case["countries"], case["industries"], case["Z"], case["Y"], columns, output=case["x"])


def test_other_decompositions_count_foreign_value_added_otherwise():
    # Koopman, Wang & Wei agree on what is domestic and what crosses twice, and split foreign content another way.
    case = reference("leather_icio_3x3.json")
    result = value_chain.decomposition(System(leather(case)))
    theirs = {name: np.array(values) for name, values in case["computed_by_decompr"]["kww"].items() if name[0] != "C"}
    assert result["ddc"].tolist() == pytest.approx(list(theirs["DDC"]), rel=1e-6)
    domestic = sum(theirs[name] for name in ("DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN", "RDV_INT"))
    assert result["dva"].tolist() == pytest.approx(list(domestic), rel=1e-6)
    foreign = theirs["FVA_FIN"] + theirs["FVA_INT"] + theirs["FDC"]
    assert result["foreign_content"].tolist() == pytest.approx(list(foreign), rel=1e-6)
    assert (result["fdc"].to_numpy() < 0.3 * theirs["FDC"]).all()
    assert value_chain.DECOMPOSITION.startswith("Borin-Mancini")


# What must hold for any table.


@FEW
@given(INTER_COUNTRY)
def test_decomposition_adds_up_on_every_level(made_up: Any):
    system = System(made_up)
    flows, sectors = (value_chain.decomposition(system, by=by) for by in ("bilateral", "industry"))
    whole = value_chain.decomposition(system)
    for frame in (whole, flows, sectors):
        parts = {name: frame[name].to_numpy() for name in frame.columns if frame[name].dtype == float}
        assert parts["domestic_content"] + parts["foreign_content"] == pytest.approx(parts["exports"])
        assert parts["remainder"] == pytest.approx(np.zeros(len(frame)), abs=1e-9)
        assert parts["dva"] + parts["ddc"] == pytest.approx(parts["domestic_content"])
        assert parts["fva"] + parts["fdc"] == pytest.approx(parts["foreign_content"])
        assert parts["davax"] + parts["gvc"] == pytest.approx(parts["exports"])
        assert parts["gvc_backward"] + parts["gvc_forward"] == pytest.approx(parts["gvc"])
        assert (parts["ddc"] > -1e-9).all()
        assert (parts["fdc"] > -1e-9).all()
        assert (parts["gvc_forward"] > -1e-9).all()
    for frame in (whole, flows):
        assert (frame["vax"] + frame["ref"]).tolist() == pytest.approx(frame["dva"].tolist())
        assert (frame["vax"] >= frame["davax"] - 1e-9).all()
    for name in set(whole.columns) - {"country"}:
        summed = flows.groupby("exporter")[name].sum()
        assert whole[name].tolist() == pytest.approx(summed.tolist(), abs=1e-9), name
        if name not in ("vax", "ref"):
            assert whole[name].tolist() == pytest.approx(sectors.groupby("country")[name].sum().tolist(), abs=1e-9)


@FEW
@given(INTER_COUNTRY)
def test_value_added_is_neither_lost_nor_made(made_up: Any):
    system = System(made_up)
    assert system.shares @ system.inverse == pytest.approx(np.ones(system.size))
    absorbed = value_chain.bilateral(system)
    made_here = pd.Series(system.value_added).groupby(system.country_of).sum()
    assert absorbed.groupby("country")["value_added"].sum().tolist() == pytest.approx(made_here.tolist())
    used = made_up.final.sum(axis=0)
    assert absorbed.groupby("absorber")["value_added"].sum().tolist() == pytest.approx(used.tolist())
    abroad = absorbed[absorbed["country"] != absorbed["absorber"]].groupby("country")["value_added"].sum()
    assert value_chain.decomposition(system)["vax"].tolist() == pytest.approx(abroad.tolist())
    came = value_chain.origins(system).groupby("exporter")["value"].sum()
    assert came.tolist() == pytest.approx(value_chain.decomposition(system)["exports"].tolist())


@FEW
@given(INTER_COUNTRY)
def test_country_figures_equal_the_textbook_matrices(made_up: Any):
    system = System(made_up)
    n, groups = len(made_up.industries), len(made_up.countries)
    inverse, technical = system.inverse, made_up.flows / made_up.output
    result = value_chain.trade_in_value_added(system)
    for place in range(groups):
        own = slice(place * n, (place + 1) * n)
        other = np.r_[0 : place * n, (place + 1) * n : groups * n]
        v, exports = system.shares, system.exports
        local = np.linalg.inv(np.eye(n) - technical[own, own])
        direct = np.zeros(n)
        for buyer in set(range(groups)) - {place}:
            there = slice(buyer * n, (buyer + 1) * n)
            at_home = np.linalg.inv(np.eye(n) - technical[there, there]) @ made_up.final[there, buyer]
            direct += made_up.final[own, buyer] + technical[own, there] @ at_home
        split = inverse[np.ix_(other, np.arange(own.start, own.stop))] @ np.linalg.inv(inverse[own, own]) @ local
        row = result.iloc[place]
        assert row["dva"] == pytest.approx(v[own] @ local @ exports[own])
        assert row["davax"] == pytest.approx(v[own] @ local @ direct)
        assert row["fva"] == pytest.approx(v[other] @ split @ exports[own])
        assert row["dvx"] == pytest.approx(v[own] @ inverse[own][:, other] @ exports[other])


@FEW
@given(INTER_COUNTRY)
def test_shares_in_production_sum_to_one(made_up: Any):
    frame = value_chain.production_participation(System(made_up))
    assert (frame["domestic"] + frame["traditional"] + frame["forward"]).tolist() == pytest.approx([1.0] * len(frame))
    assert (frame["forward_complex"] > -1e-9).all()
    system = System(made_up)
    # Backward in full: v H A_F L, per unit of final product.
    n = len(made_up.industries)
    technical = made_up.flows / made_up.output
    home = np.kron(np.eye(len(made_up.countries)), np.ones((n, n))) * technical
    local = np.linalg.inv(np.eye(system.size) - home)
    crossed = system.shares @ local @ (technical - home) @ system.inverse
    assert frame["backward"].tolist() == pytest.approx(list(crossed))
    forward = (local @ (technical - home) @ system.inverse @ system.final) / system.output
    assert frame["forward"].tolist() == pytest.approx(list(forward))


@FEW
@given(INTER_COUNTRY)
def test_mean_positions_of_the_world_are_output_over_value_added(made_up: Any):
    system = System(made_up)
    frame = value_chain.positions(system, by="country")
    value_added = pd.Series(system.value_added).groupby(system.country_of).sum()
    final = pd.Series(system.final).groupby(system.country_of).sum()
    length = system.output.sum() / system.value_added.sum()
    assert (frame["upstreamness"] * value_added).sum() / value_added.sum() == pytest.approx(length)
    assert (frame["downstreamness"] * final).sum() / final.sum() == pytest.approx(length)


@FEW
@given(INTER_COUNTRY, SEEDS, st.floats(1e-2, 1e4))
def test_country_figures_ignore_the_order_of_countries_and_scale_with_the_unit(made_up: Any, seed: int, unit: float):
    n, groups = len(made_up.industries), len(made_up.countries)
    order = np.random.default_rng(seed).permutation(groups)
    rows = (order[:, None] * n + np.arange(n)).ravel()
    other = replace(
        made_up,
        countries=tuple(made_up.countries[g] for g in order),
        flows=made_up.flows[np.ix_(rows, rows)] * unit,
        final=made_up.final[rows][:, order] * unit,
        final_columns=tuple(made_up.final_columns[g] for g in order),
        output=made_up.output[rows] * unit,
        value_added=made_up.value_added[rows] * unit,
        jobs=made_up.jobs[rows],
    )
    mine = value_chain.trade_in_value_added(System(made_up)).set_index("country")
    theirs = value_chain.trade_in_value_added(System(other)).set_index("country").loc[mine.index]
    for name in mine.columns:
        scale = 1.0 if name in ("backward", "forward", "position", "upstreamness", "downstreamness") else unit
        expected = (mine[name] * scale).tolist()
        assert theirs[name].tolist() == pytest.approx(expected, rel=1e-6, abs=1e-9 * scale), name


def test_published_value_added_leaves_the_taxes_as_remainder():
    made_up = made(2, 2, 8)
    taxed = replace(made_up, value_added=made_up.value_added * 0.9, taxes=made_up.value_added * 0.1)
    given_one = value_chain.decomposition(System(taxed, value_added="given"))
    assert (given_one["gvc_backward"] + given_one["gvc_forward"]).tolist() == pytest.approx(given_one["gvc"].tolist())
    assert given_one["remainder"].tolist() == pytest.approx((given_one["exports"] * 0.1).tolist())
    residual = System(taxed)
    assert value_chain.decomposition(residual)["remainder"].tolist() == pytest.approx([0.0, 0.0], abs=1e-9)
    share = made_up.value_added.sum() * 0.1 / made_up.output.sum()
    assert residual.diagnostics().taxes == pytest.approx(share)


def test_idle_industries_change_nothing_and_are_missing():
    idle = made(2, 3, 11, idle=True)
    parts = value_chain.chain_frames(System(idle)).parts
    row = parts["industries"].query("country == 'C0' and industry == 'I2'").iloc[0]
    assert row["output"] == 0
    missing = ["value_added_share", "final_use_share", "upstreamness", "downstreamness", "backward_linkage"]
    missing += ["output_multiplier", "jobs_multiplier", "extraction", "forward_participation", "backward_participation"]
    assert row[missing].isna().all()
    assert not row["key"]
    assert parts["countries"].drop(columns="country").notna().all(axis=None)


def test_trade_needs_an_inter_country_table():
    for measure in (value_chain.trade_in_value_added, value_chain.bilateral, value_chain.production_participation):
        with pytest.raises(ValueError, match="national"):
            measure(System(textbook()))


# Smile curves.


def test_smile_distance_by_hand():
    # Chain of HU's product: rows of L are .8 and .3 (over .69); of L L .64 + .03 and .24 + .27 (over .69²).
    result = value_chain.smile(System(two_countries()), "HU", "G")
    points = result.points.set_index("country")
    assert points.loc["HU", "distance"] == pytest.approx(0.67 / 0.69 / 0.8)
    assert points.loc["AT", "distance"] == pytest.approx(0.51 / 0.69 / 0.3)
    assert points.loc["AT", "value_added"] == pytest.approx(0.7 * 0.3 / 0.69 * 70)
    assert points["value_added"].sum() == pytest.approx(result.total)
    assert result.total == pytest.approx(70)
    assert points["domestic"].tolist() == [False, True]
    assert (result.is_smile, result.reason) == (False, "too_few")


@pytest.mark.parametrize(("bend", "smiles"), [(0.2, True), (-0.2, False)])
def test_fit_finds_a_parabola_and_calls_it_a_smile_only_when_it_opens_upwards(bend: float, smiles: bool):
    x = np.linspace(1, 4, 12)
    y = 0.4 + bend * (x - 2.5) ** 2
    fit = value_chain._fit(x, y, np.linspace(1, 3, 12), 0.95)
    assert fit["coefficients"] == pytest.approx((0.4 + bend * 6.25, -5 * bend, bend))
    assert fit["r_squared"] == pytest.approx(1.0)
    assert fit["is_smile"] is smiles
    assert fit["reason"] == ("" if smiles else "not_positive")
    assert fit["bottom"] == (pytest.approx(2.5) if smiles else None)
    assert fit["certain"]


def test_band_of_the_fit_holds_the_line_and_widens_with_noise():
    random = np.random.default_rng(4)
    x, weights = np.linspace(1, 4, 40), np.ones(40)
    noise = random.normal(0, 1, 40)
    narrow, wide = (value_chain._fit(x, 0.3 + 0.1 * x**2 + s * noise, weights, 0.95)["curve"] for s in (0.01, 0.1))
    assert (narrow["low"] < narrow["value_added_share"]).all()
    spread = [(c["high"] - c["low"]).mean() for c in (narrow, wide)]
    assert spread[1] == pytest.approx(10 * spread[0], rel=1e-6)


def test_band_equals_that_of_robust_errors_worked_out_plainly():
    random = np.random.default_rng(9)
    x, y, w = random.uniform(1, 4, 30), random.uniform(0, 1, 30), random.uniform(0.1, 1, 30)
    fit = value_chain._fit(x, y, w, 0.9)
    design, weight = np.stack([np.ones(30), x, x**2], axis=1), np.diag(w)
    bread = np.linalg.inv(design.T @ weight @ design)
    terms = bread @ design.T @ weight @ y
    meat = design.T @ weight @ np.diag((y - design @ terms) ** 2) @ weight @ design
    covariance = bread @ meat @ bread * 30 / 27
    point = np.array([1.0, x.min(), x.min() ** 2])
    half = 1.7032884457 * math.sqrt(point @ covariance @ point)
    assert fit["coefficients"] == pytest.approx(tuple(terms))
    first = fit["curve"].iloc[0]
    assert first["high"] - first["value_added_share"] == pytest.approx(half)


def test_smile_refuses_what_is_not_there():
    with pytest.raises(KeyError):
        value_chain.smile(System(two_countries()), "HU", "none")
    with pytest.raises(TableError, match="no output"):
        value_chain.smile(System(made(2, 3, 2, idle=True)), "C0", "I2")


def test_smile_leaves_out_small_industries_and_says_how_much_it_covers():
    system = System(made(4, 4, 21))
    whole, part = (
        value_chain.smile(system, "C1", "I1", minimum=0.0),
        value_chain.smile(system, "C1", "I1", minimum=0.02),
    )
    assert len(part.points) < len(whole.points)
    assert whole.covered == pytest.approx(1.0)
    assert part.covered == pytest.approx(whole.points.loc[whole.points["share"] >= 0.02, "share"].sum())
    assert part.points["distance"].is_monotonic_decreasing
    assert (part.points["distance"] >= 1 - 1e-9).all()


# Shocks.


def test_demand_shock_by_hand():
    # 250 more of the first and 200 less of the second (Miller & Blair): 1247.5 and 1841.6, 374.25 and 460.4 jobs.
    changes = [DemandChange(250.0, industry="1"), DemandChange(-200.0, industry="2")]
    result = value_chain.shock(System(textbook()), changes)
    frame = result.by_industry
    output = [(0.95 * 250 - 0.25 * 200) / 0.7575, (0.2 * 250 - 0.85 * 200) / 0.7575]
    assert frame["output"].tolist() == pytest.approx(output)
    assert (frame["output"] + [1000, 2000]).tolist() == pytest.approx([1247.5, 1841.6], abs=0.06)
    assert (frame["jobs"] + [300, 500]).tolist() == pytest.approx([374.25, 460.4], abs=0.06)
    assert frame["value_added"].tolist() == pytest.approx([0.65 * output[0], 0.7 * output[1]])
    assert frame["output_share"].tolist() == pytest.approx([output[0] / 1000, output[1] / 2000])
    # The suppliers' round: A d = (.15 * 250 - .25 * 200, .2 * 250 - .05 * 200).
    assert result.rounds.loc[1, "output"] == pytest.approx(-12.5 + 40)
    assert result.rounds["rest"].tolist() == [False] * 7 + [True]
    assert result.jobs == pytest.approx(0.3 * output[0] + 0.25 * output[1])
    assert "home_only" in result.assumptions
    assert "fixed_coefficients" in result.assumptions


@FEW
@given(ANY, st.integers(0, 8), st.sampled_from(["demand", "lost", "supply"]))
def test_rounds_sum_to_the_whole(made_up: Any, rounds: int, what: str):
    system = System(made_up)
    country, industry = made_up.countries[0], made_up.industries[0]
    if what == "demand":
        result = value_chain.shock(system, DemandChange(-0.2, absorber=country, relative=True), rounds=rounds)
    else:
        model = "supply" if what == "supply" else "demand"
        result = value_chain.shock(
            system, lost_supplier=LostSupplier(country, industry, 0.5), model=model, rounds=rounds
        )
    for frame in (result.rounds, result.rounds_by_country, result.by_country, result.by_industry):
        for name in ("output", "value_added", "jobs"):
            assert frame[name].sum() == pytest.approx(getattr(result, name)), name
    assert len(result.rounds) == rounds + 2
    assert result.rounds["cumulative"].iloc[-1] == pytest.approx(1.0)
    pace = result.rounds["cumulative"].to_numpy()
    assert (np.diff(pace) >= -1e-9).all()
    assert result.by_industry["impulse"].sum() == pytest.approx(result.rounds.loc[0, "output"])
    assert set(result.assumptions) <= set(shocks.ASSUMPTIONS)


@FEW
@given(INTER_COUNTRY, st.floats(0.05, 1.0), st.booleans(), st.booleans(), st.booleans())
def test_lost_supplier_equals_inverting_again(made_up: Any, share: float, final: bool, abroad: bool, all_of_it: bool):
    system = System(made_up)
    country, n = made_up.countries[-1], len(made_up.industries)
    industry = None if all_of_it else made_up.industries[-1]
    buyers = made_up.countries[:-1] if abroad else None
    result = value_chain.shock(
        system, lost_supplier=LostSupplier(country, industry, share, tuple(buyers) if buyers else None, final)
    )
    rows = np.arange(system.size - n, system.size) if all_of_it else np.array([system.size - 1])
    technical, uses = made_up.flows / made_up.output, made_up.final.copy()
    columns = np.arange(system.size - n) if abroad else np.arange(system.size)
    technical[np.ix_(rows, columns)] *= 1 - share
    if final:
        uses[np.ix_(rows, np.arange(len(made_up.countries) - (1 if abroad else 0)))] *= 1 - share
    after = np.linalg.inv(np.eye(system.size) - technical) @ uses.sum(axis=1)
    assert result.by_industry["output"].tolist() == pytest.approx(list(after - system.output), abs=1e-9)
    assert "replaced_from_outside" in result.assumptions


def test_a_supplier_that_is_lost_whole_makes_nothing():
    system = System(made(3, 3, 5))
    lost = value_chain.shock(system, lost_supplier=LostSupplier("C1", "I1"))
    assert lost.by_industry["output_share"][4] == pytest.approx(-1.0)
    from analysis.input_output import extraction

    # It goes on buying nothing either, so that this is its hypothetical extraction.
    assert -lost.output == pytest.approx(extraction(system)["loss"][4])


@FEW
@given(ANY, st.floats(0.05, 1.0))
def test_supply_side_equals_the_ghosh_model_solved_again(made_up: Any, share: float):
    system = System(made_up)
    result = value_chain.shock(
        system, lost_supplier=LostSupplier(made_up.countries[0], made_up.industries[0], share), model="supply"
    )
    frame = result.by_industry
    assert frame["output_share"][0] == pytest.approx(-share)
    allocation = np.divide(
        made_up.flows, made_up.output[:, None], out=np.zeros_like(made_up.flows), where=made_up.output[:, None] != 0
    )
    # dx' = dx' B + impulse'.
    change = frame["output"].to_numpy()
    assert change @ allocation + frame["impulse"].to_numpy() == pytest.approx(change)
    assert {"supply_driven", "fixed_allocation"} <= set(result.assumptions)
    assert "fixed_coefficients" not in result.assumptions
    assert result.model == "supply"


def test_demand_is_chosen_by_product_buyer_and_kind_of_use():
    columns = [("HU", "households"), ("HU", "investment"), ("AT", "households")]
    made_up = table(["HU", "AT"], ["a", "b"], np.ones((4, 4)), np.arange(1.0, 13).reshape(4, 3), columns)
    system = System(made_up)

    def impulse(**choices: Any) -> list[float]:
        return value_chain.shock(system, DemandChange(**choices)).by_industry["impulse"].tolist()

    assert impulse(change=0.1, relative=True) == pytest.approx([0.6, 1.5, 2.4, 3.3])
    assert impulse(change=0.1, absorber="HU", relative=True) == pytest.approx([0.3, 0.9, 1.5, 2.1])
    assert impulse(change=0.1, category="investment", country="AT", relative=True) == pytest.approx([0, 0, 0.8, 1.1])
    assert impulse(change=10.0, industry="b", category="investment") == pytest.approx([0, 10 * 5 / 16, 0, 10 * 11 / 16])
    assert impulse(change=-3.0, country="HU", industry="a", absorber="AT") == pytest.approx([-3, 0, 0, 0])


def test_absolute_change_where_nothing_is_demanded_today():
    columns = [("HU", "households"), ("HU", "investment")]
    made_up = table(["HU"], ["a", "b"], np.ones((2, 2)), [[5, 0], [5, 0]], columns)
    system = System(made_up)
    alone = value_chain.shock(system, DemandChange(2.0, industry="a", category="investment"))
    assert alone.by_industry["impulse"].tolist() == [2.0, 0.0]
    with pytest.raises(ValueError, match="cannot be spread"):
        value_chain.shock(system, DemandChange(2.0, category="investment"))


def test_a_rise_is_not_spread_over_stocks_that_are_drawn_down():
    columns = [("HU", "households"), ("HU", "inventories")]
    system = System(table(["HU"], ["a", "b", "c"], np.ones((3, 3)), [[6, 0], [2, 0], [6, -8]], columns))
    impulse = value_chain.shock(system, DemandChange(4.0)).by_industry["impulse"].tolist()
    assert impulse == pytest.approx([3.0, 1.0, 0.0])


def test_national_suppliers_lose_their_exports_too_and_say_what_is_assumed():
    columns = [("HU", "households"), ("ROW", "exports")]
    made_up = table(
        ["HU"],
        ["a"],
        [[30]],
        [[100, 40]],
        columns,
        output=[100],
        value_added=[60],
        uses="total",
        imports=np.array([70.0]),
    )
    result = value_chain.shock(System(made_up), lost_supplier=LostSupplier("HU", "a"))
    assert result.by_industry["output"].tolist() == pytest.approx([-100.0])
    assert {"home_only", "imports_proportional"} <= set(result.assumptions)
    kept = value_chain.shock(System(made_up), lost_supplier=LostSupplier("HU", "a", final=False))
    assert kept.output > -100
    taxed = replace(two_countries(), taxes=np.zeros(2))
    assert "taxes_in_value_added" in value_chain.shock(System(taxed), DemandChange(1.0)).assumptions
    assert "taxes_in_value_added" not in value_chain.shock(System(two_countries()), DemandChange(1.0)).assumptions


def test_shocks_refuse_what_has_no_meaning():
    system = System(two_countries())
    lost = LostSupplier("HU", "G")
    for arguments, message in (
        ({}, "either"),
        ({"demand": DemandChange(1.0), "lost_supplier": lost}, "either"),
        ({"demand": DemandChange(1.0), "model": "supply"}, "no supply-side"),
        ({"lost_supplier": replace(lost, share=0.0)}, "share"),
        ({"lost_supplier": replace(lost, share=1.2)}, "share"),
        ({"lost_supplier": replace(lost, buyers=("AT",)), "model": "supply"}, "all its buyers"),
    ):
        with pytest.raises(ValueError, match=message):
            value_chain.shock(system, **arguments)
    for arguments in (
        {"demand": DemandChange(1.0, country="XX")},
        {"demand": DemandChange(1.0, industry="XX")},
        {"demand": DemandChange(1.0, absorber="XX")},
        {"demand": DemandChange(1.0, category="exports")},
        {"lost_supplier": LostSupplier("HU", "XX")},
        {"lost_supplier": LostSupplier("HU", "G", buyers=("XX",))},
    ):
        with pytest.raises(KeyError):
            value_chain.shock(system, **arguments)


def test_unknown_jobs_are_said_and_not_taken_for_zero():
    partly = replace(two_countries(), jobs=np.array([50.0, math.nan]), jobs_year=2018)
    result = value_chain.shock(System(partly), DemandChange(10.0, country="HU"))
    assert result.by_country["jobs"].isna().tolist() == [False, True]
    assert result.jobs == pytest.approx(0.5 * 0.8 / 0.69 * 10)
    assert result.jobs_known == pytest.approx(0.8 / 1.1)
    assert {"jobs_partly_unknown", "jobs_of_other_year"} <= set(result.assumptions)
    nothing = value_chain.shock(System(two_countries()), DemandChange(10.0, country="HU"))
    assert math.isnan(nothing.jobs)
    assert nothing.rounds["jobs"].isna().all()
    assert "jobs_partly_unknown" not in nothing.assumptions


# Suppliers and buyers.


@FEW
@given(ANY, st.integers(0, 5))
def test_suppliers_and_buyers_sum_to_output(made_up: Any, top: int):
    frame = value_chain.suppliers_and_buyers(System(made_up), made_up.countries[0], made_up.industries[0], top)
    sums = frame.groupby("side")["value"].sum()
    assert sums.to_dict() == pytest.approx({"buyer": made_up.output[0], "supplier": made_up.output[0]})
    assert frame.groupby("side")["share"].sum().tolist() == pytest.approx([1.0, 1.0])
    assert "difference" not in set(frame["kind"])
    named = frame[frame["kind"] == "industry"]
    assert (named.groupby("side").size() <= top).all()


def test_suppliers_and_buyers_by_hand():
    frame = value_chain.suppliers_and_buyers(System(two_countries()), "HU", "G", top=1)
    rows = frame[["side", "kind", "value", "domestic"]].values.tolist()
    assert rows == [
        ["supplier", "industry", 30.0, False],
        ["supplier", "other", 10.0, True],
        ["supplier", "value_added", 60.0, True],
        ["buyer", "industry", 20.0, False],
        ["buyer", "other", 10.0, True],
        ["buyer", "final", 50.0, True],
        ["buyer", "final", 20.0, False],
    ]


def test_suppliers_of_a_national_table_show_imports_taxes_and_what_is_missing():
    columns = [("HU", "households"), ("ROW", "exports")]
    made_up = table(
        ["HU"],
        ["a"],
        [[20]],
        [[30, 50]],
        columns,
        value_added=[45],
        imported_inputs=np.array([25.0]),
        taxes=np.array([6.0]),
    )
    frame = value_chain.suppliers_and_buyers(System(made_up), "HU", "a").set_index(["side", "kind"])["value"]
    assert frame["supplier"].to_dict() == pytest.approx(
        {"industry": 20, "imports": 25, "taxes": 6, "value_added": 45, "difference": 4}
    )
    assert frame["buyer"].to_dict() == pytest.approx({"industry": 20, "final": 30, "exports": 50})


# Frames for storing.

INDUSTRIES = {
    *("country", "industry", "output", "value_added", "value_added_share", "final_use", "final_use_share", "exports"),
    *("upstreamness", "downstreamness", "backward_linkage", "forward_linkage", "output_multiplier"),
    *("value_added_multiplier", "jobs_multiplier", "key", "extraction", "jobs"),
}
COUNTRIES = {
    *("country", "exports", "domestic_content", "foreign_content", "dva", "ddc", "vax", "ref", "davax", "gvc"),
    *("gvc_backward", "gvc_forward", "fva", "fdc", "backward", "forward", "position", "upstreamness", "downstreamness"),
}


def test_chain_frames_of_an_inter_country_table():
    result = value_chain.chain_frames(System(made(3, 4, 6)))
    assert set(result.parts) == {
        *("industries", "countries", "origins", "absorbers", "linkages:C0", "linkages:C1", "linkages:C2")
    }
    assert set(result.parts["industries"].columns) >= {*INDUSTRIES, "backward_participation", "forward_participation"}
    assert set(result.parts["countries"].columns) >= COUNTRIES
    assert list(result.parts["origins"].columns) == ["exporter", "origin", "value"]
    assert list(result.parts["absorbers"].columns) == ["country", "absorber", "value_added", "exports"]
    assert result.facts["conventions"]["decomposition"] == value_chain.DECOMPOSITION
    assert json.loads(json.dumps(result.facts)) == result.facts


def test_chain_frames_of_a_national_table():
    result = value_chain.chain_frames(System(textbook()))
    assert set(result.parts) == {"industries", "linkages:HU"}
    assert set(result.parts["industries"].columns) >= INDUSTRIES
    block = result.parts["linkages:HU"].pivot_table(index="source", columns="target", values="value")
    assert block.to_numpy() == pytest.approx(np.array([[150 / 350, 500 / 600], [200 / 350, 100 / 600]]))
    assert json.loads(json.dumps(result.facts)) == result.facts


def test_national_frames_tell_use_at_home_from_exports_and_count_imported_inputs():
    columns = [("HU", "households"), ("ROW", "exports")]
    made_up = table(["HU"], ["a"], [[20]], [[30, 50]], columns, value_added=[-5], imported_inputs=np.array([60.0]))
    parts, facts = value_chain.chain_frames(System(made_up))
    row = parts["industries"].iloc[0]
    assert (row["final_use"], row["exports"]) == (30, 50)
    assert parts["linkages:HU"]["value"].tolist() == pytest.approx([0.25])
    assert facts["diagnostics"]["doubtful"] == ["HU a"]
    assert facts["diagnostics"]["negative_value_added"]["names"] == ["HU a"]


def test_heat_map_adds_small_industries_up():
    made_up = made(1, 45, 3)
    frame = value_chain.chain_frames(System(made_up)).parts["linkages:C0"]
    assert len(frame) == 40 * 40
    codes = list(dict.fromkeys(frame["source"]))
    assert codes[-1] == "other"
    largest = {made_up.industries[i] for i in np.argsort(-made_up.output)[:39]}
    assert set(codes[:-1]) == largest
    assert frame.groupby("target")["value"].sum().tolist() == pytest.approx([1.0] * 40)


def test_rounds_that_do_not_fade_are_refused():
    eats = table(["HU"], ["a", "b"], [[60, 60], [60, 60]], [[-10], [-10]], [("HU", "households")], value_added=[0, 0])
    with pytest.raises(TableError, match="spectral radius"):
        value_chain.chain_frames(System(eats))

"""Input-output measures of one table: worked out by hand, published, and what must hold for any table."""

import json
import math
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pymrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymrio.tools import iomath

from analysis import input_output as io
from analysis.input_output import System, TableError
from tests.analysis.conftest import ROOT
from tests.analysis.made_tables import ANY, SEEDS, made, table, textbook

REFERENCE = ROOT.parent / "shared" / "figures" / "reference"
FEW = settings(max_examples=25)


def reference(name: str) -> dict[str, Any]:
    path = REFERENCE / name
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"the published case is missing: {path}")
        pytest.skip(f"the published case is missing: {path}")
    return json.loads(path.read_text(encoding="utf-8"))


# By hand: I - A = [[.85, -.25], [-.2, .95]] with the determinant .7575, so L = [[.95, .25], [.2, .85]] / .7575.


def test_coefficients_and_inverses_by_hand():
    system = System(textbook())
    assert io.coefficients(system) == pytest.approx(np.array([[0.15, 0.25], [0.2, 0.05]]))
    assert io.coefficients(system, "allocation") == pytest.approx(np.array([[0.15, 0.5], [0.1, 0.05]]))
    assert io.leontief(system) == pytest.approx(np.array([[0.95, 0.25], [0.2, 0.85]]) / 0.7575)
    assert io.ghosh(system) == pytest.approx(np.array([[0.95, 0.5], [0.1, 0.85]]) / 0.7575)


def test_multipliers_by_hand():
    result = io.multipliers(System(textbook()))
    assert result["output_multiplier"].tolist() == pytest.approx([1.15 / 0.7575, 1.1 / 0.7575])
    assert result["jobs_multiplier"].tolist() == pytest.approx([0.335 / 0.7575, 0.2875 / 0.7575])
    assert result["jobs_ratio"].tolist() == pytest.approx([0.335 / 0.7575 / 0.3, 0.2875 / 0.7575 / 0.25])
    # Nothing leaks out of this table, so that a unit of final demand is a unit of value added.
    assert result["value_added_multiplier"].tolist() == pytest.approx([1.0, 1.0])


def test_linkages_by_hand_and_the_two_forward_ones_differ():
    after_ghosh, after_leontief = io.linkages(System(textbook())), io.linkages(System(textbook()), forward="leontief")
    # Column sums 1.15 and 1.1; rows of the Ghosh inverse 1.45 and .95; rows of L 1.2 and 1.05 (all over .7575).
    assert after_ghosh["backward_linkage"].tolist() == pytest.approx([1.15 / 1.125, 1.1 / 1.125])
    assert after_ghosh["forward_linkage"].tolist() == pytest.approx([1.45 / 1.2, 0.95 / 1.2])
    assert after_leontief["forward_linkage"].tolist() == pytest.approx([1.2 / 1.125, 1.05 / 1.125])
    assert after_ghosh["key"].tolist() == [True, False]
    # Sample deviation of .95 and .2 over their mean, and so on.
    variation = [0.75 / math.sqrt(2) / 0.575, 0.6 / math.sqrt(2) / 0.55]
    assert after_ghosh["backward_variation"].tolist() == pytest.approx(variation)
    assert after_leontief["forward_variation"].tolist() == pytest.approx(
        [0.7 / math.sqrt(2) / 0.6, 0.65 / math.sqrt(2) / 0.525]
    )


def test_the_forward_linkage_chosen_decides_who_is_key():
    # The first sells little to others, but of a large output; the second nearly all it makes, to all: Ghosh sees it.
    flows = [[30, 10, 10], [5, 0, 5], [20, 5, 20]]
    made_up = table(["HU"], ["a", "b", "c"], flows, [[400], [1], [60]], [("HU", "households")])
    ghosh, leontief = (io.linkages(System(made_up), forward=way)["forward_linkage"] for way in ("ghosh", "leontief"))
    assert ghosh.to_numpy().argmax() == 1
    assert leontief.to_numpy().argmax() != 1


def test_extraction_by_hand():
    removed, kept = io.extraction(System(textbook())), io.extraction(System(textbook()), final="kept")
    # Without the first, the second makes 1700 / .95; without the second, the first makes 350 / .85.
    assert removed["loss"].tolist() == pytest.approx([1000 + 2000 - 1700 / 0.95, 2000 + 1000 - 350 / 0.85])
    assert kept["loss"].tolist() == pytest.approx([1000 + 2000 - 1700 / 0.95 - 350, 2000 + 1000 - 350 / 0.85 - 1700])
    assert removed["share"].tolist() == pytest.approx((removed["loss"] / 3000).tolist())


def test_positions_by_hand():
    system = System(textbook())
    up, down = io.upstreamness(system), io.downstreamness(system)
    assert up["upstreamness"].tolist() == pytest.approx([1.45 / 0.7575, 0.95 / 0.7575])
    assert up["final_use_share"].tolist() == pytest.approx([0.35, 0.85])
    assert down["downstreamness"].tolist() == pytest.approx([1.15 / 0.7575, 1.1 / 0.7575])
    assert down["value_added_share"].tolist() == pytest.approx([0.65, 0.7])


def test_propagation_lengths_by_hand():
    # Off the diagonal (L² - L) / L is L11 + L22 - 1; on it (L11² + L12 L21 - L11) / (L11 - 1).
    result = io.propagation_lengths(System(textbook()))
    a, b, c, d = (value / 0.7575 for value in (0.95, 0.25, 0.2, 0.85))
    expected = [[(a * a + b * c - a) / (a - 1), a + d - 1], [a + d - 1, (d * d + b * c - d) / (d - 1)]]
    assert result == pytest.approx(np.array(expected))
    assert io.propagation_lengths(System(textbook()), [1]) == pytest.approx(result[:, [1]])


def test_propagation_lengths_are_missing_where_nothing_gets_through():
    one_way = table(["HU"], ["a", "b"], [[0, 10], [0, 0]], [[10], [20]], [("HU", "households")])
    result = io.propagation_lengths(System(one_way))
    assert result[0, 1] == pytest.approx(1.0)
    assert np.isnan(result[[0, 1, 1], [0, 0, 1]]).all()
    # Rounding that an inverse leaves on an empty cell is no path.
    noisy = System(one_way).inverse + np.array([[0, 0], [1e-17, 0]])
    assert np.isnan(io.propagation_lengths(System(one_way, noisy))[1, 0])


def open_economy(**more: Any) -> Any:
    columns = [("HU", "households"), ("ROW", "exports"), ("HU", "inventories")]
    return table(["HU"], ["a"], [[20]], [[20, 40, 20]], columns, **more)


def test_upstreamness_of_an_open_economy_and_of_inventories_by_hand():
    # x = 100, 20 to industries, 40 abroad, 20 to stocks.
    system = System(open_economy())

    def stages(**options: Any) -> float:
        return float(io.upstreamness(system, **options).loc[0, "upstreamness"])

    assert stages(exports="final") == pytest.approx(1 / (1 - 20 / 100))
    assert stages() == pytest.approx(1 / (1 - 20 / 60))
    assert stages(exports="final", inventories="net") == pytest.approx(1 / (1 - 20 / 80))
    assert stages(inventories="net") == pytest.approx(1 / (1 - 20 / 40))
    assert io.upstreamness(system, inventories="net")["corrected"].tolist() == [True]


def test_final_use_that_would_be_negative_is_reported():
    # 30 more were delivered than were made: stocks were drawn down by 40.
    columns = [("HU", "households"), ("HU", "inventories")]
    drawn = table(["HU"], ["a", "b"], [[50, 80], [0, 0]], [[10, -40], [200, 0]], columns)
    as_made = io.upstreamness(System(drawn))
    assert as_made["doubtful"].tolist() == [True, False]
    assert as_made["final_use_share"].tolist() == pytest.approx([-0.3, 1.0])
    # Net of inventories all is used again: 140 = 50 + 80 + 10.
    net = io.upstreamness(System(drawn), inventories="net")
    assert net["doubtful"].tolist() == [False, False]
    assert net["upstreamness"].tolist() == pytest.approx([(1 + 80 / 140) / (1 - 50 / 140), 1.0])
    assert System(drawn).diagnostics().negative_final == ("HU a",)


def test_use_at_home_that_would_be_negative_is_taken_as_zero():
    # Of 100 made 60 go to stocks, 60 are used, and 20 come back from households.
    columns = [("HU", "households"), ("HU", "inventories")]
    two = table(["HU"], ["a", "b"], [[0, 60], [0, 0]], [[-20, 60], [150, 0]], columns)
    row = io.upstreamness(System(two), inventories="net").iloc[0]
    assert (row["corrected"], row["doubtful"], row["final_use_share"]) == (True, True, 0.0)
    assert row["upstreamness"] == pytest.approx(2.0)


def test_a_product_that_is_all_exported_has_no_position():
    columns = [("HU", "households"), ("ROW", "exports")]
    abroad = table(["HU"], ["a", "b"], [[0, 0], [10, 10]], [[0, 100], [60, 20]], columns)
    frame = io.upstreamness(System(abroad))
    assert frame["doubtful"].tolist() == [True, False]
    assert frame["upstreamness"].isna().tolist() == [True, False]
    # b delivers 10 to a, which counts as one stage more, 10 to itself, 60 to households; 20 leave.
    assert frame.loc[1, "upstreamness"] == pytest.approx((1 + 10 / 80) / (1 - 10 / 80))
    assert io.upstreamness(System(abroad), exports="final")["upstreamness"].notna().all()


def test_industries_that_add_no_value_are_doubtful():
    losing = table(["HU"], ["a", "b"], [[0, 90], [0, 0]], [[10], [80]], [("HU", "households")])
    assert io.downstreamness(System(losing))["doubtful"].tolist() == [False, True]
    assert System(losing).diagnostics().negative_value_added == ("HU b",)


def with_imports(exports: float = 40.0, imports: float = 50.0) -> Any:
    """x = 100 of a product, imports beside it; all of b is made and used at home."""
    flows = [[30.0, 30.0], [0.0, 10.0]]
    final = [[100 + imports - 60 - exports, exports], [90.0, 0.0]]
    columns = [("HU", "households"), ("ROW", "exports")]
    return table(
        ["HU"],
        ["a", "b"],
        flows,
        final,
        columns,
        output=[100, 100],
        value_added=[50, 60],
        uses="total",
        imports=np.array([imports, 0.0]),
    )


def test_domestic_table_by_import_proportionality_by_hand():
    made_here = io.domestic(with_imports())
    # Of 110 used at home 60 are made at home.
    share = 60 / 110
    assert made_here.table.uses == "domestic"
    assert made_here.table.flows == pytest.approx(np.array([[30 * share, 30 * share], [0, 10]]))
    assert made_here.table.final == pytest.approx(np.array([[50 * share, 40], [90, 0]]))
    assert made_here.table.imported_inputs == pytest.approx(np.array([30, 30]) * (1 - share))
    assert made_here.corrected == {}
    # Balanced as before: what was supplied less imports is what the domestic table uses.
    assert made_here.table.flows.sum(axis=1) + made_here.table.final.sum(axis=1) == pytest.approx(np.array([100, 100]))
    spread = io.domestic(with_imports(), exports="proportional")
    assert spread.table.final[0, 1] == pytest.approx(40 * 100 / 150)


def test_exports_beyond_output_are_reexports_and_reported():
    made_here = io.domestic(with_imports(exports=120.0, imports=100.0))
    assert made_here.corrected == {"exports_exceed_output": ("HU a",)}
    assert made_here.table.flows[0].tolist() == [0, 0]
    assert made_here.table.final[0].tolist() == [0, pytest.approx(100.0)]
    facts = System(with_imports(exports=120.0, imports=100.0)).diagnostics().facts()
    assert facts["corrected"] == {"exports_exceed_output": {"count": 1, "names": ["HU a"]}}
    assert json.loads(json.dumps(facts)) == facts


def test_negative_imports_leave_the_product_as_made_at_home():
    made_here = io.domestic(with_imports(imports=-10.0))
    assert made_here.corrected == {"negative_imports": ("HU a",)}
    assert made_here.table.flows[0].tolist() == [30, 30]


def test_total_uses_need_imports():
    with pytest.raises(TableError, match="needs the imports"):
        io.domestic(replace(with_imports(), imports=None))


def test_total_uses_as_they_are_when_asked_for():
    system = System(with_imports(), imports="within")
    assert io.coefficients(system)[0].tolist() == pytest.approx([0.3, 0.3])
    assert system.conventions["imports"] == "within"


@FEW
@given(SEEDS, st.integers(1, 4))
def test_open_economy_upstreamness_is_the_same_from_total_and_domestic_uses(seed: int, industries: int):
    random = np.random.default_rng(seed)
    flows, final = random.random((industries, industries)), random.random((industries, 1)) + 0.1
    exports = random.random((industries, 1))
    imports = random.random(industries) * 0.9 * (flows.sum(axis=1) + final[:, 0])
    total = table(
        ["HU"],
        [f"I{i}" for i in range(industries)],
        flows,
        np.hstack([final, exports]),
        [("HU", "households"), ("ROW", "exports")],
        output=flows.sum(axis=1) + final[:, 0] + exports[:, 0] - imports,
        value_added=np.ones(industries),
        uses="total",
        imports=imports,
    )
    both = [io.upstreamness(System(total, imports=way))["upstreamness"] for way in ("within", "proportional")]
    assert both[0].tolist() == pytest.approx(both[1].tolist())
    assert System(total).diagnostics().balance == pytest.approx(0.0, abs=1e-9)


# Published cases.


def test_miller_and_blair_two_sectors():
    case = reference("miller_blair_2sector.json")
    published, derived = case["published"], case["derived"]
    system = System(table(["X"], ["1", "2"], case["Z"], np.array(case["f"])[:, None], [("X", "households")]))
    assert system.output == pytest.approx(published["x"])
    assert io.coefficients(system) == pytest.approx(np.array(published["A"]))
    assert system.inverse == pytest.approx(np.array(published["L_4dp"]), abs=case["tolerance"]["L_4dp"])
    assert system.inverse == pytest.approx(np.array(derived["L"]), abs=1e-9)
    assert io.coefficients(system, "allocation") == pytest.approx(np.array(derived["ghosh_B"]))
    assert io.ghosh(system) == pytest.approx(np.array(derived["ghosh_inverse"]))
    assert io.upstreamness(system)["upstreamness"].tolist() == pytest.approx(derived["upstreamness"])
    assert io.downstreamness(system)["downstreamness"].tolist() == pytest.approx(derived["downstreamness"])
    assert io.multipliers(system)["output_multiplier"].tolist() == pytest.approx(derived["output_multipliers"])
    assert system.solve(np.array(published["f_new"], dtype=float)) == pytest.approx(derived["x_new_exact"])


def test_miller_and_blair_two_regions_of_unlike_industries():
    # The second region has no third sector: an empty row and column, which must change nothing and stay missing.
    case = reference("miller_blair_interregional.json")
    places = [0, 1, 2, 3, 4]
    flows, final = np.zeros((6, 6)), np.zeros((6, 2))
    flows[np.ix_(places, places)] = case["Z"]
    final[places, 0] = case["f"]
    system = System(table(["L", "M"], ["1", "2", "3"], flows, final, [("L", "households"), ("M", "households")]))
    inverse = system.inverse[np.ix_(places, places)]
    assert inverse == pytest.approx(np.array(case["published"]["L_4dp"]), abs=case["tolerance"]["L_4dp"])
    assert inverse == pytest.approx(np.array(case["derived"]["L"]), abs=1e-9)
    up, down = io.upstreamness(system)["upstreamness"], io.downstreamness(system)["downstreamness"]
    assert up[places].tolist() == pytest.approx(case["derived"]["upstreamness"])
    assert down[places].tolist() == pytest.approx(case["derived"]["downstreamness"])
    assert math.isnan(up[5])
    assert math.isnan(down[5])
    assert system.diagnostics().zero_output == ("M 3",)


# What must hold for any table.


@FEW
@given(ANY)
def test_coefficients_and_inverses_equal_those_of_pymrio(made_up: Any):
    system = System(made_up)
    technical = pymrio.calc_A(made_up.flows, made_up.output)
    assert io.coefficients(system) == pytest.approx(technical)
    assert system.inverse == pytest.approx(pymrio.calc_L(technical))
    allocation = iomath.calc_B(made_up.flows, made_up.output)
    assert io.coefficients(system, "allocation") == pytest.approx(allocation)
    theirs = iomath.calc_G(allocation)
    assert io.ghosh(system) == pytest.approx(theirs)


@FEW
@given(ANY)
def test_upstreamness_is_the_same_from_three_formulas(made_up: Any):
    system = System(made_up)
    allocation, active = io.coefficients(system, "allocation"), system.active
    by_rows = io.ghosh(system).sum(axis=1)
    by_solving = np.linalg.solve(np.eye(len(allocation)) - allocation, np.ones(len(allocation)))
    result = io.upstreamness(system)["upstreamness"].to_numpy()
    assert result[active] == pytest.approx(by_rows[active])
    assert result[active] == pytest.approx(by_solving[active])
    assert np.isnan(result[~active]).all()
    assert (result[active] >= 1 - 1e-9).all()


@FEW
@given(ANY)
def test_downstreamness_is_the_same_from_three_formulas(made_up: Any):
    system = System(made_up)
    technical, active = io.coefficients(system), system.active
    by_solving = np.linalg.solve(np.eye(len(technical)) - technical.T, np.ones(len(technical)))
    rounds = sum(np.ones(len(technical)) @ np.linalg.matrix_power(technical, power) for power in range(400))
    result = io.downstreamness(system)["downstreamness"].to_numpy()
    assert result[active] == pytest.approx(by_solving[active])
    assert result[active] == pytest.approx(np.asarray(rounds)[active], rel=1e-4)
    assert np.isnan(result[~active]).all()


@FEW
@given(ANY, st.booleans())
def test_extraction_equals_that_by_inverting_again(made_up: Any, removed: bool):
    system = System(made_up)
    result = io.extraction(system, final="removed" if removed else "kept")
    technical = io.coefficients(system)
    home = np.repeat(np.arange(len(made_up.countries)), len(made_up.industries))
    for place in np.flatnonzero(system.active):
        rest, final = technical.copy(), system.final.copy()
        rest[place], rest[:, place] = 0.0, 0.0
        if removed:
            final[place] = 0.0
        lost = system.output - np.linalg.inv(np.eye(len(rest)) - rest) @ final
        assert result.loc[place, "loss"] == pytest.approx(lost.sum())
        mine = home == home[place]
        assert result.loc[place, "share_at_home"] == pytest.approx(lost[mine].sum() / system.output[mine].sum())
    assert result.loc[~system.active, "loss"].isna().all()


@FEW
@given(ANY)
def test_linkages_average_one_and_match_their_definitions(made_up: Any):
    system = System(made_up)
    active = system.active
    result = io.linkages(system, within="table")
    assert result["backward_linkage"].mean() == pytest.approx(1.0)
    assert result["forward_linkage"].mean() == pytest.approx(1.0)
    inverse = system.inverse[np.ix_(active, active)]
    allocation = io.ghosh(system)[np.ix_(active, active)]
    frame = result[active]
    assert frame["backward_linkage"].tolist() == pytest.approx(list(inverse.sum(axis=0) / inverse.sum() * len(inverse)))
    variation = inverse.std(axis=0, ddof=1) / inverse.mean(axis=0)
    assert frame["backward_variation"].tolist() == pytest.approx(list(variation))
    variation = allocation.std(axis=1, ddof=1) / allocation.mean(axis=1)
    assert frame["forward_variation"].tolist() == pytest.approx(list(variation))
    by_country = io.linkages(system).groupby("country")["backward_linkage"].mean()
    assert by_country.tolist() == pytest.approx([1.0] * len(by_country))


MEASURES = [io.multipliers, io.linkages, io.extraction, io.upstreamness, io.downstreamness]


@FEW
@given(ANY, SEEDS, st.floats(1e-3, 1e6))
def test_measures_ignore_the_order_of_industries_and_the_unit(made_up: Any, seed: int, unit: float):
    n = len(made_up.industries)
    order = np.random.default_rng(seed).permutation(n)
    rows = (np.arange(len(made_up.countries))[:, None] * n + order).ravel()
    other = replace(
        made_up,
        industries=tuple(made_up.industries[i] for i in order),
        flows=made_up.flows[np.ix_(rows, rows)] * unit,
        final=made_up.final[rows] * unit,
        output=made_up.output[rows] * unit,
        value_added=made_up.value_added[rows] * unit,
        jobs=made_up.jobs[rows] * unit,
    )
    for measure in MEASURES:
        mine, theirs = measure(System(made_up)), measure(System(other))
        both = mine.merge(theirs, on=["country", "industry"], suffixes=("", "_other"), validate="1:1")
        assert len(both) == len(mine)
        for name in mine.columns[2:]:
            scale = unit if name.startswith("loss") else 1.0
            expected = both[name].astype(float).to_numpy() * scale
            found = both[f"{name}_other"].astype(float).to_numpy()
            if name != "key":
                assert found == pytest.approx(expected, rel=1e-6, nan_ok=True), name


@FEW
@given(ANY)
def test_an_inverse_that_is_given_makes_no_difference(made_up: Any):
    fresh, factored = System(made_up), System(made_up)
    given_one = System(made_up, np.ascontiguousarray(fresh.inverse))
    right = np.arange(1.0, 1 + 2 * fresh.size).reshape(-1, 2)
    for system in (given_one, factored):
        assert system.solve(right) == pytest.approx(fresh.inverse @ right)
        assert system.solve_left(right.T) == pytest.approx(right.T @ fresh.inverse)
        assert system.leontief_column(1) == pytest.approx(fresh.inverse[:, 1])
        assert system.leontief_row(1) == pytest.approx(fresh.inverse[1])
        assert system.leontief_columns(np.array([0, 1])) == pytest.approx(fresh.inverse[:, :2])
        assert system.by_origin(fresh.shares) == pytest.approx(fresh.by_origin(fresh.shares))
    assert factored._inverse is None


@FEW
@given(SEEDS)
def test_large_tables_correct_inventories_with_the_inverse_that_is_there(seed: int):
    made_up = made(3, 4, seed)
    final = np.hstack([made_up.final, np.random.default_rng(seed).normal(0, 0.02, (12, 1))])
    made_up = replace(
        made_up,
        final=final,
        final_columns=(*made_up.final_columns, ("C0", "inventories")),
        output=made_up.flows.sum(axis=1) + final.sum(axis=1),
    )
    system = System(made_up)
    direct = io.upstreamness(system, inventories="net")["upstreamness"].to_numpy()
    limit, io.LARGE = io.LARGE, 1
    try:
        assert io.upstreamness(system, inventories="net")["upstreamness"].to_numpy() == pytest.approx(direct, rel=1e-8)
    finally:
        io.LARGE = limit


def test_spectral_radius():
    # Of [[.15, .25], [.2, .05]]: the roots of r² - .2 r - .0425.
    assert System(textbook()).spectral_radius == pytest.approx(0.1 + math.sqrt(0.01 + 0.0425), rel=1e-4)
    # Two that feed only one another swing for ever without damping.
    swing = table(["HU"], ["a", "b"], [[0, 50], [5, 0]], [[50], [95]], [("HU", "households")])
    assert System(swing).spectral_radius == pytest.approx(math.sqrt(0.5 * 0.05), rel=1e-3)
    idle = table(["HU"], ["a"], [[0]], [[1]], [("HU", "households")])
    assert System(idle).spectral_radius == 0.0


# Bad tables.


def bad(name: str, place: Any, value: float) -> Any:
    made_up = made(2, 2, 1)
    array = np.array(getattr(made_up, name))
    array[place] = value
    return replace(made_up, **{name: array})


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (bad("output", 1, -5.0), "output is negative in C0 I1"),
        (bad("output", 2, math.nan), "output is not a number in C1 I0"),
        (bad("flows", (1, 2), math.nan), "flow C0 I1 → C1 I0 is not a number"),
        (bad("final", (3, 0), math.inf), "final use is not a number in C1 I1"),
        (bad("value_added", 0, math.nan), "value added is not a number in C0 I0"),
    ],
)
def test_refuses_and_names_the_cell(broken: Any, message: str):
    with pytest.raises(TableError, match=message):
        System(broken).solve(np.ones(4))


def test_no_output_but_flows_is_an_error_that_names_the_cell():
    idle = made(2, 2, 3, idle=True)
    flows = idle.flows.copy()
    flows[1, 2] = 7.0
    with pytest.raises(TableError, match="C0 I1 has no output, but the flow C0 I1 → C1 I0 is 7"):
        System(replace(idle, flows=flows)).inverse  # noqa: B018
    flows = idle.flows.copy()
    flows[2, 1] = 4.0
    with pytest.raises(TableError, match="C0 I1 has no output, but the flow C1 I0 → C0 I1 is 4"):
        System(replace(idle, flows=flows)).inverse  # noqa: B018
    value_added = idle.value_added.copy()
    value_added[1] = 2.0
    with pytest.raises(TableError, match="C0 I1 has no output, but value added of 2"):
        System(replace(idle, value_added=value_added)).inverse  # noqa: B018


def test_pymrio_passes_over_inputs_of_an_industry_without_output():
    # Four units of inputs vanish from its coefficients without a word; here they are an error.
    idle = made(2, 2, 3, idle=True)
    flows = idle.flows.copy()
    flows[2, 1] = 4.0
    assert pymrio.calc_A(flows, idle.output)[2, 1] == 0.0
    with pytest.raises(TableError, match="C1 I0 → C0 I1"):
        System(replace(idle, flows=flows)).factor  # noqa: B018


def test_singular_tables_are_refused():
    closed = table(["HU"], ["a", "b"], [[10, 0], [0, 5]], [[0], [5]], [("HU", "households")])
    with pytest.raises(TableError, match="singular"):
        System(closed).inverse  # noqa: B018


def test_an_inverse_of_another_size_is_refused():
    with pytest.raises(ValueError, match="shape"):
        System(textbook(), np.eye(3))


def test_diagnostics_name_what_is_odd():
    made_up = made(2, 2, 5)
    flows, output = made_up.flows.copy(), made_up.output.copy()
    flows[2, 3] = -0.5
    output[0] *= 1.25
    diagnostics = System(replace(made_up, flows=flows, output=output)).diagnostics()
    assert diagnostics.negative_flows == ("C1 I0",)
    assert diagnostics.balance > 0.01
    assert "C0 I0" in [name for name, _ in diagnostics.unbalanced]
    shares = [share for _, share in diagnostics.unbalanced]
    assert shares == sorted(shares, reverse=True)


def test_unknown_jobs_are_missing_and_spread_to_what_needs_them():
    jobs = np.array([300.0, math.nan])
    result = io.multipliers(System(textbook(jobs=jobs)))
    assert result["jobs_multiplier"].isna().all()
    assert result["output_multiplier"].notna().all()
    assert io.multipliers(System(textbook(jobs=None)))["jobs_multiplier"].isna().all()
    # An industry without output has no jobs per output, and takes part in nothing.
    idle = io.multipliers(System(made(2, 3, 4, idle=True)))["jobs_multiplier"]
    assert idle.isna().tolist() == [False, False, True, False, False, False]
    assert isinstance(result, pd.DataFrame)

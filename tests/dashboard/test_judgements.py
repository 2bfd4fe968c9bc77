"""What follows from judgements: the published example, changes that are tried, groups, the box."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import judgements
from dashboard.judgements import BOX, CIB, INFLUENCE, Named, Sheet
from tests.dashboard import made_judgements as made

COLUMNS = ["row", "column", "group_code", "value", "sign", "reason"]


def a_sheet(kind: str, tried: Iterable[str] = (), group: str = "", cells: pd.DataFrame | None = None) -> Sheet:
    """A made matrix as the store would hand it out in English."""
    row = next(one for one in made._matrices("x") if one["kind"] == kind)
    parts = json.loads(json.dumps(row["parts"]))
    for one in [*parts, *(value for part in parts for value in part["values"])]:
        one["name"] = one["texts"]["name"]["en"]
    held = cells if cells is not None else stored(row["code"])
    told = {"name": row["code"], "description": "", "source": "", **row, "parts": parts}
    return judgements.make_sheet("x", told, held, group, tried)


def stored(matrix: str, groups: bool = False) -> pd.DataFrame:
    cells = [one for one in made._cells("x", groups) if one["matrix"] == matrix]
    return pd.DataFrame(cells)[COLUMNS].astype({"value": "float64"})


def named() -> tuple[Named, ...]:
    return tuple(Named(code, f"● {name}", name, state) for code, (name, state) in made.SCENARIOS.items())


def test_the_published_example_has_its_ten_scenarios() -> None:
    found = judgements.consistent(judgements.matrix_of(a_sheet(CIB)), "0", named())
    assert tuple(one.state for one in found.scenarios) == made.CONSISTENT
    assert (found.space, found.status) == (486, "complete")
    crisis = next(one for one in found.scenarios if one.state == (0, 2, 0, 1, 2, 2))
    assert (crisis.total, crisis.consistency, crisis.inconsistency) == (21, 1, 0)
    assert crisis.nearest is not None
    assert (crisis.nearest.scenario.code, crisis.nearest.equal) == ("crisis", True)
    near = next(one.nearest for one in found.scenarios if one.state == (2, 0, 1, 0, 0, 1))
    assert near is not None
    assert (near.scenario.code, near.differs, near.equal) == ("protection", (5,), False)


@pytest.mark.parametrize(("accept", "count"), [("strict", 1), ("0", 10), ("1", 15), ("2", 32), ("3", 59)])
def test_what_is_accepted_decides_how_many(accept: str, count: int) -> None:
    assert len(judgements.consistent(judgements.matrix_of(a_sheet(CIB)), accept, ()).scenarios) == count


def test_a_scenario_of_the_set_is_told_where_it_falls_short_and_where_it_leads() -> None:
    held = {one.scenario.code: one for one in judgements.judged(judgements.matrix_of(a_sheet(CIB)), named(), "global")}
    assert held["crisis"].behind == ()
    assert held["crisis"].leads == ((0, 2, 0, 1, 2, 2),)
    # Balances by hand: government -1 2 -1 (stagnant economy alone), values -2 2 0.
    assert held["protection"].behind == ((0, 1, 3.0), (5, 1, 2.0))
    assert held["protection"].inconsistency == 3
    assert held["protection"].leads[0] in made.CONSISTENT


def test_a_change_is_tried_without_touching_what_is_stored() -> None:
    text = "economy.dynamic.cohesion.peace.-3"
    tried = a_sheet(CIB, [text])
    assert tried.saved["economy.dynamic", "cohesion.peace"].value == 3
    assert tried.cells["economy.dynamic", "cohesion.peace"].value == -3
    assert len(tried.tried) == 1
    # What is stored already is no change, and zero takes a judgement away.
    assert a_sheet(CIB, ["economy.dynamic.cohesion.peace.3"]).tried == ()
    assert ("economy.dynamic", "cohesion.peace") not in a_sheet(CIB, ["economy.dynamic.cohesion.peace.0"]).cells
    assert a_sheet(CIB, ["economy.dynamic.economy.shrinking.0", "government.social.government.social.-0"]).tried == ()


@given(st.lists(st.text(max_size=40) | st.from_regex(judgements.CHANGE, fullmatch=True), max_size=6))
def test_no_change_from_an_address_breaks_a_sheet(texts: list[str]) -> None:
    import re

    kept = [text for text in texts if re.fullmatch(judgements.CHANGE, text)]
    for kind in (CIB, INFLUENCE, BOX):
        low, high = judgements.RANGES[kind]
        for change in a_sheet(kind, kept).tried:
            assert change.text == judgements.SIGNS[kind] or low <= int(change.text) <= high


def test_groups_are_read_apart_and_their_median_stands_where_nothing_was_agreed() -> None:
    cells = stored("cib", groups=True)
    place = ("government.patriots", "foreign.cooperation")
    assert a_sheet(CIB, cells=cells).basis == "agreed"
    assert a_sheet(CIB, group="clusters", cells=cells).cells[place].value == 2
    alone = cells[cells["group_code"] != ""]
    median = a_sheet(CIB, cells=alone)
    assert median.basis == "median"
    assert median.groups == ("clusters", "ministries") or median.groups == ("ministries", "clusters")
    assert place not in median.cells  # the median of -2 and 2 is no influence
    both = judgements.disagreement(median, judgements.group_values(median, alone))
    assert both[["row", "column", "spread", "opposite"]].to_numpy().tolist() == [[*place, 4.0, True]]


def test_single_judgements_that_tip_the_result() -> None:
    matrix = judgements.matrix_of(a_sheet(CIB))
    frame = judgements.tipping(matrix)
    assert frame.attrs["status"] == "complete"
    first: Any = frame.iloc[0]
    values = matrix.values.copy()
    values[first["source"], first["target"]] += first["change"]
    now = {one.state for one in judgements.consistent(matrix.with_values(values), "0", ()).scenarios}
    assert now == (set(made.CONSISTENT) - set(first["lost"])) | set(first["gained"])


def test_attractors_quick_and_exact() -> None:
    matrix = judgements.matrix_of(a_sheet(CIB))
    exact = judgements.attractors(matrix, "global", quick=False)
    assert exact.exact
    assert [one.weight for one in exact.attractors][:3] == [178, 127, 55]
    assert judgements.attractors(matrix, "global", quick=True).exact  # a small space is followed whole at once


def test_influences_with_potential_ones_as_nothing_and_as_strong() -> None:
    sheet = a_sheet(INFLUENCE)
    now, later = judgements.micmac(sheet, 0), judgements.micmac(sheet, 3)
    assert now.potential
    # Row sums: technology 5, markets 2, skills 5, policy 5, or 8 with the potential one.
    np.testing.assert_allclose(now.direct.influence, np.array([5, 2, 5, 5]) / 17)
    np.testing.assert_allclose(later.direct.influence, np.array([5, 2, 5, 8]) / 20)


def test_the_box_says_what_is_left_dead_and_to_be_lifted() -> None:
    sheet = a_sheet(BOX)
    free = judgements.open_box(sheet, {})
    # 18 configurations; with a shrinking economy none, of the other 12 two are vetoed (dynamic and riots).
    assert (free.space, free.surviving, free.left, free.complete) == (18, 10, 10, True)
    assert free.dead == ("economy.shrinking",)
    assert free.examples[0] == ((1, 0, 1), pytest.approx(2 / 3))
    fixed = judgements.read_fixed(sheet, ["economy.dynamic", "nonsense.x", "help.none", "help.grants"])
    assert fixed == {0: 2, 2: 1}
    left = judgements.open_box(sheet, fixed)
    assert left.left == 2
    assert left.open_values == {"economy.dynamic", "cohesion.peace", "cohesion.tensions", "help.grants"}
    none = judgements.open_box(sheet, judgements.read_fixed(sheet, ["economy.shrinking"]))
    assert none.left == 0
    assert none.lift_complete
    assert len(none.lift) == 1  # help is vetoed either way, social cohesion can do without riots' and peace's veto

"""Lanes of a theory of change: pilots under measures, shared deliverables, links that skip steps or end nowhere."""

from analysis.theory import lanes


def link(start: str, end: str) -> dict[str, str]:
    """A link written as kind:code."""
    (from_kind, from_code), (to_kind, to_code) = start.split(":"), end.split(":")
    return {"from_kind": from_kind, "from_code": from_code, "to_kind": to_kind, "to_code": to_code}


LINKS = [
    link("problem:p", "measure:m1"),
    link("measure:m1", "pilot:a"),
    link("measure:m1", "pilot:b"),
    link("pilot:a", "deliverable:d"),
    link("pilot:b", "deliverable:d"),
    link("deliverable:d", "result:ra"),
    link("deliverable:d", "result:rb"),
    link("pilot:a", "result:ra"),
    link("result:ra", "indicator:gdp"),
    link("pilot:b", "indicator:jobs"),
    link("indicator:gdp", "aim:s"),
    link("measure:m2", "indicator:jobs"),
    link("pilot:c", "result:rc"),
    link("result:gone", "aim:nowhere"),
]
OWNERS = {"ra": "a", "rb": "b", "rc": "c"}


def test_each_pilot_stands_under_its_measure_with_its_own_results() -> None:
    first, second, rest = lanes(LINKS, ["m1", "m2"], ["a", "b", "c", "d"], OWNERS)
    assert (first.measure, first.problems, first.aims) == ("m1", ("p",), ("s",))
    assert [step.pilot for step in first.steps] == ["a", "b"]
    a, b = first.steps
    assert (a.deliverables, a.results, a.indicators) == (("d",), ("ra",), ("gdp",))
    assert (b.deliverables, b.results, b.indicators) == (("d",), ("rb",), ("jobs",))
    # A measure without a pilot acts by itself; a pilot that no measure names stands last; one without links nowhere.
    assert [(step.pilot, step.indicators) for step in second.steps] == [("", ("jobs",))]
    assert (rest.measure, [step.pilot for step in rest.steps]) == ("", ["c"])


def test_pilots_out_of_the_choice_are_passed_over() -> None:
    (lane,) = lanes(LINKS, ["m1"], ["b"], OWNERS)
    assert [step.pilot for step in lane.steps] == ["b"]
    (empty,) = lanes(LINKS, ["m1"], [], OWNERS)
    assert empty.steps == ()
    assert lanes([], [], ["a"], {}) == ()

"""Sets from YAML: what is taken, what is refused and where it stands, and that what goes out comes back."""

import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.signposts import WORDS
from config import ROOT
from etl.sources.base import Problem, SourceError
from etl.sources.scenario_set import (
    LIKELIHOODS,
    LONGEST,
    Known,
    SetContent,
    as_day,
    as_text,
    as_year,
    settle,
)
from etl.sources.scenario_yaml import document, read_document, read_set, write_set
from tests.etl.sources.scenario_sets import COMPLETE, changed, written

KNOWN = Known(
    indicators={"employment_rate": ("PC", 0.0, 100.0), "population": ("PERS", 0.0, None)},
    regions={"HU22", "RO11"},
    themes={"skills", "internationalisation"},
)

Read = Callable[..., tuple[SetContent, list[Problem]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Content and problems of a text."""

    def read(text: str = COMPLETE, known: Known | None = KNOWN) -> tuple[SetContent, list[Problem]]:
        return settle(read_set(written(tmp_path, text)), known)

    return read


def test_words_of_likelihood_are_those_of_the_arithmetic() -> None:
    assert {str(word): share for word, share in WORDS.items()} == dict(LIKELIHOODS)


def test_everything_is_read(read: Read) -> None:
    content, problems = read()
    assert problems == []
    assert [len(getattr(content, kind)) for kind in ("axes", "groups", "scenarios", "places", "states")] == [
        2,
        2,
        2,
        3,
        4,
    ]
    assert [len(getattr(content, kind)) for kind in ("drivers", "evidence", "assumptions", "points")] == [2, 1, 3, 6]
    assert [len(getattr(content, kind)) for kind in ("signposts", "likelihoods", "measures", "payoffs")] == [2, 3, 3, 4]
    assert [len(getattr(content, kind)) for kind in ("matrices", "parts", "values", "cells")] == [3, 6, 8, 9]
    assert [len(getattr(content, kind)) for kind in ("milestones", "workshops", "records")] == [3, 1, 5]
    assert content.scenarios[0].story["en"] == "Once, a door stood open.\n\nThen more came."
    assert content.rows() == 1 + sum(len(v) for v in vars(content).values() if isinstance(v, list))


def test_what_is_written_is_read_as_the_same(read: Read) -> None:
    content, _ = read()
    again, problems = read(write_set(content))
    assert (again, problems) == (content, [])
    assert write_set(again) == write_set(content)
    assert settle(read_document(document(content), "x"), KNOWN)[0] == content


def test_the_example_of_the_guide_is_right(read: Read) -> None:
    guide = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    beside = [line for line in text.splitlines(True) if line.startswith(("  table:", "  files:"))]
    assert len(beside) == 2
    content, problems = read("".join(line for line in text.splitlines(True) if line not in beside))
    assert problems == []
    assert all(getattr(content, kind) for kind in ("points", "signposts", "payoffs", "cells", "milestones", "records"))


# Each: what is changed, then reason, place and words that must stand in the remedy.
SLIPS = [
    ("impact: [6, 8, 9.5]", "impact: [9, 8, 9.5]", "range-order", "drivers[0].impact", "9, 8, 9.5"),
    ("impact: [6, 8, 9.5]", "impact: [6, 8]", "wrong-shape", "drivers[0].impact", "three numbers"),
    ("impact: [6, 8, 9.5]", "impact: [6, null, 9.5]", "not-a-number", "drivers[0].impact", "number"),
    ("uncertainty: [5, 7, 9]", "uncertainty: [5, 7, 11]", "outside-limits", "drivers[0].uncertainty", "at most 10"),
    ("impact: 3,", "impact: '3',", "number-as-text", "drivers[1].impact", "as text"),
    ("steep: political", "steep: legal", "not-in-list", "drivers[0].steep", "environmental"),
    ("ratings: 12", "rating: 12", "unknown-field", "drivers[0].rating", "ratings"),
    ("driver: tariffs, text", "driver: tarifs, text", "unknown-code", "scenarios[1].assumptions[0].driver", "tariffs"),
    ("year: 2029", "year: soon", "not-a-year", "milestones[1].year", "four digits"),
    ("{2035: 2000000}", "{Y2035: 2000000}", "not-a-year", "pathways.series[2].points.Y2035", "four digits"),
    ("{2035: 2000000}", "{2035: many}", "not-a-number", "pathways.series[2].points.2035", "number"),
    ("{2035: 2000000}", "{2035: [1, 2]}", "wrong-shape", "pathways.series[2].points.2035", "low, median, high"),
    ("{2035: 2000000}", "{2035: -1}", "outside-limits", "pathways.series[2].points.2035", "between 0"),
    ("{2035: 2000000}", "{2035: .nan}", "not-a-number", "pathways.series[2].points.2035", "number"),
    (
        "indicator: population",
        "indicator: populaton",
        "unknown-indicator",
        "pathways.series[2].indicator",
        "population",
    ),
    ("region: RO11", "region: RO1l", "unknown-region", "pathways.series[2].region", "RO11"),
    ("review: 2027-06-30", "review: 30.06.2027", "not-a-date", "signposts[0].review", "2026-03-12"),
    ("operator: '>='", "operator: '=>'", "not-in-list", "signposts[0].operator", ">="),
    ("threshold: 74", "threshold: null", "empty-cell", "signposts[0].threshold", "threshold"),
    ("shut-in: even", "shut-in: maybe", "not-in-list", "signposts[1].likelihoods.shut-in", "very_likely"),
    ("shut-in: 0.1", "shut-in: 1.1", "outside-limits", "signposts[0].likelihoods.shut-in", "0 and 1"),
    ("needs: [bus]", "needs: [bus, train]", "unknown-code", "measures[0].needs", "train"),
    ("needs: [bus]", "needs: bus", "wrong-shape", "measures[0].needs", "list"),
    ("cost: 1200.5", "cost: -1", "outside-limits", "measures[0].cost", "at least 0"),
    ("currency: HUF", "currency: forint", "wrong-code", "measures[0].currency", "EUR"),
    ("clusters: 1.5", "firms: 1.5", "unknown-code", "measures[0].payoffs.open_door.firms", "firms"),
    ("place.farm: X", "place.farm: Y", "not-a-number", "matrices[0].cells.money.state.place.farm", "number"),
    ("place.town: 2", "place.town: 1.5", "not-a-number", "matrices[0].cells.money.state.place.town", "whole number"),
    ("{robots: P}", "{robots: X}", "not-a-number", "matrices[2].cells.tariffs.robots", "or P"),
    ("{tariffs: 3}", "{tariffs: 4}", "outside-limits", "matrices[2].cells.robots.tariffs", "0 and 3"),
    ("{tariffs: 3}", "{robots: 3}", "wrong-shape", "matrices[2].cells.robots.robots", "itself"),
    ("people.many: 2}", "people.mony: 2}", "unknown-code", "by_group.clusters", "people.many"),
    ("state: {access: narrow", "state: {access: closed", "unknown-code", "scenarios[1].state.access", "wide, narrow"),
    ("place: {markets: -1}", "place: {markets: -2}", "outside-limits", "scenarios[1].place.markets", "at least -1"),
    ("held_on: 2026-03-12", "held_on: 12 March", "not-a-date", "workshops[0].held_on", "date"),
    (
        "participants: {ministry: 4",
        "participants: {ministry: four",
        "not-a-number",
        "workshops[0].participants",
        "number",
    ),
    ("due: 2026-12-31", "due: later", "not-a-date", "workshops[0].record.actions[0].due", "date"),
    ("uncertainty: 9, name: {en: Robots}", "uncertainty: 9, name: Robots", "not-a-text", "drivers[1].name", "{en:"),
    ("uncertainty: 9, name: {en: Robots}", "uncertainty: 9, name: {}", "empty-cell", "drivers[1].name", "name"),
    (
        "uncertainty: 9, name: {en: Robots}",
        "uncertainty: 9, name: {english-uk: Robots}",
        "not-in-list",
        "drivers[1].name",
        "language",
    ),
    ("code: robots, kind", "code: Robots!, kind", "wrong-code", "drivers[1].code", "small letters"),
    ("  regions: [HU22, RO11]", "  regions: [HU22, HU99]", "unknown-region", "set.regions.1", "HU99"),
    ("theme: internationalisation", "theme: magic", "not-in-list", "drivers[0].theme", "skills"),
    ("workshops:\n", "workshop:\n", "unknown-field", "workshop", "workshops"),
    ("  series:\n", "  seires:\n", "unknown-field", "pathways.seires", "series"),
]


@pytest.mark.parametrize(("old", "new", "reason", "place", "words"), SLIPS)
def test_each_slip_has_its_place_and_its_remedy(
    read: Read, old: str, new: str, reason: str, place: str, words: str
) -> None:
    text = changed(old, new)
    content, problems = read(text)
    first = next(problem for problem in problems if problem.reason == reason)
    assert first.column.startswith(place) or place in first.column
    assert words in first.remedy
    assert first.line is not None
    # The line is that of the slip, or of the entry around it.
    near = "\n".join(text.splitlines()[first.line - 1 : first.line + 1])
    assert new.split(":")[0].strip(" -{") in near or new.strip().splitlines()[0] in near
    assert len(content.scenarios) == 2


def test_a_row_stays_when_only_a_reference_is_lost(read: Read) -> None:
    content, problems = read(changed("strategy: learn", "strategy: lern"))
    assert (content.measures[0].strategy, len(problems)) == (None, 1)
    assert "learn?" in problems[0].remedy
    assert "rest of the row taken" in problems[0].remedy
    # A signpost on an unknown indicator would become one that people watch: it is refused.
    content, problems = read(
        changed("code: jobs\n    indicator: employment_rate", "code: jobs\n    indicator: jobs_rate")
    )
    assert [one.code for one in content.signposts] == ["pact"]
    assert [one.signpost for one in content.likelihoods] == ["pact"]


def test_what_hangs_on_a_refused_row_is_refused_with_it(read: Read) -> None:
    content, problems = read(changed("  - code: shut-in\n", "  - code: shut in\n"))
    assert [one.code for one in content.scenarios] == ["open_door"]
    hanging: list[Any] = [*content.points, *content.likelihoods, *content.payoffs]
    assert {one.scenario for one in hanging} == {"open_door"}
    assert {problem.reason for problem in problems} == {"wrong-code", "unknown-code"}


def test_repeats(read: Read) -> None:
    # Of things others hang on the first stays; of judgements that contradict one another none does.
    twice = changed(
        "  - {code: robots,",
        "  - {code: tariffs, steep: social, impact: 1, uncertainty: 1, name: {en: T}}\n  - {code: robots,",
    )
    content, problems = read(twice)
    assert content.drivers[0].impact == 8
    assert [(problem.reason, problem.column) for problem in problems] == [("repeated-row", "drivers[1].code")]
    assert f"line {twice[: twice.index('- code: tariffs')].count(chr(10)) + 1}" in problems[0].remedy
    again = "    - {scenario: shut-in, region: RO11, indicator: population, points: {2035: %s}}\n"
    series = changed("signposts:\n", again % 2000000 + "signposts:\n")
    content, problems = read(series)
    assert ([one.median for one in content.points if one.region == "RO11"], len(problems)) == ([2000000], 1)
    content, problems = read(changed("signposts:\n", again % 3000000 + "signposts:\n"))
    assert [one for one in content.points if one.region == "RO11"] == []
    assert [problem.reason for problem in problems] == ["repeated-row"] * 2
    assert "contradict" in problems[0].remedy
    # A name that stands twice in a mapping would silently be the last one.
    content, problems = read(changed("{2035: 2000000}", "{2035: 1, 2035: 2}"))
    assert [one.median for one in content.points if one.region == "RO11"] == [1]
    assert problems[0].column == "pathways.series[2].points.2035"


def test_a_pair_of_a_box_may_stand_either_way_round_but_once(read: Read) -> None:
    content, problems = read(changed("place.farm: X}", "place.farm: X}\n      place.town: {money.state: 1}"))
    assert [problem.reason for problem in problems] == ["repeated-row"] * 2
    assert [one.sign for one in content.cells if one.matrix == "box"] == ["X"]


@pytest.mark.parametrize(("first", "second"), [("0", "0"), ("2", "null")])
def test_weights_that_sum_to_nothing_are_none(read: Read, first: str, second: str) -> None:
    text = changed("prior: 2", f"prior: {first}")
    content, problems = read(changed("    prior: 1\n", f"    prior: {second}\n", text))
    assert [one.prior for one in content.scenarios] == [None, None]
    assert [(problem.reason, problem.column) for problem in problems] == [("no-weight", "scenarios[0].prior")]


def test_needs_that_go_in_a_circle_are_cut(read: Read) -> None:
    circle = changed("{code: bus, name", "{code: bus, needs: [school], name")
    content, problems = read(circle)
    assert [one.needs for one in content.measures][:2] == [(), ("school",)]
    assert [problem.reason for problem in problems] == ["circle"]
    content, problems = read(changed("needs: [bus]", "needs: [school, bus]"))
    assert (content.measures[0].needs, problems[0].reason) == (("bus",), "unknown-code")


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("", "empty-file", "empty"),
        ("- a list\n", "wrong-shape", "set:"),
        ("set: soon\n", "wrong-shape", "code, title"),
        ("set:\n\tcode: x\n", "not-yaml", "tab"),
        ("set: {code: x\nscenarios: []\n", "not-yaml", "YAML"),
        ("set: &a {b: *a}\n", "not-yaml", ""),
        ("set: !!python/object/apply:os.system ['true']\n", "wrong-shape", "code, title"),
        ("set: {? [a, b] : c}\n", "not-yaml", "one word"),
        (changed("  code: valley\n", ""), "empty-cell", "set.code"),
        (changed("code: valley", "code: The Valley"), "wrong-code", "set.code"),
        (changed("horizon: 2035", "horizon: 2020"), "range-order", "base year"),
        (changed("origin: illustrative", "origin: invented"), "not-in-list", "published"),
        (
            COMPLETE.replace("name: {en: Open door, hu: Nyitott ajtó}", "").replace("name: {en: Shut in}", ""),
            "no-rows",
            "name",
        ),
    ],
)
def test_a_file_that_is_no_set_is_refused(read: Read, text: str, reason: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(text)
    assert caught.value.problem.reason == reason
    assert words in caught.value.problem.remedy
    assert "Traceback" not in caught.value.problem.remedy


def test_anchors_that_multiply_are_refused(read: Read) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(SourceError) as caught:
        read("\n".join([*lines, "set: {code: x}", ""]))
    assert caught.value.problem.reason == "not-yaml"


def test_too_many_problems_are_told_as_one(read: Read) -> None:
    points = ", ".join(f"{year}: x" for year in range(1900, 2200))
    series = "".join(
        f"    - {{scenario: s{n}, region: HU22, indicator: population, points: {{{points}}}}}\n" for n in range(35)
    )
    with pytest.raises(SourceError) as caught:
        read(changed("signposts:\n", f"{series}signposts:\n"))
    assert caught.value.problem.reason == "wrong-throughout"


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "..", "a/b.csv", 7])
def test_files_of_elsewhere_are_not_read(read: Read, name: object) -> None:
    content, problems = read(changed("pathways:\n", f"pathways:\n  files: [{name}]\n"))
    assert content.files == ()
    assert [(problem.reason, problem.column) for problem in problems] == [("wrong-shape", "pathways.files[0]")]


def test_single_values() -> None:
    assert as_text("  a\r\nb\x00 ") == "a\nb"
    assert (as_year("2030"), as_year(2030.0)) == (2030, 2030)
    assert as_day("2026-03-12").isoformat() == "2026-03-12"
    for call in (lambda: as_text("x" * (LONGEST + 1)), lambda: as_year("2030-ban"), lambda: as_day("2026-02-30")):
        with pytest.raises(ValueError, match=r"."):
            call()


# ---------------------------------------------------------------------------------------------------------------------
# Any set comes back as it went

words = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
texts = st.dictionaries(st.sampled_from(["en", "hu", "sr"]), words, min_size=1, max_size=3)
codes = st.text(string.ascii_lowercase + string.digits + "_-", min_size=1, max_size=12).filter(
    lambda c: c[0] not in "_-"
)
numbers = st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False)
HEAD = {"code": "any", "base_year": 2024, "horizon": 2035}


@st.composite
def sets(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of sets that are right."""

    def coded(most: int, least: int = 0) -> list[dict[str, Any]]:
        chosen = draw(st.lists(codes, unique=True, min_size=least, max_size=most))
        return [{"code": code, "name": draw(texts)} for code in chosen]

    axes, groups, scenarios = coded(2), coded(2), coded(3, 1)
    names = [one["code"] for one in scenarios]
    parts = [{**part, "values": coded(3, 1)} for part in coded(3)]
    labels = [f"{part['code']}.{value['code']}" for part in parts for value in part["values"]]
    cells: dict[str, Any] = {}
    for row in labels:
        judged = {column: draw(st.sampled_from([-3, 1, 2.5, 1 / 3])) for column in labels if draw(st.booleans())}
        cells |= {row: judged} if judged else {}
    for one in scenarios:
        one["place"] = {axis["code"]: draw(st.floats(-1, 1)) for axis in axes}
        one["state"] = {part["code"]: draw(st.sampled_from(part["values"]))["code"] for part in parts}
        one["story"] = {"en": draw(words) + "\n\n" + draw(words)}
    series = []
    for name in names:
        points = {}
        for year in draw(st.lists(st.integers(2020, 2060), unique=True, min_size=1, max_size=4)):
            points[year] = (
                sorted(draw(st.lists(numbers, min_size=3, max_size=3))) if draw(st.booleans()) else draw(numbers)
            )
        series.append(
            {"scenario": name, "region": "HU22", "indicator": "any_thing", "source": draw(words), "points": points}
        )
    measures = coded(3)
    for one in measures:
        one["payoffs"] = {
            name: {group["code"]: [draw(st.floats(-2, 2)), draw(words)] for group in groups} for name in names if groups
        }
    signposts = coded(2)
    for one in signposts:
        one["likelihoods"] = {name: draw(st.sampled_from([*LIKELIHOODS, 0.123])) for name in names}
    return {
        "set": {**HEAD, "title": draw(texts), "axes": axes, "groups": groups},
        "scenarios": scenarios,
        "pathways": {"series": series},
        "signposts": signposts,
        "measures": measures,
        "matrices": [{"code": "cib", "kind": "cib", "name": draw(texts), "parts": parts, "cells": cells}]
        if parts
        else [],
        "workshops": [{"code": "w", "title": draw(texts), "record": {"actions": [{"text": draw(texts)}]}}],
    }


@given(sets())
@settings(max_examples=40)
def test_any_set_goes_out_as_yaml_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, given_set: dict[str, Any]
) -> None:
    content, problems = settle(read_document(given_set, "any"))
    assert problems == []
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_text(write_set(content), encoding="utf-8")
    again, refused = settle(read_set(path))
    assert refused == []
    assert replace(again) == content

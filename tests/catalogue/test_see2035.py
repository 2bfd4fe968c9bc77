"""The illustrative set holds what it promises: complete, in both languages, and tied to the figures."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from analysis.backcast import feasibility, required_pace, schedule
from analysis.cross_impact import CrossImpactMatrix, Descriptor, consistent_scenarios, score
from analysis.influence import direct, indirect, read_influences
from analysis.model import IndicatorSpec
from analysis.morphology import Box, Parameter, dead_values, solutions
from analysis.robustness import Mark, choice, disagreement, marks, metrics, payoff_table
from analysis.signposts import State, Word, diagnosticity, likelihood_table, states
from analysis.tracking import evaluate
from etl import starter_pathways
from etl.sources.scenario_yaml import read_set

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "starter" / "scenarios" / "see2035.yaml"
SET = yaml.safe_load(FILE.read_text(encoding="utf-8"))
TABLE = FILE.with_name(SET["pathways"]["table"])
HEAD = SET["set"]
SCENARIOS = [scenario["code"] for scenario in SET["scenarios"]]
GROUPS = [group["code"] for group in HEAD["groups"]]
COUNTRIES = ("AT", "BG", "EL", "HR", "HU", "IT", "MK", "RO", "RS", "SI", "SK")
MATRIX = {matrix["code"]: matrix for matrix in SET["matrices"]}


def entries(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((ROOT / "data" / "catalogue" / name).read_text(encoding="utf-8"))


INDICATOR = {entry["code"]: entry for entry in entries("indicators.yaml")}
THEMES = {entry["code"] for entry in entries("themes.yaml")}
SPECS = {
    code: IndicatorSpec(code, 0, entry["change"], entry["decimals"], *entry["limits"])
    for code, entry in INDICATOR.items()
}


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    frame = pd.read_csv(ROOT / "data" / "starter" / "observations.csv", dtype={"flags": str}, keep_default_na=False)
    return frame.assign(value=pd.to_numeric(frame["value"]))


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    return pd.read_csv(TABLE)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of the set with its place."""
    if isinstance(value, dict):
        if "en" in value or "hu" in value:
            yield path, value
            return
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from texts(item, f"{path}[{place}]")


def words(text: str) -> int:
    return len(text.split())


# Texts


def test_it_says_that_it_is_made_up():
    assert HEAD["origin"] == "illustrative"
    assert "illustrative" in HEAD["source"]
    assert "made up" in HEAD["caveat"]["en"]
    assert "kitalált" in HEAD["caveat"]["hu"]
    judged = [*SET["drivers"], *SET["signposts"], *SET["measures"], *SET["matrices"], *SET["milestones"]]
    assert {item["source"] for item in judged} == {"PoliSEE, illustrative"}
    assert {a["source"] for s in SET["scenarios"] for a in s["assumptions"]} == {"PoliSEE, illustrative"}


def test_every_text_stands_in_both_languages():
    found = list(texts(SET))
    assert len(found) > 300
    for path, text in found:
        assert set(text) == {"en", "hu"}, path
        assert all(part == part.strip() != "" for part in text.values()), path
        if words(text["en"]) > 6:
            assert text["en"] != text["hu"], path


def test_reasons_stand_in_both_languages():
    reasons = [
        reason
        for measure in SET["measures"]
        for by_group in measure["payoffs"].values()
        for _, reason in by_group.values()
        if reason
    ]
    assert len(reasons) >= 20
    for reason in reasons:
        english, hungarian = reason.split(" | ")
        assert english.strip()
        assert hungarian.strip()


def test_lines_are_short_enough_to_be_read():
    assert max(len(line) for line in FILE.read_text(encoding="utf-8").splitlines()) <= 120


def test_stories_and_notes_have_the_length_of_a_slide():
    for scenario in SET["scenarios"]:
        for lang in ("en", "hu"):
            assert 145 <= words(scenario["story"][lang]) <= 225, (scenario["code"], lang)
            assert 60 <= words(scenario["notes"][lang]) <= 100, (scenario["code"], lang)
            assert words(scenario["summary"][lang]) <= 25, (scenario["code"], lang)


# What belongs to the set


def test_four_scenarios_lie_in_the_four_corners():
    axes = [axis["code"] for axis in HEAD["axes"]]
    assert len(axes) == 2
    corners = {tuple(np.sign(scenario["place"][axis]) for axis in axes) for scenario in SET["scenarios"]}
    assert corners == {(1, 1), (1, -1), (-1, 1), (-1, -1)}
    assert all(abs(scenario["place"][axis]) <= 1 for scenario in SET["scenarios"] for axis in axes)


def test_assumptions_can_be_laid_side_by_side():
    first = [(a["code"], a["subject"], a["driver"]) for a in SET["scenarios"][0]["assumptions"]]
    assert 6 <= len(first) <= 8
    for scenario in SET["scenarios"]:
        assert [(a["code"], a["subject"], a["driver"]) for a in scenario["assumptions"]] == first


def test_counts():
    assert len(SET["drivers"]) == len(SET["signposts"]) == 12
    assert len(SET["measures"]) == 8
    assert len(SET["strategies"]) in (2, 3)
    assert len(GROUPS) == 5
    assert len(SET["workshops"]) == 1
    assert sum(milestone["goal"] for milestone in SET["milestones"]) == 1
    assert 6 <= sum(not milestone["goal"] for milestone in SET["milestones"]) <= 8


def test_drivers_cover_all_classes_and_have_evidence():
    drivers = SET["drivers"]
    assert {d["steep"] for d in drivers} == {"social", "technological", "economic", "environmental", "political"}
    kinds = Counter(d["kind"] for d in drivers)
    assert kinds["weak_signal"] == kinds["wild_card"] == 1
    for driver in drivers:
        for name in ("impact", "uncertainty"):
            low, median, high = driver[name]
            assert 1 <= low <= median <= high <= 10, driver["code"]
        assert driver["year"] == sorted(driver["year"]), driver["code"]
        assert driver["year"][0] > HEAD["base_year"], driver["code"]
        assert driver["year"][2] <= HEAD["horizon"], driver["code"]
        assert driver["evidence"], driver["code"]
        for evidence in driver["evidence"]:
            assert evidence["url"].startswith("http"), driver["code"]
            assert " " not in evidence["url"], driver["code"]
            assert evidence["source"], driver["code"]


def test_the_axes_are_the_drivers_of_most_impact_and_uncertainty():
    ordinary = [d for d in SET["drivers"] if d["kind"] not in ("weak_signal", "wild_card")]
    most = sorted(ordinary, key=lambda d: -(d["impact"][1] + d["uncertainty"][1]))[:2]
    assert {d["code"] for d in most} == {"value_chains", "learning"}


def test_all_codes_exist():
    with (ROOT / "data" / "catalogue" / "regions.csv").open(encoding="utf-8", newline="") as file:
        regions = {row["code"] for row in csv.DictReader(file)}
    drivers = {driver["code"] for driver in SET["drivers"]}
    measures = {measure["code"] for measure in SET["measures"]}
    milestones = {milestone["code"] for milestone in SET["milestones"]}
    evidence = [e for d in SET["drivers"] for e in d["evidence"]]
    placed = [*SET["signposts"], *SET["milestones"]]
    assert set(HEAD["regions"]) | {x["region"] for x in placed if x["region"]} <= regions
    assert {x["indicator"] for x in [*evidence, *placed] if x["indicator"]} <= set(INDICATOR)
    assert {x["theme"] for x in [*SET["drivers"], *SET["measures"]]} <= THEMES
    assert {a["driver"] for s in SET["scenarios"] for a in s["assumptions"]} <= drivers
    assert {m["strategy"] for m in SET["measures"]} == {s["code"] for s in SET["strategies"]}
    assert {c for m in SET["measures"] for c in (*m["needs"], *m["excludes"])} <= measures
    assert {c for m in SET["milestones"] for c in m["needs"]} <= milestones
    assert {m["measure"] for m in SET["milestones"]} - {None} <= measures
    assert set(SET["workshops"][0]["participants"]) <= set(GROUPS)


def test_the_reader_takes_it_whole():
    draft = read_set(FILE)
    assert draft.problems == []
    assert draft.files == ()
    assert len(draft.rows["points"]) == len(TABLE.read_text(encoding="utf-8").splitlines()) - 1


# Pathways


def test_the_table_is_what_the_rules_give(tmp_path, monkeypatch):
    copy = tmp_path / "starter" / "scenarios"
    copy.mkdir(parents=True)
    (copy / FILE.name).write_bytes(FILE.read_bytes())
    (tmp_path / "catalogue").symlink_to(ROOT / "data" / "catalogue")
    (tmp_path / "starter" / "observations.csv").symlink_to(ROOT / "data" / "starter" / "observations.csv")
    monkeypatch.setattr(starter_pathways, "DATA", tmp_path)
    assert starter_pathways.main().read_bytes() == TABLE.read_bytes(), "run python -m etl.starter_pathways"


def test_a_rule_by_hand():
    # 98 + 7 x 0.4 + 5 x 0.6 = 103.8; half the range 1.2 x root of 12 = 4.157.
    rule = {"measure": "points", "limits": [20, 180]}
    line = starter_pathways.medians(98, 2023, 2030, 2035, (0.4, 0.6), rule)
    assert line[-1] == pytest.approx(103.8)
    assert starter_pathways.span(103.8, 12, 1.2, rule) == pytest.approx((99.643, 107.957), abs=0.001)
    # 2 x 0.97 is below the limit; a percent runs the same factor up and down.
    rule = {"measure": "percent", "limits": [2, 25]}
    assert starter_pathways.medians(2, 2023, 2030, 2024, (-3, -2), rule)[-1] == 2
    assert starter_pathways.span(5.0, 4, 5.0, rule) == pytest.approx((5 / 1.1, 5.5))


def test_pathways_cover_six_indicators_in_regions_of_eleven_countries(points):
    assert points["indicator"].nunique() >= 6
    assert set(points["region"]) == set(HEAD["regions"])
    assert len(HEAD["regions"]) >= 12
    assert {region[:2] for region in HEAD["regions"]} == {*COUNTRIES}
    assert set(points["scenario"]) == set(SCENARIOS)
    assert points["source"].unique().tolist() == ["PoliSEE, illustrative (2021: Eurostat; see2035.yaml)"]
    combined = points.groupby(["scenario", "region", "indicator"])["year"].apply(list)
    # North Macedonia published no research spending for 2021.
    assert len(combined) == len(SCENARIOS) * (points["region"].nunique() * points["indicator"].nunique() - 1)
    assert all(years == [HEAD["base_year"], 2027, 2030, 2033, 2035] for years in combined)


def test_pathways_start_at_what_was_observed(points, figures):
    base = figures[figures["period"] == HEAD["base_year"]].set_index(["indicator", "region"])["value"]
    first = points[points["year"] == HEAD["base_year"]]
    told = base.loc[list(zip(first["indicator"], first["region"], strict=True))].to_numpy()
    for column in ("low", "median", "high"):
        np.testing.assert_array_equal(first[column].to_numpy(), told)


def test_ranges_are_ordered_and_widen(points):
    assert (points["low"] <= points["median"]).all()
    assert (points["median"] <= points["high"]).all()
    for (_, _, indicator), line in points.groupby(["scenario", "region", "indicator"]):
        rule = SET["pathways"]["rules"]["indicators"][indicator]
        least, most = INDICATOR[indicator]["limits"]
        assert least <= rule["limits"][0] <= line["low"].min()
        assert line["high"].max() <= rule["limits"][1] <= (most or np.inf)
        inside = line[(line["low"] > rule["limits"][0]) & (line["high"] < rule["limits"][1])]
        relative = rule["measure"] == "percent"
        width = np.log(inside["high"] / inside["low"]) if relative else inside["high"] - inside["low"]
        # Rounding takes a little of the width of a figure near zero.
        assert all(b > a - 0.01 for a, b in pairwise(width)), (indicator, line["region"].iloc[0])


def test_scenarios_part_by_the_horizon(points):
    last = points[points["year"] == HEAD["horizon"]]
    wide = last.pivot_table(index=["indicator", "region"], columns="scenario", values="median")
    for indicator in ("gdp_pps_per_head_eu", "gva_volume_index", "employment_rate"):
        assert (wide.loc[indicator].idxmax(axis=1) == "open_workshop").all()
        assert (wide.loc[indicator].idxmin(axis=1) == "empty_chairs").all()
    for indicator in ("rd_expenditure_gdp", "tertiary_attainment"):
        assert (wide.loc[indicator, "home_grown"] > wide.loc[indicator, "assembly_line"]).all()


def test_the_years_since_the_base_tell_the_scenarios_apart(points, figures):
    paths = points.rename(columns={"indicator": "variable", "median": "value"}).assign(model="PoliSEE", unit="")
    answers = {
        region: evaluate(paths[paths["region"] == region], figures, SPECS, HEAD["base_year"])
        for region in HEAD["regions"]
    }
    told = {region: answer.leader for region, answer in answers.items() if answer.state == "told"}
    assert len(told) >= 12
    assert len(set(told.values())) >= 3
    assert not any(n.issue == "not_through_base_value" for answer in answers.values() for n in answer.notes)


# Signposts


def table_of_signposts() -> pd.DataFrame:
    return pd.DataFrame(SET["signposts"]).rename(columns={"code": "signpost"})


def test_signposts_stand_differently_today(figures):
    asked = table_of_signposts()
    asked = asked[asked["indicator"].notna()]
    assert len(asked) == 10
    board = states(asked, figures, SPECS).set_index("signpost")
    assert (board["period"] >= 2023).all()
    assert set(board["state"]) == {State.MET, State.APPROACHING, State.AWAY}
    assert board.loc["ro42_rd", "state"] == State.MET
    assert board.loc["iti3_rd", "state"] == State.AWAY
    approaching = board[board["state"] == State.APPROACHING]
    assert set(approaching["in_time"]) == {True, False}
    assert (asked["due"] > HEAD["base_year"]).all()
    assert asked["review"].notna().all()


def test_likelihoods_are_words_and_most_signposts_tell_something():
    judgements = [
        {"signpost": s["code"], "scenario": scenario, "likelihood": word}
        for s in SET["signposts"]
        for scenario, word in s["likelihoods"].items()
    ]
    assert {j["likelihood"] for j in judgements} <= set(Word)
    assert all(list(s["likelihoods"]) == SCENARIOS for s in SET["signposts"])
    told = diagnosticity(likelihood_table(pd.DataFrame(judgements))).set_index("signpost")
    (useless,) = told.index[told["useless"]]
    (marked,) = [s for s in SET["signposts"] if s["code"] == useless]
    assert "Tells nothing" in marked["why"]["en"]
    assert (told["met"].drop(useless) >= 1.5).all()
    shared = Counter(s["cluster"] for s in SET["signposts"] if s["cluster"])
    assert max(shared.values()) >= 2


def test_events_are_open():
    events = [s for s in SET["signposts"] if s["indicator"] is None]
    assert len(events) == 2
    assert all(s["operator"] == "" and s["threshold"] is None and s["observed"] is None for s in events)


# Measures


@pytest.fixture(scope="module")
def votes() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"measure": m["code"], "scenario": scenario, "group": group, "value": float(score)}
            for m in SET["measures"]
            for scenario, by_group in m["payoffs"].items()
            for group, (score, _) in by_group.items()
        ]
    )


def test_every_group_judges_every_measure_in_every_scenario(votes):
    assert len(votes) == len(SET["measures"]) * len(SCENARIOS) * len(GROUPS) == 160
    assert votes["value"].between(-2, 2).all()
    assert not votes.duplicated(["measure", "scenario", "group"]).any()


def test_some_measures_hold_and_some_break(votes):
    payoff = payoff_table(votes, scenarios=SCENARIOS)
    found = Counter(marks(payoff)["mark"])
    assert found[Mark.ROBUST] >= 2
    assert found[Mark.FRAGILE] >= 2
    # The speaker's notes and the record of the workshop count on it.
    assert found[Mark.ROBUST] == 3
    answer = choice(metrics(payoff))
    assert answer.depends
    assert len({first for best in answer.best.values() for first in best}) >= 2
    worst = disagreement(votes).iloc[0]
    assert (worst["measure"], worst["scenario"], worst["group_range"]) == ("anchor_package", "empty_chairs", 4)


def test_costs_and_exclusions_make_sense():
    by_code = {measure["code"]: measure for measure in SET["measures"]}
    for measure in SET["measures"]:
        assert measure["cost"] > 0
        assert measure["code"] not in measure["needs"]
        for other in measure["excludes"]:
            assert measure["code"] in by_code[other]["excludes"]


# Matrices


def descriptors() -> list[Descriptor]:
    return [Descriptor(p["code"], tuple(v["code"] for v in p["values"])) for p in MATRIX["cib"]["parts"]]


def cib() -> CrossImpactMatrix:
    cells, names = MATRIX["cib"]["cells"], [(d.name, v) for d in descriptors() for v in d.variants]
    assert set(cells) <= {f"{d}.{v}" for d, v in names}
    assert {c for row in cells.values() for c in row} <= {f"{d}.{v}" for d, v in names}
    full = [[cells.get(f"{d}.{v}", {}).get(f"{e}.{w}", 0) for e, w in names] for d, v in names]
    return CrossImpactMatrix.from_cells(descriptors(), full)


def test_the_four_scenarios_are_consistent_and_so_are_a_few_others():
    matrix = cib()
    assert 8 <= len(matrix.descriptors) <= 10
    assert all(2 <= len(d.variants) <= 4 for d in matrix.descriptors)
    assert np.abs(matrix.values).max() <= 3
    wanted = np.array([[d.variants.index(s["state"][d.name]) for d in matrix.descriptors] for s in SET["scenarios"]])
    found = consistent_scenarios(matrix)
    assert found.status == "complete"
    assert {tuple(state) for state in wanted} <= {tuple(state) for state in found.states}
    assert len(SCENARIOS) < len(found.states) <= 12
    # Not by a tie: each chosen variant leads its rivals.
    assert (score(matrix, wanted).consistency >= 1).all()


def test_judgement_sections_add_up_to_zero():
    matrix = cib()
    for start, end in pairwise(matrix.offsets):
        assert (matrix.values[:, start:end].sum(axis=1) == 0).all()


def test_influence_is_of_the_twelve_drivers_and_settles():
    names = [driver["code"] for driver in SET["drivers"]]
    matrix = MATRIX["influence"]
    assert [part["code"] for part in matrix["parts"]] == names
    cells = [[matrix["cells"].get(a, {}).get(b, 0) for b in names] for a in names]
    given = [cell for row in cells for cell in row]
    assert set(given) == {0, 1, 2, 3, "P"}
    now, later = read_influences(names, cells), read_influences(names, cells, potential=3)
    assert indirect(now).settled
    assert set(direct(now).quadrant) == {"driver", "relay", "dependent", "autonomous"}
    assert direct(now).influence_rank != direct(later).influence_rank


def test_the_box_leaves_a_choice_and_nearly_closes_one_answer():
    matrix = MATRIX["box"]
    parameters = [Parameter(p["code"], tuple(v["code"] for v in p["values"])) for p in matrix["parts"]]
    assert 5 <= len(parameters) <= 6
    assert all(3 <= len(p.values) <= 4 for p in parameters)
    pairs = {
        (tuple(row.split(".")), tuple(column.split("."))): mark
        for row, columns in matrix["cells"].items()
        for column, mark in columns.items()
    }
    box = Box.from_marks(parameters, pairs)
    found = solutions(box)
    assert 100 <= len(found.states) <= box.space / 2
    assert dead_values(box) == ()
    fewest = min((found.states[:, p] == v).sum() for p, x in enumerate(parameters) for v in range(len(x.values)))
    assert 0 < fewest <= 10


# Backcast and workshop


def test_the_way_back_can_be_walked(figures):
    items = pd.DataFrame(
        [{"milestone": m["code"], "due": m["year"], "duration": m["duration"]} for m in SET["milestones"]]
    )
    order = schedule(items, {m["code"]: m["needs"] for m in SET["milestones"]}, 2026.9)
    assert not order["late"].any()
    assert (order["slack"] < 0.5).any()
    goal = next(m for m in SET["milestones"] if m["goal"])
    history = figures[(figures["indicator"] == goal["indicator"]) & (figures["region"] == goal["region"])]
    newest = history.sort_values("period").iloc[-1]
    steps = [(newest["period"], newest["value"])]
    steps += [(m["year"], m["value"]) for m in SET["milestones"] if m["indicator"] == goal["indicator"]]
    paces = feasibility(required_pace(pd.DataFrame(steps, columns=["year", "value"])), history)
    assert (paces["required"] > 0).all()
    # The road begins at a pace that was seen and ends at one that never was.
    assert paces["seen"].tolist() == ["never_seen", "seen", "seen"]


def test_the_workshop_counts_kinds_and_names_nobody():
    (workshop,) = SET["workshops"]
    assert workshop["held_on"] is None
    assert all(isinstance(count, int) for count in workshop["participants"].values())
    assert "Made up" in workshop["summary"]["en"]
    assert set(workshop["record"]) == {"inputs", "challenges", "actions"}
    assert all(action["due"].year >= 2027 for action in workshop["record"]["actions"])

"""Pathways of an illustrative scenario set, from the rules that stand in its file: ``python -m etl.starter_pathways``.

Whoever changes a rule, a region or the base year in the file runs it again and commits the table. Nothing is drawn by
chance: the same rules and starter figures give the same table, so every point can be traced to its rule.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "data"
COLUMNS = ("scenario", "region", "indicator", "year", "low", "median", "high", "source")


def observed(path: Path, year: int) -> dict[tuple[str, str], float]:
    """Starter figures of one year by indicator and region."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            (row["indicator"], row["region"]): float(row["value"])
            for row in rows
            if int(row["period"]) == year and row["value"]
        }


def medians(start: float, base: int, turn: int, end: int, steps: tuple[float, float], rule: Mapping[str, Any]) -> list:
    """Figure of every year from ``base`` to ``end``: one step a year, within the limits of the rule."""
    least, most = rule["limits"]
    values = [start]
    for year in range(base + 1, end + 1):
        step = steps[0] if year <= turn else steps[1]
        value = values[-1] + step if rule["measure"] == "points" else values[-1] * (1 + step / 100)
        values.append(min(max(value, least), most))
    return values


def span(value: float, years: int, width: float, rule: Mapping[str, Any]) -> tuple[float, float]:
    """Ends of the range some years after the base; a percent runs the same factor up and down."""
    wide = width * sqrt(years)
    low, high = (
        (value - wide, value + wide)
        if rule["measure"] == "points"
        else (value / (1 + wide / 100), value * (1 + wide / 100))
    )
    least, most = rule["limits"]
    return max(low, least), min(high, most)


def rows(content: Mapping[str, Any], figures: Mapping[tuple[str, str], float], decimals: Mapping[str, int]) -> Iterator:
    """Rows of the table, in the order of scenarios, indicators, regions and years.

    ``content`` is the set as it stands in its file, ``figures`` those of the base year, ``decimals`` how many of each
    indicator are published; the table has one more. A region without a figure of an indicator in the base year has no
    pathway of it; KeyError where its group cannot be told.
    """
    rules, base = content["pathways"]["rules"], content["set"]["base_year"]
    group, turn, years = rules["groups"], rules["turn"], rules["years"]
    # No sentence: it stands on pages of every language.
    source = f"{content['set']['source']} ({base}: Eurostat; {content['set']['code']}.yaml)"
    for scenario in content["scenarios"]:
        code = scenario["code"]
        for indicator, rule in rules["indicators"].items():
            for region in content["set"]["regions"]:
                behind = figures[group["indicator"], region] < group["below"]
                start = figures.get((indicator, region))
                if start is None:
                    continue
                steps = tuple(rule["catching_up" if behind else "ahead"][code])
                line = medians(start, base, turn, max(years), steps, rule)
                yield code, region, indicator, base, f"{start:g}", f"{start:g}", f"{start:g}", source
                for year in years:
                    value = line[year - base]
                    low, high = span(value, year - base, rule["width"] * rules["spread"][code], rule)
                    shown = (f"{x:.{decimals[indicator] + 1}f}" for x in (low, value, high))
                    yield code, region, indicator, year, *shown, source


def main(name: str = "see2035") -> Path:
    """Write the table of a set beside its file; returns its path."""
    path = DATA / "starter" / "scenarios" / f"{name}.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    catalogue = yaml.safe_load((DATA / "catalogue" / "indicators.yaml").read_text(encoding="utf-8"))
    figures = observed(DATA / "starter" / "observations.csv", content["set"]["base_year"])
    table = path.with_name(content["pathways"]["table"])
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(content, figures, {entry["code"]: entry["decimals"] for entry in catalogue}))
    return table


if __name__ == "__main__":
    print(main(*sys.argv[1:]))

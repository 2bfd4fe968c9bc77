"""A small scenario set made for tests: four futures on two axes, in a region with figures and in its country.

Regions: HU31 has pathways of its own for R&D and employment; GDP per head is stated for HU only, as growth.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert

from store.engine import make_engine, version, writing
from store.schema_scenarios import (
    Assumption,
    Driver,
    JudgementCell,
    JudgementMatrix,
    Measure,
    Milestone,
    PathwayLink,
    PathwayPoint,
    PathwaySeries,
    PayOff,
    Scenario,
    ScenarioSet,
    Signpost,
    SignpostLikelihood,
    Strategy,
    Workshop,
)
from store.writes import open_load

CODE = "made"
_number = count(1)
BASE, HORIZON = 2023, 2035

SCENARIOS = ("open_door", "islands", "old_paths", "slow_green")
"""Codes, in their order."""

PLACES = ((1, 1), (-1, 1), (-1, -1), (1, -1))

RD: Mapping[str, Sequence[Sequence[float]]] = {
    "open_door": ([0.9, 0.9, 0.9], [1.1, 1.3, 1.6], [1.6, 2.0, 2.6]),
    "islands": ([0.9, 0.9, 0.9], [0.8, 1.0, 1.2], [0.8, 1.1, 1.4]),
    "old_paths": ([0.9, 0.9, 0.9], [0.7, 0.8, 0.9], [0.5, 0.7, 0.9]),
    "slow_green": ([0.9, 0.9, 0.9], [0.9, 1.0, 1.1], [1.0, 1.2, 1.5]),
}
"""R&D of HU31 in 2023, 2030 and 2035: low, median, high."""

WORK: Mapping[str, Sequence[Sequence[float]]] = {
    "open_door": ([70, 70, 70], [72, 74, 76], [74, 77, 80]),
    "islands": ([70, 70, 70], [70, 72, 74], [71, 73, 75]),
    "old_paths": ([70, 70, 70], [66, 68, 70], [62, 65, 68]),
    "slow_green": ([70, 70, 70], [70, 71, 72], [70, 72, 74]),
}
GROWTH = {"open_door": 1.4, "islands": 1.2, "old_paths": 1.05, "slow_green": 1.25}
"""How GDP per head of HU grows up to the horizon; stated as an index of 100, without a range."""


def both(en: str, hu: str | None = None) -> dict[str, str]:
    """A text in both languages."""
    return {"en": en, "hu": hu or en}


def insert_made(url: str, code: str = CODE, origin: str = "illustrative", position: int = 9) -> None:
    """Put the set into a database under a code."""
    engine = make_engine(url)
    with writing(engine) as connection:
        load = open_load(
            connection,
            source="made",
            dataset="scenarios",
            file_name="made",
            sha256=code,
            bytes=0,
            started_at=datetime.now(UTC).replace(tzinfo=None),
            # Caches go by this number alone: no two databases of a test run may share one.
            data_version=version(connection) + 1000 * next(_number),
        )
        _set(connection, code, origin, position, load)
        _judgements(connection, code)
        _pathways(connection, code, load)
    engine.dispose()


def _set(connection: Connection, code: str, origin: str, position: int, load: int) -> None:
    axes = [
        {
            "code": "markets",
            "texts": {
                "name": both("Markets", "Piacok"),
                "low": both("Closed markets", "Zárt piacok"),
                "high": both("Open markets", "Nyitott piacok"),
            },
        },
        {
            "code": "skills",
            "texts": {
                "name": both("Skills", "Tudás"),
                "low": both("People leave", "Elvándorlás"),
                "high": both("People stay and learn", "Maradnak és tanulnak"),
            },
        },
    ]
    groups = [
        {"code": "ministries", "texts": {"name": both("Ministries", "Minisztériumok")}},
        {"code": "clusters", "texts": {"name": both("Clusters", "Klaszterek")}},
    ]
    connection.execute(
        insert(ScenarioSet),
        {
            "code": code,
            "position": position,
            "origin": origin,
            "base_year": BASE,
            "horizon": HORIZON,
            "regions": ["HU31"],
            "axes": axes,
            "groups": groups,
            "texts": {
                "title": both("Made futures 2035", "Kitalált jövők 2035"),
                "question": both("What could become of clusters?", "Mi lehet a klaszterekből?"),
                "description": both("Four futures for tests.", "Négy jövő tesztekhez."),
                "caveat": both("The numbers are made up.", "A számok kitaláltak."),
            },
            "source": "PoliSEE, made for tests",
            "source_url": "https://example.org/made",
            "licence": "CC BY 4.0",
            "edited_at": None,
            "load_id": load,
        },
    )
    names = (
        ("Open door", "Nyitott ajtó"),
        ("Islands", "Szigetek"),
        ("Old paths", "Régi utak"),
        ("Slow green", "Lassú zöld"),
    )
    states = (("open", "growing"), ("closed", "growing"), ("closed", "shrinking"), ("open", "shrinking"))
    connection.execute(
        insert(Scenario),
        [
            {
                "set_code": code,
                "code": scenario,
                "position": place,
                "place": dict(zip(("markets", "skills"), PLACES[place], strict=True)),
                "state": dict(zip(("access", "workforce"), states[place], strict=True)),
                "prior": None,
                "texts": {
                    "name": both(*names[place]),
                    "summary": both(f"{names[place][0]} in one sentence.", f"{names[place][1]} egy mondatban."),
                    "story": both(
                        f"How {names[place][0]} came about.\n\nAnd how it goes on.",
                        f"Hogyan lett: {names[place][1]}.\n\nÉs hogyan folytatódik.",
                    ),
                    "notes": both("Say it slowly.", "Lassan mondjuk."),
                },
            }
            for place, scenario in enumerate(SCENARIOS)
        ],
    )
    subjects = (("trade", "Trade", "Kereskedelem"), ("people", "People", "Emberek"))
    connection.execute(
        insert(Assumption),
        [
            {
                "set_code": code,
                "scenario": scenario,
                "code": subject,
                "position": place,
                "driver": subject if subject == "trade" else None,
                "texts": {"subject": both(en, hu), "text": both(f"{en} in {scenario}", f"{hu}: {scenario}")},
                "source": "made",
            }
            for place, (subject, en, hu) in enumerate(subjects)
            for scenario in SCENARIOS
        ],
    )
    kinds = (
        ("trade", "driver", "political", 8, 7, 2028),
        ("ageing", "trend", "social", 7, 3, 2026),
        ("robots", "weak_signal", "technological", 5, 9, 2032),
        ("quake", "wild_card", "environmental", 9, 9, None),
    )
    connection.execute(
        insert(Driver),
        [
            {
                "set_code": code,
                "code": driver,
                "position": place,
                "kind": kind,
                "steep": steep,
                "theme": None,
                "impact": impact,
                "impact_low": impact - 1,
                "impact_high": min(impact + 1, 10),
                "uncertainty": uncertainty,
                "uncertainty_low": uncertainty - 1,
                "uncertainty_high": min(uncertainty + 1, 10),
                "ratings": 12,
                "year": year,
                "year_low": year and year - 1,
                "year_high": year and year + 2,
                "evidence": [
                    {"texts": {"text": both("Seen it.", "Láttuk.")}, "url": "", "source": "made", "indicator": None}
                ],
                "texts": {"name": both(driver.title()), "description": both(f"What {driver} does.")},
                "source": "made",
            }
            for place, (driver, kind, steep, impact, uncertainty, year) in enumerate(kinds)
        ],
    )


def _judgements(connection: Connection, code: str) -> None:
    posts: tuple[dict[str, Any], ...] = (
        {"code": "rd_up", "indicator": "rd_expenditure_gdp", "operator": ">=", "threshold": 1.2, "due": 2030},
        {"code": "work_down", "indicator": "employment_rate", "operator": "<", "threshold": 68.0, "due": 2028},
        {"code": "law", "indicator": None, "operator": "", "threshold": None, "due": None},
    )
    connection.execute(
        insert(Signpost),
        [
            {
                "set_code": code,
                "position": place,
                "region": "HU31" if post["indicator"] else None,
                "window": 1,
                "review": date(2027, 6, 30),
                "cluster": "",
                "observed": None,
                "observed_on": None,
                "texts": {
                    "name": both(f"Signpost {post['code']}"),
                    "why": both("It tells."),
                    "owner": both("Ministry", "Minisztérium"),
                },
                "source": "made",
                **post,
            }
            for place, post in enumerate(posts)
        ],
    )
    likelihoods = {"rd_up": (0.9, 0.5, 0.1, 0.5), "work_down": (0.1, 0.3, 0.9, 0.3), "law": (0.7, 0.3, 0.1, 0.5)}
    connection.execute(
        insert(SignpostLikelihood),
        [
            {"set_code": code, "signpost": post, "scenario": scenario, "likelihood": share}
            for post, shares in likelihoods.items()
            for scenario, share in zip(SCENARIOS, shares, strict=True)
        ],
    )
    connection.execute(
        insert(Strategy),
        {
            "set_code": code,
            "code": "together",
            "position": 0,
            "texts": {"name": both("Together", "Együtt"), "description": both("Act together.", "Közös fellépés.")},
        },
    )
    measures = {"vouchers": (400.0, (2, 1, 0, 1)), "school": (900.0, (1, 1, 1, 1)), "fair": (150.0, (2, -2, -1, 1))}
    connection.execute(
        insert(Measure),
        [
            {
                "set_code": code,
                "code": measure,
                "position": place,
                "strategy": "together",
                "theme": None,
                "cost": cost,
                "currency": "EUR",
                "needs": [],
                "excludes": [],
                "texts": {
                    "name": both(measure.title()),
                    "description": both(f"What {measure} does."),
                    "instrument": both("grant", "támogatás"),
                },
                "source": "made",
            }
            for place, (measure, (cost, _scores)) in enumerate(measures.items())
        ],
    )
    connection.execute(
        insert(PayOff),
        [
            {
                "set_code": code,
                "measure": measure,
                "scenario": scenario,
                "group_code": group,
                "score": max(score - (group == "clusters"), -2),
                "reason": "",
            }
            for measure, (_cost, scores) in measures.items()
            for scenario, score in zip(SCENARIOS, scores, strict=True)
            for group in ("ministries", "clusters")
        ],
    )
    parts = [
        ("access", "Market access", (("open", "Open"), ("closed", "Closed"))),
        ("workforce", "Workforce", (("growing", "Growing"), ("shrinking", "Shrinking"))),
    ]
    connection.execute(
        insert(JudgementMatrix),
        {
            "set_code": code,
            "code": "cib",
            "kind": "cib",
            "parts": [
                {
                    "code": part,
                    "ordinal": False,
                    "texts": {"name": both(name), "note": both("")},
                    "values": [{"code": value, "texts": {"name": both(label)}} for value, label in values],
                }
                for part, name, values in parts
            ],
            "texts": {"name": both("Cross-impact", "Kereszthatás"), "description": both("Made.")},
            "source": "made",
        },
    )
    cells = (
        ("access.open", "workforce.growing", 2),
        ("access.open", "workforce.shrinking", -2),
        ("workforce.growing", "access.open", 1),
        ("workforce.growing", "access.closed", -1),
        ("workforce.shrinking", "access.open", -1),
        ("workforce.shrinking", "access.closed", 1),
    )
    connection.execute(
        insert(JudgementCell),
        [
            {
                "set_code": code,
                "matrix": "cib",
                "row": row,
                "column": column,
                "group_code": "",
                "value": value,
                "sign": "",
                "reason": "",
            }
            for row, column, value in cells
        ],
    )
    connection.execute(
        insert(Milestone),
        [
            {
                "set_code": code,
                "code": step,
                "position": place,
                "goal": step == "goal",
                "indicator": "rd_expenditure_gdp",
                "region": "HU31",
                "year": year,
                "value": value,
                "duration": 2,
                "measure": None,
                "needs": needs,
                "texts": {"name": both(step.title()), "owner": both("Ministry", "Minisztérium")},
                "source": "made",
            }
            for place, (step, year, value, needs) in enumerate((("goal", 2035, 2.0, ["half"]), ("half", 2030, 1.4, [])))
        ],
    )
    connection.execute(
        insert(Workshop),
        {
            "set_code": code,
            "code": "first",
            "held_on": date(2026, 3, 12),
            "participants": {"ministry": 4, "cluster": 9},
            "record": {"inputs": [], "challenges": [], "actions": []},
            "texts": {"title": both("First"), "place": both("Miskolc"), "summary": both("They met.")},
        },
    )


def _pathways(connection: Connection, code: str, load: int) -> None:
    links = (
        ("rd_expenditure_gdp", "%", "rd_expenditure_gdp", "level"),
        ("employment_rate", "%", "employment_rate", "level"),
        ("GDP|PPP", "index", "gdp_pps_per_head", "growth"),
    )
    connection.execute(
        insert(PathwayLink),
        [
            {
                "set_code": code,
                "variable": variable,
                "unit": unit,
                "indicator": indicator,
                "transform": transform,
                "factor": 1.0,
                "per": "",
                "source": "made",
            }
            for variable, unit, indicator, transform in links
        ],
    )
    for variable, lines in (("rd_expenditure_gdp", RD), ("employment_rate", WORK)):
        for scenario, points in lines.items():
            stated = dict(zip((BASE, 2030, HORIZON), points, strict=True))
            _series(connection, code, load, scenario, "HU31", variable, "%", stated)
    for scenario, factor in GROWTH.items():
        grown = {year: (None, 100 * factor ** ((year - 2020) / 15), None) for year in (2020, 2025, 2030, 2035)}
        _series(connection, code, load, scenario, "HU", "GDP|PPP", "index", grown)


def _series(
    connection: Connection,
    code: str,
    load: int,
    scenario: str,
    region: str,
    variable: str,
    unit: str,
    stated: Mapping[int, Sequence[float | None]],
) -> None:
    row = {
        "set_code": code,
        "scenario": scenario,
        "model": "made",
        "scenario_name": scenario,
        "region_name": region,
        "variable": variable,
        "unit": unit,
        "region": region,
        "source": "made",
        "load_id": load,
    }
    number = connection.execute(insert(PathwaySeries).returning(PathwaySeries.id), row).scalar_one()
    connection.execute(
        insert(PathwayPoint),
        [
            {"series_id": number, "year": year, "value": value, "low": low, "high": high}
            for year, (low, value, high) in stated.items()
        ],
    )

"""A published matrix as a scenario set: Somewhereland (Weimer-Jehle) with its ten consistent scenarios, beside a made
influence matrix with a potential influence, a made box with dead values, and drivers of every kind.

Somewhereland's judgements stand in the ScenarioWizard manual; the rest is made up for tests.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from store.engine import make_engine, version, writing
from store.schema_scenarios import Driver, JudgementCell, JudgementMatrix, Scenario, ScenarioSet
from store.writes import open_load
from tests.dashboard.made_futures import both

CODE = "somewhere"
BASE, HORIZON = 2024, 2035

DESCRIPTORS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "government": (
        "Government",
        {"patriots": "Patriots party", "prosperity": "Prosperity party", "social": "Social party"},
    ),
    "foreign": ("Foreign policy", {"cooperation": "Cooperation", "rivalry": "Rivalry", "conflict": "Conflict"}),
    "economy": ("Economy", {"shrinking": "Shrinking", "stagnant": "Stagnant", "dynamic": "Dynamic"}),
    "wealth": ("Distribution of wealth", {"balanced": "Balanced", "contrasts": "Strong contrasts"}),
    "cohesion": ("Social cohesion", {"peace": "Social peace", "tensions": "Tensions", "riots": "Riots"}),
    "values": ("Social values", {"merit": "Meritocratic", "solidarity": "Solidarity", "family": "Family"}),
}

ROWS: Sequence[Sequence[int]] = (
    (0, 0, 0, -2, 1, 1, 0, 0, 0, 0, 0, -2, 1, 1, 0, 0, 0),
    (0, 0, 0, 2, 1, -3, -2, -1, 3, -2, 2, 0, 0, 0, 2, -1, -1),
    (0, 0, 0, 0, 0, 0, 0, 2, -2, 3, -3, 2, -1, -1, -2, 2, 0),
    (0, 0, 0, 0, 0, 0, -2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 1, 0, -1, 0, 0, 0),
    (3, -1, -2, 0, 0, 0, 3, 0, -3, 0, 0, 3, -1, -2, -2, 1, 1),
    (2, 1, -3, 0, 0, 0, 0, 0, 0, -2, 2, -3, 1, 2, 0, 0, 0),
    (-1, 2, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, -2, 2, 3, -1, -2, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, -1, -2, -2, 1, 1),
    (0, -3, 3, 0, 0, 0, 0, 0, 0, 0, 0, -3, 1, 2, 2, -1, -1),
    (0, 0, 0, 0, 0, 0, -2, -1, 3, 0, 0, 0, 0, 0, 2, -1, -1),
    (0, 0, 0, -1, 0, 1, 1, 1, -2, 0, 0, 0, 0, 0, -1, 0, 1),
    (2, -1, -1, -3, 1, 2, 3, 0, -3, 0, 0, 0, 0, 0, -2, -1, 3),
    (0, 3, -3, 0, 0, 0, -3, 0, 3, -3, 3, -2, 1, 1, 0, 0, 0),
    (1, -2, 1, 0, 0, 0, -1, 2, -1, 2, -2, 2, -1, -1, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, -1, 2, -1, 1, -1, 2, -1, -1, 0, 0, 0),
)
"""Rows are sources, columns targets, in the order of the variants."""

CONSISTENT = (
    (0, 1, 1, 0, 0, 1),
    (0, 2, 0, 1, 2, 2),
    (0, 2, 1, 0, 0, 1),
    (0, 2, 1, 0, 0, 2),
    (1, 0, 2, 1, 1, 0),
    (1, 1, 2, 1, 1, 0),
    (2, 0, 1, 0, 0, 1),
    (2, 0, 2, 1, 0, 0),
    (2, 1, 1, 0, 0, 1),
    (2, 1, 2, 1, 0, 0),
)
"""The published ten, as numbers of variants from 0, in their order."""

SCENARIOS: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "prosperity": ("Prosperity in a divided society", (1, 0, 2, 1, 1, 0)),
    "crisis": ("Society in crisis", (0, 2, 0, 1, 2, 2)),
    "protection": ("Social protection", (2, 0, 1, 0, 0, 2)),
}
"""Names and states; the last is not consistent: other values than family are better supported."""

INFLUENCES = {
    "tech": ("Technology", {"market": 3, "skills": 2, "policy": 0}),
    "market": ("Markets", {"tech": 1, "skills": 1}),
    "skills": ("Skills", {"tech": 3, "market": 2}),
    "policy": ("Policy", {"tech": 2, "market": 3, "skills": "P"}),
}

PARAMETERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "economy": ("Economy", {"shrinking": "Shrinking", "stagnant": "Stagnant", "dynamic": "Dynamic"}),
    "cohesion": ("Social cohesion", {"peace": "Social peace", "tensions": "Tensions", "riots": "Riots"}),
    "help": ("Public help", {"none": "None", "grants": "Grants"}),
}
MARKS = {
    ("economy.shrinking", "cohesion.peace"): "X",
    ("economy.dynamic", "cohesion.riots"): "X",
    ("economy.shrinking", "help.grants"): "X",
    ("economy.shrinking", "help.none"): "X",
    ("cohesion.peace", "help.grants"): 2,
    ("cohesion.tensions", "help.none"): -1,
}
"""Nothing goes with a shrinking economy: it is dead, and nothing is left when it is chosen."""


def lines() -> list[str]:
    """Rows and columns of Somewhereland."""
    return [f"{part}.{value}" for part, (_name, values) in DESCRIPTORS.items() for value in values]


def _parts(of: Mapping[str, tuple[str, Mapping[str, str]]]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "ordinal": False,
            "texts": {"name": both(name), "note": both("")},
            "values": [{"code": value, "texts": {"name": both(label)}} for value, label in values.items()],
        }
        for code, (name, values) in of.items()
    ]


def insert_somewhere(url: str, code: str = CODE, groups: bool = False) -> None:
    """Put the set into a database. ``groups``: two groups judged it, who differ on one cell."""
    engine = make_engine(url)
    with writing(engine) as connection:
        load = open_load(
            connection,
            source="made",
            dataset="judgements",
            file_name="made",
            sha256=code,
            bytes=0,
            started_at=datetime.now(UTC).replace(tzinfo=None),
            data_version=version(connection) + 1,
        )
        connection.execute(insert(ScenarioSet), _set(code, load))
        connection.execute(insert(Scenario), _scenarios(code))
        connection.execute(insert(JudgementMatrix), _matrices(code))
        connection.execute(insert(JudgementCell), _cells(code, groups))
        connection.execute(insert(Driver), _drivers(code))
    engine.dispose()


def _set(code: str, load: int) -> dict[str, Any]:
    return {
        "code": code,
        "position": 8,
        "origin": "published",
        "base_year": BASE,
        "horizon": HORIZON,
        "regions": [],
        "axes": [],
        "groups": [
            {"code": "ministries", "texts": {"name": both("Ministries", "Minisztériumok")}},
            {"code": "clusters", "texts": {"name": both("Clusters", "Klaszterek")}},
        ],
        "texts": {
            "title": both("Somewhereland"),
            "question": both("Where does Somewhereland go?", "Merre tart Valahország?"),
            "description": both("A teaching example."),
            "caveat": both(""),
        },
        "source": "W. Weimer-Jehle, ScenarioWizard manual",
        "source_url": "https://www.cross-impact.de",
        "licence": "",
        "edited_at": None,
        "load_id": load,
    }


def _scenarios(code: str) -> list[dict[str, Any]]:
    return [
        {
            "set_code": code,
            "code": scenario,
            "position": place,
            "place": {},
            "state": {
                part: list(values)[state[number]] for number, (part, (_name, values)) in enumerate(DESCRIPTORS.items())
            },
            "prior": None,
            "texts": {"name": both(name), "summary": both(""), "story": both(""), "notes": both("")},
        }
        for place, (scenario, (name, state)) in enumerate(SCENARIOS.items())
    ]


def _matrices(code: str) -> list[dict[str, Any]]:
    variables = [
        {"code": part, "ordinal": False, "texts": {"name": both(name), "note": both("")}, "values": []}
        for part, (name, _to) in INFLUENCES.items()
    ]
    kinds = (("cib", "cib", _parts(DESCRIPTORS)), ("micmac", "influence", variables),
             ("box", "morphology", _parts(PARAMETERS)))  # fmt: skip
    return [
        {
            "set_code": code,
            "code": matrix,
            "kind": kind,
            "parts": parts,
            "texts": {"name": both(matrix.title()), "description": both("")},
            "source": "made",
        }
        for matrix, kind, parts in kinds
    ]


def _cells(code: str, groups: bool) -> list[dict[str, Any]]:
    found: list[tuple[str, str, str, str, Any]] = []
    names = lines()
    for row, values in zip(names, ROWS, strict=True):
        for column, value in zip(names, values, strict=True):
            if value:
                # The two disagree on one cell, and the agreed matrix lies with the ministries.
                held = [("", value)]
                if groups:
                    apart = (row, column) == ("government.patriots", "foreign.cooperation")
                    held += [("ministries", value), ("clusters", -value if apart else value)]
                found += [("cib", row, column, group, one) for group, one in held]
    for part, (_name, to) in INFLUENCES.items():
        found += [("micmac", part, other, "", strength) for other, strength in to.items() if strength]
    found += [("box", row, column, "", mark) for (row, column), mark in MARKS.items()]
    return [
        {
            "set_code": code,
            "matrix": matrix,
            "row": row,
            "column": column,
            "group_code": group,
            "value": None if isinstance(value, str) else value,
            "sign": value if isinstance(value, str) else "",
            "reason": "",
        }
        for matrix, row, column, group, value in found
    ]


DRIVERS: Sequence[tuple[str, str, str, str, float, float, int, int | None]] = (
    # code, name, kind, STEEP, impact, uncertainty, ratings, year
    ("ageing", "Fewer people of working age", "trend", "social", 8, 3, 12, 2026),
    ("chips", "Chips made in the region", "driver", "technological", 8, 8, 12, 2029),
    ("trade", "Trade barriers", "driver", "economic", 9, 7.5, 12, 2027),
    ("water", "Summers without water", "weak_signal", "environmental", 6, 8, 9, 2033),
    ("border", "A border closes", "wild_card", "political", 10, 9, 12, None),
    ("rumour", "Only two have rated this", "driver", "economic", 9, 9, 2, 2030),
)


def _drivers(code: str) -> list[dict[str, Any]]:
    return [
        {
            "set_code": code,
            "code": driver,
            "position": place,
            "kind": kind,
            "steep": steep,
            "theme": "skills" if driver == "ageing" else None,
            "impact": impact,
            "impact_low": impact - 1,
            "impact_high": min(impact + 1, 10),
            "uncertainty": uncertainty,
            "uncertainty_low": None,
            "uncertainty_high": None,
            "ratings": ratings,
            "year": year,
            "year_low": None,
            "year_high": None,
            "evidence": [
                {
                    "texts": {"text": both("Seen in the figures.", "Látszik az adatokban.")},
                    "url": "https://example.org/evidence",
                    "source": "Example office",
                    "indicator": "employment_rate" if driver == "ageing" else None,
                }
            ],
            "texts": {"name": both(name), "description": both(f"What {driver} does.")},
            "source": "made",
        }
        for place, (driver, name, kind, steep, impact, uncertainty, ratings, year) in enumerate(DRIVERS)
    ]

"""A scenario set of a few rows, made so that each rule of reading has a row that shows it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert

from store.engine import version, writing
from store.schema import Base
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

SET = "made"
MODEL = "Model 1"

Texts = dict[str, dict[str, str]]


def said(**fields: Any) -> Texts:
    """Texts of a row: a field as a text in English, or as a dictionary by language."""
    return {name: text if isinstance(text, dict) else {"en": text} for name, text in fields.items()}


AXIS = {"code": "market", "texts": said(name={"en": "Market", "hu": "Piac"}, low="closed", high="open")}
GROUP = {"code": "smes", "texts": said(name={"hu": "Kkv-k"})}
PART = {
    "code": "market",
    "ordinal": True,
    "texts": said(name={"en": "Market", "hu": "Piac"}, note=""),
    "values": [{"code": "open", "texts": said(name={"de": "Offen"})}, {"code": "closed", "texts": {}}],
}
SKILLS = {
    "code": "skills",
    "ordinal": False,
    "texts": said(name="Skills"),
    "values": [{"code": code, "texts": said(name=code.title())} for code in ("many", "few")],
}
EVIDENCE = {
    "texts": said(text={"en": "Prices rose.", "hu": "Nőttek az árak."}),
    "url": "",
    "source": "",
    "indicator": "",
}
RECORD = {
    "inputs": [{"texts": said(text={"en": "Idea", "hu": "Ötlet"})}],
    "challenges": [],
    "actions": [{"texts": said(text="Ask", owner="Agency"), "due": "2026-12-31"}],
}

SETS = [
    {
        "code": SET,
        "position": 2,
        "origin": "illustrative",
        "base_year": 2020,
        "horizon": 2035,
        "regions": ["HU31"],
        "axes": [AXIS],
        "groups": [GROUP],
        "texts": said(title={"en": "Made", "hu": "Kitalált"}, question="What if?", caveat={"hu": "Nem előrejelzés."}),
        "source": "",
        "source_url": "",
        "licence": "CC BY 4.0",
        "edited_at": None,
    }
]
SCENARIOS = [
    {"code": "fall", "position": 2, "place": {"market": -1}, "state": {}, "prior": 0.25, "texts": said(name="Fall")},
    {"code": "rise", "position": 1, "place": {"market": 1}, "state": {}, "prior": None, "texts": said(name="Rise")},
]
ASSUMPTIONS = [
    {
        "scenario": "rise",
        "code": "a",
        "position": 1,
        "driver": "energy",
        "texts": said(subject="Energy", text="Cheap"),
        "source": "",
    }
]
_SCALE = dict.fromkeys(("impact_low", "impact_high", "uncertainty_low", "uncertainty_high", "ratings", "year_low"))
DRIVERS = [
    {
        **_SCALE,
        "code": "energy",
        "position": 1,
        "kind": "driver",
        "steep": "economic",
        "theme": "innovation",
        "impact": 7.0,
        "impact_low": 5.0,
        "impact_high": 9.5,
        "uncertainty": 4.0,
        "ratings": 12,
        "year": 2030,
        "year_high": 2034,
        "evidence": [EVIDENCE],
        "texts": said(name={"en": "Energy", "hu": "Energia"}, description={"hu": "Csak magyarul"}),
        "source": "",
    },
    {
        **_SCALE,
        "code": "people",
        "position": 2,
        "kind": "trend",
        "steep": "social",
        "theme": None,
        "impact": 6.0,
        "uncertainty": 2.0,
        "year": None,
        "year_high": None,
        "evidence": [],
        "texts": said(name={"de": "Menschen", "hu": ""}),
        "source": "",
    },
]
SIGNPOSTS = [
    {
        "code": "price",
        "position": 1,
        "indicator": None,
        "region": None,
        "operator": "",
        "threshold": None,
        "window": 1,
        "due": None,
        "review": date(2027, 6, 30),
        "cluster": "",
        "observed": True,
        "observed_on": date(2026, 1, 2),
        "texts": said(name="Price", why="It shows", owner="Agency"),
        "source": "",
    }
]
MATRIX = {"code": "cib", "kind": "cib", "parts": [PART, SKILLS], "texts": said(name="Cross-impact"), "source": ""}
MEASURE = {
    "code": "vouchers",
    "position": 1,
    "strategy": "act",
    "theme": None,
    "cost": None,
    "currency": "EUR",
    "needs": [],
    "excludes": [],
    "texts": said(name="Vouchers"),
    "source": "",
}
MILESTONE = {
    "code": "goal",
    "position": 1,
    "goal": True,
    "indicator": "rd_expenditure_gdp",
    "region": "HU31",
    "year": 2035,
    "value": None,
    "duration": 2.0,
    "measure": None,
    "needs": [],
    "texts": said(name="Goal", owner="Ministry"),
    "source": "",
}
WORKSHOP = {
    "code": "first",
    "held_on": date(2026, 3, 12),
    "participants": {"smes": 4},
    "record": RECORD,
    "texts": said(title="First", place="Pécs", summary=""),
}

ROWS: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (
    (Scenario, SCENARIOS),
    (Assumption, ASSUMPTIONS),
    (Driver, DRIVERS),
    (Signpost, SIGNPOSTS),
    (SignpostLikelihood, [{"signpost": "price", "scenario": "rise", "likelihood": 0.7}]),
    (Strategy, [{"code": "act", "position": 1, "texts": said(name="Act", description="")}]),
    (Measure, [MEASURE]),
    (PayOff, [{"measure": "vouchers", "scenario": "rise", "group_code": "smes", "score": 1.5, "reason": ""}]),
    (JudgementMatrix, [MATRIX]),
    (
        JudgementCell,
        [
            {
                "matrix": "cib",
                "row": "market.open",
                "column": "skills.many",
                "group_code": group,
                "value": value,
                "sign": sign,
                "reason": "",
            }
            for group, value, sign in (("smes", None, "X"), ("", 2.0, ""))
        ],
    ),
    (Milestone, [MILESTONE]),
    (Workshop, [WORKSHOP]),
)


def make_set(engine: Engine) -> None:
    """Put the set into a database that has a catalogue."""
    with writing(engine) as connection:
        facts = {"file_name": "", "sha256": "", "catalogue": "", "bytes": 0}
        load = open_load(
            connection,
            source="MADE",
            dataset=SET,
            started_at=datetime.now(UTC).replace(tzinfo=None),
            data_version=version(connection) + 1,
            **facts,
        )
        connection.execute(insert(ScenarioSet), [{**one, "load_id": load} for one in SETS])
        for model, rows in ROWS:
            connection.execute(insert(model), [{"set_code": SET, **one} for one in rows])


def line(
    connection: Connection,
    scenario: str,
    variable: str,
    points: Mapping[int, tuple[float | None, float, float | None]],
    *,
    unit: str = "",
    region: str | None = "HU31",
    model: str = MODEL,
) -> None:
    """Write one line of a scenario table: by year low, median and high."""
    series = {
        "set_code": SET,
        "scenario": scenario,
        "model": model,
        "scenario_name": scenario.title(),
        "region_name": region or "Atlantis",
        "variable": variable,
        "unit": unit,
        "region": region,
        "source": "",
        "load_id": 1,
    }
    number = connection.execute(insert(PathwaySeries).returning(PathwaySeries.id), series).scalar_one()
    connection.execute(
        insert(PathwayPoint),
        [
            {"series_id": number, "year": year, "low": low, "value": value, "high": high}
            for year, (low, value, high) in points.items()
        ],
    )


def link(connection: Connection, variable: str, indicator: str, **rest: Any) -> None:
    """Say to which indicator a variable belongs."""
    usual = {"unit": "", "transform": "level", "factor": 1.0, "per": "", "source": ""}
    row = {"set_code": SET, "variable": variable, "indicator": indicator, **usual, **rest}
    connection.execute(insert(PathwayLink), row)

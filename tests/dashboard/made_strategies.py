"""Measures made for tests, in the made scenario set: eight measures, four scenarios, five groups, a road back.

What is built in, for tests to find: ``academy`` and ``testbed`` never fall below 0 (robust); ``fair`` has a median of
-1 in *Islands* (fragile), ``park`` of -2 in *Old paths*; groups differ most over ``park`` in *Open door*. ``brand``
needs ``office``; ``park`` and ``credit`` exclude one another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update

from store.engine import make_engine, writing
from store.schema_scenarios import Driver, Measure, Milestone, PayOff, ScenarioSet, Strategy
from tests.dashboard.made_futures import CODE, SCENARIOS, both, insert_made

GROUPS: Mapping[str, tuple[str, str]] = {
    "ministries": ("Ministries", "Minisztériumok"),
    "clusters": ("Cluster managers", "Klasztermenedzserek"),
    "firms": ("Firms", "Vállalkozások"),
    "universities": ("Universities", "Egyetemek"),
    "agencies": ("Development agencies", "Fejlesztési ügynökségek"),
}

MEASURES: Mapping[str, tuple[str, str, float | None, Sequence[str], Sequence[str]]] = {
    "academy": ("Skills academy run by the clusters", "A klaszterek közös képzőközpontja", 1800, (), ()),
    "testbed": ("Shared test beds for green production", "Közös tesztüzem zöld gyártáshoz", 2400, (), ()),
    "vouchers": ("Innovation vouchers for small firms", "Innovációs utalvány kisvállalkozásoknak", 1200, (), ()),
    "office": ("Joint office in Brussels", "Közös brüsszeli iroda", 600, (), ()),
    "brand": ("A joint export brand", "Közös exportmárka", 500, ("office",), ()),
    "fair": ("Trade fairs abroad", "Külföldi kiállítások", 400, (), ()),
    "park": ("A new industrial park", "Új ipari park", 4000, (), ("credit",)),
    "credit": ("Credit guarantee for cluster firms", "Hitelgarancia klasztertagoknak", 1500, (), ("park",)),
}
"""Names, cost, needs and excludes of each measure."""

SCORES: Mapping[str, Sequence[Sequence[int]]] = {
    "academy": ((2, 2, 1, 2, 2), (1, 2, 1, 1, 1), (1, 1, 0, 1, 1), (1, 1, 1, 2, 1)),
    "testbed": ((2, 1, 2, 2, 1), (0, 1, 0, 1, 0), (0, 0, 0, 1, 0), (2, 2, 2, 2, 1)),
    "vouchers": ((1, 2, 2, 1, 1), (0, 1, 2, 0, 1), (-1, 0, 1, -1, -1), (1, 1, 1, 0, 1)),
    "office": ((1, 1, 0, 1, 2), (0, -1, -1, 0, 0), (0, -1, -1, 0, 0), (1, 1, 0, 1, 1)),
    "brand": ((2, 2, 2, 1, 2), (-1, 0, 0, -1, 0), (0, 0, 1, -1, 0), (0, 1, 1, 0, 0)),
    "fair": ((1, 2, 2, 0, 1), (-1, -1, -2, -1, 0), (0, 0, 1, 0, 0), (0, 1, 1, 0, 0)),
    "park": ((2, -2, 1, -1, 2), (1, -1, 0, -1, 1), (-2, -2, -1, -2, -2), (0, -1, 1, -1, 0)),
    "credit": ((0, 1, 2, 0, 0), (1, 1, 2, 0, 1), (1, 1, 2, 1, 1), (0, 1, 1, 0, 0)),
}
"""What the five groups say of each measure in each of the four scenarios, in their order."""

STEPS: Sequence[tuple[str, str, str, bool, str | None, int, float | None, float, Sequence[str], str | None]] = (
    ("goal", "R&D at 2% of GDP", "K+F: a GDP 2%-a", True, "rd_expenditure_gdp", 2035, 2.0, 3, ("labs", "firms"), None),
    (
        "labs",
        "Test beds used by 200 firms",
        "Kétszáz cég használja a tesztüzemeket",
        False,
        "rd_expenditure_gdp",
        2031,
        1.5,
        2,
        ("built",),
        "testbed",
    ),
    ("firms", "First 60 trained researchers in firms", "Az első 60 kutató vállalatoknál", False, None, 2030, 60, 2,
     ("law",), "academy"),
    ("built", "Test beds open", "Megnyílnak a tesztüzemek", False, None, 2028, None, 1.5, ("law",), "testbed"),
    ("law", "The law on dual training passed", "Elfogadják a duális képzés törvényét", False, None, 2027, None, 1, (),
     None),
)  # fmt: skip
"""(code, name, name, goal, indicator, year, value, duration, needs, measure)"""


def insert_strategies(url: str, code: str = CODE) -> None:
    """Put the made set with these measures into a database, in place of its own."""
    insert_made(url, code)
    engine = make_engine(url)
    with writing(engine) as connection:
        for table in (PayOff, Measure, Milestone, Strategy):
            connection.execute(delete(table).where(table.set_code == code))  # type: ignore[attr-defined]
        groups = [{"code": group, "texts": {"name": both(*names)}} for group, names in GROUPS.items()]
        connection.execute(update(ScenarioSet).where(ScenarioSet.code == code).values(groups=groups))
        connection.execute(
            update(Driver)
            .where(Driver.set_code == code, Driver.kind == "wild_card")
            .values(
                texts={
                    "name": both("A strong earthquake", "Erős földrengés"),
                    "description": both("Roads and works are closed for months.", "Utak és üzemek állnak hónapokig."),
                }
            )
        )
        for rows, table in ((strategy_rows(code), Strategy), (measure_rows(code), Measure)):
            connection.execute(insert(table), rows)
        connection.execute(insert(PayOff), pay_off_rows(code))
        connection.execute(insert(Milestone), milestone_rows(code))
    engine.dispose()


def strategy_rows(code: str) -> list[dict[str, Any]]:
    """Two ways to act."""
    names = {"people": ("People first", "Először az emberek"), "markets": ("Markets first", "Először a piacok")}
    return [
        {"set_code": code, "code": key, "position": place, "texts": {"name": both(*name), "description": both("", "")}}
        for place, (key, name) in enumerate(names.items())
    ]


def measure_rows(code: str) -> list[dict[str, Any]]:
    """The eight measures."""
    return [
        {
            "set_code": code,
            "code": measure,
            "position": place,
            "strategy": "people" if place < 4 else "markets",
            "theme": None,
            "cost": cost,
            "currency": "EUR",
            "needs": list(needs),
            "excludes": list(excludes),
            "texts": {"name": both(en, hu), "description": both("", ""), "instrument": both("grant", "támogatás")},
            "source": "made",
        }
        for place, (measure, (en, hu, cost, needs, excludes)) in enumerate(MEASURES.items())
    ]


def pay_off_rows(code: str) -> list[dict[str, Any]]:
    """160 judgements."""
    return [
        {
            "set_code": code,
            "measure": measure,
            "scenario": scenario,
            "group_code": group,
            "score": score,
            "reason": "Too dear once markets close." if (measure, scenario, group) == REASON else "",
        }
        for measure, by_scenario in SCORES.items()
        for scenario, by_group in zip(SCENARIOS, by_scenario, strict=True)
        for group, score in zip(GROUPS, by_group, strict=True)
    ]


REASON = ("park", "old_paths", "clusters")


def milestone_rows(code: str) -> list[dict[str, Any]]:
    """Five steps back from the goal, in HU31."""
    return [
        {
            "set_code": code,
            "code": step,
            "position": place,
            "goal": goal,
            "indicator": indicator,
            "region": "HU31" if indicator else None,
            "year": year,
            "value": value,
            "duration": duration,
            "measure": measure,
            "needs": list(needs),
            "texts": {"name": both(en, hu), "owner": both("Ministry of innovation", "Innovációs minisztérium")},
            "source": "made",
        }
        for place, (step, en, hu, goal, indicator, year, value, duration, needs, measure) in enumerate(STEPS)
    ]

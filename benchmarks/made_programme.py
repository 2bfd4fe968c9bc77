"""A made programme at scale, so that pages, packs and imports can be measured: synthetic, and labelled so.

    from benchmarks.made_programme import Scale, made, draft, load
    tables = made(Scale())          # frames as a file would say them, by kind of thing
    load(engine, Scale())           # the same in a database, through the loader that files take

By default 200 partners report on 24 periods with 40 cost lines each (192,000 lines of expenditure, as many of budget),
300 pilots have 20 indicators each (144,000 values), and 5,000 deliverables are promised. The same seed gives the same
programme.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from etl.pipeline import Outcome
    from etl.sources.programme import Draft

THEMES = ("innovation", "sustainability", "internationalisation", "finance", "specialisation", "skills")
COUNTRIES = {"AT": "AT12", "BG": "BG41", "HR": "HR03", "HU": "HU31", "IT": "ITI3", "RO": "RO11", "SI": "SI03"}
CATEGORIES = ("staff", "office", "travel", "external", "equipment", "infrastructure", "lump_sum", "unit_cost")
FUNDS = ("ERDF", "IPA")
MOVES = ("rd_expenditure_gdp", "gdp_pps_per_head_eu", "employment_rate", "gva_volume_index")
START = date(2016, 1, 1)
SEED = 20260101
PACKAGES = 20
"""Work packages at most."""


@dataclass(frozen=True)
class Scale:
    """How much of everything; ``lines`` are cost lines of a partner in a period."""

    partners: int = 200
    periods: int = 24
    lines: int = 40
    pilots: int = 300
    indicators: int = 20
    deliverables: int = 5000
    risks: int = 400
    decisions: int = 500
    events: int = 400
    code: str = "made"

    @classmethod
    def small(cls, code: str = "made") -> "Scale":
        """A programme of every kind of thing that loads in a moment."""
        return cls(12, 8, 8, 12, 4, 60, 20, 24, 20, code)


def _day(months: int) -> date:
    year, month = divmod(months, 12)
    return date(START.year + year, month + 1, 1)


def _said(english: str, hungarian: str) -> dict[str, str]:
    return {"en": english, "hu": hungarian}


def head(scale: Scale) -> dict[str, Any]:
    """The programme's own row: looked at from a day on which half of the last reports but one are under control."""
    end = _day(6 * scale.periods) - timedelta(days=1)
    return {
        "code": scale.code,
        "position": 90,
        "origin": "demonstration",
        "acronym": scale.code.upper(),
        "reference": scale.code.upper(),
        "fund": "Interreg (synthetic)",
        "start": START,
        "end": end,
        "currency": "EUR",
        "budget": None,
        "cofinancing": 0.8,
        "area": list(COUNTRIES),
        "languages": ["en", "hu"],
        "today": end + timedelta(days=80),
        "settings": [{"from": START.isoformat(), "values": {"on_track": 0.9, "watch": 0.7}}],
        "title": _said("A made programme at scale", "Mintaprogram nagy méretben"),
        "description": _said("Synthetic, for measuring.", "Kitalált, mérésekhez."),
        "notice": _said(
            "Demonstration data: no organisation, figure or event here is real.",
            "Bemutató adatok: itt egyetlen szervezet, szám vagy esemény sem valódi.",
        ),
        "source": "PoliSEE, synthetic data for measuring",
        "source_url": "",
    }


def made(scale: Scale | None = None, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Every kind of thing of the programme, cells as a file holds them (money as amounts, texts by language)."""
    scale = scale or Scale()
    draw = np.random.default_rng(seed)
    partners = _partners(scale)
    packages = min(PACKAGES, max(2, scale.lines // 4))
    tables = {
        "partners": partners,
        "working_groups": pd.DataFrame(
            [
                {
                    "code": f"wg{n}",
                    "theme": theme,
                    "lead": partners["code"].iloc[n],
                    "name": _said(f"WG {n}", f"MCs {n}"),
                }
                for n, theme in enumerate(THEMES, 1)
            ]
        ),
        "periods": _periods(scale),
        "work_packages": pd.DataFrame(
            [
                {"code": f"wp{n:02}", "lead": partners["code"].iloc[n % len(partners)], "status": "partly"}
                | {"title": _said(f"Work package {n}", f"{n}. munkacsomag")}
                for n in range(1, packages + 1)
            ]
        ),
        "activities": _activities(scale, packages),
        "deliverables": _deliverables(scale, packages, draw),
        "pilots": _pilots(scale),
        "pilot_reports": _pilot_reports(scale, draw),
        **_results(scale, draw),
        "partner_reports": _partner_reports(scale, draw),
        **_money(scale, packages, draw),
        **_risks(scale, packages, draw),
        **_decisions(scale, draw),
        **_reach(scale, draw),
        **_strategy(scale),
    }
    return {kind: table.astype(object) for kind, table in tables.items()}


def _partners(scale: Scale) -> pd.DataFrame:
    places = list(COUNTRIES.items())
    rows = []
    for n in range(1, scale.partners + 1):
        country, region = places[(n - 1) % len(places)]
        rows.append(
            {
                "code": f"p{n:03}",
                "abbreviation": f"MADE-{country}-{n:03}",
                "role": "lead" if n == 1 else "partner",
                "kind": "regional public authority",
                "scope": "region",
                "country": country,
                "region": region,
                "joined": 1,
                "name": _said(f"Made partner {n} ({country})", f"{n}. mintapartner ({country})"),
            }
        )
    return pd.DataFrame(rows)


def _periods(scale: Scale) -> pd.DataFrame:
    rows = []
    for n in range(1, scale.periods + 1):
        end = _day(6 * n) - timedelta(days=1)
        rows.append(
            {
                "number": n,
                "start": _day(6 * (n - 1)),
                "end": end,
                "report_due": end + timedelta(days=60),
                "control_due": end + timedelta(days=120),
                "state": "closing" if n >= scale.periods - 1 else "closed",
            }
        )
    return pd.DataFrame(rows)


def _activities(scale: Scale, packages: int) -> pd.DataFrame:
    rows = []
    for package in range(1, packages + 1):
        for n in range(1, 7):
            first = 1 + (package * n) % max(scale.periods - 4, 1)
            last = min(first + 3 + n % 3, scale.periods)
            rows.append(
                {
                    "code": f"a{package:02}.{n}",
                    "work_package": f"wp{package:02}",
                    "theme": THEMES[(package + n) % 6],
                    "start_period": first,
                    "end_period": last,
                    "partners": [f"p{1 + (package * 7 + n * k) % scale.partners:03}" for k in range(1, 6)],
                    "status": "done" if last < scale.periods else "running",
                    "title": _said(f"Activity {package}.{n}", f"{package}.{n}. tevékenység"),
                }
            )
    return pd.DataFrame(rows)


def _deliverables(scale: Scale, packages: int, draw: np.random.Generator) -> pd.DataFrame:
    periods = draw.integers(1, scale.periods + 1, scale.deliverables)
    shift = draw.integers(0, 180, scale.deliverables)
    wait = draw.integers(-30, 60, scale.deliverables)
    open_ = draw.random(scale.deliverables) < 0.06
    rows = []
    for n in range(scale.deliverables):
        package = 1 + n % packages
        due = _day(6 * (int(periods[n]) - 1)) + timedelta(days=int(shift[n]))
        done = None if open_[n] else due + timedelta(days=int(wait[n]))
        late = _said("Waits for the results of a pilot", "Egy kísérlet eredményére vár") if open_[n] else _said("", "")
        rows.append(
            {
                "code": f"d{n + 1:04}",
                "work_package": f"wp{package:02}",
                "activity": f"a{package:02}.{1 + n // packages % 6}",
                "theme": THEMES[n % 6],
                "lead": f"p{1 + n % scale.partners:03}",
                "due_period": int(periods[n]),
                "due_on": due,
                "planned": 1.0,
                "delivered": 0.0 if open_[n] else 1.0,
                "delivered_on": done,
                "new_date": due + timedelta(days=400) if open_[n] else None,
                "quality": "not_reviewed" if open_[n] else "accepted",
                "score": None if open_[n] else 3 + n % 3,
                "title": _said(f"Deliverable {n + 1}", f"{n + 1}. termék"),
                "consequence": late,
            }
        )
    return pd.DataFrame(rows)


def _pilots(scale: Scale) -> pd.DataFrame:
    places = list(COUNTRIES.values())
    rows = []
    for n in range(1, scale.pilots + 1):
        first = 1 + n % 4
        rows.append(
            {
                "code": f"pilot{n:03}",
                "theme": THEMES[(n - 1) % 6],
                "partners": [f"p{1 + (n * k) % scale.partners:03}" for k in (1, 3, 7)],
                "regions": [places[n % len(places)], places[(n + 2) % len(places)]],
                "start_period": first,
                "end_period": scale.periods,
                "budget": f"{60_000 + 500 * n}.00",
                "moves": [{"indicator": MOVES[n % 4], "region": places[n % len(places)], "direction": "up"}],
                "signposts": [],
                "verdict": "",
                "title": _said(f"Made pilot {n}", f"{n}. mintakísérlet"),
                "problem": _said("Small firms seldom buy research.", "A kis cégek ritkán vesznek kutatást."),
                "hypothesis": _said("A first contract leads to a second.", "Egy első szerződésből második lesz."),
                "method": _said("Vouchers, and a group without.", "Utalvány, és egy csoport, amely nem kap."),
            }
        )
    return pd.DataFrame(rows)


def _pilot_reports(scale: Scale, draw: np.random.Generator) -> pd.DataFrame:
    lights = draw.choice(["on_track", "watch", "off_track"], (scale.pilots, scale.periods), p=[0.75, 0.2, 0.05])
    rows = [
        {
            "pilot": f"pilot{n + 1:03}",
            "period": period,
            "light": str(lights[n, period - 1]),
            "submitted_on": _day(6 * period) + timedelta(days=40),
            "confirmed_by": "Working group lead",
            "narrative": _said("Firms come as planned.", "A cégek a terv szerint jönnek."),
        }
        for n in range(scale.pilots)
        for period in range(1 + (n + 1) % 4, scale.periods + 1)
        if (n + period) % 37
    ]
    return pd.DataFrame(rows)


def _results(scale: Scale, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    count, last = scale.pilots * scale.indicators, scale.periods
    target = draw.integers(20, 400, count)
    pace = draw.normal(1.0, 0.12, count).clip(0.3, 1.4)
    # A cumulative output never falls: the share of the target reached rises from period to period.
    steps = np.cumsum(draw.random((count, last)) + 0.5, axis=1)
    reached = np.round(steps / steps[:, -1:] * (target * pace)[:, None])
    indicators = [
        {
            "code": f"i{n + 1:05}",
            "owner_kind": "pilot",
            "owner": f"pilot{n // scale.indicators + 1:03}",
            "theme": THEMES[n // scale.indicators % 6],
            "kind": "output",
            "unit": "firms",
            "decimals": 0,
            "direction": "up",
            "profile": "linear" if n % 5 else "step",
            "cumulative": True,
            "baseline": 0.0,
            "baseline_period": 0,
            "milestones": {last // 3: round(float(target[n]) / 3), last * 2 // 3: round(float(target[n]) * 2 / 3)},
            "target": float(target[n]),
            "target_period": last,
            "name": _said(f"Indicator {n + 1}", f"{n + 1}. mutató"),
            "definition": _said("Firms that take part, each once.", "Részt vevő cégek, egyszer számolva."),
        }
        for n in range(count)
    ]
    values = pd.DataFrame(
        {
            "indicator": np.repeat([f"i{n + 1:05}" for n in range(count)], last),
            "period": np.tile(np.arange(1, last + 1), count),
            "value": reached.ravel(),
            "status": "A",
            "source": "made",
            "comment": "",
        }
    )
    silent = draw.random(len(values)) < 0.02
    return {"result_indicators": pd.DataFrame(indicators), "result_values": values[~silent].reset_index(drop=True)}


def _partner_reports(scale: Scale, draw: np.random.Generator) -> pd.DataFrame:
    late = draw.integers(-25, 12, (scale.partners, scale.periods))
    rows = []
    for n in range(scale.partners):
        for period in range(1, scale.periods + 1):
            if period == scale.periods and n % 20 == 19:
                continue
            sent = _day(6 * period) + timedelta(days=59 + int(late[n, period - 1]))
            controlled = period < scale.periods - 1 or (period == scale.periods - 1 and n % 2)
            rows.append(
                {
                    "partner": f"p{n + 1:03}",
                    "period": period,
                    "status": "certified" if controlled else "in_control",
                    "submitted_on": sent,
                    "control_end": sent + timedelta(days=45) if controlled else None,
                }
            )
    return pd.DataFrame(rows)


def cells(scale: Scale, packages: int) -> list[tuple[str, str, str]]:
    """The cost lines of a partner in a period: (work package, category, fund), each another."""
    found = []
    for n in range(scale.lines):
        category, fund, package = n % len(CATEGORIES), n // len(CATEGORIES) % len(FUNDS), n % packages
        found.append((f"wp{package + 1:02}", CATEGORIES[category], FUNDS[fund]))
    if len(set(found)) < len(found):  # more lines than combinations of the short cycle: let the packages move on
        found = [
            (f"wp{(n // (len(CATEGORIES) * len(FUNDS)) + n) % packages + 1:02}", CATEGORIES[n % 8], FUNDS[n // 8 % 2])
            for n in range(scale.lines)
        ]
    return found


def _amounts(cents: np.ndarray) -> list[str]:
    return [f"{value // 100}.{value % 100:02}" for value in cents.tolist()]


def _money(scale: Scale, packages: int, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    where = cells(scale, packages)
    count = scale.partners * scale.periods * scale.lines
    planned = draw.integers(5_000, 400_000, count)
    declared = (planned * draw.normal(0.95, 0.08, count).clip(0.4, 1.1)).astype(np.int64)
    certified = (declared * draw.choice([1.0, 0.97], count, p=[0.9, 0.1])).astype(np.int64)
    partner = np.repeat([f"p{n + 1:03}" for n in range(scale.partners)], scale.periods * scale.lines)
    period = np.tile(np.repeat(np.arange(1, scale.periods + 1), scale.lines), scale.partners)
    keys = {
        name: np.tile([cell[place] for cell in where], scale.partners * scale.periods)
        for place, name in enumerate(("work_package", "category", "fund"))
    }
    budget = pd.DataFrame({"partner": partner, **keys, "period": period, "amount": _amounts(planned)})
    odd = np.array([int(code[1:]) % 2 == 0 for code in partner])
    known = (period < scale.periods - 1) | ((period == scale.periods - 1) & odd)
    nothing: Any = None
    amounts = np.where(known, np.array(_amounts(certified), dtype=object), nothing)
    expenditure = pd.DataFrame(
        {
            "partner": partner,
            "period": period,
            "line": np.tile(np.arange(1, scale.lines + 1), scale.partners * scale.periods),
            **keys,
            "declared": _amounts(declared),
            "certified": amounts,
            "verified": np.where(period < scale.periods - 2, amounts, nothing),
            "currency": "EUR",
            "error_kind": "",
        }
    )
    return {"budget": budget, "expenditure": expenditure}


def _risks(scale: Scale, packages: int, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    risks: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for n in range(1, scale.risks + 1):
        opened = 1 + n % scale.periods
        closed = n % 3 == 0
        risks.append(
            {
                "code": f"r{n:03}",
                "category": "delivery",
                "theme": THEMES[n % 6],
                "work_package": f"wp{1 + n % packages:02}",
                "pilot": f"pilot{1 + n % scale.pilots:03}",
                "response": "reduce",
                "mitigation_due": None if n % 11 == 0 else _day(6 * scale.periods + 3),
                "owner_role": "Pilot coordinator",
                "opened_on": _day(6 * (opened - 1)),
                "closed_on": _day(6 * opened) if closed else None,
                "indicators": [],
                "cause": _said("Rules of a market changed", "Változtak egy piac szabályai"),
                "event": _said(f"Firms leave pilot {n}", f"A cégek elhagyják a(z) {n}. kísérletet"),
                "effect": _said("The target is missed", "A cél elmarad"),
                "mitigation": _said("", "") if n % 11 == 0 else _said("A second market", "Egy második piac"),
            }
        )
        likelihood, impact = draw.integers(1, 6, 2)
        for period in range(opened, scale.periods + 1):
            likelihood = int(np.clip(likelihood + draw.integers(-1, 2), 1, 5))
            scores.append({"risk": f"r{n:03}", "period": period, "likelihood": likelihood, "impact": int(impact)})
    return {"risks": pd.DataFrame(risks), "risk_scores": pd.DataFrame(scores)}


def _decisions(scale: Scale, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    meetings: list[dict[str, Any]] = [
        {"code": f"sc{n:02}", "body": "sc", "held_on": _day(6 * n) + timedelta(days=70), "period": n}
        | {"title": _said(f"Steering committee {n}", f"{n}. irányítóbizottsági ülés")}
        for n in range(1, scale.periods + 1)
    ]
    decisions, actions = [], []
    for n in range(1, scale.decisions + 1):
        meeting = meetings[(n * scale.periods - 1) // scale.decisions % scale.periods]
        decisions.append(
            {
                "code": f"dec{n:03}",
                "meeting": meeting["code"],
                "body": "sc",
                "decided_on": meeting["held_on"],
                "theme": THEMES[n % 6],
                "state": "adopted",
                "subjects": [{"kind": "pilot", "code": f"pilot{1 + n % scale.pilots:03}"}],
                "evidence": [],
                "effect": ("better", "same", "worse", "")[n % 4],
                "question": _said(f"Shall pilot {n} go on?", f"Folytatódjon a(z) {n}. kísérlet?"),
                "because": _said("It is behind its plan.", "Elmarad a tervtől."),
                "decision": _said("It goes on with changes.", "Változtatásokkal folytatódik."),
            }
        )
        wait = int(draw.integers(10, 90))
        done = meeting["held_on"] + timedelta(days=wait)
        actions.append(
            {
                "code": f"act{n:03}",
                "decision": f"dec{n:03}",
                "owner_role": "Lead partner",
                "due": meeting["held_on"] + timedelta(days=30),
                "done_on": None if n % 25 == 0 else done,
                "text": _said("Change the contract.", "A szerződés módosítása."),
            }
        )
    return {"meetings": pd.DataFrame(meetings), "decisions": pd.DataFrame(decisions), "actions": pd.DataFrame(actions)}


def _reach(scale: Scale, draw: np.random.Generator) -> dict[str, pd.DataFrame]:
    places = list(COUNTRIES.items())
    events, items = [], []
    for n in range(1, scale.events + 1):
        country, region = places[n % len(places)]
        day = START + timedelta(days=n * 180 * scale.periods // scale.events)
        events.append(
            {
                "code": f"ev{n:03}",
                "kind": ("workshop", "study_visit", "training", "conference", "webinar")[n % 5],
                "start": day,
                "end": day,
                "country": country,
                "region": region,
                "theme": THEMES[n % 6],
                "organiser": f"p{1 + n % scale.partners:03}",
                "counts": {"sme": int(draw.integers(0, 60)), "regional authority": int(draw.integers(0, 30))},
                "title": _said(f"Event {n}", f"{n}. rendezvény"),
            }
        )
        items.append(
            {
                "code": f"com{n:03}",
                "channel": ("website", "social", "press", "publication", "newsletter")[n % 5],
                "published_on": day,
                "language": "en",
                "theme": THEMES[n % 6],
                "reach": int(draw.integers(100, 9000)),
                "clicks": int(draw.integers(10, 500)),
                "downloads": int(draw.integers(0, 200)),
                "title": _said(f"Item {n}", f"{n}. megjelenés"),
            }
        )
    return {"events": pd.DataFrame(events), "communications": pd.DataFrame(items)}


def _strategy(scale: Scale) -> dict[str, pd.DataFrame]:
    """Two strategies, a measure for every five pilots, and what leads to what: each pilot to two deliverables and two
    of its results, these to the regional figure that it wants to move, and each figure to the aim."""
    strategies: list[dict[str, Any]] = [
        {
            "code": f"str{n}",
            "kind": ("joint", "s3")[n - 1],
            "area": "SEE",
            "first_year": START.year,
            "last_year": START.year + scale.periods // 2,
            "confirmed_on": _day(6 * scale.periods - 6),
            "title": _said(f"Strategy {n}", f"{n}. stratégia"),
            "aim": _said("Clusters that grow from within.", "Belülről növekvő klaszterek."),
        }
        for n in (1, 2)
    ]
    measures: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []

    def lead(*ends: str) -> None:
        names = ("from_kind", "from_code", "to_kind", "to_code")
        because = _said("So it was tried elsewhere.", "Máshol is így próbálták.")
        links.append(dict(zip(names, ends, strict=True)) | {"because": because})

    for n in range(1, max(2, scale.pilots // 5) + 1):
        theme = n % 6
        measures.append(
            {
                "code": f"m{n:02}",
                "strategy": f"str{1 + n % 2}",
                "theme": THEMES[theme],
                "instrument": ("grant", "voucher", "service", "network")[n % 4],
                "level": ("national", "regional")[n % 2],
                "budget": f"{500_000 + 1000 * n}.00",
                "start_period": 1,
                "end_period": scale.periods,
                "title": _said(f"Measure {n}", f"{n}. intézkedés"),
                "target": _said("Small firms.", "Kis cégek."),
            }
        )
        lead("problem", f"problem-{theme}", "measure", f"m{n:02}")
        links[-1] |= {"problem": _said("Small firms seldom buy research.", "A kis cégek ritkán vesznek kutatást.")}
    for n in range(1, scale.pilots + 1):
        lead("measure", f"m{1 + (n - 1) % len(measures):02}", "pilot", f"pilot{n:03}")
        for k in (1, 2):
            lead("pilot", f"pilot{n:03}", "deliverable", f"d{1 + (n * 2 + k) % scale.deliverables:04}")
            result = f"i{(n - 1) * scale.indicators + k:05}"
            lead("pilot", f"pilot{n:03}", "result", result)
            lead("result", result, "indicator", MOVES[n % 4])
    for place, moves in enumerate(MOVES):
        lead("indicator", moves, "aim", f"str{1 + place % 2}")
    return {
        "strategies": pd.DataFrame(strategies),
        "measures": pd.DataFrame(measures),
        "chain_links": pd.DataFrame(links),
    }


def draft(scale: Scale | None = None, tables: Mapping[str, pd.DataFrame] | None = None) -> "Draft":
    """The programme as a file that was read: what ``etl.sources.programme.settle`` takes."""
    from etl.sources.programme import Draft

    scale = scale or Scale()
    tables = made(scale) if tables is None else tables
    placed = {
        kind: table.assign(_line=np.arange(2, len(table) + 2), _where=kind).astype(object)
        for kind, table in tables.items()
    }
    return Draft(scale.code, head(scale), placed)


def load(engine: "Engine", scale: Scale | None = None) -> "Outcome":
    """The programme into a database that has its catalogue."""
    from datetime import UTC, datetime

    from etl.programmes import DATASET, SOURCE, load_programme

    row = {"source": SOURCE, "dataset": DATASET, "file_name": "made", "sha256": "", "bytes": 0}
    return load_programme(engine, draft(scale), row | {"started_at": datetime.now(UTC).replace(tzinfo=None)})


def scaled(code: str, share: float) -> Scale:
    """A smaller programme with another code: so many times the usual numbers of partners, pilots and deliverables."""
    usual = Scale()
    return replace(
        usual,
        code=code,
        partners=max(8, round(usual.partners * share)),
        pilots=max(6, round(usual.pilots * share)),
        deliverables=max(40, round(usual.deliverables * share)),
    )

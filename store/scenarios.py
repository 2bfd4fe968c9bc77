"""Scenario sets and what belongs to them, as frames in the language asked for.

Every function that takes ``lang`` gives each text of a row as a column of its own, in that language, else in English,
else in whatever there is, else ''. Columns that hold lists or dictionaries hold them as they are stored.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select

from store.schema import Base
from store.schema_scenarios import (
    Assumption,
    AuditEntry,
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
    Tracking,
    Workshop,
)

PATHWAY = ["model", "scenario", "region", "variable", "unit", "year", "value", "low", "high", "transform", "source"]
NUMBERS = {"year": "int64", "value": "float64", "low": "float64", "high": "float64"}
"""Types of a pathway's numbers, whether or not there are any."""


def spoken(texts: Mapping[str, Mapping[str, str]] | None, lang: str) -> dict[str, str]:
    """Each field of a ``texts`` dictionary in one language: the one asked for, else English, else any, else ''."""
    result = {}
    for field, versions in (texts or {}).items():
        found = versions.get(lang) or versions.get("en") or next((text for text in versions.values() if text), "")
        result[field] = found
    return result


def speak(value: Any, lang: str) -> Any:
    """A stored list or dictionary with every ``texts`` inside it replaced by its fields in one language."""
    if isinstance(value, list):
        return [speak(item, lang) for item in value]
    if isinstance(value, dict):
        rest = {key: speak(item, lang) for key, item in value.items() if key != "texts"}
        return {**rest, **spoken(value.get("texts"), lang)}
    return value


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    result = connection.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def _told(frame: pd.DataFrame, lang: str, fields: Sequence[str]) -> pd.DataFrame:
    """The frame with its ``texts`` as columns."""
    told = [spoken(texts, lang) for texts in frame["texts"]]
    parts = {field: pd.Series([one.get(field, "") for one in told], dtype="str", index=frame.index) for field in fields}
    return frame.drop(columns="texts").assign(**parts)


def _of_set(
    connection: Connection, model: type[Base], set_code: str, lang: str, fields: Sequence[str], *order: Any
) -> pd.DataFrame:
    columns = [column for column in model.__table__.columns if column.name != "set_code"]
    query = select(*columns).where(model.__table__.c.set_code == set_code).order_by(*order)
    return _told(_rows(connection, query), lang, fields)


def sets(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """All scenario sets in their order.

    Returns:
        [code, position, origin, base_year, horizon, regions (list of codes), axes (list of {code, name, low, high}),
        groups (list of {code, name}), source, source_url, licence, edited_at, load_id, title, question, description,
        caveat].
    """
    query = select(*ScenarioSet.__table__.columns).order_by(ScenarioSet.position, ScenarioSet.code)
    frame = _told(_rows(connection, query), lang, ("title", "question", "description", "caveat"))
    for name in ("axes", "groups"):
        frame[name] = pd.Series([speak(value, lang) for value in frame[name]], dtype=object, index=frame.index)
    return frame


def scenarios(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Scenarios of a set: [code, position, place, state, prior, name, summary, story, notes]."""
    return _of_set(connection, Scenario, set_code, lang, ("name", "summary", "story", "notes"), Scenario.position)


def assumptions(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """What each scenario assumes: [scenario, code, position, driver, source, subject, text]."""
    order = (Assumption.position, Assumption.scenario)
    return _of_set(connection, Assumption, set_code, lang, ("subject", "text"), *order)


def drivers(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Drivers of a set.

    Returns:
        [code, position, kind, steep, theme, impact, impact_low, impact_high, uncertainty, uncertainty_low,
        uncertainty_high, ratings, year, year_low, year_high, evidence (list of {url, source, indicator, text}),
        source, name, description].
    """
    frame = _of_set(connection, Driver, set_code, lang, ("name", "description"), Driver.position)
    frame["evidence"] = pd.Series([speak(v, lang) for v in frame["evidence"]], dtype=object, index=frame.index)
    whole = ["ratings", "year", "year_low", "year_high"]
    frame[whole] = frame[whole].astype("Int64")
    ranges = ["impact_low", "impact_high", "uncertainty_low", "uncertainty_high"]
    frame[ranges] = frame[ranges].astype("float64")
    return frame


def signposts(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Signposts of a set.

    Returns:
        [code, position, indicator, region, operator, threshold, window, due, review, cluster, observed, observed_on,
        source, name, why, owner].
    """
    frame = _of_set(connection, Signpost, set_code, lang, ("name", "why", "owner"), Signpost.position)
    frame["due"] = frame["due"].astype("Int64")
    frame["threshold"] = frame["threshold"].astype("float64")
    return frame


def likelihoods(connection: Connection, set_code: str) -> pd.DataFrame:
    """How likely each signpost is in each scenario: [signpost, scenario, likelihood]."""
    model = SignpostLikelihood
    query = (
        select(model.signpost, model.scenario, model.likelihood)
        .join(Signpost, (Signpost.set_code == model.set_code) & (Signpost.code == model.signpost))
        .join(Scenario, (Scenario.set_code == model.set_code) & (Scenario.code == model.scenario))
        .where(model.set_code == set_code)
        .order_by(Signpost.position, Scenario.position)
    )
    return _rows(connection, query)


def strategies(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Strategies of a set: [code, position, name, description]."""
    return _of_set(connection, Strategy, set_code, lang, ("name", "description"), Strategy.position)


def measures(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Measures of a set.

    Returns:
        [code, position, strategy, theme, cost (thousands of currency, NaN unknown), currency, needs, excludes, source,
        name, description, instrument].
    """
    frame = _of_set(connection, Measure, set_code, lang, ("name", "description", "instrument"), Measure.position)
    frame["cost"] = frame["cost"].astype("float64")
    return frame


def pay_offs(connection: Connection, set_code: str) -> pd.DataFrame:
    """What groups say: [measure, scenario, group_code, score, reason], measures and scenarios in their order."""
    query = (
        select(PayOff.measure, PayOff.scenario, PayOff.group_code, PayOff.score, PayOff.reason)
        .join(Measure, (Measure.set_code == PayOff.set_code) & (Measure.code == PayOff.measure))
        .join(Scenario, (Scenario.set_code == PayOff.set_code) & (Scenario.code == PayOff.scenario))
        .where(PayOff.set_code == set_code)
        .order_by(Measure.position, Scenario.position, PayOff.group_code)
    )
    return _rows(connection, query)


def matrices(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Judgement matrices of a set.

    Returns:
        [code, kind, parts (list of {code, ordinal, name, note, values: [{code, name}]}), source, name, description].
    """
    frame = _of_set(connection, JudgementMatrix, set_code, lang, ("name", "description"), JudgementMatrix.code)
    frame["parts"] = pd.Series([speak(v, lang) for v in frame["parts"]], dtype=object, index=frame.index)
    return frame


def cells(connection: Connection, set_code: str, matrix: str) -> pd.DataFrame:
    """Judgements of a matrix that are not zero: [row, column, group_code ('' agreed), value, sign, reason]."""
    query = (
        select(
            JudgementCell.row,
            JudgementCell.column,
            JudgementCell.group_code,
            JudgementCell.value,
            JudgementCell.sign,
            JudgementCell.reason,
        )
        .where(JudgementCell.set_code == set_code, JudgementCell.matrix == matrix)
        .order_by(JudgementCell.group_code, JudgementCell.row, JudgementCell.column)
    )
    frame = _rows(connection, query)
    frame["value"] = frame["value"].astype("float64")
    return frame


def milestones(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Steps back from the goal.

    Returns:
        [code, position, goal, indicator, region, year, value, duration (years), measure, needs, source, name, owner].
    """
    frame = _of_set(connection, Milestone, set_code, lang, ("name", "owner"), Milestone.position)
    frame["value"] = frame["value"].astype("float64")
    return frame


def workshops(connection: Connection, set_code: str, lang: str = "en") -> pd.DataFrame:
    """Workshop records: [code, held_on, participants ({kind: count}), record, title, place, summary]."""
    frame = _of_set(connection, Workshop, set_code, lang, ("title", "place", "summary"), Workshop.held_on)
    frame["record"] = pd.Series([speak(v, lang) for v in frame["record"]], dtype=object, index=frame.index)
    return frame


def links(connection: Connection, set_code: str) -> pd.DataFrame:
    """How variables belong to indicators: [variable, unit, indicator, transform, factor, per, source]."""
    columns = [column for column in PathwayLink.__table__.columns if column.name != "set_code"]
    query = select(*columns).where(PathwayLink.set_code == set_code).order_by(PathwayLink.variable)
    return _rows(connection, query)


def places(connection: Connection, set_code: str) -> list[str]:
    """Codes of our regions of which a set has lines that belong to an indicator of ours, sorted."""
    linked = select(PathwayLink.variable).where(PathwayLink.set_code == set_code)
    query = select(PathwaySeries.region).where(
        PathwaySeries.set_code == set_code, PathwaySeries.region.is_not(None), PathwaySeries.variable.in_(linked)
    )
    return [str(region) for region in connection.scalars(query.distinct().order_by(PathwaySeries.region))]


def pathways(
    connection: Connection,
    set_code: str,
    indicators: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Pathways of our indicators and regions, as ``analysis.pathways`` takes them.

    ``variable`` is our indicator's code, and the figures are scaled and divided as the link says. With ``transform``
    ``level`` they are in the indicator's unit; with ``growth`` only their relative change counts, and they must be
    rebased to what was observed. A range is divided only where what it is divided by has none.

    Returns:
        [model, scenario (our code), region, variable, unit (as in the table), year, value, low, high, transform,
        source], sorted by these.
    """
    linked = links(connection, set_code)
    if indicators is not None:
        linked = linked[linked["indicator"].isin(list(indicators))]
    if linked.empty:
        return pd.DataFrame(columns=PATHWAY).astype(NUMBERS)
    variables = sorted({*linked["variable"], *linked["per"]} - {""})
    lines = _lines(connection, set_code, variables, regions)
    parts = [_linked(lines, row) for row in linked.to_dict("records")]
    return (
        pd.concat(parts, ignore_index=True)[PATHWAY]
        .sort_values(["variable", "region", "scenario", "model", "year"], kind="stable")
        .reset_index(drop=True)
    )


def _lines(
    connection: Connection, set_code: str, variables: Sequence[str], regions: Sequence[str] | None
) -> pd.DataFrame:
    query = (
        select(
            PathwaySeries.model,
            PathwaySeries.scenario,
            PathwaySeries.region,
            PathwaySeries.variable,
            PathwaySeries.unit,
            PathwaySeries.source,
            PathwayPoint.year,
            PathwayPoint.value,
            PathwayPoint.low,
            PathwayPoint.high,
        )
        .join(PathwayPoint, PathwayPoint.series_id == PathwaySeries.id)
        .where(
            PathwaySeries.set_code == set_code,
            PathwaySeries.variable.in_(list(variables)),
            PathwaySeries.region.is_not(None),
        )
    )
    if regions is not None:
        query = query.where(PathwaySeries.region.in_(list(regions)))
    return _rows(connection, query).astype(NUMBERS)


def _linked(lines: pd.DataFrame, link: Mapping[str, Any]) -> pd.DataFrame:
    """The lines of one link, in the unit that it says."""
    mine = lines[(lines["variable"] == link["variable"]) & (lines["unit"] == link["unit"])].copy()
    numbers = ["value", "low", "high"]
    mine[numbers] *= link["factor"]
    if link["per"]:
        keys = ["model", "scenario", "region", "year"]
        below = lines[lines["variable"] == link["per"]]
        mine = mine.merge(below[[*keys, *numbers]], on=keys, suffixes=("", "_per"))
        fixed = mine["low_per"].isna() & mine["high_per"].isna() & (mine["value_per"] != 0)
        for name in numbers:
            usable = mine["value_per"] != 0 if name == "value" else fixed
            mine[name] = np.where(usable, mine[name] / mine["value_per"].where(mine["value_per"] != 0), np.nan)
        mine = mine.dropna(subset="value")
    return mine.assign(variable=link["indicator"], transform=link["transform"])


def iamc(connection: Connection, set_code: str) -> pd.DataFrame:
    """All lines of a set as they were written: [model, scenario, region, variable, unit, year, value, low, high]."""
    query = (
        select(
            PathwaySeries.model,
            PathwaySeries.scenario_name.label("scenario"),
            PathwaySeries.region_name.label("region"),
            PathwaySeries.variable,
            PathwaySeries.unit,
            PathwayPoint.year,
            PathwayPoint.value,
            PathwayPoint.low,
            PathwayPoint.high,
        )
        .join(PathwayPoint, PathwayPoint.series_id == PathwaySeries.id)
        .where(PathwaySeries.set_code == set_code)
        .order_by(PathwaySeries.id, PathwayPoint.year)
    )
    return _rows(connection, query).astype(NUMBERS)


def tracking(connection: Connection, set_code: str, region: str | None = None) -> pd.DataFrame:
    """Evaluations that were kept, oldest first: [id, region, scenario, run_at, as_of, edition, weight, detail]."""
    query = select(
        Tracking.id,
        Tracking.region,
        Tracking.scenario,
        Tracking.run_at,
        Tracking.as_of,
        Tracking.edition,
        Tracking.weight,
        Tracking.detail,
    ).where(Tracking.set_code == set_code)
    if region is not None:
        query = query.where(Tracking.region == region)
    frame = _rows(connection, query.order_by(Tracking.as_of, Tracking.id))
    frame["weight"] = frame["weight"].astype("float64")
    return frame


def audit(connection: Connection, scope: str | None = None, limit: int = 200) -> pd.DataFrame:
    """What people changed, newest first: [id, at, role, entity, scope, key, old, new, why, undone_by]."""
    query = select(*AuditEntry.__table__.columns)
    if scope is not None:
        query = query.where(AuditEntry.scope == scope)
    frame = _rows(connection, query.order_by(AuditEntry.id.desc()).limit(limit))
    frame["undone_by"] = frame["undone_by"].astype("Int64")
    return frame


def newest_day(connection: Connection, set_code: str, region: str) -> date | None:
    """The day of the newest evaluation that was kept of a set in a region."""
    query = select(Tracking.as_of).where(Tracking.set_code == set_code, Tracking.region == region)
    return connection.scalars(query.order_by(Tracking.as_of.desc()).limit(1)).first()

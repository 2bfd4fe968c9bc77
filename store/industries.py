"""Series by industry: which there are, what their industries are called, and the figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select

from store.observations import observations_query
from store.schema import Dataset, Indicator, Industry, IndustrySeries, Observation, Region
from store.texts import texts

SERIES_TEXTS = ("name", "short", "definition", "unit_label", "unit_suffix", "note")


def series(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """Series by industry in their order.

    Returns:
        [code, kind (``structure`` or ``position``), classification, dataset, source, unit, decimals (int), members
        (list of industries that add up), total (code of the publisher's sum, '' for none), position (int), name,
        short, definition, unit_label, unit_suffix, note]; a text that exists in no language is '', a missing name is
        the code, a missing short name is the name.
    """
    query = (
        select(
            IndustrySeries.code,
            IndustrySeries.kind,
            IndustrySeries.classification,
            IndustrySeries.dataset,
            Dataset.source,
            IndustrySeries.unit,
            IndustrySeries.decimals,
            IndustrySeries.members,
            IndustrySeries.total,
            IndustrySeries.position,
        )
        .join(Dataset, Dataset.code == IndustrySeries.dataset)
        .order_by(IndustrySeries.position, IndustrySeries.code)
    )
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    known = texts(connection, "series", lang)
    for field in SERIES_TEXTS:
        found = [known.get((code, field), code if field == "name" else "") for code in frame["code"]]
        frame[field] = pd.Series(found, dtype="str", index=frame.index)
    frame["short"] = frame["short"].where(frame["short"] != "", frame["name"])
    return frame


def industries(connection: Connection, classification: str, lang: str = "en") -> pd.DataFrame:
    """The classes of a classification in their order; none when it is unknown.

    Returns:
        [code, parent ('' for none), level (int), position (int), section ('' for none), name, short]; a missing name is
        the code, a missing short name is the name.
    """
    query = (
        select(Industry.code, Industry.parent, Industry.level, Industry.position, Industry.section)
        .where(Industry.classification == classification)
        .order_by(Industry.position)
    )
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    known = texts(connection, "industry", lang) if len(frame) else {}
    for field in ("name", "short"):
        found = [known.get((f"{classification}:{code}", field), "") for code in frame["code"]]
        frame[field] = pd.Series(found, dtype="str", index=frame.index)
    frame["parent"] = frame["parent"].fillna("").astype("str")
    frame["name"] = frame["name"].where(frame["name"] != "", frame["code"])
    frame["short"] = frame["short"].where(frame["short"] != "", frame["name"])
    return frame


def figures(
    connection: Connection,
    code: str,
    regions: Sequence[str] | None = None,
    first: int | None = None,
    last: int | None = None,
) -> pd.DataFrame:
    """Figures of a series, its total included where there is one; none when the series is unknown.

    Args:
        code: of the series.
        regions: region codes; None for all.
        first: first year wanted, inclusive.
        last: last year wanted, inclusive.

    Returns:
        [region, industry, period (int64), value (float64, NaN when missing), flags (publisher's letters, sorted),
        status (SDMX OBS_STATUS)], sorted by region, the industry's place in the series, and year.
    """
    rows = connection.execute(figures_query(connection, code, regions, first, last)).all()
    numbers, places, periods, values, flags, status = (list(zip(*rows, strict=True)) if rows else [()] * 8)[:6]
    names = {row.id: row.code for row in connection.execute(select(Region.id, Region.code))}
    own = select(Indicator.id, Indicator.industry).where(Indicator.series == code)
    industry = {row.id: str(row.industry) for row in connection.execute(own)}
    members = connection.execute(select(IndustrySeries.members).where(IndustrySeries.code == code)).scalar_one_or_none()
    place = {name: number for number, name in enumerate(members or [])}
    # The total, which is no member, comes last.
    order = {number: place.get(name, len(place)) for number, name in industry.items()}
    region = np.array([names[number] for number in places], dtype=object)
    within = np.array([order[number] for number in numbers], dtype=np.int64)
    by = np.lexsort((np.array(periods, dtype=np.int64), within, region.astype(str)))
    return pd.DataFrame(
        {
            "region": pd.array(region[by], dtype="str"),
            "industry": pd.array(np.array([industry[number] for number in numbers], dtype=object)[by], dtype="str"),
            "period": np.array(periods, dtype=np.int64)[by],
            "value": np.array(values, dtype=np.float64)[by],
            "flags": pd.array(np.array(flags, dtype=object)[by], dtype="str"),
            "status": pd.array(np.array(status, dtype=object)[by], dtype="str"),
        }
    )


def figures_query(
    connection: Connection,
    code: str,
    regions: Sequence[str] | None = None,
    first: int | None = None,
    last: int | None = None,
) -> Select[*tuple[Any, ...]]:
    """The statement behind ``figures``: keys by number, so that the primary key serves it (plan is tested)."""
    names = list(connection.scalars(select(Indicator.code).where(Indicator.series == code)))
    return observations_query(connection, names, regions, first, last)


def years(connection: Connection, code: str) -> list[int]:
    """Years in which a series has a value in any region, newest first."""
    return [int(year) for year in connection.scalars(years_query(connection, code))]


def years_query(connection: Connection, code: str) -> Select[*tuple[Any, ...]]:
    """The statement behind ``years``; as for ``figures_query``."""
    numbers = list(connection.scalars(select(Indicator.id).where(Indicator.series == code)))
    return (
        select(Observation.period)
        .where(Observation.indicator_id.in_(numbers), Observation.value.is_not(None))
        .distinct()
        .order_by(Observation.period.desc())
    )

"""What is loaded, how old and how complete: a row a dataset, without pandas, since the command line starts often."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, case, distinct, func, select

from store.schema import Dataset, Indicator, IndustrySeries, LoadRun, Observation, Region
from store.schema_scenarios import PathwayPoint, PathwaySeries, Scenario, ScenarioSet


@dataclass(frozen=True)
class DatasetStatus:
    """What is there of one dataset.

    Attributes:
        dataset: code.
        indicators: how many of its indicators have figures; a series by industry counts as one.
        of_indicators: how many indicators the catalogue has of it, counted alike.
        rows: observations, missing ones included.
        regions: level-2 regions of today's classification with at least one figure.
        first: first year with a figure; None when there is none.
        last: last such year.
        vintage: publisher's time of the newest edition, when it said one.
        loaded_at: time of the last load that brought figures that stand now (UTC).
        present: figures of today's level-2 regions.
        expected: how many there would be if each of these regions had each year of each indicator's own span;
            none for positions, which are about countries.
    """

    dataset: str
    indicators: int
    of_indicators: int
    rows: int
    regions: int
    first: int | None
    last: int | None
    vintage: datetime | None
    loaded_at: datetime | None
    present: int
    expected: int

    @property
    def share(self) -> float | None:
        """Completeness between 0 and 1; None when nothing is expected."""
        return self.present / self.expected if self.expected else None


def dataset_status(connection: Connection) -> list[DatasetStatus]:
    """Every dataset that has an indicator of its own, by code."""
    today = (Region.level == 2) & (Region.kind != "extra") & Region.valid_to.is_(None)
    places = connection.execute(select(func.count()).select_from(Region).where(today)).scalar_one()
    valued = case((Observation.value.is_not(None), Observation.period))
    per_indicator = (
        select(
            Observation.indicator_id,
            func.count().label("rows"),
            func.min(valued).label("first"),
            func.max(valued).label("last"),
            func.max(Observation.load_id).label("load_id"),
            func.count(case((today, Observation.value))).label("present"),
        )
        .join(Region, Region.id == Observation.region_id)
        .group_by(Observation.indicator_id)
        .subquery()
    )
    listed = func.coalesce(Indicator.series, Indicator.code)
    regional = func.coalesce(IndustrySeries.kind, "") != "position"
    query = (
        select(
            Dataset.code,
            func.count(distinct(case((per_indicator.c.indicator_id.is_not(None), listed)))),
            func.count(distinct(listed)),
            func.coalesce(func.sum(per_indicator.c.rows), 0),
            func.min(per_indicator.c.first),
            func.max(per_indicator.c.last),
            Dataset.updated,
            func.max(LoadRun.started_at),
            func.coalesce(func.sum(per_indicator.c.present), 0),
            func.coalesce(func.sum(case((regional, per_indicator.c.last - per_indicator.c.first + 1), else_=0)), 0),
        )
        .join(Indicator, Indicator.dataset == Dataset.code)
        .outerjoin(per_indicator, per_indicator.c.indicator_id == Indicator.id)
        .outerjoin(LoadRun, LoadRun.id == per_indicator.c.load_id)
        .outerjoin(IndustrySeries, IndustrySeries.code == Indicator.series)
        .group_by(Dataset.code, Dataset.updated)
        .order_by(Dataset.code)
    )
    covered = _regions_covered(connection, today)
    return [
        DatasetStatus(
            dataset=code,
            indicators=filled,
            of_indicators=known,
            rows=int(rows),
            regions=covered.get(code, 0),
            first=first,
            last=last,
            vintage=vintage,
            loaded_at=loaded,
            present=int(present),
            expected=int(years) * places,
        )
        for code, filled, known, rows, first, last, vintage, loaded, present, years in connection.execute(query)
    ]


def _regions_covered(connection: Connection, today: object) -> dict[str, int]:
    query = (
        select(Indicator.dataset, func.count(Observation.region_id.distinct()))
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .join(Region, Region.id == Observation.region_id)
        .where(today, Observation.value.is_not(None))  # type: ignore[arg-type]
        .group_by(Indicator.dataset)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def outside_limits(connection: Connection) -> list[tuple[str, str, int, float]]:
    """Indicator, region, year and value of figures that the catalogue now calls impossible: its limits were wider."""
    query = (
        select(Indicator.code, Region.code, Observation.period, Observation.value)
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .join(Region, Region.id == Observation.region_id)
        .where((Observation.value < Indicator.lower) | (Observation.value > Indicator.upper))
        .order_by(Indicator.code, Region.code, Observation.period)
    )
    return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


@dataclass(frozen=True)
class SetStatus:
    """What is there of one scenario set.

    Attributes:
        code: its code.
        title: by language.
        origin: illustrative, published or own.
        scenarios: how many futures.
        pathways: how many lines over years, of all scenarios and regions.
        figures: stated figures of those.
        edited_at: when a person last changed anything in it; None when it stands as it was loaded.
        file_name: the file that its content is from.
    """

    code: str
    title: dict[str, str]
    origin: str
    scenarios: int
    pathways: int
    figures: int
    edited_at: datetime | None
    file_name: str


def set_status(connection: Connection) -> list[SetStatus]:
    """Every scenario set, in their order."""

    def counted(query: Select[str, int]) -> dict[str, int]:
        return {row[0]: row[1] for row in connection.execute(query)}

    lines = select(PathwaySeries.set_code, func.count()).group_by(PathwaySeries.set_code)
    scenarios = counted(select(Scenario.set_code, func.count()).group_by(Scenario.set_code))
    pathways = counted(lines)
    figures = counted(lines.join(PathwayPoint, PathwayPoint.series_id == PathwaySeries.id))
    query = (
        select(ScenarioSet.code, ScenarioSet.texts, ScenarioSet.origin, ScenarioSet.edited_at, LoadRun.file_name)
        .join(LoadRun, LoadRun.id == ScenarioSet.load_id)
        .order_by(ScenarioSet.position, ScenarioSet.code)
    )
    return [
        SetStatus(
            code=code,
            title=texts.get("title", {}),
            origin=origin,
            scenarios=scenarios.get(code, 0),
            pathways=pathways.get(code, 0),
            figures=figures.get(code, 0),
            edited_at=edited,
            file_name=file_name,
        )
        for code, texts, origin, edited, file_name in connection.execute(query)
    ]

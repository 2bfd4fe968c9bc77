"""A made set whose base year lies far enough back for the figures to tell: the futures of ``made_futures`` with
straight pathways from 2019 on.

HU31 can be told, AT12 is off the map, in BA01 no figure of the indicators is published.
"""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from etl.derive import run_jobs
from etl.derive_tracking import jobs
from etl.pipeline import load_extract
from store.engine import make_engine, writing
from store.observations import observations
from store.schema_scenarios import PathwayLink, PathwayPoint, PathwaySeries, ScenarioSet, Signpost, Tracking
from tests.dashboard.made_futures import SCENARIOS, insert_made
from tests.etl.extracts import extract

CODE, BASE = "told", 2019
TOLD, OFF, SILENT = "HU31", "AT12", "BA01"
EARLIER = date(2025, 3, 1)

RD, GDP = "rd_expenditure_gdp", "gdp_pps_per_head_eu"
SLOPES = {RD: (0.10, 0.03, -0.03, 0.0), GDP: (2.0, 1.0, -1.0, 0.2)}
"""Change a year in each scenario, in their order."""


def insert_told(url: str, folder: Path) -> None:
    """Put the set into a database, with an evaluation that was told earlier and a newer one after a revision."""
    insert_made(url, CODE, "illustrative", 20)
    engine = make_engine(url)
    with writing(engine) as connection:
        connection.execute(update(ScenarioSet).where(ScenarioSet.code == CODE).values(base_year=BASE))
        load = connection.scalar(select(ScenarioSet.load_id).where(ScenarioSet.code == CODE))
        mine = select(PathwaySeries.id).where(PathwaySeries.set_code == CODE)
        connection.execute(delete(PathwayPoint).where(PathwayPoint.series_id.in_(mine)))
        connection.execute(delete(PathwaySeries).where(PathwaySeries.set_code == CODE))
        connection.execute(delete(PathwayLink).where(PathwayLink.set_code == CODE))
        connection.execute(
            update(Signpost).where(Signpost.set_code == CODE, Signpost.code == "rd_up").values(cluster="figures")
        )
        for indicator, slopes in SLOPES.items():
            link = {"set_code": CODE, "variable": indicator, "unit": "u", "indicator": indicator, "transform": "level"}
            connection.execute(insert(PathwayLink), {**link, "factor": 1.0, "per": "", "source": "made"})
            for region in (TOLD, OFF, SILENT):
                seen = observations(connection, [indicator], [region], BASE, BASE)["value"].tolist()
                start = seen[0] if seen else 1.0
                for scenario, slope in zip(SCENARIOS, slopes, strict=True):
                    # Nobody foresaw anything like what came in one of the regions.
                    way = slope if region != OFF else (0.5 + abs(slope)) * (4 if indicator == RD else 40)
                    row = {"set_code": CODE, "scenario": scenario, "model": "made", "scenario_name": scenario}
                    names = {"region_name": region, "variable": indicator, "unit": "u", "region": region}
                    row |= {**names, "source": "made", "load_id": load}
                    number = connection.execute(insert(PathwaySeries).returning(PathwaySeries.id), row).scalar_one()
                    points = [(BASE, 0.0), (2027, 8 * way), (2035, 16 * way)]
                    connection.execute(
                        insert(PathwayPoint),
                        [
                            {
                                "series_id": number,
                                "year": year,
                                "value": max(start + by, 0.01),
                                "low": max(start + by, 0.01) * (1 - 0.01 * (year > BASE)),
                                "high": max(start + by, 0.01) * (1 + 0.01 * (year > BASE)),
                            }
                            for year, by in points
                        ],
                    )
    evaluate(url)
    with writing(engine) as connection:
        told = datetime(EARLIER.year, EARLIER.month, EARLIER.day, 12)  # noqa: DTZ001 - the database keeps UTC
        connection.execute(update(Tracking).where(Tracking.set_code == CODE).values(as_of=EARLIER, run_at=told))
        newest = observations(connection, [RD], [TOLD], 2023, 2023)["value"].iloc[0]
    load_extract(engine, extract(folder, [(RD, TOLD, 2023, newest + 0.2)], name="revised.csv"))
    engine.dispose()
    evaluate(url)


def evaluate(url: str) -> None:
    """Evaluate what is due, and nothing else."""
    engine = make_engine(url)
    with engine.connect() as connection:
        due = jobs(connection)
    # Results of other kinds stay: only these are run, and none is removed for not being named.
    from etl import derive

    stored = derive._stored
    derive._stored = lambda c: {key: state for key, state in stored(c).items() if key[0] == "tracking"}  # type: ignore[assignment]
    try:
        done = run_jobs(engine, jobs=due)
    finally:
        derive._stored = stored
    assert {one.state for one in done} <= {"computed"}, done
    engine.dispose()

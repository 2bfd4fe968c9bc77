"""On two million observations, the statements behind the pages use the key and no scan of the table."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, insert, select, text

from store.engine import make_engine, writing
from store.industries import figures_query, years_query
from store.observations import observations_query
from store.schema import Indicator, IndustrySeries, Region
from store.writes import Batch, add_observations, open_load

INDICATORS, REGIONS, YEARS = 200, 500, 20
INDUSTRIES = 10


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def large(request: pytest.FixtureRequest, new_database: Callable[[str, str], str]) -> Iterator[Engine]:
    """A database with 2,000,000 observations of made-up indicators and regions."""
    from datetime import datetime

    engine = make_engine(new_database(request.param, "catalogue"))
    with writing(engine) as connection:
        like = dict(connection.execute(select(Indicator.__table__).limit(1)).mappings().one())
        # The last of them are the industries of a series.
        known = dict(connection.execute(select(IndustrySeries.__table__).limit(1)).mappings().one())
        connection.execute(insert(IndustrySeries), [{**known, "code": "made_up", "members": []}])
        own = [{"series": None, "industry": None}] * (INDICATORS - INDUSTRIES)
        own += [{"series": "made_up", "industry": f"I{place}"} for place in range(INDUSTRIES)]
        connection.execute(
            insert(Indicator),
            [{**like, **own[place], "id": 1000 + place, "code": f"made_up_{place}"} for place in range(INDICATORS)],
        )
        place = {"level": 2, "kind": "nuts", "country": "XX", "nuts_versions": []}
        connection.execute(
            insert(Region), [{**place, "id": 5000 + number, "code": f"XX{number}"} for number in range(REGIONS)]
        )
        load_id = open_load(
            connection,
            source="own",
            dataset="INDICATOR",
            file_name="made up",
            sha256="",
            bytes=0,
            started_at=datetime(2026, 1, 1),  # noqa: DTZ001 - stored as UTC without a zone
        )
        each = REGIONS * YEARS
        for number in range(INDICATORS):
            texts = np.full(each, "", dtype=object)
            batch = Batch(
                indicator=np.full(each, 1000 + number),
                region=np.repeat(np.arange(5000, 5000 + REGIONS), YEARS),
                period=np.tile(np.arange(2005, 2005 + YEARS), REGIONS),
                value=np.arange(each, dtype=float),
                flags=texts,
                status=np.full(each, "A", dtype=object),
                confidential=texts,
            )
            add_observations(connection, batch, load_id)
    if request.param == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE observation"))
    yield engine
    engine.dispose()


def plan(connection: Connection, query: Any) -> str:
    statement = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(" ".join(str(cell) for cell in row) for row in connection.execute(text(explain + statement)))


FIVE = [f"made_up_{place}" for place in range(5)]
PAGES = {
    "home: headline indicators, all regions": (FIVE, None, None, None),
    "region: all indicators of one region": ([f"made_up_{place}" for place in range(50)], ["XX7"], None, None),
    "compare: two indicators, some regions, some years": (FIVE[:2], ["XX1", "XX2", "XX3"], 2010, 2020),
    "data: one indicator": (FIVE[:1], None, None, None),
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_use_the_key(large: Engine, page: str) -> None:
    indicators, regions, first, last = PAGES[page]
    with large.connect() as connection:
        shown = plan(connection, observations_query(connection, indicators, regions, first, last))
    if large.dialect.name == "sqlite":
        assert "SEARCH observation USING PRIMARY KEY" in shown
        assert "SCAN" not in shown
        if regions:
            assert "region_id=?" in shown
    else:
        assert "pk_observation" in shown
        assert "Seq Scan" not in shown


SERIES = {
    "specialisation: a series, all regions and years": figures_query,
    "specialisation: years of a series": years_query,
}


@pytest.mark.parametrize("page", SERIES)
def test_series_use_the_key(large: Engine, page: str) -> None:
    with large.connect() as connection:
        shown = plan(connection, SERIES[page](connection, "made_up"))
    if large.dialect.name == "sqlite":
        assert "SEARCH observation USING PRIMARY KEY" in shown
        assert "SCAN" not in shown
    else:
        assert "pk_observation" in shown
        assert "Seq Scan" not in shown


def test_there_are_two_million(large: Engine) -> None:
    with large.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM observation")).scalar_one() == 2_000_000

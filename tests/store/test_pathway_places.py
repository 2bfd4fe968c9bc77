"""Which of our regions a scenario set has pathways of."""

from sqlalchemy import Engine, delete, update

from store import scenarios
from store.engine import writing
from store.schema_scenarios import PathwayLink, PathwaySeries
from tests.dashboard.made_futures import CODE, insert_made


def test_places_are_those_with_lines_that_belong_to_an_indicator(engine: Engine, url: str) -> None:
    insert_made(url)
    with engine.connect() as connection:
        assert scenarios.places(connection, CODE) == ["HU", "HU31"]
        assert scenarios.places(connection, "nothing") == []
        assert scenarios.places(connection, CODE) == sorted(scenarios.pathways(connection, CODE)["region"].unique())
    with writing(engine) as connection:
        connection.execute(delete(PathwayLink).where(PathwayLink.variable == "GDP|PPP"))
        connection.execute(update(PathwaySeries).where(PathwaySeries.variable == "employment_rate").values(region=None))
    with engine.connect() as connection:
        assert scenarios.places(connection, CODE) == ["HU31"]

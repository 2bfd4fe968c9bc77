"""What pages read of a programme, on both databases."""

import pytest
from sqlalchemy import Engine, delete

from benchmarks.made_programme import Scale, load
from store import programmes
from store.engine import writing
from store.schema_programme import ResultValue

CODE = "made"


@pytest.fixture
def made(engine: Engine) -> Engine:
    """A database with a small synthetic programme."""
    load(engine, Scale.small(CODE))
    return engine


def test_an_indicator_was_last_reported_where_its_newest_value_stands(made: Engine) -> None:
    with made.connect() as connection:
        codes = programmes.part(connection, "result_indicators", CODE)["code"].tolist()
        periods = programmes.part(connection, "result_values", CODE)["period"]
    with writing(made) as connection:
        silent = (ResultValue.indicator == codes[0]) & (ResultValue.period == int(periods.max()))
        connection.execute(delete(ResultValue).where(ResultValue.programme == CODE, silent))
    with made.connect() as connection:
        values = programmes.part(connection, "result_values", CODE)
        for period in range(int(periods.max()) + 1):
            mine = values[values["indicator"].isin(codes[:5]) & (values["period"] <= period)]
            wanted = mine.sort_values("period").drop_duplicates("indicator", keep="last").set_index("indicator")
            found = programmes.last_reported(connection, CODE, codes[:5], period).set_index("indicator")
            assert found["reported_on"].to_dict() == wanted["reported_on"].to_dict()
        assert len(wanted) == 5
        assert programmes.last_reported(connection, CODE, [], int(periods.max())).empty

"""Live figures into both databases: the catalogue asks, the date of the edition decides, offline is safe."""

import pytest
from fake_eurostat import FakeEurostat
from sqlalchemy import Engine, update

from etl.loading import Loader, Offline
from store.catalogue import datasets
from store.engine import version, writing
from store.ledger import loads
from store.observations import observations
from store.schema import Indicator

CODE = "rd_expenditure_gdp"


@pytest.fixture
def asking(engine: Engine) -> Engine:
    """The local service has fewer dimensions than the real dataset, so the indicator asks for fewer."""
    with writing(engine) as connection:
        connection.execute(update(Indicator).where(Indicator.code == CODE).values(filters={"unit": "PC_GDP"}))
    return engine


def test_the_catalogues_filters_are_asked_and_the_reply_is_loaded(asking: Engine, service: FakeEurostat) -> None:
    [outcome] = Loader(asking).live(["tgs00042"])
    assert (outcome.state, outcome.counts["new"], outcome.counts["rejected"]) == ("done", 30, 0)
    with asking.connect() as connection:
        frame = observations(connection, [CODE], ["HU31"])
        row = loads(connection).iloc[0]
        edition = datasets(connection).set_index("code").loc["TGS00042", "updated"]
    assert frame["period"].tolist() == list(range(2015, 2020))
    assert frame["flags"].tolist() == ["", "b", "", "", ""]
    assert row["query"] == "TGS00042 unit=PC_GDP"
    assert edition == row["vintage"]
    assert edition.year == 2026


def test_asking_again_changes_nothing(asking: Engine, service: FakeEurostat) -> None:
    list(Loader(asking).live(["TGS00042"]))
    with asking.connect() as connection:
        before = version(connection)
    [outcome] = Loader(asking).live(["TGS00042"])
    assert outcome.state == "known"
    with asking.connect() as connection:
        assert version(connection) == before


def test_too_big_is_asked_region_by_region(asking: Engine, service: FakeEurostat) -> None:
    service.limit = 4
    [outcome] = Loader(asking).live(["TGS00042"])
    assert outcome.counts["new"] == 30


def test_a_refusal_is_a_failed_outcome_with_the_services_words(asking: Engine, service: FakeEurostat) -> None:
    service.rows = []
    [outcome] = Loader(asking).live(["TGS00042"])
    assert outcome.state == "failed"
    assert outcome.message


def test_offline_leaves_what_was_there(asking: Engine, service: FakeEurostat) -> None:
    list(Loader(asking).live(["TGS00042"]))
    service.close()
    with pytest.raises(Offline):
        list(Loader(asking).live(["TGS00042"]))
    with asking.connect() as connection:
        assert len(observations(connection, [CODE])) == 30

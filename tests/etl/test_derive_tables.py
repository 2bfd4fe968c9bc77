"""Results of stored tables are computed once, and lie where pages look for them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from analysis import value_chain
from analysis.value_chain import System
from config import ROOT, settings
from etl import derive_tables
from etl.derive import run_jobs
from etl.loading import Loader
from store.derived import read
from store.tables import open_inverse, open_table, tables
from tests.etl.sources import io_layouts as layouts


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for matrices of this test alone."""
    monkeypatch.setenv("POLISEE_TABLES_DIR", str(tmp_path / "tables"))
    settings.cache_clear()
    yield tmp_path / "tables"
    settings.cache_clear()


def derive(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        due = derive_tables.jobs(connection)
    return {done.subject: done.message or done.state for done in run_jobs(engine, jobs=due)}


def test_results_of_tables(engine: Engine, tmp_path: Path, folder: Path) -> None:
    starter = ROOT / "data" / "starter" / "tables"
    made = layouts.icio(tmp_path / "ICIO2023_2019.csv", layouts.made("ICIO45"))
    list(Loader(engine).paths([starter / "hu_2020.csv", starter / "hr_2010.csv", made]))
    subjects = ("national:NAIO_10_CP1700:HU:2020", "national:NAIO_10_CP1700:HR:2010", "inter_country:ICIO::2019")
    assert derive(engine) == dict.fromkeys(subjects, "computed")
    assert derive(engine) == {}
    with engine.connect() as connection:
        croatia = read(connection, "chain", subjects[1], "industries")
        assert croatia is not None
        assert croatia.facts["jobs_year"] == 2013
        assert croatia.facts["unit"] == "THS_HRK"
        assert croatia.frame["jobs"].sum() == 1_370_425
        idle = croatia.frame.set_index("industry").loc["U"]
        assert np.isnan(idle["upstreamness"])
        assert read(connection, "chain", subjects[0], "linkages:HU") is not None
        assert read(connection, "chain", subjects[0], "countries") is None
        countries = read(connection, "chain", subjects[2], "countries")
        assert countries is not None
        assert countries.frame["country"].tolist() == ["HU", "EL", "UK", "ROW"]
        frame = tables(connection)
    for digest in frame["digest"]:
        inverse = open_inverse(folder, digest)
        system = System(open_table(folder / f"{digest}.parquet"))
        assert inverse is not None
        n = len(inverse)
        matrix = np.eye(n) - system.flows * system.per_output
        np.testing.assert_allclose(matrix @ inverse, np.eye(n), atol=1e-9)


def test_another_table_at_the_same_place_is_computed_anew_and_one_that_is_gone_goes(
    engine: Engine, tmp_path: Path
) -> None:
    subject = "inter_country:ICIO::2019"
    list(Loader(engine).paths([layouts.icio(tmp_path / "ICIO2021_2019.csv", layouts.made("ICIO45", seed=1))]))
    assert derive(engine) == {subject: "computed"}
    list(Loader(engine).paths([layouts.icio(tmp_path / "ICIO2023_2019.csv", layouts.made("ICIO45", seed=2))]))
    assert derive(engine) == {subject: "computed"}
    assert {one.subject: one.state for one in run_jobs(engine, jobs=[])} == {subject: "removed"}


def test_a_table_that_cannot_be_measured_is_told_and_stops_no_other(
    engine: Engine, tmp_path: Path, folder: Path
) -> None:
    list(Loader(engine).paths([layouts.icio(tmp_path / "ICIO2021_2019.csv", layouts.made("ICIO45"))]))
    for path in folder.glob("*.parquet"):
        path.unlink()
    (message,) = derive(engine).values()
    assert "load the table again" in message


def test_the_version_is_that_of_the_measures() -> None:
    assert derive_tables.METHOD == value_chain.METHOD

"""A load is a whole or nothing, also when it fails in the middle; real files come in as they are."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select

from etl.pipeline import load_extract, note_unreadable
from etl.sources.base import Extract, Problem, SourceError
from etl.sources.detect import open_extract
from store.ledger import loads, quarantine
from store.observations import observations
from store.schema import Observation
from tests.etl.extracts import extract, table


def figures(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Observation)).scalar_one()


def broken(folder: Path, error: Exception) -> Extract:
    """An extract that ends in an error after its first block."""
    made = extract(folder, [("employment_rate", "HU11", 2014, 1.0)], name="broken.csv")

    def chunks() -> Iterator[pa.Table]:
        yield table([("employment_rate", "HU11", 2014, 1.0), ("employment_rate", "HU12", 2014, 2.0)], ["indicator"])
        raise error

    made.chunks = chunks()
    return made


def test_a_file_cut_short_leaves_what_was_there_and_a_failed_row(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, 67.5)]))
    error = SourceError(Problem("truncated", "The file ends in the middle; download it again.", 7), "broken.csv")
    outcome = load_extract(engine, broken(tmp_path, error))
    assert (outcome.state, outcome.reason) == ("failed", "truncated")
    with engine.connect() as connection:
        assert observations(connection, ["employment_rate"])["value"].tolist() == [67.5]
        row = loads(connection).iloc[0]
        refused = quarantine(connection, int(row["id"]))
    assert (row["state"], row["rows_new"]) == ("failed", 0)
    assert "download it again" in row["message"]
    assert refused["line"].tolist() == [7]


def test_an_unforeseen_error_rolls_back_too(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        load_extract(engine, broken(tmp_path, ZeroDivisionError()))
    assert figures(engine) == 0


def test_a_file_that_cannot_be_opened_is_noted(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("hello", encoding="utf-8")
    outcome = note_unreadable(engine, path, Problem("unknown-format", "This is no table."))
    assert outcome.state == "failed"
    with engine.connect() as connection:
        assert loads(connection)["message"].iloc[0] == "This is no table."


def test_rows_the_source_could_not_parse_are_counted_as_rejected(engine: Engine, tmp_path: Path) -> None:
    made = extract(tmp_path, [("employment_rate", "HU11", 2014, 1.0)])
    made.problems.append(Problem("not-a-number", "Give a number.", 3, "value", "n/a"))
    outcome = load_extract(engine, made)
    assert outcome.counts == {"read": 2, "passed_over": 0, "new": 1, "changed": 0, "unchanged": 0, "rejected": 1}


def test_the_wrong_file_altogether_says_so(engine: Engine, tmp_path: Path) -> None:
    outcome = load_extract(
        engine, extract(tmp_path, [("PC", "HU11", 2014, 1.0)], dims=["unit"], dataset="NOT_OURS", source="eurostat")
    )
    assert outcome.state == "done"
    assert "NOT_OURS" in outcome.message


REAL = {
    "tgs00042_gerd_rd_expenditure.sdmx.csv": "rd_expenditure_gdp",
    "tgs00007_employment_rate.sdmx.csv": "employment_rate",
    "tgs00109_tertiary_education_25_64.sdmx.csv": "tertiary_attainment",
    "nama_10r_2gdp.sdmx.csv": "gdp_meur",
    "nama_10r_2gvagr_gva.sdmx.csv": "gva_volume_index",
}


@pytest.mark.parametrize(("name", "indicator"), REAL.items())
def test_real_files_load_whole_and_twice(engine: Engine, raw: Path, name: str, indicator: str) -> None:
    path = raw / "eurostat" / name
    outcome = load_extract(engine, open_extract(path))
    assert outcome.state == "done"
    assert outcome.counts["new"] > 700
    assert outcome.counts["rejected"] == 0
    assert outcome.counts["read"] == outcome.counts["new"] + outcome.counts["passed_over"]
    again = load_extract(engine, open_extract(path))
    assert again.counts["unchanged"] == outcome.counts["new"]
    with engine.connect() as connection:
        assert len(observations(connection, [indicator])) == outcome.counts["new"]


def test_real_old_and_new_codes_are_separate_series(engine: Engine, raw: Path) -> None:
    load_extract(engine, open_extract(raw / "eurostat" / "tgs00042_gerd_rd_expenditure.sdmx.csv"))
    with engine.connect() as connection:
        frame = observations(connection, ["rd_expenditure_gdp"], ["HU10", "HU11", "HU12"])
    years = frame.groupby("region")["period"].agg(["min", "max"])
    assert years.loc["HU10"].tolist() == [2013, 2016]
    assert years.loc["HU11", "min"] == years.loc["HU12", "min"] == 2017

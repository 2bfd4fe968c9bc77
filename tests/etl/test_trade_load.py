"""Trade goes from files to one stored table a dataset and year, and from there to the complexity of countries."""

import gzip
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from analysis.complexity import portfolio
from analysis.specialisation import location_quotients
from analysis.trade import CONVENTIONS, DIGITS
from config import settings
from etl import trade
from etl.derive import run_jobs
from etl.derive_trade import jobs
from etl.loading import Loader
from etl.sources import blocks
from etl.sources import trade as source
from etl.trade import load_trade
from store.derived import read
from store.engine import make_engine, version
from store.ledger import loads, quarantine
from store.schema import StoredTable
from store.tables import TableFileError, tables
from store.trade import TradeTable, open_trade, stored_trade

BACI = "t,i,j,k,v,q"
COMTRADE = (
    "freqCode,refYear,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,cmdCode,cmdDesc,"
    "customsCode,motCode,primaryValue"
)
ATLAS = "location_id,year,export_value,location_code,product_hs92_code"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for matrices of this test alone: a load removes files that its database does not name."""
    monkeypatch.setenv("POLISEE_TABLES_DIR", str(tmp_path / "tables"))
    settings.cache_clear()
    yield tmp_path / "tables"
    settings.cache_clear()


@pytest.fixture
def sqlite(new_database: Callable[[str, str], str]) -> Iterator[Engine]:
    engine = make_engine(new_database("sqlite", "catalogue"))
    yield engine
    engine.dispose()


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stored(engine: Engine, dataset: str, year: int = 2022) -> TradeTable:
    with engine.connect() as connection:
        row = stored_trade(connection, dataset, year)
    assert row is not None
    assert (row["kind"], row["country"], row["unit"]) == ("trade", "", "USD")
    return open_trade(settings().tables_dir / row["file"])


def cells(table: TradeTable) -> dict[tuple[str, str], float]:
    found = table.values.tocoo()
    return {
        (table.exporters[row], table.products[column]): float(value)
        for row, column, value in zip(found.row, found.col, found.data, strict=True)
    }


def refused(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        frame = quarantine(connection)
    return sorted((row.reason, row.line, row.value) for row in frame.itertuples())


def sums_up(counts: dict[str, int]) -> bool:
    return counts["read"] == sum(number for name, number in counts.items() if name != "read")


def baci(path: Path, *rows: str) -> Path:
    return write(path / "BACI_HS92_Y2022_V202401.csv", BACI, *rows)


def test_exports_are_summed_over_partners_and_kept_in_dollars(engine: Engine, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = baci(
        tmp_path,
        "2022,348,40,870323, 100.5,1",
        "2022,348,276,870323,9.5,NA",
        "2022,348,40,010121,2,1",
        "2022,300,40,010121,7,1",
        "2022,842,348,870323,1000,1",
    )
    outcome = load_trade(engine, path, progress=lambda done, total: steps.append((done, total)))
    assert (outcome.state, outcome.dataset, outcome.message) == ("done", "BACI_HS92", "")
    assert outcome.counts == {"read": 5, "passed_over": 0, "new": 5, "changed": 0, "unchanged": 0, "rejected": 0}
    assert steps[-1] == (path.stat().st_size, path.stat().st_size)
    table = stored(engine, "BACI_HS92")
    assert (table.name, table.classification, table.digits) == ("BACI HS92 2022", "HS92", 6)
    assert cells(table) == {
        ("EL", "010121"): 7000.0,
        ("HU", "010121"): 2000.0,
        ("HU", "870323"): 110_000.0,
        ("US", "870323"): 1_000_000.0,
    }
    with engine.connect() as connection:
        assert version(connection) == 2
        row = tables(connection, "trade").iloc[0]
        run = loads(connection).iloc[0]
    assert (row["source"], list(row["countries"]), row["vintage"].year) == ("cepii", ["EL", "HU", "US"], 2024)
    assert row["checks"] == {
        "exporters": 3,
        "products": 2,
        "digits": 6,
        "cells": 4,
        "total": 1_119_000.0,
        "rejected": 0,
    }
    assert (run["source"], run["dataset"], run["rows_new"]) == ("cepii", "BACI_HS92", 5)


def test_the_same_again_changes_nothing(sqlite: Engine, tmp_path: Path) -> None:
    rows = ["2022,348,40,870323,100.1,1", "2022,348,276,870323,9.3,1", "2022,348,381,870323,0.7,1"]
    path = baci(tmp_path, *rows)
    list(Loader(sqlite).paths([path]))
    assert [outcome.state for outcome in Loader(sqlite).paths([path])] == ["known"]
    before = stored(sqlite, "BACI_HS92")
    # The same rows in another order are another file with the same content.
    (outcome,) = Loader(sqlite).paths([baci(tmp_path, *rows[::-1])])
    assert (outcome.counts["unchanged"], outcome.counts["new"], outcome.counts["changed"]) == (3, 0, 0)
    assert cells(stored(sqlite, "BACI_HS92")) == pytest.approx(cells(before))
    with sqlite.connect() as connection:
        assert version(connection) == 2


def test_of_comtrade_only_yearly_exports_as_a_whole_count(sqlite: Engine, tmp_path: Path) -> None:
    path = write(
        tmp_path / "comtrade.csv",
        COMTRADE,
        "A,2022,2022,348,X,0,0,H5,8703,Motor cars,C00,0,100",
        "A,2022,2022,348,X,40,0,H5,8703,Motor cars,C00,0,60",
        "A,2022,2022,348,X,276,0,H5,8703,Motor cars,C00,0,40",
        # Without a total the partners are summed.
        "A,2022,2022,348,X,40,0,H5,0101,Horses,C00,0,3",
        "A,2022,2022,348,X,276,0,H5,0101,Horses,C00,0,4",
        "A,2022,2022,348,M,0,0,H5,8703,Motor cars,C00,0,7",
        "A,2022,2022,348,RX,0,0,H5,8703,Motor cars,C00,0,7",
        "M,2022,202203,348,X,0,0,H5,8703,Motor cars,C00,0,7",
        "A,2022,2022,348,X,0,56,H5,8703,Motor cars,C00,0,7",
        "A,2022,2022,348,X,0,0,H5,8703,Motor cars,C01,0,7",
        "A,2022,2022,348,X,0,0,H5,8703,Motor cars,C00,2100,7",
        # Coarser levels repeat the sum, as does the total; the group of countries repeats its members.
        "A,2022,2022,348,X,0,0,H5,87,Vehicles,C00,0,100",
        "A,2022,2022,348,X,0,0,H5,TOTAL,All,C00,0,107",
        "A,2022,2022,97,X,0,0,H5,8703,Motor cars,C00,0,900",
        "A,2022,2022,191,X,0,0,H5,8703,Motor cars,C00,0,",
        "A,2022,2022,191,X,0,0,H5,8704,Lorries,C00,0,5",
    )
    outcome = load_trade(sqlite, path)
    assert (outcome.dataset, outcome.counts["new"], outcome.counts["rejected"]) == ("COMTRADE_HS17", 4, 0)
    assert sums_up(outcome.counts)
    table = stored(sqlite, "COMTRADE_HS17")
    assert cells(table) == {("HU", "8703"): 100.0, ("HU", "0101"): 7.0, ("HR", "8704"): 5.0}
    assert table.names == {"8703": "Motor cars", "0101": "Horses", "8704": "Lorries", "87": "Vehicles"}


def test_bad_rows_are_quarantined_and_good_ones_loaded(sqlite: Engine, tmp_path: Path) -> None:
    path = baci(
        tmp_path,
        "2022,348,40,870323,100,1",
        "2022,348,276,870323,-5,1",
        "2022,998,40,870323,1,1",
        "2022,998,40,870324,1,1",
        "2022,998,276,870324,1,1",
        "2022,348,40,87A323,1,1",
        "2022,348,40,8703231,1,1",
        "22,348,40,870324,1,1",
        "2022,348,40,870331,lots,1",
        "2022,348,40,870332,3,1",
        "2022,348,40,870332,3,1",
        "2022,348,40,870333,4,1",
        "2022,348,40,870333,5,1",
        "2022,348,276,870333,6,1",
        "2022,348",
        "2022,191,40,010121,2,1",
    )
    outcome = load_trade(sqlite, path)
    assert cells(stored(sqlite, "BACI_HS92")) == {
        ("HU", "870323"): 100_000.0,
        ("HU", "870332"): 3000.0,
        ("HU", "870333"): 6000.0,
        ("HR", "010121"): 2000.0,
    }
    assert refused(sqlite) == [
        ("duplicate-key", 12, "3"),
        ("duplicate-key", 13, "4"),
        ("duplicate-key", 14, "5"),
        ("negative-value", 3, "-5"),
        ("not-a-number", 10, "lots"),
        ("not-a-year", 9, "22"),
        ("unknown-country", 4, "998"),
        ("wrong-columns", 16, "2022,348"),
        ("wrong-product", 7, "87A323"),
        ("wrong-product", 8, "8703231"),
    ]
    with sqlite.connect() as connection:
        frame = quarantine(connection)
    unknown = frame[frame["reason"] == "unknown-country"].iloc[0]
    assert unknown["column"] == "i"
    assert "3 rows, of which this is the first" in unknown["remedy"]
    assert (outcome.counts["rejected"], outcome.counts["new"]) == (12, 4)
    assert sums_up(outcome.counts)


def test_one_classification_and_one_level_a_year(sqlite: Engine, tmp_path: Path) -> None:
    row = "A,{year},{year},{who},X,0,0,{version},{what},x,C00,0,{value}"
    path = write(
        tmp_path / "comtrade.csv",
        COMTRADE,
        row.format(year=2022, who=348, version="H6", what="8703", value=100),
        row.format(year=2022, who=191, version="H5", what="8703", value=10),
        row.format(year=2022, who=300, version="H6", what="87", value=5),
        row.format(year=2010, who=348, version="H3", what="8703", value=50),
    )
    outcome = load_trade(sqlite, path)
    assert outcome.dataset == "COMTRADE"
    assert cells(stored(sqlite, "COMTRADE_HS22")) == {("HU", "8703"): 100.0}
    assert cells(stored(sqlite, "COMTRADE_HS07", 2010)) == {("HU", "8703"): 50.0}
    assert refused(sqlite) == [("mixed-classifications", 3, "HS17, 2022"), ("mixed-levels", 4, "EL, 2022")]
    assert sums_up(outcome.counts)


def test_countries_may_come_one_by_one(sqlite: Engine, tmp_path: Path) -> None:
    load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,1,1", "2022,348,40,870324,2,1", "2022,191,40,010121,3,1"))
    outcome = load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,1,1", "2022,348,40,010121,9,1"))
    assert (outcome.counts["new"], outcome.counts["unchanged"]) == (1, 1)
    # What a country no longer exports is gone, what others export stays.
    assert cells(stored(sqlite, "BACI_HS92")) == {
        ("HU", "870323"): 1000.0,
        ("HU", "010121"): 9000.0,
        ("HR", "010121"): 3000.0,
    }
    outcome = load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,5,1"))
    assert (outcome.counts["changed"], outcome.counts["new"]) == (1, 0)
    with sqlite.connect() as connection:
        assert version(connection) == 4


def test_an_older_edition_replaces_nothing_unless_forced(sqlite: Engine, tmp_path: Path) -> None:
    newer = write(tmp_path / "BACI_HS92_Y2022_V202501.csv", BACI, "2022,348,40,870323,2,1")
    older = write(tmp_path / "BACI_HS92_Y2022_V202401.csv", BACI, "2022,348,40,870323,1,1")
    load_trade(sqlite, newer)
    kept = load_trade(sqlite, older)
    assert (kept.state, kept.counts["passed_over"]) == ("done", 1)
    assert "--force" in kept.message
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 2000.0}
    load_trade(sqlite, older, force=True)
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 1000.0}


def test_another_level_of_detail_is_refused_unless_forced(sqlite: Engine, tmp_path: Path) -> None:
    load_trade(sqlite, write(tmp_path / "hs92_a.csv", ATLAS, "1,2022,5,HUN,870323", "1,2022,5,HRV,870324"))
    other = write(tmp_path / "hs92_b.csv", ATLAS, "1,2022,6,HUN,8703")
    outcome = load_trade(sqlite, other)
    assert (outcome.state, outcome.reason) == ("failed", "mixed-levels")
    assert len(cells(stored(sqlite, "ATLAS_HS92"))) == 2
    load_trade(sqlite, other, force=True)
    assert cells(stored(sqlite, "ATLAS_HS92")) == {("HU", "8703"): 6.0}


def test_leading_zeros_lost_in_a_spreadsheet(sqlite: Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "hs92.csv", ATLAS, "1,2022,5,HUN,101", "1,2022,7,HUN,8703", "1,2022,1,HRV,8703")
    load_trade(sqlite, path)
    assert set(cells(stored(sqlite, "ATLAS_HS92"))) == {("HU", "0101"), ("HU", "8703"), ("HR", "8703")}
    # Where other codes kept theirs, an odd number of digits is a slip of the pen.
    path = write(tmp_path / "hs92_b.csv", ATLAS, "1,2021,5,HUN,101", "1,2021,7,HUN,0102", "1,2021,1,HRV,8703")
    load_trade(sqlite, path)
    assert refused(sqlite) == [("wrong-product", 2, "101")]
    # In SITC nothing tells a lost zero from a coarser level, unless the coarser code has no finer one.
    path = write(
        tmp_path / "sitc.csv", "year,location_code,sitc_product_code,export_value", "2022,HUN,111,5", "2022,HUN,7810,5"
    )
    assert load_trade(sqlite, path).reason == "lost-zeros"


def test_all_years_of_the_atlas_without_its_services(sqlite: Engine, tmp_path: Path) -> None:
    path = write(
        tmp_path / "hs92_country_product_year_4.csv",
        ATLAS,
        *(f"1,{year},{year},{who},8703" for year in (2019, 2020, 2021) for who in ("HUN", "USA", "ANS")),
        "1,2021,99,HUN,travel",
    )
    outcome = load_trade(sqlite, path)
    assert (outcome.counts["new"], outcome.counts["passed_over"], outcome.counts["rejected"]) == (6, 4, 0)
    with sqlite.connect() as connection:
        assert list(tables(connection, "trade")["year"]) == [2021, 2020, 2019]
    assert cells(stored(sqlite, "ATLAS_HS92", 2020)) == {("HU", "8703"): 2020.0, ("US", "8703"): 2020.0}


@pytest.mark.parametrize(
    ("name", "lines", "reason"),
    [
        ("exports.csv", (BACI, "2022,348,40,870323,1,1"), "no-classification"),
        ("BACI_HS92.csv", (BACI, "2022,0,40,870323,1,1"), "no-rows"),
        ("BACI_HS92.csv", (BACI, "2022,998,40,870323,1,1"), "no-rows"),
    ],
)
def test_files_that_cannot_be_used_are_told_and_change_nothing(
    sqlite: Engine, tmp_path: Path, folder: Path, name: str, lines: tuple[str, ...], reason: str
) -> None:
    (outcome,) = Loader(sqlite).paths([write(tmp_path / name, *lines)])
    assert (outcome.state, outcome.reason) == ("failed", reason)
    assert outcome.message
    with sqlite.connect() as connection:
        assert connection.scalars(select(StoredTable.id)).all() == []
        assert (loads(connection).iloc[0]["state"], version(connection)) == ("failed", 1)
    assert not folder.exists()


def test_a_file_cut_short_changes_nothing(sqlite: Engine, tmp_path: Path, folder: Path) -> None:
    load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,1,1"))
    rng = random.Random(1)
    rows = [f"2022,348,{rng.randrange(900)},870323,{rng.random()},1" for _ in range(4000)]
    packed = gzip.compress("\n".join([BACI, *rows, ""]).encode())
    path = tmp_path / "BACI_HS92_Y2022_V202601.csv.gz"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    outcome = load_trade(sqlite, path)
    assert (outcome.state, outcome.reason) == ("failed", "truncated")
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 1000.0}
    assert len(list(folder.glob("*.parquet"))) == 1


def test_a_crash_before_the_commit_leaves_the_old_table_and_is_swept_up(
    sqlite: Engine, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,1,1"))

    def crash(*_: Any, **__: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(trade, "close_load", crash)
        with pytest.raises(MemoryError):
            load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,2,1"))
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 1000.0}
    assert len(list(folder.glob("*.parquet"))) == 2
    load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,3,1"))
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 3000.0}
    # The one that was replaced stays for those who have just read its row; the crashed one is gone.
    assert len(list(folder.glob("*.parquet"))) == 2


def test_a_missing_file_is_told(sqlite: Engine, tmp_path: Path, folder: Path) -> None:
    load_trade(sqlite, baci(tmp_path, "2022,348,40,870323,1,1"))
    (path,) = folder.glob("*.parquet")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TableFileError, match="load it again"):
        stored(sqlite, "BACI_HS92")
    path.unlink()
    with pytest.raises(TableFileError, match="missing"):
        stored(sqlite, "BACI_HS92")


def test_loading_again_mends_a_lost_file(sqlite: Engine, tmp_path: Path, folder: Path) -> None:
    path = baci(tmp_path, "2022,348,40,870323,1,1")
    list(Loader(sqlite).paths([path]))
    (matrix,) = folder.glob("*.parquet")
    matrix.unlink()
    assert [outcome.state for outcome in Loader(sqlite).paths([path])] == ["done"]
    assert cells(stored(sqlite, "BACI_HS92")) == {("HU", "870323"): 1000.0}
    assert [outcome.state for outcome in Loader(sqlite).paths([path])] == ["known"]


def test_lists_of_names_are_read_with_the_figures(sqlite: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "baci"
    folder.mkdir()
    write(folder / "country_codes_V202401.csv", "country_code,country_name,country_iso2,country_iso3", "997,H,HU,HUN")
    write(folder / "product_codes_HS92_V202401.csv", "code,description", '870323,"Cars, of 1,500 cc"', "8703,Cars")
    baci(folder, "2022,997,40,870323,1,1")
    assert sorted(outcome.state for outcome in Loader(sqlite).paths([folder])) == ["done", "known", "known"]
    table = stored(sqlite, "BACI_HS92")
    assert (table.exporters, table.names) == (("HU",), {"870323": "Cars, of 1,500 cc", "8703": "Cars"})


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["348", "191", "300", "842"]),
        st.integers(1, 9),
        st.sampled_from(["010121", "870323", "870324", "999999"]),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:3],
)


@given(ROWS, st.randoms(use_true_random=False), st.integers(20, 200))
@hypothesis_settings(max_examples=25)
def test_nothing_is_lost_or_added_whatever_order_and_blocks_the_rows_come_in(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple], shuffler: random.Random, size: int
) -> None:
    path = tmp_path_factory.mktemp("rows") / "BACI_HS92.csv"
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    lines = [f"2022,{who},{to},{what},{value / 1000},1" for who, to, what, value in shuffled]
    # Repeated rows count once.
    write(path, BACI, *lines, lines[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "read_blocks", partial(blocks.read_blocks, size=size))
        gathered = trade._Gathering(source.read_trade(path), None)
        gathered.run()
    (year,) = trade._settle(gathered)
    assert gathered.read == len(rows) + 1
    assert sum(found.rows for found in gathered.refused.values()) == 1
    assert year.rows.sum() == len(rows)
    expected: dict[tuple[str, str], float] = {}
    for who, _, what, value in rows:
        code = {"348": "HU", "191": "HR", "300": "EL", "842": "US"}[who]
        expected[code, what] = expected.get((code, what), 0.0) + value
    assert cells(year.table) == pytest.approx(expected)


def world(folder: Path, year: int, seed: int) -> Path:
    """Made-up exports, in which the countries further down the list make what few others make."""
    rng = np.random.default_rng(seed)
    countries = ["348", "191", "300", "842", "40", "276", "250", "392", "156", "356", "499", "688"]
    lines = []
    for place, country in enumerate(countries):
        for product in range(40):
            if rng.random() < 0.15 + 0.7 * (product / 40 < (place + 1) / len(countries)):
                value = round(float(rng.lognormal(12, 1)), 3)
                lines.append(f"{year},{country},0,{8400 + product}{product % 3}0,{value},1")
        lines.append(f"{year},{country},0,999999,5000000,1")
    return write(folder / f"BACI_HS92_Y{year}_V202401.csv", BACI, *lines)


def test_complexity_is_computed_once_for_each_table(sqlite: Engine, tmp_path: Path) -> None:
    for year, seed in ((2017, 1), (2022, 2)):
        assert load_trade(sqlite, world(tmp_path, year, seed)).counts["rejected"] == 0
    with sqlite.connect() as connection:
        due = jobs(connection)
    assert [job.subject for job in due] == ["trade:BACI_HS92:2022", "trade:BACI_HS92:2017"]
    assert [done.state for done in run_jobs(sqlite, jobs=due)] == ["computed", "computed"]
    assert run_jobs(sqlite, jobs=due) == []
    table, before = stored(sqlite, "BACI_HS92"), stored(sqlite, "BACI_HS92", 2017)
    exports = table.frame(DIGITS).drop(columns="9999")
    with sqlite.connect() as connection:
        parts = {
            part: read(connection, "industries", "trade:BACI_HS92:2022", part)
            for part in ("regions", "industries", "proximity", "HU", "ME", "US")
        }
    assert parts["US"] is None
    regions, industries, hungary = (parts[name].frame for name in ("regions", "industries", "HU"))
    assert list(regions["region"]) == list(table.exporters)
    assert list(industries["industry"]) == list(exports.columns)
    assert regions["total"].to_numpy() == pytest.approx(exports.sum(axis=1).to_numpy())
    facts = parts["regions"].facts
    assert facts["diagnostics"]["state"] == "ok"
    assert facts["conventions"] | CONVENTIONS.as_text() == facts["conventions"]
    assert facts["conventions"]["digits"] == "4"
    assert facts["conventions"]["growth_years"] == "5"
    assert facts["conventions"]["left_out"] == "98, 99"
    assert facts["notes"] == ["population_unknown", "few_exporters"]
    # Exporters too small for the core have a score all the same: the mean complexity of what they export.
    found = portfolio(exports, CONVENTIONS)
    assert regions.set_index("region")["eci"].to_dict() == pytest.approx(found.eci.to_dict(), nan_ok=True)
    assert set(regions.loc[regions["dropped"] == "size", "region"]) == set(exports.index[exports.sum(axis=1) < 1e9])
    quotient = location_quotients(exports)
    assert hungary["lq"].to_numpy() == pytest.approx(quotient.loc["HU"].to_numpy())
    assert list(hungary["present"]) == list(quotient.loc["HU"] >= 1)
    assert hungary["share"].sum() == pytest.approx(1)
    held = set(hungary.loc[hungary["present"].astype(bool), "industry"])
    for row in hungary.itertuples():
        assert set(row.related) <= held - {row.industry}
        assert "HU" not in row.holders
        option = not row.present and row.density == row.density and row.pci == row.pci
        assert (row.quadrant in ("high_road", "slow_road", "casino", "dead_end")) == option
    start = before.frame(DIGITS).loc["HU"].reindex(exports.columns)
    expected = ((exports.loc["HU"] / start.where(start > 0)) ** (1 / 5) - 1).to_numpy()
    assert hungary["growth"].to_numpy() == pytest.approx(expected, nan_ok=True)
    assert pd.Series(hungary["growth"]).notna().any()


def test_a_changed_table_is_computed_again_and_a_table_that_is_gone_takes_its_results_along(
    sqlite: Engine, tmp_path: Path
) -> None:
    load_trade(sqlite, world(tmp_path, 2022, 2))
    with sqlite.connect() as connection:
        (first,) = jobs(connection)
    load_trade(sqlite, world(tmp_path, 2022, 3))
    with sqlite.connect() as connection:
        (second,) = jobs(connection)
    assert (first.subject, first.method) == (second.subject, second.method)
    assert first.inputs != second.inputs
    load_trade(sqlite, world(tmp_path, 2020, 3))
    with sqlite.connect() as connection:
        third = {job.subject: job.inputs for job in jobs(connection)}
    # Growth is measured from the earlier table now.
    assert third["trade:BACI_HS92:2022"] != second.inputs

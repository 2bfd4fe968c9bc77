"""SDMX-CSV: the quirks of the real files, and rows that cannot be taken."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from formats import Row, csv1, csv1_labels, csv2, csv2_labels, long, read_all, zipped

from etl.sources import blocks
from etl.sources.base import MEASURES, Extract, SourceError
from etl.sources.eurostat_csv import dataset_code, last_update, read_eurostat_csv

Raw = Callable[[str], Path]
ROW = Row(("A", "PC"), "AT11", "2013", "69.9", "", "")


def write(tmp_path: Path, text: str | bytes, name: str = "figures.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def sheet(*lines: str) -> str:
    return "\n".join(["DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG", *lines]) + "\n"


def line(geo: str, value: str, flags: str = "") -> str:
    return f"ESTAT:X(1.0),28/08/26 23:00:00,A,{geo},2020,{value},{flags}"


def values(extract: Extract) -> list[tuple[int, str, float | None]]:
    return [(row["line"], row["geo"], row["value"]) for row in read_all(extract).to_pylist()]


def test_columns_and_identity_of_a_real_file(raw: Raw) -> None:
    path = raw("nama_10r_2gdp.sdmx.csv")
    extract = read_eurostat_csv(path)
    assert (extract.source, extract.dataset, extract.dims) == ("eurostat", "NAMA_10R_2GDP", ("freq", "unit"))
    assert extract.title == "Gross domestic product (GDP) at current market prices by NUTS 2 region"
    chunks = list(extract.chunks)
    assert chunks[0].column_names == ["freq", "unit", *MEASURES]
    assert sum(chunk.num_rows for chunk in chunks) == 4625
    assert extract.consumed == extract.size_hint == path.stat().st_size
    assert extract.problems == []


def test_glued_flags_keep_every_letter(raw: Raw) -> None:
    flags = Counter(read_all(read_eurostat_csv(raw("tgs00007_employment_rate.sdmx.csv")))["flags"].to_pylist())
    del flags[""]
    assert flags == {"b": 436, "d": 132, "bd": 44, "u": 12, "du": 3, "bu": 1, "bdu": 1}


def test_missing_is_null_and_never_zero(raw: Raw) -> None:
    path = raw("tgs00042_gerd_rd_expenditure.sdmx.csv")
    rows = read_all(read_eurostat_csv(path)).to_pylist()
    with path.open(encoding="utf-8", newline="") as stream:
        published = [row["OBS_VALUE"] for row in csv.DictReader(stream)]
    assert [row["value"] for row in rows] == [None if text == "" else float(text) for text in published]
    missing = [row for row in rows if row["value"] is None]
    assert {(row["flags"], row["conf"]) for row in missing} == {("", "C")}
    assert Counter(row["geo"][:2] for row in missing) == {"NL": 132, "BE": 41, "ES": 10, "IT": 5, "SE": 4, "DE": 2}


def test_an_empty_value_keeps_its_flags(tmp_path: Path) -> None:
    extract = read_eurostat_csv(write(tmp_path, sheet(line("DE50", "", "bu"), line("DE60", ":", "u"), line("AT", "0"))))
    rows = read_all(extract).to_pylist()
    assert [(row["value"], row["flags"]) for row in rows] == [(None, "bu"), (None, "u"), (0.0, "")]


def test_old_and_new_codes_stand_in_one_table(raw: Raw) -> None:
    years: dict[str, set[str]] = {}
    for row in read_all(read_eurostat_csv(raw("tgs00042_gerd_rd_expenditure.sdmx.csv"))).to_pylist():
        years.setdefault(row["geo"], set()).add(row["time"])
    assert max(years["HU10"]) == "2016"
    assert min(years["HU11"]) == "2017"
    assert max(years["HR04"]) == "2019"
    assert min(years["HR02"]) == min(years["HR05"]) == min(years["HR06"]) == "2020"
    assert years["SI01"] == {"2013"}


def test_greece_is_el_and_pseudo_regions_are_delivered(raw: Raw) -> None:
    geos = set(read_all(read_eurostat_csv(raw("nama_10r_2gdp.sdmx.csv")))["geo"].to_pylist())
    assert "EL30" in geos
    assert not [geo for geo in geos if geo.startswith(("GR", "GB"))]
    assert {"HUZZ", "ROZZ", "ATZZ"} <= geos


def test_regions_with_the_extra_one_add_up_to_their_country(raw: Raw) -> None:
    rows = read_all(read_eurostat_csv(raw("nama_10r_2gdp.sdmx.csv"))).to_pylist()
    amounts = {row["geo"]: row["value"] for row in rows if row["time"] == "2022" and row["unit"] == "MIO_EUR"}
    for country in ("BG", "EL", "HR", "HU", "RO", "AT"):
        parts = [value for geo, value in amounts.items() if len(geo) == 4 and geo.startswith(country)]
        assert sum(parts) == pytest.approx(amounts[country], abs=0.1), country


def test_biennial_series_keep_their_gaps(raw: Raw) -> None:
    rows = read_all(read_eurostat_csv(raw("tgs00042_gerd_rd_expenditure.sdmx.csv"))).to_pylist()
    for geo in ("AT11", "EL30"):
        years = sorted(int(row["time"]) for row in rows if row["geo"] == geo and int(row["time"]) <= 2017)
        assert years == [2013, 2015, 2017], geo


def test_an_unflagged_jump_is_left_alone(raw: Raw) -> None:
    rows = read_all(read_eurostat_csv(raw("tgs00042_gerd_rd_expenditure.sdmx.csv"))).to_pylist()
    found = {row["time"]: (row["value"], row["flags"]) for row in rows if row["geo"] == "BG31"}
    assert (found["2014"], found["2015"]) == ((0.20, ""), (0.55, ""))


def test_labels_beyond_ascii_and_with_commas_do_no_harm(raw: Raw) -> None:
    path = raw("nama_10r_2gvagr_gva.sdmx.csv")
    text = path.read_text(encoding="utf-8")
    assert "Niederösterreich" in text
    assert '"Value added, gross"' in text
    extract = read_eurostat_csv(path)
    assert read_all(extract).num_rows == len(text.splitlines()) - 1
    assert extract.problems == []


@pytest.mark.parametrize("writer", [csv1, csv1_labels, csv2, csv2_labels])
@pytest.mark.parametrize("pack", [bytes, zipped])
def test_every_variant_reads_the_same(tmp_path: Path, writer: Callable, pack: Callable) -> None:
    rows = [ROW, Row(("A", "PC"), "AT12", "2013", "", "bdu", ""), Row(("A", "PC"), "NL11", "2013", "", "", "C")]
    path = write(tmp_path, pack(writer("TGS00007", ("freq", "unit"), rows)))
    extract = read_eurostat_csv(path)
    assert extract.dataset == "TGS00007"
    assert long(extract) == [
        (("A", "PC"), "AT11", "2013", 69.9, "", ""),
        (("A", "PC"), "AT12", "2013", None, "bdu", ""),
        (("A", "PC"), "NL11", "2013", None, "", "C"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "STRUCTURE,STRUCTURE_ID,geo,TIME_PERIOD,OBS_VALUE\ndataflow,ESTAT:X(1.0),AT,2020,1",
        "\ufeffSTRUCTURE;STRUCTURE_ID;geo;TIME_PERIOD;OBS_VALUE\r\ndataflow;ESTAT:X(1.0);AT;2020;1\r\n",
    ],
)
def test_no_final_line_feed_a_byte_order_mark_and_semicolons(tmp_path: Path, text: str) -> None:
    extract = read_eurostat_csv(write(tmp_path, text))
    assert extract.dims == ()
    assert long(extract) == [((), "AT", "2020", 1.0, "", "")]


def test_text_for_a_number_is_reported_and_good_rows_stay(tmp_path: Path) -> None:
    text = sheet(
        line("AT", "1.5"),
        line("BG", "n/a"),
        line("EL", ":"),
        line("HR", '"12,3"'),
        line("HU", "inf"),
        line("RO", "NaN"),
        line("SI", "1e3"),
    )
    extract = read_eurostat_csv(write(tmp_path, text))
    assert values(extract) == [(2, "AT", 1.5), (4, "EL", None), (7, "RO", None), (8, "SI", 1000.0)]
    assert [(p.reason, p.line, p.value) for p in extract.problems] == [
        ("not-a-number", 3, "n/a"),
        ("not-a-number", 5, "12,3"),
        ("not-a-number", 6, "inf"),
    ]


def test_rows_of_the_wrong_width_and_blank_lines_keep_lines_true(tmp_path: Path) -> None:
    text = sheet(
        line("AT", "1"),
        "",
        "ESTAT:X(1.0),too,short",
        line("BG", "2"),
        line("EL", "3") + ",more",
        'ESTAT:X(1.0),x,A,HR,2020,5,"open',
        line("HU", "four"),
        line("RO", "5"),
    )
    extract = read_eurostat_csv(write(tmp_path, text))
    assert values(extract) == [(2, "AT", 1.0), (5, "BG", 2.0), (9, "RO", 5.0)]
    assert [(p.reason, p.line) for p in extract.problems] == [
        ("wrong-columns", 4),
        ("wrong-columns", 6),
        ("wrong-columns", 7),
        ("not-a-number", 8),
    ]


def test_lines_stay_true_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks.read_blocks, "__defaults__", (500,))
    text = sheet(*(line(f"R{n:03}", "bad" if n % 50 == 7 else "" if n % 50 == 9 else str(n)) for n in range(400)))
    extract = read_eurostat_csv(write(tmp_path, text))
    seen = []
    behind = []
    for chunk in extract.chunks:
        seen += chunk.select(["line", "geo", "value"]).to_pylist()
        behind.append(extract.consumed)
    assert len(behind) > 20
    assert behind == sorted(behind)
    assert all(row["geo"] == f"R{row['line'] - 2:03}" for row in seen)
    assert [p.line for p in extract.problems] == [n + 2 for n in range(400) if n % 50 == 7]
    assert len(seen) == 392


def test_a_second_dataset_in_the_file_is_not_read_as_the_first(tmp_path: Path) -> None:
    text = sheet(line("AT", "1")) + sheet(line("BG", "2").replace("ESTAT:X", "ESTAT:Y"), line("EL", "3"))
    extract = read_eurostat_csv(write(tmp_path, text))
    assert values(extract) == [(2, "AT", 1.0), (5, "EL", 3.0)]
    assert {("other-dataset", 3), ("other-dataset", 4)} <= {(p.reason, p.line) for p in extract.problems}


def test_flags_are_sorted_and_each_letter_is_kept_once(tmp_path: Path) -> None:
    extract = read_eurostat_csv(
        write(tmp_path, sheet(line("AT", "1", "ub"), line("BG", "1", "b d"), line("EL", "1", "pp")))
    )
    assert read_all(extract)["flags"].to_pylist() == ["bu", "bd", "p"]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("DATAFLOW,LAST UPDATE,freq,TIME_PERIOD,OBS_VALUE", "geo"),
        ("DATAFLOW,LAST UPDATE,geo,OBS_VALUE", "TIME_PERIOD"),
        ("STRUCTURE,STRUCTURE_ID,geo,TIME_PERIOD", "OBS_VALUE"),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, header: str, column: str) -> None:
    with pytest.raises(SourceError, match=column) as caught:
        read_eurostat_csv(write(tmp_path, header + "\na,b,c,d,e\n"))
    assert (caught.value.problem.reason, caught.value.problem.column) == ("missing-column", column)


def test_instructions_to_delete_are_refused(tmp_path: Path) -> None:
    text = "STRUCTURE,STRUCTURE_ID,ACTION,geo,TIME_PERIOD,OBS_VALUE\ndataflow,ESTAT:X(1.0),D,AT,2020,1\n"
    with pytest.raises(SourceError) as caught:
        read_eurostat_csv(write(tmp_path, text))
    assert caught.value.problem.reason == "unsupported-action"


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    text = sheet(line("AT", "1"), line("Kärnten", "2"))
    extract = read_eurostat_csv(write(tmp_path, text.encode("latin-1")))
    with pytest.raises(SourceError, match="Line 3 is not in UTF-8"):
        read_all(extract)


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("ESTAT:TGS00042(1.0)", "TGS00042"),
        ("ESTAT:NAMA_10R_2GDP$DEFAULTVIEW(1.0)", "NAMA_10R_2GDP"),
        ("ESTAT:DS-045409(1.0)", "DS-045409"),
        ("tgs00042", "TGS00042"),
        ("", ""),
    ],
)
def test_dataset_codes(identity: str, code: str) -> None:
    assert dataset_code(identity) == code


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("28/08/26 23:00:00", "2026-08-28T21:00"),
        ("15/01/26 11:00:00", "2026-01-15T10:00"),
        ("15/09/26", "2026-09-14T22:00"),
    ],
)
def test_last_update_is_luxembourg_time(text: str, utc: str) -> None:
    assert last_update(text) == datetime.fromisoformat(utc)
    assert last_update("soon") is None


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small, large = (
        write(tmp_path, sheet(*[line("AT11", "1.25", "b")] * rows), f"{rows}.csv") for rows in (150_000, 600_000)
    )

    def peak(path: Path) -> int:
        highest = 0
        for chunk in read_eurostat_csv(path).chunks:
            highest = max(highest, pa.total_allocated_bytes())
            del chunk
        return highest

    assert large.stat().st_size > 4 * blocks.BLOCK_BYTES
    assert peak(large) < 1.2 * peak(small)

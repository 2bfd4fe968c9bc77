"""Bulk TSV, old and new."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from formats import Row, long, read_all, tsv, zipped

from etl.sources import eurostat_tsv
from etl.sources.base import MEASURES, SourceError
from etl.sources.eurostat_tsv import dataset_of_file, read_eurostat_tsv

Raw = Callable[[str], Path]


def write(tmp_path: Path, text: str | bytes, name: str = "estat_x.tsv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_real_old_file_cell_by_cell(raw: Raw) -> None:
    path = raw("lfst_r_lfe2en2.2017.tsv")
    extract = read_eurostat_tsv(path)
    assert (extract.dataset, extract.dims) == ("LFST_R_LFE2EN2", ("unit", "nace_r2", "age"))
    table = read_all(extract)
    assert table.column_names == ["unit", "nace_r2", "age", *MEASURES]
    assert extract.problems == []
    assert extract.consumed == path.stat().st_size

    lines = path.read_text(encoding="utf-8").splitlines()
    periods = [period.strip() for period in lines[0].split("\t")[1:]]
    assert periods == sorted(periods, reverse=True)
    found = {(row["line"], row["time"]): row for row in table.to_pylist()}
    assert len(found) == (len(lines) - 1) * len(periods)
    for number in range(2, len(lines) + 1, 97):
        key, *cells = lines[number - 1].split("\t")
        for period, cell in zip(periods, cells, strict=True):
            row = found[number, period]
            number_text, _, flags = cell.strip().partition(" ")
            assert ",".join([row["unit"], row["nace_r2"], row["age"], row["geo"]]) == key
            assert row["value"] == (None if number_text == ":" else float(number_text))
            assert row["flags"] == flags


def test_missing_cells_of_a_real_file_keep_their_flags(raw: Raw) -> None:
    rows = read_all(read_eurostat_tsv(raw("lfst_r_lfe2en2.2017.tsv"))).to_pylist()
    missing = Counter((row["flags"], row["conf"]) for row in rows if row["value"] is None)
    assert missing == {
        ("", ""): 19689,
        ("b", ""): 7,
        ("bc", "C"): 1837,
        ("bu", ""): 7193,
        ("c", "C"): 7496,
        ("u", ""): 27063,
    }


def test_a_real_file_of_amounts(raw: Raw) -> None:
    extract = read_eurostat_tsv(raw("nama_10r_2gdp.2017.tsv"))
    rows = {(row["unit"], row["geo"], row["time"]): row["value"] for row in read_all(extract).to_pylist()}
    assert extract.dataset == "NAMA_10R_2GDP"
    assert rows["EUR_HAB", "AT", "2014"] == 38500.0
    assert rows["EUR_HAB", "AT1", "2000"] == 28500.0


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("pack", [bytes, zipped])
def test_old_and_new_read_the_same(tmp_path: Path, old: bool, pack: Callable) -> None:
    rows = [
        Row(("A", "PC"), "AT11", "2013", "69.9", "bu"),
        Row(("A", "PC"), "AT11", "2014", "", "bu"),
        Row(("A", "PC"), "NL11", "2013", "", "", "C"),
        Row(("A", "PC"), "NL11", "2014", "-1.5e3"),
    ]
    path = write(tmp_path, pack(tsv(("freq", "unit"), rows, old=old)))
    assert long(read_eurostat_tsv(path)) == [
        (("A", "PC"), "AT11", "2013", 69.9, "bu", ""),
        (("A", "PC"), "AT11", "2014", None, "bu", ""),
        (("A", "PC"), "NL11", "2013", None, "", "C"),
        (("A", "PC"), "NL11", "2014", -1500.0, "", ""),
    ]


def test_bad_cells_keys_and_rows_are_reported_with_line_and_period(tmp_path: Path) -> None:
    text = (
        "freq,unit,geo\\TIME_PERIOD\t2019 \t2020 \n"
        "A,PC,AT\t1 \t2 b\n"
        "A,PC,BG\tx y z!\t3\n"
        "\n"
        "A,EL\t4\t5\n"
        "A,PC,HR\t6\n"
        "A,PC,HU\t7-1\t: u \n"
    )
    extract = read_eurostat_tsv(write(tmp_path, text))
    rows = [(row["line"], row["geo"], row["time"], row["value"], row["flags"]) for row in read_all(extract).to_pylist()]
    assert sorted(rows, key=str) == [
        (2, "AT", "2019", 1.0, ""),
        (2, "AT", "2020", 2.0, "b"),
        (3, "BG", "2020", 3.0, ""),
        (7, "HU", "2020", None, "u"),
    ]
    found = sorted((p.line, p.reason, p.column, p.value) for p in extract.problems)
    assert found == [
        (3, "not-a-number", "2019", "x y z!"),
        (5, "wrong-columns", "freq,unit,geo", "A,EL"),
        (6, "wrong-columns", "", "A,PC,HR\t6"),
        (7, "not-a-number", "2019", "7-1"),
    ]


def test_lines_stay_true_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eurostat_tsv, "BLOCK_BYTES", 200)
    text = "unit,geo\\time\t2020 \t2019 \n" + "".join(f"PC,R{n:03}\t{n} \t{n}.5 b\n" for n in range(300))
    chunks = list(read_eurostat_tsv(write(tmp_path, text)).chunks)
    assert len(chunks) > 10
    rows = [row for chunk in chunks for row in chunk.to_pylist()]
    assert len(rows) == 600
    assert all(row["geo"] == f"R{row['line'] - 2:03}" and int(row["value"]) == row["line"] - 2 for row in rows)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nama_10r_2gdp.2017.tsv", "NAMA_10R_2GDP"),
        ("estat_tgs00042.tsv.gz", "TGS00042"),
        ("ilc_li41.tsv", "ILC_LI41"),
        ("lfst_r_lfe2en2.TSV.GZ", "LFST_R_LFE2EN2"),
        ("rd_e_gerdreg_tabular.tsv", "RD_E_GERDREG_TABULAR"),
    ],
)
def test_the_dataset_is_in_the_file_name(name: str, code: str) -> None:
    assert dataset_of_file(name) == code


def test_no_geo_and_no_rows(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_eurostat_tsv(write(tmp_path, "freq,partner\\TIME_PERIOD\t2020\nA,AT\t1\n"))
    assert caught.value.problem.reason == "missing-column"
    with pytest.raises(SourceError) as caught:
        read_eurostat_tsv(write(tmp_path, "freq,geo\\TIME_PERIOD\t2020\n"))
    assert caught.value.problem.reason == "no-rows"

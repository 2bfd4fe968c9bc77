"""Our own tidy CSV."""

from pathlib import Path

import pytest
from formats import read_all, zipped

from etl.sources.base import MEASURES, SourceError
from etl.sources.detect import open_extract
from etl.sources.starter import read_starter


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "observations.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_name_our_indicators(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "indicator,region,period,value,flags,dataset\n"
        "gdp_head,HU31,2022,49,p,NAMA_10R_2GDP\n"
        "gerd,HU31,2022,,ub,TGS00042\n"
        "gerd,HU11,2022,lots,,TGS00042\n"
        "gerd,HU12,2022,0,,TGS00042\n",
    )
    extract = read_starter(path)
    assert (extract.dataset, extract.dims) == ("INDICATOR", ("indicator",))
    table = read_all(extract)
    assert table.column_names == ["indicator", *MEASURES]
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("gdp_head", 2, "HU31", "2022", 49.0, "p", ""),
        ("gerd", 3, "HU31", "2022", None, "bu", ""),
        ("gerd", 5, "HU12", "2022", 0.0, "", ""),
    ]
    assert [(p.reason, p.line, p.value) for p in extract.problems] == [("not-a-number", 4, "lots")]
    assert extract.consumed == path.stat().st_size


def test_flags_may_be_left_out_and_other_columns_are_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, 'indicator,period,region,value,remark\ngerd,2022,HU31,1.5,"a, b"\n')
    assert [tuple(row.values()) for row in read_all(open_extract(path)).to_pylist()] == [
        ("gerd", 2, "HU31", "2022", 1.5, "", "")
    ]


def test_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "observations.csv.gz"
    path.write_bytes(zipped(b"indicator,region,period,value\ngerd,HU31,2022,1\n"))
    assert read_all(open_extract(path)).num_rows == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("indicator,region,value\na,b,1\n", "missing-column"),
        ("indicator,region,period,value,flags,dataset\n", "no-rows"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_starter(write(tmp_path, text))
    assert caught.value.problem.reason == reason

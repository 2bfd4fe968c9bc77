"""Scenario tables of the IAMC: read, written, checked, mapped."""

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config import ROOT
from etl.sources import blocks, iamc
from etl.sources.base import SourceError
from etl.sources.iamc import (
    KEYS,
    SCHEMA,
    IamcExtract,
    check_sums,
    is_iamc,
    is_iamc_workbook,
    load_mapping,
    read_iamc,
)
from etl.sources.iamc_write import write_iamc

FIGURES = ROOT.parent / "shared" / "figures"
MAPPING = ROOT / "data" / "catalogue" / "iamc.yaml"
WIDE = "Model,Scenario,Region,Variable,Unit,2020,2030\n"
LONG = "Model,Scenario,Region,Variable,Unit,Year,Value\n"


def figures(*parts: str) -> Path:
    """A published file; without it the test did not run, which is a failure under CI."""
    path = FIGURES.joinpath(*parts)
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"the file {path} is missing")
        pytest.skip(f"the file {path} is missing")
    return path


def write(folder: Path, text: str | bytes, name: str = "made.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def sheet(folder: Path, rows: list[list[object]], title: str = "data") -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(folder / "made.xlsx")
    return folder / "made.xlsx"


def take(path: Path) -> tuple[IamcExtract, pd.DataFrame]:
    extract = read_iamc(path)
    table = pa.concat_tables([SCHEMA.empty_table(), *extract.chunks], promote_options="default")
    return extract, table.unify_dictionaries().to_pandas()


def said(extract: IamcExtract) -> list[tuple[str, int | None, str]]:
    return [(problem.reason, problem.line, problem.column) for problem in extract.problems]


def test_published_small_table() -> None:
    extract, frame = take(figures("reference", "iamc_small.csv"))
    assert extract.problems == []
    assert extract.layout == "wide"
    assert frame["value"].tolist() == [1, 6, 0.5, 3, 2, 7]
    assert frame["year"].tolist() == [2005, 2010] * 3
    assert frame["line"].tolist() == [2, 2, 3, 3, 4, 4]
    # Coal is all the breakdown there is, and half of its parent.
    wrong = check_sums(pa.Table.from_pandas(frame))
    assert wrong[["scenario", "variable", "year", "difference"]].values.tolist() == [
        ["scen_a", "Primary Energy", 2005, 0.5],
        ["scen_a", "Primary Energy", 2010, 3.0],
    ]


def test_published_pathways_agree_with_pandas_and_belong_to_indicators(tmp_path: Path) -> None:
    path = figures("starter", "ssp_pathways_iamc.csv")
    extract, frame = take(path)
    assert extract.problems == []
    assert len(frame) == 160 * 17
    theirs = pd.read_csv(path).melt(["Model", "Scenario", "Region", "Variable", "Unit"], var_name="Year")
    theirs.columns = [*KEYS, "year", "value"]
    theirs["year"] = theirs["year"].astype(int)
    order = [*KEYS, "year"]
    ours = frame[[*order, "value"]].astype(dict.fromkeys(KEYS, str)).sort_values(order)
    assert ours["value"].tolist() == theirs.sort_values(order)["value"].tolist()
    mapping = load_mapping(MAPPING)
    assert all(mapping.region(region) == region for region in frame["region"].unique())
    pairs = frame[["variable", "unit"]].drop_duplicates().itertuples(index=False)
    assert all(mapping.indicators(*pair) for pair in pairs)


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_comments_mixed_case_byte_order_mark_and_semicolons(tmp_path: Path, ending: str) -> None:
    text = '\ufeff# made by hand\r\n"# a, b";;;\r\n\r\nMODEL; scenario ;Region;vArIaBlE;unit;X2030;2020.0;\r\n'
    text += "m;s;HU; A|B ;EUR;3;1;\r\n"
    data = text.encode()
    assert is_iamc(data)
    extract, frame = take(write(tmp_path, gzip.compress(data) if ending.endswith("gz") else data, f"made.{ending}"))
    assert extract.problems == []
    assert frame[["variable", "year", "value", "line"]].values.tolist() == [["A|B", 2030, 3, 5], ["A|B", 2020, 1, 5]]


def test_empty_cell_is_missing_and_zero_is_zero(tmp_path: Path) -> None:
    extract, frame = take(write(tmp_path, WIDE + "m,s,HU,A,t,,0\nm,s,HU,B,t,0.0,\n"))
    assert frame[["variable", "year", "value"]].values.tolist() == [["A", 2030, 0], ["B", 2020, 0]]
    assert (extract.empty, extract.problems) == (2, [])


def test_bad_rows_are_named_and_good_ones_given(tmp_path: Path) -> None:
    text = (
        "# note\n" + WIDE + "m,s,HU,A,t,1,2\nm,s,HU,B,,1,2\nm,,HU,C,t,1,2\nm,s,HU,D,t,1,n/a\nm,s,HU,A,t,5,\n"
        "m,s,HU,E,t,1\nm,s,HU,F,t,inf,4\n\nm,s,HU,G,t,7,8\n"
    )
    extract, frame = take(write(tmp_path, text))
    assert sorted(said(extract), key=str) == sorted(
        [
            ("missing-unit", 4, "Unit"),
            ("missing-key", 5, "Scenario"),
            ("not-a-number", 6, "2030"),
            ("duplicate-key", 7, ""),
            ("wrong-columns", 8, ""),
            ("not-a-number", 9, "2020"),
        ],
        key=str,
    )
    assert all(problem.remedy for problem in extract.problems)
    assert frame[["variable", "value"]].values.tolist() == [
        *[["A", 1], ["A", 2], ["D", 1], ["F", 4]],
        *[["G", 7], ["G", 8]],
    ]


def test_long_layout_with_years_as_text(tmp_path: Path) -> None:
    rows = 'm,s,HU,A,t,"2020",1\nm,s,HU,A,t,2030.0,2\nm,s,HU,A,t,soon,3\nm,s,HU,A,t,2020,4\nm,s,HU,A,t,2040,\n'
    extract, frame = take(write(tmp_path, LONG + rows))
    assert extract.layout == "long"
    assert frame[["year", "value"]].values.tolist() == [[2020, 1], [2030, 2]]
    assert said(extract) == [("not-a-year", 4, "Year"), ("duplicate-key", 5, "")]
    assert extract.empty == 1


def test_series_in_two_rows_with_other_years_is_no_duplicate(tmp_path: Path) -> None:
    extract, frame = take(write(tmp_path, WIDE + "m,s,HU,A,t,1,\nm,s,HU,A,t,,2\n"))
    assert extract.problems == []
    assert frame["value"].tolist() == [1, 2]


def test_unknown_columns_are_named_once_and_not_read(tmp_path: Path) -> None:
    text = "Model,Note,Scenario,Region,Variable,Unit,2020,\nm,x,s,HU,A,t,1,\n"
    extract, frame = take(write(tmp_path, text))
    assert said(extract) == [("unknown-column", 1, "Note")]
    assert frame["value"].tolist() == [1]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Model,Scenario,Region,Variable,2020", "missing-column"),
        ("Model,Scenario,Region,Variable,Unit", "missing-column"),
        ("Model,Scenario,Region,Variable,Unit,Year", "missing-column"),
        ("Model,Scenario,Region,Variable,Unit,2020,2020.0", "duplicate-column"),
        ("Model,model,Scenario,Region,Variable,Unit,2020", "duplicate-column"),
        ("Model,Scenario,Region,Variable,Unit,Year,Value,2020", "mixed-layout"),
        ("# nothing else", "unknown-format"),
        ("", "empty-file"),
    ],
)
def test_headers_that_cannot_be_read(tmp_path: Path, header: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_iamc(write(tmp_path, header))
    assert caught.value.problem.reason == reason


def test_duplicates_and_lines_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks.read_blocks, "__defaults__", (64,))
    body = "".join(f"m,s,HU,V{number % 20},t,{number},\n" for number in range(30))
    extract, frame = take(write(tmp_path, "# a\n# b\n" + WIDE + body))
    assert frame["value"].tolist() == list(range(20))
    assert frame["line"].tolist() == list(range(4, 24))
    assert said(extract) == [("duplicate-key", line, "") for line in range(24, 34)]


def test_duplicates_among_many_names(tmp_path: Path) -> None:
    body = "".join(f"m,s,HU,V{number},u{number},{number},\n" for number in range(50))
    extract, frame = take(write(tmp_path, WIDE + body + body))
    assert frame["value"].tolist() == list(range(50))
    assert said(extract) == [("duplicate-key", line, "") for line in range(52, 102)]


def test_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["# a comment"],
        ["model", "Scenario", "REGION", "Variable", "Unit", 2020, "2030"],
        ["m", "s", "HU", "A", "t", 0.25, None],
        [],
        ["m", "s", "HU", "B", None, 1, 2],
        ["m", "s", "HU", "C", "t", "=1+1", 0],
    ]
    path = sheet(tmp_path, rows, "Data")
    assert is_iamc_workbook(path)
    extract, frame = take(path)
    assert frame[["variable", "year", "value", "line"]].values.tolist() == [
        ["A", 2020, 0.25, 3],
        ["C", 2030, 0, 6],
    ]
    assert said(extract) == [("missing-unit", 5, "Unit"), ("not-a-number", 6, "2020")]


def test_workbook_without_the_sheet(tmp_path: Path) -> None:
    path = sheet(tmp_path, [["Model"]], "Sheet1")
    assert not is_iamc_workbook(path)
    with pytest.raises(SourceError) as caught:
        read_iamc(path)
    assert caught.value.problem.reason == "no-sheet"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"# only a comment\n",
        b"DATAFLOW,LAST UPDATE,freq,model,scenario,region,variable,2020\n",
        b"STRUCTURE,STRUCTURE_ID,model,scenario,region,variable,year,value\n",
        b"indicator,region,period,value,flags,dataset\n",
        b"freq,unit,geo\\TIME_PERIOD\t2020\t2021\n",
        b'{"version":"2.0","class":"dataset"}',
        b"Model,Scenario,Region,Variable,Unit,Note\n",
        b"title\nModel,Scenario,Region,Variable,Unit,2020\n",
        b"region,variable,unit,2020\n",
    ],
)
def test_other_formats_are_not_taken_for_scenarios(head: bytes) -> None:
    assert not is_iamc(head)


def test_real_starter_files_are_told_apart() -> None:
    folder = figures("starter", "ssp_pathways_iamc.csv").parent
    found = {path.name for path in folder.glob("*.csv") if is_iamc(path.read_bytes()[: 1 << 16])}
    assert found == {"ssp_pathways_iamc.csv"}


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)
ROWS = st.dictionaries(
    st.tuples(NAMES, NAMES, NAMES, NAMES, NAMES, st.integers(1000, 2999)),
    st.floats(allow_nan=False, allow_infinity=False),
    max_size=8,
)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", ["wide", "long"])
@settings(max_examples=15)
@given(rows=ROWS)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, layout: str, ending: str, rows: dict) -> None:
    if layout == "wide" and not rows:
        return
    columns = list(zip(*rows, strict=True)) or [()] * 6
    table = pa.table(
        {
            **{name: pa.array(columns[place], pa.string()) for place, name in enumerate(KEYS)},
            "year": pa.array(columns[5], pa.int32()),
            "value": pa.array(rows.values(), pa.float64()),
        }
    )
    path = tmp_path_factory.mktemp("trip") / f"made.{ending}"
    write_iamc(table, path, layout=layout, comments=["made", "two\nlines"])  # type: ignore[arg-type]
    extract, frame = take(path)
    assert extract.problems == []
    assert {tuple(row[:6]): row[6] for row in frame[[*KEYS, "year", "value"]].itertuples(index=False)} == rows


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": [""]}, "unit"),
        ({"variable": ["a\nb"]}, "variable"),
        ({"region": [" HU"]}, "region"),
        ({"year": [20]}, "years"),
        ({"value": [np.inf]}, "infinite"),
    ],
)
def test_what_would_not_come_back_is_not_written(tmp_path: Path, change: dict, message: str) -> None:
    good = {**{name: ["x"] for name in KEYS}, "year": [2020], "value": [1.0]}
    with pytest.raises(ValueError, match=message):
        write_iamc(pa.table(good | change), tmp_path / "made.csv")
    twice = pa.concat_tables([pa.table(good)] * 2)
    with pytest.raises(ValueError, match="twice"):
        write_iamc(twice, tmp_path / "made.csv")
    assert not (tmp_path / "made.csv").exists()


def test_wide_file_has_ascending_years_and_empty_cells(tmp_path: Path) -> None:
    keys = {name: ["x", "x", "x"] for name in KEYS} | {"variable": ["B", "A", "A"]}
    table = pa.table(keys | {"year": [2030, 2030, 2020], "value": [1.5, None, 0.0]})
    write_iamc(table, tmp_path / "made.csv")
    with (tmp_path / "made.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["Model", "Scenario", "Region", "Variable", "Unit", "2020", "2030"],
            ["x", "x", "x", "B", "x", "", "1.5"],
            ["x", "x", "x", "A", "x", "0", ""],
        ]


def made(*rows: tuple[str, str, float]) -> pa.Table:
    columns = {name: ["x"] * len(rows) for name in KEYS}
    columns |= {"variable": [row[0] for row in rows], "unit": [row[1] for row in rows]}
    return pa.table(columns | {"year": [2020] * len(rows), "value": [row[2] for row in rows]})


def test_sums_of_direct_children() -> None:
    assert check_sums(made(("A", "t", 3), ("A|B", "t", 1), ("A|C", "t", 2), ("A|B|D", "t", 1))).empty
    wrong = check_sums(made(("A", "t", 4), ("A|B", "t", 1), ("A|C", "t", 2), ("A|B|D", "t", 9), ("A|B|E|F", "t", 7)))
    assert wrong[["variable", "value", "children_sum", "children"]].values.tolist() == [
        ["A", 4, 3, "A|B; A|C"],
        ["A|B", 1, 9, "A|B|D"],
    ]
    assert check_sums(made(("A", "t", 4), ("A|B", "kg", 1), ("A|C", "t", 2))).empty
    assert check_sums(made(("A", "t", 4), ("A|B", "t", 1)), intensive=["A"]).empty
    assert check_sums(made(("A", "t", 1000.9), ("A|B", "t", 1000))).empty
    assert check_sums(made(("A", "t", 1))).empty


def test_mapping_names_only_what_is_in_the_catalogue() -> None:
    mapping = load_mapping(MAPPING)
    indicators = {entry["code"] for entry in yaml.safe_load((MAPPING.parent / "indicators.yaml").read_text("utf-8"))}
    regions = set(pd.read_csv(MAPPING.parent / "regions.csv", keep_default_na=False)["code"])
    assert {entry.indicator for entry in mapping.variables} <= indicators
    assert set(mapping.regions) <= regions
    assert mapping.region("greece") == mapping.region(" GRC ") == mapping.region("EL") == "EL"
    assert mapping.region("Atlantis") is None
    (entry,) = mapping.indicators("Population", "million")
    assert (entry.indicator, entry.factor, entry.transform) == ("population", 1e6, "level")
    assert mapping.indicators("Population", "thousand") == ()


@pytest.mark.parametrize(
    "text",
    [
        "regions: {AT: [Austria], HU: [austria]}\nvariables: []",
        "regions: {}\nvariables: [{variable: A, unit: t, indicator: a, transform: guess, source: x}]",
        "regions: {}\nvariables: []\nwrong: 1",
        "regions: [",
    ],
)
def test_bad_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError) as caught:
        load_mapping(write(tmp_path, text, "iamc.yaml"))
    assert caught.value.problem.reason == "bad-mapping"


def test_too_many_names_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(iamc.BITS, "region", 1)
    with pytest.raises(SourceError) as caught:
        take(write(tmp_path, WIDE + "m,s,HU,A,t,1,\nm,s,AT,A,t,1,\n"))
    assert caught.value.problem.reason == "too-many-names"

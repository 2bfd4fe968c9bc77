"""Every published layout of one and the same input-output table is read back to that table."""

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from analysis.tables import IOTable
from etl.sources.base import SourceError
from etl.sources.io_base import Found, a64, country_of, edition_in, industries_of, year_in
from etl.sources.io_detect import table_reader
from etl.table_checks import check
from tests.etl.sources import io_layouts as layouts


def read(path: Path) -> list[Found]:
    reader = table_reader(path)
    assert reader is not None, path.read_bytes()[:200]
    found = []
    for item in reader(path, path.name, None):
        if isinstance(item, SourceError):
            raise item
        found.append(item)
    return found


def one(path: Path) -> IOTable:
    (found,) = read(path)
    return check(found, path.name).table


def same(got: IOTable, expected: IOTable, rtol: float = 1e-9) -> None:
    assert (got.kind, got.year, got.countries, got.uses) == (
        expected.kind,
        expected.year,
        expected.countries,
        expected.uses,
    )
    assert got.industries == expected.industries
    assert got.final_columns == expected.final_columns
    for name in ("flows", "final", "output", "value_added", "imports", "imported_inputs", "taxes", "jobs"):
        left, right = getattr(got, name), getattr(expected, name)
        assert (left is None) == (right is None), name
        if right is not None:
            np.testing.assert_allclose(left, right, rtol=rtol, atol=1e-6, err_msg=name)


LAYOUTS: dict[str, tuple[str, str, Callable[[Path, IOTable], Path]]] = {
    "icio": ("ICIO45", "ICIO2023_2019.csv", layouts.icio),
    "figaro by industries": ("NACE_A64", "matrix_eu-ic-io_ind-by-ind_23ed_2019.csv", layouts.figaro_matrix),
    "figaro by products": (
        "NACE_A64",
        "matrix_eu-ic-io_prod-by-prod_23ed_2019.csv",
        lambda path, table: layouts.figaro_matrix(path, table, products=True),
    ),
    "figaro flat": ("NACE_A64", "flatfile_eu-ic-io_ind-by-ind_23ed_2019.csv", layouts.figaro_flat),
    "figaro flat by products": (
        "NACE_A64",
        "flatfile_eu-ic-io_prod-by-prod_23ed_2019.csv",
        lambda path, table: layouts.figaro_flat(path, table, products=True),
    ),
    "wiod 2016 single header": ("WIOD16", "WIOT.csv", layouts.wiod_long),
    "wiod 2016 sheet": ("WIOD16", "WIOT2019_Nov16_ROW.csv", layouts.wiod_csv),
    "wiod 2016 workbook": ("WIOD16", "WIOT2019_Nov16_ROW.xlsx", layouts.wiod_xlsx),
    "wiod 2013 sheet": ("WIOD13", "wiot2019_row_apr12.csv", layouts.wiod_csv),
    "wiod 2013 workbook": ("WIOD13", "wiot2019_row_apr12.xlsx", layouts.wiod_xlsx),
}
DATASETS = {"icio": "ICIO", "figaro by industries": "FIGARO_IND", "figaro by products": "FIGARO_PROD"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_inter_country_layout_reads_back_to_its_table(layout: str, tmp_path: Path) -> None:
    classification, name, write = LAYOUTS[layout]
    table = layouts.made(classification)
    path = write(tmp_path / name, table)
    (found,) = read(path)
    assert found.table.classification == classification
    same(check(found, name).table, table)
    assert found.dataset == DATASETS.get(layout, found.dataset)
    assert found.table.unit == ("MIO_EUR" if "figaro" in layout else "MIO_USD")


def test_parts_of_a_country_are_added_up(tmp_path: Path) -> None:
    table = layouts.made("ICIO45", countries=("HU", "MX", "UK", "ROW"))
    path = layouts.icio_extended(tmp_path / "ICIO2021_2019.csv", table)
    (found,) = read(path)
    whole = check(found, path.name).table
    # Flows between the parts were shares of the country's, so the sum over both parts gives them back.
    same(whole, table, rtol=1e-5)
    assert found.warnings == ("Parts of MX were added up to the country.",)


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_a_packed_file_is_read(packed: str, tmp_path: Path) -> None:
    table = layouts.made("ICIO45")
    plain = layouts.icio(tmp_path / "ICIO2023_2019.csv", table)
    path = tmp_path / f"ICIO2023_2019.csv.{packed}"
    if packed == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(plain, plain.name)
    same(one(path), table)


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_delimiters_are_read(sign: str, tmp_path: Path) -> None:
    table = layouts.made("NACE_A64")
    path = layouts.figaro_matrix(tmp_path / "figaro_2019.csv", table)
    path.write_text(path.read_text().replace(",", sign))
    same(one(path), table)


@pytest.mark.parametrize("uses", ["domestic", "total"])
@pytest.mark.parametrize("corner", ["prod_na", "t_rows2"])
def test_a_wide_national_table(uses: str, corner: str, tmp_path: Path) -> None:
    table = layouts.national(uses=uses)
    path = layouts.wide(tmp_path / "io_table_HU_2018.csv", table, corner=corner)
    got = one(path)
    same(got, table)
    assert got.unit == {"prod_na": "MIO_NAC", "t_rows2": "THS_NAC"}[corner]


def test_a_wide_table_may_say_what_it_is(tmp_path: Path) -> None:
    facts = ("# country: RS", "# year: 2018", "# unit: MIO_RSD", "# dataset: NAIO_10_CP1750", "# jobs_year: 2017")
    table = layouts.national("RS")
    path = layouts.wide(tmp_path / "ours.csv", table, facts)
    jobs = ",".join(["EMP", *(str(number) for number in range(1, 10)), *[""] * 11])
    path.write_text(path.read_text() + jobs + "\n")
    (found,) = read(path)
    same(check(found, path.name).table, replace(table, jobs=np.arange(1.0, 10.0)))
    assert (found.table.unit, found.dataset, found.table.jobs_year) == ("MIO_RSD", "NAIO_10_CP1750", 2017)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("dims", [("prd_use", "prd_ava"), ("ind_use", "ind_ava"), ("induse", "prod_na")])
def test_sdmx_csv_of_eurostat(version: int, labels: bool, dims: tuple[str, str], tmp_path: Path) -> None:
    table = layouts.national()
    path = layouts.sdmx(tmp_path / "any.csv", layouts.sdmx_cells(table, "DOM"), dims, version, labels)
    (found,) = read(path)
    same(check(found, path.name).table, table)
    assert found.dataset == "NAIO_10_CP1700"
    if version == 1:
        # 23:00 in Luxembourg in summer.
        assert found.vintage == datetime(2026, 8, 28, 21, tzinfo=UTC).replace(tzinfo=None)


def test_several_countries_and_flows_in_one_file(tmp_path: Path) -> None:
    hungary, serbia = layouts.national("HU"), layouts.national("RS", "total", seed=5)
    cells = layouts.sdmx_cells(hungary, "DOM") + layouts.sdmx_cells(layouts.national("HU", "total"), "TOTAL")
    cells += layouts.sdmx_cells(serbia, "TOTAL")
    cells += [(flow, use, row, "EU27_2020", value) for flow, use, row, country, value in cells if country == "RS"]
    path = layouts.sdmx(tmp_path / "naio.csv", cells)
    first, second = (check(found, path.name).table for found in read(path))
    same(first, hungary)
    same(second, serbia)


def test_domestic_flows_are_total_less_imports(tmp_path: Path) -> None:
    domestic, total = layouts.national(), layouts.national(uses="total")
    bought = replace(
        domestic, flows=total.flows - domestic.flows, final=total.final - domestic.final, imported_inputs=None
    )
    imports = [cell for cell in layouts.sdmx_cells(bought, "IMP") if cell[2].startswith("CPA_")]
    imports += [("IMP", f"CPA_{code}", "CPA_U", "HU", 0.0) for code in domestic.industries]
    cells = layouts.sdmx_cells(total, "TOTAL") + imports
    got = one(layouts.sdmx(tmp_path / "naio.csv", cells))
    same(got, domestic)
    assert "less its imports" in got.notes[0]


def test_sums_of_industries_are_left_out(tmp_path: Path) -> None:
    """Eurostat lists L beside L68A and L68B; the whole must not be counted twice."""
    table = layouts.national()
    cells = layouts.sdmx_cells(table, "DOM")
    parts = ("CPA_L68A", "CPA_L68B")
    cells += [(flow, "CPA_L", row, geo, value) for flow, use, row, geo, value in cells if use in parts]
    cells += [(flow, use, "CPA_L", geo, value) for flow, use, row, geo, value in cells if row in parts]
    summed: dict[tuple[str, str, str, str], float] = {}
    for flow, use, row, geo, value in cells:
        summed[flow, use, row, geo] = summed.get((flow, use, row, geo), 0.0) + value
    path = layouts.sdmx(tmp_path / "naio.csv", [(*key, value) for key, value in summed.items()])
    same(one(path), table)


def test_files_of_other_kinds_are_left_to_others(tmp_path: Path) -> None:
    for name, text in {
        "tidy.csv": "indicator,region,period,value,flags\nx,HU,2020,1,\n",
        "sdmx.csv": "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE\nESTAT:X(1.0),,A,PC,HU,2020,1\n",
        "trade.csv": "t,i,j,k,v,q\n2022,348,40,010121,1.5,1\n",
        "note.csv": "hello\n",
        "empty.csv": "",
        "json.csv": '{"version": "2.0"}',
    }.items():
        (tmp_path / name).write_text(text)
        assert table_reader(tmp_path / name) is None, name
    assert table_reader(tmp_path / "absent.csv") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HUN", "HU"),
        ("GRC", "EL"),
        ("GR", "EL"),
        ("GBR", "UK"),
        ("ROM", "RO"),
        ("FIGW1", "ROW"),
        ("ROW", "ROW"),
        ("MX2", "MX"),
        ("CN1", "CN"),
        ("TWN", "TW"),
        ("XYZ", None),
        ("", None),
        ("WLD", None),
    ],
)
def test_countries(text: str, code: str | None) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CPA_C10-12", "C10-C12"),
        ("C10T12", "C10-C12"),
        ("C10-C12", "C10-C12"),
        ("CPA_C31_32", "C31_C32"),
        ("C31_C32", "C31_C32"),
        ("N80T82", "N80-N82"),
        ("CPA_O84", "O"),
        ("D35", "D"),
        ("J62_63", "J62_J63"),
        ("CPA_L68A", "L68A"),
        ("L68", "L"),
        ("D1", "D1"),
        ("P3_S14", "P3_S14"),
    ],
)
def test_spellings_of_one_industry(text: str, code: str) -> None:
    assert a64(text) == code


def test_years_and_editions_in_names() -> None:
    assert year_in("ICIO2023_2019.csv") == 2019
    assert year_in("2019_SML.csv") == 2019
    assert year_in("matrix_eu-ic-io_ind-by-ind_23ed_2021.csv") == 2021
    assert year_in("WIOT2014_Nov16_ROW.xlsx") == 2014
    assert year_in("matrix_2016-2020.zip") is None
    assert year_in("table.csv") is None
    assert edition_in("matrix_eu-ic-io_ind-by-ind_23ed_2021.csv") == datetime(2023, 1, 1, tzinfo=UTC).replace(
        tzinfo=None
    )
    assert edition_in("2019_SML.csv") is None


@pytest.mark.parametrize(
    ("classification", "leaves"), [("ICIO45", 45), ("ICIO50", 50), ("WIOD16", 56), ("WIOD13", 35), ("NACE_A64", 65)]
)
def test_lists_of_industries_are_complete(classification: str, leaves: int) -> None:
    codes = industries_of(classification)
    parents = set(codes.values())
    assert len([code for code in codes if code not in parents]) == leaves
    assert parents - {""} <= set(codes)

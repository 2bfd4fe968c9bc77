"""Files of trade in the layouts of UN Comtrade, BACI and the Atlas."""

import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from etl.countries import country_code
from etl.sources.base import SourceError
from etl.sources.trade import chunks, named_classification, read_countries, read_names, read_trade, trade_file

COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,cmdDesc,customsCode,mosCode,motCode,"
    "primaryValue"
)
OLD = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,"
    "Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,"
    "Netweight (kg),Trade Value (US$),Flag"
)


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def rows(path: Path, *wanted: str) -> list[tuple]:
    extract = read_trade(path)
    table = pa.concat_tables(extract.chunks).select(list(wanted))
    assert extract.consumed == path.stat().st_size
    return [tuple(row.values()) for row in table.to_pylist()]


def test_baci(tmp_path: Path) -> None:
    path = write(
        tmp_path / "BACI_HS92_Y2022_V202401b.csv",
        "t,i,j,k,v,q",
        "2022,4,842,010121,      34.850,       0.300",
        "2022,348,40,870323,1200.5,NA",
    )
    extract = read_trade(path)
    assert (extract.source, extract.dataset, extract.classification) == ("cepii", "BACI_HS92", "HS92")
    assert (extract.scale, str(extract.vintage), extract.dims) == (1000.0, "2024-01-01 00:00:00", ("partner",))
    assert rows(path, "line", "year", "exporter", "partner", "product", "value") == [
        (2, "2022", "4", "842", "010121", 34.85),
        (3, "2022", "348", "40", "870323", 1200.5),
    ]


def test_comtrade_of_today(tmp_path: Path) -> None:
    path = write(
        tmp_path / "TradeData.csv",
        COMTRADE,
        'C,A,20220101,2022,52,2022,348,HUN,Hungary,X,Export,0,W00,World,0,H6,8703,"Motor cars; others",C00,0,0,12.5',
        "C,A,20220101,2022,52,2022,191,,,M,Import,0,W00,World,0,H6,8703,,C00,0,0,",
    )
    extract = read_trade(path)
    assert (extract.source, extract.dataset, extract.classification) == ("comtrade", "COMTRADE", "")
    assert extract.scale == 1.0
    assert rows(path, "year", "exporter", "partner", "product", "value", "flow", "classification", "name") == [
        ("2022", "348", "0", "8703", 12.5, "X", "H6", "Motor cars; others"),
        ("2022", "191", "0", "8703", None, "M", "H6", ""),
    ]


def test_comtrade_of_former_years(tmp_path: Path) -> None:
    line = "H4,2016,2016,2016,4,0,2,Export,300,Greece,GRC,0,World,WLD,2709,Petroleum oils,1,No Quantity,,,8.5,0"
    path = write(tmp_path / "comtrade.csv", OLD, line)
    assert rows(path, "year", "exporter", "partner", "product", "value", "flow", "classification") == [
        ("2016", "300", "0", "2709", 8.5, "2", "H4")
    ]


def test_the_website_of_comtrade_ends_rows_with_a_comma_and_writes_western_letters(tmp_path: Path) -> None:
    line = "C,A,20220101,2022,52,2022,384,CIV,Côte d'Ivoire,X,Export,0,W00,World,0,H6,1801,Cocoa,C00,0,0,7,"
    path = write(tmp_path / "TradeData.csv", COMTRADE, line, encoding="cp1252")
    assert rows(path, "exporter", "product", "value") == [("384", "1801", 7.0)]


def test_bulk_files_of_comtrade_are_tab_separated_and_compressed(tmp_path: Path) -> None:
    path = tmp_path / "COMTRADE-FINAL-CA348202212H6.txt.gz"
    head = "freqCode\trefYear\tperiod\treporterCode\tflowCode\tpartnerCode\tclassificationCode\tcmdCode\tprimaryValue"
    path.write_bytes(gzip.compress(f"{head}\nA\t2022\t2022\t348\tX\t40\tH6\t870323\t5\n".encode()))
    assert trade_file(path) == "trade"
    assert rows(path, "exporter", "partner", "product", "value") == [("348", "40", "870323", 5.0)]


@pytest.mark.parametrize(
    ("name", "header", "line", "found"),
    [
        (
            "country_hsproduct4digit_year_HS92.csv",
            "location_id,product_id,year,export_value,import_value,hs_eci,location_code,hs_product_code",
            "104,650,2019,55.0,1,0.3,HUN,8703",
            ("ATLAS_HS92", "2019", "HUN", "8703", 55.0),
        ),
        (
            "country_sitcproduct4digit_year.csv",
            "location_id,product_id,year,export_value,location_code,sitc_product_code",
            "104,650,2019,55.0,HUN,7810",
            ("ATLAS_SITC2", "2019", "HUN", "7810", 55.0),
        ),
        (
            "hs12_country_product_year_4.csv",
            "country_id,product_id,year,export_value,pci,country_iso3_code,product_hs12_code",
            "348,650,2019,55.0,0.1,HUN,8703",
            ("ATLAS_HS12", "2019", "HUN", "8703", 55.0),
        ),
        (
            "hs17.csv",
            "year,exporter,product,export_value",
            "2019,HUN,8703,55.0",
            ("ATLAS_HS17", "2019", "HUN", "8703", 55),
        ),
        (
            "year_origin_hs92_4.tsv",
            "year\torigin\ths92\texport_val",
            "2019\thun\t8703\t55.0",
            ("ATLAS_HS92", "2019", "hun", "8703", 55.0),
        ),
    ],
)
def test_atlas(tmp_path: Path, name: str, header: str, line: str, found: tuple) -> None:
    path = write(tmp_path / name, header, line)
    assert trade_file(path) == "trade"
    assert read_trade(path).dataset == found[0]
    assert rows(path, "year", "exporter", "product", "value") == [found[1:]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BACI_HS92_Y2022_V202401.csv", "HS92"),
        ("trade_hs2017.csv", "HS17"),
        ("SITC Rev. 2", "SITC2"),
        ("exports_SITC-3.csv", "SITC3"),
        ("H5", "HS17"),
        ("country_hsproduct4digit_year.csv", ""),
        ("HS1999.csv", ""),
        ("WITHS12X.csv", ""),
    ],
)
def test_the_classification_may_stand_in_the_name(text: str, found: str) -> None:
    assert named_classification(text) == found


@pytest.mark.parametrize(
    ("name", "lines", "reason"),
    [
        ("baci.csv", ("t,i,j,k,v,q", "2022,4,842,010121,1,1"), "no-classification"),
        ("BACI_HS92.csv", ("t,i,j,k,v,q",), "no-rows"),
        ("x.csv", ("year,reporterCode,cmdCode,primaryValue", "2022,348,8703,1"), "missing-column"),
        ("x.csv", ("a,b", "1,2"), "unknown-format"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, lines: tuple[str, ...], reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_trade(write(tmp_path / name, *lines))
    assert caught.value.problem.reason == reason
    assert caught.value.problem.remedy


def test_a_person_may_say_the_classification(tmp_path: Path) -> None:
    path = write(tmp_path / "baci.csv", "t,i,j,k,v,q", "2022,4,842,010121,1,1")
    assert read_trade(path, classification="HS 2012").dataset == "BACI_HS12"


def test_a_second_look_gives_the_same_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "BACI_HS92.csv", "t,i,j,k,v,q", "2022,4,842,010121,1,1", "2022,4,842,010121,much,1")
    extract = read_trade(path)
    first = pa.concat_tables(extract.chunks)
    assert first.equals(pa.concat_tables(chunks(extract)))
    assert [(problem.reason, problem.line) for problem in extract.problems] == [("not-a-number", 3)] * 2


def test_lists_of_names_beside_the_figures(tmp_path: Path) -> None:
    products = write(tmp_path / "product_codes_HS92_V202401.csv", "code,description", '010121,"Horses, live"')
    countries = write(
        tmp_path / "country_codes_V202401.csv",
        "country_code,country_name,country_iso2,country_iso3",
        "4,Afghanistan,AF,AFG",
        "58,Belgium-Luxembourg,BL,BLX",
    )
    assert [trade_file(path) for path in (products, countries)] == ["names", "names"]
    assert read_names(products) == {"010121": "Horses, live"}
    assert read_countries(tmp_path) == {"4": "AFG", "58": "BLX"}
    older = "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha"
    write(countries, older, "004,Afghanistan,Afghanistan,AF,AFG")
    assert read_countries(tmp_path) == {"4": "AFG"}
    countries.unlink()
    assert read_countries(tmp_path) == {}


@pytest.mark.parametrize("path", ["starter/observations.csv", "catalogue/regions.csv"])
def test_other_tables_are_not_taken_for_trade(path: str) -> None:
    from config import ROOT

    assert trade_file(ROOT / "data" / path) == ""


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        *[("HU", "HU"), ("HUN", "HU"), ("348", "HU"), ("hun", "HU"), ("GRC", "EL"), ("300", "EL"), ("EL", "EL")],
        *[("GBR", "UK"), ("GB", "UK"), ("8", "AL"), ("008", "AL"), ("842", "US"), ("840", "US"), ("251", "FR")],
        *[("250", "FR"), ("757", "CH"), ("579", "NO"), ("699", "IN"), ("490", "TW"), ("S19", "TW"), ("XKX", "XK")],
        *[("ROM", "RO"), ("SRB", "RS"), ("688", "RS"), ("MNE", "ME"), ("499", "ME"), ("MKD", "MK"), ("BIH", "BA")],
        # Former states keep a code of their own, so that nobody is given their trade.
        *[("891", "SCG"), ("SCG", "SCG"), ("890", "YUG"), ("58", "BLX")],
        *[("0", ""), ("W00", ""), ("97", ""), ("EUR", ""), ("ANS", ""), ("XXA", "")],
        *[("QQQ", None), ("999", None), ("Hungary", None), ("", None), ("QX", None)],
    ],
)
def test_countries_have_one_code(code: str, ours: str | None) -> None:
    assert country_code(code) == ours


def test_every_country_of_the_area_is_found_by_its_letters_and_numbers() -> None:
    from babel.core import get_global

    from config import ROOT

    lines = (ROOT / "data" / "catalogue" / "regions.csv").read_text(encoding="utf-8").splitlines()[1:]
    area = {line.split(",")[0] for line in lines if line.split(",")[1] == "0"}
    iso = {"EL": "GR", "UK": "GB"}
    aliases = get_global("territory_aliases")
    assert len(area) == 17
    for code in area:
        other = [old for old, now in aliases.items() if now == [iso.get(code, code)] and len(old) == 3]
        numbers = [old for old in other if old.isdigit()]
        # Kosovo has no number in ISO 3166.
        assert numbers or code == "XK"
        assert {country_code(old) for old in other} == {code}

"""The catalogue and the starter figures hold together, and say the same as the publisher's own files."""

import csv
import itertools
import json
import math
import os
import string
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "data" / "catalogue"
STARTER = ROOT / "data" / "starter" / "observations.csv"
RAW = ROOT.parent / "shared" / "figures" / "raw"

LANGUAGES = ("en", "hu")
TEXTS = ("name", "short", "definition", "unit_label", "unit_suffix", "note")
SHIPPED = (
    "employment_rate",
    "gdp_meur",
    "gdp_pps_per_head",
    "gdp_pps_per_head_eu",
    "gdp_volume_index",
    "gva_volume_index",
    "rd_expenditure_gdp",
    "tertiary_attainment",
    "unemployment_rate",
)
SDMX = {
    "gdp_meur": "nama_10r_2gdp.sdmx.csv",
    "gva_volume_index": "nama_10r_2gvagr_gva.sdmx.csv",
    "employment_rate": "tgs00007_employment_rate.sdmx.csv",
    "rd_expenditure_gdp": "tgs00042_gerd_rd_expenditure.sdmx.csv",
    "tertiary_attainment": "tgs00109_tertiary_education_25_64.sdmx.csv",
}
SHARES = {
    "agriculture": "A",
    "industry": "B-E",
    "construction": "F",
    "trade_transport": "G-I",
    "ict": "J",
    "financial": "K",
    "real_estate": "L",
    "professional": "M_N",
    "public": "O-Q",
    "other_services": "R-U",
}
FLAGS = set("bcdefnprsuz")


def entries(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CATALOGUE / name).read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


THEMES = entries("themes.yaml")
SOURCES = entries("sources.yaml")
DATASETS = entries("datasets.yaml")
INDICATORS = entries("indicators.yaml")
REGIONS = rows(CATALOGUE / "regions.csv")
CHANGES = rows(CATALOGUE / "region_changes.csv")
INDICATOR = {entry["code"]: entry for entry in INDICATORS}
REGION = {row["code"]: row for row in REGIONS}
TILED = {row["code"]: (int(row["tile_column"]), int(row["tile_row"])) for row in REGIONS if row["tile_column"]}


@pytest.fixture(scope="module")
def starter() -> pd.DataFrame:
    return pd.read_csv(STARTER, dtype={"flags": str}, keep_default_na=False)


def raw(*parts: str) -> Path:
    """A file as the publisher gave it; without it these tests prove nothing, so under CI that is a failure."""
    path = RAW.joinpath(*parts)
    if not path.exists():
        message = f"The publisher's file {path} is missing, so the catalogue was not checked against it."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def filters_of(entry: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    return [(entry["dataset"], entry["filters"])] + [(a["dataset"], a["filters"]) for a in entry["aliases"]]


# Themes, sources, datasets


@pytest.mark.parametrize("name", ["themes.yaml", "sources.yaml", "datasets.yaml", "indicators.yaml"])
def test_codes_are_unique(name: str) -> None:
    codes = Counter(entry["code"] for entry in entries(name))
    assert [code for code, count in codes.items() if count > 1] == []


def test_six_themes_each_with_a_shape_of_its_own() -> None:
    assert [theme["code"] for theme in THEMES] == [
        "innovation",
        "sustainability",
        "internationalisation",
        "finance",
        "specialisation",
        "skills",
    ]
    assert [theme["position"] for theme in THEMES] == [1, 2, 3, 4, 5, 6]
    symbols = {theme["symbol"] for theme in THEMES}
    assert len(symbols) == 6
    assert all(len(symbol) == 1 for symbol in symbols)
    assert not symbols & set("●▲■"), "these are the marks of status"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("themes.yaml", ("name", "question", "summary")),
        ("sources.yaml", ("name", "citation", "terms")),
        ("datasets.yaml", ("title",)),
        ("indicators.yaml", tuple(field for field in TEXTS if field != "unit_suffix")),
    ],
)
def test_every_text_is_there_in_both_languages(name: str, fields: tuple[str, ...]) -> None:
    missing = [
        (entry["code"], field, language)
        for entry in entries(name)
        for field in fields
        for language in LANGUAGES
        if not str(entry[field].get(language, "")).strip()
    ]
    assert missing == []


def test_long_texts_are_translated_not_copied() -> None:
    copied = [
        (entry["code"], field)
        for entry in INDICATORS
        for field in ("name", "definition", "note")
        if entry[field]["en"] == entry[field]["hu"]
    ]
    assert copied == []


def test_citations_name_dataset_and_access_date_in_both_languages() -> None:
    for source in SOURCES:
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(source["citation"][language]) if name}
            for language in LANGUAGES
        ]
        assert fields[0] == fields[1] >= {"dataset", "title", "accessed"}, source["code"]
        assert fields[0] <= {"dataset", "title", "updated", "accessed"}, source["code"]


def test_eurostat_is_cited_as_its_reuse_rule_asks() -> None:
    source = next(source for source in SOURCES if source["code"] == "eurostat")
    assert source["licence"] == "CC BY 4.0"
    assert "Eurostat" in source["citation"]["en"]
    assert "Modified" in source["citation"]["en"]
    assert "Eurostat" in source["citation"]["hu"]
    assert "Módosítva" in source["citation"]["hu"]


def test_datasets_lead_to_a_source_with_a_licence() -> None:
    licences = {source["code"]: source["licence"] for source in SOURCES}
    for dataset in DATASETS:
        assert licences[dataset["source"]], dataset["code"]
        assert dataset["source"] == "own" or dataset["url"].startswith("https://"), dataset["code"]


# Indicators


def test_there_are_enough_indicators_and_every_theme_has_some() -> None:
    assert len(INDICATORS) >= 25
    assert set(SHIPPED) <= set(INDICATOR)
    count = Counter(entry["theme"] for entry in INDICATORS)
    assert set(count) == {theme["code"] for theme in THEMES}
    assert min(count.values()) >= 2


@pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry["code"])
def test_indicator_is_complete(entry: dict[str, Any]) -> None:
    datasets = {dataset["code"] for dataset in DATASETS}
    assert {dataset for dataset, _ in filters_of(entry)} <= datasets
    assert entry["role"] in ("headline", "core", "structural", "context")
    assert entry["direction"] in ("up", "down", "neutral")
    assert entry["change"] in ("relative", "points")
    assert entry["unit"]
    assert isinstance(entry["decimals"], int)
    assert 0 <= entry["decimals"] <= 3
    assert isinstance(entry["live"], bool)
    assert all(len(entry["short"][language]) <= 28 for language in LANGUAGES)
    assert all(isinstance(entry["unit_suffix"][language], str) for language in LANGUAGES)
    lower, upper = entry["limits"]
    assert lower is None or upper is None or lower < upper
    for _, filters in filters_of(entry):
        assert filters, "a filter without dimensions would take every row"
        assert all(key == key.lower() and isinstance(code, str) for key, code in filters.items())
        assert not {"geo", "time", "freq"} & set(filters)


def test_positions_follow_the_file_and_headlines_come_first() -> None:
    assert [entry["position"] for entry in INDICATORS] == list(range(1, len(INDICATORS) + 1))
    headlines = [entry["code"] for entry in INDICATORS if entry["role"] == "headline"]
    assert headlines == [entry["code"] for entry in INDICATORS[: len(headlines)]]
    assert set(headlines) <= set(SHIPPED)


def test_growth_is_relative_only_where_values_cannot_be_shares_or_negative() -> None:
    for entry in INDICATORS:
        if entry["unit"] == "PC_GDP":  # an intensity, far from its limits: Eurostat measures its growth
            assert entry["change"] == "relative", entry["code"]
        elif entry["unit"].startswith(("PC_", "RT_")):
            assert entry["change"] == "points", entry["code"]
        if entry["unit"].startswith(("IDX_", "PPS_", "EUR_", "MIO_", "THS", "PERS")):
            assert entry["change"] == "relative", entry["code"]


def test_no_two_indicators_claim_the_same_row() -> None:
    claims = [(entry["code"], dataset, filters) for entry in INDICATORS for dataset, filters in filters_of(entry)]
    clashes = [
        (one[0], two[0], one[1])
        for one, two in itertools.combinations(claims, 2)
        if one[0] != two[0]
        and one[1] == two[1]
        and all(one[2][dimension] == two[2][dimension] for dimension in one[2].keys() & two[2].keys())
    ]
    assert clashes == []


def test_targets_have_a_law_an_address_and_a_word_on_comparability() -> None:
    targets = {entry["code"]: entry["target"] for entry in INDICATORS if entry["target"]}
    for code, target in targets.items():
        assert target["year"] == 2030, code
        assert target["value"] > 0, code
        assert target["url"].startswith("https://eur-lex.europa.eu/"), code
        assert target["scope"] == "EU", code
        assert isinstance(target["comparable"], bool), code
        for field, language in itertools.product(("law", "note"), LANGUAGES):
            assert target[field][language].strip(), (code, field, language)
    values = {code: (target["value"], target["comparable"]) for code, target in targets.items()}
    assert values == {
        "employment_rate": (78, False),
        "employment_rate_20_64": (78, True),
        "rd_expenditure_gdp": (3, True),
        "tertiary_attainment": (45, False),
        "tertiary_25_34": (45, True),
        "neet_rate": (9, True),
        "early_leavers": (9, True),
        "adult_learning": (60, False),
    }


def test_targets_lie_in_the_good_direction_inside_the_limits() -> None:
    for entry in INDICATORS:
        if entry["target"]:
            lower, upper = entry["limits"]
            assert entry["direction"] in ("up", "down")
            assert lower <= entry["target"]["value"] <= upper, entry["code"]


# Regions


def test_region_codes_are_unique_and_parents_exist_one_level_up() -> None:
    assert len(REGION) == len(REGIONS)
    for row in REGIONS:
        level = int(row["level"])
        assert row["kind"] in ("nuts", "statistical", "aggregate", "extra")
        if level in (0, 9):
            assert row["parent"] == ""
        else:
            assert int(REGION[row["parent"]]["level"]) == level - 1, row["code"]
            assert row["code"].startswith(row["country"])
            assert row["country"] in REGION


def test_every_country_of_the_area_is_there() -> None:
    countries = {row["code"] for row in REGIONS if row["level"] == "0"}
    assert countries == {
        "AL",
        "AT",
        "BA",
        "BG",
        "EL",
        "HR",
        "HU",
        "IT",
        "MD",
        "ME",
        "MK",
        "RO",
        "RS",
        "SI",
        "SK",
        "UA",
        "XK",
    }
    assert REGION["EU27_2020"]["kind"] == "aggregate"


def test_names_are_there_clean_and_in_one_script() -> None:
    for row in REGIONS:
        for field in ("name_local", "name_latin", "name_en", "name_hu"):
            name = row[field]
            assert name, (row["code"], field)
            assert name == " ".join(name.split()), (row["code"], field)
            for word in name.split():
                scripts = {unicodedata.name(letter).split()[0] for letter in word if letter.isalpha()}
                assert len(scripts) <= 1, (row["code"], field, word, scripts)
            if field != "name_local":
                assert not any(unicodedata.name(letter).startswith(("GREEK", "CYRILLIC")) for letter in name)


def test_names_tell_regions_of_one_level_apart() -> None:
    for language, level in itertools.product(LANGUAGES, ("0", "1", "2")):
        names = Counter(row[f"name_{language}"] for row in REGIONS if row["level"] == level)
        assert [name for name, count in names.items() if count > 1] == [], (language, level)


def test_hungarian_uses_its_own_names() -> None:
    expected = {"AT13": "Bécs", "RS12": "Vajdaság", "ITI1": "Toszkána", "ITG1": "Szicília", "AT22": "Stájerország"}
    assert {code: REGION[code]["name_hu"] for code in expected} == expected
    assert REGION["XK"]["name_hu"] == "Koszovó*"
    assert REGION["XK"]["name_en"] == "Kosovo*"


def current_regions() -> set[str]:
    return {
        row["code"]
        for row in REGIONS
        if row["level"] == "2" and row["kind"] != "extra" and "2024" in row["nuts_versions"].split()
    }


def test_tiles_belong_to_the_level_two_regions_of_today() -> None:
    assert set(TILED) == current_regions()
    assert len(set(TILED.values())) == len(TILED)
    assert max(column for column, _ in TILED.values()) < 22
    assert max(row for _, row in TILED.values()) < 20
    assert not set(TILED) & {"HU10", "HR04", "SI01", "SI02", "EL11", "EL25"}


def test_a_code_without_end_is_of_today() -> None:
    for row in REGIONS:
        if row["nuts_versions"]:
            assert ("2024" in row["nuts_versions"].split()) == (row["valid_to"] == ""), row["code"]


def pieces(codes: set[str], reach: int) -> int:
    """How many pieces the tiles fall into, where tiles at most ``reach`` apart both ways hang together."""
    left, count = {TILED[code] for code in codes}, 0
    while left:
        stack, count = [left.pop()], count + 1
        while stack:
            column, row = stack.pop()
            near = {(c, r) for c, r in left if abs(c - column) <= reach and abs(r - row) <= reach}
            left -= near
            stack.extend(near)
    return count


def test_each_country_and_the_whole_area_hang_together() -> None:
    by_country: dict[str, set[str]] = defaultdict(set)
    for code in TILED:
        by_country[REGION[code]["country"]].add(code)
    assert {country: pieces(codes, 1) for country, codes in by_country.items()} == dict.fromkeys(by_country, 1)
    assert pieces(set(TILED), 1) == 1


def test_tiles_lie_as_the_regions_lie() -> None:
    """Order along both axes agrees with the regions' true places, so that a reader finds them."""
    shapes = json.loads(raw("geography", "nuts_2024_20m_4326.geojson").read_text(encoding="utf-8"))["features"]
    centre: dict[str, np.ndarray] = {}
    for shape in shapes:
        code = shape["properties"]["NUTS_ID"]
        if code in TILED:
            parts = shape["geometry"]["coordinates"]
            rings = [parts[0]] if shape["geometry"]["type"] == "Polygon" else [part[0] for part in parts]
            centre[code] = np.array(max(rings, key=len)).mean(axis=0)
    assert set(centre) == set(TILED)
    codes = sorted(TILED)
    place = pd.DataFrame([centre[code] for code in codes], columns=["east", "north"])
    tile = pd.DataFrame([TILED[code] for code in codes], columns=["column", "row"])
    assert place["east"].corr(tile["column"], method="spearman") > 0.95
    assert place["north"].corr(tile["row"], method="spearman") < -0.95


# Changes of regions


def test_shares_of_a_change_add_up_to_one() -> None:
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in CHANGES:
        groups[row["from_code"], row["from_version"], row["to_version"]].append(row["population_share"])
    for key, shares in groups.items():
        if key[0] in ("SI01", "SI02"):
            assert shares == [""]
        else:
            assert math.isclose(sum(map(float, shares)), 1, abs_tol=0.001), key


def test_changes_join_known_regions_of_the_versions_they_name() -> None:
    keys = [(row["from_code"], row["to_code"], row["from_version"], row["to_version"]) for row in CHANGES]
    assert len(set(keys)) == len(keys)
    for row in CHANGES:
        assert row["from_version"] in REGION[row["from_code"]]["nuts_versions"].split()
        assert row["to_version"] in REGION[row["to_code"]]["nuts_versions"].split()
        assert row["kind"] in ("split", "merge", "recode", "border")
        assert row["source"]


def test_every_ended_region_has_a_successor() -> None:
    ended = {row["code"] for row in REGIONS if row["level"] == "2" and row["valid_to"]}
    assert ended == {row["from_code"] for row in CHANGES if row["from_code"] != row["to_code"]} - set(TILED)


@pytest.mark.parametrize(("old", "new"), [("2013", "2016"), ("2016", "2021"), ("2021", "2024")])
def test_shares_are_those_of_the_conversion_matrix(old: str, new: str) -> None:
    matrix = pd.read_csv(raw("nuts", f"jrc_n2_cm_v{old}_v{new}.csv"))
    before, after = f"code_v{old}", f"code_v{new}"
    matrix = matrix[matrix[before].isin(REGION) & (matrix["pop21"] > 0)]
    matrix["share"] = matrix["pop21"] / matrix.groupby(before)["pop21"].transform("sum")
    moved = matrix.loc[matrix[before] != matrix[after], before].unique()
    expected = {(row[before], row[after]): row["share"] for _, row in matrix[matrix[before].isin(moved)].iterrows()}
    found = {
        (row["from_code"], row["to_code"]): float(row["population_share"])
        for row in CHANGES
        if (row["from_version"], row["to_version"]) == (old, new)
    }
    assert found == pytest.approx(expected, abs=1e-6)


# Starter figures


def test_starter_rows_are_unique_sorted_and_known(starter: pd.DataFrame) -> None:
    assert list(starter.columns) == ["indicator", "region", "period", "value", "flags", "dataset"]
    key = list(zip(starter["indicator"], starter["region"], starter["period"], strict=True))
    assert key == sorted(set(key))
    assert set(starter["indicator"]) <= set(INDICATOR)
    assert set(starter["region"]) <= set(REGION)
    assert np.isfinite(starter["value"].astype(float)).all()
    assert starter["period"].between(2000, 2030).all()
    assert all(set(flags) <= FLAGS and flags == "".join(sorted(flags)) for flags in starter["flags"].unique())


def test_starter_rows_name_the_indicators_own_dataset_and_stay_inside_its_limits(starter: pd.DataFrame) -> None:
    for code, group in starter.groupby("indicator"):
        entry = INDICATOR[str(code)]
        assert set(group["dataset"]) == {entry["dataset"]}
        lower, upper = entry["limits"]
        assert group["value"].min() >= (-math.inf if lower is None else lower), code
        assert group["value"].max() <= (math.inf if upper is None else upper), code


def test_everything_that_ships_has_figures_and_what_cannot_load_live_ships(starter: pd.DataFrame) -> None:
    shipped = set(starter["indicator"])
    assert set(SHIPPED) <= shipped
    assert {entry["code"] for entry in INDICATORS if not entry["live"]} <= shipped
    assert {INDICATOR[code]["theme"] for code in shipped} == {"innovation", "finance", "specialisation", "skills"}


def sdmx_rows(name: str, filters: dict[str, str]) -> pd.DataFrame:
    """Rows of a labelled SDMX-CSV file that a filter takes; a dimension that the file lacks is an error."""
    table = pd.read_csv(raw("eurostat", name), dtype=str, keep_default_na=False)
    for dimension, code in filters.items():
        table = table[table[dimension] == code]
    return table


@pytest.mark.parametrize("code", sorted(SDMX))
def test_filters_find_the_publishers_rows_and_the_starter_repeats_them(code: str, starter: pd.DataFrame) -> None:
    entry = INDICATOR[code]
    table = sdmx_rows(SDMX[code], entry["filters"])
    assert set(table["STRUCTURE_ID"].str.extract(r"^ESTAT:(\w+)")[0]) == {entry["dataset"]}
    assert not table.duplicated(["geo", "TIME_PERIOD"]).any()
    published = {
        (row.geo, int(row.TIME_PERIOD)): (float(row.OBS_VALUE), "".join(sorted(row.OBS_FLAG)))
        for row in table.itertuples()
        if row.OBS_VALUE
    }
    own = starter[starter["indicator"] == code]
    found = {(row.region, row.period): (float(row.value), row.flags) for row in own.itertuples()}
    assert found
    assert found.items() <= published.items()


def tsv_rows(name: str) -> pd.DataFrame:
    """The old bulk format, long: one row a cell, with the dimensions as columns."""
    table = pd.read_csv(raw("eurostat", name), sep="\t", dtype=str)
    head = table.columns[0]
    dimensions = head.split("\\")[0].split(",")
    keys = pd.DataFrame(table[head].str.split(",").tolist(), columns=dimensions)
    cells = pd.concat([keys, table.drop(columns=head).rename(columns=str.strip)], axis=1)
    long = cells.melt(id_vars=dimensions, var_name="time", value_name="cell")
    parts = long["cell"].str.strip().str.partition(" ")
    return long.assign(value=parts[0], flags=parts[2].map(lambda flags: "".join(sorted(flags))))


def taken(table: pd.DataFrame, dataset: str) -> dict[str, pd.DataFrame]:
    """What each indicator takes from a table, by those of its filters whose dimensions the table has."""
    result = {}
    for entry in INDICATORS:
        fitting = [f for name, f in filters_of(entry) if name == dataset and set(f) <= set(table.columns)]
        if fitting:
            filters = max(fitting, key=len)
            part = table[np.logical_and.reduce([table[key] == code for key, code in filters.items()])]
            if len(part):
                result[entry["code"]] = part
    return result


def test_the_old_file_of_gdp_gives_only_what_is_the_same_statistic() -> None:
    found = taken(tsv_rows("nama_10r_2gdp.2017.tsv"), "NAMA_10R_2GDP")
    assert {code: set(part["unit"]) for code, part in found.items()} == {
        "gdp_meur": {"MIO_EUR"},
        "gdp_eur_per_head": {"EUR_HAB"},
    }


def test_the_old_file_of_employment_gives_the_total_and_the_shares_repeat_it(starter: pd.DataFrame) -> None:
    table = tsv_rows("lfst_r_lfe2en2.2017.tsv")
    assert set(taken(table, "LFST_R_LFE2EN2")) == {"employment_total"}
    table = table[(table["age"] == "Y_GE15") & (table["unit"] == "THS") & (table["value"] != ":")]
    cells = {(row.geo, int(row.time), row.nace_r2): (float(row.value), row.flags) for row in table.itertuples()}
    for row in starter[starter["dataset"] == "LFST_R_LFE2EN2"].itertuples():
        assert cells[row.region, row.period, "TOTAL"] == (row.value, row.flags)
    shares = starter[starter["dataset"] == "LFST_R_LFE2EN2_SHARES"]
    assert set(shares["indicator"]) == {f"employment_share_{name}" for name in SHARES}
    for row in shares.itertuples():
        group, flags = cells[row.region, row.period, SHARES[row.indicator.removeprefix("employment_share_")]]
        total, marks = cells[row.region, row.period, "TOTAL"]
        assert row.value == pytest.approx(100 * group / total, abs=0.0006)
        assert row.flags == "".join(sorted(set(flags + marks)))


def test_shares_of_a_region_never_exceed_the_whole(starter: pd.DataFrame) -> None:
    shares = starter[starter["dataset"] == "LFST_R_LFE2EN2_SHARES"]
    assert shares.groupby(["region", "period"])["value"].sum().max() < 100.5


def test_every_region_code_of_the_area_in_the_publishers_files_is_known() -> None:
    """Old codes, extra-regio rows and NUTS 1 included, so that no row of the area is refused for its region."""
    found: set[str] = set()
    for name in SDMX.values():
        found |= set(pd.read_csv(raw("eurostat", name), usecols=["geo"], dtype=str)["geo"])
    for name in ("nama_10r_2gdp.2017.tsv", "lfst_r_lfe2en2.2017.tsv"):
        found |= set(tsv_rows(name)["geo"])
    countries = {row["code"] for row in REGIONS if row["level"] == "0"}
    area = {code for code in found if code[:2] in countries}
    assert {"HU10", "HR04", "SI01", "EL11", "ATZZ", "HRZ", "ME00"} <= area
    assert area <= set(REGION)

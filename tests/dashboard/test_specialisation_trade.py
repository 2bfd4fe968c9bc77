"""Exports on the page Specialisation: a small made table of trade goes through load and results, the country speaks."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import Dash
from flask import Flask

from analysis import specialisation as measures
from config import settings
from dashboard import cache, citation, exports, frames, products, specialisations
from dashboard.components import specialisation_parts as parts
from dashboard.components import specialisation_structure as structure
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.figures import diamond, network
from dashboard.i18n import catalogue, language, set_language
from dashboard.theme import set_scheme
from etl.derive import run_jobs
from etl.derive_trade import jobs
from etl.trade import load_trade
from store.engine import make_engine
from tests.dashboard.conftest import using
from tests.dashboard.test_specialisation import KEYS, drawn, nodes, texts

SERIES = "trade:BACI_HS92"
AREA = {"HU": 348, "RS": 688, "MD": 498, "RO": 642, "AT": 40}
WORLD = (276, 251, 380, 616, 203, 842, 156, 392, 826, 724, 752, 246, 528, 792, 76, 484, 410, 124, 818, 152)
TINY = 352
CODES = tuple(f"{chapter:02d}{heading:02d}" for chapter in range(1, 24) for heading in (1, 2, 3))
YEARS = (2017, 2022)


def made(year: int) -> dict[tuple[int, str], float]:
    """Exports in thousand dollars by exporter and product: each exporter has a taste for a part of a circle."""
    found = {}
    places = np.arange(len(CODES)) / len(CODES)
    for row, exporter in enumerate((*AREA.values(), *WORLD, TINY)):
        random = np.random.default_rng(row)
        width, taste = 0.04 + 0.3 * random.random(), random.random()
        far = np.abs(places - taste)
        pull = np.exp(-((np.minimum(far, 1 - far) / width) ** 2)) * (0.5 + random.random(len(CODES)))
        pull *= 1 + 0.2 * np.random.default_rng(1000 * row + year).random(len(CODES))
        size = 300 if exporter == TINY else 2e6 * (1 + row % 7)
        for product, value in zip(CODES, size * pull / pull.sum(), strict=True):
            if value > 0.01 * size / len(CODES):
                found[exporter, product] = round(float(value), 3)
    return found


@pytest.fixture(scope="module")
def trade(
    new_database: Callable[[str, str], str], tmp_path_factory: pytest.TempPathFactory, app: Dash
) -> Iterator[str]:
    """A database with the catalogue and two years of trade; the application stands already, on another one."""
    folder = tmp_path_factory.mktemp("trade")
    url = new_database("sqlite", "catalogue")
    names = [f'{code},"Made goods {code}; of all kinds, n.e.c."' for code in CODES[::2]]
    (folder / "product_codes_HS92_V202401.csv").write_text("\n".join(["code,description", *names]) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLISEE_TABLES_DIR", str(folder / "tables"))
        with using(url):
            engine = make_engine(url)
            for year in YEARS:
                rows = [f"{year},{exporter},999,{code}10,{value},1" for (exporter, code), value in made(year).items()]
                path = folder / f"BACI_HS92_Y{year}_V202401.csv"
                path.write_text("\n".join(["t,i,j,k,v,q", *rows]) + "\n")
                assert load_trade(engine, path).state == "done"
            with engine.connect() as connection:
                due = jobs(connection)
            assert {done.state for done in run_jobs(engine, jobs=due)} == {"computed"}
            engine.dispose()
            yield url


@pytest.fixture(scope="module")
def server(trade: str) -> Flask:
    """A cache of its own: that of the application may hold answers of the other database."""
    made = Flask("trade")
    cache.init(made, settings())
    return made


@pytest.fixture
def page(server: Flask) -> Iterator[Any]:
    from dashboard.pages import specialisation

    with server.test_request_context("/"):
        set_language("en")
        set_scheme("light")
        yield specialisation


def chosen(**query: str) -> parts.SpecialisationFilters:
    return parts.SpecialisationFilters.parse({"series": SERIES} | query)


def built(key: str, **query: str) -> Exhibit:
    return REGISTRY[key].build(chosen(**query))


def whole(page: Any, **query: str) -> list[Any]:
    query = {"series": SERIES} | query
    return [drawn(page.layout(**query)), drawn(page.update_good_at(**query)), drawn(page.update_beside(**query))]


def world(year: int) -> pd.DataFrame:
    rows = [(exporter, product, value) for (exporter, product), value in made(year).items()]
    long = pd.DataFrame(rows, columns=["exporter", "product", "value"])
    return long.pivot_table(index="exporter", columns="product", values="value", fill_value=0.0)


# --- what is offered ---


def test_exports_are_offered_where_they_are_loaded(page: Any) -> None:
    options = {option.value: option.label for option in parts.SpecialisationFilters.options("series")}
    assert options[SERIES] == "Exports by product – BACI HS92"
    assert chosen().series == SERIES
    assert [row["years"] for row in products.all_series()] == [[2022, 2017]]
    assert {"2017", "2022"} <= {option.value for option in parts.SpecialisationFilters.options("year")}


def test_a_country_without_regions_can_be_asked_for(page: Any) -> None:
    regions = {option.value for option in parts.SpecialisationFilters.options("region")}
    assert "MD" in regions
    assert not {"HU", "RS"} & regions  # their regions stand for them
    shown = specialisations.portfolio("MD", SERIES)
    assert (shown.stand, shown.source, shown.note, shown.standing_in) == ("exporter", "MD", "", "")
    doors = [
        [node for node in nodes(whole(page, region=region)) if node.get("className") == "region-door"]
        for region in ("MD", "HU33")
    ]
    assert [len(found) for found in doors] == [0, 2]  # pages about regions know no country


def test_the_country_is_named_as_exporter(page: Any) -> None:
    shown = specialisations.portfolio("HU33", SERIES)
    assert (shown.stand, shown.source, shown.period) == ("exporter", "HU", 2022)
    heading = specialisations.plain(specialisations.headline(shown))
    assert heading.startswith("Hungary (exports) – the 3 most promising next moves: ")
    assert "countries, not for regions" in shown.note
    for key in KEYS:
        assert shown.standing_in in built(key).notes, key
    assert specialisations.portfolio("HU11", SERIES).rows.equals(shown.rows)


def test_a_country_that_exports_nothing_is_told_so(page: Any) -> None:
    shown = specialisations.portfolio("BG31", SERIES)
    assert shown.stand == "none"
    found = built("specialisation-diamond", region="BG31")
    assert found.figure is None
    assert "no exports of Bulgaria" in found.empty
    json.dumps(whole(page, region="BG31"), allow_nan=False)


def test_a_year_that_is_not_loaded_shows_the_one_before(page: Any) -> None:
    assert specialisations.portfolio("HU33", SERIES, 2020).period == 2017
    assert specialisations.portfolio("HU33", SERIES, 2010).period == 2017


# --- the numbers ---


def test_quotients_and_amounts_are_those_of_the_file(page: Any) -> None:
    x = world(2022)
    expected = (x.loc[AREA["HU"]] / x.loc[AREA["HU"]].sum()) / (x.sum() / x.sum().sum())
    rows = specialisations.portfolio("HU33", SERIES).rows.set_index("industry")
    assert rows["lq"].to_dict() == pytest.approx(expected.to_dict())
    assert rows["value"].sum() == pytest.approx(x.loc[AREA["HU"]].sum() / 1e3)  # thousands in the file, millions here
    assert rows["area_total"].sum() == pytest.approx(x.sum().sum() / 1e3)


def test_strengths_leave_out_tiny_flows(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = specialisations.portfolio("HU33", SERIES)
    held = shown.rows[shown.rows["present"] == True]  # noqa: E712
    monkeypatch.setattr(products, "NOTABLE", float(held["share"].max()))
    said = specialisations.plain(specialisations.strengths(shown))
    assert f"in {len(held)} of {len(shown.rows)} products" in said
    assert said.count("location quotient") == 1


def test_who_is_left_out_is_counted_with_the_limits(page: Any) -> None:
    notes = " ".join(built("specialisation-structure").notes)
    assert "1 exporters and 0 products" in notes
    assert "1,000 million US dollars" in notes
    assert "Only 26 exporters are loaded" in " ".join(built("specialisation-diamond").notes)


def test_the_place_among_exporters_is_that_of_the_table(page: Any) -> None:
    found = built("specialisation-structure")
    ranked = found.table.sort_values("eci", ascending=False, ignore_index=True)
    place = int(ranked.index[ranked["region"] == "HU"][0]) + 1
    assert f"place {place} of {len(ranked)} exporters" in found.answer
    assert found.table["exporter"].iloc[0] == "Hungary"
    assert "France" in set(found.table["exporter"])


def test_others_who_export_it_are_countries(page: Any) -> None:
    shown = specialisations.portfolio("HU33", SERIES)
    code = next(row["industry"] for row in frames.records(shown.rows) if row["holders"])
    found = specialisations.why(shown, code)
    assert found is not None
    assert not {"", *found.holders["region"]} & set(found.holders["name"])  # names, no codes
    assert parts.region_link("FR", "France", chosen()) == "France"
    assert "region=RS" in str(getattr(parts.region_link("RS", "Serbia", chosen()), "href", ""))


def test_areas_hold_all_exports(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "AREAS", 5)
    shown = specialisations.portfolio("HU33", SERIES)
    figure = built("specialisation-industries").figure
    assert figure is not None
    areas = figure["data"][0]
    assert len(set(areas["ids"])) == len(areas["ids"]) <= 5 + 4  # products in four sections
    assert sum(areas["values"]) == pytest.approx(shown.rows["value"].sum())
    assert {row[0] for row in areas["customdata"]} - {""} == set(shown.rows["industry"].head(5))
    drawn_rows = shown.rows[shown.rows["value"] > 0].reset_index(drop=True)
    lesser = structure._largest(shown, drawn_rows).iloc[5:]
    assert lesser["lq"].between(drawn_rows["lq"].iloc[5:].min(), drawn_rows["lq"].iloc[5:].max()).all()


def test_shift_share_is_that_of_all_exporters(page: Any) -> None:
    found = built("specialisation-shift")
    x, y = world(2017) / 1e3, world(2022) / 1e3
    every = x.columns.union(y.columns)
    full = measures.shift_share(x.reindex(columns=every, fill_value=0.0), y.reindex(columns=every, fill_value=0.0))
    mine = full[(full["region"] == AREA["HU"]) & full["flag"].isin(["", "new"])].set_index("industry")
    table = found.table.set_index("industry")
    for code in table.index.drop("TOTAL"):
        for part in specialisations.SHIFT:
            assert table.loc[code, part] == pytest.approx(mine.loc[code, part], abs=1e-6), (code, part)
    assert table["check"].abs().max() < 1e-6
    assert "current US dollars" in found.how


def test_without_an_earlier_year_no_change_is_told(page: Any) -> None:
    found = built("specialisation-shift", year="2017")
    assert found.figure is None
    assert "No earlier year of this table" in found.empty


def test_a_lost_file_leaves_the_rest_standing(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "exports", lambda digest: frames.trade_store.open_trade(Path("no-such-file")))
    monkeypatch.setattr(frames, "remember", lambda _name, _arguments, compute: compute())
    assert built("specialisation-shift").empty
    assert built("specialisation-diamond").figure is not None


# --- the page ---


@pytest.mark.parametrize("key", KEYS)
def test_exhibits_hold_what_they_promise(page: Any, key: str) -> None:
    found = built(key)
    assert found.answer
    assert found.how
    assert found.indicators == ("BACI_HS92",)
    assert "BACI_HS92" in citation.datasets(found)
    json.dumps(drawn(found.figure), allow_nan=False)
    json.loads(exports.as_json(found))
    if found.empty:
        assert key == "specialisation-stars"
        return
    assert {column.name for column in found.columns} <= set(found.table.columns)
    assert "flags" not in {column.name for column in found.columns}
    held = exports.as_csv(found).decode("utf-8-sig")
    assert "Made goods" in held or key == "specialisation-structure"


def test_the_page_shows_the_head_of_long_tables_and_downloads_hold_all(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PAGE_ROWS", 7)
    found = built("specialisation-industries")
    card = drawn(structure.exhibit_card(found))
    rows = json.dumps(card).count('"type": "Tr"')
    assert rows == 7 + 1
    assert f"The first 7 of {len(found.table)} rows" in " ".join(texts(card))
    assert exports.as_csv(found).decode("utf-8-sig").count("\n") > len(found.table)


def test_every_text_is_hungarian(page: Any) -> None:
    known = catalogue("hu")
    english = set(known) - {forms[0] for forms in known.values()}
    set_language("hu")
    try:
        for region in ("HU33", "MD", "BG31"):
            said = list(texts(whole(page, region=region)))
            assert not sorted(english & set(said))
            plain = [text for text in said if "://" not in text and not text.startswith("Made goods")]
            assert not [text for text in plain if re.search(r"\b(the|and|with|product|exporter|region)\b", text)]
    finally:
        set_language("en")


def test_the_page_of_exports_speaks_of_products(page: Any) -> None:
    said = [text for text in texts(whole(page)[1:]) if "filter" not in text]
    assert not [text for text in said if re.search(r"\b(industry|industries)\b", text)]


def test_products_can_be_picked(page: Any) -> None:
    code = str(specialisations.portfolio("HU33", SERIES).rows["industry"].iloc[-1])
    assert chosen(pick=code).pick == code
    panel = drawn(page.update_next(series=SERIES, region="HU33", pick=code))
    assert f"({code})" in " ".join(texts(panel))
    picks = {node.get("data-value") for node in nodes(panel) if node.get("data-action") == "pick"}
    assert len(picks & set(specialisations.portfolio("HU33", SERIES).rows["industry"])) >= parts.PAGE_ROWS


def test_value_chains_lead_to_the_exports_of_the_country(page: Any) -> None:
    from dashboard.pages import value_chain

    for country, region in (("RS", "RS"), ("MD", "MD")):
        link = drawn(value_chain._elsewhere(SimpleNamespace(found=SimpleNamespace(country=country))))  # type: ignore[arg-type]
        (address,) = [node["href"] for node in nodes(link) if "href" in node]
        assert f"region={region}" in address  # a region of it, or the country where it has none
        assert "series=trade%3ABACI_HS92" in address
    assert products.series_of("BG") == ""


# --- names and words ---


@pytest.mark.parametrize(
    ("code", "classification", "holds"),
    [
        ("0101", "HS92", "Animals and animal products"),
        ("8703", "HS17", "Vehicles and transport equipment"),
        ("9701", "HS92", "Works of art"),
        ("9999", "HS92", ""),
        ("7810", "SITC2", "Machinery and transport equipment"),
        ("", "SITC2", ""),
        ("XX", "HS92", ""),
    ],
)
def test_sections_of_products(page: Any, code: str, classification: str, holds: str) -> None:
    assert products.section(code, classification) == holds


def test_products_without_a_name_are_named_by_section_and_code(page: Any) -> None:
    frame = pd.DataFrame({"industry": ["8703", "8704"], "name": ["", "Lorries;  for goods " + "x" * 99]})
    full, short = products.names(frame, "HS92")
    assert full["8703"] == short["8703"] == "Vehicles and transport equipment (8703)"
    assert (full["8704"][:18], short["8704"]) == ("Lorries; for goods", "Lorries")
    assert products.label(short["8703"], "8703") == "8703 Vehicles and…"
    long = products.names(pd.DataFrame({"industry": ["1"], "name": ["word " * 30]}), "HS92")[1]["1"]
    assert len(long) <= products.LONGEST
    assert long.endswith("word…")


def test_words_for_exports_replace_words_that_are_used(page: Any) -> None:
    assert language() == "en"
    source = "".join(path.read_text() for path in (Path(specialisations.__file__).parent).rglob("specialisation*.py"))
    joined = re.sub(r'"\s*\n\s*"', "", source)
    for plain, exported in products.WORDS.items():
        assert plain in joined.replace('\\"', '"'), plain
        fields = [
            {name for _text, name, _form, _conv in Formatter().parse(words) if name} for words in (plain, exported)
        ]
        assert fields[1] <= fields[0] | {"least"}, plain


# --- many points ---


def test_of_many_points_the_named_ones_stand_out(page: Any) -> None:
    count = diamond.MANY + 1
    frame = pd.DataFrame(
        {
            "industry": [str(n) for n in range(count)],
            "label": [f"product {n}" for n in range(count)],
            "density": np.linspace(0, 1, count),
            "pci": np.linspace(-1, 1, count),
            "present": [n % 3 == 0 for n in range(count)],
            "size": 1.0,
            "move": [n in (4, 70) for n in range(count)],
            "picked": False,
            "hover": "",
        }
    )
    figure = diamond.quadrants(frame, (0.5, 0.0), {}, "x", "y")
    possible, present, lesser, named = figure["data"]
    assert sorted(set(possible["marker"]["opacity"])) == [0.55, 1]
    assert possible["marker"]["opacity"].count(1) == 2
    assert set(present["marker"]["opacity"]) == {0.4}
    assert (lesser["text"], named["text"]) == ([], ["<b>product 4</b>", "<b>product 70</b>"])
    assert "%{x:.2f}" in possible["hovertemplate"]
    few = diamond.quadrants(frame.head(20), (0.5, 0.0), {}, "x", "y")
    assert few["data"][0]["marker"]["opacity"] == 1


def test_of_many_ties_the_tree_and_the_strongest_are_drawn(page: Any) -> None:
    count = network.TIES + 2
    nodes_ = pd.DataFrame(
        {
            "industry": [str(n) for n in range(count)],
            "label": "",
            "x": np.linspace(0, 1, count),
            "y": 0.5,
            "size": 1.0,
            "present": False,
            "picked": False,
            "named": False,
            "hover": "",
        }
    )
    edges = pd.DataFrame(
        {
            "source": [str(n) for n in range(count - 1)],
            "target": [str(n + 1) for n in range(count - 1)],
            "proximity": np.linspace(1, 0, count - 1),
            "tree": [n == count - 2 for n in range(count - 1)],
        }
    )
    figure = network.industry_space(nodes_, edges)
    xs = figure["data"][0]["x"]
    assert len(xs) == 3 * network.TIES
    assert 1.0 in xs  # the weakest tie, which holds the tree together
    assert len(figure["data"][2]["x"]) == network.TIES + 2  # one more node than ties, and the ends of the weak one

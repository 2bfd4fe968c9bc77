"""Exports by product, shown as a series by industry: which are loaded, what products are called, and in which words a
page about regions and industries speaks of exporters and products. No Dash, no SQL.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import frames
from dashboard.i18n import N_, _

KIND = "trade"
PREFIX = "trade:"
"""What the codes of these series begin with; the dataset follows."""

MILLION = 1e6
"""Tables of trade are in US dollars; pages show millions."""

NOTABLE = 0.001
"""Share of a country's exports from which a product is named as a strength: quotients of tiny flows run high."""

LONGEST = 44
"""Letters of a product's short name: those in the files are descriptions, often of a whole sentence."""

SHORTEST = 26
"""Letters of a product's name in a figure."""

HS: Sequence[tuple[int, str]] = (
    (5, N_("Animals and animal products")),
    (14, N_("Plant products")),
    (15, N_("Fats and oils")),
    (24, N_("Food, drinks and tobacco")),
    (27, N_("Minerals and fuels")),
    (38, N_("Chemicals and medicines")),
    (40, N_("Plastics and rubber")),
    (43, N_("Hides, leather and fur")),
    (46, N_("Wood and cork")),
    (49, N_("Pulp, paper and print")),
    (63, N_("Textiles and clothing")),
    (67, N_("Footwear and headgear")),
    (70, N_("Stone, ceramics and glass")),
    (71, N_("Precious metals and stones")),
    (83, N_("Base metals and metal goods")),
    (85, N_("Machinery and electrical goods")),
    (89, N_("Vehicles and transport equipment")),
    (92, N_("Instruments, clocks and optics")),
    (93, N_("Arms and ammunition")),
    (96, N_("Furniture, toys and other goods")),
    (97, N_("Works of art")),
)
"""Last chapter of each section of the Harmonised System, and what the section holds in short."""

SITC: Sequence[str] = (
    N_("Food and live animals"),
    N_("Drinks and tobacco"),
    N_("Raw materials"),
    N_("Mineral fuels"),
    N_("Animal and plant oils"),
    N_("Chemicals"),
    N_("Goods by material"),
    N_("Machinery and transport equipment"),
    N_("Other manufactured goods"),
    N_("Other goods"),
)
"""Sections of SITC by their digit."""


def section(code: str, classification: str) -> str:
    """What the section of a product holds, in short; '' for a code that belongs to none."""
    if classification.startswith("SITC"):
        return _(SITC[int(code[0])]) if code[:1].isdecimal() else ""
    chapter = int(code[:2]) if code[:2].isdecimal() else 0
    return next((_(name) for last, name in HS if 0 < chapter <= last), "")


def is_trade(series: Mapping[str, Any]) -> bool:
    """Whether a series is one of exports by product."""
    return series.get("kind") == KIND


def all_series() -> list[dict[str, Any]]:
    """A row for each dataset of trade that has results, as rows of the catalogue's series, with its ``years`` (newest
    first) and their ``digests``; the dataset with the newest year first."""

    def compute() -> list[dict[str, Any]]:
        stored = frames.stored_tables(KIND)
        found = []
        for dataset, tables in stored.groupby("dataset", sort=True):
            code = f"{PREFIX}{dataset}"
            digests = dict(zip(tables["year"].astype(int), tables["digest"], strict=True))
            results = {year: _result(code, year, "industries") for year in sorted(digests, reverse=True)}
            years = [year for year, result in results.items() if result is not None]
            if not years:
                continue
            title = str(tables["name"].iloc[0]).removesuffix(f" {int(tables['year'].iloc[0])}")
            found.append(
                {
                    "code": code,
                    "kind": KIND,
                    "classification": str(tables["classification"].iloc[0]),
                    "dataset": str(dataset),
                    "unit": "MIO_USD",
                    "decimals": 1,
                    "members": _codes(results[years[0]]),
                    "total": "",
                    "name": _("Exports by product – {source}").format(source=title),
                    "note": "",
                    "years": years,
                    "digests": digests,
                }
            )
        return sorted(found, key=lambda row: (-row["years"][0], row["code"]))

    return frames.remember("product-series", (), compute)


def _result(series: str, year: int, part: str) -> pd.DataFrame | None:
    found = frames.derived("industries", f"{series}:{year}", part)
    return None if found is None else found.frame


def _codes(industries: pd.DataFrame | None) -> list[str]:
    return [] if industries is None else industries["industry"].astype(str).tolist()


def countries() -> dict[str, tuple[int, ...]]:
    """Countries of the area that export something in a table, with their years."""

    def compute() -> dict[str, tuple[int, ...]]:
        known = frames.regions()
        area = set(known.loc[known["level"] == 0, "code"])
        found: dict[str, list[int]] = {}
        for row in all_series():
            for year in row["years"]:
                result = _result(row["code"], year, "regions")
                if result is not None:
                    for country in area.intersection(result.loc[result["total"] > 0, "region"]):
                        found.setdefault(str(country), []).append(year)
        return {country: tuple(years) for country, years in found.items()}

    return frames.remember("product-countries", (), compute)


def series_of(country: str) -> str:
    """The series of exports that tells of a country, that of the newest year; '' without one."""
    if country not in countries():
        return ""
    return next(
        (str(row["code"]) for row in all_series() if _result(row["code"], row["years"][0], country) is not None),
        "",
    )


def names(products: pd.DataFrame, classification: str) -> tuple[dict[str, str], dict[str, str]]:
    """Full and short names of products by code. Those that came with the file, in English; else section and code.

    Args:
        products: [industry, name], the derived part ``industries``.
        classification: of the codes, such as ``HS92``.
    """
    full, short = {}, {}
    given = products["name"] if "name" in products else [""] * len(products)
    for code, name in zip(products["industry"].astype(str), given, strict=True):
        text = " ".join(str(name or "").split())
        if text:
            full[code], short[code] = text, _short(text)
        else:
            kind = section(code, classification)
            full[code] = short[code] = f"{kind} ({code})" if kind else code
    return full, short


def _short(name: str) -> str:
    """The first words of a description."""
    return _cut(name.split(";")[0].strip() or name, LONGEST)


def _cut(text: str, longest: int) -> str:
    """A text of at most so many letters, cut between words."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,.:(–-") + "…"


def label(short: str, code: str) -> str:
    """A short name that fits beside a point or into an area."""
    kind = short.removesuffix(f" ({code})")
    return _cut(short, SHORTEST) if kind == short else f"{code} {_cut(kind, SHORTEST - len(code) - 1)}"


def in_millions(frame: pd.DataFrame) -> pd.DataFrame:
    """A derived part in millions of US dollars."""
    amounts = [name for name in ("value", "total", "size_threshold") if name in frame]
    return frame.assign(**{name: frame[name] / MILLION for name in amounts})


def panel(series: Mapping[str, Any], year: int) -> pd.DataFrame:
    """Exports of a year in millions of US dollars, exporters x products.

    Raises:
        store.tables.TableFileError: the table's file is missing or damaged.
    """
    return frames.exports(str(series["digests"][year])) / MILLION


def place_names(codes: Iterable[str]) -> list[str]:
    """Names of exporters in this request's language."""
    return [frames.country_name(code) for code in codes]


WORDS: Mapping[str, str] = {
    "{region}: no figures by industry are loaded for this region.": N_(
        "{region}: this table holds no exports of its country."
    ),
    (
        "{region}: no next move can be named. Each industry is already present, too small, not measured, or "
        "both far from what is there and simple."
    ): N_(
        "{region}: no next move can be named. Each product is already exported with an advantage, too small, "
        "or both far from what is there and simple."
    ),
    "{region}: a first look with {n} broad industries, not a ranking. Nearest to what it already does: {moves}.": N_(
        "{region}: a first look with {n} broad groups of products, not a ranking. Nearest to what it already "
        "exports: {moves}."
    ),
    "{source} is specialised in {k} of {n} industries. Most of all: {industries}.": N_(
        "{source} has a comparative advantage in {k} of {n} products. Most of all, among those that make up "
        "at least {least} of its exports: {industries}."
    ),
    "an industry counts as near to itself": N_("a product counts as near to itself"),
    "an industry does not count as near to itself": N_("a product does not count as near to itself"),
    "complexity on the scale of the regions’ economic complexity": N_(
        "complexity on the scale of the exporters’ economic complexity"
    ),
    "quadrants part at the means of what the region lacks": N_(
        "quadrants part at the means of the products without an advantage"
    ),
    (
        "Complexity rests on {regions} regions and {industries} industries. Second and third singular value: "
        "{second} and {third}; the further apart, the better it is told from other orderings."
    ): N_(
        "Complexity rests on {regions} exporters and {industries} products. Second and third singular value: "
        "{second} and {third}; the further apart, the better it is told from other orderings."
    ),
    "Complexity is not identified here: the figures do not tell one ordering of regions from another.": N_(
        "Complexity is not identified here: the figures do not tell one ordering of exporters from another."
    ),
    (
        "{region}, {start}–{end}: the total changed by {total} ({unit}): {national} with the trend of {area},"
        " {mix} through its mix of industries, {regional} through its own performance."
    ): N_(
        "{region}, {start}–{end}: exports changed by {total} ({unit}): {national} with the trend of {area}, "
        "{mix} through its mix of products, {regional} through its own performance."
    ),
    (
        "Complexity cannot be told from these figures: the industries fall into groups of regions that share "
        "none, or are too alike. The moves beside go by nearness alone."
    ): N_(
        "Complexity cannot be told from these figures: the products fall into groups of exporters that share "
        "none, or are too alike. The moves beside go by nearness alone."
    ),
    "Industry": N_("Product"),
    "In this region": N_("In this country"),
    "Figure": N_("Exports"),
    "Gain for the region's outlook": N_("Gain for the country's outlook"),
    "Related industries already present": N_("Related products already exported with an advantage"),
    "Regions that have it": N_("Also exported by"),
    (
        "Each circle is an industry: filled where the region is specialised in it, hollow where it is not; "
        "its area is the industry's size in all regions together. To the right lie industries that often go "
        "together with what the region already does (lower risk), to the top those that few and versatile "
        "regions have (higher gain). The dotted lines are the means at which the quadrants part."
    ): N_(
        "Each circle is a product: filled where the country has a comparative advantage in it, hollow where "
        "it has none; large circles are traded most in the world. To the right lie products that often go "
        "together with what the country already exports (lower risk), to the top those that few and versatile"
        " exporters have (higher gain). The dotted lines are the means at which the quadrants part."
    ),
    (
        "Only {n} broad industries are told apart here. Within each lie near and far, simple and complex "
        "activities, so this is a first look: no order of moves is claimed. Finer figures (NACE divisions) "
        "can be loaded."
    ): N_(
        "Only {n} broad groups of products are told apart here. Within each lie near and far, simple and "
        "complex ones, so this is a first look: no order of moves is claimed. A table with more digits can be"
        " loaded."
    ),
    "{region}: of {n} industries that it is not specialised in, none is both near and complex.": N_(
        "{region}: of {n} products that it has no advantage in, none is both near and complex."
    ),
    "{region}: nothing is known of its industries here.": N_("{region}: nothing is known of its exports here."),
    "Ordered by the mean of two ranks: nearness and complexity; far and simple industries are left out.": N_(
        "Ordered by the mean of two ranks: nearness and complexity; far and simple products are left out."
    ),
    (
        "Public services and households (sections O, P, Q, T and U) are measured but never named: their size "
        "follows population and public budgets."
    ): N_("Services are not in these figures: tables of trade hold goods alone."),
    (
        "Relatedness density is the share of an industry's ties that lead to industries already present, from"
        " 0 to 1. Complexity is a standard score: 0 is the mean region. Both say what is likely to fit, not "
        "what will succeed."
    ): N_(
        "Relatedness density is the share of a product's ties that lead to products already exported with an "
        "advantage, from 0 to 1. Complexity is a standard score: 0 is the mean exporter. Both say what is "
        "likely to fit, not what will succeed."
    ),
    "{value}, nearer than {k} of the {n} other industries present": N_(
        "{value}, nearer than {k} of the {n} other products with an advantage"
    ),
    "{value}, nearer than {k} of the {n} other possible industries": N_(
        "{value}, nearer than {k} of the {n} other possible products"
    ),
    "The share of an industry's ties that lead to industries already present, from 0 to 1.": N_(
        "The share of a product's ties that lead to products already exported with an advantage, from 0 to 1."
    ),
    "{value}, more complex than {k} of the {n} other industries": N_(
        "{value}, more complex than {k} of the {n} other products"
    ),
    "High for industries that only few regions have, and those regions have many others.": N_(
        "High for products that only few countries export, and those countries export many others."
    ),
    "How much nearer the region would come to complex industries that it does not have.": N_(
        "How much nearer the country would come to complex products that it has no advantage in."
    ),
    "Regions that have it, most alike first": N_("Who else exports it, most alike first"),
    "The industry's share here over its share in all regions together: 1 is the same, 2 twice as much.": N_(
        "The product's share of the country's exports over its share of world exports (revealed comparative "
        "advantage): 1 is the same, 2 twice as much."
    ),
    "Why is {industry} present?": N_("Why is {industry} among its exports?"),
    "Regions that are specialised in it": N_("Exporters with an advantage in it"),
    "All regions together": N_("World exports"),
    (
        "Industries that tend to be strong in the same regions are joined and lie near each other; the layout"
        " is the same for all regions. Filled: the region is specialised in it. Blue lines join two that it "
        "has. The area of a circle is the industry's size in all regions together."
    ): N_(
        "Products that tend to be strong in the same countries are joined and lie near each other; the layout"
        " is the same for all countries. Filled: the country has a comparative advantage in it. Blue lines "
        "join two that it has. Large circles are traded most in the world. Of the ties, those that hold the "
        "network together and the strongest are drawn; products without any are left out."
    ),
    "Industries it is specialised in": N_("Products with a comparative advantage"),
    (
        "The Krugman index adds up the differences between the region's shares and those of all regions "
        "together: 0 is the same mix, 2 nothing in common. Economic complexity is a standard score; outlook "
        "adds up how near the region is to complex industries that it does not have."
    ): N_(
        "The Krugman index adds up the differences between the country's shares and those of world exports: 0"
        " is the same mix, 2 nothing in common. Economic complexity is a standard score; outlook adds up how "
        "near the country is to complex products that it has no advantage in."
    ),
    (
        "{region}: its mix of industries differs by {value} from that of all regions together; that of the "
        "median region by {median} (0 is the same, 2 nothing in common)."
    ): N_(
        "{region}: its mix of products differs by {value} from that of world exports; that of the median "
        "exporter by {median} (0 is the same, 2 nothing in common)."
    ),
    "middle half of the regions: {low} to {high}": N_("middle half of the exporters: {low} to {high}"),
    "Those whose share here is at least as large as in all regions together (location quotient).": N_(
        "Those whose share of the country's exports is at least as large as of world exports (revealed "
        "comparative advantage)."
    ),
    "How far the mix of industries is from that of all regions: 0 to 2.": N_(
        "How far the mix of products is from that of world exports: 0 to 2."
    ),
    "The mean complexity of what the region is specialised in.": N_(
        "The mean complexity of what the country has a comparative advantage in."
    ),
    "How near the region is to complex industries that it does not have; more is better.": N_(
        "How near the country is to complex products that it has no advantage in; more is better."
    ),
    "not computed for this region": N_("not computed for this country"),
    "Hatched: estimated, provisional or of low reliability.": N_(
        "The forty largest products have areas of their own, the others one for each section; the table has each."
    ),
    "Stars need the region's own figures and at least ten regions with an industry.": N_(
        "Cluster stars are made for jobs and firms of regions; for the exports of countries they have no "
        "thresholds. The comparative advantage of each product stands in the table above."
    ),
    "All industries": N_("All products"),
    "Trend of the area": N_("Trend of world exports"),
    "Mix of industries": N_("Mix of products"),
    "The region's own part": N_("The country's own part"),
    (
        "Shift-share (Dunn, 1960). Trend: what the industry would have gained had it grown like the whole "
        "area. Mix: what its branch gained beyond that in the area. Own part: what it gained beyond its "
        "branch. The last is no proof of good or bad policy; it is what the other two do not explain."
    ): N_(
        "Shift-share (Dunn, 1960). Trend: what the product would have gained had it grown like world exports "
        "as a whole. Mix: what world exports of the product gained beyond that. Own part: what the country "
        "gained beyond both. The last is no proof of good or bad policy; it is what the other two do not "
        "explain. Values are in current US dollars, so prices and exchange rates are part of all three."
    ),
    "No earlier year has figures for this region.": N_(
        "No earlier year of this table is loaded, so no change can be told."
    ),
    "gain less what the industry already adds to the outlook": N_(
        "gain less what the product already adds to the outlook"
    ),
}
"""What the page says of exporters and products, by what it says of regions and industries."""

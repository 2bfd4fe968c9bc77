"""Chains: what the loaded tables say of a country's place in value chains, as frames and as words.

Three states of the data, each honest about itself: an inter-country table that holds the country, a national table
alone, or published positions alone. Results come computed from ``frames.derived``; what depends on the reader's choice
(the Sankey of an industry, the smile curve, a shock) is computed from the stored table, which takes milliseconds.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from babel.numbers import get_territory_currencies

from analysis import value_chain
from dashboard import frames
from dashboard.filters import Option
from dashboard.i18n import DASH, N_, TERRITORIES, _, language, number, percent, signed, sort_key, year
from store.derived import Result
from store.tables import TableFileError

log = logging.getLogger("polisee.web")

State = Literal["inter_country", "national", "positions", "none"]

BEST = "best"
POSITIONS = "positions"
"""Values of the choice of a table that are no table: the best there is, and the published positions."""

REST_OF_WORLD = ("AL", "BA", "ME", "MK", "RS", "XK")
PARTLY = ("MD", "UA")
"""Countries of the area that the inter-country tables of Eurostat, the OECD and WIOD do not show: never, or in part of
their editions."""

MEASURES = ("upstreamness", "downstreamness", "value_added_share", "final_use_share")

PUBLISHED: Mapping[str, str] = {
    "upstreamness": "upstreamness",
    "downstreamness": "downstreamness",
    "value_added": "value_added_share",
    "final_use": "final_use_share",
}
"""Endings of the codes of the series of published positions, with the measure that each holds."""

GROUPS: Mapping[str, str] = {
    "primary": N_("Farming and mining"),
    "manufacturing": N_("Manufacturing"),
    "networks": N_("Energy, water, construction"),
    "services": N_("Market services"),
    "public": N_("Public and personal services"),
}
SECTIONS: Mapping[str, str] = {
    **dict.fromkeys("AB", "primary"),
    "C": "manufacturing",
    **dict.fromkeys("DEF", "networks"),
    **dict.fromkeys("GHIJKLMN", "services"),
}
"""Group of each section of NACE; all others are public and personal services."""

SMALL = 0.005
"""Industries below this share of output are not named as the most upstream or downstream: they would be curiosities."""

UNTOLD = ("T", "T97_98", "U", "35", "L68A")
"""Households as employers, bodies of other states and imputed rents: no industry that a policy could mean."""

EXPORTED = 0.75
"""In a national table the position of an industry that exports more than this share of its output rests on the little
that it sells at home: it is drawn hollow and not named as one of the ends."""

COMPANY = 3
"""Countries to compare with where the reader has chosen none."""

POINTS = 80
"""Suppliers of a chain in its picture and table: those with the largest shares of its value."""

ROWS = 14
"""Industries in a figure of rows."""


@dataclass(frozen=True)
class Table:
    """One stored input-output table, without its matrices."""

    kind: str
    dataset: str
    country: str
    year: int
    name: str
    classification: str
    unit: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    digest: str
    checks: Mapping[str, Any]

    @property
    def made(self) -> bool:
        """Whether it is made up, for tests and illustration; its name says so."""
        return "made" in self.name.casefold().split()

    @property
    def subject(self) -> str:
        """Its name among derived results, and in addresses."""
        return f"{self.kind}:{self.dataset}:{self.country}:{self.year}"

    def holds(self, country: str) -> bool:
        """Whether the country is one of its own, not hidden in its rest of the world."""
        return self.country == country if self.kind == "national" else country in self.countries


@dataclass(frozen=True)
class Standing:
    """What is known of a country: from which table, in which of the three states, and what must be said of that."""

    country: str
    name: str
    state: State
    table: Table | None = None
    notes: tuple[str, ...] = ()
    outside: str = ""

    @property
    def classification(self) -> str:
        """Of its industries; '' when nothing is known."""
        if self.table is not None:
            return self.table.classification
        series = position_series()
        return next(iter(series.values()))["classification"] if self.state == "positions" and series else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Codes whose source and method apply."""
        if self.table is not None:
            return (self.table.dataset,)
        return tuple(row["code"] for row in position_series().values()) if self.state == "positions" else ()

    @property
    def year(self) -> int | None:
        """Of the figures."""
        if self.table is not None:
            return self.table.year
        return position_year() if self.state == "positions" else None

    @property
    def source_name(self) -> str:
        """The table in words, with its year."""
        if self.table is not None:
            return _named(self.table)
        return _("Published positions, {year}").format(year=year(self.year)) if self.state == "positions" else ""

    @property
    def unit(self) -> str:
        """Unit of amounts, such as 'million EUR'."""
        if self.table is None:
            return ""
        return unit_label(self.table.unit, self.table.country, self.table.year, steps=int(self.scale > 1))

    @property
    def scale(self) -> float:
        """By what amounts are divided before they are shown: 1, or 1,000 where they are too long to read."""
        if self.table is None or self.state != "national":
            return 1.0
        got = result(self.table, "industries")
        long = got is not None and self.table.unit[:3] in SCALES[:-1] and float(got.frame["output"].sum()) >= LONG
        return 1000.0 if long else 1.0


SCALES = ("THS", "MIO", "BN")
LONG = 1e7
"""Output of a country from which its amounts are shown in the next larger unit."""

AMOUNTS = ("output", "value_added", "final_use", "exports", "extraction_loss")


def unit_label(code: str, country: str = "", period: int = 2020, steps: int = 0) -> str:
    """A unit of money in words: ``MIO_EUR`` is 'million EUR', ``MIO_NAC`` in Hungary 'million HUF'.

    Args:
        code: of the unit.
        country: whose currency ``NAC`` is.
        period: year of the amounts.
        steps: how many thousands larger the unit is that is meant.
    """
    scale, _sign, currency = code.partition("_")
    if steps and scale in SCALES:
        scale = SCALES[SCALES.index(scale) + steps]
    if currency in ("NAC", "") and country:
        spent = get_territory_currencies(TERRITORIES.get(country, country), date(period, 12, 31), date(period, 12, 31))
        currency = spent[0] if spent else currency
    words = {"MIO": _("million {currency}"), "THS": _("thousand {currency}"), "BN": _("billion {currency}")}
    if scale not in words:
        return code
    return words[scale].format(currency=_("national currency") if currency in ("NAC", "") else currency)


# --- what there is --------------------------------------------------------------------------------------------------


def tables() -> list[Table]:
    """Input-output tables that are stored, the best first: inter-country before national, newer before older."""

    def read() -> list[Table]:
        rows = frames.records(frames.stored_tables())
        found = [
            Table(
                kind=str(row["kind"]),
                dataset=str(row["dataset"]),
                country=str(row["country"]),
                year=int(row["year"]),
                name=str(row["name"]),
                classification=str(row["classification"]),
                unit=str(row["unit"]),
                countries=tuple(row["countries"]),
                industries=tuple(row["industries"]),
                digest=str(row["digest"]),
                checks=dict(row["checks"] or {}),
            )
            for row in rows
            if row["kind"] in ("inter_country", "national")
        ]
        return sorted(found, key=lambda table: (table.kind, -table.year, table.name))

    return frames.remember("chain-tables", (), read)


def position_series() -> dict[str, dict[str, Any]]:
    """The series of published positions, by measure; empty when there are none."""

    def read() -> dict[str, dict[str, Any]]:
        rows = frames.records(frames.industry_series())
        found = {}
        for row in rows:
            measure = next((m for ending, m in PUBLISHED.items() if str(row["code"]).endswith(ending)), None)
            if row["kind"] == "position" and measure is not None and frames.series_years(str(row["code"])):
                found[measure] = row
        return found

    return frames.remember("chain-position-series", (), read)


def position_year() -> int | None:
    """Newest year of the published positions."""
    series = position_series()
    years = frames.series_years(str(series["upstreamness"]["code"])) if "upstreamness" in series else []
    return years[0] if years else None


def published() -> pd.DataFrame:
    """Published positions: [country, industry, upstreamness, downstreamness, value_added_share, final_use_share]."""

    def read() -> pd.DataFrame:
        newest, parts = position_year(), []
        for measure, row in position_series().items():
            figures = frames.industry_figures(str(row["code"]))
            figures = figures[figures["period"] == newest]
            parts.append(figures.set_index(["region", "industry"])["value"].rename(measure))
        if not parts:
            return pd.DataFrame(columns=["country", "industry", *MEASURES])
        wide = pd.concat(parts, axis=1).reset_index().rename(columns={"region": "country"})
        wide = wide.reindex(columns=["country", "industry", *MEASURES])
        # An industry without output stands in the publication with a 1 for each count of stages.
        return wide[~((wide["upstreamness"] == 1) & (wide["downstreamness"] == 1))].reset_index(drop=True)

    return frames.remember("chain-published", (), read)


def countries() -> list[Option]:
    """Countries to choose from: those of the area, then all others in a table."""

    def read() -> list[Option]:
        regions = frames.regions()
        own = set(frames.current_regions()["country"]) | {"MD", "UA"}
        own &= set(regions.loc[regions["level"] == 0, "code"])
        known = {code for table in tables() for code in table.countries} | set(published()["country"])
        out = []
        for codes, group in ((own, _("The area")), (known - own - {"ROW"}, _("Other countries in the tables"))):
            options = [Option(code, frames.country_name(code), group) for code in codes]
            out += sorted(options, key=lambda option: sort_key(option.label))
        return out

    return frames.remember("chain-countries", (), read)


def table_options() -> list[Option]:
    """Tables to choose from; the first is whatever is best for the country."""
    options = [Option(BEST, _("Best for the country"))]
    options += [Option(table.subject, _named(table)) for table in tables()]
    if position_series():
        options.append(Option(POSITIONS, _("Published positions, {year}").format(year=year(position_year()))))
    return options


def _named(table: Table) -> str:
    """A table as people call it, with its year."""
    if table.kind == "national" and not table.made:
        called = _("National table of {country}, {year}")
        return called.format(country=frames.country_name(table.country), year=year(table.year))
    return table.name if str(table.year) in table.name else f"{table.name}, {table.year}"


def standing(country: str, wanted: str = BEST) -> Standing:
    """What is known of a country.

    Args:
        country: its code.
        wanted: subject of a table, ``positions`` or ``best``; what does not hold the country gives way to the best.
    """
    name = frames.country_name(country)
    fitting = [table for table in tables() if table.holds(country)]
    placed = country in set(published()["country"])
    notes, outside = [], _outside(country, name)
    chosen = next((table for table in fitting if table.subject == wanted), None)
    if wanted == POSITIONS and placed:
        return Standing(country, name, "positions", outside=outside)
    if chosen is None and fitting:
        chosen = fitting[0]
    if wanted not in (BEST, POSITIONS) and (chosen is None or chosen.subject != wanted):
        asked = next((_named(table) for table in tables() if table.subject == wanted), "")
        if asked:
            notes.append(_("{table} does not show {country} on its own.").format(table=asked, country=name))
    elif wanted == POSITIONS:
        notes.append(_("There are no published positions of {country}.").format(country=name))
    if chosen is not None:
        if chosen.made:
            notes.append(_("This table is made up for illustration; it holds no statistics."))
        state: State = "inter_country" if chosen.kind == "inter_country" else "national"
        return Standing(country, name, state, chosen, tuple(notes), outside)
    return Standing(country, name, "positions" if placed else "none", None, tuple(notes), outside)


def _outside(country: str, name: str) -> str:
    """Whether inter-country tables hide the country in their rest of the world; '' when they do not."""
    loaded = [table for table in tables() if table.kind == "inter_country"]
    if any(table.holds(country) for table in loaded):
        return ""
    if country in REST_OF_WORLD:
        first = _("The inter-country tables FIGARO, ICIO and WIOD count {country} in the “rest of the world”.")
    elif country in PARTLY:
        first = _("FIGARO, WIOD and most editions of ICIO count {country} in the “rest of the world”.")
    elif loaded:
        first = _("{table} counts {country} in the “rest of the world”.")
    else:
        return ""
    second = _(
        "So its share in chains across borders cannot be read from them; national tables, trade and employment are "
        "used in their place."
    )
    return first.format(country=name, table=_named(loaded[0]) if loaded else "") + " " + second


# --- industries -----------------------------------------------------------------------------------------------------


def result(table: Table, part: str) -> Result | None:
    """A derived result of a table; None when it has not been computed."""
    return frames.derived("chain", table.subject, part)


def system(found: Standing) -> "value_chain.System | None":
    """The table of a country, ready to compute with; None without a table, or when its file is missing or damaged."""
    if found.table is None:
        return None
    try:
        return frames.io_system(found.table.digest)
    except TableFileError as error:
        log.warning("%s: %s", found.table.name, error)
        return None


def conventions(found: Standing) -> Mapping[str, Any]:
    """Conventions and diagnostics of the derived results; empty for published positions."""
    got = None if found.table is None else result(found.table, "industries")
    return {} if got is None else got.facts


def names(classification: str) -> pd.DataFrame:
    """Industries of a classification by code: [name, label (short), group]."""

    def read() -> pd.DataFrame:
        frame = frames.industries(classification).set_index("code")
        label = frame["short"].where(frame["short"].notna() & (frame["short"] != ""), frame["name"])
        group = [SECTIONS.get(str(section)[:1], "public") for section in frame["section"]]
        return pd.DataFrame({"name": frame["name"], "label": label, "group": group}, index=frame.index)

    return frames.remember("chain-names", (classification,), read)


def industries(found: Standing) -> pd.DataFrame:
    """All industries of a country that have figures: [industry, name, label, group, …measures of its state].

    Shares are fractions. Empty when nothing is known or nothing has been computed.
    """

    def read() -> pd.DataFrame:
        frame, scale = _of_countries(found, [found.country]), found.scale
        if scale != 1:
            shown = {name: frame[name] / scale for name in AMOUNTS if name in frame}
            frame = frame.assign(**shown, jobs_multiplier=frame["jobs_multiplier"] * scale)
        return _labelled(frame, found.classification)

    return frames.remember("chain-industries", _key(found), read)


def _of_countries(found: Standing, codes: Sequence[str]) -> pd.DataFrame:
    if found.table is None:
        frame = published()
    else:
        got = result(found.table, "industries")
        frame = pd.DataFrame(columns=["country", "industry", *MEASURES]) if got is None else got.frame
    frame = frame[frame["country"].isin(codes)]
    return frame[frame["upstreamness"].notna()].reset_index(drop=True)


def _labelled(frame: pd.DataFrame, classification: str) -> pd.DataFrame:
    if frame.empty:
        return frame.assign(name="", label="", group="")
    called = names(classification).reindex(frame["industry"])
    code = frame["industry"].to_numpy()
    return frame.assign(
        name=np.where(called["name"].isna(), code, called["name"]),
        label=np.where(called["label"].isna(), code, called["label"]),
        group=called["group"].fillna("public").to_numpy(),
    )


def industry_options(found: Standing) -> list[Option]:
    """Industries to choose from, in the order of the classification."""
    frame = industries(found)
    if frame.empty:
        return []
    order = {code: place for place, code in enumerate(names(found.classification).index)}
    rows = frame.assign(place=frame["industry"].map(order)).sort_values("place", kind="stable")
    return [
        Option(code, name, _(GROUPS[group]))
        for code, name, group in zip(rows["industry"], rows["name"], rows["group"], strict=True)
    ]


def industry_codes() -> list[str]:
    """Every industry of every table, for telling a code from nonsense."""

    def read() -> list[str]:
        codes = {code for table in tables() for code in table.industries} | set(published()["industry"])
        return sorted(codes)

    return frames.remember("chain-industry-codes", (), read)


def region_of(country: str) -> str:
    """A region of a country, for links to pages that are about regions; '' when it has none."""
    regions = frames.current_regions()
    mine = regions.loc[regions["country"] == country, "code"]
    return str(mine.iloc[0]) if len(mine) else ""


def chosen_industry(found: Standing, wanted: str) -> str:
    """The industry asked for, else the largest in manufacturing ('' when there is none)."""
    frame = industries(found)
    if frame.empty or wanted in set(frame["industry"]):
        return wanted if len(frame) else ""
    made = frame[frame["group"] == "manufacturing"]
    made = made if len(made) else frame
    size = made["output"] if "output" in made else made["downstreamness"]
    return str(made.loc[size.idxmax(), "industry"]) if size.notna().any() else str(made["industry"].iloc[0])


def known_size(frame: pd.DataFrame) -> bool:
    """Whether the industries have an output to weigh them by."""
    return "output" in frame and bool(frame["output"].notna().any())


def large(frame: pd.DataFrame) -> pd.DataFrame:
    """Industries big enough to be named; where no size is known, all but those that no policy could mean."""
    if not known_size(frame):
        return frame[~frame["industry"].isin(UNTOLD)]
    return frame[(frame["output"] >= SMALL * frame["output"].sum()) & ~frame["industry"].isin(UNTOLD)]


def exported(found: Standing) -> pd.Series:
    """Whether the position of each industry rests on a small part of its output, by code (bool)."""
    frame = industries(found).set_index("industry")
    if found.state != "national" or "exports" not in frame:
        return pd.Series(False, index=frame.index)
    return frame["exports"] > EXPORTED * frame["output"]


def ends(found: Standing) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The most upstream and the most downstream of the larger industries; None when nothing is known."""
    frame = large(industries(found))
    frame = frame[~frame["industry"].map(exported(found)).astype(bool)]
    if frame.empty:
        return None
    ordered = frames.records(frame.sort_values("upstreamness", kind="stable"))
    return ordered[-1], ordered[0]


# --- countries ------------------------------------------------------------------------------------------------------


def of_country(found: Standing, country: str = "") -> Mapping[str, Any] | None:
    """A country's row of the inter-country results; None when there is none."""
    if found.table is None or found.state != "inter_country":
        return None
    got = result(found.table, "countries")
    if got is None:
        return None
    mine = got.frame[got.frame["country"] == (country or found.country)]
    return frames.records(mine)[0] if len(mine) else None


def comparable(found: Standing, others: Sequence[str]) -> tuple[list[Standing], list[str]]:
    """Those of the other countries that the same kind of figures exist for, and the names of those without.

    In an inter-country table and in published positions these are the same source; a national table is set beside the
    newest national table of the other country, when both have the same classification.
    """
    there, lacking = [], []
    for code in others:
        if code == found.country:
            continue
        other = _counterpart(found, code)
        if other is None:
            lacking.append(frames.country_name(code))
        else:
            there.append(other)
    return there, lacking


def company(found: Standing) -> list[str]:
    """Countries to compare with where the reader has chosen none: the largest of the area that have such figures."""

    def find() -> list[str]:
        area = [option.value for option in countries() if option.group == _("The area")]
        there, _lacking = comparable(found, area)
        if found.state == "inter_country" and found.table is not None:
            got = result(found.table, "industries")
            size = {} if got is None else got.frame.groupby("country")["output"].sum().to_dict()
            there = sorted(there, key=lambda one: -size.get(one.country, 0.0))
        return [one.country for one in there[:COMPANY]]

    return frames.remember("chain-company", _key(found), find)


def _key(found: Standing) -> tuple[str, str, str]:
    return found.country, found.state, found.table.subject if found.table else ""


def _counterpart(found: Standing, code: str) -> Standing | None:
    name = frames.country_name(code)
    if found.state == "positions":
        return Standing(code, name, "positions") if code in set(published()["country"]) else None
    if found.state == "inter_country" and found.table is not None:
        return Standing(code, name, found.state, found.table) if found.table.holds(code) else None
    for table in tables():
        if table.kind == "national" and table.country == code and table.classification == found.classification:
            return Standing(code, name, "national", table)
    return None


def compared(found: Standing, others: Sequence[Standing], industry: str) -> pd.DataFrame:
    """Upstreamness of the larger industries of several countries: [industry, label, country, country_name, x, year].

    Rows are in the order of upstreamness in the chosen country, the chosen industry among them.
    """
    own = industries(found)
    if own.empty:
        return pd.DataFrame(columns=["industry", "label", "country", "country_name", "x", "year"])
    parts = [
        industries(one).assign(country=one.country, country_name=one.name, year=one.year, x=lambda f: f["upstreamness"])
        for one in (found, *others)
    ]
    every = pd.concat(parts, ignore_index=True)
    if known_size(own):
        first = own.sort_values("output", ascending=False, kind="stable")["industry"]
    else:
        spread = every.groupby("industry")["x"].agg(lambda values: values.max() - values.min())
        first = spread.sort_values(ascending=False, kind="stable").index.to_series()
        first = first[first.isin(own["industry"])]
    kept = list(dict.fromkeys([industry, *first]))[:ROWS]
    rank = own.set_index("industry")["upstreamness"]
    every = every[every["industry"].isin(kept)]
    order = every["industry"].map(rank)
    every = every.assign(order=order).sort_values(["order", "industry"], ascending=[False, True], kind="stable")
    return every[["industry", "name", "label", "country", "country_name", "x", "year"]].reset_index(drop=True)


def participation(found: Standing, others: Sequence[Standing]) -> pd.DataFrame:
    """Backward and forward participation of countries, the chosen one first, the others by their sum.

    Without others, all countries of the area that the table shows. Columns: those of the derived part ``countries``,
    with ``name``.
    """
    got = None if found.table is None or found.state != "inter_country" else result(found.table, "countries")
    if got is None:
        return pd.DataFrame(columns=["country", "name", "backward", "forward"])
    area = set(frames.current_regions()["country"])
    wanted = {one.country for one in others} or area
    frame = got.frame[got.frame["country"].isin(wanted | {found.country})]
    frame = frame.assign(name=[frames.country_name(code) for code in frame["country"]])
    own = frame["country"] != found.country
    total = -(frame["backward"] + frame["forward"])
    return frame.assign(own=own, total=total).sort_values(["own", "total"], kind="stable").reset_index(drop=True)


def participating(found: Standing, industry: str) -> pd.DataFrame:
    """Backward and forward participation of the largest exporting industries of the country, the chosen among them."""
    frame = industries(found)
    if "backward_participation" not in frame or frame["backward_participation"].isna().all():
        return frame.iloc[:0]
    ordered = frame.sort_values("exports", ascending=False, kind="stable")
    kept = list(dict.fromkeys([industry, *ordered["industry"]]))[:ROWS]
    return ordered[ordered["industry"].isin(kept)].reset_index(drop=True)


def partners(found: Standing, at_most: int = 12) -> pd.DataFrame:
    """Countries whose value is in the exports of the chosen one, and that absorb its value in their final demand.

    Columns: country, name, origin (share of gross exports, fraction), absorbed (share of all value added of the
    country that is absorbed abroad, fraction), origin_value, absorbed_value.
    """
    empty = pd.DataFrame(columns=["country", "name", "origin", "absorbed", "origin_value", "absorbed_value"])
    if found.table is None or found.state != "inter_country":
        return empty
    origins, absorbers = result(found.table, "origins"), result(found.table, "absorbers")
    if origins is None or absorbers is None:
        return empty
    into = origins.frame[origins.frame["exporter"] == found.country].set_index("origin")["value"]
    onward = absorbers.frame[absorbers.frame["country"] == found.country].set_index("absorber")["value_added"]
    exports = float(into.sum())
    both = pd.DataFrame({"origin_value": into, "absorbed_value": onward}).drop(index=found.country, errors="ignore")
    abroad = float(both["absorbed_value"].sum())
    both["origin"] = both["origin_value"] / exports if exports > 0 else np.nan
    both["absorbed"] = both["absorbed_value"] / abroad if abroad > 0 else np.nan
    total = both["origin_value"].fillna(0) + both["absorbed_value"].fillna(0)
    both = both.loc[total.sort_values(ascending=False, kind="stable").index[:at_most]]
    both = both.rename_axis("country").reset_index()
    return both.assign(name=[frames.country_name(code) for code in both["country"]])


# --- words ----------------------------------------------------------------------------------------------------------


def headline(found: Standing) -> str:
    """Where the country sits, in one or two sentences."""
    return frames.remember("chain-headline", _key(found), lambda: _headline(found))


def _headline(found: Standing) -> str:
    if found.state == "none":
        return _("{country}: no table and no published position shows where it sits in value chains").format(
            country=found.name
        )
    both = ends(found)
    if both is None:
        return _("{country}: the results of its table have not been computed yet").format(country=found.name)
    upper, lower = both
    first = _("{country}: furthest from final use – {upper} ({u} stages); nearest – {lower} ({d}).").format(
        country=found.name,
        upper=named_in_text(upper["label"]),
        lower=named_in_text(lower["label"]),
        u=number(upper["upstreamness"], 1),
        d=number(lower["upstreamness"], 1),
    )
    row = of_country(found)
    if row is None or not _there(row.get("backward")):
        return first
    second = _("{share} of the value of its exports comes from abroad.").format(share=percent(row["backward"], 0))
    return first + " " + second


def named_in_text(label: str) -> str:
    """An industry's name inside a sentence: in lower case, but never an abbreviation."""
    return label if label[1:2].isupper() or language() not in ("en", "hu") else label[:1].lower() + label[1:]


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


WORDS: Mapping[tuple[str, str], str] = {
    ("value_added", "residual"): N_("Value added counts as output less all inputs from industries."),
    ("value_added", "given"): N_("Value added is the published one."),
    ("imports", "proportional"): N_(
        "The table holds imports in its uses: every user of a product is assumed to buy the same share of it at home."
    ),
    ("imports", "within"): N_("The table holds imports in its uses, and they count like domestic supplies."),
    ("exports", "domestic"): N_("Exports are taken to be made at home."),
    ("exports", "proportional"): N_("Exports are taken to hold imports like all other uses."),
    ("upstreamness_exports", "intermediate and final abroad as at home"): N_(
        "Exports are taken to be used abroad as the product is used at home (open-economy correction)."
    ),
    ("upstreamness_exports", "traced"): N_("Exports are followed through the industries of all countries."),
    ("inventories", "final"): N_("Changes in inventories count as final use."),
    ("inventories", "net"): N_("Changes in inventories are taken out of output (net-inventory correction)."),
    ("downstreamness", "domestic stages"): N_("Downstreamness counts domestic stages only."),
    ("multipliers", "type I, within the country"): N_(
        "Multipliers are of type I (households' spending is not fed back) and count what arises in the country."
    ),
    ("linkages", "Rasmussen, forward after Ghosh, average of the country"): N_(
        "Linkages are Rasmussen's indices, forward after Ghosh; 1 is the average of the country."
    ),
    ("extraction", "row, column and final sales removed, within the country"): N_(
        "The extraction takes away the industry's purchases, deliveries and final sales."
    ),
    ("decomposition", "Borin-Mancini, source-based, country perimeter"): N_(
        "Accounting of value added in exports: Borin and Mancini (2019, 2023), source-based, country perimeter."
    ),
    ("participation_countries", "foreign content and value added in others' exports, share of exports"): N_(
        "Participation of countries: foreign content, and value added in others' exports, in shares of gross exports."
    ),
    ("participation_industries", "Wang-Wei-Yu-Zhu, production side"): N_(
        "Participation of industries: Wang, Wei, Yu and Zhu (2017), production side."
    ),
}
"""Conventions of the derived results in words."""


def conventions_in_words(found: Standing, *topics: str) -> list[str]:
    """Conventions of the derived results, those of these topics, or all without any; unknown ones as they are."""
    chosen = conventions(found).get("conventions", {})
    return [
        _(WORDS[topic, str(value)]) if (topic, str(value)) in WORDS else f"{topic}: {value}."
        for topic, value in chosen.items()
        if not topics or topic in topics
    ]


def cautions(found: Standing, of: Literal["positions", "diagnostics"] = "positions") -> tuple[str, ...]:
    """What a careful reader must know of the table: what does not balance and is doubtful, and of positions in it."""
    facts = conventions(found)
    odd = facts.get("diagnostics", {})
    notes = []
    unbalanced = odd.get("unbalanced", {})
    if unbalanced.get("count"):
        notes.append(
            _("Supply and use differ by more than 1% in {n} industries, at most by {share}.").format(
                n=number(unbalanced["count"]), share=percent(odd.get("balance"), 1)
            )
        )
    doubtful = [text.partition(" ") for text in odd.get("doubtful", [])]
    mine = [industry for country, _space, industry in doubtful if country == found.country]
    if mine:
        called = names(found.classification)["label"]
        listed = ", ".join(str(called.get(code, code)) for code in mine[:8]) + (" …" if len(mine) > 8 else "")
        notes.append(
            _("To be read with care (negative or nearly no final use or value added): {list}.").format(list=listed)
        )
    abroad = exported(found)
    if of == "positions" and abroad.any():
        notes.append(
            _(
                "Hollow: industries that export more than {share} of their output. The table does not follow it "
                "abroad, so their position rests on the little that they sell at home."
            ).format(share=percent(EXPORTED, 0))
        )
    if found.state == "positions":
        notes.append(
            _("Published by Antràs and Chor (2018) from the World Input-Output Database; sizes are not published.")
        )
    return tuple(notes)


def coverage(found: Standing) -> list[str]:
    """What the figures rest on, in few words."""
    frame = industries(found)
    if frame.empty:
        return []
    parts = [_("{n} industries").format(n=number(len(frame)))]
    if found.table is not None and found.state == "inter_country":
        parts.append(_("{n} countries").format(n=number(len(found.table.countries))))
    if found.unit:
        parts.append(_("amounts in {unit}").format(unit=found.unit))
    return parts


# --- linkages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Web:
    """Which industries buy from which: cells [source, target, share (per cent), source_name, target_name]."""

    cells: pd.DataFrame
    order: tuple[str, ...]
    names: Mapping[str, str]
    strong: str
    answer: str
    notes: tuple[str, ...]


OTHER = "other"


def linkages(found: Standing, industry: str) -> Web | None:
    """The inter-industry block of the country; None when it has not been computed."""
    if found.table is None:
        return None
    got = result(found.table, f"linkages:{found.country}")
    if got is None:
        return None
    called = names(found.classification)["label"].to_dict() | {OTHER: _("All others")}
    frame = got.frame[got.frame["value"] > 0]
    cells = pd.DataFrame(
        {
            "source": frame["source"],
            "target": frame["target"],
            "share": frame["value"] * 100,
            "source_name": [called.get(code, code) for code in frame["source"]],
            "target_name": [called.get(code, code) for code in frame["target"]],
        }
    ).reset_index(drop=True)
    order = tuple(dict.fromkeys(got.frame["source"]))
    strong = industry if industry in order else OTHER if OTHER in order else ""
    across = cells[(cells["source"] != cells["target"]) & (cells["source"] != OTHER) & (cells["target"] != OTHER)]
    answer = _("{country}: industries do not buy from one another").format(country=found.name)
    if len(across):
        top = frames.records(across.loc[[across["share"].idxmax()]])[0]
        answer = _("Closest tie in {country}: {source} gives {share}% of the inputs of {target}").format(
            country=found.name,
            source=named_in_text(top["source_name"]),
            target=named_in_text(top["target_name"]),
            share=number(top["share"], 0),
        )
    hidden = len(found.table.industries) - len([code for code in order if code != OTHER])
    notes = []
    if OTHER in order:
        notes.append(
            _("The {n} largest industries are shown, the other {m} are added up.").format(
                n=number(len(order) - 1), m=number(hidden)
            )
        )
    return Web(cells, order, called, strong, answer, tuple(notes))


# --- smile curve ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """The smile curve of a chain.

    Attributes:
        points: [key, label, name, country_name, x (stages to the final product), y (value added, per cent of output),
            size, share (per cent of the chain's value), own], the most important first.
        fitted: [x, fit, low, high]; empty where there is no smile.
        answer: what it says.
        notes: how well it fits, or why no curve is drawn.
    """

    points: pd.DataFrame
    fitted: pd.DataFrame
    answer: str
    notes: tuple[str, ...]


def smile(found: Standing, industry: str) -> Curve | None:
    """The chain that ends in the country's product of an industry; None when it makes none."""
    table = system(found)
    if table is None or found.state != "inter_country" or not industry:
        return None
    try:
        bent = value_chain.smile(table, found.country, industry)
    except value_chain.TableError:
        return None
    called = names(found.classification)
    frame = bent.points.sort_values("share", ascending=False, kind="stable", ignore_index=True).head(POINTS)
    code = frame["industry"].to_numpy()
    label = called["label"].reindex(code).fillna(pd.Series(code, index=code)).to_numpy()
    full = called["name"].reindex(code).fillna(pd.Series(code, index=code)).to_numpy()
    country = {one: frames.country_name(one) for one in frame["country"].unique()}
    points = pd.DataFrame(
        {
            "key": frame["industry"],
            "label": [f"{text}, {one}" for text, one in zip(label, frame["country"], strict=True)],
            "name": full,
            "country_name": frame["country"].map(country),
            "x": frame["distance"],
            "y": frame["value_added_share"] * 100,
            "size": frame["share"],
            "share": frame["share"] * 100,
            "own": frame["country"] == found.country,
        }
    )
    fitted = pd.DataFrame(columns=["x", "fit", "low", "high"])
    if bent.is_smile:
        curve = bent.curve
        fitted = pd.DataFrame(
            {
                "x": curve["distance"],
                "fit": curve["value_added_share"] * 100,
                "low": curve["low"] * 100,
                "high": curve["high"] * 100,
            }
        )
    # Of the whole chain: the points leave out what is too small to be seen.
    per_unit = table.shares * table.leontief_column(table.table.place(found.country, industry))
    at_home = float(per_unit[table.table.rows(found.country)].sum() / per_unit.sum()) * 100
    name = called["label"].get(industry, industry)
    first = _("{industry}: {share}% of the value of its chain stays in {country}").format(
        industry=name, share=number(at_home, 0), country=found.name
    )
    if bent.is_smile and bent.certain:
        second = _("the chain smiles: both ends earn more than its middle")
    elif bent.is_smile:
        second = _("a smile can be fitted, but is not certain")
    else:
        second = _("the chain does not smile")
    notes = [_("The points hold {share} of the value of the chain.").format(share=percent(frame["share"].sum(), 0))]
    if bent.reason == "not_positive":
        notes.append(_("No curve is drawn: the fitted one bends downwards, so the middle of the chain earns most."))
    elif bent.reason == "too_few":
        notes.append(_("No curve is drawn: the chain has fewer than four suppliers of weight."))
    else:
        notes.append(_("Weighted quadratic fit, R² {r2}, 95% band.").format(r2=number(bent.r_squared, 2)))
    return Curve(points, fitted, f"{first}; {second}", tuple(notes))


# --- suppliers and buyers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flows:
    """Who supplies an industry and who buys from it.

    ``suppliers`` and ``buyers``: [key, label, name, value, share (per cent of output), kind (see
    ``figures.sankey.chain``)], from top to bottom; each side adds up to the industry's output.
    """

    suppliers: pd.DataFrame
    buyers: pd.DataFrame
    answer: str
    decimals: int
    notes: tuple[str, ...]


LEFT_OVER = ("other", "imports", "taxes", "value_added", "exports", "final", "other_final", "difference")
"""Order of the kinds below the named industries, from top to bottom."""


def flows(found: Standing, industry: str, top: int, threshold: float) -> Flows | None:
    """Suppliers and buyers of an industry of the country; None when it has no output.

    Args:
        found: the country with its table.
        industry: its code.
        top: partners named on each side.
        threshold: partners below this share of output are added up.
    """
    table = system(found)
    if table is None or not industry:
        return None
    key = (*_key(found), industry, top, threshold)
    return frames.remember("chain-flows", key, lambda: _flows(table, found, industry, top, threshold))


def _flows(table: "value_chain.System", found: Standing, industry: str, top: int, threshold: float) -> Flows | None:
    frame = value_chain.suppliers_and_buyers(table, found.country, industry, top)
    if frame.empty or frame["share"].isna().all():
        return None
    frame = _folded(frame.assign(value=frame["value"] / found.scale), threshold)
    called = names(found.classification)
    rows = [_stream(found, row, called) for row in frames.records(frame)]
    frame = pd.concat([frame[["side", "value"]], pd.DataFrame(rows)], axis=1).assign(share=frame["share"] * 100)
    sides = [frame[frame["side"] == side].reset_index(drop=True) for side in ("supplier", "buyer")]
    negative = frame[frame["value"] < 0]
    notes = []
    decimals = places_for(frame["value"])
    if len(negative):
        listed = "; ".join(f"{r['name']} {number(r['value'], decimals)}" for r in frames.records(negative))
        notes.append(_("Negative amounts cannot be drawn and stand in the table only: {list}.").format(list=listed))
    return Flows(sides[0], sides[1], _flows_answer(found, industry, sides, called), decimals, tuple(notes))


def _folded(frame: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Partners below the threshold are added to the others of their side, at home and abroad apart."""
    kept: list[dict[str, Any]] = []
    others: dict[tuple[str, str, Any], dict[str, Any]] = {}
    for row in frames.records(frame):
        own_final = row["kind"] == "final" and row["domestic"]
        small = row["kind"] in ("industry", "final") and abs(row["share"]) < threshold and not own_final
        if not small and row["kind"] not in ("other", "other_final"):
            kept.append(row)
            continue
        kind = "other" if row["kind"] in ("industry", "other") else "other_final"
        same = others.setdefault(
            (row["side"], kind, row["domestic"]),
            {**row, "kind": kind, "country": None, "industry": None, "value": 0.0, "share": 0.0, "count": 0},
        )
        for column in ("value", "share", "count"):
            same[column] += row[column]
    every = pd.DataFrame([*kept, *others.values()], columns=list(frame.columns))
    order = [LEFT_OVER.index(kind) + 1 if kind in LEFT_OVER else 0 for kind in every["kind"]]
    every = every.assign(order=order, size=-every["value"])
    return every.sort_values(["side", "order", "size"], kind="stable", ignore_index=True).drop(
        columns=["order", "size"]
    )


def _stream(found: Standing, row: Mapping[str, Any], called: pd.DataFrame) -> dict[str, str]:
    """Key, names and kind of a supplier or buyer."""
    kind, at_home = str(row["kind"]), bool(row["domestic"])
    if kind == "industry":
        code = str(row["industry"])
        label, name = (str(called[c].get(code, code)) for c in ("label", "name"))
        if at_home:
            return {"key": code, "label": label, "name": name, "kind": "own"}
        country = frames.country_name(str(row["country"]))
        return {"key": "", "label": f"{row['country']}: {label}", "name": f"{name}, {country}", "kind": "abroad"}
    if kind == "other":
        where = _("Other industries at home") if at_home else _("Other industries abroad")
        if found.state == "national":
            where = _("Other industries")
        return {"key": "", "label": where, "name": f"{where} ({number(row['count'])})", "kind": "other"}
    if kind == "final":
        label = _("Final use at home")
        if not at_home:
            label = _("Final use, {country}").format(country=frames.country_name(str(row["country"])))
        return {"key": "", "label": label, "name": label, "kind": "final" if at_home else "abroad"}
    label, tone = {
        "other_final": (_("Final use, other countries"), "abroad"),
        "exports": (_("Exports"), "abroad"),
        "imports": (_("Imported inputs"), "abroad"),
        "taxes": (_("Taxes less subsidies"), "other"),
        "value_added": (_("Own value added"), "value_added"),
    }.get(kind, (_("Not accounted for"), "other"))
    return {"key": "", "label": label, "name": label, "kind": tone}


def _flows_answer(found: Standing, industry: str, sides: Sequence[pd.DataFrame], called: pd.DataFrame) -> str:
    suppliers, buyers = sides
    named_ones = suppliers[suppliers["kind"].isin(["own", "abroad"])]
    best = [frames.records(part.loc[[part["value"].idxmax()]])[0] for part in (named_ones, buyers) if len(part)]
    label = str(called["label"].get(industry, industry))
    if len(best) < 2:
        return label
    template = _(
        "{industry} of {country}: largest supply – {supplier} ({s}%); largest buyer – {buyer} ({b}% of output)"
    )
    return template.format(
        industry=label,
        country=found.name,
        supplier=named_in_text(best[0]["name"]),
        s=number(best[0]["share"], 0),
        buyer=named_in_text(best[1]["name"]),
        b=number(best[1]["share"], 0),
    )


def places_for(values: pd.Series) -> int:
    """Decimals with which the largest of some amounts has three digits or more."""
    top = float(values.abs().max()) if len(values) else 0.0
    return 0 if top >= 100 or top == 0 else 1 if top >= 10 else 2 if top >= 1 else 3


# --- what if --------------------------------------------------------------------------------------------------------

ASSUMED: Mapping[str, str] = {
    "fixed_coefficients": N_("Inputs, value added and jobs per unit of output stay as they are."),
    "fixed_prices": N_("Prices do not answer, so nobody switches to something cheaper."),
    "free_capacity": N_("Producers can grow and shrink at once; nothing is in short supply."),
    "no_income_feedback": N_("What households earn more or less does not change what they buy."),
    "one_year": N_("The structure is that of the table's year; there is no path over time."),
    "present_pattern": N_("The change is spread over buyers as final demand is today."),
    "replaced_from_outside": N_("Buyers of the lost supplier go on, with inputs from outside the table."),
    "supply_driven": N_("Buyers shrink by the share of inputs that they lose: an upper bound, and contested."),
    "fixed_allocation": N_("Each industry sells the same shares of its output to the same buyers."),
    "imports_proportional": N_(
        "Every user of a product buys the same share of it at home; import shares are constant."
    ),
    "home_only": N_("Effects in other countries, and what comes back from them, are not traced."),
    "taxes_in_value_added": N_("Value added holds taxes less subsidies on the products that are used as inputs."),
    "jobs_of_other_year": N_("Jobs follow output in proportion; jobs per output are those of another year."),
    "jobs_partly_unknown": N_("Jobs leave out industries whose jobs are unknown."),
}
"""Assumptions of a shock in words, by the codes of ``analysis.shocks``."""


@dataclass(frozen=True)
class Trace:
    """What a shock does.

    Attributes:
        hit: the industry where it happens.
        industries: of the chosen country, largest change first: [industry, name, label, value (change of output),
            relative (per cent), value_added, jobs].
        countries: largest change first: [country, name, output, value_added, jobs].
        rounds: [round, label, value, total, share (per cent of the whole)].
        totals: (what, change, more) of output, value added and jobs of the chosen country.
        assumptions: in words.
        answer, abroad, steps: what the three pictures say.
        how: the model, in words.
        decimals: of the amounts.
    """

    hit: str
    industries: pd.DataFrame
    countries: pd.DataFrame
    rounds: pd.DataFrame
    totals: tuple[tuple[str, str, str], ...]
    assumptions: tuple[str, ...]
    answer: str
    abroad: str
    steps: str
    how: str
    decimals: int


def trace(found: Standing, kind: str, partner: str, hit: str, size: int) -> Trace | None:
    """Follow a shock through the table; None without a table.

    Args:
        found: the country whose effects are asked for.
        kind: ``demand`` (final demand for the products of the hit industry changes) or ``supplier`` (it delivers less).
        partner: country of the hit industry; another than the chosen one in inter-country tables only.
        hit: the industry.
        size: change in per cent; of a lost supplier only its amount counts.
    """
    table = system(found)
    if table is None or not hit:
        return None
    key = (*_key(found), kind, partner, hit, size)
    return frames.remember("chain-trace", key, lambda: _traced(table, found, kind, partner, hit, size))


def _traced(table: "value_chain.System", found: Standing, kind: str, partner: str, hit: str, size: int) -> Trace:
    if kind == "supplier" and size != 0:
        lost = value_chain.LostSupplier(partner, hit, abs(size) / 100)
        effect = value_chain.shock(table, lost_supplier=lost)
    else:
        change = value_chain.DemandChange(size / 100, partner, hit, relative=True)
        effect = value_chain.shock(table, demand=change)
    effect = _in_units(effect, found.scale)
    rows = effect.by_industry
    own = rows[rows["country"] == found.country]
    dust = 1e-9 * max(float(rows["output"].abs().max()), 1e-12)
    moved = own[own["output"].abs() > dust]
    moved = moved.loc[moved["output"].abs().sort_values(ascending=False, kind="stable").index]
    industry_rows = _labelled(
        pd.DataFrame(
            {
                "industry": moved["industry"],
                "value": moved["output"],
                "relative": moved["output_share"] * 100,
                "value_added": moved["value_added"],
                "jobs": moved["jobs"],
            }
        ).reset_index(drop=True),
        found.classification,
    )
    mine = frames.records(effect.by_country[effect.by_country["country"] == found.country])[0]
    places = effect.by_country[effect.by_country["output"].abs() > dust]
    places = places.loc[places["value_added"].abs().sort_values(ascending=False, kind="stable").index]
    places = places.assign(name=[frames.country_name(code) for code in places["country"]]).reset_index(drop=True)
    steps = pd.DataFrame(
        {
            "round": effect.rounds["round"],
            "label": [
                number(r["round"]) + ("+" if r["rest"] else "")
                for r in frames.records(effect.rounds[["round", "rest"]])
            ],
            "value": effect.rounds["output"],
            "total": effect.rounds["output"].cumsum(),
            "share": effect.rounds["cumulative"] * 100,
        }
    )
    decimals = places_for(industry_rows["value"]) if len(industry_rows) else 0
    assumptions = tuple(_(ASSUMED[code]) for code in effect.assumptions if code in ASSUMED)
    return Trace(
        hit=hit if partner == found.country else "",
        industries=industry_rows,
        countries=places,
        rounds=steps.iloc[:0] if effect.output == 0 else steps,
        totals=_totals(found, mine, effect, decimals),
        assumptions=assumptions,
        answer=_shock_answer(found, kind, partner, hit, size, mine, decimals),
        abroad=_abroad(found, effect, partner),
        steps=_steps(steps),
        how=" ".join([_model(kind), *assumptions]),
        decimals=decimals,
    )


def _in_units(effect: "value_chain.Shock", scale: float) -> "value_chain.Shock":
    """The same effects in the unit that is shown."""
    if scale == 1:
        return effect

    def divided(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: frame[name] / scale for name in ("output", "value_added")})

    return replace(
        effect,
        by_industry=divided(effect.by_industry),
        by_country=divided(effect.by_country),
        rounds=divided(effect.rounds),
        output=effect.output / scale,
        value_added=effect.value_added / scale,
    )


def _totals(
    found: Standing, mine: Mapping[str, Any], effect: "value_chain.Shock", decimals: int
) -> tuple[tuple[str, str, str], ...]:
    everywhere = found.state == "inter_country"
    out = []
    for label, name, places, unit in (
        (_("Output"), "output", decimals, found.unit),
        (_("Value added"), "value_added", decimals, found.unit),
        (_("Jobs"), "jobs", 0, _("persons")),
    ):
        if not _there(mine.get(name)):
            out.append((label, DASH, _("The table has no jobs.")))
            continue
        more = [unit]
        share = mine.get(f"{name}_share")
        if share is not None and _there(share):
            more.append(f"{signed(share * 100, 2)}%")
        if everywhere:
            whole = {"output": effect.output, "value_added": effect.value_added, "jobs": effect.jobs}[name]
            more.append(_("in all countries {change}").format(change=signed(whole, places)))
        out.append((label, signed(mine[name], places), " · ".join(more)))
    return tuple(out)


def _shock_answer(
    found: Standing, kind: str, partner: str, hit: str, size: int, mine: Mapping[str, Any], decimals: int
) -> str:
    called = names(found.classification)["label"]
    industry = str(called.get(hit, hit))
    place = found.name if partner == found.country else frames.country_name(partner)
    if kind == "supplier":
        first = _("If {share}% of the deliveries of {industry} ({place}) are lost").format(
            share=number(abs(size)), industry=named_in_text(industry), place=place
        )
    else:
        first = _("If final demand for {industry} ({place}) changes by {size}%").format(
            industry=named_in_text(industry), place=place, size=signed(size)
        )
    second = _("output of {country} changes by {output} {unit} ({share}%)").format(
        country=found.name,
        output=signed(mine["output"], decimals),
        unit=found.unit,
        share=signed(float(mine["output_share"]) * 100, 2),
    )
    third = ""
    if _there(mine.get("jobs")):
        third = " " + _("and its jobs by {jobs}").format(jobs=signed(mine["jobs"]))
    return f"{first}, {second}{third}"


def _abroad(found: Standing, effect: "value_chain.Shock", partner: str) -> str:
    rows = effect.by_country
    total = float(rows["value_added"].abs().sum())
    if total <= 0:
        return _("No country's value added changes")
    outside = float(rows.loc[rows["country"] != partner, "value_added"].abs().sum()) / total
    return _("{share} of the change of value added falls outside {country}").format(
        share=percent(outside, 0), country=frames.country_name(partner)
    )


def _steps(steps: pd.DataFrame) -> str:
    if len(steps) < 3 or steps["share"].isna().all():
        return _("How the shock runs along the chain")
    return _(
        "The shock itself is {first}% of the whole change of output; after two rounds {second}% has arrived"
    ).format(first=number(float(steps["share"].iloc[0]), 0), second=number(float(steps["share"].iloc[2]), 0))


def _model(kind: str) -> str:
    if kind == "supplier":
        return _(
            "Hypothetical extraction of the lost deliveries (Dietzenbacher and Lahr, 2013): what the supplier and its "
            "own suppliers no longer produce."
        )
    return _(
        "Leontief's demand model: the output that suppliers, and their suppliers, must deliver more or less for the "
        "change of final demand."
    )

"""What a region is good at and what it could do next, put together from results, figures and names. No Dash, no SQL.

Results come from ``frames.derived`` ("industries"); only shift-share and the location quotients beside a country are
computed here, from figures that are in the cache. Exports by product stand beside the series by industry: exporters are
the regions then, and products the industries. Everything is in the language of the request.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis import specialisation as measures
from dashboard import frames, products
from dashboard.findings import former_codes
from dashboard.i18n import DASH, N_, _, ngettext, number, percent, signed, sort_key, year
from store.tables import TableFileError

MOVES = 3
"""How many next moves the heading names."""

BROAD = 20
"""With fewer industries than this, nearness and complexity say too little to put moves in an order."""

PUBLIC = frozenset("OPQTU")
"""Sections of NACE whose size follows population and public budgets: administration, education, health, households,
international bodies. They are measured like all others and never named as a move."""

UNCERTAIN = frozenset("efipsu")
"""Flags of values that are estimated, provisional or of low reliability."""

QUADRANTS: Mapping[str, str] = {
    "high_road": N_("High road"),
    "slow_road": N_("Slow road"),
    "casino": N_("Casino"),
    "dead_end": N_("Dead end"),
}
"""Names of the quadrants of the diamond, by code."""

QUADRANT_MEANINGS: Mapping[str, str] = {
    "high_road": N_("near and complex: high gain at low risk"),
    "slow_road": N_("near and simple: low gain at low risk"),
    "casino": N_("far and complex: high gain at high risk"),
    "dead_end": N_("far and simple: low gain at high risk"),
}

STANDS = ("own", "former", "country", "exporter", "none")
"""Whose figures are shown: the region's own, those of an older region that held its area, its country's, its country's
exports (these are published for countries), or none."""


@dataclass(frozen=True)
class Part:
    """A part of a sentence; a number knows the id of the table row that holds it."""

    text: str
    anchor: str = ""


Said = tuple[Part, ...]


def said(template: str, **values: str | Part | Sequence[Part]) -> Said:
    """A translated template filled with texts and parts, in parts."""
    out: list[Part] = []
    rest = template
    while rest:
        text, brace, rest = rest.partition("{")
        if text:
            out.append(Part(text))
        if brace:
            name, _brace, rest = rest.partition("}")
            value = values[name]
            out += [Part(value)] if isinstance(value, str) else [value] if isinstance(value, Part) else list(value)
    return tuple(out)


def plain(parts: Iterable[Part]) -> str:
    """The sentence as text."""
    return "".join(part.text for part in parts)


def listed(parts: Sequence[Sequence[Part]], between: str = "; ") -> Said:
    """Several phrases one after the other."""
    out: list[Part] = []
    for place, phrase in enumerate(parts):
        out += [Part(between)] if place else []
        out += phrase
    return tuple(out)


@dataclass(frozen=True)
class Portfolio:
    """What one region does, industry by industry, in one year.

    Attributes:
        region, name: which region was asked for.
        source, source_name: the region whose figures are shown; '' when there are none.
        stand: one of ``STANDS``.
        note: in whose place they stand, in words; '' for the region's own.
        series: the series' row of the catalogue.
        period: the year; None when there are no figures.
        years: years with results, newest first.
        rows: a row per industry, largest first: the columns of the derived frame and [name, short, public, area_total
            (the industry's figure in all regions together), ubiquity, uncertain]. Empty when there are no figures.
        regions: structure of each region of that year.
        industries: [industry, total, share, ubiquity, pci, x, y].
        edges: [source, target, proximity, tree].
        facts: conventions, diagnostics and reference of the results.
        identified: whether complexity can be told from these figures.
    """

    region: str
    name: str
    source: str
    source_name: str
    stand: str
    note: str
    series: Mapping[str, Any]
    period: int | None
    years: tuple[int, ...]
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    regions: pd.DataFrame = field(default_factory=pd.DataFrame)
    industries: pd.DataFrame = field(default_factory=pd.DataFrame)
    edges: pd.DataFrame = field(default_factory=pd.DataFrame)
    facts: Mapping[str, Any] = field(default_factory=dict)
    identified: bool = False

    @property
    def label(self) -> str:
        """The region's name, with that of the region or country whose figures stand in its place."""
        if self.stand == "exporter":
            return _("{country} (exports)").format(country=self.source_name)
        if self.stand in ("own", "none"):
            return self.name
        return _("{region} (figures of {other})").format(region=self.name, other=self.source_name)

    @property
    def standing_in(self) -> str:
        """Whose figures stand in the region's place, in short; '' for its own."""
        if self.stand in ("own", "none") or self.region == self.source:
            return ""
        if self.stand == "exporter":
            return _("Exports are published for countries, not for regions: these are those of {country}.").format(
                country=self.source_name
            )
        template = _("Figures of {other} ({code}) stand in for {region}.")
        return template.format(other=self.source_name, code=self.source, region=self.name)

    @property
    def coarse(self) -> bool:
        """Whether the industries are too broad for an order of moves."""
        return len(self.rows) < BROAD

    @property
    def related(self) -> bool:
        """Whether relatedness is known: not where a country stands in."""
        return self.measured and bool(self.rows["density"].notna().any())

    @property
    def measured(self) -> bool:
        """Whether the figures are those of one of the regions, or exporters, that results were computed for."""
        return self.stand in ("own", "former", "exporter")

    @property
    def trade(self) -> bool:
        """Whether regions are exporters and industries are products."""
        return products.is_trade(self.series)

    def say(self, message: str) -> str:
        """A text of the page in the reader's language; for exports in words that speak of exporters and products."""
        return _(products.WORDS.get(message, message) if self.trade else message)

    @property
    def provenance(self) -> str:
        """Code under which publisher, dataset and licence of the figures are known."""
        return str(self.series.get("dataset" if self.trade else "code", ""))

    def value(self, amount: float) -> str:
        """A figure of the series as the reader writes it, without its unit."""
        return number(amount, int(self.series["decimals"]))

    def row(self, industry: str) -> Mapping[str, Any] | None:
        """One industry; None when it is not among the rows."""
        found = self.rows[self.rows["industry"] == industry]
        return frames.records(found)[0] if len(found) else None


def all_series() -> list[dict[str, Any]]:
    """Series that tell a structure and have figures, in the catalogue's order."""

    def compute() -> list[dict[str, Any]]:
        known = frames.industry_series()
        counted = frames.records(known[known["kind"] == "structure"])
        return [*(row for row in counted if _periods(row)), *products.all_series()]

    return frames.remember("specialisation-series", (), compute)


def _periods(series: Mapping[str, Any]) -> list[int]:
    """Years of a series, newest first."""
    return list(series["years"]) if products.is_trade(series) else frames.series_years(str(series["code"]))


def industry_codes() -> list[str]:
    """Codes of all industries that may be picked, of any series."""

    def compute() -> list[str]:
        return list(dict.fromkeys(str(code) for row in all_series() for code in row["members"]))

    return frames.remember("specialisation-industries", (), compute)


def years() -> list[int]:
    """Years of any series, newest first."""

    def compute() -> list[int]:
        return sorted({year for row in all_series() for year in _periods(row)}, reverse=True)

    return frames.remember("specialisation-years", (), compute)


def portfolio(region: str, series: str, asked: int | None = None) -> Portfolio:
    """What a region does. Where it has no figures, those of an older region, else those of its country stand in.

    Args:
        region: code of a region of level 2, or of a country that exports.
        series: code of a series by industry, or of exports by product.
        asked: year; the newest with results by default, and the one before where the region has none in it.
    """
    return frames.remember("portfolio", (region, series, asked), lambda: _portfolio(region, series, asked))


def _portfolio(region: str, series: str, asked: int | None) -> Portfolio:
    names = frames.region_names()
    name = names.get(region, region)
    rows = {str(row["code"]): row for row in all_series()}
    if series not in rows:
        return Portfolio(region, name, "", "", "none", "", {}, None, ())
    row = rows[series]
    filled = _filled(series)
    if products.is_trade(row):
        return _of_exporter(region, name, row, filled, asked)
    periods = tuple(sorted({period for found in filled.values() for period in found}, reverse=True))
    wanted = [period for period in periods if asked is None or period <= asked] or list(periods[-1:])
    for place, source in enumerate((region, *former_codes(region))):
        period = next((period for period in wanted if period in filled.get(source, ())), None)
        if period is None:
            continue
        stand = "former" if place else "own"
        note = ""
        if place:
            note = _(
                "No figures are published for {region} in this series. Those of {other} ({code}), an older region that "
                "held its area, stand in its place."
            ).format(region=name, other=names.get(source, source), code=source)
        return _measured(region, name, source, names.get(source, source), stand, note, row, period, periods)
    return _of_country(region, name, row, wanted, periods)


def _filled(series: str) -> dict[str, tuple[int, ...]]:
    """Years with results of each region that has figures."""

    def compute() -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for period in next((_periods(row) for row in all_series() if row["code"] == series), []):
            result = frames.derived("industries", f"{series}:{period}", "regions")
            if result is not None:
                known = result.frame.loc[result.frame["total"] > 0, "region"]
                for region in known:
                    found.setdefault(str(region), []).append(period)
        return {region: tuple(periods) for region, periods in found.items()}

    return frames.remember("portfolio-years", (series,), compute)


def _part(series: str, period: int, part: str) -> pd.DataFrame:
    result = frames.derived("industries", f"{series}:{period}", part)
    return pd.DataFrame() if result is None else result.frame


def _measured(
    region: str,
    name: str,
    source: str,
    source_name: str,
    stand: str,
    note: str,
    series: Mapping[str, Any],
    period: int,
    periods: tuple[int, ...],
) -> Portfolio:
    code = str(series["code"])
    structure = frames.derived("industries", f"{code}:{period}", "regions")
    industries, mine = _part(code, period, "industries"), _part(code, period, source)
    regions = pd.DataFrame() if structure is None else structure.frame
    if products.is_trade(series):
        industries, mine, regions = (products.in_millions(frame) for frame in (industries, mine, regions))
    rows = _named(mine, series, industries)
    facts = {} if structure is None else structure.facts
    return Portfolio(
        region=region,
        name=name,
        source=source,
        source_name=source_name,
        stand=stand,
        note=note,
        series=series,
        period=period,
        years=periods,
        rows=rows,
        regions=regions,
        industries=industries,
        edges=_part(code, period, "proximity"),
        facts=facts,
        identified=bool(rows["pci"].notna().any()),
    )


def _of_exporter(
    region: str, name: str, series: Mapping[str, Any], filled: Mapping[str, tuple[int, ...]], asked: int | None
) -> Portfolio:
    """The exports of the region's country, or of the country itself."""
    country = country_of(region)
    known = filled.get(country, ())
    near = [period for period in known if asked is None or period <= asked] or list(known[-1:])
    for period in near:
        if len(_part(str(series["code"]), period, country)):
            note = ""
            if region != country:
                note = _(
                    "Exports are published for countries, not for regions. What follows is told of {country}, the "
                    "country of {region}."
                ).format(country=frames.country_name(country), region=name)
            return _measured(
                region, name, country, frames.country_name(country), "exporter", note, series, period, known
            )
    return Portfolio(region, name, "", "", "none", "", series, None, known)


def country_of(region: str) -> str:
    """Code of a region's country; a country is its own."""
    known = frames.regions().set_index("code")["country"]
    return str(known.get(region) or region)


NOTHING = ("density", "relative_density", "distance", "pci", "gain", "stars", "growth")


def _of_country(
    region: str, name: str, series: Mapping[str, Any], wanted: Sequence[int], periods: tuple[int, ...]
) -> Portfolio:
    """The sum of the regions of a country, when one of them has no figures of its own."""
    known = frames.regions().set_index("code")["country"]
    country = str(known.get(region, ""))
    code = str(series["code"])
    country_name = frames.region_names().get(country, country)
    for period in wanted:
        matrix = panel(code, period)
        mine = matrix[matrix.index.map(known) == country]
        if mine.empty:
            continue
        whole = matrix.groupby(matrix.index.map(known)).sum(min_count=1)
        quotients = measures.location_quotients(whole)
        values = whole.loc[country]
        rows = pd.DataFrame(
            {
                "industry": values.index,
                "value": values.to_numpy(float),
                "flags": "",
                "share": (values / values.sum()).to_numpy(float),
                "lq": quotients.loc[country].to_numpy(float),
            }
        )
        rows["lq_symmetric"] = (rows["lq"] - 1) / (rows["lq"] + 1)
        rows["present"] = [None if lq != lq else bool(lq >= 1) for lq in rows["lq"]]
        for column in NOTHING:
            rows[column] = np.nan
        rows["quadrant"] = None
        for column in ("related", "holders"):
            rows[column] = [[] for _row in range(len(rows))]
        for column in ("size_star", "specialisation_star", "focus_star"):
            rows[column] = None
        industries = _part(code, period, "industries")
        return Portfolio(
            region=region,
            name=name,
            source=country,
            source_name=country_name,
            stand="country",
            note=_(
                "No figures are published for {region} in this series. The regions of {country} that have figures "
                "stand in its place, added up; relatedness and stars are not given for a country."
            ).format(region=name, country=country_name),
            series=series,
            period=period,
            years=periods,
            rows=_named(rows, series, industries),
            industries=industries,
            edges=_part(code, period, "proximity"),
        )
    return Portfolio(region, name, "", "", "none", "", series, None, periods)


def _named(rows: pd.DataFrame, series: Mapping[str, Any], industries: pd.DataFrame) -> pd.DataFrame:
    """Industries of a region with their names, largest first."""
    classification = str(series["classification"])
    known = industries.set_index("industry")
    codes = rows["industry"].astype(str)
    sections = _sections(classification)
    full, short = industry_names(series, industries)
    rows = rows.assign(
        name=[full.get(code, code) for code in codes],
        short=[short.get(code) or full.get(code, code) for code in codes],
        public=[classification.startswith("NACE") and _is_public(code, sections.get(code, code)) for code in codes],
        area_total=codes.map(known["total"]),
        ubiquity=codes.map(known["ubiquity"]) if "ubiquity" in known else np.nan,
        flags=[flags if isinstance(flags, str) else "" for flags in rows["flags"]],
    )
    rows["uncertain"] = [bool(set(flags) & UNCERTAIN) for flags in rows["flags"]]
    for column in ("related", "holders"):
        rows[column] = [[] if value is None else [str(code) for code in value] for value in rows[column]]
    # A copy lays columns of a kind together again; each of the many small ones would cost at every step that follows.
    return rows.sort_values(["value", "industry"], ascending=[False, True], ignore_index=True).copy()


def industry_names(series: Mapping[str, Any], industries: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Full and short names of a series' industries by code.

    Args:
        series: the series' row.
        industries: the part ``industries`` of its results; names of products stand there.
    """
    classification = str(series["classification"])
    if products.is_trade(series):
        return products.names(industries, classification)
    return frames.industry_names(classification), frames.industry_names(classification, short=True)


def region_names(shown: Portfolio) -> Mapping[str, str]:
    """Names of the regions that results were computed for, or of the exporters, by code."""
    if not shown.trade:
        return frames.region_names()
    codes = [str(code) for code in shown.regions["region"]] if len(shown.regions) else []
    return dict(zip(codes, products.place_names(codes), strict=True))


def _sections(classification: str) -> dict[str, str]:
    known = frames.industries(classification)
    return {
        str(code): str(section) if isinstance(section, str) and section else str(code)
        for code, section in zip(known["code"], known["section"], strict=True)
    }


def _is_public(code: str, section: str) -> bool:
    """Whether all sections of a code such as ``O84``, or of a group such as ``O-Q``, are public or households."""
    group = re.fullmatch("([A-Z])(?:[-_]([A-Z]))?", code)
    first, last = (group[1], group[2] or group[1]) if group else (section[:1], section[:1])
    return bool(first) and {chr(place) for place in range(ord(first), ord(last) + 1)} <= PUBLIC


def panel(series: str, period: int) -> pd.DataFrame:
    """Figures of a year: regions that are measured in rows, industries that add up in columns, NaN for missing."""

    def compute() -> pd.DataFrame:
        row = next(row for row in all_series() if row["code"] == series)
        if products.is_trade(row):
            return products.panel(row, period)
        figures = frames.industry_figures(series)
        figures = figures[figures["period"] == period]
        wide = figures.pivot_table(index="region", columns="industry", values="value", aggfunc="first")
        members = row["members"]
        measured = _part(series, period, "regions")
        inside = [region for region in measured["region"] if region in wide.index]
        return wide.reindex(index=inside, columns=[code for code in members if code in wide.columns])

    return frames.remember("portfolio-panel", (series, period), compute)


# --- what next ------------------------------------------------------------------------------------------------------


def possible(shown: Portfolio, minimum: float = 0.0) -> pd.DataFrame:
    """Industries that the region does not specialise in and that could be its next moves, most promising first.

    With enough industries, and where complexity can be told, the order is the mean of two ranks: nearness (relatedness
    density) and complexity; those that are far and simple are left out. Else the order is nearness alone.

    Args:
        shown: what the region does.
        minimum: smallest figure that the industry must have in all regions together.

    Returns:
        Rows of ``shown.rows`` with ``promise`` (0 to 1).
    """
    if not shown.related:
        return shown.rows.iloc[:0].assign(promise=np.nan)
    key = (shown.source, str(shown.series["code"]), shown.period, minimum)
    return frames.remember("portfolio-possible", key, lambda: _possible(shown, minimum))


def _possible(shown: Portfolio, minimum: float) -> pd.DataFrame:
    rows = shown.rows
    open_ = rows[(rows["present"] == False) & rows["density"].notna() & ~rows["public"]]  # noqa: E712
    open_ = open_[open_["area_total"].fillna(0) >= minimum]
    near = open_["density"].rank(pct=True)
    if shown.coarse or not shown.identified:
        open_ = open_.assign(promise=near)
    else:
        open_ = open_.assign(promise=(near + open_["pci"].rank(pct=True)) / 2)
        open_ = open_[open_["pci"].notna() & (open_["quadrant"] != "dead_end")]
    return open_.sort_values(["promise", "density", "industry"], ascending=[False, False, True], ignore_index=True)


def moves(shown: Portfolio, minimum: float = 0.0) -> pd.DataFrame:
    """The few moves that the heading names."""
    key = (shown.region, str(shown.series.get("code", "")), shown.period, minimum)
    return frames.remember("portfolio-moves", key, lambda: possible(shown, minimum).head(MOVES).copy())


def anchor(industry: str) -> str:
    """Id of the row of a move, to which the numbers of the heading lead."""
    return f"move-{industry}"


def headline(shown: Portfolio, minimum: float = 0.0) -> Said:
    """The next moves with the evidence for each, as honest as the figures allow."""
    if shown.stand == "none":
        template = shown.say(N_("{region}: no figures by industry are loaded for this region."))
        return said(template, region=shown.label)
    if not shown.related:
        return said(
            _("{region}: what could come next cannot be told, since relatedness is only known for regions."),
            region=shown.label,
        )
    named = moves(shown, minimum)
    if named.empty:
        return said(
            shown.say(
                N_(
                    "{region}: no next move can be named. Each industry is already present, too small, not measured, "
                    "or both far from what is there and simple."
                )
            ),
            region=shown.label,
        )
    items = listed([_evidence(row, shown.identified) for row in frames.records(named)])
    if shown.coarse:
        template = shown.say(
            N_(
                "{region}: a first look with {n} broad industries, not a ranking. Nearest to what it already does: "
                "{moves}."
            )
        )
        return said(template, region=shown.label, n=number(len(shown.rows)), moves=items)
    if not shown.identified:
        template = _(
            "{region}: complexity cannot be told from these figures, so only nearness counts. Nearest to what it "
            "already does: {moves}."
        )
        return said(template, region=shown.label, moves=items)
    template = ngettext(
        "{region} – the most promising next move: {moves}.",
        "{region} – the {n} most promising next moves: {moves}.",
        len(named),
    )
    return said(template, region=shown.label, n=number(len(named)), moves=items)


def _evidence(row: Mapping[str, Any], identified: bool) -> Said:
    place = anchor(str(row["industry"]))
    density = Part(number(row["density"], 2), place)
    if identified and row["pci"] == row["pci"]:
        return said(
            _("{industry} (relatedness {density}, complexity {complexity})"),
            industry=inline(str(row["short"])),
            density=density,
            complexity=Part(signed(row["pci"], 2), place),
        )
    return said(_("{industry} (relatedness {density})"), industry=inline(str(row["short"])), density=density)


def inline(name: str) -> str:
    """A name inside a sentence: a capital at its start goes unless it begins an abbreviation."""
    plain_start = len(name) > 1 and name[0].isupper() and (name[1].islower() or name[1] in " ,")
    return name[0].lower() + name[1:] if plain_start else name


def strengths(shown: Portfolio) -> Said:
    """What the region is good at."""
    held = shown.rows[shown.rows["present"] == True].sort_values("lq", ascending=False)  # noqa: E712
    known = shown.rows["present"].notna().sum()
    if held.empty:
        return ()
    count = len(held)
    if shown.trade:
        held = held[held["share"] >= products.NOTABLE]
    best = [
        said(
            _("{industry} (location quotient {quotient})"),
            industry=inline(str(row["short"])),
            quotient=number(row["lq"], 2),
        )
        for row in frames.records(held.head(MOVES))
    ]
    template = shown.say(N_("{source} is specialised in {k} of {n} industries. Most of all: {industries}."))
    return said(
        template,
        source=shown.source_name,
        k=number(count),
        n=number(known),
        industries=listed(best) if best else DASH,
        least=percent(products.NOTABLE, 1),
    )


@dataclass(frozen=True)
class Why:
    """Why an industry is, or could be, the region's.

    Attributes:
        row: the industry's row of the portfolio.
        related: industries already present that are nearest to it: [industry, name, lq, proximity (NaN: not stored)].
        holders: regions that hold it, most alike first: [region, name, lq].
        nearer: of how many other possible industries it is nearer to what is there, and of how many.
        harder: of how many other industries it is more complex, and of how many.
    """

    row: Mapping[str, Any]
    related: pd.DataFrame
    holders: pd.DataFrame
    nearer: tuple[int, int]
    harder: tuple[int, int]


def why(shown: Portfolio, industry: str) -> Why | None:
    """The evidence for one industry; None when the region's figures do not have it."""
    row = shown.row(industry)
    if row is None:
        return None
    rows = shown.rows.set_index("industry")
    near: dict[str, float] = {}
    if len(shown.edges):
        for a, b in ((("source", "target")), (("target", "source"))):
            mine = shown.edges[shown.edges[a] == industry]
            near |= dict(zip(mine[b], mine["proximity"], strict=True))
    related = [
        {
            "industry": code,
            "name": rows["short"].get(code, code),
            "lq": rows["lq"].get(code, np.nan),
            "proximity": near.get(code, np.nan),
        }
        for code in row["related"]
    ]
    names, holders = region_names(shown), []
    for region in row["holders"]:
        # Exporters outside the area have no part of their own; asking for it would ask the database each time.
        held = not shown.trade or region in products.countries()
        there = _part(str(shown.series["code"]), int(shown.period or 0), region) if held else pd.DataFrame()
        quotient = there.loc[there["industry"] == industry, "lq"] if len(there) else pd.Series(dtype=float)
        lq = float(quotient.iloc[0]) if len(quotient) else np.nan
        holders.append({"region": region, "name": names.get(region, region), "lq": lq})
    others = shown.rows[shown.rows["industry"] != industry]
    alike = others[others["present"] == row["present"]]
    return Why(
        row=row,
        related=pd.DataFrame(related, columns=["industry", "name", "lq", "proximity"]),
        holders=pd.DataFrame(holders, columns=["region", "name", "lq"]),
        nearer=_below(row["density"], alike["density"]),
        harder=_below(row["pci"], others["pci"]),
    )


def _below(value: Any, others: pd.Series) -> tuple[int, int]:
    known = others.dropna()
    return (int((known < value).sum()), len(known)) if value == value else (0, 0)


def split(shown: Portfolio) -> tuple[float, float] | None:
    """Density and complexity at which the quadrants of the diamond part: the means of what the region lacks.

    None when the quadrants were drawn otherwise, so that no line contradicts them.
    """
    lacking = shown.rows[shown.rows["quadrant"].isin(list(QUADRANTS))]
    if len(lacking) < 2:
        return None
    near, complex_ = float(lacking["density"].mean()), float(lacking["pci"].mean())
    slack = 1e-9
    for row in frames.records(lacking):
        right = row["quadrant"] in ("high_road", "slow_road")
        above = row["quadrant"] in ("high_road", "casino")
        if (row["density"] >= near - slack) != right or (row["pci"] >= complex_ - slack) != above:
            return None
    return near, complex_


def conventions(shown: Portfolio) -> tuple[str, ...]:
    """What was left to choice in computing relatedness and complexity, in words."""
    told = {str(name): str(value) for name, value in dict(shown.facts.get("conventions", {})).items()}
    parts = []
    if "threshold" in told:
        parts.append(_("present from a location quotient of {value}").format(value=number(float(told["threshold"]), 1)))
    if "basis" in told:
        words = BASES.get(told["basis"])
        parts.append(_(words) if words else told["basis"])
    if "diagonal" in told:
        parts.append(
            shown.say(N_("an industry counts as near to itself"))
            if told["diagonal"] == "True"
            else shown.say(N_("an industry does not count as near to itself"))
        )
    if "pci_scale" in told:
        parts.append(
            shown.say(N_("complexity on the scale of the regions’ economic complexity"))
            if told["pci_scale"] == "eci"
            else _("complexity as a standard score of its own")
        )
    if "loss_term" in told:
        parts.append(
            shown.say(N_("gain less what the industry already adds to the outlook"))
            if told["loss_term"] == "True"
            else _("gain without a loss term")
        )
    parts.append(shown.say(N_("quadrants part at the means of what the region lacks")))
    if shown.trade and told.get("digits") and told.get("left_out"):
        words = _("products at {digits} digits of {classification}, without chapters {chapters}")
        parts.append(
            words.format(
                digits=told["digits"], classification=shown.series["classification"], chapters=told["left_out"]
            )
        )
    return (_("Conventions: {list}.").format(list="; ".join(parts)), *_few(shown))


def _few(shown: Portfolio) -> tuple[str, ...]:
    """A warning where a file holds so few exporters that a quotient is none against the world."""
    if "few_exporters" not in shown.facts.get("notes", ()):
        return ()
    return (
        _("Only {n} exporters are loaded: quotients compare with these, not with the world.").format(
            n=number(len(shown.regions))
        ),
    )


BASES: Mapping[str, str] = {
    "minimum": N_("proximity is the smaller of the two conditional probabilities"),
    "cosine": N_("proximity is the cosine"),
    "jaccard": N_("proximity is the Jaccard index"),
    "association": N_("proximity is the association strength"),
}


def quality(shown: Portfolio) -> tuple[str, ...]:
    """What complexity rests on, and how well it is told from the figures."""
    told = dict(shown.facts.get("diagnostics", {}))
    notes = []
    if shown.identified and told.get("sigma_2") is not None and told.get("sigma_3") is not None:
        notes.append(
            shown.say(
                N_(
                    "Complexity rests on {regions} regions and {industries} industries. Second and third singular "
                    "value: {second} and {third}; the further apart, the better it is told from other orderings."
                )
            ).format(
                regions=number(told.get("regions")),
                industries=number(told.get("industries")),
                second=number(told["sigma_2"], 3),
                third=number(told["sigma_3"], 3),
            )
        )
    elif not shown.identified:
        notes.append(
            shown.say(
                N_("Complexity is not identified here: the figures do not tell one ordering of regions from another.")
            )
        )
    dropped = told.get("dropped") or []
    if dropped and shown.trade:
        notes.append(_left_out(shown, dropped))
    elif dropped:
        template = ngettext(
            "Left out of complexity as too small or too thinly covered: {n} region or industry.",
            "Left out of complexity as too small or too thinly covered: {n} regions or industries.",
            len(dropped),
        )
        notes.append(template.format(n=number(len(dropped))))
    if told.get("unknown"):
        template = ngettext(
            "{n} figure is not published and counts as absent in relatedness and complexity.",
            "{n} figures are not published and count as absent in relatedness and complexity.",
            int(told["unknown"]),
        )
        notes.append(template.format(n=number(int(told["unknown"]))))
    return tuple(notes)


def _left_out(shown: Portfolio, dropped: Sequence[Mapping[str, Any]]) -> str:
    """How many exporters and products do not shape complexity, and from which limits."""
    told = {str(name): str(value) for name, value in dict(shown.facts.get("conventions", {})).items()}
    exporters = sum(unit["kind"] == "region" for unit in dropped)
    return _(
        "Left out of complexity as too small or too thinly covered: {exporters} exporters and {products} products (the "
        "limits are {least} million US dollars of exports of a country, and {world} million of a product in the world)."
    ).format(
        exporters=number(exporters),
        products=number(len(dropped) - exporters),
        least=number(float(told.get("minimum_region", 0)) / products.MILLION),
        world=number(float(told.get("minimum_industry", 0)) / products.MILLION),
    )


def star_rules(shown: Portfolio) -> str:
    """How stars are earned, with the thresholds."""
    told = dict(shown.facts.get("stars", {}))
    return _(
        "A star each for size (among the largest {size}% of regions in the industry), specialisation (location "
        "quotient of at least {quotient}) and focus (share of the region's total among the highest {focus}%), after "
        "the European Cluster Observatory. Fewer than {least} regions: no star can be given."
    ).format(
        size=number(100 * float(told.get("size", 0.1))),
        quotient=number(float(told.get("lq", 2.0)), 1),
        focus=number(100 * float(told.get("focus", 0.1))),
        least=number(float(told.get("regions", 10))),
    )


# --- beside the whole, over time ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """The area beside which a region is put."""

    code: str
    name: str
    regions: tuple[str, ...]


def reference(shown: Portfolio, kind: str) -> Reference:
    """All regions of the series, or those of the region's country; all exporters for exports."""
    if shown.trade:
        exporters = tuple(str(code) for code in shown.regions["region"])
        words = ngettext("{n} exporter together", "all {n} exporters together", len(exporters))
        return Reference("area", words.format(n=number(len(exporters))), exporters)
    measured = [str(region) for region in panel(str(shown.series["code"]), int(shown.period or 0)).index]
    known = frames.regions().set_index("code")["country"]
    country = str(known.get(shown.region, ""))
    if kind == "country" and country:
        mine = tuple(region for region in measured if known.get(region) == country)
        return Reference("country", frames.region_names().get(country, country), mine)
    name = ngettext("{n} region together", "all {n} regions together", len(measured))
    return Reference("area", name.format(n=number(len(measured))), tuple(measured))


def structure(shown: Portfolio, kind: str) -> pd.DataFrame:
    """Rows of a portfolio with the location quotients beside a reference area."""
    if kind != "country" or shown.stand not in ("own", "former"):
        return shown.rows
    beside = reference(shown, kind)
    matrix = panel(str(shown.series["code"]), int(shown.period or 0))
    matrix = matrix.loc[[region for region in beside.regions if region in matrix.index]]
    quotients = measures.location_quotients(matrix).loc[shown.source]
    rows = shown.rows.assign(lq=shown.rows["industry"].map(quotients).astype(float))
    return rows.assign(lq_symmetric=(rows["lq"] - 1) / (rows["lq"] + 1))


@dataclass(frozen=True)
class Shift:
    """Shift-share of one region over a span.

    Attributes:
        start, end: years.
        frame: a row per industry, largest change first: [industry, name, short, start_value, end_value, change,
            national, mix, regional].
        total: the sums of change, national, mix and regional.
        left_out: names of industries without figures in both years.
        breaks: years inside the span in which the publisher marks a break in a figure of the region.
        reference: the area beside which it is put.
    """

    start: int
    end: int
    frame: pd.DataFrame
    total: Mapping[str, float]
    left_out: tuple[str, ...]
    breaks: tuple[int, ...]
    reference: Reference


SHIFT = ("change", "national", "mix", "regional")


def spans(shown: Portfolio) -> list[int]:
    """Years from which a change up to the portfolio's year can be told, oldest first."""
    if shown.period is None:
        return []
    filled = _filled(str(shown.series["code"]))
    if shown.stand == "country":
        known = frames.regions().set_index("code")["country"]
        filled = {
            shown.source: tuple(y for code, found in filled.items() if known.get(code) == shown.source for y in found)
        }
    return sorted({period for period in filled.get(shown.source, ()) if period < shown.period})


def shift(shown: Portfolio, start: int | None, kind: str) -> Shift | None:
    """Shift-share from a year (the earliest, at most ten years back, by default) to that of the portfolio.

    None when there is no earlier year with figures, or when they cannot be read.
    """
    possible_starts = spans(shown)
    if shown.period is None or not possible_starts:
        return None
    near = [period for period in possible_starts if period >= shown.period - 10] or possible_starts
    first = near[0]
    if start is not None:
        first = min(possible_starts, key=lambda period: (abs(period - start), period))
    key = (shown.region, str(shown.series["code"]), shown.period, first, kind)
    try:
        return frames.remember("portfolio-shift", key, lambda: _shift(shown, first, int(shown.period or 0), kind))
    except TableFileError:
        return None


def _shift(shown: Portfolio, first: int, last: int, kind: str) -> Shift:
    code = str(shown.series["code"])
    before, after = panel(code, first), panel(code, last)
    beside = reference(shown, kind)
    inside = [region for region in beside.regions if region in before.index and region in after.index]
    old, new = before.loc[inside], after.loc[inside]
    here, mine = shown.source, [shown.source]
    if shown.stand == "country":
        known = frames.regions().set_index("code")["country"]
        mine = [region for region in inside if known.get(region) == shown.source]
        # A region's figure that is missing in one year would look like growth or decline of its country.
        old, new = old.where(new.notna()), new.where(old.notna())
        group = [shown.source if region in mine else region for region in inside]
        old, new = old.groupby(group).sum(min_count=1), new.groupby(group).sum(min_count=1)
    if shown.trade:
        every = old.columns.union(new.columns)
        old, new = (_against_the_rest(frame.reindex(columns=every, fill_value=0.0), here) for frame in (old, new))
    result = measures.shift_share(old, new)
    rows = result[(result["region"] == here) & (result["flag"].isin(["", "new"]))]
    if shown.trade:
        rows = rows[(rows["start"] > 0) | (rows["end"] > 0)]
    names = shown.rows.set_index("industry")
    frame = pd.DataFrame(
        {
            "industry": rows["industry"].astype(str),
            "name": rows["industry"].map(names["name"]),
            "short": rows["industry"].map(names["short"]),
            "start_value": rows["start"],
            "end_value": rows["end"],
            **{part: rows[part] for part in SHIFT},
        }
    ).sort_values(["change", "industry"], ascending=[False, True], ignore_index=True)
    told = set(frame["industry"])
    mine_now = names.index[names["value"] > 0] if shown.trade else names.index
    left_out = [str(names["short"][industry]) for industry in mine_now if industry not in told]
    breaks = () if shown.trade else _breaks(code, mine, first, last)
    return Shift(
        start=first,
        end=last,
        frame=frame,
        total={part: float(frame[part].sum()) for part in SHIFT},
        left_out=tuple(sorted(left_out, key=sort_key)),
        breaks=breaks,
        reference=beside,
    )


def _against_the_rest(exports: pd.DataFrame, exporter: str) -> pd.DataFrame:
    """One exporter and the sum of all others: all that its shift-share rests on, in two rows instead of hundreds."""
    mine = exports.index == exporter
    return pd.DataFrame([exports[mine].sum(), exports[~mine].sum()], index=[exporter, REST])


REST = "*"
"""Stands for all other exporters."""


def _breaks(series: str, regions: Sequence[str], first: int, last: int) -> tuple[int, ...]:
    """Years of a span in which the publisher marks a break in a figure of these regions."""
    flags = frames.industry_figures(series, regions)
    flags = flags[(flags["period"] > first) & (flags["period"] <= last)]
    broken = [isinstance(letters, str) and "b" in letters for letters in flags["flags"]]
    return tuple(sorted({int(period) for period in flags.loc[broken, "period"]}))


def rounded(total: float, parts: Sequence[float], decimals: int) -> tuple[float, ...]:
    """Parts rounded so that they add up to the rounded total: what is left over goes where rounding hurt most."""
    unit = 10.0**decimals
    whole = round(total * unit)
    steps = [int(np.floor(part * unit)) for part in parts]
    lost = sorted(range(len(parts)), key=lambda place: steps[place] - parts[place] * unit)
    missing = whole - sum(steps)
    for place in range(len(parts)):
        # Exact figures need at most one step each; the rest is for parts that do not add up by themselves.
        steps[lost[place]] += missing // len(parts) + (1 if place < missing % len(parts) else 0)
    return tuple(step / unit for step in steps)


def shift_sentence(shown: Portfolio, found: Shift) -> str:
    """The change and its three parts, which add up as they are written."""
    decimals = int(shown.series["decimals"])
    total = found.total["change"]
    national, mix, regional = rounded(total, [found.total[part] for part in SHIFT[1:]], decimals)
    template = shown.say(
        N_(
            "{region}, {start}–{end}: the total changed by {total} ({unit}): {national} with the trend of {area}, "
            "{mix} through its mix of industries, {regional} through its own performance."
        )
    )
    return template.format(
        region=shown.source_name,
        start=year(found.start),
        end=year(found.end),
        total=signed(round(total, decimals), decimals),
        unit=unit(shown),
        national=signed(national, decimals),
        mix=signed(mix, decimals),
        regional=signed(regional, decimals),
        area=found.reference.name,
    )


def unit(shown: Portfolio) -> str:
    """The unit of a series in words."""
    if shown.trade:
        return _("million US dollars")
    row = frames.provenance().get(str(shown.series.get("code", "")))
    return str(row["unit_label"]) if row else str(shown.series.get("unit", ""))

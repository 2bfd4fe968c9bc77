"""Frames and measures put together into what pages, exhibits and briefs say. No Dash, no SQL, no colours.

Everything here is in the language of the request. Level, direction and distance to target are always separate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis import peers as likeness
from analysis import progress, sentences
from analysis.model import IndicatorSpec, Level, Movement, TargetProgress
from analysis.peers import PeerResult
from analysis.progress import Coverage
from analysis.sentences import Key, Measure, Name, Number, Sentence
from dashboard import choices, frames
from dashboard.i18n import _, ngettext, number, signed, year

EU = "EU27_2020"
"""Code of the aggregate that stands for the European Union."""

GDP = "gdp_pps_per_head"
"""The one variable by which regions are alike in GDP per head."""

CURRENT_PRICES = ("PPS_HAB", "EUR_HAB", "MIO_EUR", "EUR_EMP")
"""Units whose values grow with prices: their growth alone is no news."""

TEXTS = (
    "indicator",
    "theme",
    "role",
    "name",
    "short",
    "unit",
    "unit_label",
    "unit_suffix",
    "decimals",
    "target_law",
    "target_note",
    "target_url",
    "target_comparable",
)
"""What the rows of a profile take from the catalogue as it is."""

NEWS = 3
"""How many items of good news, and of what needs attention, a region's page shows."""


@dataclass(frozen=True)
class Piece:
    """A part of a spoken sentence. Numbers know their table cell; names the code they stand for."""

    text: str
    key: Key | None = None
    code: str = ""


def say(sentence: Sentence) -> str:
    """The sentence as text in the reader's language."""
    return sentences.render(sentence, _, ngettext, number_text)


def pieces(sentence: Sentence, about: str = "") -> list[Piece]:
    """The sentence in parts, so that numbers and names can be made links; joined they are ``say``.

    Args:
        sentence: what to say.
        about: code of the region that the reader is told about anyway; its name at the start is then left out.
    """
    found = [_piece(part) for part in sentences.parts(sentence, _, ngettext)]
    return _without_subject(found, about) if about else found


def _piece(part: str | Number | Name) -> Piece:
    if isinstance(part, Number):
        return Piece(number_text(part), part.key if part.key.indicator else None)
    return Piece(part.text, None, part.code) if isinstance(part, Name) else Piece(part)


def _without_subject(found: list[Piece], about: str) -> list[Piece]:
    # Languages differ in what follows the name: a colon in English, often a comma in Hungarian.
    if len(found) < 3 or found[0].code != about or not found[1].text.startswith((": ", ", ")):
        return found
    rest = [replace(found[1], text=found[1].text[2:]), *found[2:]]
    rest = rest if rest[0].text else rest[1:]
    return [replace(rest[0], text=rest[0].text[:1].upper() + rest[0].text[1:]), *rest[1:]]


def number_text(given: Number) -> str:
    """A number of a sentence as the reader's language writes it, its unit bound to it."""
    if given.kind == "year":
        return year(given.value)
    text = signed(given.value, given.decimals) if given.kind == "signed" else number(given.value, given.decimals)
    return text + given.unit.replace(" ", "\N{NO-BREAK SPACE}")


def measure(indicator: str) -> Measure:
    """An indicator as sentences need it. Raises KeyError for an unknown code."""
    return frames.remember("measures", (), _measures)[indicator]


def _measures() -> dict[str, Measure]:
    return {str(row["code"]): Measure.from_row(row) for row in frames.records(frames.indicators())}


@dataclass(frozen=True)
class Peers:
    """Regions to compare with.

    Attributes:
        region: whose peers they are.
        asked: the method that was asked for: structural, gdp or own.
        method: the method that was used: structural, gdp, own or none.
        codes: the peers, nearest first (for ``own`` in the reader's order).
        refused: why the method that was asked for gave none, in the reader's language; empty when it did.
        note: one sentence that says how these peers were found, including any falling back.
        result: distances and contributions; None for ``own`` and ``none``.
    """

    region: str
    asked: str
    method: str
    codes: tuple[str, ...]
    refused: str = ""
    note: str = ""
    result: PeerResult | None = None


def peers(
    region: str,
    method: str = "structural",
    n: int = 10,
    other_countries: bool = False,
    own: Sequence[str] = (),
) -> Peers:
    """The regions to compare with. Where the structural data are missing, GDP per head decides, and the note says so.

    Args:
        region: code of a region of level 2.
        method: structural, gdp or own.
        n: how many.
        other_countries: leave out the region's own country (not applied to ``own``).
        own: the reader's own list.
    """
    own = tuple(own)
    return frames.remember(
        "peers", (region, method, n, other_countries, own), lambda: _peers(region, method, n, other_countries, own)
    )


def _peers(region: str, method: str, n: int, other_countries: bool, own: tuple[str, ...]) -> Peers:
    if method == "own":
        listed = _listed(region, own)
        if listed.codes:
            return listed
        return replace(_computed(region, "own", "structural", n, other_countries), refused=_("Your own list is empty."))
    return _computed(region, method, "gdp" if method == "gdp" else "structural", n, other_countries)


def _listed(region: str, own: tuple[str, ...]) -> Peers:
    current = set(frames.current_regions()["code"])
    codes = tuple(code for code in dict.fromkeys(own) if code in current and code != region)[: choices.OWN_LIST]
    note = ngettext(
        "Compared with the {n} region of your own list.", "Compared with the {n} regions of your own list.", len(codes)
    )
    return Peers(region, "own", "own", codes, note=note.format(n=number(len(codes))))


def _computed(region: str, asked: str, method: str, n: int, other_countries: bool) -> Peers:
    tried = _by_structure(region, n, other_countries) if method == "structural" else _by_gdp(region, n, other_countries)
    if tried.refused is None:
        return Peers(
            region,
            asked,
            method,
            tried.codes,
            note=_peers_note(method, len(tried.codes), other_countries),
            result=tried,
        )
    why = say(sentences.peers_found(_region_name(region), tried, _variable_names(tried)))
    if method == "structural":
        instead = _by_gdp(region, n, other_countries)
        if instead.refused is None:
            note = _(
                "Too few structural figures are published for this region, so it is compared with the {n} regions "
                "nearest in GDP per head."
            )
            return Peers(region, asked, "gdp", instead.codes, why, note.format(n=number(len(instead.codes))), instead)
    return Peers(
        region, asked, "none", (), why, _("No peers: neither its structure nor its GDP per head is published.")
    )


def _peers_note(method: str, count: int, other_countries: bool) -> str:
    if method == "structural":
        note = (
            _("Compared with the {n} regions of other countries that are most alike in size and economic structure.")
            if other_countries
            else _("Compared with the {n} regions that are most alike in size and economic structure.")
        )
    else:
        note = (
            _("Compared with the {n} regions of other countries that are nearest in GDP per head.")
            if other_countries
            else _("Compared with the {n} regions that are nearest in GDP per head.")
        )
    return note.format(n=number(count))


def structural_variables() -> tuple[str, ...]:
    """Indicators that say what a region is like by structure, those with data only, in the catalogue's order."""
    frame = frames.indicators()
    filled = choices.filled_indicators()
    return tuple(
        code for code, role in zip(frame["code"], frame["role"], strict=True) if role == "structural" and code in filled
    )


def _countries() -> dict[str, str]:
    current = frames.current_regions()
    return dict(zip(current["code"], current["country"], strict=True))


def _by_structure(region: str, n: int, other_countries: bool) -> PeerResult:
    variables = structural_variables()
    countries = _countries()
    specs = frames.specs()
    values = likeness.structural_matrix(frames.observations(variables, countries), variables)
    # Sizes differ by orders of magnitude, shares do not.
    sizes = [code for code in variables if specs[code].change == "relative"]
    return likeness.structural_peers(
        values, region, n=n, log=sizes, countries=countries, other_countries_only=other_countries
    )


def _by_gdp(region: str, n: int, other_countries: bool) -> PeerResult:
    countries = _countries()
    frame = frames.observations([GDP], countries)
    common, newest = progress.latest_common_year(frame), progress.latest(frame[frame["region"] == region])
    # A region whose figures end earlier is compared in its own last year rather than not at all.
    period = min([int(year) for year in (*common["period"], *newest["period"])], default=0)
    values = progress.values_in(frame, {GDP: period}).set_index("region")["value"].rename(GDP)
    return likeness.gdp_peers(values, region, n=n, countries=countries, other_countries_only=other_countries)


def _region_name(code: str) -> Name:
    return Name(frames.region_names().get(code, code), code)


def _variable_names(result: PeerResult) -> dict[str, str]:
    found = frames.indicators()
    names = dict(zip(found["code"], found["short"], strict=True))
    return {code: names.get(code, code) for code in (*result.variables, *result.missing)}


@dataclass(frozen=True)
class Profile:
    """How one region is doing.

    Attributes:
        region, name, country, country_name: which.
        former: older codes whose area became (part of) this region.
        peers: the regions that it was compared with.
        headline: the answer in one sentence.
        tiles: one row per headline indicator of the catalogue, also those without a value; columns as of ``all``.
        all: one row per indicator with a value anywhere in the area, by theme and position: [indicator, theme,
            theme_name, role, name, short, unit, unit_label, unit_suffix, decimals, period, value, flags, country_value,
            country_period (the country's newest value), peers_own_value, peers_value (median), peers_period,
            peers_count, low, high (10-90 % of peers), against_peers (mark), eu_value, eu_period, against_eu (mark),
            direction (mark), reason, reason_year (of a direction that cannot be computed), first, last (years of the
            direction), first_value, last_value, pace, measure, shortened, jump, target (mark; '' without target),
            target_value, target_year, target_comparable, target_law, target_note, target_url, target_first,
            target_pace, target_measure, projected (value in the target year at that pace), gap, required_now, arrival,
            arrival_year, on_time].
        coverage: what is there of what could be.
        coverage_line: the same in a sentence.
        good, attention: news of this region, strongest first.
        series: [indicator, region, period, value, flags, role] with role own, former (an older code of the area of
            this region), country or eu.
        levels, directions, targets: rows of progress.level_against_peers, direction and distance_to_target.
    """

    region: str
    name: str
    country: str
    country_name: str
    former: tuple[str, ...]
    peers: Peers
    headline: Sentence
    tiles: pd.DataFrame
    all: pd.DataFrame
    coverage: Coverage
    coverage_line: Sentence
    good: tuple[Sentence, ...] = ()
    attention: tuple[Sentence, ...] = ()
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    levels: pd.DataFrame = field(default_factory=pd.DataFrame)
    directions: pd.DataFrame = field(default_factory=pd.DataFrame)
    targets: pd.DataFrame = field(default_factory=pd.DataFrame)


def profile(region: str, found: Peers) -> Profile:
    """How a region is doing, beside these peers, its country and the EU."""
    return frames.remember("profile", (region, found.asked, found.method, found.codes), lambda: _profile(region, found))


def former_codes(region: str) -> tuple[str, ...]:
    """Older codes whose area became (part of) this region, and that are no region of today."""
    changes, known = frames.region_changes(), frames.regions()
    current = set(known.loc[known["valid_to"].isna(), "code"])
    mine = changes[(changes["to_code"] == region) & (changes["from_code"] != region)]
    return tuple(code for code in dict.fromkeys(mine["from_code"]) if code not in current)


def _profile(region: str, found: Peers) -> Profile:
    names, place = frames.region_names(), frames.regions().set_index("code").loc[region]
    country = str(place["country"])
    catalogue = frames.indicators()
    catalogue = catalogue[catalogue["code"].isin(choices.filled_indicators()) | (catalogue["role"] == "headline")]
    former = former_codes(region)
    roles = {region: "own", country: "country", EU: "eu"} | dict.fromkeys(former, "former")
    frame = frames.observations(catalogue["code"], [*roles, *found.codes])
    # The measures pick rows many times over; that is quicker on plain objects than on Arrow's strings.
    frame = frame.astype(dict.fromkeys(["indicator", "region", "flags"], object))
    mine = frame[frame["region"] == region]
    specs = frames.specs()
    levels = progress.level_against_peers(frame, specs, region, found.codes)
    directions = progress.direction(mine, specs)
    targets = progress.distance_to_target(mine, specs)
    rows = _indicator_rows(catalogue, frame, specs, region, country, levels, directions, targets)
    headline = catalogue.loc[catalogue["role"] == "headline", "code"]
    tiles = rows[rows["indicator"].isin(headline)]
    tiles = tiles.assign(order=tiles["indicator"].map(catalogue.set_index("code")["position"])).sort_values("order")
    sentence = sentences.region_headline(
        Name(names.get(region, region), region),
        levels[levels["indicator"].isin(headline)],
        directions[directions["indicator"].isin(headline)],
    )
    filled = rows.loc[rows["indicator"].isin(choices.filled_indicators()), "indicator"]
    covered = progress.coverage(frame, filled, region)
    good, attention = _region_news(region, rows, directions, targets)
    own = frame[frame["region"].isin(list(roles))]
    return Profile(
        region=region,
        name=names.get(region, region),
        country=country,
        country_name=names.get(country, country),
        former=former,
        peers=found,
        headline=sentence,
        tiles=tiles.drop(columns="order").reset_index(drop=True),
        all=rows[rows["indicator"].isin(filled)].reset_index(drop=True),
        coverage=covered,
        coverage_line=sentences.coverage_line(covered),
        good=good,
        attention=attention,
        series=own.assign(role=own["region"].map(roles))[
            ["indicator", "region", "period", "value", "flags", "role"]
        ].reset_index(drop=True),
        levels=levels,
        directions=directions,
        targets=targets,
    )


MEDIAN = "median"
"""What stands in the region column of a trend for the median of the peers."""


def trend(shown: Profile, indicator: str) -> pd.DataFrame:
    """One indicator over time: the region, its former area, its country, the EU, its peers and all others.

    Returns:
        [region, period, value, flags, role] with role own, former, country, eu, peer, median (of the peers; years in
        which at least half of those that ever report have a value) or rest.
    """
    columns = ["region", "period", "value", "flags", "role"]
    series = shown.series.loc[shown.series["indicator"] == indicator, columns]
    others = frames.observations([indicator], frames.current_regions()["code"])
    others = others[others["region"] != shown.region]
    is_peer = others["region"].isin(list(shown.peers.codes))
    others = others.assign(role=is_peer.map({True: "peer", False: "rest"}))
    return pd.concat([series, _median(others[is_peer]), others[columns]], ignore_index=True)


def _median(others: pd.DataFrame) -> pd.DataFrame:
    known = others[others["value"].notna()]
    years = known.groupby("period").agg(
        value=("value", "median"),
        count=("region", "nunique"),
        breaks=("flags", lambda flags: flags.str.contains("b").mean()),
    )
    years = years[years["count"] * 2 >= known["region"].nunique()].reset_index()
    broken = years["breaks"] >= 0.5
    return years.assign(region=MEDIAN, flags=broken.map({True: "b", False: ""}), role="median")[
        ["region", "period", "value", "flags", "role"]
    ]


def _indicator_rows(
    catalogue: pd.DataFrame,
    frame: pd.DataFrame,
    specs: Mapping[str, IndicatorSpec],
    region: str,
    country: str,
    levels: pd.DataFrame,
    directions: pd.DataFrame,
    targets: pd.DataFrame,
) -> pd.DataFrame:
    themes = frames.themes()
    rows = catalogue.rename(columns={"code": "indicator"})[list(TEXTS)].assign(
        theme_name=catalogue["theme"].map(dict(zip(themes["code"], themes["name"], strict=True)))
    )
    newest = progress.latest(frame)

    def add(part: pd.DataFrame, columns: Mapping[str, str]) -> None:
        nonlocal rows
        rows = rows.merge(part.rename(columns=dict(columns))[list(columns.values())], on="indicator", how="left")

    same = {"indicator": "indicator"}
    add(newest[newest["region"] == region], same | {"period": "period", "value": "value", "flags": "flags"})
    add(newest[newest["region"] == country], same | {"period": "country_period", "value": "country_value"})
    peers_columns = {"value": "peers_own_value", "reference_value": "peers_value", "period": "peers_period"}
    peers_columns |= {"peers": "peers_count", "low": "low", "high": "high", "level": "against_peers"}
    add(levels, same | peers_columns)
    beside_eu = progress.level_against_region(frame[frame["region"].isin([region, EU])], specs, EU)
    add(beside_eu, same | {"reference_value": "eu_value", "period": "eu_period", "level": "against_eu"})
    change = {"movement": "direction", "reason": "reason", "reason_year": "reason_year"}
    change |= {
        name: name for name in ("first", "last", "first_value", "last_value", "pace", "measure", "shortened", "jump")
    }
    add(directions, same | change)
    way = {"progress": "target", "target": "target_value", "first": "target_first"}
    way |= {name: name for name in ("target_year", "gap", "required_now", "arrival", "arrival_year", "on_time")}
    way |= {"pace": "target_pace", "measure": "target_measure"}
    add(targets, same | way)
    for column in ("against_peers", "against_eu", "direction"):
        rows[column] = _marks(rows[column], "not_computable")
    incomparable = rows["target_value"].notna() & (rows["target_comparable"] != True)  # noqa: E712
    rows["target"] = _marks(rows["target"], "").mask(incomparable, "no_target")
    rows["flags"] = [flags if isinstance(flags, str) else "" for flags in rows["flags"]]
    # Plain objects are read row by row several times faster than Arrow's strings, and rows are all that is asked of it.
    texts = rows.select_dtypes("str").columns
    rows = rows.astype(dict.fromkeys(texts, object))
    rows["projected"] = [_projected(row, specs[str(row["indicator"])]) for row in frames.records(rows)]
    return rows


def _projected(row: Mapping[str, Any], spec: IndicatorSpec) -> float | None:
    """Where the pace of the last years leads by the target year, within the limits of the indicator."""
    if pd.isna(row["target_pace"]) or pd.isna(row["target_year"]):
        return None
    years = int(row["target_year"]) - int(row["period"])
    if years <= 0:
        return None
    value, pace = float(row["value"]), float(row["target_pace"])
    there = value * (1 + pace / 100) ** years if row["target_measure"] == "relative" else value + pace * years
    lower, upper = spec.lower, spec.upper
    there = there if lower is None else max(lower, there)
    return there if upper is None else min(upper, there)


def _marks(codes: pd.Series, empty: str) -> pd.Series:
    """Verdicts as the codes of marks; what could not be told is ``empty``."""
    unknown = {str(Level.UNKNOWN), "nan", "None"}
    return pd.Series([empty if str(code) in unknown else str(code) for code in codes], index=codes.index, dtype=object)


def _region_news(
    region: str, rows: pd.DataFrame, directions: pd.DataFrame, targets: pd.DataFrame
) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """What changed most in one region, in units of what counts as a clear change; then targets met and missed."""
    measures, name = frames.remember("measures", (), _measures), _region_name(region)
    priced = set(rows.loc[rows["unit"].isin(CURRENT_PRICES), "indicator"])
    steady = directions[directions["jump"].isna() & directions["desired"].notna()]
    steady = steady[~steady["indicator"].isin(priced)]
    strength = (steady["desired"] / steady["significant"]).abs()
    ordered = steady.assign(strength=strength).sort_values(["strength", "indicator"], ascending=[False, True])
    comparable = set(rows.loc[(rows["target"] != "no_target") & (rows["target"] != ""), "indicator"])

    def items(movement: Movement, way: TargetProgress) -> tuple[Sentence, ...]:
        moved = [
            sentences.change_over_time(name, measures[str(row["indicator"])], row)
            for row in frames.records(ordered[ordered["movement"] == movement])
        ]
        aimed = [
            sentences.towards_target(name, measures[str(row["indicator"])], row)
            for row in frames.records(targets[(targets["progress"] == way) & targets["indicator"].isin(comparable)])
        ]
        return tuple([*moved, *aimed][:NEWS])

    return (
        items(Movement.SIGNIFICANT_PROGRESS, TargetProgress.REACHED),
        items(Movement.SIGNIFICANT_AWAY, TargetProgress.AWAY),
    )


@dataclass(frozen=True)
class Area:
    """One indicator across the area in one year.

    Attributes:
        indicator: code.
        period: the year; None when there is no value.
        values: today's regions of level 2, all of them: [region, name, country, country_name, period, value (NaN for
            missing), flags, against_eu (mark)].
        eu_value, eu_flags: the EU's value in that year; None when there is none.
        met: whether at least 95 % of the regions that ever report have a value in that year.
        years: years with a value in at least one region, oldest first.
    """

    indicator: str
    period: int | None
    values: pd.DataFrame
    eu_value: float | None
    eu_flags: str
    met: bool
    years: tuple[int, ...]


def area(indicator: str, year: int | None = None) -> Area:
    """Values of all today's regions in a year; by default the newest in which 95 % of those that report have one."""
    return frames.remember("area", (indicator, year), lambda: _area(indicator, year))


def _area(indicator: str, period: int | None) -> Area:
    names, current = frames.region_names(), frames.current_regions()
    frame = frames.observations([indicator], [*current["code"], EU])
    regional = frame[frame["region"] != EU]
    filled = tuple(sorted({int(year) for year in regional.loc[regional["value"].notna(), "period"]}))
    common = progress.latest_common_year(regional)
    met = bool(common["met"].iloc[0]) if len(common) else False
    if period is None and len(common):
        period = int(common["period"].iloc[0])
    inside = frame[frame["period"] == period]
    levels = progress.level_against_region(inside, frames.specs(), EU).set_index("region")["level"]
    values = current[["code", "name", "country"]].rename(columns={"code": "region"})
    values = values.assign(country_name=values["country"].map(names), period=period)
    values = values.merge(inside[["region", "value", "flags"]], on="region", how="left")
    values["flags"] = [flags if isinstance(flags, str) else "" for flags in values["flags"]]
    values["against_eu"] = _marks(values["region"].map(levels), "not_computable")
    union = inside[(inside["region"] == EU) & inside["value"].notna()]
    return Area(
        indicator=indicator,
        period=period,
        values=values.reset_index(drop=True),
        eu_value=float(union["value"].iloc[0]) if len(union) else None,
        eu_flags=str(union["flags"].iloc[0]) if len(union) else "",
        met=met,
        years=filled,
    )


def area_news(limit: int = 5) -> tuple[list[Sentence], list[Sentence]]:
    """Good news (at most ``min(3, limit)``) and what needs attention (``limit``) across the area, strongest first."""
    return frames.remember("area-news", (limit,), lambda: _area_news(limit))


def _area_news(limit: int) -> tuple[list[Sentence], list[Sentence]]:
    specs = _judged(frames.specs())
    frame = frames.observations(specs, frames.current_regions()["code"])
    targets = progress.distance_to_target(frame, specs)
    catalogue = frames.indicators()
    comparable = catalogue.loc[catalogue["target_comparable"] == True, "code"]  # noqa: E712
    return sentences.news(
        progress.direction(frame, specs),
        targets[targets["indicator"].isin(comparable)],
        _measures(),
        frames.region_names(),
        good=min(NEWS, limit),
        attention=limit,
    )


def _judged(specs: Mapping[str, IndicatorSpec]) -> dict[str, IndicatorSpec]:
    """Headline and core indicators with figures for which more or less is better, whatever prices do."""
    catalogue = frames.indicators()
    told = catalogue["role"].isin(("headline", "core")) & ~catalogue["unit"].isin(CURRENT_PRICES)
    codes = set(catalogue.loc[told & catalogue["code"].isin(choices.filled_indicators()), "code"])
    return {code: spec for code, spec in specs.items() if code in codes and spec.direction}

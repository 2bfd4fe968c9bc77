"""The one-page brief of a region: what it says, in the language of the request, before any file format.

Writers (``html``, ``pdf``, ``docx``) lay out what stands here and add no word and no number of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pandas as pd

from analysis import sentences
from analysis.sentences import Name, Sentence
from config import settings
from dashboard import choices, citation, findings, frames
from dashboard.components.marks import MARKS, flag_words
from dashboard.exhibits import Exhibit
from dashboard.figures import trends
from dashboard.filters import Filters, one_of, some_of, switch
from dashboard.findings import Profile
from dashboard.i18n import DASH, _, date, language, number, year

PATH = "/region"
"""The page that shows the same live; its address takes the same query."""

SPARK = (130, 34)
"""Width and height of the small line of an indicator, in pixels."""


@dataclass(frozen=True)
class BriefFilters(Filters):
    """With whom a region is compared: the same names as in the address of its page."""

    peers: str = one_of(choices.peer_methods, default="structural")
    abroad: bool = switch()
    own: tuple[str, ...] = some_of(choices.regions, choices.OWN_LIST)


@dataclass(frozen=True)
class Verdict:
    """A mark in words: its shape (never without the word), its tone, and what it rests on ("48.5, 2024")."""

    code: str
    shape: str
    word: str
    tone: str
    detail: str = ""


NOTHING = Verdict("", "", DASH, "none")
"""Where there is no value, there is nothing to judge."""


@dataclass(frozen=True)
class Tile:
    """One headline indicator, all values as the reader's language writes them.

    ``value`` is a dash when nothing is published; ``instead`` then says so and gives the country's value by its name.
    ``spark`` is an SVG picture of the series or empty, ``spark_words`` says what it shows.
    """

    indicator: str
    name: str
    unit: str
    value: str
    year: str
    flags: str
    flag_words: str
    instead: str
    spark: str
    spark_words: str
    peers: Verdict
    eu: Verdict
    direction: Verdict
    target: Verdict

    @property
    def verdicts(self) -> tuple[Verdict, Verdict, Verdict, Verdict]:
        """The marks in the order of the table's columns."""
        return (self.peers, self.eu, self.direction, self.target)


@dataclass(frozen=True)
class Section:
    """A heading with its items; ``notes`` are smaller print below them."""

    heading: str
    items: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One line of where the brief comes from; ``link`` when it leads somewhere."""

    label: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class Brief:
    """How one region is doing, ready to be set on paper.

    Attributes:
        region: its code.
        name: its name in the reader's language.
        lang: language of every text here.
        title: of the document.
        kicker: what kind of paper this is.
        place: country, code and local name.
        headline: the answer in one sentence.
        lead: what it goes on to say; may be empty.
        caption: what the table shows.
        columns: its column heads: indicator, value, trend, peers, EU, direction, target.
        tiles: its rows.
        targets, good, attention, peers: distance to targets, good news, needs attention, who the peers are.
        coverage: what is there of what could be.
        facts_heading: heading of the facts.
        facts: date, data version, filters, sources, organisation, contact, address.
        notes: how to read values, flags and marks.
        address: of the page that shows the same live.
        organisation: who runs this installation.
        stamp: organisation, day and data version in one line, for the foot of each sheet.
    """

    region: str
    name: str
    lang: str
    title: str
    kicker: str
    place: str
    headline: str
    lead: str
    caption: str
    columns: tuple[str, ...]
    tiles: tuple[Tile, ...]
    targets: Section
    good: Section
    attention: Section
    peers: Section
    coverage: str
    facts_heading: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    address: str
    organisation: str
    stamp: str


def build(region: str, chosen: BriefFilters) -> Brief:
    """Write the brief of one of today's regions.

    Args:
        region: code of a region of level 2. Raises KeyError for one that is not in the catalogue.
        chosen: with whom to compare.
    """
    found = findings.peers(region, chosen.peers, other_countries=chosen.abroad, own=chosen.own)
    shown = findings.profile(region, found)
    title = _("{region}: regional brief").format(region=shown.name)
    targets, good, attention = _targets(shown), _news(shown, True), _news(shown, False)
    cited = _cited(shown, chosen, title)
    known = shown.coverage.newest is not None
    organisation, today = settings().organisation, date(datetime.now(UTC), "long")
    version = _("data version {version}").format(version=frames.data_version())
    headline = findings.say(replace(shown.headline, rest=()))
    if not known:
        headline = _("{region}: the loaded sources hold no figures for this region.").format(region=shown.name)
    return Brief(
        region=region,
        name=shown.name,
        lang=language(),
        title=title,
        kicker=_("Regional brief – How are we doing?"),
        place=_place(shown),
        headline=headline,
        lead=" ".join(findings.say(further) for further in shown.headline.rest) if known else _why_nothing(),
        caption=_("Headline indicators: level, direction and distance to target, each judged by itself"),
        columns=(
            _("Indicator"),
            _("Newest value"),
            _("Trend"),
            _("Beside peers"),
            _("Beside the EU"),
            _("Direction"),
            _("Target"),
        ),
        tiles=tuple(_tile(row, shown) for row in frames.records(shown.tiles)),
        targets=targets,
        good=good,
        attention=attention,
        peers=_peers(shown),
        coverage=findings.say(shown.coverage_line),
        facts_heading=_("About this brief"),
        facts=_facts(shown, chosen, cited, today),
        notes=_notes(shown),
        address=citation.address(cited),
        organisation=organisation,
        stamp=" · ".join((organisation, today, version)),
    )


def _why_nothing() -> str:
    return _(
        "Candidate countries and potential candidates publish only part of the regional statistics, and this region is "
        "not in any dataset that is loaded here. Nothing is estimated in its place; missing is not zero."
    )


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _written(value: Any, row: Mapping[str, Any]) -> str:
    if not _there(value):
        return DASH
    return number(value, int(row["decimals"])) + str(row["unit_suffix"]).replace(" ", "\N{NO-BREAK SPACE}")


def _plainly(value: float, row: Mapping[str, Any]) -> str:
    """A target as the law writes it: 3%, not 3.00%."""
    return _written(value, {**row, "decimals": 0} if float(value).is_integer() else row)


def _place(shown: Profile) -> str:
    local = frames.regions().set_index("code").loc[shown.region, "name_local"]
    parts = [shown.country_name, shown.region]
    if isinstance(local, str) and local and local != shown.name:
        parts.append(local)
    return " · ".join(dict.fromkeys(parts))


# --- table ----------------------------------------------------------------------------------------------------


def _verdict(code: str, detail: str = "") -> Verdict:
    found = MARKS.get(code, MARKS["not_computable"])
    return Verdict(code, found.shape, _(found.word), found.tone, detail)


def _tile(row: Mapping[str, Any], shown: Profile) -> Tile:
    flags, there = str(row["flags"]), _there(row["value"])
    spark, words = _spark(row, shown)
    return Tile(
        indicator=str(row["indicator"]),
        name=str(row["name"]),
        unit=str(row["unit_label"]),
        value=_written(row["value"], row),
        year=year(row["period"]) if there else "",
        flags=flags,
        flag_words=flag_words(flags),
        instead=_instead(row, shown),
        spark=spark,
        spark_words=words,
        peers=_level(str(row["against_peers"]), row["peers_value"], row["peers_period"], row) if there else NOTHING,
        eu=_level(str(row["against_eu"]), row["eu_value"], row["eu_period"], row) if there else NOTHING,
        direction=_direction(row) if there else NOTHING,
        target=_target(row) if there else NOTHING,
    )


def _instead(row: Mapping[str, Any], shown: Profile) -> str:
    if _there(row["value"]):
        return ""
    if not _there(row["country_value"]):
        return _("not published for this region")
    country = _("Whole country ({country}): {value}, {year}").format(
        country=shown.country_name, value=_written(row["country_value"], row), year=year(row["country_period"])
    )
    return _("not published for this region") + ". " + country


def _level(code: str, reference: Any, period: Any, row: Mapping[str, Any]) -> Verdict:
    if not _there(reference):
        return replace(NOTHING, detail=_("no value in the same year"))
    return _verdict(code, f"{_written(reference, row)}, {year(period)}")


def _direction(row: Mapping[str, Any]) -> Verdict:
    code = str(row["direction"])
    if code != "not_computable":
        return _verdict(code, f"{year(row['first'])}–{year(row['last'])}")
    msgids = {str(key): text for (kind, key), text in sentences.WORDS.items() if kind.__name__ == "Reason"}
    why = _(msgids[str(row["reason"])]) if str(row["reason"]) in msgids else ""
    return _verdict(code, f"{why} ({year(row['reason_year'])})" if why and _there(row["reason_year"]) else why)


def _target(row: Mapping[str, Any]) -> Verdict:
    if not _there(row["target_value"]):
        return Verdict("", "", _("none set"), "none")
    aim = _("{value} by {year}").format(value=_plainly(row["target_value"], row), year=year(row["target_year"]))
    return _verdict(str(row["target"]), aim)


def _spark(row: Mapping[str, Any], shown: Profile) -> tuple[str, str]:
    mine = shown.series[shown.series["role"].eq("own") & shown.series["indicator"].eq(row["indicator"])]
    picture = trends.sparkline(mine, *SPARK)
    if not picture:
        return "", ""
    known = mine[mine["value"].notna()].sort_values("period")
    first, last = known.iloc[0], known.iloc[-1]
    words = _("{name}: {first} in {first_year}, {last} in {last_year}").format(
        name=row["short"],
        first=_written(first["value"], row),
        first_year=year(first["period"]),
        last=_written(last["value"], row),
        last_year=year(last["period"]),
    )
    return unquote(picture.partition(",")[2]), words


# --- sections -------------------------------------------------------------------------------------------------


def _plain(sentence: Sentence, about: str) -> str:
    return "".join(piece.text for piece in findings.pieces(sentence, about))


def _aimed(shown: Profile) -> pd.DataFrame:
    return shown.all[shown.all["value"].notna() & shown.all["target_value"].notna()]


def _targets(shown: Profile) -> Section:
    aimed, name = _aimed(shown), Name(shown.name, shown.region)
    rows = {str(row["indicator"]): row for row in frames.records(shown.targets)}
    comparable = frames.records(aimed[aimed["target"] != "no_target"])
    told = [
        _plain(sentences.towards_target(name, findings.measure(row["indicator"]), rows[row["indicator"]]), shown.region)
        for row in comparable
    ]
    laws = [f"{row['name']}: {row['target_law']}. {row['target_note']}" for row in comparable]
    others = [
        _("Not comparable: {name}, target {aim} by {year}. {why}").format(
            name=row["name"],
            aim=_plainly(row["target_value"], row),
            year=year(row["target_year"]),
            why=row["target_note"],
        )
        for row in frames.records(aimed[aimed["target"] == "no_target"])
    ]
    nothing = _("No published value of this region can be compared with a target.")
    return Section(_("Distance to targets"), tuple(told) or (nothing,), (*laws, *others))


def _news(shown: Profile, good: bool) -> Section:
    items = shown.good if good else shown.attention
    heading = _("Good news") if good else _("Needs attention")
    nothing = (
        _("No clear progress in the last five years.") if good else _("No clear worsening in the last five years.")
    )
    if not _moved(shown):
        nothing = _("There are too few figures to tell.")
    return Section(heading, tuple(_plain(item, shown.region) for item in items) or (nothing,))


def _moved(shown: Profile) -> bool:
    return bool(len(shown.all)) and bool((shown.all["direction"] != "not_computable").any())


def _peers(shown: Profile) -> Section:
    found, names = shown.peers, frames.region_names()
    items = [found.note]
    if found.codes:
        listed = _("In this order: {names}.") if found.method == "own" else _("The nearest first: {names}.")
        items.append(listed.format(names=", ".join(names.get(code, code) for code in found.codes)))
    if found.method == "structural" and found.result is not None:
        known = names | dict(zip(frames.indicators()["code"], frames.indicators()["short"], strict=True))
        told = sentences.peers_found(Name(shown.name, shown.region), found.result, known)
        # A name that ends in an abbreviation brings its own full stop.
        items += [findings.say(further).replace("..", ".") for further in told.rest]
    if found.refused and found.asked == "own":
        items.insert(0, found.refused)
    return Section(_("Who the peers are, and why"), tuple(items))


# --- where it comes from --------------------------------------------------------------------------------------


def _used(shown: Profile) -> tuple[str, ...]:
    """Indicators whose figures stand in the brief or decide on its peers."""
    said = [
        piece.key.indicator for item in (*shown.good, *shown.attention) for piece in findings.pieces(item) if piece.key
    ]
    peers = shown.peers.result.variables if shown.peers.result is not None else ()
    tiles = shown.tiles[shown.tiles["value"].notna() | shown.tiles["country_value"].notna()]
    return tuple(dict.fromkeys([*tiles["indicator"], *_aimed(shown)["indicator"], *said, *peers]))


def _cited(shown: Profile, chosen: BriefFilters, title: str) -> Exhibit:
    return Exhibit(
        key=f"brief-{shown.region}",
        answer=title,
        subtitle="",
        table=shown.tiles,
        columns=(),
        indicators=_used(shown),
        query={"region": shown.region, **chosen.query()},
        path=PATH,
    )


def _facts(shown: Profile, chosen: BriefFilters, cited: Exhibit, today: str) -> tuple[Fact, ...]:
    contact = settings().contact
    runs = frames.loads(1)
    loaded = date(runs["started_at"].iloc[0], "long") if len(runs) else DASH
    facts = [
        Fact(_("Published by"), settings().organisation),
        Fact(_("Date"), today),
        Fact(_("Data version"), _("{version}, last load {day}").format(version=frames.data_version(), day=loaded)),
        Fact(_("Filters"), _filters(shown.region, chosen)),
        *[Fact(_("Source"), text) for text in _sources(cited.indicators)],
        Fact(_("The same live"), citation.address(cited), citation.address(cited)),
    ]
    if contact:
        facts.insert(1, Fact(_("Contact"), contact, f"mailto:{contact}"))
    return tuple(facts)


def _filters(region: str, chosen: BriefFilters) -> str:
    names = frames.region_names()
    parts = [
        _("region {code}").format(code=region),
        _("peers: {method}").format(method=_(choices.PEER_METHODS[chosen.peers])),
    ]
    if chosen.peers == "own":
        parts.append(_("own list: {names}").format(names=", ".join(names[code] for code in chosen.own) or DASH))
    elif chosen.abroad:
        parts.append(_("regions of other countries only"))
    return "; ".join(parts)


def _sources(codes: Iterable[str]) -> list[str]:
    """One line a publisher: its datasets with their editions, and the licence."""
    catalogue = frames.indicators().set_index("code")
    sources = frames.sources().set_index("code")
    editions = frames.datasets().set_index("code")["updated"]
    found: dict[str, dict[str, str]] = {}
    for code in codes:
        row = catalogue.loc[code]
        edition = editions.get(row["dataset"])
        known = "" if edition is None or edition != edition else f" ({date(edition)})"
        found.setdefault(str(row["source"]), {})[str(row["dataset"])] = f"{row['dataset']}{known}"
    return [
        _("{source}: {datasets}. Licence: {licence}.").format(
            source=sources.loc[source, "name"] if source in sources.index else source,
            datasets=", ".join(sets.values()),
            licence=sources.loc[source, "licence"] if source in sources.index else DASH,
        )
        for source, sets in found.items()
    ]


def _notes(shown: Profile) -> tuple[str, ...]:
    rows = frames.records(shown.tiles)
    notes = [
        _(
            "“Better” and “worse” compare with the median of the peers, and with the EU, in the same year; within 5% "
            "it is “about the same”. The direction is the change a year over the years named."
        ),
    ]
    if any(row["shortened"] is True for row in rows):
        notes.append(_("Where fewer than five years are named, a break in the series hides what was before."))
    for row in rows:
        if _there(row["jump"]):
            care = _("Read with care: the value at least doubled or halved in {year}, and the source does not say why.")
            notes.append(f"{row['name']}: {care.format(year=year(row['jump']))}")
    letters = sorted({letter for row in rows for letter in str(row["flags"])})
    if letters:
        meant = "; ".join(f"{letter} – {flag_words(letter)}" for letter in letters)
        notes.append(_("Letters beside values are the publisher’s flags: {flags}.").format(flags=meant))
    elif any(_there(row["value"]) for row in rows):
        notes.append(_("No value in the table carries a flag of its publisher (estimated, provisional, break …)."))
    notes.append(_("A dash stands for a value that is not published; missing is never zero."))
    notes.append(
        _(
            "Medians, marks, changes and distances are calculated by PoliSEE; the publishers are not responsible for "
            "them."
        )
    )
    return (*notes, *status_note([shown.region, *shown.peers.codes]))


def status_note(codes: Iterable[str]) -> list[str]:
    """The note that a name with an asterisk leads to; nothing when no name of these regions has one."""
    names = frames.region_names()
    if not any(names.get(code, "").endswith("*") for code in codes):
        return []
    return [
        _(
            "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and "
            "the ICJ Opinion on the Kosovo declaration of independence."
        )
    ]

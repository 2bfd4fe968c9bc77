"""A scenario set as slides: what each says, shows and keeps for the speaker, before any file format. No HTML, no PPTX.

Everything is in the language of the request and taken from what the pages show: answers, numbers and marks are those of
the exhibits. Writers in ``reports`` lay out what stands here and add no word and no number of their own.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from typing import Any

import pandas as pd

from analysis.model import is_uncertain
from analysis.robustness import Mark
from dashboard import citation, frames, futures, headings, strategies, trust
from dashboard.components import futures_heading, futures_heading_board, futures_story
from dashboard.components import strategies_backcast as backcasts
from dashboard.components import strategies_payoffs as payoffs
from dashboard.components.futures_heading_parts import (
    HeadingFilters,
    distance_words,
    missing_words,
    verdict_sentence,
    weight_words,
)
from dashboard.components.futures_parts import source_of
from dashboard.components.marks import MARKS
from dashboard.components.marks import word as mark_word
from dashboard.components.strategies_parts import mark_code, mark_words, tone
from dashboard.exhibits import Exhibit
from dashboard.figures import payoff_heat, trends
from dashboard.filters import Filters, Option, one_of, some_of
from dashboard.futures import FuturesFilters, FuturesSet, RegionPaths, ScenarioLook, Told
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number, percent, speaking, year
from dashboard.slide_charts import (
    Bar,
    Bars,
    Cell,
    Chart,
    Cross,
    Head,
    Lines,
    Path,
    Place,
    Pole,
    Seen,
    Spot,
    Step,
    Steps,
    Table,
    axis,
    judged,
    series,
)
from dashboard.strategies import StrategyFilters, listed

MOST = 20
"""Slides of a deck: about an hour."""

PANELS = 4
"""Indicators that have a slide of their own."""

FACTS = 4
"""Headline numbers of a scenario."""

STORY = 360
"""Letters of a story that a slide shows; the speaker has all of it."""

ROOM = 700.0
"""Height for the rows of a table, in pixels of a slide of 1920 × 1080."""

LETTER, LINE, PADDING = 15.5, 36.0, 20.0
"""Width of a letter, height of a line and room about a row of the smallest type of a slide, in the same pixels."""

WIDTH = 1760.0
"""Width of a table, in the same pixels."""


# --- what may be chosen ---------------------------------------------------------------------------------------------


def _indicator_options() -> list[Option]:
    names = frames.indicator_names()
    return [Option(code, names[code]) for code in frames.indicators()["code"]]


@dataclass(frozen=True)
class SlideFilters(Filters):
    """For whom the slides are made: a region, and the indicators that have a slide; none means the telling ones."""

    region: str = one_of(futures.region_options, default="HU31", label=N_("Region"))
    show: tuple[str, ...] = some_of(_indicator_options, PANELS, label=N_("Indicators with a slide of their own"))


def shown_options(set_code: str, region: str) -> list[Option]:
    """Indicators that a set tells of a region."""
    found = futures.the_set(set_code)
    told = () if found is None else futures.region_paths(found, region).told
    return [Option(one.indicator, one.about.short) for one in told]


# --- the model ------------------------------------------------------------------------------------------------------

TITLE, TEXT, CHART, STORY_KIND, TABLE = "title", "text", "chart", "story", "table"


@dataclass(frozen=True)
class Fact:
    """A headline number: what it is, the number as a range, and what it is to be held against."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        key: its name within the deck.
        kind: how it is laid out: ``title``, ``text``, ``chart``, ``story`` or ``table``.
        kicker: what it is about, in a few words.
        title: the answer, a sentence.
        lines: what else it says, a few short ones.
        facts: headline numbers.
        chart, table: what it shows.
        under: how to read what it shows, unit and place, one line.
        tone, sign: of the scenario that it tells.
        whole: the whole story, by paragraphs, of which ``lines`` are the beginning.
        notes: what the speaker may say, by paragraphs.
        numbers: the numbers of the chart as a table.
        sources: where its numbers come from.
    """

    key: str
    kind: str
    kicker: str
    title: str
    lines: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    under: str = ""
    tone: str = ""
    sign: str = ""
    whole: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    numbers: Table | None = None
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its title as lists and outlines have it: a scenario's begins with its name."""
        return f"{self.kicker}: {self.title}" if self.kind == STORY_KIND else self.title

    @property
    def words(self) -> str:
        """The numbers of its chart in words, for who does not see it."""
        if self.numbers is None:
            return self.under
        rows = []
        for row in self.numbers.rows:
            pairs = zip(self.numbers.heads[1:], row[1:], strict=True)
            rows.append(f"{row[0].text}: {', '.join(f'{head.text} {cell.text}'.strip() for head, cell in pairs)}")
        return ". ".join([*rows, self.under] if self.under else rows)


@dataclass(frozen=True)
class Deck:
    """All slides of a set for a region, in one language.

    ``fixed`` is what stands on each slide: that it is no forecast, and of what origin the set is; ``warning`` says the
    same in a sentence. ``stem`` is the beginning of file names. ``version`` is the data version.
    """

    set_code: str
    title: str
    question: str
    description: str
    lang: str
    region: str
    region_name: str
    horizon: int
    illustrative: bool
    fixed: str
    warning: str
    version: int
    day: str
    address: str
    stem: str
    slides: tuple[Slide, ...] = field(default=())


def deck(set_code: str, chosen: SlideFilters, lang: str) -> Deck | None:
    """The slides of a set; None when there is no set of that code.

    Args:
        set_code: its code.
        chosen: region and indicators.
        lang: language of every word.
    """
    with speaking(lang):
        found = futures.the_set(set_code)
        if found is None:
            return None
        today = trust.today()
        chosen = chosen.but(region=region_of(found, chosen.region))
        key = (set_code, chosen.region, chosen.show, today.isoformat())
        return frames.remember("slides", key, lambda: _deck(found, chosen, today))


def region_of(found: FuturesSet, asked: str) -> str:
    """The region that was asked for if the set says something of it, else its first."""
    places = futures.places_of(found.code)
    if not places or asked in places or futures.country_of(asked) in places:
        return asked
    return next((code for code in (*found.regions, *sorted(places)) if code in places), asked)


@dataclass(frozen=True)
class Making:
    """What the slides are made from."""

    found: FuturesSet
    chosen: SlideFilters
    paths: RegionPaths
    today: Date

    @property
    def region(self) -> str:
        """Code of the region."""
        return self.chosen.region

    @property
    def of_futures(self) -> FuturesFilters:
        """The same choices on the page of the futures."""
        return FuturesFilters.parse({"set": self.found.code, "region": self.region})

    @property
    def of_strategies(self) -> StrategyFilters:
        """The same choices on the page of the strategies."""
        return StrategyFilters.parse({"set": self.found.code, "region": self.region})

    def sources(self, indicators: Iterable[str] = ()) -> tuple[str, ...]:
        """The set, and publishers and datasets of indicators."""
        shown = Exhibit("", "", "", pd.DataFrame(), (), indicators=tuple(indicators), sources=(source_of(self.found),))
        return tuple(part for part in citation.datasets(shown).split("; ") if part)


def _deck(found: FuturesSet, chosen: SlideFilters, today: Date) -> Deck:
    making = Making(found, chosen, futures.region_paths(found, chosen.region), today)
    before = [*_opening(making), *_stories(making)]
    after = [*_heading(making), *_signposts(making), *_strategies(making), *_backcast(making)]
    end = [_next(making, after), _sources(making)]
    left = MOST - len(before) - len(after) - len(end)
    panels = _panels(making, max(1, min(PANELS, left - 1)))
    assumed = _assumptions(making, max(1, min(2, left - len(panels))))
    slides = (*before, *assumed, *panels, *after, *end)
    fixed = _("Not a forecast.") + (f" {found.label}." if found.illustrative else "")
    kind = "-illustrative" if found.illustrative else ""
    version = frames.data_version()
    return Deck(
        set_code=found.code,
        title=found.title,
        question=found.question,
        description=found.description,
        lang=language(),
        region=chosen.region,
        region_name=futures.region_name(chosen.region),
        horizon=found.horizon,
        illustrative=found.illustrative,
        fixed=fixed,
        warning=" ".join(dict.fromkeys(part for part in (found.warning, found.caveat) if part)),
        version=version,
        day=date(today, "long"),
        address=making.of_futures.href(frames.href(futures.PATH)),
        stem=f"polisee-{found.code}{kind}-{chosen.region}-{language()}-v{version}",
        slides=tuple(replace(one, numbers=_numbers(one)) if one.chart is not None else one for one in slides),
    )


# --- opening --------------------------------------------------------------------------------------------------------


def _opening(making: Making) -> list[Slide]:
    found = making.found
    count = len(found.scenarios)
    where = _("{region}, up to {year}").format(region=futures.region_name(making.region), year=year(found.horizon))
    futures_ = ngettext("{n} future", "{n} futures", count).format(n=number(count))
    first = Slide(
        "title",
        TITLE,
        where,
        found.title,
        (found.question, f"{futures_} · {date(making.today, 'long')}"),
        notes=(
            found.description,
            _(
                "Say at the start what the line at the foot of each slide says: none of these futures is a forecast, "
                "and nobody is asked to choose the likeliest. The question is what holds up in all of them."
            ),
            _("Keys: arrows and space turn pages, N shows these notes, F fills the screen, B blanks it."),
        ),
        sources=making.sources(),
    )
    return [first, _how_to_read(making), *_axes(making)]


def _how_to_read(making: Making) -> Slide:
    found, paths = making.found, making.paths
    lines = [
        ngettext(
            "{n} future that could come. It is not said to be likely.",
            "{n} futures that could come. None of them is said to be the likely one.",
            len(found.scenarios),
        ).format(n=number(len(found.scenarios)))
    ]
    ranged = any(spot.low == spot.low for spots in paths.points.values() for spot in spots)
    if ranged:
        lines.append(_("Numbers of the future are ranges: a middle, and how far it could reach to both sides."))
    if paths.told:
        lines.append(_("Up to {year} figures are those of official statistics.").format(year=_last_seen(paths)))
    lines.append(found.caveat or found.warning)
    return Slide(
        "question",
        TEXT,
        _("How to read these slides"),
        found.question or found.title,
        tuple(lines),
        notes=(
            _(
                "Ask everyone to write down, before the first story, what they expect for {year}. Come back to these "
                "notes at the end: who would have to change a plan?"
            ).format(year=year(found.horizon)),
        ),
        sources=making.sources(),
    )


def _last_seen(paths: RegionPaths) -> str:
    years = [seen[-1].year for code, seen in paths.seen.items() if seen and paths.of(code) is not None]
    return year(max(years)) if years else DASH


def _axes(making: Making) -> list[Slide]:
    found = making.found
    known = found.axes[:2]
    if not known:
        return []
    codes = [str(one["code"]) for one in known]
    placed = [one for one in found.scenarios if all(code in one.place for code in codes)]
    if not placed:
        return []
    poles = [Pole(str(one["name"]), str(one["low"]), str(one["high"])) for one in known]
    places = tuple(
        Place(
            one.name,
            one.sign,
            series(one.position),
            one.marker,
            float(one.place[codes[0]]),
            float(one.place[codes[1]]) if len(codes) > 1 else 0.0,
        )
        for one in placed
    )
    shown = futures_story.axes(making.of_futures)
    lines = tuple(
        _("{axis}: from “{low}” to “{high}”").format(axis=pole.name, low=pole.low, high=pole.high) for pole in poles
    )
    return [
        Slide(
            "axes",
            CHART,
            _("The axes"),
            shown.answer,
            lines,
            chart=Cross(poles[0], poles[1] if len(poles) > 1 else None, places),
            notes=(
                _(
                    "Explain one axis at a time and ask where the region stands today before you show the corners. The "
                    "corners are no grades: each has winners and losers."
                ),
                shown.how,
            ),
            sources=making.sources(),
        )
    ]


# --- stories --------------------------------------------------------------------------------------------------------


def _stories(making: Making) -> list[Slide]:
    found = making.found
    return [_story(making, one) for one in found.scenarios]


def _story(making: Making, one: ScenarioLook) -> Slide:
    paths = making.paths
    facts = []
    for told in _chosen(making)[:FACTS]:
        ends = paths.at(told).get(one.code)
        if ends is None:
            continue
        where = f" ({futures.region_name(told.region)})" if told.stands_in else ""
        facts.append(Fact(told.about.short + where, told.about.range(*ends), _beside(told, ends)))
    lasts = {told.last for told in _chosen(making)[:FACTS]}
    when = f"{min(lasts)}{DASH}{max(lasts)}" if len(lasts) > 1 else year(next(iter(lasts), making.found.horizon))
    place = f"{futures.region_name(making.region)}, {when}" if facts else ""
    story = [text.strip() for text in one.story.split("\n\n") if text.strip()]
    return Slide(
        f"scenario-{one.code}",
        STORY_KIND,
        one.name,
        one.summary,
        (story_start(one.story),) if one.story else (),
        tuple(facts),
        under=place,
        tone=series(one.position),
        sign=one.sign,
        whole=tuple(story),
        notes=tuple(part for part in (one.notes,) if part),
        sources=making.sources(told.indicator for told in _chosen(making)[:FACTS]),
    )


def _beside(told: Told, ends: tuple[float, float, float]) -> str:
    """The middle of a range, and what was observed."""
    low, middle, high = ends
    said = []
    if low == low and high == high and low != high:
        said.append(_("middle {value}").format(value=told.about.text(middle)))
    if told.base is not None:
        said.append(_("{value} in {year}").format(value=told.about.text(told.observed), year=year(told.base)))
    return "; ".join(said)


def story_start(text: str, most: int = STORY) -> str:
    """The first sentences of a text up to so many letters; the first one is kept whole in any case."""
    # A point after one or two digits is that of an ordinal, as Hungarian writes it, not the end of a sentence.
    sentences = re.split(r"(?<=[.!?…])(?<!\b\d\.)(?<!\b\d\d\.)\s+", " ".join(text.split()))
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + 1 + len(sentence) > most:
            break
        kept += " " + sentence
    return kept


# --- assumptions ----------------------------------------------------------------------------------------------------


def _assumptions(making: Making, most: int) -> list[Slide]:
    """What the scenarios take for granted, on as many slides as it takes, at most ``most``."""
    found = making.found
    frame = frames.scenario_part("assumptions", found.code)
    if frame.empty:
        return []
    subjects: dict[str, str] = {}
    texts: dict[tuple[str, str], str] = {}
    for row in frames.records(frame):
        subjects.setdefault(str(row["code"]), str(row["subject"]))
        texts[str(row["code"]), str(row["scenario"])] = str(row["text"])
    looks = found.scenarios
    heads = (Head(_("Subject"), width=0.52), *(Head(one.label, series(one.position)) for one in looks))
    rows = [
        (Cell(subject, strong=True), *(Cell(texts.get((code, one.code), DASH)) for one in looks))
        for code, subject in subjects.items()
    ]
    pages, rest = paged(heads, rows, most)
    shown = futures_story.assumptions(making.of_futures)
    slides = []
    for place, page in enumerate(pages):
        last = place == len(pages) - 1
        names = [row[0].text[:1].lower() + row[0].text[1:] for row in page]
        slides.append(
            Slide(
                f"assumptions-{place + 1}",
                TABLE,
                _("Assumptions side by side"),
                _("What each future takes for granted: {subjects}").format(subjects="; ".join(names)),
                table=Table(_("Assumptions side by side"), heads, tuple(page), rest=_more(rest) if last else ""),
                notes=(
                    _(
                        "Read a row across, not a column down: where two futures assume the same, they cannot be told "
                        "apart by it. Ask which assumption the room would bet against."
                    ),
                    shown.how,
                ),
                sources=making.sources(),
            )
        )
    return slides


def _more(rest: int) -> str:
    """That rows were left out, and where they are."""
    if not rest:
        return ""
    words = ngettext("{n} more is on the live page.", "{n} more are on the live page.", rest)
    return words.format(n=number(rest))


def row_height(heads: Sequence[Head], row: Sequence[Cell]) -> float:
    """Height of a row, about, in pixels of a slide."""
    total = sum(head.width for head in heads)
    lines = [
        math.ceil(
            max(len(cell.text), 1) * (LETTER * 1.07 if cell.strong else LETTER) / (WIDTH * head.width / total - PADDING)
        )
        + math.ceil(len(cell.detail) * LETTER / (WIDTH * head.width / total - PADDING))
        for head, cell in zip(heads, row, strict=True)
    ]
    return max(lines) * LINE + PADDING


def paged(
    heads: Sequence[Head], rows: Sequence[tuple[Cell, ...]], most: int, room: float = ROOM
) -> tuple[list[list[tuple[Cell, ...]]], int]:
    """Rows in pages that each fit on a slide, at most ``most``, about equally full; and how many rows are left out."""
    heights = [row_height(heads, row) for row in rows]
    count, total = 1, sum(heights)
    while count < most and total / count > room:
        count += 1
    pages: list[list[tuple[Cell, ...]]] = [[]]
    used = 0.0
    for place, (row, tall) in enumerate(zip(rows, heights, strict=True)):
        full = used + tall > room or (used and used + tall / 2 > total / count and len(pages) < count)
        if pages[-1] and full:
            if len(pages) == most:
                return pages, len(rows) - place
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += tall
    return pages, 0


# --- pathways -------------------------------------------------------------------------------------------------------


def _spread(paths: RegionPaths, told: Told) -> float:
    """How far the scenarios lie apart in the last year, as a share of what was observed."""
    medians = [ends[1] for ends in paths.at(told).values() if ends[1] == ends[1]]
    if len(medians) < 2:
        return -1.0
    start = abs(told.observed) if told.observed == told.observed and told.observed else abs(max(medians, key=abs))
    return (max(medians) - min(medians)) / start if start else 0.0


def _chosen(making: Making) -> list[Told]:
    """The indicators that were chosen, in that order; else those in which the scenarios differ most, in the
    catalogue's."""
    told = making.paths.told
    wanted = [one for code in making.chosen.show if (one := making.paths.of(code)) is not None]
    if wanted:
        return wanted
    most = sorted(told, key=lambda one: -_spread(making.paths, one))[:PANELS]
    return [one for one in told if one in most]


def _panels(making: Making, most: int) -> list[Slide]:
    return [_panel(making, told) for told in _chosen(making)[:most]]


def lines_of(making: Making, told: Told) -> Lines:
    """The chart of an indicator: the same points as the fans of the page."""
    found, paths, about = making.found, making.paths, told.about
    start = told.base or told.first
    rows = [one for one in paths.seen.get(told.indicator, ()) if one.year >= start - futures_story.HISTORY]
    flags = {one.year: one.flags for one in rows}
    stretches: list[list[Seen]] = [[]]
    for at, value in zip(*trends.gapped(rows), strict=True):
        if at is None or value is None:
            stretches.append([])
        else:
            stretches[-1].append(Seen(at, value, is_uncertain(flags[at])))
    drawn = []
    for one in found.scenarios:
        points = [p for p in paths.points.get((told.indicator, one.code), ()) if p.year <= told.last]
        if points:
            spots = tuple(Spot(p.year, p.low, p.value, p.high) for p in points)
            end = about.median(*spots[-1][1:])
            drawn.append(Path(one.name, one.sign, series(one.position), one.dash, one.marker, spots, end))
    values = [one.value for one in rows]
    values += [end for path in drawn for spot in path.spots for end in spot[1:]]
    target = _target(told, values)
    first = min([one.year for one in rows] + [path.spots[0].year for path in drawn])
    return Lines(
        label=about.unit,
        seen=tuple(tuple(part) for part in stretches if part),
        seen_label=_("Observed"),
        paths=tuple(drawn),
        axis=axis([*values, *([target[0]] if target else [])]),
        first=first,
        start=min(path.spots[0].year for path in drawn),
        last=told.last,
        decimals=about.decimals,
        suffix=about.suffix,
        target=target,
    )


REACH = 0.6
"""How much of what is drawn a target may add to the axis; a farther one is said below the chart."""


def _target_words(told: Told) -> str:
    if told.target is None:
        return ""
    value = number(told.target, 0 if told.target == round(told.target) else told.about.decimals) + told.about.suffix
    if told.target_year:
        return _("target {year}: {value}").format(year=year(told.target_year), value=value)
    return _("target: {value}").format(value=value)


def _target(told: Told, values: Sequence[float]) -> tuple[float, str] | None:
    known = [value for value in values if value == value]
    if told.target is None or not known:
        return None
    low, high = min(known), max(known)
    near = low - REACH * (high - low) <= told.target <= high + REACH * (high - low)
    return (told.target, _target_words(told)) if near else None


def _panel(making: Making, told: Told) -> Slide:
    found, paths = making.found, making.paths
    chart = lines_of(making, told)
    place = futures.region_name(told.region)
    place = _("{country}, in the region's place").format(country=place) if told.stands_in else place
    far = _target_words(told) if chart.target is None else ""
    under = " · ".join(part for part in (place, told.about.unit, far) if part)
    ranged = any(spot.ranged for path in chart.paths for spot in path.spots)
    how = _("Lines are middles, areas are ranges.") if ranged else _("Lines as stated; the set gives no ranges.")
    differing = _spread_words(found, paths, told)
    lines_source = tuple(dict.fromkeys(source for source in told.sources if source and source != found.source))[:2]
    return Slide(
        f"pathway-{told.indicator}",
        CHART,
        told.about.short,
        _panel_title(found, paths, told),
        chart=chart,
        under=f"{under}. {how}",
        notes=tuple(
            part
            for part in (
                _(
                    "Begin with the black line, what was measured, and let the room guess before you go on. Then say "
                    "where the lines part: from that year on a decision can still change the course."
                ),
                differing,
            )
            if part
        ),
        sources=(*lines_source, *making.sources((told.indicator,))),
    )


def _panel_title(found: FuturesSet, paths: RegionPaths, told: Told) -> str:
    medians = {code: ends[1] for code, ends in paths.at(told).items() if ends[1] == ends[1]}
    if not medians:
        return told.about.short
    names = found.names()
    low, high = min(medians, key=lambda code: medians[code]), max(medians, key=lambda code: medians[code])
    facts = {
        "indicator": told.about.in_sentence[:1].upper() + told.about.in_sentence[1:],
        "year": year(told.last),
        "low": told.about.text(medians[low]),
        "a": names.get(low, low),
        "high": told.about.text(medians[high]),
        "b": names.get(high, high),
    }
    if told.base is None:
        return _("{indicator} by {year}: from {low} in “{a}” to {high} in “{b}”").format(**facts)
    words = _("{indicator} by {year}: from {low} in “{a}” to {high} in “{b}”; it was {now} in {base}")
    return words.format(now=told.about.text(told.observed), base=year(told.base), **facts)


def _spread_words(found: FuturesSet, paths: RegionPaths, told: Told) -> str:
    """All ranges in words, for whoever cannot see the chart."""
    names = found.names()
    said = [
        _("{scenario}: {range}").format(scenario=names[code], range=told.about.median(*ends))
        for code, ends in sorted(paths.at(told).items(), key=lambda pair: -pair[1][1])
        if code in names
    ]
    return _("{year}: {list}.").format(year=year(told.last), list="; ".join(said)) if said else ""


# --- where are we heading? ------------------------------------------------------------------------------------------


def _heading(making: Making) -> list[Slide]:
    found = making.found
    if len(found.scenarios) < 2 or not making.paths.told:
        return []
    chosen = HeadingFilters.parse({"set": found.code, "region": making.region})
    h, shown = headings.heading(found, making.region, None, making.today), futures_heading.weights(chosen)
    by_code = {str(row["scenario"]): row for row in frames.records(h.weights)}
    chart: Bars | None = None
    if h.weights["weight"].notna().any():
        bars = [
            Bar(
                one.name,
                weight := float(by_code[one.code]["weight"]),
                f"{percent(weight)} · {weight_words(weight)}",
                series(one.position),
                one.sign,
                float(by_code[one.code]["prior"]),
            )
            for one in found.scenarios
            if one.code in by_code
        ]
        name, before = _("Tracking weight"), _("before any figure")
        label = _("Tracking weight, not a probability")
        chart = Bars(label, _("Scenario"), name, tuple(bars), 1.0, before, suffix="%", factor=100.0)
    elif h.weights["mean_abs_z"].notna().any():
        bars = [
            Bar(
                one.name,
                far := float(by_code[one.code]["mean_abs_z"]),
                distance_words(far),
                series(one.position),
                one.sign,
            )
            for one in found.scenarios
            if one.code in by_code
        ]
        label = _("Mean distance of the figures from each pathway")
        high = max(h.settings.off_map, *(bar.value for bar in bars if bar.value == bar.value)) * 1.05
        chart = Bars(
            label,
            _("Scenario"),
            _("expected errors"),
            tuple(bars),
            high,
            limit=(h.settings.off_map, _("does not fit")),
            decimals=1,
        )
    missing = missing_words(found, h)
    caveat = _("Weights compare these futures with one another; what comes may be none of them.")
    lines = (caveat,) if chart is not None and h.weights["weight"].notna().any() else tuple(missing[:3])
    return [
        Slide(
            "heading",
            CHART if chart is not None else TEXT,
            _("Where are we heading?"),
            verdict_sentence(found, h),
            lines,
            chart=chart,
            under=" · ".join(shown.subtitle.split(" · ")[:3]) if chart is not None else "",
            notes=tuple(part for part in (shown.how, *shown.notes, *missing) if part),
            sources=making.sources(h.indicators),
        )
    ]


def _signposts(making: Making) -> list[Slide]:
    found = making.found
    board = headings.board(found, headings.place_of(found, making.region), making.today)
    if board.rows.empty:
        return []
    heads = (
        Head(_("Signpost"), width=1.75),
        Head(_("State"), width=0.9),
        Head(_("Due"), width=0.25, number=True),
    )
    records = frames.records(board.rows)

    def told(row: Mapping[str, Any]) -> float:
        most = max(row["bits"], row["bits_not"])
        return float(most) if most == most else -1.0

    def cells(row: Mapping[str, Any]) -> tuple[Cell, ...]:
        return (
            Cell(str(row["name"]), strong=True),
            Cell(f"{MARKS[str(row['state'])].shape} {futures_heading_board.said(row)}"),
            Cell(year(row["due"]) if not pd.isna(row["due"]) else DASH),
        )

    kept, used = set(), 0.0
    for row in sorted(records, key=lambda row: -told(row)):
        tall = row_height(heads, cells(row))
        if used + tall <= ROOM:
            kept.add(row["code"])
            used += tall
    rows = [cells(row) for row in records if row["code"] in kept]
    rest = len(records) - len(rows)
    more = ngettext("{n} more is on the live page.", "{n} more are on the live page.", rest)
    shown = futures_heading_board.posts(HeadingFilters.parse({"set": found.code, "region": making.region}))
    return [
        Slide(
            "signposts",
            TABLE,
            _("Signposts"),
            shown.answer,
            table=Table(_("Signposts"), heads, tuple(rows), rest=more.format(n=number(rest)) if rest else ""),
            notes=(
                _(
                    "Choose three to six that the room would act upon. For each: who looks at it, when, and what is "
                    "decided when it is met? A signpost without an owner is a decoration."
                ),
                _("Shown first are those that tell the futures apart best."),
            ),
            sources=making.sources(code for code in board.rows["indicator"] if code),
        )
    ]


# --- strategies -----------------------------------------------------------------------------------------------------


def _strategies(making: Making) -> list[Slide]:
    board = strategies.board(making.of_strategies)
    if board is None or not board.told:
        return []
    return [_heat(making, board), _regret(making, board)]


def _heat(making: Making, board: strategies.Board) -> Slide:
    found = making.found
    heads = (
        Head(_("Measure"), width=1.8),
        *(Head(one.label, series(one.position), 0.78) for one in found.scenarios),
        Head(_("Mark"), width=0.8),
    )
    rows = []
    for code in board.ordered:
        cells = [Cell(board.names[code], strong=True)]
        for one in found.scenarios:
            value = board.cells[code, one.code].value
            known = value == value
            words = f"{payoff_heat.sign(value)} {strategies.score(value)}" if known else "?"
            cells.append(Cell(words, fill=judged(value), strong=True))
        marked = mark_code(board.mark_of[code]["mark"])
        cells.append(Cell(mark_words(marked), tone=tone(marked), strong=True))
        rows.append(tuple(cells))
    pages, rest = paged(heads, rows, 1)
    return Slide(
        "strategies",
        TABLE,
        _("What holds up"),
        strategies.headline(board),
        table=Table(_("Pay-off of each measure in each future"), heads, tuple(pages[0]), heat=True, rest=_more(rest)),
        under=_("From −2 (does much harm) to +2 (helps much): the median of the groups."),
        notes=(
            strategies.robust_answer(board) + ".",
            _(
                "Robust: in no future below 0. Fragile: −1 or less in some future. Ask of a fragile measure whether it "
                "can be stopped in time, and which signpost would say so."
            ),
            strategies.counted_words(board) + ".",
        ),
        sources=making.sources(),
    )


def _regret(making: Making, board: strategies.Board) -> Slide:
    shown = payoffs.regret(making.of_strategies)
    rows = [row for row in frames.records(shown.table) if row["largest"] == row["largest"]]
    bars = tuple(
        Bar(
            str(row["measure"]),
            float(row["largest"]),
            f"{number(row['largest'], 1)} · {row['where']}",
            "good" if _robust(board, str(row["measure"])) else "neutral",
            MARKS["robust"].shape if _robust(board, str(row["measure"])) else "",
        )
        for row in rows[:10]
    )
    high = max((bar.value for bar in bars), default=1.0) or 1.0
    return Slide(
        "regret",
        CHART,
        _("Regret"),
        _regret_title(bars),
        chart=Bars(_("Largest regret"), _("Measure"), _("Largest regret"), bars, high, decimals=1),
        under=_("Best pay-off of a future minus the measure's own, where that is most. Green with ●: robust."),
        notes=(
            shown.answer + ".",
            shown.how,
            _("The measure that is regretted least need not be the best one anywhere. Ask what it would be worth."),
        ),
        sources=making.sources(),
    )


def _regret_title(bars: Sequence[Bar]) -> str:
    least = min((bar.value for bar in bars), default=0.0)
    names = [bar.label for bar in bars if abs(bar.value - least) < 1e-9]
    words = ngettext(
        "{names} would be regretted least: never more than {low}",
        "{names} would be regretted least: never more than {low}",
        len(names),
    )
    return words.format(names=listed(names, 2), low=number(least, 1))


def _robust(board: strategies.Board, name: str) -> bool:
    return any(board.names[code] == name for code in board.marked(Mark.ROBUST))


# --- the way back ---------------------------------------------------------------------------------------------------


def _backcast(making: Making) -> list[Slide]:
    chosen = making.of_strategies
    found = strategies.road(chosen, making.today)
    if found is None or found.steps.empty:
        return []
    steps = found.steps.iloc[::-1].sort_values("due", ascending=False, kind="stable", ignore_index=True)
    records = frames.records(steps)[:9]
    drawn = tuple(
        Step(
            str(row["name"]),
            mark_word(str(row["status"])),
            backcasts.stands(row),
            float(row["due"] - row["duration"]),
            float(row["due"]),
            float(row["earliest"]),
            MARKS[str(row["status"])].tone,
            MARKS[str(row["status"])].shape,
            bool(row["goal"]),
        )
        for row in records
    )
    chart = Steps(
        drawn,
        math.floor(min(found.now, *(step.start for step in drawn))),
        math.ceil(max(max(step.due, step.earliest) for step in drawn) - 1e-9),
        found.now,
        _("today"),
        _("Steps by the year in which they are due"),
        _("years of work"),
    )
    place = backcasts.place_of(found)
    left = len(found.steps) - len(drawn)
    return [
        Slide(
            "backcast",
            CHART,
            _("Back from the goal"),
            backcasts.goal_words(found),
            chart=chart,
            under=" · ".join(part for part in (place, _("A bar is the work on a step, ending when it is due.")) if part)
            + (" " + _more(left) if left else ""),
            notes=(
                _(
                    "Read it from the goal on top down to today. Ask of each step who answers for it, and what would "
                    "have to be given up if it came a year late."
                ),
                backcasts.answer_words(found) + ".",
                *backcasts.notes_on(found),
            ),
            sources=making.sources(code for code in dict.fromkeys(found.steps["indicator"]) if code),
        )
    ]


# --- the end --------------------------------------------------------------------------------------------------------


def _next(making: Making, before: Sequence[Slide]) -> Slide:
    """Questions for the room, as far as there is something to ask about."""
    found = making.found
    keys = {slide.key for slide in before}
    asked = [
        _("Which of these futures do our present plans assume, without saying so?"),
        _("What would each of them mean for the region, and for whom most?"),
    ]
    board = strategies.board(making.of_strategies) if "strategies" in keys else None
    robust = [board.names[code] for code in board.marked(Mark.ROBUST)] if board is not None else []
    if robust:
        asked.append(_("What holds up in all futures, and who can begin with it: {measures}?").format(
            measures=listed(robust, 3)))  # fmt: skip
    if board is not None and board.marked(Mark.FRAGILE):
        asked.append(_("Which fragile measure would we still risk, and when would we stop it?"))
    if "signposts" in keys:
        asked.append(_("Which signposts do we watch, and what do we decide when one of them is met?"))
        reviews = headings.board(found, headings.place_of(found, making.region), making.today).rows["review"]
        ahead = sorted(day for day in reviews if isinstance(day, Date) and day >= making.today)
        if ahead:
            asked.append(
                _("The next review of a signpost is due on {day}. Who does it?").format(day=date(ahead[0], "long"))
            )
    else:
        asked.append(_("By what would we notice early which of them is coming?"))
    if "backcast" in keys:
        asked.append(_("Which step begins this year?"))
    return Slide(
        "next",
        TEXT,
        _("What next?"),
        ngettext("{n} question for this room", "{n} questions for this room", len(asked)).format(n=number(len(asked))),
        tuple(asked),
        notes=(
            _(
                "Write down answers with a name of an organisation and a month beside each; persons need not be named. "
                "Disagreement is a result too: note both sides."
            ),
        ),
        sources=making.sources(),
    )


def _sources(making: Making) -> Slide:
    found = making.found
    codes = [told.indicator for told in making.paths.told]
    every = making.sources(codes)
    series_ = list(dict.fromkeys(s for told in making.paths.told for s in told.sources if s and s != found.source))
    lines = [
        _("Scenarios: {source}").format(source=", ".join(p for p in (found.title, found.source, found.licence) if p)),
        _("Figures: {datasets}").format(datasets="; ".join(every[:-1]) or DASH),
    ]
    if series_:
        shown = series_[:3] + ([_("and others")] if len(series_) > 3 else [])
        lines.append(_("Pathways: {sources}.").format(sources="; ".join(shown)))
    lines += [
        _("Data version {version}, {day}. Software: PoliSEE, EUPL-1.2.").format(
            version=number(frames.data_version()), day=date(making.today, "long")
        ),
        found.warning,
    ]
    return Slide(
        "sources",
        TEXT,
        _("Sources"),
        _("Where stories and numbers come from"),
        tuple(lines),
        notes=(
            _("Every number can be followed to its source on the page of the futures, and downloaded there."),
            *([found.source_url] if found.source_url else []),
        ),
        sources=every,
    )


# --- numbers --------------------------------------------------------------------------------------------------------


def _numbers(slide: Slide) -> Table | None:
    """The numbers of a chart as a table, for the speaker, the handout and readers who do not see the chart."""
    chart = slide.chart
    makers: dict[type, Callable[[Any], Table]] = {
        Lines: _of_lines,
        Bars: _of_bars,
        Cross: _of_cross,
        Steps: _of_steps,
    }
    return makers[type(chart)](chart) if chart is not None else None


def _of_lines(chart: Lines) -> Table:
    known = {one.year: one.value for part in chart.seen for one in part}
    middle = 5 * round((chart.start + chart.last) / 10)
    years = sorted({chart.start, middle, chart.last})
    heads = (Head(_("Scenario"), width=1.2), *(Head(year(at), number=True) for at in years))

    def text(spot: Spot | None) -> str:
        if spot is None:
            return DASH
        if not spot.ranged:
            return number(spot.value, chart.decimals) + chart.suffix
        ends = f"{number(spot.low, chart.decimals)}{DASH}{number(spot.high, chart.decimals)}"
        return f"{number(spot.value, chart.decimals)}{chart.suffix} ({ends})"

    rows = []
    if known:
        cells = [Cell(number(known.get(at), chart.decimals) + (chart.suffix if at in known else "")) for at in years]
        rows.append((Cell(chart.seen_label, strong=True), *cells))
    for path in chart.paths:
        by_year = {spot.year: spot for spot in path.spots}
        rows.append(
            (Cell(f"{path.sign} {path.name}", strong=True), *(Cell(text(by_year.get(at))) for at in years))
        )  # fmt: skip
    return Table(chart.label, heads, tuple(rows))


def _of_bars(chart: Bars) -> Table:
    heads = [Head(chart.things, width=1.4), Head(chart.name, number=True)]
    if chart.before:
        heads.insert(1, Head(chart.before, number=True))
    rows = []
    for bar in chart.bars:
        values = ([bar.before] if chart.before else []) + [bar.value]
        texts = [
            DASH if value != value else number(value * chart.factor, chart.decimals) + chart.suffix for value in values
        ]
        rows.append((Cell(f"{bar.sign} {bar.label}".strip(), strong=True), *map(Cell, texts)))
    return Table(chart.label, tuple(heads), tuple(rows))


def _of_cross(chart: Cross) -> Table:
    poles = [pole for pole in (chart.across, chart.upward) if pole is not None]
    rows = tuple(
        (
            Cell(f"{one.sign} {one.name}", strong=True),
            *(Cell(number(value, 2)) for value in (one.x, one.y)[: len(poles)]),
        )
        for one in chart.places
    )
    caption = _("Places on the axes, from −1 to +1")
    return Table(caption, (Head(_("Scenario")), *(Head(pole.name, number=True) for pole in poles)), rows)


def _of_steps(chart: Steps) -> Table:
    heads = (
        Head(_("Step on the way"), width=1.6),
        Head(_("Due by the end of"), width=0.5, number=True),
        Head(_("How it stands")),
    )
    rows = tuple(
        (Cell(one.name, strong=True), Cell(strategies.finish(one.due)), Cell(f"{one.mark} {one.note}"))
        for one in chart.steps
    )
    return Table(chart.label, heads, rows)

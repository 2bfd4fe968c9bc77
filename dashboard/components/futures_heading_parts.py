"""What the parts of "Where are we heading?" share: their choices, what was asked for, and words for what is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date as Date
from typing import Any

from dash import Input, State, html

from analysis import pathways, tracking
from analysis.signposts import Word
from dashboard import frames, futures, headings, trust
from dashboard.components.filter_bar import filter_bar
from dashboard.components.futures_parts import set_of
from dashboard.filters import Filters, Option, control_id, one_of
from dashboard.futures import FuturesFilters, FuturesSet
from dashboard.headings import Heading
from dashboard.i18n import DASH, N_, _, date, ngettext, number, percent, year

PAGE, OWN = "futures", "futures-heading"
"""Names in the ids of the controls: the page's own, and those of this part."""

NEWEST = ""


def _days() -> list[Option]:
    return [Option(NEWEST, _("Newest")), *(Option(day.isoformat(), date(day)) for day in headings.all_days())]


@dataclass(frozen=True)
class HeadingChoices(Filters):
    """What the reader chooses within this part: the day as of which something was told."""

    as_of: str = one_of(_days, label=N_("As it was told on"))


@dataclass(frozen=True)
class HeadingFilters(HeadingChoices, FuturesFilters):
    """Choices of the page and of this part together: what an address or a download of it holds."""


def joined(page: FuturesFilters, own: HeadingChoices) -> HeadingFilters:
    """Choices of the page and of this part together."""
    both = {spec.name: getattr(page, spec.name) for spec in fields(FuturesFilters)}
    return HeadingFilters(**both, **{spec.name: getattr(own, spec.name) for spec in fields(own)})


def inputs(*names: str) -> dict[str, Any]:
    """Callback inputs: these choices and edits as what is listened to, all others of the page as what is only read."""
    own = HeadingChoices.inputs(OWN)
    read = {spec.name: State(control_id(OWN, spec.name), "value") for spec in fields(HeadingChoices)}
    page = {spec.name: State(control_id(PAGE, spec.name), "value") for spec in fields(FuturesFilters)}
    return {**page, **read, **{name: own[name] for name in names}, "edition": Input("edition", "data")}


def asked(values: Mapping[str, Any]) -> HeadingFilters:
    """What a callback is asked, once this process knows of the reader's own edits."""
    frames.at_least(values.get("edition"))
    return HeadingFilters.parse({**values, "part": futures.HEADING})


def bar(chosen: HeadingFilters, found: FuturesSet) -> html.Div:
    """The day to go back to, where there is more than one; else the control stands there unseen."""
    own = HeadingChoices(chosen.as_of)
    days = headings.days(found, chosen.region)
    drawn = filter_bar(OWN, own, ["as_of"] if len(days) > 1 or chosen.as_of else [])
    if len(days) > 1 or chosen.as_of:
        options = [Option(NEWEST, _("Newest")), *(Option(day.isoformat(), date(day)) for day in days)]
        if chosen.as_of not in {option.value for option in options}:
            options.append(Option(chosen.as_of, date(Date.fromisoformat(chosen.as_of))))
        control = drawn.children[0].children[1]
        control.options = [{"label": option.label, "value": option.value} for option in options]
    drawn.className += " heading-bar"
    drawn.role = "group"
    return drawn


def told(chosen: HeadingFilters) -> tuple[FuturesSet, Heading] | None:
    """The chosen set and what is told of the region, None when no set is loaded."""
    found = set_of(chosen)
    if found is None:
        return None
    day = Date.fromisoformat(chosen.as_of) if chosen.as_of else None
    return found, headings.heading(found, chosen.region, day, trust.today())


# --- words ----------------------------------------------------------------------------------------------------------

VERDICTS: Mapping[str, str] = {
    headings.NONE: "no_data",
    headings.NO_DATA: "no_data",
    headings.OFF_MAP: "off_map",
    headings.TOO_EARLY: "too_early",
    headings.TIE: "told",
    headings.LEADER: "told",
}
"""Mark of each verdict (``components.marks``)."""

CLEAR, LEANING, POSSIBLE = 0.9, 0.5, 0.1
"""Tracking weights from which words change."""


def place_words(h: Heading) -> str:
    """Whose figures these are; a country that stands in for a region says so."""
    name = futures.region_name(h.region)
    if h.region == h.asked:
        return name
    return _("{country} (for {region})").format(country=name, region=futures.region_name(h.asked))


def scenario_name(found: FuturesSet, code: str) -> str:
    """Name of a scenario, its code when the set no longer has it."""
    return found.names().get(code, code)


def weight_words(weight: float) -> str:
    """What a tracking weight says, in words."""
    if weight != weight:
        return ""
    if weight >= CLEAR:
        return _("the figures follow it")
    if weight >= LEANING:
        return _("the figures lean to it")
    if weight >= POSSIBLE:
        return _("cannot be ruled out")
    return _("the figures speak against it")


def distance_words(far: float) -> str:
    """A mean distance from a pathway in words."""
    return _("{z} expected errors away").format(z=number(far, 1)) if far == far else DASH


def span_words(h: Heading) -> str:
    """Years of the figures that count: 2021–2023."""
    if h.inputs.empty:
        return ""
    first, last = int(h.inputs["period"].min()), int(h.inputs["period"].max())
    return year(first) if first == last else f"{year(first)}–{year(last)}"


def verdict_sentence(found: FuturesSet, h: Heading) -> str:
    """The answer of the part, by rule."""
    region, count = place_words(h), len(found.scenarios)
    if h.verdict == headings.NONE:
        if h.region not in futures.places_of(found.code):
            return _("{region}: this set has no pathways there, so nothing can be told").format(region=region)
        return _("{region}: no figure of this set's indicators is loaded, so nothing can be told").format(region=region)
    if h.verdict == headings.NO_DATA:
        return _("Too early to tell where {region} is heading: no figure after {base} has come in").format(
            region=region, base=year(h.base)
        )
    if h.verdict == headings.OFF_MAP:
        return ngettext(
            "Off the map: the figures of {region} do not fit the only future of the set",
            "Off the map: the figures of {region} fit none of the {n} futures",
            count,
        ).format(region=region, n=number(count))
    if h.verdict == headings.TOO_EARLY:
        return _early_sentence(h, region)
    if h.verdict == headings.TIE:
        return _("{region} follows several futures equally well so far").format(region=region)
    weight, name = h.weight(h.leader), scenario_name(found, h.leader)
    if weight >= CLEAR:
        words = _("{region} follows “{scenario}” so far (tracking weight {weight})")
    elif weight >= LEANING:
        words = _("{region} leans to “{scenario}” so far (tracking weight {weight})")
    else:
        words = _("{region} leans a little more to “{scenario}” than to the others (tracking weight {weight})")
    return words.format(region=region, scenario=name, weight=percent(weight))


def _early_sentence(h: Heading, region: str) -> str:
    if h.years < h.settings.years:
        return ngettext(
            "Too early to tell where {region} is heading: there are figures of only {n} year since {base}",
            "Too early to tell where {region} is heading: there are figures of only {n} years since {base}",
            h.years,
        ).format(region=region, n=number(h.years), base=year(h.base))
    return _("Too early to tell where {region} is heading: up to {year} the futures hardly differ").format(
        region=region, year=year(int(h.inputs["period"].max()))
    )


def missing_words(found: FuturesSet, h: Heading) -> list[str]:
    """What is missing before a weight is told, and when it can be expected."""
    if h.verdict == headings.NONE:
        return []
    words = []
    need, last = h.settings.years, None
    if h.years < need:
        words.append(
            ngettext(
                "Years of figures since {base}: {have} so far, {need} is needed.",
                "Years of figures since {base}: {have} so far, {need} are needed.",
                need,
            ).format(base=year(h.base), have=number(h.years), need=number(need))
        )
        last = h.base + need
    if h.replayed:
        return words
    first, far = headings.apart_from(found, h.asked)
    if first is None:
        if far:
            words.append(
                _(
                    "Even if all figures come in, the futures lie too near to one another to be told apart before "
                    "{year}: {far} expected errors at most, {need} is needed."
                ).format(year=year(found.horizon), far=number(far, 2), need=number(h.settings.separation, 1))
            )
        return words
    if h.separation < h.settings.separation:
        words.append(
            _("The futures have not parted enough: they lie {far} expected errors apart, {need} is needed.").format(
                far=number(h.separation, 2), need=number(h.settings.separation, 1)
            )
        )
        last = max(first, last or 0)
    if last is not None:
        words.append(
            _("If all figures keep coming in, it can be told with those of {year} at the earliest.").format(
                year=year(max(last, first))
            )
        )
    return words


def note_words(found: FuturesSet, h: Heading) -> list[str]:
    """What was left out or treated otherwise, each once, in words."""
    said: dict[str, None] = {}
    for note in h.notes:
        tell = NOTES.get(str(note["issue"]))
        if tell is not None:
            said.setdefault(tell(found, h, [str(part) for part in note["where"]], str(note["detail"])))
    return list(said)


def _indicator(code: str) -> str:
    return frames.indicator_names().get(code, code)


def _scenarios(found: FuturesSet, detail: str) -> str:
    """Codes of scenarios by their names; years stay as they are."""
    return ", ".join(scenario_name(found, code) for code in detail.split(", "))


Tell = Callable[[FuturesSet, Heading, list[str], str], str]

NOTES: Mapping[str, Tell] = {
    tracking.Issue.NO_PATHWAY: lambda f, _h, where, _d: _("“{scenario}” has no pathway here and is left out.").format(
        scenario=scenario_name(f, where[0])
    ),
    tracking.Issue.NOT_IN_ALL: lambda f, _h, where, detail: _(
        "{indicator}: not every scenario says something ({what}), so it does not count there."
    ).format(indicator=_indicator(where[0]), what=_scenarios(f, detail)),
    tracking.Issue.NO_STEP: lambda _f, h, where, _d: _(
        "{indicator}: too few figures up to {base} to tell how much it varies; left out."
    ).format(indicator=_indicator(where[0]), base=year(h.base)),
    tracking.Issue.TYPICAL_STEP: lambda _f, _h, where, _d: _(
        "{indicator}: the region's own series is short, so the usual variability of other regions is taken."
    ).format(indicator=_indicator(where[0])),
    tracking.Issue.BREAK: lambda _f, _h, where, detail: _(
        "{indicator}: the series breaks in {year}; figures from then on cannot be held against the pathways."
    ).format(indicator=_indicator(where[0]), year=detail),
    tracking.Issue.FORECAST: lambda _f, _h, where, detail: ngettext(
        "{indicator}: {n} forecast of the publisher is left out; it is no observation.",
        "{indicator}: {n} forecasts of the publisher are left out; they are no observations.",
        int(detail),
    ).format(indicator=_indicator(where[0]), n=detail),
    tracking.Issue.NOT_ALIGNED: lambda f, h, where, _d: _(
        "{indicator}: the pathway of “{scenario}” does not pass through the figure of {base}."
    ).format(indicator=_indicator(where[0]), scenario=scenario_name(f, where[2]), base=year(h.base)),
    pathways.Issue.NO_OBSERVATION: lambda _f, h, where, _d: _(
        "{indicator}: the pathways only state growth and there is no figure of {base} to begin from; left out."
    ).format(indicator=_indicator(where[3]), base=year(h.base)),
    pathways.Issue.OUTSIDE: lambda _f, h, where, detail: _(
        "{indicator}: the pathways are stated for {years} and do not reach {base}; left out."
    ).format(indicator=_indicator(where[3]), years=detail, base=year(h.base)),
    pathways.Issue.NOT_POSITIVE: lambda _f, _h, where, _d: _(
        "{indicator}: growth of a figure that is not above zero cannot be carried over; left out."
    ).format(indicator=_indicator(where[3])),
}
"""What each diagnostic of an evaluation says."""

WORDS: Mapping[str, str] = {
    Word.VERY_UNLIKELY: N_("very unlikely"),
    Word.UNLIKELY: N_("unlikely"),
    Word.EVEN: N_("as likely as not"),
    Word.LIKELY: N_("likely"),
    Word.VERY_LIKELY: N_("very likely"),
}
"""Five steps of likelihood."""

BASES: Mapping[str, str] = {
    "own": N_("own series"),
    "typical": N_("other regions"),
    "band": N_("stated range"),
}
"""On what the yearly error rests."""

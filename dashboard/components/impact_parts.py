"""Whether the regional figure that a pilot wants to move moved more than elsewhere: a card on the pilot's sheet."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from analysis.impact import LEVEL, MIN_BEFORE, MIN_BEFORE_SYNTHETIC, MIN_DONORS, Difference, Impact, Reason, Synthetic
from dashboard import frames, impacts
from dashboard.components.card import exhibit_card
from dashboard.components.programme_parts import link, method, programme_exhibit
from dashboard.exhibits import Column, Exhibit
from dashboard.figures import before_after
from dashboard.i18n import _, ngettext, number, percent
from dashboard.impacts import Case
from dashboard.programmes import ProgrammeFilters, ProgrammeView

PATH = "/pilots"
MIXTURE, MEAN = "mixture", "mean"
WORTH = 0.005
"""Weights below this share are not named."""


def section(chosen: ProgrammeFilters, view: ProgrammeView, pilot: Mapping[str, Any]) -> html.Section | None:
    """The card, links to the other figures that the pilot wants to move, and the method; None where it names none."""
    shown = impacts.case(view.code, pilot, getattr(chosen, "move", 1))
    if shown is None:
        return None
    moves = impacts.cases(view.code, pilot)
    extra: list[Any] = [html.P(method("programmes-impact"))]
    if len(moves) > 1:
        names, places = frames.indicator_names(), frames.region_names()
        items = [
            html.Li(
                link(
                    chosen.href(PATH, move=place),
                    f"{names[one['indicator']]} – {places.get(one['region'], '')}".strip(),
                )
            )
            for place, one in enumerate(moves, start=1)
        ]
        extra.insert(0, html.Ul(items, className="list-plain"))
    return html.Section(exhibit_card(impact_exhibit(chosen, view, pilot, shown), extra=html.Div(extra)), id="impact")


def impact_exhibit(chosen: ProgrammeFilters, view: ProgrammeView, pilot: Mapping[str, Any], shown: Case) -> Exhibit:
    """Region, mixture and mean of its peers before and after the start, with what can be told of it."""
    about, result = shown.about, shown.result
    place = frames.region_names().get(shown.region, shown.region)
    unit = "" if about.unit in about.short else about.unit
    subtitle = ", ".join(part for part in (about.short, unit, place) if part)
    usual = {"subtitle": subtitle, "indicators": (shown.indicator,), "notes": (_caveat(),)}
    if not isinstance(result, Impact):
        said = _("Whether {figure} of {region} moved cannot be told").format(figure=about.in_sentence, region=place)
        why = _reason(shown, result)
        return programme_exhibit(chosen, view, "pilots-impact", PATH, answer=said, empty=why, **usual)
    table = _table(shown, result)
    return programme_exhibit(
        chosen,
        view,
        "pilots-impact",
        PATH,
        answer=sentence(shown, place),
        figure=before_after.lines(
            _series(shown, result, table), _labels(shown, place), about.decimals, about.suffix, _when(shown), _("start")
        ),
        height=before_after.HEIGHT,
        table=table,
        columns=(
            Column("year", _("Year"), "year"),
            Column("own", place, "number", about.decimals),
            *((Column("mixture", _("Mixture of peers"), "number", about.decimals),) if "mixture" in table else ()),
            *((Column("gap", _("Gap to the mixture"), "signed", about.decimals),) if "gap" in table else ()),
            Column("mean", _("Mean of the peers"), "number", about.decimals),
        ),
        how=_(
            "The mixture is the weighted mean of peers that ran most like the region before the start. Thin lines are "
            "the peers. What happens after the dotted line counts; before it the two should run together."
        ),
        **(usual | {"notes": _notes(shown, result)}),
    )


def _caveat() -> str:
    return _("Contribution, not proof: a region's figure has many causes, and a pilot is small beside them.")


def _when(shown: Case) -> float:
    return shown.began.year + (shown.began.timetuple().tm_yday - 1) / 365.25


def _reason(shown: Case, reason: Reason) -> str:
    if reason is Reason.NO_SERIES:
        return _("No figures of this region are loaded.")
    if reason is Reason.SHORT_BEFORE:
        return _("Before {year} fewer than {n} years are known; a change needs a before.").format(
            year=shown.start, n=number(MIN_BEFORE)
        )
    return _("Fewer than {n} regions like it have figures of the same years.").format(n=number(MIN_DONORS))


def sentence(shown: Case, place: str) -> str:
    """What can be told, in one sentence: the difference and how often chance alone shows one as large."""
    result, about = shown.result, shown.about
    assert isinstance(result, Impact)  # noqa: S101 - the caller has looked
    found = result.difference
    if not isinstance(found, Difference):
        return _(
            "Too early to tell: figures end in {newest}, and {start} is the first full year after the start"
        ).format(newest=shown.newest, start=shown.start)
    of = len(found.test.others) + 1
    as_large = round(found.test.p * of)
    change = about.change(found.estimate)
    first = _("Since the start {figure} of {region} moved by {change} against its peers").format(
        figure=about.in_sentence, region=place, change=change
    )
    chance = ngettext(
        "{k} of {n} region shows as large a difference", "{k} of {n} regions show as large a difference", as_large
    ).format(k=number(as_large), n=number(of))
    told = _("rare by chance") if found.test.p <= LEVEL else _("no more than chance may show")
    return f"{first}: {chance}, {told}"


def _notes(shown: Case, result: Impact) -> tuple[str, ...]:
    about, count = shown.about, len(result.panel.donors)
    beside = ngettext(
        "Of these {n} region has figures of all years.", "Of these {n} regions have figures of all years.", count
    )
    notes = [shown.note + " " + beside.format(n=number(count))]
    found, mixed = result.difference, result.synthetic
    if isinstance(found, Difference):
        if found.test.limit is None:
            notes.append(
                _("With {n} regions beside it no difference, however large, could be told from chance.").format(
                    n=number(len(found.test.others))
                )
            )
        elif found.low is not None and found.high is not None:
            notes.append(
                _(
                    "Difference-in-differences {estimate}, range {low} to {high} ({level}); a difference had to exceed "
                    "{limit} to be told from chance."
                ).format(
                    estimate=about.change(found.estimate),
                    low=about.change(found.low),
                    high=about.change(found.high),
                    level=percent(1 - LEVEL),
                    limit=_size(shown, found.test.limit),
                )
            )
        if found.trend_test.p <= LEVEL:
            notes.append(
                _(
                    "Before the start the region already moved by {trend} a year against its peers: the difference of "
                    "means partly carries that on."
                ).format(trend=about.change(found.trend))
            )
    elif result.rehearsal is not None:
        notes.append(_rehearsal(shown, result.rehearsal))
    notes.append(_mixture(shown, result, mixed))
    if shown.breaks and max(shown.breaks) >= result.panel.years[0]:
        years = ", ".join(str(year) for year in shown.breaks if year >= result.panel.years[0])
        notes.append(_("The region's series breaks in {years}; a break looks like a change.").format(years=years))
    if shown.left_out:
        names = frames.region_names()
        notes.append(
            _("Left out, because pilots of this programme work on the same figure there: {regions}.").format(
                regions=", ".join(names.get(code, code) for code in shown.left_out)
            )
        )
    return (*notes, _caveat())


def _rehearsal(shown: Case, found: Difference) -> str:
    about = shown.about
    told = _("Rehearsal with a start two years earlier, where nothing happened: {estimate}.").format(
        estimate=about.change(found.estimate)
    )
    if found.test.limit is None:
        return told + " " + _("There are too few regions beside it for any difference to be told from chance.")
    more = _("A difference will have to exceed about {limit} to be told from chance.")
    return told + " " + more.format(limit=_size(shown, found.test.limit))


def _size(shown: Case, value: float) -> str:
    """A difference without its sign."""
    return shown.about.change(abs(value)).lstrip("+")


def _mixture(shown: Case, result: Impact, mixed: Synthetic | Reason) -> str:
    about, names = shown.about, frames.region_names()
    if not isinstance(mixed, Synthetic):
        return _("No mixture of peers is made: that takes at least {n} years before the start.").format(
            n=number(MIN_BEFORE_SYNTHETIC)
        )
    order = sorted(zip(mixed.weights, result.panel.donors, strict=True), reverse=True)
    parts = [f"{names.get(code, code)} {percent(weight)}" for weight, code in order if weight >= WORTH]
    told = _("The mixture: {parts}. Error before the start (RMSPE): {error}.").format(
        parts=", ".join(parts), error=_size(shown, mixed.before_error)
    )
    if mixed.poor:
        told += " " + _("It ran unlike the region before, so its gap afterwards says little.")
    if mixed.effect is None or mixed.ratio is None or mixed.test is None:
        return told
    of = len(mixed.test.others) + 1
    after = _(
        "Mean gap after it: {effect}; error after ÷ before {ratio}, as large or larger in {k} of {n} regions (p = {p})."
    )
    return (
        told
        + " "
        + after.format(
            effect=about.change(mixed.effect),
            ratio=number(mixed.ratio, 1),
            k=number(round(mixed.test.p * of)),
            n=number(of),
            p=number(mixed.test.p, 2),
        )
    )


def _table(shown: Case, result: Impact) -> pd.DataFrame:
    """Year by year: the region, the mixture, the gap, the mean of the peers moved to the region's level before."""
    panel = result.panel
    mean = panel.others.mean(axis=1)
    mean = mean + (panel.own[panel.before].mean() - mean[panel.before].mean())
    table = pd.DataFrame({"year": panel.years, "own": panel.own})
    if isinstance(result.synthetic, Synthetic):
        table = table.assign(mixture=result.synthetic.series, gap=result.synthetic.gap)
    return table.assign(mean=mean)


def _series(shown: Case, result: Impact, table: pd.DataFrame) -> pd.DataFrame:
    """The lines to draw, in the shape that ``figures.trends`` takes."""
    years, panel = table["year"], result.panel
    lines = [(shown.region, "own", table["own"]), (MEAN, "eu", table["mean"])]
    if "mixture" in table:
        lines.append((MIXTURE, "median", table["mixture"]))
    lines += [(code, "rest", pd.Series(panel.others[:, place])) for place, code in enumerate(panel.donors)]
    parts = [
        pd.DataFrame({"region": code, "role": role, "period": years, "value": values.to_numpy(), "flags": ""})
        for code, role, values in lines
    ]
    return pd.concat(parts, ignore_index=True)


def _labels(shown: Case, place: str) -> dict[str, str]:
    return {shown.region: place, MIXTURE: _("mixture of peers"), MEAN: _("mean of peers, at the region's level")}

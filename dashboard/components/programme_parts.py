"""What pages on a programme share: banner, exhibits with their source, lights that say why they shine as they do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from dash import dcc, html

from analysis.pilots import Thresholds
from analysis.steering import Attention, Concern
from dashboard import choices, frames, programmes
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.filter_bar import filter_bar, grouped
from dashboard.exhibits import Exhibit, Source
from dashboard.filters import Option, control_id
from dashboard.i18n import DASH, _, date, number
from dashboard.pack_words import PROPOSALS, concern_words, owner_words
from dashboard.programmes import ProgrammeFilters, ProgrammeView, period_name, share


def source_of(view: ProgrammeView) -> Source:
    """Where a programme's numbers come from, with what must be said wherever they go."""
    return Source(view.title, view.source, view.source_url, "", view.notice)


def programme_exhibit(chosen: ProgrammeFilters, view: ProgrammeView, key: str, path: str, **parts: Any) -> Exhibit:
    """An exhibit that names the programme as its source; ``parts`` are fields of ``Exhibit``.

    A demonstration says so in the subtitle, so that a picture of the exhibit says so too.
    """
    usual: dict[str, Any] = {"table": pd.DataFrame(), "columns": (), "subtitle": ""}
    shown = usual | parts
    label = _("demonstration data") if view.is_demonstration else ""
    shown["subtitle"] = " · ".join(part for part in (shown["subtitle"], view.acronym, label) if part)
    return Exhibit(key=key, query=chosen.query(), path=path, sources=(source_of(view),), **shown)


def banner(view: ProgrammeView) -> html.P | None:
    """That everything here is made up; nothing for a real programme."""
    if not view.is_demonstration:
        return None
    parts = [html.Strong(_("DEMO")), " ", view.notice]
    return html.P(parts, className="demo-banner", role="note")


def looked_at(view: ProgrammeView, period: int) -> str:
    """From which day and after which period one looks."""
    of = len(view.periods)
    if not period:
        return _("seen on {day}; no period has closed yet").format(day=date(view.today))
    return _("after period {n} of {of}, seen on {day}").format(n=number(period), of=number(of), day=date(view.today))


def page(
    name: str,
    title: str,
    bar: Callable[[], Any],
    answer: Callable[[], list[Any]],
    desk: Callable[[], Any] | None = None,
) -> html.Div:
    """A page on a programme: its filters above its answer; where no programme is loaded, what to do.

    Args:
        name: of the page, as in ``programmes.PAGES``.
        title: the page as a question.
        bar: draws its filters.
        answer: draws what they ask for.
        desk: draws what people write on, between them; it stays as it is when the answer is drawn anew.
    """
    if not programmes.programme_options():
        return html.Div([html.H1(title), no_programme()], className="page")
    shown = html.Div(answer(), id=f"{name}-answer", **attributes(aria_live="polite"))
    parts = [bar(), *([desk()] if desk else []), states.loading(shown, 700)]
    return html.Div(parts, className=f"page page-{name} page-programme")


def page_top(view: ProgrammeView, title: str, headline: str, period: int) -> list[Any]:
    """What stands above the answer of a page: what is made up, the page as a question, its answer in a sentence."""
    head = [
        html.P(title, className="kicker"),
        html.H1(headline),
        html.P(" · ".join((view.title, looked_at(view, period))), className="lead"),
    ]
    return [banner(view), html.Header(head, className="page-head")]


def without_theme(theme: str, why: str) -> html.P | None:
    """That the theme in the address does not narrow what follows, and why; it is kept for the pages that follow."""
    names = {option.value: option.label for option in choices.themes()}
    if theme not in names:
        return None
    words = _("The theme “{theme}” is kept, but does not apply here: {why}").format(theme=names[theme], why=why)
    return html.P(words, className="note", role="note")


def no_programme() -> html.Div:
    """What stands where no programme is loaded."""
    return states.empty(
        _("No programme is loaded yet."),
        _("Whoever runs this installation can load the starter programmes, or its own workbook, with this command:"),
        html.Pre("polisee load --starter", className="command"),
    )


def programme_bar(
    page: str,
    chosen: ProgrammeFilters,
    names: Sequence[str],
    more: Sequence[str] = (),
    offered: Mapping[str, Sequence[Option]] | None = None,
) -> html.Div:
    """The filter bar; partners and periods are those of the programme shown, and so is what else is ``offered``."""
    bar = filter_bar(page, chosen, names, more)
    choices = {"partner": partners(chosen.programme), "period": periods(chosen.programme), **(offered or {})}
    _offer(bar, page, choices)
    address = frames.href(f"/upload?programme={chosen.programme}")
    bar.children = [*bar.children, html.A(_("Upload or export"), href=address, className="bar-link")]
    return bar


def _offer(holder: Any, page: str, choices: Mapping[str, Sequence[Option]]) -> None:
    children = getattr(holder, "children", None)
    controls: list[Any] = children if isinstance(children, list) else [children]
    for control in controls:
        for name, options in choices.items():
            if getattr(control, "id", None) == control_id(page, name) and hasattr(control, "options"):
                control.options = grouped(options)
        if getattr(control, "children", None) is not None:
            _offer(control, page, choices)


def partners(code: str) -> list[Any]:
    """All partners, and those of one programme."""
    mine = programmes.partner_names(code)
    return [one for one in programmes.partner_options() if one.value == programmes.ALL or one.value in mine]


def periods(code: str) -> list[Any]:
    """The newest closed period, and the closed ones of one programme."""
    view = programmes.the_programme(code)
    known = {programmes.NEWEST, *(str(n) for n in view.periods if n <= view.closed)}
    return [one for one in programmes.period_options() if one.value in known]


def limits_in_force(limits: Thresholds) -> str:
    """The thresholds of a light and since when they hold."""
    words = _("On track from {on} of what was expected, watch from {watch}, off track below.").format(
        on=share(float(limits.on_track), 0), watch=share(float(limits.watch), 0)
    )
    if limits.since is None:
        return words + " " + _("These are PoliSEE's defaults.")
    return words + " " + _("In force since {day}.").format(day=date(limits.since))


def judgement_lines(row: Mapping[str, Any], unit: str, decimals: int, limits: Thresholds) -> list[tuple[str, Any]]:
    """Formula, values and thresholds of an indicator's status (row of ``analysis.pilots.judgements``)."""

    def value(name: str) -> str:
        return DASH if row[name] != row[name] else f"{number(row[name], decimals)} {unit}".strip()

    reason = {
        "share": _("(actual − baseline) ÷ (expected by now − baseline)"),
        "band": _("inside the agreed band, or outside it by no more than the tolerance"),
        "steps": _("written steps from 1 to 5: from 4 on track, 3 watch"),
        "reached": _("the final target is reached"),
        "before_start": _("nothing is expected yet: expected by now equals the baseline"),
        "no_value": _("no value was reported for this period"),
        "no_goal": _("no baseline or target is on record, so nothing can be computed"),
    }
    lines: list[tuple[str, Any]] = [(_("Rule"), reason[row["why"]]), (_("Reported"), value("actual"))]
    if row["expected"] == row["expected"]:
        lines.append((_("Expected by now"), value("expected")))
    if row["share"] == row["share"]:
        lines.append((_("Share of what was expected"), share(float(row["share"]))))
    if row["of_target"] == row["of_target"]:
        lines.append((_("Share of the final target"), share(float(row["of_target"]))))
    if row["of_next"] == row["of_next"]:
        period = period_name(int(row["next_period"]))
        words = _("{share} of the milestone of {period}").format(share=share(float(row["of_next"])), period=period)
        lines.append((_("Second opinion"), words))
    if row["why"] == "share":
        lines.append((_("Limits"), limits_in_force(limits)))
    return lines


class Told(NamedTuple):
    """A concern in words: what it is with its address, who answers for it and since when, what the committee may do."""

    words: str
    path: str
    facts: str
    proposal: str


def attention_items(view: ProgrammeView, items: Sequence[Attention]) -> list[html.Li]:
    """What needs the committee: a sentence with its link, who answers for it, since when, and a proposed decision."""
    return [html.Li(_concern(told)) for told in concerns(view, items)]


def _concern(told: Told) -> list[Any]:
    return [
        link(told.path, told.words),
        html.Span(f" – {told.facts}" if told.facts else "", className="muted"),
        html.Span(_("Proposed: {decision}.").format(decision=told.proposal), className="attention-proposal"),
    ]


def concerns(view: ProgrammeView, items: Sequence[Attention]) -> list[Told]:
    """What needs the committee, in words."""
    pilots = frames.programme_part("pilots", view.code)
    risks = frames.programme_part("risks", view.code)
    names = dict(zip(pilots["code"], pilots["title"], strict=True))
    names |= dict(zip(risks["code"], risks["event"], strict=True))
    return [_told(view, one, names) for one in items]


def _told(view: ProgrammeView, one: Attention, names: Mapping[str, str]) -> Told:
    code = one.codes[0] if one.codes else ""
    query = f"programme={view.code}"
    pilot = f"/pilots?{query}&pilot={code}"
    paths: dict[Concern, str] = {
        Concern.PILOT_OFF_TRACK: pilot,
        Concern.PILOT_SILENT: pilot,
        Concern.LIGHT_ROSIER: pilot,
        Concern.RISK_UNMANAGED: f"/decisions?{query}&risk={code}#risk-{code}",
        Concern.SPENDING: f"/money?{query}",
        Concern.ACTIONS_OVERDUE: f"/decisions?{query}&shown=open",
        Concern.DELIVERABLES_LATE: f"/workplan?{query}&shown=late",
        Concern.EFFECT_DUE: f"/decisions?{query}",
    }
    said = concern_words(one.concern, code, names.get(code, code), one.size)
    facts = [owner_words(one.owner, one.owners)]
    facts.append(_("since {day}").format(day=date(one.since)) if one.since else "")
    return Told(said, paths[one.concern], " · ".join(fact for fact in facts if fact), _(PROPOSALS[one.concern]))


def method(chapter: str = "programmes") -> dcc.Link:
    """A link to the chapter that says how lights and shares are computed."""
    return dcc.Link(_("Method"), href=frames.href(f"/data?part=methods#method-{chapter}"), className="method-link")


def link(path: str, words: str) -> dcc.Link:
    """A link to another page of ours, with a query."""
    return dcc.Link(words, href=frames.href(path))

"""The programme on the home page: its state in a sentence, what needs the committee, what goes well, what comes."""

from collections.abc import Mapping
from typing import Any

from dash import html

from analysis import good_news
from analysis.good_news import Good, News
from analysis.pilots import given
from dashboard import frames, programmes
from dashboard.components.marks import mark
from dashboard.components.programme_parts import attention_items, banner, link
from dashboard.i18n import _, date, language, ngettext, number
from dashboard.programmes import ProgrammeFilters, ProgrammeView, period_name, share

NEXT = 3
"""Days to come that stand on the home page."""


def section(query: Mapping[str, Any]) -> html.Section | None:
    """The programme that the reader looked at last, as the address says, or the first; None where none is loaded."""
    if not programmes.programme_options():
        return None
    view = programmes.the_programme(ProgrammeFilters.parse(query).programme)
    kicker = html.P([_("The programme"), " · ", view.title], className="kicker")
    head = html.Header([kicker, html.H2(headline(view), className="home-programme-headline")])
    parts: list[Any] = [banner(view), head, _columns(view), _adopted(view)]
    label = {"aria-label": _("The programme")}
    return html.Section(
        html.Article([part for part in parts if part is not None], className="figure-card home-programme"),
        className="section",
        id="programme",
        **label,
    )


# --- the sentence ----------------------------------------------------------------------------------------------------


def headline(view: ProgrammeView) -> str:
    """Where a programme stands, by rule: pilots, certified money, deliverables, silence."""
    if view.origin == "published":
        return _told_of(view)
    if not view.closed:
        return _("{programme}: no period has closed yet.").format(programme=view.acronym)
    counts = programmes.pilot_counts(view.code, view.closed)
    good, of = counts["on_track"] + counts["done"], sum(counts.values())
    told = [
        ngettext("{k} of {n} pilot on track", "{k} of {n} pilots on track", of).format(k=number(good), n=number(of))
    ]
    now = programmes.spending(view.code)
    if now.like_for_like is not None:
        words = _("certified spending {share} of the {period} plan")
        told.append(words.format(share=share(now.like_for_like), period=period_name(now.covered)))
    table = programmes.deliverables(view.code)
    late = int(table["is_late"].sum()) if len(table) else 0
    if len(table):
        words = ngettext("{n} deliverable late", "{n} deliverables late", late)
        told.append(words.format(n=number(late)) if late else _("no deliverable late"))
    sentence = _("After period {n} of {of}: {told}").format(
        n=number(view.closed), of=number(len(view.periods)), told=", ".join(told)
    )
    silent = counts["no_report"]
    if silent == 1:
        return sentence + "; " + _("one pilot has not reported.")
    if silent:
        return (
            sentence
            + "; "
            + ngettext("{n} pilot has not reported.", "{n} pilots have not reported.", silent).format(n=number(silent))
        )
    return sentence + "."


def _told_of(view: ProgrammeView) -> str:
    """What public pages tell of a programme that is over."""
    counts = {part: len(frames.programme_part(part, view.code)) for part in ("partners", "pilots", "events")}
    return _("{programme}, from public pages: {partners}, {pilots} and {events}.").format(
        programme=view.acronym,
        partners=ngettext("{n} partner", "{n} partners", counts["partners"]).format(n=number(counts["partners"])),
        pilots=ngettext("{n} pilot", "{n} pilots", counts["pilots"]).format(n=number(counts["pilots"])),
        events=ngettext("{n} event", "{n} events", counts["events"]).format(n=number(counts["events"])),
    )


# --- attention, good news, what comes next ---------------------------------------------------------------------------


def _columns(view: ProgrammeView) -> html.Div | None:
    items, more = programmes.attention(view.code)
    left: list[Any] = []
    if items:
        left = [
            html.H3(_("What needs the committee today")),
            html.Ol(attention_items(view, items), className="attention-list"),
        ]
        if more:
            words = _("And {n} more.").format(n=number(more))
            left.append(html.P(link(f"/decisions?programme={view.code}", words)))
    right: list[Any] = []
    good = good_items(view)
    if good:
        right += [html.H3(_("Good news")), html.Ul(good, className="attention-list")]
    right += [html.H3(_("What comes next")), *_coming(view)]
    columns = [html.Div(part) for part in (left, right) if part]
    return html.Div(columns, className="home-programme-columns")


def good_news_of(view: ProgrammeView) -> tuple[News, ...]:
    """At most three pieces of good news, by rule."""

    def compute() -> tuple[News, ...]:
        if view.origin == "published":
            return ()
        periods = frames.programme_part("periods", view.code)
        return good_news.news(
            programmes.grid(view.code),
            view.closed,
            dict(zip(periods["number"].astype(int), periods["end"], strict=True)),
            frames.programme_part("adoptions", view.code),
            frames.programme_part("decisions", view.code),
            programmes.risks(view.code),
            view.today,
        )

    found: tuple[News, ...] = frames.remember("home-good-news", (view.code,), compute)
    return found


def good_items(view: ProgrammeView) -> list[html.Li]:
    """Good news in words, each with its link, who stands behind it, and its day."""
    found = good_news_of(view)
    if not found:
        return []
    query = f"programme={view.code}"
    pilots = frames.programme_part("pilots", view.code).set_index("code")["title"]
    leads = programmes.leads(view.code)
    items = []
    for one in found:
        title, owner, size = pilots.get(one.code, one.code), leads.get(one.code, ""), one.size or 0.0
        path = f"/pilots?{query}&pilot={one.code}"
        if one.kind is Good.TAKEN_UP:
            adoptions = frames.programme_part("adoptions", view.code).set_index("code")
            row = adoptions.loc[one.code]
            words, owner = _("Taken up and confirmed: {what}").format(what=row["what"]), str(row["adopter"])
            path = f"/outreach?{query}#outreach-adoptions-card"
        elif one.kind is Good.TARGET_REACHED:
            words = _("Target reached before its time: {pilot}").format(pilot=title)
        elif one.kind is Good.BACK_ON_TRACK:
            words = _("Back on track: {pilot}").format(pilot=title)
        elif one.kind is Good.DECISION_WORKED:
            decisions = frames.programme_part("decisions", view.code).set_index("code")["decision"]
            words = _("A decision worked: {decision}").format(decision=decisions.get(one.code, one.code))
            path, owner = f"/decisions?{query}&decision={one.code}#decision-{one.code}", ""
        elif one.kind is Good.RISK_FELL:
            risks = frames.programme_part("risks", view.code).set_index("code")
            words = ngettext(
                "Risk {code} fell by {n} point: {event}", "Risk {code} fell by {n} points: {event}", size
            ).format(code=one.code, n=number(size), event=risks["event"].get(one.code, ""))
            path, owner = (
                f"/decisions?{query}&risk={one.code}#risk-{one.code}",
                programmes.role_name(str(risks["owner_role"].get(one.code, ""))),
            )
        else:
            words = _("Ahead of plan: {pilot}, {share} of what was expected").format(pilot=title, share=share(size, 0))
        facts = " · ".join(part for part in (owner, date(one.day) if given(one.day) else "") if part)
        items.append(html.Li([link(path, words), html.Span(f" – {facts}" if facts else "", className="muted")]))
    return items


def _coming(view: ProgrammeView) -> list[Any]:
    found = programmes.coming(view.code)[:NEXT]
    address = frames.href(f"/programme/{view.code}.ics?lang={language()}")
    more = html.P(
        [
            link(f"/outreach?programme={view.code}", _("All events")),
            " · ",
            html.A(_("Dates for your calendar (ICS)"), href=address, download=True),
        ]
    )
    if not found:
        return [html.P(_("Nothing is planned after {day}.").format(day=date(view.today)), className="muted"), more]
    items = [html.Li([html.Span(date(one.first), className="coming-day"), html.Span(one.title)]) for one in found]
    return [html.Ol(items, className="coming"), more]


def _adopted(view: ProgrammeView) -> html.P:
    """Which frozen pack the committee adopted last."""
    pack = programmes.adopted_pack(view.code)
    path = f"/decisions?programme={view.code}"
    if pack is None:
        return html.P([_("No pack is adopted yet."), " ", link(path, _("Risks & decisions"))], className="card-note")
    words = _("The committee adopted pack {number}").format(number=pack.number)
    if pack.decided_on is not None:
        words += ", " + date(pack.decided_on)
    where = link(f"{path}&decision={pack.decision}#decision-{pack.decision}", _("the decision"))
    return html.P([mark("done"), " ", words, ": ", where], className="card-note")

"""Money: is spending on course?"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import dash
import pandas as pd
from dash import Output, callback, html

from analysis.finance import Spending
from dashboard import frames, programmes
from dashboard.components import states
from dashboard.components.card import exhibit_card
from dashboard.components.fact_parts import facts
from dashboard.components.light import why
from dashboard.components.programme_parts import (
    method,
    page,
    page_top,
    programme_bar,
    programme_exhibit,
    without_theme,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import spending as pictures
from dashboard.filters import Option, one_of
from dashboard.i18n import DASH, N_, _, date, number
from dashboard.programmes import ALL, CATEGORIES, ProgrammeFilters, ProgrammeView, period_mark, period_name, share

TITLE = N_("Money – Is spending on course?")
PAGE, PATH = "money", "/money"
MILLION = 100_000_000
"""Cents of a million."""

BY = {
    "partner": N_("Partner"),
    "work_package": N_("Work package"),
    "category": N_("Cost category"),
    "fund": N_("Fund"),
}

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Money"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=13,
)


SUMS, SINGLE = "cumulative", "period"
BARS = 40
"""Up to so many bars are drawn; of more, the ones furthest behind."""


def _by_options() -> list[Option]:
    return [Option(code, _(label)) for code, label in BY.items()]


def _sums_options() -> list[Option]:
    return [Option(SUMS, _("Cumulated")), Option(SINGLE, _("Each period by itself"))]


def _category_options() -> list[Option]:
    return [Option(ALL, _("All categories")), *(Option(code, _(label)) for code, label in CATEGORIES.items())]


def _fund_options() -> list[Option]:
    return list(frames.remember("money-fund-options", (), _all_funds))


def _all_funds() -> list[Option]:
    found: dict[str, Option] = {}
    for programme in programmes.programme_options():
        for fund in _funds(programme.value):
            found.setdefault(fund, Option(fund, fund))
    return [Option(ALL, _("All funds")), *found.values()]


def _funds(code: str) -> list[str]:
    return [str(fund) for fund in frames.budget(code)["fund"].unique()]


@dataclass(frozen=True)
class MoneyFilters(ProgrammeFilters):
    """What the reader wants to see: a programme, perhaps one partner, work package, category or fund, and by what money
    is told apart."""

    by: str = one_of(_by_options, default="partner", label=N_("Compare by"))
    work_package: str = one_of(programmes.package_options, default=ALL, label=N_("Work package"))
    category: str = one_of(_category_options, default=ALL, label=N_("Cost category"))
    fund: str = one_of(_fund_options, default=ALL, label=N_("Fund"))
    sums: str = one_of(_sums_options, default=SUMS, label=N_("Curve"))

    def cut(self) -> dict[str, str]:
        """The part of the money asked for, as far as the programme knows it."""
        known = {
            "work_package": {one.value for one in programmes.packages_of(self.programme)},
            "fund": _funds(self.programme),
        }
        return {
            name: value
            for name in programmes.CUTS
            if (value := getattr(self, name)) != ALL and value in known.get(name, (value,))
        }


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = MoneyFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(
            PAGE,
            chosen,
            ("programme", "partner", "work_package", "by"),
            more=("category", "fund", "sums"),
            offered={
                "work_package": programmes.packages_of(chosen.programme),
                "fund": [Option(ALL, _("All funds")), *(Option(one, one) for one in _funds(chosen.programme))],
            },
        ),
        lambda: answer(chosen),
    )


@callback(Output("money-answer", "children"), inputs=MoneyFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """Answer a change of the filters."""
    return answer(MoneyFilters.parse(values))


def answer(chosen: MoneyFilters) -> list[Any]:
    """Sentence, light, curve, comparison."""
    view = programmes.the_programme(chosen.programme)
    parts = page_top(view, _(TITLE), headline(chosen, view), view.closed)
    parts.append(without_theme(chosen.theme, _("money is planned by partner and work package, not by theme.")))
    if frames.money_by_period(view.code).empty:
        parts += _nothing_known(view)
    else:
        now = programmes.spending(view.code, _partner(chosen, view), period=None, **chosen.cut())
        parts += [_light(view, now), exhibit_card(curve_exhibit(chosen)), exhibit_card(by_exhibit(chosen))]
        parts.append(exhibit_card(cells_exhibit(chosen)))
    return [part for part in parts if part is not None]


def _partner(chosen: MoneyFilters, view: ProgrammeView) -> str:
    known = programmes.partner_names(view.code)
    return chosen.partner if chosen.partner in known else ALL


def headline(chosen: MoneyFilters, view: ProgrammeView) -> str:
    """Like with like, in two sentences; certified money never beside the plan of a later period."""
    partner = _partner(chosen, view)
    now = programmes.spending(view.code, partner, period=None, **chosen.cut())
    if frames.money_by_period(view.code).empty:
        return _("No plan of money is on record.")
    about = _about(chosen, view)
    if not now.plan_reported and not now.declared:
        return about + _("Nothing was planned so far in this choice.")
    told = programmes.spending_words(now.covered, now.like_for_like, now.reported, now.declared_share)
    return about + told


def _about(chosen: MoneyFilters, view: ProgrammeView) -> str:
    """What part of the money is spoken of: "DEMO-HU-01, Staff: "; nothing for all of it."""
    partner, named = _partner(chosen, view), []
    if partner != ALL:
        named.append(programmes.partner_names(view.code)[partner])
    for name, value in chosen.cut().items():
        named.append(_names(view, name).get(value, value))
    return ", ".join(named) + ": " if named else ""


def _like_for_like_lines(
    view: ProgrammeView, now: Spending, certified: int, plan: int, result: Fraction | float | None
) -> list[tuple[str, Any]]:
    """What decides a light of spending: the rule, both amounts in cents, and the limits that hold by now."""
    limits = view.limits
    off, watch = (
        (limits.underspend_off, limits.underspend_watch)
        if now.after_half
        else (limits.underspend_off_early, limits.underspend_watch_early)
    )
    return [
        (_("Rule"), _("certified ÷ plan, both of the periods whose control is complete for every partner")),
        (_("Controlled to"), period_name(now.covered) if now.covered else DASH),
        (_("Certified"), f"{view.currency} {programmes.money(certified)}"),
        (_("Plan of the same periods"), f"{view.currency} {programmes.money(plan)}"),
        (_("Result"), share(result)),
        (
            _("Limits"),
            _("{when}: off track from {off} under plan, watch from {watch}.").format(
                when=_("From half-time on") if now.after_half else _("Before half-time"),
                off=share(float(off), 0),
                watch=share(float(watch), 0),
            ),
        ),
        (_("In force since"), date(limits.since) if limits.since else _("PoliSEE's defaults")),
    ]


def _light(view: ProgrammeView, now: Spending) -> html.Div:
    lines = _like_for_like_lines(view, now, now.certified, now.plan_covered, now.like_for_like)
    if now.certified_beyond:
        beyond = f"{view.currency} {programmes.money(now.certified_beyond)}"
        lines.append((_("Certified for later periods, left out"), beyond))
    return html.Div([why(now.status, lines, label=_("Spending")), method("programmes-money")], className="money-light")


def _nothing_known(view: ProgrammeView) -> list[Any]:
    """What public sources tell of the money of a programme without a plan by period, and of its partners' budgets."""
    partners = frames.programme_part("partners", view.code)
    known = [
        html.Li(
            [
                f"{row['abbreviation']}: {view.currency} {programmes.money(row['budget_cents'])} ",
                html.A(_("source"), href=row["source_url"], rel="noopener"),
            ]
        )
        for row in frames.records(partners[partners["budget_cents"].notna()])
    ]
    words = _("Public sources tell neither plan nor spending by period. What they do tell:")
    found = facts(view, "programme", fields="budget")
    body: list[Any] = [html.P(words if known or found else _("Nothing was found."))]
    if known:
        body.append(html.Ul(known))
    return [states.empty(_("There is no curve to draw."), *body), *([found] if found else [])]


@exhibit("money-curve", MoneyFilters)
def curve_exhibit(chosen: MoneyFilters) -> Exhibit:
    """Plan, declared and certified money, cumulated."""
    view = programmes.the_programme(chosen.programme)
    partner = _partner(chosen, view)
    cut, single = chosen.cut(), chosen.sums == SINGLE
    table = programmes.curve(view.code, partner, **cut)
    now = programmes.spending(view.code, partner, period=None, **cut)
    if single:
        columns = ["plan_cents", "declared_cents", "certified_cents"]
        table = table.assign(**{name: table[name].diff().fillna(table[name]) for name in columns})
    names = {period: period_name(period) for period in view.periods}
    marks = {period: period_mark(period) for period in view.periods}
    money = {
        name: table[f"{name}_cents"].astype("Float64").astype(float) / MILLION
        for name in ("plan", "declared", "certified")
    }
    shown = pd.DataFrame({"period": table["period"], **money})
    ahead = None if single else programmes.forecast(view.code, partner, **cut)
    fan = None if ahead is None else (ahead.low / MILLION, ahead.central / MILLION, ahead.high / MILLION)
    words = {
        "plan": _("Plan"),
        "declared": _("Declared"),
        "certified": _("Certified"),
        "lag": _("control at work"),
        "forecast": _("if pace continues"),
    }
    title = _("Certified money is known to {period}; what was declared since waits for control").format(
        period=period_name(now.covered)
    )
    notes = [
        _("Certified lags behind declared, and declared behind spent: compare each with the plan of its own periods.")
    ]
    if ahead is not None:
        notes.append(
            _(
                "If the pace continues, between {low} and {high} million of {plan} million is spent in the end: drawn "
                "from the slowest and the fastest of {n} controlled periods. It is no prediction."
            ).format(
                low=number(ahead.low / MILLION, 2),
                high=number(ahead.high / MILLION, 2),
                plan=number(ahead.budget / MILLION, 2),
                n=number(ahead.periods),
            )
        )
    return programme_exhibit(
        chosen,
        view,
        "money-curve",
        PATH,
        answer=title if now.covered else _("No period is fully controlled yet"),
        subtitle=(_("By period, million {currency}") if single else _("Cumulated, million {currency}")).format(
            currency=view.currency
        ),
        figure=pictures.curve(shown, marks, words, now.covered, now.reported, fan, from_zero=not single),
        height=pictures.HEIGHT,
        table=shown.assign(period_name=[names.get(p, str(p)) for p in shown["period"]]),
        columns=(
            Column("period_name", _("Period")),
            Column("plan", _("Plan"), "number", 2),
            Column("declared", _("Declared"), "number", 2),
            Column("certified", _("Certified"), "number", 2),
        ),
        how=(_("Each period by itself.") if single else _("Lines are sums from the first period on."))
        + " "
        + _("In the grey band, reports are in and control is at work."),
        notes=tuple(notes),
    )


def _names(view: ProgrammeView, by: str) -> dict[str, str]:
    if by == "partner":
        return programmes.partner_names(view.code)
    if by == "work_package":
        table = frames.programme_part("work_packages", view.code)
        return dict(zip(table["code"], table["title"], strict=True))
    if by == "category":
        return {code: _(label) for code, label in CATEGORIES.items()}
    return {}


@exhibit("money-by", MoneyFilters)
def by_exhibit(chosen: MoneyFilters) -> Exhibit:
    """Like with like by partner, work package, category or fund."""
    view = programmes.the_programme(chosen.programme)
    table = programmes.money_by(view.code, chosen.by, _partner(chosen, view), **chosen.cut())
    names, now = _names(view, chosen.by), programmes.spending(view.code)

    def lines(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
        result = None if pd.isna(row["like_for_like"]) else Fraction(row["certified_cents"], row["plan_covered_cents"])
        return _like_for_like_lines(view, now, row["certified_cents"], row["plan_covered_cents"], result)

    table = table.assign(
        name=[names.get(code, code) for code in table[chosen.by]],
        budget=table["budget_cents"] / 100,
        certified=table["like_for_like"] * 100,
        declared=table["declared_share"] * 100,
        certified_money=table["certified_cents"] / 100,
        declared_money=table["declared_cents"] / 100,
    )
    behind = int((table["status"] == "off_track").sum())
    title = _("{n} of {all} are off track in certified spending").format(n=number(behind), all=number(len(table)))
    drawn = table
    subtitle = _("Certified in % of the plan of the controlled periods, by {what}").format(
        what=_(BY[chosen.by]).lower()
    )
    if len(table) > BARS:
        table = table.sort_values("like_for_like", kind="stable", na_position="last")
        drawn = table.head(BARS)
        subtitle += ", " + _("the {n} furthest behind").format(n=number(BARS))
    return programme_exhibit(
        chosen,
        view,
        "money-by",
        PATH,
        answer=title,
        subtitle=subtitle,
        figure=pictures.bars(frames.records(drawn), (_("certified"), _("declared"))),
        height=pictures.height(len(drawn)),
        table=table,
        page_rows=BARS,
        columns=(
            Column("name", _(BY[chosen.by])),
            Column("budget", _("Budget"), "number"),
            Column("certified_money", _("Certified"), "number"),
            Column("certified", _("% of plan, controlled periods"), "number", 1),
            Column("declared_money", _("Declared"), "number"),
            Column("declared", _("% of plan, closed periods"), "number", 1),
            Column("status", _("Status"), "mark", why=lines),
        ),
        how=_("Bars: certified money in % of the plan of the same periods. Upright marks: declared money in % of its."),
    )


@exhibit("money-cells", MoneyFilters)
def cells_exhibit(chosen: MoneyFilters) -> Exhibit:
    """Partner by category by period: the finest that is published."""
    view = programmes.the_programme(chosen.programme)
    partner, cut = _partner(chosen, view), chosen.cut()
    keys = ["partner", "category", "period"]
    plan = programmes.plan(view.code, partner, **cut).groupby(keys, observed=True)["amount_cents"].sum()
    spent = programmes.spent(view.code, partner, **cut).groupby(keys, observed=True)
    table = pd.concat([plan, spent[["declared_cents", "certified_cents"]].sum()], axis=1)
    table = table.fillna(0).astype("int64").reset_index()
    names, covered = programmes.partner_names(view.code), programmes.covered(view.code)
    table = table.assign(
        partner_name=table["partner"].astype(object).map(names),
        category_name=table["category"].astype(object).map({code: _(label) for code, label in CATEGORIES.items()}),
        period_name=table["period"].map({n: period_name(n) for n in view.periods}),
        plan=table["amount_cents"] / 100,
        declared=(table["declared_cents"] / 100).where(table["period"] <= view.closed),
        certified=(table["certified_cents"] / 100).where(table["period"] <= covered),
    )
    return programme_exhibit(
        chosen,
        view,
        "money-cells",
        PATH,
        answer=_("Every partner, category and period"),
        subtitle=_("{currency}; lines of invoices are never shown").format(currency=view.currency),
        table=table,
        columns=(
            Column("partner_name", _("Partner")),
            Column("category_name", _("Cost category")),
            Column("period_name", _("Period")),
            Column("plan", _("Plan"), "number", 2),
            Column("declared", _("Declared"), "number", 2),
            Column("certified", _("Certified"), "number", 2),
        ),
        page_rows=60,
        notes=(_("An empty cell is not known yet; it is not zero. The download holds all rows."),),
    )

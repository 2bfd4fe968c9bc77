"""Signposts: where they stand, by when they are due, what each would tell, and the weights that follow from them.

These weights are judged and the tracking weights are computed: the two stand side by side and are never put together.
Controls for editing stand in every reply and are shown to facilitators alone; the server decides on each edit.
"""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import dcc, html

from analysis import signposts
from dashboard import frames, futures, headings, trust
from dashboard.components import pilot_lines
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.futures_edits import Entry, audit_list, entries, undoable
from dashboard.components.futures_heading_parts import WORDS, HeadingFilters, place_words, scenario_name, told
from dashboard.components.futures_parts import lacks, set_exhibit, set_of
from dashboard.components.marks import flag, mark
from dashboard.components.marks import word as mark_word
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import signposts as figures
from dashboard.figures import trends
from dashboard.figures import weights as weight_figures
from dashboard.figures.ranges import escape
from dashboard.futures import FuturesSet
from dashboard.headings import Board
from dashboard.i18n import DASH, N_, _, date, ngettext, number, percent, year

MUCH, SOME = 2.0, 0.5
"""Bits from which a signpost tells much, and some: a factor of four, and of 1.4, between two scenarios."""

OPERATORS: Mapping[str, str] = {
    ">=": N_("at least {value}"),
    ">": N_("more than {value}"),
    "<=": N_("at most {value}"),
    "<": N_("less than {value}"),
}
SIGNPOST, LIKELIHOOD = "signpost", "signpost_likelihood"


def _board(chosen: HeadingFilters, found: FuturesSet) -> Board:
    return headings.board(found, headings.place_of(found, chosen.region), trust.today())


def part(chosen: HeadingFilters, found: FuturesSet) -> list[Any]:
    """The board, the list with all that is known of each signpost, and what follows from them."""
    board = _board(chosen, found)
    if board.rows.empty:
        return [lacks(found, _("This set has no signposts yet."))]
    items = [_item(row, board, found) for row in frames.records(board.rows)]
    listed = html.Section(
        [
            html.H3(_("Each signpost"), className="heading-list-title"),
            _edit_bar(found),
            html.Div(items, className="signpost-list"),
        ],
        **attributes(aria_label=_("Each signpost")),
    )
    return [
        html.Div(
            [
                html.Div(exhibit_card(posts(chosen), extra=None), className="span-7"),
                html.Div(
                    [exhibit_card(weights(chosen)), _layers(chosen, found, board)], className="span-5 heading-layers"
                ),
            ],
            className="grid",
        ),
        html.Div(listed, className="section heading-signposts"),
    ]


# --- where they stand -----------------------------------------------------------------------------------------------


@exhibit("futures-signposts", HeadingFilters)
def posts(chosen: HeadingFilters) -> Exhibit:
    """The signposts of a set on the line of time."""
    found = set_of(chosen)
    key = "futures-signposts"
    if found is None:
        return Exhibit(
            key=key, answer=_("No scenario set is loaded yet."), subtitle="", table=pd.DataFrame(), columns=()
        )
    board, today = _board(chosen, found), trust.today()
    rows = board.rows
    drawn = pd.DataFrame(
        [
            {
                "label": row["name"],
                "said": said(row),
                "state": row["state"],
                "year": _float(row["year"]),
                "due": _float(row["due"]),
                "hover": f"<b>{escape(str(row['name']))}</b><br>{escape(where(row))}",
            }
            for row in frames.records(rows)
        ]
    )
    table = rows.assign(
        decimals=[_decimals(code) for code in rows["indicator"]],
        asked=[threshold_words(row) for row in frames.records(rows)],
        said=[said(row) for row in frames.records(rows)],
        review_mark=["review_overdue" if overdue else None for overdue in rows["overdue"]],
        **{f"judged_{one.code}": [_judged(board, code, one.code) for code in rows["code"]] for one in found.scenarios},
    )
    table = table.assign(
        indicator_name=[frames.indicator_names().get(code, "") for code in rows["indicator"]],
        region_name=[
            futures.region_name(place) if code else ""
            for place, code in zip(rows["region"], rows["indicator"], strict=True)
        ],
    )
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_posts_answer(board),
        subtitle=_("Signposts by where they stand, on {day}").format(day=date(today)),
        figure=figures.timeline(drawn, today.year) if len(drawn) else None,
        table=table,
        columns=(
            Column("name", _("Signpost")),
            Column("state", _("State"), "mark"),
            Column("said", _("In words")),
            Column("indicator_name", _("Indicator")),
            Column("region_name", _("Region")),
            Column("asked", _("Met when")),
            Column("value", _("Newest figure"), "number", "decimals"),
            Column("period", _("of"), "year"),
            Column("flags", _("Flags"), "flags"),
            Column("year", _("Met in (at the present pace)"), "year"),
            Column("due", _("Due"), "year"),
            Column("review", _("Next review"), "date"),
            Column("review_mark", _("Review"), "mark"),
            Column("owner", _("Who watches it")),
            Column("bits", _("Tells when met (bits)"), "number", 1),
            Column("bits_not", _("Tells when not met (bits)"), "number", 1),
            Column("cluster", _("Counts together with")),
            *(
                Column(f"judged_{one.code}", _("How likely in “{scenario}”").format(scenario=one.name))
                for one in found.scenarios
            ),
            Column("source", _("Source")),
        ),
        indicators=tuple(dict.fromkeys(code for code in rows["indicator"] if code)),
        how=_(
            "The mark stands in the year in which a signpost was met, or would be if the pace of the last years went "
            "on; marks without a year stand at today. The bar across the line is the year by which it is due."
        ),
        empty="" if len(rows) else _("This set has no signposts yet."),
        height=figures.height(len(rows)),
    )


def _posts_answer(board: Board) -> str:
    count = len(board.rows)
    met, near = board.count(headings.MET), board.count(headings.APPROACHING)
    words = ngettext(
        "{met} of {n} signpost is met, {near} approaching",
        "{met} of {n} signposts are met, {near} approaching",
        count,
    ).format(met=number(met), n=number(count), near=number(near))
    if not board.overdue:
        return words
    late = ngettext("{n} review is overdue", "{n} reviews are overdue", board.overdue).format(n=number(board.overdue))
    return f"{words}; {late}"


def _float(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) else float(value)


def _decimals(indicator: str) -> int:
    spec = frames.specs().get(indicator)
    return 0 if spec is None else spec.decimals


def _known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def threshold_words(row: Mapping[str, Any]) -> str:
    """At which value a signpost is met: at least 1.3%."""
    if not row["indicator"] or not _known(row["threshold"]) or row["operator"] not in OPERATORS:
        return ""
    form = OPERATORS[row["operator"]]
    words = _(form).format(value=_threshold(row))
    if int(row["window"]) > 1:
        words += " " + ngettext("({n} figure in a row)", "({n} figures in a row)", int(row["window"])).format(
            n=number(int(row["window"]))
        )
    return words


def _threshold(row: Mapping[str, Any]) -> str:
    value = float(row["threshold"])
    decimals = next((d for d in range(5) if abs(round(value, d) - value) < 1e-9), _decimals(row["indicator"]))
    return number(value, decimals) + futures.about(row["indicator"]).suffix


def said(row: Mapping[str, Any]) -> str:
    """Where a signpost stands, in a few words."""
    state = row["state"]
    if state == headings.MET:
        if row["indicator"] and _known(row["year"]):
            late = _known(row["due"]) and int(row["year"]) > int(row["due"])
            return (_("met in {year}, after it was due") if late else _("met since {year}")).format(
                year=year(row["year"])
            )
        if row["observed_on"] is not None:
            return _("met, {day}").format(day=date(row["observed_on"]))
        return mark_word(state)
    if state == headings.APPROACHING:
        if not _known(row["year"]):
            return _("approaching, not before {year}").format(year=year(signposts.DUE))
        late = _known(row["due"]) and int(row["year"]) > int(row["due"])
        return (_("at this pace in {year}: too late") if late else _("at this pace in {year}")).format(
            year=year(row["year"])
        )
    if row["outcome"] is False and state == headings.AWAY:
        return _("not met by {year}").format(year=year(row["due"]))
    return mark_word(state)


def where(row: Mapping[str, Any]) -> str:
    """Whose figure it rests on and how far it is: R&D expenditure, Western Transdanubia: 1.06% in 2023; met when …"""
    if not row["indicator"]:
        return _("An event: people say whether it happened.")
    place = futures.region_name(str(row["region"]))
    name = frames.indicator_names().get(row["indicator"], row["indicator"])
    if not _known(row["value"]):
        return _("{indicator}, {region}: no figure; met when {threshold}").format(
            indicator=name, region=place, threshold=threshold_words(row)
        )
    return _("{indicator}, {region}: {value} in {year}; met when {threshold}").format(
        indicator=name,
        region=place,
        value=futures.about(row["indicator"]).text(float(row["value"])),
        year=year(row["period"]),
        threshold=threshold_words(row),
    )


def tells(row: Mapping[str, Any]) -> str:
    """How much a signpost would tell, in words and bits."""
    if row["incomplete"]:
        return _("counts for nothing: not judged for every scenario")
    if row["useless"]:
        return _("tells nothing: equally likely in all scenarios (0 bits)")
    most = max(float(row["bits"]), float(row["bits_not"]))
    words = _("tells much") if most >= MUCH else _("tells something") if most >= SOME else _("tells little")
    return _("{words}: {met} bits when met, {not_met} when not").format(
        words=words, met=number(row["bits"], 1), not_met=number(row["bits_not"], 1)
    )


def _judged(board: Board, code: str, scenario: str) -> str:
    word = board.words.get((code, scenario), "")
    return _(WORDS[word]) if word in WORDS else ""


# --- each signpost --------------------------------------------------------------------------------------------------


def _item(row: Mapping[str, Any], board: Board, found: FuturesSet) -> html.Article:
    """One signpost with all that is known of it, and the controls to change it."""
    code, name = str(row["code"]), f"signpost-{row['code']}"
    facts: list[tuple[str, Any]] = []
    if _known(row["due"]):
        facts.append((_("Due"), year(row["due"])))
    if row["review"] is not None:
        when: list[Any] = [date(row["review"])]
        if row["overdue"]:
            when += [" ", mark("review_overdue")]
        facts.append((_("Next review"), when))
    if row["owner"]:
        facts.append((_("Who watches it"), row["owner"]))
    facts.append((_("What it tells"), tells(row)))
    if row["cluster"]:
        same = int((board.rows["cluster"] == row["cluster"]).sum())
        facts.append(
            (
                _("Counts"),
                ngettext(
                    "as {n} of one group of related signposts",
                    "as one of {n} related signposts that share one weight",
                    same,
                ).format(n=number(same)),
            )
        )
    if row["repeats"]:
        facts.append((_("Counts"), _("not again: it asks the same as another signpost")))
    spark = _spark(row, board)
    body: list[Any] = [
        html.Div(
            [
                html.Span(
                    [mark(row["state"]), html.Span(_more(row), className="signpost-said")], className="signpost-state"
                ),
                html.H4(row["name"], id=f"{name}-name"),
                html.P([where(row), " ", flag(str(row["flags"]))], className="signpost-where"),
            ],
            className="signpost-head",
        ),
        html.Div(spark, className="signpost-spark") if spark is not None else None,
        html.Dl(
            [piece for term, what in facts for piece in (html.Dt(term), html.Dd(what))], className="signpost-facts"
        ),
        html.Details(
            [
                html.Summary(_("Why, and how likely in each scenario")),
                html.P(row["why"]) if row["why"] else None,
                _likelihood_list(row, board, found),
                html.P(_("Source: {source}").format(source=row["source"]), className="muted")
                if row["source"]
                else None,
            ],
            className="signpost-more",
        ),
        pilot_lines.of_signpost(found.code, code),
        _editor(row, found),
    ]
    return html.Article(
        [part for part in body if part is not None],
        className=f"signpost {row['state'].replace('_', '-')}",
        id=name,
        key=code,
        **attributes(aria_labelledby=f"{name}-name"),
    )


def _more(row: Mapping[str, Any]) -> str:
    """What is said beside the mark, unless it says no more than the mark."""
    words = said(row)
    if words == mark_word(row["state"]):
        return ""
    if row["state"] == headings.MET and row["observed_on"] is not None:
        return date(row["observed_on"])
    return words


def _spark(row: Mapping[str, Any], board: Board) -> Any:
    series = board.series.get(str(row["code"]))
    picture = "" if series is None else trends.sparkline(series, 150)
    if series is None or not picture:
        return None
    known = [
        pair for pair in zip(series["period"].tolist(), series["value"].tolist(), strict=True) if pair[1] == pair[1]
    ]
    words = _("{name}: from {first} in {first_year} to {last} in {last_year}").format(
        name=frames.indicator_names().get(row["indicator"], row["indicator"]),
        first=futures.about(row["indicator"]).text(known[0][1]),
        first_year=year(known[0][0]),
        last=futures.about(row["indicator"]).text(known[-1][1]),
        last_year=year(known[-1][0]),
    )
    link = html.Img(src=picture, alt=words, width=150, height=36, className="spark")
    return dcc.Link(link, href=frames.href(f"/region?region={row['region']}&indicator={row['indicator']}"))


def _likelihood_list(row: Mapping[str, Any], board: Board, found: FuturesSet) -> html.Div:
    """How likely the signpost is in each scenario, in words; for facilitators as controls."""
    code = str(row["code"])
    items = []
    for one in found.scenarios:
        words = _judged(board, code, one.code)
        current = board.words.get((code, one.code), "")
        options = [{"label": DASH, "value": "", "disabled": True}] if not current else []
        options += [{"label": _(label), "value": str(word)} for word, label in WORDS.items()]
        control = html.Label(
            [
                html.Span(_("{scenario}: how likely").format(scenario=one.name), className="visually-hidden"),
                dbc.Select(options=options, value=current, size="sm"),
            ],
            className="for-editors",
            **attributes(data_heading="likelihood", data_set=found.code, data_signpost=code, data_scenario=one.code),
        )
        items.append(
            html.Li(
                [
                    html.Span(one.label, className="signpost-scenario", style={"color": one.colour}),
                    html.Span(words or _("not judged"), className="for-readers"),
                    control,
                ]
            )
        )
    return html.Ul(items, className="signpost-likelihoods")


def _field(label: str, name: str, control: Any) -> html.Label:
    return html.Label([html.Span(label), control], **attributes(data_name=name))


def _editor(row: Mapping[str, Any], found: FuturesSet) -> html.Details:
    """What a facilitator may change of a signpost: its threshold, due year and review; or that the event happened."""
    fields: list[Any] = []
    if row["indicator"]:
        threshold = None if not _known(row["threshold"]) else float(row["threshold"])
        control = dbc.Input(type="number", step="any", value=threshold, size="sm")
        fields.append(_field(_("Met at"), "threshold", control))
    else:
        now = "" if row["observed"] is None else "yes" if row["observed"] else "no"
        options = [
            {"label": _("open"), "value": ""},
            {"label": _("it has happened"), "value": "yes"},
            {"label": _("it will not happen any more"), "value": "no"},
        ]
        fields.append(_field(_("What is known"), "observed", dbc.Select(options=options, value=now, size="sm")))
        day = row["observed_on"].isoformat() if row["observed_on"] is not None else trust.today().isoformat()
        fields.append(_field(_("On"), "observed_on", dbc.Input(type="date", value=day, size="sm")))
    due = int(row["due"]) if _known(row["due"]) else None
    fields.append(
        _field(_("Due year"), "due", dbc.Input(type="number", step=1, min=2000, max=2100, value=due, size="sm"))
    )
    review = row["review"].isoformat() if row["review"] is not None else ""
    fields.append(_field(_("Next review"), "review", dbc.Input(type="date", value=review, size="sm")))
    fields.append(_field(_("Reason"), "why", dbc.Input(type="text", value="", size="sm", maxlength=300)))
    save = html.Button(_("Save"), type="button", className="btn btn-sm btn-primary", **attributes(data_heading="save"))
    return html.Details(
        [html.Summary(_("Change this signpost")), html.Div([*fields, save], className="signpost-form")],
        className="signpost-edit for-editors no-print",
        **attributes(data_heading_form="signpost", data_set=found.code, data_signpost=str(row["code"])),
    )


# --- edits ----------------------------------------------------------------------------------------------------------


def _edit_bar(found: FuturesSet) -> html.Div:
    """For facilitators: what an undo would take back, and for all: the last changes."""
    made = sorted(
        [*entries(found.code, SIGNPOST), *entries(found.code, LIKELIHOOD)], key=lambda entry: entry.number, reverse=True
    )
    newest = undoable(made)
    label = _("Undo: {what}").format(what=_edit_words(found, newest)) if newest else _("Nothing to undo")
    undo = html.Button(
        label,
        type="button",
        className="btn btn-sm btn-outline-secondary for-editors no-print",
        disabled=newest is None,
        **attributes(
            data_heading="undo",
            data_set=found.code,
            data_entity=newest.entity if newest else "",
            data_entry=str(newest.number) if newest else "",
        ),
    )
    state = html.Span(
        "",
        id="heading-saving",
        role="status",
        className="for-editors heading-saving",
        **attributes(aria_live="polite", data_saving=_("Saving …"), data_saved=_("Saved"), data_failed=_("Not saved:")),
    )
    return html.Div(
        [undo, state, audit_list(made, lambda entry: _edit_words(found, entry)) if made else None],
        className="heading-edits",
    )


FIELDS: Mapping[str, str] = {
    "threshold": N_("threshold"),
    "due": N_("due year"),
    "review": N_("review"),
    "observed": N_("whether it happened"),
    "observed_on": N_("day"),
    "operator": N_("comparison"),
    "window": N_("figures in a row"),
    "texts": N_("texts"),
}


def _edit_words(found: FuturesSet, entry: Entry) -> str:
    """What an edit did: 'Membership talks: whether it happened'."""
    names = {
        str(row["code"]): str(row["name"]) for row in frames.records(frames.scenario_part("signposts", found.code))
    }
    if entry.entity == LIKELIHOOD:
        # The parts of a key stand in the order of their columns' names: scenario, signpost.
        scenario, code = (*entry.key, "", "")[:2]
        return _("{signpost}: how likely in “{scenario}”").format(
            signpost=names.get(code, code), scenario=scenario_name(found, scenario)
        )
    code = entry.key[0]
    old, new = entry.old or {}, entry.new or {}
    changed = [_(FIELDS[name]) for name in FIELDS if old.get(name) != new.get(name)]
    return f"{names.get(code, code)}: {', '.join(changed) or _('changed')}"


# --- what follows ---------------------------------------------------------------------------------------------------


@exhibit("futures-signpost-weights", HeadingFilters)
def weights(chosen: HeadingFilters) -> Exhibit:
    """Weights of scenarios by the signposts that were met or missed; tracking weights beside them, not mixed in."""
    found = set_of(chosen)
    key = "futures-signpost-weights"
    if found is None:
        return Exhibit(
            key=key, answer=_("No scenario set is loaded yet."), subtitle="", table=pd.DataFrame(), columns=()
        )
    board, pair = _board(chosen, found), told(chosen)
    judged = board.weights
    if judged is None:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("What the signposts say"),
            empty=_("Nobody has judged yet how likely each signpost is in each scenario."),
        )
    h = None if pair is None else pair[1]
    table = judged.weights.assign(
        name=[scenario_name(found, code) for code in judged.weights["scenario"]],
        prior_percent=judged.weights["prior"] * 100,
        weight_percent=judged.weights["weight"] * 100 if judged.told else float("nan"),
        fit_percent=judged.weights["fit"] * 100,
        tracking_percent=[float("nan") if h is None else h.weight(code) * 100 for code in judged.weights["scenario"]],
    )
    decided = board.rows[board.rows["outcome"].notna() & (board.rows["share"] > 0)]
    words = (
        {str(row["scenario"]): percent(row["weight"]) for row in frames.records(judged.weights)} if judged.told else {}
    )
    drawn = judged.weights if judged.told else judged.weights.assign(weight=float("nan"))
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_weights_answer(found, board, len(decided)),
        subtitle=_("Signpost weight, from what a panel judged; not a probability"),
        figure=weight_figures.bars(drawn, found.scenarios, words, _("before any signpost")),
        table=table,
        columns=(
            Column("name", _("Scenario")),
            Column("prior_percent", _("Weight before any signpost (%)"), "number", 0),
            Column("weight_percent", _("Signpost weight (%)"), "number", 0),
            Column("fit_percent", _("How likely it held what came (%)"), "number", 0),
            Column("tracking_percent", _("Beside it, not mixed: tracking weight (%)"), "number", 0),
        ),
        how=_(
            "Each signpost that was met, or missed by its due year, counts by how likely it was judged in each "
            "scenario. Signposts that are still open count nothing."
        ),
        notes=(
            (
                _(
                    "No scenario fits: even the best held what came for unlikely. The set may lack the future that "
                    "is coming."
                ),
            )
            if judged.off_map
            else ()
        ),
        height=weight_figures.height(len(found.scenarios)),
    )


def _weights_answer(found: FuturesSet, board: Board, decided: int) -> str:
    judged = board.weights
    if judged is None or not judged.told:
        return _("No signpost is decided yet, so none speaks for a scenario")
    if judged.leader is None:
        return ngettext(
            "The {n} signpost that is decided speaks for no scenario more than for another",
            "The {n} signposts that are decided speak for no scenario more than for another",
            decided,
        ).format(n=number(decided))
    weight = float(judged.weights.loc[judged.weights["scenario"] == judged.leader, "weight"].iloc[0])
    return ngettext(
        "The {n} signpost that is decided points to “{scenario}” (signpost weight {weight})",
        "The {n} signposts that are decided point to “{scenario}” (signpost weight {weight})",
        decided,
    ).format(n=number(decided), scenario=scenario_name(found, judged.leader), weight=percent(weight))


def _layers(chosen: HeadingFilters, found: FuturesSet, board: Board) -> html.Section:
    """Why there are two kinds of weights, and whether they agree."""
    pair, judged = told(chosen), board.weights
    h = None if pair is None else pair[1]
    points = judged.leader if judged is not None and judged.told else None
    follows = h.leader if h is not None else ""
    if points and follows:
        same = points == follows
        words = (
            _("Here the two agree: the figures of {region} and the signposts both point to “{first}”.")
            if same
            else _("Here the two differ: the figures of {region} point to “{first}”, the signposts to “{second}”.")
        ).format(
            region=place_words(h) if h else "", first=scenario_name(found, follows), second=scenario_name(found, points)
        )
        if not same:
            words += " " + _(
                "Ask why: a signpost may have been judged wrongly, or be ahead of the figures, which come late."
            )
    elif follows:
        words = _("So far only the figures point somewhere.")
    elif points:
        words = _("So far only the signposts point somewhere: the figures do not tell yet.")
    else:
        words = _("So far neither points anywhere.")
    return html.Section(
        [
            html.H3(_("Two layers, never mixed")),
            html.P(
                _(
                    "Tracking weights are computed from figures and pathways; signpost weights follow from what a "
                    "panel held for likely. Multiplied together they would count the same news twice and hide who "
                    "said what. So each stands by itself."
                )
            ),
            html.P(words),
        ],
        className="figure-card heading-two",
        **attributes(aria_label=_("Two layers, never mixed")),
    )

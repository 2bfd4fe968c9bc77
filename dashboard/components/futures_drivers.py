"""Futures: what shapes the subject – when each driver bites, how much it matters and how uncertain it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from dashboard import choices, frames, futures
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.filter_bar import filter_bar
from dashboard.components.futures_edits import Entry, audit_list, entries, saving_state, undo_button, undoable
from dashboard.components.futures_parts import lacks, set_exhibit, set_of
from dashboard.components.table import missing
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import impact_uncertainty, radar
from dashboard.figures.ranges import escape
from dashboard.filters import Filters, Option, control_id, number_in, one_of
from dashboard.futures import FuturesFilters, FuturesSet
from dashboard.i18n import DASH, N_, _, language, ngettext, number

PAGE, MINE = "futures", "futures-drivers"
DRIVER = "driver"

ALL = "all"

CUT = 7
"""From this median on a panel's rating from 1 to 10 counts as high, unless the reader says otherwise."""

FEWEST = 3
"""Drivers with fewer ratings are drawn, and not ranked."""

LONGEST_LABEL = 34

KINDS: Mapping[str, str] = {
    "driver": N_("driver"),
    "trend": N_("trend"),
    "weak_signal": N_("weak signal"),
    "wild_card": N_("wild card"),
}
STEEP: Mapping[str, str] = {
    "social": N_("Social"),
    "technological": N_("Technological"),
    "economic": N_("Economic"),
    "environmental": N_("Environmental"),
    "political": N_("Political"),
}
CORNERS: Mapping[str, str] = {
    "critical": N_("Critical"),
    "plan": N_("Plan with it"),
    "watch": N_("Watch"),
    "background": N_("Background"),
}
RINGS: Mapping[str, str] = {
    "act": N_("act"),
    "prepare": N_("prepare"),
    "monitor": N_("monitor"),
    "later": N_("later or unknown"),
}


def _themes() -> list[Option]:
    return [Option(ALL, _("All themes")), *choices.themes()]


@dataclass(frozen=True)
class DriverChoices(Filters):
    """What the reader chooses within this part."""

    theme: str = one_of(_themes, label=N_("Theme"))
    cut: int = number_in(1, 10, CUT, label=N_("High from"))


@dataclass(frozen=True)
class DriverFilters(DriverChoices, FuturesFilters):
    """Choices of the page and of this part together: what an address or a download of it holds."""


OWN = DriverChoices
"""Choices of this part alone: it draws their controls itself, and the page hands over what the address says of them."""


def content(page: FuturesFilters, own: DriverChoices | None = None) -> list[Any]:
    """The part as the chosen filters ask for it."""
    mine = own or DriverChoices.parse()
    chosen = DriverFilters(
        **{spec.name: getattr(page, spec.name) for spec in fields(page)},
        **{spec.name: getattr(mine, spec.name) for spec in fields(mine)},
    )
    found = set_of(chosen)
    if found is None:
        return []
    bar = filter_bar(MINE, mine, ["theme", "cut"])
    bar.className += " drivers-bar"
    bar.role = "group"
    setattr(bar, "aria-label", _("Drivers"))
    return [
        bar,
        html.Div(answer(chosen), id="drivers-answer"),
        html.Section(_editor(found), className="section for-editors drivers-editor no-print",
                     **attributes(aria_label=_("Edit drivers"))),
        html.Div(_history(found), id="drivers-history", className="section no-print"),
    ]  # fmt: skip


def answer(chosen: DriverFilters) -> list[Any]:
    """Radar, plot and the drivers one by one."""
    found = set_of(chosen)
    if found is None:
        return []
    frame = told(chosen, found)
    if frame.empty:
        if chosen.theme != ALL:
            return [states.empty(_("No driver of the set belongs to this theme."), _("Choose another theme, or all."))]
        return [lacks(found, _("This set has no drivers."))]
    return [
        html.Div(
            [
                exhibit_card(_radar(chosen, found, frame), extra=_key()),
                html.Div(
                    exhibit_card(_critical(chosen, found, frame), extra=_plot_note()),
                    className="drivers-plot",
                    id="drivers-plot",
                ),
            ],
            className="stack",
        ),
        html.Section([html.H2(_("The drivers one by one")), *_listed(frame)], className="section"),
    ]


# The rows


def told(chosen: DriverFilters, found: FuturesSet) -> pd.DataFrame:
    """Drivers of the set that belong to the chosen theme, with what figures and tables say of them.

    Returns:
        The columns of ``store.scenarios.drivers`` and [driver, number (place in the set), label (short name), ring,
        critical, few, hover].
    """
    frame = frames.scenario_part("drivers", found.code)
    frame = frame.assign(driver=frame["code"], number=range(1, len(frame) + 1))
    if chosen.theme != ALL:
        frame = frame[frame["theme"] == chosen.theme]
    short = _short_names(found)
    few = [not missing(count) and int(count) < FEWEST for count in frame["ratings"]]
    high = (frame["impact"] >= chosen.cut) & (frame["uncertainty"] >= chosen.cut)
    return frame.assign(
        label=[short.get(code) or _short(name) for code, name in zip(frame["code"], frame["name"], strict=True)],
        ring=[ring_of(year, found) for year in frame["year"]],
        few=few,
        critical=[bool(flag) and not scarce for flag, scarce in zip(high, few, strict=True)],
        hover=[_hover(row) for row in frames.records(frame)],
    ).reset_index(drop=True)


def _short_names(found: FuturesSet) -> dict[str, str]:
    """Short names of drivers: what the matrix of influences, where each has a row of its own, calls them."""
    table = frames.scenario_part("matrices", found.code)
    parts = [part for row in frames.records(table[table["kind"] == "influence"]) for part in row["parts"]]
    return {part["code"]: part["name"] for part in parts if 0 < len(part.get("name") or "") <= LONGEST_LABEL}


def _short(name: str) -> str:
    """A name cut at a word, where it is too long for a drawing."""
    return name if len(name) <= LONGEST_LABEL else name[:LONGEST_LABEL].rsplit(" ", 1)[0] + " …"


def middle_of(found: FuturesSet) -> int:
    """Year in the middle of the radar: this one, while the set looks ahead of it, else the base year."""
    today = datetime.now(UTC).year
    return today if found.base_year <= today < found.horizon else found.base_year


def ring_years(found: FuturesSet) -> dict[str, int]:
    """Last year of each ring: thirds of the time from the middle to the horizon."""
    start = middle_of(found)
    span = max(found.horizon - start, 1)
    return {"act": start + -(-span // 3), "prepare": start + -(-2 * span // 3), "monitor": found.horizon}


def ring_of(year: Any, found: FuturesSet) -> str:
    """In which ring a year lies."""
    if missing(year):
        return "later"
    return next((ring for ring, last in ring_years(found).items() if int(year) <= last), "later")


def _range(row: Mapping[str, Any], name: str, decimals: int = 1) -> str:
    """A median with its range: '8 (7–9)'."""
    low, middle, high = row[f"{name}_low"], row[name], row[f"{name}_high"]

    def words(value: Any) -> str:
        if name == "year":
            return str(int(value))
        return number(float(value), 0 if float(value) == int(value) else decimals)

    if missing(middle):
        return DASH
    ends = [words(value) for value in (low, high) if not missing(value)]
    return words(middle) + (f" ({'–'.join(ends)})" if len(ends) == 2 else "")


def _hover(row: Mapping[str, Any]) -> str:
    lines = [
        f"<b>{row['number']} {escape(row['name'])}</b>",
        f"{_(KINDS.get(row['kind'], row['kind']))}, {_(STEEP.get(row['steep'], row['steep']))}",
        _("Impact: {text}").format(text=_range(row, "impact")),
        _("Uncertainty: {text}").format(text=_range(row, "uncertainty")),
        _("Year: {text}").format(text=_range(row, "year")),
    ]
    if not missing(row["ratings"]):
        count = int(row["ratings"])
        lines.append(ngettext("{n} rating", "{n} ratings", count).format(n=number(count)))
    return "<br>".join(lines)


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        kind_words=[_(KINDS.get(kind, kind)) for kind in frame["kind"]],
        steep_words=[_(STEEP.get(steep, steep)) for steep in frame["steep"]],
        ring_words=[_(RINGS[ring]) for ring in frame["ring"]],
        critical_words=[
            _("yes") if flag else _("too few ratings") if few else ""
            for flag, few in zip(frame["critical"], frame["few"], strict=True)
        ],
    )


def _by_weight(frame: pd.DataFrame) -> pd.DataFrame:
    """Those with most impact and uncertainty first: their names find a place first."""
    weight = frame["impact"] * frame["uncertainty"]
    return frame.assign(weight=weight).sort_values("weight", ascending=False, kind="stable").reset_index(drop=True)


# The radar


@exhibit("futures-radar", DriverFilters)
def radar_exhibit(chosen: DriverFilters) -> Exhibit:
    """Drivers by field and by when they bite."""
    found, frame = _asked(chosen)
    return _nothing(chosen, "futures-radar") if found is None or frame.empty else _radar(chosen, found, frame)


def _asked(chosen: DriverFilters) -> tuple[FuturesSet | None, pd.DataFrame]:
    found = set_of(chosen)
    return found, told(chosen, found) if found else pd.DataFrame()


def _nothing(chosen: DriverFilters, key: str) -> Exhibit:
    why = _("There are no drivers to show.")
    return Exhibit(key, why, "", pd.DataFrame(), (), empty=why, query=chosen.query(), path=futures.PATH)


def _radar(chosen: DriverFilters, found: FuturesSet, frame: pd.DataFrame) -> Exhibit:
    years = ring_years(found)
    soon = frame[frame["ring"] == "act"].sort_values("impact", ascending=False, kind="stable")
    if soon.empty:
        said = _("No driver bites by {year}; {n} lie further ahead.").format(year=years["act"], n=number(len(frame)))
    else:
        names = [f"{row['label']} ({int(row['year'])})" for row in frames.records(soon.head(3))]
        words = (
            ngettext(
                "{n} of {all} drivers bites by {year}: {names}.",
                "{n} of {all} drivers bite by {year}: {names}.",
                len(soon),
            )
            if len(soon) <= len(names)
            else _("{n} of {all} drivers bite by {year}, above all: {names}.")
        )
        said = words.format(n=number(len(soon)), all=number(len(frame)), year=years["act"], names=", ".join(names))
    rings = [
        (years["act"], _("act – by {year}").format(year=years["act"])),
        (years["prepare"], _("prepare – by {year}").format(year=years["prepare"])),
        (years["monitor"], _("monitor – by {year}").format(year=years["monitor"])),
    ]
    return set_exhibit(
        chosen,
        found,
        "futures-radar",
        answer=said,
        subtitle=_("Direction: field; distance from the middle: year in which it bites; size: impact; mark: kind"),
        figure=radar.sectors(
            _by_weight(frame), {code: _(name) for code, name in STEEP.items()}, rings, middle_of(found), found.horizon
        ),
        table=_table(frame),
        columns=(
            Column("number", _("No."), "number"),
            Column("name", _("Driver")),
            Column("kind_words", _("Kind")),
            Column("steep_words", _("Field")),
            Column("year", _("Year"), "year"),
            Column("year_low", _("at the earliest"), "year"),
            Column("year_high", _("at the latest"), "year"),
            Column("ring_words", _("What to do")),
            Column("impact", _("Impact, 1 to 10"), "number", 1),
            Column("source", _("Source")),
        ),
        how=_(
            "The rings are thirds of the time from {base} to {horizon}. Drivers outside the rim bite later, or nobody "
            "said when. Numbers lead to the list below."
        ).format(base=middle_of(found), horizon=found.horizon),
        height=640,
    )


def _key() -> html.P:
    """What the marks mean."""
    parts: list[Any] = []
    for kind, word in KINDS.items():
        parts += [
            html.Span(
                [html.Span(radar.SIGNS[kind], style={"color": radar.colour(kind)}, **attributes(aria_hidden="true")),
                 " ", _(word)],
                className="key-item",
            )
        ]  # fmt: skip
    return html.P(parts, className="drivers-key")


# Impact and uncertainty


@exhibit("futures-critical", DriverFilters)
def critical_exhibit(chosen: DriverFilters) -> Exhibit:
    """Drivers by impact and uncertainty."""
    found, frame = _asked(chosen)
    return _nothing(chosen, "futures-critical") if found is None or frame.empty else _critical(chosen, found, frame)


def _critical(chosen: DriverFilters, found: FuturesSet, frame: pd.DataFrame) -> Exhibit:
    critical = _by_weight(frame[frame["critical"]])
    if critical.empty:
        said = _("No driver is both of high impact and highly uncertain.")
    else:
        said = ngettext(
            "{n} of {all} drivers is critical, of high impact and highly uncertain: {names}.",
            "{n} of {all} drivers are critical, of high impact and highly uncertain: {names}.",
            len(critical),
        ).format(n=number(len(critical)), all=number(len(frame)), names=", ".join(critical["label"].tolist()))
    wild = frame[frame["kind"] == "wild_card"]["name"].tolist()
    few = frame[frame["few"]]["name"].tolist()
    notes = []
    if wild:
        notes.append(
            _("Wild cards – unlikely, but they would change everything: {names}.").format(names=", ".join(wild))
        )
    if few:
        notes.append(
            _("Fewer than {n} ratings, so drawn hollow and not ranked: {names}.").format(n=FEWEST, names=", ".join(few))
        )
    return set_exhibit(
        chosen,
        found,
        "futures-critical",
        answer=said,
        subtitle=_("Medians of a panel from 1 to 10, with their range; high from {cut}").format(cut=number(chosen.cut)),
        figure=impact_uncertainty.plane(
            _by_weight(frame),
            chosen.cut,
            {code: _(name) for code, name in CORNERS.items()},
            _("Uncertainty"),
            _("Impact"),
        ),
        table=_table(frame),
        columns=(
            Column("number", _("No."), "number"),
            Column("name", _("Driver")),
            Column("kind_words", _("Kind")),
            Column("impact", _("Impact, 1 to 10"), "number", 1),
            Column("impact_low", _("Impact, from"), "number", 1),
            Column("impact_high", _("Impact, to"), "number", 1),
            Column("uncertainty", _("Uncertainty, 1 to 10"), "number", 1),
            Column("uncertainty_low", _("Uncertainty, from"), "number", 1),
            Column("uncertainty_high", _("Uncertainty, to"), "number", 1),
            Column("ratings", _("Ratings"), "number"),
            Column("critical_words", _("Critical")),
            Column("source", _("Source")),
        ),
        how=_(
            "A driver is critical when both medians are at least {cut}. Two of them that do not depend on one another "
            "make the axes of scenarios; a trend of high impact and little uncertainty belongs into all of them."
        ).format(cut=number(chosen.cut)),
        notes=tuple(notes),
        height=520,
    )


def _plot_note() -> html.P:
    return html.P(
        _("Drag a mark to rate a driver anew, or use the table below."), className="card-note for-editors no-print"
    )


# One by one


def _listed(frame: pd.DataFrame) -> list[Any]:
    return [_article(row) for row in frames.records(frame)]


def _article(row: Mapping[str, Any]) -> html.Details:
    facts = " · ".join(
        (
            _(KINDS.get(row["kind"], row["kind"])),
            _(STEEP.get(row["steep"], row["steep"])),
            _("impact {text}").format(text=_range(row, "impact")),
            _("uncertainty {text}").format(text=_range(row, "uncertainty")),
            _("year {text}").format(text=_range(row, "year")),
        )
    )
    summary = html.Summary(
        [
            html.Span(str(row["number"]), className="driver-number", style={"borderColor": radar.colour(row["kind"])}),
            html.Span(row["name"], className="driver-name"),
            html.Span(facts, className="driver-facts"),
            html.Span(_("critical"), className="chip chip-critical") if row["critical"] else "",
        ]
    )
    body: list[Any] = [html.P(row["description"])] if row["description"] else []
    if row["evidence"]:
        body.append(html.H3(_("Evidence")))
        body.append(html.Ul([_evidence(one) for one in row["evidence"]]))
    else:
        body.append(html.P(_("No evidence is recorded yet."), className="muted"))
    if row["source"]:
        body.append(html.P(_("Source: {source}").format(source=row["source"]), className="muted"))
    return html.Details(
        [summary, html.Div(body, className="driver-body")], id=f"driver-{row['code']}", className="driver"
    )


def _evidence(one: Mapping[str, Any]) -> html.Li:
    parts: list[Any] = [one.get("text") or ""]
    url, source = str(one.get("url") or ""), str(one.get("source") or "")
    if url.startswith(("https://", "http://")):
        parts += [" ", html.Cite(html.A(source or url, href=url, rel="noopener"))]
    elif source:
        parts += [" ", html.Cite(f"({source})", className="muted")]
    code = one.get("indicator")
    if code:
        name = frames.indicator_names().get(str(code))
        if name:
            parts += [" – ", dcc.Link(_("in the figures: {name}").format(name=name),
                                      href=frames.href(f"/data?part=indicator&indicator={code}"))]  # fmt: skip
    return html.Li(parts)


# Editing


def model(found: FuturesSet) -> dict[str, Any]:
    """All that the browser needs to draw the table to type into."""
    made = entries(found.code, DRIVER)
    last = undoable(made)
    numbers = ("impact", "impact_low", "impact_high", "uncertainty", "uncertainty_low", "uncertainty_high", "year",
               "year_low", "year_high", "ratings")  # fmt: skip
    rows = frames.records(frames.scenario_part("drivers", found.code))
    return {
        "set": found.code,
        "language": language(),
        "base": found.base_year,
        "drivers": [
            {
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "steep": row["steep"],
                "theme": row["theme"] or "",
                **{name: None if missing(row[name]) else float(row[name]) for name in numbers},
            }
            for row in rows
        ],
        "kinds": [[code, _(word)] for code, word in KINDS.items()],
        "steep": [[code, _(word)] for code, word in STEEP.items()],
        "themes": [["", DASH], *([option.value, option.label] for option in choices.themes())],
        "undo": last.number if last else None,
        "words": {
            "driver": _("Driver"),
            "kind": _("Kind"),
            "field": _("Field"),
            "theme": _("Theme"),
            "impact": _("Impact"),
            "uncertainty": _("Uncertainty"),
            "year": _("Year"),
            "ratings": _("Ratings"),
            "low": _("low"),
            "median": _("median"),
            "high": _("high"),
            "remove": _("Remove"),
            "removing": _("Remove “{name}”? The undo button brings it back."),
            "yes": _("Yes, remove"),
            "no": _("Keep"),
            "of": _("{what} of “{name}”"),
            "caption": _("Ratings of the drivers; what is typed is saved at once"),
            "unnamed": _("A driver needs a name."),
        },
    }


def _editor(found: FuturesSet) -> list[Any]:
    return [
        dcc.Store(id="drivers-model", data=model(found)),
        dcc.Store(id="drivers-drawn"),
        html.H2(_("Edit drivers")),
        saving_state("drivers-saving"),
        html.Div(id="drivers-table", className="drivers-table table-scroll"),
        html.Div(_form(), className="drivers-form"),
    ]


def _form() -> list[Any]:
    """The form for a new driver: native controls, read when the button is pressed."""

    def field(label: str, control: Any, name: str) -> html.Div:
        return html.Div([html.Label(label, htmlFor=name), control], className="filter")

    def chooser(name: str, options: Sequence[tuple[str, str]]) -> Any:
        return dbc.Select(
            id=name, options=[{"value": v, "label": w} for v, w in options], value=options[0][0], size="sm"
        )

    def typed(name: str, **more: Any) -> dcc.Input:
        return dcc.Input(id=name, className="form-control form-control-sm", autoComplete="off", **more)

    scale = {"type": "number", "min": 1, "max": 10, "step": 0.5, "value": 5}
    return [
        html.H3(_("A new driver")),
        html.Div(
            [
                field(_("Name"), typed("driver-new-name", type="text", maxLength=120), "driver-new-name"),
                field(_("Kind"), chooser("driver-new-kind", [(c, _(w)) for c, w in KINDS.items()]), "driver-new-kind"),
                field(_("Field"), chooser("driver-new-steep", [(c, _(w)) for c, w in STEEP.items()]),
                      "driver-new-steep"),
                field(_("Impact"), typed("driver-new-impact", **scale), "driver-new-impact"),
                field(_("Uncertainty"), typed("driver-new-uncertainty", **scale), "driver-new-uncertainty"),
                field(_("Year"), typed("driver-new-year", type="number", min=1900, max=2200, step=1),
                      "driver-new-year"),
                html.Button(_("Add driver"), type="button", className="btn btn-sm btn-primary",
                            **attributes(data_drivers="add")),
            ],
            className="drivers-form-row",
        ),
    ]  # fmt: skip


def _history(found: FuturesSet) -> list[Any]:
    made = entries(found.code, DRIVER)
    last = undoable(made)
    names = dict(zip(*(frames.scenario_part("drivers", found.code)[c] for c in ("code", "name")), strict=True))
    return [
        undo_button(found.code, DRIVER, last, edit_words(last, names) if last else ""),
        audit_list(made, lambda entry: edit_words(entry, names)),
    ]


FIELDS: Mapping[str, str] = {
    "kind": N_("kind"),
    "steep": N_("field"),
    "theme": N_("theme"),
    "impact": N_("impact"),
    "impact_low": N_("impact, from"),
    "impact_high": N_("impact, to"),
    "uncertainty": N_("uncertainty"),
    "uncertainty_low": N_("uncertainty, from"),
    "uncertainty_high": N_("uncertainty, to"),
    "year": N_("year"),
    "year_low": N_("year, from"),
    "year_high": N_("year, to"),
    "ratings": N_("ratings"),
    "texts": N_("wording"),
    "evidence": N_("evidence"),
    "source": N_("source"),
    "position": N_("place in the list"),
}


def edit_words(entry: Entry, names: Mapping[str, str]) -> str:
    """One edit of a driver in words: '“Trade barriers”: impact from 8 to 9'."""
    code = entry.key[0]
    name = names.get(code) or _name_in(entry.old or entry.new) or code
    if entry.old is None:
        return _("“{name}” added").format(name=name)
    if entry.new is None:
        return _("“{name}” removed").format(name=name)
    changed = [
        _("{what} from {old} to {new}").format(
            what=_(FIELDS.get(column, column)), old=_plain(entry.old.get(column)), new=_plain(value)
        )
        if not isinstance(value, list | dict)
        else _(FIELDS.get(column, column))
        for column, value in entry.new.items()
        if entry.old.get(column) != value
    ]
    return f"“{name}”: " + ", ".join(changed)


def _name_in(row: Mapping[str, Any] | None) -> str:
    versions = ((row or {}).get("texts") or {}).get("name") or {}
    return str(versions.get(language()) or next(iter(versions.values()), ""))


def _plain(value: Any) -> str:
    if value is None or value == "":
        return DASH
    if isinstance(value, int | float):
        return number(float(value), 0 if float(value) == int(value) else 1).replace("\N{NO-BREAK SPACE}", "")
    words = {**KINDS, **STEEP}.get(str(value))
    return _(words) if words else str(value)


# Answers


def _inputs(*names: str) -> dict[str, Any]:
    own = DriverChoices.inputs(MINE)
    page = {spec.name: State(control_id(PAGE, spec.name), "value") for spec in fields(FuturesFilters)}
    read = {spec.name: State(control_id(MINE, spec.name), "value") for spec in fields(DriverChoices)}
    return {**page, **read, **{name: own[name] for name in names}, "edition": Input("edition", "data")}


def _chosen(values: Mapping[str, Any]) -> DriverFilters:
    frames.at_least(values.get("edition"))
    return DriverFilters.parse({**values, "part": futures.DRIVERS})


def update_answer(**values: Any) -> list[Any]:
    """Another theme or cut, or an edit."""
    return answer(_chosen(values))


def update_editor(**values: Any) -> tuple[Any, Any]:
    """What is stored now, after an edit."""
    found = set_of(_chosen(values))
    return (None, []) if found is None else (model(found), _history(found))


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(
        Output("drivers-answer", "children"), inputs=_inputs("theme", "cut"), prevent_initial_call=True
    )(update_answer)  # fmt: skip
    callback(
        Output("drivers-model", "data"),
        Output("drivers-history", "children"),
        inputs=_inputs(),
        prevent_initial_call=True,
    )(update_editor)
    clientside_callback(
        ClientsideFunction("futures_drivers", "draw"), Output("drivers-drawn", "data"), Input("drivers-model", "data")
    )

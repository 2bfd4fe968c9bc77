"""Upload: bring a programme's workbook, a partner's report or an export of others, and take workbooks along."""

from functools import lru_cache
from typing import Any

import dash
import dash_bootstrap_components as dbc
import yaml
from dash import Input, Output, callback, dcc, html

from config import ROOT
from dashboard import frames, programmes
from dashboard.components.attributes import attributes
from dashboard.i18n import N_, _, language
from dashboard.programmes import period_name

PAGE, PATH = "upload", "/upload"
MAPS = ROOT / "data" / "maps"
ACCEPTED = ".xlsx,.yaml,.yml,.csv"
OWN = "own"
"""The layout that is ours."""

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Upload"),
    title=lambda **_query: _("Upload – Bring and take programme data"),
    group="steering",
    order=19,
)


@lru_cache(maxsize=1)
def layouts() -> dict[str, dict[str, str]]:
    """Layouts of others that can be read: name and title in each language."""
    found = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(MAPS.glob("*.yaml"))}
    return {name: dict(held["title"]) for name, held in found.items()}


def layout(**query: Any) -> html.Div:
    """The page; ``programme`` in the address chooses one beforehand."""
    options = [{"label": one.label, "value": one.value} for one in programmes.programme_options()]
    known = [one["value"] for one in options]
    chosen = query.get("programme") if query.get("programme") in known else (known[0] if known else None)
    return html.Div(
        [
            html.Header(
                [
                    html.P(_("Upload"), className="kicker"),
                    html.H1(_("Bring a programme's data, and see at once which rows are not right")),
                    html.P(
                        _(
                            "A file is loaded as a whole or not at all. Rows that cannot be taken are listed with "
                            "sheet, row, column and remedy; no total includes them."
                        ),
                        className="lead",
                    ),
                ],
                className="page-head",
            ),
            _for_readers(),
            html.Div(
                [_bring(options, chosen), html.Div(id="upload-state", className="upload-state", **_words())],
                className="for-editors",
            ),
            html.Div(id="upload-result", className="for-editors", **attributes(aria_live="polite")),
            _take(options, chosen),
        ],
        className="page page-upload page-programme",
    )


def _for_readers() -> html.Div:
    address = frames.href("/signin") + "?next=" + frames.href(PATH)
    return html.Div(
        [
            html.P(_("Files are brought by facilitators."), className="empty-title"),
            html.P(_("Sign in with the token of this installation; reading needs none."), className="empty-why"),
            html.A(_("Sign in"), href=address, className="btn btn-primary"),
        ],
        className="empty for-readers",
        role="note",
    )


def _words() -> dict[str, Any]:
    """Words that the browser says by itself."""
    return attributes(
        role="status",
        data_words=_("The file is being read:"),
        data_writing=_("The workbook is being written:"),
        data_lost=_("The server does not answer. Reload the page to see what came of it."),
        data_sending=_("The file is being sent …"),
        data_unsent=_("The file could not be sent. Check the connection and try again."),
        data_choose=_("Choose a file first."),
        data_ready=_("The workbook is ready; it is being downloaded."),
    )


def _field(label: str, identity: str, control: Any, hint: str = "") -> html.Div:
    parts = [html.Label(label, htmlFor=identity), control]
    return html.Div([*parts, html.P(hint, className="small muted")] if hint else parts, className="upload-field")


def _bring(options: list[dict[str, str]], chosen: str | None) -> html.Section:
    kinds = [{"label": _("PoliSEE's own workbook or YAML"), "value": OWN}]
    kinds += [{"label": _("Another layout, recognised by its heads"), "value": "auto"}]
    kinds += [
        {"label": titles.get(language(), titles.get("en", name)), "value": name} for name, titles in layouts().items()
    ]
    # The field for the file is made in the browser: Dash has none that sends the file itself.
    file = html.Div(
        id="upload-file-place",
        className="upload-field",
        **attributes(data_label=_("File: XLSX, YAML or CSV, at most 40 MB"), data_accept=ACCEPTED),
    )
    others = html.Details(
        [
            html.Summary(_("For layouts of others")),
            html.Div(
                [
                    _field(
                        _("Programme that it goes into"),
                        "upload-programme",
                        dbc.Select(id="upload-programme", options=options, value=chosen, persistence=False),
                    ),
                    _field(
                        _("Project in the file"),
                        "upload-project",
                        dcc.Input(id="upload-project", type="text", className="form-control", maxLength=80),
                        _("Its number or acronym; empty: the programme's own."),
                    ),
                    _field(
                        _("Work package of costs"),
                        "upload-package",
                        dcc.Input(id="upload-package", type="text", className="form-control", maxLength=32),
                        _("Code such as wp1, where the layout names none; empty: costs are left out."),
                    ),
                ],
                className="upload-grid",
            ),
        ]
    )
    buttons = html.Div(
        [
            html.Button(
                _("Check only"), type="button", className="btn btn-outline-secondary", **attributes(data_upload="check")
            ),
            html.Button(_("Load"), type="button", className="btn btn-primary", **attributes(data_upload="load")),
            html.Span(_("Checking writes nothing."), className="small muted"),
        ],
        className="upload-buttons",
    )
    which = _field(
        _("Layout"), "upload-layout", dbc.Select(id="upload-layout", options=kinds, value=OWN, persistence=False)
    )
    return html.Section([html.H2(_("Bring a file")), html.Div([file, which], className="upload-grid"), others, buttons])


def _take(options: list[dict[str, str]], chosen: str | None) -> html.Section:
    """Templates and exports."""

    def button(words: str, what: str) -> html.Button:
        return html.Button(words, type="button", className="btn btn-outline-secondary", **attributes(data_written=what))

    who = partner_choices(chosen or "")
    return html.Section(
        [
            html.H2(_("Take a workbook along")),
            html.P(
                _(
                    "Each workbook has instructions, notes at its heads and lists to choose from, in the language of "
                    "this page. What you export can be loaded again and changes nothing."
                ),
                className="muted",
            ),
            html.Div(
                [
                    _field(
                        _("Programme"),
                        "take-programme",
                        dbc.Select(id="take-programme", options=options, value=chosen, persistence=False),
                    ),
                    _field(
                        _("Partner"),
                        "take-partner",
                        dbc.Select(id="take-partner", options=who[0], value=who[1], persistence=False),
                    ),
                    _field(
                        _("Period"),
                        "take-period",
                        dbc.Select(id="take-period", options=who[2], value=who[3], persistence=False),
                    ),
                ],
                className="upload-grid",
            ),
            html.Div(
                [
                    button(_("Empty template of a programme"), "template"),
                    button(_("This programme as a workbook"), "export"),
                    button(_("Report of this partner on this period"), "partner-report"),
                ],
                className="upload-buttons",
            ),
            html.Div(id="written-state", className="upload-state", role="status"),
            html.P(
                [
                    _("The same from a command line: {command}.").format(
                        command="polisee template, polisee export-programme, polisee load"
                    ),
                ],
                className="small muted",
            ),
        ],
        className="for-editors",
    )


Choices = tuple[list[dict[str, str]], str | None, list[dict[str, str]], str | None]


def partner_choices(code: str) -> Choices:
    """Partners and periods of a programme, with what is chosen first: the first partner, the newest period begun."""
    if code not in {one.value for one in programmes.programme_options()}:
        return [], None, [], None
    view = programmes.the_programme(code)
    names = programmes.partner_names(code)
    partners = [{"label": f"{short} ({one})", "value": one} for one, short in names.items()]
    periods = [{"label": period_name(number), "value": str(number)} for number in view.periods]
    newest = str(min(view.closed + 1, max(view.periods))) if len(view.periods) else None
    return partners, next(iter(names), None), periods, newest


@callback(
    Output("take-partner", "options"),
    Output("take-partner", "value"),
    Output("take-period", "options"),
    Output("take-period", "value"),
    Input("take-programme", "value"),
    prevent_initial_call=True,
)
def update(code: Any) -> Choices:
    """Offer the partners and periods of the programme that was chosen."""
    return partner_choices(code if isinstance(code, str) else "")

"""What stands around every page: skip link, name, navigation, search, language, theme, notices and footer."""

from typing import Any

import dash
from dash import Dash, dcc, html

from config import settings
from dashboard import frames
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.i18n import LANGUAGES, N_, _, date, language, number

GROUPS = (
    ("home", ""),
    ("progress", N_("Regions")),
    ("steering", N_("Pilots")),
    ("futures", N_("Futures")),
    ("trust", N_("Trust")),
)
"""Order of navigation groups. A page says its own in ``register_page(group=…)``. A group is a button that opens the
list of its pages; of a group without a name, or with one page, the pages stand in the bar themselves."""


def layout() -> html.Div:
    """The shell in this request's language."""
    return html.Div(
        [
            html.A(_("Skip to the content"), href="#content", className="skip-link"),
            _header(),
            _notice(),
            html.Main(dash.page_container, id="content", tabIndex="-1"),
            _footer(),
            dcc.Store(id="address"),
            dcc.Store(id="edition", data=0),
        ],
        id="shell",
    )


def _notice() -> html.Div:
    """Where passing messages are said; those that the browser says by itself come along."""
    words = attributes(
        aria_live="polite",
        data_unsent=_("The change could not be sent. Check the connection and try again."),
        data_unsaved=_("The change was not saved. Try again in a moment."),
        data_signed_out=_("You are signed out."),
    )
    return html.Div(id="notice", className="notice", role="status", **words)


def waiting() -> html.Div:
    """Every page before the first load: what to do."""
    return html.Div([html.H1(_("PoliSEE is ready for its first figures")), states.nothing_loaded()], className="page")


def _pages() -> list[dict[str, Any]]:
    return sorted(
        (page for page in dash.page_registry.values() if page.get("group")), key=lambda page: page.get("order") or 0
    )


def _page_name(page: dict[str, Any]) -> str:
    name = page["name"]
    return _(name)


def _navigation() -> list[html.Li]:
    """Groups in their order, each as a button with the list of its pages, or as plain links."""
    items: list[html.Li] = []
    for key, name in GROUPS:
        pages = [page for page in _pages() if page["group"] == key]
        if not name or len(pages) == 1:
            items += [html.Li(_page_link(page)) for page in pages]
        elif pages:
            items.append(_group(f"nav-{key}", _(name), pages))
    return items


def _page_link(page: dict[str, Any]) -> html.A:
    return html.A(
        _page_name(page), href=page["relative_path"], className="nav-page", **attributes(data_nav=page["path"])
    )


def _group(identity: str, name: str, pages: list[dict[str, Any]]) -> html.Li:
    """A group that opens in the bar; in the menu of a phone, where all stand open, its name is no button."""
    opened = attributes(data_action="nav-group", aria_expanded="false", aria_controls=identity)
    return html.Li(
        [
            html.Button(html.Span(name), type="button", className="nav-group-button", **opened),
            html.Span(name, className="nav-group-name"),
            html.Ul(
                [html.Li(_page_link(page)) for page in pages],
                id=identity,
                className="nav-menu",
                **attributes(aria_label=name),
            ),
        ],
        className="nav-group",
    )


def _header() -> html.Header:
    brand = html.A(
        [html.Span(className="brand-sign", **attributes(aria_hidden="true")), html.Span("PoliSEE")],
        href=frames.href("/"),
        className="brand",
    )
    nav = html.Nav(html.Ul(_navigation(), className="nav-list"), **attributes(aria_label=_("Pages")))
    menu = html.Button(
        _("Menu"), type="button", className="menu-button", **attributes(data_action="menu", aria_expanded="false")
    )
    return html.Header(
        html.Div(
            [brand, menu, html.Div([nav, _search(), _language(), _theme()], className="header-parts")],
            className="header-inner",
        ),
        className="site-header",
    )


def _search() -> html.Div:
    """A field that leads to a page, region or indicator by its name."""
    options = [
        html.Option(value=_page_name(page), **attributes(data_href=page["relative_path"], data_page="1"))
        for page in _pages()
    ]
    regions = frames.current_regions()
    for code, name in zip(regions["code"], regions["name"], strict=True):
        options.append(html.Option(value=f"{name} ({code})", **{"data-href": frames.href(f"/region?region={code}")}))
    indicators = frames.indicators()
    for code, name in zip(indicators["code"], indicators["name"], strict=True):
        options.append(html.Option(value=name, **{"data-href": frames.href(f"/data?indicator={code}")}))
    label = _("Search pages, regions and indicators")
    field = dcc.Input(
        id="site-search",
        type="search",
        list="site-search-list",
        placeholder=_("Search"),
        className="form-control form-control-sm",
    )
    return html.Div(
        [
            html.Label(label, htmlFor="site-search", className="visually-hidden"),
            field,
            html.Datalist(options, id="site-search-list"),
        ],
        className="site-search",
        role="search",
        **attributes(aria_label=label, data_nothing=_("No page, region or indicator has this in its name.")),
    )


def _language() -> html.Div:
    links = [
        html.A(
            code.upper(),
            href=f"?lang={code}",
            lang=code,
            title=name,
            className="lang-link",
            **{"data-lang": code, "aria-label": name} | ({"aria-current": "true"} if code == language() else {}),
        )
        for code, name in LANGUAGES.items()
    ]
    return html.Div(links, className="lang-links", role="group", **attributes(aria_label=_("Language")))


def _theme() -> html.Button:
    return html.Button(
        [html.Span("◐", **attributes(aria_hidden="true")), html.Span(_("Light or dark"), className="visually-hidden")],
        type="button",
        className="theme-button",
        title=_("Light, dark or as the device says"),
        **attributes(
            data_action="theme",
            data_auto=_("Colours: as the device says"),
            data_light=_("Colours: light"),
            data_dark=_("Colours: dark"),
        ),
    )


def coverage_line() -> str:
    """One line that says how much is there: figures, indicators, regions, newest year, estimated share."""
    frame = frames.coverage()
    if frame.empty:
        return _("No figures are loaded yet.")
    shown = frame[frame["level"] == 2]
    return _(
        "{figures} figures, {filled} of {all} indicators, {regions} regions, newest year {year}, "
        "{estimated} estimated or provisional, {missing} missing."
    ).format(
        figures=number(frame["count"].sum()),
        filled=number(frame["indicator"].nunique()),
        all=number(len(frames.indicators())),
        regions=number(shown["region"].nunique()),
        year=int(frame["last"].max()),
        estimated=number(frame["estimated"].sum()),
        missing=number(frame["missing"].sum()),
    )


def _footer() -> html.Footer:
    runs = frames.loads(1)
    loaded = date(runs["started_at"].iloc[0]) if len(runs) else "–"
    version = _("Data version {version}, last load {day}.").format(version=frames.data_version(), day=loaded)
    credit = _(
        "Figures: Eurostat, CC BY 4.0, © European Union; changed where a card says so. Eurostat is not responsible for "
        "what is made of them."
    )
    contact = settings().contact
    links = [
        html.A(_("Methods"), href=frames.href("/data?part=methods")),
        html.A(_("Accessibility"), href=frames.href("/data?part=accessibility")),
        html.A(_("Privacy"), href=frames.href("/data?part=privacy")),
        html.A(_("Source code licence: EUPL-1.2"), href=frames.href("/data?part=licence")),
    ]
    if contact:
        links.append(html.A(_("Contact"), href=f"mailto:{contact}"))
    return html.Footer(
        html.Div(
            [
                html.P(version + " " + coverage_line(), className="coverage-line"),
                html.P(credit),
                html.Div([*links, *_signing()], className="footer-links"),
            ],
            className="footer-inner",
        ),
        className="site-footer",
    )


def _signing() -> list[Any]:
    """The way to sign in and out, where the installation has a token. The browser shows what fits the reader's role."""
    if not settings().admin_token.get_secret_value():
        return []
    out = html.Button(_("sign out"), type="button", className="link-button", **attributes(data_signout="1"))
    return [
        html.A(
            _("Sign in to edit"), href=frames.href("/signin"), className="for-readers", **attributes(data_signin="1")
        ),
        html.Span([_("Signed in as facilitator") + " – ", out], className="for-editors"),
    ]


def index(app: Dash, parts: dict[str, str], scheme: str) -> str:
    """The HTML that every address answers with; scripts draw the rest, and without them it says where to read on."""
    prefix = settings().url_prefix.rstrip("/")
    lang = language()
    loading = _("Loading…")
    brief = _("Scripts are switched off. The regional briefs can be read without them:")
    return f"""<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{scheme}">
<head>
<script src="{prefix}/boot.js"></script>
{parts["metas"]}
<title>{parts["title"]}</title>
<link rel="icon" type="image/svg+xml" href="{prefix}/assets/favicon.svg">
{parts["css"]}
</head>
<body>
<div id="react-entry-point"><div class="first-paint" role="status">{loading}</div></div>
<noscript><p>{brief} <a href="{prefix}/brief">{prefix}/brief</a></p></noscript>
<div hidden>{parts["config"]}{parts["scripts"]}{parts["renderer"]}</div>
</body>
</html>"""

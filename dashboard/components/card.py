"""The figure card: answer, picture, and behind it table, source and method, downloads, citation and link."""

from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from dashboard import citation, frames
from dashboard.components.attributes import attributes
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.exhibits import Exhibit
from dashboard.i18n import _, date, language, number

GRAPH_CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
}
"""The only configuration a figure may have: nothing leaves the browser, nothing is offered twice."""


def graph_config() -> dict[str, Any]:
    """``GRAPH_CONFIG`` with what depends on the request: language and the path of our own topology files."""
    return GRAPH_CONFIG | {"locale": language(), "topojsonURL": frames.href("/assets/topojson/")}


def graph(figure: dict[str, Any], name: str, height: int, label: str) -> html.Div:
    """A figure with the house configuration; hidden from screen readers, who get sentence and table instead."""
    return html.Div(
        dcc.Graph(id=name, figure=figure, config=graph_config(), style={"height": height}, className="graph"),
        role="img",
        style={"minHeight": height},
        **attributes(aria_label=label),
    )


def exhibit_card(
    shown: Exhibit, heading: int = 2, extra: Any = None, open_table: bool = False, lead: Any = None
) -> html.Article:
    """Draw an exhibit as a card.

    Args:
        shown: what to draw.
        heading: level of its heading (2 to 4).
        extra: component between figure and the row of actions, such as an animation's controls.
        open_table: show the table in the figure's place instead of folded, where the table is what there is to see.
        lead: a picture of our own in the figure's place, above the table.
    """
    title = getattr(html, f"H{heading}")(shown.answer, className="card-answer", id=f"{shown.key}-answer")
    parts: list[Any] = [title, html.P(shown.subtitle, className="card-subtitle")]
    if shown.empty:
        parts.append(empty(_("There is nothing to show here."), shown.empty))
    elif shown.figure is not None:
        parts.append(graph(shown.figure, f"{shown.key}-graph", shown.height, f"{shown.answer} {shown.how}".strip()))
    if lead is not None:
        parts.append(lead)
    if open_table and not shown.table.empty:
        parts.append(_table(shown))
    if extra is not None:
        parts.append(extra)
    parts += [html.P(note, className="card-note") for note in shown.notes]
    if not shown.table.empty or shown.indicators or shown.sources:
        parts.append(_actions(shown, not open_table, heading + 1))
    return html.Article(
        parts, className="figure-card", id=f"{shown.key}-card", **{"aria-labelledby": f"{shown.key}-answer"}
    )


def _actions(shown: Exhibit, folded_table: bool, heading: int) -> html.Div:
    folds = []
    if folded_table and not shown.table.empty:
        folds.append(_fold(_("Table"), "table", _table(shown)))
    if shown.indicators or shown.sources:
        folds.append(_fold(_("Source & method"), "info", source_and_method(shown, heading)))
    if not shown.table.empty:
        folds.append(_fold(_("Download"), "download", _downloads(shown)))
    folds.append(_fold(_("Cite"), "quote", _cite(shown)))
    folds.append(
        html.Button(
            _("Link"),
            type="button",
            className="fold-button",
            **attributes(data_action="copy-link", data_done=_("Copied")),
        )
    )
    return html.Div(folds, className="card-actions")


def _table(shown: Exhibit) -> Any:
    """The table as it stands on the page."""
    if not 0 < shown.page_rows < len(shown.table):
        return table(shown.table, shown.columns, shown.answer)
    words = _("The first {n} of {all} rows; the downloads hold them all.")
    note = words.format(n=number(shown.page_rows), all=number(len(shown.table)))
    return html.Div(
        [table(shown.table.head(shown.page_rows), shown.columns, shown.answer), html.P(note, className="card-note")]
    )


def _fold(label: str, kind: str, content: Any) -> html.Details:
    return html.Details(
        [html.Summary(label), html.Div(content, className="fold-body")],
        className=f"fold fold-{kind}",
        **attributes(data_fold="card"),
    )


def source_and_method(shown: Exhibit, heading: int = 3) -> list[Any]:
    """Producer, dataset, edition, licence and method of each indicator and each further source of an exhibit, each
    under its own heading."""
    parts: list[Any] = [html.P(shown.how)] if shown.how else []
    known = frames.provenance() if shown.indicators else {}
    for row in [known[code] for code in shown.indicators if code in known]:
        publisher, licence = row["publisher"], row["licence"]
        facts = [
            (_("What it measures"), row["definition"]),
            (_("Unit"), row["unit_label"]),
            (_("Source"), [_(publisher), ", ", html.A(row["dataset"], href=row["dataset_url"], rel="noopener")]),
            (_("Edition"), date(row["updated"])),
            (_("Licence"), html.A(_(licence), href=row["licence_url"], rel="noopener license")),
            (_("Note"), row["note"]),
        ]
        parts.append(getattr(html, f"H{heading}")(row["name"], className="source-name"))
        parts.append(html.Dl([part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]))
        more = frames.href(f"/data?indicator={row['code']}")
        parts.append(html.P(dcc.Link(_("More about this indicator"), href=more)))
    for source in shown.sources:
        link = html.A(source.publisher, href=source.url, rel="noopener") if source.url else source.publisher
        said = [(_("Source"), link), (_("Licence"), source.licence), (_("Note"), source.note)]
        parts.append(getattr(html, f"H{heading}")(source.name, className="source-name"))
        parts.append(html.Dl([part for name, value in said if value for part in (html.Dt(name), html.Dd(value))]))
    return parts


def _downloads(shown: Exhibit) -> list[Any]:
    query = urlencode({**shown.query, "lang": language()}, safe=",")
    files = [
        html.A(label, href=frames.href(f"/export/{shown.key}.{form}?{query}"), download=True, className="download")
        for form, label in (("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("json", "JSON"))
    ]
    if shown.figure is not None:
        files += [
            html.Button(
                label,
                type="button",
                className="download",
                **attributes(data_action="picture", data_form=form, data_name=shown.key),
            )
            for form, label in (("svg", "SVG"), ("png", "PNG"))
        ]
    return [html.Div(files, className="downloads")]


def _cite(shown: Exhibit) -> list[Any]:
    text = citation.text(shown)
    query = urlencode({**shown.query, "lang": language()}, safe=",")
    return [
        html.P(text, className="citation"),
        html.Button(
            _("Copy"),
            type="button",
            className="btn btn-sm btn-outline-secondary",
            **attributes(data_action="copy", data_text=text, data_done=_("Copied")),
        ),
        html.A("BibTeX", href=frames.href(f"/export/{shown.key}.bib?{query}"), download=True, className="download"),
        html.A("RIS", href=frames.href(f"/export/{shown.key}.ris?{query}"), download=True, className="download"),
    ]

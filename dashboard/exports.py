"""Downloads: the numbers of an exhibit with what is needed to cite and check them, in plain files."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
from flask import Blueprint, Response, abort, request

from dashboard import citation, frames, theme
from dashboard.components.table import inert, missing, plain
from dashboard.exhibits import REGISTRY, Exhibit
from dashboard.i18n import _, language

blueprint = Blueprint("exports", __name__)


def _facts(shown: Exhibit) -> list[tuple[str, str]]:
    catalogue = frames.indicators().set_index("code")
    units = dict.fromkeys(catalogue.loc[c, "unit_label"] for c in shown.indicators if c in catalogue.index)
    return [
        (_("Title"), shown.answer),
        (_("What it shows"), shown.subtitle),
        (_("Unit"), "; ".join(str(unit) for unit in units)),
        (_("Filters"), ", ".join(f"{name}={value}" for name, value in shown.query.items()) or _("none")),
        (_("Source"), citation.datasets(shown)),
        *[(_("Licence"), f"{source.name}: {source.licence} {source.url}".strip()) for source in shown.sources],
        (_("Data version"), str(frames.data_version())),
        (_("How to read"), shown.how),
        *[(_("Note"), note) for note in shown.notes],
        (_("Flags"), _("b break in the series, e estimated, p provisional, u low reliability, d definition differs")),
        (_("Address"), citation.address(shown)),
        (_("Cite as"), citation.text(shown)),
    ]


def _table(shown: Exhibit) -> pd.DataFrame:
    """The exhibit's columns, raw numbers, with a name column after each code column."""
    out: dict[str, Any] = {}
    records = frames.records(shown.table)
    for column in shown.columns:
        values = [None if missing(record.get(column.name)) else record.get(column.name) for record in records]
        if column.kind in ("region", "indicator", "industry"):
            out[f"{column.label} ({_('code')})"] = [inert(v) for v in values]
            out[column.label] = [inert(plain(record.get(column.name), column, record)) for record in records]
        elif column.kind == "mark":
            out[column.label] = [plain(record.get(column.name), column, record) for record in records]
        elif column.kind == "year":
            # A frame with a missing year holds the others as 2021.0.
            out[column.label] = pd.array([None if v is None else int(v) for v in values], dtype="Int64")
        else:
            out[column.label] = [inert(v) for v in values]
    return pd.DataFrame(out)


def as_csv(shown: Exhibit) -> bytes:
    """UTF-8 with byte-order mark (Excel), comment lines with filters, unit, source and address first."""
    text = io.StringIO()
    for name, value in _facts(shown):
        text.write(f"# {name}: {' '.join(value.split())}\n")
    _table(shown).to_csv(text, index=False, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(shown: Exhibit) -> bytes:
    """A workbook: the table with a frozen head, and a sheet that says where it comes from."""
    buffer = io.BytesIO()
    table = _table(shown)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        table.to_excel(writer, sheet_name=_("Data"), index=False, freeze_panes=(1, 0))
        pd.DataFrame(_facts(shown), columns=[_("What"), _("Value")]).to_excel(
            writer, sheet_name=_("About"), index=False, freeze_panes=(1, 0)
        )
        for name, frame in ((_("Data"), table), (_("About"), pd.DataFrame(_facts(shown)))):
            sheet = writer.sheets[name]
            for position, heading in enumerate(frame.columns):
                longest = max([len(str(heading)), *(len(str(v)) for v in frame.iloc[:, position].head(200))])
                sheet.set_column(position, position, min(longest + 2, 90))
        _colour(writer.sheets[_("Data")], table, shown)
        writer.book.set_properties({"title": shown.answer, "comments": citation.text(shown), "language": language()})
    return buffer.getvalue()


def _colour(sheet: Any, table: pd.DataFrame, shown: Exhibit) -> None:
    """Colours of judgements as on the page: what harms, what changes nothing, what helps."""
    low, middle, high = (theme.LIGHT.diverging[place] for place in (1, 3, 5))
    scale: dict[str, Any] = {"type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high}
    scale |= {f"{end}_type": "num" for end in ("min", "mid", "max")}
    scale |= {"min_value": -2, "mid_value": 0, "max_value": 2}
    for column in shown.columns:
        if column.kind == "score" and len(table):
            place = table.columns.get_loc(column.label)
            sheet.conditional_format(1, place, len(table), place, scale)


def as_json(shown: Exhibit) -> bytes:
    """The raw table with its column names and everything that the card says."""
    names = [column.name for column in shown.columns]
    records = [
        {name: None if missing(record.get(name)) else record.get(name) for name in names}
        for record in frames.records(shown.table)
    ]
    content = {
        "title": shown.answer,
        "subtitle": shown.subtitle,
        "filters": dict(shown.query),
        "indicators": list(shown.indicators),
        "source": citation.datasets(shown),
        "sources": [source._asdict() for source in shown.sources],
        "data_version": frames.data_version(),
        "notes": list(shown.notes),
        "address": citation.address(shown),
        "citation": citation.text(shown),
        "columns": {column.name: column.label for column in shown.columns},
        "rows": records,
    }
    return json.dumps(content, ensure_ascii=False, default=str, indent=1).encode()


FORMS: dict[str, tuple[str, Callable[[Exhibit], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json; charset=utf-8", as_json),
    "bib": ("application/x-bibtex; charset=utf-8", lambda shown: citation.bibtex(shown).encode()),
    "ris": ("application/x-research-info-systems; charset=utf-8", lambda shown: citation.ris(shown).encode()),
}


@blueprint.get("/export/<key>.<form>")
def download(key: str, form: str) -> Response:
    """One exhibit as a file, chosen by the same query as the page it stands on."""
    found, writer = REGISTRY.get(key), FORMS.get(form)
    if found is None or writer is None:
        abort(404)
    shown = found.build(found.filters.parse(request.args.to_dict()))
    mimetype, write = writer
    response = Response(write(shown), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="polisee-{key}-v{frames.data_version()}.{form}"'
    response.headers["Cache-Control"] = "no-cache"
    return response

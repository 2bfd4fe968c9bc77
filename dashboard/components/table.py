"""Native HTML tables: sortable by their header buttons, read by every screen reader, the same numbers as the figure."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import frames
from dashboard.components.attributes import attributes, element
from dashboard.components.light import why
from dashboard.components.marks import flag, flag_words, mark, word
from dashboard.exhibits import Column
from dashboard.i18n import DASH, _, date, number, signed, year

NUMERIC = ("number", "signed", "score", "year")


def table(frame: pd.DataFrame, columns: Sequence[Column], caption: str, sortable: bool = True) -> html.Div:
    """Draw a frame as a table.

    Args:
        frame: raw values; only the named columns are shown.
        columns: what to show and how.
        caption: what the table holds; read out before it.
        sortable: give each column head a button that sorts.
    """
    rows = [_row(record, columns) for record in frames.records(frame)]
    head = html.Thead(html.Tr([_head(column, sortable) for column in columns]))
    return html.Div(
        html.Table([html.Caption(caption), head, html.Tbody(rows)], className="figures-table"),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=caption),
    )


def _head(column: Column, sortable: bool) -> html.Th:
    numeric = "num" if column.kind in NUMERIC else None
    if not sortable:
        return html.Th(column.label, scope="col", className=numeric)
    return html.Th(
        html.Button(column.label, className="sort", type="button", **attributes(data_action="sort")),
        scope="col",
        className=numeric,
    )


def _row(record: Mapping[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    cells = []
    for position, column in enumerate(columns):
        value = record.get(column.name)
        given: dict[str, Any] = {"data-sort": _sort_value(value, column, record)}
        if column.kind in NUMERIC:
            given["className"] = "num"
        if position == 0:
            given["scope"] = "row"
        cells.append(element("Td" if position else "Th", shown(value, column, record), **given))
    # A row that sentences lead to says its id in the column ``anchor``.
    return element("Tr", cells, **({"id": record["anchor"]} if record.get("anchor") else {}))


def missing(value: Any) -> bool:
    """True for None, NaN, NaT and NA."""
    return value is None or (not isinstance(value, str | list | tuple | dict) and bool(pd.isna(value)))


def decimals(column: Column, record: Mapping[str, Any]) -> int:
    """How many decimals a cell shows: fixed, or named by another column of its row."""
    places = record.get(column.decimals) if isinstance(column.decimals, str) else column.decimals
    return 0 if missing(places) else int(places)  # type: ignore[arg-type]


def shown(value: Any, column: Column, record: Mapping[str, Any]) -> Any:
    """One cell as a component or text."""
    if missing(value) or value == "":
        return "" if column.kind in ("flags", "text") else DASH
    if column.kind == "flags":
        return flag(value)
    if column.kind == "mark":
        lines = column.why(record) if column.why else []
        return why(value, lines, label=_label(record), hint=False) if lines else mark(value)
    if column.kind == "region":
        return dcc.Link(frames.region_names().get(value, value), href=frames.href(f"/region?region={value}"))
    if column.kind == "indicator":
        return dcc.Link(_indicator_name(value), href=frames.href(f"/data?indicator={value}"))
    if column.kind == "industry" and record.get(f"{column.name}_pick"):
        return html.Button(
            plain(value, column, record),
            type="button",
            className="number-link pick",
            **attributes(data_action="pick", data_filter=str(record[f"{column.name}_pick"]), data_value=str(value)),
        )
    # A cell whose row says an address in ``{name}_href`` is a link to a page of ours.
    href = record.get(f"{column.name}_href")
    return dcc.Link(plain(value, column, record), href=href) if href else plain(value, column, record)


def plain(value: Any, column: Column, record: Mapping[str, Any]) -> str:
    """One cell as words in the reader's language, for print, reports and labels."""
    if missing(value) or value == "":
        return "" if column.kind in ("flags", "text") else DASH
    match column.kind:
        case "number":
            return number(value, decimals(column, record))
        case "signed":
            return signed(value, decimals(column, record))
        case "score":
            return signed(value, 0 if float(value).is_integer() else 1)
        case "year":
            return year(value)
        case "date":
            return date(value)
        case "flags":
            return flag_words(value)
        case "mark":
            return word(value)
        case "region":
            return frames.region_names().get(value, str(value))
        case "indicator":
            return _indicator_name(value)
        case "industry":
            return str(record.get(f"{column.name}_name") or value)
    return str(value)


def _label(record: Mapping[str, Any]) -> str:
    return str(record.get("name") or record.get("title") or "")


def _indicator_name(code: str) -> str:
    return frames.indicator_names().get(code, code)


def _sort_value(value: Any, column: Column, record: Mapping[str, Any]) -> str:
    if missing(value):
        return ""
    if column.kind in ("region", "indicator", "industry", "mark"):
        return plain(value, column, record)
    return str(value)


def no_rows() -> html.P:
    """What stands in place of a table without rows."""
    return html.P(_("No rows."), className="muted")


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(value: Any) -> Any:
    """A value for a file that a spreadsheet may open: text that it could take for a formula gets an apostrophe."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value

"""Stored programmes as files for people: YAML with tables beside it, the workbook, the report of a partner to fill in.

YAML and workbook hold a programme as a whole: loading them again changes nothing.
"""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from sqlalchemy import Connection, select

from etl.sources.programme import HEAD_TEXTS, KINDS, ORDER, TEXT_FIELDS
from etl.sources.programme_form import BULK, REPORT, Catalogue, Filled, write_programme_form
from store.programmes import PARTS
from store.schema_programme import Programme

ENDINGS = (".xlsx", ".yaml")
PIECE = 5000
"""Rows that are held at once."""

BESIDE = 200
"""Rows from which a table of money stands in a CSV beside the YAML."""


class CannotExport(Exception):
    """What was asked for cannot be written; one sentence for people."""


def export_programme(connection: Connection, code: str, path: Path, lang: str = "en") -> str:
    """Write a programme to a file whose ending says how; what was written, in words.

    Args:
        connection: an open connection.
        code: code of the programme.
        path: a file ending in one of ``ENDINGS``. Long tables stand beside a YAML file as CSV.
        lang: language of guide and notes of the workbook.

    Raises:
        CannotExport: no such programme or ending.
        OSError: the file cannot be written.
    """
    suffix = path.suffix.lower().replace(".yml", ".yaml")
    if suffix not in ENDINGS:
        raise CannotExport(f"The ending says how it is written; use one of {', '.join(ENDINGS)}.")
    head = _head(connection, code)
    if suffix == ".xlsx":
        rows = {kind: _pieces(connection, kind, code) for kind in ORDER}
        write_programme_form(path, catalogue(connection, lang), lang, Filled(head, rows))
    else:
        _write_yaml(connection, head, path)
    return f"Programme {code}"


def write_template(connection: Connection, path: Path, lang: str = "en") -> None:
    """Write the empty workbook for a whole programme."""
    write_programme_form(path, catalogue(connection, lang), lang)


def write_partner_report(
    connection: Connection, path: Path, programme: str, partner: str, period: int, lang: str = "en"
) -> None:
    """Write the workbook in which a partner reports on a period, filled with what is stored of it.

    Raises:
        CannotExport: no such programme, partner or period, or the partner does not report then.
    """
    _head(connection, programme)
    partners = _all(connection, "partners", programme).set_index("code", drop=False)
    periods = _all(connection, "periods", programme)
    if partner not in partners.index:
        raise CannotExport(f"The programme {programme} has no partner {partner}.")
    if period not in set(periods["number"]):
        raise CannotExport(f"The programme {programme} has no period {period}.")
    joined, left = partners.loc[partner, "joined"], partners.loc[partner, "left"]
    if period < joined or (left is not None and left == left and period > left):
        raise CannotExport(f"{partner} does not report on period {period}: see when it joined and left.")
    pilots = _all(connection, "pilots", programme)
    pilots = pilots[[partner in held for held in pilots["partners"]]] if len(pilots) else pilots
    indicators = _all(connection, "result_indicators", programme)
    owned = (indicators["owner_kind"] == "pilot") & indicators["owner"].isin(pilots["code"]) if len(indicators) else []
    mine = indicators[owned] if len(indicators) else indicators
    rows = {
        "partner_reports": _mine(connection, "partner_reports", programme, partner=partner, period=period),
        "expenditure": _mine(connection, "expenditure", programme, partner=partner, period=period),
        "pilot_reports": _asked(connection, "pilot_reports", programme, "pilot", pilots, period),
        "result_values": _asked(connection, "result_values", programme, "indicator", mine, period),
    }
    if rows["partner_reports"].empty:
        rows["partner_reports"] = pd.DataFrame([{"partner": partner, "period": period, "status": "draft"}])
    offered = {
        "partners": [(partner, str(partners.loc[partner, "abbreviation"]))],
        "periods": [(str(period), "")],
        "work_packages": _named(_all(connection, "work_packages", programme), "title", lang),
        "pilots": _named(pilots, "title", lang),
        "result_indicators": _named(mine, "name", lang),
    }
    head = {"programme": programme, "partner": partner, "period": period, "offered": offered}
    filled = Filled(head, {kind: [rows[kind]] for kind in REPORT})
    write_programme_form(path, catalogue(connection, lang), lang, filled, update=True)


def _named(frame: pd.DataFrame, text: str, lang: str) -> list[tuple[str, str]]:
    """Codes with their names for the lists of the workbook."""
    from store.scenarios import spoken

    if frame.empty:
        return []
    told = [spoken({text: one or {}}, lang).get(text, "") for one in frame.get(text, [{}] * len(frame))]
    return list(zip(frame["code"].astype(str), told, strict=True))


def catalogue(connection: Connection, lang: str) -> Catalogue:
    """What the lists of the workbook offer."""
    from store.catalogue import themes
    from store.regions import regions

    return Catalogue(regions(connection, lang), themes(connection, lang))


def _head(connection: Connection, code: str) -> dict[str, Any]:
    row = connection.execute(select(Programme.__table__).where(Programme.code == code)).mappings().one_or_none()
    if row is None:
        raise CannotExport(f"There is no programme {code}.")
    head = {name: value for name, value in row.items() if name not in ("texts", "edited_at", "load_id")}
    return head | {name: row["texts"].get(name) or {} for name in HEAD_TEXTS}


def _pieces(connection: Connection, kind: str, code: str, **within: Any) -> Iterator[pd.DataFrame]:
    """Rows of a kind as a file says them, in their order, piece by piece; texts as columns of languages."""
    table = KINDS[kind].__table__
    order = PARTS[kind].order if kind in PARTS else [column.name for column in table.primary_key]
    shown = [column for column in table.c if column.name != "programme"]
    where = [table.c.programme == code, *(table.c[name] == value for name, value in within.items())]
    query = select(*shown).where(*where).order_by(*(table.c[name] for name in order))
    result = connection.execution_options(yield_per=PIECE).execute(query)
    names = list(result.keys())
    columns = set(table.columns.keys())
    texts = [(f"{name}_text" if name in columns else name, name) for name in TEXT_FIELDS.get(kind, ())]
    for rows in result.partitions(PIECE):
        held = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        told = held.pop("texts", None)
        if told is not None:
            held |= {column: [one.get(name) or {} for one in told] for column, name in texts}
        yield pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in held.items()})


def _all(connection: Connection, kind: str, code: str) -> pd.DataFrame:
    return _mine(connection, kind, code)


def _mine(connection: Connection, kind: str, code: str, **within: Any) -> pd.DataFrame:
    pieces = list(_pieces(connection, kind, code, **within))
    if pieces:
        return pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns=[column.name for column in KINDS[kind].__table__.c if column.name != "programme"])


def _asked(connection: Connection, kind: str, code: str, name: str, things: pd.DataFrame, period: int) -> pd.DataFrame:
    """Stored rows of these things in a period, and rows to fill in for those that have none."""
    stored = _mine(connection, kind, code, period=period)
    codes = list(things["code"]) if len(things) else []
    stored = stored[stored[name].isin(codes)] if len(stored) else stored
    # A row of an update with nothing but its key says nothing and is not read.
    fresh = [{name: one, "period": period} for one in codes if one not in set(stored.get(name, ()))]
    whole = pd.concat([stored, pd.DataFrame(fresh, dtype=object)], ignore_index=True).astype(object)
    return whole.where(whole.notna(), None)


def _write_yaml(connection: Connection, head: Mapping[str, Any], path: Path) -> None:
    code = str(head["code"])
    document: dict[str, Any] = {"programme": {name: _plain(value) for name, value in head.items()}}
    for kind in ORDER:
        pieces = _pieces(connection, kind, code)
        if kind in BULK:
            first = next(pieces, None)
            if first is not None and len(first) > BESIDE:
                beside = path.with_name(f"{path.stem}_{kind}.csv")
                _write_csv(beside, first, pieces)
                document[kind] = {"table": beside.name}
                continue
            rows = [] if first is None else _rows(first)
        else:
            rows = [row for piece in pieces for row in _rows(piece)]
        if rows:
            document[kind] = rows
    text = yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=118, default_flow_style=None)
    path.write_text(text, encoding="utf-8")


def _write_csv(path: Path, first: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(first.columns)
        piece: pd.DataFrame | None = first
        while piece is not None:
            out.writerows(["" if value is None else value for value in row] for row in piece.itertuples(index=False))
            piece = next(rest, None)


def _rows(piece: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: _plain(value) for name, value in row.items() if value is not None and value != {} and value != ""}
        for row in piece.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


class _Plain(yaml.SafeDumper):
    """Writes a text that stands in several places in each of them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never an alias."""
        return True

"""A pack as data: a workbook of grids and registers, and an archive of plain files with their checksums."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date as Date
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from analysis import snapshot
from analysis.pilots import rows_of
from dashboard.components.table import inert
from dashboard.i18n import _, speaking
from dashboard.pack_words import PARTS, concern
from dashboard.programmes import CATEGORIES, STATUS_WORDS, period_name, role_name
from dashboard.reports import pack_text
from dashboard.reports.pack_files import archive, checksums
from dashboard.reports.pack_model import Paper
from dashboard.reports.pack_text import Told
from store import packs

LONGEST, MEASURED = 32_000, 200
"""Characters that a cell can hold, and rows by which the width of a column is chosen."""


class Sheet:
    """A sheet to be written: its name, heads, rows of plain values."""

    def __init__(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.name, self.heads, self.rows = name, list(heads), [list(row) for row in rows]


def as_xlsx(told: Told, paper: Paper) -> bytes:
    """The workbook; text that could be taken for a formula stays text, and no time is in it but the pack's."""
    with speaking(told.lang):
        buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(buffer, options)
        moment = datetime.fromisoformat(paper.at)
        properties = {"title": paper.name, "subject": paper.title, "author": "PoliSEE", "comments": paper.label}
        book.set_properties({**properties, "created": moment})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#eef1f5", "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "demo": book.add_format({"bold": True, "font_color": "#b5361c"}),
        }
        used: set[str] = set()
        for sheet in sheets(told, paper):
            _write(book, sheet, formats, used, paper.label)
        book.close()
    return buffer.getvalue()  # its writer knows no time of day but what it was told


class Money(float):
    """An amount in a cell: shown with cents."""


def _write(book: Any, sheet: Sheet, formats: dict[str, Any], used: set[str], label: str) -> None:
    name = _sheet_name(sheet.name, used)
    page = book.add_worksheet(name)
    first = 0
    if label:
        page.write_string(0, 0, label, formats["demo"])
        page.set_header(f"&L{label.replace('&', '&&')}")
        first = 1
    for column, head in enumerate(sheet.heads):
        page.write_string(first, column, str(inert(head)), formats["head"])
    widths = [len(str(head)) for head in sheet.heads]
    kept: dict[str, str] = {}
    for place, row in enumerate(sheet.rows, first + 1):
        for column, value in enumerate(row):
            kind = type(value)
            if kind is str:
                text = kept.get(value)
                if text is None:
                    text = kept[value] = str(inert(value))[:LONGEST]
                page.write_string(place, column, text)
            elif kind is Money:
                page.write_number(place, column, value, formats["money"])
            elif value is None or value is pd.NA or value != value:
                continue
            elif kind is bool:
                page.write_boolean(place, column, value)
            elif isinstance(value, Date):
                page.write_datetime(place, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
            else:
                page.write_number(place, column, value)
            if place < MEASURED:
                widths[column] = max(widths[column], len(str(value)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width + 2, 8), 60))
    page.freeze_panes(first + 1, 1)
    if sheet.rows:
        page.autofilter(first, 0, first + len(sheet.rows), max(len(sheet.heads) - 1, 0))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(first)


def _sheet_name(wanted: str, used: set[str]) -> str:
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in wanted)[:31].strip() or "Sheet"
    name, number = plain, 2
    while name.lower() in used:
        name, number = f"{plain[:28]} {number}", number + 1
    used.add(name.lower())
    return name


def _amount(cents: Any) -> Money | None:
    if cents is None or cents is pd.NA or cents != cents:
        return None
    return Money(int(cents) / 100)


def _status(code: str) -> str:
    return _(STATUS_WORDS[code]) if code in STATUS_WORDS else code


def _day(value: Any) -> Any:
    return Date.fromisoformat(value) if isinstance(value, str) and value else value


def sheets(told: Told, paper: Paper) -> Iterable[Sheet]:
    """All sheets of the workbook, in their order."""
    about = [
        *paper.facts,
        (_("Sentence"), paper.title),
        *[(_("Note"), one) for one in (paper.label, *paper.notes) if one],
    ]
    about += [(_("Source"), told.head["source"]), (_("Currency"), told.currency)]
    yield Sheet(_("About"), (_("What"), _("Value")), about)
    if told.changes:
        heads = (_("What"), _("Before"), _("Now"), _("Of"))
        yield Sheet(_("Changes"), heads, told.changes)
    heads = (_("What"), _("Owner"), _("Since"), _("Proposed decision"))
    yield Sheet(_("Attention"), heads, [concern(one, told.parts) for one in told.figures["attention"]])
    yield from _pilot_sheets(told)
    yield from _money_sheets(told)
    yield from _register_sheets(told)
    yield Sheet(_("Thresholds"), (_("Threshold"), _("Value")), pack_text.limit_rows(told))


def _pilot_sheets(told: Told) -> Iterable[Sheet]:
    grid = told.figure("grid")
    pilots = told.parts["pilots"]
    periods = [int(number) for number in told.parts["periods"]["number"]]
    cells = {(row["pilot"], int(row["period"])): row["status"] for row in grid.to_dict("records")}
    rows = [
        [code, title, told.themes.get(theme, theme), *(_status(cells.get((code, period), "")) for period in periods)]
        for code, title, theme in zip(pilots["code"], pilots["title"], pilots["theme"], strict=True)
    ]
    yield Sheet(_("Pilot grid"), (_("Code"), _("Pilot"), _("Theme"), *map(period_name, periods)), rows)
    judged = told.figure("judged").merge(
        told.parts["result_indicators"][["code", "name", "unit", "target", "baseline"]],
        left_on="indicator",
        right_on="code",
        how="left",
    )
    names = ("name", "unit", "baseline", "actual", "expected", "share", "target", "of_target")
    rows = [
        [told.names.get("pilots", owner), indicator, *cells, _status(status)]
        for owner, indicator, status, *cells in rows_of(judged, "owner", "indicator", "status", *names)
    ]
    heads = (_("Pilot"), _("Code"), _("Indicator"), _("Unit"), _("Baseline"), _("Reported"), _("Expected by now"),
             _("Share of what was expected"), _("Target"), _("Share of the final target"), _("Status"))  # fmt: skip
    yield Sheet(_("Indicators"), heads, rows)


def _money_sheets(told: Told) -> Iterable[Sheet]:
    curve = told.figure("curve")
    rows = [
        [
            period_name(int(row["period"])),
            *(_amount(row[f"{name}_cents"]) for name in ("plan", "declared", "certified")),
        ]
        for row in curve.to_dict("records")
    ]
    yield Sheet(_("Money by period"), (_("Period"), _("Plan"), _("Declared"), _("Certified")), rows)
    for by in ("partner", "category", "fund"):
        names = pack_text.money_names(told, by)
        rows = [
            [row[by], names.get(row[by], row[by]), _amount(row["budget_cents"]), _amount(row["plan_covered_cents"]),
             _amount(row["certified_cents"]), row["like_for_like"], _status(row["status"]),
             _amount(row["plan_reported_cents"]), _amount(row["declared_cents"]), row["declared_share"]]
            for row in told.figure(f"by_{by}").to_dict("records")
        ]  # fmt: skip
        heads = (_("Code"), _(pack_text.BY[by]), _("Budget"), _("Plan of the controlled periods"), _("Certified"),
                 _("Certified ÷ plan"), _("Status"), _("Plan to the last closed period"), _("Declared"),
                 _("Declared ÷ plan"))  # fmt: skip
        yield Sheet(_("Money by {what}").format(what=_(pack_text.BY[by]).lower()), heads, rows)
    yield _cells(told)


def _cells(told: Told) -> Sheet:
    """Partner by category by period: the finest that is published."""
    plan, spent = packs.money(told.content)
    keys = ["partner", "category", "period"]
    names = ["declared_cents", "certified_cents"]
    table = pd.concat([plan.groupby(keys)["amount_cents"].sum(), spent.groupby(keys)[names].sum()], axis=1)
    table = table.sort_index().reset_index()
    covered = int(told.figures["money"]["covered"])
    words = {code: _(name) for code, name in CATEGORIES.items()}
    called = {int(number): period_name(int(number)) for number in told.parts["periods"]["number"]}
    found = rows_of(table, *keys, "amount_cents", *names)
    rows = [
        [partner, told.short.get(partner, ""), words.get(category, category), called[period], _amount(planned),
         _amount(declared) if period <= told.period else None, _amount(certified) if period <= covered else None]
        for partner, category, period, planned, declared, certified in found
    ]  # fmt: skip
    heads = (_("Code"), _("Partner"), _("Cost category"), _("Period"), _("Plan"), _("Declared"),
             _("Certified"))  # fmt: skip
    return Sheet(_("Partner × category × period"), heads, rows)


def _register_sheets(told: Told) -> Iterable[Sheet]:
    reports = told.figure("reports")
    rows = [
        [row["partner"], told.short.get(row["partner"], ""), period_name(int(row["period"])),
         _(pack_text.REPORTS[row["state"]][1]), _day(row["due"]), _day(row["submitted_on"]), row["days_late"]]
        for row in reports.to_dict("records")
    ]  # fmt: skip
    heads: tuple[str, ...] = (
        _("Code"),
        _("Partner"),
        _("Period"),
        _("State"),
        _("Due"),
        _("Submitted on"),
        _("Days late"),
    )
    yield Sheet(_("Reports"), heads, rows)
    rows = [
        [row["code"], row["title"], row["work_package"].upper(), told.short.get(row["lead"], ""), row["due_on"],
         bool(row["is_due"]), bool(row["is_delivered"]), bool(row["is_late"]), row["days_late"], row["delivered_on"],
         row["new_date"], row["consequence"]]
        for row in told.works.to_dict("records")
    ]  # fmt: skip
    heads = (_("Code"), _("Deliverable"), _("WP"), _("Lead partner"), _("Due"), _("Is due"), _("Delivered"), _("Late"),
             _("Days late"), _("Delivered on"), _("New date"), _("Consequence"))  # fmt: skip
    yield Sheet(_("Deliverables"), heads, rows)
    rows = [
        [row["code"], row["cause"], row["event"], row["effect"], row["likelihood"], row["impact"], row["score"],
         row["former"], row["mitigation"], row["mitigation_due"], role_name(row["owner_role"]),
         bool(row["no_mitigation"])]
        for row in told.risks.to_dict("records")
    ]  # fmt: skip
    heads = (_("Risk"), _("Cause"), _("Event"), _("Effect"), _("Likelihood"), _("Impact"), _("Score"),
             _("Score before"), _("Mitigation"), _("By"), _("Owner"), _("No dated mitigation"))  # fmt: skip
    yield Sheet(_("Risks"), heads, rows)
    rows = []
    for row, actions in pack_text.decision_rows(told.parts["decisions"], told.parts["actions"]):
        head = [row["code"], row["decided_on"], _(pack_text.BODIES[row["body"]]), row["question"], row["because"],
                row["decision"], row["dissent"], row["pack"]]  # fmt: skip
        for one in actions or [{}]:
            who = role_name(one.get("owner_role") or "")
            rows.append([*head, one.get("text"), who, one.get("due"), one.get("done_on"),
                         _(pack_text.EFFECTS[row["effect"]]) if row["effect"] else None])  # fmt: skip
    heads = (_("Decision"), _("Day"), _("Body"), _("Question"), _("Because"), _("Decided"), _("Dissent"), _("Pack"),
             _("Action"), _("Owner"), _("Due"), _("Done on"), _("Effect"))  # fmt: skip
    yield Sheet(_("Decisions and actions"), heads, rows)


# --- plain files -----------------------------------------------------------------------------------------------------


def as_zip(told: Told, paper: Paper, data: bytes) -> bytes:
    """Every frozen table as CSV, what was computed as JSON, the frozen bytes themselves, and the checksum of each.

    Args:
        told: the pack.
        paper: the same as a document.
        data: what was frozen, as it is stored.
    """
    with speaking(told.lang):
        files: list[tuple[str, bytes]] = [("frozen.json.gz", data)]
        for name, frame in told.parts.items():
            files.append((f"tables/{name}.csv", _csv(frame, paper, _(PARTS[name]))))
        plan, spent = packs.money(told.content)
        files += [("tables/budget.csv", _csv(plan, paper, _("Plan"))),
                  ("tables/expenditure.csv", _csv(spent, paper, _("Declared and certified")))]  # fmt: skip
        for name, value in told.figures.items():
            if isinstance(value, dict) and set(value) == {"columns", "rows"}:
                files.append((f"computed/{name}.csv", _csv(snapshot.frame(value), paper, name)))
        text = json.dumps(told.figures, ensure_ascii=False, sort_keys=True)
        files += [("computed/figures.json", text.encode()), ("metadata.json", _metadata(told, paper))]
        files.insert(0, ("README.txt", _readme(paper).encode()))
        return archive([*files, ("SHA256SUMS", checksums(files))])


def _csv(frame: pd.DataFrame, paper: Paper, what: str) -> bytes:
    """UTF-8 with byte-order mark, what it is in the first lines; amounts are whole cents where a column says so."""
    text = io.StringIO()
    for line in (f"{paper.name} · {what}", paper.stamp, paper.label):
        if line:
            text.write(f"# {' '.join(line.split())}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([str(name) for name in frame])
    columns = [_csv_column(frame[name].tolist()) for name in frame]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode("utf-8-sig")


def _csv_column(values: list[Any]) -> list[Any]:
    """Values for a plain file: nothing for what is missing, lists as JSON, no text that could pass for a formula."""
    told = snapshot.plain_column(values)
    kinds = set(map(type, told))
    if kinds <= {int, float, bool, type(None)}:
        return told
    if kinds <= {str, int, bool, type(None)}:
        known = {value: inert(value) for value in set(told)}  # the same few codes stand in many rows
        return [known[value] for value in told]
    return [json.dumps(one, ensure_ascii=False) if isinstance(one, list | dict) else inert(one) for one in told]


def _metadata(told: Told, paper: Paper) -> bytes:
    content = {
        "title": paper.name,
        "sentence": paper.title,
        "programme": told.head["code"],
        "period": told.period,
        "number": told.number,
        "language": told.lang,
        "frozen_at": f"{told.content['frozen_at']}Z",
        "seen_on": told.content["today"],
        "role": told.content["role"],
        "data_version": told.content["edition"],
        "format": told.content["format"],
        "checksum": told.checksum,
        "origin": told.head["origin"],
        "notice": told.text("notice"),
        "source": told.head["source"],
        "source_url": told.head["source_url"],
        "currency": told.currency,
        "thresholds": told.figures["limits"],
        "changes": told.content["changes"],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _readme(paper: Paper) -> str:
    lines = [
        paper.name,
        paper.title,
        *([paper.label] if paper.label else []),
        "",
        *(f"{name}: {value}" for name, value in paper.facts),
        "",
        _("frozen.json.gz holds everything that was frozen; its SHA-256 is the checksum of this pack."),
        _(
            "tables/ holds the frozen tables, computed/ what was computed of them; amounts named _cents are whole "
            "cents."
        ),
        _("SHA256SUMS holds the checksum of each file: sha256sum -c SHA256SUMS checks them."),
    ]
    return "\n".join(lines) + "\n"

"""A pack as slides for the committee: native charts and tables that can be gone on with, notes, described pictures."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.components.marks import MARKS, word
from dashboard.i18n import _, date, ngettext, number, speaking
from dashboard.pack_words import concern, opening, spending
from dashboard.programmes import period_name, share
from dashboard.reports import pack_charts, pack_text, slides_pptx
from dashboard.reports import pptx_base as base
from dashboard.reports.pack_files import steady
from dashboard.reports.pack_model import Grid, Matrix, Paper
from dashboard.reports.pack_text import Told
from dashboard.reports.pptx_base import AREA
from dashboard.reports.svg import clean
from dashboard.slide_charts import Bar, Bars, Cell, Head, Table
from dashboard.slides import CHART, TABLE, TEXT, TITLE, Deck, Slide

MOST = 10
"""Rows of a table on a slide."""

TONES: Mapping[str, str] = {"good": "good", "watch": "watch", "bad": "bad"}


def as_pptx(told: Told, paper: Paper) -> bytes:
    """The pack as a presentation; it bears no time but the pack's own."""
    with speaking(told.lang):
        made = base.blank()
        slides = list(_slides(told, paper))
        deck = _deck(told, paper, [slide for slide, _native in slides])
        for place, (slide, native) in enumerate(slides, 1):
            slides_pptx._slide(made, deck, slide, place)
            _fit(made.slides[place - 1])
            if native is not None:
                native(made.slides[place - 1].shapes)
        _properties(made, deck, paper)
        buffer = io.BytesIO()
        made.save(buffer)
    return steady(buffer.getvalue(), paper.at)


def _deck(told: Told, paper: Paper, slides: Sequence[Slide]) -> Deck:
    return Deck(
        set_code=told.head["code"],
        title=paper.kicker,
        question=paper.title,
        description="",
        lang=told.lang,
        region="",
        region_name=date(datetime.fromisoformat(paper.at)),
        horizon=0,
        illustrative=told.is_demonstration,
        fixed=_("DEMO") if told.is_demonstration else "",
        warning=paper.label,
        version=int(told.content["edition"]),
        day=date(datetime.fromisoformat(paper.at)),
        address="",
        stem=paper.stem,
        slides=tuple(slides),
    )


def _fit(slide: Any) -> None:
    """Lower the rows of a table that has many, so that it keeps to its place."""
    for shape in slide.shapes:
        if shape.has_table:
            rows = shape.table.rows
            for row in rows:
                row.height = min(row.height, round(AREA.h * base.INCH / len(rows)))


def _properties(made: Any, deck: Deck, paper: Paper) -> None:
    core = made.core_properties
    core.title, core.subject = clean(paper.name), clean(paper.title)
    core.author, core.last_modified_by = "PoliSEE", "PoliSEE"
    core.language, core.comments = slides_pptx.LANGUAGES.get(deck.lang, deck.lang), clean(paper.label)
    core.keywords, core.version = "", str(deck.version)
    core.created = core.modified = datetime.fromisoformat(paper.at)
    core.revision = 1


def _slides(told: Told, paper: Paper) -> Any:
    """Slides with what draws their native chart, where they have one of a kind of its own."""
    yield _title(told, paper), None
    if told.changes:
        yield _changes(told), None
    yield _attention(told), None
    if sum(told.figures["counts"].values()):
        yield _counts(told), None
        yield _pilots(told), None
    if told.figures["money"]["plan_reported"]:
        yield _curve(told)
        for by in ("category", "partner"):
            yield _bars(told, by), None
    found = {section.key: section for section in paper.sections}
    if "reports" in found:
        yield _reports(told), None
    for key in ("deliverables", "risks", "decisions"):
        if key not in found:
            continue
        if key == "risks":
            yield _matrix(told), None
        for block in found[key].blocks:
            if isinstance(block, Grid):
                yield _table(found[key].heading, _lead(found[key]), block), None
    yield _method(told), None


def _lead(section: Any) -> str:
    return str(next((block.text for block in section.blocks if getattr(block, "style", "") == "lead"), section.heading))


def _title(told: Told, paper: Paper) -> Slide:
    facts = [f"{name}: {value}" for name, value in paper.facts if name == _("Frozen")]
    facts.append(f"SHA-256: {told.checksum[:16]}…")
    return Slide(
        "title",
        TITLE,
        paper.kicker,
        f"{told.head['acronym']} · {period_name(told.period)}",
        (told.text("title"), *([paper.label] if paper.label else []), *facts),
        notes=(paper.title,),
    )


def _changes(told: Told) -> Slide:
    before = f"{told.period}.{told.content['version'] - 1}"
    rows = tuple(
        (Cell(one.what, strong=True), Cell(one.old), Cell(one.new, strong=True), Cell(one.about))
        for one in told.changes[:MOST]
    )
    heads = (Head(_("What"), width=2.4), Head(_("Before")), Head(_("Now")), Head(_("Of"), width=1.8))
    title = _("What changed since pack {before}").format(before=before)
    return Slide("changes", TABLE, _("Correction"), title, table=Table(title, heads, rows, rest=_rest(told.changes)))


def _rest(found: Sequence[Any], most: int = MOST) -> str:
    more = len(found) - most
    return _("And {n} more.").format(n=number(more)) if more > 0 else ""


def _attention(told: Told) -> Slide:
    title = _("What needs the committee today")
    rows = []
    for one in told.figures["attention"]:
        said, owner, since, proposal = concern(one, told.parts)
        who = " · ".join(part for part in (owner, since) if part)
        rows.append((Cell(said, strong=True), Cell(who), Cell(proposal)))
    if not rows:
        return Slide("attention", TEXT, period_name(told.period), title,
                     (_("Nothing stands out by the rules of this programme."),))  # fmt: skip
    heads = (Head(_("What"), width=1.7), Head(_("Owner"), width=1.1), Head(_("Proposed decision"), width=1.6))
    sentence = opening(told.figures, told.period, len(told.parts["periods"]), _late(told))
    return Slide("attention", TABLE, title, sentence, table=Table(title, heads, tuple(rows)))


def _late(told: Told) -> int:
    return int(told.works["is_late"].astype(bool).sum()) if len(told.works) else 0


def _counts(told: Told) -> Slide:
    """Pilots by status as native bars: a distribution, never an average."""
    counts = told.figures["counts"]
    order = [one for one in ("done", "on_track", "watch", "off_track", "no_report", "not_computable") if counts[one]]
    bars = tuple(Bar(word(one), counts[one], number(counts[one]), _tone(one), MARKS[one].shape) for one in order)
    of = sum(counts.values())
    said = ngettext(
        "After period {p} of {of}, {n} pilot: {told}.", "After period {p} of {of}, {n} pilots: {told}.", of
    ).format(
        p=number(told.period), of=number(len(told.parts["periods"])), n=number(of), told=pack_text.status_words(counts)
    )
    chart = Bars(_("Pilots by status"), _("Status"), _("Pilots"), bars, max(counts.values()))
    numbers = Table(_("Pilots by status"), (Head(_("Status")), Head(_("Pilots"), number=True)),
                    tuple((Cell(bar.label), Cell(bar.text)) for bar in bars))  # fmt: skip
    return Slide("counts", CHART, _("Pilots"), said, chart=chart, numbers=numbers)


def _tone(status: str) -> str:
    found = MARKS[status].tone if status in MARKS else ""
    return found if found in TONES else "neutral"


def _pilots(told: Told) -> Slide:
    periods, rows = pack_text.pilot_rows(told)
    near = [period for period in periods if period <= told.period][-4:]
    shown = []
    worst = ("off_track", "no_report", "watch", "not_computable", "on_track", "done", "not_due")
    ordered = sorted(rows, key=lambda one: worst.index(one[1][told.period]["status"])) if len(rows) > 12 else rows
    for pilot, cells in ordered[:12]:
        marks = []
        for period in near:
            cell = pack_text.marked(cells[period]["status"])
            marks.append(Cell(f"{cell.sign} {cell.text}", tone=cell.tone, strong=period == told.period))
        shown.append((Cell(pilot["title"], strong=True), *marks))
    heads = (Head(_("Pilot"), width=2.2), *(Head(period_name(period)) for period in near))
    table = Table(_("Pilots by period"), heads, tuple(shown), rest=_rest(rows, 12))
    title = _("Pilots by period: the worst indicator speaks, colours are never averaged")
    return Slide("pilots", TABLE, _("Pilots"), title, table=table)


def _curve(told: Told) -> tuple[Slide, Any]:
    shown = pack_text.curve(told)
    sentence, words = spending(told.figures["money"]), pack_text.curve_words(shown)
    lag = _("Certified money is known to {period}; what was declared since waits for control").format(
        period=period_name(max(shown.covered, 1))
    )
    slide = Slide("money", CHART, _("Money"), sentence, under=f"{shown.unit}. {lag}.", notes=(words,))
    lang = slides_pptx.LANGUAGES.get(told.lang, told.lang)
    return slide, lambda shapes: pack_charts.native_curve(shapes, shown, AREA, _("Money by period"), words, lang)


def _bars(told: Told, by: str) -> Slide:
    """Certified money in per cent of the plan of the same periods; of many partners those furthest behind."""
    names = pack_text.money_names(told, by)
    rows = [row for row in told.figure(f"by_{by}").to_dict("records") if row["like_for_like"] is not None]
    if len(rows) > MOST:
        rows = sorted(rows, key=lambda row: row["like_for_like"])
    bars = tuple(
        Bar(
            names.get(row[by], row[by]),
            float(row["like_for_like"]),
            share(row["like_for_like"]),
            _tone(row["status"]),
            MARKS[row["status"]].shape,
        )
        for row in rows[:MOST]
    )
    period = period_name(max(int(told.figures["money"]["covered"]), 1))
    behind = sum(row["status"] == "off_track" for row in rows)
    answer = _("{n} of {all} are off track in certified spending").format(n=number(behind), all=number(len(rows)))
    title = _("Certified in % of the plan to {period}, by {what}").format(
        period=period, what=_(pack_text.BY[by]).lower()
    )
    rest = _("The {n} furthest behind of {all}.").format(n=number(MOST), all=number(len(rows)))
    under = f"{title}. {rest}" if len(rows) > MOST else f"{title}."
    chart = Bars(title, _(pack_text.BY[by]), _("Certified"), bars, 1.1, decimals=1, factor=100.0)
    heads = (Head(_(pack_text.BY[by])), Head(_("Certified"), number=True))
    numbers = Table(title, heads, tuple((Cell(bar.label), Cell(bar.text)) for bar in bars))
    return Slide(f"money-{by}", CHART, _("Money"), answer, chart=chart, under=under, numbers=numbers)


def _reports(told: Told) -> Slide:
    rows = [row for row in told.figure("discipline").to_dict("records") if row["expected"]]
    heads = (Head(_("Period")), *(Head(word, number=True) for word in (_("Expected"), _("Received"), _("On time"))))
    shown = tuple(
        (
            Cell(period_name(int(row["period"])), strong=True),
            Cell(number(row["expected"])),
            Cell(f"{number(row['received'])} ({share(row['received_share'])})"),
            Cell(f"{number(row['on_time'])} ({share(row['on_time_share'])})"),
        )
        for row in rows[-8:]
    )
    table = Table(_("Reports by period"), heads, shown)
    return Slide("reports", TABLE, _("Report discipline"), pack_text.report_words(told), table=table)


def _matrix(told: Told) -> Slide:
    shown: Matrix = pack_text.matrix(told)
    held = pack_charts.cells(shown)
    marks = ("", "◦ ", "■ ")
    rows = []
    for up in range(5, 0, -1):
        cells = []
        for across in range(1, 6):
            level = pack_charts.shade(shown, across * up)
            words = " ".join(pack_charts.listed(held.get((across, up), []), 6))
            fill = ("", "diverging-4", "diverging-6")[level]
            cells.append(Cell(f"{marks[level]}{words}".strip() or "–", fill=fill, strong=level == 2))
        rows.append((Cell(number(up), strong=True), *cells))
    heads = (
        Head(f"{shown.upward} ↑  {shown.across} →", width=1.2),
        *(Head(number(across)) for across in range(1, 6)),
    )
    table = Table(_("Risks by likelihood and impact"), heads, tuple(rows))
    under = _("■ for the steering committee, ◦ for the working group. ▲ higher, ▼ lower, ✱ new since the last period.")
    return Slide("matrix", TABLE, _("Risks"), pack_text.risk_words(told), table=table, under=under)


def _table(kicker: str, title: str, block: Grid) -> Slide:
    heads = tuple(Head(head.text, width=head.width) for head in block.heads)
    rows = tuple(
        tuple(
            Cell(f"{cell.sign} {cell.text}".strip(), tone=cell.tone if cell.tone in TONES else "", strong=cell.strong)
            for cell in row
        )
        for row in block.rows[:7]
    )
    return Slide(block.caption, TABLE, f"{kicker} · {block.caption}", title,
                 table=Table(block.caption, heads, rows, rest=_rest(block.rows, 7)))  # fmt: skip


def _method(told: Told) -> Slide:
    lines = (
        _("Money: certified ÷ plan, both of the periods whose control is complete for every partner."),
        _("Pilots: the worst indicator speaks; a pilot without a report is not judged by older values."),
        _("Reports are expected from the period in which a partner joins to the one in which it leaves."),
        _("Frozen data: SHA-256 {checksum}.").format(checksum=told.checksum),
    )
    return Slide("method", TEXT, _("Sources and method"), _("How these numbers were made"), lines)

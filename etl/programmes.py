"""Programmes into the store: one transaction, one ledger row, refused rows in quarantine.

A programme is replaced as a whole, or by a file that updates only one partner's period; rows that did not change are
not touched, so the same content gives no new data version. Starter data never replace what people edited or others
loaded.
"""

import gc
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from etl.catalogue import meaning as meaning_mark
from etl.pipeline import Outcome, Progress, digest, note_failure, quarantined
from store.engine import version, writing
from store.schema import Indicator, LoadRun, Region, Theme
from store.schema_programme import Partner, Pilot, Programme, ResultIndicator

if TYPE_CHECKING:
    import pandas as pd

    from etl.sources.base import Problem
    from etl.sources.programme import Content, Draft, Known, LeftOut

SOURCE, DATASET = "programmes", "PROGRAMMES"
"""Under these names the ledger keeps loads of programmes."""

READING = 2
"""Version of the readers; raised when the same file would give another programme."""

LOAD = "programme "
"""How the ledger's query of such a load begins; the programme's code and what it means the same under follow."""

UPDATED = ("pilot_reports", "result_values", "partner_reports", "expenditure")
"""Kinds that a file which updates a period may bring."""

SCOPED: Mapping[str, tuple[str, ...]] = {
    "partner_reports": ("partner", "period"),
    "expenditure": ("partner", "period"),
    "result_values": ("period",),
    "pilot_reports": ("period",),
}
"""Which rows of a kind an update replaces. Values and pilots of others stay: they are only added to."""


BULK = ("budget", "expenditure", "result_values")
"""Tables that may be long and whose rows nobody edits by hand: the database compares them."""


class _Undone(Exception):
    """A check has come to its end: what was written is taken back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def is_programme_file(path: Path) -> bool:
    """Whether a file is a programme or an update of one: our workbook, or YAML with one of the two words as a key."""
    if path.suffix.lower() == ".xlsx":
        from etl.sources.programme_workbook import is_programme_workbook

        return is_programme_workbook(path)
    if path.suffix.lower() not in (".yaml", ".yml") or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(4000).decode("utf-8", errors="replace")
    return re.search(r"^(programme|update):", head, re.MULTILINE) is not None


def programme_digest(path: Path) -> str:
    """SHA-256 of a programme's file together with the tables beside it that it names."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return digest(path)
    text = path.read_bytes()
    beside = [digest(other) for other in sorted(path.parent.glob("*.csv")) if other.name.encode() in text]
    return hashlib.sha256("".join([digest(path), *beside]).encode()).hexdigest()


def recall_programme(engine: Engine, path: Path) -> Outcome | None:
    """The earlier load of these very bytes, if nothing that came later touched the programme; else None."""
    if not path.is_file():
        return None
    sha = programme_digest(path)
    with engine.connect() as connection:
        query = select(LoadRun.__table__).where(
            LoadRun.sha256 == sha, LoadRun.state == "done", LoadRun.source == SOURCE
        )
        earlier = connection.execute(query.order_by(LoadRun.id.desc()).limit(1)).one_or_none()
        if earlier is None or not earlier.query.endswith(_mark(connection)):
            return None
        code = earlier.query.removeprefix(LOAD).partition(";")[0]
        later = select(LoadRun.id).where(
            LoadRun.id > earlier.id,
            LoadRun.source == SOURCE,
            LoadRun.state == "done",
            LoadRun.rows_new + LoadRun.rows_changed > 0,
            LoadRun.query.startswith(f"{LOAD}{code};", autoescape=True),
        )
        stored = connection.execute(select(Programme.edited_at).where(Programme.code == code)).one_or_none()
        if stored is None or connection.execute(later.limit(1)).first() is not None:
            return None
    number = earlier.rows_new + earlier.rows_changed + earlier.rows_unchanged
    counts = {"read": number, "passed_over": 0, "new": 0, "changed": 0, "unchanged": number, "rejected": 0}
    message = f"The same file was loaded as number {earlier.id} on {earlier.started_at:%Y-%m-%d}; nothing to do."
    return Outcome("known", earlier.id, path.name, DATASET, counts, message)


def _mark(connection: Connection) -> str:
    return f"reading {READING}, catalogue {meaning_mark(connection)}"


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Look for cycles of dead objects less often: a load makes millions of objects that are in none."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@_rarely_collecting()
def load_programme_file(
    engine: Engine,
    path: Path,
    *,
    name: str = "",
    force: bool = False,
    starter: bool = False,
    check: bool = False,
    layout: "Layout | None" = None,
    progress: Progress | None = None,
) -> Outcome:
    """Load a programme, or an update of one, from its YAML file or workbook, or from a file in a layout of others.

    ``layout`` says which and for which programme; the other arguments are those of ``load_programme``.
    """
    known = None if force or check or layout is not None else recall_programme(engine, path)
    if known is not None:
        known.file_name = name or path.name
        return known
    from etl.sources.base import SourceError

    began = time.perf_counter()
    head = {
        "source": SOURCE,
        "dataset": DATASET,
        "file_name": (name or path.name)[-400:],
        "sha256": programme_digest(path) if path.is_file() else "",
        "bytes": path.stat().st_size if path.is_file() else 0,
        "started_at": _now(),
    }
    try:
        draft = _read(engine, path, name or path.name, layout)
    except SourceError as error:
        return _failed(engine, error.problem, head, began, check)
    return load_programme(
        engine, draft, head, force=force, starter=starter, check=check, progress=progress, began=began
    )


@dataclass(frozen=True)
class Layout:
    """How a file of others is read.

    Attributes:
        map: name of a map that we bring, path of one's own, or '' to choose by the headers.
        programme: code of the programme that it goes into; '' where the file names it.
        project: which project of a list, by its number or acronym; '' for the programme's own.
        fill: what columns hold that the layout lacks.
    """

    map: str = ""
    programme: str = ""
    project: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)


def _read(engine: Engine, path: Path, name: str, layout: Layout | None) -> "Draft":
    if layout is None:
        from etl.sources.programme_files import read_programme

        return read_programme(path, name)
    from etl.sources.programme_maps import read_mapped
    from store.programmes import part, programmes

    with engine.connect() as connection:
        stored = programmes(connection).set_index("code")
        mine = stored.loc[layout.programme].to_dict() if layout.programme in stored.index else {}
        partners = part(connection, "partners", layout.programme)
        periods = part(connection, "periods", layout.programme)
        regions = frozenset(connection.scalars(select(Region.code)))
    return read_mapped(path, name, layout, mine, partners, periods, regions)


def _failed(engine: Engine, problem: "Problem", head: Mapping[str, Any], began: float, check: bool) -> Outcome:
    if check:
        name, reason = head["file_name"], problem.reason
        return Outcome("failed", None, name, DATASET, {}, problem.remedy, reason, problems=[problem])
    return note_failure(engine, problem, dict(head), began)


def load_programme(
    engine: Engine,
    draft: "Draft",
    head: Mapping[str, Any],
    *,
    force: bool = False,
    starter: bool = False,
    check: bool = False,
    progress: Progress | None = None,
    began: float | None = None,
) -> Outcome:
    """Write a programme in one transaction together with its ledger row and its quarantine.

    Args:
        engine: the database, migrated, with its catalogue.
        draft: what a file said.
        head: columns of the ledger row: source, dataset, file_name, sha256, bytes, started_at.
        force: replace also what starter data would leave alone.
        starter: the starter data.
        check: only say what a load would do: nothing is written, not even to the ledger.
        progress: called with steps done and steps in all.
        began: clock at the beginning, for the ledger.

    Returns:
        The outcome; counted are rows of all tables. ``failed`` when the file as a whole cannot be used.
    """
    from etl.sources.base import Problem, SourceError
    from etl.sources.programme import settle

    began = time.perf_counter() if began is None else began
    try:
        with writing(engine) as connection:
            known = catalogue_known(connection, draft.programme, str(draft.update.get("partner", "")))
            if not draft.head and not known.currency:
                remedy = f"There is no programme {draft.programme} to update; load the whole programme first."
                raise SourceError(Problem("unknown-programme", remedy, 1, "update", draft.programme), "")
            _only_what_updates(draft, known)
            if LAYOUT in draft.update:
                complete(connection, draft)
            content, problems = settle(draft, known)
            outcome = _write(connection, content, problems, head, force, starter, progress, began)
            outcome.subject = draft.programme
            if check:
                outcome.problems, outcome.load_id = list(problems), None
                raise _Undone(outcome)
            return outcome
    except _Undone as done:
        return done.outcome
    except SourceError as error:
        return _failed(engine, error.problem, head, began, check)


LAYOUT = "layout"


def _only_what_updates(draft: "Draft", known: "Known") -> None:
    """Leave out, and tell, what the report of a partner cannot bring.

    Raises:
        SourceError: the update names a partner or period that the programme does not have.
    """
    from etl.sources.base import Problem, SourceError

    for name, kind in (("partner", "partners"), ("period", "periods")):
        if name in draft.update and draft.update[name] not in known.stored.get(kind, ()):
            remedy = f"The programme {draft.programme} has no {name} {draft.update[name]}; correct it in the update."
            raise SourceError(Problem("unknown-reference", remedy, 1, f"update: {name}", str(draft.update[name])), "")
    if not draft.update or LAYOUT in draft.update:
        return
    for tables in (draft.tables, draft.streams):
        for kind in [kind for kind in tables if kind not in UPDATED]:
            del tables[kind]
            remedy = f"The file of an update has no place for {kind}; only {', '.join(UPDATED)} are taken from it."
            draft.problems.append(Problem("outside-update", remedy, 1, kind))


def complete(connection: Connection, draft: "Draft") -> None:
    """Put what is stored into the cells that a file in the layout of others leaves open."""
    from etl.sources.programme import HEAD_TEXTS, KINDS, TEXT_FIELDS, empty
    from store.programme_writes import stored_programme, stored_rows

    stored = stored_programme(connection, draft.programme)
    if stored is not None and draft.head:
        before = _as_said(Programme, stored, HEAD_TEXTS)
        draft.head = {**before, **{name: one for name, one in draft.head.items() if not empty(one)}}
        for name in HEAD_TEXTS:
            draft.head[name] = {**(before.get(name) or {}), **(draft.head.get(name) or {})}
    for kind, raw in draft.tables.items():
        keys = [column.name for column in KINDS[kind].__table__.primary_key if column.name != "programme"]
        rows = {_key(row, keys): row for row in stored_rows(connection, KINDS[kind], draft.programme)}
        if not rows or not set(keys) <= set(raw.columns):
            continue
        texts = TEXT_FIELDS.get(kind, ())
        full = []
        for said in raw.to_dict("records"):
            found = rows.get(_key(said, keys))
            before = _as_said(KINDS[kind], found, texts) if found is not None else {}
            whole = {**before, **{name: one for name, one in said.items() if not empty(one)}}
            for name in texts:
                if isinstance(before.get(name), dict) and isinstance(said.get(name), dict):
                    whole[name] = {**before[name], **said[name]}
            full.append(whole)
        draft.tables[kind] = _frame(full)


def _frame(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as a frame of raw cells."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), dtype=object)
    return frame.where(frame.notna(), None)


def _key(row: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        str(int(one) if isinstance(one, float) and one == int(one) else one).strip() for one in map(row.get, keys)
    )


def _as_said(model: Any, row: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """A stored row as a file would say it."""
    from decimal import Decimal

    from store.schema_programme import Money

    said: dict[str, Any] = {}
    for column in model.__table__.columns:
        value = row.get(column.name)
        if column.name in ("programme", "texts", "load_id", "edited_at") or value is None:
            continue
        said[column.name] = Decimal(int(value)) / 100 if isinstance(column.type, Money) else value
    columns = set(model.__table__.columns.keys())
    for name in texts:
        told = (row.get("texts") or {}).get(name)
        if told:
            said[f"{name}_text" if name in columns else name] = dict(told)
    return said


def catalogue_known(connection: Connection, programme: str, partner: str = "") -> "Known":
    """What the catalogue knows, and for an update what the stored programme has, and what its partner runs."""
    from etl.sources.programme import KINDS, NAMES, Known

    stored: dict[str, frozenset[Any]] = {}
    head = connection.execute(select(Programme.currency).where(Programme.code == programme)).one_or_none()
    members: dict[str, tuple[int, int | None]] = {}
    cumulative: frozenset[str] = frozenset()
    if head is not None:
        for kind, model in KINDS.items():
            name = NAMES.get(kind, "code")
            table = model.__table__
            if name in table.c:
                query = select(table.c[name]).where(table.c.programme == programme)
                stored[kind] = frozenset(connection.scalars(query))
        query = select(Partner.code, Partner.joined, Partner.left).where(Partner.programme == programme)
        members = {row.code: (row.joined, row.left) for row in connection.execute(query)}
        adds = select(ResultIndicator.code).where(
            ResultIndicator.programme == programme, ResultIndicator.cumulative.is_(True)
        )
        cumulative = frozenset(connection.scalars(adds))
    runs = _runs(connection, programme, partner) if partner else frozenset()
    owned = select(ResultIndicator.code).where(
        ResultIndicator.programme == programme, ResultIndicator.owner_kind == "pilot", ResultIndicator.owner.in_(runs)
    )
    return Known(
        regions=frozenset(connection.scalars(select(Region.code))),
        themes=frozenset(connection.scalars(select(Theme.code))),
        indicators=frozenset(connection.scalars(select(Indicator.code))),
        stored=stored,
        currency=head.currency if head is not None else "",
        members=members,
        cumulative=cumulative,
        runs=runs,
        owns=frozenset(connection.scalars(owned)) if runs else frozenset(),
    )


def _runs(connection: Connection, programme: str, partner: str) -> frozenset[str]:
    """Pilots in which a partner takes part."""
    query = select(Pilot.code, Pilot.partners).where(Pilot.programme == programme)
    return frozenset(row.code for row in connection.execute(query) if partner in row.partners)


def _write(
    connection: Connection,
    content: "Content",
    problems: "Sequence[Problem]",
    head: Mapping[str, Any],
    force: bool,
    starter: bool,
    progress: Progress | None,
    began: float,
) -> Outcome:
    from etl.sources.programme import KINDS, ORDER, plain
    from store.edits import note
    from store.programme_writes import put_head, put_pieces, put_rows, remove_others, stored_programme
    from store.writes import Tally, close_load, open_load, refuse

    code, file_name = content.programme, str(head["file_name"])
    query = f"{LOAD}{code}; {_mark(connection)}"
    rows = sum(len(table) for table in content.tables.values())
    counts = dict.fromkeys(("read", "passed_over", "new", "changed", "unchanged", "rejected"), 0)
    stored = stored_programme(connection, code)
    before = version(connection)
    head = {**head, "query": query, "catalogue": ""}
    if stored is not None and starter and not force and (stays := _stays(connection, stored, file_name)):
        counts |= {"read": rows, "passed_over": rows}
        load_id = open_load(connection, **head, data_version=before)
        totals = {f"rows_{name}": number for name, number in counts.items()}
        close_load(connection, load_id, duration_s=time.perf_counter() - began, message=stays, **totals)
        return Outcome("done", load_id, file_name, DATASET, counts, stays)
    load_id = open_load(connection, **head, data_version=before)
    total = Tally()
    if content.head is not None:
        total += put_head(connection, content.head, load_id)
    former: dict[str, list[dict[str, Any]]] = {}
    there = content.tables.keys() | content.streams.keys()
    kinds = [kind for kind in ORDER if not content.update or kind in there]
    for step, kind in enumerate(kinds):
        table, within = content.tables.get(kind, _nothing(kind)), _within(kind, content.update)
        if kind in BULK and not _adds_only(kind, content):
            told = _told(progress, step, 2 * len(kinds))
            tally = put_pieces(connection, KINDS[kind], code, _pieces(kind, content, told), within)
            total += tally
            if kind in content.streams:
                rows += tally.new + tally.changed + tally.unchanged
            continue
        tally, replaced = put_rows(connection, KINDS[kind], code, table, within)
        total += tally
        if replaced:
            former[kind] = replaced
        if progress is not None:
            progress((step + 1) * FINE, 2 * len(kinds) * FINE)
    # What rests on others is taken out before them.
    for step, kind in enumerate(reversed(kinds)):
        if not _adds_only(kind, content) and kind not in BULK:
            table, within = content.tables.get(kind, _nothing(kind)), _within(kind, content.update)
            gone = remove_others(connection, KINDS[kind], code, table, within)
            total.removed += len(gone)
            former[kind] = former.get(kind, []) + gone
        if progress is not None:
            progress((len(kinds) + step + 1) * FINE, 2 * len(kinds) * FINE)
    refuse(connection, [quarantined(problem, load_id, file_name) for problem in problems])
    if stored is not None and stored["edited_at"] is not None and any(former.values()):
        note(connection, "load", "programme", code, file_name[-200:], plain(former), None, "replaced by a file")
    changed = total.new + total.changed + total.removed
    counts |= {
        "read": rows + len(problems),
        "new": total.new,
        "changed": total.changed + total.removed,
        "unchanged": total.unchanged,
        "rejected": len(problems),
    }
    close_load(
        connection,
        load_id,
        duration_s=time.perf_counter() - began,
        data_version=version(connection) + int(changed > 0),
        message=_message(content, total),
        **{f"rows_{name}": number for name, number in counts.items()},
    )
    left = {kind: vars(one) for kind, one in content.left_out.items()}
    return Outcome("done", load_id, file_name, DATASET, counts, _message(content, total), left_out=left)


FINE = 100
"""Parts into which a step of the progress is divided."""


def _told(progress: Progress | None, step: int, steps: int) -> Callable[[float], None]:
    """A function to tell which share of a step is done."""

    def tell(share: float) -> None:
        if progress is not None:
            progress(int((step + min(share, 1.0)) * FINE), steps * FINE)

    return tell


def _pieces(kind: str, content: "Content", told: Callable[[float], None]) -> "Iterator[pd.DataFrame]":
    """The rows of a long table, in pieces; how far they are is told by how many came, for nobody knows of how many."""
    if kind not in content.streams:
        yield content.tables.get(kind, _nothing(kind))
        return
    for number, piece in enumerate(content.streams[kind], 1):
        yield piece
        told(1 - 0.8**number)


def _nothing(kind: str) -> Any:
    import pandas as pd

    from etl.sources.programme import KINDS

    names = [column.name for column in KINDS[kind].__table__.columns if column.name != "programme"]
    return pd.DataFrame(columns=names, dtype=object)


def _within(kind: str, update: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that a file replaces: all, or those of its partner and period."""
    return {name: update[name] for name in SCOPED.get(kind, ()) if name in update}


def _adds_only(kind: str, content: "Content") -> bool:
    """Whether rows that a file does not name stay: values and reports of pilots that other partners run."""
    return content.adds or (bool(content.update) and kind in ("result_values", "pilot_reports"))


def _message(content: "Content", total: Any) -> str:
    said = []
    if content.adds:
        said.append(f"Programme {content.programme}: read by the layout {content.update[LAYOUT]}; what it lacks stays.")
    elif content.update:
        about = ", ".join(f"{name} {value}" for name, value in content.update.items())
        said.append(f"Programme {content.programme}: only {about} was updated.")
    if total.removed:
        said.append(f"{total.removed} rows that the file no longer holds were removed.")
    said += [left_out_sentence(kind, left) for kind, left in content.left_out.items()]
    return " ".join(said)


def left_out_sentence(kind: str, left: "LeftOut") -> str:
    """How many rows of a table of money were refused, and how much they are about."""
    amount = f"{left.cents // 100:,}.{left.cents % 100:02d}" if left.cents >= 0 else f"-{-left.cents / 100:,.2f}"
    unread = f", and {left.unread} with an amount that cannot be read" if left.unread else ""
    return f"Left out of {kind}: {left.rows} rows of {amount} in all{unread}; no total includes them."


def _stays(connection: Connection, stored: Mapping[str, Any], file_name: str) -> str:
    """Why starter data leave a stored programme alone; '' when they may replace it."""
    if stored["edited_at"] is not None:
        return f"People have edited the programme {stored['code']}; the starter data leave it alone."
    brought = connection.scalar(select(LoadRun.file_name).where(LoadRun.id == stored["load_id"]))
    if brought != file_name:
        return f"The programme {stored['code']} was loaded from {brought}; the starter data leave it alone."
    return ""


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

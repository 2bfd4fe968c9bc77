"""Programmes into the store: one transaction, one ledger row, refused rows in quarantine.

A programme is replaced as a whole, or by a file that updates only one partner's period; rows that did not change are
not touched, so the same content gives no new data version. Starter data never replace what people edited or others
loaded.
"""

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from etl.catalogue import meaning as meaning_mark
from etl.pipeline import Outcome, Progress, digest, note_failure, quarantined
from store.engine import version, writing
from store.schema import Indicator, LoadRun, Region, Theme
from store.schema_programme import Partner, Programme, ResultIndicator

if TYPE_CHECKING:
    from etl.sources.base import Problem
    from etl.sources.programme import Content, Draft, Known

SOURCE, DATASET = "programmes", "PROGRAMMES"
"""Under these names the ledger keeps loads of programmes."""

READING = 1
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


def is_programme_file(path: Path) -> bool:
    """Whether a file is the YAML of a programme or of an update: one of the two words stands at its beginning."""
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


def load_programme_file(
    engine: Engine,
    path: Path,
    *,
    name: str = "",
    force: bool = False,
    starter: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Load a programme, or an update of one, from its YAML file or workbook; see ``load_programme``."""
    known = None if force else recall_programme(engine, path)
    if known is not None:
        known.file_name = name or path.name
        return known
    from etl.sources.base import SourceError
    from etl.sources.programme_files import read_programme

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
        draft = read_programme(path, name or path.name)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)
    return load_programme(engine, draft, head, force=force, starter=starter, progress=progress, began=began)


def load_programme(
    engine: Engine,
    draft: "Draft",
    head: Mapping[str, Any],
    *,
    force: bool = False,
    starter: bool = False,
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
            known = catalogue_known(connection, draft.programme)
            if not draft.head and not known.currency:
                remedy = f"There is no programme {draft.programme} to update; load the whole programme first."
                raise SourceError(Problem("unknown-programme", remedy, 1, "update", draft.programme), "")
            content, problems = settle(draft, known)
            return _write(connection, content, problems, head, force, starter, progress, began)
    except SourceError as error:
        return note_failure(engine, error.problem, dict(head), began)


def catalogue_known(connection: Connection, programme: str) -> "Known":
    """What the catalogue knows, and for an update what the stored programme has."""
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
    return Known(
        regions=frozenset(connection.scalars(select(Region.code))),
        themes=frozenset(connection.scalars(select(Theme.code))),
        indicators=frozenset(connection.scalars(select(Indicator.code))),
        stored=stored,
        currency=head.currency if head is not None else "",
        members=members,
        cumulative=cumulative,
    )


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
    from store.programme_writes import put_head, put_rows, remove_others, stored_programme
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
    kinds = [kind for kind in ORDER if not content.update or kind in content.tables]
    for step, kind in enumerate(kinds):
        table, within = content.tables.get(kind, _nothing(kind)), _within(kind, content.update)
        tally, replaced = put_rows(connection, KINDS[kind], code, table, within)
        total += tally
        if replaced:
            former[kind] = replaced
        if progress is not None:
            progress(step + 1, 2 * len(kinds))
    # What rests on others is taken out before them.
    for step, kind in enumerate(reversed(kinds)):
        if not _adds_only(kind, content):
            table, within = content.tables.get(kind, _nothing(kind)), _within(kind, content.update)
            gone = remove_others(connection, KINDS[kind], code, table, within)
            total.removed += len(gone)
            former[kind] = former.get(kind, []) + gone
        if progress is not None:
            progress(len(kinds) + step + 1, 2 * len(kinds))
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
    return Outcome("done", load_id, file_name, DATASET, counts, _message(content, total))


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
    return bool(content.update) and kind in ("result_values", "pilot_reports")


def _message(content: "Content", total: Any) -> str:
    if content.update:
        about = ", ".join(f"{name} {value}" for name, value in content.update.items())
        return f"Programme {content.programme}: only {about} was updated."
    return f"{total.removed} rows that the file no longer holds were removed." if total.removed else ""


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

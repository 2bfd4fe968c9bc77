"""Frozen packs: a programme as it stood after a period, numbered, checksummed, never changed.

A pack holds every table of the programme with its texts in all languages, money by partner, category, work package,
fund and period (never invoice lines), the thresholds in force, the data version, the day, and all that was computed
from them. Everything shown of a pack comes from there, never from the live tables. The database itself refuses to
change or remove one (triggers of migration 0005); only the decision that adopts it may be named later.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import orjson
import pandas as pd
from sqlalchemy import BigInteger, Connection, Table, func, insert, select, type_coerce, update

from analysis import snapshot
from store import edits, programmes
from store.engine import version
from store.programmes import PARTS
from store.scenarios import speak, spoken
from store.schema import Label, Theme
from store.schema_programme import (
    Decision,
    Money,
    Pack,
    PackFile,
    Programme,
    ReportingPeriod,
)

FORMAT = 1
"""Number of the form in which a pack is written; a reader must know it."""

REASONS = {
    "programme": "There is no programme {programme}.",
    "period": "Period {period} cannot be frozen: it has not ended yet, or there is none of this number.",
    "pack": "There is no pack {number}.",
    "decision": "There is no adopted decision {decision}.",
    "adopted": "Pack {number} was adopted already, by {decision}.",
}
"""Why something is refused; the dashboard says it in the reader's language, by the same names."""

VOLATILE: Mapping[str, tuple[str, ...]] = {"periods": ("state",), "decisions": ("pack",)}
"""What freezing and adopting themselves change: no change of the programme."""

MEASURES = ("declared", "certified", "verified", "deducted", "parked")


class PackError(ValueError):
    """Something that cannot be done with packs.

    Args:
        reason: one of ``REASONS``.
        facts: what its message names.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(REASONS[reason].format(**facts))
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True)
class Frozen:
    """A pack that was asked for: its number, and whether it was made now or stood already, as nothing had changed."""

    id: int
    number: str
    checksum: str
    changes: list[dict[str, Any]]
    is_new: bool
    version: int


def freeze(
    connection: Connection,
    programme: str,
    period: int,
    role: str,
    at: datetime | None = None,
    today: date | None = None,
) -> Frozen:
    """Freeze a period as it stands now: ``n.0`` the first time, ``n.1`` when something has changed since.

    Args:
        connection: an open write transaction.
        programme: code of the programme.
        period: number of a period that has ended.
        role: who freezes.
        at: the moment, UTC without a zone; now by default.
        today: the real day, for programmes that are not looked at from a fixed one.

    Raises:
        PackError: no such programme, or a period that has not ended.
    """
    now = (at or datetime.now(UTC).replace(tzinfo=None)).replace(microsecond=0)
    content = state(connection, programme, period, today or now.date())
    newest = connection.execute(
        select(Pack.id, Pack.version, Pack.checksum, Pack.data)
        .where(Pack.programme == programme, Pack.period == period)
        .order_by(Pack.version.desc())
        .limit(1)
    ).one_or_none()
    changes: list[dict[str, Any]] = []
    if newest is not None:
        before = unpacked(newest.data)
        changes = list(differences(before, content))
        if not changes:
            number = f"{period}.{newest.version}"
            return Frozen(newest.id, number, newest.checksum, [], False, version(connection))
        changes += list(figures_changed(before["figures"], content["figures"]))
    following = 0 if newest is None else newest.version + 1
    head = {
        "format": FORMAT,
        "version": following,
        "number": f"{period}.{following}",
        "frozen_at": now.isoformat(),
        "role": role,
        "edition": version(connection),
        "changes": changes,
    }
    data = packed({**content, **head})
    checksum = hashlib.sha256(data).hexdigest()
    row = {"programme": programme, "period": period, "version": following, "frozen_at": now, "role": role}
    row |= {"edition": head["edition"], "checksum": checksum, "data": data, "changes": changes, "adopted_by": None}
    made = connection.execute(insert(Pack).returning(Pack.id), row).scalar_one()
    mine = (ReportingPeriod.programme == programme, ReportingPeriod.number == period)
    former = connection.scalar(select(ReportingPeriod.state).where(*mine))
    connection.execute(update(ReportingPeriod).where(*mine).values(state="frozen"))
    old = {"state": former}
    new = {"state": "frozen", "checksum": checksum, "changes": len(changes)}
    noted = edits.note(connection, role, "pack", programme, str(head["number"]), old, new)
    return Frozen(made, str(head["number"]), checksum, changes, True, noted.version)


def adopt(connection: Connection, programme: str, number: str, decision: str, role: str) -> int:
    """Note which decision adopts a pack, on both; gives the data version after it.

    Raises:
        PackError: no such pack or adopted decision, or the pack was adopted by another one.
    """
    row = find(connection, programme, number)
    if row is None:
        raise PackError("pack", number=number)
    mine = (Decision.programme == programme, Decision.code == decision)
    if connection.scalar(select(Decision.state).where(*mine)) != "adopted":
        raise PackError("decision", decision=decision)
    if row["adopted_by"] == decision:
        return version(connection)
    if row["adopted_by"]:
        raise PackError("adopted", number=number, decision=row["adopted_by"])
    connection.execute(update(Pack).where(Pack.id == row["id"]).values(adopted_by=decision))
    connection.execute(update(Decision).where(*mine).values(pack=number))
    old, new = {"adopted_by": None}, {"adopted_by": decision}
    return edits.note(connection, role, "pack", programme, number, old, new).version


# --- reading ---------------------------------------------------------------------------------------------------------


def find(connection: Connection, programme: str, number: str) -> dict[str, Any] | None:
    """A pack by its number ("4.0"), without its data; None when there is none."""
    period, dot, version_ = number.partition(".")
    if not (dot and period.isdecimal() and version_.isdecimal() and len(number) < 10):
        return None
    columns = [column for column in Pack.__table__.columns if column.name != "data"]
    where = (Pack.programme == programme, Pack.period == int(period), Pack.version == int(version_))
    row = connection.execute(select(*columns).where(*where)).mappings().one_or_none()
    return None if row is None else dict(row)


def content(connection: Connection, pack: int) -> tuple[dict[str, Any], bytes, str]:
    """What a pack froze: its content, the bytes as they are stored, and their checksum.

    Raises:
        ValueError: the bytes are not those that were frozen.
    """
    row = connection.execute(select(Pack.data, Pack.checksum).where(Pack.id == pack)).one()
    data = bytes(row.data)
    if hashlib.sha256(data).hexdigest() != row.checksum:
        raise ValueError(f"the data of pack {pack} is not what was frozen: its checksum differs")
    return unpacked(data), data, str(row.checksum)


def keep(connection: Connection, pack: int, language: str, form: str, made: bytes) -> None:
    """Keep a rendered form; one that is there already stays as it is."""
    there = (PackFile.pack_id == pack, PackFile.language == language, PackFile.form == form)
    if connection.execute(select(PackFile.checksum).where(*there)).first() is None:
        checksum = hashlib.sha256(made).hexdigest()
        row = {"pack_id": pack, "language": language, "form": form, "checksum": checksum, "content": made}
        connection.execute(insert(PackFile), row)


def file(connection: Connection, pack: int, language: str, form: str) -> tuple[bytes, str] | None:
    """A rendered form and its checksum; None while it has not been rendered."""
    where = (PackFile.pack_id == pack, PackFile.language == language, PackFile.form == form)
    row = connection.execute(select(PackFile.content, PackFile.checksum).where(*where)).one_or_none()
    return None if row is None else (bytes(row.content), str(row.checksum))


def forms(connection: Connection, pack: int) -> set[tuple[str, str]]:
    """Which files of a pack are there: language and form."""
    found = connection.execute(select(PackFile.language, PackFile.form).where(PackFile.pack_id == pack))
    return {(row.language, row.form) for row in found}


def size(connection: Connection, pack: int) -> int:
    """Bytes of what a pack froze."""
    return int(connection.scalar(select(func.length(Pack.data)).where(Pack.id == pack)) or 0)


def packed(content: Mapping[str, Any]) -> bytes:
    """Canonical JSON, compressed: the same content gives the same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)


def unpacked(data: bytes) -> dict[str, Any]:
    """The content of such bytes."""
    found: dict[str, Any] = orjson.loads(gzip.decompress(bytes(data)))
    return found


# --- what is frozen --------------------------------------------------------------------------------------------------


def state(connection: Connection, programme: str, period: int, day: date) -> dict[str, Any]:
    """A programme as it stands, in values that JSON knows, and everything computed from it.

    Raises:
        PackError: no such programme, or a period that has not ended.
    """
    head = _head(connection, programme)
    if head is None:
        raise PackError("programme", programme=programme)
    today = date.fromisoformat(head["today"]) if head["today"] else day
    tables = {name: _table(connection, name, programme) for name in PARTS}
    plan, spent = programmes.budget(connection, programme), programmes.expenditure(connection, programme)
    if period < 1 or period > snapshot.last_closed(parts(tables, "en", ("periods",))["periods"], today):
        raise PackError("period", period=period)
    found = parts(tables, "en")
    return {
        "programme": head,
        "period": period,
        "today": today.isoformat(),
        "tables": tables,
        "budget": snapshot.table(plan),
        "expenditure": snapshot.table(spent.drop(columns="lines")),
        "themes": _themes(connection),
        "figures": snapshot.figures(found, plan, spent, head["settings"], head["origin"], today, period),
    }


def parts(tables: Mapping[str, Any], lang: str, names: tuple[str, ...] = tuple(PARTS)) -> dict[str, pd.DataFrame]:
    """Frozen tables as the frames that ``store.programmes.part`` gives, texts in one language."""
    return {name: _frame(name, tables[name], lang) for name in names}


def money(content: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frozen plan and spending, as ``store.programmes.budget`` and ``expenditure`` give them."""
    found = []
    for name in ("budget", "expenditure"):
        table = snapshot.frame(content[name])
        whole = [column for column in table if column == "period" or str(column).endswith("_cents")]
        found.append(table.astype(dict.fromkeys(whole, "int64")))
    return found[0], found[1]


def _head(connection: Connection, programme: str) -> dict[str, Any] | None:
    table = cast(Table, Programme.__table__)
    wanted = [column for column in _cents(table) if column.name not in ("load_id", "edited_at")]
    row = connection.execute(select(*wanted).where(table.c.code == programme)).mappings().one_or_none()
    return None if row is None else {name: snapshot.plain(value) for name, value in row.items()}


def _cents(table: Table) -> list[Any]:
    return [
        type_coerce(column, BigInteger).label(f"{column.name}_cents") if isinstance(column.type, Money) else column
        for column in table.c
        if column.name != "programme"
    ]


def _table(connection: Connection, name: str, programme: str) -> dict[str, Any]:
    table = cast(Table, PARTS[name].model.__table__)
    order = [table.c[one] for one in (*PARTS[name].order, *(key.name for key in table.primary_key))]
    result = connection.execute(select(*_cents(table)).where(table.c.programme == programme).order_by(*order))
    names = list(result.keys())
    columns = [snapshot.plain_column(values) for values in zip(*map(tuple, result.all()), strict=True)]
    return {"columns": names, "rows": [list(row) for row in zip(*columns, strict=True)]}


def _frame(name: str, told: Mapping[str, Any], lang: str) -> pd.DataFrame:
    kind = PARTS[name]
    table = cast(Table, kind.model.__table__)
    columns: dict[str, Any] = {}
    for place, column in enumerate(told["columns"]):
        values = [row[place] for row in told["rows"]]
        stored = table.c[column.removesuffix("_cents")] if column not in table.c else table.c[column]
        if column == "texts":
            continue
        if column.endswith("_cents") and isinstance(stored.type, Money):
            columns[column] = pd.array(values, dtype="Int64")
        elif stored.type.python_type is date:
            columns[column] = pd.Series([date.fromisoformat(one) if one else None for one in values], dtype=object)
        elif stored.type.python_type is int:
            columns[column] = pd.array(values, dtype="Int64") if stored.nullable else pd.Series(values, dtype="int64")
        elif stored.type.python_type is float:
            columns[column] = pd.Series(values, dtype="float64")
        elif stored.type.python_type is bool:
            columns[column] = pd.Series(values, dtype=bool)
        elif stored.type.python_type is str:
            columns[column] = pd.Series(values, dtype="str" if not stored.nullable else object)
        else:
            columns[column] = pd.Series([speak(one, lang) for one in values], dtype=object)
    if "texts" in told["columns"]:
        place = told["columns"].index("texts")
        said = [spoken(row[place], lang) for row in told["rows"]]
        for field in kind.texts:
            # A text may be named as a column is (``effect`` of a decision): it then becomes ``effect_text``.
            columns[field] = pd.Series([one.get(field.removesuffix("_text"), "") for one in said], dtype="str")
    return pd.DataFrame(columns)


def _themes(connection: Connection) -> list[dict[str, Any]]:
    """The themes in their order: code, and name by language."""
    names: dict[str, dict[str, str]] = {}
    query = select(Label.code, Label.lang, Label.value).where(Label.entity == "theme", Label.field == "name")
    for code, lang, value in connection.execute(query.order_by(Label.code, Label.lang)):
        names.setdefault(code, {})[lang] = value
    codes = connection.scalars(select(Theme.code).order_by(Theme.position)).all()
    return [{"code": code, "names": names.get(code, {})} for code in codes]


# --- what changed ----------------------------------------------------------------------------------------------------


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What differs between two frozen states: ``{what: {part, key, field}, old, new}``, in the order of the tables.

    Money is told by partner, category and period, as published; where only the work package or fund differs, by these
    too. Texts count as well. A row that is only in one of them has no field, and says ``added`` or ``removed``.
    """
    if before["expenditure"] != after["expenditure"]:
        yield from _money_changed("expenditure", before, after, [f"{name}_cents" for name in MEASURES])
    if before["budget"] != after["budget"]:
        yield from _money_changed("budget", before, after, ["amount_cents"])
    old, new = before["programme"], after["programme"]
    for field in sorted(set(old) | set(new)):
        if field not in ("texts", "today") and old.get(field) != new.get(field):
            yield _change("programme", {}, field, old.get(field), new.get(field))
    yield from _texts_changed("programme", {}, old.get("texts") or {}, new.get("texts") or {})
    for name in PARTS:
        if before["tables"][name] != after["tables"][name]:
            yield from _rows_changed(name, before["tables"][name], after["tables"][name])


def _change(part: str, key: Mapping[str, Any], field: str, old: Any, new: Any) -> dict[str, Any]:
    return {"what": {"part": part, "key": dict(key), "field": field}, "old": old, "new": new}


def _money_changed(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], measures: list[str]
) -> Iterator[dict[str, Any]]:
    fine = ["partner", "category", "period", "work_package", "fund"]
    published = fine[:3]
    sums = []
    for keys in (published, fine):
        both = [
            frame.groupby(keys)[measures].sum() if len(frame) else pd.DataFrame(columns=measures, dtype="int64")
            for frame in (snapshot.frame(one[name]).astype(dict.fromkeys(measures, "int64")) for one in (before, after))
        ]
        joined = pd.concat([both[0].add_suffix("_old"), both[1].add_suffix("_new")], axis=1).fillna(0).sort_index()
        sums.append(joined)
    told = set()
    for keys, joined in zip((published, fine), sums, strict=True):
        for measure in measures:
            differ = joined[joined[f"{measure}_old"] != joined[f"{measure}_new"]]
            for at, row in differ.iterrows():
                key = dict(zip(keys, cast(tuple[Any, ...], at), strict=True))
                place = (measure, *(key[one] for one in published))
                if keys is published:
                    told.add(place)
                elif place in told:
                    continue
                key = {one: snapshot.plain(value) for one, value in key.items()}
                yield _change(name, key, measure, int(row[f"{measure}_old"]), int(row[f"{measure}_new"]))


def _rows_changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    table = cast(Table, PARTS[name].model.__table__)
    keys = [column.name for column in table.primary_key if column.name != "programme"]
    passed = VOLATILE.get(name, ())
    old, new = _by_key(before, keys), _by_key(after, keys)
    for key in [*old, *(one for one in new if one not in old)]:
        told = dict(zip(keys, key, strict=True))
        a, b = old.get(key), new.get(key)
        if a is None or b is None:
            yield _change(name, told, "", None if a is None else "there", None if b is None else "there")
            continue
        for field in (one for one in a if one not in passed and one != "texts" and a[one] != b.get(one)):
            yield _change(name, told, field, a[field], b.get(field))
        yield from _texts_changed(name, told, a.get("texts") or {}, b.get("texts") or {})


def _by_key(told: Mapping[str, Any], keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    return {tuple(row[key] for key in keys): row for row in rows}


def _texts_changed(
    part: str, key: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for field in sorted(set(before) | set(after)):
        old, new = before.get(field) or {}, after.get(field) or {}
        if old != new:
            yield _change(part, key, f"texts.{field}", old, new)


FIGURES = (
    ("money", ("plan_covered", "certified", "plan_reported", "declared", "covered", "status")),
    ("counts", ("on_track", "watch", "off_track", "no_report", "not_computable", "done")),
    ("clock", ("decisions", "overdue", "median_days")),
)
"""Figures whose change is told beside what was changed."""


def figures_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Which of the headline figures came out otherwise, and which pilots and risks now stand elsewhere."""
    for part, names in FIGURES:
        for name in names:
            if before[part].get(name) != after[part].get(name):
                yield _change(f"figure.{part}", {}, name, before[part].get(name), after[part].get(name))
    for part, key, name in (("judged", "indicator", "status"), ("risks", "code", "score")):
        old, new = (
            {row[key]: row[name] for row in snapshot.frame(one[part]).to_dict("records")} for one in (before, after)
        )
        for code in (one for one in new if one in old and old[one] != new[one]):
            yield _change(f"figure.{part}", {key: code}, name, old[code], new[code])

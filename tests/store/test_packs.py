"""Frozen packs: numbered, the same bytes for ever, a new version only when something changed, and what changed."""

import gzip
import hashlib
import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from analysis import snapshot
from benchmarks.made_programme import Scale, load
from store import packs, programmes
from store.engine import writing
from store.packs import REASONS, Frozen, PackError
from store.programmes import PARTS
from store.schema_programme import Decision, Expenditure, Pack, PackFile, ReportingPeriod, RiskScore
from store.schema_scenarios import AuditEntry

CODE, ROLE = "made", "facilitator"
MOMENT = datetime(2026, 10, 8, 9, 30)  # noqa: DTZ001 - the database keeps UTC without a zone


@pytest.fixture
def made(engine: Engine) -> Engine:
    """A database with a small synthetic programme."""
    load(engine, Scale.small(CODE))
    return engine


def freeze(engine: Engine, period: int, at: datetime | None = MOMENT) -> Frozen:
    with writing(engine) as connection:
        return packs.freeze(connection, CODE, period, ROLE, at)


def content(engine: Engine, number: str) -> tuple[dict[str, Any], bytes, str]:
    with engine.connect() as connection:
        row = packs.find(connection, CODE, number)
        assert row is not None
        return packs.content(connection, row["id"])


def closed(engine: Engine) -> int:
    with engine.connect() as connection:
        today = programmes.programmes(connection)["today"].iloc[0]
        return snapshot.last_closed(programmes.part(connection, "periods", CODE), today)


def test_a_period_is_frozen_once_and_again_only_when_something_changed(made: Engine) -> None:
    period = closed(made)
    first = freeze(made, period)
    assert (first.number, first.is_new, first.changes) == (f"{period}.0", True, [])
    frozen, data, checksum = content(made, first.number)
    assert hashlib.sha256(data).hexdigest() == checksum == first.checksum
    assert (
        gzip.decompress(data) == json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )
    assert packs.packed(frozen) == data, "the same content gives the same bytes"
    assert set(frozen["tables"]) == set(PARTS)
    assert "line" not in frozen["expenditure"]["columns"], "invoice lines are never frozen"
    with made.connect() as connection:
        state = ReportingPeriod.state
        assert connection.scalar(select(state).where(ReportingPeriod.number == period)) == "frozen"
        entry = connection.execute(select(AuditEntry.role, AuditEntry.key).where(AuditEntry.entity == "pack")).one()
        assert tuple(entry) == (ROLE, first.number)

    second = freeze(made, period, None)
    assert (second.number, second.is_new) == (first.number, False)

    with writing(made) as connection:
        line = connection.execute(select(Expenditure).where(Expenditure.declared > 0).limit(1)).one()
        mine = (Expenditure.partner == line.partner, Expenditure.period == line.period, Expenditure.line == line.line)
        nothing = dict.fromkeys(("certified", "verified"))
        connection.execute(update(Expenditure).where(*mine).values(declared=line.declared - 1, **nothing))
        risk = connection.execute(select(RiskScore).order_by(RiskScore.risk, RiskScore.period).limit(1)).one()
        other = 1 if risk.likelihood != 1 else 2
        connection.execute(
            update(RiskScore).where(RiskScore.risk == risk.risk, RiskScore.period == risk.period)
            .values(likelihood=other)
        )  # fmt: skip
        connection.execute(delete(RiskScore).where(RiskScore.risk == "r020"))
    third = freeze(made, period)
    assert third.number == f"{period}.1"
    told = [(one["what"]["part"], one["what"]["field"]) for one in third.changes]
    assert told[0] == ("expenditure", "declared_cents")
    money = third.changes[0]
    assert money["new"] - money["old"] == -100
    assert money["what"]["key"] == {"partner": line.partner, "category": line.category, "period": line.period}
    scores = [one for one in third.changes if one["what"]["part"] == "risk_scores"]
    assert scores[0] == {
        "what": {"part": "risk_scores", "key": {"risk": risk.risk, "period": risk.period}, "field": "likelihood"},
        "old": risk.likelihood,
        "new": other,
    }
    assert content(made, first.number)[1] == data, "the former pack is what it was"
    assert content(made, third.number)[0]["changes"] == third.changes


def test_a_pack_can_be_adopted_and_not_be_changed(made: Engine) -> None:
    period = closed(made)
    number = freeze(made, period).number
    with writing(made) as connection:
        row = packs.find(connection, CODE, number)
        assert row is not None
        packs.keep(connection, row["id"], "en", "pdf", b"first")
        packs.keep(connection, row["id"], "en", "pdf", b"second")
    changes: tuple[Any, ...] = (
        update(Pack).values(checksum="0" * 64),
        update(Pack).values(data=b"other"),
        delete(PackFile),
        delete(Pack),
        update(PackFile).values(content=b"other"),
    )
    for change in changes:
        with pytest.raises(DBAPIError, match="never changed"), writing(made) as connection:
            connection.execute(change)
    with made.connect() as connection:
        assert packs.file(connection, row["id"], "en", "pdf") == (b"first", hashlib.sha256(b"first").hexdigest())
        adopted = connection.scalars(select(Decision.code).where(Decision.state == "adopted").limit(2)).all()
    with writing(made) as connection:
        packs.adopt(connection, CODE, number, adopted[0], ROLE)
        found = packs.find(connection, CODE, number)
        assert found is not None
        assert found["adopted_by"] == adopted[0]
        assert connection.scalar(select(Decision.pack).where(Decision.code == adopted[0])) == number
        packs.adopt(connection, CODE, number, adopted[0], ROLE)  # said twice is said once
        assert connection.scalar(select(func.count()).where(AuditEntry.entity == "pack")) == 2
        for reason, arguments in (
            ("adopted", (number, adopted[1])),
            ("pack", ("9.9", adopted[0])),
            ("pack", ("nonsense", adopted[0])),
            ("decision", (number, "no-such")),
        ):
            with pytest.raises(PackError) as refused:
                packs.adopt(connection, CODE, *arguments, ROLE)
            assert refused.value.reason == reason
    assert not freeze(made, period).is_new, "to adopt a pack is no change of the programme"


def test_what_cannot_be_frozen_is_refused(made: Engine) -> None:
    last = closed(made)
    for programme, period, reason in (("none", 1, "programme"), (CODE, 0, "period"), (CODE, last + 1, "period")):
        with pytest.raises(PackError) as refused, writing(made) as connection:
            packs.freeze(connection, programme, period, ROLE)
        assert refused.value.reason == reason
    assert set(REASONS) >= {"programme", "period"}


def test_frozen_tables_read_like_live_ones(made: Engine) -> None:
    number = freeze(made, closed(made)).number
    frozen = packs.parts(content(made, number)[0]["tables"], "hu")
    plan, spent = packs.money(content(made, number)[0])
    with made.connect() as connection:
        for name, frame in frozen.items():
            live = programmes.part(connection, name, CODE, "hu")
            assert set(frame) == set(live), name
            for column in set(live) - {"state", "pack"}:
                plain = [[snapshot.plain(value) for value in table[column].tolist()] for table in (frame, live)]
                assert plain[0] == plain[1], (name, column)
        assert plan.to_dict("list") == programmes.budget(connection, CODE).to_dict("list")
        live_spent = programmes.expenditure(connection, CODE).drop(columns="lines")
        assert spent.to_dict("list") == live_spent.to_dict("list")


def test_changed_bytes_are_noticed(made: Engine) -> None:
    frozen = freeze(made, closed(made))
    with made.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER pack_stays"))
        else:
            connection.execute(text("DROP TRIGGER pack_stays ON pack"))
        connection.execute(update(Pack).values(data=packs.packed({"other": 1})))
    with made.connect() as connection, pytest.raises(ValueError, match="checksum"):
        packs.content(connection, frozen.id)


def test_texts_and_rows_that_come_and_go_are_changes() -> None:
    columns = ["code", "position", "texts"]
    empty = {name: {"columns": columns, "rows": []} for name in PARTS}
    money = {"columns": ["partner", "category", "period", "work_package", "fund", "amount_cents"], "rows": []}
    spent = {"columns": [*money["columns"][:5], *(f"{one}_cents" for one in packs.MEASURES)], "rows": []}
    base = {"programme": {"texts": {}}, "tables": empty, "budget": money, "expenditure": spent}
    keyed = {"risks": {"columns": columns, "rows": [["a", 1, {"event": {"en": "x"}}], ["b", 2, {}]]}}
    other = {"risks": {"columns": columns, "rows": [["a", 1, {"event": {"en": "y"}}], ["c", 2, {}]]}}
    found = packs.differences({**base, "tables": {**empty, **keyed}}, {**base, "tables": {**empty, **other}})
    told = {(one["what"]["key"]["code"], one["what"]["field"]): (one["old"], one["new"]) for one in found}
    assert told == {
        ("a", "texts.event"): ({"en": "x"}, {"en": "y"}),
        ("b", ""): ("there", None),
        ("c", ""): (None, "there"),
    }
    moved = {**money, "rows": [["p1", "staff", 1, "wp1", "ERDF", 100], ["p1", "staff", 1, "wp2", "ERDF", 50]]}
    back = {**money, "rows": [["p1", "staff", 1, "wp1", "ERDF", 50], ["p1", "staff", 1, "wp2", "ERDF", 100]]}
    told_money = list(packs.differences({**base, "budget": moved}, {**base, "budget": back}))
    assert [one["what"]["key"]["work_package"] for one in told_money] == ["wp1", "wp2"], "a shift within is told too"

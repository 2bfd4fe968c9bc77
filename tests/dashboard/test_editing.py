"""Editing over HTTP: who may, what is refused and in which words, what the audit says, and that nothing breaks it."""

import csv
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from config import Settings
from dashboard import cache, editable, editing, frames, roles
from dashboard.i18n import set_language
from dashboard.visitor import visitor
from store import edits, schema_programme, schema_scenarios
from store.engine import make_engine
from store.schema_scenarios import AuditEntry
from tests.dashboard.conftest import Another, using
from tests.store.made_set import SET, make_set

TOKEN = "a token for tests"
JSON = dict[str, Any]


class Editor:
    """A browser of a facilitator, or of a reader."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.csrf = ""

    def sign_in(self, token: str = TOKEN) -> int:
        reply = self.client.post("/signin", data={"token": token})
        self.csrf = self.client.get("/role").get_json()["csrf"]
        return reply.status_code

    def post(self, path: str, body: object, lang: str = "en", **headers: str) -> tuple[int, JSON]:
        said = {"X-PoliSEE-CSRF": self.csrf, "Accept-Language": lang, **headers}
        reply = self.client.post(path, data=body if isinstance(body, bytes) else json.dumps(body), headers=said)
        return reply.status_code, reply.get_json()

    def edit(self, entity: str, key: JSON, values: JSON | None, lang: str = "en", **rest: Any) -> tuple[int, JSON]:
        return self.post(f"/edit/{SET}", {"entity": entity, "key": key, "values": values, **rest}, lang)

    def undo(self, **body: Any) -> tuple[int, JSON]:
        return self.post(f"/undo/{SET}", body)


def bare_server(**changes: Any) -> Flask:
    """A server with nothing but what writes."""
    chosen = Settings(**{"admin_token": TOKEN, **changes})
    server = Flask("bare")
    server.testing = True
    cache.init(server, chosen)
    roles.init(server, chosen)
    server.register_blueprint(editing.blueprint)

    @server.before_request
    def arrive() -> None:
        set_language(visitor(request.environ)[0])

    return server


@pytest.fixture
def editor(url: str) -> Iterator[Editor]:
    """A facilitator on a small set, on SQLite and on PostgreSQL."""
    engine = make_engine(url)
    make_set(engine)
    engine.dispose()
    with using(url):
        made = Editor(bare_server().test_client())
        assert made.sign_in() == 303
        yield made


@pytest.fixture(scope="module")
def lasting(database: str, new_database: Callable[[str, str], str]) -> Iterator[Editor]:
    """A facilitator whose edits are all refused, so that one database serves many tests.

    That of the session is there before, so that it is the one to return to.
    """
    url = new_database("sqlite", "catalogue")
    engine = make_engine(url)
    make_set(engine)
    engine.dispose()
    with using(url):
        made = Editor(bare_server().test_client())
        assert made.sign_in() == 303
        yield made


def entries() -> int:
    with frames.engine().connect() as connection:
        return connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()


DRIVER, CELL = {"code": "energy"}, {"matrix": "cib", "row": "market.open", "column": "skills.many", "group_code": ""}


def test_every_editable_table_has_a_model_of_its_columns() -> None:
    assert set(editable.MODELS) == set(edits.EDITABLE) == set(editable.ENTITIES)
    for entity, model in edits.EDITABLE.items():
        table = model.__table__
        assert set(editable.MODELS[entity].model_fields) == set(edits._told(table)), entity  # type: ignore[arg-type]
        for name in (*editable.MODELS[entity].model_fields, *edits._rest(table)):  # type: ignore[arg-type]
            assert name in editable.FIELDS, name
        for name, points_to in editable.POINTS_TO.get(entity, {}).items():
            assert name in table.c
            assert points_to == edits.GROUP or points_to in table.metadata.tables
    assert set(editing.REASONS) == set(edits.REASONS)


def test_choices_are_those_of_the_tables() -> None:
    """What a model offers to choose from stands in a check of its table, and the other way round."""
    for module in (schema_scenarios, schema_programme):
        for entity, model in edits.EDITABLE.items():
            if model.__module__ != module.__name__:
                continue
            checks = " ".join(str(c.sqltext) for c in model.__table__.constraints if hasattr(c, "sqltext"))  # type: ignore[attr-defined]
            for name, field in editable.MODELS[entity].model_fields.items():
                choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
                if choices and f"{name} IN (" in checks:
                    listed = checks.split(f"{name} IN (")[1].split(")")[0]
                    assert {part.strip(" '") for part in listed.split(",")} == set(choices), (entity, name)


def test_readers_read_and_facilitators_write(editor: Editor) -> None:
    reader = Editor(editor.client.application.test_client())
    role = reader.client.get("/role")
    assert role.get_json() == {"role": "reader", "csrf": ""}
    assert role.headers["Cache-Control"] == "no-store"
    assert editor.client.get("/role").get_json() == {"role": "facilitator", "csrf": editor.csrf}
    status, reply = reader.edit("driver", DRIVER, {"impact": 8})
    assert (status, reply["role"]) == (403, "reader")
    assert "Sign in first" in reply["error"]
    assert reader.undo()[0] == 403
    reader.csrf = editor.csrf  # the page's token alone is worth nothing
    assert reader.edit("driver", DRIVER, {"impact": 8})[0] == 403
    right, editor.csrf = editor.csrf, "0" * 64  # nor is the cookie
    status, reply = editor.edit("driver", DRIVER, {"impact": 8})
    assert (status, reply["role"]) == (403, "facilitator")
    editor.csrf = right
    assert editor.post(f"/edit/{SET}", {}, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert editor.post(f"/edit/{SET}", {}, Origin="http://evil.example")[0] == 403
    assert entries() == 0


def test_an_edit_is_answered_with_before_and_after_and_taken_back(editor: Editor) -> None:
    before = frames.data_version()
    status, made = editor.edit("driver", DRIVER, {"impact": 9, "impact_high": 10}, why="  the panel\x00 met ")
    assert status == 200
    assert made["version"] == before + 1 == frames.data_version()  # this process knows at once
    assert (made["old"]["impact"], made["new"]["impact"], made["new"]["impact_high"]) == (7, 9, 10)
    with editor.client.application.app_context():
        assert frames.scenario_part("drivers", SET).set_index("code").loc["energy", "impact"] == 9
        row = frames.edits(SET).iloc[0]
    assert (row["role"], row["why"]) == ("facilitator", "the panel met")
    status, back = editor.undo(entity="driver")
    assert (status, back["new"], back["version"]) == (200, made["old"], made["version"] + 1)
    status, again = editor.undo(entry=back["entry"])
    assert (status, again["new"]) == (200, made["new"])  # an undo taken back is a redo
    status, reply = editor.undo(entry=made["entry"])
    assert status == 400
    assert "taken back already" in reply["error"]
    assert editor.undo()[0] == 200
    status, reply = editor.undo()
    assert (status, reply["error"]) == (409, "There is nothing to take back.")


def test_what_was_changed_since_stands_in_the_way(editor: Editor) -> None:
    _status, first = editor.edit("driver", DRIVER, {"uncertainty": 5})
    editor.edit("driver", DRIVER, {"uncertainty": 6})
    status, reply = editor.undo(entry=first["entry"])
    assert status == 409
    assert "later change" in reply["error"]
    status, reply = editor.edit("measure", {"code": "vouchers"}, None)
    assert status == 409
    assert "(Pay-off: 1)" in reply["error"]
    status, reply = editor.edit("judgement_matrix", {"code": "cib"}, {"parts": [{"code": "market", "texts": {}}]})
    assert status == 409
    assert "market.open, skills.many" in reply["error"]
    assert editor.undo(entry=4711)[0] == 404


def test_texts_are_changed_language_by_language(editor: Editor) -> None:
    _status, made = editor.edit("driver", DRIVER, {"texts": {"name": {"hu": " Energiaár \r\n"}}})
    assert made["new"]["texts"] == {
        "name": {"en": "Energy", "hu": "Energiaár"},
        "description": {"hu": "Csak magyarul"},
    }
    _status, made = editor.edit("driver", DRIVER, {"texts": {"description": {"hu": ""}}})
    assert made["new"]["texts"]["description"] == {}


def test_judgements(editor: Editor) -> None:
    status, made = editor.edit("judgement_cell", CELL, {"value": -3})
    assert (status, made["old"]["value"], made["new"]["value"]) == (200, 2, -3)
    _status, made = editor.edit("judgement_cell", CELL, {"sign": "X"})
    assert (made["new"]["value"], made["new"]["sign"]) == (None, "X")  # a sign stands instead of a number
    _status, made = editor.edit("judgement_cell", CELL, {"value": 1})
    assert (made["new"]["value"], made["new"]["sign"]) == (1, "")
    status, made = editor.edit("judgement_cell", CELL, {"value": 0})
    assert (status, made["new"]) == (200, None)  # what is zero is not kept
    status, made = editor.edit("judgement_cell", CELL, {"value": 0})
    assert (status, made["entry"], made["new"]) == (200, None, None)
    other = {**CELL, "row": "skills.few", "column": "market.closed"}
    status, made = editor.edit("judgement_cell", other, {"value": 2, "reason": "said so"})
    assert (status, made["old"], made["new"]) == (200, None, {"value": 2.0, "sign": "", "reason": "said so"})
    for key in (
        {**CELL, "row": "market.half"},
        {**CELL, "column": "market.closed"},
        {**CELL, "row": "market"},
        {**CELL, "matrix": "none"},
        {**CELL, "group_code": "nobody"},
    ):
        assert editor.edit("judgement_cell", key, {"value": 1})[0] == 400


def test_what_changes_nothing_makes_no_entry(editor: Editor) -> None:
    before = entries()
    status, made = editor.edit("driver", DRIVER, {"impact": 7.0, "texts": {"name": {"en": "Energy"}}})
    assert (status, made["entry"], made["version"]) == (200, None, frames.data_version())
    assert made["new"]["impact"] == 7
    assert entries() == before


def test_new_rows_stand_last_and_are_removed_again(editor: Editor) -> None:
    values = {"steep": "political", "impact": 3, "uncertainty": 4, "texts": {"name": {"en": "Votes"}}}
    status, made = editor.edit("driver", {"code": "votes"}, values)
    assert (status, made["old"], made["new"]["position"], made["new"]["kind"]) == (200, None, 3, "driver")
    status, gone = editor.edit("driver", {"code": "votes"}, None)
    assert (status, gone["new"], gone["old"]) == (200, None, made["new"])
    assert editor.edit("driver", {"code": "votes"}, None)[0] == 404
    assert editor.post("/edit/elsewhere", {"entity": "driver", "key": {"code": "a"}, "values": values})[0] == 404


@pytest.mark.parametrize(
    ("entity", "key", "values"),
    [
        ("scenario", {"code": "rise"}, {"prior": 0.5, "place": {"market": 0.25}, "state": {"skills": "many"}}),
        ("assumption", {"scenario": "rise", "code": "a"}, {"driver": "people", "texts": {"text": {"hu": "Olcsó"}}}),
        ("signpost", {"code": "price"}, {"observed": False, "observed_on": "2026-05-01", "review": None}),
        ("signpost_likelihood", {"signpost": "price", "scenario": "fall"}, {"likelihood": 0.1}),
        ("strategy", {"code": "act"}, {"texts": {"name": {"hu": "Tenni"}}}),
        ("measure", {"code": "vouchers"}, {"cost": 12.5, "theme": "finance", "needs": ["vouchers"]}),
        ("pay_off", {"measure": "vouchers", "scenario": "fall", "group_code": "smes"}, {"score": -2, "reason": "x"}),
        ("judgement_matrix", {"code": "box"}, {"kind": "morphology", "parts": [], "texts": {}}),
        ("milestone", {"code": "goal"}, {"value": 2.5, "region": "HU33", "needs": []}),
        ("workshop", {"code": "first"}, {"held_on": "2026-04-02", "participants": {"smes": 9}}),
    ],
)
def test_each_part_of_a_set_can_be_changed_and_changed_back(
    editor: Editor, entity: str, key: JSON, values: JSON
) -> None:
    status, made = editor.edit(entity, key, values)
    assert status == 200, made
    for name, value in values.items():
        if name != "texts":
            assert made["new"][name] == value
    status, back = editor.undo(entity=entity)
    assert (status, back["new"]) == (200, made["old"])


LONG = "x" * 30_000


@pytest.mark.parametrize(
    ("entity", "key", "values", "words", "szavak"),
    [
        ("driver", DRIVER, {"impact": 11}, "Impact must lie between 1 and 10.", "Hatás: 1 és 10 közötti érték kell."),
        ("driver", DRIVER, {"impact": 3}, "Impact: the lower end, the median", "Hatás: az alsó határ"),
        ("driver", DRIVER, {"impact": "much"}, "Impact must be a number.", "Hatás: szám kell."),
        ("driver", DRIVER, {"impact": None}, "Impact must be a number.", "Hatás: szám kell."),
        ("driver", DRIVER, {"year": 1066}, "Year must lie between 1900 and 2200.", "Év: 1900 és 2200 közötti"),
        ("driver", DRIVER, {"kind": "magic"}, "must be one of these: 'driver', 'trend'", "ezek egyike kell"),
        ("driver", DRIVER, {"colour": "red"}, "There is no field colour here.", "Ilyen mező itt nincs: colour."),
        ("driver", DRIVER, {"code": "other"}, "There is no field Code here.", "Ilyen mező itt nincs: Kód."),
        ("driver", DRIVER, {"set_code": "other"}, "There is no field set_code here.", "set_code"),
        ("driver", DRIVER, {"theme": "magic"}, "Theme: magic does not exist.", "magic nem létezik"),
        (
            "driver",
            DRIVER,
            {"texts": {"name": {"en": LONG}}},
            "Name is too long: at most 120",
            "legfeljebb 120 karakter",
        ),
        ("driver", DRIVER, {"texts": {"name": "Energy"}}, "not built as it should be", "nem a várt felépítésű"),
        ("driver", DRIVER, {"texts": {"name": {"<b>": "x"}}}, "<b> is no code of a language", "<b> nem nyelvkód"),
        ("driver", DRIVER, {"source": LONG}, "Source is too long: at most 400", "Forrás: túl hosszú"),
        (
            "driver",
            DRIVER,
            {"evidence": [{"texts": {}, "url": "javascript:alert(1)"}]},
            "Web address must begin with http:// or https://.",
            "http:// vagy https:// kezdetű",
        ),
        ("driver", {"code": "A new one"}, {"impact": 2}, "Code takes codes: small letters", "Kód: kód kell"),
        ("driver", {"code": "new"}, {"impact": 2}, "is missing", "hiányzik"),
        ("driver", {"name": "x"}, {"impact": 2}, "The key of this is: code.", "Ennek a kulcsa: code."),
        ("driver", {"code": "a\x00b"}, {"impact": 2}, "The key is not built", "A kulcs nem a várt"),
        ("driver", {"code": 3}, {"impact": 2}, "The key is not built", "A kulcs nem a várt"),
        ("signpost", {"code": "price"}, {"due": 30}, "Due must lie between 1900 and 2200.", "1900 és 2200 közötti"),
        ("signpost", {"code": "price"}, {"review": "soon"}, "Review must be a day", "nap kell"),
        ("signpost", {"code": "price"}, {"review": 20270101}, "Review must be a day", "nap kell"),
        (
            "signpost",
            {"code": "price"},
            {"indicator": "rd_expenditure_gdp"},
            "needs a comparison and a threshold",
            "viszonyítás és küszöbérték",
        ),
        ("signpost_likelihood", {"signpost": "price", "scenario": "rise"}, {"likelihood": 1.2}, "0 and 1", "0 és 1"),
        (
            "pay_off",
            {"measure": "vouchers", "scenario": "rise", "group_code": "smes"},
            {"score": 2.5},
            "−2 and 2",
            "−2 és 2",
        ),
        ("judgement_cell", CELL, {"value": 11}, "−10 and 10", "−10 és 10"),
        ("judgement_cell", CELL, {"value": 1, "sign": "X"}, "a number, or have the sign", "az X vagy a P jel"),
        ("measure", {"code": "vouchers"}, {"currency": "euro"}, "three capital letters", "három nagybetűje"),
        ("measure", {"code": "vouchers"}, {"needs": ["none"]}, "Needs: none does not exist", "none nem létezik"),
        ("judgement_matrix", {"code": "cib"}, {"kind": "other"}, "one of these", "ezek egyike"),
        (
            "judgement_matrix",
            {"code": "cib"},
            {"parts": [{"code": "a", "texts": {}}, {"code": "a", "texts": {}}]},
            "each code may stand there only once",
            "minden kód csak egyszer",
        ),
        ("load_run", {}, {}, "load_run cannot be edited.", "Ez nem szerkeszthető: load_run."),
    ],
)
def test_a_refusal_says_what_would_be_right(
    lasting: Editor, entity: str, key: JSON, values: JSON, words: str, szavak: str
) -> None:
    status, reply = lasting.edit(entity, key, values)
    assert status == 400, reply
    assert words in reply["error"]
    status, reply = lasting.edit(entity, key, values, lang="hu")
    assert status == 400
    assert szavak in reply["error"]
    assert entries() == 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"/edit/{SET}", b"", 400),
        (f"/edit/{SET}", b"not json", 400),
        (f"/edit/{SET}", b"\xff\xfe", 400),
        (f"/edit/{SET}", b"[" * 50_000, 400),
        (f"/edit/{SET}", b"[1]", 400),
        (f"/edit/{SET}", b'{"entity": "driver", "key": {"code": "energy"}, "values": {"impact": NaN}}', 400),
        (f"/edit/{SET}", b'{"entity": "driver", "key": {"code": "energy"}, "values": [1]}', 400),
        (f"/edit/{SET}", b'{"entity": 3, "key": {}, "values": {}}', 400),
        (f"/edit/{SET}", b'{"entity": "driver", "key": {"code": "energy"}, "values": {}, "why": 3}', 400),
        (f"/edit/{SET}", b'{"a": "' + b"x" * 70_000 + b'"}', 413),
        (f"/undo/{SET}", b'{"entry": true}', 400),
        (f"/undo/{SET}", b'{"entry": "1; drop table"}', 400),
        (f"/undo/{SET}", b'{"entry": 99999999999999999999}', 400),
        (f"/undo/{SET}", b'{"entity": ["driver"]}', 400),
        ("/undo/" + "x" * 60, b"{}", 404),
        ("/edit/%00", b'{"entity": "driver", "key": {"code": "energy"}, "values": {}}', 404),
    ],
)
def test_what_no_page_sends_is_refused_calmly(lasting: Editor, path: str, body: bytes, status: int) -> None:
    found, reply = lasting.post(path, body)
    assert found == status
    assert reply["error"]
    assert entries() == 0


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_of_any_column_breaks_the_server(lasting: Editor, data: st.DataObject) -> None:
    entity = data.draw(st.sampled_from(sorted(editable.MODELS)))
    names = sorted(editable.MODELS[entity].model_fields)
    values = data.draw(st.dictionaries(st.sampled_from([*names, "other"]), JUNK, max_size=4))
    key = {name: data.draw(st.text(max_size=6)) for name in edits._rest(edits.EDITABLE[entity].__table__)}  # type: ignore[arg-type]
    status, reply = lasting.edit(entity, key, values)
    assert status in (400, 404), reply
    assert reply["error"]


def test_the_list_of_changes(editor: Editor) -> None:
    nothing = editor.client.get(f"/edits/{SET}.csv")
    assert nothing.status_code == 200
    editor.edit("driver", DRIVER, {"impact": 9, "texts": {"name": {"en": "=HYPERLINK(1)"}}}, why="@cmd")
    editor.undo()
    editor.edit("judgement_cell", CELL, None)
    reply = editor.client.get(f"/edits/{SET}.csv", headers={"Accept-Language": "en"})
    assert reply.mimetype == "text/csv"
    lines = reply.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "# Changes: Made"
    assert "# Illustrative: made up to show what the tool can do, not a finding." in lines
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    told = [(r["Number"], r["Role"], r["What"], r["Key"], r["Field"], r["Before"], r["After"], r["Why"]) for r in rows]
    cell = "cib|market.open|skills.many|"
    assert ("3", "facilitator", "Judgement", "skills.many||cib|market.open", "Value", "2.0", "", "") in told, cell
    assert ("2", "facilitator", "Driver", "energy", "Impact", "9.0", "7.0", "takes back 1") in told
    assert ("1", "facilitator", "Driver", "energy", "Name en", "Energy", "'=HYPERLINK(1)", "'@cmd") in told
    assert {r["Taken back by"] for r in rows if r["Number"] == "1"} == {"2"}
    hungarian = editor.client.get(f"/edits/{SET}.csv?lang=hu").get_data().decode("utf-8-sig")
    assert "Hatás" in hungarian
    assert "Szemléltető" in hungarian
    assert editor.client.get("/edits/nothing.csv").status_code == 404


def test_signing_in_by_the_page(lasting: Editor, caplog: pytest.LogCaptureFixture) -> None:
    client = lasting.client.application.test_client()
    page = client.get("/signin?next=/futures?set=made&lang=en").get_data(as_text=True)
    assert 'type="password"' in page
    assert 'name="next" value="/futures?set=made"' in page
    assert 'role="alert"' not in page
    with caplog.at_level(logging.DEBUG):
        wrong = client.post("/signin", data={"token": "something else", "next": "/futures"})
        assert wrong.status_code == 403
        assert 'role="alert"' in wrong.get_data(as_text=True)
        assert wrong.headers["Cache-Control"] == "no-store"
        right = client.post("/signin", data={"token": f" {TOKEN} ", "next": "/futures?set=made"})
    assert (right.status_code, right.headers["Location"]) == (303, "/futures?set=made")
    for secret in (TOKEN, "something else", "127.0.0.1"):
        assert secret not in caplog.text
    page = client.get("/signin?lang=en").get_data(as_text=True)
    assert "You are signed in as facilitator" in page
    csrf = client.get("/role").get_json()["csrf"]
    assert csrf in page
    assert client.post("/signout", data={"csrf": "wrong"}).status_code == 403
    assert client.get("/role").get_json()["role"] == "facilitator"
    out = client.post("/signout", data={"csrf": csrf, "next": "/futures"})
    assert (out.status_code, out.headers["Location"]) == (303, "/futures")
    assert client.get("/role").get_json() == {"role": "reader", "csrf": ""}
    assert client.post("/signout", headers={"X-PoliSEE-CSRF": ""}).get_json() == {"role": "reader", "csrf": ""}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/a\r\nSet-Cookie: x=1",
        "/a b",
        "/\tx",
        "/%0a/..//evil\\",
        "///evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(lasting: Editor, target: str) -> None:
    client = lasting.client.application.test_client()
    reply = client.post("/signin", data={"token": TOKEN, "next": target})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")


def test_too_many_tries_have_to_wait(new_database: Callable[[str, str], str]) -> None:
    with using(new_database("sqlite", "catalogue")):
        client = bare_server().test_client()
        tries = [client.post("/signin", data={"token": "wrong one"}).status_code for _try in range(roles.TRIES)]
        assert tries == [403] * roles.TRIES
        reply = client.post("/signin?lang=en", data={"token": TOKEN})  # not even the right one
        assert reply.status_code == 429
        assert 0 < int(reply.headers["Retry-After"]) <= roles.WINDOW + 1
        assert "Wait 5 minutes" in reply.get_data(as_text=True)
        elsewhere = client.post("/signin", data={"token": TOKEN}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
        assert elsewhere.status_code == 303


def test_another_site_signs_nobody_in(lasting: Editor) -> None:
    client = lasting.client.application.test_client()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert client.post("/signin", data={"token": TOKEN}, headers=headers).status_code == 403
    assert client.get("/role").get_json()["role"] == "reader"


def test_without_a_token_all_is_read_only(new_database: Callable[[str, str], str]) -> None:
    with using(new_database("sqlite", "catalogue")):
        client = bare_server(admin_token="").test_client()
        page = client.get("/signin?lang=en").get_data(as_text=True)
        assert "POLISEE_ADMIN_TOKEN" in page
        assert "<form" not in page
        assert client.post("/signin", data={"token": ""}).status_code == 403
        assert client.post("/edit/made", data="{}").status_code == 403


def test_a_database_that_cannot_be_written_is_said_so(lasting: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = make_engine("sqlite://")  # without any table
    monkeypatch.setattr(frames, "engine", lambda: engine)
    status, reply = lasting.edit("driver", DRIVER, {"impact": 8})
    assert status == 503
    assert "Try again" in reply["error"]


def test_in_the_whole_application(another: Another, app: object) -> None:
    client = another(admin_token=TOKEN, url_prefix="/polisee/")
    assert client.get("/polisee/role").get_json()["role"] == "reader"
    page = client.get("/polisee/signin?next=/region&lang=en", headers={"Cookie": "polisee_scheme=dark"})
    text = page.get_data(as_text=True)
    assert 'data-bs-theme="dark"' in text
    assert 'action="/polisee/signin"' in text or 'action="/signin"' in text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    reply = client.post("/polisee/signin", data={"token": TOKEN})
    assert "Path=/polisee/" in reply.headers["Set-Cookie"]
    assert client.post("/polisee/edit/made", data="{}", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/polisee/edit/made").status_code in (404, 405)

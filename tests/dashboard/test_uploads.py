"""Uploads over HTTP: who may, what is turned away unopened, what the worker says, and what the page shows."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from config import settings
from dashboard import jobs, trust, uploads
from etl import starter_demo, work
from etl.programmes import load_programme_file
from store import jobs as stored_jobs
from store.engine import make_engine
from store.programmes import part
from tests.dashboard.conftest import using
from tests.dashboard.test_editing import Editor, bare_server

DEMO = starter_demo.FOLDER / "clusterpolisee.yaml"


def _server(**changes: Any) -> Flask:
    server = bare_server(**changes)
    server.register_blueprint(jobs.blueprint)
    server.register_blueprint(uploads.blueprint)
    return server


@pytest.fixture(scope="module")
def url(new_database: Callable[[str, str], str]) -> str:
    """A database with one programme."""
    found = new_database("sqlite", "catalogue")
    engine = make_engine(found)
    load_programme_file(engine, DEMO)
    engine.dispose()
    return found


@pytest.fixture
def facilitator(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Editor]:
    """Someone who may; the worker does not start by itself, so that a test says when."""
    monkeypatch.setenv("POLISEE_UPLOADS_DIR", str(tmp_path / "uploads"))
    monkeypatch.setattr(jobs, "begin", lambda _kind: None)
    with using(url):
        made = Editor(_server().test_client())
        assert made.sign_in() == 303
        yield made


def _send(editor: Editor, content: bytes, name: str, **form: str) -> tuple[int, dict[str, Any]]:
    data = {"file": (io.BytesIO(content), name), **form}
    reply = editor.client.post("/upload", data=data, headers={"X-PoliSEE-CSRF": editor.csrf})
    return reply.status_code, reply.get_json()


def _work() -> None:
    engine = make_engine(settings().database_url)
    while (job := stored_jobs.claim(engine, ("import",), stored_jobs.me())) is not None:
        work.do(engine, job)
    engine.dispose()


UPDATE = """update: {programme: clusterpolisee, partner: %s, period: 1}
partner_reports:
- {partner: %s, period: 1, status: draft}
- {partner: nobody, period: 1, status: draft}
"""


def _update(_editor: Editor) -> bytes:
    engine = make_engine(settings().database_url)
    with engine.connect() as connection:
        first = part(connection, "partners", "clusterpolisee")["code"].iloc[0]
    engine.dispose()
    return (UPDATE % (first, first)).encode()


def test_a_file_is_checked_then_loaded_and_each_refused_row_is_shown(facilitator: Editor) -> None:
    content = _update(facilitator)
    status, answer = _send(facilitator, content, "../re port.yaml", check="1")
    assert status == 200, answer
    assert len(list(settings().uploads_dir.iterdir())) == 1
    assert facilitator.client.get(f"/upload/{answer['job']}").status_code == 404, "it has not ended"
    _work()
    assert not list(settings().uploads_dir.iterdir()), "nothing of the file is kept"
    page = facilitator.client.get(f"/upload/{answer['job']}").get_data(as_text=True)
    assert "re port.yaml was only checked: nothing was written." in page
    assert "nobody" in page
    status, second = _send(facilitator, content, "report.yaml")
    _work()
    told = facilitator.client.get(f"/jobs/{second['job']}").get_json()
    assert (told["state"], told["result"]["counts"]["new"], told["result"]["refused"]) == ("done", 1, 1)
    shown = facilitator.client.get(f"/upload/{second['job']}?lang=hu", headers={"Accept-Language": "hu"})
    shown_hu = shown.get_data(as_text=True)
    assert trust.REASONS["unknown-reference"][1] not in shown_hu
    assert "sehova sem vezető kód" in shown_hu
    assert '<small lang="en">' in shown_hu, "what the loader says in particular"
    assert "/money?programme=clusterpolisee" in shown_hu
    text = facilitator.client.get(f"/upload/{second['job']}.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Sheet"], row["Row"], row["Column"], row["Value"]) for row in rows] == [
        ("partner_reports", "2", "partner", "nobody")
    ]


def test_what_came_from_a_file_is_no_markup_on_the_page(facilitator: Editor) -> None:
    bad = _update(facilitator).replace(b"nobody", b"'<b>x'")
    _status, answer = _send(facilitator, bad, "report.yaml", check="1")
    _work()
    assert "&lt;b&gt;x" in facilitator.client.get(f"/upload/{answer['job']}").get_data(as_text=True)


def _bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (20 << 20))
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "form", "words"),
    [
        (b"x", "a.exe", {}, "XLSX, YAML or CSV"),
        (b"", "a.yaml", {}, "empty"),
        (b"x", "a.xlsx", {}, "no workbook"),
        (b"PK\x03\x04 zip", "a.yaml", {}, "no text"),
        (b"a;b", "a.csv", {}, "layout"),
        (b"a;b", "a.csv", {"layout": "../../etc/passwd"}, "letters"),
        (_bomb(), "a.xlsx", {}, "Unpacked"),
    ],
)
def test_what_is_no_such_file_is_turned_away(
    facilitator: Editor, content: bytes, name: str, form: dict[str, str], words: str
) -> None:
    status, answer = _send(facilitator, content, name, **form)
    assert (status, words in answer["error"]) == (400, True), answer
    folder = settings().uploads_dir
    assert not folder.exists() or not list(folder.iterdir())


def test_a_file_that_is_too_large_is_not_read(facilitator: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    status, answer = _send(facilitator, b"x" * 5000, "a.yaml")
    assert status == 413
    assert "megabytes" in answer["error"]


def test_readers_and_other_sites_are_turned_away(facilitator: Editor) -> None:
    reader = Editor(_server().test_client())
    assert _send(reader, b"programme: {code: x}", "a.yaml")[0] == 403
    assert reader.post("/upload/file", {"what": "template"})[0] == 403
    assert reader.client.get("/upload/1").status_code == 403
    assert reader.client.get("/upload/1.csv").status_code == 403
    facilitator.csrf = "wrong"
    assert _send(facilitator, b"programme: {code: x}", "a.yaml")[0] == 403


def test_templates_and_exports_are_written_beside_the_server(facilitator: Editor) -> None:
    status, answer = facilitator.post("/upload/file", {"what": "export", "programme": "clusterpolisee"}, "hu")
    assert status == 200, answer
    _work()
    reply = facilitator.client.get(f"/upload/{answer['job']}/file")
    assert "filename=polisee-clusterpolisee.xlsx" in reply.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(reply.get_data()), read_only=True)
    assert book["guide"]["A1"].value == "Egy teljes program egyetlen munkafüzetben"
    assert facilitator.post("/upload/file", {"what": "export", "programme": "none"})[0] == 400
    assert facilitator.post("/upload/file", {"what": "partner-report", "programme": "clusterpolisee"})[0] == 400
    assert facilitator.post("/upload/file", [1])[0] == 400


def test_a_failed_load_says_so_and_changes_nothing(facilitator: Editor) -> None:
    _status, answer = _send(
        facilitator, b"update: {programme: nowhere, partner: a, period: 1}\nexpenditure: []", "a.yaml"
    )
    _work()
    assert facilitator.client.get(f"/jobs/{answer['job']}").get_json()["state"] == "failed"
    page = facilitator.client.get(f"/upload/{answer['job']}").get_data(as_text=True)
    assert "nothing was changed" in page
    assert "There is no programme nowhere" in page


def test_the_page_says_how_to_sign_in_and_offers_what_there_is(app: Any) -> None:
    from dashboard.pages import upload

    with app.server.test_request_context("/upload"):
        page = str(upload.layout(programme="demo6"))
        partners, first, periods, newest = upload.partner_choices("demo6")
        assert upload.partner_choices("nonsense") == ([], None, [], None)
        assert upload.update(None) == ([], None, [], None)
    assert "/signin?next=/upload" in page
    assert "keep.eu" in page
    assert (len(partners), first, len(periods), newest) == (24, "p01", 6, "5")


def test_every_reason_that_readers_give_has_words() -> None:
    import re

    from config import ROOT

    given = set()
    for name in ("programme.py", "programme_files.py", "programme_workbook.py", "programme_maps.py", "sheet_stream.py"):
        text = (ROOT / "etl" / "sources" / name).read_text(encoding="utf-8")
        given |= set(re.findall(r"(?:Problem|Refused|Odd)\(\s*\"([a-z-]+)\"", text))
        given |= set(re.findall(r"refuse\([^\"]*\"[^\"]*\", \"([a-z-]+)\"", text))
    assert given
    assert given <= set(trust.REASONS)

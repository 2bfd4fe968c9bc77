"""Story S7: a period is frozen, corrected, frozen again; the former pack stays byte for byte, the new one says why."""

import csv
import hashlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pptx import Presentation
from sqlalchemy import Engine, select, update

from config import settings
from dashboard import jobs as server_jobs
from dashboard import programmes, work
from dashboard.i18n import speaking
from dashboard.pack_words import Names, change, opening, spending
from dashboard.reports import pack_files, pack_text
from dashboard.reports.pack_forms import FORMS, Forming, forming
from store import jobs, packs
from store.engine import make_engine, writing
from store.schema_programme import Expenditure, Job
from tests.dashboard.conftest import using
from tests.dashboard.test_editing import TOKEN, Editor

SENTENCES = (
    "Certified spending covers RP1–3: 90.0% of the plan for RP3 (10.0% under). Declared to RP4: 88.8% of plan.",
    "After period 4 of 6: 7 of 12 pilots on track, certified spending 90.0% of the RP3 plan, 5 deliverables late; "
    "1 pilot has not reported.",
    "Reports on RP4: 22 of 24 came (91.7%), 19 on time (79.2%).",
    "37 of 42 due deliverables are delivered (88.1%), 5 are late.",
    "After period 4 of 6, 12 pilots: 7 on track, 3 watch, 1 off track, 1 no report.",
    "3 of 14 open risks score 15 or more; 1 of them has no dated mitigation.",
)
"""What the committee is told of DEMO-6, to the digit."""

MISLEADING = re.compile(r"(?<!\d)61[.,]9(?!\d)")
"""Certified spending against the plan of a later period: it appears nowhere."""


@pytest.fixture(scope="module")
def own(database: str, app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A copy of the starter data that may be changed, made the settings' own."""
    target = tmp_path_factory.mktemp("packs") / "polisee.sqlite"
    source, copy = sqlite3.connect(database.removeprefix("sqlite:///")), sqlite3.connect(target)
    source.backup(copy)
    source.close()
    copy.close()
    with using(f"sqlite:///{target}"):
        engine = make_engine(f"sqlite:///{target}")
        yield engine
        engine.dispose()


@pytest.fixture(scope="module")
def client(own: Engine, app: Any) -> FlaskClient:
    """A browser on a server that has a token."""
    from dashboard import roles

    before = app.server.extensions[roles.EXTENSION]
    roles.init(app.server, settings().model_copy(update={"admin_token": type(settings().admin_token)(TOKEN)}))
    made: FlaskClient = app.server.test_client()
    yield made  # type: ignore[misc]
    app.server.extensions[roles.EXTENSION] = before


@pytest.fixture(scope="module")
def editor(client: FlaskClient) -> Editor:
    """A facilitator."""
    found = Editor(client)
    assert found.sign_in() == 303
    return found


@pytest.fixture(scope="module")
def frozen(own: Engine, editor: Editor) -> dict[str, Any]:
    """Pack 4.0, frozen over the web and rendered by the worker; the process beside the server is not started."""
    with pytest.MonkeyPatch.context() as patch:
        started: list[str] = []
        patch.setattr(server_jobs, "begin", started.append)
        status, answer = editor.post("/freeze/demo6", {"period": 4})
        assert status == 202
        assert started == ["pack"]
    assert work.work(own) == 1
    told = editor.client.get(f"/jobs/{answer['job']}").get_json()
    assert (told["state"], told["done"], told["total"]) == ("done", 11, 11), told
    assert told["message"] == "Pack 4.0 is frozen."
    return dict(told["result"])


def fetch(client: FlaskClient, number: str, lang: str, form: str) -> bytes:
    reply = client.get(f"/pack/demo6/{number}/{lang}.{form}")
    assert reply.status_code == 200, (number, lang, form)
    assert reply.headers["ETag"].strip('"') == hashlib.sha256(reply.data).hexdigest()
    assert f'filename="polisee-DEMO-pack-demo6-{number}-{lang}.{form}"' in reply.headers["Content-Disposition"]
    return bytes(reply.data)


def one(engine: Engine, number: str, lang: str = "en") -> Forming:
    with engine.connect() as connection:
        row = packs.find(connection, "demo6", number)
        assert row is not None
        content, data, checksum = packs.content(connection, row["id"])
    return forming(content, data, checksum, lang)


def words_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def words_of_office(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        parts = [found.read(name).decode() for name in found.namelist() if name.endswith(".xml")]
    return " ".join(re.sub(r"<[^>]+>", " ", part) for part in parts)


def test_all_forms_say_the_same_to_the_digit(client: FlaskClient, frozen: dict[str, Any]) -> None:
    pdf = fetch(client, "4.0", "en", "pdf")
    told = words_of_pdf(pdf)
    for sentence in SENTENCES:
        assert sentence in told, sentence
    assert frozen["checksum"] in told
    for form in FORMS:
        content = fetch(client, "4.0", "en", form)
        if form == "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as found:
                text = " ".join(found.read(name).decode() for name in found.namelist() if not name.endswith("gz"))
        else:
            text = words_of_pdf(content) if form == "pdf" else words_of_office(content)
        assert not MISLEADING.search(text), form
        assert "DEMO" in text, form
    hungarian = words_of_pdf(fetch(client, "4.0", "hu", "pdf"))
    assert "90,0%" in hungarian
    assert "88,8%" in hungarian
    assert "7 jó úton, 3 figyelendő, 1 letért" in hungarian
    assert not MISLEADING.search(hungarian)


def test_the_pdf_is_tagged_has_headings_and_keeps_to_twelve_pages(client: FlaskClient, frozen: dict[str, Any]) -> None:
    for lang in ("en", "hu"):
        read = pypdf.PdfReader(io.BytesIO(fetch(client, "4.0", lang, "pdf")))
        assert len(read.pages) <= 12
        root = read.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == lang
        assert read.metadata is not None
        assert "DEMO-6" in str(read.metadata.title)
        kinds: dict[str, int] = {}
        alternatives = []

        def walk(node: Any, kinds: dict[str, int] = kinds, alternatives: list[str] = alternatives) -> None:
            node = node.get_object() if hasattr(node, "get_object") else node
            for child in node if isinstance(node, list) else [node]:
                child = child.get_object() if hasattr(child, "get_object") else child
                if isinstance(child, dict):
                    kinds[str(child.get("/S"))] = kinds.get(str(child.get("/S")), 0) + 1
                    if "/Alt" in child:
                        alternatives.append(str(child["/Alt"]))
                    if "/K" in child:
                        walk(child["/K"])

        walk(root["/StructTreeRoot"])
        assert kinds["/H1"] == 1
        assert kinds["/H2"] >= 8
        assert kinds["/Table"] >= 10
        assert any("RP4" in words or "4. időszak" in words for words in alternatives), alternatives
        for page in read.pages:
            assert "DEMO" in page.extract_text(), "each page says that it is a demonstration"


def test_the_word_document_has_real_headings_and_described_pictures(
    client: FlaskClient, frozen: dict[str, Any]
) -> None:
    word = Document(io.BytesIO(fetch(client, "4.0", "hu", "docx")))
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") >= 8
    pictures = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(pictures) == 2
    assert all(pictures)
    assert all(table._tbl.tblPr.xpath("w:tblDescription") for table in word.tables)
    assert "DEMO" in word.sections[0].header.paragraphs[0].text


def test_the_presentation_has_native_charts_and_alternative_texts(client: FlaskClient, frozen: dict[str, Any]) -> None:
    made = Presentation(io.BytesIO(fetch(client, "4.0", "en", "pptx")))
    charts = [shape for slide in made.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) >= 3
    curve = next(shape for shape in charts if len(list(shape.chart.plots[0].series)) == 3)
    values = {series.name: list(series.values) for series in curve.chart.plots[0].series}
    assert values["Plan"] == [0.4, 1.2, 2.2, 3.2, 4.2, 5.0]
    assert values["Certified"][:3] == [0.362, 1.085, 1.98]
    assert values["Certified"][3:] == [None, None, None], "what is not controlled is not drawn as nothing"
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts)
    assert all(slide.shapes.title is not None and slide.shapes.title.text for slide in made.slides)
    tables = [shape.table for slide in made.slides for shape in slide.shapes if shape.has_table]
    assert all(sum(row.height for row in table.rows) <= made.slide_height * 0.7 for table in tables)


def test_the_workbook_holds_grids_and_registers_and_no_formula(client: FlaskClient, frozen: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(fetch(client, "4.0", "en", "xlsx")))
    assert {"About", "Pilot grid", "Partner × category × period", "Reports", "Risks"} <= set(book.sheetnames)
    rows = list(book["Money by period"].iter_rows(min_row=3, values_only=True))
    assert rows[2] == ("RP3", 2_200_000, 2_020_000, 1_980_000)
    assert rows[3] == ("RP4", 3_200_000, 2_840_000, None)
    cells = list(book["Partner × category × period"].iter_rows(min_row=3, values_only=True))
    found = next(row for row in cells if row[0] == "p07" and row[2] == "External expertise" and row[3] == "RP4")
    assert found[5:7] == (41_200, None)
    assert sum(row[5] or 0 for row in cells) == pytest.approx(2_840_000)
    grid = list(book["Pilot grid"].iter_rows(min_row=3, values_only=True))
    assert [row[6] for row in grid].count("on track") == 7
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), sheet.title


def test_the_archive_proves_itself(client: FlaskClient, frozen: dict[str, Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(fetch(client, "4.0", "en", "zip"))) as found:
        for line in found.read("SHA256SUMS").decode().splitlines():
            checksum, _gap, name = line.partition("  ")
            assert hashlib.sha256(found.read(name)).hexdigest() == checksum
        assert hashlib.sha256(found.read("frozen.json.gz")).hexdigest() == frozen["checksum"]
        table = [line for line in found.read("tables/pilots.csv").decode("utf-8-sig").splitlines() if line[0] != "#"]
        assert len(list(csv.DictReader(table))) == 12
        assert not any("line" in head.split(",") for head in found.read("tables/expenditure.csv").decode().splitlines())


def test_every_form_comes_out_the_same_from_the_frozen_data(own: Engine, client: FlaskClient, frozen: Any) -> None:
    made = one(own, "4.0")
    for form, make in FORMS.items():
        assert make(made) == fetch(client, "4.0", "en", form), form


def test_a_correction_makes_a_new_version_that_lists_it(
    own: Engine, client: FlaskClient, editor: Editor, frozen: dict[str, Any]
) -> None:
    before = {form: fetch(client, "4.0", "en", form) for form in FORMS}
    with writing(own) as connection:
        again = packs.freeze(connection, "demo6", 4, "facilitator")
    assert not again.is_new
    with speaking("en"):
        assert work.told(again) == "Nothing has changed since pack 4.0; no new one was made."

    with writing(own) as connection:
        mine = (Expenditure.programme == "demo6", Expenditure.partner == "p07", Expenditure.period == 4,
                Expenditure.category == "external")  # fmt: skip
        line = connection.execute(select(Expenditure.line, Expenditure.declared).where(*mine).limit(1)).one()
        connection.execute(update(Expenditure).where(*mine, Expenditure.line == line.line)
                           .values(declared=line.declared - 1400))  # fmt: skip
        corrected = packs.freeze(connection, "demo6", 4, "facilitator")
    assert corrected.number == "4.1"
    told = {}
    for lang in ("en", "hu"):
        ready = one(own, "4.1", lang)
        told[lang] = [change.sentence for change in ready.told.changes]
    assert told["en"][0] == "partner 7, external expertise: 41,200 → 39,800 (DEMO-RO-07, declared, RP4, EUR)"
    assert told["hu"][0].replace("\N{NO-BREAK SPACE}", " ").startswith("7. partner, külső szakértők: 41 200 → 39 800")
    assert any("2,840,000 → 2,838,600" in sentence for sentence in told["en"]), "what follows from it is told too"
    pdf = words_of_pdf(FORMS["pdf"](one(own, "4.1")))
    assert "What changed since pack 4.0" in pdf
    assert re.search(r"partner 7, external expertise 41,200 39,800", pdf)

    assert {form: fetch(client, "4.0", "en", form) for form in FORMS} == before, "byte for byte as it was"
    assert client.get("/pack/demo6/4.1/en.pdf").status_code == 503, "not rendered yet, and it says so"
    page = client.post("/_dash-update-component", json=_decisions(corrected.version)).get_data(as_text=True)
    assert "partner 7, external expertise: 41,200 → 39,800" in page.replace("\\u2192", "→")

    status, answer = editor.post("/adopt/demo6", {"number": "4.0", "decision": "dec16"})
    assert status == 200, answer
    assert editor.post("/adopt/demo6", {"number": "4.0", "decision": "dec17"})[0] == 409
    assert editor.post("/adopt/demo6", {"number": "4.9", "decision": "dec17"})[0] == 404
    with client.application.app_context():
        found = programmes.adopted_pack("demo6")
    assert found is not None
    assert (found.number, found.decision) == ("4.0", "dec16")
    minutes = client.get("/programme/demo6/minutes/sc3.docx")
    text = words_of_office(minutes.data)
    assert "SHA-256" in text
    assert "4.0" in text


def _decisions(version: int) -> dict[str, Any]:
    """The request by which the page of decisions is drawn anew."""
    names = {"programme": "demo6", "theme": "all", "shown": "all", "risk": "", "decision": ""}
    from dashboard.pages.decisions import PAGE, DecisionFilters

    inputs = DecisionFilters.inputs(PAGE)
    told = [
        {"id": one.component_id, "property": one.component_property, "value": names.get(name)}
        for name, one in inputs.items()
    ]
    edition = {"id": "edition", "property": "data", "value": version}
    return {
        "output": "decisions-answer.children",
        "outputs": {"id": "decisions-answer", "property": "children"},
        "inputs": [edition, *told],
        "changedPropIds": ["edition.data"],
    }


def test_only_facilitators_freeze_and_nonsense_is_answered(client: FlaskClient, editor: Editor, own: Engine) -> None:
    reader = Editor(client.application.test_client())
    for path, body in (("/freeze/demo6", {"period": 4}), ("/adopt/demo6", {"number": "4.0", "decision": "dec16"})):
        status, answer = reader.post(path, body)
        assert status == 403
        assert "Sign in" in answer["error"]
    assert reader.client.get("/jobs/1").status_code == 403
    editor_without = Editor(client)
    assert editor_without.post("/freeze/demo6", {"period": 4})[0] == 403, "the token of the page is missing"
    for path, body, expected in (
        ("/freeze/demo6", {"period": 5}, 400),
        ("/freeze/demo6", {"period": "4"}, 400),
        ("/freeze/demo6", {"period": True}, 400),
        ("/freeze/demo6", b"[", 400),
        ("/freeze/none", {"period": 4}, 404),
    ):
        status, answer = editor.post(path, body, lang="hu")
        assert status == expected, (path, body)
        assert answer["error"]
    with own.connect() as connection:
        assert not connection.execute(select(Job).where(Job.state == "waiting")).all()
    assert editor.client.get("/jobs/999999").status_code == 404
    for path in (
        "/pack/demo6/4.0/en.exe",
        "/pack/demo6/4.0/xx.pdf",
        "/pack/demo6/40/en.pdf",
        "/pack/none/4.0/en.pdf",
        "/programme/demo6/minutes/none.pdf",
        "/programme/none/minutes/sc3.pdf",
        "/programme/demo6/decision/dec01.exe",
    ):
        assert client.get(path).status_code == 404, path


def test_a_job_that_cannot_be_done_says_why(own: Engine) -> None:
    for arguments, words in (
        ({"programme": "demo6", "period": 6, "role": "facilitator", "lang": "hu"}, "A(z) 6. időszak nem rögzíthető"),
        ({"programme": "none", "period": 1, "role": "facilitator", "lang": "en"}, "There is no programme none."),
        ({"lang": "en"}, "The pack could not be made"),
    ):
        with writing(own) as connection:
            job = jobs.ask(connection, "pack", arguments)
        assert work.work(own) == 1
        with own.connect() as connection:
            found = jobs.read(connection, job)
        assert found is not None
        assert found.state == jobs.FAILED
        assert words in found.message


def test_minutes_and_decision_sheets_say_who_does_what_by_when(client: FlaskClient) -> None:
    told = words_of_pdf(client.get("/programme/demo6/minutes/sc3.pdf?lang=en").data)
    for words in (
        "Steering committee 3: 8 decisions",
        "Because",
        "Decided",
        "Therefore",
        "OVERDUE since",
        "Lead partner",
    ):
        assert words in told, words
    sheet = client.get("/programme/demo6/decision/dec20.docx?lang=hu")
    assert "polisee-DEMO-demo6-decision-dec20-hu.docx" in sheet.headers["Content-Disposition"]
    word = Document(io.BytesIO(sheet.data))
    assert [paragraph.style.name for paragraph in word.paragraphs].count("Heading 1") == 1


def test_a_programme_without_money_or_reports_has_a_pack_too(own: Engine) -> None:
    with writing(own) as connection:
        made = packs.freeze(connection, "clusterpolisee", 1, "facilitator")
    with own.connect() as connection:
        content, data, checksum = packs.content(connection, made.id)
    for form, make in FORMS.items():
        assert make(forming(content, data, checksum, "hu")), form
    told = pack_text.paper(pack_text.Told(content, checksum, "en"))
    assert not told.label
    assert not told.watermark
    assert not told.stem.startswith("polisee-DEMO")


def test_files_are_steady() -> None:
    document = Document()
    buffers = []
    for _time in range(2):
        buffer = io.BytesIO()
        document.save(buffer)
        buffers.append(pack_files.steady(buffer.getvalue(), "2026-10-08T09:30:00"))
    assert buffers[0] == buffers[1]
    assert b"2026-10-08T09:30:00Z" in zipfile.ZipFile(io.BytesIO(buffers[0])).read("docProps/core.xml")


def test_changes_and_sentences_are_worded() -> None:
    with speaking("en"):
        _words()


def _words() -> None:
    names = Names("EUR", {"partners": {"p07": "partner 7"}, "abbreviations": {"p07": "X"}})
    told = {"what": {"part": "expenditure", "key": {"partner": "p07", "category": "external", "period": 4},
                     "field": "certified_cents"}, "old": 4_120_050, "new": 3_980_000}  # fmt: skip
    assert change(told, names).sentence == "partner 7, external expertise: 41,200.50 → 39,800 (X, certified, RP4, EUR)"
    row = {"what": {"part": "actions", "key": {"code": "a1"}, "field": "due"}, "old": None, "new": "2026-10-08"}
    assert change(row, names).sentence == "Action a1, Due: – → 8 Oct 2026"
    gone = {"what": {"part": "risks", "key": {"code": "r1"}, "field": ""}, "old": "there", "new": None}
    assert change(gone, names).sentence == "Risk r1: there → not there"
    nothing = {"plan_reported": 0, "plan_covered": 0, "certified": 0, "declared": 0, "covered": 0, "reported": 1}
    assert spending(nothing) == "No plan of money is on record."
    counts = dict.fromkeys(("on_track", "watch", "off_track", "no_report", "not_computable", "done", "not_due"), 0)
    assert opening({"counts": counts, "money": nothing}, 1, 6, 0) == (
        "After period 1 of 6: nothing can be compared yet."
    )

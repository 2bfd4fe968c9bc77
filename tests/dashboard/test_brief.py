"""The brief says what the profile says, in three forms, in both languages, readable by everyone."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from dash import Dash
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from config import settings
from dashboard import findings, frames
from dashboard.i18n import LANGUAGES, date, number, speaking
from dashboard.reports import docx, html, pdf
from dashboard.reports.brief import Brief, BriefFilters, build

FULL, GREEK, EMPTY = "HU33", "EL52", "XK00"
HOSTILE = '<script>alert(1)</script> #eval("1") *x* $y$ @z \\ ő'
ENGLISH = re.compile(r"\b(the|and|with|are|table|source|year|region|peers|value|page|none|not|last|date)\b", re.I)


@pytest.fixture(params=list(LANGUAGES))
def lang(request: pytest.FixtureRequest, app: Dash) -> Iterator[str]:
    """A request in each language."""
    code: str = request.param
    with app.server.test_request_context("/"), speaking(code):
        yield code


@pytest.fixture
def hostile(app: Dash) -> Iterator[None]:
    """An installation whose names would be markup, if anything took them for it."""
    chosen = settings()
    before = chosen.organisation, chosen.contact
    chosen.organisation, chosen.contact = HOSTILE, "<b>a&b</b>@example.org"
    with app.server.test_request_context("/"):
        yield
    chosen.organisation, chosen.contact = before


def _written(region: str, **chosen: Any) -> Brief:
    return build(region, BriefFilters.parse(chosen))


def _numbers(region: str) -> dict[str, str]:
    """What each tile of the profile must read as."""
    tiles = findings.profile(region, findings.peers(region)).tiles
    return {
        row["indicator"]: number(row["value"], int(row["decimals"])) + row["unit_suffix"].replace(" ", "\u00a0")
        for _position, row in tiles.iterrows()
        if pd.notna(row["value"])
    }


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


class _Reader(HTMLParser):
    """Cells of the table by row, all text, headings, language and scripts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text, self.tags, self.attributes = "", [], []  # type: ignore[var-annotated]
        self._open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._open = tag in ("td", "th") or (self._open and tag not in ("tr", "table"))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.rows[-1][-1] += data


def test_brief_holds_the_numbers_of_the_profile(lang: str) -> None:
    shown = findings.profile(FULL, findings.peers(FULL))
    brief = _written(FULL)
    assert len(brief.tiles) == len(shown.tiles) >= 5
    assert {tile.indicator: tile.value for tile in brief.tiles} == _numbers(FULL)
    assert brief.headline in findings.say(shown.headline)
    for tile, (_position, row) in zip(brief.tiles, shown.tiles.iterrows(), strict=True):
        assert tile.peers.code == row["against_peers"]
        assert tile.direction.code == row["direction"]
        assert f"{row['first']}–{row['last']}" == tile.direction.detail
        assert tile.year == str(int(row["period"]))


def test_brief_prints_where_it_comes_from(lang: str) -> None:
    """Job P6: date, data version, filters, sources with datasets and licence, address."""
    brief = _written(FULL, peers="gdp", abroad="1")
    said = " ".join(f"{fact.label}: {fact.text}" for fact in brief.facts)
    assert brief.address.endswith(f"/region?region={FULL}&peers=gdp&abroad=1&lang={lang}")
    assert brief.address in said
    assert f" {frames.data_version()}," in said
    assert "TGS00042" in said
    assert "CC BY 4.0" in said
    assert settings().organisation in said
    assert date(pd.Timestamp.now("UTC"), "long") in said
    assert brief.peers.items[0] == findings.peers(FULL, "gdp", other_countries=True).note


def test_own_list_is_named_in_the_readers_order(lang: str) -> None:
    brief = _written(FULL, peers="own", own="AT11,HU21")
    names = frames.region_names()
    assert f"{names['AT11']}, {names['HU21']}" in brief.peers.items[1]
    assert any(f"{names['AT11']}, {names['HU21']}" in fact.text for fact in brief.facts)


def test_missing_is_a_dash_and_never_judged(lang: str) -> None:
    brief = _written(EMPTY)
    assert {tile.value for tile in brief.tiles} == {"–"}
    assert {verdict.word for tile in brief.tiles for verdict in tile.verdicts} == {"–"}
    assert not any(character.isdigit() for character in brief.headline)
    assert any(note.startswith("*") for note in brief.notes)  # its name has an asterisk, which must lead somewhere
    assert not any(note.startswith("*") for note in _written(FULL).notes)


def test_every_region_has_a_print_view(lang: str) -> None:
    """Each region once: every other one in each language, since most of the time goes into the measures."""
    codes = list(frames.current_regions()["code"])
    for code in codes[list(LANGUAGES).index(lang) :: len(LANGUAGES)]:
        brief = _written(code)
        page = _Reader(html.page(brief, {}))
        assert [row[0] for row in page.rows[1:]] == [tile.name + tile.unit for tile in brief.tiles]
        assert page.tags.count("h1") == 1
        if lang == "hu":
            assert not ENGLISH.findall(re.sub(r"https?://\S+", "", page.text)), code


def test_print_view_shows_the_numbers_without_scripts(lang: str) -> None:
    brief = _written(FULL)
    page = _Reader(html.page(brief, {"peers": "gdp"}))
    for row, value in zip(page.rows[1:], _numbers(FULL).values(), strict=True):
        assert row[1].startswith(value)
    assert not {"script", "style", "button", "form"} & set(page.tags)
    assert dict(page.attributes)["html"]["lang"] == lang
    pictures = [attributes for tag, attributes in page.attributes if tag == "img"]
    assert len(pictures) == len(brief.tiles)
    assert all(picture["alt"] for picture in pictures)
    links = [attributes["href"] for tag, attributes in page.attributes if tag == "a"]
    assert f"/brief/{FULL}.pdf?peers=gdp&lang={lang}" in links


@pytest.mark.parametrize("region", [FULL, GREEK, EMPTY])
def test_pdf_is_tagged_and_says_the_same(lang: str, region: str) -> None:
    brief = _written(region)
    reader = PdfReader(io.BytesIO(pdf.as_pdf(brief)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    assert reader.metadata is not None
    assert reader.metadata.title == brief.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    tags = _structure(root["/StructTreeRoot"])
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 5
    assert tags.count("/TH") >= len(brief.columns)
    assert tags.count("/TR") == len(brief.tiles) + 1
    assert tags.count("/Figure") == sum(bool(tile.spark) for tile in brief.tiles)
    assert len(reader.pages) <= 2
    text = _flat("".join(page.extract_text() for page in reader.pages))
    for said in [*_numbers(region).values(), brief.headline, brief.place, *(fact.text for fact in brief.facts)]:
        assert _flat(said) in text


def _structure(node: Any) -> list[str]:
    """Names of all structure elements below a node, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        return [name for child in node for name in _structure(child)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + _structure(node.get("/K", ArrayObject()))


def test_pdf_has_a_glyph_for_every_name(app: Dash) -> None:
    """Hungarian, Greek and Cyrillic letters come out as themselves, from the fonts that travel with the program."""
    words = "ÁRVÍZTŰRŐ tükörfúrógép, Ελλάδα, Србија, Україна, България, Shqipëria, Čačak, Timișoara, Ďakovo"
    with app.server.test_request_context("/"):
        reader = PdfReader(io.BytesIO(pdf.as_pdf(replace(_written(FULL), lead=words))))
    text = reader.pages[0].extract_text()
    assert _flat(words) in _flat(text)
    assert "\ufffd" not in text


@pytest.mark.parametrize("region", [FULL, EMPTY])
def test_word_document_is_structured_and_says_the_same(lang: str, region: str) -> None:
    brief = _written(region)
    word = Document(io.BytesIO(docx.as_docx(brief)))
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings[0] == ("Heading 1", brief.headline)
    sections = (brief.targets, brief.good, brief.attention, brief.peers)
    assert headings[1:] == [("Heading 2", part.heading) for part in sections] + [("Heading 2", brief.facts_heading)]
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(brief.columns)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    for row, tile in zip(table.rows[1:], brief.tiles, strict=True):
        assert row.cells[1].text.split("\n")[0] == tile.value
        assert row.cells[0].text == f"{tile.name}\n{tile.unit}"
        assert tile.peers.word in row.cells[3].text
    assert word.core_properties.title == brief.title
    spoken = word.styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:lang")).get(qn("w:val"))
    assert spoken == {"en": "en-GB", "hu": "hu-HU"}[lang]
    pictures = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert pictures == [tile.spark_words for tile in brief.tiles if tile.spark]
    assert all(pictures)


@pytest.mark.usefixtures("hostile")
def test_names_are_never_taken_for_markup() -> None:
    brief = _written(FULL)
    page = html.page(brief, {})
    assert "<script" not in page
    assert "<b>" not in page
    assert HOSTILE in _Reader(page).text
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.as_pdf(brief))).pages)
    assert _flat(HOSTILE) in _flat(text)
    word = Document(io.BytesIO(docx.as_docx(brief)))
    assert any(HOSTILE in paragraph.text for paragraph in word.paragraphs)


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("docx", b"PK")], ids=["pdf", "docx"])
def test_files_come_with_name_type_and_language(app: Dash, form: str, start: bytes) -> None:
    reply = app.server.test_client().get(f"/brief/{FULL}.{form}?lang=hu&peers=gdp")
    assert reply.status_code == 200
    assert reply.data.startswith(start)
    assert f"polisee-brief-{FULL}-hu-v" in reply.headers["Content-Disposition"]
    assert reply.headers["Content-Language"] == "hu"


def test_list_leads_to_every_region(app: Dash) -> None:
    client = app.server.test_client()
    reply = client.get("/brief?lang=en&peers=gdp")
    links = [attributes.get("href") for tag, attributes in _Reader(reply.text).attributes if tag == "a"]
    with app.server.test_request_context("/"):
        for code in frames.current_regions()["code"]:
            assert f"/brief/{code}?peers=gdp&lang=en" in links
    assert client.get("/brief/?lang=en&peers=gdp").text == reply.text


@pytest.mark.parametrize("name", ["ZZ99", "%3Cscript%3E", "HU33.exe", "HU33.", "x" * 5000, "ITI3.pdf.exe"])
def test_unknown_brief_is_404_and_helps(app: Dash, name: str) -> None:
    reply = app.server.test_client().get(f"/brief/{name}?lang=en")
    page = _Reader(reply.text)
    assert reply.status_code == 404
    assert "script" not in page.tags
    assert any(
        (attributes.get("href") or "").startswith("/brief/") for tag, attributes in page.attributes if tag == "a"
    )


def test_former_region_leads_to_todays(app: Dash) -> None:
    reply = app.server.test_client().get("/brief/HU10?lang=en")
    assert reply.status_code == 404
    assert "Budapest (HU11)" in reply.text.split("<h2>")[0]


def test_nonsense_in_the_query_gives_the_usual_brief(app: Dash) -> None:
    client = app.server.test_client()
    usual = _Reader(client.get(f"/brief/{FULL}?lang=en").text)
    odd = _Reader(client.get(f"/brief/{FULL}?lang=en&peers=<b>&own={'HU11,' * 900}&abroad=maybe&x=1").text)
    assert odd.rows == usual.rows


def test_links_respect_the_path_prefix(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "url_prefix", "/polisee/")
    with app.server.test_request_context("/"):
        page = _Reader(html.page(_written(FULL), {}))
    links = [attributes.get("href") or "" for tag, attributes in page.attributes if tag in ("a", "link")]
    assert all("/polisee/" in link or link.startswith(("#", "mailto:")) for link in links)

"""The slides at their addresses, and what they become as files: the same numbers, editable, readable by everyone."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from dash import Dash
from flask.testing import FlaskClient
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pypdf import PdfReader

from config import settings
from dashboard import frames, theme
from dashboard.i18n import LANGUAGES, speaking
from dashboard.presenting import Files
from dashboard.reports import kit, poster, slides_html, slides_pdf, slides_pptx
from dashboard.reports.svg import light, tones, variable, width_of, wrapped
from dashboard.reports.svg_charts import draw
from dashboard.slide_charts import Bars, Cell, Chart, Cross, Head, Lines, Place, Pole, Step, Steps, Table
from dashboard.slides import TABLE, Deck, SlideFilters, deck

SET, REGION = "see2035", "HU31"
HOSTILE = '<script>alert(1)</script> & "\'] #eval("1") *x* $y$ \x0b ő'
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=list(LANGUAGES))
def lang(request: pytest.FixtureRequest, app: Dash) -> Iterator[str]:
    """A request in each language."""
    code: str = request.param
    with app.server.test_request_context("/"), speaking(code):
        theme.set_scheme("light")
        yield code


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client(use_cookies=False)


def _deck(code: str = SET, lang: str = "en") -> Deck:
    found = deck(code, SlideFilters.parse({"region": REGION}), lang)
    assert found is not None
    return found


class _Page(HTMLParser):
    """Tags with their attributes, and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, klass: str = "") -> list[dict[str, str | None]]:
        return [a for name, a in self.tags if name == tag and klass in [*(a.get("class") or "").split(), ""]]


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [SET, "ssp"])
@pytest.mark.parametrize("lang_", list(LANGUAGES))
def test_the_page_holds_every_slide(client: FlaskClient, code: str, lang_: str) -> None:
    reply = client.get(f"/present/{code}?lang={lang_}&region={REGION}")
    assert reply.status_code == 200
    page = _Page(reply.text)
    sections = page.all("section", "slide")
    assert [one["id"] for one in sections] == [str(n) for n in range(1, len(sections) + 1)]
    assert 12 <= len(sections) <= 20
    assert len(page.all("h1")) == 1
    assert len(page.all("aside", "notes")) == len(sections)
    fixed = {"en": "Not a forecast.", "hu": "Nem előrejelzés."}[lang_]
    assert reply.text.count(f"<strong>{fixed}") == len(sections)
    ids = [a["id"] for _tag, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    for section in sections:
        assert section["aria-labelledby"] in ids
    for _tag, a in page.tags:
        for name in (a.get("aria-labelledby") or "").split():
            assert name in ids


def test_the_page_keeps_to_the_policy(client: FlaskClient) -> None:
    """No script within the page, no handler in an attribute, nothing of another host."""
    reply = client.get(f"/present/{SET}?lang=en")
    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
    page = _Page(reply.text)
    assert all(a.get("src") for a in page.all("script"))
    assert not [a for _tag, a in page.tags for name in a if name.startswith("on")]
    hosts = re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', reply.text)
    assert not hosts
    for name in ("/slides.css", "/slides.js"):
        file = client.get(name)
        assert file.status_code == 200
        assert "max-age=31536000" in file.headers["Cache-Control"]
        assert "http" not in file.text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    "query",
    [
        "region=%3Cscript%3E",
        "region=HU31&show=nonsense,,rd_expenditure_gdp",
        "lang=xx&region=",
        "show=a&show=b",
        "x=%00",
    ],
)
def test_any_query_is_answered(client: FlaskClient, query: str) -> None:
    reply = client.get(f"/present/{SET}?{query}")
    assert reply.status_code == 200
    assert "<script>" not in reply.text


@pytest.mark.parametrize("path", ["none", "none.pptx", "none.pdf", "none/poster.svg", "none/kit.zip", "%3Cb%3E", "."])
def test_an_unknown_set_gets_the_list_of_sets(client: FlaskClient, path: str) -> None:
    reply = client.get(f"/present/{path}?lang=hu")
    assert reply.status_code == 404
    assert reply.mimetype == "text/html"
    assert f"/present/{SET}?lang=hu" in reply.text
    assert "Nincsenek ilyen diák" in reply.text
    assert "<b>" not in reply.text


def test_behind_a_prefix_every_address_has_it(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "url_prefix", "/polisee/")
    reply = client.get(f"/present/{SET}?lang=en&region=HU33")
    assert reply.status_code == 200
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', reply.text)
    assert addresses
    assert not [address for address in addresses if not address.startswith("/polisee/")]


# --- files at their addresses ---------------------------------------------------------------------------------------

FILES = ((".pptx", ".pptx"), (".pdf", ".pdf"), ("/poster.svg", "-poster.svg"), ("/kit.zip", "-kit.zip"))


@pytest.mark.parametrize(("ending", "name"), FILES)
def test_files_have_their_names_and_are_sent_once(client: FlaskClient, ending: str, name: str) -> None:
    address = f"/present/{SET}{ending}?lang=hu&region={REGION}"
    reply = client.get(address)
    assert reply.status_code == 200
    stem = f"polisee-{SET}-illustrative-{REGION}-hu-v{frames.data_version()}"
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{stem}{name}"'
    assert reply.headers["Content-Language"] == "hu"
    again = client.get(address)
    assert again.data == reply.data
    known = client.get(address, headers={"If-None-Match": reply.headers["ETag"]})
    assert known.status_code == 304
    assert not known.data
    other = client.get(address.replace("lang=hu", "lang=en"), headers={"If-None-Match": reply.headers["ETag"]})
    assert other.status_code == 200


def test_kept_files_stay_within_their_room() -> None:
    kept, made = Files(100), []

    def make(name: str, size: int) -> bytes:
        def write() -> bytes:
            made.append(name)
            return b"x" * size

        return kept.get(name, write)

    for name, size in (("a", 40), ("b", 40), ("a", 40), ("c", 40), ("a", 40), ("b", 40), ("huge", 500), ("huge", 500)):
        assert len(make(name, size)) == size
    assert made == ["a", "b", "c", "b", "huge"]


# --- PowerPoint -----------------------------------------------------------------------------------------------------


def _charts(slide: Any) -> list[Any]:
    return [shape for shape in slide.shapes if shape.has_chart]


def test_the_presentation_is_native(lang: str) -> None:
    found = _deck(lang=lang)
    made = Presentation(io.BytesIO(slides_pptx.as_pptx(found)))
    assert (made.slide_width, made.slide_height) == (round(13.333 * 914400), round(7.5 * 914400))
    assert len(made.slides) == len(found.slides)
    assert made.core_properties.title.startswith(found.title)
    assert made.core_properties.comments == found.warning
    language = {"en": "en-GB", "hu": "hu-HU"}[lang]
    for number, (one, told) in enumerate(zip(made.slides, found.slides, strict=True), 1):
        title = one.shapes.title
        assert title.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
        assert title.text_frame.text == told.title
        notes = one.notes_slide.notes_text_frame.text
        assert all(note in notes for note in (*told.notes, *told.whole))
        texts = {shape.placeholder_format.type: shape.text_frame.text for shape in one.placeholders}
        assert texts[PP_PLACEHOLDER.FOOTER].startswith(found.fixed)
        assert texts[PP_PLACEHOLDER.SLIDE_NUMBER] == str(number)
        runs = one._element.findall(".//{http://schemas.openxmlformats.org/drawingml/2006/main}rPr")
        assert {run.get("lang") for run in runs} == {language}
        assert len(_charts(one)) == (told.chart is not None)
        assert sum(shape.has_table for shape in one.shapes) == (told.table is not None)
        assert not [shape for shape in one.shapes if shape.shape_type == 13]  # no chart is a picture
        for shape in one.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
            edge = shape.left + shape.width, shape.top + shape.height
            assert edge[0] <= made.slide_width
            assert edge[1] <= made.slide_height


def test_numbers_of_native_charts_are_those_of_the_slides(lang: str) -> None:
    found = _deck(lang=lang)
    made = Presentation(io.BytesIO(slides_pptx.as_pptx(found)))
    kinds = set()
    for one, told in zip(made.slides, found.slides, strict=True):
        if told.chart is None:
            continue
        chart = _charts(one)[0].chart
        kinds.add(chart.chart_type)
        drawn: Chart = told.chart
        series = {s.name: list(s.values) for s in chart.plots[0].series}
        if isinstance(drawn, Lines):
            years = [int(str(category)) for category in chart.plots[0].categories]
            for path in drawn.paths:
                got = dict(zip(years, series[path.name], strict=True))
                assert {spot.year: spot.value for spot in path.spots} == {y: v for y, v in got.items() if v is not None}
                low = next(values for name, values in series.items() if name.startswith(f"{path.name}, "))
                assert [v for v in low if v is not None] == [spot.low for spot in path.spots if spot.low == spot.low]
            seen = {one_.year: one_.value for part in drawn.seen for one_ in part}
            observed = [values for name, values in series.items() if name.startswith(drawn.seen_label)]
            got = {y: v for values in observed for y, v in zip(years, values, strict=True) if v is not None}
            assert got == seen
        elif isinstance(drawn, Bars):
            assert series[drawn.name] == [bar.value for bar in drawn.bars]
        elif isinstance(drawn, Cross):
            assert [s.name for s in chart.plots[0].series] == [place.name for place in drawn.places]
            assert [next(iter(s.values)) for s in chart.plots[0].series] == [place.y for place in drawn.places]
        elif isinstance(drawn, Steps):
            assert next(iter(series.values())) == [round(step.start, 2) for step in drawn.steps]
        # The sheet behind the chart opens and holds the same.
        assert chart.part.chart_workbook.xlsx_part.blob[:2] == b"PK"
    assert kinds == {
        XL_CHART_TYPE.LINE,
        XL_CHART_TYPE.BAR_CLUSTERED,
        XL_CHART_TYPE.BAR_STACKED,
        XL_CHART_TYPE.XY_SCATTER,
    }


def test_tables_of_the_presentation_are_native(lang: str) -> None:
    found = _deck(lang=lang)
    made = Presentation(io.BytesIO(slides_pptx.as_pptx(found)))
    for one, told in zip(made.slides, found.slides, strict=True):
        if told.table is None:
            continue
        table = next(shape.table for shape in one.shapes if shape.has_table)
        rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
        assert rows[0] == [head.text for head in told.table.heads]
        assert rows[1:] == [[cell.text for cell in row] for row in told.table.rows]
        if told.table.heat:
            colours = [str(cell.fill.fore_color.rgb) for cell in list(table.rows[1].cells)[1:-1]]
            assert colours == [light(cell.fill)[1:].upper() for cell in told.table.rows[0][1:-1]]


def test_its_theme_is_our_own(lang: str) -> None:
    data = zipfile.ZipFile(io.BytesIO(slides_pptx.as_pptx(_deck(lang=lang))))
    names = [name for name in data.namelist() if name.startswith("ppt/theme/")]
    masters = data.read("ppt/slideMasters/_rels/slideMaster1.xml.rels").decode()
    own = next(name for name in names if name.rsplit("/", 1)[1] in masters)
    text = data.read(own).decode()
    assert 'name="PoliSEE"' in text
    assert theme.LIGHT.series[0][1:].upper() in text
    assert "Calibri" not in text
    layouts = [name for name in data.namelist() if re.fullmatch(r"ppt/slideLayouts/slideLayout\d+\.xml", name)]
    assert len(layouts) == 5


# --- PDF, poster, kit -----------------------------------------------------------------------------------------------


def test_the_handout_is_tagged_and_says_it_all(lang: str) -> None:
    found = _deck(lang=lang)
    reader = PdfReader(io.BytesIO(slides_pdf.as_pdf(found)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == found.title
    assert reader.xmp_metadata is not None
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    for slide in found.slides[1:]:
        for part in (slide.title, slide.notes[0][:60]):
            assert re.sub(r"\s+", "", part) in text.replace("-\u00ad", ""), (slide.key, part)
    for page in reader.pages:
        assert re.sub(r"\s+", "", found.fixed) in re.sub(r"\s+", "", page.extract_text())


@pytest.mark.parametrize("code", [SET, "ssp"])
def test_the_poster_fits_on_its_sheet(lang: str, code: str) -> None:
    found = _deck(code, lang)
    tree = ElementTree.fromstring(poster.as_svg(found))  # noqa: S314 - our own
    assert (tree.get("width"), tree.get("height")) == ("594mm", "841mm")
    high = float(str(tree.get("viewBox")).split()[3])
    texts = [(float(t.get("x", 0)), float(t.get("y", 0)), t.text or "") for t in tree.findall(f"{SVG}text")]
    assert all(0 < y <= high and 0 <= x <= poster.WIDTH for x, y, _text in texts)
    words = " ".join(text for _x, _y, text in texts)
    assert found.fixed in words
    for slide in found.slides:
        if slide.sign:
            assert slide.kicker.split(":")[0] in words
            for fact in slide.facts:
                assert fact.value in words
    assert tree.find(f"{SVG}title") is not None
    assert tree.find(f"{SVG}desc") is not None


def test_the_kit_holds_everything_and_asks_no_network(app: Dash) -> None:
    with app.server.test_request_context("/"):
        decks = [_deck(lang="hu"), _deck(lang="en")]
        with speaking("hu"):
            data = kit.as_zip(decks)
    assert len(data) < kit.LARGEST
    files = zipfile.ZipFile(io.BytesIO(data))
    assert files.testzip() is None
    folder = f"polisee-{SET}-illustrative-{REGION}-v{frames.data_version()}"
    wanted = {f"{folder}/README.txt", f"{folder}/{folder}-slides.html"}
    for found in decks:
        wanted |= {f"{folder}/{found.stem}{end}" for end in (".pptx", ".pdf", "-poster.svg", "-numbers.csv")}
    assert set(files.namelist()) == wanted
    page = files.read(f"{folder}/{folder}-slides.html").decode()
    read = _Page(page)
    assert len(read.all("section", "slide")) == 2 * len(decks[0].slides)
    assert not [a for tag, a in read.tags if a.get("src") or (tag == "link" and a.get("href") != "data:,")]
    assert "default-src 'none'" in page
    hrefs = [str(a["href"]) for _tag, a in read.tags if a.get("href")]
    assert all(href.startswith(("#", "data:")) for href in hrefs)
    readme = files.read(f"{folder}/README.txt").decode("utf-8-sig")
    for found in decks:
        assert found.fixed in readme
        assert f"{found.stem}.pptx" in readme


def test_the_sheet_of_numbers_is_that_of_the_charts(lang: str) -> None:
    found = _deck(lang=lang)
    lines = kit.numbers(found).decode("utf-8-sig").splitlines()
    assert found.fixed in lines[0]
    rows = list(csv.DictReader(lines[1:]))
    for place, slide in enumerate(found.slides, 1):
        mine = [row for row in rows if row["slide"] == str(place)]
        if isinstance(slide.chart, Lines):
            path = slide.chart.paths[0]
            told = [row for row in mine if row["series"] == path.name]
            assert [(int(row["year"]), float(row["value"])) for row in told] == [(s.year, s.value) for s in path.spots]
        elif slide.chart is None:
            assert not mine


# --- what nobody should be able to break ----------------------------------------------------------------------------


def _hostile() -> Deck:
    found = _deck()
    bars = Bars(
        HOSTILE, HOSTILE, HOSTILE, tuple(bar._replace(label=HOSTILE, text=HOSTILE) for bar in _bars(found)), 1.0
    )
    shown = [
        replace(
            slide,
            title=HOSTILE,
            kicker=HOSTILE,
            lines=(HOSTILE,),
            notes=(HOSTILE,),
            under=HOSTILE,
            sources=(HOSTILE, HOSTILE),
            chart=bars if isinstance(slide.chart, Bars) else slide.chart,
            table=Table(HOSTILE, (Head(HOSTILE),) * 3, ((Cell(HOSTILE, HOSTILE),) * 3,))
            if slide.kind == TABLE
            else None,
        )
        for slide in found.slides
    ]
    return replace(found, title=HOSTILE, question=HOSTILE, warning=HOSTILE, region_name=HOSTILE, slides=tuple(shown))


def _bars(found: Deck) -> tuple[Any, ...]:
    return next(slide.chart.bars for slide in found.slides if isinstance(slide.chart, Bars))


def test_texts_are_never_markup(lang: str) -> None:
    found = _hostile()
    page = slides_html.offline([found])
    assert "<script>alert" not in page
    assert Presentation(io.BytesIO(slides_pptx.as_pptx(found))).slides
    assert PdfReader(io.BytesIO(slides_pdf.as_pdf(found))).pages
    ElementTree.fromstring(poster.as_svg(found))  # noqa: S314
    assert kit.numbers(found)


def test_a_set_without_anything_still_has_slides(lang: str) -> None:
    """Only a title, a question and sources: every writer copes."""
    found = _deck()
    bare = replace(found, slides=tuple(s for s in found.slides if s.key in ("title", "question", "sources")))
    assert "is-title" in slides_html.offline([bare])
    assert len(Presentation(io.BytesIO(slides_pptx.as_pptx(bare))).slides) == 3
    assert PdfReader(io.BytesIO(slides_pdf.as_pdf(bare))).pages
    ElementTree.fromstring(poster.as_svg(bare))  # noqa: S314


CHARTS: tuple[Chart, ...] = (
    Cross(Pole("Axis", "low", "high"), None, (Place("Alone", "●", "series-0", "circle", 0.0, 0.0),)),
    Cross(
        Pole("A very long name of an axis indeed", "very much to the one side", "very much to the other"),
        Pole("B", "down", "up"),
        tuple(Place(f"Scenario number {n}", "●", f"series-{n}", "star", 0.01 * n, 0.0) for n in range(7)),
    ),
    Bars("nothing", "things", "n", (), 1.0),
    Steps((Step("One", "late", "late, 2 years short", 2024.0, 2026.0, 2028.0, "bad", "■", True),), 2024, 2028, 2026.5,
          "today", "Steps", "work"),
)  # fmt: skip


@pytest.mark.parametrize("width", [560.0, 1760.0])
@pytest.mark.parametrize("chart", CHARTS)
def test_odd_charts_are_drawn_within_their_picture(lang: str, chart: Chart, width: float) -> None:
    for paint in (light, variable):
        tree = ElementTree.fromstring(draw(chart, "Title", "Words", "x", paint, width))  # noqa: S314
        left, top, wide, high = map(float, str(tree.get("viewBox")).split())
        assert (left, top, wide) == (0, 0, width)
        for text in tree.iter(f"{SVG}text"):
            assert -1 <= float(text.get("y", 0)) <= high + 1
        assert [child.tag for child in list(tree)[:2]] == [f"{SVG}title", f"{SVG}desc"]


def test_charts_of_a_deck_say_their_numbers_as_the_language_writes_them(lang: str) -> None:
    found = _deck(lang=lang)
    slide = next(slide for slide in found.slides if slide.key == "pathway-rd_expenditure_gdp")
    assert isinstance(slide.chart, Lines)
    svg = draw(slide.chart, slide.title, slide.words, "x", light)
    mark = {"en": ".", "hu": ","}[lang]
    assert all(f"{path.end}" in svg for path in slide.chart.paths)
    assert re.search(rf"1\{mark}23%", svg)


def test_ink_can_be_read_on_every_step_of_the_scale() -> None:
    from dashboard.figures.maps import contrast

    for palette in (theme.LIGHT, theme.DARK):
        found = tones(palette)
        for place in range(len(palette.diverging)):
            assert contrast(found[f"diverging-{place}"], found[f"diverging-{place}-ink"]) >= 4.5
        assert contrast(palette.bad, palette.surface) >= 4.5


def test_words_are_measured_before_they_are_set() -> None:
    assert width_of("iiii", 100) < width_of("mmmm", 100)
    assert width_of("á", 100) == width_of("a", 100)
    assert wrapped("one two three", 100, 1e9) == ["one two three"]
    assert wrapped("one two three", 100, 1) == ["one", "two", "three"]
    assert wrapped("one two three", 100, 1, 2)[-1].endswith("…")
    assert wrapped("", 100, 50) == [""]

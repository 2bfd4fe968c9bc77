"""How fast a scenario set becomes slides, a presentation, a handout, a poster and a kit, beside plain python-pptx.

``python -m benchmarks.deck [--runs 9]`` loads the starter data into a database of its own, makes the slides of *SEE
clusters 2035* for one region (20 slides, 8 native charts, 4 tables, notes) and writes them as files. Results go to
``benchmarks/results/deck.md``.

Plain python-pptx is what the manual of the package shows: its own template, a title, the same texts, charts of the same
kinds with the same numbers, tables cell by cell, notes, and nothing of a look: what a presentation with native charts
costs at least.
"""

import argparse
import io
import os
import platform
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "deck.md"
SET, REGION = "see2035", "HU31"


def clock(work: Callable[[], Any], runs: int) -> tuple[float, float, float]:
    """(fastest, median, median of the processor alone) milliseconds of so many runs, after one to warm up."""
    work()
    taken, busy = [], []
    for _run in range(runs):
        start, used = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - used) * 1000)
    return min(taken), median(taken), median(busy)


def plain(deck: Any) -> bytes:
    """The same slides by plain calls of python-pptx."""
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData, XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    from dashboard.slide_charts import Bars, Cross, Lines, Steps

    made = Presentation()
    made.slide_width, made.slide_height = Inches(13.333), Inches(7.5)
    place = Inches(0.6), Inches(2), Inches(12), Inches(4.4)
    for slide in deck.slides:
        one = made.slides.add_slide(made.slide_layouts[1])
        one.shapes.title.text = slide.title
        one.placeholders[1].text = "\n".join((*slide.lines, *(f"{f.label} {f.value} {f.detail}" for f in slide.facts)))
        chart, kind, data = slide.chart, XL_CHART_TYPE.LINE, CategoryChartData()
        if isinstance(chart, Lines):
            years = list(range(chart.first, chart.last + 1))
            data.categories = [str(year) for year in years]
            for part in chart.seen:
                known = {one_.year: one_.value for one_ in part}
                data.add_series(chart.seen_label, [known.get(year) for year in years])
            for path in chart.paths:
                for end in ("low", "value", "high"):
                    known = {spot.year: getattr(spot, end) for spot in path.spots}
                    data.add_series(f"{path.name} {end}", [known.get(year) for year in years])
        elif isinstance(chart, Bars):
            kind = XL_CHART_TYPE.BAR_CLUSTERED
            data.categories = [bar.label for bar in chart.bars]
            if chart.before:
                data.add_series(chart.before, [bar.before for bar in chart.bars])
            data.add_series(chart.name, [bar.value for bar in chart.bars])
        elif isinstance(chart, Cross):
            kind, data = XL_CHART_TYPE.XY_SCATTER, XyChartData()
            for where in chart.places:
                data.add_series(where.name).add_data_point(where.x, where.y)
        elif isinstance(chart, Steps):
            kind = XL_CHART_TYPE.BAR_STACKED
            data.categories = [step.name for step in chart.steps]
            data.add_series("begins", [step.start for step in chart.steps])
            data.add_series(chart.work, [step.due - step.start for step in chart.steps])
        if chart is not None:
            one.shapes.add_chart(kind, *place, data)
        if slide.table is not None:
            table = one.shapes.add_table(len(slide.table.rows) + 1, len(slide.table.heads), *place).table
            for column, head in enumerate(slide.table.heads):
                table.cell(0, column).text = head.text
            for line, row in enumerate(slide.table.rows, 1):
                for column, cell in enumerate(row):
                    table.cell(line, column).text = cell.text
        one.notes_slide.notes_text_frame.text = "\n".join((*slide.notes, *slide.whole, *slide.sources))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def measure(runs: int) -> str:
    """Make everything and say how long it took, as Markdown."""
    from dashboard import slides
    from dashboard.app import create_app
    from dashboard.i18n import speaking
    from dashboard.slides import SlideFilters

    app = create_app()
    start = time.process_time()
    from dashboard.reports import slides_pptx

    imported = (time.process_time() - start) * 1000
    from dashboard.reports import kit, poster, slides_html, slides_pdf

    with app.server.test_request_context("/"), speaking("en"):
        chosen = SlideFilters.parse({"region": REGION})
        start = time.process_time()
        deck = slides.deck(SET, chosen, "en")
        cold = (time.process_time() - start) * 1000
        other = slides.deck(SET, chosen, "hu")
        if deck is None or other is None:
            raise SystemExit(f"The set {SET} is not loaded.")
        works: dict[str, tuple[Callable[[], Any], str]] = {
            "presentation (PPTX)": (lambda: slides_pptx.as_pptx(deck), "1,000"),
            "the same by plain python-pptx, without a look": (lambda: plain(deck), "-"),
            "slides as a page (HTML)": (lambda: slides_html.page(deck, f"/present/{SET}", {}, [], []), "-"),
            "handout (PDF/UA)": (lambda: slides_pdf.as_pdf(deck), "-"),
            "poster A1 (SVG)": (lambda: poster.as_svg(deck), "-"),
            "offline kit, both languages (ZIP)": (lambda: kit.as_zip([deck, other]), "-"),
        }
        rows = []
        for name, (work, wanted) in works.items():
            best, middle, busy = clock(work, max(2, runs // 3) if "kit" in name else runs)
            made = work()
            size = len(made.encode() if isinstance(made, str) else made) / 1024
            rows.append(f"| {name} | {size:,.0f} | {best:,.0f} | {middle:,.0f} | {busy:,.0f} | {wanted} |")
    charts, tables = (sum(getattr(one, part) is not None for one in deck.slides) for part in ("chart", "table"))
    head = (
        f"# Slides of a scenario set\n\n{datetime.now(UTC).date()}; {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; {platform.system()} {platform.machine()}. Made by `python -m benchmarks.deck`: "
        f"{len(deck.slides)} slides, {charts} charts, {tables} tables, notes; {runs} runs each in one process, warm. "
        f"Load average at the end: {os.getloadavg()[0]:.1f}; above {os.cpu_count()} other work was competing for the "
        "cores, and the processor's own time tells more.\n\n"
        "| file | KB | fastest, ms | median, ms | of the processor, ms | wanted, ms |\n|---|--:|--:|--:|--:|--:|\n"
    )
    tail = (
        f"\n\nThe slides themselves take {cold:,.0f} ms of the processor from the database when nothing is remembered, "
        f"and nothing noticeable afterwards; python-pptx takes {imported:,.0f} ms of it to import, once a process.\n"
    )
    return head + "\n".join(rows) + tail


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--database", help="URL of a database with the starter data; by default one is made")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.database
        if not url:
            from tests.loaded import load_starter

            url = load_starter(Path(folder) / "polisee.sqlite")
        os.environ["POLISEE_DATABASE_URL"] = url
        os.environ["POLISEE_LOG_LEVEL"] = "ERROR"
        text = measure(chosen.runs)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

"""How long it takes to freeze a period and to make its pack in all forms and languages.

``python -m benchmarks.pack [--share 1.0]`` makes the synthetic programme of ``benchmarks.made_programme`` (200
partners, 24 periods, 40 cost lines, 300 pilots with 20 indicators each, 5,000 deliverables) in a database of its own,
or a share of it, freezes its last period and renders PDF, DOCX, PPTX, XLSX and ZIP in English and Hungarian, each as
the worker beside the server does. Results go to ``benchmarks/results/pack.md``. The bar is 30 seconds.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "pack.md"
BAR = 30.0
"""Seconds in which a pack has to be there."""


def measure(share: float, folder: Path) -> str:
    """Make the programme, freeze it, render it; gives the table of times."""
    from benchmarks.made_programme import Scale, load, scaled
    from dashboard.reports.pack_forms import FORMS, WANTED, forming
    from etl.catalogue import load_catalogue
    from store import packs
    from store.engine import make_engine, writing
    from store.migrate import upgrade

    engine = make_engine(f"sqlite:///{folder / 'pack.sqlite'}")
    upgrade(engine)
    load_catalogue(engine)
    scale = Scale() if share >= 1 else scaled("made", share)
    load(engine, scale)
    lines: list[tuple[str, float, float, int]] = []
    with engine.connect() as connection:
        from analysis.snapshot import last_closed
        from store.programmes import part, programmes

        today = programmes(connection)["today"].iloc[0]
        period = last_closed(part(connection, "periods", scale.code), today)
    begun, busy = time.perf_counter(), time.process_time()
    with writing(engine) as connection:
        frozen = packs.freeze(connection, scale.code, period, "facilitator")
    with engine.connect() as connection:
        content, data, checksum = packs.content(connection, frozen.id)
    lines.append(("freeze", time.perf_counter() - begun, time.process_time() - busy, len(data)))
    from dashboard.work import render

    start, used = time.perf_counter(), time.process_time()
    if share >= 1:
        render(engine, frozen.id, lambda _done: None)
        lines.append(("all forms in both languages, side by side", time.perf_counter() - start, 0.0, 0))
    total = time.perf_counter() - begun
    ready = {}
    for lang, form in WANTED:
        start, used = time.perf_counter(), time.process_time()
        if lang not in ready:
            ready[lang] = forming(content, data, checksum, lang)
        made = FORMS[form](ready[lang])
        lines.append((f"{form}, {lang}, alone", time.perf_counter() - start, time.process_time() - used, len(made)))
    if share < 1:
        total = time.perf_counter() - begun
    worked = time.process_time() - busy
    again, used = time.perf_counter(), time.process_time()
    with writing(engine) as connection:
        assert not packs.freeze(connection, scale.code, period, "facilitator").is_new
    lines.append(("freeze again, nothing changed", time.perf_counter() - again, time.process_time() - used, 0))
    engine.dispose()
    return told(scale, lines, total, worked)


def told(scale: object, lines: list[tuple[str, float, float, int]], total: float, worked: float) -> str:
    """The results as a page of Markdown."""
    python = platform.python_version()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    head = [
        "# How long a pack takes",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {python}: "
        "seconds on the clock, and seconds that the processor worked.",
        f"`{scale}`",
        "",
        f"**All of it: {total:.1f} s** on the clock, {worked:.1f} s of the processor (bar: {BAR:.0f} s), at most "
        f"{memory:.0f} MB.",
        "",
        "| step | seconds | of the processor | kilobytes |",
        "|---|---:|---:|---:|",
    ]
    return (
        "\n".join(
            [
                *head,
                *(f"| {name} | {taken:.2f} | {busy:.2f} | {size / 1024:,.0f} |" for name, taken, busy, size in lines),
            ]
        )
        + "\n"
    )


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="share of the full programme")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measure(chosen.share, Path(folder))
    print(text)
    if chosen.share >= 1:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

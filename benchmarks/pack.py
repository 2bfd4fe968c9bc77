"""How long it takes to freeze a period and to make its pack in all forms and languages.

``python -m benchmarks.pack [--share 1.0]`` makes the synthetic programme of ``benchmarks.made_programme`` (200
partners, 24 periods, 40 cost lines, 300 pilots with 20 indicators each, 5,000 deliverables) in a database of its own,
or a share of it, and has the worker beside the server freeze its last period and render PDF, DOCX, PPTX, XLSX and ZIP
in English and Hungarian; then each part is measured alone. Results go to ``benchmarks/results/pack.md``. The bar is 30
seconds.
"""

import argparse
import gc
import os
import platform
import resource
import subprocess
import sys
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
    from store import jobs, packs
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
    with writing(engine) as connection:
        asked = {"programme": scale.code, "period": period, "role": "facilitator", "lang": "en"}
        job = jobs.ask(connection, "pack", asked)
    begun = time.perf_counter()
    known = {**os.environ, "POLISEE_DATABASE_URL": str(engine.url)}
    subprocess.run([sys.executable, "-m", "dashboard.work"], cwd=ROOT, env=known, check=True)
    total = time.perf_counter() - begun
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked, memory = children.ru_utime + children.ru_stime, children.ru_maxrss / 1024
    with engine.connect() as connection:
        done = jobs.read(connection, job)
        assert done is not None
        assert done.state == jobs.DONE, done.message
        found = packs.find(connection, scale.code, done.result["number"])
        assert found is not None
        content, data, checksum = packs.content(connection, found["id"])
    gc.disable()  # as the worker does
    start, used = time.perf_counter(), time.process_time()
    with writing(engine) as connection:
        assert not packs.freeze(connection, scale.code, period, "facilitator").is_new
    lines.append(("freeze", time.perf_counter() - start, time.process_time() - used, len(data)))
    for lang, form in WANTED:
        start, used = time.perf_counter(), time.process_time()
        if form == next(iter(FORMS)):
            ready = forming(content, data, checksum, lang)
        made = FORMS[form](ready)
        lines.append((f"{form}, {lang}", time.perf_counter() - start, time.process_time() - used, len(made)))
    engine.dispose()
    return told(scale, lines, (total, worked, memory))


def told(scale: object, lines: list[tuple[str, float, float, int]], whole: tuple[float, float, float]) -> str:
    """The results as a page of Markdown."""
    python = platform.python_version()
    total, worked, memory = whole
    head = [
        "# How long a pack takes",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {python}: "
        "seconds on the clock, and seconds that the processor worked.",
        f"`{scale}`",
        "",
        f"**The job, from its start to the last file: {total:.1f} s** on the clock, {worked:.1f} s of the processor "
        f"(bar: {BAR:.0f} s); a process takes {memory:.0f} MB at most. Its parts, one after another:",
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

"""The worker beside the server: freezes periods and renders their packs, job by job, then ends.

Run as ``python -m dashboard.work``. It knows no request: the language of its words comes with each job.
"""

import gc
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from config import settings
from dashboard.i18n import LANGUAGES, _, ngettext, number, speaking
from dashboard.pack_words import refused
from store import jobs, packs
from store.engine import make_engine, writing
from store.packs import Frozen, PackError

log = logging.getLogger("polisee.work")
KINDS = ("pack",)
LONGEST_ROLE = 24
NAMES = ("pdf", "docx", "pptx", "xlsx", "zip")
"""Forms of a pack."""
LARGE = 1_000_000
"""Bytes of frozen data from which languages are rendered side by side."""
PAUSE = 1.0
"""Seconds between two looks at how far they are."""


def main() -> None:
    """Do all jobs that wait."""
    _hasten()
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    engine = make_engine(settings().database_url)
    try:
        work(engine)
    finally:
        engine.dispose()


def work(engine: Engine) -> int:
    """Do all jobs that wait; gives how many."""
    done, me = 0, jobs.me()
    while (job := jobs.claim(engine, KINDS, me)) is not None:
        with speaking(str(job.arguments.get("lang", "en"))):
            _do(engine, job)
        done += 1
    return done


def _do(engine: Engine, job: jobs.JobRow) -> None:
    asked = job.arguments
    try:
        frozen = pack(engine, job.id, str(asked["programme"]), int(asked["period"]), str(asked["role"])[:LONGEST_ROLE])
    except PackError as error:
        jobs.end(engine, job.id, jobs.FAILED, refused(error.reason, **error.facts))
    except Exception:
        log.exception("job %s failed", job.id)
        words = _("The pack could not be made; it has been written down under job {number}.")
        jobs.end(engine, job.id, jobs.FAILED, words.format(number=job.id))
    else:
        result = {"number": frozen.number, "checksum": frozen.checksum, "new": frozen.is_new, "version": frozen.version}
        jobs.end(engine, job.id, jobs.DONE, told(frozen), result)


def told(frozen: Frozen) -> str:
    """What came of it, in a sentence."""
    if not frozen.is_new:
        return _("Nothing has changed since pack {number}; no new one was made.").format(number=frozen.number)
    words = _("Pack {number} is frozen.").format(number=frozen.number)
    if frozen.changes:
        changed = ngettext(
            "{n} number or entry has changed.", "{n} numbers and entries have changed.", len(frozen.changes)
        )
        words += " " + changed.format(n=number(len(frozen.changes)))
    return words


def pack(engine: Engine, job: int, programme: str, period: int, role: str) -> Frozen:
    """Freeze a period, and render what is not rendered yet.

    Raises:
        PackError: no such programme, or a period that has not ended.
    """
    total = 1 + len(LANGUAGES) * len(NAMES)
    jobs.step(engine, job, 0, total)
    with writing(engine) as connection:
        frozen = packs.freeze(connection, programme, period, role)
    jobs.step(engine, job, 1, total)
    render(engine, frozen.id, lambda done: jobs.step(engine, job, 1 + done, total))
    return frozen


def render(engine: Engine, pack: int, tell: Callable[[int], None]) -> None:
    """Render the forms of a pack that are not there yet, telling after each how many are done.

    Each language of a large pack is rendered by a process of its own. Where processes can be forked, they begin with
    what is loaded and unpacked already.
    """
    with engine.connect() as connection:
        size = packs.size(connection, pack)
    if size < LARGE or (os.cpu_count() or 1) < 2:
        for lang in LANGUAGES:
            _render(engine, pack, lang, tell)
        return
    forks = sys.platform == "linux"
    known = _known(engine, pack) if forks else None
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()  # no connection is shared with a process
    context: Any = multiprocessing.get_context("fork" if forks else "spawn")
    helpers = [context.Process(target=_render_beside, args=(url, pack, lang, known)) for lang in LANGUAGES]
    for helper in helpers:
        helper.start()
    while any(helper.is_alive() for helper in helpers):
        helpers[0].join(PAUSE)
        with engine.connect() as connection:
            tell(len(packs.forms(connection, pack)))
    if any(helper.exitcode for helper in helpers):
        raise RuntimeError("a language of the pack could not be rendered")


def _hasten() -> None:
    """Look for no cycles of dead objects: millions of rows are alive at once, and the process soon ends."""
    gc.disable()


Known = tuple[dict[str, Any], bytes, str]
"""What a pack froze: content, bytes and checksum."""


def _known(engine: Engine, pack: int) -> Known:
    import dashboard.reports.pack_forms  # noqa: F401  # slow to import; progress is told before

    with engine.connect() as connection:
        return packs.content(connection, pack)


def _render_beside(url: str, pack: int, lang: str, known: Known | None) -> None:
    _hasten()
    engine = make_engine(url)
    try:
        _render(engine, pack, lang, lambda _done: None, known)
    finally:
        engine.dispose()


def _render(engine: Engine, pack: int, lang: str, tell: Callable[[int], None], known: Known | None = None) -> None:
    """Render the forms of a pack in a language."""
    content, data, checksum = known or _known(engine, pack)
    from dashboard.reports.pack_forms import FORMS, forming

    with engine.connect() as connection:
        there = packs.forms(connection, pack)
    done = len(there)
    ready = None
    for form in FORMS:
        if (lang, form) in there:
            continue
        ready = ready or forming(content, data, checksum, lang)
        made = FORMS[form](ready)
        with writing(engine) as connection:
            packs.keep(connection, pack, lang, form, made)
        done += 1
        tell(done)


if __name__ == "__main__":
    main()

"""The worker beside the server: freezes periods and renders their packs, job by job, then ends.

Run as ``python -m dashboard.work``. It knows no request: the language of its words comes with each job.
"""

import logging
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


def main() -> None:
    """Do all jobs that wait."""
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


def render(engine: Engine, pack: int, tell: Any) -> None:
    """Render the forms of a pack that are not there yet, telling after each how many are done."""
    from dashboard.reports.pack_forms import FORMS, WANTED, Forming, forming  # slow to import; progress is told before

    with engine.connect() as connection:
        content, data, checksum = packs.content(connection, pack)
        there = {(lang, form) for lang, form in WANTED if packs.file(connection, pack, lang, form) is not None}
    ready: dict[str, Forming] = {}
    for done, (lang, form) in enumerate(WANTED, 1):
        if (lang, form) not in there:
            if lang not in ready:
                ready[lang] = forming(content, data, checksum, lang)
            made = FORMS[form](ready[lang])
            with writing(engine) as connection:
                packs.keep(connection, pack, lang, form, made)
        tell(done)


if __name__ == "__main__":
    main()

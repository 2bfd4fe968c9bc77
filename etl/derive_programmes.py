"""Results of programmes that pages show: money by cell, and every result indicator judged after every period.

Computed after a load and whenever thresholds change by their day. What is missing or stale is computed by the pages
themselves, only slower.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from etl.derive import Job, fingerprint
from etl.pipeline import Progress
from store.programme_results import KEYS, LABELS, METHOD, NAME, by_period, coded, stamp
from store.schema_programme import Programme

if TYPE_CHECKING:
    from store.derived import Result

STEPS = 3


def jobs(connection: Connection) -> list[Job]:
    """One job for each programme; due again after a load that changed it, and on the day a threshold changes."""
    query = select(Programme.code, Programme.settings, Programme.today).order_by(Programme.code)
    found = []
    for row in connection.execute(query):
        day, mark = row.today or datetime.now(UTC).date(), stamp(connection, row.code)
        begun = [one for one in row.settings if str(one["from"]) <= day.isoformat()]
        found.append(
            Job(NAME, row.code, fingerprint(mark, begun), METHOD, _Programme(row.code, mark, tuple(row.settings), day))
        )
    return found


@dataclass(frozen=True)
class _Programme:
    """Computes one programme."""

    code: str
    mark: str
    settings: tuple[Mapping[str, Any], ...]
    day: date

    def __call__(self, connection: Connection, progress: Progress) -> "dict[str, Result]":
        from dataclasses import replace

        from analysis.pilots import judgements, speaking, thresholds
        from store import programmes

        limits = thresholds(self.settings, self.day)
        facts = {"stamp": self.mark, "limits": limits.as_text()}
        plan = programmes.budget(connection, self.code)
        spent = programmes.expenditure(connection, self.code)
        progress(1, STEPS)
        indicators = programmes.part(connection, "result_indicators", self.code)
        values = programmes.part(connection, "result_values", self.code)
        periods = sorted(int(n) for n in programmes.part(connection, "periods", self.code)["number"])
        progress(2, STEPS)
        judged = judgements(indicators, values, periods, limits)
        pilots = set(indicators.loc[indicators["owner_kind"] == "pilot", "code"])
        speaks = speaking(judged[judged["indicator"].isin(pilots)])
        progress(3, STEPS)
        parts = {
            "budget": coded(plan, KEYS),
            "expenditure": coded(spent, KEYS),
            "by_period": coded(by_period(plan, spent), ()),
            "judged": coded(judged, LABELS),
            "speaks": coded(speaks, ("owner", "status", "indicator")),
        }
        return {name: replace(one, facts=one.facts | facts) for name, one in parts.items()}

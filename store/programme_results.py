"""Large tables of a programme as results: money summed over its lines, and the status of every indicator.

A programme of two hundred partners has two hundred thousand lines of expenditure; reading and judging them takes
seconds, so it is done once a load. Texts that repeat are kept as numbers with their list beside them, and come back as
categories: a frame of that many rows is then read, grouped and kept in milliseconds.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from store.derived import Result, read
from store.schema import Derived, LoadRun

if TYPE_CHECKING:
    import pandas as pd

NAME = "programme"
METHOD = 2
"""Version of ``analysis.pilots.judgements`` and of how results are kept here."""

KEYS = ("partner", "work_package", "category", "fund")
LABELS = ("indicator", "owner", "status", "why")


def stamp(connection: Connection, programme: str) -> str:
    """What changes whenever a load changes rows of a programme; edits of people do not, as they touch neither money nor
    result values."""
    changed = LoadRun.rows_new + LoadRun.rows_changed > 0
    mine = LoadRun.query.startswith(f"programme {programme};", autoescape=True)
    query = select(func.max(LoadRun.id)).where(LoadRun.state == "done", mine, changed)
    return str(connection.scalar(query) or 0)


def coded(frame: "pd.DataFrame", columns: Sequence[str]) -> Result:
    """A frame with some columns as numbers, their texts listed in the facts."""
    import pandas as pd

    lists: dict[str, Any] = {}
    changes: dict[str, Any] = {}
    for name in columns:
        codes, found = pd.factorize(frame[name])
        changes[name], lists[name] = codes.astype("int32"), [str(one) for one in found]
    return Result(frame.assign(**changes), {"lists": lists})


def told(result: Result) -> "pd.DataFrame":
    """The frame that ``coded`` was given, with categories in the place of texts."""
    import pandas as pd

    lists = result.facts["lists"]
    changes = {name: pd.Categorical.from_codes(result.frame[name], found) for name, found in lists.items()}
    return result.frame.assign(**changes)


def by_period(plan: "pd.DataFrame", spent: "pd.DataFrame") -> "pd.DataFrame":
    """Planned and spent money of all together: [period, amount_cents, declared_cents, certified_cents]."""
    import pandas as pd

    sums = [
        plan.groupby("period")["amount_cents"].sum(),
        spent.groupby("period")[["declared_cents", "certified_cents"]].sum(),
    ]
    return pd.concat(sums, axis=1).fillna(0).astype("int64").rename_axis("period").reset_index()


def result(connection: Connection, programme: str, part: str) -> Result | None:
    """A result of a programme as it stands now: None when it was never computed, or before the last load.

    Args:
        connection: open connection.
        programme: code of the programme.
        part: ``budget``, ``expenditure``, ``by_period``, and ``judged`` and ``speaks`` (both by the ``limits`` among
            their facts).
    """
    found = read(connection, NAME, programme, part)
    if found is None or found.facts.get("stamp") != stamp(connection, programme):
        return None
    method = select(Derived.method).where(Derived.name == NAME, Derived.subject == programme, Derived.part == part)
    return found if connection.scalar(method) == METHOD else None

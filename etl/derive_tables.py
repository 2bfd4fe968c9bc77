"""Results of input-output tables that pages show: the Leontief inverse beside the table, and the frames of a chain.

Asking what is due reads rows of SQL only; numbers are touched when a job computes.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from config import settings
from etl.derive import Job, fingerprint
from etl.pipeline import Progress
from store.schema import StoredTable

if TYPE_CHECKING:
    from store.derived import Result

NAME = "chain"
METHOD = 1
"""Version of ``analysis.value_chain.chain_frames``; a test compares the two."""

STEPS = 3
PLACE = (StoredTable.kind, StoredTable.dataset, StoredTable.country, StoredTable.year)


def subject_of(kind: str, dataset: str, country: str, year: int) -> str:
    """The subject under which results of a stored table lie: ``national:NAIO_10_CP1700:HU:2020``."""
    return f"{kind}:{dataset}:{country}:{year}"


def jobs(connection: Connection) -> list[Job]:
    """One job for each stored input-output table; due again when its file is another one."""
    query = select(*PLACE, StoredTable.digest, StoredTable.file).where(StoredTable.kind != "trade").order_by(*PLACE)
    return [
        Job(
            NAME,
            subject_of(row.kind, row.dataset, row.country, row.year),
            fingerprint(row.digest),
            METHOD,
            _Chain(row.digest, row.file),
        )
        for row in connection.execute(query)
    ]


@dataclass(frozen=True)
class _Chain:
    """Computes one table: its inverse into a file that can be mapped into memory, its frames as results."""

    digest: str
    file: str

    def __call__(self, _connection: Connection, progress: Progress) -> "dict[str, Result]":
        from analysis.value_chain import System, chain_frames
        from store.derived import Result
        from store.tables import open_table, write_inverse

        folder = settings().tables_dir
        system = System(open_table(folder / self.file))
        progress(1, STEPS)
        write_inverse(folder, self.digest, system.inverse)
        progress(2, STEPS)
        parts, facts = chain_frames(system)
        progress(3, STEPS)
        return {part: Result(frame, facts) for part, frame in parts.items()}

"""Results computed once for a state of the data: small frames as Parquet, read by name, subject and part."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from store.schema import Derived

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """A frame with what a reader must know of how it came about (conventions, diagnostics), as plain JSON values."""

    frame: "pd.DataFrame"
    facts: dict[str, Any] = field(default_factory=dict)


class State(NamedTuple):
    """What a stored result was computed from."""

    inputs: str
    method: int


def states(connection: Connection, name: str) -> dict[str, State]:
    """Subjects that have results of this name, with what these were computed from."""
    query = select(Derived.subject, Derived.inputs, Derived.method).where(Derived.name == name).distinct()
    return {row.subject: State(row.inputs, row.method) for row in connection.execute(query)}


def read(connection: Connection, name: str, subject: str, part: str = "") -> Result | None:
    """One result, or None when it has not been computed."""
    query = select(Derived.content, Derived.facts).where(
        Derived.name == name, Derived.subject == subject, Derived.part == part
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Result(unpack(row.content), row.facts)


def read_parts(connection: Connection, name: str, subject: str, parts: Iterable[str]) -> "dict[str, pd.DataFrame]":
    """Several parts of one subject; those that have not been computed are not in it."""
    query = select(Derived.part, Derived.content).where(
        Derived.name == name, Derived.subject == subject, Derived.part.in_(list(parts))
    )
    return {row.part: unpack(row.content) for row in connection.execute(query)}


def write(
    connection: Connection, name: str, subject: str, state: State, results: Mapping[str, Result], duration_s: float
) -> None:
    """Put the results of a subject in the place of those it had. Runs in the caller's write transaction."""
    forget(connection, name, [subject])
    now = datetime.now(UTC).replace(tzinfo=None)
    rows = [
        {
            "name": name,
            "subject": subject,
            "part": part,
            "inputs": state.inputs,
            "method": state.method,
            "content": pack(result.frame),
            "facts": result.facts,
            "computed_at": now,
            "duration_s": duration_s,
        }
        for part, result in results.items()
    ]
    if rows:
        connection.execute(insert(Derived), rows)


def forget(connection: Connection, name: str, subjects: Iterable[str]) -> None:
    """Remove the results of subjects that are no longer there."""
    connection.execute(delete(Derived).where(Derived.name == name, Derived.subject.in_(list(subjects))))


def pack(frame: "pd.DataFrame") -> bytes:
    """A frame as compressed Parquet."""
    # Imported here, since the command line asks what is stale at every start and mostly nothing is.
    import pyarrow as pa
    from pyarrow import parquet

    # Most frames are small, and what describes them would take four times the room of what is in them.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    target = io.BytesIO()
    plain: dict[str, Any] = {"write_statistics": False, "use_dictionary": False, "store_schema": False}
    parquet.write_table(table, target, compression="zstd", **plain)
    return target.getvalue()


def unpack(content: bytes) -> "pd.DataFrame":
    """The frame that ``pack`` wrote."""
    from pyarrow import parquet

    return parquet.read_table(io.BytesIO(content)).to_pandas()

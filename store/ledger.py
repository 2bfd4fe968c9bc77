"""The ledger: what was loaded, when, from where, and which rows were refused."""

import pandas as pd
from sqlalchemy import Connection, select

from store.schema import LoadRun, Quarantine


def loads(connection: Connection, limit: int = 100) -> pd.DataFrame:
    """The newest loads first, failed ones included: every column of ``load_run``; times are UTC without a zone."""
    result = connection.execute(select(LoadRun.__table__).order_by(LoadRun.id.desc()).limit(limit))
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    for column in ("vintage", "started_at"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def quarantine(connection: Connection, load_id: int | None = None) -> pd.DataFrame:
    """Refused rows of one load, or of all, newest load first and in file order.

    Returns:
        [id, load_id, file_name, line (Int64, NA for a whole file), column, value, reason, remedy].
    """
    query = select(Quarantine.__table__).order_by(Quarantine.load_id.desc(), Quarantine.id)
    if load_id is not None:
        query = query.where(Quarantine.load_id == load_id)
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    return frame.astype({"line": "Int64"})

"""Tables, as typed SQLAlchemy 2 models. Codes are what people see; integer keys keep observations small."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {dict[str, Any]: JSON, list[str]: JSON, list[dict[str, Any]]: JSON}


class Label(Base):
    """One text of one thing in one language: names, definitions, notes. ``lang`` is a code or ``local``/``latin``."""

    __tablename__ = "text"
    entity: Mapped[str] = mapped_column(String(16), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    field: Mapped[str] = mapped_column(String(24), primary_key=True)
    lang: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Theme(Base):
    """One of the six themes of cluster policy."""

    __tablename__ = "theme"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    symbol: Mapped[str] = mapped_column(String(8))


class Source(Base):
    """Who publishes figures, and on what terms. Citation text is in ``text`` (field ``citation``)."""

    __tablename__ = "source"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    publisher: Mapped[str] = mapped_column(String(160))
    url: Mapped[str] = mapped_column(String(400))
    licence: Mapped[str] = mapped_column(String(80))
    licence_url: Mapped[str] = mapped_column(String(400))


class Dataset(Base):
    """A published dataset; ``updated`` is the publisher's own time of its newest vintage that we loaded."""

    __tablename__ = "dataset"
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("source.code"))
    url: Mapped[str] = mapped_column(String(400))
    updated: Mapped[datetime | None]


class Indicator(Base):
    """What is measured. ``direction`` is +1 (higher is better), -1 or 0; ``filters`` pick its rows of the dataset.

    ``aliases`` are other datasets and older spellings that carry the same figures: a list of ``{dataset, filters}``.
    With a ``series`` it is one industry of a series by industry (code ``series:industry``): such rows are figures like
    all others for loads, ledger and quarantine, and stand in no list of indicators.
    """

    __tablename__ = "indicator"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    theme: Mapped[str] = mapped_column(ForeignKey("theme.code"))
    dataset: Mapped[str] = mapped_column(ForeignKey("dataset.code"))
    filters: Mapped[dict[str, Any]]
    aliases: Mapped[list[dict[str, Any]]]
    live: Mapped[bool]
    role: Mapped[str] = mapped_column(String(16))
    position: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[str] = mapped_column(String(32))
    direction: Mapped[int] = mapped_column(SmallInteger)
    decimals: Mapped[int] = mapped_column(SmallInteger)
    change: Mapped[str] = mapped_column(String(12))
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    target_value: Mapped[float | None]
    target_year: Mapped[int | None]
    target_url: Mapped[str | None] = mapped_column(String(400))
    target_scope: Mapped[str | None] = mapped_column(String(80))
    target_comparable: Mapped[bool | None]
    series: Mapped[str | None] = mapped_column(ForeignKey("industry_series.code"))
    industry: Mapped[str | None] = mapped_column(String(24))
    __table_args__ = (
        CheckConstraint("direction IN (-1, 0, 1)", name="direction"),
        CheckConstraint("role IN ('headline', 'core', 'structural', 'context', 'own')", name="role"),
        CheckConstraint("change IN ('relative', 'points')", name="change"),
    )


class Industry(Base):
    """One class of one version of a classification of activities or products.

    Names are in ``text`` (entity ``industry``, code ``classification:code``). ``section`` is the NACE section that
    decides its colour, or '' for none.
    """

    __tablename__ = "industry"
    classification: Mapped[str] = mapped_column(String(16), primary_key=True)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    parent: Mapped[str | None] = mapped_column(String(24))
    level: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger)
    section: Mapped[str] = mapped_column(String(8))


class IndustrySeries(Base):
    """A figure by region, industry and year, such as employment by NACE section group.

    Each of its industries is an ``indicator`` of its own (code ``series:industry``). ``members`` are the industries
    that add up to the whole without overlap, ``total`` the code under which the publisher gives their sum ('' for none,
    and always for series that do not add up). Names and notes are in ``text`` (entity ``series``).
    """

    __tablename__ = "industry_series"
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    classification: Mapped[str] = mapped_column(String(16))
    dataset: Mapped[str] = mapped_column(ForeignKey("dataset.code"))
    unit: Mapped[str] = mapped_column(String(32))
    decimals: Mapped[int] = mapped_column(SmallInteger)
    members: Mapped[list[str]]
    total: Mapped[str] = mapped_column(String(24))
    __table_args__ = (CheckConstraint("kind IN ('structure', 'position')", name="kind"),)


class StoredTable(Base):
    """An input-output table or a table of trade: what it is, here; its matrices in the file ``file``, beside the
    database.

    A table of 77 countries and 45 industries has twelve million cells. As rows they would take a gigabyte and minutes;
    as one compressed file they take some tens of megabytes and are read in a fraction of a second. ``digest`` is the
    SHA-256 of the file, and names it. ``layout`` holds countries, industries and the names of columns, ``checks`` what
    the balance checks found.
    """

    __tablename__ = "stored_table"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    dataset: Mapped[str] = mapped_column(ForeignKey("dataset.code"))
    country: Mapped[str] = mapped_column(String(8))
    year: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(160))
    classification: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(32))
    vintage: Mapped[datetime | None]
    layout: Mapped[dict[str, Any]]
    checks: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(120))
    bytes: Mapped[int] = mapped_column(BigInteger)
    load_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"))
    __table_args__ = (
        CheckConstraint("kind IN ('national', 'inter_country', 'trade')", name="kind"),
        Index("uq_stored_table_what", "kind", "dataset", "country", "year", unique=True),
    )


class Derived(Base):
    """A result computed once for a state of the data, so that no page waits for it: a small frame as Parquet.

    ``name`` is the kind of result, ``subject`` what it is about (a series and year, a table), ``part`` a piece that is
    read alone (a region). ``inputs`` is a fingerprint of what went in and ``method`` the version of the arithmetic:
    when either differs from what is due, it is computed again. ``facts`` are its conventions and diagnostics.
    """

    __tablename__ = "derived"
    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[str] = mapped_column(String(96), primary_key=True)
    part: Mapped[str] = mapped_column(String(32), primary_key=True)
    inputs: Mapped[str] = mapped_column(String(64))
    method: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    facts: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    duration_s: Mapped[float]


class Region(Base):
    """A region of one level: 0 country, 1, 2 region, 9 aggregate such as the EU. Names are in ``text``."""

    __tablename__ = "region"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(8), index=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("region.code"))
    nuts_versions: Mapped[list[str]]
    valid_from: Mapped[int | None] = mapped_column(SmallInteger)
    valid_to: Mapped[int | None] = mapped_column(SmallInteger)
    tile_column: Mapped[int | None] = mapped_column(SmallInteger)
    tile_row: Mapped[int | None] = mapped_column(SmallInteger)
    __table_args__ = (CheckConstraint("kind IN ('nuts', 'statistical', 'aggregate', 'extra')", name="kind"),)


class RegionChange(Base):
    """How a region of one classification version became one or several of the next; never used to join series."""

    __tablename__ = "region_change"
    from_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    to_code: Mapped[str] = mapped_column(String(16), primary_key=True)
    from_version: Mapped[str] = mapped_column(String(8), primary_key=True)
    to_version: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    population_share: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(400))


class LoadRun(Base):
    """The ledger: one row a load. ``data_version`` is the number that this load gave the whole database.

    ``catalogue`` is the fingerprint of the catalogue the rows were read with: the same file means something else
    once an indicator or region has been added.
    """

    __tablename__ = "load_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(32))
    dataset: Mapped[str] = mapped_column(String(64))
    query: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(400))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    catalogue: Mapped[str] = mapped_column(String(64), default="")
    bytes: Mapped[int] = mapped_column(BigInteger)
    vintage: Mapped[datetime | None]
    started_at: Mapped[datetime]
    duration_s: Mapped[float]
    rows_read: Mapped[int]
    rows_passed_over: Mapped[int]
    rows_new: Mapped[int]
    rows_changed: Mapped[int]
    rows_unchanged: Mapped[int]
    rows_rejected: Mapped[int]
    data_version: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("state IN ('done', 'failed')", name="state"),)


class Observation(Base):
    """One figure: indicator x region x year. ``value`` is empty when missing, never zero for missing.

    ``flags`` keeps the publisher's letters, sorted (``b``, ``bu``); ``status`` is the SDMX OBS_STATUS they map to.

    There is no second index: pages always name their indicators, so the key serves them, and a second one halves the
    speed of a load. Nor are there foreign keys here: checked a row at a time they cost more than all else together
    (three times as much on SQLite, nine times on PostgreSQL). The load answers for them: it takes every number from
    those very tables, in the same transaction, under the lock of writers; ``etl.catalogue`` refuses to remove what has
    figures; and ``polisee check`` counts orphans.
    """

    __tablename__ = "observation"
    indicator_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    region_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[float | None]
    flags: Mapped[str] = mapped_column(String(8), default="")
    status: Mapped[str] = mapped_column(String(1), default="A")
    confidential: Mapped[str] = mapped_column(String(1), default="")
    load_id: Mapped[int] = mapped_column(Integer)
    __table_args__ = ({"sqlite_with_rowid": False},)


class Revision(Base):
    """What an observation was before a later load changed it, so that any past data version can be read again."""

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    period: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[float | None]
    flags: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(1))
    confidential: Mapped[str] = mapped_column(String(1))
    load_id: Mapped[int] = mapped_column(Integer)
    replaced_by: Mapped[int] = mapped_column(ForeignKey("load_run.id"), index=True)
    __table_args__ = (Index("ix_revision_key", "indicator_id", "region_id", "period"),)


class Quarantine(Base):
    """A row that was not loaded, where it stands, why, and what would be right."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(400))
    line: Mapped[int | None]
    column: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(48))
    remedy: Mapped[str] = mapped_column(Text)


class Geometry(Base):
    """A boundary, as GeoJSON geometry in WGS 84, with the credit that must stand beside a map drawn from it."""

    __tablename__ = "geometry"
    region: Mapped[str] = mapped_column(String(16), primary_key=True)
    nuts_version: Mapped[str] = mapped_column(String(8), primary_key=True)
    scale: Mapped[str] = mapped_column(String(8))
    shape: Mapped[dict[str, Any]]
    credit: Mapped[str] = mapped_column(String(200))
    load_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"))

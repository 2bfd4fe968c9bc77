"""The first tables: catalogue, regions, ledger, observations with their past, quarantine, boundaries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "load_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("catalogue", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("vintage", sa.DateTime(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_passed_over", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('done', 'failed')", name=op.f("ck_load_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load_run")),
    )
    op.create_index(op.f("ix_load_run_sha256"), "load_run", ["sha256"], unique=False)
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=True),
        sa.Column("nuts_versions", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.SmallInteger(), nullable=True),
        sa.Column("valid_to", sa.SmallInteger(), nullable=True),
        sa.Column("tile_column", sa.SmallInteger(), nullable=True),
        sa.Column("tile_row", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('nuts', 'statistical', 'aggregate', 'extra')", name=op.f("ck_region_kind")),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_parent_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_index(op.f("ix_region_country"), "region", ["country"], unique=False)
    op.create_table(
        "region_change",
        sa.Column("from_code", sa.String(length=16), nullable=False),
        sa.Column("to_code", sa.String(length=16), nullable=False),
        sa.Column("from_version", sa.String(length=8), nullable=False),
        sa.Column("to_version", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("population_share", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("from_code", "to_code", "from_version", "to_version", name=op.f("pk_region_change")),
    )
    op.create_table(
        "source",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("publisher", sa.String(length=160), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("licence_url", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_source")),
    )
    op.create_table(
        "text",
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "code", "field", "lang", name=op.f("pk_text")),
    )
    op.create_table(
        "theme",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("symbol", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_theme")),
    )
    op.create_table(
        "dataset",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("updated", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.code"], name=op.f("fk_dataset_source_source")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dataset")),
    )
    op.create_table(
        "geometry",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("nuts_version", sa.String(length=8), nullable=False),
        sa.Column("scale", sa.String(length=8), nullable=False),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["load_run.id"], name=op.f("fk_geometry_load_id_load_run")),
        sa.PrimaryKeyConstraint("region", "nuts_version", name=op.f("pk_geometry")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["load_run.id"], name=op.f("fk_quarantine_load_id_load_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_load_id"), "quarantine", ["load_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("direction", sa.SmallInteger(), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("lower", sa.Double(), nullable=True),
        sa.Column("upper", sa.Double(), nullable=True),
        sa.Column("target_value", sa.Double(), nullable=True),
        sa.Column("target_year", sa.Integer(), nullable=True),
        sa.Column("target_url", sa.String(length=400), nullable=True),
        sa.Column("target_scope", sa.String(length=80), nullable=True),
        sa.Column("target_comparable", sa.Boolean(), nullable=True),
        sa.CheckConstraint("change IN ('relative', 'points')", name=op.f("ck_indicator_change")),
        sa.CheckConstraint(
            "role IN ('headline', 'core', 'structural', 'context', 'own')", name=op.f("ck_indicator_role")
        ),
        sa.CheckConstraint("direction IN (-1, 0, 1)", name=op.f("ck_indicator_direction")),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.code"], name=op.f("fk_indicator_dataset_dataset")),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_indicator_theme_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    op.create_table(
        "observation",
        sa.Column("indicator_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("flags", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("confidential", sa.String(length=1), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("indicator_id", "region_id", "period", name=op.f("pk_observation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("flags", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("confidential", sa.String(length=1), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_revision_indicator_id_indicator")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_revision_region_id_region")),
        sa.ForeignKeyConstraint(["replaced_by"], ["load_run.id"], name=op.f("fk_revision_replaced_by_load_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_key", "revision", ["indicator_id", "region_id", "period"], unique=False)
    op.create_index(op.f("ix_revision_replaced_by"), "revision", ["replaced_by"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_revision_replaced_by"), table_name="revision")
    op.drop_index("ix_revision_key", table_name="revision")
    op.drop_table("revision")
    op.drop_table("observation")
    op.drop_table("indicator")
    op.drop_index(op.f("ix_quarantine_load_id"), table_name="quarantine")
    op.drop_table("quarantine")
    op.drop_table("geometry")
    op.drop_table("dataset")
    op.drop_table("theme")
    op.drop_table("text")
    op.drop_table("source")
    op.drop_table("region_change")
    op.drop_index(op.f("ix_region_country"), table_name="region")
    op.drop_table("region")
    op.drop_index(op.f("ix_load_run_sha256"), table_name="load_run")
    op.drop_table("load_run")

"""Industries, series by industry, input-output and trade tables, results computed once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "industry",
        sa.Column("classification", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("parent", sa.String(length=24), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("section", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("classification", "code", name=op.f("pk_industry")),
    )
    op.create_table(
        "industry_series",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("classification", sa.String(length=16), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("total", sa.String(length=24), nullable=False),
        sa.CheckConstraint("kind IN ('structure', 'position')", name=op.f("ck_industry_series_kind")),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.code"], name=op.f("fk_industry_series_dataset_dataset")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industry_series")),
    )
    with op.batch_alter_table("indicator") as table:
        table.add_column(sa.Column("series", sa.String(length=48), nullable=True))
        table.add_column(sa.Column("industry", sa.String(length=24), nullable=True))
        table.create_foreign_key(op.f("fk_indicator_series_industry_series"), "industry_series", ["series"], ["code"])
    op.create_table(
        "stored_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("classification", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("vintage", sa.DateTime(), nullable=True),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('national', 'inter_country', 'trade')", name=op.f("ck_stored_table_kind")),
        sa.ForeignKeyConstraint(["dataset"], ["dataset.code"], name=op.f("fk_stored_table_dataset_dataset")),
        sa.ForeignKeyConstraint(["load_id"], ["load_run.id"], name=op.f("fk_stored_table_load_id_load_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_table")),
    )
    op.create_index("uq_stored_table_what", "stored_table", ["kind", "dataset", "country", "year"], unique=True)
    op.create_table(
        "derived",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("inputs", sa.String(length=64), nullable=False),
        sa.Column("method", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", "part", name=op.f("pk_derived")),
    )


def downgrade() -> None:
    op.drop_table("derived")
    op.drop_table("stored_table")
    with op.batch_alter_table("indicator") as table:
        table.drop_constraint(op.f("fk_indicator_series_industry_series"), type_="foreignkey")
        table.drop_column("industry")
        table.drop_column("series")
    op.drop_table("industry_series")
    op.drop_table("industry")

"""Scenario sets, judgements, tracking, and the audit of what people change."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("entity", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=48), nullable=False),
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undone_by"], ["audit_entry.id"], name=op.f("fk_audit_entry_undone_by_audit_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_scope", "audit_entry", ["scope", "id"], unique=False)
    op.create_table(
        "pathway_point",
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("series_id", "year", name=op.f("pk_pathway_point")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tracking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("scenario", sa.String(length=48), nullable=False),
        sa.Column("run_at", sa.DateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking")),
    )
    op.create_index("ix_tracking_what", "tracking", ["set_code", "region", "as_of"], unique=False)
    op.create_table(
        "scenario_set",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("base_year", sa.SmallInteger(), nullable=False),
        sa.Column("horizon", sa.SmallInteger(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("axes", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=False),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('illustrative', 'published', 'own')", name=op.f("ck_scenario_set_origin")),
        sa.ForeignKeyConstraint(["load_id"], ["load_run.id"], name=op.f("fk_scenario_set_load_id_load_run")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_scenario_set")),
    )
    op.create_table(
        "driver",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("steep", sa.String(length=16), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("impact_low", sa.Double(), nullable=True),
        sa.Column("impact_high", sa.Double(), nullable=True),
        sa.Column("uncertainty", sa.Double(), nullable=False),
        sa.Column("uncertainty_low", sa.Double(), nullable=True),
        sa.Column("uncertainty_high", sa.Double(), nullable=True),
        sa.Column("ratings", sa.Integer(), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("year_low", sa.SmallInteger(), nullable=True),
        sa.Column("year_high", sa.SmallInteger(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.CheckConstraint("kind IN ('driver', 'trend', 'weak_signal', 'wild_card')", name=op.f("ck_driver_kind")),
        sa.CheckConstraint(
            "steep IN ('social', 'technological', 'economic', 'environmental', 'political')",
            name=op.f("ck_driver_steep"),
        ),
        sa.CheckConstraint("impact BETWEEN 1 AND 10 AND uncertainty BETWEEN 1 AND 10", name=op.f("ck_driver_scale")),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_driver_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_driver_theme_theme")),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_driver")),
    )
    op.create_table(
        "judgement_matrix",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.CheckConstraint("kind IN ('cib', 'influence', 'morphology')", name=op.f("ck_judgement_matrix_kind")),
        sa.ForeignKeyConstraint(
            ["set_code"],
            ["scenario_set.code"],
            name=op.f("fk_judgement_matrix_set_code_scenario_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_judgement_matrix")),
    )
    op.create_table(
        "measure",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("strategy", sa.String(length=48), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("excludes", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_measure_cost")),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_measure_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_measure_theme_theme")),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_measure")),
    )
    op.create_table(
        "milestone",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("goal", sa.Boolean(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=True),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("duration", sa.Double(), nullable=False),
        sa.Column("measure", sa.String(length=48), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_milestone_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_milestone")),
    )
    op.create_table(
        "pathway_link",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("variable", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("transform", sa.String(length=8), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("per", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.CheckConstraint("transform IN ('level', 'growth')", name=op.f("ck_pathway_link_transform")),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_pathway_link_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "variable", "unit", "indicator", name=op.f("pk_pathway_link")),
    )
    op.create_table(
        "scenario",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("prior", sa.Double(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_scenario_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_scenario")),
    )
    op.create_table(
        "signpost",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=True),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("operator", sa.String(length=2), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("due", sa.SmallInteger(), nullable=True),
        sa.Column("review", sa.Date(), nullable=True),
        sa.Column("cluster", sa.String(length=48), nullable=False),
        sa.Column("observed", sa.Boolean(), nullable=True),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.CheckConstraint("operator IN ('', '>', '>=', '<', '<=')", name=op.f("ck_signpost_operator")),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_signpost_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_signpost")),
    )
    op.create_table(
        "strategy",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_strategy_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_strategy")),
    )
    op.create_table(
        "workshop",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code"], ["scenario_set.code"], name=op.f("fk_workshop_set_code_scenario_set"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_code", "code", name=op.f("pk_workshop")),
    )
    op.create_table(
        "assumption",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("scenario", sa.String(length=48), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("driver", sa.String(length=48), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_assumption_scenario",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_code", "scenario", "code", name=op.f("pk_assumption")),
    )
    op.create_table(
        "judgement_cell",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("matrix", sa.String(length=48), nullable=False),
        sa.Column("row", sa.String(length=100), nullable=False),
        sa.Column("column", sa.String(length=100), nullable=False),
        sa.Column("group_code", sa.String(length=48), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("sign", sa.String(length=1), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(value IS NULL) = (sign <> '')", name=op.f("ck_judgement_cell_said")),
        sa.ForeignKeyConstraint(
            ["set_code", "matrix"],
            ["judgement_matrix.set_code", "judgement_matrix.code"],
            name="fk_judgement_cell_matrix",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_code", "matrix", "row", "column", "group_code", name=op.f("pk_judgement_cell")),
    )
    op.create_table(
        "pathway_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("scenario", sa.String(length=48), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("scenario_name", sa.String(length=120), nullable=False),
        sa.Column("region_name", sa.String(length=120), nullable=False),
        sa.Column("variable", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_pathway_series_scenario",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_series")),
    )
    op.create_index("ix_pathway_series_ours", "pathway_series", ["set_code", "region", "variable"], unique=False)
    op.create_index(
        "uq_pathway_series_keys",
        "pathway_series",
        ["set_code", "model", "scenario_name", "region_name", "variable", "unit"],
        unique=True,
    )
    op.create_table(
        "pay_off",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("measure", sa.String(length=48), nullable=False),
        sa.Column("scenario", sa.String(length=48), nullable=False),
        sa.Column("group_code", sa.String(length=48), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN -2 AND 2", name=op.f("ck_pay_off_scale")),
        sa.ForeignKeyConstraint(
            ["set_code", "measure"], ["measure.set_code", "measure.code"], name="fk_pay_off_measure", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_pay_off_scenario",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_code", "measure", "scenario", "group_code", name=op.f("pk_pay_off")),
    )
    op.create_table(
        "signpost_likelihood",
        sa.Column("set_code", sa.String(length=48), nullable=False),
        sa.Column("signpost", sa.String(length=48), nullable=False),
        sa.Column("scenario", sa.String(length=48), nullable=False),
        sa.Column("likelihood", sa.Double(), nullable=False),
        sa.CheckConstraint("likelihood BETWEEN 0 AND 1", name=op.f("ck_signpost_likelihood_share")),
        sa.ForeignKeyConstraint(
            ["set_code", "signpost"],
            ["signpost.set_code", "signpost.code"],
            name="fk_signpost_likelihood_signpost",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_code", "signpost", "scenario", name=op.f("pk_signpost_likelihood")),
    )


def downgrade() -> None:
    op.drop_table("signpost_likelihood")
    op.drop_table("pay_off")
    op.drop_index("uq_pathway_series_keys", table_name="pathway_series")
    op.drop_index("ix_pathway_series_ours", table_name="pathway_series")
    op.drop_table("pathway_series")
    op.drop_table("judgement_cell")
    op.drop_table("assumption")
    op.drop_table("workshop")
    op.drop_table("strategy")
    op.drop_table("signpost")
    op.drop_table("scenario")
    op.drop_table("pathway_link")
    op.drop_table("milestone")
    op.drop_table("measure")
    op.drop_table("judgement_matrix")
    op.drop_table("driver")
    op.drop_table("scenario_set")
    op.drop_index("ix_tracking_what", table_name="tracking")
    op.drop_table("tracking")
    op.drop_table("pathway_point")
    op.drop_index("ix_audit_entry_scope", table_name="audit_entry")
    op.drop_table("audit_entry")

"""Programmes: partners, work, money, pilots, risks, decisions, outreach, frozen packs, and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_table(
        "programme",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("fund", sa.String(length=40), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("cofinancing", sa.Double(), nullable=True),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("today", sa.Date(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("source_url", sa.String(length=400), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('published', 'demonstration', 'own')", name=op.f("ck_programme_origin")),
        sa.ForeignKeyConstraint(["load_id"], ["load_run.id"], name=op.f("fk_programme_load_id_load_run")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme")),
    )
    op.create_table(
        "action",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("risk", sa.String(length=32), nullable=True),
        sa.Column("owner_role", sa.String(length=80), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_action_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_action")),
    )
    op.create_table(
        "adoption",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("pilot", sa.String(length=32), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("common_code", sa.String(length=16), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("stage IN ('understand', 'adapt', 'reuse')", name=op.f("ck_adoption_stage")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_adoption_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_adoption_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_adoption")),
    )
    op.create_table(
        "chain_link",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("from_kind", sa.String(length=12), nullable=False),
        sa.Column("from_code", sa.String(length=64), nullable=False),
        sa.Column("to_kind", sa.String(length=12), nullable=False),
        sa.Column("to_code", sa.String(length=64), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_chain_link_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "programme", "from_kind", "from_code", "to_kind", "to_code", name=op.f("pk_chain_link")
        ),
    )
    op.create_table(
        "communication",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("clicks", sa.Integer(), nullable=True),
        sa.Column("downloads", sa.Integer(), nullable=True),
        sa.Column("citations", sa.Integer(), nullable=True),
        sa.Column("uptake", sa.Integer(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('website', 'social', 'press', 'publication', 'newsletter')",
            name=op.f("ck_communication_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_communication_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_communication_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_communication")),
    )
    op.create_table(
        "decision",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("meeting", sa.String(length=32), nullable=True),
        sa.Column("body", sa.String(length=8), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("pack", sa.String(length=16), nullable=False),
        sa.Column("effect_period", sa.SmallInteger(), nullable=True),
        sa.Column("effect", sa.String(length=12), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("body IN ('sc', 'tsc', 'wg')", name=op.f("ck_decision_body")),
        sa.CheckConstraint("effect IN ('', 'better', 'same', 'worse', 'unknown')", name=op.f("ck_decision_effect")),
        sa.CheckConstraint(
            "state IN ('proposed', 'adopted', 'deferred', 'rejected', 'superseded')", name=op.f("ck_decision_state")
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_decision_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_decision_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_decision")),
    )
    op.create_table(
        "evaluation",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("criterion", sa.String(length=24), nullable=False),
        sa.Column("evaluator", sa.String(length=48), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "criterion IN ('relevance', 'effectiveness', 'efficiency', 'coherence', 'eu_added_value', 'impact', "
            "'sustainability')",
            name=op.f("ck_evaluation_criterion"),
        ),
        sa.CheckConstraint("grade IN ('', 'A', 'B', 'C')", name=op.f("ck_evaluation_grade")),
        sa.CheckConstraint("step IS NULL OR step BETWEEN 1 AND 4", name=op.f("ck_evaluation_scale")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_evaluation_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "programme", "subject_kind", "subject", "criterion", "evaluator", name=op.f("pk_evaluation")
        ),
    )
    op.create_table(
        "event",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("organiser", sa.String(length=32), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('committee', 'workshop', 'study_visit', 'training', 'conference', 'webinar', 'meeting')",
            name=op.f("ck_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_event_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_event_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_event")),
    )
    op.create_table(
        "fact",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=1), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("mark IN ('S', 'I', '?')", name=op.f("ck_fact_mark")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_fact_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "subject", "field", "position", name=op.f("pk_fact")),
    )
    op.create_table(
        "meeting",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.String(length=8), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("body IN ('sc', 'tsc', 'wg')", name=op.f("ck_meeting_body")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_meeting_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_meeting")),
    )
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("adopted_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name=op.f("fk_pack_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
    )
    op.create_index("uq_pack_number", "pack", ["programme", "period", "version"], unique=True)
    op.create_table(
        "partner",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("abbreviation", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=16), nullable=True),
        sa.Column("joined", sa.SmallInteger(), nullable=False),
        sa.Column("left", sa.SmallInteger(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('lead', 'partner', 'associated')", name=op.f("ck_partner_role")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_partner_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_partner")),
    )
    op.create_table(
        "pilot",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("start_period", sa.SmallInteger(), nullable=False),
        sa.Column("end_period", sa.SmallInteger(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.Column("signposts", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('', 'stop', 'change', 'scale')", name=op.f("ck_pilot_verdict")),
        sa.CheckConstraint("start_period <= end_period", name=op.f("ck_pilot_order")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_pilot_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_pilot_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_pilot")),
    )
    op.create_table(
        "policy_strategy",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=16), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=True),
        sa.Column("last_year", sa.SmallInteger(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('s3', 'cluster', 'innovation', 'regional', 'joint')", name=op.f("ck_policy_strategy_kind")
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_policy_strategy_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_policy_strategy")),
    )
    op.create_table(
        "reporting_period",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("report_due", sa.Date(), nullable=True),
        sa.Column("control_due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closing', 'closed', 'frozen')", name=op.f("ck_reporting_period_state")
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 60", name=op.f("ck_reporting_period_number")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_reporting_period_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "number", name=op.f("pk_reporting_period")),
    )
    op.create_table(
        "result_indicator",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("profile", sa.String(length=8), nullable=False),
        sa.Column("cumulative", sa.Boolean(), nullable=False),
        sa.Column("common_code", sa.String(length=16), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_period", sa.SmallInteger(), nullable=False),
        sa.Column("milestones", sa.JSON(), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("target_period", sa.SmallInteger(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("tolerance", sa.Double(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("direction IN ('up', 'down', 'keep', 'range')", name=op.f("ck_result_indicator_direction")),
        sa.CheckConstraint(
            "kind IN ('context', 'input', 'output', 'result', 'impact', 'qualitative')",
            name=op.f("ck_result_indicator_kind"),
        ),
        sa.CheckConstraint(
            "owner_kind IN ('pilot', 'measure', 'programme')", name=op.f("ck_result_indicator_owner_kind")
        ),
        sa.CheckConstraint("profile IN ('linear', 'step')", name=op.f("ck_result_indicator_profile")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_result_indicator_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_result_indicator_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_result_indicator")),
    )
    op.create_index("ix_result_indicator_owner", "result_indicator", ["programme", "owner_kind", "owner"], unique=False)
    op.create_table(
        "risk",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("work_package", sa.String(length=32), nullable=True),
        sa.Column("pilot", sa.String(length=32), nullable=True),
        sa.Column("response", sa.String(length=12), nullable=False),
        sa.Column("mitigation_due", sa.Date(), nullable=True),
        sa.Column("owner_role", sa.String(length=80), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("response IN ('avoid', 'reduce', 'transfer', 'accept')", name=op.f("ck_risk_response")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_risk_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_risk_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_risk")),
    )
    op.create_table(
        "work_package",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("lead", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_work_package_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_work_package")),
    )
    op.create_table(
        "working_group",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("lead", sa.String(length=32), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_working_group_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_working_group_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_working_group")),
    )
    op.create_table(
        "activity",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("work_package", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("start_period", sa.SmallInteger(), nullable=False),
        sa.Column("end_period", sa.SmallInteger(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'running', 'done', 'cancelled')", name=op.f("ck_activity_status")),
        sa.CheckConstraint("start_period <= end_period", name=op.f("ck_activity_order")),
        sa.ForeignKeyConstraint(
            ["programme", "work_package"],
            ["work_package.programme", "work_package.code"],
            name="fk_activity_work_package",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_activity_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_activity_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_activity")),
    )
    op.create_table(
        "budget_line",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("work_package", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("fund", sa.String(length=16), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_budget_line_amount")),
        sa.ForeignKeyConstraint(
            ["programme", "partner"],
            ["partner.programme", "partner.code"],
            name="fk_budget_line_partner",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_budget_line_period",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "work_package"],
            ["work_package.programme", "work_package.code"],
            name="fk_budget_line_work_package",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_budget_line_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "programme", "partner", "work_package", "category", "fund", "period", name=op.f("pk_budget_line")
        ),
    )
    op.create_table(
        "deliverable",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("work_package", sa.String(length=32), nullable=False),
        sa.Column("activity", sa.String(length=32), nullable=True),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("lead", sa.String(length=32), nullable=True),
        sa.Column("due_period", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned", sa.Double(), nullable=False),
        sa.Column("delivered", sa.Double(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("new_date", sa.Date(), nullable=True),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.CheckConstraint("quality IN ('accepted', 'returned', 'not_reviewed')", name=op.f("ck_deliverable_quality")),
        sa.CheckConstraint("delivered >= 0 AND planned >= 0", name=op.f("ck_deliverable_quantity")),
        sa.ForeignKeyConstraint(
            ["programme", "due_period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_deliverable_due_period",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "work_package"],
            ["work_package.programme", "work_package.code"],
            name="fk_deliverable_work_package",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_deliverable_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_deliverable_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_deliverable")),
    )
    op.create_table(
        "expenditure",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("work_package", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("fund", sa.String(length=16), nullable=False),
        sa.Column("declared", sa.BigInteger(), nullable=False),
        sa.Column("certified", sa.BigInteger(), nullable=True),
        sa.Column("verified", sa.BigInteger(), nullable=True),
        sa.Column("deducted", sa.BigInteger(), nullable=True),
        sa.Column("parked", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("error_kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "declared < 0 OR certified IS NULL OR certified <= declared", name=op.f("ck_expenditure_certified")
        ),
        sa.CheckConstraint(
            "declared < 0 OR verified IS NULL OR verified <= certified", name=op.f("ck_expenditure_verified")
        ),
        sa.ForeignKeyConstraint(
            ["programme", "partner"],
            ["partner.programme", "partner.code"],
            name="fk_expenditure_partner",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_expenditure_period",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "work_package"],
            ["work_package.programme", "work_package.code"],
            name="fk_expenditure_work_package",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_expenditure_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "partner", "period", "line", name=op.f("pk_expenditure")),
    )
    op.create_table(
        "pack_file",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_file_pack_id_pack")),
        sa.PrimaryKeyConstraint("pack_id", "language", "form", name=op.f("pk_pack_file")),
    )
    op.create_table(
        "partner_report",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=32), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("resubmitted_on", sa.Date(), nullable=True),
        sa.Column("control_end", sa.Date(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("deviations", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'in_control', 'certified')", name=op.f("ck_partner_report_status")
        ),
        sa.ForeignKeyConstraint(
            ["programme", "partner"],
            ["partner.programme", "partner.code"],
            name="fk_partner_report_partner",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_partner_report_period",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_partner_report_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "partner", "period", name=op.f("pk_partner_report")),
    )
    op.create_table(
        "pilot_report",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("pilot", sa.String(length=32), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("light", sa.String(length=16), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=False),
        sa.Column("evidence_url", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "light IN ('', 'on_track', 'watch', 'off_track', 'done')", name=op.f("ck_pilot_report_light")
        ),
        sa.ForeignKeyConstraint(
            ["programme", "pilot"], ["pilot.programme", "pilot.code"], name="fk_pilot_report_pilot", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_pilot_report_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "pilot", "period", name=op.f("pk_pilot_report")),
    )
    op.create_table(
        "policy_measure",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("strategy", sa.String(length=32), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("instrument", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("start_period", sa.SmallInteger(), nullable=False),
        sa.Column("end_period", sa.SmallInteger(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "instrument IN ('grant', 'voucher', 'service', 'regulation', 'procurement', 'network', 'finance', "
            "'training')",
            name=op.f("ck_policy_measure_instrument"),
        ),
        sa.CheckConstraint(
            "level IN ('eu', 'national', 'regional', 'local', 'joint')", name=op.f("ck_policy_measure_level")
        ),
        sa.ForeignKeyConstraint(
            ["programme", "strategy"],
            ["policy_strategy.programme", "policy_strategy.code"],
            name="fk_policy_measure_strategy",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_policy_measure_programme_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme"], ["theme.code"], name=op.f("fk_policy_measure_theme_theme")),
        sa.PrimaryKeyConstraint("programme", "code", name=op.f("pk_policy_measure")),
    )
    op.create_table(
        "result_value",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("indicator", sa.String(length=48), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("status", sa.String(length=1), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme", "indicator"],
            ["result_indicator.programme", "result_indicator.code"],
            name="fk_result_value_indicator",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_result_value_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "indicator", "period", name=op.f("pk_result_value")),
    )
    op.create_table(
        "risk_score",
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("risk", sa.String(length=32), nullable=False),
        sa.Column("period", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("likelihood", sa.SmallInteger(), nullable=False),
        sa.Column("impact", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name=op.f("ck_risk_score_scale")),
        sa.ForeignKeyConstraint(
            ["programme", "risk"], ["risk.programme", "risk.code"], name="fk_risk_score_risk", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.code"], name=op.f("fk_risk_score_programme_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme", "risk", "period", name=op.f("pk_risk_score")),
    )


def downgrade() -> None:
    op.drop_table("risk_score")
    op.drop_table("result_value")
    op.drop_table("policy_measure")
    op.drop_table("pilot_report")
    op.drop_table("partner_report")
    op.drop_table("pack_file")
    op.drop_table("expenditure")
    op.drop_table("deliverable")
    op.drop_table("budget_line")
    op.drop_table("activity")
    op.drop_table("working_group")
    op.drop_table("work_package")
    op.drop_table("risk")
    op.drop_index("ix_result_indicator_owner", table_name="result_indicator")
    op.drop_table("result_indicator")
    op.drop_table("reporting_period")
    op.drop_table("policy_strategy")
    op.drop_table("pilot")
    op.drop_table("partner")
    op.drop_index("uq_pack_number", table_name="pack")
    op.drop_table("pack")
    op.drop_table("meeting")
    op.drop_table("fact")
    op.drop_table("event")
    op.drop_table("evaluation")
    op.drop_table("decision")
    op.drop_table("communication")
    op.drop_table("chain_link")
    op.drop_table("adoption")
    op.drop_table("action")
    op.drop_table("programme")
    op.drop_table("job")

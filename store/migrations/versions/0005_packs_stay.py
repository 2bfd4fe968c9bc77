"""Frozen packs and their files stay as they are: the database itself refuses to change or remove them."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FROZEN = ("id", "programme", "period", "version", "frozen_at", "role", "edition", "checksum", "data", "changes")
"""All columns of a pack but the decision that adopts it."""

WORDS = "a frozen pack is never changed"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        events = (
            ("pack_stays", f"UPDATE OF {', '.join(FROZEN)} ON pack"),
            ("pack_remains", "DELETE ON pack"),
            ("pack_file_stays", "UPDATE ON pack_file"),
            ("pack_file_remains", "DELETE ON pack_file"),
        )
        for name, event in events:
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END")
        return
    op.execute(
        "CREATE FUNCTION polisee_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END $$"
    )
    for name, event in (
        ("pack_stays", f"UPDATE OF {', '.join(FROZEN)} OR DELETE ON pack"),
        ("pack_file_stays", "UPDATE OR DELETE ON pack_file"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION polisee_stays()")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name in ("pack_stays", "pack_remains", "pack_file_stays", "pack_file_remains"):
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER pack_stays ON pack")
    op.execute("DROP TRIGGER pack_file_stays ON pack_file")
    op.execute("DROP FUNCTION polisee_stays()")

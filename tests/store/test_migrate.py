"""Tables are made and upgraded in one transaction, and a newer database is refused in plain words."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, inspect, text

from store.engine import make_engine
from store.migrate import NewerDatabaseError, NoTablesError, known_revisions, require_current, upgrade
from store.schema import Base


def test_migrations_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    engine = make_engine(empty_url)
    assert upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert not upgrade(engine), "a second time there is nothing to do"
    engine.dispose()


def test_a_failed_migration_leaves_nothing_behind(empty_url: str) -> None:
    engine = make_engine(empty_url)

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "CREATE TABLE quarantine" in statement:
            raise RuntimeError("the power went out")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    event.remove(engine, "before_cursor_execute", fail)
    assert inspect(engine).get_table_names() == []
    assert upgrade(engine)
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(empty_url: str) -> None:
    engine = make_engine(empty_url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match="newer PoliSEE"):
        upgrade(engine)
    with engine.connect() as connection, pytest.raises(NewerDatabaseError, match="9999"):
        require_current(connection)
    engine.dispose()


def test_an_unprepared_database_names_the_command_that_prepares_it(empty_url: str) -> None:
    engine = make_engine(empty_url)
    with engine.connect() as connection, pytest.raises(NoTablesError, match="polisee init"):
        require_current(connection)
    engine.dispose()


def test_revisions_form_one_line() -> None:
    from alembic.script import ScriptDirectory

    from store.migrate import VERSIONS

    script = ScriptDirectory(str(VERSIONS.parent))
    assert [one.revision for one in script.walk_revisions()][::-1] == known_revisions()


def test_going_back_removes_the_tables(empty_url: str) -> None:
    from alembic import command
    from alembic.config import Config

    from store.migrate import VERSIONS

    engine = make_engine(empty_url)
    upgrade(engine)
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    bare = create_engine(engine.url)
    assert set(inspect(bare).get_table_names()) <= {"alembic_version"}
    bare.dispose()
    engine.dispose()

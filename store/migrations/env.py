"""Run migrations on the connection that ``store.migrate`` hands over."""

from alembic import context

import store.schema_programme
import store.schema_scenarios  # noqa: F401 - their tables belong to the metadata
from store.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

"""Run by alembic, on a connection that `schema` has opened: in its transaction, or without one, in one a migration."""

from alembic import context

from carquery.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

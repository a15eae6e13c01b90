"""Run by alembic, inside a connection and a transaction that `schema` has opened."""

from alembic import context

from carquery.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by copying them
    transaction_per_migration=False,
)
context.run_migrations()

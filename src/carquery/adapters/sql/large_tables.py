"""Changes of tables with a million rows, for migrations: nobody who uses them meanwhile has to wait for it.

On PostgreSQL this is done outside a transaction: a migration that is broken off leaves what it has done, and goes on
from there when it is begun again. SQLite has nobody beside: there, and on the way back, all is one transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

PORTION: Final = 2_000
"""Rows that are locked at once."""

_IS_BROKEN: Final = sa.text("SELECT true FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid")


def is_postgres() -> bool:
    """Whether the database has others beside us."""
    return op.get_bind().dialect.name == "postgresql"


@contextmanager
def beside_others() -> Iterator[None]:
    """Let each statement be a transaction of its own, where there are others."""
    if not is_postgres():
        yield
        return
    with op.get_context().autocommit_block():
        yield


def build_index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    """Build an index, within `beside_others`. One that was broken off half-way is of no use, and built anew."""
    condition = None if where is None else sa.text(where)
    if not is_postgres():
        op.create_index(name, table, columns, unique=unique, sqlite_where=condition)
        return
    if op.get_bind().execute(_IS_BROKEN, {"name": name}).scalar():
        op.drop_index(name, table, postgresql_concurrently=True)
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        if_not_exists=True,
        postgresql_where=condition,
        postgresql_concurrently=True,
    )


def drop_index(name: str, table: str) -> None:
    """Take an index away, within `beside_others`."""
    op.drop_index(name, table, if_exists=True, postgresql_concurrently=is_postgres())


def fill(table: sa.TableClause, key: str, values: Mapping[str, Any], *, where: sa.ColumnElement[bool]) -> None:
    """Write values into all rows that fulfil `where`, a portion at a time, in the order of an indexed column."""
    column = table.c[key]
    following = sa.select(column).distinct().order_by(column).limit(PORTION)
    portion = op.get_bind().execute(following).scalars().all()
    while portion:
        first, last = portion[0], portion[-1]
        op.get_bind().execute(sa.update(table).where(column >= first, column <= last, where).values(**values))
        portion = op.get_bind().execute(following.where(column > last)).scalars().all()

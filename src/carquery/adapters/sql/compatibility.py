"""Which older versions may go on beside newer tables.

Migrations only add, so any older one may, unless a migration says otherwise: one that takes something away calls
`no_older_than`, and whatever version is older than that refuses to start from then on.
"""

from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, inspect, select

_OLDEST: Final = Table("compatibility", MetaData(), Column("oldest", String(32), nullable=False))


class WouldBeLost(Exception):
    """A migration can't be taken back: what people need would be lost. Raised by the migration."""

    def __init__(self, says: str) -> None:
        super().__init__(f"DATABASE_URL: {says}")


def no_older_than(connection: Connection, revision: str) -> None:
    """Let no version run that does not know this migration. To be called by a migration."""
    _OLDEST.create(connection, checkfirst=True)
    connection.execute(delete(_OLDEST))
    connection.execute(insert(_OLDEST).values(oldest=revision))


def oldest_that_may_run(connection: Connection) -> str | None:
    """The oldest migration that a version must know; None: any will do."""
    if not inspect(connection).has_table(_OLDEST.name):
        return None
    return connection.execute(select(_OLDEST.c.oldest)).scalar_one_or_none()

"""What the drivers' errors mean to the ports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from carquery.adapters.sql.words import SQLITE_AWAY, in_words
from carquery.application.ports.stores import StoreUnavailable

_AWAY_CLASSES = frozenset({"08", "28", "3D", "53", "57"})
"""SQLSTATE classes: connection exception, authorisation, no such database, insufficient resources, operator."""
_AWAY_STATES = frozenset({"25006", "40001", "40P01", "55P03"})
"""Read only after a failover, serialization failure, deadlock, lock not available."""


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Turn an absent, overloaded or read-only database into StoreUnavailable; any other error is a bug and stays."""
    try:
        yield
    except (OSError, PoolTimeout) as error:  # OSError includes TimeoutError
        raise StoreUnavailable(f"database: {in_words(error)}") from error
    except DBAPIError as error:
        if _is_away(error):
            raise StoreUnavailable(f"database: {in_words(error)}") from error
        raise


def violated(error: IntegrityError, constraint: str, columns: str) -> bool:
    """Whether that constraint was violated; SQLite tells only the columns (`table.column`)."""
    cause = None if error.orig is None else error.orig.__cause__
    return getattr(cause, "constraint_name", None) == constraint or f"failed: {columns}" in str(error.orig)


def _is_away(error: DBAPIError) -> bool:
    if error.connection_invalidated or error.statement is None:  # it never came to a statement
        return True
    state = getattr(error.orig, "sqlstate", None) or ""
    if state[:2] in _AWAY_CLASSES or state in _AWAY_STATES:
        return True
    name = getattr(error.orig, "sqlite_errorname", "")
    return str(name).startswith(SQLITE_AWAY)

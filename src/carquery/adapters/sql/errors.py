"""What the drivers' errors mean to the ports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLCertVerificationError

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from carquery.adapters.sql.drivers import is_asyncpg
from carquery.adapters.sql.words import SQLITE_AWAY, SQLITE_KNOWS_NO, in_words
from carquery.application.ports.stores import StoreRefused, StoreUnavailable

_AWAY_CLASSES = frozenset({"08", "53", "57"})
"""SQLSTATE classes: connection exception, insufficient resources, operator."""
_AWAY_STATES = frozenset({"55P03"})
"""Lock not available."""
_READ_ONLY_STATES = frozenset({"25006"})
"""After a failover, or a standby."""
_COLLISIONS = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock."""
_REFUSING_CLASSES = frozenset({"28", "3D"})
"""Authorisation, no such database."""
_REFUSING_AT_FIRST = frozenset({"22", "42"})
"""Before any statement: a parameter of the address that it does not know, or whose value it does not take."""
_UNKNOWN_NAMES = frozenset({"42P01", "42703"})
"""Undefined table, undefined column."""
_MIXED_UP_STATES = frozenset({"26000", "42P05"})
"""No such prepared statement, one that is there already: a pooler gives our sessions to others."""
_SQLITE_READ_ONLY = ("SQLITE_BUSY", "SQLITE_FULL", "SQLITE_LOCKED", "SQLITE_READONLY")
"""Whoever holds the file writes: readers wait for nobody."""
_SQLITE_REFUSES = ("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_PERM")
_ABOUT_VALUES = frozenset({"22", "23", "P0"})
"""SQLSTATE classes: data exception, integrity violation, raised by a trigger."""
_SQLITE_ABOUT_VALUES = ("SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_TOOBIG")


class Collided(StoreUnavailable):
    """The database broke the transaction off for the sake of another; nothing of it was done."""


class TablesMissing(StoreUnavailable):
    """Its tables are not made yet, or were taken back."""


class ReadOnly(StoreUnavailable):
    """It can be read, and takes no writes."""


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Turn an absent, overloaded or read-only database into StoreUnavailable; any other error is a bug and stays."""
    try:
        yield
    except (OSError, PoolTimeout) as error:  # OSError includes TimeoutError
        kind = StoreRefused if _is_refusing(error) else StoreUnavailable
        raise kind(f"database: {in_words(error)}") from error
    except DBAPIError as error:
        if (away := _away(error)) is not None:
            raise away(f"database: {in_words(error)}") from error
        raise


def violated(error: IntegrityError, constraint: str, columns: str) -> bool:
    """Whether that constraint was violated; SQLite tells only the columns (`table.column`)."""
    cause = None if error.orig is None else error.orig.__cause__
    return getattr(cause, "constraint_name", None) == constraint or f"failed: {columns}" in str(error.orig)


def _is_refusing(error: BaseException | None) -> bool:
    """Whether the driver does not even try, or does not trust what answers."""
    return isinstance(error, SSLCertVerificationError) or is_asyncpg(error, "ClientConfigurationError")


def is_about_values(error: DBAPIError) -> bool:
    """Whether the database works, and does not take what was to be written."""
    state = getattr(error.orig, "sqlstate", None) or ""
    sqlite = str(getattr(error.orig, "sqlite_errorname", ""))
    return state[:2] in _ABOUT_VALUES or sqlite.startswith(_SQLITE_ABOUT_VALUES)


def name_of(error: DBAPIError) -> str:
    """What the driver calls it; its own words may quote what was to be written."""
    return type(getattr(error.orig, "__cause__", None) or error.orig).__name__


def _away(error: DBAPIError) -> type[StoreUnavailable] | None:
    """What an error means to the ports; `None` if it is a bug."""
    state = getattr(error.orig, "sqlstate", None) or ""
    sqlite = str(getattr(error.orig, "sqlite_errorname", ""))
    if state in _COLLISIONS:
        return Collided
    if state in _UNKNOWN_NAMES or str(error.orig).startswith(SQLITE_KNOWS_NO):
        return TablesMissing
    if state in _READ_ONLY_STATES or sqlite.startswith(_SQLITE_READ_ONLY):
        return ReadOnly
    if (
        state[:2] in _REFUSING_CLASSES
        or state in _MIXED_UP_STATES
        or sqlite.startswith(_SQLITE_REFUSES)
        or (error.statement is None and state[:2] in _REFUSING_AT_FIRST)
        or _is_refusing(getattr(error.orig, "__cause__", None))
    ):
        return StoreRefused
    is_away = state[:2] in _AWAY_CLASSES or state in _AWAY_STATES or sqlite.startswith(SQLITE_AWAY)
    never_sent = error.connection_invalidated or error.statement is None  # it never came to a statement
    return StoreUnavailable if is_away or never_sent else None

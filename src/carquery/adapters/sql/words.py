"""What is wrong with a database, in words that say what to do; without addresses, and without the driver's own words.

The driver's words may quote what is stored, and name classes that say nothing to whoever runs the bot.
"""

import errno
import socket
import ssl
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from carquery.adapters.sql.drivers import is_asyncpg

POOLED: Final = (
    "a pooler in transaction mode stands before it: pool_mode = session (PgBouncer), or the server's own address"
)
TABLES_MISSING: Final = "its tables are not made yet, or were taken back: carquery db upgrade"

_STATES: Final[Mapping[str, str]] = {
    "28P01": "it refuses the password or the user: are both right in the address?",
    "28": "it does not let this user in from here: is the name right, does it want TLS (sslmode=require)? "
    "Its pg_hba.conf decides",
    "3D": "there is no such database on that server: create it, or mend its name",
    "26000": POOLED,
    "42P05": POOLED,
    "42501": "the user may not do that with its tables: carquery db upgrade says which right is missing",
    "42P01": TABLES_MISSING,
    "42703": TABLES_MISSING,
    "42704": "it does not know a parameter behind the ? of its address: leave that out",
    "22023": "it does not take the value of a parameter behind the ? of its address",
    "53100": "its disk is full",
    "53300": "it takes no more connections: raise max_connections, or stop what holds them",
    "53": "it is short of disk, memory or connections",
    "57P03": "it is starting, or shutting down: try again in a moment",
    "57014": "it did not finish in time: is it overloaded, does something hold a lock?",
    "57": "it was shut down or restarted",
    "25006": "it may only be read: a standby, or after a failover? target_session_attrs=read-write finds the right one",
    "40": "transactions were in each other's way: try again",
    "55P03": "something holds a lock on its tables for too long",
    "08P01": "what answers there refuses how we connect: is it a PostgreSQL; does a pooler before it know this "
    "database and user, and every parameter behind the ? of the address?",
    "08": "the connection was lost: is it up?",
}
"""By SQLSTATE, or by its class. Source: PostgreSQL, appendix A."""

_SQLITE: Final[Mapping[str, str]] = {
    "SQLITE_BUSY": "another program holds it for too long: stop that program",
    "SQLITE_LOCKED": "another program holds it for too long: stop that program",
    "SQLITE_CANTOPEN": "its file can't be opened: is its folder there, and may this user write into it?",
    "SQLITE_CORRUPT": "its file is damaged: put a backup back",
    "SQLITE_FULL": "the disk is full: make room",
    "SQLITE_IOERR": "the disk fails to read or to write: is it full, is it still there?",
    "SQLITE_NOTADB": "what it names is no SQLite database, but another kind of file",
    "SQLITE_PERM": "this user may not use its file",
    "SQLITE_PROTOCOL": "its file can't be locked: a network drive can't hold it",
    "SQLITE_READONLY": "this user may not write its file, or the folder beside it",
}
"""By the beginning of the name. Source: SQLite, «Result and Error Codes»."""

_SYSTEM: Final[Mapping[int, str]] = {
    errno.ECONNREFUSED: "nobody listens at its address: is it running, are host and port right?",
    errno.ENOENT: "there is no such socket, or no such file as sslrootcert names: is it running, is its folder right?",
    errno.EACCES: "this user may not use its socket",
    errno.EPERM: "this machine does not allow the connection: a firewall?",
    errno.EHOSTUNREACH: "no way leads to its host: is the address right, does a firewall stand between?",
    errno.ENETUNREACH: "no way leads to its network: is this machine online?",
    errno.ECONNRESET: "it ended the connection: is it up, is it a PostgreSQL?",
    errno.EPIPE: "it ended the connection: is it up, is it a PostgreSQL?",
    errno.EMFILE: "this process has too many files open: raise its limit (ulimit -n)",
}

SQLITE_AWAY: Final = tuple(_SQLITE)
SQLITE_KNOWS_NO: Final = ("no such table", "no such column")
"""How its own words begin, for which it has no code."""


def in_words(error: BaseException) -> str:
    """What is wrong, and what to do."""
    match error:
        case PoolTimeout():
            return "all its connections are in use: is it overloaded?"
        case DBAPIError(orig=orig):
            return _of_driver(orig)
        case OSError():
            return _of_system(error)
        case _:
            return "it fails"


def _of_driver(orig: BaseException | None) -> str:
    cause = getattr(orig, "__cause__", None)
    if is_asyncpg(cause, "ClientConfigurationError"):
        return "something behind the ? of its address is wrong: sslmode, or a file that sslrootcert names?"
    if is_asyncpg(cause, "TargetServerAttributeNotMatched"):
        return "none of its hosts is what target_session_attrs asks for: is a failover going on?"
    name = str(getattr(orig, "sqlite_errorname", ""))
    for beginning, words in _SQLITE.items():
        if name.startswith(beginning):
            return words
    if str(orig).startswith(SQLITE_KNOWS_NO):
        return TABLES_MISSING
    state = getattr(orig, "sqlstate", None) or ""
    return _STATES.get(state) or _STATES.get(state[:2]) or "the connection was lost: is it up, is it a PostgreSQL?"


def _of_system(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not one that this machine trusts: sslrootcert names the authority's"
    if isinstance(error, ssl.SSLError):
        return "the TLS connection fails: does it speak TLS, and which versions?"
    if isinstance(error, socket.gaierror):
        return "there is no such host: is its name right, are names found on this machine?"
    if isinstance(error, TimeoutError):
        return "no answer in time: are host and port right, is it overloaded, does a firewall stand between?"
    if "rejected SSL upgrade" in str(error):  # asyncpg's words
        return "it offers no TLS, which sslmode asks for: switch it on there, or write sslmode=disable"
    # Of a name with several addresses, asyncio puts all failures into one text.
    meant = (number for number in _SYSTEM if number == error.errno or f"[Errno {number}]" in str(error))
    return next((_SYSTEM[number] for number in meant), "the connection failed: is it up?")

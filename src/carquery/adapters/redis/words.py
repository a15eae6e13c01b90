"""What is wrong with a Redis, in words that say what to do; without addresses, and without the library's own words."""

import socket
import ssl
from collections.abc import Mapping
from typing import Final

from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ClusterDownError,
    InvalidResponse,
    MaxConnectionsError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

ASKS_TLS: Final = "rediss:// asks for TLS, and what answers there speaks none: redis:// is for one without"

_KINDS: Final[Mapping[type[BaseException], str]] = {
    AuthenticationError: "it refuses the password or the user, or asks for one: are both right in the address?",
    NoPermissionError: "its rules (ACL) do not let this user do that: allow the user @all but @admin",
    AuthorizationError: "it refuses the user: is it right in the address?",
    BusyLoadingError: "it is starting: try again in a moment",
    ClusterDownError: "it is a part of a cluster, or a replica whose master is away",
    OutOfMemoryError: "its memory is full: raise maxmemory",
    ReadOnlyError: "it may only be read: a replica, or after a failover?",
    InvalidResponse: "what answers there is no Redis: are host and port right?",
    MaxConnectionsError: "all connections to it are in use: is it overloaded?",
}
_REPLIES: Final[Mapping[str, str]] = {
    "max number of clients": "it takes no more connections: raise its maxclients, or stop what holds them",
    "DB index is out of range": "it has no database of that number: mend what stands behind the last / of the address",
    "MISCONF": "it can't write to its disk, and takes nothing until it can",
    "OOM ": "its memory is full: raise maxmemory",
    "READONLY": "it may only be read: a replica, or after a failover?",
    "NOREPLICAS": "it takes nothing while its replicas are away",
    "BUSY ": "it is busy with somebody's script: SCRIPT KILL ends that",
}
_SYSTEM: Final[Mapping[type[OSError], str]] = {
    ssl.SSLCertVerificationError: "its certificate is not one that this machine trusts: ssl_ca_certs behind the ? of "
    "the address names the authority's",
    ssl.SSLError: ASKS_TLS,
    socket.gaierror: "there is no such host: is its name right, are names found on this machine?",
    ConnectionRefusedError: "nobody listens at its address: is it running, are host and port right?",
    FileNotFoundError: "there is no such socket: is it running, is its path right?",
    PermissionError: "this user may not use its socket",
}
_CLOSED: Final = "it ended the connection: is it up, does it want TLS (rediss://)?"


def in_words(error: BaseException, *, is_tls: bool = False) -> str:
    """What is wrong, and what to do. `is_tls`: the address begins with rediss://."""
    for reply, words in _REPLIES.items():
        if reply in str(error):
            return words
    for kind, words in _KINDS.items():
        if isinstance(error, kind):
            return words
    under = error if isinstance(error, OSError) else error.__cause__ or error.__context__
    return _of_system(under if isinstance(under, OSError) else None, error, is_tls=is_tls)


def _of_system(under: OSError | None, error: BaseException, *, is_tls: bool) -> str:
    for kind, words in _SYSTEM.items():
        if isinstance(under, kind):
            return words
    if isinstance(error, RedisTimeoutError | TimeoutError):
        slow = "no answer in time: are host and port right, is it overloaded, does a firewall stand between?"
        return f"no answer in time: {ASKS_TLS}; or is it overloaded?" if is_tls else slow
    return ASKS_TLS if is_tls else _CLOSED

"""What is wrong with a Redis, in words that say what to do; without addresses, and without its own words."""

import socket
import ssl
from collections.abc import Mapping
from typing import Final

from carquery.adapters.redis.failures import (
    ErrorReply,
    MasterUnknown,
    NotLetIn,
    NotRedis,
    NotSentinel,
    SlotsUncovered,
)

ASKS_TLS: Final = "rediss:// asks for TLS, and what answers there speaks none: redis:// is for one without"
PART_OF_CLUSTER: Final = "it is a part of a cluster: redis+cluster://host:port,host:port is the address of one"

_NOT_KNOWN: Final = "it refuses the password or the user, or asks for one: are both right in the address?"
_FULL: Final = "its memory is full: raise maxmemory"
_UNCOVERED: Final = "a master of the cluster is away, and no replica has taken its place"
_CODES: Final[Mapping[str, str]] = {
    "ASK": PART_OF_CLUSTER,
    "BUSY": "it is busy with somebody's script: SCRIPT KILL ends that",
    "CLUSTERDOWN": _UNCOVERED,
    "CROSSSLOT": PART_OF_CLUSTER,
    "LOADING": "it is starting: try again in a moment",
    "MASTERDOWN": "it is a replica whose master is away",
    "MISCONF": "it can't write to its disk, and takes nothing until it can",
    "MOVED": PART_OF_CLUSTER,
    "NOAUTH": _NOT_KNOWN,
    "NOPERM": "its rules (ACL) do not let this user do that: allow the user @all but @admin",
    "NOREPLICAS": "it takes nothing while its replicas are away",
    "OOM": _FULL,
    "READONLY": "it may only be read: a replica, or after a failover?",
    "TRYAGAIN": "its cluster is moving slots: try again in a moment",
    "WRONGPASS": _NOT_KNOWN,
}
_REPLIES: Final[Mapping[str, str]] = {
    "max number of clients": "it takes no more connections: raise its maxclients, or stop what holds them",
    "DB index is out of range": "it has no database of that number: mend what stands behind the last / of the address",
    "cluster support disabled": "it is no cluster: redis://host:port is the address of one server",
}
_KINDS: Final[Mapping[type[BaseException], str]] = {
    NotRedis: "what answers there is no Redis: are host and port right?",
    NotSentinel: "what answers there is no Sentinel: are hosts and ports right? Sentinels mostly listen on 26379",
    MasterUnknown: "its Sentinels know no master of that name: is what stands behind the first / of the address right?",
    SlotsUncovered: _UNCOVERED,
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
_SLOW: Final = "no answer in time: are host and port right, is it overloaded, does a firewall stand between?"


def in_words(error: BaseException, *, is_tls: bool = False) -> str:
    """What is wrong, and what to do. `is_tls`: the address begins with rediss://."""
    refusal = error.__cause__ if isinstance(error, NotLetIn) else error
    if isinstance(refusal, ErrorReply):
        said = next((words for reply, words in _REPLIES.items() if reply in str(refusal)), None)
        is_asked_who = isinstance(error, NotLetIn)
        return said or _CODES.get(refusal.code) or (_NOT_KNOWN if is_asked_who else "it refuses that")
    for kind, words in _KINDS.items():
        if isinstance(error, kind):
            return words
    return _of_system(error, is_tls=is_tls)


def _of_system(error: BaseException, *, is_tls: bool) -> str:
    for one in (error, error.__cause__):
        for kind, words in _SYSTEM.items():
            if isinstance(one, kind):
                return words
    if isinstance(error, TimeoutError):
        return f"no answer in time: {ASKS_TLS}; or is it overloaded?" if is_tls else _SLOW
    return ASKS_TLS if is_tls else _CLOSED

"""A connection to an origin: its address, its TLS, and what went wrong."""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

import certifi
from aiohappyeyeballs import start_connection

from carquery.adapters.http.connection import ConnectionBroken, HttpConnection

HAPPY_EYEBALLS_SECONDS: Final = 0.25
"""After it the next address is tried beside the first. Source: RFC 8305."""

_PATH: Final = "/:@!$&'()*+,;=~-._%"
_QUERY: Final = f"{_PATH}?[]"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection leads."""

    host: str
    port: int
    is_tls: bool


Connector: TypeAlias = Callable[[Origin], Awaitable[HttpConnection]]


def trusting_certifi() -> ssl.SSLContext:
    """TLS with those whom Mozilla trusts, whatever this machine does."""
    return ssl.create_default_context(cafile=certifi.where())


def directly(trusted: ssl.SSLContext | None) -> Connector:
    """Connections without a proxy, to the first address that answers. `trusted`: None: without TLS."""

    async def connect(origin: Origin) -> HttpConnection:
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        # asyncio can do the same by itself, uvloop can't.
        channel = await start_connection(
            addresses, happy_eyeballs_delay=HAPPY_EYEBALLS_SECONDS, interleave=1, loop=loop
        )
        return await speaking_http(channel, origin, trusted)

    return connect


async def speaking_http(channel: socket.socket, origin: Origin, trusted: ssl.SSLContext | None) -> HttpConnection:
    """HTTP on a socket that leads there, within TLS where that is asked for."""
    try:
        _, connection = await asyncio.get_running_loop().create_connection(
            HttpConnection,
            sock=channel,
            ssl=trusted if origin.is_tls else None,
            server_hostname=origin.host if origin.is_tls else None,
        )
    except BaseException:
        channel.close()
        raise
    return connection


def connection_in_words(failure: BaseException) -> str:
    """What happened to a connection. The texts of these errors hold addresses."""
    match failure:
        case TimeoutError():
            return "no answer in time"
        case socket.gaierror():
            return "its name can't be resolved"
        case ssl.SSLError():
            return "no trusted TLS connection"
        case OSError(errno=int(number)):
            return f"no connection ({os.strerror(number)})"
        case ConnectionBroken():
            return f"the connection broke ({failure})"
        case _:
            return f"no connection ({type(failure).__name__})"


@lru_cache(maxsize=64)
def place_of(url: str) -> tuple[Origin, str, str]:
    """Where a URL leads, the Host to name there, and the path with its query; all in ASCII.

    Raises:
        ValueError: it is no URL of HTTP.
    """
    parts = urlsplit(url)
    name, is_tls = parts.hostname or "", parts.scheme == "https"
    if not name or parts.scheme not in {"http", "https"}:
        raise ValueError("no URL of HTTP")
    if not name.isascii():
        name = name.encode("idna").decode()
    host = f"[{name}]" if ":" in name else name
    origin = Origin(name, parts.port or (443 if is_tls else 80), is_tls)
    path = quote(parts.path, safe=_PATH) or "/"
    target = f"{path}?{quote(parts.query, safe=_QUERY)}" if parts.query else path
    return origin, host if parts.port is None else f"{host}:{parts.port}", target

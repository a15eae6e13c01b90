"""Connections to amoCRM, through the proxy and with the certificates that the environment names."""

import os
import ssl
from functools import lru_cache
from importlib.metadata import version
from typing import Final
from urllib.parse import urlencode
from urllib.request import getproxies, proxy_bypass

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.transport import LARGEST_ANSWER, MOST_AT_ONCE, Answer, AnswerLost, NotSent, Parts
from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.http.connecting import Connector, Origin, directly, place_of, trusting_certifi
from carquery.adapters.http.connection import AnswerTooLong, HttpConnection
from carquery.adapters.http.pool import HttpPool, NoAnswer

KEPT_ALIVE_SECONDS: Final = 4.0
"""Shorter than servers keep an idle connection, so that a request is rarely written into one that they have closed."""
USER_AGENT: Final = f"CarQuery/{version('carquery')}"


class PooledConnections:
    """A pool. Redirects are not followed: they would take the bearer along.

    Args:
        connect_seconds: until there is a connection.
    """

    def __init__(self, *, connect_seconds: float) -> None:
        self._pool = HttpPool(
            as_environment_says(connect_seconds),
            at_once=MOST_AT_ONCE,
            connect_seconds=connect_seconds,
            idle_seconds=KEPT_ALIVE_SECONDS,
        )

    async def answer(self, method: str, url: str, parts: Parts, *, deadline: float) -> Answer:
        """As `Connections` promises."""
        origin, request = _request(method, url, parts)
        try:
            answer = await self._pool.exchange(origin, request, seconds=deadline, at_most=LARGEST_ANSWER)
        except NoAnswer as none:
            raise _failure(none, deadline) from None
        return _answer(answer)

    async def close(self) -> None:
        """Close them all."""
        await self._pool.close()


def as_environment_says(connect_seconds: float) -> Connector:
    """Connections by way of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, but for NO_PROXY; SSL_CERT_FILE or SSL_CERT_DIR
    instead of Mozilla's list."""
    trusted = lru_cache(_trusted)

    async def connect(origin: Origin) -> HttpConnection:
        tls = trusted() if origin.is_tls else None
        proxy = _proxy_to(origin)
        if proxy is None:
            return await directly(tls)(origin)
        # Imported here: only those who need a proxy wait for its library.
        from carquery.adapters.http.proxies import through

        return await through(proxy, tls, seconds=connect_seconds)(origin)

    return connect


def _trusted() -> ssl.SSLContext:
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=file, capath=folder) if file or folder else trusting_certifi()


def _proxy_to(origin: Origin) -> str | None:
    proxies = getproxies()
    proxy = proxies.get("https" if origin.is_tls else "http") or proxies.get("all")
    if not proxy or proxy_bypass(f"{origin.host}:{origin.port}"):
        return None
    return proxy.replace("socks5h://", "socks5://") if "://" in proxy else f"http://{proxy}"


def _request(method: str, url: str, parts: Parts) -> tuple[Origin, bytes]:
    """All of it. Raises NotSent."""
    try:
        origin, host, target = place_of(url)
    except ValueError as unusable:
        raise NotSent(AmoReason.BAD_ADDRESS(kind=type(unusable).__name__)) from None
    if parts.params:
        target = f"{target}{'&' if '?' in target else '?'}{urlencode(parts.params)}"
    headers = {"Host": host, "User-Agent": USER_AGENT, "Accept": "*/*", **parts.headers}
    if parts.body or method != "GET":
        headers["Content-Length"] = str(len(parts.body))
    head = "\r\n".join((f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())))
    if not head.isascii() or any(not value.isprintable() for value in headers.values()):
        raise NotSent(AmoReason.ODD_TOKEN())  # without what it is: it would show the token
    return origin, head.encode() + b"\r\n\r\n" + parts.body


def _failure(none: NoAnswer, deadline: float) -> NotSent | AnswerLost:
    kind = type(none.failure).__name__
    if not none.is_sent:
        return NotSent(AmoReason.NO_CONNECTION(kind=kind))
    match none.failure:
        case TimeoutError():
            return AnswerLost(AmoReason.NO_ANSWER(seconds=f"{deadline:g}"))
        case AnswerTooLong():
            return AnswerLost(AmoReason.TOO_LONG(most=LARGEST_ANSWER))
        case _:
            return AnswerLost(AmoReason.CONNECTION_BROKE(kind=kind))


def _answer(answer: HttpAnswer) -> Answer:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.head}
    return Answer(answer.status, headers, answer.body)

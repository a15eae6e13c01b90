"""HTTP for one bot: whatever becomes of a request, an answer or TelegramAway."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.http.connecting import connection_in_words, directly, place_of, trusting_certifi
from carquery.adapters.http.pool import CONNECT_SECONDS, HttpPool, NoAnswer
from carquery.adapters.telegram.api.failures import AT_PROXY, DIRECTLY, TelegramAway

MOST_CONNECTIONS: Final = 1000
"""So many that customers whose replies hang keep none from others."""


class PooledHttp:
    """As `HttpClient` promises. `explain`: what a failed connection is in words; `remedy`: what to do about it."""

    def __init__(self, pool: HttpPool, explain: Callable[[BaseException], str], remedy: str) -> None:
        self._pool = pool
        self._explain = explain
        self._remedy = remedy

    async def post(self, url: str, body: bytes, *, seconds: float) -> HttpAnswer:
        origin, host, path = place_of(url)
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        try:
            return await self._pool.exchange(origin, head.encode() + b"\r\n\r\n" + body, seconds=seconds)
        except NoAnswer as none:
            raise self._away(none) from none.failure

    async def get(self, url: str, *, seconds: float) -> HttpAnswer:
        origin, host, path = place_of(url)
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        try:
            return await self._pool.exchange(origin, request, seconds=seconds)
        except NoAnswer as none:
            raise self._away(none) from none.failure

    def _away(self, none: NoAnswer) -> TelegramAway:
        return TelegramAway(self._explain(none.failure), self._remedy, is_sent=none.is_sent)


@asynccontextmanager
async def pooled_http(proxy: str | None) -> AsyncIterator[PooledHttp]:
    """A client, closed on leaving. `proxy`: an http or socks5 URL; None: directly."""
    if proxy is None:
        connect, explain, remedy = directly(trusting_certifi()), connection_in_words, DIRECTLY
    else:
        # Imported here: only those who need a proxy wait for its library.
        from carquery.adapters.http import proxies

        trusted = ssl.create_default_context()
        connect, explain, remedy = proxies.through(proxy, trusted, seconds=CONNECT_SECONDS), proxies.in_words, AT_PROXY
    pool = HttpPool(connect, at_once=MOST_CONNECTIONS)
    try:
        yield PooledHttp(pool, explain, remedy)
    finally:
        await pool.close()

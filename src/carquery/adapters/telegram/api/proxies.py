"""The Bot API through an http or socks5 proxy."""

import ssl
from asyncio import IncompleteReadError
from typing import Final

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from python_socks.async_.asyncio import Proxy

from carquery.adapters.telegram.api.http_connection import HttpConnection
from carquery.adapters.telegram.api.pooled_http import (
    CONNECT_SECONDS,
    Connector,
    Origin,
    connection_in_words,
    speaking_http,
)

AT_PROXY: Final = "TELEGRAM_PROXY: is a proxy there that takes this user name and password?"


def through(url: str) -> Connector:
    """Connections by way of it. Names are resolved at the proxy: where Telegram is slowed, so is its name."""
    trusted = ssl.create_default_context()

    async def connect(origin: Origin) -> HttpConnection:
        proxy = Proxy.from_url(url, rdns=True)
        channel = await proxy.connect(dest_host=origin.host, dest_port=origin.port, timeout=CONNECT_SECONDS)
        return await speaking_http(channel, origin, trusted)

    return connect


def in_words(failure: BaseException) -> str:
    """What happened to a connection, or to the proxy's part in it."""
    match failure:
        case ProxyTimeoutError():
            return "no answer in time"
        case ProxyConnectionError():
            return "the proxy can't be reached"
        case ProxyError(error_code=int(code)):
            return f"the proxy refuses to connect to it ({int(code)})"
        case ProxyError() | IncompleteReadError():
            return "the proxy refuses the user name and password, or is no proxy of this kind"
        case _:
            return connection_in_words(failure)

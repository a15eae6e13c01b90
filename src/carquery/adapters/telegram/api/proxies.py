"""The Bot API through an http or socks5 proxy."""

from asyncio import IncompleteReadError
from typing import Final

from aiohttp import BaseConnector
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError

from carquery.adapters.telegram.api.aiohttp_client import connection_in_words

AT_PROXY: Final = "TELEGRAM_PROXY: is a proxy there that takes this user name and password?"


def connector(url: str, *, limit: int) -> BaseConnector:
    """Connections by way of it. Names are resolved at the proxy: where Telegram is slowed, so is its name."""
    through: BaseConnector = ProxyConnector.from_url(url, rdns=True, limit=limit)
    return through


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

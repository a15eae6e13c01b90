"""Through an http or socks5 proxy."""

import ssl
from asyncio import IncompleteReadError

from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from python_socks.async_.asyncio import Proxy

from carquery.adapters.http.connecting import Connector, Origin, connection_in_words, speaking_http
from carquery.adapters.http.connection import HttpConnection


def through(url: str, trusted: ssl.SSLContext | None, *, seconds: float) -> Connector:
    """Connections by way of it. Names are resolved at the proxy: where somebody is slowed, so is their name.

    Args:
        trusted: None: without TLS.
        seconds: that it may take to connect.
    """

    async def connect(origin: Origin) -> HttpConnection:
        proxy = Proxy.from_url(url, rdns=True)
        channel = await proxy.connect(dest_host=origin.host, dest_port=origin.port, timeout=seconds)
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

"""The connection to the Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.pooled_http import pooled_http


@asynccontextmanager
async def connect(token: str, *, api_base: str, proxy: str | None) -> AsyncIterator[BotApi]:
    """A bot's calls, on connections that are kept; closed on leaving.

    Args:
        api_base: where the Bot API is, such as https://api.telegram.org.
        proxy: an http or socks5 URL; None: directly.
    """
    async with pooled_http(proxy) as http:
        yield BotApi(http, base=api_base, token=token)

"""The connection to the Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.types import LinkPreviewOptions

from carquery.adapters.telegram.api.transport import Transport


@asynccontextmanager
async def connect(token: str, *, api_base: str, proxy: str | None) -> AsyncIterator[Bot]:
    """A bot whose texts are HTML and whose links show no previews; closed on leaving.

    Args:
        api_base: where the Bot API is, such as https://api.telegram.org.
        proxy: an http or socks5 URL; None: directly.
    """
    session = Transport(proxy=proxy, api=TelegramAPIServer.from_base(api_base))
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True))
    async with Bot(token, session=session, default=defaults) as bot:
        yield bot

"""Telegram's way in: its failures, as the process that opens it knows them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from carquery.adapters.messenger.way_in import NotTold, Telling, TokenRefused
from carquery.adapters.telegram.api.failures import (
    BotApiFailure,
    NotBotApi,
    ServerError,
    TelegramAway,
    Unauthorized,
    in_words,
)

REFUSED: Final = "TELEGRAM_BOT_TOKEN: Telegram refuses it; expected: the token that @BotFather gave"


def telling(tell: Callable[[], Awaitable[object]], failed: str) -> Telling:
    """`tell` raises BotApiFailure."""

    async def told() -> None:
        try:
            await tell()
        except Unauthorized as refused:
            raise TokenRefused(REFUSED) from refused
        except (TelegramAway, ServerError, NotBotApi) as away:
            raise NotTold(*in_words(away), is_away=True) from away
        except BotApiFailure as refusal:
            raise NotTold(*in_words(refusal), is_away=False) from refusal

    return Telling(told, failed)


def with_known_token(run: Callable[[asyncio.Event], Awaitable[None]]) -> Callable[[asyncio.Event], Awaitable[None]]:
    """`run` raises Unauthorized, by itself or in a group."""

    async def running(stop: asyncio.Event) -> None:
        try:
            await run(stop)
        except* Unauthorized as refused:
            raise TokenRefused(REFUSED) from refused

    return running

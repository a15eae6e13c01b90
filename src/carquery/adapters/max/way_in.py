"""MAX's way in: its failures, as the process that opens it knows them, and what MAX is told of us."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from carquery.adapters.max.api.failures import (
    MaxAway,
    MaxFailure,
    MaxServerError,
    MaxTokenRefused,
    MaxTooManyRequests,
    NotMaxApi,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetSubscriptions, MaxCommand, SetCommands, Unsubscribe
from carquery.adapters.messenger.way_in import NotTold, Telling, TokenRefused
from carquery.application.slash_commands import DESCRIPTIONS

REFUSED: Final = "MAX_BOT_TOKEN: MAX refuses it; expected: as the bot's settings at business.max.ru show it"
COMMANDS: Final = tuple(MaxCommand(*command) for command in DESCRIPTIONS.items())


async def register_commands_in_max(api: MaxApi) -> None:
    """Raises MaxFailure."""
    await api(SetCommands(commands=COMMANDS))


async def end_subscriptions(api: MaxApi) -> None:
    """All of the bot's, for with one of them nobody can poll. Raises MaxFailure."""
    for one in await api(GetSubscriptions()):
        await api(Unsubscribe(url=one.url))


def telling_max(tell: Callable[[], Awaitable[object]], failed: str) -> Telling:
    """`tell` raises MaxFailure."""

    async def told() -> None:
        try:
            await tell()
        except MaxTokenRefused as refused:
            raise TokenRefused(REFUSED) from refused
        except (MaxAway, MaxServerError, NotMaxApi, MaxTooManyRequests) as away:
            raise NotTold(*in_words(away), is_away=True) from away
        except MaxFailure as refusal:
            raise NotTold(*in_words(refusal), is_away=False) from refusal

    return Telling(told, failed)


def with_token_known_to_max(
    run: Callable[[asyncio.Event], Awaitable[None]],
) -> Callable[[asyncio.Event], Awaitable[None]]:
    """`run` raises MaxTokenRefused, by itself or in a group."""

    async def running(stop: asyncio.Event) -> None:
        try:
            await run(stop)
        except* MaxTokenRefused as refused:
            raise TokenRefused(REFUSED) from refused

    return running

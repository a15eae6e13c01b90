"""«печатает…» in a customer's chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from carquery.adapters.messenger.chats import MessageGone, NotReached
from carquery.adapters.telegram.api.calls import Calls
from carquery.adapters.telegram.api.methods import SendChatAction
from carquery.adapters.telegram.channel import chat_of
from carquery.domain.ids import CustomerId

SHOWN_SECONDS: Final = 4.5
"""The action goes after five seconds. Source: Bot API, sendChatAction."""


class TelegramTyping:
    """Says again that it is typing for as long as it takes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @asynccontextmanager
    async def shown_to(self, customer: CustomerId) -> AsyncIterator[None]:
        typing = asyncio.create_task(self._type(customer))
        try:
            yield
        finally:
            typing.cancel()
            await asyncio.wait((typing,))

    async def _type(self, customer: CustomerId) -> None:
        try:
            while True:
                await self._calls(SendChatAction(chat_id=chat_of(customer)))
                await asyncio.sleep(SHOWN_SECONDS)
        except (NotReached, MessageGone):
            return

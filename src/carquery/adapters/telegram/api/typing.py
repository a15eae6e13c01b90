"""«печатает…» in a customer's chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from carquery.adapters.messenger.repeated_sign import repeated
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
        action = SendChatAction(chat_id=chat_of(customer))
        async with repeated(lambda: self._calls(action), every=SHOWN_SECONDS):
            yield

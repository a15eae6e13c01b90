"""«печатает…» in a customer's dialog."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.api.methods import ShowTyping
from carquery.adapters.max.known_chats import KnownChats
from carquery.adapters.messenger.repeated_sign import repeated
from carquery.domain.ids import CustomerId

SHOWN_SECONDS: Final = 4.5
"""How long MAX shows it is said nowhere; five seconds are usual."""


class MaxTyping:
    """Says again that it is typing for as long as it takes, to whoever's chat is known here."""

    def __init__(self, calls: MaxCalls, chats: KnownChats) -> None:
        self._calls = calls
        self._chats = chats

    @asynccontextmanager
    async def shown_to(self, customer: CustomerId) -> AsyncIterator[None]:
        chat = self._chats.chat_of(customer)
        if chat is None:
            yield
            return
        async with repeated(lambda: self._calls(ShowTyping(chat_id=chat)), every=SHOWN_SECONDS):
            yield

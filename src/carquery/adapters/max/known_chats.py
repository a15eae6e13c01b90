"""Which chat is whose: MAX shows «печатает…» in a chat, all else goes by the user."""

from collections import OrderedDict
from typing import Final

from carquery.domain.ids import CustomerId

MOST: Final = 10_000
"""Customers that are remembered; of more, those heard of longest ago are forgotten, and see no «печатает…»."""


class KnownChats:
    """Learned from what customers send, kept by this process alone: nothing that matters depends on it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._chats: OrderedDict[CustomerId, int] = OrderedDict()

    def learn(self, customer: CustomerId, chat: int) -> None:
        """The customer was heard in that chat."""
        self._chats.pop(customer, None)  # so that the latest stand last
        self._chats[customer] = chat
        if len(self._chats) > self._most:
            self._chats.popitem(last=False)

    def chat_of(self, customer: CustomerId) -> int | None:
        """The number of the customer's chat; `None`: nobody knows it here."""
        return self._chats.get(customer)

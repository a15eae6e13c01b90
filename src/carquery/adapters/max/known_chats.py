"""Which chat is whose, and when it was heard last: MAX shows «печатает…» in a chat, all else goes by the user."""

from typing import Final

from carquery.domain.ids import CustomerId

MOST: Final = 10_000
"""Customers that are remembered; of more, those heard of longest ago are forgotten, and see no «печатает…»."""


class KnownChats:
    """Learned from what customers send, kept by this process alone: nothing that matters depends on it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._heard: dict[CustomerId, tuple[int, int]] = {}

    def learn(self, customer: CustomerId, chat: int, *, at: int) -> None:
        """The customer was heard in that chat. `at`: milliseconds since 1970, by MAX's clock."""
        _, before = self._heard.pop(customer, (chat, at))
        self._heard[customer] = (chat, max(before, at))
        if len(self._heard) > self._most:
            del self._heard[next(iter(self._heard))]

    def chat_of(self, customer: CustomerId) -> int | None:
        """The number of the customer's chat; `None`: nobody knows it here."""
        chat, _ = self._heard.get(customer, (None, 0))
        return chat

    def was_heard_after(self, customer: CustomerId, moment: int) -> bool:
        """Whether something of the customer's is known here that is newer: what MAX repeats may come late."""
        _, at = self._heard.get(customer, (None, 0))
        return at > moment

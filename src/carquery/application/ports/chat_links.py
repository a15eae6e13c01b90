"""The port to the addresses of customers' chats."""

from typing import Protocol

from carquery.domain.contact import Handle
from carquery.domain.ids import CustomerId


class ChatLinks(Protocol):
    """What a messenger knows of where a person of the staff can write to a customer."""

    def __call__(self, customer: CustomerId, handle: Handle | None) -> str | None:
        """An address that opens their chat, or what is to be known instead; `None`: nothing is. Asks nobody, and never
        fails."""
        ...


def no_chat_links(customer: CustomerId, handle: Handle | None) -> str | None:
    """When no messenger has any."""
    del customer, handle
    return None

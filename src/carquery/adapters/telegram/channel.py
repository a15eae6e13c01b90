"""Telegram as a channel: what customers, and the messages that they are shown, are called in the core."""

from functools import lru_cache
from typing import Final

from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, MessageToken
from carquery.domain.values import dataclass

TELEGRAM: Final = Channel("telegram")
MESSENGER: Final = "Telegram"


@lru_cache(maxsize=512)  # asked for several times for each update; more would be memory, not speed
def customer_of_user(user: int) -> CustomerId:
    """The customer with that user id. Fits 52 bits (Bot API, User.id)."""
    return CustomerId(TELEGRAM, str(user))


def chat_of(customer: CustomerId) -> int:
    """The customer's chat: a private one has its user's id."""
    return int(customer.number)


@lru_cache(maxsize=512)
def handle_of_user(user: int, username: str | None) -> Handle:
    """By what people find them: `@username`, or the id of those who have none."""
    return Handle(MESSENGER, f"id {user}" if username is None else f"@{username}")


def chat_link(customer: CustomerId, handle: Handle | None) -> str | None:
    """As `ChatLinks` promises. Of who has no username, only the application opens the chat.

    Source: core.telegram.org, «Deep links», public username links and user id links.
    """
    if customer.channel != TELEGRAM:
        return None
    if handle is not None and handle.name.startswith("@"):
        return f"https://t.me/{handle.name[1:]}"
    return f"tg://user?id={customer.number}"


@dataclass(frozen=True, slots=True)
class Shown:
    """Where in the chat the current screen stands.

    Attributes:
        message: the message's number in the chat.
        asks_contact: it put up the «share my number» keyboard, which must be taken down again.
    """

    message: int
    asks_contact: bool = False

    @property
    def token(self) -> MessageToken:
        """As visits keep it."""
        return MessageToken(f"{self.message}:{int(self.asks_contact)}")

    @classmethod
    @lru_cache(maxsize=512)  # asked for twice for each reply
    def read(cls, token: MessageToken | None) -> "Shown | None":
        """What a token says; `None` if it is not one of ours."""
        message, _, asks_contact = (token or "").partition(":")
        return cls(int(message), asks_contact=asks_contact == "1") if message.isdecimal() else None

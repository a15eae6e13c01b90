"""The way out to customers: what each channel brings to it, and ports that choose by the customer's channel."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

from carquery.adapters.messenger.chats import Chats
from carquery.application.ports.chat_links import ChatLinks
from carquery.application.ports.sent_files import FileContent, FilesAway, SentFiles
from carquery.application.ports.typing import Typing
from carquery.domain.contact import Handle
from carquery.domain.ids import Channel, CustomerId, FileId
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What one channel brings. Each part gets the channel's own customers and files alone.

    Attributes:
        name: what people call the messenger.
    """

    channel: Channel
    name: str
    chats: Chats
    typing: Typing
    sent_files: SentFiles
    chat_link: ChatLinks


WaysOut: TypeAlias = Mapping[Channel, WayOut]
"""Those of the channels that this process reaches."""


def by_channel(ways: Iterable[WayOut]) -> WaysOut:
    """Each under its channel."""
    return {way.channel: way for way in ways}


@dataclass(frozen=True, slots=True)
class ChannelsTyping:
    """As `Typing` promises; to whom this process does not reach, nothing is shown."""

    ways: WaysOut

    @asynccontextmanager
    async def shown_to(self, customer: CustomerId) -> AsyncIterator[None]:
        way = self.ways.get(customer.channel)
        if way is None:
            yield
            return
        async with way.typing.shown_to(customer):
            yield


@dataclass(frozen=True, slots=True)
class ChannelsSentFiles:
    """As `SentFiles` promises. Of a channel that this process does not reach, another may have the token."""

    ways: WaysOut

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        way = self.ways.get(channel)
        if way is None:
            raise FilesAway(f"{channel}: this process has no token for it")
        return await way.sent_files.read(channel, file)


@dataclass(frozen=True, slots=True)
class ChannelsChatLinks:
    """As `ChatLinks` promises."""

    ways: WaysOut

    def __call__(self, customer: CustomerId, handle: Handle | None) -> str | None:
        way = self.ways.get(customer.channel)
        return None if way is None else way.chat_link(customer, handle)

"""The messengers, chosen by their tokens; of the others, nothing is imported. What customers of all of them share."""

from collections.abc import Iterator
from dataclasses import dataclass

from dishka import Provider, Scope, collect, provide

from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.chats import Chats
from carquery.adapters.messenger.outreach import ChannelsOutreach
from carquery.adapters.messenger.replies import Replies
from carquery.adapters.messenger.reply_ledger import ReplyLedger
from carquery.adapters.messenger.way_in import WayIn
from carquery.adapters.messenger.ways_out import (
    ChannelsChatLinks,
    ChannelsSentFiles,
    ChannelsTyping,
    WayOut,
    WaysOut,
    by_channel,
)
from carquery.application.conversation.navigator import Messengers
from carquery.application.inbound import Inbound
from carquery.application.ports.chat_links import ChatLinks
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.outreach import Outreach
from carquery.application.ports.owed_replies import OwedReplies, OwedTimes
from carquery.application.ports.sent_files import SentFiles
from carquery.application.ports.typing import Typing
from carquery.entrypoints.settings.settings import BotSettings


@dataclass(frozen=True, slots=True)
class BooksOf:
    """Makes a channel's books, with its replies, upon its chats."""

    inbound: Inbound
    owed: OwedReplies
    times: OwedTimes
    clock: Clock
    dealership: ToldOfDealership

    def __call__(self, chats: Chats) -> Bookkeeping:
        ledger = ReplyLedger(self.owed, self.clock)
        replies = Replies(chats, self.inbound, ledger, self.clock, self.dealership)
        return Bookkeeping(self.owed, replies, self.inbound, self.clock, self.times)


class ChannelsProvider(Provider):
    """Ports that choose by the customer's channel."""

    scope = Scope.APP

    ways_in = collect(WayIn)
    ways_out = collect(WayOut)

    @provide
    def by_channel(self, ways: list[WayOut]) -> WaysOut:
        return by_channel(ways)

    @provide
    def messengers(self, ways: WaysOut) -> Messengers:
        return Messengers({channel: way.name for channel, way in ways.items()})

    @provide
    def outreach(self, ways: WaysOut, clock: Clock, dealership: ToldOfDealership) -> Outreach:
        return ChannelsOutreach({channel: way.chats for channel, way in ways.items()}, clock, dealership)

    typing = provide(ChannelsTyping, provides=Typing)
    sent_files = provide(ChannelsSentFiles, provides=SentFiles)
    chat_links = provide(ChannelsChatLinks, provides=ChatLinks)

    books_of = provide(BooksOf)


def channel_providers(settings: BotSettings) -> Iterator[Provider]:
    """The providers of the messengers that the settings have tokens for, and of the chat of the staff."""
    yield ChannelsProvider()
    has_telegram, has_max = settings.telegram_bot_token is not None, settings.max_bot_token is not None
    if has_telegram:
        from carquery.entrypoints.providers.telegram import TelegramProvider
        from carquery.entrypoints.providers.telegram_staff import TelegramStaffProvider

        yield TelegramProvider(is_alone=not has_max)
        yield TelegramStaffProvider()
    if has_max:
        from carquery.entrypoints.providers.max import MaxProvider

        yield MaxProvider(is_alone=not has_telegram)
    if not has_telegram:
        from carquery.entrypoints.providers.no_staff import NoStaffProvider

        yield NoStaffProvider()

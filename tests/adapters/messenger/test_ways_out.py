"""What is for a customer goes the way of the customer's own channel."""

from typing import Final

import pytest

from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.adapters.memory.typing import MemoryTyping
from carquery.adapters.messenger.ways_out import (
    ChannelsChatLinks,
    ChannelsSentFiles,
    ChannelsTyping,
    WayOut,
    by_channel,
)
from carquery.application.ports.sent_files import FileContent, FilesAway
from carquery.domain.ids import Channel, CustomerId, FileId
from tests.builders import ANNA, NAMESAKE
from tests.toy_messenger import ToyChats

ELSEWHERE: Final = CustomerId(Channel("elsewhere"), ANNA.number)


def a_way(channel: Channel) -> WayOut:
    """One whose links and files say which it is."""
    return WayOut(
        channel=channel,
        name=channel.upper(),
        chats=ToyChats(),
        typing=MemoryTyping(),
        sent_files=MemorySentFiles(lambda file: FileContent(f"{channel}:{file}".encode())),
        chat_link=lambda customer, _: f"https://{channel}/{customer.number}",
    )


WAYS: Final = by_channel((a_way(ANNA.channel), a_way(NAMESAKE.channel)))
"""Two, beside each other."""


async def test_one_number_in_two_channels_is_two_customers() -> None:
    files, links = ChannelsSentFiles(WAYS), ChannelsChatLinks(WAYS)

    for customer in (ANNA, NAMESAKE):
        assert links(customer, None) == f"https://{customer.channel}/{customer.number}"
        assert (await files.read(customer.channel, FileId("1"))).content == f"{customer.channel}:1".encode()


async def test_only_the_customer_s_messenger_shows_that_an_answer_is_under_way() -> None:
    shown = {channel: way.typing for channel, way in WAYS.items()}

    async with ChannelsTyping(WAYS).shown_to(NAMESAKE):
        assert {channel: typing.shown for channel, typing in shown.items() if isinstance(typing, MemoryTyping)} == {
            ANNA.channel: [],
            NAMESAKE.channel: [NAMESAKE],
        }


async def test_what_this_process_does_not_reach_costs_nothing_and_may_come_later() -> None:
    async with ChannelsTyping(WAYS).shown_to(ELSEWHERE):
        assert ChannelsChatLinks(WAYS)(ELSEWHERE, None) is None
    with pytest.raises(FilesAway):
        await ChannelsSentFiles(WAYS).read(ELSEWHERE.channel, FileId("1"))

"""Of an album whose pictures come one by one, the last one is answered."""

import pytest

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.album_replies import AlbumReplies
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Busy
from carquery.domain.attachments import Parcel
from carquery.domain.ids import FileId
from tests.application.in_memory import Dealership
from tests.builders import ANNA, BORIS, a_dialog, an_arrival
from tests.toy_messenger import ToyChats, replies_of


class Album:
    """A process that takes pictures and answers them in the toy messenger."""

    def __init__(self, dealership: Dealership, chats: ToyChats) -> None:
        self.dealership = dealership
        self.chats = chats
        self.replies = AlbumReplies(replies_of(dealership, chats), dealership.inbound, AlbumPause(0))

    async def take(self, number: int) -> tuple[Arrival, Reply]:
        """Take a picture, without an answer yet."""
        arrival = an_arrival(number)
        return arrival, await self.dealership.inbound.sent(arrival, Parcel((FileId(f"picture-{number}"),)))

    @property
    def shown(self) -> list[str]:
        return [
            label for one in self.chats.bubbles.get(ANNA, {}).values() for label in one.buttons if "Готово" in label
        ]


@pytest.fixture
async def album(dealership: Dealership) -> Album:
    await dealership.has_open(a_dialog(step="photos"))
    return Album(dealership, ToyChats())


async def test_only_the_last_picture_is_answered(album: Album) -> None:
    for number in (1, 2, 3):
        album.replies.show_if_last(*await album.take(number))

    await album.replies.drain()

    assert album.shown == ["Готово (3)"]


async def test_while_it_waits_the_reply_is_owed(album: Album) -> None:
    """A process that is killed in that second leaves it to another one."""
    for number in (1, 2):
        album.replies.show_if_last(*await album.take(number))
    assert (await album.dealership.visit()).owed is not None

    await album.replies.drain()

    assert (await album.dealership.visit()).owed is None


async def test_what_another_process_took_since_is_answered_there(album: Album) -> None:
    here = await album.take(1)
    there = Album(album.dealership, album.chats)
    later = await there.take(2)

    album.replies.show_if_last(*here)
    await album.replies.drain()
    assert album.shown == []

    there.replies.show_if_last(*later)
    await there.replies.drain()
    assert album.shown == ["Готово (2)"]


async def test_while_nobody_knows_who_was_last_it_is_answered(album: Album) -> None:
    taken = await album.take(1)
    album.dealership.visits.fail_next(StoreUnavailable())

    album.replies.show_if_last(*taken)
    await album.replies.drain()

    assert album.shown == ["Готово (1)"]


async def test_a_picture_that_could_not_be_taken_is_answered_so(album: Album) -> None:
    album.replies.show_if_last(an_arrival(1), Reply(Busy()))
    await album.replies.drain()

    assert album.chats.toasts == [Busy.TEXT]


async def test_another_customer_s_pictures_are_another_album(album: Album) -> None:
    await album.dealership.has_open(a_dialog(step="photos", number=2), customer=BORIS)
    boris = an_arrival(9, BORIS)

    album.replies.show_if_last(*await album.take(1))
    album.replies.show_if_last(boris, await album.dealership.inbound.sent(boris, Parcel((FileId("b"),))))
    await album.replies.drain()

    assert album.shown == ["Готово (1)"]
    assert len(album.chats.bubbles[BORIS]) == 1

"""Photos and files fetched from MAX, and what becomes of them when it does not give them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from carquery.adapters.max.api.sent_files import MaxSentFiles
from carquery.adapters.max.channel import MAX, AttachmentKind, AttachmentPlace
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import FileId
from carquery_emulators.max import A_PHOTO, MaxCustomer, MaxEmulator
from tests.adapters.max.emulated import a_max_bot
from tests.adapters.max.odd_max import at_once


@dataclass(frozen=True, slots=True)
class Album:
    """What a customer sent, and the way to fetch it."""

    max: MaxEmulator
    anna: MaxCustomer
    files: MaxSentFiles

    def place(self, index: int = 0, kind: AttachmentKind = AttachmentKind.IMAGE, *, forwarded: bool = False) -> FileId:
        """Of her last message."""
        return AttachmentPlace(kind, self.anna.chat.messages[-1].id, index, is_forwarded=forwarded).file

    async def read(self, file: FileId) -> FileContent:
        return await self.files.read(MAX, file)


@pytest.fixture
async def album() -> AsyncIterator[Album]:
    async with MaxEmulator(delay_scale=0) as max_, a_max_bot(max_) as api:
        yield Album(max_, max_.customer(501, "Анна"), MaxSentFiles(api, sleep=at_once))


async def test_each_picture_of_a_message_is_fetched_by_its_place_long_after_its_address_expired(album: Album) -> None:
    await album.anna.send_album([A_PHOTO, b"GIF89a second"])
    album.max.state.files.expire_urls()

    first, second = [await album.read(album.place(index)) for index in (0, 1)]

    assert (first.content, first.picture_type) == (A_PHOTO, "image/png")
    assert (second.content, second.picture_type) == (b"GIF89a second", "image/gif")


async def test_while_max_asks_to_wait_it_is_waited_for(album: Album) -> None:
    await album.anna.send_photo()
    album.max.fail("*", how="429", times=2, retry_after=14)

    assert (await album.read(album.place())).content == A_PHOTO


async def deleted(album: Album) -> None:
    await album.anna.delete(album.anna.chat.messages[-1].id)


async def refused(album: Album, method: str, how: str) -> None:
    album.max.fail(method, how=how, times=None)


@pytest.mark.parametrize(
    ("goes_wrong", "failure"),
    [
        (deleted, FileGone),
        (lambda album: refused(album, "*", "suspended"), FileGone),
        (lambda album: refused(album, "download", "expired"), FileGone),
        (lambda album: refused(album, "*", "401"), FilesAway),
        (lambda album: refused(album, "*", "429"), FilesAway),
        (lambda album: refused(album, "*", "502 html"), FilesAway),
        (lambda album: refused(album, "download", "refuse"), FilesAway),
    ],
    ids=["deleted", "stopped", "expired", "token", "flood", "page", "cut"],
)
async def test_what_can_not_be_had_is_gone_or_comes_later(
    album: Album, goes_wrong: Callable[[Album], Awaitable[None]], failure: type[Exception]
) -> None:
    await album.anna.send_photo()
    file = album.place()
    await goes_wrong(album)

    with pytest.raises(failure):
        await album.read(file)


@pytest.mark.parametrize("name", ["", "photo", "AgACAgIAAxkBAAI", "image:9:{mid}", "forwarded_image:0:{mid}"])
async def test_a_name_that_leads_to_nothing_is_gone(album: Album, name: str) -> None:
    await album.anna.send_photo()

    with pytest.raises(FileGone):
        await album.read(FileId(name.format(mid=album.anna.chat.messages[-1].id)))


async def test_of_a_video_the_film_is_fetched(album: Album) -> None:
    await album.anna.send_upload("video", b"film")

    assert (await album.read(album.place(kind=AttachmentKind.VIDEO))).content == b"film"

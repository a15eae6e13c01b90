"""What every adapter of `SentFiles` promises."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from carquery.application.ports.sent_files import FileGone, FilesAway
from tests.builders import ANNA
from tests.contracts.sent_files import ALL_SENT_FILES, SentFilesInHand


@pytest.fixture(params=ALL_SENT_FILES, ids=lambda adapter: getattr(adapter, "__name__", None))
async def sent(request: pytest.FixtureRequest) -> AsyncIterator[SentFilesInHand]:
    async with request.param() as sent:
        yield sent


async def test_a_file_comes_as_it_was_sent(sent: SentFilesInHand) -> None:
    content = bytes(range(256)) * 1_000

    assert (await sent.files.read(ANNA.channel, await sent.send(content))).content == content


async def test_an_empty_file_is_a_file(sent: SentFilesInHand) -> None:
    assert (await sent.files.read(ANNA.channel, await sent.send(b""))).content == b""


async def test_each_name_has_a_file_of_its_own_also_when_many_are_read_at_once(sent: SentFilesInHand) -> None:
    contents = [f"%PDF-{number}".encode() for number in range(10)]

    names = [await sent.send(content) for content in contents]

    read = await asyncio.gather(*(sent.files.read(ANNA.channel, name) for name in names))

    assert [file.content for file in read] == contents


async def test_a_file_can_be_read_again(sent: SentFilesInHand) -> None:
    name = await sent.send(b"%PDF-1.7")

    assert await sent.files.read(ANNA.channel, name) == await sent.files.read(ANNA.channel, name)


async def test_what_is_too_large_to_be_fetched_can_t_be_had_and_others_can(sent: SentFilesInHand) -> None:
    with pytest.raises(FileGone):
        await sent.files.read(ANNA.channel, await sent.send_too_much())

    assert (await sent.files.read(ANNA.channel, await sent.send(b"%PDF-1.7"))).content == b"%PDF-1.7"


async def test_while_the_messenger_is_away_a_file_can_t_be_had_and_then_it_can(sent: SentFilesInHand) -> None:
    name = await sent.send(b"%PDF-1.7")

    with sent.away(), pytest.raises(FilesAway):
        await sent.files.read(ANNA.channel, name)

    assert (await sent.files.read(ANNA.channel, name)).content == b"%PDF-1.7"


async def test_of_a_messenger_that_is_away_nobody_knows_what_is_gone(sent: SentFilesInHand) -> None:
    name = await sent.send_too_much()

    with sent.away(), pytest.raises(FilesAway):
        await sent.files.read(ANNA.channel, name)

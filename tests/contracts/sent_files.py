"""Every adapter of `SentFiles`, with the means to send a file and to keep it from being had."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass

from carquery.adapters.max.api.sent_files import MaxSentFiles
from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace
from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.application.ports.sent_files import FileContent, SentFiles
from carquery.domain.ids import FileId
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.adapters.max.emulated import a_max_bot

MOST = 20 * 1024 * 1024
"""Bytes that a bot may fetch."""


@dataclass(frozen=True, slots=True)
class SentFilesInHand:
    """Files that customers sent.

    Attributes:
        send: a customer sends one with that content; its name.
        send_too_much: the same, larger than may be fetched.
        away: the messenger can't be asked meanwhile.
    """

    files: SentFiles
    send: Callable[[bytes], Awaitable[FileId]]
    send_too_much: Callable[[], Awaitable[FileId]]
    away: Callable[[], AbstractContextManager[None]]


@asynccontextmanager
async def memory() -> AsyncIterator[SentFilesInHand]:
    contents: dict[FileId, FileContent] = {}
    files = MemorySentFiles(contents.__getitem__)

    async def send(content: bytes) -> FileId:
        name = FileId(f"file-{len(contents)}")
        contents[name] = FileContent(content)
        return name

    async def send_too_much() -> FileId:
        name = await send(b"")
        files.gone.add(name)
        return name

    @contextmanager
    def away() -> Iterator[None]:
        files.is_away = True
        yield
        files.is_away = False

    yield SentFilesInHand(files, send, send_too_much, away)


@asynccontextmanager
async def telegram() -> AsyncIterator[SentFilesInHand]:
    async with (
        TelegramEmulator(delay_scale=0) as emulator,
        connect(emulator.token, api_base=emulator.base_url, proxy=None) as bot,
    ):

        async def send(content: bytes, *, size: int | None = None) -> FileId:
            return FileId(emulator.state.files.add(content, folder="documents", size=size).file_id)

        @contextmanager
        def away() -> Iterator[None]:
            emulator.fail("getFile", how="refuse", times=None)
            yield
            emulator.heal()

        yield SentFilesInHand(TelegramSentFiles(bot), send, lambda: send(b"", size=MOST + 1), away)


@asynccontextmanager
async def max_messenger() -> AsyncIterator[SentFilesInHand]:
    async with MaxEmulator(delay_scale=0) as emulator, a_max_bot(emulator) as api:
        anna = emulator.customer(7_001, "Anna")

        async def send(content: bytes, *, size: int | None = None) -> FileId:
            await anna.send_document(content, size=size)
            return AttachmentPlace(AttachmentKind.FILE, anna.chat.messages[-1].id, 0).file

        @contextmanager
        def away() -> Iterator[None]:
            emulator.fail("*", how="refuse", times=None)
            yield
            emulator.heal()

        yield SentFilesInHand(MaxSentFiles(api), send, lambda: send(b"", size=MOST + 1), away)


ALL_SENT_FILES = [memory, telegram, max_messenger]

"""Every adapter of `SentFiles`, with the means to send a file and to keep it from being had."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass

from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.application.ports.sent_files import FileContent, SentFiles
from carquery.domain.ids import FileId
from carquery_emulators.telegram import TelegramEmulator

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
    send: Callable[[bytes], FileId]
    send_too_much: Callable[[], FileId]
    away: Callable[[], AbstractContextManager[None]]


@asynccontextmanager
async def memory() -> AsyncIterator[SentFilesInHand]:
    contents: dict[FileId, FileContent] = {}
    files = MemorySentFiles(contents.__getitem__)

    def send(content: bytes) -> FileId:
        name = FileId(f"file-{len(contents)}")
        contents[name] = FileContent(content)
        return name

    def send_too_much() -> FileId:
        name = send(b"")
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

        def send(content: bytes, *, size: int | None = None) -> FileId:
            return FileId(emulator.state.files.add(content, folder="documents", size=size).file_id)

        @contextmanager
        def away() -> Iterator[None]:
            emulator.fail("getFile", how="refuse", times=None)
            yield
            emulator.heal()

        yield SentFilesInHand(TelegramSentFiles(bot), send, lambda: send(b"", size=MOST + 1), away)


ALL_SENT_FILES = [memory, telegram]

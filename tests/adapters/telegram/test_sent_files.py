"""Photos and files fetched from Telegram, and what becomes of them when it does not give them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.api.sent_files import TelegramSentFiles
from carquery.adapters.telegram.channel import TELEGRAM
from carquery.application.ports.sent_files import FileGone, FilesAway
from carquery.domain.ids import FileId
from carquery_emulators.telegram import A_PHOTO, TelegramEmulator


@asynccontextmanager
async def a_telegram() -> AsyncIterator[tuple[TelegramEmulator, TelegramSentFiles]]:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        yield telegram, TelegramSentFiles(bot)


def a_file(telegram: TelegramEmulator, content: bytes = A_PHOTO, *, size: int | None = None) -> FileId:
    return FileId(telegram.state.files.add(content, folder="photos", size=size).file_id)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\x89PNG\r\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypmif1", "image/heif"),
        (b"\0\0\0\x18ftypmp42", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"%PDF-1.7", None),
        (b"?", None),
    ],
)
async def test_a_picture_comes_with_the_kind_that_its_bytes_tell(beginning: bytes, kind: str | None) -> None:
    async with a_telegram() as (telegram, photos):
        photo = await photos.read(TELEGRAM, a_file(telegram, beginning + b"..."))

    assert (photo.content, photo.picture_type) == (beginning + b"...", kind)


async def test_a_file_that_telegram_does_not_know_is_gone() -> None:
    async with a_telegram() as (_, photos):
        with pytest.raises(FileGone):
            await photos.read(TELEGRAM, FileId("AgACAgIAAxkBAAI999999_photos"))


async def test_a_file_too_big_for_bots_is_gone() -> None:
    async with a_telegram() as (telegram, photos):
        with pytest.raises(FileGone):
            await photos.read(TELEGRAM, a_file(telegram, size=21 * 1024 * 1024))


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize("how", ["500", "refuse", "drop"])
async def test_a_telegram_that_does_not_answer_is_away_and_no_token_is_told(method: str, how: str) -> None:
    async with a_telegram() as (telegram, photos):
        telegram.fail(method, how=how, times=None)

        with pytest.raises(FilesAway) as away:
            await photos.read(TELEGRAM, a_file(telegram))

        assert telegram.token not in str(away.value)

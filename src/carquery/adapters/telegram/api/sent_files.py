"""Photos and files, fetched from Telegram."""

from http import HTTPStatus
from io import BytesIO
from typing import Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramNotFound
from aiohttp import ClientResponseError

from carquery.adapters.telegram.api.transport import in_words
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import Channel, FileId

DOWNLOAD_SECONDS: Final = 30

_SIGNS: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
)
"""By what stands there in its bytes, a picture tells its kind; Telegram does not."""


class TelegramSentFiles:
    """Asks the Bot API where a file is, and downloads it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        try:
            found = await self._bot.get_file(file, request_timeout=DOWNLOAD_SECONDS)
            if found.file_path is None:
                raise FileGone
            content = await self._bot.download_file(found.file_path, BytesIO(), timeout=DOWNLOAD_SECONDS)
        except (TelegramBadRequest, TelegramNotFound) as refusal:  # also «file is too big»
            raise FileGone from refusal
        except ClientResponseError as refusal:  # its text is the URL, with the bot's token
            if refusal.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
                raise FileGone from None
            raise FilesAway(f"Telegram: HTTP {refusal.status}") from None
        except AiogramError as failure:
            raise FilesAway(f"Telegram: {in_words(failure)[0]}") from None
        if content is None:
            raise AssertionError("downloaded into nothing")
        whole = content.read()
        return FileContent(whole, _picture_type(whole))


def _picture_type(content: bytes) -> str | None:
    return next((kind for place, sign, kind in _SIGNS if content.startswith(sign, place)), None)

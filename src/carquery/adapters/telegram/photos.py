"""Photos, fetched from Telegram."""

from http import HTTPStatus
from io import BytesIO
from typing import Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramNotFound
from aiohttp import ClientResponseError

from carquery.adapters.telegram.transport import in_words
from carquery.application.ports.photos import Photo, PhotoGone, PhotosAway
from carquery.domain.ids import FileId

DOWNLOAD_SECONDS: Final = 30

_BEGINNINGS: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
"""What a picture begins with tells its kind; Telegram does not, and it makes a JPEG of nearly everything."""


class TelegramPhotos:
    """Asks the Bot API where a file is, and downloads it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def read(self, file: FileId) -> Photo:
        try:
            found = await self._bot.get_file(file, request_timeout=DOWNLOAD_SECONDS)
            if found.file_path is None:
                raise PhotoGone
            content = await self._bot.download_file(found.file_path, BytesIO(), timeout=DOWNLOAD_SECONDS)
        except (TelegramBadRequest, TelegramNotFound) as refusal:  # also «file is too big»
            raise PhotoGone from refusal
        except ClientResponseError as refusal:  # its text is the URL, with the bot's token
            if refusal.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
                raise PhotoGone from None
            raise PhotosAway(f"Telegram: HTTP {refusal.status}") from None
        except AiogramError as failure:
            raise PhotosAway(f"Telegram: {in_words(failure)[0]}") from None
        if content is None:
            raise AssertionError("downloaded into nothing")
        picture = content.read()
        return Photo(picture, _kind(picture))


def _kind(content: bytes) -> str:
    kinds = (kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning))
    return next(kinds, "image/jpeg")

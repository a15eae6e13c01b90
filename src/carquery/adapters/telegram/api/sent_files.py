"""Photos and files, fetched from Telegram."""

from typing import Final

from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import BadRequest, BotApiFailure, NotFound, in_words
from carquery.adapters.telegram.api.methods import GetFile
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

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        try:
            place = await self._api(GetFile(file_id=file), seconds=DOWNLOAD_SECONDS)
            if place.file_path is None:
                raise FileGone
            content = await self._api.download(place.file_path, seconds=DOWNLOAD_SECONDS)
        except (BadRequest, NotFound) as refusal:  # also «file is too big»
            raise FileGone from refusal
        except BotApiFailure as failure:
            raise FilesAway(f"Telegram: {in_words(failure)[0]}") from None
        return FileContent(content, _picture_type(content))


def _picture_type(content: bytes) -> str | None:
    return next((kind for place, sign, kind in _SIGNS if content.startswith(sign, place)), None)

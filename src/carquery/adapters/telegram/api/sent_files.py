"""Photos and files, fetched from Telegram."""

from typing import Final

from carquery.adapters.messenger.picture_types import picture_type
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import BadRequest, BotApiFailure, NotFound, in_words
from carquery.adapters.telegram.api.methods import GetFile
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import Channel, FileId

DOWNLOAD_SECONDS: Final = 30


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
        return FileContent(content, picture_type(content))

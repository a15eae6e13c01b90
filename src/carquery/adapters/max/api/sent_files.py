"""Photos and files, fetched from MAX."""

from typing import Final

from carquery.adapters.max.api.failures import (
    MaxBadRequest,
    MaxFailure,
    MaxForbidden,
    MaxNotFound,
    MaxRefused,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetMessage, GetVideo
from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace
from carquery.adapters.messenger.picture_types import picture_type
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import Channel, FileId

DOWNLOAD_SECONDS: Final = 30
LARGEST: Final = 20 * 1024 * 1024
"""Bytes. MAX takes files of 4 GB."""


QUALITIES: Final = ("mp4_720", "mp4_480", "mp4_360", "mp4_240", "mp4_144", "mp4_1080")
"""Of a video, the one that is good enough and most likely within the size."""


class MaxSentFiles:
    """Asks for the message that a file came in, since its address expires, and downloads it from there."""

    def __init__(self, api: MaxApi) -> None:
        self._api = api

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        place = AttachmentPlace.read(file)
        if place is None:
            raise FileGone
        try:
            content = await self._content(place)
        except (MaxBadRequest, MaxForbidden, MaxNotFound) as refusal:
            raise FileGone from refusal
        except MaxFailure as failure:
            raise FilesAway(f"MAX: {in_words(failure)[0]}") from None
        return FileContent(content, picture_type(content))

    async def _content(self, place: AttachmentPlace) -> bytes:
        """Raises FileGone, MaxFailure."""
        message = await self._api(GetMessage(message_id=place.message), seconds=DOWNLOAD_SECONDS)
        attachment = message.attachment(place.index, is_forwarded=place.is_forwarded)
        if attachment is None or (isinstance(attachment.size, int) and attachment.size > LARGEST):
            raise FileGone
        url = attachment.payload.url
        if place.kind is AttachmentKind.VIDEO and attachment.payload.token:
            url = await self._video(attachment.payload.token) or url
        if not url:
            raise FileGone
        return await self._api.download(url, seconds=DOWNLOAD_SECONDS, at_most=LARGEST)

    async def _video(self, token: str) -> str | None:
        """Where the file itself is; the address in a message may lead to a player. Raises MaxFailure."""
        try:
            places = await self._api(GetVideo(token=token), seconds=DOWNLOAD_SECONDS)
        except MaxRefused:
            return None
        urls = places.urls or {}
        return next((url for quality in QUALITIES if (url := urls.get(quality))), None)

"""Photos and files, fetched from MAX."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from carquery.adapters.max.api.failures import (
    MaxBadRequest,
    MaxFailure,
    MaxForbidden,
    MaxNotAllowed,
    MaxNotFound,
    MaxTooManyRequests,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetMessage, GetVideo, MaxMethod, Result_co
from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace
from carquery.adapters.messenger.picture_types import picture_type
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway
from carquery.domain.ids import Channel, FileId

DOWNLOAD_SECONDS: Final = 30
LARGEST: Final = 20 * 1024 * 1024
"""Bytes. MAX takes files of 4 GB."""
LONGEST_WAIT_SECONDS: Final = 30
"""For MAX's limits, which what customers are shown meets as well."""
QUALITIES: Final = ("mp4_720", "mp4_480", "mp4_360", "mp4_240", "mp4_144", "mp4_1080")
"""Of a video, the one that is good enough and most likely within the size."""


class MaxSentFiles:
    """Asks for the message that a file came in, since its address expires, and downloads it from there."""

    def __init__(self, api: MaxApi, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._api = api
        self._sleep = sleep

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
        message = await self._ask(GetMessage(message_id=place.message))
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
            places = await self._ask(GetVideo(token=token))
        except (MaxBadRequest, MaxForbidden, MaxNotAllowed, MaxNotFound):
            return None
        urls = places.urls or {}
        return next((url for quality in QUALITIES if (url := urls.get(quality))), None)

    async def _ask(self, call: MaxMethod[Result_co]) -> Result_co:
        """Raises MaxFailure."""
        waited = 0.0
        while True:
            try:
                return await self._api(call, seconds=DOWNLOAD_SECONDS)
            except MaxTooManyRequests as early:
                waited += early.retry_after
                if waited > LONGEST_WAIT_SECONDS:
                    raise
                await self._sleep(early.retry_after)

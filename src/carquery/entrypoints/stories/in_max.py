"""Stories in the emulated MAX."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.json import encode

from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace, customer_of_user
from carquery.adapters.max.updates.reading import read_input
from carquery.domain.ids import CustomerId, FileId
from carquery.entrypoints.stories.actor import Actor
from carquery.entrypoints.stories.casting import FIRST_NAME, phone_of
from carquery.entrypoints.stories.stage import FollowedUpdates
from carquery.entrypoints.stories.story import FileKind, SendFile
from carquery_emulators.max import BOUNDLESS, MaxCustomer, MaxEmulator, ShownMaxMessage

TOKEN: Final = "stories"  # noqa: S105  # known to the emulator alone
MOST_ATTACHED: Final = 12
"""Source: dev.max.ru, docs-api, as of 2026."""


class StoriesInMax:
    """As `EmulatedMessenger` promises. Its limits would only make many stories at once wait."""

    def __init__(self) -> None:
        self._max = MaxEmulator(TOKEN, rates=BOUNDLESS)

    def open(self) -> AbstractAsyncContextManager[object]:
        return self._max

    @property
    def settings(self) -> Mapping[str, Any]:
        return {
            "max_bot_token": TOKEN,
            "max_api_base": self._max.base_url,
            "max_ca_file": None,
            "max_webhook_url": None,
            "telegram_bot_token": None,
            "bot_mode": "polling",
        }

    async def is_listened_to(self) -> None:
        """Whoever does not say how far they have read is given the latest update alone."""
        await self._max.wait_for(lambda: any("marker" in call.params for call in self._max.calls_of("GET /updates")))

    def actor(self, number: int, updates: FollowedUpdates) -> Actor:
        person = self._max.customer(self._max.next_customer_id(), FIRST_NAME, phone=phone_of(number))
        return MaxActor(self._max, person, updates)


@dataclass(slots=True)
class MaxActor:
    """As `Actor` promises."""

    messenger: MaxEmulator
    customer: MaxCustomer
    updates: FollowedUpdates
    _written: dict[int, str] = field(default_factory=dict, init=False)
    _read: dict[str, str] = field(default_factory=dict, init=False)
    _heard: int = field(default=0, init=False)

    @property
    def id(self) -> CustomerId:
        return customer_of_user(self.customer.id)

    async def say(self, number: int, text: str) -> None:
        await self.customer.send_text(text)
        self._written[number] = self._latest.id
        await self._answered()

    async def rewrite(self, number: int, text: str) -> None:
        await self.customer.edit_text(self._written[number], text)
        await self._answered()

    async def press(self, label: str) -> None:
        await self.customer.press(label)
        await self._answered()

    async def share_contact(self) -> None:
        await self.customer.share_contact()
        await self._answered()

    async def send_photos(self, count: int, caption: str) -> Collection[FileId]:
        enclosed: set[FileId] = set()
        for first in range(0, count, MOST_ATTACHED):
            pictures = min(MOST_ATTACHED, count - first)
            await self.customer.send_album(pictures, captions=(caption if first == 0 else None,))
            enclosed |= {
                AttachmentPlace(AttachmentKind.IMAGE, self._latest.id, index).file for index in range(pictures)
            }
            await self._answered()
        return enclosed

    async def send_file(self, file: SendFile) -> Collection[FileId]:
        words = file.caption or None
        match file.kind:
            case FileKind.FILE:
                kind = AttachmentKind.FILE
                await self.customer.send_document(
                    b"\0" * 16, name=file.name, mime_type="application/octet-stream", caption=words
                )
            case FileKind.VIDEO:
                kind = AttachmentKind.VIDEO
                await self.customer.send_upload("video", name="video.mp4", caption=words)
            case FileKind.VOICE:
                kind = AttachmentKind.AUDIO
                await self.customer.send_upload("audio", caption=words)
        enclosed = {AttachmentPlace(kind, self._latest.id, 0).file}
        await self._answered()
        return enclosed

    async def send_sticker(self) -> None:
        await self.customer.send_sticker()
        await self._answered()

    @property
    def buttons(self) -> Sequence[str]:
        messages = reversed(self.customer.chat.bot_messages)
        newest = next((message for message in messages if message.buttons), None)
        return [] if newest is None else [button.text for button in newest.buttons if button.type != "link"]

    def newly_shown(self) -> Iterator[str]:
        for message in self.customer.chat.bot_messages:
            if self._read.get(message.id) != message.text:
                self._read[message.id] = message.text
                yield message.text
        said = self.customer.chat.alerts[self._heard :]
        self._heard += len(said)
        yield from (answer.text for answer in said if answer.text)

    async def _answered(self) -> None:
        """Until there is a reply to what was done just now; the bot can't have taken that yet."""
        given = read_input(encode(self.messenger.queue[-1]))
        if given is None:
            raise AssertionError("MAX's emulator makes updates that can be read")
        await self.updates.shown(given.input)

    @property
    def _latest(self) -> ShownMaxMessage:
        return next(message for message in reversed(self.customer.chat.messages) if not message.from_bot)

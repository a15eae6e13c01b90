"""Stories in the emulated Telegram."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Final

from carquery.adapters.telegram.channel import customer_of_user
from carquery.domain.ids import CustomerId, FileId
from carquery.entrypoints.stories.actor import Actor
from carquery.entrypoints.stories.casting import FIRST_NAME, phone_of
from carquery.entrypoints.stories.stage import FollowedUpdates
from carquery.entrypoints.stories.story import FileKind, SendFile
from carquery_emulators.telegram import Customer, ShownMessage, TelegramEmulator

TOKEN: Final = "1000001:STORIES"  # noqa: S105  # known to the emulator alone
LARGEST_ALBUM: Final = 10
"""Source: Bot API, sendMediaGroup."""


class StoriesInTelegram:
    """As `EmulatedMessenger` promises."""

    def __init__(self) -> None:
        self._telegram = TelegramEmulator(TOKEN, username="carquery_bot", name="CarQuery")

    def open(self) -> AbstractAsyncContextManager[object]:
        return self._telegram

    @property
    def settings(self) -> Mapping[str, Any]:
        return {
            "telegram_bot_token": TOKEN,
            "telegram_api_base": self._telegram.base_url,
            "telegram_proxy": None,
            "admin_chat_id": None,
            "bot_mode": "polling",
            "max_bot_token": None,
        }

    async def is_listened_to(self) -> None:
        """It keeps everything."""

    def actor(self, number: int, updates: FollowedUpdates) -> Actor:
        person = self._telegram.customer(self._telegram.next_customer_id(), FIRST_NAME, phone=phone_of(number))
        return TelegramActor(person, updates)


@dataclass(slots=True)
class TelegramActor:
    """As `Actor` promises."""

    customer: Customer
    updates: FollowedUpdates
    _written: dict[int, int] = field(default_factory=dict, init=False)
    _read: dict[int, str] = field(default_factory=dict, init=False)
    _heard: int = field(default=0, init=False)

    @property
    def id(self) -> CustomerId:
        return customer_of_user(self.customer.id)

    async def say(self, number: int, text: str) -> None:
        sent = await self.customer.send_text(text)
        self._written[number] = self._own_messages[-1].id
        await self.updates.shown(sent)

    async def rewrite(self, number: int, text: str) -> None:
        await self.updates.shown(await self.customer.edit_text(self._written[number], text))

    async def press(self, label: str) -> None:
        await self.updates.shown(await self.customer.press(label))

    async def share_contact(self) -> None:
        await self.updates.shown(await self.customer.share_contact())

    async def send_photos(self, count: int, caption: str) -> Collection[FileId]:
        enclosed: set[FileId] = set()
        for first in range(0, count, LARGEST_ALBUM):
            words = (caption or None) if first == 0 else None
            pictures = min(LARGEST_ALBUM, count - first)
            if pictures == 1:
                sent = await self.customer.send_photo(caption=words)
            else:
                sent = (await self.customer.send_album(pictures, captions=(words,)))[0]
            enclosed |= self._enclosed(pictures)
            await self.updates.shown(sent)
        return enclosed

    async def send_file(self, file: SendFile) -> Collection[FileId]:
        words = file.caption or None
        match file.kind:
            case FileKind.FILE:
                sent = await self.customer.send_document(
                    b"\0" * 16, name=file.name, mime_type="application/octet-stream", caption=words
                )
            case FileKind.VIDEO:
                sent = await self.customer.send_upload("video", name="video.mp4", caption=words)
            case FileKind.VOICE:
                sent = await self.customer.send_upload("voice", caption=words)
        enclosed = self._enclosed(1)
        await self.updates.shown(sent)
        return enclosed

    async def send_sticker(self) -> None:
        await self.updates.shown(await self.customer.send_other("sticker"))

    @property
    def buttons(self) -> Sequence[str]:
        chat = self.customer.chat
        inline = next((message for message in reversed(chat.bot_messages) if message.buttons), None)
        keyboard, put_up_by = chat.reply_keyboard, chat.reply_keyboard_of or 0
        if keyboard is not None and (inline is None or put_up_by > inline.id):
            return [button.text for row in keyboard.rows for button in row]
        return [] if inline is None else [button.text for button in inline.buttons if button.data is not None]

    def newly_shown(self) -> Iterator[str]:
        for message in self.customer.chat.bot_messages:
            if self._read.get(message.id) != message.text:
                self._read[message.id] = message.text
                yield message.text
        said = self.customer.chat.alerts[self._heard :]
        self._heard += len(said)
        yield from (answer.text for answer in said if answer.text)

    @property
    def _own_messages(self) -> list[ShownMessage]:
        return [message for message in self.customer.chat.messages if not message.from_bot]

    def _enclosed(self, count: int) -> set[FileId]:
        files = (message.photo or message.document for message in self._own_messages[-count:])
        return {FileId(file) for file in files if file is not None}

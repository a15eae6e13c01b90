"""One customer of the emulated Telegram, who acts out a story."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, assert_never

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.visits import Visits
from carquery.application.screens import Busy, NotStored, TooMany
from carquery.domain.ids import FileId
from carquery.domain.visit import Visit
from carquery.entrypoints.stories.labels import without_emoji
from carquery.entrypoints.stories.played import Moment, Played
from carquery.entrypoints.stories.stage import FollowedUpdates
from carquery.entrypoints.stories.story import (
    FileKind,
    Press,
    Rewrite,
    Say,
    SendFile,
    SendPhotos,
    SendSticker,
    ShareContact,
    Story,
    Turn,
)
from carquery_emulators.telegram import Customer, ShownMessage

PATIENCE_SECONDS: Final = 60.0
"""For one reply, of a bot that answers many customers at once."""
TRIES: Final = 5
ASK_FOR_IT_AGAIN: Final = frozenset({Busy.TEXT, NotStored.TEXT, TooMany.TEXT})
"""On a machine that is too busy."""
LARGEST_ALBUM: Final = 10
"""Source: Bot API, sendMediaGroup."""


@dataclass(slots=True)
class StoryPlayer:
    """Acts as the customer does, and notes what the customer reads."""

    customer: Customer
    visits: Visits
    updates: FollowedUpdates
    _played: Played = field(default_factory=Played, init=False)
    _written: dict[int, int] = field(default_factory=dict, init=False)
    _read: dict[int, str] = field(default_factory=dict, init=False)
    _heard: int = field(default=0, init=False)

    async def play(self, story: Story) -> Played:
        """Play all turns, whatever comes of them."""
        if story.start:
            await self._take(0, Say(f"/start {story.start}"))
        for number, turn in enumerate(story.turns, start=1):
            await self._take(number, turn)
        return self._played

    async def _take(self, number: int, turn: Turn) -> None:
        before = await self._visit()
        presses, gives_card = isinstance(turn, Press) or number == 0, isinstance(turn, ShareContact)
        enclosed = frozenset(self._played.enclosed)
        for _ in range(TRIES):
            self._played.enclosed = set(enclosed)
            shown = await self._reply(number, turn)
            if ASK_FOR_IT_AGAIN.isdisjoint(shown):
                break
        self._played.moments.append(Moment(number, presses, gives_card, shown, before, await self._visit()))

    async def _reply(self, number: int, turn: Turn) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._act(number, turn)
        except TimeoutError:
            self._played.troubles.append(f"turn {number}: no reply within {PATIENCE_SECONDS:.0f} s")
        return tuple(self._newly_shown())

    async def _visit(self) -> Visit | None:
        return await self.visits.load(customer_of_user(self.customer.id))

    # What the customer does

    async def _act(self, number: int, turn: Turn) -> None:
        match turn:
            case Say(text):
                sent = await self.customer.send_text(text)
                self._written[number] = self._own_messages[-1].id
                await self.updates.shown(sent)
            case Press(label):
                await self._press(number, label)
            case ShareContact():
                await self.updates.shown(await self.customer.share_contact())
            case SendPhotos(count, caption):
                await self._send_photos(count, caption)
            case SendFile():
                await self._send_file(turn)
            case SendSticker():
                await self.updates.shown(await self.customer.send_other("sticker"))
            case Rewrite(edited, text):
                await self.updates.shown(await self.customer.edit_text(self._written[edited], text))
            case _:
                assert_never(turn)

    async def _press(self, number: int, label: str) -> None:
        shown = self._buttons()
        wanted = _folded(without_emoji(label))
        exact = (button for bare, button in shown if bare == wanted)
        pressed = next(exact, None) or next((button for bare, button in shown if wanted in bare), None)
        if pressed is None:
            seen = ", ".join(f"«{button}»" for _, button in shown) or "none"
            self._played.troubles.append(f"turn {number}: no button «{label}»; shown: {seen}")
            return
        await self.updates.shown(await self.customer.press(pressed))

    def _buttons(self) -> list[tuple[str, str]]:
        """Of the newest message that has any: what each says without emoji, and its label."""
        chat = self.customer.chat
        inline = next((message for message in reversed(chat.bot_messages) if message.buttons), None)
        keyboard, put_up_by = chat.reply_keyboard, chat.reply_keyboard_of or 0
        if keyboard is not None and (inline is None or put_up_by > inline.id):
            labels = [button.text for row in keyboard.rows for button in row]
        else:
            labels = [] if inline is None else [button.text for button in inline.buttons if button.data is not None]
        return [(_folded(without_emoji(label)), label) for label in labels]

    async def _send_photos(self, count: int, caption: str) -> None:
        for first in range(0, count, LARGEST_ALBUM):
            words = (caption or None) if first == 0 else None
            pictures = min(LARGEST_ALBUM, count - first)
            if pictures == 1:
                sent = await self.customer.send_photo(caption=words)
            else:
                sent = (await self.customer.send_album(pictures, captions=(words,)))[0]
            self._enclosed(pictures)
            await self.updates.shown(sent)

    async def _send_file(self, turn: SendFile) -> None:
        words = turn.caption or None
        match turn.kind:
            case FileKind.FILE:
                sent = await self.customer.send_document(
                    b"\0" * 16, name=turn.name, mime_type="application/octet-stream", caption=words
                )
            case FileKind.VIDEO:
                sent = await self.customer.send_upload("video", name="video.mp4", caption=words)
            case FileKind.VOICE:
                sent = await self.customer.send_upload("voice", caption=words)
        self._enclosed(1)
        await self.updates.shown(sent)

    def _enclosed(self, count: int) -> None:
        files = (message.photo or message.document for message in self._own_messages[-count:])
        self._played.enclosed |= {FileId(file) for file in files if file is not None}

    # What the customer reads

    @property
    def _own_messages(self) -> list[ShownMessage]:
        return [message for message in self.customer.chat.messages if not message.from_bot]

    def _newly_shown(self) -> Iterator[str]:
        """Messages that are new or say something else now, and what was said over the chat."""
        for message in self.customer.chat.bot_messages:
            if self._read.get(message.id) != message.text:
                self._read[message.id] = message.text
                yield message.text
        said = self.customer.chat.alerts[self._heard :]
        self._heard += len(said)
        yield from (answer.text for answer in said if answer.text)


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()

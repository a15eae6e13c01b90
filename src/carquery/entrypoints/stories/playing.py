"""One customer of an emulated messenger, who acts out a story."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, assert_never

from carquery.application.ports.visits import Visits
from carquery.application.screens import Busy, NotStored, TooMany
from carquery.domain.visit import Visit
from carquery.entrypoints.stories.actor import Actor
from carquery.entrypoints.stories.labels import without_emoji
from carquery.entrypoints.stories.played import Moment, Played
from carquery.entrypoints.stories.story import (
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

PATIENCE_SECONDS: Final = 60.0
"""For one reply, of a bot that answers many customers at once."""
TRIES: Final = 5
ASK_FOR_IT_AGAIN: Final = frozenset({Busy.TEXT, NotStored.TEXT, TooMany.TEXT})
"""On a machine that is too busy."""


@dataclass(slots=True)
class StoryPlayer:
    """Lets the customer act, and notes what the customer reads."""

    actor: Actor
    visits: Visits
    _played: Played = field(default_factory=Played, init=False)

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
        return tuple(self.actor.newly_shown())

    async def _visit(self) -> Visit | None:
        return await self.visits.load(self.actor.id)

    async def _act(self, number: int, turn: Turn) -> None:
        match turn:
            case Say(text):
                await self.actor.say(number, text)
            case Press(label):
                await self._press(number, label)
            case ShareContact():
                await self.actor.share_contact()
            case SendPhotos(count, caption):
                self._played.enclosed |= set(await self.actor.send_photos(count, caption))
            case SendFile():
                self._played.enclosed |= set(await self.actor.send_file(turn))
            case SendSticker():
                await self.actor.send_sticker()
            case Rewrite(edited, text):
                await self.actor.rewrite(edited, text)
            case _:
                assert_never(turn)

    async def _press(self, number: int, label: str) -> None:
        shown = [(_folded(without_emoji(button)), button) for button in self.actor.buttons]
        wanted = _folded(without_emoji(label))
        exact = (button for bare, button in shown if bare == wanted)
        pressed = next(exact, None) or next((button for bare, button in shown if wanted in bare), None)
        if pressed is None:
            seen = ", ".join(f"«{button}»" for _, button in shown) or "none"
            self._played.troubles.append(f"turn {number}: no button «{label}»; shown: {seen}")
            return
        await self.actor.press(pressed)


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()

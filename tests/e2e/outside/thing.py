"""What stands outside the bot, with a way to break it, to use it, and to see that it is used well again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest
from dishka import Provider

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import give
from tests.e2e.outside.ways import Way
from tests.e2e.running_bot import RunningBot
from tests.patience import eventually
from tests.switch import Line, Switch


class Breakable(Protocol):
    """What lies between the bot and a thing."""

    async def fail(self, way: Way) -> None: ...

    async def heal(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Network:
    """Fails as networks, and who answers in them, do."""

    switch: Switch

    async def fail(self, way: Way) -> None:
        await self.switch.set(way.line, way.words)

    async def heal(self) -> None:
        await self.switch.set(Line.PASSES)


@dataclass(slots=True)
class OutsideThing:
    """An outside thing.

    Attributes:
        event: what its lines in the log begin with.
        settings, providers: of a bot that reaches it through what can be broken.
        asks: what makes the bot use it; None: it does by itself.
        asks_first: at the start too it is used only then.
        works: waits until it is used well; by default, until a customer gets what they came for.
        ended_well: looks at what was done in all.
    """

    event: str
    between: Breakable
    telegram: TelegramEmulator
    settings: dict[str, Any] = field(default_factory=dict)
    providers: tuple[Provider, ...] = ()
    asks: Callable[[RunningBot], Awaitable[object]] | None = None
    asks_first: bool = False
    works: Callable[[RunningBot], Awaitable[object]] | None = None
    ended_well: Callable[[], Awaitable[object]] | None = None
    _newcomer: int = field(default=30_000)

    def newcomer(self) -> Customer:
        """Somebody whom the bot has to look up."""
        self._newcomer += 1
        return self.telegram.customer(self._newcomer, "<3")

    async def greets(self, _bot: RunningBot) -> bool:
        """Whether a newcomer gets what they came for."""
        return "Продать авто" in str((await give(self.newcomer(), "/start")).message.labels)

    async def is_used_well(self, bot: RunningBot) -> None:
        if self.works is not None:
            await self.works(bot)
            return

        async def is_answered() -> bool:
            return await self.greets(bot)

        await eventually(is_answered)


Opened = Callable[[TelegramEmulator, pytest.FixtureRequest], Any]

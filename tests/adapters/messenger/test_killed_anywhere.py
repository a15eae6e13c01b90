"""A process that is killed at any moment loses no input, takes none twice and forgets no reply.

A customer does one thing after another in the toy messenger. Just before or just after one of the calls to a store or
to the messenger the process is gone; another one is brought what was not confirmed, and finds what is owed.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeVar

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.application.screens import BACK
from carquery.domain.ids import CustomerId, DialogId
from tests.application.faults import Boundaries, Crash, crash
from tests.application.in_memory import Dealership
from tests.patience import eventually, patience
from tests.toy_messenger import TOY, Content, Event, Touch, ToyChats, ToyMessenger

ANNA: Final = CustomerId(TOY, "Anna")
SEND: Final = "✅ Отправить"
Thing = TypeVar("Thing")


class Fragile:
    """A store or a chat whose calls have boundaries. After the crash, nothing of the process does anything."""

    def __init__(self, thing: object, life: Boundaries) -> None:
        self._thing = thing
        self._life = life

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._thing, name)
        if not asyncio.iscoroutinefunction(call):
            return call

        async def called(*args: object, **named: object) -> object:
            await self._life.reach()
            done = await call(*args, **named)
            await self._life.reach()
            return done

        return called


class Life(Boundaries):
    """One process: from the boundary on at which it is killed, it is gone. None: it lives."""

    def __init__(self, *, killed_at: int | None = None) -> None:
        super().__init__({} if killed_at is None else {killed_at: crash})
        self._is_over = False

    async def reach(self) -> None:
        if self._is_over:
            raise Crash
        try:
            await super().reach()
        except Crash:
            self._is_over = True
            raise


def made_fragile(thing: Thing, stores: Sequence[object], life: Boundaries) -> Thing:
    """The same use cases on fragile stores."""
    if any(thing is store for store in stores):
        fragile: Any = Fragile(thing, life)
        return fragile  # type: ignore[no-any-return]  # it has the store's methods
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    parts = {one.name: made_fragile(getattr(thing, one.name), stores, life) for one in fields(thing) if one.init}
    return replace(thing, **parts)


@dataclass(slots=True)
class Salon:
    """What outlives a process: the stores, the chat, and what the messenger has not been told to forget."""

    dealership: Dealership
    sets_aside: bool = False
    chats: ToyChats = field(default_factory=ToyChats)
    unconfirmed: list[Event] = field(default_factory=list)
    events: int = 0

    @asynccontextmanager
    async def process(self, life: Life) -> AsyncIterator[ToyMessenger]:
        """A process; one that is killed takes the block with it, and nothing is left undone but what it was to do."""
        stores = (self.dealership.visits, self.dealership.customers, self.dealership.leads)
        inbound = made_fragile(self.dealership.inbound, stores, life)
        owed: Any = Fragile(self.dealership.visits, life)
        chats: Any = Fragile(self.chats, life)
        messenger: ToyMessenger | None = None
        try:
            async with asyncio.timeout(patience()), asyncio.TaskGroup() as tasks:
                messenger = ToyMessenger(inbound, owed, self.dealership.clock, chats, tasks)
                yield messenger
        except* Crash:
            pass
        finally:
            confirmed = set() if messenger is None else messenger.confirmed
            self.unconfirmed = [event for event in self.unconfirmed if event.id not in confirmed]

    async def acts(self, messenger: ToyMessenger, act: str) -> None:
        """Anna writes, or presses a `[button]`; it comes back when it was answered and nothing is left to write."""
        await self.brings(messenger, self._event_of(act))

    async def acts_at_once(self, messenger: ToyMessenger, act: str) -> None:
        """It comes back when it was answered; that it was shown may not be written yet."""
        await messenger.bring(self._event_of(act))

    async def brings(self, messenger: ToyMessenger, event: Event) -> None:
        """The messenger brings an event, perhaps again."""
        bringing = asyncio.create_task(messenger.bring(event))
        try:
            if self.sets_aside:
                await asyncio.sleep(0)
                await messenger.set_aside()
            await bringing
            await messenger.inflow.close_books()
        finally:
            bringing.cancel()
            await asyncio.wait((bringing,))

    async def goes_on_elsewhere(self) -> None:
        """Another process is brought what was not confirmed; and after a while it looks for what is owed."""
        async with self.process(Life()) as messenger:
            for event in list(self.unconfirmed):
                await self.brings(messenger, event)
            self.dealership.clock.pass_time(timedelta(minutes=2))
            stop = asyncio.Event()
            keeping = asyncio.create_task(messenger.inflow.keep_books(stop))
            await eventually(self._is_nothing_owed)
            stop.set()
            await keeping

    @property
    def seen(self) -> str:
        """What Anna sees last, whatever reference her lead was given."""
        return re.sub(r"CQ-\w{6}", "CQ", list(self.chats.bubbles[ANNA].values())[-1].text)

    async def came_to(self) -> object:
        """All that is left of it: where Anna is, what was taken, and her leads."""
        visit = await self.dealership.visits.load(ANNA)
        assert visit is not None
        dialog = visit.dialog and replace(visit.dialog, id=DialogId(""))
        leads = [lead.answers for lead in self.dealership.stored_leads]
        return dialog, visit.receipt is not None, visit.taken, leads

    async def _is_nothing_owed(self) -> bool:
        visits = self.dealership.visits
        visit = await visits.load(ANNA)
        return (visit is None or visit.owed is None) and not visits.due and not visits.aside

    def _event_of(self, act: str) -> Event:
        event = Event(self.events, ANNA.number, self._content(act))
        self.events += 1
        self.unconfirmed.append(event)
        return event

    def _content(self, act: str) -> Content:
        if not act.startswith("["):
            return act
        shown = reversed(self.chats.bubbles[ANNA].items())
        return next(Touch(number, bubble.buttons[act[1:-1]]) for number, bubble in shown if act[1:-1] in bubble.buttons)


def a_salon() -> Salon:
    return Salon(Dealership())


def a_salon_that_thinks_long() -> Salon:
    """What is written is set aside while it is being taken."""
    return Salon(Dealership(MemoryClassifier("mini")), sets_aside=True)


WALK: Final = ("/start sell", "Toyota Camry", "[2018]", f"[{BACK}]", "[2018]", "120 тыс")
SUBMISSION: Final = ("/start callback", "Анна", "+7 916 123-45-67", f"[{SEND}]")


async def walked(salon: Salon, acts: Sequence[str], life: Life) -> list[str]:
    """What Anna sees after each act, whatever became of the process."""
    seen: list[str] = []
    left = list(acts)
    while left:
        async with salon.process(life) as messenger:
            while left:
                await salon.acts(messenger, left.pop(0))
                seen.append(salon.seen)
        if len(seen) + len(left) < len(acts):  # it was killed in between
            await salon.goes_on_elsewhere()
            seen.append(salon.seen)
            life = Life()
    return seen


@pytest.mark.parametrize("salon", [a_salon, a_salon_that_thinks_long])
@pytest.mark.parametrize("acts", [WALK, SUBMISSION], ids=["a walk", "a submission"])
async def test_wherever_it_is_killed_nothing_is_lost_and_nothing_is_forgotten(
    salon: Callable[[], Salon], acts: Sequence[str]
) -> None:
    life = Life()
    undisturbed = salon()
    expected = await walked(undisturbed, acts, life)
    assert life.passed >= 10 * len(acts)

    for killed_at in range(life.passed):
        disturbed = salon()
        seen = await walked(disturbed, acts, Life(killed_at=killed_at))

        assert seen == expected, killed_at
        assert await disturbed.came_to() == await undisturbed.came_to(), killed_at


async def test_whoever_goes_on_before_the_receipt_was_shown_is_told_it_first() -> None:
    """Elsewhere, at once: who does not know of their request sends another one."""
    life = Life()
    await walked(a_salon(), SUBMISSION, life)

    for killed_at in range(life.passed):
        salon = a_salon()
        async with salon.process(Life(killed_at=killed_at)) as messenger:
            for act in SUBMISSION:
                await salon.acts(messenger, act)
        async with salon.process(Life()) as messenger:
            for event in list(salon.unconfirmed):
                await salon.brings(messenger, event)
            await salon.acts(messenger, "/start find")

        texts = [bubble.text for bubble in salon.chats.bubbles[ANNA].values()]
        told = sum("принята" in text for text in texts)
        assert bool(told) == bool(salon.dealership.stored_leads), killed_at
        assert not told or "Шаг 1" in texts[-1], killed_at


async def test_a_receipt_that_was_shown_is_not_told_again_whatever_is_owed_after_it() -> None:
    """Of two processes, neither knows what the other has shown until that is written."""
    salon = a_salon()
    async with salon.process(Life()) as one, salon.process(Life()) as other:
        for act in SUBMISSION[:-1]:
            await salon.acts(one, act)
        await salon.acts_at_once(one, SUBMISSION[-1])
        for _ in range(3):
            await salon.acts_at_once(other, "[📋 Мои заявки]")
            await salon.acts_at_once(one, "[🏠 Меню]")

    assert sum("принята. " in bubble.text for bubble in salon.chats.bubbles[ANNA].values()) == 1

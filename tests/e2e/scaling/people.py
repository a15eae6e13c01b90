"""Customers who do what people do: answer the question they see, and try again when nothing comes of it."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from carquery.application.screens import Summary
from carquery_emulators.telegram import Customer, NothingHappened, ShownMessage
from tests.e2e.journeys import JOURNEYS, SEND
from tests.patience import slowness

PATIENCE_SECONDS = 2.0
"""On a quiet machine: after so long without a reaction the same is tried again."""
MOST_TRIES = 200
AT_ONCE = 20


@dataclass(slots=True)
class PersistentCustomer:
    """One customer, who fills in one form at a time.

    Attributes:
        updates: how many messages and presses it took.
        told: the references they were told.
    """

    customer: Customer
    updates: int = 0
    told: list[str] = field(default_factory=list)

    async def fill_in(self, service: str) -> None:
        """Walk a form until it is accepted. Raises AssertionError: it never was."""
        # Of a step that is answered in two goes, the typed answer alone will do.
        answers = dict(JOURNEYS[service]) | {"phone": f"+7916{self.customer.id:07}"}
        for _ in range(MOST_TRIES):
            seen = self._seen()
            receipt = None if seen is None else re.search(r"Заявка (CQ-\w{6}) принята", seen.text)
            if receipt is not None and receipt[1] not in self.told:
                self.told.append(receipt[1])
                return
            if seen is None or receipt is not None:
                await self._do(f"/start {service}")
            else:
                await self._do(_reaction(seen, list(answers.values())))
        raise AssertionError(f"never finished:\n{self.customer.chat.described()}")

    def _seen(self) -> ShownMessage | None:
        """The latest screen of the form; what says that something does not work is no screen."""
        screens = (r"Шаг \d", Summary.TITLE, "принята")
        shown = reversed(self.customer.chat.bot_messages)
        return next((message for message in shown if any(re.search(words, message.text) for words in screens)), None)

    async def _do(self, action: str) -> None:
        self.updates += 1
        if action.startswith("[") and action[1:-1] in self.customer.chat.visible_buttons:
            await self.customer.press(action[1:-1])
        else:  # also when the button was lost on the way: the bot shows its screen again
            await self.customer.send_text(action)
        try:
            await self.customer.reply(seconds=PATIENCE_SECONDS * slowness())
        except NothingHappened:
            return


def _reaction(seen: ShownMessage, answers: list[str]) -> str:
    step = re.search(r"Шаг (\d+) из", seen.text)
    return f"[{SEND}]" if step is None else answers[int(step[1]) - 1]


async def all_fill_in(people: Sequence[PersistentCustomer], *, in_the_middle: Callable[[], Awaitable[None]]) -> None:
    """So many at a time, each one form, of which one in five is long; when half of them have done, that happens."""
    places = asyncio.Semaphore(AT_ONCE)
    done = 0
    half_done = asyncio.Event()

    async def fill_in(person: PersistentCustomer, service: str) -> None:
        nonlocal done
        async with places:
            await person.fill_in(service)
        done += 1
        if done >= len(people) // 2:
            half_done.set()

    services = cycle(service for long in JOURNEYS for service in (long, *["callback"] * 4))
    async with asyncio.TaskGroup() as doing:
        for person, service in zip(people, services, strict=False):
            doing.create_task(fill_in(person, service))
        await half_done.wait()
        await in_the_middle()

"""Customers who do what people do: answer the question they see, and try again when nothing comes of it."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from carquery.application.screens import Summary
from carquery_emulators.max import MaxCustomer, ShownMaxMessage
from carquery_emulators.telegram import Customer, NothingHappened, ShownMessage
from tests.e2e.journeys import JOURNEYS, SEND
from tests.patience import slowness

PATIENCE_SECONDS = 2.0
"""On a quiet machine: after so long without a reaction the same is tried again."""
MOST_TRIES = 200
RECEIPT = r"Заявка (CQ-\w{6}) принята"
AT_ONCE = 20


@dataclass(slots=True)
class PersistentCustomer:
    """One customer, who fills in one form at a time.

    Attributes:
        updates: how many messages and presses it took.
        told: the references they were told.
    """

    customer: Customer | MaxCustomer
    updates: int = 0
    told: list[str] = field(default_factory=list)

    async def fill_in(self, service: str) -> None:
        """Walk a form until it is accepted. Raises AssertionError: it never was."""
        # Of a step that is answered in two goes, the typed answer alone will do.
        answers = dict(JOURNEYS[service]) | {"phone": f"+7916{self.customer.id:07}"}
        for _ in range(MOST_TRIES):
            if (reference := self._is_newly_told()) is not None:
                self.told.append(reference)
                return
            seen = self._seen()
            if seen is None or re.search(RECEIPT, seen.text):
                await self._do(f"/start {service}")
            else:
                await self._do(_reaction(seen, list(answers.values())))
        raise AssertionError(f"never finished:\n{self.customer.chat.described()}")

    def _is_newly_told(self) -> str | None:
        """The first reference in the chat that is new: a question that comes again may stand below it."""
        found = (re.search(RECEIPT, message.text) for message in self._messages)
        return next((receipt[1] for receipt in found if receipt is not None and receipt[1] not in self.told), None)

    @property
    def _messages(self) -> Sequence[ShownMessage | ShownMaxMessage]:
        return self.customer.chat.bot_messages

    def _seen(self) -> ShownMessage | ShownMaxMessage | None:
        """The latest screen of the form; what says that something does not work is no screen."""
        screens = (r"Шаг \d", Summary.TITLE, "принята")
        return next(
            (
                message
                for message in reversed(self._messages)
                if any(re.search(words, message.text) for words in screens)
            ),
            None,
        )

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


def _reaction(seen: ShownMessage | ShownMaxMessage, answers: list[str]) -> str:
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

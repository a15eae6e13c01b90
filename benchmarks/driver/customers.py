"""Customers who walk through a form, each in a closed loop: nobody says anything before the reply to the last."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from benchmarks.driver.bot_api import Shown
from carquery.application.screens import Busy, NotStored

SELL: Final = (
    "/start sell",
    "Toyota Camry",
    "[2018]",
    "120 тыс",
    "[1–2 млн ₽]",
    "[Пропустить]",
    "Анна",
    "+7916{number:07}",
    "[Пропустить]",
    "[✅ Отправить]",
)
"""The whole form: eight steps, the first word and the last. What stands in brackets is a button."""

LONGEST_SILENCE_SECONDS: Final = 120.0
AGAIN_AFTER_SECONDS: Final = 1.0
COME_AGAIN: Final = frozenset({Busy.TEXT, NotStored.TEXT})


class Messenger(Protocol):
    """Where customers are."""

    on_shown: dict[int, Callable[[Shown], None]]
    """Is told of each message that is written or edited, by whom it is for."""

    def write(self, customer: int, text: str) -> None: ...

    def press(self, customer: int, shown: Shown, label: str) -> None:
        """Press a button under that message."""
        ...


class Stuck(Exception):
    """A bot that answers no more; the text says what was shown last."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What customers saw.

    Attributes:
        replies: seconds until each.
        put_off: so many times one was asked to say it once more.
    """

    updates: int
    seconds: float
    replies: Sequence[float]
    put_off: int

    def reply_at(self, share: float) -> float:
        """So long it took, at most, for that share of the replies."""
        return sorted(self.replies)[int(share * (len(self.replies) - 1))]


async def walk(
    api: Messenger, numbers: Iterable[int], answers: Sequence[str] = SELL, *, thought: float = 0.0
) -> Walked:
    """Let customers of these numbers walk at the same time. `thought`: seconds before each answer. Raises Stuck."""
    began = time.monotonic()
    customers = [_Customer(api, number, iter(answers[1:]), answers[0], thought) for number in numbers]
    for customer in customers:
        customer.go_on()
    for customer in customers:
        await customer.finished()
    replies = [seconds for customer in customers for seconds in customer.waited]
    put_off = sum(customer.put_off for customer in customers)
    return Walked(len(replies) + put_off, time.monotonic() - began, replies, put_off)


@dataclass(slots=True)
class _Customer:
    api: Messenger
    number: int
    answers: Iterator[str]
    _next: str | None
    thought: float
    waited: list[float] = field(default_factory=list)
    put_off: int = 0
    _seen: Shown | None = None
    _said: str = ""
    _said_at: float = 0.0
    _is_waiting: bool = False
    _has_finished: asyncio.Event = field(default_factory=asyncio.Event)

    async def finished(self) -> None:
        """Raises Stuck."""
        while not self._has_finished.is_set():
            heard = len(self.waited)
            try:
                async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
                    await self._has_finished.wait()
            except TimeoutError:
                if len(self.waited) == heard:
                    shown = None if self._seen is None else self._seen.message["text"]
                    raise Stuck(f"after «{self._said}» (reply {heard + 1}); shown before: {shown}") from None

    def go_on(self) -> None:
        """Say the next thing."""
        if self._next is None:
            del self.api.on_shown[self.number]
            self._has_finished.set()
            return
        self.api.on_shown[self.number] = self._see
        self._said, self._next = self._next, next(self.answers, None)
        self._said_at = time.monotonic()
        self._say()

    def _say(self) -> None:
        self._is_waiting = True
        if self._said.startswith("["):
            if self._seen is None:
                raise Stuck(f"«{self._said}» is to be pressed, and nothing was shown")
            self.api.press(self.number, self._seen, self._said[1:-1])
        else:
            self.api.write(self.number, self._said.format(number=self.number))

    def _see(self, shown: Shown) -> None:
        """Go on if this is what the next answer answers: one reply may be more than one message."""
        if shown.message["text"] in COME_AGAIN:
            self.put_off += 1
            asyncio.get_running_loop().call_later(AGAIN_AFTER_SECONDS, self._say)
            return
        if "message_id" not in shown.message:  # a sentence over the chat
            return
        self._seen = shown
        wanted = self._next[1:-1] if self._next is not None and self._next.startswith("[") else None
        if not self._is_waiting or (wanted is not None and wanted not in shown.buttons):
            return
        self._is_waiting = False
        self.waited.append(time.monotonic() - self._said_at)
        # Not at once: the bot is to have its answer first.
        asyncio.get_running_loop().call_later(self.thought, self.go_on)

"""Understanding what a customer writes freely."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from carquery.domain.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call took; the cost is in US dollars."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)


FREE = Usage()


@dataclass(frozen=True, slots=True)
class Classified:
    """A classifier's answer, and what it took."""

    understanding: Understanding
    usage: Usage = FREE


class Trouble(StrEnum):
    """Why a classifier gave no answer."""

    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    """Not reached, or an error of its own."""
    BUSY = "busy"
    """Too many requests."""
    CLOSED = "closed"
    """It lets nobody in: a wrong key, an unpaid account, a country it does not serve. Asking again soon is useless."""
    REFUSED = "refused"
    UNUSABLE = "unusable"
    """It answered something else than was asked for."""


class ClassifierFailed(Exception):
    """There is no answer. `usage`: what the call took, at most; its outcome may be unknown."""

    def __init__(self, trouble: Trouble, words: str, usage: Usage = FREE) -> None:
        super().__init__(words)
        self.trouble = trouble
        self.usage = usage


class Classifier(Protocol):
    """Reads one message. A customer's text is data to it, never an instruction."""

    @property
    def name(self) -> str:
        """How the journal calls it: `rules`, or the model's name."""
        ...

    def dearest(self, message: str) -> Decimal:
        """The most that reading this message may cost, in US dollars; 0: it is free."""
        ...

    async def classify(self, message: str) -> Classified:
        """Read a message; of a long one, what it wants is said by the first 500 characters.

        Raises:
            ClassifierFailed: there is no answer, and why.
        """
        ...

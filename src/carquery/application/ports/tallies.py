"""The port to what is counted of customers' ways through the forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol

from carquery.domain.tallied import Occurrence, Tallied

BatchId = NewType("BatchId", str)
"""13 characters of Crockford's base 32: a batch that is brought twice counts once."""


class By(StrEnum):
    """What figures are told apart by. `DAY`: of the dealership's calendar, as `2026-11-29`."""

    FORM = "form"
    SOURCE = "source"
    DAY = "day"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day up to the last one, both counted."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, *, count: int) -> "Days":
        """So many, that one among them: «7 days» is this wherever it is said."""
        return cls(last - timedelta(days=count - 1), last)


@dataclass(frozen=True, slots=True)
class Total:
    """How often something happened. `key`: what it is told apart by; empty: nothing."""

    key: str
    what: Occurrence
    form: str
    step: str
    detail: str
    times: int


class Tallies(Protocol):
    """Counts by day, which belong to nobody. Every method may raise `StoreUnavailable`."""

    async def add(self, counts: Mapping[Tallied, int], *, batch: BatchId, at: datetime) -> None:
        """Add to what is counted already, in ONE transaction, from any process.

        A batch that was added within the last day, by a call whose answer was lost, adds nothing.

        Raises:
            StoreUnavailable: unknown whether it was added; the same batch may be brought again.
        """
        ...

    async def totals(self, days: Days, *, by: By | None = None) -> Sequence[Total]:
        """All of those days; what this version does not know is left out."""
        ...

    async def forget(self, *, before: date, at_most: int) -> int:
        """Forget shapes of answers from before that day, in one transaction; all other counts stay.

        Returns:
            How many; fewer than `at_most`: there are no more.
        """
        ...

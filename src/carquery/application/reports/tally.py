"""Counts what customers do, behind the replies.

What happened is noted in the process, and added to the store for many inputs at once some seconds later. A process that
is killed has not counted these seconds; nothing is counted twice.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.tallies import BatchId, Tallies
from carquery.application.reports.happening import Happening
from carquery.domain.dealership.faq import Topic
from carquery.domain.ids import Source
from carquery.domain.masking import mask
from carquery.domain.tallied import OTHERS, Occurrence, Tallied
from carquery.domain.visit import Visit

MOST_SHAPES: Final = 30
"""Of one step and day that a process tells apart; whoever plays with signs fills no database."""
MOST_SOURCES: Final = 100
"""Of one day that a process tells apart: anybody can make a deep link."""

_WITH_SOURCE: Final = frozenset(Occurrence) - {
    *(Occurrence.PASSED, Occurrence.REFUSED, Occurrence.ASKED, Occurrence.UNANSWERED)
}
"""The others are looked at by step, or by topic: told apart by source, they would be rows without end."""


@dataclass(slots=True)
class Tally:
    """One for each process: it holds what was not added yet."""

    tallies: Tallies
    clock: Clock
    randomness: Randomness
    dealership: ToldOfDealership = nothing_told
    _noted: Counter[Tallied] = field(default_factory=Counter, init=False)
    _batch: tuple[BatchId, Counter[Tallied]] | None = field(default=None, init=False)
    _day: date | None = field(default=None, init=False)
    _told_apart: dict[tuple[str, str], set[str]] = field(default_factory=dict, init=False)

    def note(self, happenings: Iterable[Happening], visit: Visit, *, at: datetime) -> None:
        """An input was taken: what it has brought about, and the visit that was saved."""
        day = self._day_of(at)
        for one in happenings:
            self._count(one.what, visit, day, form=str(one.form), step=one.step, detail=one.detail)

    def asked(self, topic: Topic, visit: Visit, *, at: datetime, is_answered: bool) -> None:
        """Somebody asked about the dealership."""
        form = "" if visit.dialog is None else visit.dialog.form.service.value
        day = self._day_of(at)
        self._count(Occurrence.ASKED, visit, day, form=form, detail=topic)
        if not is_answered:
            self._count(Occurrence.UNANSWERED, visit, day, form=form, detail=topic)

    async def write(self) -> int:
        """Add what was noted until now to the store. Returns how many counts.

        Raises:
            StoreUnavailable: they wait.
            Exception: the store can't take them, and would not the next time: they are given up, the others wait.
        """
        added = 0
        for _ in range(1 if self._batch is None else 2):
            if (batch := self._next_batch()) is None:
                break
            name, counts = batch
            try:
                await self.tallies.add(counts, batch=name, at=self.clock.now())
            except StoreUnavailable:
                raise
            except Exception:
                self._batch = None
                raise
            self._batch = None
            added += len(counts)
        return added

    def _next_batch(self) -> tuple[BatchId, Counter[Tallied]] | None:
        """That of which nobody knows whether it was added comes first, and under its name."""
        if self._batch is None and self._noted:
            self._batch = (BatchId(self.randomness.message_id()), self._noted)
            self._noted = Counter()
        return self._batch

    def _day_of(self, at: datetime) -> date:
        """By the dealership's calendar; what is told apart is told apart within a day."""
        day = at.astimezone(self.dealership().zone).date()
        if day != self._day:
            self._day, self._told_apart = day, {}
        return day

    def _count(  # each named at the call
        self, what: Occurrence, visit: Visit, day: date, *, form: str = "", step: str = "", detail: str = ""
    ) -> None:
        source = self._within(impersonal(_source_of(visit)), MOST_SOURCES) if what in _WITH_SOURCE else ""
        if what is Occurrence.REFUSED:
            detail = self._within(detail, MOST_SHAPES, form, step)
        self._noted[Tallied(day, what, visit.customer.channel, source, form, step, detail)] += 1

    def _within(self, one: str, most: int, form: str = "", step: str = "") -> str:
        """It, or, if there were too many others of its kind today, `OTHERS`."""
        if not one:
            return one
        known = self._told_apart.setdefault((form, step), set())
        if one not in known and len(known) >= most:
            return OTHERS
        known.add(one)
        return one


def _source_of(visit: Visit) -> Source | None:
    return visit.source if visit.dialog is None else visit.dialog.source


@lru_cache(maxsize=1_024)
def impersonal(source: Source | None) -> str:
    """As reports tell it: a link may have been made for one person."""
    return "" if source is None else mask(source).text

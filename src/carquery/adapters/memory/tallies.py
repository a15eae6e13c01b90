"""Counts of customers' ways through the forms, in the process."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from carquery.adapters.memory.database import MemoryDatabase
from carquery.application.ports.tallies import BatchId, By, Days, Total
from carquery.domain.tallied import Occurrence, Tallied

_KEYS: Final[Mapping[By | None, Callable[[Tallied], str]]] = {
    None: lambda _: "",
    By.FORM: lambda one: one.form,
    By.SOURCE: lambda one: one.source,
    By.DAY: lambda one: one.day.isoformat(),
    By.CHANNEL: lambda one: one.channel,
}


class MemoryTallies:
    """Keeps them in a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, counts: Mapping[Tallied, int], *, batch: BatchId, at: datetime) -> None:
        self._database.check()
        if batch not in self._database.tally_batches:
            self._database.tally_batches.add(batch)
            self._database.tallies.update(counts)

    async def totals(self, days: Days, *, by: By | None = None) -> Sequence[Total]:
        self._database.check()
        totals: Counter[tuple[str, Occurrence, str, str, str]] = Counter()
        for one, times in self._database.tallies.items():
            if days.first <= one.day <= days.last:
                totals[(_KEYS[by](one), one.what, one.form, one.step, one.detail)] += times
        return [Total(*kind, times) for kind, times in totals.items()]

    async def forget(self, *, before: date, at_most: int) -> int:
        self._database.check()
        tallies = self._database.tallies
        old = [one for one in tallies if one.day < before and one.what is Occurrence.REFUSED and one.detail][:at_most]
        for one in old:
            tallies[one._replace(detail="")] += tallies.pop(one)
        return len(old)

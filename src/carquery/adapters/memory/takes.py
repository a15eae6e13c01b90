"""Leads that were taken in the staff chat, in the process."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from carquery.adapters.memory.database import MemoryDatabase, StoredTake
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Lease
from carquery.application.ports.takes import TakeClaim, TakeFigures
from carquery.domain.ids import LeadId
from carquery.domain.take import Take


class MemoryTakes:
    """Keeps them in a `MemoryDatabase`; time is the clock's."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._claims = 0

    async def take(self, take: Take) -> Take:
        self._database.check()
        return self._database.takes.setdefault(take.lead, StoredTake(take)).take

    async def of(self, lead: LeadId) -> Take | None:
        self._database.check()
        row = self._database.takes.get(lead)
        return None if row is None else row.take

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, Take]:
        self._database.check()
        return {lead: row.take for lead in leads if (row := self._database.takes.get(lead)) is not None}

    async def claim(self, *, lease_for: timedelta) -> TakeClaim | None:
        self._database.check()
        now = self._clock.now()
        due = [
            (row.take.due_at, row.take.lead)
            for row in self._database.takes.values()
            if row.take.due_at is not None
            and row.take.due_at <= now
            and (row.lease_until is None or row.lease_until <= now)
        ]
        if not due:
            return None
        self._claims += 1
        row = self._database.takes[min(due)[1]]
        row.lease, row.lease_until = Lease(f"take {self._claims}"), now + lease_for
        return TakeClaim(row.lease, row.take)

    async def update(self, take: Take, lease: Lease, *, release: bool) -> bool:
        self._database.check()
        row = self._database.takes.get(take.lead)
        if row is None or row.lease != lease:
            return False
        row.take = take
        if release:
            row.lease = row.lease_until = None
        return True

    async def figures(self) -> TakeFigures:
        self._database.check()
        waiting = [row.take.at for row in self._database.takes.values() if row.take.due_at is not None]
        return TakeFigures(waiting=len(waiting), oldest=min(waiting, default=None))

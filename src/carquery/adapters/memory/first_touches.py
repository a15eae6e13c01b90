"""When leads were first touched, in the process."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.database import MemoryDatabase
from carquery.application.ports.environment import Clock
from carquery.application.ports.first_touches import Answered, Look, WatchedLead
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import LeadId


class MemoryFirstTouches:
    """Keeps them in a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._outbox = MemoryAlertOutbox(database, clock)

    async def due(self, *, limit: int, now: datetime) -> tuple[WatchedLead, ...]:
        self._database.check()
        due = sorted(
            (row.look_at, lead)
            for lead, row in self._database.touches.items()
            if row.look_at is not None and row.look_at <= now and self._is_known(lead)
        )
        watched = ((self._database.leads[lead].lead, self._database.touches[lead]) for _, lead in due[:limit])
        return tuple(WatchedLead(lead, row.delivered_at, row.touch, row.told_at) for lead, row in watched)

    async def note(self, looks: Sequence[Look], *, at: datetime) -> int:
        self._database.check()
        first = 0
        for look in looks:
            row = self._database.touches.get(look.lead)
            if row is None:
                continue
            row.looked_at, row.look_at = at, look.again_at
            if look.touch is not None:
                first += row.touch is None
                row.touch = look.touch.or_earlier(row.touch)
            if look.told is not None and row.told_at is None and row.touch is None:
                row.told_at = at
                self._outbox.keep(look.told)
        return first

    async def answered(
        self, *, since: datetime, until: datetime | None = None, at_most: int | None = None
    ) -> tuple[Answered, ...]:
        self._database.check()
        watched = ((self._database.leads[lead].lead, row) for lead, row in self._database.touches.items())
        answered = tuple(
            Answered(lead.service, lead.source, lead.created_at, None if row.touch is None else row.touch.at)
            for lead, row in sorted(watched, key=lambda both: both[0].created_at)
            if lead.created_at >= since and row.looked_at is not None and (until is None or lead.created_at < until)
        )
        return answered if at_most is None else answered[-at_most:]

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, FirstTouch]:
        self._database.check()
        rows = ((lead, self._database.touches.get(lead)) for lead in leads)
        return {lead: row.touch for lead, row in rows if row is not None and row.touch is not None}

    async def untouched(self) -> int:
        self._database.check()
        watched = (
            row for lead, row in self._database.touches.items() if row.look_at is not None and self._is_known(lead)
        )
        return sum(row.touch is None for row in watched)

    def _is_known(self, lead: LeadId) -> bool:
        return self._database.leads[lead].lead.erased_at is None

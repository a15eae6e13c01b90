"""Leads in the process."""

from dataclasses import replace
from datetime import timedelta

from carquery.adapters.memory.database import MemoryDatabase, StoredLead, as_stored
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Lease, LeaseLost, ReferenceTaken
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus


class MemoryLeads:
    """Keeps leads in a `MemoryDatabase`; time is the clock's."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._claims = 0

    async def add(self, lead: Lead) -> Lead:
        self._database.check()
        rows = self._database.leads
        first = rows.get(lead.id)
        if first is None:
            if any(row.lead.reference == lead.reference for row in rows.values()):
                raise ReferenceTaken
            rows[lead.id] = StoredLead(as_stored(lead))
        elif first.lead.is_untouched:
            newer = as_stored(lead)
            first.lead = replace(first.lead, answers=newer.answers, conversation=newer.conversation)
        else:
            return first.lead
        if lead.customer is not None:
            customer = self._database.customer(lead.customer)
            customer.name, customer.phone = lead.name, lead.phone
        return rows[lead.id].lead

    async def load(self, lead: LeadId) -> Lead | None:
        self._database.check()
        row = self._database.leads.get(lead)
        return None if row is None else row.lead

    async def find(self, reference: Reference) -> Lead | None:
        self._database.check()
        rows = self._database.leads.values()
        return next((row.lead for row in rows if row.lead.reference == reference), None)

    async def newest(self, *, limit: int, status: LeadStatus | None = None) -> tuple[Lead, ...]:
        self._database.check()
        found = [row.lead for row in self._database.leads.values() if status is None or row.lead.status is status]
        return tuple(sorted(found, key=lambda lead: (lead.created_at, lead.id), reverse=True)[:limit])

    async def claim(self, *, limit: int, lease_for: timedelta) -> tuple[tuple[Lead, Lease], ...]:
        self._database.check()
        due = sorted(
            (row for row in self._database.leads.values() if self._is_due(row)),
            key=lambda row: (row.lead.next_attempt_at, row.lead.id),
        )
        claimed = []
        for row in due[:limit]:
            self._claims += 1
            row.lead = replace(row.lead, status=LeadStatus.DELIVERING)
            row.lease = Lease(str(self._claims))
            row.lease_until = self._clock.now() + lease_for
            claimed.append((row.lead, row.lease))
        return tuple(claimed)

    async def update(self, lead: Lead, lease: Lease, *, release: bool) -> None:
        self._database.check()
        row = self._database.leads.get(lead.id)
        if row is None or row.lease != lease or row.lead.erased_at is not None:
            raise LeaseLost
        row.lead = as_stored(lead)
        if release:
            row.lease = row.lease_until = None

    def _is_due(self, row: StoredLead) -> bool:
        now = self._clock.now()
        due_at = row.lead.next_attempt_at
        is_free = row.lease_until is None or row.lease_until <= now
        return is_free and due_at is not None and due_at <= now and row.lead.erased_at is None

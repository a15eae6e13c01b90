"""What customers change of sent leads, in the process."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from carquery.adapters.memory.database import (
    MemoryDatabase,
    StoredAmendment,
    StoredLead,
    amendment_as_stored,
    as_stored,
)
from carquery.application.ports.amendments import ClaimedAmendment, NotAmended
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Lease
from carquery.domain.amendment import (
    MOST_AMENDMENTS,
    Amendment,
    AmendmentStatus,
    amended,
    as_the_customer_sees,
    cancelled_at,
    is_begun,
)
from carquery.domain.claiming import Standing
from carquery.domain.ids import AmendmentId, CustomerId, LeadId
from carquery.domain.lead import LeadStatus


class MemoryAmendments:
    """Keeps amendments in a `MemoryDatabase`; time is the clock's."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._claims = 0

    async def add(self, amendment: Amendment, customer: CustomerId) -> Amendment:
        self._database.check()
        row = self._database.leads.get(amendment.lead)
        if row is None or row.lead.customer != customer:
            raise NotAmended
        if (first := self._database.amendments.get(amendment.id)) is not None:
            return first.amendment
        earlier = self._of(amendment.lead)
        if cancelled_at(earlier) is not None or len(earlier) >= MOST_AMENDMENTS:
            raise NotAmended
        kept = amendment_as_stored(amendment.against(as_the_customer_sees(row.lead, earlier)))
        if not kept.changes_anything:
            raise NotAmended
        kept = self._fold(kept, row)
        self._database.amendments[kept.id] = StoredAmendment(kept)
        self._remember(kept, row, customer)
        return kept

    async def load(self, amendment: AmendmentId) -> Amendment | None:
        self._database.check()
        row = self._database.amendments.get(amendment)
        return None if row is None else row.amendment

    async def of(self, leads: Collection[LeadId]) -> Mapping[LeadId, tuple[Amendment, ...]]:
        self._database.check()
        return {lead: found for lead in leads if (found := self._of(lead))}

    async def claim(self, *, lease_for: timedelta) -> ClaimedAmendment | None:
        self._database.check()
        now = self._clock.now()
        due = sorted(
            (row for row in self._database.amendments.values() if self._is_due(row, now)),
            key=lambda row: (row.amendment.next_attempt_at, row.amendment.id),
        )
        if not due:
            return None
        self._claims += 1
        row, lease = due[0], Lease(f"amendment {self._claims}")
        row.lease, row.lease_until = lease, now + lease_for
        lead = self._database.leads[row.amendment.lead]
        if not row.amendment.is_folded:
            row.amendment = row.amendment.against(lead.lead).folded()
            lead.lead = as_stored(amended(lead.lead, row.amendment))
        return ClaimedAmendment(row.amendment, lead.lead, lease)

    async def update(self, amendment: Amendment, lease: Lease, *, lease_for: timedelta | None) -> bool:
        self._database.check()
        row = self._database.amendments.get(amendment.id)
        if row is None or row.lease != lease:
            return False
        row.amendment = amendment_as_stored(amendment)
        row.lease_until = None if lease_for is None else self._clock.now() + lease_for
        row.lease = None if lease_for is None else lease
        return True

    async def put_back(self, leads: Collection[LeadId], *, at: datetime) -> frozenset[LeadId]:
        self._database.check()
        rows = [
            row
            for row in self._database.amendments.values()
            if row.amendment.lead in leads and row.amendment.status is AmendmentStatus.DEAD
        ]
        for row in rows:
            row.amendment = row.amendment.put_back(at=at)
        return frozenset(row.amendment.lead for row in rows)

    def _of(self, lead: LeadId) -> tuple[Amendment, ...]:
        found = [row.amendment for row in self._database.amendments.values() if row.amendment.lead == lead]
        return tuple(sorted(found, key=lambda one: (one.asked_at, one.id)))

    def _fold(self, amendment: Amendment, row: StoredLead) -> Amendment:
        """Let the lead say it, unless it is on its way just now."""
        lead, is_held = row.lead, Standing(row.lead, row.lease_until).is_held(self._clock.now())
        if lead.status is not LeadStatus.DELIVERED and (is_held or is_begun(lead)):
            return amendment
        row.lead = as_stored(amended(lead, amendment))
        if lead.status is LeadStatus.DELIVERED:
            return amendment.folded()
        row.lease = row.lease_until = None
        return amendment.folded() if amendment.is_cancellation else amendment.included()

    def _remember(self, amendment: Amendment, row: StoredLead, customer: CustomerId) -> None:
        seen = as_the_customer_sees(row.lead, (amendment,))
        known = self._database.customer(customer)
        known.name = seen.name or known.name
        known.phone = known.phone if seen.given_phone is None else seen.given_phone.without_remark

    def _is_due(self, row: StoredAmendment, now: datetime) -> bool:
        amendment, lead = row.amendment, self._database.leads[row.amendment.lead].lead
        is_free = row.lease_until is None or row.lease_until <= now
        is_due = amendment.next_attempt_at is not None and amendment.next_attempt_at <= now
        return is_free and is_due and lead.status is LeadStatus.DELIVERED and not self._waits_for_earlier(amendment)

    def _waits_for_earlier(self, amendment: Amendment) -> bool:
        return any(
            earlier.status is AmendmentStatus.PENDING
            for earlier in self._of(amendment.lead)
            if (earlier.asked_at, earlier.id) < (amendment.asked_at, amendment.id)
        )

"""What is known of customers, in the process."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from carquery.adapters.memory.alert_outbox import MemoryAlertOutbox
from carquery.adapters.memory.database import MemoryDatabase, StoredLead
from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.customers import FirstLook, LeftInCrm, WalkPosition
from carquery.application.ports.environment import Clock
from carquery.domain.consent import Consent
from carquery.domain.effects import Effect
from carquery.domain.ids import CustomerId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.visit import STRANGER, Acquaintance


class MemoryCustomers:
    """Keeps customers in a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._outbox = MemoryAlertOutbox(database, clock)

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        self._database.check()
        row = self._database.customers.get(customer)
        if row is None:
            return STRANGER
        return Acquaintance(row.name, row.phone, _latest(row.consents) if row.consents else None)

    async def first_look(self, customer: CustomerId, *, left_since: datetime) -> FirstLook:
        theirs = (draft for draft in self._database.drafts.values() if draft.customer == customer)
        left = any(draft.touched_at >= left_since and not draft.has_ended for draft in theirs)
        return FirstLook(await self.acquaintance(customer), left)

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        self._database.check()
        given = self._database.customer(customer).consents
        if not given or _latest(given).fingerprint != consent.fingerprint:
            given.append(consent)

    async def erase(self, customer: CustomerId) -> tuple[LeftInCrm, ...]:
        self._database.check()
        self._database.customers.pop(customer, None)
        theirs = [row for row in self._database.leads.values() if row.lead.customer == customer]
        contacts = {row.lead.made[Effect.CONTACT] for row in theirs if Effect.CONTACT in row.lead.made}
        left: list[LeftInCrm] = [ContactToErase(tuple(sorted(contacts)))] if contacts else []
        left += [doubt for row in theirs if (doubt := _in_doubt(row.lead)) is not None]
        for row in theirs:
            self._erase(row)
        self._database.unwanted_reminders.pop(customer, None)
        for dialog, draft in self._database.drafts.items():
            if draft.customer == customer:
                self._database.end_draft(dialog, at=self._clock.now())
        self._outbox.erase(customer, [row.lead.reference for row in theirs])
        for alert in left:
            self._outbox.keep(alert)
        return tuple(left)

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        self._database.check()
        rows = self._database.leads.values()
        old = [row for row in rows if row.lead.erased_at is None and _is_delivered(row.lead, before=delivered_before)]
        old.sort(key=lambda row: (row.lead.delivered_at, row.lead.id))
        theirs = {row.lead.customer for row in old[:at_most]}
        for row in old[:at_most]:
            self._erase(row)
        self._forget_without_leads({customer for customer in theirs if customer is not None})
        return len(old[:at_most])

    async def forget_without_leads(self, *, after: WalkPosition | None, at_most: int) -> WalkPosition | None:
        self._database.check()
        first = 0 if after is None else after
        following = list(self._database.customers)[first : first + at_most]
        self._forget_without_leads(set(following))
        return WalkPosition(first + at_most) if following else None

    def _forget_without_leads(self, customers: AbstractSet[CustomerId]) -> None:
        for customer in customers - {row.lead.customer for row in self._database.leads.values()}:
            known = self._database.customer(customer)
            known.name = known.phone = None

    def _erase(self, row: StoredLead) -> None:
        row.lead = row.lead.erased(at=self._clock.now())
        row.lease = row.lease_until = None
        entries = self._database.history.get(row.lead.id, [])
        entries[:] = [replace(entry, why=None) for entry in entries]
        amendments = self._database.amendments
        for one in [one.amendment.id for one in amendments.values() if one.amendment.lead == row.lead.id]:
            del amendments[one]


def _in_doubt(lead: Lead) -> ContactMayExist | None:
    since = lead.may_have_contact_since
    return None if since is None or lead.phone is None else ContactMayExist(lead.phone.e164[-4:], since)


def _is_delivered(lead: Lead, *, before: datetime) -> bool:
    return lead.status is LeadStatus.DELIVERED and lead.delivered_at is not None and lead.delivered_at < before


def _latest(consents: Sequence[Consent]) -> Consent:
    return max(consents, key=lambda consent: consent.given_at)

"""What is known of customers, in the process."""

from collections.abc import Sequence
from dataclasses import replace

from carquery.adapters.memory.database import MemoryDatabase
from carquery.application.ports.environment import Clock
from carquery.domain.consent import Consent
from carquery.domain.ids import CustomerId
from carquery.domain.lead import CrmId, Effect
from carquery.domain.visit import STRANGER, Acquaintance


class MemoryCustomers:
    """Keeps customers in a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        self._database.check()
        row = self._database.customers.get(customer)
        if row is None:
            return STRANGER
        return Acquaintance(row.name, row.phone, _latest(row.consents) if row.consents else None)

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        self._database.check()
        given = self._database.customer(customer).consents
        if not given or _latest(given).fingerprint != consent.fingerprint:
            given.append(consent)

    async def crm_contacts(self, customer: CustomerId) -> tuple[CrmId, ...]:
        self._database.check()
        made = (row.lead.made for row in self._database.leads.values() if row.lead.customer == customer)
        return tuple(sorted({effects[Effect.CONTACT] for effects in made if Effect.CONTACT in effects}))

    async def erase(self, customer: CustomerId) -> tuple[CrmId, ...]:
        contacts = await self.crm_contacts(customer)
        self._database.customers.pop(customer, None)
        for row in self._database.leads.values():
            if row.lead.customer == customer:
                row.lead = row.lead.erased(at=self._clock.now())
                row.lease = row.lease_until = None
                entries = self._database.history.get(row.lead.id, [])
                entries[:] = [replace(entry, words="") for entry in entries]
        return contacts


def _latest(consents: Sequence[Consent]) -> Consent:
    return max(consents, key=lambda consent: consent.given_at)

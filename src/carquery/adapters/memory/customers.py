"""What is known of customers, in the process."""

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
        latest = max(row.consents, key=lambda consent: consent.given_at, default=None)
        return Acquaintance(row.name, row.phone, latest)

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        self._database.check()
        row = self._database.customer(customer)
        if not any(given.fingerprint == consent.fingerprint for given in row.consents):
            row.consents.append(consent)

    async def erase(self, customer: CustomerId) -> tuple[CrmId, ...]:
        self._database.check()
        self._database.customers.pop(customer, None)
        contacts: set[CrmId] = set()
        for row in self._database.leads.values():
            if row.lead.customer != customer:
                continue
            contacts |= {crm_id for effect, crm_id in row.lead.made.items() if effect is Effect.CONTACT}
            row.lead = row.lead.erased(at=self._clock.now())
            row.lease = row.lease_until = None
        return tuple(sorted(contacts))

"""Erase a customer's personal data at their wish. Source: 152-FZ, articles 14 and 21."""

from dataclasses import dataclass

from carquery.application.ports.alerts import Alerts, ContactToErase
from carquery.application.ports.customers import Customers
from carquery.application.reception import Arrival, Decision, Reception, Reply
from carquery.application.screens import Erased
from carquery.domain.lead import CrmId
from carquery.domain.visit import STRANGER, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCustomer:
    """«Да, удалить»: erased here at once; of the CRM's contact the admin chat is told."""

    reception: Reception
    customers: Customers
    alerts: Alerts

    async def __call__(self, arrival: Arrival) -> Reply:
        """Return the confirmation once everything personal is gone.

        Raises:
            StoreUnavailable: something may be left; asking again erases it.
        """

        async def decide(visit: Visit) -> Decision:
            # Told before it is erased: afterwards, nobody here would know whose contact it was.
            contacts = await self.customers.crm_contacts(visit.customer)
            await self._tell(contacts)
            erased = await self.customers.erase(visit.customer)
            await self._tell(tuple(contact for contact in erased if contact not in contacts))
            blank = Visit(
                customer=visit.customer,
                known=STRANGER,
                allowance=visit.allowance,
                taken=visit.taken,
                shown=visit.shown,
                version=visit.version,
            )
            return blank, Erased()

        return await self.reception(arrival, decide)

    async def _tell(self, contacts: tuple[CrmId, ...]) -> None:
        if contacts:
            await self.alerts.tell(ContactToErase(contacts))

"""Erase a customer's personal data at their wish. Source: 152-FZ, articles 14 and 21."""

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.customers import Customers
from carquery.application.screens import Erased
from carquery.domain.values import dataclass
from carquery.domain.visit import STRANGER, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCustomer:
    """«Да, удалить»: erased here at once; of the CRM's contact people are told."""

    reception: Reception
    customers: Customers
    alert_bell: AlertBell

    async def __call__(self, arrival: Arrival) -> Reply:
        """Return the confirmation once everything personal is gone.

        Raises:
            StoreUnavailable: something may be left; asking again erases it.
        """

        is_asked = False

        async def decide(visit: Visit) -> Decision:
            nonlocal is_asked  # a decision that is taken again finds nothing left to erase
            if await self.customers.erase(visit.customer):
                self.alert_bell.ring()
                is_asked = True
            blank = Visit(
                customer=visit.customer,
                known=STRANGER,
                allowance=visit.allowance,
                taken=visit.taken,
                shown=visit.shown,
                version=visit.version,
            )
            return blank, Erased(is_asked=is_asked)

        return await self.reception(arrival, decide)

"""Erasing a customer who asks the dealership rather than the bot."""

from dataclasses import dataclass

from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.customers import Customers, LeftInCrm
from carquery.application.ports.leads import Chosen, Leads
from carquery.domain.effects import CrmId
from carquery.domain.ids import CustomerId, Reference
from carquery.domain.visit import STRANGER


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done.

    Attributes:
        was_there: something was stored of the customer.
        left: what a person has to delete in the CRM, or to look for there.
    """

    was_there: bool
    left: tuple[LeftInCrm, ...] = ()

    @property
    def contacts(self) -> tuple[CrmId, ...]:
        """Those that stand there."""
        return tuple(contact for left in self.left if isinstance(left, ContactToErase) for contact in left.contacts)

    @property
    def doubtful(self) -> tuple[ContactMayExist, ...]:
        """Those that may stand there."""
        return tuple(left for left in self.left if isinstance(left, ContactMayExist))


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseOnDemand:
    """Everything personal of a customer goes, in all their leads. Once more changes nothing."""

    leads: Leads
    customers: Customers

    async def of_lead(self, reference: Reference) -> Erasure | None:
        """Erase whoever sent that lead; `None` if there is no such lead. Raises StoreUnavailable, LeadUnreadable."""
        lead = await self.leads.find(reference)
        if lead is None:
            return None
        if lead.customer is None:
            return Erasure(was_there=False)
        return Erasure(was_there=True, left=await self.customers.erase(lead.customer))

    async def customer(self, customer: CustomerId) -> Erasure:
        """Erase them. Raises StoreUnavailable."""
        leads = await self.leads.newest(limit=1, chosen=Chosen(customer=customer))
        is_known = bool(leads) or await self.customers.acquaintance(customer) != STRANGER
        left = await self.customers.erase(customer)
        return Erasure(was_there=is_known or bool(left), left=left)

"""Erasing a customer who asks the dealership rather than the bot, by one of their leads."""

from dataclasses import dataclass

from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.application.ports.customers import Customers, LeftInCrm
from carquery.application.ports.leads import Leads
from carquery.domain.ids import Reference
from carquery.domain.lead import CrmId


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done. `left`: what a person has to delete in the CRM, or to look for there."""

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
class EraseByReference:
    """Everything personal of the lead's customer goes, in all their leads."""

    leads: Leads
    customers: Customers

    async def __call__(self, reference: Reference) -> Erasure | None:
        """Erase; None: there is no such lead. Once more changes nothing. Raises StoreUnavailable, LeadUnreadable."""
        lead = await self.leads.find(reference)
        if lead is None:
            return None
        if lead.customer is None:
            return Erasure(was_there=False)
        return Erasure(was_there=True, left=await self.customers.erase(lead.customer))

"""Erasing a customer who asks the dealership rather than the bot, by one of their leads."""

from dataclasses import dataclass

from carquery.application.ports.customers import Customers
from carquery.application.ports.leads import Leads
from carquery.domain.ids import Reference
from carquery.domain.lead import CrmId


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done. `contacts`: the CRM's, which a person has to delete there."""

    was_there: bool
    contacts: tuple[CrmId, ...] = ()


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
        return Erasure(was_there=True, contacts=await self.customers.erase(lead.customer))

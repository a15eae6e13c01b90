"""The port to what is known of customers beyond a visit."""

from typing import Protocol

from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.consent import Consent
from carquery.domain.ids import CustomerId
from carquery.domain.lead import CrmId
from carquery.domain.visit import Acquaintance

__all__ = ["Customers", "StoreUnavailable"]


class Customers(Protocol):
    """Durable knowledge of customers. Every method may raise `StoreUnavailable`."""

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        """Name and phone of the customer's last lead and the consent given last; nothing known: all None."""
        ...

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        """Store a consent durably; an older one is kept beside it as proof. Repeating it changes nothing."""
        ...

    async def erase(self, customer: CustomerId) -> tuple[CrmId, ...]:
        """Erase everything personal about a customer, in one transaction.

        Leads become anonymous (`Lead.erased`) and are not claimed any more, whatever their status; name, phone and
        consents go. Erasing twice is the same as once.

        Returns:
            The CRM contacts that held the customer, to be erased there by a person; empty if none was made.
        """
        ...

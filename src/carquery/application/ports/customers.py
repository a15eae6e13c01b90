"""The port to what is known of customers beyond a visit."""

from datetime import datetime
from typing import NamedTuple, NewType, Protocol, TypeAlias

from carquery.application.ports.alerts import ContactMayExist, ContactToErase
from carquery.domain.consent import Consent
from carquery.domain.ids import CustomerId
from carquery.domain.visit import Acquaintance

LeftInCrm: TypeAlias = ContactToErase | ContactMayExist
"""What stays in the CRM after an erasure, or may stay there."""

WalkPosition = NewType("WalkPosition", int)
"""How far a walk over all customers has come."""


class FirstLook(NamedTuple):
    """What a visit begins with. `may_have_left`: perhaps there is a form that the customer left; else there is none."""

    known: Acquaintance
    may_have_left: bool


class Customers(Protocol):
    """Durable knowledge of customers. Every method may raise `StoreUnavailable`."""

    async def acquaintance(self, customer: CustomerId) -> Acquaintance:
        """Name and phone of the customer's last lead and the consent given last; nothing known: all None."""
        ...

    async def first_look(self, customer: CustomerId, *, left_since: datetime) -> FirstLook:
        """The acquaintance, and whether a form that was touched then or later may wait in `Drafts`: all in one look."""
        ...

    async def consent(self, customer: CustomerId, consent: Consent) -> None:
        """Store a consent durably; older ones are kept beside it as proof.

        Consent to the text that was consented to last changes nothing.
        """
        ...

    async def erase(self, customer: CustomerId) -> tuple[LeftInCrm, ...]:
        """Erase everything personal about a customer, in one transaction.

        Leads become anonymous (`Lead.erased`) and are not claimed any more, whatever their status; name, phone and
        consents go, and so do forms that were left, and alerts about them that were not said. What people have to do
        about it, which the customer is told (`LeftInCrm`), is kept for them in the same transaction. Erasing twice is
        the same as once.

        Returns:
            What people have to do: delete the contacts that were made for the customer's leads, each once, and look
            for those of which nobody knows whether a call has made them.
        """
        ...

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        """Make leads that were delivered before then anonymous (`Lead.erased`), the oldest first, in one transaction:
        personal data are kept no longer than they are needed (152-FZ, article 5).

        Name and phone of customers who have no other lead go with their last one; consents stay as proof. A lead that
        was not delivered is never forgotten. It takes no longer, however many leads there are.

        Returns:
            How many leads; fewer than `at_most`: there are no more.

        Raises:
            StoreUnavailable: nothing was forgotten.
        """
        ...

    async def forget_without_leads(self, *, after: WalkPosition | None, at_most: int) -> WalkPosition | None:
        """Forget name and phone of whoever has no lead, among the next customers of a walk over all of them.

        `forget` leaves nobody behind; this finds whom something else has left: leads that were removed by hand.

        Args:
            after: where the walk stands; None: it begins.
            at_most: look at so many, in one transaction.

        Returns:
            Where it goes on; None: it is done.

        Raises:
            StoreUnavailable: nothing was forgotten.
        """
        ...

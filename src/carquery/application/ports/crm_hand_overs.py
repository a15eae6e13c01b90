"""The port to what the CRM is told of a lead that somebody has taken."""

from typing import Protocol

from carquery.application.ports.crm import Permit
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, Reference
from carquery.domain.reason import Reason


class CrmHandOvers(Protocol):
    """Deals change hands. Every method raises CrmFailure, and may raise StoreUnavailable, as calls to the CRM."""

    async def hand_over(self, deal: CrmId, reference: Reference, to: CrmUserId, permit: Permit) -> Reason | None:
        """Make a user responsible for a deal, and for the open task that we made there for that lead.

        Done twice, it is done once.

        Returns:
            Why the CRM will not; None: it is done.
        """
        ...

    async def note(self, deal: CrmId, text: str, permit: Permit) -> Reason | None:
        """Add a note; done twice, there are two. Returns as `hand_over`."""
        ...

    async def is_noted(self, deal: CrmId, text: str) -> bool:
        """Whether that note stands there."""
        ...

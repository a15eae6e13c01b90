"""The port to what is in the CRM for leads that were delivered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead


class DealCounts(Protocol):
    """Counts deals."""

    async def count_deals(self, leads: Sequence[Lead], *, since: datetime) -> Mapping[LeadId, int]:
        """How many deals each of these leads has: the one that was made for it, and any other with its reference.

        What was made since then is read in a few large pages, with other calls between them.

        Args:
            leads: each has a deal of its own.

        Returns:
            By lead, all of them; 0: none stands there any more.

        Raises:
            CrmFailure: nothing is known.
            StoreUnavailable: as calls to the CRM.
        """
        ...

"""The port to what people have done in the CRM."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead


class CrmHistory(Protocol):
    """What was done for customers, and by whom."""

    @property
    def most_at_once(self) -> int:
        """How many leads one look takes."""
        ...

    async def first_touches(self, leads: Sequence[Lead]) -> Mapping[LeadId, FirstTouch]:
        """For each delivered lead the first thing that a person did for the customer since the lead was received.

        A call, a message, a note, a finished task, a move, another owner, in the deal or on its contact. What robots
        and we ourselves do there is none, nor is what the customer does. Something that a CRM tells late is missing
        until then: a later look may find an earlier touch.

        Returns:
            By lead; who is not in it was not touched, as far as the CRM tells now.

        Raises:
            CrmFailure: nothing is known.
            StoreUnavailable: as calls to the CRM.
        """
        ...

"""The port to all stored leads at once, for whoever looks after them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from carquery.domain.forms.form import Service
from carquery.domain.lead import LeadStatus

ON_THEIR_WAY: Final = frozenset({LeadStatus.PENDING, LeadStatus.DELIVERING, LeadStatus.FAILED})
"""Neither in the CRM nor waiting for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFigures:
    """How many leads there are, without those that were erased.

    Attributes:
        counts: by form and status; what there is none of may be missing.
        oldest_waiting: when the oldest lead was received that is still on its way; None: none is.
    """

    counts: Mapping[tuple[Service, LeadStatus], int]
    oldest_waiting: datetime | None

    @property
    def waiting(self) -> int:
        """Those still on their way."""
        return sum(count for (_, status), count in self.counts.items() if status in ON_THEIR_WAY)

    def with_delivered(self, counts: Mapping[Service, int]) -> "LeadFigures":
        """With these beside what was not delivered."""
        delivered = {(service, LeadStatus.DELIVERED): count for service, count in counts.items()}
        return replace(self, counts={**self.counts, **delivered})


class LeadsMaintenance(Protocol):
    """All stored leads at once. Every method may raise `StoreUnavailable`: nothing was changed."""

    async def figures(self) -> LeadFigures:
        """How many there are now. It takes the longer, the more were ever delivered."""
        ...

    async def undelivered(self) -> LeadFigures:
        """The same without those that were delivered, at once, however many these are."""
        ...

    async def delivered(self) -> Mapping[Service, int]:
        """How many were delivered, by form; none of what is missing. It takes the longer, the more they are."""
        ...

    async def put_in_doubt(self, *, at: datetime) -> int:
        """Put every lead in doubt that was not delivered (`Lead.put_in_doubt`): the store was restored from a backup,
        and the CRM may know more of these leads than the store does.

        Returns:
            How many.
        """
        ...

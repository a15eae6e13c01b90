"""The port to leads of a store that was restored from a backup."""

from datetime import datetime
from typing import Protocol


class RestoredLeads(Protocol):
    """The CRM may know more of these leads than the store does."""

    async def put_in_doubt(self, *, at: datetime) -> int:
        """Put every lead in doubt that was not delivered (`Lead.put_in_doubt`).

        Returns:
            How many.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        ...

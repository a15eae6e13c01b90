"""The port to forgetting customers who need nothing of us any more."""

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """Personal data are kept no longer than they are needed (152-FZ, article 5)."""

    async def forget(self, *, delivered_before: datetime, at_most: int) -> int:
        """Make leads that were delivered before then anonymous (`Lead.erased`), the oldest first, in one transaction.

        Name and phone of customers who have no other lead go with their last one; consents stay as proof. A lead that
        was not delivered is never forgotten.

        Returns:
            How many leads; fewer than `at_most`: there are no more.

        Raises:
            StoreUnavailable: nothing was forgotten.
        """
        ...

"""The port to forms that were left unfinished."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from carquery.domain.draft import Draft
from carquery.domain.ids import CustomerId, DialogId


class Drafts(Protocol):
    """Forms that are not sent, each by its dialog. Every method may raise `StoreUnavailable`."""

    async def write(self, kept: Sequence[Draft], *, ended: Collection[DialogId], at: datetime) -> None:
        """Keep these, and no more those that have ended, in ONE transaction.

        A dialog that has ended stays so, and of one dialog the later revision stays, in whatever order processes write.
        A form that was sent is none: its lead ends it in the lead's own transaction (`Leads.add`). One of which an
        unfinished lead was made goes on.

        Args:
            ended: those that were sent, thrown away or erased; some of them may never have been kept.
        """
        ...

    async def of(self, customer: CustomerId, *, touched_since: datetime) -> Draft | None:
        """The form that the customer left last, touched then or later.

        Answers to steps that its form does not have any more are left out. `None`: there is none, or none that this
        version can read.
        """
        ...

    async def silent(
        self, *, touched_since: datetime, touched_until: datetime, at_most: int, after: Draft | None = None
    ) -> Sequence[Draft]:
        """Forms with a number that may be called, touched last between the two, of which there is no lead.

        Oldest first, those that come after that one; fewer than `at_most`: there are no more.
        """
        ...

    async def forget(self, *, touched_before: datetime, at_most: int) -> int:
        """Forget forms that were not touched since then, in one transaction.

        Returns:
            How many; fewer than `at_most`: there are no more.
        """
        ...

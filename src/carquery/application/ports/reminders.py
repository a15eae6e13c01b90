"""The port to reminders of forms that were left."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from carquery.domain.draft import Draft
from carquery.domain.ids import Channel, CustomerId, DialogId


class Unwanted(StrEnum):
    """Why a customer is reminded of nothing."""

    DECLINED = "declined"
    BLOCKED = "blocked"
    """The bot can't write to them, as far as is known; whoever was at a form later has let it again."""


class Reminders(Protocol):
    """Who is reminded of what they left (`Drafts`), and who is not. Every method may raise `StoreUnavailable`."""

    async def claim(
        self,
        channels: Collection[Channel],
        *,
        silent_since: datetime,
        silent_until: datetime,
        at: datetime,
        but: Collection[DialogId] = (),
    ) -> Draft | None:
        """Take a form that was touched last after `silent_since`, and not after `silent_until`; the oldest first.

        None of `but`, whatever their age.

        Nobody is given it again, from any process, whatever becomes of the caller: a customer is reminded of one form
        once. None is given out that has ended or whose customer wants no reminders. `None`: there is none.
        """
        ...

    async def give_back(self, dialog: DialogId, *, touched_at: datetime | None = None) -> None:
        """It is certain that the customer was not reminded: it may be claimed again.

        Args:
            touched_at: the customer was seen then, which is noted if it is later than what is.
        """
        ...

    async def stop(self, customer: CustomerId, why: Unwanted, *, at: datetime) -> None:
        """Remind them of nothing any more; who has blocked the bot then, of no form that they left before."""
        ...

    async def resume(self, customer: CustomerId) -> None:
        """The bot can write to them again. Who has declined has declined."""
        ...

    async def forget(self, *, before: datetime, at_most: int) -> int:
        """Forget who wanted no reminders since before then. Returns how many; fewer than `at_most`: no more."""
        ...

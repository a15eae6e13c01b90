"""Who is reminded of what, in the process."""

from collections.abc import Collection
from datetime import datetime

from carquery.adapters.memory.database import MemoryDatabase, UnwantedReminders
from carquery.adapters.memory.drafts import MemoryDrafts
from carquery.application.ports.reminders import Unwanted
from carquery.domain.draft import Draft
from carquery.domain.ids import Channel, CustomerId, DialogId


class MemoryReminders:
    """Looks at the drafts of a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._drafts = MemoryDrafts(database)

    async def claim(
        self,
        channels: Collection[Channel],
        *,
        silent_since: datetime,
        silent_until: datetime,
        at: datetime,
        but: Collection[DialogId] = (),
    ) -> Draft | None:
        self._database.check()
        due = [
            (stored.touched_at, dialog)
            for dialog, stored in self._database.drafts.items()
            if silent_since < stored.touched_at <= silent_until
            and not stored.is_claimed
            and dialog not in but
            and stored.customer is not None
            and stored.customer.channel in channels
            and not self._is_unwanted(stored.customer, stored.touched_at)
            and not self._drafts.has_lead(dialog)
        ]
        for _, dialog in sorted(due):
            self._database.drafts[dialog].is_claimed = True
            if (draft := self._drafts.draft(dialog)) is not None:
                return draft
        return None

    def _is_unwanted(self, customer: CustomerId, touched_at: datetime) -> bool:
        known = self._database.unwanted_reminders.get(customer)
        return known is not None and (known.why is Unwanted.DECLINED or known.since >= touched_at)

    async def give_back(self, dialog: DialogId, *, touched_at: datetime | None = None) -> None:
        self._database.check()
        stored = self._database.drafts.get(dialog)
        if stored is not None:
            stored.is_claimed = False
            stored.touched_at = max(stored.touched_at, touched_at or stored.touched_at)

    async def stop(self, customer: CustomerId, why: Unwanted, *, at: datetime) -> None:
        self._database.check()
        known = self._database.unwanted_reminders.get(customer)
        if known is None or known.why is not Unwanted.DECLINED:
            since = at if known is None else max(at, known.since)
            self._database.unwanted_reminders[customer] = UnwantedReminders(why, since)

    async def resume(self, customer: CustomerId) -> None:
        self._database.check()
        known = self._database.unwanted_reminders.get(customer)
        if known is not None and known.why is Unwanted.BLOCKED:
            del self._database.unwanted_reminders[customer]

    async def forget(self, *, before: datetime, at_most: int) -> int:
        self._database.check()
        rows = self._database.unwanted_reminders
        old = [customer for customer, unwanted in rows.items() if unwanted.since < before][:at_most]
        for customer in old:
            del rows[customer]
        return len(old)

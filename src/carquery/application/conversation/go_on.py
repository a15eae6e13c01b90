"""The customer's word on a reminder."""

from datetime import datetime

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, where_it_stands
from carquery.application.ports.environment import Clock
from carquery.application.ports.reminders import Reminders, Unwanted
from carquery.application.screens import Menu, Notice, RemindersStopped
from carquery.domain.ids import CustomerId
from carquery.domain.values import dataclass
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """«Продолжить» and «Не напоминать»; and whether the messenger brings anything to the customer at all."""

    reception: Reception
    reminders: Reminders
    clock: Clock

    async def __call__(self, arrival: Arrival) -> Reply:
        """Return the step that the customer was at. Raises StoreUnavailable: nothing changed."""

        async def decide(visit: Visit) -> Decision:
            visit = visit.gone_on()
            if visit.dialog is None and visit.receipt is None and visit.offer is None:
                return visit, Menu(Notice.EXPIRED)
            return visit, where_it_stands(visit)

        return await self.reception(arrival, decide)

    async def no_more(self, arrival: Arrival) -> Reply:
        """Return the promise not to remind any more. Raises StoreUnavailable: it was not made."""

        async def decide(visit: Visit) -> Decision:
            await self.reminders.stop(visit.customer, Unwanted.DECLINED, at=self.clock.now())
            return visit, RemindersStopped(is_kept=visit.dialog is not None)

        return await self.reception(arrival, decide)

    async def is_blocked(self, customer: CustomerId, *, is_blocked: bool, at: datetime | None = None) -> None:
        """The customer has stopped the bot (then, not later than now), or lets it write again.

        Raises StoreUnavailable.
        """
        if is_blocked:
            now = self.clock.now()
            await self.reminders.stop(customer, Unwanted.BLOCKED, at=now if at is None else min(at, now))
        else:
            await self.reminders.resume(customer)

"""When the dealership opens, the staff are told what came of the days before."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.alerts import Digest
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.outcomes import NOTHING_SENT
from carquery.application.ports.tallies import Days
from carquery.application.reports.read_reports import ReadReports
from carquery.application.staff.announcing import Announcing
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.openings import begins_week, last_open_day, opening

DAY: Final = timedelta(days=1)
FARTHEST_BACK: Final = 14
"""Days: after longer holidays nobody wants to hear of what came before."""


@dataclass(slots=True, kw_only=True)
class TellDigest:
    """Any process may tell: the outbox says each once."""

    reports: ReadReports
    outbox: AlertOutbox
    announcing: Announcing
    dealership: ToldOfDealership
    clock: Clock
    _told_on: date | None = field(default=None, init=False)

    async def __call__(self) -> bool:
        """Tell it once the dealership has opened today; without hours nobody knows when that is.

        Where nobody has come for two weeks, or ever, there is nothing to tell.

        Returns:
            Whether something was told.

        Whatever is raised, `StoreUnavailable` among it, it may be told again.
        """
        told = self.dealership()
        if told.hours is None or not self.announcing.is_anybody_there:
            return False
        now = self.clock.now().astimezone(told.zone)
        today = now.date()
        opens = opening(told.hours, today)
        if self._told_on == today or opens is None or now < opens:
            return False
        is_told = await self._tell(told, told.hours, today)
        self._told_on = today
        return is_told

    async def _tell(self, told: Dealership, hours: BusinessHours, today: date) -> bool:
        lately = await self.reports.stages(Days(today - FARTHEST_BACK * DAY, today - DAY), told)
        if not any(one.opened or one.outcome.sent for one in lately):
            return False
        await self.outbox.add(await self._digest(_days_before(hours, today), told))
        if begins_week(hours, today):
            monday = today - timedelta(days=today.weekday() + 7)
            await self.outbox.add(await self._digest(Days(monday, monday + 6 * DAY), told, is_week=True))
        self.announcing.bell.ring()
        return True

    async def _digest(self, days: Days, told: Dealership, *, is_week: bool = False) -> Digest:
        forms, topics = await self.reports.forms(days, told), await self.reports.topics(days)
        speed = await self.reports.speed(days, told)
        outcome = sum((form.outcome for form in forms), NOTHING_SENT)
        steps = [(form.service.value, step) for form in forms if (step := form.worst) is not None]
        worst = max(steps, key=lambda one: one[1].lost, default=None)
        asked = next((topic for topic in topics if topic.unanswered), None)
        return Digest(
            first=days.first,
            last=days.last,
            is_week=is_week,
            opened=sum(form.opened for form in forms),
            sent=outcome.sent,
            delivered=outcome.delivered,
            touched=outcome.touched,
            waiting=outcome.waiting,
            untouched=speed.leads - speed.touched,
            median_minutes=None if speed.median is None else round(speed.median / timedelta(minutes=1)),
            worst_form="" if worst is None else worst[0],
            worst_step="" if worst is None else worst[1].step,
            lost=0 if worst is None else worst[1].lost,
            reached=0 if worst is None else worst[1].reached,
            topic="" if asked is None else asked.topic,
            unanswered=0 if asked is None else asked.unanswered,
        )


def _days_before(hours: BusinessHours, today: date) -> Days:
    """From the last day that it was open up to yesterday: none is told of twice, and none left out."""
    yesterday = today - DAY
    return Days(last_open_day(hours, before=today, at_most=FARTHEST_BACK) or yesterday, yesterday)

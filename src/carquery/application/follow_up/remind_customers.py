"""Remind customers, once, of forms that they left.

To claim a form is the intent, recorded before anything is sent; there is nothing to record afterwards. So a process
that is killed in between, or an answer that is lost, costs a reminder and never makes two.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.outreach import CustomerGone, NotSent, Outreach, PerhapsSent
from carquery.application.ports.reminders import Reminders, Unwanted
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.visits import Visits
from carquery.application.screens import Reminder
from carquery.domain.draft import Draft, take_up
from carquery.domain.ids import Channel, DialogId
from carquery.domain.silences import Silence, due_silence

AT_ONCE: Final = 100
"""In one pass, so that whoever is to stop need not wait long."""
OTHERS_FIRST: Final = timedelta(minutes=10)
"""Whom a messenger would not write to is not tried again for so long. They were silent for the longest, so they would
come first each time, and one whom it never writes to would keep all others of it waiting."""


class ReminderOutcome(StrEnum):
    """What became of a form that was claimed."""

    SENT = "sent"
    CAME_BACK = "came_back"
    """The customer is at it, or has done with it."""
    GONE = "gone"
    NOT_SENT = "not_sent"
    """It will be tried again."""
    UNKNOWN = "unknown"
    """It will not."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one pass did."""

    outcomes: Mapping[ReminderOutcome, int]


@dataclass(slots=True, kw_only=True)
class RemindCustomers:
    """One pass over those who have been silent for long enough, while the dealership is open. One for each process."""

    reminders: Reminders
    visits: Visits
    outreach: Outreach
    clock: Clock
    dealership: ToldOfDealership
    _not_sent: dict[DialogId, datetime] = field(default_factory=dict, init=False)
    """Until when others come first."""
    _left_alone: dict[Channel, datetime] = field(default_factory=dict, init=False)
    """Until when a messenger will not be asked."""

    async def __call__(self) -> Reminded:
        """Remind whom it is time to; a messenger that is away keeps those of no other waiting, nor does one customer
        whom it refuses those of the same.

        Raises StoreUnavailable: at worst, one customer will not be reminded.
        """
        outcomes: Counter[ReminderOutcome] = Counter()
        now = self.clock.now()
        channels = {channel for channel in self.outreach.channels if self._left_alone.get(channel, now) <= now}
        self._not_sent = {dialog: until for dialog, until in self._not_sent.items() if until > now}
        while outcomes.total() < AT_ONCE and (silence := due_silence(self.dealership(), at=self.clock.now())):
            draft = await self.reminders.claim(
                channels,
                silent_since=silence.since,
                silent_until=silence.until,
                at=self.clock.now(),
                but=self._not_sent.keys(),
            )
            if draft is None:
                break
            try:
                outcome = await self._remind(draft, silence)
            except NotSent as not_sent:
                self._not_sent[draft.dialog.id] = self.clock.now() + OTHERS_FIRST
                await self.reminders.give_back(draft.dialog.id)
                outcomes[ReminderOutcome.NOT_SENT] += 1
                channels.discard(draft.customer.channel)
                self._left_alone[draft.customer.channel] = self.clock.now() + not_sent.again_in
            except StoreUnavailable:  # nothing was sent
                await self.reminders.give_back(draft.dialog.id)
                raise
            else:
                outcomes[outcome] += 1
        return Reminded(outcomes)

    async def _remind(self, draft: Draft, silence: Silence) -> ReminderOutcome:
        visit = await self.visits.load(draft.customer)  # it knows of the last seconds, which may not be written yet
        if visit is not None and (visit.dialog is None or visit.dialog.id != draft.dialog.id):
            return ReminderOutcome.CAME_BACK
        if visit is not None and visit.allowance.at > silence.until:
            await self.reminders.give_back(draft.dialog.id, touched_at=visit.allowance.at)
            return ReminderOutcome.CAME_BACK
        form = self.dealership().forms[draft.dialog.form.service]
        try:
            await self.outreach.show(draft.customer, Reminder(take_up(draft.dialog, form, known={}, terms=None)))
        except CustomerGone:
            await self.reminders.stop(draft.customer, Unwanted.BLOCKED, at=self.clock.now())
            return ReminderOutcome.GONE
        except PerhapsSent:
            return ReminderOutcome.UNKNOWN
        return ReminderOutcome.SENT

"""Say the alert whose turn it is, and decide when the next may be said."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from carquery.application.ports.alert_outbox import (
    AlertOutbox,
    AlertRefused,
    ChatAway,
    ChatBusy,
    NotSaid,
    StaffChat,
    TakenAlert,
)
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.staff.alert_rules import rule_of

LEASE: Final = timedelta(seconds=30)
"""Longer than a try takes; after a process was killed, another one goes on so late."""
LOOK: Final = timedelta(seconds=15)
"""How often one looks without being woken: for quiet times that end, and for what other processes told."""
SET_ASIDE: Final = timedelta(minutes=15)
LONGEST_HUSH: Final = timedelta(days=2)
"""Over longer holidays people hear of what waits all the same, before it expires."""

AWAY_FIRST: Final = timedelta(seconds=2)
AWAY_LONGEST: Final = timedelta(minutes=1)
REFUSED_FIRST: Final = timedelta(seconds=30)
REFUSED_LONGEST: Final = timedelta(minutes=15)
"""A person has to mend it, and will want to see within minutes that it helped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPass:
    """What became of one turn.

    Attributes:
        again_in: when to look again, unless somebody rings.
        said: the kind of the alert that was said; None: none was.
        trouble: why it was not said; None: no trouble.
        is_first: no turn before it had that trouble.
    """

    again_in: timedelta
    said: str | None = None
    trouble: str | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAlerts:
    """One turn. An alert is said at least once: if the process dies before it is noted, it is said again."""

    outbox: AlertOutbox
    chat: StaffChat
    clock: Clock
    dealership: ToldOfDealership = nothing_told

    async def __call__(self) -> AlertsPass:
        """Say the oldest alert that is due. Raises StoreUnavailable: what is not noted will be said again."""
        taken = await self.outbox.take(lease_for=LEASE)
        if taken is None:
            return AlertsPass(again_in=LOOK)
        closed_for = self._closed_for(taken)
        if closed_for > timedelta():
            await self.outbox.hush(taken, for_=closed_for)
            return AlertsPass(again_in=timedelta())
        try:
            await self.chat.say(taken.alert, since=taken.since, times=taken.times)
        except NotSaid as failure:
            return await self._put_off(taken, failure)
        return AlertsPass(again_in=await self.outbox.said(taken), said=type(taken.alert).__name__)

    def _closed_for(self, taken: TakenAlert) -> timedelta:
        """For how long nobody at the dealership is to hear of it."""
        hours, now = self.dealership().hours, self.clock.now()
        opens = None if hours is None or not rule_of(taken.alert).waits else hours.next_open(now)
        return timedelta() if opens is None else min(opens, taken.since + LONGEST_HUSH) - now

    async def _put_off(self, taken: TakenAlert, failure: NotSaid) -> AlertsPass:
        match failure:
            case AlertRefused():
                await self.outbox.set_aside(taken, for_=SET_ASIDE)
                return AlertsPass(again_in=timedelta(), trouble=str(failure), is_first=True)
            case ChatBusy(retry_after=wait):
                await self.outbox.pause(taken, for_=wait, because=str(failure), is_failure=False)
            case ChatAway():
                wait = min(AWAY_FIRST * (1 << min(taken.failures, 16)), AWAY_LONGEST)
                await self.outbox.pause(taken, for_=wait, because=str(failure))
            case _:
                wait = min(REFUSED_FIRST * (1 << min(taken.failures, 16)), REFUSED_LONGEST)
                await self.outbox.pause(taken, for_=wait, because=str(failure))
        return AlertsPass(again_in=wait, trouble=str(failure), is_first=taken.failures == 0)

"""Look whether somebody has touched delivered leads in the CRM, and tell people once of those that nobody has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from carquery.application.ports.crm import Crm
from carquery.application.ports.crm_deals import CrmDeals, DealPhase, DealState
from carquery.application.ports.crm_history import CrmHistory
from carquery.application.ports.first_touches import FirstTouches, Look, WatchedLead
from carquery.application.ports.takes import Takes
from carquery.application.staff.announcing import Announcing
from carquery.domain.effects import CrmId, Effect
from carquery.domain.first_touch import FirstTouch, next_look
from carquery.domain.lead import Lead

EVERY: Final = timedelta(minutes=1)
"""One look so often, for as many leads as one request takes."""


@dataclass(frozen=True, slots=True)
class WatchReport:
    """One look, in leads. `touched`: how long each took that was seen to be touched now, since it was received."""

    looked_at: int = 0
    told: int = 0
    touched: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFirstTouches:
    """One look at those that have waited for one for longest."""

    touches: FirstTouches
    history: CrmHistory
    takes: Takes
    deals: CrmDeals
    crm: Crm
    announcing: Announcing

    async def is_due(self, *, now: datetime) -> bool:
        """Whether there is anything to look at. Raises StoreUnavailable."""
        return bool(await self.touches.due(limit=1, now=now))

    async def __call__(self, *, now: datetime) -> WatchReport:
        """Look.

        Raises:
            CrmFailure: nothing is known, and nothing was noted: the next look is as good.
            StoreUnavailable: likewise.
        """
        if await self.crm.closure() is not None:
            return WatchReport()
        watched = await self.touches.due(limit=self.history.most_at_once, now=now)
        if not watched:
            return WatchReport()
        seen = await self.history.first_touches([one.lead for one in watched])
        states = await self._states([one for one in watched if one.lead.id not in seen], now)
        looks = [await self._look(one, seen.get(one.lead.id), states, now) for one in watched]
        await self.touches.note(looks, at=now)
        if any(look.told for look in looks):
            self.announcing.bell.ring()
        return WatchReport(
            looked_at=len(looks),
            told=sum(look.told is not None for look in looks),
            touched=tuple(
                look.touch.at - one.lead.created_at
                for look, one in zip(looks, watched, strict=True)
                if look.touch is not None and one.touch is None
            ),
        )

    async def _states(self, unseen: Sequence[WatchedLead], now: datetime) -> Mapping[CrmId, DealState] | None:
        """How the deals stand that people would be told of; None: of none. Raises CrmFailure."""
        late = [_deal(one) for one in unseen if self._is_to_be_told(one, now)]
        return await self.deals.states(late) if late else None

    async def _look(
        self,
        one: WatchedLead,
        seen: FirstTouch | None,
        states: Mapping[CrmId, DealState] | None,
        now: datetime,
    ) -> Look:
        touch = one.touch if seen is None else seen.or_earlier(one.touch)
        again_at = next_look(one.delivered_at, touch, now=now)
        if touch is not None or states is None or not self._is_to_be_told(one, now):
            return Look(one.lead.id, touch, again_at)
        state = states.get(_deal(one))
        if state is None or state.phase not in _untouched_phases(one.lead):
            # Somebody has done something, whatever the history tells: moved it, closed it, merged or deleted it.
            return Look(one.lead.id, touch, again_at if state is not None else None)
        take = await self.takes.of(one.lead.id)
        minutes = self.announcing.dealership().follow_up.first_touch_minutes
        told = self.announcing.untouched(one.lead, minutes=minutes, taken_by="" if take is None else take.by.name)
        return Look(one.lead.id, touch, again_at, told)

    def _is_to_be_told(self, one: WatchedLead, now: datetime) -> bool:
        """Whether it has waited for long enough, unless it has been touched."""
        dealership = self.announcing.dealership()
        minutes, hours = dealership.follow_up.first_touch_minutes, dealership.hours
        is_told = one.touch is not None or one.told_at is not None
        if not minutes or is_told or not self.announcing.is_anybody_there:
            return False
        is_late = now >= dealership.after(one.delivered_at, minutes)
        return is_late and (hours is None or hours.is_open(now))


def _untouched_phases(lead: Lead) -> tuple[DealPhase, ...]:
    """How its deal may stand though nobody has touched the lead: one that it has joined was worked on before."""
    return (DealPhase.WAITING,) if lead.joined_to is None else (DealPhase.WAITING, DealPhase.IN_WORK)


def _deal(one: WatchedLead) -> CrmId:
    return one.lead.made[Effect.LEAD]

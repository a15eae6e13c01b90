"""Tell the CRM who has taken a lead, exactly once, whatever failed before.

Intent, call, result: the intent is stored before the call. An intent without a result is looked after: who is
responsible now, or whether the note is there; and only then made. Whoever was made responsible by hand stays so. What
the CRM does not take, however often it is asked, people are told of.
"""

from dataclasses import dataclass
from datetime import timedelta

from carquery.application.leads.calls import CLOSED_FOR, quarantine
from carquery.application.leads.crm_texts import taken_note
from carquery.application.leads.held_leads import DeliveryTimes
from carquery.application.leads.lease_permit import LeasePermit
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import Alerts, CrmClosed, NotHandedOver
from carquery.application.ports.crm import Crm, CrmBusy, CrmFailure, CrmLeaseTooShort, CrmShutOut, CrmUnauthorised
from carquery.application.ports.crm_deals import CrmDeals, DealPhase, DealState
from carquery.application.ports.crm_hand_overs import CrmHandOvers
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.leads import Lease
from carquery.application.ports.takes import Takes
from carquery.domain.backoff import Backoff
from carquery.domain.ids import CrmUserId
from carquery.domain.take import Take, TakeEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverDeals:
    """One take at a time."""

    takes: Takes
    deals: CrmDeals
    hand_overs: CrmHandOvers
    crm: Crm
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    backoff: Backoff
    times: DeliveryTimes

    async def __call__(self) -> TakeEnd | None:
        """Tell the CRM of the take that has been due for longest.

        Returns:
            How it ended; None: there is nothing to do now, or it will be tried again.

        Raises:
            StoreUnavailable: what was done but not recorded is looked for later.
        """
        if await self.crm.closure() is not None:
            return None
        held_from = self.clock.monotonic()
        claim = await self.takes.claim(lease_for=self.times.lease)
        if claim is None:
            return None
        permit = LeasePermit(clock=self.clock, lease=self.times.lease, call=self.crm.limits.call, since=held_from)
        one = _One(self, claim.lease, permit, claim.take)
        try:
            after = await one.told()
        except CrmFailure as failure:
            after = await self._put_off(one.stored, failure)
        if after.end is TakeEnd.REFUSED and after.failure is not None:
            await self.alerts.tell(NotHandedOver(after.reference, after.failure))
        is_kept = await self.takes.update(after, claim.lease, release=True)
        return after.end if is_kept else None

    async def _put_off(self, take: Take, failure: CrmFailure) -> Take:
        now = self.clock.now()
        match failure:
            case CrmUnauthorised() | CrmShutOut():
                await self.alerts.tell(CrmClosed(failure.reason))
                is_gate_shut = await self.crm.closure() is not None  # then nothing is claimed before it opens
                return take.postponed(until=now + (timedelta() if is_gate_shut else CLOSED_FOR))
            case CrmLeaseTooShort():
                return take.postponed(until=now)
            case CrmBusy(retry_after=timedelta() as wait):
                return take.postponed(until=now + wait)
            case _:
                chance = self.randomness.chance()
                return take.failed(failure.reason, at=now, backoff=self.backoff, chance=chance)


@dataclass(slots=True)
class _One:
    """One take under one lease. `stored`: as it was recorded last."""

    by: HandOverDeals
    lease: Lease
    permit: LeasePermit
    stored: Take

    async def told(self) -> Take:
        """The take as it is to be recorded. Raises CrmFailure."""
        take = self.stored
        state = (await self.by.deals.states([take.deal])).get(take.deal)
        if state is None:
            return take.ended(TakeEnd.GONE)
        if state.phase is DealPhase.CLOSED:
            return take.ended(TakeEnd.CLOSED)
        if take.crm_user is None:
            return await self._noted(take)
        return await self._handed_over(take, take.crm_user, state)

    async def _handed_over(self, take: Take, to: CrmUserId, state: DealState) -> Take:
        responsible = None if state.responsible is None else CrmUserId(state.responsible)
        if take.intent_at is None:
            take = await self._intended(take, was_with=responsible)
        elif responsible not in {to, take.was_with}:
            return take.ended(TakeEnd.OTHERS)
        refused = await self.by.hand_overs.hand_over(take.deal, take.reference, to, self.permit)
        return take.ended(TakeEnd.HANDED_OVER) if refused is None else take.ended(TakeEnd.REFUSED, refused)

    async def _noted(self, take: Take) -> Take:
        text = taken_note(take)
        if take.intent_at is not None:
            settled_at = take.intent_at + quarantine(self.by.times, self.by.crm)
            if self.by.clock.now() < settled_at:
                return take.postponed(until=settled_at)
            if await self.by.hand_overs.is_noted(take.deal, text):
                return take.ended(TakeEnd.NOTED)
        take = await self._intended(take)
        refused = await self.by.hand_overs.note(take.deal, text, self.permit)
        return take.ended(TakeEnd.NOTED) if refused is None else take.ended(TakeEnd.REFUSED, refused)

    async def _intended(self, take: Take, *, was_with: CrmUserId | None = None) -> Take:
        """Record the intent. Raises CrmLeaseTooShort: it is somebody else's now."""
        self.permit.check()
        self.permit.must_call_within(self.by.times.patience)
        intends = take.intends(at=self.by.clock.now(), was_with=was_with)
        if not await self.by.takes.update(intends, self.lease, release=False):
            raise CrmLeaseTooShort(LeadReason.LEASE_ENDS())
        self.stored = intends
        return intends

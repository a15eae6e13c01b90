"""Put leads back by a person's wish, deliver them at once, and tell how each of them ends.

Everything goes through the outbox's own claim, so bots, workers and other resubmissions may run at the same time: a
lead that somebody else delivers meanwhile is waited for and counts as what it becomes.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.delivery_news import UNKNOWN
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import Closure, Crm
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Leads
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening
from carquery.domain.reason import Reason

SPARE: Final = timedelta(seconds=15)
"""So much longer than a dead worker's lease, and than a lost call's quarantine, one lead is waited for."""

LOOK: Final = timedelta(seconds=1)
"""How often a lead is looked at that could be delivered any moment, by this process or by another."""

PUT_BACK_AT_ONCE: Final = 500
"""SQLite takes some 32 000 values in one statement; a transaction as short as this one keeps nobody waiting."""


class Ending(StrEnum):
    """How a lead ended. `waiting`: for something that can't be hurried; a worker delivers it later."""

    DELIVERED = "delivered"
    FAILED = "failed"
    WAITING = "waiting"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Ended:
    """One lead's ending. `reason`: why not; `None` if it is there. `until`: when it is tried next, if that is known."""

    lead: Lead
    ending: Ending
    reason: Reason | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pausing:
    """Nothing can be done before `until`. `leads`: how many are waited for; `reason`: why, for the next of them."""

    leads: int
    until: datetime
    reason: Reason


Progress: TypeAlias = Ended | Pausing


@dataclass(frozen=True, slots=True, kw_only=True)
class ResubmitLeads:
    """Deliver failed, dead and pending leads now.

    Attributes:
        sleep: lets that much time pass.
    """

    leads: Leads
    crm: Crm
    deliver: DeliverLeads
    clock: Clock
    sleep: Callable[[timedelta], Awaitable[None]]

    async def __call__(self, chosen: Sequence[LeadId]) -> AsyncGenerator[Progress, None]:
        """Put them back with all their attempts, deliver them in that order, and tell the ending of each, once.

        Whoever stops listening leaves pending what was not delivered yet: a worker goes on with it.

        Raises:
            StoreUnavailable: as when stopping; leads that were not put back are as they were.
        """
        ids = tuple(dict.fromkeys(chosen))
        for portion in _portions(ids, PUT_BACK_AT_ONCE):
            await self.leads.put_back(portion, at=self.clock.now())
        async for progress in _Run(self, ids).progress():
            yield progress


class _Run:
    """Leads whose ending is not known yet, and when each is to be looked at."""

    def __init__(self, by: ResubmitLeads, ids: Sequence[LeadId]) -> None:
        self._by = by
        self._looks = dict.fromkeys(ids, by.clock.now())
        self._wait_at_most = max(by.deliver.times.lease, by.deliver.quarantine) + SPARE
        self._deadlines: dict[LeadId, datetime] = {}
        self._reasons: dict[LeadId, Reason] = {}

    async def progress(self) -> AsyncIterator[Progress]:
        while self._looks:
            now = self._by.clock.now()
            due = tuple(lead for lead, look in self._looks.items() if look <= now)
            if not due:
                pausing = self._pausing()
                yield pausing
                await self._by.sleep(pausing.until - now)
            for portion in _portions(due, self._by.crm.limits.batch):
                report = await self._by.deliver(only=portion)
                closure = None if report.is_crm_well else await self._by.crm.closure()
                for lead in portion if closure is None else tuple(self._looks):
                    if (ended := await self._look_at(lead, closure)) is not None:
                        yield ended
                if closure is not None:
                    return

    async def _look_at(self, lead_id: LeadId, closure: Closure | None) -> Ended | None:
        """How the lead ended; None: not yet, and it is waited for."""
        lead = await self._by.leads.load(lead_id)
        if lead is None:
            raise AssertionError(f"lead {lead_id} was chosen; leads are never deleted")
        now = self._by.clock.now()
        ended = _ended(lead)
        if ended is None and closure is not None:
            ended = Ended(lead, Ending.WAITING, closure.reason, now + closure.reopens_in)
        if ended is None:
            reason, until = await self._why_it_waits(lead), _later(lead, now)
            look = until or now + LOOK
            if look <= self._deadlines.setdefault(lead_id, now + self._wait_at_most):
                self._looks[lead_id], self._reasons[lead_id] = look, reason
                return None
            ended = Ended(lead, Ending.WAITING, reason, until)
        del self._looks[lead_id]
        return ended

    async def _why_it_waits(self, lead: Lead) -> Reason:
        if lead.status is LeadStatus.DELIVERING:
            return LeadReason.IN_DELIVERY()
        if lead.intent is not None:
            if lead.failure is None:
                return LeadReason.OUTCOME_UNKNOWN(effect=lead.intent.effect)
            return LeadReason.OUTCOME_UNKNOWN_AFTER(lead.failure, effect=lead.intent.effect)
        history = await self._by.leads.history(lead.id)
        if history and history[-1].what is Happening.WAITED:
            return history[-1].why or UNKNOWN
        return LeadReason.PHONE_IN_HAND()

    def _pausing(self) -> Pausing:
        lead = min(self._looks, key=self._looks.__getitem__)
        return Pausing(len(self._looks), self._looks[lead], self._reasons[lead])


def _ended(lead: Lead) -> Ended | None:
    """A failure whose call may yet turn out to have been done is no ending."""
    if lead.erased_at is not None:
        return Ended(lead, Ending.ERASED, LeadReason.ERASED())
    if lead.status is LeadStatus.DELIVERED:
        return Ended(lead, Ending.DELIVERED)
    has_failed = lead.status is LeadStatus.DEAD or (lead.status is LeadStatus.FAILED and lead.intent is None)
    return Ended(lead, Ending.FAILED, lead.failure, lead.next_attempt_at) if has_failed else None


def _later(lead: Lead, now: datetime) -> datetime | None:
    """When the lead may be tried, if not now."""
    return lead.next_attempt_at if lead.next_attempt_at is not None and lead.next_attempt_at > now else None


def _portions(leads: Sequence[LeadId], size: int) -> Iterator[Sequence[LeadId]]:
    return (leads[start : start + size] for start in range(0, len(leads), size))

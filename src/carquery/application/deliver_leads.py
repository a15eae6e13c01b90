"""Make in the CRM what each due lead still lacks, exactly once, whatever failed before.

Each effect is intent, call, result: the intent is stored before the call, the result before the next effect begins. An
intent without a result means that nobody knows the outcome; it is resolved by waiting until the lost call can no longer
land, then looking, and only then acting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from carquery.application.ports.alerts import Alerts, ContactToErase, CrmClosed, LeadNotDelivered
from carquery.application.ports.crm import (
    Crm,
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmMade,
    CrmRefused,
    CrmShutOut,
    CrmUnauthorised,
)
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Leads, Lease, LeaseLost
from carquery.domain.ids import LeadId
from carquery.domain.lead import QUARANTINE, CrmId, Effect, Lead, LeadStatus

BATCH = 50
"""Source: amoCRM's recommendation of at most 50 entities in a request."""

LEASE = timedelta(seconds=90)

CLOSED_FOR = timedelta(minutes=5)
"""How long leads wait after the CRM has locked us out."""


Held: TypeAlias = dict[LeadId, tuple[Lead, Lease]]
"""The leads this pass still works on, each as it was recorded last."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one pass did, in leads; those claimed and not delivered will be tried again or wait for a person."""

    claimed: int
    delivered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLeads:
    """One pass over the leads that are due.

    Attributes:
        interval: the wait after the first failed attempt; it doubles with each further one.
        most_attempts: after so many a lead is dead until someone resubmits it.
    """

    leads: Leads
    crm: Crm
    alerts: Alerts
    clock: Clock
    interval: timedelta
    most_attempts: int

    async def __call__(self) -> DeliveryReport:
        """Deliver up to 50 due leads. Raises StoreUnavailable: what was made but not recorded is looked for later."""
        held = {lead.id: (lead, lease) for lead, lease in await self.leads.claim(limit=BATCH, lease_for=LEASE)}
        claimed = len(held)
        await self._resolve_lost(held)
        for effect in Effect:
            await self._make(effect, held)
        delivered = [lead for lead, _ in held.values()]
        for lead in delivered:
            await self._release(held, lead.delivered(at=self.clock.now()))
        return DeliveryReport(claimed, len(delivered))

    async def _resolve_lost(self, held: Held) -> None:
        """Learn what became of calls whose outcome was never recorded."""
        for lead, _ in list(held.values()):
            if lead.intent is None or lead.id not in held:
                continue
            known_from = lead.intent.at + QUARANTINE
            if self.clock.now() < known_from:
                await self._release(held, lead.postponed(until=known_from))
                continue
            try:
                found = await self.crm.find(lead.intent.effect, lead)
            except CrmFailure as failure:
                await self._call_failed(failure, [lead], held)  # the intent stays: a failed look tells nothing
                continue
            known = lead.called_off() if found is None else lead.with_made(lead.intent.effect, found)
            await self._keep(held, known)

    async def _make(self, effect: Effect, held: Held) -> None:
        due = [lead for lead, _ in held.values() if lead.next_effect is effect]
        for lead in due:
            await self._keep(held, lead.intends(effect, at=self.clock.now()))
        intending = [held[lead.id][0] for lead in due if lead.id in held]
        if not intending:
            return
        try:
            answers = await self.crm.make(effect, intending)
        except CrmAmbiguous as failure:
            await self._call_failed(failure, intending, held)
            return
        except CrmFailure as failure:
            await self._call_failed(failure, [lead.called_off() for lead in intending], held)
            return
        for lead in intending:
            match answers[lead.id]:
                case CrmMade(crm_id, left_out):
                    is_kept = await self._keep(held, lead.with_made(effect, crm_id, left_out=left_out))
                    if effect is Effect.CONTACT and not is_kept:
                        await self._tell_if_erased(lead, crm_id)
                case CrmRefused(reason):
                    await self._fail(held, lead.called_off(), reason)

    async def _call_failed(self, failure: CrmFailure, leads: Sequence[Lead], held: Held) -> None:
        """A whole call failed; `leads` as they are to be recorded."""
        match failure:
            case CrmUnauthorised() | CrmShutOut():
                await self._wait_outside(failure, leads, held)
            case CrmAmbiguous():
                for lead in leads:
                    await self._release(held, lead.postponed(until=self.clock.now() + QUARANTINE))
            case CrmBusy(retry_after=timedelta() as wait):
                for lead in leads:
                    await self._release(held, lead.postponed(until=self.clock.now() + wait))
            case _:
                for lead in leads:
                    await self._fail(held, lead, str(failure))

    async def _wait_outside(self, failure: CrmFailure, leads: Sequence[Lead], held: Held) -> None:
        """The CRM is closed to us: say so once, and let go of everything; no lead is to blame."""
        await self.alerts.tell(CrmClosed(str(failure)))
        until = self.clock.now() + CLOSED_FOR
        waiting = {lead.id: lead for lead, _ in held.values()} | {lead.id: lead for lead in leads}
        for lead in waiting.values():
            await self._release(held, lead.postponed(until=until))

    async def _tell_if_erased(self, lead: Lead, contact: CrmId) -> None:
        """The customer had their data erased while the contact was being made."""
        stored = await self.leads.load(lead.id)
        if stored is not None and stored.erased_at is not None:
            await self.alerts.tell(ContactToErase((contact,)))

    async def _fail(self, held: Held, lead: Lead, reason: str) -> None:
        """Count the attempt; the admin chat is told when a lead first fails and when it is given up."""
        failed = lead.failed(reason, at=self.clock.now(), interval=self.interval, most_attempts=self.most_attempts)
        is_dead = failed.status is LeadStatus.DEAD
        if await self._release(held, failed) and (is_dead or failed.attempts == 1):
            await self.alerts.tell(LeadNotDelivered(lead.reference, reason, dead=is_dead))

    async def _keep(self, held: Held, lead: Lead) -> bool:
        """Record how far the lead has come, and go on with it. False: it isn't ours any more."""
        _, lease = held[lead.id]
        try:
            await self.leads.update(lead, lease, release=False)
        except LeaseLost:
            del held[lead.id]
            return False
        held[lead.id] = lead, lease
        return True

    async def _release(self, held: Held, lead: Lead) -> bool:
        """Record how far the lead has come, and let go of it. False: it wasn't ours any more."""
        _, lease = held.pop(lead.id)
        try:
            await self.leads.update(lead, lease, release=True)
        except LeaseLost:
            return False
        return True

"""Bring into the CRM what customers changed of leads that stand there, exactly once, whatever failed before.

Each effect is intent, call, result, as those of leads: the intent is stored before the call, the result before the next
call. Here each call looks before it makes anything, so that after a lost answer it is enough to wait until the lost
call can no longer land.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

from carquery.application.leads.calls import CLOSED_FOR, quarantine
from carquery.application.leads.held_leads import DeliveryTimes
from carquery.application.leads.lease_permit import LeasePermit
from carquery.application.ports.alerts import Alerts, AmendmentsStranded, CrmClosed
from carquery.application.ports.amendments import Amendments, ClaimedAmendment
from carquery.application.ports.crm import (
    Crm,
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmGone,
    CrmLeaseTooShort,
    CrmMade,
    CrmRefused,
    CrmShutOut,
    CrmUnauthorised,
)
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.environment import Clock, Randomness
from carquery.domain.amendment import Amendment, AmendmentEffect, AmendmentStatus
from carquery.domain.backoff import Backoff
from carquery.domain.ids import Reference
from carquery.domain.reason import Reason

MOST_IN_A_PASS: Final = 20
"""Then new leads have their turn again."""


@dataclass(frozen=True, slots=True)
class AmendmentsReport:
    """What one pass did.

    Attributes:
        references: of the leads whose amendments are in the CRM now.
        is_crm_well: False: the CRM is closed or did not answer; the next pass need not come at once.
    """

    claimed: int
    is_crm_well: bool = True
    references: tuple[Reference, ...] = field(default=(), compare=False)


NOTHING_AMENDED: Final = AmendmentsReport(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverAmendments:
    """One pass over the amendments that are due, one after the other: they are few."""

    amendments: Amendments
    crm: Crm
    crm_amendments: CrmAmendments
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    backoff: Backoff
    times: DeliveryTimes

    @property
    def quarantine(self) -> timedelta:
        """How long after its intent a call may still land."""
        return quarantine(self.times, self.crm)

    async def __call__(self) -> AmendmentsReport:
        """Deliver what is due. Raises StoreUnavailable: what was made but not recorded is looked for later."""
        claims, is_well = 0, True
        delivered: list[Reference] = []
        while is_well and claims < MOST_IN_A_PASS and await self.crm.closure() is None:
            held_from = self.clock.monotonic()
            claimed = await self.amendments.claim(lease_for=self.times.lease)
            if claimed is None:
                break
            claims += 1
            turn = _Turn(self, claimed, held_from)
            if await turn.run():
                delivered.append(claimed.lead.reference)
            is_well = turn.is_crm_well
        return AmendmentsReport(claims, is_well, tuple(delivered))


class _Turn:
    """One claimed amendment's way through its effects."""

    def __init__(self, by: DeliverAmendments, claimed: ClaimedAmendment, held_from: float) -> None:
        self._by = by
        self._amendment = claimed.amendment
        self._lead = claimed.lead
        self._lease = claimed.lease
        call = by.crm.limits.call
        self._permit = LeasePermit(clock=by.clock, lease=by.times.lease, call=call, since=held_from)
        self.is_crm_well = True

    async def run(self) -> bool:
        """Whether all of it is in the CRM now."""
        amendment = self._amendment
        if amendment.intent is not None:
            known_from = amendment.intent.at + self._by.quarantine
            if self._by.clock.now() < known_from:
                await self._release(amendment.postponed(until=known_from))
                return False
        amendment = amendment.beside(self._lead)
        while (effect := amendment.next_effect) is not None:
            amendment = amendment.intends(effect, at=self._by.clock.now())
            # Files are looked at before each is attached, however late: nothing has to be waited out for them.
            self._permit.must_call_within(None if effect is AmendmentEffect.FILES else self._by.times.patience)
            if not await self._keep(amendment):
                return False  # somebody else has it, or the customer's data were erased
            outcome = await self._by.crm_amendments.make(effect, amendment, self._lead, self._permit)
            if not isinstance(outcome, CrmMade):
                await self._failed(amendment, outcome)
                return False
            if outcome.left_out:  # before it is recorded: once it is, nobody would learn any more what is missing
                await self._tell(outcome.left_out)
            amendment = amendment.with_made(effect, outcome.id, left_out=outcome.left_out)
        return await self._release(amendment.delivered(at=self._by.clock.now()))

    async def _failed(self, amendment: Amendment, outcome: CrmRefused | CrmGone | CrmFailure) -> None:
        match outcome:
            case CrmGone(reason=reason):
                await self._leave(amendment.called_off().given_up(reason))
            case CrmRefused(reason):
                await self._leave(self._counted(amendment.called_off(), reason))
            case CrmFailure():
                self.is_crm_well = False
                left = amendment.intends(amendment.intent.effect, at=self._by.clock.now()) if amendment.intent else None
                await self._call_failed(outcome, left if outcome.is_perhaps_done and left else amendment.called_off())
            case _:
                assert_never(outcome)

    async def _call_failed(self, failure: CrmFailure, amendment: Amendment) -> None:
        """A call failed; `amendment` as it is to be recorded."""
        now = self._by.clock.now()
        match failure:
            case CrmUnauthorised() | CrmShutOut():
                await self._by.alerts.tell(CrmClosed(failure.reason))
                is_gate_shut = await self._by.crm.closure() is not None  # then nothing is claimed before it opens
                await self._release(amendment.postponed(until=now + (timedelta() if is_gate_shut else CLOSED_FOR)))
            case CrmLeaseTooShort():
                await self._release(amendment.postponed(until=now))
            case CrmBusy(retry_after=timedelta() as wait):
                await self._release(amendment.postponed(until=now + wait))
            case _:
                counted = self._counted(amendment, failure.reason)
                is_lost = isinstance(failure, CrmAmbiguous)
                await self._leave(counted.doubted(not_before=now + self._by.quarantine) if is_lost else counted)

    def _counted(self, amendment: Amendment, reason: Reason) -> Amendment:
        chance = self._by.randomness.chance()
        return amendment.failed(reason, at=self._by.clock.now(), backoff=self._by.backoff, chance=chance)

    async def _leave(self, amendment: Amendment) -> None:
        """People are told first of what they have to see to: what is recorded as dead is not told again."""
        if amendment.status is AmendmentStatus.DEAD and amendment.failure is not None:
            await self._by.alerts.tell(AmendmentsStranded((self._lead.reference,), amendment.failure, dead=True))
        await self._release(amendment)

    async def _tell(self, left_out: tuple[Reason, ...]) -> None:
        for reason in left_out:
            await self._by.alerts.tell(AmendmentsStranded((self._lead.reference,), reason, dead=False))

    async def _keep(self, amendment: Amendment) -> bool:
        """Record it; the lease runs anew from here."""
        from_now = self._by.clock.monotonic()
        is_ours = await self._by.amendments.update(amendment, self._lease, lease_for=self._by.times.lease)
        self._permit.since = from_now
        return is_ours

    async def _release(self, amendment: Amendment) -> bool:
        """Record it, and let go of it."""
        return await self._by.amendments.update(amendment, self._lease, lease_for=None)

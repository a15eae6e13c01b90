"""Make in the CRM what each due lead still lacks, exactly once, whatever failed before.

Each effect is intent, call, result: the intent is stored before the call, the result before the next effect begins. An
intent without a result means that nobody knows the outcome; it is resolved by waiting until the lost call can no longer
land, then looking, and only then acting.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

from carquery.application.leads.delivery_news import DeliveryNews
from carquery.application.leads.held_leads import DeliveryTimes, HeldLeads, in_portions
from carquery.application.leads.leaving_leads import FailedLead, LeavingLeads
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import Alert, Alerts, ContactToErase
from carquery.application.ports.crm import (
    Crm,
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmGone,
    CrmLeaseTooShort,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    CrmShutOut,
    CrmUnauthorised,
)
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.leads import LeadChange, Leads
from carquery.application.staff.announcing import Announcing
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Backoff, CrmId, Effect, Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.reason import Reason

CLOSED_FOR: Final = timedelta(minutes=5)
"""How long leads wait for a CRM that locked us out and does not say for how long."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one pass did, in leads; those claimed and not delivered will be tried again or wait for a person.

    Attributes:
        is_crm_well: False: the CRM is closed or did not answer; the next pass need not come at once.
        references: of those delivered.
    """

    claimed: int
    delivered: int
    is_crm_well: bool = True
    references: tuple[Reference, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLeads:
    """One pass over the leads that are due. `announcing`: None: nobody is told of those that are delivered."""

    leads: Leads
    crm: Crm
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    backoff: Backoff
    times: DeliveryTimes
    announcing: Announcing | None = None

    @property
    def quarantine(self) -> timedelta:
        """How long after its intent a call may still land; looking for its effect earlier proves nothing."""
        return self.times.patience + self.crm.limits.lands_within

    async def __call__(self, *, only: Collection[LeadId] | None = None) -> DeliveryReport:
        """Deliver as many due leads as the CRM takes at once; with `only`, none but these.

        Raises:
            StoreUnavailable: what was made but not recorded is looked for later.
        """
        if await self.crm.closure() is not None:
            return DeliveryReport(0, 0, is_crm_well=False)
        held_from = self.clock.monotonic()
        claim = await self.leads.claim(limit=self.crm.limits.batch, lease_for=self.times.lease, only=only)
        held = HeldLeads(
            claim,
            leads=self.leads,
            clock=self.clock,
            times=self.times,
            call=self.crm.limits.call,
            held_from=held_from,
        )
        news = DeliveryNews()
        try:
            async with held.kept_alive():
                delivered = await _Pass(self, held, news, LeavingLeads(held, news, self.alerts)).run()
        finally:
            await news.tell(self.alerts)
        return DeliveryReport(
            len(claim.leads), len(delivered), is_crm_well=not news.is_crm_unwell, references=delivered
        )

    def announced(self, lead: Lead) -> tuple[Alert, ...]:
        """What people are told of a lead that is delivered now."""
        return () if self.announcing is None else self.announcing.delivered(lead, now=self.clock.now())


@dataclass(frozen=True, slots=True)
class _Pass:
    """One claim's way through all effects. What a step does to its leads is recorded together.

    Attributes:
        leaving: those that this step can't go on with.
        made_again: of which something was gone, and is made again, once.
        outside: those of this step to which the CRM was closed, as they are to be recorded.
    """

    by: DeliverLeads
    held: HeldLeads
    news: DeliveryNews
    leaving: LeavingLeads
    made_again: set[LeadId] = field(default_factory=set)
    outside: list[tuple[CrmFailure, Lead]] = field(default_factory=list)

    async def run(self) -> tuple[Reference, ...]:
        """Which leads are delivered now."""
        for effect in Effect:
            await self._resolve_lost(effect)
        limits = self.by.crm.limits
        for effect in (*Effect, *Effect):  # the second time for those whose contact turned out to be gone
            most = limits.contacts if effect is Effect.CONTACT else limits.batch
            for portion in in_portions(self.held.lacking(effect), of_at_most=most):
                await self._make(effect, portion)
        now = self.by.clock.now()
        done = [
            LeadChange(lead.delivered(at=now), self._entry(Happening.DELIVERED), self.by.announced(lead))
            for lead in self.held.all
        ]
        delivered = await self.held.release(done)
        if delivered and self.by.announcing is not None:
            self.by.announcing.bell.ring()
        return tuple(change.lead.reference for change in done if change.lead.id in delivered)

    async def _resolve_lost(self, effect: Effect) -> None:
        """Learn what became of calls whose outcome was never recorded."""
        in_doubt = []
        for lead in self.held.all:
            if lead.intent is None or lead.intent.effect is not effect:
                continue
            known_from = lead.intent.at + self.by.quarantine
            if self.by.clock.now() < known_from:
                self.leaving.put_off(LeadChange(lead.postponed(until=known_from)))
            else:
                in_doubt.append(lead)
        await self._let_go()
        if in_doubt:
            await self._look_for(effect, in_doubt)

    async def _look_for(self, effect: Effect, in_doubt: Sequence[Lead]) -> None:
        try:
            found = await self.by.crm.find(effect, in_doubt)
        except CrmFailure as failure:
            for lead in in_doubt:
                self._call_failed(failure, lead, effect)  # the intent stays: a failed look tells nothing
        else:
            await self._keep(effect, [self._looked_for(effect, lead, found.get(lead.id)) for lead in in_doubt])
        await self._let_go()

    def _looked_for(self, effect: Effect, lead: Lead, found: CrmId | None) -> LeadChange:
        if found is None:
            return LeadChange(lead.called_off(), self._entry(Happening.MISSED, effect))
        entry = self._entry(Happening.FOUND, effect, LeadReason.STANDS(number=found))
        return LeadChange(lead.with_found(effect, found), entry)

    async def _make(self, effect: Effect, due: Iterable[Lead]) -> None:
        now = self.by.clock.now()
        # Files are looked at before each is attached, however late: nothing has to be waited out for them.
        self.held.must_call_within(None if effect is Effect.FILES else self.by.times.patience)
        intents = [LeadChange(lead.intends(effect, at=now)) for lead in due if lead in self.held]
        ours = await self.held.keep(intents)
        intending = [change.lead for change in intents if change.lead.id in ours]
        if not intending:
            return
        outcomes = await self.by.crm.make(effect, intending, self.held)
        await self._tell_of_left_out(intending, outcomes)
        changes = [self._called(effect, lead, outcomes[lead.id]) for lead in intending]
        await self._keep(effect, [change for change in changes if change is not None])
        await self._let_go()

    def _called(self, effect: Effect, lead: Lead, outcome: CrmOutcome) -> LeadChange | None:
        """What is to be recorded of a lead that we go on with; of one that we do not, `_let_go` records it."""
        match outcome:
            case CrmMade(id=crm_id, left_out=left_out):
                entry = self._entry(Happening.MADE, effect, LeadReason.STANDS(*left_out, number=crm_id))
                return LeadChange(lead.with_made(effect, crm_id, left_out=left_out), entry)
            case CrmGone(gone, reason) if lead.id not in self.made_again:
                self.made_again.add(lead.id)
                return LeadChange(lead.without(gone), self._entry(Happening.MISSED, gone, reason))
            case CrmGone(gone, reason):
                self._fail(lead.without(gone), reason, Happening.REFUSED, effect)
            case CrmRefused(reason):
                self._fail(lead.called_off(), reason, Happening.REFUSED, effect)
            case CrmFailure():
                self._call_failed(outcome, self._after(outcome, lead, effect), effect)
            case _:
                assert_never(outcome)
        return None

    def _after(self, failure: CrmFailure, lead: Lead, effect: Effect) -> Lead:
        """The lead as it is to be recorded after a call that failed."""
        if not failure.is_perhaps_done:
            return lead.called_off()
        # The call may have begun long after its intent, when others had their turns first.
        return lead.intends(effect, at=self.by.clock.now())

    def _call_failed(self, failure: CrmFailure, lead: Lead, effect: Effect) -> None:
        """A call failed; `lead` as it is to be recorded."""
        now = self.by.clock.now()
        match failure:
            case CrmUnauthorised() | CrmShutOut():
                self.outside.append((failure, lead))
            case CrmLeaseTooShort():
                self.leaving.put_off(LeadChange(lead.postponed(until=now)))
            case CrmBusy(retry_after=timedelta() as wait):
                self.news.crm_is_unwell()
                waited = self._entry(Happening.WAITED, effect, failure.reason)
                self.leaving.put_off(LeadChange(lead.postponed(until=now + wait), waited))
            case _:
                is_lost = isinstance(failure, CrmAmbiguous)
                what = Happening.LOST if is_lost else Happening.FAILED
                self.news.crm_is_unwell()
                self._fail(lead, failure.reason, what, effect, in_doubt=is_lost)

    def _fail(self, lead: Lead, reason: Reason, what: Happening, effect: Effect, *, in_doubt: bool = False) -> None:
        """Count the attempt."""
        now = self.by.clock.now()
        failed = lead.failed(reason, at=now, backoff=self.by.backoff, chance=self.by.randomness.chance())
        if in_doubt:
            failed = failed.doubted(not_before=now + self.by.quarantine)
        entries = self._entry(what, effect, reason)
        if failed.status is LeadStatus.DEAD:
            entries += self._entry(Happening.DEAD)
        is_refused = what is Happening.REFUSED
        self.leaving.failed(FailedLead(LeadChange(failed, entries), is_refused, is_new=lead.failure != reason))

    async def _keep(self, effect: Effect, changes: Sequence[LeadChange]) -> None:
        kept = await self.held.keep(changes)
        if effect is not Effect.CONTACT:
            return
        for change in changes:
            if change.lead.id not in kept and effect in change.lead.made:
                await self._tell_if_erased(change.lead, change.lead.made[effect])

    async def _let_go(self) -> None:
        await self.leaving.let_go()
        if self.outside:  # only now: what was made before the door was shut is recorded by then
            await self._wait_outside(self.outside[0][0], [lead for _, lead in self.outside])

    async def _wait_outside(self, failure: CrmFailure, struck: Iterable[Lead]) -> None:
        """The CRM is closed to us: say so once, and let go of everything; no lead is to blame.

        `struck`: those of the call, each as it is to be recorded.
        """
        self.news.closed(failure.reason)
        is_gate_shut = await self.by.crm.closure() is not None  # then no pass claims anything before it opens
        until = self.by.clock.now() + (timedelta() if is_gate_shut else CLOSED_FOR)
        waited = self._entry(Happening.WAITED, why=failure.reason)
        leads = {lead.id: lead for lead in self.held.all} | {lead.id: lead for lead in struck}
        await self.held.release([LeadChange(lead.postponed(until=until), waited) for lead in leads.values()])
        self.outside.clear()

    async def _tell_of_left_out(self, leads: Iterable[Lead], outcomes: Mapping[LeadId, CrmOutcome]) -> None:
        """Before what was made is recorded: once it is, nobody would learn any more what it lacks."""
        for lead in leads:
            outcome = outcomes[lead.id]
            if isinstance(outcome, CrmMade):
                self.news.left_out(lead, outcome.left_out)
        await self.news.tell_left_out(self.by.alerts)

    async def _tell_if_erased(self, lead: Lead, contact: CrmId) -> None:
        """The customer had their data erased while the contact was being made.

        The erasure has left word that it may exist (`ContactMayExist`), which holds if the process ends here.
        """
        stored = await self.by.leads.load(lead.id)
        if stored is not None and stored.erased_at is not None:
            await self.by.alerts.tell(ContactToErase((contact,)))

    def _entry(
        self, what: Happening, effect: Effect | None = None, why: Reason | None = None
    ) -> tuple[HistoryEntry, ...]:
        return (HistoryEntry(self.by.clock.now(), what, effect, why),)

"""Intent, call, result: how the leads of one pass get what they lack in the CRM.

What a step does to its leads is recorded together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

from carquery.application.leads.delivery_news import DeliveryNews
from carquery.application.leads.held_leads import DeliveryTimes, HeldLeads
from carquery.application.leads.leaving_leads import FailedLead, LeavingLeads
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import Alerts, ContactToErase
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
from carquery.domain.backoff import Backoff
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.reason import Reason

CLOSED_FOR: Final = timedelta(minutes=5)
"""How long leads wait for a CRM that locked us out and does not say for how long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls of one pass, for the leads that it holds.

    Attributes:
        leaving: those that this step can't go on with.
        made_again: of which something was gone, and is made again, once.
        outside: those of this step to which the CRM was closed, as they are to be recorded.
    """

    leads: Leads
    crm: Crm
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    backoff: Backoff
    times: DeliveryTimes
    held: HeldLeads
    news: DeliveryNews
    leaving: LeavingLeads
    made_again: set[LeadId] = field(default_factory=set)
    outside: list[tuple[CrmFailure, Lead]] = field(default_factory=list)

    @property
    def quarantine(self) -> timedelta:
        """How long after its intent a call may still land; looking for its effect earlier proves nothing."""
        return quarantine(self.times, self.crm)

    async def resolve_lost(self, effect: Effect) -> None:
        """Learn what became of calls whose outcome was never recorded."""
        in_doubt = []
        for lead in self.held.all:
            if lead.intent is None or lead.intent.effect is not effect:
                continue
            known_from = lead.intent.at + self.quarantine
            if self.clock.now() < known_from:
                self.leaving.put_off(LeadChange(lead.postponed(until=known_from)))
            else:
                in_doubt.append(lead)
        await self.let_go()
        if in_doubt:
            await self.look_for(effect, in_doubt)

    async def look_for(self, effect: Effect, in_doubt: Sequence[Lead]) -> None:
        """Learn whether it stands in the CRM."""
        try:
            found = await self.crm.find(effect, in_doubt)
        except CrmFailure as failure:
            for lead in in_doubt:
                self.call_failed(failure, lead, effect)  # the intent stays: a failed look tells nothing
        else:
            await self.keep(effect, [self.found(effect, lead, found.get(lead.id)) for lead in in_doubt])
        await self.let_go()

    def found(self, effect: Effect, lead: Lead, found: CrmId | None) -> LeadChange:
        """What is to be recorded after a look."""
        if found is None:
            return LeadChange(lead.called_off(), self.entry(Happening.MISSED, effect))
        entry = self.entry(Happening.FOUND, effect, LeadReason.STANDS(number=found))
        return LeadChange(lead.with_found(effect, found), entry)

    async def make(self, effect: Effect, due: Iterable[Lead]) -> Mapping[LeadId, CrmOutcome]:
        """Make one effect for leads that lack it, in one call. Returns what became of those that were called for."""
        now = self.clock.now()
        # Files are looked at before each is attached, however late: nothing has to be waited out for them.
        self.held.must_call_within(None if effect is Effect.FILES else self.times.patience)
        intents = [LeadChange(lead.intends(effect, at=now)) for lead in due if lead in self.held]
        ours = await self.held.keep(intents)
        intending = [change.lead for change in intents if change.lead.id in ours]
        if not intending:
            return {}
        outcomes = await self.crm.make(effect, intending, self.held)
        await self._tell_of_left_out(intending, outcomes)
        changes = [self._called(effect, lead, outcomes[lead.id]) for lead in intending]
        await self.keep(effect, [change for change in changes if change is not None])
        await self.let_go()
        return outcomes

    async def again(self, lead: Lead, why: tuple[HistoryEntry, ...]) -> None:
        """Something that had been made is gone (`Lead.without`): in this pass it is made again once."""
        if lead.id in self.made_again:
            self.leaving.put_off(LeadChange(lead.postponed(until=self.clock.now()), why))
        else:
            self.made_again.add(lead.id)
            await self.held.keep([LeadChange(lead, why)])

    def _called(self, effect: Effect, lead: Lead, outcome: CrmOutcome) -> LeadChange | None:
        """What is to be recorded of a lead that we go on with; of one that we do not, `let_go` records it."""
        match outcome:
            case CrmMade(id=crm_id, left_out=left_out):
                entry = self.entry(Happening.MADE, effect, LeadReason.STANDS(*left_out, number=crm_id))
                return LeadChange(lead.with_made(effect, crm_id, left_out=left_out), entry)
            case CrmGone(gone, reason) if lead.id not in self.made_again:
                self.made_again.add(lead.id)
                return LeadChange(lead.without(gone), self.entry(Happening.MISSED, gone, reason))
            case CrmGone(gone, reason):
                self._fail(lead.without(gone), reason, Happening.REFUSED, effect)
            case CrmRefused(reason):
                self._fail(lead.called_off(), reason, Happening.REFUSED, effect)
            case CrmFailure():
                self.call_failed(outcome, self._after(outcome, lead, effect), effect)
            case _:
                assert_never(outcome)
        return None

    def _after(self, failure: CrmFailure, lead: Lead, effect: Effect) -> Lead:
        """The lead as it is to be recorded after a call that failed."""
        if not failure.is_perhaps_done:
            return lead.called_off()
        # The call may have begun long after its intent, when others had their turns first.
        return lead.intends(effect, at=self.clock.now())

    def call_failed(self, failure: CrmFailure, lead: Lead, effect: Effect) -> None:
        """A call failed; `lead` as it is to be recorded."""
        now = self.clock.now()
        match failure:
            case CrmUnauthorised() | CrmShutOut():
                self.outside.append((failure, lead))
            case CrmLeaseTooShort():
                self.leaving.put_off(LeadChange(lead.postponed(until=now)))
            case CrmBusy(retry_after=timedelta() as wait):
                self.news.crm_is_unwell()
                waited = self.entry(Happening.WAITED, effect, failure.reason)
                self.leaving.put_off(LeadChange(lead.postponed(until=now + wait), waited))
            case _:
                is_lost = isinstance(failure, CrmAmbiguous)
                what = Happening.LOST if is_lost else Happening.FAILED
                self.news.crm_is_unwell()
                self._fail(lead, failure.reason, what, effect, in_doubt=is_lost)

    def _fail(self, lead: Lead, reason: Reason, what: Happening, effect: Effect, *, in_doubt: bool = False) -> None:
        """Count the attempt."""
        now = self.clock.now()
        failed = lead.failed(reason, at=now, backoff=self.backoff, chance=self.randomness.chance())
        if in_doubt:
            failed = failed.doubted(not_before=now + self.quarantine)
        entries = self.entry(what, effect, reason)
        if failed.status is LeadStatus.DEAD:
            entries += self.entry(Happening.DEAD)
        is_refused = what is Happening.REFUSED
        self.leaving.failed(FailedLead(LeadChange(failed, entries), is_refused, is_new=lead.failure != reason))

    async def keep(self, effect: Effect, changes: Sequence[LeadChange]) -> None:
        """Record what became of an effect, and go on with its leads."""
        kept = await self.held.keep(changes)
        if effect is not Effect.CONTACT:
            return
        for change in changes:
            if change.lead.id not in kept and effect in change.lead.made:
                await self._tell_if_erased(change.lead, change.lead.made[effect])

    async def let_go(self) -> None:
        """Record those that this step could not go on with, and tell people of them."""
        await self.leaving.let_go()
        if self.outside:  # only now: what was made before the door was shut is recorded by then
            await self._wait_outside(self.outside[0][0], [lead for _, lead in self.outside])

    async def _wait_outside(self, failure: CrmFailure, struck: Iterable[Lead]) -> None:
        """The CRM is closed to us: say so once, and let go of everything; no lead is to blame.

        `struck`: those of the call, each as it is to be recorded.
        """
        self.news.closed(failure.reason)
        is_gate_shut = await self.crm.closure() is not None  # then no pass claims anything before it opens
        until = self.clock.now() + (timedelta() if is_gate_shut else CLOSED_FOR)
        waited = self.entry(Happening.WAITED, why=failure.reason)
        leads = {lead.id: lead for lead in self.held.all} | {lead.id: lead for lead in struck}
        await self.held.release([LeadChange(lead.postponed(until=until), waited) for lead in leads.values()])
        self.outside.clear()

    async def _tell_of_left_out(self, leads: Iterable[Lead], outcomes: Mapping[LeadId, CrmOutcome]) -> None:
        """Before what was made is recorded: once it is, nobody would learn any more what it lacks."""
        for lead in leads:
            outcome = outcomes[lead.id]
            if isinstance(outcome, CrmMade):
                self.news.left_out(lead, outcome.left_out)
        await self.news.tell_left_out(self.alerts)

    async def _tell_if_erased(self, lead: Lead, contact: CrmId) -> None:
        """The customer had their data erased while the contact was being made.

        The erasure has left word that it may exist (`ContactMayExist`), which holds if the process ends here.
        """
        stored = await self.leads.load(lead.id)
        if stored is not None and stored.erased_at is not None:
            await self.alerts.tell(ContactToErase((contact,)))

    def entry(
        self, what: Happening, effect: Effect | None = None, why: Reason | None = None
    ) -> tuple[HistoryEntry, ...]:
        """It happens now."""
        return (HistoryEntry(self.clock.now(), what, effect, why),)


def quarantine(times: DeliveryTimes, crm: Crm) -> timedelta:
    """How long after its intent a call may still land."""
    return times.patience + crm.limits.lands_within

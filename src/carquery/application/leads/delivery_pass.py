"""One claim's way through all effects, in their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carquery.application.leads.calls import Calls
from carquery.application.leads.held_leads import HeldLeads, in_portions
from carquery.application.leads.joining import Joining
from carquery.application.leads.reasons import LeadReason
from carquery.application.leads.trade_ins import TradeIns
from carquery.application.ports.alerts import Alert
from carquery.application.ports.crm import CrmFailure, StandingDeal
from carquery.application.ports.leads import LeadChange
from carquery.application.staff.announcing import Announcing
from carquery.domain.effects import Effect
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead
from carquery.domain.lead_history import Happening


@dataclass(frozen=True, slots=True)
class DeliveryPass:
    """Which leads get what, and in which order; each call is one of `Calls`.

    Attributes:
        announcing: None: nobody is told of those that are delivered.
        tied: those that know in this pass of which trade-in they may be a half.
    """

    calls: Calls
    joining: Joining
    trade_ins: TradeIns
    announcing: Announcing | None = None
    tied: set[LeadId] = field(default_factory=set)

    @property
    def held(self) -> HeldLeads:
        return self.calls.held

    async def run(self) -> tuple[Reference, ...]:
        """Which leads are delivered now."""
        for effect in Effect:
            await self.calls.resolve_lost(effect)
        for effect in (*Effect, *Effect):  # the second time for those of which something turned out to be gone
            match effect:
                case Effect.LEAD:
                    await self._open_or_join()
                case Effect.NOTE:
                    await self._leave_closed()
                    await self._make_all(effect, await self._tied(effect))
                case Effect.FILES:
                    await self._make_all(effect, await self._tied(effect))
                case _:
                    await self._make_all(effect, self.held.lacking(effect))
        now = self.calls.clock.now()
        complete = [lead for lead in self.held.all if lead.next_effect is None]
        entry = self.calls.entry(Happening.DELIVERED)
        done = [LeadChange(lead.delivered(at=now), entry, self._announced(lead, now)) for lead in complete]
        delivered = await self.held.release(done)
        if delivered and self.announcing is not None:
            self.announcing.bell.ring()
        await self.held.release([LeadChange(lead.postponed(until=now)) for lead in self.held.all])
        return tuple(change.lead.reference for change in done if change.lead.id in delivered)

    def _announced(self, lead: Lead, now: datetime) -> tuple[Alert, ...]:
        """What people are told of a lead that is delivered now."""
        return () if self.announcing is None else self.announcing.delivered(lead, now=now)

    async def _open_or_join(self) -> None:
        """A deal for each lead that lacks one: of its own, or its customer's that is open already."""
        while due := self.held.lacking(Effect.LEAD):
            await self._make_all(Effect.LEAD, await self._joined(self.joining.first_of_each(due)))
            for lead in self.held.lacking(Effect.LEAD):
                if (failure := self.joining.waits_for(lead)) is not None:
                    self._wait_for_first(lead, failure)
            await self.calls.let_go()

    async def _joined(self, due: Sequence[Lead]) -> Sequence[Lead]:
        """Those that get a deal of their own, each knowing which one its customer has had."""
        try:
            standing = await self.joining.look(due)
        except CrmFailure as failure:
            for lead in due:
                self.calls.call_failed(failure, lead, Effect.LEAD)
            await self.calls.let_go()
            return ()
        changes = [self._joins(lead, found) for lead in due if (found := standing.get(lead.id)) and found.is_open]
        await self.calls.keep(Effect.LEAD, changes)
        for change in changes:
            self.joining.joins(change.lead)
        joined = {change.lead.id for change in changes}
        earlier = {lead: found.deal for lead, found in standing.items()}
        return [lead.comes_after(earlier.get(lead.id)) for lead in due if lead.id not in joined]

    def _joins(self, lead: Lead, found: StandingDeal) -> LeadChange:
        deal = found.deal
        if deal.reference == lead.reference:  # its own, of a call that landed later than anybody expected
            return self.calls.found(Effect.LEAD, lead, deal.id)
        why = LeadReason.JOINED_PEOPLE_S if deal.reference is None else LeadReason.JOINED
        entry = self.calls.entry(Happening.FOUND, Effect.LEAD, why(number=deal.id, reference=deal.reference))
        return LeadChange(lead.joins(deal), entry)

    def _wait_for_first(self, lead: Lead, failure: CrmFailure) -> None:
        """It was not called for; what becomes of its customer's other lead decides where it goes."""
        wait = self.calls.quarantine if failure.is_perhaps_done else timedelta()
        waited = self.calls.entry(Happening.WAITED, Effect.LEAD, LeadReason.PHONE_IN_HAND())
        self.calls.leaving.put_off(LeadChange(lead.postponed(until=self.calls.clock.now() + wait), waited))

    async def _leave_closed(self) -> None:
        """Look once more whether the deals that leads have joined are open: nobody reads a note in a closed one."""
        joined = [lead for lead in self.held.lacking(Effect.NOTE) if lead.joined_to is not None]
        if not joined:
            return
        try:
            still_open = await self.calls.crm.still_open(joined)
        except CrmFailure as failure:
            for lead in joined:
                self.calls.call_failed(failure, lead, Effect.NOTE)
        else:
            entry = self.calls.entry(Happening.MISSED, Effect.LEAD, LeadReason.LEFT_CLOSED_DEAL())
            for lead in joined:
                if lead.id not in still_open:
                    self.joining.closed(lead)
                    await self.calls.again(lead.without(Effect.LEAD), entry)
        await self.calls.let_go()

    async def _tied(self, effect: Effect) -> Sequence[Lead]:
        """Those that lack the effect, each knowing of which trade-in it may be a half; the other's note says so."""
        lacking = [lead for lead in self.held.lacking(effect) if lead.id not in self.tied]
        others = await self.trade_ins.of(lacking)
        self.tied.update(lead.id for lead in lacking)
        if effect is Effect.NOTE:
            await self._tell_other_halves([lead for lead in lacking if lead.id in others], others)
        references = {lead: tuple(other.reference for other in found) for lead, found in others.items()}
        return [lead.may_be_traded_for(references.get(lead.id, lead.trade_in)) for lead in self.held.lacking(effect)]

    async def _tell_other_halves(self, halves: Iterable[Lead], others: Mapping[LeadId, Sequence[Lead]]) -> None:
        self.held.must_call_within(None)  # done twice is done once, so nothing has to be waited out for it
        for lead in halves:
            try:
                await self.trade_ins.tell(lead, others[lead.id], self.held)
            except CrmFailure as failure:
                self.calls.call_failed(failure, lead, Effect.NOTE)
        await self.calls.let_go()

    async def _make_all(self, effect: Effect, due: Iterable[Lead]) -> None:
        """In as few calls as the CRM allows."""
        limits = self.calls.crm.limits
        most = limits.contacts if effect is Effect.CONTACT else limits.batch
        for portion in in_portions(await self._not_moved(effect, tuple(due)), of_at_most=most):
            outcomes = await self.calls.make(effect, portion)
            for lead in portion:
                if lead.id in outcomes:
                    self.joining.learns(effect, lead, outcomes[lead.id])

    async def _not_moved(self, effect: Effect, due: Sequence[Lead]) -> Sequence[Lead]:
        """Without those whose note, say, went along when their deal was merged into the one that they join now."""
        perhaps_moved = [lead for lead in due if lead.must_recheck and lead.joined_to is not None]
        if not perhaps_moved:
            return due
        await self.calls.look_for(effect, perhaps_moved)
        lacking = {lead.id for lead in self.held.lacking(effect)}
        return [lead for lead in due if lead.id in lacking]

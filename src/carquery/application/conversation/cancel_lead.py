"""Cancel a sent lead."""

from typing import Final

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.conversation.sent_leads import SentLeads, meant
from carquery.application.ports.amendments import Amendments, NotAmended
from carquery.application.ports.environment import Bell, Clock
from carquery.application.screens import CancelWarning, Done, LeadChanged, MyLeads, NotChangeable, Stale
from carquery.domain.amendment import Amendment
from carquery.domain.ids import Reference
from carquery.domain.reference import read_reference
from carquery.domain.sent_lead import Stage
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit

_CANCELS: Final = "cancel "


def asked_to_cancel(leads_to: str) -> Reference | None:
    """The lead that the customer was asked whether to cancel."""
    return read_reference(leads_to.removeprefix(_CANCELS)) if leads_to.startswith(_CANCELS) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLead:
    """«Отменить заявку» asks first; what is cancelled the manager learns from a note and a task."""

    reception: Reception
    sent: SentLeads
    amendments: Amendments
    clock: Clock
    bell: Bell

    async def ask(self, arrival: Arrival, reference: Reference) -> Reply:
        """Return the question. Raises StoreUnavailable: nothing changed."""

        async def decide(visit: Visit) -> Decision:
            return await self.decide_on(visit, reference)

        return await self.reception(arrival, decide)

    async def confirm(self, arrival: Arrival, reference: Reference) -> Reply:
        """Cancel it if that was asked just before; else ask. Raises StoreUnavailable: asking again is harmless."""

        async def decide(visit: Visit) -> Decision:
            if asked_to_cancel(visit.leads_to) != reference:
                return await self.decide_on(visit, reference)
            return await self.cancelled(visit, reference)

        reply = await self.reception(arrival, decide)
        self.after_save(reply)
        return reply

    async def decide(self, visit: Visit) -> Decision | None:
        """What a customer sees who says in words that a lead is not wanted any more; `None`: there is none."""
        leads = await self.sent.newest(visit.customer)
        if (sent := meant(visit, leads)) is not None:
            return _asking(visit, sent.lead.reference)
        return (visit, MyLeads.to_pick_from(leads, MyLeads.WHICH_TO_CANCEL)) if leads else None

    async def decide_on(self, visit: Visit, reference: Reference) -> Decision:
        """The question whether to cancel that one."""
        sent = await self.sent.find(visit.customer, reference)
        if sent is None:
            return visit, Stale()
        if sent.stage is Stage.CANCELLED:
            return visit, LeadChanged(reference, Done.CANCELLED)  # such as by the first of two quick taps
        return _asking(visit, reference) if sent.may_be_changed else (visit, NotChangeable())

    async def cancelled(self, visit: Visit, reference: Reference) -> Decision:
        """The customer has said yes. Raises StoreUnavailable."""
        visit = visit.is_asked("")
        sent = await self.sent.find(visit.customer, reference)
        if sent is None:
            return visit, Stale()
        try:
            await self.amendments.add(Amendment.cancelling(sent.lead, at=self.clock.now()), visit.customer)
        except NotAmended:
            return visit, NotChangeable()
        if visit.dialog is not None and visit.dialog.amends == reference:
            visit = visit.with_dialog(None)
        return replace(visit, changed=reference, receipt=None), LeadChanged(reference, Done.CANCELLED)

    def after_save(self, reply: Reply) -> None:
        """Once the visit is saved: whoever delivers learns of it."""
        if isinstance(reply.screen, LeadChanged):
            self.bell.ring()


def _asking(visit: Visit, reference: Reference) -> Decision:
    return visit.is_asked(f"{_CANCELS}{reference}"), CancelWarning(reference)

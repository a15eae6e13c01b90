"""What customers say in words of leads that they have sent."""

from typing import Final

from carquery.application.conversation.amend_lead import AmendLead
from carquery.application.conversation.cancel_lead import CancelLead, asked_to_cancel
from carquery.application.conversation.look_at_leads import LookAtLeads
from carquery.application.conversation.reception import Arrival, Decision, Reply
from carquery.application.ports.interpreter import Interpreter
from carquery.application.screens import LeadCard, Stale, screen_of
from carquery.domain.hearing.yes_or_no import agrees
from carquery.domain.lead_words import LeadWord, names_cancelling
from carquery.domain.reference import named_reference
from carquery.domain.values import dataclass
from carquery.domain.visit import Visit

_FEW_WORDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutLeads:
    """Leads to the list, to a correction, to the question whether to cancel. Each may raise StoreUnavailable."""

    look: LookAtLeads
    amend: AmendLead
    cancel: CancelLead
    interpreter: Interpreter

    async def said(self, visit: Visit, word: LeadWord, text: str) -> Decision | None:
        """What follows; `None`: the customer has sent nothing."""
        match word:
            case LeadWord.STATUS:
                return await self.look.decide(visit)
            case LeadWord.CANCEL:
                return await self.cancel.decide(visit)
            case LeadWord.CORRECT:
                return await self.amend.hear(visit, text, self.interpreter)

    async def added(self, visit: Visit, arrival: Arrival, text: str, notice: str) -> Decision | None:
        """What follows a message about the lead that was just sent; `None`: it can't be changed any more."""
        return await self.amend.add(visit, arrival, text, self.interpreter, notice=notice)

    async def led(self, visit: Visit, text: str) -> Decision | None:
        """Yes or no to what was asked of a lead, or the wish to cancel the one that is corrected; `None`: neither."""
        cancels, amends = asked_to_cancel(visit.leads_to), named_reference(visit.leads_to)
        reference = cancels or amends
        accepted = None if reference is None else agrees(text, few_words=_FEW_WORDS)
        if reference is None or accepted is None:
            return await self._in_correction(visit, text)
        if accepted:
            return await (self.cancel.cancelled if cancels else self.amend.opened)(visit, reference)
        visit = visit.is_asked("")
        if visit.dialog is not None:
            return visit, screen_of(visit.dialog)
        sent = await self.look.sent.find(visit.customer, reference)
        return visit, Stale() if sent is None else LeadCard(sent)

    async def _in_correction(self, visit: Visit, text: str) -> Decision | None:
        """The question whether to cancel the lead that is being corrected, if the text says so."""
        amends = None if visit.dialog is None else visit.dialog.amends
        if amends is None or not names_cancelling(text):
            return None
        return await self.cancel.decide_on(visit, amends)

    def after_save(self, reply: Reply) -> None:
        """Once the visit is saved: whoever delivers learns of a change."""
        self.amend.after_save(reply)

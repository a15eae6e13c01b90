"""Take a contact card, wherever the customer is."""

from carquery.application.conversation.collect_lead_step import advance
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.screens import CallbackOffer, Menu, Notice, screen_of
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import told
from carquery.domain.forms.form import Service
from carquery.domain.hearing.names import share_contact
from carquery.domain.refusals import AnswerRefused
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeContact:
    """In a form it is an answer; outside any, who gives a number wants to be called."""

    reception: Reception
    navigator: Navigator

    async def __call__(self, arrival: Arrival, contact: SharedContact) -> Reply:
        """Return the screen that follows. Raises StoreUnavailable: nothing was taken or shown."""

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is not None:
                return advance(visit, visit.dialog, contact)
            return self._calls_back(visit, contact)

        return await self.reception(arrival, decide, wrote="")

    def _calls_back(self, visit: Visit, contact: SharedContact) -> Decision:
        """The callback form, with what the card says; somebody else's number is nobody's to give."""
        opened, dialog = self.navigator.opened(visit, Service.CALLBACK)
        try:
            given = share_contact(dialog, contact)
        except AnswerRefused:
            return visit, Menu(Notice.NOT_YOUR_CARD)
        dialog = replace(given, remark=told(given.remark, CallbackOffer.WILL_CALL))
        return opened.with_dialog(dialog), replace(screen_of(dialog), ends_keyboard=visit.shown is None)

"""Answer what a customer writes freely: with the form it asks for, a sentence, or a person."""

from dataclasses import dataclass, field

from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision
from carquery.application.free_text.read_message import Reading, ReadMessage
from carquery.application.ports.alerts import Alerts, CustomerNotUnderstood
from carquery.application.ports.environment import Clock
from carquery.application.ports.typing import Typing
from carquery.application.screens import CallbackOffer, FormOffer, FreeAnswer, Screen
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.masking import mask
from carquery.domain.moscow import moscow_day
from carquery.domain.prefill import suggestions_of
from carquery.domain.safe_reply import safe_reply
from carquery.domain.visit import MESSAGES_BEFORE_PERSON, Offer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFreeText:
    """A message outside any dialog."""

    understand: ReadMessage
    navigator: Navigator
    typing: Typing
    alerts: Alerts
    clock: Clock

    def begin(self, arrival: Arrival, text: str) -> "FreeTextTurn":
        """Begin with one message."""
        return FreeTextTurn(self, arrival, text)


@dataclass(slots=True)
class FreeTextTurn:
    """One message on its way.

    Attributes:
        unhelped: the visit, if with this message a person should take over; as it was last decided.
    """

    use_case: AnswerFreeText
    arrival: Arrival
    text: str
    heard: Reading | None = field(default=None, init=False)
    unhelped: Visit | None = field(default=None, init=False)

    async def decide(self, visit: Visit, *, notice: str = "") -> Decision:
        """The visit and the screen after this message; called again, it does not ask the classifiers again.

        `notice`: what else the screen is to say.
        """
        visit, paid = visit.says(self.text).may_ask_paid(self.use_case.clock.now())
        if self.heard is None:
            self.heard = await self._understood(visit, paid=paid)
        offer = self._offer(self.heard)
        visit = visit.offered(offer)
        self.unhelped = visit if visit.unheeded == MESSAGES_BEFORE_PERSON else None
        return visit, self._screen(visit, self.heard, notice)

    async def after_save(self) -> None:
        """Once the visit is saved: tell people of a customer who was not helped."""
        visit = self.unhelped
        if visit is None:
            return
        written = visit.conversation
        if self.use_case.navigator.must_ask_consent(visit):
            written = tuple(mask(sentence).text for sentence in written)
        await self.use_case.alerts.tell(CustomerNotUnderstood(visit.customer, self.arrival.handle, written))

    async def _understood(self, visit: Visit, *, paid: bool) -> Reading:
        understand = self.use_case.understand
        return await understand(self.text, paid=paid, waiting=self.use_case.typing.shown_to(visit.customer))

    def _offer(self, heard: Reading) -> Offer | None:
        service = heard.understanding.offered
        if service is None:
            return None
        today = moscow_day(self.use_case.clock.now())
        entities = heard.understanding.entities
        return Offer(heard.message, service, suggestions_of(FORMS[service], entities, self.text, on=today))

    def _screen(self, visit: Visit, heard: Reading, notice: str) -> Screen:
        if visit.offer is not None:
            return FormOffer(visit.offer, sorry=visit.should_offer_person, notice=notice)
        if visit.should_offer_person:
            return CallbackOffer(sorry=True, notice=notice)
        return FreeAnswer(safe_reply(heard.understanding.reply), notice)

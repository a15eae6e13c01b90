"""Take the customer's word on an offered form."""

from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import FreeAnswer, Stale, screen_of
from carquery.domain.ids import MessageId
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Offer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOffer:
    """«Да» and «Нет» to «Похоже, вы хотите … Заполнить заявку?»: a form opens with the former alone."""

    reception: Reception
    navigator: Navigator
    journal: AiJournal

    async def __call__(self, arrival: Arrival, message: MessageId, *, accepted: bool) -> Reply:
        """Answer the offer made after that message. Raises StoreUnavailable: it stands."""

        async def decide(visit: Visit) -> Decision:
            offer = visit.offer
            if offer is None or offer.message != message:
                return visit, Stale(None if visit.dialog is None else screen_of(visit.dialog))
            return await self.decide(visit, offer, accepted=accepted)

        return await self.reception(arrival, decide)

    async def decide(self, visit: Visit, offer: Offer, *, accepted: bool) -> Decision:
        """The visit after the answer: with the form open, or without the offer."""
        await self._note(offer.message, accepted=accepted)
        if accepted:
            return self.navigator(visit, offer.service)
        return replace(visit, offer=None), FreeAnswer(FreeAnswer.DECLINED)

    async def _note(self, message: MessageId, *, accepted: bool) -> None:
        try:
            await self.journal.answered(message, accepted=accepted)
        except StoreUnavailable:
            return  # the customer's form is worth more than a line in the statistics

"""Drop a form and go elsewhere: at the customer's word, who was asked."""

from dataclasses import field

from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision
from carquery.application.free_text.answer_free_text import AnswerFreeText, FreeTextTurn
from carquery.application.screens import Destination, Notice, Place
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAnew:
    """«Начать заново», «Да, сбросить»."""

    navigator: Navigator
    answer_free_text: AnswerFreeText

    def begin(self, arrival: Arrival) -> "NewBeginning":
        """Begin with one input."""
        return NewBeginning(self, arrival)


@dataclass(slots=True)
class NewBeginning:
    """One input on its way. A form that waited for «Продолжить» has heard what was written: now it is heard freely."""

    use_case: BeginAnew
    arrival: Arrival
    turn: FreeTextTurn | None = field(default=None, init=False)

    async def decide(self, visit: Visit, to: Destination) -> Decision:
        """The visit without its dialog; called again, it does not ask the classifiers again."""
        said = () if visit.paused is None else visit.paused.said
        if not said or to is not Place.MENU:
            return self.use_case.navigator(visit, to)
        if self.turn is None:
            self.turn = self.use_case.answer_free_text.begin(self.arrival, "\n".join(said))
        left = replace(visit.with_dialog(None), conversation=())
        return await self.turn.decide(left, notice=Notice.DROPPED.text)

    async def after_save(self) -> None:
        """Once the visit is saved: tell people of a customer who was not helped, or complains."""
        if self.turn is not None:
            await self.turn.news.after_save()

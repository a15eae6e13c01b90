"""Answer what a customer writes freely: with the form it asks for, a sentence, or a person."""

from collections.abc import Mapping
from dataclasses import field
from functools import partial
from typing import assert_never

from carquery.application.conversation.about_leads import AboutLeads
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision
from carquery.application.free_text.news import News
from carquery.application.free_text.read_message import Reading, ReadMessage
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.environment import Clock
from carquery.application.ports.interpreter import Interpreter
from carquery.application.ports.typing import Typing
from carquery.application.reports.tally import Tally
from carquery.application.screens import CallbackOffer, FormOffer, FreeAnswer, Question, screen_of
from carquery.domain.answers import Value
from carquery.domain.attachments import told
from carquery.domain.dealership.faq import Topic
from carquery.domain.dealership.promise import callback_time
from carquery.domain.forms.form import Form, Service
from carquery.domain.hearing.asked import Asked
from carquery.domain.hearing.beside_a_wish import hear_beside
from carquery.domain.hearing.carried import chosen_before, offered_instead
from carquery.domain.hearing.freely import (
    Accepts,
    Adds,
    AddsToLead,
    CancelsLead,
    CorrectsLead,
    Declines,
    FreelyHeard,
    GivesPhone,
    RefusesCalls,
    SaysNothing,
    Wants,
    hear_freely,
)
from carquery.domain.hearing.heard import AsksUs, Courtesy, WantsPerson
from carquery.domain.hearing.kept import is_kept
from carquery.domain.hearing.message import Once
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.several import stated_in, values_in
from carquery.domain.hearing.talk import STATUS, topic_of
from carquery.domain.lead_words import LeadWord
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import moscow_day
from carquery.domain.safe_reply import safe_reply
from carquery.domain.understanding import Understand, Understanding
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import MESSAGES_BEFORE_PERSON, Offer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFreeText:
    """A message outside any dialog."""

    understand: ReadMessage
    interpreter: Interpreter
    navigator: Navigator
    answer_offer: AnswerOffer
    typing: Typing
    alerts: Alerts
    clock: Clock
    about_leads: AboutLeads
    tally: Tally

    def begin(self, arrival: Arrival, text: str) -> "FreeTextTurn":
        """Begin with one message."""
        return FreeTextTurn(self, arrival, text)


@dataclass(slots=True)
class FreeTextTurn:
    """One message on its way.

    Attributes:
        understand: what the built-in classifier makes of a part of it.
        news: what follows it.
    """

    use_case: AnswerFreeText
    arrival: Arrival
    text: str
    heard: Reading | None = field(default=None, init=False)
    understand: Understand = field(init=False)
    news: News = field(init=False)

    def __post_init__(self) -> None:
        self.understand = Once(self.use_case.interpreter).understand
        use_case = self.use_case
        self.news = News(
            navigator=use_case.navigator,
            alerts=use_case.alerts,
            tally=use_case.tally,
            clock=use_case.clock,
            handle=self.arrival.handle,
        )

    async def decide(self, visit: Visit, *, notice: str = "") -> Decision:
        """The visit and the screen after this message; called again, it does not ask the classifiers again.

        `notice`: what else the screen is to say.
        """
        visit, paid = visit.may_ask_paid(self.use_case.clock.now())
        if self.heard is None:
            self.heard = await self._understood(visit, paid=paid)
        self.news.begin_anew()
        reading = _with_what_is_mentioned(self.heard)
        offered = () if visit.offer is None else (visit.offer.service, *visit.offer.alternatives)
        said = visit.says(self.text)
        hear = partial(
            hear_freely,
            offered=offered,
            has_sent=visit.receipt is not None,
            sent=[title for title, _ in visit.sent],
            in_context=lambda: self._in_context(said),
        )
        heard, asked = hear_beside(
            self.text, reading.understanding, offered=next(iter(offered), None), hear=hear, understand=self.understand
        )
        notice = " ".join(filter(None, (notice, *self._answers(asked, said))))
        return await self._answered(said if is_kept(self.text, heard) else visit, heard, reading, notice)

    def complains(self, visit: Visit) -> None:
        """People should be told of it at once, wherever it was said."""
        self.news.alarms(visit.says(self.text), is_upset=True)

    def _in_context(self, visit: Visit) -> Understanding:
        """The message, said in one breath with the sentences before it: «ищу туксон. Бюджет 2,3 ляма»."""
        return self.understand(". ".join(visit.said_just_now))

    async def _understood(self, visit: Visit, *, paid: bool) -> Reading:
        understand = self.use_case.understand
        return await understand(self.text, paid=paid, waiting=self.use_case.typing.shown_to(visit.customer))

    async def _answered(self, visit: Visit, heard: FreelyHeard, reading: Reading, notice: str) -> Decision:  # noqa: C901  # one line for each
        understood = reading.understanding
        match heard:
            case Accepts(service) if visit.offer is not None:
                return await self._opened(visit, visit.offer, service, understood, notice)
            case Declines() if visit.offer is not None:
                return await self.use_case.answer_offer.decide(visit, visit.offer, accepted=False)
            case Adds() if visit.offer is not None:
                return self._added(visit, visit.offer, reading, notice)
            case Wants(service, perhaps):
                return self._wanted(visit, (service, perhaps), reading, notice)
            case AddsToLead():
                return await self._added_to_lead(visit, notice)
            case CancelsLead():
                return await self._of_lead(visit, LeadWord.CANCEL, notice)
            case CorrectsLead():
                return await self._of_lead(visit, LeadWord.CORRECT, notice)
            case RefusesCalls():
                return await self._not_called(visit, notice)
            case AsksUs(topic) if topic == STATUS:
                return await self._of_lead(visit, LeadWord.STATUS, notice)
            case GivesPhone(is_upset):
                return self._calls_back(visit, understood, is_upset=is_upset)
            case WantsPerson(is_upset) if visit.receipt is not None and visit.offer is None:
                return self._waits_for_manager(visit, notice, is_upset=is_upset)
            case WantsPerson(is_upset):
                if is_upset:
                    self.news.alarms(visit, is_upset=True)
                return visit.is_asked(Service.CALLBACK), CallbackOffer(is_upset=is_upset, notice=notice)
            case AsksUs():
                return self._asked(visit, heard, notice)
            case Courtesy():
                reply = safe_reply(understood.reply) or FreeAnswer.COURTESIES.get(topic_of(understood)[0], "")
                return self._says(visit, reply or FreeAnswer.GREETING, notice)
            case SaysNothing() | Accepts() | Declines() | Adds():
                return self._led_nowhere(visit, understood, notice)
            case _:
                assert_never(heard)

    # An offer and what it collects

    @property
    def _forms(self) -> Mapping[Service, Form]:
        return self.use_case.navigator.dealership().forms

    def _wanted(self, visit: Visit, wanted: tuple[Service, Service | None], reading: Reading, notice: str) -> Decision:
        """An offer of those that are on the menu; a wish for nothing that is there, a person hears."""
        dealership = self.use_case.navigator.dealership()
        offered = [service for service in wanted if service is not None and dealership.offers(service)]
        if not offered:
            return visit.is_asked(Service.CALLBACK), CallbackOffer(is_question=True, notice=notice)
        perhaps = offered[1] if len(offered) > 1 else None
        return self._offers(visit, self._offer(visit, offered[0], perhaps, reading), notice)

    def _offer(self, visit: Visit, service: Service, perhaps: Service | None, reading: Reading) -> Offer:
        """With what was stated for the form offered before, as far as it fits."""
        known = self._known(visit, service)
        stated = self._stated(service, reading.understanding)
        alternatives = () if perhaps is None else (perhaps,)
        return Offer(reading.message, service, {**known, **stated}, alternatives)

    def _known(self, visit: Visit, service: Service) -> dict[str, Value]:
        """What was stated before this message: for the form offered before, as far as it fits, and of choices."""
        before, form, today = visit.offer, self._forms[service], moscow_day(self.use_case.clock.now())
        if before is None:
            return {**chosen_before(form, visit.said_just_now, on=today)}
        return offered_instead(before.suggestions, self._forms[before.service], form, visit.said_just_now, on=today)

    def _stated(self, service: Service, understood: Understanding, *, is_answer: bool = False) -> dict[str, Value]:
        form, today = self._forms[service], moscow_day(self.use_case.clock.now())
        mentioned = understood.mentioned.with_stated(understood.entities)
        values = stated_in(form, self.text, mentioned, self.understand, on=today)
        situation = form.step_for(Meaning.SITUATION)
        described = None if situation is None or is_answer else situation.read(self.text, on=today)
        return {**values, situation.name: described} if situation is not None and described is not None else values

    def _offers(self, visit: Visit, offer: Offer, notice: str) -> Decision:
        return visit.offered(offer), FormOffer(offer, sorry=visit.should_offer_person, notice=notice)

    def _added(self, visit: Visit, offer: Offer, reading: Reading, notice: str) -> Decision:
        """What belongs to the form that is offered; a message that adds nothing to it led nowhere."""
        understood = reading.understanding
        if understood.offered is offer.service:
            offer = replace(offer, message=reading.message)
        stated = self._stated(offer.service, understood, is_answer=True)
        suggestions = {**offer.suggestions, **stated}
        if not stated and understood.offered is not offer.service:
            visit = visit.unanswered()
            self._tell_if_unhelped(visit)
        return self._offers(visit, replace(offer, suggestions=suggestions), notice)

    async def _opened(
        self, visit: Visit, offer: Offer, service: Service, understood: Understanding, notice: str
    ) -> Decision:
        if service is not offer.service:
            offer = replace(offer, service=service, suggestions=self._known(visit, service))
        added = {**offer.suggestions, **self._stated(service, understood, is_answer=True)}
        offer = replace(offer, suggestions=added, alternatives=())
        visit, screen = await self.use_case.answer_offer.decide(visit.offered(offer), offer, accepted=True)
        return visit, replace(screen, notice=notice) if isinstance(screen, Question) else screen

    # A person, a question, a greeting

    def _calls_back(self, visit: Visit, understood: Understanding, *, is_upset: bool) -> Decision:
        """Who leaves a number wants to be called: the form is open, with what is known in it."""
        if is_upset:
            self.news.alarms(visit, is_upset=True)
        visit, opened = self.use_case.navigator.opened(visit, Service.CALLBACK)
        today = moscow_day(self.use_case.clock.now())
        given = values_in(opened.form, understood.mentioned, Phrase.of(self.text), on=today)
        dialog = opened.take(given, remark=told(opened.remark, CallbackOffer.WILL_CALL))
        return visit.with_dialog(dialog), screen_of(dialog)

    async def _not_called(self, visit: Visit, notice: str) -> Decision:
        """Who has sent something is asked whether it be cancelled; to who has not, nobody will call."""
        decided = await self.use_case.about_leads.said(visit, LeadWord.CANCEL, self.text)
        return self._says(visit.says(self.text), FreeAnswer.NOT_CALLED, notice) if decided is None else decided

    async def _of_lead(self, visit: Visit, word: LeadWord, notice: str) -> Decision:
        """The sent lead that it is about; of who has sent none, a person hears."""
        decided = await self.use_case.about_leads.said(visit, word, self.text)
        if decided is not None:
            return decided
        if visit.receipt is None:
            return self._asked(visit.says(self.text), AsksUs(STATUS), notice)
        if word is LeadWord.STATUS:
            when = callback_time(self.use_case.navigator.dealership().hours, self.use_case.clock.now())
            answer = FreeAnswer.WITH_MANAGER if when is None else FreeAnswer.CALLED_BACK
            return visit, FreeAnswer(answer.format(reference=visit.receipt, when=when), notice)
        return self._told_of_lead(visit, notice)

    async def _added_to_lead(self, visit: Visit, notice: str) -> Decision:
        """What was written of the lead that was just sent goes into it; if it can't any more, people hear of it."""
        added = await self.use_case.about_leads.added(visit, self.arrival, self.text, notice)
        return self._told_of_lead(visit, notice) if added is None else added

    def _told_of_lead(self, visit: Visit, notice: str) -> Decision:
        """People hear of what can't be brought into the lead."""
        self.news.alarms(visit.says(self.text), reference=visit.receipt)
        return visit, FreeAnswer(FreeAnswer.TOLD_MANAGER.format(reference=visit.receipt), notice)

    def _waits_for_manager(self, visit: Visit, notice: str, *, is_upset: bool) -> Decision:
        """Whose request a manager has is not asked for name and phone again: people hear of who waits, or complains."""
        self.news.alarms(visit, is_upset=is_upset, reference=visit.receipt)
        told = FreeAnswer.TOLD_OF_COMPLAINT if is_upset else FreeAnswer.TOLD_OF_WAITING
        return visit, FreeAnswer(told.format(reference=visit.receipt), notice)

    def _asked(self, visit: Visit, asked: AsksUs, notice: str) -> Decision:
        """The dealership's answers, and the offer that stands; where one has no answer, a person."""
        for topic in asked.topics:
            self.news.asks(topic, visit)
        answers = [self.use_case.navigator.dealership().answer_to(Topic(topic)) for topic in asked.topics]
        answered = "\n".join(filter(None, answers))
        if all(answers):
            return self._says(visit, answered, notice)
        notice = " ".join(filter(None, (notice, answered)))
        return visit.is_asked(Service.CALLBACK), CallbackOffer(is_question=True, notice=notice)

    def _answers(self, asked: tuple[Asked, ...], visit: Visit) -> dict[str, None]:
        """The dealership's answers to what was asked beside a wish, each once; what has none, the manager gets."""
        for question in asked:
            self.news.asks(question.topic, visit)
        answer_to = self.use_case.navigator.dealership().answer_to
        return dict.fromkeys(answer_to(Topic(question.topic)) or FormOffer.QUESTION_KEPT for question in asked)

    def _says(self, visit: Visit, answer: str, notice: str) -> Decision:
        if visit.offer is None:
            return visit, FreeAnswer(answer, notice)
        return visit, FormOffer(visit.offer, notice=" ".join(filter(None, (notice, answer))))

    def _led_nowhere(self, visit: Visit, understood: Understanding, notice: str) -> Decision:
        visit = replace(visit, offer=None).unanswered()
        self._tell_if_unhelped(visit)
        if visit.should_offer_person:
            return visit.is_asked(Service.CALLBACK), CallbackOffer(sorry=True, notice=notice)
        return visit, FreeAnswer(safe_reply(understood.reply), notice)

    def _tell_if_unhelped(self, visit: Visit) -> None:
        if visit.unheeded == MESSAGES_BEFORE_PERSON:
            self.news.alarms(visit)


def _with_what_is_mentioned(reading: Reading) -> Reading:
    """A model names the entities of its intent alone, and no topic; the built-in classifier knows the rest."""
    understanding, own = reading.understanding, reading.own
    if understanding.likely:
        return reading
    mentioned = own.mentioned.with_stated(understanding.entities)
    return replace(reading, understanding=replace(understanding, topics=own.topics, mentioned=mentioned))

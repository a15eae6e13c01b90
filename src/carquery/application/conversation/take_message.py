"""Take a text message, wherever the customer is."""

from typing import Final, assert_never

from carquery.application.conversation.about_leads import AboutLeads
from carquery.application.conversation.answer_offer import AnswerOffer
from carquery.application.conversation.begin_anew import BeginAnew, NewBeginning
from carquery.application.conversation.collect_lead_step import Back, Keep, Move, Skip, advance, not_taken
from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.free_text.answer_free_text import AnswerFreeText, FreeTextTurn
from carquery.application.ports.interpreter import Interpreter
from carquery.application.screens import (
    NOT_EDITED,
    NOT_HERE,
    AnotherForm,
    CallbackOffer,
    FieldList,
    FormOffer,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    SetAside,
    read_destination,
    screen_of,
)
from carquery.domain.answers import Value
from carquery.domain.attachments import NOTHING_ATTACHED, Parcel, SentFile, told
from carquery.domain.dealership.faq import Topic
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Form, Service
from carquery.domain.hearing.carried import carried_from
from carquery.domain.hearing.edited import hear_edited
from carquery.domain.hearing.going_on import GoingOn, hear_going_on
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import (
    AsksUs,
    Commands,
    Courtesy,
    Heard,
    NotTaken,
    Sends,
    Taken,
    WantsChange,
    WantsForm,
    WantsPerson,
)
from carquery.domain.hearing.leaving import fills_in, says_to_leave, stays
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.several import stated_in
from carquery.domain.hearing.yes_or_no import agrees
from carquery.domain.lead_words import read_lead_word
from carquery.domain.moscow import moscow_day
from carquery.domain.typed_commands import Command, read_command, read_leading, read_yes_or_no
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import REFUSALS_BEFORE_PERSON, Offer, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage:
    """An answer to the open step, a word that does what a button does, or something to talk about."""

    reception: Reception
    navigator: Navigator
    interpreter: Interpreter
    answer_free_text: AnswerFreeText
    answer_offer: AnswerOffer
    submit_lead: SubmitLead
    begin_anew: BeginAnew
    about_leads: AboutLeads

    async def __call__(self, arrival: Arrival, text: str, recording: SentFile | None = None) -> Reply:
        """Return the screen that follows. Raises StoreUnavailable: nothing was taken or shown.

        Args:
            recording: the voice message whose words these are.
        """
        command, lead_word = read_command(text), read_lead_word(text)
        turn = self.answer_free_text.begin(arrival, text)
        anew = self.begin_anew.begin(arrival)

        async def decide(visit: Visit) -> Decision:
            turn.news.begin_anew()
            visit = _with_recording(visit, recording)
            if (gone_on := await self._gone_on(visit, anew, text)) is not None:
                return gone_on
            if command is Command.OPERATOR:
                return self._asks_for_a_person(visit)
            if (led := self._led(visit, text)) is not None:
                return led
            if command is None:
                visit = visit.says_meanwhile(text)
            if (of_lead := await self.about_leads.led(visit, text)) is not None:
                return of_lead
            visit = visit.is_asked("")
            if visit.dialog is not None:
                return await self._inside(visit, visit.dialog, turn)
            if lead_word is not None and (said := await self.about_leads.said(visit, lead_word, text)) is not None:
                return said
            if command is not None:
                return self._outside(visit, command)
            return await turn.decide(visit)

        reply = await self.reception(arrival, decide, wrote=text)
        self.submit_lead.after_save(reply)
        self.about_leads.after_save(reply)
        await turn.news.after_save()
        await anew.after_save()
        return reply

    async def enclosed(self, arrival: Arrival, parcel: Parcel) -> Reply:
        """Return the screen after photos and files, and the words under them. Raises StoreUnavailable."""
        turn = self.answer_free_text.begin(arrival, parcel.text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is not None:
                return self._enclosed(visit, visit.dialog.enclose(parcel), parcel)
            if (added := await self.about_leads.amend.enclose(visit, arrival, parcel)) is not None:
                return added
            waiting, refused = visit.waiting.with_parcel(parcel)
            visit = replace(visit, waiting=waiting)
            if parcel.words:
                return await turn.decide(visit, notice=f"{refused}." if refused else "")
            return visit, Menu(_set_aside(visit, refused))

        reply = await self.reception(arrival, decide)
        self.about_leads.after_save(reply)
        await turn.news.after_save()
        return reply

    async def words_edited(self, arrival: Arrival, text: str) -> Reply:
        """Return the screen after new words under something sent before. Raises StoreUnavailable."""
        turn = self.answer_free_text.begin(arrival, text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is None:
                return await turn.decide(visit)
            noted = visit.dialog.say_aside(text)
            return visit.with_dialog(noted), screen_of(noted)

        reply = await self.reception(arrival, decide)
        await turn.news.after_save()
        return reply

    async def edited(self, arrival: Arrival, text: str) -> Reply:
        """Return the screen after an edited message: an answer is put right, anything else is read again.

        Raises:
            StoreUnavailable: nothing changed.
        """
        turn = self.answer_free_text.begin(arrival, text)

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is None:
                return await turn.decide(visit)
            match hear_edited(visit.dialog, arrival.message, text, self.interpreter):
                case Taken(dialog):
                    return visit.with_dialog(dialog), screen_of(dialog)
                case NotTaken(hint):
                    return visit, screen_of(visit.dialog, hint=hint)
                case _:
                    return visit, screen_of(visit.dialog, hint=NOT_EDITED)

        reply = await self.reception(arrival, decide)
        await turn.news.after_save()
        return reply

    async def _gone_on(self, visit: Visit, anew: NewBeginning, text: str) -> Decision | None:
        """The answer to «Продолжить?», if the text is one."""
        dialog = visit.dialog
        if dialog is None or visit.paused is None or not visit.paused.is_asked or visit.leads_to:
            return None
        match hear_going_on(text):
            case GoingOn.YES:
                return visit.gone_on(), screen_of(dialog)
            case GoingOn.NO:
                return visit.gone_on().is_asked(Place.MENU), LeaveWarning(dialog, Place.MENU)
            case GoingOn.ANEW:
                return await anew.decide(visit, Place.MENU)
            case None:
                return None

    def _asks_for_a_person(self, visit: Visit, *, is_upset: bool = False) -> Decision:
        dialog = visit.dialog
        if dialog is not None and dialog.form.service is Service.CALLBACK:
            return visit, screen_of(dialog)
        return visit.is_asked(Service.CALLBACK), CallbackOffer(dialog, is_upset=is_upset)

    def _led(self, visit: Visit, text: str) -> Decision | None:
        """The way that was asked about, if the text says yes or no to it."""
        to = read_destination(visit.leads_to)
        accepted = None if to is None else agrees(text, few_words=_FEW_WORDS)
        if to is not None and visit.dialog is not None and stays(Phrase.of(text)):
            leaves = to not in (Place.MENU, Service.CALLBACK) and read_leading(text) is True
            accepted = accepted if leaves else False
        if accepted and to is Place.MENU and visit.dialog is not None and fills_in(Phrase.of(text)):
            accepted = False
        if accepted is None and to is Place.MENU and says_to_leave(Phrase.of(text)):
            accepted = True
        if to is None or accepted is None:
            return None
        says_more = read_yes_or_no(text) is None
        if accepted:
            if says_more and isinstance(to, Service):
                visit = self._said_with_yes(visit.says_meanwhile(text).says(text), to, text)
            return self.navigator(visit, to)
        if says_more and visit.dialog is not None and self._answers(visit.dialog, text):
            return None
        left = replace(visit.is_asked(""), offer=None)
        return left, Menu() if left.dialog is None else screen_of(left.dialog)

    def _said_with_yes(self, visit: Visit, to: Service, text: str) -> Visit:
        """«Да, только на автомате»: what else is said belongs to the form that is accepted."""
        offer, form = visit.offer, self.navigator.dealership().forms[to]
        if offer is None or offer.service is not to:
            return visit
        stated = self._stated(form, text)
        return visit.offered(replace(offer, suggestions={**offer.suggestions, **stated}))

    def _stated(self, form: Form, text: str) -> dict[str, Value]:
        interpreter, today = self.interpreter, moscow_day(self.navigator.clock.now())
        return stated_in(form, text, interpreter.mentions(text), interpreter.understand, on=today)

    def _answers(self, dialog: Dialog, text: str) -> bool:
        """Whether a no to leaving the form is an answer as well: «нет, полный»."""
        if dialog.step is None or dialog.step.takes_any_words:
            return False
        return isinstance(hear(dialog, text, self.interpreter), Taken)

    async def _inside(self, visit: Visit, dialog: Dialog, turn: FreeTextTurn) -> Decision:
        text, arrival = turn.text, turn.arrival
        heard = hear(dialog, text, self.interpreter)
        if isinstance(heard, Sends):
            dialog = dialog.beside(heard.said)
            visit = visit.with_dialog(dialog)
            if visit.paused is None:
                return await self.submit_lead.decide(visit, dialog, arrival.handle)
        for topic in heard.topics if isinstance(heard, AsksUs) else ():
            turn.news.asks(topic, visit)
        if isinstance(heard, Taken) and heard.asks:
            turn.news.asks(heard.asks, visit)
        if isinstance(heard, WantsPerson) and heard.is_upset:
            turn.complains(visit)
            dialog = dialog.say_aside(text)
            visit = visit.with_dialog(dialog)
        return self._heard(visit, dialog, text, heard, arrival)

    def _heard(
        self, visit: Visit, dialog: Dialog, text: str, heard: Heard, arrival: Arrival
    ) -> Decision:  # one line for each
        match heard:
            case Taken(after, asks, question):
                after, answer = self._answered_beside(after, asks, question)
                after = after.typed_in(arrival.message, dialog)
                return visit.with_dialog(after), screen_of(after, notice=answer)
            case NotTaken():
                return _refused(visit, dialog, heard)
            case Commands(command):
                return _commanded(visit, dialog, command)
            case WantsChange():
                return visit, FieldList(dialog)
            case AsksUs():
                return self._asked(visit, dialog, text, heard)
            case WantsPerson(is_upset):
                return self._asks_for_a_person(visit if is_upset else visit.says(text), is_upset=is_upset)
            case WantsForm():
                return self._wants_another(visit, dialog, text, heard)
            case Courtesy() | Sends():
                return visit, screen_of(replace(dialog, remark=""))
            case _:
                assert_never(heard)

    def _answered_beside(self, dialog: Dialog, topic: str, question: str) -> tuple[Dialog, str]:
        """The dealership's answer to a question that came with an answer; without one, the manager gets its words."""
        answer = self.navigator.dealership().answer_to(Topic(topic)) if topic else ""
        if answer is not None or not question:
            return dialog, answer or ""
        noted = dialog.say_aside(question)
        return replace(noted, remark=told(dialog.remark, FOR_MANAGER)), ""

    def _asked(self, visit: Visit, dialog: Dialog, text: str, asked: AsksUs) -> Decision:
        """The dealership's answers, and the same question; what it has no answer to is kept for the manager."""
        answers = [self.navigator.dealership().answer_to(Topic(topic)) for topic in asked.topics]
        answered = "\n".join(filter(None, answers))
        if all(answers):
            return visit, screen_of(replace(dialog, remark=""), notice=answered)
        noted = dialog.say_aside(text)
        return visit.with_dialog(noted), screen_of(replace(noted, remark=FOR_MANAGER), notice=answered)

    def _wants_another(self, visit: Visit, dialog: Dialog, text: str, wanted: WantsForm) -> Decision:
        dealership = self.navigator.dealership()
        if not dealership.offers(wanted.service):
            return self._asks_for_a_person(visit.says(text))
        form = dealership.forms[wanted.service]
        suggestions = {**carried_from(dialog, form, text), **self._stated(form, text)}
        offer = Offer(self.navigator.randomness.message_id(), form.service, suggestions)
        return visit.says(text).offered(offer).is_asked(form.service), AnotherForm(dialog, form.service)

    def _enclosed(self, visit: Visit, dialog: Dialog, parcel: Parcel) -> Decision:
        """The words answer the question as if typed; if they can't, they are kept beside the answers."""
        visit = visit.with_dialog(dialog)
        if not parcel.words:
            return visit, screen_of(dialog)
        command = read_command(parcel.text)
        if command is not None:
            return _commanded(visit, dialog, command)
        answered = self._said_with(dialog, parcel)
        answered = replace(answered, remark=told(dialog.remark, answered.remark))
        return visit.with_dialog(answered), screen_of(answered)

    def _said_with(self, dialog: Dialog, parcel: Parcel) -> Dialog:
        if dialog.step is not None and dialog.step.takes_captions:
            heard = hear(dialog, parcel.text, self.interpreter)
            if isinstance(heard, Taken):
                return heard.dialog
        return dialog.say_aside(*parcel.words)

    def _outside(self, visit: Visit, command: Command) -> Decision:
        match command:
            case Command.BACK | Command.SKIP | Command.KEEP if visit.offer is not None:
                return visit, FormOffer(visit.offer)
            case Command.BACK | Command.SKIP | Command.KEEP:
                return visit, Menu(Notice.EXPIRED)
            case _:
                return self.navigator(visit, Place.MENU)


_FEW_WORDS: Final = 6
FOR_MANAGER: Final = "Передадим ваш вопрос менеджеру: он ответит, когда позвонит"


def _refused(visit: Visit, dialog: Dialog, refused: NotTaken) -> Decision:
    """The question again; after several refusals in a row with a way to a person."""
    refusals = visit.refused + 1
    offers_person = refusals >= REFUSALS_BEFORE_PERSON and dialog.form.service is not Service.CALLBACK
    counted = replace(visit, refused=refusals)
    return not_taken(counted, dialog, refused.hint, refused.aside, offers_person=offers_person)


def _commanded(visit: Visit, dialog: Dialog, command: Command) -> Decision:
    if command is Command.MENU or command is Command.CANCEL:
        return visit.is_asked(Place.MENU), LeaveWarning(dialog, Place.MENU)
    move, is_offered = _typed_move(dialog, command)
    if move is None or not is_offered:
        return visit, screen_of(dialog, hint=NOT_HERE[command])
    return advance(visit, dialog, move)


def _with_recording(visit: Visit, recording: SentFile | None) -> Visit:
    """As far as there is room: what was said counts anyway."""
    if recording is None:
        return visit
    parcel = Parcel(files=(recording,))
    if visit.dialog is not None:
        return replace(visit, dialog=visit.dialog.enclose(parcel))
    return replace(visit, waiting=visit.waiting.with_parcel(parcel)[0])


def _set_aside(visit: Visit, refused: str) -> SetAside:
    return SetAside(refused, after_lead=visit.receipt is not None, waits=visit.waiting != NOTHING_ATTACHED)


def _typed_move(dialog: Dialog, command: Command) -> tuple[Move | None, bool]:
    match command:
        case Command.BACK:
            return Back(), dialog.can_go_back
        case Command.SKIP:
            return Skip(), dialog.can_skip
        case Command.KEEP:
            return Keep(), dialog.known is not None and not dialog.asks_consent
        case _:
            return None, False

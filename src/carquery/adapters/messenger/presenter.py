"""Screens into messages: the one place that decides what a screen looks like, in whatever messenger."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import assert_never

from carquery.adapters.messenger.buttons import (
    dialog_button,
    free_button,
    in_columns,
    in_rows,
    menu_buttons,
    option_buttons,
)
from carquery.adapters.messenger.leads_shown import cancel_warning, lead_card, my_leads
from carquery.adapters.messenger.message import (
    ContactButton,
    LinkButton,
    Message,
    Nothing,
    Passing,
    PressButton,
    Rows,
    View,
)
from carquery.application import screens
from carquery.application.marked_text import LONGEST_MESSAGE, Marked, bold, clip, fit, italic, joined, plain
from carquery.application.presses import DialogVerb, FreeVerb
from carquery.application.screens import (
    AnotherForm,
    AskFreely,
    Busy,
    CallbackOffer,
    CancelWarning,
    ConsentRequest,
    EnoughLeads,
    Erased,
    EraseWarning,
    FieldList,
    FormOffer,
    FreeAnswer,
    GoOnQuestion,
    Help,
    LeadCard,
    LeadChanged,
    LeaveWarning,
    Menu,
    MyLeads,
    NotChangeable,
    Notice,
    NotStored,
    Place,
    Privacy,
    Question,
    Receipt,
    Reminder,
    RemindersStopped,
    Screen,
    Silence,
    Stale,
    Summary,
    TooMany,
    help_text,
    naming_services,
)
from carquery.domain.answers import Photos, Value
from carquery.domain.consent import ConsentTerms
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.promise import callback_time
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.hearing.left_open import UNKNOWN
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step
from carquery.domain.visit import Offer

CLIPPED = 600
"""UTF-16 units that an answer may take where all of them together are too long for one message."""

LONGEST_STATED = 64
"""Characters; what is longer is the message itself."""

LONGEST_GIVEN = 24
MOST_GIVEN = 160
"""UTF-16 units of one answer, and of the line of all that were given so far."""


def present(  # noqa: C901  # one line for each screen
    screen: Screen, dealership: Dealership = NEUTRAL, *, at: datetime
) -> View:
    """How a screen of that dealership looks at that moment. Whatever the answers, no message is too long."""
    match screen:
        case Question():
            return _question(screen)
        case ConsentRequest():
            return _consent(screen)
        case Summary():
            return _summary(screen)
        case EnoughLeads(dialog):
            return _summary(Summary(dialog, notice=screen.text(dealership.phone)))
        case FieldList():
            return _field_list(screen)
        case LeaveWarning():
            return _leave_warning(screen)
        case GoOnQuestion():
            return _go_on_question(screen)
        case Reminder():
            return _reminder(screen)
        case RemindersStopped(is_kept):
            kept = RemindersStopped.KEPT if is_kept else ""
            return Message(_paragraphs(" ".join(filter(None, (RemindersStopped.TEXT, kept)))), beside=True)
        case CallbackOffer():
            return _callback_offer(screen)
        case AnotherForm():
            return _another_form(screen)
        case FormOffer():
            return _form_offer(screen, dealership.forms)
        case FreeAnswer():
            return _free_answer(screen, dealership)
        case Privacy():
            return _privacy(screen)
        case Menu():
            return _menu(screen, dealership)
        case Receipt():
            return _receipt(screen, dealership, at)
        case LeadChanged():
            return _after_sending(screen.text, dealership, notice=screen.notice)
        case MyLeads():
            return my_leads(screen)
        case LeadCard():
            return lead_card(screen, callback_time(dealership.hours, at))
        case CancelWarning(reference):
            return cancel_warning(reference)
        case Help():
            return Message(_paragraphs(help_text(dealership.menu)), (_to_menu(),), beside=True)
        case AskFreely():
            return Message(_paragraphs(AskFreely.PROMPT), (_to_menu(),))
        case EraseWarning():
            rows = ((free_button(EraseWarning.CONFIRM, FreeVerb.ERASE),), (free_button(screens.NO, FreeVerb.STAY),))
            return Message(_paragraphs(EraseWarning.PROMPT), rows, beside=True)
        case Erased(is_asked):
            words = f"{Erased.TEXT} {Erased.ASKED}" if is_asked else Erased.TEXT
            return Message(_paragraphs(words), (_to_menu(),))
        case Stale(current):
            behind = None if current is None else present(current, dealership, at=at)
            return Passing(Stale.TEXT, behind if isinstance(behind, Message) else None)
        case Busy() | NotStored() | NotChangeable() | TooMany():
            return Passing(screen.TEXT)
        case Silence():
            return Nothing()
        case _:
            assert_never(screen)


def _paragraphs(*texts: str) -> tuple[Marked, ...]:
    """Those that say anything."""
    return tuple(plain(text) for text in texts if text)


def _after_sending(
    text: str, dealership: Dealership, *, notice: str = "", sent: tuple[tuple[str, str], ...] = ()
) -> Message:
    """A message that stays; what else the customer may do stands under it."""
    beside = (free_button(MyLeads.BUTTON, FreeVerb.MY_LEADS_BESIDE),)
    rows = (*menu_buttons(dealership.menu, FreeVerb.OPEN_BESIDE), beside)
    answers = (_all_answers(sent),) if sent else ()
    return Message((*_paragraphs(notice, text), *answers, plain(Menu.PROMPT)), rows)


def _menu(screen: Menu, dealership: Dealership) -> Message:
    notice = screen.notice
    greeting = dealership.greeting or naming_services(Menu.GREETING, dealership.menu)
    paragraphs = _paragraphs(f"{greeting} {Menu.CHOOSE}") if notice is None else _paragraphs(notice.text, Menu.PROMPT)
    leads = ((free_button(MyLeads.BUTTON, FreeVerb.MY_LEADS),),) if screen.has_leads else ()
    rows = (*menu_buttons(dealership.menu), *leads)
    return Message(paragraphs, rows, ends_keyboard=notice is Notice.EXPIRED)


def _free_answer(screen: FreeAnswer, dealership: Dealership) -> Message:
    text = screen.text or naming_services(FreeAnswer.ASK, dealership.menu)
    callback = (free_button(dealership.forms[Service.CALLBACK].button, FreeVerb.OPEN, Service.CALLBACK),)
    return Message(_paragraphs(screen.notice, text), (*menu_buttons(dealership.menu), callback))


def _question(screen: Question) -> Message:
    dialog = screen.dialog
    step = dialog.step
    if step is None:
        raise ValueError("a question needs a step; at the summary there is none")
    known = dialog.known
    paragraphs = (_heading(dialog), *_said(screen), _prompt(dialog, step, known))
    if known is not None:
        paragraphs = (*paragraphs, Question.KNOWN + bold(clip(known.shown, CLIPPED)))
    person = ((_to_person(dialog),),) if screen.offers_person else ()
    leaves = None if screen.agreed is None else _consent_given(screen.agreed)
    if step.kind.asks_contact and not dialog.readings:
        return Message(paragraphs, (*_contact_rows(dialog, known), *person), leaves=leaves)
    return Message(
        paragraphs,
        (*_question_rows(dialog, step, known), *person),
        farewell=_farewell(dialog),
        ends_keyboard=screen.ends_keyboard,
        leaves=leaves,
    )


def _to_person(dialog: Dialog) -> PressButton:
    return dialog_button(Question.PERSON, dialog, DialogVerb.GO, Service.CALLBACK)


def _said(screen: Question | ConsentRequest | Summary | GoOnQuestion) -> tuple[Marked, ...]:
    """Why the last answer was not taken, and what else there is to say of it."""
    return _paragraphs(screen.hint and f"⚠️ {screen.hint}", screen.notice, screen.dialog.remark)


def _prompt(dialog: Dialog, step: Step, known: Value | None) -> Marked:
    """What is asked; an example where the answer must be typed and nothing is known yet."""
    if dialog.readings and dialog.readings[0] != UNKNOWN:
        return bold(_which_reading(dialog, step))
    must_type = dialog.typing or not (dialog.options or known)
    return _asked(step.typing_prompt if dialog.typing else step.prompt, step.example if must_type else "")


@lru_cache(maxsize=256)  # the same for everybody, as the next one
def _asked(prompt: str, example: str) -> Marked:
    return bold(prompt) + "\n" + italic(Question.EXAMPLE.format(example=example)) if example else bold(prompt)


@lru_cache(maxsize=256)
def _place(title: str, number: int, steps: int) -> Marked:
    return italic(Question.PLACE.format(title=title, number=number, steps=steps))


def _which_reading(dialog: Dialog, step: Step) -> str:
    """A car that nobody knows is written down as it stands, or not at all."""
    if step.means is Meaning.CAR and len(dialog.readings) == 1:
        return Question.IS_CAR.format(car=dialog.readings[0].shown)
    return Question.UNSURE


def _heading(dialog: Dialog) -> Marked:
    number = dialog.form.number(dialog.at) if dialog.at is not None else len(dialog.form.steps)
    place = _place(dialog.form.title, number, len(dialog.form.steps))
    given = _given(dialog)
    return place + "\n" + given if given else place


def _given(dialog: Dialog) -> str:
    """The other answers, in one line. Where there are too many, the first are left out."""
    answers = (dialog.answers.get(step.name) for step in dialog.form.steps if step.name != dialog.at)
    shown = [clip(" ".join(answer.shown.split()), LONGEST_GIVEN) for answer in answers if answer not in (None, UNKNOWN)]
    while not fit(shown, MOST_GIVEN):
        del shown[0]
    return Question.GIVEN.join(shown)


def _farewell(dialog: Dialog) -> str:
    """The keyboard goes when the phone step is left: a chance to show the number as it was understood."""
    phone = dialog.said(Meaning.PHONE)
    if dialog.readings:
        return "🤔"
    return "⬅️" if phone is None else f"📱 {phone.shown}"


def _question_rows(dialog: Dialog, step: Step, known: Value | None) -> Rows:
    if dialog.readings and step.means is Meaning.CAR:
        yes, no = (
            dialog_button(screens.YES, dialog, DialogVerb.CHOOSE, "0"),
            dialog_button(screens.NO, dialog, DialogVerb.BACK),
        )
        return ((yes, no), _navigation(dialog))
    unknown: Rows = ()
    if dialog.readings == (UNKNOWN,):
        unknown = ((dialog_button(Question.UNKNOWN, dialog, DialogVerb.CHOOSE, "0"),),)
    elif dialog.readings:
        readings = [
            dialog_button(clip(reading.shown, 64), dialog, DialogVerb.CHOOSE, str(index))
            for index, reading in enumerate(dialog.readings)
        ]
        return (*in_rows(readings), _navigation(dialog))
    options = (*(() if dialog.typing else option_buttons(dialog)), *unknown)
    return (*options, *_shortcuts(dialog, known), _navigation(dialog))


def _shortcuts(dialog: Dialog, known: Value | None) -> Rows:
    """«Оставить», «Пропустить» and their like."""
    row = []
    if known is not None:
        row.append(dialog_button(_keep_label(known), dialog, DialogVerb.KEEP))
    if dialog.can_clear:
        row.append(dialog_button(Question.CLEAR, dialog, DialogVerb.CLEAR))
    elif dialog.can_skip:
        row.append(dialog_button(Question.SKIP, dialog, DialogVerb.SKIP))
    everything = ((dialog_button(Question.KEEP_ALL, dialog, DialogVerb.KEEP_ALL),),) if dialog.can_keep_all else ()
    return (*((tuple(row),) if row else ()), *everything)


def _keep_label(known: Value) -> str:
    return f"{Question.DONE} ({len(known.files)})" if isinstance(known, Photos) else Question.KEEP


def _navigation(dialog: Dialog) -> tuple[PressButton, ...]:
    menu = dialog_button(screens.MENU, dialog, DialogVerb.LEAVE)
    if not dialog.can_go_back:
        return (menu,)
    return (dialog_button(screens.BACK, dialog, DialogVerb.BACK), menu)


def _contact_rows(dialog: Dialog, known: Value | None) -> Rows:
    keep = (dialog_button(Question.KEEP, dialog, DialogVerb.KEEP),) if known is not None else ()
    rows: Rows = ((ContactButton(Question.SHARE),), keep, _navigation(dialog))
    return tuple(row for row in rows if row)


def _consent(screen: ConsentRequest) -> Message:
    dialog = screen.dialog
    paragraphs = (bold(ConsentRequest.TITLE), *_said(screen), plain(screen.terms.text))
    rows: Rows = (
        (LinkButton(ConsentRequest.POLICY, screen.terms.policy_url),),
        (
            dialog_button(ConsentRequest.AGREE, dialog, DialogVerb.AGREE),
            dialog_button(ConsentRequest.DISAGREE, dialog, DialogVerb.DISAGREE),
        ),
        _navigation(dialog),
    )
    return Message(paragraphs, rows, farewell=_farewell(dialog), ends_keyboard=screen.ends_keyboard)


def _consent_given(terms: ConsentTerms) -> Message:
    """What the customer has consented to, word for word."""
    paragraphs = (bold(ConsentRequest.TITLE), plain(terms.text), bold(ConsentRequest.GIVEN))
    return Message(paragraphs, ((LinkButton(ConsentRequest.POLICY, terms.policy_url),),))


def _summary(screen: Summary) -> Message:
    dialog = screen.dialog
    send, leave = (Summary.SEND, Summary.CANCEL) if dialog.amends is None else (Summary.SAVE, Summary.KEEP)
    rows = (
        (dialog_button(send, dialog, DialogVerb.SEND),),
        (
            dialog_button(Summary.EDIT, dialog, DialogVerb.FIELDS),
            dialog_button(leave, dialog, DialogVerb.LEAVE),
        ),
    )
    return Message(_summary_text(screen), rows, farewell=_farewell(dialog), ends_keyboard=screen.ends_keyboard)


def _summary_text(screen: Summary) -> tuple[Marked, ...]:
    dialog = screen.dialog
    amends = dialog.amends
    title = Summary.TITLE if amends is None else Summary.AMENDS.format(reference=amends)
    return (italic(dialog.form.title), bold(title), *_said(screen), _all_answers(dialog.lines))


def _all_answers(answered: tuple[tuple[str, str], ...]) -> Marked:
    """In full; the long ones cut, if a message has no room for them."""
    room = LONGEST_MESSAGE - 500
    if not fit((text for line in answered for text in line), room):
        answered = tuple((title, clip(answer, CLIPPED)) for title, answer in answered)
    return joined("\n", (f"{title}: " + bold(answer) for title, answer in answered))


def _receipt(screen: Receipt, dealership: Dealership, at: datetime) -> Message:
    """The answers stay in the chat."""
    when = callback_time(dealership.hours, at)
    text = (Receipt.TEXT if when is None else Receipt.CALLED_BACK).format(reference=screen.reference, when=when)
    return _after_sending(text, dealership, sent=screen.answers)


def _field_list(screen: FieldList) -> Message:
    dialog = screen.dialog
    fields = [dialog_button(step.title, dialog, DialogVerb.EDIT, step.name) for step in dialog.form.steps]
    back = (dialog_button(screens.BACK, dialog, DialogVerb.STAY),)
    return Message((bold(FieldList.PROMPT),), (*in_columns(fields, 2), back))


def _leave_warning(screen: LeaveWarning) -> Message:
    row = (
        dialog_button(screens.YES, screen.dialog, DialogVerb.GO, screen.to),
        dialog_button(screens.NO, screen.dialog, DialogVerb.STAY),
    )
    return Message((bold(screen.text),), (row,))


def _go_on_question(screen: GoOnQuestion) -> Message:
    dialog = screen.dialog
    number, steps = 0 if dialog.at is None else dialog.form.number(dialog.at), len(dialog.form.steps)
    prompt = GoOnQuestion.AT_SUMMARY if dialog.is_at_summary else GoOnQuestion.AT_STEP
    row = (
        dialog_button(GoOnQuestion.GO_ON, dialog, DialogVerb.STAY),
        dialog_button(GoOnQuestion.ANEW, dialog, DialogVerb.GO, screen.to),
    )
    asked = bold(prompt.format(number=number, steps=steps))
    may_ask_contact = screen.is_first and _is_past(dialog, Meaning.PHONE)
    return Message((italic(dialog.form.title), *_said(screen), asked), (row,), ends_keyboard=may_ask_contact)


def _reminder(screen: Reminder) -> Message:
    row = (free_button(Reminder.GO_ON, FreeVerb.GO_ON), free_button(Reminder.NO_MORE, FreeVerb.NO_REMINDERS))
    return Message((italic(screen.dialog.form.title), plain(screen.text)), (row,), beside=True)


def _is_past(dialog: Dialog, meaning: Meaning) -> bool:
    """Whether the step that asks for it was reached."""
    step = dialog.form.step_for(meaning)
    return step is not None and (dialog.at is None or dialog.form.number(dialog.at) >= dialog.form.number(step.name))


def _callback_offer(screen: CallbackOffer) -> Message:
    text = screen.text
    dialog = screen.dialog
    if dialog is None:
        yes = free_button(screens.YES, FreeVerb.OPEN, Service.CALLBACK)
        return Message(_paragraphs(screen.notice, text), ((yes, *_to_menu(screens.NO)),))
    yes = dialog_button(screens.YES, dialog, DialogVerb.GO, Service.CALLBACK)
    no = dialog_button(screens.NO, dialog, DialogVerb.STAY)
    return Message(_paragraphs(f"{text} {CallbackOffer.CLOSES}"), ((yes, no),))


def _another_form(screen: AnotherForm) -> Message:
    dialog = screen.dialog
    text = AnotherForm.PROMPT.format(wish=FORMS[screen.service].wish.wants)
    yes = dialog_button(screens.YES, dialog, DialogVerb.GO, screen.service)
    return Message(_paragraphs(text), ((yes, dialog_button(screens.NO, dialog, DialogVerb.STAY)),))


def _form_offer(screen: FormOffer, forms: Mapping[Service, Form]) -> Message:
    offer = screen.offer
    if offer.alternatives:
        return _which_form(screen, forms)
    prompt = FormOffer.PROMPT.format(wish=forms[offer.service].wish.wants)
    texts = [screen.notice, f"{FormOffer.SORRY} {prompt}" if screen.sorry else prompt]
    texts.append(_stated(offer, forms))
    yes = free_button(screens.YES, FreeVerb.ACCEPT, offer.message)
    no = free_button(screens.NO, FreeVerb.DECLINE, offer.message)
    callback = ((free_button(FormOffer.CALLBACK, FreeVerb.OPEN, Service.CALLBACK),),) if screen.sorry else ()
    return Message(_paragraphs(*texts), ((yes, no), *callback))


def _which_form(screen: FormOffer, forms: Mapping[Service, Form]) -> Message:
    offer = screen.offer
    services = (offer.service, *offer.alternatives)
    opening = tuple((free_button(forms[service].button, FreeVerb.OPEN, service),) for service in services)
    neither = (free_button(FormOffer.NEITHER, FreeVerb.DECLINE, offer.message),)
    return Message(_paragraphs(screen.notice, FormOffer.WHICH, _stated(offer, forms)), (*opening, neither))


def _stated(offer: Offer, forms: Mapping[Service, Form]) -> str:
    """What was written so far; empty: nothing that a form asks for."""
    steps = forms[offer.service].steps
    stated = [offer.suggestions[step.name].shown for step in steps if step.name in offer.suggestions]
    short = [shown for shown in stated if len(shown) <= LONGEST_STATED]
    return FormOffer.STATED.format(values=", ".join(short)) if short else ""


def _privacy(screen: Privacy) -> Message:
    policy = () if screen.policy_url is None else ((LinkButton(Privacy.POLICY, screen.policy_url),),)
    erase = (free_button(Privacy.ERASE, FreeVerb.ASK_ERASE),)
    return Message(_paragraphs(Privacy.TEXT), (*policy, erase, _to_menu()), beside=True)


def _to_menu(label: str = screens.MENU) -> tuple[PressButton, ...]:
    return (free_button(label, FreeVerb.OPEN, Place.MENU),)

"""Screens into messages: the one place that decides what a screen looks like, in whatever messenger."""

from datetime import datetime
from typing import assert_never

from carquery.adapters.messenger.answers_shown import all_answers
from carquery.adapters.messenger.buttons import free_button, menu_buttons, to_menu
from carquery.adapters.messenger.form_shown import consent, field_list, go_on_question, leave_warning, question, summary
from carquery.adapters.messenger.leads_shown import cancel_warning, lead_card, my_leads
from carquery.adapters.messenger.message import LinkButton, Message, Nothing, Passing, View, paragraphs_of
from carquery.adapters.messenger.offers_shown import another_form, callback_offer, form_offer, reminder
from carquery.application import screens
from carquery.application.marked_text import plain
from carquery.application.presses import FreeVerb
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
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.promise import callback_time
from carquery.domain.forms.form import Service


def present(  # noqa: C901  # one line for each screen
    screen: Screen, dealership: Dealership = NEUTRAL, *, at: datetime
) -> View:
    """How a screen of that dealership looks at that moment. Whatever the answers, no message is too long."""
    match screen:
        case Question():
            return question(screen)
        case ConsentRequest():
            return consent(screen)
        case Summary():
            return summary(screen)
        case EnoughLeads(dialog):
            return summary(Summary(dialog, notice=screen.text(dealership.phone)))
        case FieldList():
            return field_list(screen)
        case LeaveWarning():
            return leave_warning(screen)
        case GoOnQuestion():
            return go_on_question(screen)
        case Reminder():
            return reminder(screen)
        case RemindersStopped(is_kept):
            kept = RemindersStopped.KEPT if is_kept else ""
            return Message(paragraphs_of(" ".join(filter(None, (RemindersStopped.TEXT, kept)))), beside=True)
        case CallbackOffer():
            return callback_offer(screen)
        case AnotherForm():
            return another_form(screen)
        case FormOffer():
            return form_offer(screen, dealership.forms)
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
            return Message(paragraphs_of(help_text(dealership.menu)), (to_menu(),), beside=True)
        case AskFreely():
            return Message(paragraphs_of(AskFreely.PROMPT), (to_menu(),))
        case EraseWarning():
            rows = ((free_button(EraseWarning.CONFIRM, FreeVerb.ERASE),), (free_button(screens.NO, FreeVerb.STAY),))
            return Message(paragraphs_of(EraseWarning.PROMPT), rows, beside=True)
        case Erased(is_asked):
            words = f"{Erased.TEXT} {Erased.ASKED}" if is_asked else Erased.TEXT
            return Message(paragraphs_of(words), (to_menu(),))
        case Stale(current):
            behind = None if current is None else present(current, dealership, at=at)
            return Passing(Stale.TEXT, behind if isinstance(behind, Message) else None)
        case Busy() | NotStored() | NotChangeable() | TooMany():
            return Passing(screen.TEXT)
        case Silence():
            return Nothing()
        case _:
            assert_never(screen)


def _after_sending(
    text: str, dealership: Dealership, *, notice: str = "", sent: tuple[tuple[str, str], ...] = ()
) -> Message:
    """A message that stays; what else the customer may do stands under it."""
    beside = (free_button(MyLeads.BUTTON, FreeVerb.MY_LEADS_BESIDE),)
    rows = (*menu_buttons(dealership.menu, FreeVerb.OPEN_BESIDE), beside)
    answers = (all_answers(sent),) if sent else ()
    return Message((*paragraphs_of(notice, text), *answers, plain(Menu.PROMPT)), rows)


def _menu(screen: Menu, dealership: Dealership) -> Message:
    notice = screen.notice
    greeting = dealership.greeting or naming_services(Menu.GREETING, dealership.menu)
    paragraphs = (
        paragraphs_of(f"{greeting} {Menu.CHOOSE}") if notice is None else paragraphs_of(notice.text, Menu.PROMPT)
    )
    leads = ((free_button(MyLeads.BUTTON, FreeVerb.MY_LEADS),),) if screen.has_leads else ()
    rows = (*menu_buttons(dealership.menu), *leads)
    return Message(paragraphs, rows, ends_keyboard=notice is Notice.EXPIRED)


def _free_answer(screen: FreeAnswer, dealership: Dealership) -> Message:
    text = screen.text or naming_services(FreeAnswer.ASK, dealership.menu)
    callback = (free_button(dealership.forms[Service.CALLBACK].button, FreeVerb.OPEN, Service.CALLBACK),)
    return Message(paragraphs_of(screen.notice, text), (*menu_buttons(dealership.menu), callback))


def _receipt(screen: Receipt, dealership: Dealership, at: datetime) -> Message:
    """The answers stay in the chat."""
    when = callback_time(dealership.hours, at)
    text = (Receipt.TEXT if when is None else Receipt.CALLED_BACK).format(reference=screen.reference, when=when)
    return _after_sending(text, dealership, sent=screen.answers)


def _privacy(screen: Privacy) -> Message:
    policy = () if screen.policy_url is None else ((LinkButton(Privacy.POLICY, screen.policy_url),),)
    erase = (free_button(Privacy.ERASE, FreeVerb.ASK_ERASE),)
    return Message(paragraphs_of(Privacy.TEXT), (*policy, erase, to_menu()), beside=True)

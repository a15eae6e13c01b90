"""What is offered and has not been agreed to, as messages."""

from collections.abc import Mapping

from carquery.adapters.messenger.buttons import dialog_button, free_button, to_menu
from carquery.adapters.messenger.message import Message, paragraphs_of
from carquery.application import screens
from carquery.application.marked_text import italic, plain
from carquery.application.presses import DialogVerb, FreeVerb
from carquery.application.screens import AnotherForm, CallbackOffer, FormOffer, Reminder
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.visit import Offer

LONGEST_STATED = 64
"""Characters; what is longer is the message itself."""


def reminder(screen: Reminder) -> Message:
    """That a form waits, once."""
    row = (free_button(Reminder.GO_ON, FreeVerb.GO_ON), free_button(Reminder.NO_MORE, FreeVerb.NO_REMINDERS))
    return Message((italic(screen.dialog.form.title), plain(screen.text)), (row,), beside=True)


def callback_offer(screen: CallbackOffer) -> Message:
    """Whether somebody shall call; within a form it says that this closes it."""
    text = screen.text
    dialog = screen.dialog
    if dialog is None:
        yes = free_button(screens.YES, FreeVerb.OPEN, Service.CALLBACK)
        return Message(paragraphs_of(screen.notice, text), ((yes, *to_menu(screens.NO)),))
    yes = dialog_button(screens.YES, dialog, DialogVerb.GO, Service.CALLBACK)
    no = dialog_button(screens.NO, dialog, DialogVerb.STAY)
    return Message(paragraphs_of(f"{text} {CallbackOffer.CLOSES}"), ((yes, no),))


def another_form(screen: AnotherForm) -> Message:
    """Whether to change to the form that the text sounds like."""
    dialog = screen.dialog
    text = AnotherForm.PROMPT.format(wish=FORMS[screen.service].wish.wants)
    yes = dialog_button(screens.YES, dialog, DialogVerb.GO, screen.service)
    return Message(paragraphs_of(text), ((yes, dialog_button(screens.NO, dialog, DialogVerb.STAY)),))


def form_offer(screen: FormOffer, forms: Mapping[Service, Form]) -> Message:
    """Whether a form is what is wanted; of two likely ones, which."""
    offer = screen.offer
    if offer.alternatives:
        return _which_form(screen, forms)
    prompt = FormOffer.PROMPT.format(wish=forms[offer.service].wish.wants)
    texts = [screen.notice, f"{FormOffer.SORRY} {prompt}" if screen.sorry else prompt]
    texts.append(_stated(offer, forms))
    yes = free_button(screens.YES, FreeVerb.ACCEPT, offer.message)
    no = free_button(screens.NO, FreeVerb.DECLINE, offer.message)
    callback = ((free_button(FormOffer.CALLBACK, FreeVerb.OPEN, Service.CALLBACK),),) if screen.sorry else ()
    return Message(paragraphs_of(*texts), ((yes, no), *callback))


def _which_form(screen: FormOffer, forms: Mapping[Service, Form]) -> Message:
    offer = screen.offer
    services = (offer.service, *offer.alternatives)
    opening = tuple((free_button(forms[service].button, FreeVerb.OPEN, service),) for service in services)
    neither = (free_button(FormOffer.NEITHER, FreeVerb.DECLINE, offer.message),)
    return Message(paragraphs_of(screen.notice, FormOffer.WHICH, _stated(offer, forms)), (*opening, neither))


def _stated(offer: Offer, forms: Mapping[Service, Form]) -> str:
    """What was written so far; empty: nothing that a form asks for."""
    steps = forms[offer.service].steps
    stated = [offer.suggestions[step.name].shown for step in steps if step.name in offer.suggestions]
    short = [shown for shown in stated if len(shown) <= LONGEST_STATED]
    return FormOffer.STATED.format(values=", ".join(short)) if short else ""

"""How a customer wants to be called, said with a phone number or in a sentence."""

import re
from datetime import date
from typing import Final

from carquery.domain.answers import Accepted, SharedContact, Value
from carquery.domain.contact import Phone
from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.heard import Heard, NotTaken, Taken
from carquery.domain.hearing.message import Message, asks_something
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.several import left_over, noted
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE
from carquery.domain.introductions import INTRODUCED_BY
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.typed_names import read_name, read_profile_name

_CERTAIN: Final = 0.9
"""Of one word, which most likely is a name that no list has."""
_REFUSES: Final = re.compile(r"\b(?:не (?:скажу|хочу|буду|дам|важно|обязательно)|зачем|секрет|аноним\w*|без имени)\b")
WHY_NAME: Final = "Имя нужно, чтобы менеджер знал, как к вам обратиться. Напишите его, например Анна"


_SAYS_WHO: Final = re.compile(rf"(?:{INTRODUCED_BY})\b", re.IGNORECASE)


def name_beside(phone: Phone, step: Step, *, on: date) -> Value | None:
    """The name that stands beside a number: one with a capital, or one that is known for a name; not «ватсап»."""
    words = phone.remark.split()
    is_called = bool(words) and all(word[0].isupper() for word in words)
    is_known = not GIVEN_NAMES.isdisjoint(Phrase.of(phone.remark).words)
    return step.read(phone.remark, on=on) if is_called or is_known else None


def hear_name(message: Message, step: Step) -> Heard:
    """A name, with the phone beside it; or talk, which is no name."""
    read = _read(message, step)
    if read is None and (number := _number_alone(message)) is not None:
        return number
    if read is None:
        heard = message.talk(least=LIKELIER_THAN_NOT)
        return heard or asks_something(message) or NotTaken(_hint(message))
    words = message.phrase.words
    is_certain = (
        len(read) > 1
        or _is_written_as_one(message)
        or not GIVEN_NAMES.isdisjoint(words)
        or message.phrase.holds(_SAYS_WHO)
    )
    heard = None if is_certain else message.talk(least=_CERTAIN if len(words) == 1 else SURE)
    if heard is not None:
        return heard
    if len(read) == 1 and step.read(message.typed, on=message.dialog.opened_on) is not None and _is_all(message):
        return Taken(message.dialog.take(read))
    after = message.dialog.take(read, remark=noted(message.dialog, read))
    left = left_over(message, read)
    is_told = message.phrase.has_figures and not any(isinstance(value, Phone) for value in read.values())
    return Taken(after.beside(left or message.typed if is_told else left))


def _number_alone(message: Message) -> Heard | None:
    """A phone where the name is asked is a phone, with what is said beside it; the name is asked again."""
    dialog, step = message.dialog, message.dialog.form.step_for(Meaning.PHONE)
    if step is None or step.name in dialog.answers or not message.phrase.has_figures:
        return None
    phone = step.read(message.typed, on=dialog.opened_on)
    return None if phone is None else Taken(dialog.take({step.name: phone}, remark=noted(dialog, {step.name: phone})))


def share_contact(dialog: Dialog, contact: SharedContact) -> Dialog:
    """The dialog with the customer's own card: before the phone is asked, its number is taken all the same.

    Its name fills a name that is not answered yet. Where consent is asked, both wait for it.

    Raises:
        AnswerRefused: it is somebody else's, or nothing like it is asked.
    """
    taken = _on_the_card(dialog, contact)
    if not taken:
        return dialog.answer(contact)
    return dialog.take(taken, remark="" if dialog.asks_consent else noted(dialog, taken))


def _on_the_card(dialog: Dialog, contact: SharedContact) -> dict[str, Value]:
    """By step name, what it says that is not answered; nothing, where the phone is asked or was given."""
    name_step, phone_step = dialog.form.step_for(Meaning.NAME), dialog.form.step_for(Meaning.PHONE)
    if phone_step is None or dialog.at in (None, phone_step.name) or phone_step.name in dialog.answers:
        return {}
    outcome = phone_step.kind.take(contact, on=dialog.opened_on)
    if not isinstance(outcome, Accepted):
        return {}
    name = None if name_step is None or name_step.name in dialog.answers else read_profile_name(contact.name)
    named: dict[str, Value] = {} if name is None or name_step is None else {name_step.name: name}
    return {**named, phone_step.name: outcome.value}


def _is_all(message: Message) -> bool:
    return not message.phrase.has_figures and "," not in message.typed


def _is_written_as_one(message: Message) -> bool:
    """«Пак Чон Хи»: several words, each with a capital."""
    words = message.typed.split()
    return len(words) >= _SEVERAL and all(word[0].isupper() and word[1:].islower() for word in words)


_SEVERAL: Final = 3


def _read(message: Message, step: Step) -> dict[str, Value] | None:
    """By step name, the name and what was read with it."""
    if (name := step.read(message.typed, on=message.dialog.opened_on)) is not None:
        return {step.name: name}
    phone_step = message.dialog.form.step_for(Meaning.PHONE)
    if not message.phrase.has_figures or phone_step is None:
        return _introduced(message, step)
    phone = phone_step.read(message.typed, on=message.dialog.opened_on)
    if isinstance(phone, Phone) and (name := name_beside(phone, step, on=message.dialog.opened_on)) is not None:
        return {step.name: name, phone_step.name: phone.without_remark}
    read = _introduced(message, step)
    return {**read, phone_step.name: phone.without_remark} if read and isinstance(phone, Phone) else read


def _introduced(message: Message, step: Step) -> dict[str, Value] | None:
    said = message.mentioned.name
    name = None if said is None else step.read(said, on=message.dialog.opened_on)
    return None if name is None else {step.name: name}


def _hint(message: Message) -> str:
    if _REFUSES.search(message.phrase.text):
        return WHY_NAME
    try:
        read_name(message.typed)
    except AnswerRefused as refused:
        return refused.hint
    return WHY_NAME

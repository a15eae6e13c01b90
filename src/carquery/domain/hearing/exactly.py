"""The answer to a step that takes certain ones: among several, in other words, or with more beside it."""

import re
from collections.abc import Mapping
from typing import Final

from carquery.domain.answers import Typed, Value
from carquery.domain.contact import Phone
from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.cars import car_again
from carquery.domain.hearing.choices import asks_of_a_choice, options_in, refuses_a_choice
from carquery.domain.hearing.corrections import relabelled, restated
from carquery.domain.hearing.heard import Commands, Heard, NotTaken, Taken, WantsForm
from carquery.domain.hearing.message import Message, asks_something, perhaps_wants_person
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.several import FIGURES, SUMS, answers_in, left_over, noted, put_right
from carquery.domain.hearing.slips import is_of_another, slip_in, without_order
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE
from carquery.domain.masking import mask
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step


def exactly(message: Message, step: Step) -> Heard:
    """Where only certain answers are taken: what is none of them may be several, or talk."""
    dialog, is_called_otherwise = message.dialog, is_of_another(message.phrase, step)
    try:
        after = dialog.answer(Typed("" if is_called_otherwise else without_order(message.typed)))
    except AnswerRefused as refused:
        hint = refused
    else:
        return Taken(_with_more(message, _with_name(after, step), step))
    found = {**answers_in(message), **restated(message)}
    if (said := _named_in_other_words(message, step) or _said_first(message, step)) is not None:
        found[step.name] = said
    unwanted = _is_not_chosen(message, step)
    if step.name not in found:
        heard = message.talk(least=SURE)
        if isinstance(heard, WantsForm) and not unwanted:
            restates = len(message.phrase.words) <= _RESTATED_IN  # «бюджет всё-таки 1,2 млн» is no other wish
            return (relabelled(message) if restates else None) or heard
    if (found and is_called_otherwise) or _is_beyond_doubt(message, step, found):
        after = dialog.take(found, remark=noted(dialog, found))
        return Taken(after.beside(left_over(message, found)))
    if asks_of_a_choice(message, step):
        return asks_something(message) or NotTaken(hint.hint)
    heard = car_again(message) or relabelled(message)
    heard = heard or message.talk(least=SURE if hint.aside else LIKELIER_THAN_NOT)
    if heard is None:
        heard = asks_something(message) or (None if hint.aside else perhaps_wants_person(message))
    if isinstance(heard, WantsForm | Commands) and unwanted:
        heard = None
    is_told = unwanted or is_called_otherwise or _TELLS.match(message.phrase.text) is not None
    return heard or NotTaken(hint.hint, message.typed if is_told else hint.aside)


def _is_not_chosen(message: Message, step: Step) -> bool:
    """«Не механика», «а вариатор надёжный?»: ready answers that are refused, or weighed: nothing else is wanted."""
    phrase, on = message.phrase, message.dialog.opened_on
    is_weighed = phrase.asks and bool(options_in(step, phrase, on=on))
    return is_weighed or refuses_a_choice(message)


def _said_first(message: Message, step: Step) -> Value | None:
    """«Миллион, можно до 950 уступить»: of several sums the one that is said first, plainly, before any other words."""
    first, *others = [*message.parts] or [""]
    is_explained = any(Phrase.of(part).words for part in others) and slip_in(message.typed) is None
    return step.read(first, on=message.dialog.opened_on) if step.means in SUMS and is_explained else None


def _named_in_other_words(message: Message, step: Step) -> Value | None:
    """«На ручке», «4wd»; of who would take either of two, what stands for no preference."""
    if message.phrase.asks:
        return None
    options = options_in(step, message.told, on=message.dialog.opened_on)
    if len(options) == 1:
        return options[0]
    return step.for_undecided if options and _EITHER.search(message.phrase.text) is not None else None


_EITHER: Final = re.compile(r"\b(?:или|либо)\b|[,/]")

_TELLS: Final = re.compile(
    r"(?:и |да,? |а )?(?:забыл[аи]? (?:сказа|написа|указа|добав)"
    r"|кстати|учтите|имейте в виду|еще )"
)
"""What is told beside the question, and worth keeping."""

_RESTATED_IN: Final = 5
"""Words. More of them say more than an answer given before."""

_RANGE: Final = re.compile(r"[0-9] ?(?:тыс\.?|т|к|млн|г)? ?(?:-|–|/|до|или) ?[0-9]")


def _is_beyond_doubt(message: Message, step: Step, found: Mapping[str, Value]) -> bool:
    """The asked one is among them, or what was found can't be a clumsy answer to it, such as «100-120 тыс»."""
    if step.means in FIGURES and _RANGE.search(_without_phone(message)) is not None:
        return False
    if not found or step.name in found:
        return bool(found)
    means = {message.dialog.form.step(name).means for name in found}
    return step.means not in FIGURES or not means <= FIGURES


def _without_phone(message: Message) -> str:
    """In lower case; the dashes between its digits make no range."""
    return (message.phrase.text if message.mentioned.phone is None else mask(message.typed).text).lower()


def _with_more(message: Message, after: Dialog, step: Step) -> Dialog:
    """An exact answer says one figure; words beside it may still name a gearbox, or who speaks."""
    if after.asides == message.dialog.asides or step.name not in after.answers:
        return after
    others = {
        name: value
        for name, value in answers_in(message).items()
        if name != step.name and after.form.step(name).means not in FIGURES
    }
    if not others:
        return after
    taken = {step.name: after.answers[step.name], **others}
    return message.dialog.take(taken, remark=noted(after, others)).beside(left_over(message, taken))


def _with_name(after: Dialog, step: Step) -> Dialog:
    """«8 916 123-45-67 Иван»: who is not called yet, or only as their profile was, is now."""
    phone, name_step = after.answers.get(step.name), after.form.step_for(Meaning.NAME)
    if not isinstance(phone, Phone) or not phone.remark or name_step is None:
        return after
    is_called = name_step.name in after.answers
    is_given = not GIVEN_NAMES.isdisjoint(Phrase.of(phone.remark).words)
    if is_called and not (after.was_kept(name_step.name) and is_given):
        return after
    name = name_step.read(Phrase.of(phone.remark).text.title(), on=after.opened_on)
    if name is None:
        return after
    remark = put_right(after, {name_step.name: name}) if is_called else ""
    return after.take({step.name: phone.without_remark, name_step.name: name}, remark=remark)

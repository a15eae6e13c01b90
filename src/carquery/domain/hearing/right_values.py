"""What an answer given before should have been, in the words of who corrects it."""

import re
from typing import Final

from carquery.domain.answers import Option, Typed, Value
from carquery.domain.car import Kilometers
from carquery.domain.contact import PersonName, Phone
from carquery.domain.declension import declined
from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES, nominative
from carquery.domain.hearing.cars import car_named
from carquery.domain.hearing.choices import option_in, options_in
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.slips import Slip, bared, is_put
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.prefill import suggestions_of
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.unsure import Unsure
from carquery.domain.values import replace
from carquery.domain.words import Words


def right_value(message: Message, step: Step, slip: Slip) -> Value | None:
    """The value that is right, if the step takes one of it, or of its first parts; the others may say why."""
    parts = list(parts_of(slip.right))
    for right in (slip.right, *(parts if len(parts) > 1 else ())):
        if (value := _read_in(message, step, replace(slip, right=right))) is not None:
            return value
    return None


def _read_in(message: Message, step: Step, slip: Slip) -> Value | None:
    right, dialog = slip.right, message.dialog
    if step.means is Meaning.CAR:
        return _car(message, step, slip)
    if step.means is Meaning.PHONE:
        return _phone(step, right, dialog)
    if step.means is Meaning.NAME and is_put(message.phrase):
        right = " ".join(map(nominative, right.split()))
    if step.means is Meaning.NAME and not _may_be_a_name(bared(right, step)):
        return None
    if step.means is None and (option := option_in(step, Phrase.of(right), on=dialog.opened_on)) is not None:
        return option
    bare = bared(right, step)
    value = _closest(step, bare, dialog.answers[step.name], dialog) if bare else None
    value = value or option_in(step, Phrase.of(right), on=dialog.opened_on)
    return value if value is not None or step.takes_any_words else mentioned_in(message, right).get(step.name)


def was_said(message: Message, step: Step, wrong: str) -> bool:
    """Whether the answer that stands is what is called wrong."""
    answer = message.dialog.answers[step.name]
    bare = bared(wrong, step)
    if Phrase.of(bare).text == Phrase.of(answer.shown).text:
        return True
    match answer:
        case Words(text, said):
            wrong_words = set(Phrase.of(bare).words)
            is_named = bool(wrong_words) and wrong_words <= {*Phrase.of(text).words, *Phrase.of(said).words}
            return is_named or (step.means is Meaning.CAR and _is_same_car(message, wrong, text))
        case Option(shown=label):
            named = set(Phrase.of(bare).words)  # of a figure alone, none
            is_label = bool(named) and named <= set(Phrase.of(label).words)
            return is_label or (
                step.means is None and bool(options_in(step, Phrase.of(bare), on=message.dialog.opened_on))
            )
        case PersonName(name):
            called = set(Phrase.of(name).words)
            return not called.isdisjoint(Phrase.of(bare).words) or any(
                declined(word).intersection(Phrase.of(bare).words) for word in called
            )
        case _:
            return _closest(step, bare, answer, message.dialog) == answer


def _is_same_car(message: Message, wrong: str, text: str) -> bool:
    car = car_named(message.interpreter.mentions(wrong))
    return car != "" and (car == text or car in (text.split()[0], text.partition(" ")[2]) or car.endswith(f" {text}"))


def _may_be_a_name(words: str) -> bool:
    """Of several words, one that is known for a name, or has a capital: not «имя владельца в ПТС другое»."""
    row = words.split()
    return len(row) <= 1 or not GIVEN_NAMES.isdisjoint(Phrase.of(words).words) or row[0][0].isupper()


def _phone(step: Step, right: str, dialog: Dialog) -> Phone | None:
    """The number alone: what is said beside it is about the mistake."""
    for piece in (*reversed(re.split(r",(?![0-9])| правильн\w+| верн\w+|: ", right)), right):
        value = step.read(piece, on=dialog.opened_on)
        if isinstance(value, Phone):
            return value.without_remark
    return None


def _car(message: Message, step: Step, slip: Slip) -> Value | None:
    """A model alone is of the make that was given. A car that nobody knows must be said to be one."""
    bare = bared(slip.right, step)
    answer = message.dialog.answers[step.name].shown
    make = answer.split()[0]
    words = bare.split()
    behind = [" ".join(words[-few:]) for few in range(min(len(words) - 1, _MOST_OF_A_CAR), 0, -1)]  # «… седан киа рио»
    for text in (bare, f"{make} {bare}", *behind):
        car = car_named(message.interpreter.mentions(text))
        if car and car not in (answer, make):
            return Words(car, "" if car.casefold() == bare.casefold() else bare)
    is_told = bare != "" and slip.wrong != "" and was_said(message, step, slip.wrong)
    return step.read(bare, on=message.dialog.opened_on) if is_told else None


_MOST_OF_A_CAR: Final = 4
"""Words."""


def _closest(step: Step, typed: str, answer: Value, dialog: Dialog) -> Value | None:
    """What the step reads; of several readings, the one nearest to what was said before: «пробег 150» is no 150 km."""
    try:
        outcome = step.kind.take(Typed(typed), on=dialog.opened_on)
    except AnswerRefused:
        return None
    if not isinstance(outcome, Unsure):
        return getattr(outcome, "value", None)
    known = _size(answer)
    if known is None:
        return outcome.readings[0]
    return min(outcome.readings, key=lambda reading: abs((_size(reading) or 0) - known))


def _size(value: Value) -> int | None:
    match value:
        case Kilometers(distance):
            return distance
        case Rubles(amount):
            return amount
        case _:
            return None


def mentioned_in(message: Message, text: str) -> dict[str, Value]:
    dialog = message.dialog
    return suggestions_of(dialog.form, message.interpreter.mentions(text), "", on=dialog.opened_on)

"""Corrections of answers given before: «ой, не 2018 а 2019», «ошибся, пробег 150», «год 2019 на самом деле»."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from carquery.domain.answers import Option, Typed, Value
from carquery.domain.car import Kilometers
from carquery.domain.contact import PersonName, Phone
from carquery.domain.declension import declined
from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES, nominative
from carquery.domain.hearing.cars import car_named
from carquery.domain.hearing.choices import option_in, options_in
from carquery.domain.hearing.heard import Heard, Taken, WantsChange, WantsForm
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.sending import beside_sending
from carquery.domain.hearing.several import is_titled, parts_left, put_right, says_only
from carquery.domain.hearing.slips import (
    SLIP,
    Slip,
    bared,
    is_of_the_slip,
    is_put,
    meanings_named,
    slip_in,
    without_slips,
)
from carquery.domain.hearing.talk import SURE
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.prefill import suggestions_of
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.typed_text import clean
from carquery.domain.unsure import Unsure
from carquery.domain.values import replace
from carquery.domain.words import Words


def correction(message: Message) -> Heard | None:
    """The dialog with an answer put right, and still where it stands; `None`: the text says of no mistake.

    A mistake of which nobody can say what it is, is asked about at the summary.
    """
    slip = slip_in(clean(message.typed))
    if slip is None or message.phrase.holds(_ON_A_CONDITION):
        return None
    if message.wishes_in_words and isinstance(wish := message.talk(least=SURE), WantsForm):
        return wish  # «ой, мне лучше проверить машину, туссан»
    corrected = _several_put_right(message) or _put_right(message, slip, _meant(message, slip))
    if corrected is not None:
        return corrected
    told = Phrase.of(beside_sending(message.typed))
    is_asked_about = message.dialog.is_at_summary and (told.holds(SLIP) or "измен" in told.text)
    return WantsChange() if is_asked_about else None


def relabelled(message: Message) -> Heard | None:
    """«Год 2019», where nothing like a year is asked: the dialog with that answer; `None`: it is nothing like that."""
    if message.phrase.holds(_ON_A_CONDITION):
        return None
    return _several_put_right(message) or _put_right(message, Slip(clean(message.typed)), _called(message))


def renamed(message: Message) -> Heard | None:
    """A name and nothing else, where nobody asks for one any more: the dialog with that name."""
    step = message.dialog.form.step_for(Meaning.NAME)
    words = message.typed.split()
    is_name = len(words) <= _LONGEST_NAME and len({word[:1].isupper() for word in words}) == 1  # not «жена Ольга»
    if step is None or not is_name or GIVEN_NAMES.isdisjoint(message.phrase.words):
        return None
    return _put_right(message, Slip(clean(message.typed)), (step,)) if step.name in message.dialog.answers else None


_LONGEST_NAME: Final = 3
"""Words."""


def renumbered(message: Message) -> Heard | None:
    """A phone number and nothing else, where nobody asks for one any more: the dialog with that number."""
    step = message.dialog.form.step_for(Meaning.PHONE)
    if step is None or message.phrase.words or step.name not in message.dialog.answers:
        return None
    return _put_right(message, Slip(clean(message.typed)), (step,))


def restated(message: Message) -> dict[str, Value]:
    """By step name, what parts of a text say anew of answered steps that they call by name: «год 2019, пробег 130»."""
    stated = parts_of(_DENIED_WITH_COMMA.sub(r"\1 а ", message.typed))
    parts = [piece for part in stated for piece in _each_called(message, part)]
    anew: dict[str, Value] = {}
    for part in parts if len(parts) > 1 else ():
        said = Message(message.dialog, part, message.interpreter)
        slip = slip_in(part) or Slip(part)
        for step in () if said.phrase.holds(_DENIES) and not slip.wrong else _called(said):
            value = _read(said, step, slip)
            if value is not None and value != message.dialog.answers[step.name]:
                anew[step.name] = value
    return anew


def _each_called(message: Message, part: str) -> list[str]:
    """«Год на 2019 и пробег на 150»: what is joined by «и», if each of it calls an answered step."""
    pieces = _AND.split(part)
    is_each = all(any(_called(Message(message.dialog, piece, message.interpreter))) for piece in pieces)
    return pieces if is_each else [part]


_AND: Final = re.compile(r"\s+и\s+", re.IGNORECASE)
_DENIED_WITH_COMMA: Final = re.compile(r"\b(не [^,;]+), *а ", re.IGNORECASE)
_DENIES: Final = re.compile(r"\bне(?!\w)")


def _several_put_right(message: Message) -> Heard | None:
    """«Поправьте: год 2018, привод полный»."""
    anew = restated(message)
    return _corrected(message, anew) if len(anew) > 1 else None


def _put_right(message: Message, slip: Slip, meant: Iterable[Step]) -> Heard | None:
    for step in meant:
        value = _read(message, step, slip)
        is_new = value is not None and message.dialog.answers.get(step.name) != value
        if value is not None and is_new and (slip.wrong or _is_meant(message, step, value)):
            return _corrected(message, {step.name: value}, slip.wrong)
    return None


def _is_meant(message: Message, step: Step, value: Value) -> bool:
    """Whether what is to be put in is no more than that, where any words are kept: «напишите мне про автомат»."""
    asked = message.dialog.step
    if not is_put(message.phrase) or (asked is not None and asked.means not in (Meaning.SITUATION, Meaning.COMMENT)):
        return True
    put = next(filter(is_put, map(Phrase.of, message.parts)), message.phrase)
    return says_only(Phrase.of(bared(put.text, step)), {step.name: value}, message.dialog.form)


def _corrected(message: Message, anew: Mapping[str, Value], wrong: str = "") -> Taken:
    """With what is said beside it, and beside what is wrong: «ошибся, пробег 150, и позвоните вечером»."""
    beside = ", ".join(_said_beside(message, anew, wrong.lower()))
    return Taken(message.dialog.take(anew, remark=put_right(message.dialog, anew)).beside(beside))


def _said_beside(message: Message, anew: Mapping[str, Value], wrong: str) -> Iterator[str]:
    """Of parts that say what is wrong or right, what they add behind an «и»: «… на 2019 и перезвоните вечером»."""
    left = set(parts_left(message, anew))
    for part in message.parts:
        if part in left and not is_of_the_slip(part) and not (wrong and wrong in part.lower()):
            yield part
        else:
            yield from (said for said in _AND.split(part)[1:] if not is_of_the_slip(said))


def _meant(message: Message, slip: Slip) -> Iterator[Step]:
    """The steps that it may be about, the likeliest first; only such as were answered."""
    dialog = message.dialog
    answered = _answered(message)
    if slip.wrong:
        yield from (step for step in answered if _was_said(message, step, slip.wrong))
    if not message.phrase.holds(SLIP) and not is_put(message.phrase):
        return
    called = list(_called(message))
    yield from called
    if called:
        return
    yield from _chosen(message, slip.right)
    if is_put(message.phrase) and any(nominative(word).casefold() in GIVEN_NAMES for word in message.phrase.words):
        yield from (step for step in answered if step.means is Meaning.NAME)
    if slip.wrong or is_put(message.phrase):
        return
    mentioned = _mentioned(message, slip.right)
    kinds = [step for step in answered if step.name in mentioned]
    if len(kinds) == 1 and dialog.at not in mentioned:
        yield kinds[0]
    last = answered[-1:] if dialog.is_at_summary else [step for step in answered if _is_before(dialog, step)][-1:]
    if not GIVEN_NAMES.isdisjoint(message.phrase.words):
        yield from (step for step in answered if step.means is Meaning.NAME)
    yield from (step for step in last if not step.takes_any_words and not _answers_what_is_asked(message, slip.right))


def _chosen(message: Message, right: str) -> Iterator[Step]:
    """«Пусть будет механика»: the one answered step of which that is a ready answer."""
    dialog, phrase, on = message.dialog, Phrase.of(right), message.dialog.opened_on
    if dialog.step is not None and (dialog.step.means is Meaning.SITUATION or options_in(dialog.step, phrase, on=on)):
        return
    steps = [step for step in _answered(message) if step.means is None and options_in(step, phrase, on=on)]
    yield from steps if len(steps) == 1 else ()


def _answered(message: Message) -> list[Step]:
    """The steps that it may put right; not those of which it tells one more."""
    dialog, kept = message.dialog, {Meaning.PHOTOS}
    if message.phrase.holds(_ONE_MORE):
        kept |= {Meaning.CAR, Meaning.YEAR, Meaning.NAME, Meaning.PHONE}
    steps = (step for step in dialog.form.steps if step.name in dialog.answers and step.means not in kept)
    return [step for step in steps if step.name != dialog.at]


_ON_A_CONDITION: Final = re.compile(
    r"\bесли (?!что\b|честно|(?:это )?(?:можно|возможно|не (?:сложно|трудно|поздно)))"
    r"|\b(?:мог(?:у|ем)|можем|готов[аы]?) (?:\w+ ){0,2}\w+(?:ть|ти)(?:ся)?(?!\w)"
)
"""«Цену могу снизить до 1,1 млн при быстрой сделке»."""
_ONE_MORE: Final = re.compile(
    r"\b(?:втор(?:ой|ая|ую)|запасн\w+|дополнительн\w+|резервн\w+) (?:\w+ )?(?:номер|тел|контакт|маши?н|авто|тачк)"
    r"|\b(?:номер\w*|телефон\w*|тел|машин\w*) (?:втор(?:ой|ая)|запасн\w+|дополнительн\w+|резервн\w+)"
    r"|\bещ[её] (?:есть|один|одна|одну)\b|\bесть (?:и )?(?:ещ[её]|друг(?:ой|ая))\b|\bдруг(?:ой|ая) \w+ (?:тоже )?есть\b"
)
"""«Запасной номер 8 903 …», «ещё есть рио 2015»: beside what was given, not instead of it."""


def _called(message: Message) -> Iterator[Step]:
    """Answered steps that the text calls by name."""
    folded = message.phrase.text
    labels = meanings_named(folded)
    return (
        step for step in _answered(message) if step.means in labels or (step.means is None and is_titled(step, folded))
    )


def _answers_what_is_asked(message: Message, right: str) -> bool:
    """«Ой, 1,5 млн» where the price is asked; «ошибся, 1,5 млн» is about what was said before."""
    dialog = message.dialog
    if dialog.step is None or _CERTAIN_SLIP.search(message.phrase.text) is not None:
        return False
    if dialog.step.means is Meaning.MILEAGE and _YEAR_ALONE.fullmatch(without_slips(right).strip(" ,.!")):
        return False
    return dialog.step.read(without_slips(right).strip(" ,.!"), on=dialog.opened_on) is not None


_YEAR_ALONE: Final = re.compile(r"(?:19|20)[0-9]{2}")
_CERTAIN_SLIP: Final = re.compile(r"\b(?:ошиб|опечат|исправ|поправ|перепута|напута|вернее|точнее|не то)")


def _mentioned(message: Message, text: str) -> dict[str, Value]:
    dialog = message.dialog
    return suggestions_of(dialog.form, message.interpreter.mentions(text), "", on=dialog.opened_on)


def _is_before(dialog: Dialog, step: Step) -> bool:
    return dialog.at is not None and dialog.form.number(step.name) < dialog.form.number(dialog.at)


def _was_said(message: Message, step: Step, wrong: str) -> bool:
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


def _read(message: Message, step: Step, slip: Slip) -> Value | None:
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
    return value if value is not None or step.takes_any_words else _mentioned(message, right).get(step.name)


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
    is_told = bare != "" and slip.wrong != "" and _was_said(message, step, slip.wrong)
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

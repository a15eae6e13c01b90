"""Corrections of answers given before: «ой, не 2018 а 2019», «ошибся, пробег 150», «год 2019 на самом деле»."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from carquery.domain.answers import Value
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.heard import Heard, Taken, WantsChange, WantsForm
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase, parts_of
from carquery.domain.hearing.right_values import right_value
from carquery.domain.hearing.sending import beside_sending
from carquery.domain.hearing.several import parts_left, put_right, says_only
from carquery.domain.hearing.slips import SLIP, Slip, bared, is_of_the_slip, is_put, slip_in
from carquery.domain.hearing.steps_meant import steps_called, steps_meant
from carquery.domain.hearing.talk import SURE
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step
from carquery.domain.typed_text import clean


def correction(message: Message) -> Heard | None:
    """The dialog with an answer put right, and still where it stands; `None`: the text says of no mistake.

    A mistake of which nobody can say what it is, is asked about at the summary.
    """
    slip = slip_in(clean(message.typed))
    if slip is None or message.phrase.holds(_ON_A_CONDITION):
        return None
    if message.wishes_in_words and isinstance(wish := message.talk(least=SURE), WantsForm):
        return wish  # «ой, мне лучше проверить машину, туссан»
    corrected = _several_put_right(message) or _put_right(message, slip, steps_meant(message, slip))
    if corrected is not None:
        return corrected
    told = Phrase.of(beside_sending(message.typed))
    is_asked_about = message.dialog.is_at_summary and (told.holds(SLIP) or "измен" in told.text)
    return WantsChange() if is_asked_about else None


def relabelled(message: Message) -> Heard | None:
    """«Год 2019», where nothing like a year is asked: the dialog with that answer; `None`: it is nothing like that."""
    if message.phrase.holds(_ON_A_CONDITION):
        return None
    return _several_put_right(message) or _put_right(message, Slip(clean(message.typed)), steps_called(message))


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
        for step in () if said.phrase.holds(_DENIES) and not slip.wrong else steps_called(said):
            value = right_value(said, step, slip)
            if value is not None and value != message.dialog.answers[step.name]:
                anew[step.name] = value
    return anew


def _each_called(message: Message, part: str) -> list[str]:
    """«Год на 2019 и пробег на 150»: what is joined by «и», if each of it calls an answered step."""
    pieces = _AND.split(part)
    is_each = all(any(steps_called(Message(message.dialog, piece, message.interpreter))) for piece in pieces)
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
        value = right_value(message, step, slip)
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


_ON_A_CONDITION: Final = re.compile(
    r"\bесли (?!что\b|честно|(?:это )?(?:можно|возможно|не (?:сложно|трудно|поздно)))"
    r"|\b(?:мог(?:у|ем)|можем|готов[аы]?) (?:\w+ ){0,2}\w+(?:ть|ти)(?:ся)?(?!\w)"
)
"""«Цену могу снизить до 1,1 млн при быстрой сделке»."""

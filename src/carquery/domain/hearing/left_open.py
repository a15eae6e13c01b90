"""Answers of customers who don't know or don't mind: the button for it, a question passed over, or asked back."""

from collections.abc import Iterator
from typing import Final

from carquery.domain.answers import Option
from carquery.domain.dialog import Dialog
from carquery.domain.hearing.choices import options_in
from carquery.domain.hearing.heard import Commands, Heard, NotTaken, Taken
from carquery.domain.hearing.leaving import seems_passed_over
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.several import answers_in
from carquery.domain.hearing.talk import SURE
from carquery.domain.hearing.undecided import adds_nothing, is_at_a_loss, is_undecided, seems_undecided
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step
from carquery.domain.typed_commands import Command

UNKNOWN: Final = Option("unknown", "не знаю")
"""What stands for a year or a mileage that nobody remembers, once the customer insists."""
ROUGHLY: Final = "Можно примерно. Если совсем не помните, нажмите «Не знаю»"
WHY_PHONE: Final = "Без номера менеджер не сможет вам позвонить. Напишите его, например +7 916 123-45-67"
AS_IT_COMES: Final = "Напишите как получится, своими словами: что случилось и чего вы хотите"
WHAT_IS_NEAREST: Final = "Выберите, что ближе, или нажмите «{own}»"
NAME_A_CAR: Final = "Напишите марку и модель, можно примерно: например, Toyota или Lada Vesta"


def left_open(message: Message) -> Heard | None:
    """What comes of it that a customer says so; `None`: the text says something else."""
    dialog, step = message.dialog, message.dialog.step
    if step is None or dialog.asks_consent:
        return None
    is_lost = is_at_a_loss(message.phrase, asks_a_choice=step.means is None) or is_undecided(message.phrase)
    if step.takes_any_words and is_lost:
        return _at_a_loss(dialog, step)
    if not is_undecided(message.phrase, asks_price=step.means is Meaning.PRICE):
        return _perhaps_undecided(message, step)
    if step.for_undecided is not None:
        return Taken(dialog.take({step.name: step.for_undecided}))
    if dialog.can_skip:
        return Commands(Command.SKIP)
    match step.means:
        case Meaning.YEAR | Meaning.MILEAGE:
            return Taken(dialog.doubt((UNKNOWN,), remark=ROUGHLY))
        case Meaning.PHONE:
            return NotTaken(WHY_PHONE)
        case _:
            return None


def _at_a_loss(dialog: Dialog, step: Step) -> Heard | None:
    """Where any words are an answer, these are none; «Другое» that nobody can put into words is just that."""
    if step.for_undecided is not None:
        return Taken(dialog.take({step.name: step.for_undecided}))
    if dialog.can_skip:
        return Commands(Command.SKIP)
    match step.means:
        case Meaning.CAR:
            return NotTaken(NAME_A_CAR)
        case Meaning.SITUATION:
            return NotTaken(f"{AS_IT_COMES}, например: {step.example}" if step.example else AS_IT_COMES)
        case None if step.for_own_words is not None:
            own = step.for_own_words
            return (
                Taken(dialog.take({step.name: own}))
                if dialog.typing
                else NotTaken(WHAT_IS_NEAREST.format(own=own.shown))
            )
        case _:
            return None


_NOT_TO_BE_MADE_UP: Final = (Meaning.YEAR, Meaning.MILEAGE, Meaning.VIN, Meaning.PHOTOS)


def _perhaps_undecided(message: Message, step: Step) -> Heard | None:
    """Who says so among other words, none of which answers what is asked or anything else; what they add is kept."""
    dialog, phrase = message.dialog, message.phrase
    if step.for_undecided is None and step.means not in _NOT_TO_BE_MADE_UP:
        return None
    seems_so = seems_undecided(phrase, asks_price=step.means is Meaning.PRICE) or seems_passed_over(dialog, phrase)
    if not seems_so or message.mentioned.stated:
        return None
    if answers_in(message) or options_in(step, phrase, on=dialog.opened_on) or message.talk(least=SURE) is not None:
        return None
    if step.for_undecided is not None:
        after = dialog.take({step.name: step.for_undecided})
    elif dialog.can_skip:
        after = dialog.skip()
    else:
        return Taken(dialog.doubt((UNKNOWN,), remark=ROUGHLY))
    return Taken(after if adds_nothing(phrase) else after.beside(", ".join(_added(message))))


def _added(message: Message) -> Iterator[str]:
    """The parts that say more than that: «вин не знаю, машина не моя»."""
    parts = list(message.parts)
    said = [part for part in parts if not adds_nothing(Phrase.of(part))]
    yield from said if len(parts) > 1 else parts

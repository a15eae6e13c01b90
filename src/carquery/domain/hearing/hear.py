"""Hearing an answer: what a text in a form is, in the order in which it may be something.

A command; yes and no to what was asked; a correction; the answer to this step, with others; a question, a wish for a
person or another service; else what is expected. Nothing here waits or changes anything, and nothing said is dropped.
"""

import re
from typing import Final

from carquery.domain.dialog import PRESS_A_BUTTON, Dialog
from carquery.domain.hearing.asked import each_asked
from carquery.domain.hearing.at_summary import added, at_summary
from carquery.domain.hearing.beside import with_known, with_question
from carquery.domain.hearing.cars import hear_car
from carquery.domain.hearing.change_of_mind import change_of_mind, what_follows
from carquery.domain.hearing.choices import beside_unwanted, options_in
from carquery.domain.hearing.corrections import correction, relabelled
from carquery.domain.hearing.exactly import exactly
from carquery.domain.hearing.heard import AsksUs, Commands, Courtesy, Heard, NotTaken, Taken, WantsForm, WantsPerson
from carquery.domain.hearing.late import answered_late
from carquery.domain.hearing.leaving import LEAVES, gives_up, goes_on, is_done, keeps, passes_over, says_to_leave
from carquery.domain.hearing.left_open import UNKNOWN, left_open
from carquery.domain.hearing.message import Interprets, Message, Once, asks_something
from carquery.domain.hearing.names import hear_name
from carquery.domain.hearing.own_words import KEEPS_ALL, in_own_words
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.sending import holds_back
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE
from carquery.domain.hearing.undecided import insists
from carquery.domain.hearing.yes_or_no import agrees
from carquery.domain.meaning import Meaning
from carquery.domain.typed_commands import Command, read_command


def hear(dialog: Dialog, typed: str, interpreter: Interprets) -> Heard:
    """What a text is that came while the dialog stood so.

    Args:
        interpreter: says what a text is about; asked only where it matters, once for each text.
    """
    message = Message(dialog, typed, Once(interpreter))
    for case in (_command, _confirmation, at_summary, correction, _instead, left_open, _answer):
        if (heard := case(message)) is not None:
            heard = with_question(message, with_known(message, _added(message, heard)))
            break
    else:
        heard = message.talk(least=LIKELIER_THAN_NOT) or asks_something(message) or NotTaken(PRESS_A_BUTTON)
    return each_asked(heard, typed, message.interpreter.understand) if isinstance(heard, AsksUs) else heard


_ADDS: Final = re.compile(
    r"^(?:(?:и|а|еще|там) )*(?:добавьте|допишите|укажите|отметьте|передайте|в комментари[а-я]*|комментари[а-я]*)(?!\w)"
)


def _added(message: Message, heard: Heard) -> Heard:
    """«Допишите: …»: what follows and answers nothing is for the manager, whatever it sounds like. So is a link."""
    if isinstance(heard, NotTaken) and message.is_link:
        return NotTaken(heard.hint, message.typed)
    is_no_answer = isinstance(heard, NotTaken | WantsForm)
    return Taken(message.dialog.say_aside(message.typed)) if is_no_answer and message.phrase.holds(_ADDS) else heard


def _command(message: Message) -> Heard | None:
    dialog, phrase = message.dialog, message.phrase
    command = read_command(message.typed)
    if command is not None:
        return Commands(command)
    if len(dialog.readings) == 1:
        return None
    if is_done(dialog, phrase):
        return Commands(Command.KEEP)
    if passes_over(dialog, phrase):
        return Commands(Command.SKIP)
    if keeps(dialog, phrase):
        return Commands(Command.KEEP)
    if goes_on(phrase):
        return Courtesy()
    if _is_about_a_choice(message):
        return None
    is_held = dialog.is_at_summary and holds_back(phrase) and phrase.text.startswith("стоп")
    if is_held or not gives_up(dialog, phrase) or not gives_up(dialog, beside_unwanted(message)):
        return None
    meant = correction(message) or message.talk(least=LIKELIER_THAN_NOT if phrase.holds(_WANTS) else SURE)
    if meant is not None and _is_more_than_leaving(meant, phrase):
        return meant
    return change_of_mind(message) or Commands(Command.CANCEL)


def _is_about_a_choice(message: Message) -> bool:
    """«Переднего хватит», «сейчас механика, надоела»: said of what is offered to choose from."""
    step, phrase = message.dialog.step, message.phrase
    if (
        step is None
        or not phrase.holds(_IS_SAID_OF_THINGS)
        or says_to_leave(Phrase.of(_IS_SAID_OF_THINGS.sub(" ", phrase.text)))
    ):
        return False
    return bool(options_in(step, message.told, on=message.dialog.opened_on)) and not isinstance(
        message.talk(least=SURE), WantsPerson
    )


_IS_SAID_OF_THINGS: Final = re.compile(r"\b(?:хватит|надоел[аои]?)(?!\w)")


def _is_more_than_leaving(meant: Heard, phrase: Phrase) -> bool:
    """«Стоп, не ту коробку нажал, нужен автомат», «надоел, тупой робот», «передумал продавать, хочу купить»."""
    match meant:
        case Taken():
            return True
        case WantsPerson(is_upset):
            return is_upset
        case WantsForm():
            return phrase.holds(_WANTS)
        case _:
            return False


_WANTS: Final = re.compile(r"(?<!не )\b(?:хочу|хотим|хотел[аи]?|нужн?[аоы]?|нужен|надо|бы|помогите|давайте)(?!\w)")


def _confirmation(message: Message) -> Heard | None:
    """Yes or no to the one reading that is offered."""
    dialog = message.dialog
    if len(dialog.readings) != 1:
        return None
    if dialog.readings[0] == UNKNOWN and insists(message.phrase):
        return Taken(dialog.choose(0))
    match agrees(message.typed, few_words=_FEW_WORDS):
        case True:
            return Taken(dialog.choose(0))
        case False:
            again = Message(dialog.back(), what_follows(message.typed), message.interpreter)
            meant = _answer(again) if again.typed else None
            return meant if isinstance(meant, Taken) and not meant.dialog.readings else Taken(again.dialog)
        case None:
            return Commands(Command.CANCEL) if gives_up(dialog, message.phrase) else None


_FEW_WORDS: Final = 4


def _instead(message: Message) -> Heard | None:
    """«Не, давайте 2019»; where any words are an answer, they are this one unless they name another's."""
    step, meant = message.dialog.step, change_of_mind(message)
    if step is None or not step.takes_any_words or step.means is Meaning.NAME or message.phrase.holds(LEAVES):
        return meant
    is_its_own = step.means in KEEPS_ALL or (isinstance(meant, Taken) and step.name in meant.dialog.answers)
    return None if is_its_own else meant


def _answer(message: Message) -> Heard | None:
    """The answer to this step, and with it or instead of it others."""
    dialog, step = message.dialog, message.dialog.step
    if step is None:
        return added(message)
    if dialog.asks_consent:
        return None
    if (late := answered_late(message)) is not None:
        return late
    if step.means is Meaning.CAR:
        return hear_car(message, step)
    if step.means is Meaning.NAME:
        heard = hear_name(message, step)
        return (relabelled(message) or heard) if isinstance(heard, NotTaken) else heard
    return in_own_words(message, step) if step.takes_any_words else exactly(message, step)

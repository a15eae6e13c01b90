"""A plain answer to an earlier question, where it can be nothing else: «2015» at the gearbox."""

import re
from typing import Final

from carquery.domain.answers import Option, Typed, Value
from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.hearing.choices import option_in
from carquery.domain.hearing.heard import Courtesy, Heard, Taken
from carquery.domain.hearing.left_open import UNKNOWN
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.several import put_right, says_only
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step


def answered_late(message: Message) -> Heard | None:
    """The dialog with that answer in the place of the one that stands; `None`: it is nothing like that."""
    dialog, asked = message.dialog, message.dialog.step
    if asked is None or asked.means in (Meaning.SITUATION, Meaning.COMMENT) or message.phrase.asks:
        return None
    said = {step.name: value for step in dialog.form.steps if (value := _plainly(message, step, asked)) is not None}
    if len(said) != 1:
        return None
    return (
        Courtesy()
        if said.items() <= dialog.answers.items()
        else Taken(dialog.take(said, remark=put_right(dialog, said)))
    )


def _plainly(message: Message, step: Step, asked: Step) -> Value | None:
    """What the whole text is, read as an answer to that step, which has one already."""
    dialog = message.dialog
    if step is asked or step.name not in dialog.answers:
        return None
    if step.means is Meaning.NAME:
        return _name(message, step, asked)
    if step.means is None:
        return _option(message, step, asked)
    if step.means is Meaning.VIN:
        return step.read(message.typed, on=dialog.opened_on)
    return _figure(message, step, asked)


def _option(message: Message, step: Step, asked: Step) -> Option | None:
    phrase, on = message.phrase, message.dialog.opened_on
    option = option_in(step, phrase, on=on)
    if option is None or option == step.for_undecided or option_in(asked, phrase, on=on) is not None:
        return None
    is_whole = len(phrase.text) >= len(option.shown.split()[0])  # «Седа» is a name
    return option if is_whole and says_only(phrase, {step.name: option}, message.dialog.form) else None


_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


def _figure(message: Message, step: Step, asked: Step) -> Value | None:
    """Of the question just before; a year is a mileage as well, unless nobody knew the year, and «21099» is a car."""
    dialog = message.dialog
    if asked.takes_any_words and not message.phrase.words:
        return None
    is_just_before = dialog.form.number(asked.name) == dialog.form.number(step.name) + 1
    if not is_just_before or step.means not in (Meaning.YEAR, Meaning.MILEAGE, Meaning.PRICE, Meaning.BUDGET):
        return None
    was_unknown = dialog.answers[step.name] == UNKNOWN and _YEAR.fullmatch(message.phrase.text) is not None
    if _reads(asked, message.typed, dialog) and not was_unknown:
        return None
    says_more = step.says_more is not None and step.says_more(message.typed)
    return None if says_more else step.read(message.typed, on=dialog.opened_on)


def _reads(step: Step, typed: str, dialog: Dialog) -> bool:
    """Whether it may be an answer there, even if it would be asked which."""
    try:
        step.kind.take(Typed(typed), on=dialog.opened_on)
    except AnswerRefused:
        return False
    return not step.takes_any_words


_MOST_NAMES: Final = 2


def _name(message: Message, step: Step, asked: Step) -> Value | None:
    """Where the phone is asked, and the name that stands is no more than one that was known, and kept."""
    dialog, words = message.dialog, message.phrase.words
    if asked.means is not Meaning.PHONE or not dialog.was_kept(step.name) or message.phrase.has_figures:
        return None
    is_name = len(words) <= _MOST_NAMES and not GIVEN_NAMES.isdisjoint(words)
    return step.read(message.typed, on=dialog.opened_on) if is_name else None

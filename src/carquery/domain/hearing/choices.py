"""Ready answers that a text names: at the question that offers them, and in passing: «на автомате», «под такси»."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form
from carquery.domain.hearing.meant import meant_of_the_wanted_car, stands, without_unwanted
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.steps import ByChoice, Step


def chosen_in(form: Form, phrase: Phrase, *, on: date) -> dict[str, Option]:
    """By step name, the choices that a text says beyond doubt, whatever is asked; `on`: the day of the dialog.

    Nothing of a step of which it names several, of what is refused, and, of what the wanted car is like, of what is
    said of another car or weighed in a question.
    """
    of_the_car = meant_of_the_wanted_car(phrase)
    found = ((step, _said_in(step, of_the_car if _is_of_the_car(step) else phrase, on)) for step in form.steps)
    return {step.name: options[0] for step, options in found if len(options) == 1}


def option_in(step: Step, phrase: Phrase, *, on: date) -> Option | None:
    """The one ready answer whose label stands in the text, in any case of its words: «для семьи, до двух миллионов»."""
    named = options_in(step, phrase, on=on)
    return named[0] if len(named) == 1 else None


def options_in(step: Step, phrase: Phrase, *, on: date) -> list[Option]:
    """Those whose label, or another word for it, stands in the text; not those of another car, if there are others."""
    meant = _wanted_in(step, meant_of_the_wanted_car(phrase), on) if _is_of_the_car(step) else []
    return meant or _wanted_in(step, phrase, on)


def beside_unwanted(message: Message) -> Phrase:
    """The text without a ready answer that is not wanted: «не надо механику» refuses no more than that."""
    return without_unwanted(message.phrase) if refuses_a_choice(message) else message.phrase


def refuses_a_choice(message: Message) -> bool:
    """Whether a ready answer of the form is named and not wanted."""
    phrase, on = message.phrase, message.dialog.opened_on
    return any(_named_in(step, phrase, on) != _wanted_in(step, phrase, on) for step in message.dialog.form.steps)


def asks_of_a_choice(message: Message, step: Step) -> bool:
    """«А я с роботом разговариваю?» where that is a gearbox: a question, and no wish for anybody else."""
    on = message.dialog.opened_on
    return bool(options_in(step, message.phrase, on=on)) and not options_in(step, message.told, on=on)


def labels_of(option: Option) -> Iterator[re.Pattern[str]]:
    """What it is called at its own question; «Для работы и такси» is said of either."""
    yield from (_words(words) for words in (option.also, option.said) if words)
    yield from map(_words, _button_of(option))


def _is_of_the_car(step: Step) -> bool:
    return isinstance(step.kind, ByChoice) and step.kind.of_the_car


def _named_in(step: Step, phrase: Phrase, on: date) -> list[Option]:
    return [option for option in _options(step, on) if any(map(phrase.holds, labels_of(option)))]


def _wanted_in(step: Step, phrase: Phrase, on: date) -> list[Option]:
    return [option for option in _options(step, on) if _is_wanted(option, phrase)]


def _is_wanted(option: Option, phrase: Phrase) -> bool:
    """«Привод не важен» refuses nothing where «Не важно» is a choice."""
    says_no = Phrase.of(option.shown).words[:1] == ("не",)
    return any(phrase.holds(label) if says_no else stands(label, phrase) for label in labels_of(option))


def _options(step: Step, on: date) -> Iterator[Option]:
    """Without the one that only asks for a typed answer: «Другое»."""
    return (option for option in step.kind.options(on) if step.read(option.shown, on=on) is not None)


@lru_cache(maxsize=256)
def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _button_of(option: Option) -> Iterator[str]:
    first, *others = Phrase.of(option.shown).text.split(" и ")
    preposition = f"{first.split()[0]} " if len(first.split()[0]) <= _LONGEST_PREPOSITION else ""
    for label in (first, *(f"{preposition}{other}" for other in others)):
        yield " ".join(map(_in_any_case, label.split()))


_ADJECTIVE: Final = ("ий", "ый", "ой")
_SHORTEST_CHOICE: Final = 4
_LONGEST_PREPOSITION: Final = 3
_SHORTEST_DECLINED: Final = 5
"""Letters of a word in a vowel that has cases: «купе» has none, and «купить» is no form of it."""


def _in_any_case(word: str) -> str:
    is_bare = len(word) < _SHORTEST_CHOICE or (len(word) < _SHORTEST_DECLINED and word[-1] in "еи")
    if is_bare:
        return re.escape(word)
    return rf"{re.escape(word[:-2] if word.endswith(_ADJECTIVE) else word[:-1])}\w{{0,3}}"


# Beyond doubt


def _said_in(step: Step, phrase: Phrase, on: date) -> list[Option]:
    if step.means is not None or not isinstance(step.kind, ByChoice):
        return []
    options = (option for option in _options(step, on) if option != step.for_undecided)
    return [option for option in options if _is_said(option, step, phrase)]


def _is_said(option: Option, step: Step, phrase: Phrase) -> bool:
    """Several words or a noun say enough; an adjective stands alone between commas, or beside its step's title."""
    if option.said and stands(_words(option.said), phrase):
        return True
    (word, *others), noun = Phrase.of(option.shown).words, Phrase.of(step.title).words[-1]
    if others:
        return any(stands(_words(label), phrase) for label in _button_of(option) if " " in label)
    if len(word) < _SHORTEST_CHOICE:
        return False
    if word in (part.strip() for part in phrase.text.split(",")):
        return True
    if word.endswith(_ADJECTIVE):
        stem = re.escape(word[:-2])
        return stands(_words(rf"{stem}\w{{2,3}} {noun[:5]}\w*|{noun[:5]}\w* {stem}\w{{2,3}}"), phrase)
    stem, endings = re.escape(word.rstrip("аяьй")), _OF_A_WOMAN if word[-1] in "ая" else _OF_A_MAN
    return stands(_words(f"{stem}{endings}"), phrase)


_OF_A_MAN: Final = r"(?:чик\w{0,2}|а|у|е|ом|и|ы|я|ю|ь|й|ей|ов|ам|ах)?"
_OF_A_WOMAN: Final = "(?:а|у|е|ой|и|ы|я|ю|ей)"
"""«Механика»: a «механик» is somebody else."""

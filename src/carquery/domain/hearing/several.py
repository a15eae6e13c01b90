"""Answers to other steps that stand in the same text: «камри 2018, 120 тыс, хочу 1,5 млн»."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Final

from carquery.domain.answers import Option, Value
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Form
from carquery.domain.hearing.asked import told_in
from carquery.domain.hearing.choices import chosen_in, labels_of, options_in
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.undecided import is_undecided
from carquery.domain.meaning import Meaning
from carquery.domain.number_words import CARDINALS, FRACTIONS
from carquery.domain.personal.vehicles import vins
from carquery.domain.prefill import suggestions_of
from carquery.domain.steps import ByYear, Step
from carquery.domain.typed_commands import read_yes_or_no
from carquery.domain.understanding import Entities, Understand
from carquery.domain.values import replace
from carquery.domain.words import Words

SUMS: Final = frozenset({Meaning.MILEAGE, Meaning.PRICE, Meaning.BUDGET})
FIGURES: Final = SUMS | {Meaning.YEAR}

_OF_MONEY: Final = re.compile(
    r"руб|₽|\bр\b|[0-9]р\b|\bцен|прошу|хочу|отда[мю]|стои|млн|миллион|лям|бюджет|торг|получить|выручить"
    r"|\bза\b|сумм|[0-9] ?кк\b"
)
_MOST_DRIVEN: Final = 400_000
_LEAST_DRIVEN: Final = 1_000
_YEAR: Final = re.compile(r"(?<![0-9.,])(?:19[5-9]|20[0-9])[0-9](?![0-9])(?![.,][0-9])(?! ?(?:км|руб|тыс|р\b|₽))")


def answers_in(message: Message) -> dict[str, Value]:
    """By step name, what the text answers beyond doubt of what is not answered yet, or is asked now."""
    dialog = message.dialog
    open_steps = [step.name for step in dialog.form.steps if step.name == dialog.at or step.name not in dialog.answers]
    if _DENIED.search(message.phrase.text) is not None:
        return {}
    told, on = message.told, dialog.opened_on
    found = {
        **_left_open(message),
        **values_in(dialog.form, message.mentioned, told, answered=dialog.answers, on=on),
    }
    if dialog.step is not None and len(options_in(dialog.step, told, on=on)) > 1:
        found.pop(dialog.step.name, None)
    if dialog.step is not None and dialog.step.means is Meaning.YEAR and dialog.step.name not in found:
        found |= the_only_year(dialog.step, message)
    return {name: value for name, value in found.items() if name in open_steps}


def _left_open(message: Message) -> dict[str, Value]:
    """«1,9 млн, марка любая»: of steps that a part calls by their title, and does not mind."""
    parts = [phrase for phrase in map(Phrase.of, message.parts) if is_undecided(phrase)]
    return {
        step.name: step.for_undecided
        for step in message.dialog.form.steps
        if step.for_undecided is not None and any(is_titled(step, phrase.text) for phrase in parts)
    }


_SHORTEST_TITLE: Final = 5


def is_titled(step: Step, folded: str) -> bool:
    """Whether a text calls the step by its title."""
    first = Phrase.of(step.title).words[0]
    return len(first) >= _SHORTEST_TITLE and re.search(rf"(?<!\w){first[:5]}\w*", folded) is not None


_DENIED: Final = re.compile(r"\bне [0-9]")
"""«Не 2018»: what it is instead, nobody has said."""


def values_in(
    form: Form, mentioned: Entities, phrase: Phrase, *, answered: Collection[str] = (), on: date
) -> dict[str, Value]:
    """By step name, what is mentioned, in the roles that it has in this form.

    Args:
        answered: names of the steps that have an answer already.
        on: the day the dialog was opened.
    """
    stated = suggestions_of(form, _in_their_roles(form, mentioned, phrase, answered), "", on=on)
    return {**_least_year(form, phrase, on), **stated, **chosen_in(form, phrase, on=on)}


def _least_year(form: Form, phrase: Phrase, on: date) -> dict[str, Value]:
    """By that step's name, a bound that is no year of any car: «с 2017 года и до 950 тыщ»."""
    of_the_car = ",".join(part for part in phrase.text.split(",") if _OF_LIFE.search(part) is None)
    step, bounds = form.step_for(Meaning.YEAR), _LEAST_YEAR.findall(of_the_car)
    if step is None or len(bounds) != 1 or not (isinstance(step.kind, ByYear) and step.kind.is_least):
        return {}
    year = step.read(bounds[0], on=on)
    return {} if year is None else {step.name: year}


_LEAST_YEAR: Final = re.compile(
    r"\b(?:с|от|начиная с|не (?:старше|раньше|ранее|ниже)(?: чем)?) ((?:19[89]|20[0-9])[0-9])"
    r"(?![0-9])(?![.,][0-9])(?! ?(?:км|руб|тыс|т\.? ?р|к\b|р\b|₽|\$|€|долл|евро|куб|см|кг|л\b|об|-|–|до))"
)
_OF_LIFE: Final = re.compile(r"\b(?:стаж|за рулем|права|работа|вожу|води[лт]|езжу|езди|живу|живем|владе|на пенсии)")
"""«Стаж с 2010 года»."""


def stated_in(form: Form, typed: str, mentioned: Entities, understand: Understand, *, on: date) -> dict[str, Value]:
    """By step name, what a message that wants that form says of what it asks, beyond doubt; its questions about us say
    nothing of it."""
    return values_in(form, mentioned, Phrase.of(told_in(typed, understand)), on=on)


def _in_their_roles(form: Form, mentioned: Entities, phrase: Phrase, answered: Collection[str]) -> Entities:
    """«камри 2018 120 тыс»: who sells a car says how far it has gone before what it costs, with no word for either."""
    sum_ = mentioned.price or mentioned.budget
    mileage = form.step_for(Meaning.MILEAGE)
    is_mileage = (
        mileage is not None
        and mileage.name not in answered
        and mentioned.mileage is None
        and sum_ is not None
        and _LEAST_DRIVEN <= sum_ <= _MOST_DRIVEN
        and _OF_MONEY.search(phrase.text) is None
    )
    return replace(mentioned, mileage=sum_, price=None, budget=None) if is_mileage else mentioned


def the_only_year(step: Step, message: Message) -> dict[str, Value]:
    """By that step's name, the one year that stands in the text."""
    years = _YEAR.findall(message.phrase.text)
    year = step.read(years[0], on=message.dialog.opened_on) if len(years) == 1 else None
    return {} if year is None else {step.name: year}


# What is said of what was taken


def noted(dialog: Dialog, taken: Mapping[str, Value]) -> str:
    """«Записали: 2018, 120 000 км», in the form's order."""
    shown = [taken[step.name].shown for step in dialog.form.steps if step.name in taken]
    return f"Записали: {', '.join(shown)}"


def put_right(dialog: Dialog, anew: Mapping[str, Value]) -> str:
    """«Исправили: Год – 2019», in the form's order; empty: nothing was."""
    shown = [f"{step.title} – {anew[step.name].shown}" for step in dialog.form.steps if step.name in anew]
    return f"Исправили: {', '.join(shown)}" if shown else ""


def left_over(message: Message, taken: Mapping[str, Value]) -> str:
    """The parts of the text that say something else than what was taken, in their order."""
    return ", ".join(part for part in parts_left(message, taken))


def parts_left(message: Message, taken: Mapping[str, Value]) -> Iterator[str]:
    """Those parts."""
    return (part for part in message.parts if read_yes_or_no(part) is None and not _is_taken(message, part, taken))


_LABELS: Final = re.compile(
    r"\b(?:продам|продаю|продается|куплю|хочу|продать|купить|тел|телефон|номер|звоните|цена|пробег|год|здравствуйте"
    r"|добрый день|привет|(?:очень )?приятно(?: познакомиться)?|будем знакомы|рад[аы]? (?:знакомству|познакомиться)"
    r"|меня зовут|пожалуйста|спасибо|имя|машин[аую]|авто|автомобиль|срочно|км|г|года?|в|на|за"
    r"|руб\w*|р|тыс\w*|млн|миллион\w*|у|меня|она?|ее|его|прошу|отдам|примерно|около|т|к|до|от|с|и|торг"
    r"|не (?:раньше|старше|позже|ниже|дороже|больше|более)|новее|моложе|свежее)\b"
)


def says_only(phrase: Phrase, taken: Mapping[str, Value], form: Form) -> bool:
    """Whether the words of a text say these values of that form and nothing else: «лучше полный привод, до 2 млн»."""
    text = phrase.text
    for value in taken.values():
        for label in labels_of(value) if isinstance(value, Option) else ():
            text = label.sub(" ", text)
    titles = "|".join(word[:5] for name in taken for word in Phrase.of(form.step(name).title).words)
    left = Phrase.of(re.sub(rf"\b(?:{titles})\w*", " ", _LABELS.sub(" ", text))).words
    named = sum(len(value.shown.split()) for value in taken.values() if isinstance(value, Words | PersonName))
    return len([word for word in left if word not in CARDINALS and word not in FRACTIONS]) <= named


def _is_taken(message: Message, part: str, taken: Mapping[str, Value]) -> bool:
    phrase, form, on = Phrase.of(part), message.dialog.form, message.dialog.opened_on
    if _has_two_numbers(part, taken):
        return False
    left = Phrase.of(_LABELS.sub(" ", _without_vins(phrase.text))).words
    chosen = {name: value for name, value in taken.items() if isinstance(value, Option)}
    if not phrase.has_figures and (not left or (chosen and says_only(phrase, chosen, form))):
        return True
    if any(_says(form.step(name), part, value, on=on) for name, value in taken.items()):
        return True
    named = sum(len(value.shown.split()) for value in taken.values() if isinstance(value, Words | PersonName))
    if len(left) > named + 1:
        return False
    values = values_in(form, message.interpreter.mentions(part), phrase, on=on)
    if phrase.has_figures and all(isinstance(value, PersonName) for value in values.values()):
        return False
    return bool(values) and all(
        taken.get(name) is not None and taken[name].shown == value.shown for name, value in values.items()
    )


def _has_two_numbers(part: str, taken: Mapping[str, Value]) -> bool:
    """«8 916 … или 8 903 …»: more digits than the phone has that was taken; those of a VIN are none of it."""
    is_phone = any(isinstance(value, Phone) for value in taken.values())
    return is_phone and sum(map(str.isdigit, _without_vins(part))) >= _DIGITS_OF_TWO


_DIGITS_OF_TWO: Final = 20


def _without_vins(part: str) -> str:
    """Their letters are no words, and their digits no phone's."""
    found = [part[vin.start : vin.end] for vin in vins(part)]
    return reduce(lambda rest, vin: rest.replace(vin, " "), found, part)


def _says(step: Step, part: str, value: Value, *, on: date) -> bool:
    """Whether a part says that value of the step and nothing else."""
    phrase = Phrase.of(part)
    if is_undecided(phrase) and is_titled(step, phrase.text):
        return True
    if _says_only(value, phrase):
        return True
    return not isinstance(value, PersonName) and step.read(part, on=on) == value


def _says_only(value: Value, phrase: Phrase) -> bool:
    match value:
        case PersonName(name):
            return Phrase.of(name).words == phrase.words and not phrase.has_figures
        case Phone(e164):
            return not phrase.words and e164[-7:] in "".join(filter(str.isdigit, phrase.text))
        case Option():
            return Phrase.of(value.shown).words == phrase.words
        case _:
            return Phrase.of(value.shown).text == phrase.text

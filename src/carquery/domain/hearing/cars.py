"""What car an answer names: «тайота камри» is a Toyota Camry, and what nobody knows is asked back."""

import re
from typing import Final

from carquery.domain.answers import Accepted, Option, Typed, Value
from carquery.domain.forms.form import Service
from carquery.domain.hearing.heard import Courtesy, Heard, NotTaken, Taken, WantsForm
from carquery.domain.hearing.message import Message, asks_something
from carquery.domain.hearing.several import answers_in, noted, parts_left, put_right
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT, SURE, wants
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from carquery.domain.steps import Step
from carquery.domain.typed_commands import read_yes_or_no
from carquery.domain.typed_text import clean
from carquery.domain.understanding import Entities
from carquery.domain.words import Words

FEW_WORDS: Final = 3
"""An answer of so many words that names a car is that car, whatever else it might be."""
_PERHAPS: Final = 0.35
"""Where no car is known, the customer is asked anyway: rather about another form than about a car of that name."""
NOT_A_CAR: Final = "Напишите марку и модель, например Toyota Camry"


def car_named(mentioned: Entities) -> str:
    """What everybody calls it; empty: none is named."""
    return " ".join(part for part in (mentioned.brand, mentioned.model) if part)


def hear_car(message: Message, step: Step) -> Heard:
    """A car, with what else is said; talk; or a text to be confirmed as a car's name."""
    dialog = message.dialog
    if (chosen := _chosen(message, step)) is not None:
        return Taken(dialog.take({step.name: chosen}))
    car = car_named(message.mentioned)
    if message.mentioned.model is None and (several := _several(message, step)) is not None:
        return several
    is_short = (
        car != "" and len(message.phrase.words) <= max(FEW_WORDS, len(car.split()) + 1) and not message.phrase.asks
    )
    if not is_short:
        heard = message.talk(least=SURE) if car else _talk(message)
        is_described = car != "" and isinstance(heard, WantsForm) and not _wants_another(message, heard)
        if heard is not None and not is_described:
            return heard
    taken, said = answers_in(message), ""
    if car:
        said = next((part for part in message.parts if car_named(message.interpreter.mentions(part))), message.typed)
        taken |= {step.name: Words(car, "" if said.casefold() == car.casefold() else said)}
    if not car and not taken and dialog.known is not None:
        taken = _year_alone(message)
    if not car and not taken:
        return asks_something(message) or _asked_back(message, step)
    others = {name: value for name, value in taken.items() if name != step.name}
    is_told = bool(others) or message.typed.strip().casefold() != car.casefold()
    after = dialog.take(taken, remark=noted(dialog, taken) if is_told else "")
    # What names the car stands in the note as it was said.
    return Taken(after.beside(", ".join(part for part in parts_left(message, taken) if others or part != said)))


def car_again(message: Message) -> Heard | None:
    """A car and nothing else, where another question stands: it says the same once more, or puts it right."""
    dialog, step = message.dialog, message.dialog.form.step_for(Meaning.CAR)
    if step is None or step.name not in dialog.answers or len(message.phrase.words) > FEW_WORDS or message.phrase.asks:
        return None
    car = car_named(message.mentioned)
    answer = dialog.answers[step.name].shown
    if not car or any(parts_left(message, {step.name: Words(car)})):
        return None
    if car == answer or answer.startswith(f"{car} "):
        return Courtesy()
    anew = {step.name: Words(car, "" if message.typed.casefold() == car.casefold() else clean(message.typed))}
    return Taken(dialog.take(anew, remark=put_right(dialog, anew)))


def _wants_another(message: Message, wanted: WantsForm) -> bool:
    """Whether a wish with a car in it is none for the car of this form."""
    chosen = _CHOSEN.search(message.phrase.text) if message.dialog.form.service is Service.FIND else None
    return message.wants_in_context(wanted.service) if chosen is None else chosen["not"] is None


_CHOSEN: Final = re.compile(r"\b(?P<not>не )?(?:выбрал|определил|решил|присмотрел|наш[её]?л)[а-я]*(?!\w)")
"""Who knows what to buy needs no help with choosing, and who does not, does."""
_A_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


def _year_alone(message: Message) -> dict[str, Value]:
    """«2012», where the car is known already: no name of one, but the answer to the next question."""
    step = message.dialog.form.step_for(Meaning.YEAR)
    if step is None or _A_YEAR.fullmatch(message.phrase.text) is None:
        return {}
    year = step.read(message.typed, on=message.dialog.opened_on)
    return {} if year is None else {step.name: year}


def _talk(message: Message) -> Heard | None:
    heard = message.talk(least=_PERHAPS)
    is_wish = isinstance(heard, WantsForm) and len(message.phrase.words) > FEW_WORDS
    return heard if is_wish else message.talk(least=LIKELIER_THAN_NOT)


def _chosen(message: Message, step: Step) -> Option | None:
    value = step.read(message.typed, on=message.dialog.opened_on)
    return value if isinstance(value, Option) else None


_REFUSES: Final = re.compile(r"\b(?:не|кроме|без)\b")
"""«Чтобы не Lada»: which one it is to be, is not said by that."""
_BETWEEN_CARS: Final = re.compile(r"\s*[,/]\s*|\s+(?:или|либо|и|or)\s+")


def _several(message: Message, step: Step) -> Heard | None:
    """«Тойота или киа», «камри или сонату, белую»: cars that are known, in the customer's own words in the note."""
    parts = _BETWEEN_CARS.split(message.typed)
    named = {car: None for part in parts if (car := car_named(message.interpreter.mentions(part)))}
    cars = " или ".join(named)
    if len(named) <= 1 or message.phrase.asks or step.read(cars, on=message.dialog.opened_on) is None:
        return None
    return Taken(message.dialog.take({step.name: Words(cars, clean(message.typed))}, remark=f"Записали: {cars}"))


def _asked_back(message: Message, step: Step) -> Heard:
    is_own_wish = wants(message.understood, message.dialog.form.service) >= SURE
    if is_own_wish or read_yes_or_no(message.typed) is not None:
        return NotTaken(NOT_A_CAR, message.typed if message.phrase.holds(_REFUSES) else "")
    try:
        outcome = step.kind.take(Typed(message.typed), on=message.dialog.opened_on)
    except AnswerRefused as refused:
        return NotTaken(refused.hint)
    return Taken(message.dialog.doubt((outcome.value,))) if isinstance(outcome, Accepted) else NotTaken(NOT_A_CAR)

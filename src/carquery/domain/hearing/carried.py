"""What is known for one form, as far as it fits another."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from carquery.domain.answers import Option, Value
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Form, Service
from carquery.domain.hearing.asked import clauses_of
from carquery.domain.hearing.choices import chosen_in
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.meaning import Meaning

_OWN_CAR: Final = frozenset({Service.SELL})
_WANTED_CAR: Final = frozenset({Service.BUY, Service.FIND})
_OF_THE_CAR: Final = frozenset({Meaning.CAR, Meaning.YEAR, Meaning.MILEAGE, Meaning.VIN, Meaning.PHOTOS})


def carried(values: Mapping[str, Value], of: Form, to: Form) -> dict[str, Value]:
    """By the other form's step names, what means the same there; a comment stays with what it was said about."""
    if of.service is to.service:
        return dict(values)
    by_meaning = {step.means: values[step.name] for step in of.steps if step.means is not None and step.name in values}
    by_meaning.pop(Meaning.COMMENT, None)
    return to.by_step(by_meaning)


def offered_instead(
    values: Mapping[str, Value], of: Form, to: Form, said: Iterable[str], *, on: date
) -> dict[str, Value]:
    """What was stated for a form that was offered, for another that is wanted instead.

    Args:
        said: what was written just before; the choices of the other form stand there alone.
    """
    fits = carried(values, of, to)
    return fits if of.service is to.service else {**chosen_before(to, said, on=on), **fits}


def chosen_before(form: Form, said: Iterable[str], *, on: date) -> dict[str, Option]:
    """By step name, the choices of that form that were told before anybody knew that it is wanted; a question told
    nothing of it."""
    told = (clause for text in said for clause in clauses_of(text) if not Phrase.of(clause).asks)
    return chosen_in(form, Phrase.of(". ".join(told)), on=on)


def carried_from(dialog: Dialog, to: Form, said: str) -> dict[str, Value]:
    """What was given in a form that is left for another: one's own car is not the one that is wanted.

    Args:
        said: with which words it is left; «я её не покупаю, а продаю» is said of the form's car.
    """
    left = dialog.form.service
    is_another_car = (left in _OWN_CAR and to.service in _WANTED_CAR) or (
        left in _WANTED_CAR and to.service in _OWN_CAR
    )
    known = {**dialog.suggestions, **dialog.answers}
    fits = carried(known, dialog.form, to)
    of_the_car = _OF_THE_CAR - {Meaning.CAR} if speaks_of_it(Phrase.of(said)) else _OF_THE_CAR
    names = {step.name for step in to.steps if step.means in of_the_car}
    return {name: value for name, value in fits.items() if not (is_another_car and name in names)}


_IT: Final = r"(?:ее|его|эту|этот|этого|ту же|тот же|такую же|такой же)(?: (?:машину|авто\w*|тачку|самую))?"
_TRADES: Final = r"(?:прода|куп|покуп|приобре)\w+"
_OF_IT: Final = re.compile(
    rf"\b(?:{_IT} (?:(?:же|наоборот|хочу|буду|хотел|хотела|надо|нужно|как раз) )*{_TRADES}|{_TRADES} {_IT}"
    rf"|{_IT} не {_TRADES},? а {_TRADES}|не {_TRADES} {_IT},? а {_TRADES})(?!\w)"
)
_OF_ANOTHER: Final = re.compile(
    r"\b(?:нов|друг|посвеж|помолож|взамен|вместо|(?:пере|раз)думал|расхотел|не (?:хоч|буд|стан))\w*"
)


def speaks_of_it(phrase: Phrase) -> bool:
    """Whether the car of the form is meant: not «передумал её продавать, хочу купить», which wants another."""
    return phrase.holds(_OF_IT) and not phrase.holds(_OF_ANOTHER)

"""Which of the answers given before a correction is about."""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.dialog import Dialog
from carquery.domain.given_names import GIVEN_NAMES, nominative
from carquery.domain.hearing.choices import options_in
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.right_values import mentioned_in, was_said
from carquery.domain.hearing.several import is_titled
from carquery.domain.hearing.slips import SLIP, Slip, is_put, meanings_named, without_slips
from carquery.domain.meaning import Meaning
from carquery.domain.steps import Step


def steps_meant(message: Message, slip: Slip) -> Iterator[Step]:
    """The steps that it may be about, the likeliest first; only such as were answered."""
    dialog = message.dialog
    answered = _answered(message)
    if slip.wrong:
        yield from (step for step in answered if was_said(message, step, slip.wrong))
    if not message.phrase.holds(SLIP) and not is_put(message.phrase):
        return
    called = list(steps_called(message))
    yield from called
    if called:
        return
    yield from _chosen(message, slip.right)
    if is_put(message.phrase) and any(nominative(word).casefold() in GIVEN_NAMES for word in message.phrase.words):
        yield from (step for step in answered if step.means is Meaning.NAME)
    if slip.wrong or is_put(message.phrase):
        return
    mentioned = mentioned_in(message, slip.right)
    kinds = [step for step in answered if step.name in mentioned]
    if len(kinds) == 1 and dialog.at not in mentioned:
        yield kinds[0]
    last = answered[-1:] if dialog.is_at_summary else [step for step in answered if _is_before(dialog, step)][-1:]
    if not GIVEN_NAMES.isdisjoint(message.phrase.words):
        yield from (step for step in answered if step.means is Meaning.NAME)
    yield from (step for step in last if not step.takes_any_words and not _answers_what_is_asked(message, slip.right))


def steps_called(message: Message) -> Iterator[Step]:
    """Answered steps that the text calls by name."""
    folded = message.phrase.text
    labels = meanings_named(folded)
    return (
        step for step in _answered(message) if step.means in labels or (step.means is None and is_titled(step, folded))
    )


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


_ONE_MORE: Final = re.compile(
    r"\b(?:втор(?:ой|ая|ую)|запасн\w+|дополнительн\w+|резервн\w+) (?:\w+ )?(?:номер|тел|контакт|маши?н|авто|тачк)"
    r"|\b(?:номер\w*|телефон\w*|тел|машин\w*) (?:втор(?:ой|ая)|запасн\w+|дополнительн\w+|резервн\w+)"
    r"|\bещ[её] (?:есть|один|одна|одну)\b|\bесть (?:и )?(?:ещ[её]|друг(?:ой|ая))\b|\bдруг(?:ой|ая) \w+ (?:тоже )?есть\b"
)
"""«Запасной номер 8 903 …», «ещё есть рио 2015»: beside what was given, not instead of it."""


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


def _is_before(dialog: Dialog, step: Step) -> bool:
    return dialog.at is not None and dialog.form.number(step.name) < dialog.form.number(dialog.at)

"""Words of customers who are asked whether to go on with a form that they left."""

import re
from enum import Enum, auto
from typing import Final

from carquery.domain.hearing.leaving import goes_on
from carquery.domain.hearing.phrase import Phrase, word_set
from carquery.domain.hearing.yes_or_no import agrees


class GoingOn(Enum):
    """What the customer says to «Продолжить?»."""

    YES = auto()
    NO = auto()
    ANEW = auto()
    """To begin again, and nothing of it be kept."""


_ANEW: Final = re.compile(
    r"\b(?:заново|сначала|с начала|с самого начала|с нуля|по новой|нов(?:ая|ую) (?:заявк|анкет|форм)\w*)(?!\w)"
)
_AROUND_IT: Final = word_set(
    "начать начнем начинаем начну начни начните давай давайте хочу лучше все нет да ну я мы и заполнить заполним"
    " заполню сделаем пожалуйста можно тогда уже опять"
)
_FEW_WORDS: Final = 4


def hear_going_on(typed: str) -> GoingOn | None:
    """The answer that a text is; `None`: it says something else."""
    phrase = Phrase.of(typed)
    if phrase.asks:
        return None
    if phrase.is_only(_ANEW, beside=_AROUND_IT):
        return GoingOn.ANEW
    if goes_on(phrase):
        return GoingOn.YES
    match agrees(typed, few_words=_FEW_WORDS):
        case None:
            return None
        case says_yes:
            return GoingOn.YES if says_yes else GoingOn.NO

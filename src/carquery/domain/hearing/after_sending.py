"""What is written after a request was sent, and needs no classifier: a field said anew, the wish not to be called."""

import re
from collections.abc import Collection
from typing import Final

from carquery.domain.hearing.phrase import Phrase, word_set
from carquery.domain.number_words import CARDINALS, FRACTIONS

_ANEW: Final = re.compile(
    r"\b(?:теперь|все-таки|все ж(?:е)?|лучше|уже|измен\w+|помен\w+|замен\w+|поправ\w+|исправ\w+|друг(?:ой|ая|ое|ую)"
    r"|нов(?:ый|ая|ое|ую)|пусть|уточн\w+|снизил\w*|скинул\w*|поднял\w*|не [^ ]+,? а)(?!\w)"
)
_WISHES: Final = re.compile(
    r"\b(?:куп\w+|покуп\w+|прода\w+|ищ(?:у|ем|ите)|подбер\w+|подобр\w+|подбор\w*|най(?:д|ти)\w*|нуж(?:ен|на|ны)"
    r"|обмен\w*|провер\w+|оформ\w+|еще одн\w+|втор(?:ая|ую|ой))(?!\w)"
)
_MOST_WORDS: Final = 8
_SAYS_LITTLE: Final = word_set("и от для чего вид выпуска желаемая передач вопрос описание комментарий фотографии")
"""Of titles: by these no field is called."""
_ALSO_CALLED: Final = {"телефон": "номер", "автомобиль": "машина"}
_SHORTEST_ROOT: Final = 3
_ENDINGS: Final = "аеёийоуыэюяь"
"""Letters that no root ends with: «привод», of which «привет» is no form."""

_REFUSES_CALLS: Final = re.compile(
    r"\b(?:не (?:(?:надо|нужно|стоит|вздумайте|смейте) )?(?:(?:мне|нам|больше|сюда|пожалуйста|никогда) ){0,2}"
    r"(?:(?:пере|по|на)?звон(?:ите|ить|и)|(?:пере|на)звани(?:вайте|вать|вай)|беспоко(?:йте|ить|й))"
    r"|(?:пере|по)?звонить (?:(?:мне|нам) )?не (?:надо|нужно|стоит)"
    r"|(?:хватит|перестаньте|прекратите|прекращайте) (?:(?:мне|нам|сюда) ){0,2}(?:(?:на|пере)?званивать|звонить)"
    r"|(?:без|не надо|не нужно|не хочу) (?:(?:мне|никаких|ваших) )?звонк(?:ов|и))(?!\w)"
)


_IS_A_REMARK: Final = re.compile(
    r"\b(?:пиш\w+|напиш\w+|писать|(?:с|до|после|в|на|раньше|по) [^ ]+|утр\w+|вечер\w+|ноч\w+|днем|завтра|сегодня|рано"
    r"|поздно)(?!\w)"
)
"""When or where to call, or that they be written to: no wish to be left alone."""


_CALLS: Final = re.compile(r"\b(?:пере|по)?звон(?:ите|ить)(?!\w)")


def restates(typed: str, titles: Collection[str]) -> bool:
    """Whether it calls a field of what was sent, and says it anew: «бюджет до 1,5 млн теперь», «коробка лучше автомат».

    Args:
        titles: what the fields are called.
    """
    phrase = Phrase.of(typed)
    if phrase.asks or len(phrase.words) > _MOST_WORDS or phrase.holds(_WISHES):
        return False
    roots = {_root(name) for title in titles for name in _names(title)}
    is_called = any(word.startswith(root) for word in phrase.words for root in roots)
    has_number = phrase.has_figures or any(word in CARDINALS or word in FRACTIONS for word in phrase.words)
    return is_called and (has_number or phrase.holds(_ANEW))


def says_anew(typed: str) -> bool:
    """Whether a word says that something is otherwise now."""
    return Phrase.of(typed).holds(_ANEW)


def refuses_calls(typed: str) -> bool:
    """«Не звоните мне», «хватит названивать», «без звонков, пожалуйста»; not «почему не звоните?», «… до обеда»."""
    phrase = Phrase.of(typed)
    is_refused = phrase.holds(_REFUSES_CALLS) and not phrase.asks and not phrase.has_figures
    return is_refused and not phrase.holds(_IS_A_REMARK)


def says_how_to_call(typed: str) -> bool:
    """«Звоните лучше после семи», «не звоните, напишите»: for whoever calls; no question, and no wish to cancel."""
    phrase = Phrase.of(typed)
    if phrase.asks or phrase.is_question or "отмен" in phrase.text:
        return False
    return phrase.holds(_CALLS) and phrase.holds(_IS_A_REMARK)


def _names(title: str) -> list[str]:
    names = [word for word in Phrase.of(title).words if word not in _SAYS_LITTLE]
    return [*names, *(_ALSO_CALLED[name] for name in names if name in _ALSO_CALLED)]


def _root(name: str) -> str:
    root = name.rstrip(_ENDINGS)
    return root if len(root) >= _SHORTEST_ROOT else name[:_SHORTEST_ROOT]

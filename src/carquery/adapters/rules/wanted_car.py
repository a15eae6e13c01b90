"""Of the cars that a message names, the one that it is about."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from carquery.adapters.rules.cars import Car, Mention
from carquery.adapters.rules.text import Token, stem, stem_set
from carquery.domain.forms.form import Service
from carquery.domain.understanding import Intent

_PREPOSITIONS: Final = frozenset({"на", "за", "в", "про", "с", "к"})
_NOT: Final = frozenset({"не", "кроме", "not"})
_NOT_MEANT: Final = stem_set("типа вроде наподобие аналог альтернатива вместо взамен замену бывшая чем передумал уйти")
_REFUSED: Final = stem_set("нужен нужна нужно надо предлагать предлагайте интересует подходит рассматриваю")
_OLD: Final = stem_set("старой старый старую старого старые")
"""A buyer's old one is given away; what a seller gives away may be old."""
_OTHERS: Final = stem_set(
    "дядя кореш ездит езжу рулем"
    " сосед соседа друг друга брат брата коллега знакомый тесть ездил раньше катался был была свекровь свекра надоел"
)
_YOURS: Final = stem_set("ваш ваша ваше вашу вашего вашей вашему")
_HAD: Final = stem_set(
    "сдох сдохла сломался сломалась закончился надоел надоела дорого дороговато трясет заколебал заколебала был была"
    " сгорела сгорел сгнил сгнила продал продала разбил разбила тяжело ругают маловата мала тесно тесновата старый"
    " резиновый резиновая маловат стара достал достала угнали умерла умер развалилась сыпется"
)
"""Behind a car of one who asks what to take instead."""
_SMALL: Final = frozenset({"велик", "велика", "тесен", "тесна"})
_LEFT: Final = frozenset({"с", "после", "в", "кроме", "хоть", "ни"})
"""Before a car that is left, too small, or out of the question: a chooser's own wish has none of these before it."""
_THAN: Final = frozenset({"чем", "хуже", "лучше"})
_OWN: Final = stem_set("свою своего свой своей мою мой моя моей моего нашу нашей")
_GIVEN_AWAY: Final = stem_set("отдам сдам сдать отдаю продам продать обмен обменять сменить менять замену трейдин")
_TAKEN: Final = stem_set(
    "забрать заберу пересяду пересесть взять купить куплю новую новый новая брать возьму на приобрести хочу"
)
_WANTED: Final = stem_set("хочу куплю возьму заберу беру присмотрел присмотрела")
"""Right before the car that who sells another one wants instead."""
_REPLACED: Final = stem_set("вместо взамен замену")
_EITHER: Final = frozenset({"или", "либо", "or", "ili", "/"})
_OR: Final = frozenset({"или", "либо", "or", "ili", "/", "и"})


_APART: Final = 3
_FARTHEST_APART: Final = 6
"""Words between two cars of which one is to be chosen; behind «между» more."""


def wanted_car(
    tokens: Sequence[Token], mentions: Sequence[Mention], intent: Intent
) -> tuple[Car | None, Sequence[Mention]]:
    """The car meant, if it is one, and the mentions that are not it: compared, refused, given away for it."""
    words = [token.text for token in tokens]
    stems = [stem(word) for word in words]
    strangers = [mention for mention in mentions if _is_stranger(words, stems, mention, mentions, intent)]
    meant = [mention for mention in mentions if mention not in strangers]
    different = list(dict.fromkeys(mention.car for mention in meant))
    if not different:
        return None, strangers
    if intent is Service.FIND and len({car.brand for car in different}) > 1:
        return None, strangers
    own = {mention.car for mention in meant if is_own(stems, mention)} if intent is Service.SELL else set()
    if len(own) == 1:
        car = _in_full(own.pop(), different)
        return car, [*strangers, *(mention for mention in meant if mention.car not in (car, Car(car.brand)))]
    whole = [car for car in different if car.model is not None] or different
    if len(whole) == 1 and all(car.brand == whole[0].brand for car in different):
        return whole[0], strangers
    if any(_are_alternatives(tokens, one, other) for one, other in pairwise(meant)):
        brands = {mention.car.brand for mention in meant}
        return Car(brands.pop()) if len(brands) == 1 else None, strangers
    first = meant[0].car
    return first, [*strangers, *(mention for mention in meant if mention.car != first)]


def _in_full(own: Car, named: Sequence[Car]) -> Car:
    """«мою субару …, импреза 2009»: the model of that make that is named elsewhere."""
    models = [car for car in named if car.brand == own.brand and car.model is not None]
    return models[0] if own.model is None and len(models) == 1 else own


def _is_refused(before: Sequence[str]) -> bool:
    """«не бмв», «не на камри»."""
    refused_at = -2 if before[-1:] and before[-1] in _PREPOSITIONS else -1
    return before[refused_at:][:1] != [] and before[refused_at:][0] in _NOT


def _is_not_needed(words: Sequence[str], stems: Sequence[str], mention: Mention) -> bool:
    """«не надо тойоту»."""
    refused = stems[max(mention.start - 1, 0) : mention.start]
    return _is_refused(words[: max(mention.start - 1, 0)]) and not _REFUSED.isdisjoint(refused)


def _is_refused_behind(words: Sequence[str], stems: Sequence[str], mention: Mention) -> bool:
    """«камри не нужна», «ладу не предлагать»."""
    return words[mention.end : mention.end + 1] == ["не"] and not _REFUSED.isdisjoint(
        stems[mention.end + 1 : mention.end + 2]
    )


def is_own(stems: Sequence[str], mention: Mention) -> bool:
    """«моя тойота», «тигуан мой»."""
    beside = (*stems[max(mention.start - 2, 0) : mention.start], *stems[mention.end : mention.end + 1])
    return any(word in _OWN for word in beside)


def _is_stranger(
    words: Sequence[str], stems: Sequence[str], mention: Mention, mentions: Sequence[Mention], intent: Intent
) -> bool:
    before = stems[max(mention.start - 3, 0) : mention.start]
    is_only = len(mentions) == 1
    if _is_refused(words[: mention.start]):
        return True
    if intent is not Service.SELL and (
        _is_not_needed(words, stems, mention) or _is_refused_behind(words, stems, mention)
    ):
        return True
    if intent is Service.FIND and _is_compared(words, stems, mention, is_only=is_only):
        return True
    if is_only and intent is not Service.FIND:
        return any(word in _REPLACED for word in before[-2:])
    not_meant = _NOT_MEANT if intent in (Service.SELL, Service.FIND) else _NOT_MEANT | _OLD
    if any(word in not_meant for word in before[-2:]):
        return True
    if intent is Service.SELL and any(word in _YOURS for word in before[-2:]):
        return True
    if intent in (Service.BUY, Service.FIND):
        around = stems[max(mention.start - 3, 0) : mention.end + 5]
        return any(word in _OWN for word in before) and any(word in _GIVEN_AWAY for word in around)
    is_taken = any(word in _TAKEN for word in before[-2:]) and not is_own(stems, mention)
    is_meant = mention == mentions[0] and not any(word in _WANTED for word in before[-1:])
    return intent is Service.SELL and is_taken and not is_meant


def _is_compared(words: Sequence[str], stems: Sequence[str], mention: Mention, *, is_only: bool) -> bool:
    """Whether a chooser names it for what they have, had, or see at others: «с весты», «моя ауди», «у соседа тахо»."""
    before, behind = stems[max(mention.start - 3, 0) : mention.start], stems[mention.end : mention.end + 3]
    if any(word in _OTHERS or word in _OWN for word in before) or any(word in _HAD for word in behind):
        return True
    if not _SMALL.isdisjoint(words[mention.end : mention.end + 3]):
        return True
    nearest = words[max(mention.start - 2, 0) : mention.start]
    if not nearest:
        return False
    is_others = nearest[0] == "у" and len(nearest) > 1
    return nearest[-1] in _LEFT or is_others or (is_only and nearest[-1] in _THAN | _EITHER)


def _are_alternatives(tokens: Sequence[Token], one: Mention, other: Mention) -> bool:
    between = [token.text for token in tokens[one.end : other.start]]
    is_choice = any(token.text == "между" for token in tokens[max(one.start - 3, 0) : one.start])
    return len(between) <= (_FARTHEST_APART if is_choice else _APART) and (
        not between or any(word in _OR or word == "," for word in between)
    )

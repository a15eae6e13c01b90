"""Rows of words that are a name: a given name or a patronymic, and what goes with it."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from carquery.domain.given_names import DECLINED_NAMES, GIVEN_NAMES

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?!\w)")
_PATRONYMIC: Final = re.compile(
    r"[а-яё]{2,}(?:[оеё]вич(?:а|у|ем|е)?|[оеё]вн(?:а|ы|е|у|ой)|ичн(?:а|ы|е|у|ой)|ьич(?:а|у|ом|е)?)"
    r"|(?:кузьм|лук|фом|никит|савв)ич(?:а|у|ем|е)?"
)
_IN_NO_NAME: Final = re.compile(
    r"(?:осн|ровн|ур|духов|верхов|древ|днев|вечер|утр|полн|глав|больш|лич|отлич|прилич|вторич|перв|обыч|москвич|кирпич)\w*"
)
_FAMILY: Final = re.compile(
    r"[а-яё]{1,20}(?:"
    r"(?:[оеё]в|[иы]н)(?:а|у|ым|е|ой|ых|ы)?|[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую|их)|енко|(?:ч|щ|в|к|м|л|с|н|р|б|т)[ую]к(?:а|у|ом|е)?"
    r"|ян(?:а|у|ом|е)?|швили|дзе|(?:[оеё]в|к)ич(?:а|у|ем|е)?|[нтрлсдмзк]ых|ко)"
    r"|[a-z]{1,20}(?:[oe]v|in|[oe]va|ina|sk(?:y|iy|aya)|enko|yan|chuk)"
)
_NO_FAMILY: Final = re.compile(
    r"(?:машин|калин|магазин|бензин|один|причин|половин|мужчин|женщин|резин|шин|цен|карин|марин|готов|нов|здоров|дешев|основ"
    r"|двигател|километр|рубл|литр|час|хозя|дилер|документ|механик|автосалон|салон|кузов|лимузин|универсал|московск|русск"
    r"|немецк|японск|китайск|корейск|детск|турин|турбин|пружин|волг|авто|чайк|нексия|москвич|окон|воскр|сказ|спаси|гараж|апр"
    r"|июн|вин$|колонн|времен|как|так|только|несколько|сколько|легко|далеко|кат|сто|лад|приор|октави|хозяин)\w*"
)
"""Ordinary words that end as family names do."""
_PLAIN_WORDS: Final = (
    "вера надежда любовь роман слава лев роза майя марк мира злата рома марта алмаз султан ислам спартак лана ян ал али"
)
A_PLAIN_WORD_TOO: Final = frozenset(_PLAIN_WORDS.split())
"""Given names that mean something else in lower case."""
_CAR_WORDS: Final = "марк карина карину карины максима максиму максимы надя надю alex carina nadia"
_CARS: Final = frozenset(_CAR_WORDS.split())
"""Given names that are cars of these makers."""
_MAKER: Final = re.compile(r"(?:тойот[аыуе]|toyota|ниссан[ауе]?|nissan),? $", re.IGNORECASE)
_MAKER_WITHIN: Final = 20
"""Characters before a name."""
_SECOND_MARK: Final = re.compile(r" ?(?:2|ii|x|х)(?!\w)", re.IGNORECASE)
_PRO: Final = re.compile(r"\b(?:pro|про|plus|плюс)[ -]$", re.IGNORECASE)


def _is_a_car(folded: str, before: str, behind: str) -> bool:
    """«Тойота Карина», «Марк 2», «Тигго 7 Про Макс»: models that bear a given name."""
    is_mark = folded in ("марк", "марка", "марку", "mark") and _SECOND_MARK.match(behind) is not None
    is_largest = folded in ("max", "макс") and _PRO.search(before[-_MAKER_WITHIN:]) is not None
    return is_mark or is_largest or (folded in _CARS and _MAKER.search(before[-_MAKER_WITHIN:]) is not None)


class NameWord:
    """A word of the text, and what of a name it may be."""

    __slots__ = ("end", "folded", "is_capital", "is_declined", "is_family", "is_given", "is_patronymic", "start")

    def __init__(self, text: str, match: re.Match[str]) -> None:
        self.start, self.end = match.span()
        written = match.group()
        self.folded = written.casefold()
        self.is_capital = written[0].isupper()
        named = self.folded in GIVEN_NAMES or self.folded in DECLINED_NAMES
        is_name = named and not _is_a_car(self.folded, text[: self.start], text[self.end :])
        self.is_given = is_name and self.folded in GIVEN_NAMES
        self.is_declined = is_name and self.folded in DECLINED_NAMES
        self.is_patronymic, self.is_family = _ends_as_names(self.folded)


@lru_cache(maxsize=4_096)  # most words have been said before
def _ends_as_names(folded: str) -> tuple[bool, bool]:
    """Whether a word ends as a patronymic does, and as a family name does."""
    parts = (folded, *folded.split("-")[1:])
    return _is(folded, _PATRONYMIC, _IN_NO_NAME), any(map(ends_as_family_name, parts))


def ends_as_family_name(folded: str) -> bool:
    """Whether a word in lower case does."""
    return _is(folded, _FAMILY, _NO_FAMILY)


def _is(folded: str, pattern: re.Pattern[str], unless: re.Pattern[str]) -> bool:
    return pattern.fullmatch(folded) is not None and unless.fullmatch(folded) is None


def rows_of_names(text: str) -> Iterator[Sequence[NameWord]]:
    """Names: a given name or a patronymic, and what goes with it on either side."""
    words = [NameWord(text, match) for match in _WORD.finditer(text)]
    place = 0
    while place < len(words):
        end = place + 1
        if words[place].is_given or words[place].is_declined or words[place].is_patronymic:
            start, end = _grown(text, words, place)
            if _is_a_name(words[start:end]):
                yield words[start:end]
        place = end


def _grown(text: str, words: Sequence[NameWord], place: int) -> tuple[int, int]:
    """The longest row around a word: family name, given name, patronymic, family name."""
    end = place + 1
    while end < len(words) and end - place < _MOST_PARTS and _adjoins(text, words[end - 1], words[end]):
        if not _goes_with(words[end], words[place]):
            break
        end += 1
    start = place
    if place > 0 and _adjoins(text, words[place - 1], words[place]):
        before = words[place - 1]
        is_rare_name = (
            words[place].is_patronymic and before.is_capital and _LIKE_A_VERB.fullmatch(before.folded) is None
        )
        start -= is_rare_name or _is_family_of(before, words[place])
    return start, end


_MOST_PARTS: Final = 3
_LIKE_A_VERB: Final = re.compile(r"[а-яё]+(?:те|ть|л|ла|ли|ю|ем|им)|[а-яё]{1,3}")


def _adjoins(text: str, before: NameWord, after: NameWord) -> bool:
    return text[before.end : after.start] == " "


def _goes_with(word: NameWord, name: NameWord) -> bool:
    if word.is_patronymic:
        return True
    if word.is_given and name.is_patronymic:
        return True
    return _is_family_of(word, name)


def _is_family_of(word: NameWord, name: NameWord) -> bool:
    """A family name is written with a capital where the given name is; in lower case only clear ones count."""
    if not word.is_family or word.is_given:
        return False
    if word.is_capital or name.is_patronymic:
        return True
    return (
        not name.is_capital
        and name.folded not in A_PLAIN_WORD_TOO
        and _CLEARLY_A_FAMILY.fullmatch(word.folded) is not None
    )


_CLEARLY_A_FAMILY: Final = re.compile(
    r"[а-яё]{3,}(?:[оеё]в(?:а|у|ой|ым)?|ин(?:а|ой)|ск(?:ий|ого|ому|ая|ой)|енко|чук|[оеё]вич)"
)


def _is_a_name(row: Sequence[NameWord]) -> bool:
    if len(row) == 1:
        (word,) = row
        # A patronymic alone has a capital; declined names too: «веры» is rather faith.
        return word.is_given or (word.is_capital and (word.is_declined or word.is_patronymic))
    if any(word.is_capital for word in row):
        return True
    return any(word.is_patronymic or (word.is_given and word.folded not in A_PLAIN_WORD_TOO) for word in row)


def end_of_name(text: str, end: int) -> int:
    """Where a name ends with the patronymic and the family name that follow it."""
    while (match := _WORD.match(text, end + 1)) is not None and text[end : end + 1] == " ":
        word = NameWord(text, match)
        if not (word.is_patronymic or word.is_family or (word.is_given and word.is_capital)):
            break
        end = word.end
    return end

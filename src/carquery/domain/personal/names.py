"""Names of people: given names with the patronymics, family names and initials beside them, in any case and order."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from carquery.domain.given_names import DECLINED_NAMES, GIVEN_NAMES
from carquery.domain.introductions import INTRODUCED_BY
from carquery.domain.personal.piece import Personal, PersonalKind

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?!\w)")
_INTRODUCED: Final = re.compile(
    rf"\b(?:{INTRODUCED_BY}|меня(?= (?:\w+ ){{1,2}}зовут))[ :,–-]{{1,3}}"
    r"(?:это )?([^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?)",
    re.IGNORECASE,
)
_NAMED_BEFORE: Final = re.compile(
    r"(?:\bменя (?P<name>\w+) (?:\w+ )?|(?:^|[.!?,;:\n] ?)(?P<first>[^\W\d_]{2,20}) )$", re.IGNORECASE
)
"""«Меня Олег зовут, есть …», «Олег меня зовут, есть …»: the name stands before its introduction, not behind it."""
_NAMED_ALONE: Final = re.compile(
    r"(?:^|(?<=[.!?,;\n])|(?<=[.!?,;] ))(?P<name>[А-ЯЁ][а-яё]{2,19}) (?:меня )?зовут(?=\s*(?:[.,!;]|$))", re.MULTILINE
)
"""«Вагиз зовут. Продаю …»."""
_LONGEST_NAMING: Final = 50
_BEFORE_OWN_NAME: Final = re.compile(
    r"(?:^|[.!?,;\n:)(–]|\b(?:я|я вот|это|имя|контакт|контактное лицо|фио|с уважением|i'?m|i am|this is|eto"
    r"|ип|полковник|подполковник|майор|капитан|лейтенант|прапорщик))[ –—-]*$",
    re.IGNORECASE,
)
_I_AM: Final = re.compile(r"\b(?:я|это|мо[её] имя|звать) $", re.IGNORECASE)
_ENDS_A_CLAUSE: Final = re.compile(r"[,.;:!?\n] *$")
_DOES: Final = re.compile(
    r" (?:(?:абый|апа|ага|там|мне|нам|вчера|сегодня) )?"
    r"(?:сказал|говорил|(?:по)?обещал|(?:по)?советовал|звонил|продал|просил|купил)[аи]?(?!\w)"
    r"| (?:говорит|прода[её]т|обещает|советует)(?!\w)",
    re.IGNORECASE,
)
"""Who did something, and is spoken of: «Наиль абый сказал, …»."""
_NEARBY: Final = 20
"""Characters before a name in which its introduction stands."""
_NOT_A_NAME: Final = frozenset(
    [
        "не",
        "как",
        "так",
        "вас",
        "вам",
        "тебя",
        "его",
        "её",
        "ее",
        "их",
        "меня",
        "нас",
        "просто",
        "как-то",
        "мой",
        "моя",
        "это",
        "the",
        "кого",
        "кому",
        "кто",
        "тот",
        "та",
        "все",
        "всех",
        "продавец",
        "продавца",
        "менеджер",
        "менеджера",
        "хозяин",
        "хозяина",
        "a",
    ]
)

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
_A_PLAIN_WORD_TOO: Final = frozenset(_PLAIN_WORDS.split())
"""Given names that mean something else in lower case."""
_BEHIND_A_COMMA: Final = "макс max рафик платон лука тина света динар гена карина лаура"
_NOT_SIGNED: Final = _A_PLAIN_WORD_TOO | frozenset(_BEHIND_A_COMMA.split())
"""These also behind a comma: «до миллиона, макс», «шкода, лаура»."""


def names(text: str, found: Sequence[Personal]) -> Sequence[Personal]:
    """Names, the customer's own and others', of those that overlap the longest first.

    `found`: what else is personal, such as the phone beside a name.
    """
    every = _every_name(text, found)
    return sorted(every, key=lambda name: (name.start - name.end, name.kind is not PersonalKind.NAME))


def _every_name(text: str, found: Sequence[Personal]) -> Iterator[Personal]:
    for match in _INTRODUCED.finditer(text):
        if (before := _named_before(text, match)) is not None:
            yield _name(PersonalKind.NAME, text, *before)
        elif match.group(1).casefold() not in _NOT_A_NAME:
            yield _name(PersonalKind.NAME, text, match.start(1), _end_of_name(text, match.end(1)))
    for match in _NAMED_ALONE.finditer(text):
        if match["name"].casefold() not in _NOT_A_NAME:
            yield _name(PersonalKind.NAME, text, *match.span("name"))
    for match in chain.from_iterable(pattern.finditer(text) for pattern in _FAMILIES):
        if _is(match["family"].casefold(), _FAMILY, _NO_FAMILY):
            yield _name(PersonalKind.PERSON, text, *match.span("name"))
    words = [_Word(text, match) for match in _WORD.finditer(text)]
    for row in _rows(text, words):
        kind = _kind(row, text, found)
        if kind is not None:
            yield _name(kind, text, row[0].start, row[-1].end)


def _named_before(text: str, introduced: re.Match[str]) -> tuple[int, int] | None:
    """Where the name stands that is before what introduces it; `None`: it is behind it."""
    start = introduced.start()
    named = _NAMED_BEFORE.search(text, max(start - _LONGEST_NAMING, 0), start)
    if named is None or introduced.group(1).casefold() in GIVEN_NAMES:
        return None
    group = "first" if named["name"] is None else "name"
    name = named[group]
    is_name = (group == "name" and name[0].isupper()) or name.casefold() in GIVEN_NAMES
    return named.span(group) if is_name else None


def _kind(row: Sequence["_Word"], text: str, found: Sequence[Personal]) -> PersonalKind | None:
    """Whose name it is; None: a word in lower case that may be no name."""
    first = row[0]
    around = max(first.start - _NEARBY, 0)
    end = row[-1].end
    if not any(word.is_given for word in row):
        return _of_somebody(row)
    before = text[around : first.start]
    is_surely_own = _stands_beside(first.start, end, text, found) or (
        first.folded not in _A_PLAIN_WORD_TOO and _I_AM.search(before) is not None
    )
    is_named = (first.is_capital and _BEFORE_OWN_NAME.search(before) is not None) or (
        first.folded not in _NOT_SIGNED and _signs(text, first.start, end)
    )
    if is_surely_own or (is_named and _DOES.match(text, end) is None):
        return PersonalKind.NAME
    return PersonalKind.PERSON if is_named else _of_somebody(row)


def _of_somebody(row: Sequence["_Word"]) -> PersonalKind | None:
    return PersonalKind.PERSON if row[0].is_capital or len(row) > 1 else None


def _signs(text: str, start: int, end: int) -> bool:
    """Whether it is the last that is said, behind a sentence or a comma: «торга нет, тимур»; not «спасибо, олег»."""
    before = text[:start]
    is_last = text[end:].strip(" .!)") == "" and _ENDS_A_CLAUSE.search(before) is not None
    return is_last and _SPEAKS_TO.search(before) is None


_SPEAKS_TO: Final = re.compile(
    r"\b(?:спасибо|благодарю|здравствуйте|привет|добр\w+ \w+|пожалуйста|извините)[ ,.!]*$", re.IGNORECASE
)

_INITIAL: Final = r"(?:[А-ЯЁ]\. ?[А-ЯЁ]\.?|[А-ЯЁ] [А-ЯЁ])(?![а-яё])"
_OFFICES: Final = (
    r"ф\.?и\.?о\.?|фамили\w+|на имя|владел\w+|собственник\w*|продав(?:ец|ца|цу)|хозя(?:ин|ина|йка|йки)|договор с"
    r"|(?:оформлен|записан)\w* на|гражданин\w*|гражданк\w+|господин\w*|госпож\w+|г-н\w?|г-ж\w|менеджер\w*|мастер\w*"
    r"|юрист\w*|с уважением"
)
_FAMILIES: Final = (
    # «Петров И. И.», «И. И. Петров», «петров и.и.», «владелец Петров»
    re.compile(rf"(?<!\w)(?P<name>(?P<family>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?) (?:{_INITIAL}|[А-ЯЁ]\.))(?!\w)"),
    re.compile(r"(?<!\w)(?P<name>[А-ЯЁ]\. ?(?:[А-ЯЁ]\. ?)?(?P<family>[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?))(?!\w)"),
    re.compile(r"(?<!\w)(?P<name>(?P<family>[а-яё]{4,}) (?![тглр]\.)[а-яё]\. ?(?!в\.)[а-яё]\.)(?!\w)"),
    re.compile(rf"(?i:\b(?:{_OFFICES})[ ,:–-]{{1,3}})(?P<name>(?P<family>[А-ЯЁ][а-яё]+))(?!\w)"),
)


_CAR_WORDS: Final = "марк карина карину карины максима максиму максимы надя надю alex carina nadia"
_CARS: Final = frozenset(_CAR_WORDS.split())
"""Given names that are cars of these makers."""
_MAKER: Final = re.compile(r"(?:тойот[аыуе]|toyota|ниссан[ауе]?|nissan),? $", re.IGNORECASE)
_SECOND_MARK: Final = re.compile(r" ?(?:2|ii|x|х)(?!\w)", re.IGNORECASE)
_PRO: Final = re.compile(r"\b(?:pro|про|plus|плюс)[ -]$", re.IGNORECASE)


def _is_a_car(folded: str, before: str, behind: str) -> bool:
    """«Тойота Карина», «Марк 2», «Тигго 7 Про Макс»: models that bear a given name."""
    is_mark = folded in ("марк", "марка", "марку", "mark") and _SECOND_MARK.match(behind) is not None
    is_largest = folded in ("max", "макс") and _PRO.search(before[-_NEARBY:]) is not None
    return is_mark or is_largest or (folded in _CARS and _MAKER.search(before[-_NEARBY:]) is not None)


class _Word:
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
    return _is(folded, _PATRONYMIC, _IN_NO_NAME), any(_is(part, _FAMILY, _NO_FAMILY) for part in parts)


def _is(folded: str, pattern: re.Pattern[str], unless: re.Pattern[str]) -> bool:
    return pattern.fullmatch(folded) is not None and unless.fullmatch(folded) is None


def _rows(text: str, words: Sequence[_Word]) -> Iterator[Sequence[_Word]]:
    """Names: a given name or a patronymic, and what goes with it on either side."""
    place = 0
    while place < len(words):
        end = place + 1
        if words[place].is_given or words[place].is_declined or words[place].is_patronymic:
            start, end = _grown(text, words, place)
            if _is_a_name(words[start:end]):
                yield words[start:end]
        place = end


def _grown(text: str, words: Sequence[_Word], place: int) -> tuple[int, int]:
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


def _adjoins(text: str, before: _Word, after: _Word) -> bool:
    return text[before.end : after.start] == " "


def _goes_with(word: _Word, name: _Word) -> bool:
    if word.is_patronymic:
        return True
    if word.is_given and name.is_patronymic:
        return True
    return _is_family_of(word, name)


def _is_family_of(word: _Word, name: _Word) -> bool:
    """A family name is written with a capital where the given name is; in lower case only clear ones count."""
    if not word.is_family or word.is_given:
        return False
    if word.is_capital or name.is_patronymic:
        return True
    return (
        not name.is_capital
        and name.folded not in _A_PLAIN_WORD_TOO
        and _CLEARLY_A_FAMILY.fullmatch(word.folded) is not None
    )


_CLEARLY_A_FAMILY: Final = re.compile(
    r"[а-яё]{3,}(?:[оеё]в(?:а|у|ой|ым)?|ин(?:а|ой)|ск(?:ий|ого|ому|ая|ой)|енко|чук|[оеё]вич)"
)


def _is_a_name(row: Sequence[_Word]) -> bool:
    if len(row) == 1:
        (word,) = row
        # A patronymic alone has a capital; declined names too: «веры» is rather faith.
        return word.is_given or (word.is_capital and (word.is_declined or word.is_patronymic))
    if any(word.is_capital for word in row):
        return True
    return any(word.is_patronymic or (word.is_given and word.folded not in _A_PLAIN_WORD_TOO) for word in row)


def _end_of_name(text: str, end: int) -> int:
    """Where a name ends with the patronymic and the family name that follow it."""
    while (match := _WORD.match(text, end + 1)) is not None and text[end : end + 1] == " ":
        word = _Word(text, match)
        if not (word.is_patronymic or word.is_family or (word.is_given and word.is_capital)):
            break
        end = word.end
    return end


_BETWEEN: Final = re.compile(r"[ ,.:;–\n-]*(?:(?:мой )?(?:тел(?:ефон)?|номер|моб(?:ильный)?|phone|сот)\b[ .:–-]*)?")


def _stands_beside(start: int, end: int, text: str, found: Sequence[Personal]) -> bool:
    """Whether a phone number goes with it."""
    return any(
        other.kind is PersonalKind.PHONE
        and (
            _BETWEEN.fullmatch(text, end, max(other.start, end))
            if other.start >= end
            else _BETWEEN.fullmatch(text, other.end, start)
        )
        for other in found
    )


def _name(kind: PersonalKind, text: str, start: int, end: int) -> Personal:
    return Personal(kind, start, end, _capitalised(text[start:end]))


def _capitalised(name: str) -> str:
    whole = name.title() if name.isupper() else name
    return " ".join(part[:1].upper() + part[1:] for part in whole.split(" "))

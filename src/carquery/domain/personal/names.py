"""Names of people: given names with the patronymics, family names and initials beside them, in any case and order."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from carquery.domain.given_names import GIVEN_NAMES
from carquery.domain.introductions import INTRODUCED_BY
from carquery.domain.personal.name_rows import (
    A_PLAIN_WORD_TOO,
    NameWord,
    end_of_name,
    ends_as_family_name,
    rows_of_names,
)
from carquery.domain.personal.piece import Personal, PersonalKind

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
_NO_NAMES: Final = (
    "не как так вас вам тебя его её ее их меня нас просто как-то мой моя это кого кому кто тот та все всех"
    " продавец продавца менеджер менеджера хозяин хозяина the a"
)
_NOT_A_NAME: Final = frozenset(_NO_NAMES.split())
_BEHIND_A_COMMA: Final = "макс max рафик платон лука тина света динар гена карина лаура"
_NOT_SIGNED: Final = A_PLAIN_WORD_TOO | frozenset(_BEHIND_A_COMMA.split())
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
            yield _name(PersonalKind.NAME, text, match.start(1), end_of_name(text, match.end(1)))
    for match in _NAMED_ALONE.finditer(text):
        if match["name"].casefold() not in _NOT_A_NAME:
            yield _name(PersonalKind.NAME, text, *match.span("name"))
    for match in chain.from_iterable(pattern.finditer(text) for pattern in _FAMILIES):
        if ends_as_family_name(match["family"].casefold()):
            yield _name(PersonalKind.PERSON, text, *match.span("name"))
    for row in rows_of_names(text):
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


def _kind(row: Sequence[NameWord], text: str, found: Sequence[Personal]) -> PersonalKind | None:
    """Whose name it is; None: a word in lower case that may be no name."""
    first = row[0]
    around = max(first.start - _NEARBY, 0)
    end = row[-1].end
    if not any(word.is_given for word in row):
        return _of_somebody(row)
    before = text[around : first.start]
    is_surely_own = _stands_beside(first.start, end, text, found) or (
        first.folded not in A_PLAIN_WORD_TOO and _I_AM.search(before) is not None
    )
    is_named = (first.is_capital and _BEFORE_OWN_NAME.search(before) is not None) or (
        first.folded not in _NOT_SIGNED and _signs(text, first.start, end)
    )
    if is_surely_own or (is_named and _DOES.match(text, end) is None):
        return PersonalKind.NAME
    return PersonalKind.PERSON if is_named else _of_somebody(row)


def _of_somebody(row: Sequence[NameWord]) -> PersonalKind | None:
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

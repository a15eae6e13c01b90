"""The forms in which a car's name is written: in cases and in the plural, in Russian letters, heard, and misspelt."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from carquery.adapters.rules.text import cyrillic, sound
from carquery.domain.declension import declined

Name: TypeAlias = tuple[str, ...]
_Meant = TypeVar("_Meant")
"""What a name means: a car."""

_DIMINUTIVES: Final = ("чик", "ик", "ок", "ец", "ушка", "юшка", "юха", "уха", "ка")
TURKIC: Final = (
    *("имни", "имди", "ымды", "ымны", "нинг", "мны", "мни", "мди", "мды", "нын", "лар", "лер", "дын"),
    *("ны", "ни", "ди", "ды", "ти", "ты", "ге", "га", "да", "де"),
)
"""Cases and «my» as Kazakhs, Tatars, Uzbeks and Kyrgyz put them behind a name: «солярисімді», «логанды»."""
ENDEARMENTS: Final = tuple(
    sorted({form for ending in _DIMINUTIVES for form in (ending, *declined(ending))}, key=len, reverse=True)
)
SHORTEST_ROOT: Final = 5
_SHORTEST_DECLINED: Final = 4
SHORTEST_MISSPELT: Final = 7
SHORTEST_BESIDE: Final = 4
PREPOSITIONS: Final = frozenset({"в", "к", "с", "у", "о"})
_PLURALS: Final = (
    ("ия", ("ий", "иям", "иями", "иях")),
    ("я", ("ь", "ям", "ями", "ях")),
    ("ь", ("ей", "ям", "ями", "ях")),
    ("й", ("и", "ев", "ям", "ями", "ях")),
    ("а", ("", "ам", "ами", "ах")),
)
_FEW_LATIN_LETTERS: Final = re.compile(r"[a-z]{1,3}")
_RUSSIAN_LETTERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        letters[0]: tuple(letters[1:].split())
        for letters in (
            *("a а эй", "b б в", "c ц с си к", "d д ди", "e е э и", "f ф эф", "g г ж джи", "h н х аш эш", "i и ай"),
            *(
                "j ж дж джей",
                "k к кей",
                "l л эл",
                "m м эм",
                "n н эн",
                "o о",
                "p п пи",
                "q к кью ку",
                "r р эр",
                "s с эс",
            ),
            *("t т ти", "u у ю", "v в ви", "w в", "x х икс", "y у ю", "z з зет"),
        )
    }
)
"""Latin letters by their look and by their name."""


def in_russian_letters(names: Mapping[Name, _Meant]) -> dict[Name, _Meant]:
    """Names of a few Latin letters and a number as Russians type and spell them: «рх», «х70», «эф 7», «эм 5»."""
    forms: dict[Name, _Meant] = {}
    for name, car in names.items():
        letters, *number = name
        if not _FEW_LATIN_LETTERS.fullmatch(letters) or not all(map(_may_follow_letters, number)):
            continue
        tail = [_RUSSIAN_LETTERS[word] if len(word) == 1 and word.isalpha() else (word,) for word in number]
        for spelled in product(*(_RUSSIAN_LETTERS[letter] for letter in letters)):
            for end in product(*tail):
                if not (number and number[0].isdigit() and "".join(spelled) in PREPOSITIONS):
                    forms.setdefault(("".join(spelled), *end), car)
                forms.setdefault((*spelled, *end), car)
    return forms


def _may_follow_letters(word: str) -> bool:
    return word.isdigit() or (len(word) == 1 and word in _RUSSIAN_LETTERS)


def with_cases(names: Mapping[Name, _Meant]) -> dict[Name, _Meant]:
    forms = dict(names)
    for name, car in names.items():
        for form in product(*(_cases(word) for word in name)):
            forms.setdefault(form, car)
    return forms


def _cases(word: str) -> tuple[str, ...]:
    return (word, *sorted(declined(word)), *_of_several(word)) if len(word) >= _SHORTEST_DECLINED else (word,)


def _of_several(word: str) -> tuple[str, ...]:
    """«вестам», «соболей», «грант»: as several cars of a name are spoken of."""
    for ending, others in _PLURALS:
        if word.endswith(ending):
            root = word.removesuffix(ending)
            return tuple(root + other for other in others if other or len(root) >= SHORTEST_ROOT)
    return (word + "ам", word + "ами", word + "ах") if "а" <= word[-1] <= "я" and word[-1] not in "оуеиюэы" else ()


def without_ending(word: str, endings: tuple[str, ...]) -> str:
    """«эмграндик», «дастерок» without what makes them small; the word itself, if it ends with none of these."""
    for ending in endings if word.endswith(endings) else ():
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            return word.removesuffix(ending)
    return word


def by_sound(names: Mapping[Name, _Meant]) -> dict[str, _Meant]:
    """Names of one word, by how they are heard; what two cars sound like is left out."""
    heard: dict[str, set[_Meant]] = {}
    for name, car in names.items():
        if len(name) == 1 and len(name[0]) >= SHORTEST_ROOT and name[0].isalpha():
            heard.setdefault(sound(cyrillic(name[0])), set()).add(car)
    return {key: next(iter(cars)) for key, cars in heard.items() if len(cars) == 1}


def misspelt(names: Mapping[Name, _Meant]) -> dict[str, list[str]]:
    """The long names, by what each looks like with a letter left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        if len(name) == 1 and len(name[0]) >= SHORTEST_MISSPELT and name[0].isalpha():
            for variant in (name[0], *shortened(name[0])):
                found.setdefault(variant, []).append(name[0])
    return found


def is_one_slip_away(word: str, name: str) -> bool:
    """One letter left out, added, changed, or two swapped; never the first."""
    start = next((place for place, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if start is None or start == 0:
        return start is None and abs(len(word) - len(name)) <= 1
    a, b = word[start:], name[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def is_heard_as(word: str, name: str) -> bool:
    """Whether a word beside its make is that name, perhaps with one letter wrong; in a short one, not of the first."""
    if len(name) < SHORTEST_BESIDE or not name.isalpha():
        return False
    said, meant = cyrillic(word), cyrillic(name)
    if sound(said) == sound(meant):
        return True
    is_short = min(len(said), len(meant)) <= SHORTEST_BESIDE
    return said[: 2 if is_short else 1] == meant[: 2 if is_short else 1] and is_one_slip_away(said, meant)


def shortened(word: str) -> Iterator[str]:
    """Without one letter, but the first."""
    return (word[:place] + word[place + 1 :] for place in range(1, len(word)))

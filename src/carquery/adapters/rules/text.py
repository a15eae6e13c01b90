"""A message as words and signs, in one spelling."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import snowballstemmer

from carquery.domain.values import dataclass

_STEMMER: Final = snowballstemmer.stemmer("russian")
_TOKEN: Final = re.compile(r"[а-я]+|[a-z]+|[0-9]+|\n|\S")
_MIXED: Final = re.compile(r"[а-яa-z]*(?:[а-я][a-z]|[a-z][а-я])[а-яa-z]*")
_LATIN_LIKE_CYRILLIC: Final = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_CYRILLIC_LIKE_LATIN: Final = str.maketrans("асеорхукмтнв", "aceopxykmthb")
_NEIGHBOURS: Final = dict(zip("қғңөүұіһәўҳҷӣӯєїґəığşçöü", "кгноууихаухжиуеигeigscou", strict=True))
_SPELLINGS: Final = str.maketrans({"ё": "е", **_NEIGHBOURS, **dict.fromkeys("‑–—−", "-"), **dict.fromkeys("’`", "'")})
"""Letters of other languages become the Russian or plain Latin ones that people type for them."""

_SAID_PROPERLY: Final = {
    "пятихатка": "пятьсот тысяч",
    "пятихатку": "пятьсот тысяч",
    "полтос": "пятьдесят тысяч",
    "писят": "пятьдесят",
    "пийсят": "пятьдесят",
    "шисят": "шестьдесят",
    "семисят": "семьдесят",
    "восемсят": "восемьдесят",
    "тыщенок": "тысяч",
    "щас": "сейчас",
    "че": "что",
    "чо": "что",
    "чето": "что-то",
    "шо": "что",
    "скока": "сколько",
    "скок": "сколько",
}
_COLLOQUIAL: Final = re.compile(rf"\b(?:{'|'.join(_SAID_PROPERLY)})\b")

_SHORTEST_MISHEARD: Final = 5
_HEARD: Final = str.maketrans({"о": "а", "е": "и", "э": "и", "ы": "и", "ь": "", "ъ": "", "щ": "ш"})
_DOUBLED: Final = re.compile(r"(.)\1+")

_TRANSLITERATED: Final = (
    *(("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ch", "ч"), ("sh", "ш"), ("ts", "ц"), ("yu", "ю")),
    *(("ju", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"), ("ye", "е")),
    *(("a", "а"), ("b", "б"), ("c", "ц"), ("d", "д"), ("e", "е")),
    *(("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н")),
    *(("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в")),
    *(("x", "кс"), ("y", "ы"), ("z", "з"), ("'", "ь")),
)
_TRANSLITERATION: Final = re.compile("(?<=[aeiou])y(?![aeou])|" + "|".join(latin for latin, _ in _TRANSLITERATED))
_LETTERS: Final = dict(_TRANSLITERATED)


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters of one alphabet, of digits, or a single sign; where it stands in the normalised text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def is_number(self) -> bool:
        return self.text.isdigit()


def normalised(message: str) -> str:
    """The message in lower case, NFKC, with «е» for «ё» and one kind of dash; words of two alphabets in one."""
    text = unicodedata.normalize("NFKC", message).casefold().translate(_SPELLINGS)
    return _COLLOQUIAL.sub(
        lambda word: _SAID_PROPERLY[word.group()], _MIXED.sub(lambda word: _in_one_alphabet(word.group()), text)
    )


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a normalised text."""
    return tuple(Token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text))


def words_of(text: str) -> tuple[str, ...]:
    """The tokens of a phrase, for dictionaries."""
    return tuple(token.text for token in tokens_of(normalised(text)) if token.text != "-")


def word_set(words: str) -> frozenset[str]:
    """Words that are looked for as they are."""
    return frozenset(words.split())


def stem_set(words: str) -> frozenset[str]:
    """Words that are looked for in all their forms."""
    return frozenset(map(stem, words.split()))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word's stem; a Latin word that may be Russian in Latin letters, transliterated."""
    return str(_STEMMER.stemWord(cyrillic(word)))


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """How a Russian word is heard, so that «скалько» is «сколько»; short words as they are: «до» is not «да»."""
    if len(word) < _SHORTEST_MISHEARD or not "а" <= word[0] <= "я":
        return word
    return _DOUBLED.sub(r"\1", word.translate(_HEARD))


@lru_cache(maxsize=20_000)
def cyrillic(word: str) -> str:
    """A Latin word in Cyrillic letters, as Russians transliterate; any other word as it is."""
    if not word.isascii() or not word.isalpha():
        return word
    return _TRANSLITERATION.sub(_letter, word)


def _letter(found: re.Match[str]) -> str:
    is_short = found.group() == "y" and found.start() > 0 and found.string[found.start() - 1] in "aeiou"
    return "й" if is_short else _LETTERS[found.group()]


def clauses(tokens: Sequence[Token]) -> list[int]:
    """For each token, the number of its clause: sentences and lines part clauses, commas don't."""
    numbers, number = [], 0
    for place, token in enumerate(tokens):
        numbers.append(number)
        is_end = token.text in "!?;\n" or (token.text == "." and _ends_sentence(tokens, place))
        number += is_end
    return numbers


def _ends_sentence(tokens: Sequence[Token], place: int) -> bool:
    """Not within «1.2», «т.км», «г.в.», «руб.»."""
    before = tokens[place - 1] if place else None
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after is None:
        return True
    if after.start == tokens[place].end:
        return False
    return before is None or not before.is_word or len(before.text) > 3


def _in_one_alphabet(word: str) -> str:
    russian = sum("а" <= sign <= "я" for sign in word)
    return word.translate(_LATIN_LIKE_CYRILLIC if 2 * russian >= len(word) else _CYRILLIC_LIKE_LATIN)

"""Russian typed while the keyboard was set to Latin letters: «ghjlfv rfvhb» is «продам камри»."""

import re
from typing import Final

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`/?&"
_RUSSIAN: Final = "йцукенгшщзхъфывапролджэячсмитьбюё.,?"
_KEYS: Final = str.maketrans(_LATIN, _RUSSIAN)
_LETTER: Final = re.compile(r"[^\W\d_]")
_TYPED: Final = re.compile(r"(?<![0-9])[.,]|[.,](?![0-9])|[^.,]")
"""A sign by itself; a dot or a comma between digits belongs to the number."""

_NUMBERED: Final = re.compile(r"[a-z][0-9]|[0-9][a-z]")
"""A VIN, a number plate, the name of a car: no word of Russian."""
_FEWEST_LETTERS: Final = 5
_LATIN_VOWELS: Final = frozenset("aeiou")
_RUSSIAN_VOWELS: Final = frozenset("аеёиоуыэюя")
_MOST_LATIN: Final = 0.2
_LEAST_RUSSIAN: Final = 0.3
"""Vowels among the letters: two fifths in Russian, and in other languages in Latin letters; on wrong keys 6 %."""


def in_russian_keys(message: str) -> str:
    """The message as it was meant, sign for sign, if it reads as Russian on the other keys alone; else as it is."""
    lower = message.casefold()
    letters = _LETTER.findall(lower)
    if len(letters) < _FEWEST_LETTERS or len(lower) != len(message) or not all(map(str.isascii, letters)):
        return message
    if _share(letters, _LATIN_VOWELS) > _MOST_LATIN or _NUMBERED.search(lower) is not None:
        return message
    meant = _TYPED.sub(lambda sign: sign.group().translate(_KEYS), lower)
    return meant if _share(_LETTER.findall(meant), _RUSSIAN_VOWELS) >= _LEAST_RUSSIAN else message


def _share(letters: list[str], those: frozenset[str]) -> float:
    return sum(letter in those for letter in letters) / len(letters)

"""A message as numbers: its words, their stems, kinds and pieces."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final
from zlib import crc32

from carquery.adapters.rules.learned.kin import kinds_of
from carquery.adapters.rules.learned.vocabulary import Features
from carquery.adapters.rules.message import PlainMessage
from carquery.adapters.rules.text import Token, stem

CAR: Final = "CAR"
"""Stands for any car: which one it is says nothing about the wish."""
YEAR: Final = "#year"
_YEARS: Final = range(1950, 2100)
_MOST_DIGITS: Final = 7
_PIECE: Final = 4
"""Letters in a piece of a word; «<» and «>» are its ends."""
_MOST_CARS: Final = 2
_MOST_LENGTHS: Final = 8
_WORDS_A_LENGTH: Final = 4


def features_of(message: PlainMessage) -> Features:
    """Its words and their pairs, stems, kinds; pieces of words; whether it asks, how many cars, how long, all three.

    Two kinds count together wherever in the message they stand, and as neighbours, a stem standing for a word of none.

    Two features may have one number: there are so many numbers that it costs next to nothing.
    """
    words = words_of_message(message)
    found = {crc32(feature.encode()): None for feature in _wholes(words)}
    found.update(dict.fromkeys(crc32(f"has {kind}".encode()) for kind in message.kinds))
    for word in words:
        if word[0].isalpha() and word != CAR:
            found.update(dict.fromkeys(_pieces(word)))
    return tuple(found)


def words_of_message(message: PlainMessage) -> list[str]:
    """The message's words: each car is one, a number is its length."""
    cars = {mention.start: mention.end for mention in message.mentions}
    words, place = [], 0
    while place < len(message.tokens):
        if place in cars:
            words.append(CAR)
            place = cars[place]
        else:
            words.append(_shape(message.tokens[place]))
            place += 1
    return words


def _wholes(words: Sequence[str]) -> Iterator[str]:
    framed = ["^", *words, "$"]
    yield from framed
    yield from map(" ".join, pairwise(framed))
    yield from (f"~{_stem(word)}" for word in framed)
    yield from _of_kinds(framed)
    yield from _of_the_whole(words)


def _of_the_whole(words: Sequence[str]) -> Iterator[str]:
    asks = f"asks {'?' in words}"
    cars = f"cars {min(_MOST_CARS, words.count(CAR))}"
    length = f"length {min(_MOST_LENGTHS, len(words) // _WORDS_A_LENGTH)}"
    for count in (1, 2, 3):
        yield from map(" ".join, combinations((asks, cars, length), count))


def _of_kinds(framed: Sequence[str]) -> Iterator[str]:
    named = [kinds_of(word) for word in framed]
    kinds = sorted({f"@{kind}" for its in named for kind in its} | ({CAR} & set(framed)))
    yield from kinds
    yield from map("&".join, combinations(kinds, 2))
    row = [f"@{its[0]}" if its else f"~{_stem(word)}" for word, its in zip(framed, named, strict=True)]
    yield from map(" ".join, pairwise(row))
    yield from map(" _ ".join, zip(row, row[2:], strict=False))


def _stem(word: str) -> str:
    return stem(word) if word[0].isalpha() and word != CAR else word


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[int, ...]:
    framed = f"<{word}>"
    return tuple(crc32(framed[start : start + _PIECE].encode()) for start in range(len(framed) - _PIECE + 1))


def _shape(token: Token) -> str:
    if not token.is_number:
        return token.text
    is_year = len(token.text) == len(str(_YEARS.start)) and int(token.text) in _YEARS
    return YEAR if is_year else f"#{min(_MOST_DIGITS, len(token.text))}"

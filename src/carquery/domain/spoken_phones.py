"""Russian phone numbers in words: «восемь девятьсот шестнадцать 123 сорок пять 67»."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from carquery.domain.number_words import CARDINALS


def in_figures(text: str) -> str:
    """The text with such numbers in E.164, apart from the words beside them; other rows of numbers stay."""
    return _SPOKEN.sub(_from_words, text) if _has_number_words(text) else text


def _has_number_words(text: str) -> bool:
    """Whether it may have one; to look for rows of them costs much more."""
    return not CARDINALS.keys().isdisjoint(_PIECE.findall(text.casefold().replace("ё", "е")))


_WORD: Final = f"(?:{'|'.join(sorted(CARDINALS, key=len, reverse=True))})"
_SPOKEN: Final = re.compile(
    rf"(?<!\w)(?:(?:плюс|\+) ?)?(?:{_WORD}|[0-9]{{1,4}})(?:[ ,.\n-]{{1,3}}(?:{_WORD}|[0-9]{{1,4}})(?!\w)){{3,}}",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_DIGITS_OF_A_NUMBER: Final = (10, 11)


def _from_words(spoken: re.Match[str]) -> str:
    pieces = _PIECE.findall(spoken.group().casefold().replace("ё", "е"))
    digits = "".join(_groups([piece for piece in pieces if piece != "плюс"]))
    national = digits[1:] if len(digits) == max(_DIGITS_OF_A_NUMBER) and digits[0] in "78" else digits
    is_phone = len(national) == min(_DIGITS_OF_A_NUMBER) and national[0] in "3489"
    if not is_phone or all(piece.isdigit() for piece in pieces):
        return spoken.group()
    return f" +7{national}, "


def _groups(pieces: Sequence[str]) -> Iterator[str]:
    """The figures that the pieces spell, group by group: «сто двадцать», «три» are 123, «сорок», «пятьдесят» two."""
    total, room = 0, 0
    for piece in pieces:
        value = CARDINALS.get(piece)
        if value is not None and 0 < value < room:
            total, room = total + value, _room_after(value)
            continue
        if room:
            yield str(total)
        total, room = 0, 0
        if value is None or value == 0:
            yield piece if value is None else "0"
        else:
            total, room = value, _room_after(value)
            if room == 1:
                yield str(total)
                total, room = 0, 0
    if room:
        yield str(total)


def _room_after(value: int) -> int:
    """What may follow in the same group is smaller than that."""
    return 100 if value >= 100 else 10 if value >= 20 else 1

"""Vehicle identification numbers, and what customers write around them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Final

from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_numbers import plain
from carquery.domain.unsure import Unsure
from carquery.domain.values import dataclass

_LENGTH: Final = 17
_MOST_READINGS: Final = 3
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_EXAMPLE: Final = "например XTA210990Y1234567"
_OR_SKIP: Final = "или нажмите «Пропустить», если VIN нет под рукой"


@dataclass(frozen=True, slots=True)
class Vin:
    """A vehicle identification number: 17 characters of A–Z and 0–9, never I, O or Q. Source: ISO 3779."""

    number: str

    def __post_init__(self) -> None:
        if _VIN.fullmatch(self.number) is None:
            raise ValueError("a VIN is 17 of A–Z and 0–9 without I, O and Q")

    @property
    def shown(self) -> str:
        return self.number


def read_vin(typed: str) -> Vin | Unsure[Vin]:
    """Read the VIN that a text holds; case, spaces, dashes, Cyrillic look-alikes and words beside it don't matter.

    Returns:
        The VIN; with signs that no VIN has but that look like digits («O», «I», «З»), the VIN they would make, to be
        confirmed, and so where it can't be told what belongs to it.

    Raises:
        AnswerRefused: no VIN, or several; the hint says what is wrong with what looks like one.
    """
    text = plain(typed.replace("№", " "))
    pieces = _pieces(text)
    found = list(dict.fromkeys(_spelled(pieces, _TRUE)))
    if len(found) == 1 and _stands_apart(found[0], pieces):
        return Vin(found[0].signs)
    found = found or list(dict.fromkeys(_spelled(pieces, _MISTYPED)))
    if not 0 < len(found) <= _MOST_READINGS or sum(piece.is_whole for piece in pieces) > 1:
        raise AnswerRefused(_hint(text, pieces))
    return Unsure(tuple(dict.fromkeys(Vin(one.signs) for one in found)))


def says_more_than_vin(typed: str) -> bool:
    """Whether the text in which `read_vin` finds a VIN says anything else: «XTA…, камри»."""
    pieces = _pieces(plain(typed.replace("№", " ")))
    found = next(chain(_spelled(pieces, _TRUE), _spelled(pieces, _MISTYPED)), None)
    if found is None:
        return False
    beside = (*pieces[: found.start], *pieces[found.end :])
    return any(piece.signs not in _LABELS and len(piece.signs) > 1 for piece in beside)


# What looks like a VIN

_TRUE: Final = str.maketrans("авсенкмртухѕј", "abcehkmptyxsj")
_MISTYPED: Final = {**_TRUE, **str.maketrans("oоqiз", "00013")}
"""With what people type or copy for digits; read so, it is asked back."""

_SPLIT: Final = re.compile(r"[^\s,;:!?()«»\"'№#=/|]+")
_INNER_SIGNS: Final = str.maketrans("", "", "-.*_")
_LABELLED: Final = re.compile(r"(?:в\.?и\.?н|v\.?i\.?n|win)\.?(?:[ -]?(?:код|номер|code|number))?[.-]?(?=[^\W_]{17}$)")
_LABEL_WORDS: Final = (
    "вин vin win код code номер number автомобиля авто машины кузова мой мои вот это пожалуйста спасибо проверьте"
)
_LABELS: Final = frozenset(_LABEL_WORDS.split())
_PHONE_LENGTHS: Final = (10, 11)
_LEAST_DIGITS: Final = 3
"""Source: a VIN's serial number ends in digits (ISO 3780, GOST 33990)."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between spaces: its signs in lower case, without the dashes and dots inside."""

    signs: str

    @property
    def has_digits(self) -> bool:
        return any(sign.isdigit() for sign in self.signs)

    def spelled(self, alphabet: Mapping[int, int]) -> str:
        return self.signs.translate(alphabet).upper()

    @property
    def is_whole(self) -> bool:
        return len(self.signs) == _LENGTH and self.has_digits

    @property
    def is_cyrillic_word(self) -> bool:
        return all(sign.isalpha() and not sign.isascii() for sign in self.signs)

    @property
    def is_phone(self) -> bool:
        return len(self.signs) in _PHONE_LENGTHS and self.signs.isdigit() and self.signs[0] in "789"

    @property
    def is_latin(self) -> bool:
        return any(sign.isalpha() and sign.isascii() for sign in self.signs)


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A row of pieces, `start` … `end`, that makes 17 signs of a VIN."""

    start: int
    end: int
    signs: str


def _pieces(text: str) -> Sequence[_Piece]:
    typed = (piece.translate(_INNER_SIGNS) for piece in _SPLIT.findall(text))
    return [_Piece(_LABELLED.sub("", piece)) for piece in typed if piece]


def _spelled(pieces: Sequence[_Piece], alphabet: Mapping[int, int]) -> Iterator[_Spelled]:
    """The rows of pieces that may be a VIN."""
    for start in range(len(pieces)):
        lengths = accumulate(len(piece.signs) for piece in pieces[start:])
        for end, length in enumerate(lengths, start + 1):
            if length >= _LENGTH:
                row = pieces[start:end]
                if len(row) > 1 and any(piece.is_phone for piece in row):  # «Рустам 89174405612»
                    break
                signs = "".join(piece.spelled(alphabet if piece.has_digits else _TRUE) for piece in row)
                is_all = len(row) == len(pieces)
                if _VIN.fullmatch(signs) and (is_all or sum(map(str.isdigit, signs)) >= _LEAST_DIGITS):
                    yield _Spelled(start, end, signs)
                break


def _stands_apart(vin: _Spelled, pieces: Sequence[_Piece]) -> bool:
    """Whether nothing beside it may belong to it, nor anything in it to the words beside it.

    «С XTA 210990 …» would take the preposition for a letter: it is the only piece in another alphabet.
    """
    inside, beside = pieces[vin.start : vin.end], (*pieces[: vin.start], *pieces[vin.end :])
    is_mixed = any(piece.is_cyrillic_word for piece in inside) and any(piece.is_latin for piece in inside)
    return not any(piece.has_digits for piece in beside) and (vin.end == vin.start + 1 or not is_mixed)


# What to say where there is none

_PLATE: Final = re.compile(r"[авекмнорстухabekmhopctyx][0-9]{3}[авекмнорстухabekmhopctyx]{2}[0-9]{2,3}(?:rus)?")
_FRAME: Final = re.compile(r"(?<![^\W_])(?=[a-z0-9]*[a-z])[a-z]{1,4}[0-9a-z]{1,5}[ -]([0-9]{5,7})(?![^\W_])")
_FRAME_TOGETHER: Final = re.compile(r"[a-z]{2,4}[0-9]{2,4}[a-z]?[0-9]{6,7}")
_FRAME_SAID: Final = re.compile(r"\b(?:кузов\w*|шасси|рам[ыа]|frame)\b")
_NEARLY: Final = range(11, 24)
"""Signs: what is as long as that was meant as a VIN."""


def _hint(text: str, pieces: Sequence[_Piece]) -> str:
    signs = _meant(pieces)
    if _PLATE.fullmatch("".join(piece.signs for piece in pieces)):
        return f"Похоже на госномер, а нужен VIN: {_LENGTH} латинских букв и цифр, {_EXAMPLE}, {_OR_SKIP}"
    longest = max((len(piece.signs) for piece in pieces if piece.has_digits), default=0)
    is_frame = _FRAME_SAID.search(text) is not None and 0 < longest < _NEARLY.start + 3
    if is_frame or _FRAME.search(text) or _FRAME_TOGETHER.fullmatch(signs):
        return f"Похоже на номер кузова, а нужен VIN: {_LENGTH} латинских букв и цифр, {_EXAMPLE}, {_OR_SKIP}"
    if sum(piece.is_whole for piece in pieces) > 1:
        return f"Напишите один VIN, {_EXAMPLE}, {_OR_SKIP}"
    if len(signs) not in _NEARLY or not any(sign.isdigit() for sign in signs):
        return f"VIN – это {_LENGTH} латинских букв и цифр, {_EXAMPLE}, {_OR_SKIP}"
    return f"{_what_is_wrong(signs.translate(_TRUE).upper())}; проверьте и напишите ещё раз, {_EXAMPLE}, {_OR_SKIP}"


def _what_is_wrong(signs: str) -> str:
    strange = "".join(dict.fromkeys(sign for sign in signs if not sign.isascii()))
    if strange:
        return f"В VIN только латинские буквы и цифры, а здесь есть «{strange[:5]}»"
    if len(signs) != _LENGTH:
        return f"В VIN {_LENGTH} знаков, а здесь {len(signs)}"
    return "В VIN только латинские буквы и цифры"


def _meant(pieces: Sequence[_Piece]) -> str:
    """What was meant as the VIN: the pieces with digits, those between them, and those beside that could belong."""
    places = [place for place, piece in enumerate(pieces) if piece.has_digits]
    if not places:
        return "".join(piece.signs for piece in pieces)
    start, end = places[0], places[-1] + 1
    while start > 0 and _could_belong(pieces[start - 1]):
        start -= 1
    while end < len(pieces) and _could_belong(pieces[end]):
        end += 1
    return "".join(piece.signs for piece in pieces[start:end])


def _could_belong(piece: _Piece) -> bool:
    return re.fullmatch(r"[A-HJ-NPR-Z0-9]+", piece.spelled(_TRUE)) is not None

"""Phone numbers as customers type them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from carquery.domain.contact import LONGEST_REMARK, Phone
from carquery.domain.numbering import ANONYMOUS, Dialled, vouched
from carquery.domain.phone_hints import (
    ANONYMOUS_NUMBER,
    COUNTRY_CODE,
    LETTER_AMONG_DIGITS,
    ONE_NUMBER,
    TOO_LONG,
    WHY,
    WITH_CODE,
    what_is_wrong,
)
from carquery.domain.refusals import AnswerRefused
from carquery.domain.remarks import remark_of
from carquery.domain.spoken_phones import in_figures
from carquery.domain.typed_numbers import plain
from carquery.domain.unsure import Unsure
from carquery.domain.written_phones import EXTENSION, Run, Text

_LONGEST: Final = LONGEST_REMARK + 100
_FEWEST_DIGITS: Final = 5
"""Fewer are no attempt at a number: «2 машины»."""

_KNOWN_ROW: Final = re.compile(r"[78]?\+.*|00.*|[3489].{9}|[78].{10,11}")
"""How the digits of a number begin that may stand among other figures."""
_LIKE_A_PHONE: Final = re.compile(r"[0-9+]{9,}|[0-9]{3} [0-9]{2} [0-9]{2}|[0-9]{3} [0-9]{4}")
"""Groups that are a second number, even if one that can't be read; not a sum, an hour, a year."""

_MARKED_EXTENSION: Final = re.compile(r"[ ,;(]*[x#*хХ×] ?(?P<digits>[0-9]{1,8})(?![0-9])", re.IGNORECASE)
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_]+$")
_LETTERS_AFTER: Final = re.compile(r"[^\W\d_]+")
_LETTER_FOR_A_DIGIT: Final = re.compile(r"[0-9][OОoоIlІЗз][ ()-]*$")
"""«8O 916 …» would be a number without its first digits."""
_MARKUP: Final = frozenset("<>{}")
_PHONE_LINK: Final = re.compile(r"wa\.me/|whatsapp|t\.me/\+|viber:|tel:|callto:", re.IGNORECASE)
_LINK: Final = re.compile(r"://|^[\w-]+(?:\.[\w-]+)+/")
_NEARLY_A_NUMBER: Final = 9
_CODE_AND_AREA: Final = 4
_CODE_AND_NUMBER: Final = 11
"""Digits of a Russian number with its 7 or 8."""
_HOURS: Final = re.compile(r"[0-9]{1,2} ?[-./] ?[0-9]{1,2}")
_DENIED_BEFORE: Final = re.compile(
    r"\b(?:(?:не|нет)(?: мой номер| \w+ (?:на|по|с))?|(?:раньше|прежде) был|стар\w+(?: номер)?)[ :,(–-]*$",
    re.IGNORECASE,
)
_DENIED_AFTER: Final = re.compile(
    r"[ ,:.(–-]*(?:это )?(?:уже |больше )?(?:мой )?(?:не (?:мой|работает|обслуж\w+|актив\w+|отвечает|действ\w+)"
    r"|неверн\w+|неправильн\w+|стар\w+|прежн\w+|бывш\w+|недейств\w+|отключ\w+|заблокир\w+)(?!\w)",
    re.IGNORECASE,
)
_LONGEST_SLIP: Final = 2
"""So many letters at a digit are a slip; more are a word that lacks its space."""


def read_phone(typed: str) -> Phone | Unsure[Phone]:
    """Read the one phone number of a text, any country's; one without a country's code is Russian.

    Words and figures may stand beside it: an extension belongs to it, the rest is its remark. What may be read in
    another way, or is unknown to us though it could be a number, is to be confirmed.

    Raises:
        AnswerRefused: no number, several, or not one that is given out; the hint says what is missing.
    """
    if len(typed) > _LONGEST:
        raise AnswerRefused(TOO_LONG if any(map(str.isdigit, typed)) else WHY)
    text = Text.of(typed)
    numbers = [number for run in text.runs for number in _numbers_in(run)]
    if not numbers:
        return _read_spoken(typed, text)
    first = numbers[0]
    if not _MARKUP.isdisjoint(text.signs) or any(unicodedata.category(sign) in ("No", "Nl") for sign in text.signs):
        raise AnswerRefused(WITH_CODE)
    if any(number.read.phones[0] != first.read.phones[0] for number in numbers):
        raise AnswerRefused(ONE_NUMBER)
    if any(_has_slip(text, number.run) for number in numbers):
        raise AnswerRefused(LETTER_AMONG_DIGITS)
    extension = EXTENSION.search(text.signs) or _MARKED_EXTENSION.match(text.signs, first.run.end)
    spans = [(number.run.start, number.run.end) for number in numbers]
    if extension is not None:
        spans.append(extension.span())
    others = list(_others(text, spans))
    if any(_is_like_a_phone(other) for other in others):
        raise AnswerRefused(ONE_NUMBER)
    remark = remark_of(text.seen, spans)
    if len(remark) > LONGEST_REMARK:
        raise AnswerRefused(TOO_LONG)
    dialled = extension["digits"] if extension is not None else ""
    phones = tuple(Phone(phone.e164, dialled, remark) for phone in first.read.phones)
    is_beside_doubt = _is_elsewhere(text, first.run) or _is_denied(text, first.run)
    is_sure = first.read.is_sure and not any(map(_is_in_doubt, others)) and not is_beside_doubt
    return phones[0] if is_sure and len(phones) == 1 else Unsure(phones)


def _read_spoken(typed: str, text: Text) -> Unsure[Phone]:
    """A number in words, which is to be confirmed."""
    in_digits = in_figures(typed)
    if in_digits == typed:
        raise AnswerRefused(_why_there_is_none(text))
    read = read_phone(in_digits)
    return read if isinstance(read, Unsure) else Unsure((read,))


def read_contact_number(number: str) -> Phone:
    """Read the number of the customer's own contact card, which the messenger vouches for: with «+» or without.

    Raises:
        AnswerRefused: an anonymous number, or one without its country's code.
    """
    digits = "".join(sign for sign in plain(number) if sign.isdigit())
    if digits.startswith(ANONYMOUS):
        raise AnswerRefused(ANONYMOUS_NUMBER)
    phone = vouched(digits)
    if phone is None:
        raise AnswerRefused(COUNTRY_CODE)
    return phone


def likeliest_phone(written: str) -> Phone | None:
    """The number that a text most likely states, without what stands beside it; None: none."""
    try:
        read = read_phone(written)
    except AnswerRefused:
        return None
    return (read.readings[0] if isinstance(read, Unsure) else read).number


@dataclass(frozen=True)
class _Number:
    """A number in a text."""

    run: Run
    read: Dialled


def _numbers_in(run: Run) -> Sequence[_Number]:
    """The numbers that a run holds, each with all that it may be."""
    known = run.known
    if known.phones:
        return (_Number(run, known),)
    whole = run.whole
    parts = list(_parts(run))
    if not parts:
        return (_Number(run, whole),) if whole.phones else ()
    if len(parts) == 1 and whole.phones and whole.phones[0] != parts[0].read.phones[0]:
        return (_Number(run, Dialled((*parts[0].read.phones, *whole.phones))),)
    return parts


def _parts(run: Run) -> Iterator[_Number]:
    """The complete numbers within a run, those with their code first; of two that share digits, the first."""
    rows = (run.part(first, after) for first, after in run.rows() if not _is_without_code(run, first))
    parts = [part for part in rows if _KNOWN_ROW.fullmatch("".join(part.signs))]
    taken: list[Run] = []
    for part in sorted(parts, key=_rank):
        if all(part.end <= other.start or other.end <= part.start for other in taken):
            read = part.known
            if read.phones:
                taken.append(part)
                yield _Number(part, read)


def _is_without_code(run: Run, first: int) -> bool:
    """Whether the code that begins the run was left before that group: the «8» of «8 8342 12-34-567»."""
    before = run.part(0, first)
    if first == 0 or run.signs[first].startswith("+"):
        return False
    begins_with_code = run.signs[0].startswith("+") or run.signs[0] in ("7", "8")
    return begins_with_code and len(before.digits) < _CODE_AND_NUMBER


def _rank(part: Run) -> tuple[int, int]:
    """Numbers as they are written first, then those with a code that may be a figure beside them: «7 8 916…»."""
    has_one_code = "+" in "".join(part.signs) or len(part.digits) == _CODE_AND_NUMBER
    return (0 if has_one_code else 1, -len(part.digits) if has_one_code else len(part.digits))


def _others(text: Text, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[Run, int, int]]:
    """The figures that belong to no number and no extension: a run, and which of its groups."""
    for run in text.runs:
        taken = [any(start < group.end and group.start < end for start, end in spans) for group in run.groups]
        for is_taken, places in groupby(range(len(taken)), taken.__getitem__):
            row = list(places)
            if not is_taken:
                yield run, row[0], row[-1] + 1


def _is_like_a_phone(figures: tuple[Run, int, int]) -> bool:
    run, first, after = figures
    signs = run.part(first, after).signs
    return _LIKE_A_PHONE.fullmatch(" ".join(signs)) is not None or len("".join(signs)) >= _NEARLY_A_NUMBER > len(signs)


def _is_in_doubt(figures: tuple[Run, int, int]) -> bool:
    """Whether figures may have been meant as a part of the number that stands beside them."""
    run, first, after = figures
    signs, start, end = run.text.signs, run.groups[first].start, run.groups[after - 1].end
    if _HOURS.fullmatch(signs, start, end):
        return False
    is_written_in_one = first > 0 and len(run.groups[first - 1].signs) >= _CODE_AND_NUMBER and end - start > 1
    follows = first > 0 and not run.is_parted(first) and not is_written_in_one
    precedes = after < len(run.groups) and not run.is_parted(after)
    # «камри 2018 8 916…», but «номер 7 921 93043128 18» is a number with figures too many.
    is_begun_number = after - first > 1 or (signs[start] in "78" and end - start in (1, _CODE_AND_AREA))
    is_worded = _ends_in_a_word(signs[:start]) and not is_begun_number
    return (follows and not signs[end:].lstrip()[:1].isalpha()) or (precedes and not is_worded)


def _ends_in_a_word(text: str) -> bool:
    return text.rstrip(" .:№#-")[-1:].isalpha() or text.rstrip().endswith(("№", "#"))


def _has_slip(text: Text, run: Run) -> bool:
    """Whether a letter or two stand at the number's digits; not the «x» of an extension, the «т.» of a telephone."""
    before, after = _LETTERS_BEFORE.search(text.signs[: run.start]), _LETTERS_AFTER.match(text.signs, run.end)
    is_label = before is not None and before.group().casefold() in ("т", "м") and len(run.digits) >= _CODE_AND_NUMBER
    is_extension = len(run.digits) >= _CODE_AND_NUMBER and _MARKED_EXTENSION.match(text.signs, run.end) is not None
    beside = (None if is_label else before, None if is_extension else after)
    return _LETTER_FOR_A_DIGIT.search(text.signs[: run.start]) is not None or any(
        len(found.group()) <= _LONGEST_SLIP for found in beside if found is not None
    )


def _is_elsewhere(text: Text, run: Run) -> bool:
    """Whether the digits belong to an address that may be no phone's: an e-mail, a page."""
    start = max(text.signs.rfind(space, 0, run.start) for space in " \n") + 1
    word = text.signs[start : run.end + 1]
    return "@" in word or (_LINK.search(word) is not None and _PHONE_LINK.search(word) is None)


def _is_denied(text: Text, run: Run) -> bool:
    """«Не звоните на …», «… уже не работает»; not «… не звоните после 22»."""
    return bool(_DENIED_BEFORE.search(text.signs[: run.start]) or _DENIED_AFTER.match(text.signs[run.end :]))


def _why_there_is_none(text: Text) -> str:
    run = max(text.runs, key=lambda run: len(run.digits), default=None)
    if run is None or len(run.digits) < _FEWEST_DIGITS:
        return WHY
    return LETTER_AMONG_DIGITS if _has_slip(text, run) else what_is_wrong(run.signs)

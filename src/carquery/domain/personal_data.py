"""Personal data in what people write.

Nothing finds every name: what is found are those that a customer introduces themselves with, and common given names in
any case.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from carquery.domain.car import Vin
from carquery.domain.given_names import DECLINED_NAMES, GIVEN_NAMES
from carquery.domain.introductions import INTRODUCED_BY
from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_phones import likeliest_phone

_Value = TypeVar("_Value")


class PersonalKind(StrEnum):
    """What a piece of personal data is."""

    PHONE = "phone"
    VIN = "vin"
    ADDRESS = "address"
    """An e-mail address, or a name in a messenger."""
    NAME = "name"
    """The customer's own."""
    PERSON = "person"
    """The name of somebody else."""
    NUMBER = "number"
    """A number plate, or a number as long as a card's, a passport's, or a phone's that is misspelt."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A piece of personal data, at `start` … `end` of its text.

    Attributes:
        value: a phone in E.164, a VIN's 17 characters, a name with a capital letter; else as written.
    """

    kind: PersonalKind
    start: int
    end: int
    value: str


def find_personal(text: str) -> tuple[Personal, ...]:
    """What is personal in a text, in its order; pieces don't overlap."""
    found: list[Personal] = []
    # The kinds that a longer pattern belongs to come first: a VIN may hold what looks like a phone.
    for find in (_addresses, _vins, _phones, _numbers):
        found += _apart(find(text), found)
    # Names look at what stands beside them.
    found += _apart(_names(text, found), found)
    return tuple(sorted(found, key=lambda personal: personal.start))


def _apart(candidates: Iterable[Personal], found: list[Personal]) -> list[Personal]:
    """Those that overlap nothing found before, nor one another."""
    kept: list[Personal] = []
    for one in candidates:
        if all(one.end <= other.start or other.end <= one.start for other in (*found, *kept)):
            kept.append(one)
    return kept


_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}|(?<![\w.@])@[A-Za-z]\w{3,31}")


def _addresses(text: str) -> Iterator[Personal]:
    for match in _ADDRESS.finditer(text):
        yield Personal(PersonalKind.ADDRESS, match.start(), match.end(), match.group())


_VIN_SIGN: Final = "[0-9A-HJ-NPR-Za-hj-npr-zАВЕКМНОРСТУХавекмнорстух]"
_VIN: Final = re.compile(rf"(?<!\w){_VIN_SIGN}{{17}}(?!\w)")
_LABELLED_VIN: Final = re.compile(
    rf"\b(?:vin|вин)(?:[ -]?(?:код|номер|code|number))?[ :=#№-]{{0,5}}((?:{_VIN_SIGN}[ .-]?){{16}}{_VIN_SIGN})(?!\w)",
    re.IGNORECASE,
)


def _vins(text: str) -> Iterator[Personal]:
    for match, group in (*((m, 1) for m in _LABELLED_VIN.finditer(text)), *((m, 0) for m in _VIN.finditer(text))):
        written = match.group(group)
        if sum(sign.isdigit() for sign in written) < _DIGITS_OF_A_VIN or written.isdigit():
            continue
        vin = _read(Vin.read, written)
        if vin is not None:
            yield Personal(PersonalKind.VIN, match.start(group), match.end(group), vin.number)


_DIGITS_OF_A_VIN: Final = 3
"""At least: a word of 17 letters is none. Source: the serial number ends in digits (ISO 3780, GOST 33990)."""

_PHONE: Final = re.compile(r"(?<![0-9A-Za-z,])(?:\+ ?)?\(?[0-9](?:[0-9]|[ ()./–-]{1,3}(?=[0-9(])){9,}(?![0-9])")
_PHONE_DIGITS: Final = range(10, 16)


def _phones(text: str) -> Iterator[Personal]:
    for match in _PHONE.finditer(text):
        written = match.group()
        digits = "".join(sign for sign in written if sign.isdigit())
        if len(digits) not in _PHONE_DIGITS or not (written[0] == "+" or _is_russian(digits) or digits == written):
            continue
        phone = likeliest_phone(written)
        if phone is not None:
            yield Personal(PersonalKind.PHONE, match.start(), match.end(), phone.e164)


def _is_russian(digits: str) -> bool:
    """Of sums, years and mileages in a row, hardly one looks so."""
    return (len(digits) == 11 and digits[0] in "78") or (len(digits) == 10 and digits[0] in "3489")


_NUMBER: Final = re.compile(
    r"(?<!\w)(?:"
    r"\+?[0-9](?:[ -]?[0-9]){9,18}"
    r"|(?=[0-9A-Za-z]{0,8}[A-Za-z])(?=(?:[A-Za-z]{0,12}[0-9]){5})[0-9A-Za-z]{11,20}"
    r"|[авекмнорстухabekmhopctyx][0-9]{3}[авекмнорстухabekmhopctyx]{2} ?[0-9]{2,3}"
    r")(?!\w)",
    re.IGNORECASE,
)


def _numbers(text: str) -> Iterator[Personal]:
    for match in _NUMBER.finditer(text):
        written = match.group()
        # «1 200 000 2018 120 000» is a sum, a year and a mileage; nobody puts spaces so into a card's number.
        if " " in written and written[-1:].isdigit() and not _GROUPED.fullmatch(written) and written[0].isdigit():
            continue
        yield Personal(PersonalKind.NUMBER, match.start(), match.end(), written)


_GROUPED: Final = re.compile(
    r"(?:[0-9]{4}[ -]){3}[0-9]{4}(?:[ -]?[0-9]{1,3})?|[0-9]{4} [0-9]{6}|[0-9]{2} [0-9]{2} [0-9]{6}"
)
"""A card's number, a passport's."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_INTRODUCED: Final = re.compile(
    rf"\b(?:{INTRODUCED_BY}|меня(?= \w+ зовут))[ :,–-]{{1,3}}"
    r"(?:это )?([^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?)",
    re.IGNORECASE,
)
_BEFORE_OWN_NAME: Final = re.compile(
    r"(?:^|[.!?,;\n:)(–]|\b(?:я|я вот|это|имя|контакт|с уважением|i'?m|i am|this is|eto))[ –-]*$", re.IGNORECASE
)
_NO_NAMES: Final = "не как так вас вам тебя его её ее их меня нас просто как-то мой моя это the a"
_NOT_A_NAME: Final = frozenset(_NO_NAMES.split())


def _names(text: str, found: list[Personal]) -> Iterator[Personal]:
    for match in _INTRODUCED.finditer(text):
        if match.group(1).casefold() not in _NOT_A_NAME:
            yield _name(PersonalKind.NAME, text, match.start(1), match.end(1), _FAMILY_NAME_IN_ANY_CASE)
    for word in _WORD.finditer(text):
        folded = word.group().casefold()
        if folded in GIVEN_NAMES:
            is_own = _stands_beside(word.start(), word.end(), text, found)
            if word.group()[0].isupper():
                is_own = is_own or _BEFORE_OWN_NAME.search(text, max(word.start() - 20, 0), word.start()) is not None
                yield _name(PersonalKind.NAME if is_own else PersonalKind.PERSON, text, word.start(), word.end())
            elif is_own:
                yield _name(PersonalKind.NAME, text, word.start(), word.end())
        elif folded in DECLINED_NAMES and word.group()[0].isupper():
            yield _name(PersonalKind.PERSON, text, word.start(), word.end())


_BETWEEN: Final = re.compile(r"[ ,.:;–\n-]*(?:(?:мой )?(?:тел(?:ефон)?|номер|моб(?:ильный)?|phone|сот)\b[ .:–-]*)?")


def _stands_beside(start: int, end: int, text: str, found: list[Personal]) -> bool:
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


_FAMILY_NAME: Final = re.compile(
    r" ([А-ЯЁ][а-яё]{1,20}(?:вич|вна|ов|ев|ёв|ин|ова|ева|ина|ский|ская|ич|чна|ко|ук|юк|ян))\b"
)


_FAMILY_NAME_IN_ANY_CASE: Final = re.compile(
    r" ([^\W\d_]{1,20}(?:вич|вна|ичной|ов|ев|ёв|ова|ева|ёва|ский|ская|енко))\b", re.IGNORECASE
)
"""Only after an introduction: elsewhere «купил дешёво» would have one."""


def _name(kind: PersonalKind, text: str, start: int, end: int, family: re.Pattern[str] = _FAMILY_NAME) -> Personal:
    """A given name, with the patronymic and the family name that follow it."""
    while (more := family.match(text, end)) is not None:
        end = more.end()
    written = text[start:end]
    return Personal(kind, start, end, _capitalised(written))


def _capitalised(name: str) -> str:
    whole = name.title() if name.isupper() else name
    return " ".join(part[0].upper() + part[1:] for part in whole.split(" "))


def _read(read: Callable[[str], _Value], written: str) -> _Value | None:
    try:
        return read(written)
    except AnswerRefused:
        return None

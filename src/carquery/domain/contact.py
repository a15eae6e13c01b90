"""How to reach a customer: a name, a phone number, a handle in a messenger."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers

from carquery.domain.typed_text import clean
from carquery.domain.values import dataclass, replace

HANDLE_SEPARATOR: Final = ": "


@dataclass(frozen=True, slots=True)
class Handle:
    """By what people find a customer in a messenger; both parts are the channel's own words.

    Attributes:
        messenger: its name as people know it; no colon in it.
        name: what to look for there.
    """

    messenger: str
    name: str

    @classmethod
    def read(cls, shown: str) -> "Handle":
        """Read what `shown` says."""
        messenger, _, name = shown.partition(HANDLE_SEPARATOR)
        return cls(messenger, name)

    @property
    def shown(self) -> str:
        return f"{self.messenger}{HANDLE_SEPARATOR}{self.name}"


_PLAIN_NAME = re.compile(r"[A-Za-zА-Яа-яЁё]+(?:[ -][A-Za-zА-Яа-яЁё]+)*")
"""Most names: what else can be one is found sign by sign, which takes longer than all else in reading a visit."""
_NAME_SIGNS = frozenset(" '’‘ʼ`´׳-‐‑.·・\u200c\u200d")
_MOST_ADDED_MARKS = 3
"""Of the marks that fit any letter; no language stacks more (Vietnamese takes two)."""
_MOST_MARKS = 8
"""Of a script's own marks: pointed Hebrew and Tibetan stacks stay below that."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name, 2 … 64 characters: letters of any script, spaces, hyphens, apostrophes, dots; at least one letter."""

    name: str

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError("a name is 2 … 64 letters, spaces, hyphens, apostrophes and dots")

    @property
    def shown(self) -> str:
        return self.name


def is_another_name(given: PersonName | None, known: str) -> bool:
    """Whether it names somebody else than a name that others wrote down: no word of one stands in the other."""
    if given is None or not known.strip():
        return False
    return _words(given.name).isdisjoint(_words(known))


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold().replace("ё", "е")))


def is_name(name: str) -> bool:
    """Whether these are the signs of a name, and not too few or many; whatever they say."""
    if not 2 <= len(name) <= 64 or name != name.strip():
        return False
    if _PLAIN_NAME.fullmatch(name):
        return True
    kinds = [unicodedata.category(sign) for sign in name]
    if not all(
        kind[0] == "L" or kind in ("Mn", "Mc") or sign in _NAME_SIGNS for kind, sign in zip(kinds, name, strict=True)
    ):
        return False
    return any(kind[0] == "L" for kind in kinds) and _marks_sit_on_letters(name)


def _marks_sit_on_letters(name: str) -> bool:
    on_letter, marks, added = False, 0, 0
    for sign in unicodedata.normalize("NFD", name):
        kind = unicodedata.category(sign)
        if kind[0] != "M":
            on_letter, marks, added = kind[0] == "L" or (on_letter and kind == "Cf"), 0, 0
            continue
        marks, added = marks + 1, added + _fits_any_letter(sign)
        if not on_letter or marks > _MOST_MARKS or added > _MOST_ADDED_MARKS:
            return False
    return True


def _fits_any_letter(mark: str) -> bool:
    return any(
        first <= mark <= last
        for first, last in (
            "\u0300\u036f",
            "\u0483\u0489",
            "\u1ab0\u1aff",
            "\u1dc0\u1dff",
            "\u20d0\u20ff",
            "\ufe20\ufe2f",
        )
    )


_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_COUNTRIES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
"""Their codes, of one to three digits. Source: E.164."""
_EXTENSION = re.compile(r"[0-9]{0,8}", re.ASCII)
LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class Phone:
    """Where to call: a number in E.164, `+` and 7 … 15 digits, the first of them a country's code.

    Numbering plans change, so only reading asks whether such a number is given out: a stored one stays what it is.

    Attributes:
        extension: what to dial once the call is answered, in digits; empty: nothing.
        remark: what the customer wrote beside the number, one line of up to 500 characters; empty: nothing.
    """

    e164: str
    extension: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        if not (_E164.fullmatch(self.e164) and _has_country(self.e164)):
            raise ValueError("a phone number is + and a country's code and number, in digits")
        if not _EXTENSION.fullmatch(self.extension):
            raise ValueError("an extension is up to 8 digits")
        if self.remark and (len(self.remark) > LONGEST_REMARK or self.remark != clean(self.remark)):
            raise ValueError("a remark is one line of up to 500 characters that can be seen")

    @property
    def shown(self) -> str:
        """As it is dialled; the remark is shown beside it."""
        number = _grouped(self.e164)
        return f"{number}, доб. {self.extension}" if self.extension else number

    @property
    def number(self) -> "Phone":
        """The number alone: by it, one caller is known from another, however they wrote."""
        return Phone(self.e164) if self.extension or self.remark else self

    @property
    def without_remark(self) -> "Phone":
        """For another time: the words belonged to one occasion."""
        return replace(self, remark="")


@lru_cache(maxsize=1_024)  # each question after it shows it again
def _grouped(e164: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _has_country(e164: str) -> bool:
    return e164[1:2] in _COUNTRIES or e164[1:3] in _COUNTRIES or e164[1:4] in _COUNTRIES

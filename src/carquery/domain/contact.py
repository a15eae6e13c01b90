"""How to reach a customer: a name and a phone number."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from carquery.domain.refusals import AnswerRefused
from carquery.domain.typed_numbers import plain
from carquery.domain.typed_text import LONGEST_MESSAGE, clean

_NAME_HINT = "Напишите имя буквами, от 2 до 64 символов, например Анна"
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
        if not _is_name(self.name):
            raise ValueError("a name is 2 … 64 letters, spaces, hyphens, apostrophes and dots")

    @property
    def shown(self) -> str:
        return self.name


def read_name(typed: str) -> PersonName:
    """Read a name, keeping its case and script; invisible characters go.

    Raises:
        AnswerRefused: digits, emoji, markup, too short or too long, or marks piled up on a letter.
    """
    name = clean(typed) if len(typed) <= LONGEST_MESSAGE else ""
    if not _is_name(name):
        raise AnswerRefused(_NAME_HINT)
    return PersonName(name)


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= 64 or name != name.strip():
        return False
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


_PHONE_EXAMPLE = "например +7 916 123-45-67"
_PHONE_HINT = f"Напишите номер телефона с кодом, {_PHONE_EXAMPLE}"
_LETTERS = f"В номере телефона должны быть только цифры, {_PHONE_EXAMPLE}"
_ONE_NUMBER = f"Напишите только один номер телефона, {_PHONE_EXAMPLE}"
_COUNTRY_CODE = f"Не получилось узнать номер: напишите его с «+» и кодом страны, {_PHONE_EXAMPLE}"
_ANONYMOUS = f"По анонимному номеру +888 нельзя позвонить: напишите обычный номер телефона, {_PHONE_EXAMPLE}"

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_NUMBER = re.compile(r"(?:[+(][+( ]*)?[0-9](?:[0-9() ./+-]*[0-9])?")
_EXTENSION = re.compile(r"[ ,;.(]*(?:доб(?:авочный)?|вн(?:утр\w*)?|ext(?:ension)?|x|#)[ .:=№]*[0-9]{1,6}[ ).]*")
_LETTER_AMONG_DIGITS = re.compile(r"[^\W\d_][0-9]|[0-9][^\W\d_]")
_LABEL_LENGTH = 60
_NEIGHBOURS = ("37", "380", "99")
"""Calling codes of countries whose people live and call in Russia; no Russian area code begins so."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in E.164: `+` and 7 … 15 digits, the first of them a country's code.

    Numbering plans change, so only reading asks whether such a number is given out: a stored one stays what it is.
    """

    e164: str

    def __post_init__(self) -> None:
        try:
            phonenumbers.parse(self.e164 if _E164.fullmatch(self.e164) else "")
        except phonenumbers.NumberParseException:
            raise ValueError("a phone number is + and a country's code and number, in digits") from None

    @property
    def shown(self) -> str:
        return phonenumbers.format_number(phonenumbers.parse(self.e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def read_phone(typed: str) -> Phone:
    """Read a phone number of any country; one without a country's code is Russian. Extensions are left out.

    Raises:
        AnswerRefused: no number, several, or not one that is given out; the hint says what is missing.
    """
    text = plain(typed.replace("➕", "+")).replace("\n", " ")
    number = _stated_number(text)
    digits = "".join(sign for sign in number if sign.isdigit())
    is_international = "+" in number[: number.index(digits[0])]
    if is_international:
        # No country has +89: it is the domestic 8 of a Russian mobile behind a needless «+».
        phone = _valid(digits if digits.startswith("89") else "+" + digits)
    elif digits.startswith("00"):
        phone = _valid("+" + digits[2:])
    else:
        phone = _valid(digits) or _without_plus(digits)
    if phone is None:
        raise AnswerRefused(_what_is_wrong(digits, is_international=is_international))
    return phone


def is_number_of(phone: Phone, written: str) -> bool:
    """Whether that is how somebody wrote this number down: «8 (916) 123-45-67» for +79161234567."""
    for read in (read_phone, read_contact_number):
        try:
            if read(written) == phone:
                return True
        except AnswerRefused:
            continue
    return False


def read_contact_number(number: str) -> Phone:
    """Read the number of a Telegram contact card: always international, with «+» or without.

    Raises:
        AnswerRefused: an anonymous number, or not one that is given out.
    """
    digits = "".join(sign for sign in plain(number) if sign.isdigit())
    if digits.startswith("888"):
        raise AnswerRefused(_ANONYMOUS)
    phone = _valid("+" + digits)
    if phone is None:
        raise AnswerRefused(_COUNTRY_CODE)
    return phone


def _stated_number(text: str) -> str:
    """The only number in a text, with its separators; words may stand around it, apart from the digits."""
    number = _NUMBER.search(text)
    if number is None:
        raise AnswerRefused(_PHONE_HINT)
    before, after = text[: number.start()], text[number.end() :]
    if _EXTENSION.fullmatch(after):
        after = ""
    if max(len(before), len(after)) > _LABEL_LENGTH or any(sign in "_*@=<>{}\\/" for sign in before + after):
        raise AnswerRefused(_PHONE_HINT)
    if before[-1:].isalpha() or after[:1].isalpha() or _LETTER_AMONG_DIGITS.search(after):
        raise AnswerRefused(_LETTERS)
    if any(sign.isdigit() for sign in after):
        raise AnswerRefused(_ONE_NUMBER)
    return number.group()


def _valid(number: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return Phone(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _without_plus(digits: str) -> Phone | None:
    """A foreign number whose «+» was left out.

    Only those of 11 digits and more: shorter ones are as likely some country's domestic number. Only mobiles, except
    for the neighbours: a Russian landline with a digit too many («495…») is a German one otherwise.
    """
    phone = _valid("+" + digits) if len(digits) >= 11 else None
    if phone is None:
        return None
    kind = phonenumbers.number_type(phonenumbers.parse(phone.e164))
    is_mobile = kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return phone if is_mobile or digits.startswith(_NEIGHBOURS) else None


def _what_is_wrong(digits: str, *, is_international: bool) -> str:
    if is_international and digits.startswith("888"):
        return _ANONYMOUS
    if len(digits) >= 18:
        return _ONE_NUMBER
    if len(digits) < 7:
        return _PHONE_HINT
    if digits[0] in ("78" if is_international else "34789"):
        return _wrong_length(10 - len(digits.removeprefix(digits[0] if digits[0] in "78" else "")))
    return _COUNTRY_CODE


def _wrong_length(missing: int) -> str:
    match missing:
        case 0:
            return f"Такого номера нет: проверьте цифры, {_PHONE_EXAMPLE}"
        case 1:
            return f"В номере не хватает одной цифры: проверьте и напишите ещё раз, {_PHONE_EXAMPLE}"
        case 2 | 3 | 4 | 5:
            return f"В номере не хватает {missing} цифр: проверьте и напишите ещё раз, {_PHONE_EXAMPLE}"
        case -1:
            return f"В номере одна лишняя цифра: проверьте и напишите ещё раз, {_PHONE_EXAMPLE}"
        case _ if missing < 0:
            return f"В номере лишние цифры: проверьте и напишите ещё раз, {_PHONE_EXAMPLE}"
        case _:
            return _PHONE_HINT

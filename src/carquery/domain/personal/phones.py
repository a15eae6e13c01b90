"""Phone numbers in whatever way they are written: in groups, with letters for digits, with stars, in words."""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.personal.piece import Personal, PersonalKind
from carquery.domain.spoken_phones import in_figures
from carquery.domain.typed_phones import likeliest_phone

_LOOK_ALIKE: Final = str.maketrans("OoОоQIіІliZЗзбB|", "0000011111233681")
_DIGIT: Final = r"[0-9OoОоQIіІliZЗзбB|]"
_GAP: Final = r"[ \n()._/*,'+=:~–-]{0,3}"
_RUSSIAN: Final = re.compile(
    rf" ?(?<![0-9])(?P<code>(?:\+|00 ?|8 ?10 ?)?7|8)?{_GAP}(?P<number>[3489]{_DIGIT}{{2}}{_GAP}{_DIGIT}{{3}}{_GAP}"
    rf"{_DIGIT}{{2}}{_GAP}{_DIGIT}{{2}})(?![0-9]),? ?"
)
_LOOSE: Final = re.compile(rf"(?<!\w)(?P<code>\+?7|8)(?P<number>(?:[ .-]?{_DIGIT}){{10}})(?!\w)")
"""In any groups; only for what has a letter among the digits."""
_MOST_LETTERS: Final = 3
_A_SUM_AND_A_YEAR: Final = re.compile(r"[78] [0-9]{3} 000 (?:19|20)[0-9]{2}")
_BESIDE_A_LONG_NUMBER: Final = re.compile(r"(?<=[0-9]) (?=\+?[0-9]{10})|(?<=[0-9]{10}) (?=[+0-9])")


def with_plain_phones(text: str) -> str:
    """The text with Russian numbers in E.164, apart from the numbers beside them, also those in words and with letters.

    «2018 8 916 123-45-67 120000» would be one long number that is no phone.
    """
    plain = _LOOSE.sub(_with_letters, _RUSSIAN.sub(_as_e164, in_figures(text)))
    return _BESIDE_A_LONG_NUMBER.sub(", ", plain).strip(" ,")


def _with_letters(phone: re.Match[str]) -> str:
    return phone.group() if phone["number"].translate(_NO_SIGNS).isdigit() else _as_e164(phone)


_NO_SIGNS: Final = str.maketrans("", "", " .-")


def _as_e164(phone: re.Match[str]) -> str:
    number = "".join(sign for sign in phone["number"] if sign.isalnum() or sign == "|")
    letters = sum(not sign.isdigit() for sign in number)
    if _A_SUM_AND_A_YEAR.fullmatch(phone.group().strip(" ,")):
        return phone.group()
    if letters and (letters > _MOST_LETTERS or _is_in_words(phone)):
        return phone.group()
    if phone["code"] is None and not (letters and number[0] == "9"):
        return phone.group()
    return f" +7{number.translate(_LOOK_ALIKE)}, "


def _is_in_words(phone: re.Match[str]) -> bool:
    """Whether a letter of it belongs to a word: «8 916 123 45 6 обмен»."""
    around = phone.string[: phone.start("number")][-1:] + phone.string[phone.end("number") :][:1]
    return any(sign.isalpha() for sign in around) or re.search(r"[^\W\d_]{2}", phone["number"]) is not None


# Found

_PHONE: Final = re.compile(r"(?<![0-9A-Za-z,])(?:\+ ?)?\(?[0-9](?:[0-9]|[ ()./*_–-]{1,3}(?=[0-9(])){9,}(?![0-9])")
_PHONE_DIGITS: Final = range(10, 16)


def phones(text: str) -> Iterator[Personal]:
    """Numbers that are given out somewhere."""
    for match in _PHONE.finditer(text):
        written = match.group()
        digits = "".join(sign for sign in written if sign.isdigit())
        if _A_SUM_AND_A_YEAR.fullmatch(written):
            continue
        if len(digits) not in _PHONE_DIGITS or not (written[0] == "+" or _is_russian(digits) or digits == written):
            continue
        phone = likeliest_phone(re.sub("[*_]", " ", written))
        if phone is not None:
            yield Personal(PersonalKind.PHONE, match.start(), match.end(), phone.e164)


def _is_russian(digits: str) -> bool:
    """Of sums, years and mileages in a row, hardly one looks so."""
    return (len(digits) == 11 and digits[0] in "78") or (len(digits) == 10 and digits[0] in "3489")


_CALL: Final = r"(?:тел(?:ефон\w*)?|тлф|моб\w*|сот\w*|номер\w*|звон\w+|позвон\w+|набер\w+|дозвон\w+|связ\w+|phone|call)"
_UNREAD: Final = (
    re.compile(
        r"(?<!\w)(?:"
        r"\+?[0-9](?:[ -]?[0-9]){9,22}"
        r"|(?=[0-9A-Za-zАВЕКМНОРСТУХавекмнорстух]{0,10}[A-Za-zА-Яа-я])(?=(?:[A-Za-zА-Яа-я]{0,12}[0-9]){5})"
        r"[0-9A-Za-zАВЕКМНОРСТУХавекмнорстух]{11,20}"
        r")(?!\w)"
    ),
    re.compile(r"(?<![\w*.-])(?:\+?7|8)?[ (-]{0,2}(?:[0-9*][ ()-]{0,2}){6,10}[0-9*](?![\w*.-])"),  # 8916***4567
    re.compile(r"(?<![\w.,-])[0-9]{3}[-–][0-9]{2}[-–][0-9]{2}(?![\w-])"),  # 123-45-67
    re.compile(
        rf"\b{_CALL}[ .:№-]{{1,4}}(?P<number>[0-9]{{2,3}}[ -]?[0-9]{{2}}[ -]?[0-9]{{2}}|[0-9]-[0-9]{{2}}-[0-9]{{2}})"
        r"(?!\w|[ ,.][0-9]{3})",
        re.IGNORECASE,
    ),
)
_GROUPED: Final = re.compile(
    r"(?:[0-9]{4}[ -]){3}[0-9]{4}(?:[ -]?[0-9]{1,3})?|[0-9]{4} [0-9]{6}|[0-9]{2} [0-9]{2} [0-9]{6}"
)
"""A card's number, a passport's."""
_YEAR_FIRST: Final = re.compile(r"(?:19[5-9]|20[0-4])[0-9] [0-9]{6}$")
_RANGE: Final = re.compile(r"[1-9][0-9]{1,6}000-[1-9][0-9]{1,6}000")
"""«1500000-2000000»"""
_LEAST_STARS: Final = 3


def unread_phones(text: str) -> Iterator[Personal]:
    """What is as long as a phone's, a card's, a passport's or a VIN's number, local numbers, and half hidden ones."""
    long, hidden, local, called = _UNREAD
    for match in long.finditer(text):
        written = match.group()
        # «1 200 000 2018 120 000» is a sum, a year and a mileage; nobody puts spaces so into a card's number.
        is_spaced = " " in written and written[-1:].isdigit() and written[0].isdigit()
        if is_spaced and not (_GROUPED.fullmatch(written) and not _YEAR_FIRST.match(written)):
            continue
        if _RANGE.fullmatch(written):
            continue
        yield _number(match, 0)
    for match in hidden.finditer(text):
        if match.group().count("*") >= _LEAST_STARS and any(sign.isdigit() for sign in match.group()):
            yield _number(match, 0)
    for match in local.finditer(text):
        yield _number(match, 0)
    for match in called.finditer(text):
        yield _number(match, "number")


def _number(match: re.Match[str], group: str | int) -> Personal:
    return Personal(PersonalKind.NUMBER, match.start(group), match.end(group), match.group(group))

"""Numbers of documents, cards and accounts, and dates of birth."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from carquery.domain.personal.piece import Personal, PersonalKind

_BETWEEN: Final = (
    r"(?:[ :,.;№#()-]|\b(?:сери[яию]|номер\w*|ном|и|рф|мой|моего|гражданина|на авто|автомобиля|выдан\w*|документ\w*)\b"
    r"|\bno?(?=[ .]*[0-9])){0,14}"
)
_FIGURES: Final = r"[0-9]{2}(?:[ -]?[0-9])*"
_LETTERS: Final = r"(?: ?[А-ЯA-Z]{2} ?)"
_DOCUMENT: Final = re.compile(
    r"\b(?:(?P<person>пасп(?:орт\w*|\.)|загранпаспорт\w*|загран|сери[яию]|passport)"
    r"|снилс\w*|инн|огрн(?:ип)?|э?птс|стс|свидетельств\w*|св-во|в/?у|водительск\w+(?: удостоверени\w+)?|удостоверени\w+"
    r"|права|полис\w*|осаго|каско|карт[аыеу]|сч[её]т\w*|р/с|договор\w*|протокол\w*|уин|постановлени\w+)"
    rf"{_BETWEEN}(?P<number>{_FIGURES}(?P<more>{_LETTERS}{_FIGURES}"
    rf"|(?:[ ,]{{1,2}}(?:номер|сери[яию]|№|N|no)[ .]*{_FIGURES}))?)",
    re.IGNORECASE,
)
_LEAST_OF_A_PASSPORT: Final = 6
_LEAST: Final = 10
"""Digits; what has fewer may be a sum or a mileage."""
_YEAR_AND_A_NUMBER: Final = re.compile(r"(?:19[5-9]|20[0-4])[0-9](?: [0-9 ]*)?")
"""«ПТС 2018», «ПТС 2018 120000»: a year, and the mileage that follows."""

_SHAPES: Final = (
    re.compile(r"(?<![\w-])[0-9]{3}-[0-9]{3}-[0-9]{3}[ -]?[0-9]{2}(?![\w-])"),  # СНИЛС
    re.compile(r"(?<!\w)[0-9]{2} ?[АВЕКМНОРСТУХ]{2} ?[0-9]{6}(?!\w)"),  # ПТС, СТС
    re.compile(r"(?<!\w)[А-ЯЁ]{3} ?№? ?[0-9]{10}(?!\w)"),  # a policy
    re.compile(r"(?<![\w-])[0-9]{4}(?:[ .*_-]{1,2}[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?(?![\w-])"),  # a card
)

_MONTH: Final = r"(?:янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек)\w*"
_DATE: Final = rf"[0-3]?[0-9][ ./-](?:[01]?[0-9]|{_MONTH})[ ./-](?:19|20)?[0-9]{{2}}(?: ?г(?:ода|\.)?)?(?![0-9])"
_DAY: Final = rf"(?:{_DATE}|[0-3]?[0-9] {_MONTH}|(?:19[3-9]|200)[0-9])"
_BIRTHS: Final = (
    re.compile(
        r"\b(?:дата рожд\w*|рожд\w*|родил\w*|д\.? ?/?р\.?|др|день рождения|born|dob)(?: (?:в|у меня))?[ :–-]{0,3}"
        rf"(?P<day>{_DAY})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?P<day>{_DAY})(?: ?г(?:\.|ода?)?)?,? ?(?:г\.? ?р\b\.?|рожд\w*|года рожд\w*|г\.рожд\w*)",
        re.IGNORECASE,
    ),
)


_BEHIND_A_NAME: Final = re.compile(rf"[ ,(–-]{{1,3}}(?P<day>{_DATE})", re.IGNORECASE)


def births(text: str, names: Iterable[Personal]) -> Iterator[Personal]:
    """Dates right behind a full name: «Петров Иван, 12.05.1985»."""
    for name in names:
        match = _BEHIND_A_NAME.match(text, name.end)
        if " " in name.value and match is not None:
            yield _number(match, "day")


def documents(text: str) -> Iterator[Personal]:
    """Numbers of documents with their name before them or in their usual shape, and dates of birth."""
    for pattern in _BIRTHS:
        for match in pattern.finditer(text):
            yield _number(match, "day")
    for match in _DOCUMENT.finditer(text):
        number = match["number"]
        least = _LEAST_OF_A_PASSPORT if match["person"] or match["more"] else _LEAST
        is_year = match["person"] is None and _YEAR_AND_A_NUMBER.fullmatch(number) is not None
        if sum(sign.isdigit() for sign in number) >= least and not is_year:
            yield _number(match, "number")
    for shape in _SHAPES:
        for match in shape.finditer(text):
            yield _number(match, 0)


def _number(match: re.Match[str], group: str | int) -> Personal:
    return Personal(PersonalKind.NUMBER, match.start(group), match.end(group), match.group(group))

"""Numbers that lead to a car's owner: VINs, frames, plates."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from carquery.domain.personal.piece import Personal, PersonalKind, read_or_none
from carquery.domain.vin import Vin, read_vin

_SIGN: Final = "[0-9A-HJ-NPR-Za-hj-npr-zАВЕКМНОРСТУХавекмнорстух]"
_WHOLE: Final = re.compile(rf"(?<!\w){_SIGN}{{17}}(?!\w)")
_SPACED: Final = re.compile(rf"(?<!\w)(?:{_SIGN}[ ._*-]{{0,2}}){{16}}{_SIGN}(?!\w)")
_LABELLED: Final = re.compile(
    rf"\b(?:v\.?i\.?n|в\.?и\.?н|win)\.?(?:[ -]?(?:код|номер|code|number))?(?: авто\w*)?[ :=#№.-]{{0,5}}"
    rf"((?:{_SIGN}[ .*_-]{{0,2}}){{16}}{_SIGN})(?!\w)",
    re.IGNORECASE,
)
_LEAST_DIGITS: Final = 3
"""A word of 17 letters is no VIN. Source: the serial number ends in digits (ISO 3780, GOST 33990)."""
_A_YEAR: Final = re.compile(r"(?:19[5-9]|20[0-4])[0-9]")
_PARTS: Final = re.compile(r"[^\W_]+")


def vins(text: str) -> Iterator[Personal]:
    """VINs in any case and alphabet, whole or in groups, with a label or without."""
    labelled = ((match, 1) for match in _LABELLED.finditer(text))
    whole = ((match, 0) for match in _WHOLE.finditer(text))
    spaced = ((match, 0) for match in _SPACED.finditer(text) if _is_grouped_as_a_vin(match.group()))
    for match, group in (*labelled, *whole, *spaced):
        written = match.group(group)
        if sum(sign.isdigit() for sign in written) < _LEAST_DIGITS or written.isdigit():
            continue
        vin = read_or_none(read_vin, written)
        if vin is not None:
            likely = vin if isinstance(vin, Vin) else vin.readings[0]
            yield Personal(PersonalKind.VIN, match.start(group), match.end(group), likely.number)


def _is_grouped_as_a_vin(written: str) -> bool:
    """«XTA 210990 Y 1234567»; «BMW X5 2018 12000000» is as long."""
    parts = _PARTS.findall(written)
    if all(len(part) == 1 for part in parts):
        return True
    if any(_A_YEAR.fullmatch(part) for part in parts) or (parts[0].isalpha() and len(parts[0]) != len("XTA")):
        return False
    return sum(not part.isdigit() for part in parts) > 1 and written[-4:].isdigit()


_FRAMES: Final = (
    re.compile(r"(?<!\w)(?=[A-Za-z0-9]*[A-Za-z])(?=[A-Za-z]*[0-9])[A-Za-z0-9]{2,8}-[0-9]{6,7}(?!\w)"),
    re.compile(
        r"\b(?:кузов\w*|шасси|рам[аы]|двигател[ья]|двс|frame)(?: номер)?[ :№#-]{1,3}"
        r"(?P<number>(?=[0-9]*[A-Z])(?=(?:[A-Z -]*[0-9]){5})[A-Z0-9]{2,10}[ -]?[A-Z0-9]{4,10})(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:номер|№) (?:кузова|шасси|рамы|двигателя|двс)[ :№#-]{1,3}(?P<number>[0-9]{5,12})(?!\w)", re.IGNORECASE
    ),
)

_PLATE_LETTER: Final = "[авекмнорстухabekmhopctyx]"
_REGION: Final = r"[0-9]{2,3}(?: ?rus| ?рус)?"
_CLOSE_PLATE: Final = re.compile(
    rf"(?<!\w)(?:{_PLATE_LETTER}[0-9]{{3}}{_PLATE_LETTER}{{2}} ?{_REGION}"
    rf"|[АВЕКМНОРСТУХABEKMHOPCTYX]{{2}}[0-9]{{3,4}} ?{_REGION}"  # taxi, trailers
    r"|[0-9]{3}[A-Z]{3}(?:0[1-9]|1[0-9]|20)|[A-Z][0-9]{3}[A-Z]{3}"  # Kazakhstan
    r"|[0-9]{4} ?[A-Z]{2}-[0-8]"  # Belarus
    r"|[ABCEHIKMOPTX]{2} ?[0-9]{4} ?[ABCEHIKMOPTX]{2}"  # Ukraine
    r"|[0-9]{2} ?[A-Z] ?[0-9]{3} ?[A-Z]{2})(?!\w)",  # Uzbekistan
    re.IGNORECASE,
)
_WIDE_PLATE: Final = re.compile(
    rf"(?<!\w){_PLATE_LETTER}[ -]{{0,2}}[0-9]{{3}}[ -]{{0,2}}(?P<pair>{_PLATE_LETTER}{{2}})[ /-]{{0,2}}{_REGION}(?!\w)",
    re.IGNORECASE,
)
_WITHOUT_REGION: Final = re.compile(
    rf"(?<!\w){_PLATE_LETTER}[0-9]{{3}}(?P<pair>{_PLATE_LETTER}{{2}})(?!\w)", re.IGNORECASE
)
_AFTER_A_LABEL: Final = re.compile(
    r"\b(?:гос\.? ?(?:номер\w*|знак\w*)|г/н|грз|г\.?р\.?з\.?|номера?|номерн\w+ знак\w*|знак)[ :№-]{1,3}(?P<number>(?:"
    rf"{_PLATE_LETTER} ?[0-9]{{3}} ?{_PLATE_LETTER}{{2}}|{_PLATE_LETTER}{{2}} ?[0-9]{{3,4}}"
    rf"|[0-9]{{4}} ?{_PLATE_LETTER}{{2}})(?:[ /-]?{_REGION})?"
    r"|[0-9]{3} ?[A-Z]{2,3} ?[0-9]{2}|[A-Z] ?[0-9]{3} ?[A-Z]{2,3})(?!\w)",
    re.IGNORECASE,
)
_TAXI: Final = re.compile(rf"(?<!\w)[АВЕКМНОРСТУХ]{{2}} [0-9]{{3}} {_REGION}(?!\w)")
_KAZAKH: Final = re.compile(r"(?<!\w)[0-9]{3} [A-Z]{3} (?:0[1-9]|1[0-9]|20)(?!\w)")
_PAIRS: Final = "км см тр рс кс на не но от со во ко то та ну ах ох ум"
_WORDS: Final = frozenset(_PAIRS.split())
"""Two letters of plates that are a word or a unit: «с 200 км 150», «у 100 на 50»."""
_VERSIONS: Final = "tsi tdi fsi tfsi gti gtd cdi cgi crd gdi mpi hdi amg tce dci gls gle glc gla suv awd fwd rwd"
_MODELS: Final = frozenset(_VERSIONS.split())


def plates(text: str) -> Iterator[Personal]:
    """Number plates of Russia and its neighbours, and frame numbers."""
    for match in _found(text, *_FRAMES, _AFTER_A_LABEL):
        yield _number(match, "number" if "number" in match.groupdict() else 0)
    for match in _found(text, _CLOSE_PLATE, _TAXI, _KAZAKH):
        if _MODELS.isdisjoint(re.findall(r"[a-z]+", match.group().casefold())):
            yield _number(match, 0)
    for match in _found(text, _WIDE_PLATE, _WITHOUT_REGION):
        if match["pair"].isupper() or match["pair"].casefold() not in _WORDS:
            yield _number(match, 0)


def _found(text: str, *patterns: re.Pattern[str]) -> Iterator[re.Match[str]]:
    return chain.from_iterable(pattern.finditer(text) for pattern in patterns)


def _number(match: re.Match[str], group: str | int) -> Personal:
    return Personal(PersonalKind.NUMBER, match.start(group), match.end(group), match.group(group))

"""Years as people write them: «2018 г/в», «декабрь 2008», «2к18», «восемнадцатого года», «2015/2016»."""

import re
from collections.abc import Sequence
from typing import Final

from carquery.domain.number_words import spelled_year
from carquery.domain.typed_numbers import continues_number, plain
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class StatedYears:
    """The years that a text states, each in two digits or in four, in the order they were written.

    Attributes:
        is_doubtful: one year, but what stands beside it may make it another one than the year asked for.
    """

    numbers: tuple[int, ...]
    is_doubtful: bool = False


def read_stated_years(typed: str) -> StatedYears | None:
    """The year that a text states, or both ends of a range. None: it states no year, or something else as well."""
    text = _UNCERTAIN.sub("примерно", _SHORT_MILLENNIUM.sub(r"20\1", plain(typed)))
    text = _OR_NEWER.sub(" ", _NOT_OLDER.sub(" с ", text))
    dated = _DATED.search(text)
    if dated is not None:
        year = _single(_DATED.sub(lambda date: f" {date['after'] or date['before']} ", text))
        return year if year is None or dated["day"] is None else StatedYears(year.numbers, is_doubtful=True)
    return _single(text) or _pair(text)


def says_more_than_years(typed: str) -> bool:
    """Whether the text in which a year is found says anything else: «2018, на учёте с 2019»."""
    words = (word for word in _WORD.findall(plain(typed)) if not _OF_A_YEAR.fullmatch(word))
    return any(spelled_year((word,)) is None and not continues_number(word) for word in words)


_SHORT_MILLENNIUM: Final = re.compile(r"(?<![0-9.,])(?:(?:2|две) ?(?:[kк]|тыс(?:ячи)?|тыщи)\.? ?)([0-9]{2})(?![0-9])")
"""«2к18», «две тысячи 18»."""
_UNCERTAIN: Final = re.compile(r"\bне (?:помню|знаю|увер\w+)")
_OR_NEWER: Final = re.compile(r" ?\+(?=[ .,!]*$)|\b(?:и|или) (?:новее|свежее|моложе|выше|позже|младше|дальше)\b")
_NOT_OLDER: Final = re.compile(r"\b(?:не (?:старше|раньше|ранее|ниже)|начиная с)\b")
_DATED: Final = re.compile(
    r"(?<![0-9./,-])(?:(?:(?P<day>[0-3]?[0-9])[./-])?(?:0?[1-9]|1[0-2])[./-](?P<after>(?:19|20)[0-9]{2})"
    r"|(?P<before>(?:19|20)[0-9]{2})(?:\.(?:0[1-9]|1[0-2])|[/-]0[1-9]))(?![0-9./,-])"
)
"""With a month, perhaps with a day. «2008-12» is no month but a range, as «2015-16» is."""

_MONTHS: Final = r"янв\w*|фев\w*|март\w*|апр\w*|ма[йея]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*"
_SEASONS: Final = r"весн\w+|летом|осен\w+|зим\w+|начал\w+|кон(?:ец|ца|це|цом)|середин\w+|половин\w+|первая|вторая"
_CALLED: Final = r"г|гв|год|год[ауе]|год(?:ом|ов|ах)|г\.|вып\w*|модель\w*|изг\w*|произв\w*|god|goda|g|year|my"
_ROUGHLY: Final = r"примерно|прим|приблизительно|около|где|то|вроде|кажется|наверное?|точно|ровно|порядка|должно|быть"
_RELATED: Final = (
    r"с|со|от|за|в|во|на|по|к|это|есть|она|он|оно|её|его|у|нее|машина|авто|автомобиль|тачка|птс|стс|документам"
)
_ANSWERING: Final = r"пожалуйста|спасибо|да|ну|здравствуйте|так"
_OF_A_YEAR: Final = re.compile(rf"(?:{_MONTHS}|{_SEASONS}|{_CALLED}|{_ROUGHLY}|{_RELATED}|{_ANSWERING})\.?")
"""Words that leave a year what it is, even one of two digits."""

_ORDINAL: Final = r"(?: ?-? ?(?:ы?й|[ои]?го|м|ом|х|е)\b)?"
_FIGURES: Final = re.compile(rf"(?<![0-9'])'?([1-9][0-9]{{3}}|[0-9]{{2}})(?![0-9]){_ORDINAL}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_PLAIN_SIGNS: Final = re.compile(r"[ .,!?;:()«»\"'~≈/\\\n-]*")
_NOT_JOINED: Final = re.compile(r"(?:^|.*[ \n(«\"'~≈:;]|.*[а-я][.,/-]?)", re.DOTALL)
"""What may stand right before a year's digits: «-18», «2.18» and «№18» are something else."""

_SOMETHING_ELSE: Final = re.compile(
    r"(?:руб\w*|р|тыс\w*|тр|км|лет|мес\w*|дн\w*|недел\w*|млн|миллион\w*|т|к|л|лс|мест\w*|двер\w*|штук\w*|процент\w*"
    r"|не|нет|ни|или|либо|кроме|сколько|какой|какого|ли|но|а)"
)
_ANOTHER_YEAR: Final = re.compile(
    r"(?:до|после|старше|раньше|ранее|новее|моложе|позже|куп\w+|брал\w*|взял\w*|приобр\w+|рестайл\w*|ввоз\w*|ввез\w*"
    r"|прив[её]з\w*|владе\w+|езж\w+|езд\w+|меня|растамож\w*|регистр\w*|уч[её]т\w*|прода\w+)"
)
"""What makes it the year of something else, or a bound."""
_IN: Final = ("в", "во")
_MADE: Final = re.compile(r"собр\w+|сдела\w+|построе\w+|сош\w+|родил\w+")
_MOST_WORDS: Final = 4


def _single(text: str) -> StatedYears | None:
    """One year, in figures or in words, with words beside it that leave it what it is."""
    figures = list(_FIGURES.finditer(text))
    if len(figures) != 1:
        return _spelled(text) if not figures else None
    (year,) = figures
    before, after = text[: year.start()], text[year.end() :]
    rest = f"{before} {after}"
    if (
        any(sign.isdigit() for sign in rest)
        or _NOT_JOINED.fullmatch(before) is None
        or _PLAIN_SIGNS.fullmatch(_WORD.sub("", rest)) is None
    ):
        return None
    unknown = [word for word in _WORD.findall(rest) if not _OF_A_YEAR.fullmatch(word)]
    if any(word.isascii() or _SOMETHING_ELSE.fullmatch(word) for word in unknown) or ("?" in rest and unknown):
        return None
    if unknown and (len(year[1]) == len("18") or len(unknown) > _MOST_WORDS):
        return None
    is_doubtful = year.group().endswith(("е", "х")) or _happened_in(before)
    return StatedYears(
        (int(year[1]),), is_doubtful=is_doubtful or any(_ANOTHER_YEAR.fullmatch(word) for word in unknown)
    )


def _happened_in(before: str) -> bool:
    """«ДТП в», «красили в», but «выпущена в», «собрана в»: what happened in a year is not the car's making."""
    words = _WORD.findall(before)
    if len(words) < 2 or words[-1] not in _IN:
        return False
    return _OF_A_YEAR.fullmatch(words[-2]) is None and _MADE.fullmatch(words[-2]) is None


def _spelled(text: str) -> StatedYears | None:
    if _PLAIN_SIGNS.fullmatch(_WORD.sub("", text)) is None:
        return None
    words = _without_ends(_WORD.findall(text))
    year = spelled_year(words) if words and " ".join(words) in text else None
    return None if year is None else StatedYears((year,))


def _without_ends(words: Sequence[str]) -> Sequence[str]:
    start, end = 0, len(words)
    while start < end and _OF_A_YEAR.fullmatch(words[start]):
        start += 1
    while start < end and _OF_A_YEAR.fullmatch(words[end - 1]):
        end -= 1
    return words[start:end]


_BETWEEN: Final = re.compile(r" ?[-/,] ?| (?:или|либо|по|до|и) | (?=[^ ]*(?:19|20)[0-9]{2})")
"""A space alone parts years of four digits only: «20 18» is one, typed badly."""
_LONGEST_RANGE: Final = 60


def _pair(text: str) -> StatedYears | None:
    """Both ends of a range, or two years to choose from: cut where both halves are one year each."""
    for cut in _BETWEEN.finditer(text) if len(text) <= _LONGEST_RANGE else ():
        first, second = _single(text[: cut.start()]), _single(text[cut.end() :])
        if first is not None and second is not None:
            return StatedYears((*first.numbers, *second.numbers))
    return None

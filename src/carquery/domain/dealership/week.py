"""A week's hours as a dealership writes them: «пн-пт 9:00-20:00; сб-вс 10:00-18:00»."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from carquery.domain.dealership.hours import MINUTES_A_DAY, Span, Week

EXAMPLE: Final = "пн-пт 9:00-20:00; сб-вс 10:00-18:00"
DAYS: Final = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
DAILY: Final = "ежедневно"
CLOSED: Final = ("выходной", "закрыто")

_DASH: Final = r"\s*[-–—]\s*"
_DAYS: Final = re.compile(rf"(?P<days>{DAILY}|[а-я]{{2}}(?:(?:{_DASH}|\s*,\s*)[а-я]{{2}})*)\s*:?\s+(?P<hours>.+)")
_SPAN: Final = re.compile(rf"(\d{{1,2}})(?:[:.](\d{{2}}))?{_DASH}(\d{{1,2}})(?:[:.](\d{{2}}))?")


class NoHours(ValueError):
    """It can't be read; the text says what is wrong, in the words of the file."""


def read_week(text: str) -> Week:
    """The week that a text tells of; days that it does not name are closed.

    Raises:
        NoHours: of the first thing that is wrong.
    """
    week: dict[int, tuple[Span, ...]] = {}
    for part in filter(None, (part.strip().casefold() for part in text.split(";"))):
        parsed = _DAYS.fullmatch(part)
        if parsed is None:
            raise NoHours(f"«{part}» is not days and hours")
        spans = _spans(parsed["hours"])
        for day in _days(parsed["days"]):
            if day in week:
                raise NoHours(f"«{DAYS[day]}» is named twice")
            week[day] = spans
    if not any(week.values()):
        raise NoHours("no day is open")
    return tuple(week.get(day, ()) for day in range(len(DAYS)))


def _days(text: str) -> Iterator[int]:
    if text == DAILY:
        yield from range(len(DAYS))
        return
    for part in re.split(r"\s*,\s*", text):
        first, *rest = (_day(name) for name in re.split(_DASH, part))
        last = rest[-1] if rest else first
        if len(rest) > 1:
            raise NoHours(f"«{part}» is no range of days")
        yield from ((first + ahead) % len(DAYS) for ahead in range((last - first) % len(DAYS) + 1))


def _day(name: str) -> int:
    if name not in DAYS:
        raise NoHours(f"«{name}» is no day of the week")
    return DAYS.index(name)


def _spans(text: str) -> tuple[Span, ...]:
    if text in CLOSED:
        return ()
    spans = sorted(_span(part.strip()) for part in text.split(","))
    for before, after in pairwise(spans):
        if after.opens <= before.closes:
            raise NoHours(f"«{text}»: the hours overlap")
    return tuple(spans)


def _span(text: str) -> Span:
    parsed = _SPAN.fullmatch(text)
    if parsed is None:
        raise NoHours(f"«{text}» is no time from – to")
    hours, minutes, until_hours, until_minutes = (int(part or 0) for part in parsed.groups())
    opens, closes = hours * 60 + minutes, until_hours * 60 + until_minutes
    if max(minutes, until_minutes) >= 60 or max(opens, closes) > MINUTES_A_DAY:
        raise NoHours(f"«{text}»: there is no such time")
    if opens >= closes:
        raise NoHours(f"«{text}» closes before it opens")
    return Span(opens, closes)

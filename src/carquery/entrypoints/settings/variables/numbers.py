"""Numbers and lengths of time in the settings: plain digits, so that nothing is taken for a number that is none."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL: Final = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,6})?", re.ASCII)
_SPAN: Final = re.compile(r"([0-9]{1,9}) ?([a-z]*)", re.ASCII)
_UNITS: Final = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
}


def read_whole(typed: str) -> int:
    """A whole number of ASCII digits. Raises ValueError."""
    if not _WHOLE.fullmatch(typed):
        raise ValueError("not a whole number, digits alone")
    return int(typed)


def read_decimal(typed: str) -> str:
    """A number with a point or a comma. Raises ValueError."""
    if not _DECIMAL.fullmatch(typed):
        raise ValueError("not a number such as 5 or 0.5")
    return typed.replace(",", ".")


def read_chat(typed: str) -> int:
    """A chat's number. Raises ValueError."""
    if re.fullmatch(r"-?[0-9]+[_:/][0-9]+", typed, re.ASCII):
        raise ValueError("that is a topic of a group; the group itself is what stands before the topic's number")
    if "t.me/" in typed:
        raise ValueError("that is a link; the number of a private group is -100 and the digits behind t.me/c/")
    if typed.startswith("@"):
        raise ValueError("that is a name, not a number")
    chat = read_whole(typed)
    if not 0 < abs(chat) < 1 << 52:
        raise ValueError("no chat has that number")
    return chat


def read_span(typed: str, unit: timedelta) -> int:
    """How many of `unit`: a bare number counts them; 90s, 30m, 2h, 1d are lengths of time. Raises ValueError."""
    match = _SPAN.fullmatch(typed.lower())
    if match is None or (match[2] and match[2] not in _UNITS):
        raise ValueError("not a length of time")
    span = int(match[1]) * (_UNITS[match[2]] if match[2] else unit)
    if span % unit:
        raise ValueError("too fine a length of time")
    return span // unit


def _read_by(read: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _in(unit: timedelta) -> BeforeValidator:
    return _read_by(lambda typed: read_span(typed, unit))


WHOLE: Final = _read_by(read_whole)
DECIMAL: Final = _read_by(read_decimal)
Chat: TypeAlias = Annotated[int, _read_by(read_chat)]
Seconds: TypeAlias = Annotated[int, _in(timedelta(seconds=1))]
Minutes: TypeAlias = Annotated[int, _in(timedelta(minutes=1))]
Days: TypeAlias = Annotated[int, _in(timedelta(days=1))]
Whole: TypeAlias = Annotated[int, WHOLE]
SPANS: Final = "such as 90s, 30m, 2h, 1d"
"""How lengths of time are written, for descriptions."""

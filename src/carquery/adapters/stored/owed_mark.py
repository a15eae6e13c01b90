"""What a visit owes, as the few characters that stores keep beside it."""

from datetime import UTC, datetime
from typing import Final

from carquery.domain.visit import Owed

_IN_PLACE: Final = "*"


def mark_of(owed: Owed | None) -> str:
    """Since when, in milliseconds, and a star if the reply is an edit; empty: nothing."""
    if owed is None:
        return ""
    return f"{milliseconds(owed.since)}{_IN_PLACE if owed.in_place else ''}"


def owed_from(mark: str) -> Owed | None:
    """What was marked. A mark that can't be read is none: the customer's next touch shows where things stand."""
    since = mark.removesuffix(_IN_PLACE)
    if not (since.isascii() and since.isdigit()):
        return None
    try:
        return Owed(datetime.fromtimestamp(int(since) / 1000, UTC), in_place=mark != since)
    except (ValueError, OverflowError, OSError):
        return None


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return int(moment.timestamp() * 1000)

"""When customers who have sent a request are called back, in the words that they read."""

from datetime import datetime, timedelta
from typing import Final

from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.moscow import named_day

TOO_LATE: Final = timedelta(minutes=30)
"""Who sends a request so shortly before it closes may be called when it opens again."""

_ON: Final = ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье")


def callback_time(hours: BusinessHours | None, at: datetime) -> str | None:
    """«завтра с 9:00», «сегодня до 20:00 или завтра с 9:00»; None: soon, or nobody knows the hours.

    Days are named by the dealership's clock.
    """
    opens = None if hours is None else hours.next_open(at)
    if hours is None or opens is None:
        return None
    now = at.astimezone(hours.zone)
    if opens > at:
        return f"{_day(opens, now)} с {_hour(opens)}"
    if hours.between(at, at + TOO_LATE) == TOO_LATE:
        return None
    closes = hours.next_close(at)
    opens = None if closes is None else hours.next_open(closes)
    if closes is None or opens is None:
        return None
    again = "" if opens.date() == now.date() else f"{_day(opens, now)} "
    return f"сегодня до {_hour(closes)} или {again}с {_hour(opens)}"


def _hour(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _day(moment: datetime, now: datetime) -> str:
    ahead = (moment.date() - now.date()).days
    match ahead:
        case 0:
            return "сегодня"
        case 1:
            return "завтра"
        case _ if ahead < 7:
            return _ON[moment.weekday()]
        case _:
            return named_day(moment)

"""The dealership's calendar."""

from datetime import date, datetime, timedelta, timezone

MOSCOW = timezone(timedelta(hours=3), "MSK")
"""UTC+3 all year, without daylight saving. Source: Federal law 248-FZ of 21 July 2014."""

_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def moscow_day(moment: datetime) -> date:
    """The day in Moscow at that (aware) moment."""
    return moment.astimezone(MOSCOW).date()


def named_day(day: date) -> str:
    """«15 июня»."""
    return f"{day.day} {_MONTHS[day.month - 1]}"

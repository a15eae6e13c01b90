"""`--since`: how far back a report looks."""

from datetime import date, datetime, time, timedelta, tzinfo
from math import ceil
from typing import Final

from carquery.application.ports.tallies import Days
from carquery.entrypoints.commands.leads.choice import age, moment
from carquery.entrypoints.commands.running import USAGE, stop

DAY: Final = timedelta(days=1)


def days_since(since: str, *, now: datetime, zone: tzinfo) -> Days:
    """Whole days up to today: so many, today among them (7d), or from one on (2026-11-01). Wrong ones end the command.

    Hours are rounded up to days.
    """
    today, back = now.astimezone(zone).date(), age(since)
    if back is not None:
        return Days.ending(today, count=max(ceil(back / DAY), 1))
    first = moment("--since", since, now).date()
    if first > today:
        _not_yet(first, today)
    return Days(first, today)


def moment_since(since: str, *, now: datetime, zone: tzinfo) -> datetime:
    """So long ago (12h), or when the first of whole days began (7d, 2026-11-01). Wrong ones end the command."""
    back = age(since)
    if back is not None and back % DAY:
        return now - back
    return datetime.combine(days_since(since, now=now, zone=zone).first, time(), zone)


def told_of(days: Days) -> str:
    """As a title has it."""
    return f"{days.first} to {days.last}" if days.last - days.first >= DAY else f"{days.first}"


def _not_yet(first: date, today: date) -> None:
    stop(f"--since: {first} has not come yet; today is {today}", code=USAGE)

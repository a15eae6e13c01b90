"""`--since`: how far back a report looks."""

from datetime import date, datetime, timedelta, tzinfo

from carquery.application.ports.tallies import Days
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.commands.leads.choice import moment
from carquery.entrypoints.commands.running import USAGE, stop


def days_since(since: str, *, now: datetime, zone: tzinfo) -> Days:
    """Whole days up to today: so many back (7d), or from one on (2026-11-01). Wrong ones end the command."""
    found, today = moment("--since", since, now), now.astimezone(zone).date()
    is_day = found.tzinfo is MOSCOW  # named as such; an age is counted from now
    first = found.date() if is_day else found.astimezone(zone).date()
    if first > today:
        _not_yet(first, today)
    return Days(first, today)


def moment_since(since: str, *, now: datetime) -> datetime:
    """So long ago (12h), or when that day began. Wrong ones end the command."""
    found = moment("--since", since, now)
    if found > now:
        _not_yet(found.date(), now.astimezone(found.tzinfo).date())
    return found


def told_of(days: Days) -> str:
    """As a title has it."""
    return f"{days.first} to {days.last}" if days.last - days.first >= timedelta(days=1) else f"{days.first}"


def _not_yet(first: date, today: date) -> None:
    stop(f"--since: {first} has not come yet; today is {today}", code=USAGE)

"""`--since`: how far back a report looks."""

from datetime import UTC, date, datetime, timedelta, tzinfo

from carquery.application.ports.tallies import Days
from carquery.entrypoints.commands.leads.choice import moment
from carquery.entrypoints.commands.running import USAGE, stop


def days_since(since: str, *, now: datetime, zone: tzinfo) -> Days:
    """Whole days up to today: so many back (7d), or from a date on (2026-11-01). Wrong ones end the command."""
    today = now.astimezone(zone).date()
    first = _date(since) or moment("--since", since, now).astimezone(zone).date()
    if first > today:
        stop(f"--since: {first} has not come yet; today is {today}", code=USAGE)
    return Days(first, today)


def moment_since(since: str, *, now: datetime, zone: tzinfo) -> datetime:
    """So long ago (12h), or when that date began. Wrong ones end the command."""
    first = _date(since)
    if first is None:
        return moment("--since", since, now)
    days_since(since, now=now, zone=zone)
    return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)


def told_of(days: Days) -> str:
    """As a title has it."""
    return f"{days.first} to {days.last}" if days.last - days.first >= timedelta(days=1) else f"{days.first}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

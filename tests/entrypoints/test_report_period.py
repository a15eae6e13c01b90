"""So many days are the same days in every report, and on the page: whole ones, today the last of them."""

from datetime import date, datetime, timedelta

import pytest

from carquery.application.ports.tallies import Days
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.commands.report.period import days_since, moment_since
from carquery.entrypoints.report_page.figures import PERIODS
from tests.builders import DAY, HOUR, MINUTE

TODAY = date(2026, 3, 12)
MIDNIGHT = datetime(2026, 3, 12, tzinfo=MOSCOW)


@pytest.mark.parametrize("hour", [timedelta(), 10 * HOUR, DAY - MINUTE])
@pytest.mark.parametrize(
    ("since", "days"),
    [*((f"{period}d", period) for period in PERIODS), ("7 D", 7), ("0d", 1), ("12h", 1), ("25h", 2), ("2026-03-10", 3)],
)
def test_they_are_counted_by_the_calendar_whatever_the_hour(since: str, days: int, hour: timedelta) -> None:
    assert days_since(since, now=MIDNIGHT + hour, zone=MOSCOW) == Days.ending(TODAY, count=days)


@pytest.mark.parametrize(
    ("since", "begins"),
    [
        ("7d", MIDNIGHT - 6 * DAY),
        ("1d", MIDNIGHT),
        ("24h", MIDNIGHT),
        ("12h", MIDNIGHT - 2 * HOUR),
        ("30m", MIDNIGHT + 10 * HOUR - 30 * MINUTE),
        ("2026-03-10", MIDNIGHT - 2 * DAY),
    ],
)
def test_hours_that_make_no_days_go_back_from_now(since: str, begins: datetime) -> None:
    assert moment_since(since, now=MIDNIGHT + 10 * HOUR, zone=MOSCOW) == begins

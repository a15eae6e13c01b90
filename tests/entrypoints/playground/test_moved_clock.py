"""The clock of the playground goes on as whoever plays wishes, by the dealership's own hours."""

from datetime import datetime, timedelta

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.playground.moved_clock import MovedClock, When, wait_until
from tests.builders import HOUR, NOW, business_hours

HOURS = business_hours("пн-пт 9:00-20:00; сб-вс 10:00-18:00")


def moscow(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        (When.HOUR, "2026-06-15 12:30", "2026-06-15 13:30"),
        (When.NIGHT, "2026-06-15 12:30", "2026-06-16 02:00"),
        (When.NIGHT, "2026-06-15 01:30", "2026-06-15 02:00"),
        (When.OPEN, "2026-06-15 12:30", "2026-06-16 10:00"),
        (When.OPEN, "2026-06-15 02:00", "2026-06-15 10:00"),
        (When.OPEN, "2026-06-19 21:00", "2026-06-20 11:00"),
        (When.WEEKEND, "2026-06-15 12:30", "2026-06-20 12:00"),
        (When.WEEKEND, "2026-06-20 12:30", "2026-06-27 12:00"),
    ],
)
def test_it_goes_on_to_the_next_such_time(when: When, now: str, expected: str) -> None:
    assert moscow(now) + wait_until(when, HOURS, now=moscow(now)) == moscow(expected)


def test_it_goes_on_by_both_its_times_and_never_back() -> None:
    clock = MovedClock(SettableClock(NOW))
    before = clock.monotonic()

    clock.move(HOUR)
    clock.move(-2 * HOUR)

    assert (clock.now() - NOW, clock.monotonic() - before) == (HOUR, timedelta(hours=1).total_seconds())
    assert clock.seconds() == (NOW + HOUR).timestamp()

"""Customers are reminded after a silence, while the dealership is open, and of nothing that was left long ago."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.week import read_week
from carquery.domain.silences import LATEST, Silence, due_silence

MOSCOW = ZoneInfo("Europe/Moscow")
HOURS = BusinessHours("пн-пт 9:00-20:00", read_week("пн-пт 9:00-20:00"), MOSCOW)
AFTER = timedelta(minutes=40)
ON = Dealership(hours=HOURS, follow_up=FollowUp(reminder_after=AFTER))


def moscow(day: int, hour: int, minute: int = 0) -> datetime:
    """In June 2026, whose fifteenth is a Monday."""
    return datetime(2026, 6, day, hour, minute, tzinfo=MOSCOW)


def test_who_has_been_silent_for_so_long_is_reminded_while_it_is_open() -> None:
    noon = moscow(15, 12)

    assert due_silence(ON, at=noon) == Silence(noon - AFTER - LATEST, noon - AFTER)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (moscow(15, 8, 59), False),
        (moscow(15, 9), True),
        (moscow(15, 19, 59), True),
        (moscow(15, 20), False),
        (moscow(16, 3), False),
        (moscow(20, 12), False),
    ],
)
def test_nobody_is_reminded_while_it_is_closed(at: datetime, *, is_open: bool) -> None:
    assert (due_silence(ON, at=at) is not None) is is_open


def test_nobody_is_reminded_unless_the_dealership_says_so() -> None:
    assert due_silence(Dealership(hours=HOURS), at=moscow(15, 12)) is None


def test_without_hours_nobody_is_reminded() -> None:
    """Who knows when it is night there?"""
    assert due_silence(Dealership(follow_up=ON.follow_up), at=moscow(15, 12)) is None


def test_whoever_left_on_friday_evening_is_reminded_on_monday_morning() -> None:
    monday = due_silence(ON, at=moscow(15, 9))

    assert monday is not None
    assert monday.since < moscow(12, 19, 45) <= monday.until

"""When a dealership is open: by its own clock, all year round."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.week import read_week

WRITTEN = "пн-пт 9:00-20:00; сб-вс 10:00-18:00"
OPEN, CLOSED = "open", "closed"
MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
"""It has summer time: in 2026 from 29 March, 2:00, to 25 October, 3:00."""


def hours(written: str = WRITTEN, zone: ZoneInfo = MOSCOW, *holidays: date) -> BusinessHours:
    return BusinessHours(written, read_week(written), zone, frozenset(holidays))


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-27 08:59", CLOSED),  # a Friday
        ("2026-11-27 09:00", OPEN),
        ("2026-11-27 19:59", OPEN),
        ("2026-11-27 20:00", CLOSED),
        ("2026-11-28 09:30", CLOSED),
        ("2026-11-28 10:00", OPEN),
        ("2026-11-29 17:59", OPEN),
        ("2026-11-29 18:00", CLOSED),
    ],
)
def test_it_opens_on_the_minute_and_closes_on_the_minute(at: str, expected: str) -> None:
    assert hours().is_open(moscow(at)) is (expected == OPEN)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-27 02:00", "2026-11-27 09:00"),
        ("2026-11-27 12:00", "2026-11-27 12:00"),
        ("2026-11-27 20:00", "2026-11-28 10:00"),
        ("2026-11-29 23:59", "2026-11-30 09:00"),
    ],
)
def test_the_next_open_moment_is_now_or_the_next_opening(at: str, opens: str) -> None:
    assert hours().next_open(moscow(at)) == moscow(opens)


@pytest.mark.parametrize(
    ("at", "minutes", "then"),
    [
        ("2026-11-27 12:00", 30, "2026-11-27 12:30"),
        ("2026-11-27 19:40", 20, "2026-11-27 20:00"),
        ("2026-11-27 19:40", 30, "2026-11-28 10:10"),
        ("2026-11-27 02:00", 30, "2026-11-27 09:30"),
        ("2026-11-29 17:00", 12 * 60, "2026-11-30 20:00"),
        ("2026-11-27 20:00", 0, "2026-11-28 10:00"),
    ],
)
def test_only_open_minutes_pass(at: str, minutes: int, then: str) -> None:
    assert hours().after(moscow(at), minutes) == moscow(then)


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        ("2026-11-27 02:00", "2026-11-27 20:00"),
        ("2026-11-27 09:00", "2026-11-27 20:00"),
        ("2026-11-27 19:59", "2026-11-27 20:00"),
        ("2026-11-27 20:00", "2026-11-28 18:00"),
    ],
)
def test_it_closes_at_the_end_of_the_hours_that_run_or_come_next(at: str, closes: str) -> None:
    assert hours().next_close(moscow(at)) == moscow(closes)


def test_hours_that_go_on_over_midnight_do_not_close_there() -> None:
    nights = hours("пт 20:00-24:00; сб 0:00-4:00")
    assert nights.next_close(moscow("2026-11-27 23:00")) == moscow("2026-11-28 04:00")
    assert hours("ежедневно 0:00-24:00").next_close(moscow("2026-11-27 23:50")) is None


def test_on_a_holiday_it_is_closed_all_day() -> None:
    closed = hours(WRITTEN, MOSCOW, date(2027, 1, 1), date(2027, 1, 2))
    assert not closed.is_open(moscow("2027-01-01 12:00"))
    assert closed.next_open(moscow("2026-12-31 20:00")) == moscow("2027-01-03 10:00")


def test_a_dealership_that_is_closed_for_a_year_promises_nothing() -> None:
    every_day = (date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(800))
    closed = hours(WRITTEN, MOSCOW, *every_day)
    at = moscow("2026-01-01 12:00")
    assert (closed.next_open(at), closed.after(at, 1), closed.is_open(at)) == (None, None, False)


def test_between_two_moments_it_counts_what_was_open() -> None:
    assert hours().between(moscow("2026-11-27 19:30"), moscow("2026-11-28 10:15")) == timedelta(minutes=45)


def test_the_day_that_summer_time_begins_is_an_hour_short() -> None:
    night = hours("ежедневно 0:00-24:00", BERLIN)
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN)
    assert night.after(midnight, 23 * 60) == datetime(2026, 3, 30, tzinfo=BERLIN)


def test_the_day_that_summer_time_ends_is_an_hour_long() -> None:
    night = hours("ежедневно 0:00-24:00", BERLIN)
    midnight = datetime(2026, 10, 25, tzinfo=BERLIN)
    assert night.after(midnight, 25 * 60) == datetime(2026, 10, 26, tzinfo=BERLIN)


def test_it_opens_by_the_clock_on_the_wall_before_and_after_the_clock_was_changed() -> None:
    opens = hours("ежедневно 9:00-18:00", BERLIN)
    for day in (28, 29, 30):
        opened = opens.next_open(datetime(2026, 3, day, 1, tzinfo=BERLIN))
        assert opened is not None
        assert (opened.day, opened.hour) == (day, 9)


IN_2026 = st.integers(0, 365 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))
WEEKS = st.sampled_from(
    [WRITTEN, "пн 9:00-13:00, 14:00-18:00", "ежедневно 0:00-24:00", "сб-вс 1:30-3:30", "вт, чт 22:00-24:00"]
)
ZONES = st.sampled_from([MOSCOW, BERLIN, ZoneInfo("Asia/Kamchatka"), ZoneInfo("America/New_York")])


@given(WEEKS, ZONES, IN_2026)
def test_it_is_open_exactly_when_the_next_open_moment_is_now(written: str, zone: ZoneInfo, at: datetime) -> None:
    open_hours = hours(written, zone)
    opens = open_hours.next_open(at)
    assert opens is not None
    assert opens >= at
    assert open_hours.is_open(opens)
    assert open_hours.is_open(at) is (opens == at)


@given(WEEKS, ZONES, IN_2026)
def test_between_the_next_opening_and_the_next_close_it_is_open_all_the_time(
    written: str, zone: ZoneInfo, at: datetime
) -> None:
    open_hours = hours(written, zone)
    opens, closes = open_hours.next_open(at), open_hours.next_close(at)
    assert opens is not None
    if closes is not None:
        assert open_hours.between(opens, closes) == closes.astimezone(UTC) - opens.astimezone(UTC)
        assert not open_hours.is_open(closes)


@given(WEEKS, ZONES, IN_2026, st.integers(0, 5000))
def test_so_many_open_minutes_lie_between(written: str, zone: ZoneInfo, at: datetime, minutes: int) -> None:
    open_hours = hours(written, zone)
    then = open_hours.after(at, minutes)
    assert then is not None
    assert open_hours.between(at, then) == timedelta(minutes=minutes)


@given(WEEKS, ZONES, IN_2026, st.integers(0, 2000), st.integers(0, 2000))
def test_minutes_pass_the_same_at_once_and_in_two_parts(
    written: str, zone: ZoneInfo, at: datetime, first: int, second: int
) -> None:
    open_hours = hours(written, zone)
    halfway = open_hours.after(at, first)
    assert halfway is not None
    at_once, in_parts = open_hours.after(at, first + second), open_hours.after(halfway, second)
    assert at_once is not None
    assert in_parts is not None
    assert open_hours.between(at_once, in_parts) == timedelta()

"""When it is promised to call a customer back: in words, by the dealership's clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.promise import callback_time
from carquery.domain.dealership.week import read_week

MOSCOW = ZoneInfo("Europe/Moscow")
SOON = None


def promised(at: str, written: str = "пн-пт 9:00-20:00; сб 10:00-18:00", *holidays: date) -> str | None:
    hours = BusinessHours(written, read_week(written), MOSCOW, frozenset(holidays))
    return callback_time(hours, datetime.fromisoformat(at).replace(tzinfo=MOSCOW))


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("2026-11-27 12:00", SOON),  # a Friday
        ("2026-11-27 19:30", SOON),
        ("2026-11-27 19:31", "сегодня до 20:00 или завтра с 10:00"),
        ("2026-11-27 20:00", "завтра с 10:00"),
        ("2026-11-27 02:00", "сегодня с 9:00"),
        ("2026-11-28 17:50", "сегодня до 18:00 или в понедельник с 9:00"),
        ("2026-11-28 19:00", "в понедельник с 9:00"),
        ("2026-11-29 23:59", "завтра с 9:00"),
    ],
)
def test_soon_while_it_is_open_else_when_it_opens(at: str, when: str | None) -> None:
    assert promised(at) == when


def test_before_a_break_it_is_today_either_way() -> None:
    with_break = "пн-пт 9:00-13:00, 14:30-18:00"
    assert promised("2026-11-27 12:45", with_break) == "сегодня до 13:00 или с 14:30"
    assert promised("2026-11-27 13:10", with_break) == "сегодня с 14:30"


def test_over_long_holidays_it_is_a_date() -> None:
    holidays = [date(2027, 1, day) for day in range(1, 11)]
    assert promised("2026-12-31 21:00", "ежедневно 9:00-20:00", *holidays) == "11 января с 9:00"


def test_who_never_closes_calls_soon() -> None:
    assert promised("2026-11-27 23:50", "ежедневно 0:00-24:00") is SOON


def test_without_hours_and_without_an_opening_within_a_year_it_is_soon() -> None:
    assert callback_time(None, datetime(2026, 11, 27, tzinfo=MOSCOW)) is SOON
    always = [date.fromordinal(date(2026, 1, 1).toordinal() + ahead) for ahead in range(800)]
    assert promised("2026-11-27 12:00", "ежедневно 9:00-20:00", *always) is SOON

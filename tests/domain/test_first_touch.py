"""Until when a delivered lead is looked at, and how often."""

from datetime import timedelta

import pytest

from carquery.domain.first_touch import SETTLES, WATCHED_FOR, FirstTouch, next_look
from carquery.domain.ids import CrmUserId
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND

OLEG = CrmUserId(501)


@pytest.mark.parametrize(
    ("age", "pace"),
    [
        (timedelta(), MINUTE),
        (2 * HOUR - SECOND, MINUTE),
        (2 * HOUR, 5 * MINUTE),
        (DAY, 30 * MINUTE),
        (WATCHED_FOR - SECOND, 30 * MINUTE),
    ],
)
def test_the_older_it_is_the_less_often(age: timedelta, pace: timedelta) -> None:
    assert next_look(NOW - age, None, now=NOW) == NOW + pace


def test_after_a_week_nobody_looks_any_more() -> None:
    assert next_look(NOW - WATCHED_FOR, None, now=NOW) is None


def test_after_a_touch_one_looks_once_more_for_an_earlier_one() -> None:
    touch = FirstTouch(NOW - MINUTE, OLEG)

    assert next_look(NOW - HOUR, touch, now=NOW) == touch.at + SETTLES
    assert next_look(NOW - HOUR, touch, now=touch.at + SETTLES) is None


def test_the_earlier_of_two_is_the_first() -> None:
    first, second = FirstTouch(NOW, OLEG), FirstTouch(NOW + MINUTE, CrmUserId(502))

    assert second.or_earlier(first) == first.or_earlier(second) == first.or_earlier(None) == first

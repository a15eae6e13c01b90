"""Three requests an hour and ten a day, whichever hour and day one looks at."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from carquery.domain.lead_limits import USUAL_LIMITS
from tests.builders import DAY, HOUR, MINUTE, NOW


def test_three_are_taken_within_an_hour_and_the_fourth_when_the_first_is_an_hour_old() -> None:
    three = [NOW - 50 * MINUTE, NOW - 5 * MINUTE, NOW]

    assert USUAL_LIMITS.next_at(three[1:], at=NOW) == NOW
    assert USUAL_LIMITS.next_at(three, at=NOW) == NOW + 10 * MINUTE


def test_ten_are_taken_within_a_day() -> None:
    ten = [NOW - number * 2 * HOUR for number in range(10)]

    assert USUAL_LIMITS.next_at(ten[:9], at=NOW) == NOW
    assert USUAL_LIMITS.next_at(ten, at=NOW) == ten[-1] + DAY


def test_what_is_older_does_not_matter() -> None:
    assert USUAL_LIMITS.next_at([NOW - HOUR] * 3, at=NOW) == NOW
    assert USUAL_LIMITS.next_at([NOW - DAY] * 20, at=NOW) == NOW


@given(st.lists(st.integers(0, 3_000), max_size=60))
def test_however_one_insists_no_hour_and_no_day_has_more(waits: list[int]) -> None:
    """Whoever comes sends as soon as one more is taken, however late or early they come."""
    taken = [NOW]
    for wait in waits:
        tried = taken[-1] + timedelta(seconds=wait)
        taken.append(USUAL_LIMITS.next_at(taken, at=tried))

    for number, one in enumerate(taken):
        assert len([other for other in taken[number:] if other - one < HOUR]) <= 3
        assert len([other for other in taken[number:] if other - one < DAY]) <= 10

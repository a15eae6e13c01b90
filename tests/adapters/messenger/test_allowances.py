"""Whoever writes too much is not listened to, and is told so once."""

from datetime import timedelta

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.messenger.allowances import FORGET_EVERY, SAID_AGAIN_AFTER, WHOLE_AGAIN_AFTER, Allowances
from carquery.domain.ids import CustomerId
from carquery.domain.visit import BURST, REGAINED_PER_SECOND, Admission
from tests.builders import ANNA, BORIS, NOW


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def allowances(clock: SettableClock) -> Allowances:
    return Allowances(clock)


def admitted(allowances: Allowances, count: int) -> list[Admission]:
    return [allowances.admit(ANNA) for _ in range(count)]


def test_beyond_the_burst_one_more_is_told_and_the_rest_is_dropped(allowances: Allowances) -> None:
    assert set(admitted(allowances, BURST)) == {Admission.TAKEN}

    assert admitted(allowances, 3) == [Admission.TOO_MANY, Admission.IGNORED, Admission.IGNORED]
    assert allowances.admit(BORIS) is Admission.TAKEN


def test_it_comes_back_with_time(allowances: Allowances, clock: SettableClock) -> None:
    admitted(allowances, BURST + 1)

    clock.pass_time(timedelta(seconds=1))

    again = admitted(allowances, REGAINED_PER_SECOND + 1)
    assert again.count(Admission.TAKEN) in {REGAINED_PER_SECOND - 1, REGAINED_PER_SECOND}  # one was owed
    assert again[-1] is Admission.IGNORED


def test_a_flood_that_goes_on_is_not_told_again_and_a_new_one_is(allowances: Allowances, clock: SettableClock) -> None:
    admitted(allowances, BURST + 1)
    for _ in range(300):
        clock.pass_time(timedelta(seconds=1))
        assert Admission.TOO_MANY not in admitted(allowances, 2 * REGAINED_PER_SECOND)

    clock.pass_time(SAID_AGAIN_AFTER + timedelta(seconds=1))

    assert admitted(allowances, BURST + 1)[-1] is Admission.TOO_MANY


def test_an_album_counts_as_one_however_its_pictures_come(allowances: Allowances) -> None:
    for album in range(BURST - 1):
        assert {allowances.admit(ANNA, str(album)) for _ in range(10)} == {Admission.TAKEN}

    assert admitted(allowances, 2) == [Admission.TAKEN, Admission.TOO_MANY]


def test_no_album_is_larger_than_albums_are(allowances: Allowances) -> None:
    outcomes = [allowances.admit(ANNA, "endless") for _ in range(10 * BURST + 1)]

    assert outcomes[-1] is Admission.TOO_MANY


def test_whose_allowance_is_whole_again_is_forgotten(allowances: Allowances, clock: SettableClock) -> None:
    for number in range(FORGET_EVERY - 1):
        allowances.admit(CustomerId(ANNA.channel, str(number)))
    clock.pass_time(WHOLE_AGAIN_AFTER)

    allowances.admit(ANNA)

    assert allowances.remembered == 1


def test_who_was_refused_a_moment_ago_is_not_forgotten(allowances: Allowances, clock: SettableClock) -> None:
    """Else the same flood would be told again."""
    admitted(allowances, FORGET_EVERY - 1)
    clock.pass_time(WHOLE_AGAIN_AFTER)

    allowances.admit(BORIS)

    assert allowances.remembered == 2

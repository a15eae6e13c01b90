"""What every adapter of `CrmTokens` and `CrmGate` promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.adapters.amocrm.ports import CrmGrant, GateClosed, RenewalLost
from carquery.domain.reason import Reason
from tests.builders import NOW
from tests.contracts.databases import SPACING, Database

GRANT = CrmGrant("https://dealer.amocrm.ru", "access-1", "refresh-1", NOW + timedelta(days=1))
NEXT = replace(  # tokens of no account
    GRANT, access_token="access-2", refresh_token="refresh-2", configured_url="https://salon.amocrm.ru"
)
A_WHILE = timedelta(seconds=30)
SHORT, LONG = timedelta(minutes=5), timedelta(minutes=60)


async def test_without_a_login_there_is_no_grant(database: Database) -> None:
    assert await database.tokens.load() is None
    assert await database.tokens.begin_renewal(GRANT, at_most=A_WHILE) is None


async def test_the_grant_comes_back_as_it_was_stored(database: Database) -> None:
    await database.tokens.store(GRANT)
    await database.tokens.store(NEXT)

    assert await database.tokens.load() == NEXT


async def test_one_of_many_may_renew(database: Database) -> None:
    await database.tokens.store(GRANT)

    renewals = await asyncio.gather(*(database.tokens.begin_renewal(GRANT, at_most=A_WHILE) for _ in range(8)))

    assert sum(renewal is not None for renewal in renewals) == 1


async def test_a_renewed_grant_is_stored_and_the_old_one_can_t_be_renewed_again(database: Database) -> None:
    await database.tokens.store(GRANT)
    renewal = await database.tokens.begin_renewal(GRANT, at_most=A_WHILE)
    assert renewal is not None

    await database.tokens.renewed(renewal, NEXT)

    assert await database.tokens.load() == NEXT
    assert await database.tokens.begin_renewal(GRANT, at_most=A_WHILE) is None
    assert await database.tokens.begin_renewal(NEXT, at_most=A_WHILE) is not None


async def test_a_right_called_off_goes_to_the_next(database: Database) -> None:
    await database.tokens.store(GRANT)
    renewal = await database.tokens.begin_renewal(GRANT, at_most=A_WHILE)
    assert renewal is not None

    await database.tokens.call_off(renewal)

    assert await database.tokens.load() == GRANT
    assert await database.tokens.begin_renewal(GRANT, at_most=A_WHILE) is not None


async def test_who_took_too_long_has_lost_the_right(database: Database) -> None:
    await database.tokens.store(GRANT)
    slow = await database.tokens.begin_renewal(GRANT, at_most=A_WHILE)
    assert slow is not None
    await database.pass_time(A_WHILE * 2)
    assert await database.tokens.begin_renewal(GRANT, at_most=A_WHILE) is not None

    with pytest.raises(RenewalLost):
        await database.tokens.renewed(slow, NEXT)

    assert await database.tokens.load() == GRANT


async def test_a_login_takes_the_right_from_who_renews(database: Database) -> None:
    await database.tokens.store(GRANT)
    renewal = await database.tokens.begin_renewal(GRANT, at_most=A_WHILE)
    assert renewal is not None
    await database.tokens.store(NEXT)

    with pytest.raises(RenewalLost):
        await database.tokens.renewed(renewal, replace(GRANT, access_token="access-3"))  # as above

    assert await database.tokens.load() == NEXT


async def test_turns_lie_apart(database: Database) -> None:
    first = await database.gate.take_turn()

    second = await database.gate.take_turn()

    assert (first.is_ours, second.is_ours) == (True, False)
    assert timedelta() < second.next_in <= first.next_in == SPACING
    await database.pass_time(second.next_in)
    assert (await database.gate.take_turn()).is_ours


async def test_turns_that_are_taken_ahead_are_nobody_else_s(database: Database) -> None:
    first = await database.gate.take_turn(ahead=2)

    second = await database.gate.take_turn()

    assert first.is_ours
    assert first.next_in == SPACING
    assert not second.is_ours
    assert SPACING * 2 < second.next_in <= SPACING * 3
    await database.pass_time(second.next_in)
    assert (await database.gate.take_turn()).is_ours


async def test_an_idle_time_gives_no_burst(database: Database) -> None:
    await database.gate.take_turn()
    await database.pass_time(SPACING * 10)

    first, second = await database.gate.take_turn(), await database.gate.take_turn()

    assert (first.is_ours, second.is_ours) == (True, False)
    assert first.next_in == SPACING


async def test_of_many_at_once_one_has_the_turn(database: Database) -> None:
    turns = await asyncio.gather(*(database.gate.take_turn() for _ in range(20)))

    assert sum(turn.is_ours for turn in turns) == 1


async def test_nobody_calls_during_a_pause_and_a_shorter_one_does_not_shorten_it(database: Database) -> None:
    await database.gate.pause(SPACING * 3)
    await database.gate.pause(SPACING)

    turn = await database.gate.take_turn()

    assert not turn.is_ours
    assert turn.next_in > SPACING * 2


async def test_a_closed_gate_says_why_and_for_how_long(database: Database) -> None:
    await database.gate.close(Reason("заблокировано"), shortest=SHORT, longest=LONG)

    closure = await database.gate.closure()
    assert closure is not None
    assert closure.reason == Reason("заблокировано")
    assert SHORT * 0.9 < closure.reopens_in <= SHORT
    with pytest.raises(GateClosed, match="заблокировано"):
        await database.gate.take_turn()


async def test_a_gate_opens_by_itself(database: Database) -> None:
    await database.gate.close(Reason(""), shortest=SHORT, longest=LONG)
    await database.pass_time(SHORT)

    assert await database.gate.closure() is None
    assert (await database.gate.take_turn()).is_ours


async def test_each_further_closing_is_twice_as_long_up_to_the_longest(database: Database) -> None:
    lasted = []
    for _ in range(6):
        await database.gate.close(Reason(""), shortest=SHORT, longest=LONG)
        closure = await database.gate.closure()
        assert closure is not None
        lasted.append(round(closure.reopens_in / SHORT))
        await database.pass_time(LONG)

    assert lasted == [1, 2, 4, 8, 12, 12]


async def test_those_who_find_the_gate_closed_at_once_count_as_one(database: Database) -> None:
    await asyncio.gather(*(database.gate.close(Reason(""), shortest=SHORT, longest=LONG) for _ in range(8)))

    closure = await database.gate.closure()
    assert closure is not None
    assert closure.reopens_in <= SHORT


async def test_once_open_the_next_closing_is_short_again(database: Database) -> None:
    for _ in range(3):
        await database.gate.close(Reason(""), shortest=SHORT, longest=LONG)
        await database.pass_time(LONG)
    await database.gate.open()

    assert await database.gate.closure() is None
    await database.gate.close(Reason(""), shortest=SHORT, longest=LONG)
    closure = await database.gate.closure()
    assert closure is not None
    assert closure.reopens_in <= SHORT

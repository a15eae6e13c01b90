"""What every adapter of `OwedReplies` promises, and of `Visits` where both meet."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from carquery.application.ports.owed_replies import USUAL_TIMES
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import CustomerId, InputId, MessageToken
from carquery.domain.visit import Owed, Version
from tests.builders import ANNA, BORIS, NAMESAKE, NOW, a_visit
from tests.contracts.visit_stores import LIFETIME, VisitStore

OWED: Final = Owed(NOW)
DUE: Final = NOW + USUAL_TIMES.grace
MOMENT: Final = timedelta(milliseconds=1)
FIRST: Final = Version(1)


async def has_owed(store: VisitStore, *customers: CustomerId, owed: Owed = OWED) -> None:
    """Each has a visit whose reply is owed."""
    for customer in customers:
        await store.visits.save(a_visit(customer, owed=owed))


async def are_due(store: VisitStore, customer: CustomerId = ANNA) -> list[CustomerId]:
    """Who is owed something long after all of them are due, and is now claimed."""
    late = DUE + timedelta(minutes=10)
    found: list[CustomerId] = []
    while some := await store.visits.claim(customer.channel, at=late, until=late + MOMENT, limit=10):
        found.extend(some)
    return found


@pytest.mark.parametrize("owed", [OWED, Owed(NOW, in_place=True)])
async def test_what_is_owed_comes_back_with_the_visit(store: VisitStore, owed: Owed) -> None:
    await has_owed(store, ANNA, owed=owed)

    assert await store.visits.load(ANNA) == a_visit(owed=owed).saved()


async def test_nobody_is_given_a_customer_before_the_grace_is_over(store: VisitStore) -> None:
    await has_owed(store, ANNA)

    assert await store.visits.claim(ANNA.channel, at=DUE - MOMENT, until=DUE, limit=10) == []
    assert await store.visits.claim(ANNA.channel, at=DUE, until=DUE + MOMENT, limit=10) == [ANNA]


async def test_whom_one_was_given_nobody_else_is_until_then(store: VisitStore) -> None:
    await has_owed(store, ANNA, BORIS)
    until = DUE + timedelta(minutes=1)

    claims = await asyncio.gather(*(store.visits.claim(ANNA.channel, at=DUE, until=until, limit=10) for _ in range(4)))

    assert sorted(customer.number for some in claims for customer in some) == sorted((ANNA.number, BORIS.number))
    assert await store.visits.claim(ANNA.channel, at=until - MOMENT, until=until, limit=10) == []
    assert len(await store.visits.claim(ANNA.channel, at=until, until=until + MOMENT, limit=10)) == 2


async def test_a_claim_gives_about_as_many_as_it_was_asked_for(store: VisitStore) -> None:
    crowd = [CustomerId(ANNA.channel, str(number)) for number in range(200)]
    await has_owed(store, *crowd)

    some = await store.visits.claim(ANNA.channel, at=DUE, until=DUE + MOMENT, limit=50)

    assert 25 <= len(some) <= 100


async def test_customers_of_another_channel_are_not_claimed(store: VisitStore) -> None:
    await has_owed(store, ANNA, NAMESAKE)

    assert await are_due(store, NAMESAKE) == [NAMESAKE]
    assert await are_due(store, ANNA) == [ANNA]


async def test_a_reply_whose_place_is_noted_is_owed_no_more(store: VisitStore) -> None:
    await has_owed(store, ANNA)

    await store.visits.note_shown(ANNA, MessageToken("17"), owed_by=FIRST)

    assert await store.visits.load(ANNA) == replace(a_visit().saved(), shown=MessageToken("17"))
    assert await are_due(store) == []


async def test_replies_that_were_shown_are_owed_no_more(store: VisitStore) -> None:
    await has_owed(store, ANNA, BORIS, NAMESAKE)

    await store.visits.settle([(ANNA, FIRST), (NAMESAKE, FIRST)])

    assert await store.visits.load(ANNA) == a_visit().saved()
    assert await are_due(store) == [BORIS]
    assert await are_due(store, NAMESAKE) == []


@pytest.mark.parametrize("by_note", [True, False])
async def test_what_was_saved_since_is_still_owed(store: VisitStore, *, by_note: bool) -> None:
    await has_owed(store, ANNA)
    later = replace(a_visit(owed=Owed(NOW + MOMENT)), version=FIRST)
    await store.visits.save(later)

    if by_note:
        await store.visits.note_shown(ANNA, MessageToken("17"), owed_by=FIRST)
    else:
        await store.visits.settle([(ANNA, FIRST)])

    visit = await store.visits.load(ANNA)
    assert visit is not None
    assert (visit.owed, visit.shown) == (later.owed, MessageToken("17") if by_note else None)
    assert await are_due(store) == [ANNA]


async def test_a_note_of_no_reply_s_place_leaves_what_is_owed(store: VisitStore) -> None:
    await has_owed(store, ANNA)

    await store.visits.note_shown(ANNA, MessageToken("17"))

    assert await store.visits.load(ANNA) == replace(a_visit(owed=OWED).saved(), shown=MessageToken("17"))


async def test_whose_visit_is_forgotten_is_owed_nothing_once_somebody_looked(store: VisitStore) -> None:
    await has_owed(store, ANNA)
    await store.let_time_pass(LIFETIME - timedelta(minutes=1))
    await has_owed(store, BORIS)  # what is owed lives on with the others
    await store.let_time_pass(timedelta(minutes=1))
    assert await store.visits.load(ANNA) is None

    await store.visits.settle([(ANNA, Version(0))])

    assert await are_due(store) == [BORIS]


async def test_who_is_put_off_is_claimed_later_and_who_is_owed_nothing_never(store: VisitStore) -> None:
    await has_owed(store, ANNA)

    await store.visits.put_off([ANNA, BORIS], until=DUE + timedelta(minutes=1))

    assert await store.visits.claim(ANNA.channel, at=DUE, until=DUE, limit=10) == []
    assert await are_due(store) == [ANNA]


def inputs(*numbers: int) -> dict[InputId, bytes]:
    return {InputId(str(number)): f'{{"n": {number}, "ё": "\\u0000"}}'.encode() + b"\x00\xff" for number in numbers}


async def test_what_was_set_aside_comes_back_in_order(store: VisitStore) -> None:
    numbers = list(range(300, 0, -1))
    await store.visits.set_aside(ANNA, inputs(*numbers[:200]), due=DUE)
    await store.visits.set_aside(ANNA, inputs(*numbers[200:]), due=DUE)

    assert await store.visits.left_aside(ANNA) == tuple(inputs(*numbers).values())
    assert await store.visits.left_aside(BORIS) == ()
    assert await are_due(store) == [ANNA]


async def test_an_input_that_a_save_takes_is_not_left(store: VisitStore) -> None:
    await store.visits.set_aside(ANNA, inputs(1, 2, 3), due=DUE)

    await store.visits.save(a_visit(owed=OWED), of=[InputId("2"), InputId("3"), InputId("4")])
    assert await store.visits.left_aside(ANNA) == tuple(inputs(1).values())

    await store.visits.settle([(ANNA, FIRST)])
    assert await are_due(store) == [ANNA], "an input is left"


async def test_a_save_that_fails_takes_nothing(store: VisitStore) -> None:
    await store.visits.set_aside(ANNA, inputs(1), due=DUE)

    with pytest.raises(VisitChanged):
        await store.visits.save(a_visit(owed=OWED).saved(), of=[InputId("1")])

    assert await store.visits.left_aside(ANNA) == tuple(inputs(1).values())


async def test_an_input_that_is_dropped_is_not_left(store: VisitStore) -> None:
    await store.visits.set_aside(ANNA, inputs(1, 2), due=DUE)

    await store.visits.drop_aside(ANNA, [InputId("1"), InputId("9")])
    assert await store.visits.left_aside(ANNA) == tuple(inputs(2).values())

    await store.visits.drop_aside(ANNA, [InputId("2")])
    await store.visits.settle([(ANNA, Version(0))])
    assert await are_due(store) == []

"""What every adapter of `Outreach` promises."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from carquery.application.ports.outreach import CustomerGone, NotSent, PerhapsSent
from carquery.application.screens import Reminder
from tests.builders import a_dialog
from tests.contracts.outreaches import OUTREACHES, OutreachInHand

REMINDER = Reminder(a_dialog(step="mileage"))


@pytest.fixture(params=OUTREACHES, ids=lambda adapter: getattr(adapter, "__name__", None))
async def hand(request: pytest.FixtureRequest) -> AsyncIterator[OutreachInHand]:
    async with request.param() as hand:
        yield hand


async def test_it_is_shown_to_that_customer(hand: OutreachInHand) -> None:
    anna, boris = hand.customers

    await hand.outreach.show(anna, REMINDER)

    (text,) = hand.texts(anna)
    assert REMINDER.text in text
    assert hand.texts(boris) == []


async def test_the_channels_are_those_that_can_be_written_to(hand: OutreachInHand) -> None:
    assert {customer.channel for customer in hand.customers} <= set(hand.outreach.channels)


async def test_a_customer_who_is_gone_is_told_from_one_who_is_there(hand: OutreachInHand) -> None:
    anna, boris = hand.customers
    await hand.blocks()

    with pytest.raises(CustomerGone):
        await hand.outreach.show(anna, REMINDER)
    await hand.outreach.show(boris, REMINDER)

    assert hand.texts(anna) == []


async def test_how_long_a_messenger_wants_to_be_left_alone_is_told(hand: OutreachInHand) -> None:
    anna, _ = hand.customers
    hand.waits(timedelta(hours=1))

    with pytest.raises(NotSent) as not_sent:
        await hand.outreach.show(anna, REMINDER)

    assert not_sent.value.again_in == timedelta(hours=1)
    assert hand.texts(anna) == []


async def test_what_was_surely_not_sent_is_told_so(hand: OutreachInHand) -> None:
    anna, _ = hand.customers
    hand.fails()

    with pytest.raises(NotSent):
        await hand.outreach.show(anna, REMINDER)

    assert hand.texts(anna) == []


async def test_of_what_was_perhaps_sent_nothing_is_sent_twice(hand: OutreachInHand) -> None:
    anna, _ = hand.customers
    hand.loses()

    with pytest.raises(PerhapsSent):
        await hand.outreach.show(anna, REMINDER)

    assert len(hand.texts(anna)) <= 1

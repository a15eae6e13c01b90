"""What every adapter of `Typing` promises."""

from collections.abc import AsyncIterator

import pytest

from carquery_emulators.telegram import How
from tests.builders import ANNA, BORIS
from tests.contracts.typing_signs import TYPING_SIGNS, TypingInHand
from tests.patience import eventually, waiting_for


@pytest.fixture(params=TYPING_SIGNS, ids=lambda adapter: getattr(adapter, "__name__", None))
async def typing(request: pytest.FixtureRequest) -> AsyncIterator[TypingInHand]:
    async with request.param() as typing:
        yield typing


async def test_it_is_shown_to_that_customer_while_the_block_runs(typing: TypingInHand) -> None:
    async with typing.typing.shown_to(ANNA):
        await eventually(lambda: list(typing.shown()) == [ANNA])


async def test_two_customers_may_wait_at_once(typing: TypingInHand) -> None:
    async with typing.typing.shown_to(ANNA), typing.typing.shown_to(BORIS):
        await eventually(lambda: set(typing.shown()) == {ANNA, BORIS})


async def test_a_block_that_is_over_at_once_is_kept_waiting_by_nothing(typing: TypingInHand) -> None:
    if typing.fails is not None:
        typing.fails("delay")

    async with waiting_for("the end of a block in which nothing is done"), typing.typing.shown_to(ANNA):
        pass


@pytest.mark.parametrize("how", ["500", "refuse", "blocked", "401", "429", "502 html"])
async def test_whatever_the_messenger_does_the_block_goes_on(typing: TypingInHand, how: How) -> None:
    if typing.fails is not None:
        typing.fails(how)

    async with typing.typing.shown_to(ANNA):
        await eventually(lambda: bool(typing.shown()))


async def test_what_fails_in_the_block_is_its_own(typing: TypingInHand) -> None:
    with pytest.raises(LookupError, match="of the block"):
        async with typing.typing.shown_to(ANNA):
            raise LookupError("of the block")

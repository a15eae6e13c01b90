"""One MAX and one bot per test, over a real socket."""

from collections.abc import AsyncIterator

import pytest

from carquery_emulators.max import BOUNDLESS, MaxCustomer, MaxEmulator
from emulators.tests.max.doubles import Client, ManualClock, Receiver, connected, receiving


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def max_(clock: ManualClock) -> AsyncIterator[MaxEmulator]:
    async with MaxEmulator(clock=clock, delay_scale=0.0, rates=BOUNDLESS) as max_:
        yield max_


@pytest.fixture
async def bot(max_: MaxEmulator) -> AsyncIterator[Client]:
    async with connected(max_) as bot:
        yield bot


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def anna(max_: MaxEmulator) -> MaxCustomer:
    return max_.customer(501, "Анна", "Смирнова", phone="+79161234567")

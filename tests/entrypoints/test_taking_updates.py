"""Messengers side by side: what becomes of one is nobody else's trouble."""

import asyncio
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.messenger.way_in import NotTold, Telling, TokenRefused, WayIn
from carquery.adapters.outage import Outage
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.alerts import UpdatesStopped
from carquery.domain.ids import Channel
from carquery.entrypoints.processes.taking_updates import TakingUpdates
from tests.patience import eventually

NAMES = Messengers({Channel("one"): "One", Channel("other"): "Other"})


@dataclass(eq=False)
class Messenger:
    """One that knows the bot's token until it is revoked.

    Attributes:
        troubles: what comes of the first times that it is told something.
        told: what it was told, in order.
    """

    channel: Channel
    troubles: list[Exception] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_open: bool = False
    revoked: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, stop: asyncio.Event) -> None:
        self.is_open = True
        ends = [asyncio.ensure_future(event.wait()) for event in (stop, self.revoked)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.is_open = False
            for end in ends:
                end.cancel()
        if self.revoked.is_set():
            raise TokenRefused(f"{self.channel}: refused")

    def telling(self, what: str) -> Telling:
        async def tell() -> None:
            if self.troubles:
                raise self.troubles.pop(0)
            self.told.append(what)

        return Telling(tell, f"{what}_not_done")

    @property
    def way_in(self) -> WayIn:
        return WayIn(
            channel=self.channel,
            outage=Outage(self.channel),
            run=self.run,
            end_webhook=self.telling("end_webhook"),
            register=None,
            introduce=self.telling("introduce"),
        )


@pytest.fixture
def one() -> Messenger:
    return Messenger(Channel("one"))


@pytest.fixture
def other() -> Messenger:
    return Messenger(Channel("other"))


async def test_a_revoked_token_ends_its_own_messenger_and_the_last_one_the_process(
    one: Messenger, other: Messenger
) -> None:
    alerts = MemoryAlerts()
    taking = TakingUpdates([one.way_in, other.way_in], NAMES, alerts)
    with capture_logs() as logs:
        running = asyncio.create_task(taking.run(asyncio.Event(), delete_webhook=False))
        await eventually(lambda: one.is_open and other.is_open)

        one.revoked.set()
        await eventually(lambda: any(line["event"] == "messenger_given_up" for line in logs))
        assert alerts.told == [UpdatesStopped("One")]
        assert (one.is_open, other.is_open) == (False, True)

        other.revoked.set()
        with pytest.raises(BaseExceptionGroup) as ended:
            await running

    assert [str(failure) for failure in _flat(ended.value)] == ["other: refused"]


async def test_a_messenger_that_is_away_keeps_no_other_waiting(one: Messenger, other: Messenger) -> None:
    one.troubles = [NotTold("away", is_away=True), NotTold("never", is_away=False)]
    stop = asyncio.Event()
    taking = TakingUpdates([one.way_in, other.way_in], NAMES, MemoryAlerts())
    running = asyncio.create_task(taking.run(stop, delete_webhook=True))

    await eventually(lambda: other.told == ["end_webhook", "introduce"] and other.is_open)
    assert not one.is_open  # it polls when the webhook has ended

    stop.set()
    await running


def _flat(failure: BaseException) -> list[BaseException]:
    if isinstance(failure, BaseExceptionGroup):
        return [leaf for part in failure.exceptions for leaf in _flat(part)]
    return [failure]

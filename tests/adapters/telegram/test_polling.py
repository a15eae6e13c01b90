"""How often Telegram is asked for what it has handed out already."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from carquery.adapters.memory.visits import MemoryVisits
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.in_hand import AGAIN_SECONDS
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.polling import Polling, PollTimes
from carquery.adapters.telegram.updates.reading import Arrived
from carquery.application.ports.owed_replies import USUAL_TIMES
from carquery.application.ports.stores import StoreUnavailable
from tests.adapters.telegram.front_desk import FrontDesk, front_desk
from tests.contracts.visit_stores import LIFETIME


class HangingIntake(Intake):
    """Takes nothing until it is let go."""

    def __init__(self, desk: FrontDesk) -> None:
        super().__init__(desk.dealership.inbound, desk.staff, desk.books.replies, desk.album_replies, desk.updates)
        self.let_go = asyncio.Event()

    async def take(self, arrived: Sequence[Arrived]) -> Showing | None:
        await self.let_go.wait()
        return await super().take(arrived)


def polling_of(desk: FrontDesk, intake: Intake, books: Bookkeeping) -> Polling:
    return Polling(
        desk.api, intake, books, desk.dealership.clock, Outage("telegram"), AlbumPause(0.05), PollTimes(wait=1)
    )


def handed_out(desk: FrontDesk) -> list[float]:
    """When getUpdates brought something."""
    return [call.at for call in desk.telegram.calls_of("getUpdates") if call.result]


async def test_what_can_neither_be_taken_nor_set_aside_is_handed_out_once_a_second_at_most() -> None:
    async with front_desk() as desk:
        away = MemoryVisits(desk.dealership.clock, lifetime=LIFETIME)
        away.fail_next(StoreUnavailable(), times=1_000)
        books = Bookkeeping(
            owed=away,
            replies=desk.books.replies,
            inbound=desk.dealership.inbound,
            clock=desk.dealership.clock,
            times=USUAL_TIMES,
        )
        intake = HangingIntake(desk)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(polling_of(desk, intake, books).run(stop))
            anna = desk.telegram.customer(7_001, "Anna")
            await anna.send_text("/start")
            await desk.telegram.wait_for(lambda: len(handed_out(desk)) == 3)
            intake.let_go.set()
            await anna.reply()
            stop.set()

        times = handed_out(desk)
        assert min(later - earlier for earlier, later in pairwise(times)) > AGAIN_SECONDS * 0.9
        assert desk.telegram.queue == []


async def test_what_takes_long_is_set_aside_and_handed_out_once() -> None:
    async with front_desk() as desk:
        intake = HangingIntake(desk)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(polling_of(desk, intake, desk.books).run(stop))
            anna = desk.telegram.customer(7_001, "Anna")
            await anna.send_text("/start")
            await desk.telegram.wait_for(lambda: desk.telegram.queue == [])
            assert not anna.chat.bot_messages
            intake.let_go.set()
            await anna.reply()
            stop.set()

        assert len(handed_out(desk)) == 1

"""Taking updates from Telegram without losing one.

Telegram itself is the durable inbox: it keeps an update until a request with a higher offset. So the offset moves only
past updates that are safe: their visits are saved, or they were set aside in our own store because they take long. What
they led to is shown beside that. (Pollings that confirm updates before their handlers finish lose those in hand when
they are killed.)
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
from msgspec import UNSET, Raw

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.in_hand import InHand, rounds_until
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.reach import Reach
from carquery.adapters.outage import Outage
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.failures import (
    DIRECTLY,
    BotApiFailure,
    TooManyRequests,
    Unauthorized,
    in_words,
)
from carquery.adapters.telegram.api.methods import GetUpdates
from carquery.adapters.telegram.channel import MESSENGER, TELEGRAM
from carquery.adapters.telegram.updates.intake import Intake
from carquery.adapters.telegram.updates.items import item_of
from carquery.adapters.telegram.updates.offset import Offset
from carquery.adapters.telegram.updates.reading import ALLOWED_UPDATES, Arrived, update_id_of
from carquery.application.ports.environment import Clock
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)

ALBUM_PAUSE: Final = AlbumPause(1.0)
CONFIRM_SECONDS: Final = 5
CUSTOMERS_AT_ONCE: Final = 32
"""Beside those that take long. The database has fewer connections."""
LARGEST_ID: Final = 2**31 - 1
"""Telegram counts updates in 32 bits. Source: tdlib/telegram-bot-api, TQueue::EventId."""


@dataclass(frozen=True, slots=True)
class PollTimes:
    """Seconds.

    Attributes:
        wait: so long Telegram may hold a request back, until there is an update.
        answer: so much longer its answer may take.
    """

    wait: int = 30
    answer: int = 10


class Polling:
    """The loop. `run` ends when `stop` is set and everything in hand is handled and confirmed."""

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        books: Bookkeeping,
        clock: Clock,
        outage: Outage,
        album_pause: AlbumPause,
        times: PollTimes,
    ) -> None:
        self._api = api
        self._times = times
        self._album_pause = album_pause
        self._intake = intake
        self._books = books
        self._offset = Offset()
        self._in_hand: InHand[Arrived] = InHand()
        self._reach = Reach(MESSENGER, clock, outage)

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set.

        Raises:
            Unauthorized: the token is not valid (any more).
        """
        async with asyncio.TaskGroup() as tasks:
            inflow = Inflow(
                self._take,
                self._books,
                tasks,
                channel=TELEGRAM,
                read=self._read,
                width=CUSTOMERS_AT_ONCE,
                album_pause=self._album_pause,
            )
            tasks.create_task(inflow.keep_books(stop))
            await rounds_until(stop, partial(self._round, inflow))
            await self._in_hand.make_safe(inflow)
            await self._confirm()
            are_all_confirmed = not self._in_hand
        await inflow.close_books()
        if not are_all_confirmed:
            await self._confirm()

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates."""
        return self._reach.look()

    async def _round(self, inflow: Inflow[Arrived]) -> None:
        """Ask once, put what came into the lanes, and wait until that is safe."""
        try:
            came = await self._fetch(self._offset.value)
        except Unauthorized:
            raise
        except BotApiFailure as failure:
            await self._reach.back_off(*in_words(failure), wait=_flood_seconds(failure))
            return
        numbered = [(_number_of(raw), raw) for raw in came]
        are_new = [self._accept(number, raw, inflow) for number, raw in numbered if number is not None]
        if len(are_new) < len(came) and not any(are_new):
            await self._reach.back_off("what it gives are no updates", DIRECTLY)
            return
        self._reach.is_there()
        await self._in_hand.make_safe(inflow)

    def _accept(self, update_id: int, raw: Raw, inflow: Inflow[Arrived]) -> bool:
        """Put an update into its customer's lane. False: it is known, and not read again."""
        if not self._offset.take(update_id):
            return False
        self._in_hand.take(self._read(bytes(raw)), inflow, finish=partial(self._offset.finish, update_id))
        return True

    def _read(self, raw: bytes) -> Item[Arrived]:
        return item_of(self._intake.parse(raw), raw)

    async def _take(self, items: Sequence[Item[Arrived]]) -> Showing | None:
        return await self._intake.take([item.update for item in items])

    async def _fetch(self, offset: int | None) -> Sequence[Raw]:
        """What Telegram has for us. Raises BotApiFailure."""
        timeout = 0 if self._in_hand else self._times.wait
        came = await self._api(_asking(offset, timeout), seconds=timeout + self._times.answer)
        self._offset.confirmed(offset)
        return came

    async def _confirm(self) -> None:
        """Tell Telegram what was handled since the last request, so that a restart doesn't get it again."""
        offset = self._offset.value
        if offset is None:
            return
        try:
            await self._api(_asking(offset, 0), seconds=CONFIRM_SECONDS)
        except BotApiFailure as failure:
            log.warning("last_updates_not_confirmed", reason=in_words(failure)[0])


def _asking(offset: int | None, timeout: int) -> GetUpdates:
    return GetUpdates(offset=UNSET if offset is None else offset, timeout=timeout, allowed_updates=ALLOWED_UPDATES)


def _number_of(raw: Raw) -> int | None:
    """An id that may be counted on: asking with another would lose what waits behind it."""
    update_id = update_id_of(raw)
    return update_id if update_id is not None and 0 < update_id <= LARGEST_ID else None


def _flood_seconds(failure: BotApiFailure) -> float:
    return failure.retry_after if isinstance(failure, TooManyRequests) else 0.0

"""Taking updates from Telegram without losing one.

Telegram itself is the durable inbox: it keeps an update until a request with a higher offset. So the offset moves only
past updates that were handled; those still in hand come again with each request and are passed over. (aiogram's own
polling confirms updates before their handlers finish, and one update that it can't parse stops it for good.)
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod

from carquery.adapters.telegram.album_pause import AlbumPause
from carquery.adapters.telegram.handlers import ALLOWED_UPDATES
from carquery.adapters.telegram.intake import Arrived, Intake, NoUpdates, customer_of
from carquery.adapters.telegram.lanes import Lanes
from carquery.adapters.telegram.offset import Offset
from carquery.application.ports.environment import Clock

log = structlog.get_logger(__name__)

LONG_POLL_SECONDS: Final = 30
SAME_OFFSET_SECONDS: Final = 0.6
"""Asked again with one offset within half a second, the server returns a single update (tdlib/telegram-bot-api)."""
MOMENT_SECONDS: Final = 0.05
"""Most updates are handled within it; asking again before would only bring them once more."""
LONGEST_BACKOFF_SECONDS: Final = 30.0
SILENT_SECONDS: Final = 90.0
"""Even when nobody writes, Telegram answers after `LONG_POLL_SECONDS`."""
CUSTOMERS_AT_ONCE: Final = 64
IN_CONFLICT: Final = "one process polls: stop the other one; or a webhook is set: BOT_MODE=webhook, or --delete-webhook"


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, its result left as it came: each update is parsed alone."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


class Polling:
    """The loop. `run` ends when `stop` is set and everything in hand is handled and confirmed."""

    def __init__(self, bot: Bot, intake: Intake, clock: Clock, album_pause: AlbumPause) -> None:
        self._bot = bot
        self._album_pause = album_pause
        self._clock = clock
        self._heard_at = clock.monotonic()
        self._intake = intake
        self._offset = Offset()
        self._moved = asyncio.Event()
        self._backoff = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set.

        Raises:
            TelegramUnauthorizedError: the token is not valid (any more).
        """
        async with asyncio.TaskGroup() as tasks:
            lanes = Lanes(
                self._intake.handle, self._finish, tasks, width=CUSTOMERS_AT_ONCE, album_pause=self._album_pause
            )
            stopping = asyncio.ensure_future(stop.wait())
            try:
                while not stop.is_set():
                    fetching = asyncio.ensure_future(self._round(lanes))
                    await asyncio.wait((stopping, fetching), return_when=asyncio.FIRST_COMPLETED)
                    await _ended(fetching)
            finally:
                stopping.cancel()
        await self._confirm()

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates."""
        silent_for = self._clock.monotonic() - self._heard_at
        if silent_for > SILENT_SECONDS:
            raise NoUpdates(f"Telegram gave none for {silent_for:.0f} s: see the log")
        return "Telegram is asked for them"

    async def _round(self, lanes: Lanes) -> None:
        """Ask once, and put what came into the lanes."""
        asked_with = self._offset.value
        self._moved.clear()
        for raw in await self._fetch(asked_with):
            self._accept(raw, lanes)
        if self._offset.in_hand:
            await self._wait_for_movement(SAME_OFFSET_SECONDS if self._offset.value == asked_with else MOMENT_SECONDS)

    def _accept(self, raw: Mapping[str, Any], lanes: Lanes) -> None:
        update_id = raw.get("update_id")
        if not isinstance(update_id, int) or not self._offset.take(update_id):
            return
        arrived = self._intake.parse(raw)
        lanes.put(customer_of(arrived) or -update_id, arrived)

    def _finish(self, arrived: Arrived) -> None:
        self._offset.finish(arrived.update_id)
        self._moved.set()

    async def _wait_for_movement(self, at_most: float) -> None:
        try:
            async with asyncio.timeout(at_most):
                await self._moved.wait()
        except TimeoutError:
            return

    async def _fetch(self, offset: int | None) -> Sequence[Mapping[str, Any]]:
        """What Telegram has for us; nothing, after a pause, while it can't be reached."""
        timeout = 0 if self._offset.in_hand else LONG_POLL_SECONDS
        ask = GetRawUpdates(offset=offset, timeout=timeout, allowed_updates=list(ALLOWED_UPDATES))
        try:
            updates = await self._bot(ask, request_timeout=timeout + 10)
        except TelegramUnauthorizedError:
            raise
        except AiogramError as failure:
            await self._back_off(failure)
            return ()
        self._offset.confirmed(offset)
        self._heard_at = self._clock.monotonic()
        if self._backoff:
            log.info("telegram_back")
            self._backoff = 0.0
        return updates

    async def _back_off(self, failure: AiogramError) -> None:
        """Wait longer each time; the log has one line when it begins."""
        if not self._backoff:
            if isinstance(failure, TelegramConflictError):
                log.warning("telegram_conflict", reason=str(failure), remedy=IN_CONFLICT)
            else:
                log.warning("telegram_away", reason=type(failure).__name__)
        self._backoff = min(max(self._backoff * 2, 0.5), LONGEST_BACKOFF_SECONDS)
        wait = failure.retry_after if isinstance(failure, TelegramRetryAfter) else self._backoff
        await asyncio.sleep(wait)

    async def _confirm(self) -> None:
        """Tell Telegram what was handled since the last request, so that a restart doesn't get it again."""
        offset = self._offset.value
        if offset is None:
            return
        try:
            ask = GetRawUpdates(offset=offset, timeout=0, allowed_updates=list(ALLOWED_UPDATES))
            await self._bot(ask, request_timeout=5)
        except AiogramError as failure:
            log.warning("last_updates_not_confirmed", reason=type(failure).__name__)


async def _ended(task: "asyncio.Future[None]") -> None:
    """Cancel a task that still runs, and raise what it raised."""
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        if not task.cancelled():
            raise

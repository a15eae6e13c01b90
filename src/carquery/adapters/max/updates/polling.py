"""Asking MAX for updates without losing one; for a computer that nobody reaches from outside, and not for many updates.

MAX forgets how far we have read, and keeps updates for a day: the marker is kept here, and moves only past batches that
are safe: their visits are saved, or they were set aside because they take long. Source: dev.max.ru, GET /updates.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from msgspec import Raw

from carquery.adapters.max.api.failures import (
    MaxFailure,
    MaxNotAllowed,
    MaxTokenRefused,
    MaxTooManyRequests,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetMyself, MaxUpdates, PollUpdates
from carquery.adapters.max.channel import MAX, MESSENGER
from carquery.adapters.max.updates.intake import MaxIntake
from carquery.adapters.max.updates.items import item_from, item_of
from carquery.adapters.max.updates.markers import Markers
from carquery.adapters.max.updates.reading import UPDATE_TYPES, MaxInput, read_input
from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.in_hand import InHand, rounds_until
from carquery.adapters.messenger.inflow import Inflow, Item
from carquery.adapters.messenger.lanes import Showing
from carquery.adapters.messenger.reach import Reach
from carquery.adapters.outage import Outage
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import InputId

log = structlog.get_logger(__name__)

BATCH: Final = 100
CUSTOMERS_AT_ONCE: Final = 32
"""Beside those that take long. The database has fewer connections."""
SUBSCRIBED: Final = "a webhook is set: MAX_WEBHOOK_URL, to take it up; or carquery bot --delete-webhook, to end it"
AT_STORE: Final = "DATABASE_URL: is the database there? Until it is, nobody knows how far updates were read"


@dataclass(frozen=True, slots=True)
class MaxPollTimes:
    """Seconds.

    Attributes:
        wait: so long MAX may hold a request back, until there is an update; at most 90.
        answer: so much longer its answer may take.
    """

    wait: int = 30
    answer: int = 10


class MaxPolling:
    """The loop. `run` ends when `stop` is set and everything in hand is handled, and the marker kept."""

    def __init__(
        self,
        api: MaxApi,
        intake: MaxIntake,
        books: Bookkeeping,
        clock: Clock,
        outage: Outage,
        markers: Markers,
        times: MaxPollTimes,
    ) -> None:
        self._api = api
        self._intake = intake
        self._books = books
        self._markers = markers
        self._times = times
        self._in_hand: InHand[MaxInput] = InHand()
        self._place: _HowFar | None = None
        self._reach = Reach(MESSENGER, clock, outage)

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set.

        Raises:
            MaxTokenRefused: the token is not valid (any more).
        """
        async with asyncio.TaskGroup() as tasks:
            inflow = Inflow(
                self._take,
                self._books,
                tasks,
                channel=MAX,
                read=item_from,
                width=CUSTOMERS_AT_ONCE,
                album_pause=AlbumPause(0),
            )
            tasks.create_task(inflow.keep_books(stop))
            await rounds_until(stop, partial(self._round, inflow))
            await self._make_safe(inflow)
        await inflow.close_books()
        await self._move()

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates."""
        return self._reach.look()

    async def _round(self, inflow: Inflow[MaxInput]) -> None:
        """Ask once, put what came into the lanes, and wait until that is safe."""
        try:
            place = self._place or await self._find_how_far()
            if place.marker is None and place.next is not None and self._in_hand:
                await self._make_safe(inflow)  # asked without a marker once more, MAX leaves out what came meanwhile
                return
            came = await self._fetch(place)
        except MaxTokenRefused:
            raise
        except StoreUnavailable:
            await self._reach.back_off("where to go on is not to be had", AT_STORE)
            return
        except MaxFailure as failure:
            await self._reach.back_off(*_in_words(failure), wait=_flood_seconds(failure))
            return
        given = [(one, raw) for raw in came.updates if (one := _readable(raw)) is not None]
        place.done.intersection_update([one.input for one, _ in given])
        are_new = [self._accept(one, bytes(raw), place, inflow) for one, raw in given]
        if came.marker is None and came.updates and not any(are_new):
            await self._reach.back_off("it says not where its updates end", "")
            return
        self._reach.is_there()
        await self._make_safe(inflow)

    async def _make_safe(self, inflow: Inflow[MaxInput]) -> None:
        await self._in_hand.make_safe(inflow)
        await self._move()

    async def _find_how_far(self) -> "_HowFar":
        """Raises MaxFailure, StoreUnavailable."""
        bot = (await self._api(GetMyself())).user_id
        place = self._place = _HowFar(bot, await self._markers.load(bot))
        if place.marker is None:
            log.info("max_first_polling", reason="without a marker, MAX brings the latest update alone")
        return place

    async def _fetch(self, place: "_HowFar") -> MaxUpdates:
        """What MAX has for us. Raises MaxFailure."""
        is_at_once = bool(self._in_hand) or not place.is_asked
        timeout = 0 if is_at_once else self._times.wait
        asking = PollUpdates(marker=place.marker, timeout=timeout, limit=BATCH, types=UPDATE_TYPES)
        came = await self._api(asking, seconds=timeout + self._times.answer)
        place.is_asked, place.next = True, came.marker
        return came

    def _accept(self, given: MaxInput, raw: bytes, place: "_HowFar", inflow: Inflow[MaxInput]) -> bool:
        """Put an update into its customer's lane. False: it is known."""
        if given.input in self._in_hand or given.input in place.done:
            return False
        self._in_hand.take(item_of(given, raw), inflow, finish=partial(place.done.add, given.input))
        return True

    async def _take(self, items: Sequence[Item[MaxInput]]) -> Showing | None:
        (item,) = items
        return await self._intake.take(item.update)

    async def _move(self) -> None:
        """On to what follows, if all before it is safe; and keep that. What can't be kept now is kept with the next."""
        place = self._place
        if place is None or self._in_hand:
            return
        if place.next is not None:
            place.move()
        if place.marker is None or place.marker == place.kept:
            return
        try:
            await self._markers.keep(place.bot, place.marker)
        except StoreUnavailable:
            log.warning("max_marker_not_kept", remedy=AT_STORE)
        else:
            place.kept = place.marker


@dataclass(slots=True)
class _HowFar:
    """How far one bot has read.

    Attributes:
        marker: to ask with; None: nobody knows one yet.
        kept: the marker that was kept last.
        next: of the latest answer; where to ask on once all in hand is safe.
        is_asked: whether MAX was asked from here. The first time it is not to wait: what comes before there is a marker
            may be lost.
        done: what is safe of the batches that were not passed yet, which come again.
    """

    bot: int
    marker: int | None
    kept: int | None = None
    next: int | None = None
    is_asked: bool = False
    done: set[InputId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.kept = self.marker

    def move(self) -> None:
        if self.next != self.marker:
            self.marker = self.next
            self.done.clear()


def _readable(raw: Raw) -> MaxInput | None:
    """None: it is no update, and is passed over."""
    given = read_input(raw)
    if given is None:
        log.warning("update_unreadable")
    return given


def _in_words(failure: MaxFailure) -> tuple[str, str]:
    says, remedy = in_words(failure)
    return says, SUBSCRIBED if isinstance(failure, MaxNotAllowed) else remedy


def _flood_seconds(failure: MaxFailure) -> float:
    return failure.retry_after if isinstance(failure, MaxTooManyRequests) else 0.0

"""The updates of one channel, from their arrival until they were taken and answered.

An update is safe when the messenger need not keep it any more: its visit is saved, or it was set aside in the store
because taking it lasts (a model thinks for ten seconds), or it was one too many. What is shown then is owed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeAlias, TypeVar

import structlog
from structlog.contextvars import clear_contextvars

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.allowances import Allowances
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.lanes import MOST_LATE, Lanes, Showing, Stands
from carquery.adapters.messenger.replies import Written
from carquery.adapters.pausing import paused
from carquery.domain.ids import Channel, CustomerId, InputId
from carquery.domain.visit import Admission

log = structlog.get_logger(__name__)

RENEWALS: Final = 4
"""In the time that others wait before they care for a customer of ours."""

Update = TypeVar("Update")


def _nothing() -> None:
    """Nobody waits for it."""


@dataclass(slots=True, eq=False)
class Item(Generic[Update]):
    """An update on its way.

    Attributes:
        input: what the channel calls it.
        customer: whose it is; None: of nobody whom we answer.
        raw: as the channel brought it.
        album: that it is a part of.
        safe: called once, as soon as it is.
    """

    update: Update
    input: InputId
    customer: CustomerId | None
    raw: bytes
    album: str | None = None
    safe: Callable[[], None] = _nothing
    is_safe: bool = False
    is_aside: bool = False

    @property
    def lane(self) -> Hashable:
        """Of nobody's updates, each has its own."""
        return self.input if self.customer is None else self.customer


Take: TypeAlias = Callable[[Sequence[Item[Update]]], Awaitable[Showing | None]]


class Inflow(Generic[Update]):
    """Takes updates. `take` gets one, or an album; it returns what shows the reply, and must not raise."""

    def __init__(
        self,
        take: Take[Update],
        books: Bookkeeping,
        tasks: asyncio.TaskGroup,
        *,
        channel: Channel,
        read: Callable[[bytes], Item[Update]],
        width: int,
        album_pause: AlbumPause,
    ) -> None:
        self._take_them = take
        self._books = books
        self._tasks = tasks
        self._looking: asyncio.Task[None] | None = None
        self._channel = channel
        self._read = read
        self._allowances = Allowances(books.clock)
        self._unsafe: dict[Hashable, int] = {}
        self._aside: dict[Hashable, int] = {}
        self._lanes: Lanes[Item[Update]] = Lanes(
            self._take, self._taken, tasks, width=width, album_of=lambda item: item.album, album_pause=album_pause
        )

    @property
    def lanes_in_hand(self) -> int:
        """How many customers have updates here that are not safe."""
        return len(self._unsafe)

    @property
    def may_set_aside(self) -> bool:
        """Whether no more than `MOST_LATE` customers have updates that were set aside and are not taken yet."""
        return len(self._aside) < MOST_LATE

    def stands_behind_slow_ones(self, item: Item[Update]) -> bool:
        """Whether others of the same customer had to be set aside and are not taken yet: it will wait as well."""
        return item.lane in self._aside

    def put(self, item: Item[Update]) -> None:
        """An update that arrived."""
        customer = item.customer
        admission = Admission.TAKEN if customer is None else self._allowances.admit(customer, item.album)
        if admission is Admission.TAKEN:
            _count_up(self._unsafe, item.lane)
            self._lanes.put(item.lane, item)
            return
        if admission is Admission.TOO_MANY and customer is not None:
            self._show_unasked(customer, partial(self._refuse, customer), failed="refusal_failed")
        item.is_safe = True
        item.safe()

    async def set_aside(self, items: Sequence[Item[Update]]) -> None:
        """Make those safe that are not. What can't be kept now (the store is away) stays as it is."""
        of_customers: dict[CustomerId, list[Item[Update]]] = {}
        for item in items:
            if item.customer is not None and not item.is_safe:
                of_customers.setdefault(item.customer, []).append(item)
        if of_customers:
            await asyncio.gather(*(self._set_aside(customer, kept) for customer, kept in of_customers.items()))

    async def keep_books(self, stop: asyncio.Event) -> None:
        """Until `stop`: write what was shown, stay in charge of what takes long, and care for what others left."""
        times = self._books.times
        loop = asyncio.get_running_loop()
        renew_every = times.grace.total_seconds() / RENEWALS
        looked_at = renewed_at = float("-inf")
        while not stop.is_set():
            now = loop.time()
            await self.close_books()
            if now - renewed_at >= renew_every:
                renewed_at = now
                await self._renew(now - renew_every)
            if now - looked_at >= times.look_every.total_seconds():
                looked_at = now
                self._begin_to_look(stop)
            await paused(stop, at_most=times.settle_every)

    async def close_books(self) -> None:
        """Write what was shown until now."""
        await self._books.replies.ledger.write()

    async def _take(self, items: Sequence[Item[Update]]) -> Showing | None:
        showing = await self._take_them(items)
        aside = [item.input for item in items if item.is_aside]
        customer = items[0].customer
        if aside and customer is not None:
            _count_down(self._aside, customer, len(aside))
            await self._books.drop_aside(customer, aside)
        return showing

    def _taken(self, item: Item[Update]) -> None:
        if not item.is_safe:
            self._is_safe(item)

    def _is_safe(self, item: Item[Update]) -> None:
        item.is_safe = True
        _count_down(self._unsafe, item.lane, 1)
        item.safe()

    async def _set_aside(self, customer: CustomerId, items: Sequence[Item[Update]]) -> None:
        if not await self._books.set_aside(customer, {item.input: item.raw for item in items}):
            return
        for item in items:
            if item.is_safe:  # it was taken meanwhile, and what was kept of it is too late
                await self._books.drop_aside(customer, (item.input,))
            else:
                item.is_aside = True
                _count_up(self._aside, customer)
                self._is_safe(item)

    async def _renew(self, since: float) -> None:
        ours = [customer for customer in self._lanes.moving_since(since) if isinstance(customer, CustomerId)]
        if ours:
            await self._books.renew(ours)

    def _begin_to_look(self, stop: asyncio.Event) -> None:
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.create_task(self._look(stop))

    async def _look(self, stop: asyncio.Event) -> None:
        """Care for those whom nobody cares for, some at a time, until there are none."""
        while not stop.is_set() and (customers := await self._books.left_owed(self._channel)):
            for customer in customers:
                if not self._lanes.is_moving(customer):
                    await self._care_for(customer)
            for customer in customers:
                await self._lanes.stand_still(customer)

    async def _care_for(self, customer: CustomerId) -> None:
        inputs = await self._books.left_aside(customer)
        for raw in inputs:
            item = self._read(raw)
            item.is_safe = item.is_aside = True
            _count_up(self._aside, item.lane)
            self._lanes.put(item.lane, item)
        if inputs:
            log.info("inputs_taken_up", customer=str(customer), count=len(inputs))
            return
        self._show_unasked(customer, partial(self._books.show_owed, customer), failed="owed_reply_failed")

    def _show_unasked(self, customer: CustomerId, show: Callable[[Stands], Awaitable[Stands]], *, failed: str) -> None:
        """Show something that no update led to. `failed`: what the log calls it if that does not work."""

        async def showing(stands: Stands, _behind: int) -> Stands:
            clear_contextvars()  # the same task may have shown an update's reply before
            try:
                return await show(stands)
            except Exception:
                log.exception(failed)
                return None

        self._lanes.show(customer, showing)

    async def _refuse(self, customer: CustomerId, stands: Stands) -> Stands:
        refused = self._books.inbound.came_too_often()
        return await self._books.replies.show(customer, refused, Written(), stands=stands)


def _count_up(counts: dict[Hashable, int], lane: Hashable) -> None:
    counts[lane] = counts.get(lane, 0) + 1


def _count_down(counts: dict[Hashable, int], lane: Hashable, by: int) -> None:
    left = counts.pop(lane, 0) - by
    if left > 0:
        counts[lane] = left

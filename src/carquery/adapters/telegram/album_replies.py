"""One reply to an album whose pictures come one by one.

A webhook gets each picture after it answered for the one before, perhaps in another replica. Each is taken at once, so
that none is lost; the reply waits for a moment, and is shown if nothing else of the customer was taken meanwhile.
"""

import asyncio
from typing import Final

from carquery.adapters.telegram.chat import Chat, Written
from carquery.application.ports.visits import StoreUnavailable, Visits
from carquery.application.reception import Arrival, Reply

PAUSE_SECONDS: Final = 1.0


class AlbumReplies:
    """Replies that wait. A process that is killed meanwhile leaves the last one unsaid, and nothing else undone."""

    def __init__(self, chat: Chat, visits: Visits) -> None:
        self._chat = chat
        self._visits = visits
        self._waiting: set[asyncio.Task[None]] = set()

    def show_if_last(self, arrival: Arrival, reply: Reply) -> None:
        """Show it in a moment, unless the customer sends something else until then."""
        waiting = asyncio.create_task(self._wait(arrival, reply))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    async def drain(self) -> None:
        """Wait for those that wait."""
        await asyncio.gather(*self._waiting)

    async def _wait(self, arrival: Arrival, reply: Reply) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            visit = await self._visits.load(arrival.customer)
        except StoreUnavailable:
            visit = None
        if visit is None or visit.taken[-1:] == (arrival.input,):
            await self._chat.show(arrival.customer, reply, Written())

"""One reply to an album whose pictures come one by one.

A webhook gets each picture after it answered for the one before, perhaps in another replica. Each is taken at once, so
that none is lost; the reply waits for a moment, and is shown if nothing else of the customer was taken meanwhile.
"""

import asyncio
from typing import Final

import structlog

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.messenger.replies import Replies, Written
from carquery.application.conversation.reception import Arrival, Reply
from carquery.application.inbound import Inbound
from carquery.application.screens import Busy
from carquery.domain.ids import CustomerId, InputId

log = structlog.get_logger(__name__)

DRAIN_SECONDS: Final = 5.0


class AlbumReplies:
    """Replies that wait. A process that is killed meanwhile leaves the last one unsaid, and nothing else undone."""

    def __init__(self, replies: Replies, inbound: Inbound, pause: AlbumPause) -> None:
        self._pause = pause
        self._replies = replies
        self._inbound = inbound
        self._latest: dict[CustomerId, InputId] = {}
        self._waiting: set[asyncio.Task[None]] = set()

    def show_if_last(self, arrival: Arrival, reply: Reply) -> None:
        """Show it in a moment, unless the customer sends something else until then."""
        self._latest[arrival.customer] = arrival.input
        waiting = asyncio.create_task(self._wait(arrival, reply))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    async def drain(self) -> None:
        """Wait for those that wait; not for a messenger or a store that hangs."""
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=DRAIN_SECONDS)

    async def _wait(self, arrival: Arrival, reply: Reply) -> None:
        await asyncio.sleep(self._pause)
        if self._latest.get(arrival.customer) != arrival.input:
            return  # this process took another picture, or shows this one already
        del self._latest[arrival.customer]
        try:
            if isinstance(reply.screen, Busy) or await self._inbound.is_latest(arrival):
                await self._replies.show(arrival.customer, reply, Written())
        except Exception:
            log.exception("album_reply_failed")

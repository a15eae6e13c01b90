"""Says alerts: one after another, woken by a new one and by the clock; any process may, one at a time does."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.deliver_alerts import LOOK, DeliverAlerts

log = structlog.get_logger(__name__)


class StaffRoom(Protocol):
    """Where the staff chat is, as its messenger knows it."""

    @property
    def is_there(self) -> bool:
        """Whether there is a staff chat."""
        ...

    @property
    def remedy(self) -> str:
        """What to do if there is none, or nothing can be said in it."""
        ...

    async def refresh(self) -> None:
        """Learn what other processes know of it. Never fails in a way that is foreseen."""
        ...


@dataclass(frozen=True, slots=True)
class AlertSender:
    """Says what waits until it is told to stop."""

    deliver: DeliverAlerts
    bell: AlertBell
    room: StaffRoom

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. Neither a store nor a chat that is away stops anything: alerts wait."""
        if not self.room.is_there:
            log.warning("no_admin_chat", remedy=self.room.remedy)
            return
        with suppress(StoreUnavailable):  # then the pause ends by itself
            await self.deliver.outbox.resume()  # whoever mended something starts over, and wants to see it work
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                pause = asyncio.ensure_future(self.bell.wait(at_most=await self._turn()))
                await asyncio.wait((stopping, pause), return_when=asyncio.FIRST_COMPLETED)
                pause.cancel()
        finally:
            stopping.cancel()

    async def _turn(self) -> timedelta:
        """One turn. Returns when to look again."""
        try:
            await self.room.refresh()
            turn = await self.deliver()
        except StoreUnavailable as away:
            log.debug("alerts_paused", cause=str(away))
            return LOOK
        except Exception:  # customers are served and leads delivered all the same
            log.exception("alerts_failed")
            return LOOK
        if turn.said is not None:
            log.info("alert_said", kind=turn.said)
        if turn.trouble is not None and turn.is_first:
            again = turn.again_in.total_seconds()
            log.warning("alert_not_said", reason=turn.trouble, again_in_seconds=again, remedy=self.room.remedy)
        return turn.again_in

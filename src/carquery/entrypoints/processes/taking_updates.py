"""Taking updates from each messenger, side by side: one that is away, or lets us in no more, stops no other."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from carquery.adapters.messenger.way_in import NotTold, Telling, TokenRefused, WayIn
from carquery.adapters.outage import Outage
from carquery.adapters.pausing import paused
from carquery.application.conversation.navigator import Messengers
from carquery.application.ports.alerts import Alerts, UpdatesStopped
from carquery.domain.ids import Channel

log = structlog.get_logger(__name__)

LONGEST_PAUSE: Final = 60.0
"""Seconds between two tries to reach a messenger at the start."""


class TakingUpdates:
    """The ways in of a process."""

    def __init__(self, ways: Sequence[WayIn], messengers: Messengers, alerts: Alerts) -> None:
        self._ways = ways
        self._messengers = messengers
        self._alerts = alerts
        self._open: set[Channel] = {way.channel for way in ways}

    async def run(self, stop: asyncio.Event, *, delete_webhook: bool) -> None:
        """Take updates until `stop` is set.

        Args:
            delete_webhook: before polling; what waits at the messenger is kept.

        Raises:
            TokenRefused: of the last messenger that there was.
            WayInRefused: of any.
        """
        async with asyncio.TaskGroup() as tasks:
            for way in self._ways:
                tasks.create_task(self._take(way, stop, delete_webhook=delete_webhook))

    async def _take(self, way: WayIn, stop: asyncio.Event, *, delete_webhook: bool) -> None:
        insist, given_up = _Insist(way.outage, stop), ""
        try:
            if delete_webhook and way.end_webhook is not None and not await insist(way.end_webhook):
                return
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_run(way, stop))
                if way.register is not None:
                    tasks.create_task(insist(way.register))
                tasks.create_task(_introduce(way, insist))
        except* TokenRefused as refused:
            self._open.discard(way.channel)
            if not self._open:
                raise
            given_up = str(first_of(TokenRefused, refused))
        if given_up:
            log.error("messenger_given_up", channel=way.channel, reason=given_up)
            await self._alerts.tell(UpdatesStopped(self._messengers[way.channel]))


async def _run(way: WayIn, stop: asyncio.Event) -> None:
    await way.run(stop)


async def _introduce(way: WayIn, insist: "_Insist") -> None:
    if await insist(way.introduce):
        log.info("bot_started", channel=way.channel)


@dataclass(frozen=True, slots=True)
class _Insist:
    """Tells a messenger something as soon as it can be reached."""

    outage: Outage
    stop: asyncio.Event

    async def __call__(self, telling: Telling) -> bool:
        """False: not before `stop`. A refusal has one line in the log, however often it is."""
        pause, is_refused = 1.0, False
        while not self.stop.is_set():
            try:
                await telling.tell()
            except NotTold as not_told:
                if not_told.is_away:
                    self.outage.failed(not_told.reason, not_told.remedy, of=telling.failed)
                elif not is_refused:
                    log.warning(telling.failed, reason=not_told.reason)
                    is_refused = True
            else:
                self.outage.worked(of=telling.failed)
                return True
            await paused(self.stop, at_most=timedelta(seconds=pause))
            pause = min(pause * 2, LONGEST_PAUSE)
        return False


def first_of(kind: type[Exception], failures: BaseExceptionGroup) -> BaseException | None:
    """One of that kind in a group of groups."""
    found: BaseException | None = failures.subgroup(kind)
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found

"""Whether leads and alerts get away from here."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from carquery.adapters.checks import Finding, State, Unwell
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.environment import Clock
from carquery.entrypoints.health.remembered_figures import RememberedFigures

LATE: Final = timedelta(minutes=15)
"""A lead that waits longer is somebody's concern."""
ALERTS_LATE: Final = timedelta(minutes=5)
"""Longer than any quiet minute of the messenger's; who is to be told of trouble is not told of it."""
CRM: Final = "see why the CRM does not take them: carquery leads list --status failed"
STAFF: Final = "ADMIN_CHAT_ID: is the bot in that chat, and may it write there? Does a bot or worker run?"


async def leads_on_their_way(counts: RememberedFigures, clock: Clock) -> AsyncIterator[Finding]:
    """Raises Unwell: one is late."""
    known = await counts.undelivered()
    if known is None:
        yield Finding("outbox", "they are many, and being counted")
        return
    figures = known.value
    if figures.oldest_waiting is None:
        yield Finding("outbox", "nothing waits")
        return
    age = clock.now() - figures.oldest_waiting
    says = f"{figures.waiting} on their way, the oldest for {int(age.total_seconds())} s"
    if age > LATE:
        raise Unwell(says)
    yield Finding("outbox", says)


async def alerts_not_said(outbox: AlertOutbox, clock: Clock) -> AsyncIterator[Finding]:
    """Raises Unwell: one is late."""
    figures = await outbox.figures()
    if figures.oldest is None:
        yield Finding("alerts", "nothing waits")
        return
    age = clock.now() - figures.oldest
    because = f": {figures.because}" if figures.because else ""
    says = f"{figures.waiting} not said yet, the oldest for {int(age.total_seconds())} s{because}"
    if age > ALERTS_LATE:
        raise Unwell(says)
    yield Finding("alerts", says)


async def alerts_not_read(outbox: AlertOutbox) -> AsyncIterator[Finding]:
    """What nobody has read yet, by the names of its kinds."""
    figures = await outbox.figures()
    if figures.oldest is None:
        return
    kinds = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in sorted(figures.kinds.items()))
    because = f" because {figures.because}" if figures.because else ""
    what = "1 alert waits" if figures.waiting == 1 else f"{figures.waiting} alerts wait"
    says = f"{what} since {figures.oldest:%Y-%m-%d %H:%M} UTC{because}: {kinds}"
    yield Finding("alerts", says, State.NOTE, STAFF)

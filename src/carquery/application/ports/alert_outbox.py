"""The ports between an alert that was told and the chat that has read it: where it waits, and who says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from carquery.application.ports.alerts import Alert

AT_ONCE: Final = 10
"""So many messages may follow one another; after them, one each `PACE`."""
PACE: Final = timedelta(seconds=6)
"""With `AT_ONCE`, at most 20 in any minute: a messenger's usual limit for a group."""

MOST_WAITING: Final = 200
"""Alerts that wait; what comes on top is counted (`AlertsLeftOut`), unless it is owed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAlert:
    """An alert whose turn it is.

    Attributes:
        lease: names this turn.
        since: when it was told first.
        times: how often it was told until now.
        failures: how often in a row, until now, the chat did not take what was said.
    """

    id: int
    lease: str
    alert: Alert
    since: datetime
    times: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFigures:
    """What was told and has not been said yet, without what only waits for its quiet time to end.

    Attributes:
        kinds: how many of each; also of kinds that this version does not know.
        oldest: since when the oldest has been due; `None` if nothing is.
        because: why the chat did not take the last one, in a few words; empty: it did, or nothing was tried.
    """

    kinds: Mapping[str, int]
    oldest: datetime | None
    because: str

    @property
    def waiting(self) -> int:
        """How many."""
        return sum(self.kinds.values())


class AlertOutbox(Protocol):
    """Alerts that wait to be said, shared by all processes. Every method may raise `StoreUnavailable`.

    What its cause is, and how long nobody wants to hear of that again, `alert_rules` says. Time is the store's own.
    """

    async def add(self, alert: Alert) -> None:
        """Keep an alert until it was said, or until nobody needs it any more.

        One that nobody is to hear of yet (`AlertRule.not_before`) is told from then on: nobody misses it before.

        If one of its cause waits, that one takes it in, and keeps its place. If people have just been told of a state,
        or are being told, nothing is kept. If `MOST_WAITING` wait, it is counted; what is owed is kept all the same.
        """
        ...

    async def take(self, *, lease_for: timedelta) -> TakenAlert | None:
        """Take the turn with the oldest alert that is due; `None` if nothing is, or it is not the time.

        No two processes have a turn while a lease runs. It is not the time during a pause, and when messages would
        follow one another too fast (`PACE`). Not due is what was set aside, and whose cause is quiet. What is taken
        takes in nothing more. Alerts that have expired are gone; those that this version can't read stay.
        """
        ...

    async def said(self, taken: TakenAlert) -> timedelta:
        """It has been said, whoever has the turn by now: it is gone, and its cause is quiet for its time.

        Returns:
            How long the next one has to wait.
        """
        ...

    async def pause(self, taken: TakenAlert, *, for_: timedelta, because: str, is_failure: bool = True) -> None:
        """It was not said: it keeps its place, and nobody takes a turn for that time.

        Args:
            is_failure: count it among `TakenAlert.failures`; else the messenger answered, and they begin again.
        """
        ...

    async def resume(self) -> None:
        """End a pause after failures, whose cause may have been mended; one that the messenger wants goes on."""
        ...

    async def set_aside(self, taken: TakenAlert, *, for_: timedelta) -> None:
        """It can't be said as it is: others come first, it is due again after that time."""
        ...

    async def hush(self, taken: TakenAlert, *, for_: timedelta) -> None:
        """It is not to be said yet: its cause is quiet for that time, and it keeps its place."""
        ...

    async def forget_expired(self) -> int:
        """Delete what nobody needs any more: alerts that expired, causes that are quiet no longer. Returns how many
        alerts."""
        ...

    async def figures(self) -> AlertFigures:
        """What is due and has not been said."""
        ...


class NotSaid(Exception):
    """An alert has not reached the chat, or nobody knows whether it has. The message: why, in a few words.

    NotSaid
    ├── ChatBusy: not before some time
    ├── ChatAway: the messenger does not answer
    ├── ChatRefuses: the chat takes nothing from us; a person has to mend that
    └── AlertRefused: this one alone
    """


class ChatBusy(NotSaid):
    """Not before `retry_after`."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"the messenger wants a pause of {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class ChatAway(NotSaid):
    """The messenger does not answer, or nonsense."""


class ChatRefuses(NotSaid):
    """The chat takes nothing from us."""


class AlertRefused(NotSaid):
    """The chat does not take this one."""


class StaffChat(Protocol):
    """The chat of the people who run the bot."""

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        """Say it, in one try of some seconds.

        Args:
            since: when it was told first; what is said late says so.
            times: how often it was told.

        Raises:
            NotSaid: as its subclasses say.
        """
        ...

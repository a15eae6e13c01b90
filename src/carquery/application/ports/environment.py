"""The ports to what a pure program can't know: the time, chance, and when there is work."""

from datetime import datetime, timedelta
from typing import Protocol

from carquery.domain.ids import DialogId, MessageId, Reference


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never set back, and it goes on while the process is stopped."""
        ...


class Randomness(Protocol):
    """Ids drawn by chance, from a source that can't be guessed."""

    def dialog_id(self) -> DialogId:
        """13 characters of Crockford's base 32: 65 random bits."""
        ...

    def message_id(self) -> MessageId:
        """As random as a dialog's."""
        ...

    def reference(self) -> Reference:
        """A reference; it may be taken already."""
        ...

    def chance(self) -> float:
        """Anything from 0 up to 1."""
        ...


class Bell(Protocol):
    """Rung when a lead was stored, so that delivery need not wait for the clock."""

    def ring(self) -> None:
        """Wake whoever waits. Never blocks, never fails; a ring that nobody waits for is remembered once."""
        ...

    async def wait(self, *, at_most: timedelta) -> None:
        """Return when it rang, or after `at_most`."""
        ...

"""For a messenger that is asked for updates: whether it gives them, and how long to wait where it does not."""

import asyncio
from typing import Final

from carquery.adapters.messenger.no_updates import NoUpdates
from carquery.adapters.outage import Outage
from carquery.application.ports.environment import Clock

LONGEST_BACKOFF_SECONDS: Final = 30.0
LONGEST_FLOOD_SECONDS: Final = 300.0
"""However long the messenger says that we should wait before asking for updates."""
SILENT_SECONDS: Final = 90.0
"""Even when nobody writes, a request that waits for updates is answered."""
UPDATES: Final = "updates"
CALLS: Final = "calls"
"""What their failures are called in an outage. Who gives updates takes calls as well."""


class Reach:
    """Whoever asks says how that went. `messenger`: what people call it."""

    def __init__(self, messenger: str, clock: Clock, outage: Outage) -> None:
        self._messenger = messenger
        self._clock = clock
        self._outage = outage
        self._heard_at = clock.monotonic()
        self._backoff = 0.0

    def look(self) -> str:
        """Whether updates come in. Raises NoUpdates."""
        silent_for = self._clock.monotonic() - self._heard_at
        if silent_for > SILENT_SECONDS:
            raise NoUpdates(f"{self._messenger} gave none for {silent_for:.0f} s: see the log")
        return f"{self._messenger} is asked for them"

    def is_there(self) -> None:
        """It gave what there is."""
        self._heard_at = self._clock.monotonic()
        self._backoff = 0.0
        for what in (UPDATES, CALLS):
            self._outage.worked(of=what)

    async def back_off(self, reason: str, remedy: str, *, wait: float = 0.0) -> None:
        """It gave nothing that can be used: wait longer each time. `wait`: seconds that it asks for."""
        self._outage.failed(reason, remedy, of=UPDATES)
        self._backoff = min(max(self._backoff * 2, 0.5), LONGEST_BACKOFF_SECONDS)
        await asyncio.sleep(max(self._backoff, min(wait, LONGEST_FLOOD_SECONDS)))

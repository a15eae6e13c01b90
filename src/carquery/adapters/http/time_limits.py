"""How long each request may take, with one timer for all: one for each costs more than to read its answer."""

import asyncio
import math

from carquery.adapters.http.connection import HttpConnection


class TimeLimits:
    """Of the requests that are on their way, one for each connection. Times are the event loop's."""

    def __init__(self) -> None:
        self._until: dict[HttpConnection, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._looks_at = math.inf

    def begin(self, connection: HttpConnection, until: float) -> None:
        """From then on, what the connection was asked has failed, unless it ended before."""
        self._until[connection] = until
        if until < self._looks_at:
            self._look_at(until)

    def end(self, connection: HttpConnection) -> None:
        """It was answered, or is waited for no more. The timer stays: most often it is early enough for others."""
        del self._until[connection]

    def close(self) -> None:
        """Nothing fails any more."""
        self._look_at(math.inf)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for connection in [one for one, until in self._until.items() if until <= now]:
            connection.time_out()
        self._look_at(min((until for until in self._until.values() if until > now), default=math.inf))

    def _look_at(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._looks_at = moment
        is_needed = moment < math.inf
        self._timer = asyncio.get_running_loop().call_at(moment, self._look) if is_needed else None

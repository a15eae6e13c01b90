"""The bell between the bot and the delivery worker of one process."""

import asyncio
from datetime import timedelta


class MemoryBell:
    """An event of the running loop."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    @property
    def is_rung(self) -> bool:
        """Whether it rang and nobody has waited for it since."""
        return self._rung.is_set()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, *, at_most: timedelta) -> None:
        try:
            async with asyncio.timeout(at_most.total_seconds()):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()

"""Adds what was counted to the store."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from carquery.application.reports.tally import Tally
from carquery.entrypoints.processes.writing_behind import writing_behind

WRITE_SECONDS: Final = 5.0
"""So much a process that is killed has not counted."""


@dataclass(frozen=True, slots=True)
class TallyWriter:
    """Every process that takes inputs has one."""

    tally: Tally

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Write now and then; and on leaving all that is left."""
        return writing_behind(self._write, self._write, every=WRITE_SECONDS, unwritten="not_counted")

    async def _write(self) -> None:
        await self.tally.write()

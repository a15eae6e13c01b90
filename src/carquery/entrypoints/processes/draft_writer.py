"""Writes the forms that customers leave."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from carquery.application.conversation.left_forms import LeftForms
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.processes.writing_behind import writing_behind
from carquery.entrypoints.settings.stores import StoreSettings

WRITE_SECONDS: Final = 3.0
"""A process that is killed has not written so much; who answers several questions in that time is written once."""
STILL_FOR: Final = timedelta(seconds=10)
"""A form whose visit is in Redis is written when its customer has paused for so long: who fills it in within a minute
is written once, and not at all if they send it."""


@dataclass(frozen=True, slots=True)
class DraftWriter:
    """Every process that takes inputs has one."""

    left: LeftForms
    metrics: Metrics
    settings: StoreSettings

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Write now and then; and on leaving all that is left."""
        return writing_behind(self._write, self._write_all, every=WRITE_SECONDS, unwritten="drafts_not_written")

    async def _write(self) -> None:
        if self.settings.redis_url is None:  # nothing else knows of it
            await self._write_all()
        else:
            still_for = min(STILL_FOR, self.settings.dialog_lifetime / 2)
            self.metrics.drafts_written(await self.left.write(still_for=still_for))

    async def _write_all(self) -> None:
        self.metrics.drafts_written(await self.left.write())

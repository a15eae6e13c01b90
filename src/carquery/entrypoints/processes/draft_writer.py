"""Writes the forms that customers leave."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from carquery.application.conversation.left_forms import LeftForms
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.processes.writing_behind import writing_behind

WRITE_SECONDS: Final = 3.0
"""A process that is killed has not written so much; who answers several questions in that time is written once."""


@dataclass(frozen=True, slots=True)
class DraftWriter:
    """Every process that takes inputs has one."""

    left: LeftForms
    metrics: Metrics

    def writing(self) -> AbstractAsyncContextManager[None]:
        """Write now and then; and on leaving all that is left."""
        return writing_behind(self._write, every=WRITE_SECONDS, unwritten="drafts_not_written")

    async def _write(self) -> None:
        self.metrics.drafts_written(await self.left.write())

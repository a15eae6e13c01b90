"""Where in the account's pipelines people work on deals."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.listing import rows_of
from carquery.adapters.amocrm.places import CLOSED_STAGES, INCOMING
from carquery.adapters.amocrm.wire import LeadRow
from carquery.application.ports.environment import Clock

KNOWN_FOR: Final = timedelta(minutes=10)
"""Pipelines change seldom; a stage that is not known is asked for at once."""


@dataclass(frozen=True, slots=True)
class _StageKindRow:
    id: int
    type: int = 0


@dataclass(frozen=True, slots=True)
class _StageKindsRow:
    statuses: list[_StageKindRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _PipelineKindRow:
    id: int
    is_archive: bool = False
    _embedded: _StageKindsRow = field(default_factory=_StageKindsRow)

    @property
    def stages(self) -> list[_StageKindRow]:
        return self._embedded.statuses


class Pipelines:
    """Asked for when first needed, and remembered for a while."""

    def __init__(self, client: AmoCrmClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._until = 0.0
        self._worked_on: dict[tuple[int, int], bool] = {}

    async def is_open(self, deal: LeadRow) -> bool:
        """Whether people work on the deal. Raises CrmFailure: nobody knows.

        They do not where it is won or lost, where it waits to be accepted («Неразобранное»: whether a task may be put
        on such a deal is not documented), and in a pipeline that is archived or gone: there nobody would see it.
        """
        if deal.is_deleted or deal.status_id in CLOSED_STAGES:
            return False
        place = deal.pipeline_id, deal.status_id
        if self._clock.monotonic() >= self._until or place not in self._worked_on:
            await self._ask()
        return self._worked_on.get(place, False)

    async def _ask(self) -> None:
        pipelines = await rows_of(self._client, _PipelineKindRow, "/api/v4/leads/pipelines", "pipelines", {})
        self._worked_on = {
            (pipeline.id, stage.id): not pipeline.is_archive and stage.type != INCOMING
            for pipeline in pipelines
            for stage in pipeline.stages
        }
        self._until = self._clock.monotonic() + KNOWN_FOR.total_seconds()

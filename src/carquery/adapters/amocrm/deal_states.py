"""How deals stand in amoCRM."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.deals import PATH
from carquery.adapters.amocrm.listing import PAGE, readable, rows_of
from carquery.adapters.amocrm.places import CLOSED_STAGES, INCOMING
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import UnreadableAnswer, read_as, rows_as
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.domain.effects import CrmId

WON: Final = 142

KNOWN_FOR: Final = timedelta(hours=1)
"""Pipelines and users change seldom."""

_ROBOT: Final = 0


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal, as far as it says who has done something with it."""

    id: CrmId
    is_deleted: bool = False
    status_id: int = 0
    pipeline_id: int = 0
    responsible_user_id: int = 0
    created_by: int = 0
    updated_by: int = 0


@dataclass(frozen=True, slots=True)
class _StageRow:
    id: int
    sort: int = 0
    type: int = 0


@dataclass(frozen=True, slots=True)
class _StagesRow:
    statuses: list[_StageRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _PipelineStages:
    id: int
    _embedded: _StagesRow = field(default_factory=_StagesRow)

    @property
    def first_stage(self) -> int | None:
        """Where a deal begins if nothing is said; `None`: it has no stage to work on."""
        stages = self._embedded.statuses
        ordinary = [stage for stage in stages if stage.type != INCOMING and stage.id not in CLOSED_STAGES]
        return min(ordinary, key=lambda stage: stage.sort).id if ordinary else None


@dataclass(frozen=True, slots=True)
class _UserRow:
    id: CrmId
    name: str = ""


@dataclass(frozen=True, slots=True)
class _KnownAccount:
    """What of the account is remembered. `first_stages`: of its pipelines."""

    until: datetime
    first_stages: frozenset[int]
    names: Mapping[CrmId, str]


class DealStates:
    """Asks for all deals at once by `filter[id]`.

    An account without the filter package ignores that, and lists whatever deals it has: then each is asked for by
    itself, from then on. Names of users are for administrators; without the right to them nobody is named.
    """

    def __init__(
        self, client: AmoCrmClient, config: AmoCrmConfig, clock: Clock, dealership: ToldOfDealership = nothing_told
    ) -> None:
        self._client = client
        self._config = config
        self._clock = clock
        self._dealership = dealership
        self._filters = True
        self._account: _KnownAccount | None = None

    async def states(self, deals: Collection[CrmId]) -> Mapping[CrmId, DealState]:
        if not deals:
            return {}
        rows = await self._rows(sorted(set(deals)))
        account = await self._remembered()
        return {row.id: self._state(row, account) for row in rows if not row.is_deleted}

    async def _rows(self, deals: list[CrmId]) -> Iterable[DealRow]:
        if self._filters and len(deals) > 1:
            params = {f"filter[id][{place}]": str(deal) for place, deal in enumerate(deals)}
            found = await rows_of(self._client, DealRow, PATH, "leads", {**params, "limit": str(PAGE)})
            if {row.id for row in found} <= set(deals):
                return found
            self._filters = False
        return [row for deal in deals if (row := await self._row(deal)) is not None]

    async def _row(self, deal: CrmId) -> DealRow | None:
        body = await readable(self._client, f"{PATH}/{deal}")
        try:
            return None if body is None else read_as(DealRow, body)
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable

    def _state(self, row: DealRow, account: _KnownAccount) -> DealState:
        return DealState(
            self._phase(row, account),
            is_won=row.status_id == WON,
            responsible=CrmId(row.responsible_user_id) if row.responsible_user_id else None,
            responsible_name=account.names.get(CrmId(row.responsible_user_id), ""),
        )

    def _phase(self, row: DealRow, account: _KnownAccount) -> DealPhase:
        """Whoever made it is us; a robot is nobody. A stage that we do not know proves nothing."""
        if row.status_id in CLOSED_STAGES:
            return DealPhase.CLOSED
        routed = {route.status for _, route in self._dealership().routing.all}
        starts = account.first_stages | {self._config.status_id, *routed} - {None}
        is_moved = bool(starts) and row.status_id not in starts
        is_touched = row.updated_by not in {_ROBOT, row.created_by}
        return DealPhase.IN_WORK if is_moved or is_touched else DealPhase.WAITING

    async def _remembered(self) -> _KnownAccount:
        now = self._clock.now()
        if self._account is None or self._account.until <= now:
            pipelines = await rows_of(self._client, _PipelineStages, f"{PATH}/pipelines", "pipelines", {})
            first = (pipeline.first_stage for pipeline in pipelines)
            stages = frozenset(stage for stage in first if stage is not None)
            self._account = _KnownAccount(now + KNOWN_FOR, stages, await self._names())
        return self._account

    async def _names(self) -> Mapping[CrmId, str]:
        try:
            body = await self._client.read("/api/v4/users", params={"limit": str(PAGE)})
            return {row.id: row.name for row in rows_as(_UserRow, body, "users")}
        except (Refusal, UnreadableAnswer):
            return {}

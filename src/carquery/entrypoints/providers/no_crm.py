"""No CRM yet."""

from collections.abc import AsyncIterator, Collection, Mapping
from typing import Final

from dishka import Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.application.ports.crm import Crm, CrmBusy
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.crm_deals import CrmDeals, DealState
from carquery.application.ports.crm_hand_overs import CrmHandOvers
from carquery.application.ports.crm_history import CrmHistory
from carquery.application.ports.crm_people import CrmPeople
from carquery.application.ports.deal_counts import DealCounts
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId
from carquery.entrypoints.checks.kinds import WORKER_ALONE, BeforeStart, WhileRunning
from carquery.entrypoints.providers.crm_words import HANGS_ON

NO_CRM: Final = (
    "amoCRM is not set up; set AMOCRM_BASE_URL with AMOCRM_LONG_LIVED_TOKEN, or with AMOCRM_CLIENT_ID, "
    "AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI and run: carquery amocrm login --code … "
    "(AMOCRM_MOCK_MODE=true delivers to an in-memory CRM, for trying out)"
)


class NoCrm(Exception):
    """There is nowhere to deliver leads to."""

    def __init__(self) -> None:
        super().__init__(NO_CRM)


class NoDeals:
    """Nobody knows how deals stand."""

    async def states(self, deals: Collection[CrmId]) -> Mapping[CrmId, DealState]:
        del deals
        raise CrmBusy("no CRM")


class NoPeople:
    """Nobody is known to have left."""

    async def left(self, people: Collection[CrmUserId]) -> frozenset[CrmUserId]:
        del people
        return frozenset()


class NoCrmProvider(Provider):
    """None: leads are stored and wait; whoever wants to deliver is told."""

    scope = Scope.APP

    @provide
    def crm(self) -> Crm:
        raise NoCrm

    @provide
    def deals(self) -> DealCounts:
        raise NoCrm

    @provide
    def amendments(self) -> CrmAmendments:
        raise NoCrm

    @provide
    def history(self) -> CrmHistory:
        raise NoCrm

    @provide
    def hand_overs(self) -> CrmHandOvers:
        raise NoCrm

    deal_states = provide(NoDeals, provides=CrmDeals)
    people = provide(NoPeople, provides=CrmPeople)

    @provide
    def nowhere_before_start(self) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amoCRM", "not set up: leads are stored, and nobody gets them", State.WRONG, NO_CRM)

        return BeforeStart(Check("amoCRM", examine), HANGS_ON)

    @provide
    def nobody_lets_us_in(self) -> WhileRunning:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amocrm", "not set up: leads are stored and wait", State.WRONG, NO_CRM)

        return WhileRunning(check=Check("amocrm", examine), needed_by=WORKER_ALONE)

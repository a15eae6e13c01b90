"""The in-memory CRM."""

from collections.abc import AsyncIterator

from dishka import Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.crm_amendments import MemoryCrmAmendments
from carquery.adapters.memory.crm_staff import MemoryCrmHistory, MemoryHandOvers
from carquery.application.ports.chat_links import ChatLinks
from carquery.application.ports.crm import Crm
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.crm_deals import CrmDeals
from carquery.application.ports.crm_hand_overs import CrmHandOvers
from carquery.application.ports.crm_history import CrmHistory
from carquery.application.ports.crm_people import CrmPeople
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.kinds import WORKER_ALONE, BeforeStart, WhileRunning
from carquery.entrypoints.providers.crm_words import HANGS_ON


class MemoryCrmProvider(Provider):
    """The in-memory CRM (`AMOCRM_MOCK_MODE`)."""

    scope = Scope.APP

    @provide
    def memory_crm(self, clock: Clock, dealership: ToldOfDealership, chats: ChatLinks) -> MemoryCrm:
        return MemoryCrm(clock, dealership=dealership, chats=chats)

    @provide
    def crm(self, memory: MemoryCrm) -> Crm:
        return memory

    history = provide(MemoryCrmHistory, provides=CrmHistory)
    hand_overs = provide(MemoryHandOvers, provides=CrmHandOvers)

    @provide
    def deals(self, memory: MemoryCrm) -> DealCounts:
        return memory

    @provide
    def amendments(self, memory: MemoryCrm, clock: Clock, dealership: ToldOfDealership) -> CrmAmendments:
        return MemoryCrmAmendments(memory, clock, dealership=dealership)

    @provide
    def deal_states(self, memory: MemoryCrm) -> CrmDeals:
        return memory

    @provide
    def people(self, memory: MemoryCrm) -> CrmPeople:
        return memory

    @provide
    def memory_before_start(self) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amoCRM", "the in-memory one", State.NOTE, "AMOCRM_MOCK_MODE: unset it for real leads")

        return BeforeStart(Check("amoCRM", examine), HANGS_ON)

    @provide
    def memory_lets_us_in(self) -> WhileRunning:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amocrm", "in memory")

        return WhileRunning(check=Check("amocrm", examine), needed_by=WORKER_ALONE)

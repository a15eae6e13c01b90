"""The CRM, chosen by the settings."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

from dishka import AsyncContainer, Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access
from carquery.adapters.amocrm.checks import account_as_chosen, authorised
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.crm import LIMITS, AmoCrm
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.sql.schema import Tables, tables
from carquery.application.ports.crm import Crm, CrmLimits
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.kinds import WORKER_ALONE, BeforeStart, WhileRunning
from carquery.entrypoints.settings.amocrm import AmoCrmSettings
from carquery.entrypoints.settings.crm import CrmChoice

NO_CRM: Final = (
    "amoCRM is not set up; set AMOCRM_BASE_URL with AMOCRM_LONG_LIVED_TOKEN, or with AMOCRM_CLIENT_ID, "
    "AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI and run: carquery amocrm login --code … "
    "(AMOCRM_MOCK_MODE=true delivers to an in-memory CRM, for trying out)"
)

HANGS_ON: Final = ("amocrm_", "database_", "secret_")
"""The tokens are sealed, and in the database."""


class NoCrm(Exception):
    """There is nowhere to deliver leads to."""

    def __init__(self) -> None:
        super().__init__(NO_CRM)


class AmoCrmProvider(Provider):
    """amoCRM itself."""

    scope = Scope.APP

    crm = provide(AmoCrm, provides=Crm)

    @provide
    def limits(self) -> CrmLimits:
        return LIMITS

    deals = provide(Deals, provides=DealCounts)

    @provide
    def account_before_start(self, container: AsyncContainer) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            if await tables(await container.get(AsyncEngine)) not in {Tables.CURRENT, Tables.NEWER}:
                yield Finding("amoCRM", "not tried: the database's tables come first", State.NOTE)
                return
            client, config = await container.get(AmoCrmClient), await container.get(AmoCrmConfig)
            async for finding in account_as_chosen(client, config):
                yield finding

        return BeforeStart(Check("amoCRM", examine, "carquery amocrm check"), HANGS_ON)

    @provide
    def crm_lets_us_in(self, access: Access, gate: CrmGate) -> WhileRunning:
        check = Check("amocrm", partial(authorised, access, gate), "carquery amocrm check")
        return WhileRunning(check=check, needed_by=WORKER_ALONE)


class MemoryCrmProvider(Provider):
    """The in-memory CRM (`AMOCRM_MOCK_MODE`)."""

    scope = Scope.APP

    @provide
    def memory_crm(self, clock: Clock) -> MemoryCrm:
        return MemoryCrm(clock)

    @provide
    def crm(self, memory: MemoryCrm) -> Crm:
        return memory

    @provide
    def deals(self, memory: MemoryCrm) -> DealCounts:
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
    def nowhere_before_start(self) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amoCRM", "not set up: leads are stored, and nobody gets them", State.WRONG, NO_CRM)

        return BeforeStart(Check("amoCRM", examine), HANGS_ON)

    @provide
    def nobody_lets_us_in(self) -> WhileRunning:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("amocrm", "not set up: leads are stored and wait", State.WRONG, NO_CRM)

        return WhileRunning(check=Check("amocrm", examine), needed_by=WORKER_ALONE)


def crm_provider(settings: AmoCrmSettings) -> Provider:
    """The provider of the CRM that the settings choose."""
    match settings.crm:
        case CrmChoice.AMOCRM:
            return AmoCrmProvider()
        case CrmChoice.MEMORY:
            return MemoryCrmProvider()
        case CrmChoice.NONE:
            return NoCrmProvider()

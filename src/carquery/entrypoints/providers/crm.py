"""The CRM, chosen by the settings."""

from typing import Final

from dishka import Provider, Scope, provide

from carquery.adapters.amocrm.crm import LIMITS, AmoCrm
from carquery.adapters.amocrm.deals import Deals
from carquery.adapters.memory.crm import MemoryCrm
from carquery.application.ports.crm import Crm, CrmLimits
from carquery.application.ports.deal_counts import DealCounts
from carquery.application.ports.environment import Clock
from carquery.entrypoints.settings.amocrm import AmoCrmSettings, CrmChoice

NO_CRM: Final = (
    "amoCRM is not set up; set AMOCRM_BASE_URL with AMOCRM_LONG_LIVED_TOKEN, or with AMOCRM_CLIENT_ID, "
    "AMOCRM_CLIENT_SECRET and AMOCRM_REDIRECT_URI and run: carquery amocrm login --code … "
    "(AMOCRM_MOCK_MODE=true delivers to an in-memory CRM, for trying out)"
)


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


class NoCrmProvider(Provider):
    """None: leads are stored and wait; whoever wants to deliver is told."""

    scope = Scope.APP

    @provide
    def crm(self) -> Crm:
        raise NoCrm

    @provide
    def deals(self) -> DealCounts:
        raise NoCrm


def crm_provider(settings: AmoCrmSettings) -> Provider:
    """The provider of the CRM that the settings choose."""
    match settings.crm:
        case CrmChoice.AMOCRM:
            return AmoCrmProvider()
        case CrmChoice.MEMORY:
            return MemoryCrmProvider()
        case CrmChoice.NONE:
            return NoCrmProvider()

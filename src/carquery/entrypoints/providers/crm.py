"""The CRM."""

from dishka import Provider, Scope, provide

from carquery.adapters.memory.crm import MemoryCrm
from carquery.application.ports.crm import Crm
from carquery.application.ports.environment import Clock


class CrmProvider(Provider):
    """The in-memory CRM (`AMOCRM_MOCK_MODE`)."""

    scope = Scope.APP

    @provide
    def memory_crm(self, clock: Clock) -> MemoryCrm:
        return MemoryCrm(clock)

    @provide
    def crm(self, memory: MemoryCrm) -> Crm:
        return memory

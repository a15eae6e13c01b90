"""What the classifiers need besides, where nothing of it may stay."""

from dishka import Provider, Scope, provide

from carquery.adapters.memory.ai_budget import MemoryAiBudget
from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alerts import Alerts


class EvaluationProvider(Provider):
    """In memory. The daily budget still holds: within one evaluation."""

    scope = Scope.APP

    @provide(override=True)
    def budget(self) -> AiBudget:
        return MemoryAiBudget()

    @provide(override=True)
    def journal(self) -> AiJournal:
        return MemoryAiJournal()

    @provide
    def alerts(self) -> Alerts:
        return MemoryAlerts()

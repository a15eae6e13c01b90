"""The chain of classifiers with an ear on it."""

from dishka import Provider, Scope, provide

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.environment import Clock, Lots
from carquery.application.understand import ModelDoors, Understand
from carquery.entrypoints.playground.hearing import Ear, WatchedUnderstand
from carquery.entrypoints.providers.ai import Models
from carquery.entrypoints.settings import Settings


class WatchingProvider(Provider):
    """Whatever the bot understands, the ear learns."""

    scope = Scope.APP

    def __init__(self, ear: Ear) -> None:
        super().__init__()
        self._ear = ear

    @provide(override=True)
    def understand(
        self,
        settings: Settings,
        models: Models,
        rules: RulesClassifier,
        budget: AiBudget,
        journal: AiJournal,
        alerts: Alerts,
        clock: Clock,
        lots: Lots,
        doors: ModelDoors,
    ) -> Understand:
        return WatchedUnderstand(
            ear=self._ear,
            models=models,
            rules=rules,
            budget=budget,
            journal=journal,
            alerts=alerts,
            clock=clock,
            lots=lots,
            doors=doors,
            daily_budget=settings.openai_daily_budget_usd,
        )

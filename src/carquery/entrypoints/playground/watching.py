"""The chain of classifiers with a monitor on it."""

from dishka import Provider, Scope, provide

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.free_text.read_message import ClosedModels, ReadMessage
from carquery.application.ports.ai_budget import AiBudget
from carquery.application.ports.ai_journal import AiJournal
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.environment import Clock, Randomness
from carquery.entrypoints.playground.hearing import FreeTextMonitor, WatchedUnderstand
from carquery.entrypoints.providers.ai import Models
from carquery.entrypoints.settings.openai import OpenAiSettings


class WatchingProvider(Provider):
    """Whatever the bot understands, the monitor learns."""

    scope = Scope.APP

    def __init__(self, monitor: FreeTextMonitor) -> None:
        super().__init__()
        self._monitor = monitor

    @provide(override=True)
    def understand(
        self,
        settings: OpenAiSettings,
        models: Models,
        rules: RulesClassifier,
        budget: AiBudget,
        journal: AiJournal,
        alerts: Alerts,
        clock: Clock,
        randomness: Randomness,
        closed_models: ClosedModels,
    ) -> ReadMessage:
        return WatchedUnderstand(
            monitor=self._monitor,
            models=models,
            rules=rules,
            budget=budget,
            journal=journal,
            alerts=alerts,
            clock=clock,
            randomness=randomness,
            closed_models=closed_models,
            daily_budget=settings.openai_daily_budget_usd,
        )

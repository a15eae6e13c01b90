"""A chain of scripted classifiers on memory adapters."""

from decimal import Decimal

from carquery.adapters.memory.ai_budget import MemoryAiBudget
from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.application.free_text.read_message import Ask, ChainTimes, ClosedModels, DailyBudget, Models, ReadMessage
from carquery.application.ports.classifier import Classified, Classifier, ClassifierFailed, Trouble, Usage
from carquery.domain.forms.form import Service
from carquery.domain.understanding import OTHER, Entities, Intent, Understanding
from tests.builders import NOW

AT_ONCE = ChainTimes(whole=0.05, first=0.02)
CAMRY = Entities(brand="Toyota", model="Camry", year=2018, mileage=120_000, price=2_000_000)
CENT = Decimal("0.01")


def said(
    intent: Intent = Service.SELL,
    confidence: float = 0.9,
    *,
    reply: str = "",
    cost: Decimal = Decimal(0),
    entities: Entities | None = None,
) -> Classified:
    """An answer."""
    return Classified(
        Understanding(intent, confidence, entities or Entities(), reply),
        Usage(input_tokens=400, output_tokens=30, cost=cost),
    )


def failed(trouble: Trouble, *, cost: Decimal = Decimal(0)) -> ClassifierFailed:
    """No answer."""
    return ClassifierFailed(trouble, "its own words", Usage(cost=cost))


class ScriptedChain:
    """The models are asked in their order; `rules` answer what they don't: nothing, unless told otherwise."""

    def __init__(
        self,
        *models: MemoryClassifier,
        rules: Classifier | None = None,
        daily_budget: Decimal = Decimal(1),
        ask: Ask = Ask.ALWAYS,
        clock: SettableClock | None = None,
        randomness: CountingRandomness | None = None,
        alerts: MemoryAlerts | None = None,
    ) -> None:
        self.clock = clock or SettableClock(NOW)
        self.journal = MemoryAiJournal()
        self.budget = MemoryAiBudget()
        self.alerts = alerts or MemoryAlerts()
        self.understand = ReadMessage(
            models=Models(models),
            rules=rules or MemoryClassifier("rules", said(OTHER, 0.1)),
            budget=self.budget,
            journal=self.journal,
            alerts=self.alerts,
            clock=self.clock,
            randomness=randomness or CountingRandomness(),
            closed_models=ClosedModels(self.clock),
            daily_budget=DailyBudget(daily_budget),
            ask=ask,
            times=AT_ONCE,
        )

"""Who understands what customers write, chosen by OPENAI_API_KEY."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Final

import structlog
from dishka import AnyOf, Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.rules.learned.shipped import is_of_this_data, read_weights
from carquery.application.free_text.read_message import (
    Ask,
    ChainTimes,
    ClosedModels,
    DailyBudget,
    Models,
    NoObserver,
    ReadingObserver,
    ReadMessage,
)
from carquery.application.ports.classifier import Classifier
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.application.ports.interpreter import Interpreter
from carquery.entrypoints.checks.kinds import BeforeStart
from carquery.entrypoints.settings.intents import IntentSettings
from carquery.entrypoints.settings.openai import OpenAiSettings

_TRAIN: Final = "carquery ai train, with --add for your own messages, learns it anew"

TRIED_SECONDS: Final = 15.0
"""For each model, before the start."""

log = structlog.get_logger(__name__)


class ClassifierProvider(Provider):
    """Rules, models, and the chain of both."""

    scope = Scope.APP

    closed_models = provide(ClosedModels)

    read_message = provide(ReadMessage)

    @provide
    def rules(
        self, clock: Clock, settings: IntentSettings, told: ToldOfDealership
    ) -> AnyOf[RulesClassifier, Classifier, Interpreter]:
        if not is_of_this_data(read_weights(settings.weights)):
            log.warning("intent_weights_of_other_messages", reason=f"INTENT_WEIGHTS: {settings.weights}", remedy=_TRAIN)
        return RulesClassifier(clock, settings.weights, told)

    @provide
    def weights_before_start(self, settings: IntentSettings) -> BeforeStart:
        return BeforeStart(Check("built-in model", partial(_known_weights, settings), "INTENT_WEIGHTS"), ("intent_",))

    @provide
    def observer(self) -> ReadingObserver:
        return NoObserver()

    @provide
    def times(self) -> ChainTimes:
        return ChainTimes()

    @provide
    def ask(self, settings: OpenAiSettings) -> Ask:
        return Ask(settings.openai_ask)

    @provide
    def daily_budget(self, settings: OpenAiSettings) -> DailyBudget:
        return DailyBudget(settings.openai_daily_budget_usd)

    @provide
    async def models(self, settings: OpenAiSettings) -> AsyncIterator[Models]:
        if settings.openai_api_key is None:
            yield Models(())
            return
        # Imported here: the library takes a second to import, and without a key nobody needs it.
        from carquery.adapters.openai.classifier import OpenAiClassifier
        from carquery.adapters.openai.client import open_client
        from carquery.adapters.openai.prices import price_of

        key = settings.openai_api_key.get_secret_value()
        async with open_client(
            api_key=key, base_url=settings.openai_base_url, timeout_seconds=ChainTimes().whole
        ) as client:
            models: list[Classifier] = []
            for name in settings.models:
                quote = price_of(name)
                if not quote.is_known:
                    log.warning("model_price_unknown", model=name, remedy="it is booked as the dearest one known")
                models.append(OpenAiClassifier(client, name, quote.price))
            yield Models(tuple(models))

    @provide
    def models_before_start(self, settings: OpenAiSettings) -> BeforeStart:
        return BeforeStart(Check("OpenAI", partial(_known_models, settings), "OPENAI_BASE_URL"), hangs_on=("openai_",))


async def _known_weights(settings: IntentSettings) -> AsyncIterator[Finding]:
    learned = read_weights(settings.weights)
    own = f", {learned.added} messages of your own" if learned.added else ""
    if is_of_this_data(learned):
        yield Finding("built-in model", f"{learned.data[:8]}{own}")
    else:
        yield Finding("built-in model", f"learned from other messages than this version's{own}", State.NOTE, _TRAIN)


async def _known_models(settings: OpenAiSettings) -> AsyncIterator[Finding]:
    if settings.openai_api_key is None:
        yield Finding("OpenAI", "no key: the built-in classifier reads free text")
        return
    from carquery.adapters.openai.checks import knowing_models  # imported here: as above

    async for finding in knowing_models(
        settings.models,
        api_key=settings.openai_api_key.get_secret_value(),
        base_url=settings.openai_base_url,
        timeout_seconds=TRIED_SECONDS,
    ):
        yield finding

"""Every adapter of `Classifier`, with the means to make it fail."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.openai.classifier import OpenAiClassifier
from carquery.adapters.openai.client import open_client
from carquery.adapters.openai.prices import price_of
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.application.ports.classifier import Classifier, Trouble
from carquery.domain.forms.form import Service
from carquery_emulators.openai import OpenAiEmulator
from tests.application.understanding import CENT, failed, said
from tests.builders import NOW
from tests.keyword_brain import keyword_brain
from tests.patience import patience

MODEL = "gpt-4o-mini"


@dataclass(frozen=True, slots=True)
class ClassifierInHand:
    """Understands «продаю» as a wish to sell. `failing`: one of its kind that gives no answer."""

    classifier: Classifier
    failing: Callable[[], Classifier] | None = None


@asynccontextmanager
async def memory() -> AsyncIterator[ClassifierInHand]:
    sells = said(Service.SELL, 0.9, cost=CENT)
    refuses = failed(Trouble.BUSY, cost=CENT)
    yield ClassifierInHand(
        MemoryClassifier("mini", sells, dearest=CENT), lambda: MemoryClassifier("mini", refuses, dearest=CENT)
    )


@asynccontextmanager
async def rules() -> AsyncIterator[ClassifierInHand]:
    yield ClassifierInHand(RulesClassifier(SettableClock(NOW)))


@asynccontextmanager
async def openai() -> AsyncIterator[ClassifierInHand]:
    async with (
        OpenAiEmulator(keyword_brain) as emulator,
        open_client(api_key=emulator.api_key, base_url=emulator.base_url, timeout_seconds=patience()) as client,
    ):
        classifier = OpenAiClassifier(client, MODEL, price_of(MODEL).price)

        def failing() -> Classifier:
            emulator.faults.add("500", times=None)
            return classifier

        yield ClassifierInHand(classifier, failing)


CLASSIFIERS = [memory, rules, openai]
FALLIBLE = [memory, openai]
"""Those that ask somebody outside, or do as if."""
NO_MONEY = Decimal(0)

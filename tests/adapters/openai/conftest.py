"""One OpenAI per test, and a model behind the client that the bot uses; over a real socket."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from carquery.adapters.openai.classifier import OpenAiClassifier
from carquery.adapters.openai.client import open_client
from carquery_emulators.openai import OpenAiEmulator
from tests.adapters.openai.asking import MODEL, asking
from tests.keyword_brain import keyword_brain
from tests.patience import patience


@pytest.fixture
async def openai() -> AsyncIterator[OpenAiEmulator]:
    """Counts tokens the same way on every machine."""
    async with OpenAiEmulator(keyword_brain) as openai:
        yield openai


@pytest.fixture
async def client(openai: OpenAiEmulator) -> AsyncIterator[AsyncOpenAI]:
    async with open_client(api_key=openai.api_key, base_url=openai.base_url, timeout_seconds=patience()) as client:
        yield client


@pytest.fixture
def classifier(client: AsyncOpenAI) -> OpenAiClassifier:
    return asking(client, MODEL)

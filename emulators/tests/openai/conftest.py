"""One OpenAI per test, asked over a real socket by the official client and by a plain one."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from openai import AsyncOpenAI

from carquery_emulators.openai import OpenAiEmulator, always
from emulators.tests.openai.doubles import Client, Endpoint
from tests.patience import patience

NOW = 1_790_000_000
A_SALE = {"intent": "sell", "confidence": 0.92, "reply": "Поможем продать."}
"""What the models say."""


@pytest.fixture(params=["chat/completions", "responses"])
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """Each of the two."""
    endpoint: Endpoint = request.param
    return endpoint


@pytest.fixture
async def openai() -> AsyncIterator[OpenAiEmulator]:
    async with OpenAiEmulator(always(A_SALE), clock=lambda: NOW) as openai:
        yield openai


@pytest.fixture
async def client(openai: OpenAiEmulator) -> AsyncIterator[AsyncOpenAI]:
    """The official client; what goes wrong is not tried again."""
    async with AsyncOpenAI(
        api_key=openai.api_key, base_url=openai.base_url, max_retries=0, timeout=patience()
    ) as client:
        yield client


@pytest.fixture
async def api(openai: OpenAiEmulator) -> AsyncIterator[Client]:
    async with ClientSession() as http:
        yield Client(http, openai)

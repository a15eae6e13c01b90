"""Models to ask, and servers that answer whatever they like."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from openai import AsyncOpenAI

from carquery.adapters.openai.classifier import OpenAiClassifier
from carquery.adapters.openai.client import open_client
from carquery.adapters.openai.prices import price_of
from carquery.domain.masking import mask
from carquery_emulators.openai import Brain
from tests.patience import patience

MODEL = "gpt-4o-mini"
SAYS_NOTHING = mask("Здравствуйте")
SAYS_WHO = mask("Меня зовут Иван, +7 916 123-45-67, VIN XTA210990Y1234567, почта ivan@mail.ru")
KEY = "sk-proj-Zq81XkQ0vWnT5mLr"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def asking(client: AsyncOpenAI, model: str) -> OpenAiClassifier:
    """A classifier that asks this model, at its price."""
    return OpenAiClassifier(client, model, price_of(model).price)


def always(**said: Any) -> Brain:
    """A brain that always says the same: that somebody sells, unless told otherwise."""
    return lambda _model, _message: {"intent": "sell", "confidence": 0.9, "reply": "Поможем."} | said


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    """A server on loopback; its base URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def answered_by(handler: Handler, *, model: str = MODEL) -> AsyncIterator[OpenAiClassifier]:
    """A classifier whose server answers what the handler says."""
    async with (
        served(handler) as base_url,
        open_client(api_key=KEY, base_url=base_url, timeout_seconds=patience()) as client,
    ):
        yield asking(client, model)

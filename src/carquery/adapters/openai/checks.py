"""Whether the API knows the key and the models."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from openai import OpenAIError

from carquery.adapters.checks import Finding, State
from carquery.adapters.openai.client import open_client

REMEDY: Final = "OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, OPENAI_FALLBACK_MODEL"


async def knowing_models(
    names: Sequence[str], *, api_key: str, base_url: str, timeout_seconds: float
) -> AsyncIterator[Finding]:
    """Ask for each model; none of them is made to work."""
    async with open_client(api_key=api_key, base_url=base_url, timeout_seconds=timeout_seconds) as client:
        for name in names:
            try:
                await client.models.retrieve(name)
            except OpenAIError as failure:
                yield Finding(f"OpenAI: {name}", type(failure).__name__, State.WRONG, REMEDY)
            else:
                yield Finding(f"OpenAI: {name}", "answers")

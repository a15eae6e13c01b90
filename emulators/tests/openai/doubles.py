"""What the tests of the emulator stand on: a request that is right, and a client that shows what it was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, TypeAlias

from aiohttp import ClientSession
from pydantic import BaseModel, ConfigDict

from carquery_emulators.openai import OpenAiEmulator

Endpoint: TypeAlias = Literal["chat/completions", "responses"]

INTENTS = ["sell", "buy", "find", "check", "legal", "other"]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "intent": {"type": "string", "enum": INTENTS},
        "confidence": {"type": "number"},
        "brand": {"type": ["string", "null"]},
        "reply": {"type": "string"},
    },
    "required": ["intent", "confidence", "brand", "reply"],
    "additionalProperties": False,
}


class Wish(BaseModel):
    """The same, as the official client takes it."""

    model_config = ConfigDict(extra="forbid")

    intent: Literal["sell", "buy", "find", "check", "legal", "other"]
    confidence: float
    brand: str | None
    reply: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer. `headers`: without regard to case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        return self.body["error"]

    @property
    def said(self) -> str:
        """What the model said, from either endpoint."""
        if "choices" in self.body:
            return str(self.body["choices"][0]["message"]["content"])
        return str(self.body["output"][0]["content"][0]["text"])

    @property
    def usage(self) -> tuple[int, int, int]:
        """Tokens: input, output, cached."""
        usage = self.body["usage"]
        if "prompt_tokens" in usage:
            cached = usage["prompt_tokens_details"]["cached_tokens"]
            return usage["prompt_tokens"], usage["completion_tokens"], cached
        return usage["input_tokens"], usage["output_tokens"], usage["input_tokens_details"]["cached_tokens"]


class Client:
    """Asks over plain HTTP, for what the official client would not send."""

    def __init__(self, http: ClientSession, emulator: OpenAiEmulator) -> None:
        self._http = http
        self._emulator = emulator
        self.key = emulator.api_key

    async def ask(self, endpoint: Endpoint, message: str = "Продаю камри", **changed: Any) -> Answered:
        """A request that is right but for what is changed."""
        return await self.post(endpoint, request_to(endpoint, message) | changed)

    async def post(self, path: str, body: object) -> Answered:
        content = BytesIO(json.dumps(body, ensure_ascii=False).encode())  # aiohttp warns of large bytes
        return await self.send("POST", path, data=content)

    async def get(self, path: str) -> Answered:
        return await self.send("GET", path)

    async def send(self, method: str, path: str, **how: Any) -> Answered:
        """Raises aiohttp.ClientError."""
        headers = {"Authorization": f"Bearer {self.key}", **how.pop("headers", {})}
        async with self._http.request(method, f"{self._emulator.base_url}/{path}", headers=headers, **how) as answer:
            return Answered(answer.status, answer.headers, await answer.text())


def request_to(endpoint: Endpoint, message: str, schema: object = SCHEMA) -> dict[str, Any]:
    """A request that is right."""
    wanted = {"name": "wish", "strict": True, "schema": schema}
    conversation = [{"role": "system", "content": "Classify."}, {"role": "user", "content": message}]
    if endpoint == "responses":
        return {"model": "gpt-4o-mini", "input": conversation, "text": {"format": {"type": "json_schema", **wanted}}}
    response_format = {"type": "json_schema", "json_schema": wanted}
    return {"model": "gpt-4o-mini", "messages": conversation, "response_format": response_format}

"""What the tests of the emulator stand on: a clock moved by hand, and a client that shows what it was answered."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from carquery_emulators.amocrm import AmoCrmEmulator

NO_LIMIT = 100_000
"""Requests per second."""


class ManualClock:
    """Unix seconds that pass only when told to."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self._now = now

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer. `headers`: without regard to case; `body`: its JSON, None if there is none."""

    status: int
    kind: str | None
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text) if self.text else None

    def rows(self, name: str) -> Any:
        """What a list or a creation names."""
        return self.body["_embedded"][name]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Whose item, where in it, and with which code."""
        return [
            (item["request_id"], error["path"], error["code"])
            for item in self.body["validation-errors"]
            for error in item["errors"]
        ]


class Client:
    """Asks one host with one token."""

    def __init__(self, http: ClientSession, token: str) -> None:
        self._http = http
        self.token = token

    async def get(self, path: str, **params: str) -> Answered:
        return await self.ask("GET", path, params=params)

    async def post(self, path: str, body: object) -> Answered:
        return await self.ask("POST", path, json=body)

    async def patch(self, path: str, body: object) -> Answered:
        return await self.ask("PATCH", path, json=body)

    async def ask(self, method: str, path: str, **how: Any) -> Answered:
        """Raises aiohttp.ClientError."""
        headers = {"Authorization": f"Bearer {self.token}", **how.pop("headers", {})}
        async with self._http.request(method, path, headers=headers, allow_redirects=False, **how) as answer:
            text = await answer.text()
            return Answered(answer.status, answer.headers.get("Content-Type"), answer.headers, text)


@asynccontextmanager
async def client_of(emulator: AmoCrmEmulator, *, host: str | None = None) -> AsyncIterator[Client]:
    """A client with a long-lived token, on the account's host unless another is named."""
    async with ClientSession(host or emulator.base_url) as http:
        yield Client(http, emulator.long_lived_token())

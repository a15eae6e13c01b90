"""Delivery of updates to a webhook, with the server's order and retries."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from carquery_emulators.kit.answers import ConnectionCut, ProxyPage
from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.own_pages import LOOPBACK_NAMES
from carquery_emulators.telegram.api.errors import BotApiError, bad_request, too_many_requests
from carquery_emulators.telegram.api.parameters import Parameters, UploadedFile
from carquery_emulators.telegram.state import State
from carquery_emulators.telegram.updates import QueuedUpdate

# Source: tdlib/telegram-bot-api, WebhookActor.cpp (seconds)
LONGEST_RETRY_DELAY = 60
LONGEST_RETRY_AFTER = 3600
_ANSWER_LIMIT = 60
_SETTING_INTERVAL = 1  # setWebhook more often than this is answered with 429
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

Execute = Callable[[str, Parameters], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Settings:
    url: str
    secret_token: str | None
    max_connections: int


class Webhook:
    """Where updates are sent, if anywhere. A public address is never called: it needs `deliver_to` on loopback."""

    def __init__(self, state: State, execute: Execute, *, delay_scale: float, deliver_to: str | None) -> None:
        self._state = state
        self._execute = execute
        self._delay_scale = delay_scale
        self._deliver_to = deliver_to
        self._settings: _Settings | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._settable_at = 0.0
        self._busy: set[tuple[str, int]] = set()
        self._last_error: tuple[int, str] | None = None

    @property
    def is_set(self) -> bool:
        return self._settings is not None

    async def set(self, parameters: Parameters) -> bool:
        """setWebhook; with an empty url it is deleteWebhook."""
        url = parameters.text("url") or ""
        if not url:
            return await self.delete(parameters)
        secret = parameters.text("secret_token") or None
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._check_address(url)
        if time.monotonic() < self._settable_at:
            raise too_many_requests(1)
        self._settable_at = time.monotonic() + _SETTING_INTERVAL * self._delay_scale
        allowed = parameters.structure("allowed_updates")
        if isinstance(allowed, list):
            self._state.updates.allow([str(kind) for kind in allowed])
        settings = _Settings(url, secret, parameters.integer("max_connections") or 40)
        if settings == self._settings and not parameters.flag("drop_pending_updates"):
            return True
        await self._stop()
        if parameters.flag("drop_pending_updates"):
            self._state.updates.clear()
        self._settings = settings
        self._delivery = asyncio.create_task(self._deliver_all(self._settings), name="webhook delivery")
        return True

    async def delete(self, parameters: Parameters) -> bool:
        await self._stop()
        if parameters.flag("drop_pending_updates"):
            self._state.updates.clear()
        return True

    def info(self) -> Json:
        body: Json = {
            "url": self._settings.url if self._settings else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._state.updates.pending()),
        }
        if self._settings:
            body |= {"max_connections": self._settings.max_connections, "ip_address": "127.0.0.1"}
            if self._last_error:
                body |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        if self._state.updates.allowed:
            body["allowed_updates"] = self._state.updates.allowed
        return body

    async def close(self) -> None:
        await self._stop()

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        if self._deliver_to is None and (parts.scheme not in {"http", "https"} or parts.hostname not in LOOPBACK_NAMES):
            raise bad_request("bad webhook: the emulator delivers to loopback only; give it deliver_to")
        if self._deliver_to is not None and parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")

    async def _stop(self) -> None:
        self._settings, self._last_error = None, None
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            delivery.cancel()
            await asyncio.wait([delivery])
            if not delivery.cancelled():
                delivery.result()  # a bug here must not hide behind the cancellation
        self._busy.clear()

    async def _deliver_all(self, settings: _Settings) -> None:
        limit = aiohttp.ClientTimeout(total=_ANSWER_LIMIT)
        async with aiohttp.ClientSession(timeout=limit) as http, asyncio.TaskGroup() as lanes:
            while True:
                for update in self._state.updates.pending():
                    if update.lane not in self._busy and len(self._busy) < settings.max_connections:
                        self._busy.add(update.lane)
                        lanes.create_task(self._deliver(http, settings, update))
                await self._state.changes.next()

    async def _deliver(self, http: aiohttp.ClientSession, settings: _Settings, update: QueuedUpdate) -> None:
        """Offer one update until it is taken or expires; its lane waits meanwhile."""
        failures = 0
        try:
            while update in self._state.updates.pending():
                delay = await self._offer(http, settings, update)
                if delay is None:
                    self._state.updates.confirm(update)
                    return
                failures += 1
                delay = delay or (0 if failures == 1 else min(2.0 ** min(failures - 1, 6), LONGEST_RETRY_DELAY))
                await asyncio.sleep(delay * self._delay_scale)
        finally:
            self._busy.discard(update.lane)
            self._state.changes.wake()

    async def _offer(self, http: aiohttp.ClientSession, settings: _Settings, update: QueuedUpdate) -> float | None:
        """Post once. Returns None if it was taken, else how long the receiver asked to wait (0: it did not say)."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": settings.secret_token} if settings.secret_token else {}
        address = self._deliver_to or settings.url
        try:
            async with http.post(address, json=update.body, headers=headers) as response:
                if response.status // 100 != 2:
                    self._remember(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return _retry_after(response.headers.get("Retry-After", ""))
                called = await _read_call(response)
        except TimeoutError:
            self._remember("Read timeout expired")
            return 0.0
        except aiohttp.ClientError as error:
            self._remember(f"Connection failed: {type(error).__name__}")
            return 0.0
        if called is not None:
            await self._run(*called)
        return None

    async def _run(self, method: str, parameters: Parameters) -> None:
        try:
            await self._execute(method, parameters)
        except (BotApiError, ConnectionCut, ProxyPage):
            return  # the bot never learns how a call in its answer ended; the journal knows

    def _remember(self, error: str) -> None:
        self._last_error = (int(self._state.clock()), error)


def _retry_after(header: str) -> float:
    return float(min(int(header), LONGEST_RETRY_AFTER)) if header.isascii() and header.isdigit() else 0.0


async def _read_call(response: aiohttp.ClientResponse) -> tuple[str, Parameters] | None:
    """The method call that a webhook may put into its answer: JSON, or multipart as aiogram writes it."""
    values: dict[str, object] = {}
    files: dict[str, UploadedFile] = {}
    if response.content_type == "application/json":
        body = await _json_or_nothing(response)
        values.update(body)
    elif response.content_type.startswith("multipart/"):
        async for part in aiohttp.MultipartReader.from_response(response):
            if isinstance(part, aiohttp.BodyPartReader) and part.name:
                content = bytes(await part.read(decode=True))
                if part.filename:
                    kind = part.headers.get("Content-Type", "")
                    files[part.name] = UploadedFile(part.filename, kind, content)
                else:
                    values[part.name] = content.decode()
    method = values.pop("method", None)
    return (method, Parameters(values, files)) if isinstance(method, str) else None


async def _json_or_nothing(response: aiohttp.ClientResponse) -> Mapping[str, object]:
    try:
        body = json.loads(await response.text())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

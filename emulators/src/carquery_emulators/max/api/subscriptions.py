"""Webhooks: who wants updates, and how they are brought there."""

import asyncio
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from carquery_emulators.kit.json_types import Json
from carquery_emulators.kit.own_pages import LOOPBACK_NAMES
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import NotDoneAnswer
from carquery_emulators.max.api.messages import DONE
from carquery_emulators.max.faults import DELIVERY, Fault, Faults
from carquery_emulators.max.state import MaxState
from carquery_emulators.max.updates import LoggedUpdate

SECRET_HEADER = "X-Max-Bot-Api-Secret"  # noqa: S105  # the header's name
# Source: dev.max.ru, docs-api, POST /subscriptions, as of 2026 (seconds)
ANSWER_LIMIT = 30
FIRST_RETRY, RETRY_FACTOR, RETRIES = 60.0, 2.5, 10
PATIENCE_WITH_A_BOT = 8 * 3600
_SECRET = re.compile(r"[a-zA-Z0-9_-]{5,256}")
_VERSION = "0.0.33"


@dataclass(slots=True, eq=False)
class Subscription:
    """Attributes: `well_at`: Unix seconds of the last success, or of the beginning."""

    url: str
    secret: str | None
    kinds: frozenset[str] | None
    time: int
    well_at: float
    failures: int = 0
    """Since the last success."""
    lanes: dict[int | None, asyncio.Lock] = field(default_factory=dict)

    def wants(self, update: LoggedUpdate) -> bool:
        return self.kinds is None or update.kind in self.kinds

    def to_json(self) -> Json:
        kinds = None if self.kinds is None else sorted(self.kinds)
        return {"url": self.url, "time": self.time, "update_types": kinds, "version": _VERSION}


class Subscriptions:
    """Brings each update to each subscription, in its dialog's order as long as nothing goes wrong.

    What is sent again comes behind what happened since. A public address is never called: it needs `deliver_to`.

    Attributes:
        in_order: False: updates of one dialog do not wait for one another.
        renewal_forgets: True: a subscription that is made anew at its URL has nothing of what was being tried again.
            Nobody says whether MAX forgets.
        failures_until_dropped: so many in a row end a subscription; None: eight hours without a success do.
    """

    def __init__(self, state: MaxState, faults: Faults, *, delay_scale: float, deliver_to: str | None) -> None:
        self._state = state
        self._faults = faults
        self._delay_scale = delay_scale
        self._deliver_to = deliver_to
        self._subscriptions: list[Subscription] = []
        self._deliveries: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self.in_order = True
        self.renewal_forgets = False
        self.failures_until_dropped: int | None = None

    @property
    def urls(self) -> list[str]:
        return [subscription.url for subscription in self._subscriptions]

    async def listed(self, _: MaxRequest) -> Json:
        return {"subscriptions": [subscription.to_json() for subscription in self._subscriptions]}

    async def add(self, asked: MaxRequest) -> Json:
        """A second one of the same URL takes the place of the first, and goes on with what that could not deliver."""
        url, secret, kinds = (asked.body.get(name) for name in ("url", "secret", "update_types"))
        if not isinstance(url, str) or (why := self._refusal(url)) is not None:
            raise NotDoneAnswer("subscription.url.invalid", "url is missing" if not isinstance(url, str) else str(why))
        if secret is not None and (not isinstance(secret, str) or _SECRET.fullmatch(secret) is None):
            raise NotDoneAnswer("subscription.secret.invalid", "secret must have 5 to 256 letters, digits, _ or -")
        wanted = frozenset(map(str, kinds)) if isinstance(kinds, list) and kinds else None
        known = next((known for known in self._subscriptions if known.url == url), None)
        if known is None or self.renewal_forgets:
            self._subscriptions = [other for other in self._subscriptions if other.url != url]
            self._subscriptions.append(Subscription(url, secret, wanted, self._state.now(), self._state.clock()))
        else:
            known.secret, known.kinds, known.time, known.failures = secret, wanted, self._state.now(), 0
            known.well_at = self._state.clock()
        self._tell()
        return DONE

    async def remove(self, asked: MaxRequest) -> Json:
        url = asked.needed("url")
        if url not in self.urls:
            raise NotDoneAnswer("subscription.not.found", "No such subscription")
        self.drop(url)
        return DONE

    def drop(self, url: str | None = None) -> None:
        """End a subscription, or all, without a word to the bot."""
        self._subscriptions = [known for known in self._subscriptions if url is not None and known.url != url]
        self._tell()

    async def close(self) -> None:
        self._subscriptions.clear()
        for delivery in list(self._deliveries):
            delivery.cancel()
        if self._deliveries:
            await asyncio.wait(self._deliveries)
        if self._http is not None:
            await self._http.close()

    def _refusal(self, url: str) -> str | None:
        parts = urlsplit(url)
        if self._deliver_to is None:
            is_near = parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK_NAMES
            return None if is_near else "the emulator delivers to loopback only; give it deliver_to"
        if parts.scheme != "https":
            return "url must begin with https://"
        return None if parts.netloc.rpartition("@")[2].count(":") == 0 else "url must not name a port"

    def _tell(self) -> None:
        self._state.updates.bring = self._bring if self._subscriptions else None
        self._state.changes.wake()

    def _bring(self, update: LoggedUpdate) -> int:
        wanting = [subscription for subscription in self._subscriptions if subscription.wants(update)]
        for subscription in wanting:
            self._start(self._deliver(subscription, update))
        return len(wanting)

    def _start(self, delivery: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(delivery, name="webhook delivery")
        self._deliveries.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._deliveries.discard(task)
        if not task.cancelled():
            task.result()

    async def _deliver(self, subscription: Subscription, update: LoggedUpdate) -> None:
        """Offer one update, again and again, until it is taken or nobody cares for it any more."""
        began_at = self._state.clock()
        try:
            for attempt in range(1 + RETRIES):
                if attempt:
                    await asyncio.sleep(FIRST_RETRY * RETRY_FACTOR ** (attempt - 1) * self._delay_scale)
                is_over = self._state.clock() - began_at > PATIENCE_WITH_A_BOT
                if is_over or subscription not in self._subscriptions:
                    return
                if await self._attempt(subscription, update):
                    return
        finally:
            self._state.updates.delivered(update)

    async def _attempt(self, subscription: Subscription, update: LoggedUpdate) -> bool:
        """Offer once. Returns whether it is known to be taken."""
        if not self.in_order:
            return await self._offer(subscription, update)
        async with subscription.lanes.setdefault(update.chat_id, asyncio.Lock()):
            return await self._offer(subscription, update)

    async def _offer(self, subscription: Subscription, update: LoggedUpdate) -> bool:
        fault = self._faults.take(DELIVERY)
        how = None if fault is None else fault.how
        await self._hold_up(fault)
        is_taken = how not in {"late", "refuse"} and await self._post(subscription, update)
        if is_taken and how == "twice":
            await self._post(subscription, update)
        if how in {"again", "drop"}:
            is_taken = False
        self._note(subscription, is_taken=is_taken, is_arranged=how is not None)
        return is_taken

    async def _hold_up(self, fault: Fault | None) -> None:
        if fault is not None and fault.how == "delay":
            await self._state.changes.until(lambda: False, seconds=fault.seconds)

    async def _post(self, subscription: Subscription, update: LoggedUpdate) -> bool:
        headers = {SECRET_HEADER: subscription.secret} if subscription.secret else {}
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_LIMIT))
        try:
            address = self._deliver_to or subscription.url
            async with self._http.post(address, json=update.body, headers=headers) as response:
                return response.status == 200  # nothing else counts, not even 204
        except (TimeoutError, aiohttp.ClientError):
            return False

    def _note(self, subscription: Subscription, *, is_taken: bool, is_arranged: bool) -> None:
        if is_taken:
            subscription.failures, subscription.well_at = 0, self._state.clock()
            return
        if is_arranged:
            return  # a fault on order is not the bot's failure
        subscription.failures += 1
        limit = self.failures_until_dropped
        has_waited = self._state.clock() - subscription.well_at > PATIENCE_WITH_A_BOT
        if has_waited if limit is None else subscription.failures >= limit:
            self.drop(subscription.url)

"""That MAX brings updates here, and nowhere else of ours.

A subscription to a new address stands beside the old one, which goes on being delivered to. One that was not answered
for eight hours is dropped without a word. Source: dev.max.ru, POST /subscriptions.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

import structlog

from carquery.adapters.max.api.failures import MaxFailure, MaxRefused, MaxTokenRefused, in_words
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetSubscriptions, Subscribe, Subscription, Unsubscribe
from carquery.adapters.max.channel import MESSENGER
from carquery.adapters.max.updates.reading import UPDATE_TYPES
from carquery.adapters.messenger.no_updates import NoUpdates
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.application.ports.alerts import Alerts, UpdatesStopped

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between two tries to subscribe."""
SUBSCRIPTION: Final = "subscription"
"""Its name in an outage."""
GONE: Final = "MAX does not bring them here: it dropped the subscription, which is made again within minutes"
ELSEWHERE: Final = "somebody else hears the customers too: is it another service of yours? Else renew MAX_BOT_TOKEN"


class SubscriptionMeter(Protocol):
    """Counts; never fails."""

    def subscribed(self, messenger: str, *, is_there: bool) -> None:
        """Whether the messenger brings its updates here, as it says itself."""
        ...


@dataclass(frozen=True, slots=True)
class SubscriptionTimes:
    """Seconds. `look_every`: between two looks whether it is still there; `retry`: before the second try to make it."""

    look_every: float = 180.0
    retry: float = 1.0


class SubscriptionWatch:
    """Subscribes, and again where the subscription vanished. Every replica may: the same again changes nothing."""

    def __init__(
        self,
        api: MaxApi,
        route: WebhookRoute,
        alerts: Alerts,
        outage: Outage,
        meter: SubscriptionMeter,
        times: SubscriptionTimes,
    ) -> None:
        self._api = api
        self._route = route
        self._alerts = alerts
        self._outage = outage
        self._meter = meter
        self._times = times
        self._was_there = False
        self._is_refusal_told = False
        self._told_of: set[str] = set()

    async def look(self) -> str:
        """Whether updates come in. Raises NoUpdates, MaxFailure."""
        if self._ours(await self._api(GetSubscriptions(), seconds=LOOK_SECONDS)) is None:
            raise NoUpdates(GONE)
        return "MAX brings them"

    async def keep(self, stop: asyncio.Event) -> None:
        """Subscribe, and see to it until `stop` that it stays so. Raises MaxTokenRefused."""
        retry = self._times.retry
        while not stop.is_set():
            try:
                await self.ensure()
            except MaxTokenRefused:
                raise
            except MaxFailure as failure:
                await self._failed(failure)
                pause, retry = retry, min(retry * 2, LONGEST_PAUSE)
            else:
                self._is_refusal_told = False
                self._outage.worked(of=SUBSCRIPTION)
                pause, retry = self._times.look_every, self._times.retry
            await _wait(stop, pause)

    async def ensure(self) -> None:
        """Subscribe, unless we know that we are, and remove what an address of ours from before has. Raises MaxFailure.

        At the start it is said again, for the secret may be another one.
        """
        listed = await self._api(GetSubscriptions())
        vanished = self._was_there and self._ours(listed) is None
        if vanished:
            self._meter.subscribed(MESSENGER, is_there=False)
        if vanished or not self._was_there:
            await self._subscribe()
        self._was_there = True
        self._meter.subscribed(MESSENGER, is_there=True)
        if vanished:
            log.warning("max_subscription_restored", remedy="was the webhook's address out of reach for hours?")
            await self._alerts.tell(UpdatesStopped(MESSENGER, is_back=True))
        await self._leave_others(listed)

    async def _subscribe(self) -> None:
        """Raises MaxFailure."""
        call = Subscribe(url=self._route.url, update_types=UPDATE_TYPES, secret=self._route.secret)
        await self._api(call)
        listed = await self._api(GetSubscriptions())
        if self._ours(listed) is None:
            raise MaxRefused("", "it says that it is done, and lists no subscription")
        if not self._stands(listed):  # it stands there with other types, from before
            await self._api(Unsubscribe(url=self._route.url))
            await self._api(call)

    async def _leave_others(self, listed: Sequence[Subscription]) -> None:
        """Raises MaxFailure."""
        for one in listed:
            if one.url == self._route.url:
                continue
            if _host(one.url) == _host(self._route.url):
                await self._remove(one)
            elif one.url not in self._told_of:
                self._told_of.add(one.url)
                log.warning("max_subscription_elsewhere", address=_host(one.url), remedy=ELSEWHERE)

    async def _remove(self, stale: Subscription) -> None:
        """Raises MaxFailure."""
        try:
            await self._api(Unsubscribe(url=stale.url))
        except MaxTokenRefused:
            raise
        except MaxRefused:  # another replica was first
            return
        log.info("max_subscription_removed", reason="it was made for another address on this host")

    def _ours(self, listed: Sequence[Subscription]) -> Subscription | None:
        return next((one for one in listed if one.url == self._route.url), None)

    def _stands(self, listed: Sequence[Subscription]) -> bool:
        """For all that we read; without types, it is for everything."""
        ours = self._ours(listed)
        return ours is not None and (ours.update_types is None or set(ours.update_types) >= set(UPDATE_TYPES))

    async def _failed(self, failure: MaxFailure) -> None:
        reason, remedy = in_words(failure)
        if not isinstance(failure, MaxRefused):
            self._outage.failed(reason, remedy, of=SUBSCRIPTION)
        elif not self._is_refusal_told:
            self._is_refusal_told = True
            self._meter.subscribed(MESSENGER, is_there=False)
            log.warning("max_not_subscribed", reason=reason, remedy="MAX_WEBHOOK_URL: https, port 443, a full chain")
            await self._alerts.tell(UpdatesStopped(MESSENGER))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return

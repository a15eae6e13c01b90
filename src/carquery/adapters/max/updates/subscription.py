"""That MAX brings updates here, and nowhere else of ours.

A subscription to a new address stands beside the old one, which goes on being delivered to. One that was not answered
for eight hours is dropped without a word. Nobody says whether the same one made again takes a new secret, nor whether
what was to be repeated for it is forgotten then: so it is made only if it is not there, and its address says which
secret it was made with. Source of the rest: dev.max.ru, POST /subscriptions.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Final, Protocol
from urllib.parse import urlsplit

import structlog

from carquery.adapters.max.api.failures import (
    MaxFailure,
    MaxRefused,
    MaxTokenRefused,
    MaxTooManyRequests,
    in_words,
)
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import GetSubscriptions, Subscribe, Subscription, Unsubscribe
from carquery.adapters.max.channel import MESSENGER
from carquery.adapters.max.updates.reading import UPDATE_TYPES
from carquery.adapters.messenger.no_updates import NoUpdates
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.adapters.pausing import paused
from carquery.application.ports.alerts import Alerts, UpdatesStopped

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 2.0
LONGEST_PAUSE: Final = 60.0
"""Seconds between two tries to subscribe."""
SUBSCRIPTION: Final = "subscription"
"""Its name in an outage."""
GONE: Final = "MAX does not bring them here: it dropped the subscription, which is made again within minutes"
ELSEWHERE: Final = "somebody else hears the customers too: is it another service of yours? Else renew MAX_BOT_TOKEN"

_MARK: Final = re.compile(r"[?&]carquery=[0-9a-f]{8}$", re.ASCII)


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
    """Subscribes where there is no subscription, or none any more. Every replica may.

    Attributes:
        address: what MAX is told.
    """

    def __init__(
        self,
        api: MaxApi,
        route: WebhookRoute,
        alerts: Alerts,
        outage: Outage,
        meter: SubscriptionMeter,
        times: SubscriptionTimes,
    ) -> None:
        self.address = _marked(route)
        self._api = api
        self._route = route
        self._alerts = alerts
        self._outage = outage
        self._meter = meter
        self._times = times
        self._was_there = False
        self._is_refusal_told = False

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
                self._outage.worked(of=SUBSCRIPTION)
                pause, retry = self._times.look_every, self._times.retry
            await paused(stop, at_most=timedelta(seconds=pause))

    async def ensure(self) -> None:
        """Subscribe, unless we are; at the start, leave what we were subscribed to before. Raises MaxFailure."""
        listed = await self._api(GetSubscriptions())
        is_back = self._is_refusal_told
        if not self._was_there:
            if not self._stands(listed):
                await self._subscribe(listed)
            await self._leave_others(listed)
        elif self._ours(listed) is None:
            self._meter.subscribed(MESSENGER, is_there=False)
            await self._subscribe(listed)
            log.warning("max_subscription_restored", remedy="was the webhook's address out of reach for hours?")
            is_back = True
        self._was_there, self._is_refusal_told = True, False
        self._meter.subscribed(MESSENGER, is_there=True)
        if is_back:
            await self._alerts.tell(UpdatesStopped(MESSENGER, is_back=True))

    async def _subscribe(self, listed: Sequence[Subscription]) -> None:
        """Raises MaxFailure."""
        if self._ours(listed) is not None:  # for other types, by a version before
            await self._api(Unsubscribe(url=self.address))
        await self._api(Subscribe(url=self.address, update_types=UPDATE_TYPES, secret=self._route.secret))
        if self._ours(await self._api(GetSubscriptions())) is None:
            raise MaxRefused("", "it says that it is done, and lists no subscription")

    async def _leave_others(self, listed: Sequence[Subscription]) -> None:
        """Raises MaxFailure."""
        for one in listed:
            if one.url == self.address:
                continue
            if unmarked(one.url) != one.url:
                await self._remove(one)
            else:
                log.warning("max_subscription_elsewhere", address=urlsplit(one.url).hostname, remedy=ELSEWHERE)

    async def _remove(self, stale: Subscription) -> None:
        """Raises MaxFailure."""
        try:
            await self._api(Unsubscribe(url=stale.url))
        except (MaxTokenRefused, MaxTooManyRequests):
            raise
        except MaxRefused:  # another replica was first
            return
        log.info("max_subscription_removed", reason="it was ours, with another address or secret")

    def _ours(self, listed: Sequence[Subscription]) -> Subscription | None:
        return next((one for one in listed if one.url == self.address), None)

    def _stands(self, listed: Sequence[Subscription]) -> bool:
        """For all that we read; without types, it is for everything."""
        ours = self._ours(listed)
        return ours is not None and (ours.update_types is None or set(ours.update_types) >= set(UPDATE_TYPES))

    async def _failed(self, failure: MaxFailure) -> None:
        reason, remedy = in_words(failure)
        if not isinstance(failure, MaxRefused) or isinstance(failure, MaxTooManyRequests):  # of that, it says nothing
            self._outage.failed(reason, remedy, of=SUBSCRIPTION)
        elif not self._is_refusal_told:
            self._is_refusal_told = True
            self._meter.subscribed(MESSENGER, is_there=False)
            log.warning("max_not_subscribed", reason=reason, remedy="MAX_WEBHOOK_URL: https, port 443, a full chain")
            await self._alerts.tell(UpdatesStopped(MESSENGER))


def unmarked(address: str) -> str:
    """The address as it stands in the settings, of a subscription of ours; any other stays as it is."""
    return _MARK.sub("", address)


def _marked(route: WebhookRoute) -> str:
    """With a sign that it is ours, and of the secret, which can't be guessed from it; the way in ignores that."""
    sign = blake2b(route.secret.encode(), digest_size=4).hexdigest()
    return f"{route.url}{'&' if urlsplit(route.url).query else '?'}carquery={sign}"

"""MAX: the connection, the way in, the way out."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Final, NewType

from dishka import AsyncContainer, Provider, Scope, provide

from carquery.adapters.checks import Check
from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.api.connection import connect
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.sent_files import MaxSentFiles
from carquery.adapters.max.api.typing import MaxTyping
from carquery.adapters.max.channel import MAX, MESSENGER, chat_link
from carquery.adapters.max.checks import AT_MAX, AT_UPDATES, BeforeMaxUpdates, brought_by_max, known_to_max
from carquery.adapters.max.known_chats import KnownChats
from carquery.adapters.max.rendering.chats import MaxChats
from carquery.adapters.max.updates.intake import MaxIntake
from carquery.adapters.max.updates.markers import Markers
from carquery.adapters.max.updates.polling import MaxPolling, MaxPollTimes
from carquery.adapters.max.updates.subscription import SubscriptionTimes, SubscriptionWatch
from carquery.adapters.max.updates.webhook import MaxAnswerTimes, MaxWebhook
from carquery.adapters.max.way_in import (
    end_subscriptions,
    register_commands_in_max,
    telling_max,
    with_token_known_to_max,
)
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.watch import UpdateWatch
from carquery.adapters.messenger.way_in import WayIn
from carquery.adapters.messenger.ways_out import WayOut
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.adapters.sql.markers import SqlMarkers
from carquery.application.inbound import Inbound
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.environment import Clock
from carquery.entrypoints.checks.kinds import BOT_ALONE, NEITHER, BeforeStart, WhileRunning, on
from carquery.entrypoints.health.metrics import Metrics
from carquery.entrypoints.providers.channels import BooksOf
from carquery.entrypoints.settings.max import MaxSettings

MAX_KEPT_SECONDS: Final = 30.0
MAX_TRIES: Final = 3
"""It is the same MAX for all replicas: one answer that was late must not take all of them out at once."""

MaxBooks = NewType("MaxBooks", Bookkeeping)
MaxOutage = NewType("MaxOutage", Outage)


class MaxProvider(Provider):
    """Everything that speaks MAX's Bot API."""

    scope = Scope.APP

    def __init__(self, *, is_alone: bool) -> None:
        """`is_alone`: there is no other messenger to take customers' updates from while this one is away."""
        super().__init__()
        self._is_alone = is_alone

    chats = provide(MaxChats)
    markers = provide(SqlMarkers, provides=Markers)

    @provide
    def limits(self, clock: Clock) -> Limits:
        return Limits(clock)

    @provide
    def known_chats(self) -> KnownChats:
        return KnownChats()

    @provide
    async def api(self, settings: MaxSettings, limits: Limits) -> AsyncIterator[MaxApi]:
        async with connect(
            _token(settings), api_base=settings.max_api_base, ca_file=settings.max_ca_file, limits=limits
        ) as api:
            yield api

    @provide
    def outage(self) -> MaxOutage:
        return MaxOutage(Outage("max"))

    @provide
    def calls(self, api: MaxApi, outage: MaxOutage) -> MaxCalls:
        return MaxCalls(api, outage)

    @provide
    def way_out(self, api: MaxApi, calls: MaxCalls, chats: MaxChats, known_chats: KnownChats) -> WayOut:
        return WayOut(
            channel=MAX,
            name=MESSENGER,
            chats=chats,
            typing=MaxTyping(calls, known_chats),
            sent_files=MaxSentFiles(api),
            chat_link=chat_link,
        )

    @provide
    def books(self, chats: MaxChats, books_of: BooksOf) -> MaxBooks:
        return MaxBooks(books_of(chats))

    @provide
    def intake(
        self, inbound: Inbound, books: MaxBooks, watch: UpdateWatch, known_chats: KnownChats, settings: MaxSettings
    ) -> MaxIntake:
        return MaxIntake(inbound, books.replies, watch, known_chats, token=_token(settings))

    @provide
    def poll_times(self) -> MaxPollTimes:
        return MaxPollTimes()

    @provide
    def polling(
        self,
        api: MaxApi,
        intake: MaxIntake,
        books: MaxBooks,
        clock: Clock,
        outage: MaxOutage,
        markers: Markers,
        times: MaxPollTimes,
    ) -> MaxPolling:
        return MaxPolling(api, intake, books, clock, outage, markers, times)

    @provide
    def route(self, settings: MaxSettings) -> WebhookRoute:
        if settings.max_webhook_url is None or settings.max_webhook_secret is None:
            raise AssertionError("MAX_WEBHOOK_URL has MAX_WEBHOOK_SECRET beside it; without it, nothing asks for this")
        secret = settings.max_webhook_secret.get_secret_value()
        return WebhookRoute(
            settings.max_webhook_url, secret, settings.max_webhook_host, settings.max_webhook_port, prefix="MAX_"
        )

    @provide
    def subscription_times(self) -> SubscriptionTimes:
        return SubscriptionTimes()

    @provide
    def subscription(
        self,
        api: MaxApi,
        route: WebhookRoute,
        alerts: Alerts,
        outage: MaxOutage,
        metrics: Metrics,
        times: SubscriptionTimes,
    ) -> SubscriptionWatch:
        return SubscriptionWatch(api, route, alerts, outage, metrics, times)

    @provide
    def answer_times(self) -> MaxAnswerTimes:
        return MaxAnswerTimes()

    @provide
    def webhook(
        self,
        intake: MaxIntake,
        books: MaxBooks,
        route: WebhookRoute,
        subscription: SubscriptionWatch,
        clock: Clock,
        times: MaxAnswerTimes,
    ) -> MaxWebhook:
        strangers = Strangers(clock, messenger=MESSENGER, prefix="MAX_")
        return MaxWebhook(intake, books, route, strangers, subscription, times)

    @provide
    def way_in(self, settings: MaxSettings, api: MaxApi, outage: MaxOutage, container: AsyncContainer) -> WayIn:
        """`container`: of the two ways, only the one that is chosen is made, and not before it is needed."""

        async def poll(stop: asyncio.Event) -> None:
            await (await container.get(MaxPolling)).run(stop)

        async def listen(stop: asyncio.Event) -> None:
            await (await container.get(MaxWebhook)).run(stop)

        listens = settings.max_webhook_url is not None
        return WayIn(
            channel=MAX,
            outage=outage,
            run=with_token_known_to_max(listen if listens else poll),
            end_webhook=None if listens else telling_max(partial(end_subscriptions, api), "max_webhook_not_deleted"),
            register=None,  # the watch over the subscription does
            introduce=telling_max(partial(register_commands_in_max, api), "max_commands_not_registered"),
        )

    @provide
    def max_before_start(self, settings: MaxSettings, container: AsyncContainer) -> BeforeStart:
        before = BeforeMaxUpdates(settings.max_webhook_url)
        return BeforeStart(Check("MAX", on(container, MaxApi, before.examine), AT_MAX), hangs_on=("max_",))

    @provide
    def max_answers(self, api: MaxApi) -> WhileRunning:
        return WhileRunning(
            check=Check("max", partial(known_to_max, api), AT_MAX),
            needed_by=BOT_ALONE if self._is_alone else NEITHER,
            kept_seconds=MAX_KEPT_SECONDS,
            tries=MAX_TRIES,
        )

    @provide
    def updates_come_in(self, settings: MaxSettings, container: AsyncContainer) -> WhileRunning:
        """No restart and no other replica would change that they don't."""
        if settings.max_webhook_url is not None:
            examine = on(container, MaxWebhook, lambda webhook: brought_by_max(webhook.look))
        else:
            examine = on(container, MaxPolling, lambda polling: brought_by_max(polling.look))
        return WhileRunning(
            check=Check("max_updates", examine, AT_UPDATES),
            made_by=BOT_ALONE,
            needed_by=NEITHER,
            kept_seconds=MAX_KEPT_SECONDS,
        )


def _token(settings: MaxSettings) -> str:
    if settings.max_bot_token is None:
        raise AssertionError("without a token, there is none of this")
    return settings.max_bot_token.get_secret_value()

"""Where MAX's updates come in, and the MAX that they come from."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.api.connection import connect
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.methods import Subscribe
from carquery.adapters.max.channel import customer_of_user
from carquery.adapters.max.known_chats import KnownChats
from carquery.adapters.max.rendering.chats import MaxChats
from carquery.adapters.max.updates.intake import MaxIntake
from carquery.adapters.max.updates.polling import MaxPolling, MaxPollTimes
from carquery.adapters.max.updates.reading import UPDATE_TYPES
from carquery.adapters.max.updates.subscription import SubscriptionTimes, SubscriptionWatch
from carquery.adapters.max.updates.webhook import MaxAnswerTimes, MaxWebhook
from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.markers import MemoryMarkers
from carquery.adapters.messenger.bookkeeping import Bookkeeping
from carquery.adapters.messenger.strangers import Strangers
from carquery.adapters.messenger.webhook_door import WebhookRoute
from carquery.adapters.outage import Outage
from carquery.application.ports.owed_replies import OwedTimes
from carquery.domain.visit import Visit
from carquery_emulators.max import BOUNDLESS, MaxEmulator
from tests.adapters.max.odd_max import at_once
from tests.adapters.telegram.front_desk import CountedUpdates
from tests.application.in_memory import Dealership
from tests.ports import free_port
from tests.toy_messenger import replies_of

SECRET = "a-secret-of-the-tests"  # theirs alone
QUICK = OwedTimes(settle_every=timedelta(seconds=0.01), look_every=timedelta(seconds=0.05))


class SubscriptionSaid:
    """What was said of the subscription."""

    def __init__(self) -> None:
        self.states: list[bool] = []

    def subscribed(self, messenger: str, *, is_there: bool) -> None:
        del messenger
        self.states.append(is_there)


class MaxDesk:
    """Everything that updates of MAX pass; `polling` and `webhook` are ways in, to be run."""

    def __init__(self, max_: MaxEmulator, api: MaxApi, dealership: Dealership) -> None:
        self.max = max_
        self.api = api
        self.dealership = dealership
        self.updates = CountedUpdates()
        self.outage = Outage("max")
        self.chats = KnownChats()
        self.markers = MemoryMarkers()
        self.alerts = MemoryAlerts()
        self.meter = SubscriptionSaid()
        self.replies = replies_of(dealership, MaxChats(MaxCalls(api, self.outage)))
        self.books = Bookkeeping(
            owed=dealership.visits,
            replies=self.replies,
            inbound=dealership.inbound,
            clock=dealership.clock,
            times=QUICK,
        )
        self.intake = MaxIntake(dealership.inbound, self.replies, self.updates, self.chats, token=max_.token)
        port = free_port()
        self.route = WebhookRoute(f"http://127.0.0.1:{port}/max", SECRET, "127.0.0.1", port, prefix="MAX_")

    def polling(self, intake: MaxIntake | None = None) -> MaxPolling:
        return MaxPolling(
            self.api,
            intake or self.intake,
            self.books,
            self.dealership.clock,
            self.outage,
            self.markers,
            MaxPollTimes(wait=1),
        )

    async def subscribe(self, url: str, types: Sequence[str] = UPDATE_TYPES) -> None:
        """What stood there before."""
        await self.api(Subscribe(url=url, update_types=types, secret=SECRET))

    async def visit(self) -> Visit:
        """Of the customer whose number is 501."""
        visit = await self.dealership.visits.load(customer_of_user(501))
        assert visit is not None, "nothing was taken yet"
        return visit

    def subscription(self) -> SubscriptionWatch:
        times = SubscriptionTimes(look_every=0.05, retry=0.01)
        return SubscriptionWatch(self.api, self.route, self.alerts, self.outage, self.meter, times)

    def webhook(self, intake: MaxIntake | None = None, times: MaxAnswerTimes | None = None) -> MaxWebhook:
        strangers = Strangers(self.dealership.clock, messenger="MAX", prefix="MAX_")
        return MaxWebhook(
            intake or self.intake,
            self.books,
            self.route,
            strangers,
            self.subscription(),
            times or MaxAnswerTimes(),
        )


@asynccontextmanager
async def running(way_in: MaxPolling | MaxWebhook) -> AsyncIterator[None]:
    """On leaving, everything in hand was handled."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(way_in.run(stop))
        try:
            yield
        finally:
            stop.set()


@asynccontextmanager
async def max_desk(*, delay_scale: float = 1e-3) -> AsyncIterator[MaxDesk]:
    dealership = Dealership()
    async with (
        MaxEmulator(delay_scale=delay_scale, rates=BOUNDLESS) as max_,
        connect(
            max_.token, api_base=max_.base_url, ca_file=None, limits=Limits(dealership.clock, sleep=at_once)
        ) as api,
    ):
        yield MaxDesk(max_, api, dealership)

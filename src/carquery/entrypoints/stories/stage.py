"""What a bot that plays stories has besides: who knows when a reply was shown, and when the staff were told."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import structlog
from dishka import Provider, Scope, decorate, provide
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.messenger.watch import UpdateWatch
from carquery.adapters.sql.engine import open_engine
from carquery.application.ports.alerts import Alert, Alerts, CustomerNotUnderstood
from carquery.domain.ids import Channel, CustomerId, InputId
from carquery.entrypoints.settings.stores import StoreSettings


class FollowedUpdates:
    """Told of each update, as `UpdateWatch` promises. Which update it is, the log's context knows."""

    def __init__(self) -> None:
        self._shown: defaultdict[int | InputId, asyncio.Event] = defaultdict(asyncio.Event)

    def handled(self, channel: Channel, kind: str, *, seconds: float, is_failed: bool) -> None:
        known = structlog.contextvars.get_contextvars()
        update = known.get("update_id", known.get("input"))
        if update is not None:
            self._shown[update].set()

    async def shown(self, update: int | InputId) -> None:
        """Wait until the customer has the reply to that update, as its channel calls it."""
        await self._shown[update].wait()
        del self._shown[update]


class OverheardAlerts:
    """Counts whom the staff were told of."""

    def __init__(self) -> None:
        self.of: Counter[CustomerId] = Counter()

    def hear(self, alert: Alert) -> None:
        if isinstance(alert, CustomerNotUnderstood):
            self.of[alert.customer] += 1


class StageProvider(Provider):
    """The bot as it is, with somebody who listens, and a database that waits for no disk: it ends with the stories."""

    scope = Scope.APP

    def __init__(self, updates: FollowedUpdates, overheard: OverheardAlerts) -> None:
        super().__init__()
        self._updates = updates
        self._overheard = overheard

    @provide(override=True)
    def watch(self) -> UpdateWatch:
        return self._updates

    @provide(override=True)
    async def engine(self, settings: StoreSettings) -> AsyncIterator[AsyncEngine]:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            event.listen(engine.sync_engine, "connect", _wait_for_no_disk)
            yield engine

    @decorate
    def alerts(self, alerts: Alerts) -> Alerts:
        return _Listening(alerts, self._overheard)


def _wait_for_no_disk(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


class _Listening:
    def __init__(self, alerts: Alerts, overheard: OverheardAlerts) -> None:
        self._alerts = alerts
        self._overheard = overheard

    async def tell(self, alert: Alert) -> None:
        self._overheard.hear(alert)
        await self._alerts.tell(alert)

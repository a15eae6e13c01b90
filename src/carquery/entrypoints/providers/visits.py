"""Where visits are kept, chosen by REDIS_URL; without it, nothing of Redis is imported."""

from collections.abc import AsyncIterator

from dishka import AnyOf, Provider, Scope, provide

from carquery.adapters.checks import Check, Finding, State
from carquery.adapters.memory.visits import IN_USE, MemoryVisits
from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import OwedReplies, OwedTimes
from carquery.application.ports.visits import Visits
from carquery.entrypoints.checks.kinds import BeforeStart
from carquery.entrypoints.settings.stores import StoreSettings


class MemoryVisitsProvider(Provider):
    """In the process."""

    scope = Scope.APP

    @provide
    def visits(self, settings: StoreSettings, clock: Clock, times: OwedTimes) -> AnyOf[Visits, OwedReplies]:
        return MemoryVisits(clock, lifetime=settings.dialog_lifetime, times=times, in_use=IN_USE)

    @provide
    def visits_before_start(self) -> BeforeStart:
        async def examine() -> AsyncIterator[Finding]:
            yield Finding("Redis", "none: open dialogs live in the process, and end with it", State.NOTE)

        return BeforeStart(Check("Redis", examine), hangs_on=("redis_",))


def visits_provider(settings: StoreSettings) -> Provider:
    """The provider of the store that the settings choose."""
    if settings.redis_url is None:
        return MemoryVisitsProvider()
    from carquery.entrypoints.providers.redis_visits import RedisVisitsProvider

    return RedisVisitsProvider(settings.redis_url.get_secret_value(), lifetime=settings.dialog_lifetime)

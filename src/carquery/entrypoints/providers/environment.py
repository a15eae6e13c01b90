"""Time, chance, and the bell between bot and delivery."""

from dishka import Provider, Scope, provide

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.system.clock import SystemClock
from carquery.adapters.system.lots import SystemLots
from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.environment import Bell, Clock, Lots


class EnvironmentProvider(Provider):
    """What a pure program can't know."""

    scope = Scope.APP

    clock = provide(SystemClock, provides=Clock)
    lots = provide(SystemLots, provides=Lots)
    bell = provide(MemoryBell, provides=Bell)

    @provide
    def alert_bell(self) -> AlertBell:
        return MemoryBell()

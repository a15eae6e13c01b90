"""Time, chance, and the bell between bot and delivery."""

from dishka import Provider, Scope, provide

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.system.clock import SystemClock
from carquery.adapters.system.randomness import SystemRandomness
from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.environment import Bell, Clock, Randomness


class EnvironmentProvider(Provider):
    """What a pure program can't know."""

    scope = Scope.APP

    clock = provide(SystemClock, provides=Clock)
    randomness = provide(SystemRandomness, provides=Randomness)
    bell = provide(MemoryBell, provides=Bell)

    @provide
    def alert_bell(self) -> AlertBell:
        return MemoryBell()

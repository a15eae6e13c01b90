"""What is looked at, of everything that the container is made of."""

from dishka import Provider, Scope, collect

from carquery.entrypoints.checks.kinds import BeforeStart, WhileRunning


class ChecksProvider(Provider):
    """What the other providers bring to be looked at, in their order."""

    scope = Scope.APP

    before_start = collect(BeforeStart)
    while_running = collect(WhileRunning)

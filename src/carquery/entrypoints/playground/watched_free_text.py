"""The bot's reading of free messages, with somebody who watches."""

from dishka import Provider, Scope, provide

from carquery.application.free_text.read_message import ReadingObserver
from carquery.entrypoints.playground.free_text_monitor import FreeTextMonitor


class WatchedFreeText(Provider):
    """Whatever the bot reads, the monitor learns."""

    scope = Scope.APP

    def __init__(self, monitor: FreeTextMonitor) -> None:
        super().__init__()
        self._monitor = monitor

    @provide(override=True)
    def observer(self) -> ReadingObserver:
        return self._monitor

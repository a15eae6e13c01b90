"""What customers were answered, kept for whoever asks."""

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Screen


class MemoryWatch:
    """Remembers every screen, in order; `away`: how often a store was."""

    def __init__(self) -> None:
        self.screens: list[Screen] = []
        self.away = 0

    def replied(self, screen: Screen, *, away: StoreUnavailable | None = None) -> None:
        self.screens.append(screen)
        self.away += away is not None

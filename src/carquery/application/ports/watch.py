"""The port to whoever counts and logs what customers are answered."""

from typing import Protocol

from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import Screen


class Watch(Protocol):
    """Counts; never fails."""

    def replied(self, screen: Screen, *, away: StoreUnavailable | None = None) -> None:
        """A customer's input led to that screen. `away`: the store is, which is why nothing else could be said."""
        ...

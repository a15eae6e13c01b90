"""The port to what understands a text at once: the built-in classifier and its grammar."""

from typing import Protocol

from carquery.domain.understanding import Understanding


class Interpreter(Protocol):
    """Reads a text or a piece of one. It needs no network, costs nothing and never fails."""

    def understand(self, message: str) -> Understanding:
        """What it wants and mentions; of a long text, the first 500 characters count. It answers the same each time."""
        ...

"""The port to what understands a text at once: the built-in classifier and its grammar."""

from typing import Protocol

from carquery.domain.hearing.message import Interprets
from carquery.domain.understanding import Entities, Understanding


class Interpreter(Interprets, Protocol):
    """Reads a text or a piece of one. It needs no network, costs nothing and never fails."""

    def understand(self, message: str, /) -> Understanding:
        """What it wants and mentions; of a long text, the first 500 characters count. It answers the same each time."""
        ...

    def mentions(self, message: str, /) -> Entities:
        """The same as `understand(message).mentioned`, for a fraction of what that takes."""
        ...

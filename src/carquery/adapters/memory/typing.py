"""«печатает…», remembered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carquery.domain.ids import CustomerId


class MemoryTyping:
    """Remembers to whom it was shown, in order."""

    def __init__(self) -> None:
        self.shown: list[CustomerId] = []

    @asynccontextmanager
    async def shown_to(self, customer: CustomerId) -> AsyncIterator[None]:
        self.shown.append(customer)
        yield

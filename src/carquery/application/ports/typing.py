"""Showing a customer that an answer is under way."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from carquery.domain.ids import CustomerId


class Typing(Protocol):
    """«печатает…»"""

    def shown_to(self, customer: CustomerId) -> AbstractAsyncContextManager[None]:
        """Show it until the end of the block. Never fails, and keeps nobody waiting."""
        ...

"""The port to customers to whom the bot speaks first.

OutreachFailed
├── CustomerGone    the customer will not be reached any more
├── NotSent         nothing was sent; it may be tried again
└── PerhapsSent     nobody knows
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from carquery.application.screens import Screen
from carquery.domain.ids import Channel, CustomerId


class OutreachFailed(Exception):
    """The customer was not reached, as far as we know."""


class CustomerGone(OutreachFailed):
    """They have blocked the bot, or are not there."""


class NotSent(OutreachFailed):
    """The messenger is away or will not be asked now. `again_in`: not before that."""

    def __init__(self, again_in: timedelta = timedelta()) -> None:
        super().__init__()
        self.again_in = again_in


class PerhapsSent(OutreachFailed):
    """It was asked to send it, and did not answer."""


class Outreach(Protocol):
    """The messengers that this process can write to."""

    @property
    def channels(self) -> Collection[Channel]:
        """Theirs."""
        ...

    async def show(self, customer: CustomerId, screen: Screen) -> None:
        """Write a message beside what the customer sees. Raises OutreachFailed."""
        ...

"""The way in of one channel, as the process that opens it knows it: taking updates, and what the messenger is told."""

import asyncio
from collections.abc import Awaitable, Callable

from carquery.adapters.outage import Outage
from carquery.domain.ids import Channel
from carquery.domain.values import dataclass


class WayInRefused(Exception):
    """It can't be opened, and waiting changes nothing. The message: the variable, what is wrong, what is expected."""


class TokenRefused(WayInRefused):
    """The messenger does not know the bot's token (any more)."""


class NotTold(Exception):
    """The messenger has not taken what it was told. `reason`, `remedy`: without addresses and secrets.

    Attributes:
        is_away: it can't be reached now; else it does not want that.
    """

    def __init__(self, reason: str, remedy: str = "", *, is_away: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.is_away = is_away


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that the messenger is to be told.

    Attributes:
        tell: tries once; raises NotTold, TokenRefused.
        failed: what the log calls it if that did not work.
    """

    tell: Callable[[], Awaitable[object]]
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How one channel's updates come in.

    Attributes:
        outage: what is said of a messenger that is away.
        run: takes updates until the event is set, and finishes what is in hand; raises WayInRefused.
        end_webhook: so that somebody may poll; None: this channel's updates come by a webhook.
        register: where to bring updates; None: they are asked for.
        introduce: what else the messenger has to know, such as the bot's commands.
    """

    channel: Channel
    outage: Outage
    run: Callable[[asyncio.Event], Awaitable[None]]
    end_webhook: Telling | None
    register: Telling | None
    introduce: Telling

"""The port to what customers are still owed: a reply that was not shown, or the taking of an input."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from carquery.domain.ids import Channel, CustomerId, InputId
from carquery.domain.visit import Version


@dataclass(frozen=True, slots=True)
class OwedTimes:
    """How patient processes are with one another.

    Attributes:
        grace: so long whoever saved a visit is left alone with its reply. Whoever needs longer says so in time.
        look_every: pauses between two looks for what nobody cares for any more.
        settle_every: how long what was shown may stay marked as owed, so that many are written off at once.
    """

    grace: timedelta = timedelta(minutes=1)
    look_every: timedelta = timedelta(seconds=20)
    settle_every: timedelta = timedelta(seconds=2)


USUAL_TIMES: Final = OwedTimes()


class OwedReplies(Protocol):
    """Customers who are owed something, beside their visits and for as long as those live.

    Saving a visit marks its reply as owed; `Visits.note_shown` and `settle` take the mark away. Every method may raise
    `StoreUnavailable`.
    """

    async def settle(self, replies: Collection[tuple[CustomerId, Version]]) -> None:
        """These versions' replies are owed no more; a version that is not the stored one any more changes nothing."""
        ...

    async def set_aside(self, customer: CustomerId, inputs: Mapping[InputId, bytes], *, due: datetime) -> None:
        """Keep inputs that take long to take, as the channel brought them; those of one customer in this order.

        They are kept until they are taken (`Visits.save`) or dropped; from `due` on anybody may claim them.
        """
        ...

    async def left_aside(self, customer: CustomerId) -> Sequence[bytes]:
        """What was set aside and is not taken, in the order in which it came."""
        ...

    async def drop_aside(self, customer: CustomerId, inputs: Collection[InputId]) -> None:
        """Nothing has to be done about these inputs any more."""
        ...

    async def claim(self, channel: Channel, *, at: datetime, until: datetime, limit: int) -> Sequence[CustomerId]:
        """About so many customers of the channel who are owed something that is due, those due longest first.

        Nobody else is given them before `until`, from any process. Some of them may be owed nothing any more.
        """
        ...

    async def put_off(self, customers: Collection[CustomerId], *, until: datetime) -> None:
        """Nobody is given these before `until`; of whom nothing is known, nothing is noted."""
        ...

"""What this process owes to customers while it lives, and what those that are gone have left owed."""

from collections.abc import Collection, Mapping, Sequence

import structlog

from carquery.adapters.messenger.replies import Remembered, Replies
from carquery.application.inbound import Inbound
from carquery.application.ports.environment import Clock
from carquery.application.ports.owed_replies import OwedReplies, OwedTimes
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.ids import Channel, CustomerId, InputId, MessageToken
from carquery.domain.values import dataclass

log = structlog.get_logger(__name__)

CLAIMED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """Nothing of it fails while the store is away: then nobody is claimed and nothing is kept, and that is said."""

    owed: OwedReplies
    replies: Replies
    inbound: Inbound
    clock: Clock
    times: OwedTimes

    async def set_aside(self, customer: CustomerId, inputs: Mapping[InputId, bytes]) -> bool:
        """Keep inputs that take long, so that the messenger need not keep them. False: they are not kept."""
        try:
            await self.owed.set_aside(customer, inputs, due=self.clock.now() + self.times.grace)
        except StoreUnavailable:
            return False
        return True

    async def drop_aside(self, customer: CustomerId, inputs: Collection[InputId]) -> None:
        """They were taken, or need not be."""
        try:
            await self.owed.drop_aside(customer, inputs)
        except StoreUnavailable:
            return  # they are found, and most of them recognised as taken

    async def renew(self, customers: Collection[CustomerId]) -> None:
        """Say that this process still cares for them."""
        try:
            await self.owed.put_off(customers, until=self.clock.now() + self.times.grace)
        except StoreUnavailable:
            return

    async def left_owed(self, channel: Channel) -> Sequence[CustomerId]:
        """Some customers for whom nobody cares any more; now this process does."""
        now = self.clock.now()
        try:
            return await self.owed.claim(channel, at=now, until=now + self.times.grace, limit=CLAIMED_AT_ONCE)
        except StoreUnavailable:
            return ()

    async def left_aside(self, customer: CustomerId) -> Sequence[bytes]:
        """Inputs of the customer's that nobody has taken."""
        try:
            return await self.owed.left_aside(customer)
        except StoreUnavailable:
            return ()

    async def show_owed(self, customer: CustomerId, stands: MessageToken | None = None) -> MessageToken | None:
        """Show the customer where things stand, if that is owed. As `Replies.show` otherwise."""
        try:
            owed = await self.inbound.owed_to(customer)
        except StoreUnavailable:
            return None
        if owed.reply is None:
            self.replies.ledger.shown(customer, owed.version)
            return None
        log.info("owed_reply_shown", customer=str(customer))
        return await self.replies.show(customer, owed.reply, Remembered(owed.in_place), stands=stands)

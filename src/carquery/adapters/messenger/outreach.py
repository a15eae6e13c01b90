"""Writing to customers who have not written: in whatever messenger they are."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from carquery.adapters.messenger.chats import Chats, Gone, NotReached
from carquery.adapters.messenger.message import Message
from carquery.adapters.messenger.presenter import present
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.application.ports.outreach import CustomerGone, NotSent, PerhapsSent
from carquery.application.screens import Screen
from carquery.domain.ids import Channel, CustomerId
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class ChannelsOutreach:
    """The chats of each channel."""

    chats: Mapping[Channel, Chats]
    clock: Clock
    dealership: ToldOfDealership = nothing_told

    @property
    def channels(self) -> Collection[Channel]:
        return self.chats.keys()

    async def show(self, customer: CustomerId, screen: Screen) -> None:
        view = present(screen, self.dealership(), at=self.clock.now())
        if not isinstance(view, Message):
            raise TypeError(f"{type(screen).__name__} is nothing to begin with")
        try:
            await self.chats[customer.channel].send(customer, view, after=None)
        except Gone as gone:
            raise CustomerGone from gone
        except NotReached as not_reached:
            if not_reached.is_perhaps_done:
                raise PerhapsSent from not_reached
            raise NotSent(timedelta(seconds=not_reached.again_in)) from not_reached

"""Chats of the playground, as stories to be played again."""

from dataclasses import dataclass
from typing import Final

from carquery.adapters.max.channel import MAX
from carquery.adapters.max.channel import customer_of_user as max_customer
from carquery.adapters.telegram.channel import TELEGRAM, customer_of_user
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Chosen, Leads
from carquery.application.ports.visits import Visits
from carquery.domain.ids import CustomerId
from carquery.entrypoints.playground.chats import EmulatedChats
from carquery.entrypoints.stories.recording import Recorder, TalkingCustomer

MOST_LEADS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStories:
    """A `Storyteller` over the emulated chats and what the bot made of them."""

    chats: EmulatedChats
    visits: Visits
    leads: Leads
    clock: Clock
    recorder: Recorder

    async def story(self, messenger: str, customer: int) -> str | None:
        found = self._found(messenger, customer)
        if found is None:
            return None
        person, who = found
        sent = await self.leads.newest(limit=MOST_LEADS, chosen=Chosen(customer=who))
        name = f"{self.clock.now():%Y-%m-%d-%H%M%S}"
        return self.recorder.story(person, await self.visits.load(who), sent[::-1], name=name)

    def _found(self, messenger: str, customer: int) -> tuple[TalkingCustomer, CustomerId] | None:
        if messenger == TELEGRAM and (writes := self.chats.telegram.customers.get(customer)) is not None:
            return writes, customer_of_user(customer)
        if messenger == MAX and (in_max := self.chats.max.customers.get(customer)) is not None:
            return in_max, max_customer(customer)
        return None

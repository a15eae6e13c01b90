"""Chats of the playground, as stories to be played again."""

from dataclasses import dataclass
from typing import Final

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Chosen, Leads
from carquery.application.ports.visits import Visits
from carquery.entrypoints.stories.recording import Recorder
from carquery_emulators.telegram import TelegramEmulator

MOST_LEADS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStories:
    """A `Storyteller` over the emulated chats and what the bot made of them."""

    telegram: TelegramEmulator
    visits: Visits
    leads: Leads
    clock: Clock
    recorder: Recorder

    async def story(self, customer: int) -> str | None:
        person = self.telegram.customers.get(customer)
        if person is None:
            return None
        who = customer_of_user(customer)
        sent = await self.leads.newest(limit=MOST_LEADS, chosen=Chosen(customer=who))
        name = f"{self.clock.now():%Y-%m-%d-%H%M%S}"
        return self.recorder.story(person, await self.visits.load(who), sent[::-1], name=name)

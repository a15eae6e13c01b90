"""Stories played against the real bot over the emulated Telegram: many at once, each by a customer of its own."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dishka import AsyncContainer

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.leads import Leads
from carquery.application.ports.visits import Visits
from carquery.domain.ids import CustomerId
from carquery.domain.lead import Lead
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.processes.bot import serve
from carquery.entrypoints.settings.reading import read_settings
from carquery.entrypoints.settings.settings import BotSettings
from carquery.entrypoints.stories.judging import differences
from carquery.entrypoints.stories.played import Played
from carquery.entrypoints.stories.playing import StoryPlayer
from carquery.entrypoints.stories.stage import FollowedUpdates, OverheardAlerts, StageProvider
from carquery.entrypoints.stories.story import Story
from carquery_emulators.telegram import Customer, TelegramEmulator

TOKEN: Final = "1000001:STORIES"  # noqa: S105  # known to the emulator alone
AT_ONCE: Final = 16
"""Customers. With more, each waits longer, and all together are no sooner done."""
FIRST_NAME: Final = "Саша"
FIRST_PHONE: Final = 79160000001
MOST_LEADS: Final = 100_000


async def play_stories(stories: Sequence[Story], *, dealership: Path | None = None) -> tuple[tuple[str, ...], ...]:
    """What differed in each, a line for each thing; no line: it ended as told.

    Args:
        dealership: what the dealership tells; `None`: as the bot would have it.

    Raises:
        WrongSettings: a variable is wrong.
    """
    telegram = TelegramEmulator(TOKEN, username="carquery_bot", name="CarQuery")
    updates, overheard = FollowedUpdates(), OverheardAlerts()
    with tempfile.TemporaryDirectory(prefix="carquery-") as folder:
        async with telegram:
            settings = _settings(Path(folder), telegram, dealership)
            container = make_bot_container(settings, StageProvider(updates, overheard))
            try:
                return await _Stage(container, telegram, updates, overheard).differences(stories)
            finally:
                await container.close()


def _settings(folder: Path, telegram: TelegramEmulator, dealership: Path | None) -> BotSettings:
    """Whatever could lead out of this machine is given; how forms and texts are is the installation's."""
    told: dict[str, object] = {} if dealership is None else {"dealership_file": dealership}
    return read_settings(
        BotSettings,
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.base_url,
        telegram_proxy=None,
        admin_chat_id=None,
        bot_mode="polling",
        health_check_host="127.0.0.1",
        health_check_port=0,
        database_url=f"sqlite:///{folder / 'carquery.db'}",
        redis_url=None,
        openai_api_key=None,
        amocrm_mock_mode=True,
        privacy_policy_url=None,
        **told,
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """A bot that is yet to be started, and room for customers."""

    container: AsyncContainer
    telegram: TelegramEmulator
    updates: FollowedUpdates
    overheard: OverheardAlerts

    async def differences(self, stories: Sequence[Story]) -> tuple[tuple[str, ...], ...]:
        """Play them while the bot runs, and judge what came of them."""
        customers = [self._customer(number) for number in range(len(stories))]
        played, leads = await self._played(stories, customers)
        dealership = (await self.container.get(ToldOfDealership))()
        judged = []
        for story, customer, one in zip(stories, customers, played, strict=True):
            who = customer_of_user(customer.id)
            one.leads, one.alarms = leads.get(who, []), self.overheard.of[who]
            judged.append(differences(story, one, dealership))
        return tuple(judged)

    async def _played(
        self, stories: Sequence[Story], customers: Sequence[Customer]
    ) -> tuple[list[Played], Mapping[CustomerId, list[Lead]]]:
        """And what was sent, by whom."""
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(self.container, stop))
        playing = asyncio.create_task(self._play(stories, customers))
        try:
            await asyncio.wait((serving, playing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            if not playing.done():
                playing.cancel()
            await serving
        return await playing

    async def _play(
        self, stories: Sequence[Story], customers: Sequence[Customer]
    ) -> tuple[list[Played], Mapping[CustomerId, list[Lead]]]:
        visits, places = await self.container.get(Visits), asyncio.Semaphore(AT_ONCE)

        async def play(story: Story, customer: Customer) -> Played:
            async with places:
                return await StoryPlayer(customer, visits, self.updates).play(story)

        return await asyncio.gather(*map(play, stories, customers)), await self._leads()

    def _customer(self, number: int) -> Customer:
        """Somebody never seen before."""
        return self.telegram.customer(self.telegram.next_customer_id(), FIRST_NAME, phone=f"+{FIRST_PHONE + number}")

    async def _leads(self) -> Mapping[CustomerId, list[Lead]]:
        """By whom they were sent, oldest first."""
        leads: Leads = await self.container.get(Leads)
        sent: defaultdict[CustomerId, list[Lead]] = defaultdict(list)
        for lead in reversed(await leads.newest(limit=MOST_LEADS)):
            if lead.customer is not None:
                sent[lead.customer].append(lead)
        return sent

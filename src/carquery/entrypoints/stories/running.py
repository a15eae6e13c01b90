"""Stories played against the real bot over an emulated messenger: many at once, each by a customer of its own."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dishka import AsyncContainer

from carquery.application.ports.amendments import Amendments
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.leads import Leads
from carquery.application.ports.visits import Visits
from carquery.domain.amendment import as_the_customer_sees
from carquery.domain.ids import CustomerId
from carquery.domain.lead import Lead
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.processes.bot import serve
from carquery.entrypoints.settings.reading import read_settings
from carquery.entrypoints.settings.settings import BotSettings
from carquery.entrypoints.stories.actor import Actor, EmulatedMessenger
from carquery.entrypoints.stories.judging import differences
from carquery.entrypoints.stories.played import Played
from carquery.entrypoints.stories.playing import StoryPlayer
from carquery.entrypoints.stories.stage import FollowedUpdates, OverheardAlerts, StageProvider
from carquery.entrypoints.stories.story import Story

AT_ONCE: Final = 16
"""Customers. With more, each waits longer, and all together are no sooner done."""
MOST_LEADS: Final = 100_000


async def play_stories(
    stories: Sequence[Story], messenger: EmulatedMessenger, *, dealership: Path | None = None
) -> tuple[tuple[str, ...], ...]:
    """What differed in each, a line for each thing; no line: it ended as told.

    Args:
        dealership: what the dealership tells; `None`: as the bot would have it.

    Raises:
        WrongSettings: a variable is wrong.
    """
    updates, overheard = FollowedUpdates(), OverheardAlerts()
    with tempfile.TemporaryDirectory(prefix="carquery-") as folder:
        async with messenger.open():
            settings = _settings(Path(folder), messenger, dealership)
            container = make_bot_container(settings, StageProvider(updates, overheard))
            try:
                return await _Stage(container, messenger, updates, overheard).differences(stories)
            finally:
                await container.close()


def _settings(folder: Path, messenger: EmulatedMessenger, dealership: Path | None) -> BotSettings:
    """Whatever could lead out of this machine is given; how forms and texts are is the installation's."""
    told: dict[str, object] = {} if dealership is None else {"dealership_file": dealership}
    return read_settings(
        BotSettings,
        **messenger.settings,
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
    messenger: EmulatedMessenger
    updates: FollowedUpdates
    overheard: OverheardAlerts

    async def differences(self, stories: Sequence[Story]) -> tuple[tuple[str, ...], ...]:
        """Play them while the bot runs, and judge what came of them."""
        actors = [self.messenger.actor(number, self.updates) for number in range(len(stories))]
        played, leads = await self._played(stories, actors)
        dealership = (await self.container.get(ToldOfDealership))()
        judged = []
        for story, actor, one in zip(stories, actors, played, strict=True):
            one.leads, one.alarms = leads.get(actor.id, []), self.overheard.of[actor.id]
            judged.append(differences(story, one, dealership))
        return tuple(judged)

    async def _played(
        self, stories: Sequence[Story], actors: Sequence[Actor]
    ) -> tuple[list[Played], Mapping[CustomerId, list[Lead]]]:
        """And what was sent, by whom."""
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(self.container, stop))
        playing = asyncio.create_task(self._play(stories, actors))
        try:
            await asyncio.wait((serving, playing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.set()
            if not playing.done():
                playing.cancel()
            await serving
        return await playing

    async def _play(
        self, stories: Sequence[Story], actors: Sequence[Actor]
    ) -> tuple[list[Played], Mapping[CustomerId, list[Lead]]]:
        visits, places = await self.container.get(Visits), asyncio.Semaphore(AT_ONCE)
        await self.messenger.is_listened_to()

        async def play(story: Story, actor: Actor) -> Played:
            async with places:
                return await StoryPlayer(actor, visits).play(story)

        return await asyncio.gather(*map(play, stories, actors)), await self._leads()

    async def _leads(self) -> Mapping[CustomerId, list[Lead]]:
        """By whom they were sent, oldest first; with what was said of them after, which may still be on its way."""
        leads, amendments = await self.container.get(Leads), await self.container.get(Amendments)
        sent: defaultdict[CustomerId, list[Lead]] = defaultdict(list)
        newest = await leads.newest(limit=MOST_LEADS)
        said = await amendments.of([lead.id for lead in newest])
        for lead in reversed(newest):
            if lead.customer is not None:
                sent[lead.customer].append(as_the_customer_sees(lead, said.get(lead.id, ())))
        return sent

"""The real bot, from settings to sockets, running in this process against emulated messengers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from dishka import AsyncContainer, Provider, Scope
from pydantic import SecretStr

from carquery.adapters.messenger.album_pause import AlbumPause
from carquery.adapters.telegram.updates.polling import ALBUM_PAUSE
from carquery.adapters.telegram.updates.webhook import AnswerTimes
from carquery.application.ports.leads import Leads
from carquery.domain.lead import Lead, LeadStatus
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.processes.bot import serve
from carquery.entrypoints.settings.settings import BotSettings
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.patience import eventually, slowness


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that takes updates. `serving` ends when it does."""

    container: AsyncContainer
    serving: asyncio.Task[None]

    async def leads(self) -> tuple[Lead, ...]:
        """The stored leads, newest first."""
        store: Leads = await self.container.get(Leads)
        return await store.newest(limit=100)

    async def only_lead(self) -> Lead:
        """The one lead there is."""
        (lead,) = await self.leads()
        return lead

    async def delivered_lead(self) -> Lead:
        """The one lead there is, once it was delivered."""

        async def is_delivered() -> bool:
            return (await self.only_lead()).status is LeadStatus.DELIVERED

        await eventually(is_delivered)
        return await self.only_lead()


def _as_patient_as_this_machine_is_slow(album_pause: float | None) -> Provider:
    provider = Provider(scope=Scope.APP)
    pause = AlbumPause(ALBUM_PAUSE * slowness() if album_pause is None else album_pause)
    provider.provide(lambda: pause, provides=AlbumPause, override=True)
    provider.provide(lambda: AnswerTimes(reply=AnswerTimes().reply * slowness()), provides=AnswerTimes, override=True)
    return provider


@asynccontextmanager
async def running_bot(
    telegram: TelegramEmulator | None,
    *providers: Provider,
    database_url: str,
    album_pause: float | None = None,
    max_: MaxEmulator | None = None,
    **settings: Any,
) -> AsyncIterator[RunningBot]:
    """Run the bot until the block ends, then drain it; `providers` replace single ports.

    An album's next picture, and a reply before a webhook's answer, are waited for the longer, the slower this machine
    is; `album_pause`: so many seconds.
    """
    usual: dict[str, Any] = {"amocrm_mock_mode": True, "health_check_port": 0}
    if telegram is not None:
        usual |= {"telegram_bot_token": SecretStr(telegram.token), "telegram_api_base": telegram.base_url}
    if max_ is not None:
        usual |= {"max_bot_token": SecretStr(max_.token), "max_api_base": max_.base_url}
    container = make_bot_container(
        BotSettings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
            database_url=SecretStr(database_url),
            **usual | settings,
        ),
        *([] if telegram is None else [_as_patient_as_this_machine_is_slow(album_pause)]),
        *providers,
    )
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(container, stop))
    try:
        yield RunningBot(container, serving)
    finally:
        stop.set()
        try:
            await serving
        finally:
            await container.close()

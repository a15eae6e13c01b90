"""What the tests of the emulator stand on: a clock moved by hand, and aiogram's bot pointed at loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from carquery_emulators.telegram import TelegramEmulator
from tests.patience import patience


class ManualClock:
    """Unix seconds that pass only when told to."""

    def __init__(self) -> None:
        self._now = 1_760_000_000.0

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds


class PromptlyClosedSession(AiohttpSession):
    """aiogram's session without its quarter of a second for TLS goodbyes: loopback has no TLS."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


@asynccontextmanager
async def connected_bot(telegram: TelegramEmulator, *, token: str | None = None) -> AsyncIterator[Bot]:
    session = PromptlyClosedSession(api=TelegramAPIServer.from_base(telegram.base_url), timeout=patience())
    async with Bot(token or telegram.token, session=session) as bot:
        yield bot

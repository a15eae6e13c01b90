"""What this installation needs, as checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.redis.visits import RedisVisits
from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.schema import Tables, tables
from carquery.adapters.telegram.api.transport import in_words
from carquery.adapters.telegram.updates.intake import NoUpdates
from carquery.application.ports.alert_outbox import AlertOutbox
from carquery.application.ports.crm import CrmFailure
from carquery.application.ports.environment import Clock
from carquery.application.ports.lead_counts import LeadCounts
from carquery.application.ports.visits import Visits
from carquery.domain.ids import Channel, CustomerId
from carquery.entrypoints.health.checks import LIMIT_SECONDS, Check, Look, Unwell
from carquery.entrypoints.settings.amocrm import CrmChoice
from carquery.entrypoints.settings.settings import BotSettings

LATE: Final = timedelta(minutes=15)
"""A lead that waits longer is somebody's concern."""
ALERTS_LATE: Final = timedelta(minutes=5)
"""Longer than any quiet minute of Telegram's; who is to be told of trouble is not told of it."""
TELEGRAM_KEPT_SECONDS: Final = 30.0
KEEPING_KEPT_SECONDS: Final = 60.0
TELEGRAM_TRIES: Final = 3
"""It is the same Telegram for all replicas: one answer that was late must not take all of them out at once."""
NOBODY: Final = CustomerId(Channel("nobody"), "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What is looked at, and how. `access`: to amoCRM; None: there is none."""

    settings: BotSettings
    engine: AsyncEngine
    bot: Bot
    access: Access | None
    gate: CrmGate
    counts: LeadCounts
    outbox: AlertOutbox
    clock: Clock

    def of_bot(self, visits: Visits, updates: Look) -> tuple[Check, ...]:
        """Without stores or Telegram it can take no update. Without amoCRM it can: leads wait.

        `updates`: whether they come in, which no restart or other replica would change.
        """
        return (
            *self._stores(),
            *self._dialogs(visits),
            self._telegram(is_needed=True),
            self._updates(updates),
            *self._delivery(is_needed=False),
            *self._alerts(),
        )

    def of_worker(self) -> tuple[Check, ...]:
        """It delivers, and tells the admin chat if that can be reached."""
        telegram = self._telegram(is_needed=False)
        return (*self._stores(), telegram, *self._delivery(is_needed=True), *self._alerts())

    def _stores(self) -> Iterator[Check]:
        yield Check("database", self._look_at_database)
        yield Check("migrations", self._look_at_migrations)

    def _dialogs(self, visits: Visits) -> Iterator[Check]:
        async def look() -> str:
            await visits.load(NOBODY)
            return "answers"

        if self.settings.redis_url is not None:
            yield Check("redis", look)
        if isinstance(visits, RedisVisits):
            yield Check("redis_keeps", self._keeping(visits), is_needed=False, kept_seconds=KEEPING_KEPT_SECONDS)

    def _keeping(self, visits: RedisVisits) -> Look:
        async def look() -> str:
            keeping = await visits.keeping()
            if troubles := keeping.troubles():
                raise Unwell("; ".join(troubles))
            is_known = keeping.policy is not None and keeping.survives is not None
            return "what it is given" if is_known else "it does not say"

        return look

    def _telegram(self, *, is_needed: bool) -> Check:
        look = self._look_at_telegram
        return Check("telegram", look, is_needed=is_needed, kept_seconds=TELEGRAM_KEPT_SECONDS, tries=TELEGRAM_TRIES)

    def _updates(self, updates: Look) -> Check:
        async def look() -> str:
            try:
                return await updates()
            except NoUpdates as none:
                raise Unwell(str(none)) from none
            except AiogramError as failure:
                raise Unwell(in_words(failure)[0]) from failure

        return Check("updates", look, is_needed=False, kept_seconds=TELEGRAM_KEPT_SECONDS)

    def _delivery(self, *, is_needed: bool) -> Iterator[Check]:
        yield Check("amocrm", self._look_at_amocrm, is_needed=is_needed)
        yield Check("outbox", self._look_at_outbox, is_needed=False)

    def _alerts(self) -> Iterator[Check]:
        yield Check("alerts", self._look_at_alerts, is_needed=False)

    async def _look_at_database(self) -> str:
        async with translated(), reading(self.engine).connect() as connection:
            await connection.execute(text("SELECT 1"))
        return self.engine.dialect.name

    async def _look_at_migrations(self) -> str:
        match await tables(self.engine):
            case Tables.CURRENT:
                return "at head"
            case Tables.TOO_NEW:
                raise Unwell("a newer version's tables, which this one can't use: run that version")
            case Tables.NEWER:  # or an upgrade would take all replicas out at once
                return "newer than this process: it is about to be replaced"
            case Tables.OLDER:
                raise Unwell("an older version's tables: carquery db upgrade")

    async def _look_at_telegram(self) -> str:
        try:
            await self.bot.get_me(request_timeout=int(LIMIT_SECONDS))
        except TelegramUnauthorizedError as refused:
            raise Unwell("the token is refused") from refused
        except AiogramError as failure:  # its text may hold the address, and that the token
            raise Unwell(in_words(failure)[0]) from failure
        return "answers"

    async def _look_at_amocrm(self) -> str:
        if self.settings.crm is CrmChoice.MEMORY:
            return "in memory"
        if self.access is None:
            raise Unwell("not set up: leads are stored and wait")
        closure = await self.gate.closure()
        if closure is not None:
            raise Unwell(closure.reason)
        try:
            held = await self.access.authorisation()
        except CrmFailure as failure:
            raise Unwell(str(failure)) from failure
        return "authorised" if held.expires_at is None else f"authorised until {held.expires_at:%Y-%m-%d %H:%M} UTC"

    async def _look_at_outbox(self) -> str:
        figures = await self.counts.figures()
        if figures.oldest_waiting is None:
            return "nothing waits"
        age = self.clock.now() - figures.oldest_waiting
        says = f"{figures.waiting} on their way, the oldest for {int(age.total_seconds())} s"
        if age > LATE:
            raise Unwell(says)
        return says

    async def _look_at_alerts(self) -> str:
        figures = await self.outbox.figures()
        if figures.oldest is None:
            return "nothing waits"
        age = self.clock.now() - figures.oldest
        because = f": {figures.because}" if figures.because else ""
        says = f"{figures.waiting} not said yet, the oldest for {int(age.total_seconds())} s{because}"
        if age > ALERTS_LATE:
            raise Unwell(says)
        return says

"""amoCRM and OpenAI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from dishka import Provider, Scope, decorate, provide
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.access import Access
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.crm import LIMITS
from carquery.adapters.amocrm.ports import CrmGate
from carquery.adapters.amocrm.transport import Http
from carquery.adapters.amocrm.turns import Turns
from carquery.adapters.sql.crm_gate import SqlCrmGate
from carquery.adapters.system.clock import SystemClock
from carquery.application.free_text.read_message import ChainTimes, ClosedModels, ReadMessage
from carquery.application.leads.held_leads import REAL_TIMES, DeliveryTimes
from carquery.application.ports.crm import CrmLimits
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import Leads
from carquery.domain.contact import Phone
from carquery.domain.lead import LeadStatus
from carquery.entrypoints.playground.hurry import FastGate
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.builders import someone
from tests.e2e.delivery.once import Tally
from tests.e2e.journeys import give
from tests.e2e.outside.thing import Network, OutsideThing
from tests.e2e.running_bot import RunningBot
from tests.patience import eventually, slowness
from tests.switch import a_switch


class QuickDelivery(Provider):
    """Looks for leads all the time, waits for no answer longer than this machine takes, and knocks soon again."""

    scope = Scope.APP

    @provide(override=True)
    def times(self) -> DeliveryTimes:
        return replace(REAL_TIMES, look=timedelta(milliseconds=50))

    @provide(override=True)
    def limits(self) -> CrmLimits:
        """A call whose answer was lost is looked after at once."""
        return replace(LIMITS, lands_within=-REAL_TIMES.patience)

    @provide(override=True)
    def gate(self, engine: AsyncEngine, clock: Clock) -> CrmGate:
        return FastGate(SqlCrmGate(engine, clock, spacing=timedelta()), longest=timedelta(milliseconds=100))

    @provide(override=True)
    def client(self, http: Http, access: Access, turns: Turns) -> AmoCrmClient:
        return AmoCrmClient(http, access, turns, deadline=slowness())


@asynccontextmanager
async def amocrm(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    async with (
        AmoCrmEmulator(requests_per_second=100_000) as emulator,
        a_switch(urlsplit(emulator.base_url).port or 0) as switch,
    ):
        settings = {
            "amocrm_mock_mode": False,
            "amocrm_base_url": f"http://127.0.0.1:{switch.port}",
            "amocrm_long_lived_token": SecretStr(emulator.long_lived_token()),
            "delivery_interval": 1,
        }
        thing = OutsideThing("amocrm", Network(switch), telegram, settings, (QuickDelivery(),), asks_first=True)
        seen = Tally.of((), emulator.world)

        async def asks(bot: RunningBot) -> None:
            stored, now = len(await bot.leads()), SystemClock().now()
            lead = someone(stored + 1, created_at=now, next_attempt_at=now)
            answers = {name: value for name, value in lead.answers.items() if name != "photos"}
            leads: Leads = await bot.container.get(Leads)
            await leads.add(replace(lead, answers=answers | {"phone": Phone(f"+7916{stored:07}")}))

        async def works(bot: RunningBot) -> None:
            nonlocal seen

            async def are_delivered() -> bool:
                return {lead.status for lead in await bot.leads()} == {LeadStatus.DELIVERED}

            await eventually(are_delivered)
            seen = Tally.of(await bot.leads(), emulator.world)

        async def ended_well() -> None:
            assert seen.is_exactly_once, (seen, seen.wrong)

        thing.asks, thing.works, thing.ended_well = asks, works, ended_well
        yield thing


class QuickChain(Provider):
    """Waits for no model longer than this machine takes."""

    scope = Scope.APP

    @decorate
    def understand(self, understand: ReadMessage) -> ReadMessage:
        return replace(understand, times=ChainTimes(whole=slowness(), first=slowness() / 2))


@asynccontextmanager
async def openai(telegram: TelegramEmulator, _request: pytest.FixtureRequest) -> AsyncIterator[OutsideThing]:
    sells = {"intent": "sell", "confidence": 0.95, "reply": ""}
    async with (
        OpenAiEmulator(lambda _model, _message: sells) as emulator,
        a_switch(urlsplit(emulator.base_url).port or 0) as switch,
    ):
        settings = {
            "openai_api_key": SecretStr(emulator.api_key),
            "openai_base_url": f"http://127.0.0.1:{switch.port}/v1",
            "openai_daily_budget_usd": Decimal(1000),
        }
        thing = OutsideThing("openai", Network(switch), telegram, settings, (QuickChain(),), asks_first=True)

        async def asks(_bot: RunningBot) -> None:
            assert "продать авто" not in (await give(thing.newcomer(), "здравствуйте")).message.text

        async def works(bot: RunningBot) -> None:
            closed_models: ClosedModels = await bot.container.get(ClosedModels)
            closed_models.open_all()  # an hour later

            async def a_model_answers() -> bool:
                return "продать авто" in (await give(thing.newcomer(), "здравствуйте")).message.text

            await eventually(a_model_answers)

        thing.asks, thing.works = asks, works
        yield thing

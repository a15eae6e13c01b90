"""Three replicas and two workers over one PostgreSQL and one Redis: what one begins, another goes on with."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from carquery.emulators.telegram import Customer, ShownMessage
from tests.e2e.delivery.dealership import Dealership, a_dealership
from tests.e2e.journeys import SEND
from tests.e2e.scaling.installation import (
    SECRET,
    Replica,
    load_balancer,
    replicas,
    webhook_environment,
)
from tests.ports import free_port

pytestmark = [pytest.mark.postgres, pytest.mark.redis]

Record = Callable[[str, object], None]
ROUNDS = 20
PATIENCE = 40
"""Seconds that a customer waits for an answer."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is there to play with."""

    dealership: Dealership
    replicas: tuple[Replica, ...]


@asynccontextmanager
async def running(number: int, postgres_url: str, redis_url: str, folder: Path) -> AsyncIterator[Running]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/telegram"
    async with a_dealership(postgres_url, webhook_deliver_to=address, delay_scale=0.05) as dealership:
        environment = webhook_environment(dealership.environment | {"REDIS_URL": redis_url})
        async with replicas(number, environment) as places, load_balancer(places, port, folder):
            yield Running(dealership, tuple(places))


async def send_leads(customer: Customer, until: asyncio.Event) -> list[str]:
    """One callback form after the other; the references that the customer was told."""
    told: list[str] = []
    while not until.is_set():
        for answer in ("/start callback", "Анна", f"+7916{customer.id:07}"):
            await customer.send_text(answer)
            await customer.reply(seconds=PATIENCE)
        await customer.press(SEND)
        shown = (await customer.reply(seconds=PATIENCE)).text
        told += re.findall(r"CQ-\w{6}", shown)
    return told


@pytest.mark.timeout(300)
async def test_a_rolling_restart_and_kills_under_load_lose_and_double_nothing(
    postgres_url: str, redis_url: str, tmp_path: Path, record_property: Record
) -> None:
    async with running(3, postgres_url, redis_url, tmp_path) as installation:
        dealership, done = installation.dealership, asyncio.Event()
        customers = [dealership.telegram.customer(8_000 + number, "<3") for number in range(2)]
        async with dealership.worker() as first, dealership.worker():
            sending = [asyncio.create_task(send_leads(customer, done)) for customer in customers]

            codes = []
            for place in installation.replicas:
                codes.append(await place.stop())
                await place.start()
            await installation.replicas[0].kill()
            first.kill()
            await installation.replicas[0].start()

            done.set()
            told = [reference for references in await asyncio.gather(*sending) for reference in references]
            await dealership.all_delivered()
        tally = await dealership.tally()
        stored = {lead.reference for lead in await dealership.leads.newest(limit=10_000)}

    lost, doubled = len(set(told) - stored), len(stored) - len(set(told))
    record_property("proof", f"rolling restart of 3 replicas, 2 kills: lost={lost}, duplicated={doubled}; {tally}")
    assert codes == [0, 0, 0]
    assert (lost, doubled) == (0, 0)
    assert tally.is_exactly_once, tally


async def test_one_customers_taps_that_reach_two_replicas_at_once_make_one_lead(
    postgres_url: str, redis_url: str, tmp_path: Path, record_property: Record
) -> None:
    """The same tap twice, as when an answer is late, and a second tap beside it."""
    async with running(2, postgres_url, redis_url, tmp_path) as installation:
        dealership, (one, other) = installation.dealership, installation.replicas
        anna = dealership.telegram.customer(8_000, "<3")
        for round_ in range(ROUNDS):
            for answer in ("/start callback", "Анна", f"+7916{round_:07}"):
                await anna.send_text(answer)
                shown = (await anna.reply(seconds=PATIENCE)).message
            tap, again = a_tap(anna, shown, 5_000_000 + round_ * 2), a_tap(anna, shown, 5_000_001 + round_ * 2)

            statuses = await asyncio.gather(*(post(place, update) for place in (one, other) for update in (tap, again)))

            assert set(statuses) == {200}
            assert len(await dealership.leads.newest(limit=1_000)) == round_ + 1
        await dealership.all_delivered()
        tally = await dealership.tally()

    record_property("proof", f"{ROUNDS} times 4 taps at once on 2 replicas: duplicated=0; {tally}")
    assert tally.is_exactly_once, tally


def a_tap(customer: Customer, shown: ShownMessage, update_id: int) -> dict[str, object]:
    """A press on «send», as Telegram brings it."""
    button = shown.button(SEND)
    assert button is not None
    message = {"message_id": shown.id, "date": 0, "chat": {"id": customer.id, "type": "private"}}
    query = {"id": str(update_id), "from": customer.user, "chat_instance": "1", "data": button.data, "message": message}
    return {"update_id": update_id, "callback_query": query}


async def post(place: Replica, update: dict[str, object]) -> int:
    """Bring an update to one replica, past the load balancer."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    address = f"http://127.0.0.1:{place.port}/telegram"
    async with aiohttp.ClientSession() as http, http.post(address, json=update, headers=headers) as answer:
        return answer.status

"""Several processes, one staff chat: each lead is announced once, taken once, and handed over once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from dishka import AsyncContainer
from pydantic import SecretStr

from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.takes import Takes
from carquery.application.staff.deliver_alerts import DeliverAlerts
from carquery.application.staff.hand_over_deals import HandOverDeals
from carquery.application.staff.take_lead import TakeLead, Taking
from carquery.domain.ids import Reference, StaffId
from carquery.domain.take import StaffMember
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.settings.settings import BotSettings
from carquery_emulators.telegram import Group
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.e2e.delivery.worker_delivery import WorkerDelivery, a_worker_delivery

pytestmark = pytest.mark.postgres

LEADS = 6
MEMBERS = tuple(StaffMember(StaffId(str(500 + number)), f"Сотрудник {number}") for number in range(5))


@asynccontextmanager
async def replicas(delivery: WorkerDelivery, file: Path, count: int) -> AsyncIterator[list[AsyncContainer]]:
    """So many processes' worth of everything, over one database."""
    async with AsyncExitStack() as closing:
        containers = []
        for _ in range(count):
            container = make_bot_container(
                BotSettings(
                    _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
                    telegram_bot_token=SecretStr(delivery.telegram.token),
                    telegram_api_base=delivery.telegram.base_url,
                    database_url=SecretStr(delivery.database_url),
                    amocrm_base_url=delivery.amocrm.base_url,
                    amocrm_long_lived_token=SecretStr(delivery.amocrm.long_lived_token()),
                    admin_chat_id=ADMIN_CHAT,
                    dealership_file=file,
                    health_check_port=0,
                )
            )
            closing.push_async_callback(container.close)
            containers.append(container)
        yield containers


async def everybody_says(containers: list[AsyncContainer], group: Group) -> None:
    """All processes say what waits, until nothing does."""
    while len(group.chat.bot_messages) < LEADS:
        for container in containers:
            deliver: DeliverAlerts = await container.get(DeliverAlerts)
            await deliver()


async def pressed(take: TakeLead, reference: Reference, member: StaffMember) -> Taking:
    """What came of it; who is told that the database is away, as it is while others hold locks, presses again."""
    while True:
        try:
            return (await take(reference, member)).outcome
        except StoreUnavailable:
            continue


async def test_three_replicas_and_two_workers_announce_take_and_hand_over_once(
    postgres_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with a_worker_delivery(postgres_url) as delivery:
        world, group = delivery.amocrm.world, delivery.telegram.group(ADMIN_CHAT)
        users = {member.id: world.add_user(member.name) for member in MEMBERS}
        file = tmp_path / "dealership.toml"
        file.write_text("[staff.crm_users]\n" + "".join(f"{member} = {user}\n" for member, user in users.items()))
        async with replicas(delivery, file, 3) as containers:
            for number in range(1, LEADS + 1):
                await delivery.queue(number, phone=f"+7916000000{number}")
            await asyncio.gather(*[(await container.get(DeliverLeads))() for container in containers])
            await everybody_says(containers, group)

            presses = []
            for number in range(1, LEADS + 1):
                for place, member in enumerate(MEMBERS):
                    take: TakeLead = await containers[place % 3].get(TakeLead)
                    presses.append(pressed(take, Reference(f"CQ-{number:06}"), member))
            outcomes = Counter(await asyncio.gather(*presses))

            ends: list[object] = []
            for _ in range(LEADS):
                workers = [await container.get(HandOverDeals) for container in containers[:2]]
                ends += await asyncio.gather(*(worker() for worker in workers))
            takes: Takes = await containers[0].get(Takes)
            leads = await delivery.leads.newest(limit=100)
            taken = {lead.reference: await takes.of(lead.id) for lead in leads}

        announced = Counter(word for one in group.chat.bot_messages for word in one.text.split() if word[:3] == "CQ-")
        responsible = {
            lead.reference: deal.responsible_user_id
            for deal in world.leads.values()
            for lead in leads
            if lead.reference in deal.name
        }
        changes = [
            request
            for request in delivery.amocrm.journal
            if (request.method, request.path) == ("PATCH", "/api/v4/leads")
        ]

    record_property(
        "proof",
        f"{LEADS} leads, {len(MEMBERS)} people, 3 replicas, 2 workers: {dict(outcomes)}, {len(changes)} hand overs",
    )
    assert outcomes == {Taking.TAKEN: LEADS, Taking.OTHERS: LEADS * (len(MEMBERS) - 1)}
    assert set(announced.values()) == {1}
    assert len(announced) == LEADS
    assert responsible == {reference: users[take.by.id] for reference, take in taken.items() if take is not None}
    assert sum(end is not None for end in ends) == len(changes) == LEADS

"""What managers ask in the admin chat, and that nobody else gets an answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from carquery.application.ports.leads import Leads
from carquery.domain.lead import LeadStatus
from carquery.domain.reason import Reason
from carquery_emulators.telegram import Customer, Group, TelegramEmulator
from tests.builders import someone
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.e2e.journeys import send_lead
from tests.e2e.running_bot import RunningBot, running_bot


@pytest.fixture
def managers(telegram: TelegramEmulator) -> Group:
    return telegram.group(ADMIN_CHAT)


@pytest.fixture
async def managed(telegram: TelegramEmulator, managers: Group, database_url: str) -> AsyncIterator[RunningBot]:
    """A bot with an admin chat and no CRM, so that leads stay as they are."""
    async with running_bot(
        telegram, database_url=database_url, admin_chat_id=managers.id, amocrm_mock_mode=False
    ) as bot:
        await telegram.wait_for(lambda: len(telegram.calls_of("setMyCommands")) == 2)  # its tables are there by now
        yield bot


async def asked(telegram: TelegramEmulator, manager: Customer, group: Group, command: str) -> str:
    """The bot's answer in the group."""
    before = len(telegram.calls_of("sendMessage"))
    await manager.send_in_group(command, group)
    await telegram.wait_for(lambda: len(telegram.calls_of("sendMessage")) > before)
    call = telegram.calls_of("sendMessage")[-1]
    assert str(call.params["chat_id"]) == str(group.id)
    return str(call.params["text"])


async def put(bot: RunningBot, *statuses: LeadStatus) -> None:
    leads: Leads = await bot.container.get(Leads)
    for number, status in enumerate(statuses, 1):
        failure = Reason("amoCRM: <нет поля>") if status in {LeadStatus.FAILED, LeadStatus.DEAD} else None
        await leads.add(someone(number, status=status, failure=failure, next_attempt_at=None))


async def test_the_latest_leads_are_listed_without_name_and_phone(
    managed: RunningBot, telegram: TelegramEmulator, managers: Group, anna: Customer
) -> None:
    await send_lead(anna, "sell")
    lead = await managed.only_lead()

    text = await asked(telegram, anna, managers, "/leads")

    assert lead.reference in text
    assert "Продажа авто" in text
    assert "ждёт отправки" in text
    assert "Анна" not in text
    assert "916" not in text


async def test_what_was_not_delivered_is_listed_with_its_reason(
    managed: RunningBot, telegram: TelegramEmulator, managers: Group, anna: Customer
) -> None:
    await put(managed, LeadStatus.DELIVERED, LeadStatus.FAILED, LeadStatus.DEAD)

    text = await asked(telegram, anna, managers, "/failed")

    assert "CQ-000001" not in text
    assert "будет отправлена ещё раз" in text
    assert "ждёт человека" in text
    assert "amoCRM: &lt;нет поля&gt;" in text


async def test_a_dead_lead_is_due_again_after_retry(
    managed: RunningBot, telegram: TelegramEmulator, managers: Group, anna: Customer
) -> None:
    await put(managed, LeadStatus.DEAD)

    assert "отправляется снова" in await asked(telegram, anna, managers, "/retry cq-oooooi")
    lead = await managed.only_lead()
    assert (lead.status, lead.failure, lead.attempts) == (LeadStatus.PENDING, None, 0)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/retry CQ-000001", "уже в amoCRM"),
        ("/retry CQ-ZZZZZZ", "не найдена"),
        ("/retry", "Какую заявку"),
        ("/retry все", "Какую заявку"),
        ("/retry CQ-000001 CQ-000002", "Какую заявку"),
        ("/failed", "Недоставленных заявок нет"),
        ("/LEADS", "CQ-000001"),
    ],
)
async def test_what_cannot_be_done_is_said(
    managed: RunningBot, telegram: TelegramEmulator, managers: Group, anna: Customer, command: str, said: str
) -> None:
    await put(managed, LeadStatus.DELIVERED)

    assert said in await asked(telegram, anna, managers, command)


async def test_leads_are_counted_by_form_and_status(
    managed: RunningBot, telegram: TelegramEmulator, managers: Group, anna: Customer
) -> None:
    await put(managed, LeadStatus.DELIVERED, LeadStatus.DELIVERED, LeadStatus.PENDING)

    text = await asked(telegram, anna, managers, "/stats")

    assert "Продажа авто: 3" in text
    assert "в amoCRM: 2" in text
    assert "ждёт отправки: 1" in text


async def test_another_groups_members_get_no_answer(
    managed: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    other = telegram.group(-1_002_000_000_001, "Чужие")
    for command in ("/leads", "/failed", "/retry CQ-000001", "/stats"):
        await anna.send_in_group(command, other)
    await telegram.wait_for(lambda: not telegram.queue)

    assert telegram.calls_of("sendMessage") == []


async def test_for_a_customer_they_are_no_commands(
    managed: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await put(managed, LeadStatus.DEAD)
    await anna.send_text("/nonsense")
    answer_to_nonsense = (await anna.reply()).text

    await anna.send_text("/retry CQ-000001")

    assert (await anna.reply()).text == answer_to_nonsense
    assert (await managed.only_lead()).status is LeadStatus.DEAD


async def test_the_admin_chat_is_offered_its_commands(managed: RunningBot, telegram: TelegramEmulator) -> None:
    await telegram.wait_for(lambda: len(telegram.calls_of("setMyCommands")) == 2)

    offered = telegram.calls_of("setMyCommands")[1].params["commands"]
    assert [command["command"] for command in offered] == ["leads", "find", "failed", "retry", "stats", "help"]


async def test_commands_follow_the_group_when_it_becomes_a_supergroup(
    telegram: TelegramEmulator, managers: Group, database_url: str, anna: Customer
) -> None:
    """Told by the groups themselves, before the bot has tried to write there; and known after a restart."""
    group = telegram.group(-1_000, "Менеджеры")
    settings: dict[str, Any] = {"admin_chat_id": group.id, "amocrm_mock_mode": False}
    async with running_bot(telegram, database_url=database_url, **settings):
        group.becomes(managers)
        await telegram.wait_for(lambda: not telegram.queue)
        assert "Заявок пока нет" in await asked(telegram, anna, managers, "/leads")

    async with running_bot(telegram, database_url=database_url, **settings):
        assert "Заявок пока нет" in await asked(telegram, anna, managers, "/leads")

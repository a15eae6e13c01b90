"""What the admin chat reads."""

from decimal import Decimal

import pytest
from aiogram.types import BotCommandScopeChat
from structlog.testing import capture_logs

from carquery.adapters.outage import Outage
from carquery.adapters.telegram.alerts import MOST_NAMED, REMEDY, TelegramAlerts
from carquery.adapters.telegram.bot_commands import register_commands
from carquery.adapters.telegram.calls import Calls
from carquery.adapters.telegram.connection import connect
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    LeadsNotDelivered,
    LeftOut,
)
from carquery.domain.ids import Reference
from carquery.domain.lead import CrmId
from carquery.emulators.telegram import TelegramEmulator
from tests.builders import ANNA

CHAT = -1_002_000_000_000
ONE = (Reference("CQ-000001"),)
MANY = tuple(Reference(f"CQ-{number:06}") for number in range(1, 51))


async def text_of(alert: Alert) -> str:
    """As it stands in the chat; Telegram has taken its markup."""
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        group = telegram.group(CHAT)
        await TelegramAlerts(Calls(bot, Outage("telegram")), CHAT).tell(alert)
        return group.chat.last_message.text


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (
            LeadsNotDelivered(ONE, "нет такого этапа", dead=False),
            ["CQ-000001", "нет такого этапа", "carquery leads resubmit CQ-000001", "ещё раз"],
        ),
        (LeadsNotDelivered(ONE, "нет ответа", dead=True), ["больше не будет отправляться сама"]),
        (LeadsNotDelivered(MANY, "нет", dead=True), ["(50)", "carquery leads resubmit --all-failed", "и ещё 30"]),
        (LeftOut(ONE, "поле «VIN»: нет такого"), ["CQ-000001", "поле «VIN»: нет такого", "carquery amocrm check"]),
        (CrmAway(ONE, "HTTP 500"), ["CQ-000001", "HTTP 500"]),
        (CrmClosed("выполните: carquery amocrm login --code …"), ["заявки ждут", "carquery amocrm login --code …"]),
        (ContactToErase((CrmId(11), CrmId(12))), ["11, 12"]),
        (ClassifierClosed("gpt-4o", "HTTP 401"), ["gpt-4o", "HTTP 401", "встроенные правила"]),
        (AiBudgetSpent(Decimal(5)), ["5 $", "carquery report ai"]),
    ],
    ids=["refused", "dead", "many", "left out", "away", "closed", "to erase", "no classifier", "no money"],
)
async def test_an_alert_names_the_lead_the_reason_and_what_to_do(alert: Alert, words: list[str]) -> None:
    text = await text_of(alert)

    assert [word for word in words if word not in text] == []


async def test_amocrm_s_words_are_no_markup_and_not_endless() -> None:
    text = await text_of(LeadsNotDelivered(ONE, "<b>нет & поля</i> " * 500, dead=False))

    assert "<b>нет & поля</i>" in text
    assert len(text) < 4096


async def test_of_many_leads_the_first_are_named() -> None:
    text = await text_of(CrmAway(MANY, "HTTP 500"))

    assert sum(reference in text for reference in MANY) == MOST_NAMED


async def test_where_there_is_no_admin_chat_nothing_fails() -> None:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        await TelegramAlerts(Calls(bot, Outage("telegram")), None).tell(CrmClosed("заблокировано"))

        assert telegram.calls_of("sendMessage") == []


@pytest.mark.parametrize("how", ["no rights", "blocked", "401"])
async def test_a_chat_that_does_not_take_it_stops_nothing(how: str) -> None:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        telegram.group(CHAT)
        telegram.fail("sendMessage", how=how)

        with capture_logs() as logs:
            await TelegramAlerts(Calls(bot, Outage("telegram")), CHAT).tell(CrmClosed("заблокировано"))

        assert [(line["kind"], line["remedy"]) for line in logs if line["event"] == "alert_not_told"] == [
            ("CrmClosed", REMEDY)
        ]


async def test_a_group_that_became_a_supergroup_is_followed_and_its_id_told() -> None:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        group, supergroup = telegram.group(-1_000), telegram.group(CHAT)
        group.becomes(supergroup)

        with capture_logs() as logs:
            await TelegramAlerts(Calls(bot, Outage("telegram")), group.id).tell(CrmClosed("заблокировано"))
            await register_commands(bot, admin_chat=group.id)

        assert "заблокировано" in supergroup.chat.last_message.text
        assert [line["admin_chat"] for line in logs if line["event"] == "admin_chat_moved"] == [CHAT, CHAT]


async def test_who_is_the_admin_chat_alone_is_offered_the_customers_commands_too() -> None:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as bot,
    ):
        anna = telegram.customer(7_001, "Анна")

        await register_commands(bot, admin_chat=anna.id)

        offered = await bot.get_my_commands(scope=BotCommandScopeChat(chat_id=anna.id))
        assert {"leads", "retry", "start", "cancel"} <= {command.command for command in offered}


async def test_a_conversation_is_quoted_as_it_was_written() -> None:
    text = await text_of(CustomerNotUnderstood(ANNA, "anna_k", ("привет", "<b>почём?</b>")))

    assert "@anna_k" in text
    assert "— привет\n— <b>почём?</b>" in text


async def test_of_a_long_conversation_the_end_is_quoted() -> None:
    text = await text_of(CustomerNotUnderstood(ANNA, None, tuple(f"{number}" + "<я>" * 500 for number in range(10))))

    assert "— 9<я>" in text
    assert "— 0<я>" not in text

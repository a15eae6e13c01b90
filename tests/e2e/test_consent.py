"""Consent comes before personal data, and data can be erased (152-FZ)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from carquery.domain.effects import CrmId, Effect
from carquery_emulators.telegram import Customer, Group, TelegramEmulator
from tests.e2e.journeys import SEND, give, open_form, send_lead, walk_to
from tests.e2e.running_bot import RunningBot, running_bot

POLICY = "https://example.org/policy"


@pytest.fixture
async def bot(telegram: TelegramEmulator, database_url: str) -> AsyncIterator[RunningBot]:
    async with running_bot(telegram, database_url=database_url, privacy_policy_url=POLICY) as bot:
        yield bot


async def test_consent_is_asked_before_the_name(bot: RunningBot, anna: Customer) -> None:
    asked = await walk_to(anna, "check", "name")

    assert "Согласие на обработку персональных данных" in asked.message.text
    assert POLICY in [button.url for button in asked.message.buttons]
    assert "Шаг 4 из 6" in (await give(anna, "[Согласен]")).message.text


async def test_consent_is_not_taken_from_words(bot: RunningBot, anna: Customer) -> None:
    await open_form(anna, "callback")

    again = await give(anna, "Анна")

    assert "Согласен" in again.message.labels


async def test_refusal_ends_politely_and_stores_nothing(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "check", "name")

    refused = await give(anna, "[Не согласен]")

    assert "Ничего не сохранено" in refused.message.text
    assert await bot.leads() == ()
    assert "Согласие" in (await open_form(anna, "callback")).message.text


async def test_consent_is_asked_once(bot: RunningBot, anna: Customer) -> None:
    await open_form(anna, "callback")
    await give(anna, "[Согласен]")
    await give(anna, "Анна")
    await give(anna, "+79161234567")
    await give(anna, f"[{SEND}]")

    assert "Шаг 1 из 2" in (await open_form(anna, "callback")).message.text
    assert (await bot.only_lead()).consent is not None


async def test_another_text_is_asked_again(
    telegram: TelegramEmulator, anna: Customer, database_url: str, tmp_path: Path
) -> None:
    async with running_bot(telegram, database_url=database_url, privacy_policy_url=POLICY):
        await open_form(anna, "callback")
        await give(anna, "[Согласен]")
    text = tmp_path / "consent.txt"
    text.write_text("Другое согласие <b>", "utf-8")
    async with running_bot(telegram, database_url=database_url, privacy_policy_url=POLICY, consent_text_file=text):
        asked = await open_form(anna, "callback")

    assert "Другое согласие <b>" in asked.message.text


async def test_a_customers_data_are_erased_at_their_wish(
    telegram: TelegramEmulator, anna: Customer, database_url: str
) -> None:
    managers = telegram.group()
    async with running_bot(telegram, database_url=database_url, admin_chat_id=managers.id) as bot:
        await send_lead(anna, "callback")
        contact = (await bot.delivered_lead()).made[Effect.CONTACT]

        await give(anna, "/privacy")
        await give(anna, "[Удалить мои данные]")
        erased = await give(anna, "[Да, удалить]")

        assert "Ваши данные удалены" in erased.message.text
        lead = await bot.only_lead()
        assert (lead.customer, dict(lead.answers)) == (None, {})
        assert "Сейчас" not in (await open_form(anna, "callback")).message.text
        await telegram.wait_for(lambda: is_told_to_erase(managers, contact))


def is_told_to_erase(managers: Group, contact: CrmId) -> bool:
    """The staff chat hears of new leads too."""
    told = (message.text for message in managers.chat.bot_messages if "Удалите контакт" in message.text)
    return any(text.endswith(f": {contact}") for text in told)


async def test_the_contact_to_erase_is_told_though_telegram_wants_a_pause_just_then(
    telegram: TelegramEmulator, anna: Customer, database_url: str
) -> None:
    managers = telegram.group()
    async with running_bot(telegram, database_url=database_url, admin_chat_id=managers.id) as bot:
        await send_lead(anna, "callback")
        contact = (await bot.delivered_lead()).made[Effect.CONTACT]
        await give(anna, "/privacy")
        await give(anna, "[Удалить мои данные]")

        telegram.fail("sendMessage", how="429", retry_after=1, times=2)
        await give(anna, "[Да, удалить]")

        await telegram.wait_for(lambda: is_told_to_erase(managers, contact))


async def test_thinking_better_of_erasure_leads_back_to_the_question(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "check", "car_brand")
    await give(anna, "/privacy")
    await give(anna, "[Удалить мои данные]")

    back = await give(anna, "[Нет]")

    assert "Шаг 2 из 6" in back.message.text

"""The whole bot in MAX, alone and beside Telegram."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.messenger.way_in import TokenRefused
from carquery.application.screens import Summary
from carquery.domain.contact import Phone
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from carquery_emulators.max import BOUNDLESS, MaxCustomer, MaxEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests.e2e.journeys import SEND, send_lead
from tests.e2e.running_bot import RunningBot, running_bot
from tests.patience import eventually
from tests.ports import free_port


@pytest.fixture
async def max_() -> AsyncIterator[MaxEmulator]:
    async with MaxEmulator("max-token", delay_scale=1e-3, rates=BOUNDLESS) as max_:
        yield max_


async def send_a_car(anna: MaxCustomer) -> None:
    """By a deep link, with pictures and the card of one's own."""
    await anna.start("sell__avito")
    for step, answer in enumerate(("Toyota Camry", "2018", "120 тыс"), start=1):
        await reads(anna, f"Шаг {step} из 8")
        await anna.send_text(answer)
    await reads(anna, "Шаг 4 из 8")
    await anna.press("Нужна оценка")
    await reads(anna, "Шаг 5 из 8")
    await anna.send_album(2)
    await eventually(lambda: "Готово (2)" in anna.chat.visible_buttons)
    await anna.press("Готово (2)")
    await reads(anna, "Шаг 6 из 8")
    await anna.send_text("Анна")
    await reads(anna, "Шаг 7 из 8")
    await anna.share_contact()
    await reads(anna, "Шаг 8 из 8")
    await anna.press("Пропустить")
    await reads(anna, Summary.TITLE)
    await anna.press(SEND)
    await reads(anna, "принята")


async def reads(anna: MaxCustomer, words: str) -> None:
    """Wait until the bot has written that."""
    await eventually(lambda: any(words in message.text for message in anna.chat.bot_messages))


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_token_of_max_is_all_that_a_bot_needs(max_: MaxEmulator, database_url: str, way: str) -> None:
    settings: dict[str, Any] = {}
    if way == "webhook":
        url = f"http://127.0.0.1:{(port := free_port())}/max"
        settings = {"max_webhook_url": url, "max_webhook_secret": SecretStr("secret"), "max_webhook_port": port}
    async with running_bot(None, max_=max_, database_url=database_url, **settings) as bot:
        await eventually(lambda: bool(max_.calls_of("PATCH /me/commands")) and (way == "polling" or subscribed(max_)))
        await send_a_car(max_.customer(501, "<3", phone="+79161234567"))
        lead = await bot.delivered_lead()

    assert str(lead.customer) == "max:501"
    assert (lead.phone, len(lead.photos), lead.source) == (Phone("+79161234567"), 2, "avito")


def subscribed(max_: MaxEmulator) -> bool:
    return bool(max_.calls_of("POST /subscriptions"))


async def test_one_person_in_both_messengers_is_two_customers_and_one_contact(
    max_: MaxEmulator, telegram: TelegramEmulator, database_url: str
) -> None:
    in_telegram, in_max = telegram.customer(501, "<3", username="anna_k"), max_.customer(501, "<3")
    async with running_bot(telegram, max_=max_, database_url=database_url) as bot:
        await send_lead(in_telegram, "callback")
        await in_max.send_text("/status")
        assert "заявок" in (await in_max.reply()).text  # there are none of hers here
        await send_lead(in_max, "callback")
        await eventually(partial(all_delivered, bot, 2))
        crm: MemoryCrm = await bot.container.get(MemoryCrm)
        await in_telegram.send_text("/status")
        hers = (await in_telegram.reply()).text
        leads = await bot.leads()

    assert [str(lead.customer) for lead in leads] == ["max:501", "telegram:501"]
    assert len({lead.made[Effect.CONTACT] for lead in leads}) == len(crm.contacts) == 1
    deals = [crm.deals[lead.made[Effect.LEAD]] for lead in leads]
    assert [deal.tags for deal in deals] == [("Обратный звонок", "MAX"), ("Обратный звонок", "Telegram")]
    notes = [note.text for lead in leads for note in crm.notes.values() if lead.reference in note.text.splitlines()[0]]
    assert "MAX: id 501 – ответить можно только через бота" in notes[0].splitlines()
    assert "Telegram: @anna_k – https://t.me/anna_k" in notes[1].splitlines()
    assert [lead.reference in hers for lead in leads] == [False, True]


async def all_delivered(bot: RunningBot, count: int) -> bool:
    return [lead.status for lead in await bot.leads()] == [LeadStatus.DELIVERED] * count


async def test_a_revoked_token_ends_the_process_and_says_what_to_set(max_: MaxEmulator, database_url: str) -> None:
    async def serving_until_revoked() -> None:
        async with running_bot(None, max_=max_, database_url=database_url) as bot:
            await eventually(lambda: bool(max_.calls_of("GET /updates")))
            max_.fail("*", how="401", times=None)
            await max_.customer(501, "<3").send_text("привет")
            await bot.serving

    with pytest.raises(TokenRefused, match=r"^MAX_BOT_TOKEN: MAX refuses it; expected: "):
        await serving_until_revoked()

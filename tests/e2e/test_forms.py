"""Each form, as a customer walks it, from the menu to a stored lead."""

import re

import pytest

from carquery_emulators.telegram import Customer
from tests.e2e.journeys import BUTTONS, JOURNEYS, SEND, give, send_lead, walk_to_summary
from tests.e2e.running_bot import RunningBot


@pytest.mark.parametrize("service", list(BUTTONS))
async def test_a_form_leads_from_the_menu_to_a_stored_lead(bot: RunningBot, anna: Customer, service: str) -> None:
    menu = await give(anna, "/start")
    assert set(BUTTONS.values()) <= set(menu.message.labels)

    await give(anna, f"[{BUTTONS[service]}]")
    for _, answer in JOURNEYS[service]:
        summary = await give(anna, answer)
    assert SEND in summary.message.labels
    receipt = await give(anna, f"[{SEND}]")

    lead = await bot.only_lead()
    assert lead.service == service
    assert lead.phone is not None
    assert lead.phone.e164 == "+79161234567"
    assert f"Заявка {lead.reference} принята" in receipt.message.text
    assert re.fullmatch(r"CQ-[0-9A-HJKMNP-TV-Z]{6}", lead.reference)
    assert set(BUTTONS.values()) <= set(receipt.message.labels)


async def test_the_callback_form_is_offered_to_who_asks_for_a_person(bot: RunningBot, anna: Customer) -> None:
    offer = await give(anna, "оператор")
    assert offer.message.labels == ["Да", "Нет"]

    await give(anna, "[Да]")
    await give(anna, "Анна")
    await give(anna, "+79161234567")
    await give(anna, f"[{SEND}]")

    assert (await bot.only_lead()).service == "callback"


async def test_a_callback_carries_what_the_customer_wrote(bot: RunningBot, anna: Customer) -> None:
    await give(anna, "А вы работаете по воскресеньям?")
    await give(anna, "[Да]")
    await give(anna, "Анна")
    await give(anna, "+79161234567")
    await give(anna, f"[{SEND}]")

    assert (await bot.only_lead()).conversation == ("А вы работаете по воскресеньям?",)


@pytest.mark.parametrize("service", list(JOURNEYS))
async def test_the_summary_shows_every_answer(bot: RunningBot, anna: Customer, service: str) -> None:
    summary = await walk_to_summary(anna, service)
    await give(anna, f"[{SEND}]")

    for title, answer in (await bot.only_lead()).lines:
        assert f"{title}: {answer}" in summary.message.text


async def test_a_second_form_suggests_the_name_and_phone_of_the_first(bot: RunningBot, anna: Customer) -> None:
    await send_lead(anna, "callback")

    question = await give(anna, "/start callback")
    assert "Сейчас: Анна" in question.message.text
    asked_phone = await give(anna, "[Оставить]")
    assert "Сейчас: +7 916 123-45-67" in asked_phone.message.text
    await give(anna, "[Оставить]")
    await give(anna, f"[{SEND}]")

    assert [lead.phone.e164 for lead in await bot.leads() if lead.phone] == ["+79161234567"] * 2


async def test_the_lead_is_delivered_right_after(bot: RunningBot, anna: Customer) -> None:
    await send_lead(anna, "sell")

    lead = await bot.delivered_lead()

    assert sorted(lead.made) == ["contact", "files", "lead", "note", "task"]


async def test_a_deep_link_opens_its_form_and_names_the_source(bot: RunningBot, anna: Customer) -> None:
    opened = await give(anna, "/start sell__avito")
    assert "Шаг 1 из 8" in opened.message.text
    for _, answer in JOURNEYS["sell"]:
        await give(anna, answer)
    await give(anna, f"[{SEND}]")

    assert (await bot.only_lead()).source == "avito"


async def test_a_source_alone_opens_the_menu_and_is_remembered(bot: RunningBot, anna: Customer) -> None:
    menu = await give(anna, "/start yandex_maps")
    assert "🚗 Продать авто" in menu.message.labels
    await give(anna, "[⚖️ Юрпомощь]")
    for _, answer in JOURNEYS["legal"]:
        await give(anna, answer)
    await give(anna, f"[{SEND}]")

    assert (await bot.only_lead()).source == "yandex_maps"

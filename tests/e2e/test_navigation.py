"""Moving around a form loses nothing."""

import asyncio

import pytest

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, open_form, send_lead, walk_to, walk_to_summary
from tests.e2e.running_bot import RunningBot

CHANGES = [
    ("sell", "year", "[2020]"),
    ("buy", "phone", "+7 903 555-01-01"),
    ("legal", "description", "Страховая не платит"),
]
"""A button, a step with its own keyboard, words. Every step of every form: tests/domain/test_every_step.py."""


async def test_back_shows_the_question_before_with_its_answer(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "year")

    back = await give(anna, "[⬅️ Назад]")

    assert "Шаг 1 из 8" in back.message.text
    assert "Сейчас: Toyota Camry" in back.message.text
    assert "Шаг 2 из 8" in (await give(anna, "[Оставить]")).message.text


async def test_words_do_what_buttons_do(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "photos")

    assert "Шаг 4 из 8" in (await give(anna, "назад")).message.text
    assert "Шаг 5 из 8" in (await give(anna, "Оставить")).message.text
    assert "Шаг 6 из 8" in (await give(anna, "пропустить")).message.text
    assert "Сбросить и начать заново?" in (await give(anna, "Меню")).message.text


async def test_back_leads_from_the_phone_to_the_name(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "phone")

    back = await give(anna, "[⬅️ Назад]")

    assert "Сейчас: Анна" in back.message.text
    assert anna.chat.reply_keyboard is None


@pytest.mark.parametrize(("service", "step", "answer"), CHANGES)
async def test_a_field_can_be_changed_from_the_summary(
    bot: RunningBot, anna: Customer, service: str, step: str, answer: str
) -> None:
    await walk_to_summary(anna, service)
    fields = await give(anna, "[✏️ Изменить]")
    place = list(dict(JOURNEYS[service])).index(step)

    await give(anna, f"[{fields.message.labels[place]}]")
    summary = await give(anna, answer)

    assert SEND in summary.message.labels
    await give(anna, f"[{SEND}]")
    changed = (await bot.only_lead()).answers[step].shown.replace("\u00a0", " ")
    assert changed == answer.strip("[]")


async def test_back_from_the_list_of_fields_shows_the_summary(bot: RunningBot, anna: Customer) -> None:
    await walk_to_summary(anna, "legal")
    await give(anna, "[✏️ Изменить]")

    assert SEND in (await give(anna, "[⬅️ Назад]")).message.labels


@pytest.mark.parametrize("command", ["/start", "/menu", "/cancel"])
async def test_a_command_in_the_middle_warns_first(bot: RunningBot, anna: Customer, command: str) -> None:
    await walk_to(anna, "sell", "mileage")

    warning = await give(anna, command)
    assert "Вы не закончили заявку. Сбросить и начать заново?" in warning.message.text
    question = await give(anna, "[Нет]")

    assert "Шаг 3 из 8" in question.message.text
    assert "Шаг 4 из 8" in (await give(anna, "120 тыс")).message.text


async def test_yes_after_the_warning_drops_the_dialog(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "mileage")
    await give(anna, "/start")

    menu = await give(anna, "[Да]")

    assert "🚗 Продать авто" in menu.message.labels
    assert "Шаг 1 из 8" in (await open_form(anna, "sell")).message.text


async def test_a_deep_link_in_the_middle_opens_its_form_after_yes(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "mileage")
    await give(anna, "/start buy__drom")

    opened = await give(anna, "[Да]")

    assert "Покупка авто · Шаг 1 из 8" in opened.message.text


async def test_the_menu_button_asks_before_answers_are_lost(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "mileage")

    assert "Сбросить и начать заново?" in (await give(anna, "[🏠 Меню]")).message.text


async def test_the_menu_button_need_not_ask_when_there_is_nothing_to_lose(bot: RunningBot, anna: Customer) -> None:
    await open_form(anna, "sell")

    assert "🚗 Продать авто" in (await give(anna, "[🏠 Меню]")).message.labels


async def test_cancel_outside_a_dialog_says_that_there_is_none(bot: RunningBot, anna: Customer) -> None:
    assert "нет открытой заявки" in (await give(anna, "/cancel")).message.text


async def test_help_in_the_middle_leaves_the_question_where_it_is(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "mileage")
    question = anna.chat.last_message

    await give(anna, "/help")

    assert anna.chat.message(question.id).labels == question.labels
    assert "Шаг 4 из 8" in (await give(anna, "120 тыс")).message.text


async def test_in_a_group_the_bot_is_silent(bot: RunningBot, anna: Customer) -> None:
    await anna.send_in_group("/start")

    assert "Шаг 1 из 8" in (await open_form(anna, "sell")).message.text
    assert len(anna.chat.bot_messages) == 1


async def test_two_customers_walk_side_by_side(bot: RunningBot, telegram: TelegramEmulator) -> None:
    anna = telegram.customer(7_001, "<3")
    boris = telegram.customer(7_002, "<3")

    await asyncio.gather(send_lead(anna, "sell"), send_lead(boris, "legal"))

    assert {(str(lead.customer), lead.service) for lead in await bot.leads()} == {
        ("telegram:7001", "sell"),
        ("telegram:7002", "legal"),
    }


async def test_the_profile_name_is_suggested(bot: RunningBot, telegram: TelegramEmulator) -> None:
    mila = telegram.customer(7_003, "Мила")

    assert "Сейчас: Мила" in (await open_form(mila, "callback")).message.text


async def test_who_asks_for_a_person_need_not_give_the_name_again(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "legal", "phone")
    await give(anna, "оператор")

    assert "Сейчас: Анна" in (await give(anna, "[Да]")).message.text


async def test_a_contact_shared_outside_any_form_is_a_callback_and_ends_its_keyboard(
    bot: RunningBot, anna: Customer
) -> None:
    await anna.share_contact()
    await anna.chat.wait_for(lambda chat: any("Менеджер вам позвонит" in message.text for message in chat.messages))
    await give(anna, "Анна")
    await give(anna, f"[{SEND}]")

    assert anna.chat.reply_keyboard is None
    assert (await bot.only_lead()).phone is not None


async def test_a_text_that_only_begins_with_a_slash_is_an_answer(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "comment")

    assert "/// срочно" in (await give(anna, "/// срочно")).message.text


async def test_who_floods_gets_the_last_replies_and_all_is_taken(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await open_form(anna, "sell")
    sent = len(telegram.calls_of("sendMessage"))

    for number in range(90):
        await anna.send_text(f"?{number}" if number else "Toyota")
    await telegram.wait_for(lambda: not telegram.queue)

    assert len(telegram.calls_of("sendMessage")) - sent <= 45
    assert "Шаг 2 из 8" in anna.chat.last_message.text

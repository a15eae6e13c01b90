"""Buttons act once, and only while they belong to the current question."""

import pytest

from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.visits import Visits
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import SEND, give, open_form, send_lead, walk_to, walk_to_summary
from tests.e2e.running_bot import RunningBot, running_bot
from tests.patience import eventually

STALE = "Кнопка больше не активна"


async def test_a_button_of_an_older_step_is_not_active(bot: RunningBot, anna: Customer) -> None:
    question = (await walk_to(anna, "sell", "year")).message
    year_2018 = question.button("2018")
    assert year_2018 is not None
    await give(anna, "[2020]")

    await anna.press_stale(year_2018.data or "", question.id)
    answered = await anna.reply()

    assert [(alert.text, alert.show_alert) for alert in answered.alerts] == [(STALE, True)]
    assert answered.messages == ()
    assert "Шаг 4 из 8" in (await give(anna, "120 тыс")).message.text


async def test_a_button_of_an_older_dialog_is_not_active(bot: RunningBot, anna: Customer) -> None:
    question = (await walk_to(anna, "sell", "year")).message
    year_2018 = question.button("2018")
    assert year_2018 is not None
    await give(anna, "/menu")
    await give(anna, "[Да]")
    await walk_to(anna, "sell", "year")

    await anna.press_stale(year_2018.data or "", question.id)

    assert (await anna.reply()).text == STALE


async def test_forged_callback_data_change_nothing(bot: RunningBot, anna: Customer) -> None:
    question = (await walk_to(anna, "sell", "year")).message
    for forged in ("", "INVALID", "d:0123456789ABC:1:!:", "f:m:nowhere", "d:x", "f:?:", "я" * 30, "d:" * 500):
        await anna.press_stale(forged, question.id)
        assert (await anna.reply()).text == STALE

    assert "Шаг 3 из 8" in (await give(anna, "[2020]")).message.text


async def test_two_quick_taps_on_an_option_act_once(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "year")

    await anna.press("2018", twice=True)
    await anna.chat.wait_for(lambda chat: len(chat.alerts) >= 2)

    assert "Шаг 3 из 8" in anna.chat.last_message.text


async def test_two_quick_taps_on_the_menu_open_one_form(bot: RunningBot, anna: Customer) -> None:
    await give(anna, "/start")

    await anna.press("🚗 Продать авто", twice=True)
    await anna.chat.wait_for(lambda chat: len(chat.alerts) >= 2)
    await anna.reply()

    assert "Шаг 1 из 8" in anna.chat.last_message.text


async def test_a_question_that_was_never_shown_is_shown_at_the_next_tap(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    question = (await walk_to(anna, "sell", "year")).message
    telegram.fail("editMessageText", how="429", retry_after=3600)
    await give(anna, "[2018]")
    assert "Шаг 2 из 8" in anna.chat.last_message.text

    await anna.press("2020", question.id)
    caught_up = await anna.reply()

    assert [alert.text for alert in caught_up.alerts] == [STALE]
    assert "Шаг 3 из 8" in anna.chat.last_message.text


@pytest.mark.parametrize("how", ["500", "502 html", "refuse", "drop"])
async def test_an_edit_that_failed_once_is_made_again(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer, how: str
) -> None:
    await walk_to(anna, "sell", "year")
    telegram.fail("editMessageText", how=how)

    await anna.press("2018")
    await anna.chat.wait_for(lambda chat: "Шаг 3 из 8" in chat.last_message.text)


async def test_after_help_and_back_one_message_has_the_questions_buttons(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "year")
    await give(anna, "/help")
    await give(anna, "[🏠 Меню]")

    await give(anna, "[Нет]")

    with_years = [message.id for message in anna.chat.bot_messages if "2018" in message.labels]
    assert with_years == [anna.chat.last_message.id]


async def test_two_quick_taps_on_send_make_one_lead(bot: RunningBot, anna: Customer) -> None:
    await walk_to_summary(anna, "sell")

    await anna.press(SEND, twice=True)
    await anna.chat.wait_for(lambda chat: len(chat.alerts) >= 1 and "принята" in chat.last_message.text)
    await anna.reply()

    lead = await bot.only_lead()
    assert lead.reference in anna.chat.last_message.text
    assert all(alert.text == "" for alert in anna.chat.alerts[-2:])


async def test_an_update_that_comes_twice_changes_nothing(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await open_form(anna, "sell")
    update = await anna.send_text("Toyota")
    await anna.reply()
    seen = len(anna.chat.bot_messages)

    telegram.repeat(update)
    await anna.chat.wait_for(lambda chat: len(chat.bot_messages) > seen)

    assert "Шаг 2 из 8" in anna.chat.last_message.text


async def test_a_repeated_send_shows_the_receipt_again(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await walk_to_summary(anna, "callback")
    update = await anna.press(SEND)
    await anna.reply()

    telegram.repeat(update)
    await telegram.wait_for(lambda: not telegram.queue)

    assert (await bot.only_lead()).reference in anna.chat.last_message.text


async def test_only_the_latest_message_has_buttons(bot: RunningBot, anna: Customer) -> None:
    await walk_to_summary(anna, "sell")

    with_buttons = [message for message in anna.chat.bot_messages if message.buttons]

    assert [message.id for message in with_buttons] == [anna.chat.last_message.id]


async def test_a_press_edits_its_message(bot: RunningBot, anna: Customer) -> None:
    menu = (await give(anna, "/start")).message

    opened = (await give(anna, "[🛠 Проверить авто]")).message

    assert opened.id == menu.id
    assert opened.edited


async def test_the_receipt_stays_when_the_next_form_is_opened(bot: RunningBot, anna: Customer) -> None:
    receipt = (await send_lead(anna, "callback")).message

    opened = (await give(anna, "[🚗 Продать авто]")).message

    assert opened.id > receipt.id
    assert anna.chat.message(receipt.id).text == receipt.text


async def test_an_expired_dialog_is_gone(telegram: TelegramEmulator, anna: Customer, database_url: str) -> None:
    async with running_bot(telegram, database_url=database_url, dialog_ttl=1) as bot:
        question = (await open_form(anna, "check")).message
        visits = await bot.container.get(Visits)

        async def is_expired() -> bool:
            return await visits.load(customer_of_user(anna.id)) is None

        await eventually(is_expired)

        await anna.press("Выездной осмотр", question.id)

        assert (await anna.reply()).text == STALE
        assert "Шаг 1 из 6" in (await open_form(anna, "check")).message.text

"""What is not understood is asked again; what can be read in two ways is asked about."""

import pytest

from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import SEND, give, open_form, walk_to
from tests.e2e.running_bot import RunningBot

WRONG = [
    ("sell", "car_brand", "?", "Toyota Camry"),
    ("sell", "photos", "вот мои фото", "фото"),
    ("sell", "phone", "123", "+7 916 123-45-67"),
]
"""Every step: tests/domain/test_every_step.py."""


@pytest.mark.parametrize(("service", "step", "wrong", "expected"), WRONG, ids=[f"{w[0]}-{w[1]}" for w in WRONG])
async def test_a_wrong_answer_is_explained_and_the_step_asked_again(
    bot: RunningBot, anna: Customer, service: str, step: str, wrong: str, expected: str
) -> None:
    asked = await walk_to(anna, service, step)
    heading = asked.message.text.splitlines()[0]

    again = await give(anna, wrong)

    assert again.message.text.startswith(heading)
    assert "⚠️" in again.message.text
    assert expected.casefold() in again.message.text.replace("\u00a0", " ").casefold()


async def test_an_own_budget_is_typed_after_its_button(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "buy", "budget")
    asked = await give(anna, "[Указать свою сумму]")
    assert "Напишите наибольшую сумму" in asked.message.text

    following = await give(anna, "1 350 000 руб")

    assert "Шаг 3 из 8" in following.message.text


async def test_an_own_budget_may_be_typed_at_once(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "buy", "budget")

    following = await give(anna, "1,35 млн")

    assert "Шаг 3 из 8" in following.message.text


async def test_other_is_answered_in_the_customers_own_words(bot: RunningBot, anna: Customer) -> None:
    await open_form(anna, "find")
    await give(anna, "[Другое]")

    following = await give(anna, "Для дачи и рыбалки")

    assert "Шаг 2 из 7" in following.message.text
    back = await give(anna, "[⬅️ Назад]")
    assert "Сейчас: Для дачи и рыбалки" in back.message.text


async def test_an_ambiguous_mileage_is_asked_about(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "mileage")

    unsure = await give(anna, "120")

    assert [label.replace("\u00a0", " ") for label in unsure.message.labels[:2]] == ["120 км", "120 000 км"]
    following = await give(anna, f"[{unsure.message.labels[1]}]")
    assert "Шаг 4 из 8" in following.message.text


async def test_an_ambiguous_sum_offers_its_likely_reading(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "price")

    unsure = await give(anna, "900")

    assert unsure.message.labels[0].replace("\u00a0", " ") == "900 000 ₽"


@pytest.mark.parametrize("kind", ["sticker", "location", "poll"])
async def test_unexpected_content_is_answered_and_the_step_stays(bot: RunningBot, anna: Customer, kind: str) -> None:
    await walk_to(anna, "sell", "mileage")

    await anna.send_other(kind)  # type: ignore[arg-type]  # the kinds are listed above
    again = await anna.reply()

    assert "Пожалуйста, используйте текст или кнопки" in again.message.text
    assert "Шаг 3 из 8" in again.message.text


async def test_unexpected_content_outside_a_dialog_is_answered_with_the_menu(bot: RunningBot, anna: Customer) -> None:
    await anna.send_other("sticker")
    answered = await anna.reply()

    assert "Пожалуйста, используйте текст или кнопки" in answered.message.text
    assert "🚗 Продать авто" in answered.message.labels


async def test_markup_in_an_answer_is_shown_as_it_was_typed(bot: RunningBot, anna: Customer) -> None:
    await open_form(anna, "find")
    await give(anna, "<b>для дачи</b> & Co <3")

    back = await give(anna, "[⬅️ Назад]")

    assert "Сейчас: <b>для дачи</b> & Co <3" in back.message.text


async def test_a_shared_contact_answers_the_phone_step(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "callback", "phone")
    await give(anna, "[📱 Поделиться номером]")
    await give(anna, f"[{SEND}]")

    lead = await bot.only_lead()
    assert lead.phone is not None
    assert lead.phone.e164 == "+79161234567"


async def test_a_number_that_nobody_knows_is_asked_back(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "callback", "phone")

    unsure = await give(anna, "+995 44 123 45 67")
    assert unsure.message.labels[0] == "+995 441 23 45 67"
    await give(anna, f"[{unsure.message.labels[0]}]")
    await give(anna, f"[{SEND}]")

    lead = await bot.only_lead()
    assert lead.phone is not None
    assert lead.phone.e164 == "+995441234567"


async def test_after_a_doubtful_number_the_contact_may_be_shared_again(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "callback", "phone")
    await give(anna, "8 916 123 45 67 8")
    assert anna.chat.reply_keyboard is None

    await give(anna, "[⬅️ Назад]")

    assert anna.chat.reply_keyboard is not None


async def test_an_extension_and_words_beside_a_phone_are_in_the_summary(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "callback", "phone")

    summary = await give(anna, "8 495 123-45-67 доб. 5, звоните после шести")

    assert "Телефон: +7 495 123-45-67, доб. 5\nТелефон, примечание: звоните после шести" in summary.message.text


async def test_someone_elses_contact_is_refused(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "callback", "phone")
    await anna.share_contact("+79035550101", other_user_id=42)
    again = await anna.reply()

    assert "чужой контакт" in again.message.text


async def test_the_contact_keyboard_comes_and_goes_with_the_phone_step(bot: RunningBot, anna: Customer) -> None:
    await walk_to(anna, "sell", "phone")
    keyboard = anna.chat.reply_keyboard
    assert keyboard is not None
    assert keyboard.rows[0][0].request_contact

    await give(anna, "8 (916) 123-45-67")

    assert anna.chat.reply_keyboard is None
    assert "Шаг 8 из 8" in anna.chat.last_message.text


async def test_another_bot_is_not_served(bot: RunningBot, telegram: TelegramEmulator, anna: Customer) -> None:
    robot = {"id": 9_999, "is_bot": True, "first_name": "Робот"}
    chat = {"id": 9_999, "type": "private", "first_name": "Робот"}
    telegram.inject({"message": {"message_id": 1, "date": 1, "chat": chat, "from": robot, "text": "/start"}})
    await open_form(anna, "sell")

    assert [call for call in telegram.calls_of("sendMessage") if str(call.params["chat_id"]) == "9999"] == []


async def test_the_words_of_an_update_that_the_library_can_not_read_are_heard(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    """Strict models insist on fields that Telegram has been seen to leave out (aiogram issues 1587, 1840)."""
    await walk_to(anna, "sell", "mileage")
    seen = len(anna.chat.bot_messages)

    telegram.inject(
        {
            "message": {
                "message_id": 9000,
                "date": 1,
                "chat": {"id": anna.id, "type": "private", "first_name": "<3"},
                "from": {"id": anna.id, "is_bot": False, "first_name": "<3"},
                "forward_origin": {"type": "hidden_user", "date": 1},
                "text": "120 тыс",
            }
        }
    )
    await anna.chat.wait_for(lambda chat: len(chat.bot_messages) > seen)

    assert "Шаг 4 из 8" in anna.chat.last_message.text

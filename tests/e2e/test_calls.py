"""How much a reply costs: calls to Telegram, round trips to Redis, statements to the database."""

import pytest

from carquery.emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, open_form
from tests.e2e.running_bot import RunningBot

REPLIES = frozenset(
    {"sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "deleteMessage"}
)


def replies(telegram: TelegramEmulator) -> list[str]:
    return [call.method for call in telegram.calls if call.method in REPLIES]


@pytest.mark.parametrize("service", list(JOURNEYS))
async def test_a_reply_takes_two_calls_and_three_around_the_phone(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer, service: str
) -> None:
    await open_form(anna, service)
    around_phone = {"name", "phone"}
    for step, answer in (*JOURNEYS[service], ("send", f"[{SEND}]")):
        before = len(replies(telegram))
        await give(anna, answer)
        assert len(replies(telegram)) - before <= (3 if step in around_phone else 2), step


async def test_what_the_customer_waits_for_goes_first(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await open_form(anna, "sell")

    before = len(replies(telegram))
    await give(anna, "Toyota Camry")
    assert replies(telegram)[before:] == ["sendMessage", "editMessageReplyMarkup"]

    before = len(replies(telegram))
    await give(anna, "[2018]")
    assert replies(telegram)[before:] == ["editMessageText", "answerCallbackQuery"]

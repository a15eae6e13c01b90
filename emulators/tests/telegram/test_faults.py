"""Misfortunes happen when, how and as often as ordered."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientSession

from carquery_emulators.telegram import Customer, TelegramEmulator


async def test_too_many_requests_says_how_long_to_wait(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    telegram.fail("sendMessage", how="429", retry_after=35)

    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(anna.id, "Привет")

    assert refused.value.retry_after == 35
    assert anna.chat.messages == []
    assert (telegram.calls[0].ok, telegram.calls[0].description) == (False, "Too Many Requests: retry after 35")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("401", TelegramUnauthorizedError),
        ("500", TelegramServerError),
        ("502 html", ClientDecodeError),
        ("blocked", TelegramForbiddenError),
        ("no rights", TelegramBadRequest),
        ("refuse", TelegramNetworkError),
    ],
)
async def test_a_refused_call_has_no_effect(
    how: str, error: type[Exception], telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    telegram.fail("sendMessage", how=how)

    with pytest.raises(error):
        await bot.send_message(anna.id, "Привет")

    assert anna.chat.messages == []
    assert telegram.calls[0].ok is False


async def test_a_dropped_answer_leaves_the_effect(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    telegram.fail("sendMessage", how="drop")

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "Привет")

    assert anna.chat.last_message.text == "Привет"
    assert telegram.calls[0].ok is True


@pytest.mark.parametrize(("how", "messages"), [("delay", 0), ("hang", 1)])
async def test_a_slow_call_is_slow_before_or_after_the_effect(
    how: str, messages: int, telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    telegram.fail("sendMessage", how=how, seconds=86_400)

    sending = asyncio.create_task(bot.send_message(anna.id, "Привет"))
    await telegram.wait_for(lambda: [call.faults for call in telegram.calls] == [[how]])

    assert (len(anna.chat.messages), sending.done()) == (messages, False)
    telegram.heal()
    assert (await sending).text == "Привет"


async def test_a_short_delay_ends_well(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    telegram.fail("sendMessage", how="delay", seconds=0.01)

    await bot.send_message(anna.id, "Привет")

    assert anna.chat.last_message.text == "Привет"
    assert telegram.calls[0].faults == ["delay"]


async def test_a_fault_hits_its_method_as_often_as_ordered(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    telegram.fail("sendMessage", times=2, how="500")

    await bot.get_me()
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await bot.send_message(anna.id, "Привет")

    await bot.send_message(anna.id, "Привет")
    assert anna.chat.last_message.text == "Привет"


async def test_a_fault_without_end_lasts_until_it_is_healed(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    telegram.fail("*", times=None, how="500")
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await bot.get_me()

    telegram.heal()

    await bot.send_message(anna.id, "Привет")
    assert anna.chat.last_message.text == "Привет"


async def test_downloads_can_fail_too(telegram: TelegramEmulator, http: ClientSession, anna: Customer) -> None:
    await anna.send_document(b"x", name="a.txt", mime_type="text/plain")
    address = f"/file/bot{telegram.token}/documents/file_1.txt"
    telegram.fail("download", how="500")

    async with http.get(address) as failed, http.get(address) as served:
        assert (failed.status, served.status, await served.read()) == (500, 200, b"x")


def test_an_unknown_fault_is_refused(telegram: TelegramEmulator) -> None:
    with pytest.raises(ValueError, match="how='burn' is unknown; choose from 401, 429"):
        telegram.fail("sendMessage", how="burn")

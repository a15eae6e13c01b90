"""getUpdates: offsets, waiting, conflicts, and how long Telegram keeps an update."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramNetworkError
from aiogram.types import Update

from carquery_emulators.telegram import Customer, TelegramEmulator
from emulators.tests.telegram.doubles import ManualClock, connected_bot

_OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def _ids(updates: list[Update]) -> list[int]:
    return [update.update_id for update in updates]


async def _waiting_poll(telegram: TelegramEmulator, bot: Bot) -> asyncio.Task[list[Update]]:
    """A poll that has arrived and found nothing."""
    polls = len(telegram.calls_of("getUpdates"))
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await telegram.wait_for(lambda: len(telegram.calls_of("getUpdates")) > polls and _is_listening(telegram))
    return poll


def _is_listening(telegram: TelegramEmulator) -> bool:
    return telegram.bot_api.polling.is_waiting


async def test_updates_stay_until_a_higher_offset_arrives(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    first, second = await anna.send_text("раз"), await anna.send_text("два")

    assert _ids(await bot.get_updates()) == [first, second]
    assert telegram.confirmed_up_to == first - 1
    assert _ids(await bot.get_updates(offset=second)) == [second]
    assert telegram.confirmed_up_to == first
    assert await bot.get_updates(offset=second + 1) == []
    assert (telegram.queue, telegram.confirmed_up_to) == ([], second)


async def test_the_offset_confirms_although_the_answer_is_lost(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    update_id = await anna.send_text("раз")
    telegram.fail("getUpdates", how="drop")

    with pytest.raises(TelegramNetworkError):
        await bot.get_updates(offset=update_id + 1)

    assert telegram.queue == []


async def test_a_negative_offset_forgets_all_but_the_last(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    for text in ("раз", "два", "три"):
        last = await anna.send_text(text)

    assert _ids(await bot.get_updates(offset=-1)) == [last]
    assert len(telegram.queue) == 1


async def test_an_offset_from_the_future_confirms_nothing(bot: Bot, anna: Customer) -> None:
    update_id = await anna.send_text("раз")

    assert _ids(await bot.get_updates(offset=update_id + 2)) == [update_id]


async def test_a_batch_has_100_updates_at_most(bot: Bot, anna: Customer) -> None:
    for number in range(101):
        await anna.send_text(str(number))

    assert len(await bot.get_updates(limit=1000)) == 100
    assert len(await bot.get_updates(offset=1, limit=3)) == 3


async def test_a_poll_waits_for_the_next_update(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    poll = await _waiting_poll(telegram, bot)

    update_id = await anna.send_text("раз")

    assert _ids(await poll) == [update_id]


async def test_a_poll_ends_empty_after_its_timeout(bot: Bot, anna: Customer) -> None:
    assert await bot.get_updates(timeout=1) == []
    assert anna.chat.messages == []


async def test_a_second_poller_ends_the_first(telegram: TelegramEmulator, bot: Bot, anna: Customer) -> None:
    async with connected_bot(telegram) as second_bot:
        first = await _waiting_poll(telegram, bot)
        second = await _waiting_poll(telegram, second_bot)

        with pytest.raises(TelegramConflictError) as refused:
            await first
        assert refused.value.message == _OTHER_POLLER

        update_id = await anna.send_text("раз")
        assert _ids(await second) == [update_id]


async def test_setting_a_webhook_ends_the_poll(telegram: TelegramEmulator, bot: Bot) -> None:
    poll = await _waiting_poll(telegram, bot)

    await bot.set_webhook("http://127.0.0.1:9/")

    with pytest.raises(TelegramConflictError, match="Conflict: terminated by setWebhook request"):
        await poll
    with pytest.raises(TelegramConflictError) as refused:
        await bot.get_updates()
    assert refused.value.message == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )


async def test_allowed_updates_are_remembered(bot: Bot, anna: Customer) -> None:
    await bot.get_updates(allowed_updates=["message"])

    await anna.press_stale("yes", 1)
    message = await anna.send_text("раз")

    assert _ids(await bot.get_updates(offset=1)) == [message]
    assert (await bot.get_webhook_info()).allowed_updates == ["message"]

    await bot.get_updates(offset=1, allowed_updates=[])
    press = await anna.press_stale("yes", 1)
    assert press in _ids(await bot.get_updates())


async def test_messages_are_kept_for_a_day_and_presses_for_150_seconds(
    telegram: TelegramEmulator, anna: Customer, clock: ManualClock
) -> None:
    message, press = await anna.send_text("раз"), await anna.press_stale("yes", 1)

    clock.advance(149)
    assert [update["update_id"] for update in telegram.queue] == [message, press]
    clock.advance(2)
    assert [update["update_id"] for update in telegram.queue] == [message]
    clock.advance(86_400 - 152)
    assert [update["update_id"] for update in telegram.queue] == [message]
    clock.advance(2)
    assert telegram.queue == []


async def test_an_update_can_come_again_after_it_was_confirmed(
    telegram: TelegramEmulator, bot: Bot, anna: Customer
) -> None:
    first, second = await anna.send_text("раз"), await anna.send_text("два")
    await bot.get_updates(offset=second + 1)

    telegram.repeat(first)

    assert _ids(await bot.get_updates(offset=second + 1, limit=5)) == [first]
    assert await bot.get_updates(offset=second + 1, limit=6) == []


async def test_any_object_can_be_injected(telegram: TelegramEmulator) -> None:
    injected = telegram.inject({"message": {"text": 5}})
    telegram.inject({"update_id": injected + 900, "nonsense": None})

    assert telegram.queue == [
        {"update_id": injected, "message": {"text": 5}},
        {"update_id": injected + 900, "nonsense": None},
    ]


async def test_ids_go_on_after_an_injected_one(telegram: TelegramEmulator, anna: Customer) -> None:
    injected = telegram.inject({"update_id": 500_000, "message": {}})

    assert await anna.send_text("раз") == injected + 1


@pytest.fixture
async def patient() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(delay_scale=10_000) as telegram:
        yield telegram


async def test_whoever_asks_the_same_again_at_once_gets_one_update(patient: TelegramEmulator) -> None:
    boris = patient.customer(502, "Борис")
    first, second = await boris.send_text("раз"), await boris.send_text("два")

    async with connected_bot(patient) as bot:
        assert _ids(await bot.get_updates()) == [first, second]
        assert _ids(await bot.get_updates()) == [first]


async def test_closing_ends_a_waiting_poll() -> None:
    async with TelegramEmulator() as telegram, connected_bot(telegram) as bot:
        poll = await _waiting_poll(telegram, bot)
        await telegram.close()

        assert await poll == []

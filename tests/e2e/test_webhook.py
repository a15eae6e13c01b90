"""Webhook mode: Telegram brings updates, and each is answered once it was handled."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from dishka import Provider, Scope

from carquery.adapters.telegram.channel import customer_of_user
from carquery.adapters.telegram.updates.webhook import UPDATES_AT_ONCE, AnswerTimes
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, walk_to
from tests.e2e.processes import a_process, ended, environment
from tests.e2e.running_bot import RunningBot, running_bot
from tests.e2e.webhooks import SECRET, post, posted, pressed, webhook_bot, written
from tests.ports import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def hooked(telegram: TelegramEmulator, database_url: str, port: int) -> AsyncIterator[RunningBot]:
    async with webhook_bot(telegram, database_url, port) as bot:
        yield bot


async def test_a_customer_fills_in_a_form(hooked: RunningBot, telegram: TelegramEmulator, anna: Customer) -> None:
    await anna.send_text("/start sell")
    await anna.reply()
    for _, answer in JOURNEYS["sell"]:
        await give(anna, answer)

    assert "принята" in (await give(anna, f"[{SEND}]")).message.text
    assert (await hooked.delivered_lead()).customer == customer_of_user(anna.id)
    assert telegram.queue == []


@pytest.fixture
async def patient(telegram: TelegramEmulator, database_url: str, port: int) -> AsyncIterator[RunningBot]:
    """One whose answers wait for the reply, however slow the machine."""
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: AnswerTimes(reply=600), provides=AnswerTimes, override=True)
    async with webhook_bot(telegram, database_url, port, provider) as bot:
        yield bot


async def test_telegram_is_told_the_secret_and_the_kinds_of_updates(
    hooked: RunningBot, telegram: TelegramEmulator
) -> None:
    (call,) = telegram.calls_of("setWebhook")

    assert call.params["secret_token"] == SECRET
    assert call.params["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert int(str(call.params["max_connections"])) == UPDATES_AT_ONCE


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1]}, {"X-Telegram-Bot-Api-Secret-Token": "секрет"}],
    ids=["none", "another", "not ASCII"],
)
async def test_who_does_not_know_the_secret_changes_nothing(
    hooked: RunningBot, telegram: TelegramEmulator, port: int, headers: dict[str, str]
) -> None:
    assert await post(port, written("/start", update_id=1), headers) == 401
    assert telegram.calls_of("sendMessage") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1]", 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": "1"}', 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": 1, "message": ' + b"[" * 1_000_000, 400),
        (b'{"update_id": 1, "message": ' + b"[" * 500_000 + b"]" * 500_000 + b"}", 400),
        (b"\xff\xfe", 400),
        (b'{"update_id": 1, "x": "' + b"x" * 1024 * 1024 + b'"}', 413),
    ],
    ids=[
        "empty",
        "cut",
        "a list",
        "a bool",
        "a text",
        "deep",
        "a megabyte of nesting",
        "a megabyte of nesting, whole",
        "not UTF-8",
        "huge",
    ],
)
async def test_nonsense_is_refused_and_the_next_update_is_handled(
    hooked: RunningBot, telegram: TelegramEmulator, port: int, body: bytes, status: int
) -> None:
    assert await post(port, body) == status
    assert await post(port, written("/start", update_id=2)) == 200
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_more_than_was_agreed_upon_stand_in_line(
    hooked: RunningBot, telegram: TelegramEmulator, port: int
) -> None:
    telegram.fail("sendMessage", how="delay", seconds=0.3, times=None)
    newcomers = range(20_000, 20_000 + 2 * UPDATES_AT_ONCE)
    for customer in newcomers:
        telegram.customer(customer, "<3")

    answers = (post(port, written("/help", update_id=customer, customer=customer)) for customer in newcomers)

    assert set(await asyncio.gather(*answers)) == {200}


@pytest.mark.parametrize("message", [{}, {"message_id": 1, "chat": 5}, None])
async def test_an_update_that_cannot_be_read_is_passed_over(
    hooked: RunningBot, port: int, message: dict[str, Any] | None
) -> None:
    assert await post(port, {"update_id": 3, "message": message}) == 200


async def test_the_answer_is_given_when_the_update_was_handled(
    hooked: RunningBot, telegram: TelegramEmulator, port: int
) -> None:
    customer = telegram.customer(7_100, "<3")
    telegram.fail("sendMessage", how="delay", seconds=0.3)

    assert await post(port, written("/start sell", update_id=4)) == 200
    assert "Шаг 1 из 8" in customer.chat.last_message.text


async def test_an_answer_waits_for_no_reply_that_takes_long(
    hooked: RunningBot, telegram: TelegramEmulator, port: int
) -> None:
    """The update is safe by then, and the reply is owed."""
    customer = telegram.customer(7_100, "<3")
    telegram.fail("sendMessage", how="delay", seconds=86_400)

    assert await post(port, written("/start sell", update_id=4)) == 200
    assert not customer.chat.bot_messages

    telegram.heal()
    await customer.chat.wait_for(lambda chat: bool(chat.bot_messages))
    assert "Шаг 1 из 8" in customer.chat.last_message.text


async def test_an_update_that_comes_again_while_it_is_in_hand_is_handled_once(
    hooked: RunningBot, telegram: TelegramEmulator, port: int
) -> None:
    telegram.customer(7_100, "<3")
    telegram.fail("sendMessage", how="delay", seconds=86_400)
    update = written("/start sell", update_id=5)

    first = asyncio.create_task(post(port, update))
    await telegram.wait_for(lambda: bool(telegram.calls_of("sendMessage")))
    again = asyncio.create_task(post(port, update))
    await asyncio.sleep(0.1)  # whether it is held or handled a second time: by then it has come
    telegram.heal()

    assert (await first, await again) == (200, 200)
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_an_update_that_comes_again_later_changes_nothing(
    hooked: RunningBot, telegram: TelegramEmulator, port: int
) -> None:
    """Our answer was lost: the customer sees the question again, not the next one."""
    customer = telegram.customer(7_100, "<3")
    await post(port, written("/start legal", update_id=6))
    await post(port, written("Спор с мастерской", update_id=7))
    shown = customer.chat.last_message.text

    assert await post(port, written("Спор с мастерской", update_id=7)) == 200
    assert customer.chat.last_message.text == shown


async def test_a_press_that_only_gets_an_alert_is_answered_in_the_response(
    patient: RunningBot, telegram: TelegramEmulator, anna: Customer, port: int
) -> None:
    """One round trip instead of two."""
    await anna.send_text("/start sell")
    shown = (await anna.reply()).message

    status, body = await posted(port, pressed("nonsense", shown.id, query="77", update_id=9, customer=anna.id))

    assert (status, body["method"], body["callback_query_id"]) == (200, "answerCallbackQuery", "77")
    assert body["show_alert"] is True
    assert telegram.calls_of("answerCallbackQuery") == []


async def test_what_nobody_waits_for_rides_in_the_response(
    patient: RunningBot, telegram: TelegramEmulator, anna: Customer, port: int
) -> None:
    """The answer to a press, and the strip of the old question's buttons: an update takes one request."""
    await anna.send_text("/start sell")
    asked = (await anna.reply()).message

    _, stripped = await posted(port, written("Toyota Camry", update_id=9_001, customer=anna.id))
    question = anna.chat.last_message
    year = next(button.data for button in question.buttons if button.text == "2018")
    _, rested = await posted(port, pressed(year, question.id, query="77", update_id=9_002, customer=anna.id))

    assert (stripped["method"], stripped["message_id"]) == ("editMessageReplyMarkup", asked.id)
    assert rested == {"method": "answerCallbackQuery", "callback_query_id": "77"}
    assert "Шаг 3 из 8" in anna.chat.last_message.text
    assert telegram.calls_of("editMessageReplyMarkup") + telegram.calls_of("answerCallbackQuery") == []


async def test_what_the_response_can_t_wait_for_is_called(
    hooked: RunningBot, telegram: TelegramEmulator, anna: Customer, port: int
) -> None:
    await anna.send_text("/start sell")
    asked = (await anna.reply()).message
    telegram.fail("sendMessage", how="delay", seconds=86_400)

    status, carried = await posted(port, written("Toyota Camry", update_id=9_001, customer=anna.id))
    telegram.heal()

    assert (status, carried) == (200, {})
    await anna.chat.wait_for(lambda chat: not chat.message(asked.id).buttons)


async def test_telegram_makes_the_call_that_the_response_carries(hooked: RunningBot, anna: Customer) -> None:
    await anna.send_text("/start sell")
    shown = (await anna.reply()).message
    await give(anna, "Toyota Camry")

    await anna.press_stale("nonsense", shown.id)

    assert "не активна" in (await anna.reply()).text


async def test_an_album_gets_one_reply_though_its_pictures_come_one_by_one(
    hooked: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await walk_to(anna, "sell", "photos")
    sent = len(telegram.calls_of("sendMessage"))

    await anna.send_album(10)
    await anna.chat.wait_for(lambda chat: "Готово (10)" in str(chat.visible_buttons))

    assert len(telegram.calls_of("sendMessage")) == sent + 1


async def test_what_is_in_hand_at_the_stop_is_finished_and_answered(
    telegram: TelegramEmulator, database_url: str, port: int, anna: Customer
) -> None:
    async with webhook_bot(telegram, database_url, port):
        telegram.fail("sendMessage", how="delay", seconds=0.3)
        await anna.send_text("/start sell")
        await telegram.wait_for(lambda: bool(telegram.calls_of("sendMessage")))

    assert "Шаг 1 из 8" in anna.chat.last_message.text
    await telegram.wait_for(lambda: telegram.queue == [])


async def test_what_came_while_nobody_listened_is_brought_again(
    telegram: TelegramEmulator, database_url: str, port: int, anna: Customer
) -> None:
    async with webhook_bot(telegram, database_url, port):
        await anna.send_text("/menu")
        await anna.reply()
    await anna.send_text("/start sell")

    async with webhook_bot(telegram, database_url, port):
        assert "Шаг 1 из 8" in (await anna.reply()).message.text
        await telegram.wait_for(lambda: telegram.queue == [])


async def test_the_webhook_is_set_as_soon_as_telegram_is_back(
    telegram: TelegramEmulator, database_url: str, port: int, anna: Customer
) -> None:
    telegram.fail("setWebhook", how="502 html")
    async with webhook_bot(telegram, database_url, port):
        await anna.send_text("/start sell")

        assert "Шаг 1 из 8" in (await anna.reply()).message.text


async def test_who_polls_where_a_webhook_is_set_leaves_it_alone(
    hooked: RunningBot, telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    async with running_bot(telegram, database_url=f"sqlite:///{tmp_path}/other.db"):
        await telegram.wait_for(lambda: bool(telegram.calls_of("getUpdates")))
        await anna.send_text("/start sell")
        await anna.reply()

    assert telegram.calls_of("deleteWebhook") == []


async def test_polling_takes_over_from_a_webhook_when_told_to(
    telegram: TelegramEmulator, anna: Customer, tmp_path: Path
) -> None:
    address = f"{telegram.base_url}/bot{telegram.token}/setWebhook"
    async with aiohttp.ClientSession() as http, http.post(address, json={"url": "http://127.0.0.1:1/"}) as answer:
        assert answer.status == 200
    await anna.send_text("/start sell")

    env = environment(telegram, tmp_path)
    async with a_process("bot", "--delete-webhook", env=env, folder=tmp_path):
        assert "Шаг 1 из 8" in (await anna.reply()).message.text


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ({"WEBHOOK_HOST": "192.0.2.1"}, "WEBHOOK_HOST: 192.0.2.1"),
        ({"WEBHOOK_PORT": "{taken}"}, "WEBHOOK_PORT: {taken}"),
    ],
)
async def test_what_cannot_be_listened_on_is_named(
    telegram: TelegramEmulator, tmp_path: Path, address: dict[str, str], named: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        hook = {"BOT_MODE": "webhook", "WEBHOOK_URL": "http://127.0.0.1/telegram", "WEBHOOK_SECRET": SECRET}
        there = {"WEBHOOK_PORT": "0"} | {name: value.format(taken=taken) for name, value in address.items()}
        env = environment(telegram, tmp_path, **hook, **there)
        code, _, said = await ended("bot", env=env, folder=tmp_path)

        assert code == 1
        assert named.format(taken=taken) in said

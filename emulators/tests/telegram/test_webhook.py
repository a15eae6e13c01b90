"""Webhook delivery: the secret, the order, the retries, and calls made in the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from carquery_emulators.telegram import Customer, TelegramEmulator
from emulators.tests.telegram.doubles import ManualClock, connected_bot

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Receiver:
    """A bot's webhook: keeps what came and answers as told, `200` when told nothing."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: Iterator[Answer] = iter(())
        self.url = ""

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.updates]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        answer = next(self.answers, None)
        return await answer(request) if answer else web.Response()


def answering(status: int, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers=headers)

    return answer


async def hanging_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def serving(handler: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with serving(receiver.receive) as url:
        receiver.url = url
        yield receiver


async def _all_taken(telegram: TelegramEmulator) -> None:
    await telegram.wait_for(lambda: telegram.queue == [])


async def test_updates_are_posted_with_the_secret(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    waiting = await anna.send_text("раньше")
    await bot.set_webhook(receiver.url, secret_token="s3cret_-")
    new = await anna.send_text("позже")

    await _all_taken(telegram)
    assert receiver.ids == [waiting, new]
    assert receiver.secrets == ["s3cret_-", "s3cret_-"]


async def test_an_update_is_repeated_until_it_is_taken(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    receiver.answers = iter([answering(500), answering(503), hanging_up, answering(404), answering(204)])
    await bot.set_webhook(receiver.url)

    update_id = await anna.send_text("раз")

    await _all_taken(telegram)
    assert receiver.ids == [update_id] * 5


async def test_the_first_repeat_comes_at_once_and_the_next_ones_later_and_later(receiver: Receiver) -> None:
    scale = 0.02
    moments: list[float] = []

    async def refusing(_: web.Request) -> web.StreamResponse:
        moments.append(asyncio.get_running_loop().time())
        return web.Response(status=500 if len(moments) < 5 else 200)

    receiver.answers = iter([refusing] * 5)
    async with TelegramEmulator(delay_scale=scale) as telegram, connected_bot(telegram) as bot:
        await bot.set_webhook(receiver.url)
        await telegram.customer(1, "Анна").send_text("раз")
        await _all_taken(telegram)

    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert pauses[1] >= 2 * scale
    assert pauses[2] >= 4 * scale
    assert pauses[3] >= 8 * scale


async def test_retry_after_is_honoured(receiver: Receiver) -> None:
    moments: list[float] = []

    async def busy(_: web.Request) -> web.StreamResponse:
        moments.append(asyncio.get_running_loop().time())
        return web.Response(status=503, headers={"Retry-After": "30"})

    receiver.answers = iter([busy])
    async with TelegramEmulator(delay_scale=0.005) as telegram, connected_bot(telegram) as bot:
        await bot.set_webhook(receiver.url)
        await telegram.customer(1, "Анна").send_text("раз")
        await _all_taken(telegram)
        assert asyncio.get_running_loop().time() - moments[0] >= 30 * 0.005


async def test_messages_of_a_chat_keep_their_order_while_presses_overtake(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    released = asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    receiver.answers = iter([slow])
    await bot.set_webhook(receiver.url)
    first, second = await anna.send_text("раз"), await anna.send_text("два")
    press = await anna.press_stale("yes", 1)

    await telegram.wait_for(lambda: [update["update_id"] for update in telegram.queue] == [first, second])
    released.set()

    await _all_taken(telegram)
    assert receiver.ids.index(first) < receiver.ids.index(second)
    assert receiver.ids.index(press) < receiver.ids.index(second)


async def test_an_expired_update_is_given_up(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver, clock: ManualClock
) -> None:
    async def late(_: web.Request) -> web.StreamResponse:
        clock.advance(151)
        return web.Response(status=500)

    receiver.answers = iter([late])
    await bot.set_webhook(receiver.url)
    press = await anna.press_stale("yes", 1)
    await _all_taken(telegram)

    message = await anna.send_text("раз")
    await _all_taken(telegram)
    assert receiver.ids == [press, message]


async def test_the_last_error_is_told_by_get_webhook_info(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    receiver.answers = iter([answering(502)])
    await bot.set_webhook(receiver.url, max_connections=7, allowed_updates=["message"])
    await anna.send_text("раз")
    await _all_taken(telegram)

    info = await bot.get_webhook_info()

    assert (info.url, info.max_connections, info.allowed_updates) == (receiver.url, 7, ["message"])
    assert info.last_error_message == "Wrong response from the webhook: 502 Bad Gateway"


async def test_after_delete_webhook_updates_wait_for_polling(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    await bot.delete_webhook()
    update_id = await anna.send_text("раз")

    assert [update.update_id for update in await bot.get_updates()] == [update_id]
    assert receiver.updates == []
    assert (await bot.get_webhook_info()).url == ""

    await bot.delete_webhook(drop_pending_updates=True)
    assert telegram.queue == []


async def test_a_call_in_the_json_answer_is_made(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    async def calling(_: web.Request) -> web.StreamResponse:
        return web.json_response({"method": "sendMessage", "chat_id": anna.id, "text": "Здравствуйте"})

    receiver.answers = iter([calling])
    await bot.set_webhook(receiver.url)
    await anna.send_text("/start")

    assert (await anna.reply()).text == "Здравствуйте"
    assert len(telegram.calls_of("sendMessage")) == 1


async def test_aiograms_own_webhook_works(bot: Bot, anna: Customer) -> None:
    router = Router()

    @router.message()
    async def greet(message: Message) -> SendMessage:
        return message.answer(f"Здравствуйте, {message.chat.first_name}")

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s3cret")

    async with serving(handler.handle) as url:
        await bot.set_webhook(url, secret_token="s3cret")
        await anna.send_text("/start")

        assert (await anna.reply()).text == "Здравствуйте, Анна"
        await bot.delete_webhook()


async def test_a_webhook_set_twice_within_a_second_is_refused(receiver: Receiver) -> None:
    async with TelegramEmulator() as telegram, connected_bot(telegram) as bot:
        await bot.set_webhook(receiver.url)

        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.set_webhook(receiver.url)

    assert refused.value.retry_after == 1


async def test_setting_the_same_webhook_again_does_not_repeat_what_is_in_flight(
    telegram: TelegramEmulator, bot: Bot, anna: Customer, receiver: Receiver
) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        arrived.set()
        await released.wait()
        return web.Response()

    receiver.answers = iter([slow])
    await bot.set_webhook(receiver.url)
    update_id = await anna.send_text("раз")
    await arrived.wait()
    await bot.set_webhook(receiver.url)
    released.set()

    await _all_taken(telegram)
    assert receiver.ids == [update_id]


async def test_a_public_address_is_delivered_to_loopback(receiver: Receiver) -> None:
    async with (
        TelegramEmulator(webhook_deliver_to=receiver.url) as telegram,
        connected_bot(telegram) as bot,
    ):
        await bot.set_webhook("https://bot.example.ru/hook")
        update_id = await telegram.customer(1, "Анна").send_text("раз")
        await _all_taken(telegram)

    assert receiver.ids == [update_id]

"""How much a reply costs: calls to Telegram, round trips to Redis, looks into the database."""

from datetime import timedelta

import pytest
from dishka import Provider, Scope
from redis.asyncio import Redis
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.contextvars import get_contextvars

from carquery.adapters.sql.engine import reading
from carquery.application.ports.interpreter import Interpreter
from carquery.application.ports.owed_replies import OwedTimes
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, open_form
from tests.e2e.running_bot import RunningBot, running_bot

REPLIES = frozenset(
    {"sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "deleteMessage"}
)

INSIDE_SCRIPTS = frozenset({"hget", "hset", "pexpire", "exists", "zadd", "zrem"})
OUR_OWN = frozenset({"config", "config|resetstat", "info"})


def replies(telegram: TelegramEmulator) -> list[str]:
    return [call.method for call in telegram.calls if call.method in REPLIES]


async def nothing_is_left(telegram: TelegramEmulator, customer: Customer, presses: int) -> None:
    """What nobody waits for has come too: that many presses were answered, and only the last message has buttons."""
    await telegram.wait_for(lambda: len(telegram.calls_of("answerCallbackQuery")) == presses)
    await customer.chat.wait_for(lambda chat: not any(message.buttons for message in chat.bot_messages[:-1]))


@pytest.mark.parametrize("service", list(JOURNEYS))
async def test_a_reply_takes_two_calls_and_three_around_the_phone(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer, service: str
) -> None:
    await open_form(anna, service)
    around_phone, presses = {"name", "phone"}, 0
    for step, answer in (*JOURNEYS[service], ("send", f"[{SEND}]")):
        before = len(replies(telegram))
        presses += answer.startswith("[")
        await give(anna, answer)
        await nothing_is_left(telegram, anna, presses)
        assert len(replies(telegram)) - before <= (3 if step in around_phone else 2), step


async def test_what_the_customer_waits_for_goes_first(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    await open_form(anna, "sell")

    before = len(replies(telegram))
    await give(anna, "Toyota Camry")
    await nothing_is_left(telegram, anna, presses=0)
    assert replies(telegram)[before:] == ["sendMessage", "editMessageReplyMarkup"]

    before = len(replies(telegram))
    await give(anna, "[2018]")
    await nothing_is_left(telegram, anna, presses=1)
    assert replies(telegram)[before:] == ["editMessageText", "answerCallbackQuery"]


async def test_who_is_not_reached_keeps_nobody_waiting(
    bot: RunningBot, telegram: TelegramEmulator, anna: Customer
) -> None:
    """More than Telegram hands out at once are answered meanwhile, and each update is asked for once."""
    telegram.fail("sendMessage", how="delay", seconds=86_400)
    await anna.send_text("/start sell")
    await telegram.wait_for(lambda: bool(telegram.calls_of("sendMessage")))

    others = [telegram.customer(20_000 + number, "<3") for number in range(110)]
    for other in others:
        await other.send_text("/start sell")
    for other in others:
        assert "Шаг 1 из 8" in (await other.reply()).message.text
    assert telegram.queue == []
    assert not anna.chat.bot_messages

    telegram.heal()
    assert "Шаг 1 из 8" in (await anna.reply()).message.text


@pytest.mark.redis
async def test_an_update_costs_two_round_trips_to_redis_and_no_sql(
    telegram: TelegramEmulator, anna: Customer, database_url: str, redis_url: str
) -> None:
    """Noting where the screen stands comes after the reply; SQL is for newcomers and «Отправить».

    Replies that note nothing are written off together now and then: not while this is counted.
    """
    async with (
        Redis.from_url(redis_url) as redis,
        running_bot(telegram, books_are_kept_later(), database_url=database_url, redis_url=redis_url) as bot,
    ):
        looks = await counted_looks(bot)
        await open_form(anna, "sell")
        assert len(looks) > 0
        (await bot.container.get(Interpreter)).understand("whatever is read at the first message is there")

        counted = 0
        for step, answer in JOURNEYS["sell"]:
            looks.clear()
            await redis.config_resetstat()
            sent = len(telegram.calls_of("sendMessage"))
            await give(anna, answer)

            new_messages = len(telegram.calls_of("sendMessage")) - sent
            assert looks == [], step
            sent_to_redis = await commands(redis)
            if SET_ASIDE not in sent_to_redis:
                assert sent_to_redis == {"hmget": 1, "evalsha": 1 + (1 if new_messages else 0)}, step
                counted += 1
        assert counted > len(JOURNEYS["sell"]) // 2


SET_ASIDE = "hdel"
"""What tells that a starved machine took longer over an update than a moment: it was set aside, which is two more."""


def books_are_kept_later() -> Provider:
    provider = Provider(scope=Scope.APP)
    hour = timedelta(hours=1)
    times = OwedTimes(grace=hour, look_every=hour, settle_every=hour)
    provider.provide(lambda: times, provides=OwedTimes, override=True)
    return provider


async def commands(redis: Redis) -> dict[str, int]:
    """The commands that were sent, without those that a script ran inside Redis."""
    stats = await redis.info("commandstats")
    sent = {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()}
    return {name: calls for name, calls in sent.items() if name not in INSIDE_SCRIPTS | OUR_OWN}


async def counted_looks(bot: RunningBot) -> list[str]:
    """Which updates ask the database from now on, each time they do; the worker and the housekeeper go by the clock."""
    engine: AsyncEngine = await bot.container.get(AsyncEngine)
    looks: list[str] = []

    def remember(*_connection: object) -> None:
        update = get_contextvars().get("update_id")
        if update is not None:
            looks.append(str(update))

    for each in {engine.sync_engine, reading(engine).sync_engine}:
        event.listen(each, "checkout", remember)
    return looks

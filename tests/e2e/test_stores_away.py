"""A store that is away costs the customer patience, never answers."""

import pytest

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from carquery_emulators.telegram import Customer, TelegramEmulator
from tests.e2e.journeys import JOURNEYS, SEND, give, walk_to, walk_to_summary
from tests.e2e.running_bot import running_bot
from tests.e2e.webhooks import webhook_bot
from tests.ports import free_port
from tests.postgres_databases import a_postgres_database
from tests.servers import PostgresServer, RedisServer

BUSY = "Сервис ненадолго недоступен. Ваши ответы сохранены"


@pytest.fixture
async def postgres_server(postgres_server: PostgresServer) -> PostgresServer:
    """With this version's tables."""
    async with open_engine(postgres_server.url) as engine:
        await upgrade(engine)
    return postgres_server


@pytest.mark.redis
async def test_while_redis_is_away_answers_survive(
    telegram: TelegramEmulator, anna: Customer, database_url: str, redis_server: RedisServer
) -> None:
    async with running_bot(telegram, database_url=database_url, redis_url=redis_server.url) as bot:
        question = await walk_to(anna, "sell", "year")

        redis_server.stop()
        assert BUSY in (await give(anna, "2018")).message.text
        await anna.press("2018", question.message.id)
        pressed = await anna.reply()
        assert [(BUSY in alert.text, alert.show_alert) for alert in pressed.alerts] == [(True, True)]

        redis_server.start()
        assert "Шаг 3 из 8" in (await give(anna, "2018")).message.text
        for _, answer in JOURNEYS["sell"][2:]:
            await give(anna, answer)
        await give(anna, f"[{SEND}]")
        assert (await bot.only_lead()).answers["car_brand"].shown == "Toyota Camry"


@pytest.mark.redis
async def test_while_redis_is_away_an_album_by_webhook_is_answered_once(
    telegram: TelegramEmulator, anna: Customer, database_url: str, redis_server: RedisServer
) -> None:
    async with webhook_bot(telegram, database_url, free_port(), redis_url=redis_server.url):
        await walk_to(anna, "sell", "photos")
        sent = len(telegram.calls_of("sendMessage"))

        redis_server.stop()
        await anna.send_album(10)
        await anna.chat.wait_for(lambda chat: BUSY in chat.last_message.text)
        assert len(telegram.calls_of("sendMessage")) == sent + 1

        redis_server.start()
        await anna.send_album(3)
        await anna.chat.wait_for(lambda chat: "Готово (3)" in str(chat.visible_buttons))


@pytest.mark.postgres
async def test_while_the_database_is_away_the_summary_stays(
    telegram: TelegramEmulator, anna: Customer, postgres_server: PostgresServer
) -> None:
    async with running_bot(telegram, database_url=postgres_server.url) as bot:
        await walk_to_summary(anna, "callback")

        postgres_server.stop()
        await anna.press(SEND)
        refused = await anna.reply()
        assert "Ваши ответы сохранены" in refused.text
        assert "Проверьте заявку" in anna.chat.last_message.text

        postgres_server.start()
        sent = await give(anna, f"[{SEND}]")
        assert (await bot.only_lead()).reference in sent.message.text
        await bot.delivered_lead()


@pytest.mark.postgres
async def test_while_the_database_is_away_a_newcomer_is_told(
    telegram: TelegramEmulator, anna: Customer, postgres_server: PostgresServer
) -> None:
    async with running_bot(telegram, database_url=postgres_server.url):
        await give(telegram.customer(7_009, "Олег"), "/help")
        postgres_server.stop()

        await anna.send_text("/start")
        assert BUSY in (await anna.reply()).message.text

        postgres_server.start()
        assert "🚗 Продать авто" in (await give(anna, "/start")).message.labels


@pytest.mark.redis
async def test_a_dialog_goes_on_after_the_bot_was_restarted(
    telegram: TelegramEmulator, anna: Customer, database_url: str, redis_url: str
) -> None:
    async with running_bot(telegram, database_url=database_url, redis_url=redis_url):
        question = await walk_to(anna, "buy", "drive")

    async with running_bot(telegram, database_url=database_url, redis_url=redis_url) as bot:
        await anna.press("Полный", question.message.id)
        assert "Шаг 6 из 8" in (await anna.reply()).message.text
        for _, answer in JOURNEYS["buy"][-3:]:
            await give(anna, answer)
        await give(anna, f"[{SEND}]")
        assert (await bot.only_lead()).answers["drive"].shown == "Полный"


@pytest.mark.redis
@pytest.mark.postgres
async def test_the_whole_way_on_postgres_and_redis(
    telegram: TelegramEmulator, anna: Customer, postgres_url: str, redis_url: str
) -> None:
    async with (
        a_postgres_database(postgres_url) as url,
        running_bot(telegram, database_url=url, redis_url=redis_url) as bot,
    ):
        await walk_to_summary(anna, "sell")
        await give(anna, f"[{SEND}]")

        await bot.delivered_lead()

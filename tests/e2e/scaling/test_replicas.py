"""Replicas and workers over one PostgreSQL and one Redis: what one begins, another goes on with."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from carquery.domain.lead import Lead
from carquery_emulators.max import MaxEmulator
from carquery_emulators.telegram import A_PHOTO, Customer, ShownMessage
from tests.e2e.delivery.worker_delivery import WorkerDelivery
from tests.e2e.journeys import JOURNEYS, SEND, give, walk_to
from tests.e2e.scaling.people import PersistentCustomer, all_fill_in
from tests.e2e.scaling.replicas import Replica, a_replicated_bot
from tests.e2e.webhooks import SECRET
from tests.patience import eventually
from tests.servers import PostgresServer, RedisServer
from tests.warm_processes import WarmProcess

pytestmark = [pytest.mark.postgres, pytest.mark.redis]

Record = Callable[[str, object], None]
CUSTOMERS = 160
ROUNDS = 20


async def crashed(server: PostgresServer | RedisServer) -> None:
    """It crashes, and is there again a moment later."""
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)


async def away(max_: MaxEmulator) -> None:
    """It takes no calls until some have failed."""
    failing = max_.fail("*", how="refuse", times=15)
    await max_.wait_for(lambda: failing.countdown.is_over)


async def restarted(place: Replica) -> None:
    assert await place.stop() == 0
    await place.start()


async def killed(process: WarmProcess) -> None:
    process.kill()
    await process.wait()


async def test_whatever_is_restarted_or_killed_every_customer_finishes_and_every_lead_arrives_once(
    postgres_server: PostgresServer, redis_server: RedisServer, tmp_path: Path, record_property: Record
) -> None:
    """Half of them are in each messenger; MAX brings a tenth of its updates again, late and out of order."""
    file = tmp_path / "dealership.toml"
    file.write_text("[routing.default]\nresponsible = [1000001, 1000002]\n", "utf-8")
    stores = (postgres_server.url, redis_server.url)
    async with (
        a_replicated_bot(3, *stores, tmp_path, is_in_max=True, DEALERSHIP_FILE=str(file)) as bot,
        AsyncExitStack() as workers,
    ):
        delivery, (first, second, third) = bot.delivery, bot.replicas
        bot.max.fail("webhook", how="again", every=10, times=None)
        people = [PersistentCustomer(bot.customer(number)) for number in range(CUSTOMERS)]
        worker, other = [await workers.enter_async_context(delivery.worker()) for _ in range(2)]
        faults: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("Redis crashed", lambda: crashed(redis_server)),
            ("a replica killed", first.kill),
            ("a worker killed", lambda: killed(worker)),
            ("a replica started", first.start),
            ("PostgreSQL crashed", lambda: crashed(postgres_server)),
            ("MAX away", lambda: away(bot.max)),
            *(("a replica restarted", partial(restarted, place)) for place in (first, second, third)),
        )
        size = CUSTOMERS // len(faults) + 1
        for number, (_, happens) in enumerate(faults):
            await all_fill_in(people[number * size : (number + 1) * size], in_the_middle=happens)
        await nothing_is_owed(redis_server.url)
        await all_stop(delivery, bot.replicas, other)
        async with delivery.worker():
            await delivery.all_delivered()
        tally = await delivery.tally()
        leads = await delivery.leads.newest(limit=10_000)

    stored, turns = {lead.reference for lead in leads}, Counter(lead.responsible for lead in leads)
    told = {reference for person in people for reference in person.told}
    lost, doubled = len(told - stored), len(stored - told)
    record_property(
        "proof",
        f"{CUSTOMERS} customers, {sum(person.updates for person in people)} updates, {len(faults)} faults "
        f"({', '.join(dict.fromkeys(name for name, _ in faults))}): lost={lost}, duplicated={doubled}, "
        f"in turn={sorted(turns.values())}; {tally}",
    )
    assert all(person.told for person in people)
    assert (lost, doubled) == (0, 0), odd_chats(people, leads)
    assert tally.is_exactly_once, tally
    assert set(turns.values()) == {CUSTOMERS // 2}, "two people, in turn"


def odd_chats(people: Sequence[PersistentCustomer], leads: Sequence[Lead]) -> str:
    """What was said to those who have another number of leads than they were told of."""
    has = Counter(None if lead.customer is None else lead.customer.number for lead in leads)
    odd = [person.customer for person in people if has[str(person.customer.id)] != len(person.told)]
    return "\n".join(f"{customer.id} has {has[str(customer.id)]}; {customer.chat.described()}" for customer in odd)


async def all_stop(delivery: WorkerDelivery, replicas: Sequence[Replica], worker: WarmProcess) -> None:
    """Whoever still has a lead in hand delivers it; what the killed ones had is free for others then."""
    assert [await replica.stop() for replica in replicas] == [0] * len(replicas)
    worker.terminate()
    assert await worker.wait() == 0
    await delivery.let_time_pass()


@pytest.mark.parametrize("how", ["delay", "hang"])
async def test_a_reply_of_a_replica_that_is_killed_is_shown_by_another(
    postgres_url: str, redis_url: str, tmp_path: Path, how: str
) -> None:
    """Killed before the message was there, and after it, when nobody had noted that."""
    async with a_replicated_bot(2, postgres_url, redis_url, tmp_path) as bot:
        telegram, replicas = bot.delivery.telegram, bot.replicas
        anna = telegram.customer(8_000, "<3")
        telegram.fail("sendMessage", how=how, seconds=86_400)
        await anna.send_text("/start sell")
        await telegram.wait_for(lambda: telegram.queue == [] and len(telegram.calls_of("sendMessage")) == 1)

        await asyncio.gather(*(replica.kill() for replica in replicas))
        shown_before = len(anna.chat.bot_messages)
        telegram.heal()
        await replicas[0].start()

        await anna.chat.wait_for(lambda chat: len(chat.bot_messages) > shown_before)
        assert "Шаг 1 из 8" in anna.chat.last_message.text
        await nothing_is_owed(redis_url)


async def nothing_is_owed(redis_url: str) -> None:
    """Wait until no customer is owed a reply."""
    async with Redis.from_url(redis_url) as redis:

        async def is_so() -> bool:
            return not [key async for key in redis.scan_iter("carquery:*:owed")]

        await eventually(is_so)


async def test_one_customers_updates_that_reach_two_replicas_at_once_keep_one_dialog(
    postgres_url: str, redis_url: str, tmp_path: Path, record_property: Record
) -> None:
    """A tap that comes twice because its answer was late, a second tap beside it, and an album over both replicas."""
    async with a_replicated_bot(2, postgres_url, redis_url, tmp_path) as bot:
        delivery, (one, other) = bot.delivery, bot.replicas
        for round_ in range(ROUNDS):
            somebody = delivery.telegram.customer(8_001 + round_, "<3")
            for answer in ("/start callback", "Анна", f"+7916{round_:07}"):
                await somebody.send_text(answer)
                shown = (await somebody.reply()).message
            taps = [a_tap(somebody, shown, 5_000_000 + round_ * 2 + number) for number in range(2)]

            statuses = await asyncio.gather(*(post(place, tap) for place in (one, other) for tap in taps))

            assert set(statuses) == {200}
            assert len(await delivery.leads.newest(limit=1_000)) == round_ + 1

        anna = delivery.telegram.customer(8_000, "<3")
        await walk_to(anna, "sell", "photos")
        pictures = [a_picture_of_an_album(delivery, anna, 6_000_000 + number) for number in range(10)]
        statuses = await asyncio.gather(
            *(post(place, picture) for place, picture in zip(cycle((one, other)), pictures, strict=False))
        )
        assert set(statuses) == {200}
        await anna.chat.wait_for(lambda chat: "Готово (10)" in chat.visible_buttons)
        await give(anna, "[Готово (10)]")
        for _, answer in JOURNEYS["sell"][5:]:
            await give(anna, answer)
        await give(anna, f"[{SEND}]")
        await delivery.all_delivered()
        tally = await delivery.tally()

    record_property("proof", f"{ROUNDS} times 4 taps at once, and an album of 10, on 2 replicas: {tally}")
    assert (tally.leads, tally.files) == (ROUNDS + 1, 10)
    assert tally.is_exactly_once, tally


def a_tap(customer: Customer, shown: ShownMessage, update_id: int) -> dict[str, object]:
    """A press on «send», as Telegram brings it."""
    button = shown.button(SEND)
    assert button is not None
    message = {"message_id": shown.id, "date": 0, "chat": {"id": customer.id, "type": "private"}}
    query = {"id": str(update_id), "from": customer.user, "chat_instance": "1", "data": button.data, "message": message}
    return {"update_id": update_id, "callback_query": query}


def a_picture_of_an_album(delivery: WorkerDelivery, customer: Customer, update_id: int) -> dict[str, object]:
    """One of the pictures that were sent together."""
    message = {
        "message_id": update_id,
        "date": 0,
        "chat": {"id": customer.id, "type": "private"},
        "from": customer.user,
        "media_group_id": "1",
        "photo": delivery.telegram.state.files.add_photo(A_PHOTO),
    }
    return {"update_id": update_id, "message": message}


async def post(place: Replica, update: dict[str, object]) -> int:
    """Bring an update to one replica, past the load balancer."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    address = f"http://127.0.0.1:{place.port}/telegram"
    async with aiohttp.ClientSession() as http, http.post(address, json=update, headers=headers) as answer:
        return answer.status

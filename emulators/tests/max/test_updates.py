"""How updates reach the bot: by asking, and by webhook."""

import asyncio

import pytest

from carquery_emulators.max import BOUNDLESS, MaxCustomer, MaxEmulator, Rates
from carquery_emulators.max.api.asked import MaxRequest
from emulators.tests.max.doubles import Client, ManualClock, Receiver, connected, receiving


async def polled(bot: Client, **query: object) -> tuple[list[str], int]:
    answer = await bot.done("GET /updates", **query)
    return [update["message"]["body"]["text"] for update in answer["updates"]], answer["marker"]


async def test_without_a_marker_only_the_latest_comes(bot: Client, anna: MaxCustomer) -> None:
    await anna.send_text("раз")
    await anna.send_text("два")

    texts, marker = await polled(bot)
    await anna.send_text("три")

    assert texts == ["два"]
    assert await polled(bot, marker=marker) == (["три"], marker + 1)


async def test_what_stands_before_the_marker_is_gone_and_the_rest_comes_again(bot: Client, anna: MaxCustomer) -> None:
    _, marker = await polled(bot, marker=0, timeout=0)
    for text in ("раз", "два", "три"):
        await anna.send_text(text)

    first = await polled(bot, marker=marker, limit=2)
    again = await polled(bot, marker=marker, limit=2)
    rest = await polled(bot, marker=marker + 2)

    assert first == again == (["раз", "два"], marker + 2)
    assert rest == (["три"], marker + 3)
    assert await polled(bot, marker=marker, timeout=0) == (["три"], marker + 3)


async def test_a_poll_waits_for_what_it_asked_for(max_: MaxEmulator, bot: Client, anna: MaxCustomer) -> None:
    poll = asyncio.create_task(bot.done("GET /updates", marker=0, types="bot_started,message_edited"))
    await max_.wait_for(lambda: max_.api.polling.is_waiting)

    await anna.send_text("раз")
    await anna.start("ad_7")

    started = (await poll)["updates"][0]
    assert (started["update_type"], started["payload"], started["chat_id"]) == ("bot_started", "ad_7", anna.chat.id)


async def test_updates_are_kept_for_a_day(bot: Client, anna: MaxCustomer, clock: ManualClock) -> None:
    await anna.send_text("вчера")
    clock.advance(24 * 3600 + 1)

    assert (await polled(bot, marker=0, timeout=0))[0] == []


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"timeout": 91}, {"marker": "x"}])
async def test_what_is_out_of_range_is_refused(query: dict[str, object], bot: Client) -> None:
    assert (await bot("GET /updates", **query)).status == 400


async def test_a_third_poll_in_a_second_is_refused(clock: ManualClock) -> None:
    async with MaxEmulator(clock=clock, rates=Rates()) as max_, connected(max_) as bot:
        assert [(await bot("GET /updates", timeout=0)).status for _ in range(3)] == [200, 200, 429]


async def subscribe(bot: Client, receiver: Receiver, **wanted: object) -> None:
    answer = await bot.done("POST /subscriptions", {"url": receiver.url, **wanted})
    assert answer == {"success": True}, answer


async def all_taken(max_: MaxEmulator) -> None:
    await max_.wait_for(lambda: max_.queue == [])


async def test_one_update_comes_in_each_post_with_the_secret(
    max_: MaxEmulator, bot: Client, anna: MaxCustomer, receiver: Receiver
) -> None:
    await subscribe(bot, receiver, secret="s-e_cret", update_types=["message_created"])

    await anna.start()
    await anna.send_text("раз")
    await anna.send_text("два")
    await all_taken(max_)

    assert receiver.texts == ["раз", "два"]
    assert set(receiver.secrets) == {"s-e_cret"}
    assert (await bot("GET /updates")).status == 405


async def test_only_200_counts_and_what_failed_comes_behind_its_successors(
    clock: ManualClock, receiver: Receiver
) -> None:
    receiver.statuses = iter([204, 200, 500])
    async with MaxEmulator(clock=clock, delay_scale=1e-3, rates=BOUNDLESS) as max_, connected(max_) as bot:
        anna = max_.customer(501, "Анна")
        await subscribe(bot, receiver)
        await anna.send_text("раз")
        await anna.send_text("два")
        await all_taken(max_)

    assert receiver.texts == ["раз", "два", "раз", "раз"]


@pytest.mark.parametrize(("forgets", "secrets"), [(False, ["new-secret"]), (True, [])])
async def test_a_renewed_subscription_goes_on_with_what_was_not_delivered(
    forgets: bool,  # noqa: FBT001
    secrets: list[str],
    max_: MaxEmulator,
    bot: Client,
    anna: MaxCustomer,
    receiver: Receiver,
) -> None:
    max_.webhook.renewal_forgets = forgets
    await subscribe(bot, receiver, secret="old-secret")

    await anna.send_text("раз")
    await max_.webhook.add(MaxRequest(body={"url": receiver.url, "secret": "new-secret"}))  # before anything is sent
    await all_taken(max_)

    assert receiver.secrets == secrets


async def test_after_eleven_failures_an_update_is_lost(
    max_: MaxEmulator, bot: Client, anna: MaxCustomer, receiver: Receiver
) -> None:
    receiver.statuses = iter([500] * 20)
    await subscribe(bot, receiver)

    await anna.send_text("раз")
    await all_taken(max_)

    assert receiver.texts == ["раз"] * 11
    assert max_.webhook.urls == [receiver.url]


async def test_a_bot_that_fails_too_long_is_unsubscribed_without_a_word(
    max_: MaxEmulator, bot: Client, anna: MaxCustomer, receiver: Receiver, clock: ManualClock
) -> None:
    receiver.statuses = iter([500])
    await subscribe(bot, receiver)
    clock.advance(8 * 3600 + 1)

    await anna.send_text("раз")
    await all_taken(max_)

    assert (await bot.done("GET /subscriptions"))["subscriptions"] == []
    await anna.send_text("два")
    assert (await polled(bot, marker=0))[0] == ["два"]


async def test_subscriptions_pile_up_until_they_are_removed(
    max_: MaxEmulator, bot: Client, anna: MaxCustomer, receiver: Receiver
) -> None:
    async with receiving() as other:
        await subscribe(bot, receiver)
        await subscribe(bot, other)
        await anna.send_text("раз")
        await all_taken(max_)
        await bot.done("DELETE /subscriptions", url=other.url)
        await anna.send_text("два")
        await all_taken(max_)

        assert (receiver.texts, other.texts) == (["раз", "два"], ["раз"])


@pytest.mark.parametrize(
    ("how", "texts"),
    [
        ("twice", ["раз", "раз", "два", "три"]),
        ("again", ["раз", "два", "три", "раз"]),
        ("late", ["два", "три", "раз"]),
    ],
)
async def test_deliveries_go_wrong_when_told_to(
    how: str, texts: list[str], clock: ManualClock, receiver: Receiver
) -> None:
    async with MaxEmulator(clock=clock, delay_scale=1e-2, rates=BOUNDLESS) as max_, connected(max_) as bot:
        anna = max_.customer(501, "Анна")
        await subscribe(bot, receiver)
        max_.fail("webhook", how=how)
        for text in ("раз", "два", "три"):
            await anna.send_text(text)
        await all_taken(max_)

    assert receiver.texts == texts


@pytest.mark.parametrize(
    "wanted",
    [
        {"url": "http://bot.example.org/max"},
        {"url": "https://bot.example.org:8443/max"},
        {"url": "https://bot.example.org/max", "secret": "кот"},
        {"url": "https://bot.example.org/max", "secret": "four"},
        {},
    ],
)
async def test_a_subscription_that_max_would_not_take_is_not_done(wanted: dict[str, object]) -> None:
    async with MaxEmulator(webhook_deliver_to="http://127.0.0.1:9/") as max_, connected(max_) as bot:
        answer = await bot.done("POST /subscriptions", wanted)

        assert (answer["success"], set(answer)) == (False, {"success", "message", "code"})
        assert max_.webhook.urls == []

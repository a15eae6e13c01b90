"""What MAX brings: who may, how often one update is taken, and that MAX goes on bringing it."""

import pytest
from aiohttp import ClientSession

from carquery.adapters.max.updates.webhook import MaxAnswerTimes
from carquery.application.ports.alerts import UpdatesStopped
from carquery.application.ports.stores import StoreUnavailable
from tests.adapters.max.max_desk import SECRET, MaxDesk, max_desk, running
from tests.adapters.max.test_max_polling import HangingIntake
from tests.patience import eventually

HEADER = "X-Max-Bot-Api-Secret"
STARTED = b'{"update_type": "bot_started", "timestamp": 9, "chat_id": 5, "user": {"user_id": 501}, "payload": null}'


def is_subscribed(desk: MaxDesk) -> bool:
    return desk.subscription().address in desk.max.webhook.urls


async def start_and_stop(desk: MaxDesk) -> None:
    """And look at the subscription meanwhile."""
    before = len(desk.meter.states)
    async with running(desk.webhook()):
        await eventually(lambda: len(desk.meter.states) > before)


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/max", {}, b"{}", 401),
        ("/max", {HEADER: "wrong"}, b"{}", 401),
        ("/other", {HEADER: SECRET}, b"{}", 404),
        ("/max", {HEADER: SECRET}, b"not json", 400),
        ("/max", {HEADER: SECRET}, b'{"timestamp": 1}', 400),
        ("/max", {HEADER: SECRET}, b'{"update_type": "hologram_shown"}', 200),
    ],
    ids=["no secret", "wrong secret", "elsewhere", "no json", "no update", "unheard of"],
)
async def test_who_may_bring_what(path: str, headers: dict[str, str], body: bytes, status: int) -> None:
    async with max_desk() as desk, running(desk.webhook()):
        await desk.max.wait_for(lambda: is_subscribed(desk))
        async with (
            ClientSession() as http,
            http.post(f"http://127.0.0.1:{desk.route.port}{path}", headers=headers, data=body) as answer,
        ):
            assert answer.status == status


@pytest.mark.parametrize("how", ["twice", "again", "late"])
async def test_what_is_repeated_at_once_or_late_is_taken_once(how: str) -> None:
    async with max_desk() as desk, running(desk.webhook()):
        await desk.max.wait_for(lambda: is_subscribed(desk))
        desk.max.fail("webhook", how=how, every=2, times=3)
        anna = desk.max.customer(501, "Анна")
        await anna.start("sell")
        await anna.reply()
        for _ in range(3):
            await anna.press_stale("нет такой", anna.chat.last_message.id)
            await anna.send_text("/help")
        await desk.max.wait_for(lambda: desk.max.queue == [])

        visit = await desk.visit()
        assert len(visit.taken) == 7 - 3  # a stale button takes nothing
        assert desk.updates.failed == []


async def test_what_takes_long_is_set_aside_and_answered() -> None:
    async with max_desk() as desk:
        intake = HangingIntake(desk)
        async with running(desk.webhook(intake, MaxAnswerTimes(reply=0.05))):
            await desk.max.wait_for(lambda: is_subscribed(desk))
            anna = desk.max.customer(501, "Анна")
            await anna.start()
            await desk.max.wait_for(lambda: desk.max.queue == [])
            assert not anna.chat.bot_messages
            intake.let_go.set()
            await anna.reply()

        assert len(intake.came) == 1


async def test_what_can_neither_be_taken_nor_set_aside_is_to_come_again() -> None:
    async with max_desk() as desk, ClientSession(headers={HEADER: SECRET}) as http:
        intake, visits = HangingIntake(desk), desk.dealership.visits
        visits.fail_next(StoreUnavailable(), times=100)
        async with running(desk.webhook(intake, MaxAnswerTimes(reply=0.02, answer=0.1))):
            await desk.max.wait_for(lambda: is_subscribed(desk))
            async with http.post(desk.route.url, data=STARTED) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
            visits.heal()
            intake.let_go.set()
            async with http.post(desk.route.url, data=STARTED) as answer:
                assert answer.status == 200

        assert len((await desk.visit()).taken) == 1


async def test_a_subscription_that_vanished_is_made_again_and_people_hear_of_it() -> None:
    async with max_desk() as desk, running(desk.webhook()):
        await eventually(lambda: desk.meter.states == [True])
        desk.max.webhook.drop()
        await eventually(lambda: bool(desk.alerts.told))

        assert is_subscribed(desk)
        assert desk.alerts.told == [UpdatesStopped("MAX", is_back=True)]
        assert (desk.meter.states[0], desk.meter.states.count(False), desk.meter.states[-1]) == (True, 1, True)


async def test_what_we_were_subscribed_to_before_goes_and_what_others_are_stays() -> None:
    async with max_desk() as desk:
        others = "http://localhost:1/somebody"
        for url in (f"{desk.route.url}?carquery=01234567", others):
            await desk.subscribe(url)
        await desk.subscribe(desk.subscription().address, types=("message_created",))
        made = len(desk.max.calls_of("POST /subscriptions"))

        await start_and_stop(desk)
        await start_and_stop(desk)  # which finds everything as it should be

        assert set(desk.max.webhook.urls) == {desk.subscription().address, others}
        assert len(desk.max.calls_of("POST /subscriptions")) == made + 1


@pytest.mark.parametrize("how", ["not done", "400", "suspended"])
async def test_a_subscription_that_is_refused_is_told_once_and_tried_again_and_told_when_it_stands(how: str) -> None:
    async with max_desk() as desk:
        desk.max.fail("POST /subscriptions", how=how, times=2)
        async with running(desk.webhook()):
            await eventually(lambda: len(desk.alerts.told) > 1)
            assert is_subscribed(desk)

        assert desk.alerts.told == [UpdatesStopped("MAX"), UpdatesStopped("MAX", is_back=True)]


async def test_a_look_that_comes_too_often_says_nothing_of_the_subscription() -> None:
    """MAX counts the calls of all replicas together."""
    async with max_desk() as desk, running(desk.webhook()):
        await eventually(lambda: desk.meter.states == [True])
        desk.max.fail("GET /subscriptions", how="429", times=2)
        await eventually(lambda: len(desk.meter.states) > 2)

        assert desk.alerts.told == []
        assert all(desk.meter.states)

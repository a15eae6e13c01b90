"""Where polling goes on: behind what is safe, and never anywhere else."""

import asyncio

import pytest
from structlog.testing import capture_logs

from carquery.adapters.max.api.failures import MaxTokenRefused
from carquery.adapters.max.updates.intake import MaxIntake
from carquery.adapters.max.updates.polling import AT_STORE, SUBSCRIBED
from carquery.adapters.max.updates.reading import MaxInput
from carquery.adapters.messenger.lanes import Showing
from carquery.application.ports.stores import StoreUnavailable
from tests.adapters.max.max_desk import MaxDesk, max_desk, running
from tests.patience import eventually


class HangingIntake(MaxIntake):
    """Takes nothing until it is let go."""

    def __init__(self, desk: MaxDesk) -> None:
        super().__init__(desk.dealership.inbound, desk.replies, desk.updates, desk.chats, token=desk.max.token)
        self.let_go = asyncio.Event()
        self.came: list[MaxInput] = []

    async def take(self, given: MaxInput) -> Showing | None:
        self.came.append(given)
        await self.let_go.wait()
        return await super().take(given)


def is_asked(desk: MaxDesk) -> bool:
    return bool(desk.max.calls_of("GET /updates"))


async def test_what_came_while_the_bot_was_away_is_taken_once_each() -> None:
    async with max_desk() as desk:
        anna = desk.max.customer(501, "Анна")
        async with running(desk.polling()):
            await anna.start()
            await anna.reply()

        await anna.send_text("первое")
        await anna.send_text("второе")
        async with running(desk.polling()):
            await desk.max.wait_for(lambda: desk.max.queue == [])
            await anna.send_text("третье")
            await anna.reply()

        assert desk.updates.ended == ["message"] * 4
        assert list(desk.markers.kept.values()) == [desk.max.state.updates.next_marker]


async def test_the_marker_moves_when_the_batch_is_taken_or_set_aside() -> None:
    async with max_desk() as desk:
        intake = HangingIntake(desk)
        away = desk.dealership.visits
        async with running(desk.polling(intake)):
            await desk.max.wait_for(lambda: is_asked(desk))
            away.fail_next(StoreUnavailable(), times=4)  # nothing can be set aside
            anna = desk.max.customer(501, "Анна")
            await anna.start()
            await eventually(lambda: len(intake.came) == 1)
            kept = dict(desk.markers.kept)
            await eventually(lambda: desk.markers.kept != kept)
            assert desk.updates.ended == []
            intake.let_go.set()
            await anna.reply()

        assert len(intake.came) == 1


async def test_before_there_is_a_marker_nothing_is_asked_for_until_the_first_is_safe() -> None:
    async with max_desk() as desk:
        intake = HangingIntake(desk)
        desk.dealership.visits.fail_next(StoreUnavailable(), times=60)  # nothing can be set aside for a while
        await desk.max.customer(501, "Анна").start()
        async with running(desk.polling(intake)):
            await eventually(lambda: len(intake.came) == 1)
            for number in (502, 503):
                await desk.max.customer(number, "Борис").start()
            await eventually(lambda: len(intake.came) == 3)
            intake.let_go.set()


async def test_what_is_no_update_holds_nothing_up() -> None:
    async with max_desk() as desk, running(desk.polling()):
        await desk.max.wait_for(lambda: is_asked(desk))
        desk.max.inject({"timestamp": 1})
        anna = desk.max.customer(501, "Анна")
        await anna.start()

        await anna.reply()

        assert desk.updates.ended == ["message"]


async def test_beside_a_webhook_the_log_says_what_to_do() -> None:
    async with max_desk() as desk:
        desk.max.fail("GET /updates", how="405")
        with capture_logs() as logs:
            async with running(desk.polling()):
                anna = desk.max.customer(501, "Анна")
                await anna.start()
                await anna.reply()

    (line,) = (line for line in logs if line["event"] == "max_away")
    assert line["remedy"] == SUBSCRIBED


async def test_until_the_marker_can_be_read_nothing_is_asked_for() -> None:
    async with max_desk() as desk:
        desk.markers.fail_next(StoreUnavailable())
        with capture_logs() as logs:
            async with running(desk.polling()):
                anna = desk.max.customer(501, "Анна")
                await anna.start()
                await anna.reply()

    assert [line["remedy"] for line in logs if line["event"] == "max_away"] == [AT_STORE]


async def test_a_marker_that_could_not_be_kept_is_kept_later() -> None:
    async with max_desk() as desk:
        anna = desk.max.customer(501, "Анна")
        async with running(desk.polling()):
            await eventually(lambda: bool(desk.markers.kept))
            desk.markers.fail_next(StoreUnavailable())
            await anna.start()
            await anna.reply()

        assert list(desk.markers.kept.values()) == [desk.max.state.updates.next_marker]


async def test_a_token_that_is_refused_ends_it() -> None:
    async with max_desk() as desk:
        desk.max.fail("GET /updates", how="401")

        with pytest.raises(ExceptionGroup) as refused:
            async with running(desk.polling()):
                await asyncio.Event().wait()

    assert refused.group_contains(MaxTokenRefused)

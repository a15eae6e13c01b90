"""What every adapter of `StaffChat` promises."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from carquery.application.ports.alert_outbox import AlertRefused, ChatAway, ChatBusy, ChatRefuses, NotSaid
from carquery.application.ports.alerts import AiBudgetSpent, Alert, AlertsLeftOut, ContactToErase, CustomerNotUnderstood
from carquery.domain.effects import CrmId
from tests.builders import ANNA, DAY, NOW
from tests.contracts.staff_chats import PAUSE, STAFF_CHATS, StaffChatInHand

ALERT = ContactToErase((CrmId(77),))
FAILURES = pytest.mark.parametrize("failure", [ChatBusy, ChatAway, ChatRefuses, AlertRefused])


@pytest.fixture(params=STAFF_CHATS, ids=lambda adapter: getattr(adapter, "__name__", None))
async def staff(request: pytest.FixtureRequest) -> AsyncIterator[StaffChatInHand]:
    async with request.param() as staff:
        yield staff


async def test_each_alert_that_is_said_is_one_message(staff: StaffChatInHand) -> None:
    alerts: tuple[Alert, ...] = (
        ALERT,
        AiBudgetSpent(Decimal(5)),
        CustomerNotUnderstood(ANNA, None, ("привет & <b>",)),
        AlertsLeftOut(7),
    )

    for number, alert in enumerate(alerts, start=1):
        await staff.chat.say(alert)

        assert staff.read() == number


async def test_what_was_told_often_and_is_said_late_is_one_message_too(staff: StaffChatInHand) -> None:
    await staff.chat.say(ALERT, since=NOW - DAY, times=200)

    assert staff.read() == 1


@FAILURES
async def test_what_was_not_said_says_why_and_nobody_has_read_it(
    staff: StaffChatInHand, failure: type[NotSaid]
) -> None:
    staff.fails_next(failure)

    with pytest.raises(failure) as not_said:
        await staff.chat.say(ALERT)

    assert type(not_said.value) is failure
    assert str(not_said.value), "people are told why"
    assert staff.read() == 0


@FAILURES
async def test_the_next_try_may_go_well(staff: StaffChatInHand, failure: type[NotSaid]) -> None:
    staff.fails_next(failure)
    with pytest.raises(NotSaid):
        await staff.chat.say(ALERT)

    await staff.chat.say(ALERT)

    assert staff.read() == 1


async def test_a_messenger_that_wants_a_pause_says_how_long(staff: StaffChatInHand) -> None:
    staff.fails_next(ChatBusy)

    with pytest.raises(ChatBusy) as busy:
        await staff.chat.say(ALERT)

    assert busy.value.retry_after == PAUSE

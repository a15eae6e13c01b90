"""The same cause is told once in a while, whoever meets it; what people must act on is always told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from carquery.adapters.memory.alerts import MemoryAlerts
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.told import MemoryTold
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    LeadsNotDelivered,
    LeftOut,
)
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.rationed_alerts import (
    QUIET,
    QUIET_ABOUT_CLASSIFIERS,
    QUIET_ABOUT_FIELDS,
    QUIET_ABOUT_THE_BUDGET,
    RationedAlerts,
)
from carquery.domain.ids import Reference
from carquery.domain.lead import CrmId
from tests.builders import NOW

ONE, TWO = (Reference("CQ-000001"),), (Reference("CQ-000002"),)
SECOND = timedelta(seconds=1)

RATIONED = pytest.mark.parametrize(
    ("first", "again", "quiet"),
    [
        (CrmAway(ONE, "timeout"), CrmAway(TWO, "HTTP 502"), QUIET),
        (CrmClosed("HTTP 403"), CrmClosed("HTTP 403"), QUIET),
        (LeftOut(ONE, "Поле «VIN»"), LeftOut(TWO, "Поле «VIN»"), QUIET_ABOUT_FIELDS),
        (ClassifierClosed("gpt", "HTTP 401"), ClassifierClosed("gpt", "HTTP 403"), QUIET_ABOUT_CLASSIFIERS),
        (AiBudgetSpent(Decimal(5)), AiBudgetSpent(Decimal(5)), QUIET_ABOUT_THE_BUDGET),
    ],
    ids=lambda value: type(value).__name__,
)


class Office:
    """An admin chat, and what all processes remember of it."""

    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        self.chat = MemoryAlerts()
        self.memory = MemoryTold(self.clock)

    def process(self) -> RationedAlerts:
        """One of several."""
        return RationedAlerts(self.chat, self.memory)


@pytest.fixture
def office() -> Office:
    return Office()


@RATIONED
async def test_the_same_cause_is_told_once_in_a_while(
    office: Office, first: Alert, again: Alert, quiet: timedelta
) -> None:
    alerts = office.process()

    await alerts.tell(first)
    office.clock.pass_time(quiet - SECOND)
    await alerts.tell(again)
    assert office.chat.told == [first]

    office.clock.pass_time(SECOND)
    await alerts.tell(again)
    assert office.chat.told == [first, again]


@RATIONED
async def test_several_processes_tell_it_once(office: Office, first: Alert, again: Alert, quiet: timedelta) -> None:
    for _ in range(8):
        await office.process().tell(first)

    assert office.chat.told == [first]


@pytest.mark.parametrize(
    "causes",
    [
        [CrmClosed("HTTP 402: не оплачено"), CrmClosed("HTTP 403: заблокировано")],
        [LeftOut(ONE, "Поле «VIN»"), LeftOut(ONE, "Тег «бот»")],
        [CrmAway(ONE, "timeout"), CrmClosed("timeout"), LeftOut(ONE, "timeout")],
    ],
    ids=["closed", "left out", "of different kinds"],
)
async def test_another_cause_is_told_at_once(office: Office, causes: list[Alert]) -> None:
    for alert in causes:
        await office.process().tell(alert)

    assert office.chat.told == causes


@pytest.mark.parametrize(
    "alert",
    [
        LeadsNotDelivered(ONE, "воронки 7 нет", dead=False),
        LeadsNotDelivered(ONE, "timeout", dead=True),
        ContactToErase((CrmId(77),)),
    ],
    ids=["refused", "dead", "erased"],
)
async def test_what_a_person_must_do_is_told_every_time(office: Office, alert: Alert) -> None:
    for _ in range(3):
        await office.process().tell(alert)

    assert office.chat.told == [alert] * 3


@RATIONED
async def test_when_nobody_can_know_whether_it_was_told_it_is_told(
    office: Office, first: Alert, again: Alert, quiet: timedelta
) -> None:
    """Told twice is better than never, and a database that is away must not break the pass."""
    await office.process().tell(first)
    office.memory.fail_next(StoreUnavailable())

    await office.process().tell(again)

    assert office.chat.told == [first, again]

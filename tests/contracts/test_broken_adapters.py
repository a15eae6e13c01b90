"""A contract suite is worth what a broken adapter fails in it: one of some ports each, and the promise that it breaks.

The one test module that calls others' tests: it is about them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from carquery.application.ports.alert_outbox import NotSaid
from carquery.application.ports.alerts import Alert
from carquery.application.ports.classifier import Classified, Usage
from carquery.application.ports.sent_files import FileContent, FileGone
from carquery.domain.forms.form import Service
from carquery.domain.ids import Channel, CustomerId, FileId
from carquery.domain.understanding import Understanding
from tests.builders import ANNA
from tests.contracts import test_alerts, test_bell, test_classifier, test_sent_files, test_staff_chat, test_typing
from tests.contracts.alerts import AlertsInHand
from tests.contracts.bells import BellInHand
from tests.contracts.classifiers import ClassifierInHand
from tests.contracts.sent_files import SentFilesInHand
from tests.contracts.sent_files import memory as files_in_memory
from tests.contracts.staff_chats import StaffChatInHand
from tests.contracts.typing_signs import TypingInHand


class CountingBell:
    """Remembers each ring."""

    def __init__(self) -> None:
        self._rings = asyncio.Semaphore(0)

    def ring(self) -> None:
        self._rings.release()

    async def wait(self, *, at_most: timedelta) -> None:
        async with asyncio.timeout(at_most.total_seconds()):
            await self._rings.acquire()


class HastyFiles:
    """Takes whoever does not answer for one who has nothing."""

    async def read(self, channel: Channel, file: FileId) -> FileContent:
        raise FileGone(file)


class DeafChat:
    """Says nothing, and nobody hears of it."""

    async def say(self, alert: Alert, *, since: datetime | None = None, times: int = 1) -> None:
        return


class LoudAlerts:
    """Whoever tells is told in turn that it was in vain."""

    async def tell(self, alert: Alert) -> None:
        raise NotSaid("nobody is there")


class ClumsyTyping:
    """Swallows what fails meanwhile."""

    @asynccontextmanager
    async def shown_to(self, customer: CustomerId) -> AsyncIterator[None]:
        try:
            yield
        except LookupError:
            return


class DearClassifier:
    """Takes more than it said it would."""

    name = "dear"

    def dearest(self, message: str) -> Decimal:
        return Decimal(0)

    async def classify(self, message: str) -> Classified:
        return Classified(Understanding(Service.SELL, 0.9), Usage(cost=Decimal("0.01")))


async def _counted() -> int:
    return 0


async def bell() -> None:
    bell = CountingBell()

    async def ring() -> None:
        bell.ring()

    await test_bell.test_a_ring_is_remembered_once(BellInHand(bell, ring))


async def files() -> None:
    async with files_in_memory() as sent:
        hasty = SentFilesInHand(HastyFiles(), sent.send, sent.send_too_much, sent.away)
        await test_sent_files.test_while_the_messenger_is_away_a_file_can_t_be_had_and_then_it_can(hasty)


async def chat() -> None:
    await test_staff_chat.test_each_alert_that_is_said_is_one_message(
        StaffChatInHand(DeafChat(), lambda: 0, lambda _: None)
    )


async def alerts() -> None:
    await test_alerts.test_whatever_is_away_whoever_tells_goes_on_and_the_next_is_told(
        AlertsInHand(LoudAlerts(), _counted)
    )


async def typing() -> None:
    await test_typing.test_what_fails_in_the_block_is_its_own(TypingInHand(ClumsyTyping(), lambda: [ANNA]))


async def classifier() -> None:
    hand = ClassifierInHand(DearClassifier())
    await test_classifier.test_whatever_is_written_is_read_and_costs_no_more_than_was_said(hand, "продаю")


@pytest.mark.parametrize("broken", [bell, files, chat, alerts, typing, classifier])
async def test_a_broken_adapter_is_caught(broken: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception, FileGone, NotSaid)):
        await broken()

"""A contract suite is worth what a broken adapter fails in it: one of some ports each, and the promise that it breaks.

The one test module that calls others' tests: it is about them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from carquery.adapters.messenger.chats import PressId
from carquery.adapters.messenger.message import Message
from carquery.application.ports.alert_outbox import NotSaid
from carquery.application.ports.alerts import Alert
from carquery.application.ports.classifier import Classified, Usage
from carquery.application.ports.sent_files import FileContent, FileGone
from carquery.domain.answers import SharedContact
from carquery.domain.attachments import Parcel
from carquery.domain.forms.form import Service
from carquery.domain.ids import Channel, CustomerId, FileId, MessageToken
from carquery.domain.understanding import Understanding
from tests.builders import ANNA
from tests.contracts import (
    test_alerts,
    test_bell,
    test_channel,
    test_classifier,
    test_sent_files,
    test_staff_chat,
    test_typing,
)
from tests.contracts.alerts import AlertsInHand
from tests.contracts.bells import BellInHand
from tests.contracts.channels import Anna, toy
from tests.contracts.classifiers import ClassifierInHand
from tests.contracts.sent_files import SentFilesInHand
from tests.contracts.sent_files import memory as files_in_memory
from tests.contracts.staff_chats import StaffChatInHand
from tests.contracts.typing_signs import TypingInHand
from tests.toy_messenger import Event, ToyChats, ToyMessenger


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


class WordyChats(ToyChats):
    """Writes anew what should have been edited."""

    async def edit(self, customer: CustomerId, shown: MessageToken, message: Message) -> None:
        await self.send(customer, message, after=shown)


class LastingChats(ToyChats):
    """Leaves old buttons where they are."""

    async def take_buttons(self, customer: CustomerId, shown: MessageToken) -> None:
        return


class SilentChats(ToyChats):
    """Keeps to itself what is said in passing."""

    async def say(self, customer: CustomerId, sentence: str) -> None:
        return

    async def answer_press(self, press: PressId, sentence: str = "") -> None:
        return


class ForgetfulMessenger(ToyMessenger):
    """Takes what comes again for something new."""

    async def bring(self, event: Event) -> None:
        await super().bring(replace(event, id=event.id + 1000 if event.id in self.confirmed else event.id))


class TrustingMessenger(ToyMessenger):
    """Takes everybody's card for the sender's own."""

    async def bring(self, event: Event) -> None:
        card = event.content
        owned = replace(event, content=replace(card, own=True)) if isinstance(card, SharedContact) else event
        await super().bring(owned)


class PiecemealMessenger(ToyMessenger):
    """Takes an album for so many messages."""

    async def bring(self, event: Event) -> None:
        if not isinstance(event.content, Parcel):
            await super().bring(event)
            return
        for number, photo in enumerate(event.content.photos):
            await super().bring(replace(event, id=event.id + 1000 * number, content=Parcel((photo,))))


@pytest.mark.parametrize(
    ("chats", "messenger", "promise"),
    [
        (WordyChats, ToyMessenger, test_channel.test_a_press_turns_the_message_with_the_button_into_the_next_screen),
        (LastingChats, ToyMessenger, test_channel.test_only_the_latest_screen_has_buttons),
        (SilentChats, ToyMessenger, test_channel.test_a_button_that_is_old_says_so_and_changes_nothing),
        (SilentChats, ToyMessenger, test_channel.test_while_the_store_is_away_it_is_said_so_and_the_same_works_later),
        (ToyChats, ForgetfulMessenger, test_channel.test_what_comes_again_is_taken_once),
        (ToyChats, TrustingMessenger, test_channel.test_one_s_own_contact_is_an_answer_and_somebody_else_s_is_not),
        (ToyChats, PiecemealMessenger, test_channel.test_an_album_is_one_answer_with_one_reply),
    ],
)
async def test_a_broken_channel_is_caught(
    chats: type[ToyChats], messenger: type[ToyMessenger], promise: Callable[[Anna], Awaitable[None]]
) -> None:
    async with toy(chats(), messenger) as anna:
        with pytest.raises((AssertionError, IndexError)):
            await promise(anna)


@pytest.mark.parametrize("broken", [bell, files, chat, alerts, typing, classifier])
async def test_a_broken_adapter_is_caught(broken: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception, FileGone, NotSaid)):
        await broken()

"""What is sent, what is edited, and which buttons go."""

import pytest

from carquery.adapters.messenger.chats import NotReached, PressId
from carquery.adapters.messenger.message import Message
from carquery.adapters.messenger.replies import Pressed, Written
from carquery.application.conversation.reception import Reply
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import (
    Busy,
    Help,
    Menu,
    Notice,
    Question,
    Receipt,
    Screen,
    Silence,
    Stale,
    screen_of,
)
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, MessageToken, Reference
from tests.application.in_memory import Dealership
from tests.builders import ANNA, TERMS, a_dialog
from tests.toy_messenger import ToyChats, replies_of

PRESS = PressId("1")
NOWHERE = MessageToken("99")


class ApartChats(ToyChats):
    """A messenger whose question for the contact puts up a keyboard, as Telegram's does."""

    def __init__(self) -> None:
        super().__init__()
        self.apart: set[MessageToken] = set()

    def stands_apart(self, shown: MessageToken) -> bool:
        return shown in self.apart

    def must_be_new(self, message: Message) -> bool:
        return message.asks_contact

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        sent = await super().send(customer, message, after=after)
        if message.asks_contact and sent is not None:
            self.apart.add(sent)
        return sent


class ClosedChats(ToyChats):
    """A customer who has blocked us."""

    async def send(self, customer: CustomerId, message: Message, *, after: MessageToken | None) -> MessageToken | None:
        raise NotReached


class Screens:
    """What Anna is shown, one reply after another."""

    def __init__(self, dealership: Dealership, chats: ToyChats) -> None:
        self.dealership = dealership
        self.chats = chats
        self.replies = replies_of(dealership, chats)

    async def after_text(self, screen: Screen) -> None:
        await self.replies.show(ANNA, Reply(screen, await self._shown()), Written())

    async def after_press(self, screen: Screen, *, on: MessageToken | None, keep: bool = False) -> None:
        await self.replies.show(ANNA, Reply(screen, await self._shown()), Pressed(PRESS, on, keep_message=keep))

    async def _shown(self) -> MessageToken | None:
        return (await self.dealership.visit()).shown

    @property
    def texts(self) -> list[str]:
        return [bubble.text for bubble in self.chats.bubbles.get(ANNA, {}).values()]

    @property
    def have_buttons(self) -> list[bool]:
        return [bool(bubble.buttons) for bubble in self.chats.bubbles.get(ANNA, {}).values()]

    async def current(self) -> MessageToken:
        shown = await self._shown()
        assert shown is not None
        return shown


@pytest.fixture
async def screens(dealership: Dealership) -> Screens:
    await dealership.has_open(None)
    return Screens(dealership, ApartChats())


async def test_a_new_screen_takes_the_buttons_from_the_one_before(screens: Screens) -> None:
    await screens.after_text(Menu())
    await screens.after_text(Menu(Notice.EXPIRED))

    assert screens.have_buttons == [False, True]


async def test_a_consent_stays_where_it_was_given_and_the_question_is_new_below_it(screens: Screens) -> None:
    dialog = a_dialog(service=Service.CALLBACK, terms=TERMS)
    await screens.after_text(screen_of(dialog))

    await screens.after_press(Question(dialog.consent(), agreed=TERMS), on=await screens.current())

    consent, question = screens.texts
    assert consent.endswith("Согласие дано")
    assert "Как к вам обращаться?" in question
    assert await screens.current() == MessageToken("2")


async def test_what_stands_beside_leaves_the_screen_as_it_is(screens: Screens) -> None:
    await screens.after_text(Menu())
    menu = await screens.current()

    await screens.after_text(Help())

    assert screens.have_buttons == [True, True]
    assert await screens.current() == menu


async def test_a_press_edits_the_current_message(screens: Screens) -> None:
    await screens.after_text(Menu())
    await screens.after_press(screen_of(a_dialog()), on=await screens.current())

    assert len(screens.texts) == 1
    assert "Какой автомобиль" in screens.texts[0]


async def test_a_press_on_an_older_message_makes_that_the_current_one(screens: Screens) -> None:
    await screens.after_text(Menu())
    old = await screens.current()
    await screens.after_text(Menu(Notice.EXPIRED))

    await screens.after_press(screen_of(a_dialog()), on=old)

    assert await screens.current() == old
    assert screens.have_buttons == [True, False]


@pytest.mark.parametrize("on", [None, NOWHERE], ids=["unknown", "gone"])
async def test_what_can_not_be_edited_is_sent(screens: Screens, on: MessageToken | None) -> None:
    await screens.after_press(Menu(), on=on)

    assert len(screens.texts) == 1
    assert await screens.current() == "1"


async def test_a_receipt_stays_when_its_buttons_are_pressed(screens: Screens) -> None:
    await screens.after_text(Receipt(Reference("CQ-000001")))

    await screens.after_press(screen_of(a_dialog()), on=await screens.current(), keep=True)

    assert "CQ-000001" in screens.texts[0]
    assert len(screens.texts) == 2


async def test_a_question_with_a_keyboard_of_its_own_is_sent_and_nothing_edits_it(screens: Screens) -> None:
    await screens.after_text(screen_of(a_dialog(step="name")))
    await screens.after_press(screen_of(a_dialog(step="phone")), on=await screens.current())
    assert screens.have_buttons == [False, True]

    await screens.after_press(Menu(), on=MessageToken("1"))
    assert len(screens.texts) == 3


@pytest.mark.parametrize("screen", [Stale(), Busy()])
async def test_a_sentence_in_passing_changes_no_message(screens: Screens, screen: Stale | Busy) -> None:
    await screens.after_text(Menu())
    before = screens.texts

    await screens.after_press(screen, on=await screens.current())
    await screens.after_text(screen)

    assert screens.chats.toasts == [screen.TEXT, screen.TEXT]
    assert screens.texts == before


async def test_a_stale_button_under_the_current_message_brings_it_up_to_date(screens: Screens) -> None:
    """The edit that would have taken the button away was lost."""
    await screens.after_text(Menu())

    await screens.after_press(Stale(screen_of(a_dialog(step="year"))), on=await screens.current())

    assert screens.chats.toasts == [Stale.TEXT]
    assert "Шаг 2 из 8" in screens.texts[0]


async def test_silence_is_silence(screens: Screens) -> None:
    await screens.after_text(Silence())
    await screens.after_press(Silence(), on=None)

    assert (screens.texts, screens.chats.toasts) == ([], [])


async def test_where_the_screen_stands_may_be_forgotten_while_the_store_is_away(screens: Screens) -> None:
    await screens.replies.show(ANNA, Reply(Menu()), Written())
    before = await screens.current()
    screens.dealership.visits.fail_next(StoreUnavailable())

    await screens.replies.show(ANNA, Reply(Menu(), before), Written())

    assert len(screens.texts) == 2
    assert await screens.current() == before


async def test_who_can_not_be_reached_stops_nobody(dealership: Dealership) -> None:
    await dealership.has_open(None)
    screens = Screens(dealership, ClosedChats())

    await screens.after_text(Menu())
    await screens.after_press(Menu(), on=None)

    assert (await dealership.visit()).shown is None

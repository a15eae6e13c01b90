"""What a reply costs in MAX, and what is tried when an answer is not as hoped."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from carquery.adapters.max.api.calls import MaxCalls
from carquery.adapters.max.channel import customer_of_user, press_of, token_of
from carquery.adapters.max.rendering.chats import MaxChats
from carquery.adapters.messenger.chats import Gone, MessageGone
from carquery.adapters.messenger.message import Message
from carquery.adapters.messenger.replies import Pressed, Written
from carquery.adapters.outage import Outage
from carquery.application.conversation.reception import Reply
from carquery.application.marked_text import plain
from carquery.application.screens import Menu, Question, Screen, Stale, screen_of
from carquery.domain.forms.form import Service
from tests.adapters.max.odd_max import OddServer, max_at
from tests.application.in_memory import Dealership
from tests.builders import TERMS, a_dialog
from tests.toy_messenger import replies_of

ANNA = customer_of_user(7)
SHOWN = token_of("mid.11")
PRESS = press_of(7, "12")
HELLO = Message((plain("Здравствуйте"),))
REFUSED = (400, '{"code": "too.old", "message": "no"}')
GONE = (404, '{"code": "not.found", "message": "no"}')


class Phone:
    """Anna's dialog in MAX, as the server sees it."""

    def __init__(self, server: OddServer, chats: MaxChats) -> None:
        self.server = server
        self.chats = chats

    @property
    def calls(self) -> Sequence[str]:
        return [request.line.partition("?")[0] for request in self.server.asked]

    def said(self, call: int) -> Any:
        return json.loads(self.server.asked[call].body)

    async def shows(self, screen: Screen, *, after: Pressed | Written) -> None:
        dealership = Dealership()
        await dealership.has_open(None, customer=ANNA)
        await replies_of(dealership, self.chats).show(ANNA, Reply(screen, SHOWN), after)


@pytest.fixture
async def phone() -> AsyncIterator[Phone]:
    server = OddServer()
    async with max_at(server) as api:
        yield Phone(server, MaxChats(MaxCalls(api, Outage("max"))))


async def test_a_press_that_leads_on_is_one_call(phone: Phone) -> None:
    await phone.shows(screen_of(a_dialog()), after=Pressed(PRESS, SHOWN))

    assert phone.calls == ["POST /answers"]
    assert phone.said(0).keys() == {"message"}
    assert "Какой автомобиль" in phone.said(0)["message"]["text"]


async def test_a_stale_press_is_one_call_that_shows_the_sentence_and_what_it_may_have_missed(phone: Phone) -> None:
    await phone.shows(Stale(screen_of(a_dialog())), after=Pressed(PRESS, SHOWN))

    assert phone.calls == ["POST /answers"]
    assert phone.said(0)["notification"] == Stale.TEXT
    assert "Какой автомобиль" in phone.said(0)["message"]["text"]


async def test_a_consent_stays_and_the_question_is_new_below_it(phone: Phone) -> None:
    dialog = a_dialog(service=Service.CALLBACK, terms=TERMS)

    await phone.shows(Question(dialog.consent(), agreed=TERMS), after=Pressed(PRESS, SHOWN))

    assert sorted(phone.calls) == ["POST /answers", "POST /messages"]


async def test_the_question_for_the_phone_is_one_message_with_its_button(phone: Phone) -> None:
    await phone.shows(screen_of(a_dialog(step="phone")), after=Pressed(PRESS, SHOWN))

    assert phone.calls == ["POST /answers"]
    buttons = phone.said(0)["message"]["attachments"][0]["payload"]["buttons"]
    assert [button["type"] for row in buttons for button in row] == ["request_contact", "callback", "callback"]


async def test_a_typed_answer_gets_a_message_and_the_one_before_loses_its_buttons(phone: Phone) -> None:
    await phone.shows(Menu(), after=Written())

    assert sorted(phone.calls) == ["POST /messages", "PUT /messages"]
    edit = phone.said(phone.calls.index("PUT /messages"))
    assert (edit["text"], edit["attachments"]) == (None, [])


async def test_a_press_that_can_not_be_answered_any_more_leaves_a_message_to_be_edited(phone: Phone) -> None:
    phone.server.answers[12] = GONE

    await phone.shows(screen_of(a_dialog()), after=Pressed(PRESS, SHOWN))

    assert phone.calls == ["POST /answers", "PUT /messages"]


async def test_what_can_not_be_edited_is_sent(phone: Phone) -> None:
    phone.server.answers |= {11: REFUSED, 12: GONE}

    await phone.shows(screen_of(a_dialog()), after=Pressed(PRESS, SHOWN))

    assert phone.calls == ["POST /answers", "PUT /messages", "POST /messages"]


async def test_where_a_message_can_not_lose_its_buttons_alone_it_is_written_again(phone: Phone) -> None:
    stored = '{"body": {"mid": "mid.11", "text": "Шаг 1", "attachments": []}}'

    class OnlyWithText(OddServer):
        def answer(self, line: str, body: str) -> tuple[int, str]:
            if line.startswith("GET"):
                return 200, stored
            is_without = line.startswith("PUT") and json.loads(body)["text"] is None
            return (400, '{"code": "proto.payload", "message": "text"}') if is_without else super().answer(line, body)

    server = OnlyWithText()
    async with max_at(server) as api:
        await MaxChats(MaxCalls(api, Outage("max"))).take_buttons(ANNA, SHOWN)

    phone = Phone(server, phone.chats)
    assert phone.calls == ["PUT /messages", "GET /messages/mid.11 HTTP/1.1", "PUT /messages"]
    assert phone.said(2) == {"text": "Шаг 1", "attachments": [], "link": None, "format": None}


async def test_buttons_of_a_message_that_is_gone_are_no_failure(phone: Phone) -> None:
    phone.server.answers[11] = GONE

    await phone.chats.take_buttons(ANNA, SHOWN)
    with pytest.raises(MessageGone):
        await phone.chats.edit(ANNA, SHOWN, HELLO)


async def test_a_press_with_nothing_to_say_is_answered_all_the_same(phone: Phone) -> None:
    await phone.chats.answer_press(PRESS)
    phone.server.answers[12] = (400, '{"code": "proto.payload", "message": "notification: empty"}')
    await phone.chats.answer_press(PRESS)

    assert phone.said(0) == {"notification": ""}


async def test_a_customer_who_has_stopped_the_bot_is_gone(phone: Phone) -> None:
    phone.server.answers[7] = (403, '{"code": "chat.denied", "message": "Key: error.dialog.suspended"}')

    with pytest.raises(Gone):
        await phone.chats.send(ANNA, HELLO, after=None)

"""A contact card: in a form an answer, outside any a wish to be called."""

import pytest

from carquery.application.screens import ConsentRequest, Menu, Notice, Question, Summary
from carquery.domain.answers import SharedContact
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageToken
from tests.application.in_memory import Dealership, shown
from tests.builders import a_dialog, an_arrival

CARD = SharedContact("79161234567", own=True, name="Анна")


async def test_a_card_outside_any_form_opens_the_callback_with_all_that_it_says(dealership: Dealership) -> None:
    summary = shown(await dealership.inbound.shared_contact(an_arrival(), CARD), Summary)

    assert summary.dialog.form.service is Service.CALLBACK
    assert {step: value.shown for step, value in summary.dialog.answers.items()} == {
        "name": "Анна",
        "phone": "+7 916 123-45-67",
    }
    assert summary.dialog.remark == "Записали: Анна, +7 916 123-45-67. Менеджер вам позвонит"
    assert await dealership.dialog() == summary.dialog


@pytest.mark.parametrize("name", ["", "❤️", "7"])
async def test_what_is_no_name_is_asked(dealership: Dealership, name: str) -> None:
    card = SharedContact("79161234567", own=True, name=name)

    question = shown(await dealership.inbound.shared_contact(an_arrival(), card), Question)

    assert (question.dialog.at, set(question.dialog.answers)) == ("name", {"phone"})


async def test_a_keyboard_that_nobody_remembers_comes_down(dealership: Dealership) -> None:
    summary = shown(await dealership.inbound.shared_contact(an_arrival(), CARD), Summary)

    assert summary.ends_keyboard


async def test_one_that_is_known_to_be_down_is_left_alone(dealership: Dealership) -> None:
    await dealership.has_open(None, shown=MessageToken("1:0"))
    await dealership.visits.note_shown(an_arrival().customer, MessageToken("1:0"))

    summary = shown(await dealership.inbound.shared_contact(an_arrival(), CARD), Summary)

    assert not summary.ends_keyboard


async def test_consent_comes_first(careful_dealership: Dealership) -> None:
    asked = shown(await careful_dealership.inbound.shared_contact(an_arrival(), CARD), ConsentRequest)

    assert asked.dialog.answers == {}
    assert set(asked.dialog.suggestions) == {"name", "phone"}


async def test_somebody_else_s_card_is_nobody_s_to_give(dealership: Dealership) -> None:
    card = SharedContact("79035550101", own=False, name="Пётр")

    reply = await dealership.inbound.shared_contact(an_arrival(), card)

    assert reply.screen == Menu(Notice.NOT_YOUR_CARD)
    assert await dealership.dialog() is None


async def test_a_card_before_the_phone_is_asked_is_kept_and_the_question_stands(dealership: Dealership) -> None:
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await dealership.inbound.shared_contact(an_arrival(), CARD), Question)

    assert question.dialog.at == "mileage"
    assert question.dialog.remark == "Записали: Анна, +7 916 123-45-67"

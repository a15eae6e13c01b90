"""What a customer may rely on in every messenger, whoever wrote its adapter."""

from collections.abc import AsyncIterator

import pytest

from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import (
    BACK,
    MENU,
    YES,
    Busy,
    ConsentRequest,
    MyLeads,
    Question,
    Receipt,
    Stale,
    Summary,
)
from carquery.domain.attachments import TOO_MANY_PHOTOS
from carquery.domain.contact import Phone
from carquery.domain.forms.form import Service
from carquery.domain.meaning import Meaning
from carquery.domain.understanding import Understanding
from tests.builders import TERMS, a_dialog, a_reviewed_dialog
from tests.contracts.channels import CHANNELS, Anna


@pytest.fixture(params=CHANNELS, ids=lambda channel: channel.__name__)
async def anna(request: pytest.FixtureRequest) -> AsyncIterator[Anna]:
    async with request.param() as anna:
        yield anna


async def test_a_form_that_is_filled_in_becomes_a_lead(anna: Anna) -> None:
    await anna.write("/start sell__avito")
    await anna.write("Toyota Camry")
    await anna.write("2018")
    await anna.write("120 тыс")
    await anna.press("Нужна оценка")
    await anna.send_album(2)
    await anna.press("Готово (2)")
    await anna.write("Анна Смирнова")
    await anna.share_contact("+79161234567")
    await anna.press(Question.SKIP)
    assert Summary.TITLE in anna.messages[-1]
    await anna.press(Summary.SEND)

    lead = anna.dealership.only_lead
    assert anna.messages[-1].startswith(Receipt.TEXT.format(reference=lead.reference))
    assert (lead.customer, lead.service, lead.source) == (anna.id, Service.SELL, "avito")
    assert (lead.phone, len(lead.photos)) == (Phone("+79161234567"), 2)


async def test_what_comes_again_is_taken_once(anna: Anna) -> None:
    await anna.write("/start sell")
    await anna.write("Toyota Camry")
    before = await anna.dealership.visit(anna.id)

    await anna.repeat()

    assert (await anna.dealership.visit(anna.id)).version == before.version
    assert await anna.dealership.dialog(anna.id) == before.dialog


async def test_a_press_that_comes_again_sends_no_second_lead(anna: Anna) -> None:
    await anna.dealership.has_open(a_reviewed_dialog(), customer=anna.id)
    await anna.write("не знаю")
    await anna.press(Summary.SEND)

    await anna.repeat()

    assert len(anna.dealership.stored_leads) == 1


async def test_a_button_that_is_old_says_so_and_changes_nothing(anna: Anna) -> None:
    await anna.write("/start sell")
    await anna.write("Toyota Camry")
    old = anna.button(MENU)
    await anna.write("2018")
    before = await anna.dealership.dialog(anna.id)

    await anna.press_old(old)

    assert Stale.TEXT in anna.told
    assert await anna.dealership.dialog(anna.id) == before


async def test_a_press_turns_the_message_with_the_button_into_the_next_screen(anna: Anna) -> None:
    await anna.write("/menu")
    count = len(anna.messages)

    await anna.press("🚗 Продать авто")

    assert len(anna.messages) == count
    assert "Какой автомобиль вы продаёте?" in anna.messages[-1]


async def test_only_the_latest_screen_has_buttons(anna: Anna) -> None:
    await anna.write("/start sell")
    await anna.write("Toyota Camry")
    await anna.write("2018")

    assert [bool(labels) for labels in anna.buttons] == [False, False, True]


async def test_one_s_own_contact_is_an_answer_and_somebody_else_s_is_not(anna: Anna) -> None:
    await anna.dealership.has_open(a_dialog(step="phone"), customer=anna.id)

    await anna.share_contact("+79035550101", own=False)
    assert "чужой контакт" in anna.messages[-1]

    await anna.share_contact("+79161234567")
    dialog = await anna.dealership.dialog(anna.id)
    assert dialog is not None
    assert dialog.said(Meaning.PHONE) == Phone("+79161234567")


async def test_an_album_is_one_answer_with_one_reply(anna: Anna) -> None:
    await anna.dealership.has_open(a_dialog(step="photos"), customer=anna.id)

    await anna.send_album(3)

    assert len(anna.messages) == 1
    assert "Готово (3)" in anna.buttons[-1]


async def test_an_edit_puts_the_answer_right_and_the_question_stands(anna: Anna) -> None:
    await anna.write("/start sell")
    await anna.write("Toyota Camry")

    await anna.edit("Lada Vesta")

    dialog = await anna.dealership.dialog(anna.id)
    assert dialog is not None
    assert (dialog.answers["car_brand"].shown, dialog.at) == ("Lada Vesta", "year")
    assert "Исправили" in anna.messages[-1]


async def test_while_the_store_is_away_it_is_said_so_and_the_same_works_later(anna: Anna) -> None:
    await anna.write("/start sell")
    anna.dealership.visits.fail_next(StoreUnavailable())

    await anna.write("Toyota Camry")
    assert anna.told[-1] == Busy.TEXT

    await anna.write("Toyota Camry")
    dialog = await anna.dealership.dialog(anna.id)
    assert dialog is not None
    assert dialog.at == "year"


async def test_a_lead_says_by_what_people_find_the_customer(anna: Anna) -> None:
    await anna.dealership.has_open(a_reviewed_dialog(), customer=anna.id)
    await anna.write("не знаю")

    await anna.press(Summary.SEND)

    handle = anna.dealership.only_lead.handle
    assert handle is not None
    assert handle.messenger.casefold() == anna.id.channel


async def test_back_asks_the_step_before_and_the_new_answer_counts(anna: Anna) -> None:
    await anna.write("/start sell")
    await anna.write("Toyota Camry")

    await anna.press(BACK)
    assert "Какой автомобиль вы продаёте?" in anna.messages[-1]
    await anna.write("Lada Vesta")

    dialog = await anna.dealership.dialog(anna.id)
    assert dialog is not None
    assert (dialog.answers["car_brand"].shown, dialog.at) == ("Lada Vesta", "year")


async def test_an_answer_that_is_changed_at_the_summary_leads_back_there(anna: Anna) -> None:
    await anna.dealership.has_open(a_reviewed_dialog(), customer=anna.id)
    await anna.write("не знаю")

    await anna.press(Summary.EDIT)
    await anna.press("Имя")
    await anna.write("Борис")

    assert Summary.TITLE in anna.messages[-1]
    assert "Борис" in anna.messages[-1]


async def test_what_was_consented_to_stays_and_the_question_stands_below(anna: Anna) -> None:
    await anna.dealership.has_open(a_dialog(service=Service.CALLBACK, terms=TERMS), customer=anna.id)
    await anna.write("что это?")

    await anna.press(ConsentRequest.AGREE)

    consent, question = anna.messages[-2:]
    assert ConsentRequest.GIVEN in consent
    assert "Как к вам обращаться?" in question


async def test_an_offer_upon_a_free_message_opens_its_form(anna: Anna) -> None:
    heard = anna.dealership.interpreter
    assert isinstance(heard, MemoryInterpreter)
    heard.told["хочу продать машину"] = Understanding(Service.SELL, 0.9)
    await anna.write("хочу продать машину")

    await anna.press(YES)

    dialog = await anna.dealership.dialog(anna.id)
    assert dialog is not None
    assert dialog.form.service is Service.SELL


async def test_of_eleven_pictures_ten_are_kept_and_the_last_is_refused(anna: Anna) -> None:
    await anna.dealership.has_open(a_dialog(step="photos"), customer=anna.id)
    await anna.send_album(10)

    await anna.send_album(1)

    assert "Готово (10)" in anna.buttons[-1]
    assert TOO_MANY_PHOTOS in anna.messages[-1]


async def test_a_button_of_what_was_sent_sends_nothing_more_and_the_lead_is_shown(anna: Anna) -> None:
    await anna.dealership.has_open(a_reviewed_dialog(), customer=anna.id)
    await anna.write("не знаю")
    send = anna.button(Summary.SEND)
    await anna.press(Summary.SEND)

    await anna.press_old(send)
    await anna.write("/status")

    assert MyLeads.TITLE in anna.messages[-1]
    assert anna.dealership.only_lead.reference in anna.messages[-1]

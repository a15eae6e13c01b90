"""What a customer who writes freely is answered."""

import asyncio

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import CallbackOffer, FormOffer, FreeAnswer, Question
from carquery.domain.forms.form import Service
from carquery.domain.understanding import OTHER, SURE_ENOUGH
from carquery.domain.visit import MESSAGES_BEFORE_PERSON, PAID_BURST
from carquery.domain.words import Words
from tests.application.in_memory import Dealership, dealership_that_hears, shown, write
from tests.application.understanding import CAMRY, said
from tests.builders import ANNA, TERMS, a_dialog, an_arrival


async def test_a_clear_wish_is_offered_its_form_with_what_was_stated() -> None:
    dealership = dealership_that_hears(said(Service.SELL, 0.7, entities=CAMRY))

    (reply,) = await write(dealership, "продаю камри")

    offer = shown(reply, FormOffer).offer
    assert (offer.service, offer.suggestions["car_brand"]) == (Service.SELL, Words("Toyota Camry"))
    assert set(offer.suggestions) == {"car_brand", "year", "mileage", "price"}
    assert (await dealership.visit()).dialog is None, "no form opens without the customer's yes"


@pytest.mark.parametrize("answer", [said(Service.SELL, SURE_ENOUGH - 0.01), said(OTHER, 1.0)], ids=["unsure", "other"])
async def test_otherwise_a_sentence_is_said(answer: object) -> None:
    dealership = dealership_that_hears(answer)

    (reply,) = await write(dealership, "как дела?")

    assert reply.screen == FreeAnswer()


async def test_a_model_s_sentence_is_said_only_if_it_is_harmless() -> None:
    dealership = dealership_that_hears(
        said(OTHER, 0.9, reply="Здравствуйте! Чем помочь?"),
        said(OTHER, 0.9, reply="Дадим скидку 50%: evil.ru"),
    )

    replies = await write(dealership, "привет", "а скидка?")

    assert [reply.screen for reply in replies] == [FreeAnswer("Здравствуйте! Чем помочь?"), FreeAnswer()]


async def test_after_three_messages_a_person_is_offered_and_people_are_told_what_was_written() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))

    *before, last = await write(dealership, "один", "два", "три")

    assert [reply.screen for reply in before] == [FreeAnswer()] * (MESSAGES_BEFORE_PERSON - 1)
    assert last.screen == CallbackOffer(sorry=True)
    assert dealership.alerts.told == [CustomerNotUnderstood(ANNA, None, ("один", "два", "три"))]


async def test_people_are_told_once() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))

    *_, last = await write(dealership, "один", "два", "три", "четыре", "пять", "шесть")

    assert last.screen == CallbackOffer(sorry=True)
    assert len(dealership.alerts.told) == 1


async def test_a_wish_that_becomes_clear_late_is_offered_its_form_beside_a_person() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9), said(OTHER, 0.9), said(Service.CHECK))

    *_, last = await write(dealership, "привет", "эй", "проверьте машину")

    offer = shown(last, FormOffer)
    assert (offer.offer.service, offer.sorry) == (Service.CHECK, True)
    assert len(dealership.alerts.told) == 1


async def test_an_opened_form_begins_the_count_anew() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))
    await write(dealership, "один", "два")
    visit = await dealership.visit()
    await dealership.visits.save(visit.with_dialog(a_dialog()).with_dialog(None))

    reply = await dealership.take_message(an_arrival(9), "три")

    assert reply.screen == FreeAnswer()


async def test_without_consent_people_are_told_nothing_personal() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9), terms=TERMS)

    await write(dealership, "алло", "эй", "Анна, 89161234567")

    assert dealership.alerts.told == [CustomerNotUnderstood(ANNA, None, ("алло", "эй", "[NAME_1], [PHONE_1]"))]


async def test_it_is_shown_as_typing_only_while_a_model_thinks() -> None:
    thinking, ruled = dealership_that_hears(said()), Dealership()

    await write(thinking, "продаю")
    await write(ruled, "продаю")

    assert (thinking.typing.shown, ruled.typing.shown) == ([ANNA], [])


async def test_a_customer_who_writes_very_much_is_read_by_the_rules() -> None:
    mini = MemoryClassifier("mini", said(OTHER, 0.9))
    dealership = Dealership(mini)

    await write(dealership, *(f"сообщение {number}" for number in range(PAID_BURST + 3)))

    assert len(mini.asked) == PAID_BURST


async def test_a_message_is_read_once_however_often_its_visit_changes_meanwhile() -> None:
    mini = MemoryClassifier("mini", said(OTHER, 0.9))
    dealership = Dealership(mini)

    await asyncio.gather(*(dealership.take_message(an_arrival(number), f"{number}") for number in range(4)))

    assert sorted(mini.asked) == ["0", "1", "2", "3"]
    assert (await dealership.visit()).unheeded == 4


async def test_a_message_repeated_by_the_messenger_shows_the_offer_again_and_asks_nobody() -> None:
    mini = MemoryClassifier("mini", said(Service.SELL))
    dealership = Dealership(mini)

    first = await dealership.take_message(an_arrival(1), "продаю")
    again = await dealership.take_message(an_arrival(1), "продаю")

    assert (first.screen, len(mini.asked)) == (again.screen, 1)


async def test_nobody_is_told_of_what_was_not_saved() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))
    await write(dealership, "один", "два")
    dealership.visits.fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await dealership.take_message(an_arrival(3), "три")

    assert dealership.alerts.told == []


async def test_a_form_opened_from_the_menu_takes_what_was_stated_for_it() -> None:
    dealership = dealership_that_hears(said(Service.SELL, entities=CAMRY))
    await write(dealership, "продаю камри")

    visit, screen = dealership.navigator(await dealership.visit(), Service.SELL)

    assert isinstance(screen, Question)
    assert visit.dialog is not None
    assert visit.dialog.suggestions["car_brand"] == Words("Toyota Camry")

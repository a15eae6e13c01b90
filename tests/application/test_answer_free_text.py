"""What a customer who writes freely is answered."""

import asyncio
from typing import Any

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import CallbackOffer, ConsentRequest, FormOffer, FreeAnswer, Question, Summary
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.faq import HOURS, Entry, Faq
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference
from carquery.domain.understanding import OTHER, Entities, Intent, Understanding
from carquery.domain.visit import MESSAGES_BEFORE_PERSON, PAID_BURST
from carquery.domain.words import Words
from tests.application.in_memory import Dealership, dealership_that_hears, shown, write
from tests.application.understanding import CAMRY, said
from tests.builders import ANNA, TERMS, a_dialog, an_arrival, business_hours


def told_of_hours() -> Told:
    """What a dealership tells that answers one question."""
    return Told(faq=Faq({HOURS: Entry("С 9 до 20.")}))


async def test_a_clear_wish_is_offered_its_form_with_what_was_stated() -> None:
    dealership = dealership_that_hears(said(Service.SELL, 0.7, entities=CAMRY))

    (reply,) = await write(dealership, "продаю камри")

    offer = shown(reply, FormOffer).offer
    assert (offer.service, offer.suggestions["car_brand"]) == (Service.SELL, Words("Toyota Camry"))
    assert set(offer.suggestions) == {"car_brand", "year", "mileage", "price"}
    assert (await dealership.visit()).dialog is None, "no form opens without the customer's yes"


@pytest.mark.parametrize("answer", [said(Service.SELL, 0.34), said(OTHER, 1.0)], ids=["unsure", "other"])
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


async def test_a_wish_that_becomes_clear_late_is_offered_its_form_and_nobody_is_alarmed() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9), said(OTHER, 0.9), said(Service.CHECK))

    *_, last = await write(dealership, "привет", "эй", "проверьте машину")

    offer = shown(last, FormOffer)
    assert (offer.offer.service, offer.sorry) == (Service.CHECK, False)
    assert dealership.alerts.told == []


# What leads somewhere without a form


def about(topic: str, likely: float = 0.9, **mentioned: Any) -> Understanding:
    """A message that wants no form."""
    return Understanding(OTHER, likely, topics={topic: 1.0}, mentioned=Entities(**mentioned))


async def test_greetings_and_answered_questions_cost_no_patience() -> None:
    told = {"привет": about("greeting"), "до скольки?": about("hours"), "спасибо": about("thanks")}
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=MemoryInterpreter(told), told=told_of_hours)

    replies = await write(dealership, "привет", "до скольки?", "спасибо", "привет")

    assert [reply.screen for reply in replies] == [
        FreeAnswer(FreeAnswer.GREETING),
        FreeAnswer("С 9 до 20."),
        FreeAnswer(FreeAnswer.COURTESIES["thanks"]),
        FreeAnswer(FreeAnswer.GREETING),
    ]
    assert (dealership.alerts.told, (await dealership.visit()).unheeded) == ([], 0)


async def test_a_text_that_a_model_answers_is_understood_here_once() -> None:
    interpreter = MemoryInterpreter({"до скольки?": about("hours")})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter, told=told_of_hours)

    (reply,) = await write(dealership, "до скольки?")

    assert (reply.screen, interpreter.asked) == (FreeAnswer("С 9 до 20."), ["до скольки?"])


async def test_a_question_without_an_answer_leads_to_a_person() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=MemoryInterpreter({"лизинг?": about("leasing")}))

    asked, agreed = await write(dealership, "лизинг?", "да, давайте")

    assert asked.screen == CallbackOffer(is_question=True)
    assert shown(agreed, Question).dialog.form.service is Service.CALLBACK


@pytest.mark.parametrize("topic", ["complaint", "insult"])
async def test_a_complaint_reaches_a_person_at_once(topic: str) -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=MemoryInterpreter({"безобразие": about(topic)}))

    (reply,) = await write(dealership, "безобразие")

    assert reply.screen == CallbackOffer(is_upset=True)
    assert dealership.alerts.told == [CustomerNotUnderstood(ANNA, None, ("безобразие",), is_upset=True)]


@pytest.mark.parametrize(
    ("topic", "told"), [("complaint", FreeAnswer.TOLD_OF_COMPLAINT), ("human", FreeAnswer.TOLD_OF_WAITING)]
)
async def test_whose_request_waits_is_not_asked_for_name_and_phone_again(topic: str, told: str) -> None:
    interpreter = MemoryInterpreter({"весь день жду": about(topic)})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter)
    sent = Reference("CQ-000001")
    await dealership.has_open(None, receipt=sent)

    (reply,) = await write(dealership, "весь день жду")

    assert reply.screen == FreeAnswer(told.format(reference=sent))
    assert dealership.alerts.told == [
        CustomerNotUnderstood(ANNA, None, ("весь день жду",), is_upset=topic == "complaint", reference=sent)
    ]


async def test_a_number_opens_the_callback_with_it() -> None:
    text = "позвоните мне 89161234567, Сергей"
    interpreter = MemoryInterpreter({text: about("human", phone="+79161234567", name="Сергей")})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter)

    (reply,) = await write(dealership, text)

    dialog = shown(reply, Summary).dialog
    assert dialog.answers == {"name": PersonName("Сергей"), "phone": Phone("+79161234567")}


async def test_before_consent_a_number_only_waits_as_a_suggestion() -> None:
    interpreter = MemoryInterpreter({"89161234567": about("human", phone="+79161234567")})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter, terms=TERMS)

    (reply,) = await write(dealership, "89161234567")

    dialog = shown(reply, ConsentRequest).dialog
    assert (dict(dialog.answers), dialog.suggestions["phone"]) == ({}, Phone("+79161234567"))


# After a request was sent


@pytest.mark.parametrize("text", ["отмените мою заявку", "забыла добавить: только белая", "уже не нужно"])
async def test_who_would_change_what_was_sent_reaches_the_manager_of_that_request(text: str) -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))
    await dealership.has_open(None, receipt=Reference("CQ-000001"))

    (reply,) = await write(dealership, text)

    told = FreeAnswer.TOLD_MANAGER.format(reference="CQ-000001")
    assert reply.screen == FreeAnswer(told)
    assert dealership.alerts.told == [CustomerNotUnderstood(ANNA, None, (text,), reference=Reference("CQ-000001"))]


async def test_who_asks_after_a_request_hears_who_has_it() -> None:
    interpreter = MemoryInterpreter({"что с моей заявкой?": about("status")})
    dealership = dealership_that_hears(said(OTHER, 0.9), interpreter=interpreter)
    await dealership.has_open(None, receipt=Reference("CQ-000001"))

    (reply,) = await write(dealership, "что с моей заявкой?")

    assert reply.screen == FreeAnswer(FreeAnswer.WITH_MANAGER.format(reference="CQ-000001"))


async def test_who_asks_after_a_request_at_night_hears_when_somebody_will_call() -> None:
    interpreter = MemoryInterpreter({"что с моей заявкой?": about("status")})
    hears = said(OTHER, 0.9)
    closed = Told(hours=business_hours("вт 9:00-20:00"))
    dealership = dealership_that_hears(hears, interpreter=interpreter, told=lambda: closed)
    await dealership.has_open(None, receipt=Reference("CQ-000001"))

    (reply,) = await write(dealership, "что с моей заявкой?")

    assert reply.screen == FreeAnswer(FreeAnswer.CALLED_BACK.format(reference="CQ-000001", when="завтра с 9:00"))
    assert dealership.alerts.told == []


# An offer collects


async def test_an_open_offer_takes_in_what_is_written_next_and_with_the_yes() -> None:
    told = {
        "2018 год": about("answer", year=2018),
        "да, 150 тыс пробег": about("answer", mileage=150_000),
    }
    dealership = dealership_that_hears(
        said(Service.SELL, entities=Entities(brand="Toyota", model="Camry")),
        said(OTHER, 0.9),
        interpreter=MemoryInterpreter(told),
    )

    _, renewed, opened = await write(dealership, "продаю камри", "2018 год", "да, 150 тыс пробег")

    assert set(shown(renewed, FormOffer).offer.suggestions) == {"car_brand", "year"}
    dialog = shown(opened, Question).dialog
    assert (dialog.form.service, set(dialog.suggestions)) == (Service.SELL, {"car_brand", "year", "mileage"})


async def test_no_and_another_wish_is_that_wish_with_what_fits() -> None:
    dealership = dealership_that_hears(said(Service.SELL, entities=CAMRY), said(Service.BUY))

    _, other = await write(dealership, "камри", "нет, купить")

    offer = shown(other, FormOffer).offer
    assert (offer.service, set(offer.suggestions)) == (Service.BUY, {"car_brand", "year_from"})


async def test_of_two_likely_wishes_the_customer_picks_one() -> None:
    likely: dict[Intent, float] = {Service.SELL: 0.45, Service.BUY: 0.35, OTHER: 0.2}
    heard = Understanding(Service.SELL, 0.45, likely=likely, mentioned=CAMRY)
    dealership = Dealership(interpreter=MemoryInterpreter({"камри": heard}))

    (reply,) = await write(dealership, "камри")

    offer = shown(reply, FormOffer).offer
    assert (offer.service, offer.alternatives) == (Service.SELL, (Service.BUY,))
    _, screen = dealership.navigator(await dealership.visit(), Service.BUY)
    assert isinstance(screen, Question)
    assert set(screen.dialog.suggestions) == {"car_brand", "year_from"}


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


# Words and questions beside a wish

ADVERT = "продаю камри, птс оригинал"
WHERE = "а до скольки вы?"


async def test_a_greeting_and_a_yes_do_not_stand_in_the_next_lead() -> None:
    told = {"привет": about("greeting")}
    dealership = dealership_that_hears(
        said(OTHER, 0.9), said(Service.SELL, entities=CAMRY), interpreter=MemoryInterpreter(told)
    )

    *_, opened = await write(dealership, "привет", ADVERT, "да")

    assert shown(opened, Question).dialog.form.service is Service.SELL
    assert (await dealership.visit()).conversation == (ADVERT,)


async def test_a_question_beside_a_wish_is_answered_with_the_offer() -> None:
    interpreter = MemoryInterpreter({WHERE: about("hours")})
    dealership = dealership_that_hears(said(Service.SELL, entities=CAMRY), interpreter=interpreter, told=told_of_hours)

    (reply,) = await write(dealership, f"продаю камри, {WHERE}")

    offer = shown(reply, FormOffer)
    assert (offer.offer.service, offer.notice) == (Service.SELL, "С 9 до 20.")


async def test_a_question_that_nobody_can_answer_goes_to_the_manager_with_the_wish() -> None:
    interpreter = MemoryInterpreter({"а лизинг есть?": about("leasing")})
    dealership = dealership_that_hears(said(Service.BUY, entities=CAMRY), interpreter=interpreter)

    (reply,) = await write(dealership, "куплю камри, а лизинг есть?")

    assert shown(reply, FormOffer).notice == FormOffer.QUESTION_KEPT
    assert (await dealership.visit()).conversation == ("куплю камри, а лизинг есть?",)


async def test_a_yes_with_a_question_opens_the_form_and_answers() -> None:
    interpreter = MemoryInterpreter({f"да, {WHERE}": about("hours"), WHERE: about("hours")})
    dealership = dealership_that_hears(
        said(Service.SELL, entities=CAMRY), said(OTHER, 0.9), interpreter=interpreter, told=told_of_hours
    )

    _, reply = await write(dealership, "продаю камри", f"да, {WHERE}")

    question = shown(reply, Question)
    assert (question.dialog.form.service, question.notice) == (Service.SELL, "С 9 до 20.")


async def test_what_went_into_a_sent_lead_does_not_stand_in_the_next_one() -> None:
    dealership = dealership_that_hears(said(OTHER, 0.9))
    await dealership.has_open(None, receipt=Reference("CQ-000001"))

    await write(dealership, "забыла добавить: только белая")

    assert (await dealership.visit()).conversation == ()

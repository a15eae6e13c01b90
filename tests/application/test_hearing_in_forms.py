"""What use cases make of what is heard in a form: nothing that was answered is lost, and there is always a way on."""

import pytest

from carquery.adapters.memory.interpreter import MemoryInterpreter
from carquery.application.conversation.take_message import FOR_MANAGER
from carquery.application.ports.alerts import CustomerNotUnderstood
from carquery.application.screens import (
    NOT_EDITED,
    AnotherForm,
    CallbackOffer,
    FieldList,
    LeaveWarning,
    Menu,
    Notice,
    Place,
    Question,
    Summary,
)
from carquery.domain.answers import SharedContact
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.faq import HOURS, Entry, Faq
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageToken
from carquery.domain.understanding import OTHER, Entities, Understanding
from carquery.domain.visit import REFUSALS_BEFORE_PERSON
from carquery.domain.words import Words
from tests.application.in_memory import Dealership, receipt_of, shown
from tests.builders import ANNA, a_dialog, a_reviewed_dialog, an_arrival


def told_of_hours() -> Told:
    """What a dealership tells that answers one question."""
    return Told(faq=Faq({HOURS: Entry("С 9 до 20.")}))


def about(topic: str) -> Understanding:
    return Understanding(OTHER, 0.95, topics={topic: 1.0})


def a_dealership(**told: Understanding) -> Dealership:
    """One that has an answer about its hours."""
    texts = {text.replace("_", " "): understood for text, understood in told.items()}
    return Dealership(interpreter=MemoryInterpreter(texts), told=told_of_hours)


@pytest.mark.parametrize("step", ["car_brand", "year", "mileage", "price", "name", "phone", "comment"])
async def test_a_question_is_answered_and_the_same_question_stands(step: str) -> None:
    dealership = a_dealership(вы_сегодня_работаете=about("hours"))
    before = a_dialog(step=step)
    await dealership.has_open(before)

    question = shown(await dealership.take_message(an_arrival(), "вы сегодня работаете"), Question)

    assert (question.notice, question.hint, question.dialog.at) == ("С 9 до 20.", "", step)
    assert await dealership.dialog() == before


async def test_of_a_car_in_few_words_nobody_asks_what_it_wants() -> None:
    interpreter = MemoryInterpreter()
    dealership = Dealership(interpreter=interpreter)
    await dealership.has_open(a_dialog(step="car_brand"))

    question = shown(await dealership.take_message(an_arrival(), "тойота камри"), Question)

    assert (question.dialog.answers["car_brand"], interpreter.asked) == (Words("Toyota Camry", "тойота камри"), [])


async def test_what_nobody_has_an_answer_to_is_kept_for_the_manager() -> None:
    dealership = a_dealership(лизинг_есть=about("leasing"))
    await dealership.has_open(a_dialog(step="mileage"))

    question = shown(await dealership.take_message(an_arrival(), "лизинг есть"), Question)

    assert (question.dialog.at, question.dialog.asides, question.dialog.remark) == (
        "mileage",
        ("лизинг есть",),
        FOR_MANAGER,
    )


async def test_a_person_is_offered_and_no_leaves_the_form_as_it_was() -> None:
    dealership = a_dealership()
    before = a_dialog(step="mileage")
    await dealership.has_open(before)

    offered = await dealership.take_message(an_arrival(1), "можно с менеджером поговорить")
    back = await dealership.take_message(an_arrival(2), "нет, ладно, продолжим")

    assert (offered.screen, back.screen) == (CallbackOffer(before), Question(before))


async def test_yes_to_a_person_opens_the_callback_with_who_it_is() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(step="phone"))

    await dealership.take_message(an_arrival(1), "соедините с оператором")
    dialog = shown(await dealership.take_message(an_arrival(2), "да, давайте"), Question).dialog

    assert (dialog.form.service, dialog.suggestions["name"].shown) == (Service.CALLBACK, "Анна")


@pytest.mark.parametrize("word", ["передумал", "стоп", "не хочу продавать", "отмените заявку"])
async def test_giving_up_is_asked_once_and_yes_leaves(word: str) -> None:
    dealership = a_dealership()
    before = a_dialog(step="year")
    await dealership.has_open(before)

    asked = await dealership.take_message(an_arrival(1), word)
    left = await dealership.take_message(an_arrival(2), "да, сбросить")

    assert asked.screen == LeaveWarning(before, Place.MENU)
    assert (left.screen, await dealership.dialog()) == (Menu(Notice.DROPPED), None)


async def test_after_a_warning_anything_else_goes_on_with_the_form() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(step="mileage"))

    await dealership.take_message(an_arrival(1), "стоп")
    question = shown(await dealership.take_message(an_arrival(2), "120 тыс"), Question)
    nothing = shown(await dealership.take_message(an_arrival(3), "да"), Question)

    assert (question.dialog.at, nothing.dialog.at) == ("price", "price"), "«да» is about nothing any more"


@pytest.mark.parametrize("word", ["заполняй", "отправить", "хорошо, оставлю", "давай дальше"])
async def test_words_for_filling_in_drop_nothing_that_was_filled_in(word: str) -> None:
    dealership = a_dealership()
    before = a_dialog(step="year")
    await dealership.has_open(before)

    await dealership.take_message(an_arrival(1), "отмена")
    back = await dealership.take_message(an_arrival(2), word)

    assert (back.screen, await dealership.dialog()) == (Question(before), before)


async def test_another_service_is_offered_with_what_fits_and_opened_upon_yes() -> None:
    wish = Understanding(Service.CHECK, 0.9, mentioned=Entities(vin="XTA210990Y1234567"))
    dealership = a_dealership(лучше_проверьте_машину=wish)
    before = a_dialog(step="price")
    await dealership.has_open(before)

    offered = await dealership.take_message(an_arrival(1), "лучше проверьте машину")
    opened = shown(await dealership.take_message(an_arrival(2), "да"), Question)

    assert offered.screen == AnotherForm(before, Service.CHECK)
    assert opened.dialog.form.service is Service.CHECK
    assert {step: value.shown for step, value in opened.dialog.suggestions.items()} == {
        "car_brand": "Toyota Camry",
        "vin": "XTA210990Y1234567",
    }


async def test_one_s_own_car_is_not_the_one_that_is_wanted() -> None:
    dealership = a_dealership(мне_купить_надо=Understanding(Service.BUY, 0.9))
    await dealership.has_open(a_dialog(step="mileage"))

    await dealership.take_message(an_arrival(1), "мне купить надо")
    opened = shown(await dealership.take_message(an_arrival(2), "да"), Question)

    assert (opened.dialog.form.service, dict(opened.dialog.suggestions)) == (Service.BUY, {})


async def test_the_third_refusal_in_a_row_offers_a_person() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(step="mileage"))

    replies = [await dealership.take_message(an_arrival(n), "много") for n in range(REFUSALS_BEFORE_PERSON)]
    taken = shown(await dealership.take_message(an_arrival(9), "120 тыс"), Question)
    again = shown(await dealership.take_message(an_arrival(10), "$5000"), Question)

    assert [shown(reply, Question).offers_person for reply in replies] == [False, False, True]
    assert (taken.offers_person, again.offers_person) == (False, False)


async def test_so_does_the_third_whose_words_are_kept() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(service=Service.BUY, step="transmission"))

    refused = [
        shown(await dealership.take_message(an_arrival(number), f"не надо {gearbox}"), Question)
        for number, gearbox in enumerate(("механику", "робот", "вариатор"), start=1)
    ]

    assert [question.offers_person for question in refused] == [False, False, True]
    assert refused[-1].dialog.asides == ("не надо механику", "не надо робот", "не надо вариатор")


async def test_a_car_that_nobody_knows_is_asked_back() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog())

    asked = shown(await dealership.take_message(an_arrival(1), "Tofas Sahin"), Question)
    taken = shown(await dealership.take_message(an_arrival(2), "да"), Question)

    assert asked.dialog.readings == (Words("Tofas Sahin"),)
    assert (taken.dialog.at, taken.dialog.answers["car_brand"]) == ("year", Words("Tofas Sahin"))


async def test_the_customer_s_own_words_for_a_car_are_kept_beside_its_name() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog())

    question = shown(await dealership.take_message(an_arrival(1), "моя камри"), Question)

    assert (await dealership.visit()).dialog == question.dialog
    assert question.dialog.answers["car_brand"] == Words("Toyota Camry", "моя камри")


@pytest.mark.parametrize("word", ["отправить", "да, всё верно", "👍"])
async def test_a_word_at_the_summary_sends(word: str) -> None:
    dealership = a_dealership()
    await dealership.has_open(a_reviewed_dialog())

    reply = await dealership.take_message(an_arrival(), word)

    assert reply.screen == receipt_of(dealership.only_lead)
    assert await dealership.has_rung()


async def test_a_mistake_at_the_summary_leads_to_the_fields() -> None:
    dealership = a_dealership()
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    assert (await dealership.take_message(an_arrival(), "нет, тут ошибка")).screen == FieldList(dialog)
    assert dealership.stored_leads == []


async def test_more_words_at_the_summary_reach_the_manager() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_reviewed_dialog())

    summary = shown(await dealership.take_message(an_arrival(1), "звоните только вечером"), Summary)
    await dealership.take_message(an_arrival(2), "отправить")

    assert summary.dialog.asides == ("звоните только вечером",)
    assert "звоните только вечером" in dealership.only_lead.conversation


@pytest.mark.parametrize(("topic", "answer"), [("hours", "С 9 до 20."), ("leasing", "")])
async def test_a_comment_that_sounds_like_a_question_is_kept_as_well_as_answered(topic: str, answer: str) -> None:
    dealership = a_dealership(приеду_в_выходные=about(topic))
    await dealership.has_open(a_dialog(step="comment"))

    summary = shown(await dealership.take_message(an_arrival(), "приеду в выходные"), Summary)

    assert (summary.notice, summary.dialog.answers["comment"].shown) == (answer, "приеду в выходные")
    assert (summary.dialog.asides, summary.dialog.remark) == ((), "")


async def test_a_contact_card_where_the_name_is_asked_gives_the_number() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(service=Service.CALLBACK))

    card = SharedContact("79161234567", own=True)
    question = shown(await dealership.inbound.shared_contact(an_arrival(1), card), Question)
    summary = shown(await dealership.take_message(an_arrival(2), "Анна"), Summary)

    assert (question.dialog.at, question.dialog.remark) == ("name", "Записали: +7 916 123-45-67")
    assert {step: value.shown for step, value in summary.dialog.answers.items()} == {
        "name": "Анна",
        "phone": "+7 916 123-45-67",
    }


# Edited messages


async def test_an_edited_message_corrects_the_answer_it_gave_wherever_the_form_stands() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(step="year"))
    take = dealership.take_message

    await take(an_arrival(1, message=MessageToken("m1")), "2018")
    await take(an_arrival(2, message=MessageToken("m2")), "120 тыс")
    question = shown(await take.edited(an_arrival(3, message=MessageToken("m1")), "2019"), Question)

    assert (question.dialog.at, question.dialog.remark) == ("price", "Исправили: Год выпуска – 2019")
    assert (question.dialog.answers["year"], question.dialog.answers["mileage"]) == (
        ModelYear(2019),
        Kilometers(120_000),
    )
    assert await dealership.dialog() == question.dialog


async def test_an_edit_that_is_no_answer_changes_nothing() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(step="year"))
    take = dealership.take_message

    await take(an_arrival(1, message=MessageToken("m1")), "2018")
    before = await dealership.dialog()
    refused = shown(await take.edited(an_arrival(2, message=MessageToken("m1")), "1899"), Question)
    unknown = shown(await take.edited(an_arrival(3, message=MessageToken("m9")), "2019"), Question)

    assert (refused.hint != "", unknown.hint) == (True, NOT_EDITED)
    assert await dealership.dialog() == before


@pytest.mark.parametrize(("service", "step"), [(Service.SELL, "year"), (Service.CALLBACK, "phone")])
async def test_a_complaint_in_a_form_reaches_people_at_once_and_stays_with_the_lead(
    service: Service, step: str
) -> None:
    dealership = a_dealership(вы_мошенники=about("complaint"))
    await dealership.has_open(a_dialog(service=service, step=step))

    await dealership.take_message(an_arrival(), "вы мошенники")

    assert dealership.alerts.told == [CustomerNotUnderstood(ANNA, None, ("вы мошенники",), is_upset=True)]
    dialog = await dealership.dialog()
    assert dialog is not None
    assert (dialog.at, dialog.asides) == (step, ("вы мошенники",))


async def test_words_with_which_another_form_is_wanted_go_into_its_request() -> None:
    wish = "лучше проверьте машину, хозяин темнит"
    dealership = Dealership(interpreter=MemoryInterpreter({wish: Understanding(Service.CHECK, 0.9)}))
    await dealership.has_open(a_dialog(step="price"))

    await dealership.take_message(an_arrival(1), wish)
    await dealership.take_message(an_arrival(2), "да")

    assert (await dealership.visit()).conversation == (wish,)


async def test_when_to_call_is_said_with_the_yes_to_a_call() -> None:
    dealership = a_dealership()

    await dealership.take_message(an_arrival(1), "оператор")
    opened = shown(await dealership.take_message(an_arrival(2), "да, только после обеда"), Question)

    assert opened.dialog.form.service is Service.CALLBACK
    assert (await dealership.visit()).conversation == ("да, только после обеда",)


async def test_a_no_to_leaving_may_be_the_answer() -> None:
    dealership = a_dealership()
    await dealership.has_open(a_dialog(service=Service.BUY, step="drive"))

    await dealership.take_message(an_arrival(1), "отмена")
    question = shown(await dealership.take_message(an_arrival(2), "нет, полный"), Question)

    assert (question.dialog.at, question.dialog.answers["drive"].shown) == ("name", "Полный")

"""What a message outside any form is, where no story shows it."""

import pytest

from carquery.domain.forms.form import Service
from carquery.domain.hearing.freely import (
    Accepts,
    Adds,
    AddsToLead,
    CancelsLead,
    Declines,
    RefusesCalls,
    SaysNothing,
    Wants,
    hear_freely,
)
from carquery.domain.hearing.heard import WantsPerson
from carquery.domain.understanding import OTHER, Entities, Intent, Understanding


def test_a_model_that_knows_nothing_of_the_offer_takes_no_yes_back() -> None:
    guessed = Understanding(Service.BUY, 0.95)

    assert hear_freely("да, только цена 950", guessed, offered=(Service.SELL,)) == Accepts(Service.SELL)


def test_a_yes_with_another_wish_is_that_wish_where_its_probability_is_known() -> None:
    known = Understanding(Service.BUY, 0.95, likely={Service.BUY: 0.95, OTHER: 0.05})

    assert hear_freely("да, а ещё хочу купить", known, offered=(Service.SELL,)) == Wants(Service.BUY)


def test_a_slip_with_a_figure_is_about_what_was_sent_whatever_it_is_of() -> None:
    unread = Understanding(OTHER, 0.9)

    assert hear_freely("ошибся годом, не 2018 а 2019", unread, offered=(), has_sent=True) == AddsToLead()
    assert hear_freely("ошибся годом, не 2018 а 2019", unread, offered=()) != AddsToLead()


def test_what_nobody_could_go_on_from_is_brought_into_the_request_just_sent() -> None:
    unread = Understanding(OTHER, 0.9)

    assert hear_freely("царапина на двери", unread, has_sent=True) == AddsToLead()
    assert hear_freely("царапина на двери", unread) == SaysNothing()
    assert hear_freely("царапина на двери", unread, offered=(Service.SELL,), has_sent=True) == Adds()


def test_a_car_is_no_answer_to_which_of_two_forms_it_is() -> None:
    likely: dict[Intent, float] = {Service.SELL: 0.7, Service.BUY: 0.3}
    described = Understanding(Service.SELL, 0.7, likely=likely, mentioned=Entities(brand="Lada", model="Vesta"))
    named = Understanding(Service.SELL, 0.7, likely=likely)

    assert hear_freely("веста 19 года", described, offered=(Service.SELL, Service.FIND)) == Wants(Service.SELL)
    assert hear_freely("продать", named, offered=(Service.SELL, Service.FIND)) == Accepts(Service.SELL)


def test_what_sounds_like_another_wish_only_by_itself_belongs_to_the_offer() -> None:
    likely: dict[Intent, float] = {Service.FIND: 0.9, Service.BUY: 0.1}
    alone = Understanding(Service.FIND, 0.9, likely=likely, mentioned=Entities(budget=2_300_000))
    after_a_car = Understanding(Service.BUY, 0.9, likely={Service.BUY: 0.9, Service.FIND: 0.1})

    assert hear_freely("бюджет 2,3 ляма", alone, offered=(Service.BUY,), in_context=lambda: after_a_car) == Adds()
    assert hear_freely("подберите", alone, offered=(Service.BUY,), in_context=lambda: alone) == Wants(Service.FIND)


@pytest.mark.parametrize("typed", ["перезвоните мне", "Наберите меня, пожалуйста!", "жду обратного звонка"])
def test_who_wants_to_be_called_wants_a_person(typed: str) -> None:
    assert hear_freely(typed, Understanding(OTHER, 0.9)) == WantsPerson()


@pytest.mark.parametrize("typed", ["позвоните соседу", "звонок в дверь не работает", "надо", "можно"])
def test_a_word_of_calls_alone_is_no_wish_for_one(typed: str) -> None:
    assert hear_freely(typed, Understanding(OTHER, 0.9)) == SaysNothing()


@pytest.mark.parametrize(
    "text",
    ["бюджет до 1,5 млн теперь", "бюджет 2 млн", "коробка лучше автомат", "привод уже не важен", "год не 2018 а 2019"],
)
def test_a_field_said_anew_after_sending_is_about_what_was_sent(text: str) -> None:
    sent = ("Автомобиль", "Бюджет", "Год выпуска, от", "Коробка передач", "Привод")
    sounds_like_another = Understanding(Service.FIND, 0.9, likely={Service.FIND: 0.9, OTHER: 0.1})

    assert hear_freely(text, sounds_like_another, has_sent=True, sent=sent) == AddsToLead()
    assert hear_freely(text, sounds_like_another, has_sent=True, sent=("Имя", "Телефон")) != AddsToLead()


@pytest.mark.parametrize("text", ["куплю ещё одну, бюджет 2 млн", "а бюджет 2 млн хватит?", "спасибо, жду звонка"])
def test_another_wish_after_sending_is_another(text: str) -> None:
    wish = Understanding(Service.FIND, 0.9, likely={Service.FIND: 0.9, OTHER: 0.1})

    assert hear_freely(text, wish, has_sent=True, sent=("Бюджет",)) == Wants(Service.FIND)


@pytest.mark.parametrize(
    "text",
    [
        "не звоните мне",
        "не надо мне звонить",
        "хватит названивать",
        "без звонков, пожалуйста",
        "не беспокойте меня больше",
    ],
)
def test_who_refuses_calls_is_offered_none(text: str) -> None:
    assert hear_freely(text, Understanding(OTHER, 0.9)) == RefusesCalls()


@pytest.mark.parametrize(
    "text", ["почему не звоните?", "мне не звонили", "не звоните до обеда", "не звоните, напишите"]
)
def test_when_and_how_to_be_called_is_no_refusal(text: str) -> None:
    assert hear_freely(text, Understanding(OTHER, 0.9)) != RefusesCalls()


def test_a_change_of_mind_for_another_service_is_that_wish() -> None:
    another = Understanding(Service.BUY, 0.9, likely={Service.BUY: 0.9, OTHER: 0.1})

    assert hear_freely("передумал, хочу купить", another, offered=(Service.SELL,)) == Wants(Service.BUY)
    assert hear_freely("передумал", Understanding(OTHER, 0.9), offered=(Service.SELL,)) == Declines()


@pytest.mark.parametrize("text", ["не звоните, напишите", "звоните лучше после семи", "не звоните до обеда"])
@pytest.mark.parametrize("topic", ["why_phone", "cancel", "correction"])
def test_how_to_be_called_reaches_whoever_calls_about_what_was_sent(topic: str, text: str) -> None:
    assert hear_freely(text, Understanding(OTHER, 0.9, topics={topic: 1.0}), has_sent=True) == AddsToLead()


def test_a_greeting_calls_no_field_of_what_was_sent() -> None:
    cancels = Understanding(OTHER, 0.9, topics={"cancel": 1.0})

    assert hear_freely("привет, уже не надо", cancels, has_sent=True, sent=("Марка", "Привод")) == CancelsLead()


@pytest.mark.parametrize("text", ["передумал", "я передумала покупать"])
def test_a_change_of_mind_after_sending_calls_the_request_off(text: str) -> None:
    courtesy = Understanding(OTHER, 0.9, topics={"bye": 1.0})

    assert hear_freely(text, courtesy, has_sent=True) == CancelsLead()


@pytest.mark.parametrize(
    "text",
    [
        "хотя не, пока не буду",
        "пожалуй, нет",
        "я ещё подумаю",
        "может, попозже",
        "ладно, забудьте",
        "не надо, сам разберусь",
        "просто смотрю",
        "рано пока",
    ],
)
def test_an_offer_is_declined_in_many_words(text: str) -> None:
    """The classifier takes some of them for a complaint, for a question or for small talk."""
    upset = Understanding(OTHER, 0.9, topics={"complaint": 1.0}, likely={OTHER: 1.0})

    assert hear_freely(text, upset, offered=(Service.SELL,)) == Declines()


@pytest.mark.parametrize("text", ["почему бы и нет", "ну валяйте", "я не против", "было бы неплохо", "само собой"])
def test_an_offer_is_accepted_in_many_words(text: str) -> None:
    assert hear_freely(text, Understanding(OTHER, 0.9), offered=(Service.SELL,)) == Accepts(Service.SELL)

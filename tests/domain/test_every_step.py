"""Each step of each form: what it takes anew, and what it says to what it can't take."""

import pytest

from carquery.domain.answers import Given, Picked, Typed
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.refusals import AnswerRefused
from tests.builders import a_dialog, a_reviewed_dialog

NEW_ANSWERS: dict[str, tuple[Given, str]] = {
    "car_brand": (Typed("Lada Vesta"), "Lada Vesta"),
    "year": (Picked("2020"), "2020"),
    "mileage": (Typed("95 000 км"), "95 000 км"),
    "price": (Picked("appraise"), "Нужна оценка"),
    "name": (Typed("Мария"), "Мария"),
    "phone": (Typed("8 903 555-01-01"), "+7 903 555-01-01"),
    "comment": (Typed("Только утром"), "Только утром"),
    "budget": (Picked("to5m"), "до 5 млн ₽"),
    "year_from": (Picked("2021"), "2021"),
    "transmission": (Picked("robot"), "Робот"),
    "drive": (Typed("Полный"), "Полный"),
    "purpose": (Picked("city"), "Для города"),
    "brand_preference": (Typed("Haval"), "Haval"),
    "body_type": (Picked("pickup"), "Пикап"),
    "check_type": (Picked("visit"), "Выездной осмотр"),
    "vin": (Typed("JTDBR32E720123456"), "JTDBR32E720123456"),
    "question_type": (Picked("accident"), "ДТП и страховая"),
    "description": (Typed("Страховая не платит третий месяц"), "Страховая не платит третий месяц"),
}
STEPS = [(service, step.name) for service, form in FORMS.items() for step in form.steps if step.name != "photos"]

WRONG = [
    (Service.SELL, "car_brand", "?", "Toyota Camry"),
    (Service.SELL, "year", "1885", "2018"),
    (Service.SELL, "mileage", "много", "120 000"),
    (Service.SELL, "price", "$5000", "1 200 000"),
    (Service.SELL, "photos", "вот мои фото", "фото"),
    (Service.SELL, "name", "12345", "Анна"),
    (Service.SELL, "phone", "123", "+7 916 123-45-67"),
    (Service.SELL, "comment", "й" * 1001, "1000"),
    (Service.BUY, "budget", "сколько-нибудь", "1 200 000"),
    (Service.BUY, "transmission", "космическая", "Автомат"),
    (Service.BUY, "drive", "гусеничный", "Передний"),
    (Service.FIND, "body_type", "дирижабль", "Седан"),
    (Service.CHECK, "check_type", "на глаз", "Техническая диагностика"),
    (Service.CHECK, "vin", "ABC", "XTA210990Y1234567"),
    (Service.LEGAL, "description", "беда", "10"),
]


@pytest.mark.parametrize(("service", "step"), STEPS)
def test_it_can_be_answered_anew_from_the_summary(service: Service, step: str) -> None:
    before = a_reviewed_dialog(service=service)
    given, shown = NEW_ANSWERS[step]

    after = before.edit(step).answer(given)

    assert after.is_at_summary
    assert after.answers[step].shown.replace("\u00a0", " ") == shown
    assert {**after.answers, step: None} == {**before.answers, step: None}


@pytest.mark.parametrize(("service", "step", "wrong", "expected"), WRONG, ids=[f"{w[0]}-{w[1]}" for w in WRONG])
def test_what_it_can_not_take_it_explains(service: Service, step: str, wrong: str, expected: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        a_dialog(step=step, service=service).answer(Typed(wrong))

    assert expected.casefold() in refused.value.hint.replace("\u00a0", " ").casefold()

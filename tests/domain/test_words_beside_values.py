"""What is said beside a number, a year or a VIN is kept for people to read."""

import pytest

from carquery.domain.answers import Typed
from carquery.domain.forms.form import Service
from carquery.domain.words import Words
from tests.builders import a_dialog
from tests.domain.answers_by_step import answered_well


@pytest.mark.parametrize(
    ("service", "step", "typed"),
    [
        (Service.SELL, "price", "1 млн, возможен обмен на газель"),
        (Service.SELL, "price", "800к торг"),
        (Service.SELL, "price", "900 тыс без торга"),
        (Service.SELL, "price", "от миллиона"),
        (Service.SELL, "mileage", "120 тыс, двигатель менял"),
        (Service.SELL, "mileage", "родной 87000"),
        (Service.SELL, "year", "2018 рестайлинг"),
        (Service.SELL, "year", "купил в 2018"),
        (Service.BUY, "budget", "до миллиона, кредит одобрен"),
        (Service.CHECK, "vin", "XTA210990Y1234567 лада гранта"),
    ],
)
def test_words_beside_a_value_reach_the_comment(service: Service, step: str, typed: str) -> None:
    dialog = a_dialog(service=service, step=step).answer(Typed(typed))
    dialog = dialog.choose(0) if dialog.readings else dialog

    while dialog.at is not None:
        dialog = dialog.skip() if dialog.can_skip else answered_well(dialog)

    assert dialog.answers["comment"] == Words(typed)


@pytest.mark.parametrize(
    ("service", "step", "typed"),
    [
        (Service.SELL, "price", "1,2 млн руб"),
        (Service.SELL, "price", "около 900 тысяч рублей, пожалуйста"),
        (Service.SELL, "price", "до 500 тыс. ₽"),
        (Service.SELL, "mileage", "примерно сто двадцать тысяч км"),
        (Service.SELL, "mileage", "пробег 120 т.км"),
        (Service.SELL, "year", "две тысячи восемнадцатого года"),
        (Service.SELL, "year", "декабрь 2018 г/в"),
        (Service.BUY, "budget", "не больше миллиона"),
        (Service.CHECK, "vin", "вот VIN код: XTA 210990 Y 1234567"),
    ],
)
def test_a_value_alone_leaves_no_comment(service: Service, step: str, typed: str) -> None:
    assert a_dialog(service=service, step=step).answer(Typed(typed)).asides == ()


def test_the_same_words_are_kept_once() -> None:
    dialog = a_dialog(service=Service.SELL, step="price").answer(Typed("900 торг")).answer(Typed("900 торг"))

    assert dialog.asides == ("900 торг",)

"""Buying a car the customer has in mind."""

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import BUDGET, COMMENT, NAME, PHONE, YEAR, car
from carquery.domain.forms.wish import Wish
from carquery.domain.steps import ByChoice, Step
from carquery.domain.values import replace

BUY = Form(
    service=Service.BUY,
    title="Покупка авто",
    button="🛒 Купить авто",
    wish=Wish(
        wants="купить авто",
        offered="купить автомобиль",
        said=("купить", "покупка", "приобрести", "хочу взять", "тест драйв", "купить в рассрочку"),
        gist="a known car",
    ),
    steps=(
        car("Какой автомобиль хотите купить? Напишите марку и модель."),
        BUDGET,
        replace(YEAR, name="year_from", title="Год выпуска, от", prompt="Не старше какого года?"),
        Step(
            name="transmission",
            title="Коробка передач",
            prompt="Какая коробка передач?",
            kind=ByChoice(
                choices=(
                    Option("automatic", "Автомат"),
                    Option("manual", "Механика"),
                    Option("robot", "Робот"),
                    Option("cvt", "Вариатор"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
            ),
        ),
        Step(
            name="drive",
            title="Привод",
            prompt="Какой привод?",
            kind=ByChoice(
                choices=(
                    Option("front", "Передний"),
                    Option("rear", "Задний"),
                    Option("all", "Полный"),
                    Option("any", "Не важно"),
                ),
                undecided="any",
            ),
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)

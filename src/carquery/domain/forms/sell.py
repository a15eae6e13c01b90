"""Selling a car to the dealership."""

from carquery.domain.answers import Option
from carquery.domain.car import read_kilometers, says_more_than_kilometers
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.shared_steps import COMMENT, NAME, PHONE, YEAR, car
from carquery.domain.forms.wish import Wish
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles, read_rubles, says_more_than_rubles
from carquery.domain.steps import ByChoice, ByPhotos, ByText, Step

SELL = Form(
    service=Service.SELL,
    title="Продажа авто",
    button="🚗 Продать авто",
    wish=Wish(
        wants="продать авто",
        offered="продать автомобиль",
        said=("продать", "выкуп", "оценить", "трейд ин", "сдать машину", "сколько дадите"),
        gist="own car, trade-in",
    ),
    steps=(
        car("Какой автомобиль вы продаёте? Напишите марку и модель."),
        YEAR,
        Step(
            name="mileage",
            means=Meaning.MILEAGE,
            title="Пробег",
            prompt="Какой пробег, в километрах?",
            example="120 000 или 120 тыс",
            kind=ByText(read_kilometers),
            says_more=says_more_than_kilometers,
        ),
        Step(
            name="price",
            means=Meaning.PRICE,
            title="Желаемая цена",
            prompt="Сколько хотите получить? Выберите или напишите сумму.",
            example="1 200 000 или 1,2 млн",
            says_more=says_more_than_rubles,
            kind=ByChoice(
                choices=(
                    Option("appraise", "Нужна оценка"),
                    Option("to500k", "до 500 тыс. ₽", Rubles(500_000)),
                    Option("to1m", "500 тыс. – 1 млн ₽", Rubles(1_000_000)),
                    Option("to2m", "1–2 млн ₽", Rubles(2_000_000)),
                    Option("to3m", "2–3 млн ₽", Rubles(3_000_000)),
                    Option("over3m", "больше 3 млн ₽", Rubles(3_000_000)),
                ),
                read=read_rubles,
                undecided="appraise",
            ),
        ),
        Step(
            name="photos",
            means=Meaning.PHOTOS,
            title="Фотографии",
            prompt="Пришлите фотографии автомобиля, до 10 штук.",
            optional=True,
            kind=ByPhotos(),
        ),
        NAME,
        PHONE,
        COMMENT,
    ),
)

"""What was stated freely, as suggestions that the form's own steps have read."""

import pytest

from carquery.domain.answers import Value
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import PersonName, Phone
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.money import Rubles
from carquery.domain.prefill import suggestions_of
from carquery.domain.understanding import Entities
from carquery.domain.vin import Vin
from carquery.domain.words import Words
from tests.builders import TODAY

EVERYTHING = Entities(
    brand="Toyota",
    model="Camry",
    year=2018,
    budget=2_500_000,
    price=2_000_000,
    mileage=120_000,
    vin="XTA210990Y1234567",
    phone="+79161234567",
    name="Анна",
)
CAR, NAME, PHONE = Words("Toyota Camry"), PersonName("Анна"), Phone("+79161234567")


@pytest.mark.parametrize(
    ("service", "suggestions"),
    [
        (
            Service.SELL,
            {
                "car_brand": CAR,
                "year": ModelYear(2018),
                "mileage": Kilometers(120_000),
                "price": Rubles(2_000_000),
                "name": NAME,
                "phone": PHONE,
            },
        ),
        (
            Service.BUY,
            {
                "car_brand": CAR,
                "budget": Rubles(2_500_000),
                "year_from": ModelYear(2018),
                "name": NAME,
                "phone": PHONE,
            },
        ),
        (Service.FIND, {"budget": Rubles(2_500_000), "brand_preference": CAR, "name": NAME, "phone": PHONE}),
        (Service.CHECK, {"car_brand": CAR, "vin": Vin("XTA210990Y1234567"), "name": NAME, "phone": PHONE}),
        (Service.LEGAL, {"description": Words("продавец не отдаёт ПТС"), "name": NAME, "phone": PHONE}),
    ],
)
def test_each_form_takes_what_it_asks_for(service: Service, suggestions: dict[str, Value]) -> None:
    assert suggestions_of(FORMS[service], EVERYTHING, "продавец не отдаёт ПТС", on=TODAY) == suggestions


@pytest.mark.parametrize(
    ("service", "entities"),
    [
        (Service.SELL, Entities(year=1930)),
        (Service.SELL, Entities(year=2030)),
        (Service.SELL, Entities(mileage=9_000_000)),
        (Service.SELL, Entities(mileage=120)),  # or thousands: the customer will be asked
        (Service.SELL, Entities(price=900)),
        (Service.SELL, Entities(price=-5)),
        (Service.SELL, Entities(brand="!" * 10)),
        (Service.SELL, Entities(brand="Toyota" * 20)),
        (Service.BUY, Entities(budget=9_999_999_999)),
        (Service.CHECK, Entities(vin="XTA")),
        (Service.CHECK, Entities(phone="+7000", name="1")),
    ],
)
def test_what_a_step_would_not_take_is_dropped(service: Service, entities: Entities) -> None:
    assert suggestions_of(FORMS[service], entities, "коротко", on=TODAY) == {}


def test_a_brand_alone_is_a_suggestion() -> None:
    assert suggestions_of(FORMS[Service.BUY], Entities(brand="Lada"), "", on=TODAY) == {"car_brand": Words("Lada")}

"""The dictionary of cars, and how people name them."""

import tomllib

import pytest

from carquery.adapters.rules.cars import DICTIONARY, Ambiguous, Car, Cars, cars
from carquery.adapters.rules.text import normalised, tokens_of
from carquery.domain.number_words import CARDINALS


def named(text: str) -> list[tuple[str, str | None]]:
    """The cars that a message names."""
    return [(mention.car.brand, mention.car.model) for mention in cars().find(tokens_of(normalised(text)))]


def test_the_dictionary_knows_the_cars_that_are_driven_in_russia() -> None:
    makes = tomllib.loads(DICTIONARY.read_text("utf-8"))

    assert len(makes) >= 60
    assert sum(len(models.keys() - {""}) for models in makes.values()) >= 400


def test_every_name_means_one_car() -> None:
    """Cars refuses a name of two cars, so reading the dictionary proves it for all of them."""
    assert len(cars().names) > 2000


def test_a_name_of_two_cars_is_refused() -> None:
    with pytest.raises(Ambiguous, match="нива"):
        Cars({"Lada": {"Niva": "нива"}, "Chevrolet": {"Niva": "нива"}})


def test_every_name_is_found() -> None:
    """As one test: there are thousands."""
    missed = [
        typed(name) for name, car in cars().names.items() if [brand for brand, _ in named(typed(name))] != [car.brand]
    ]

    assert missed == []


def typed(name: tuple[str, ...]) -> str:
    """«к5» as one word: «к 5» is what one o'clock comes to."""
    is_apart = name[0] in {"в", "к", "с", "у", "о"} and len(name) > 1 and (name[1].isdigit() or name[1] in CARDINALS)
    return ("" if is_apart else " ").join(name)


@pytest.mark.parametrize("text", ["к 5", "к пяти подъеду", "с 200 тысяч", "в 60 лет", "машина в 40 тысяч"])
def test_a_preposition_begins_no_model_s_name(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "brand", "model"),
    [
        ("Тойота Камри", "Toyota", "Camry"),
        ("камрюху", "Toyota", "Camry"),
        ("на камри", "Toyota", "Camry"),
        ("весту", "Lada", "Vesta"),
        ("приорой", "Lada", "Priora"),
        ("солярисе", "Hyundai", "Solaris"),
        ("лансера", "Mitsubishi", "Lancer"),
        ("крузака двухсотого", "Toyota", "Land Cruiser 200"),
        ("БМВ Х5", "BMW", "X5"),
        ("bmw x-5", "BMW", "X5"),
        ("икс 5", "BMW", "X5"),
        ("бмв 5 серии", "BMW", "5 Series"),
        ("мерс е класс", "Mercedes-Benz", "E-Class"),
        ("Mercedes-Benz E-Class", "Mercedes-Benz", "E-Class"),
        ("мазда 3", "Mazda", "3"),
        ("Mazda CX-5", "Mazda", "CX-5"),
        ("cx5", "Mazda", "CX-5"),
        ("рав4", "Toyota", "RAV4"),
        ("RAV 4", "Toyota", "RAV4"),
        ("чери тигго 7 про макс", "Chery", "Tiggo 7 Pro Max"),
        ("хавал джолион", "Haval", "Jolion"),
        ("lixiang L7", "Li Auto", "L7"),
        ("ваз 2107", "Lada", "2107"),
        ("нива", "Lada", "Niva"),
        ("шевроле нива", "Chevrolet", "Niva"),
        ("камри 2018 тойота", "Toyota", "Camry"),
        ("ladu vestu", "Lada", "Vesta"),
        ("kashkai", "Nissan", "Qashqai"),
        ("фольцваген тигуан", "Volkswagen", "Tiguan"),
        ("мицубисси аутлендер", "Mitsubishi", "Outlander"),  # misspelt
        ("фольксвоген поло", "Volkswagen", "Polo"),
        ("десятка", "Lada", "2110"),
        ("рено логан, коробка механика", "Renault", "Logan"),
        ("каптур с коробкой вариатор", "Renault", "Kaptur"),
        ("ХAВAЛ", "Haval", None),  # two alphabets in one word
        ("по вестам что сейчас", "Lada", "Vesta"),
        ("6 соболей", "GAZ", "Sobol"),
        ("407 пежо 2007", "Peugeot", "407"),
        ("нот ниссан", "Nissan", "Note"),
        ("Х70 белджи", "Belgee", "X70"),  # Jetour has one too
        ("Haval F7x", "Haval", "F7x"),
        ("kia rio x-line", "Kia", "Rio X-Line"),
        ("лексус эр икс", "Lexus", "RX"),
        ("хундай и20", "Hyundai", "i20"),
        ("лансер десятка", "Mitsubishi", "Lancer"),
        ("жигули шестёрка", "Lada", "2106"),
        ("bmw m5 e39", "BMW", "M5"),
        ("дастер 4х4", "Renault", "Duster"),
        ("солярисімді", "Hyundai", "Solaris"),
        ("хавейл ф7 к лету", "Haval", "F7"),
    ],
)
def test_a_car_is_known_however_it_is_called(text: str, brand: str, model: str | None) -> None:
    assert named(text) == [(brand, model)]


@pytest.mark.parametrize(
    "text",
    [
        "вести машину",
        "ладно",
        "сделку",
        "просит",
        "солярка",
        "камера",
        "мастер на все руки",
        "для примера",
        "note for you",
        "3 миллиона",
        "тест",
        "в 2107 году",
        "коробка автомат",
        "коробкой вариатор",
        "на экспорт",
        "приборка светится",
        "сибирь",
        "транспортное средство",
        "материк",
        "короткая",
        "королей",
        "черемуха",
        "элемент",
        "бельгия",
        "супруга",
        "такому",
        "истина",
        "радиус",
        "полный привод 4х4",
    ],
)
def test_words_that_look_like_cars_are_none(text: str) -> None:
    assert [car for car in named(text) if car != ("Lada", "2107")] == []


@pytest.mark.parametrize("text", ["2 мазды", "мазда 3 млн", "мазда 3,5 млн", "мазда 6 лет", "мазда 3 000 000"])
def test_a_sum_is_no_model(text: str) -> None:
    assert named(text) == [("Mazda", None)]


def test_two_cars_are_two() -> None:
    assert named("рио или солярис") == [("Kia", "Rio"), ("Hyundai", "Solaris")]


def test_a_model_that_several_makes_have_needs_its_make() -> None:
    dictionary = Cars({"One": {"Twin": ""}, "Two": {"Twin": ""}})

    assert dictionary.find(tokens_of("twin")) == []
    assert [mention.car for mention in dictionary.find(tokens_of("two twin"))] == [Car("Two", "Twin")]

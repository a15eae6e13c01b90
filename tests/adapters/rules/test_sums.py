"""Years, mileages, prices and budgets, told apart."""

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.classifier import RulesClassifier
from tests.builders import NOW

RULES = RulesClassifier(SettableClock(NOW))


def stated(text: str) -> dict[str, str | int]:
    """What a message states besides its car."""
    found = RULES.understand(text).entities.stated
    return {name: value for name, value in found.items() if name not in {"brand", "model"}}


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("2 ляма", 2_000_000),
        ("пол ляма", 500_000),
        ("полляма", 500_000),
        ("1.2кк", 1_200_000),
        ("1,2 млн", 1_200_000),
        ("полтора миллиона", 1_500_000),
        ("миллион двести", 1_200_000),
        ("1 млн 50 тысяч", 1_050_000),
        ("250к", 250_000),
        ("250 к", 250_000),
        ("800 тыс.", 800_000),
        ("450 тыров", 450_000),
        ("450т.р.", 450_000),
        ("780 тысяч рублей", 780_000),
        ("1 200 000 руб", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1200000", 1_200_000),
        ("тысяч четыреста пятьдесят", 450_000),
        ("850", 850_000),
        ("1,3", 1_300_000),
        ("1 350", 1_350_000),
        ("три сотни тыщ", 300_000),
        ("пятнадцать сотен", 1_500_000),
        ("четыриста пидесят", 450_000),
        ("poltora lyama", 1_500_000),
        ("lyam shestsot", 1_600_000),
    ],
)
def test_a_price_is_read_as_people_type_it(typed: str, price: int) -> None:
    assert stated(f"продаю камри, прошу {typed}") == {"price": price}


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("куплю камри до 2 млн", 2_000_000),
        ("куплю камри, бюджет 900к", 900_000),
        ("куплю камри от 600 до 750 тысяч", 750_000),
        ("куплю камри до миллиона двухсот", 1_200_000),
        ("куплю камри до двух миллионов ста тысяч", 2_100_000),
        ("куплю камри, 900к максимум", 900_000),
        ("куплю камри не дороже 1 500 000", 1_500_000),
        ("куплю камри до 800", 800_000),
        ("подберите машину, накопили 1,2 млн", 1_200_000),
        ("подберите машину, папа даёт 450к", 450_000),
        ("подберите машину, кредит одобрили, бюджет 1 млн 400", 1_400_000),
        ("подберите машину, приеду с двумя миллионами", 2_000_000),
        ("хочу крету за полтора миллиона", 1_500_000),
    ],
)
def test_a_budget_is_the_most_that_is_paid(text: str, budget: int) -> None:
    assert stated(text) == {"budget": budget}


@pytest.mark.parametrize(
    ("text", "mileage"),
    [
        ("пробег 120к", 120_000),
        ("пробег 150 т.км", 150_000),
        ("пробег: 85 000 км", 85_000),
        ("85000 км", 85_000),
        ("90 тыщ пробег", 90_000),
        ("пробег 187т км", 187_000),
        ("пробег сто шестьдесят тысяч", 160_000),
        ("с пробегом сорок тысяч", 40_000),
        ("пробег 98", 98_000),
        ("намотал 210 тыс", 210_000),
        ("на одометре 64 тыс", 64_000),
    ],
)
def test_a_mileage_is_read_as_people_type_it(text: str, mileage: int) -> None:
    assert stated(f"продаю камри, {text}") == {"mileage": mileage}


@pytest.mark.parametrize("text", ["езжу 500 км в неделю", "тысяч 8 км в год", "до дачи сто километров туда и обратно"])
def test_a_distance_is_no_mileage(text: str) -> None:
    assert "mileage" not in stated(f"подберите машину, {text}")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2018", 2018),
        ("2018г", 2018),
        ("2018 г.в.", 2018),
        ("2018 года выпуска", 2018),
        ("16 года", 2016),
        ("98 года", 1998),
        ("08 года", 2008),
        ("две тысячи одиннадцатого года", 2011),
        ("двадцать второго года", 2022),
        ("год 2015", 2015),
    ],
)
def test_a_year_is_read_as_people_type_it(text: str, year: int) -> None:
    assert stated(f"продаю камри {text}") == {"year": year}


@pytest.mark.parametrize("today", [2026, 2029, 2031, 2049])
def test_the_newest_year_is_the_next_one_whenever_that_is(today: int) -> None:
    rules = RulesClassifier(SettableClock(NOW.replace(year=today)))

    years = {
        typed: rules.understand(f"хочу продать тойота камри {typed}").entities.stated.get("year")
        for typed in (f"{today + 1} года", f"{(today + 1) % 100} года", f"{today + 2} года")
    }

    assert list(years.values()) == [today + 1, today + 1, None]


@pytest.mark.parametrize(("today", "year"), [(2026, None), (2029, 2029)])
def test_a_year_in_words_is_of_this_century_once_it_has_come(today: int, year: int | None) -> None:
    rules = RulesClassifier(SettableClock(NOW.replace(year=today)))

    assert rules.understand("продаю камри двадцать девятого года").entities.stated.get("year") == year


@pytest.mark.parametrize(
    "text",
    [
        "камри 2015-2017",
        "камри с 2015 по 2018",
        "камри 18-20 год",
        "камри, купил в 2019 году",
        "камри, через 2 года",
        "камри, ей 14 лет",
    ],
)
def test_ranges_ages_and_times_are_no_year(text: str) -> None:
    assert "year" not in stated(f"хочу купить {text}")


@pytest.mark.parametrize(
    "text",
    [
        "продаю камри, штраф 500 тысяч",
        "продаю камри, ремонт обошелся в 200 тысяч",
        "продаю камри, мне предлагали 700 тысяч",
        "хочу взять камри, первый взнос 300 тыс",
        "хочу купить камри, в том салоне допы на 200 тыс",
    ],
)
def test_other_sums_are_neither_price_nor_budget(text: str) -> None:
    assert {"price", "budget"}.isdisjoint(stated(text))


def test_a_sum_of_money_belongs_to_the_wish() -> None:
    assert stated("проверьте камри за 2 млн") == {}


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("продаю опель зафира 2011 механика 450", 450_000),
        ("продаю рапид 2016, дадите 700?", 700_000),
        ("продаю весту 2018, хачу 620", 620_000),
        ("продаю сонату 2010, банку должен 350 тысяч", None),
    ],
)
def test_what_a_seller_wants_is_read_without_a_unit(text: str, price: int | None) -> None:
    assert stated(text).get("price") == price


def test_of_two_sums_without_a_word_the_first_is_the_mileage() -> None:
    assert stated("продаю камри 2018 120к 2 ляма") == {"year": 2018, "mileage": 120_000, "price": 2_000_000}


def test_litres_and_seats_are_nothing() -> None:
    assert stated("продаю туарег 3.0 дизель, 7 мест, 249 л.с.") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("продам поло пробег 65к 550к", {"mileage": 65_000, "price": 550_000}),
        ("продам поло за 1 млн 150 тыс пробег", {"mileage": 150_000, "price": 1_000_000}),
        ("продам поло 2 ляма 80к пробег", {"mileage": 80_000, "price": 2_000_000}),
        ("продам камри за 2 млн 120 тыс км", {"mileage": 120_000, "price": 2_000_000}),
        ("продам поло 700 тыс 150 тыс пробег", {"mileage": 150_000, "price": 700_000}),
        ("продаю х-трейл 2016 130т 1.55", {"year": 2016, "mileage": 130_000, "price": 1_550_000}),
        ("продаю солярис 2014 120т 650т", {"year": 2014, "mileage": 120_000, "price": 650_000}),
        ("продаю камри 2014, 410к пробега, лям восемьсот", {"year": 2014, "mileage": 410_000, "price": 1_800_000}),
        ("продаю камри 131т 255", {"mileage": 131_000, "price": 255_000}),
        ("продаю камри за два двести", {"price": 2_200_000}),
        ("продаю камри, тысяч 70 и ваша", {"price": 70_000}),
        ("продаю камри 2к17 148 тыщ км", {"year": 2017, "mileage": 148_000}),
        ("продаю камри 16го года", {"year": 2016}),
        ("продаю камри 210 тысяч пробег 780", {"mileage": 210_000, "price": 780_000}),
        ("продаю камри 2019 лям семьсот", {"year": 2019, "price": 1_700_000}),
        ("продаю камри 2012, двести косарей", {"year": 2012, "price": 200_000}),
        ("продаю камри девяносто шестого, третий год стоит", {"year": 1996}),
        ("продаю камри, мне 81 год, приеду до 20го", {}),
    ],
)
def test_numbers_side_by_side_are_several(text: str, expected: dict[str, int]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("куплю волгу 31029 94 года", {"year": 1994}),
        ("продам лада 217230 2011 350 тыс", {"year": 2011, "price": 350_000}),
        ("продам газель 330202 2013 600 тыс", {"year": 2013, "price": 600_000}),
        ("продам уаз 31519 2004", {"year": 2004}),
        ("продам камаз 65115 2012", {"year": 2012}),
        ("куплю камри 70", {}),
    ],
)
def test_a_model_s_code_is_neither_money_nor_mileage(text: str, expected: dict[str, int]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize("text", ["бмв 3 серия 2015 года", "бмв 5 серия 2015 года", "камри дизель 2015"])
def test_a_year_behind_a_series_is_a_year(text: str) -> None:
    assert stated(f"продам {text}") == {"year": 2015}


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("посоветуйте машину, тысяч двести тридцать есть", 230_000),
        ("помогите выбрать машину, до двух", 2_000_000),
        ("помогите выбрать машину, бюджет два сто", 2_100_000),
        ("подберите семейную до полумиллиона", 500_000),
        ("подберите камри тыщ за 1800", 1_800_000),
        ("подберите кроссовер, 1.8", 1_800_000),
    ],
)
def test_a_chooser_says_what_they_have_in_few_words(text: str, budget: int) -> None:
    assert stated(text) == {"budget": budget}


@pytest.mark.parametrize(
    "text",
    [
        "хочу купить ту камри за 2 ляма, она ещё продаётся?",
        "уступите 100 тысяч за камри?",
        "ещё стоит камри за 640?",
        "камри у вас на 150 тысяч выше рынка, подвиньтесь",
    ],
)
def test_a_price_tag_and_a_discount_are_no_budget(text: str) -> None:
    assert stated(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("продаю камри пятнадцатого года пробег семьдесят две тысячи", {"year": 2015, "mileage": 72_000}),
        (
            "продаю камри двадцать первый год девяносто три тысячи пробежал один хозяин",
            {"year": 2021, "mileage": 93_000},
        ),
        ("продаю камри 2015, 140 тыр км", {"year": 2015, "mileage": 140_000}),
        ("продаю камри 2015, 210 пр, прошу 900", {"year": 2015, "mileage": 210_000, "price": 900_000}),
        ("продаю камаз евро-4 510 т.км", {"mileage": 510_000}),
        (
            "продаю камри 2015, сто десять тысяч, сто пятьдесят прошу",
            {"year": 2015, "mileage": 110_000, "price": 150_000},
        ),
    ],
)
def test_numbers_in_words_go_on_as_far_as_one_number_does(text: str, expected: dict[str, int]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("продаю камри, уезжаю 15-го", None),
        ("продаю камри, стоит без дела с 2019 года", None),
        ("продаю две камри 2012 и 2014", None),
        ("подберите камри 2017+", None),
        ("куплю камри 2017+", 2017),  # the form asks from which year on
        ("продаю камри 2012 + доплачу", 2012),
        ("продаю камри с 2012 года выпуска", 2012),
        ("мне 79 год, продаю камри 2012 года", 2012),
        ("продаю хендай старекс четырнадцатый", 2014),
        ("рио 17 продам", 2017),
    ],
)
def test_a_year_is_the_car_s_own(text: str, year: int | None) -> None:
    assert stated(text).get("year") == year


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("310 за камри, интересно? хочу продать", 310_000),
        ("продаю камри, вы мне 640, я вам ключи", 640_000),
        ("продаю старую ладу, 60 и увозите", 60_000),
        ("продаю ладу, хоть за сороковник", 40_000),
        ("продаю ладу за тридцать", 30_000),
        ("продаю ладу 2004, тыщ восемьдесят бы за неё", 80_000),
        ("продаю ладу 2010. Двести пятьдесят", 250_000),
        ("продаю камри, не ниже 2 100 000", 2_100_000),
        ("продаю камри, хочу 1.9, меньше 1.8 не отдам", 1_900_000),
        ("продаю камри, семь сот двадцать устроит", 720_000),
        ("продаю камри, полтора рубля", 1_500_000),
        ("продаю камри, 980 плюс-минус", 980_000),
        ("продаю камри, рублей 430", 430_000),
        ("продаю камри, двести рублей", 200_000),
        ("продаю камри, меньше 700 – не звоните", 700_000),
        ("продаю камри, 760 просил бы", 760_000),
        ("продаю камри, утильсбор оплачен, 3.1 млн", 3_100_000),
        ("продаю камри, коробка автомат 480 тыс руб", 480_000),
        ("лям двести, и камри ваша, продаю, мотор 2.5", 1_200_000),
    ],
)
def test_a_price_is_heard_in_whatever_words_it_is_asked(text: str, price: int) -> None:
    found = stated(text)

    assert (found.get("price"), found.get("mileage")) == (price, None)


@pytest.mark.parametrize(
    "text",
    [
        "продаю камри, гараж стоит 12 тысяч в месяц",
        "продаю камри, каждый месяц по двадцатке на бензин",
        "продаю камри, другой салон насчитал 900 тысяч",
        "продаю камри, калькулятор показал от 500 до 640",
        "продаю камри, за неё долг, 300 тыс висит",
        "продаю камри, вы назвали 700 тысяч",
        "продаю трактор мтз-82 и камри",
        "продаю моя камри плюс 300 тысяч на вашу",
        "продаю камри, чинить её 250 тысяч",
        "продаю камри, осталось платить 400 тысяч",
        "продаю три камри, пробеги до 250",
        "продаю камри, вы оценили на сто тысяч меньше",
    ],
)
def test_sums_of_something_else_are_no_price(text: str) -> None:
    assert stated(text) == {}


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("«Тойота Камри, 1 850 000, торг» – ещё продаёте?", None),
        ("Камри 2019, 74 000 км, 1 850 000. есть такая? хочу купить", None),
        ("камри 2019, 74 000 км, хочу купить такую, есть 1 700 000", 1_700_000),
        ("в объявлении камри 1 850 000, хочу купить, торг будет?", None),
        ("хочу купить камри из объявления, есть 1 700 000", 1_700_000),
        ("хочу купить камри, соседний салон обещает за 1,8", None),
        ("хочу купить камри, а она подорожала на двести тысяч", None),
        ("хочу купить камри, внесу 200 тысяч сразу", None),
        ("хочу купить камри дешевле двух миллионов", 2_000_000),
        ("за 1,4 уступите камри? хочу купить", 1_400_000),
        ("хочу купить камри, у вас стоит 2 100 000", None),
        ("камри за 1 350 и по рукам, хочу купить", 1_350_000),
        ("хочу купить камри, везу 1.3", 1_300_000),
        ("хочу купить камри, вы до восьми?", None),
        ("привезите камри из Японии за 2 млн иен", None),
        ("подберите машину, я с миллионом двести", 1_200_000),
        ("хочу купить камри, на карте 900 000", 900_000),
        ("подберите машину, миллиончик есть", 1_000_000),
        ("подберите машину, денег у нас всего четыреста", 400_000),
        ("подберите машину, до трёх на всё", 3_000_000),
        ("подберите машину, бюджет 1,2–1,35", 1_350_000),
    ],
)
def test_a_budget_is_the_buyer_s_own(text: str, budget: int | None) -> None:
    assert stated(text).get("budget") == budget


def test_who_has_a_car_checked_states_its_mileage_without_a_word() -> None:
    assert stated("проверьте перед покупкой камри 2014, 98 тыс, не скручен?") == {"year": 2014, "mileage": 98_000}


def test_a_long_letter_is_read_to_its_end() -> None:
    text = "Хочу продать камри. " + "Ездила на ней мама, бережно, по выходным. " * 15 + "Прошу 870 тысяч."

    assert stated(text) == {"price": 870_000}

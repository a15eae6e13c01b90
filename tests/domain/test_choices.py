"""The ready answers that a message names in passing, whatever is asked."""

import pytest

from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form, Service
from carquery.domain.forms.rewording import FormWords
from carquery.domain.hearing.carried import chosen_before, offered_instead
from carquery.domain.hearing.choices import chosen_in, option_in
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.steps import ByChoice
from carquery.domain.words import Words
from tests.builders import TODAY


def _chosen(service: Service, typed: str, form: Form | None = None) -> dict[str, str]:
    chosen = chosen_in(form or FORMS[service], Phrase.of(typed), on=TODAY)
    return {step: option.code for step, option in chosen.items()}


CHOICES = [
    (service, step.name, option)
    for service, form in FORMS.items()
    for step in form.steps
    if step.means is None and isinstance(step.kind, ByChoice)
    for option in step.kind.choices
    if option != step.for_undecided
]


@pytest.mark.parametrize(("service", "step", "option"), CHOICES, ids=lambda case: ascii(getattr(case, "code", case)))
def test_the_words_of_a_button_say_it_in_any_message(service: Service, step: str, option: object) -> None:
    shown = getattr(option, "shown", "")

    assert chosen_in(FORMS[service], Phrase.of(f"здравствуйте, {shown}, если можно"), on=TODAY) == {step: option}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("подберите дочке первую машину", "first"),
        ("сын только получил права", "first"),
        ("посоветуйте начинающему водителю", "first"),
        ("помогите подобрать машину под такси", "work"),
        ("буду таксовать", "work"),
        ("в такси работать", "work"),
        ("ищу рабочую лошадку", "work"),
        ("ездить в основном по городу", "city"),
        ("городскую малолитражку", "city"),
        ("для большой семьи", "family"),
        ("детей в школу возить", "family"),
        ("у нас трое детей", "family"),
        ("для дальних поездок", "travel"),
        ("езжу по трассе на море каждое лето", "travel"),
        ("на рыбалку", "offroad"),
        ("по грязи ездить", "offroad"),
    ],
)
def test_what_a_car_is_for_is_said_in_many_ways(typed: str, code: str) -> None:
    assert _chosen(Service.FIND, typed) == {"purpose": code}


@pytest.mark.parametrize(
    "typed",
    [
        "только не такси и не из-под такси",
        "не для работы",
        "не для семьи",
        "в первую очередь машина нужна надёжная",
        "первая машина у меня была калина",
        "живём за городом",
        "муж таксует",
        "для города и для семьи",
        "начинающий юрист",
    ],
)
def test_what_a_car_is_not_for_or_for_two_things_is_no_choice(typed: str) -> None:
    assert _chosen(Service.FIND, typed) == {}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("проверить авто на юридическую чистоту", "legal"),
        ("пробейте по базам", "legal"),
        ("проверьте на залоги и аресты", "legal"),
        ("проверьте, не в залоге ли она", "legal"),
        ("нужна диагностика перед покупкой", "technical"),
        ("проверить мотор и кузов", "technical"),
        ("мне не юрист нужен, мне выездной осмотр машины", "visit"),
        ("можете съездить со мной посмотреть?", "visit"),
        ("нужен выезд специалиста", "visit"),
        ("хочу полную проверку", "complete"),
        ("проверьте её от и до", "complete"),
    ],
)
def test_what_is_to_be_checked_is_said_in_many_ways(typed: str, code: str) -> None:
    assert _chosen(Service.CHECK, typed) == {"check_type": code}


@pytest.mark.parametrize(
    "typed",
    ["юридическая проверка не нужна", "выезжать не надо", "и двигатель посмотреть, и документы", "осмотр", "проверка"],
)
def test_a_check_that_may_be_another_is_no_choice(typed: str) -> None:
    assert _chosen(Service.CHECK, typed) == {}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("продавец обманул, скрутил пробег", "dispute"),
        ("хозяин деньги не возвращает", "dispute"),
        ("гаи не ставит на учёт", "registration"),
        ("поставить на учет не могу", "registration"),
        ("на машине запрет от приставов", "arrest"),
        ("запрет на регистрационные действия", "arrest"),
        ("попал в дтп", "accident"),
        ("страховая мало заплатила", "accident"),
        ("помогите составить договор купли-продажи", "contract"),
        ("нужен дкп", "contract"),
    ],
)
def test_what_a_lawyer_is_for_is_said_in_many_ways(typed: str, code: str) -> None:
    assert _chosen(Service.LEGAL, typed) == {"question_type": code}


@pytest.mark.parametrize("typed", ["потерял птс", "после дтп, и продавец скрыл это", "без дтп", "как запретить ездить"])
def test_a_matter_that_may_be_another_is_no_choice(typed: str) -> None:
    assert _chosen(Service.LEGAL, typed) == {}


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("дастер 4х4 на ручке", {"transmission": "manual", "drive": "all"}),
        ("солярис, коробка автоматическая", {"transmission": "automatic"}),
        ("у меня сейчас механика, нужен автомат", {"transmission": "automatic"}),
        ("пересесть с механики на автомат", {"transmission": "automatic"}),
        ("коробку поменяйте на автомат, жена на механике не ездит", {"transmission": "automatic"}),
        ("муж умеет на механике, так что механика", {"transmission": "manual"}),
        ("такой как у соседа, на автомате", {"transmission": "automatic"}),
        ("чтобы был полный привод", {"drive": "all"}),
        ("есть на автомате?", {"transmission": "automatic"}),
        ("на роботе, вариатор не нужен", {"transmission": "robot"}),
    ],
)
def test_what_the_wanted_car_is_like_is_heard_beside_what_another_is(typed: str, chosen: dict[str, str]) -> None:
    assert _chosen(Service.BUY, typed) == chosen


@pytest.mark.parametrize(
    "typed",
    [
        "не механику",
        "только не робот и не вариатор",
        "любая, кроме механики и робота",
        "вариатор не предлагать",
        "механику даже не предлагайте",
        "дсг боюсь",
        "без вариатора",
        "на механике не умею",
        "а автомат или механика лучше?",
        "а вариатор надёжный?",
        "стоит ли брать робот",
        "жена на механике не ездит",
        "у соседа такая на автомате",
        "отдам свою на механике в трейд-ин",
        "езжу сейчас на автомате",
        "полный привод не обязателен",
        "ты робот",
        "приеду со своим механиком",
        "та, что на заднем дворе",
    ],
)
def test_what_is_refused_weighed_or_of_another_car_is_no_choice(typed: str) -> None:
    assert _chosen(Service.BUY, typed) == {}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("меняю свой седан на кроссовер", "crossover"),
        ("универсал, седан у нас уже есть", "wagon"),
        ("какой паркетник посоветуете?", "crossover"),
        ("муж хочет пикап", "pickup"),
        ("хэтч", "hatchback"),
        ("седан ей не нравится, лучше кроссоверчик", "crossover"),
    ],
)
def test_a_body_is_that_of_the_wanted_car(typed: str, code: str) -> None:
    assert _chosen(Service.FIND, typed) == {"body_type": code}


def test_at_its_own_question_wider_words_are_enough_and_so_is_what_one_drives() -> None:
    check, gearbox = FORMS[Service.CHECK].step("check_type"), FORMS[Service.BUY].step("transmission")

    named = option_in(check, Phrase.of("двигатель"), on=TODAY), option_in(gearbox, Phrase.of("езжу на ручке"), on=TODAY)

    assert [option and option.code for option in named] == ["technical", "manual"]


def test_a_button_in_other_words_is_known_by_both() -> None:
    form = FormWords(choices={"check_type": {"visit": "Приедем сами"}}).of(FORMS[Service.CHECK])

    assert _chosen(Service.CHECK, "приедем сами", form) == {"check_type": "visit"}
    assert _chosen(Service.CHECK, "нужен выездной осмотр", form) == {"check_type": "visit"}


def test_another_form_than_the_one_offered_knows_its_choices_of_what_was_said() -> None:
    buy, find = FORMS[Service.BUY], FORMS[Service.FIND]
    known = offered_instead(
        {"brand_preference": Words("Hyundai Solaris")}, find, buy, ["подберите солярис на автомате"], on=TODAY
    )

    assert {step: value.shown for step, value in known.items()} == {
        "car_brand": "Hyundai Solaris",
        "transmission": "Автомат",
    }


def test_a_question_asked_before_chose_nothing() -> None:
    said = ["есть у вас автоматы?", "подумаю", "бюджет миллион, полный привод"]

    assert chosen_before(FORMS[Service.BUY], said, on=TODAY).keys() == {"drive"}

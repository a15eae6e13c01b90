"""The dealership's file: what it tells, and what is said of mistakes in it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from carquery.adapters.dealership_file.reading import WrongFile, read_dealership
from carquery.adapters.dealership_file.sections import (
    DealershipSection,
    FaqSection,
    FollowUpSection,
    FormSection,
    ServiceRouteSection,
    SourceRouteSection,
    StaffSection,
)
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.faq import ADDRESS, CONTACT, HOURS, TOPICS, Topic
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.routing import Route, Routing
from carquery.domain.dealership.staff import Staff
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmStatusId, CrmUserId, Source, StaffId
from carquery.domain.steps import ByChoice

EXAMPLE = Path(__file__).parents[3] / "dealership.example.toml"
NORTH_WIND = Path(__file__).parents[3] / "src/carquery/entrypoints/playground/dealership.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dealership.toml"


def read(file: Path, text: str) -> Dealership:
    file.write_text(text, "utf-8")
    return read_dealership(file)


def mistakes(file: Path, text: str) -> list[str]:
    with pytest.raises(WrongFile) as wrong:
        read(file, text)
    return [str(mistake) for mistake in wrong.value.mistakes]


def test_an_empty_file_changes_nothing(file: Path) -> None:
    assert read(file, "") == NEUTRAL


def test_a_made_up_dealership_is_read_whole() -> None:
    told = read_dealership(NORTH_WIND)
    assert (told.name, told.legal_name) == ("Автосалон «Северный ветер»", "ООО «Северный ветер Авто»")
    assert told.hours is not None
    assert told.hours.text == "пн-пт 9:00-20:00; сб-вс 10:00-18:00"
    assert len(told.faq.entries) == 16
    assert all(told.answer_to(topic) for topic in told.faq.entries)


def test_hours_address_and_contact_are_answered_without_words_of_their_own(file: Path) -> None:
    told = read(
        file,
        """
        [dealership]
        address = "Тверь, Примерная, 12"
        map_url = "https://maps.example/1"
        phone = "+7 900 000-12-34"
        site = "https://auto.example"
        hours = "ежедневно 9:00-20:00"
        """,
    )
    assert told.answer_to(HOURS) == "Мы работаем: ежедневно 9:00-20:00."
    assert told.answer_to(ADDRESS) == "Наш адрес: Тверь, Примерная, 12.\nhttps://maps.example/1"
    assert told.answer_to(CONTACT) == "Связаться с нами: телефон: +7 900 000-12-34, сайт: https://auto.example."
    assert told.answer_to(Topic("credit")) is None


def test_holidays_are_dates_or_texts(file: Path) -> None:
    told = read(file, '[dealership]\nhours = "ежедневно 9-20"\nholidays = [2027-01-01, "2027-01-02"]')
    assert told.hours is not None
    assert told.hours.holidays == {date(2027, 1, 1), date(2027, 1, 2)}


def test_a_form_speaks_in_other_words_and_means_the_same(file: Path) -> None:
    told = read(
        file,
        """
        [forms.sell]
        title = "Выкуп"
        button = "Сдать машину"
        steps = []
        [forms.sell.prompts]
        mileage = "Сколько проехала?"
        [forms.sell.examples]
        mileage = "90 тыс"
        [forms.sell.choices.price]
        appraise = "Оцените сами"
        """,
    )
    form, before = told.forms[Service.SELL], FORMS[Service.SELL]
    assert (form.title, form.button) == ("Выкуп", "Сдать машину")
    assert [step.name for step in form.steps] == ["car_brand", "year", "mileage", "price", "name", "phone"]
    assert (form.step("mileage").prompt, form.step("mileage").example) == ("Сколько проехала?", "90 тыс")
    price, as_built = form.step("price").kind, before.step("price").kind
    assert isinstance(price, ByChoice)
    assert isinstance(as_built, ByChoice)
    assert price.choices[0].shown == "Оцените сами"
    assert price.choices[1:] == as_built.choices[1:]


def test_routes_are_read_by_service_and_source(file: Path) -> None:
    told = read(
        file,
        """
        [routing.default]
        pipeline = 7001
        responsible = 501
        [routing.sell]
        status = 7011
        task_minutes = 0
        [[routing.sell.sources]]
        source = "avito"
        tags = ["Авито"]
        responsible = [502, 503]
        [routing.callback]
        task_minutes = 10
        """,
    )
    assert told.routing == Routing(
        default=Route(pipeline=CrmPipelineId(7001), responsible=(CrmUserId(501),)),
        services={
            Service.SELL: Route(status=CrmStatusId(7011), task_minutes=0),
            Service.CALLBACK: Route(task_minutes=10),
        },
        sources={
            (Service.SELL, Source("avito")): Route(tags=("Авито",), responsible=(CrmUserId(502), CrmUserId(503))),
        },
    )


def test_nothing_is_followed_up_but_what_is_said(file: Path) -> None:
    told = read(file, "[follow_up]\nreminder_after = 60\nunfinished_lead_after = 24\njoin_open_deal_days = 14")
    assert told.follow_up == FollowUp(
        reminder_after=timedelta(hours=1), unfinished_lead_after=timedelta(days=1), join_open_deal_days=14
    )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_mark_of_an_editor_before_the_text_does_no_harm(file: Path, mark: str) -> None:
    assert read(file, f'{mark}[dealership]\nname = "Салон"').name == "Салон"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[dealership", "is no TOML: expected ']'"),
        ("[dealershp]", "[dealershp]: there is no such section; expected: dealership?"),
        ("dealership = 1", "[dealership]: not a table"),
        ('[dealership]\ngreting = "Привет"', "[dealership] greting: there is no such key; expected: greeting?"),
        ("[dealership]\nname = 5", "[dealership] name: not a text"),
        ('[dealership]\nname = "а\\nб"', "[dealership] name: has a line break"),
        ('[dealership]\nhours = "пн-пт 9-20; пт 10-12"', "[dealership] hours: «пт» is named twice"),
        ('[dealership]\ntimezone = "Москва"', "[dealership] timezone: there is no time zone «Москва»"),
        ('[dealership]\ntimezone = "../etc/passwd"', "[dealership] timezone: there is no time zone"),
        ('[dealership]\nholidays = ["2027-13-01"]', "[dealership] holidays.1: «2027-13-01» is no date"),
        ("[dealership]\nholidays = [2027-01-01T10:00:00]", "[dealership] holidays.1: not a date"),
        ('[dealership]\nservices = ["bay"]', "[dealership] services: there is no service «bay»"),
        ('[dealership]\nservices = ["buy", "buy"]', "[dealership] services: a service stands there twice"),
        ("[dealership]\nservices = []", "[dealership] services: empty"),
        ('[dealership]\nsite = "auto.example"', "[dealership] site: not the address of a page"),
        ('[faq]\nhours = "в девять"', "[faq.hours]: not a table"),
        ("[faq.Часы]", "[faq.Часы]: no name for a topic"),
        ('[faq.own]\nanswer = "Да"', "[faq.own] examples: missing"),
        ("[faq.hours]\nexamples = [1]", "[faq.hours] examples.1: not a text"),
        ("[forms.sel]", "[forms.sel]: there is no such form; expected: sell?"),
        ('[forms.sell]\nsteps = ["year"]', "[forms.sell] steps: «year» is none of its optional steps"),
        ('[forms.sell.prompts]\ncolour = "Цвет?"', "[forms.sell] prompts.colour: there is no such step"),
        ('[forms.sell.choices.year]\na = "Новая"', "[forms.sell] choices.year.a: there is no such choice"),
        ("[routing.sel]", "[routing.sel]: there is no such service; expected: sell?"),
        ("routing = 1", "[routing]: not a table"),
        ('[routing.sell]\npipeline = "Продажи"', "[routing.sell] pipeline: not a whole number"),
        ("[routing.sell]\nstatus = 0", "[routing.sell] status: too little"),
        ("[routing.sell]\nresponsible = [501, 501]", "[routing.sell] responsible: a user stands there twice"),
        ("[routing.sell]\nresponsible = [true]", "[routing.sell] responsible.1: not a whole number"),
        ("[routing.default]\ntask_minutes = -5", "[routing.default] task_minutes: too little"),
        ("[routing.default]\ntags = [1]", "[routing.default] tags.1: not a text"),
        ("[routing.sell]\nsources = 5", "[routing.sell] sources: not a list"),
        ("[[routing.default.sources]]", "[routing.default] sources: there is no such key"),
        ("[[routing.sell.sources]]\ntags = []", "[[routing.sell.sources]] (1) source: missing"),
        ('[[routing.sell.sources]]\nsource = "а б"', "[[routing.sell.sources]] (1) source: «а б» can't be a source"),
        (
            '[[routing.sell.sources]]\nsource = "a"\n[[routing.sell.sources]]\nsource = "a"',
            "[[routing.sell.sources]] (2) source: a stands there twice",
        ),
        ("[follow_up]\nreminder_after = 1.5", "[follow_up] reminder_after: not a whole number"),
        ("[follow_up]\njoin_open_deal_days = 400", "[follow_up] join_open_deal_days: too much"),
        ("[staff]\ncrm_users = 5", "[staff] crm_users: not a table"),
        ("[staff.crm_users]\noleg = 501", "[staff] crm_users: «oleg» is no number of a person in a messenger"),
        ("[staff.crm_users]\n123 = 0", "[staff] crm_users.123: too little"),
        ("[staff]\npeople = 5", "[staff] people: there is no such key"),
        ("[follow_up]\nremind = 5", "[follow_up] remind: there is no such key; expected: "),
    ],
)
def test_a_mistake_is_one_line_with_place_reason_and_what_would_be_right(file: Path, text: str, says: str) -> None:
    said = mistakes(file, text.replace("[faq.Часы]", '[faq."Часы"]'))
    assert len(said) == 1
    assert says in said[0].replace('"', "")
    assert "expected: " in said[0]


def test_the_staff_are_named_by_their_numbers(file: Path) -> None:
    staff = read(file, "[staff.crm_users]\n123456789 = 501\n987654321 = 501").staff

    assert staff == Staff(crm_users={StaffId("123456789"): CrmUserId(501), StaffId("987654321"): CrmUserId(501)})


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    assert len(mistakes(file, '[dealership]\nname = 1\nphone = 2\n[forms.sell]\nsteps = ["x"]\n[other]')) == 4


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_file_that_can_not_be_read_says_why(file: Path, content: bytes | None) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WrongFile, match=r"can't be read: (it is no UTF-8 text|no such file)"):
        read_dealership(file)


def test_the_example_is_right_and_names_every_key() -> None:
    text = EXAMPLE.read_text("utf-8")

    assert read_dealership(EXAMPLE).name
    sections = (
        DealershipSection,
        FaqSection,
        FormSection,
        ServiceRouteSection,
        SourceRouteSection,
        FollowUpSection,
        StaffSection,
    )
    for section in sections:
        for key in section.model_fields:
            assert any(sign in text for sign in (f"\n{key} = ", f"\n# {key} = ", f".{key}")), key
    assert all(topic in text for topic in TOPICS)

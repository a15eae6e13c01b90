"""What managers read in the CRM."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carquery.adapters.memory.crm import MEMORY
from carquery.application.leads import crm_texts
from carquery.application.leads.reasons import LeadReason
from carquery.domain.answers import Option, Value
from carquery.domain.attachments import Attachments, SentFile
from carquery.domain.car import ModelYear
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import FileId, Source
from carquery.domain.lead import Lead
from carquery.domain.money import Rubles
from carquery.domain.reason import Reason
from carquery.domain.words import Words
from tests.builders import ANNA, ANNA_S_HANDLE, EVERY_KIND_OF_ANSWER, NOW, a_file, a_lead, a_reviewed_dialog

SHORTEST_TEXT_LIMIT = 256
"""Characters. Source: amoCRM refuses longer values of text fields; for names and tasks it documents no limit."""


def a_longest_lead(service: Service) -> Lead:
    """Each answer in words is as long as it may be; Russian letters count as one character each."""
    answers: dict[str, Value] = {step.name: Words("ж" * 64) for step in FORMS[service].steps}
    answers |= {name: answer for name, answer in EVERY_KIND_OF_ANSWER.items() if name in answers}
    answers |= {"car_brand": Words("Ж" * 64), "name": PersonName("Ж" * 64), "comment": Words("ж" * 1000)}
    return a_lead(service=service, answers=answers, conversation=("ж" * 500,) * 10, source=Source("s" * 64))


def test_a_title_says_what_is_wanted_which_car_and_the_reference() -> None:
    lead = a_lead(answers={"car_brand": Words("Toyota Camry")})

    assert crm_texts.title(lead) == "Продажа авто: Toyota Camry · CQ-000001"


@pytest.mark.parametrize(
    ("service", "answers", "shown"),
    [
        (Service.SELL, {"car_brand": Words("Toyota Camry"), "year": ModelYear(2018)}, "Toyota Camry, 2018"),
        (Service.BUY, {"car_brand": Words("Toyota Camry"), "year_from": ModelYear(2018)}, "Toyota Camry, от 2018"),
        (Service.SELL, {"car_brand": Words("Камри 2018"), "year": ModelYear(2018)}, "Камри 2018"),
        (Service.SELL, {"car_brand": Words("Лада"), "year": Words("не знаю")}, "Лада"),
    ],
)
def test_a_title_says_of_which_year_the_car_is(service: Service, answers: dict[str, Value], shown: str) -> None:
    title = crm_texts.title(a_lead(service=service, answers=answers))

    assert title.endswith(f": {shown} · CQ-000001")


def test_whoever_has_no_car_in_mind_has_a_title_as_well() -> None:
    assert crm_texts.title(a_lead(service=Service.LEGAL, answers={})) == "Юридическая помощь · CQ-000001"


def test_a_brand_that_is_looked_for_stands_in_the_title() -> None:
    lead = a_lead(service=Service.FIND, answers={"brand_preference": Option("any", "Любая")})

    assert crm_texts.title(lead) == "Подбор авто: Любая · CQ-000001"


def test_a_title_is_one_line_without_what_breaks_lines() -> None:
    lead = a_lead(answers={"car_brand": Words("Toyota\nCamry\u2028 \t 2018\r")})

    assert crm_texts.title(lead) == "Продажа авто: Toyota Camry 2018 · CQ-000001"


@pytest.mark.parametrize(("length", "shown"), [(120, "ж" * 120), (121, "ж" * 119 + "…"), (4000, "ж" * 119 + "…")])
def test_a_long_car_is_cut_and_the_reference_stays(length: int, shown: str) -> None:
    lead = a_lead(answers={"car_brand": Words("ж" * length)})

    assert crm_texts.title(lead) == f"Продажа авто: {shown} · CQ-000001"


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "{0} %s $x", '«"кавычки"»', "Ёж 🚗", "=1+1"])
def test_what_customers_write_stays_as_it_is(text: str) -> None:
    """JSON carries any text, and amoCRM shows it as text; only lines are ours."""
    lead = a_lead(answers={"car_brand": Words(text)})

    assert text in crm_texts.title(lead)
    assert text in crm_texts.note(lead, MEMORY)


@pytest.mark.parametrize("service", list(Service))
def test_titles_and_tasks_are_short_enough_for_any_field(service: Service) -> None:
    lead = a_longest_lead(service)

    assert len(crm_texts.title(lead)) <= SHORTEST_TEXT_LIMIT
    assert len(crm_texts.task(lead)) <= SHORTEST_TEXT_LIMIT


def test_a_note_holds_everything_with_the_reference_in_its_first_line() -> None:
    lead = a_lead(
        service=Service.CALLBACK,
        answers={"name": PersonName("Анна"), "phone": Phone("+79161234567"), "comment": Words("После шести")},
        created_at=datetime(2026, 6, 15, 21, 30, tzinfo=UTC),
        handle=ANNA_S_HANDLE,
        source=Source("avito"),
        conversation=("Здравствуйте", "Сколько стоит проверка?"),
        left_out=(Reason("Поле «Источник»: avito"),),
    )

    assert crm_texts.note(lead, MEMORY).splitlines() == [
        "Заявка CQ-000001: Обратный звонок",
        "Получена 16.06.2026 00:30 (МСК)",
        *(f"{title}: {answer}" for title, answer in lead.lines),
        "Telegram: @anna_k",
        "Источник: avito",
        "Клиент писал:",
        "– Здравствуйте",
        "– Сколько стоит проверка?",
        "Не удалось внести в CRM:",
        "– Поле «Источник»: avito",
    ]


def test_a_note_says_once_that_photos_are_attached() -> None:
    with_photos = a_lead(answers=EVERY_KIND_OF_ANSWER)

    assert said_of_photos(with_photos) == ["Фотографии: 2 фото (приложены к сделке)"]
    assert said_of_photos(a_lead(answers={})) == []


def said_of_photos(lead: Lead) -> list[str]:
    return [line for line in crm_texts.note(lead, MEMORY).splitlines() if "отографи" in line or "приложены" in line]


@pytest.mark.parametrize(
    ("photos", "files", "lines"),
    [
        (("one",), (), ["Фотографии: 1 фото (приложены к сделке)"]),
        ((), (a_file(),), ["Файлы: 1 (приложены к сделке)"]),
        (
            ("one",),
            (a_file(), a_file("видео.mp4")),
            ["Фотографии: 1 фото (приложены к сделке)", "Файлы: 2 (приложены к сделке)"],
        ),
    ],
)
def test_a_note_says_what_came_beside_the_answers(
    photos: tuple[FileId, ...], files: tuple[SentFile, ...], lines: list[str]
) -> None:
    note = crm_texts.note(a_lead(answers={}, attachments=Attachments(photos, files)), MEMORY)

    assert [line for line in note.splitlines() if "приложены" in line] == lines


def test_a_range_of_prices_is_marked_and_no_sum_of_the_deal() -> None:
    said = "Клиент назвал диапазон, а не цену: в сумму сделки он не внесён"
    ranged = a_lead(answers={"price": Option("to1m", "500 тыс. – 1 млн ₽", Rubles(1_000_000))})
    stated = a_lead(answers={"price": Rubles(1_000_000)})
    unknown = a_lead(answers={"price": Option("appraise", "Нужна оценка")})

    assert [said in crm_texts.note(lead, MEMORY) for lead in (ranged, stated, unknown)] == [True, False, False]


def test_a_note_says_that_the_contact_has_another_name_and_not_that_it_was_refused() -> None:
    note = crm_texts.note(a_lead(left_out=(LeadReason.OTHER_NAME(),)), MEMORY)

    assert "Контакт с этим телефоном записан на другое имя" in note.splitlines()
    assert "Не удалось внести" not in note


def test_what_the_crm_would_not_take_is_said_once() -> None:
    gone = Reason("ответственный № 501")
    note = crm_texts.note(a_lead(left_out=(gone, Reason("Поле «VIN»"), gone)), MEMORY)

    assert [line for line in note.splitlines() if line.startswith("– ")] == ["– ответственный № 501", "– Поле «VIN»"]


@pytest.mark.parametrize(
    ("handle", "line"), [(ANNA_S_HANDLE, "Telegram: @anna_k – https://chat.example/7000000001"), (None, None)]
)
def test_a_note_opens_the_chat_where_the_messenger_has_an_address(handle: Handle | None, line: str | None) -> None:
    note = crm_texts.note(
        a_lead(handle=handle), MEMORY, lambda customer, _: f"https://chat.example/{customer.number}"
    ).splitlines()

    assert (line or "https://chat.example/7000000001") in note


def test_whoever_is_nobody_any_more_has_no_chat() -> None:
    assert "example" not in crm_texts.note(a_lead(customer=None), MEMORY, lambda *_: "https://chat.example/1")


def test_a_note_has_what_was_said_under_photos_and_found_no_room() -> None:
    dialog = a_reviewed_dialog(service=Service.CALLBACK).say_aside("царапина\nслева")
    lead = Lead.of(dialog, customer=ANNA, reference=a_lead().reference, at=NOW)

    assert "– царапина\n    слева" in crm_texts.note(lead, MEMORY)


FORGED = "Да\nТелефон: +7 900 000-00-00\r\nЗаявка CQ-999999: Продажа авто\u2028Не удалось внести в CRM:\n– ничего"


@pytest.mark.parametrize(
    "lead",
    [
        a_lead(answers={"comment": Words(FORGED)}),
        a_lead(answers={}, conversation=(FORGED, "Да")),
        a_lead(answers={}, left_out=(Reason(FORGED),)),
    ],
    ids=["answer", "conversation", "left out"],
)
def test_nobody_can_pass_off_their_words_as_lines_of_ours(lead: Lead) -> None:
    lines = crm_texts.note(lead, MEMORY).splitlines()

    assert not [line for line in lines[1:] if line.startswith(("Телефон", "Заявка", "– ничего"))]
    assert "    Телефон: +7 900 000-00-00" in lines
    assert "    Заявка CQ-999999: Продажа авто" in lines


@given(said=st.text(max_size=60), again=st.text(max_size=60))
def test_a_note_has_as_many_lines_of_ours_whatever_is_said(said: str, again: str) -> None:
    note = crm_texts.note(a_lead(answers={}, conversation=(said, again)), MEMORY)

    ours = [line for line in note.split("\n") if not line.startswith("    ")]
    assert [line[:2] for line in ours] == ["За", "По", "Te", "Кл", "– ", "– "]


def test_a_task_tells_whom_to_call_and_about_which_lead() -> None:
    lead = a_lead(answers={"name": PersonName("Анна"), "phone": Phone("+79161234567")})

    assert crm_texts.task(lead) == "Позвонить клиенту: Анна, +7 916 123-45-67 – Продажа авто (CQ-000001)"


def test_a_task_says_which_car_in_one_short_line_and_no_other_reference_in_parentheses() -> None:
    answers = {"name": PersonName("Анна"), "phone": Phone("+79161234567"), "car_brand": Words("Lada\n(CQ-000002) " * 9)}

    said = crm_texts.task(a_lead(answers=answers))

    car = "Lada [CQ-000002] Lada [CQ-000002] Lada [CQ-000002] Lada [CQ…"
    assert said == f"Позвонить клиенту: Анна, +7 916 123-45-67 – Продажа авто, {car} (CQ-000001)"


def test_an_extension_and_the_words_beside_a_phone_reach_the_manager() -> None:
    phone = Phone("+74951234567", extension="5", remark="звоните после шести")
    lead = a_lead(service=Service.CALLBACK, answers={"name": PersonName("Вера"), "phone": phone})

    assert crm_texts.task(lead) == "Позвонить клиенту: Вера, +7 495 123-45-67, доб. 5 – Обратный звонок (CQ-000001)"
    assert crm_texts.note(lead, MEMORY).splitlines()[2:5] == [
        "Имя: Вера",
        "Телефон: +7 495 123-45-67, доб. 5",
        "Телефон, примечание: звоните после шести",
    ]


def test_photos_and_files_are_numbered_under_the_reference() -> None:
    assert crm_texts.photo_mark(a_lead(), 10) == "CQ-000001-10."
    assert crm_texts.file_mark(a_lead(), 5) == "CQ-000001-file5-"


def test_no_file_s_name_begins_like_another_one_s() -> None:
    """Photos and files are known again by how their names begin."""
    photos = [crm_texts.photo_mark(a_lead(), number) for number in range(1, 11)]
    marks = [*photos, *(crm_texts.file_mark(a_lead(), number) for number in range(1, 11))]

    assert [(one, other) for one in marks for other in marks if one != other and other.startswith(one)] == []


@pytest.mark.parametrize(
    ("handle", "lines"),
    [
        (Handle("Telegram", "@anna_k"), ["Telegram: @anna_k"]),
        (Handle("Telegram", "id 7"), ["Telegram: id 7"]),
        (Handle("MAX", "Анна, id 42"), ["MAX: Анна, id 42"]),
        (None, []),
    ],
)
def test_a_manager_finds_the_customer_in_the_messenger(handle: Handle | None, lines: list[str]) -> None:
    lead = a_lead(answers={}, handle=handle)

    assert crm_texts.note(lead, MEMORY).splitlines()[2:] == lines


def test_a_note_says_that_the_customer_has_not_sent_it() -> None:
    unfinished, sent = crm_texts.note(a_lead(is_unfinished=True), MEMORY), crm_texts.note(a_lead(), MEMORY)

    assert "Не завершена: клиент начал заявку и не отправил её" in unfinished.splitlines()
    assert "завершена" not in sent

"""What a lead knows, and how it fares."""

import pytest

from carquery.domain.answers import Option
from carquery.domain.car import ModelYear
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.reason import Reason
from carquery.domain.values import replace
from carquery.domain.words import Words
from tests.builders import ANNA, ANNA_S_HANDLE, EVERY_KIND_OF_ANSWER, NOW, a_dialog, a_lead, a_reviewed_dialog


def test_a_lead_has_its_dialogs_id_and_is_due_at_once() -> None:
    lead = a_lead(7)

    assert lead.id == LeadId(a_reviewed_dialog(number=7).id)
    assert (lead.status, lead.next_attempt_at) == (LeadStatus.PENDING, NOW)


def test_an_unfinished_dialog_makes_no_lead() -> None:
    with pytest.raises(ValueError, match="not at its summary"):
        Lead.of(a_dialog(), customer=ANNA, reference=a_lead().reference, at=NOW)


def test_what_was_written_stands_in_it_once() -> None:
    """The description of a legal question is the whole message, and a comment may take in what was said aside."""
    whole = "Продавец не отдаёт ПТС после оплаты"
    dialog = a_reviewed_dialog(service=Service.LEGAL)
    assert dialog.answers["description"].shown == whole

    lead = Lead.of(
        replace(dialog, asides=("Жду",)),
        customer=ANNA,
        reference=a_lead().reference,
        at=NOW,
        conversation=(whole, "Есть расписка", "Жду"),
    )

    assert lead.conversation == ("Есть расписка", "Жду")


@pytest.mark.parametrize(
    ("service", "answers", "price"),
    [
        (Service.SELL, {"price": Rubles(1_200_000)}, Rubles(1_200_000)),
        (Service.BUY, {"budget": Rubles(900_000)}, Rubles(900_000)),
        (Service.FIND, {"budget": Option("to1m", "до 1 млн ₽", Rubles(1_000_000))}, Rubles(1_000_000)),
        (Service.SELL, {"price": Option("to1m", "500 тыс. – 1 млн ₽", Rubles(1_000_000))}, None),
        (Service.SELL, {"price": Option("appraise", "Нужна оценка")}, None),
        (Service.SELL, {}, None),
        (Service.CHECK, {}, None),
    ],
)
def test_the_price_is_the_sum_it_is_about(service: Service, answers: dict[str, object], price: Rubles | None) -> None:
    assert a_lead(service=service, answers=answers).price == price


def test_what_was_said_is_found_by_what_it_means_not_by_the_name_of_its_step() -> None:
    bought = a_lead(service=Service.BUY, answers={"car_brand": Words("Kia"), "year_from": ModelYear(2018)})
    found = a_lead(service=Service.FIND, answers={"brand_preference": Words("Kia")})

    assert [bought.said(meaning) for meaning in (Meaning.CAR, Meaning.YEAR)] == [Words("Kia"), ModelYear(2018)]
    assert [found.said(meaning) for meaning in (Meaning.CAR, Meaning.YEAR)] == [Words("Kia"), None]


def test_people_are_known_by_the_number_and_called_by_all_of_it() -> None:
    office = Phone("+74951234567", extension="5", remark="это номер жены")
    lead = a_lead(answers={"phone": office})

    assert lead.phone == Phone("+74951234567")
    assert lead.given_phone == office


def test_words_beside_the_phone_have_a_line_of_their_own() -> None:
    lead = a_lead(answers={"phone": Phone("+74951234567", extension="5", remark="это номер жены")})

    assert lead.lines == (("Телефон", "+7 495 123-45-67, доб. 5"), ("Телефон, примечание", "это номер жены"))


def test_its_lines_are_in_the_forms_order() -> None:
    lead = a_lead(answers={"comment": Words("Жду"), "car_brand": Words("Lada")}, service=Service.SELL)

    assert lead.lines == (("Автомобиль", "Lada"), ("Комментарий", "Жду"))


def test_erasure_leaves_a_statistic() -> None:
    erased = a_lead(answers=EVERY_KIND_OF_ANSWER).erased(at=NOW)

    assert (erased.customer, erased.name, erased.phone, erased.photos, erased.lines) == (None, None, None, (), ())
    assert (erased.service, erased.reference) == (Service.SELL, "CQ-000001")


def test_erasure_takes_whatever_else_may_tell_who_it_was() -> None:
    """What the CRM would not take may be a VIN, and what it said of a failure may quote a phone."""
    erased = a_lead(
        handle=ANNA_S_HANDLE,
        conversation=("Меня зовут Анна",),
        left_out=(Reason("Поле «VIN»: XTA210990Y1234567"),),
        failure=Reason("телефон +79161234567 не принят"),
    ).erased(at=NOW)

    assert (erased.handle, erased.conversation, erased.left_out, erased.failure) == (None, (), (), None)


def test_an_erased_lead_is_due_no_more_and_keeps_what_was_made() -> None:
    made = {Effect.CONTACT: CrmId(77)}
    erased = a_lead(made=made).erased(at=NOW)

    assert (erased.next_attempt_at, erased.erased_at, erased.made) == (None, NOW, made)


def test_a_lead_knows_its_customers_handle() -> None:
    dialog = a_reviewed_dialog()

    lead = Lead.of(dialog, customer=ANNA, reference=a_lead().reference, at=NOW, handle=ANNA_S_HANDLE)

    assert lead.handle == ANNA_S_HANDLE

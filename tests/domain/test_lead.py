"""What a lead knows, and how it fares."""

from datetime import timedelta

import pytest

from carquery.domain.answers import Option
from carquery.domain.forms.form import Service
from carquery.domain.ids import LeadId
from carquery.domain.lead import LONGEST_WAIT, CrmId, Effect, Lead, LeadStatus
from carquery.domain.money import Rubles
from carquery.domain.words import Words
from tests.builders import ANNA, EVERY_KIND_OF_ANSWER, NOW, a_dialog, a_lead, a_reviewed_dialog

MINUTES = timedelta(minutes=5)


def test_a_lead_has_its_dialogs_id_and_is_due_at_once() -> None:
    lead = a_lead(7)

    assert lead.id == LeadId(a_reviewed_dialog(number=7).id)
    assert (lead.status, lead.next_attempt_at) == (LeadStatus.PENDING, NOW)


def test_an_unfinished_dialog_makes_no_lead() -> None:
    with pytest.raises(ValueError, match="not at its summary"):
        Lead.of(a_dialog(), customer=ANNA, reference=a_lead().reference, at=NOW)


@pytest.mark.parametrize(
    ("answers", "price"),
    [
        ({"price": Rubles(1_200_000)}, Rubles(1_200_000)),
        ({"budget": Rubles(900_000)}, Rubles(900_000)),
        ({"price": Option("to1m", "500 тыс. – 1 млн ₽", Rubles(1_000_000))}, Rubles(1_000_000)),
        ({"price": Option("appraise", "Нужна оценка")}, None),
        ({}, None),
    ],
)
def test_the_price_is_the_sum_it_is_about(answers: dict[str, object], price: Rubles | None) -> None:
    assert a_lead(answers=answers).price == price


def test_its_lines_are_in_the_forms_order() -> None:
    lead = a_lead(answers={"comment": Words("Жду"), "car_brand": Words("Lada")}, service=Service.SELL)

    assert lead.lines == (("Автомобиль", "Lada"), ("Комментарий", "Жду"))


def test_effects_are_made_in_order() -> None:
    lead, order = a_lead(), []
    while (effect := lead.next_effect) is not None:
        order.append(effect)
        lead = lead.intends(effect, at=NOW).with_made(effect, CrmId(1))

    assert order == [Effect.CONTACT, Effect.LEAD, Effect.NOTE, Effect.TASK, Effect.FILES]
    assert lead.intent is None


def test_waits_double_up_to_the_longest() -> None:
    lead, waits = a_lead(), []
    for _ in range(9):
        lead = lead.failed("нет", at=NOW, interval=MINUTES, most_attempts=100)
        assert lead.next_attempt_at is not None
        waits.append(lead.next_attempt_at - NOW)

    assert waits[:4] == [MINUTES, 2 * MINUTES, 4 * MINUTES, 8 * MINUTES]
    assert waits[-1] == LONGEST_WAIT


def test_after_the_last_attempt_it_is_dead_until_a_person_resubmits_it() -> None:
    dead = a_lead().failed("нет", at=NOW, interval=MINUTES, most_attempts=1)
    assert (dead.status, dead.next_attempt_at) == (LeadStatus.DEAD, None)

    back = dead.resubmitted(at=NOW)
    assert (back.status, back.next_attempt_at, back.attempts) == (LeadStatus.PENDING, NOW, 0)


def test_postponing_counts_no_attempt() -> None:
    later = a_lead().postponed(until=NOW + MINUTES)

    assert (later.attempts, later.status, later.next_attempt_at) == (0, LeadStatus.PENDING, NOW + MINUTES)


def test_erasure_leaves_a_statistic() -> None:
    erased = a_lead(answers=EVERY_KIND_OF_ANSWER).erased(at=NOW)

    assert (erased.customer, erased.name, erased.phone, erased.photos, erased.lines) == (None, None, None, (), ())
    assert (erased.service, erased.reference) == (Service.SELL, "CQ-000001")

"""Who sells and buys within an hour may want to give one car for the other: both notes say so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.ports.crm import CrmAmbiguous
from carquery.domain.effects import Effect
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead, LeadStatus
from tests.application.crms import CrmWithoutAdditions, ObservedCrm
from tests.application.delivering import LOST_IS_KNOWN, Delivery, an_eager_delivery
from tests.application.repeating import APART_ONCE, DAYS, JOINED_ONCE, Regular, a_regular, stands
from tests.builders import HOUR, MINUTE, SECOND, a_lead_with_files, a_phone

HERS = "Возможен трейд-ин: CQ-000002"
OTHERS = "Возможен трейд-ин: CQ-000001"


async def notes_of(anna: Regular, again: Lead) -> tuple[list[str], list[str]]:
    """The lines of the first request's note, and of the other's."""
    other = await anna.delivery.stored(again)
    return anna.texts_of(anna.first)[0].splitlines(), anna.texts_of(other)[0].splitlines()


@pytest.mark.parametrize(("days", "stand"), [(0, APART_ONCE), (DAYS, JOINED_ONCE)])
async def test_the_note_that_stands_there_names_the_one_that_comes_and_the_other_way_round(
    days: int, stand: dict[str, int]
) -> None:
    anna = await a_regular(days=days)
    again = await anna.asks_again(after=HOUR, service=Service.BUY)

    await anna.delivery.pass_of()()

    hers, others = await notes_of(anna, again)
    assert (hers.count(HERS), others.count(OTHERS)) == (1, 1)
    assert (await anna.delivery.stored(again)).trade_in == ("CQ-000001",)
    assert stands(anna.delivery) == stand


@pytest.mark.parametrize(
    ("after", "service"), [(HOUR + SECOND, Service.BUY), (MINUTE, Service.SELL), (MINUTE, Service.LEGAL)]
)
async def test_other_requests_are_no_trade_in(after: timedelta, service: Service) -> None:
    anna = await a_regular()
    again = await anna.asks_again(after=after, service=service)

    await anna.delivery.pass_of()()

    assert not [line for note in await notes_of(anna, again) for line in note if "трейд-ин" in line]


async def test_two_that_come_together_name_each_other_and_no_note_is_changed() -> None:
    delivery = an_eager_delivery()
    sold, bought = a_lead_with_files(1), replace(a_lead_with_files(2), service=Service.BUY)
    stranger = replace(a_lead_with_files(3, phone=a_phone(3)), service=Service.BUY)
    await delivery.has(sold, bought, stranger)
    crm = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=crm)()

    said = {lead.reference: (await delivery.stored(lead)).trade_in for lead in (sold, bought, stranger)}
    assert said == {"CQ-000001": ("CQ-000002",), "CQ-000002": ("CQ-000001",), "CQ-000003": ()}
    assert crm.added == []


async def test_a_note_that_says_so_already_stays_as_it_is() -> None:
    """Its lead knew of the other one when it was made."""
    delivery = an_eager_delivery()
    sold, bought = a_lead_with_files(1), replace(a_lead_with_files(2), service=Service.BUY)
    await delivery.has(sold, bought)
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.NOTE, after_effect=True)
    await delivery.pass_of(crm=(crm := ObservedCrm(delivery.crm)))()
    delivery.clock.pass_time(LOST_IS_KNOWN)

    await delivery.pass_of(crm=crm)()

    lines = [line for note in delivery.crm.notes.values() for line in note.text.splitlines() if "трейд-ин" in line]
    assert (sorted(lines), crm.added) == ([OTHERS, HERS], [])


async def test_a_note_that_can_t_be_reached_is_told_later_and_once() -> None:
    anna = await a_regular()
    again = await anna.asks_again(service=Service.BUY)

    await anna.delivery.pass_of(crm=CrmWithoutAdditions(anna.delivery.crm))()
    waiting = await anna.delivery.stored(again)
    anna.delivery.clock.pass_time(MINUTE)
    await anna.delivery.pass_of()()

    assert (waiting.next_effect, waiting.intent) == (Effect.NOTE, None)
    hers, others = await notes_of(anna, again)
    assert (hers.count(HERS), others.count(OTHERS)) == (1, 1)


async def test_a_note_that_people_have_deleted_costs_nothing() -> None:
    anna = await a_regular()
    again = await anna.asks_again(service=Service.BUY)
    del anna.delivery.crm.notes[anna.first.made[Effect.NOTE]]

    await anna.delivery.pass_of()()

    assert await anna.delivery.status(again) is LeadStatus.DELIVERED


async def test_who_was_erased_is_named_nowhere(delivery: Delivery) -> None:
    sold, bought = a_lead_with_files(1), replace(a_lead_with_files(2), service=Service.BUY)
    await delivery.has(sold, bought)
    row = delivery.database.leads[sold.id]
    row.lead = row.lead.erased(at=delivery.clock.now())

    await delivery.pass_of()()

    assert (await delivery.stored(bought)).trade_in == ()

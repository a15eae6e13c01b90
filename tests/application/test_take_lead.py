"""«Взять»: the first has it, everybody else is told in one sentence why not."""

import asyncio
from dataclasses import replace

import pytest

from carquery.adapters.memory.crm import MEMORY
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.staff.announcement_texts import said_to_taker, taken
from carquery.application.staff.take_lead import TakenLead, Taking
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.effects import Effect
from carquery.domain.ids import Reference
from carquery.domain.take import StaffMember
from tests.application.showroom import IRINA, OLEG, OLEG_IN_CRM, Showroom
from tests.builders import ANNA, a_lead_with_files


async def test_the_first_press_takes_the_lead() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()

    outcome = await showroom.take_lead()(lead.reference, OLEG)

    assert outcome.outcome is Taking.TAKEN
    assert outcome.take is not None
    assert (outcome.take.by, outcome.take.crm_user) == (OLEG, OLEG_IN_CRM)


async def test_of_two_who_press_at_once_one_has_it() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    press = showroom.take_lead()

    outcomes = await asyncio.gather(press(lead.reference, OLEG), press(lead.reference, IRINA))

    assert sorted(outcome.outcome.value for outcome in outcomes) == ["others", "taken"]
    assert len({outcome.take for outcome in outcomes}) == 1


@pytest.mark.parametrize(
    ("who", "says"), [(OLEG, "Заявка CQ-000001 уже ваша."), (IRINA, "Заявку CQ-000001 уже взяли: Олег.")]
)
async def test_of_one_that_was_taken_everybody_hears_by_whom(who: StaffMember, says: str) -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    press = showroom.take_lead()
    await press(lead.reference, OLEG)

    again = await press(lead.reference, who)

    assert said_to_taker(lead.reference, again, MEMORY) == says


async def test_a_closed_deal_is_taken_by_nobody() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.crm.turn_deal(lead.made[Effect.LEAD], DealState(DealPhase.CLOSED))

    outcome = await showroom.take_lead()(lead.reference, OLEG)

    assert said_to_taker(lead.reference, outcome, MEMORY) == "Сделка по заявке CQ-000001 уже закрыта."
    assert await showroom.takes.of(lead.id) is None


async def test_a_deal_that_is_gone_is_taken_by_nobody() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.crm.delete_deal(lead.made[Effect.LEAD])

    assert (await showroom.take_lead()(lead.reference, OLEG)).outcome is Taking.GONE


async def test_an_erased_lead_is_taken_by_nobody() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    await showroom.delivery.dealership.customers.erase(ANNA)

    outcome = await showroom.take_lead()(lead.reference, OLEG)

    assert said_to_taker(lead.reference, outcome, MEMORY).startswith("Заявка CQ-000001 обезличена")


async def test_one_that_is_not_in_the_crm_or_not_there_is_taken_by_nobody() -> None:
    showroom = Showroom()
    lead = await showroom.delivery.leads.add(a_lead_with_files())
    press = showroom.take_lead()

    assert (await press(lead.reference, OLEG)).outcome is Taking.NOT_DELIVERED
    assert (await press(Reference("CQ-ZZZZZZ"), OLEG)).outcome is Taking.MISSING


async def test_a_crm_that_does_not_answer_keeps_nobody_from_taking() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.crm.fail_next(CrmBusy("HTTP 503"))

    assert (await showroom.take_lead()(lead.reference, OLEG)).outcome is Taking.TAKEN


async def test_who_is_not_named_takes_it_too_and_reads_the_number_to_name_them_by() -> None:
    showroom = Showroom(told=NEUTRAL)
    lead = await showroom.a_delivered_lead()

    outcome = await showroom.take_lead()(lead.reference, OLEG)

    assert outcome.outcome is Taking.TAKEN
    assert OLEG.id in said_to_taker(lead.reference, outcome, MEMORY)


@pytest.mark.parametrize("outcome", list(Taking))
def test_each_outcome_is_one_sentence(outcome: Taking) -> None:
    said = said_to_taker(Reference("CQ-000001"), TakenLead(outcome), MEMORY)

    assert said.endswith(".")
    assert said.count(".") == 1
    assert "{" not in said


async def test_the_announcement_says_then_who_took_it() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    outcome = await showroom.take_lead()(lead.reference, OLEG)
    assert outcome.take is not None

    text = taken(showroom.announcing.of(lead), replace(outcome.take, by=replace(OLEG, name="О" * 500))).plain

    assert text.startswith("Заявка CQ-000001")
    assert "Взял(а): ООО" in text
    assert len(text) < 400

"""One more CRM is one more adapter: delivery, the staff's words and the command line's need no edit for it."""

from datetime import timedelta

from carquery.application.ports.alerts import CrmAway
from carquery.application.staff.texts import StaffTexts
from carquery.domain.effects import Effect
from carquery.domain.lead import LeadStatus
from tests.application.delivering import Delivery, leads_of_many
from tests.builders import NOW, a_lead_with_files
from tests.contracts.card_index import CARD_INDEX, CardIndex, CardReason


async def test_leads_are_delivered_in_as_many_at_once_as_it_takes(delivery: Delivery) -> None:
    await delivery.has(*leads_of_many(23))
    cards = CardIndex()

    claimed = [(await delivery.pass_of(crm=cards)()).claimed for _ in range(3)]

    assert claimed == [10, 10, 3]
    assert [len(cards.drawers[effect]) for effect in (Effect.CONTACT, Effect.LEAD, Effect.NOTE, Effect.TASK)] == [
        23
    ] * 4


async def test_a_lost_answer_is_looked_after_as_soon_as_this_crm_lets_know(delivery: Delivery) -> None:
    delivery.randomness.next_chance = 0.0
    lead = await delivery.leads.add(a_lead_with_files())
    cards = CardIndex()
    deliver = delivery.pass_of(crm=cards)
    cards.silent.add(Effect.LEAD)

    await deliver()
    delivery.clock.pass_time(deliver.times.patience + timedelta(seconds=29))
    await deliver()
    waited = await delivery.status(lead)
    delivery.clock.pass_time(timedelta(seconds=1))
    await deliver()

    assert deliver.quarantine == deliver.times.patience + timedelta(seconds=30)
    assert (waited, await delivery.status(lead)) == (LeadStatus.FAILED, LeadStatus.DELIVERED)
    assert len(cards.drawers[Effect.LEAD]) == 1


async def test_its_name_and_its_troubles_are_told_in_its_own_words(delivery: Delivery) -> None:
    lead = await delivery.leads.add(a_lead_with_files())
    cards = CardIndex()
    cards.is_away = True

    await delivery.pass_of(crm=cards)()

    assert delivery.told == [CrmAway((lead.reference,), CardReason.CLERK_AWAY())]
    said = StaffTexts(CARD_INDEX).alert(delivery.told[0], since=None, now=NOW)
    assert "картотекарь ушёл на обед" in said.plain
    assert CARD_INDEX.reasons.english(CardReason.CLERK_AWAY()) == "the clerk is out for lunch"

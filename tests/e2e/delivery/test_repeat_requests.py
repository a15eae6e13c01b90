"""Customers who ask again: whatever fails, or people do to the deal, all of it stands in amoCRM once."""

from collections.abc import Callable

import pytest

from carquery.application.leads.crm_texts import is_note_of
from carquery.domain.effects import Effect
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead
from carquery_emulators.amocrm import Salesperson
from tests.e2e.delivery.amocrm_delivery import AmoCrmDelivery, an_amocrm_delivery

HOWS = ("refuse", "drop", "504 after", "429", "empty 200")
REQUESTS = {
    "search": ("GET", r"/contacts"),
    "deals": ("GET", r"/leads(/\d+)?$"),
    "pipelines": ("GET", r"/pipelines$"),
    "earlier note": ("GET", r"/notes/\d+$"),
    "its change": ("PATCH", r"/notes$"),
    "note": ("POST", r"/notes$"),
    "task": ("POST", r"/tasks$"),
}
PHONE = "+79160000001"
TABLE = "A repeat request, faults × requests: how often everything stands there / passes"


async def a_repeat_request(delivery: AmoCrmDelivery) -> Lead:
    """She has sold; now she wants to buy, and a stranger wants to sell."""
    await delivery.queue(1, PHONE)
    await delivery.deliver()
    await delivery.queue(2, "+79160000002")
    return await delivery.queue(3, PHONE, service=Service.BUY)


@pytest.mark.parametrize("how", HOWS)
async def test_everything_stands_there_once_in_the_end(
    how: str, record_property: Callable[[str, object], None]
) -> None:
    for name, (method, path) in REQUESTS.items():
        async with an_amocrm_delivery(join_open_deal_days=14) as delivery:
            again = await a_repeat_request(delivery)
            delivery.amocrm.faults.add(how, method=method, path=path)

            passes = await delivery.until_delivered()
            tally = await delivery.tally()
            stored = await delivery.leads.load(again.id)
            notes = [note.text for note in delivery.amocrm.world.notes.values()]

        is_once = tally.is_exactly_once and tally.joined == 1
        record_property("cell", (TABLE, how, name, f"once/{passes}" if is_once else "WRONG"))
        assert (how, name, str(tally), is_once) == (how, name, str(tally), True)
        assert stored is not None
        assert stored.joined_to is not None
        hers = next(text for text in notes if is_note_of(stored.joined_to.reference or again.reference, text))
        # A note that can't be read or changed is left as it is; all others name the other half of the trade-in.
        assert hers.count("Возможен трейд-ин: CQ-000003") == (0 if (name, how) in UNREADABLE else 1)


UNREADABLE = {("earlier note", "empty 200")}
"""What amoCRM answers is no note."""


@pytest.mark.parametrize("goes", ["closed", "deleted", "merged"])
async def test_a_deal_that_goes_before_the_note_is_looked_for_again(goes: str) -> None:
    async with an_amocrm_delivery(join_open_deal_days=14) as delivery:
        again = await a_repeat_request(delivery)
        delivery.amocrm.faults.add("500", method="POST", path=r"/notes$")
        await delivery.pass_once()
        world, manager = delivery.amocrm.world, Salesperson(delivery.amocrm.world, delivery.amocrm.world.admin)
        joined = await delivery.leads.load(again.id)
        assert joined is not None
        deal = joined.made[Effect.LEAD]
        other = world.add_lead("Продажа", world.leads[deal].contacts[0])
        match goes:
            case "closed":
                manager.close(deal)
            case "deleted":
                manager.delete(deal)
            case _:
                manager.merge(deal, other)

        await delivery.until_delivered()

        moved = await delivery.leads.load(again.id)
        assert moved is not None
        assert moved.made[Effect.LEAD] == other
        assert [note.entity_id for note in world.notes.values() if is_note_of(again.reference, note.text)] == [other]

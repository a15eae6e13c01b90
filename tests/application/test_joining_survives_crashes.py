"""At any moment of a repeat request's delivery a process may die, a call may fail, or people may take the deal away."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

import pytest

from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.lead import LeadStatus
from tests.application.delivering import LOST_IS_KNOWN, Delivery, an_eager_delivery
from tests.application.faults import Boundaries, Crash, FragileCrm, FragileLeads, crash, fail
from tests.application.repeating import DAYS, JOINED_ONCE, a_regular, stands
from tests.builders import SECOND, a_lead_with_files

TABLE: Final = "A repeat request, struck at each moment of its pass: times that all stood there once / moments"


async def a_repeat() -> Delivery:
    """Anna's deal stands there, and she asks again."""
    anna = await a_regular()
    await anna.asks_again()
    return anna.delivery


async def a_trade_in() -> Delivery:
    """She sold, and wants to buy."""
    anna = await a_regular()
    await anna.asks_again(service=Service.BUY)
    return anna.delivery


async def two_at_once() -> Delivery:
    """Both requests are in one batch."""
    delivery = an_eager_delivery(join_open_deal_days=DAYS)
    now = delivery.clock.now()
    second = replace(a_lead_with_files(2), service=Service.BUY, created_at=now + SECOND)
    await delivery.has(a_lead_with_files(1), second)
    return delivery


SITUATIONS: Final[Mapping[str, Callable[[], Awaitable[Delivery]]]] = {
    "joins the deal": a_repeat,
    "joins, a trade-in": a_trade_in,
    "two in one batch": two_at_once,
}


async def struck_pass(delivery: Delivery, boundaries: Boundaries) -> None:
    leads, crm = FragileLeads(delivery.leads, boundaries), FragileCrm(delivery.crm, boundaries)
    try:
        await delivery.pass_of(leads=leads, crm=crm)()
    except (Crash, StoreUnavailable):
        pass
    finally:
        delivery.clock.pass_time(LOST_IS_KNOWN)


async def moments_of(situation: Callable[[], Awaitable[Delivery]]) -> int:
    """Of an undisturbed pass."""
    undisturbed = Boundaries()
    await struck_pass(await situation(), undisturbed)
    return undisturbed.passed


def all_stands_once(delivery: Delivery) -> bool:
    """Every lead is delivered; its note and its task stand once, with its deal; nothing else stands there."""
    crm = delivery.crm
    for lead in delivery.dealership.stored_leads:
        deal = lead.made.get(Effect.LEAD)
        notes = [note.deal for note in crm.notes.values() if is_note_of(lead.reference, note.text)]
        tasks = [task.deal for task in crm.tasks.values() if is_task_of(lead.reference, task.text)]
        if (lead.status, notes, tasks) != (LeadStatus.DELIVERED, [deal], [deal]) or deal not in crm.deals:
            return False
    return True


@pytest.mark.parametrize("breaks", [crash, fail], ids=["the process dies", "the call fails"])
@pytest.mark.parametrize("name", SITUATIONS)
async def test_whatever_breaks_both_requests_stand_there_once(
    name: str, breaks: Callable[[], Awaitable[None]], record_property: Callable[[str, object], None]
) -> None:
    situation, once = SITUATIONS[name], 0
    moments = await moments_of(situation)
    for moment in range(moments):
        delivery = await situation()

        await struck_pass(delivery, Boundaries({moment: breaks}))
        for _ in range(2):
            await delivery.pass_of()()
            delivery.clock.pass_time(LOST_IS_KNOWN)

        assert (moment, stands(delivery)) == (moment, JOINED_ONCE)
        assert (moment, all_stands_once(delivery)) == (moment, True)
        once += 1
    record_property("cell", (TABLE, name, breaks.__name__, f"{once}/{moments}"))


@pytest.mark.parametrize("breaks", [crash, fail], ids=["the process dies", "the call fails"])
async def test_the_recovery_may_break_as_well(breaks: Callable[[], Awaitable[None]]) -> None:
    """Each moment with some others."""
    moments = await moments_of(a_trade_in)
    for first in range(moments):
        for second in range(first % 19, moments + 2, 19):
            delivery = await a_trade_in()

            await struck_pass(delivery, Boundaries({first: breaks}))
            await struck_pass(delivery, Boundaries({second: breaks}))
            for _ in range(2):
                await delivery.pass_of()()
                delivery.clock.pass_time(LOST_IS_KNOWN)

            where = (first, second)
            assert (where, stands(delivery)) == (where, JOINED_ONCE)
            assert (where, all_stands_once(delivery)) == (where, True)


def closed(delivery: Delivery, deal: CrmId) -> None:
    delivery.crm.close_deal(deal)


def deleted(delivery: Delivery, deal: CrmId) -> None:
    delivery.crm.delete_deal(deal)


def merged(delivery: Delivery, deal: CrmId) -> None:
    delivery.crm.merge_deals(deal, delivery.crm.open_deal(delivery.crm.deals[deal].contact))


@pytest.mark.parametrize("goes", [closed, deleted, merged])
@pytest.mark.parametrize("dies", [False, True], ids=["and all goes on", "and the process dies"])
async def test_wherever_its_deal_goes_the_repeat_request_stands_there_once(
    goes: Callable[[Delivery, CrmId], None], record_property: Callable[[str, object], None], *, dies: bool
) -> None:
    """Of a deal that was closed once the note stood in it, note and task stay there: people have seen them. Who deletes
    one in which all stands, wants it gone."""
    moments, once = await moments_of(a_repeat), 0
    for moment in range(moments):
        delivery = await a_repeat()
        deal = next(iter(delivery.crm.deals))
        again = delivery.dealership.stored_leads[1]
        stood: list[bool] = []

        async def happens(delivery: Delivery = delivery, deal: CrmId = deal, stood: list[bool] = stood) -> None:
            stood.append(stands(delivery) == JOINED_ONCE)
            goes(delivery, deal)
            if dies:
                raise Crash

        await struck_pass(delivery, Boundaries({moment: happens}))
        for _ in range(3):
            await delivery.pass_of()()
            delivery.clock.pass_time(LOST_IS_KNOWN)

        stored = await delivery.stored(again)
        notes = [note.deal for note in delivery.crm.notes.values() if is_note_of(stored.reference, note.text)]
        tasks = [task.deal for task in delivery.crm.tasks.values() if is_task_of(stored.reference, task.text)]
        assert (moment, stored.status, notes, tasks) == (moment, LeadStatus.DELIVERED, notes[:1], notes[:1])
        assert (moment, bool(notes) or stood == [True], set(notes) <= set(delivery.crm.deals)) == (moment, True, True)
        once += 1
    column = f"{goes.__name__}, crash" if dies else goes.__name__
    record_property("cell", (TABLE, "its deal goes", column, f"{once}/{moments}"))

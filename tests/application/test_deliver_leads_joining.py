"""A repeat request joins its customer's open deal, wherever that goes meanwhile."""

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

import pytest

from carquery.adapters.memory.crm import MEMORY
from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.application.leads.reconcile_leads import ReconcileLeads
from carquery.application.marked_text import plain
from carquery.application.ports.crm import CrmAmbiguous, CrmBusy, CrmShutOut
from carquery.application.staff.texts import StaffCommand, StaffTexts
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import EarlierDeal, LeadStatus
from carquery.domain.lead_history import Happening
from carquery.domain.reason import Reason
from tests.application.crms import CrmThatCannotLook, InterruptedCrm, InterruptedLookForDeals, ObservedCrm
from tests.application.delivering import EVERYTHING_ONCE, LOST_IS_KNOWN, QUARANTINE, an_eager_delivery
from tests.application.repeating import APART_ONCE, DAYS, JOINED_ONCE, a_regular, stands
from tests.builders import DAY, HOUR, MINUTE, SECOND, a_lead_with_files, a_phone


async def test_note_and_task_stand_with_the_open_deal_and_say_so() -> None:
    anna = await a_regular()
    again = await anna.asks_again()

    await anna.delivery.pass_of()()

    joined = await anna.delivery.stored(again)
    assert (joined.status, joined.joined_to) == (LeadStatus.DELIVERED, EarlierDeal(anna.deal, anna.first.reference))
    assert stands(anna.delivery) == JOINED_ONCE
    note, task = anna.texts_of(joined)
    assert "Повторное обращение, ранее CQ-000001" in note.splitlines()
    assert task.endswith("(CQ-000002), повторное обращение, ранее CQ-000001")
    assert (Happening.FOUND, Effect.LEAD) in await anna.delivery.happened(again)


async def test_without_the_dealership_s_wish_nobody_is_asked_and_each_has_a_deal_of_its_own() -> None:
    anna = await a_regular(days=0)
    again = await anna.asks_again()
    crm = ObservedCrm(anna.delivery.crm)

    await anna.delivery.pass_of(crm=crm)()

    assert stands(anna.delivery) == APART_ONCE
    assert (crm.looks, (await anna.delivery.stored(again)).earlier) == ([], None)


@pytest.mark.parametrize(("after", "expected"), [(DAYS * DAY, JOINED_ONCE), (DAYS * DAY + SECOND, APART_ONCE)])
async def test_an_older_deal_is_not_joined(after: timedelta, expected: dict[str, int]) -> None:
    anna = await a_regular()
    await anna.asks_again(after=after)

    await anna.delivery.pass_of()()

    assert stands(anna.delivery) == expected


async def test_a_new_deal_s_note_names_the_earlier_request_if_its_deal_is_closed() -> None:
    anna = await a_regular()
    anna.delivery.crm.close_deal(anna.deal)
    again = await anna.asks_again()

    await anna.delivery.pass_of()()

    own = await anna.delivery.stored(again)
    assert (stands(anna.delivery), own.joined_to) == (APART_ONCE, None)
    assert "Повторное обращение, ранее CQ-000001" in anna.texts_of(own)[0]


async def test_a_deal_that_people_opened_is_joined_too() -> None:
    anna = await a_regular()
    anna.delivery.crm.close_deal(anna.deal)
    theirs = anna.delivery.crm.open_deal(anna.first.made[Effect.CONTACT])
    again = await anna.asks_again()

    await anna.delivery.pass_of()()

    joined = await anna.delivery.stored(again)
    assert joined.joined_to == EarlierDeal(theirs)
    assert "Повторное обращение" in anna.texts_of(joined)[0].splitlines()


async def test_the_newest_of_several_open_deals_is_joined() -> None:
    anna = await a_regular()
    newest = anna.delivery.crm.open_deal(anna.first.made[Effect.CONTACT])
    again = await anna.asks_again()

    await anna.delivery.pass_of()()

    assert (await anna.delivery.stored(again)).made[Effect.LEAD] == newest


async def test_others_keep_deals_of_their_own() -> None:
    anna = await a_regular()
    boris = await anna.delivery.leads.add(a_lead_with_files(2, phone=a_phone(2)))

    await anna.delivery.pass_of()()

    assert (await anna.delivery.stored(boris)).earlier is None
    assert stands(anna.delivery) == APART_ONCE | {"contacts": 2}


@pytest.mark.parametrize("in_order", [True, False], ids=["as they came", "the other way round"])
async def test_of_several_leads_of_one_contact_in_one_batch_the_oldest_opens_the_deal(*, in_order: bool) -> None:
    delivery = an_eager_delivery(join_open_deal_days=DAYS)
    leads = [replace(a_lead_with_files(n), created_at=delivery.clock.now() - (9 - n) * MINUTE) for n in (1, 2, 3)]
    due = [replace(lead, next_attempt_at=delivery.clock.now()) for lead in leads]
    await delivery.has(*(due if in_order else due[::-1]))
    crm = ObservedCrm(delivery.crm)

    await delivery.pass_of(crm=crm)()

    stored = [await delivery.stored(lead) for lead in leads]
    assert [lead.joined_to for lead in stored] == [
        None,
        *[EarlierDeal(stored[0].made[Effect.LEAD], stored[0].reference)] * 2,
    ]
    assert stands(delivery) == {"contacts": 1, "deals": 1, "notes": 3, "tasks": 3, "files": 2}
    assert crm.looks == ["earlier deals of 1", "still open of 2"]


async def test_who_comes_with_a_lead_whose_deal_may_have_been_made_waits_for_it() -> None:
    """Else a lost call that landed after all would leave two deals."""
    delivery = an_eager_delivery(join_open_deal_days=DAYS)
    leads = [replace(a_lead_with_files(n), created_at=delivery.clock.now() + n * SECOND) for n in (1, 2)]
    await delivery.has(*leads)
    delivery.clock.pass_time(MINUTE)
    delivery.crm.fail_next(CrmAmbiguous("timeout"), effect=Effect.LEAD, after_effect=True)

    await delivery.pass_of()()
    waiting = await delivery.stored(leads[1])
    delivery.clock.pass_time(LOST_IS_KNOWN)
    await delivery.pass_of()()

    assert waiting.next_attempt_at == delivery.clock.now() - LOST_IS_KNOWN + QUARANTINE
    assert (waiting.attempts, waiting.intent) == (0, None)
    assert stands(delivery) == JOINED_ONCE


async def test_who_comes_with_a_lead_that_is_refused_gets_the_deal() -> None:
    delivery = an_eager_delivery(join_open_deal_days=DAYS)
    leads = [replace(a_lead_with_files(n), created_at=delivery.clock.now() + n * SECOND) for n in (1, 2)]
    await delivery.has(*leads)
    delivery.clock.pass_time(MINUTE)
    delivery.crm.refuse(leads[0].id, Effect.LEAD, Reason("нет такого поля"))

    await delivery.pass_of()()
    delivery.crm.accept_all()
    delivery.clock.pass_time(HOUR)
    await delivery.pass_of()()

    refused_first, second = [await delivery.stored(lead) for lead in leads]
    assert (second.joined_to, refused_first.joined_to) == (
        None,
        EarlierDeal(second.made[Effect.LEAD], second.reference),
    )
    assert stands(delivery) == JOINED_ONCE


@pytest.mark.parametrize("failure", [CrmBusy("HTTP 503"), CrmBusy("HTTP 429", retry_after=MINUTE), CrmShutOut("402")])
async def test_a_look_that_fails_puts_the_lead_off_and_nothing_is_in_doubt(failure: CrmBusy) -> None:
    anna = await a_regular()
    again = await anna.asks_again()
    crm = CrmThatCannotLook(anna.delivery.crm, failure)

    await anna.delivery.pass_of(crm=crm)()

    waiting = await anna.delivery.stored(again)
    assert (waiting.intent, waiting.doubts, waiting.next_effect) == (None, 0, Effect.LEAD)
    anna.delivery.clock.pass_time(HOUR)
    await anna.delivery.pass_of()()
    assert stands(anna.delivery) == JOINED_ONCE


class Goes(StrEnum):
    """What people do to a deal."""

    CLOSED = "closed"
    DELETED = "deleted"
    MERGED = "merged"


@pytest.mark.parametrize("goes", Goes)
@pytest.mark.parametrize("other", ["another one is open", "another one was closed"])
@pytest.mark.parametrize("after", [Effect.LEAD, Effect.NOTE, Effect.TASK], ids=lambda effect: f"after the {effect}")
async def test_a_deal_that_goes_in_the_middle_is_looked_for_again(goes: Goes, after: Effect, other: str) -> None:
    """What had been put to it goes along with it, or is made again once, where people see it."""
    anna = await a_regular()
    crm = anna.delivery.crm
    again = await anna.asks_again()
    others: list[CrmId] = []

    async def happens() -> None:
        if others:
            return
        others.append(crm.open_deal(anna.first.made[Effect.CONTACT]))
        match goes:
            case Goes.CLOSED:
                crm.close_deal(anna.deal)
            case Goes.DELETED:
                crm.delete_deal(anna.deal)
            case Goes.MERGED:
                crm.merge_deals(anna.deal, others[0])
        if other == "another one was closed":
            crm.close_deal(others[0])

    is_after_look = after is Effect.LEAD
    interrupted = InterruptedLookForDeals(crm, happens) if is_after_look else InterruptedCrm(crm, after, happens)
    await anna.delivery.pass_of(crm=interrupted)()
    anna.delivery.clock.pass_time(LOST_IS_KNOWN)
    await anna.delivery.pass_of()()

    lead = await anna.delivery.stored(again)
    deal = lead.made[Effect.LEAD]
    assert (lead.status, deal in crm.deals) == (LeadStatus.DELIVERED, True)
    notes = [note.deal for note in crm.notes.values() if is_note_of(lead.reference, note.text)]
    tasks = [task.deal for task in crm.tasks.values() if is_task_of(lead.reference, task.text)]
    assert (notes.count(deal), tasks.count(deal)) == (1, 1)
    left_behind = {one for one in (*notes, *tasks) if one != deal}
    assert not any(crm.deals[one].is_open for one in left_behind)
    if is_after_look:
        assert (left_behind, crm.deals[deal].is_open) == (set(), True)


async def test_a_deal_that_closes_each_time_costs_no_attempt_and_no_note() -> None:
    anna = await a_regular()
    crm = anna.delivery.crm
    again = await anna.asks_again()

    async def happens() -> None:
        for deal in list(crm.deals):
            crm.close_deal(deal)
        crm.open_deal(anna.first.made[Effect.CONTACT])

    await anna.delivery.pass_of(crm=InterruptedLookForDeals(crm, happens))()

    waiting = await anna.delivery.stored(again)
    assert (waiting.attempts, waiting.next_effect) == (0, Effect.LEAD)
    assert stands(anna.delivery)["notes"] == 1
    await anna.delivery.pass_of()()
    assert stands(anna.delivery)["notes"] == 2


async def test_a_joined_lead_of_a_store_that_was_put_back_gets_no_second_note() -> None:
    anna = await a_regular()
    again = await anna.asks_again()
    await anna.delivery.pass_of()()
    anna.delivery.database.leads[again.id].lead = again

    await anna.delivery.leads.put_in_doubt(at=anna.delivery.clock.now())
    anna.delivery.clock.pass_time(LOST_IS_KNOWN)
    await anna.delivery.pass_of()()

    assert (await anna.delivery.stored(again)).status is LeadStatus.DELIVERED
    assert stands(anna.delivery) == JOINED_ONCE


async def test_a_lead_that_was_refused_once_it_had_joined_goes_on_when_it_is_resubmitted() -> None:
    anna = await a_regular()
    again = await anna.asks_again()
    anna.delivery.crm.refuse(again.id, Effect.NOTE, Reason("нет места"))
    await anna.delivery.pass_of()()
    anna.delivery.crm.accept_all()

    await anna.delivery.leads.put_back([again.id], at=anna.delivery.clock.now())
    await anna.delivery.pass_of()()

    assert stands(anna.delivery) == JOINED_ONCE


async def test_nothing_is_put_to_the_deal_for_who_had_their_data_erased_meanwhile() -> None:
    anna = await a_regular()
    again = await anna.asks_again()

    async def happens() -> None:
        row = anna.delivery.database.leads[again.id]
        row.lead = row.lead.erased(at=anna.delivery.clock.now())

    await anna.delivery.pass_of(crm=InterruptedLookForDeals(anna.delivery.crm, happens))()

    assert stands(anna.delivery) == EVERYTHING_ONCE


async def test_a_joined_lead_is_not_counted_as_missing() -> None:
    anna = await a_regular()
    await anna.asks_again()
    await anna.delivery.pass_of()()
    reconcile = ReconcileLeads(leads=anna.delivery.leads, deals=anna.delivery.crm)

    counted = await reconcile(since=anna.delivery.clock.now() - DAY)
    anna.delivery.crm.delete_deal(anna.deal)
    deleted = await reconcile(since=anna.delivery.clock.now() - DAY)

    assert (counted.leads, counted.wrong) == (2, ())
    assert deleted.missing == ("CQ-000001", "CQ-000002")


async def test_the_staff_read_which_deal_a_lead_has_joined() -> None:
    anna = await a_regular()
    again = await anna.asks_again()
    await anna.delivery.pass_of()()

    said = StaffTexts(MEMORY).leads([await anna.delivery.stored(again), anna.first], StaffCommand.LEADS, plain(""))

    assert "повторное обращение, в сделке CQ-000001" in said.plain
    assert said.plain.count("повторное обращение") == 1

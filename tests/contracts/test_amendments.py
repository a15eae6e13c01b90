"""What every store of amendments keeps."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from carquery.application.ports.amendments import ClaimedAmendment, NotAmended
from carquery.application.ports.leads import LeadChange, Lease
from carquery.domain.amendment import (
    MOST_AMENDMENTS,
    Amendment,
    AmendmentEffect,
    AmendmentStatus,
)
from carquery.domain.contact import PersonName, Phone
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import CustomerId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason
from carquery.domain.words import Words
from tests.builders import (
    ANNA,
    BORIS,
    EVERY_ATTACHMENT,
    HOUR,
    NAMESAKE,
    NOW,
    a_correction,
    a_delivered_lead,
    a_pending_lead,
)
from tests.contracts.databases import Database

A_WHILE = timedelta(minutes=10)
OTHER_PHONE = Phone("+79035550101")


async def claim(database: Database) -> ClaimedAmendment:
    claimed = await database.amendments.claim(lease_for=A_WHILE)
    assert claimed is not None, "nothing is due"
    return claimed


async def stored(database: Database, lead: Lead) -> Lead:
    found = await database.leads.load(lead.id)
    assert found is not None
    return found


async def amendments_of(database: Database, lead: Lead) -> tuple[Amendment, ...]:
    return (await database.amendments.of([lead.id])).get(lead.id, ())


async def put_in_hand(database: Database) -> tuple[Lead, Lease]:
    """The lead is claimed."""
    taken = await database.leads.claim(limit=1, lease_for=A_WHILE)
    return taken.leads[0], taken.lease


# Storing


async def test_of_a_lead_that_nobody_has_begun_to_deliver_the_lead_says_it(database: Database) -> None:
    lead = await database.leads.add(a_pending_lead())

    kept = await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    assert (kept.status, kept.next_attempt_at) == (AmendmentStatus.INCLUDED, None)
    assert (await stored(database, lead)).phone == OTHER_PHONE
    assert (await database.leads.claim(limit=1, lease_for=A_WHILE)).leads[0].phone == OTHER_PHONE
    assert await database.amendments.claim(lease_for=A_WHILE) is None


async def test_of_a_delivered_lead_the_lead_says_it_and_the_crm_is_to_be_told(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())

    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    claimed = await claim(database)
    assert (claimed.lead.phone, claimed.lead.given_phone) == (OTHER_PHONE, OTHER_PHONE)
    assert claimed.lead == await stored(database, lead)
    assert claimed.amendment.before == {"phone": lead.answers["phone"]}
    assert claimed.amendment.after == {"phone": OTHER_PHONE}


async def test_a_lead_in_hand_stays_as_it_is_being_delivered_and_says_it_afterwards(database: Database) -> None:
    lead = await database.leads.add(a_pending_lead())
    held, lease = await put_in_hand(database)

    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    assert (await stored(database, lead)).phone == lead.phone
    assert await database.amendments.claim(lease_for=A_WHILE) is None
    await database.leads.update([LeadChange(held.delivered(at=NOW))], lease, release=True)
    assert (await claim(database)).lead.phone == OTHER_PHONE
    assert (await stored(database, lead)).phone == OTHER_PHONE


@pytest.mark.parametrize("progress", ["a contact stands there", "a call is in doubt"])
async def test_a_lead_of_which_something_may_stand_in_the_crm_stays_as_it_is(database: Database, progress: str) -> None:
    lead = a_pending_lead()
    begun = lead.with_made(Effect.CONTACT, CrmId(7)) if "stands" in progress else lead.intends(Effect.CONTACT, at=NOW)
    await database.leads.add(begun)

    kept = await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    assert kept.status is AmendmentStatus.PENDING
    assert (await stored(database, lead)).phone == lead.phone


async def test_who_had_the_lead_in_hand_until_its_lease_ran_out_writes_nothing_more(database: Database) -> None:
    lead = await database.leads.add(a_pending_lead())
    held, lease = await put_in_hand(database)
    await database.end_leases()

    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    late = LeadChange(held.intends(Effect.CONTACT, at=NOW))
    assert await database.leads.update([late], lease, release=False) == frozenset()
    assert (await stored(database, lead)).phone == OTHER_PHONE


async def test_a_cancelled_lead_that_nobody_has_begun_gets_no_task_to_call(database: Database) -> None:
    lead = await database.leads.add(a_pending_lead())

    kept = await database.amendments.add(Amendment.cancelling(lead, at=NOW), ANNA)

    assert kept.status is AmendmentStatus.PENDING, "the manager is to hear of it all the same"
    assert (await stored(database, lead)).made == {Effect.TASK: NOTHING_TO_MAKE}


async def test_an_amendment_made_twice_is_one(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    first = await database.amendments.add(a_correction(lead, name=PersonName("Мария")), ANNA)

    again = await database.amendments.add(a_correction(lead, name=PersonName("Марина")), ANNA)

    assert again == first
    assert await amendments_of(database, lead) == (first,)


async def test_of_two_cancellations_at_once_there_is_one(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())

    both = [database.amendments.add(Amendment.cancelling(lead, at=NOW), ANNA) for _ in range(2)]
    first, second = await asyncio.gather(*both)

    assert first == second
    assert len(await amendments_of(database, lead)) == 1


@pytest.mark.parametrize("customer", [BORIS, NAMESAKE], ids=["another", "a namesake in another messenger"])
async def test_nobody_changes_another_customer_s_lead(database: Database, customer: CustomerId) -> None:
    lead = await database.leads.add(a_delivered_lead())

    with pytest.raises(NotAmended):
        await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), customer)

    assert await stored(database, lead) == lead


async def test_a_lead_that_there_is_not_can_t_be_changed(database: Database) -> None:
    with pytest.raises(NotAmended):
        await database.amendments.add(a_correction(a_delivered_lead(), phone=OTHER_PHONE), ANNA)


async def test_a_cancelled_lead_is_not_corrected(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(Amendment.cancelling(lead, at=NOW), ANNA)

    with pytest.raises(NotAmended):
        await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)


async def test_what_changes_nothing_is_no_amendment(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())

    with pytest.raises(NotAmended):
        await database.amendments.add(a_correction(lead, phone=lead.answers["phone"]), ANNA)


async def test_a_lead_is_changed_only_so_often(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    for number in range(MOST_AMENDMENTS):
        name = PersonName("Анна" if number % 2 else "Мария")
        await database.amendments.add(a_correction(lead, number=number, at=minute(number), name=name), ANNA)

    with pytest.raises(NotAmended):
        await database.amendments.add(a_correction(lead, number=99, name=PersonName("Ольга")), ANNA)


async def test_what_was_is_what_the_lead_said_when_it_was_stored(database: Database) -> None:
    """Two devices have the same lead open."""
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, number=1, name=PersonName("Мария")), ANNA)

    second = a_correction(lead, number=2, at=minute(2), name=PersonName("Марина"))
    kept = await database.amendments.add(second, ANNA)

    assert kept.before == {"name": PersonName("Мария")}


async def test_an_answer_can_be_given_and_taken_away(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, number=1, comment=Words("только белая")), ANNA)
    with_comment = await stored(database, lead)
    taken_away = a_correction(with_comment, number=2, at=minute(2))

    await database.amendments.add(replace(taken_away, before={"comment": Words("только белая")}), ANNA)

    assert with_comment.answers["comment"] == Words("только белая")
    assert "comment" not in (await stored(database, lead)).answers


async def test_files_and_words_that_came_with_it_are_the_lead_s(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    said = replace(a_correction(lead), added=EVERY_ATTACHMENT, said=("и ещё коврики",))

    kept = await database.amendments.add(said, ANNA)

    says = await stored(database, lead)
    assert says.attachments == EVERY_ATTACHMENT
    assert says.conversation == ("и ещё коврики",)
    assert await amendments_of(database, lead) == (kept,)


async def test_name_and_phone_given_last_are_the_customer_s(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())

    await database.amendments.add(a_correction(lead, name=PersonName("Мария"), phone=OTHER_PHONE), ANNA)

    known = await database.customers.acquaintance(ANNA)
    assert (known.name, known.phone) == (PersonName("Мария"), OTHER_PHONE)


# Delivering


async def test_an_amendment_is_given_to_one_worker(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    claims = await asyncio.gather(*(database.amendments.claim(lease_for=A_WHILE) for _ in range(3)))

    assert sum(claimed is not None for claimed in claims) == 1


async def test_after_its_lease_another_worker_has_it_and_the_first_writes_nothing(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)
    first = await claim(database)
    await database.end_leases()
    second = await claim(database)

    late = first.amendment.intends(AmendmentEffect.CONTACT, at=NOW)

    assert not await database.amendments.update(late, first.lease, lease_for=A_WHILE)
    assert (await amendments_of(database, lead))[0] == second.amendment


async def test_each_record_lets_the_lease_run_on(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)
    claimed = await claim(database)
    for _ in range(3):
        await database.pass_time(A_WHILE * 0.8)
        assert await database.amendments.update(claimed.amendment, claimed.lease, lease_for=A_WHILE)

    assert await database.amendments.claim(lease_for=A_WHILE) is None


async def test_how_far_it_has_come_is_stored(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)
    claimed = await claim(database)
    farther = claimed.amendment.with_made(AmendmentEffect.CONTACT, CrmId(7), left_out=(Reason("нет поля"),))
    farther = farther.intends(AmendmentEffect.NOTE, at=NOW)

    await database.amendments.update(farther, claimed.lease, lease_for=A_WHILE)

    assert await amendments_of(database, lead) == (farther,)


async def test_a_later_one_waits_for_an_earlier_one(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    for number, name in ((1, "Мария"), (2, "Марина")):
        correction = a_correction(lead, number=number, at=minute(number), name=PersonName(name))
        await database.amendments.add(correction, ANNA)
    first = await claim(database)

    assert await database.amendments.claim(lease_for=A_WHILE) is None

    done = first.amendment.delivered(at=NOW)
    await database.amendments.update(done, first.lease, lease_for=None)
    assert (await claim(database)).amendment.after == {"name": PersonName("Марина")}


async def test_one_customer_s_does_not_wait_for_another_s(database: Database) -> None:
    for number, customer in ((1, ANNA), (2, BORIS)):
        lead = await database.leads.add(a_delivered_lead(number, customer=customer))
        await database.amendments.add(a_correction(lead, number=number, name=PersonName("Мария")), customer)

    assert {(await claim(database)).amendment.lead for _ in range(2)} == {"0000000000001", "0000000000002"}


async def test_one_that_waits_for_its_next_attempt_is_not_due(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, name=PersonName("Мария")), ANNA)
    claimed = await claim(database)

    later = claimed.amendment.postponed(until=database.now() + HOUR)
    await database.amendments.update(later, claimed.lease, lease_for=None)

    assert await database.amendments.claim(lease_for=A_WHILE) is None


async def test_a_dead_one_is_put_back_by_a_person(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, name=PersonName("Мария")), ANNA)
    claimed = await claim(database)
    await database.amendments.update(claimed.amendment.given_up(Reason("нет")), claimed.lease, lease_for=None)

    assert await database.amendments.claim(lease_for=A_WHILE) is None
    assert await database.amendments.put_back([lead.id], at=NOW) == {lead.id}
    assert (await claim(database)).amendment.failure is None
    assert await database.amendments.put_back([lead.id], at=NOW) == frozenset()


# Personal data


async def test_erasing_a_customer_leaves_nothing_of_what_they_changed(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead())
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)
    claimed = await claim(database)

    await database.customers.erase(ANNA)

    assert await amendments_of(database, lead) == ()
    assert not await database.amendments.update(claimed.amendment, claimed.lease, lease_for=A_WHILE)


async def test_leads_that_are_forgotten_are_forgotten_with_what_was_changed_of_them(database: Database) -> None:
    lead = await database.leads.add(a_delivered_lead(delivered_at=NOW - 400 * timedelta(days=1)))
    await database.amendments.add(a_correction(lead, phone=OTHER_PHONE), ANNA)

    await database.customers.forget(delivered_before=NOW - 365 * timedelta(days=1), at_most=10)

    assert await amendments_of(database, lead) == ()


def minute(number: int) -> datetime:
    return NOW - timedelta(hours=1) + number * timedelta(minutes=1)

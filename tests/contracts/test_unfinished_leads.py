"""What the stores promise of forms that become leads before they are sent."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from carquery.domain.amendment import Amendment, AmendmentKind
from carquery.domain.draft import Draft
from carquery.domain.ids import AmendmentId, CustomerId, LeadId
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.words import Words
from tests.builders import ANNA, ANNA_S_HANDLE, BORIS, NOW, TERMS, a_dialog, a_lead
from tests.contracts.claiming import claim_one
from tests.contracts.databases import Database

LONG_AGO = NOW - timedelta(days=7)


def left(number: int = 1, customer: CustomerId = ANNA, *, step: str = "comment", age: timedelta = timedelta()) -> Draft:
    """A form with a number in it."""
    dialog = a_dialog(step=step, number=number)
    return Draft(customer=customer, dialog=dialog, touched_at=NOW - age, is_permitted=True, handle=ANNA_S_HANDLE)


def unfinished(number: int = 1, **changes: object) -> Lead:
    """The lead that is made of it."""
    return a_lead(number, id=LeadId(a_dialog(number=number).id), is_unfinished=True, **changes)


async def keep(database: Database, *drafts: Draft) -> None:
    await database.drafts.write(drafts, ended=(), at=NOW)


async def silent(database: Database, *, at_most: int = 10, after: Draft | None = None) -> list[Draft]:
    page = database.drafts.silent(touched_since=LONG_AGO, touched_until=NOW, at_most=at_most, after=after)
    return list(await page)


async def test_forms_with_a_number_are_found_the_oldest_first(database: Database) -> None:
    older = left(2, BORIS, age=timedelta(hours=1))
    await keep(database, left(1), older, left(3, step="phone"))

    assert await silent(database) == [older, left(1)]
    assert await silent(database, at_most=1) == [older]


async def test_pages_hold_each_form_once(database: Database) -> None:
    """Two were left at one moment."""
    forms = [left(number, CustomerId(ANNA.channel, str(number)), age=timedelta(minutes=5)) for number in (1, 2, 3)]
    newest = left(4, BORIS)
    await keep(database, newest, *forms)

    first = await silent(database, at_most=2)
    second = await silent(database, at_most=2, after=first[-1])

    assert [*first, *second] == [*forms, newest]
    assert await silent(database, at_most=2, after=newest) == []


async def test_what_was_left_before_that_is_not_among_them(database: Database) -> None:
    await keep(database, left(1, age=NOW - LONG_AGO + timedelta(seconds=1)))

    assert await silent(database) == []


async def test_a_number_that_may_not_be_used_is_none(database: Database) -> None:
    await keep(database, replace(left(1), is_permitted=False))

    assert await silent(database) == []


async def test_who_was_there_since_is_not_silent(database: Database) -> None:
    await keep(database, replace(left(1), touched_at=NOW + timedelta(seconds=1)))

    assert await silent(database) == []


async def test_of_a_form_there_is_one_lead(database: Database) -> None:
    await keep(database, left(1))
    await database.leads.add(unfinished(1))

    assert await silent(database) == []


async def test_what_has_ended_is_not_silent(database: Database) -> None:
    await keep(database, left(1), left(2, BORIS))
    await database.drafts.write((), ended=[left(1).dialog.id], at=NOW)
    await database.customers.erase(BORIS)

    assert await silent(database) == []


async def test_an_unfinished_lead_leaves_the_form_to_its_customer(database: Database) -> None:
    await keep(database, left(1))
    await database.leads.add(unfinished(1))

    assert await database.drafts.of(ANNA, touched_since=LONG_AGO) == left(1)


async def test_who_finishes_it_before_it_is_delivered_makes_it_the_whole_one(database: Database) -> None:
    await keep(database, left(1))
    first = await database.leads.add(unfinished(1, consent=TERMS.fingerprint))

    sent = await database.leads.add(replace(a_lead(2), id=first.id))

    assert sent == replace(first, is_unfinished=False, answers=a_lead(2).answers)
    assert await database.leads.load(first.id) == sent
    assert await database.drafts.of(ANNA, touched_since=LONG_AGO) is None


async def test_an_unfinished_lead_replaces_nothing(database: Database) -> None:
    sent = await database.leads.add(a_lead(1, id=LeadId(a_dialog().id)))

    again = await database.leads.add(replace(unfinished(2, answers={}), id=sent.id))

    assert again == sent
    assert await database.leads.load(sent.id) == sent


async def test_once_it_is_being_delivered_it_stays_what_it_is(database: Database) -> None:
    first = await database.leads.add(unfinished(1))
    await claim_one(database)

    again = await database.leads.add(replace(a_lead(2, answers={}), id=first.id))

    assert again == replace(first, status=LeadStatus.DELIVERING)


async def test_of_a_finished_and_unfinished_ones_at_once_the_finished_one_stays(database: Database) -> None:
    whole = replace(a_lead(9), id=unfinished(1).id)
    rivals = [replace(unfinished(1), reference=a_lead(number).reference) for number in range(1, 6)]

    await asyncio.gather(*(database.leads.add(lead) for lead in (*rivals[:2], whole, *rivals[2:])))

    (stored,) = await database.leads.newest(limit=9)
    assert not stored.is_unfinished


async def test_it_is_claimed_and_erased_as_others_are(database: Database) -> None:
    await database.leads.add(unfinished(1))
    claimed, _ = await claim_one(database)
    assert claimed.is_unfinished

    await database.customers.erase(ANNA)

    (lead,) = await database.leads.newest(limit=9)
    assert (lead.customer, dict(lead.answers), lead.is_unfinished) == (None, {}, True)


async def test_what_its_customer_says_of_it_makes_it_theirs(database: Database) -> None:
    lead = await database.leads.add(unfinished(1))
    said = Amendment(
        id=AmendmentId("0123456789ABC"),
        lead=lead.id,
        kind=AmendmentKind.CORRECTION,
        asked_at=NOW,
        after={"comment": Words("Только белая")},
        next_attempt_at=NOW,
    )

    await database.amendments.add(said, ANNA)

    stored = await database.leads.load(lead.id)
    assert stored is not None
    assert (stored.is_unfinished, stored.answers["comment"]) == (False, Words("Только белая"))

"""What every adapter of `Leads` promises."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from carquery.application.ports.leads import Chosen, LeadChange, ReferenceTaken
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.dealership.routing import Route, Turn, TurnKey
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import Channel, CrmPipelineId, CrmUserId, CustomerId, LeadId, Reference, Source
from carquery.domain.lead import EarlierDeal, Lead, LeadStatus
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.reason import Reason
from carquery.domain.visit import STRANGER
from tests.builders import (
    ANNA,
    ANNA_S_HANDLE,
    BORIS,
    EVERY_ATTACHMENT,
    EVERY_KIND_OF_ANSWER,
    NAMESAKE,
    NOW,
    a_lead,
    someone,
)
from tests.contracts.claiming import A_WHILE, claim_one
from tests.contracts.databases import Database

IVAN, PETR, OLGA = CrmUserId(501), CrmUserId(502), CrmUserId(503)
SELLERS = Turn(TurnKey("sell"), (IVAN, PETR, OLGA))
BUYERS = Turn(TurnKey("buy"), (OLGA, IVAN))


async def test_a_lead_comes_back_as_it_was_added(database: Database) -> None:
    lead = a_lead(
        answers=EVERY_KIND_OF_ANSWER,
        service=Service.CALLBACK,
        attachments=EVERY_ATTACHMENT,
        conversation=("Привет", "«ё» 🚗 <b> \\ ' \" ;--"),
        source=Source("avito"),
        consent="f" * 64,
        made={Effect.CONTACT: CrmId(2**40), Effect.TASK: CrmId(0)},
        intent=CallIntent(Effect.LEAD, NOW),
        route=Route(pipeline=CrmPipelineId(7001), responsible=(PETR,), task_minutes=0, tags=("Авито",)),
        responsible=PETR,
        left_out=(Reason("Поле «VIN»"),),
        earlier=EarlierDeal(CrmId(2**40)),
        trade_in=(Reference("CQ-000002"),),
        attempts=3,
        failure=Reason("нет такого поля"),
        delivered_at=NOW + timedelta(microseconds=1),
    )

    added = await database.leads.add(lead)

    assert added == lead
    assert await database.leads.load(lead.id) == lead
    assert await database.leads.find(lead.reference) == lead


@pytest.mark.parametrize(
    ("customer", "handle"),
    [
        (ANNA, ANNA_S_HANDLE),
        (ANNA, Handle("Telegram", "id 7000000001")),
        (ANNA, None),
        (NAMESAKE, Handle("MAX", "Анна: «ё» 🚗")),
        (CustomerId(Channel("telegram"), "0017"), Handle("Telegram", "@")),
    ],
    ids=str,
)
async def test_a_lead_knows_whose_it_is_and_where_they_are_found(
    database: Database, customer: CustomerId, handle: Handle | None
) -> None:
    lead = a_lead(customer=customer, handle=handle)

    assert await database.leads.add(lead) == lead
    assert await database.leads.load(lead.id) == lead


async def test_the_same_number_in_two_channels_is_two_customers(database: Database) -> None:
    hers = await database.leads.add(a_lead(1))
    namesakes = await database.leads.add(a_lead(2, customer=NAMESAKE))
    later = await database.leads.add(a_lead(3))

    chosen = [await database.leads.newest(limit=9, chosen=Chosen(customer=whose)) for whose in (ANNA, NAMESAKE, BORIS)]

    assert chosen == [(later, hers), (namesakes,), ()]


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    assert await database.leads.load(LeadId("0123456789ABC")) is None
    assert await database.leads.find(Reference("CQ-0123AB")) is None


async def test_a_second_lead_of_the_same_dialog_is_the_first(database: Database) -> None:
    first = await database.leads.add(a_lead(1))

    second = await database.leads.add(replace(a_lead(2), id=first.id, source=Source("second")))

    assert second == first
    assert await database.leads.newest(limit=10) == (first,)


async def test_before_anyone_delivers_it_a_lead_takes_changed_answers(database: Database) -> None:
    """The first time its answer was lost, the customer was told to press again, and changed the name before."""
    first = await database.leads.add(a_lead(1))
    changed = dict(first.answers) | {"name": PersonName("Мария")}

    second = await database.leads.add(replace(a_lead(2), id=first.id, answers=changed))

    assert second == replace(first, answers=changed)
    assert await database.leads.load(first.id) == second
    assert (await database.customers.acquaintance(ANNA)).name == PersonName("Мария")


async def test_a_lead_in_delivery_takes_no_other_answers(database: Database) -> None:
    added = await database.leads.add(a_lead(1))
    claimed, _ = await claim_one(database)

    again = await database.leads.add(replace(added, answers={"name": PersonName("Мария")}))

    assert again == claimed


async def test_a_lead_that_was_put_off_takes_no_other_answers(database: Database) -> None:
    added = await database.leads.add(a_lead(1))
    lead, lease = await claim_one(database)
    await database.leads.update([LeadChange(lead.postponed(until=NOW + A_WHILE))], lease, release=True)

    again = await database.leads.add(replace(added, answers={"name": PersonName("Мария")}))

    assert again.answers == added.answers


async def test_of_many_leads_of_one_dialog_at_once_one_is_stored(database: Database) -> None:
    rivals = [replace(a_lead(number), id=LeadId("0123456789ABC")) for number in range(1, 9)]

    added = await asyncio.gather(*(database.leads.add(rival) for rival in rivals))

    (stored,) = await database.leads.newest(limit=10)
    assert added == [stored] * 8


async def test_leads_are_given_to_people_in_turn(database: Database) -> None:
    sold = [await database.leads.add(a_lead(number), turn=SELLERS) for number in range(1, 5)]
    bought = [await database.leads.add(a_lead(number), turn=BUYERS) for number in range(5, 8)]

    assert [lead.responsible for lead in sold] == [IVAN, PETR, OLGA, IVAN]
    assert [lead.responsible for lead in bought] == [OLGA, IVAN, OLGA]
    assert [(await database.leads.load(lead.id)) for lead in (*sold, *bought)] == [*sold, *bought]


async def test_of_leads_that_are_stored_at_once_each_person_gets_as_many(database: Database) -> None:
    added = await asyncio.gather(*(database.leads.add(a_lead(number), turn=SELLERS) for number in range(1, 13)))

    assert Counter(lead.responsible for lead in added) == {IVAN: 4, PETR: 4, OLGA: 4}


async def test_a_lead_that_is_stored_already_takes_no_turn_again(database: Database) -> None:
    first = await database.leads.add(a_lead(1), turn=SELLERS)
    changed = replace(a_lead(2), id=first.id, answers=dict(first.answers) | {"name": PersonName("Мария")})

    again = [await database.leads.add(lead, turn=SELLERS) for lead in (first, changed)]
    rivals = [replace(a_lead(number), id=LeadId("0123456789ABC")) for number in range(3, 9)]
    added = await asyncio.gather(*(database.leads.add(rival, turn=SELLERS) for rival in rivals))
    later = await database.leads.add(a_lead(9), turn=SELLERS)

    assert [lead.responsible for lead in (*again, *added, later)] == [IVAN, IVAN, *[PETR] * 6, OLGA]


async def test_a_lead_that_could_not_be_stored_takes_no_turn(database: Database) -> None:
    first = await database.leads.add(a_lead(1))
    with pytest.raises(ReferenceTaken):
        await database.leads.add(replace(a_lead(2), reference=first.reference), turn=SELLERS)

    assert (await database.leads.add(a_lead(3), turn=SELLERS)).responsible == IVAN


async def test_people_keep_their_turns_when_the_list_changes(database: Database) -> None:
    fewer = Turn(SELLERS.key, (IVAN, OLGA))
    turns = [SELLERS, fewer, fewer, SELLERS]

    given = [
        (await database.leads.add(a_lead(number), turn=turn)).responsible for number, turn in enumerate(turns, start=1)
    ]

    assert given == [IVAN, OLGA, IVAN, IVAN]


async def test_a_lead_that_is_put_back_keeps_its_route_and_its_person(database: Database) -> None:
    route = Route(pipeline=CrmPipelineId(7001), responsible=SELLERS.people)
    added = await database.leads.add(a_lead(1, route=route, status=LeadStatus.DEAD), turn=SELLERS)

    await database.leads.put_back([added.id], at=NOW)

    stored = await database.leads.load(added.id)
    assert stored is not None
    assert (stored.route, stored.responsible) == (route, IVAN)


async def test_a_reference_is_given_once(database: Database) -> None:
    first = await database.leads.add(a_lead(1))

    with pytest.raises(ReferenceTaken):
        await database.leads.add(replace(a_lead(2), reference=first.reference, customer=BORIS))

    assert await database.leads.newest(limit=10) == (first,)
    assert (await database.customers.acquaintance(BORIS)).phone is None


async def test_the_customers_name_and_phone_are_stored_with_the_lead(database: Database) -> None:
    lead = await database.leads.add(a_lead())

    known = await database.customers.acquaintance(ANNA)

    assert (known.name, known.phone) == (lead.name, lead.phone)


async def test_a_lead_that_comes_once_more_after_an_erasure_brings_nothing_back(database: Database) -> None:
    lead = await database.leads.add(a_lead())
    await database.customers.erase(ANNA)

    again = await database.leads.add(lead)

    assert dict(again.answers) == {}
    assert await database.customers.acquaintance(ANNA) == STRANGER


async def test_the_newest_leads_come_first(database: Database) -> None:
    for number in (2, 3, 1):
        await database.leads.add(a_lead(number, created_at=NOW - timedelta(minutes=number)))

    newest = await database.leads.newest(limit=2)

    assert [lead.reference for lead in newest] == ["CQ-000001", "CQ-000002"]


async def test_leads_of_one_status_can_be_listed(database: Database) -> None:
    await database.leads.add(a_lead(1))
    failed = await database.leads.add(a_lead(2, status=LeadStatus.FAILED))

    assert await database.leads.newest(limit=10, chosen=Chosen(statuses=frozenset({LeadStatus.FAILED}))) == (failed,)


async def test_the_leads_of_a_phone_are_found_whatever_stands_beside_the_number(database: Database) -> None:
    phone = Phone("+74951234567")
    older = await database.leads.add(someone(1, phone, created_at=NOW - 2 * A_WHILE))
    newer = await database.leads.add(someone(2, replace(phone, extension="5", remark="после шести"), created_at=NOW))
    await database.leads.add(someone(3, created_at=NOW))
    erased = await database.leads.add(someone(4, phone, created_at=NOW, customer=BORIS))
    await database.customers.erase(BORIS)

    found = await database.leads.of_phones({phone, Phone("+79990000000")}, since=NOW - 2 * A_WHILE)
    lately = await database.leads.of_phones({phone}, since=NOW - A_WHILE)

    assert (found, lately) == ((older, newer), (newer,))
    assert erased.id not in {lead.id for lead in found}
    assert await database.leads.of_phones(set(), since=NOW - A_WHILE) == ()


async def test_what_a_lead_has_joined_is_stored_with_it(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    deal = EarlierDeal(CrmId(7), Reference("CQ-7K3M9X"), CrmUserId(3))
    joined = lead.with_made(Effect.CONTACT, CrmId(5)).joins(deal).may_be_traded_for((Reference("CQ-000002"),))

    await database.leads.update([LeadChange(joined)], lease, release=False)

    stored = await database.leads.load(lead.id)
    assert stored is not None
    assert (stored.joined_to, stored.earlier, stored.trade_in) == (deal, deal, ("CQ-000002",))
    await database.leads.update([LeadChange(joined.without(Effect.LEAD).comes_after(None))], lease, release=True)
    assert (await database.leads.load(lead.id) or stored).earlier is None


async def test_an_update_is_stored_and_keeps_the_lease(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    changed = lead.intends(Effect.CONTACT, at=NOW).with_made(Effect.CONTACT, CrmId(5), left_out=(Reason("тег"),))

    written = await database.leads.update([LeadChange(changed)], lease, release=False)

    assert written == {lead.id}
    assert await database.leads.load(lead.id) == changed
    assert (await database.leads.claim(limit=10, lease_for=A_WHILE)).leads == ()


@pytest.mark.parametrize("odd", ["\0", "\ud800"], ids=["NUL", "lone surrogate"])
async def test_the_crms_words_are_stored_whatever_signs_they_hold(database: Database, odd: str) -> None:
    """A lead whose failure can't be stored would fail the pass, and the next one, for ever."""
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)

    odd_lead = replace(lead, failure=Reason(f"нет поля{odd}"), left_out=(Reason(f"VIN{odd}"),))
    entry = HistoryEntry(NOW, Happening.REFUSED, Effect.LEAD, Reason(f"нет{odd}"))
    await database.leads.update([LeadChange(odd_lead, (entry,))], lease, release=True)

    stored = await database.leads.load(lead.id)
    assert stored is not None
    assert str(stored.failure).startswith("нет поля")
    assert [str(reason)[:3] for reason in stored.left_out] == ["VIN"]
    assert [str(entry.why)[:3] for entry in await database.leads.history(lead.id)] == ["нет"]


async def test_an_update_with_a_lost_lease_writes_nothing(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lost = await claim_one(database)
    await database.end_leases()
    taken_over, _ = await claim_one(database)

    written = await database.leads.update([LeadChange(replace(lead, attempts=7))], lost, release=True)

    assert written == frozenset()
    assert await database.leads.load(lead.id) == taken_over


async def test_a_lease_given_back_is_lost(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    await database.leads.update([LeadChange(lead)], lease, release=True)

    assert await database.leads.update([LeadChange(replace(lead, attempts=7))], lease, release=False) == frozenset()


async def test_who_delivers_a_lead_loses_it_when_it_is_erased(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    await database.customers.erase(ANNA)

    assert await database.leads.update([LeadChange(lead)], lease, release=True) == frozenset()

    erased = await database.leads.load(lead.id)
    assert erased is not None
    assert dict(erased.answers) == {}


async def test_leads_received_in_some_time_can_be_listed(database: Database) -> None:
    for number in range(4):
        await database.leads.add(a_lead(number, created_at=NOW + timedelta(hours=number)))

    chosen = Chosen(since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=3))

    assert [lead.reference for lead in await database.leads.newest(limit=10, chosen=chosen)] == [
        "CQ-000002",
        "CQ-000001",
    ]


async def test_the_newest_leads_are_chosen_by_how_their_phones_end(database: Database) -> None:
    await database.leads.add(someone(1, Phone("+79161234567"), created_at=NOW - 2 * A_WHILE))
    newest = await database.leads.add(someone(2, Phone("+74950004567"), created_at=NOW))
    again = await database.leads.add(someone(3, Phone("+79161234567", extension="5"), created_at=NOW - A_WHILE))
    await database.leads.add(someone(4, Phone("+79164567000"), created_at=NOW))
    await database.leads.add(someone(5, Phone("+79161114567"), created_at=NOW, customer=BORIS))
    await database.customers.erase(BORIS)

    assert await database.leads.newest(limit=2, chosen=Chosen(phone_ends="4567")) == (newest, again)
    assert await database.leads.newest(limit=2, chosen=Chosen(phone_ends="%%%%")) == ()


async def test_leads_are_chosen_by_words_of_the_name(database: Database) -> None:
    def named(number: int, name: str, **changes: Any) -> Lead:
        lead = someone(number, created_at=NOW, **changes)
        return replace(lead, answers={**lead.answers, "name": PersonName(name)})

    hers = await database.leads.add(named(1, "Анна Семёнова"))
    await database.leads.add(named(2, "Аня"))
    await database.leads.add(named(3, "Анна", customer=BORIS))
    await database.customers.erase(BORIS)

    for typed in ("Анна", "анна", "АННА", "Семёнова анна", "семенова"):
        assert await database.leads.newest(limit=3, chosen=Chosen(name=typed)) == (hers,), typed
    assert await database.leads.newest(limit=3, chosen=Chosen(name="а%а")) == ()


async def test_all_leads_are_listed_page_by_page_even_those_of_one_moment(database: Database) -> None:
    for number in range(7):
        await database.leads.add(a_lead(number))
    listed: list[Lead] = []

    while page := await database.leads.newest(limit=3, before=listed[-1] if listed else None):
        listed += page

    assert [lead.reference for lead in listed] == [f"CQ-{number:06}" for number in reversed(range(7))]


async def test_what_happened_to_a_lead_is_told_in_order(database: Database) -> None:
    await database.leads.add(a_lead(1))
    lead, lease = await claim_one(database)
    first = HistoryEntry(NOW, Happening.LOST, Effect.CONTACT, Reason("нет ответа"))
    second = HistoryEntry(NOW + A_WHILE, Happening.DELIVERED)

    await database.leads.update([LeadChange(lead, (first,))], lease, release=False)
    await database.leads.update([LeadChange(lead, (second,))], lease, release=True)

    assert await database.leads.history(lead.id) == (first, second)
    assert await database.leads.history(LeadId("0123456789ABC")) == ()


async def test_what_could_not_be_written_did_not_happen(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lost = await claim_one(database)
    await database.end_leases()
    await claim_one(database)

    await database.leads.update([LeadChange(lead, (HistoryEntry(NOW, Happening.DELIVERED),))], lost, release=True)

    assert await database.leads.history(lead.id) == ()


async def test_erasure_takes_the_words_out_of_the_history(database: Database) -> None:
    await database.leads.add(a_lead())
    lead, lease = await claim_one(database)
    entry = HistoryEntry(NOW, Happening.REFUSED, Effect.LEAD, Reason("имя «Анна» не годится"))
    await database.leads.update([LeadChange(lead, (entry,))], lease, release=True)

    await database.customers.erase(ANNA)

    assert await database.leads.history(lead.id) == (replace(entry, why=None),)


@pytest.mark.parametrize("status", [LeadStatus.PENDING, LeadStatus.FAILED, LeadStatus.DEAD])
async def test_a_lead_is_put_back_with_all_its_attempts(database: Database, status: LeadStatus) -> None:
    added = await database.leads.add(a_lead(status=status, attempts=9, failure=Reason("нет"), next_attempt_at=None))

    assert await database.leads.put_back([added.id], at=NOW) == {added.id}

    assert await database.leads.load(added.id) == added.resubmitted(at=NOW)
    assert await database.leads.history(added.id) == (HistoryEntry(NOW, Happening.RESUBMITTED),)


async def test_what_is_done_erased_or_in_hand_is_not_put_back(database: Database) -> None:
    delivered = await database.leads.add(a_lead(1, status=LeadStatus.DELIVERED, next_attempt_at=None))
    erased = await database.leads.add(a_lead(2, customer=None, answers={}, erased_at=NOW))
    await database.leads.add(a_lead(3))
    in_hand, _ = await claim_one(database)

    leads = [delivered.id, erased.id, in_hand.id, LeadId("0123456789ABC")]

    assert await database.leads.put_back(leads, at=NOW) == frozenset()
    assert await database.leads.load(in_hand.id) == in_hand


async def test_more_leads_than_fit_into_one_statement_are_put_back_at_once(database: Database) -> None:
    first, last = [await database.leads.add(a_lead(number, status=LeadStatus.DEAD)) for number in (1, 2)]
    nobody_s = [LeadId(f"NONE{number:09}") for number in range(500)]

    assert await database.leads.put_back([first.id, *nobody_s, last.id], at=NOW) == {first.id, last.id}


async def test_whatever_was_not_delivered_is_put_in_doubt(database: Database) -> None:
    contact = {Effect.CONTACT: CrmId(1)}
    untouched = await database.leads.add(a_lead(1))
    begun = await database.leads.add(a_lead(2, status=LeadStatus.DEAD, made=contact, next_attempt_at=None))
    lost = await database.leads.add(a_lead(3, intent=CallIntent(Effect.CONTACT, NOW - timedelta(hours=1))))
    done = [
        await database.leads.add(a_lead(4, status=LeadStatus.DELIVERED, next_attempt_at=None)),
        await database.leads.add(a_lead(5, customer=None, answers={}, erased_at=NOW)),
    ]

    assert await database.maintenance.put_in_doubt(at=NOW) == 3

    stored = [await database.leads.load(lead.id) for lead in (untouched, begun, lost)]
    assert [lead and (lead.must_recheck, lead.intent) for lead in stored] == [
        (True, CallIntent(Effect.CONTACT, NOW)),
        (True, CallIntent(Effect.LEAD, NOW)),
        (True, lost.intent),
    ]
    assert [await database.leads.load(lead.id) for lead in done] == done


async def test_the_contact_of_the_newest_lead_with_a_phone_is_known(database: Database) -> None:
    phone = Phone("+79161234567")
    for number, made in ((1, {Effect.CONTACT: CrmId(11)}), (2, {Effect.CONTACT: CrmId(22)}), (3, {})):
        lead = someone(number, phone, made=made, created_at=NOW + timedelta(minutes=number))
        await database.leads.add(lead)

    assert await database.known.contacts_of([phone, Phone("+79035550101")]) == {phone: CrmId(22)}


async def test_an_extension_and_a_remark_come_back_and_make_no_other_person(database: Database) -> None:
    office = Phone("+74951234567", extension="5", remark="звоните после шести")
    lead = someone(1, office, made={Effect.CONTACT: CrmId(11)})
    await database.leads.add(lead)

    stored = await database.leads.load(lead.id)

    assert stored is not None
    assert (stored.given_phone, stored.phone) == (office, office.number)
    assert await database.known.contacts_of([office.number]) == {office.number: CrmId(11)}


async def test_leads_are_counted_by_form_and_status(database: Database) -> None:
    day = timedelta(days=1)
    for lead in (
        someone(1, status=LeadStatus.DEAD, created_at=NOW - 9 * day, next_attempt_at=None),
        someone(2, status=LeadStatus.DELIVERED, created_at=NOW - 8 * day, next_attempt_at=None),
        someone(3, status=LeadStatus.FAILED, created_at=NOW - 2 * day),
        someone(4, created_at=NOW - day),
        someone(5, created_at=NOW, service=Service.LEGAL),
    ):
        await database.leads.add(lead)

    figures = await database.maintenance.figures()

    assert {kind: count for kind, count in figures.counts.items() if count} == {
        (Service.SELL, LeadStatus.DEAD): 1,
        (Service.SELL, LeadStatus.DELIVERED): 1,
        (Service.SELL, LeadStatus.FAILED): 1,
        (Service.SELL, LeadStatus.PENDING): 1,
        (Service.LEGAL, LeadStatus.PENDING): 1,
    }
    assert figures.waiting == 3
    assert figures.oldest_waiting == NOW - 2 * day
    undelivered = await database.maintenance.undelivered()
    assert (undelivered.waiting, undelivered.oldest_waiting) == (3, NOW - 2 * day)
    assert (Service.SELL, LeadStatus.DELIVERED) not in {kind for kind, count in undelivered.counts.items() if count}
    delivered = await database.maintenance.delivered()
    assert {service: count for service, count in delivered.items() if count} == {Service.SELL: 1}


async def test_without_leads_nothing_waits(database: Database) -> None:
    figures = await database.maintenance.figures()

    assert (figures.waiting, figures.oldest_waiting) == (0, None)


async def test_erased_leads_are_not_counted(database: Database) -> None:
    await database.leads.add(a_lead())
    await database.customers.erase(ANNA)

    figures = await database.maintenance.figures()

    assert (sum(figures.counts.values()), figures.oldest_waiting) == (0, None)

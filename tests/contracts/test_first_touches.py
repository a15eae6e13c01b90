"""What every store of first touches promises."""

from datetime import timedelta

from carquery.application.ports.alerts import LeadUntouched, NewLead
from carquery.application.ports.first_touches import Look
from carquery.application.ports.leads import LeadChange
from carquery.domain.effects import CrmId, Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, LeadId, Reference, Source
from carquery.domain.lead import Lead
from tests.builders import ANNA, DAY, HOUR, MINUTE, a_pending_lead
from tests.contracts.databases import Database

OLEG, IRINA = CrmUserId(501), CrmUserId(502)
LEASE = timedelta(minutes=1)


async def delivered(database: Database, number: int = 1, *told: NewLead) -> Lead:
    """A lead that has just been delivered."""
    now = database.now()
    stored = await database.leads.add(a_pending_lead(number, now=now, source=Source("avito")))
    claim = await database.leads.claim(limit=10, lease_for=LEASE)
    made = {effect: CrmId(100 * number + place) for place, effect in enumerate(Effect)}
    done = stored.claimed()
    for effect, crm_id in made.items():
        done = done.with_made(effect, crm_id)
    done = done.delivered(at=now)
    written = await database.leads.update([LeadChange(done, told=told)], claim.lease, release=True)
    assert written == {stored.id}
    return done


def untouched(lead: Lead) -> LeadUntouched:
    return LeadUntouched(
        reference=lead.reference, service=lead.service, car="Lada", source="", messenger="", deal=CrmId(1), minutes=30
    )


async def test_a_lead_is_watched_from_its_delivery_on(database: Database) -> None:
    await database.leads.add(a_pending_lead(2, now=database.now()))
    lead = await delivered(database)

    [watched] = await database.touches.due(limit=10, now=database.now() + MINUTE)

    assert (watched.lead.id, watched.touch, watched.told_at) == (lead.id, None, None)
    assert watched.delivered_at == lead.delivered_at
    assert await database.touches.untouched() == 1


async def test_the_longest_due_are_looked_at_first(database: Database) -> None:
    leads = [await delivered(database, number) for number in (1, 2, 3)]
    now = database.now()
    looks = [Look(lead.id, None, now + minutes * MINUTE) for lead, minutes in zip(leads, (3, 1, 2), strict=True)]
    await database.touches.note(looks, at=now)

    first = await database.touches.due(limit=2, now=now + HOUR)

    assert [one.lead.id for one in first] == [leads[1].id, leads[2].id]
    assert await database.touches.due(limit=10, now=now) == ()


async def test_the_earlier_touch_stays_whoever_comes_later_with_it(database: Database) -> None:
    lead, now = await delivered(database), database.now()
    later, first, between = (
        FirstTouch(now + minutes * MINUTE, by) for minutes, by in ((9, OLEG), (3, IRINA), (5, OLEG))
    )

    known = [await database.touches.note([Look(lead.id, touch, now)], at=now) for touch in (later, first, between)]

    [watched] = await database.touches.due(limit=1, now=now + MINUTE)
    assert watched.touch == first
    assert known == [1, 0, 0]
    assert await database.touches.untouched() == 0


async def test_the_touches_of_some_leads_are_told_by_lead(database: Database) -> None:
    touched, untouched_one, now = await delivered(database, 1), await delivered(database, 2), database.now()
    touch = FirstTouch(now, OLEG)
    await database.touches.note([Look(touched.id, touch, now), Look(untouched_one.id, None, now)], at=now)

    assert await database.touches.of_leads([touched.id, untouched_one.id, LeadId("none")]) == {touched.id: touch}
    assert await database.touches.of_leads([]) == {}


async def test_what_need_not_be_looked_at_any_more_is_not(database: Database) -> None:
    lead, now = await delivered(database), database.now()

    await database.touches.note([Look(lead.id, None, None)], at=now)

    assert await database.touches.due(limit=1, now=now + DAY) == ()
    assert await database.touches.untouched() == 0


async def test_people_are_told_once(database: Database) -> None:
    lead, now = await delivered(database), database.now()
    look = Look(lead.id, None, now, untouched(lead))

    await database.touches.note([look], at=now)
    taken = await database.outbox.take(lease_for=LEASE)
    assert taken is not None
    assert taken.alert == untouched(lead)
    await database.outbox.said(taken)
    await database.touches.note([look], at=now)

    assert await database.outbox.take(lease_for=LEASE) is None
    [watched] = await database.touches.due(limit=1, now=now + MINUTE)
    assert watched.told_at is not None


async def test_of_one_that_was_touched_meanwhile_nobody_is_told(database: Database) -> None:
    """Another process has seen it between the look and the note."""
    lead, now = await delivered(database), database.now()
    await database.touches.note([Look(lead.id, FirstTouch(now, OLEG), now)], at=now)

    await database.touches.note([Look(lead.id, None, now, untouched(lead))], at=now)

    assert await database.outbox.take(lease_for=LEASE) is None


async def test_one_that_was_erased_is_not_looked_at_and_counts_all_the_same(database: Database) -> None:
    lead, now = await delivered(database), database.now()
    await database.touches.note([Look(lead.id, FirstTouch(now + HOUR, OLEG), now)], at=now)

    await database.customers.erase(ANNA)

    assert await database.touches.due(limit=1, now=now + DAY) == ()
    [answered] = await database.touches.answered(since=now - DAY)
    assert (answered.service, answered.source) == (Service.SELL, Source("avito"))
    assert answered.touched_at == now + HOUR


async def test_one_that_was_erased_waits_for_nobody(database: Database) -> None:
    lead, now = await delivered(database), database.now()
    await database.touches.note([Look(lead.id, None, now + MINUTE)], at=now)

    await database.customers.erase(ANNA)

    assert await database.touches.untouched() == 0


async def test_answered_are_those_that_were_looked_at_since_then(database: Database) -> None:
    seen, now = await delivered(database, 1), database.now()
    await delivered(database, 2)
    await database.touches.note([Look(seen.id, None, now + MINUTE)], at=now)

    answered = await database.touches.answered(since=seen.created_at - DAY)

    assert [(one.received_at, one.touched_at) for one in answered] == [(seen.created_at, None)]
    assert await database.touches.answered(since=now + DAY) == ()


async def test_of_many_answered_the_latest_are_told_oldest_first(database: Database) -> None:
    leads = [await delivered(database, number) for number in (1, 2, 3)]
    now = database.now()
    await database.touches.note([Look(lead.id, None, None) for lead in leads], at=now)
    received = [lead.created_at for lead in leads]

    latest = await database.touches.answered(since=received[0], at_most=2)
    earlier = await database.touches.answered(since=received[0], until=max(received))

    assert [one.received_at for one in latest] == sorted(received)[-2:]
    assert [one.received_at for one in earlier] == [one for one in sorted(received) if one < max(received)]


async def test_an_announcement_comes_with_the_delivery_or_not_at_all(database: Database) -> None:
    announced = NewLead(
        reference=Reference("CQ-000001"),
        service=Service.SELL,
        car="Lada",
        source="avito",
        messenger="Telegram",
        deal=CrmId(101),
    )
    lead = await delivered(database, 1, announced)

    lost = await database.leads.claim(limit=1, lease_for=LEASE)
    await database.leads.update([LeadChange(lead, told=(announced,))], lost.lease, release=True)

    taken = await database.outbox.take(lease_for=LEASE)
    assert taken is not None
    assert taken.alert == announced
    await database.outbox.said(taken)
    assert await database.outbox.take(lease_for=LEASE) is None


async def test_an_announcement_waits_for_the_opening_and_nobody_misses_it_before(database: Database) -> None:
    opens_at = database.now() + 9 * HOUR
    announced = NewLead(
        reference=Reference("CQ-000001"),
        service=Service.SELL,
        car="",
        source="",
        messenger="Telegram",
        deal=CrmId(101),
        not_before=opens_at,
    )
    await delivered(database, 1, announced)

    assert await database.outbox.take(lease_for=LEASE) is None
    assert (await database.outbox.figures()).waiting == 0

    await database.pass_time(9 * HOUR + MINUTE)
    assert (await database.outbox.figures()).waiting == 1
    taken = await database.outbox.take(lease_for=LEASE)
    assert taken is not None
    assert taken.alert == announced
    assert database.now() - taken.since < HOUR, "it is not late"


async def test_the_announcement_of_an_erased_lead_is_never_said(database: Database) -> None:
    announced = NewLead(
        reference=Reference("CQ-000001"), service=Service.SELL, car="Lada", source="", messenger="", deal=CrmId(101)
    )
    await delivered(database, 1, announced)

    await database.customers.erase(ANNA)

    left = await database.outbox.take(lease_for=LEASE)
    assert left is None or not isinstance(left.alert, NewLead)

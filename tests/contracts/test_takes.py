"""What every store of takes promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from carquery.application.ports.leads import Lease
from carquery.domain.backoff import Backoff
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, LeadId, Reference, StaffId
from carquery.domain.reason import Reason
from carquery.domain.take import StaffMember, Take, TakeEnd
from tests.builders import HOUR, MINUTE
from tests.contracts.databases import Database

OLEG, IRINA = StaffMember(StaffId("501"), "Олег 🚗 <b>"), StaffMember(StaffId("502"), "Ирина")
LEASE = timedelta(seconds=90)


def a_take(database: Database, number: int = 1, by: StaffMember = OLEG, **changes: Any) -> Take:
    now = database.now()
    usual: dict[str, Any] = {
        "lead": LeadId(f"{number:013}"),
        "reference": Reference(f"CQ-{number:06}"),
        "deal": CrmId(2**40 + number),
        "by": by,
        "crm_user": CrmUserId(77),
        "at": now,
        "due_at": now,
    }
    return Take(**usual | changes)


async def test_what_was_taken_is_found_as_it_was(database: Database) -> None:
    taken = a_take(database, crm_user=None)

    assert await database.takes.of(taken.lead) is None
    assert await database.takes.take(taken) == taken
    assert await database.takes.of(taken.lead) == taken


async def test_the_takes_of_some_leads_are_told_by_lead(database: Database) -> None:
    first, second = a_take(database, 1), a_take(database, 2, by=IRINA)
    for take in (first, second):
        await database.takes.take(take)

    assert await database.takes.of_leads([first.lead, LeadId("none")]) == {first.lead: first}
    assert await database.takes.of_leads([]) == {}


async def test_of_many_who_press_at_once_one_has_it(database: Database) -> None:
    members = [StaffMember(StaffId(str(number)), f"Сотрудник {number}") for number in range(1, 9)]

    stored = await asyncio.gather(*(database.takes.take(a_take(database, by=one)) for one in members))

    assert len({take.by.id for take in stored}) == 1
    assert stored[0].by in members


async def test_who_comes_later_is_told_who_was_first(database: Database) -> None:
    first = await database.takes.take(a_take(database))

    assert await database.takes.take(a_take(database, by=IRINA)) == first


async def test_no_two_workers_tell_the_crm_of_one(database: Database) -> None:
    await database.takes.take(a_take(database))

    claims = await asyncio.gather(*(database.takes.claim(lease_for=LEASE) for _ in range(4)))

    assert sum(claim is not None for claim in claims) == 1


async def test_after_a_lease_has_run_out_another_goes_on(database: Database) -> None:
    await database.takes.take(a_take(database))
    first = await database.takes.claim(lease_for=LEASE)
    assert first is not None

    await database.pass_time(LEASE + MINUTE)
    second = await database.takes.claim(lease_for=LEASE)

    assert second is not None
    assert second.take.lead == first.take.lead
    assert not await database.takes.update(first.take.ended(TakeEnd.NOTED), first.lease, release=True)
    assert await database.takes.update(second.take, second.lease, release=True)


async def test_how_far_it_has_come_is_kept(database: Database) -> None:
    await database.takes.take(a_take(database))
    claim = await database.takes.claim(lease_for=LEASE)
    assert claim is not None
    intends = claim.take.intends(at=database.now(), was_with=CrmUserId(5))

    assert await database.takes.update(intends, claim.lease, release=False)
    assert await database.takes.of(intends.lead) == intends
    assert await database.takes.claim(lease_for=LEASE) is None, "it is still held"

    ended = intends.ended(TakeEnd.REFUSED, Reason("нет такого пользователя"))
    assert await database.takes.update(ended, claim.lease, release=True)
    assert await database.takes.of(ended.lead) == ended
    assert await database.takes.claim(lease_for=LEASE) is None, "it is over"


async def test_one_that_waits_is_not_given_out_before_its_time(database: Database) -> None:
    await database.takes.take(a_take(database))
    claim = await database.takes.claim(lease_for=LEASE)
    assert claim is not None
    failed = claim.take.failed(Reason("HTTP 502"), at=database.now(), backoff=Backoff(HOUR, 4), chance=1)
    await database.takes.update(failed, claim.lease, release=True)

    assert await database.takes.claim(lease_for=LEASE) is None
    await database.pass_time(HOUR + MINUTE)
    again = await database.takes.claim(lease_for=LEASE)

    assert again is not None
    assert (again.take.attempts, again.take.failure) == (1, Reason("HTTP 502"))


async def test_the_longest_due_is_first(database: Database) -> None:
    now = database.now()
    for number, minutes in ((1, 5), (2, 9), (3, 1)):
        await database.takes.take(a_take(database, number, due_at=now - minutes * MINUTE))

    order = []
    while (claim := await database.takes.claim(lease_for=LEASE)) is not None:
        order.append(claim.take.reference)

    assert order == ["CQ-000002", "CQ-000001", "CQ-000003"]


async def test_those_that_the_crm_does_not_know_of_are_counted(database: Database) -> None:
    assert (await database.takes.figures()).waiting == 0
    first = await database.takes.take(a_take(database, 1, at=database.now() - HOUR))
    await database.takes.take(replace(a_take(database, 2), due_at=None, end=TakeEnd.HANDED_OVER))

    figures = await database.takes.figures()

    assert (figures.waiting, figures.oldest) == (1, first.at)


async def test_a_lease_of_nobody_writes_nothing(database: Database) -> None:
    taken = await database.takes.take(a_take(database))

    assert not await database.takes.update(taken.ended(TakeEnd.GONE), Lease("nobody's"), release=True)
    assert await database.takes.of(taken.lead) == taken
